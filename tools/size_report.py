#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the runtime costs: the text of one program less that of another, checked.

    tools/size_report.py [--name N] [--limit-bytes B] [--golden sizes.json [--update]] PROGRAM BASE

Text is what `size` calls so: sections that are loaded and not writable. The golden file maps
names to bytes; a difference of more than 3 % either way fails, so that a change of size is seen
and recorded (--update) in the commit that makes it.
"""
import argparse
import collections
import json
import pathlib
import struct
import sys

MARGIN = 0.03
SHT_NOBITS, SHF_WRITE, SHF_ALLOC = 8, 1, 2


def sections(path):
    """(name, type, flags, bytes) of each section of a little-endian ELF64 file."""
    data = path.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        sys.exit(f"error: {path} is no little-endian ELF64 file")
    (offset,) = struct.unpack_from("<Q", data, 40)
    entry_bytes, count, names_index = struct.unpack_from("<HHH", data, 58)
    headers = [struct.unpack_from("<IIQQQQIIQQ", data, offset + i * entry_bytes) for i in range(count)]
    names = data[headers[names_index][4] :]
    for name, kind, flags, _, _, size, *_ in headers:
        yield names[name : names.index(b"\0", name)].decode(), kind, flags, size


def text_by_section(path):
    sizes = collections.Counter()
    for name, kind, flags, size in sections(path):
        if flags & SHF_ALLOC and not flags & SHF_WRITE and kind != SHT_NOBITS:
            sizes[name] += size
    return sizes


def check(name, size_bytes, limit_bytes, golden):
    """What is wrong with a size, as sentences."""
    faults = []
    if limit_bytes is not None and size_bytes > limit_bytes:
        faults.append(f"{name} is {size_bytes} bytes, over its limit of {limit_bytes}")
    if golden is not None:
        if name not in golden:
            faults.append(f"{name} is not recorded: run this with --update")
        elif abs(size_bytes - golden[name]) > MARGIN * golden[name]:
            change = 100.0 * (size_bytes - golden[name]) / golden[name]
            faults.append(f"{name} is {size_bytes} bytes, recorded {golden[name]} ({change:+.1f} %): run this with --update and say why")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", default="text_bytes")
    parser.add_argument("--limit-bytes", type=int)
    parser.add_argument("--golden", type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("base", type=pathlib.Path)
    arguments = parser.parse_args()

    difference = text_by_section(arguments.program)
    difference.subtract(text_by_section(arguments.base))
    for section, size in sorted(difference.items(), key=lambda item: -item[1]):
        if size:
            print(f"{size:>8}  {section}")
    total = sum(difference.values())
    print(f"{total:>8}  {arguments.name}")

    golden = json.loads(arguments.golden.read_text()) if arguments.golden else None
    if golden is not None and arguments.update:
        golden[arguments.name] = total
        arguments.golden.write_text(json.dumps(golden, indent=2, sort_keys=True) + "\n")
    faults = check(arguments.name, total, arguments.limit_bytes, golden)
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
