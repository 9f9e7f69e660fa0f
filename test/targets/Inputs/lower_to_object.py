# SPDX-License-Identifier: Apache-2.0
"""Compiles kernels that `lathec --emit=linalg` printed for a Cortex-M4 with its floating-point unit.

    lower_to_object.py LINALG.mlir WORK [KERNEL...]

KERNEL is the beginning of a kernel's name; without one, all kernels. The passes
are the CPU target's own, told that there are no vectors and that pointers have
32 bits; LLVM's llc makes the object. Prints a line per kernel:

    object <kernel> text <bytes>, undefined: <symbols or none>
    refused by <step>: <kernel> <the tool's first error>
"""
import pathlib
import sys

from linalg_kernels import lower_kernels, run

LOWER = ["--lathe-cpu-plan", "--lathe-cpu-lower=scalar pointer-bits=32"]
MACHINE = ["-mtriple=thumbv7em-none-eabihf", "-mcpu=cortex-m4", "-float-abi=hard", "-filetype=obj", "-O2",
           "-function-sections"]


def compile_kernel(name, aliases, kernel, work):
    stem = work / name
    source, lowered, llvm, machine = (stem.with_suffix(s) for s in (".mlir", ".lowered.mlir", ".ll", ".o"))
    source.write_text(f"{aliases}\nmodule {{\n{kernel}\n}}\n")
    run("lathe-opt", ["lathe-opt", source, *LOWER], lowered)
    run("mlir-translate", ["mlir-translate", "--allow-unregistered-dialect", "--mlir-to-llvmir", lowered], llvm)
    run("llc", ["llc", *MACHINE, llvm], machine)
    undefined = [line.split()[-1] for line in run("llvm-nm", ["llvm-nm", "-u", machine]).splitlines()]
    sizes = run("llvm-size", ["llvm-size", machine]).splitlines()[1].split()
    return f"object {name} text {sizes[0]} data {sizes[1]} bss {sizes[2]}, undefined: {' '.join(undefined) or 'none'}"


if __name__ == "__main__":
    lower_kernels(compile_kernel, *sys.argv[1:])
