# SPDX-License-Identifier: Apache-2.0
"""A peer of tools/bench.py: one process that answers each line "RUNS" on standard input with what so many runs took.

    peer.py PEER STEM THREADS

PEER is one of runtimes.py; STEM names the model: STEM.pt2, STEM.onnx, STEM/case0/in0.npy.. and out0.npy... The first
line that it prints is {"load_us", "error", "version"}: the time from the file to a program that can run, and the largest
error relative to the largest expected element of an output, of those outputs that the runtime returns. Each answer is
{"us", "user_us", "cycles"}: the median of the runs, and on average what all threads spent in user mode (cycles: null
where they cannot be counted).
"""
import json
import os
import pathlib
import statistics
import sys
import time

import numpy

import runtimes
from counters import UserCounter


SHORT_NS = 20000


def silence():
    """Standard output for answers only: converters print to it as they like. Returns the stream of answers."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers


def arrays(case, kind):
    """in0.npy, in1.npy, .. of a case."""
    return [numpy.load(case / f"{kind}{index}.npy") for index in range(len(list(case.glob(f"{kind}*.npy"))))]


def worst_error(outputs, wanted):
    if len(outputs) != len(wanted):
        raise ValueError(f"{len(outputs)} outputs, expected {len(wanted)}")
    # A runtime may drop a batch of one, so only the order of elements counts.
    return max(float(abs(numpy.asarray(got).reshape(one.shape) - one).max() / abs(one).max())
               for got, one in zip(outputs, wanted))


def measure(program, counter, runs):
    """Short runs are measured some at a time, as lathe-run does, and without looking up what is called."""
    run, clock = program.run, time.perf_counter_ns
    start = clock()
    run()
    batch = max(1, SHORT_NS // max(1, clock() - start))
    samples = max(1, runs // batch)
    times, user, cycles = [], counter.user_us(), counter.cycles()
    for _ in range(samples):
        start = clock()
        for _ in range(batch):
            run()
        times.append((clock() - start) / 1e3 / batch)
    runs = samples * batch
    return {"us": statistics.median(times), "user_us": (counter.user_us() - user) / runs,
            "cycles": None if cycles is None else (counter.cycles() - cycles) / runs}


def main():
    answers = silence()
    peer, stem, threads = runtimes.PEERS[sys.argv[1]], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    counter = UserCounter()  # before the runtime starts threads
    inputs, wanted = arrays(stem / "case0", "in"), arrays(stem / "case0", "out")[:peer.returned]
    program = peer(stem, inputs, threads)
    start = time.perf_counter()
    program.load()
    load_us = (time.perf_counter() - start) * 1e6
    program.prepare()
    program.run()
    error = worst_error(program.outputs(), wanted)
    print(json.dumps({"load_us": load_us, "error": error, "version": program.version}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(measure(program, counter, int(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
