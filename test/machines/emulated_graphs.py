# SPDX-License-Identifier: Apache-2.0
"""Random graphs (test/random) as programs and cases, for a machine that has no compiler."""
import math
import pathlib
import random
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "random"))

from generate import generate  # noqa: E402: the folder is known only now.
from graphs import SYMBOL_MAX, size_of  # noqa: E402
from quantized import Network  # noqa: E402
from random_graphs import SLACK, contents, write_npy  # noqa: E402

from machine_test import require  # noqa: E402

# What a graph may add to the disc: the few larger ones would be most of it.
BYTES_MAX = 400_000


def write_case(lathec, graph, seed, symbol, folder, case):
    """Inputs, and what the interpreter makes of them."""
    source, arguments = random.Random(seed), []
    case.mkdir(parents=True)
    for index, entry in enumerate(graph.live_inputs()):
        dims = [size_of(dim, symbol) for dim in entry.value.dims]
        path = case / f"in{index}.npy"
        write_npy(path, entry.value.element, dims, contents(entry, math.prod(dims), source))
        arguments += ["--input", f"a{index}={path}"]
    require(lathec, folder / "model.mlir", "--interpret", "--output", folder / "expected", *arguments)
    for index in range(len(graph.outputs())):
        shutil.copy(folder / "expected" / f"r{index}.npy", case / f"out{index}.npy")


def make_networks(lathec, level, seeds, work):
    """As make_graphs(), of quantized networks: every code is the interpreter's."""
    made = []
    for seed in seeds:
        folder, network = work / f"q{seed}", Network(seed)
        case = folder / "cases" / "case0"
        case.mkdir(parents=True)
        (folder / "model.mlir").write_text(network.text())
        write_npy(case / "in0.npy", "f32", network.input_dims, network.contents())
        require(lathec, folder / "model.mlir", "-q", "--no-cache", f"--cpu={level}", "-o", folder / "model.lathe")
        require(lathec, folder / "model.mlir", "--interpret", "--output", folder / "expected",
                "--input", f"a0={case}/in0.npy")
        shutil.copy(folder / "expected" / "r0.npy", case / "out0.npy")
        made.append((folder.name, 0))
    return made


def make_graphs(lathec, level, seeds, work):
    """Programs and folders of cases below `work`; (name, error that rounding may make) of each.

    Integers are compared exactly. Floats are compared by the largest bound of all outputs.
    """
    shutil.rmtree(work, ignore_errors=True)
    made = []
    for seed in seeds:
        graph = generate(seed)
        if not graph:
            continue
        folder = work / str(seed)
        folder.mkdir(parents=True)
        (folder / "model.mlir").write_text(graph.text())
        require(lathec, folder / "model.mlir", "-q", "--no-cache", f"--cpu={level}", "-o", folder / "model.lathe")
        for number, symbol in enumerate([4, SYMBOL_MAX] if graph.is_dynamic() else [1]):
            write_case(lathec, graph, seed, symbol, folder, folder / "cases" / f"case{number}")
        files = [folder / "model.lathe", *(path for path in (folder / "cases").rglob("*.npy"))]
        if sum(path.stat().st_size for path in files) <= BYTES_MAX:
            made.append((str(seed), SLACK * max((value.error for value in graph.outputs() if value.is_float), default=0)))
    return made
