// SPDX-License-Identifier: Apache-2.0
#include "compiler/ProgramMetadata.h"

#include "compiler/LimitError.h"
#include "dialects/Graph/SizeExpr.h"
#include "dialects/Program/ProgramDialect.h"
#include "program_generated.h"
#include "runtime/include/lathe/limits.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cstring>

using namespace mlir;
using namespace lathe;

namespace {

using FlatString = flatbuffers::Offset<flatbuffers::String>;
template <typename T> using FlatVector = flatbuffers::Offset<flatbuffers::Vector<T>>;
template <typename T> using FlatTables = FlatVector<flatbuffers::Offset<T>>;
constexpr uint32_t kNone = UINT32_MAX;

format::Digest toDigest(const std::array<uint8_t, LATHE_DIGEST_BYTES> &bytes) {
  static_assert(sizeof(format::Digest) == LATHE_DIGEST_BYTES);
  format::Digest digest;
  std::memcpy(static_cast<void *>(&digest), bytes.data(), bytes.size());
  return digest;
}

format::DType toDType(Type type) {
  if (auto integer = llvm::dyn_cast<IntegerType>(type)) {
    bool isUnsigned = integer.isUnsigned();
    switch (integer.getWidth()) {
    case 1:
      return format::DType::i1;
    case 8:
      return isUnsigned ? format::DType::u8 : format::DType::i8;
    case 16:
      return isUnsigned ? format::DType::u16 : format::DType::i16;
    case 32:
      return isUnsigned ? format::DType::u32 : format::DType::i32;
    case 64:
      return isUnsigned ? format::DType::u64 : format::DType::i64;
    default:
      return format::DType::none;
    }
  }
  if (type.isF16())
    return format::DType::f16;
  if (type.isBF16())
    return format::DType::bf16;
  if (type.isF32())
    return format::DType::f32;
  if (type.isF64())
    return format::DType::f64;
  if (llvm::isa<Float8E4M3FNType>(type))
    return format::DType::f8e4m3;
  return llvm::isa<Float8E5M2Type>(type) ? format::DType::f8e5m2 : format::DType::none;
}

/// Parts that the module's and the methods' tables are made of. Empty strings
/// and vectors are left out, as the schema allows.
class TableBuilder {
protected:
  explicit TableBuilder(flatbuffers::FlatBufferBuilder &flat) : flat(flat) {}

  FlatString text(StringRef value) {
    return value.empty() ? FlatString() : flat.CreateString(value.data(), value.size());
  }
  FlatVector<int64_t> integers(ArrayRef<int64_t> values) {
    return values.empty() ? 0 : flat.CreateVector(values.data(), values.size());
  }
  template <typename T> FlatTables<T> tables(const std::vector<flatbuffers::Offset<T>> &values) {
    return values.empty() ? 0 : flat.CreateVector(values);
  }
  FlatVector<uint32_t> indices(const std::vector<uint32_t> &values) {
    return values.empty() ? 0 : flat.CreateVector(values);
  }

  flatbuffers::FlatBufferBuilder &flat;
};

using SymbolNumbers = llvm::StringMap<uint32_t>;

/// Looks a name up; reports the operation that uses it when it is missing.
FailureOr<uint32_t> find(Operation *user, const SymbolNumbers &numbers, StringRef name,
                         StringRef what) {
  auto it = numbers.find(name);
  if (it != numbers.end())
    return it->second;
  user->emitOpError("refers to '") << name << "', which is no " << what;
  return failure();
}

/// The names that instructions use.
struct ProgramNames {
  SymbolNumbers segments, kernels, methods;
};

//===----------------------------------------------------------------------===//
// Methods
//===----------------------------------------------------------------------===//

class MethodBuilder : TableBuilder {
public:
  MethodBuilder(flatbuffers::FlatBufferBuilder &flat, const ProgramNames &names,
                program::MethodOp method)
      : TableBuilder(flat), names(names), method(method) {}

  FailureOr<flatbuffers::Offset<format::Method>> build();

private:
  FailureOr<int64_t> size(Operation *user, graph::ExprAttr expr);
  FailureOr<std::vector<int64_t>> sizes(Operation *user, ArrayRef<graph::ExprAttr> exprs);
  LogicalResult postfix(graph::ExprAttr expr, std::vector<format::ExpressionOp> &ops,
                        std::vector<int64_t> &operands);
  template <typename Tensor>
  FailureOr<flatbuffers::Offset<format::Tensor>> tensor(Tensor op);
  LogicalResult part(Operation &op);
  FailureOr<flatbuffers::Offset<format::Variant>> variant(program::VariantOp op);
  FailureOr<flatbuffers::Offset<format::Buffer>> buffer(program::BufferOp op);
  flatbuffers::Offset<format::Plan> plan(program::PlanOp op);

