// SPDX-License-Identifier: Apache-2.0
#include "targets/CompilerIdentity.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <link.h>
#include <string>
#include <vector>

namespace lathe {

/// What identifies one loaded file: its build id, or else the hash of its bytes.
/// Empty if neither can be had.
static std::string identify(const dl_phdr_info &file) {
  for (const ElfW(Phdr) & segment : llvm::ArrayRef(file.dlpi_phdr, file.dlpi_phnum)) {
    if (segment.p_type != PT_NOTE)
      continue;
    llvm::StringRef notes(reinterpret_cast<const char *>(file.dlpi_addr + segment.p_vaddr),
                          segment.p_memsz);
    while (notes.size() >= sizeof(ElfW(Nhdr))) {
      ElfW(Nhdr) head;
      std::memcpy(&head, notes.data(), sizeof(head));
      uint64_t name = sizeof(head), text = name + llvm::alignTo(head.n_namesz, 4);
      if (text + head.n_descsz > notes.size())
        break;
      if (head.n_type == NT_GNU_BUILD_ID && head.n_descsz > 0 &&
          notes.substr(name, head.n_namesz) == llvm::StringRef("GNU\0", 4))
        return "id" + notes.substr(text, head.n_descsz).str();
      notes = notes.drop_front(std::min<uint64_t>(notes.size(), text + llvm::alignTo(head.n_descsz, 4)));
    }
  }
  // The program itself has no name here.
  llvm::StringRef path = file.dlpi_name && *file.dlpi_name ? file.dlpi_name : "/proc/self/exe";
  auto bytes = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!bytes)
    return "";
  auto digest = llvm::BLAKE3::hash(llvm::arrayRefFromStringRef((*bytes)->getBuffer()));
  return "file" + std::string(digest.begin(), digest.end());
}

std::optional<std::array<uint8_t, 32>> hashCompiler() {
  std::vector<std::string> names;
  dl_iterate_phdr(
      [](dl_phdr_info *file, size_t, void *result) {
        // The kernel's own code in each process computes nothing for a compiler.
        if (!llvm::StringRef(file->dlpi_name).starts_with("linux-"))
          static_cast<std::vector<std::string> *>(result)->push_back(identify(*file));
        return 0;
      },
      &names);
  if (names.empty() || llvm::is_contained(names, ""))
    return std::nullopt;
  // Libraries that are loaded in another order are the same ones.
  llvm::sort(names);
  llvm::BLAKE3 hash;
  for (const std::string &name : names) {
    hash.update(std::to_string(name.size()) + ":");
    hash.update(name);
  }
  return hash.final<32>();
}

} // namespace lathe
