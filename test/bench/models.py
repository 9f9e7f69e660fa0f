# SPDX-License-Identifier: Apache-2.0
"""Exports the models of tools/bench.py: <folder>/<name>.pt2, .onnx and cases/case0.

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


def draw(module):
    """Random parameters that keep activations of order 1."""
    for part in module.modules():
        if isinstance(part, torch.nn.modules.batchnorm._BatchNorm):
            torch.nn.init.uniform_(part.weight, 0.4, 0.6)
            torch.nn.init.normal_(part.running_mean, 0.0, 0.1)
            torch.nn.init.uniform_(part.running_var, 0.5, 1.5)
        elif isinstance(part, torch.nn.MultiheadAttention):
            torch.nn.init.xavier_uniform_(part.in_proj_weight)
        elif isinstance(part, (torch.nn.Linear, torch.nn.Conv2d)):
            torch.nn.init.xavier_uniform_(part.weight)
    return module.eval()


def vision_transformer(width, heads):
    """ViT/16 of 12 layers: width 192 is ViT-tiny, 384 DeiT-small."""
    return torchvision.models.VisionTransformer(224, 16, 12, heads, width, 4 * width)


def encoder(layers, width, heads):
    """A pre-norm transformer encoder with GELU."""
    layer = torch.nn.TransformerEncoderLayer(width, heads, 4 * width, dropout=0.0, activation="gelu",
                                             batch_first=True, norm_first=True)
    return torch.nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)


IMAGE = (1, 3, 224, 224)
MODELS = {
    "mobilenet_v2": (torchvision.models.mobilenet_v2, IMAGE),
    "mobilenet_v3_large": (torchvision.models.mobilenet_v3_large, IMAGE),
    "efficientnet_b0": (torchvision.models.efficientnet_b0, IMAGE),
    "resnet18": (torchvision.models.resnet18, IMAGE),
    "resnet50": (torchvision.models.resnet50, IMAGE),
    "vit_tiny": (lambda: vision_transformer(192, 3), IMAGE),
    "deit_small": (lambda: vision_transformer(384, 6), IMAGE),
    "encoder": (lambda: encoder(4, 512, 8), (1, 128, 512)),
    "bert_base": (lambda: encoder(12, 768, 12), (1, 128, 768)),
}


def export(folder, name):
    build, shape = MODELS[name]
    torch.manual_seed(0)
    model, x = draw(build()), torch.randn(shape)
    case = folder / name / "case0"
    case.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        torch.export.save(torch.export.export(model, (x,)), folder / f"{name}.pt2")
        torch.onnx.export(model, (x,), folder / f"{name}.onnx", dynamo=True, external_data=False, verbose=False)
        numpy.save(case / "in0.npy", x.numpy())
        numpy.save(case / "out0.npy", model(x).numpy())


if __name__ == "__main__":
    for wanted in sys.argv[2:]:
        export(pathlib.Path(sys.argv[1]), wanted)
