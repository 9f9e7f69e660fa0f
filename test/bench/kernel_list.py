# SPDX-License-Identifier: Apache-2.0
"""The kernels of `tools/bench.py kernels`: operators and sizes that occur in the models of the other table.

Without PyTorch, which only the script that exports them needs (operators.py). Sizes of maps are those of the result,
kernels of convolutions are padded by half of their size; one float is 4 bytes.
"""
import dataclasses
import fnmatch


@dataclasses.dataclass(frozen=True)
class Kernel:
    name: str
    kind: str  # of goals.KERNEL_SHARE
    operator: str  # of operators.py
    sizes: tuple  # its arguments
    flops: int = 0  # of a run, as the operator is defined; 0: its memory traffic is what counts
    traffic_bytes: int = 0  # that must be read, or read and written
    options: tuple = ()  # of lathec

    @property
    def export(self):
        """The name of the exported model: kernels that differ in options share one."""
        return self.name.removesuffix("_direct").removesuffix("_winograd")


def gemm(rows, inner, columns, kind="gemm"):
    weights = 4 * inner * columns
    return Kernel(f"{'gemv' if rows == 1 else 'gemm'}_{rows}x{inner}x{columns}", kind, "linear", (rows, inner, columns),
                  *((0, weights) if rows == 1 else (2 * rows * inner * columns, 0)))


# Options of lathec by how a convolution is computed; "" is what the compiler chooses by itself, as its weights
# may not grow much. "_winograd" is what it chooses where they may.
FORMS = {"": (), "_direct": ("--no-winograd",), "_winograd": ("--weight-growth=300",)}


def conv(size, inputs, outputs, kernel, stride=1, kind="conv", form=""):
    name = f"conv{kernel}x{kernel}_{size}x{size}x{inputs}" + (f"_to_{outputs}" if outputs != inputs else "")
    return Kernel(name + (f"_s{stride}" if stride > 1 else "") + form, kind, "conv",
                  (size * stride, inputs, outputs, kernel, stride, 1), 2 * size * size * outputs * inputs * kernel * kernel,
                  options=FORMS[form])


def depthwise(size, channels, kernel, stride=1):
    name = f"depthwise{kernel}x{kernel}_{size}x{size}x{channels}" + (f"_s{stride}" if stride > 1 else "")
    return Kernel(name, "depthwise" if stride == 1 else "depthwise_strided", "conv",
                  (size * stride, channels, channels, kernel, stride, channels), 2 * size * size * channels * kernel * kernel)


def elementwise(operator, *shape):
    """Reads an array and writes one."""
    count = 1
    for size in shape:
        count *= size
    return Kernel(f"{operator}_{'x'.join(map(str, shape))}", "traffic", operator, shape, traffic_bytes=2 * 4 * count)


def attention(heads, tokens, width):
    return Kernel(f"sdpa_{heads}x{tokens}x{width}", "attention", "sdpa", (heads, tokens, width), 4 * heads * tokens * tokens * width)


# Maps below 14 x 14 x 256 have no goal: their weights are larger than their work.
KERNELS = [
    gemm(128, 768, 768), gemm(196, 512, 512), gemm(512, 512, 512), gemm(128, 3072, 768), gemm(128, 768, 3072),
    gemm(8, 768, 768, "small_gemm"), gemm(16, 3072, 768, "small_gemm"),
    gemm(1, 3072, 768, "gemv"), gemm(1, 6144, 3072, "gemv"),
    *(conv(size, channels, channels, 3, kind="conv" if size >= 14 else "conv_small", form=form)
      for size, channels in ((56, 64), (28, 128), (14, 256), (7, 512)) for form in FORMS),
    conv(28, 128, 128, 3, stride=2),
    conv(56, 64, 256, 1), conv(28, 512, 128, 1), conv(14, 1024, 256, 1), conv(7, 2048, 512, 1, kind="conv_small"),
    depthwise(112, 32, 3), depthwise(56, 144, 3), depthwise(14, 576, 3), depthwise(14, 672, 5), depthwise(7, 960, 5),
    depthwise(56, 96, 3, stride=2),
    elementwise("softmax", 12, 128, 128), elementwise("layer_norm", 128, 768),
    attention(12, 128, 64), attention(12, 197, 64), attention(4, 512, 64), attention(2, 1024, 64), attention(1, 2048, 64),
    elementwise("gelu", 128, 3072), elementwise("silu", 128, 3072),
]


def select(patterns):
    """Kernels whose names match one of the patterns, in the order of the table."""
    return [kernel for kernel in KERNELS if any(fnmatch.fnmatchcase(kernel.name, pattern) for pattern in patterns)]
