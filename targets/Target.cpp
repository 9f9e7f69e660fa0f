// SPDX-License-Identifier: Apache-2.0
#include "targets/Target.h"

#include <map>

using namespace mlir;

namespace lathe {

Target::~Target() = default;

/// Values of an affine expression over known sizes, or nothing on overflow or
/// division by zero.
static std::optional<int64_t> evaluate(AffineExpr expr,
                                       ArrayRef<int64_t> sizes) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dim.getPosition() < sizes.size()
               ? std::optional<int64_t>(sizes[dim.getPosition()])
               : std::nullopt;
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return std::nullopt;
  std::optional<int64_t> lhs = evaluate(binary.getLHS(), sizes);
  std::optional<int64_t> rhs = evaluate(binary.getRHS(), sizes);
  if (!lhs || !rhs)
    return std::nullopt;
  int64_t result = 0;
  switch (binary.getKind()) {
  case AffineExprKind::Add:
    if (llvm::AddOverflow(*lhs, *rhs, result))
      return std::nullopt;
    return result;
  case AffineExprKind::Mul:
    if (llvm::MulOverflow(*lhs, *rhs, result))
      return std::nullopt;
    return result;
  case AffineExprKind::Mod:
    return *rhs > 0 ? std::optional<int64_t>(llvm::mod(*lhs, *rhs))
                    : std::nullopt;
  case AffineExprKind::FloorDiv:
    return *rhs > 0 ? std::optional<int64_t>(llvm::divideFloorSigned(*lhs, *rhs))
                    : std::nullopt;
  case AffineExprKind::CeilDiv:
    return *rhs > 0 ? std::optional<int64_t>(llvm::divideCeilSigned(*lhs, *rhs))
                    : std::nullopt;
  default:
    return std::nullopt;
  }
}

int64_t CompiledKernels::tileCount(size_t index,
                                   ArrayRef<int64_t> sizes) const {
  int64_t sum = 0;
  for (const std::vector<AffineMap> &product : kernels[index].tile_count) {
    int64_t tiles = 1;
    for (AffineMap factor : product) {
      std::optional<int64_t> value = evaluate(factor.getResult(0), sizes);
      if (!value || llvm::MulOverflow(tiles, *value, tiles))
        return -1;
    }
    if (llvm::AddOverflow(sum, tiles, sum))
      return -1;
  }
  return sum <= UINT32_MAX ? sum : -1;
}

static std::map<std::string, std::unique_ptr<Target>> &registry() {
  static std::map<std::string, std::unique_ptr<Target>> targets;
  return targets;
}

void registerTarget(std::unique_ptr<Target> target) {
  std::string name = target->name().str();
  registry().try_emplace(std::move(name), std::move(target));
}

const Target *findTarget(StringRef name) {
  auto found = registry().find(name.str());
  return found == registry().end() ? nullptr : found->second.get();
}

std::vector<const Target *> allTargets() {
  std::vector<const Target *> targets;
  for (const auto &entry : registry())
    targets.push_back(entry.second.get());
  return targets;
}

} // namespace lathe
