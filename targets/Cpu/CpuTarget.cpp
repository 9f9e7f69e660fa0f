// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/CpuTarget.h"

#include "targets/Cpu/CachedKernels.h"
#include "targets/Cpu/ImageLinker.h"
#include "targets/Cpu/KernelTuner.h"
#include "targets/Cpu/ObjectEmitter.h"
#include "targets/Cpu/ObjectLinker.h"
#include "targets/Cpu/Passes.h"
#include "targets/Cpu/Pipeline.h"

#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/Transforms/FuncBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/ControlFlow/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Index/IR/IndexDialect.h"
#include "mlir/Dialect/Linalg/Transforms/AllInterfaces.h"
#include "mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/IR/TensorInferTypeOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/IR/TensorTilingInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/TargetParser/Host.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"

#include <mutex>

using namespace mlir;

namespace lathe::cpu {
namespace {

/// Counts kernels done over all levels, for the caller's progress display.
class Progress {
public:
  Progress(const CompileOptions &options, unsigned done, unsigned total)
      : options(options), done(done), total(total) {}
  void advance() {
    if (!options.progress)
      return;
    std::lock_guard<std::mutex> guard(mutex);
    options.progress(++done, total);
  }

private:
  const CompileOptions &options;
  std::mutex mutex;
  unsigned done;
  const unsigned total;
};

/// The last step of a level: a kernel's module becomes an object. Kernels run
/// in parallel; each writes its own slot, found by name.
struct EmitObjectPass : PassWrapper<EmitObjectPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(EmitObjectPass)

  EmitObjectPass(const IsaLevel &level, ObjectOptions options,
                 llvm::StringMap<KernelObject> &slots, Progress &progress)
      : level(level), options(options), slots(slots), progress(progress) {}

  StringRef getArgument() const override { return "lathe-cpu-emit-object"; }

  void runOnOperation() override {
    FailureOr<KernelObject> object =
        emitObject(getOperation(), level, options);
    if (failed(object))
      return signalPassFailure();
    slots.find(object->name)->second = std::move(*object);
    progress.advance();
  }

