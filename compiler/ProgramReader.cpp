// SPDX-License-Identifier: Apache-2.0
#include "compiler/ProgramReader.h"

#include "compiler/ProgramWriter.h"
#include "dialects/Graph/SizeExpr.h"
#include "dialects/Graph/WeightStore.h"
#include "dialects/Program/ProgramDialect.h"
#include "program_generated.h"
#include "runtime/include/lathe/limits.h"
#include "runtime/schema/file_layout.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include <cctype>
#include <cstring>

using namespace mlir;
using namespace lathe;
using graph::ExprAttr;

namespace {

llvm::Error fault(const Twine &why) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), why);
}

StringRef toText(const flatbuffers::String *text) {
  return text ? StringRef(text->c_str(), text->size()) : StringRef();
}
template <typename T> uint32_t count(const flatbuffers::Vector<T> *list) {
  return list ? list->size() : 0;
}
SmallVector<int64_t> toList(const flatbuffers::Vector<int64_t> *list) {
  SmallVector<int64_t> result;
  for (uint32_t i = 0; i < count(list); ++i)
    result.push_back(list->Get(i));
  return result;
}

/// State that all parts share. The first fault stays; callers look at it once
/// per operation.
class ReaderBase {
public:
  explicit ReaderBase(MLIRContext *context) : builder(context), location(builder.getUnknownLoc()) {}

protected:
  void fail(const Twine &why) {
    if (problem.empty())
      problem = why.str();
  }
  bool failed() const { return !problem.empty(); }

  /// An enumerator that the dialect knows; the numbers are the schema's.
  template <typename To, typename From>
  To enumerator(From value, std::optional<To> (*symbolize)(uint32_t), const char *what) {
    std::optional<To> known = symbolize(static_cast<uint32_t>(value));
    if (!known)
      fail(Twine("unknown ") + what + " " + Twine(static_cast<uint32_t>(value)));
    return known.value_or(To());
  }
  Type elementType(format::DType dtype);
  RankedTensorType staticTensor(format::DType dtype, const flatbuffers::Vector<int64_t> *dims);
  IntegerAttr integer(uint64_t value) { return builder.getI64IntegerAttr(static_cast<int64_t>(value)); }
  IntegerAttr optionalInteger(uint32_t value) {
    return value == UINT32_MAX ? IntegerAttr() : integer(value);
  }
  StringAttr optionalText(StringRef text) {
    return text.empty() ? StringAttr() : builder.getStringAttr(text);
  }
  FlatSymbolRefAttr reference(StringRef name) {
    return FlatSymbolRefAttr::get(builder.getContext(), name);
  }

  OpBuilder builder;
  Location location;
  std::string problem;
};

Type ReaderBase::elementType(format::DType dtype) {
  MLIRContext *context = builder.getContext();
  auto integerType = [&](unsigned width, bool isUnsigned) {
    return IntegerType::get(context, width, isUnsigned ? IntegerType::Unsigned : IntegerType::Signless);
  };
  switch (dtype) {
  case format::DType::i1:
    return integerType(1, false);
  case format::DType::i8:
    return integerType(8, false);
  case format::DType::i16:
    return integerType(16, false);
  case format::DType::i32:
    return integerType(32, false);
  case format::DType::i64:
    return integerType(64, false);
  case format::DType::u8:
    return integerType(8, true);
  case format::DType::u16:
    return integerType(16, true);
  case format::DType::u32:
    return integerType(32, true);
  case format::DType::u64:
    return integerType(64, true);
  case format::DType::f16:
    return Float16Type::get(context);
  case format::DType::bf16:
    return BFloat16Type::get(context);
  case format::DType::f32:
    return Float32Type::get(context);
  case format::DType::f64:
    return Float64Type::get(context);
  case format::DType::f8e4m3:
    return Float8E4M3FNType::get(context);
  case format::DType::f8e5m2:
    return Float8E5M2Type::get(context);
  default:
    fail("unknown dtype " + Twine(static_cast<unsigned>(dtype)));
    return integerType(8, false);
  }
}

