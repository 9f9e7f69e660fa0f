# SPDX-License-Identifier: Apache-2.0
"""What tools/bench.py runs: virtual environments, exports, and the programs that take turns in a round.

Every program has `round()`, which returns {"us", "user_us", "cycles"} (median microseconds of a run, average time of all
threads in user mode, cycles or None; Lathe's also the round's "load_us"), and raises OSError when it does not answer.
"""
import contextlib
import json
import os
import pathlib
import platform
import re
import select
import subprocess
import sys
import time
import venv
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent
FOLDER = ROOT / "build" / "bench"
# A peer's packages ask for their own versions of torchvision, which the models do without.
ENVIRONMENTS = {
    "models": ["torch==2.13.0", "torchvision", "numpy", "onnx", "onnxscript"],
    "peers": ["torch==2.13.0", "numpy", "onnxruntime", "openvino", "ai-edge-litert", "litert-torch", "executorch", "ncnn",
              "pnnx", "gguf"],
    "plot": ["matplotlib"],
}
PEERS = {"onnxruntime": "ONNX Runtime", "openvino": "OpenVINO", "litert": "LiteRT", "executorch": "ExecuTorch",
         "ncnn": "ncnn", "llama_cpp": "llama.cpp"}
# What a peer with a list of its own is asked for; the others are asked for all models.
ONLY_MODELS = {"llama_cpp": {"decoder_prefill", "decoder_decode"}}
# Packages without wheels, for this machine's instructions; half an hour in the background's priority, once.
BUILT_PACKAGES = {"llama_cpp": "llama-cpp-python"}
BUILD_SETTINGS = {"CMAKE_ARGS": "-DGGML_NATIVE=ON -DLLAVA_BUILD=OFF -DLLAMA_CURL=OFF", "CMAKE_BUILD_PARALLEL_LEVEL": "1"}
BUILD_NICE = 15
SECONDS_PER_ROUND, RUNS_PER_ROUND_MIN = 0.3, 3
# A peer that takes longer hangs: to convert and load a model, for a round, to end.
START_SECONDS_MAX, ROUND_SECONDS_MAX, END_SECONDS_MAX = 900, 120, 10


def missing_packages(folder, packages):
    """Those that a virtual environment lacks, of whatever version."""
    def installed(package):
        name = re.split("[=<>]", package)[0].replace("-", "_")
        return any(folder.glob(f"lib/python*/site-packages/{name}-*.dist-info"))
    return [package for package in packages if not installed(package)]


def python(environment):
    """The interpreter of a virtual environment, which is made, or completed, when packages are missing."""
    folder = FOLDER / "venv" / environment
    done = folder / "complete"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
    missing = missing_packages(folder, ENVIRONMENTS[environment])
    if missing:
        print(f"installing {', '.join(missing)} below {folder.relative_to(ROOT)}", file=sys.stderr)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *missing], check=True)
    done.touch()
    return folder / "bin" / "python"


def build_package(package, environment):
    """Builds a package from its source and installs it where it is missing; the wheel is kept below build/bench/wheels.

    OSError with a line of the log where it does not build. It is not tried again until the log is deleted.
    """
    folder, pip = FOLDER / "venv" / environment, FOLDER / "venv" / environment / "bin" / "pip"
    if not missing_packages(folder, [package]):
        return
    wheels = FOLDER / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    name, log_file = package.replace("-", "_"), wheels / f"{package}.log"
    if not log_file.exists():
        print(f"building {package} for half an hour or more; {log_file.relative_to(ROOT)} says how far it is", file=sys.stderr)
        with open(log_file, "w") as log:
            subprocess.run(["nice", "-n", str(BUILD_NICE), pip, "wheel", "--verbose", "--no-deps", "--wheel-dir", wheels, package],
                           env={**os.environ, **BUILD_SETTINGS}, stdout=log, stderr=log)
    built = sorted(wheels.glob(f"{name}-*.whl"))
    if not built:
        raise OSError(f"{package} does not build: {last_line(log_file)}")
    subprocess.run([pip, "install", "--quiet", built[-1]], check=True)


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


