// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/OperatorCall.h"

using namespace mlir;
using lathe::graph::ExprAttr;

namespace lathe::pt2 {

using Kind = Argument::Kind;

const Argument &OperatorCall::argument(llvm::StringRef name) const {
  static const Argument none;
  if (!schema) {
    const Argument *found = node.findInput(name);
    return found ? *found : none;
  }
  for (auto [declared, value] : llvm::zip(schema->arguments, bound))
    if (declared.name == name)
      return *value;
  // A row asks for an argument that one of its overloads does not have.
  return none;
}

TensorRef &OperatorCall::refOf(const Argument &argument) {
  static TensorRef absent;
  auto it = scope.tensors.find(argument.text);
  if (argument.kind == Kind::Tensor && it != scope.tensors.end())
    return it->second;
  fail(FaultCode::ArgumentKind,
       "a tensor is expected, the file has " + argument.kindName());
  absent = TensorRef();
  return absent;
}

Value OperatorCall::tensorOf(const Argument &argument) {
  TensorRef &tensor = refOf(argument);
  return emitter.hasFault() ? Value() : aliases.read(tensor);
}

TensorRef &OperatorCall::ref(llvm::StringRef name) {
  return refOf(argument(name));
}

Value OperatorCall::tensor(llvm::StringRef name) {
  return tensorOf(argument(name));
}

Value OperatorCall::optionalTensor(llvm::StringRef name) {
  return has(name) ? tensor(name) : Value();
}

llvm::SmallVector<Value, 4> OperatorCall::tensors(llvm::StringRef name) {
  llvm::SmallVector<Value, 4> values;
  for (const Argument &item : argument(name).items)
    values.push_back(tensorOf(item));
  return values;
}

int64_t OperatorCall::integer(llvm::StringRef name) {
  std::optional<int64_t> value = size(name).getConstant();
  if (value && *value >= -kTensorElementsMax && *value <= kTensorElementsMax)
    return *value;
  if (!value)
    failForm("the argument '" + name + "' must be a constant");
  failValue("the argument '" + name + "' is out of all proportion");
  return 0;
}

double OperatorCall::real(llvm::StringRef name) {
  const Argument &value = argument(name);
  switch (value.kind) {
  case Kind::Float:
    return value.real;
  case Kind::Int:
  case Kind::Bool:
    return static_cast<double>(value.integer);
  default:
    failForm("the argument '" + name + "' must be a constant number");
    return 0;
  }
}

bool OperatorCall::flag(llvm::StringRef name) {
  const Argument &value = argument(name);
  if (value.kind != Kind::Bool && value.kind != Kind::None)
    failValue("the argument '" + name + "' must be a constant");
  return value.integer != 0;
}

llvm::StringRef OperatorCall::string(llvm::StringRef name) {
  return argument(name).text;
}

ExprAttr OperatorCall::sizeOf(const Argument &argument) {
  if (argument.kind == Kind::Int || argument.kind == Kind::Bool)
    return emitter.sizeConstant(argument.integer);
  auto it = scope.sizes.find(argument.text);
  if (argument.kind == Kind::SymInt && it != scope.sizes.end())
    return it->second;
  fail(FaultCode::ArgumentKind,
       "a size is expected, the file has " + argument.kindName());
  return emitter.sizeConstant(1);
}

ExprAttr OperatorCall::size(llvm::StringRef name) {
  return sizeOf(argument(name));
}

Dims OperatorCall::sizes(llvm::StringRef name) {
  const Argument &list = argument(name);
  if (list.kind != Kind::List)
    return list.kind == Kind::None ? Dims() : Dims{sizeOf(list)};
  Dims dims;
  for (const Argument &item : list.items)
    dims.push_back(sizeOf(item));
  return dims;
}

llvm::SmallVector<int64_t, 4> OperatorCall::integers(llvm::StringRef name,
                                                     size_t count) {
  llvm::SmallVector<int64_t, 4> values;
  for (ExprAttr size : sizes(name)) {
    std::optional<int64_t> value = size.getConstant();
    if (!value)
      failForm("the argument '" + name + "' must hold constants");
    if (value && (*value < -kTensorElementsMax ||
                  *value > kTensorElementsMax)) {
      failValue("the argument '" + name + "' is out of all proportion");
      value = 1;
    }
    values.push_back(value.value_or(1));
  }
  if (values.size() == 1 && count > 1)
    values.resize(count, values.front());
  if (count && values.size() != count) {
    failValue("the argument '" + name + "' must have " + llvm::Twine(count) +
              " items, the file has " + llvm::Twine(values.size()));
    values.resize(count, 1);
  }
  return values;
}

llvm::SmallVector<int64_t, 6> OperatorCall::reducedDims(llvm::StringRef name,
                                                        int64_t rank) {
  llvm::SmallVector<int64_t, 6> dims;
  for (int64_t dim : integers(name))
    dims.push_back(emitter.normalizeDim(dim, rank));
  if (dims.empty())
    for (int64_t dim = 0; dim < rank; ++dim)
      dims.push_back(dim);
  llvm::sort(dims);
  if (std::adjacent_find(dims.begin(), dims.end()) != dims.end())
    failValue("a dimension is reduced twice");
  // Reducing "dimension 0" of a scalar reduces nothing.
  if (rank == 0)
    dims.clear();
  return dims;
}

Operand OperatorCall::operandOf(const Argument &argument) {
  Operand operand;
  switch (argument.kind) {
  case Kind::Tensor:
    operand.tensor = tensorOf(argument);
    break;
  case Kind::Float:
    operand.isReal = true;
    operand.real = argument.real;
    break;
  case Kind::Bool:
    operand.isBool = true;
    operand.integer = argument.integer;
    break;
  case Kind::Int:
    operand.integer = argument.integer;
    break;
  case Kind::SymInt:
    operand.size = sizeOf(argument);
    break;
  default:
    fail(FaultCode::ArgumentKind,
         "a tensor or number is expected, the file has " + argument.kindName());
  }
  return operand;
}

Operand OperatorCall::operand(llvm::StringRef name) {
  return operandOf(argument(name));
}

Type OperatorCall::elementType(llvm::StringRef name, Type otherwise) {
  const Argument &value = argument(name);
  if (value.kind != Kind::ElementType)
    return otherwise;
  return emitter.toType(static_cast<ElementType>(value.integer));
}

//===----------------------------------------------------------------------===//
// Promotion
//===----------------------------------------------------------------------===//

namespace {

/// 0 bool, 1 integer, 2 float.
int categoryOf(Type type) {
  if (llvm::isa<FloatType>(type))
    return 2;
  return type.isInteger(1) ? 0 : 1;
}

/// torch.promote_types within and across categories.
Type promotePair(GraphEmitter &emitter, Type a, Type b) {
  if (!a || !b || a == b)
    return a ? a : b;
  if (categoryOf(a) != categoryOf(b))
    return categoryOf(a) > categoryOf(b) ? a : b;
  unsigned wide = std::max(a.getIntOrFloatBitWidth(), b.getIntOrFloatBitWidth());
  if (categoryOf(a) == 2) {
    if (wide == 16)
      return emitter.builder.getF32Type(); // f16 with bf16.
    return a.getIntOrFloatBitWidth() == wide ? a : b;
  }
  auto narrow = llvm::cast<IntegerType>(
      a.getIntOrFloatBitWidth() == wide ? b : a);
  auto widest =
      llvm::cast<IntegerType>(a.getIntOrFloatBitWidth() == wide ? a : b);
  if (widest.isUnsigned() == narrow.isUnsigned() ||
      (narrow.isUnsigned() && narrow.getWidth() < widest.getWidth()))
    return widest;
  if (wide <= 8)
    return emitter.builder.getIntegerType(16); // uint8 with int8.
  emitter.fail(FaultCode::ElementTypeUnknown,
               "signed and wide unsigned integers are mixed");
  return a;
}

} // namespace

Type promote(GraphEmitter &emitter, llvm::ArrayRef<Operand> operands) {
  // Tensors with dimensions, rank-0 tensors, numbers.
  Type byWeight[3];
  for (const Operand &operand : operands) {
    if (operand.tensor) {
      Type &slot = byWeight[GraphEmitter::rankOf(operand.tensor) == 0 ? 1 : 0];
      slot = promotePair(emitter, slot,
                         GraphEmitter::elementTypeOf(operand.tensor));
      continue;
    }
    Type number = operand.isBool   ? emitter.builder.getI1Type()
                  : operand.isReal ? Type(emitter.builder.getF32Type())
                                   : emitter.builder.getI64Type();
    byWeight[2] = promotePair(emitter, byWeight[2], number);
  }
  Type result = byWeight[0];
  for (Type lighter : {byWeight[1], byWeight[2]})
    if (lighter && (!result || categoryOf(lighter) > categoryOf(result)))
      result = lighter;
  return result;
}

Value materialize(GraphEmitter &emitter, const Operand &operand,
                  Type elementType) {
  if (operand.tensor)
    return emitter.cast(operand.tensor, elementType);
  if (operand.size)
    return emitter.sizeValue(operand.size, elementType);
  if (operand.isReal)
    return emitter.constant(elementType, operand.real);
  return emitter.constant(elementType, operand.integer);
}

Value toFloat(GraphEmitter &emitter, Value input) {
  if (!input || emitter.isFloat(input))
    return input;
  return emitter.cast(input, emitter.builder.getF32Type());
}

} // namespace lathe::pt2
