// SPDX-License-Identifier: Apache-2.0
#include "compiler/Reference/Interpreter.h"

#include "dialects/Graph/WeightStore.h"
#include "llvm/ADT/ScopeExit.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::reference;

static llvm::Error plainFault(const Twine &why) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), why);
}

static std::optional<int64_t> evaluateSize(ExprAttr expr, const SymbolValues &symbols) {
  return graph::evaluate(expr, [&](StringRef name) -> std::optional<int64_t> {
    auto it = symbols.find(name);
    return it == symbols.end() ? std::nullopt : std::optional<int64_t>(it->second);
  });
}

//===----------------------------------------------------------------------===//
// Weights and state
//===----------------------------------------------------------------------===//

llvm::Expected<Tensor> lathe::readWeight(WeightOp weight) {
  auto *dialect = weight->getContext()->getLoadedDialect<GraphDialect>();
  const WeightView *view =
      weight.getKey() ? dialect->getWeightStore().find(*weight.getKey()) : nullptr;
  if (!view)
    return fault(weight, "the bytes of weight '" + weight.getSymName() + "' are not in the weight store");
  auto type = llvm::cast<RankedTensorType>(weight.getType());
  // Their number is checked before the bytes are copied; it is that of a stored weight.
  std::optional<int64_t> count = countElements(type.getShape());
  std::optional<StorageKind> kind = getStorageKind(type.getElementType());
  if (count && kind && view->sizeBytes() != static_cast<uint64_t>(*count) * getElementBytes(*kind))
    return fault(weight, "the stored bytes of '" + weight.getSymName() + "' do not fit its type");
  bool fits = count && kind && view->sizeBytes() <= Tensor::kBytesMax;
  llvm::Expected<Tensor> result =
      Tensor::create(type.getElementType(), type.getShape(),
                     fits ? WeightStore::copyDense(*view) : std::vector<char>());
  if (!result)
    return fault(weight, llvm::toString(result.takeError()));
  return result;
}

template <typename Definition>
llvm::Expected<Definition> Interpreter::lookUp(Operation *user, SymbolRefAttr name) {
  for (Operation *table = SymbolTable::getNearestSymbolTable(user); table;
       table = table->getParentOp() ? SymbolTable::getNearestSymbolTable(table->getParentOp())
                                    : nullptr)
    if (auto found = llvm::dyn_cast_or_null<Definition>(tables.lookupSymbolIn(table, name)))
      return found;
  std::string text;
  llvm::raw_string_ostream(text) << name;
  return fault(user, "refers to " + text + ", which does not exist");
}

llvm::Expected<Tensor> Interpreter::evaluateWeight(WeightOp weight) {
  auto it = weights.find(weight);
  if (it != weights.end())
    return it->second;
  Tensor value;
  if (weight.getInitializer().empty()) {
    llvm::Expected<Tensor> bytes = readWeight(weight);
    if (!bytes)
      return bytes.takeError();
    value = *bytes;
  } else {
    // An initializer may use other weights, but not itself in the end.
    if (!weightsUnderway.insert(weight).second)
      return fault(weight, "the initializer of '" + weight.getSymName() + "' depends on itself");
    SymbolValues none;
    llvm::Expected<Values> yielded = runRegion(weight.getInitializer(), {}, none);
    weightsUnderway.erase(weight);
    if (!yielded)
      return yielded.takeError();
    value = yielded->front();
  }
  weights[weight] = value;
  return value;
}

