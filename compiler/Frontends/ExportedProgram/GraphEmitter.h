// SPDX-License-Identifier: Apache-2.0
// Builds graph operators whose types are inferred, and turns a failed
// inference into a fault of the current node instead of an abort.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_GRAPHEMITTER_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_GRAPHEMITTER_H

#include "compiler/Frontends/ExportedProgram/ExportedGraph.h"
#include "dialects/Graph/GraphOps.h"
#include "llvm/ADT/SetVector.h"
#include "mlir/IR/Builders.h"

namespace lathe::pt2 {

/// A list of sizes.
using Dims = llvm::SmallVector<graph::ExprAttr, 6>;
/// Inclusive bounds of a symbol by name, as graph::rangeOf asks for them.
using RangeOfSymbol = std::function<graph::SizeRange(llvm::StringRef)>;

/// Most elements of a tensor at the upper bounds of its sizes.
inline constexpr int64_t kTensorElementsMax = int64_t(1) << 40;

/// All emitting functions return null values once a fault is recorded, and
/// accept null values: importer rows are written without checks between steps.
/// The owner asks takeError() when a node is done.
class GraphEmitter {
public:
  GraphEmitter(mlir::OpBuilder &builder, RangeOfSymbol ranges)
      : builder(builder), ranges(std::move(ranges)),
        location(builder.getUnknownLoc()) {}

  //===-- Faults ----------------------------------------------------------===//

  /// Sets the node that locations and faults name; null between nodes.
  void setNode(const Node *node);
  bool hasFault() const { return fault.has_value(); }
  /// The first fault of the node, or success.
  llvm::Error takeError();
  /// Records a fault at the current node unless there is one already.
  void fail(FaultCode code, const llvm::Twine &what,
            const llvm::Twine &why = "", const llvm::Twine &remedy = "");
  void fail(llvm::Error error);

  //===-- Generic emission ------------------------------------------------===//

  /// Emits `OpT` with inferred result types. Unit attributes are given as
  /// builder.getUnitAttr() where set and left out otherwise.
  template <typename OpT>
  mlir::Operation *emitOp(mlir::ValueRange operands,
                          llvm::ArrayRef<mlir::NamedAttribute> attributes = {});
  /// The same for operators with one result.
  template <typename OpT>
  mlir::Value emit(mlir::ValueRange operands,
                   llvm::ArrayRef<mlir::NamedAttribute> attributes = {}) {
    mlir::Operation *op = emitOp<OpT>(operands, attributes);
    return op ? op->getResult(0) : mlir::Value();
  }
  mlir::NamedAttribute named(llvm::StringRef name, mlir::Attribute value) {
    return builder.getNamedAttr(name, value);
  }
  mlir::NamedAttribute named(llvm::StringRef name, int64_t value) {
    return named(name, builder.getI64IntegerAttr(value));
  }
  mlir::NamedAttribute named(llvm::StringRef name, double value) {
    return named(name, builder.getF64FloatAttr(value));
  }
  mlir::NamedAttribute named(llvm::StringRef name,
                             llvm::ArrayRef<int64_t> values) {
    return named(name, builder.getDenseI64ArrayAttr(values));
  }
  mlir::NamedAttribute named(llvm::StringRef name,
                             llvm::ArrayRef<graph::ExprAttr> dims) {
    return named(name, graph::DimsAttr::get(context(), dims));
  }

  //===-- Types and sizes -------------------------------------------------===//

  mlir::MLIRContext *context() const { return builder.getContext(); }
  /// Null for a null value; the accessors below accept it.
  static mlir::RankedTensorType typeOf(mlir::Value value);
  static mlir::Type elementTypeOf(mlir::Value value);
  static int64_t rankOf(mlir::Value value);
  Dims dimsOf(mlir::Value value);
  /// `dim` counted from the end if negative; a fault where out of range.
  int64_t normalizeDim(int64_t dim, int64_t rank);
  graph::ExprAttr sizeConstant(int64_t value);
  /// Size of one dimension; 1 after a fault.
  graph::ExprAttr dimOf(mlir::Value value, int64_t dim);
  /// Records a fault where a factory of SizeExpr.h returned null.
  graph::ExprAttr checked(graph::ExprAttr expr);
  /// min and max that are decided by the ranges of the symbols where possible.
  graph::ExprAttr smaller(graph::ExprAttr lhs, graph::ExprAttr rhs);
  graph::ExprAttr larger(graph::ExprAttr lhs, graph::ExprAttr rhs);
  graph::SizeRange rangeOf(graph::ExprAttr expr);
  /// Whether lhs <= rhs for all sizes in range.
  bool isAtMost(graph::ExprAttr lhs, graph::ExprAttr rhs);
  /// Sizes that a graph.assume of the module holds equal: operands that fit only
  /// so are emitted with the sizes of the operand before them.
  void assumeEqual(graph::ExprAttr lhs, graph::ExprAttr rhs);
  /// ATen's error for a maximum of nothing, as an assumption about the sizes of
  /// a run. A region that may not run assumes nothing.
  void assumeNotEmpty(mlir::Value input, llvm::ArrayRef<int64_t> dims);
  /// Sizes that are at least 1, for graph.assume.
  llvm::ArrayRef<graph::ExprAttr> notEmpty() const {
    return positiveSizes.getArrayRef();
  }

