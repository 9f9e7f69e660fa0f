// SPDX-License-Identifier: Apache-2.0
//
// What the operator families of GraphToLinalg share: the function that is being
// written, the tensors that stand for graph values, sizes as index arguments,
// destinations, and builders for the few shapes of linalg.generic that occur.
#ifndef LATHE_PASSES_LOWER_KERNELLOWERING_H
#define LATHE_PASSES_LOWER_KERNELLOWERING_H

#include "dialects/Graph/DiagnosticMark.h"
#include "passes/Lower/GraphToLinalg.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace lathe::lower {

using Dims = llvm::SmallVector<graph::ExprAttr>;

/// The element type of memory for an element type of the graph: signless
/// integers stand for unsigned ones, storage integers for quantized ones.
mlir::Type getStorageType(mlir::Type element);
/// The type in which arithmetic on a storage type is done: f32 for f16, bf16.
mlir::Type getComputeType(mlir::Type storage);
/// Integers whose order and conversions are unsigned; i1 is one of them.
bool isUnsignedElement(mlir::Type element);
bool isQuantizedElement(mlir::Type element);
/// Element type and sizes of a graph value.
mlir::Type elementOf(mlir::Value value);
Dims dimsOf(mlir::Value value);

/// Scalar builder at one place: arithmetic on SSA scalars of one location.
struct Scalars {
  mlir::OpBuilder &builder;
  mlir::Location loc;

  /// A float (rounded to `type`) or an integer constant.
  mlir::Value real(mlir::Type type, double value) const;
  mlir::Value integer(mlir::Type type, int64_t value) const;
  mlir::Value index(int64_t value) const;
  /// Storage to compute type, and back.
  mlir::Value load(mlir::Value value) const;
  mlir::Value store(mlir::Value value, mlir::Type storage) const;
  mlir::Value select(mlir::Value condition, mlir::Value then, mlir::Value otherwise) const;
  mlir::Value compare(mlir::arith::CmpIPredicate predicate, mlir::Value lhs, mlir::Value rhs) const;
  mlir::Value compare(mlir::arith::CmpFPredicate predicate, mlir::Value lhs, mlir::Value rhs) const;
  /// exp(x) for a sum whose other terms reach 1: may be 0 where it is below them
  /// by all their bits and more (the flag afn says so).
  mlir::Value expInSum(mlir::Value x) const;
  /// An index as a number of `type`, integer or float.
  mlir::Value fromIndex(mlir::Value index, mlir::Type type) const;
  /// Float to integer: truncates, saturates, NaN gives 0.
  mlir::Value saturate(mlir::Value value, mlir::Type type, bool isUnsigned) const;

  template <typename OpTy, typename... Args>
  mlir::Value make(Args &&...args) const {
    return OpTy::create(builder, loc, std::forward<Args>(args)...);
  }
};

/// One operand of a nest and the point that it reads.
struct NestInput {
  mlir::Value tensor;
  mlir::AffineMap map;
};

/// Body of a nest: one scalar for each input, then one for each output.
using NestBody =
    llvm::function_ref<llvm::SmallVector<mlir::Value>(const Scalars &, mlir::ValueRange)>;
/// Body with one result.
using ScalarBody = llvm::function_ref<mlir::Value(const Scalars &, mlir::ValueRange)>;

class KernelLowering {
public:
  KernelLowering(mlir::OpBuilder &builder, graph::KernelOp kernel,
                 const KernelSymbolRanges &ranges);

  /// Writes the signature, calls `lowerBody`, writes the return. The function
  /// is erased on failure.
  mlir::FailureOr<mlir::func::FuncOp>
  run(llvm::function_ref<mlir::LogicalResult(mlir::Operation *)> lowerOperator);

  //===-- Values ----------------------------------------------------------===//

  /// The tensor that stands for a graph value (a fill, for a splat constant):
  /// the array that its layout describes. Nests read it at logical points all
  /// the same; whoever does not use a nest takes values without layouts only.
  mlir::Value value(mlir::Value graphValue);
  void setValue(mlir::Value graphValue, mlir::Value tensor);
  /// Names a graph value that is one scalar everywhere; `value` fills it only
  /// if somebody needs it in memory.
  void setSplat(mlir::Value graphValue, mlir::Value scalar);
  /// The scalar of a splat, or null.
  mlir::Value splat(mlir::Value graphValue) const;

  /// Where the operator that defines `graphValue` should write: the
  /// destination argument if the kernel returns it (also through a reshape),
  /// else an empty tensor.
  mlir::Value destination(mlir::Value graphValue);
  /// Whether the kernel returns `graphValue` itself.
  bool isReturned(mlir::Value graphValue) const { return returned.count(graphValue); }
  /// Whether `tensor` is the memory of a result argument already, so that an
  /// update may write into it.
  bool isOwned(mlir::Value tensor);

  //===-- Sizes -----------------------------------------------------------===//

