// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_NESTPLAN_H
#define LATHE_TARGETS_CPU_NESTPLAN_H

#include "targets/Cpu/DotProducts.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <optional>

namespace lathe::cpu {

/// What the nest emitter may assume about the machine.
struct VectorIsa {
  /// Bits of the native vector register; 0 emits scalar code only.
  unsigned vectorBits = 0;
  /// Architectural vector registers; decides how many accumulators fit.
  unsigned registers = 16;
  /// Masked loads and stores of 32 and 64 bit elements are one instruction.
  bool hasMasks = false;
  /// The same for 8 and 16 bit elements.
  bool hasByteMasks = false;
  DotProduct dotProduct = DotProduct::None;
};

/// A parallel dimension computed `factor` points at a time, each with its own
/// accumulator.
struct BlockedDim {
  unsigned dim;
  unsigned factor;
};

/// How one linalg.generic on memrefs becomes loops and vectors.
struct NestPlan {
  /// The dimension whose points are the lanes of a vector; none = scalar nest.
  std::optional<unsigned> vectorDim;
  /// Lanes of one vector.
  unsigned lanes = 1;
  /// Vectors per step along `vectorDim`: independent chains of operations.
  unsigned vectors = 1;
  /// In a scalar nest: the reduction dimension whose points go in turn to
  /// `chains` partial sums, so that rounding errors and latencies do not add up
  /// along the whole of it.
  std::optional<unsigned> chainDim;
  unsigned chains = 1;
  /// The points left over along `vectorDim` are one masked vector, not scalars.
  bool maskedTail = false;
  /// Blocked parallel dimensions, outermost first; never `vectorDim`.
  llvm::SmallVector<BlockedDim> blocks;
  /// The reduction dimension of a short window whose places are all handled
  /// together, in the order of what they read: neighbours along the blocked
  /// dimension share it. The last of `reductionOrder`.
  std::optional<unsigned> windowDim;
  /// Places of a window from one point of the blocked dimension to the next.
  int64_t windowStride = 1;
  /// The innermost loop of a nest that turns rows into columns: an input lies
  /// contiguously along it, and `lanes` of its points are loaded as that many
  /// vectors, which change places in registers.
  std::optional<unsigned> turnedDim;
  /// All parallel dimensions from the outermost loop to the innermost.
  llvm::SmallVector<unsigned> parallelOrder;
  /// All reduction dimensions from the outermost loop to the innermost.
  llvm::SmallVector<unsigned> reductionOrder;
  /// Loops of `reductionOrder` from this level on are written out: their rounds
  /// are too few to pay for a loop.
  std::optional<unsigned> writtenOutLevel;
  /// A dimension, a block's or the one that is summed, whose points that are handled
  /// together are `streams` equal parts of it apart: each begins a stream of its
  /// own through memory, which one after the other would be a single one.
  std::optional<unsigned> spreadDim;
  unsigned streams = 1;
  /// So many of the outermost loops of `reductionOrder` are written out: they say
  /// where in a vector lie the elements that lanes repeat.
  unsigned writtenOutFirst = 0;
  /// Long sums start anew at this level of `reductionOrder`, and the sum so far
  /// is added to when the loops below have ended: errors grow with the length
  /// of a block and the number of blocks, not with their product.
  std::optional<unsigned> blockLevel;
  /// Points of a block where `blockLevel` is a part of one loop; 0 = all of it.
  int64_t blockPoints = 0;
  /// The nest sums products of bytes, four in each lane: its loop over them is in
  /// no order, all others are.
  std::optional<DotNest> dot;
  /// The combining operation of each output, empty if the nest has none or it
  /// is not a known associative operation.
  llvm::SmallVector<mlir::Operation *> combiners;
  /// The body multiplies and adds into its accumulators: contraction into a
  /// fused multiply-add is allowed.
  bool isContraction = false;

  bool isReduction() const { return !reductionOrder.empty(); }
  bool vectorizesReduction() const;
  /// Whether the points of `spreadDim` are terms of one sum.
  bool spreadsSum() const;
};

/// The coefficient of `dim` in `expr`, or nothing if `expr` is not linear in it.
std::optional<int64_t> coefficientOf(mlir::AffineExpr expr, unsigned dim);

/// Where an operand of a nest lies when the points of `dim` are lanes.
enum class LaneAccess { Uniform, Contiguous, Strided };

/// Classifies `operand` of `op` for lanes along `dim`.
LaneAccess classifyAccess(mlir::linalg::GenericOp op, mlir::OpOperand &operand,
                          unsigned dim);

/// An input that lanes read by the quotient of their number: `times` neighbours
/// share an element, those of the next are `distance` elements further.
struct RepeatedLanes {
  unsigned place; ///< Of the index that is the quotient.
  int64_t times, distance;
};

/// How `operand` is read when points of `dim` are `lanes` lanes, if what a vector
/// of them reads lies in no more elements than it has; else nothing.
std::optional<RepeatedLanes> findRepeatedLanes(mlir::linalg::GenericOp op, mlir::OpOperand &operand,
                                               unsigned dim, unsigned lanes);

/// Whether `operand` of `op` is loaded along plan.turnedDim.
bool isTurned(mlir::linalg::GenericOp op, mlir::OpOperand &operand, const NestPlan &plan);

/// Whether each operation of the body of `op` has a form on vectors.
bool hasVectorForm(mlir::linalg::GenericOp op);

/// Whether the body of `op` computes functions such as exp: polynomials that
/// need a dozen registers for themselves.
bool callsFunctions(mlir::linalg::GenericOp op);

/// Whether `op` computes no function or one of a few dozen instructions without
/// branches: it may be written out for each accumulator of a sum.
bool hasShortFunctions(mlir::linalg::GenericOp op);

/// Chooses vector dimension, blocking and loop order. Never fails: a body that
/// has no vector form gets a scalar nest.
NestPlan planNest(mlir::linalg::GenericOp op, const VectorIsa &machine);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_NESTPLAN_H
