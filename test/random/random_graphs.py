#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random graphs, compiled and interpreted: results must agree.

    random_graphs.py BIN [--seed N] [--count N | --seconds S] [--jobs N] [--out FOLDER]

BIN holds lathec and lathe-run. A crash, a hang, any exit code but 0 and any difference beyond the
bound of rounding errors (graphs.py) is a failure: its seed is printed, and the graph, made smaller
by dropping operators as long as it fails alike, is left with its inputs in FOLDER.
"""
import argparse
import concurrent.futures
import math
import os
import platform
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

from generate import generate
from graphs import FLOATS, SYMBOL_MAX, SYMBOL_MIN, Graph, size_of

CODES = {"i1": ("|b1", "B"), "i8": ("|i1", "b"), "i16": ("<i2", "h"), "i32": ("<i4", "i"),
         "i64": ("<i8", "q"), "ui8": ("|u1", "B"), "ui16": ("<u2", "H"), "ui32": ("<u4", "I"),
         "ui64": ("<u8", "Q"), "f16": ("<f2", "e"), "bf16": ("<u2", "H"), "f32": ("<f4", "f"),
         "f64": ("<f8", "d")}
TIMEOUT_SECONDS = 120
# Bounds of errors are estimates: what differs by a bug differs by much more.
SLACK = 8
SHRINK_SECONDS = 120


def storage_of(element):
    """Arrays hold the codes of quantized tensors."""
    stored = re.match(r"!quant\.uniform<(u?)(i?\d+)", element)
    return ("u" + "i" * ("i" not in stored[2]) if stored[1] else "") + stored[2] if stored else element


def write_npy(path, element, dims, numbers):
    descr, code = CODES[storage_of(element)]
    if element == "bf16":
        numbers = [struct.unpack("<I", struct.pack("<f", number))[0] >> 16 for number in numbers]
    shape = "".join(f"{dim}, " for dim in dims)
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode("latin1"))
        file.write(struct.pack(f"<{len(numbers)}{code}", *numbers))


def read_npy(path, element):
    with open(path, "rb") as file:
        data = file.read()
    code = CODES[storage_of(element)][1]
    body = data[10 + struct.unpack("<H", data[8:10])[0]:]
    numbers = struct.unpack(f"<{len(body) // struct.calcsize(code)}{code}", body)
    if element == "bf16":
        numbers = struct.unpack(f"<{len(numbers)}f", struct.pack(f"<{len(numbers)}I", *(n << 16 for n in numbers)))
    return numbers


def contents(entry, count, source):
    element = storage_of(entry.value.element)
    if entry.kind == "indices":
        return [source.randrange(-entry.below, entry.below) for _ in range(count)]
    if element in FLOATS:
        return [source.randint(-16, 16) / 4 for _ in range(count)]
    if element == "i1":
        return [source.randint(0, 1) for _ in range(count)]
    bits, is_unsigned = int(element.lstrip("ui")), element.startswith("u")
    ends = [0, 2 ** bits - 1] if is_unsigned else [-2 ** (bits - 1), 2 ** (bits - 1) - 1]
    return [source.choice(ends) if source.random() < 0.05 else source.randint(0 if is_unsigned else -4, 4)
            for _ in range(count)]


def difference(expected, actual, value):
    """The first two elements that differ by more than they may, as text."""
    allowed = SLACK * value.error if value.is_float else 0
    if len(expected) != len(actual):
        return f"{len(expected)} elements against {len(actual)}"
    for index, (x, y) in enumerate(zip(expected, actual)):
        if x == y or (isinstance(x, float) and math.isnan(x) and math.isnan(y)):
            continue
        if not value.is_float or not abs(x - y) <= allowed:
            return f"element {index}: {x} interpreted, {y} compiled, {allowed:.2g} allowed"
    return ""


class Runner:
    def __init__(self, folder_of_tools, seed):
        self.tools, self.seed = folder_of_tools, seed

    def command(self, *arguments):
        """What went wrong, as kind and text; empty strings if nothing did."""
        try:
            done = subprocess.run(arguments, capture_output=True, text=True, errors="replace",
                                  timeout=TIMEOUT_SECONDS,
                                  env=dict(os.environ, TMPDIR=os.path.dirname(arguments[1])))
        except subprocess.TimeoutExpired:
            return "hang", f"{' '.join(arguments)} takes more than {TIMEOUT_SECONDS} s"
        if done.returncode == 0:
            return "", ""
        kind = f"{os.path.basename(arguments[0])} ends with {done.returncode}"
        return kind, done.stderr.strip()[-1000:]

    def check(self, graph, folder):
        """Kind and text of the graph's failure; empty strings if there is none."""
        model, program = os.path.join(folder, "model.mlir"), os.path.join(folder, "model.lathe")
        with open(model, "w", encoding="utf-8") as file:
            file.write(graph.text())
        level = "x86-64-v2" if self.seed % 3 == 0 and platform.machine() == "x86_64" else "host"
        kind, text = self.command(os.path.join(self.tools, "lathec"), model, "-q", "--no-cache", "-o", program, f"--cpu={level}")
        for symbol in [1, SYMBOL_MIN, 4, SYMBOL_MAX] if graph.is_dynamic() else [1]:
            if not kind:
                kind, text = self.compare(graph, folder, symbol)
        return kind, text

    def compare(self, graph, folder, symbol):
        source = random.Random(self.seed)
        arguments = []
        for index, entry in enumerate(graph.live_inputs()):
            dims = [size_of(dim, symbol) for dim in entry.value.dims]
            path = os.path.join(folder, f"a{index}.npy")
            write_npy(path, entry.value.element, dims, contents(entry, math.prod(dims), source))
            arguments += ["--input", f"a{index}={path}"]
        model, program = os.path.join(folder, "model.mlir"), os.path.join(folder, "model.lathe")
        expected, actual = (os.path.join(folder, name) + "/" for name in ("expected", "actual"))
        kind, text = self.command(os.path.join(self.tools, "lathec"), model, "--interpret", "--output", expected, *arguments)
        # Alone, and with tiles shared among threads.
        for threads in ("1", "2", "4") if not kind else ():
            kind, text = self.command(os.path.join(self.tools, "lathe-run"), program, "-q", "--threads", threads,
                                      "--output", actual, *arguments)
            for index, value in enumerate(graph.outputs() if not kind else ()):
                numbers = [read_npy(f"{place}r{index}.npy", value.element) for place in (expected, actual)]
                if found := difference(*numbers, value):
                    return "difference", f"output r{index} with n = {symbol} by {threads} threads, {found}"
            if kind:
                break
        return kind, text


