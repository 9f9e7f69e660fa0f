#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes test/conformance/*.mlir: operator cases whose expected values PyTorch computed.

Run by hand, with torch==2.13.0 installed, when a case is added:

    python3 test/python/make_conformance.py

Tests read the files and need no torch. Each function is one case:
`conformance.inputs` and `conformance.expected` are its values, and
`conformance.tolerance` bounds |computed - expected| / max(1, |expected|) (0:
equal; NaN equals NaN). Float cases are computed in float64 and rounded to the
case's type, unless the operator is defined by its steps in that type.
"""
import itertools
import math
import os

import torch
import torch.nn.functional as F

OUT = os.path.join(os.path.dirname(__file__), "..", "conformance")
NAMES = {
    torch.float32: "f32", torch.float64: "f64", torch.float16: "f16", torch.bfloat16: "bf16",
    torch.int8: "i8", torch.int16: "i16", torch.int32: "i32", torch.int64: "i64",
    torch.uint8: "ui8", torch.bool: "i1",
}
TOLERANCE = {torch.float32: 2.5e-7, torch.float64: 1e-13, torch.float16: 1e-3, torch.bfloat16: 8e-3}
FLOATS = [torch.float32, torch.float64, torch.float16, torch.bfloat16]
INTEGERS = [torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8]
HEX = {torch.float32: ("0x%08X", torch.int32, 0xFFFFFFFF), torch.float64: ("0x%016X", torch.int64, 2**64 - 1),
       torch.float16: ("0x%04X", torch.int16, 0xFFFF), torch.bfloat16: ("0x%04X", torch.int16, 0xFFFF)}
families = {}


class Quantized:
    """Codes of a quantized type; `text` is the MLIR element type."""

    def __init__(self, codes, text):
        self.codes, self.text = codes, text


def element(x):
    value = x.item()
    if x.dtype == torch.bool:
        return "true" if value else "false"
    if not x.dtype.is_floating_point:
        return str(value)
    if math.isfinite(value):
        text = repr(value)
        return text if "." in text else text.replace("e", ".0e")
    form, bits, mask = HEX[x.dtype]
    return form % (x.reshape(1).view(bits).item() & mask)


def literal(x):
    def nested(t):
        return element(t) if t.dim() == 0 else "[" + ", ".join(nested(s) for s in t) + "]"
    return "dense<%s> : %s" % ("" if x.numel() == 0 else nested(x), mlir_type(x, storage=True))


def mlir_type(x, storage=False):
    if isinstance(x, Quantized):
        return tensor_type(x.codes.shape, NAMES[x.codes.dtype] if storage else x.text)
    return tensor_type(x.shape, NAMES[x.dtype])


def tensor_type(shape, name):
    return "tensor<%s%s>" % ("".join("%dx" % n for n in shape), name)


def case(family, name, op, inputs, expected, attributes="", tolerance=None):
    """One function: `op` applied to all inputs, in order."""
    expected = expected if isinstance(expected, (tuple, list)) else [expected]
    values = lambda xs: ", ".join(literal(x.codes if isinstance(x, Quantized) else x) for x in xs)
    first = expected[0]
    if tolerance is None:
        tolerance = 0 if isinstance(first, Quantized) else TOLERANCE.get(first.dtype, 0)
    types = [mlir_type(x) for x in expected]
    names = ", ".join("%%%d" % i for i in range(len(inputs)))
    results = ", ".join("%%r#%d" % i for i in range(len(types))) if len(types) > 1 else "%r"
    binding = "%%r:%d" % len(types) if len(types) > 1 else "%r"
    arguments = ", ".join("%%%d: %s" % (i, mlir_type(x)) for i, x in enumerate(inputs))
    signature = "(%s) -> %s" % (", ".join(mlir_type(x) for x in inputs),
                                types[0] if len(types) == 1 else "(" + ", ".join(types) + ")")
    text = """func.func @{name}({arguments}) -> ({types}) attributes {{
    conformance.inputs = [{inputs}],
    conformance.expected = [{expected}],
    conformance.tolerance = {tolerance:.17f}}} {{
  {binding} = graph.{op} {names}{attributes} : {signature}
  return {results} : {types}
}}
""".format(name=name, arguments=arguments, types=", ".join(types), inputs=values(inputs),
           expected=values(expected), tolerance=tolerance, binding=binding, op=op, names=names,
           attributes=" {%s}" % attributes if attributes else "", signature=signature, results=results)
    cases = families.setdefault(family, {})
    assert name not in cases, name
    cases[name] = text


def grid(shape, dtype=torch.float32, seed=1, span=3.0):
    """Numbers on a coarse grid, exact in every float type."""
    generator = torch.Generator().manual_seed(seed)
    if dtype == torch.bool:
        return torch.randint(0, 2, shape, generator=generator).bool()
    if dtype.is_floating_point:
        steps = int(span * 16)
        return (torch.randint(-steps, steps + 1, shape, generator=generator) / 16).to(dtype)
    low = 0 if dtype == torch.uint8 else -9
    return torch.randint(low, 10, shape, generator=generator).to(dtype)


def special(dtype):
    values = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.5, 3.5, 0.001, 10.0, -7.0,
              math.inf, -math.inf, math.nan]
    return torch.tensor(values, dtype=torch.float64).to(dtype)


def via64(function, *xs):
    """The function in float64, rounded to the first operand's type."""
    wide = [x.double() if x.dtype.is_floating_point else x for x in xs]
    result = function(*wide)
    dtype = xs[0].dtype
    return result.to(torch.float32).to(dtype) if dtype in (torch.float16, torch.bfloat16) else result.to(dtype)


def array(values):
    return "array<i64: %s>" % ", ".join(map(str, values)) if len(values) else "array<i64>"


# ---------------------------------------------------------------------------- elementwise
UNARY = {
    "abs": torch.abs, "neg": torch.neg, "exp": torch.exp, "exp2": torch.exp2, "expm1": torch.expm1,
    "log": torch.log, "log2": torch.log2, "log10": torch.log10, "log1p": torch.log1p,
    "sqrt": torch.sqrt, "rsqrt": torch.rsqrt, "reciprocal": torch.reciprocal, "sin": torch.sin,
    "cos": torch.cos, "tan": torch.tan, "tanh": torch.tanh, "atan": torch.atan, "erf": torch.erf,
    "sigmoid": torch.sigmoid, "silu": F.silu, "hardsigmoid": F.hardsigmoid, "hardswish": F.hardswish,
    "relu": torch.relu, "floor": torch.floor, "ceil": torch.ceil, "trunc": torch.trunc,
    "round": torch.round, "gelu": F.gelu,
}


