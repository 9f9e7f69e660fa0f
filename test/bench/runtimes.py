# SPDX-License-Identifier: Apache-2.0
"""The runtimes that tools/bench.py compares with, one class each.

A class is made of STEM (a path without ending: STEM.pt2 and .onnx are the model, what else a runtime needs is
converted once and kept beside them, not timed), example inputs and a number of threads. `load` makes a program that can
run: what is timed as loading. `prepare` hands it the inputs; `run` is what is timed, with as little of Python around
it as the runtime allows; `outputs` are arrays in the model's order.
"""
import tempfile

import numpy


def version_of(package):
    from importlib.metadata import version
    return version(package)


class Runtime:
    """Defaults: nothing to prepare."""

    def __init__(self, stem, inputs, threads):
        self.stem, self.inputs, self.threads = stem, inputs, threads

    def prepare(self):
        pass


class OnnxRuntime(Runtime):
    def __init__(self, stem, inputs, threads):
        super().__init__(stem, inputs, threads)
        import onnxruntime
        self.module, self.version = onnxruntime, onnxruntime.__version__
        self.options = onnxruntime.SessionOptions()
        self.options.intra_op_num_threads = threads
        self.options.inter_op_num_threads = 1

    def load(self):
        self.session = self.module.InferenceSession(self.stem.with_suffix(".onnx"), self.options,
                                                    providers=["CPUExecutionProvider"])

    def prepare(self):
        self.binding = self.session.io_binding()
        for info, value in zip(self.session.get_inputs(), self.inputs):
            self.binding.bind_cpu_input(info.name, value)
        for info in self.session.get_outputs():
            self.binding.bind_output(info.name)

    def run(self):
        self.session.run_with_iobinding(self.binding)

    def outputs(self):
        return self.binding.copy_outputs_to_cpu()


class OpenVino(Runtime):
    def __init__(self, stem, inputs, threads):
        super().__init__(stem, inputs, threads)
        import openvino
        self.module, self.version = openvino, openvino.__version__.split("-")[0]
        # Its own default on some machines is a lower precision.
        self.settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"}
        self.core = openvino.Core()

    def load(self):
        model = self.core.compile_model(self.stem.with_suffix(".onnx"), "CPU", self.settings)
        self.request = model.create_infer_request()

    def prepare(self):
        for index, value in enumerate(self.inputs):
            self.request.set_input_tensor(index, self.module.Tensor(value, shared_memory=True))

    def run(self):
        self.request.infer(share_outputs=True)

    def outputs(self):
        count = len(self.request.model_outputs)
        return [self.request.get_output_tensor(index).data for index in range(count)]


class LiteRt(Runtime):
    def __init__(self, stem, inputs, threads):
        super().__init__(stem, inputs, threads)
        self.version, self.file = version_of("ai-edge-litert"), stem.with_suffix(".tflite")
        if not self.file.exists():
            import litert_torch
            import torch
            program = torch.export.load(stem.with_suffix(".pt2"))
            litert_torch.convert(program.module(), tuple(map(torch.from_numpy, inputs))).export(str(self.file))

    def load(self):
        from ai_edge_litert.interpreter import Interpreter
        self.interpreter = Interpreter(model_path=str(self.file), num_threads=self.threads)
        self.interpreter.allocate_tensors()

    def prepare(self):
        def in_order(details):  # args_0, args_1, .. args_10: what the converter calls them
            return [details[name] for name in sorted(details, key=lambda name: int(name.rsplit("_", 1)[1]))]
        signature = self.interpreter.get_signature_runner()
        for given, value in zip(in_order(signature.get_input_details()), self.inputs):
            # The converter makes 64-bit indices of inputs 32-bit ones.
            self.interpreter.set_tensor(given["index"], value.astype(given["dtype"]))
        self.wanted = [wanted["index"] for wanted in in_order(signature.get_output_details())]

    def run(self):
        self.interpreter.invoke()

    def outputs(self):
        return [self.interpreter.get_tensor(index) for index in self.wanted]


class ExecuTorch(Runtime):
    def __init__(self, stem, inputs, threads):
        super().__init__(stem, inputs, threads)
        import torch
        self.version, self.file = version_of("executorch"), stem.with_suffix(".pte")
        if not self.file.exists():
            from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
            from executorch.exir import to_edge_transform_and_lower
            program = to_edge_transform_and_lower(torch.export.load(stem.with_suffix(".pt2")),
                                                  partitioner=[XnnpackPartitioner()]).to_executorch()
            self.file.write_bytes(program.buffer)
        self.tensors = [torch.from_numpy(value) for value in inputs]

    def load(self):
        from executorch.extension.pybindings import portable_lib
        portable_lib._unsafe_reset_threadpool(self.threads)
        from executorch.runtime import Runtime as Loader
        self.method = Loader.get().load_program(self.file).load_method("forward")

    def run(self):
        self.results = self.method.execute(self.tensors)

    def outputs(self):
        return [result.numpy() for result in self.results]


class Ncnn(Runtime):
    """float32 throughout; its convolutions by minimal filtering stay on, as by default."""

    def __init__(self, stem, inputs, threads):
        super().__init__(stem, inputs, threads)
        self.version = version_of("ncnn")
        self.files = [stem.with_suffix(f".ncnn.{ending}") for ending in ("param", "bin")]
        if not all(file.exists() for file in self.files):
            self.convert()

    def convert(self):
        import pnnx
        import torch
        examples = tuple(map(torch.from_numpy, self.inputs))
        model = torch.export.load(self.stem.with_suffix(".pt2")).module(check_guards=False)
        with tempfile.TemporaryDirectory() as folder:  # seven files, of which two are wanted
            traced = f"{folder}/model.pt"
            torch.jit.trace(model, examples, check_trace=False).save(traced)
            pnnx.convert(traced, examples, ncnnparam=str(self.files[0]), ncnnbin=str(self.files[1]), fp16=False)
        if not all(file.exists() for file in self.files):
            raise RuntimeError("pnnx cannot convert the model")

    def load(self):
        import ncnn
        self.module, self.net = ncnn, ncnn.Net()
        options = self.net.opt
        options.num_threads = self.threads
        for name in ("use_fp16_packed", "use_fp16_storage", "use_fp16_arithmetic", "use_bf16_storage"):
            setattr(options, name, False)
        for loaded, file in ((self.net.load_param, self.files[0]), (self.net.load_model, self.files[1])):
            if loaded(str(file)) != 0:
                raise RuntimeError(f"ncnn cannot read {file.name}")

    def prepare(self):
        # The converter drops the batch of one. A Mat does not own an array's memory.
        self.arrays = [numpy.ascontiguousarray(value[0]) for value in self.inputs]
        self.given = list(zip(self.net.input_names(), map(self.module.Mat, self.arrays)))

    def run(self):
        extractor = self.net.create_extractor()
        for name, value in self.given:
            extractor.input(name, value)
        self.results = []
        for name in self.net.output_names():
            status, value = extractor.extract(name)
            if status != 0:
                raise RuntimeError(f"ncnn cannot compute {name}")
            self.results.append(value)

    def outputs(self):
        return [numpy.array(value) for value in self.results]


PEERS = {"onnxruntime": OnnxRuntime, "openvino": OpenVino, "litert": LiteRt, "executorch": ExecuTorch, "ncnn": Ncnn}
