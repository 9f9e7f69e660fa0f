// SPDX-License-Identifier: Apache-2.0
// Worker threads that several instances share.
//
// A caller puts a job into a free slot and works on it itself at once; workers
// that come by join in. When the caller has run out of work it closes the job:
// nobody can join any more, and it waits only for those inside. So a worker
// that is asleep, preempted or busy elsewhere never holds up a run.
//
// Two things are left on a machine whose cores others use too. The system may
// put a worker on the caller's own core, where the two only take turns: such a
// worker stays out, and moves to another core. And a worker that loses its core
// inside a job holds up the caller for a time slice of the other process,
// milliseconds. Where that costs more than workers save, callers work alone for
// a while (crowding.h).
#include "runtime/backends/cpu/crowding.h"
#include "runtime/backends/cpu/threads.h"
#include "runtime/core/error.h"
#include "runtime/core/executor.h"
#include "runtime/core/platform.h"
#include "runtime/core/program.h"
#include "runtime/include/lathe/limits.h"

#include <csignal>
#include <new>
#include <pthread.h>

using lathe::backend::current_cpu;
using lathe::backend::leave_cpu;
using lathe::backend::current_thread;
using lathe::backend::pause_thread;
using lathe::backend::sleep_on;
using lathe::backend::thread_cpu_ns;
using lathe::backend::wake;

namespace {

constexpr uint32_t slot_count = 8;
constexpr uint64_t spin_ns = 50000;
// How long a waiting caller looks whether a worker runs, and how often.
constexpr uint64_t look_ns = 10000, look_again_ns = 200000;
// A thread that moves interrupts the one whose core it leaves, so not too often.
constexpr uint64_t move_ns_min = 1000000;
constexpr size_t stack_bytes = size_t{256} << 10;

// job::state: how many workers are inside, and these bits.
constexpr uint32_t job_claimed = 1u << 29;
constexpr uint32_t job_waiting = 1u << 30; // the caller sleeps on the state
constexpr uint32_t job_open = 1u << 31;

struct alignas(64) job {
  std::atomic<uint32_t> state{0};
  std::atomic<uint32_t> next_worker{0};
  std::atomic<bool> stayed_out{false}; // a worker did
  std::atomic<uint64_t> helped_ns{0};  // of all workers inside
  uint32_t worker_limit = 0;
  int32_t caller_cpu = -1;
  void (*work)(void *arg, uint32_t worker) = nullptr;
  void *arg = nullptr;
};

/// Calls ready() until it holds or most_ns have passed; whether it held.
template <typename Ready> bool spin_until(Ready ready, uint64_t most_ns) {
  uint64_t begin = lathe::platform::now_ns();
  do {
    for (int i = 0; i < 32; ++i) {
      if (ready())
        return true;
      pause_thread();
    }
  } while (lathe::platform::now_ns() - begin < most_ns);
  return false;
}

/// What a caller sees of a worker.
struct alignas(64) worker_view {
  std::atomic<int32_t> thread{0};                 // current_thread(), 0 before it is known
  std::atomic<const job *> working_on{nullptr};
};

} // namespace

struct lathe_pool {
  job jobs[slot_count];
  alignas(64) std::atomic<uint32_t> generation{0}; // of published jobs
  std::atomic<uint32_t> sleepers{0};
  std::atomic<uint32_t> runs{0}; // in progress
  std::atomic<uint32_t> stopping{0};
  lathe::backend::crowding crowding;
  lathe_allocator allocator{};
  uint32_t thread_count = 1; // with the caller
  std::atomic<uint32_t> started{0};
  pthread_t threads[LATHE_MAX_THREADS];
  worker_view workers[LATHE_MAX_THREADS];
};

