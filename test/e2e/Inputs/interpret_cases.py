# SPDX-License-Identifier: Apache-2.0
"""Runs `lathec --interpret` on the cases of a model and compares with PyTorch's outputs.

    interpret_cases.py MODELS NAME WORK     lathec is taken from PATH; needs python3 alone

Of a model whose state carries over, the first case alone runs: each call starts from the initial state.
"""
import array
import ast
import json
import pathlib
import subprocess
import sys

# Times the largest output. PyTorch's own float32 error is at most 1.2e-6 for these models.
TOLERANCE = 1e-5


def read_npy(path):
    """Shape and values of a float32 .npy file."""
    data = path.read_bytes()
    size_bytes = 2 if data[6] == 1 else 4
    end = 8 + size_bytes + int.from_bytes(data[8 : 8 + size_bytes], "little")
    header = ast.literal_eval(data[8 + size_bytes : end].decode("latin-1"))
    if header["descr"] != "<f4" or header["fortran_order"]:
        sys.exit(f"{path}: expected C-ordered <f4, got {header}")
    values = array.array("f")
    values.frombytes(data[end:])
    return header["shape"], values


def compare(path, reference_path):
    """The largest difference, relative to the largest output. NaN counts as infinite."""
    shape, values = read_npy(path)
    expected_shape, expected = read_npy(reference_path)
    if shape != expected_shape:
        sys.exit(f"{path}: shape {shape}, expected {expected_shape}")
    if any(value != value for value in values):
        return float("inf")
    largest = max((abs(value) for value in expected), default=0.0)
    return max((abs(a - b) for a, b in zip(values, expected)), default=0.0) / (largest or 1.0)


def main():
    models, name, work = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    model = json.loads((models / "manifest.json").read_text())["models"][name]
    cases = model["cases"]
    count = 1 if cases["run_in_order_with_kept_state"] else cases["count"]
    worst = 0.0
    for index in range(count):
        case, out = models / cases["folder"] / f"case{index}", work / f"case{index}"
        out.mkdir(parents=True, exist_ok=True)
        command = ["lathec", models / model["file"], "--interpret", "--output", out]
        for j, tensor in enumerate(model["inputs"]):
            command += ["--input", f"{tensor['name']}={case / f'in{j}.npy'}"]
        subprocess.run([str(part) for part in command], check=True)
        for j, tensor in enumerate(model["outputs"]):
            error = compare(out / f"{tensor['name']}.npy", case / f"out{j}.npy")
            print(f"case{index} {tensor['name']}: {error:.3g}")
            worst = max(worst, error)
    print(f"largest relative error {worst:.3g}, limit {TOLERANCE:g}")
    return 0 if worst <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
