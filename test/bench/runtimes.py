# SPDX-License-Identifier: Apache-2.0
"""The runtimes that tools/bench.py compares with, one class each.

A class is made of STEM (a path without ending: STEM.pt2 and .onnx are the model, what else a runtime needs is
converted once and kept beside them, not timed), example inputs and a number of threads. `load` makes a program that can
run: what is timed as loading. `prepare` hands it the inputs; `run` is what is timed, with as little of Python around
it as the runtime allows; `outputs` are arrays in the model's order.
"""
import ctypes
import tempfile

import numpy


def version_of(package):
    from importlib.metadata import version
    return version(package)


class Runtime:
    """Defaults: nothing to prepare, all outputs are returned."""

    returned = None  # of the model's outputs the first so many; None: all

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


class LlamaCpp(Runtime):
    """The language model alone, as one of llama.cpp's own architectures (gguf_decoder.py); keys and values in float32 too.

    The cache stays inside: only the scores are returned. A decoding step begins with the model's own cache of keys and
    values, which are put in the place of those of as many tokens, and each run takes back what the run before added.
    """

    returned = 1

    def __init__(self, stem, inputs, threads):
        super().__init__(stem, inputs, threads)
        self.version, self.file = version_of("llama-cpp-python"), stem.with_suffix(".gguf")
        if not self.file.exists():
            import gguf_decoder
            import torch
            program = torch.export.load(stem.with_suffix(".pt2"))
            unfinished = self.file.with_suffix(".part")
            gguf_decoder.write({name: value.detach().numpy() for name, value in program.state_dict.items()}, unfinished)
            unfinished.rename(self.file)

    def load(self):
        import llama_cpp
        self.module = llama_cpp
        llama_cpp.llama_backend_init()
        model = llama_cpp.llama_model_load_from_file(str(self.file).encode(), llama_cpp.llama_model_default_params())
        if not model:
            raise RuntimeError(f"llama.cpp cannot read {self.file.name}")
        from decoder import CONTEXT, PROMPT
        options = llama_cpp.llama_context_default_params()
        options.n_ctx, options.n_batch, options.n_ubatch = CONTEXT, PROMPT, PROMPT
        options.n_threads = options.n_threads_batch = self.threads
        options.type_k = options.type_v = llama_cpp.GGML_TYPE_F32
        options.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED  # which is off by 4e-4 and more
        self.context = llama_cpp.llama_init_from_model(model, options)
        if not self.context:
            raise RuntimeError("llama.cpp cannot make a context")
        self.memory = llama_cpp.llama_get_memory(self.context)

    def batch(self, tokens):
        """Tokens behind those of the cache; the last one is scored. The array is kept as long as this."""
        self.tokens = (self.module.llama_token * len(tokens))(*tokens)
        return self.module.llama_batch_get_one(self.tokens, len(tokens))

    def prepare(self):
        tokens = [int(token) for token in self.inputs[0].ravel()]
        self.past = int(self.inputs[1][0]) if len(self.inputs) > 1 else 0
        if self.past:
            self.fill_cache(self.inputs[2:])
        self.given = self.batch(tokens)

    def fill_cache(self, cache):
        import gguf_decoder
        self.given, self.past, past = self.batch([0] * self.past), 0, self.past
        self.run()
        size = self.module.llama_state_seq_get_size(self.context, 0)
        buffer = (ctypes.c_uint8 * size)()
        written = self.module.llama_state_seq_get_data(self.context, buffer, size, 0)
        state = bytearray(buffer)[:written]
        gguf_decoder.replace_cache(state, cache, past)
        self.module.llama_memory_clear(self.memory, True)
        taken = (ctypes.c_uint8 * written).from_buffer(state)
        if self.module.llama_state_seq_set_data(self.context, taken, written, 0) != written:
            raise RuntimeError("llama.cpp does not take a cache")
        self.past = past

    def run(self):
        self.module.llama_memory_seq_rm(self.memory, 0, self.past, -1)
        if self.module.llama_decode(self.context, self.given) != 0:
            raise RuntimeError("llama.cpp cannot run the model")
        self.module.llama_synchronize(self.context)

    def outputs(self):
        from decoder import VOCABULARY
        scores = self.module.llama_get_logits_ith(self.context, -1)
        return [numpy.ctypeslib.as_array(scores, (VOCABULARY,)).copy()]


PEERS = {"onnxruntime": OnnxRuntime, "openvino": OpenVino, "litert": LiteRt, "executorch": ExecuTorch, "ncnn": Ncnn,
         "llama_cpp": LlamaCpp}
