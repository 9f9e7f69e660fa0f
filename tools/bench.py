#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares compiled models with other runtimes, in one run and in turn.

    tools/bench.py [--models NAME...] [--peers NAME...] [--rounds N] [--threads N] [--json FILE] [--plot FILE]

Makes virtual environments below build/bench (several GB, once), exports the models of test/bench/models.py with
random weights, compiles them, and checks every program against PyTorch. Each round times each program in turn, so
that a busy neighbour slows all; the table gives the median over the rounds of each round's median, and the median
and range of the rounds' ratios, a peer's time divided by Lathe's. Only the ratios travel between machines.
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
# A peer's packages ask for their own versions of torchvision, which the models do without.
ENVIRONMENTS = {
    "models": ["torch==2.13.0", "torchvision", "numpy", "onnx", "onnxscript"],
    "peers": ["torch==2.13.0", "numpy", "onnxruntime", "openvino", "ai-edge-litert", "litert-torch", "executorch"],
    "plot": ["matplotlib"],
}
PEERS = {"onnxruntime": "ONNX Runtime", "openvino": "OpenVINO", "litert": "LiteRT", "executorch": "ExecuTorch"}
MODELS = ["mobilenet_v2", "mobilenet_v3_large", "efficientnet_b0", "resnet18", "resnet50", "vit_tiny", "deit_small",
          "encoder", "bert_base"]
SECONDS_PER_ROUND = 0.3


def python(environment):
    """The interpreter of a virtual environment, which is made when it is missing."""
    folder = FOLDER / "venv" / environment
    done = folder / "complete"
    if not done.exists():
        packages = ENVIRONMENTS[environment]
        print(f"installing {', '.join(packages)} below {folder.relative_to(ROOT)}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *packages], check=True)
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


class Peer:
    """One process for all rounds (test/bench/peer.py)."""

    def __init__(self, peer, name, threads):
        with open(FOLDER / f"{name}.{peer}.log", "w") as log:
            self.process = subprocess.Popen(
                [python("peers"), ROOT / "test" / "bench" / "peer.py", peer, FOLDER / name, str(threads)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise OSError(f"{PEERS[peer]} does not run {name}: see build/bench/{name}.{peer}.log")
        started = json.loads(line)
        self.load_us, self.error, self.version = started["load_us"], started["error"], started["version"]
        self.runs = max(1, int(SECONDS_PER_ROUND * 1e6 / self.ask(2)))

    def ask(self, runs):
        self.process.stdin.write(f"{runs}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def round(self):
        return self.ask(self.runs)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def export(name):
    if not (FOLDER / name / "case0" / "out0.npy").exists():
        print(f"exporting {name}", file=sys.stderr)
        with open(FOLDER / f"{name}.log", "w") as log:
            subprocess.run([python("models"), ROOT / "test" / "bench" / "models.py", FOLDER, name], check=True,
                           stdout=log, stderr=log)


def measure(name, peer_names, rounds, threads):
    export(name)
    programs = {"lathe": Lathe(name, threads)}
    for peer in peer_names:
        try:
            programs[peer] = Peer(peer, name, threads)
        except OSError as problem:
            print(f"note: {problem}", file=sys.stderr)
    times = [{key: program.round() for key, program in programs.items()} for _ in range(rounds)]
    row = {"model": name, "programs": {}}
    for key, program in programs.items():
        ratios = sorted(one[key] / one["lathe"] for one in times)
        row["programs"][key] = {
            "us": statistics.median(one[key] for one in times), "load_us": program.load_us, "error": program.error,
            "ratio": statistics.median(ratios), "ratio_min": ratios[0], "ratio_max": ratios[-1]}
        if key != "lathe":
            row["programs"][key]["version"] = program.version
            program.close()
    return row


def print_row(row, peer_names):
    ours = row["programs"]["lathe"]
    cells = [f"{row['model']:18} {ours['us'] / 1e3:8.2f} {ours['load_us'] / 1e3:6.2f} {ours['error']:7.0e}"]
    for peer in peer_names:
        theirs = row["programs"].get(peer)
        cells.append(f"{theirs['ratio']:.2f} ({theirs['ratio_min']:.2f}-{theirs['ratio_max']:.2f})" if theirs else "-")
    print(" ".join(f"{cell:>18}" for cell in cells), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS, metavar="NAME")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS), metavar="NAME")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON too")
    parser.add_argument("--plot", metavar="FILE", help="draw the ratios (.svg, .png)")
    arguments = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"{cpu_name()}, {os.cpu_count()} CPUs, {arguments.threads} thread(s), {arguments.rounds} rounds; "
          "a peer's time divided by Lathe's, median (range)")
    heads = [f"{'model':18} {'Lathe ms':>8} {'load':>6} {'error':>7}", *(PEERS[peer] for peer in arguments.peers)]
    print(" ".join(f"{head:>18}" for head in heads))
    rows = []
    for name in arguments.models:
        rows.append(measure(name, arguments.peers, arguments.rounds, arguments.threads))
        print_row(rows[-1], arguments.peers)
    result = {"schema": 2, "cpu": cpu_name(), "threads": arguments.threads, "rounds": arguments.rounds, "rows": rows}
    text = json.dumps(result, indent=1)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(text)
    if arguments.plot:
        subprocess.run([python("plot"), ROOT / "test" / "bench" / "plot.py", arguments.plot], input=text, text=True,
                       check=True)


if __name__ == "__main__":
    main()
