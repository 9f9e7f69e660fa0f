# SPDX-License-Identifier: Apache-2.0
"""Runs the commands of README.md and docs/ as a reader would.

    docs_commands.py SOURCE BINARY

A fenced block says in its first line what it is:
    ```sh test      runs here, with bash -euo pipefail
    ```sh ci        runs in .ci/run: every line must be written in tools/ci.sh
    ```sh manual    cannot run in a test
Any other ```sh block is a fault. The blocks of one page run in order in one folder that looks
like the sources (links), with BINARY at build/release; what they write stays there.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```sh(?P<mark>[^\n]*)\n(?P<text>.*?)^```$", re.S | re.M)


def blocks(page):
    """(line, mark, text) of each sh block."""
    text = page.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match["mark"].strip(), match["text"]


def make_folder(folder, source, binary):
    for entry in source.iterdir():
        if entry.name not in ("build", ".git"):
            (folder / entry.name).symlink_to(entry)
    (folder / "build").mkdir()
    (folder / "build" / "release").symlink_to(binary)


def run_block(text, folder):
    environment = dict(os.environ, LC_ALL="C.UTF-8", NO_COLOR="1")
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )


def check_page(page, source, binary):
    """Faults of one page, and how many blocks ran."""
    faults, count = [], 0
    checked = (source / "tools" / "ci.sh").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        make_folder(pathlib.Path(folder), source, binary)
        for line, mark, text in blocks(page):
            place = f"{page.relative_to(source)}:{line}"
            if mark == "test":
                count += 1
                result = run_block(text, folder)
                if result.returncode:
                    faults.append(f"{place}: exit code {result.returncode}\n{text}{result.stdout}")
            elif mark == "ci":
                faults += [f"{place}: tools/ci.sh does not run '{c}'" for c in text.splitlines() if c not in checked]
            elif mark != "manual":
                faults.append(f"{place}: the block is marked '{mark}', expected test, ci or manual")
    return faults, count


def main():
    source, binary = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    pages = [source / "README.md", source / "CONTRIBUTING.md", *sorted((source / "docs").rglob("*.md"))]
    faults, count = [], 0
    for page in pages:
        if page.exists():
            found, ran = check_page(page, source, binary)
            faults, count = faults + found, count + ran
    print("\n".join(faults + [f"{count} blocks ran, {len(faults)} faults"]))
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())
