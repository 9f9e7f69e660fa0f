// SPDX-License-Identifier: Apache-2.0
// A small reader of FlatBuffers: what the schema's generated accessors need, and
// a structural check that is driven by a table of all fields. Upstream's header
// inlines every access and generates a function of checks for each table; here
// an access is a call of eight bytes and a check is three bytes of data, which
// halves the loader, and needs no standard library, so that it serves
// microcontrollers too. The generated accessors are compiled against it under
// another name (program_view.sed), which also makes the table
// (program_layout.cpp); tests compare it with upstream's verifier.
#ifndef LATHE_RUNTIME_CORE_READER_H
#define LATHE_RUNTIME_CORE_READER_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace lathe::reader {

using uoffset = uint32_t;
using soffset = int32_t;
using voffset = uint16_t;

template <typename T> struct Offset {
  uoffset value;
};

template <typename T> T load(const uint8_t *at) {
  T value;
  memcpy(&value, at, sizeof(value));
  return value;
}

/// Element of a vector of tables; see Table for why it is constant.
[[gnu::const]] const void *table_at(const void *vector, uint32_t index);

/// How elements of a vector are given out.
template <typename T> struct element {
  using type = T;
  static type get(const uint8_t *vector, uint32_t index) {
    return load<T>(vector + sizeof(uoffset) + size_t{index} * sizeof(T));
  }
};
template <typename T> struct element<Offset<T>> {
  using type = const T *;
  static type get(const uint8_t *vector, uint32_t index) {
    return static_cast<const T *>(table_at(vector, index));
  }
};

template <typename T> class Vector {
public:
  uint32_t size() const { return size_; }
  const uint8_t *Data() const { return reinterpret_cast<const uint8_t *>(this + 1); }
  const T *data() const { return reinterpret_cast<const T *>(Data()); }
  typename element<T>::type Get(uint32_t index) const {
    return element<T>::get(reinterpret_cast<const uint8_t *>(this), index);
  }

protected:
  uint32_t size_;
};

class String : public Vector<char> {
public:
  const char *c_str() const { return data(); }
};

template <typename T> inline constexpr bool is_vector = false;
template <typename T> inline constexpr bool is_vector<Vector<T>> = true;
template <> inline constexpr bool is_vector<String> = true;

/// A fixed array inside a struct; overlaid on its elements.
template <typename T, uint16_t length> class Array {
public:
  const T *Data() const { return reinterpret_cast<const T *>(this); }
};

template <typename T, uint16_t length>
const Array<T, length> &CastToArray(const T (&values)[length]) {
  return reinterpret_cast<const Array<T, length> &>(values);
}

/// What a field of a table holds.
enum class holds : uint8_t {
  scalar, // of `detail` bytes
  bytes,  // a struct of `detail` single bytes
  text,
  vector, // of scalars of `detail` bytes
  table,  // with layout `detail`
  tables, // a vector of them
  member, // of the union: a table with layout `detail` + type - 1; the type is
          // the field before
};

/// How to check one field; a row of a table made from the schema.
struct field_rule {
  uint8_t field; // half its place among the field offsets
  holds content;
  uint8_t detail;
};

/// All tables of a schema. The fields of table i are the rules begin[i] to
/// begin[i + 1]; table 0 is the root.
struct schema_rules {
  const char *identifier;
  const field_rule *rules;
  const uint8_t *begin;
  uint8_t member_count; // of the union
};

/// The root table of a buffer that can be read: offsets, sizes, alignment and
/// nesting are sound. NULL when it cannot. A table counts at every visit, so
/// the work is bounded by tables_max.
const void *check_structure(const uint8_t *data, size_t bytes,
                            const schema_rules &schema, uint32_t tables_max);

/// A table whose structure has been checked. Nobody writes to metadata from
/// then on (it is a private copy or constant memory), hence gnu::const: what an
/// access gave need not be read again.
class Table {
protected:
  template <typename T, voffset field, T missing> T GetField() const {
    if constexpr (sizeof(T) == 1)
      return static_cast<T>(Get1At<field, static_cast<uint8_t>(missing)>());
    else if constexpr (sizeof(T) == 4)
      return static_cast<T>(Get4At<field, static_cast<uint32_t>(missing)>());
    else
      return static_cast<T>(Get8At<field, static_cast<uint64_t>(missing)>());
  }
  /// A missing vector or text is an empty one, a missing table is NULL.
  template <typename P, voffset field> P GetPointer() const {
    if constexpr (is_vector<std::remove_cv_t<std::remove_pointer_t<P>>>)
      return static_cast<P>(VectorAt<field>());
    else
      return static_cast<P>(Follow(field));
  }
  template <typename P, voffset field> P GetStruct() const {
    return reinterpret_cast<P>(Find(field));
  }

private:
  // A function of ten bytes for each place of a field, which the tables share:
  // a call of it passes the table and nothing else.
  template <voffset field, uint8_t missing>
  [[gnu::const, gnu::noinline]] uint64_t Get1At() const {
    return Get1(field, missing);
  }
  template <voffset field, uint32_t missing>
  [[gnu::const, gnu::noinline]] uint64_t Get4At() const {
    return Get4(field, missing);
  }
  template <voffset field, uint64_t missing>
  [[gnu::const, gnu::noinline]] uint64_t Get8At() const {
    return Get8(field, missing);
  }
  template <voffset field>
  [[gnu::const, gnu::noinline]] const void *VectorAt() const {
    return FollowVector(field);
  }

  /// Address of a field's value, NULL when it has the default.
  [[gnu::const]] const uint8_t *Find(voffset field) const;
  /// What an offset field leads to, NULL when it is missing.
  [[gnu::const]] const void *Follow(voffset field) const;
  /// The same, but an empty vector when it is missing.
  [[gnu::const]] const void *FollowVector(voffset field) const;
  [[gnu::const]] uint64_t Get1(voffset field, uint8_t missing) const;
  [[gnu::const]] uint64_t Get4(voffset field, uint32_t missing) const;
  [[gnu::const]] uint64_t Get8(voffset field, uint64_t missing) const;
};

} // namespace lathe::reader

#endif // LATHE_RUNTIME_CORE_READER_H
