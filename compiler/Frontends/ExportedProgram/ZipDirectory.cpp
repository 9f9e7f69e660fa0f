// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/ZipDirectory.h"

#include "compiler/Frontends/Fault.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FormatVariadic.h"

namespace lathe::pt2 {
namespace {

constexpr uint32_t kLocalSignature = 0x04034b50;
constexpr uint32_t kCentralSignature = 0x02014b50;
constexpr uint32_t kEndSignature = 0x06054b50;
constexpr uint32_t kEnd64Signature = 0x06064b50;
constexpr uint32_t kLocator64Signature = 0x07064b50;
constexpr uint64_t kLocalBytes = 30;
constexpr uint64_t kCentralBytes = 46;
constexpr uint64_t kEndBytes = 22;
constexpr uint64_t kEnd64Bytes = 56;
constexpr uint64_t kLocator64Bytes = 20;
constexpr uint64_t kCommentBytesMax = 0xffff;
constexpr uint16_t kFlagEncrypted = 1;
constexpr uint16_t kFlagSizesFollow = 8;
constexpr uint16_t kExtraZip64 = 1;
constexpr uint32_t kIn64 = 0xffffffff; ///< "See the ZIP64 field instead."

llvm::Error damaged(const llvm::Twine &what, const llvm::Twine &why = "") {
  return makeFault(FaultCode::ArchiveDamaged, what, why,
                   "export the model again, or copy the file again");
}

/// One entry of the central directory with its ZIP64 fields resolved.
struct CentralEntry {
  uint16_t flags = 0, method = 0;
  uint64_t storedBytes = 0;
  ZipMember member;
};

struct DirectoryRange {
  uint64_t begin = 0, end = 0, entryCount = 0;
};

class ZipReader {
public:
  explicit ZipReader(llvm::StringRef archive) : archive(archive) {}
  llvm::Expected<std::vector<ZipMember>> read(ZipNameCheck checkNames);

private:
  uint16_t u16(uint64_t at) const {
    return llvm::support::endian::read16le(archive.data() + at);
  }
  uint32_t u32(uint64_t at) const {
    return llvm::support::endian::read32le(archive.data() + at);
  }
  uint64_t u64(uint64_t at) const {
    return llvm::support::endian::read64le(archive.data() + at);
  }
  /// Whether [at, at + bytes) lies in [0, end).
  static bool fits(uint64_t at, uint64_t bytes, uint64_t end) {
    return at <= end && bytes <= end - at;
  }

  llvm::Expected<uint64_t> findEnd() const;
  llvm::Expected<DirectoryRange> findDirectory() const;
  llvm::Error readEnd64(uint64_t locator, DirectoryRange &range) const;
  llvm::Expected<CentralEntry> readCentral(uint64_t &at, uint64_t end) const;
  llvm::Error readExtra64(llvm::StringRef extra, CentralEntry &entry) const;
  llvm::Error checkName(llvm::StringRef name) const;
  llvm::Error locate(CentralEntry &entry, uint64_t end) const;
  llvm::Error checkLocalSizes(const CentralEntry &entry) const;
  llvm::Error checkOverlap(llvm::ArrayRef<ZipMember> members) const;