  const IsaLevel &level;
  ObjectOptions options;
  llvm::StringMap<KernelObject> &slots;
  Progress &progress;
};

/// Splits `kernels` into one nested module per function, sorted by name.
OwningOpRef<ModuleOp> splitKernels(ModuleOp kernels) {
  OpBuilder builder(kernels.getContext());
  SmallVector<func::FuncOp> functions(kernels.getOps<func::FuncOp>());
  llvm::sort(functions, [](func::FuncOp a, func::FuncOp b) {
    return a.getName() < b.getName();
  });
  OwningOpRef<ModuleOp> top(ModuleOp::create(kernels.getLoc()));
  for (func::FuncOp function : functions) {
    builder.setInsertionPointToEnd(top->getBody());
    auto nested = ModuleOp::create(builder, function.getLoc());
    builder.setInsertionPointToEnd(nested.getBody());
    builder.clone(*function);
  }
  return top;
}

LogicalResult checkForm(ModuleOp kernels) {
  for (Operation &op : *kernels.getBody()) {
    auto function = dyn_cast<func::FuncOp>(op);
    if (!function || function.isExternal())
      return op.emitError("a module of kernels holds functions with bodies");
    if (!function.getBody().hasOneBlock())
      return op.emitError("a kernel is one block; loops and branches are scf");
    for (auto [index, type] : llvm::enumerate(function.getArgumentTypes()))
      if (!isa<RankedTensorType>(type) && !type.isIndex())
        return op.emitError("argument ")
               << index << " is " << type << ", not a ranked tensor or an index";
  }
  return success();
}

SumOfProducts readSum(func::FuncOp function, StringRef name) {
  SumOfProducts sum;
  for (Attribute product : function->getAttrOfType<ArrayAttr>(name)) {
    std::vector<AffineMap> factors;
    for (AffineMapAttr factor :
         cast<ArrayAttr>(product).getAsRange<AffineMapAttr>())
      factors.push_back(factor.getValue());
    sum.push_back(std::move(factors));
  }
  return sum;
}

KernelInfo describeKernel(func::FuncOp function) {
  KernelInfo info;
  info.name = function.getName().str();
  for (BlockArgument argument : function.getArguments()) {
    unsigned number = argument.getArgNumber();
    if (argument.getType().isIndex())
      info.size_count += !function.getArgAttr(number, "lathe.tile_begin") &&
                         !function.getArgAttr(number, "lathe.tile_end");
    else
      info.buffer_count += !function.getArgAttr(number, "lathe.scratch");
  }
  info.scratch_bytes =
      function->getAttrOfType<IntegerAttr>("lathe.scratch_bytes").getInt();
  info.tile_count = readSum(function, "lathe.tile_count");
  info.cost_ps = readSum(function, "lathe.cost_ps");
  if (auto reason =
          function->getAttrOfType<StringAttr>("lathe.one_tile_reason"))
    info.one_tile_reason = reason.getValue().str();
  if (auto pairs = function->getAttrOfType<ArrayAttr>("lathe.in_place"))
    for (DenseI64ArrayAttr pair : pairs.getAsRange<DenseI64ArrayAttr>())
      info.in_place.push_back({uint32_t(pair[0]), uint32_t(pair[1])});
  if (auto sizes = function->getAttrOfType<DenseI64ArrayAttr>(kTileSizesAttr))
    info.tile_sizes = sizes.asArrayRef().vec();
  if (auto extents = function->getAttrOfType<DenseI64ArrayAttr>(kTileExtentsAttr))
    info.tile_extents = extents.asArrayRef().vec();
  function.walk([&](cf::AssertOp) { info.may_fail = true; });
  return info;
}

/// Removes the kernels that pass `isDone` from `top`, a module of modules.
void eraseKernels(ModuleOp top, llvm::function_ref<bool(StringRef)> isDone) {
  for (ModuleOp nested : llvm::make_early_inc_range(top.getOps<ModuleOp>()))
    if (isDone((*nested.getOps<func::FuncOp>().begin()).getName()))
      nested.erase();
}

LogicalResult runPasses(PassManager &pm, ModuleOp top, const CompileOptions &options) {
  if (top.getBody()->empty())
    return success();
  if (options.watch)
    options.watch(pm, top);
  return pm.run(top);
}

/// One compilation: the levels share a plan, the cache, and the display.
class Levels {
public:
  Levels(ModuleOp top, const CompileOptions &options, const CachedKernels &cached,
         CompiledKernels &compiled, Progress &progress)
      : top(top), options(options), cached(cached), compiled(compiled), progress(progress) {}

  /// Compiles the planned kernels for the level at `position`.
  FailureOr<KernelImage> compile(const IsaLevel &level, size_t position);

private:
  LogicalResult fillSlots(const IsaLevel &level, size_t position,
                          llvm::StringMap<KernelObject> &slots);

