// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_DIALECTS_GRAPH_GRAPHSTRUCTUREOPS_TD
#define LATHE_DIALECTS_GRAPH_GRAPHSTRUCTUREOPS_TD

include "dialects/Graph/GraphOpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"

//===-- Symbols, weights, state -------------------------------------------===//

def Graph_SymbolOp : Graph_Op<"symbol", [Symbol, HasParent<"::mlir::ModuleOp">]> {
  let summary = "a size that is known only at run time, with its inclusive range";
  let description = [{
    `multiple` is a divisor of every value. `data_dependent` marks a symbol that
    graph.bind_symbol sets, not an input's shape.

    ```mlir
    graph.symbol @s27 [1, 256]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$min, I64Attr:$max,
                       DefaultValuedAttr<I64Attr, "1">:$multiple, UnitAttr:$data_dependent);
  let assemblyFormat = "$sym_name `[` custom<PlainInteger>($min) `,` custom<PlainInteger>($max) `]` attr-dict";
  let hasVerifier = 1;
}
def Graph_AssumeOp : Graph_Op<"assume", [HasParent<"::mlir::ModuleOp">]> {
  let summary = "a relation between sizes that the file states; checked when a run is prepared";
  let arguments = (ins Graph_CompareKindAttr:$kind, Graph_ExprAttr:$lhs, Graph_ExprAttr:$rhs);
  let assemblyFormat = "$lhs $kind $rhs attr-dict";
}
def Graph_WeightOp : Graph_Op<"weight", [Symbol, HasParent<"::mlir::ModuleOp">, IsolatedFromAbove,
    NoRegionArguments]> {
  let summary = "a constant tensor whose bytes live in the WeightStore";
  let description = [{
    `key` names the content in the context's WeightStore: the BLAKE3 hash of
    its dense row-major bytes. Equal keys share bytes. A weight with an
    initializer region has no key: the region computes it from other weights
    when the program is written.

    ```mlir
    graph.weight @conv.weight : tensor<4x3x3x3xf32> key "6f1e.."
    graph.weight @folded : tensor<4xf32> {
      %0 = graph.use_weight @scale : tensor<4xf32>
      %1 = graph.rsqrt %0 : (tensor<4xf32>) -> tensor<4xf32>
      graph.yield %1 : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Graph_Tensor>:$type,
                       OptionalAttr<StrAttr>:$key, OptionalAttr<Graph_FormatAttr>:$format);
  let regions = (region MaxSizedRegion<1>:$initializer);
  let assemblyFormat = [{
    $sym_name `:` $type (`key` $key^)? (`format` $format^)? attr-dict-with-keyword ($initializer^)?
  }];
  let hasVerifier = 1;
}
def Graph_UseWeightOp : Graph_Op<"use_weight", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a weight";
  let arguments = (ins FlatSymbolRefAttr:$weight);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$weight attr-dict `:` type($result)";
}
def Graph_StateOp : Graph_Op<"state", [Symbol, HasParent<"::mlir::ModuleOp">]> {
  let summary = "a tensor that lives across runs, shared by the module's methods";
  let description = [{
    It starts as `initial` (a weight), or as zeros.

    ```mlir
    graph.state @cache : tensor<1x4x256x64xf32>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Graph_Tensor>:$type,
                       OptionalAttr<FlatSymbolRefAttr>:$initial);
  let assemblyFormat = "$sym_name `:` $type (`initial` $initial^)? attr-dict";
  let hasVerifier = 1;
}
class Graph_StateUser<string mnemonic, list<Trait> traits = []>
    : Graph_Op<mnemonic, traits # [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]>;
def Graph_StateReadOp : Graph_StateUser<"state_read"> {
  let summary = "the state's value at this point";
  let arguments = (ins FlatSymbolRefAttr:$state);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$state attr-dict `:` type($result)";
}
def Graph_StateWriteOp : Graph_StateUser<"state_write"> {
  let summary = "replaces the state's value";
  let arguments = (ins FlatSymbolRefAttr:$state, Graph_Tensor:$value);
  let assemblyFormat = "$state `=` $value attr-dict `:` type($value)";
}
def Graph_StateUpdateOp : Graph_StateUser<"state_update"> {
  let summary = "replaces the elements that graph.index would read, in place";
  let description = [{
    As graph.index_put without accumulation.

    ```mlir
    graph.state_update @cache[%position] = %key {dims = array<i64: 2>} : (tensor<1xi64>), tensor<1x4x1x64xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$state, Variadic<Graph_IndexTensor>:$indices, Graph_Tensor:$value,
                       DenseI64ArrayAttr:$dims);
  let assemblyFormat = "$state `[` $indices `]` `=` $value attr-dict `:` `(` type($indices) `)` `,` type($value)";
}
def Graph_BindSymbolOp : Graph_Op<"bind_symbol", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "sets a data-dependent symbol from a rank-0 tensor; out of range is an error of the run";
  let arguments = (ins FlatSymbolRefAttr:$symbol, Graph_IndexTensor:$value);
  let assemblyFormat = "$symbol `=` $value attr-dict `:` type($value)";
}

//===-- Control flow ------------------------------------------------------===//

def Graph_YieldOp : Graph_Op<"yield", [Pure, Terminator, ReturnLike]> {
  let summary = "values of the enclosing region";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}
def Graph_IfOp : Graph_Op<"if", [IsolatedFromAbove, RecursiveMemoryEffects]> {
  let summary = "one of two regions, by a rank-0 i1; both take all operands";
  let arguments = (ins Graph_BoolTensor:$condition, Variadic<Graph_Tensor>:$inputs);
  let results = (outs Variadic<Graph_Tensor>:$results);
  let regions = (region SizedRegion<1>:$then_region, SizedRegion<1>:$else_region);
  let assemblyFormat = [{
    $condition `(` $inputs `)` attr-dict-with-keyword `:` type($condition) `,` functional-type($inputs, $results)
    $then_region `else` $else_region
  }];
  let hasVerifier = 1;
}
def Graph_WhileOp : Graph_Op<"while", [IsolatedFromAbove, RecursiveMemoryEffects, AttrSizedOperandSegments]> {
  let summary = "repeats `body` while `condition` yields true";
  let description = [{
    Both regions take the carried values, then the extra inputs; the condition
    yields a rank-0 i1, the body the next carried values of the same types.
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$carried, Variadic<Graph_Tensor>:$extra);
  let results = (outs Variadic<Graph_Tensor>:$results);
  let regions = (region SizedRegion<1>:$condition_region, SizedRegion<1>:$body_region);
  let assemblyFormat = [{
    `(` $carried `)` `(` $extra `)` attr-dict-with-keyword `:` functional-type(operands, $results)
    $condition_region `do` $body_region
  }];
  let hasVerifier = 1;
}
def Graph_ScanOp : Graph_Op<"scan", [IsolatedFromAbove, RecursiveMemoryEffects, AttrSizedOperandSegments]> {
  let summary = "applies `body` to each slice along dimension 0 of `scanned`";
  let description = [{
    The body takes carried values, one slice of each scanned tensor, and the
    extra inputs; it yields the next carried values and a slice of each stacked
    result. Results: final carried values, then the stacked tensors.
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$carried, Variadic<Graph_Tensor>:$scanned,
                       Variadic<Graph_Tensor>:$extra);
  let results = (outs Variadic<Graph_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `(` $carried `)` `(` $scanned `)` `(` $extra `)` attr-dict-with-keyword `:` functional-type(operands, $results) $body
  }];
  let hasVerifier = 1;
}

//===-- Groups, kernels, devices ------------------------------------------===//

def Graph_GroupOp : Graph_Op<"group", [IsolatedFromAbove, RecursiveMemoryEffects, SingleBlock]> {
  let summary = "operators that become one kernel on one device";
  let description = [{
    Formed by passes/Fuse alone. At most one anchor, with elementwise, view and
    gather operators around it. With the attribute `chain` there are two: a
    pointwise convolution and the depthwise one that alone reads it, which the
    target computes tile by tile.

    ```mlir
    %0 = graph.group "relu_f32" on "cpu" (%x) : (tensor<4xf32>) -> tensor<4xf32> {
    ^bb0(%a: tensor<4xf32>):
      %1 = graph.relu %a : (tensor<4xf32>) -> tensor<4xf32>
      graph.yield %1 : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$device, Variadic<Graph_Tensor>:$inputs);
  let results = (outs Variadic<Graph_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $name `on` $device `(` $inputs `)` attr-dict-with-keyword `:` functional-type($inputs, $results) $body
  }];
  let hasVerifier = 1;
}
def Graph_KernelOp : Graph_Op<"kernel", [IsolatedFromAbove, Symbol, FunctionOpInterface]> {
  let summary = "the body of one or more equal groups; lives in a nested module";
  let description = [{
    `symbols` are the names that stand in its types for the sizes that each
    dispatch passes. `inplace` holds pairs (input index, result index) whose
    buffers may be one. The body ends in graph.yield.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
                       StrArrayAttr:$symbols, StrAttr:$device, OptionalAttr<DenseI64ArrayAttr>:$inplace,
                       OptionalAttr<StrAttr>:$sym_visibility,
                       OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
  }];
}
def Graph_DispatchOp : Graph_Op<"dispatch", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "runs a kernel; symbols give the sizes of its types";
  let arguments = (ins SymbolRefAttr:$kernel, Variadic<Graph_Tensor>:$inputs, Graph_DimsAttr:$symbols);
  let results = (outs Variadic<Graph_Tensor>:$results);
  let assemblyFormat = [{
    $kernel `(` $inputs `)` `symbols` $symbols attr-dict `:` functional-type($inputs, $results)
  }];
}
def Graph_RelayoutOp : Graph_Op<"relayout", [Pure, FusionOpInterface]> {
  let summary = "same logical tensor in another layout";
  let arguments = (ins Graph_Tensor:$input);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` functional-type($input, $result)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::lathe::graph::FusionKind getFusionKind() { return ::lathe::graph::FusionKind::View; }
  }];
}
def Graph_TransferOp : Graph_Op<"transfer", [Pure]> {
  let summary = "crosses from one device to another";
  let arguments = (ins Graph_Tensor:$input, StrAttr:$from, StrAttr:$to);
  let results = (outs Graph_Tensor:$result);
  let assemblyFormat = "$input `from` $from `to` $to attr-dict `:` functional-type($input, $result)";
  let hasVerifier = 1;
}

#endif // LATHE_DIALECTS_GRAPH_GRAPHSTRUCTUREOPS_TD
