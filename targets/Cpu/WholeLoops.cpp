// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/WholeLoops.h"

#include "targets/Cpu/NestPlan.h"

#include <map>

using namespace mlir;

namespace lathe::cpu {

/// Loops that `expr` depends on, or only those that it is not linear in.
static void addLoops(AffineExpr expr, unsigned loops, bool onlyNonlinear,
                     llvm::SmallSet<unsigned, 8> &found) {
  for (unsigned loop = 0; loop < loops; ++loop)
    if (expr.isFunctionOfDim(loop) && !(onlyNonlinear && coefficientOf(expr, loop)))
      found.insert(loop);
}

namespace {
using Loops = llvm::SmallSet<unsigned, 8>;

/// Asks each operation once: a value may have several readers on the way.
class WholeLoops {
public:
  const Loops &of(linalg::LinalgOp op) {
    if (auto known = asked.find(op); known != asked.end())
      return known->second;
    Loops found;
    for (OpOperand &operand : op->getOpOperands())
      addOperand(op, operand, found);
    return asked[op] = found;
  }

private:
  void addOperand(linalg::LinalgOp op, OpOperand &operand, Loops &found) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (AffineExpr expr : map.getResults())
      addLoops(expr, op.getNumLoops(), /*onlyNonlinear=*/true, found);
    auto producer = operand.get().getDefiningOp<linalg::LinalgOp>();
    if (!producer)
      return;
    // A tile of `op` becomes a tile of what it reads.
    AffineMap made = producer.getMatchingIndexingMap(
        producer.getDpsInitOperand(cast<OpResult>(operand.get()).getResultNumber()));
    for (unsigned loop : Loops(of(producer)))
      for (auto [place, expr] : llvm::enumerate(made.getResults()))
        if (expr.isFunctionOfDim(loop))
          addLoops(map.getResult(place), op.getNumLoops(), /*onlyNonlinear=*/false, found);
  }

  std::map<Operation *, Loops> asked;
};
} // namespace

llvm::SmallSet<unsigned, 8> findWholeLoops(linalg::LinalgOp root) { return WholeLoops().of(root); }

SmallVector<int64_t> findSplitExtents(linalg::LinalgOp root) {
  SmallVector<int64_t> extents = root.getStaticLoopRanges();
  auto whole = findWholeLoops(root);
  for (auto [dim, kind] : llvm::enumerate(root.getIteratorTypesArray())) {
    if (kind != utils::IteratorType::parallel || whole.contains(dim))
      extents[dim] = 0;
    else if (ShapedType::isDynamic(extents[dim]))
      extents[dim] = -1;
  }
  return extents;
}

} // namespace lathe::cpu
