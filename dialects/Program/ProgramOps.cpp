// SPDX-License-Identifier: Apache-2.0
//
// Text form and verifiers. They check what makes the text a faithful program
// (names resolve, parts stand in order, labels exist) and that plans begin
// buffers in their arena; other bounds, alignment and access are the business of
// the runtime's verifier alone.
#include "dialects/Graph/SizeExpr.h"
#include "dialects/Program/ProgramDialect.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::program;

//===----------------------------------------------------------------------===//
// Parts of the assembly format
//===----------------------------------------------------------------------===//

// custom<Plain>: an i64 attribute without its type.
static ParseResult parsePlain(OpAsmParser &parser, IntegerAttr &attr) {
  int64_t value = 0;
  if (parser.parseInteger(value))
    return failure();
  attr = parser.getBuilder().getI64IntegerAttr(value);
  return success();
}
static void printPlain(OpAsmPrinter &printer, Operation *, IntegerAttr attr) {
  printer << attr.getInt();
}

// custom<OptionalPlain>: the same, when an integer stands here.
static OptionalParseResult parseOptionalPlain(OpAsmParser &parser, IntegerAttr &attr) {
  int64_t value = 0;
  OptionalParseResult result = parser.parseOptionalInteger(value);
  if (result.has_value() && succeeded(*result))
    attr = parser.getBuilder().getI64IntegerAttr(value);
  return result;
}
static void printOptionalPlain(OpAsmPrinter &printer, Operation *, IntegerAttr attr) {
  printer << attr.getInt();
}

// custom<Bits>: the same as 64 bits in hexadecimal.
static ParseResult parseBits(OpAsmParser &parser, IntegerAttr &attr) {
  uint64_t value = 0;
  if (parser.parseInteger(value))
    return failure();
  attr = parser.getBuilder().getI64IntegerAttr(static_cast<int64_t>(value));
  return success();
}
static void printBits(OpAsmPrinter &printer, Operation *, IntegerAttr attr) {
  printer << "0x" << llvm::utohexstr(static_cast<uint64_t>(attr.getInt()), /*LowerCase=*/true);
}

// custom<Size>: a #graph.expr without its brackets.
static ParseResult parseSize(OpAsmParser &parser, graph::ExprAttr &attr) {
  attr = graph::parseSizeExpr(parser);
  return success(static_cast<bool>(attr));
}
static void printSize(OpAsmPrinter &printer, Operation *, graph::ExprAttr attr) {
  graph::printSizeExpr(printer.getStream(), attr);
}

// custom<SizeList>: [size, size, ..].
static ParseResult parseSizeList(OpAsmParser &parser, graph::DimsAttr &attr) {
  SmallVector<graph::ExprAttr> sizes;
  auto parseOne = [&] { return parseSize(parser, sizes.emplace_back()); };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseOne))
    return failure();
  attr = graph::DimsAttr::get(parser.getContext(), sizes);
  return success();
}
static void printSizeList(OpAsmPrinter &printer, Operation *op, graph::DimsAttr attr) {
  printer << '[';
  llvm::interleaveComma(attr.getDims(), printer,
                        [&](graph::ExprAttr size) { printSize(printer, op, size); });
  printer << ']';
}

// custom<IntegerList>: [integer, integer, ..].
static ParseResult parseIntegerList(OpAsmParser &parser, DenseI64ArrayAttr &attr) {
  SmallVector<int64_t> values;
  auto parseOne = [&]() -> ParseResult { return parser.parseInteger(values.emplace_back()); };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseOne))
    return failure();
  attr = parser.getBuilder().getDenseI64ArrayAttr(values);
  return success();
}
static void printIntegerList(OpAsmPrinter &printer, Operation *, DenseI64ArrayAttr attr) {
  printer << '[';
  llvm::interleaveComma(attr.asArrayRef(), printer);
  printer << ']';
}

// custom<Arguments>: [<kind, access, alignment>, ..].
static ParseResult parseArguments(OpAsmParser &parser, ArrayAttr &attr) {
  SmallVector<Attribute> arguments;
  auto parseOne = [&]() -> ParseResult {
    Attribute argument = ArgumentAttr::parse(parser, Type());
    arguments.push_back(argument);
    return success(static_cast<bool>(argument));
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseOne))
    return failure();
  attr = parser.getBuilder().getArrayAttr(arguments);
  return success();
}
static void printArguments(OpAsmPrinter &printer, Operation *, ArrayAttr attr) {
  printer << '[';
  llvm::interleaveComma(attr, printer, [&](Attribute argument) {
    llvm::cast<ArgumentAttr>(argument).print(printer);
  });
  printer << ']';
}

