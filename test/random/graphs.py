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
SYMBOL, SYMBOL_MAX = "n", 7


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
    """`result = graph.<name> operands attributes`; literal is the text of a constant."""

    def __init__(self, name, operands, attributes, result, literal=""):
        self.name, self.operands, self.attributes = name, operands, attributes
        self.result, self.literal = result, literal


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
        """The graph in which the result of `op` is an input."""
        rest = [other for other in self.operators if other is not op]
        entry = Input(Value(op.result.element, op.result.dims, 4.0))
        result = Graph(self.inputs + [entry], [])
        for other in rest:
            operands = [entry.value if value is op.result else value for value in other.operands]
            result.operators.append(
                Operator(other.name, operands, other.attributes, other.result, other.literal))
        return result

    def is_dynamic(self):
        return any(not isinstance(dim, int) for entry in self.live_inputs()
                   for dim in entry.value.dims)

    def text(self):
        names, inputs = {}, self.live_inputs()
        for index, entry in enumerate(inputs):
            names[id(entry.value)] = f"%a{index}"
        for index, op in enumerate(self.operators):
            names[id(op.result)] = f"%{index}"
        arguments = ", ".join(f'%a{index}: {entry.value.type} {{graph.name = "a{index}"}}'
                              for index, entry in enumerate(inputs))
        outputs = self.outputs()
        results = ", ".join(f'{value.type} {{graph.name = "r{index}"}}'
                            for index, value in enumerate(outputs))
        lines = [f"graph.symbol @{SYMBOL} [1, {SYMBOL_MAX}]"] if self.is_dynamic() else []
        lines.append(f"func.func @main({arguments}) -> ({results}) {{")
        lines += [f"  {names[id(op.result)]} = {self.line(op, names)}" for op in self.operators]
        lines.append(f"  return {', '.join(names[id(value)] for value in outputs)} : "
                     f"{', '.join(value.type for value in outputs)}")
        return "\n".join(lines + ["}", ""])

    @staticmethod
    def line(op, names):
        if op.literal:
            return f"graph.constant dense<{op.literal}> : {op.result.type}"
        operands = ", ".join(names[id(value)] for value in op.operands)
        types = ", ".join(value.type for value in op.operands)
        return (f"graph.{op.name} {operands}{' ' if operands else ''}"
                f"{{{op.attributes}}} : ({types}) -> {op.result.type}")
