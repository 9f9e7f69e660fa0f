# SPDX-License-Identifier: Apache-2.0
"""Compiles shipped models for another machine and checks them in its emulator.

    machine_test.py MACHINE SOURCE TOOLS WORK

MACHINE is aarch64 or riscv64. The runtime and lathe-run are cross-compiled into
WORK, linked statically, and run under qemu-MACHINE, once for each level of
`lathec --cpu` that the machine has, as a processor of that level. Exit code 77, with the reason, where the cross compiler or the
emulator is missing (tools/setup.sh --full installs both).
"""
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "random"))
from quantized import Network  # noqa: E402
from random_graphs import write_npy  # noqa: E402

SKIPPED = 77
QUANTIZED_NETWORKS = 12
MODELS = [
    "digits_cnn", "digits_gru", "digits_lstm", "digits_vit", "mlperf_ad_autoencoder", "mlperf_ic_resnet8",
    "mlperf_kws_dscnn", "mlperf_sww", "mlperf_vww_mobilenet", "shakespeare_lm", "shakespeare_lm_kv", "silero_vad_16k",
]
# A level of `lathec --cpu`, and what the emulator is to have.
LEVELS = {
    "aarch64": [("aarch64", ["cortex-a57"]), ("aarch64+dotprod", ["cortex-a76"]), ("aarch64+i8mm", ["max"])],
    # Code for vectors runs at any length of them.
    "riscv64": [("riscv64", ["rv64"]), ("riscv64+v", ["rv64,v=true,vlen=128", "rv64,v=true,vlen=512"])],
}
KEEP_STATE = {"shakespeare_lm_kv"}


def run(*command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def require(*command):
    code, output = run(*command)
    if code:
        sys.exit(f"{' '.join(map(str, command))}: exit code {code}\n{output}")
    return output


def build_runtime(machine, source, work):
    """lathe-run for the machine; seconds the first time, nothing when it is there."""
    prefix = f"{machine}-linux-gnu-"
    if not (work / "build.ninja").exists():
        require("cmake", "-G", "Ninja", "-S", source, "-B", work, "-DCMAKE_BUILD_TYPE=Release",
                "-DCMAKE_SYSTEM_NAME=Linux", f"-DCMAKE_SYSTEM_PROCESSOR={machine}",
                f"-DCMAKE_C_COMPILER={prefix}gcc", f"-DCMAKE_CXX_COMPILER={prefix}g++",
                "-DCMAKE_EXE_LINKER_FLAGS=-static", "-DLATHE_BUILD_COMPILER=OFF", "-DLATHE_BUILD_TESTS=OFF")
    require("cmake", "--build", work, "--target", "lathe-run")
    return work / "bin" / "lathe-run"


def check(emulator, program, cases, *options):
    """One line about a program; whether all its cases agree with PyTorch."""
    start = time.monotonic()
    code, output = run(*emulator, program, "--check", cases, *options)
    last = output.strip().splitlines()[-1] if output.strip() else "no output"
    print(f"{program.stem:24} {time.monotonic() - start:5.1f} s  {last.split(' (allowed')[0]}", flush=True)
    return code == 0


def check_level(lathec, models, level, emulators, work):
    """Names of what failed of one level."""
    failed = []
    for index, name in enumerate(MODELS):
        program = work / f"{name}.{level}.lathe"
        require(lathec, models / f"{name}.pt2", f"--cpu={level}", "-q", "-o", program)
        options = ["--keep-state"] if name in KEEP_STATE else []
        if not check(emulators[index % len(emulators)], program, models / name, *options):
            failed.append(program.stem)
    # Two methods over one state, and one program for two machines: the runtime chooses its image.
    program = work / f"decoder.{level}.lathe"
    require(lathec, f"prefill={models / 'decoder_prefill.pt2'}", f"step={models / 'decoder_step.pt2'}",
            "--join-states", f"--cpu={level},x86-64-v2", "-q", "-o", program)
    for emulator in emulators:
        if not check(emulator, program, models / "decoder", "--keep-state"):
            failed.append(program.stem)
    # The check can fail: without the state, step does not agree.
    if run(*emulators[0], program, "--check", models / "decoder")[0] != 1:
        failed.append("decoder without state agrees")
    return failed


def check_quantized(lathec, level, emulator, work):
    """Random quantized networks give the interpreter's codes, each one of them: names of those that do not."""
    failed = []
    for seed in range(1, QUANTIZED_NETWORKS + 1):
        network, folder = Network(seed), work / f"quantized{seed}"
        folder.mkdir(exist_ok=True)
        (folder / "model.mlir").write_text(network.text())
        write_npy(folder / "a0.npy", "f32", network.input_dims, network.contents())
        given = ("--input", f"a0={folder / 'a0.npy'}")
        require(lathec, folder / "model.mlir", "--interpret", *given, "--output", folder / "expected")
        require(lathec, folder / "model.mlir", f"--cpu={level}", "-q", "-o", folder / "model.lathe")
        code, _ = run(*emulator, folder / "model.lathe", *given, "--compare", folder / "expected" / "r0.npy", "--rtol", "0")
        if code:
            failed.append(f"quantized network {seed}")
    print(f"{QUANTIZED_NETWORKS} quantized networks, {len(failed)} differ", flush=True)
    return failed


def check_refusal(lathec, models, level, emulator, work):
    """Code for `level` is refused by a processor that lacks it."""
    program, failed = work / f"refused.{level}.lathe", []
    require(lathec, models / "digits_cnn.pt2", f"--cpu={level}", "-q", "-o", program)
    code, output = run(*emulator, program, "--check", models / "digits_cnn")
    if code == 0 or "error:" not in output:
        failed.append(f"code for {level} is not refused")
    return failed


def main():
    machine, *paths = sys.argv[1:]
    source, tools, work = (pathlib.Path(path).resolve() for path in paths)
    missing = [tool for tool in (f"{machine}-linux-gnu-g++", f"qemu-{machine}") if not shutil.which(tool)]
    if missing:
        print(f"skipped: {' and '.join(missing)} not found; tools/setup.sh --full installs what is missing")
        sys.exit(SKIPPED)
    os.environ["PATH"] = f"/usr/bin:{os.environ['PATH']}"
    runner = build_runtime(machine, source, work)
    lathec, models = tools / "lathec", source / "test" / "models"
    failed, programs = [], 0

    def emulator(processor):
        return [f"qemu-{machine}", "-cpu", processor, runner]

    least = emulator(LEVELS[machine][0][1][0])
    for level, processors in LEVELS[machine]:
        print(f"--cpu={level}")
        failed += check_level(lathec, models, level, [emulator(processor) for processor in processors], work)
        failed += check_quantized(lathec, level, emulator(processors[-1]), work)
        programs += len(MODELS) + 1
    failed += check_refusal(lathec, models, "x86-64-v2", least, work)
    for level, _ in LEVELS[machine][1:]:
        failed += check_refusal(lathec, models, level, least, work)
        # A program with both runs anywhere.
        program = work / "both.lathe"
        require(lathec, models / "digits_cnn.pt2", f"--cpu={level},{machine}", "-q", "-o", program)
        if not check(least, program, models / "digits_cnn"):
            failed.append(f"{level} and {machine} in one program")
    print(f"{machine}: " + (f"FAILED: {', '.join(failed)}" if failed else f"{programs} programs agree with PyTorch"))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
