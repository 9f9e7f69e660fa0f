# SPDX-License-Identifier: Apache-2.0
"""Every operation and pass on the generated reference pages says what it does.

    reference_pages.py FOLDER       the folder that the target lathe-docs writes
"""
import pathlib
import re
import sys


def faults_of(name, text):
    """Headings of operations and passes that no summary line follows."""
    for match in re.finditer(r"^### `([\w.\-]+)`[^\n]*\n+([^\n]*)", text, re.M):
        heading, following = match.groups()
        if re.match(r"-|\w+\.\w", heading) and not re.fullmatch(r"_.+_", following):
            yield f"{name}: {heading} has no summary"


def main():
    pages = sorted(pathlib.Path(sys.argv[1]).glob("*.md"))
    faults = [fault for page in pages for fault in faults_of(page.name, page.read_text(encoding="utf-8"))]
    count = sum(page.read_text(encoding="utf-8").count("\n### `") for page in pages)
    if list(faults_of("", "### `a.b` (::B)\n\nSyntax:\n")) != [": a.b has no summary"]:
        faults.append("this test no longer sees a missing summary")
    print("\n".join(faults + [f"{len(pages)} pages, {count} entries, {len(faults)} faults"]))
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main())
