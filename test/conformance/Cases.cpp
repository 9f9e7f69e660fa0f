// SPDX-License-Identifier: Apache-2.0
#include "test/conformance/Cases.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace lathe;

static llvm::Error fault(const Twine &why) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), why);
}

std::vector<std::string> conformance::caseFiles() {
  std::vector<std::string> paths;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(LATHE_CONFORMANCE_DIR, error), end; it != end && !error;
       it.increment(error))
    if (llvm::sys::path::extension(it->path()) == ".mlir")
      paths.push_back(it->path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

llvm::Expected<OwningOpRef<ModuleOp>> conformance::parseCases(StringRef path, MLIRContext &context) {
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(path, &context);
  if (!module)
    return fault("cannot parse " + path);
  return module;
}

// The attribute's tensors as values of the function's types: a quantized one is
// written down as its codes.
static llvm::Expected<std::vector<Tensor>> readTensors(func::FuncOp method, StringRef name,
                                                       TypeRange types) {
  auto values = method->getAttrOfType<ArrayAttr>(name);
  if (!values || values.size() != types.size())
    return fault(method.getName() + " has no " + name + " for its types");
  std::vector<Tensor> tensors;
  for (auto [value, type] : llvm::zip_equal(values, types)) {
    auto dense = llvm::dyn_cast<DenseElementsAttr>(value);
    if (!dense)
      return fault(method.getName() + ": " + name + " holds more than dense values");
    llvm::Expected<Tensor> codes = Tensor::create(dense);
    if (!codes)
      return codes.takeError();
    llvm::Expected<Tensor> tensor = Tensor::create(
        llvm::cast<RankedTensorType>(type).getElementType(), codes->getSizes(),
        std::vector<char>(codes->getBytes().begin(), codes->getBytes().end()));
    if (!tensor)
      return tensor.takeError();
    tensors.push_back(*tensor);
  }
  return tensors;
}

llvm::Expected<conformance::Case> conformance::readCase(func::FuncOp method) {
  llvm::Expected<std::vector<Tensor>> inputs =
      readTensors(method, "conformance.inputs", method.getArgumentTypes());
  if (!inputs)
    return inputs.takeError();
  llvm::Expected<std::vector<Tensor>> expected =
      readTensors(method, "conformance.expected", method.getResultTypes());
  if (!expected)
    return expected.takeError();
  auto tolerance = method->getAttrOfType<FloatAttr>("conformance.tolerance");
  if (!tolerance)
    return fault(method.getName() + " has no conformance.tolerance");
  return Case{method, std::move(*inputs), std::move(*expected), tolerance.getValueAsDouble()};
}

static bool near(double got, double expected, double tolerance) {
  if (std::isnan(expected) || std::isnan(got))
    return std::isnan(expected) && std::isnan(got);
  if (got == expected)
    return true;
  return std::fabs(got - expected) <= tolerance * std::max(1.0, std::fabs(expected));
}

std::string conformance::compare(const Tensor &got, const Tensor &expected, double tolerance) {
  if (got.getElementType() != expected.getElementType() || got.getSizes() != expected.getSizes())
    return "another element type or shape";
  auto report = [](size_t at, auto a, auto b) {
    return "element " + std::to_string(at) + " is " + std::to_string(a) + ", expected " +
           std::to_string(b);
  };
  if (isFloatKind(got.getKind())) {
    std::vector<double> a = got.getReals(), b = expected.getReals();
    for (size_t i = 0; i < a.size(); ++i)
      if (!near(a[i], b[i], tolerance))
        return report(i, a[i], b[i]);
    return "";
  }
  std::vector<int64_t> a = got.getIntegers(), b = expected.getIntegers();
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i])
      return report(i, a[i], b[i]);
  return "";
}