  using Body = std::pair<format::InstructionBody, flatbuffers::Offset<void>>;
  FailureOr<Body> instruction(Operation &op);
  FailureOr<Body> callKernel(program::CallKernelOp op);
  FailureOr<Body> callMethod(program::CallMethodOp op);
  FailureOr<Body> branchIf(program::BranchIfOp op);
  FailureOr<Body> setter(Operation &op);
  uint32_t bufferNumber(Value value) const {
    return value ? bufferNumbers.lookup(value) : kNone;
  }
  std::vector<uint32_t> bufferList(ValueRange values) const {
    std::vector<uint32_t> result;
    for (Value value : values)
      result.push_back(bufferNumber(value));
    return result;
  }

  const ProgramNames &names;
  program::MethodOp method;
  SymbolNumbers symbolNumbers;
  llvm::DenseMap<Attribute, int64_t> sizeNumbers;
  llvm::DenseMap<Value, uint32_t> bufferNumbers;
  llvm::StringMap<uint32_t> labels;
  std::vector<flatbuffers::Offset<format::Expression>> expressions;
  std::vector<flatbuffers::Offset<format::Symbol>> symbols;
  std::vector<flatbuffers::Offset<format::Assumption>> assumptions;
  std::vector<flatbuffers::Offset<format::SymbolBinding>> bindings;
  std::vector<flatbuffers::Offset<format::Tensor>> inputs, outputs;
  std::vector<flatbuffers::Offset<format::OutputAlias>> aliases;
  std::vector<flatbuffers::Offset<format::Variant>> variants;
};

/// Operations of an expression in postfix form, and values on its stack.
struct PostfixCost {
  unsigned ops = 1, depth = 1;
};
PostfixCost postfixCost(graph::ExprAttr expr) {
  unsigned count = expr.getOperands().size();
  if (count == 0)
    return {};
  PostfixCost cost{count - 1, 0}; // binary operations between the operands
  for (unsigned i = 0; i < count; ++i) {
    PostfixCost operand = postfixCost(expr.getOperand(i));
    cost.ops += operand.ops;
    cost.depth = std::max(cost.depth, operand.depth + (i != 0)); // above the value so far
  }
  return cost;
}
bool fitsFile(graph::ExprAttr expr) {
  PostfixCost cost = postfixCost(expr);
  return cost.ops <= LATHE_MAX_EXPRESSION_OPS && cost.depth <= LATHE_MAX_EXPRESSION_DEPTH;
}

LogicalResult MethodBuilder::postfix(graph::ExprAttr expr, std::vector<format::ExpressionOp> &ops,
                                     std::vector<int64_t> &operands) {
  if (expr.getKind() == graph::ExprKind::Constant || expr.getKind() == graph::ExprKind::Symbol) {
    bool isSymbol = expr.getKind() == graph::ExprKind::Symbol;
    ops.push_back(static_cast<format::ExpressionOp>(expr.getKind()));
    if (!isSymbol) {
      operands.push_back(expr.getValue());
      return success();
    }
    auto it = symbolNumbers.find(expr.getSymbol().getValue());
    if (it == symbolNumbers.end())
      return failure();
    operands.push_back(it->second);
    return success();
  }
  if (failed(postfix(expr.getOperand(0), ops, operands)))
    return failure();
  for (unsigned i = 1; i < expr.getOperands().size(); ++i) {
    if (failed(postfix(expr.getOperand(i), ops, operands)))
      return failure();
    ops.push_back(static_cast<format::ExpressionOp>(expr.getKind()));
  }
  return success();
}

// The numbers of graph::ExprKind and of the schema are the same.
static_assert(static_cast<int>(graph::ExprKind::Max) == static_cast<int>(format::ExpressionOp::max) &&
              static_cast<int>(graph::ExprKind::Mod) == static_cast<int>(format::ExpressionOp::mod) &&
              static_cast<int>(graph::ExprKind::Mul) == static_cast<int>(format::ExpressionOp::mul));

FailureOr<int64_t> MethodBuilder::size(Operation *user, graph::ExprAttr expr) {
  std::optional<int64_t> constant = expr.getConstant();
  if (constant && *constant >= 0)
    return *constant;
  auto known = sizeNumbers.find(expr);
  if (known != sizeNumbers.end())
    return known->second;
  if (!fitsFile(expr))
    return beyondLimit(user->emitOpError("has a size beyond the limits of a program file: ")) << expr, failure();
  std::vector<format::ExpressionOp> ops;
  std::vector<int64_t> operands;
  if (failed(postfix(expr, ops, operands)))
    return user->emitOpError("uses a symbol that the method lacks in ") << expr, failure();
  auto flatOps = flat.CreateVector(ops);
  auto flatOperands = flat.CreateVector(operands);
  int64_t number = -static_cast<int64_t>(expressions.size()) - 1;
  expressions.push_back(format::CreateExpression(flat, flatOps, flatOperands));
  sizeNumbers[expr] = number;
  return number;
}

FailureOr<std::vector<int64_t>> MethodBuilder::sizes(Operation *user,
                                                     ArrayRef<graph::ExprAttr> exprs) {
  std::vector<int64_t> result;
  for (graph::ExprAttr expr : exprs) {
    FailureOr<int64_t> value = size(user, expr);
    if (failed(value))
      return failure();
    result.push_back(*value);
  }
  return result;
}

template <typename Tensor>
FailureOr<flatbuffers::Offset<format::Tensor>> MethodBuilder::tensor(Tensor op) {
  auto type = llvm::cast<RankedTensorType>(op.getType());
  FailureOr<std::vector<int64_t>> dims = sizes(op, graph::getDims(type));
  if (failed(dims))
    return failure();
  flatbuffers::Offset<format::Quantization> quantization;
  if (op.getScales()) {
    auto scales = flat.CreateVector(op.getScales()->data(), op.getScales()->size());
    auto zeros = flat.CreateVector(op.getZeroPoints()->data(), op.getZeroPoints()->size());
    quantization =
        format::CreateQuantization(flat, scales, zeros, static_cast<int32_t>(op.getAxis()));
  }
  auto name = text(op.getName());
  auto flatDims = integers(*dims);
  auto min = integers(op.getMin().value_or(ArrayRef<int64_t>()));
  auto max = integers(op.getMax().value_or(ArrayRef<int64_t>()));
  return format::CreateTensor(flat, name, toDType(type.getElementType()), flatDims, min, max,
                              quantization);
}

FailureOr<flatbuffers::Offset<format::Buffer>> MethodBuilder::buffer(program::BufferOp op) {
  int64_t view = 0;
  if (graph::ExprAttr expr = op.getViewOffsetBytesAttr()) {
    FailureOr<int64_t> value = size(op, expr);
    if (failed(value))
      return failure();
    view = *value;
  }
  FailureOr<int64_t> bytes = size(op, op.getBytesAttr());
  if (failed(bytes))
    return failure();
  if (op.getStorage())
    return op.emitOpError("has no place in the arena yet: memory is not planned"), failure();
  return format::CreateBuffer(flat, static_cast<format::Region>(op.getRegion()),
                              static_cast<uint32_t>(op.getIndex()), op.getOffsetBytes(), view,
                              *bytes);
}

flatbuffers::Offset<format::Plan> MethodBuilder::plan(program::PlanOp op) {
  auto max = integers(op.getSymbolMax().value_or(ArrayRef<int64_t>()));
  std::vector<uint64_t> offsets(op.getOffsets().begin(), op.getOffsets().end());
  FlatVector<uint64_t> flatOffsets = offsets.empty() ? 0 : flat.CreateVector(offsets);
  return format::CreatePlan(flat, max, op.getArenaBytes(), flatOffsets);
}

//===-- Instructions ------------------------------------------------------===//

FailureOr<MethodBuilder::Body> MethodBuilder::callKernel(program::CallKernelOp op) {
  FailureOr<uint32_t> kernel = find(op, names.kernels, op.getKernel(), "program.kernel");
  graph::DimsAttr passed = op.getSizesAttr();
  FailureOr<std::vector<int64_t>> values =
      sizes(op, passed ? passed.getDims() : ArrayRef<graph::ExprAttr>());
  FailureOr<int64_t> tiles = size(op, op.getTilesAttr());
  // The cost is a hint: without it rather than no program.
  FailureOr<int64_t> cost = int64_t(0);
  graph::ExprAttr expr = op.getTileCostNsAttr();
  if (expr && fitsFile(expr))
    cost = size(op, expr);
  if (failed(kernel) || failed(values) || failed(tiles) || failed(cost))
    return failure();
  auto buffers = indices(bufferList(op.getBuffers()));
  auto flatSizes = integers(*values);
  return Body(format::InstructionBody::CallKernel,
              format::CreateCallKernel(flat, *kernel, buffers, flatSizes, *tiles, *cost,
                                       static_cast<uint8_t>(op.getDevice()))
                  .Union());
}

FailureOr<MethodBuilder::Body> MethodBuilder::callMethod(program::CallMethodOp op) {
  FailureOr<uint32_t> callee = find(op, names.methods, op.getMethod(), "program.method");
  graph::DimsAttr passed = op.getSymbolsAttr();
  FailureOr<std::vector<int64_t>> values =
      sizes(op, passed ? passed.getDims() : ArrayRef<graph::ExprAttr>());
  if (failed(callee) || failed(values))
    return failure();
  auto flatInputs = indices(bufferList(op.getInputs()));
  auto flatOutputs = indices(bufferList(op.getOutputs()));
  auto flatSymbols = integers(*values);
  return Body(format::InstructionBody::CallMethod,
              format::CreateCallMethod(flat, *callee, flatInputs, flatOutputs, flatSymbols,
                                       bufferNumber(op.getArena()))
                  .Union());
}

FailureOr<MethodBuilder::Body> MethodBuilder::branchIf(program::BranchIfOp op) {
  int64_t condition = 0;
  if (graph::ExprAttr expr = op.getConditionAttr()) {
    FailureOr<int64_t> value = size(op, expr);
    if (failed(value))
      return failure();
    condition = *value;
  }
  return Body(format::InstructionBody::BranchIf,
              format::CreateBranchIf(flat, labels.lookup(op.getTarget()),
                                     bufferNumber(op.getBuffer()), condition, op.getNegate())
                  .Union());
}

FailureOr<MethodBuilder::Body> MethodBuilder::setter(Operation &op) {
  if (auto bind = llvm::dyn_cast<program::BindSymbolOp>(op)) {
    FailureOr<uint32_t> symbol = find(bind, symbolNumbers, bind.getSymbol(), "program.symbol");
    if (failed(symbol))
      return failure();
    return Body(format::InstructionBody::BindSymbol,
                format::CreateBindSymbol(flat, *symbol, bufferNumber(bind.getBuffer()),
                                         toDType(bind.getType()))
                    .Union());
  }
  auto set = llvm::cast<program::SetSymbolOp>(op);
  FailureOr<uint32_t> symbol = find(set, symbolNumbers, set.getSymbol(), "program.symbol");
  FailureOr<int64_t> value = size(set, set.getValueAttr());
  if (failed(symbol) || failed(value))
    return failure();
  return Body(format::InstructionBody::SetSymbol,
              format::CreateSetSymbol(flat, *symbol, *value).Union());
}

FailureOr<MethodBuilder::Body> MethodBuilder::instruction(Operation &op) {
  using Kind = format::InstructionBody;
  if (auto call = llvm::dyn_cast<program::CallKernelOp>(op))
    return callKernel(call);
  if (auto call = llvm::dyn_cast<program::CallMethodOp>(op))
    return callMethod(call);
  if (auto branch = llvm::dyn_cast<program::BranchIfOp>(op))
    return branchIf(branch);
  if (llvm::isa<program::BindSymbolOp, program::SetSymbolOp>(op))
    return setter(op);
  if (auto copy = llvm::dyn_cast<program::CopyOp>(op))
    return Body(Kind::Copy, format::CreateCopy(flat, bufferNumber(copy.getSource()),
                                               bufferNumber(copy.getDestination()))
                                .Union());
  if (auto fill = llvm::dyn_cast<program::FillOp>(op))
    return Body(Kind::Fill,
                format::CreateFill(flat, bufferNumber(fill.getDestination()), fill.getValue(),
                                   static_cast<uint8_t>(fill.getValueBytes()))
                    .Union());
  if (auto branch = llvm::dyn_cast<program::BranchOp>(op))
    return Body(Kind::Branch, format::CreateBranch(flat, labels.lookup(branch.getTarget())).Union());
  if (auto wait = llvm::dyn_cast<program::WaitOp>(op))
    return Body(Kind::Wait,
                format::CreateWait(flat, static_cast<uint8_t>(wait.getDevice())).Union());
  return op.emitOpError("is no instruction"), failure();
}

FailureOr<flatbuffers::Offset<format::Variant>> MethodBuilder::variant(program::VariantOp op) {
  std::vector<format::Device> devices;
  for (Attribute device : op.getDevices())
    devices.push_back(static_cast<format::Device>(llvm::cast<program::DeviceAttr>(device).getValue()));
  std::vector<flatbuffers::Offset<format::Buffer>> buffers;
  std::vector<flatbuffers::Offset<format::Plan>> plans;
  std::vector<flatbuffers::Offset<format::Instruction>> instructions;
  bufferNumbers.clear();
  labels.clear();
  uint32_t position = 0;
  for (Operation &part : op.getBody().front()) {
    if (auto label = llvm::dyn_cast<program::LabelOp>(part))
      labels[label.getName()] = position;
    else
      position += !llvm::isa<program::BufferOp, program::PlanOp>(part);
  }
  for (Operation &part : op.getBody().front()) {
    if (auto bufferOp = llvm::dyn_cast<program::BufferOp>(part)) {
      FailureOr<flatbuffers::Offset<format::Buffer>> made = buffer(bufferOp);
      if (failed(made))
        return failure();
      bufferNumbers[bufferOp.getResult()] = static_cast<uint32_t>(buffers.size());
      buffers.push_back(*made);
    } else if (auto planOp = llvm::dyn_cast<program::PlanOp>(part)) {
      plans.push_back(plan(planOp));
    } else if (!llvm::isa<program::LabelOp>(part)) {
      FailureOr<Body> body = instruction(part);
      if (failed(body))
        return failure();
      auto location = part.getAttrOfType<IntegerAttr>("location");
      instructions.push_back(format::CreateInstruction(
          flat, body->first, body->second,
          location ? static_cast<uint32_t>(location.getInt()) : kNone));
    }
  }
  FlatVector<format::Device> flatDevices = devices.empty() ? 0 : flat.CreateVector(devices);
  auto flatBuffers = tables(buffers);
  auto flatPlans = tables(plans);
  auto flatInstructions = tables(instructions);
  return format::CreateVariant(flat, flatDevices, flatBuffers, flatPlans, flatInstructions);
}

LogicalResult MethodBuilder::part(Operation &op) {
  auto keep = [](auto &list, auto made) {
    if (failed(made))
      return failure();
    list.push_back(*made);
    return success();
  };
  if (auto input = llvm::dyn_cast<program::InputOp>(op))
    return keep(inputs, tensor(input));
  if (auto output = llvm::dyn_cast<program::OutputOp>(op))
    return keep(outputs, tensor(output));
  if (auto variantOp = llvm::dyn_cast<program::VariantOp>(op))
    return keep(variants, variant(variantOp));
  if (auto symbol = llvm::dyn_cast<program::SymbolOp>(op)) {
    auto name = text(symbol.getName());
    symbols.push_back(format::CreateSymbol(flat, name, symbol.getMin(), symbol.getMax(),
                                           symbol.getMultiple()));
  } else if (auto alias = llvm::dyn_cast<program::AliasOp>(op)) {
    aliases.push_back(format::CreateOutputAlias(flat, static_cast<uint32_t>(alias.getOutput()),
                                                static_cast<uint32_t>(alias.getInput())));
  } else if (auto bind = llvm::dyn_cast<program::BindOp>(op)) {
    FailureOr<uint32_t> symbol = find(bind, symbolNumbers, bind.getSymbol(), "program.symbol");
    if (failed(symbol))
      return failure();
    bindings.push_back(format::CreateSymbolBinding(
        flat, *symbol, static_cast<uint32_t>(bind.getInput()),
        static_cast<uint32_t>(bind.getAxis()), bind.getDivisor(), bind.getAddend()));
  } else if (auto assume = llvm::dyn_cast<program::AssumeOp>(op)) {
    FailureOr<int64_t> left = size(assume, assume.getLhsAttr());
    FailureOr<int64_t> right = size(assume, assume.getRhsAttr());
    if (failed(left) || failed(right))
      return failure();
    auto words = text(assume.getText().value_or(""));
    assumptions.push_back(format::CreateAssumption(
        flat, static_cast<format::Relation>(assume.getRelation()), *left, *right, words));
  }
  return success();
}

// The order in which the reader gives a method's parts.
int partOf(Operation &op) {
  return llvm::TypeSwitch<Operation *, int>(&op)
      .Case<program::SymbolOp>([](auto) { return 0; })
      .Case<program::AssumeOp>([](auto) { return 1; })
      .Case<program::BindOp>([](auto) { return 2; })
      .Case<program::InputOp>([](auto) { return 3; })
      .Case<program::OutputOp>([](auto) { return 4; })
      .Case<program::AliasOp>([](auto) { return 5; })
      .Default([](Operation *) { return 6; });
}

FailureOr<flatbuffers::Offset<format::Method>> MethodBuilder::build() {
  for (auto symbol : method.getBody().getOps<program::SymbolOp>())
    symbolNumbers.try_emplace(symbol.getName(), static_cast<uint32_t>(symbolNumbers.size()));
  for (int kind = 0; kind < 7; ++kind)
    for (Operation &op : method.getBody().front())
      if (partOf(op) == kind && failed(part(op)))
        return failure();
  auto name = text(method.getSymName());
  auto flatSymbols = tables(symbols);
  auto flatExpressions = tables(expressions);
  auto flatAssumptions = tables(assumptions);
  auto flatBindings = tables(bindings);
  auto flatInputs = tables(inputs);
  auto flatOutputs = tables(outputs);
  auto flatAliases = tables(aliases);
  auto flatVariants = tables(variants);
  return format::CreateMethod(flat, name, method.getInternal(), flatSymbols, flatExpressions,
                              flatAssumptions, flatBindings, flatInputs, flatOutputs, flatAliases,
                              flatVariants);
}

//===----------------------------------------------------------------------===//
// The root table
//===----------------------------------------------------------------------===//

class MetadataBuilder : TableBuilder {
public:
  MetadataBuilder(ModuleOp module, ArrayRef<SegmentPlace> places, const SidecarPlace *sidecar)
      : TableBuilder(storage), module(module), places(places), sidecar(sidecar) {}

