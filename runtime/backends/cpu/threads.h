// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_RUNTIME_BACKENDS_CPU_THREADS_H
#define LATHE_RUNTIME_BACKENDS_CPU_THREADS_H

#include <atomic>
#include <cstdint>

namespace lathe::backend {

/// Threads that this process may keep busy: the least of its affinity, its
/// cgroup's quota and the physical cores below both; at least 1.
uint32_t usable_threads();

/// A set of CPUs as the kernel writes it, for more of them than cpu_set_t
/// holds: with fewer than the machine may have, the kernel tells nothing.
struct cpu_mask {
  static constexpr uint32_t capacity = 8192; // the most that Linux is built for
  static constexpr uint32_t word_bits = 8 * sizeof(unsigned long);
  unsigned long words[capacity / word_bits] = {};

  bool has(uint64_t cpu) const { return words[cpu / word_bits] >> (cpu % word_bits) & 1; }
  void add(uint64_t cpu) { words[cpu / word_bits] |= 1ul << (cpu % word_bits); }
  void remove(uint64_t cpu) { words[cpu / word_bits] &= ~(1ul << (cpu % word_bits)); }
};
/// Cores that hold the CPUs of a set: hardware threads of one core share the
/// first number of their list of siblings.
uint32_t physical_cores(const cpu_mask &cpus);

/// What a cgroup's cpu.max, "quota period" in microseconds, allows: threads,
/// rounded up; UINT32_MAX for no limit ("max") and for a text that is neither.
uint32_t threads_of_quota(const char *text);
/// The group of the unified hierarchy in the text of /proc/self/cgroup, the
/// line "0::/group", cut out in place; NULL if there is none.
const char *unified_group(char *text);

/// The CPU that this thread is on at the moment, -1 where the system does not
/// say.
int32_t current_cpu();

/// Moves this thread to another of the CPUs that it may use, whatever runs
/// there; false when it may use no other.
bool leave_cpu(int32_t cpu);

/// A number of this thread for those below; 0 where the system has none.
int32_t current_thread();
/// Nanoseconds that a thread of this process has run on any CPU; 0 where the
/// system does not say.
uint64_t thread_cpu_ns(int32_t thread);
/// Puts a thread of this process on one CPU, from that of another process at
/// once, and keeps in `before` what let_go gives back: all CPUs that it may use,
/// but for the time being not that one. False when nothing was changed.
bool pull_to(int32_t thread, int32_t cpu, cpu_mask *before);
void let_go(int32_t thread, int32_t cpu, const cpu_mask &before);

/// Sleeps while *word is `expected`, at most so long (UINT64_MAX: without an
/// end). May return early.
void sleep_on(std::atomic<uint32_t> *word, uint32_t expected, uint64_t most_ns);
/// Wakes at most `count` threads that sleep on the word.
void wake(std::atomic<uint32_t> *word, uint32_t count);

/// Tells the core that this thread is spinning.
inline void pause_thread() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

} // namespace lathe::backend

#endif // LATHE_RUNTIME_BACKENDS_CPU_THREADS_H
