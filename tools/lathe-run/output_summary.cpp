// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-run/output_summary.h"

#include "runtime/include/lathe/lathe.h"
#include "tools/lathe-run/compare.h"
#include "tools/lathe-run/json.h"

#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <numeric>

namespace lathe::run {

namespace {

constexpr size_t shown_first = 8, shown_top = 5;
constexpr int64_t score_rows_max = 8;

size_t element_count(const array &values, uint32_t dtype) {
  return values.data.size() / std::max(1u, lathe_dtype_bytes(dtype));
}

std::string format(const char *pattern, double value) {
  char text[64];
  snprintf(text, sizeof(text), pattern, value);
  return text;
}

/// Integers as they are, also those that no double holds.
std::string element_text(const array &values, size_t index, uint32_t dtype) {
  char text[32];
  if (dtype == LATHE_DTYPE_I64 || dtype == LATHE_DTYPE_U64) {
    uint64_t bits;
    memcpy(&bits, values.data.data() + index * sizeof(bits), sizeof(bits));
    if (dtype == LATHE_DTYPE_U64)
      snprintf(text, sizeof(text), "%" PRIu64, bits);
    else
      snprintf(text, sizeof(text), "%" PRId64, static_cast<int64_t>(bits));
    return text;
  }
  return format("%.5g", element_value(values.data.data(), index, dtype));
}

struct statistics {
  double min = NAN, mean = NAN, max = NAN; // of finite elements
  size_t finite = 0, nans = 0, infinities = 0;
};

statistics measure(const array &values, uint32_t dtype) {
  statistics found;
  double sum = 0;
  for (size_t i = 0, count = element_count(values, dtype); i < count; ++i) {
    double value = element_value(values.data.data(), i, dtype);
    if (!std::isfinite(value)) {
      ++(std::isnan(value) ? found.nans : found.infinities);
      continue;
    }
    found.min = found.finite ? std::min(found.min, value) : value;
    found.max = found.finite ? std::max(found.max, value) : value;
    sum += value;
    ++found.finite;
  }
  if (found.finite)
    found.mean = sum / static_cast<double>(found.finite);
  return found;
}

/// Scores of classes: more of them than are shown anyway, in few rows.
bool has_scores(const array &values, uint32_t dtype) {
  const std::vector<int64_t> &dims = values.dims;
  return is_float(dtype) && (dims.size() == 1 || dims.size() == 2) &&
         dims.back() > static_cast<int64_t>(shown_top) &&
         (dims.size() == 1 || (dims[0] > 0 && dims[0] <= score_rows_max));
}

/// Positions in the row of its largest elements, largest first; of equal ones
/// the first. What is not a number is smaller than all numbers.
std::vector<size_t> largest(const array &values, size_t row, uint32_t dtype) {
  size_t width = static_cast<size_t>(values.dims.back());
  std::vector<size_t> order(width);
  std::iota(order.begin(), order.end(), size_t{0});
  auto key = [&](size_t column) {
    double value = element_value(values.data.data(), row * width + column, dtype);
    return std::isnan(value) ? -HUGE_VAL : value;
  };
  size_t shown = std::min(shown_top, width);
  std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(shown), order.end(),
                    [&](size_t a, size_t b) {
                      double left = key(a), right = key(b);
                      return left > right || (left == right && a < b);
                    });
  order.resize(shown);
  return order;
}

size_t row_count(const array &values) {
  return values.dims.size() == 2 ? static_cast<size_t>(values.dims[0]) : 1;
}

} // namespace

std::string output_text(const std::string &name, const array &values, uint32_t dtype) {
  std::string text = name + ": " + lathe_dtype_name(dtype) + " " + dims_text(values.dims) + "\n";
  size_t count = element_count(values, dtype);
  if (count == 0)
    return text + "  no elements\n";
  statistics found = measure(values, dtype);
  if (found.finite > 0)
    text += "  min " + format("%.5g", found.min) + ", mean " + format("%.5g", found.mean) +
            ", max " + format("%.5g", found.max) + "\n";
  if (found.nans + found.infinities > 0)
    text += "  not finite: " + std::to_string(found.nans) + " NaN, " +
            std::to_string(found.infinities) + " infinite of " + std::to_string(count) + "\n";
  text += count > shown_first ? "  first" : "  all  ";
  for (size_t i = 0; i < std::min(shown_first, count); ++i)
    text += " " + element_text(values, i, dtype);
  text += count > shown_first ? " ...\n" : "\n";
  for (size_t row = 0; has_scores(values, dtype) && row < row_count(values); ++row) {
    text += row_count(values) > 1 ? "  top 5 of row " + std::to_string(row) : "  top 5";
    for (size_t column : largest(values, row, dtype))
      text += "  [" + std::to_string(column) + "] " +
              element_text(values, row * static_cast<size_t>(values.dims.back()) + column, dtype);
    text += "\n";
  }
  return text;
}

std::string output_json(const std::string &name, const std::string &path, const array &values,
                        uint32_t dtype) {
  std::string text = "{\"name\": " + json_text(name);
  if (!path.empty())
    text += ", \"path\": " + json_text(path);
  text += ", \"type\": " + json_text(values.type) + ", \"dims\": " + json_list(values.dims);
  statistics found = measure(values, dtype);
  text += ", \"min\": " + json_number(found.min) + ", \"mean\": " + json_number(found.mean) +
          ", \"max\": " + json_number(found.max) + ", \"nans\": " + std::to_string(found.nans) +
          ", \"infinities\": " + std::to_string(found.infinities);
  if (has_scores(values, dtype)) {
    text += ", \"top\": [";
    for (size_t row = 0; row < row_count(values); ++row) {
      std::vector<size_t> columns = largest(values, row, dtype);
      text += (row ? ", " : "") +
              json_list(std::vector<int64_t>(columns.begin(), columns.end()));
    }
    text += "]";
  }
  return text + "}";
}

} // namespace lathe::run
