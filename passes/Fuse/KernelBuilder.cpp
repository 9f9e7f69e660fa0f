// SPDX-License-Identifier: Apache-2.0
#include "passes/Fuse/KernelBuilder.h"

#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

static bool isElementwise(Operation &op) {
  auto fusable = llvm::dyn_cast<FusionOpInterface>(op);
  return fusable && fusable.getFusionKind() == FusionKind::Elementwise;
}

// True when each element of `input` is read only to compute the element of the
// results at the same place.
static bool isReadInPlace(BlockArgument input) {
  SmallVector<Value> worklist{input};
  // A chain in which each value is used twice has as many paths as 2 to its length.
  DenseSet<Value> seen;
  ArrayRef<int64_t> shape = llvm::cast<RankedTensorType>(input.getType()).getShape();
  SmallVector<ExprAttr> dims = getDims(llvm::cast<RankedTensorType>(input.getType()));
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    for (Operation *user : value.getUsers()) {
      if (llvm::isa<YieldOp>(user))
        continue;
      auto type = llvm::cast<RankedTensorType>(user->getResult(0).getType());
      if (type.getShape() != shape || getDims(type) != dims)
        return false;
      if (seen.insert(user->getResult(0)).second)
        worklist.push_back(user->getResult(0));
    }
  }
  return true;
}

// A kernel with an anchor may use its result's buffer for partial sums, so the
// permission is given to elementwise kernels alone.
static SmallVector<int64_t> inplacePermissions(Block &body) {
  SmallVector<int64_t> pairs;
  if (!llvm::all_of(body.without_terminator(), isElementwise))
    return pairs;
  for (BlockArgument input : body.getArguments())
    for (auto [index, result] : llvm::enumerate(body.getTerminator()->getOperands()))
      if (result.getType() == input.getType() && isReadInPlace(input))
        pairs.append({static_cast<int64_t>(input.getArgNumber()), static_cast<int64_t>(index)});
  return pairs;
}

static SmallVector<int64_t> inplaceObligations(Block &body) {
  SmallVector<int64_t> pairs;
  for (auto [index, result] : llvm::enumerate(body.getTerminator()->getOperands())) {
    Operation *op = result.getDefiningOp();
    if (!op || !llvm::isa<IndexPutOp, InsertSliceOp>(op))
      continue;
    if (auto data = llvm::dyn_cast<BlockArgument>(op->getOperand(0)))
      pairs.append({static_cast<int64_t>(data.getArgNumber()), static_cast<int64_t>(index)});
  }
  return pairs;
}

//===----------------------------------------------------------------------===//
// Symbols
//===----------------------------------------------------------------------===//

namespace {
/// Renames sizes to d0, d1, ..: whole sizes of operands where `generalise` is
/// set, otherwise single symbols.
class SizeRenaming {
public:
  SizeRenaming(GroupOp group, bool generalise) : context(group.getContext()) {
    for (Type type : group.getBody().getArgumentTypes())
      for (ExprAttr dim : getDims(llvm::cast<RankedTensorType>(type)))
        if (!dim.getConstant())
          generalise ? add(dim) : addSymbols(dim);
    replacer.addReplacement([this](ExprAttr expr) -> std::pair<Attribute, WalkResult> {
      return {rename(expr), WalkResult::skip()};
    });
    if (!generalise)
      addSymbolsOfBody(group);
  }

