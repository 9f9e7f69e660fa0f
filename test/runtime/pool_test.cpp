// SPDX-License-Identifier: Apache-2.0
// Threads: the same bytes for any number of them in any order, sharing,
// cancelling, and sleep between runs.
#include "runtime/backends/cpu/crowding.h"
#include "runtime/backends/cpu/threads.h"
#include "runtime/core/executor.h"
#include "test/runtime/program_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <random>
#include <sched.h>
#include <thread>
#include <unistd.h>

namespace lathe::test {
namespace {

constexpr int64_t rows = 257, columns = 33;

/// sums[r] = sum of a row of floats, then more kernels, each big enough to be
/// given to all threads.
program_source wide_program(int64_t tile_cost_ns = 1000000) {
  program_source source = new_program();
  f::MethodT &method = source.add_method("forward");
  method.inputs.push_back(tensor("x", f::DType::f32, {rows, columns}));
  method.outputs.push_back(tensor("sums", f::DType::f32, {rows}));
  method.outputs.push_back(tensor("noise", f::DType::i32, {64}));
  method_builder b(method);
  uint32_t x = b.buffer(f::Region::input, 0, rows * columns * 4);
  uint32_t sums = b.buffer(f::Region::output, 0, rows * 4);
  uint32_t noise = b.buffer(f::Region::output, 1, 64 * 4);
  b.call(kernel::row_sum, {x, sums}, rows, {columns}, tile_cost_ns);
  b.call(kernel::busy, {noise}, 64, {}, tile_cost_ns);
  return source;
}

std::vector<float> values() {
  std::mt19937 random(7);
  std::vector<float> x(rows * columns);
  for (float &value : x)
    value = std::uniform_real_distribution<float>(-1, 1)(random);
  return x;
}

struct result {
  std::vector<float> sums = std::vector<float>(rows);
  std::vector<int32_t> noise = std::vector<int32_t>(64);
  bool operator==(const result &other) const {
    return memcmp(sums.data(), other.sums.data(), rows * 4) == 0 && noise == other.noise;
  }
};

result run_once(lathe_instance *instance) {
  result out;
  std::vector<float> x = values();
  bind_vector(instance, LATHE_INPUT, 0, x, {rows, columns});
  bind_vector(instance, LATHE_OUTPUT, 0, out.sums);
  bind_vector(instance, LATHE_OUTPUT, 1, out.noise);
  EXPECT_EQ(lathe_run(instance, 0, nullptr), LATHE_OK);
  return out;
}

pool_ptr new_pool(uint32_t threads) {
  lathe_pool *pool = nullptr;
  EXPECT_EQ(lathe_pool_create(threads, nullptr, &pool, nullptr), LATHE_OK);
  return pool_ptr(pool);
}

TEST(Pool, AnyNumberOfThreadsGivesTheSameBytes) {
  opened program = open_program(wide_program());
  ASSERT_EQ(program.status, LATHE_OK) << program.error.text;
  result expected = run_once(new_instance(program.program.get()).get());
  for (uint32_t threads : {1, 2, 3, 7, 64}) {
    for (int i = 0; i < 10; ++i) { // a new pool does not suspect its cores
      pool_ptr pool = new_pool(threads);
      EXPECT_EQ(lathe_pool_thread_count(pool.get()), threads);
      lathe_instance_options options = {};
      options.pool = pool.get();
      instance_ptr instance = new_instance(program.program.get(), options);
      for (int k = 0; k < 5; ++k)
        ASSERT_TRUE(run_once(instance.get()) == expected) << threads;
    }
  }
}

/// Gives the work to worker numbers in a shuffled order, one after another on
/// threads of their own, sometimes not at all.
struct shuffler {
  std::mt19937 random{3};

  static void parallel(void *ctx, void (*work)(void *arg, uint32_t worker), void *arg, uint32_t count) {
    auto *self = static_cast<shuffler *>(ctx);
    std::vector<uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), self->random);
    for (uint32_t worker : order) {
      if (worker != 0 && self->random() % 3 == 0)
        continue;
      if (worker == 0)
        work(arg, 0);
      else
        std::thread(work, arg, worker).join();
    }
  }
};

