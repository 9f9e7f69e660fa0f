// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_DIALECTS_GRAPH_GRAPHOPBASE_TD
#define LATHE_DIALECTS_GRAPH_GRAPHOPBASE_TD

include "dialects/Graph/GraphAttributes.td"
include "dialects/Graph/GraphInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

// Element types of C1: i1, signless integers, unsigned integers, floats and
// quantized integers. Rank is at most 8 (checked by the #graph.info verifier
// and, for static shapes, by type inference).
def Graph_Quantized : Type<CPred<"::llvm::isa<::mlir::quant::UniformQuantizedType, "
    "::mlir::quant::UniformQuantizedPerAxisType>($_self)">, "uniform quantized">;
def Graph_Tensor : RankedTensorOf<[I1, I<8>, I<16>, I<32>, I<64>, UI8, UI16, UI32, UI64,
    F16, BF16, F32, F64, Graph_Quantized]>;
def Graph_BoolTensor : RankedTensorOf<[I1]>;
def Graph_IndexTensor : RankedTensorOf<[I<32>, I<64>]>;
def Graph_FloatTensor : RankedTensorOf<[F16, BF16, F32, F64]>;

class Graph_Op<string mnemonic, list<Trait> traits = []>
    : Op<GraphDialect, mnemonic, traits>;

// A pure operator on tensors whose result types follow from its operands and
// attributes. Result types are printed, since a layout may be part of them.
class Graph_Pure<string mnemonic, string fusionKind, list<Trait> traits = []>
    : Graph_Op<mnemonic, traits # [Pure, InferTypeOpAdaptor, FusionOpInterface]> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  string fusionMethods = [{
    ::lathe::graph::FusionKind getFusionKind() { return ::lathe::graph::FusionKind::}] # fusionKind # [{; }
    /// Equal element types and sizes; layouts may differ.
    static bool isCompatibleReturnTypes(::mlir::TypeRange lhs, ::mlir::TypeRange rhs) {
      return ::lathe::graph::areCompatible(lhs, rhs);
    }
  }];
  let extraClassDeclaration = fusionMethods;
}

#endif // LATHE_DIALECTS_GRAPH_GRAPHOPBASE_TD
