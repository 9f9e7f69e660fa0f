// SPDX-License-Identifier: Apache-2.0
#include "passes/Plan/ProgramTables.h"

#include "dialects/Graph/ModelLocation.h"
#include "dialects/Graph/WeightStore.h"
#include "runtime/include/lathe/kernel_abi.h"
#include "runtime/include/lathe/limits.h"
#include "runtime/schema/file_layout.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace lathe;
using graph::ExprAttr;

Type lathe::storageElement(Type elementType) {
  auto quantized = llvm::dyn_cast<quant::QuantizedType>(elementType);
  if (!quantized)
    return elementType;
  unsigned width = llvm::divideCeil(quantized.getStorageTypeIntegralWidth(), 8) * 8;
  return IntegerType::get(elementType.getContext(), width,
                          quantized.isSigned() ? IntegerType::Signless : IntegerType::Unsigned);
}

ExprAttr lathe::physicalBytes(RankedTensorType type) {
  MLIRContext *context = type.getContext();
  SmallVector<ExprAttr> dims = graph::getPhysicalDims(type);
  unsigned element = program::elementBytes(type.getElementType());
  if (element == 0 || llvm::is_contained(dims, ExprAttr()))
    return {};
  ExprAttr bytes = graph::makeConstant(context, element);
  for (ExprAttr dim : dims)
    bytes = bytes && dim ? graph::makeMul(bytes, dim) : ExprAttr();
  return bytes;
}

//===----------------------------------------------------------------------===//
// Weights, states, kernels
//===----------------------------------------------------------------------===//

int64_t ProgramTables::addChunk(Chunk chunk) {
  chunk.offset_bytes = llvm::alignTo(weightsEnd, LATHE_REGION_ALIGNMENT);
  weightsEnd = chunk.offset_bytes + chunk.bytes;
  if (chunk.bytes > 0)
    chunks.push_back(chunk);
  return chunk.offset_bytes;
}

FailureOr<int64_t> ProgramTables::weightOffset(Operation *user, StringRef name) {
  auto known = entryOfWeight.find(name);
  if (known != entryOfWeight.end())
    return entries[known->second].offset_bytes;
  auto weight = module.lookupSymbol<graph::WeightOp>(name);
  if (!weight)
    return user->emitOpError("refers to @") << name << ", which is no graph.weight", failure();
  ExprAttr size = physicalBytes(llvm::cast<RankedTensorType>(weight.getType()));
  std::optional<int64_t> bytes = size ? size.getConstant() : std::nullopt;
  if (!bytes)
    return weight.emitOpError("has no size in bytes: ") << weight.getType(), failure();
  std::string content = weight.getKey() ? weight.getKey()->str() : ("@" + name).str();
  auto [place, isNew] = offsetOfContent.try_emplace(content, 0);
  if (isNew) {
    Chunk chunk{0, *bytes, weight.getKeyAttr(), {}};
    if (!chunk.key)
      chunk.weight = FlatSymbolRefAttr::get(weight.getContext(), name);
    place->second = addChunk(chunk);
  }
  entryOfWeight[name] = entries.size();
  entries.push_back({weight, place->second, *bytes});
  return place->second;
}

int64_t ProgramTables::constantOffset(ElementsAttr value) {
  auto dense = llvm::cast<DenseElementsAttr>(value);
  auto type = llvm::cast<RankedTensorType>(dense.getType());
  size_t element = program::elementBytes(type.getElementType());
  std::vector<char> bytes;
  bytes.reserve(type.getNumElements() * element);
  auto append = [&](const llvm::APInt &bits) {
    uint64_t word = bits.getZExtValue();
    const char *low = reinterpret_cast<const char *>(&word); // hosts are little-endian
    bytes.insert(bytes.end(), low, low + element);
  };
  if (llvm::isa<FloatType>(type.getElementType()))
    for (const llvm::APFloat &number : dense.getValues<llvm::APFloat>())
      append(number.bitcastToAPInt());
  else
    for (const llvm::APInt &number : dense.getValues<llvm::APInt>())
      append(number);
  WeightStore &store =
      module.getContext()->getOrLoadDialect<graph::GraphDialect>()->getWeightStore();
  int64_t count = bytes.size();
  std::string key = store.addOwned(std::move(bytes), {count}, 1);
  auto [place, isNew] = offsetOfContent.try_emplace(key, 0);
  if (isNew)
    place->second = addChunk({0, count, StringAttr::get(module.getContext(), key), {}});
  return place->second;
}

