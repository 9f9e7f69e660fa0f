# SPDX-License-Identifier: Apache-2.0
"""tools/bench.py without its peers: goals, tables, figures over rounds, peers that fail, the command line."""
import contextlib
import importlib.util
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import types
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "test" / "bench"), str(ROOT / "tools")]
import bench  # noqa: E402
import counters  # noqa: E402
import cpu_table  # noqa: E402
import goals  # noqa: E402
import kernel_list  # noqa: E402
import kernel_table  # noqa: E402
import programs  # noqa: E402
import table  # noqa: E402


def spread(median, low=None, high=None):
    return {"median": median, "min": low or median, "max": high or median}


def program(us, ratio, error=1e-7, **more):
    return {"us": spread(us), "user_us": spread(us), "cycles": None, "error": error, "ratio": spread(ratio, ratio - 0.05, ratio + 0.05),
            "user_ratio": spread(ratio), "cycles_ratio": None, "load_us": 600.0, "version": "1.0", **more}


def row(model, **peers):
    return {"model": model, "notes": [], "weight_bytes": 14_000_000, "arena_bytes": 3_000_000, "peak_rss_bytes": 21_000_000,
            "compile_s": 9.5, "code": "raw_x86_64 x86-64-v3", "user_cycles_reason": "perf_event_open: no", "two_threads": spread(1.85),
            "programs": {"lathe": program(7430.0, 1.0), **peers}}


class GoalsTest(unittest.TestCase):
    def test_compared_as_printed(self):
        self.assertEqual(goals.met(1.196, 1.2), "yes")
        self.assertEqual(goals.met(1.194, 1.2), "no")
        self.assertEqual(goals.met(0.104, 0.1, at_most=True), "yes")
        self.assertEqual(goals.met(0.106, 0.1, at_most=True), "no")

    def test_nothing_to_compare(self):
        self.assertEqual(goals.met(None, 1.2), "-")
        self.assertEqual(goals.met(1.5, None), "-")

    def test_level(self):
        self.assertEqual(goals.latency("resnet50", "avx512"), 1.1)
        self.assertEqual(goals.latency("resnet50", "avx2"), 1.05)
        self.assertIsNone(goals.latency("resnet50", "neon"))
        self.assertIsNone(goals.kernel_share("depthwise", "avx512"))

    def test_second_thread(self):
        self.assertEqual(goals.two_threads("resnet50"), 1.8)
        self.assertEqual(goals.two_threads("ds_cnn"), 1.0)

    def test_memory(self):
        self.assertAlmostEqual(goals.memory_bytes(100e6, 20e6), 142e6)


