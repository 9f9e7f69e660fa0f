# SPDX-License-Identifier: Apache-2.0
"""Attentions of random values, compiled and interpreted: `check_attention.py FOLDER [--wrong]`.

Each case is compiled for two instruction sets, must agree with the interpreter, and must give the same bytes with 1, 2
and 4 threads. Old and new keys of fewer than 16 queries must be read by one kernel where they lie. With --wrong the compiled program gets other values, so that every case must fail.
"""
import array
import pathlib
import random
import subprocess
import sys

LEVELS = ("x86-64-v2", "x86-64-v3")
# Heads, key heads, queries, keys, width of keys, width of values, and what else: causal, added (a mask of queries and
# keys), kept (the same of i1), keys_added (one of keys alone), nothing_kept (rows that see nothing), dynamic sizes.
# A number joins old keys and values with so many new ones, as a language model does that keeps what it has seen.
CASES = [
    (2, 2, 64, 1, 16, 16, ()),
    (2, 2, 33, 5, 16, 8, ()),
    (1, 1, 197, 197, 32, 32, ()),
    (1, 1, 100, 256, 16, 16, ()),
    (1, 1, 100, 257, 16, 24, ()),
    (2, 1, 50, 1000, 20, 16, ("gqa",)),
    (1, 1, 112, 1024, 16, 16, ("added",)),
    (1, 1, 40, 1500, 16, 12, ("kept",)),
    (1, 1, 20, 2048, 16, 16, ("keys_added",)),
    (1, 1, 1, 1024, 16, 16, ()),
    (2, 2, 1, 1031, 64, 64, (1,)),
    (1, 1, 1, 999, 21, 28, ("kept",)),
    (2, 2, 16, 300, 16, 16, ("nothing_kept",)),
    (2, 2, 130, 130, 16, 16, ("causal",)),
    (1, 1, 200, 70, 16, 16, ("causal",)),
    (1, 1, 70, 500, 16, 16, ("causal", "kept")),
    (2, 1, 300, 300, 16, 16, ("causal", "gqa")),
    (2, 2, 60, 700, 16, 16, ("dynamic",)),
    (2, 2, 200, 64, 16, 16, ("dynamic", "causal")),
    (2, 2, 17, 384, 16, 16, ("dynamic", "added")),
    (12, 12, 1, 257, 64, 64, (1,)),
    (4, 2, 1, 300, 16, 24, (1, "gqa", "kept")),
    (2, 2, 3, 37, 20, 16, (3, "added")),
    (2, 2, 5, 5, 16, 16, (4, "causal")),
    (2, 2, 15, 130, 16, 16, (15, "keys_added")),
    (4, 4, 1, 500, 32, 32, (1, "dynamic", "kept")),
    (2, 1, 7, 60, 16, 16, (7, "dynamic", "causal", "gqa")),
    (2, 2, 20, 300, 16, 16, (20, "kept")),
]


def save(path, shape, values, code="f4"):
    header = str({"descr": "<f4" if code == "f4" else "|b1", "fortran_order": False, "shape": tuple(shape)}).ljust(117) + "\n"
    data = array.array("f", values).tobytes() if code == "f4" else bytes(values)
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + data)


def count(shape):
    product = 1
    for size in shape:
        product *= size
    return product


def joined(name, key_heads, keys, width, of_keys, new):
    """Tensors that are `name` when their keys are joined: old ones and `new` ones, if there are any of these."""
    if not new:
        return [(name, (1, key_heads, keys, width), (0, 0, of_keys, 0))]
    return [(name + "0", (1, key_heads, keys - new, width), (0, 0, of_keys, 0)), (name + "1", (1, key_heads, new, width), (0, 0, 0, 0))]


def tensor(shape, names, element="f32"):
    """The type of a tensor whose sizes are `shape`; those named in `names` are dynamic."""
    if not any(names):
        return f"tensor<{'x'.join(map(str, shape))}x{element}>"
    sizes = "x".join("?" if name else str(size) for size, name in zip(shape, names))
    dims = ", ".join(name or str(size) for size, name in zip(shape, names))
    return f"tensor<{sizes}x{element}, #graph.info<[{dims}]>>"


