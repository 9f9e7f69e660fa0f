// SPDX-License-Identifier: Apache-2.0
// Importer rows of pools and resampling.
#include "compiler/Frontends/ExportedProgram/OperatorCall.h"

using namespace mlir;
using lathe::graph::ExprAttr;

namespace lathe::pt2 {
namespace {

struct Window {
  llvm::SmallVector<int64_t, 4> kernel, strides, low, high, dilations;
};

/// Reads a pool's window; false after a fault. ceil_mode becomes padding at
/// the end: `isGrown` tells whether it added any.
bool readWindow(OperatorCall &call, size_t spatial, bool isDilated,
                Window &window, bool &isGrown) {
  GraphEmitter &e = call.emitter;
  window.kernel = call.integers("kernel_size", spatial);
  bool hasStride = !call.sizes("stride").empty();
  window.strides =
      hasStride ? call.integers("stride", spatial) : window.kernel;
  window.low = window.high = call.integers("padding", spatial);
  window.dilations.assign(spatial, 1);
  if (isDilated)
    window.dilations = call.integers("dilation", spatial);
  Dims dims = e.dimsOf(call.tensor("self"));
  if (e.hasFault() || dims.size() < spatial + 1)
    return false;
  if (!call.flag("ceil_mode"))
    return true;
  for (size_t i = 0; i < spatial; ++i) {
    if (window.strides[i] == 1)
      continue;
    std::optional<int64_t> size = dims[dims.size() - spatial + i].getConstant();
    if (!size || window.strides[i] < 1) {
      call.failForm("ceil_mode needs constant sizes");
      return false;
    }
    // Sizes are below 2^40 and windows of that order fail here.
    if (window.kernel[i] > *size + 2 * window.low[i] ||
        window.dilations[i] > *size + 2 * window.low[i]) {
      call.failValue("a pool's window is larger than its input");
      return false;
    }
    int64_t reach = window.dilations[i] * (window.kernel[i] - 1) + 1;
    int64_t room = *size + 2 * window.low[i] - reach;
    int64_t count = (room + window.strides[i] - 1) / window.strides[i] + 1;
    // A last window that begins in the right padding is dropped.
    if ((count - 1) * window.strides[i] >= *size + window.low[i])
      --count;
    int64_t extra = (count - 1) * window.strides[i] - room;
    if (extra <= 0)
      continue;
    window.high[i] += extra;
    isGrown = true;
  }
  return true;
}

/// Pools want [n, c, s...]; a tensor without n gets one.
Value batched(OperatorCall &call, size_t spatial) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  Dims dims = e.dimsOf(input);
  if (dims.size() != spatial + 1)
    return input;
  dims.insert(dims.begin(), e.sizeConstant(1));
  return e.reshape(input, dims);
}

void poolResult(OperatorCall &call, size_t spatial, Value output) {
  GraphEmitter &e = call.emitter;
  bool isUnbatched =
      e.rankOf(call.tensor("self")) == static_cast<int64_t>(spatial) + 1;
  if (isUnbatched && output) {
    Dims dims = e.dimsOf(output);
    dims.erase(dims.begin());
    output = e.reshape(output, dims);
  }
  call.result(output);
}

void maxPool(OperatorCall &call, size_t spatial) {
  GraphEmitter &e = call.emitter;
  Window window;
  bool isGrown = false;
  if (!readWindow(call, spatial, /*isDilated=*/true, window, isGrown))
    return;
  Value output = e.emit<graph::MaxPoolOp>(
      {batched(call, spatial)},
      {e.named("kernel", window.kernel), e.named("strides", window.strides),
       e.named("padding_low", window.low),
       e.named("padding_high", window.high),
       e.named("dilations", window.dilations)});
  poolResult(call, spatial, output);
}

void avgPool(OperatorCall &call, size_t spatial) {
  GraphEmitter &e = call.emitter;
  Window window;
  bool isGrown = false;
  if (!readWindow(call, spatial, /*isDilated=*/false, window, isGrown))
    return;
  bool isPadded = llvm::any_of(window.low, [](int64_t p) { return p > 0; });
  bool countsPadding = call.flag("count_include_pad");
  if (isGrown && countsPadding && isPadded)
    return call.failForm(
        "avg_pool with ceil_mode and counted padding is not supported");
  // What ceil_mode adds is never counted.
  countsPadding &= isPadded;
  llvm::SmallVector<NamedAttribute, 6> attributes{
      e.named("kernel", window.kernel), e.named("strides", window.strides),
      e.named("padding_low", window.low),
      e.named("padding_high", window.high)};
  if (countsPadding)
    attributes.push_back(
        e.named("count_include_pad", e.builder.getUnitAttr()));
  if (call.argument("divisor_override").kind == Argument::Kind::Int)
    attributes.push_back(
        e.named("divisor", call.integer("divisor_override")));
  poolResult(call, spatial,
             e.emit<graph::AvgPoolOp>({batched(call, spatial)}, attributes));
}

/// One window over everything is a mean; others stay adaptive.
void adaptiveAvgPool(OperatorCall &call, size_t spatial) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  int64_t rank = e.rankOf(input);
  llvm::SmallVector<int64_t, 4> sizes;
  const Argument &list = call.argument("output_size");
  for (size_t i = 0; i < spatial && !e.hasFault(); ++i) {
    // An absent size keeps the input's.
    bool isKept = list.kind == Argument::Kind::List &&
                  i < list.items.size() &&
                  list.items[i].kind == Argument::Kind::None;
    ExprAttr size = isKept ? e.dimOf(input, rank - spatial + i)
                           : e.sizeConstant(call.integers("output_size",
                                                          spatial)[i]);
    sizes.push_back(size.getConstant().value_or(0));
  }
  if (e.hasFault())
    return;
  if (llvm::all_of(sizes, [](int64_t size) { return size == 1; })) {
    llvm::SmallVector<int64_t, 4> dims;
    for (size_t i = 0; i < spatial; ++i)
      dims.push_back(rank - spatial + i);
    return call.result(
        e.reduce(graph::ReduceKind::Mean, input, dims, /*keepDims=*/true));
  }
  call.result(e.emit<graph::AdaptiveAvgPoolOp>(
      {input}, {e.named("output_size", sizes)}));
}