RankedTensorType ReaderBase::staticTensor(format::DType dtype,
                                          const flatbuffers::Vector<int64_t> *dims) {
  SmallVector<int64_t> shape = toList(dims);
  for (int64_t size : shape)
    if (size < 0 || size > LATHE_MAX_DIMENSION)
      fail("dimension " + Twine(size) + " is out of range");
  if (shape.size() > LATHE_MAX_RANK)
    fail("rank " + Twine(shape.size()) + " is out of range");
  return failed() ? RankedTensorType::get({}, builder.getI8Type())
                  : RankedTensorType::get(shape, elementType(dtype));
}

//===----------------------------------------------------------------------===//
// Methods
//===----------------------------------------------------------------------===//

class MethodReader : ReaderBase {
public:
  MethodReader(OpBuilder outer, const format::Program &root, const format::Method &method)
      : ReaderBase(outer.getContext()), root(root), method(method) {
    builder = outer;
  }
  llvm::Error read();

private:
  ExprAttr expression(const format::Expression &source);
  ExprAttr size(int64_t value);
  graph::DimsAttr sizeList(const flatbuffers::Vector<int64_t> *list);
  StringAttr symbolName(uint32_t index);
  void readSymbols();
  template <typename Op> void readTensor(const format::Tensor &tensor);
  void readVariant(const format::Variant &variant);
  void readBuffer(const format::Buffer &buffer);
  void readInstruction(const format::Instruction &instruction);
  void readCall(const format::CallKernel &call, IntegerAttr list);
  void readCall(const format::CallMethod &call, IntegerAttr list);
  Value buffer(uint32_t index);
  SmallVector<Value> bufferList(const flatbuffers::Vector<uint32_t> *list);
  StringAttr label(uint32_t target) { return builder.getStringAttr("l" + Twine(target)); }

  const format::Program &root;
  const format::Method &method;
  std::vector<ExprAttr> expressions;
  std::vector<Value> buffers;
};

ExprAttr MethodReader::expression(const format::Expression &source) {
  using Op = format::ExpressionOp;
  SmallVector<ExprAttr> stack;
  uint32_t used = 0;
  for (uint32_t i = 0; i < count(source.ops()); ++i) {
    auto op = static_cast<Op>(source.ops()->Get(i));
    bool leaf = op == Op::constant || op == Op::symbol;
    if (leaf ? used >= count(source.operands()) : stack.size() < 2)
      return {};
    if (op == Op::constant) {
      stack.push_back(graph::makeConstant(builder.getContext(), source.operands()->Get(used++)));
      continue;
    }
    if (op == Op::symbol) {
      auto index = static_cast<uint64_t>(source.operands()->Get(used++));
      if (index >= count(method.symbols()))
        return {};
      stack.push_back(graph::makeSymbol(builder.getContext(), toText(method.symbols()->Get(index)->name())));
      continue;
    }
    ExprAttr rhs = stack.pop_back_val(), lhs = stack.pop_back_val();
    ExprAttr (*const makers[])(ExprAttr, ExprAttr) = {
        graph::makeAdd, graph::makeMul, graph::makeFloorDiv, graph::makeCeilDiv,
        graph::makeMod, graph::makeMin, graph::makeMax};
    auto maker = static_cast<size_t>(op) - static_cast<size_t>(Op::add);
    ExprAttr made = maker < std::size(makers) ? makers[maker](lhs, rhs) : ExprAttr();
    if (!made)
      return {};
    stack.push_back(made);
  }
  return stack.size() == 1 ? stack.front() : ExprAttr();
}