  ModuleOp top;
  const CompileOptions &options;
  const CachedKernels &cached;
  CompiledKernels &compiled;
  Progress &progress;
};

/// Emits the objects that the cache does not have.
LogicalResult Levels::fillSlots(const IsaLevel &level, size_t position,
                                llvm::StringMap<KernelObject> &slots) {
  OwningOpRef<ModuleOp> copy(top.clone());
  eraseKernels(*copy, [&](StringRef name) { return cached.find(name, position) != nullptr; });
  ObjectOptions objectOptions;
  objectOptions.keepLlvm = position == 0 && options.keepLlvm;
  objectOptions.keepAssembly = position == 0 && options.keepAssembly;
  PassManager pm(top.getContext());
  OpPassManager &nested = pm.nest<ModuleOp>();
  buildLevelPipeline(nested, level);
  nested.addPass(std::make_unique<EmitObjectPass>(level, objectOptions, slots, progress));
  return runPasses(pm, *copy, options);
}

FailureOr<KernelImage> Levels::compile(const IsaLevel &level, size_t position) {
  llvm::StringMap<KernelObject> slots;
  for (const KernelInfo &info : compiled.kernels)
    slots[info.name] = {};
  if (failed(fillSlots(level, position, slots)))
    return failure();
  std::vector<KernelObject> objects;
  for (KernelInfo &info : compiled.kernels) {
    KernelObject &object = slots[info.name];
    if (const KernelObject *known = cached.find(info.name, position))
      object = *known;
    else
      cached.store(info, object, position);
    info.stack_bytes = std::max(info.stack_bytes, object.stack_bytes);
    if (position == 0) {
      info.llvm_ir = std::move(object.llvm_ir);
      info.assembly = std::move(object.assembly);
    }
    objects.push_back(std::move(object));
  }
  return linkImage(top.getLoc(), objects, level, options.keepObject, options.cache);
}

/// Sets the tile sizes that options.tuning has for the kernels of `top`, a module
/// of modules. Names what it knew.
llvm::StringSet<> applyTuning(ModuleOp top, const CompileOptions &options,
                              CompiledKernels &compiled) {
  llvm::StringSet<> tuned, hashes;
  if (!options.tuning)
    return tuned;
  std::string cpu = llvm::sys::getHostCPUName().str();
  for (auto nested : top.getOps<ModuleOp>()) {
    func::FuncOp function = *nested.getOps<func::FuncOp>().begin();
    std::string hash = hashKernel(nested);
    hashes.insert(hash);
    const TuningDecision *decision = options.tuning->find(hash, options.levels, cpu);
    if (!decision)
      continue;
    tuned.insert(function.getName());
    if (decision->tile_sizes)
      function->setAttr(kTileSizesAttr, Builder(top.getContext()).getDenseI64ArrayAttr(*decision->tile_sizes));
  }
  compiled.foreign_decisions = llvm::count_if(options.tuning->decisions, [&](const TuningDecision &decision) {
    return !hashes.contains(decision.hash);
  });
  return tuned;
}

/// Plans the kernels that `cached` does not know for all levels; describes all,
/// sorted by name.
LogicalResult planKernels(ModuleOp top, const CompileOptions &options,
                          const CachedKernels &cached, CompiledKernels &compiled) {
  compiled.kernels = cached.complete();
  llvm::StringSet<> known;
  for (KernelInfo &info : compiled.kernels) {
    info.is_cached = true;
    known.insert(info.name);
  }
  eraseKernels(top, [&](StringRef name) { return known.contains(name); });
  PassManager plan(top.getContext());
  buildPlanPipeline(plan.nest<ModuleOp>());
  if (failed(runPasses(plan, top, options)))
    return failure();
  top.walk([&](func::FuncOp function) {
    compiled.kernels.push_back(describeKernel(function));
  });
  llvm::sort(compiled.kernels,
             [](const KernelInfo &a, const KernelInfo &b) { return a.name < b.name; });
  return success();
}

} // namespace

Attribute CpuTarget::describe(MLIRContext *context) const {
  Builder builder(context);
  SmallVector<Attribute> levels;
  for (StringRef level : isaLevelNames())
    levels.push_back(builder.getStringAttr(level));
  return builder.getDictionaryAttr(
      {builder.getNamedAttr("name", builder.getStringAttr(name())),
       builder.getNamedAttr("levels", builder.getArrayAttr(levels)),
       builder.getNamedAttr("channels_last", builder.getUnitAttr()),
       builder.getNamedAttr("chains_depthwise", builder.getUnitAttr()),
       builder.getNamedAttr("winograd", builder.getUnitAttr()),
       // All levels share a layout. 16 is one register of x86-64-v4, two of v3,
       // four of v2; 24 and 40 are three and five of v3, tiles of four and two
       // rows. 8 alone leaves the loads as the bottleneck.
       builder.getNamedAttr("weight_panels", builder.getDenseI64ArrayAttr({16, 24, 40, 8}))});
}

