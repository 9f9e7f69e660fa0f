// SPDX-License-Identifier: Apache-2.0
#include "passes/Layout/WinogradChoice.h"

#include <queue>
#include <tuple>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

SmallVector<int64_t, 2> lathe::winogradTiles(ConvOp op, int64_t channelsMin) {
  RankedTensorType result = typeOf(op.getResult()), weight = typeOf(op.getWeight());
  auto isOne = [](int64_t value) { return value == 1; };
  auto isNegative = [](int64_t value) { return value < 0; };
  if (op.getTransposed() || op.getGroups() != 1 || weight.getRank() != 4 ||
      weight.getDimSize(2) != 3 || weight.getDimSize(3) != 3 || !result.hasStaticShape() ||
      !llvm::all_of(op.getStrides(), isOne) || !llvm::all_of(op.getDilations(), isOne) ||
      llvm::any_of(op.getPaddingLow(), isNegative) || llvm::any_of(op.getPaddingHigh(), isNegative))
    return {};
  // Each weight is read once for every few tiles: few tiles wait for memory.
  constexpr int64_t kTilesMin = 12;
  if (std::min(weight.getDimSize(0), weight.getDimSize(1)) < channelsMin)
    return {};
  int64_t height = result.getDimSize(2), width = result.getDimSize(3);
  SmallVector<int64_t, 2> tiles;
  for (int64_t outputs : {2, 4})
    if (height % outputs == 0 && width % outputs == 0 &&
        result.getDimSize(0) * (height / outputs) * (width / outputs) >= kTilesMin)
      tiles.push_back(outputs);
  return tiles;
}

namespace {
/// Work and memory of one convolution in tiles of `outputs`, 0: as it is.
struct Form {
  double work;    ///< in multiplications
  int64_t bytes;  ///< of its weight
};
} // namespace

// Fitted to layers of 64 to 256 channels on a Zen 3: the transforms of a point
// take as long as 6 multiplications for each channel and filter, and a weight
// that comes from memory as long as 7.
static Form formOf(ConvOp op, int64_t outputs) {
  constexpr double kTransform = 6, kRead = 7;
  RankedTensorType result = typeOf(op.getResult()), weight = typeOf(op.getWeight());
  double filters = weight.getDimSize(0), channels = weight.getDimSize(1);
  double pixels = result.getDimSize(0) * result.getDimSize(2) * result.getDimSize(3);
  double points = outputs == 0 ? 9 : (outputs + 2) * (outputs + 2);
  double work = points * kRead * channels * filters;
  if (outputs == 0)
    work += pixels * points * channels * filters;
  else
    work += pixels * points / (outputs * outputs) * (channels * filters + kTransform * (channels + filters));
  int64_t elementBytes = weight.getElementTypeBitWidth() / 8;
  return {work, static_cast<int64_t>(points * channels * filters) * elementBytes};
}

namespace {
/// A change of one convolution's form.
struct Step {
  double saved; ///< multiplications for each byte that weights grow by
  size_t index; ///< of the candidate
  int64_t from, to, bytes;
  /// The last in this order is the best; of equal ones the first convolution.
  bool operator<(const Step &other) const {
    return std::tie(saved, other.index, other.to) < std::tie(other.saved, index, to);
  }
};
} // namespace

SmallVector<int64_t> lathe::chooseWinograd(ArrayRef<WinogradCandidate> candidates,
                                           uint64_t growthBytes) {
  SmallVector<int64_t> chosen(candidates.size(), 0);
  int64_t left = std::min<uint64_t>(growthBytes, INT64_MAX);
  std::priority_queue<Step> steps;
  auto addSteps = [&](size_t index) {
    const WinogradCandidate &candidate = candidates[index];
    Form now = formOf(candidate.op, chosen[index]);
    if (chosen[index] == 0 && candidate.sharesWeight)
      now.bytes = 0;
    for (int64_t outputs : candidate.outputs) {
      Form next = formOf(candidate.op, outputs);
      int64_t bytes = next.bytes - now.bytes;
      // A step that needs no memory comes before all that do.
      double saved = (now.work - next.work) / static_cast<double>(std::max<int64_t>(bytes, 1));
      if (saved > 0)
        steps.push({saved, index, chosen[index], outputs, bytes});
    }
  };
  for (size_t index = 0; index < candidates.size(); ++index)
    addSteps(index);
  while (!steps.empty()) {
    Step step = steps.top();
    steps.pop();
    // Memory only gets less, so what does not fit now never will.
    if (step.from != chosen[step.index] || step.bytes > left)
      continue;
    chosen[step.index] = step.to;
    left -= step.bytes;
    addSteps(step.index);
  }
  return chosen;
}
