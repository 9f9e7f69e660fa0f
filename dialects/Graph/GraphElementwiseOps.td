// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_DIALECTS_GRAPH_GRAPHELEMENTWISEOPS_TD
#define LATHE_DIALECTS_GRAPH_GRAPHELEMENTWISEOPS_TD

include "dialects/Graph/GraphOpBase.td"

// Elementwise operators broadcast their operands as ATen does: shapes are
// aligned at the right, a size of 1 repeats. Operands have one element type;
// front ends insert graph.cast for ATen's promotions.

class Graph_Unary<string mnemonic, string text, Type type = Graph_Tensor>
    : Graph_Pure<mnemonic, "Elementwise"> {
  let summary = text;
  let arguments = (ins type:$input);
  let results = (outs type:$result);
}

def Graph_AbsOp : Graph_Unary<"abs", "absolute value; the least integer wraps to itself">;
def Graph_NegOp : Graph_Unary<"neg", "negation; integers wrap">;
def Graph_SignOp : Graph_Unary<"sign", "-1, 0 or 1; NaN gives 0">;
def Graph_ExpOp : Graph_Unary<"exp", "e to the x", Graph_FloatTensor>;
def Graph_Exp2Op : Graph_Unary<"exp2", "2 to the x", Graph_FloatTensor>;
def Graph_Expm1Op : Graph_Unary<"expm1", "exp(x) - 1, accurate near 0", Graph_FloatTensor>;
def Graph_LogOp : Graph_Unary<"log", "natural logarithm", Graph_FloatTensor>;
def Graph_Log2Op : Graph_Unary<"log2", "logarithm to base 2", Graph_FloatTensor>;
def Graph_Log10Op : Graph_Unary<"log10", "logarithm to base 10", Graph_FloatTensor>;
def Graph_Log1pOp : Graph_Unary<"log1p", "log(1 + x), accurate near 0", Graph_FloatTensor>;
def Graph_SqrtOp : Graph_Unary<"sqrt", "square root", Graph_FloatTensor>;
def Graph_RsqrtOp : Graph_Unary<"rsqrt", "1 / sqrt(x)", Graph_FloatTensor>;
def Graph_ReciprocalOp : Graph_Unary<"reciprocal", "1 / x", Graph_FloatTensor>;
def Graph_SinOp : Graph_Unary<"sin", "sine", Graph_FloatTensor>;
def Graph_CosOp : Graph_Unary<"cos", "cosine", Graph_FloatTensor>;
def Graph_TanOp : Graph_Unary<"tan", "tangent", Graph_FloatTensor>;
def Graph_TanhOp : Graph_Unary<"tanh", "hyperbolic tangent", Graph_FloatTensor>;
def Graph_AtanOp : Graph_Unary<"atan", "arc tangent", Graph_FloatTensor>;
def Graph_ErfOp : Graph_Unary<"erf", "error function", Graph_FloatTensor>;
def Graph_SigmoidOp : Graph_Unary<"sigmoid", "1 / (1 + exp(-x))", Graph_FloatTensor>;
def Graph_SiluOp : Graph_Unary<"silu", "x * sigmoid(x)", Graph_FloatTensor>;
def Graph_HardsigmoidOp : Graph_Unary<"hardsigmoid", "clamp(x + 3, 0, 6) / 6", Graph_FloatTensor>;
def Graph_HardswishOp : Graph_Unary<"hardswish", "x * clamp(x + 3, 0, 6) / 6", Graph_FloatTensor>;
def Graph_ReluOp : Graph_Unary<"relu", "max(x, 0); NaN stays NaN">;
def Graph_FloorOp : Graph_Unary<"floor", "largest integer not above x", Graph_FloatTensor>;
def Graph_CeilOp : Graph_Unary<"ceil", "smallest integer not below x", Graph_FloatTensor>;
def Graph_TruncOp : Graph_Unary<"trunc", "integer part", Graph_FloatTensor>;
def Graph_RoundOp : Graph_Unary<"round", "nearest integer, ties to even", Graph_FloatTensor>;
def Graph_NotOp : Graph_Unary<"not", "bitwise complement; logical for i1">;

