# SPDX-License-Identifier: Apache-2.0
"""Finds vector registers that are spilled in innermost loops, in assembly that `lathec --emit=asm` printed.

    find_spills.py FILE.s...

x86-64, AT&T syntax, as LLVM prints it. A spill is an instruction that names a
vector register and a place in the stack frame: a store, a reload, or an
operand that is read from there. An indexed place is an array, not a spill.
Innermost is a loop of the control flow graph that holds no other loop. Prints
each spill with its kernel and loop, then the totals; exit code 1 if there is one.
Masks are printed and counted apart: what a masked load or store reads from the frame
right before, and no loop changes.
"""
import pathlib
import re
import sys

LABEL = re.compile(r"^([.\w$]+):")
JUMP = re.compile(r"^\s+(j\w+)\s+([.\w$]+)")
VECTOR = re.compile(r"%[xyz]mm\d+")
# (%rsp), 64(%rsp), -64(%rbp); with an index register it is an array.
FRAME = re.compile(r"(?<![\w)])(?:-?\d+)?\(%r[sb]p\)")
ENDS = ("ret", "retq", "ud2")


class Block:
    def __init__(self, label):
        self.label = label
        self.lines = []
        self.next = []  # labels


def read_functions(text):
    """Yields (name, blocks by label in the order of the text, whether %rbp is the frame's)."""
    name, blocks = None, {}
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s+\.type\s+([\w$.]+),@function", line):
            name, blocks, current = found[1], {}, None
        elif name and (found := LABEL.match(line)):
            if found[1].startswith(".Lfunc_end"):
                yield name, blocks
                name = None
                continue
            following = Block(found[1])
            if current and not ends(current):
                current.next.append(following.label)
            current = blocks[found[1]] = following
        elif name and current and re.match(r"\s+[a-z]", line):
            current.lines.append((number, line.strip()))
            if found := JUMP.match(line):
                current.next.append(found[2])
                # Code behind a conditional jump is a block of its own.
                following = Block(f"{current.label}+{number}")
                if found[1] != "jmp":
                    current.next.append(following.label)
                current = blocks[following.label] = following


def ends(block):
    if not block.lines:
        return False
    operation = block.lines[-1][1].split()[0]
    return operation in ENDS or operation == "jmp"


def find_loops(blocks):
    """Natural loops as {header: labels}; loops of one header are one."""
    order, seen = [], set()
    stack = [(next(iter(blocks)), None)]
    while stack:  # postorder without recursion
        label, successors = stack.pop()
        if successors is None:
            if label in seen or label not in blocks:
                continue
            seen.add(label)
            successors = iter(blocks[label].next)
        for successor in successors:
            if successor in blocks and successor not in seen:
                stack += [(label, successors), (successor, None)]
                break
        else:
            order.append(label)
    order.reverse()
    previous = {label: [] for label in order}
    for label in order:
        for successor in blocks[label].next:
            if successor in previous:
                previous[successor].append(label)
    dominators = {label: set(order) for label in order}
    dominators[order[0]] = {order[0]}
    changed = True
    while changed:
        changed = False
        for label in order[1:]:
            found = set.intersection(*(dominators[p] for p in previous[label])) | {label}
            if found != dominators[label]:
                dominators[label], changed = found, True
    loops = {}
    for label in order:
        for header in blocks[label].next:
            if header not in dominators[label]:
                continue
            body, work = {header}, [label]
            while work:
                inside = work.pop()
                if inside not in body:
                    body.add(inside)
                    work += previous[inside]
            loops.setdefault(header, set()).update(body)
    return loops


def spills_of(lines, frame_is_rbp):
    for number, line in lines:
        places = [place for place in FRAME.findall(line) if frame_is_rbp or "%rbp" not in place]
        if VECTOR.search(line) and places and not line.startswith("lea"):
            yield number, line


def is_mask(lines, number):
    """Whether the instruction at `number` reloads a register that the next one uses as its mask, and only so."""
    at = [index for index, (line_number, _) in enumerate(lines) if line_number == number][0]
    reload = re.match(r"vmov[ua]ps\s+-?\d*\(%r[sb]p\), (%ymm\d+)$", lines[at][1])
    following = lines[at + 1][1] if at + 1 < len(lines) else ""
    masked = re.match(r"vp?maskmov\w+\s+(%\w+|\S*\(.*\)), (%ymm\d+), ", following)
    return bool(reload and masked and masked[2] == reload[1] and masked[1] != reload[1])


def main():
    kernels = loop_count = spill_count = vector_loops = masks = 0
    for path in sys.argv[1:]:
        for name, blocks in read_functions(pathlib.Path(path).read_text()):
            kernels += 1
            lines = [line for block in blocks.values() for _, line in block.lines]
            frame_is_rbp = any(re.match(r"movq\s+%rsp, %rbp", line) for line in lines)
            loops = find_loops(blocks)
            for header, body in loops.items():
                if any(other != header and other in body for other in loops):
                    continue
                loop_count += 1
                inside = [line for label in blocks if label in body for line in blocks[label].lines]
                vector_loops += any(VECTOR.search(line) for _, line in inside)
                for number, line in spills_of(inside, frame_is_rbp):
                    if is_mask(inside, number):
                        masks += 1
                    else:
                        spill_count += 1
                    print(f"{path}:{number}: {name}, loop {header}: {' '.join(line.split())}")
    print(f"{kernels} kernels, {loop_count} innermost loops, {vector_loops} with vectors, {spill_count} spills in them" +
          (f", {masks} masks" if masks else ""))
    sys.exit(1 if spill_count else 0)


if __name__ == "__main__":
    main()
