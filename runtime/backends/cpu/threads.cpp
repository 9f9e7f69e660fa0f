// SPDX-License-Identifier: Apache-2.0
#include "runtime/backends/cpu/threads.h"

#include "runtime/core/error.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>
#ifdef __linux__
#include <climits>
#include <linux/futex.h>
#include <ctime>
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

/// Takes a decimal number off the start of a text; 0 when there is none.
uint64_t take_number(const char **text) {
  const char *next = *text;
  while (*next == ' ')
    ++next;
  uint64_t number = 0;
  for (; *next >= '0' && *next <= '9'; ++next)
    number = number * 10 + static_cast<uint64_t>(*next - '0');
  *text = next;
  return number;
}

uint32_t quota_of(const char *path) {
  char text[64];
  return read_text(path, text, sizeof(text)) ? threads_of_quota(text) : UINT32_MAX;
}

uint32_t cgroup_quota() {
  uint32_t quota = quota_of("/sys/fs/cgroup/cpu.max");
  char groups[1024], path[1200];
  if (!read_text("/proc/self/cgroup", groups, sizeof(groups)))
    return quota;
  const char *group = unified_group(groups);
  if (!group)
    return quota;
  core::write_text(path, "/sys/fs/cgroup%/cpu.max", group);
  uint32_t own = quota_of(path);
  return own < quota ? own : quota;
}

} // namespace

uint32_t threads_of_quota(const char *text) {
  uint64_t quota = take_number(&text), period = take_number(&text);
  if (period == 0)
    return UINT32_MAX;
  uint64_t threads = quota / period + (quota % period != 0);
  return threads < 1 ? 1 : threads < UINT32_MAX ? static_cast<uint32_t>(threads) : UINT32_MAX;
}

const char *unified_group(char *text) {
  for (char *line = text; *line;) {
    char *end = line;
    while (*end && *end != '\n')
      ++end;
    char *next = *end ? end + 1 : end;
    *end = '\0';
    if (line[0] == '0' && line[1] == ':' && line[2] == ':')
      return line + 3;
    line = next;
  }
  return nullptr;
}

uint32_t physical_cores(const cpu_mask &cpus) {
  cpu_mask cores;
  uint32_t count = 0;
  for (uint32_t cpu = 0; cpu < cpu_mask::capacity; ++cpu) {
    if (!cpus.has(cpu))
      continue;
    char path[96], text[64];
    core::write_text(path, "/sys/devices/system/cpu/cpu%/topology/thread_siblings_list", cpu);
    uint64_t core = cpu;
    if (read_text(path, text, sizeof(text))) {
      const char *rest = text;
      core = take_number(&rest);
    }
    core = core < cpu_mask::capacity ? core : cpu;
    count += !cores.has(core);
    cores.add(core);
  }
  return count;
}

uint32_t usable_threads() {
  cpu_mask cpus;
  if (syscall(SYS_sched_getaffinity, 0, sizeof(cpus.words), cpus.words) < 0)
    return 1;
  uint32_t threads = physical_cores(cpus);
  uint32_t quota = cgroup_quota();
  threads = quota < threads ? quota : threads;
  return threads < 1 ? 1 : threads;
}

int32_t current_cpu() { return sched_getcpu(); }

namespace {

bool get_affinity(int32_t thread, cpu_mask *cpus) {
  return syscall(SYS_sched_getaffinity, thread, sizeof(cpus->words), cpus->words) > 0;
}

/// Moves the thread before it returns where it is on no CPU of the set.
bool set_affinity(int32_t thread, const cpu_mask &cpus) {
  return syscall(SYS_sched_setaffinity, thread, sizeof(cpus.words), cpus.words) == 0;
}

bool is_known(int32_t cpu) {
  return cpu >= 0 && static_cast<uint32_t>(cpu) < cpu_mask::capacity;
}

} // namespace

bool leave_cpu(int32_t cpu) {
  cpu_mask allowed;
  if (!is_known(cpu) || !get_affinity(0, &allowed))
    return false;
  cpu_mask others = allowed;
  others.remove(static_cast<uint64_t>(cpu));
  if (!set_affinity(0, others)) // refused where there are none
    return false;
  set_affinity(0, allowed);
  return true;
}

int32_t current_thread() { return static_cast<int32_t>(syscall(SYS_gettid)); }

uint64_t thread_cpu_ns(int32_t thread) {
  // How Linux numbers the clock of a thread: ~thread, per thread, scheduler's.
  auto clock = static_cast<clockid_t>((~static_cast<uint32_t>(thread) << 3) | 6u);
  timespec time = {};
  if (clock_gettime(clock, &time) != 0)
    return 0;
  return static_cast<uint64_t>(time.tv_sec) * 1000000000u + static_cast<uint64_t>(time.tv_nsec);
}

bool pull_to(int32_t thread, int32_t cpu, cpu_mask *before) {
  if (!is_known(cpu) || !get_affinity(thread, before) || !before->has(static_cast<uint64_t>(cpu)))
    return false;
  cpu_mask only;
  only.add(static_cast<uint64_t>(cpu));
  return set_affinity(thread, only);
}

void let_go(int32_t thread, int32_t cpu, const cpu_mask &before) {
  cpu_mask others = before;
  others.remove(static_cast<uint64_t>(cpu));
  set_affinity(thread, others);
  set_affinity(thread, before);
}

void sleep_on(std::atomic<uint32_t> *word, uint32_t expected, uint64_t most_ns) {
  timespec most = {static_cast<time_t>(most_ns / 1000000000u), static_cast<long>(most_ns % 1000000000u)};
  syscall(SYS_futex, reinterpret_cast<uint32_t *>(word), FUTEX_WAIT_PRIVATE,
          expected, most_ns == UINT64_MAX ? nullptr : &most, nullptr, 0);
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
int32_t current_cpu() { return -1; }
bool leave_cpu(int32_t) { return false; }
int32_t current_thread() { return 0; }
uint64_t thread_cpu_ns(int32_t) { return 0; }
bool pull_to(int32_t, int32_t, cpu_mask *) { return false; }
void let_go(int32_t, int32_t, const cpu_mask &) {}
void sleep_on(std::atomic<uint32_t> *, uint32_t, uint64_t) { usleep(50); }
void wake(std::atomic<uint32_t> *, uint32_t) {}

#endif

} // namespace lathe::backend