LogicalResult ProgramTables::addStates() {
  for (auto op : module.getOps<graph::StateOp>()) {
    ExprAttr size = physicalBytes(llvm::cast<RankedTensorType>(op.getType()));
    std::optional<int64_t> bytes = size ? size.getConstant() : std::nullopt;
    if (!bytes)
      return op.emitOpError("has no size in bytes: ") << op.getType();
    State state{op, static_cast<int64_t>(llvm::alignTo(stateBytes, LATHE_REGION_ALIGNMENT)), *bytes};
    stateBytes = state.offset_bytes + *bytes;
    if (std::optional<StringRef> initial = op.getInitial()) {
      if (failed(weightOffset(op, *initial)))
        return failure();
      state.initial = entryOfWeight[*initial];
    }
    states.push_back(state);
  }
  return success();
}

FailureOr<int64_t> ProgramTables::stateOffset(Operation *user, StringRef name) {
  for (const State &state : states)
    if (StringRef(const_cast<State &>(state).op.getSymName()) == name)
      return state.offset_bytes;
  return user->emitOpError("refers to @") << name << ", which is no graph.state", failure();
}

FailureOr<graph::KernelOp> ProgramTables::kernelOf(graph::DispatchOp dispatch) {
  auto kernel =
      SymbolTable::lookupNearestSymbolFrom<graph::KernelOp>(dispatch, dispatch.getKernelAttr());
  if (!kernel)
    return dispatch.emitOpError("names no graph.kernel"), failure();
  if (!kernel->getAttrOfType<DictionaryAttr>("graph.codegen"))
    return kernel.emitOpError("has no code: `graph.codegen` is missing"), failure();
  kernels.insert(kernel);
  return kernel;
}

//===----------------------------------------------------------------------===//
// Source locations
//===----------------------------------------------------------------------===//

uint32_t ProgramTables::textOffset(StringRef value) {
  if (value.empty())
    return 0;
  auto [place, isNew] = locationTextOffsets.try_emplace(value, locationText.size());
  if (isNew)
    (locationText += value).push_back('\0');
  return place->second;
}

std::optional<int64_t> ProgramTables::locationOf(Operation *op) {
  std::vector<LocationRecord> records;
  for (const graph::ModelNode &node : graph::modelNodesOf(op->getLoc()))
    // Without a name it is a line of a graph in text, which is no model's.
    if (!node.name.empty())
      records.push_back({textOffset(node.name), textOffset(node.op), textOffset(node.file),
                         textOffset(node.function), node.line});
  if (records.empty())
    return std::nullopt;
  auto [place, isNew] = locationLists.try_emplace(records, locationBegins.size() - 1);
  if (isNew) {
    llvm::append_range(locationRecords, records);
    locationBegins.push_back(locationRecords.size());
  }
  return place->second;
}

