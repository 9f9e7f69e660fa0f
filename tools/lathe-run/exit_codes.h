// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TOOLS_LATHE_RUN_EXIT_CODES_H
#define LATHE_TOOLS_LATHE_RUN_EXIT_CODES_H

namespace lathe {

/// Exit codes of all Lathe tools (docs/tools.md).
enum ExitCode : int {
  kExitOk = 0,
  kExitComparison = 1,
  kExitUsage = 2,
  kExitBadInput = 3,
  kExitUnsupported = 4,
  kExitIo = 6,
  kExitRuntime = 7,
  kExitBug = 70,
};

} // namespace lathe

#endif // LATHE_TOOLS_LATHE_RUN_EXIT_CODES_H
