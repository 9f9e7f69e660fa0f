// SPDX-License-Identifier: Apache-2.0
#include "test/fuzz/archive_mutator.h"

#include "compiler/Frontends/ExportedProgram/ZipDirectory.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/Endian.h"
#include <cstring>
#include <random>
#include <string>

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t sizeMax);

using namespace lathe;

namespace {

struct Member {
  std::string name, bytes;
};
using Random = std::minstd_rand;

// A stored archive of one disk, as torch writes it.
std::string pack(const std::vector<Member> &members) {
  std::string file, directory;
  auto put = [](std::string &to, uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i)
      to += static_cast<char>(i < 8 ? value >> (8 * i) : 0);
  };
  for (const Member &member : members) {
    std::string sizes;
    put(sizes, llvm::crc32(llvm::arrayRefFromStringRef(member.bytes)), 4);
    put(sizes, member.bytes.size(), 4);
    put(sizes, member.bytes.size(), 4);
    put(sizes, member.name.size(), 2);
    put(sizes, 0, 2); // no extra field
    put(directory, 0x02014b50, 4);
    put(directory, 0, 12); // versions, flags, stored, time
    directory += sizes;
    put(directory, 0, 10); // comment, disk, attributes
    put(directory, file.size(), 4);
    directory += member.name;
    put(file, 0x04034b50, 4);
    put(file, 0, 10); // version, flags, stored, time
    file += sizes + member.name + member.bytes;
  }
  uint64_t begin = file.size();
  file += directory;
  put(file, 0x06054b50, 4);
  put(file, 0, 4); // disks
  put(file, members.size(), 2);
  put(file, members.size(), 2);
  put(file, directory.size(), 4);
  put(file, begin, 4);
  put(file, 0, 2); // no comment
  return file;
}

std::vector<Member> unpack(llvm::StringRef archive) {
  llvm::Expected<std::vector<pt2::ZipMember>> directory = pt2::readZipDirectory(archive);
  std::vector<Member> members;
  if (!directory) {
    llvm::consumeError(directory.takeError());
    return members;
  }
  for (const pt2::ZipMember &member : *directory)
    members.push_back({member.name.str(), archive.substr(member.offsetBytes, member.bytes).str()});
  return members;
}

/// Where a number or a quoted string begins and ends.
struct Token {
  size_t begin, end;
};

llvm::SmallVector<Token> tokens(llvm::StringRef text, bool strings) {
  llvm::SmallVector<Token> found;
  bool inString = false;
  for (size_t i = 0, begin = 0; i < text.size(); ++i) {
    if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) {
      if (inString && strings)
        found.push_back({begin, i});
      inString = !inString;
      begin = i + 1;
    } else if (!inString && !strings && llvm::isDigit(text[i])) {
      begin = i;
      while (i + 1 < text.size() && llvm::isDigit(text[i + 1]))
        ++i;
      found.push_back({begin, i + 1});
    }
  }
  return found;
}

void mutateText(std::string &text, Random &random) {
  static const char *const numbers[] = {"0", "1", "2", "3", "-1", "7", "8", "64", "127", "255",
                                        "65536", "2147483647", "4294967296", "1099511627776",
                                        "4611686018427387904", "9223372036854775807"};
  bool strings = random() % 2;
  llvm::SmallVector<Token> found = tokens(text, strings);
  if (!found.empty() && random() % 4 != 0) {
    Token at = found[random() % found.size()], other = found[random() % found.size()];
    bool copies = strings || random() % 2;
    std::string with = copies ? text.substr(other.begin, other.end - other.begin)
                              : numbers[random() % std::size(numbers)];
    text.replace(at.begin, at.end - at.begin, with);
    return;
  }
  if (text.empty())
    return;
  // A few bytes at one place, so that the rest stays JSON.
  size_t begin = random() % text.size();
  size_t count = std::min<size_t>(text.size() - begin, 1 + random() % 32);
  uint8_t part[64];
  std::memcpy(part, text.data() + begin, count);
  size_t made = LLVMFuzzerMutate(part, count, sizeof(part));
  text.replace(begin, count, std::string(reinterpret_cast<char *>(part), made));
}

} // namespace

size_t lathe::test::mutateArchive(uint8_t *data, size_t size, size_t sizeMax, unsigned seed) {
  Random random(seed);
  llvm::StringRef archive(reinterpret_cast<const char *>(data), size);
  std::vector<Member> members;
  if (archive.starts_with("PK") && random() % 16 != 0)
    members = unpack(archive);
  llvm::SmallVector<Member *> texts;
  for (Member &member : members)
    if (llvm::StringRef(member.name).ends_with(".json"))
      texts.push_back(&member);
  if (texts.empty())
    return LLVMFuzzerMutate(data, size, sizeMax);
  for (unsigned count = 1 + random() % 4; count > 0; --count) {
    // The graph is the largest member: most changes fall there.
    Member *largest = *llvm::max_element(texts, [](const Member *a, const Member *b) { return a->bytes.size() < b->bytes.size(); });
    Member *chosen = random() % 4 ? largest : texts[random() % texts.size()];
    mutateText(chosen->bytes, random);
  }
  std::string packed = pack(members);
  if (packed.size() > sizeMax)
    return LLVMFuzzerMutate(data, size, sizeMax);
  std::memcpy(data, packed.data(), packed.size());
  return packed.size();
}
