# SPDX-License-Identifier: Apache-2.0
"""The kernels that `lathec --emit=linalg` printed, one by one, for tools that read text."""
import pathlib
import re
import subprocess


class Refused(Exception):
    """A tool refused a kernel: Refused(step, message)."""


def read_kernels(path, prefixes):
    """Yields (name, its attribute aliases, its text) for kernels whose names begin with one of `prefixes`, or for all."""
    text = pathlib.Path(path).read_text()
    aliases = "\n".join(re.findall(r"^#\w+ = .*$", text, re.MULTILINE))
    kernels = text[text.index("module @linalg") :]
    for kernel in re.findall(r"^    func\.func @.*?^    \}$", kernels, re.MULTILINE | re.DOTALL):
        name = re.search(r"@(\w+)\(", kernel)[1]
        if not prefixes or name.startswith(tuple(prefixes)):
            yield name, aliases, kernel


def run(step, command, output=None):
    """Runs a tool, with `-o output` if there is one; returns what it printed."""
    command = [str(word) for word in command] + (["-o", str(output)] if output else [])
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "error" in line] or done.stderr.splitlines()
        raise Refused(step, re.sub(r"^\S+: error: ", "", lines[0] if lines else f"exit code {done.returncode}"))
    return done.stdout


def lower_kernels(lower, path, work, *wanted):
    """Prints a line for each kernel of `path` whose name starts as `wanted` says: what lower(name, aliases, kernel,
    work) returns, or which step refused it and why."""
    work = pathlib.Path(work)
    work.mkdir(parents=True, exist_ok=True)
    for name, *texts in read_kernels(path, wanted):
        try:
            print(lower(name, *texts, work))
        except Refused as refusal:
            print(f"refused by {refusal.args[0]}: {name} {refusal.args[1]}")
