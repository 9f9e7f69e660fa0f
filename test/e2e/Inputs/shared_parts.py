# SPDX-License-Identifier: Apache-2.0
"""What the methods of a program have in common, from the text of lathe-inspect.

    shared_parts.py PROGRAM.txt METHOD METHOD...
"""
import pathlib
import re
import sys

PART = re.compile(r'program\.(weight|state) "([^"]+)" : .*?(?: at (\d+))? bytes (\d+)(?: format .*)?$')
METHOD = re.compile(r"program\.method @(\S+) \{")
BUFFER = re.compile(r"program\.buffer +(weights|state)(?: at (\d+))? bytes (\d+)(?: format .*)?$")


def main():
    path, *wanted = sys.argv[1:]
    parts = {"weight": [], "state": []}  # (name, offset, bytes)
    used = {}  # method -> (kind, offset, bytes)
    method = None
    for line in pathlib.Path(path).read_text().splitlines():
        if found := PART.search(line):
            kind, name, offset, size = found.groups()
            parts[kind].append((name, int(offset or 0), int(size)))
        elif found := METHOD.search(line):
            method = found[1]
            used[method] = set()
        elif found := BUFFER.search(line):
            used[method].add((found[1].rstrip("s"), int(found[2] or 0), int(found[3])))
    if sorted(used) != sorted(wanted):
        sys.exit(f"{path}: expected the methods {wanted}, found {sorted(used)}")
    print("methods", ", ".join(used))
    for kind, entries in parts.items():
        names = len(entries) - len({name for name, *_ in entries})
        places = len(entries) - len({entry[1:] for entry in entries})
        print(f"{kind}s {len(entries)}, named twice {names}, in one place {places}")
    common = set.intersection(*used.values())
    counts = {kind: sum((kind, *place) in common for _, *place in entries) for kind, entries in parts.items()}
    print(f"used by all methods: {counts['weight']} weights, {counts['state']} states")


if __name__ == "__main__":
    main()
