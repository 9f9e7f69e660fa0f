// SPDX-License-Identifier: Apache-2.0
#include "test/targets/Cpu/CaseRunner.h"

#include "compiler/Compiler.h"
#include "dialects/Graph/GraphOps.h"
#include "targets/Cpu/IsaLevel.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;

namespace lathe::test {

static constexpr char kPoison = '\xa5';

static llvm::Error fault(const llvm::Twine &why) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), why);
}

GuardedBytes::GuardedBytes(size_t bytes, bool atStart)
    : bytes(bytes), pageBytes(size_t(sysconf(_SC_PAGESIZE))) {
  middleBytes = std::max<size_t>(1, (bytes + pageBytes - 1) / pageBytes) * pageBytes;
  void *mapping = mmap(nullptr, middleBytes + 2 * pageBytes, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED)
    llvm::report_fatal_error("no memory for a tensor of a test");
  base = static_cast<char *>(mapping);
  mprotect(base + pageBytes, middleBytes, PROT_READ | PROT_WRITE);
  std::memset(base + pageBytes, kPoison, middleBytes);
  start = base + pageBytes + (atStart ? 0 : middleBytes - bytes);
}

GuardedBytes::~GuardedBytes() { munmap(base, middleBytes + 2 * pageBytes); }

void GuardedBytes::makeReadOnly() { mprotect(base + pageBytes, middleBytes, PROT_READ); }

bool GuardedBytes::isClean() const {
  for (const char *p = base + pageBytes; p != base + pageBytes + middleBytes; ++p)
    if ((p < start || p >= start + bytes) && *p != kPoison)
      return false;
  return true;
}

struct CompiledCases::Level {
  std::string name;
  lathe_program *program = nullptr;
  lathe_instance *instance = nullptr;
  ~Level() {
    lathe_instance_destroy(instance);
    lathe_program_close(program);
  }
};

CompiledCases::~CompiledCases() = default;

namespace {
/// A file of a test, gone at the end.
struct TemporaryFile {
  explicit TemporaryFile(StringRef suffix) {
    int descriptor = -1;
    if (!llvm::sys::fs::createTemporaryFile("lathe_cases", suffix, descriptor, path))
      close(descriptor);
  }
  ~TemporaryFile() { llvm::sys::fs::remove(path); }
  SmallString<128> path;
};
} // namespace

// The methods, without the data of their cases, and what their module holds
// beside methods.
static void writeMethods(ArrayRef<func::FuncOp> methods, StringRef path) {
  OpBuilder builder(methods.front()->getContext());
  OwningOpRef<ModuleOp> module(ModuleOp::create(builder.getUnknownLoc()));
  builder.setInsertionPointToEnd(module->getBody());
  for (Operation &other : *methods.front()->getBlock())
    if (!llvm::isa<func::FuncOp>(other))
      builder.clone(other);
  for (func::FuncOp method : methods) {
    auto copy = llvm::cast<func::FuncOp>(builder.clone(*method));
    for (NamedAttribute attribute : llvm::to_vector(copy->getDiscardableAttrs()))
      if (attribute.getName().getValue().starts_with("conformance."))
        copy->removeAttr(attribute.getName());
  }
  std::error_code error;
  llvm::raw_fd_ostream file(path, error);
  module->print(file);
}

// Loading takes the first image whose features the machine has: those of
// better levels are switched off.
static uint64_t featuresBeyond(StringRef name) {
  return ~cpu::findIsaLevel(name)->requiredFeatures;
}

