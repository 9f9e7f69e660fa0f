# SPDX-License-Identifier: Apache-2.0
"""Text tables of tools/bench.py, and the spread of figures over rounds."""
import statistics

COLUMNS_MAX = 130


class Spread:
    """Median and range of a figure over the rounds of a run."""

    def __init__(self, values):
        values = sorted(values)
        self.median, self.min, self.max = statistics.median(values), values[0], values[-1]

    def json(self):
        return {"median": self.median, "min": self.min, "max": self.max}


def spread_text(figure, digits=None):
    """"1.17 (1.15-1.21)" of what Spread.json() returns, by default with two, one or no digits after the point; "-" of None."""
    if figure is None:
        return "-"
    if digits is None:
        digits = sum(figure["median"] < limit for limit in (10, 100))
    return f"{figure['median']:.{digits}f} ({figure['min']:.{digits}f}-{figure['max']:.{digits}f})"


def number(value, digits=2, scale=1.0):
    """Text of a number, or "-" when there is none."""
    return "-" if value is None else f"{value / scale:.{digits}f}"


def text(title, heads, rows):
    """A table: the first column to the left, others to the right, no wider than what is in them."""
    widths = [max(len(str(line[column])) for line in [heads, *rows]) for column in range(len(heads))]
    lines = [title] if title else []
    for line in [heads, *rows]:
        cells = [str(cell).ljust(width) if column == 0 else str(cell).rjust(width)
                 for column, (cell, width) in enumerate(zip(line, widths))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"
