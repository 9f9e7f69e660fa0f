# SPDX-License-Identifier: Apache-2.0
"""Exports the models of tools/bench.py: <folder>/<name>.pt2, .onnx and <name>/case0/in0.npy.., out0.npy...

    models.py FOLDER NAME...

Runs in the virtual environment that tools/bench.py makes. Weights are random: speed does not depend on
them, but zeros and equal layers would (denormals, folded branches, weights that are stored once), so that
every parameter is drawn, and batch norms are given statistics of a trained network's size.
"""
import pathlib
import sys

import numpy
import torch
import torchvision
from torch import nn
from torch.nn import functional

import decoder


def draw(module):
    """Random parameters that keep activations of order 1."""
    for part in module.modules():
        if isinstance(part, nn.modules.batchnorm._BatchNorm):
            nn.init.uniform_(part.weight, 0.4, 0.6)
            nn.init.normal_(part.running_mean, 0.0, 0.1)
            nn.init.uniform_(part.running_var, 0.5, 1.5)
        elif isinstance(part, nn.RMSNorm):
            nn.init.uniform_(part.weight, 0.5, 1.5)
        elif isinstance(part, nn.MultiheadAttention):
            nn.init.xavier_uniform_(part.in_proj_weight)
        elif isinstance(part, (nn.Linear, nn.Conv2d, nn.Conv1d)):
            nn.init.xavier_uniform_(part.weight)
    return module.eval()


def vision_transformer(width, heads):
    """ViT/16 of 12 layers: width 192 is ViT-tiny, 384 DeiT-small."""
    return torchvision.models.VisionTransformer(224, 16, 12, heads, width, 4 * width)


def encoder(layers, width, heads):
    """A pre-norm transformer encoder with GELU."""
    layer = nn.TransformerEncoderLayer(width, heads, 4 * width, dropout=0.0, activation="gelu",
                                       batch_first=True, norm_first=True)
    return nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)


def conv_norm(inputs, outputs, kernel, stride=1, padding=0, groups=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False),
                         nn.BatchNorm2d(outputs))


class KeywordSpotting(nn.Sequential):
    """The DS-CNN of MLPerf Tiny: 49 frames of 10 coefficients, 12 words, 2.7 million multiplications."""

    def __init__(self):
        blocks = []
        for _ in range(4):
            blocks += [conv_norm(64, 64, 3, padding=1, groups=64), nn.ReLU(), conv_norm(64, 64, 1), nn.ReLU()]
        super().__init__(nn.ZeroPad2d((1, 1, 4, 5)), conv_norm(1, 64, (10, 4), stride=2), nn.ReLU(), *blocks,
                         nn.AvgPool2d((25, 5)), nn.Flatten(), nn.Linear(64, 12))


class SmallResidual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.branch = nn.Sequential(conv_norm(inputs, outputs, 3, stride, 1), nn.ReLU(),
                                    conv_norm(outputs, outputs, 3, 1, 1))
        self.shortcut = nn.Identity() if stride == 1 else nn.Conv2d(inputs, outputs, 1, stride)

    def forward(self, x):
        return functional.relu(self.branch(x) + self.shortcut(x))


def resnet8():
    """The ResNet-8 of MLPerf Tiny: 32 x 32 pixels, 10 classes, 12.5 million multiplications."""
    return nn.Sequential(conv_norm(3, 16, 3, padding=1), nn.ReLU(), SmallResidual(16, 16, 1),
                         SmallResidual(16, 32, 2), SmallResidual(32, 64, 2), nn.AvgPool2d(8), nn.Flatten(),
                         nn.Linear(64, 10))


class StreamingStep(nn.Module):
    """Four frames of a stream: two convolutions in time, which remember two frames each, and one step of an LSTM."""

    def __init__(self, features=40, width=128, classes=10):
        super().__init__()
        self.first, self.second = nn.Conv1d(features, width, 3), nn.Conv1d(width, width, 3)
        self.recurrent = nn.LSTM(width, width, batch_first=True)
        self.head = nn.Linear(width, classes)

    def forward(self, frames, first_past, second_past, hidden, cell):
        x = torch.cat([first_past, frames], 2)
        y = torch.cat([second_past, functional.relu(self.first(x))], 2)
        z = functional.relu(self.second(y)).mean(2).unsqueeze(1)
        z, (hidden, cell) = self.recurrent(z, (hidden, cell))
        return self.head(z), x[:, :, -2:], y[:, :, -2:], hidden, cell


class Addition(nn.Module):
    def forward(self, x, y):
        return x + y


def floats(*shapes):
    return lambda: tuple(torch.randn(shape) for shape in shapes)


IMAGE = floats((1, 3, 224, 224))
# name -> (the module, its inputs)
MODELS = {
    "mobilenet_v2": (torchvision.models.mobilenet_v2, IMAGE),
    "mobilenet_v3_large": (torchvision.models.mobilenet_v3_large, IMAGE),
    "efficientnet_b0": (torchvision.models.efficientnet_b0, IMAGE),
    "resnet18": (torchvision.models.resnet18, IMAGE),
    "resnet50": (torchvision.models.resnet50, IMAGE),
    "vit_tiny": (lambda: vision_transformer(192, 3), IMAGE),
    "deit_small": (lambda: vision_transformer(384, 6), IMAGE),
    "encoder": (lambda: encoder(4, 512, 8), floats((1, 128, 512))),
    "bert_base": (lambda: encoder(12, 768, 12), floats((1, 128, 768))),
    "decoder_prefill": (decoder.Prefill, decoder.prefill_inputs),
    "decoder_decode": (decoder.Decode, decoder.decode_inputs),
    "ds_cnn": (KeywordSpotting, floats((1, 1, 49, 10))),
    "resnet8": (resnet8, floats((1, 3, 32, 32))),
    "conv_lstm": (StreamingStep, floats((1, 40, 4), (1, 40, 2), (1, 128, 2), (1, 1, 128), (1, 1, 128))),
    "addition": (Addition, floats((1, 4), (1, 4))),
}


def write_case(case, inputs, outputs):
    """The arrays of `lathe-run --check`, in the order in which the model takes and returns them."""
    case.mkdir(parents=True, exist_ok=True)
    for index, value in enumerate(inputs):
        numpy.save(case / f"in{index}.npy", value.numpy())
    for index, value in enumerate(outputs if isinstance(outputs, (tuple, list)) else [outputs]):
        numpy.save(case / f"out{index}.npy", value.contiguous().numpy())


def export(folder, name):
    build, make_inputs = MODELS[name]
    torch.manual_seed(0)
    model, inputs = draw(build()), make_inputs()
    with torch.no_grad():
        program = torch.export.export(model, inputs)
        torch.export.save(program, folder / f"{name}.pt2")
        outputs = model(*inputs)
        try:
            torch.onnx.export(model, inputs, folder / f"{name}.onnx", dynamo=True, external_data=False, verbose=False)
        except Exception as problem:  # its readers say that the file is missing; the others still run
            print(f"no ONNX file of {name}: {problem}", file=sys.stderr)
        write_case(folder / name / "case0", inputs, outputs)


if __name__ == "__main__":
    for wanted in sys.argv[2:]:
        export(pathlib.Path(sys.argv[1]), wanted)
