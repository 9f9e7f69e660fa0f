// SPDX-License-Identifier: Apache-2.0
//
// Progress of a compilation on a terminal: stage, n/m, time left. Silent when
// stderr is no terminal.
#ifndef LATHE_TOOLS_LATHEC_PROGRESS_H
#define LATHE_TOOLS_LATHEC_PROGRESS_H

#include "llvm/ADT/StringRef.h"
#include <chrono>
#include <string>

namespace lathe {

class Progress {
public:
  explicit Progress(bool quiet);
  ~Progress() { clear(); }
  /// Redraws the line, at most twenty times a second within a stage.
  void update(llvm::StringRef stage, unsigned done, unsigned total);
  /// Removes the line.
  void clear();

private:
  using Clock = std::chrono::steady_clock;
  bool enabled;
  bool drawn = false;
  std::string stage;
  Clock::time_point stage_start;
  Clock::time_point last_drawn;
};

} // namespace lathe

#endif // LATHE_TOOLS_LATHEC_PROGRESS_H