def elementwise():
    for name, function in UNARY.items():
        for dtype in FLOATS:
            case("unary", "%s_%s" % (name, NAMES[dtype]), name, [special(dtype)],
                 via64(function, special(dtype)))
    for name, shape in [("empty", (0, 3)), ("rank0", ()), ("odd", (3, 5, 7))]:
        x = grid(shape)
        case("unary", "tanh_" + name, "tanh", [x], via64(torch.tanh, x))
    x = special(torch.float32)
    case("unary", "gelu_tanh", "gelu", [x], via64(lambda v: F.gelu(v, approximate="tanh"), x), "tanh")
    case("unary", "elu", "elu", [x], via64(lambda v: F.elu(v, 0.5), x),
         "alpha = 0.5 : f64, scale = 1.0 : f64, input_scale = 1.0 : f64")
    case("unary", "selu", "elu", [x], via64(F.selu, x),
         "alpha = 1.6732632423543772 : f64, scale = 1.0507009873554805 : f64, input_scale = 1.0 : f64")
    case("unary", "leaky_relu", "leaky_relu", [x], via64(lambda v: F.leaky_relu(v, 0.1), x), "slope = 0.1 : f64")
    case("unary", "clamp_f32", "clamp", [x], torch.clamp(x, -1.5, 2.0), "low = -1.5 : f64, high = 2.0 : f64")
    case("unary", "clamp_low", "clamp", [x], torch.clamp(x, min=0.25), "low = 0.25 : f64")
    for dtype in INTEGERS:
        x = torch.tensor([0, 1, 5, 100, torch.iinfo(dtype).max, torch.iinfo(dtype).min], dtype=dtype)
        for name, function in [("abs", torch.abs), ("neg", torch.neg), ("sign", torch.sign),
                               ("relu", torch.relu), ("not", torch.bitwise_not)]:
            case("unary", "%s_%s" % (name, NAMES[dtype]), name, [x], function(x))
        case("unary", "clamp_%s" % NAMES[dtype], "clamp", [x], torch.clamp(x, 1, 7), "low = 1 : i64, high = 7 : i64")
    flags = torch.tensor([True, False, True])
    case("unary", "not_i1", "not", [flags], torch.logical_not(flags))
    casts()


def casts():
    for source in FLOATS:
        x = torch.tensor([0.0, 1.5, -1.5, 2.5, 100.25, -3.75], dtype=source)
        for to in INTEGERS + FLOATS + [torch.bool]:
            y = x.abs() if to == torch.uint8 else x
            if source != to:
                case("cast", "cast_%s_%s" % (NAMES[source], NAMES[to]), "cast", [y], y.to(to),
                     "to = %s" % NAMES[to], tolerance=0)
    for source in INTEGERS + [torch.bool]:
        x = grid((6,), source) if source == torch.bool else torch.tensor(
            [0, 1, 77, torch.iinfo(source).max, torch.iinfo(source).min], dtype=source)
        for to in INTEGERS + FLOATS[:2] + [torch.bool]:
            if source != to:
                case("cast", "cast_%s_%s" % (NAMES[source], NAMES[to]), "cast", [x], x.to(to),
                     "to = %s" % NAMES[to], tolerance=0)


