// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_DIALECTS_GRAPH_GRAPHATTRIBUTES_TD
#define LATHE_DIALECTS_GRAPH_GRAPHATTRIBUTES_TD

include "dialects/Graph/GraphDialect.td"
include "mlir/IR/TensorEncoding.td"

def Graph_ExprKind : I32EnumAttr<"ExprKind", "node of a size expression", [
    I32EnumAttrCase<"Constant", 0, "const">, I32EnumAttrCase<"Symbol", 1, "symbol">,
    I32EnumAttrCase<"Add", 2, "add">, I32EnumAttrCase<"Mul", 3, "mul">,
    I32EnumAttrCase<"FloorDiv", 4, "floordiv">, I32EnumAttrCase<"CeilDiv", 5, "ceildiv">,
    I32EnumAttrCase<"Mod", 6, "mod">, I32EnumAttrCase<"Min", 7, "min">,
    I32EnumAttrCase<"Max", 8, "max">]> {
  let cppNamespace = "::lathe::graph";
  let genSpecializedAttr = 0;
}

def Graph_ExprAttr : Graph_Attr<"Expr", "expr"> {
  let summary = "canonical integer expression over symbols";
  let description = [{
    A size as an integer expression over `graph.symbol`s: constants, symbols,
    `+`, `*`, `floordiv`, `ceildiv`, `mod`, `min`, `max`. Only the factories of
    dialects/Graph/SizeExpr.h build one; they keep it canonical (a polynomial
    with sorted terms over symbols and non-polynomial nodes), so that equal
    attributes mean equal sizes. Arithmetic is checked 64-bit.

    ```mlir
    #graph.expr<s27 * 2 + 1>
    ```
  }];
  let parameters = (ins "::lathe::graph::ExprKind":$kind, "int64_t":$value,
                        OptionalParameter<"::mlir::StringAttr">:$symbol,
                        OptionalArrayRefParameter<"::mlir::Attribute">:$operands);
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    /// The value of a constant expression, otherwise nothing.
    std::optional<int64_t> getConstant() const {
      if (getKind() == ExprKind::Constant) return getValue();
      return std::nullopt;
    }
    bool isConstant(int64_t wanted) const { return getConstant() == wanted; }
    ExprAttr getOperand(unsigned index) const {
      return ::llvm::cast<ExprAttr>(getOperands()[index]);
    }
  }];
}

def Graph_DimsAttr : Graph_Attr<"Dims", "dims"> {
  let summary = "a shape: one size expression for each dimension";
  let description = [{
    ```mlir
    #graph.dims<[1, s27, 192]>
    ```
  }];
  let parameters = (ins OptionalArrayRefParameter<"::lathe::graph::ExprAttr">:$dims);
  let hasCustomAssemblyFormat = 1;
}

