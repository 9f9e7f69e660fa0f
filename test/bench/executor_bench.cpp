// SPDX-License-Identifier: Apache-2.0
// What the executor adds to the kernels: nanoseconds per instruction, of a run,
// of a rebinding, of a load.
#include "test/runtime/program_builder.h"

#include <benchmark/benchmark.h>

#include <cstring>

namespace lathe::test {
namespace {

constexpr int64_t call_count = 1000;

/// 1,000 calls of a kernel that does nothing with three buffers.
std::unique_ptr<linked> calls_program(bool dynamic) {
  program_source source = new_program(true);
  f::MethodT &method = source.add_method("forward");
  method_builder b(method);
  int64_t size = 8, size4 = 32;
  if (dynamic) {
    uint32_t n = b.symbol("n", 1, 8);
    size = b.symbol_size(n);
    size4 = b.times(n, 4);
    b.bind(n, 0, 0);
    method.inputs.push_back(tensor("x", f::DType::i32, {size}, {1}, {8}));
    method.outputs.push_back(tensor("y", f::DType::i32, {size}, {1}, {8}));
  } else {
    method.inputs.push_back(tensor("x", f::DType::i32, {8}));
    method.outputs.push_back(tensor("y", f::DType::i32, {8}));
  }
  uint32_t x = b.buffer(f::Region::input, 0, size4);
  uint32_t y = b.buffer(f::Region::output, 0, size4);
  uint32_t t = b.arena(size4, 32);
  for (int64_t i = 0; i < call_count; ++i)
    b.call(kernel::add, {i ? t : x, t, i + 1 == call_count ? y : t}, size);
  return open_linked(std::move(source), true);
}

struct bound {
  std::unique_ptr<linked> program;
  instance_ptr instance;
  std::vector<int32_t> x = std::vector<int32_t>(8), y = x, other = x;

  explicit bound(bool dynamic)
      : program(calls_program(dynamic)), instance(new_instance(program->program.get())) {
    bind_vector(instance.get(), LATHE_INPUT, 0, x);
    bind_vector(instance.get(), LATHE_OUTPUT, 0, y);
  }
};

void per_instruction(benchmark::State &state) {
  state.counters["per_instruction"] = benchmark::Counter(
      static_cast<double>(state.iterations() * call_count),
      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_Call(benchmark::State &state) {
  bound b(false);
  for (auto _ : state)
    if (lathe_run(b.instance.get(), 0, nullptr) != LATHE_OK)
      state.SkipWithError("run failed");
  per_instruction(state);
}
BENCHMARK(BM_Call);

void BM_CallAfterRebinding(benchmark::State &state) {
  bound b(false);
  bool flip = false;
  for (auto _ : state) {
    bind_vector(b.instance.get(), LATHE_INPUT, 0, (flip = !flip) ? b.other : b.x);
    lathe_run(b.instance.get(), 0, nullptr);
  }
  per_instruction(state);
}
BENCHMARK(BM_CallAfterRebinding);

void BM_CallAfterNewSize(benchmark::State &state) {
  bound b(true);
  int64_t n = 1;
  for (auto _ : state) {
    n = n % 8 + 1;
    bind_vector(b.instance.get(), LATHE_INPUT, 0, b.x, {n});
    lathe_run(b.instance.get(), 0, nullptr);
  }
  per_instruction(state);
}
BENCHMARK(BM_CallAfterNewSize);

void BM_Open(benchmark::State &state) {
  std::unique_ptr<linked> model = calls_program(false);
  for (auto _ : state)
    reopen(model.get());
  per_instruction(state);
  state.counters["metadata_bytes"] = static_cast<double>(model->metadata.size());
}
BENCHMARK(BM_Open);

} // namespace
} // namespace lathe::test

BENCHMARK_MAIN();