ExprAttr MethodReader::size(int64_t value) {
  if (value >= 0)
    return graph::makeConstant(builder.getContext(), value);
  uint64_t index = static_cast<uint64_t>(-(value + 1));
  if (index < expressions.size())
    return expressions[index];
  fail("a size names expression " + Twine(index) + " of " + Twine(expressions.size()));
  return graph::makeConstant(builder.getContext(), 0);
}

graph::DimsAttr MethodReader::sizeList(const flatbuffers::Vector<int64_t> *list) {
  if (count(list) == 0)
    return {};
  SmallVector<ExprAttr> sizes;
  for (int64_t value : toList(list))
    sizes.push_back(size(value));
  return graph::DimsAttr::get(builder.getContext(), sizes);
}

StringAttr MethodReader::symbolName(uint32_t index) {
  if (index < count(method.symbols()))
    return builder.getStringAttr(toText(method.symbols()->Get(index)->name()));
  fail("symbol " + Twine(index) + " of " + Twine(count(method.symbols())));
  return builder.getStringAttr("");
}

void MethodReader::readSymbols() {
  for (uint32_t i = 0; i < count(method.symbols()); ++i) {
    const format::Symbol &symbol = *method.symbols()->Get(i);
    StringRef name = toText(symbol.name());
    bool plain = !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
                 llvm::all_of(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '$'; });
    if (!plain)
      return fail("symbol " + Twine(i) + " has a name that has no text form");
    program::SymbolOp::create(builder, location, name, symbol.min(), symbol.max(), symbol.multiple());
  }
  for (uint32_t i = 0; i < count(method.expressions()); ++i) {
    ExprAttr expr = expression(*method.expressions()->Get(i));
    if (!expr)
      return fail("expression " + Twine(i) + " is malformed or too large to show");
    expressions.push_back(expr);
  }
  for (uint32_t i = 0; i < count(method.assumptions()); ++i) {
    const format::Assumption &assumption = *method.assumptions()->Get(i);
    auto relation = enumerator<program::Relation>(assumption.relation(), program::symbolizeRelation, "relation");
    program::AssumeOp::create(builder, location, size(assumption.left()), relation,
                              size(assumption.right()), optionalText(toText(assumption.text())));
  }
  for (uint32_t i = 0; i < count(method.bindings()); ++i) {
    const format::SymbolBinding &binding = *method.bindings()->Get(i);
    program::BindOp::create(builder, location, symbolName(binding.symbol()).getValue(), binding.input(),
                            binding.axis(), binding.divisor(), binding.addend());
  }
}

template <typename Op> void MethodReader::readTensor(const format::Tensor &tensor) {
  SmallVector<ExprAttr> dims;
  for (int64_t value : toList(tensor.dims()))
    dims.push_back(size(value));
  if (dims.size() > LATHE_MAX_RANK)
    fail("rank " + Twine(dims.size()) + " is out of range");
  for (ExprAttr dim : dims)
    if (dim.getConstant().value_or(0) < 0)
      fail("a dimension is negative");
  Type element = elementType(tensor.dtype());
  if (failed())
    return;
  auto bounds = [&](const flatbuffers::Vector<int64_t> *list) {
    return count(list) ? builder.getDenseI64ArrayAttr(toList(list)) : DenseI64ArrayAttr();
  };
  DenseF32ArrayAttr scales;
  DenseI32ArrayAttr zeros;
  int64_t axis = -1;
  if (const format::Quantization *quantization = tensor.quantization()) {
    SmallVector<float> scaleList;
    SmallVector<int32_t> zeroList;
    for (uint32_t i = 0; i < count(quantization->scales()); ++i)
      scaleList.push_back(quantization->scales()->Get(i));
    for (uint32_t i = 0; i < count(quantization->zero_points()); ++i)
      zeroList.push_back(quantization->zero_points()->Get(i));
    scales = builder.getDenseF32ArrayAttr(scaleList);
    zeros = builder.getDenseI32ArrayAttr(zeroList);
    axis = quantization->axis();
  }
  Op::create(builder, location, toText(tensor.name()), graph::getTensorType(dims, element),
             bounds(tensor.dims_min()), bounds(tensor.dims_max()), scales, zeros, axis);
}