llvm::Expected<Tensor *> Interpreter::stateOf(Operation *user, StringRef name) {
  auto it = states.find(name);
  if (it != states.end())
    return &it->second;
  llvm::Expected<StateOp> state =
      lookUp<StateOp>(user, FlatSymbolRefAttr::get(user->getContext(), name));
  if (!state)
    return state.takeError();
  auto type = llvm::cast<RankedTensorType>(state->getType());
  llvm::Expected<Tensor> value = Tensor();
  if (FlatSymbolRefAttr initial = state->getInitialAttr()) {
    llvm::Expected<WeightOp> weight = lookUp<WeightOp>(*state, initial);
    if (!weight)
      return weight.takeError();
    value = evaluateWeight(*weight);
    if (value && (value->getElementType() != type.getElementType() ||
                  value->getSizes() != type.getShape()))
      return fault(*state, "the initial weight has another type");
  } else {
    value = Tensor::create(type.getElementType(), type.getShape());
  }
  if (!value)
    return value.takeError();
  return &(states[name] = *value);
}

//===----------------------------------------------------------------------===//
// Symbols
//===----------------------------------------------------------------------===//

llvm::Error Interpreter::checkSymbol(Operation *user, StringRef name, int64_t value) {
  llvm::Expected<SymbolOp> symbol =
      lookUp<SymbolOp>(user, FlatSymbolRefAttr::get(user->getContext(), name));
  if (!symbol)
    return symbol.takeError();
  if (value < static_cast<int64_t>(symbol->getMin()) || value > static_cast<int64_t>(symbol->getMax()))
    return plainFault("size " + name + " = " + Twine(value) + " is outside its range [" +
                      Twine(symbol->getMin()) + ", " + Twine(symbol->getMax()) + "]");
  if (value % static_cast<int64_t>(symbol->getMultiple()) != 0)
    return plainFault("size " + name + " = " + Twine(value) + " is no multiple of " +
                      Twine(symbol->getMultiple()));
  return llvm::Error::success();
}

llvm::Error Interpreter::checkAssumptions(const SymbolValues &symbols) {
  for (AssumeOp assume : module.getOps<AssumeOp>()) {
    std::optional<int64_t> lhs = evaluateSize(assume.getLhs(), symbols);
    std::optional<int64_t> rhs = evaluateSize(assume.getRhs(), symbols);
    if (!lhs || !rhs)
      continue; // speaks of a symbol that is not bound yet
    bool holds = false;
    switch (assume.getKind()) {
    case CompareKind::Eq:
      holds = *lhs == *rhs;
      break;
    case CompareKind::Ne:
      holds = *lhs != *rhs;
      break;
    case CompareKind::Lt:
      holds = *lhs < *rhs;
      break;
    case CompareKind::Le:
      holds = *lhs <= *rhs;
      break;
    case CompareKind::Gt:
      holds = *lhs > *rhs;
      break;
    case CompareKind::Ge:
      holds = *lhs >= *rhs;
      break;
    }
    if (!holds)
      return plainFault("the model assumes " + toString(assume.getLhs()) + " " +
                        stringifyCompareKind(assume.getKind()) + " " + toString(assume.getRhs()) +
                        ", which is " + Twine(*lhs) + " against " + Twine(*rhs));
  }
  return llvm::Error::success();
}

// The value of the only unknown symbol of `expr` that makes it `size`, when
// the expression is linear in it.
static std::optional<std::pair<StringRef, int64_t>> solve(ExprAttr expr, int64_t size,
                                                          const SymbolValues &symbols) {
  StringRef unknown;
  bool isSingle = true;
  visitSymbols(expr, [&](StringRef name) {
    if (symbols.contains(name))
      return;
    isSingle &= unknown.empty() || unknown == name;
    unknown = name;
  });
  if (unknown.empty() || !isSingle)
    return std::nullopt;
  auto valueAt = [&](int64_t guess) {
    return graph::evaluate(expr, [&](StringRef name) -> std::optional<int64_t> {
      return name == unknown ? guess : symbols.lookup(name);
    });
  };
  std::optional<int64_t> base = valueAt(0), next = valueAt(1);
  int64_t slope, rest;
  if (!base || !next || llvm::SubOverflow(*next, *base, slope) || slope == 0 ||
      llvm::SubOverflow(size, *base, rest) || rest % slope != 0 || valueAt(rest / slope) != size)
    return std::nullopt;
  return std::make_pair(unknown, rest / slope);
}

