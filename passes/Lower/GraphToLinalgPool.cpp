// SPDX-License-Identifier: Apache-2.0
//
// Pools: a reduction over the taps of a window, and for means a division by
// the number of elements that count.
#include "passes/Lower/KernelLowering.h"

#include <limits>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
using utils::IteratorType;

/// Where windows stand on an input [n, c, s...].
struct Windows {
  ArrayRef<int64_t> kernel, strides, low, high, dilations;
};

Value indexOf(const Scalars &at, unsigned dim) {
  return at.make<linalg::IndexOp>(at.builder.getIndexType(), at.builder.getI64IntegerAttr(dim));
}

/// Combines the taps of each window into `init`; margins hold `margin`.
Value poolNest(KernelLowering &lowering, Value input, ArrayRef<ExprAttr> dims,
               const Windows &windows, Value margin, Value init, ScalarBody body) {
  unsigned spatial = windows.kernel.size(), outer = spatial + 2, loops = outer + spatial;
  SmallVector<int64_t> low{0, 0}, high{0, 0};
  llvm::append_range(low, windows.low);
  llvm::append_range(high, windows.high);
  input = padConstant(lowering, input, dims, low, high, margin);
  // The window is a tensor without contents: it only bounds the tap loops.
  Dims kernel;
  SmallVector<AffineExpr> x{lowering.dim(0), lowering.dim(1)}, w;
  for (unsigned i = 0; i < spatial; ++i) {
    kernel.push_back(lowering.constantExpr(windows.kernel[i]));
    x.push_back(lowering.dim(i + 2) * windows.strides[i] +
                lowering.dim(outer + i) * windows.dilations[i]);
    w.push_back(lowering.dim(outer + i));
  }
  auto mapOf = [&](ArrayRef<AffineExpr> results) {
    return AffineMap::get(loops, 0, results, lowering.builder.getContext());
  };
  SmallVector<int64_t> outLoops = llvm::to_vector(llvm::seq<int64_t>(0, outer));
  SmallVector<IteratorType> iterators(outer, IteratorType::parallel);
  iterators.append(spatial, IteratorType::reduction);
  Value window = lowering.empty(kernel, elementOf(input));
  return lowering
      .nest({{input, mapOf(x)}, {window, mapOf(w)}}, {{init, lowering.select(loops, outLoops)}},
            iterators,
            [&](const Scalars &at, ValueRange v) {
              SmallVector<Value> used{v[0], v[2]};
              return SmallVector<Value>{body(at, used)};
            })
      .front();
}

LogicalResult lowerMaxPool(KernelLowering &lowering, MaxPoolOp op) {
  Value result = op.getResult();
  Type element = elementOf(result), storage = getStorageType(element);
  bool isUnsigned = isUnsignedElement(element);
  Scalars at{lowering.builder, lowering.loc};
  unsigned bits = storage.getIntOrFloatBitWidth();
  Value least =
      llvm::isa<FloatType>(storage)
          ? at.real(storage, -std::numeric_limits<double>::infinity())
          : at.make<arith::ConstantOp>(lowering.builder.getIntegerAttr(
                storage, isUnsigned ? APInt::getMinValue(bits) : APInt::getSignedMinValue(bits)));
  Windows windows{op.getKernel(), op.getStrides(), op.getPaddingLow(), op.getPaddingHigh(),
                  op.getDilations()};
  // The maximum of f16 values is one of them: no wider accumulator is needed.
  Value init = lowering.fill(least, lowering.destination(result));
  lowering.setValue(result,
                    poolNest(lowering, lowering.value(op.getInput()), dimsOf(op.getInput()),
                             windows, least, init, [&](const Scalars &in, ValueRange x) -> Value {
                               if (llvm::isa<FloatType>(x[0].getType()))
                                 return in.make<arith::MaximumFOp>(x[1], x[0]);
                               return isUnsigned ? in.make<arith::MaxUIOp>(x[1], x[0])
                                                 : in.make<arith::MaxSIOp>(x[1], x[0]);
                             }));
  return success();
}

