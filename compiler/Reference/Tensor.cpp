// SPDX-License-Identifier: Apache-2.0
#include "compiler/Reference/Tensor.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace lathe;

static llvm::Error fault(const Twine &why) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), why);
}

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

static std::optional<StorageKind> integerKind(unsigned width, bool isUnsigned) {
  if (width <= 8)
    return isUnsigned ? StorageKind::U8 : StorageKind::I8;
  switch (width) {
  case 16:
    return isUnsigned ? StorageKind::U16 : StorageKind::I16;
  case 32:
    return isUnsigned ? StorageKind::U32 : StorageKind::I32;
  case 64:
    return isUnsigned ? StorageKind::U64 : StorageKind::I64;
  default:
    return std::nullopt;
  }
}

std::optional<StorageKind> lathe::getStorageKind(Type elementType) {
  if (elementType.isInteger(1))
    return StorageKind::Bool;
  if (auto integer = llvm::dyn_cast<IntegerType>(elementType))
    return integer.getWidth() < 8 ? std::nullopt
                                  : integerKind(integer.getWidth(), integer.isUnsigned());
  if (auto quantized = llvm::dyn_cast<quant::QuantizedType>(elementType))
    return integerKind(quantized.getStorageTypeIntegralWidth(), !quantized.isSigned());
  if (elementType.isF16())
    return StorageKind::F16;
  if (elementType.isBF16())
    return StorageKind::BF16;
  if (elementType.isF32())
    return StorageKind::F32;
  if (elementType.isF64())
    return StorageKind::F64;
  return std::nullopt;
}

uint32_t lathe::getElementBytes(StorageKind kind) {
  return visitStorage(kind, [](auto *type) -> uint32_t { return sizeof(*type); });
}

bool lathe::isFloatKind(StorageKind kind) {
  return kind == StorageKind::F16 || kind == StorageKind::BF16 || kind == StorageKind::F32 ||
         kind == StorageKind::F64;
}

bool lathe::isUnsignedKind(StorageKind kind) {
  return kind == StorageKind::Bool || kind == StorageKind::U8 || kind == StorageKind::U16 ||
         kind == StorageKind::U32 || kind == StorageKind::U64;
}

std::optional<int64_t> lathe::countElements(ArrayRef<int64_t> sizes) {
  // An empty tensor stays within bounds however large its other sizes are.
  int64_t count = llvm::is_contained(sizes, 0) ? 0 : 1;
  for (int64_t size : sizes)
    if (size < 0 || llvm::MulOverflow(count, size, count))
      return std::nullopt;
  return count;
}

//===----------------------------------------------------------------------===//
// Half precision
//===----------------------------------------------------------------------===//

static uint32_t bitsOf(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}
static float floatOf(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

float lathe::halfToFloat(uint16_t bits) {
  uint32_t sign = uint32_t(bits & 0x8000) << 16;
  uint32_t exponent = (bits >> 10) & 31, fraction = bits & 0x3FF;
  if (exponent == 31)
    return floatOf(sign | 0x7F800000 | (fraction << 13));
  // value = fraction * 2^-24 for a denormal; both forms are exact in f32.
  float magnitude = exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                                  : floatOf(((exponent + 112) << 23) | (fraction << 13));
  return floatOf(bitsOf(magnitude) | sign);
}

uint16_t lathe::floatToHalf(float value) {
  uint32_t bits = bitsOf(value), sign = (bits >> 16) & 0x8000, magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000)
    return sign | 0x7E00;
  if (magnitude >= 0x477FF000) // 65520, halfway beyond the largest half
    return sign | 0x7C00;
  if (magnitude < 0x38800000) // below 2^-14: a denormal, in units of 2^-24
    return sign | static_cast<uint16_t>(std::nearbyint(std::ldexp(floatOf(magnitude), 24)));
  uint32_t rounded = magnitude + 0xFFF + ((magnitude >> 13) & 1);
  return sign | static_cast<uint16_t>((rounded - (uint32_t(112) << 23)) >> 13);
}

float lathe::bfloatToFloat(uint16_t bits) { return floatOf(uint32_t(bits) << 16); }

