// SPDX-License-Identifier: Apache-2.0
#include "test/compiler/lowered_kernel.h"

#include "passes/Lower/GraphToLinalg.h"

#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/BufferizationToMemRef/BufferizationToMemRef.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVMPass.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MathToLibm/MathToLibm.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/Tensor/Transforms/Passes.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/IR/Verifier.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/TargetSelect.h"

#include <cmath>
#include <cstring>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::test;

struct KernelPair::State {
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module;  ///< the graph: method @main and kernel @k
  OwningOpRef<ModuleOp> lowered; ///< @k, in the LLVM dialect after create()
  std::unique_ptr<Interpreter> interpreter;
  std::unique_ptr<ExecutionEngine> engine;
  std::map<std::string, int64_t> sizes;
  std::vector<Attribute> indexSizes; ///< expression of each index argument
  FunctionType type;
  std::vector<int64_t> updatedBy; ///< inputs that results must start as
  bool mayFail = false;
  std::string diagnostics;
};

static DialectRegistry makeRegistry() {
  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllExtensions(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  registry.insert<GraphDialect>();
  return registry;
}

static std::string moduleText(const KernelText &text) {
  std::string symbols, names, types, results;
  for (const auto &[name, size] : text.sizes) {
    symbols += "graph.symbol @" + name + " [0, 64]\n";
    names += (names.empty() ? "\"" : ", \"") + name + "\"";
  }
  for (size_t i = 0; i < text.results.size(); ++i) {
    types += (i ? ", " : "") + text.results[i];
    results += i ? ", %r" + std::to_string(i) : std::string("%r");
  }
  return symbols + "func.func @main(" + text.arguments + ") -> (" + types + ") {\n" + text.body +
         "\nreturn " + results + " : " + types + "\n}\nmodule @kernels {\ngraph.kernel @k(" +
         text.arguments + ") -> (" + types + ") attributes {symbols = [" + names +
         "], device = \"cpu\"" + text.attributes + "} {\n" + text.body + "\ngraph.yield " + results +
         " : " + types + "\n}\n}\n";
}

// A failed assertion stores 1 into a last argument, the status word, and goes
// on, as a target does.
static void storeAssertions(func::FuncOp func) {
  Location loc = func.getLoc();
  auto type = MemRefType::get({}, IntegerType::get(func.getContext(), 32));
  (void)func.insertArgument(func.getNumArguments(), type, {}, loc);
  Value status = func.getArguments().back();
  SmallVector<cf::AssertOp> assertions;
  func.walk([&](cf::AssertOp op) { assertions.push_back(op); });
  for (cf::AssertOp op : assertions) {
    OpBuilder builder(op);
    Value one = arith::ConstantIntOp::create(builder, loc, 1, 32);
    Value old = memref::LoadOp::create(builder, loc, status);
    Value next = arith::SelectOp::create(builder, loc, op.getArg(), old, one);
    memref::StoreOp::create(builder, loc, next, status);
    op.erase();
  }
}

// Tensors to LLVM. Inputs are read-only, and every result must turn out to be
// its destination's memory: a result that is a new buffer stays a result of the
// function, which create() refuses.
static LogicalResult lowerToLlvm(ModuleOp module, unsigned &results) {
  MLIRContext *context = module.getContext();
  auto func = *module.getOps<func::FuncOp>().begin();
  for (unsigned i = 0; i < func.getNumArguments(); ++i) {
    auto access = func.getArgAttrOfType<StringAttr>(i, "lathe.access");
    if (access && access.getValue() == "read")
      func.setArgAttr(i, "bufferization.writable", BoolAttr::get(context, false));
  }
  // Only private functions lose results that are arguments.
  func.setPrivate();
  PassManager buffers(context);
  bufferization::OneShotBufferizePassOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.functionBoundaryTypeConversion = bufferization::LayoutMapOption::IdentityLayoutMap;
  buffers.addPass(bufferization::createOneShotBufferizePass(options));
  buffers.addPass(createCanonicalizerPass());
  buffers.addPass(bufferization::createDropEquivalentBufferResultsPass());
  if (failed(buffers.run(module)))
    return failure();
  func.setPublic();
  results = func.getNumResults();
  if (func->hasAttr("lathe.may_fail"))
    storeAssertions(func);
  func->setAttr("llvm.emit_c_interface", UnitAttr::get(context));
  PassManager rest(context);
  bufferization::BufferDeallocationPipelineOptions deallocation;
  bufferization::buildBufferDeallocationPipeline(rest, deallocation);
  rest.addPass(createConvertBufferizationToMemRefPass());
  rest.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  rest.addPass(memref::createExpandStridedMetadataPass());
  rest.addPass(createLowerAffinePass());
  rest.addPass(createSCFToControlFlowPass());
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  rest.addNestedPass<func::FuncOp>(arith::createArithExpandOpsPass(expand));
  rest.addPass(createConvertMathToLLVMPass());
  rest.addPass(createConvertMathToLibmPass());
  rest.addPass(memref::createExpandStridedMetadataPass());
  rest.addPass(createLowerAffinePass());
  rest.addPass(createFinalizeMemRefToLLVMConversionPass());
  rest.addPass(createConvertFuncToLLVMPass());
  rest.addPass(createArithToLLVMConversionPass());
  rest.addPass(createConvertIndexToLLVMPass());
  rest.addPass(createConvertControlFlowToLLVMPass());
  rest.addPass(createReconcileUnrealizedCastsPass());
  return rest.run(module);
}

KernelPair::KernelPair(std::unique_ptr<State> state) : state(std::move(state)) {}
KernelPair::~KernelPair() = default;

llvm::Expected<std::unique_ptr<KernelPair>> KernelPair::create(const KernelText &text) {
  static const DialectRegistry registry = makeRegistry();
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto state = std::make_unique<State>();
  state->context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  state->context->loadAllAvailableDialects();
  State *raw = state.get();
  ScopedDiagnosticHandler handler(raw->context.get(), [raw](Diagnostic &diagnostic) {
    llvm::raw_string_ostream(raw->diagnostics) << diagnostic << "\n";
    return success();
  });
  auto fail = [&](const std::string &what) {
    return llvm::createStringError(what + ": " + raw->diagnostics);
  };
  raw->module = parseSourceString<ModuleOp>(moduleText(text), raw->context.get());
  if (!raw->module)
    return fail("does not parse: " + moduleText(text));
  raw->sizes = text.sizes;
  KernelOp kernel;
  raw->module->walk([&](KernelOp op) { kernel = op; });
  raw->type = kernel.getFunctionType();
  raw->updatedBy.assign(raw->type.getNumResults(), -1);
  if (auto pairs = kernel->getAttrOfType<DenseI64ArrayAttr>("inplace_required"))
    for (unsigned i = 0; i + 1 < pairs.size(); i += 2)
      raw->updatedBy[pairs[i + 1]] = pairs[i];
  raw->lowered = ModuleOp::create(kernel.getLoc());
  OpBuilder builder = OpBuilder::atBlockEnd(raw->lowered->getBody());
  FailureOr<func::FuncOp> func =
      lowerKernelToLinalg(builder, kernel, findKernelSymbolRanges(*raw->module, kernel));
  if (failed(func) || failed(verify(*raw->lowered)))
    return fail("does not lower");
  raw->mayFail = (*func)->hasAttr("lathe.may_fail");
  for (unsigned i = 0; i < func->getNumArguments(); ++i)
    if (Attribute size = func->getArgAttr(i, "lathe.size"))
      raw->indexSizes.push_back(size);
  unsigned results = 0;
  if (failed(lowerToLlvm(*raw->lowered, results)))
    return fail("does not become code");
  if (results != 0)
    return fail(std::to_string(results) + " results are not written in their destination");
  ExecutionEngineOptions options;
  options.jitCodeGenOptLevel = llvm::CodeGenOptLevel::None;
  llvm::StringRef libraries[] = {LATHE_TEST_FLOAT16_LIBRARY, LATHE_TEST_RUNNER_LIBRARY};
  options.sharedLibPaths = libraries;
  auto engine = ExecutionEngine::create(*raw->lowered, options);
  if (!engine)
    return engine.takeError();
  raw->engine = std::move(*engine);
  auto interpreter = Interpreter::create(*raw->module);
  if (!interpreter)
    return interpreter.takeError();
  raw->interpreter = std::move(*interpreter);
  return std::unique_ptr<KernelPair>(new KernelPair(std::move(state)));
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

static int64_t sizeOf(const std::map<std::string, int64_t> &sizes, ExprAttr expr) {
  return *evaluate(expr, [&](StringRef name) -> std::optional<int64_t> {
    auto it = sizes.find(name.str());
    return it == sizes.end() ? std::nullopt : std::optional<int64_t>(it->second);
  });
}

static SmallVector<int64_t> sizesOf(const std::map<std::string, int64_t> &sizes, Type type) {
  return llvm::map_to_vector(getDims(llvm::cast<RankedTensorType>(type)),
                             [&](ExprAttr dim) { return sizeOf(sizes, dim); });
}

std::vector<Tensor> KernelPair::makeInputs(uint32_t seed, bool withSpecials) const {
  std::vector<Tensor> inputs;
  uint32_t random = seed * 2654435761u + 12345u;
  auto next = [&] { return (random = random * 1664525u + 1013904223u) >> 8; };
  for (Type type : state->type.getInputs()) {
    Type element = llvm::cast<RankedTensorType>(type).getElementType();
    SmallVector<int64_t> sizes = sizesOf(state->sizes, type);
    std::vector<double> reals(*countElements(sizes));
    std::vector<int64_t> integers(reals.size());
    for (size_t i = 0; i < reals.size(); ++i) {
      reals[i] = static_cast<double>(next() % 6001) / 1000.0 - 3.0;
      integers[i] = static_cast<int64_t>(next() % 13) - 4;
      if (withSpecials && i % 7 == 3) {
        double specials[] = {NAN, INFINITY, -INFINITY, -0.0, 1e30, -1e-30};
        reals[i] = specials[next() % 6];
        int64_t extremes[] = {INT64_MIN, INT64_MAX, INT32_MIN, 0, -1, 127, -128};
        integers[i] = extremes[next() % 7];
      }
    }
    bool isReal = llvm::isa<FloatType>(element);
    llvm::Expected<Tensor> tensor = isReal ? Tensor::fromReals(element, sizes, reals)
                                           : Tensor::fromIntegers(element, sizes, integers);
    inputs.push_back(llvm::cantFail(std::move(tensor)));
  }
  return inputs;
}

Tensor KernelPair::makeInput(unsigned index, llvm::ArrayRef<double> values) const {
  Type type = state->type.getInput(index);
  Type element = llvm::cast<RankedTensorType>(type).getElementType();
  SmallVector<int64_t> sizes = sizesOf(state->sizes, type);
  std::vector<double> reals(values.begin(), values.end());
  reals.resize(*countElements(sizes), 0.0);
  std::vector<int64_t> integers(reals.begin(), reals.end());
  return llvm::cantFail(llvm::isa<FloatType>(element)
                            ? Tensor::fromReals(element, sizes, reals)
                            : Tensor::fromIntegers(element, sizes, integers));
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

llvm::Expected<std::vector<Tensor>> KernelPair::interpret(llvm::ArrayRef<Tensor> inputs) {
  return state->interpreter->run("main", inputs);
}

namespace {
/// A memref descriptor as LLVM passes it, of any rank.
struct Descriptor {
  std::vector<int64_t> words;
  void *address;

  Descriptor(void *data, llvm::ArrayRef<int64_t> sizes) {
    words = {reinterpret_cast<intptr_t>(data), reinterpret_cast<intptr_t>(data), 0};
    words.insert(words.end(), sizes.begin(), sizes.end());
    int64_t stride = 1;
    std::vector<int64_t> strides(sizes.size());
    for (size_t i = sizes.size(); i-- > 0; stride *= sizes[i])
      strides[i] = stride;
    words.insert(words.end(), strides.begin(), strides.end());
    address = words.data();
  }
};
} // namespace

llvm::Expected<KernelRun> KernelPair::execute(llvm::ArrayRef<Tensor> inputs) {
  KernelRun run;
  std::vector<std::unique_ptr<Descriptor>> descriptors;
  std::vector<Tensor> copies(inputs.begin(), inputs.end());
  for (Tensor &input : copies)
    descriptors.push_back(std::make_unique<Descriptor>(input.getMutableBytes(), input.getSizes()));
  for (auto [index, type] : llvm::enumerate(state->type.getResults())) {
    llvm::Expected<Tensor> result = Tensor::create(
        llvm::cast<RankedTensorType>(type).getElementType(), sizesOf(state->sizes, type));
    if (!result)
      return result.takeError();
    // Garbage shows what is not written.
    if (!result->getBytes().empty())
      std::memset(result->getMutableBytes(), 0x5A, result->getBytes().size());
    run.results.push_back(state->updatedBy[index] < 0 ? *result : inputs[state->updatedBy[index]]);
  }
  for (Tensor &result : run.results)
    descriptors.push_back(std::make_unique<Descriptor>(result.getMutableBytes(), result.getSizes()));
  Descriptor status(&run.status, {});
  std::vector<int64_t> indices;
  for (Attribute size : state->indexSizes)
    indices.push_back(sizeOf(state->sizes, llvm::cast<ExprAttr>(size)));
  SmallVector<void *> arguments;
  for (auto &descriptor : descriptors)
    arguments.push_back(&descriptor->address);
  for (int64_t &index : indices)
    arguments.push_back(&index);
  if (state->mayFail)
    arguments.push_back(&status.address);
  if (llvm::Error error = state->engine->invokePacked("_mlir_ciface_k", arguments))
    return error;
  for (auto [before, after] : llvm::zip(inputs, copies))
    if (!(before == after))
      return llvm::createStringError("an input was written");
  return run;
}

std::string test::compare(const Tensor &expected, const Tensor &actual, double tolerance) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (expected.getSizes() != actual.getSizes() ||
      expected.getElementType() != actual.getElementType())
    return "types differ";
  if (!isFloatKind(expected.getKind())) {
    std::vector<int64_t> a = expected.getIntegers(), b = actual.getIntegers();
    for (size_t i = 0; i < a.size(); ++i)
      if (a[i] != b[i]) {
        os << "element " << i << ": expected " << a[i] << ", got " << b[i];
        return text;
      }
    return text;
  }
  std::vector<double> a = expected.getReals(), b = actual.getReals();
  double largest = 0;
  for (double value : a)
    if (std::isfinite(value) && std::fabs(value) < 1e6)
      largest = std::max(largest, std::fabs(value));
  for (size_t i = 0; i < a.size(); ++i) {
    if ((std::isnan(a[i]) && std::isnan(b[i])) || a[i] == b[i])
      continue;
    double bound = tolerance * std::max(std::fabs(a[i]), 0.1 * largest) + 1e-12;
    if (std::fabs(a[i] - b[i]) <= bound)
      continue;
    os << "element " << i << ": expected " << a[i] << ", got " << b[i];
    return text;
  }
  return text;
}
