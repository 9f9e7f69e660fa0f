#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures compiled models beside other runtimes, and kernels beside what the machine can do at most.

    tools/bench.py cpu [--models NAME...] [--peers NAME...] [--threads N] [--rounds N] [--json FILE] [--plot FILE]
    tools/bench.py kernels [--kernels NAME...] [--rounds N] [--json FILE] [--plot FILE]
    tools/bench.py show FILE... [--page PAGE] [--plot FILE]

Makes virtual environments below build/bench (several GB, once), exports models with random weights by PyTorch,
compiles them, and checks every program against PyTorch. In each round all programs take turns, so that a busy
neighbour slows all; a figure is the median over the rounds of each round's median, with the range of the rounds.
Only ratios travel between machines. How to read the tables: docs/performance.md. The programs are in test/bench.
`show` prints the tables of stored figures again, or writes them into a page.
"""
import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "test" / "bench"))
import cpu_table  # noqa: E402
import kernel_list  # noqa: E402
import kernel_table  # noqa: E402
import programs  # noqa: E402

SCHEMA = 3
ROUNDS = 7


def new_result(arguments, peaks, threads):
    """What every result says about where and how it was measured, and no rows yet."""
    return {"schema": SCHEMA, "command": arguments.command, "cpu": programs.cpu_name(), "cpus": os.cpu_count(),
            "kernel": os.uname().release, "date": datetime.date.today().isoformat(), "lathe": programs.lathe_version(),
            "level": peaks and peaks["level"], "peaks": peaks, "threads": threads, "rounds": arguments.rounds, "rows": [],
            "failed": []}


def save(path, result):
    """Whole after each row: a run takes hours, and what stops it should not take the rows that are done."""
    if path:
        pathlib.Path(path).write_text(json.dumps(result, indent=1) + "\n")


def draw(path, result):
    if path:
        subprocess.run([programs.python("plot"), programs.HERE / "plot.py", path], input=json.dumps(result), text=True, check=True)


def add_row(arguments, result, name, measure):
    """A row that cannot be measured, because compiler or program fails, leaves the others alone."""
    print(f"measuring {name}", file=sys.stderr)
    try:
        result["rows"].append(measure())
    except subprocess.CalledProcessError as problem:
        result["failed"].append(f"{name}: {pathlib.Path(problem.cmd[0]).name} ended with code {problem.returncode}")
        print(f"error: {result['failed'][-1]}", file=sys.stderr)
    save(arguments.json, result)


def cpu_tables(result):
    return cpu_table.tables(result, [peer for peer in programs.PEERS
                                     if any(peer in row["programs"] for row in result["rows"])])


def report(result):
    """What is printed of a result."""
    tables = cpu_tables(result) if result["command"] == "cpu" else kernel_table.tables(result)
    failed = "".join(f"error: {one}\n" for one in result["failed"])
    return (f"{result['cpu']}, {result['cpus']} CPUs, {result['level']}; Lathe {result['lathe']}; {result['date']}; "
            f"{result['threads']} thread(s), {result['rounds']} rounds\n\n{tables}{failed}")


def with_reports(page, reports):
    """The text of a page with the reports, {file name: report}, each between the marks that name its file."""
    for name, text in reports.items():
        begin, end = f"<!-- tools/bench.py show {name} -->\n", f"<!-- end of {name} -->\n"
        if page.count(begin) != 1 or page.count(end) != 1:
            sys.exit(f"error: the page has no place for {name}: {begin.strip()} and {end.strip()}")
        before, rest = page.split(begin)
        page = f"{before}{begin}```text\n{text}```\n{end}{rest.split(end)[1]}"
    return page


def run_show(arguments):
    if arguments.plot and len(arguments.files) > 1:
        sys.exit("error: --plot draws one file")
    reports = {}
    for path in map(pathlib.Path, arguments.files):
        result = json.loads(path.read_text())
        if result.get("schema") != SCHEMA:
            sys.exit(f"error: {path} has schema {result.get('schema')}, this tool writes {SCHEMA}")
        reports[path.name] = report(result)
        draw(arguments.plot, result)
    if arguments.page:
        page = pathlib.Path(arguments.page)
        page.write_text(with_reports(page.read_text(), reports))
    else:
        print("\n".join(reports.values()), end="")
    return 0


def run_cpu(arguments):
    result = new_result(arguments, programs.peaks(), arguments.threads)
    for name in arguments.models:
        add_row(arguments, result, name, lambda: cpu_table.measure(name, arguments.peers, arguments.rounds, arguments.threads,
                                                                   result["level"]))
    return finish(arguments, result)


def finish(arguments, result):
    print(report(result), end="")
    draw(arguments.plot, result)
    return 1 if result["failed"] else 0


def run_kernels(arguments):
    kernels = kernel_list.select(arguments.kernels)
    if not kernels:
        sys.exit(f"error: no kernel is called {' or '.join(arguments.kernels)}")
    result = new_result(arguments, programs.peaks(), 1)
    if not result["peaks"]:
        sys.exit(1)
    programs.export("operators.py", list(dict.fromkeys(kernel.export for kernel in kernels)), kernel_table.FOLDER)
    for kernel in kernels:
        add_row(arguments, result, kernel.name, lambda: kernel_table.measure(kernel, arguments.rounds))
    return finish(arguments, result)


def parser():
    top = argparse.ArgumentParser(prog="bench.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True, metavar="cpu|kernels|show")
    cpu = commands.add_parser("cpu", help="models beside other runtimes")
    cpu.add_argument("--models", nargs="+", choices=cpu_table.MODELS, default=cpu_table.MODELS, metavar="NAME",
                     help=", ".join(cpu_table.MODELS))
    cpu.add_argument("--peers", nargs="*", choices=programs.PEERS, default=list(programs.PEERS), metavar="NAME",
                     help=", ".join(programs.PEERS))
    cpu.add_argument("--threads", type=int, default=1, metavar="N", help="of every program (default 1: and two of Lathe's)")
    cpu.set_defaults(run=run_cpu)
    kernels = commands.add_parser("kernels", help="one operator each, beside the machine's peaks")
    kernels.add_argument("--kernels", nargs="+", default=["*"], metavar="PATTERN",
                         help="names as in the table, such as gemm_512x512x512 or 'conv3x3_*'")
    kernels.set_defaults(run=run_kernels)
    show = commands.add_parser("show", help="tables of stored figures")
    show.add_argument("files", nargs="+", metavar="FILE", help="of --json")
    show.add_argument("--page", metavar="FILE", help="put them into this page, where its marks are (docs/performance.md)")
    show.set_defaults(run=run_show)
    for command in (cpu, kernels, show):
        command.add_argument("--plot", metavar="FILE", help="draw the ratios (.svg, .png)")
    for command in (cpu, kernels):
        command.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help=f"default {ROUNDS}")
        command.add_argument("--json", metavar="FILE", help="write all figures as JSON too, after each row")
    return top


def main():
    arguments = parser().parse_args()
    if getattr(arguments, "rounds", 1) < 1 or getattr(arguments, "threads", 1) < 1:
        sys.exit("error: --rounds and --threads count from 1")
    return arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