  /// Records a fault where the type has too many dimensions or, at the upper
  /// bounds of its sizes, too many elements.
  bool checkExtent(mlir::RankedTensorType type);

  mlir::Type toType(ElementType type); ///< Null with a fault if unsupported.
  bool isFloat(mlir::Value value) {
    return value && llvm::isa<mlir::FloatType>(elementTypeOf(value));
  }

  //===-- Common operators ------------------------------------------------===//

  mlir::Value reshape(mlir::Value input, llvm::ArrayRef<graph::ExprAttr> dims);
  mlir::Value permute(mlir::Value input, llvm::ArrayRef<int64_t> permutation);
  mlir::Value broadcast(mlir::Value input,
                        llvm::ArrayRef<graph::ExprAttr> dims);
  mlir::Value slice(mlir::Value input, llvm::ArrayRef<graph::ExprAttr> starts,
                    llvm::ArrayRef<graph::ExprAttr> sizes,
                    llvm::ArrayRef<int64_t> steps);
  mlir::Value cast(mlir::Value input, mlir::Type elementType);
  /// A rank-0 constant; `real` is rounded to the type, integers wrap.
  mlir::Value constant(mlir::Type elementType, double real);
  mlir::Value constant(mlir::Type elementType, int64_t integer);
  /// A splat of any sizes.
  mlir::Value full(mlir::Value scalar, llvm::ArrayRef<graph::ExprAttr> dims);
  /// start + i * step for i in [0, size), rank 1.
  mlir::Value iota(graph::ExprAttr size, mlir::Type elementType,
                   int64_t start = 0, int64_t step = 1);
  /// The same with real bounds, which integer types truncate as ATen does.
  mlir::Value realIota(graph::ExprAttr size, mlir::Type elementType,
                       double start, double step);
  /// The value of a size expression as a rank-0 tensor.
  mlir::Value sizeValue(graph::ExprAttr size, mlir::Type elementType);
  mlir::Value compare(graph::CompareKind kind, mlir::Value lhs,
                      mlir::Value rhs);
  mlir::Value reduce(graph::ReduceKind kind, mlir::Value input,
                     llvm::ArrayRef<int64_t> dims, bool keepDims);
  template <typename OpT> mlir::Value binary(mlir::Value lhs, mlir::Value rhs) {
    return emit<OpT>({lhs, rhs});
  }

  mlir::OpBuilder &builder;
  RangeOfSymbol ranges;
  mlir::Location location;

private:
  mlir::Operation *
  build(mlir::OperationName name, mlir::ValueRange operands,
        llvm::ArrayRef<mlir::NamedAttribute> attributes,
        llvm::function_ref<mlir::LogicalResult(
            mlir::ValueRange, mlir::DictionaryAttr,
            llvm::SmallVectorImpl<mlir::Type> &)>
            infer);
  bool alignSizes(llvm::MutableArrayRef<mlir::Value> operands);
  bool isAssumedEqual(graph::ExprAttr lhs, graph::ExprAttr rhs) const;

  /// lhs - rhs of what is assumed equal.
  llvm::SmallVector<graph::ExprAttr, 0> zeroDifferences;
  llvm::SmallSetVector<graph::ExprAttr, 4> positiveSizes;
  const Node *node = nullptr;
  std::optional<Fault> fault;
};

template <typename OpT>
mlir::Operation *
GraphEmitter::emitOp(mlir::ValueRange operands,
                     llvm::ArrayRef<mlir::NamedAttribute> attributes) {
  mlir::OperationName name(OpT::getOperationName(), context());
  return build(
      name, operands, attributes,
      [&](mlir::ValueRange fitted, mlir::DictionaryAttr dictionary,
          llvm::SmallVectorImpl<mlir::Type> &types) -> mlir::LogicalResult {
        typename OpT::Properties properties;
        auto emitError = [&] { return mlir::emitError(location); };
        if (mlir::failed(OpT::setPropertiesFromAttr(properties, dictionary,
                                                    emitError)))
          return mlir::failure();
        return OpT::inferReturnTypes(context(), location, fitted, dictionary,
                                     &properties, {}, types);
      });
}

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_GRAPHEMITTER_H