def binary():
    pairs = list(itertools.product([0.0, 1.0, -2.5, 7.0, math.inf, -math.inf, math.nan], repeat=2))
    for dtype in FLOATS:
        a = torch.tensor([p[0] for p in pairs], dtype=dtype)
        b = torch.tensor([p[1] for p in pairs], dtype=dtype)
        for name, function in [("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("div", torch.div),
                               ("maximum", torch.maximum), ("minimum", torch.minimum), ("pow", torch.pow),
                               ("atan2", torch.atan2), ("fmod", torch.fmod)]:
            case("binary", "%s_%s" % (name, NAMES[dtype]), name, [a, b], via64(function, a, b))
    a, b = a.float(), b.float()
    for name, function in [("floor_div", torch.floor_divide), ("remainder", torch.remainder),
                           ("trunc_div", lambda x, y: torch.div(x, y, rounding_mode="trunc"))]:
        case("binary", name + "_f32", name, [a, b], function(a, b))
        x, y = grid((40,), seed=4), grid((40,), seed=5) / 3
        case("binary", name + "_grid_f32", name, [x, y], function(x, y))
    for dtype in INTEGERS:
        top, low = torch.iinfo(dtype).max, torch.iinfo(dtype).min
        values = [1, 3, 7, top, low if low else 2] + ([-1, -3] if low else [])
        a = torch.tensor([p[0] for p in itertools.product(values, repeat=2)], dtype=dtype)
        b = torch.tensor([p[1] for p in itertools.product(values, repeat=2)], dtype=dtype)
        for name, function in [("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("and", torch.bitwise_and),
                               ("or", torch.bitwise_or), ("xor", torch.bitwise_xor), ("maximum", torch.maximum),
                               ("minimum", torch.minimum)]:
            case("binary", "%s_%s" % (name, NAMES[dtype]), name, [a, b], function(a, b))
        keep = ~((a == low) & (b == -1)) if low else torch.ones_like(a, dtype=torch.bool)
        a, b = a[keep], b[keep]  # the machine's own division traps on MIN / -1
        for name, function in [("floor_div", torch.floor_divide), ("remainder", torch.remainder),
                               ("fmod", torch.fmod), ("trunc_div", lambda x, y: torch.div(x, y, rounding_mode="trunc"))]:
            case("binary", "%s_%s" % (name, NAMES[dtype]), name, [a, b], function(a, b))
        base = torch.tensor([0, 1, 2, 3, 5], dtype=dtype)
        exponent = torch.tensor([0, 3, 2, 4, 1], dtype=dtype)
        case("binary", "pow_%s" % NAMES[dtype], "pow", [base, exponent], torch.pow(base, exponent))
    for name, left, right in [("row", (3, 5), (5,)), ("outer", (4, 1), (1, 3)), ("rank", (2, 1, 3), (4, 1)),
                              ("scalar", (2, 3), ()), ("empty", (0, 3), (1, 3))]:
        x, y = grid(left, seed=7), grid(right, seed=8)
        case("binary", "add_broadcast_" + name, "add", [x, y], x + y)
    for kind in ["eq", "ne", "lt", "le", "gt", "ge"]:
        for dtype in [torch.float32, torch.int64, torch.uint8]:
            x = special(dtype) if dtype.is_floating_point else grid((14,), dtype, seed=2)
            y = x.flip(0)
            case("binary", "compare_%s_%s" % (kind, NAMES[dtype]), "compare", [x, y], getattr(torch, kind)(x, y),
                 "kind = #graph.compare_kind<%s>" % kind)
    condition = grid((3, 1), torch.bool)
    for dtype in [torch.float32, torch.int8, torch.bfloat16]:
        x, y = grid((3, 4), dtype, seed=3), grid((4,), dtype, seed=4)
        case("binary", "where_%s" % NAMES[dtype], "where", [condition, x, y], torch.where(condition, x, y))


# ---------------------------------------------------------------------------- data movement
def movement():
    for dtype in [torch.float32, torch.int8, torch.bool, torch.float64]:
        x = grid((2, 3, 4), dtype)
        suffix = NAMES[dtype]
        case("shape", "permute_" + suffix, "permute", [x], x.permute(2, 0, 1), "permutation = array<i64: 2, 0, 1>")
        case("shape", "reshape_" + suffix, "reshape", [x], x.reshape(4, 6), "dims = #graph.dims<[4, 6]>")
        case("shape", "slice_" + suffix, "slice", [x], x[1:2, :, 0:4:2],
             "starts = #graph.dims<[1, 0, 0]>, sizes = #graph.dims<[1, 3, 2]>, steps = array<i64: 1, 1, 2>")
        case("shape", "slice_reverse_" + suffix, "slice", [x], x.flip(2),
             "starts = #graph.dims<[0, 0, 3]>, sizes = #graph.dims<[2, 3, 4]>, steps = array<i64: 1, 1, -1>")
        y = grid((2, 1, 4), dtype, seed=2)
        case("shape", "concat_" + suffix, "concat", [x, y], torch.cat([x, y], 1), "dim = 1 : i64")
        case("shape", "broadcast_" + suffix, "broadcast", [y], y.expand(3, 2, 5, 4), "dims = #graph.dims<[3, 2, 5, 4]>")
        source = grid((2, 1, 2), dtype, seed=3)
        out = x.clone()
        out[:, 1:2, 0:4:2] = source
        case("shape", "insert_slice_" + suffix, "insert_slice", [x, source], out,
             "starts = #graph.dims<[0, 1, 0]>, steps = array<i64: 1, 1, 2>")
    # One row left of a stepped dimension: consecutive elements, so a view.
    x = grid((4, 8))
    case("shape", "slice_one_row", "slice", [x], x[::4],
         "starts = #graph.dims<[0, 0]>, sizes = #graph.dims<[1, 8]>, steps = array<i64: 4, 1>")
    x = grid((2, 3, 4))
    case("shape", "slice_one_plane", "slice", [x], x[::2],
         "starts = #graph.dims<[0, 0, 0]>, sizes = #graph.dims<[1, 3, 4]>, steps = array<i64: 2, 1, 1>")
    x = grid((4, 4, 16))
    case("shape", "slice_row_of_plane", "slice", [x], x[1:2, 2:3],
         "starts = #graph.dims<[1, 2, 0]>, sizes = #graph.dims<[1, 1, 16]>, steps = array<i64: 1, 1, 1>")
    x = grid((4, 4, 4))
    case("shape", "slice_row_unaligned", "slice", [x], x[1:2, 2:3],
         "starts = #graph.dims<[1, 2, 0]>, sizes = #graph.dims<[1, 1, 4]>, steps = array<i64: 1, 1, 1>")
    x = grid((1, 2, 5))
    for mode in ["constant", "reflect", "replicate", "circular"]:
        case("shape", "pad_" + mode, "pad", [x], F.pad(x, (2, 3), mode=mode, **({"value": 1.5} if mode == "constant" else {})),
             "low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, 3>, mode = #graph.pad_mode<%s>%s"
             % (mode, ", value = 1.5 : f32" if mode == "constant" else ""))
    case("shape", "pad_crop", "pad", [x], F.pad(x, (-1, -2)),
         "low = array<i64: 0, 0, -1>, high = array<i64: 0, 0, -2>, mode = #graph.pad_mode<constant>, value = 0.0 : f32")
    for dtype, value in [(torch.float16, "1.5"), (torch.bfloat16, "1.5"), (torch.float64, "1.5"), (torch.int64, "7")]:
        typed = grid((1, 2, 5), dtype)
        case("shape", "pad_constant_" + NAMES[dtype], "pad", [typed], F.pad(typed, (2, -1), value=float(value)),
             "low = array<i64: 0, 0, 2>, high = array<i64: 0, 0, -1>, mode = #graph.pad_mode<constant>, value = %s : %s"
             % (value, NAMES[dtype]))
    case("shape", "concat_empty", "concat", [grid((0, 3)), grid((2, 3))], grid((2, 3)), "dim = 0 : i64")
    indices()


def indices():
    data = grid((5, 4, 3))
    at = torch.tensor([[0, -1], [3, 2]])
    for dim in range(3):
        part = at.clamp(-2, 2)
        case("index", "gather_dim%d" % dim, "gather", [data, part],
             torch.index_select(data, dim, part.flatten() % data.shape[dim]).reshape(
                 data.shape[:dim] + part.shape + data.shape[dim + 1:]), "dim = %d : i64" % dim)
    case("index", "gather_none", "gather", [data, torch.zeros(0, dtype=torch.int64)], data[:0], "dim = 0 : i64")
    picks = torch.randint(0, 4, (5, 2, 3), generator=torch.Generator().manual_seed(1))
    case("index", "gather_elements", "gather_elements", [data, picks], torch.gather(data, 1, picks), "dim = 1 : i64")
    i, j = torch.tensor([0, 2, 4]), torch.tensor([[1], [-1]])
    case("index", "index_consecutive", "index", [data, i, j], data[i, j], "dims = array<i64: 0, 1>")
    case("index", "index_inner", "index", [data, j, torch.tensor([0, 2])], data[:, j, torch.tensor([0, 2])],
         "dims = array<i64: 1, 2>")
    case("index", "index_apart", "index", [data, i, torch.tensor([2, 1, 0])], data[i, :, torch.tensor([2, 1, 0])],
         "dims = array<i64: 0, 2>")
    for dtype in [torch.int64, torch.float16, torch.bfloat16, torch.float64, torch.uint8]:
        typed = grid((5, 4, 3), dtype)
        case("index", "gather_" + NAMES[dtype], "gather", [typed, at.clamp(-2, 2)], typed[:, at.clamp(-2, 2)], "dim = 1 : i64")
        case("index", "gather_elements_" + NAMES[dtype], "gather_elements", [typed, picks],
             torch.gather(typed, 1, picks), "dim = 1 : i64")
        case("index", "index_" + NAMES[dtype], "index", [typed, i, j], typed[i, j], "dims = array<i64: 0, 1>")
        put = grid((3, 3), dtype, seed=9)
        case("index", "index_put_" + NAMES[dtype], "index_put", [typed, put, i, torch.tensor([3, 0, 1])],
             typed.index_put((i, torch.tensor([3, 0, 1])), put), "dims = array<i64: 0, 1>")
    values = grid((3, 3), seed=9)
    spots = torch.tensor([3, 0, 1])
    case("index", "index_put", "index_put", [data, values, i, spots], data.index_put((i, spots), values),
         "dims = array<i64: 0, 1>")
    same = torch.tensor([1, 1, 1])
    case("index", "index_put_accumulate", "index_put", [data, values, same, same],
         data.index_put((same, same), values, accumulate=True), "dims = array<i64: 0, 1>, accumulate")


# ---------------------------------------------------------------------------- contractions
def contractions():
    for dtype in FLOATS:
        x, w, b = grid((2, 3, 5), dtype), grid((4, 5), dtype, seed=2), grid((4,), dtype, seed=3)
        case("contraction", "linear_" + NAMES[dtype], "linear", [x, w, b], via64(F.linear, x, w, b))
    x, w = grid((3,)), grid((2, 3), seed=2)
    case("contraction", "linear_vector", "linear", [x, w], via64(F.linear, x, w))
    case("contraction", "linear_no_rows", "linear", [grid((0, 3)), w], grid((0, 2)))
    for name, left, right in [("plain", (3, 4), (4, 5)), ("batched", (2, 3, 4), (2, 4, 2)), ("broadcast", (2, 1, 3, 4), (5, 4, 2)),
                              ("empty_k", (2, 0), (0, 3)), ("column", (3, 4), (4, 1))]:
        x, y = grid(left), grid(right, seed=2)
        case("contraction", "matmul_" + name, "matmul", [x, y], via64(torch.matmul, x, y))
    for dtype in FLOATS[1:]:
        x, y = grid((2, 3, 7), dtype), grid((7, 5), dtype, seed=2)
        case("contraction", "matmul_" + NAMES[dtype], "matmul", [x, y], via64(torch.matmul, x, y))
    for dtype in INTEGERS:
        x, y = grid((3, 7), dtype), grid((7, 2), dtype, seed=2)
        case("contraction", "matmul_" + NAMES[dtype], "matmul", [x, y], torch.matmul(x.long(), y.long()).to(dtype))
    x = torch.tensor([[math.nan, 1.0], [math.inf, 0.0]])
    case("contraction", "matmul_special", "matmul", [x, torch.eye(2)], torch.matmul(x, torch.eye(2)))
    attention()


def attention():
    q, k, v = grid((2, 3, 4, 8), seed=1, span=1), grid((2, 3, 5, 8), seed=2, span=1), grid((2, 3, 5, 6), seed=3)
    scale = "scale = %r : f64" % (1 / math.sqrt(8))
    sdpa = lambda **kw: lambda *xs: F.scaled_dot_product_attention(*xs, **kw)
    case("contraction", "sdpa", "sdpa", [q, k, v], via64(sdpa(), q, k, v), scale)
    for dtype in FLOATS[1:]:
        typed = [x.to(dtype) for x in (q, k, v)]
        case("contraction", "sdpa_" + NAMES[dtype], "sdpa", typed, via64(sdpa(), *typed), scale)
    mask = grid((4, 5), torch.bool, seed=4)
    mask[:, 0] = True
    case("contraction", "sdpa_keep_mask", "sdpa", [q, k, v, mask],
         via64(lambda *xs: F.scaled_dot_product_attention(*xs[:3], attn_mask=mask), q, k, v), scale)
    added = grid((2, 1, 4, 5), seed=5)
    case("contraction", "sdpa_added_mask", "sdpa", [q, k, v, added],
         via64(lambda a, b, c, m: F.scaled_dot_product_attention(a, b, c, attn_mask=m), q, k, v, added), scale)
    case("contraction", "sdpa_causal", "sdpa", [q, k, v], via64(sdpa(is_causal=True), q, k, v), scale + ", is_causal")
    few, fewer = grid((2, 1, 5, 8), seed=6, span=1), grid((2, 1, 5, 6), seed=7)
    case("contraction", "sdpa_gqa", "sdpa", [q, few, fewer], via64(sdpa(enable_gqa=True), q, few, fewer), scale + ", enable_gqa")


def convolutions():
    def conv(name, x, w, b, stride, padding, dilation, groups, dtype=torch.float32):
        function = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}[len(stride)]
        inputs = [x, w] + ([b] if b is not None else [])
        run = lambda *xs: function(xs[0], xs[1], xs[2] if len(xs) > 2 else None, stride, padding, dilation, groups)
        case("convolution", name, "conv", inputs, via64(run, *inputs),
             "strides = %s, padding_low = %s, padding_high = %s, dilations = %s, groups = %d : i64"
             % (array(stride), array(padding), array(padding), array(dilation), groups))
    for dtype in FLOATS:
        conv("conv2d_" + NAMES[dtype], grid((2, 3, 6, 5), dtype), grid((4, 3, 3, 3), dtype, seed=2), grid((4,), dtype, seed=3),
             [1, 1], [1, 1], [1, 1], 1)
    conv("conv1d_stride", grid((1, 4, 9)), grid((2, 4, 3), seed=2), None, [2], [0], [1], 1)
    conv("conv1d_dilated", grid((1, 2, 9)), grid((2, 2, 3), seed=2), grid((2,), seed=3), [1], [2], [2], 1)
    conv("conv2d_depthwise", grid((1, 4, 7, 7)), grid((4, 1, 3, 3), seed=2), grid((4,), seed=3), [2, 2], [1, 1], [1, 1], 4)
    conv("conv2d_groups", grid((1, 4, 5, 5)), grid((6, 2, 1, 3), seed=2), None, [1, 2], [0, 1], [1, 1], 2)
    conv("conv3d", grid((1, 2, 4, 4, 4)), grid((3, 2, 2, 3, 2), seed=2), grid((3,), seed=3), [1, 1, 2], [0, 1, 1], [1, 1, 1], 1)
    conv("conv2d_no_batch", grid((0, 3, 4, 4)), grid((2, 3, 3, 3), seed=2), None, [1, 1], [0, 0], [1, 1], 1)
    x = grid((1, 2, 4, 4))
    even = F.conv2d(F.pad(x, (0, 1, 0, 1)).double(), grid((3, 2, 2, 2), seed=2).double()).float()
    case("convolution", "conv2d_same_even", "conv", [x, grid((3, 2, 2, 2), seed=2)], even,
         "strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64")
    for name, groups, weight in [("transposed", 1, (4, 3, 3, 2)), ("transposed_groups", 2, (4, 3, 3, 2))]:
        x, w, b = grid((2, 4, 3, 4)), grid(weight, seed=2), grid((weight[1] * groups,), seed=3)
        run = lambda a, c, d: F.conv_transpose2d(a, c, d, [2, 1], [1, 0], [1, 0], groups, [1, 2])
        case("convolution", "conv2d_" + name, "conv", [x, w, b], via64(run, x, w, b),
             "strides = array<i64: 2, 1>, padding_low = array<i64: 1, 0>, padding_high = array<i64: 1, 0>, "
             "dilations = array<i64: 1, 2>, groups = %d : i64, transposed, output_padding = array<i64: 1, 0>" % groups)


def recurrent():
    for bidirectional, batch_first, layers in [(False, False, 1), (True, True, 2)]:
        d = 2 if bidirectional else 1
        for kind, gates in [("lstm", 4), ("gru", 3)]:
            module = getattr(torch.nn, kind.upper())(3, 4, layers, batch_first=batch_first, bidirectional=bidirectional).double()
            weights = [grid(tuple(p.shape), seed=10 + i, span=1) for i, p in enumerate(module.parameters())]
            with torch.no_grad():
                for p, w in zip(module.parameters(), weights):
                    p.copy_(w)
            x = grid((2, 5, 3) if batch_first else (5, 2, 3))
            h, c = grid((layers * d, 2, 4), seed=2, span=1), grid((layers * d, 2, 4), seed=3, span=1)
            with torch.no_grad():
                if kind == "lstm":
                    out, (hn, cn) = module(x.double(), (h.double(), c.double()))
                    inputs, expected = [x, h, c], [out, hn, cn]
                else:
                    out, hn = module(x.double(), h.double())
                    inputs, expected = [x, h], [out, hn]
            flags = ", has_biases" + (", bidirectional" if bidirectional else "") + (", batch_first" if batch_first else "")
            case("recurrent", "%s_%d_layers" % (kind, layers), kind, inputs + weights, [e.float() for e in expected],
                 "layers = %d : i64%s" % (layers, flags))


# ---------------------------------------------------------------------------- reductions, norms, pools
def reductions():
    functions = {"sum": lambda x, d, k: torch.sum(x, d, k), "mean": lambda x, d, k: torch.mean(x, d, k),
                 "max": lambda x, d, k: torch.amax(x, d, k), "min": lambda x, d, k: torch.amin(x, d, k)}
    for kind, function in functions.items():
        for dtype in FLOATS + ([] if kind == "mean" else [torch.int32, torch.int8]):
            for name, dims, keep in [("last", [2], False), ("keep", [0, 2], True), ("all", [0, 1, 2], False)]:
                x = grid((3, 4, 5), dtype)
                expected = via64(lambda v: function(v, dims, keep), x) if dtype.is_floating_point else function(
                    x.long() if kind == "sum" else x, dims, keep).to(dtype)
                case("reduction", "%s_%s_%s" % (kind, name, NAMES[dtype]), "reduce", [x], expected,
                     "kind = #graph.reduce_kind<%s>, dims = %s%s" % (kind, array(dims), ", keep_dims" if keep else ""))
    x = grid((2, 3), span=2)
    case("reduction", "prod", "reduce", [x], torch.prod(x.double(), 1).float(), "kind = #graph.reduce_kind<prod>, dims = array<i64: 1>")
    flags = torch.tensor([[True, False], [True, True], [False, False]])
    for kind in ["any", "all"]:
        case("reduction", kind, "reduce", [flags], getattr(torch, kind)(flags, 1), "kind = #graph.reduce_kind<%s>, dims = array<i64: 1>" % kind)
    case("reduction", "sum_empty", "reduce", [grid((2, 0))], torch.zeros(2), "kind = #graph.reduce_kind<sum>, dims = array<i64: 1>")
    case("reduction", "mean_empty", "reduce", [grid((2, 0))], torch.full((2,), math.nan), "kind = #graph.reduce_kind<mean>, dims = array<i64: 1>")
    odd = torch.tensor([[1.0, math.nan, 3.0], [math.inf, 2.0, math.inf], [-1.0, -1.0, -math.inf]])
    for kind in ["max", "min"]:
        case("reduction", kind + "_special", "reduce", [odd], functions[kind](odd, [1], False), "kind = #graph.reduce_kind<%s>, dims = array<i64: 1>" % kind)
        for name, x in [("special", odd), ("ties", torch.tensor([[1, 3, 3], [0, 0, 0], [2, 1, 2]]))]:
            case("reduction", "arg%s_%s" % (kind, name), "arg_reduce", [x], getattr(torch, "arg" + kind)(x, 1), "kind = #graph.reduce_kind<%s>, dim = 1 : i64" % kind)
        case("reduction", "arg%s_keep" % kind, "arg_reduce", [odd], getattr(torch, "arg" + kind)(odd, 0, True), "kind = #graph.reduce_kind<%s>, dim = 0 : i64, keep_dim" % kind)
    for dtype in FLOATS + [torch.int64, torch.int8]:
        x = grid((3, 4), dtype)
        expected = via64(lambda v: torch.cumsum(v, 1), x) if dtype.is_floating_point else torch.cumsum(x, 1).to(dtype)
        case("reduction", "cumsum_" + NAMES[dtype], "cumsum", [x], expected, "dim = 1 : i64")
    # A running sum of one element each, between other dimensions of size 1.
    for shape, dim in [((1, 14, 2, 1), 3), ((1, 3, 1), 2), ((1, 3, 1), 0), ((1, 3, 1, 2), 2)]:
        x = grid(shape)
        case("reduction", "cumsum_unit_%s_dim%d" % ("x".join(map(str, shape)), dim), "cumsum", [x], torch.cumsum(x, dim), "dim = %d : i64" % dim)
    for dtype in FLOATS:
        x = grid((3, 4, 5), dtype)
        for dim in [0, 2]:
            case("reduction", "softmax_%d_%s" % (dim, NAMES[dtype]), "softmax", [x], via64(lambda v: torch.softmax(v, dim), x), "dim = %d : i64" % dim)
        case("reduction", "log_softmax_" + NAMES[dtype], "softmax", [x], via64(lambda v: torch.log_softmax(v, 1), x), "dim = 1 : i64, log")
    wild = torch.tensor([[0.0, -math.inf, 1.0], [-math.inf, -math.inf, -math.inf], [math.nan, 0.0, 0.0], [1000.0, 0.0, -1000.0]])
    case("reduction", "softmax_special", "softmax", [wild], torch.softmax(wild, 1), "dim = 1 : i64")


def norms():
    for dtype in FLOATS:
        s = NAMES[dtype]
        x, w, b = grid((2, 3, 8), dtype), grid((8,), dtype, seed=2), grid((8,), dtype, seed=3)
        attrs = "normalized_rank = 1 : i64, epsilon = 1.0e-5 : f64"
        sizes = "operandSegmentSizes = array<i32: 1, 1, 1>"
        case("norm", "layer_norm_" + s, "layer_norm", [x, w, b], via64(lambda a, c, d: F.layer_norm(a, (8,), c, d), x, w, b), attrs + ", " + sizes)
        case("norm", "rms_norm_" + s, "rms_norm", [x, w], via64(lambda a, c: F.rms_norm(a, (8,), c, 1e-5), x, w), attrs)
        x, w, b = grid((2, 6, 3, 2), dtype), grid((6,), dtype, seed=2), grid((6,), dtype, seed=3)
        case("norm", "group_norm_" + s, "group_norm", [x, w, b], via64(lambda a, c, d: F.group_norm(a, 3, c, d), x, w, b), "groups = 3 : i64, epsilon = 1.0e-5 : f64, " + sizes)
        mean, variance = grid((6,), dtype, seed=4), grid((6,), dtype, seed=5).abs() + 1
        case("norm", "batch_norm_" + s, "batch_norm", [x, mean, variance, w, b],
             via64(lambda a, m, v, c, d: F.batch_norm(a, m, v, c, d, eps=1e-3), x, mean, variance, w, b),
             "epsilon = 1.0e-3 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>")
    x = grid((2, 3, 4))
    case("norm", "layer_norm_plain", "layer_norm", [x], via64(lambda a: F.layer_norm(a, (3, 4)), x),
         "normalized_rank = 2 : i64, epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 0, 0>")


def pools():
    for dtype in FLOATS:
        x = grid((1, 2, 7, 6), dtype)
        window = "kernel = array<i64: 3, 2>, strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>"
        s = NAMES[dtype]
        case("pool", "max_pool_" + s, "max_pool", [x], F.max_pool2d(x, (3, 2), 2, (1, 1)), window + ", dilations = array<i64: 1, 1>", tolerance=0)
        case("pool", "avg_pool_" + s, "avg_pool", [x], via64(lambda v: F.avg_pool2d(v, (3, 2), 2, (1, 1), count_include_pad=False), x), window)
        case("pool", "avg_pool_padded_" + s, "avg_pool", [x], via64(lambda v: F.avg_pool2d(v, (3, 2), 2, (1, 1)), x), window + ", count_include_pad")
        case("pool", "avg_pool_divisor_" + s, "avg_pool", [x], via64(lambda v: F.avg_pool2d(v, (3, 2), 2, (1, 1), divisor_override=5), x), window + ", divisor = 5 : i64")
        case("pool", "adaptive_avg_pool_" + s, "adaptive_avg_pool", [x], via64(lambda v: F.adaptive_avg_pool2d(v, (3, 4)), x), "output_size = array<i64: 3, 4>")
    x = grid((2, 3, 9))
    case("pool", "max_pool_dilated", "max_pool", [x], F.max_pool1d(x, 3, 1, 1, 2),
         "kernel = array<i64: 3>, strides = array<i64: 1>, padding_low = array<i64: 1>, padding_high = array<i64: 1>, dilations = array<i64: 2>")


# ---------------------------------------------------------------------------- quantization
def quantization():
    qtype = lambda storage, scale, zero: "!quant.uniform<%s:f32, %r%s>" % (storage, scale, ":%d" % zero if zero else "")
    x = torch.cat([grid((40,), span=6), torch.tensor([0.05, 0.15, 0.25, 1000.0, -1000.0])])
    for storage, dtype, low, high, zero in [("i8", torch.int8, -128, 127, 3), ("u8", torch.uint8, 0, 255, 128), ("i16", torch.int16, -32768, 32767, 0)]:
        scale = 0.05 if storage != "i16" else 0.0003
        inverse = torch.tensor(1.0 / scale, dtype=torch.float32)
        codes = torch.clamp(torch.round(x * inverse) + zero, low, high).to(dtype)
        text = qtype(storage, scale, zero)
        if storage != "u8":
            case("quantized", "quantize_reciprocal_" + storage, "quantize", [x], Quantized(codes, text), "to = %s, scaling = #graph.scaling<reciprocal>" % text)
            divided = torch.clamp(torch.round(x / torch.tensor(scale)) + zero, low, high).to(dtype)
            case("quantized", "quantize_divide_" + storage, "quantize", [x], Quantized(divided, text), "to = %s, scaling = #graph.scaling<divide>" % text)
            case("quantized", "dequantize_" + storage, "dequantize", [Quantized(codes, text)],
                 (codes.float() - zero) * torch.tensor(scale), tolerance=0)
    generator = torch.Generator().manual_seed(5)
    code = lambda shape, low=-127: torch.randint(low, 128, shape, generator=generator).to(torch.int8)
    a, w, bias = code((3, 16), -128), code((5, 16)), torch.randint(-500, 500, (5,), generator=generator).int()
    sx, sw, sy, zx, zy = 0.0625, [0.01, 0.02, 0.005, 0.013, 0.03], 0.3, -5, 7
    weight_type = "!quant.uniform<i8<-127:127>:f32:0, {%s}>" % ", ".join(map(repr, sw))
    sums = (a.long() - zx) @ w.long().T + bias.long()
    multiplier = torch.tensor([sx * s / sy for s in sw], dtype=torch.float32)
    out = torch.clamp(torch.round(sums.float() * multiplier) + zy, -128, 127).to(torch.int8)
    to = qtype("i8", sy, zy)
    case("quantized", "linear_fp32_rne", "linear", [Quantized(a, qtype("i8", sx, zx)), Quantized(w, weight_type), bias], Quantized(out, to),
         "result_element_type = %s, rounding = #graph.rounding<fp32_rne>" % to)
    image, kernel = code((1, 2, 5, 5), -128), code((5, 2, 3, 3))
    sums = F.conv2d(F.pad(image.double() - zx, (1, 1, 1, 1)), kernel.double(), bias.double(), 2).long()
    out = torch.clamp(torch.round(sums.float() * multiplier[None, :, None, None]) + zy, -128, 127).to(torch.int8)
    case("quantized", "conv_fp32_rne", "conv", [Quantized(image, qtype("i8", sx, zx)), Quantized(kernel, weight_type), bias], Quantized(out, to),
         "strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, "
         "result_element_type = %s, rounding = #graph.rounding<fp32_rne>" % to)
    case("quantized", "relu_quantized", "relu", [Quantized(a, qtype("i8", sx, zx))], Quantized(a.clamp(min=zx), qtype("i8", sx, zx)))


# ---------------------------------------------------------------------------- empty dimensions
def empties():
    """Operators of which an operand or a result has no elements. What PyTorch refuses is in test/dialects/Graph."""
    def empty(name, op, inputs, function, attributes=""):
        case("empty", "%s_%s" % (op, name), op, inputs, function(*inputs), attributes)
    none, flags = grid((0, 3)), grid((0, 3), torch.bool)
    for op in UNARY:
        empty("none", op, [none], UNARY[op])
    empty("none", "sign", [none], torch.sign)
    empty("none", "not", [flags], torch.logical_not)
    empty("none", "clamp", [none], lambda x: torch.clamp(x, -1, 1), "low = -1.0 : f64, high = 1.0 : f64")
    empty("none", "leaky_relu", [none], F.leaky_relu, "slope = 0.01 : f64")
    empty("none", "elu", [none], F.elu, "alpha = 1.0 : f64, scale = 1.0 : f64, input_scale = 1.0 : f64")
    for to in [torch.int8, torch.bfloat16, torch.bool]:
        empty("none_" + NAMES[to], "cast", [none], lambda x: x.to(to), "to = " + NAMES[to])
    other, whole, wholes = grid((2, 0, 3)), grid((0, 3), torch.int32), grid((1, 3), torch.int32)
    for op, function in [("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("div", torch.div), ("maximum", torch.maximum),
                         ("minimum", torch.minimum), ("pow", torch.pow), ("atan2", torch.atan2), ("fmod", torch.fmod),
                         ("floor_div", torch.floor_divide), ("remainder", torch.remainder),
                         ("trunc_div", lambda x, y: torch.div(x, y, rounding_mode="trunc"))]:
        empty("rows", op, [none, other], function)
        empty("integers", op, [whole, whole if op == "atan2" else wholes], lambda x, y: function(x, y).to(x.dtype)) if op not in ("div", "atan2") else None
    for op, function in [("and", torch.bitwise_and), ("or", torch.bitwise_or), ("xor", torch.bitwise_xor)]:
        empty("rows", op, [whole, wholes], function)
    empty("rows", "compare", [none, other], torch.lt, "kind = #graph.compare_kind<lt>")
    empty("rows", "where", [grid((2, 1, 1), torch.bool), none, grid((3,))], torch.where)
    empty_movement(empty)
    empty_indices(empty)
    empty_contractions(empty)
    empty_reductions(empty)
    empty_windows(empty)
    empty_steps(empty)


def empty_movement(empty):
    x = grid((2, 0, 4))
    empty("middle", "permute", [x], lambda v: v.permute(1, 2, 0), "permutation = array<i64: 1, 2, 0>")
    empty("split", "reshape", [x], lambda v: v.reshape(0, 2, 2), "dims = #graph.dims<[0, 2, 2]>")
    empty("flat", "reshape", [x], lambda v: v.reshape(0), "dims = #graph.dims<[0]>")
    empty("grown", "reshape", [grid((0,))], lambda v: v.reshape(3, 0), "dims = #graph.dims<[3, 0]>")
    empty("rows", "broadcast", [grid((0, 1))], lambda v: v.expand(2, 0, 3), "dims = #graph.dims<[2, 0, 3]>")
    empty("away", "broadcast", [grid((1, 3))], lambda v: v.expand(0, 3), "dims = #graph.dims<[0, 3]>")
    row = grid((2, 5))
    for name, start, step in [("begin", 0, 1), ("end", 5, 1), ("stepped", 5, 2), ("reversed", 0, -1)]:
        empty(name, "slice", [row], lambda v: v[:, :0],
              "starts = #graph.dims<[0, %d]>, sizes = #graph.dims<[2, 0]>, steps = array<i64: 1, %d>" % (start, step))
    empty("rows", "slice", [x], lambda v: v[:, :, 1:3],
          "starts = #graph.dims<[0, 0, 1]>, sizes = #graph.dims<[2, 0, 2]>, steps = array<i64: 1, 1, 1>")
    empty("mirrored", "slice", [x], lambda v: v.flip(1),
          "starts = #graph.dims<[0, -1, 0]>, sizes = #graph.dims<[2, 0, 4]>, steps = array<i64: 1, -1, 1>")
    empty("first", "concat", [x, grid((2, 3, 4))], lambda a, b: torch.cat([a, b], 1), "dim = 1 : i64")
    empty("last", "concat", [grid((2, 3, 4)), x], lambda a, b: torch.cat([a, b], 1), "dim = 1 : i64")
    empty("all", "concat", [x, x], lambda a, b: torch.cat([a, b], 1), "dim = 1 : i64")
    empty("across", "concat", [x, x], lambda a, b: torch.cat([a, b], 0), "dim = 0 : i64")
    for name, start, step in [("begin", 0, 1), ("end", 5, 1), ("stepped", 0, 2), ("reversed", 4, -1)]:
        empty(name, "insert_slice", [row, grid((2, 0))], lambda v, _: v.clone(),
              "starts = #graph.dims<[0, %d]>, steps = array<i64: 1, %d>" % (start, step))
    empty("nowhere", "insert_slice", [x, grid((2, 0, 1))], lambda v, _: v.clone(),
          "starts = #graph.dims<[0, 0, 3]>, steps = array<i64: 1, 1, 1>")
    pad = lambda mode: "low = array<i64: 0, %d, %d>, high = array<i64: 0, %d, %d>, mode = #graph.pad_mode<" + mode + ">"
    value = ", value = 1.5 : f32"
    empty("around", "pad", [x], lambda v: F.pad(v, (1, 1, 2, 1), value=1.5), pad("constant") % (2, 1, 1, 1) + value)
    empty("beside", "pad", [x], lambda v: F.pad(v, (1, 1), value=1.5), pad("constant") % (0, 1, 0, 1) + value)
    empty("before", "pad", [grid((2, 0))], lambda v: F.pad(v, (2, 0), value=1.5),
          "low = array<i64: 0, 2>, high = array<i64: 0, 0>, mode = #graph.pad_mode<constant>" + value)
    empty("cropped", "pad", [grid((1, 2, 3))], lambda v: F.pad(v, (-1, -2)),
          pad("constant") % (0, -1, 0, -2) + ", value = 0.0 : f32")
    empty("crossed", "pad", [grid((1, 2, 3))], lambda v: F.pad(v, (-3, 2), value=1.5), pad("constant") % (0, -3, 0, 2) + value)
    for mode in ["reflect", "replicate", "circular"]:
        empty(mode, "pad", [grid((0, 2, 4))], lambda v: F.pad(v, (2, 1), mode=mode), pad(mode) % (0, 2, 0, 1))


def empty_indices(empty):
    data, nowhere = grid((4, 3)), torch.zeros(0, dtype=torch.int64)
    some = torch.tensor([1, 0, -1])
    empty("nowhere", "gather", [data, nowhere.reshape(2, 0)], lambda v, i: v[i], "dim = 0 : i64")
    empty("columns", "gather", [grid((4, 0)), some], lambda v, i: v[i], "dim = 0 : i64")
    empty("nothing", "gather", [grid((0, 3)), nowhere], lambda v, i: v[i], "dim = 0 : i64")
    empty("nowhere", "gather_elements", [data, nowhere.reshape(0, 3)], lambda v, i: torch.gather(v, 0, i), "dim = 0 : i64")
    empty("nothing", "gather_elements", [grid((0, 3)), nowhere.reshape(0, 3)], lambda v, i: torch.gather(v, 0, i), "dim = 0 : i64")
    empty("columns", "gather_elements", [grid((4, 0)), nowhere.reshape(2, 0)], lambda v, i: torch.gather(v, 0, i), "dim = 0 : i64")
    empty("nowhere", "index", [data, nowhere, nowhere], lambda v, i, j: v[i, j], "dims = array<i64: 0, 1>")
    empty("broadcast", "index", [data, nowhere, some[:1]], lambda v, i, j: v[i, j], "dims = array<i64: 0, 1>")
    empty("columns", "index", [grid((4, 0)), some], lambda v, i: v[i], "dims = array<i64: 0>")
    empty("nothing", "index", [grid((0, 3)), nowhere], lambda v, i: v[i], "dims = array<i64: 0>")
    for sum_up in ["", ", accumulate"]:
        put = lambda v, x, *i: v.index_put(i, x, accumulate=bool(sum_up))
        suffix = "_accumulate" if sum_up else ""
        empty("nowhere" + suffix, "index_put", [data, grid((0, 3)), nowhere], put, "dims = array<i64: 0>" + sum_up)
        empty("points" + suffix, "index_put", [data, grid((0,)), nowhere, nowhere], put, "dims = array<i64: 0, 1>" + sum_up)
        empty("columns" + suffix, "index_put", [grid((4, 0)), grid((3, 0)), some], put, "dims = array<i64: 0>" + sum_up)
        empty("nothing" + suffix, "index_put", [grid((0, 3)), grid((0, 3)), nowhere], put, "dims = array<i64: 0>" + sum_up)
        empty("scalar" + suffix, "index_put", [data, grid((1,)), nowhere], put, "dims = array<i64: 0>" + sum_up)


def empty_contractions(empty):
    w, b = grid((4, 5)), grid((4,), seed=3)
    empty("rows", "linear", [grid((2, 0, 5)), w, b], F.linear)
    empty("depth", "linear", [grid((3, 0)), grid((4, 0)), b], F.linear)
    empty("depth_plain", "linear", [grid((3, 0)), grid((4, 0))], F.linear)
    empty("features", "linear", [grid((3, 5)), grid((0, 5)), grid((0,))], F.linear)
    for name, left, right in [("rows", (0, 3), (3, 2)), ("columns", (2, 3), (3, 0)), ("depth", (2, 3, 0), (0, 4)), ("batch", (0, 2, 3), (3, 4)),
                              ("outer", (0, 0), (0, 0))]:
        empty(name, "matmul", [grid(left), grid(right)], torch.matmul)
        empty(name + "_i32", "matmul", [grid(left, torch.int32), grid(right, torch.int32)], torch.matmul)
    sdpa = lambda *xs: F.scaled_dot_product_attention(*xs, scale=0.5)
    q, k = grid((2, 1, 3, 4)), grid((2, 1, 5, 4))
    empty("batch", "sdpa", [q[:0], k[:0], k[:0]], sdpa, "scale = 0.5 : f64")
    empty("queries", "sdpa", [q[:, :, :0], k, k], sdpa, "scale = 0.5 : f64")
    empty("keys", "sdpa", [q, k[:, :, :0], k[:, :, :0]], sdpa, "scale = 0.5 : f64")
    empty("depth", "sdpa", [q[..., :0], k[:, :1, :, :0], k[:, :1, :1].expand(2, 1, 5, 4)], sdpa, "scale = 0.5 : f64")
    empty("values", "sdpa", [q, k, k[..., :0]], sdpa, "scale = 0.5 : f64")
    empty("mask", "sdpa", [q[:, :, :0], k, k, grid((0, 5))], sdpa, "scale = 0.5 : f64")


def empty_reductions(empty):
    x = grid((2, 0, 3))
    reduce = lambda kind, dims: "kind = #graph.reduce_kind<%s>, dims = %s" % (kind, array(dims))
    for kind, function, types in [("sum", torch.sum, [torch.float32, torch.int32]), ("mean", torch.mean, [torch.float32]),
                                  ("prod", torch.prod, [torch.float32, torch.int32]), ("max", torch.amax, [torch.float32]),
                                  ("min", torch.amin, [torch.float32]), ("any", torch.any, [torch.bool]), ("all", torch.all, [torch.bool])]:
        for dtype in types:
            suffix = kind + "_" + NAMES[dtype]
            kept = {} if dtype != torch.int32 else {"dtype": torch.int32}
            if kind not in ("max", "min"):
                empty("over_" + suffix, "reduce", [x.to(dtype)], lambda v: function(v, 1, **kept), reduce(kind, [1]))
            empty("beside_" + suffix, "reduce", [x.to(dtype)], lambda v: function(v, 2, **kept), reduce(kind, [2]))
    empty("both", "reduce", [x], lambda v: torch.sum(v, (0, 1)), reduce("sum", [0, 1]))
    empty("all", "reduce", [x], torch.sum, reduce("sum", [0, 1, 2]))
    empty("kept", "reduce", [x], lambda v: torch.sum(v, 1, keepdim=True), reduce("sum", [1]) + ", keep_dims")
    for kind in ["max", "min"]:
        empty(kind, "arg_reduce", [x], lambda v: getattr(torch, "arg" + kind)(v, 2), "kind = #graph.reduce_kind<%s>, dim = 2 : i64" % kind)
    for dim in range(3):
        empty("along%d" % dim, "cumsum", [x], lambda v: torch.cumsum(v, dim), "dim = %d : i64" % dim)
        empty("along%d" % dim, "softmax", [x], lambda v: torch.softmax(v, dim), "dim = %d : i64" % dim)
        empty("log_along%d" % dim, "softmax", [x], lambda v: torch.log_softmax(v, dim), "dim = %d : i64, log" % dim)
    rows, w, b = grid((2, 0, 8)), grid((8,), seed=2), grid((8,), seed=3)
    attrs, sizes = "normalized_rank = 1 : i64, epsilon = 1.0e-5 : f64", ", operandSegmentSizes = array<i32: 1, 1, 1>"
    empty("rows", "layer_norm", [rows, w, b], lambda v, s, t: F.layer_norm(v, (8,), s, t), attrs + sizes)
    empty("features", "layer_norm", [grid((2, 0))], lambda v: F.layer_norm(v, (0,)), attrs + ", operandSegmentSizes = array<i32: 1, 0, 0>")
    empty("rows", "rms_norm", [rows, w], lambda v, s: F.rms_norm(v, (8,), s, 1e-5), attrs)
    empty("features", "rms_norm", [grid((2, 0))], lambda v: F.rms_norm(v, (0,)), attrs)
    for name, shape in [("batch", (0, 6, 3)), ("picture", (2, 6, 0))]:
        image, scale, shift = grid(shape), grid((6,), seed=2), grid((6,), seed=3)
        if shape[2]:
            empty(name, "group_norm", [image, scale, shift], lambda v, s, t: F.group_norm(v, 3, s, t), "groups = 3 : i64, epsilon = 1.0e-5 : f64" + sizes)
        empty(name, "batch_norm", [image, scale, shift.abs(), scale, shift], lambda v, m, d, s, t: F.batch_norm(v, m, d, s, t),
              "epsilon = 1.0e-5 : f64, operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>")


def empty_windows(empty):
    margins = "strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>"
    window = "kernel = array<i64: 3, 3>, " + margins
    image = grid((0, 2, 7, 6))
    empty("batch", "max_pool", [image], lambda v: F.max_pool2d(v, 3, 2, 1), window + ", dilations = array<i64: 1, 1>")
    empty("batch", "avg_pool", [image], lambda v: F.avg_pool2d(v, 3, 2, 1, count_include_pad=False), window)
    empty("batch", "adaptive_avg_pool", [image], lambda v: F.adaptive_avg_pool2d(v, (3, 4)), "output_size = array<i64: 3, 4>")
    empty("even", "adaptive_avg_pool", [image], lambda v: F.adaptive_avg_pool2d(v, (7, 3)), "output_size = array<i64: 7, 3>")
    empty("nowhere", "adaptive_avg_pool", [grid((1, 2, 7, 6))], lambda v: F.adaptive_avg_pool2d(v, (0, 4)), "output_size = array<i64: 0, 4>")
    conv = lambda groups: margins + ", dilations = array<i64: 1, 1>, groups = %d : i64" % groups
    b = grid((4,), seed=3)
    run = lambda groups: lambda x, w, b: F.conv2d(x, w, b, 2, 1, 1, groups)
    empty("batch", "conv", [image, grid((4, 2, 3, 3)), b], run(1), conv(1))
    empty("batch_groups", "conv", [image, grid((4, 1, 3, 3)), b], run(2), conv(2))
    empty("batch_transposed", "conv", [image, grid((2, 4, 3, 3)), b], lambda x, w, b: F.conv_transpose2d(x, w, b, 2, 1),
          conv(1) + ", transposed, output_padding = array<i64: 0, 0>")


def empty_steps(empty):
    for kind, gates in [("lstm", 4), ("gru", 3)]:
        module = getattr(torch.nn, kind.upper())(3, 4, 2, bidirectional=True)
        weights = [grid(tuple(p.shape), seed=10 + i, span=1) for i, p in enumerate(module.parameters())]
        x, states = grid((5, 0, 3)), [grid((4, 0, 4)) for _ in range(2 if kind == "lstm" else 1)]
        empty("batch", kind, [x] + states + weights, lambda *v: (v[0].new_zeros((5, 0, 8)), *states),
              "layers = 2 : i64, has_biases, bidirectional")


def main():
    for write in (elementwise, binary, movement, contractions, convolutions, recurrent, reductions, norms, pools, quantization, empties):
        write()
    for family, cases in sorted(families.items()):
        with open(os.path.join(OUT, family + ".mlir"), "w") as out:
            out.write("// SPDX-License-Identifier: Apache-2.0\n// Written by test/python/make_conformance.py; do not edit.\n"
                      "// RUN: lathe-opt %s -o /dev/null\n\n")
            out.write("\n".join(cases.values()))
    print(sum(map(len, families.values())), "cases")


if __name__ == "__main__":
    main()