void ProgramTables::emitLocations(OpBuilder &builder) {
  if (locationRecords.empty())
    return;
  std::vector<char> bytes;
  auto append = [&](auto value) {
    const char *low = reinterpret_cast<const char *>(&value);
    bytes.insert(bytes.end(), low, low + sizeof(value));
  };
  append(lathe_locations_header{LATHE_LOCATIONS_MAGIC,
                                static_cast<uint32_t>(locationBegins.size() - 1),
                                static_cast<uint32_t>(locationRecords.size()),
                                static_cast<uint32_t>(locationText.size())});
  for (uint32_t begin : locationBegins)
    append(begin);
  for (const LocationRecord &record : locationRecords)
    append(lathe_location_record{record[0], record[1], record[2], record[3], record[4]});
  bytes.insert(bytes.end(), locationText.begin(), locationText.end());
  WeightStore &store =
      module.getContext()->getOrLoadDialect<graph::GraphDialect>()->getWeightStore();
  int64_t count = bytes.size();
  std::string key = store.addOwned(std::move(bytes), {count}, 1);
  emitSegment(builder, "locations", program::SegmentKind::Locations, program::SegmentFile::Program,
              count, {{0, count, builder.getStringAttr(key), {}}});
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

void ProgramTables::emitSegment(OpBuilder &builder, StringRef name, program::SegmentKind kind,
                                program::SegmentFile file, int64_t bytes, ArrayRef<Chunk> content) {
  auto segment = program::SegmentOp::create(builder, module.getLoc(), name, kind, file, bytes);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&segment.getBody().emplaceBlock());
  for (const Chunk &chunk : content)
    program::ChunkOp::create(builder, module.getLoc(), builder.getI64IntegerAttr(chunk.offset_bytes),
                             builder.getI64IntegerAttr(chunk.bytes), chunk.key, chunk.weight);
}

void ProgramTables::emitWeights(OpBuilder &builder) {
  if (!chunks.empty() || weightsEnd > 0 || !entries.empty())
    // Kernels may read behind a weight.
    emitSegment(builder, "weights", program::SegmentKind::Weights,
                weightsInSidecar ? program::SegmentFile::Sidecar : program::SegmentFile::Program,
                llvm::alignTo(weightsEnd, LATHE_SEGMENT_ALIGNMENT) + LATHE_READ_SLACK_BYTES, chunks);
}

LogicalResult ProgramTables::emitImages(OpBuilder &builder) {
  for (auto image : llvm::make_early_inc_range(module.getOps<program::ImageOp>())) {
    if (!image.getKey())
      continue;
    std::string name = (image.getSymName() + ".code").str();
    int64_t bytes = *image.getBytes();
    emitSegment(builder, name, program::SegmentKind::Code, program::SegmentFile::Program, bytes,
                {{0, bytes, image.getKeyAttr(), {}}});
    image.setSegmentAttr(FlatSymbolRefAttr::get(builder.getContext(), name));
    image.removeKeyAttr();
    image.removeBytesAttr();
  }
  return success();
}

template <typename T> static T codegen(graph::KernelOp kernel, StringRef name) {
  return llvm::dyn_cast_or_null<T>(
      kernel->getAttrOfType<DictionaryAttr>("graph.codegen").get(name));
}