  mlir::Value size(graph::ExprAttr expr);
  mlir::OpFoldResult foldedSize(graph::ExprAttr expr);
  llvm::SmallVector<mlir::OpFoldResult> foldedSizes(llvm::ArrayRef<graph::ExprAttr> dims);
  graph::SizeRange rangeOf(graph::ExprAttr expr) const;
  graph::ExprAttr constantExpr(int64_t value) const;
  /// Whether the size may be 0 at run time.
  bool mayBeZero(graph::ExprAttr expr) const { return rangeOf(expr).min < 1; }

  //===-- Tensors ---------------------------------------------------------===//

  mlir::RankedTensorType tensorType(llvm::ArrayRef<graph::ExprAttr> dims, mlir::Type storage) const;
  mlir::Value empty(llvm::ArrayRef<graph::ExprAttr> dims, mlir::Type storage);
  /// One of the sizes and the layout of `graphValue`, with other elements.
  mlir::Value emptyLike(mlir::Value graphValue, mlir::Type storage);
  /// Where logical points lie in a tensor; null if it is plain row-major.
  mlir::AffineMap layoutOf(mlir::Value tensor) const { return layouts.lookup(tensor); }
  /// `tensor` is laid out as `map` says, which may be null; returns it.
  mlir::Value withLayout(mlir::Value tensor, mlir::AffineMap map);
  mlir::Value fill(mlir::Value scalar, mlir::Value into);
  /// A tensor of these sizes filled with a float or integer constant.
  mlir::Value filled(llvm::ArrayRef<graph::ExprAttr> dims, mlir::Type storage, double value);
  mlir::Value copy(mlir::Value from, mlir::Value to);
  /// The same elements with other sizes; equal products. Always a view.
  mlir::Value reshape(mlir::Value tensor, llvm::ArrayRef<graph::ExprAttr> from,
                      llvm::ArrayRef<graph::ExprAttr> to);
  mlir::Value slice(mlir::Value tensor, mlir::RankedTensorType type,
                    llvm::ArrayRef<mlir::OpFoldResult> offsets,
                    llvm::ArrayRef<mlir::OpFoldResult> sizes,
                    llvm::ArrayRef<mlir::OpFoldResult> strides = {});
  mlir::Value insert(mlir::Value tensor, mlir::Value into,
                     llvm::ArrayRef<mlir::OpFoldResult> offsets,
                     llvm::ArrayRef<mlir::OpFoldResult> sizes,
                     llvm::ArrayRef<mlir::OpFoldResult> strides = {});

  //===-- Nests -----------------------------------------------------------===//

  /// A linalg.generic. Scalars reach the body in their compute type and its
  /// results are rounded to the outputs' element types. Maps lead to logical
  /// points. Where an operand has a layout, loops follow it: the loops of a
  /// tiled dimension are two, and the order is that of the outputs' memory.
  llvm::SmallVector<mlir::Value> nest(llvm::ArrayRef<NestInput> inputs,
                                      llvm::ArrayRef<NestInput> outputs,
                                      llvm::ArrayRef<mlir::utils::IteratorType> iterators,
                                      NestBody body);
  /// All loops parallel, one output in the loops' order.
  mlir::Value map(llvm::ArrayRef<NestInput> inputs, mlir::Value out, ScalarBody body);
  /// Elementwise on graph values that broadcast to the result of `op`; splats
  /// enter the body as scalars. Writes to the result's destination.
  void elementwise(mlir::Operation *op, mlir::ValueRange graphOperands, ScalarBody body);
  /// Combines the elements along `reduced` into a tensor without these
  /// dimensions, of the type of `init`; the body gets element and accumulator.
  mlir::Value reduce(NestInput input, unsigned rank, llvm::ArrayRef<int64_t> reduced,
                     mlir::Value init, ScalarBody body);

  /// Loop over [0, count) that carries tensors.
  llvm::SmallVector<mlir::Value> loop(
      mlir::Value count, llvm::ArrayRef<mlir::Value> carried,
      llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)> body);

  //===-- Maps ------------------------------------------------------------===//

  mlir::AffineMap identity(unsigned rank) const;
  /// Selects loops in this order.
  mlir::AffineMap select(unsigned loops, llvm::ArrayRef<int64_t> dims) const;
  /// How a tensor of sizes `from` is read in a nest over `to`, aligned right.
  mlir::AffineMap broadcastMap(llvm::ArrayRef<graph::ExprAttr> from,
                               llvm::ArrayRef<graph::ExprAttr> to) const;
  mlir::AffineExpr dim(unsigned index) const;

  //===-- Status ----------------------------------------------------------===//

  /// Asserts that every element of `indices` lies in [-size, size), in a nest
  /// of its own; the target turns a failed assertion into the status word.
  void checkIndices(mlir::Value indices, unsigned rank, graph::ExprAttr size);
  /// The index made non-negative and moved into [0, size).
  mlir::Value clampIndex(const Scalars &at, mlir::Value index, mlir::Value size) const;

  /// Marks the kernel as one that cannot be split in tiles.
  void setSingleTile();

  mlir::OpBuilder &builder;
  mlir::Location loc;

