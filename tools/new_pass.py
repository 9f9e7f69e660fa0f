#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what a new pass needs, so that its author starts at the rewrite.

    tools/new_pass.py [--root DIR] STAGE NAME      for example: tools/new_pass.py Fuse FoldPad

STAGE is a folder below passes/, NAME a verb and an object in CamelCase. Writes Name.td, Name.cpp and
test/passes/STAGE/<name>.mlir, and the lines in passes/Passes.td and passes/STAGE/CMakeLists.txt. The
result builds and its test passes; nothing is written when a file exists already.
"""
import argparse
import os
import re
import sys

TD = """// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_{STAGE}_{UPPER}_TD
#define LATHE_PASSES_{STAGE}_{UPPER}_TD

include "mlir/Pass/PassBase.td"

def {name} : Pass<"lathe-{flag}", "::mlir::ModuleOp"> {{
  let summary = "{words}";
  let description = [{{
    What it rewrites and why, with an example that parses.
  }}];
}}

#endif // LATHE_PASSES_{STAGE}_{UPPER}_TD
"""

CPP = """// SPDX-License-Identifier: Apache-2.0
#include "passes/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lathe {{
#define GEN_PASS_DEF_{UPPER}
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {{
struct {name} : impl::{name}Base<{name}> {{
  void runOnOperation() override {{
    RewritePatternSet patterns(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }}
}};
}} // namespace
}} // namespace lathe
"""

TEST = """// RUN: lathe-opt --lathe-{flag} %s | FileCheck %s
// RUN: lathe-opt --lathe-{flag} %s | lathe-opt --lathe-{flag} | FileCheck %s

// CHECK-LABEL: func.func @other_operators_stay
func.func @other_operators_stay(%x: tensor<4xf32>) -> tensor<4xf32> {{
  // CHECK: %[[R:.+]] = graph.relu %arg0
  // CHECK-NEXT: return %[[R]]
  %0 = graph.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}}
"""


def fail(message):
    sys.exit(f"new_pass.py: {message}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    print(path)


def with_include(text, stage, name):
    """Passes.td with the include, in order below the comment that names the stage."""
    lines, line = text.splitlines(), f'include "passes/{stage}/{name}.td"'
    if f"// {stage}" not in lines:
        fail(f"passes/Passes.td has no section '// {stage}'")
    first = lines.index(f"// {stage}") + 1
    last = first
    while last < len(lines) and lines[last].startswith("include"):
        last += 1
    lines[first:last] = sorted(lines[first:last] + [line])
    return "\n".join(lines) + "\n"


def with_source(text, stage, name):
    """The stage's CMakeLists.txt with the source, in order; creates the library if there is none."""
    if f"lathe_library(Lathe{stage}" not in text:
        return text + f"lathe_library(Lathe{stage}\n  {name}.cpp\n  DEPENDS lathe_passes_gen\n  LINK LatheGraph)\n"
    lines = text.splitlines()
    first = lines.index(f"lathe_library(Lathe{stage}") + 1
    last = first
    while lines[last].endswith(".cpp"):
        last += 1
    lines[first:last] = sorted(lines[first:last] + [f"  {name}.cpp"])
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", default=os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    parser.add_argument("stage")
    parser.add_argument("name")
    options = parser.parse_args()
    stage, name, root = options.stage, options.name, options.root
    if not re.fullmatch(r"([A-Z][a-z0-9]+){2,}", name):
        fail(f"'{name}' is no verb and object in CamelCase")
    folder = os.path.join(root, "passes", stage)
    cmake, passes = os.path.join(folder, "CMakeLists.txt"), os.path.join(root, "passes", "Passes.td")
    if not os.path.isfile(cmake):
        fail(f"passes/{stage} is no stage")
    flag = re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
    words = {"name": name, "flag": flag, "words": flag.replace("-", " "), "UPPER": name.upper(), "STAGE": stage.upper()}
    files = {
        os.path.join(folder, name + ".td"): TD,
        os.path.join(folder, name + ".cpp"): CPP,
        os.path.join(root, "test", "passes", stage, flag + ".mlir"): TEST,
    }
    for path in files:
        if os.path.exists(path):
            fail(f"{path} exists")
    changed = {passes: with_include(read(passes), stage, name), cmake: with_source(read(cmake), stage, name)}
    for path, text in files.items():
        write(path, text.format(**words))
    for path, text in changed.items():
        write(path, text)
    print(f"Next: the rewrite in {name}.cpp, its test, and one line in compiler/Pipeline.cpp.")


if __name__ == "__main__":
    main()