/// The number of input elements in the window at the nest's point, as an index.
Value countInside(const Scalars &at, const Windows &windows, ArrayRef<Value> extents) {
  Value count;
  for (unsigned i = 0; i < windows.kernel.size(); ++i) {
    Value start = at.make<arith::SubIOp>(
        at.make<arith::MulIOp>(indexOf(at, i + 2), at.index(windows.strides[i])),
        at.index(windows.low[i]));
    Value end = at.make<arith::MinSIOp>(
        at.make<arith::AddIOp>(start, at.index(windows.kernel[i])), extents[i]);
    Value length = at.make<arith::SubIOp>(end, at.make<arith::MaxSIOp>(start, at.index(0)));
    count = count ? at.make<arith::MulIOp>(count, length) : length;
  }
  return count;
}

// The sum of integers has 64 bits; the mean is rounded to zero and wraps.
Value divideBy(const Scalars &at, Value sum, Value count, Type storage) {
  Type type = sum.getType();
  if (llvm::isa<FloatType>(type))
    return at.make<arith::DivFOp>(sum, at.fromIndex(count, type));
  Value mean = at.make<arith::DivSIOp>(sum, at.fromIndex(count, type));
  return storage == type ? mean : at.make<arith::TruncIOp>(storage, mean);
}

LogicalResult lowerAvgPool(KernelLowering &lowering, AvgPoolOp op) {
  Value result = op.getResult();
  Type storage = getStorageType(elementOf(result));
  bool isReal = llvm::isa<FloatType>(storage), isUnsigned = isUnsignedElement(elementOf(result));
  // Sums of narrow integers are exact.
  Type compute = isReal ? getComputeType(storage) : lowering.builder.getI64Type();
  Scalars at{lowering.builder, lowering.loc};
  auto zero = [&](Type type) { return isReal ? at.real(type, 0) : at.integer(type, 0); };
  Dims dims = dimsOf(op.getInput());
  SmallVector<int64_t> dilations(op.getKernel().size(), 1);
  Windows windows{op.getKernel(), op.getStrides(), op.getPaddingLow(), op.getPaddingHigh(),
                  dilations};
  Value init = lowering.fill(zero(compute), lowering.emptyLike(result, compute));
  Value sum = poolNest(lowering, lowering.value(op.getInput()), dims, windows, zero(storage), init,
                       [&](const Scalars &in, ValueRange x) -> Value {
                         if (isReal)
                           return in.make<arith::AddFOp>(x[1], x[0]);
                         Value wide = x[0];
                         if (storage != compute)
                           wide = isUnsigned ? in.make<arith::ExtUIOp>(compute, wide)
                                             : in.make<arith::ExtSIOp>(compute, wide);
                         return in.make<arith::AddIOp>(x[1], wide);
                       });
  auto isZero = [](int64_t margin) { return margin == 0; };
  bool isConstant = op.getDivisor() || op.getCountIncludePad() ||
                    (llvm::all_of(windows.low, isZero) && llvm::all_of(windows.high, isZero));
  int64_t divisor = 1;
  for (int64_t size : windows.kernel)
    if (llvm::MulOverflow(divisor, size, divisor))
      return op.emitError("the window's size leaves 64 bits");
  if (op.getDivisor())
    divisor = *op.getDivisor();
  SmallVector<Value> extents;
  if (!isConstant)
    for (ExprAttr dim : ArrayRef(dims).drop_front(2))
      extents.push_back(lowering.size(dim));
  lowering.setValue(
      result, lowering.map({{sum, lowering.identity(dims.size())}}, lowering.destination(result),
                           [&](const Scalars &in, ValueRange x) {
                             Value count = isConstant ? in.index(divisor)
                                                      : countInside(in, windows, extents);
                             // A window that only sees margins has the sum 0 already.
                             if (!isConstant && !isReal)
                               count = in.make<arith::MaxSIOp>(count, in.index(1));
                             return divideBy(in, x[0], count, storage);
                           }));
  return success();
}

// Sum over the box [begin, end) of the spatial dimensions, as nested loops.
Value sumBox(const Scalars &at, Value input, SmallVectorImpl<Value> &position,
             ArrayRef<Value> begins, ArrayRef<Value> ends, Value sum) {
  if (begins.empty()) {
    Value element = at.load(at.make<tensor::ExtractOp>(input, position));
    return at.make<arith::AddFOp>(sum, element);
  }
  auto loop = scf::ForOp::create(
      at.builder, at.loc, begins.front(), ends.front(), at.index(1), ValueRange{sum},
      [&](OpBuilder &nested, Location loc, Value index, ValueRange carried) {
        Scalars in{nested, loc};
        position.push_back(index);
        Value next = sumBox(in, input, position, begins.drop_front(), ends.drop_front(), carried[0]);
        position.pop_back();
        scf::YieldOp::create(nested, loc, next);
      });
  return loop.getResult(0);
}

