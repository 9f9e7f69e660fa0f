# SPDX-License-Identifier: Apache-2.0
"""Draws the figures of tools/bench.py --json (standard input): for each model, how many times as long each peer takes.

    plot.py FILE.svg < figures.json
"""
import json
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402


def main():
    figures = json.load(sys.stdin)
    rows = figures["rows"]
    peers = sorted({peer for row in rows for peer in row["programs"] if peer != "lathe"})
    drawing, axes = pyplot.subplots(figsize=(1.2 * len(rows) + 2, 4))
    width = 0.8 / max(1, len(peers))
    for number, peer in enumerate(peers):
        shown = [(i, row["programs"][peer]) for i, row in enumerate(rows) if peer in row["programs"]]
        ratios = [figure["ratio"] for _, figure in shown]
        spread = [[figure["ratio"] - figure["ratio_min"] for _, figure in shown],
                  [figure["ratio_max"] - figure["ratio"] for _, figure in shown]]
        axes.bar([i - 0.4 + (number + 0.5) * width for i, _ in shown], ratios, width, yerr=spread, label=peer)
    axes.axhline(1, color="black", linewidth=1)
    axes.set_xticks(range(len(rows)), [row["model"] for row in rows], rotation=20)
    axes.set_ylabel("time of the peer / time of Lathe")
    axes.set_title(f"{figures['cpu']}, {figures['threads']} thread(s)")
    axes.legend()
    drawing.tight_layout()
    drawing.savefig(sys.argv[1], metadata={"Date": None} if sys.argv[1].endswith(".svg") else None)


main()
