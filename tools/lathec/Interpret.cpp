// SPDX-License-Identifier: Apache-2.0
#include "tools/lathec/Interpret.h"

#include "compiler/Frontends/ExportedProgram/Importer.h"
#include "compiler/Reference/Interpreter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "runtime/include/lathe/lathe.h"
#include "tools/lathe-run/compare.h"
#include "tools/lathe-run/output_file.h"
#include "tools/lathe-run/output_names.h"
#include "tools/lathe-run/shown_text.h"
#include "tools/lathec/Summary.h"

using namespace lathe;

static uint32_t dtypeOf(StorageKind kind) {
  switch (kind) {
  case StorageKind::Bool: return LATHE_DTYPE_I1;
  case StorageKind::I8: return LATHE_DTYPE_I8;
  case StorageKind::I16: return LATHE_DTYPE_I16;
  case StorageKind::I32: return LATHE_DTYPE_I32;
  case StorageKind::I64: return LATHE_DTYPE_I64;
  case StorageKind::U8: return LATHE_DTYPE_U8;
  case StorageKind::U16: return LATHE_DTYPE_U16;
  case StorageKind::U32: return LATHE_DTYPE_U32;
  case StorageKind::U64: return LATHE_DTYPE_U64;
  case StorageKind::F16: return LATHE_DTYPE_F16;
  case StorageKind::BF16: return LATHE_DTYPE_BF16;
  case StorageKind::F32: return LATHE_DTYPE_F32;
  case StorageKind::F64: return LATHE_DTYPE_F64;
  }
  llvm_unreachable("all storage kinds are handled");
}

static int exitCodeOf(FaultCode code) {
  switch (code) {
  case FaultCode::OperatorUnsupported: return kExitUnsupported;
  case FaultCode::OutputUnwritable: return kExitIo;
  case FaultCode::TargetUnknown: return kExitUsage;
  case FaultCode::InputInvalid: return kExitUsage;
  case FaultCode::InputMismatch: return kExitBadInput;
  case FaultCode::RunFailed: return kExitRuntime;
  case FaultCode::CompilerFailed: return kExitBug;
  default: return kExitBadInput;
  }
}

int lathe::reportFault(llvm::Error error) {
  Fault fault = takeFault(std::move(error));
  // One line each: a line break in a name begins no line of ours.
  for (std::string *line : {&fault.what, &fault.file, &fault.node, &fault.op, &fault.source})
    *line = run::shown_line(*line);
  llvm::errs() << run::shown_lines(fault.str()) << '\n';
  return exitCodeOf(fault.code);
}

int lathe::listOperators() {
  for (const std::string &name : pt2::importedOperators())
    llvm::outs() << name << '\n';
  return kExitOk;
}

namespace {
/// A method in the interpreter, for the cases that lathe-run checks too.
class InterpretedMethod : public run::subject {
public:
  /// The method is the default one until choose_method().
  InterpretedMethod(std::unique_ptr<Interpreter> interpreter, mlir::func::FuncOp method)
      : interpreter(std::move(interpreter)), method(method), defaultMethod(method) {}

  uint32_t input_count() const override { return method.getNumArguments(); }
  uint32_t output_count() const override { return method.getNumResults(); }
  std::string output_name(uint32_t index) const override {
    return method.getResultAttrOfType<mlir::StringAttr>(index, graph::kNameAttr).str();
  }
  std::string inputName(uint32_t index) const {
    return method.getArgAttrOfType<mlir::StringAttr>(index, graph::kNameAttr).str();
  }
  uint32_t output_dtype(uint32_t index) const override {
    return dtypeOf(*getStorageKind(elementType(method.getResultTypes()[index])));
  }
  int choose_method(const std::string &name) override;
  int set_inputs(std::vector<run::array> arrays) override;
  int run() override;
  std::vector<run::array> outputs() const override;
  void reset_state() override { interpreter->resetState(); }
  std::string expectedInputs() const;

private:
  /// The range of a size that is one symbol of the model.
  graph::SymbolOp symbolOf(graph::ExprAttr dim) const {
    if (dim.getKind() != graph::ExprKind::Symbol)
      return {};
    return method->getParentOfType<mlir::ModuleOp>().lookupSymbol<graph::SymbolOp>(dim.getSymbol());
  }
  /// How an array differs from what the input may be; empty if it does not.
  std::string mismatch(unsigned index, const run::array &given) const;
  static mlir::Type elementType(mlir::Type type) {
    return llvm::cast<mlir::RankedTensorType>(type).getElementType();
  }
  llvm::Error fail(FaultCode code, const llvm::Twine &what) {
    return makeFault(code, what, "the method expects " + expectedInputs());
  }