Value MethodReader::buffer(uint32_t index) {
  if (index < buffers.size())
    return buffers[index];
  fail("buffer " + Twine(index) + " of " + Twine(buffers.size()));
  return buffers.empty() ? Value() : buffers[0];
}

SmallVector<Value> MethodReader::bufferList(const flatbuffers::Vector<uint32_t> *list) {
  SmallVector<Value> result;
  for (uint32_t i = 0; i < count(list); ++i)
    if (Value value = buffer(list->Get(i)))
      result.push_back(value);
  return result;
}

void MethodReader::readBuffer(const format::Buffer &source) {
  auto region = enumerator<program::Region>(source.region(), program::symbolizeRegion, "region");
  ExprAttr view = size(source.view_offset_bytes());
  auto made = program::BufferOp::create(
      builder, location, program::BufferType::get(builder.getContext()), region, source.index(),
      source.offset_bytes(), view.isConstant(0) ? ExprAttr() : view, size(source.bytes()), IntegerAttr());
  buffers.push_back(made.getResult());
}

void MethodReader::readCall(const format::CallKernel &call, IntegerAttr list) {
  if (call.kernel() >= count(root.kernels()))
    return fail("kernel " + Twine(call.kernel()) + " of " + Twine(count(root.kernels())));
  ExprAttr cost = size(call.tile_cost_ns());
  program::CallKernelOp::create(builder, location, reference(toText(root.kernels()->Get(call.kernel())->name())),
                                bufferList(call.buffers()), sizeList(call.sizes()), size(call.tiles()),
                                cost.isConstant(0) ? ExprAttr() : cost, integer(call.device()), list);
}

void MethodReader::readCall(const format::CallMethod &call, IntegerAttr list) {
  if (call.method() >= count(root.methods()))
    return fail("method " + Twine(call.method()) + " of " + Twine(count(root.methods())));
  program::CallMethodOp::create(builder, location, reference(toText(root.methods()->Get(call.method())->name())),
                                bufferList(call.inputs()), bufferList(call.outputs()),
                                call.arena() == UINT32_MAX ? Value() : buffer(call.arena()),
                                sizeList(call.symbols()), list);
}

void MethodReader::readInstruction(const format::Instruction &instruction) {
  IntegerAttr list = optionalInteger(instruction.location());
  if (auto *call = instruction.body_as_CallKernel()) {
    readCall(*call, list);
  } else if (auto *call = instruction.body_as_CallMethod()) {
    readCall(*call, list);
  } else if (auto *copy = instruction.body_as_Copy()) {
    Value from = buffer(copy->source()), to = buffer(copy->destination());
    if (!failed())
      program::CopyOp::create(builder, location, from, to, list);
  } else if (auto *fill = instruction.body_as_Fill()) {
    Value to = buffer(fill->destination());
    if (!failed())
      program::FillOp::create(builder, location, to, fill->value(), fill->value_bytes(), list);
  } else if (auto *branch = instruction.body_as_Branch()) {
    program::BranchOp::create(builder, location, label(branch->target()), list);
  } else if (auto *branch = instruction.body_as_BranchIf()) {
    bool byBuffer = branch->buffer() != UINT32_MAX;
    Value tested = byBuffer ? buffer(branch->buffer()) : Value();
    ExprAttr condition = byBuffer ? ExprAttr() : size(branch->condition());
    if (!failed())
      program::BranchIfOp::create(builder, location, label(branch->target()), tested, condition,
                                  branch->negate() ? builder.getUnitAttr() : UnitAttr(), list);
  } else if (auto *wait = instruction.body_as_Wait()) {
    program::WaitOp::create(builder, location, integer(wait->device()), list);
  } else if (auto *bind = instruction.body_as_BindSymbol()) {
    Value from = buffer(bind->buffer());
    Type type = elementType(bind->dtype());
    if (!failed())
      program::BindSymbolOp::create(builder, location, symbolName(bind->symbol()), from,
                                    TypeAttr::get(type), list);
  } else if (auto *set = instruction.body_as_SetSymbol()) {
    program::SetSymbolOp::create(builder, location, symbolName(set->symbol()), size(set->value()), list);
  } else {
    fail("an unknown instruction");
  }
}