def Graph_GeluOp : Graph_Pure<"gelu", "Elementwise"> {
  let summary = "x * Phi(x); `tanh` chooses the tanh approximation";
  let arguments = (ins Graph_FloatTensor:$input, UnitAttr:$tanh);
  let results = (outs Graph_FloatTensor:$result);
}
def Graph_EluOp : Graph_Pure<"elu", "Elementwise"> {
  let summary = "x > 0 ? scale * x : scale * alpha * (exp(input_scale * x) - 1)";
  let arguments = (ins Graph_FloatTensor:$input, F64Attr:$alpha, F64Attr:$scale, F64Attr:$input_scale);
  let results = (outs Graph_FloatTensor:$result);
}
def Graph_LeakyReluOp : Graph_Pure<"leaky_relu", "Elementwise"> {
  let summary = "x > 0 ? x : slope * x";
  let arguments = (ins Graph_FloatTensor:$input, F64Attr:$slope);
  let results = (outs Graph_FloatTensor:$result);
}
def Graph_ClampOp : Graph_Pure<"clamp", "Elementwise"> {
  let summary = "min(max(x, low), high); NaN stays NaN";
  let description = [{
    A missing bound does not limit. Bounds are converted to the element type;
    an integer element type takes integer bounds.

    ```mlir
    %0 = graph.clamp %x {low = 0.0, high = 6.0} : (tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, OptionalAttr<AnyAttrOf<[F64Attr, I64Attr]>>:$low,
                       OptionalAttr<AnyAttrOf<[F64Attr, I64Attr]>>:$high);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_CastOp : Graph_Pure<"cast", "Elementwise"> {
  let summary = "conversion of the element type";
  let description = [{
    Float to integer truncates, saturates, and gives 0 for NaN; to i1 is
    `x != 0`; integer to narrower integer wraps; float to float rounds to
    nearest even. Quantized types use graph.quantize and graph.dequantize.

    ```mlir
    %0 = graph.cast %x {to = f32} : (tensor<4xi64>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, TypeAttr:$to);
  let results = (outs Graph_Tensor:$result);
  let hasFolder = 1;
}

class Graph_Binary<string mnemonic, string text, Type type = Graph_Tensor, list<Trait> traits = []>
    : Graph_Pure<mnemonic, "Elementwise", traits> {
  let summary = text;
  let arguments = (ins type:$lhs, type:$rhs);
  let results = (outs type:$result);
}

def Graph_AddOp : Graph_Binary<"add", "sum; integers wrap, i1 is or", Graph_Tensor, [Commutative]>;
def Graph_SubOp : Graph_Binary<"sub", "difference; integers wrap">;
def Graph_MulOp : Graph_Binary<"mul", "product; integers wrap, i1 is and", Graph_Tensor, [Commutative]>;
def Graph_DivOp : Graph_Binary<"div", "quotient of floats", Graph_FloatTensor>;
def Graph_FloorDivOp : Graph_Binary<"floor_div", "quotient rounded down; integer x/0 is 0 with the sign bit kept clear">;
def Graph_TruncDivOp : Graph_Binary<"trunc_div", "quotient rounded to zero; integer x/0 is 0, MIN/-1 wraps">;
def Graph_RemainderOp : Graph_Binary<"remainder", "remainder with the divisor's sign (Python's %); integer x%0 is 0">;
def Graph_FmodOp : Graph_Binary<"fmod", "remainder with the dividend's sign (C's %); integer x%0 is 0">;
def Graph_PowOp : Graph_Binary<"pow", "lhs to the rhs; integers by repeated multiplication, negative exponent gives 0 unless |lhs| is 1">;
def Graph_MaximumOp : Graph_Binary<"maximum", "larger one; NaN if either is", Graph_Tensor, [Commutative]>;
def Graph_MinimumOp : Graph_Binary<"minimum", "smaller one; NaN if either is", Graph_Tensor, [Commutative]>;
def Graph_Atan2Op : Graph_Binary<"atan2", "angle of the point (rhs, lhs)", Graph_FloatTensor>;
def Graph_AndOp : Graph_Binary<"and", "bitwise and; logical for i1", Graph_Tensor, [Commutative]>;
def Graph_OrOp : Graph_Binary<"or", "bitwise or; logical for i1", Graph_Tensor, [Commutative]>;
def Graph_XorOp : Graph_Binary<"xor", "bitwise exclusive or; logical for i1", Graph_Tensor, [Commutative]>;

def Graph_CompareOp : Graph_Pure<"compare", "Elementwise"> {
  let summary = "elementwise comparison; false with NaN, but `ne` true";
  let description = [{
    ```mlir
    %0 = graph.compare %a, %b {kind = #graph.compare_kind<le>} : (tensor<4xi64>, tensor<4xi64>) -> tensor<4xi1>
    ```
  }];
  let arguments = (ins Graph_Tensor:$lhs, Graph_Tensor:$rhs, Graph_CompareKindAttr:$kind);
  let results = (outs Graph_BoolTensor:$result);
}
def Graph_WhereOp : Graph_Pure<"where", "Elementwise"> {
  let summary = "condition ? lhs : rhs, all three broadcast";
  let arguments = (ins Graph_BoolTensor:$condition, Graph_Tensor:$lhs, Graph_Tensor:$rhs);
  let results = (outs Graph_Tensor:$result);
}

#endif // LATHE_DIALECTS_GRAPH_GRAPHELEMENTWISEOPS_TD
