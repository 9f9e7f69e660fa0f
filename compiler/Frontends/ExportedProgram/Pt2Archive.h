// SPDX-License-Identifier: Apache-2.0
// A .pt2 file (torch.export.save of torch 2.9 to 2.13), mapped and checked:
// its members by their path below the archive's root folder, as bytes of the
// mapping. Nothing is copied and nothing is unpickled.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_PT2ARCHIVE_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_PT2ARCHIVE_H

#include "compiler/Frontends/ExportedProgram/ZipDirectory.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>
#include <vector>

namespace lathe::pt2 {

class Pt2Archive {
public:
  /// Maps a regular file. The mapping lives as long as the archive. Sums are
  /// checked by the threads of `context`, by this one without it.
  static llvm::Expected<std::unique_ptr<Pt2Archive>>
  open(llvm::StringRef path, mlir::MLIRContext *context = nullptr);
  /// The same for bytes that are in memory already; `buffer`'s identifier is
  /// the file name in messages.
  static llvm::Expected<std::unique_ptr<Pt2Archive>>
  read(std::unique_ptr<llvm::MemoryBuffer> buffer, mlir::MLIRContext *context = nullptr);

  llvm::StringRef path() const { return buffer->getBufferIdentifier(); }
  /// The members; names have lost the root folder.
  llvm::ArrayRef<ZipMember> members() const { return allMembers; }
  /// Null where there is no such member.
  const ZipMember *find(llvm::StringRef name) const;
  llvm::StringRef bytes(const ZipMember &member) const {
    return buffer->getBuffer().substr(member.offsetBytes, member.bytes);
  }
  /// Names of the models (members models/<name>.json), sorted.
  llvm::ArrayRef<std::string> modelNames() const { return models; }

  /// The only model, or the one called `name` where `name` is not empty.
  llvm::Expected<std::string> chooseModel(llvm::StringRef name) const;
  /// The bytes of a member that must exist.
  llvm::Expected<llvm::StringRef> require(llvm::StringRef name) const;

private:
  explicit Pt2Archive(std::unique_ptr<llvm::MemoryBuffer> buffer)
      : buffer(std::move(buffer)) {}
  llvm::Error load(mlir::MLIRContext *context);
  llvm::Error stripRoot();
  llvm::Error checkLayout();
  llvm::Error checkSums(mlir::MLIRContext *context) const;

  std::unique_ptr<llvm::MemoryBuffer> buffer;
  std::vector<ZipMember> allMembers;
  llvm::StringMap<size_t> indexOfName;
  std::vector<std::string> models;
};

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_PT2ARCHIVE_H
