// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_RUNTIME_BACKENDS_CPU_THREADS_H
#define LATHE_RUNTIME_BACKENDS_CPU_THREADS_H

#include <atomic>
#include <cstdint>

namespace lathe::backend {

/// Threads that this process may keep busy: the least of its affinity, its
/// cgroup's quota and the physical cores below both; at least 1.
uint32_t usable_threads();

/// Sleeps while *word is `expected`. May return early.
void sleep_on(std::atomic<uint32_t> *word, uint32_t expected);
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
