// SPDX-License-Identifier: Apache-2.0
//
// The interpreter's value: element type, concrete sizes, dense row-major bytes.
#ifndef LATHE_COMPILER_REFERENCE_TENSOR_H
#define LATHE_COMPILER_REFERENCE_TENSOR_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <vector>

namespace lathe {

/// How one element lies in memory, little-endian. A quantized type has the
/// kind of its storage integer; i1 is a byte that holds 0 or 1.
enum class StorageKind { Bool, I8, I16, I32, I64, U8, U16, U32, U64, F16, BF16, F32, F64 };

/// Storage of an element type, or nothing for a type that Lathe does not have
/// (ir-contract C1).
std::optional<StorageKind> getStorageKind(mlir::Type elementType);
uint32_t getElementBytes(StorageKind kind);
bool isFloatKind(StorageKind kind);
bool isUnsignedKind(StorageKind kind);

/// Product of sizes; nothing if a size is negative or the product leaves 63 bits.
std::optional<int64_t> countElements(llvm::ArrayRef<int64_t> sizes);

/// Calls `visit` with a null pointer to the C++ type that holds one element of
/// an integer or bool kind, or with float, double for those kinds. f16 and bf16
/// have no C++ type here: they are visited as uint16_t (their bits).
template <typename Visit> auto visitStorage(StorageKind kind, Visit &&visit) {
  switch (kind) {
  case StorageKind::Bool:
  case StorageKind::U8:
    return visit(static_cast<uint8_t *>(nullptr));
  case StorageKind::I8:
    return visit(static_cast<int8_t *>(nullptr));
  case StorageKind::I16:
    return visit(static_cast<int16_t *>(nullptr));
  case StorageKind::I32:
    return visit(static_cast<int32_t *>(nullptr));
  case StorageKind::I64:
    return visit(static_cast<int64_t *>(nullptr));
  case StorageKind::U16:
  case StorageKind::F16:
  case StorageKind::BF16:
    return visit(static_cast<uint16_t *>(nullptr));
  case StorageKind::U32:
    return visit(static_cast<uint32_t *>(nullptr));
  case StorageKind::U64:
    return visit(static_cast<uint64_t *>(nullptr));
  case StorageKind::F32:
    return visit(static_cast<float *>(nullptr));
  case StorageKind::F64:
    return visit(static_cast<double *>(nullptr));
  }
  llvm_unreachable("all storage kinds are handled");
}

/// A tensor. Copies share bytes; the first write to a shared one clones them.
class Tensor {
public:
  /// Bytes of one tensor at most: what a hostile size expression can ask for.
  static constexpr uint64_t kBytesMax = uint64_t(1) << 30;

  Tensor() = default;

  /// Zero-filled. Fails on an element type outside C1, or a size beyond
  /// kBytesMax.
  static llvm::Expected<Tensor> create(mlir::Type elementType, llvm::ArrayRef<int64_t> sizes);
  /// Takes dense row-major bytes; fails if their number is not the type's.
  static llvm::Expected<Tensor> create(mlir::Type elementType, llvm::ArrayRef<int64_t> sizes,
                                       std::vector<char> bytes);
  /// The value of a dense attribute.
  static llvm::Expected<Tensor> create(mlir::DenseElementsAttr value);

  /// Reals rounded once to the element type: integers saturate and take 0 for
  /// NaN, f16 and bf16 are rounded to f32 first (their arithmetic is f32),
  /// quantized types quantize with x / scale, ties to even.
  static llvm::Expected<Tensor> fromReals(mlir::Type elementType, llvm::ArrayRef<int64_t> sizes,
                                          llvm::ArrayRef<double> reals);
  /// Integers truncated to the storage (they wrap; bool: lowest bit).
  static llvm::Expected<Tensor> fromIntegers(mlir::Type elementType, llvm::ArrayRef<int64_t> sizes,
                                             llvm::ArrayRef<int64_t> integers);

  mlir::Type getElementType() const { return elementType; }
  StorageKind getKind() const { return kind; }
  bool isQuantized() const;
  /// Float or quantized: arithmetic on it is arithmetic on reals.
  bool isReal() const { return isFloatKind(kind) || isQuantized(); }
  llvm::ArrayRef<int64_t> getSizes() const { return sizes; }
  int64_t getSize(size_t dim) const { return sizes[dim]; }
  size_t getRank() const { return sizes.size(); }
  int64_t getNumElements() const;
  uint32_t getElementBytes() const { return lathe::getElementBytes(kind); }
  llvm::ArrayRef<char> getBytes() const;
  char *getMutableBytes();
  template <typename T> const T *getData() const {
    return reinterpret_cast<const T *>(getBytes().data());
  }

  /// Every element as a double, exactly (i64 and u64 beyond 2^53 round);
  /// quantized elements as fp32(q - zero point) * fp32(scale) in f32.
  std::vector<double> getReals() const;
  /// Every element of an integer, bool or quantized (storage codes) tensor,
  /// sign- or zero-extended; u64 keeps its bits.
  std::vector<int64_t> getIntegers() const;

  /// The same bytes under other sizes with as many elements.
  Tensor withSizes(llvm::ArrayRef<int64_t> newSizes) const;
  /// The same bytes as another element type of the same storage width.
  Tensor withElementType(mlir::Type newType) const;

  /// A dense attribute of `type`, whose sizes and element type are the
  /// tensor's; null for element types that attributes cannot hold (quantized).
  mlir::DenseElementsAttr toAttribute(mlir::RankedTensorType type) const;
  /// All elements have equal bytes (false for an empty tensor).
  bool isSplat() const;
  /// Equal element type, sizes and bytes.
  bool operator==(const Tensor &other) const;

private:
  /// All but the bytes, of which it says how many there have to be.
  static llvm::Expected<Tensor> createEmpty(mlir::Type elementType, llvm::ArrayRef<int64_t> sizes,
                                            uint64_t &byteCount);

  mlir::Type elementType;
  StorageKind kind = StorageKind::F32;
  llvm::SmallVector<int64_t, 6> sizes;
  std::shared_ptr<std::vector<char>> bytes;
};

float halfToFloat(uint16_t bits);
uint16_t floatToHalf(float value);
float bfloatToFloat(uint16_t bits);
uint16_t floatToBfloat(float value);

/// Uniform quantization of one element: scale and zero point at a flat index.
struct QuantParameters {
  std::vector<double> scales;      ///< one, or one for each index of `axis`
  std::vector<int64_t> zeroPoints; ///< as many
  size_t axis = 0;
  int64_t codeMin = 0, codeMax = 0;

  /// Nothing when the type is no uniform quantized type.
  static std::optional<QuantParameters> of(mlir::Type elementType);
  bool isPerAxis() const { return scales.size() > 1; }
  /// For each element of a tensor of `sizes`, which scale applies: call with
  /// the flat index.
  size_t channelOf(int64_t flat, llvm::ArrayRef<int64_t> sizes) const;
};

} // namespace lathe

#endif // LATHE_COMPILER_REFERENCE_TENSOR_H
