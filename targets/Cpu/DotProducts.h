// SPDX-License-Identifier: Apache-2.0
//
// Sums of products of bytes, four of them in each lane of 32 bits: quantized
// contractions whose weight lies in panels of features with four channels each.
#ifndef LATHE_TARGETS_CPU_DOTPRODUCTS_H
#define LATHE_TARGETS_CPU_DOTPRODUCTS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <optional>

namespace lathe::cpu {

struct NestPlan;
struct VectorIsa;

/// How a machine sums products of four bytes into each lane of 32 bits.
enum class DotProduct {
  None,  ///< One product at a time.
  Words, ///< Two products of 16 bits at a time (pmaddwd).
  Bytes, ///< Four of an unsigned byte and a signed one (vpdpbusd).
  Usdot, ///< The same, of AArch64 with I8MM.
  Sdot,  ///< Four of two signed bytes, of AArch64 with DotProd.
};

/// Bytes that a contraction reads, and the code that stands for zero in them.
struct DotFactor {
  mlir::OpOperand *operand = nullptr;
  bool isSigned = true;
  int64_t zero = 0;
};

/// A linalg.generic that sums (code - zero) * (weight - zero) in i32, with the
/// codes at [.., 4] and the weight at [.., features, 4].
struct DotNest {
  DotFactor codes, weight;
  /// The loops over the features, and over the four of a lane.
  unsigned laneDim, sumDim;
  DotProduct form = DotProduct::None;

  /// Whether four products are one step.
  bool sumsBytes() const { return form != DotProduct::None && form != DotProduct::Words; }
  /// Where that is: what each byte, as the machine reads it, is too large by. Its
  /// products with the weights are counted beside the sum and subtracted at its end.
  int64_t excess() const;
};

/// `op`, a nest on memrefs, as such a sum; nothing if it is none.
std::optional<DotNest> findDotNest(mlir::linalg::GenericOp op);

/// Plans `op` by such a sum where it is one: its lanes are features, all four
/// channels of a lane are one step. False if it is none, or there are no vectors.
bool planDotNest(mlir::linalg::GenericOp op, const VectorIsa &machine, NestPlan &plan);

/// Four codes at `indices` of `codes`, once in each of `lanes` lanes: a vector of
/// 4 * lanes i8. Of the form Bytes they are unsigned: signed ones have the
/// highest bit changed.
mlir::Value loadCodes(mlir::OpBuilder &builder, mlir::Location loc, const DotNest &dot,
                      mlir::ValueRange indices, unsigned lanes);

/// The weights of `lanes` features at `indices`: a vector of 4 * lanes i8.
mlir::Value loadDotWeights(mlir::OpBuilder &builder, mlir::Location loc, const DotNest &dot,
                           mlir::ValueRange indices, unsigned lanes);

/// `sum`, a vector of i32, and the products of `codes` and `weights`.
mlir::Value addDotProducts(mlir::OpBuilder &builder, mlir::Location loc, const DotNest &dot,
                           mlir::Value sum, mlir::Value codes, mlir::Value weights);

/// `sum` and the products of dot.excess() and `weights`.
mlir::Value addExcess(mlir::OpBuilder &builder, mlir::Location loc, const DotNest &dot,
                      mlir::Value sum, mlir::Value weights);

} // namespace lathe::cpu

#endif // LATHE_TARGETS_CPU_DOTPRODUCTS_H