  llvm::StringRef archive;
};

llvm::Expected<uint64_t> ZipReader::findEnd() const {
  auto refuse = [](const llvm::Twine &why) {
    return makeFault(FaultCode::NotAnArchive, "this is not a .pt2 file", why,
                     "pass a file that torch.export.save wrote");
  };
  if (archive.empty())
    return refuse("the file has 0 bytes");
  uint64_t size = archive.size();
  for (uint64_t comment = 0; comment <= kCommentBytesMax; ++comment) {
    if (!fits(0, kEndBytes + comment, size))
      break;
    uint64_t at = size - kEndBytes - comment;
    if (u32(at) == kEndSignature && u16(at + 20) == comment)
      return at;
  }
  if (!archive.starts_with("PK\x03\x04"))
    return refuse("it is no zip archive: it neither begins nor ends like one");
  return damaged("the archive is cut: it has no end of central directory",
                 llvm::formatv("the file begins like a zip archive but has only "
                               "{0} bytes",
                               size)
                     .str());
}

llvm::Error ZipReader::readEnd64(uint64_t locator,
                                 DirectoryRange &range) const {
  uint64_t at = u64(locator + 8);
  if (u32(locator + 4) != 0 || u32(locator + 16) > 1)
    return damaged("the archive spans several disks");
  if (!fits(at, kEnd64Bytes, locator) || u32(at) != kEnd64Signature)
    return damaged("the ZIP64 end of central directory is not where its "
                   "locator says");
  if (u64(at + 4) != locator - at - 12)
    return damaged("the ZIP64 end of central directory has a wrong size");
  if (u32(at + 16) != 0 || u32(at + 20) != 0 || u64(at + 24) != u64(at + 32))
    return damaged("the archive spans several disks");
  uint64_t bytes = u64(at + 40), begin = u64(at + 48), count = u64(at + 32);
  auto agrees = [](uint64_t narrow, uint64_t escape, uint64_t wide) {
    return narrow == escape || narrow == wide;
  };
  if (!agrees(range.entryCount, 0xffff, count) ||
      !agrees(range.end - range.begin, kIn64, bytes) ||
      !agrees(range.begin, kIn64, begin))
    return damaged("the two ends of central directory (zip and ZIP64) "
                   "disagree");
  if (!fits(begin, bytes, at) || begin + bytes != at)
    return damaged("the central directory does not end where the file says",
                   llvm::formatv("offset {0} + {1} bytes must be {2}", begin,
                                 bytes, at)
                       .str());
  range = {begin, at, count};
  return llvm::Error::success();
}

llvm::Expected<DirectoryRange> ZipReader::findDirectory() const {
  llvm::Expected<uint64_t> found = findEnd();
  if (!found)
    return found.takeError();
  uint64_t at = *found;
  if (u16(at + 4) != 0 || u16(at + 6) != 0 || u16(at + 8) != u16(at + 10))
    return damaged("the archive spans several disks");
  DirectoryRange range;
  range.entryCount = u16(at + 10);
  range.begin = u32(at + 16);
  range.end = range.begin + u32(at + 12);
  if (at >= kLocator64Bytes &&
      u32(at - kLocator64Bytes) == kLocator64Signature) {
    if (llvm::Error error = readEnd64(at - kLocator64Bytes, range))
      return error;
    return range;
  }
  if (range.end != at)
    return damaged("the central directory does not end where the file says",
                   llvm::formatv("it should end at {0}, the file says {1}", at,
                                 range.end)
                       .str());
  return range;
}

llvm::Error ZipReader::checkName(llvm::StringRef name) const {
  if (name.empty() || name.size() > kMemberNameBytesMax)
    return damaged(llvm::formatv("a member's name has {0} bytes (1 to {1} are "
                                 "accepted)",
                                 name.size(), kMemberNameBytesMax)
                       .str());
  bool isUnsafe = name.front() == '/' || name.contains('\\') ||
                  llvm::any_of(name, [](unsigned char c) { return c < 0x20; });
  for (llvm::StringRef part : llvm::split(name.rtrim('/'), '/'))
    isUnsafe |= part.empty() || part == "." || part == "..";
  if (!isUnsafe)
    return llvm::Error::success();
  std::string shown;
  llvm::raw_string_ostream(shown).write_escaped(name);
  return damaged("the member name '" + shown + "' is not a plain path");
}

llvm::Error ZipReader::readExtra64(llvm::StringRef extra,
                                   CentralEntry &entry) const {
  ZipMember &member = entry.member;
  bool wantsBytes = member.bytes == kIn64;
  bool wantsStored = entry.storedBytes == kIn64;
  bool wantsOffset = member.headerOffsetBytes == kIn64;
  uint64_t wanted = 8 * (wantsBytes + wantsStored + wantsOffset);
  while (extra.size() >= 4) {
    uint16_t id = llvm::support::endian::read16le(extra.data());
    uint64_t bytes = llvm::support::endian::read16le(extra.data() + 2);
    extra = extra.drop_front(4);
    if (bytes > extra.size())
      return damaged("the extra field of member '" + member.name +
                     "' is cut");
    if (id == kExtraZip64 && bytes >= wanted) {
      const char *at = extra.data();
      for (auto [isWanted, target] :
           {std::pair(wantsBytes, &member.bytes),
            std::pair(wantsStored, &entry.storedBytes),
            std::pair(wantsOffset, &member.headerOffsetBytes)})
        if (isWanted) {
          *target = llvm::support::endian::read64le(at);
          at += 8;
        }
      return llvm::Error::success();
    }
    extra = extra.drop_front(bytes);
  }
  if (wanted == 0)
    return llvm::Error::success();
  return damaged("member '" + member.name + "' lacks its ZIP64 sizes");
}

llvm::Expected<CentralEntry> ZipReader::readCentral(uint64_t &at,
                                                    uint64_t end) const {
  if (!fits(at, kCentralBytes, end) || u32(at) != kCentralSignature)
    return damaged(llvm::formatv("the central directory is damaged at offset "
                                 "{0}",
                                 at)
                       .str());
  CentralEntry entry;
  entry.flags = u16(at + 8);
  entry.method = u16(at + 10);
  entry.member.crc32 = u32(at + 16);
  entry.storedBytes = u32(at + 20);
  entry.member.bytes = u32(at + 24);
  uint64_t nameBytes = u16(at + 28), extraBytes = u16(at + 30);
  uint64_t commentBytes = u16(at + 32);
  uint16_t disk = u16(at + 34);
  entry.member.headerOffsetBytes = u32(at + 42);
  at += kCentralBytes;
  if (!fits(at, nameBytes + extraBytes + commentBytes, end))
    return damaged("an entry of the central directory leaves the directory");
  entry.member.name = archive.substr(at, nameBytes);
  if (llvm::Error error = checkName(entry.member.name))
    return error;
  if (disk != 0)
    return damaged("the archive spans several disks");
  llvm::StringRef extra = archive.substr(at + nameBytes, extraBytes);
  if (llvm::Error error = readExtra64(extra, entry))
    return error;
  at += nameBytes + extraBytes + commentBytes;
  return entry;
}

llvm::Error ZipReader::checkLocalSizes(const CentralEntry &entry) const {
  const ZipMember &member = entry.member;
  uint64_t at = member.headerOffsetBytes;
  uint32_t crc = u32(at + 14), stored = u32(at + 18), bytes = u32(at + 22);
  bool isDeferred = (entry.flags & kFlagSizesFollow) != 0;
  auto agrees = [&](uint32_t local, uint64_t central) {
    return local == central || local == kIn64 || (isDeferred && local == 0);
  };
  if (agrees(stored, member.bytes) && agrees(bytes, member.bytes) &&
      (crc == member.crc32 || (isDeferred && crc == 0)))
    return llvm::Error::success();
  return damaged("the two headers of member '" + member.name +
                 "' disagree about its size or checksum");
}

/// Finds the payload of a member through its local header. `end` is where the
/// central directory begins: no member may reach into it.
llvm::Error ZipReader::locate(CentralEntry &entry, uint64_t end) const {
  ZipMember &member = entry.member;
  if (entry.flags & kFlagEncrypted)
    return makeFault(FaultCode::ArchiveCompressed,
                     "member '" + member.name + "' is encrypted", "",
                     "export the model again without a password");
  if (entry.method != 0 || entry.storedBytes != member.bytes)
    return makeFault(
        FaultCode::ArchiveCompressed,
        llvm::formatv("member '{0}' is compressed (zip method {1})",
                      member.name, entry.method)
            .str(),
        "torch stores members uncompressed so that weights can be mapped from "
        "the file; this archive was packed again by another tool",
        "use the original file, or unpack it and pack it with `zip -0 -r`");
  uint64_t at = member.headerOffsetBytes;
  if (!fits(at, kLocalBytes, end))
    return damaged("the local header of member '" + member.name +
                       "' lies beyond the file",
                   llvm::formatv("its offset is {0}, members end at {1}", at,
                                 end)
                       .str());
  if (u32(at) != kLocalSignature)
    return damaged("member '" + member.name + "' has no local header");
  uint64_t nameBytes = u16(at + 26), extraBytes = u16(at + 28);
  if (!fits(at + kLocalBytes, nameBytes + extraBytes, end))
    return damaged("the local header of member '" + member.name + "' is cut");
  llvm::StringRef localName = archive.substr(at + kLocalBytes, nameBytes);
  if (localName != member.name) {
    std::string shown;
    llvm::raw_string_ostream(shown).write_escaped(localName);
    return damaged("the directory entry of member '" + member.name +
                   "' points at the local header of '" + shown + "'");
  }
  if (u16(at + 8) != 0)
    return damaged("the two headers of member '" + member.name +
                   "' disagree about its compression");
  if (llvm::Error error = checkLocalSizes(entry))
    return error;
  member.offsetBytes = at + kLocalBytes + nameBytes + extraBytes;
  if (!fits(member.offsetBytes, member.bytes, end))
    return damaged("member '" + member.name + "' ends beyond the file",
                   llvm::formatv("{0} bytes at offset {1} do not fit into {2}",
                                 member.bytes, member.offsetBytes, end)
                       .str());
  return llvm::Error::success();
}

llvm::Error
ZipReader::checkOverlap(llvm::ArrayRef<ZipMember> members) const {
  std::vector<const ZipMember *> byOffset;
  llvm::StringSet<> names;
  for (const ZipMember &member : members) {
    if (!names.insert(member.name).second)
      return damaged("member '" + member.name + "' occurs twice");
    byOffset.push_back(&member);
  }
  llvm::sort(byOffset, [](const ZipMember *a, const ZipMember *b) {
    return a->headerOffsetBytes < b->headerOffsetBytes;
  });
  for (size_t i = 1; i < byOffset.size(); ++i) {
    const ZipMember &before = *byOffset[i - 1];
    if (before.offsetBytes + before.bytes > byOffset[i]->headerOffsetBytes)
      return damaged("members '" + before.name + "' and '" +
                     byOffset[i]->name + "' overlap");
  }
  return llvm::Error::success();
}

llvm::Expected<std::vector<ZipMember>> ZipReader::read(ZipNameCheck checkNames) {
  llvm::Expected<DirectoryRange> range = findDirectory();
  if (!range)
    return range.takeError();
  std::vector<CentralEntry> entries;
  for (uint64_t at = range->begin; at != range->end;) {
    llvm::Expected<CentralEntry> entry = readCentral(at, range->end);
    if (!entry)
      return entry.takeError();
    if (entries.size() == kMemberCountMax)
      return makeFault(FaultCode::LimitExceeded,
                       llvm::formatv("the archive has more than {0} members",
                                     kMemberCountMax)
                           .str());
    entries.push_back(*entry);
  }
  if (entries.size() != range->entryCount)
    return damaged(llvm::formatv("the end of the central directory claims {0} "
                                 "entries; there are {1}",
                                 range->entryCount, entries.size())
                       .str());
  std::vector<llvm::StringRef> names;
  for (const CentralEntry &entry : entries)
    names.push_back(entry.member.name);
  if (checkNames)
    if (llvm::Error error = checkNames(names))
      return error;
  std::vector<ZipMember> members;
  for (CentralEntry &entry : entries) {
    if (llvm::Error error = locate(entry, range->begin))
      return error;
    if (!entry.member.name.ends_with("/"))
      members.push_back(entry.member);
  }
  if (llvm::Error error = checkOverlap(members))
    return error;
  return members;
}

} // namespace

llvm::Expected<std::vector<ZipMember>>
readZipDirectory(llvm::StringRef archive, ZipNameCheck checkNames) {
  return ZipReader(archive).read(checkNames);
}

} // namespace lathe::pt2
