// SPDX-License-Identifier: Apache-2.0
//
// Registration and what several operators share.
#include "dialects/Graph/GraphOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

// custom<PlainInteger>: an i64 attribute without its type.
static ParseResult parsePlainInteger(OpAsmParser &parser, IntegerAttr &attr) {
  int64_t value = 0;
  if (parser.parseInteger(value))
    return failure();
  attr = parser.getBuilder().getI64IntegerAttr(value);
  return success();
}
static void printPlainInteger(OpAsmPrinter &printer, Operation *, IntegerAttr attr) {
  printer << attr.getInt();
}

#include "dialects/Graph/GraphInterfaces.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/Graph/GraphOps.cpp.inc"

void GraphDialect::registerOperations() {
  addOperations<
#define GET_OP_LIST
#include "dialects/Graph/GraphOps.cpp.inc"
      >();
}

bool graph::areCompatible(TypeRange lhs, TypeRange rhs) {
  if (lhs.size() != rhs.size())
    return false;
  return llvm::all_of(llvm::zip(lhs, rhs), [](auto pair) {
    auto left = llvm::dyn_cast<RankedTensorType>(std::get<0>(pair));
    auto right = llvm::dyn_cast<RankedTensorType>(std::get<1>(pair));
    return left && right && left.getElementType() == right.getElementType() &&
           getDims(left) == getDims(right);
  });
}

FailureOr<SmallVector<ExprAttr>> graph::broadcastDims(ArrayRef<ExprAttr> lhs,
                                                      ArrayRef<ExprAttr> rhs) {
  if (lhs.size() < rhs.size())
    std::swap(lhs, rhs);
  SmallVector<ExprAttr> result(lhs.begin(), lhs.end());
  size_t offset = lhs.size() - rhs.size();
  for (auto [index, dim] : llvm::enumerate(rhs)) {
    ExprAttr &slot = result[offset + index];
    if (slot == dim || dim.isConstant(1))
      continue;
    if (!slot.isConstant(1))
      return failure();
    slot = dim;
  }
  return result;
}

ExprAttr graph::windowOutput(ExprAttr input, int64_t kernel, int64_t stride, int64_t low,
                             int64_t high, int64_t dilation) {
  MLIRContext *context = input.getContext();
  int64_t reach, margin;
  if (llvm::MulOverflow(dilation, kernel - 1, reach) || llvm::AddOverflow(low, high, margin) ||
      llvm::SubOverflow(margin, reach, margin) || llvm::SubOverflow<int64_t>(margin, 1, margin))
    return {};
  ExprAttr span = makeAdd(input, makeConstant(context, margin));
  return makeAdd(makeFloorDiv(span, makeConstant(context, stride)), makeConstant(context, 1));
}

ParseResult KernelOp::parse(OpAsmParser &parser, OperationState &result) {
  auto buildType = [](Builder &builder, ArrayRef<Type> arguments, ArrayRef<Type> results,
                      function_interface_impl::VariadicFlag,
                      std::string &) { return builder.getFunctionType(arguments, results); };
  return function_interface_impl::parseFunctionOp(
      parser, result, /*allowVariadic=*/false, getFunctionTypeAttrName(result.name), buildType,
      getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void KernelOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(printer, *this, /*isVariadic=*/false,
                                           getFunctionTypeAttrName(), getArgAttrsAttrName(),
                                           getResAttrsAttrName());
}
