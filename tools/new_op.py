#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes an elementwise operator's definition, type inference and test.

    tools/new_op.py [--root DIR] unary|binary MNEMONIC SUMMARY
    tools/new_op.py unary softsign "x / (1 + |x|)"

Adds the operator to dialects/Graph/GraphElementwiseOps.td and GraphInferElementwise.cpp and writes
test/dialects/Graph/<mnemonic>.mlir. Operators with attributes or other shapes are written by hand: see
docs/adding-an-op.md, which also has the places that remain.
"""
import argparse
import os
import re
import sys

KINDS = {
    "unary": ("Graph_Unary", "LATHE_INFER_UNARY", "%x", "tensor<4xf32>"),
    "binary": ("Graph_Binary", "LATHE_INFER_BINARY", "%x, %x", "tensor<4xf32>, tensor<4xf32>"),
}

TEST = """// RUN: lathe-opt --split-input-file --verify-diagnostics %s | FileCheck %s

// CHECK-LABEL: func.func @{mnemonic}_keeps_the_type
func.func @{mnemonic}_keeps_the_type(%x: tensor<4xf32>) -> tensor<4xf32> {{
  // CHECK: graph.{mnemonic}
  %0 = graph.{mnemonic} {operands} : ({types}) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}}

// -----

func.func @{mnemonic}_of_another_size_is_refused(%x: tensor<4xf32>) {{
  // expected-error@+1 {{{{incompatible with return type}}}}
  %0 = graph.{mnemonic} {operands} : ({types}) -> tensor<5xf32>
  return
}}
"""


def fail(message):
    sys.exit(f"new_op.py: {message}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    print(path)


def after_last(text, pattern, line, path):
    """`text` with `line` after the last line that matches."""
    matches = list(re.finditer(pattern, text, flags=re.M))
    if not matches:
        fail(f"{path} has no line like {pattern}")
    end = matches[-1].end()
    return text[:end] + "\n" + line + text[end:]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", default=os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("mnemonic")
    parser.add_argument("summary")
    options = parser.parse_args()
    mnemonic, root = options.mnemonic, options.root
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", mnemonic):
        fail(f"'{mnemonic}' is no mnemonic in snake_case")
    if '"' in options.summary or "\\" in options.summary:
        fail("the summary must be plain text")
    base, macro, operands, types = KINDS[options.kind]
    op = "".join(part.capitalize() for part in mnemonic.split("_")) + "Op"
    folder = os.path.join(root, "dialects", "Graph")
    definitions, inference = os.path.join(folder, "GraphElementwiseOps.td"), os.path.join(folder, "GraphInferElementwise.cpp")
    test = os.path.join(root, "test", "dialects", "Graph", mnemonic + ".mlir")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".td") and re.search(rf"\bGraph_{op}\b", read(os.path.join(folder, name))):
            fail(f"Graph_{op} exists in {name}")
    if os.path.exists(test):
        fail(f"{test} exists")
    definition = f'def Graph_{op} : {base}<"{mnemonic}", "{options.summary}">;'
    changed = {
        definitions: after_last(read(definitions), rf"^def Graph_\w+ : {base}<.*$", definition, definitions),
        inference: after_last(read(inference), rf"^{macro}\(\w+\)$", f"{macro}({op})", inference),
    }
    for path, text in changed.items():
        write(path, text)
    write(test, TEST.format(mnemonic=mnemonic, operands=operands, types=types))
    print("Next: the interpreter, the importer's row, the lowering and a conformance case (docs/adding-an-op.md).")


if __name__ == "__main__":
    main()
