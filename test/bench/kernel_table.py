# SPDX-License-Identifier: Apache-2.0
"""`tools/bench.py kernels`: each kernel's speed beside what one core can do, measured in the same rounds."""
import sys

import goals
import programs
from table import Spread, number, spread_text, text

FOLDER = programs.FOLDER / "kernels"
# Of lathe_peak_bench when only its multiplications are wanted.
SMALLEST_READ_BYTES = 1024


def speed(kernel, figures):
    """GFLOP/s or GB/s."""
    return (kernel.flops or kernel.traffic_bytes) / figures["us"] / 1e3


def limit(kernel, peaks):
    """What the machine could do at most, in the same unit."""
    return (peaks["gflop_per_s"] if kernel.flops else peaks["reads"][-1]["gb_per_s"])["median"]


def measure(kernel, rounds):
    """A row of the table, as JSON."""
    program = programs.Lathe(FOLDER / kernel.export, kernel.options, FOLDER / f"{kernel.name}.lathe")
    peak_bytes = kernel.traffic_bytes or SMALLEST_READ_BYTES
    pairs = []
    for index in range(rounds):
        # To and fro, as the rounds of the other table.
        if index % 2 == 0:
            figures, peaks = program.round(1), programs.peaks(peak_bytes)
        else:
            peaks, figures = programs.peaks(peak_bytes), program.round(1)
        pairs.append((figures, peaks))
    shares = Spread(speed(kernel, figures) / limit(kernel, peaks) for figures, peaks in pairs).json()
    row = {"kernel": kernel.name, "kind": kernel.kind, "unit": "GFLOP/s" if kernel.flops else "GB/s",
           "us": Spread(figures["us"] for figures, _ in pairs).json(),
           "speed": Spread(speed(kernel, figures) for figures, _ in pairs).json(),
           "limit": Spread(limit(kernel, peaks) for _, peaks in pairs).json(), "share": shares, "error": program.error,
           "calls": sum(one["calls"] for one in program.kernels)}
    if row["calls"] != 1:
        print(f"note: {kernel.name} is {row['calls']} kernels", file=sys.stderr)
    return row


def percent(share):
    return None if share is None else {key: 100 * value for key, value in share.items()}


def tables(result):
    peaks, lines = result["peaks"], []
    for row in result["rows"]:
        goal = goals.kernel_share(row["kind"], result["level"])
        lines.append([row["kernel"], number(row["us"]["median"], 1), row["calls"], number(row["speed"]["median"], 1), row["unit"],
                      number(row["limit"]["median"], 1), spread_text(percent(row["share"]), 0),
                      number(goal and 100 * goal, 0), goals.met(row["share"]["median"], goal), f"{row['error']:.0e}"])
    heads = ["kernel", "us", "calls", "speed", "", "peak", "% of peak", "goal", "met", "error"]
    reads = ", ".join(f"{number(one['bytes'], 0, 1024)} KiB {one['gb_per_s']['median']:.0f} GB/s" for one in peaks["reads"])
    title = (f"One core's peaks: {peaks['gflop_per_s']['median']:.1f} GFLOP/s ({peaks['gflop_per_s']['max']:.1f} at best); "
             f"read sums: {reads}")
    return text(title, heads, lines)
