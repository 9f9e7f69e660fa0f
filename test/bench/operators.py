# SPDX-License-Identifier: Apache-2.0
"""Exports the kernels of kernel_list.py as models of one operator: <folder>/<name>.pt2 and <name>/case0.

    operators.py FOLDER NAME...

Convolutions take and return channels last, as between two of them in a network: a kernel is measured, no relayout.
"""
import pathlib
import sys

import torch
from torch import nn
from torch.nn import functional

import kernel_list
from models import draw, write_case


class ChannelsLast(nn.Module):
    def __init__(self, convolution):
        super().__init__()
        self.convolution = convolution

    def forward(self, x):
        return self.convolution(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


class Attention(nn.Module):
    def forward(self, query, key, value):
        return functional.scaled_dot_product_attention(query, key, value)


def linear(rows, inner, columns):
    return nn.Linear(inner, columns, bias=False), [(rows, inner)]


def conv(size, inputs, outputs, kernel, stride, groups):
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups)
    return ChannelsLast(convolution), [(1, size, size, inputs)]


def sdpa(heads, tokens, width):
    return Attention(), 3 * [(1, heads, tokens, width)]


OPERATORS = {
    "linear": linear,
    "conv": conv,
    "sdpa": sdpa,
    "softmax": lambda *shape: (nn.Softmax(-1), [shape]),
    "layer_norm": lambda *shape: (nn.LayerNorm(shape[-1]), [shape]),
    "gelu": lambda *shape: (nn.GELU(), [shape]),
    "silu": lambda *shape: (nn.SiLU(), [shape]),
}


@torch.no_grad()
def export(folder, kernel):
    torch.manual_seed(0)
    module, shapes = OPERATORS[kernel.operator](*kernel.sizes)
    model, inputs = draw(module), tuple(torch.randn(shape) for shape in shapes)
    torch.export.save(torch.export.export(model, inputs), folder / f"{kernel.export}.pt2")
    write_case(folder / kernel.export / "case0", inputs, model(*inputs))


if __name__ == "__main__":
    by_name = {kernel.export: kernel for kernel in kernel_list.KERNELS}
    for wanted in sys.argv[2:]:
        export(pathlib.Path(sys.argv[1]), by_name[wanted])
