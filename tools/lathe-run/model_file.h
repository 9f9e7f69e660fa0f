// SPDX-License-Identifier: Apache-2.0
// Models that were given where a compiled program is expected.
#ifndef LATHE_TOOLS_LATHE_RUN_MODEL_FILE_H
#define LATHE_TOOLS_LATHE_RUN_MODEL_FILE_H

#include <string>

namespace lathe::run {

/// What the file is and what to do with it, where it is a model by its first
/// bytes or, for text, by its name. Both empty for any other file.
struct model_file {
  std::string what;   ///< "a PyTorch model (.pt2), not a compiled program"
  std::string advice;
};

model_file recognise_model(const std::string &path);

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_MODEL_FILE_H