class TablesTest(unittest.TestCase):
    def result(self, *rows, threads=1):
        return {"level": "avx2", "threads": threads, "rows": list(rows)}

    def test_best_peer_is_the_fastest_that_is_right(self):
        right = row("resnet50", onnxruntime=program(8000, 1.1), litert=program(9000, 1.3))
        self.assertEqual(cpu_table.best_peer(right), "onnxruntime")
        right["programs"]["onnxruntime"]["error"] = 0.5
        self.assertEqual(cpu_table.best_peer(right), "litert")
        self.assertIn("!1.10", cpu_table.tables(self.result(right), list(programs.PEERS)))

    def test_verdicts(self):
        text = cpu_table.tables(self.result(row("resnet50", onnxruntime=program(8000, 1.1, load_us=5000.0))), ["onnxruntime"])
        against, costs = [line for line in text.splitlines() if line.startswith("resnet50")][1:]
        self.assertRegex(against, r"ONNX Runtime +1\.10 \(1\.05-1\.15\) +1\.05 +yes")
        # 0.6 of 5 ms to load is no tenth; memory, 9.5 s of compiling and 1.85 are good.
        self.assertRegex(costs, r"0\.60 +5\.0 +no +21\.0 +23\.\d +yes +9\.5 +10 +yes +1\.85 \(1\.85-1\.85\) +1\.8 +yes")

    def test_cycles_where_they_are_counted(self):
        counted = row("resnet50", litert=program(8000, 1.1, cycles=spread(3e8), cycles_ratio=spread(1.25)))
        counted["programs"]["lathe"]["cycles"] = spread(2.4e8)
        counted["user_cycles_reason"] = ""
        text = cpu_table.tables(self.result(counted, row("vit_tiny", litert=program(8000, 1.1))), ["litert"])
        self.assertRegex(text, r"resnet50 .* 240\.00 Mc +300\.00 Mc +1\.25 ")
        self.assertRegex(text, r"vit_tiny .* 7\.430 ms +8\.000 ms +1\.10 ")
        self.assertEqual(text.count("no cycles were counted (perf_event_open: no)"), 1)

    def test_goals_are_of_one_thread(self):
        figures = row("resnet50", litert=program(8000, 1.1))
        self.assertRegex(cpu_table.tables(self.result(figures), ["litert"]), r"1\.10 \(1\.05-1\.15\) +1\.05 +yes")
        self.assertRegex(cpu_table.tables(self.result(figures, threads=2), ["litert"]), r"1\.10 \(1\.05-1\.15\) +- +-")

    def test_a_model_that_no_peer_runs(self):
        alone = row("conv_lstm")
        alone["notes"] = ["ncnn on conv_lstm: ended with code 1"]
        text = cpu_table.tables(self.result(alone), list(programs.PEERS))
        self.assertIn("note: ncnn on conv_lstm", text)
        self.assertNotIn("Weights read", text)

    def test_share_of_a_read_sum(self):
        decode = row("decoder_decode", litert=program(8000, 1.4))
        decode["read"] = {"bytes": 438e6, "gb_per_s": spread(26), "sum_gb_per_s": spread(31), "share": spread(0.84)}
        self.assertRegex(cpu_table.tables(self.result(decode), ["litert"]), r"438 .* 0\.84 +0\.92 +no")

    def test_a_peer_with_its_own_list_of_models(self):
        rows = [row("resnet50", ncnn=program(8000, 1.1)), row("decoder_decode", llama_cpp=program(8000, 1.4, error=2e-5))]
        text = cpu_table.tables(self.result(*rows), list(programs.PEERS))
        self.assertNotIn("llama.cpp", text.split("The same beside llama.cpp")[0])
        self.assertRegex(text, r"llama\.cpp\n *decoder_decode .* 1\.40 \(1\.35-1\.45\)\n\n")
        self.assertNotIn("llama.cpp", cpu_table.tables(self.result(rows[0]), list(programs.PEERS)))
        self.assertFalse(cpu_table.asked_for("llama_cpp", "resnet50"))
        self.assertTrue(cpu_table.asked_for("ncnn", "resnet50"))

    def test_a_file_of_ours_has_to_be_closer(self):
        decode = row("decoder_decode", litert=program(8000, 1.4, error=5e-4), llama_cpp=program(7500, 1.3, error=5e-4))
        self.assertEqual(cpu_table.best_peer(decode), "litert")
        self.assertIn("!1.30", cpu_table.tables(self.result(decode), list(programs.PEERS)))
        decode["programs"]["llama_cpp"]["error"] = 5e-5
        self.assertEqual(cpu_table.best_peer(decode), "llama_cpp")

    def test_width(self):
        every = {key: program(123456.0, 12.34) for key in programs.PEERS}
        rows = [row(model, **every) for model in cpu_table.MODELS]
        for line in cpu_table.tables(self.result(*rows), list(programs.PEERS)).splitlines():
            self.assertLessEqual(len(line), table.COLUMNS_MAX, line)

    def test_kernels(self):
        kernels = [{"kernel": kernel.name, "kind": kernel.kind, "unit": "GFLOP/s", "us": spread(12345.6), "speed": spread(93.8),
                    "limit": spread(102.0), "share": spread(0.92), "error": 1e-6, "calls": 1} for kernel in kernel_list.KERNELS]
        peaks = {"gflop_per_s": {"median": 102.0, "max": 102.9}, "reads": [{"bytes": 16384, "gb_per_s": {"median": 200.0}}]}
        text = kernel_table.tables({"level": "avx2", "peaks": peaks, "rows": kernels})
        self.assertLessEqual(max(map(len, text.splitlines())), table.COLUMNS_MAX)
        self.assertRegex(text, r"gemm_512x512x512 .* 92 \(92-92\) +92 +yes")
        self.assertRegex(text, r"gemv_1x3072x768 .* 92 \(92-92\) +100 +no")


