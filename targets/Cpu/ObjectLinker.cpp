// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/ObjectLinker.h"

#include "runtime/include/lathe/kernel_abi.h"
#include "targets/Cpu/LinkerRun.h"
#include "targets/Cpu/ObjectEmitter.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"
#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/ELFObjectFile.h"

using namespace mlir;

namespace lathe::cpu {
namespace {

std::string prefixOf(const KernelImage &image) { return image.level + "."; }

/// Writes the module of constants: the bytes of the program file by `.incbin`,
/// so that weights never pass through the compiler's memory as a constant, and
/// the tables that point to them as IR, so that LLVM lays them out as C does.
class ModelConstants {
public:
  ModelConstants(llvm::LLVMContext &context, const LinkedModel &model)
      : module("lathe", context), context(context), model(model) {}

  llvm::Module &build(const CompiledKernels &compiled);

private:
  llvm::Constant *bytesOf(StringRef name, const LinkedModel::Part &part);
  llvm::Constant *declare(StringRef name);
  llvm::GlobalVariable *define(llvm::Constant *value, StringRef name,
                               llvm::GlobalValue::LinkageTypes linkage);

  llvm::Module module;
  llvm::LLVMContext &context;
  const LinkedModel &model;
};

llvm::Constant *ModelConstants::declare(StringRef name) {
  auto *variable = new llvm::GlobalVariable(
      module, llvm::Type::getInt8Ty(context), /*isConstant=*/true,
      llvm::GlobalValue::ExternalLinkage, nullptr, name);
  variable->setVisibility(llvm::GlobalValue::HiddenVisibility);
  return variable;
}

llvm::GlobalVariable *
ModelConstants::define(llvm::Constant *value, StringRef name,
                       llvm::GlobalValue::LinkageTypes linkage) {
  return new llvm::GlobalVariable(module, value->getType(),
                                  /*isConstant=*/true, linkage, value, name);
}

llvm::Constant *ModelConstants::bytesOf(StringRef name,
                                        const LinkedModel::Part &part) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << ".section .rodata.lathe,\"a\",%progbits\n.p2align 6\n.globl " << name
     << "\n.hidden " << name << "\n.type " << name << ", %object\n"
     << name << ":\n.incbin \"";
  for (char c : model.file)
    os << (c == '"' || c == '\\' ? "\\" : "") << c;
  os << "\", " << part.offset_bytes << ", " << part.bytes << "\n.size " << name
     << ", " << part.bytes << "\n";
  module.appendModuleInlineAsm(text);
  return declare(name);
}

llvm::Module &ModelConstants::build(const CompiledKernels &compiled) {
  // Pointers and size_t have one width on every machine that has levels.
  auto *pointer = llvm::PointerType::get(context, 0);
  auto *size = llvm::Type::getInt64Ty(context);
  auto *word = llvm::Type::getInt32Ty(context);
  auto local = llvm::GlobalValue::PrivateLinkage;
  auto table = [&](llvm::Type *element, ArrayRef<llvm::Constant *> values,
                   StringRef name) -> llvm::Constant * {
    if (values.empty())
      return llvm::ConstantPointerNull::get(pointer);
    auto *type = llvm::ArrayType::get(element, values.size());
    return define(llvm::ConstantArray::get(type, values), name, local);
  };

  SmallVector<llvm::Constant *> kernels, weights;
  for (const KernelImage &image : compiled.images)
    for (const KernelInfo &kernel : compiled.kernels)
      kernels.push_back(declare(prefixOf(image) + kernel.name));
  auto *segment = llvm::StructType::get(context, {pointer, size});
  for (auto [index, part] : llvm::enumerate(model.weights))
    weights.push_back(llvm::ConstantStruct::get(
        segment, {bytesOf("lathe.weights." + std::to_string(index), part),
                  llvm::ConstantInt::get(size, part.bytes)}));

  // The fields of lathe_static_model.
  llvm::Constant *fields[] = {
      llvm::ConstantInt::get(word, 0), // struct_bytes, known when all types are
      llvm::ConstantInt::get(word, LATHE_KERNEL_ABI_VERSION),
      bytesOf("lathe.metadata", model.metadata),
      llvm::ConstantInt::get(size, model.metadata.bytes),
      table(segment, weights, "lathe.segments"),
      llvm::ConstantInt::get(word, weights.size()),
      llvm::ConstantInt::get(word, kernels.size()),
      table(pointer, kernels, "lathe.kernels"),
      llvm::ConstantDataArray::get(context, ArrayRef<uint8_t>(model.digest))};
  SmallVector<llvm::Type *> types;
  for (llvm::Constant *field : fields)
    types.push_back(field->getType());
  auto *type = llvm::StructType::get(context, types);
  llvm::DataLayout layout("e-p:64:64-i64:64");
  fields[0] = llvm::ConstantInt::get(
      word, layout.getTypeAllocSize(type).getFixedValue());
  define(llvm::ConstantStruct::get(type, fields), model.symbol,
         llvm::GlobalValue::ExternalLinkage);
  return module;
}

/// Rewrites the symbols of an object, and drops what no linker needs.
FailureOr<std::vector<char>>
rewriteObject(Location loc, ArrayRef<uint8_t> object,
              llvm::function_ref<llvm::Error(llvm::objcopy::CommonConfig &)>
                  change) {
  auto refuse = [&](llvm::Error error) {
    return emitError(loc) << "cannot rewrite an object: "
                          << llvm::toString(std::move(error));
  };
  auto file = llvm::object::ObjectFile::createObjectFile(llvm::MemoryBufferRef(
      StringRef(reinterpret_cast<const char *>(object.data()), object.size()),
      "kernels"));
  if (!file)
    return refuse(file.takeError());
  llvm::objcopy::ConfigManager config;
  for (StringRef section : {".comment", ".stack_sizes", ".llvm_addrsig"})
    if (llvm::Error error =
            config.Common.ToRemove.addMatcher(llvm::objcopy::NameOrPattern::create(
                section, llvm::objcopy::MatchStyle::Literal,
                [](llvm::Error error) { return error; })))
      return refuse(std::move(error));
  if (llvm::Error error = change(config.Common))
    return refuse(std::move(error));
  SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  if (llvm::Error error =
          llvm::objcopy::executeObjcopyOnBinary(config, **file, stream))
    return refuse(std::move(error));
  return std::vector<char>(bytes.begin(), bytes.end());
}

} // namespace

