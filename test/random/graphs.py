# SPDX-License-Identifier: Apache-2.0
"""Graphs of the graph dialect, as text and as data that can be made smaller.

A Graph is a list of operators on numbered values. Each value has an element type, sizes, a bound
of its magnitude and a bound of the rounding error that two implementations may differ by: what is
compared later is held against that bound, and operators that jump (comparisons, conversions to
integers) only take values without error.
"""
import math

FLOATS = {"f16": 2.0 ** -10, "bf16": 2.0 ** -7, "f32": 2.0 ** -21, "f64": 2.0 ** -44}
# Functions of doubles are accurate to a few units, sums are not ordered alike.
INTEGERS = ("i8", "i16", "i32", "i64", "ui8", "ui16", "ui32", "ui64")
# Digits that a sum of quarters may have and still be exact.
EXACT_LIMIT = {"f16": 256.0, "bf16": 32.0, "f32": 2.0 ** 20, "f64": 2.0 ** 40}
LIMIT_MAX = {"f16": 500.0, "bf16": 1000.0, "f32": 1e5, "f64": 1e6}
SYMBOL, SYMBOL_MIN, SYMBOL_MAX = "n", 0, 7


def size_of(dim, symbol=SYMBOL_MAX):
    """A dimension is a number, `n` or `n * number`."""
    if isinstance(dim, int):
        return dim
    factor = dim.partition(" * ")[2]
    return symbol * int(factor or 1)


def count_of(dims, symbol=SYMBOL_MAX):
    return math.prod(size_of(dim, symbol) for dim in dims)


class Value:
    """One tensor: `limit` bounds its elements, `error` their difference."""

    def __init__(self, element, dims, limit, error=0.0):
        self.element, self.dims, self.limit, self.error = element, list(dims), limit, error

    @property
    def is_float(self):
        return self.element in FLOATS

    @property
    def type(self):
        shape = "".join(f"{dim if isinstance(dim, int) else '?'}x" for dim in self.dims)
        if all(isinstance(dim, int) for dim in self.dims):
            return f"tensor<{shape}{self.element}>"
        return f"tensor<{shape}{self.element}, #graph.info<[{', '.join(map(str, self.dims))}]>>"


class Input:
    """What an argument holds: `kind` is "values", or "indices" below `below`."""

    def __init__(self, value, kind="values", below=0):
        self.value, self.kind, self.below = value, kind, below


class Operator:
    """`result = graph.<name> operands attributes`; literal is the text of a constant, others are
    further results, lines the text of several operators on a state of their own."""

    def __init__(self, name, operands, attributes, result, literal="", others=(), lines=()):
        self.name, self.operands, self.attributes = name, operands, attributes
        self.result, self.literal = result, literal
        self.others, self.lines = list(others), list(lines)

    def on(self, operands):
        return Operator(self.name, operands, self.attributes, self.result, self.literal, self.others, self.lines)


class Graph:
    """Operators in order; values are objects, so that dropping one renames nothing."""

    def __init__(self, inputs=(), operators=()):
        self.inputs, self.operators = list(inputs), list(operators)

    def used(self):
        return {id(operand) for op in self.operators for operand in op.operands}

    def outputs(self):
        used = self.used()
        sinks = [op.result for op in self.operators if id(op.result) not in used]
        return sinks or [self.operators[-1].result]

    def live_inputs(self):
        used = self.used()
        return [entry for entry in self.inputs if id(entry.value) in used]

    def without(self, op):
        """The graph in which the results of `op` are inputs."""
        rest = [other for other in self.operators if other is not op]
        replaced = {id(value): Input(Value(value.element, value.dims, 4.0)) for value in [op.result] + op.others}
        result = Graph(self.inputs + list(replaced.values()), [])
        for other in rest:
            result.operators.append(other.on([
                replaced[id(value)].value if id(value) in replaced else value for value in other.operands]))
        return result

    def is_dynamic(self):
        return any(not isinstance(dim, int) for entry in self.live_inputs()
                   for dim in entry.value.dims)

    def text(self):
        names, inputs = {}, self.live_inputs()
        for index, entry in enumerate(inputs):
            names[id(entry.value)] = f"%a{index}"
        for index, op in enumerate(self.operators):
            names[id(op.result)] = f"%v{index}" + "#0" * bool(op.others)
            names.update({id(value): f"%v{index}#{at + 1}" for at, value in enumerate(op.others)})
        arguments = ", ".join(f'%a{index}: {entry.value.type} {{graph.name = "a{index}"}}'
                              for index, entry in enumerate(inputs))
        outputs = self.outputs()
        results = ", ".join(f'{value.type} {{graph.name = "r{index}"}}'
                            for index, value in enumerate(outputs))
        lines = [f"graph.symbol @{SYMBOL} [{SYMBOL_MIN}, {SYMBOL_MAX}]"] if self.is_dynamic() else []
        lines += [f"graph.state @s{index} : {op.result.type}" for index, op in enumerate(self.operators) if op.lines]
        lines.append(f"func.func @main({arguments}) -> ({results}) {{")
        for index, op in enumerate(self.operators):
            many = f":{1 + len(op.others)}" if op.others else ""
            lines += ["  " + line for line in self.state_lines(op, names, f"@s{index}")] if op.lines else [
                f"  %v{index}{many} = {self.line(op, names)}"]
        lines.append(f"  return {', '.join(names[id(value)] for value in outputs)} : "
                     f"{', '.join(value.type for value in outputs)}")
        return "\n".join(lines + ["}", ""])

    @staticmethod
    def line(op, names):
        if op.literal:
            return f"graph.constant dense<{op.literal}> : {op.result.type}"
        operands = ", ".join(names[id(value)] for value in op.operands)
        types = ", ".join(value.type for value in op.operands)
        results = ", ".join(value.type for value in [op.result] + op.others)
        return (f"graph.{op.name} {operands}{' ' if operands else ''}"
                f"{{{op.attributes}}} : ({types}) -> " + (f"({results})" if op.others else results))

    @staticmethod
    def state_lines(op, names, state):
        """The lines of `op` with the names of this graph; longer words first."""
        words = {f"OPERAND{index}": names[id(value)] for index, value in enumerate(op.operands)}
        words.update({f"TYPE{index}": value.type for index, value in enumerate(op.operands)})
        words.update({"RESULT": names[id(op.result)], "TYPE": op.result.type, "STATE": state})
        for line in op.lines:
            for word, text in words.items():
                line = line.replace(word, text)
            yield line
