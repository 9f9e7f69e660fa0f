# SPDX-License-Identifier: Apache-2.0
"""Lowers kernels that `lathec --emit=linalg` printed to SPIR-V with upstream's passes.

    lower_to_spirv.py LINALG.mlir WORK [KERNEL...]

KERNEL is the beginning of a kernel's name; without one, all kernels. Each goes
as it was printed through mlir-opt (linalg, tiled loops, gpu, spirv) and
mlir-translate, and the result through spirv-val; of Lathe only the pass that
reads `lathe.dim_args` takes part. Prints a line per kernel:

    valid  <kernel> <bytes> bytes, workgroup <x,y,z>
    refused by <step>: <kernel> <the tool's first error>
"""
import pathlib
import re
import sys

from linalg_kernels import lower_kernels, run

# What kernels may use; spirv-update-vce writes what each of them does use. Bytes are truth values, 64 bits indices.
ENVIRONMENT = (
    "spirv.target_env = #spirv.target_env<#spirv.vce<v1.3, [Shader, Int8, Int64, StorageBuffer8BitAccess], "
    "[SPV_KHR_storage_buffer_storage_class, SPV_KHR_8bit_storage]>, api=Vulkan, #spirv.resource_limits<>>"
)
# Sizes of arguments become the index arguments that `lathe.dim_args` names.
BIND_SIZES = ["--allow-unregistered-dialect", "--pass-pipeline=builtin.module(func.func(lathe-cpu-normalize-kernel))"]
# A thread per element, at most 8 x 16 threads to a workgroup.
TO_GPU = [
    "--one-shot-bufferize=bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map",
    "--drop-equivalent-buffer-results", "--canonicalize", "--cse", "--promote-buffers-to-stack",
    "--convert-linalg-to-loops", "--fold-memref-alias-ops", "--canonicalize", "--scf-forall-to-parallel",
    "--scf-parallel-loop-tiling=parallel-loop-tile-sizes=8,16", "--canonicalize", "--gpu-map-parallel-loops",
    "--convert-parallel-loops-to-gpu", "--lower-affine", "--canonicalize", "--cse",
    "--gpu-launch-sink-index-computations", "--gpu-kernel-outlining", "--arith-expand", "--canonicalize",
]
FINISH = ["--pass-pipeline=builtin.module(spirv.module(spirv-lower-abi-attrs,canonicalize,cse,spirv-update-vce))"]


def cut(text, opening):
    """The operation that begins with `opening`, up to the brace at its indentation."""
    found = re.search(rf"^( *){opening}.*?^\1\}}$", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise Refused("outlining", f"no {opening} came out")
    return found[0]


def lower(name, aliases, kernel, work):
    stem = work / name
    source, tiled, gpu, spirv, module, binary = (
        stem.with_suffix(suffix) for suffix in (".mlir", ".tiled.mlir", ".gpu.mlir", ".conv.mlir", ".spirv.mlir", ".spv"))
    source.write_text(f"{aliases}\nmodule attributes {{{ENVIRONMENT}}} {{\n{kernel}\n}}\n")
    rank = cut(kernel, "func.func").split("return")[-1].split("<")[1].count("x")
    tiles = work / "tiles.mlir"
    schedule = pathlib.Path(__file__).with_name("one_element_tiles.mlir").read_text()
    tiles.write_text(schedule.replace("tile_sizes [1]", f"tile_sizes {[1] * rank}"))
    optimizer = ["mlir-opt", "--allow-unregistered-dialect"]
    run("sizes", ["lathe-opt", source, *BIND_SIZES], source)
    run("tiling", [*optimizer, source, f"--transform-preload-library=transform-library-paths={tiles}",
                   "--transform-interpreter", "--canonicalize", "--cse"], tiled)
    run("sizes", ["lathe-opt", tiled, *BIND_SIZES], tiled)
    run("gpu", [*optimizer, tiled, *TO_GPU], gpu)
    text = gpu.read_text()
    if len(re.findall("gpu.launch_func", text)) != 1:
        raise Refused("outlining", "it is not one launch")
    block = re.search(r"known_block_size = array<i32: (\d+), (\d+), (\d+)>", cut(text, "gpu.module"))
    workgroup = ",".join(block.groups())
    run("conversion", [*optimizer, gpu, "--pass-pipeline=builtin.module("
                       "map-memref-spirv-storage-class{client-api=vulkan},"
                       f"gpu.module(test-spirv-entry-point-abi{{workgroup-size={workgroup}}},convert-math-to-spirv),"
                       "convert-gpu-to-spirv)"], spirv)
    run("finishing", [*optimizer, spirv, *FINISH], module)
    module.write_text(cut(module.read_text(), "spirv.module"))
    run("serialization", ["mlir-translate", "--no-implicit-module", "--serialize-spirv", module], binary)
    run("spirv-val", ["spirv-val", "--target-env", "vulkan1.1", binary])
    return f"valid {name} {binary.stat().st_size} bytes, workgroup {workgroup}"


if __name__ == "__main__":
    lower_kernels(lower, *sys.argv[1:])