LogicalResult lowerAdaptiveAvgPool(KernelLowering &lowering, AdaptiveAvgPoolOp op) {
  Value result = op.getResult(), input = lowering.value(op.getInput());
  Dims dims = dimsOf(op.getInput());
  ArrayRef<int64_t> sizes = op.getOutputSize();
  unsigned first = dims.size() - sizes.size();
  Type compute = getComputeType(getStorageType(elementOf(result)));
  SmallVector<Value> extents;
  for (ExprAttr dim : ArrayRef(dims).drop_front(first))
    extents.push_back(lowering.size(dim));
  lowering.setValue(
      result, lowering.map({}, lowering.destination(result), [&](const Scalars &at, ValueRange) {
        // Window i of o over s elements is [floor(i s / o), ceil((i + 1) s / o)).
        SmallVector<Value> position, begins, ends;
        for (unsigned i = 0; i < first; ++i)
          position.push_back(indexOf(at, i));
        Value count = at.index(1);
        for (unsigned i = 0; i < sizes.size(); ++i) {
          Value here = indexOf(at, first + i), out = at.index(sizes[i]);
          Value scaled = at.make<arith::MulIOp>(here, extents[i]);
          begins.push_back(at.make<arith::DivUIOp>(scaled, out));
          Value next = at.make<arith::AddIOp>(at.make<arith::AddIOp>(scaled, extents[i]),
                                              at.index(sizes[i] - 1));
          ends.push_back(at.make<arith::DivUIOp>(next, out));
          count = at.make<arith::MulIOp>(count, at.make<arith::SubIOp>(ends[i], begins[i]));
        }
        Value sum = sumBox(at, input, position, begins, ends, at.real(compute, 0));
        return at.make<arith::DivFOp>(sum, at.fromIndex(count, compute));
      }));
  return success();
}

// Windows of one size that do not overlap are a plain mean pool.
LogicalResult lowerAdaptive(KernelLowering &lowering, AdaptiveAvgPoolOp op) {
  Value result = op.getResult();
  Dims dims = dimsOf(op.getInput());
  ArrayRef<int64_t> sizes = op.getOutputSize();
  SmallVector<int64_t> kernel, zeros(sizes.size(), 0), ones(sizes.size(), 1);
  int64_t count = 1;
  for (unsigned i = 0; i < sizes.size(); ++i) {
    std::optional<int64_t> extent = dims[dims.size() - sizes.size() + i].getConstant();
    if (!extent || *extent == 0 || *extent % sizes[i] != 0)
      break;
    kernel.push_back(*extent / sizes[i]);
    count *= kernel.back();
  }
  if (kernel.size() != sizes.size() || dims.size() != sizes.size() + 2)
    return lowerAdaptiveAvgPool(lowering, op);
  Type storage = getStorageType(elementOf(result)), compute = getComputeType(storage);
  Scalars at{lowering.builder, lowering.loc};
  Value sum = poolNest(lowering, lowering.value(op.getInput()), dims,
                       {kernel, kernel, zeros, zeros, ones}, at.real(storage, 0),
                       lowering.filled(dimsOf(result), compute, 0),
                       [](const Scalars &in, ValueRange x) {
                         return in.make<arith::AddFOp>(x[1], x[0]);
                       });
  lowering.setValue(
      result, lowering.map({{sum, lowering.identity(dims.size())}}, lowering.destination(result),
                           [&](const Scalars &in, ValueRange x) {
                             return in.make<arith::DivFOp>(
                                 x[0], in.real(compute, static_cast<double>(count)));
                           }));
  return success();
}
} // namespace

void lower::addPoolLowerings(LoweringTable &table) {
  addLowering<MaxPoolOp, lowerMaxPool>(table);
  addLowering<AvgPoolOp, lowerAvgPool>(table);
  addLowering<AdaptiveAvgPoolOp, lowerAdaptive>(table);
}