def smaller(graph):
    """Graphs with one operator less: first without a result, then with an input in its place."""
    used = graph.used()
    if len(graph.operators) < 2:
        return
    for op in reversed(graph.operators):
        if id(op.result) not in used:
            yield Graph(graph.inputs, [other for other in graph.operators if other is not op])
    for op in graph.operators:
        yield graph.without(op)


def shrink(runner, graph, kind, folder):
    end = time.monotonic() + SHRINK_SECONDS
    progress = True
    while progress and time.monotonic() < end:
        progress = False
        for candidate in smaller(graph):
            if time.monotonic() > end:
                break
            if runner.check(candidate, folder)[0] == kind:
                graph, progress = candidate, True
                break
    return graph


def check_seed(tools, seed, out):
    """Nothing, or the report of a failure."""
    graph = generate(seed)
    if not graph:
        return ""
    runner = Runner(tools, seed)
    with tempfile.TemporaryDirectory() as folder:
        kind, text = runner.check(graph, folder)
        if not kind:
            return ""
        count = len(graph.operators)
        graph = shrink(runner, graph, kind, folder)
        again, last = runner.check(graph, folder)
        kind, text = (again, last) if again else (f"now and then, {kind}", text)
        place = os.path.join(out, str(seed))
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(folder, place)
    return (f"seed {seed}: {kind}; {len(graph.operators)} of {count} operators left, "
            f"in {place}\n{text}\n{graph.text()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tools", metavar="BIN")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--out", default="random-graphs")
    options = parser.parse_args()
    end = time.monotonic() + options.seconds if options.seconds else math.inf
    count = options.count or (sys.maxsize if options.seconds else 1)
    done, failures, seed = 0, 0, options.seed
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = set()
        while running or (done + len(running) < count and time.monotonic() < end):
            while len(running) < options.jobs and done + len(running) < count and time.monotonic() < end:
                running.add(pool.submit(check_seed, options.tools, seed, options.out))
                seed += 1
            finished, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
            for report in (task.result() for task in finished):
                done += 1
                if report:
                    failures += 1
                    print(report, flush=True)
    print(f"{done} graphs from seed {options.seed}, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
