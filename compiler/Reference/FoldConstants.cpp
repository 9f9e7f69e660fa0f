// SPDX-License-Identifier: Apache-2.0
#include "compiler/Reference/Interpreter.h"
#include "compiler/Reference/Passes.h"
#include "dialects/Graph/WeightStore.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"
#include <map>

namespace lathe::reference {
#define GEN_PASS_DEF_FOLDCONSTANTS
#include "compiler/Reference/Passes.h.inc"
} // namespace lathe::reference

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

// ir-contract C4.
static constexpr uint64_t kEagerBytesMax = 64 << 10;
static constexpr int64_t kConstantElementsMax = 64;
// What a stored result may weigh against its operands.
static constexpr uint64_t kStoredBytesMax = 1 << 20;
static constexpr uint64_t kStoredGrowthMax = 4;

// Bytes of a tensor of static shape; nothing for others and for those that are
// too large to be computed here.
static std::optional<uint64_t> bytesOf(Type type) {
  auto tensor = llvm::dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape())
    return std::nullopt;
  std::optional<StorageKind> kind = getStorageKind(tensor.getElementType());
  std::optional<int64_t> count = countElements(tensor.getShape());
  if (!kind || !count ||
      static_cast<uint64_t>(*count) > Tensor::kBytesMax / getElementBytes(*kind))
    return std::nullopt;
  return static_cast<uint64_t>(*count) * getElementBytes(*kind);
}

static bool isConstantValue(Value value) {
  Operation *op = value.getDefiningOp();
  return op && llvm::isa<ConstantOp, UseWeightOp>(op);
}

namespace {
class Folder {
public:
  Folder(ModuleOp module, Interpreter &interpreter)
      : module(module), interpreter(interpreter), symbols(interpreter.getSymbolTable()),
        store(module->getContext()->getLoadedDialect<GraphDialect>()->getWeightStore()) {
    for (WeightOp weight : module.getOps<WeightOp>())
      if (weight.getKey())
        known.try_emplace(identity(weight.getType(), *weight.getKey()), weight);
  }

  /// Replaces `op` if it can be folded.
  void fold(Operation *op);

private:
  static std::string identity(Type type, StringRef key) {
    std::string text = key.str() + " ";
    llvm::raw_string_ostream(text) << type;
    return text;
  }
  std::optional<Tensor> valueOf(Value value);
  bool foldNow(Operation *op);
  bool foldSplat(FullOp op);
  void foldLater(Operation *op);
  WeightOp insertWeight(WeightOp weight);
  Value materialize(OpBuilder &builder, Location location, RankedTensorType type,
                    const Tensor &value, StringRef name);
  std::string nameFor(Operation *op);
  void replace(Operation *op, ValueRange values);

  ModuleOp module;
  Interpreter &interpreter;
  SymbolTable &symbols;
  WeightStore &store;
  std::map<std::string, WeightOp> known; ///< weights with a key, by content and type
  llvm::DenseSet<Operation *> pending;   ///< initializer weights made here, used once so far
};
} // namespace

std::optional<Tensor> Folder::valueOf(Value value) {
  if (auto constant = value.getDefiningOp<ConstantOp>()) {
    auto dense = llvm::dyn_cast<DenseElementsAttr>(constant.getValue());
    llvm::Expected<Tensor> tensor =
        dense ? Tensor::create(dense) : llvm::Expected<Tensor>(Tensor());
    if (tensor && dense)
      return *tensor;
    llvm::consumeError(tensor.takeError());
    return std::nullopt;
  }
  auto weight = symbols.lookup<WeightOp>(value.getDefiningOp<UseWeightOp>().getWeight());
  if (!weight)
    return std::nullopt;
  llvm::Expected<Tensor> tensor = interpreter.evaluateWeight(weight);
  if (tensor)
    return *tensor;
  // The bytes may be elsewhere (a module read from text): no fault of the model.
  llvm::consumeError(tensor.takeError());
  return std::nullopt;
}

