// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/GraphEmitter.h"

#include "dialects/Graph/ModelLocation.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/MathExtras.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using lathe::graph::ExprAttr;

namespace lathe::pt2 {

//===----------------------------------------------------------------------===//
// Faults
//===----------------------------------------------------------------------===//

void GraphEmitter::setNode(const Node *newNode) {
  node = newNode;
  if (!node) {
    location = builder.getUnknownLoc();
    return;
  }
  location = graph::makeModelLocation(
      context(), {node->name, node->operatorName(), node->source.file,
                  node->source.function, node->source.line});
}

llvm::Error GraphEmitter::takeError() {
  if (!fault)
    return llvm::Error::success();
  Fault taken = std::move(*fault);
  fault.reset();
  return makeFault(std::move(taken));
}

void GraphEmitter::fail(FaultCode code, const llvm::Twine &what,
                        const llvm::Twine &why, const llvm::Twine &remedy) {
  if (!fault)
    fault = node ? faultAt(*node, code, what, why, remedy)
                 : takeFault(makeFault(code, what, why, remedy));
}

void GraphEmitter::fail(llvm::Error error) {
  if (!error)
    return;
  Fault taken = takeFault(std::move(error));
  fail(taken.code, taken.what, taken.why, taken.remedy);
}

//===----------------------------------------------------------------------===//
// Generic emission
//===----------------------------------------------------------------------===//

Operation *GraphEmitter::build(
    OperationName name, ValueRange operands,
    llvm::ArrayRef<NamedAttribute> attributes,
    llvm::function_ref<LogicalResult(ValueRange, DictionaryAttr,
                                     llvm::SmallVectorImpl<Type> &)>
        infer) {
  if (hasFault() || llvm::is_contained(operands, Value())) {
    fail(FaultCode::ArgumentValue, "an operand could not be built");
    return nullptr;
  }
  DictionaryAttr dictionary = builder.getDictionaryAttr(attributes);
  llvm::SmallVector<Type, 3> types;
  llvm::SmallVector<Value, 4> fitted(operands);
  std::string message;
  auto tryOperands = [&] {
    // Only this thread's diagnostics: the handler is removed at once.
    ScopedDiagnosticHandler handler(context(), [&](Diagnostic &diagnostic) {
      message += (message.empty() ? "" : "\n") + diagnostic.str();
      return success();
    });
    return infer(fitted, dictionary, types);
  };
  LogicalResult inferred = tryOperands();
  if (failed(inferred) && alignSizes(fitted)) {
    message.clear();
    types.clear();
    inferred = tryOperands();
  }
  if (failed(inferred)) {
    fail(FaultCode::ShapeContradiction,
         "shapes or element types of the operands do not fit", message);
    return nullptr;
  }
  for (Type type : types)
    if (!checkExtent(llvm::cast<RankedTensorType>(type)))
      return nullptr;
  OperationState state(location, name);
  state.addOperands(fitted);
  state.addTypes(types);
  state.addAttributes(dictionary.getValue());
  return builder.create(state);
}

void GraphEmitter::assumeEqual(ExprAttr lhs, ExprAttr rhs) {
  if (ExprAttr difference = graph::makeSub(lhs, rhs))
    zeroDifferences.push_back(difference);
}

void GraphEmitter::assumeNotEmpty(Value input, llvm::ArrayRef<int64_t> dims) {
  Operation *parent = builder.getInsertionBlock()->getParentOp();
  if (!llvm::isa<func::FuncOp>(parent))
    return;
  Dims sizes = dimsOf(input);
  for (int64_t dim : dims)
    if (dim < static_cast<int64_t>(sizes.size()) && rangeOf(sizes[dim]).min <= 0)
      positiveSizes.insert(sizes[dim]);
}

bool GraphEmitter::isAssumedEqual(ExprAttr lhs, ExprAttr rhs) const {
  ExprAttr difference = graph::makeSub(lhs, rhs);
  ExprAttr negative = graph::makeSub(rhs, lhs);
  return difference && negative &&
         llvm::any_of(zeroDifferences, [&](ExprAttr zero) {
           return zero == difference || zero == negative;
         });
}

// Equal sizes are equal attributes, but for those that the file only asserts. A
// slice that takes all of a tensor names its sizes otherwise.
bool GraphEmitter::alignSizes(llvm::MutableArrayRef<Value> operands) {
  if (zeroDifferences.empty())
    return false;
  bool changed = false;
  llvm::SmallSetVector<Attribute, 8> known;
  for (Value &operand : operands) {
    Dims dims = dimsOf(operand);
    bool renamed = false;
    for (ExprAttr &dim : dims) {
      if (known.contains(dim))
        continue;
      const auto *same = llvm::find_if(known, [&](Attribute other) {
        return isAssumedEqual(dim, llvm::cast<ExprAttr>(other));
      });
      if (same != known.end()) {
        dim = llvm::cast<ExprAttr>(*same);
        renamed = true;
      }
      known.insert(dim);
    }
    if (renamed)
      operand = slice(operand, Dims(dims.size(), sizeConstant(0)), dims,
                      llvm::SmallVector<int64_t>(dims.size(), 1));
    changed |= renamed;
  }
  return changed && !hasFault();
}

//===----------------------------------------------------------------------===//
// Types and sizes
//===----------------------------------------------------------------------===//

RankedTensorType GraphEmitter::typeOf(Value value) {
  return value ? llvm::cast<RankedTensorType>(value.getType())
               : RankedTensorType();
}

Type GraphEmitter::elementTypeOf(Value value) {
  return value ? typeOf(value).getElementType() : Type();
}

int64_t GraphEmitter::rankOf(Value value) {
  return value ? typeOf(value).getRank() : 0;
}

Dims GraphEmitter::dimsOf(Value value) {
  if (!value)
    return {};
  auto dims = graph::getDims(typeOf(value));
  return Dims(dims.begin(), dims.end());
}

int64_t GraphEmitter::normalizeDim(int64_t dim, int64_t rank) {
  // A scalar has one dimension as far as indices are concerned.
  int64_t limit = std::max<int64_t>(rank, 1);
  if (dim < -limit || dim >= limit) {
    fail(FaultCode::ArgumentValue,
         "dimension " + llvm::Twine(dim) + " does not exist",
         "the tensor has rank " + llvm::Twine(rank));
    return 0;
  }
  return dim < 0 ? dim + limit : dim;
}

ExprAttr GraphEmitter::sizeConstant(int64_t value) {
  return graph::makeConstant(context(), value);
}

ExprAttr GraphEmitter::dimOf(Value value, int64_t dim) {
  Dims dims = dimsOf(value);
  if (dim >= 0 && dim < static_cast<int64_t>(dims.size()))
    return dims[dim];
  fail(FaultCode::ArgumentValue,
       "dimension " + llvm::Twine(dim) + " does not exist");
  return sizeConstant(1);
}

ExprAttr GraphEmitter::checked(ExprAttr expr) {
  if (expr)
    return expr;
  fail(FaultCode::SizeExpressionInvalid, "a size expression is too large",
       "it leaves 64 bits, divides by zero or has more than " +
           llvm::Twine(graph::kSizeExprNodesMax) + " terms");
  return sizeConstant(1);
}

graph::SizeRange GraphEmitter::rangeOf(ExprAttr expr) {
  return graph::rangeOf(expr, ranges);
}

bool GraphEmitter::isAtMost(ExprAttr lhs, ExprAttr rhs) {
  ExprAttr difference = graph::makeSub(rhs, lhs);
  return difference && rangeOf(difference).min >= 0;
}

ExprAttr GraphEmitter::smaller(ExprAttr lhs, ExprAttr rhs) {
  if (isAtMost(lhs, rhs))
    return lhs;
  return isAtMost(rhs, lhs) ? rhs : checked(graph::makeMin(lhs, rhs));
}

ExprAttr GraphEmitter::larger(ExprAttr lhs, ExprAttr rhs) {
  if (isAtMost(lhs, rhs))
    return rhs;
  return isAtMost(rhs, lhs) ? lhs : checked(graph::makeMax(lhs, rhs));
}

bool GraphEmitter::checkExtent(RankedTensorType type) {
  int64_t elements = 1;
  for (ExprAttr dim : graph::getDims(type)) {
    int64_t most = dim ? std::max<int64_t>(rangeOf(dim).max, 1) : 1;
    if (llvm::MulOverflow(elements, most, elements) ||
        elements > kTensorElementsMax) {
      fail(FaultCode::LimitExceeded,
           "a tensor has more than 2^40 elements at the bounds of its sizes");
      return false;
    }
  }
  if (type.getRank() <= static_cast<int64_t>(graph::kRankMax))
    return true;
  fail(FaultCode::LimitExceeded,
       "a tensor has more than " + llvm::Twine(graph::kRankMax) +
           " dimensions");
  return false;
}

Type GraphEmitter::toType(ElementType type) {
  auto unsignedType = [&](unsigned width) {
    return IntegerType::get(context(), width, IntegerType::Unsigned);
  };
  switch (type) {
  case ElementType::Bool:
    return builder.getI1Type();
  case ElementType::Int8:
    return builder.getI8Type();
  case ElementType::Int16:
    return builder.getI16Type();
  case ElementType::Int32:
    return builder.getI32Type();
  case ElementType::Int64:
    return builder.getI64Type();
  case ElementType::UInt8:
    return unsignedType(8);
  case ElementType::UInt16:
    return unsignedType(16);
  case ElementType::UInt32:
    return unsignedType(32);
  case ElementType::UInt64:
    return unsignedType(64);
  case ElementType::Float16:
    return builder.getF16Type();
  case ElementType::BFloat16:
    return builder.getBF16Type();
  case ElementType::Float32:
    return builder.getF32Type();
  case ElementType::Float64:
    return builder.getF64Type();
  default:
    fail(FaultCode::ElementTypeUnknown,
         "the element type " + elementTypeName(type) + " is not supported");
    return {};
  }
}

//===----------------------------------------------------------------------===//
// Common operators
//===----------------------------------------------------------------------===//

Value GraphEmitter::reshape(Value input, llvm::ArrayRef<ExprAttr> dims) {
  if (input && llvm::ArrayRef<ExprAttr>(dimsOf(input)) == dims)
    return input;
  return emit<graph::ReshapeOp>({input}, {named("dims", dims)});
}

Value GraphEmitter::permute(Value input, llvm::ArrayRef<int64_t> permutation) {
  bool isIdentity = llvm::all_of(llvm::enumerate(permutation), [](auto item) {
    return static_cast<int64_t>(item.index()) == item.value();
  });
  if (isIdentity && rankOf(input) == static_cast<int64_t>(permutation.size()))
    return input;
  return emit<graph::PermuteOp>({input}, {named("permutation", permutation)});
}

Value GraphEmitter::broadcast(Value input, llvm::ArrayRef<ExprAttr> dims) {
  if (input && llvm::ArrayRef<ExprAttr>(dimsOf(input)) == dims)
    return input;
  return emit<graph::BroadcastOp>({input}, {named("dims", dims)});
}

Value GraphEmitter::slice(Value input, llvm::ArrayRef<ExprAttr> starts,
                          llvm::ArrayRef<ExprAttr> sizes,
                          llvm::ArrayRef<int64_t> steps) {
  bool isWhole = input && llvm::ArrayRef<ExprAttr>(dimsOf(input)) == sizes &&
                 llvm::all_of(steps, [](int64_t step) { return step == 1; });
  if (isWhole)
    return input;
  return emit<graph::SliceOp>({input},
                              {named("starts", starts), named("sizes", sizes),
                               named("steps", steps)});
}

Value GraphEmitter::cast(Value input, Type elementType) {
  if (!input || !elementType || elementTypeOf(input) == elementType)
    return input;
  return emit<graph::CastOp>({input},
                             {named("to", TypeAttr::get(elementType))});
}

static Value emitSplat(GraphEmitter &emitter, Attribute value,
                       RankedTensorType type) {
  return emitter.emit<graph::ConstantOp>(
      {}, {emitter.named("value", DenseElementsAttr::get(type, value))});
}

Value GraphEmitter::constant(Type elementType, double real) {
  if (hasFault() || !elementType)
    return {};
  auto type = RankedTensorType::get({}, elementType);
  if (auto floatType = llvm::dyn_cast<FloatType>(elementType))
    return emitSplat(*this, FloatAttr::get(floatType, real), type);
  if (!(real >= -9.2e18 && real <= 9.2e18)) {
    fail(FaultCode::ArgumentValue, "a number does not fit an integer tensor");
    return {};
  }
  return constant(elementType, static_cast<int64_t>(real));
}

Value GraphEmitter::constant(Type elementType, int64_t integer) {
  if (hasFault() || !elementType)
    return {};
  if (llvm::isa<FloatType>(elementType))
    return constant(elementType, static_cast<double>(integer));
  unsigned width = elementType.getIntOrFloatBitWidth();
  llvm::APInt bits(64, static_cast<uint64_t>(integer), /*isSigned=*/true);
  // A number converted to bool asks whether it is zero.
  if (width == 1)
    bits = llvm::APInt(64, integer != 0);
  return emitSplat(*this, IntegerAttr::get(elementType, bits.trunc(width)),
                   RankedTensorType::get({}, elementType));
}

Value GraphEmitter::full(Value scalar, llvm::ArrayRef<ExprAttr> dims) {
  if (!scalar || hasFault())
    return {};
  auto splat = scalar.getDefiningOp<graph::ConstantOp>();
  RankedTensorType type = graph::getTensorType(dims, elementTypeOf(scalar));
  if (!checkExtent(type))
    return {};
  if (!splat || !type.hasStaticShape())
    return emit<graph::FullOp>({scalar}, {named("dims", dims)});
  auto value = llvm::cast<DenseElementsAttr>(splat.getValue());
  return emitSplat(*this, value.getSplatValue<Attribute>(), type);
}

Value GraphEmitter::iota(ExprAttr size, Type elementType, int64_t start,
                         int64_t step) {
  if (llvm::isa_and_nonnull<FloatType>(elementType))
    return realIota(size, elementType, static_cast<double>(start),
                    static_cast<double>(step));
  return emit<graph::IotaOp>(
      {}, {named("size", size), named("element_type", TypeAttr::get(elementType)),
           named("start", start), named("step", step)});
}

Value GraphEmitter::realIota(ExprAttr size, Type elementType, double start,
                             double step) {
  if (llvm::isa_and_nonnull<IntegerType>(elementType))
    return iota(size, elementType, static_cast<int64_t>(start),
                static_cast<int64_t>(step));
  return emit<graph::IotaOp>(
      {}, {named("size", size), named("element_type", TypeAttr::get(elementType)),
           named("start", start), named("step", step)});
}

Value GraphEmitter::sizeValue(ExprAttr size, Type elementType) {
  if (std::optional<int64_t> value = size.getConstant())
    return constant(elementType, *value);
  Value value = emit<graph::SizeOp>({}, {named("expr", size)});
  return cast(value, elementType);
}

Value GraphEmitter::compare(graph::CompareKind kind, Value lhs, Value rhs) {
  return emit<graph::CompareOp>(
      {lhs, rhs},
      {named("kind", graph::CompareKindAttr::get(context(), kind))});
}

Value GraphEmitter::reduce(graph::ReduceKind kind, Value input,
                           llvm::ArrayRef<int64_t> dims, bool keepDims) {
  llvm::SmallVector<NamedAttribute, 3> attributes{
      named("kind", graph::ReduceKindAttr::get(context(), kind)),
      named("dims", dims)};
  if (keepDims)
    attributes.push_back(named("keep_dims", builder.getUnitAttr()));
  return emit<graph::ReduceOp>({input}, attributes);
}

} // namespace lathe::pt2
