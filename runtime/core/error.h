// SPDX-License-Identifier: Apache-2.0
// Builds the text of a lathe_error without printf, heap or locale.
#ifndef LATHE_RUNTIME_CORE_ERROR_H
#define LATHE_RUNTIME_CORE_ERROR_H

#include "runtime/include/lathe/lathe.h"

#include <cstdarg>
#include <type_traits>

namespace lathe::core {

/// How an argument of a message is shown. Call sites pass plain 64-bit values
/// and one word of kinds and status, so that a message costs few instructions.
enum class shown : uint32_t { is_unsigned, is_signed, text };
constexpr uint32_t shown_bits = 2, status_shift = 16;

template <typename T> constexpr uint32_t shown_as() {
  using plain = std::decay_t<T>;
  if constexpr (std::is_pointer_v<plain>)
    return static_cast<uint32_t>(shown::text);
  else if constexpr (std::is_signed_v<plain>)
    return static_cast<uint32_t>(shown::is_signed);
  else
    return static_cast<uint32_t>(shown::is_unsigned);
}

template <typename... A> constexpr uint32_t shown_all() {
  static_assert(sizeof...(A) * shown_bits <= status_shift,
                "the kinds share a word with the status");
  uint32_t kinds = 0, shift = 0;
  ((kinds |= shown_as<A>() << shift, shift += shown_bits), ...);
  return kinds;
}

/// The word of a message with these arguments that comes with a status.
template <typename... A> constexpr uint32_t message_head(int32_t status) {
  return static_cast<uint32_t>(-status) << status_shift | shown_all<A...>();
}
constexpr int32_t status_of(uint32_t head) {
  return -static_cast<int32_t>(head >> status_shift);
}

template <typename T> uint64_t shown_value(T value) {
  if constexpr (std::is_convertible_v<T, const char *>)
    return reinterpret_cast<uintptr_t>(static_cast<const char *>(value));
  else if constexpr (std::is_signed_v<T>)
    return static_cast<uint64_t>(static_cast<int64_t>(value));
  else
    return value;
}

/// Length of the UTF-8 sequence at the start of text, 0 when it is malformed or
/// a control byte. Stops at a 0.
uint32_t utf8_length(const uint8_t *text, uint32_t available);

/// Writes a text: each % of the format stands for the next argument. What does
/// not fit is cut at the end; control bytes are replaced. NULL reads as "". Names
/// in the text of a lathe_error are shortened besides: they come from files.
void write_text_list(char *text, size_t capacity, const char *format,
                     uint32_t kinds, ...);

template <size_t capacity, typename... A>
void write_text(char (&text)[capacity], const char *format, A... arguments) {
  write_text_list(text, capacity, format, shown_all<A...>(),
                  shown_value(arguments)...);
}

/// Fills `error`, if there is one, and returns the status of `head`.
int32_t fail_with(lathe_error *error, uint32_t head, uint32_t method,
                  uint32_t instruction, const char *format, va_list arguments);
int32_t fail_list(lathe_error *error, uint32_t head, uint32_t method,
                  uint32_t instruction, const char *format, ...);
int32_t fail_anywhere(lathe_error *error, uint32_t head, const char *format,
                      ...);

template <typename... A>
int32_t fail(lathe_error *error, int32_t status, uint32_t method,
             uint32_t instruction, const char *format, A... arguments) {
  return fail_list(error, message_head<A...>(status), method, instruction,
                   format, shown_value(arguments)...);
}

template <typename... A>
int32_t fail(lathe_error *error, int32_t status, const char *format,
             A... arguments) {
  return fail_anywhere(error, message_head<A...>(status), format,
                       shown_value(arguments)...);
}

} // namespace lathe::core

#endif // LATHE_RUNTIME_CORE_ERROR_H