// "fc.weight.permute": the first weight that the result comes from, and how.
std::string Folder::nameFor(Operation *op) {
  std::string name;
  for (Value operand : op->getOperands())
    if (auto use = operand.getDefiningOp<UseWeightOp>(); use && name.empty())
      name = (use.getWeight() + ".").str();
  return name + op->getName().stripDialect().str();
}

WeightOp Folder::insertWeight(WeightOp weight) {
  // Beside the other weights: after the last, else ahead of everything.
  Block::iterator position = module.getBody()->begin();
  for (WeightOp other : module.getOps<WeightOp>())
    position = std::next(other->getIterator());
  symbols.insert(weight, position);
  return weight;
}

Value Folder::materialize(OpBuilder &builder, Location location, RankedTensorType type,
                          const Tensor &value, StringRef name) {
  if (value.getNumElements() <= kConstantElementsMax || value.isSplat())
    if (DenseElementsAttr attribute = value.toAttribute(type))
      return ConstantOp::create(builder, location, attribute);
  ArrayRef<char> bytes = value.getBytes();
  std::string key = store.addOwned(std::vector<char>(bytes.begin(), bytes.end()), value.getSizes(),
                                   value.getElementBytes());
  WeightOp &weight = known[identity(type, key)];
  if (!weight) {
    OpBuilder unplaced(module.getContext());
    weight = insertWeight(WeightOp::create(unplaced, location, name, type,
                                           unplaced.getStringAttr(key), FormatAttr()));
  }
  return UseWeightOp::create(builder, location, type, weight.getSymName());
}

void Folder::replace(Operation *op, ValueRange values) {
  // Each once, and before any is erased: an operand that comes twice is gone
  // with its first mention.
  llvm::SmallSetVector<Operation *, 4> sources;
  for (Value operand : op->getOperands())
    sources.insert(operand.getDefiningOp());
  op->replaceAllUsesWith(values);
  op->erase();
  for (Operation *source : sources)
    if (source->use_empty())
      source->erase();
}

bool Folder::foldNow(Operation *op) {
  SmallVector<Tensor> operands;
  for (Value operand : op->getOperands()) {
    std::optional<Tensor> value = valueOf(operand);
    if (!value)
      return false;
    operands.push_back(*value);
  }
  llvm::Expected<SmallVector<Tensor>> results = evaluateOp(op, operands);
  interpreter.releaseWeights();
  if (!results) {
    llvm::consumeError(results.takeError());
    return false;
  }
  OpBuilder builder(op);
  SmallVector<Value> values;
  for (auto [result, tensor] : llvm::zip_equal(op->getResults(), *results)) {
    auto type = llvm::cast<RankedTensorType>(result.getType());
    if (tensor.getElementType() != type.getElementType() || tensor.getSizes() != type.getShape())
      return false;
    values.push_back(materialize(builder, op->getLoc(), type, tensor, nameFor(op)));
  }
  replace(op, values);
  return true;
}

// A filled tensor of any size is a splat constant.
bool Folder::foldSplat(FullOp op) {
  auto constant = op.getValue().getDefiningOp<ConstantOp>();
  auto dense = constant ? llvm::dyn_cast<DenseElementsAttr>(constant.getValue()) : DenseElementsAttr();
  if (!dense)
    return false;
  OpBuilder builder(op);
  auto type = llvm::cast<RankedTensorType>(op.getType());
  Value splat = ConstantOp::create(builder, op.getLoc(),
                                   DenseElementsAttr::get(type, dense.getSplatValue<Attribute>()));
  replace(op, splat);
  return true;
}

