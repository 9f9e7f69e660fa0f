# SPDX-License-Identifier: Apache-2.0
"""Rounding errors of convolutions by Winograd's algorithm: `check_winograd.py FOLDER [--bound RELATIVE]`.

Convolutions of pseudo-random values are compiled in tiles of 2 x 2 and of 4 x 4 results, for two instruction sets, and compared with
the interpreter's, which adds up the products as the convolution is written. The bound is relative to the largest result.
"""
import array
import pathlib
import random
import re
import subprocess
import sys

LEVELS = ("x86-64-v2", "x86-64-v3")
# Channels, filters, height and width, and the results of a tile that the compiler chooses.
CASES = [(64, 64, 28, 28, 4), (64, 64, 30, 30, 2), (256, 128, 12, 16, 4), (256, 128, 14, 14, 2), (512, 512, 16, 16, 4),
         (512, 512, 8, 8, 2)]
OPTIONS = ["--weight-growth=400", "--no-cache", "-q"]
MODEL = """module {{
graph.weight @k : tensor<{f}x{c}x3x3xf32> key "{key}"
func.func @main(%x: tensor<1x{c}x{h}x{w}xf32> {{graph.name = "x"}}) -> (tensor<1x{f}x{h}x{w}xf32> {{graph.name = "y"}}) {{
  %k = graph.use_weight @k : tensor<{f}x{c}x3x3xf32>
  %0 = graph.conv %x, %k {{strides = array<i64: 1, 1>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64}} : (tensor<1x{c}x{h}x{w}xf32>, tensor<{f}x{c}x3x3xf32>) -> tensor<1x{f}x{h}x{w}xf32>
  return %0 : tensor<1x{f}x{h}x{w}xf32>
}}
}}
"""


def check(folder, case, bound):
    """The reasons why a convolution fails."""
    folder.mkdir(parents=True, exist_ok=True)
    c, f, h, w, outputs = case
    model, image, reference = folder / "model.mlir", folder / "x.npy", folder / "reference"
    chance = random.Random(c)

    def floats(count):
        return array.array("f", (chance.gauss(0, 1) for _ in range(count))).tobytes()

    weight = floats(c * f * 9)

    def write(key):
        model.write_text(MODEL.format(c=c, f=f, h=h, w=w, key=key))
        weights = f"lathe weights 1\n{key} {len(weight)}\n\n".encode()
        (folder / "model.mlir.weights").write_bytes(weights.ljust(128, b"\0") + weight)

    # The key is a hash that Python does not have: the compiler says which it found.
    write("0" * 64)
    refused = subprocess.run(["lathec", model, "-o", folder / "unused.lathe"], stderr=subprocess.PIPE, text=True).stderr
    write(re.search("has the hash ([0-9a-f]{64})", refused)[1])
    header = str({"descr": "<f4", "fortran_order": False, "shape": (1, c, h, w)}).ljust(117) + "\n"
    image.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + floats(c * h * w))
    subprocess.run(["lathec", model, "--interpret", "--input", f"x={image}", "--output", reference, "-q"], check=True)
    reasons = []
    text = subprocess.run(["lathec", model, *OPTIONS, "--emit=linalg", "-o", "-"], stdout=subprocess.PIPE, text=True, check=True).stdout
    if f"outputs = {outputs} " not in text:
        reasons.append(f"not in tiles of {outputs} x {outputs}")
    for level in LEVELS:
        program = folder / f"{level}.lathe"
        subprocess.run(["lathec", model, *OPTIONS, "--cpu", level, "-o", program], check=True)
        run = subprocess.run(["lathe-run", program, "--input", f"x={image}", "--compare", reference / "y.npy", "--rtol", bound],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if run.returncode != 0:
            reasons.append(f"{level}: {run.stdout.strip()}")
    return reasons


bound_of_all = sys.argv[3] if sys.argv[2:3] == ["--bound"] else "1e-5"
failures = 0
for number, one in enumerate(CASES):
    why = check(pathlib.Path(sys.argv[1]) / str(number), one, bound_of_all)
    failures += len(why)
    if why:
        print(one, *why, sep="\n  ")
print(f"{len(CASES) * len(LEVELS)} convolutions, {failures} failed")
