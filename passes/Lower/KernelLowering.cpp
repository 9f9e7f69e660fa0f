// SPDX-License-Identifier: Apache-2.0
//
// The function that stands for a kernel: signature, sizes, destinations, views.
#include "passes/Lower/KernelLowering.h"

#include "dialects/Graph/IndexChecks.h"
#include <limits>

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

Type lower::getStorageType(Type element) {
  if (auto quantized = llvm::dyn_cast<quant::QuantizedType>(element))
    element = quantized.getStorageType();
  if (auto integer = llvm::dyn_cast<IntegerType>(element))
    return IntegerType::get(element.getContext(), integer.getWidth());
  return element;
}

Type lower::getComputeType(Type storage) {
  if (storage.isF16() || storage.isBF16())
    return Float32Type::get(storage.getContext());
  return storage;
}

bool lower::isUnsignedElement(Type element) {
  if (auto quantized = llvm::dyn_cast<quant::QuantizedType>(element))
    return !quantized.isSigned();
  return element.isUnsignedInteger() || element.isInteger(1);
}

bool lower::isQuantizedElement(Type element) { return llvm::isa<quant::QuantizedType>(element); }

Type lower::elementOf(Value value) { return getElementTypeOrSelf(value.getType()); }

Dims lower::dimsOf(Value value) { return getDims(llvm::cast<RankedTensorType>(value.getType())); }

//===----------------------------------------------------------------------===//
// Signature
//===----------------------------------------------------------------------===//

KernelLowering::KernelLowering(OpBuilder &builder, KernelOp kernel, const KernelSymbolRanges &ranges)
    : builder(builder), loc(kernel.getLoc()), kernel(kernel), ranges(ranges) {}