void CpuTarget::getDependentDialects(DialectRegistry &registry) const {
  registry.insert<affine::AffineDialect, arith::ArithDialect,
                  bufferization::BufferizationDialect, cf::ControlFlowDialect,
                  func::FuncDialect, index::IndexDialect,
                  linalg::LinalgDialect, LLVM::LLVMDialect, math::MathDialect,
                  memref::MemRefDialect, scf::SCFDialect,
                  tensor::TensorDialect, ub::UBDialect,
                  vector::VectorDialect>();
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  bufferization::func_ext::registerBufferizableOpInterfaceExternalModels(
      registry);
  cf::registerBufferizableOpInterfaceExternalModels(registry);
  linalg::registerAllDialectInterfaceImplementations(registry);
  scf::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerInferTypeOpInterfaceExternalModels(registry);
  tensor::registerSubsetOpInterfaceExternalModels(registry);
  tensor::registerTilingInterfaceExternalModels(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

void CpuTarget::prepareContext(MLIRContext *context) const {
  DialectRegistry registry;
  getDependentDialects(registry);
  context->appendDialectRegistry(registry);
  context->loadAllAvailableDialects();
}

FailureOr<CompiledKernels>
CpuTarget::compile(ModuleOp kernels, const CompileOptions &options) const {
  MLIRContext *context = kernels.getContext();
  std::vector<const IsaLevel *> levels;
  for (const std::string &name : options.levels) {
    const IsaLevel *level = findIsaLevel(name);
    if (!level)
      return kernels.emitError("the cpu target has no level '")
             << name << "'; it has host, "
             << llvm::join(isaLevelNames(), ", ");
    levels.push_back(level);
  }
  if (failed(checkForm(kernels)))
    return failure();
  initializeCodeGenerators();
  prepareContext(context);
  bool wasThreaded = context->isMultithreadingEnabled();
  if (options.threads == 1)
    context->disableMultithreading();
  llvm::scope_exit restore([&] {
    if (wasThreaded)
      context->enableMultithreading();
  });

  OwningOpRef<ModuleOp> top = splitKernels(kernels);
  bool keepsText = options.keepLlvm || options.keepAssembly;
  CompiledKernels compiled;
  llvm::StringSet<> tuned = applyTuning(*top, options, compiled);
  CachedKernels cached(keepsText ? nullptr : options.cache, *top, levels);
  if (failed(planKernels(*top, options, cached, compiled)))
    return failure();
  for (KernelInfo &info : compiled.kernels)
    info.is_tuned = tuned.contains(info.name);
  Progress progress(options, cached.count(), compiled.kernels.size() * levels.size());
  Levels each(*top, options, cached, compiled, progress);
  for (auto [position, level] : llvm::enumerate(levels)) {
    FailureOr<KernelImage> image = each.compile(*level, position);
    if (failed(image))
      return failure();
    compiled.images.push_back(std::move(*image));
  }
  if (options.cache)
    options.cache->prune();
  return compiled;
}

FailureOr<std::vector<TunedKernel>> CpuTarget::tune(ModuleOp kernels, const CompileOptions &options,
                                                    Tuning &tuning) const {
  prepareContext(kernels.getContext());
  if (failed(checkForm(kernels)))
    return failure();
  OwningOpRef<ModuleOp> top = splitKernels(kernels);
  return tuneKernels(*this, *top, options, tuning);
}

bool CpuTarget::runsHere(StringRef name) const {
  const IsaLevel *level = findIsaLevel(name);
  return level && cpu::runsHere(*level);
}

std::string CpuTarget::hostLevel() const {
  const IsaLevel *level = findIsaLevel("host");
  return level ? level->name.str() : std::string();
}

uint32_t CpuTarget::imageFormat(StringRef name) const {
  const IsaLevel *level = findIsaLevel(name);
  return level ? level->imageFormat : 0;
}

FailureOr<std::vector<uint8_t>>
CpuTarget::linkObject(Location loc, const CompiledKernels &compiled,
                      const LinkedModel &model) const {
  return cpu::linkObject(loc, compiled, model);
}

void registerCpuTarget() { registerTarget(std::make_unique<CpuTarget>()); }

} // namespace lathe::cpu
