// SPDX-License-Identifier: Apache-2.0
//
// Inside the reference interpreter: how one operator without regions is
// evaluated, and the table of evaluators that the Ops<Family>.cpp files fill.
//
// Reals. Element types f16, bf16, f32, f64 and quantized types compute on
// doubles that hold their values exactly; a result is rounded once, at its end
// (f16 and bf16 by way of f32). For + - * / and sqrt of f32 that is IEEE f32
// arithmetic; sums (contractions, norms, softmax) are accumulated in double, in
// index order. An operator on quantized types that has no `rounding` means:
// dequantize, compute, quantize with x / scale.
#ifndef LATHE_COMPILER_REFERENCE_OPERATORS_H
#define LATHE_COMPILER_REFERENCE_OPERATORS_H

#include "compiler/Reference/Tensor.h"
#include "dialects/Graph/GraphOps.h"
#include "llvm/ADT/StringMap.h"
#include <functional>

namespace lathe::reference {

/// Largest stride, padding, dilation or kernel size of a window.
constexpr int64_t kWindowMax = int64_t(1) << 30;

/// Values of graph.symbols.
using SymbolValues = llvm::StringMap<int64_t>;
using Sizes = llvm::SmallVector<int64_t, 6>;

/// Elements of one computed tensor at most (temporaries take 8 bytes each).
constexpr int64_t kElementsMax = int64_t(1) << 27;

/// An error that names the operator and its location.
llvm::Error fault(mlir::Operation *op, const llvm::Twine &why);

/// One operator at hand: its concrete operands and the sizes in force.
struct Call {
  mlir::Operation *op;
  llvm::ArrayRef<Tensor> operands; ///< one for each operand of `op`
  const SymbolValues &symbols;

  /// The tensor of an operand value; null for an absent optional operand.
  const Tensor *find(mlir::Value operand) const;
  const Tensor &get(mlir::Value operand) const { return *find(operand); }
  mlir::Type resultElementType(unsigned index = 0) const;
  llvm::Expected<int64_t> evaluate(graph::ExprAttr expr) const;
  /// Sizes of a list of expressions: not negative, at most kElementsMax elements.
  llvm::Expected<Sizes> evaluate(llvm::ArrayRef<graph::ExprAttr> dims) const;
  llvm::Error fail(const llvm::Twine &why) const { return fault(op, why); }
};

using Results = llvm::SmallVector<Tensor, 1>;
using Evaluator = std::function<llvm::Expected<Results>(const Call &)>;

/// Evaluators by operator name.
class EvaluatorTable {
public:
  /// `evaluate` computes the only result of an operator.
  template <typename Op>
  void add(std::function<llvm::Expected<Tensor>(Op, const Call &)> evaluate) {
    table[Op::getOperationName()] = [evaluate](const Call &call) -> llvm::Expected<Results> {
      llvm::Expected<Tensor> result = evaluate(llvm::cast<Op>(call.op), call);
      if (!result)
        return result.takeError();
      return Results{std::move(*result)};
    };
  }
  template <typename Op>
  void addMany(std::function<llvm::Expected<Results>(Op, const Call &)> evaluate) {
    table[Op::getOperationName()] = [evaluate](const Call &call) {
      return evaluate(llvm::cast<Op>(call.op), call);
    };
  }
  const Evaluator *find(llvm::StringRef name) const {
    auto it = table.find(name);
    return it == table.end() ? nullptr : &it->second;
  }

