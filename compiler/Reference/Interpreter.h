// SPDX-License-Identifier: Apache-2.0
//
// The reference interpreter: runs the graph dialect plainly, at every stage up
// to outlined (ir-contract C19). Groups, kernels and dispatches run inline,
// layouts are ignored. It is the oracle of all numeric tests and evaluates
// constants; how numbers are computed stands in Operators.h and Math.h.
//
// Nothing here depends on the host but IEEE arithmetic, so results are the same
// bytes everywhere.
#ifndef LATHE_COMPILER_REFERENCE_INTERPRETER_H
#define LATHE_COMPILER_REFERENCE_INTERPRETER_H

#include "compiler/Reference/Operators.h"
#include "mlir/IR/SymbolTable.h"

namespace lathe {

/// What a run may take; beyond it, the run ends with an error.
struct InterpreterLimits {
  uint64_t liveBytesMax = uint64_t(4) << 30; ///< tensors alive at one time
  uint64_t stepsMax = uint64_t(1) << 27;     ///< operators executed in one run
  unsigned depthMax = 64;                    ///< nested regions and dispatches
};

class Interpreter {
public:
  /// For a verified module, which must outlive the interpreter. Symbols that
  /// are added meanwhile go through getSymbolTable(). Weights are read when
  /// they are used; one whose bytes are missing, or do not fit its type, is an
  /// error then.
  static llvm::Expected<std::unique_ptr<Interpreter>> create(mlir::ModuleOp module,
                                                             InterpreterLimits limits = {});

  /// Runs a method (a func.func of the module). Inputs must have the argument
  /// types' element types and ranks; their sizes bind the module's symbols,
  /// whose ranges and assumptions are checked. State is kept for the next call,
  /// also after an error.
  llvm::Expected<std::vector<Tensor>> run(llvm::StringRef method, llvm::ArrayRef<Tensor> inputs);

  /// States take their initial values again.
  void resetState() { states.clear(); }

  /// The value of a weight: its bytes, or what its initializer region computes
  /// (once; the result is kept).
  llvm::Expected<Tensor> evaluateWeight(graph::WeightOp weight);
  /// Drops the kept values of weights.
  void releaseWeights() { weights.clear(); }

  /// The module's symbols as the interpreter looks them up.
  mlir::SymbolTable &getSymbolTable() { return tables.getSymbolTable(module); }

private:
  Interpreter(mlir::ModuleOp module, InterpreterLimits limits) : module(module), limits(limits) {}

  struct Frame;
  using Values = llvm::SmallVector<Tensor>;

  llvm::Error bindInputs(mlir::FunctionOpInterface method, llvm::ArrayRef<Tensor> inputs,
                         reference::SymbolValues &symbols);
  llvm::Error bindInput(mlir::FunctionOpInterface method, unsigned index, const Tensor &input,
                        reference::SymbolValues &symbols);
  llvm::Error checkSymbol(mlir::Operation *user, llvm::StringRef name, int64_t value);
  llvm::Error checkAssumptions(const reference::SymbolValues &symbols);

  llvm::Expected<Values> runRegion(mlir::Region &region, llvm::ArrayRef<Tensor> arguments,
                                   reference::SymbolValues &symbols);
  llvm::Expected<Values> runOperation(mlir::Operation *op, llvm::ArrayRef<Tensor> operands,
                                      reference::SymbolValues &symbols);
  llvm::Error checkResult(mlir::Operation *op, mlir::Type type, const Tensor &result,
                          const reference::SymbolValues &symbols);
  llvm::Expected<Values> runIf(graph::IfOp op, llvm::ArrayRef<Tensor> operands,
                               reference::SymbolValues &symbols);
  llvm::Expected<Values> runWhile(graph::WhileOp op, llvm::ArrayRef<Tensor> operands,
                                  reference::SymbolValues &symbols);
  llvm::Expected<Values> runScan(graph::ScanOp op, llvm::ArrayRef<Tensor> operands,
                                 reference::SymbolValues &symbols);
  llvm::Expected<Values> runDispatch(graph::DispatchOp op, llvm::ArrayRef<Tensor> operands,
                                     reference::SymbolValues &symbols);
  llvm::Expected<Values> runEffect(mlir::Operation *op, llvm::ArrayRef<Tensor> operands,
                                   reference::SymbolValues &symbols);
  llvm::Expected<Tensor *> stateOf(mlir::Operation *user, llvm::StringRef name);
  template <typename Definition>
  llvm::Expected<Definition> lookUp(mlir::Operation *user, mlir::SymbolRefAttr name);

  mlir::ModuleOp module;
  InterpreterLimits limits;
  mlir::SymbolTableCollection tables;
  llvm::StringMap<Tensor> states;
  llvm::DenseMap<mlir::Operation *, Tensor> weights;
  llvm::DenseSet<mlir::Operation *> weightsUnderway;
  uint64_t liveBytes = 0, steps = 0;
  unsigned depth = 0;
};

/// Evaluates one operator without regions or effects, for constant folding:
/// sizes must be constants. Errors name the operator's location.
llvm::Expected<llvm::SmallVector<Tensor>> evaluateOp(mlir::Operation *op,
                                                     llvm::ArrayRef<Tensor> operands);
/// Whether evaluateOp knows the operator.
bool canEvaluateOp(mlir::Operation *op);

/// The bytes behind a weight that has a key.
llvm::Expected<Tensor> readWeight(graph::WeightOp weight);

} // namespace lathe

#endif // LATHE_COMPILER_REFERENCE_INTERPRETER_H