// Index errors reach the status word; which operators check is known beforehand.
static bool mayFail(KernelOp kernel) {
  return kernel
      .walk([](Operation *op) {
        return checksIndices(op) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

RankedTensorType KernelLowering::tensorType(ArrayRef<ExprAttr> dims, Type storage) const {
  SmallVector<int64_t> shape;
  for (ExprAttr dim : dims)
    shape.push_back(dim.getConstant().value_or(ShapedType::kDynamic));
  return RankedTensorType::get(shape, storage);
}

void KernelLowering::writeSignature() {
  auto yield = llvm::cast<YieldOp>(kernel.getBody().front().getTerminator());
  FunctionType type = kernel.getFunctionType();
  auto lowered = [&](Type graphType) -> Type {
    auto tensor = llvm::cast<RankedTensorType>(graphType);
    return tensorType(getPhysicalDims(tensor), getStorageType(tensor.getElementType()));
  };
  SmallVector<Type> arguments, results;
  for (Type input : type.getInputs())
    arguments.push_back(lowered(input));
  for (Type result : type.getResults())
    results.push_back(lowered(result));
  llvm::append_range(arguments, results);
  func = func::FuncOp::create(builder, loc, kernel.getSymName(),
                              builder.getFunctionType(arguments, results));
  Block *entry = func.addEntryBlock();
  unsigned inputs = type.getNumInputs();
  updatedBy.assign(inputs, -1);
  if (auto pairs = kernel->getAttrOfType<DenseI64ArrayAttr>("inplace_required"))
    for (unsigned i = 0; i + 1 < pairs.size(); i += 2)
      updatedBy[pairs[i]] = pairs[i + 1];
  for (unsigned i = 0; i < inputs; ++i)
    tensors[kernel.getBody().getArgument(i)] =
        entry->getArgument(updatedBy[i] < 0 ? i : inputs + updatedBy[i]);
  for (auto [argument, graphType] :
       llvm::zip(entry->getArguments(),
                 llvm::concat<const Type>(type.getInputs(), type.getResults()))) {
    auto tensor = llvm::cast<RankedTensorType>(graphType);
    withLayout(argument, getLayout(tensor) ? getPhysicalMap(tensor) : AffineMap());
  }
  for (auto [index, value] : llvm::enumerate(yield.getValues()))
    returned.try_emplace(value, index);
  claimed.assign(type.getNumResults(), false);
  if (mayFail(kernel))
    func->setAttr("lathe.may_fail", builder.getUnitAttr());
}

void KernelLowering::annotateArguments() {
  FunctionType type = kernel.getFunctionType();
  unsigned inputs = type.getNumInputs();
  auto annotate = [&](unsigned index, Type graphType, StringRef access) {
    func.setArgAttr(index, "lathe.access", builder.getStringAttr(access));
    auto tensor = llvm::cast<RankedTensorType>(graphType);
    if (tensor.hasStaticShape())
      return;
    SmallVector<int64_t> positions;
    for (ExprAttr dim : getPhysicalDims(tensor))
      positions.push_back(
          dim.getConstant()
              ? int64_t{-1}
              : static_cast<int64_t>(llvm::cast<BlockArgument>(size(dim)).getArgNumber()));
    func.setArgAttr(index, "lathe.dim_args", builder.getDenseI64ArrayAttr(positions));
  };
  for (auto [index, input] : llvm::enumerate(type.getInputs()))
    annotate(index, input, "read");
  for (auto [index, result] : llvm::enumerate(type.getResults()))
    annotate(inputs + index, result,
             llvm::is_contained(updatedBy, static_cast<int64_t>(index)) ? "readwrite" : "write");
  for (unsigned index = 0; index < type.getNumResults(); ++index)
    func.setArgAttr(inputs + index, "lathe.output", builder.getUnitAttr());
  for (auto &[expr, value] : sizes) {
    unsigned index = llvm::cast<BlockArgument>(value).getArgNumber();
    func.setArgAttr(index, "lathe.size", expr);
    func.setArgAttr(index, "lathe.size_max",
                    builder.getI64IntegerAttr(rangeOf(llvm::cast<ExprAttr>(expr)).max));
  }
}

SmallVector<Value> KernelLowering::finishResults() {
  auto yield = llvm::cast<YieldOp>(kernel.getBody().front().getTerminator());
  unsigned inputs = kernel.getFunctionType().getNumInputs();
  loc = yield.getLoc();
  SmallVector<Value> results;
  for (auto [index, graphValue] : llvm::enumerate(yield.getValues())) {
    Value out = func.getArgument(inputs + index);
    Value scalar = splat(graphValue);
    if (returned[graphValue] == index && claimed[index])
      results.push_back(value(graphValue));
    else
      results.push_back(scalar ? fill(scalar, out) : copy(value(graphValue), out));
  }
  return results;
}

FailureOr<func::FuncOp>
KernelLowering::run(llvm::function_ref<LogicalResult(Operation *)> lowerOperator) {
  OpBuilder::InsertionGuard guard(builder);
  writeSignature();
  builder.setInsertionPointToStart(&func.getBody().front());
  // Each size of an argument is bound first, so that its order does not depend
  // on which operator happens to ask for it.
  for (Type type : llvm::concat<const Type>(kernel.getFunctionType().getInputs(),
                                            kernel.getFunctionType().getResults()))
    for (ExprAttr dim : getPhysicalDims(llvm::cast<RankedTensorType>(type)))
      if (!dim.getConstant())
        size(dim);
  bool hasFailed = false;
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    loc = op.getLoc();
    if (succeeded(lowerOperator(&op)))
      continue;
    // Its readers are looked at too: one run reports all that is missing.
    hasFailed = true;
    if (llvm::any_of(op.getResults(),
                     [](Value result) { return llvm::is_contained(dimsOf(result), ExprAttr()); }))
      break;
    for (Value result : op.getResults())
      setValue(result, destination(result));
  }
  if (hasFailed) {
    func.erase();
    return failure();
  }
  SmallVector<Value> results = finishResults();
  func::ReturnOp::create(builder, loc, results);
  func.setFunctionType(builder.getFunctionType(func.getBody().front().getArgumentTypes(),
                                               func.getFunctionType().getResults()));
  annotateArguments();
  return func;
}

void KernelLowering::setSingleTile() { func->setAttr("lathe.single_tile", builder.getUnitAttr()); }

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Value KernelLowering::value(Value graphValue) {
  if (Value tensor = tensors.lookup(graphValue))
    return tensor;
  Value scalar = splats.lookup(graphValue);
  Value tensor = fill(scalar, empty(dimsOf(graphValue), scalar.getType()));
  return tensor;
}

void KernelLowering::setValue(Value graphValue, Value tensor) { tensors[graphValue] = tensor; }

void KernelLowering::setSplat(Value graphValue, Value scalar) { splats[graphValue] = scalar; }

Value KernelLowering::splat(Value graphValue) const { return splats.lookup(graphValue); }

Value KernelLowering::destination(Value graphValue) {
  if (auto it = returned.find(graphValue); it != returned.end()) {
    claimed[it->second] = true;
    return func.getArgument(kernel.getFunctionType().getNumInputs() + it->second);
  }
  // A value that is only reshaped before it is returned is written in place.
  if (graphValue.hasOneUse())
    if (auto reshaped = llvm::dyn_cast<ReshapeOp>(*graphValue.user_begin()))
      if (returned.count(reshaped.getResult()))
        return reshape(destination(reshaped.getResult()), dimsOf(reshaped.getResult()),
                       dimsOf(graphValue));
  return emptyLike(graphValue, getStorageType(elementOf(graphValue)));
}

bool KernelLowering::isOwned(Value tensor) {
  while (Operation *op = tensor.getDefiningOp()) {
    if (!llvm::isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(op))
      return false;
    tensor = op->getOperand(0);
  }
  auto argument = llvm::dyn_cast<BlockArgument>(tensor);
  return argument && argument.getOwner() == &func.getBody().front() &&
         argument.getArgNumber() >= kernel.getFunctionType().getNumInputs();
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

ExprAttr KernelLowering::constantExpr(int64_t value) const {
  return makeConstant(builder.getContext(), value);
}

Value KernelLowering::size(ExprAttr expr) {
  if (std::optional<int64_t> value = expr.getConstant())
    return arith::ConstantIndexOp::create(builder, loc, *value);
  Value &argument = sizes[expr];
  if (!argument)
    argument = func.getBody().front().addArgument(builder.getIndexType(), kernel.getLoc());
  return argument;
}

OpFoldResult KernelLowering::foldedSize(ExprAttr expr) {
  if (std::optional<int64_t> value = expr.getConstant())
    return builder.getIndexAttr(*value);
  return size(expr);
}

SmallVector<OpFoldResult> KernelLowering::foldedSizes(ArrayRef<ExprAttr> dims) {
  return llvm::map_to_vector(dims, [&](ExprAttr dim) { return foldedSize(dim); });
}

SizeRange KernelLowering::rangeOf(ExprAttr expr) const {
  return graph::rangeOf(expr, [&](StringRef name) {
    auto it = ranges.find(name);
    return it == ranges.end() ? SizeRange{0, std::numeric_limits<int32_t>::max()} : it->second;
  });
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

Value KernelLowering::empty(ArrayRef<ExprAttr> dims, Type storage) {
  return tensor::EmptyOp::create(builder, loc, foldedSizes(dims), storage);
}

Value KernelLowering::emptyLike(Value graphValue, Type storage) {
  auto type = llvm::cast<RankedTensorType>(graphValue.getType());
  return withLayout(empty(getPhysicalDims(type), storage),
                    getLayout(type) ? getPhysicalMap(type) : AffineMap());
}

Value KernelLowering::withLayout(Value tensor, AffineMap map) {
  if (map)
    layouts[tensor] = map;
  return tensor;
}

Value KernelLowering::fill(Value scalar, Value into) {
  return withLayout(linalg::FillOp::create(builder, loc, scalar, into).getResult(0),
                    layoutOf(into));
}

Value KernelLowering::filled(ArrayRef<ExprAttr> dims, Type storage, double value) {
  Scalars at{builder, loc};
  Value scalar = llvm::isa<FloatType>(storage) ? at.real(storage, value)
                                               : at.integer(storage, static_cast<int64_t>(value));
  return fill(scalar, empty(dims, storage));
}

Value KernelLowering::copy(Value from, Value to) {
  return map({{from, identity(llvm::cast<RankedTensorType>(to.getType()).getRank())}}, to,
             [](const Scalars &, ValueRange values) { return values[0]; });
}

// Splits two shapes into runs of equal products. Sizes that are equal as
// expressions pair up; a run that never balances takes all that is left.
static void pairShapes(ArrayRef<ExprAttr> from, ArrayRef<ExprAttr> to,
                       SmallVectorImpl<ReassociationIndices> &fromRuns,
                       SmallVectorImpl<ReassociationIndices> &toRuns,
                       SmallVectorImpl<ExprAttr> &products, MLIRContext *context) {
  size_t i = 0, j = 0;
  auto close = [&](size_t endI, size_t endJ) {
    ReassociationIndices left, right;
    products.push_back(makeProduct(context, from.slice(i, endI - i)));
    for (; i < endI; ++i)
      left.push_back(i);
    for (; j < endJ; ++j)
      right.push_back(j);
    fromRuns.push_back(left);
    toRuns.push_back(right);
  };
  while (i < from.size() && j < to.size()) {
    // The shortest runs from here whose products are equal.
    bool found = false;
    for (size_t length = 2; !found && length <= from.size() - i + to.size() - j; ++length)
      for (size_t left = 1; !found && left < length; ++left) {
        size_t right = length - left;
        if (left > from.size() - i || right > to.size() - j)
          continue;
        ExprAttr product = makeProduct(context, from.slice(i, left));
        if (!product || product != makeProduct(context, to.slice(j, right)))
          continue;
        // What remains must balance as well, which ones at the end always do.
        if (makeProduct(context, from.drop_front(i + left)) !=
            makeProduct(context, to.drop_front(j + right)))
          continue;
        close(i + left, j + right);
        found = true;
      }
    if (!found)
      close(from.size(), to.size());
  }
  // Trailing ones belong to the last run.
  for (; i < from.size(); ++i)
    fromRuns.back().push_back(i);
  for (; j < to.size(); ++j)
    toRuns.back().push_back(j);
}

Value KernelLowering::reshape(Value tensor, ArrayRef<ExprAttr> from, ArrayRef<ExprAttr> to) {
  if (from == to)
    return tensor;
  Type storage = elementOf(tensor);
  // No elements: upstream's reshapes do not know that 0 * s is 0.
  if (llvm::any_of(from, [](ExprAttr dim) { return dim.isConstant(0); }))
    return empty(to, storage);
  MLIRContext *context = builder.getContext();
  SmallVector<ReassociationIndices> fromRuns, toRuns;
  SmallVector<ExprAttr> products;
  if (!from.empty() && !to.empty())
    pairShapes(from, to, fromRuns, toRuns, products, context);
  if (products.size() != from.size() || from.empty() || to.empty())
    if (!from.empty())
      tensor = tensor::CollapseShapeOp::create(builder, loc, tensorType(products, storage), tensor,
                                               fromRuns);
  if (products.size() == to.size() && !to.empty())
    return tensor;
  if (to.empty())
    return tensor;
  return tensor::ExpandShapeOp::create(builder, loc, tensorType(to, storage), tensor, toRuns,
                                       foldedSizes(to));
}
