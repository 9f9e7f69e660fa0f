// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/WeightStore.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>
#include <vector>

using namespace lathe;

static constexpr size_t kChunkBytes = 1 << 20;

uint64_t WeightView::sizeBytes() const {
  uint64_t bytes = element_bytes;
  for (int64_t size : sizes)
    bytes *= static_cast<uint64_t>(size);
  return bytes;
}

bool WeightView::isDense() const {
  int64_t expected = 1;
  for (size_t k = sizes.size(); k-- > 0;) {
    if (sizes[k] != 1 && strides[k] != expected)
      return false;
    expected *= sizes[k];
  }
  return true;
}

llvm::Error lathe::checkWeightView(const WeightView &view) {
  auto fail = [](const char *why) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), why);
  };
  if (view.element_bytes == 0 || view.sizes.size() != view.strides.size())
    return fail("a weight needs an element size and one stride a dimension");
  uint64_t dense = view.element_bytes, last = 0;
  bool empty = false;
  for (auto [size, stride] : llvm::zip(view.sizes, view.strides)) {
    if (size < 0 || stride < 0)
      return fail("a weight's sizes and strides must not be negative");
    empty |= size == 0;
    bool overflow = false;
    dense = llvm::SaturatingMultiply<uint64_t>(dense, size, &overflow);
    if (overflow || dense > INT64_MAX)
      return fail("a weight's size leaves 64 bits");
    if (size > 1) {
      uint64_t reach = llvm::SaturatingMultiply<uint64_t>(size - 1, stride);
      last = llvm::SaturatingAdd<uint64_t>(last, reach);
    }
  }
  if (empty)
    return llvm::Error::success();
  uint64_t end = llvm::SaturatingMultiplyAdd<uint64_t>(
      last, view.element_bytes,
      llvm::SaturatingAdd<uint64_t>(view.offset_bytes, view.element_bytes));
  if (end > view.storage.size())
    return fail("a weight reaches beyond its storage");
  return llvm::Error::success();
}

namespace {
/// Walks the rows of a strided view in row-major order; a row is the longest
/// run of trailing dimensions that is contiguous in memory.
class DenseRows {
public:
  explicit DenseRows(const WeightView &view) : view(view) {
    int64_t run = 1;
    outer = view.sizes.size();
    while (outer > 0 && (view.strides[outer - 1] == run || view.sizes[outer - 1] == 1)) {
      run *= view.sizes[outer - 1];
      --outer;
    }
    rowBytes = static_cast<size_t>(run) * view.element_bytes;
  }
  size_t getRowBytes() const { return rowBytes; }

  void forEach(llvm::function_ref<void(llvm::ArrayRef<char>)> sink) const {
    llvm::SmallVector<int64_t, 4> index(outer, 0);
    if (view.sizeBytes() == 0)
      return;
    while (true) {
      uint64_t at = view.offset_bytes;
      for (size_t k = 0; k < outer; ++k)
        at += static_cast<uint64_t>(index[k]) * view.strides[k] * view.element_bytes;
      sink(view.storage.slice(at, rowBytes));
      size_t k = outer;
      while (k > 0 && ++index[k - 1] == view.sizes[k - 1])
        index[--k] = 0;
      if (k == 0)
        return;
    }
  }

private:
  const WeightView &view;
  size_t outer;
  size_t rowBytes;
};
} // namespace

void WeightStore::forEachDenseChunk(
    const WeightView &view,
    llvm::function_ref<void(llvm::ArrayRef<char>)> sink) {
  DenseRows rows(view);
  if (rows.getRowBytes() >= kChunkBytes || view.isDense()) {
    rows.forEach(sink);
    return;
  }
  std::vector<char> chunk;
  chunk.reserve(kChunkBytes);
  rows.forEach([&](llvm::ArrayRef<char> row) {
    if (chunk.size() + row.size() > kChunkBytes) {
      sink(chunk);
      chunk.clear();
    }
    chunk.insert(chunk.end(), row.begin(), row.end());
  });
  if (!chunk.empty())
    sink(chunk);
}

std::vector<char> WeightStore::copyDense(const WeightView &view) {
  std::vector<char> bytes;
  bytes.reserve(view.sizeBytes());
  forEachDenseChunk(view, [&](llvm::ArrayRef<char> chunk) {
    bytes.insert(bytes.end(), chunk.begin(), chunk.end());
  });
  return bytes;
}

llvm::Expected<std::string> WeightStore::add(WeightView view) {
  if (llvm::Error error = checkWeightView(view))
    return error;
  llvm::BLAKE3 hasher;
  forEachDenseChunk(view, [&](llvm::ArrayRef<char> chunk) {
    hasher.update(llvm::StringRef(chunk.data(), chunk.size()));
  });
  auto digest = hasher.final();
  std::string key = llvm::toHex(llvm::ArrayRef<uint8_t>(digest), /*LowerCase=*/true);
  std::lock_guard<std::mutex> lock(mutex);
  auto &slot = views[key];
  if (!slot)
    slot = std::make_unique<WeightView>(std::move(view));
  return key;
}

std::string WeightStore::addOwned(std::vector<char> bytes,
                                  llvm::ArrayRef<int64_t> sizes,
                                  uint32_t element_bytes) {
  auto owner = std::make_shared<std::vector<char>>(std::move(bytes));
  WeightView view;
  view.storage = *owner;
  view.sizes.assign(sizes.begin(), sizes.end());
  view.strides.assign(sizes.size(), 1);
  for (size_t k = sizes.size(); k-- > 1;)
    view.strides[k - 1] = view.strides[k] * sizes[k];
  view.element_bytes = element_bytes;
  view.owner = owner;
  return llvm::cantFail(add(std::move(view)));
}

const WeightView *WeightStore::find(llvm::StringRef key) const {
  std::lock_guard<std::mutex> lock(mutex);
  auto it = views.find(key);
  return it == views.end() ? nullptr : it->second.get();
}
