// SPDX-License-Identifier: Apache-2.0
// models/<name>.json of a .pt2 archive as plain structs: torch's
// ExportedProgram (schema 8), with nothing interpreted but the notation.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_EXPORTEDGRAPH_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_EXPORTEDGRAPH_H

#include "compiler/Frontends/ExportedProgram/JsonTree.h"
#include "compiler/Frontends/ExportedProgram/SizeExpression.h"
#include "compiler/Frontends/Fault.h"
#include <memory>
#include <optional>
#include <vector>

namespace lathe::pt2 {

/// Element types by the numbers of the file (torch/_export/serde/schema.py),
/// which differ from c10's.
enum class ElementType : uint8_t {
  UInt8 = 1, Int8 = 2, Int16 = 3, Int32 = 4, Int64 = 5, Float16 = 6,
  Float32 = 7, Float64 = 8, Complex32 = 9, Complex64 = 10, Complex128 = 11,
  Bool = 12, BFloat16 = 13, UInt16 = 28, Float8E4M3 = 29, Float8E5M2 = 30,
  Float8E4M3Fnuz = 31, Float8E5M2Fnuz = 32, Float8E8M0 = 33, UInt32 = 34,
  UInt64 = 35,
};

/// Empty for a number that is no element type.
std::optional<ElementType> elementTypeOf(int64_t number);
/// "float32", as in Python.
llvm::StringRef elementTypeName(ElementType type);
uint64_t elementTypeBytes(ElementType type);

/// A size: a constant or an expression over symbols.
struct SymInt {
  int64_t value = 0;                          ///< Where expression is null.
  const SizeExpression *expression = nullptr; ///< Lives in the program's pool.
  bool isConstant() const { return expression == nullptr; }
  std::string str() const;
};

struct TensorMeta {
  ElementType type = ElementType::Float32;
  std::vector<SymInt> sizes;
  /// Element strides and offset, kept for stored weights only: values of the
  /// graph have no strides.
  std::vector<SymInt> strides;
  SymInt storageOffset;
  /// "float32[s27, 64]".
  std::string str() const;
};

struct Graph;

/// An argument of a node, of exactly one kind. Lists hold their items in
/// `items`; the kind of a list is List whatever the items are.
struct Argument {
  enum class Kind : uint8_t {
    None,
    Tensor,       ///< `text` is the value's name
    SymInt,       ///< `text` is the value's name
    SymFloat,     ///< `text` is the value's name
    SymBool,      ///< `text` is the value's name
    CustomObject, ///< `text` is the value's name
    Int,          ///< `integer`
    Float,        ///< `real`
    Bool,         ///< `integer` 0 or 1
    String,       ///< `text`
    ElementType,  ///< `integer`, a valid ElementType
    MemoryFormat, ///< `integer`: 1 contiguous, 2 channels last, 3 same in 3-d
    Layout,       ///< `integer`: 7 strided
    Device,       ///< `text` is the type
    Operator,     ///< `text`
    Complex,      ///< not interpreted
    Graph,        ///< `graph`, `text` is its name
    List,         ///< `items`
  };
  Kind kind = Kind::None;
  int64_t integer = 0;
  double real = 0;
  llvm::StringRef text;
  std::vector<Argument> items;
  std::shared_ptr<const Graph> graph;

  /// Whether `text` names a value of the graph.
  bool isValue() const { return kind >= Kind::Tensor && kind <= Kind::SymBool; }
  /// "a tensor", "an integer", "a list".
  llvm::StringRef kindName() const;
};

struct NamedArgument {
  llvm::StringRef name; ///< Empty for operands of higher-order operators.
  Argument value;
};

/// Where the user wrote it; empty file where the model does not say.
struct SourceLine {
  llvm::StringRef file;
  llvm::StringRef function;
  unsigned line = 0;
  /// "model.py:41 in forward", or an empty string.
  std::string str() const;
};

struct Node {
  llvm::StringRef target; ///< "torch.ops.aten.add.Tensor"
  llvm::StringRef name;   ///< The first output's name where the file has none.
  std::vector<NamedArgument> inputs;
  std::vector<Argument> outputs;
  SourceLine source;      ///< The innermost frame outside torch itself.
  llvm::StringRef modulePath; ///< "blocks.0.attention", may be empty.

  /// "aten.add.Tensor", "_operator.mul".
  llvm::StringRef operatorName() const;
  const Argument *findInput(llvm::StringRef inputName) const;
};

/// Fills node, op and source of `fault`.
Fault faultAt(const Node &node, FaultCode code, const llvm::Twine &what,
              const llvm::Twine &why = "", const llvm::Twine &remedy = "");

struct Graph {
  std::vector<Argument> inputs;
  std::vector<Argument> outputs;
  std::vector<Node> nodes;
  llvm::StringMap<TensorMeta> tensors;
  llvm::StringMap<SymInt> symInts;
  llvm::StringMap<SymInt> symBools; ///< Relations.
  llvm::StringMap<SymInt> symFloats;
};

struct InputSpec {
  enum class Kind : uint8_t {
    User, Parameter, Buffer, TensorConstant, Constant, CustomObject, Token,
  };
  Kind kind = Kind::User;
  Argument argument;       ///< The graph input.
  llvm::StringRef target;  ///< FQN of a parameter, buffer or constant.
  bool isPersistent = true;
};

struct OutputSpec {
  enum class Kind : uint8_t {
    User, BufferMutation, InputMutation, ParameterMutation, Loss, Gradient,
    Token,
  };
  Kind kind = Kind::User;
  Argument argument;      ///< The graph output.
  llvm::StringRef target; ///< FQN or input name that receives it.
};

/// A range constraint: lower <= symbol <= upper.
struct SymbolRange {
  const SizeExpression *expression = nullptr; ///< Usually one symbol.
  std::optional<int64_t> lower, upper;        ///< Empty: unbounded.
};

struct ExportedProgram {
  Graph graph;
  std::vector<InputSpec> inputSpecs;   ///< Same order as graph.inputs.
  std::vector<OutputSpec> outputSpecs; ///< Same order as graph.outputs.
  /// For each output of kind User its name in what the model returned, empty
  /// where that has no keys; or nothing (OutputNames.h).
  std::vector<std::string> outputNames;
  std::vector<SymbolRange> ranges;
  std::vector<const SizeExpression *> guards;
  llvm::StringRef torchVersion;
  /// Owners of all strings and expressions above.
  std::unique_ptr<JsonTree> json;
  std::unique_ptr<SizeExpressionPool> pool;
};

/// Decodes and checks names: `memberName` is "models/model.json". Element
/// types, kinds, expressions and ranges are checked; what concerns several
/// values is checked by GraphCheck.h.
llvm::Expected<std::unique_ptr<ExportedProgram>>
decodeExportedProgram(llvm::StringRef text, llvm::StringRef memberName);

/// Decodes one TensorMeta; strides and offset too where `isStored`.
llvm::Expected<TensorMeta> decodeTensorMeta(JsonValue value,
                                            SizeExpressionPool &pool,
                                            const JsonTree &tree,
                                            llvm::StringRef name,
                                            bool isStored);

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_EXPORTEDGRAPH_H