TEST(Pool, AShufflingExecutorGivesTheSameBytes) {
  opened program = open_program(wide_program());
  result expected = run_once(new_instance(program.program.get()).get());
  shuffler state;
  lathe_executor executor = {sizeof(executor), 5, &state, shuffler::parallel, nullptr, nullptr};
  lathe_instance_options options = {};
  options.executor = &executor;
  instance_ptr instance = new_instance(program.program.get(), options);
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(run_once(instance.get()) == expected);
}

TEST(Pool, SmallWorkStaysOnTheCallingThread) {
  opened program = open_program(wide_program(10));
  struct counts {
    std::atomic<int> calls{0}, begins{0}, ends{0};
  } counted;
  auto &calls = counted.calls;
  lathe_executor executor = {
      sizeof(executor), 4, &counted,
      [](void *ctx, void (*work)(void *, uint32_t), void *arg, uint32_t) {
        ++static_cast<counts *>(ctx)->calls;
        work(arg, 0);
      },
      [](void *ctx) { ++static_cast<counts *>(ctx)->begins; },
      [](void *ctx) { ++static_cast<counts *>(ctx)->ends; }};
  lathe_instance_options options = {};
  options.executor = &executor;
  run_once(new_instance(program.program.get(), options).get());
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(counted.begins, 0); // the executor does not hear of such a run
  EXPECT_EQ(counted.ends, 0);
  opened large = open_program(wide_program(1000000));
  run_once(new_instance(large.program.get(), options).get());
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(counted.begins, 1);
  EXPECT_EQ(counted.ends, 1);
}

TEST(Pool, SeveralInstancesShareOneProgramAndOnePool) {
  opened program = open_program(wide_program());
  result expected = run_once(new_instance(program.program.get()).get());
  pool_ptr pool = new_pool(3);
  std::vector<std::thread> callers;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 12; ++t) // more than the pool has places for jobs
    callers.emplace_back([&] {
      lathe_instance_options options = {};
      options.pool = pool.get();
      instance_ptr instance = new_instance(program.program.get(), options);
      for (int i = 0; i < 10; ++i)
        wrong += !(run_once(instance.get()) == expected);
    });
  for (std::thread &caller : callers)
    caller.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Pool, AnInstanceKeepsItsProgramAlive) {
  opened program = open_program(wide_program());
  instance_ptr instance = new_instance(program.program.get());
  program.program.reset();
  run_once(instance.get());
}