// "input 'x'" for messages.
static std::string describeInput(FunctionOpInterface method, unsigned index) {
  auto name = method.getArgAttrOfType<StringAttr>(index, kNameAttr);
  return name ? ("input '" + name.getValue() + "'").str() : "input " + std::to_string(index);
}

llvm::Error Interpreter::bindInput(FunctionOpInterface method, unsigned index, const Tensor &input,
                                   SymbolValues &symbols) {
  auto type = llvm::cast<RankedTensorType>(method.getArgumentTypes()[index]);
  SmallVector<ExprAttr> dims = getDims(type);
  for (auto [k, dim] : llvm::enumerate(dims)) {
    if (dim && !evaluateSize(dim, symbols)) {
      if (auto solved = solve(dim, input.getSize(k), symbols)) {
        if (llvm::Error error = checkSymbol(method, solved->first, solved->second))
          return llvm::joinErrors(plainFault(describeInput(method, index) + ", dimension " + Twine(k)),
                                  std::move(error));
        symbols[solved->first] = solved->second;
      }
    }
  }
  return llvm::Error::success();
}

llvm::Error Interpreter::bindInputs(FunctionOpInterface method, ArrayRef<Tensor> inputs,
                                    SymbolValues &symbols) {
  if (inputs.size() != method.getNumArguments())
    return plainFault("the method takes " + Twine(method.getNumArguments()) + " inputs, got " +
                      Twine(inputs.size()));
  for (auto [index, input] : llvm::enumerate(inputs)) {
    auto type = llvm::dyn_cast<RankedTensorType>(method.getArgumentTypes()[index]);
    if (!type || type.getElementType() != input.getElementType() ||
        type.getRank() != static_cast<int64_t>(input.getRank())) {
      std::string text;
      llvm::raw_string_ostream(text) << method.getArgumentTypes()[index] << ", got "
                                     << RankedTensorType::get(input.getSizes(), input.getElementType());
      return plainFault(describeInput(method, index) + " expects " + text);
    }
  }
  // Twice: an expression may wait for a symbol that a later input gives.
  for (int round = 0; round < 2; ++round)
    for (auto [index, input] : llvm::enumerate(inputs))
      if (llvm::Error error = bindInput(method, index, input, symbols))
        return error;
  for (auto [index, input] : llvm::enumerate(inputs)) {
    SmallVector<ExprAttr> dims = getDims(llvm::cast<RankedTensorType>(method.getArgumentTypes()[index]));
    for (auto [k, dim] : llvm::enumerate(dims)) {
      std::optional<int64_t> size = dim ? evaluateSize(dim, symbols) : std::nullopt;
      if (size != input.getSize(k))
        return plainFault(describeInput(method, index) + ", dimension " + Twine(k) + " has size " +
                          Twine(input.getSize(k)) + ", expects " +
                          (dim ? toString(dim) : std::string("a known size")) +
                          (size ? " = " + std::to_string(*size) : std::string()));
    }
  }
  return checkAssumptions(symbols);
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

llvm::Expected<std::unique_ptr<Interpreter>> Interpreter::create(ModuleOp module,
                                                                 InterpreterLimits limits) {
  if (!module->getContext()->getLoadedDialect<GraphDialect>())
    return plainFault("the module's context has no graph dialect");
  return std::unique_ptr<Interpreter>(new Interpreter(module, limits));
}

llvm::Expected<std::vector<Tensor>> Interpreter::run(StringRef method, ArrayRef<Tensor> inputs) {
  auto function = module.lookupSymbol<func::FuncOp>(method);
  if (!function || function.isExternal())
    return plainFault("the module has no method '" + method + "'");
  SymbolValues symbols;
  if (llvm::Error error = bindInputs(function, inputs, symbols))
    return error;
  steps = 0;
  liveBytes = 0;
  depth = 0;
  llvm::Expected<Values> results = runRegion(function.getBody(), inputs, symbols);
  if (!results)
    return results.takeError();
  return std::vector<Tensor>(results->begin(), results->end());
}

/// The values of one region while it runs. A value is dropped after its last
/// use; the interpreter's count of live bytes follows.
struct Interpreter::Frame {
  explicit Frame(Interpreter &owner) : owner(owner) {}
  ~Frame() { owner.liveBytes -= bytes; }

  llvm::Error define(Value value, const Tensor &tensor) {
    size_t uses = std::distance(value.use_begin(), value.use_end());
    if (uses == 0)
      return llvm::Error::success();
    values[value] = {tensor, uses};
    bytes += tensor.getBytes().size();
    owner.liveBytes += tensor.getBytes().size();
    if (owner.liveBytes > owner.limits.liveBytesMax)
      return plainFault("the run needs more than " + Twine(owner.limits.liveBytesMax) + " bytes");
    return llvm::Error::success();
  }
  // The operand's tensor; the frame lets go of it at the last use.
  Tensor use(Value value) {
    auto it = values.find(value);
    Tensor tensor = it->second.first;
    if (--it->second.second == 0) {
      bytes -= tensor.getBytes().size();
      owner.liveBytes -= tensor.getBytes().size();
      values.erase(it);
    }
    return tensor;
  }

  Interpreter &owner;
  llvm::DenseMap<Value, std::pair<Tensor, size_t>> values;
  uint64_t bytes = 0;
};

llvm::Expected<Interpreter::Values>
Interpreter::runRegion(Region &region, ArrayRef<Tensor> arguments, SymbolValues &symbols) {
  if (++depth > limits.depthMax)
    return plainFault("regions nest more than " + Twine(limits.depthMax) + " deep");
  llvm::scope_exit leave([&] { --depth; });
  if (!region.hasOneBlock())
    return plainFault("a region of the graph has more than one block");
  Frame frame(*this);
  Block &block = region.front();
  for (auto [argument, tensor] : llvm::zip_equal(block.getArguments(), arguments))
    if (llvm::Error error = frame.define(argument, tensor))
      return error;
  for (Operation &op : block) {
    if (++steps > limits.stepsMax)
      return fault(&op, "the run takes more than " + Twine(limits.stepsMax) + " steps");
    Values operands;
    for (Value operand : op.getOperands())
      operands.push_back(frame.use(operand));
    if (op.hasTrait<OpTrait::IsTerminator>())
      return operands;
    llvm::Expected<Values> results = runOperation(&op, operands, symbols);
    if (!results)
      return results.takeError();
    for (auto [result, tensor] : llvm::zip_equal(op.getResults(), *results)) {
      if (llvm::Error error = checkResult(&op, result.getType(), tensor, symbols))
        return error;
      if (llvm::Error error = frame.define(result, tensor))
        return error;
    }
  }
  return plainFault("a region of the graph has no terminator");
}

// A computed value must be what the type says: a check of type inference, and
// of the interpreter.
llvm::Error Interpreter::checkResult(Operation *op, Type type, const Tensor &result,
                                     const SymbolValues &symbols) {
  auto tensorType = llvm::cast<RankedTensorType>(type);
  bool fits = tensorType.getElementType() == result.getElementType() &&
              tensorType.getRank() == static_cast<int64_t>(result.getRank());
  SmallVector<ExprAttr> dims = getDims(tensorType);
  for (size_t k = 0; fits && k < dims.size(); ++k) {
    std::optional<int64_t> size = dims[k] ? evaluateSize(dims[k], symbols) : std::nullopt;
    fits = !size || *size == result.getSize(k);
  }
  if (fits)
    return llvm::Error::success();
  std::string text;
  llvm::raw_string_ostream(text) << "computed "
                                 << RankedTensorType::get(result.getSizes(), result.getElementType())
                                 << " for a result of type " << type;
  return fault(op, text);
}

llvm::Expected<Interpreter::Values>
Interpreter::runOperation(Operation *op, ArrayRef<Tensor> operands, SymbolValues &symbols) {
  if (auto use = llvm::dyn_cast<UseWeightOp>(op)) {
    llvm::Expected<WeightOp> weight = lookUp<WeightOp>(op, use.getWeightAttr());
    if (!weight)
      return weight.takeError();
    llvm::Expected<Tensor> value = evaluateWeight(*weight);
    if (!value)
      return value.takeError();
    return Values{*value};
  }
  if (auto branch = llvm::dyn_cast<IfOp>(op))
    return runIf(branch, operands, symbols);
  if (auto loop = llvm::dyn_cast<WhileOp>(op))
    return runWhile(loop, operands, symbols);
  if (auto scan = llvm::dyn_cast<ScanOp>(op))
    return runScan(scan, operands, symbols);
  if (auto group = llvm::dyn_cast<GroupOp>(op))
    return runRegion(group.getBody(), operands, symbols);
  if (auto dispatch = llvm::dyn_cast<DispatchOp>(op))
    return runDispatch(dispatch, operands, symbols);
  if (llvm::isa<StateReadOp, StateWriteOp, StateUpdateOp, BindSymbolOp>(op))
    return runEffect(op, operands, symbols);
  const Evaluator *evaluate = EvaluatorTable::get().find(op->getName().getStringRef());
  if (!evaluate)
    return fault(op, "is no operator that the interpreter knows");
  llvm::Expected<Results> results = (*evaluate)({op, operands, symbols});
  if (!results)
    return results.takeError();
  return Values(results->begin(), results->end());
}

llvm::Expected<Interpreter::Values>
Interpreter::runEffect(Operation *op, ArrayRef<Tensor> operands, SymbolValues &symbols) {
  if (auto bind = llvm::dyn_cast<BindSymbolOp>(op)) {
    int64_t value = operands[0].getIntegers().front();
    if (llvm::Error error = checkSymbol(op, bind.getSymbol(), value))
      return fault(op, llvm::toString(std::move(error)));
    symbols[bind.getSymbol()] = value;
    if (llvm::Error error = checkAssumptions(symbols))
      return fault(op, llvm::toString(std::move(error)));
    return Values{};
  }
  auto name = op->getAttrOfType<FlatSymbolRefAttr>("state");
  llvm::Expected<Tensor *> state = stateOf(op, name.getValue());
  if (!state)
    return state.takeError();
  if (llvm::isa<StateReadOp>(op))
    return Values{**state};
  if (llvm::isa<StateWriteOp>(op)) {
    **state = operands[0];
    return Values{};
  }
  auto update = llvm::cast<StateUpdateOp>(op);
  llvm::Expected<Tensor> updated = putElements({op, operands, symbols}, **state, operands.back(),
                                               operands.drop_back(), update.getDims(), false);
  if (!updated)
    return updated.takeError();
  **state = *updated;
  return Values{};
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

llvm::Expected<Interpreter::Values> Interpreter::runIf(IfOp op, ArrayRef<Tensor> operands,
                                                       SymbolValues &symbols) {
  bool condition = operands[0].getBytes()[0] != 0;
  return runRegion(condition ? op.getThenRegion() : op.getElseRegion(), operands.drop_front(), symbols);
}

llvm::Expected<Interpreter::Values> Interpreter::runWhile(WhileOp op, ArrayRef<Tensor> operands,
                                                          SymbolValues &symbols) {
  size_t carried = op.getCarried().size();
  Values values(operands.begin(), operands.end());
  while (true) {
    llvm::Expected<Values> again = runRegion(op.getConditionRegion(), values, symbols);
    if (!again)
      return again.takeError();
    if (again->front().getBytes()[0] == 0)
      break;
    llvm::Expected<Values> next = runRegion(op.getBodyRegion(), values, symbols);
    if (!next)
      return next.takeError();
    std::copy(next->begin(), next->end(), values.begin());
  }
  values.resize(carried);
  return values;
}

// Slice `index` along dimension 0.
static llvm::Expected<Tensor> sliceOf(const Tensor &tensor, int64_t index) {
  ArrayRef<int64_t> sizes = tensor.getSizes().drop_front();
  size_t bytes = static_cast<size_t>(product(sizes)) * tensor.getElementBytes();
  ArrayRef<char> slice = tensor.getBytes().slice(index * bytes, bytes);
  return Tensor::create(tensor.getElementType(), sizes, std::vector<char>(slice.begin(), slice.end()));
}

llvm::Expected<Interpreter::Values> Interpreter::runScan(ScanOp op, ArrayRef<Tensor> operands,
                                                         SymbolValues &symbols) {
  size_t carried = op.getCarried().size(), scanned = op.getScanned().size();
  size_t stacked = op.getNumResults() - carried;
  int64_t count = operands[carried].getSize(0);
  Values values(operands.begin(), operands.end());
  std::vector<std::vector<char>> stacks(stacked);
  SmallVector<Sizes> shapes(stacked);
  for (int64_t i = 0; i < count; ++i) {
    for (size_t k = 0; k < scanned; ++k) {
      llvm::Expected<Tensor> slice = sliceOf(operands[carried + k], i);
      if (!slice)
        return slice.takeError();
      values[carried + k] = *slice;
    }
    llvm::Expected<Values> next = runRegion(op.getBody(), values, symbols);
    if (!next)
      return next.takeError();
    std::copy_n(next->begin(), carried, values.begin());
    for (size_t k = 0; k < stacked; ++k) {
      const Tensor &slice = (*next)[carried + k];
      stacks[k].insert(stacks[k].end(), slice.getBytes().begin(), slice.getBytes().end());
      if (stacks[k].size() > Tensor::kBytesMax)
        return fault(op, "a stacked result is too large");
      shapes[k] = Sizes(slice.getSizes());
    }
  }
  values.resize(carried);
  for (size_t k = 0; k < stacked; ++k) {
    auto type = llvm::cast<RankedTensorType>(op.getResult(carried + k).getType());
    Sizes sizes{count};
    SmallVector<ExprAttr> dims = getDims(type);
    for (size_t d = 1; d < dims.size(); ++d)
      sizes.push_back(count > 0 ? shapes[k][d - 1] : evaluateSize(dims[d], symbols).value_or(0));
    llvm::Expected<Tensor> stack = Tensor::create(type.getElementType(), sizes, std::move(stacks[k]));
    if (!stack)
      return stack.takeError();
    values.push_back(*stack);
  }
  return values;
}

llvm::Expected<Interpreter::Values>
Interpreter::runDispatch(DispatchOp op, ArrayRef<Tensor> operands, SymbolValues &symbols) {
  llvm::Expected<KernelOp> kernel = lookUp<KernelOp>(op, op.getKernelAttr());
  if (!kernel)
    return kernel.takeError();
  llvm::Expected<Sizes> sizes = Call{op, operands, symbols}.evaluate(op.getSymbols().getDims());
  if (!sizes)
    return sizes.takeError();
  SymbolValues own;
  for (auto [name, size] : llvm::zip_equal(kernel->getSymbols(), *sizes))
    own[llvm::cast<StringAttr>(name).getValue()] = size;
  return runRegion(kernel->getBody(), operands, own);
}

//===----------------------------------------------------------------------===//
// Single operators
//===----------------------------------------------------------------------===//

bool lathe::canEvaluateOp(Operation *op) {
  return EvaluatorTable::get().find(op->getName().getStringRef()) != nullptr;
}

llvm::Expected<SmallVector<Tensor>> lathe::evaluateOp(Operation *op, ArrayRef<Tensor> operands) {
  const Evaluator *evaluate = EvaluatorTable::get().find(op->getName().getStringRef());
  if (!evaluate)
    return fault(op, "is no operator that the interpreter knows");
  SymbolValues none;
  llvm::Expected<Results> results = (*evaluate)({op, operands, none});
  if (!results)
    return results.takeError();
  return SmallVector<Tensor>(results->begin(), results->end());
}