  /// All operators of the graph dialect without regions and effects.
  static const EvaluatorTable &get();

private:
  llvm::StringMap<Evaluator> table;
};

void addElementwiseOps(EvaluatorTable &table);
void addShapeOps(EvaluatorTable &table);
void addIndexOps(EvaluatorTable &table);
void addContractionOps(EvaluatorTable &table);
void addConvolutionOps(EvaluatorTable &table);
void addWinogradOps(EvaluatorTable &table);
void addPhaseConvOps(EvaluatorTable &table);
void addRecurrentOps(EvaluatorTable &table);
void addReductionOps(EvaluatorTable &table);
void addNormOps(EvaluatorTable &table);
void addPoolOps(EvaluatorTable &table);
void addQuantizationOps(EvaluatorTable &table);

//===-- Indices -----------------------------------------------------------===//

/// Elements between neighbours of each dimension in row-major order.
Sizes rowMajorStrides(llvm::ArrayRef<int64_t> sizes);
/// Next index in row-major order; false after the last (index is all 0 again).
bool advance(llvm::MutableArrayRef<int64_t> index, llvm::ArrayRef<int64_t> sizes);
/// Flat offset of an index.
int64_t flatten(llvm::ArrayRef<int64_t> index, llvm::ArrayRef<int64_t> strides);
/// Sizes after ATen's broadcast; nothing when they do not fit or the result has
/// more than kElementsMax elements.
std::optional<Sizes> broadcastSizes(llvm::ArrayRef<int64_t> lhs, llvm::ArrayRef<int64_t> rhs);
/// For each element of a tensor of sizes `to`, the flat index of the element
/// of a tensor of sizes `from` that broadcasting puts there.
std::vector<int64_t> broadcastOffsets(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to);
/// A walk over elements in row-major order of `sizes`, in which each of several
/// operands lies at strides of its own (0: repeated). Dimensions that are one
/// in the memory of all operands are joined, so that rows are long.
class RowWalk {
public:
  /// `strides` has one list for each operand, as long as `sizes`, in elements.
  RowWalk(llvm::ArrayRef<int64_t> sizes, llvm::ArrayRef<Sizes> strides);
  /// Elements of a row.
  int64_t count() const { return rowCount; }
  /// Elements between neighbours of a row in an operand.
  int64_t step(size_t operand) const { return steps[operand]; }
  /// Calls `visit` for each row with the flat offset of its first element in
  /// each operand.
  void forEachRow(llvm::function_ref<void(llvm::ArrayRef<int64_t>)> visit) const;

private:
  int64_t rowCount = 1;
  bool isEmpty = false;
  Sizes outer;                              ///< all dimensions but the row
  llvm::SmallVector<Sizes, 2> outerStrides; ///< for each operand
  Sizes steps;
};
/// Strides of a tensor of sizes `from` that is broadcast to sizes `to`.
Sizes broadcastStrides(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to);
/// The elements of `source` at `strides`, as a tensor of `sizes`.
llvm::Expected<Tensor> takeStrided(const Tensor &source, llvm::ArrayRef<int64_t> sizes,
                                   llvm::ArrayRef<int64_t> strides);

/// A tensor whose element i is `source`'s element offsets[i], or `fill`'s only
/// element where the offset is -1.
llvm::Expected<Tensor> takeElements(const Tensor &source, llvm::ArrayRef<int64_t> sizes,
                                    llvm::ArrayRef<int64_t> offsets, const Tensor *fill = nullptr);
/// A rank-0 tensor of `elementType` from a float or integer attribute; an
/// integer for a quantized type is a code, a float a real.
llvm::Expected<Tensor> scalarOf(mlir::Attribute value, mlir::Type elementType);

/// graph.index_put: `data` with the elements at `indices` replaced by (or, with
/// `accumulate`, increased by) `values`.
llvm::Expected<Tensor> putElements(const Call &call, const Tensor &data, const Tensor &values,
                                   llvm::ArrayRef<Tensor> indices, llvm::ArrayRef<int64_t> dims,
                                   bool accumulate);

/// The dimensions around `dim` as one loop each: outer, size, inner.
struct AxisView {
  int64_t outer = 1, size = 1, inner = 1;
  AxisView(llvm::ArrayRef<int64_t> sizes, size_t dim);
  int64_t at(int64_t o, int64_t i, int64_t k) const { return (o * size + i) * inner + k; }
};

/// Product of sizes (already known to fit).
int64_t product(llvm::ArrayRef<int64_t> sizes);

//===-- Requantization ----------------------------------------------------===//

/// An exact accumulator, at the scale `accumulatorScale`, as a code of the
/// quantized type behind `target` (design.md section 8). `wide` chooses the
/// 64-bit variant of the tflite roundings.
int64_t requantize(int64_t accumulator, double accumulatorScale, const QuantParameters &target,
                   size_t channel, graph::RoundingKind rounding, bool wide);

/// The operands of a quantized contraction as centred integers (code minus zero
/// point), and what turns an accumulator into a code of the result.
struct ContractionScales {
  std::vector<int64_t> centredInput, centredWeight;
  std::vector<double> accumulatorScales; ///< one, or one for each weight channel
  QuantParameters target;
  bool wide; ///< 16-bit activations: tflite's 64-bit accumulator

  /// Fails if the input is quantized per axis, or the weight along another
  /// dimension than one of `channelDims`.
  static llvm::Expected<ContractionScales> of(const Call &call, const Tensor &input,
                                              const Tensor &weight,
                                              llvm::ArrayRef<size_t> channelDims);
  int64_t finish(int64_t accumulator, size_t channel, graph::RoundingKind rounding) const;
};

} // namespace lathe::reference

#endif // LATHE_COMPILER_REFERENCE_OPERATORS_H
