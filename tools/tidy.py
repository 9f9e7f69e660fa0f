#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rules of docs/style.md that a script can check; a test runs it.

    tools/tidy.py [ROOT]      prints `file:line: rule: what is wrong`; exit code 1 if anything is

Each rule is a function that takes the Tree and yields findings. test/tools/tidy_test.py shows
for each that it can fail.
"""
import ast
import os
import re
import sys

CPP = (".cpp", ".h", ".c", ".cc")
CODE = CPP + (".py", ".sh", ".td", ".fbs", ".cmake")
TEXT = CODE + (".txt", ".md", ".mlir", ".test", ".json", ".in", ".yml", ".cfg")
FILE_LINES, FUNCTION_LINES, PASS_LINES, MAIN_LINES = 800, 70, 400, 120
THIN_MAINS = ("tools/lathe-inspect/lathe-inspect.cpp", "tools/lathe-opt/lathe-opt.cpp",
              "tools/lathe-run/lathe-run.cpp", "tools/lathec/lathec.cpp")
SKIPPED_FOLDERS = ("build", ".git", "__pycache__", "corpus", "licences")

LAYERS = ("dialects", "passes", "targets", "compiler", "tools")
# What the compiler's side may see of the runtime's.
SHARED = ("runtime/schema/", "runtime/include/lathe/kernel_abi.h", "runtime/include/lathe/limits.h")
RUNTIME_TOOLS = ("tools/lathe-run/",)

# Split, so that this file passes its own rule.
BANNED_WORDS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b(?!\((#\d+|issue \d+)\))")
VAGUE_NAMES = re.compile(r"(?i)(^|[_\-])(utils?|helpers?|common|misc|managers?)(?=[_\-.]|$)|[a-z](Utils?|Helpers?|Common|Misc|Managers?)\.")
MACHINE_PATHS = re.compile(r"(?<![\w.~$}/])/(home|work|root|Users|mnt)/\w")

FREE_CALL = r"(?<![\w.>:])(?:std::|::)?"
BANNED_IN_CORE = (
    (FREE_CALL + r"(malloc|calloc|realloc|free|aligned_alloc|posix_memalign)\s*\(", "heap: the caller owns the memory"),
    (r"(?<![\w.])new\s*(\(\s*std::|[A-Za-z_:])", "heap: only placement new"),
    (r"(?<![\w.=] )\bdelete\s+[A-Za-z_]|\bdelete\[\]", "heap: the caller owns the memory"),
    (r"\b(throw|try|catch|dynamic_cast|typeid)\b", "exceptions and RTTI are off"),
    (r"std::(thread|mutex|vector|string|map|unordered_map|function|shared_ptr|unique_ptr|cout|cerr)\b", "std types that allocate or throw"),
    (FREE_CALL + r"(printf|fprintf|puts|exit|abort|_exit)\s*\(", "nothing prints or exits; use the log callback and a status"),
    (r"#\s*include\s*<(iostream|string|vector|map|thread|mutex|functional|stdio\.h|cstdio|memory)>", "header of hosted C++"),
)
BANNED_IN_COMPILER = (
    (FREE_CALL + r"(exit|abort|_exit)\s*\(", "a library returns failure, it does not exit"),
    (r"\breport_fatal_error\b", "a library returns failure, it does not exit"),
)
BANNED_IN_TD = ((r"\bStatistic<", "Debian's LLVM has another layout of Statistic: an ODR break"),)


class Tree:
    """The files below a root: relative path -> lines; binary files are left out."""

    def __init__(self, root):
        self.root, self.text = root, {}
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS)
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), root)
                if name.endswith(TEXT) or path == ".ci/run":
                    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
                        self.text[path] = file.read()

    def lines(self, *endings):
        """(path, line number, line) of every file with one of the endings."""
        for path, text in self.text.items():
            if path.endswith(endings):
                for number, line in enumerate(text.splitlines(), 1):
                    yield path, number, line


def blank_comments(text):
    """C++ text whose comments, literals and preprocessor lines are spaces; line breaks stay."""
    pattern = r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|^[ \t]*#(?:\\\n|[^\n])*'
    # A digit separator (1'000) is no literal.
    text = re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", " ", text)
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S | re.M)


def cpp_functions(text):
    """(first line, count of lines) of each function body that is in no other function."""
    text = blank_comments(text)
    stack, head_start = [], 0
    for match in re.finditer(r"[{};]", text):
        position, sign = match.start(), match.group()
        if sign == "{":
            head = text[head_start:position]
            inside = any(kind != "scope" for kind, _ in stack)
            bare = re.sub(r"template\s*<[^{}]*?>(?=\s*\w)|alignas\([^)]*\)|__attribute__\(\(.*?\)\)", " ", head)
            if inside:
                kind = "block"
            elif re.search(r"\b(namespace|class|struct|union|enum|extern)\b[^()=]*$", bare):
                kind = "scope"
            else:
                kind = "function" if "(" in bare and not bare.rstrip().endswith(("=", ",", "(")) else "block"
            start = head_start + len(head) - len(head.lstrip())
            stack.append((kind, start))
        elif sign == "}" and stack:
            kind, start = stack.pop()
            if kind == "function":
                first = text.count("\n", 0, start) + 1
                yield first, text.count("\n", start, position) + 1
        head_start = position + 1


def check_lengths(tree):
    for path, text in tree.text.items():
        count = text.count("\n")
        limit = FILE_LINES
        if path in THIN_MAINS:
            limit = MAIN_LINES
        elif path.endswith(".cpp") and (path.startswith("passes/") or is_target_pass(tree, path)):
            limit = PASS_LINES
        if path.endswith(CODE) and count > limit:
            yield path, 1, f"{count} lines, at most {limit}"
        if path.endswith(CPP):
            for first, lines in cpp_functions(text):
                if lines > FUNCTION_LINES:
                    yield path, first, f"a function of {lines} lines, at most {FUNCTION_LINES}"
        elif path.endswith(".py"):
            for node in ast.walk(ast.parse(text, path)):
                if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > FUNCTION_LINES:
                    yield path, node.lineno, f"a function of {node.end_lineno - node.lineno + 1} lines, at most {FUNCTION_LINES}"


def is_target_pass(tree, path):
    return path.startswith("targets/") and path[: -len(".cpp")] + ".td" in tree.text


def check_includes(tree):
    for path, number, line in tree.lines(*CPP):
        match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        top = path.split("/")[0]
        if not match or top not in LAYERS + ("runtime",):
            continue
        included, target = match.group(1), match.group(1).split("/")[0]
        if target not in LAYERS + ("runtime",):
            continue
        if top == "runtime" or path.startswith(RUNTIME_TOOLS):
            if target != "runtime" and not included.startswith(path.rsplit("/", 1)[0] + "/"):
                yield path, number, f"the runtime and its tools see nothing of {target}/"
        elif target == "runtime":
            if top != "tools" and not included.startswith(SHARED):
                yield path, number, f"{top}/ sees of the runtime only the schema, kernel_abi.h and limits.h"
        elif LAYERS.index(target) > LAYERS.index(top):
            yield path, number, f"{top}/ includes {target}/: includes go tools > compiler > targets > passes > dialects"


def check_words(tree):
    for path, number, line in tree.lines(*TEXT):
        word = BANNED_WORDS.search(line)
        if word and path.endswith(CODE + (".txt", ".md")):
            yield path, number, f"{word.group(1)} without an issue: write {word.group(1)}(#12)"
        if MACHINE_PATHS.search(line):
            yield path, number, "an absolute path of one machine"


def check_names(tree):
    for path in tree.text:
        if VAGUE_NAMES.search(os.path.basename(path)):
            yield path, 1, "the name says nothing: name the noun that it holds"


def check_calls(tree):
    rules = [("runtime/core/", CPP, BANNED_IN_CORE), ("", (".td",), BANNED_IN_TD)]
    rules += [(f"{layer}/", CPP, BANNED_IN_COMPILER) for layer in LAYERS[:-1]]
    for folder, endings, banned in rules:
        for path, text in tree.text.items():
            if path.startswith(folder) and path.endswith(endings):
                # Comments may name what is banned; #include lines must be seen.
                shown = re.sub(r"^[ \t]*#", " @", text, flags=re.M)
                for number, line in enumerate(blank_comments(shown).replace(" @", "#").splitlines(), 1):
                    for pattern, why in banned:
                        found = re.search(pattern, line)
                        if found:
                            yield path, number, f"'{found.group().strip()}': {why}"


def check_text(tree):
    for path, number, line in tree.lines(*TEXT):
        if not path.startswith("test/models/") and line != line.rstrip():
            yield path, number, "space at the end of the line"
        if "\t" in line and path.endswith(CODE + (".md", ".mlir")):
            yield path, number, "a tab"
    for path, text in tree.text.items():
        if text and not text.endswith("\n") and path.endswith(CODE + (".md",)):
            yield path, text.count("\n") + 1, "no line break at the end of the file"
        first = text.split("\n", 2)[:2]
        if path.endswith(CODE) or path.endswith("CMakeLists.txt"):
            if not any("SPDX-License-Identifier: Apache-2.0" in line for line in first[: 1 + first[0].startswith("#!")]):
                yield path, 1, "the first line names no licence (SPDX-License-Identifier: Apache-2.0)"


def check_dead_files(tree):
    lists = {os.path.dirname(p): t for p, t in tree.text.items() if os.path.basename(p) == "CMakeLists.txt"}
    included = {os.path.basename(m) for p, t in tree.text.items() if p.endswith(CPP + (".td",)) for m in re.findall(r'include\s*[<"]([^">]+)[">]', t)}
    for path in tree.text:
        name, stem = os.path.basename(path), os.path.splitext(os.path.basename(path))[0]
        folders = [""] + ["/".join(path.split("/")[:i]) for i in range(1, path.count("/") + 1)]
        built = "\n".join(lists.get(folder, "") for folder in folders)
        # lathe_runtime_test(run) builds run_test.cpp, lathe_fuzzer(npy) npy_fuzz.cpp.
        names = rf"\b{stem}\b|_test\(\s*{stem.removesuffix('_test')}\b|_fuzzer\(\s*{stem.removesuffix('_fuzz')}\b"
        if path.endswith((".cpp", ".c")) and not re.search(names, built):
            yield path, 1, "no CMakeLists.txt names this file"
        if path.endswith(".h") and name not in included and not path.startswith("runtime/include/"):
            yield path, 1, "no file includes this header"
        if path.endswith(".td") and name not in included and name not in built:
            yield path, 1, "no file includes this definition"
        if re.fullmatch(r"docs/.*\.md", path) and path != "docs/README.md":
            if path[len("docs/") :] not in tree.text.get("docs/README.md", ""):
                yield path, 1, "docs/README.md does not link this page"


def check_links(tree):
    for path, number, line in tree.lines(".md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", line):
            if not os.path.exists(os.path.join(tree.root, os.path.dirname(path), target)):
                yield path, number, f"a link to {target}, which does not exist"


def kebab(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


def check_passes(tree):
    for path, number, line in tree.lines(".td"):
        match = re.match(r'\s*def\s+(\w+)\s*:\s*(?:Interface)?Pass<\s*"([^"]+)"', line)
        if not match:
            continue
        name, flag = match.groups()
        # A target's passes carry its name: --lathe-cpu-expand-math of targets/Cpu/ExpandMath.td.
        folder = re.match(r"targets/(\w+)/", path)
        stem = kebab(name)
        expected = f"lathe-{kebab(folder.group(1))}-{stem}" if folder else f"lathe-{stem}"
        # The tests mirror the tree.
        test = f"test/{os.path.dirname(path)}/{stem}"
        if flag != expected:
            yield path, number, f"pass {name} has the flag --{flag}, expected --{expected}"
        if os.path.basename(path) != f"{name}.td":
            yield path, number, f"pass {name} is not defined in {name}.td"
        if not any(re.match(rf"{test}(\.mlir|-[-\w]*\.mlir|/.*\.mlir)$", p) for p in tree.text):
            yield path, number, f"no test: expected {test}.mlir"


RULES = (check_lengths, check_includes, check_words, check_names, check_calls, check_text, check_dead_files, check_links, check_passes)


def findings(root):
    tree = Tree(root)
    return sorted({(path, line, f"{rule.__name__[len('check_'):]}: {what}") for rule in RULES for path, line, what in rule(tree)})


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    found = findings(root)
    for path, line, what in found:
        print(f"{path}:{line}: {what}")
    print(f"tidy: {len(found)} findings" if found else "tidy: clean")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
