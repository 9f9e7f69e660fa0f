#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a tool's man page and its completions for bash and zsh from what `TOOL --help` prints.

    tools/help_pages.py TOOL FOLDER [--only PREFIX]

FOLDER gets NAME.1, NAME.bash and _NAME. With --only, options that do not start with PREFIX (those
of the libraries in lathe-opt) are left out. The texts are those of --help, so that none is stale.
"""
import argparse
import dataclasses
import pathlib
import re
import subprocess

OPTION = re.compile(
    r"^ {2,6}(?P<names>-[-\w]+(?:, -[-\w]+)*)(?:[ =](?P<value><[^>]*>|[A-Z][^ ]*))?(?:\s+-\s+|\s{2,}|$)(?P<text>.*)$"
)
CHOICE = re.compile(r"^ {4}=(?P<name>\S+)\s+-\s+(?P<text>.*)$")


@dataclasses.dataclass
class Option:
    names: list
    value: str
    text: str
    choices: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Help:
    usage: str = ""
    about: list = dataclasses.field(default_factory=list)
    options: list = dataclasses.field(default_factory=list)
    examples: list = dataclasses.field(default_factory=list)
    exit_codes: str = ""


def parse(text, only=""):
    """The Help of either form: llvm::cl's and that of lathe-run."""
    parsed, part = Help(), "about"
    for line in text.splitlines():
        head = line.split(":")[0].strip().lower()
        if not line.startswith(" ") and head in ("overview", "usage", "examples", "exit codes", "options", "generic options"):
            rest = line.split(":", 1)[1].strip() if ":" in line else ""
            if head == "usage":
                parsed.usage, part = rest, "about" if not parsed.about else "options"
            elif head == "overview":
                parsed.about.append(rest)
            elif head == "exit codes":
                parsed.exit_codes, part = rest, "exit codes"
            else:
                part = "examples" if head == "examples" else "options"
            continue
        option, choice = OPTION.match(line), CHOICE.match(line)
        if part in ("about", "options") and option:
            part = "options"
            if option["names"].startswith("-" if not only else only):
                parsed.options.append(Option(option["names"].split(", "), option["value"] or "", option["text"].strip()))
        elif part == "options" and parsed.options and choice:
            parsed.options[-1].choices.append((choice["name"], choice["text"].strip()))
        elif part == "options" and parsed.options and re.match(r"^ {12,}\S", line):
            parsed.options[-1].text += " " + line.strip()
        elif part == "exit codes" and line.strip():
            parsed.exit_codes += " " + line.strip()
        elif part in ("about", "examples"):
            getattr(parsed, part).append(line)
    return parsed


def roff(text):
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + escaped if escaped[:1] in (".", "'") else escaped


def literal(lines):
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return [".nf", *(roff(line) for line in lines), ".fi"]


def man_page(name, version, parsed):
    first = " ".join(parsed.about).strip().split(". ")[0].split("  ")[0].rstrip(".")
    first = re.sub(rf"^{name}: ", "", first)
    page = [f'.TH {name.upper()} 1 "" "{version}" "Lathe"', ".SH NAME", f"{name} \\- {roff(first[:1].lower() + first[1:])}"]
    page += [".SH SYNOPSIS", roff(parsed.usage), ".SH DESCRIPTION", *literal(parsed.about), ".SH OPTIONS"]
    for option in parsed.options:
        names = ", ".join(f"\\fB{roff(n)}\\fR" for n in option.names)
        page += [".TP", f"{names} \\fI{roff(option.value)}\\fR" if option.value else names, roff(option.text)]
        for choice, text in option.choices:
            page += [".br", f"\\fB{roff(choice)}\\fR: {roff(text)}"]
    if parsed.exit_codes:
        page += [".SH EXIT STATUS", roff(parsed.exit_codes)]
    if any(line.strip() for line in parsed.examples):
        page += [".SH EXAMPLES", *literal(parsed.examples)]
    return "\n".join(page) + "\n"


def value_words(option):
    """The words that the value is made of, as far as the help says so; the list of --cpu is in its text."""
    if option.choices:
        return [choice for choice, _ in option.choices]
    if option.value.strip("<>") == "level":
        return [re.sub(r" \(.*\)", "", word).strip() for word in option.text.split(":", 1)[1].split(",")]
    return []


def bash_completion(name, parsed):
    words = " ".join(n for option in parsed.options for n in option.names)
    function = "_" + name.replace("-", "_")
    cases = "".join(
        f'    {option.names[-1]}) COMPREPLY=($(compgen -W "{" ".join(value_words(option))}" -- "$word")); return ;;\n'
        for option in parsed.options
        if value_words(option)
    )
    return f"""# Completion of {name}, written from its --help.
{function}() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} option=${{COMP_WORDS[COMP_CWORD - 1]}}
  [[ $word == "=" ]] && word=
  [[ $option == "=" ]] && option=${{COMP_WORDS[COMP_CWORD - 2]}}
  case $option in
{cases}  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "{words}" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}}
complete -o filenames -F {function} {name}
"""


def zsh_completion(name, parsed):
    def quoted(text):
        return text.replace("'", "'\\''").replace("[", "(").replace("]", ")").replace(":", "\\:")

    lines = []
    for option in parsed.options:
        for spelling in option.names:
            value, what = "", quoted(option.value.strip("<>"))
            if option.choices:
                value = ":value:(" + " ".join(value_words(option)) + ")"
            elif value_words(option):  # a list with commas
                value = f":{what}:_sequence compadd - " + " ".join(value_words(option))
            elif "=" in what:  # NAME=FILE: what stands before the last = is kept
                value = f':{what}:{{compset -P "*="; _files}}'
            elif option.value:
                value = f":{what}:_files"
            form = "=" if value and spelling.startswith("--") else ""
            lines.append(f"  '*{spelling}{form}[{quoted(option.text)}]{value}'")
    return f"#compdef {name}\n# Written from {name} --help.\n_arguments \\\n" + " \\\n".join(lines) + " \\\n  '*:file:_files'\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    run = lambda flag: subprocess.run([arguments.tool, flag], capture_output=True, text=True, check=True).stdout
    name, parsed = arguments.tool.name, parse(run("--help"), arguments.only)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    (arguments.folder / f"{name}.1").write_text(man_page(name, run("--version").splitlines()[0], parsed), encoding="utf-8")
    (arguments.folder / f"{name}.bash").write_text(bash_completion(name, parsed), encoding="utf-8")
    (arguments.folder / f"_{name}").write_text(zsh_completion(name, parsed), encoding="utf-8")


if __name__ == "__main__":
    main()
