// SPDX-License-Identifier: Apache-2.0
#include "runtime/core/reader.h"

#include "runtime/include/lathe/limits.h"

namespace lathe::reader {

namespace {

const uint8_t *find(const uint8_t *table, uint32_t field) {
  const uint8_t *fields = table - load<soffset>(table);
  if (field >= load<voffset>(fields))
    return nullptr;
  auto offset = load<voffset>(fields + field);
  return offset ? table + offset : nullptr;
}

/// Walks all tables below the root, on an explicit stack.
class structure {
public:
  structure(const uint8_t *data, size_t bytes, const schema_rules &schema,
            uint32_t tables_max)
      : data_(data), bytes_(bytes), schema_(schema), tables_left_(tables_max) {}

  const uint8_t *root() const;
  bool check(const uint8_t *root);

private:
  /// A table in the middle of its check. Tables that a field leads to are
  /// visited before the field after it.
  struct visit {
    const uint8_t *table;
    const field_rule *rule, *end;
    const uint8_t *next; // the offset that leads to the next of those tables
    uint32_t left;       // how many there are
    uint8_t layout;      // of these
  };

  bool inside(const uint8_t *at, size_t bytes, size_t align) const;
  bool leads_inside(const uint8_t *offset) const;
  bool vector_fits(const uint8_t *vector, size_t element_bytes) const;
  bool check_text(const uint8_t *text) const;
  bool enter(const uint8_t *table, uint8_t layout);
  bool check_field(visit *top, const field_rule &rule) const;

  const uint8_t *data_;
  size_t bytes_;
  const schema_rules &schema_;
  uint32_t tables_left_;
  uint32_t depth_ = 0;
  visit stack_[LATHE_MAX_METADATA_DEPTH];
};

bool structure::inside(const uint8_t *at, size_t bytes, size_t align) const {
  auto offset = static_cast<size_t>(at - data_);
  return offset <= bytes_ && bytes <= bytes_ - offset &&
         (offset & (align - 1)) == 0;
}

/// Whether these bytes, which lie in the buffer, are an offset to something in
/// the buffer that is aligned to 4.
bool structure::leads_inside(const uint8_t *offset) const {
  auto distance = load<uoffset>(offset);
  return distance != 0 && distance < bytes_ && inside(offset + distance, 4, 4);
}

bool structure::vector_fits(const uint8_t *vector, size_t element_bytes) const {
  uint64_t count = load<uint32_t>(vector);
  return count <= bytes_ / element_bytes &&
         inside(vector + 4, static_cast<size_t>(count) * element_bytes,
                element_bytes);
}

bool structure::check_text(const uint8_t *text) const {
  if (!vector_fits(text, 1))
    return false;
  const uint8_t *end = text + 4 + load<uint32_t>(text);
  return inside(end, 1, 1) && *end == 0;
}

const uint8_t *structure::root() const {
  if (bytes_ < 8 || memcmp(data_ + 4, schema_.identifier, 4) != 0)
    return nullptr;
  auto root = load<uoffset>(data_);
  return root != 0 && root < bytes_ ? data_ + root : nullptr;
}

/// Checks the start of a table and puts it on the stack.
bool structure::enter(const uint8_t *table, uint8_t layout) {
  if (depth_ == LATHE_MAX_METADATA_DEPTH || tables_left_ == 0 ||
      !inside(table, 4, 4))
    return false;
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
  if (bytes < 4 || bytes % 2 != 0 || !inside(fields, bytes, 2))
    return false;
  stack_[depth_++] = {table, schema_.rules + schema_.begin[layout],
                      schema_.rules + schema_.begin[layout + 1], nullptr, 0, 0};
  return true;
}

/// Checks what a field holds; tables that it leads to are left to visit.
bool structure::check_field(visit *top, const field_rule &rule) const {
  const uint8_t *at = find(top->table, uint32_t{rule.field} * 2);
  if (!at)
    return true;
  if (rule.content == holds::scalar)
    return inside(at, rule.detail, rule.detail);
  if (rule.content == holds::bytes)
    return inside(at, rule.detail, 1);
  if (!inside(at, 4, 4) || !leads_inside(at))
    return false;
  const uint8_t *target = at + load<uoffset>(at);
  if (rule.content == holds::text)
    return check_text(target);
  if (rule.content == holds::vector)
    return vector_fits(target, rule.detail);
  top->next = at;
  top->left = 1;
  top->layout = rule.detail;
  if (rule.content == holds::tables) {
    top->next = target + 4;
    top->left = load<uint32_t>(target);
    return vector_fits(target, 4);
  }
  if (rule.content == holds::member) {
    const uint8_t *type = find(top->table, (uint32_t{rule.field} - 1) * 2);
    // Of a type that is missing or unknown nothing is read.
    if (!type || *type == 0 || *type > schema_.member_count)
      top->left = 0;
    else
      top->layout = static_cast<uint8_t>(rule.detail + *type - 1);
  }
  return true;
}

bool structure::check(const uint8_t *root) {
  bool sound = enter(root, 0);
  while (sound && depth_ != 0) {
    visit &top = stack_[depth_ - 1];
    if (top.left != 0) {
      const uint8_t *offset = top.next;
      top.next += 4;
      --top.left;
      sound = leads_inside(offset) &&
              enter(offset + load<uoffset>(offset), top.layout);
    } else if (top.rule != top.end) {
      sound = check_field(&top, *top.rule++);
    } else {
      --depth_;
    }
  }
  return sound;
}

} // namespace

const void *check_structure(const uint8_t *data, size_t bytes,
                            const schema_rules &schema, uint32_t tables_max) {
  structure walk(data, bytes, schema, tables_max);
  const uint8_t *root = walk.root();
  return root && walk.check(root) ? root : nullptr;
}

const void *table_at(const void *vector, uint32_t index) {
  auto *at = static_cast<const uint8_t *>(vector) + sizeof(uoffset) * (size_t{index} + 1);
  return at + load<uoffset>(at);
}

const uint8_t *Table::Find(voffset field) const {
  return find(reinterpret_cast<const uint8_t *>(this), field);
}

const void *Table::Follow(voffset field) const {
  const uint8_t *at = Find(field);
  return at ? at + load<uoffset>(at) : nullptr;
}

const void *Table::FollowVector(voffset field) const {
  static constexpr uint32_t empty[2] = {}; // no elements, and a text's end
  const void *vector = Follow(field);
  return vector ? vector : empty;
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
