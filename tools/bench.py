#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares compiled models with ONNX Runtime, in one run and in turn.

    tools/bench.py [--models NAME...] [--rounds N] [--threads N] [--json FILE]

Makes a virtual environment below build/bench (PyTorch, ONNX Runtime: about 2 GB, once), exports the models of
test/bench/models.py with random weights, compiles them, and checks both programs against PyTorch. Each round
times one program and then the other, so that a busy neighbour slows both; the table gives the median over the
rounds of each round's median, and the median and range of the rounds' ratios. Only the ratios travel between
machines.
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "bench"
PACKAGES = ["torch==2.13.0", "torchvision", "numpy", "onnx", "onnxscript", "onnxruntime"]
RUNS_PER_ROUND = 10


def python():
    """The interpreter of the virtual environment, which is made when it is missing."""
    folder = FOLDER / "venv"
    done = folder / "complete"
    if not done.exists():
        print(f"installing {', '.join(PACKAGES)} below {folder.relative_to(ROOT)}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *PACKAGES], check=True)
        done.touch()
    return folder / "bin" / "python"


def tool(name):
    path = ROOT / "build" / "release" / "bin" / name
    if not path.exists():
        sys.exit(f"error: {path.relative_to(ROOT)} is missing\n  try: tools/build.sh release")
    return path


def cpu_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


class Lathe:
    """lathe-run, one process a round; its --bench warms up by itself."""

    def __init__(self, name, threads):
        program = FOLDER / f"{name}.lathe"
        subprocess.run([tool("lathec"), FOLDER / f"{name}.pt2", "-o", program, "-q"], check=True)
        self.command = [tool("lathe-run"), program, "--threads", str(threads), "--json"]
        checked = subprocess.run([*self.command, "--check", FOLDER / name], stdout=subprocess.PIPE, check=True)
        self.error = json.loads(checked.stdout)["worst_relative_error"]
        self.load_us = self.run()["load_us"]

    def run(self):
        done = subprocess.run([*self.command, "--bench"], stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)

    def round(self):
        return self.run()["latency_us"]["median"]


class OnnxRuntime:
    """One process for all rounds."""

    def __init__(self, name, threads):
        case = FOLDER / name / "case0"
        self.process = subprocess.Popen(
            [python(), ROOT / "test" / "bench" / "onnxruntime_peer.py", FOLDER / f"{name}.onnx",
             case / "in0.npy", case / "out0.npy", str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started = json.loads(self.process.stdout.readline())
        self.load_us, self.error, self.version = started["load_us"], started["error"], started["version"]

    def round(self):
        self.process.stdin.write(f"{RUNS_PER_ROUND}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def measure(name, rounds, threads):
    if not (FOLDER / name / "case0" / "out0.npy").exists():
        print(f"exporting {name}", file=sys.stderr)
        subprocess.run([python(), ROOT / "test" / "bench" / "models.py", FOLDER, name], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ours, peer = Lathe(name, threads), OnnxRuntime(name, threads)
    pairs = [(ours.round(), peer.round()) for _ in range(rounds)]
    peer.close()
    ratios = sorted(theirs / mine for mine, theirs in pairs)
    return {
        "model": name,
        "lathe_us": statistics.median(mine for mine, _ in pairs),
        "onnxruntime_us": statistics.median(theirs for _, theirs in pairs),
        "ratio": statistics.median(ratios), "ratio_min": ratios[0], "ratio_max": ratios[-1],
        "lathe_load_us": ours.load_us, "onnxruntime_load_us": peer.load_us,
        "lathe_error": ours.error, "onnxruntime_error": peer.error,
        "onnxruntime_version": peer.version,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=["mobilenet_v2", "resnet18", "resnet50", "encoder"])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON too")
    arguments = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    python()
    print(f"{cpu_name()}, {os.cpu_count()} CPUs, {arguments.threads} thread(s), {arguments.rounds} rounds")
    print(f"{'model':14} {'Lathe ms':>9} {'ORT ms':>9} {'ORT/Lathe (range)':>20} {'load ms':>8} {'ORT load':>9} {'error':>8}")
    rows = []
    for name in arguments.models:
        row = measure(name, arguments.rounds, arguments.threads)
        rows.append(row)
        ratio = f"{row['ratio']:.2f} ({row['ratio_min']:.2f}-{row['ratio_max']:.2f})"
        print(f"{name:14} {row['lathe_us'] / 1e3:9.2f} {row['onnxruntime_us'] / 1e3:9.2f} {ratio:>20} "
              f"{row['lathe_load_us'] / 1e3:8.2f} {row['onnxruntime_load_us'] / 1e3:9.1f} {row['lathe_error']:8.1e}",
              flush=True)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps({"schema": 1, "cpu": cpu_name(), "rows": rows}, indent=1))


if __name__ == "__main__":
    main()