FailureOr<std::vector<uint8_t>> linkObject(Location loc,
                                           const CompiledKernels &compiled,
                                           const LinkedModel &model) {
  const IsaLevel *level = findIsaLevel(compiled.images.front().level);
  TemporaryFolder folder;
  if (failed(folder.create()))
    return emitError(loc) << "cannot create a folder for temporary files";
  llvm::LLVMContext context;
  ModelConstants constants(context, model);
  FailureOr<std::vector<char>> data =
      assembleModule(loc, constants.build(compiled), *level);
  std::string combined = folder.file("all.o");
  std::vector<std::string> arguments = {"-r", "-o", combined,
                                        folder.file("model.o")};
  if (failed(data) || failed(writeFile(loc, arguments.back(), *data)))
    return failure();
  for (const KernelImage &image : compiled.images) {
    std::string prefix = prefixOf(image);
    auto renamed = rewriteObject(loc, image.object, [&](auto &config) {
      config.SymbolsPrefix = prefix;
      return llvm::Error::success();
    });
    arguments.push_back(folder.file(prefix + "o"));
    if (failed(renamed) || failed(writeFile(loc, arguments.back(), *renamed)))
      return failure();
  }
  if (failed(runLinker(loc, *level, arguments)))
    return failure();
  FailureOr<std::vector<uint8_t>> object = readFile(loc, combined);
  if (failed(object))
    return failure();
  auto closed = rewriteObject(loc, *object, [&](auto &config) {
    return config.SymbolsToKeepGlobal.addMatcher(
        llvm::objcopy::NameOrPattern::create(
            model.symbol, llvm::objcopy::MatchStyle::Literal,
            [](llvm::Error error) { return error; }));
  });
  if (failed(closed))
    return failure();
  return std::vector<uint8_t>(closed->begin(), closed->end());
}

} // namespace lathe::cpu