  /// Renames in `kernel`; false when a size is not expressible by d0, d1, ...
  bool apply(KernelOp kernel) {
    replacer.recursivelyReplaceElementsIn(kernel, /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
    return complete;
  }
  ArrayRef<ExprAttr> getSizes() const { return sizes.getArrayRef(); }
  static std::string symbolName(size_t index) { return "d" + std::to_string(index); }

private:
  void add(ExprAttr expr) { sizes.insert(expr); }
  void addSymbols(ExprAttr expr) {
    visitSymbols(expr, [&](StringRef name) { add(makeSymbol(context, name)); });
  }
  void addSymbolsOfBody(GroupOp group) {
    AttrTypeWalker walker;
    walker.addWalk([&](ExprAttr expr) {
      addSymbols(expr);
      return WalkResult::skip();
    });
    group.getBody().walk([&](Operation *op) {
      walker.walk(op->getAttrDictionary());
      for (Type type : op->getResultTypes())
        walker.walk(type);
    });
  }
  ExprAttr find(ExprAttr expr) const {
    auto *found = llvm::find(sizes, expr);
    return found == sizes.end() ? ExprAttr()
                                : makeSymbol(context, symbolName(found - sizes.begin()));
  }
  ExprAttr rename(ExprAttr expr) {
    if (ExprAttr whole = find(expr))
      return whole;
    ExprAttr renamed = substitute(expr, [&](StringRef name) {
      ExprAttr symbol = find(makeSymbol(context, name));
      complete &= static_cast<bool>(symbol);
      return symbol;
    });
    complete &= static_cast<bool>(renamed);
    return renamed ? renamed : expr;
  }

  MLIRContext *context;
  llvm::SetVector<ExprAttr> sizes;
  AttrTypeReplacer replacer;
  bool complete = true;
};
} // namespace

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

static OwningOpRef<KernelOp> cloneToKernel(GroupOp group, StringRef name) {
  OpBuilder builder(group.getContext());
  Block &body = group.getBody().front();
  auto attribute = [&](ArrayRef<int64_t> pairs) {
    return pairs.empty() ? DenseI64ArrayAttr() : builder.getDenseI64ArrayAttr(pairs);
  };
  auto type = builder.getFunctionType(body.getArgumentTypes(), group.getResultTypes());
  OwningOpRef<KernelOp> kernel =
      KernelOp::create(builder, group.getLoc(), name, type, builder.getStrArrayAttr({}),
                       group.getDevice(), attribute(inplacePermissions(body)), StringAttr(),
                       ArrayAttr(), ArrayAttr());
  if (DenseI64ArrayAttr required = attribute(inplaceObligations(body)))
    (*kernel)->setDiscardableAttr(kInplaceRequiredAttr, required);
  IRMapping mapping;
  group.getBody().cloneInto(&kernel->getBody(), mapping);
  return kernel;
}

static bool rename(KernelOp kernel, SizeRenaming &renaming) {
  if (!renaming.apply(kernel))
    return false;
  SmallVector<Attribute> names;
  for (size_t i = 0; i < renaming.getSizes().size(); ++i)
    names.push_back(StringAttr::get(kernel.getContext(), SizeRenaming::symbolName(i)));
  kernel.setSymbolsAttr(ArrayAttr::get(kernel.getContext(), names));
  // Type inference decides whether the body holds for any d0, d1, ...
  ScopedDiagnosticHandler quiet(kernel.getContext(), [](Diagnostic &) { return success(); });
  return succeeded(verify(kernel));
}

OutlinedKernel lathe::buildKernel(GroupOp group, StringRef name) {
  OutlinedKernel result;
  SizeRenaming general(group, /*generalise=*/true);
  result.kernel = cloneToKernel(group, name);
  if (rename(*result.kernel, general)) {
    result.sizes.assign(general.getSizes().begin(), general.getSizes().end());
    return result;
  }
  // The body depends on how sizes are composed. Renaming single symbols is
  // injective and cannot fail.
  SizeRenaming injective(group, /*generalise=*/false);
  result.kernel = cloneToKernel(group, name);
  rename(*result.kernel, injective);
  result.sizes.assign(injective.getSizes().begin(), injective.getSizes().end());
  return result;
}

std::string lathe::canonicalText(KernelOp kernel) {
  StringAttr name = kernel.getSymNameAttr();
  kernel.setSymName("kernel");
  std::string text;
  llvm::raw_string_ostream os(text);
  kernel->print(os, OpPrintingFlags().useLocalScope());
  kernel.setSymNameAttr(name);
  return text;
}