def lathe_version():
    printed = subprocess.run([tool("lathe-run"), "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return printed.split()[1]


def peaks(*sizes):
    """What lathe_peak_bench prints: read sums of so many bytes, or of one size for each cache and one for memory.

    None where it has no loops for the machine.
    """
    done = subprocess.run([tool("lathe_peak_bench"), *map(str, sizes)], stdout=subprocess.PIPE)
    return json.loads(done.stdout) if done.returncode == 0 else None


def export(script, names, folder=FOLDER):
    """Exports what is missing, by one process: models.py or operators.py."""
    missing = [name for name in names if not (folder / name / "case0" / "out0.npy").exists()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        print(f"exporting {', '.join(missing)}", file=sys.stderr)
        with open(folder / f"{missing[0]}.log", "w") as log:
            subprocess.run([python("models"), HERE / script, folder, *missing], check=True, stdout=log, stderr=log)


def weight_bytes(archive):
    """Bytes of the parameters and buffers in a .pt2, those that are shared once."""
    with zipfile.ZipFile(archive) as file:
        return sum(entry.file_size for entry in file.infolist() if "/data/weights/weight_" in entry.filename)


class Lathe:
    """lathe-run, one process a round; its --bench warms up by itself."""

    def __init__(self, stem, options=(), program=None):
        self.program, self.version = program or stem.with_suffix(".lathe"), lathe_version()
        compiler = [tool("lathec"), stem.with_suffix(".pt2"), "-o", self.program, "--report", "--json", "--no-cache",
                    *options]
        start = time.perf_counter()
        report = json.loads(subprocess.run(compiler, stdout=subprocess.PIPE, check=True).stdout)
        self.compile_s = time.perf_counter() - start
        self.arena_bytes = report["arena_bytes"]
        self.command = [tool("lathe-run"), self.program, "--json"]
        # Larger errors than the default's are a figure of the table.
        checked = subprocess.run([*self.command, "--check", stem, "--rtol", "1"], stdout=subprocess.PIPE)
        self.error = json.loads(checked.stdout)["worst_relative_error"]
        described = json.loads(subprocess.run([tool("lathe-inspect"), "--json", self.program], stdout=subprocess.PIPE,
                                              check=True).stdout)
        for index, given in enumerate(described["methods"][0]["inputs"]):
            self.command += ["--input", f"{given['name']}={stem / 'case0' / f'in{index}.npy'}"]

    def run(self, threads, profile=False):
        """What lathe-run --bench --json prints; its "kernels" only with `profile`."""
        options = ["--bench", "--threads", str(threads)]
        if profile:
            options += ["--profile", self.program.with_suffix(".trace.json")]
        return json.loads(subprocess.run([*self.command, *options], stdout=subprocess.PIPE, check=True).stdout)

    def round(self, threads):
        done = self.run(threads)
        return {"us": done["latency_us"]["median"], "user_us": done["user_us"], "cycles": done["user_cycles"],
                "load_us": done["load_us"]}

    def close(self):
        """Nothing runs between rounds."""

    def kernels_round(self):
        """Median microseconds of each call of a run: [(kernel, us)]."""
        return [(call["name"], call["us"]) for call in self.run(1, profile=True)["kernels"]]


class Peer:
    """One process for all rounds (peer.py)."""

    def __init__(self, peer, stem, threads):
        self.what, log_file = f"{PEERS[peer]} on {stem.name}", stem.with_suffix(f".{peer}.log")
        self.log_file = log_file
        interpreter = python("peers")
        if peer in BUILT_PACKAGES:
            build_package(BUILT_PACKAGES[peer], "peers")
        with open(log_file, "w") as log:
            self.process = subprocess.Popen([interpreter, HERE / "peer.py", peer, stem, str(threads)],
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        started = self.answer(START_SECONDS_MAX)
        self.load_us, self.error, self.version = started["load_us"], started["error"], started["version"]
        self.runs = max(RUNS_PER_ROUND_MIN, int(SECONDS_PER_ROUND * 1e6 / self.ask(2)["us"]))

    def answer(self, seconds):
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline() if ready else b""
        if line:
            return json.loads(line)
        code = self.stop(END_SECONDS_MAX if ready else 0)
        why = f"ended with code {code}: {last_line(self.log_file)}" if ready else f"no answer in {seconds} s"
        raise OSError(f"{self.what}: {why}")

    def ask(self, runs):
        try:
            self.process.stdin.write(f"{runs}\n".encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # why is in the answer
        return self.answer(ROUND_SECONDS_MAX)

    def round(self):
        return self.ask(self.runs)

    def stop(self, seconds):
        """Waits for the process to end by itself, so long; returns its exit code."""
        with contextlib.suppress(BrokenPipeError):  # a question that nobody read
            self.process.stdin.close()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self.process.stdout.close()

    def close(self):
        self.stop(END_SECONDS_MAX)


def last_line(path):
    """Of a log: what it ends with, at most 160 characters."""
    lines = [line.strip() for line in path.read_text(errors="replace").splitlines() if line.strip()]
    return (lines[-1] if lines else "nothing was printed")[:160]