// custom<Devices>: [cpu, vulkan].
static ParseResult parseDevices(OpAsmParser &parser, ArrayAttr &attr) {
  SmallVector<Attribute> devices;
  auto parseOne = [&]() -> ParseResult {
    StringRef name;
    SMLoc at = parser.getCurrentLocation();
    if (parser.parseKeyword(&name))
      return failure();
    std::optional<Device> device = symbolizeDevice(name);
    if (!device)
      return parser.emitError(at, "unknown device '") << name << "'";
    devices.push_back(DeviceAttr::get(parser.getContext(), *device));
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseOne))
    return failure();
  attr = parser.getBuilder().getArrayAttr(devices);
  return success();
}
static void printDevices(OpAsmPrinter &printer, Operation *, ArrayAttr attr) {
  printer << '[';
  llvm::interleaveComma(attr, printer, [&](Attribute device) {
    printer << stringifyDevice(llvm::cast<DeviceAttr>(device).getValue());
  });
  printer << ']';
}

#define GET_OP_CLASSES
#include "dialects/Program/ProgramOps.cpp.inc"

void ProgramDialect::registerOperations() {
  addOperations<
#define GET_OP_LIST
#include "dialects/Program/ProgramOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Module level
//===----------------------------------------------------------------------===//

LogicalResult SegmentOp::verify() {
  uint64_t end = 0;
  for (Operation &op : getBody().front()) {
    auto chunk = llvm::dyn_cast<ChunkOp>(op);
    if (!chunk)
      return op.emitOpError("is no part of a segment");
    if (chunk.getOffsetBytes() < end)
      return chunk.emitOpError("starts before the end of the chunk before it");
    end = chunk.getOffsetBytes() + chunk.getBytes(); // both are below 2^63
    if (end > getBytes())
      return chunk.emitOpError("leaves its segment of ") << getBytes() << " bytes";
  }
  return success();
}

LogicalResult ChunkOp::verify() {
  if (getOffsetBytes() > INT64_MAX || getBytes() > INT64_MAX)
    return emitOpError("has a negative offset or size");
  if (getKey().has_value() == getWeight().has_value())
    return emitOpError("needs either a key or a weight");
  return success();
}

static LogicalResult verifyStaticTensor(Operation *op, Type type, int64_t bytes, bool exact) {
  std::optional<int64_t> needed = tensorBytes(llvm::cast<RankedTensorType>(type));
  if (!needed)
    return op->emitOpError("expects a static shape of a storage type, got ") << type;
  if (exact && *needed != bytes)
    return op->emitOpError("has ") << bytes << " bytes, its type needs " << *needed;
  return success();
}

LogicalResult program::WeightOp::verify() {
  return verifyStaticTensor(*this, getType(), getBytes(), !getFormat());
}
LogicalResult program::StateOp::verify() {
  return verifyStaticTensor(*this, getType(), getBytes(), true);
}

LogicalResult ImageOp::verify() {
  bool linked = getFormat() == ImageFormat::Linked;
  if (linked ? (getSegment() || getKey()) : getSegment().has_value() == getKey().has_value())
    return emitOpError("needs either a segment or a key; a linked image neither");
  if (getKey().has_value() != getBytes().has_value())
    return emitOpError("needs `bytes` with `key`");
  return success();
}

LogicalResult program::KernelOp::verify() {
  if (getInPlace() && getInPlace()->size() % 2 != 0)
    return emitOpError("in_place holds (input, output) pairs");
  return success();
}

//===----------------------------------------------------------------------===//
// Methods
//===----------------------------------------------------------------------===//

LogicalResult MethodOp::verify() {
  llvm::StringSet<> symbols;
  for (Operation &op : getBody().front()) {
    if (auto symbol = llvm::dyn_cast<program::SymbolOp>(op)) {
      if (!symbols.insert(symbol.getName()).second)
        return symbol.emitOpError("is the second of its name");
    } else if (!llvm::isa<AssumeOp, BindOp, InputOp, OutputOp, AliasOp, VariantOp>(op)) {
      return op.emitOpError("is no part of a method");
    }
  }
  // Every expression is over the method's own symbols.
  LogicalResult result = success();
  getBody().walk([&](Operation *op) {
    op->getAttrDictionary().walk([&](graph::ExprAttr expr) {
      if (expr.getKind() == graph::ExprKind::Symbol && !symbols.contains(expr.getSymbol().getValue()) &&
          succeeded(result))
        result = op->emitOpError("uses symbol ") << expr.getSymbol() << ", which the method lacks";
    });
    StringRef set;
    if (auto bind = llvm::dyn_cast<BindOp>(op))
      set = bind.getSymbol();
    else if (auto bind = llvm::dyn_cast<program::BindSymbolOp>(op))
      set = bind.getSymbol();
    else if (auto assign = llvm::dyn_cast<SetSymbolOp>(op))
      set = assign.getSymbol();
    if (!set.empty() && !symbols.contains(set) && succeeded(result))
      result = op->emitOpError("sets symbol '") << set << "', which the method lacks";
  });
  return result;
}

LogicalResult program::SymbolOp::verify() {
  int64_t min = getMin(), max = getMax(), multiple = getMultiple();
  if (min < 0 || min > max)
    return emitOpError("range [") << min << ", " << max << "] is empty or negative";
  if (multiple < 1)
    return emitOpError("multiple must be positive");
  return success();
}

template <typename Tensor> static LogicalResult verifyTensor(Tensor op) {
  auto type = llvm::cast<RankedTensorType>(op.getType());
  if (elementBytes(type.getElementType()) == 0 ||
      !llvm::isa<IntegerType, FloatType>(type.getElementType()))
    return op.emitOpError("expects a storage element type, got ") << type;
  SmallVector<graph::ExprAttr> dims = graph::getDims(type);
  if (llvm::is_contained(dims, graph::ExprAttr()))
    return op.emitOpError("needs #graph.info for its dynamic sizes");
  size_t rank = dims.size();
  bool bounded = op.getMin() && op.getMax() && op.getMin()->size() == rank && op.getMax()->size() == rank;
  if ((op.getMin() || op.getMax()) && !bounded)
    return op.emitOpError("needs one lower and one upper bound for each dimension");
  if (!type.hasStaticShape() && !bounded)
    return op.emitOpError("needs bounds of its dynamic sizes");
  if (op.getScales() && op.getScales()->size() != op.getZeroPoints()->size())
    return op.emitOpError("needs as many zero points as scales");
  return success();
}
LogicalResult InputOp::verify() { return verifyTensor(*this); }
LogicalResult OutputOp::verify() { return verifyTensor(*this); }

//===----------------------------------------------------------------------===//
// Variants
//===----------------------------------------------------------------------===//

// The text's integers are signed, the file's are not: an offset that is negative
// here is beyond any arena there. Whether a buffer ends inside is the loader's.
static LogicalResult verifyPlan(PlanOp plan, size_t arenaBuffers) {
  ArrayRef<int64_t> offsets = plan.getOffsets();
  if (offsets.size() != arenaBuffers)
    return plan.emitOpError("has ") << offsets.size() << " offsets for " << arenaBuffers << " buffers";
  auto arenaBytes = static_cast<int64_t>(plan.getArenaBytes());
  for (int64_t offset : offsets)
    if (offset < 0 || offset > arenaBytes)
      return plan.emitOpError("places a buffer at ") << offset << ", outside its arena of " << arenaBytes << " bytes";
  return success();
}

LogicalResult VariantOp::verify() {
  // Buffers, plans, instructions: the order of the file's vectors.
  int part = 0;
  llvm::StringSet<> labels;
  size_t arenaBuffers = 0;
  for (Operation &op : getBody().front()) {
    int next = llvm::isa<BufferOp>(op) ? 0 : llvm::isa<PlanOp>(op) ? 1 : 2;
    if (next < part)
      return op.emitOpError("stands behind a later part of its variant");
    part = next;
    auto label = llvm::dyn_cast<LabelOp>(op);
    if (label && !labels.insert(label.getName()).second)
      return label.emitOpError("is the second of its name");
    auto buffer = llvm::dyn_cast<BufferOp>(op);
    if (buffer && buffer.getRegion() == Region::Arena)
      ++arenaBuffers;
    if (auto plan = llvm::dyn_cast<PlanOp>(op); plan && failed(verifyPlan(plan, arenaBuffers)))
      return failure();
  }
  for (Operation &op : getBody().front()) {
    StringRef target;
    if (auto branch = llvm::dyn_cast<BranchOp>(op))
      target = branch.getTarget();
    else if (auto branch = llvm::dyn_cast<BranchIfOp>(op))
      target = branch.getTarget();
    else
      continue;
    if (!labels.contains(target))
      return op.emitOpError("branches to label '") << target << "', which the variant lacks";
  }
  return success();
}

LogicalResult BufferOp::verify() {
  if (getRegion() == Region::Arena && getOffsetBytes() != 0)
    return emitOpError("has an offset in the arena outside the plans");
  if (getRegion() != Region::Arena && getStorage())
    return emitOpError("has a storage outside the arena");
  if (getOffsetBytes() > INT64_MAX || getIndex() > UINT32_MAX)
    return emitOpError("has a negative index or offset");
  return success();
}

LogicalResult FillOp::verify() {
  int64_t bytes = getValueBytes();
  if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8)
    return emitOpError("fills with 1, 2, 4 or 8 bytes, not ") << bytes;
  return success();
}

LogicalResult BranchIfOp::verify() {
  if (static_cast<bool>(getBuffer()) == static_cast<bool>(getConditionAttr()))
    return emitOpError("needs either a buffer or a size");
  return success();
}
