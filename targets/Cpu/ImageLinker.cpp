// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/ImageLinker.h"

#include "targets/Cpu/LinkerRun.h"

#include "llvm/Object/ELFObjectFile.h"

using namespace mlir;

namespace lathe::cpu {
namespace {

/// Constants first, then code; what only a dynamic loader reads comes behind,
/// so that the image is a prefix of the address space. Sections that have no
/// place in an image are kept apart, to be found and refused.
constexpr StringLiteral linkerScript = R"(SECTIONS {
  . = 0;
  .rodata : { *(SORT(.rodata) .rodata .rodata.*) }
  .text : ALIGN(64) { *(.text .text.*) }
  . = ALIGN(65536);
  .dynsym : { *(.dynsym) }
  .hash : { *(.hash) }
  .dynstr : { *(.dynstr) }
  .rela.dyn : { *(.rela.dyn .rela.plt) }
  . = ALIGN(65536);
  .dynamic : { *(.dynamic) }
  .writable : { *(.data .data.* .bss .bss.* .tdata .tbss .got .got.plt) }
  /DISCARD/ : { *(.comment) *(.note.*) *(.eh_frame) *(.stack_sizes)
                *(.llvm_addrsig) *(.llvm.*) }
}
)";

/// Fills the image from the linked object `elf`.
class ImageReader {
public:
  ImageReader(Location loc, KernelImage &image) : loc(loc), image(image) {}

  LogicalResult read(ArrayRef<KernelObject> objects) {
    StringRef bytes(reinterpret_cast<const char *>(image.debug_elf.data()),
                    image.debug_elf.size());
    auto file = llvm::object::ELFFile<llvm::object::ELF64LE>::create(bytes);
    if (!file)
      return refuse(llvm::toString(file.takeError()));
    auto sections = file->sections();
    if (!sections)
      return refuse(llvm::toString(sections.takeError()));
    for (const auto &section : *sections) {
      auto name = file->getSectionName(section);
      if (!name)
        return refuse(llvm::toString(name.takeError()));
      if (failed(readSection(*file, section, *name)))
        return failure();
    }
    if (image.text_bytes == 0)
      return refuse("there is no code");
    return readEntries(*file, *sections, objects);
  }

private:
  using File = llvm::object::ELFFile<llvm::object::ELF64LE>;
  using Section = llvm::object::ELF64LE::Shdr;

  LogicalResult refuse(const Twine &why) {
    return emitError(loc) << "level '" << image.level
                          << "' gives no loadable image: " << why;
  }

  LogicalResult readSection(const File &file, const Section &section,
                            StringRef name) {
    if (!(section.sh_flags & llvm::ELF::SHF_ALLOC) || section.sh_size == 0)
      return success();
    if (name == ".rela.dyn" || name == ".relr.dyn")
      return refuse("kernels hold absolute addresses");
    if (name == ".writable")
      return refuse("kernels hold writable data");
    if (name == ".dynsym" || name == ".hash" || name == ".dynstr" ||
        name == ".dynamic")
      return success();
    if (name != ".rodata" && name != ".text")
      return refuse("unexpected section '" + name + "'");
    auto contents = file.getSectionContents(section);
    if (!contents)
      return refuse(llvm::toString(contents.takeError()));
    uint64_t end = section.sh_addr + section.sh_size;
    if (image.bytes.size() < end)
      image.bytes.resize(end);
    llvm::copy(*contents, image.bytes.begin() + section.sh_addr);
    if (name == ".text") {
      image.text_offset_bytes = section.sh_addr;
      image.text_bytes = section.sh_size;
    }
    return success();
  }