void MethodReader::readVariant(const format::Variant &variant) {
  SmallVector<Attribute> devices;
  for (uint32_t i = 0; i < count(variant.devices()); ++i)
    devices.push_back(program::DeviceAttr::get(
        builder.getContext(),
        enumerator<program::Device>(variant.devices()->Get(i), program::symbolizeDevice, "device")));
  OpBuilder::InsertionGuard guard(builder);
  auto made = program::VariantOp::create(builder, location, builder.getArrayAttr(devices));
  builder.setInsertionPointToStart(&made.getBody().emplaceBlock());
  buffers.clear();
  for (uint32_t i = 0; i < count(variant.buffers()); ++i)
    readBuffer(*variant.buffers()->Get(i));
  for (uint32_t i = 0; i < count(variant.plans()); ++i) {
    const format::Plan &plan = *variant.plans()->Get(i);
    SmallVector<int64_t> offsets;
    for (uint32_t k = 0; k < count(plan.offsets_bytes()); ++k)
      offsets.push_back(static_cast<int64_t>(plan.offsets_bytes()->Get(k)));
    program::PlanOp::create(builder, location,
                            count(plan.symbol_max()) ? builder.getDenseI64ArrayAttr(toList(plan.symbol_max()))
                                                     : DenseI64ArrayAttr(),
                            plan.arena_bytes(), builder.getDenseI64ArrayAttr(offsets));
  }
  uint32_t length = count(variant.instructions());
  std::vector<bool> isTarget(length + 1, false);
  for (uint32_t i = 0; i < length; ++i) {
    const format::Instruction &instruction = *variant.instructions()->Get(i);
    auto *branch = instruction.body_as_Branch();
    auto *branchIf = instruction.body_as_BranchIf();
    uint32_t target = branch ? branch->target() : branchIf ? branchIf->target() : 0;
    if (target > length)
      return fail("branches to instruction " + Twine(target) + " of " + Twine(length));
    if (branch || branchIf)
      isTarget[target] = true;
  }
  for (uint32_t i = 0; i <= length && !failed(); ++i) {
    if (isTarget[i])
      program::LabelOp::create(builder, location, label(i).getValue());
    if (i < length)
      readInstruction(*variant.instructions()->Get(i));
  }
}

