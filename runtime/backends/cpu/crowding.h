// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_RUNTIME_BACKENDS_CPU_CROWDING_H
#define LATHE_RUNTIME_BACKENDS_CPU_CROWDING_H

#include <atomic>
#include <cstdint>

namespace lathe::backend {

/// Whether others use the cores of a pool's workers. After a call that was held
/// up, callers work alone for a while, twice as long each time that it happens
/// again; a call that goes well that long afterwards ends the suspicion. Calls
/// from several threads may lose one another's news, which does no harm.
class crowding {
public:
  static constexpr uint64_t alone_ns_min = 10000000, alone_ns_max = 1000000000;

  bool work_alone(uint64_t now_ns) const {
    return now_ns < until_ns_.load(std::memory_order_relaxed);
  }
  void judge(bool held_up, uint64_t now_ns) {
    uint64_t alone_ns = alone_ns_.load(std::memory_order_relaxed);
    if (held_up) {
      alone_ns = alone_ns == 0 ? alone_ns_min : alone_ns * 2;
      alone_ns = alone_ns < alone_ns_max ? alone_ns : alone_ns_max;
      until_ns_.store(now_ns + alone_ns, std::memory_order_relaxed);
    } else if (now_ns > until_ns_.load(std::memory_order_relaxed) + alone_ns) {
      alone_ns = 0;
    }
    alone_ns_.store(alone_ns, std::memory_order_relaxed);
  }

private:
  std::atomic<uint64_t> until_ns_{0};
  std::atomic<uint64_t> alone_ns_{0}; // the length of the last such time
};

} // namespace lathe::backend

#endif // LATHE_RUNTIME_BACKENDS_CPU_CROWDING_H
