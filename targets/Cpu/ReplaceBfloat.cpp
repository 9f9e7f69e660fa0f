// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/Passes.h"

#include "mlir/IR/AttrTypeSubElements.h"

namespace lathe::cpu {
#define GEN_PASS_DEF_REPLACEBFLOAT
#include "targets/Cpu/Passes.h.inc"
} // namespace lathe::cpu

using namespace mlir;

namespace lathe::cpu {
namespace {

struct ReplaceBfloatPass : impl::ReplaceBfloatBase<ReplaceBfloatPass> {
  void runOnOperation() override {
    Type integer = IntegerType::get(&getContext(), 16);
    AttrTypeReplacer replacer;
    replacer.addReplacement([&](BFloat16Type) { return integer; });
    replacer.addReplacement([&](FloatAttr value) -> std::optional<Attribute> {
      if (!value.getType().isBF16())
        return std::nullopt;
      return IntegerAttr::get(integer, value.getValue().bitcastToAPInt());
    });
    replacer.addReplacement([&](DenseFPElementsAttr values) -> std::optional<Attribute> {
      if (!values.getElementType().isBF16())
        return std::nullopt;
      return values.bitcast(integer);
    });
    replacer.recursivelyReplaceElementsIn(getOperation(), /*replaceAttrs=*/true,
                                          /*replaceLocs=*/false, /*replaceTypes=*/true);
  }
};

} // namespace
} // namespace lathe::cpu