class FiguresTest(unittest.TestCase):
    def test_ratios_are_taken_round_by_round(self):
        done = [{"lathe": {"us": 1.0}, "p": {"us": 2.0}}, {"lathe": {"us": 10.0}, "p": {"us": 30.0}}, {"lathe": {"us": 1.0}}]
        self.assertEqual(cpu_table.ratios(done, "p"), {"median": 2.5, "min": 2.0, "max": 3.0})
        self.assertIsNone(cpu_table.ratios(done[2:], "p"))

    def test_what_was_not_counted(self):
        done = [{"lathe": {"cycles": None}, "p": {"cycles": 5.0}}]
        self.assertIsNone(cpu_table.ratios(done, "p", "cycles"))

    def test_a_peer_that_stops_leaves_a_note_and_the_others_go_on(self):
        order, closed = [], []

        def answer(name, fails_at=None):
            def run(*threads):
                order.append(name)
                if order.count(name) == fails_at:
                    raise OSError(f"{name} hangs")
                return {"us": 1.0}
            return types.SimpleNamespace(round=run, close=lambda: closed.append(name))

        started, notes = {"lathe": answer("lathe"), "a": answer("a"), "b": answer("b", 2)}, []
        done = cpu_table.turns(started, 3, 2, 0, notes)
        self.assertEqual(notes, ["b hangs"])
        self.assertEqual(order, ["lathe", "a", "b", "b", "a", "lathe", "lathe", "a"])  # to and fro
        self.assertEqual([sorted(one) for one in done], [["a", "b", "lathe"], ["a", "lathe"], ["a", "lathe"]])
        self.assertNotIn("b", started)
        self.assertEqual(closed, ["b"])

    def test_limits(self):
        peaks = {"gflop_per_s": {"median": 50.0, "max": 100.0}, "reads": [{"gb_per_s": {"median": 20.0, "max": 30.0}}]}
        by_name = {kernel.name: kernel for kernel in kernel_list.KERNELS}
        self.assertEqual(kernel_table.limit(by_name["gemm_512x512x512"], peaks), 100.0)
        self.assertEqual(kernel_table.limit(by_name["gemv_1x3072x768"], peaks), 20.0)

    def test_own_kernels(self):
        calls = [("permute_f32_f32_then_relayout__c7ba", 10.0), ("conv_f32_f32_f32_then_relu__b0c0", 5.0), ("relayout_f32_f32__1", 3.0)]
        self.assertEqual(kernel_table.own_us(calls), (5.0, 1))
        self.assertEqual(kernel_table.own_us(calls[2:]), (3.0, 1))

    @unittest.skipUnless(importlib.util.find_spec("numpy"), "needs NumPy, as the peers do")
    def test_error_of_the_worst_output(self):
        import numpy
        import peer
        right, wrong = numpy.array([[1.0, -4.0]]), numpy.array([1.0, -3.0])
        self.assertEqual(peer.worst_error([right, right[0]], [right, right]), 0)
        self.assertEqual(peer.worst_error([right, wrong], [right, right]), 0.25)
        with self.assertRaisesRegex(ValueError, "1 outputs, expected 2"):
            peer.worst_error([right], [right, right])

    def test_shared_weights_count_once(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "model.pt2"
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("model/data/weights/weight_0", b"x" * 400)
                archive.writestr("model/data/weights/weight_1", b"x" * 24)
                archive.writestr("model/data/weights/model_weights_config.json", b"{}")
                archive.writestr("model/data/sample_inputs/model.pt", b"x" * 1000)
            self.assertEqual(programs.weight_bytes(path), 424)


class EnvironmentTest(unittest.TestCase):
    def test_only_what_is_missing_is_installed(self):
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder) / "lib" / "python3.11" / "site-packages"
            for name in ("torch-2.13.0+cpu", "ai_edge_litert-2.3.0", "onnx_ir-1.1.0"):
                (place / f"{name}.dist-info").mkdir(parents=True)
            self.assertEqual(programs.missing_packages(pathlib.Path(folder), ["torch==2.13.0", "ai-edge-litert", "onnx", "ncnn"]), ["onnx", "ncnn"])


class BuiltPackageTest(unittest.TestCase):
    """A script that stands in for pip."""

    def build(self, script):
        self.addCleanup(setattr, programs, "FOLDER", programs.FOLDER)
        folder = tempfile.TemporaryDirectory(dir=programs.ROOT)
        self.addCleanup(folder.cleanup)
        programs.FOLDER = pathlib.Path(folder.name)
        pip = programs.FOLDER / "venv" / "peers" / "bin" / "pip"
        pip.parent.mkdir(parents=True)
        pip.write_text(f"#!/bin/sh\necho \"$1\" >> {folder.name}/asked\n{script}\n")
        pip.chmod(0o755)
        with contextlib.redirect_stderr(io.StringIO()):
            for _ in range(2):
                try:
                    programs.build_package("some-package", "peers")
                except OSError as problem:
                    self.problem = str(problem)
        return (programs.FOLDER / "asked").read_text().split()

    def test_the_wheel_is_built_once_and_kept(self):
        asked = self.build('[ "$1" = wheel ] && touch "$5/some_package-1.0-py3.whl"; true')
        self.assertEqual(asked, ["wheel", "install", "install"])

    def test_the_log_says_why_nothing_is_built_and_nobody_tries_again(self):
        asked = self.build("echo no compiler; exit 1")
        self.assertEqual((asked, self.problem), (["wheel"], "some-package does not build: no compiler"))


