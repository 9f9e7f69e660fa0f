// SPDX-License-Identifier: Apache-2.0
#include "passes/Import/GraphContract.h"

#include "dialects/Graph/WeightStore.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/JSON.h"
#include "runtime/include/lathe/limits.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

std::optional<Stage> lathe::parseStage(StringRef name) {
  return llvm::StringSwitch<std::optional<Stage>>(name)
      .Case("imported", Stage::Imported)
      .Case("simplified", Stage::Simplified)
      .Case("assigned", Stage::Assigned)
      .Case("outlined", Stage::Outlined)
      .Case("planned", Stage::Planned)
      .Default(std::nullopt);
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

// As the runtime's verifier (runtime/core/verify.cpp, check_name).
static LogicalResult verifyName(Operation *op, StringRef what, StringRef name) {
  if (name.size() > LATHE_MAX_NAME_BYTES)
    return op->emitError() << what << " has a name of " << name.size() << " bytes, at most "
                           << LATHE_MAX_NAME_BYTES << " are possible: '" << name.take_front(32) << "...'";
  auto isControl = [](char c) { return llvm::isASCII(c) && !llvm::isPrint(c); };
  if (llvm::json::isUTF8(name) && llvm::none_of(name, isControl))
    return success();
  return op->emitError() << what << " has a name that is not UTF-8 without control characters: "
                         << StringAttr::get(op->getContext(), name);
}

LogicalResult lathe::verifyNames(ModuleOp module) {
  for (Operation &op : *module.getBody()) {
    auto symbol = op.getAttrOfType<StringAttr>(SymbolTable::getSymbolAttrName());
    if (symbol && !llvm::isa<ModuleOp>(op) &&
        failed(verifyName(&op, llvm::isa<func::FuncOp>(op) ? "method" : op.getName().stripDialect(), symbol)))
      return failure();
    auto method = llvm::dyn_cast<func::FuncOp>(op);
    for (unsigned i = 0; method && i < method.getNumArguments(); ++i)
      if (auto name = method.getArgAttrOfType<StringAttr>(i, kNameAttr))
        if (failed(verifyName(&op, ("argument " + Twine(i)).str(), name)))
          return failure();
    for (unsigned i = 0; method && i < method.getNumResults(); ++i)
      if (auto name = method.getResultAttrOfType<StringAttr>(i, kNameAttr))
        if (failed(verifyName(&op, ("result " + Twine(i)).str(), name)))
          return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

bool lathe::isModelTensor(Type type) {
  auto tensor = llvm::dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return false;
  Type element = tensor.getElementType();
  if (auto perAxis = llvm::dyn_cast<quant::UniformQuantizedPerAxisType>(element)) {
    int64_t axis = perAxis.getQuantizedDimension(), count = perAxis.getScales().size();
    return axis >= 0 && axis < tensor.getRank() &&
           (tensor.isDynamicDim(axis) || tensor.getDimSize(axis) == count);
  }
  if (llvm::isa<quant::UniformQuantizedType, Float16Type, BFloat16Type, Float32Type, Float64Type>(element))
    return true;
  auto integer = llvm::dyn_cast<IntegerType>(element);
  if (!integer || integer.isSigned())
    return false;
  return llvm::is_contained({8u, 16u, 32u, 64u}, integer.getWidth()) || integer.isSignlessInteger(1);
}

static unsigned storageBits(Type element) {
  if (auto quantized = llvm::dyn_cast<quant::QuantizedType>(element))
    element = quantized.getStorageType();
  return element.getIntOrFloatBitWidth();
}

bool lathe::fitsMemory(RankedTensorType tensor) {
  uint64_t bytes = llvm::divideCeil(storageBits(tensor.getElementType()), 8);
  // Strides are products of the other sizes, also where one is zero. Dynamic
  // sizes have their own limit.
  for (int64_t size : tensor.getShape())
    bytes = llvm::SaturatingMultiply(bytes, ShapedType::isDynamic(size) ? 1 : std::max<uint64_t>(size, 1));
  return bytes <= LATHE_MAX_REGION_BYTES;
}

static LogicalResult verifyType(Operation *op, Type type, Stage stage) {
  auto tensor = llvm::dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return success();
  if (!isModelTensor(tensor))
    return op->emitOpError("has type ") << type << ", whose elements no model has";
  if (llvm::is_contained(getDims(tensor), ExprAttr()))
    return op->emitOpError("has type ") << type << ", whose sizes are not stated";
  if (!fitsMemory(tensor))
    return op->emitOpError("has type ") << type << ": no memory has so many bytes";
  if (getLayout(tensor) && stage < Stage::Assigned)
    return op->emitOpError("has type ") << type << ": layouts are chosen after this stage";
  return success();
}

// Statistics and affine parameters have one element for each channel, which
// arithmetic by broadcasting would not notice.
static LogicalResult verifyBatchNorm(BatchNormOp op) {
  SmallVector<ExprAttr> dims = getDims(llvm::cast<RankedTensorType>(op.getInput().getType()));
  if (dims.size() < 2)
    return op.emitOpError("expects channels in dimension 1, got ") << op.getInput().getType();
  for (Value value : op->getOperands().drop_front()) {
    SmallVector<ExprAttr> sizes = getDims(llvm::cast<RankedTensorType>(value.getType()));
    if (sizes.size() != 1 || sizes[0] != dims[1])
      return op.emitOpError("has parameters of type ") << value.getType() << " for channels of "
                                                       << op.getInput().getType();
  }
  return success();
}

LogicalResult lathe::verifySizes(Operation *root, const llvm::StringSet<> &defined, Stage stage) {
  std::string unknown;
  AttrTypeWalker symbols;
  symbols.addWalk([&](ExprAttr expr) {
    visitSymbols(expr, [&](StringRef name) {
      if (unknown.empty() && !defined.contains(name))
        unknown = name.str();
    });
    return WalkResult::skip();
  });
  WalkResult result = root->walk([&](Operation *op) {
    if (auto norm = llvm::dyn_cast<BatchNormOp>(op); norm && failed(verifyBatchNorm(norm)))
      return WalkResult::interrupt();
    SmallVector<Type> types(op->getResultTypes());
    for (Region &region : op->getRegions())
      for (Block &block : region)
        llvm::append_range(types, block.getArgumentTypes());
    for (Type type : types) {
      if (failed(verifyType(op, type, stage)))
        return WalkResult::interrupt();
      symbols.walk(type);
    }
    symbols.walk(op->getAttrDictionary());
    if (!unknown.empty()) {
      op->emitOpError("has a size of '") << unknown << "', which no graph.symbol defines";
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

// What one side adds is no source for the other side to crop. Type inference
// knows static sizes only.
static LogicalResult verifyCrops(PadOp op, SymbolTable &symbols) {
  if (op.getMode() != PadMode::Constant)
    return success();
  auto rangeOfSymbol = [&](StringRef name) {
    auto symbol = symbols.lookup<SymbolOp>(name);
    return symbol ? SizeRange{static_cast<int64_t>(symbol.getMin()), static_cast<int64_t>(symbol.getMax())}
                  : SizeRange{0, LATHE_MAX_DIMENSION};
  };
  SmallVector<ExprAttr> dims = getDims(llvm::cast<RankedTensorType>(op.getInput().getType()));
  for (auto [i, dim, low, high] : llvm::enumerate(dims, op.getLow(), op.getHigh())) {
    int64_t crop = -(std::min<int64_t>(low, 0) + std::min<int64_t>(high, 0));
    int64_t least = graph::rangeOf(dim, rangeOfSymbol).min;
    if (crop > 0 && least < crop)
      return op.emitOpError("crops ") << crop << " elements of dimension " << i
                                      << ", which may have only " << least;
  }
  return success();
}

LogicalResult lathe::verifyBindings(func::FuncOp method, SymbolTable &symbols) {
  llvm::StringSet<> bound;
  method.walk([&](BindSymbolOp op) { bound.insert(op.getSymbol()); });
  std::string missing;
  AttrTypeWalker walker;
  walker.addWalk([&](ExprAttr expr) {
    visitSymbols(expr, [&](StringRef name) {
      auto symbol = symbols.lookup<SymbolOp>(name);
      if (missing.empty() && symbol && symbol.getDataDependent() && !bound.contains(name))
        missing = name.str();
    });
    return WalkResult::skip();
  });
  WalkResult result = method.walk([&](Operation *op) {
    walker.walk(op->getAttrDictionary());
    for (Type type : op->getResultTypes())
      walker.walk(type);
    auto pad = llvm::dyn_cast<PadOp>(op);
    return WalkResult(failure(pad && failed(verifyCrops(pad, symbols))));
  });
  if (result.wasInterrupted())
    return failure();
  if (!missing.empty())
    return method.emitOpError("uses the data-dependent size '") << missing << "' and never binds it";
  return success();
}

static std::optional<SymbolBinding> bindingOf(ExprAttr dim, SymbolOp symbol) {
  MLIRContext *context = symbol.getContext();
  ExprAttr wanted = makeSymbol(context, symbol.getSymName());
  auto at = [&](int64_t value) {
    return evaluate(dim, [&](StringRef name) -> std::optional<int64_t> {
      return name == symbol.getSymName() ? std::optional(value) : std::nullopt;
    });
  };
  std::optional<int64_t> addend = at(0), one = at(1);
  if (!addend || !one || *one <= *addend)
    return std::nullopt;
  int64_t divisor = *one - *addend;
  ExprAttr linear =
      makeAdd(makeMul(wanted, makeConstant(context, divisor)), makeConstant(context, *addend));
  if (linear != dim)
    return std::nullopt;
  return SymbolBinding{0, 0, divisor, *addend};
}

std::optional<SymbolBinding> lathe::findBinding(func::FuncOp method, SymbolOp symbol) {
  std::optional<SymbolBinding> found;
  for (BlockArgument argument : method.getArguments())
    for (auto [axis, dim] :
         llvm::enumerate(getDims(llvm::cast<RankedTensorType>(argument.getType())))) {
      std::optional<SymbolBinding> next = dim ? bindingOf(dim, symbol) : std::nullopt;
      if (!next)
        continue;
      next->argument = argument.getArgNumber();
      next->axis = axis;
      if (next->divisor == 1 && next->addend == 0)
        return next;
      if (!found)
        found = next;
    }
  return found;
}

LogicalResult lathe::verifySolvable(ModuleOp module) {
  for (auto method : module.getOps<func::FuncOp>()) {
    llvm::StringSet<> used;
    AttrTypeWalker walker;
    walker.addWalk([&](ExprAttr expr) {
      visitSymbols(expr, [&](StringRef name) { used.insert(name); });
      return WalkResult::skip();
    });
    method.walk([&](Operation *op) {
      walker.walk(op->getAttrDictionary());
      for (Type type : op->getResultTypes())
        walker.walk(type);
    });
    for (auto symbol : module.getOps<SymbolOp>())
      if (used.contains(symbol.getSymName()) && !symbol.getDataDependent() &&
          !findBinding(method, symbol))
        return symbol.emitOpError("is set by no input of method @")
               << method.getSymName() << ": no dimension of an input is a * "
               << symbol.getSymName() << " + b";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Weights and states
//===----------------------------------------------------------------------===//

static LogicalResult verifyKey(WeightOp weight, const WeightStore &store) {
  const WeightView *view = store.find(*weight.getKey());
  if (!view)
    return weight.emitOpError("has key ") << weight.getKeyAttr() << ", which the weight store lacks";
  auto type = llvm::cast<RankedTensorType>(weight.getType());
  uint64_t wanted = llvm::divideCeil(storageBits(type.getElementType()), 8) * type.getNumElements();
  if (view->sizeBytes() != wanted)
    return weight.emitOpError("has ") << view->sizeBytes() << " bytes in the weight store, its type "
                                      << wanted;
  return success();
}

// Weights that an initializer reads.
static SmallVector<WeightOp> readWeights(WeightOp weight, SymbolTable &symbols) {
  SmallVector<WeightOp> result;
  weight.getInitializer().walk([&](UseWeightOp use) {
    if (auto source = symbols.lookup<WeightOp>(use.getWeight()))
      result.push_back(source);
  });
  return result;
}

// Depth-first search with an explicit stack: initializers may form long chains.
static LogicalResult verifyAcyclic(WeightOp start, SymbolTable &symbols,
                                   llvm::DenseMap<Operation *, bool> &finished) {
  SmallVector<std::pair<WeightOp, SmallVector<WeightOp>>> stack;
  auto enter = [&](WeightOp weight) {
    finished[weight] = false;
    stack.push_back({weight, readWeights(weight, symbols)});
  };
  if (!finished.contains(start))
    enter(start);
  while (!stack.empty()) {
    auto &[weight, sources] = stack.back();
    if (sources.empty()) {
      finished[weight] = true;
      stack.pop_back();
      continue;
    }
    WeightOp source = sources.pop_back_val();
    auto known = finished.find(source);
    if (known == finished.end())
      enter(source);
    else if (!known->second)
      return source.emitOpError("has an initializer that depends on itself");
  }
  return success();
}

LogicalResult lathe::verifyWeights(ModuleOp module, SymbolTable &symbols, bool checkStore) {
  auto *dialect = module.getContext()->getLoadedDialect<GraphDialect>();
  llvm::DenseMap<Operation *, bool> finished;
  for (auto weight : module.getOps<WeightOp>()) {
    if (weight.getKey() && checkStore && failed(verifyKey(weight, dialect->getWeightStore())))
      return failure();
    if (failed(verifyAcyclic(weight, symbols, finished)))
      return failure();
  }
  for (auto state : module.getOps<StateOp>()) {
    if (!state.getInitial())
      continue;
    auto initial = symbols.lookup<WeightOp>(*state.getInitial());
    if (!initial || initial.getType() != state.getType())
      return state.emitOpError("has initial value ")
             << state.getInitialAttr() << ", which is no weight of type " << state.getType();
  }
  return success();
}