// Moves `op` into the initializer region of a new weight. An initializer weight
// made here whose only user is `op` is absorbed, so that chains become one
// weight.
void Folder::foldLater(Operation *op) {
  OpBuilder builder(op);
  auto type = llvm::cast<RankedTensorType>(op->getResult(0).getType());
  std::string name = nameFor(op);
  OpBuilder inner(module.getContext());
  auto weight = WeightOp::create(inner, op->getLoc(), name, type, StringAttr(), FormatAttr());
  inner.setInsertionPointToStart(&weight.getInitializer().emplaceBlock());
  IRMapping mapping;
  SmallVector<WeightOp> absorbed;
  for (Value operand : op->getOperands()) {
    if (mapping.contains(operand))
      continue;
    auto use = operand.getDefiningOp<UseWeightOp>();
    WeightOp source = use ? symbols.lookup<WeightOp>(use.getWeight()) : WeightOp();
    bool isSole = llvm::all_of(operand.getUsers(), [&](Operation *user) { return user == op; });
    if (!source || !pending.contains(source) || !isSole) {
      pending.erase(source);
      mapping.map(operand, inner.clone(*operand.getDefiningOp())->getResult(0));
      continue;
    }
    Block &body = source.getInitializer().front();
    IRMapping copies;
    for (Operation &step : body.without_terminator())
      inner.clone(step, copies);
    mapping.map(operand, copies.lookup(body.getTerminator()->getOperand(0)));
    absorbed.push_back(source);
  }
  Operation *copy = inner.clone(*op, mapping);
  YieldOp::create(inner, op->getLoc(), copy->getResults());
  insertWeight(weight);
  pending.insert(weight);
  replace(op, {UseWeightOp::create(builder, op->getLoc(), type, weight.getSymName())});
  for (WeightOp source : absorbed) {
    pending.erase(source);
    symbols.erase(source);
  }
}

void Folder::fold(Operation *op) {
  if (!canEvaluateOp(op) || !isMemoryEffectFree(op) || op->getNumResults() == 0 ||
      llvm::isa<ConstantOp, RelayoutOp, TransferOp>(op) ||
      !llvm::all_of(op->getOperands(), isConstantValue))
    return;
  uint64_t operandBytes = 0, resultBytes = 0;
  for (Value operand : op->getOperands()) {
    std::optional<uint64_t> bytes = bytesOf(operand.getType());
    if (!bytes)
      return;
    operandBytes += *bytes;
  }
  for (Value result : op->getResults()) {
    std::optional<uint64_t> bytes = bytesOf(result.getType());
    if (!bytes)
      return;
    resultBytes += *bytes;
  }
  if (auto full = llvm::dyn_cast<FullOp>(op); full && foldSplat(full))
    return;
  if (resultBytes > std::max(kStoredBytesMax, kStoredGrowthMax * operandBytes))
    return;
  if (resultBytes <= kEagerBytesMax)
    foldNow(op);
  else if (op->getNumResults() == 1 && !llvm::isa<GatherOp, GatherElementsOp, IndexOp, IndexPutOp>(op))
    foldLater(op); // not what may fail: an error belongs to the run
}

namespace {
struct FoldConstantsPass : public reference::impl::FoldConstantsBase<FoldConstantsPass> {
  void runOnOperation() override {
    llvm::Expected<std::unique_ptr<Interpreter>> interpreter = Interpreter::create(getOperation());
    if (!interpreter) {
      getOperation().emitError(llvm::toString(interpreter.takeError()));
      return signalPassFailure();
    }
    // Operands come first, so that one walk folds whole chains. Groups are
    // closed: what goes into a kernel is decided there.
    SmallVector<Operation *> order;
    for (auto method : getOperation().getOps<func::FuncOp>())
      method.walk<WalkOrder::PreOrder>([&](Operation *op) {
        if (llvm::isa<GroupOp>(op))
          return WalkResult::skip();
        if (op->getNumRegions() == 0 && !op->hasTrait<OpTrait::IsTerminator>())
          order.push_back(op);
        return WalkResult::advance();
      });
    Folder folder(getOperation(), **interpreter);
    // Folding erases `op` and constants ahead of it only, which fold() ignores
    // and which come before `op` in `order`.
    for (Operation *op : order)
      folder.fold(op);
  }
};
} // namespace
