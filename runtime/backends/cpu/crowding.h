// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_RUNTIME_BACKENDS_CPU_CROWDING_H
#define LATHE_RUNTIME_BACKENDS_CPU_CROWDING_H

#include <atomic>
#include <cstdint>

namespace lathe::backend {

/// Whether others use the cores of a pool's workers so much that their help does
/// not pay. Time that workers save is a credit, time that callers wait for a
/// worker without a core is taken from it, several times: runs that now and then
/// take much longer are worse than runs that are all somewhat slower. Without
/// credit callers work alone for a while, twice as long each time that it
/// happens again before the credit is full. Calls from several threads may lose
/// one another's news, which does no harm.
class crowding {
public:
  static constexpr uint64_t alone_ns_min = 10000000, alone_ns_max = 200000000;
  static constexpr int64_t credit_ns_max = 20000000, credit_ns_start = 1000000;
  static constexpr int64_t loss_factor = 2;

  bool work_alone(uint64_t now_ns) const {
    return now_ns < until_ns_.load(std::memory_order_relaxed);
  }
  /// Of a call that workers could join: nanoseconds that they worked beside the
  /// caller, and that it lost by them, waking and waiting.
  void judge(uint64_t saved_ns, uint64_t lost_ns, uint64_t now_ns) {
    constexpr uint64_t most = credit_ns_max;
    int64_t credit_ns = credit_ns_.load(std::memory_order_relaxed) +
                        static_cast<int64_t>(saved_ns < most ? saved_ns : most) -
                        loss_factor * static_cast<int64_t>(lost_ns < most ? lost_ns : most);
    if (credit_ns >= credit_ns_max) {
      credit_ns = credit_ns_max;
      alone_ns_.store(0, std::memory_order_relaxed);
    } else if (credit_ns < 0) {
      uint64_t alone_ns = 2 * alone_ns_.load(std::memory_order_relaxed);
      alone_ns = alone_ns < alone_ns_min   ? alone_ns_min
                 : alone_ns > alone_ns_max ? alone_ns_max
                                           : alone_ns;
      alone_ns_.store(alone_ns, std::memory_order_relaxed);
      until_ns_.store(now_ns + alone_ns, std::memory_order_relaxed);
      credit_ns = credit_ns_start;
    }
    credit_ns_.store(credit_ns, std::memory_order_relaxed);
  }

private:
  std::atomic<uint64_t> until_ns_{0};
  std::atomic<uint64_t> alone_ns_{0}; // the length of the last such time
  std::atomic<int64_t> credit_ns_{credit_ns_start};
};

} // namespace lathe::backend

#endif // LATHE_RUNTIME_BACKENDS_CPU_CROWDING_H
