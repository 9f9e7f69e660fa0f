// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/ExportedGraph.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace lathe::pt2 {
namespace {

struct ElementTypeRow {
  ElementType type;
  unsigned bytes;
  llvm::StringLiteral name;
};

constexpr ElementTypeRow kElementTypes[] = {
    {ElementType::UInt8, 1, "uint8"},
    {ElementType::Int8, 1, "int8"},
    {ElementType::Int16, 2, "int16"},
    {ElementType::Int32, 4, "int32"},
    {ElementType::Int64, 8, "int64"},
    {ElementType::Float16, 2, "float16"},
    {ElementType::Float32, 4, "float32"},
    {ElementType::Float64, 8, "float64"},
    {ElementType::Complex32, 4, "complex32"},
    {ElementType::Complex64, 8, "complex64"},
    {ElementType::Complex128, 16, "complex128"},
    {ElementType::Bool, 1, "bool"},
    {ElementType::BFloat16, 2, "bfloat16"},
    {ElementType::UInt16, 2, "uint16"},
    {ElementType::Float8E4M3, 1, "float8_e4m3fn"},
    {ElementType::Float8E5M2, 1, "float8_e5m2"},
    {ElementType::Float8E4M3Fnuz, 1, "float8_e4m3fnuz"},
    {ElementType::Float8E5M2Fnuz, 1, "float8_e5m2fnuz"},
    {ElementType::Float8E8M0, 1, "float8_e8m0fnu"},
    {ElementType::UInt32, 4, "uint32"},
    {ElementType::UInt64, 8, "uint64"},
};

const ElementTypeRow &rowOf(ElementType type) {
  return *llvm::find_if(kElementTypes, [&](const ElementTypeRow &row) {
    return row.type == type;
  });
}

} // namespace

std::optional<ElementType> elementTypeOf(int64_t number) {
  for (const ElementTypeRow &row : kElementTypes)
    if (static_cast<int64_t>(row.type) == number)
      return row.type;
  return std::nullopt;
}

llvm::StringRef elementTypeName(ElementType type) { return rowOf(type).name; }

uint64_t elementTypeBytes(ElementType type) { return rowOf(type).bytes; }

std::string SymInt::str() const {
  return isConstant() ? std::to_string(value) : expression->str();
}

std::string TensorMeta::str() const {
  std::string text = elementTypeName(type).str() + "[";
  text += llvm::join(
      llvm::map_range(sizes, [](const SymInt &size) { return size.str(); }),
      ", ");
  return text + "]";
}

llvm::StringRef Argument::kindName() const {
  switch (kind) {
  case Kind::None:
    return "None";
  case Kind::Tensor:
    return "a tensor";
  case Kind::SymInt:
    return "a symbolic integer";
  case Kind::SymFloat:
    return "a symbolic number";
  case Kind::SymBool:
    return "a symbolic boolean";
  case Kind::CustomObject:
    return "a custom object";
  case Kind::Int:
    return "an integer";
  case Kind::Float:
    return "a number";
  case Kind::Bool:
    return "a boolean";
  case Kind::String:
    return "a string";
  case Kind::ElementType:
    return "an element type";
  case Kind::MemoryFormat:
    return "a memory format";
  case Kind::Layout:
    return "a layout";
  case Kind::Device:
    return "a device";
  case Kind::Operator:
    return "an operator";
  case Kind::Complex:
    return "a complex number";
  case Kind::Graph:
    return "a graph";
  case Kind::List:
    return "a list";
  }
  return "";
}

std::string SourceLine::str() const {
  if (file.empty())
    return "";
  std::string text = file.str() + ":" + std::to_string(line);
  return function.empty() ? text : text + " in " + function.str();
}

llvm::StringRef Node::operatorName() const {
  llvm::StringRef name = target;
  name.consume_front("torch.ops.");
  return name;
}

const Argument *Node::findInput(llvm::StringRef inputName) const {
  for (const NamedArgument &input : inputs)
    if (input.name == inputName)
      return &input.value;
  return nullptr;
}

Fault faultAt(const Node &node, FaultCode code, const llvm::Twine &what,
              const llvm::Twine &why, const llvm::Twine &remedy) {
  Fault fault;
  fault.code = code;
  fault.what = what.str();
  fault.node = node.name.str();
  fault.op = node.operatorName().str();
  fault.source = node.source.str();
  fault.why = why.str();
  fault.remedy = remedy.str();
  return fault;
}

} // namespace lathe::pt2
