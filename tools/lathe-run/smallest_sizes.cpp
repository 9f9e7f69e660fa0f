// SPDX-License-Identifier: Apache-2.0
// Sizes for a measurement that nobody gave sizes for.
#include "tools/lathe-run/session.h"

#include <algorithm>
#include <deque>
#include <set>

namespace lathe::run {

namespace {

using sizes = std::vector<std::vector<int64_t>>;

/// Sizes that are tried before the model's complaint is reported.
constexpr size_t trials_max = 4096;
constexpr int64_t not_given = -1;

/// Dimensions that have one size: all of one symbol, or one without a name.
struct axis {
  std::string symbol;
  std::vector<std::pair<uint32_t, uint32_t>> places; // input, dimension
  int64_t least, most, step;
};

int64_t least_of(const lathe_dim_info &dim) {
  int64_t least = std::max(dim.min, std::min<int64_t>(dim.max, 1));
  return (least + dim.multiple - 1) / dim.multiple * dim.multiple;
}

} // namespace

int32_t session::try_sizes(const sizes &dims) {
  std::vector<line_bytes> &inputs = bound_[method_].inputs;
  for (uint32_t i = 0; i < input_count(); ++i) {
    uint64_t bytes = lathe_dtype_bytes(describe(LATHE_INPUT, i).dtype);
    for (int64_t size : dims[i])
      bytes *= static_cast<uint64_t>(size);
    if (inputs[i].size() < bytes || inputs[i].empty())
      inputs[i].resize(std::max<uint64_t>(bytes, 1));
    lathe_tensor tensor = {};
    tensor.struct_bytes = sizeof(tensor);
    tensor.rank = static_cast<uint32_t>(dims[i].size());
    tensor.data = inputs[i].data();
    tensor.bytes = bytes;
    std::copy(dims[i].begin(), dims[i].end(), tensor.dims);
    lathe_error error = {};
    if (int32_t status = lathe_bind(instance_, method_, LATHE_INPUT, i, &tensor, &error))
      return status;
  }
  lathe_error error = {};
  return lathe_prepare(instance_, method_, &error);
}

int session::choose_sizes(const std::vector<std::pair<std::string, int64_t>> &given, sizes *dims) {
  sizes named(input_count());
  for (uint32_t i = 0; i < input_count(); ++i)
    named[i].assign(describe(LATHE_INPUT, i).rank, not_given);
  for (const auto &[name, size] : given)
    if (int code = choose_size(name, size, &named); code != kExitOk)
      return code;
  std::vector<axis> axes;
  *dims = named;
  for (uint32_t i = 0; i < input_count(); ++i) {
    lathe_tensor_info info = describe(LATHE_INPUT, i);
    for (uint32_t d = 0; d < info.rank; ++d) {
      const lathe_dim_info &dim = info.dims[d];
      if (named[i][d] != not_given)
        continue;
      (*dims)[i][d] = least_of(dim);
      std::string symbol = dim.symbol ? dim.symbol : "";
      auto same = std::find_if(axes.begin(), axes.end(), [&](const axis &other) {
        return !symbol.empty() && other.symbol == symbol;
      });
      if (same == axes.end())
        same = axes.insert(same, {symbol, {}, (*dims)[i][d], dim.max, dim.multiple});
      same->places.push_back({i, d});
    }
  }
  // In order of the steps above the smallest, each once.
  std::deque<std::vector<int64_t>> waiting{std::vector<int64_t>(axes.size())};
  std::set<std::vector<int64_t>> seen;
  sizes trial = *dims;
  while (!waiting.empty() && seen.size() < trials_max) {
    std::vector<int64_t> steps = std::move(waiting.front());
    waiting.pop_front();
    if (!seen.insert(steps).second)
      continue;
    for (size_t a = 0; a < axes.size(); ++a)
      for (auto [i, d] : axes[a].places)
        trial[i][d] = axes[a].least + steps[a] * axes[a].step;
    int32_t status = try_sizes(trial);
    if (status == LATHE_OK)
      *dims = trial;
    if (status != LATHE_ERR_ASSUMPTION && status != LATHE_ERR_SHAPE)
      break;
    for (size_t a = 0; a < axes.size(); ++a) {
      std::vector<int64_t> next = steps;
      if (axes[a].least + ++next[a] * axes[a].step <= axes[a].most)
        waiting.push_back(std::move(next));
    }
  }
  return kExitOk;
}

int session::zero_inputs(const std::vector<std::pair<std::string, int64_t>> &given) {
  sizes dims;
  if (int code = choose_sizes(given, &dims); code != kExitOk)
    return code;
  std::vector<array> arrays(input_count());
  for (uint32_t i = 0; i < input_count(); ++i) {
    uint32_t dtype = describe(LATHE_INPUT, i).dtype;
    uint64_t bytes = lathe_dtype_bytes(dtype);
    for (int64_t size : dims[i])
      bytes *= static_cast<uint64_t>(size);
    arrays[i].type = npy_type(dtype);
    arrays[i].data.resize(bytes);
    arrays[i].dims = std::move(dims[i]);
  }
  return set_inputs(std::move(arrays));
}

std::string session::symbol_places() const {
  std::string text;
  std::set<std::string> named;
  for (uint32_t i = 0; i < input_count(); ++i) {
    lathe_tensor_info info = describe(LATHE_INPUT, i);
    for (uint32_t d = 0; d < info.rank; ++d)
      if (info.dims[d].symbol && named.insert(info.dims[d].symbol).second)
        text += std::string(text.empty() ? "" : ", ") + info.dims[d].symbol + " is " + info.name +
                "." + std::to_string(d) + " (" + std::to_string(info.dims[d].min) + ".." +
                std::to_string(info.dims[d].max) + ")";
  }
  return text.empty() ? "" : "other sizes: " + text;
}

} // namespace lathe::run
