// SPDX-License-Identifier: Apache-2.0
#include "dialects/Program/ProgramDialect.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::program;

#include "dialects/Program/ProgramDialect.cpp.inc"
#include "dialects/Program/ProgramEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Program/ProgramAttributes.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/Program/ProgramTypes.cpp.inc"

void ProgramDialect::initialize() {
  registerAttributes();
  registerOperations();
}

void ProgramDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Program/ProgramAttributes.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/Program/ProgramTypes.cpp.inc"
      >();
}

unsigned program::elementBytes(Type elementType) {
  if (auto quantized = llvm::dyn_cast<quant::QuantizedType>(elementType))
    return llvm::divideCeil(quantized.getStorageTypeIntegralWidth(), 8);
  if (elementType.isInteger(1))
    return 1;
  if (auto integer = llvm::dyn_cast<IntegerType>(elementType)) {
    unsigned width = integer.getWidth();
    bool known = width == 8 || width == 16 || width == 32 || width == 64;
    return known && !integer.isSigned() ? width / 8 : 0;
  }
  if (llvm::isa<Float16Type, BFloat16Type, Float32Type, Float64Type, Float8E4M3FNType,
                Float8E5M2Type>(elementType))
    return elementType.getIntOrFloatBitWidth() / 8;
  return 0;
}

std::optional<int64_t> program::tensorBytes(RankedTensorType type) {
  int64_t bytes = elementBytes(type.getElementType());
  if (bytes == 0 || !type.hasStaticShape())
    return std::nullopt;
  for (int64_t size : type.getShape())
    if (llvm::MulOverflow(bytes, size, bytes))
      return std::nullopt;
  return bytes;
}
