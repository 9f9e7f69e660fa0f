# SPDX-License-Identifier: Apache-2.0
"""The levels that a report of lathec names, joined by commas; they must be those of the program.

    levels.py REPORT.json INSPECTED.json
"""
import json
import sys

reported, inspected = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
levels = [image["name"] for image in inspected["images"]]
assert levels == reported["levels"], (levels, reported["levels"])
print(",".join(levels))