def Graph_LayoutAttr : Graph_Attr<"Layout", "layout"> {
  let summary = "physical order of a tensor (absent: dense, row-major)";
  let description = [{
    Dimension `permutation[i]` of the logical shape is the i-th outer physical
    dimension; `tiles` appends inner tiles as (dimension, size) pairs; padding
    is elements below and above each logical dimension, written by the producer
    with `fill`. It never changes an operator's meaning or its logical shape.

    ```mlir
    #graph.layout<[0, 2, 3, 1]>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$permutation,
                        OptionalArrayRefParameter<"int64_t">:$tiles,
                        OptionalArrayRefParameter<"int64_t">:$paddingLow,
                        OptionalArrayRefParameter<"int64_t">:$paddingHigh,
                        OptionalParameter<"::mlir::TypedAttr">:$fill);
  let assemblyFormat = [{
    `<` `[` $permutation `]` (`,` `tiles` `=` `[` $tiles^ `]`)?
        (`,` `low` `=` `[` $paddingLow^ `]`)? (`,` `high` `=` `[` $paddingHigh^ `]`)?
        (`,` `fill` `=` $fill^)? `>`
  }];
  let genVerifyDecl = 1;
}

def Graph_InfoAttr : Graph_Attr<"Info", "info",
    [DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let summary = "tensor encoding: sizes of a dynamic shape, and the layout";
  let description = [{
    Every tensor with a `?` carries its sizes here; a constant stands where the
    type has a static size. The optional second part is the layout.

    ```mlir
    tensor<1x?x192xf32, #graph.info<[1, s27, 192]>>
    ```
  }];
  let parameters = (ins OptionalArrayRefParameter<"::lathe::graph::ExprAttr">:$dims,
                        OptionalParameter<"::lathe::graph::LayoutAttr">:$layout);
  let hasCustomAssemblyFormat = 1;
}

def Graph_FormatAttr : Graph_Attr<"Format", "format"> {
  let summary = "how the bytes of a compressed weight are to be read";
  let description = [{
    `bits` per value, `group` values share a scale along `axis` (0: one group),
    `order` names the packing within a byte, `codebook` the meaning of a code.

    ```mlir
    #graph.format<bits = 4, group = 32, axis = 1, order = "low_first", codebook = "int">
    ```
  }];
  let parameters = (ins "int64_t":$bits, "int64_t":$group, "int64_t":$axis,
                        "::mlir::StringAttr":$order, "::mlir::StringAttr":$codebook);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

//===-- Enumerations ------------------------------------------------------===//

class Graph_Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::lathe::graph";
  let genSpecializedAttr = 0;
}
class Graph_EnumAttr<EnumAttrInfo info, string attrMnemonic>
    : EnumAttr<GraphDialect, info, attrMnemonic> {
  let assemblyFormat = "`<` $value `>`";
}

def Graph_ReduceKind : Graph_Enum<"ReduceKind", "how a reduction combines", [
    I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Mean", 1, "mean">,
    I32EnumAttrCase<"Prod", 2, "prod">, I32EnumAttrCase<"Max", 3, "max">,
    I32EnumAttrCase<"Min", 4, "min">, I32EnumAttrCase<"Any", 5, "any">,
    I32EnumAttrCase<"All", 6, "all">]>;
def Graph_ReduceKindAttr : Graph_EnumAttr<Graph_ReduceKind, "reduce_kind">;

def Graph_CompareKind : Graph_Enum<"CompareKind", "predicate", [
    I32EnumAttrCase<"Eq", 0, "eq">, I32EnumAttrCase<"Ne", 1, "ne">,
    I32EnumAttrCase<"Lt", 2, "lt">, I32EnumAttrCase<"Le", 3, "le">,
    I32EnumAttrCase<"Gt", 4, "gt">, I32EnumAttrCase<"Ge", 5, "ge">]>;
def Graph_CompareKindAttr : Graph_EnumAttr<Graph_CompareKind, "compare_kind">;

def Graph_PadMode : Graph_Enum<"PadMode", "what stands in a margin", [
    I32EnumAttrCase<"Constant", 0, "constant">, I32EnumAttrCase<"Reflect", 1, "reflect">,
    I32EnumAttrCase<"Replicate", 2, "replicate">, I32EnumAttrCase<"Circular", 3, "circular">]>;
def Graph_PadModeAttr : Graph_EnumAttr<Graph_PadMode, "pad_mode">;

def Graph_RoundingKind : Graph_Enum<"RoundingKind", "how a requantization rounds", [
    I32EnumAttrCase<"Fp32Rne", 0, "fp32_rne">,
    I32EnumAttrCase<"TfliteDouble", 1, "tflite_double">,
    I32EnumAttrCase<"TfliteSingle", 2, "tflite_single">]>;
def Graph_RoundingKindAttr : Graph_EnumAttr<Graph_RoundingKind, "rounding">;

def Graph_ScalingKind : Graph_Enum<"ScalingKind", "how a real is scaled to a code", [
    I32EnumAttrCase<"Reciprocal", 0, "reciprocal">, I32EnumAttrCase<"Divide", 1, "divide">]>;
def Graph_ScalingKindAttr : Graph_EnumAttr<Graph_ScalingKind, "scaling">;

// How an operator may take part in a fused group (ir-contract C12). Queried in
// C++ only; it has no attribute form.
def Graph_FusionKind : I32EnumAttr<"FusionKind", "role in a fused group", [
    I32EnumAttrCase<"Anchor", 0, "anchor">, I32EnumAttrCase<"Elementwise", 1, "elementwise">,
    I32EnumAttrCase<"View", 2, "view">, I32EnumAttrCase<"Gather", 3, "gather">,
    I32EnumAttrCase<"Never", 4, "never">]> {
  let cppNamespace = "::lathe::graph";
  let genSpecializedAttr = 0;
}

#endif // LATHE_DIALECTS_GRAPH_GRAPHATTRIBUTES_TD
