// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_CPU_NESTBODY_H
#define LATHE_TARGETS_CPU_NESTBODY_H

#include "targets/Cpu/GenericBody.h"
#include "targets/Cpu/NestPlan.h"
#include "targets/Cpu/NestPrefetch.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"

#include <map>

namespace lathe::cpu {

/// A value of the body at one point or at one group of lanes.
struct LaneValue {
  mlir::Value value = {};
  /// `value` has one element per lane; else all lanes share it.
  bool isVector = false;
  /// Not null: lane i holds `firstLane + i`, and `value` is not built yet.
  mlir::Value firstLane = {};
};

/// Where a nest stands along one dimension.
struct DimPosition {
  /// Index of the first point.
  mlir::Value offset = {};
  /// Points (or vectors, if `isLanes`) handled together from there.
  unsigned count = 1;
  bool isLanes = false;
  /// With `isLanes`: which lanes exist; null = all.
  mlir::Value mask = {};
  /// With `mask`: how many lanes exist, as an index.
  mlir::Value laneCount = {};
  /// The least and the largest value of `offset`, if they are known.
  std::optional<std::pair<int64_t, int64_t>> range = std::nullopt;
  /// From one of the points to the next.
  int64_t spacing = 1;
};

/// Which of the points handled together: one number per dimension.
using SubPoint = llvm::SmallVector<unsigned, 6>;

/// Loads operands and evaluates the body of a nest at the position that the
/// emitter's loops set.
class NestBody {
public:
  NestBody(mlir::OpBuilder &builder, mlir::linalg::GenericOp op,
           const NestPlan &plan);

  llvm::SmallVector<DimPosition> positions;

  /// True while the points along the vector dimension are lanes.
  bool lanesActive() const;
  mlir::Value laneMask() const;
  /// Loads already emitted may be used again only until memory changes or the
  /// insertion point leaves their region.
  void forgetLoads() { loads.clear(); }

  /// Whether `point` is known to read a place that does not exist.
  bool readsMargin(const SubPoint &point);

  /// What operand `operand` holds at `point`.
  LaneValue load(mlir::OpOperand &operand, const SubPoint &point);
  /// Loads `operand` at all points of plan.turnedDim that are handled together,
  /// from `point` on: vectors along that dimension, turned.
  void loadTurned(mlir::OpOperand &operand, const SubPoint &point);
  /// Makes `value` what operand `operand` holds at `point`.
  void setLoaded(mlir::OpOperand &operand, const SubPoint &point, LaneValue value);
  /// Fetches what the windows of the rows after the one where the nest stands
  /// read beyond its own, along the columns where it stands.
  void prefetchRows(const StreamedRows &streamed);
  /// Stores to output `operand` at `point`, under the lane mask.
  void store(mlir::OpOperand &operand, const SubPoint &point, LaneValue value);
  /// The yielded values at `point`; `accumulators` stand for the output
  /// arguments (empty: they are loaded if the body reads them).
  llvm::SmallVector<LaneValue> evaluate(const SubPoint &point,
                                        llvm::ArrayRef<LaneValue> accumulators);

  /// evaluate() at each of `points`, operation by operation for all of them:
  /// functions are then expanded on vectors stacked in rows, whose chains of
  /// dependent instructions run side by side and share each constant's load.
  llvm::SmallVector<llvm::SmallVector<LaneValue>> evaluateTogether(llvm::ArrayRef<SubPoint> points);

  mlir::VectorType vectorOf(mlir::Type element) const;
  /// `value` with one element per lane.
  mlir::Value asVector(const LaneValue &value);
  /// `value` as a scalar, or as a vector while lanes are active and it differs
  /// between lanes.
  mlir::Value materialize(const LaneValue &value);

private:
  /// What names the element of `operand` at `point` among the loads: its place
  /// from where the nest stands, so that points that read it both share it.
  llvm::SmallVector<int64_t> keyOf(mlir::OpOperand &operand, const SubPoint &point);
  /// How far `point` is from where the nest stands along `dim`.
  int64_t distanceOf(unsigned dim, const SubPoint &point) const;
  mlir::Value offsetOf(unsigned dim, const SubPoint &point);
  mlir::Value expand(mlir::AffineExpr expr, mlir::ValueRange dims);
  llvm::SmallVector<mlir::Value> indicesOf(mlir::OpOperand &operand,
                                           const SubPoint &point,
                                           mlir::Value lane = {});
  /// Where along the dimension with margins `operand` is read at `point`: the
  /// least and the largest place, if they are known.
  std::optional<std::pair<int64_t, int64_t>> placesOf(mlir::OpOperand &operand, const SubPoint &point);
  /// What `emit` loads from `operand` at `indices`, or zeros of `type` where that
  /// place does not exist.
  mlir::Value loadInside(mlir::OpOperand &operand, const SubPoint &point, mlir::ValueRange indices,
                         mlir::Type type, llvm::function_ref<mlir::Value()> emit);
  mlir::Value loadStrided(mlir::OpOperand &operand, const SubPoint &point);
  /// What `lanes` of the operand read at `point`: one element, or elements of one
  /// vector; null if it is not known where in it they lie.
  LaneValue loadRepeated(mlir::OpOperand &operand, const SubPoint &point, const RepeatedLanes &lanes);
  /// The index of lane `lane`, never one of an absent lane.
  mlir::Value existingLane(unsigned lane);
  void cloneWithRegions(mlir::Operation &inner, const SubPoint &point,
                        mlir::IRMapping &mapping);
  LaneValue cloneElementwise(mlir::Operation *op,
                             llvm::ArrayRef<LaneValue> operands);
  LaneValue cloneLoad(mlir::memref::LoadOp op,
                      llvm::ArrayRef<LaneValue> operands);
  LaneValue evaluateOp(mlir::Operation *op, const SubPoint &point,
                       llvm::DenseMap<mlir::Value, LaneValue> &values);

  /// What `operand` holds at `points`, in rows unless it is one for all.
  LaneValue loadRows(mlir::OpOperand &operand, llvm::ArrayRef<SubPoint> points);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::linalg::GenericOp op;
  const NestPlan &plan;
  std::optional<Margins> margins;
  /// Rows of the vectors that are evaluated; 1: they have lanes alone.
  int64_t rows = 1;
  std::map<llvm::SmallVector<int64_t>, LaneValue> loads;
};

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_NESTBODY_H
