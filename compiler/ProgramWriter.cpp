// SPDX-License-Identifier: Apache-2.0
#include "compiler/ProgramWriter.h"

#include "compiler/HashBeside.h"
#include "compiler/LimitError.h"
#include "compiler/OutputFile.h"
#include "compiler/ProgramMetadata.h"
#include "compiler/Sha256.h"
#include "compiler/WeightsAhead.h"
#include "dialects/Graph/WeightStore.h"
#include "dialects/Program/ProgramDialect.h"
#include "runtime/include/lathe/limits.h"
#include "runtime/schema/file_layout.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>

using namespace mlir;
using namespace lathe;

namespace {

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

/// One of the two files while it is written front to back.
struct FileStream {
  llvm::raw_pwrite_stream *stream = nullptr;
  uint64_t end = 0;

  void padTo(uint64_t offset) {
    for (; end < offset; end += std::min<uint64_t>(offset - end, 4096))
      stream->write_zeros(static_cast<unsigned>(std::min<uint64_t>(offset - end, 4096)));
  }
};

class FileWriter {
public:
  FileWriter(ModuleOp module, llvm::raw_pwrite_stream &program, llvm::raw_pwrite_stream *sidecar,
             const ProgramWriterOptions &options)
      : module(module), options(options), symbols(module),
        segments(llvm::to_vector(module.getOps<program::SegmentOp>())), places(segments.size()),
        computed(options, computedWeights()) {
    files[0].stream = &program;
    files[1].stream = sidecar;
  }
  LogicalResult write();

private:
  std::vector<WeightsAhead::Request> computedWeights();
  graph::WeightOp weightOf(program::ChunkOp op);
  LogicalResult prepare();
  LogicalResult writeSegment(program::SegmentOp op, SegmentPlace &place);
  LogicalResult writeChunk(program::ChunkOp op, FileStream &file, HashBeside &hash);
  void writeSidecarHeader();
  LogicalResult writeProgramHeader();