def write_model(folder, case, chance):
    """Writes model.mlir and its inputs; returns the names of these."""
    heads, key_heads, queries, keys, width, value_width, kinds = case
    of_queries, of_keys = ("l", "s") if "dynamic" in kinds else ("", "")
    new = next((kind for kind in kinds if isinstance(kind, int)), 0)
    # Queries of old and new keys are few, and their number is known.
    of_queries = "" if new else of_queries
    operands = [("q", (1, heads, queries, width), (0, 0, of_queries, 0))]
    operands += joined("k", key_heads, keys, width, of_keys, new) + joined("v", key_heads, keys, value_width, of_keys, new)
    all_keys = f"{of_keys} + {new}" if new and of_keys else of_keys
    mask = {"added", "kept", "keys_added", "nothing_kept"} & set(kinds)
    element = "i1" if mask & {"kept", "nothing_kept"} else "f32"
    if mask:
        shape = (keys,) if "keys_added" in kinds else (queries, keys)
        operands.append(("m", shape, (of_queries, all_keys)[-len(shape):]))
    types = []
    for name, shape, names in operands:
        types.append(tensor(shape, names, element if name == "m" else "f32"))
        if name == "m" and element == "i1":
            # Some queries see nothing, or no key of the first block.
            values = [chance.random() < 0.7 and not ("nothing_kept" in kinds and at // keys % 3 == 0)
                      and not (at // keys % 5 == 1 and at % keys < 200) for at in range(count(shape))]
            save(folder / f"{name}.npy", shape, values, "b1")
        else:
            # Scores of some units: maxima of later blocks are new ones.
            save(folder / f"{name}.npy", shape, [chance.gauss(0, 1) for _ in range(count(shape))])
    result = tensor((1, heads, queries, value_width), (0, 0, of_queries, 0))
    arguments = ", ".join(f'%{name}: {kind} {{graph.name = "{name}"}}' for (name, _, _), kind in zip(operands, types))
    read, joins = {name: (f"%{name}", kind) for (name, _, _), kind in zip(operands, types)}, ""
    for name, size in (("k", width), ("v", value_width)) if new else ():
        parts, whole = [name + "0", name + "1"], tensor((1, key_heads, keys, size), (0, 0, all_keys, 0))
        joins += (f"  %{name} = graph.concat {', '.join(read[part][0] for part in parts)} {{dim = 2 : i64}} : "
                  f"({', '.join(read[part][1] for part in parts)}) -> {whole}\n")
        read[name] = (f"%{name}", whole)
    given = [read[name] for name in ("q", "k", "v", "m") if name in read]
    flags = "".join(f", {flag}" for kind, flag in (("causal", "is_causal"), ("gqa", "enable_gqa")) if kind in kinds)
    (folder / "model.mlir").write_text(
        "module {\n" + "".join(f"graph.symbol @{name} [1, 2048]\n" for name in (of_queries, of_keys) if name) +
        f'func.func @main({arguments}) -> ({result} {{graph.name = "y"}}) {{\n'
        f"{joins}  %y = graph.sdpa {', '.join(name for name, _ in given)} {{scale = 0.25 : f64{flags}}} : "
        f"({', '.join(kind for _, kind in given)}) -> {result}\n  return %y : {result}\n}}\n}}\n")
    return [name for name, _, _ in operands]


def check(folder, case, is_wrong):
    """The reasons why the case fails."""
    folder.mkdir(parents=True, exist_ok=True)
    names = write_model(folder, case, random.Random(str(case)))
    inputs = [text for name in names for text in ("--input", f"{name}={folder / name}.npy")]
    subprocess.run(["lathec", folder / "model.mlir", "--interpret", *inputs, "--output", folder / "reference", "-q"], check=True)
    if is_wrong:
        write_model(folder, case, random.Random(0))
    reasons = []
    for level in LEVELS[:1] if is_wrong else LEVELS:
        program = folder / f"{level}.lathe"
        summary = subprocess.run(["lathec", folder / "model.mlir", "--cpu", level, "-o", program, "--no-cache"],
                                 check=True, stdout=subprocess.PIPE, text=True).stdout
        if ("kernels   1 for 1 calls" in summary) != (case[2] < 16 or len(names) < 5):
            reasons.append(f"{level}: not the kernels that it should have")
        results = set()
        for threads in (1,) if is_wrong else (1, 2, 4):
            out = folder / f"out{threads}"
            run = subprocess.run(["lathe-run", program, *inputs, "--threads", str(threads), "--output", out, "--compare",
                                  folder / "reference" / "y.npy", "--rtol", "2e-6", "-q"], stderr=subprocess.DEVNULL)
            results.add((out / "y.npy").read_bytes())
            if run.returncode != 0:
                reasons.append(f"{level}: differs from the interpreter")
        if len(results) != 1:
            reasons.append(f"{level}: threads change bytes")
    return reasons


failures = 0
for number, one in enumerate(CASES):
    why = check(pathlib.Path(sys.argv[1]) / str(number), one, "--wrong" in sys.argv)
    failures += bool(why)
    if why:
        print(one, *why, sep="\n  ")
print(f"{len(CASES)} attentions, {failures} failed")