@unittest.skipUnless(importlib.util.find_spec("numpy") and importlib.util.find_spec("torch"), "needs what exports the models")
class LlamaFileTest(unittest.TestCase):
    def test_neighbours(self):
        import gguf_decoder
        import numpy
        heads = numpy.arange(128).reshape(128, 1) * numpy.ones((1, 3))
        order = gguf_decoder.neighbours(heads, 0)[:, 0].astype(int).tolist()
        self.assertEqual(order[:4] + order[62:67], [0, 32, 1, 33, 31, 63, 64, 96, 65])

    def test_a_cache_in_a_state(self):
        import struct

        import gguf_decoder
        import numpy
        sizes = {"keys": struct.pack("<iQ", 0, 3072), "values": struct.pack("<iII", 0, 4, 768)}
        state = bytearray(b"what comes before" + struct.pack("<II", 1, 12))
        for header in sizes.values():
            state += 12 * (header + bytes(2 * 3072))
        cache = [numpy.full((1, 12, 4, 64), number, numpy.float32) for number in range(24)]
        cache[1][0, 0, 1, 0] = 77  # of values, the first feature's second token
        other = state.copy()
        gguf_decoder.replace_cache(state, cache, 2)
        self.assertEqual(len(state), len(other))
        self.assertEqual(struct.unpack_from("<f", state, len(state) - 4), (23,))
        values = len(state) - 12 * (12 + 2 * 3072) + 12
        self.assertEqual(struct.unpack_from("<fff", state, values), (1, 77, 1))
        with self.assertRaisesRegex(ValueError, "otherwise"):
            gguf_decoder.replace_cache(other[:-4], cache, 2)
        other[values - 12] = 1  # half floats
        with self.assertRaisesRegex(ValueError, "other rows"):
            gguf_decoder.replace_cache(other, cache, 2)


class CounterTest(unittest.TestCase):
    def burn(self):
        for _ in range(300000):
            pass

    def test_counts_threads_that_are_started_later(self):
        counter = counters.UserCounter(kind=1, event=1)  # nanoseconds of a task, which need no counter of the processor's
        if counter.cycles() is None:
            self.skipTest("perf_event_open is not permitted")
        self.addCleanup(os.close, counter.descriptor)
        before = counter.cycles()
        self.burn()
        alone = counter.cycles() - before
        self.assertGreater(alone, 0)
        before = counter.cycles()
        thread = threading.Thread(target=self.burn)
        thread.start()
        thread.join()
        self.assertGreater(counter.cycles() - before, alone / 4)

    def test_user_time_grows(self):
        counter = counters.UserCounter()
        before = counter.user_us()
        while counter.user_us() == before:
            self.burn()
        if counter.descriptor >= 0:
            self.assertGreater(counter.cycles(), 0)
            os.close(counter.descriptor)


class KernelListTest(unittest.TestCase):
    def test_names_are_unique_and_select(self):
        names = [kernel.name for kernel in kernel_list.KERNELS]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual([kernel.name for kernel in kernel_list.select(["gemv_*"])], ["gemv_1x3072x768", "gemv_1x6144x3072"])
        self.assertEqual(kernel_list.select(["gemv"]), [])

    def test_work(self):
        by_name = {kernel.name: kernel for kernel in kernel_list.KERNELS}
        self.assertEqual(by_name["gemm_512x512x512"].flops, 2 * 512**3)
        self.assertEqual(by_name["gemv_1x6144x3072"].traffic_bytes, 75497472)
        self.assertEqual(by_name["conv3x3_28x28x128_s2"].sizes[0], 56)
        self.assertEqual(by_name["conv3x3_28x28x128_direct"].export, "conv3x3_28x28x128")
        self.assertEqual(by_name["depthwise5x5_7x7x960"].flops, 2 * 7 * 7 * 960 * 25)