double process_cpu_ms() {
  timespec now = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

TEST(Pool, AnIdlePoolCostsNothing) {
  opened program = open_program(wide_program());
  pool_ptr pool = new_pool(4);
  lathe_instance_options options = {};
  options.pool = pool.get();
  instance_ptr instance = new_instance(program.program.get(), options);
  run_once(instance.get());
  double before = process_cpu_ms();
  sleep(2);
  EXPECT_LT(process_cpu_ms() - before, 2.0);
}

TEST(Pool, WorkersBlockSignals) {
  static std::atomic<int> on_worker{0};
  static pthread_t main_thread = pthread_self();
  auto before = signal(SIGUSR1, [](int) { on_worker += !pthread_equal(pthread_self(), main_thread); });
  pool_ptr pool = new_pool(4);
  for (int i = 0; i < 100; ++i)
    kill(getpid(), SIGUSR1);
  signal(SIGUSR1, before);
  EXPECT_EQ(on_worker, 0);
}

TEST(Pool, AutomaticThreadCountIsPositive) {
  pool_ptr pool = new_pool(0);
  EXPECT_GE(lathe_pool_thread_count(pool.get()), 1u);
  EXPECT_LE(lathe_pool_thread_count(pool.get()), std::max(1u, std::thread::hardware_concurrency()));
}

#ifdef __linux__
TEST(Pool, AutomaticThreadCountKeepsToTheAffinity) {
  cpu_set_t before, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  CPU_ZERO(&one);
  int cpu = 0;
  while (!CPU_ISSET(cpu, &before))
    ++cpu;
  CPU_SET(cpu, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(lathe_pool_thread_count(new_pool(0).get()), 1u);
  sched_setaffinity(0, sizeof(before), &before);
}

TEST(Pool, CoresBeyondTheFirstThousandCount) {
  backend::cpu_mask cpus;
  EXPECT_EQ(backend::physical_cores(cpus), 0u);
  for (uint64_t cpu : {0, 5000, 8191}) // the latter two, here, without siblings
    cpus.add(cpu);
  EXPECT_EQ(backend::physical_cores(cpus), 3u);
}

TEST(Pool, QuotasAreRoundedUp) {
  EXPECT_EQ(backend::threads_of_quota("max 100000\n"), UINT32_MAX);
  EXPECT_EQ(backend::threads_of_quota("200000 100000\n"), 2u);
  EXPECT_EQ(backend::threads_of_quota("150000 100000\n"), 2u);
  EXPECT_EQ(backend::threads_of_quota("1000 100000\n"), 1u);
  EXPECT_EQ(backend::threads_of_quota("18446744073709551615 1\n"), UINT32_MAX);
  for (const char *text : {"", "\n", "1000", "1000 0", "x 1000"})
    EXPECT_EQ(backend::threads_of_quota(text), UINT32_MAX) << text;
}

TEST(Pool, TheUnifiedGroupIsFound) {
  auto group = [](std::string text) {
    const char *found = backend::unified_group(text.data());
    return found ? std::string(found) : "none";
  };
  EXPECT_EQ(group("0::/user.slice/a b\n"), "/user.slice/a b");
  EXPECT_EQ(group("12:cpu:/x\n0::/y"), "/y");
  EXPECT_EQ(group("10::/x\n"), "none");
  EXPECT_EQ(group(""), "none");
}

TEST(Pool, WorkersHaveNames) {
  pool_ptr pool = new_pool(3);
  std::vector<std::string> names;
  for (const auto &task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    names.push_back(name);
  }
  for (const char *name : {"lathe-1", "lathe-2"})
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
}
#endif

TEST(Pool, CallersWorkAloneForAWhileWhereHelpDoesNotPay) {
  using backend::crowding;
  crowding judged;
  constexpr uint64_t ms = 1000000;
  EXPECT_FALSE(judged.work_alone(1 * ms));
  judged.judge(0, 4 * ms, 5 * ms);
  EXPECT_TRUE(judged.work_alone(15 * ms - 1));
  EXPECT_FALSE(judged.work_alone(15 * ms));
  judged.judge(2 * ms, 4 * ms, 20 * ms); // too little to be at ease
  EXPECT_TRUE(judged.work_alone(40 * ms - 1));
  EXPECT_FALSE(judged.work_alone(40 * ms));
  judged.judge(20 * ms, 0, 61 * ms);
  judged.judge(0, 20 * ms, 70 * ms); // begins anew
  EXPECT_TRUE(judged.work_alone(80 * ms - 1));
  EXPECT_FALSE(judged.work_alone(80 * ms));
  for (int i = 0; i < 70; ++i)
    judged.judge(0, UINT64_MAX, 100 * ms);
  EXPECT_TRUE(judged.work_alone(300 * ms - 1));
  EXPECT_FALSE(judged.work_alone(300 * ms));
}

TEST(Pool, HelpThatPaysGoesOn) {
  backend::crowding judged;
  constexpr uint64_t ms = 1000000;
  for (uint64_t now = 1; now < 1000; ++now) {
    judged.judge(ms / 2, 0, now * ms);
    if (now % 20 == 0)
      judged.judge(0, 4 * ms, now * ms); // 10 ms are saved meanwhile
    EXPECT_FALSE(judged.work_alone(now * ms)) << now;
  }
}

#ifdef __linux__
cpu_set_t affinity_of(int32_t thread) {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(thread, sizeof(set), &set);
  return set;
}

TEST(Pool, AThreadLeavesItsCpu) {
  cpu_set_t before = affinity_of(0), one;
  int32_t cpu = backend::current_cpu();
  EXPECT_EQ(backend::leave_cpu(cpu), CPU_COUNT(&before) > 1);
  cpu_set_t after = affinity_of(0);
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
  CPU_ZERO(&one);
  CPU_SET(backend::current_cpu(), &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_FALSE(backend::leave_cpu(backend::current_cpu())); // there is no other
  EXPECT_FALSE(backend::leave_cpu(-1));
  sched_setaffinity(0, sizeof(before), &before);
}

TEST(Pool, OnlyAThreadThatRunsTakesTime) {
  std::atomic<int32_t> number{0};
  std::atomic<bool> end{false};
  std::thread sleeper([&] {
    number = backend::current_thread();
    while (!end)
      usleep(1000);
  });
  while (number == 0)
    usleep(100);
  int32_t self = backend::current_thread();
  uint64_t own = backend::thread_cpu_ns(self), others = backend::thread_cpu_ns(number);
  while (backend::thread_cpu_ns(self) - own < 50000000) {
  }
  EXPECT_LT(backend::thread_cpu_ns(number) - others, 25000000u);
  end = true;
  sleeper.join();
}

/// A worker that does not run until it sees that only one CPU is left to it.
struct without_core {
  std::atomic<int32_t> worker{0};
  std::atomic<int> pulled_to{-1};

  static void pass(void *arg, uint32_t worker) {
    auto *self = static_cast<without_core *>(arg);
    auto begin = std::chrono::steady_clock::now();
    auto waited = [&] { return std::chrono::steady_clock::now() - begin; };
    if (worker == 0) {
      while (waited() < std::chrono::milliseconds(2) && self->worker == 0) {
      }
      return;
    }
    self->worker = backend::current_thread();
    while (waited() < std::chrono::seconds(5) && self->pulled_to < 0) {
      usleep(500);
      cpu_set_t set = affinity_of(0);
      if (CPU_COUNT(&set) == 1)
        self->pulled_to = backend::current_cpu();
    }
  }
};

TEST(Pool, ACallerGivesItsCoreToAWorkerThatLostItsOwn) {
  cpu_set_t before = affinity_of(0);
  if (CPU_COUNT(&before) < 2)
    GTEST_SKIP() << "one CPU only";
  without_core state;
  while (state.worker == 0) { // it may come too late
    pool_ptr pool = new_pool(2);
    lathe_executor executor = backend::pool_executor(pool.get());
    executor.parallel(executor.ctx, without_core::pass, &state, 2);
    if (state.worker == 0)
      continue;
    EXPECT_TRUE(CPU_ISSET(state.pulled_to, &before)) << state.pulled_to;
    cpu_set_t after = affinity_of(state.worker);
    EXPECT_TRUE(CPU_EQUAL(&before, &after)); // as it was
  }
}
#endif

/// Holds a worker that joins until it is told to go on.
struct gate {
  std::atomic<bool> held{false}, open{false}, caller_done{false};

  static void pass(void *arg, uint32_t worker) {
    auto *self = static_cast<gate *>(arg);
    if (worker == 0) {
      auto begin = std::chrono::steady_clock::now(); // not asleep: on its core
      while (std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(2) && !self->held) {
      }
      self->caller_done = true;
      return;
    }
    self->held = true;
    while (!self->open)
      usleep(100);
  }
};

TEST(Pool, ACallerNeverWaitsForABusyWorker) {
  opened program = open_program(wide_program());
  // Where other processes use the cores, a worker does not join every job.
  for (bool held = false; !held;) {
    pool_ptr pool = new_pool(2);
    lathe_executor executor = backend::pool_executor(pool.get());
    gate lock;
    std::thread other([&] { executor.parallel(executor.ctx, gate::pass, &lock, 2); });
    while (!lock.held && !lock.caller_done)
      usleep(100);
    held = lock.held; // the pool's only worker is in another caller's job
    lathe_instance_options options = {};
    options.pool = pool.get();
    instance_ptr instance = new_instance(program.program.get(), options);
    for (int i = 0; i < 10; ++i)
      run_once(instance.get()); // would hang
    lock.open = true;
    other.join();
  }
}

// ------------------------------------------------------------------- cancel

TEST(Cancel, EndsARunFromAnotherThread) {
  program_source source = new_program();
  f::MethodT &method = source.add_method("forward");
  method.outputs.push_back(tensor("y", f::DType::i32, {64}));
  method_builder b(method);
  b.call(kernel::busy, {b.buffer(f::Region::output, 0, 256)}, 64, {}, 1000000);
  b.branch(0);
  opened program = open_program(std::move(source));
  ASSERT_EQ(program.status, LATHE_OK);
  pool_ptr pool = new_pool(2);
  lathe_instance_options options = {};
  options.pool = pool.get();
  instance_ptr instance = new_instance(program.program.get(), options);
  std::vector<int32_t> y(64);
  bind_vector(instance.get(), LATHE_OUTPUT, 0, y);
  std::atomic<bool> ended{false};
  std::thread canceller([&] {
    while (!ended) {
      usleep(2000);
      lathe_cancel(instance.get());
    }
  });
  lathe_error error = {};
  EXPECT_EQ(lathe_run(instance.get(), 0, &error), LATHE_ERR_CANCELLED);
  ended = true;
  canceller.join();
  EXPECT_STREQ(error.text, "the run was cancelled");
}

} // namespace
} // namespace lathe::test