llvm::Error MethodReader::read() {
  auto made = program::MethodOp::create(builder, location, toText(method.name()), method.internal());
  builder.setInsertionPointToStart(&made.getBody().emplaceBlock());
  readSymbols();
  for (uint32_t i = 0; !failed() && i < count(method.inputs()); ++i)
    readTensor<program::InputOp>(*method.inputs()->Get(i));
  for (uint32_t i = 0; !failed() && i < count(method.outputs()); ++i)
    readTensor<program::OutputOp>(*method.outputs()->Get(i));
  for (uint32_t i = 0; !failed() && i < count(method.aliases()); ++i)
    program::AliasOp::create(builder, location, method.aliases()->Get(i)->output(),
                             method.aliases()->Get(i)->input());
  for (uint32_t i = 0; !failed() && i < count(method.variants()); ++i)
    readVariant(*method.variants()->Get(i));
  if (failed())
    return fault("method '" + toText(method.name()) + "': " + problem);
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

using File = std::shared_ptr<llvm::MemoryBuffer>;

class ProgramReader : ReaderBase {
public:
  ProgramReader(MLIRContext *context, File program, File sidecar)
      : ReaderBase(context), files{std::move(program), std::move(sidecar)} {}
  llvm::Expected<OwningOpRef<ModuleOp>> read();

private:
  llvm::Error openMetadata();
  void readSegments();
  void readWeights();
  void readImages();
  void readKernels();
  FlatSymbolRefAttr segment(uint32_t index);
  ArrayAttr segmentList(const flatbuffers::Vector<uint32_t> *list);

  File files[2];
  std::vector<uint8_t> metadata;
  const format::Program *root = nullptr;
  std::vector<std::string> segmentNames;
};

llvm::Error ProgramReader::openMetadata() {
  StringRef bytes = files[0]->getBuffer();
  lathe_file_header header;
  static const uint8_t magic[] = LATHE_PROGRAM_MAGIC;
  if (bytes.size() < sizeof(header))
    return fault("too short for a Lathe program");
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (std::memcmp(header.magic, magic, sizeof(magic)) != 0)
    return fault("not a Lathe program");
  if (header.major != LATHE_FORMAT_MAJOR)
    return fault("has format " + Twine(header.major) + ", this tool reads " + Twine(LATHE_FORMAT_MAJOR));
  if (header.metadata_offset_bytes != LATHE_HEADER_BYTES || header.metadata_bytes < 8 ||
      header.metadata_bytes > bytes.size() - LATHE_HEADER_BYTES ||
      header.metadata_bytes > LATHE_MAX_METADATA_BYTES)
    return fault("the metadata leaves the file");
  metadata.assign(bytes.bytes_begin() + LATHE_HEADER_BYTES,
                  bytes.bytes_begin() + LATHE_HEADER_BYTES + header.metadata_bytes);
  flatbuffers::Verifier verifier(metadata.data(), metadata.size(), LATHE_MAX_METADATA_DEPTH,
                                 metadata.size() / LATHE_METADATA_BYTES_PER_TABLE);
  if (!format::VerifyProgramBuffer(verifier))
    return fault("the metadata is not a well-formed FlatBuffer");
  root = format::GetProgram(metadata.data());
  return llvm::Error::success();
}

FlatSymbolRefAttr ProgramReader::segment(uint32_t index) {
  if (index == UINT32_MAX)
    return {};
  if (index < segmentNames.size())
    return reference(segmentNames[index]);
  fail("segment " + Twine(index) + " of " + Twine(segmentNames.size()));
  return {};
}

ArrayAttr ProgramReader::segmentList(const flatbuffers::Vector<uint32_t> *list) {
  SmallVector<Attribute> names;
  for (uint32_t i = 0; i < count(list); ++i)
    if (FlatSymbolRefAttr name = segment(list->Get(i)))
      names.push_back(name);
  return builder.getArrayAttr(names);
}

void ProgramReader::readSegments() {
  WeightStore &store = builder.getContext()->getOrLoadDialect<graph::GraphDialect>()->getWeightStore();
  for (uint32_t i = 0; i < count(root->segments()); ++i) {
    const format::Segment &source = *root->segments()->Get(i);
    auto kind = enumerator<program::SegmentKind>(source.kind(), program::symbolizeSegmentKind, "segment kind");
    auto where = enumerator<program::SegmentFile>(source.file(), program::symbolizeSegmentFile, "segment file");
    if (failed())
      return;
    const File &file = files[static_cast<int>(where)];
    if (!file)
      return fail("the sidecar is missing: it holds segment " + Twine(i));
    StringRef bytes = file->getBuffer();
    if (source.offset_bytes() > bytes.size() || source.bytes() > bytes.size() - source.offset_bytes())
      return fail("segment " + Twine(i) + " leaves its file");
    auto made = program::SegmentOp::create(builder, location, segmentNames[i], kind, where,
                                           static_cast<int64_t>(source.bytes()));
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&made.getBody().emplaceBlock());
    if (source.bytes() == 0)
      continue;
    WeightView view;
    view.storage = llvm::ArrayRef<char>(bytes.data(), bytes.size());
    view.offset_bytes = source.offset_bytes();
    view.sizes = {static_cast<int64_t>(source.bytes())};
    view.strides = {1};
    view.element_bytes = 1;
    view.owner = file;
    llvm::Expected<std::string> key = store.add(std::move(view));
    if (!key)
      return fail(llvm::toString(key.takeError()));
    program::ChunkOp::create(builder, location, integer(0), integer(source.bytes()),
                             builder.getStringAttr(*key), FlatSymbolRefAttr());
  }
}

