// SPDX-License-Identifier: Apache-2.0
#include "targets/KernelCache.h"

#include "targets/CompilerIdentity.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <unistd.h>

using namespace mlir;
namespace fs = llvm::sys::fs;

namespace lathe {

/// An entry is this, the digest of key and value, and the value.
static constexpr StringLiteral magic = "lathe-kernel-1\n";
static constexpr size_t headBytes = magic.size() + std::tuple_size_v<KernelCache::Key>;

/// pruneCache() looks at files of this name only.
static constexpr StringLiteral prefix = "llvmcache-";

static KernelCache::Key digestOf(const KernelCache::Key &key, StringRef value) {
  llvm::BLAKE3 hash;
  hash.update(key);
  hash.update(value);
  return hash.final<32>();
}

static StringRef toText(const KernelCache::Key &bytes) {
  return StringRef(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

llvm::Expected<std::unique_ptr<KernelCache>> KernelCache::open(StringRef folder) {
  auto refuse = [](const llvm::Twine &why) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), why);
  };
  if (std::error_code error = fs::create_directories(folder, /*IgnoreExisting=*/true, fs::owner_all))
    return refuse("it cannot be made: " + error.message());
  fs::file_status status;
  if (std::error_code error = fs::status(folder, status))
    return refuse(error.message());
  if (status.type() != fs::file_type::directory_file)
    return refuse("it is no folder");
  if (status.getUser() != geteuid() && status.getUser() != 0)
    return refuse("it belongs to another user, who could change what is compiled");
  if (status.permissions() & (fs::group_write | fs::others_write))
    return refuse("others may write there, and so change what is compiled");
  std::optional<Key> identity = hashCompiler();
  if (!identity)
    return refuse("this compiler cannot tell itself from others");
  return std::unique_ptr<KernelCache>(new KernelCache(folder, *identity));
}

KernelCache::Key KernelCache::makeKey(ArrayRef<StringRef> parts) const {
  llvm::BLAKE3 hash;
  hash.update(identity);
  for (StringRef part : parts) {
    uint8_t length[8];
    llvm::support::endian::write64le(length, part.size());
    hash.update(length);
    hash.update(part);
  }
  return hash.final<32>();
}

std::string KernelCache::fileOf(const Key &key) const {
  SmallString<128> file(path);
  llvm::sys::path::append(file, prefix + llvm::toHex(key, /*LowerCase=*/true));
  return std::string(file);
}

std::optional<std::string> KernelCache::find(const Key &key) const {
  int descriptor = -1;
  if (fs::openFileForRead(fileOf(key), descriptor))
    return std::nullopt;
  std::optional<std::string> value;
  fs::file_status status;
  if (!fs::status(descriptor, status) && fs::is_regular_file(status) &&
      status.getSize() >= headBytes && status.getSize() <= kEntryBytesMax) {
    // Read, not mapped: another process may cut the file meanwhile.
    auto buffer = llvm::MemoryBuffer::getOpenFile(descriptor, path, status.getSize(),
                                                  /*RequiresNullTerminator=*/false,
                                                  /*IsVolatile=*/true);
    if (buffer) {
      StringRef bytes = (*buffer)->getBuffer(), rest = bytes.drop_front(headBytes);
      if (bytes.starts_with(magic) &&
          bytes.slice(magic.size(), headBytes) == toText(digestOf(key, rest)))
        value = rest.str();
    }
    // What is used stays: not every file system notes when a file was read.
    if (value)
      (void)fs::setLastAccessAndModificationTime(descriptor, std::chrono::system_clock::now());
  }
  ::close(descriptor);
  return value;
}

void KernelCache::store(const Key &key, StringRef value) {
  if (value.size() > kEntryBytesMax - headBytes)
    return;
  std::string place = fileOf(key);
  auto file = fs::TempFile::create(place + ".%%%%%%.tmp", fs::owner_read | fs::owner_write);
  if (!file)
    return llvm::consumeError(file.takeError());
  bool isWhole;
  {
    llvm::raw_fd_ostream stream(file->FD, /*shouldClose=*/false);
    stream << magic << toText(digestOf(key, value)) << value;
    stream.flush();
    isWhole = !stream.has_error();
    // Its end would report a full disk by ending the process.
    stream.clear_error();
  }
  if (!isWhole)
    return llvm::consumeError(file->discard());
  if (llvm::Error error = file->keep(place))
    return llvm::consumeError(std::move(error));
  changed = true;
}

void KernelCache::prune() {
  if (!changed.exchange(false))
    return;
  llvm::CachePruningPolicy policy;
  policy.Expiration = std::chrono::hours(24 * 90);
  policy.MaxSizeBytes = kBytesMax;
  llvm::pruneCache(path, policy);
}

} // namespace lathe
