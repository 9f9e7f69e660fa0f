// SPDX-License-Identifier: Apache-2.0
#include "compiler/ProgramLocations.h"

#include "runtime/include/lathe/limits.h"
#include "runtime/schema/file_layout.h"

#include <cstring>

using namespace lathe;

// Element `index`, which is there.
template <typename T> static T read(llvm::StringRef bytes, size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

ProgramLocations::ProgramLocations(llvm::StringRef segment) {
  if (segment.size() < sizeof(lathe_locations_header))
    return;
  auto header = read<lathe_locations_header>(segment, 0);
  segment = segment.drop_front(sizeof(header));
  uint64_t beginBytes = (uint64_t{header.list_count} + 1) * sizeof(uint32_t);
  uint64_t recordBytes = uint64_t{header.record_count} * sizeof(lathe_location_record);
  if (header.magic != LATHE_LOCATIONS_MAGIC || beginBytes + recordBytes + header.text_bytes > segment.size())
    return;
  begins = segment.take_front(beginBytes);
  records = segment.substr(beginBytes, recordBytes);
  texts = segment.substr(beginBytes + recordBytes, header.text_bytes);
}

size_t ProgramLocations::count(uint64_t list) const {
  size_t places = begins.size() / sizeof(uint32_t);
  if (places < 2 || list > places - 2)
    return 0;
  auto begin = read<uint32_t>(begins, list), end = read<uint32_t>(begins, list + 1);
  bool fits = begin <= end && end <= records.size() / sizeof(lathe_location_record);
  return fits ? end - begin : 0;
}

graph::ModelNode ProgramLocations::get(uint64_t list, size_t index) const {
  if (index >= count(list))
    return {};
  auto record = read<lathe_location_record>(records, read<uint32_t>(begins, list) + index);
  return {text(record.node), text(record.op), text(record.file), text(record.function), record.line};
}

llvm::StringRef ProgramLocations::text(uint32_t offset) const {
  if (offset >= texts.size())
    return {};
  llvm::StringRef rest = texts.substr(offset, LATHE_MAX_NAME_BYTES);
  return rest.substr(0, rest.find('\0'));
}