uint16_t lathe::floatToBfloat(float value) {
  uint32_t bits = bitsOf(value);
  if ((bits & 0x7FFFFFFF) > 0x7F800000)
    return (bits >> 16) | 0x40;
  return (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
}

//===----------------------------------------------------------------------===//
// Quantization parameters
//===----------------------------------------------------------------------===//

std::optional<QuantParameters> QuantParameters::of(Type elementType) {
  QuantParameters result;
  if (auto type = llvm::dyn_cast<quant::UniformQuantizedType>(elementType)) {
    result.scales = {type.getScale()};
    result.zeroPoints = {type.getZeroPoint()};
  } else if (auto type = llvm::dyn_cast<quant::UniformQuantizedPerAxisType>(elementType)) {
    result.scales.assign(type.getScales().begin(), type.getScales().end());
    result.zeroPoints.assign(type.getZeroPoints().begin(), type.getZeroPoints().end());
    result.axis = type.getQuantizedDimension();
  } else {
    return std::nullopt;
  }
  auto quantized = llvm::cast<quant::QuantizedType>(elementType);
  result.codeMin = quantized.getStorageTypeMin();
  result.codeMax = quantized.getStorageTypeMax();
  return result;
}

size_t QuantParameters::channelOf(int64_t flat, ArrayRef<int64_t> sizes) const {
  if (!isPerAxis())
    return 0;
  int64_t inner = 1;
  for (int64_t size : sizes.drop_front(axis + 1))
    inner *= size;
  return (flat / inner) % sizes[axis];
}

//===----------------------------------------------------------------------===//
// Creation
//===----------------------------------------------------------------------===//

llvm::Expected<Tensor> Tensor::createEmpty(Type elementType, ArrayRef<int64_t> sizes,
                                           uint64_t &byteCount) {
  std::optional<StorageKind> kind = getStorageKind(elementType);
  if (!kind)
    return fault("an element type has no storage in Lathe");
  std::optional<int64_t> count = countElements(sizes);
  if (!count || static_cast<uint64_t>(*count) > kBytesMax / lathe::getElementBytes(*kind))
    return fault("a tensor exceeds " + Twine(kBytesMax) + " bytes");
  auto quantized = QuantParameters::of(elementType);
  if (quantized && quantized->isPerAxis() &&
      (quantized->axis >= sizes.size() ||
       sizes[quantized->axis] != static_cast<int64_t>(quantized->scales.size())))
    return fault("a per-axis quantized type does not fit the tensor's sizes");
  Tensor result;
  result.elementType = elementType;
  result.kind = *kind;
  result.sizes.assign(sizes.begin(), sizes.end());
  byteCount = static_cast<uint64_t>(*count) * lathe::getElementBytes(*kind);
  return result;
}

llvm::Expected<Tensor> Tensor::create(Type elementType, ArrayRef<int64_t> sizes) {
  uint64_t wanted = 0;
  llvm::Expected<Tensor> result = createEmpty(elementType, sizes, wanted);
  if (result)
    result->bytes = std::make_shared<std::vector<char>>(wanted);
  return result;
}

llvm::Expected<Tensor> Tensor::create(Type elementType, ArrayRef<int64_t> sizes,
                                      std::vector<char> bytes) {
  uint64_t wanted = 0;
  llvm::Expected<Tensor> result = createEmpty(elementType, sizes, wanted);
  if (!result)
    return result.takeError();
  if (wanted != bytes.size())
    return fault("a tensor of " + Twine(wanted) + " bytes was given " + Twine(bytes.size()));
  result->bytes = std::make_shared<std::vector<char>>(std::move(bytes));
  return result;
}

llvm::Expected<Tensor> Tensor::create(DenseElementsAttr value) {
  Type elementType = value.getElementType();
  llvm::Expected<Tensor> result = create(elementType, value.getType().getShape());
  if (!result)
    return result.takeError();
  if (llvm::isa<quant::QuantizedType>(elementType))
    return fault("a dense attribute cannot hold quantized elements");
  uint32_t width = result->getElementBytes();
  char *out = result->getMutableBytes();
  auto store = [&](const APInt &bits) {
    uint64_t word = bits.getZExtValue();
    std::memcpy(out, &word, width);
    out += width;
  };
  if (llvm::isa<FloatType>(elementType)) {
    for (APFloat element : value.getValues<APFloat>())
      store(element.bitcastToAPInt());
  } else {
    for (const APInt &element : value.getValues<APInt>())
      store(element);
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Conversion
//===----------------------------------------------------------------------===//

template <typename T> static T saturate(double value) {
  if (std::isnan(value))
    return 0;
  // The upper limit as a double is one too high for 64 bits, hence >=.
  constexpr T low = std::numeric_limits<T>::min(), high = std::numeric_limits<T>::max();
  if (value <= static_cast<double>(low))
    return low;
  if (value >= static_cast<double>(high))
    return high;
  return static_cast<T>(value);
}

static void storeReals(StorageKind kind, ArrayRef<double> reals, char *bytes) {
  visitStorage(kind, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    T *out = reinterpret_cast<T *>(bytes);
    for (double real : reals) {
      if constexpr (std::is_floating_point_v<T>)
        *out++ = static_cast<T>(real);
      else if (kind == StorageKind::Bool)
        *out++ = real != 0;
      else if (kind == StorageKind::F16)
        *out++ = static_cast<T>(floatToHalf(static_cast<float>(real)));
      else if (kind == StorageKind::BF16)
        *out++ = static_cast<T>(floatToBfloat(static_cast<float>(real)));
      else
        *out++ = saturate<T>(real);
    }
  });
}

static void storeQuantized(const QuantParameters &quant, ArrayRef<int64_t> sizes,
                           ArrayRef<double> reals, Tensor &result) {
  std::vector<double> codes(reals.size());
  for (size_t i = 0; i < reals.size(); ++i) {
    size_t channel = quant.channelOf(i, sizes);
    float scaled = static_cast<float>(reals[i]) / static_cast<float>(quant.scales[channel]);
    double code = std::nearbyint(scaled) + static_cast<double>(quant.zeroPoints[channel]);
    if (std::isnan(code))
      code = static_cast<double>(quant.zeroPoints[channel]);
    codes[i] = std::min(std::max(code, static_cast<double>(quant.codeMin)),
                        static_cast<double>(quant.codeMax));
  }
  storeReals(result.getKind(), codes, result.getMutableBytes());
}

llvm::Expected<Tensor> Tensor::fromReals(Type elementType, ArrayRef<int64_t> sizes,
                                         ArrayRef<double> reals) {
  llvm::Expected<Tensor> result = create(elementType, sizes);
  if (!result)
    return result.takeError();
  assert(static_cast<size_t>(result->getNumElements()) == reals.size());
  if (auto quant = QuantParameters::of(elementType))
    storeQuantized(*quant, sizes, reals, *result);
  else
    storeReals(result->kind, reals, result->getMutableBytes());
  return result;
}

llvm::Expected<Tensor> Tensor::fromIntegers(Type elementType, ArrayRef<int64_t> sizes,
                                            ArrayRef<int64_t> integers) {
  llvm::Expected<Tensor> result = create(elementType, sizes);
  if (!result)
    return result.takeError();
  assert(static_cast<size_t>(result->getNumElements()) == integers.size());
  StorageKind kind = result->kind;
  visitStorage(kind, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    T *out = reinterpret_cast<T *>(result->getMutableBytes());
    for (int64_t integer : integers)
      *out++ = static_cast<T>(kind == StorageKind::Bool ? integer & 1 : integer);
  });
  return result;
}

std::vector<double> Tensor::getReals() const {
  std::vector<double> reals(getNumElements());
  visitStorage(kind, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    const T *in = getData<T>();
    for (double &real : reals) {
      T element = *in++;
      if (kind == StorageKind::F16)
        real = halfToFloat(static_cast<uint16_t>(element));
      else if (kind == StorageKind::BF16)
        real = bfloatToFloat(static_cast<uint16_t>(element));
      else
        real = static_cast<double>(element);
    }
  });
  if (auto quant = QuantParameters::of(elementType)) {
    for (size_t i = 0; i < reals.size(); ++i) {
      size_t channel = quant->channelOf(i, sizes);
      float centred = static_cast<float>(reals[i] - static_cast<double>(quant->zeroPoints[channel]));
      reals[i] = centred * static_cast<float>(quant->scales[channel]);
    }
  }
  return reals;
}

