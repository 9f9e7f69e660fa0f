// SPDX-License-Identifier: Apache-2.0
#include "runtime/core/reader.h"

namespace lathe::reader {

namespace {

template <typename T> T load(const uint8_t *at) { return element<T>::get(at); }

} // namespace

bool Verifier::inside(const uint8_t *at, size_t bytes, size_t align) const {
  auto offset = static_cast<size_t>(at - data_);
  return offset <= bytes_ && bytes <= bytes_ - offset &&
         (offset & (align - 1)) == 0;
}

const uint8_t *Verifier::Root(const char *identifier) const {
  if (bytes_ < 8 || memcmp(data_ + 4, identifier, 4) != 0)
    return nullptr;
  auto root = load<uoffset>(data_);
  return root != 0 && root < bytes_ ? data_ + root : nullptr;
}

bool Verifier::TableStart(const uint8_t *table) {
  if (depth_left_ == 0 || tables_left_ == 0 || !inside(table, 4, 4))
    return false;
  --depth_left_;
  --tables_left_;
  // The table of field offsets may lie before or behind; the difference of two
  // offsets within the buffer never overflows 64 bits.
  int64_t at = (table - data_) - int64_t{load<soffset>(table)};
  if (at < 0 || static_cast<uint64_t>(at) > bytes_)
    return false;
  const uint8_t *fields = data_ + at;
  if (!inside(fields, 4, 2))
    return false;
  auto bytes = load<voffset>(fields);
  return bytes >= 4 && bytes % 2 == 0 && inside(fields, bytes, 2);
}

bool Verifier::Field(const uint8_t *table, voffset field, size_t bytes,
                     size_t align) const {
  const uint8_t *at = reinterpret_cast<const Table *>(table)->Find(field);
  return !at || inside(at, bytes, align);
}

bool Verifier::OffsetField(const uint8_t *table, voffset field) const {
  const uint8_t *at = reinterpret_cast<const Table *>(table)->Find(field);
  if (!at)
    return true;
  if (!inside(at, 4, 4))
    return false;
  auto offset = load<uoffset>(at);
  return offset != 0 && offset < bytes_ && inside(at + offset, 4, 4);
}

bool Verifier::Vector(const void *vector, size_t element_bytes,
                      size_t align) const {
  if (!vector)
    return true;
  auto *at = static_cast<const uint8_t *>(vector);
  uint64_t count = load<uint32_t>(at); // OffsetField has checked these bytes
  return inside(at + 4, 0, align) && count <= bytes_ / element_bytes &&
         inside(at + 4, static_cast<size_t>(count) * element_bytes, align);
}

bool Verifier::VerifyString(const String *text) const {
  if (!text)
    return true;
  return Vector(text, 1, 1) && inside(text->Data() + text->size(), 1, 1) &&
         text->Data()[text->size()] == 0;
}

bool Verifier::Tables(const void *vector,
                      bool (*check)(const void *, Verifier &)) {
  if (!vector)
    return true;
  if (!Vector(vector, 4, 4))
    return false;
  auto *at = static_cast<const uint8_t *>(vector);
  auto count = load<uint32_t>(at);
  for (uint32_t i = 0; i < count; ++i) {
    at += 4;
    auto offset = load<uoffset>(at);
    if (offset == 0 || offset >= bytes_ || !inside(at + offset, 4, 4) ||
        !check(at + offset, *this))
      return false;
  }
  return true;
}

const uint8_t *Table::Find(voffset field) const {
  const uint8_t *at = address();
  const uint8_t *fields = at - load<soffset>(at);
  if (field >= load<voffset>(fields))
    return nullptr;
  auto offset = load<voffset>(fields + field);
  return offset ? at + offset : nullptr;
}

const void *Table::Follow(voffset field) const {
  const uint8_t *at = Find(field);
  return at ? at + load<uoffset>(at) : nullptr;
}

uint64_t Table::Get1(voffset field, uint8_t missing) const {
  const uint8_t *at = Find(field);
  return at ? *at : missing;
}

uint64_t Table::Get4(voffset field, uint32_t missing) const {
  const uint8_t *at = Find(field);
  return at ? load<uint32_t>(at) : missing;
}

uint64_t Table::Get8(voffset field, uint64_t missing) const {
  const uint8_t *at = Find(field);
  return at ? load<uint64_t>(at) : missing;
}

} // namespace lathe::reader