llvm::Error CompiledCases::open(const std::string &level) {
  auto opened = std::make_unique<Level>();
  opened->name = level;
  lathe_error error = {};
  lathe_options options = {};
  options.struct_bytes = sizeof(options);
  options.flags = LATHE_TRUST_CODE;
  options.cpu_features_disabled = featuresBeyond(level);
  if (lathe_program_open_memory(program, programBytes, &options, &opened->program, &error))
    return fault(error.text);
  if (!StringRef(lathe_program_code_name(opened->program)).ends_with(level))
    return fault(Twine("the runtime chose ") + lathe_program_code_name(opened->program) +
                 " instead of " + level);
  lathe_instance_options instance = {};
  instance.struct_bytes = sizeof(instance);
  if (lathe_instance_create(opened->program, &instance, &opened->instance, &error))
    return fault(error.text);
  levels.push_back(std::move(opened));
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<CompiledCases>>
CompiledCases::compile(ArrayRef<func::FuncOp> methods, const std::vector<std::string> &levels) {
  TemporaryFile text("mlir"), output("lathe");
  writeMethods(methods, text.path);
  CompilerOptions options;
  // The name of the only method of a file is the caller's.
  options.models = {{std::string(text.path), SymbolTable::getSymbolName(methods.front()).str()}};
  options.output_path = std::string(output.path);
  options.cpu_levels = levels;
  auto report = lathe::compile(options, [](StringRef, unsigned, unsigned) {});
  if (!report)
    return report.takeError();
  auto file = llvm::MemoryBuffer::getFile(output.path);
  if (!file)
    return fault(file.getError().message());
  std::unique_ptr<CompiledCases> cases(new CompiledCases());
  cases->programBytes = (*file)->getBufferSize();
  cases->bytes.resize(cases->programBytes + 64);
  char *aligned = reinterpret_cast<char *>(
      llvm::alignTo(reinterpret_cast<uintptr_t>(cases->bytes.data()), 64));
  std::memcpy(aligned, (*file)->getBufferStart(), cases->programBytes);
  cases->program = aligned;
  for (const std::string &level : levels)
    if (llvm::Error error = cases->open(level))
      return error;
  return cases;
}

// Binds guarded memory of the tensor's size.
static llvm::Expected<std::unique_ptr<GuardedBytes>> bind(lathe_instance *instance, uint32_t method,
                                                          uint32_t kind, uint32_t index,
                                                          const Tensor &like, bool atStart) {
  ArrayRef<char> content = like.getBytes();
  auto memory = std::make_unique<GuardedBytes>(content.size(), atStart);
  if (kind == LATHE_INPUT) {
    llvm::copy(content, memory->data());
    memory->makeReadOnly();
  }
  lathe_tensor tensor = {};
  tensor.struct_bytes = sizeof(tensor);
  tensor.rank = uint32_t(like.getRank());
  llvm::copy(like.getSizes(), tensor.dims);
  tensor.data = memory->data();
  tensor.bytes = content.size();
  lathe_error error = {};
  if (lathe_bind(instance, method, kind, index, &tensor, &error))
    return fault(error.text);
  return memory;
}

llvm::Expected<std::vector<Tensor>> CompiledCases::run(const std::string &level, StringRef name,
                                                       ArrayRef<Tensor> inputs,
                                                       ArrayRef<Tensor> resultsLike, bool atStart) {
  auto it = llvm::find_if(levels, [&](const auto &each) { return each->name == level; });
  lathe_instance *instance = (*it)->instance;
  uint32_t method = lathe_find_method((*it)->program, name.str().c_str());
  if (method == LATHE_NONE)
    return fault("the program has no method " + name);
  std::vector<std::unique_ptr<GuardedBytes>> memory;
  for (auto [kind, tensors] : {std::pair{LATHE_INPUT, inputs}, {LATHE_OUTPUT, resultsLike}})
    for (auto [index, tensor] : llvm::enumerate(tensors)) {
      auto bound = bind(instance, method, kind, index, tensor, atStart);
      if (!bound)
        return bound.takeError();
      memory.push_back(std::move(*bound));
    }
  lathe_error error = {};
  if (lathe_run(instance, method, &error))
    return fault(error.text);
  std::vector<Tensor> results;
  for (auto [index, like] : llvm::enumerate(resultsLike)) {
    const GuardedBytes &bytes = *memory[inputs.size() + index];
    if (!bytes.isClean())
      return fault("bytes beside result " + Twine(index) + " were written");
    lathe_tensor got = {};
    got.struct_bytes = sizeof(got);
    lathe_tensor_get(instance, method, LATHE_OUTPUT, uint32_t(index), &got);
    if (ArrayRef<int64_t>(got.dims, got.rank) != like.getSizes())
      return fault("result " + Twine(index) + " has other sizes");
    auto tensor = Tensor::create(like.getElementType(), like.getSizes(),
                                 std::vector<char>(bytes.data(), bytes.data() + like.getBytes().size()));
    if (!tensor)
      return tensor.takeError();
    results.push_back(std::move(*tensor));
  }
  return results;
}

void compileAll(ArrayRef<func::FuncOp> methods, const std::vector<std::string> &levels,
                const std::function<void(CompiledCases &, ArrayRef<func::FuncOp>)> &compiled,
                const std::function<void(func::FuncOp, const std::string &)> &refused) {
  SmallVector<ArrayRef<func::FuncOp>> open{methods};
  while (!open.empty()) {
    ArrayRef<func::FuncOp> next = open.pop_back_val();
    auto cases = CompiledCases::compile(next, levels);
    if (cases) {
      compiled(**cases, next);
      continue;
    }
    std::string why = llvm::toString(cases.takeError());
    if (next.size() == 1) {
      refused(next.front(), why);
      continue;
    }
    open.push_back(next.drop_front(next.size() / 2));
    open.push_back(next.take_front(next.size() / 2));
  }
}

std::vector<std::string> caseLevels() {
  std::vector<std::string> levels{cpu::findIsaLevel("host")->name.str()};
  if (StringRef(levels.front()).starts_with("x86-64-v") && levels.front() != "x86-64-v2")
    levels.push_back("x86-64-v2");
  return levels;
}

static double toleranceOf(const conformance::Case &item, const Tensor &value) {
  // f32 sums in another order than PyTorch's and the interpreter's.
  constexpr double kSingleTolerance = 1e-5;
  bool isLoose = item.tolerance > 0 && value.getKind() == StorageKind::F32;
  return isLoose ? std::max(item.tolerance, kSingleTolerance) : item.tolerance;
}

std::string compareAll(const conformance::Case &item, ArrayRef<Tensor> got,
                       ArrayRef<Tensor> expected, StringRef with) {
  for (size_t i = 0; i < expected.size(); ++i) {
    std::string why = conformance::compare(got[i], expected[i], toleranceOf(item, expected[i]));
    if (!why.empty())
      return "result " + std::to_string(i) + " against " + with.str() + ": " + why;
  }
  return "";
}

std::string runCase(CompiledCases &program, const conformance::Case &item, const std::string &level,
                    ArrayRef<Tensor> reference) {
  func::FuncOp method = item.method;
  for (bool atStart : {false, true}) {
    auto got = program.run(level, method.getName(), item.inputs, item.expected, atStart);
    if (!got)
      return llvm::toString(got.takeError());
    std::string why = compareAll(item, *got, reference, "the interpreter");
    if (why.empty())
      why = compareAll(item, *got, item.expected, "PyTorch");
    if (!why.empty())
      return why;
  }
  return "";
}

} // namespace lathe::test