std::vector<int64_t> Tensor::getIntegers() const {
  assert(!isFloatKind(kind) && "floats are read by getReals");
  std::vector<int64_t> integers(getNumElements());
  visitStorage(kind, [&](auto *type) {
    using T = std::remove_pointer_t<decltype(type)>;
    const T *in = getData<T>();
    if constexpr (std::is_integral_v<T>)
      for (int64_t &integer : integers)
        integer = static_cast<int64_t>(*in++);
  });
  return integers;
}

//===----------------------------------------------------------------------===//
// Queries
//===----------------------------------------------------------------------===//

bool Tensor::isQuantized() const { return llvm::isa_and_nonnull<quant::QuantizedType>(elementType); }

int64_t Tensor::getNumElements() const {
  return bytes ? static_cast<int64_t>(bytes->size() / getElementBytes()) : 0;
}

ArrayRef<char> Tensor::getBytes() const { return bytes ? ArrayRef<char>(*bytes) : ArrayRef<char>(); }

char *Tensor::getMutableBytes() {
  if (bytes.use_count() > 1)
    bytes = std::make_shared<std::vector<char>>(*bytes);
  return bytes->data();
}

Tensor Tensor::withSizes(ArrayRef<int64_t> newSizes) const {
  assert(countElements(newSizes) == getNumElements());
  Tensor result = *this;
  result.sizes.assign(newSizes.begin(), newSizes.end());
  return result;
}

Tensor Tensor::withElementType(Type newType) const {
  Tensor result = *this;
  result.elementType = newType;
  result.kind = *getStorageKind(newType);
  assert(result.getElementBytes() == getElementBytes());
  return result;
}

bool Tensor::isSplat() const {
  ArrayRef<char> all = getBytes();
  uint32_t width = getElementBytes();
  for (size_t at = width; at + width <= all.size(); at += width)
    if (std::memcmp(all.data(), all.data() + at, width) != 0)
      return false;
  return !all.empty();
}

DenseElementsAttr Tensor::toAttribute(RankedTensorType type) const {
  if (isQuantized())
    return {};
  ArrayRef<char> raw = isSplat() ? getBytes().take_front(getElementBytes()) : getBytes();
  RankedTensorType plain = RankedTensorType::get(sizes, elementType, type.getEncoding());
  if (kind != StorageKind::Bool)
    return DenseElementsAttr::getFromRawBuffer(plain, raw);
  SmallVector<bool> flags(raw.begin(), raw.end());
  return DenseElementsAttr::get(plain, ArrayRef<bool>(flags));
}

bool Tensor::operator==(const Tensor &other) const {
  return elementType == other.elementType && sizes == other.sizes && getBytes() == other.getBytes();
}
