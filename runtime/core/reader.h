// SPDX-License-Identifier: Apache-2.0
// A small reader of FlatBuffers: what the schema's generated accessors and
// structural checks need, and no more. Upstream's header inlines every access;
// here each is a call of a few bytes, which halves the loader, and needs no
// standard library, so that it serves microcontrollers too. The generated code
// is compiled against it under another name (program_view.sed); tests compare
// it with upstream's verifier.
#ifndef LATHE_RUNTIME_CORE_READER_H
#define LATHE_RUNTIME_CORE_READER_H

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lathe::reader {

using uoffset = uint32_t;
using soffset = int32_t;
using voffset = uint16_t;

template <typename T> struct Offset {
  uoffset value;
};

/// How elements of a vector are stored and given out.
template <typename T> struct element {
  using type = T;
  static constexpr size_t bytes = sizeof(T);
  static type get(const uint8_t *at) {
    T value;
    memcpy(&value, at, sizeof(value));
    return value;
  }
};
template <typename T> struct element<Offset<T>> {
  using type = const T *;
  static constexpr size_t bytes = sizeof(uoffset);
  static type get(const uint8_t *at) {
    return reinterpret_cast<const T *>(at + element<uoffset>::get(at));
  }
};

template <typename T> class Vector {
public:
  uint32_t size() const { return size_; }
  const uint8_t *Data() const { return reinterpret_cast<const uint8_t *>(this + 1); }
  const T *data() const { return reinterpret_cast<const T *>(Data()); }
  typename element<T>::type Get(uint32_t index) const {
    return element<T>::get(Data() + size_t{index} * element<T>::bytes);
  }

protected:
  uint32_t size_;
};

class String : public Vector<char> {
public:
  const char *c_str() const { return data(); }
};

/// A fixed array inside a struct; overlaid on its elements.
template <typename T, uint16_t length> class Array {
public:
  const T *Data() const { return reinterpret_cast<const T *>(this); }
};

template <typename T, uint16_t length>
const Array<T, length> &CastToArray(const T (&values)[length]) {
  return reinterpret_cast<const Array<T, length> &>(values);
}

/// Checks that a buffer can be read: offsets, sizes, alignment, nesting. A
/// table counts at every visit, so the work is bounded by tables_max.
class Verifier {
public:
  Verifier(const uint8_t *data, size_t bytes, uint32_t depth_max,
           uint32_t tables_max)
      : data_(data), bytes_(bytes), depth_left_(depth_max),
        tables_left_(tables_max) {}

  /// The root table of a buffer with this identifier; NULL when it has none.
  const uint8_t *Root(const char *identifier) const;

  bool TableStart(const uint8_t *table);
  bool EndTable() {
    ++depth_left_;
    return true;
  }
  bool Field(const uint8_t *table, voffset field, size_t bytes, size_t align) const;
  /// An offset field leads into the buffer, to something aligned to 4.
  bool OffsetField(const uint8_t *table, voffset field) const;
  bool Vector(const void *vector, size_t element_bytes, size_t align) const;
  bool VerifyString(const String *text) const;
  template <typename T> bool VerifyVector(const reader::Vector<T> *vector) const {
    return Vector(vector, element<T>::bytes, element<T>::bytes);
  }
  /// The function checks one element.
  bool Tables(const void *vector, bool (*check)(const void *, Verifier &));
  template <typename T>
  bool VerifyVectorOfTables(const reader::Vector<Offset<T>> *vector) {
    return Tables(vector, [](const void *table, Verifier &verifier) {
      return static_cast<const T *>(table)->Verify(verifier);
    });
  }
  template <typename T> bool VerifyTable(const T *table) {
    return !table || table->Verify(*this);
  }

private:
  bool inside(const uint8_t *at, size_t bytes, size_t align) const;

  const uint8_t *data_;
  size_t bytes_;
  uint32_t depth_left_, tables_left_;
};

class Table {
public:
  /// Address of a field's value, NULL when it has the default.
  const uint8_t *Find(voffset field) const;
  /// What an offset field leads to, NULL when it is missing.
  const void *Follow(voffset field) const;
  uint64_t Get1(voffset field, uint8_t missing) const;
  uint64_t Get4(voffset field, uint32_t missing) const;
  uint64_t Get8(voffset field, uint64_t missing) const;

protected:
  template <typename T> T GetField(voffset field, T missing) const {
    if constexpr (sizeof(T) == 1)
      return static_cast<T>(Get1(field, static_cast<uint8_t>(missing)));
    else if constexpr (sizeof(T) == 4)
      return static_cast<T>(Get4(field, static_cast<uint32_t>(missing)));
    else
      return static_cast<T>(Get8(field, static_cast<uint64_t>(missing)));
  }
  template <typename P> P GetPointer(voffset field) const {
    return static_cast<P>(Follow(field));
  }
  template <typename P> P GetStruct(voffset field) const {
    return reinterpret_cast<P>(Find(field));
  }
  const uint8_t *address() const { return reinterpret_cast<const uint8_t *>(this); }
  bool VerifyTableStart(Verifier &verifier) const {
    return verifier.TableStart(address());
  }
  template <typename T>
  bool VerifyField(const Verifier &verifier, voffset field, size_t align) const {
    return verifier.Field(address(), field, sizeof(T), align);
  }
  bool VerifyOffset(const Verifier &verifier, voffset field) const {
    return verifier.OffsetField(address(), field);
  }
};

} // namespace lathe::reader

#endif // LATHE_RUNTIME_CORE_READER_H