void ProgramReader::readWeights() {
  for (uint32_t i = 0; !failed() && i < count(root->weights()); ++i) {
    const format::Weight &weight = *root->weights()->Get(i);
    RankedTensorType type = staticTensor(weight.dtype(), weight.dims());
    program::WeightOp::create(builder, location, toText(weight.name()), type, weight.slot(),
                              weight.offset_bytes(), weight.bytes(), optionalText(toText(weight.format())));
  }
  for (uint32_t i = 0; !failed() && i < count(root->states()); ++i) {
    const format::State &state = *root->states()->Get(i);
    RankedTensorType type = staticTensor(state.dtype(), state.dims());
    program::StateOp::create(builder, location, toText(state.name()), type, state.offset_bytes(),
                             state.bytes(), optionalInteger(state.initial_weight()));
  }
}

void ProgramReader::readImages() {
  for (uint32_t i = 0; !failed() && i < count(root->images()); ++i) {
    const format::CodeImage &image = *root->images()->Get(i);
    auto form = enumerator<program::ImageFormat>(image.format(), program::symbolizeImageFormat, "image format");
    ArrayAttr replaced = segmentList(image.weight_segments());
    program::ImageOp::create(builder, location, builder.getStringAttr(toText(image.name())),
                             program::ImageFormatAttr::get(builder.getContext(), form),
                             integer(image.features()), integer(image.kernel_abi()),
                             integer(image.text_offset_bytes()), integer(image.text_bytes()),
                             segment(image.segment()), StringAttr(), IntegerAttr(),
                             replaced.empty() ? ArrayAttr() : replaced);
  }
}

void ProgramReader::readKernels() {
  MLIRContext *context = builder.getContext();
  for (uint32_t i = 0; !failed() && i < count(root->kernels()); ++i) {
    const format::Kernel &kernel = *root->kernels()->Get(i);
    SmallVector<int64_t> entries, pairs;
    for (uint32_t k = 0; k < count(kernel.entries()); ++k)
      entries.push_back(static_cast<int64_t>(kernel.entries()->Get(k)));
    for (uint32_t k = 0; k < count(kernel.in_place()); ++k)
      llvm::append_values(pairs, kernel.in_place()->Get(k)->input(), kernel.in_place()->Get(k)->output());
    SmallVector<Attribute> arguments, shaders;
    for (uint32_t k = 0; k < count(kernel.arguments()); ++k) {
      const format::KernelArgument &argument = *kernel.arguments()->Get(k);
      arguments.push_back(program::ArgumentAttr::get(
          context,
          enumerator<program::ArgumentKind>(argument.kind(), program::symbolizeArgumentKind, "argument kind"),
          enumerator<program::Access>(argument.access(), program::symbolizeAccess, "access"),
          argument.alignment()));
    }
    for (uint32_t k = 0; k < count(kernel.shaders()); ++k) {
      const format::ShaderEntry &shader = *kernel.shaders()->Get(k);
      FlatSymbolRefAttr place = segment(shader.segment());
      if (!place)
        return fail("a shader has no segment");
      shaders.push_back(program::ShaderAttr::get(
          context, place, builder.getStringAttr(toText(shader.entry_point())), shader.local_size_x(),
          shader.local_size_y(), shader.local_size_z(), shader.push_constant_bytes(), shader.features()));
    }
    auto device = enumerator<program::Device>(kernel.device(), program::symbolizeDevice, "device");
    program::KernelOp::create(builder, location, toText(kernel.name()), device, entries,
                              builder.getArrayAttr(arguments), kernel.size_count(), kernel.scratch_bytes(),
                              kernel.may_fail(),
                              pairs.empty() ? DenseI64ArrayAttr() : builder.getDenseI64ArrayAttr(pairs),
                              kernel.parallel_min_ns(),
                              shaders.empty() ? ArrayAttr() : builder.getArrayAttr(shaders));
  }
}