//===-- Resampling ----------------------------------------------------------===//

/// Nearest neighbours by an integer factor: each element repeated.
void upsampleNearest(OperatorCall &call, size_t spatial) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("input");
  Dims dims = e.dimsOf(input);
  if (e.hasFault() || dims.size() != spatial + 2)
    return call.failValue("upsampling needs a batched image");
  Dims output = call.sizes("output_size");
  Dims single(dims.begin(), dims.begin() + 2), many = single, result = single;
  for (size_t i = 0; i < spatial; ++i) {
    ExprAttr factor;
    if (!output.empty()) {
      factor = graph::divideExactly(output[i], dims[i + 2]);
    } else {
      const Argument &factors = call.argument("scale_factors");
      double scale = i < factors.items.size() ? factors.items[i].real : 0;
      if (scale >= 1 && scale == static_cast<double>(
                                     static_cast<int64_t>(scale)))
        factor = e.sizeConstant(static_cast<int64_t>(scale));
    }
    if (!factor || !factor.getConstant())
      return call.failForm("upsampling by a factor that is no constant "
                           "integer is not supported");
    single.append({dims[i + 2], e.sizeConstant(1)});
    many.append({dims[i + 2], factor});
    result.push_back(e.checked(graph::makeMul(dims[i + 2], factor)));
  }
  call.result(
      e.reshape(e.broadcast(e.reshape(input, single), many), result));
}

} // namespace

void addPoolRows(RowTable &table) {
  for (size_t spatial : {1, 2, 3}) {
    std::string rank = std::to_string(spatial) + "d";
    table["aten.max_pool" + rank + ".default"] = [=](OperatorCall &call) {
      maxPool(call, spatial);
    };
    table["aten.max_pool" + rank + "_with_indices.default"] =
        [=](OperatorCall &call) {
          maxPool(call, spatial);
          call.noResult();
        };
    table["aten.avg_pool" + rank + ".default"] = [=](OperatorCall &call) {
      avgPool(call, spatial);
    };
    for (const char *prefix : {"aten.", "aten._"})
      table[prefix + ("adaptive_avg_pool" + rank) + ".default"] =
          [=](OperatorCall &call) { adaptiveAvgPool(call, spatial); };
    table["aten.upsample_nearest" + rank + ".vec"] = [=](OperatorCall &call) {
      upsampleNearest(call, spatial);
    };
  }
}

} // namespace lathe::pt2