  /// Fills the builder; its bytes stay valid as long as this object.
  LogicalResult build();
  ArrayRef<uint8_t> bytes() const { return {storage.GetBufferPointer(), storage.GetSize()}; }

private:
  LogicalResult number();
  FailureOr<std::vector<uint32_t>> segmentList(Operation *user, ArrayAttr list);
  FailureOr<uint32_t> segment(Operation *user, std::optional<StringRef> name) {
    return name ? find(user, names.segments, *name, "program.segment") : kNone;
  }
  LogicalResult part(Operation &op);
  LogicalResult image(program::ImageOp op);
  LogicalResult kernel(program::KernelOp op);
  LogicalResult finish(program::InfoOp info);
  FlatVector<int64_t> staticDims(Type type) {
    return integers(llvm::cast<RankedTensorType>(type).getShape());
  }

  flatbuffers::FlatBufferBuilder storage;
  ModuleOp module;
  ArrayRef<SegmentPlace> places;
  const SidecarPlace *sidecar;
  ProgramNames names;
  std::vector<flatbuffers::Offset<format::Segment>> segments;
  std::vector<flatbuffers::Offset<format::Weight>> weights;
  std::vector<flatbuffers::Offset<format::State>> states;
  std::vector<flatbuffers::Offset<format::CodeImage>> images;
  std::vector<flatbuffers::Offset<format::Kernel>> kernels;
  std::vector<flatbuffers::Offset<format::Method>> methods;
  std::vector<flatbuffers::Offset<format::NamedData>> data;
};

LogicalResult MetadataBuilder::number() {
  for (Operation &op : *module.getBody()) {
    SymbolNumbers *numbers = llvm::isa<program::SegmentOp>(op)  ? &names.segments
                             : llvm::isa<program::KernelOp>(op) ? &names.kernels
                             : llvm::isa<program::MethodOp>(op) ? &names.methods
                                                                : nullptr;
    if (numbers)
      numbers->try_emplace(SymbolTable::getSymbolName(&op).getValue(),
                           static_cast<uint32_t>(numbers->size()));
  }
  return success();
}

FailureOr<std::vector<uint32_t>> MetadataBuilder::segmentList(Operation *user, ArrayAttr list) {
  std::vector<uint32_t> result;
  for (Attribute name : list ? list.getValue() : ArrayRef<Attribute>()) {
    FailureOr<uint32_t> index = segment(user, llvm::cast<FlatSymbolRefAttr>(name).getValue());
    if (failed(index))
      return failure();
    result.push_back(*index);
  }
  return result;
}

LogicalResult MetadataBuilder::image(program::ImageOp op) {
  if (op.getKey())
    return op.emitOpError("still has its bytes under a key: the module is not planned");
  FailureOr<uint32_t> code = segment(op, op.getSegment());
  FailureOr<std::vector<uint32_t>> replaced = segmentList(op, op.getWeightSegmentsAttr());
  if (failed(code) || failed(replaced))
    return failure();
  auto list = indices(*replaced);
  auto name = text(op.getSymName());
  images.push_back(format::CreateCodeImage(
      flat, static_cast<format::ImageFormat>(op.getFormat()), op.getFeatures(),
      static_cast<uint32_t>(op.getAbi()), *code, op.getTextOffsetBytes(), op.getTextBytes(), list,
      name));
  return success();
}

LogicalResult MetadataBuilder::kernel(program::KernelOp op) {
  std::vector<flatbuffers::Offset<format::KernelArgument>> arguments;
  for (Attribute attr : op.getKernelArguments()) {
    auto argument = llvm::cast<program::ArgumentAttr>(attr);
    arguments.push_back(format::CreateKernelArgument(
        flat, static_cast<format::ArgumentKind>(argument.getKind()),
        static_cast<format::Access>(argument.getAccess()), argument.getAlignment()));
  }
  std::vector<flatbuffers::Offset<format::InPlace>> pairs;
  ArrayRef<int64_t> inPlace = op.getInPlace().value_or(ArrayRef<int64_t>());
  for (size_t i = 0; i + 1 < inPlace.size(); i += 2)
    pairs.push_back(format::CreateInPlace(flat, static_cast<uint32_t>(inPlace[i]),
                                          static_cast<uint32_t>(inPlace[i + 1])));
  std::vector<flatbuffers::Offset<format::ShaderEntry>> shaders;
  for (Attribute attr : op.getShadersAttr() ? op.getShadersAttr().getValue() : ArrayRef<Attribute>()) {
    auto shader = llvm::cast<program::ShaderAttr>(attr);
    FailureOr<uint32_t> place = segment(op, shader.getSegment().getValue());
    if (failed(place))
      return failure();
    auto entryPoint = text(shader.getEntryPoint().getValue());
    shaders.push_back(format::CreateShaderEntry(
        flat, *place, entryPoint, shader.getLocalSizeX(), shader.getLocalSizeY(),
        shader.getLocalSizeZ(), shader.getPushConstantBytes(), shader.getFeatures()));
  }
  std::vector<uint64_t> entries(op.getEntries().begin(), op.getEntries().end());
  auto name = text(op.getSymName());
  FlatVector<uint64_t> flatEntries = entries.empty() ? 0 : flat.CreateVector(entries);
  auto flatArguments = tables(arguments);
  auto flatPairs = tables(pairs);
  auto flatShaders = tables(shaders);
  kernels.push_back(format::CreateKernel(
      flat, name, static_cast<format::Device>(op.getDevice()), flatEntries, flatArguments,
      static_cast<uint32_t>(op.getSizeCount()), op.getScratchBytes(), op.getMayFail(), flatPairs,
      static_cast<uint32_t>(op.getParallelMinNs()), flatShaders));
  return success();
}

LogicalResult MetadataBuilder::part(Operation &op) {
  if (auto imageOp = llvm::dyn_cast<program::ImageOp>(op))
    return image(imageOp);
  if (auto kernelOp = llvm::dyn_cast<program::KernelOp>(op))
    return kernel(kernelOp);
  if (auto method = llvm::dyn_cast<program::MethodOp>(op)) {
    auto made = MethodBuilder(flat, names, method).build();
    if (failed(made))
      return failure();
    methods.push_back(*made);
  } else if (auto segmentOp = llvm::dyn_cast<program::SegmentOp>(op)) {
    const SegmentPlace &place = places[segments.size()];
    format::Digest digest = toDigest(place.sha256);
    segments.push_back(format::CreateSegment(
        flat, static_cast<format::SegmentKind>(segmentOp.getKind()),
        static_cast<format::SegmentFile>(segmentOp.getFile()), place.offset_bytes,
        segmentOp.getBytes(), &digest));
  } else if (auto weight = llvm::dyn_cast<program::WeightOp>(op)) {
    auto type = llvm::cast<RankedTensorType>(weight.getType());
    auto name = text(weight.getName());
    auto dims = staticDims(type);
    auto formatName = text(weight.getFormat().value_or(""));
    weights.push_back(format::CreateWeight(flat, name, toDType(type.getElementType()), dims,
                                           static_cast<uint32_t>(weight.getSlot()),
                                           weight.getOffsetBytes(), weight.getBytes(), formatName));
  } else if (auto state = llvm::dyn_cast<program::StateOp>(op)) {
    auto type = llvm::cast<RankedTensorType>(state.getType());
    auto name = text(state.getName());
    auto dims = staticDims(type);
    uint32_t initial = state.getInitial() ? static_cast<uint32_t>(*state.getInitial()) : kNone;
    states.push_back(format::CreateState(flat, name, toDType(type.getElementType()), dims,
                                         state.getOffsetBytes(), state.getBytes(), initial));
  } else if (auto item = llvm::dyn_cast<program::DataOp>(op)) {
    FailureOr<uint32_t> place = segment(item, item.getSegment());
    if (failed(place))
      return failure();
    auto name = text(item.getName());
    data.push_back(
        format::CreateNamedData(flat, name, *place, item.getOffsetBytes(), item.getBytes()));
  }
  return success();
}

LogicalResult MetadataBuilder::finish(program::InfoOp info) {
  FailureOr<std::vector<uint32_t>> slots = segmentList(info, info.getSlots());
  FailureOr<uint32_t> locations = segment(info, info.getLocations());
  if (failed(slots) || failed(locations))
    return failure();
  auto producer = text(info.getProducer());
  auto flatSegments = tables(segments);
  flatbuffers::Offset<format::Sidecar> flatSidecar;
  if (sidecar) {
    format::Digest digest = toDigest(sidecar->digest);
    flatSidecar = format::CreateSidecar(flat, sidecar->file_bytes, &digest);
  }
  auto flatWeights = tables(weights);
  auto flatSlots = indices(*slots);
  auto flatStates = tables(states);
  auto flatImages = tables(images);
  auto flatKernels = tables(kernels);
  auto flatMethods = tables(methods);
  auto flatData = tables(data);
  auto root = format::CreateProgram(flat, info.getFeatures(), producer, flatSegments, flatSidecar,
                                    flatWeights, flatSlots, flatStates, info.getStateBytes(),
                                    flatImages, flatKernels, flatMethods, flatData, *locations);
  format::FinishProgramBuffer(flat, root);
  return success();
}

// Position of an operation's table in the root, -1 for what is no table.
int kindOf(Operation &op) {
  return llvm::TypeSwitch<Operation *, int>(&op)
      .Case<program::SegmentOp>([](auto) { return 0; })
      .Case<program::WeightOp>([](auto) { return 1; })
      .Case<program::StateOp>([](auto) { return 2; })
      .Case<program::ImageOp>([](auto) { return 3; })
      .Case<program::KernelOp>([](auto) { return 4; })
      .Case<program::MethodOp>([](auto) { return 5; })
      .Case<program::DataOp>([](auto) { return 6; })
      .Default([](Operation *) { return -1; });
}

LogicalResult MetadataBuilder::build() {
  if (failed(number()))
    return failure();
  auto infos = llvm::to_vector(module.getOps<program::InfoOp>());
  if (infos.size() != 1)
    return module.emitError("a planned module has one program.info, this one has ") << infos.size();
  // Table by table, whatever the order of the module: the bytes depend on the
  // order in which tables are made.
  for (int kind = 0; kind < 7; ++kind)
    for (Operation &op : *module.getBody())
      if (kindOf(op) == kind && failed(part(op)))
        return failure();
  return finish(infos.front());
}

} // namespace

FailureOr<std::vector<uint8_t>> lathe::buildProgramMetadata(ModuleOp module,
                                                            ArrayRef<SegmentPlace> places,
                                                            const SidecarPlace *sidecar) {
  MetadataBuilder builder(module, places, sidecar);
  if (failed(builder.build()))
    return failure();
  return builder.bytes().vec();
}
