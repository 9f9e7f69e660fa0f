// SPDX-License-Identifier: Apache-2.0
#include "passes/Fuse/KernelBuilder.h"
#include "passes/Passes.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"
#include <map>

namespace lathe {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "passes/Passes.h.inc"

using namespace mlir;
using namespace lathe::graph;

// Name of the nested module that holds the kernels (contract of all stages).
static constexpr StringLiteral kKernelsModule = "kernels";
// A name shows this many digits of the body's hash, more on a clash.
static constexpr unsigned kHashDigitsMin = 4;
static constexpr unsigned kHashDigitsMax = 16;

namespace {
struct OutlineKernels : impl::OutlineKernelsBase<OutlineKernels> {
  void runOnOperation() override {
    SmallVector<GroupOp> groups;
    for (auto function : getOperation().getOps<func::FuncOp>())
      function.walk([&](GroupOp group) { groups.push_back(group); });
    if (groups.empty())
      return;
    ModuleOp kernels = getKernelsModule();
    textOf.clear();
    nameOf.clear();
    for (auto kernel : kernels.getOps<KernelOp>())
      remember(kernel.getSymName(), canonicalText(kernel));
    for (GroupOp group : groups)
      outline(group, kernels);
    sortByName(kernels);
  }

private:
  ModuleOp getKernelsModule() {
    if (auto known = getOperation().lookupSymbol<ModuleOp>(kKernelsModule))
      return known;
    auto builder = OpBuilder::atBlockEnd(getOperation().getBody());
    return ModuleOp::create(builder, getOperation().getLoc(), kKernelsModule);
  }

  void remember(StringRef name, std::string text) {
    textOf[name.str()] = text;
    nameOf[std::move(text)] = name.str();
  }

  std::string uniqueName(StringRef base, StringRef text) {
    std::string digits = llvm::utohexstr(llvm::xxh3_64bits(text), /*LowerCase=*/true,
                                         /*Width=*/kHashDigitsMax);
    for (unsigned count = kHashDigitsMin; count <= kHashDigitsMax; ++count) {
      std::string name = (base + "__" + StringRef(digits).take_front(count)).str();
      if (!textOf.count(name))
        return name;
    }
    // Two bodies with one 64-bit hash: number them.
    for (unsigned number = 2;; ++number) {
      std::string name = (base + "__" + digits + "_" + Twine(number)).str();
      if (!textOf.count(name))
        return name;
    }
  }

  void outline(GroupOp group, ModuleOp kernels) {
    OutlinedKernel outlined = buildKernel(group, group.getName());
    std::string text = canonicalText(*outlined.kernel);
    auto known = nameOf.find(text);
    std::string name = known == nameOf.end() ? uniqueName(group.getName(), text) : known->second;
    if (known == nameOf.end()) {
      outlined.kernel->setSymName(name);
      kernels.push_back(outlined.kernel.release());
      remember(name, std::move(text));
    }
    OpBuilder builder(group);
    auto callee = SymbolRefAttr::get(builder.getStringAttr(kKernelsModule),
                                     {FlatSymbolRefAttr::get(builder.getContext(), name)});
    auto dispatch = DispatchOp::create(builder, group.getLoc(), group.getResultTypes(), callee,
                                       group.getInputs(),
                                       DimsAttr::get(builder.getContext(), outlined.sizes));
    group.replaceAllUsesWith(dispatch.getResults());
    group.erase();
  }

  static void sortByName(ModuleOp kernels) {
    auto range = kernels.getOps<KernelOp>();
    SmallVector<KernelOp> sorted(range.begin(), range.end());
    llvm::sort(sorted, [](KernelOp x, KernelOp y) { return x.getSymName() < y.getSymName(); });
    for (KernelOp kernel : sorted)
      kernel->moveBefore(kernels.getBody(), kernels.getBody()->end());
  }

  std::map<std::string, std::string> textOf; ///< kernel name -> canonical text
  std::map<std::string, std::string> nameOf; ///< canonical text -> kernel name
};
} // namespace
} // namespace lathe
