// SPDX-License-Identifier: Apache-2.0
// The fields of all tables of the schema as data, computed while compiling.
#include "runtime/core/program_layout.h"

#include "program_view.h"
#include "runtime/include/lathe/limits.h"

#include <type_traits>

namespace lathe::core {

using namespace view;

namespace {

template <typename... T> struct table_list {
  static constexpr uint8_t count = sizeof...(T);

  /// Place of a table in the list.
  template <typename U> static constexpr uint8_t index() {
    static_assert((std::is_same_v<T, U> || ...), "a table is missing in the list");
    uint8_t i = 0;
    bool found = false;
    ((found |= std::is_same_v<T, U>, i += !found), ...);
    return i;
  }
  template <typename L> static constexpr void describe(L &layout) {
    ((layout.next_table(), T().Describe(layout)), ...);
  }
};

// Members of the union in its order; the root comes first.
using all_tables =
    table_list<Program, CallKernel, CallMethod, Copy, Fill, Branch, BranchIf,
               Wait, BindSymbol, SetSymbol, Segment, Sidecar, NamedData, Weight,
               State, CodeImage, KernelArgument, InPlace, ShaderEntry, Kernel,
               Symbol, Expression, Assumption, SymbolBinding, Quantization,
               Tensor, Buffer, Plan, Instruction, Variant, OutputAlias, Method>;
constexpr uint8_t first_member = all_tables::index<CallKernel>();
constexpr auto member_count = static_cast<uint8_t>(InstructionBody::MAX);

template <typename T> constexpr bool member_is_in_place() {
  return all_tables::index<T>() - first_member + 1 ==
         static_cast<int>(InstructionBodyTraits<T>::enum_value);
}
static_assert(member_is_in_place<CallKernel>() && member_is_in_place<CallMethod>() &&
                  member_is_in_place<Copy>() && member_is_in_place<Fill>() &&
                  member_is_in_place<Branch>() && member_is_in_place<BranchIf>() &&
                  member_is_in_place<Wait>() && member_is_in_place<BindSymbol>() &&
                  member_is_in_place<SetSymbol>() && member_count == 9,
              "the list has the members of the union in its order");

/// What a vector's elements are.
template <typename V> struct vector_rule;
template <typename T> struct vector_rule<const reader::Vector<T> *> {
  static constexpr auto content = reader::holds::vector;
  static constexpr uint8_t detail() { return sizeof(T); }
};
template <typename T>
struct vector_rule<const reader::Vector<reader::Offset<T>> *> {
  static constexpr auto content = reader::holds::tables;
  static constexpr uint8_t detail() { return all_tables::index<T>(); }
};

/// Collects the rules of all tables; the functions with capitals are what the
/// schema's Describe() calls.
template <size_t capacity> struct layout_builder {
  reader::field_rule rules[capacity] = {};
  uint8_t begin[all_tables::count + 1] = {};
  uint8_t rule_count = 0, table_count = 0;

  constexpr layout_builder() {
    all_tables::describe(*this);
    begin[table_count] = rule_count;
  }
  constexpr void next_table() { begin[table_count++] = rule_count; }

  template <typename T> constexpr void Value(uint16_t field) {
    add(field, std::is_class_v<T> ? reader::holds::bytes : reader::holds::scalar,
        sizeof(T));
  }
  constexpr void Text(uint16_t field) { add(field, reader::holds::text, 0); }
  template <typename V> constexpr void Vector(uint16_t field) {
    add(field, vector_rule<V>::content, vector_rule<V>::detail());
  }
  template <typename T> constexpr void Table(uint16_t field) {
    using table = std::remove_cv_t<std::remove_pointer_t<T>>;
    add(field, reader::holds::table, all_tables::index<table>());
  }
  template <typename U> constexpr void Union(uint16_t field) {
    static_assert(std::is_same_v<U, InstructionBody>, "there is one union");
    add(field, reader::holds::member, first_member);
  }

private:
  constexpr void add(uint16_t field, reader::holds content, uint8_t detail) {
    rules[rule_count++] = {static_cast<uint8_t>(field / 2), content, detail};
  }
};

// Once to count, once to fill; too small a capacity does not compile.
constexpr uint8_t rule_count = layout_builder<255>().rule_count;
constexpr layout_builder<rule_count> layout;

} // namespace

const view::Program *find_program(const uint8_t *metadata, uint32_t bytes) {
  const reader::schema_rules schema = {ProgramIdentifier(), layout.rules,
                                       layout.begin, member_count};
  return static_cast<const view::Program *>(reader::check_structure(
      metadata, bytes, schema, bytes / LATHE_METADATA_BYTES_PER_TABLE));
}

} // namespace lathe::core
