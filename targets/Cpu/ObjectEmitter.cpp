// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/ObjectEmitter.h"

#include "runtime/include/lathe/kernel_abi.h"

#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/CodeGen/MachineModuleInfo.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/DataExtractor.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/ADCE.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/GVN.h"
#include "llvm/Transforms/Scalar/IndVarSimplify.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/Cloning.h"

#include <mutex>

using namespace mlir;

namespace lathe::cpu {

void initializeCodeGenerators() {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    llvm::InitializeAllAsmParsers();
  });
}

static std::unique_ptr<llvm::TargetMachine> makeMachine(const IsaLevel &level) {
  llvm::Triple triple(level.triple);
  std::string error;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return nullptr;
  llvm::TargetOptions options;
  options.EmitStackSizeSection = true;
  options.MCOptions.ABIName = level.abi.str();
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, level.cpu, level.features, options, llvm::Reloc::PIC_,
      std::nullopt, llvm::CodeGenOptLevel::Aggressive));
}

static void setAttributes(llvm::Module &module, const IsaLevel &level) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    // Loops must not turn into calls of memset or memcpy.
    function.addFnAttr("no-builtins");
    function.addFnAttr(llvm::Attribute::NoUnwind);
    function.addFnAttr("target-cpu", level.cpu);
    if (!level.features.empty())
      function.addFnAttr("target-features", level.features);
    if (level.vector.vectorBits >= 512)
      function.addFnAttr("prefer-vector-width", "512");
  }
  if (!level.abi.empty())
    module.addModuleFlag(llvm::Module::Error, "target-abi",
                         llvm::MDString::get(module.getContext(), level.abi));
}

/// The loops are final: no unrolling (it spills) and no vectorizer of LLVM.
static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager sccs;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(sccs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, sccs, modules);
  llvm::FunctionPassManager passes;
  passes.addPass(llvm::SROAPass(llvm::SROAOptions::ModifyCFG));
  passes.addPass(llvm::EarlyCSEPass(/*UseMemorySSA=*/true));
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::SimplifyCFGPass());
  llvm::LoopPassManager loopPasses;
  loopPasses.addPass(llvm::LICMPass(llvm::LICMOptions()));
  loopPasses.addPass(llvm::IndVarSimplifyPass());
  passes.addPass(llvm::createFunctionToLoopPassAdaptor(std::move(loopPasses),
                                                       /*UseMemorySSA=*/true));
  passes.addPass(llvm::GVNPass());
  passes.addPass(llvm::InstCombinePass());
  passes.addPass(llvm::ADCEPass());
  passes.addPass(llvm::SimplifyCFGPass());
  llvm::ModulePassManager all;
  all.addPass(llvm::createModuleToFunctionPassAdaptor(std::move(passes)));
  all.run(module, modules);
}

/// Whether a loop carries so many vectors from round to round that half of the
/// registers or more are taken: the accumulators of a product.
static bool carriesManyVectors(llvm::Module &module, unsigned registers) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    llvm::DominatorTree dominators(function);
    llvm::LoopInfo loops(dominators);
    for (llvm::Loop *loop : loops.getLoopsInPreorder()) {
      auto carried = llvm::count_if(loop->getHeader()->phis(), [](const llvm::PHINode &phi) {
        return phi.getType()->isVectorTy();
      });
      if (loop->isInnermost() && 2 * carried >= registers)
        return true;
    }
  }
  return false;
}

/// What TargetMachine::addPassesToEmitFile() does, but beside accumulators no
/// constants are hoisted out of loops before registers are allocated: those of
/// one loop would lie in registers through all its neighbours, the sums among
/// them, whose accumulators went to the stack instead.
static LogicalResult generate(llvm::Module &module, llvm::TargetMachine &machine,
                              const IsaLevel &level, llvm::CodeGenFileType kind,
                              SmallVectorImpl<char> &output) {
  llvm::raw_svector_ostream stream(output);
  llvm::legacy::PassManager passes;
  llvm::TargetPassConfig *config = machine.createPassConfig(passes);
  if (carriesManyVectors(module, level.vector.registers))
    config->disablePass(&llvm::EarlyMachineLICMID);
  auto *moduleInfo = new llvm::MachineModuleInfoWrapperPass(&machine);
  passes.add(config);
  passes.add(moduleInfo);
  if (config->addISelPasses())
    return failure();
  config->addMachinePasses();
  config->setInitialized();
  if (machine.addAsmPrinter(passes, stream, nullptr, kind, moduleInfo->getMMI().getContext()))
    return failure();
  passes.add(llvm::createFreeMachineFunctionPass());
  passes.run(module);
  return success();
}

