// SPDX-License-Identifier: Apache-2.0
//
// One method: tensors to cells (CellTable.h), operations to steps, then both to
// a program.method.
#ifndef LATHE_PASSES_PLAN_METHODLOWERING_H
#define LATHE_PASSES_PLAN_METHODLOWERING_H

#include "dialects/Graph/GraphOps.h"
#include "passes/Plan/CellTable.h"
#include "passes/Plan/ProgramTables.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace lathe {

/// Adds the method to the end of the module. Reports what cannot be lowered.
mlir::LogicalResult lowerMethod(mlir::func::FuncOp function, ProgramTables &tables,
                                mlir::OpBuilder &builder);

/// An instruction before its buffers have places.
struct Step {
  enum class Kind { Call, Copy, Fill, Label, Branch, BranchIf, Bind, Set };
  Kind kind;
  mlir::Operation *origin;            // for locations
  std::string name = {};              // kernel, label or symbol
  llvm::SmallVector<CellRef> refs = {};
  llvm::SmallVector<graph::ExprAttr> sizes = {};
  graph::ExprAttr value = {};         // tiles, condition or symbol's value
  graph::ExprAttr cost_ns = {};
  bool negate = false;
  uint64_t bits = 0;                  // fill
  unsigned element_bytes = 0;         // fill
  mlir::Type type = {};               // bind
};

/// Walks a method's operations in order and fills the cell table and the list
/// of steps.
class MethodLowering {
public:
  MethodLowering(mlir::func::FuncOp function, ProgramTables &tables);
  mlir::LogicalResult run();

  CellTable cells;
  std::vector<Step> steps;
  /// Counters of scans: names and largest values.
  std::vector<std::pair<std::string, int64_t>> counters;

  graph::SizeRange rangeOfSymbol(llvm::StringRef name) const;
  mlir::func::FuncOp getFunction() const { return function; }

private:
  using Interval = CellTable::Interval;
  /// A change of a state from the first operation that writes its region.
  struct Mutation {
    std::string state;
    Interval at;
  };

  // Analysis
  void numberBlock(mlir::Block &block, int &position);
  int lastUse(mlir::Value value);
  int usePosition(mlir::OpOperand &use);
  void findMutations();
  std::optional<int> updateChainBegin(graph::StateWriteOp write);

  // Lowering
  mlir::LogicalResult lowerBlock(mlir::Block &block);
  mlir::LogicalResult lowerOperation(mlir::Operation *op);
  mlir::LogicalResult lowerDispatch(graph::DispatchOp op);
  mlir::LogicalResult lowerView(mlir::Operation *op);
  mlir::LogicalResult lowerConcat(graph::ConcatOp op);
  mlir::LogicalResult lowerConstant(graph::ConstantOp op);
  mlir::LogicalResult lowerUseWeight(graph::UseWeightOp op);
  mlir::LogicalResult lowerStateRead(graph::StateReadOp op);
  mlir::LogicalResult lowerStateWrite(graph::StateWriteOp op);
  mlir::LogicalResult lowerReturn(mlir::func::ReturnOp op);
  mlir::LogicalResult lowerIf(graph::IfOp op);
  mlir::LogicalResult lowerWhile(graph::WhileOp op);
  mlir::LogicalResult lowerScan(graph::ScanOp op);
  mlir::LogicalResult bindScanArguments(graph::ScanOp op, graph::ExprAttr index);

  graph::ExprAttr bytesOf(mlir::Value value);
  unsigned elementBytesOf(mlir::Value value);
  mlir::LogicalResult define(mlir::Value value, unsigned cell);
  const CellRef &refOf(mlir::Value value) { return refs.find(value)->second; }
  unsigned arenaCellFor(mlir::Value result, int begin);
  bool joinInput(graph::DispatchOp op, unsigned input, unsigned result, const CellRef &place);
  bool feedsState(mlir::Value value, llvm::StringRef state, int position);
  void addCopy(mlir::Operation *origin, const CellRef &from, const CellRef &to, const char *why);
  mlir::LogicalResult moveAll(mlir::Operation *origin, mlir::ValueRange values,
                              llvm::ArrayRef<unsigned> groups, const char *why);
  unsigned enterLoopValue(mlir::Operation *op, mlir::Value initial, Interval live);
  void addLabel(mlir::Operation *origin, const llvm::Twine &name);
  void addBranch(mlir::Operation *origin, const llvm::Twine &name);
  std::string freshName(llvm::StringRef stem);

  mlir::func::FuncOp function;
  ProgramTables &tables;
  mlir::ModuleOp module;
  llvm::DenseMap<mlir::Operation *, Interval> positions;
  llvm::DenseMap<mlir::Value, int> lastUses;
  llvm::DenseMap<mlir::Value, CellRef> refs;
  llvm::StringMap<unsigned> stateGroups;
  llvm::StringMap<llvm::SmallVector<int>> stateReads;
  std::vector<Mutation> mutations;
  std::vector<unsigned> outputGroups;
  unsigned nameCount = 0;
};

} // namespace lathe

#endif // LATHE_PASSES_PLAN_METHODLOWERING_H
