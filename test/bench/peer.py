# SPDX-License-Identifier: Apache-2.0
"""A peer of tools/bench.py: one process that answers each line "RUNS" on standard input with the median
microseconds of so many runs.

    peer.py PEER STEM THREADS

PEER is one of the classes below; STEM names the model: STEM.pt2 and what is made of it (STEM.onnx, .tflite, .pte),
STEM/case0/in0.npy and out0.npy. The first line that it prints is {"load_us", "error", "version"}: the time from the
file to a program that can run, and the largest error relative to the largest expected element. A conversion that
a peer needs is made first, kept beside the model, and not timed.
"""
import json
import os
import pathlib
import statistics
import sys
import time

import numpy


class OnnxRuntime:
    name = "ONNX Runtime"

    def __init__(self, stem, threads):
        import onnxruntime
        self.version = onnxruntime.__version__
        self.file = stem.with_suffix(".onnx")
        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        self.options.inter_op_num_threads = 1
        self.module = onnxruntime

    def load(self, x):
        session = self.module.InferenceSession(self.file, self.options, providers=["CPUExecutionProvider"])
        feed = {session.get_inputs()[0].name: x}
        return lambda: session.run(None, feed)[0]


class OpenVino:
    name = "OpenVINO"

    def __init__(self, stem, threads):
        import openvino
        self.version = openvino.__version__.split("-")[0]
        self.file = stem.with_suffix(".onnx")
        # Its own default on some machines is a lower precision.
        self.settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"}
        self.core = openvino.Core()

    def load(self, x):
        request = self.core.compile_model(self.file, "CPU", self.settings).create_infer_request()
        request.infer([x])

        def run():
            request.infer([x], share_inputs=True)
            return request.get_output_tensor(0).data
        return run


class LiteRt:
    name = "LiteRT"

    def __init__(self, stem, threads):
        self.version = version_of("ai-edge-litert")
        self.file, self.threads = stem.with_suffix(".tflite"), threads
        if not self.file.exists():
            import litert_torch
            import torch
            x = torch.from_numpy(numpy.load(stem / "case0" / "in0.npy"))
            litert_torch.convert(torch.export.load(stem.with_suffix(".pt2")).module(), (x,)).export(str(self.file))

    def load(self, x):
        from ai_edge_litert.interpreter import Interpreter
        interpreter = Interpreter(model_path=str(self.file), num_threads=self.threads)
        interpreter.allocate_tensors()
        given, wanted = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
        interpreter.set_tensor(given, x)

        def run():
            interpreter.invoke()
            return interpreter.get_tensor(wanted)
        return run


class ExecuTorch:
    name = "ExecuTorch"

    def __init__(self, stem, threads):
        self.version = version_of("executorch")
        self.file, self.threads = stem.with_suffix(".pte"), threads
        if not self.file.exists():
            import torch
            from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
            from executorch.exir import to_edge_transform_and_lower
            program = to_edge_transform_and_lower(torch.export.load(stem.with_suffix(".pt2")),
                                                  partitioner=[XnnpackPartitioner()]).to_executorch()
            self.file.write_bytes(program.buffer)

    def load(self, x):
        import torch
        from executorch.extension.pybindings import portable_lib
        portable_lib._unsafe_reset_threadpool(self.threads)
        from executorch.runtime import Runtime
        method = Runtime.get().load_program(self.file).load_method("forward")
        given = [torch.from_numpy(x)]
        return lambda: method.execute(given)[0].numpy()


PEERS = {"onnxruntime": OnnxRuntime, "openvino": OpenVino, "litert": LiteRt, "executorch": ExecuTorch}


def version_of(package):
    from importlib.metadata import version
    return version(package)


def silence():
    """Standard output for answers only: converters print to it as they like. Returns the stream of answers."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers


def main():
    answers = silence()
    peer, stem, threads = PEERS[sys.argv[1]], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    x = numpy.load(stem / "case0" / "in0.npy")
    wanted = numpy.load(stem / "case0" / "out0.npy")
    program = peer(stem, threads)
    start = time.perf_counter()
    run = program.load(x)
    load_us = (time.perf_counter() - start) * 1e6
    error = float(abs(run() - wanted).max() / abs(wanted).max())
    print(json.dumps({"load_us": load_us, "error": error, "version": program.version}), file=answers, flush=True)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            run()
            times.append((time.perf_counter() - start) * 1e6)
        print(statistics.median(times), file=answers, flush=True)


if __name__ == "__main__":
    main()
