# SPDX-License-Identifier: Apache-2.0
"""Random graphs: the same seed gives the same graph everywhere."""
import math
import random

from graphs import (EXACT_LIMIT, FLOATS, INTEGERS, LIMIT_MAX, SYMBOL, Graph, Input, Operator, Value,
                    count_of, size_of)
from layers import Layers

ERROR_MAX = 0.02
# What graphs of models have most of is chosen most; the rest has weight 1.
WEIGHTS = {"binary_op": 6, "unary_op": 4, "conv_op": 4, "grouped_conv_op": 2, "linear_op": 3, "matmul_op": 2, "epilogue_op": 4,
           "separable_op": 2, "reduce_op": 2, "where_op": 2, "concat_op": 2, "slice_op": 2, "reshape_op": 2, "permute_op": 2}
RANK_MAX, ELEMENTS_MAX = 5, 4096
# Of a few graphs: kernels of several tiles.
ELEMENTS_MAX_LARGE = 40960
# Functions with their Lipschitz constants and the bounds of their results, for any argument.
BOUNDED = {"tanh": (1, 1), "sigmoid": (0.25, 1), "sin": (1, 1), "cos": (1, 1), "erf": (1.13, 1),
           "atan": (1, 1.6), "hardsigmoid": (0.17, 1)}
# The same, where the result is at most the argument's bound times the constant.
GROWING = {"silu": 1.1, "gelu": 1.13, "hardswish": 1.5, "relu": 1, "neg": 1, "abs": 1}
# Of a number that is at least 1.
POSITIVE = {"sqrt": 0.5, "rsqrt": 0.5, "log": 1, "reciprocal": 1, "log2": 1.45, "log1p": 0.5}
JUMPS = ("floor", "ceil", "round", "trunc", "sign")


def array(values):
    return "array<i64" + (": " if values else "") + ", ".join(map(str, values)) + ">"


def dims_text(dims):
    return f"#graph.dims<[{', '.join(map(str, dims))}]>"


