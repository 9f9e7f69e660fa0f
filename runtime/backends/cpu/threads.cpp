// SPDX-License-Identifier: Apache-2.0
#include "runtime/backends/cpu/threads.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>
#ifdef __linux__
#include <climits>
#include <linux/futex.h>
#include <sys/syscall.h>
#endif

namespace lathe::backend {

#ifdef __linux__

namespace {

/// Reads the start of a small file as text; false when it cannot.
bool read_text(const char *path, char *text, size_t capacity) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return false;
  ssize_t count = read(descriptor, text, capacity - 1);
  close(descriptor);
  text[count > 0 ? count : 0] = '\0';
  return count > 0;
}

/// Parses "quota period" of cpu.max; "max" means no limit.
uint32_t quota_of(const char *path) {
  char text[64];
  if (!read_text(path, text, sizeof(text)))
    return UINT32_MAX;
  char *rest = nullptr;
  unsigned long long quota = strtoull(text, &rest, 10);
  if (rest == text)
    return UINT32_MAX;
  unsigned long long period = strtoull(rest, nullptr, 10);
  if (period == 0)
    return UINT32_MAX;
  unsigned long long threads = (quota + period - 1) / period;
  return threads < 1 ? 1 : threads < UINT32_MAX ? static_cast<uint32_t>(threads) : UINT32_MAX;
}

uint32_t cgroup_quota() {
  uint32_t quota = quota_of("/sys/fs/cgroup/cpu.max");
  char groups[1024], path[1200];
  if (!read_text("/proc/self/cgroup", groups, sizeof(groups)))
    return quota;
  const char *unified = strstr(groups, "0::/");
  if (!unified)
    return quota;
  size_t length = strcspn(unified + 3, "\n");
  snprintf(path, sizeof(path), "/sys/fs/cgroup%.*s/cpu.max",
           static_cast<int>(length), unified + 3);
  uint32_t own = quota_of(path);
  return own < quota ? own : quota;
}

/// Cores that hold the CPUs of a set: hardware threads of one core share the
/// first number of their list of siblings.
uint32_t physical_cores(const cpu_set_t &cpus) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &cpus))
      continue;
    char path[96], text[64];
    snprintf(path, sizeof(path),
             "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu);
    long first = cpu;
    if (read_text(path, text, sizeof(text)))
      first = strtol(text, nullptr, 10);
    CPU_SET(first >= 0 && first < CPU_SETSIZE ? static_cast<int>(first) : cpu,
            &cores);
  }
  return static_cast<uint32_t>(CPU_COUNT(&cores));
}

} // namespace

uint32_t usable_threads() {
  cpu_set_t cpus;
  if (sched_getaffinity(0, sizeof(cpus), &cpus) != 0)
    return 1;
  uint32_t threads = physical_cores(cpus);
  uint32_t quota = cgroup_quota();
  threads = quota < threads ? quota : threads;
  return threads < 1 ? 1 : threads;
}

void sleep_on(std::atomic<uint32_t> *word, uint32_t expected) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(word), FUTEX_WAIT_PRIVATE,
          expected, nullptr, nullptr, 0);
}

void wake(std::atomic<uint32_t> *word, uint32_t count) {
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(word), FUTEX_WAKE_PRIVATE,
          count < INT_MAX ? count : INT_MAX, nullptr, nullptr, 0);
}

#else

uint32_t usable_threads() {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : static_cast<uint32_t>(count);
}

// Without futexes a sleeping worker looks again every 50 us.
void sleep_on(std::atomic<uint32_t> *, uint32_t) { usleep(50); }
void wake(std::atomic<uint32_t> *, uint32_t) {}

#endif

} // namespace lathe::backend
