# SPDX-License-Identifier: Apache-2.0
"""Random quantized networks, compiled and interpreted: every code is equal.

    quantized_test.py BIN [FIRST COUNT]

BIN holds lathec and lathe-run. Runs on this machine's best level and on those
below it; test/machines/emulated_test.py has the levels that no machine here has.
What fails is named by its seed and left in the folder that is printed.
"""
import pathlib
import subprocess
import sys
import tempfile

from quantized import Network
from random_graphs import write_npy


def run(*command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def levels_here(tools):
    """host, and the levels of x86-64 below AVX-512 where this is such a machine."""
    _, output = run("uname", "-m")
    return ["host", "x86-64-v3", "x86-64-v2"] if output.strip() == "x86_64" else ["host"]


def check(tools, seed, folder, levels):
    """What is wrong with a seed's network; nothing if all levels give the interpreter's codes."""
    network = Network(seed)
    folder.mkdir()
    (folder / "model.mlir").write_text(network.text())
    write_npy(folder / "a0.npy", "f32", network.input_dims, network.contents())
    commands = [[tools / "lathec", folder / "model.mlir", "--interpret", "--input", f"a0={folder}/a0.npy",
                 "--output", folder / "expected"]]
    for level in levels:
        program = folder / f"{level}.lathe"
        commands.append([tools / "lathec", folder / "model.mlir", f"--cpu={level}", "--no-cache", "-q", "-o", program])
        commands.append([tools / "lathe-run", program, "--input", f"a0={folder}/a0.npy",
                         "--compare", folder / "expected/r0.npy", "--rtol", "0"])
    for command in commands:
        code, output = run(*command)
        if code:
            return f"{' '.join(map(str, command))}: exit code {code}\n{output}"
    return ""


def main():
    tools = pathlib.Path(sys.argv[1])
    first, count = (int(word) for word in (sys.argv[2:] or ["1", "24"]))
    folder, failed = pathlib.Path(tempfile.mkdtemp()), 0
    for seed in range(first, first + count):
        if why := check(tools, seed, folder / str(seed), levels_here(tools)):
            print(f"seed {seed}: {why}")
            failed += 1
    print(f"{count} quantized networks, {failed} differ" + (f"; {folder}" if failed else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
