// SPDX-License-Identifier: Apache-2.0
#include "targets/Tuning.h"

namespace lathe {

const TuningDecision *Tuning::find(llvm::StringRef hash, llvm::ArrayRef<std::string> levels,
                                   llvm::StringRef cpu) const {
  for (const std::string &level : levels) {
    const TuningDecision *other = nullptr;
    for (const TuningDecision &decision : decisions) {
      if (decision.hash != hash || decision.level != level)
        continue;
      if (decision.cpu == cpu)
        return &decision;
      if (!other)
        other = &decision;
    }
    if (other)
      return other;
  }
  return nullptr;
}

} // namespace lathe
