// SPDX-License-Identifier: Apache-2.0
//
// Verifiers of module-level symbols, state, control flow, groups and kernels.
#include "dialects/Graph/GraphOps.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

//===----------------------------------------------------------------------===//
// Symbols, weights, state
//===----------------------------------------------------------------------===//

LogicalResult SymbolOp::verify() {
  auto min = static_cast<int64_t>(getMin()), max = static_cast<int64_t>(getMax());
  if (min < 0 || min > max)
    return emitOpError("range [") << min << ", " << max << "] is empty or negative";
  if (static_cast<int64_t>(getMultiple()) < 1)
    return emitOpError("multiple must be positive");
  return success();
}

LogicalResult WeightOp::verify() {
  if (!llvm::cast<RankedTensorType>(getType()).hasStaticShape())
    return emitOpError("expects a static shape, got ") << getType();
  bool computed = !getInitializer().empty();
  if (computed == getKey().has_value())
    return emitOpError("needs either a key or an initializer region");
  if (!computed)
    return success();
  auto yield = llvm::dyn_cast<YieldOp>(getInitializer().front().getTerminator());
  if (!yield || yield.getNumOperands() != 1 || yield.getOperand(0).getType() != getType())
    return emitOpError("initializer must yield one value of type ") << getType();
  return success();
}

LogicalResult StateOp::verify() {
  if (!llvm::cast<RankedTensorType>(getType()).hasStaticShape())
    return emitOpError("expects a static shape, got ") << getType();
  return success();
}

template <typename Definition>
static FailureOr<Definition> lookup(Operation *user, SymbolTableCollection &tables,
                                    FlatSymbolRefAttr name, StringRef what) {
  // The definition stands in an enclosing module, not always the nearest:
  // kernels live in a nested one.
  Definition definition;
  for (Operation *table = SymbolTable::getNearestSymbolTable(user); table && !definition;
       table = table->getParentOp() ? SymbolTable::getNearestSymbolTable(table->getParentOp())
                                    : nullptr)
    definition = llvm::dyn_cast_or_null<Definition>(tables.lookupSymbolIn(table, name));
  if (!definition) {
    user->emitOpError("refers to ") << name << ", which is no " << what;
    return failure();
  }
  return definition;
}

LogicalResult UseWeightOp::verifySymbolUses(SymbolTableCollection &tables) {
  FailureOr<WeightOp> weight = lookup<WeightOp>(*this, tables, getWeightAttr(), "graph.weight");
  if (failed(weight))
    return failure();
  if (!areCompatible(weight->getType(), getType()))
    return emitOpError("has type ") << getType() << ", its weight " << weight->getType();
  return success();
}

static LogicalResult verifyStateType(Operation *op, SymbolTableCollection &tables,
                                     FlatSymbolRefAttr name, Type type) {
  FailureOr<StateOp> state = lookup<StateOp>(op, tables, name, "graph.state");
  if (failed(state))
    return failure();
  if (type && !areCompatible(state->getType(), type))
    return op->emitOpError("has type ") << type << ", its state " << state->getType();
  return success();
}

LogicalResult StateReadOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyStateType(*this, tables, getStateAttr(), getType());
}
LogicalResult StateWriteOp::verifySymbolUses(SymbolTableCollection &tables) {
  return verifyStateType(*this, tables, getStateAttr(), getValue().getType());
}
LogicalResult StateUpdateOp::verifySymbolUses(SymbolTableCollection &tables) {
  FailureOr<StateOp> state = lookup<StateOp>(*this, tables, getStateAttr(), "graph.state");
  if (failed(state))
    return failure();
  // The rules of graph.index_put apply; its inference holds them.
  SmallVector<Value> operands{getValue(), getValue()};
  auto type = llvm::cast<RankedTensorType>(state->getType());
  if (getElementTypeOrSelf(getValue().getType()) != type.getElementType())
    return emitOpError("writes ") << getValue().getType() << " into state " << type;
  if (getIndices().empty() || getIndices().size() != getDims().size())
    return emitOpError("needs one index tensor for each of `dims`");
  for (auto [i, dim] : llvm::enumerate(getDims()))
    if (dim < 0 || dim >= type.getRank() || (i > 0 && dim <= getDims()[i - 1]))
      return emitOpError("`dims` must be sorted dimensions of the state");
  return success();
}
LogicalResult BindSymbolOp::verifySymbolUses(SymbolTableCollection &tables) {
  FailureOr<SymbolOp> symbol = lookup<SymbolOp>(*this, tables, getSymbolAttr(), "graph.symbol");
  if (failed(symbol))
    return failure();
  if (!symbol->getDataDependent())
    return emitOpError("binds ") << getSymbolAttr() << ", which is not data_dependent";
  return success();
}