  LogicalResult readEntries(const File &file, ArrayRef<Section> sections,
                            ArrayRef<KernelObject> objects) {
    llvm::StringMap<uint64_t> addresses;
    for (const Section &section : sections) {
      if (section.sh_type != llvm::ELF::SHT_DYNSYM)
        continue;
      auto symbols = file.symbols(&section);
      auto strings = file.getStringTableForSymtab(section);
      if (!symbols || !strings) {
        llvm::consumeError(symbols.takeError());
        llvm::consumeError(strings.takeError());
        return refuse("its symbols cannot be read");
      }
      for (const auto &symbol : *symbols)
        if (auto name = symbol.getName(*strings))
          addresses[*name] = symbol.st_value;
        else
          llvm::consumeError(name.takeError());
    }
    for (const KernelObject &object : objects) {
      auto found = addresses.find(object.name);
      if (found == addresses.end() ||
          found->second < image.text_offset_bytes ||
          found->second >= image.text_offset_bytes + image.text_bytes)
        return refuse("kernel '" + object.name + "' has no entry");
      image.entries.push_back(found->second);
    }
    return success();
  }

  Location loc;
  KernelImage &image;
};

} // namespace

/// What decides an image: the objects by name and in their order, and the level.
static KernelCache::Key imageKey(const KernelCache &cache, ArrayRef<KernelObject> objects,
                                 const IsaLevel &level) {
  std::vector<StringRef> parts = {"image", level.name, linkerScript};
  for (const KernelObject &object : objects) {
    parts.push_back(object.name);
    parts.push_back(StringRef(object.bytes.data(), object.bytes.size()));
  }
  return cache.makeKey(parts);
}

/// Links to a shared object: `image.debug_elf`, and `image.object` if wanted.
static LogicalResult link(Location loc, ArrayRef<KernelObject> objects, const IsaLevel &level,
                          bool keepObject, KernelImage &image) {
  TemporaryFolder folder;
  if (failed(folder.create()))
    return emitError(loc) << "cannot create a folder for temporary files";
  std::vector<std::string> inputs;
  for (auto [index, object] : llvm::enumerate(objects)) {
    inputs.push_back(folder.file(Twine(index) + ".o"));
    if (failed(writeFile(loc, inputs.back(), object.bytes)))
      return failure();
  }
  std::string script = folder.file("image.lds"), shared = folder.file("image");
  if (failed(writeFile(loc, script,
                       ArrayRef(linkerScript.data(), linkerScript.size()))))
    return failure();
  std::vector<std::string> arguments;
  for (StringRef argument :
       {"-shared", "-Bsymbolic", "--no-undefined", "--hash-style=sysv", "-z",
        "norelro", "-z", "max-page-size=65536", "-soname", "lathe-kernels",
        "-T"})
    arguments.push_back(argument.str());
  arguments.insert(arguments.end(), {script, "-o", shared});
  llvm::append_range(arguments, inputs);
  if (failed(runLinker(loc, level, arguments)))
    return failure();
  FailureOr<std::vector<uint8_t>> elf = readFile(loc, shared);
  if (failed(elf))
    return failure();
  image.debug_elf = std::move(*elf);
  if (keepObject) {
    std::string combined = folder.file("all.o");
    arguments = {"-r", "-o", combined};
    llvm::append_range(arguments, inputs);
    if (failed(runLinker(loc, level, arguments)))
      return failure();
    FailureOr<std::vector<uint8_t>> object = readFile(loc, combined);
    if (failed(object))
      return failure();
    image.object = std::move(*object);
  }
  return success();
}

FailureOr<KernelImage> linkImage(Location loc, ArrayRef<KernelObject> objects,
                                 const IsaLevel &level, bool keepObject, KernelCache *cache) {
  KernelImage image;
  image.level = level.name.str();
  image.format = level.imageFormat;
  image.features = level.requiredFeatures;
  std::optional<std::string> known;
  KernelCache::Key key{};
  if (cache && !keepObject) {
    key = imageKey(*cache, objects, level);
    known = cache->find(key);
  }
  if (known)
    image.debug_elf.assign(known->begin(), known->end());
  else if (failed(link(loc, objects, level, keepObject, image)))
    return failure();
  if (failed(ImageReader(loc, image).read(objects)))
    return failure();
  if (cache && !keepObject && !known)
    cache->store(key, llvm::toStringRef(ArrayRef<uint8_t>(image.debug_elf)));
  return image;
}

} // namespace lathe::cpu