  std::unique_ptr<Interpreter> interpreter;
  mutable mlir::func::FuncOp method; // a handle; MLIR reads it only without const
  mlir::func::FuncOp defaultMethod;
  std::vector<Tensor> inputs, results;
};
} // namespace

std::string InterpretedMethod::expectedInputs() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (uint32_t i = 0; i < input_count(); ++i) {
    auto type = llvm::cast<mlir::RankedTensorType>(method.getArgumentTypes()[i]);
    os << (i ? ", " : "") << inputName(i) << ": " << type.getElementType() << " [";
    llvm::interleaveComma(graph::getDims(type), os, [&](graph::ExprAttr dim) {
      graph::printSizeExpr(os, dim);
      if (graph::SymbolOp symbol = symbolOf(dim))
        os << '=' << symbol.getMin() << ".." << symbol.getMax();
    });
    os << "]";
  }
  return text;
}

std::string InterpretedMethod::mismatch(unsigned index, const run::array &given) const {
  auto type = llvm::cast<mlir::RankedTensorType>(method.getArgumentTypes()[index]);
  std::string wanted = run::npy_type(dtypeOf(*getStorageKind(type.getElementType())));
  if (given.type != wanted)
    return "has elements of type " + given.type + ", not " + wanted;
  llvm::SmallVector<graph::ExprAttr> dims = graph::getDims(type);
  bool fits = dims.size() == given.dims.size();
  for (size_t i = 0; fits && i < dims.size(); ++i) {
    int64_t size = given.dims[i];
    graph::SymbolOp symbol = symbolOf(dims[i]);
    if (symbol)
      fits = size >= static_cast<int64_t>(symbol.getMin()) && size <= static_cast<int64_t>(symbol.getMax());
    else if (std::optional<int64_t> constant = dims[i].getConstant())
      fits = size == *constant;
  }
  return fits ? "" : "has shape " + run::dims_text(given.dims);
}

int InterpretedMethod::choose_method(const std::string &name) {
  auto module = defaultMethod->getParentOfType<mlir::ModuleOp>();
  auto chosen = name.empty() ? defaultMethod : module.lookupSymbol<mlir::func::FuncOp>(name);
  if (chosen && chosen.isPublic()) {
    method = chosen;
    return kExitOk;
  }
  llvm::SmallVector<llvm::StringRef> known;
  for (auto function : module.getOps<mlir::func::FuncOp>())
    if (function.isPublic())
      known.push_back(function.getName());
  return reportFault(makeFault(FaultCode::InputInvalid, "there is no method '" + name + "'", "",
                               "one of: " + llvm::join(known, ", ")));
}

int InterpretedMethod::set_inputs(std::vector<run::array> arrays) {
  inputs.clear();
  for (auto [index, given] : llvm::enumerate(arrays)) {
    mlir::Type type = elementType(method.getArgumentTypes()[index]);
    if (std::string wrong = mismatch(index, given); !wrong.empty())
      return reportFault(fail(FaultCode::InputMismatch, "input '" + inputName(index) + "' " + wrong));
    std::vector<char> bytes(given.data.begin(), given.data.end());
    llvm::Expected<Tensor> tensor = Tensor::create(type, given.dims, std::move(bytes));
    if (!tensor)
      return reportFault(fail(FaultCode::InputMismatch, llvm::toString(tensor.takeError())));
    inputs.push_back(std::move(*tensor));
  }
  return kExitOk;
}

int InterpretedMethod::run() {
  llvm::Expected<std::vector<Tensor>> outputs = interpreter->run(method.getName(), inputs);
  if (!outputs)
    return reportFault(fail(FaultCode::RunFailed, llvm::toString(outputs.takeError())));
  results = std::move(*outputs);
  return kExitOk;
}

std::vector<run::array> InterpretedMethod::outputs() const {
  std::vector<run::array> arrays;
  for (const Tensor &result : results) {
    run::array next;
    next.type = run::npy_type(dtypeOf(result.getKind()));
    next.dims.assign(result.getSizes().begin(), result.getSizes().end());
    next.data.assign(result.getBytes().begin(), result.getBytes().end());
    arrays.push_back(std::move(next));
  }
  return arrays;
}

