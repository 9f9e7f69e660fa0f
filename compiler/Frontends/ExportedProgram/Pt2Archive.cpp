// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/Pt2Archive.h"

#include "compiler/Frontends/Fault.h"
#include "runtime/schema/file_layout.h"
#include "mlir/IR/Threading.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

namespace lathe::pt2 {

static constexpr llvm::StringLiteral kExportAgain =
    "export the model again with torch 2.9 to 2.13 (torch.export.save)";
static constexpr llvm::StringLiteral kExportModule =
    "load the module in Python and export it: "
    "torch.export.save(torch.export.export(module.eval(), (example_input,)), "
    "\"model.pt2\")";

llvm::Expected<std::unique_ptr<Pt2Archive>>
Pt2Archive::open(llvm::StringRef path, mlir::MLIRContext *context) {
  auto refuse = [&](const llvm::Twine &why) {
    return withFile(makeFault(FaultCode::FileUnreadable,
                              "cannot read the model file", why),
                    path);
  };
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return refuse(error.message());
  if (!llvm::sys::fs::is_regular_file(status))
    return refuse("it is not a regular file");
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return refuse(buffer.getError().message());
  return read(std::move(*buffer), context);
}

llvm::Expected<std::unique_ptr<Pt2Archive>>
Pt2Archive::read(std::unique_ptr<llvm::MemoryBuffer> buffer, mlir::MLIRContext *context) {
  std::unique_ptr<Pt2Archive> archive(new Pt2Archive(std::move(buffer)));
  if (llvm::Error error = archive->load(context))
    return withFile(std::move(error), archive->path());
  return archive;
}

/// Model files of other kinds, by their first bytes.
static llvm::Error refuseOtherFiles(llvm::StringRef bytes) {
  auto refuse = [](const llvm::Twine &what, const llvm::Twine &why,
                   const llvm::Twine &remedy) {
    return makeFault(FaultCode::NotAnExportedProgram, what, why, remedy);
  };
  static constexpr char kProgram[] = LATHE_PROGRAM_MAGIC;
  if (bytes.starts_with(llvm::StringRef(kProgram, sizeof(kProgram))))
    return refuse("this is a Lathe program, which is already compiled", "",
                  "run it with lathe-run, or compile the model that it was made from");
  if (bytes.substr(4, 4) == "TFL3")
    return refuse("this is a TensorFlow Lite file, which is not supported yet",
                  "", "export the model from PyTorch: torch.export.save");
  // A ModelProto begins with its version and a text: producer, domain or note.
  bool isVersion = bytes.size() > 3 && bytes[0] == 8 && bytes[1] > 0 && bytes[1] < 32;
  if (isVersion && llvm::StringRef("\x12\x1a\x22\x32\x3a\x42").contains(bytes[2]))
    return refuse("this is an ONNX file, which is not supported yet", "",
                  "export the model from PyTorch: torch.export.save");
  if (bytes.size() > 2 && bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5)
    return refuse("this is a pickle, not an exported program",
                  "torch.save wrote files of this kind up to torch 1.5; pickles "
                  "are never executed",
                  kExportModule);
  return llvm::Error::success();
}

/// Zip archives that torch writes for other purposes, by their members.
static llvm::Error refuseOtherArchives(llvm::ArrayRef<llvm::StringRef> names) {
  bool isExported = false, isScript = false, isPickle = false;
  for (llvm::StringRef name : names) {
    llvm::StringRef rest = name.split('/').second;
    isExported |= rest == "archive_format";
    isScript |= rest == "constants.pkl" || rest.starts_with("code/");
    isPickle |= rest == "data.pkl";
  }
  if (isExported || (!isScript && !isPickle))
    return llvm::Error::success();
  if (isScript)
    return makeFault(FaultCode::NotAnExportedProgram,
                     "this is a TorchScript file (torch.jit.save), not an "
                     "exported program",
                     "it holds Python code and pickles, which are never executed",
                     kExportModule);
  return makeFault(FaultCode::NotAnExportedProgram,
                   "this is a torch.save file (weights or a whole module), not "
                   "an exported program",
                   "it holds a pickle (data.pkl), which is never executed, and "
                   "weights alone are no model",
                   kExportModule);
}

llvm::Error Pt2Archive::load(mlir::MLIRContext *context) {
  if (llvm::Error error = refuseOtherFiles(buffer->getBuffer()))
    return error;
  llvm::Expected<std::vector<ZipMember>> directory =
      readZipDirectory(buffer->getBuffer(), refuseOtherArchives);
  if (!directory)
    return directory.takeError();
  allMembers = std::move(*directory);
  if (llvm::Error error = stripRoot())
    return error;
  for (auto [index, member] : llvm::enumerate(allMembers))
    indexOfName[member.name] = index;
  if (llvm::Error error = checkLayout())
    return error;
  return checkSums(context);
}

/// torch writes every member below one folder, which is named after the file;
/// its first exporters (up to 2.7) wrote members at the root.
llvm::Error Pt2Archive::stripRoot() {
  auto hasName = [&](llvm::StringRef name) {
    return llvm::any_of(allMembers, [&](const ZipMember &member) {
      return member.name == name;
    });
  };
  if (hasName("serialized_exported_program.json"))
    return makeFault(FaultCode::ArchiveVersion,
                     "this .pt2 file has the layout of torch 2.7 or older",
                     "its weights are pickles, which are never executed",
                     kExportAgain);
  if (allMembers.empty())
    return makeFault(FaultCode::NotAnExportedProgram,
                     "the archive has no members");
  llvm::StringRef root = allMembers.front().name.split('/').first;
  for (ZipMember &member : allMembers) {
    auto [first, rest] = member.name.split('/');
    if (first != root || rest.empty())
      return makeFault(FaultCode::NotAnExportedProgram,
                       "the archive holds no exported program",
                       "member '" + member.name +
                           "' does not lie in the one root folder that "
                           "torch.export.save makes",
                       kExportAgain);
    member.name = rest;
  }
  return llvm::Error::success();
}

llvm::Error Pt2Archive::checkLayout() {
  const ZipMember *format = find("archive_format");
  if (!format || bytes(*format).trim() != "pt2")
    return makeFault(FaultCode::NotAnExportedProgram,
                     "the archive holds no exported program",
                     format ? "its archive_format is not 'pt2'"
                            : "it has no member archive_format",
                     kExportAgain);
  llvm::Expected<llvm::StringRef> version = require("archive_version");
  if (!version)
    return version.takeError();
  if (version->trim() != "0")
    return makeFault(FaultCode::ArchiveVersion,
                     "the archive has version '" +
                         version->trim().substr(0, 16) +
                         "'; this reader knows version 0",
                     "", kExportAgain);
  const ZipMember *order = find("byteorder");
  if (order && bytes(*order).trim() != "little")
    return makeFault(FaultCode::ArchiveVersion,
                     "the weights are not little-endian", "",
                     "export the model on a little-endian machine");
  for (const ZipMember &member : allMembers) {
    llvm::StringRef name = member.name;
    if (!name.consume_front("models/") || !name.consume_back(".json"))
      continue;
    if (!name.contains('/'))
      models.push_back(name.str());
  }
  llvm::sort(models);
  if (models.empty())
    return makeFault(FaultCode::MemberMissing,
                     "the archive lacks models/model.json",
                     "it has no member models/<name>.json that describes the "
                     "graph",
                     kExportAgain);
  return llvm::Error::success();
}

llvm::Error Pt2Archive::checkSums(mlir::MLIRContext *context) const {
  std::vector<uint32_t> sums(allMembers.size());
  auto sum = [&](size_t index) {
    sums[index] = llvm::crc32(llvm::arrayRefFromStringRef(bytes(allMembers[index])));
  };
  if (context)
    mlir::parallelFor(context, 0, sums.size(), sum);
  else
    for (size_t index = 0; index < sums.size(); ++index)
      sum(index);
  for (auto [member, found] : llvm::zip_equal(allMembers, sums))
    if (found != member.crc32)
      return makeFault(
          FaultCode::ArchiveChecksum,
          "member '" + member.name + "' is damaged: its CRC-32 does not match",
          llvm::formatv("the file says {0:x8}, its bytes give {1:x8}",
                        member.crc32, found)
              .str(),
          "copy or export the file again");
  return llvm::Error::success();
}

const ZipMember *Pt2Archive::find(llvm::StringRef name) const {
  auto it = indexOfName.find(name);
  return it == indexOfName.end() ? nullptr : &allMembers[it->second];
}

llvm::Expected<llvm::StringRef>
Pt2Archive::require(llvm::StringRef name) const {
  if (const ZipMember *member = find(name))
    return bytes(*member);
  return makeFault(FaultCode::MemberMissing, "the archive lacks " + name, "",
                   kExportAgain);
}

llvm::Expected<std::string>
Pt2Archive::chooseModel(llvm::StringRef name) const {
  if (name.empty() && models.size() == 1)
    return models.front();
  if (llvm::is_contained(models, name))
    return name.str();
  std::string list = llvm::join(models, ", ");
  if (name.empty())
    return makeFault(FaultCode::ModelUnclear,
                     "the archive holds several models", "they are " + list,
                     "name the one to compile");
  return makeFault(FaultCode::ModelUnclear,
                   "the archive holds no model '" + name + "'",
                   "it holds " + list);
}

} // namespace lathe::pt2