class PeerTest(unittest.TestCase):
    """A process that stands in for a peer's interpreter."""

    def start(self, script):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        interpreter = pathlib.Path(folder.name) / "python"
        interpreter.write_text(f"#!{sys.executable}\n{script}\n")
        interpreter.chmod(0o755)
        self.addCleanup(setattr, programs, "python", programs.python)
        programs.python = lambda environment: interpreter
        return programs.Peer("litert", pathlib.Path(folder.name) / "model", 1)

    START = 'import sys; print(\'{"load_us": 1, "error": 0, "version": "2"}\', flush=True)'

    def test_answers(self):
        started = self.start(self.START + '\nfor line in sys.stdin: print(\'{"us": 100}\', flush=True)')
        self.assertEqual((started.round()["us"], started.runs, started.version), (100, 3000, "2"))
        started.close()

    def test_a_crash_says_what_the_log_ends_with(self):
        with self.assertRaisesRegex(OSError, "LiteRT on model: ended with code 3: no such operator"):
            self.start("import sys; print('no such operator', file=sys.stderr); sys.exit(3)")

    def test_a_crash_in_a_round(self):
        started = self.start(self.START + '\nsys.stdin.readline(); print(\'{"us": 100}\', flush=True)')
        with self.assertRaisesRegex(OSError, "ended with code 0: nothing was printed"):
            started.round()

    def test_a_peer_that_hangs_is_ended(self):
        self.addCleanup(setattr, programs, "START_SECONDS_MAX", programs.START_SECONDS_MAX)
        programs.START_SECONDS_MAX = 0.2
        with self.assertRaisesRegex(OSError, "LiteRT on model: no answer in 0.2 s"):
            self.start("import time; time.sleep(60)")


class CommandLineTest(unittest.TestCase):
    def test_a_row_that_fails_leaves_the_others(self):
        def fail():
            raise subprocess.CalledProcessError(70, ["build/lathec", "model.pt2"])

        result = {"rows": [], "failed": []}
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
            arguments = types.SimpleNamespace(json=os.path.join(folder, "figures.json"))
            bench.add_row(arguments, result, "resnet50", lambda: {"model": "resnet50"})
            bench.add_row(arguments, result, "bert_base", fail)
            with open(arguments.json, encoding="utf-8") as saved:
                self.assertEqual(json.load(saved), result)
        self.assertEqual(result, {"rows": [{"model": "resnet50"}], "failed": ["bert_base: lathec ended with code 70"]})

    def run_tool(self, *arguments):
        return subprocess.run([sys.executable, ROOT / "tools" / "bench.py", *arguments], capture_output=True, text=True,
                              env={**os.environ, "COLUMNS": "120"})

    def test_help(self):
        self.assertIn("docs/performance.md", self.run_tool("--help").stdout)
        for command, words in (("cpu", ["--threads", "decoder_decode", "ncnn"]), ("kernels", ["--kernels", "gemm_512x512x512"])):
            shown = self.run_tool(command, "--help")
            self.assertEqual(shown.returncode, 0)
            for word in [*words, "--rounds", "--json", "--plot"]:
                self.assertIn(word, shown.stdout)

    def test_reports_of_the_page(self):
        """docs/performance.md shows what the stored figures are, and nothing else."""
        page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
        files = sorted((ROOT / "docs" / "figures").glob("*.json"))
        self.assertEqual([path.name for path in files], ["cpu.json", "kernels.json"])
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "page.md"
            copy.write_text(page, encoding="utf-8")
            self.assertEqual(self.run_tool("show", *files, "--page", copy).returncode, 0)
            self.assertEqual(copy.read_text(encoding="utf-8"), page)
            # A figure that was changed by hand does not stay.
            copy.write_text(page.replace(" yes", "  no"), encoding="utf-8")
            self.assertNotEqual(copy.read_text(encoding="utf-8"), page)
            self.run_tool("show", *files, "--page", copy)
            self.assertEqual(copy.read_text(encoding="utf-8"), page)
            copy.write_text("no place", encoding="utf-8")
            self.assertIn("has no place for cpu.json", self.run_tool("show", *files, "--page", copy).stderr)

    def test_stored_figures_of_another_schema(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "old.json"
            path.write_text('{"schema": 1}')
            self.assertIn("has schema 1", self.run_tool("show", path).stderr)

    def test_refusals(self):
        for arguments in ([], ["gpu"], ["cpu", "--models", "alexnet"], ["cpu", "--rounds", "0"], ["kernels", "--rounds", "0"]):
            self.assertNotEqual(self.run_tool(*arguments).returncode, 0, arguments)


if __name__ == "__main__":
    unittest.main()
