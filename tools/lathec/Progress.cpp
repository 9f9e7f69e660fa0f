// SPDX-License-Identifier: Apache-2.0
#include "tools/lathec/Progress.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;

/// Wider than any line that is drawn.
static constexpr unsigned kLineWidth = 60;

Progress::Progress(bool quiet)
    : enabled(!quiet && llvm::sys::Process::StandardErrIsDisplayed()) {}

void Progress::update(llvm::StringRef next, unsigned done, unsigned total) {
  if (!enabled)
    return;
  Clock::time_point now = Clock::now();
  if (next != stage) {
    stage = next.str();
    stage_start = now;
  } else if (now - last_drawn < std::chrono::milliseconds(50) && done != total) {
    return;
  }
  last_drawn = now;
  clear();
  llvm::errs() << stage;
  if (total > 0) {
    llvm::errs() << "  " << done << '/' << total;
    double elapsed = std::chrono::duration<double>(now - stage_start).count();
    if (done > 0 && done < total && elapsed > 1)
      llvm::errs() << llvm::format("  %.0f s left", elapsed * (total - done) / done);
  }
  llvm::errs().flush();
  drawn = true;
}

void Progress::clear() {
  // Blanks, not an escape sequence: terminals without colour have none.
  if (drawn)
    llvm::errs() << '\r' << std::string(kLineWidth, ' ') << '\r';
  drawn = false;
}
