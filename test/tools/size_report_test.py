# SPDX-License-Identifier: Apache-2.0
"""The size report counts the right sections and fails when it should."""
import os
import pathlib
import struct
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
import size_report  # noqa: E402


def elf(sections):
    """An ELF64 file that has nothing but section headers: (name, type, flags, bytes)."""
    names = b"\0" + b"".join(name.encode() + b"\0" for name, *_ in sections) + b".names\0"
    rows, position = [struct.pack("<IIQQQQIIQQ", *[0] * 10)], 1
    for name, kind, flags, size in sections:
        rows.append(struct.pack("<IIQQQQIIQQ", position, kind, flags, 0, 0, size, 0, 0, 0, 0))
        position += len(name) + 1
    rows.append(struct.pack("<IIQQQQIIQQ", position, 3, 0, 0, 64, len(names), 0, 0, 0, 0))
    header = bytearray(64)
    header[:6] = b"\x7fELF\x02\x01"
    struct.pack_into("<Q", header, 40, 64 + len(names))
    struct.pack_into("<HHH", header, 58, 64, len(rows), len(rows) - 1)
    return bytes(header) + names + b"".join(rows)


class SizeReportTest(unittest.TestCase):
    def test_text_is_loaded_and_not_writable(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "program"
            path.write_bytes(elf([(".text", 1, 6, 100), (".rodata", 1, 2, 20), (".data", 1, 3, 7), (".bss", 8, 3, 9), (".debug", 1, 0, 50)]))
            self.assertEqual(dict(size_report.text_by_section(path)), {".text": 100, ".rodata": 20})

    def test_limit(self):
        self.assertEqual(size_report.check("n", 100, 100, None), [])
        self.assertIn("over its limit", size_report.check("n", 101, 100, None)[0])

    def test_golden(self):
        self.assertEqual(size_report.check("n", 103, None, {"n": 100}), [])
        self.assertIn("+4.0 %", size_report.check("n", 104, None, {"n": 100})[0])
        self.assertIn("-4.0 %", size_report.check("n", 96, None, {"n": 100})[0])
        self.assertIn("not recorded", size_report.check("n", 1, None, {})[0])


if __name__ == "__main__":
    unittest.main()
