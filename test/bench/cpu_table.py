# SPDX-License-Identifier: Apache-2.0
"""`tools/bench.py cpu`: whole models beside other runtimes, and what loading, memory, compiling and a second thread cost."""
import os
import sys

import goals
import programs
from programs import FOLDER, PEERS
from table import Spread, number, spread_text, text

MODELS = list(goals.LATENCY)
# A peer whose results differ more computes something else, so that its time is shown but not compared with.
PEER_ERROR_MAX = 1e-3
# Of llama.cpp this repository writes the model's file, so that a mistake of ours must not make it a peer.
PEER_ERRORS_MAX = {"llama_cpp": 1e-4}
NANO_MODELS = {"addition"}  # printed with more digits


def asked_for(peer, model):
    return model in programs.ONLY_MODELS.get(peer, (model,))


def is_right(peer, program):
    return program["error"] <= PEER_ERRORS_MAX.get(peer, PEER_ERROR_MAX)


def start(name, peer_names, threads, notes):
    """Lathe's program and the peers that run the model: {name: program}; a peer that does not is a note."""
    stem = FOLDER / name
    started = {"lathe": programs.Lathe(stem)}
    for peer in peer_names:
        if not asked_for(peer, name):
            continue
        try:
            started[peer] = programs.Peer(peer, stem, threads)
        except OSError as problem:
            notes.append(str(problem))
    return started


def turns(started, rounds, threads, reads, notes):
    """One {program: figures} for each round. Rounds go to and fro, so that nobody is always after the same neighbour.

    `reads` bytes are summed in each round too ("read": {"gb_per_s"}); with one thread, Lathe runs with two as well.
    """
    calls = {"lathe": lambda: started["lathe"].round(threads)}
    for peer in started:
        if peer != "lathe":
            calls[peer] = started[peer].round
    if threads == 1 and (os.cpu_count() or 1) > 1:
        calls["two threads"] = lambda: started["lathe"].round(2)
    if reads:
        calls["read"] = lambda: programs.peaks(reads)["reads"][-1]["gb_per_s"]
    done = []
    for number_of_round in range(rounds):
        figures = {}
        for key in list(calls) if number_of_round % 2 == 0 else list(reversed(calls)):
            try:
                figures[key] = calls[key]()
            except OSError as problem:
                notes.append(str(problem))
                del calls[key]
                started.pop(key).close()
        done.append(figures)
    return done


def ratios(done, key, figure="us", base="lathe"):
    """The spread of key's figure divided by Lathe's, round by round; None where it was not counted."""
    pairs = [(one[key][figure], one[base][figure]) for one in done if key in one]
    if not pairs or any(theirs is None or not ours for theirs, ours in pairs):
        return None
    return Spread(theirs / ours for theirs, ours in pairs).json()


def describe_program(done, key, program):
    """A program's figures over all rounds."""
    described = {"ratio": ratios(done, key), "user_ratio": ratios(done, key, "user_us"),
                 "cycles_ratio": ratios(done, key, "cycles"), "error": program.error, "version": program.version}
    for figure in ("us", "user_us", "cycles"):
        values = [one[key][figure] for one in done]
        described[figure] = None if None in values else Spread(values).json()
    # Lathe's process is new in each round, a peer's is not.
    described["load_us"] = Spread(one[key]["load_us"] for one in done).median if key == "lathe" else program.load_us
    return described


def measure(name, peer_names, rounds, threads, level):
    """A row of the tables, as JSON. `level` is the machine's, None where its peaks cannot be measured."""
    programs.export("models.py", [name])
    notes = []
    started = start(name, peer_names, threads, notes)
    try:
        row = fill_row(name, started, rounds, threads, level, notes)
    finally:
        for program in started.values():
            program.close()
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    return row


def fill_row(name, started, rounds, threads, level, notes):
    ours = started["lathe"]
    weights = programs.weight_bytes(FOLDER / f"{name}.pt2")
    # The memory of one thread, whatever else is measured.
    alone = ours.run(1)
    reads = weights if name in goals.READ_SHARE and level else 0
    done = turns(started, rounds, threads, reads, notes)
    row = {"model": name, "notes": notes, "weight_bytes": weights, "arena_bytes": ours.arena_bytes,
           "peak_rss_bytes": alone["peak_rss_bytes"], "compile_s": ours.compile_s, "code": alone["code"],
           "user_cycles_reason": alone["user_cycles_reason"],
           "programs": {key: describe_program(done, key, program) for key, program in started.items()}}
    if "two threads" in done[0]:
        row["two_threads"] = Spread(one["lathe"]["us"] / one["two threads"]["us"] for one in done).json()
    if reads:
        speeds = [(reads / one["lathe"]["us"] / 1e3, one["read"]["median"]) for one in done]
        row["read"] = {"bytes": reads, "gb_per_s": Spread(ours for ours, _ in speeds).json(),
                       "sum_gb_per_s": Spread(limit for _, limit in speeds).json(),
                       "share": Spread(ours / limit for ours, limit in speeds).json()}
    return row


def best_peer(row):
    """The name of the fastest peer whose results are right, or None."""
    right = [key for key, one in row["programs"].items() if key != "lathe" and is_right(key, one)]
    return min(right, key=lambda key: row["programs"][key]["ratio"]["median"], default=None)


