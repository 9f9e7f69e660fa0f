// SPDX-License-Identifier: Apache-2.0
#include "targets/Cpu/SquareTranspose.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace lathe::cpu {

/// Bits within which machines interleave two registers in one instruction.
static constexpr unsigned segmentBits = 128;

/// Replaces rows `i` and `i + distance` by the elements of both that `first` and
/// `second` name: n and more are those of the second row.
static void mix(OpBuilder &builder, Location loc, MutableArrayRef<Value> rows, unsigned i, unsigned distance,
                ArrayRef<int64_t> first, ArrayRef<int64_t> second) {
  Value low = rows[i], high = rows[i + distance];
  rows[i] = vector::ShuffleOp::create(builder, loc, low, high, first);
  rows[i + distance] = vector::ShuffleOp::create(builder, loc, low, high, second);
}

SmallVector<Value> transposeSquare(OpBuilder &builder, Location loc, ArrayRef<Value> rows) {
  unsigned count = rows.size();
  unsigned bits = cast<VectorType>(rows.front().getType()).getElementTypeBitWidth();
  unsigned segment = std::min(count, segmentBits / bits);
  SmallVector<Value> mixed(rows);
  for (unsigned group = 1; group < count; group *= 2) {
    SmallVector<int64_t> first, second;
    for (unsigned lane = 0; lane < count; ++lane) {
      unsigned at = lane % segment, from = lane - at;
      if (group < segment) {
        // Groups of both rows in turn, the lower half of each segment's first.
        at = from + at / (2 * group) * group + at % group + (lane & group ? count : 0);
        first.push_back(at);
        second.push_back(at + segment / 2);
      } else {
        first.push_back(lane & group ? count + lane - group : lane);
        second.push_back(lane & group ? count + lane : lane + group);
      }
    }
    for (unsigned i = 0; i < count; ++i)
      if ((i & group) == 0)
        mix(builder, loc, mixed, i, group, first, second);
  }
  // Interleaving leaves the columns of a segment in the order of reversed bits.
  SmallVector<Value> columns;
  unsigned width = llvm::Log2_32(segment);
  for (unsigned column = 0; column < count; ++column) {
    unsigned reversed = width == 0 ? 0 : llvm::reverseBits(column % segment) >> (32 - width);
    columns.push_back(mixed[column - column % segment + reversed]);
  }
  return columns;
}

} // namespace lathe::cpu
