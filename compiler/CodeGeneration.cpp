// SPDX-License-Identifier: Apache-2.0
#include "compiler/CodeGeneration.h"

#include "dialects/Graph/GraphOps.h"
#include "dialects/Graph/WeightStore.h"
#include "dialects/Program/ProgramDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/Pass/PassManager.h"
#include "passes/Passes.h"
#include "runtime/include/lathe/kernel_abi.h"

using namespace mlir;
using namespace lathe;

FailureOr<OwningOpRef<ModuleOp>>
lathe::lowerKernels(ModuleOp module, llvm::function_ref<void(PassManager &)> watch) {
  OwningOpRef<ModuleOp> copy = module.clone();
  PassManager manager(module.getContext());
  manager.addPass(createGraphToLinalg());
  watch(manager);
  if (failed(manager.run(*copy)))
    return failure();
  return copy;
}

// The value of an affine expression over the sizes of a call.
static graph::ExprAttr toSize(AffineExpr expr, ArrayRef<graph::ExprAttr> sizes, unsigned dims) {
  if (auto constant = llvm::dyn_cast<AffineConstantExpr>(expr))
    return graph::makeConstant(expr.getContext(), constant.getValue());
  if (auto dim = llvm::dyn_cast<AffineDimExpr>(expr))
    return sizes[dim.getPosition()];
  if (auto symbol = llvm::dyn_cast<AffineSymbolExpr>(expr))
    return sizes[dims + symbol.getPosition()];
  auto binary = llvm::cast<AffineBinaryOpExpr>(expr);
  graph::ExprAttr lhs = toSize(binary.getLHS(), sizes, dims);
  graph::ExprAttr rhs = toSize(binary.getRHS(), sizes, dims);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return graph::makeAdd(lhs, rhs);
  case AffineExprKind::Mul:
    return graph::makeMul(lhs, rhs);
  case AffineExprKind::FloorDiv:
    return graph::makeFloorDiv(lhs, rhs);
  case AffineExprKind::CeilDiv:
    return graph::makeCeilDiv(lhs, rhs);
  default:
    return graph::makeMod(lhs, rhs);
  }
}

// Null if the expression is too large.
static graph::ExprAttr toExpression(const SumOfProducts &terms, ArrayRef<graph::ExprAttr> sizes,
                                    MLIRContext *context) {
  graph::ExprAttr sum = graph::makeConstant(context, 0);
  for (const std::vector<AffineMap> &factors : terms) {
    graph::ExprAttr product = graph::makeConstant(context, 1);
    for (AffineMap map : factors)
      product = graph::makeMul(product, toSize(map.getResult(0), sizes, map.getNumDims()));
    sum = graph::makeAdd(sum, product);
  }
  return sum;
}

// The cost of one tile in nanoseconds, at least 1: 0 would mean "not known".
static graph::ExprAttr tileCost(const KernelInfo &info, graph::ExprAttr tiles,
                                ArrayRef<graph::ExprAttr> sizes, MLIRContext *context) {
  graph::ExprAttr work = toExpression(info.cost_ps, sizes, context);
  if (!work)
    return nullptr;
  graph::ExprAttr one = graph::makeConstant(context, 1);
  graph::ExprAttr parts =
      graph::makeMul(graph::makeMax(tiles, one), graph::makeConstant(context, 1000));
  return graph::makeAdd(graph::makeFloorDiv(work, parts), one);
}

