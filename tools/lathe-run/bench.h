// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TOOLS_LATHE_RUN_BENCH_H
#define LATHE_TOOLS_LATHE_RUN_BENCH_H

#include "tools/lathe-run/session.h"

namespace lathe::run {

/// Runs for about a second after `first_run_ns`, the time of a run already
/// made, and prints latencies, cycles, load time and memory.
int bench(session &model, const options &opts, uint64_t first_run_ns);

/// Runs once more with a callback and writes a trace in Chrome's format.
int profile(session &model, const options &opts);

} // namespace lathe::run

#endif // LATHE_TOOLS_LATHE_RUN_BENCH_H