  ModuleOp module;
  const ProgramWriterOptions &options;
  SymbolTable symbols;
  SmallVector<program::SegmentOp> segments;
  std::vector<SegmentPlace> places;
  WeightsAhead computed;
  FileStream files[2];
  SidecarPlace sidecar;
  bool hasSidecar = false;
  uint64_t metadataBytes = 0;
};

uint64_t segmentAlignment(program::SegmentOp op) {
  return op.getKind() == program::SegmentKind::Code ? LATHE_CODE_ALIGNMENT
                                                    : LATHE_SEGMENT_ALIGNMENT;
}

template <size_t N> void setMagic(lathe_file_header &header, const uint8_t (&magic)[N]) {
  std::memcpy(header.magic, magic, sizeof(header.magic));
  header.major = LATHE_FORMAT_MAJOR;
  header.minor = LATHE_FORMAT_MINOR;
}

ArrayRef<uint8_t> bytesOf(const lathe_file_header &header) {
  return {reinterpret_cast<const uint8_t *>(&header), sizeof(header)};
}

// Null where the chunk has a key, or names no weight.
graph::WeightOp FileWriter::weightOf(program::ChunkOp op) {
  return op.getKey() ? graph::WeightOp()
                     : symbols.lookup<graph::WeightOp>(op.getWeightAttr().getValue());
}

// What writeChunk takes, in its order.
std::vector<WeightsAhead::Request> FileWriter::computedWeights() {
  std::vector<WeightsAhead::Request> requests;
  for (program::SegmentOp segment : segments)
    for (auto chunk : segment.getBody().getOps<program::ChunkOp>())
      if (graph::WeightOp weight = weightOf(chunk))
        requests.push_back({weight, chunk.getBytes()});
  return requests;
}

LogicalResult FileWriter::prepare() {
  if (failed(checkFieldWidths(module)))
    return failure();
  // Places and digests do not change the size of the metadata; any non-zero
  // offset stands for them.
  for (SegmentPlace &place : places)
    place.offset_bytes = 1;
  for (auto [index, segment] : llvm::enumerate(segments)) {
    hasSidecar |= segment.getFile() == program::SegmentFile::Sidecar;
    if (hasSidecar && segment.getFile() == program::SegmentFile::Program)
      return segment.emitOpError("of the program file stands behind one of the sidecar");
  }
  if (hasSidecar && !files[1].stream)
    return module.emitError("has segments in a sidecar, which has no place to go to");
  sidecar.file_bytes = 1;
  auto sizing = buildProgramMetadata(module, places, hasSidecar ? &sidecar : nullptr);
  if (failed(sizing))
    return failure();
  metadataBytes = sizing->size();
  if (metadataBytes > LATHE_MAX_METADATA_BYTES)
    return beyondLimit(module.emitError("needs "))
           << metadataBytes << " bytes of metadata, the limit is " << LATHE_MAX_METADATA_BYTES;
  files[0].padTo(LATHE_HEADER_BYTES + metadataBytes);
  if (hasSidecar)
    files[1].padTo(LATHE_HEADER_BYTES);
  return success();
}

LogicalResult FileWriter::writeChunk(program::ChunkOp op, FileStream &file, HashBeside &hash) {
  uint64_t written = 0;
  auto append = [&](ArrayRef<char> bytes) {
    written += bytes.size();
    if (written > op.getBytes())
      return false; // reported below
    file.stream->write(bytes.data(), bytes.size());
    file.end += bytes.size();
    return true;
  };
  if (std::optional<StringRef> key = op.getKey()) {
    WeightStore &store =
        op.getContext()->getOrLoadDialect<graph::GraphDialect>()->getWeightStore();
    const WeightView *view = store.find(*key);
    if (!view)
      return op.emitOpError("has no bytes: the weight store lacks key '") << *key << "'";
    WeightStore::forEachDenseChunk(*view, [&](ArrayRef<char> bytes) {
      if (append(bytes))
        hash.updateNow(bytes);
    });
  } else {
    graph::WeightOp weight = weightOf(op);
    if (!weight)
      return op.emitOpError("refers to ") << op.getWeightAttr() << ", which is no graph.weight";
    if (!options.evaluateInitializer)
      return op.emitOpError("needs an evaluator of initializers, none was given");
    llvm::Expected<std::vector<char>> bytes = computed.takeNext();
    if (!bytes)
      return weight.emitError(llvm::toString(bytes.takeError()));
    if (append(*bytes))
      hash.update(std::move(*bytes));
  }
  if (written != op.getBytes())
    return op.emitOpError("has ") << op.getBytes() << " bytes, its content " << written;
  return success();
}

LogicalResult FileWriter::writeSegment(program::SegmentOp op, SegmentPlace &place) {
  FileStream &file = files[static_cast<int>(op.getFile())];
  place.offset_bytes = llvm::alignTo(file.end, segmentAlignment(op));
  file.padTo(place.offset_bytes);
  HashBeside hash(options.pool);
  uint64_t start = file.end;
  auto zeros = [&](uint64_t offset) {
    static const char block[4096] = {};
    for (uint64_t left = start + offset - file.end; left > 0;) {
      uint64_t count = std::min<uint64_t>(left, sizeof(block));
      hash.update(std::vector<char>(block, block + count));
      file.padTo(file.end + count);
      left -= count;
    }
  };
  for (auto chunk : op.getBody().getOps<program::ChunkOp>()) {
    zeros(chunk.getOffsetBytes());
    if (failed(writeChunk(chunk, file, hash)))
      return failure();
  }
  zeros(op.getBytes());
  auto digest = hash.final();
  std::copy(digest.begin(), digest.end(), place.sha256.begin());
  return success();
}

void FileWriter::writeSidecarHeader() {
  static const uint8_t magic[] = LATHE_SIDECAR_MAGIC;
  lathe_file_header header{};
  setMagic(header, magic);
  header.file_bytes = files[1].end;
  Sha256 hash;
  hash.update(bytesOf(header));
  for (auto [segment, place] : llvm::zip(segments, places))
    if (segment.getFile() == program::SegmentFile::Sidecar)
      hash.update(ArrayRef<uint8_t>(place.sha256));
  auto digest = hash.final();
  std::copy(digest.begin(), digest.end(), header.digest);
  sidecar.file_bytes = header.file_bytes;
  std::copy(digest.begin(), digest.end(), sidecar.digest.begin());
  files[1].stream->pwrite(reinterpret_cast<const char *>(&header), sizeof(header), 0);
}

LogicalResult FileWriter::writeProgramHeader() {
  auto metadata = buildProgramMetadata(module, places, hasSidecar ? &sidecar : nullptr);
  if (failed(metadata))
    return failure();
  if (metadata->size() != metadataBytes)
    return module.emitError("the size of the metadata depends on places and digests");
  static const uint8_t magic[] = LATHE_PROGRAM_MAGIC;
  lathe_file_header header{};
  setMagic(header, magic);
  header.file_bytes = files[0].end;
  header.metadata_offset_bytes = LATHE_HEADER_BYTES;
  header.metadata_bytes = static_cast<uint32_t>(metadataBytes);
  Sha256 hash;
  hash.update(bytesOf(header));
  hash.update(ArrayRef<uint8_t>(*metadata));
  auto digest = hash.final();
  std::copy(digest.begin(), digest.end(), header.digest);
  llvm::raw_pwrite_stream &stream = *files[0].stream;
  stream.pwrite(reinterpret_cast<const char *>(&header), sizeof(header), 0);
  stream.pwrite(reinterpret_cast<const char *>(metadata->data()), metadataBytes,
                LATHE_HEADER_BYTES);
  return success();
}

LogicalResult FileWriter::write() {
  if (failed(prepare()))
    return failure();
  for (auto [segment, place] : llvm::zip(segments, places))
    if (failed(writeSegment(segment, place)))
      return failure();
  if (hasSidecar)
    writeSidecarHeader();
  if (options.programBytes)
    *options.programBytes = files[0].end;
  return writeProgramHeader();
}

/// A file that is written beside its place; discarded unless kept.
class PendingFile {
public:
  PendingFile(ModuleOp module, const ProgramWriterOptions &options)
      : module(module), options(options) {}
  LogicalResult open(StringRef path) {
    auto created = llvm::sys::fs::TempFile::create(path + ".%%%%%%.tmp", 0644);
    if (!created)
      return report(path, created.takeError());
    file.emplace(std::move(*created));
    stream = std::make_unique<llvm::raw_fd_ostream>(file->FD, /*shouldClose=*/false);
    return success();
  }
  LogicalResult keep(StringRef path) {
    stream->flush();
    if (std::error_code code = stream->error()) {
      stream->clear_error();
      return report(path, llvm::errorCodeToError(code));
    }
    stream.reset();
    if (llvm::Error error = file->keep(path)) {
      file.reset();
      return report(path, std::move(error));
    }
    file.reset();
    return success();
  }
  /// Everything is in the file, which still has its other name; empty: failed.
  StringRef finish(StringRef path) {
    stream->flush();
    if (std::error_code code = stream->error()) {
      stream->clear_error();
      (void)report(path, llvm::errorCodeToError(code));
      return "";
    }
    return file->TmpName;
  }
  ~PendingFile() {
    if (stream)
      stream->clear_error();
    stream.reset();
    if (file)
      llvm::consumeError(file->discard());
  }
  std::unique_ptr<llvm::raw_fd_ostream> stream;

private:
  LogicalResult report(StringRef path, llvm::Error error) {
    return failWrite(module, options, path, llvm::toString(std::move(error)));
  }
  ModuleOp module;
  const ProgramWriterOptions &options;
  std::optional<llvm::sys::fs::TempFile> file;
};

} // namespace