/// Reads the frame size of the one function from .stack_sizes.
static FailureOr<uint64_t> readStackBytes(const llvm::object::ObjectFile &file) {
  for (const llvm::object::SectionRef &section : file.sections()) {
    llvm::Expected<StringRef> name = section.getName();
    if (!name) {
      llvm::consumeError(name.takeError());
      continue;
    }
    if (*name != ".stack_sizes")
      continue;
    llvm::Expected<StringRef> contents = section.getContents();
    if (!contents) {
      llvm::consumeError(contents.takeError());
      return failure();
    }
    llvm::DataExtractor data(*contents, file.isLittleEndian(), 8);
    uint64_t offset = 8, largest = 0;
    while (offset < contents->size()) {
      largest = std::max(largest, data.getULEB128(&offset));
      offset += 8;
    }
    return largest;
  }
  return failure();
}

static LogicalResult inspect(ModuleOp kernel, KernelObject &object) {
  llvm::MemoryBufferRef buffer(
      StringRef(object.bytes.data(), object.bytes.size()), object.name);
  auto file = llvm::object::ObjectFile::createObjectFile(buffer);
  if (!file) {
    llvm::consumeError(file.takeError());
    return kernel.emitError("kernel '") << object.name << "' has no readable object";
  }
  for (const llvm::object::SymbolRef &symbol : (*file)->symbols()) {
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    llvm::Expected<StringRef> name = symbol.getName();
    if (!flags || !name) {
      llvm::consumeError(flags.takeError());
      llvm::consumeError(name.takeError());
      return kernel.emitError("kernel '") << object.name << "' has an unreadable symbol";
    }
    if ((*flags & llvm::object::SymbolRef::SF_Undefined) && !name->empty())
      return kernel.emitError("kernel '")
             << object.name << "' needs the symbol '" << *name
             << "', but kernels import nothing";
  }
  FailureOr<uint64_t> stack = readStackBytes(**file);
  if (failed(stack))
    return kernel.emitError("kernel '") << object.name << "' has no stack size";
  object.stack_bytes = *stack;
  if (object.stack_bytes > LATHE_KERNEL_STACK_BYTES)
    return kernel.emitError("kernel '")
           << object.name << "' needs " << object.stack_bytes
           << " bytes of stack, the ABI grants " << LATHE_KERNEL_STACK_BYTES;
  return success();
}

FailureOr<std::vector<char>> assembleModule(Location loc, llvm::Module &module,
                                            const IsaLevel &level) {
  std::unique_ptr<llvm::TargetMachine> machine = makeMachine(level);
  if (!machine)
    return emitError(loc) << "LLVM has no code generator for '" << level.triple
                          << "'";
  module.setDataLayout(machine->createDataLayout());
  module.setTargetTriple(llvm::Triple(level.triple));
  SmallVector<char, 0> bytes;
  if (failed(generate(module, *machine, level, llvm::CodeGenFileType::ObjectFile,
                      bytes)))
    return emitError(loc) << "cannot emit an object for level '" << level.name
                          << "'";
  return std::vector<char>(bytes.begin(), bytes.end());
}

FailureOr<KernelObject> emitObject(ModuleOp kernel, const IsaLevel &level,
                                   const ObjectOptions &options) {
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module =
      translateModuleToLLVMIR(kernel, context);
  if (!module)
    return failure();
  std::unique_ptr<llvm::TargetMachine> machine = makeMachine(level);
  if (!machine)
    return kernel.emitError("LLVM has no code generator for '")
           << level.triple << "'";
  module->setDataLayout(machine->createDataLayout());
  module->setTargetTriple(llvm::Triple(level.triple));
  setAttributes(*module, level);
  optimize(*module, *machine);

  KernelObject object;
  for (llvm::Function &function : *module)
    if (!function.isDeclaration())
      object.name = function.getName().str();
  if (options.keepLlvm) {
    llvm::raw_string_ostream stream(object.llvm_ir);
    module->print(stream, nullptr);
  }
  if (options.keepAssembly) {
    SmallVector<char, 0> text;
    if (failed(generate(*llvm::CloneModule(*module), *machine, level,
                        llvm::CodeGenFileType::AssemblyFile, text)))
      return kernel.emitError("cannot print assembly for this level");
    object.assembly.assign(text.begin(), text.end());
  }
  SmallVector<char, 0> bytes;
  if (failed(generate(*module, *machine, level, llvm::CodeGenFileType::ObjectFile,
                      bytes)))
    return kernel.emitError("cannot emit an object for this level");
  object.bytes.assign(bytes.begin(), bytes.end());
  if (failed(inspect(kernel, object)))
    return failure();
  return object;
}

} // namespace lathe::cpu