static LogicalResult annotate(graph::KernelOp kernel, func::FuncOp lowered, const KernelInfo &info,
                              ArrayRef<int64_t> entries) {
  Builder builder(kernel.getContext());
  SmallVector<graph::ExprAttr> sizes;
  for (unsigned i = 0; i < lowered.getNumArguments(); ++i)
    if (auto size = lowered.getArgAttrOfType<graph::ExprAttr>(i, "lathe.size"))
      sizes.push_back(size);
  graph::ExprAttr tiles = toExpression(info.tile_count, sizes, kernel.getContext());
  if (!tiles)
    return kernel.emitError("the tile count of the kernel is too large an expression");
  NamedAttrList codegen;
  codegen.append("scratch_bytes", builder.getI64IntegerAttr(info.scratch_bytes));
  codegen.append("tiles", tiles);
  if (graph::ExprAttr cost = tileCost(info, tiles, sizes, kernel.getContext()))
    codegen.append("tile_cost_ns", cost);
  codegen.append("sizes", graph::DimsAttr::get(kernel.getContext(), sizes));
  codegen.append("may_fail", builder.getBoolAttr(info.may_fail));
  codegen.append("entries", builder.getDenseI64ArrayAttr(entries));
  kernel->setAttr("graph.codegen", codegen.getDictionary(kernel.getContext()));
  return success();
}

// The code is the application's; the module only says what it needs.
static void addLinkedImages(ModuleOp module, const CompiledKernels &compiled) {
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  for (const KernelImage &image : compiled.images)
    program::ImageOp::create(builder, module.getLoc(), image.level, program::ImageFormat::Linked,
                             image.features, LATHE_KERNEL_ABI_VERSION, 0, 0, FlatSymbolRefAttr(),
                             StringAttr(), IntegerAttr(), ArrayAttr());
}

// Images go to the content store; the module names them.
static void addImages(ModuleOp module, const CompiledKernels &compiled) {
  WeightStore &store =
      module.getContext()->getLoadedDialect<graph::GraphDialect>()->getWeightStore();
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  for (const KernelImage &image : compiled.images) {
    int64_t bytes = image.bytes.size();
    std::string key =
        store.addOwned(std::vector<char>(image.bytes.begin(), image.bytes.end()), {bytes}, 1);
    program::ImageOp::create(builder, module.getLoc(), image.level,
                             static_cast<program::ImageFormat>(image.format), image.features,
                             LATHE_KERNEL_ABI_VERSION, image.text_offset_bytes, image.text_bytes,
                             FlatSymbolRefAttr(), builder.getStringAttr(key),
                             builder.getI64IntegerAttr(bytes), ArrayAttr());
  }
}

FailureOr<CompiledKernels>
lathe::generateCode(ModuleOp module, const Target &target, const CompileOptions &options,
                    llvm::function_ref<LogicalResult(ModuleOp)> tune) {
  FailureOr<OwningOpRef<ModuleOp>> lowered = lowerKernels(module, [&](PassManager &manager) {
    if (options.watch)
      options.watch(manager, module);
  });
  if (failed(lowered))
    return failure();
  auto kernels = llvm::dyn_cast_or_null<ModuleOp>((*lowered)->lookupSymbol("linalg"));
  auto source = llvm::dyn_cast_or_null<ModuleOp>(module.lookupSymbol("kernels"));
  // A method that only passes on what it is given has no kernels.
  if (!source)
    return CompiledKernels();
  if (!kernels) {
    module.emitError("code generation expects an outlined module with @kernels");
    return failure();
  }
  if (tune && failed(tune(kernels)))
    return failure();
  FailureOr<CompiledKernels> compiled = target.compile(kernels, options);
  if (failed(compiled))
    return failure();
  for (auto [index, info] : llvm::enumerate(compiled->kernels)) {
    auto kernel = source.lookupSymbol<graph::KernelOp>(info.name);
    auto function = kernels.lookupSymbol<func::FuncOp>(info.name);
    SmallVector<int64_t> entries;
    for (auto [number, image] : llvm::enumerate(compiled->images))
      entries.push_back(options.keepObject ? number * compiled->kernels.size() + index
                                           : image.entries[index]);
    if (failed(annotate(kernel, function, info, entries)))
      return failure();
  }
  if (options.keepObject)
    addLinkedImages(module, *compiled);
  else
    addImages(module, *compiled);
  return compiled;
}
