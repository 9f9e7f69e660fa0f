// SPDX-License-Identifier: Apache-2.0
// Attributes of the program dialect are 64 bits wide, fields of the file not
// always: runtime/schema/program.fbs.
#include "compiler/ProgramWriter.h"
#include "dialects/Program/ProgramDialect.h"

using namespace mlir;
using namespace lathe;

namespace {
/// The least and the largest value of a field.
struct Field {
  StringRef attribute;
  int64_t min, max;
};
} // namespace

// The largest number of 32 bits stands for "none".
static constexpr int64_t kIndexMax = int64_t(UINT32_MAX) - 1;
static constexpr Field kFields[] = {
    {"index", 0, kIndexMax},      {"slot", 0, kIndexMax},
    {"initial", 0, kIndexMax},    {"abi", 0, UINT32_MAX},
    {"size_count", 0, kIndexMax}, {"parallel_min_ns", 0, UINT32_MAX},
    {"input", 0, kIndexMax},      {"output", 0, kIndexMax},
    {"axis", -1, INT32_MAX},      {"location", 0, kIndexMax}};

static LogicalResult checkField(Operation *op, StringRef attribute, int64_t value, int64_t min, int64_t max) {
  if (value >= min && value <= max)
    return success();
  return op->emitOpError("has ") << attribute << " = " << value << ", its field in a program file holds " << min
                                 << " to " << max;
}

// A value of fewer bytes than eight must be one of them, with or without sign.
static LogicalResult checkFill(program::FillOp fill) {
  uint64_t bytes = fill.getValueBytes(); // 1, 2, 4 or 8: the operation's verifier
  if (bytes == 8)
    return success();
  int64_t value = fill.getValue();
  if (llvm::isUIntN(8 * bytes, value) || llvm::isIntN(8 * bytes, value))
    return success();
  return fill.emitOpError("fills with ") << value << ", which is no value of " << bytes << " bytes";
}

static LogicalResult checkOperation(Operation *op) {
  for (const Field &field : kFields)
    if (auto value = op->getAttrOfType<IntegerAttr>(field.attribute))
      if (failed(checkField(op, field.attribute, value.getInt(), field.min, field.max)))
        return failure();
  // A device of an instruction is an index; that of a kernel is an enumerator.
  if (llvm::isa<program::CallKernelOp, program::WaitOp>(op))
    if (auto device = op->getAttrOfType<IntegerAttr>("device"))
      if (failed(checkField(op, "device", device.getInt(), 0, UINT8_MAX)))
        return failure();
  if (auto kernel = llvm::dyn_cast<program::KernelOp>(op))
    for (int64_t argument : kernel.getInPlace().value_or(ArrayRef<int64_t>()))
      if (failed(checkField(op, "in_place", argument, 0, kIndexMax)))
        return failure();
  auto fill = llvm::dyn_cast<program::FillOp>(op);
  return fill ? checkFill(fill) : success();
}

LogicalResult lathe::checkFieldWidths(ModuleOp module) {
  WalkResult result = module.walk([](Operation *op) {
    bool isProgram = llvm::isa_and_nonnull<program::ProgramDialect>(op->getDialect());
    return isProgram && failed(checkOperation(op)) ? WalkResult::interrupt() : WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}