// The arrays of --input in the order of the method's arguments.
static llvm::Expected<std::vector<run::array>> readInputs(const InterpretedMethod &method,
                                                          const Arguments &arguments) {
  std::vector<run::array> arrays(method.input_count());
  std::vector<bool> given(method.input_count());
  for (const auto &[name, path] : arguments.inputs) {
    uint32_t index = 0;
    while (index < method.input_count() && method.inputName(index) != name)
      ++index;
    if (index == method.input_count())
      return makeFault(FaultCode::InputInvalid, "there is no input '" + name + "'",
                       "the method expects " + method.expectedInputs());
    std::string reason;
    if (!run::read_npy(path, &arrays[index], &reason))
      return makeFault(FaultCode::InputMismatch, reason, "the method expects " + method.expectedInputs());
    given[index] = true;
  }
  for (uint32_t index = 0; index < method.input_count(); ++index)
    if (!given[index])
      return makeFault(FaultCode::InputInvalid,
                       "input '" + method.inputName(index) + "' is missing",
                       "the method expects " + method.expectedInputs(),
                       "--input " + method.inputName(index) + "=FILE.npy");
  return arrays;
}

static int writeOutputs(const InterpretedMethod &method, const Arguments &arguments) {
  llvm::StringRef folder = arguments.compiler.output_path;
  std::vector<run::array> outputs = method.outputs();
  bool single = folder == "-" || folder.ends_with(".npy");
  if (single && outputs.size() != 1)
    return usageError("the method has " + llvm::Twine(outputs.size()) + " outputs", "--output names a folder");
  if (!single && !folder.empty())
    if (std::error_code error = llvm::sys::fs::create_directories(folder))
      return reportFault(makeFault(FaultCode::OutputUnwritable, "cannot create " + folder, error.message()));
  std::vector<std::string> inputs, paths;
  for (const ModelInput &model : arguments.compiler.models)
    inputs.push_back(model.path);
  for (const auto &[name, path] : arguments.inputs)
    inputs.push_back(path);
  for (const std::string &name : run::output_names(method)) {
    llvm::SmallString<128> path(folder);
    if (!single)
      llvm::sys::path::append(path, name + ".npy");
    paths.emplace_back(path);
    if (std::string same = run::same_file_among(paths.back(), inputs); !same.empty())
      return reportFault(makeFault(FaultCode::OutputUnwritable, "cannot write " + paths.back(),
                                   "it is " + same + ", which is read", "name another place with --output"));
  }
  for (auto [result, path] : llvm::zip_equal(outputs, paths)) {
    std::string reason;
    std::vector<uint8_t> bytes = run::format_npy(result);
    if (!run::write_file(path, bytes.data(), bytes.size(), &reason))
      return reportFault(makeFault(FaultCode::OutputUnwritable, reason));
    if (!arguments.quiet && path != "-")
      llvm::outs() << path << "  " << run::dims_text(result.dims) << '\n';
  }
  return kExitOk;
}

int lathe::interpretModel(const Arguments &arguments) {
  mlir::DialectRegistry registry;
  registerCompilerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  std::vector<std::string> warnings;
  llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> module = importModels(context, arguments.compiler, warnings);
  if (!module)
    return reportFault(module.takeError());
  if (!arguments.quiet)
    printWarnings(warnings);
  llvm::Expected<std::unique_ptr<Interpreter>> interpreter = Interpreter::create(**module);
  if (!interpreter)
    return reportFault(makeFault(FaultCode::RunFailed, llvm::toString(interpreter.takeError())));
  const std::string &name = arguments.compiler.models.front().method;
  auto function = (*module)->lookupSymbol<mlir::func::FuncOp>(name);
  if (!function)
    return reportFault(makeFault(FaultCode::InputInvalid, "there is no method '" + name + "'", "",
                                 "METHOD=" + arguments.compiler.models.front().path +
                                     " names one of a file that has several"));
  InterpretedMethod method(std::move(*interpreter), function);
  if (!arguments.check_dir.empty()) {
    run::options options;
    options.check = arguments.check_dir;
    options.keep_state = arguments.keep_state;
    options.rtol = arguments.rtol;
    options.json = arguments.json;
    options.quiet = arguments.quiet;
    return run::check_cases(method, options);
  }
  llvm::Expected<std::vector<run::array>> inputs = readInputs(method, arguments);
  if (!inputs)
    return reportFault(inputs.takeError());
  if (int code = method.set_inputs(std::move(*inputs)))
    return code;
  if (int code = method.run())
    return code;
  return writeOutputs(method, arguments);
}
