// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_DIALECTS_GRAPH_GRAPHCOMPUTEOPS_TD
#define LATHE_DIALECTS_GRAPH_GRAPHCOMPUTEOPS_TD

include "dialects/Graph/GraphOpBase.td"

//===-- Contractions ------------------------------------------------------===//

def Graph_LinearOp : Graph_Pure<"linear", "Anchor"> {
  let summary = "input x weight^T + bias";
  let description = [{
    input [..., in], weight [out, in], bias [out] -> [..., out]. The weight may
    be bf16 where the rest is f32: it is extended exactly. On quantized types the sum is exact and requantized once with `rounding`; the bias is i32
    at scale s_input * s_weight.
  }];
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$weight, Optional<Graph_Tensor>:$bias,
                       OptionalAttr<TypeAttr>:$result_element_type,
                       OptionalAttr<Graph_RoundingKindAttr>:$rounding);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_MatmulOp : Graph_Pure<"matmul", "Anchor"> {
  let summary = "batched matrix product";
  let description = [{
    lhs [b..., m, k], rhs [b..., k, n] -> [b..., m, n]; batch dimensions
    broadcast. Both have rank 2 or more.
  }];
  let arguments = (ins Graph_Tensor:$lhs, Graph_Tensor:$rhs);
  let results = (outs Graph_Tensor:$result);
}
def Graph_ConvOp : Graph_Pure<"conv", "Anchor"> {
  let summary = "convolution over any number of spatial dimensions";
  let description = [{
    input [n, c, s...], weight [f, c / groups, k...], bias [f] ->
    [n, f, o...] with o = (s + low + high - dilation * (k - 1) - 1) floordiv
    stride + 1. With `transposed`, weight is [c, f / groups, k...] and o =
    (s - 1) * stride - low - high + dilation * (k - 1) + output_padding + 1. The
    weight may be bf16 where the rest is f32.

    ```mlir
    %0 = graph.conv %x, %w, %b {strides = array<i64: 2, 2>, padding_low = array<i64: 1, 1>,
        padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64}
        : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x4x4xf32>
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$weight, Optional<Graph_Tensor>:$bias,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$padding_low,
                       DenseI64ArrayAttr:$padding_high, DenseI64ArrayAttr:$dilations,
                       I64Attr:$groups, UnitAttr:$transposed,
                       OptionalAttr<DenseI64ArrayAttr>:$output_padding,
                       OptionalAttr<TypeAttr>:$result_element_type,
                       OptionalAttr<Graph_RoundingKindAttr>:$rounding);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_WinogradConvOp : Graph_Pure<"winograd_conv", "Anchor"> {
  let summary = "3x3 convolution with stride 1, by minimal filtering";
  let description = [{
    input [n, c, h, w], weight [t, t, f, c] with t = m + 2, bias [f] ->
    [n, f, h + low + high - 2, w + low + high - 2], in tiles of m x m results: a
    tile is output * sum over c of (weight . (input * d * input^T)) * output^T,
    with d the t x t inputs that it covers and the matrices of Winograd.h
    (arXiv:1509.09308). `weight` holds filter * g * filter^T of each 3x3 window
    g. Written by passes/Layout where it is fewer multiplications than a
    convolution; m is 2 or 4 and divides both result sizes.

    ```mlir
    %0 = graph.winograd_conv %x, %w {outputs = 4 : i64, padding_low = array<i64: 1, 1>,
        padding_high = array<i64: 1, 1>}
        : (tensor<1x3x8x8xf32>, tensor<6x6x16x3xf32>) -> tensor<1x16x8x8xf32>
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$weight, Optional<Graph_Tensor>:$bias,
                       I64Attr:$outputs, DenseI64ArrayAttr:$padding_low,
                       DenseI64ArrayAttr:$padding_high);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_PhaseConvOp : Graph_Pure<"phase_conv", "Anchor"> {
  let summary = "transposed convolution, phase by phase of its stride";
  let description = [{
    input [n, c, s...], weight [f, c, stride..., k...], bias [f] -> [n, f, q *
    stride...] with q = s - k + 1 - (shift > 0). Along each dimension of space,
    result at * stride + r is a convolution of its own: the sum over j in [0, k)
    of input at + j + (r + shift) floordiv stride times weight r, j. 0 <= shift <
    stride. Written by passes/Layout for a transposed convolution, of whose
    window each phase sees a part; its input then has all margins.

    ```mlir
    %0 = graph.phase_conv %x, %w {strides = array<i64: 2, 2>, shifts = array<i64: 1, 1>}
        : (tensor<1x8x6x6xf32>, tensor<16x8x2x2x2x2xf32>) -> tensor<1x16x8x8xf32>
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, Graph_Tensor:$weight, Optional<Graph_Tensor>:$bias,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$shifts);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_SdpaOp : Graph_Pure<"sdpa", "Anchor"> {
  let summary = "scaled dot-product attention";
  let description = [{
    softmax(query key^T * scale + mask) value over query [b..., h, l, e], key
    [b..., hk, s, e], value [b..., hk, s, v] -> [b..., h, l, v]. A mask of i1
    keeps where true, a float mask is added; it broadcasts to [b..., h, l, s].
    `is_causal` keeps s <= l. With `enable_gqa`, h is a multiple of hk and
    consecutive query heads share a key head. A row with nothing kept gives 0.
  }];
  let arguments = (ins Graph_FloatTensor:$query, Graph_FloatTensor:$key, Graph_FloatTensor:$value,
                       Optional<Graph_Tensor>:$mask, F64Attr:$scale, UnitAttr:$is_causal,
                       UnitAttr:$enable_gqa);
  let results = (outs Graph_FloatTensor:$result);
}

//===-- Recurrent networks ------------------------------------------------===//

class Graph_Rnn<string mnemonic> : Graph_Pure<mnemonic, "Anchor"> {
  string shapes = [{
    input [t, n, in] (or [n, t, in] with `batch_first`), h0 (and c0)
    [layers * d, n, hidden], d = 2 if `bidirectional`. `weights` holds for each
    layer and direction w_ih [gates * hidden, in], w_hh [gates * hidden,
    hidden] and, with `has_biases`, b_ih and b_hh [gates * hidden], in ATen's
    order. Results: output [t, n, d * hidden] (order as the input), final h
    (and c).
  }];
}
def Graph_LstmOp : Graph_Rnn<"lstm"> {
  let summary = "LSTM over a whole sequence, gates i f g o";
  let description = shapes;
  let arguments = (ins Graph_FloatTensor:$input, Graph_FloatTensor:$h0, Graph_FloatTensor:$c0,
                       Variadic<Graph_FloatTensor>:$weights, I64Attr:$layers, UnitAttr:$has_biases,
                       UnitAttr:$bidirectional, UnitAttr:$batch_first);
  let results = (outs Graph_FloatTensor:$result, Graph_FloatTensor:$hn, Graph_FloatTensor:$cn);
}
def Graph_GruOp : Graph_Rnn<"gru"> {
  let summary = "GRU over a whole sequence, gates r z n";
  let description = shapes;
  let arguments = (ins Graph_FloatTensor:$input, Graph_FloatTensor:$h0,
                       Variadic<Graph_FloatTensor>:$weights, I64Attr:$layers, UnitAttr:$has_biases,
                       UnitAttr:$bidirectional, UnitAttr:$batch_first);
  let results = (outs Graph_FloatTensor:$result, Graph_FloatTensor:$hn);
}

//===-- Reductions, norms, pools ------------------------------------------===//

def Graph_ReduceOp : Graph_Pure<"reduce", "Anchor"> {
  let summary = "reduction over dimensions";
  let description = [{
    `dims` are sorted, distinct and not negative. Integer sums wrap; max and min
    of floats give NaN if one is NaN; any and all work on i1. The mean of no
    elements is NaN, their max or min is refused.

    ```mlir
    %0 = graph.reduce %x {kind = #graph.reduce_kind<sum>, dims = array<i64: 1>, keep_dims}
        : (tensor<2x3xf32>) -> tensor<2x1xf32>
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, Graph_ReduceKindAttr:$kind, DenseI64ArrayAttr:$dims,
                       UnitAttr:$keep_dims);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_ArgReduceOp : Graph_Pure<"arg_reduce", "Anchor"> {
  let summary = "index (i64) of the first largest or smallest element along `dim`; NaN wins";
  let arguments = (ins Graph_Tensor:$input, Graph_ReduceKindAttr:$kind, I64Attr:$dim, UnitAttr:$keep_dim);
  let results = (outs Graph_IndexTensor:$result);
  let hasVerifier = 1;
}
def Graph_CumsumOp : Graph_Pure<"cumsum", "Anchor"> {
  let summary = "running sum along `dim`";
  let arguments = (ins Graph_Tensor:$input, I64Attr:$dim);
  let results = (outs Graph_Tensor:$result);
}
def Graph_SoftmaxOp : Graph_Pure<"softmax", "Anchor"> {
  let summary = "exp(x - max) / sum along `dim`; with `log`, its logarithm";
  let arguments = (ins Graph_FloatTensor:$input, I64Attr:$dim, UnitAttr:$log);
  let results = (outs Graph_FloatTensor:$result);
}
def Graph_LayerNormOp : Graph_Pure<"layer_norm", "Anchor", [AttrSizedOperandSegments]> {
  let summary = "(x - mean) / sqrt(var + epsilon) * weight + bias over the last `normalized_rank` dimensions";
  let arguments = (ins Graph_FloatTensor:$input, Optional<Graph_FloatTensor>:$weight,
                       Optional<Graph_FloatTensor>:$bias, I64Attr:$normalized_rank, F64Attr:$epsilon);
  let results = (outs Graph_FloatTensor:$result);
}
def Graph_RmsNormOp : Graph_Pure<"rms_norm", "Anchor"> {
  let summary = "x / sqrt(mean(x^2) + epsilon) * weight over the last `normalized_rank` dimensions";
  let arguments = (ins Graph_FloatTensor:$input, Optional<Graph_FloatTensor>:$weight,
                       I64Attr:$normalized_rank, F64Attr:$epsilon);
  let results = (outs Graph_FloatTensor:$result);
}
def Graph_GroupNormOp : Graph_Pure<"group_norm", "Anchor", [AttrSizedOperandSegments]> {
  let summary = "normalisation of [n, c, s...] over `groups` groups of channels and all s";
  let arguments = (ins Graph_FloatTensor:$input, Optional<Graph_FloatTensor>:$weight,
                       Optional<Graph_FloatTensor>:$bias, I64Attr:$groups, F64Attr:$epsilon);
  let results = (outs Graph_FloatTensor:$result);
}
def Graph_BatchNormOp : Graph_Pure<"batch_norm", "Elementwise", [AttrSizedOperandSegments]> {
  let summary = "(x - mean) / sqrt(variance + epsilon) * weight + bias, per channel (dimension 1)";
  let arguments = (ins Graph_FloatTensor:$input, Graph_FloatTensor:$mean, Graph_FloatTensor:$variance,
                       Optional<Graph_FloatTensor>:$weight, Optional<Graph_FloatTensor>:$bias,
                       F64Attr:$epsilon);
  let results = (outs Graph_FloatTensor:$result);
}
def Graph_MaxPoolOp : Graph_Pure<"max_pool", "Anchor"> {
  let summary = "largest element of a window over [n, c, s...]; padding is minus infinity";
  let arguments = (ins Graph_Tensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$padding_low, DenseI64ArrayAttr:$padding_high,
                       DenseI64ArrayAttr:$dilations);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_AvgPoolOp : Graph_Pure<"avg_pool", "Anchor"> {
  let summary = "mean of a window over [n, c, s...]";
  let description = [{
    The divisor is `divisor` if given, else the window's size with
    `count_include_pad` (padding within low and high counts), else the number
    of elements inside the input.
  }];
  let arguments = (ins Graph_Tensor:$input, DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$padding_low, DenseI64ArrayAttr:$padding_high,
                       UnitAttr:$count_include_pad, OptionalAttr<I64Attr>:$divisor);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_AdaptiveAvgPoolOp : Graph_Pure<"adaptive_avg_pool", "Anchor"> {
  let summary = "mean over output_size windows that cover [n, c, s...] (floor and ceil bounds as in ATen)";
  let arguments = (ins Graph_FloatTensor:$input, DenseI64ArrayAttr:$output_size);
  let results = (outs Graph_FloatTensor:$result);
}

//===-- Quantization ------------------------------------------------------===//

def Graph_QuantizeOp : Graph_Pure<"quantize", "Elementwise"> {
  let summary = "real to quantized: clamp(rne(x scaled) + zero point)";
  let description = [{
    `scaling` is `reciprocal` (x * fp32(1 / s), PyTorch) or `divide` (x / s,
    ONNX and TFLite).
  }];
  let arguments = (ins Graph_FloatTensor:$input, TypeAttr:$to, Graph_ScalingKindAttr:$scaling);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_DequantizeOp : Graph_Pure<"dequantize", "Elementwise"> {
  let summary = "quantized to f32: (q - zero point) * scale";
  let arguments = (ins Graph_Tensor:$input);
  let results = (outs Graph_FloatTensor:$result);
  let hasVerifier = 1;
}
def Graph_RequantizeOp : Graph_Pure<"requantize", "Elementwise"> {
  let summary = "exact integer accumulator, or another quantized type, to a quantized type";
  let description = [{
    An i32 or i64 input is an accumulator at the scale `input_scale` (one
    value, or one for each index of `axis`); a quantized input brings its own.
    fp32_rne: clamp(rne(fp32(acc) * fp32(input_scale / scale)) + zero point).
  }];
  let arguments = (ins Graph_Tensor:$input, TypeAttr:$to, Graph_RoundingKindAttr:$rounding,
                       OptionalAttr<DenseF64ArrayAttr>:$input_scale, OptionalAttr<I64Attr>:$axis);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}

#endif // LATHE_DIALECTS_GRAPH_GRAPHCOMPUTEOPS_TD