llvm::Expected<OwningOpRef<ModuleOp>> ProgramReader::read() {
  if (llvm::Error error = openMetadata())
    return error;
  static const char *const stems[] = {"weights", "code", "spirv", "data", "locations", "debug"};
  for (uint32_t i = 0; i < count(root->segments()); ++i) {
    auto kind = static_cast<size_t>(root->segments()->Get(i)->kind());
    segmentNames.push_back((Twine("segment") + Twine(i) + "." +
                            (kind < std::size(stems) ? stems[kind] : "unknown")).str());
  }
  OwningOpRef<ModuleOp> module = ModuleOp::create(location);
  (*module)->setAttr("graph.stage", builder.getStringAttr("planned"));
  builder.setInsertionPointToEnd(module->getBody());
  program::InfoOp::create(builder, location, builder.getStringAttr(toText(root->producer())),
                          integer(root->required_features()), integer(root->state_bytes()),
                          segmentList(root->weight_slots()), segment(root->locations_segment()));
  readSegments();
  readWeights();
  readImages();
  readKernels();
  for (uint32_t i = 0; !failed() && i < count(root->data()); ++i) {
    const format::NamedData &item = *root->data()->Get(i);
    if (FlatSymbolRefAttr place = segment(item.segment()))
      program::DataOp::create(builder, location, toText(item.name()), place.getValue(),
                              item.offset_bytes(), item.bytes());
  }
  for (uint32_t i = 0; !failed() && i < count(root->methods()); ++i)
    if (llvm::Error error = MethodReader(builder, *root, *root->methods()->Get(i)).read())
      return error;
  if (failed())
    return fault(problem);
  // Names that a symbol table cannot hold, parts out of order.
  std::string complaint;
  ScopedDiagnosticHandler handler(builder.getContext(), [&](Diagnostic &diagnostic) {
    if (complaint.empty())
      complaint = diagnostic.str();
    return success();
  });
  if (mlir::failed(verify(*module)))
    return fault("has no text form: " + complaint);
  return module;
}

} // namespace

llvm::Expected<OwningOpRef<ModuleOp>> lathe::readProgram(MLIRContext *context, File program, File sidecar) {
  context->loadDialect<graph::GraphDialect, program::ProgramDialect>();
  return ProgramReader(context, std::move(program), std::move(sidecar)).read();
}

llvm::Expected<OwningOpRef<ModuleOp>> lathe::readProgramFile(MLIRContext *context, StringRef path) {
  // Regular files only: a pipe or device would have no size to check.
  auto open = [](StringRef name) -> llvm::Expected<File> {
    if (!llvm::sys::fs::is_regular_file(name))
      return fault("cannot read " + name + ": not a regular file");
    auto buffer = llvm::MemoryBuffer::getFile(name, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    if (!buffer)
      return fault("cannot read " + name + ": " + buffer.getError().message());
    return File(std::move(*buffer));
  };
  llvm::Expected<File> program = open(path);
  if (!program)
    return program.takeError();
  File sidecar;
  std::string beside = sidecarPath(path);
  if (llvm::sys::fs::exists(beside)) {
    llvm::Expected<File> opened = open(beside);
    if (!opened)
      return opened.takeError();
    sidecar = std::move(*opened);
  }
  return readProgram(context, std::move(*program), std::move(sidecar));
}
