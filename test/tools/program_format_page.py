# SPDX-License-Identifier: Apache-2.0
"""docs/program-format.md names every table, field and value of program.fbs, and none that is gone.

    program_format_page.py SCHEMA PAGE
"""
import pathlib
import re
import sys


def declared(schema):
    """{type name: field or value names} of a FlatBuffers schema."""
    text = re.sub(r"//[^\n]*", "", schema)
    types = {}
    for kind, name, body in re.findall(r"(table|struct|enum|union)\s+(\w+)[^{]*\{([^}]*)\}", text):
        pattern = r"(?<![\[\w])(\w+)\s*:" if kind in ("table", "struct") else r"(\w+)\s*(?:=\s*\d+\s*)?(?:,|$)"
        types[name] = set(re.findall(pattern, body.strip()))
    return types


def described(page):
    """The same of the page: a heading per type, then a table of fields or a line of values."""
    types = {}
    for section in re.split(r"^### ", page, flags=re.M)[1:]:
        heading = re.match(r"\w+ `(\w+)`", section)
        if heading:
            body = re.split(r"^## ", section, flags=re.M)[0]
            values = re.search(r"^Values: (.*)$", body, re.M)
            names = re.findall(r"`(\w+)`", values.group(1)) if values else re.findall(r"^\| `(\w+)`", body, re.M)
            types[heading.group(1)] = set(names)
    return types


def main():
    schema, page = (pathlib.Path(path).read_text(encoding="utf-8") for path in sys.argv[1:3])
    wanted, found = declared(schema), described(page)
    faults = [f"{name} is not on the page" for name in sorted(wanted.keys() - found.keys())]
    faults += [f"{name} is not in the schema" for name in sorted(found.keys() - wanted.keys())]
    for name in sorted(wanted.keys() & found.keys()):
        faults += [f"{name}.{field} is not on the page" for field in sorted(wanted[name] - found[name])]
        faults += [f"{name}.{field} is not in the schema" for field in sorted(found[name] - wanted[name])]
    if declared("table A { b:int; } enum C : ubyte { d = 0, e }") != {"A": {"b"}, "C": {"d", "e"}}:
        faults.append("this test no longer reads schemas")
    print("\n".join(faults + [f"{len(wanted)} types, {sum(map(len, wanted.values()))} names, {len(faults)} faults"]))
    return 1 if faults or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