LogicalResult ProgramTables::emitKernel(OpBuilder &builder, graph::KernelOp kernel,
                                        size_t imageCount) {
  MLIRContext *context = builder.getContext();
  std::optional<program::Device> device = program::symbolizeDevice(kernel.getDevice());
  if (!device)
    return kernel.emitOpError("is for the unknown device '") << kernel.getDevice() << "'";
  auto entries = codegen<DenseI64ArrayAttr>(kernel, "entries");
  if (!entries || static_cast<size_t>(entries.size()) != imageCount)
    return kernel.emitOpError("needs one entry for each of ") << imageCount << " images";
  if (llvm::is_contained(entries.asArrayRef(), -1))
    return kernel.emitOpError("is absent from one of the images");
  size_t inputs = kernel.getNumArguments();
  auto required = kernel->getAttrOfType<DenseI64ArrayAttr>("inplace_required");
  auto alignments = codegen<DenseI64ArrayAttr>(kernel, "alignments");
  SmallVector<Attribute> arguments;
  SmallVector<Type> types(kernel.getArgumentTypes());
  llvm::append_range(types, kernel.getResultTypes());
  for (auto [index, type] : llvm::enumerate(types)) {
    auto access = index < inputs ? program::Access::Read : program::Access::Write;
    for (int i = 1; required && i < required.size(); i += 2)
      if (static_cast<size_t>(required[i]) + inputs == index)
        access = program::Access::ReadWrite;
    unsigned alignment = alignments && index < static_cast<size_t>(alignments.size())
                             ? alignments[index]
                             : program::elementBytes(llvm::cast<RankedTensorType>(type).getElementType());
    arguments.push_back(program::ArgumentAttr::get(
        context, index < inputs ? program::ArgumentKind::Input : program::ArgumentKind::Output,
        access, alignment));
  }
  if (arguments.size() > LATHE_MAX_KERNEL_ARGUMENTS)
    return kernel.emitOpError("has ") << arguments.size() << " buffers, a program allows "
                                      << LATHE_MAX_KERNEL_ARGUMENTS;
  SmallVector<int64_t> pairs;
  auto addPairs = [&](ArrayRef<int64_t> list) {
    for (size_t i = 0; i + 1 < list.size(); i += 2)
      llvm::append_values(pairs, list[i], list[i + 1] + static_cast<int64_t>(inputs));
  };
  addPairs(kernel.getInplace().value_or(ArrayRef<int64_t>()));
  addPairs(required ? required.asArrayRef() : ArrayRef<int64_t>());
  auto sizes = codegen<graph::DimsAttr>(kernel, "sizes");
  auto scratch = codegen<IntegerAttr>(kernel, "scratch_bytes");
  auto mayFail = codegen<BoolAttr>(kernel, "may_fail");
  auto minimum = codegen<IntegerAttr>(kernel, "parallel_min_ns");
  program::KernelOp::create(
      builder, kernel.getLoc(), kernel.getSymName(), *device, entries.asArrayRef(),
      builder.getArrayAttr(arguments), sizes ? sizes.getDims().size() : 0,
      scratch ? scratch.getInt() : 0, mayFail && mayFail.getValue(),
      pairs.empty() ? DenseI64ArrayAttr() : builder.getDenseI64ArrayAttr(pairs),
      minimum ? minimum.getInt() : 20000, ArrayAttr());
  return success();
}

LogicalResult ProgramTables::emit(OpBuilder &builder, StringRef producer) {
  MLIRContext *context = builder.getContext();
  SmallVector<Attribute> slots;
  if (!entries.empty() || !chunks.empty())
    slots.push_back(FlatSymbolRefAttr::get(context, "weights"));
  FlatSymbolRefAttr locations;
  if (!locationRecords.empty())
    locations = FlatSymbolRefAttr::get(context, "locations");
  program::InfoOp::create(builder, module.getLoc(), producer, 0, stateBytes,
                          builder.getArrayAttr(slots), locations);
  // The program file first: code, locations, then weights, which may lie in
  // the sidecar.
  if (failed(emitImages(builder)))
    return failure();
  emitLocations(builder);
  emitWeights(builder);
  for (Entry &entry : entries) {
    auto type = llvm::cast<RankedTensorType>(entry.op.getType());
    auto stored = RankedTensorType::get(type.getShape(), storageElement(type.getElementType()));
    std::string format;
    llvm::raw_string_ostream text(format);
    if (graph::FormatAttr attr = entry.op.getFormatAttr())
      text << attr;
    if (graph::LayoutAttr layout = graph::getLayout(type))
      text << layout;
    program::WeightOp::create(builder, entry.op.getLoc(), entry.op.getSymName(), stored, 0,
                              entry.offset_bytes, entry.bytes,
                              format.empty() ? StringAttr() : builder.getStringAttr(format));
  }
  for (State &state : states) {
    auto type = llvm::cast<RankedTensorType>(state.op.getType());
    auto stored = RankedTensorType::get(type.getShape(), storageElement(type.getElementType()));
    program::StateOp::create(builder, state.op.getLoc(), state.op.getSymName(), stored,
                             state.offset_bytes, state.bytes,
                             state.initial < 0 ? IntegerAttr()
                                               : builder.getI64IntegerAttr(state.initial));
  }
  size_t imageCount = llvm::range_size(module.getOps<program::ImageOp>());
  LogicalResult result = success();
  module.walk([&](graph::KernelOp kernel) {
    if (succeeded(result) && kernels.contains(kernel))
      result = emitKernel(builder, kernel, imageCount);
  });
  return result;
}