namespace {

enum class joined { no, yes, on_callers_core };

/// Joins a job if it is open, has a number left, and its caller is on another
/// core.
joined help(job *slot, worker_view *self) {
  uint32_t state = slot->state.load(std::memory_order_acquire);
  do {
    if (!(state & job_open))
      return joined::no;
  } while (!slot->state.compare_exchange_weak(state, state + 1,
                                              std::memory_order_acq_rel,
                                              std::memory_order_acquire));
  // Inside: the job's fields hold until this worker leaves.
  joined result = joined::no;
  if (slot->caller_cpu >= 0 && slot->caller_cpu == current_cpu()) {
    slot->stayed_out.store(true, std::memory_order_relaxed);
    result = joined::on_callers_core;
  } else {
    uint32_t worker = slot->next_worker.fetch_add(1, std::memory_order_relaxed);
    if (worker < slot->worker_limit) {
      result = joined::yes;
      uint64_t begin_ns = lathe::platform::now_ns();
      self->working_on.store(slot, std::memory_order_relaxed);
      slot->work(slot->arg, worker);
      self->working_on.store(nullptr, std::memory_order_relaxed);
      slot->helped_ns.fetch_add(lathe::platform::now_ns() - begin_ns, std::memory_order_relaxed);
    }
  }
  uint32_t before = slot->state.fetch_sub(1, std::memory_order_acq_rel);
  if (before == (job_claimed | job_waiting) + 1)
    wake(&slot->state, 1);
  return result;
}

/// Looks at all jobs; whether this worker took part in one. Where it only found
/// one whose caller's core it is on, it moves and looks once more: outside of the
/// job, which does not wait until another process leaves the new core.
bool help_any(lathe_pool *pool, worker_view *self, uint64_t *may_move_ns) {
  for (bool moved = false;; moved = true) {
    bool helped = false, meets_caller = false;
    for (job &slot : pool->jobs) {
      joined result = help(&slot, self);
      helped |= result == joined::yes;
      meets_caller |= result == joined::on_callers_core;
    }
    if (helped || !meets_caller || moved)
      return helped;
    uint64_t now_ns = lathe::platform::now_ns();
    if (now_ns < *may_move_ns)
      return false;
    *may_move_ns = now_ns + move_ns_min;
    if (!leave_cpu(current_cpu()))
      return false;
  }
}

void *worker_main(void *arg) {
  auto *pool = static_cast<lathe_pool *>(arg);
  worker_view *self = &pool->workers[pool->started.fetch_add(1, std::memory_order_relaxed)];
  self->thread.store(current_thread(), std::memory_order_relaxed);
  uint64_t may_move_ns = 0;
  for (;;) {
    uint32_t seen = pool->generation.load(std::memory_order_acquire);
    if (help_any(pool, self, &may_move_ns))
      continue;
    if (pool->stopping.load(std::memory_order_acquire))
      return nullptr;
    // Between two kernels of a run a sleep would cost more than the wait.
    bool published = pool->runs.load(std::memory_order_relaxed) != 0 &&
                     spin_until([&] {
                       return pool->generation.load(
                                  std::memory_order_acquire) != seen ||
                              pool->runs.load(std::memory_order_relaxed) == 0;
                     }, spin_ns);
    if (published &&
        pool->generation.load(std::memory_order_acquire) != seen)
      continue;
    pool->sleepers.fetch_add(1, std::memory_order_seq_cst);
    if (pool->generation.load(std::memory_order_seq_cst) == seen)
      sleep_on(&pool->generation, seen, UINT64_MAX);
    pool->sleepers.fetch_sub(1, std::memory_order_relaxed);
  }
}

void announce(lathe_pool *pool, uint32_t workers) {
  pool->generation.fetch_add(1, std::memory_order_seq_cst);
  uint32_t sleepers = pool->sleepers.load(std::memory_order_seq_cst);
  if (sleepers != 0)
    wake(&pool->generation, workers < sleepers ? workers : sleepers);
}

/// A worker that was pulled to its caller's core.
struct pulled {
  int32_t thread = 0;
  lathe::backend::cpu_mask before;
};

/// Gives the caller's core, which it is about to leave, to a worker inside that
/// has lost its own to another process: to the first one, the others have to
/// wait. Whether a thread has its core shows in the time that it runs meanwhile.
bool give_core(lathe_pool *pool, const job &slot, pulled *worker) {
  for (const worker_view &inside : pool->workers) {
    int32_t thread = inside.thread.load(std::memory_order_relaxed);
    if (thread == 0)
      return false;
    if (inside.working_on.load(std::memory_order_relaxed) != &slot)
      continue;
    uint64_t begin_ns = lathe::platform::now_ns(), ran_ns = thread_cpu_ns(thread);
    spin_until([] { return false; }, look_ns);
    if ((thread_cpu_ns(thread) - ran_ns) * 2 > lathe::platform::now_ns() - begin_ns)
      continue;
    worker->thread = thread;
    return lathe::backend::pull_to(thread, slot.caller_cpu, &worker->before);
  }
  return false;
}

/// Nobody can join any more; returns when nobody is inside.
void wait_until_empty(lathe_pool *pool, job *slot) {
  uint32_t state =
      slot->state.fetch_and(~job_open, std::memory_order_acq_rel) & ~job_open;
  auto empty = [&] {
    state = slot->state.load(std::memory_order_acquire);
    return (state & ~job_waiting) == job_claimed;
  };
  if (state == job_claimed || spin_until(empty, spin_ns))
    return;
  pulled worker;
  bool pulls = false;
  slot->state.fetch_or(job_waiting, std::memory_order_acq_rel);
  while (!empty()) {
    pulls = pulls || give_core(pool, *slot, &worker);
    // One that ran when it was looked at may lose its core after that.
    sleep_on(&slot->state, state, pulls ? UINT64_MAX : look_again_ns);
  }
  if (pulls)
    lathe::backend::let_go(worker.thread, slot->caller_cpu, worker.before);
}

/// What a caller lost, which waited so long for those inside: a worker that has
/// its core to itself needs no longer for one portion than spin_ns, or than the
/// caller for all of its own. One that only came by on the caller's core took a
/// little of it.
uint64_t lost_ns(const job &slot, uint64_t worked_ns, uint64_t waited_ns) {
  bool nobody_worked = slot.next_worker.load(std::memory_order_relaxed) == 1;
  if (nobody_worked)
    return slot.stayed_out.load(std::memory_order_relaxed) ? spin_ns : 0;
  return waited_ns > spin_ns && waited_ns > worked_ns ? waited_ns : 0;
}

void pool_parallel(void *ctx, void (*work)(void *arg, uint32_t worker),
                   void *arg, uint32_t worker_count) {
  auto *pool = static_cast<lathe_pool *>(ctx);
  uint64_t begin_ns = lathe::platform::now_ns();
  if (worker_count < 2 || pool->thread_count < 2 ||
      pool->crowding.work_alone(begin_ns))
    return work(arg, 0);
  job *slot = nullptr;
  for (job &candidate : pool->jobs) {
    uint32_t free_state = 0;
    if (candidate.state.compare_exchange_strong(free_state, job_claimed,
                                                std::memory_order_acquire)) {
      slot = &candidate;
      break;
    }
  }
  if (!slot) // as many callers as there are places
    return work(arg, 0);
  slot->work = work;
  slot->arg = arg;
  slot->worker_limit = worker_count;
  slot->caller_cpu = current_cpu();
  slot->stayed_out.store(false, std::memory_order_relaxed);
  slot->helped_ns.store(0, std::memory_order_relaxed);
  slot->next_worker.store(1, std::memory_order_relaxed);
  slot->state.store(job_claimed | job_open, std::memory_order_release);
  announce(pool, worker_count - 1);
  // Waking is a call of the system's, which takes as long as a small kernel.
  uint64_t announced_ns = lathe::platform::now_ns();
  work(arg, 0);
  uint64_t done_ns = lathe::platform::now_ns();
  wait_until_empty(pool, slot);
  uint64_t end_ns = lathe::platform::now_ns();
  uint64_t worked_ns = done_ns - announced_ns;
  uint64_t helped_ns = slot->helped_ns.load(std::memory_order_relaxed);
  uint64_t helped_ns_max = worked_ns * (worker_count - 1); // more is waiting
  uint64_t lost = announced_ns - begin_ns + lost_ns(*slot, worked_ns, end_ns - done_ns);
  slot->state.store(0, std::memory_order_release); // free again
  pool->crowding.judge(helped_ns < helped_ns_max ? helped_ns : helped_ns_max, lost, end_ns);
}

void pool_begin(void *ctx) {
  static_cast<lathe_pool *>(ctx)->runs.fetch_add(1, std::memory_order_relaxed);
}

void pool_end(void *ctx) {
  static_cast<lathe_pool *>(ctx)->runs.fetch_sub(1, std::memory_order_relaxed);
}

/// Starts workers until one cannot be started; signals stay with the
/// application's own threads.
void start_threads(lathe_pool *pool, uint32_t wanted) {
  sigset_t all, before;
  sigfillset(&all);
  if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
    return;
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) == 0) {
    pthread_attr_setstacksize(&attributes, stack_bytes);
    while (pool->thread_count < wanted) {
      pthread_t *thread = &pool->threads[pool->thread_count];
      if (pthread_create(thread, &attributes, worker_main, pool) != 0)
        break;
#ifdef __linux__
      char name[16];
      lathe::core::write_text(name, "lathe-%", pool->thread_count);
      pthread_setname_np(*thread, name);
#endif
      ++pool->thread_count;
    }
    pthread_attr_destroy(&attributes);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

} // namespace

