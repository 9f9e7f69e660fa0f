// SPDX-License-Identifier: Apache-2.0
#include "passes/Import/ComputedWeights.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

bool lathe::isWeightOrConstant(Value value) {
  Operation *op = value ? value.getDefiningOp() : nullptr;
  return op && llvm::isa<UseWeightOp, ConstantOp>(op);
}

StringRef lathe::weightName(Value value) {
  auto use = value.getDefiningOp<UseWeightOp>();
  return use ? use.getWeight() : StringRef("constant");
}

// Weights of equal bytes have equal keys: what is computed from them is one
// weight too, whatever their names.
std::string ComputedWeights::initializerText(WeightOp weight) const {
  std::string text;
  llvm::raw_string_ostream os(text);
  // One numbering of the region's values, not one for each operation in it.
  AsmState state(weight, OpPrintingFlags().useLocalScope());
  for (Operation &op : weight.getInitializer().front()) {
    auto use = llvm::dyn_cast<UseWeightOp>(op);
    auto source = use ? symbols.lookup<WeightOp>(use.getWeight()) : WeightOp();
    if (source && source.getKey())
      os << "key " << *source.getKey() << " : " << use.getType();
    else
      op.print(os, state);
    os << '\n';
  }
  return text;
}

ComputedWeights::ComputedWeights(ModuleOp module) : module(module), symbols(module) {
  for (auto weight : module.getOps<WeightOp>())
    if (!weight.getInitializer().empty())
      weightOf.try_emplace(initializerText(weight), weight);
}

WeightOp ComputedWeights::create(
    StringRef name, Location location, ValueRange sources,
    llvm::function_ref<Value(OpBuilder &, ArrayRef<Value>)> build) {
  MLIRContext *context = module.getContext();
  OpBuilder builder(context);
  auto block = std::make_unique<Block>();
  builder.setInsertionPointToEnd(block.get());
  SmallVector<Value> copies;
  for (Value source : sources)
    copies.push_back(source ? builder.clone(*source.getDefiningOp())->getResult(0) : Value());
  Value result = build(builder, copies);
  YieldOp::create(builder, location, result);
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*block)))
    if (isOpTriviallyDead(&op))
      op.erase();

  builder.clearInsertionPoint();
  auto weight = WeightOp::create(builder, location, name,
                                 llvm::cast<RankedTensorType>(result.getType()), StringAttr(),
                                 FormatAttr());
  weight.getInitializer().push_back(block.release());
  auto [known, isNew] = weightOf.try_emplace(initializerText(weight), weight);
  if (!isNew) {
    weight.erase();
    return known->second;
  }
  // Beside the other weights, ahead of the methods.
  Block::iterator position = module.getBody()->begin();
  for (Operation &op : *module.getBody())
    if (llvm::isa<WeightOp>(op))
      position = std::next(op.getIterator());
  symbols.insert(weight, position);
  return weight;
}
