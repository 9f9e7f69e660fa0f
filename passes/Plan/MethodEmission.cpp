// SPDX-License-Identifier: Apache-2.0
//
// Cells and steps of a method to a program.method.
#include "passes/Plan/MethodLowering.h"

#include "passes/Import/GraphContract.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace lathe;
using graph::ExprAttr;

namespace {

class MethodEmission {
public:
  MethodEmission(MethodLowering &lowering, ProgramTables &tables, OpBuilder &builder)
      : lowering(lowering), tables(tables), builder(builder), function(lowering.getFunction()),
        module(function->getParentOfType<ModuleOp>()) {}
  LogicalResult run();

private:
  void collectSymbols(Attribute attr);
  LogicalResult emitSymbols();
  LogicalResult emitBinding(graph::SymbolOp symbol);
  void emitAssumptions();
  template <typename Op> void emitTensor(Type type, StringRef name, Location location);
  Value bufferFor(const CellRef &ref);
  LogicalResult emitStep(const Step &step);
  Location locationOf(const Step &step) { return step.origin->getLoc(); }

  MethodLowering &lowering;
  ProgramTables &tables;
  OpBuilder &builder;
  func::FuncOp function;
  ModuleOp module;
  llvm::StringMap<bool> used;
  Block *variantBody = nullptr;
  Operation *lastBuffer = nullptr;
  llvm::DenseMap<std::pair<unsigned, std::pair<Attribute, Attribute>>, Value> buffers;
  llvm::DenseMap<unsigned, int64_t> storageNumbers;
};

void MethodEmission::collectSymbols(Attribute attr) {
  attr.walk([&](ExprAttr expr) {
    if (expr.getKind() == graph::ExprKind::Symbol)
      used[expr.getSymbol().getValue()] = true;
  });
}

LogicalResult MethodEmission::emitBinding(graph::SymbolOp symbol) {
  std::optional<SymbolBinding> binding = findBinding(function, symbol);
  if (!binding)
    return symbol.emitOpError("is set by no input of method @") << function.getSymName();
  program::BindOp::create(builder, symbol.getLoc(), symbol.getSymName(), binding->argument,
                          binding->axis, binding->divisor, binding->addend);
  return success();
}

LogicalResult MethodEmission::emitSymbols() {
  for (auto symbol : module.getOps<graph::SymbolOp>())
    if (used.contains(symbol.getSymName()))
      program::SymbolOp::create(builder, symbol.getLoc(), symbol.getSymName(), symbol.getMin(),
                                symbol.getMax(), symbol.getMultiple());
  for (const auto &[name, max] : lowering.counters)
    program::SymbolOp::create(builder, function.getLoc(), name, 0, max, 1);
  emitAssumptions();
  for (auto symbol : module.getOps<graph::SymbolOp>())
    if (used.contains(symbol.getSymName()) && !symbol.getDataDependent() &&
        failed(emitBinding(symbol)))
      return failure();
  return success();
}

void MethodEmission::emitAssumptions() {
  for (auto assume : module.getOps<graph::AssumeOp>()) {
    // What the inputs alone decide; data-dependent symbols are checked where
    // they are set.
    bool decided = true;
    for (ExprAttr side : {assume.getLhs(), assume.getRhs()})
      graph::visitSymbols(side, [&](StringRef name) {
        auto symbol = module.lookupSymbol<graph::SymbolOp>(name);
        decided &= used.contains(name) && symbol && !symbol.getDataDependent();
      });
    if (!decided)
      continue;
    ExprAttr lhs = assume.getLhs(), rhs = assume.getRhs();
    auto relation = program::Relation::Equal;
    switch (assume.getKind()) {
    case graph::CompareKind::Eq:
      break;
    case graph::CompareKind::Ne:
      relation = program::Relation::NotEqual;
      break;
    case graph::CompareKind::Gt:
      std::swap(lhs, rhs);
      [[fallthrough]];
    case graph::CompareKind::Lt:
      relation = program::Relation::Less;
      break;
    case graph::CompareKind::Ge:
      std::swap(lhs, rhs);
      [[fallthrough]];
    case graph::CompareKind::Le:
      relation = program::Relation::LessEqual;
      break;
    }
    std::string text = graph::toString(assume.getLhs()) + " " +
                       graph::stringifyCompareKind(assume.getKind()).str() + " " +
                       graph::toString(assume.getRhs());
    program::AssumeOp::create(builder, assume.getLoc(), lhs, relation, rhs,
                              builder.getStringAttr(text));
  }
}

template <typename Op>
void MethodEmission::emitTensor(Type type, StringRef name, Location location) {
  auto tensor = llvm::cast<RankedTensorType>(type);
  SmallVector<ExprAttr> dims = graph::getDims(tensor);
  auto stored = graph::getTensorType(dims, storageElement(tensor.getElementType()));
  DenseI64ArrayAttr min, max;
  if (!stored.hasStaticShape()) {
    SmallVector<int64_t> low, high;
    for (ExprAttr dim : dims) {
      graph::SizeRange range =
          graph::rangeOf(dim, [&](StringRef symbol) { return lowering.rangeOfSymbol(symbol); });
      low.push_back(std::max<int64_t>(range.min, 0));
      high.push_back(std::max<int64_t>(range.max, 0));
    }
    min = builder.getDenseI64ArrayAttr(low);
    max = builder.getDenseI64ArrayAttr(high);
  }
  DenseF32ArrayAttr scales;
  DenseI32ArrayAttr zeros;
  int64_t axis = -1;
  if (auto uniform = llvm::dyn_cast<quant::UniformQuantizedType>(tensor.getElementType())) {
    scales = builder.getDenseF32ArrayAttr({static_cast<float>(uniform.getScale())});
    zeros = builder.getDenseI32ArrayAttr({static_cast<int32_t>(uniform.getZeroPoint())});
  } else if (auto each = llvm::dyn_cast<quant::UniformQuantizedPerAxisType>(tensor.getElementType())) {
    SmallVector<float> scaleList(each.getScales().begin(), each.getScales().end());
    SmallVector<int32_t> zeroList(each.getZeroPoints().begin(), each.getZeroPoints().end());
    scales = builder.getDenseF32ArrayAttr(scaleList);
    zeros = builder.getDenseI32ArrayAttr(zeroList);
    axis = each.getQuantizedDimension();
  }
  Op::create(builder, location, name, stored, min, max, scales, zeros, axis);
}

/// The buffer of a place; equal places are one buffer.
Value MethodEmission::bufferFor(const CellRef &ref) {
  const CellTable::Cell &cell = lowering.cells.cell(ref.cell);
  const CellTable::Group &group = lowering.cells.group(cell.group);
  ExprAttr offset = graph::makeAdd(cell.offset_bytes, ref.offset_bytes);
  Value &buffer = buffers[{cell.group, {offset, ref.bytes}}];
  if (buffer)
    return buffer;
  bool arena = group.region == program::Region::Arena;
  std::optional<int64_t> constant = offset.getConstant();
  int64_t fixed = group.offset_bytes + (arena ? 0 : constant.value_or(0));
  ExprAttr view = arena || !constant ? offset : ExprAttr();
  IntegerAttr storage;
  if (arena) {
    auto [number, isNew] = storageNumbers.try_emplace(cell.group, storageNumbers.size());
    storage = builder.getI64IntegerAttr(number->second);
  }
  OpBuilder::InsertionGuard guard(builder);
  if (lastBuffer)
    builder.setInsertionPointAfter(lastBuffer);
  else
    builder.setInsertionPointToStart(variantBody);
  auto made = program::BufferOp::create(builder, function.getLoc(),
                                        program::BufferType::get(builder.getContext()), group.region, group.index, fixed,
                                        view && !view.isConstant(0) ? view : ExprAttr(), ref.bytes,
                                        storage);
  lastBuffer = made;
  return buffer = made.getResult();
}

LogicalResult MethodEmission::emitStep(const Step &step) {
  Location at = locationOf(step);
  IntegerAttr list;
  if (std::optional<int64_t> index = tables.locationOf(step.origin))
    list = builder.getI64IntegerAttr(*index);
  SmallVector<Value> values;
  for (const CellRef &ref : step.refs)
    values.push_back(bufferFor(ref));
  switch (step.kind) {
  case Step::Kind::Call: {
    auto sizes = step.sizes.empty() ? graph::DimsAttr()
                                    : graph::DimsAttr::get(builder.getContext(), step.sizes);
    program::CallKernelOp::create(builder, at, FlatSymbolRefAttr::get(builder.getContext(), step.name),
                                  values, sizes, step.value, step.cost_ns,
                                  builder.getI64IntegerAttr(0), list);
    return success();
  }
  case Step::Kind::Copy:
    // Placing later cells may have brought both ends to one place.
    if (values[0] != values[1])
      program::CopyOp::create(builder, at, values[0], values[1], list);
    return success();
  case Step::Kind::Fill:
    program::FillOp::create(builder, at, values[0], step.bits, step.element_bytes, list);
    return success();
  case Step::Kind::Label:
    program::LabelOp::create(builder, at, step.name);
    return success();
  case Step::Kind::Branch:
    program::BranchOp::create(builder, at, builder.getStringAttr(step.name), list);
    return success();
  case Step::Kind::BranchIf:
    program::BranchIfOp::create(builder, at, builder.getStringAttr(step.name),
                                values.empty() ? Value() : values[0], step.value,
                                step.negate ? builder.getUnitAttr() : UnitAttr(), list);
    return success();
  case Step::Kind::Bind:
    if (!step.type.isInteger(32) && !step.type.isInteger(64))
      return step.origin->emitOpError("binds a symbol to neither i32 nor i64");
    program::BindSymbolOp::create(builder, at, builder.getStringAttr(step.name), values[0],
                                  TypeAttr::get(step.type), list);
    return success();
  case Step::Kind::Set:
    program::SetSymbolOp::create(builder, at, builder.getStringAttr(step.name), step.value, list);
    return success();
  }
  return failure();
}

LogicalResult MethodEmission::run() {
  function.walk([&](Operation *op) {
    collectSymbols(op->getAttrDictionary());
    for (Type type : op->getResultTypes())
      if (auto tensor = llvm::dyn_cast<RankedTensorType>(type); tensor && tensor.getEncoding())
        collectSymbols(tensor.getEncoding());
    if (auto bind = llvm::dyn_cast<graph::BindSymbolOp>(op))
      used[bind.getSymbol()] = true;
  });
  for (Type type : function.getArgumentTypes())
    if (Attribute encoding = llvm::cast<RankedTensorType>(type).getEncoding())
      collectSymbols(encoding);
  OpBuilder::InsertionGuard guard(builder);
  auto method = program::MethodOp::create(builder, function.getLoc(), function.getSymName(), false);
  builder.setInsertionPointToStart(&method.getBody().emplaceBlock());
  if (failed(emitSymbols()))
    return failure();
  auto nameOf = [](StringAttr name, StringRef stem, unsigned index) {
    return name ? name.getValue().str() : (stem + Twine(index)).str();
  };
  for (BlockArgument argument : function.getArguments()) {
    unsigned index = argument.getArgNumber();
    emitTensor<program::InputOp>(
        argument.getType(),
        nameOf(function.getArgAttrOfType<StringAttr>(index, graph::kNameAttr), "input", index),
        function.getLoc());
  }
  for (auto [index, type] : llvm::enumerate(function.getResultTypes()))
    emitTensor<program::OutputOp>(
        type, nameOf(function.getResultAttrOfType<StringAttr>(index, graph::kNameAttr), "output", index),
        function.getLoc());
  Attribute cpu = program::DeviceAttr::get(builder.getContext(), program::Device::Cpu);
  auto variant = program::VariantOp::create(builder, function.getLoc(), builder.getArrayAttr({cpu}));
  variantBody = &variant.getBody().emplaceBlock();
  for (const Step &step : lowering.steps) {
    builder.setInsertionPointToEnd(variantBody);
    if (failed(emitStep(step)))
      return failure();
  }
  return success();
}

} // namespace

LogicalResult lathe::lowerMethod(func::FuncOp function, ProgramTables &tables, OpBuilder &builder) {
  if (!function.getBody().hasOneBlock())
    return function.emitOpError("has more than one block: control flow is graph.if and graph.while");
  MethodLowering lowering(function, tables);
  if (failed(lowering.run()))
    return failure();
  return MethodEmission(lowering, tables, builder).run();
}
