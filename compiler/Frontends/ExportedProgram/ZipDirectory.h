// SPDX-License-Identifier: Apache-2.0
// The members of a zip archive that lies in memory, as byte ranges.
//
// Not minizip: it compares neither the names of the two headers of a member
// nor their sizes, hides the offsets of local headers (so overlapping members
// cannot be seen), and accepts entry counts that the directory does not hold.
// The subset that torch writes (stored members, ZIP64) is small enough to be
// read strictly here: every field that is stated twice must agree.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_ZIPDIRECTORY_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_ZIPDIRECTORY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <vector>

namespace lathe::pt2 {

/// Longest member name that is accepted.
inline constexpr uint64_t kMemberNameBytesMax = 1024;
/// Most members that are accepted.
inline constexpr uint64_t kMemberCountMax = uint64_t(1) << 20;

/// A stored member: `bytes` bytes at `offsetBytes` of the file, checked to lie
/// inside it and to overlap no other member.
struct ZipMember {
  llvm::StringRef name; ///< Points into the archive.
  uint64_t headerOffsetBytes = 0;
  uint64_t offsetBytes = 0;
  uint64_t bytes = 0;
  uint32_t crc32 = 0;
};

/// Sees the names of all entries before any member is located: a file of another
/// kind is best told from them, whatever else is wrong with it.
using ZipNameCheck =
    llvm::function_ref<llvm::Error(llvm::ArrayRef<llvm::StringRef> names)>;

/// Reads the directory of `archive`, in the directory's order. Folder entries
/// are dropped. Allocates in proportion to the entries that really exist.
llvm::Expected<std::vector<ZipMember>>
readZipDirectory(llvm::StringRef archive, ZipNameCheck checkNames = nullptr);

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_ZIPDIRECTORY_H