private:
  void writeSignature();
  void annotateArguments();
  llvm::SmallVector<mlir::Value> finishResults();

  graph::KernelOp kernel;
  const KernelSymbolRanges &ranges;
  mlir::func::FuncOp func;
  llvm::DenseMap<mlir::Value, mlir::Value> tensors;
  llvm::DenseMap<mlir::Value, mlir::Value> splats;
  /// Physical place of logical points, of tensors that are not row-major.
  llvm::DenseMap<mlir::Value, mlir::AffineMap> layouts;
  /// Graph values that the kernel returns, with the first result that does.
  llvm::DenseMap<mlir::Value, unsigned> returned;
  /// Results whose value was written to their destination.
  llvm::SmallVector<bool> claimed;
  /// Result index of each input whose buffer it must be, -1 otherwise.
  llvm::SmallVector<int64_t> updatedBy;
  llvm::MapVector<mlir::Attribute, mlir::Value> sizes;
};

/// Operators by name; each family adds its own.
using LowerFn = mlir::LogicalResult (*)(KernelLowering &, mlir::Operation *);
using LoweringTable = llvm::StringMap<LowerFn>;

/// Adds the lowering of one operator: a function that takes it by type.
template <typename OpTy, mlir::LogicalResult (*lower)(KernelLowering &, OpTy)>
void addLowering(LoweringTable &table) {
  table[OpTy::getOperationName()] = [](KernelLowering &lowering, mlir::Operation *op) {
    return lower(lowering, llvm::cast<OpTy>(op));
  };
}

/// `values`, one for each dimension, in the order in which a tensor with the map
/// `layout` lies (none: as they are). Layouts of activations only permute.
template <typename T>
llvm::SmallVector<T> inMemory(mlir::AffineMap layout, llvm::ArrayRef<T> values) {
  llvm::SmallVector<T> ordered(values);
  for (unsigned i = 0; layout && i < values.size(); ++i)
    ordered[i] = values[layout.getDimPosition(i)];
  return ordered;
}

/// The margins of the dimensions of `tensor` in the order in which it lies.
llvm::SmallVector<mlir::OpFoldResult> marginsInMemory(KernelLowering &lowering, mlir::Value tensor,
                                                      llvm::ArrayRef<int64_t> margins);

/// `tensor` without what negative margins crop, reported at `op` where a size
/// may be too small for that: `dims` become the sizes that are left, `low` and
/// `high` the margins that are still to add.
mlir::FailureOr<mlir::Value> cropMargins(KernelLowering &lowering, mlir::Operation *op,
                                         mlir::Value tensor, Dims &dims,
                                         llvm::SmallVectorImpl<int64_t> &low,
                                         llvm::SmallVectorImpl<int64_t> &high);
/// `tensor` with margins of `scalar` around dimensions; margins must not be
/// negative.
mlir::Value padConstant(KernelLowering &lowering, mlir::Value tensor,
                        llvm::ArrayRef<graph::ExprAttr> dims, llvm::ArrayRef<int64_t> low,
                        llvm::ArrayRef<int64_t> high, mlir::Value scalar);
/// tensor[position], or `otherwise` where `inside` is false: nothing is read
/// there.
mlir::Value readIf(const Scalars &at, mlir::Value inside, mlir::Value tensor,
                   mlir::ValueRange position, mlir::Value otherwise);
/// The sums of a convolution into `out`: [n, f, o...] of the accumulator's
/// type. The body gets an input element, a weight element and the sum; what
/// stands in margins is `margin`, a scalar of the input's storage type.
mlir::FailureOr<mlir::Value> sumConvolution(KernelLowering &lowering, graph::ConvOp op,
                                            mlir::Value margin, mlir::Value out, ScalarBody body,
                                            bool preferNamed);
/// The two contractions on quantized operands, in the quantized family.
mlir::LogicalResult lowerQuantizedLinear(KernelLowering &lowering, graph::LinearOp op);
mlir::LogicalResult lowerQuantizedConv(KernelLowering &lowering, graph::ConvOp op);

void addElementwiseLowerings(LoweringTable &table);
void addBinaryLowerings(LoweringTable &table);
void addCastLowerings(LoweringTable &table);
void addContractionLowerings(LoweringTable &table);
void addConvolutionLowerings(LoweringTable &table);
void addWinogradLowerings(LoweringTable &table);
void addPhaseConvLowerings(LoweringTable &table);
void addAttentionLowerings(LoweringTable &table);
void addRecurrentLowerings(LoweringTable &table);
void addReductionLowerings(LoweringTable &table);
void addNormLowerings(LoweringTable &table);
void addPoolLowerings(LoweringTable &table);
void addShapeLowerings(LoweringTable &table);
void addGatherLowerings(LoweringTable &table);
void addQuantizedLowerings(LoweringTable &table);

} // namespace lathe::lower

#endif // LATHE_PASSES_LOWER_KERNELLOWERING_H