// Ordered by effects on the state's symbol: two states do not order each
// other, a read and a write of one do.
using Effects = SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>;
void StateReadOp::getEffects(Effects &effects) {
  effects.emplace_back(MemoryEffects::Read::get(), getStateAttr(), SideEffects::DefaultResource::get());
}
void StateWriteOp::getEffects(Effects &effects) {
  effects.emplace_back(MemoryEffects::Write::get(), getStateAttr(), SideEffects::DefaultResource::get());
}
void StateUpdateOp::getEffects(Effects &effects) {
  effects.emplace_back(MemoryEffects::Read::get(), getStateAttr(), SideEffects::DefaultResource::get());
  effects.emplace_back(MemoryEffects::Write::get(), getStateAttr(), SideEffects::DefaultResource::get());
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

// Checks a region's arguments and what it yields.
static LogicalResult verifyRegion(Operation *op, Region &region, TypeRange arguments,
                                  TypeRange yielded, StringRef name) {
  Block &block = region.front();
  if (block.getArgumentTypes() != arguments)
    return op->emitOpError() << name << " expects arguments of types " << arguments;
  auto yield = llvm::dyn_cast<YieldOp>(block.getTerminator());
  if (!yield || yield.getOperandTypes() != yielded)
    return op->emitOpError() << name << " expects graph.yield of types " << yielded;
  return success();
}

LogicalResult IfOp::verify() {
  if (llvm::cast<RankedTensorType>(getCondition().getType()).getRank() != 0)
    return emitOpError("expects a rank-0 condition");
  if (failed(verifyRegion(*this, getThenRegion(), getInputs().getTypes(), getResultTypes(), "then")))
    return failure();
  return verifyRegion(*this, getElseRegion(), getInputs().getTypes(), getResultTypes(), "else");
}

LogicalResult WhileOp::verify() {
  if (getCarried().getTypes() != getResultTypes())
    return emitOpError("expects results of the carried types");
  Type flag = RankedTensorType::get({}, IntegerType::get(getContext(), 1));
  if (failed(verifyRegion(*this, getConditionRegion(), getOperandTypes(), {flag}, "condition")))
    return failure();
  return verifyRegion(*this, getBodyRegion(), getOperandTypes(), getResultTypes(), "body");
}

LogicalResult ScanOp::verify() {
  SmallVector<Type> arguments(getCarried().getTypes());
  ExprAttr count;
  for (Value scanned : getScanned()) {
    auto type = llvm::cast<RankedTensorType>(scanned.getType());
    SmallVector<ExprAttr> dims = getDims(type);
    if (dims.empty() || (count && dims[0] != count))
      return emitOpError("scanned tensors need one common first size");
    count = dims[0];
    arguments.push_back(getTensorType(ArrayRef<ExprAttr>(dims).drop_front(), type.getElementType()));
  }
  if (!count)
    return emitOpError("needs a scanned tensor");
  llvm::append_range(arguments, getExtra().getTypes());
  size_t carried = getCarried().size();
  if (getNumResults() < carried || TypeRange(getResultTypes()).take_front(carried) != getCarried().getTypes())
    return emitOpError("expects the carried types as first results");
  SmallVector<Type> yielded(getCarried().getTypes());
  for (Type result : TypeRange(getResultTypes()).drop_front(carried)) {
    auto type = llvm::cast<RankedTensorType>(result);
    SmallVector<ExprAttr> dims = getDims(type);
    if (dims.empty() || dims[0] != count)
      return emitOpError("stacked results need the scanned first size");
    yielded.push_back(getTensorType(ArrayRef<ExprAttr>(dims).drop_front(), type.getElementType()));
  }
  return verifyRegion(*this, getBody(), arguments, yielded, "body");
}

//===----------------------------------------------------------------------===//
// Groups, kernels, devices
//===----------------------------------------------------------------------===//

LogicalResult GroupOp::verify() {
  if (failed(verifyRegion(*this, getBody(), getInputs().getTypes(), getResultTypes(), "body")))
    return failure();
  unsigned anchors = 0;
  for (Operation &op : getBody().front().without_terminator()) {
    auto fusable = llvm::dyn_cast<FusionOpInterface>(op);
    if (!fusable || fusable.getFusionKind() == FusionKind::Never)
      return emitOpError("holds ") << op.getName() << ", which cannot be in a group";
    anchors += fusable.getFusionKind() == FusionKind::Anchor;
  }
  if (anchors > 1 && !(*this)->hasAttr("chain"))
    return emitOpError("holds ") << anchors << " anchors; more than one needs the target's `chain`";
  return success();
}

LogicalResult KernelOp::verify() {
  auto yield = llvm::dyn_cast<YieldOp>(getBody().front().getTerminator());
  if (!yield || yield.getOperandTypes() != TypeRange(getFunctionType().getResults()))
    return emitOpError("body must end in graph.yield of the function type's results");
  if (!getInplace())
    return success();
  if (getInplace()->size() % 2 != 0)
    return emitOpError("inplace holds (input, result) pairs");
  for (size_t i = 0; i < getInplace()->size(); i += 2) {
    int64_t input = (*getInplace())[i], result = (*getInplace())[i + 1];
    if (input < 0 || input >= static_cast<int64_t>(getFunctionType().getNumInputs()) || result < 0 ||
        result >= static_cast<int64_t>(getFunctionType().getNumResults()))
      return emitOpError("inplace pair (") << input << ", " << result << ") names no buffers";
  }
  return success();
}

LogicalResult DispatchOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto kernel = tables.lookupNearestSymbolFrom<KernelOp>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError("refers to ") << getKernelAttr() << ", which is no graph.kernel";
  if (kernel.getSymbols().size() != getSymbols().getDims().size())
    return emitOpError("passes ") << getSymbols().getDims().size() << " symbols, the kernel has "
                                  << kernel.getSymbols().size();
  auto replace = [&](StringRef name) -> ExprAttr {
    for (auto [index, symbol] : llvm::enumerate(kernel.getSymbols()))
      if (llvm::cast<StringAttr>(symbol).getValue() == name)
        return getSymbols().getDims()[index];
    return {};
  };
  auto fits = [&](TypeRange declared, TypeRange actual) {
    if (declared.size() != actual.size())
      return false;
    for (auto [want, have] : llvm::zip(declared, actual)) {
      auto wanted = llvm::cast<RankedTensorType>(want), given = llvm::cast<RankedTensorType>(have);
      SmallVector<ExprAttr> dims = getDims(wanted);
      for (ExprAttr &dim : dims)
        dim = substitute(dim, replace);
      if (wanted.getElementType() != given.getElementType() || dims != getDims(given))
        return false;
    }
    return true;
  };
  if (!fits(kernel.getFunctionType().getInputs(), getOperandTypes()) ||
      !fits(kernel.getFunctionType().getResults(), getResultTypes()))
    return emitOpError("types do not fit kernel ") << getKernelAttr();
  return success();
}

LogicalResult RelayoutOp::verify() {
  if (!areCompatible(getInput().getType(), getType()))
    return emitOpError("changes more than the layout");
  return success();
}
LogicalResult TransferOp::verify() {
  if (getInput().getType() != getType())
    return emitOpError("changes the type");
  if (getFrom() == getTo())
    return emitOpError("crosses from a device to itself");
  return success();
}
