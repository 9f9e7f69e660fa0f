// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_DIALECTS_GRAPH_GRAPHSHAPEOPS_TD
#define LATHE_DIALECTS_GRAPH_GRAPHSHAPEOPS_TD

include "dialects/Graph/GraphOpBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"

def Graph_ConstantOp : Graph_Op<"constant", [Pure, ConstantLike, FusionOpInterface,
    InferTypeOpAdaptor]> {
  let summary = "splat, or at most 64 elements";
  let description = [{
    Larger constants are weights (C4).

    ```mlir
    %0 = graph.constant dense<1.0> : tensor<f32>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::lathe::graph::FusionKind getFusionKind() { return ::lathe::graph::FusionKind::Elementwise; }
  }];
}
def Graph_FullOp : Graph_Pure<"full", "Elementwise"> {
  let summary = "a tensor of the given sizes filled with a rank-0 value";
  let arguments = (ins Graph_Tensor:$value, Graph_DimsAttr:$dims);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_IotaOp : Graph_Pure<"iota", "Elementwise"> {
  let summary = "[size] elements start + index * step of type `element_type`";
  let arguments = (ins Graph_ExprAttr:$size, TypeAttr:$element_type, AnyAttrOf<[F64Attr, I64Attr]>:$start,
                       AnyAttrOf<[F64Attr, I64Attr]>:$step);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_ReshapeOp : Graph_Pure<"reshape", "View"> {
  let summary = "same elements in row-major order, other sizes";
  let description = [{
    ```mlir
    %0 = graph.reshape %x {dims = #graph.dims<[s27, 12]>}
        : (tensor<?x3x4xf32, #graph.info<[s27, 3, 4]>>) -> tensor<?x12xf32, #graph.info<[s27, 12]>>
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, Graph_DimsAttr:$dims);
  let results = (outs Graph_Tensor:$result);
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}
def Graph_PermuteOp : Graph_Pure<"permute", "View"> {
  let summary = "result dimension i is input dimension permutation[i]";
  let arguments = (ins Graph_Tensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs Graph_Tensor:$result);
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}
def Graph_BroadcastOp : Graph_Pure<"broadcast", "View"> {
  let summary = "repeats sizes of 1, and new dimensions at the left, to `dims`";
  let arguments = (ins Graph_Tensor:$input, Graph_DimsAttr:$dims);
  let results = (outs Graph_Tensor:$result);
  let hasFolder = 1;
}
def Graph_SliceOp : Graph_Pure<"slice", "View"> {
  let summary = "elements start + index * step of each dimension";
  let description = [{
    `starts` and `sizes` are expressions, one for each dimension; steps are
    positive, or negative to reverse. The range lies inside the input (checked
    where constant, otherwise the front end adds a graph.assume).

    ```mlir
    %0 = graph.slice %x {starts = #graph.dims<[0, 2]>, sizes = #graph.dims<[4, 3]>, steps = array<i64: 1, 2>}
        : (tensor<4x8xf32>) -> tensor<4x3xf32>
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, Graph_DimsAttr:$starts, Graph_DimsAttr:$sizes,
                       DenseI64ArrayAttr:$steps);
  let results = (outs Graph_Tensor:$result);
  let hasFolder = 1;
}
def Graph_ConcatOp : Graph_Pure<"concat", "View"> {
  let summary = "tensors one after another along `dim`";
  let arguments = (ins Variadic<Graph_Tensor>:$inputs, I64Attr:$dim);
  let results = (outs Graph_Tensor:$result);
  let hasFolder = 1;
}
def Graph_PadOp : Graph_Pure<"pad", "View"> {
  let summary = "margins of low and high elements around each dimension";
  let description = [{
    Negative margins crop. `mode` constant fills with `value`; reflect mirrors
    without the edge, replicate repeats it, circular wraps around.

    ```mlir
    %0 = graph.pad %x {low = array<i64: 0, 1>, high = array<i64: 0, 2>, mode = #graph.pad_mode<constant>,
        value = 0.0 : f32} : (tensor<2x3xf32>) -> tensor<2x6xf32>
    ```
  }];
  let arguments = (ins Graph_Tensor:$input, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high,
                       Graph_PadModeAttr:$mode, OptionalAttr<TypedAttrInterface>:$value);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_GatherOp : Graph_Pure<"gather", "Gather"> {
  let summary = "slices of `data` along `dim` at `indices` (index_select, embedding)";
  let description = [{
    Result sizes: data[:dim] + indices.shape + data[dim+1:]. Negative indices
    count from the end. An index outside the range is an error at run time; the
    access is clamped.
  }];
  let arguments = (ins Graph_Tensor:$data, Graph_IndexTensor:$indices, I64Attr:$dim);
  let results = (outs Graph_Tensor:$result);
}
def Graph_GatherElementsOp : Graph_Pure<"gather_elements", "Gather"> {
  let summary = "result[i, j, k] = data[i, indices[i, j, k], k] for dim 1 (torch.gather)";
  let arguments = (ins Graph_Tensor:$data, Graph_IndexTensor:$indices, I64Attr:$dim);
  let results = (outs Graph_Tensor:$result);
}
def Graph_IndexOp : Graph_Pure<"index", "Gather"> {
  let summary = "advanced indexing: dimensions `dims` of `data` are indexed together";
  let description = [{
    `indices` broadcast to one shape. If `dims` are consecutive, that shape
    replaces them in place, otherwise it comes first (NumPy's rule).
  }];
  let arguments = (ins Graph_Tensor:$data, Variadic<Graph_IndexTensor>:$indices, DenseI64ArrayAttr:$dims);
  let results = (outs Graph_Tensor:$result);
}
def Graph_IndexPutOp : Graph_Pure<"index_put", "Anchor"> {
  let summary = "data with the elements that graph.index would read replaced by `values`";
  let description = [{
    `values` broadcast to the shape that graph.index has for these indices.
    With `accumulate` they are added. For equal indices the last one wins in
    row-major order of `values`.
  }];
  let arguments = (ins Graph_Tensor:$data, Graph_Tensor:$values, Variadic<Graph_IndexTensor>:$indices,
                       DenseI64ArrayAttr:$dims, UnitAttr:$accumulate);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_InsertSliceOp : Graph_Pure<"insert_slice", "Anchor"> {
  let summary = "`data` with the range that graph.slice would read replaced by `values`";
  let arguments = (ins Graph_Tensor:$data, Graph_Tensor:$values, Graph_DimsAttr:$starts,
                       DenseI64ArrayAttr:$steps);
  let results = (outs Graph_Tensor:$result);
  let hasVerifier = 1;
}
def Graph_SizeOp : Graph_Op<"size", [Pure, FusionOpInterface, InferTypeOpAdaptor]> {
  let summary = "a rank-0 i64 tensor of a size expression";
  let arguments = (ins Graph_ExprAttr:$expr);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$expr attr-dict `:` type($result)";
  let hasFolder = 1;
  let extraClassDeclaration = [{
    ::lathe::graph::FusionKind getFusionKind() { return ::lathe::graph::FusionKind::Elementwise; }
  }];
}

#endif // LATHE_DIALECTS_GRAPH_GRAPHSHAPEOPS_TD