lathe_executor lathe::backend::pool_executor(lathe_pool *pool) {
  return {sizeof(lathe_executor), pool->thread_count, pool,
          pool_parallel,          pool_begin,         pool_end};
}

int32_t lathe_pool_create(uint32_t thread_count,
                          const lathe_allocator *allocator, lathe_pool **pool,
                          lathe_error *error) {
  using lathe::core::fail;
  lathe_allocator chosen = {};
  if (!allocator)
    allocator = lathe::platform::default_allocator();
  if (!pool || !lathe::core::read_struct(allocator, &chosen) ||
      !chosen.alloc || !chosen.free)
    return fail(error, LATHE_ERR_ARGUMENT, "a missing argument");
  *pool = nullptr;
  if (thread_count == 0)
    thread_count = lathe::backend::usable_threads();
  if (thread_count > LATHE_MAX_THREADS)
    thread_count = LATHE_MAX_THREADS;
  void *memory = chosen.alloc(chosen.ctx, sizeof(lathe_pool), alignof(lathe_pool));
  if (!memory)
    return fail(error, LATHE_ERR_MEMORY, "no memory for a thread pool");
  auto *made = new (memory) lathe_pool();
  made->allocator = chosen;
  start_threads(made, thread_count);
  *pool = made;
  return LATHE_OK;
}

void lathe_pool_destroy(lathe_pool *pool) {
  if (!pool)
    return;
  pool->stopping.store(1, std::memory_order_release);
  pool->generation.fetch_add(1, std::memory_order_seq_cst);
  wake(&pool->generation, UINT32_MAX);
  for (uint32_t i = 1; i < pool->thread_count; ++i)
    pthread_join(pool->threads[i], nullptr);
  lathe_allocator allocator = pool->allocator;
  pool->~lathe_pool();
  allocator.free(allocator.ctx, pool, sizeof(lathe_pool));
}

uint32_t lathe_pool_thread_count(const lathe_pool *pool) {
  return pool->thread_count;
}
