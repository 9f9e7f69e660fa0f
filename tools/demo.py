# SPDX-License-Identifier: Apache-2.0
"""Compiles the digits model, runs it on pictures, and draws what came out.

Needs python3 alone. Called by tools/demo.sh, which builds the tools first.
"""
import argparse
import array
import ast
import json
import math
import os
import pathlib
import subprocess
import sys
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
MODELS = SOURCE / "test" / "models"
PICTURES = MODELS / "digits_pictures"
SHADES = (" ░▒▓█", " .+*#")
BARS = ("█", "#")


def read_npy(path):
    """The shape and the values of a little-endian float32 .npy file of version 1."""
    data = path.read_bytes()
    if data[:8] != b"\x93NUMPY\x01\x00":
        sys.exit(f"error: {path} is no .npy file of version 1")
    end = 10 + int.from_bytes(data[8:10], "little")
    header = ast.literal_eval(data[10:end].decode("latin-1"))
    if header["descr"] != "<f4" or header["fortran_order"]:
        sys.exit(f"error: {path} holds {header['descr']}, expected C-ordered <f4")
    values = array.array("f")
    values.frombytes(data[end:])
    if sys.byteorder == "big":
        values.byteswap()
    return header["shape"], values


def run(command):
    """Runs a tool and returns what it printed; a failing tool ends the demo."""
    result = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    if result.returncode:
        sys.stdout.write(result.stdout)
        sys.exit(f"error: exit code {result.returncode} from: {shown(command)}")
    return result.stdout


def shown(command):
    """The command as a person types it in the folder of the sources."""
    return " ".join(str(part).replace(f"{SOURCE}{os.sep}", "") for part in command)


def probabilities(scores):
    largest = max(scores)
    powers = [math.exp(score - largest) for score in scores]
    return [power / sum(powers) for power in powers]


def picture_lines(values, width, shades):
    """One line per row; a pixel is two characters wide, which is about square."""
    top = len(shades) - 1
    pixels = [shades[round(min(max(value, 0.0), 1.0) * top)] * 2 for value in values]
    return ["".join(pixels[i : i + width]) for i in range(0, len(pixels), width)]


def bar_lines(shares, names, bar, style):
    best = max(range(len(shares)), key=lambda i: shares[i])
    lines = []
    for i, share in enumerate(shares):
        line = f"{names[i]:>6} {bar * round(share * 30):<30} {share * 100:5.1f} %"
        lines.append(style(line) if i == best else line)
    return best, lines


def show_digit(digit, arguments, program, names, look):
    picture = PICTURES / f"{digit}.npy"
    out = arguments.work / "out"
    run([arguments.tools / "lathe-run", program, "--input", f"image={picture}", "--output", out])
    shape, pixels = read_npy(picture)
    _, scores = read_npy(out / "linear.npy")
    left = picture_lines(pixels, shape[-1], look["shades"])
    best, right = bar_lines(probabilities(scores), names, look["bar"], look["style"])
    frame = "+" + "-" * (2 * shape[-1]) + "+"
    left = [frame] + [f"|{line}|" for line in left] + [frame]
    print()
    for a, b in zip(left, right):
        print(f"  {a}  {b}".rstrip())
    verdict = "right" if best == digit else f"wrong, it is {names[digit]}"
    print(f"  a picture the training never saw: {names[best]} ({verdict})")
    return best == digit


def find(report, key):
    """The first value of a key at any depth of a JSON document."""
    items = report.values() if isinstance(report, dict) else report if isinstance(report, list) else ()
    if isinstance(report, dict) and key in report:
        return report[key]
    return next((found for found in (find(item, key) for item in items) if found is not None), None)


def show_figures(arguments, program):
    picture = PICTURES / "5.npy"
    text = run([arguments.tools / "lathe-run", program, "--input", f"image={picture}", "--bench", "--json"])
    report = json.loads(text)
    latency = find(report, "latency_us")
    load, first = find(report, "load_us"), find(report, "first_run_us")
    print(f"\n  program   {program.stat().st_size / 1024:.0f} KiB, weights and machine code in it")
    print(f"  load      {load:.0f} us until ready, first run {first:.0f} us")
    print(f"  latency   {latency['median']:.1f} us a picture (p10 {latency['p10']:.1f}, p90 {latency['p90']:.1f})")
    verdict = run([arguments.tools / "lathe-run", program, "--check", MODELS / "digits_cnn"])
    print(f"  PyTorch   {verdict.splitlines()[-1]}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tools", type=pathlib.Path, required=True, help="the folder of lathec and lathe-run")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="a folder for the program and its outputs")
    parser.add_argument("digits", nargs="*", type=int, metavar="DIGIT", help="pictures to show, each 0 to 9")
    arguments = parser.parse_args()
    if any(digit not in range(10) for digit in arguments.digits):
        parser.error("each DIGIT is 0 to 9")
    return arguments


def main():
    arguments = parse_arguments()
    digits = arguments.digits or [2, 5, 8]
    sys.stdout.reconfigure(line_buffering=True)
    unicode = "utf" in (sys.stdout.encoding or "").lower()
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    look = {
        "shades": SHADES[0 if unicode else 1],
        "bar": BARS[0 if unicode else 1],
        "style": (lambda line: f"\033[1;32m{line}\033[0m") if colour else (lambda line: line),
    }
    names = (PICTURES / "classes.txt").read_text(encoding="utf-8").split()

    arguments.work.mkdir(parents=True, exist_ok=True)
    program = arguments.work / "digits_cnn.lathe"
    command = [arguments.tools / "lathec", MODELS / "digits_cnn.pt2", "-o", program]
    print(f"\n$ {shown(command)}")
    start = time.monotonic()
    print(run(command), end="")
    print(f"  compiled in {time.monotonic() - start:.1f} s")

    command = [arguments.tools / "lathe-run", program, "--input", f"image={PICTURES}/{digits[0]}.npy", "--output", arguments.work / "out"]
    print(f"\n$ {shown(command)}")
    right = sum([show_digit(digit, arguments, program, names, look) for digit in digits])
    show_figures(arguments, program)
    print(f"\n{right} of {len(digits)} pictures recognised.")
    return 0 if right == len(digits) else 1


if __name__ == "__main__":
    sys.exit(main())