class Generator(Layers):
    """Grows one graph. Methods that end in _op add operators, or return without."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.graph, self.values = Graph(), []
        self.is_dynamic = self.random.random() < 0.4
        self.element = self.random.choice(["f32"] * 6 + ["f16", "bf16", "f64", "i32", "i8", "ui8"])
        self.elements_max = ELEMENTS_MAX_LARGE if self.random.random() < 0.1 else ELEMENTS_MAX
        self.has_empty = self.random.random() < 0.1

    def generate(self):
        for _ in range(self.random.randint(1, 3)):
            self.input(self.element, self.shape())
        steps = [getattr(self, name) for name in sorted(dir(self)) if name.endswith("_op")
                 for _ in range(WEIGHTS.get(name, 1))]
        wanted = self.random.randint(6, 18)
        for _ in range(20 * wanted):
            if len(self.graph.operators) >= wanted:
                break
            self.random.choice(steps)()
        return self.graph if self.graph.operators else None

    # Values

    def shape(self):
        dims = [self.random.choice([1, 2, 3, 4, 5, 7, 8, 9, 16])
                for _ in range(self.random.choice([1, 2, 2, 3, 3, 4, 4]))]
        if self.is_dynamic and self.random.random() < 0.6:
            dims[0] = SYMBOL
        if self.has_empty and self.random.random() < 0.5:
            dims[self.random.randrange(len(dims))] = 0
        while count_of(dims) > ELEMENTS_MAX:
            dims[-1 if isinstance(dims[0], str) else dims.index(max(dims))] = 2
            if count_of(dims) > ELEMENTS_MAX:
                dims = dims[:-1]
        return dims

    def input(self, element, dims, kind="values", below=0):
        value = Value(element, dims, 4.0)
        self.graph.inputs.append(Input(value, kind, below))
        if kind == "values":
            self.values.append(value)
        return value

    def pick(self, test=lambda value: True, may_be_empty=False):
        """A value that is likely to be young, so that graphs are deep; None if none fits. Windows,
        indices and largest elements need some."""
        fitting = [value for value in self.values if test(value) and (may_be_empty or 0 not in value.dims)]
        if not fitting:
            return None
        return self.random.choice(fitting[-3:] if self.random.random() < 0.8 else fitting)

    def add(self, name, operands, attributes, result, literal="", is_seen=True):
        """Adds the operator unless the result leaves what can be compared; only what is seen is
        an operand of others."""
        if not self.may_add(result):
            return None
        self.graph.operators.append(Operator(name, operands, attributes, result, literal))
        if is_seen:
            self.values.append(result)
        return result

    def may_add(self, result):
        if len(result.dims) > RANK_MAX or count_of(result.dims) > self.elements_max or not result.dims:
            return False
        return not result.is_float or (result.limit <= LIMIT_MAX[result.element] and result.error <= ERROR_MAX)

    def rounded(self, element, dims, limit, error=0.0, operations=1):
        """A float result of inexact arithmetic."""
        return Value(element, dims, limit, error + FLOATS[element] * limit * operations)

    def summed(self, element, dims, limit, error):
        """Exact as long as all terms are and the sum has few digits."""
        if element not in FLOATS:
            return Value(element, dims, limit)
        if error == 0 and limit <= EXACT_LIMIT[element]:
            return Value(element, dims, limit)
        return self.rounded(element, dims, limit, error)

    def like(self, value, **changes):
        result = Value(value.element, value.dims, value.limit, value.error)
        for name, change in changes.items():
            setattr(result, name, change)
        return result

    def constant(self, element, dims):
        """Small ones are literals, others are folded by the compiler from sines."""
        count = count_of(dims)
        if 0 < count <= 64 and all(isinstance(dim, int) for dim in dims):
            numbers = [self.random.randint(-8, 8) / 4 for _ in range(count)]
            if element not in FLOATS:
                numbers = [self.random.randint(0, 7) for _ in range(count)]
            return self.add("constant", [], "", Value(element, dims, 8.0), self.nested(numbers, dims))
        if element not in FLOATS or not count or any(isinstance(dim, str) for dim in dims):
            return self.input(element, dims)
        step = self.random.choice(["0.7", "1.3", "2.1"])
        flat = self.add("iota", [], f"size = #graph.expr<{count}>, element_type = {element}, "
                        f"start = 0.0 : f64, step = {step} : f64", Value(element, [count], 1.0), is_seen=False)
        # Many digits: sums of these are not exact.
        wave = flat and self.add("sin", [flat], "", self.rounded(element, [count], 1.0), is_seen=False)
        if not wave:
            return None
        return self.add("reshape", [wave], f"dims = {dims_text(dims)}", self.like(wave, dims=dims))

    def nested(self, numbers, dims):
        if not dims:
            return str(numbers[0])
        part = len(numbers) // dims[0]
        return "[" + ", ".join(self.nested(numbers[i * part:(i + 1) * part], dims[1:])
                               for i in range(dims[0])) + "]"

    def partner(self, value):
        """An operand that broadcasts to `value`'s sizes."""
        def fits(other):
            if other.element != value.element or len(other.dims) > len(value.dims):
                return False
            return all(a in (1, b) for a, b in zip(other.dims[::-1], value.dims[::-1]))
        other = self.pick(fits, may_be_empty=True)
        if other and self.random.random() < 0.8:
            return other
        dims = [1 if self.random.random() < 0.2 else dim for dim in value.dims]
        dims = dims[self.random.randint(0, len(dims) - 1):]
        make = self.random.choice([self.constant, self.input])
        return make(value.element, dims)

    # Elementwise

    def unary_op(self):
        value = self.pick(lambda value: value.is_float, may_be_empty=True)
        if not value:
            return
        if self.random.random() < 0.5:
            name = self.random.choice(sorted(BOUNDED))
            slope, limit = BOUNDED[name]
            self.add(name, [value], "", self.rounded(value.element, value.dims, limit, slope * value.error, 4))
            return
        name = self.random.choice(sorted(GROWING))
        slope = GROWING[name]
        exact = name in ("relu", "neg", "abs")
        result = self.like(value) if exact else self.rounded(
            value.element, value.dims, slope * value.limit, slope * value.error, 4)
        self.add(name, [value], "", result)

    def parametrised_op(self):
        value = self.pick(lambda value: value.is_float, may_be_empty=True)
        if not value:
            return
        name, attributes, slope = self.random.choice([
            ("gelu", "tanh", 1.2), ("leaky_relu", "slope = 0.1 : f64", 1),
            ("elu", "alpha = 1.5 : f64, scale = 1.0 : f64, input_scale = 0.5 : f64", 1)])
        self.add(name, [value], attributes, self.rounded(
            value.element, value.dims, slope * value.limit + 1.5, slope * value.error, 6))

    def positive_op(self):
        value = self.pick(lambda value: value.is_float, may_be_empty=True)
        if not value:
            return
        size = self.add("abs", [value], "", self.like(value))
        one = size and self.add("constant", [], "", Value(value.element, [1], 1.0), "1.0")
        more = one and self.add("add", [size, one], "", self.summed(
            value.element, value.dims, value.limit + 1, value.error))
        if more:
            name = self.random.choice(sorted(POSITIVE))
            self.add(name, [more], "", self.rounded(
                value.element, value.dims, 1 + math.log2(1 + more.limit) + math.sqrt(more.limit),
                POSITIVE[name] * more.error, 4))

    def exponential_op(self):
        value = self.pick(lambda value: value.is_float and value.limit <= 5)
        if value:
            limit = math.exp(value.limit)
            self.add(self.random.choice(["exp", "exp2", "expm1"]), [value], "",
                     self.rounded(value.element, value.dims, limit, limit * value.error, 4))

    def jump_op(self):
        value = self.pick(lambda value: value.is_float and value.error == 0)
        if value:
            self.add(self.random.choice(JUMPS), [value], "", self.like(value, limit=value.limit + 1))

    def clamp_op(self):
        value = self.pick(lambda value: value.element != "i1", may_be_empty=True)
        if value and value.is_float:
            self.add("clamp", [value], "low = -1.5 : f64, high = 2.0 : f64",
                     self.like(value, limit=min(value.limit, 2.0)))
        elif value:
            low = self.random.choice([-300, -3, 0])
            self.add("clamp", [value], f"low = {low} : i64, high = {self.random.choice([5, 100, 70000])} : i64",
                     self.like(value))

    def binary_op(self):
        value = self.pick(lambda value: value.element != "i1", may_be_empty=True)
        other = value and self.partner(value)
        if other:
            self.combine(value, other)

    def combine(self, value, other):
        """One elementwise result of both, of the sizes of `value`."""
        operands = [value, other] if self.random.random() < 0.5 else [other, value]
        if not value.is_float:
            name = self.random.choice(["add", "sub", "mul", "maximum", "minimum", "and", "or", "xor",
                                       "floor_div", "trunc_div", "remainder", "fmod"])
            return self.add(name, operands, "", self.like(value))
        name = self.random.choice(["add", "sub", "mul", "maximum", "minimum"])
        error = value.error + other.error
        if name == "mul":
            limit = value.limit * other.limit
            error = value.error * other.limit + other.error * value.limit
            result = self.rounded(value.element, value.dims, limit, error)
        elif name in ("add", "sub"):
            result = self.summed(value.element, value.dims, value.limit + other.limit, error)
        else:
            result = Value(value.element, value.dims, max(value.limit, other.limit), error)
        return self.add(name, operands, "", result)

    def compare_op(self):
        value = self.pick(lambda value: value.error == 0 and value.element != "i1", may_be_empty=True)
        other = value and self.partner(value)
        if other and other.error == 0:
            kind = self.random.choice(["eq", "ne", "lt", "le", "gt", "ge"])
            self.add("compare", [value, other], f"kind = #graph.compare_kind<{kind}>",
                     Value("i1", value.dims, 1))

    def where_op(self):
        condition = self.pick(lambda value: value.element == "i1", may_be_empty=True)
        if not condition:
            return
        value = self.pick(lambda value: value.element != "i1" and value.dims == condition.dims, may_be_empty=True)
        if not value:
            value = self.input(self.element, condition.dims)
        other = self.partner(value)
        if other:
            self.add("where", [condition, value, other], "", Value(
                value.element, value.dims, max(value.limit, other.limit), value.error + other.error))

    def cast_op(self):
        value = self.pick(lambda value: value.error == 0, may_be_empty=True)
        to = self.random.choice(["f32", "f32", "f64", "f16", "bf16", "i32", "i64", "i8", "ui8", "i16"])
        if not value or (value.is_float and to in FLOATS and value.limit > EXACT_LIMIT[to]):
            return
        if not value.is_float and value.element != "i1" and to in FLOATS:
            value = self.add("clamp", [value], "low = 0 : i64, high = 8 : i64", self.like(value, limit=8))
        if value:
            limit = min(value.limit, 8.0) if not value.is_float else value.limit
            self.add("cast", [value], f"to = {to}", Value(to, value.dims, limit))

    def bits_op(self):
        value = self.pick(lambda value: not value.is_float, may_be_empty=True)
        if value:
            name = "not" if value.element == "i1" else self.random.choice(["not", "neg", "abs", "sign"])
            self.add(name, [value], "", self.like(value))

    # Reductions and norms

    def reduce_op(self):
        value = self.pick(lambda value: len(value.dims) > 1, may_be_empty=True)
        if not value:
            return
        dims = sorted(self.random.sample(range(len(value.dims)), self.random.randint(1, len(value.dims) - 1)))
        keep = self.random.random() < 0.4
        left = [1 if i in dims else dim for i, dim in enumerate(value.dims)]
        if not keep:
            left = [dim for i, dim in enumerate(value.dims) if i not in dims]
        count = count_of([value.dims[i] for i in dims])
        if value.element == "i1":
            kind = self.random.choice(["any", "all"])
            result = Value("i1", left, 1)
        else:
            # Without elements there is no largest one; a dimension of a run may be 0.
            is_full = all(isinstance(value.dims[i], int) and value.dims[i] for i in dims)
            kind = self.random.choice(["sum"] + ["max", "min"] * is_full + ["mean"] * (value.is_float and is_full)
                                      + ["prod"] * (not value.is_float))
            result = self.like(value, dims=left)
            if kind == "sum":
                result = self.summed(value.element, left, value.limit * count, value.error * count)
            elif kind == "mean":
                result = self.rounded(value.element, left, value.limit, value.error, count)
        self.add("reduce", [value], f"kind = #graph.reduce_kind<{kind}>, dims = {array(dims)}"
                 + (", keep_dims" if keep else ""), result)

    def arg_reduce_op(self):
        value = self.pick(lambda value: value.error == 0 and value.element != "i1" and len(value.dims) > 1)
        if value:
            dim = self.random.randrange(len(value.dims))
            left = value.dims[:dim] + value.dims[dim + 1:]
            if isinstance(value.dims[dim], str):
                return
            self.add("arg_reduce", [value], f"kind = #graph.reduce_kind<{self.random.choice(['max', 'min'])}>, "
                     f"dim = {dim} : i64", Value("i64", left, 16))

    def cumsum_op(self):
        value = self.pick(lambda value: value.element != "i1", may_be_empty=True)
        if value:
            dim = self.random.randrange(len(value.dims))
            count = size_of(value.dims[dim])
            self.add("cumsum", [value], f"dim = {dim} : i64", self.summed(
                value.element, value.dims, value.limit * count, value.error * count))

    def softmax_op(self):
        value = self.pick(lambda value: value.is_float, may_be_empty=True)
        if value:
            dim = self.random.randrange(len(value.dims))
            log = self.random.random() < 0.3
            limit = 2 * value.limit + 8 if log else 1
            self.add("softmax", [value], f"dim = {dim} : i64" + (", log" if log else ""),
                     self.rounded(value.element, value.dims, limit, 2 * value.error, 8))

    def norm_op(self):
        """An epsilon of 1 bounds the slope."""
        value = self.pick(lambda value: value.is_float and isinstance(value.dims[-1], int))
        if not value:
            return
        width = value.dims[-1]
        weight = self.constant(value.element, [width])
        if not weight:
            return
        limit = math.sqrt(width) * 2 * weight.limit
        error = value.error * limit * 4
        result = self.rounded(value.element, value.dims, limit, error, 8 * (1 + value.limit))
        if self.random.random() < 0.5:
            self.add("rms_norm", [value, weight], "normalized_rank = 1 : i64, epsilon = 1.0 : f64", result)
        else:
            self.add("layer_norm", [value, weight, weight], "normalized_rank = 1 : i64, epsilon = 1.0 : f64, "
                     "operandSegmentSizes = array<i32: 1, 1, 1>", self.like(result, limit=limit + weight.limit))

    # Contractions

    def product(self, element, dims, x, w, terms, bias=None):
        limit = x.limit * w.limit * terms + (bias.limit if bias else 0)
        if element not in FLOATS:
            return Value(element, dims, 8)
        error = terms * (x.error * w.limit + w.error * x.limit) + (bias.error if bias else 0)
        return self.rounded(element, dims, limit, error, 2)

    def linear_op(self):
        value = self.pick(lambda value: value.element != "i1" and isinstance(value.dims[-1], int), may_be_empty=True)
        if not value:
            return None
        k, out = value.dims[-1], self.random.choice([1, 3, 8, 16, 17])
        weight = self.constant(value.element, [out, k])
        bias = self.constant(value.element, [out]) if self.random.random() < 0.5 else None
        if weight:
            dims = value.dims[:-1] + [out]
            operands = [value, weight] + ([bias] if bias else [])
            return self.add("linear", operands, "", self.product(value.element, dims, value, weight, k, bias))
        return None

    def matmul_op(self):
        value = self.pick(lambda value: len(value.dims) > 1 and value.element != "i1", may_be_empty=True)
        if not value:
            return None
        k, batch = value.dims[-1], value.dims[:-2]
        other = self.pick(lambda other: other.element == value.element and len(other.dims) > 1
                          and other.dims[-2] == k and other.dims[:-2] in (batch, []), may_be_empty=True)
        if not other:
            other = self.input(value.element, [k, self.random.choice([1, 5, 8])])
        dims = value.dims[:-1] + [other.dims[-1]]
        return self.add("matmul", [value, other], "", self.product(
            value.element, dims, value, other, size_of(k)))

    def sdpa_op(self):
        value = self.pick(lambda value: value.is_float and len(value.dims) in (3, 4)
                          and isinstance(value.dims[-1], int))
        if not value:
            return
        operands = [value, value, value]
        if isinstance(value.dims[-2], int) and self.random.random() < 0.5:
            old = self.random.choice([1, 5, 40])
            operands[1:] = [self.behind_old(value, old), self.behind_old(value, old)]
        if not all(operands):
            return
        limit, error = (max(getattr(operand, what) for operand in operands) for what in ("limit", "error"))
        scores = limit * (2 * error + FLOATS[value.element] * limit) * value.dims[-1] / 2
        self.add("sdpa", operands, "scale = 0.5 : f64" + self.random.choice(["", ", is_causal"]),
                 self.rounded(value.element, value.dims, limit, error + 2 * scores * limit, 8))

    def behind_old(self, value, old):
        """Keys with so many old ones before them, mostly for an attention alone."""
        before = self.input(value.element, value.dims[:-2] + [old] + value.dims[-1:])
        dims = value.dims[:-2] + [old + value.dims[-2]] + value.dims[-1:]
        return self.add("concat", [before, value], f"dim = {len(dims) - 2} : i64", self.like(
            value, dims=dims, limit=max(before.limit, value.limit)), is_seen=self.random.random() < 0.2)

    def conv_op(self):
        value = self.pick(lambda value: len(value.dims) in (3, 4) and value.element != "i1"
                          and all(isinstance(dim, int) for dim in value.dims[1:]))
        if not value:
            return None
        spatial, channels = value.dims[2:], value.dims[1]
        groups = self.random.choice([1, 1, channels, 2 if channels % 2 == 0 else 1])
        out = groups * self.random.choice([1, 1, 2, 4, 8, 16] if groups == 1 else [1, 2])
        kernel = [self.random.randint(1, min(3, size + 1)) for size in spatial]
        strides = [self.random.choice([1, 1, 2]) for _ in spatial]
        low, high = ([self.random.choice([-1, 0, 1, 1, 2]) for _ in spatial] for _ in range(2))
        dilations = [self.random.choice([1, 1, 2]) for _ in spatial]
        if value.element in FLOATS and self.random.random() < 0.25:
            return self.transposed_conv(value, out, groups)
        return self.conv(value, out, groups, kernel, strides, (low, high), dilations)

    def transposed_conv(self, value, out, groups):
        """Strides that divide the results or do not, windows longer and shorter than them: with
        phases over panels, and without."""
        spatial, channels = value.dims[2:], value.dims[1]
        kernel, strides, low, high, extra = ([self.random.choice(choice) for _ in spatial] for choice in (
            [1, 2, 2, 3, 4, 5], [1, 2, 2, 3], [0, 0, 1, 2], [0, 0, 1, 2], [0, 0, 1]))
        extra = [min(more, stride - 1) for more, stride in zip(extra, strides)]
        dilations = [self.random.choice([1, 1, 1, 2]) for _ in spatial]
        sizes = [(size - 1) * s - a - b + d * (k - 1) + more + 1 for size, s, a, b, d, k, more
                 in zip(spatial, strides, low, high, dilations, kernel, extra)]
        if min(sizes) < 1 or math.prod(sizes) * out > self.elements_max:
            return None
        terms = channels // groups * math.prod(kernel)
        weight = self.constant(value.element, [channels, out // groups] + kernel)
        bias = self.constant(value.element, [out]) if self.random.random() < 0.5 else None
        if not weight:
            return None
        return self.add("conv", [value, weight] + ([bias] if bias else []),
                        f"strides = {array(strides)}, padding_low = {array(low)}, padding_high = {array(high)}, "
                        f"dilations = {array(dilations)}, groups = {groups} : i64, transposed, "
                        f"output_padding = {array(extra)}",
                        self.product(value.element, value.dims[:1] + [out] + sizes, value, weight, terms, bias))

    def conv(self, value, out, groups, kernel, strides, margins, dilations):
        """Constant weights: layouts are chosen for these alone."""
        spatial, channels = value.dims[2:], value.dims[1]
        low, high = margins
        sizes = [(size + a + b - d * (k - 1) - 1) // s + 1 for size, a, b, d, k, s
                 in zip(spatial, low, high, dilations, kernel, strides)]
        if min(sizes) < 1 or min(size + min(a, 0) + min(b, 0) for size, a, b in zip(spatial, low, high)) < 1:
            return None
        terms = channels // groups * math.prod(kernel)
        weight = self.constant(value.element, [out, channels // groups] + kernel)
        bias = self.constant(value.element, [out]) if self.random.random() < 0.5 else None
        if not weight:
            return None
        return self.add("conv", [value, weight] + ([bias] if bias else []),
                        f"strides = {array(strides)}, padding_low = {array(low)}, padding_high = {array(high)}, "
                        f"dilations = {array(dilations)}, groups = {groups} : i64",
                        self.product(value.element, value.dims[:1] + [out] + sizes, value, weight, terms, bias))

    def separable_op(self):
        """A pointwise convolution, an activation and a depthwise one, in whole panels of features:
        one kernel, unless somebody else reads what lies between."""
        def fits(value):
            return (value.element == "f32" and len(value.dims) == 4 and value.limit <= 16
                    and all(isinstance(dim, int) for dim in value.dims[1:]) and min(value.dims[2:]) > 1)
        value = self.pick(fits) if self.random.random() < 0.5 else None
        is_large = self.elements_max > ELEMENTS_MAX
        if not value:
            batch = SYMBOL if self.is_dynamic and self.random.random() < 0.3 else 1
            side = self.random.choice([24, 28] if is_large and batch == 1 else [3, 5, 7, 8])
            value = self.input("f32", [batch, self.random.choice([3, 8, 16]), side, side - self.random.randint(0, 1)])
        features = self.random.choice([8, 16, 24, 32, 48] if is_large else [8, 16, 24])
        between = self.conv(value, features, 1, [1, 1], [1, 1], ([0, 0], [0, 0]), [1, 1])
        if between:
            between = self.epilogue(between, self.random.choice(["", "", "relu", "relu", "hardswish", "sigmoid", "add"]))
        if not between:
            return
        kernel, stride = self.random.choice([1, 3, 3, 5]), self.random.choice([1, 1, 2])
        low, high = ([self.random.choice([0, kernel // 2, kernel // 2, 2]) for _ in range(2)] for _ in range(2))
        found = self.conv(between, features, features, [kernel] * 2, [stride] * 2, (low, high), [1, 1])
        if found:
            self.epilogue(found, self.random.choice(["", "relu", "silu", "add"]))

    def epilogue_op(self):
        """A contraction and what follows it in its kernel."""
        value = self.random.choice([self.linear_op, self.matmul_op, self.conv_op])()
        for _ in range(self.random.randint(1, 2)):
            value = value and self.epilogue(value, self.random.choice(["add", "add", "relu", "tanh"]))

    def epilogue(self, value, name):
        """`value` through an activation, or with a partner of its rank: "add" stands for any."""
        if name == "add":
            share = self.random.choice([0, 0.5, 0.5, 0.8])
            dims = [1 if self.random.random() < share else dim for dim in value.dims]
            other = self.random.choice([self.constant, self.input])(value.element, dims)
            return other and self.combine(value, other)
        if not name or not value.is_float:
            return value
        if name == "relu":
            return self.add(name, [value], "", self.like(value))
        slope, limit = BOUNDED[name] if name in BOUNDED else (GROWING[name], GROWING[name] * value.limit)
        return self.add(name, [value], "", self.rounded(value.element, value.dims, limit, slope * value.error, 4))

    def pool_op(self):
        value = self.pick(lambda value: len(value.dims) in (3, 4) and value.element != "i1"
                          and all(isinstance(dim, int) for dim in value.dims[1:]))
        if not value:
            return
        spatial = value.dims[2:]
        kernel = [self.random.randint(1, min(3, size)) for size in spatial]
        strides = [self.random.choice([1, 2]) for _ in spatial]
        margins = [self.random.randint(0, size // 2) for size in kernel]
        sizes = [(size + 2 * m - k) // s + 1 for size, m, k, s in zip(spatial, margins, kernel, strides)]
        dims = value.dims[:2] + sizes
        window = (f"kernel = {array(kernel)}, strides = {array(strides)}, padding_low = {array(margins)}, "
                  f"padding_high = {array(margins)}")
        if self.random.random() < 0.5:
            self.add("max_pool", [value], f"{window}, dilations = {array([1] * len(spatial))}",
                     self.like(value, dims=dims))
            return
        result = self.like(value, dims=dims)
        if value.is_float:
            result = self.rounded(value.element, dims, value.limit, value.error, 9)
        self.add("avg_pool", [value], window + self.random.choice(["", ", count_include_pad", ", divisor = 3 : i64"])
                 if math.prod(kernel) <= 3 else window, result)

    def quantized_linear_op(self):
        """Codes of quarters are exact, and so is what is computed with them."""
        value = self.pick(lambda value: value.element == "f32" and value.error == 0
                          and value.limit <= 16 and isinstance(value.dims[-1], int))
        if not value:
            return
        kind = "!quant.uniform<i8:f32, 0.25:3>"
        out = self.random.choice([1, 5, 8])
        weight = self.constant("f32", [out, value.dims[-1]])
        if not weight or weight.error:
            return
        codes = [self.add("quantize", [real], f"to = {kind}, scaling = #graph.scaling<divide>",
                          Value(kind, real.dims, 16.0), is_seen=False) for real in (value, weight)]
        if None in codes:
            return
        dims = value.dims[:-1] + [out]
        bias = self.add("constant", [], "", Value("i32", [out], 4.0),
                        self.nested([self.random.randint(-40, 40) for _ in range(out)], [out]))
        result = bias and self.add("linear", codes + [bias], "rounding = #graph.rounding<fp32_rne>, "
                                   f"result_element_type = {kind}", Value(kind, dims, 32.0), is_seen=False)
        if result and self.random.random() < 0.5:
            result = self.add("relu", [result], "", self.like(result), is_seen=False)
        if result:
            self.add("dequantize", [result], "", Value("f32", dims, 33.0))

    # Views

    def reshape_op(self):
        value = self.pick(may_be_empty=True)
        dims = list(value.dims)
        if len(dims) > 1 and self.random.random() < 0.6:
            at = self.random.randrange(len(dims) - 1)
            joined = self.join(dims[at], dims[at + 1])
            dims[at:at + 2] = [joined] if joined else dims[at:at + 2]
        else:
            at = self.random.randrange(len(dims))
            factors = [f for f in (2, 3, 4) if isinstance(dims[at], int) and dims[at] % f == 0]
            dims[at:at + 1] = [dims[at] // factors[0], factors[0]] if factors else [dims[at], 1]
        self.add("reshape", [value], f"dims = {dims_text(dims)}", self.like(value, dims=dims))

    @staticmethod
    def join(first, second):
        if isinstance(first, int) and isinstance(second, int):
            return first * second
        symbol, number = (first, second) if isinstance(first, str) else (second, first)
        if symbol != SYMBOL or not isinstance(number, int):
            return None
        return SYMBOL if number == 1 else f"{SYMBOL} * {number}"

    def permute_op(self):
        value = self.pick(lambda value: len(value.dims) > 1, may_be_empty=True)
        if value:
            order = list(range(len(value.dims)))
            self.random.shuffle(order)
            self.add("permute", [value], f"permutation = {array(order)}",
                     self.like(value, dims=[value.dims[i] for i in order]))

    def broadcast_op(self):
        value = self.pick(lambda value: 1 in value.dims, may_be_empty=True)
        if value:
            dims = [self.random.choice([1, 3]) if dim == 1 else dim for dim in value.dims]
            if self.random.random() < 0.3:
                dims = [2] + dims
            self.add("broadcast", [value], f"dims = {dims_text(dims)}", self.like(value, dims=dims))

    def slice_op(self):
        value = self.pick(may_be_empty=True)
        starts, sizes, steps = [], [], []
        for dim in value.dims:
            start, size, step = 0, dim, 1
            if isinstance(dim, int) and dim and self.random.random() < 0.6:
                step = self.random.choice([1, 1, 2, -1])
                start = self.random.randrange(dim)
                room = start + 1 if step < 0 else -(-(dim - start) // step)
                size = self.random.randint(1, room)
            starts.append(start), sizes.append(size), steps.append(step)
        self.add("slice", [value], f"starts = {dims_text(starts)}, sizes = {dims_text(sizes)}, "
                 f"steps = {array(steps)}", self.like(value, dims=sizes))

    def insert_slice_op(self):
        data = self.pick(lambda value: all(isinstance(dim, int) for dim in value.dims))
        if data:
            sizes = [self.random.randint(1, dim) for dim in data.dims]
            starts = [self.random.randint(0, dim - size) for dim, size in zip(data.dims, sizes)]
            values = self.pick(lambda value: value.element == data.element and value.dims == sizes)
            values = values or self.input(data.element, sizes)
            self.add("insert_slice", [data, values], f"starts = {dims_text(starts)}, steps = {array([1] * len(sizes))}",
                     self.like(data, limit=max(data.limit, values.limit), error=data.error + values.error))

    def concat_op(self):
        value = self.pick(may_be_empty=True)
        dim = self.random.randrange(len(value.dims))
        if not isinstance(value.dims[dim], int):
            return
        def fits(other):
            return (other.element == value.element and len(other.dims) == len(value.dims)
                    and isinstance(other.dims[dim], int)
                    and all(a == b for i, (a, b) in enumerate(zip(other.dims, value.dims)) if i != dim))
        parts = [value] + [self.pick(fits, may_be_empty=True) for _ in range(self.random.randint(1, 2))]
        dims = list(value.dims)
        dims[dim] = sum(part.dims[dim] for part in parts)
        self.add("concat", parts, f"dim = {dim} : i64", self.like(
            value, dims=dims, limit=max(part.limit for part in parts), error=max(part.error for part in parts)))

    def pad_op(self):
        value = self.pick(lambda value: value.element != "i1")
        mode = self.random.choice(["constant", "reflect", "replicate", "circular"]) if value else ""
        low, high, dims = [], [], []
        for dim in value.dims if value else ():
            a = b = 0
            if isinstance(dim, int) and dim > 1 and self.random.random() < 0.6:
                a, b = (self.random.randint(-1 if dim > 2 else 0, min(2, dim - 1)) for _ in range(2))
            low.append(a), high.append(b), dims.append(dim + a + b if isinstance(dim, int) else dim)
        if not value:
            return
        margin = ""
        if mode == "constant":
            margin = f", value = {'1.5' if value.is_float else '3'} : {value.element}"
        self.add("pad", [value], f"low = {array(low)}, high = {array(high)}, mode = #graph.pad_mode<{mode}>{margin}",
                 self.like(value, dims=dims, limit=max(value.limit, 3)))

    # Gathers

    def gather_op(self):
        value = self.pick(lambda value: any(isinstance(dim, int) for dim in value.dims))
        if not value:
            return
        dim = self.random.choice([i for i, size in enumerate(value.dims) if isinstance(size, int)])
        shape = [self.random.randint(1, 4) for _ in range(self.random.randint(1, 2))]
        indices = self.input(self.random.choice(["i32", "i64"]), shape, "indices", value.dims[dim])
        dims = value.dims[:dim] + shape + value.dims[dim + 1:]
        self.add("gather", [value, indices], f"dim = {dim} : i64", self.like(value, dims=dims))

    def gather_elements_op(self):
        value = self.pick(lambda value: all(isinstance(dim, int) for dim in value.dims))
        if value:
            dim = self.random.randrange(len(value.dims))
            dims = list(value.dims)
            dims[dim] = self.random.randint(1, 4)
            indices = self.input("i64", dims, "indices", value.dims[dim])
            self.add("gather_elements", [value, indices], f"dim = {dim} : i64", self.like(value, dims=dims))

    def index_put_op(self):
        data = self.pick(lambda value: value.element != "i1" and isinstance(value.dims[0], int))
        if data:
            count = self.random.randint(1, 3)
            indices = self.input("i64", [count], "indices", data.dims[0])
            values = self.input(data.element, [count] + data.dims[1:])
            result = self.like(data, limit=max(data.limit, values.limit))
            accumulate = self.random.random() < 0.5
            if accumulate:
                result = self.summed(data.element, data.dims, data.limit + 4 * count, data.error)
            self.add("index_put", [data, values, indices], "dims = array<i64: 0>" + (", accumulate" if accumulate else ""),
                     result)


def generate(seed):
    return Generator(seed).generate()
