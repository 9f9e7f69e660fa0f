#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Types into a zsh that has the completions that help_pages.py writes, presses TAB, and reads the line.

    zsh_completion_test.py TOOL...

Skipped (exit code 77) where zsh is missing.
"""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS_MAX = 60

# What is typed before TAB, and what the line or the list below it has then.
CASES = [
    ("lathec --emi", "lathec --emit="),
    ("lathec --emit=gr", "lathec --emit=graph"),
    ("lathec --join", "lathec --join-states"),
    ("lathec model.pt2 --sid", "lathec model.pt2 --sidecar"),
    ("lathec --dim x.0=1..4 mod", "lathec --dim x.0=1..4 model.pt2"),
    ("lathec -o out.lathe mod", "lathec -o out.lathe model.pt2"),
    ("lathec --interpret --input=image=pic", "lathec --interpret --input=image=pic.npy"),
    ("lathec --cpu=hos", "lathec --cpu=host"),
    ("lathec --cpu=x86-64-v2,aar", "lathec --cpu=x86-64-v2,aarch64"),
    ("lathe-run --keep", "lathe-run --keep-state"),
    ("lathe-run --input image=pic", "lathe-run --input image=pic.npy"),
    ("lathe-run --inp", "lathe-run --input"),
    ("lathe-run mod", "lathe-run model."),
    ("lathe-inspect --siz", "lathe-inspect --sizes"),
]
LISTED = [
    ("lathec --", ["--cpu", "Instruction sets, of which a machine takes its best", "--verbose"]),
    ("lathec --emit=", ["program", "object", "linalg"]),
    ("lathe-run --", ["--bench", "--threads", "print results as JSON"]),
]


class Shell:
    """An interactive zsh on a terminal of its own."""

    def __init__(self, completions, folder):
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.chdir(folder)
            environment = {"PATH": os.environ["PATH"], "HOME": folder, "TERM": "dumb", "LC_ALL": "C.UTF-8",
                           "COLUMNS": "160", "LINES": "200"}
            os.execvpe("zsh", ["zsh", "-f", "-i"], environment)
        self.run(f"PROMPT=; RPROMPT=; unsetopt prompt_cr prompt_sp; fpath=({completions} $fpath); "
                 "autoload -Uz compinit; compinit -u -D; LISTMAX=0; stty rows 200 cols 160; "
                 'show() { zle -I; print -r -- "LINE<$BUFFER>"; BUFFER= }; zle -N show; bindkey "^G" show; print rea""dy')
        self.read_until("ready")

    def run(self, line):
        os.write(self.terminal, line.encode() + b"\n")

    def read_until(self, pattern):
        text, deadline = "", time.monotonic() + SECONDS_MAX
        while not re.search(pattern, text):
            ready, _, _ = select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise SystemExit(f"zsh did not answer; it said:\n{text}")
            text += os.read(self.terminal, 65536).decode(errors="replace")
        return text

    def complete(self, typed):
        """The line after TAB, and what was shown meanwhile."""
        os.write(self.terminal, typed.encode() + b"\t\x07")
        text = self.read_until(r"LINE<[^>]*>")
        return re.search(r"LINE<([^>]*)>", text)[1], text


def main():
    if not shutil.which("zsh"):
        print("skipped: no zsh")
        return 77
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        completions, work = pathlib.Path(folder, "completions"), pathlib.Path(folder, "work")
        work.mkdir()
        for name in ("model.pt2", "pic.npy"):
            (work / name).touch()
        for tool in sys.argv[1:]:
            subprocess.run([sys.executable, ROOT / "tools/help_pages.py", tool, completions], check=True)
        shell = Shell(completions, work)
        for typed, wanted in CASES:
            line, _ = shell.complete(typed)
            if not line.startswith(wanted):
                failures.append(f"'{typed}' becomes '{line}', not '{wanted}'")
        for typed, wanted in LISTED:
            _, text = shell.complete(typed)
            failures += [f"'{typed}' does not list '{word}':\n{text}" for word in wanted if word not in text]
    print("\n".join(failures) or f"{len(CASES) + len(LISTED)} completions are right")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
