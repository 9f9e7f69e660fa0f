// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-run/output_names.h"

#include <algorithm>
#include <cstring>

namespace lathe::run {

namespace {

/// With ".npy" and the suffix of a temporary file, what every file system takes.
constexpr size_t name_bytes_max = 200;

std::string file_name(const std::string &name, uint32_t index) {
  std::string safe;
  for (char c : name.substr(0, name_bytes_max))
    safe += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    (c >= '0' && c <= '9') || (c != '\0' && strchr("._-", c))
                ? c
                : '_';
  return safe.empty() || safe[0] == '.' ? "output" + std::to_string(index) + safe
                                        : safe;
}

} // namespace

std::vector<std::string> output_names(const subject &model) {
  std::vector<std::string> names;
  for (uint32_t i = 0; i < model.output_count(); ++i) {
    std::string name = file_name(model.output_name(i), i);
    while (std::find(names.begin(), names.end(), name) != names.end())
      name += "_" + std::to_string(i);
    names.push_back(name);
  }
  return names;
}

} // namespace lathe::run
