# SPDX-License-Identifier: Apache-2.0
"""`tools/bench.py kernels`: each kernel's speed beside what one core can do, measured in the same rounds."""
import goals
import programs
from table import Spread, number, spread_text, text

FOLDER = programs.FOLDER / "kernels"
# Of lathe_peak_bench when only its multiplications are wanted.
SMALLEST_READ_BYTES = 1024
# Operators that only move elements.
MOVES = {"permute", "relayout"}


def computes(name):
    """Whether a kernel does more than move elements: its name lists what it is fused of (docs/architecture.md)."""
    operators = name.rsplit("__", 1)[0].split("_then_")
    return any(operator.split("_")[0] not in MOVES for operator in operators)


def own_us(calls):
    """Of [(kernel, us)], the time of those that compute, and how many they are.

    What brings arguments into a kernel's layout belongs to the network around it. A model that only moves is all its own.
    """
    own = [us for name, us in calls if computes(name)] or [us for _, us in calls]
    return sum(own), len(own)


def limit(kernel, peaks):
    """What the machine could do at most, in the unit of the kernel.

    The best sample of multiplications, which nothing but lost time slows; memory is slower and faster by itself.
    """
    return peaks["gflop_per_s"]["max"] if kernel.flops else peaks["reads"][-1]["gb_per_s"]["median"]


def measure(kernel, rounds):
    """A row of the table, as JSON."""
    program = programs.Lathe(FOLDER / kernel.export, kernel.options, FOLDER / f"{kernel.name}.lathe")
    peak_bytes = kernel.traffic_bytes or SMALLEST_READ_BYTES
    done = []
    for index in range(rounds):
        # To and fro, as the rounds of the other table.
        if index % 2 == 0:
            calls, peaks = program.kernels_round(), programs.peaks(peak_bytes)
        else:
            peaks, calls = programs.peaks(peak_bytes), program.kernels_round()
        us, count = own_us(calls)
        done.append((us, (kernel.flops or kernel.traffic_bytes) / us / 1e3, limit(kernel, peaks)))
    return {"kernel": kernel.name, "kind": kernel.kind, "unit": "GFLOP/s" if kernel.flops else "GB/s",
            "us": Spread(us for us, _, _ in done).json(), "speed": Spread(speed for _, speed, _ in done).json(),
            "limit": Spread(most for _, _, most in done).json(),
            "share": Spread(speed / most for _, speed, most in done).json(), "error": program.error, "calls": count}


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