def latency_cells(row, peer_names):
    ours = row["programs"]["lathe"]
    cells = [row["model"], number(ours["us"]["median"], 5 if row["model"] in NANO_MODELS else 2, 1e3), f"{ours['error']:.0e}"]
    for peer in peer_names:
        theirs = row["programs"].get(peer)
        wrong = "" if theirs is None or is_right(peer, theirs) else "!"
        cells.append(wrong + spread_text(theirs["ratio"]) if theirs else "-")
    return cells


def latency_table(rows, peer_names, title="Time of a peer divided by Lathe's, median (range) of the rounds"):
    heads = ["model", "Lathe ms", "error", *(PEERS[peer] for peer in peer_names)]
    return text(title, heads, [latency_cells(row, peer_names) for row in rows])


def latency_tables(rows, peer_names):
    """One of the peers that are asked for every model, one for each that has a list of its own."""
    parts = [latency_table(rows, [peer for peer in peer_names if peer not in programs.ONLY_MODELS])]
    for peer in programs.ONLY_MODELS:
        asked = [row for row in rows if asked_for(peer, row["model"])]
        if peer in peer_names and asked:
            parts.append(latency_table(asked, [peer], f"The same beside {PEERS[peer]}, whose own list of models has no others"))
    return parts


def processor_cells(row, peer):
    """Of Lathe and of the peer, what they spent in user mode, and the ratio: cycles where they were counted, else time."""
    ours, theirs = row["programs"]["lathe"], row["programs"][peer]
    if theirs["cycles_ratio"]:
        return [number(ours["cycles"]["median"], 2, 1e6) + " Mc", number(theirs["cycles"]["median"], 2, 1e6) + " Mc",
                spread_text(theirs["cycles_ratio"])]
    return [number(ours["user_us"]["median"], 3, 1e3) + " ms", number(theirs["user_us"]["median"], 3, 1e3) + " ms",
            spread_text(theirs["user_ratio"])]


def goal_table(rows, level):
    lines = []
    for row in rows:
        best = best_peer(row)
        goal = goals.latency(row["model"], level)
        error = f"{row['programs']['lathe']['error']:.0e}"
        good = "yes" if row["programs"]["lathe"]["error"] <= goals.ERROR else "no"
        if best is None:
            lines.append([row["model"], "-", "-", number(goal), "-", "-", "-", "-", error, good])
            continue
        ratio = row["programs"][best]["ratio"]
        lines.append([row["model"], PEERS[best], spread_text(ratio), number(goal), goals.met(ratio["median"], goal),
                      *processor_cells(row, best), error, good])
    return text(f"Against the best peer; goals of {level or 'one thread only'}; user mode: Mc are 10^6 cycles, ms processor time",
                ["model", "best peer", "its time / ours", "goal", "met", "user, ours", "its", "ratio", "error", "met"], lines)


def cost_table(rows):
    lines = []
    for row in rows:
        ours, theirs = row["programs"]["lathe"], row["programs"].get("onnxruntime")
        share = ours["load_us"] / theirs["load_us"] if theirs else None
        limit = goals.memory_bytes(row["weight_bytes"], row["arena_bytes"])
        compile_goal = goals.COMPILE_SECONDS.get(row["model"])
        two = row.get("two_threads")
        lines.append([row["model"], number(ours["load_us"], 2, 1e3), number(theirs and theirs["load_us"], 1, 1e3),
                      goals.met(share, goals.LOAD_SHARE, at_most=True), number(row["peak_rss_bytes"], 1, 1e6),
                      number(limit, 1, 1e6), goals.met(row["peak_rss_bytes"] / 1e6, limit / 1e6, at_most=True),
                      number(row["compile_s"], 1), number(compile_goal, 0), goals.met(row["compile_s"], compile_goal, at_most=True),
                      spread_text(two), number(goals.two_threads(row["model"]), 1),
                      goals.met(two and two["median"], goals.two_threads(row["model"]))])
    return text("Load beside ONNX Runtime's session (goal: a tenth), resident memory, compiling, two threads against one",
                ["model", "load ms", "ORT ms", "met", "peak MB", "limit", "met", "compile s", "goal", "met", "two threads", "goal",
                 "met"], lines)


def read_table(rows):
    lines = [[row["model"], number(row["read"]["bytes"], 0, 1e6), spread_text(row["read"]["gb_per_s"]),
              spread_text(row["read"]["sum_gb_per_s"]), number(row["read"]["share"]["median"]),
              number(goals.READ_SHARE[row["model"]]), goals.met(row["read"]["share"]["median"], goals.READ_SHARE[row["model"]])]
             for row in rows if "read" in row]
    return text("Weights read from memory beside a read sum over the same bytes",
                ["model", "MB", "GB/s", "read sum GB/s", "share", "goal", "met"], lines) if lines else ""


def tables(result, peer_names):
    """The text that is printed of a result."""
    rows, level = result["rows"], result["level"] if result["threads"] == 1 else None  # goals are of one thread
    versions = {peer: row["programs"][peer]["version"] for row in rows for peer in row["programs"] if peer != "lathe"}
    parts = [*latency_tables(rows, peer_names), goal_table(rows, level), cost_table(rows), read_table(rows)]
    parts.append(", ".join(f"{PEERS[peer]} {version}" for peer, version in versions.items()) + "\n")
    notes = [note for row in rows for note in row["notes"]]
    notes += sorted({f"no cycles were counted ({row['user_cycles_reason']})" for row in rows if row["user_cycles_reason"]})
    parts.append("".join(f"note: {note}\n" for note in notes))
    return "\n".join(part for part in parts if part)
