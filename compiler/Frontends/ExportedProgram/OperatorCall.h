// SPDX-License-Identifier: Apache-2.0
// One node while it is imported: its arguments by name, in the terms of the
// graph dialect, and its results. Importer rows are functions of this.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_OPERATORCALL_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_OPERATORCALL_H

#include "compiler/Frontends/ExportedProgram/AliasTracker.h"
#include "compiler/Frontends/ExportedProgram/OperatorSchemas.h"

namespace lathe::pt2 {

/// The values of one graph (the whole one or a subgraph) by exported name.
struct Scope {
  llvm::StringMap<TensorRef> tensors;
  llvm::StringMap<graph::ExprAttr> sizes;
  /// Symbolic booleans that were computed; only assertions read them.
  llvm::StringMap<bool> booleans;
};

/// An operand of an elementwise operator: a tensor, or a number that takes
/// part in ATen's promotion with less weight.
struct Operand {
  mlir::Value tensor;      ///< Null for numbers.
  bool isReal = false;     ///< Numbers: a float, else an integer or a size.
  bool isBool = false;
  double real = 0;
  int64_t integer = 0;
  graph::ExprAttr size;    ///< Symbolic integers.
};

class OperatorCall {
public:
  OperatorCall(const Node &node, const OperatorSchema *schema,
               llvm::ArrayRef<const Argument *> bound, Scope &scope,
               GraphEmitter &emitter, AliasTracker &aliases)
      : node(node), emitter(emitter), aliases(aliases), scope(scope),
        schema(schema), bound(bound) {}

  //===-- Arguments -------------------------------------------------------===//

  /// Arguments of schema operators by name; the name must exist.
  const Argument &argument(llvm::StringRef name) const;
  bool has(llvm::StringRef name) const {
    return argument(name).kind != Argument::Kind::None;
  }
  mlir::Value tensor(llvm::StringRef name);
  /// Null where the argument is None.
  mlir::Value optionalTensor(llvm::StringRef name);
  /// The alias-tracked form, for views and writes.
  TensorRef &ref(llvm::StringRef name);
  llvm::SmallVector<mlir::Value, 4> tensors(llvm::StringRef name);
  mlir::Value tensorOf(const Argument &argument);
  TensorRef &refOf(const Argument &argument);

  /// Constants; a symbolic value is a fault.
  int64_t integer(llvm::StringRef name);
  double real(llvm::StringRef name);
  bool flag(llvm::StringRef name);
  llvm::StringRef string(llvm::StringRef name);
  /// A list of constants; one number, or a list of one, stands for `count`.
  llvm::SmallVector<int64_t, 4> integers(llvm::StringRef name,
                                         size_t count = 0);
  /// Sizes, which may be symbolic.
  graph::ExprAttr size(llvm::StringRef name);
  graph::ExprAttr sizeOf(const Argument &argument);
  Dims sizes(llvm::StringRef name);
  Operand operand(llvm::StringRef name);
  Operand operandOf(const Argument &argument);
  /// The element type that the argument names, or `otherwise` for None.
  mlir::Type elementType(llvm::StringRef name, mlir::Type otherwise);
  /// A dimension of a tensor of rank `rank`, from the end if negative.
  int64_t dim(llvm::StringRef name, int64_t rank) {
    return emitter.normalizeDim(integer(name), rank);
  }
  /// Sorted distinct dimensions; all of them where the list is empty or None.
  llvm::SmallVector<int64_t, 6> reducedDims(llvm::StringRef name,
                                            int64_t rank);

  //===-- Results ---------------------------------------------------------===//

  void result(mlir::Value value) { results.push_back(aliases.fresh(value)); }
  void result(TensorRef tensor) { results.push_back(std::move(tensor)); }
  /// A result that is not computed: reading it is a fault.
  void noResult() { results.emplace_back(); }
  void result(graph::ExprAttr size) { sizeResult = size; }

  void fail(FaultCode code, const llvm::Twine &what,
            const llvm::Twine &why = "") {
    emitter.fail(code, what, why);
  }
  /// The model may be sound, but its operator is not imported in this form.
  void failForm(const llvm::Twine &what, const llvm::Twine &remedy = "") {
    emitter.fail(FaultCode::OperatorUnsupported, what, "", remedy);
  }
  /// The argument is none that torch would take.
  void failValue(const llvm::Twine &what) {
    emitter.fail(FaultCode::ArgumentValue, what);
  }

  const Node &node;
  GraphEmitter &emitter;
  AliasTracker &aliases;
  Scope &scope;
  std::vector<TensorRef> results;
  graph::ExprAttr sizeResult;
  /// What the file says of a symbolic integer result; null where it has none.
  const SymInt *claimedSize = nullptr;
  /// Known value of a symbolic boolean result.
  std::optional<bool> booleanResult;

private:
  const OperatorSchema *schema;
  llvm::ArrayRef<const Argument *> bound;
};

/// An importer row. Faults are recorded in the call's emitter.
using ImportRow = std::function<void(OperatorCall &)>;

/// All rows by Node::operatorName(). Each family adds its own.
using RowTable = llvm::StringMap<ImportRow>;
void addContractionRows(RowTable &table);
void addCreationRows(RowTable &table);
void addElementwiseRows(RowTable &table);
void addIndexingRows(RowTable &table);
void addNormRows(RowTable &table);
void addPoolRows(RowTable &table);
void addReductionRows(RowTable &table);
void addSizeRows(RowTable &table);
void addViewRows(RowTable &table);

/// What helps where a model was exported while it trained.
inline constexpr llvm::StringLiteral kEvaluationRemedy =
    "export the model in evaluation mode: model.eval()";

//===-- Shared by families --------------------------------------------------===//

/// ATen's result type of a mixed operation: tensors with dimensions outweigh
/// rank-0 tensors, which outweigh numbers, within bool < integer < float.
mlir::Type promote(GraphEmitter &emitter, llvm::ArrayRef<Operand> operands);
/// The operand as a tensor of the element type.
mlir::Value materialize(GraphEmitter &emitter, const Operand &operand,
                        mlir::Type elementType);
/// `input` as float: unchanged if it is one already, else float32.
mlir::Value toFloat(GraphEmitter &emitter, mlir::Value input);
/// input x transposed weight + bias, as a graph.linear.
mlir::Value emitLinear(GraphEmitter &emitter, mlir::Value input,
                       mlir::Value weight, mlir::Value bias);

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_OPERATORCALL_H
