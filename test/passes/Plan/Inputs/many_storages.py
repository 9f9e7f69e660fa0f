# SPDX-License-Identifier: Apache-2.0
"""Prints a program with N storages, each filled by one of N instructions."""
import sys

count = int(sys.argv[1])
print('program.info producer "test" state_bytes 0 slots []\nprogram.method @many {\n  program.variant [cpu] {')
for i in range(count):
    print(f"    %b{i} = program.buffer arena bytes 64 storage {i}")
for i in range(count):
    print(f"    program.fill %b{i} with 0x0 value_bytes 4")
print("  }\n}")
