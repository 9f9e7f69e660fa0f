# SPDX-License-Identifier: Apache-2.0
"""Draws the figures of tools/bench.py --json (standard input).

    plot.py FILE.svg < figures.json

Of `cpu`: for each model, how many times as long each peer takes, and the goal; of `kernels`: parts of the peak.
"""
import json
import sys

import matplotlib

import goals

matplotlib.use("Agg")
matplotlib.rcParams["svg.fonttype"] = "none"  # text, not outlines: a tenth of the size
matplotlib.rcParams["svg.hashsalt"] = "lathe"  # the same figures, the same bytes
from matplotlib import pyplot  # noqa: E402

# Beyond this a bar says only that it is far away (one addition: a call of a peer takes a hundred times as long).
RATIO_SHOWN_MAX = 4.0


def spreads(figures):
    """Lengths of error bars below and above the medians."""
    return [[one["median"] - one["min"] for one in figures], [one["max"] - one["median"] for one in figures]]


def draw_models(axes, figures):
    rows = figures["rows"]
    peers = sorted({peer for row in rows for peer in row["programs"] if peer != "lathe"})
    width = 0.8 / max(1, len(peers))
    for number, peer in enumerate(peers):
        shown = [(i, row["programs"][peer]["ratio"]) for i, row in enumerate(rows) if peer in row["programs"]]
        places = [i - 0.4 + (number + 0.5) * width for i, _ in shown]
        ratios = [ratio for _, ratio in shown]
        axes.bar(places, [ratio["median"] for ratio in ratios], width, yerr=spreads(ratios), label=peer)
        for place, ratio in zip(places, ratios):
            if ratio["median"] > RATIO_SHOWN_MAX:
                axes.text(place, RATIO_SHOWN_MAX, f"{ratio['median']:.0f} ", ha="center", va="top", rotation=90, fontsize=7)
    for i, row in enumerate(rows):
        goal = goals.latency(row["model"], figures["level"])
        if goal:
            axes.hlines(goal, i - 0.45, i + 0.45, color="black", linestyle="dotted", label="goal" if i == 0 else None)
    axes.axhline(1, color="black", linewidth=1)
    highest = max((one["ratio"]["max"] for row in rows for key, one in row["programs"].items() if key != "lathe"), default=1)
    axes.set_ylim(0, min(RATIO_SHOWN_MAX, 1.05 * highest))
    axes.set_xticks(range(len(rows)), [row["model"] for row in rows], rotation=30, ha="right")
    axes.set_ylabel("time of the peer / time of Lathe")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize=8)


def draw_kernels(axes, figures):
    rows = figures["rows"]
    shares = [row["share"] for row in rows]
    axes.bar(range(len(rows)), [100 * share["median"] for share in shares], 0.7,
             yerr=[[100 * length for length in side] for side in spreads(shares)])
    for i, row in enumerate(rows):
        goal = goals.kernel_share(row["kind"], figures["level"])
        if goal:
            axes.hlines(100 * goal, i - 0.45, i + 0.45, color="black", linestyle="dotted")
    axes.axhline(100, color="black", linewidth=1)
    axes.set_xticks(range(len(rows)), [row["kernel"] for row in rows], rotation=90, fontsize=7)
    axes.set_ylabel("% of one core's peak (dotted: goal)")


def main():
    figures = json.load(sys.stdin)
    kernels = figures["command"] == "kernels"
    drawing, axes = pyplot.subplots(figsize=((0.35 if kernels else 1.1) * len(figures["rows"]) + 4, 6 if kernels else 4.5))
    (draw_kernels if kernels else draw_models)(axes, figures)
    axes.set_title(f"{figures['cpu']}, {figures['level']}, {figures['threads']} thread(s), {figures['date']}", fontsize=10)
    drawing.tight_layout()
    drawing.savefig(sys.argv[1], metadata={"Date": None} if sys.argv[1].endswith(".svg") else None)


if __name__ == "__main__":
    main()
