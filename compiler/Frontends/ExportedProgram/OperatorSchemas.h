// SPDX-License-Identifier: Apache-2.0
// What torch's operators declare: argument names, kinds, defaults and aliases.
// Files leave defaulted arguments out, so a reader has to know them.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_OPERATORSCHEMAS_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_OPERATORSCHEMAS_H

#include "compiler/Frontends/ExportedProgram/ExportedGraph.h"

namespace lathe::pt2 {

enum class SchemaType : uint8_t {
  Tensor, Int, Float, Scalar, Bool, String, ElementType, Layout, Device,
  MemoryFormat, Generator, Other,
};

struct SchemaArgument {
  llvm::StringRef name; ///< Empty for most results.
  SchemaType type = SchemaType::Other;
  bool isOptional = false;      ///< "Tensor?": None is accepted.
  bool isList = false;          ///< "int[2]"
  bool hasOptionalItems = false; ///< "Tensor?[]"
  bool isSizedList = false;     ///< "int[2]": one number stands for all.
  bool isMutated = false;       ///< "Tensor(a!)"
  char aliasSet = 0;            ///< 'a' in "Tensor(a)"; 0 where fresh.
  bool hasDefault = false;
  Argument defaultValue;
};

struct OperatorSchema {
  llvm::StringRef name; ///< "aten.add.Tensor", as Node::operatorName().
  std::vector<SchemaArgument> arguments;
  std::vector<SchemaArgument> results;

  const SchemaArgument *find(llvm::StringRef argumentName) const;
  bool isMutating() const;
};

/// What is known of an operator's name.
enum class OperatorStanding : uint8_t {
  HasSchema,       ///< findSchema() has a row.
  NameOnly,        ///< torch has this overload; no row here.
  UnknownOverload, ///< torch has the operator, but not the overload.
  UnknownOperator, ///< Neither; a custom operator or another namespace.
  Builtin,         ///< Python's own: _operator.*, math.*, torch.sym_*.
  HigherOrder,     ///< Control flow and regions: higher_order.*
};

/// `name` is Node::operatorName().
OperatorStanding classifyOperator(llvm::StringRef name);
/// Null where the table has no row. Rows live for ever.
const OperatorSchema *findSchema(llvm::StringRef name);
/// Overloads of "aten.relu" that torch has, "default, out"; empty if none.
std::string overloadsOf(llvm::StringRef name);
/// "did you mean" for an operator of the aten namespace, may be empty.
std::string nearestOperator(llvm::StringRef name);

/// The node's arguments in the schema's order: pointers into the node or to
/// defaults of the schema, never null. Faults: unknown, repeated or missing
/// argument; wrong kind.
llvm::Expected<std::vector<const Argument *>>
bindArguments(const Node &node, const OperatorSchema &schema);

/// Parses one schema in torch's notation; exposed for tests. The strings must
/// outlive the result. Empty for text that is no schema.
std::optional<OperatorSchema> parseSchema(llvm::StringRef text);

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_OPERATORSCHEMAS_H
