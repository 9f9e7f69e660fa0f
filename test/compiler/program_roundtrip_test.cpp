// SPDX-License-Identifier: Apache-2.0
//
// An outlined module in text, planned, written, opened and run by the runtime
// with a table of kernels in C; and its way to text and back.
#include "compiler/ProgramReader.h"
#include "compiler/ProgramWriter.h"
#include "dialects/Graph/GraphOps.h"
#include "dialects/Graph/WeightStore.h"
#include "dialects/Program/ProgramDialect.h"
#include "passes/Passes.h"
#include "program_generated.h"
#include "runtime/include/lathe/kernel_abi.h"
#include "runtime/include/lathe/lathe.h"
#include "runtime/schema/file_layout.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "gtest/gtest.h"
#include <cstdlib>

using namespace mlir;

namespace {

//===-- Kernels -----------------------------------------------------------===//

const float *input(const lathe_kernel_args *args, unsigned i) {
  return static_cast<const float *>(args->buffers[i]);
}
float *output(const lathe_kernel_args *args, unsigned i) { return static_cast<float *>(args->buffers[i]); }

/// c = a + b, sizes[0] elements, one tile each.
void addKernel(const lathe_kernel_args *args, uint32_t begin, uint32_t end, void *) {
  for (uint32_t i = begin; i < end; ++i)
    output(args, 2)[i] = input(args, 0)[i] + input(args, 1)[i];
}
/// b = a * 2.
void doubleKernel(const lathe_kernel_args *args, uint32_t begin, uint32_t end, void *) {
  for (uint32_t i = begin; i < end; ++i)
    output(args, 1)[i] = input(args, 0)[i] * 2;
}
/// flag = a[0] < 100.
void belowKernel(const lathe_kernel_args *args, uint32_t, uint32_t, void *) {
  *static_cast<uint8_t *>(args->buffers[1]) = input(args, 0)[0] < 100;
}
/// The state's bytes, changed in place: c += b.
void accumulateKernel(const lathe_kernel_args *args, uint32_t begin, uint32_t end, void *) {
  for (uint32_t i = begin; i < end; ++i)
    output(args, 2)[i] += input(args, 1)[i];
}

const void *const kernelTable[] = {
    reinterpret_cast<const void *>(addKernel), reinterpret_cast<const void *>(doubleKernel),
    reinterpret_cast<const void *>(belowKernel), reinterpret_cast<const void *>(accumulateKernel)};

const char *const kKernels = R"(
graph.symbol @n [0, 8]
program.image @linked linked features 0x0 abi 1
module @kernels {
  graph.kernel @add(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32>
      attributes {symbols = [], device = "cpu", inplace = array<i64: 0, 0, 1, 0>, graph.codegen = {
      scratch_bytes = 0 : i64, tiles = #graph.expr<4>, sizes = #graph.dims<[]>, may_fail = false,
      entries = array<i64: 0>}} {
    %0 = graph.add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
  graph.kernel @twice(%a: tensor<?xf32, #graph.info<[d]>>) -> tensor<?xf32, #graph.info<[d]>>
      attributes {symbols = ["d"], device = "cpu", inplace = array<i64: 0, 0>, graph.codegen = {
      scratch_bytes = 0 : i64, tiles = #graph.expr<d>, sizes = #graph.dims<[d]>, may_fail = false,
      entries = array<i64: 1>}} {
    %0 = graph.add %a, %a : (tensor<?xf32, #graph.info<[d]>>, tensor<?xf32, #graph.info<[d]>>) -> tensor<?xf32, #graph.info<[d]>>
    graph.yield %0 : tensor<?xf32, #graph.info<[d]>>
  }
  graph.kernel @below(%a: tensor<4xf32>) -> tensor<i1>
      attributes {symbols = [], device = "cpu", graph.codegen = {scratch_bytes = 0 : i64,
      tiles = #graph.expr<1>, sizes = #graph.dims<[]>, may_fail = false, entries = array<i64: 2>}} {
    %0 = graph.constant dense<true> : tensor<i1>
    graph.yield %0 : tensor<i1>
  }
  graph.kernel @accumulate(%s: tensor<4xf32>, %x: tensor<4xf32>) -> tensor<4xf32>
      attributes {symbols = [], device = "cpu", inplace_required = array<i64: 0, 0>, graph.codegen = {
      scratch_bytes = 0 : i64, tiles = #graph.expr<4>, sizes = #graph.dims<[]>, may_fail = false,
      entries = array<i64: 3>}} {
    %0 = graph.add %s, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %0 : tensor<4xf32>
  }
}
)";

//===-- Harness -----------------------------------------------------------===//

class ProgramFile : public ::testing::Test {
protected:
  ProgramFile() : context(registry()) { context.loadAllAvailableDialects(); }
  ~ProgramFile() override {
    lathe_instance_destroy(instance);
    lathe_program_close(program);
  }

  static const DialectRegistry &registry() {
    static const DialectRegistry made = [] {
      DialectRegistry dialects;
      dialects.insert<lathe::graph::GraphDialect, lathe::program::ProgramDialect, func::FuncDialect,
                      quant::QuantDialect>();
      return dialects;
    }();
    return made;
  }

  std::string addWeight(std::vector<float> values) {
    std::vector<char> bytes(reinterpret_cast<char *>(values.data()),
                            reinterpret_cast<char *>(values.data() + values.size()));
    int64_t size = values.size();
    return context.getOrLoadDialect<lathe::graph::GraphDialect>()->getWeightStore().addOwned(
        std::move(bytes), {size}, 4);
  }

  /// Plans the text and writes it to `file`.
  void compile(const std::string &text) {
    module = parseSourceString<ModuleOp>(text, &context);
    ASSERT_TRUE(module);
    PassManager passes(&context);
    passes.addNestedPass<func::FuncOp>(lathe::createScheduleCalls());
    passes.addPass(lathe::createLowerToProgram());
    passes.addPass(lathe::createPlanMemory());
    ASSERT_TRUE(succeeded(passes.run(*module)));
    file = write(*module);
    ASSERT_FALSE(file.empty());
  }

  std::string write(ModuleOp from) {
    llvm::SmallString<0> bytes;
    llvm::raw_svector_ostream stream(bytes);
    lathe::ProgramWriterOptions options;
    options.evaluateInitializer = [](lathe::graph::WeightOp) {
      std::vector<char> ones(4 * sizeof(float));
      std::fill_n(reinterpret_cast<float *>(ones.data()), 4, 1.0f);
      return ones;
    };
    return succeeded(lathe::writeProgram(from, stream, nullptr, options)) ? bytes.str().str() : "";
  }

  /// The program as a linked model: its weights point into the file.
  void open() {
    lathe_options options = {};
    options.struct_bytes = sizeof(options);
    lathe_error error = {};
    // The file as such: the loader accepts every byte, weights included.
    ASSERT_EQ(aligned(), 0);
    lathe_program *whole = nullptr;
    int32_t status = lathe_program_open_memory(storage, file.size(), &options, &whole, &error);
    // Linked kernels cannot be called from a file; all else was checked.
    if (status == LATHE_OK) {
      EXPECT_EQ(lathe_program_verify_weights(whole, &error), LATHE_OK) << error.text;
      lathe_program_close(whole);
    } else {
      ASSERT_EQ(status, LATHE_ERR_UNSUPPORTED) << error.text;
    }
    const auto *header = reinterpret_cast<const lathe_file_header *>(storage);
    const auto *root = lathe::format::GetProgram(storage + LATHE_HEADER_BYTES);
    for (uint32_t i = 0; root->weight_slots() && i < root->weight_slots()->size(); ++i) {
      const auto *segment = root->segments()->Get(root->weight_slots()->Get(i));
      weights.push_back({storage + segment->offset_bytes(), size_t(segment->bytes())});
    }
    model.struct_bytes = sizeof(model);
    model.kernel_abi = LATHE_KERNEL_ABI_VERSION;
    model.metadata = storage + LATHE_HEADER_BYTES;
    model.metadata_bytes = header->metadata_bytes;
    model.weights = weights.data();
    model.weight_count = weights.size();
    model.kernels = kernelTable;
    model.kernel_count = std::size(kernelTable);
    int64_t needed = lathe_static_memory_needed(&model, &error);
    ASSERT_GT(needed, 0) << error.text;
    memory.resize(needed + 64);
    void *start = reinterpret_cast<void *>((reinterpret_cast<uintptr_t>(memory.data()) + 63) & ~uintptr_t(63));
    ASSERT_EQ(lathe_program_open_static(&model, start, needed, &options, &program, &error), LATHE_OK)
        << error.text;
    lathe_instance_options instanceOptions = {};
    instanceOptions.struct_bytes = sizeof(instanceOptions);
    // A linked program has no allocator of its own.
    lathe_allocator allocator = {};
    allocator.struct_bytes = sizeof(allocator);
    allocator.alloc = [](void *, size_t bytes, size_t align) {
      return aligned_alloc(align, (bytes + align - 1) / align * align);
    };
    allocator.free = [](void *, void *block, size_t) { free(block); };
    instanceOptions.allocator = &allocator;
    ASSERT_EQ(lathe_instance_create(program, &instanceOptions, &instance, &error), LATHE_OK) << error.text;
  }

  int aligned() {
    padded.resize(file.size() + 64);
    storage = reinterpret_cast<uint8_t *>((reinterpret_cast<uintptr_t>(padded.data()) + 63) & ~uintptr_t(63));
    memcpy(storage, file.data(), file.size());
    return 0;
  }

  void bind(const char *method, uint32_t kind, uint32_t index, void *data, size_t bytes,
            std::vector<int64_t> dims) {
    lathe_tensor tensor = {};
    tensor.struct_bytes = sizeof(tensor);
    tensor.rank = dims.size();
    tensor.data = data;
    tensor.bytes = bytes;
    std::copy(dims.begin(), dims.end(), tensor.dims);
    lathe_error error = {};
    ASSERT_EQ(lathe_bind(instance, lathe_find_method(program, method), kind, index, &tensor, &error), LATHE_OK)
        << error.text;
  }
  void run(const char *method) {
    lathe_error error = {};
    ASSERT_EQ(lathe_run(instance, lathe_find_method(program, method), &error), LATHE_OK) << error.text;
  }
  /// One input x and one output y of floats.
  std::vector<float> runFloats(const char *method, std::vector<float> x, std::vector<int64_t> dims,
                               size_t outputs) {
    std::vector<float> y(outputs, -1);
    x.reserve(1); // no null pointers for empty tensors
    y.reserve(1);
    bind(method, LATHE_INPUT, 0, x.data(), x.size() * 4, dims);
    bind(method, LATHE_OUTPUT, 0, y.data(), y.size() * 4, {static_cast<int64_t>(outputs)});
    run(method);
    return y;
  }
  size_t countOps(StringRef name) {
    size_t count = 0;
    module->walk([&](Operation *op) { count += op->getName().getStringRef() == name; });
    return count;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::string file;
  std::vector<uint8_t> padded, memory;
  uint8_t *storage = nullptr;
  std::vector<lathe_static_segment> weights;
  lathe_static_model model = {};
  lathe_program *program = nullptr;
  lathe_instance *instance = nullptr;
};

using Floats = std::vector<float>;

//===-- Claims ------------------------------------------------------------===//

TEST_F(ProgramFile, weights_and_initializers_reach_their_kernels) {
  std::string key = addWeight({10, 20, 30, 40});
  compile(std::string(kKernels) + "graph.weight @w : tensor<4xf32> key \"" + key + R"("
graph.weight @ones : tensor<4xf32> {
  %0 = graph.constant dense<1.0> : tensor<4xf32>
  graph.yield %0 : tensor<4xf32>
}
func.func @f(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "y"}) {
  %w = graph.use_weight @w : tensor<4xf32>
  %o = graph.use_weight @ones : tensor<4xf32>
  %0 = graph.dispatch @kernels::@add(%x, %w) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.dispatch @kernels::@add(%0, %o) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
})");
  open();
  EXPECT_EQ(runFloats("f", {1, 2, 3, 4}, {4}, 4), Floats({12, 23, 34, 45}));
  EXPECT_EQ(countOps("program.copy"), 0u);
}

TEST_F(ProgramFile, operands_of_a_concat_are_made_in_place) {
  compile(std::string(kKernels) + R"(
func.func @f(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<8xf32> {graph.name = "y"}) {
  %0 = graph.dispatch @kernels::@twice(%x) symbols <[4]> : (tensor<4xf32>) -> tensor<4xf32>
  %1 = graph.dispatch @kernels::@add(%0, %x) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = graph.concat %0, %1 {dim = 0 : i64} : (tensor<4xf32>, tensor<4xf32>) -> tensor<8xf32>
  return %2 : tensor<8xf32>
})");
  open();
  EXPECT_EQ(runFloats("f", {1, 2, 3, 4}, {4}, 8), Floats({2, 4, 6, 8, 3, 6, 9, 12}));
  EXPECT_EQ(countOps("program.copy"), 0u);
}

TEST_F(ProgramFile, an_input_that_is_returned_is_copied) {
  compile(std::string(kKernels) + R"(
func.func @f(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "y"}) {
  return %x : tensor<4xf32>
})");
  open();
  EXPECT_EQ(runFloats("f", {1, 2, 3, 4}, {4}, 4), Floats({1, 2, 3, 4}));
  EXPECT_EQ(countOps("program.copy"), 1u);
}

TEST_F(ProgramFile, sizes_follow_the_input) {
  compile(std::string(kKernels) + R"(
func.func @f(%x: tensor<?xf32, #graph.info<[n]>> {graph.name = "x"}) -> (tensor<?xf32, #graph.info<[n]>> {graph.name = "y"}) {
  %0 = graph.dispatch @kernels::@twice(%x) symbols <[n]> : (tensor<?xf32, #graph.info<[n]>>) -> tensor<?xf32, #graph.info<[n]>>
  %1 = graph.dispatch @kernels::@twice(%0) symbols <[n]> : (tensor<?xf32, #graph.info<[n]>>) -> tensor<?xf32, #graph.info<[n]>>
  return %1 : tensor<?xf32, #graph.info<[n]>>
})");
  open();
  EXPECT_EQ(runFloats("f", {1, 2, 3}, {3}, 3), Floats({4, 8, 12}));
  EXPECT_EQ(runFloats("f", {5}, {1}, 1), Floats({20}));
}

TEST_F(ProgramFile, state_is_updated_in_place_and_shared_by_methods) {
  compile(std::string(kKernels) + R"(
graph.state @total : tensor<4xf32>
func.func @step(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "y"}) {
  %s = graph.state_read @total : tensor<4xf32>
  %0 = graph.dispatch @kernels::@accumulate(%s, %x) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  graph.state_write @total = %0 : tensor<4xf32>
  %1 = graph.dispatch @kernels::@twice(%0) symbols <[4]> : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
func.func @peek(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "y"}) {
  %s = graph.state_read @total : tensor<4xf32>
  %0 = graph.dispatch @kernels::@add(%s, %x) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
})");
  open();
  EXPECT_EQ(runFloats("step", {1, 2, 3, 4}, {4}, 4), Floats({2, 4, 6, 8}));
  EXPECT_EQ(runFloats("step", {1, 1, 1, 1}, {4}, 4), Floats({4, 6, 8, 10}));
  EXPECT_EQ(runFloats("peek", {0, 0, 0, 0}, {4}, 4), Floats({2, 3, 4, 5}));
  EXPECT_EQ(countOps("program.copy"), 0u);
}

TEST_F(ProgramFile, a_read_across_an_update_keeps_the_old_state) {
  compile(std::string(kKernels) + R"(
graph.state @total : tensor<4xf32>
func.func @step(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "y"}) {
  %s = graph.state_read @total : tensor<4xf32>
  %0 = graph.dispatch @kernels::@accumulate(%s, %x) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  graph.state_write @total = %0 : tensor<4xf32>
  %1 = graph.dispatch @kernels::@add(%s, %0) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
})");
  open();
  EXPECT_EQ(runFloats("step", {1, 2, 3, 4}, {4}, 4), Floats({1, 2, 3, 4}));
  EXPECT_EQ(runFloats("step", {1, 1, 1, 1}, {4}, 4), Floats({3, 5, 7, 9}));
}

TEST_F(ProgramFile, a_while_runs_until_its_condition_fails) {
  compile(std::string(kKernels) + R"(
func.func @f(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "y"}) {
  %0 = graph.while (%x) () : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %c = graph.dispatch @kernels::@below(%a) symbols <[]> : (tensor<4xf32>) -> tensor<i1>
    graph.yield %c : tensor<i1>
  } do {
  ^bb0(%a: tensor<4xf32>):
    %b = graph.dispatch @kernels::@twice(%a) symbols <[4]> : (tensor<4xf32>) -> tensor<4xf32>
    graph.yield %b : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
})");
  open();
  EXPECT_EQ(runFloats("f", {30, 1, 2, 3}, {4}, 4), Floats({120, 4, 8, 12}));
  EXPECT_EQ(runFloats("f", {200, 1, 2, 3}, {4}, 4), Floats({200, 1, 2, 3}));
}

TEST_F(ProgramFile, carried_values_may_change_places) {
  compile(std::string(kKernels) + R"(
func.func @f(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "y"}) {
  %z = graph.dispatch @kernels::@twice(%x) symbols <[4]> : (tensor<4xf32>) -> tensor<4xf32>
  %0:2 = graph.while (%x, %z) () : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    %c = graph.dispatch @kernels::@below(%a) symbols <[]> : (tensor<4xf32>) -> tensor<i1>
    graph.yield %c : tensor<i1>
  } do {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    %d = graph.dispatch @kernels::@add(%a, %b) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %b, %d : tensor<4xf32>, tensor<4xf32>
  }
  return %0#1 : tensor<4xf32>
})");
  open();
  // 10 20 -> 20 30 -> 30 50 -> 50 80 -> 80 130 -> 130 210
  EXPECT_EQ(runFloats("f", {10, 0, 0, 1}, {4}, 4), Floats({210, 0, 0, 21}));
}

TEST_F(ProgramFile, an_if_takes_one_branch) {
  compile(std::string(kKernels) + R"(
func.func @f(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "y"}) {
  %c = graph.dispatch @kernels::@below(%x) symbols <[]> : (tensor<4xf32>) -> tensor<i1>
  %0 = graph.if %c (%x) : tensor<i1>, (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %b = graph.dispatch @kernels::@twice(%a) symbols <[4]> : (tensor<4xf32>) -> tensor<4xf32>
    graph.yield %b : tensor<4xf32>
  } else {
  ^bb0(%a: tensor<4xf32>):
    graph.yield %a : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
})");
  open();
  EXPECT_EQ(runFloats("f", {1, 2, 3, 4}, {4}, 4), Floats({2, 4, 6, 8}));
  EXPECT_EQ(runFloats("f", {100, 2, 3, 4}, {4}, 4), Floats({100, 2, 3, 4}));
}

TEST_F(ProgramFile, a_scan_stacks_its_slices) {
  compile(std::string(kKernels) + R"(
func.func @f(%x: tensor<?x4xf32, #graph.info<[n, 4]>> {graph.name = "x"}) -> (tensor<?x4xf32, #graph.info<[n, 4]>> {graph.name = "y"}) {
  %z = graph.constant dense<0.0> : tensor<4xf32>
  %0:2 = graph.scan (%z) (%x) () : (tensor<4xf32>, tensor<?x4xf32, #graph.info<[n, 4]>>) -> (tensor<4xf32>, tensor<?x4xf32, #graph.info<[n, 4]>>) {
  ^bb0(%sum: tensor<4xf32>, %slice: tensor<4xf32>):
    %1 = graph.dispatch @kernels::@add(%sum, %slice) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %2 = graph.dispatch @kernels::@twice(%1) symbols <[4]> : (tensor<4xf32>) -> tensor<4xf32>
    graph.yield %1, %2 : tensor<4xf32>, tensor<4xf32>
  }
  return %0#1 : tensor<?x4xf32, #graph.info<[n, 4]>>
})");
  open();
  EXPECT_EQ(runFloats("f", {1, 0, 0, 1, 2, 0, 0, 2}, {2, 4}, 8), Floats({2, 0, 0, 2, 6, 0, 0, 6}));
  EXPECT_EQ(runFloats("f", {}, {0, 4}, 0), Floats({}));
}

TEST_F(ProgramFile, text_and_back_is_byte_identical) {
  std::string key = addWeight({10, 20, 30, 40});
  compile(std::string(kKernels) + "graph.weight @w : tensor<4xf32> key \"" + key + R"("
graph.state @total : tensor<4xf32> initial @w
func.func @f(%x: tensor<?x4xf32, #graph.info<[n, 4]>> {graph.name = "x"}) -> (tensor<?x4xf32, #graph.info<[n, 4]>> {graph.name = "y"}) {
  %z = graph.use_weight @w : tensor<4xf32>
  %0:2 = graph.scan (%z) (%x) () : (tensor<4xf32>, tensor<?x4xf32, #graph.info<[n, 4]>>) -> (tensor<4xf32>, tensor<?x4xf32, #graph.info<[n, 4]>>) {
  ^bb0(%sum: tensor<4xf32>, %slice: tensor<4xf32>):
    %1 = graph.dispatch @kernels::@add(%sum, %slice) symbols <[]> : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    graph.yield %1, %1 : tensor<4xf32>, tensor<4xf32>
  }
  return %0#1 : tensor<?x4xf32, #graph.info<[n, 4]>>
})");
  auto buffer = std::shared_ptr<llvm::MemoryBuffer>(llvm::MemoryBuffer::getMemBufferCopy(file));
  auto read = lathe::readProgram(&context, buffer);
  ASSERT_TRUE(static_cast<bool>(read)) << llvm::toString(read.takeError());
  std::string text;
  llvm::raw_string_ostream stream(text);
  (*read)->print(stream);
  OwningOpRef<ModuleOp> again = parseSourceString<ModuleOp>(text, &context);
  ASSERT_TRUE(again);
  EXPECT_TRUE(write(*again) == file) << text;
}

TEST_F(ProgramFile, broken_files_are_refused_not_read) {
  compile(std::string(kKernels) + R"(
func.func @f(%x: tensor<4xf32> {graph.name = "x"}) -> (tensor<4xf32> {graph.name = "y"}) {
  %0 = graph.dispatch @kernels::@twice(%x) symbols <[4]> : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
})");
  // Every byte of the metadata in turn; the reader must fail or succeed, never
  // touch what is not there (run under ASan).
  for (size_t at = 0; at < file.size(); ++at) {
    std::string broken = file;
    broken[at] = static_cast<char>(~broken[at]);
    auto buffer = std::shared_ptr<llvm::MemoryBuffer>(llvm::MemoryBuffer::getMemBufferCopy(broken));
    auto read = lathe::readProgram(&context, buffer);
    if (!read)
      llvm::consumeError(read.takeError());
  }
  for (size_t length = 0; length < file.size(); length += 7) {
    auto buffer = std::shared_ptr<llvm::MemoryBuffer>(
        llvm::MemoryBuffer::getMemBufferCopy(StringRef(file).take_front(length)));
    auto read = lathe::readProgram(&context, buffer);
    EXPECT_FALSE(static_cast<bool>(read));
    llvm::consumeError(read.takeError());
  }
}

} // namespace
