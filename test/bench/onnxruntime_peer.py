# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime as a peer of tools/bench.py: one process that answers each line "RUNS" on standard input with
the median microseconds of so many runs.

    onnxruntime_peer.py MODEL.onnx INPUT.npy EXPECTED.npy THREADS

The first line that it prints is {"load_us", "error", "version"}: time of the session's creation, and the largest
error relative to the largest expected element.
"""
import json
import statistics
import sys
import time

import numpy
import onnxruntime


def main():
    model, given, expected, threads = sys.argv[1:]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(threads)
    options.inter_op_num_threads = 1
    start = time.perf_counter()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    load_us = (time.perf_counter() - start) * 1e6
    feed = {session.get_inputs()[0].name: numpy.load(given)}
    wanted = numpy.load(expected)
    error = float(abs(session.run(None, feed)[0] - wanted).max() / abs(wanted).max())
    print(json.dumps({"load_us": load_us, "error": error, "version": onnxruntime.__version__}), flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            session.run(None, feed)
            times.append((time.perf_counter() - start) * 1e6)
        print(statistics.median(times), flush=True)


main()
