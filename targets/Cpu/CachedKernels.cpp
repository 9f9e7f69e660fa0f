// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/CachedKernels.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Threading.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"

using namespace mlir;

namespace lathe::cpu {

std::string kernelText(ModuleOp kernel) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  // Local scope and generic forms hide nothing and depend on nothing around.
  kernel->print(stream, OpPrintingFlags()
                            .enableDebugInfo(false)
                            .elideLargeElementsAttrs(std::numeric_limits<int64_t>::max())
                            .elideLargeResourceString(std::numeric_limits<int64_t>::max())
                            .printGenericOpForm()
                            .useLocalScope());
  return text;
}

std::string hashKernel(ModuleOp kernel) {
  std::string text = kernelText(kernel);
  return llvm::toHex(llvm::BLAKE3::hash(llvm::arrayRefFromStringRef(text)), /*LowerCase=*/true);
}

static Attribute toAttribute(Builder &builder, const SumOfProducts &sum) {
  SmallVector<Attribute> products;
  for (const std::vector<AffineMap> &factors : sum)
    products.push_back(builder.getAffineMapArrayAttr(factors));
  return builder.getArrayAttr(products);
}

static bool readSum(Attribute attribute, SumOfProducts &sum) {
  auto products = dyn_cast_or_null<ArrayAttr>(attribute);
  if (!products)
    return false;
  for (Attribute product : products) {
    auto factors = dyn_cast<ArrayAttr>(product);
    if (!factors)
      return false;
    sum.emplace_back();
    for (Attribute factor : factors) {
      auto map = dyn_cast<AffineMapAttr>(factor);
      if (!map || map.getValue().getNumResults() != 1)
        return false;
      sum.back().push_back(map.getValue());
    }
  }
  return true;
}

/// An entry: a dictionary as text, a zero byte, the object.
static std::string encode(MLIRContext *context, const KernelInfo &info,
                          const KernelObject &object) {
  Builder builder(context);
  NamedAttrList fields;
  fields.append("buffer_count", builder.getI64IntegerAttr(info.buffer_count));
  fields.append("size_count", builder.getI64IntegerAttr(info.size_count));
  fields.append("scratch_bytes", builder.getI64IntegerAttr(info.scratch_bytes));
  fields.append("stack_bytes", builder.getI64IntegerAttr(object.stack_bytes));
  fields.append("may_fail", builder.getBoolAttr(info.may_fail));
  fields.append("tile_count", toAttribute(builder, info.tile_count));
  fields.append("cost_ps", toAttribute(builder, info.cost_ps));
  fields.append("one_tile_reason", builder.getStringAttr(info.one_tile_reason));
  SmallVector<int64_t> pairs;
  for (InPlacePair pair : info.in_place)
    pairs.append({pair.input, pair.output});
  fields.append("in_place", builder.getDenseI64ArrayAttr(pairs));
  fields.append("tile_sizes", builder.getDenseI64ArrayAttr(info.tile_sizes));
  fields.append("tile_extents", builder.getDenseI64ArrayAttr(info.tile_extents));
  std::string text;
  llvm::raw_string_ostream stream(text);
  fields.getDictionary(context).print(stream);
  stream << '\0' << StringRef(object.bytes.data(), object.bytes.size());
  return text;
}

/// False if `value` is no entry.
static bool decode(MLIRContext *context, StringRef value, KernelInfo &info, KernelObject &object) {
  auto [text, bytes] = value.split('\0');
  auto fields = dyn_cast_or_null<DictionaryAttr>(parseAttribute(text, context));
  if (!fields || bytes.empty())
    return false;
  bool good = true;
  auto read = [&](StringRef name) -> uint64_t {
    auto number = fields.getAs<IntegerAttr>(name);
    good &= number != nullptr;
    return number ? number.getInt() : 0;
  };
  info.buffer_count = read("buffer_count");
  info.size_count = read("size_count");
  info.scratch_bytes = read("scratch_bytes");
  object.stack_bytes = read("stack_bytes");
  info.stack_bytes = std::max(info.stack_bytes, object.stack_bytes);
  auto mayFail = fields.getAs<BoolAttr>("may_fail");
  auto reason = fields.getAs<StringAttr>("one_tile_reason");
  auto pairs = fields.getAs<DenseI64ArrayAttr>("in_place");
  auto sizes = fields.getAs<DenseI64ArrayAttr>("tile_sizes");
  auto extents = fields.getAs<DenseI64ArrayAttr>("tile_extents");
  if (!good || !mayFail || !reason || !pairs || pairs.size() % 2 != 0 || !sizes || !extents)
    return false;
  info.tile_sizes = sizes.asArrayRef().vec();
  info.tile_extents = extents.asArrayRef().vec();
  info.may_fail = mayFail.getValue();
  info.one_tile_reason = reason.getValue().str();
  info.in_place.clear();
  for (int64_t i = 0; i < pairs.size(); i += 2)
    info.in_place.push_back({uint32_t(pairs[i]), uint32_t(pairs[i + 1])});
  info.tile_count.clear();
  info.cost_ps.clear();
  object.bytes.assign(bytes.begin(), bytes.end());
  return readSum(fields.get("tile_count"), info.tile_count) &&
         readSum(fields.get("cost_ps"), info.cost_ps);
}

CachedKernels::CachedKernels(KernelCache *cache, ModuleOp top,
                             ArrayRef<const IsaLevel *> levels)
    : cache(cache), context(top.getContext()) {
  if (!cache)
    return;
  SmallVector<std::pair<ModuleOp, Kernel *>> work;
  for (auto nested : top.getOps<ModuleOp>()) {
    std::string name = (*nested.getOps<func::FuncOp>().begin()).getName().str();
    Kernel &kernel = kernels[name];
    kernel.info.name = name;
    kernel.entries.resize(levels.size());
    work.push_back({nested, &kernel});
  }
  std::atomic<size_t> hits{0};
  parallelForEach(context, work, [&](auto &item) {
    auto &[nested, kernel] = item;
    std::string text = kernelText(nested);
    for (auto [level, entry] : llvm::zip_equal(levels, kernel->entries)) {
      entry.key = cache->makeKey({"cpu", level->name, text});
      KernelObject object;
      object.name = kernel->info.name;
      std::optional<std::string> value = cache->find(entry.key);
      if (!value || !decode(context, *value, kernel->info, object))
        continue;
      entry.object = std::move(object);
      ++hits;
    }
  });
  found = hits;
}

std::vector<KernelInfo> CachedKernels::complete() const {
  std::vector<KernelInfo> infos;
  for (const auto &kernel : kernels)
    if (llvm::all_of(kernel.second.entries, [](const Entry &entry) { return entry.object.has_value(); }))
      infos.push_back(kernel.second.info);
  llvm::sort(infos, [](const KernelInfo &a, const KernelInfo &b) { return a.name < b.name; });
  return infos;
}

const KernelObject *CachedKernels::find(StringRef name, size_t level) const {
  auto at = kernels.find(name);
  if (at == kernels.end() || !at->second.entries[level].object)
    return nullptr;
  return &*at->second.entries[level].object;
}

void CachedKernels::store(const KernelInfo &info, const KernelObject &object, size_t level) const {
  auto at = kernels.find(info.name);
  if (at != kernels.end())
    cache->store(at->second.entries[level].key, encode(context, info, object));
}

} // namespace lathe::cpu