LogicalResult lathe::writeProgram(ModuleOp module, llvm::raw_pwrite_stream &program,
                                  llvm::raw_pwrite_stream *sidecar,
                                  const ProgramWriterOptions &options) {
  return FileWriter(module, program, sidecar, options).write();
}

std::string lathe::sidecarPath(StringRef programPath) {
  programPath.consume_back(".lathe");
  return (programPath + ".lathew").str();
}

LogicalResult lathe::failWrite(ModuleOp module, const ProgramWriterOptions &options, StringRef path,
                               const Twine &reason) {
  if (!options.reportUnwritable)
    return module.emitError("cannot write ") << path << ": " << reason;
  options.reportUnwritable(path, reason.str());
  return failure();
}

// The writer goes back to the header at the end, which a pipe does not allow.
static LogicalResult writeThrough(ModuleOp module, StringRef path,
                                  const ProgramWriterOptions &options) {
  SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream whole(bytes);
  if (failed(writeProgram(module, whole, nullptr, options)))
    return failure();
  if (options.verify && failed(options.verify({"", "", bytes})))
    return failure();
  if (llvm::Error error = writeOutput(path, StringRef(bytes.data(), bytes.size())))
    return failWrite(module, options, path, llvm::toString(std::move(error)));
  return success();
}

LogicalResult lathe::writeProgramFile(ModuleOp module, StringRef path,
                                      const ProgramWriterOptions &options) {
  bool needsSidecar = llvm::any_of(module.getOps<program::SegmentOp>(), [](program::SegmentOp op) {
    return op.getFile() == program::SegmentFile::Sidecar;
  });
  if (isStream(path))
    return needsSidecar ? failWrite(module, options, path, "it is no regular file, and a sidecar belongs beside it")
                        : writeThrough(module, path, options);
  std::string beside = sidecarPath(path);
  PendingFile program(module, options), sidecar(module, options);
  if (failed(program.open(path)) || (needsSidecar && failed(sidecar.open(beside))))
    return failure();
  if (failed(writeProgram(module, *program.stream, sidecar.stream.get(), options)))
    return failure();
  if (options.verify) {
    WrittenProgram written;
    written.path = program.finish(path);
    if (needsSidecar)
      written.sidecar_path = sidecar.finish(beside);
    if (written.path.empty() || (needsSidecar && written.sidecar_path.empty()) || failed(options.verify(written)))
      return failure();
  }
  // The sidecar first: a program never stands without its weights.
  if (needsSidecar && failed(sidecar.keep(beside)))
    return failure();
  return program.keep(path);
}
