// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-inspect/ProgramReport.h"

#include "compiler/ProgramLocations.h"
#include "dialects/Graph/GraphOps.h"
#include "dialects/Graph/WeightStore.h"
#include "dialects/Program/ProgramDialect.h"
#include "passes/Plan/StorageLifetimes.h"
#include "tools/lathe-run/shown_text.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace lathe;
using llvm::json::Array;
using llvm::json::Object;
using JsonValue = llvm::json::Value;

// A kernel fused of many nodes, or a hostile file, fills no terminal.
static constexpr size_t kNodesShownMax = 16;

static std::string typeText(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

static FailureOr<JsonValue> reportVariant(program::VariantOp variant) {
  Array devices, plans;
  for (Attribute device : variant.getDevices())
    devices.push_back(program::stringifyDevice(llvm::cast<program::DeviceAttr>(device).getValue()));
  int64_t buffers = 0, copies = 0, instructions = 0;
  for (Operation &op : variant.getBody().front()) {
    buffers += llvm::isa<program::BufferOp>(op);
    copies += llvm::isa<program::CopyOp>(op);
    auto plan = llvm::dyn_cast<program::PlanOp>(op);
    if (!plan)
      continue;
    FailureOr<StorageLifetimes> lifetimes = StorageLifetimes::compute(plan);
    if (failed(lifetimes))
      return failure();
    instructions = static_cast<int64_t>(lifetimes->instructionCount);
    Object made{{"arena_bytes", static_cast<int64_t>(plan.getArenaBytes())},
                {"lower_bound_bytes", lifetimes->lowerBoundBytes()}};
    if (std::optional<ArrayRef<int64_t>> max = plan.getSymbolMax())
      made["symbol_max"] = Array(*max);
    plans.push_back(std::move(made));
  }
  return JsonValue(Object{{"devices", std::move(devices)},
                      {"buffers", buffers},
                      {"instructions", instructions},
                      {"copies", copies},
                      {"plans", std::move(plans)}});
}

static FailureOr<JsonValue> reportMethod(program::MethodOp method) {
  Array inputs, outputs, symbols, variants;
  for (Operation &op : method.getBody().front()) {
    if (auto input = llvm::dyn_cast<program::InputOp>(op))
      inputs.push_back(Object{{"name", input.getName()}, {"type", typeText(input.getType())}});
    else if (auto output = llvm::dyn_cast<program::OutputOp>(op))
      outputs.push_back(Object{{"name", output.getName()}, {"type", typeText(output.getType())}});
    else if (auto symbol = llvm::dyn_cast<program::SymbolOp>(op))
      symbols.push_back(Object{{"name", symbol.getName()},
                               {"min", static_cast<int64_t>(symbol.getMin())},
                               {"max", static_cast<int64_t>(symbol.getMax())}});
    else if (auto variant = llvm::dyn_cast<program::VariantOp>(op)) {
      FailureOr<JsonValue> made = reportVariant(variant);
      if (failed(made))
        return failure();
      variants.push_back(std::move(*made));
    }
  }
  return JsonValue(Object{{"name", method.getSymName()},
                      {"inputs", std::move(inputs)},
                      {"outputs", std::move(outputs)},
                      {"symbols", std::move(symbols)},
                      {"variants", std::move(variants)}});
}

FailureOr<JsonValue> lathe::reportProgram(ModuleOp module) {
  Array segments, weights, images, kernels, methods;
  llvm::StringMap<int64_t> calls;
  module.walk([&](program::CallKernelOp call) { ++calls[call.getKernel()]; });
  Object report{{"schema", 1}};
  for (Operation &op : *module.getBody()) {
    if (auto info = llvm::dyn_cast<program::InfoOp>(op)) {
      report["producer"] = info.getProducer();
      report["state_bytes"] = static_cast<int64_t>(info.getStateBytes());
    } else if (auto segment = llvm::dyn_cast<program::SegmentOp>(op)) {
      segments.push_back(Object{{"name", segment.getSymName()},
                                {"kind", program::stringifySegmentKind(segment.getKind())},
                                {"file", program::stringifySegmentFile(segment.getFile())},
                                {"bytes", static_cast<int64_t>(segment.getBytes())}});
    } else if (auto weight = llvm::dyn_cast<program::WeightOp>(op)) {
      weights.push_back(Object{{"name", weight.getName()},
                               {"type", typeText(weight.getType())},
                               {"slot", static_cast<int64_t>(weight.getSlot())},
                               {"offset_bytes", static_cast<int64_t>(weight.getOffsetBytes())},
                               {"bytes", static_cast<int64_t>(weight.getBytes())}});
    } else if (auto image = llvm::dyn_cast<program::ImageOp>(op)) {
      images.push_back(Object{{"name", image.getSymName()},
                              {"format", program::stringifyImageFormat(image.getFormat())},
                              {"features", image.getFeatures()},
                              {"kernel_abi", static_cast<int64_t>(image.getAbi())}});
    } else if (auto kernel = llvm::dyn_cast<program::KernelOp>(op)) {
      kernels.push_back(Object{{"name", kernel.getSymName()},
                               {"device", program::stringifyDevice(kernel.getDevice())},
                               {"arguments", static_cast<int64_t>(kernel.getKernelArguments().size())},
                               {"sizes", static_cast<int64_t>(kernel.getSizeCount())},
                               {"scratch_bytes", static_cast<int64_t>(kernel.getScratchBytes())},
                               {"calls", calls.lookup(kernel.getSymName())}});
    } else if (auto method = llvm::dyn_cast<program::MethodOp>(op)) {
      FailureOr<JsonValue> made = reportMethod(method);
      if (failed(made))
        return failure();
      methods.push_back(std::move(*made));
    }
  }
  report["segments"] = std::move(segments);
  report["weights"] = std::move(weights);
  report["images"] = std::move(images);
  report["kernels"] = std::move(kernels);
  report["methods"] = std::move(methods);
  return JsonValue(std::move(report));
}

void lathe::printJson(llvm::raw_ostream &os, const JsonValue &report) {
  // Between strings JSON has no control but line breaks.
  std::string text = llvm::formatv("{0:2}", report).str();
  for (size_t i = 0; i < text.size();) {
    run::text_character character = run::character_at(text, i);
    if (character.is_control && text[i] != '\n')
      os << llvm::formatv("\\u{0:x-4}", character.control);
    else
      os << StringRef(text).substr(i, character.bytes);
    i += character.bytes;
  }
  os << '\n';
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

static StringRef textOf(const Object &object, StringRef field) {
  return object.getString(field).value_or("");
}
static int64_t numberOf(const Object &object, StringRef field) {
  return object.getInteger(field).value_or(0);
}

void lathe::printSizes(llvm::raw_ostream &os, const JsonValue &report) {
  const Object &root = *report.getAsObject();
  os << "segments\n";
  for (const JsonValue &item : *root.getArray("segments"))
    os << llvm::formatv("  {0,-24} {1,-10} {2,-8} {3,14}\n", textOf(*item.getAsObject(), "name"),
                        textOf(*item.getAsObject(), "kind"), textOf(*item.getAsObject(), "file"),
                        numberOf(*item.getAsObject(), "bytes"));
  os << "regions\n" << llvm::formatv("  {0,-44} {1,14}\n", "state", numberOf(root, "state_bytes"));
  for (const JsonValue &item : *root.getArray("methods")) {
    const Object &method = *item.getAsObject();
    for (const JsonValue &variant : *method.getArray("variants")) {
      const Object &plan = *variant.getAsObject();
      for (const JsonValue &arena : *plan.getArray("plans"))
        os << llvm::formatv("  arena of {0,-35} {1,14}  (lower bound {2})\n", textOf(method, "name"),
                            numberOf(*arena.getAsObject(), "arena_bytes"),
                            numberOf(*arena.getAsObject(), "lower_bound_bytes"));
      os << llvm::formatv("  {0,-44} {1,14}  ({2} instructions, {3} of them copies)\n", "  buffers",
                          numberOf(plan, "buffers"), numberOf(plan, "instructions"),
                          numberOf(plan, "copies"));
    }
  }
  os << "kernels" << llvm::formatv("{0,45} {1,14}\n", "calls", "scratch");
  for (const JsonValue &item : *root.getArray("kernels"))
    os << llvm::formatv("  {0,-44} {1,5} {2,14}\n", textOf(*item.getAsObject(), "name"),
                        numberOf(*item.getAsObject(), "calls"),
                        numberOf(*item.getAsObject(), "scratch_bytes"));
}

//===----------------------------------------------------------------------===//
// Locations
//===----------------------------------------------------------------------===//

// The bytes of the segment of source locations; none where there is no such segment.
static std::vector<char> locationBytes(ModuleOp module) {
  auto infos = module.getOps<program::InfoOp>();
  if (infos.empty() || !(*infos.begin()).getLocations())
    return {};
  auto segment = module.lookupSymbol<program::SegmentOp>(*(*infos.begin()).getLocations());
  auto &store = module.getContext()->getOrLoadDialect<graph::GraphDialect>()->getWeightStore();
  if (segment)
    for (auto chunk : segment.getBody().getOps<program::ChunkOp>())
      if (const WeightView *view = chunk.getKey() ? store.find(*chunk.getKey()) : nullptr)
        return WeightStore::copyDense(*view);
  return {};
}

static void printInstruction(llvm::raw_ostream &os, Operation &op, int64_t number,
                             const ProgramLocations &locations) {
  std::string what = op.getName().stripDialect().str();
  if (auto call = llvm::dyn_cast<program::CallKernelOp>(op))
    what += " " + run::shown_name(call.getKernel().str());
  os << llvm::formatv("{0,7}  {1}\n", number, what);
  auto list = op.getAttrOfType<IntegerAttr>("location");
  if (!list || list.getInt() < 0)
    return;
  size_t count = locations.count(list.getInt());
  for (size_t i = 0; i < std::min(count, kNodesShownMax); ++i)
    os << "           " << run::shown_line(locations.get(list.getInt(), i).words()) << '\n';
  if (count > kNodesShownMax)
    os << "           and " << count - kNodesShownMax << " more\n";
}

void lathe::printLocations(llvm::raw_ostream &os, ModuleOp module) {
  std::vector<char> bytes = locationBytes(module);
  ProgramLocations locations(StringRef(bytes.data(), bytes.size()));
  module.walk([&](program::VariantOp variant) {
    auto method = variant->getParentOfType<program::MethodOp>();
    os << "method " << run::shown_name(method.getSymName().str()) << '\n';
    int64_t number = 0;
    for (Operation &op : variant.getBody().front())
      if (!llvm::isa<program::BufferOp, program::PlanOp, program::LabelOp>(op))
        printInstruction(os, op, number++, locations);
  });
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

static LogicalResult verifyPlan(program::PlanOp plan) {
  FailureOr<StorageLifetimes> lifetimes = StorageLifetimes::compute(plan);
  if (failed(lifetimes))
    return failure();
  const std::vector<Storage> &storages = lifetimes->storages;
  // The loader knows constant sizes only; here all have their largest.
  auto arenaBytes = static_cast<int64_t>(plan.getArenaBytes());
  for (auto [ordinal, offset] : llvm::enumerate(plan.getOffsets()))
    if (int64_t bytes = storages[lifetimes->storageOfBuffer[ordinal]].bytes;
        offset < 0 || offset > arenaBytes || bytes > arenaBytes - offset)
      return plan.emitOpError("places ")
             << bytes << " bytes at " << offset << ", outside its arena of " << arenaBytes;
  for (const Storage &storage : storages)
    if (storage.readBeforeWritten)
      return plan->getParentOp()->emitOpError("reads an arena buffer that nothing wrote");
  std::vector<int64_t> offsets(storages.size(), 0);
  for (auto [ordinal, offset] : llvm::enumerate(plan.getOffsets()))
    offsets[lifetimes->storageOfBuffer[ordinal]] = offset;
  for (size_t i = 0; i < storages.size(); ++i)
    for (size_t k = i + 1; k < storages.size(); ++k)
      if (offsets[i] != offsets[k] && offsets[i] < offsets[k] + storages[k].bytes &&
          offsets[k] < offsets[i] + storages[i].bytes &&
          storages[i].live.anyCommon(storages[k].live))
        return plan.emitOpError("lets storages at ")
               << offsets[i] << " and " << offsets[k] << " overlap while both are live";
  return success();
}

LogicalResult lathe::verifyPlans(ModuleOp module) {
  LogicalResult result = success();
  module.walk([&](program::PlanOp plan) {
    if (failed(verifyPlan(plan)))
      result = failure();
  });
  return result;
}
