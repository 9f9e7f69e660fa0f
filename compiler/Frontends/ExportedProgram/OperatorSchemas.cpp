// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/OperatorSchemas.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace lathe::pt2 {
namespace {

using Kind = Argument::Kind;

constexpr llvm::StringLiteral kSchemaTexts[] = {
#define LATHE_SCHEMA(text) llvm::StringLiteral(text),
#include "compiler/Frontends/ExportedProgram/OperatorSchemas.inc"
};

constexpr llvm::StringLiteral kOverloads =
#include "compiler/Frontends/ExportedProgram/AtenOverloads.inc"
    ;

/// One argument or result: "Tensor(a!)? name=default".
class SchemaParser {
public:
  explicit SchemaParser(llvm::StringRef text) : rest(text) {}
  bool parse(OperatorSchema &schema);

private:
  bool parseList(std::vector<SchemaArgument> &list);
  bool parseArgument(SchemaArgument &argument);
  bool parseType(SchemaArgument &argument);
  void parseAlias(SchemaArgument &argument);
  bool parseDefault(SchemaArgument &argument);
  bool parseValue(SchemaType type, llvm::StringRef text, Argument &value);
  bool consume(llvm::StringRef token) {
    rest = rest.ltrim(' ');
    return rest.consume_front(token);
  }

  llvm::StringRef rest;
};

void SchemaParser::parseAlias(SchemaArgument &argument) {
  if (!rest.consume_front("("))
    return;
  llvm::StringRef inside = rest.take_until([](char c) { return c == ')'; });
  rest = rest.drop_front(std::min(inside.size() + 1, rest.size()));
  argument.aliasSet = inside.empty() ? 0 : inside.front();
  argument.isMutated = inside.contains('!');
}

bool SchemaParser::parseType(SchemaArgument &argument) {
  llvm::StringRef word = rest.take_while(llvm::isAlpha);
  rest = rest.drop_front(word.size());
  argument.type = llvm::StringSwitch<SchemaType>(word)
                      .Case("Tensor", SchemaType::Tensor)
                      .Cases({"int", "SymInt"}, SchemaType::Int)
                      .Case("float", SchemaType::Float)
                      .Case("Scalar", SchemaType::Scalar)
                      .Cases({"bool", "SymBool"}, SchemaType::Bool)
                      .Case("str", SchemaType::String)
                      .Case("ScalarType", SchemaType::ElementType)
                      .Case("Layout", SchemaType::Layout)
                      .Case("Device", SchemaType::Device)
                      .Case("MemoryFormat", SchemaType::MemoryFormat)
                      .Case("Generator", SchemaType::Generator)
                      .Default(SchemaType::Other);
  parseAlias(argument);
  while (true) {
    if (rest.consume_front("?")) {
      argument.isOptional = true;
      continue;
    }
    if (!rest.consume_front("["))
      return !word.empty();
    llvm::StringRef count = rest.take_while(llvm::isDigit);
    rest = rest.drop_front(count.size());
    if (!rest.consume_front("]"))
      return false;
    argument.isList = true;
    argument.isSizedList = !count.empty();
    argument.hasOptionalItems = argument.isOptional;
    argument.isOptional = false;
  }
}

bool SchemaParser::parseValue(SchemaType type, llvm::StringRef text,
                              Argument &value) {
  if (text == "None")
    return true;
  if (type == SchemaType::Bool || text == "True" || text == "False") {
    value.kind = Kind::Bool;
    value.integer = text == "True";
    return text == "True" || text == "False";
  }
  if (type == SchemaType::String) {
    value.kind = Kind::String;
    value.text = text.trim("\"'");
    return true;
  }
  if (type == SchemaType::ElementType) {
    // Schemas print c10's number of int64, or the name "float".
    value.kind = Kind::ElementType;
    value.integer = static_cast<int64_t>(text == "4" ? ElementType::Int64
                                                     : ElementType::Float32);
    return text == "4" || text == "float";
  }
  value.kind = Kind::Int;
  if (type != SchemaType::Float && !text.getAsInteger(10, value.integer))
    return true;
  value.kind = Kind::Float;
  return !text.getAsDouble(value.real);
}

bool SchemaParser::parseDefault(SchemaArgument &argument) {
  argument.hasDefault = true;
  bool isList = rest.consume_front("[");
  llvm::StringRef text =
      rest.take_until([&](char c) { return isList ? c == ']' : c == ',' || c == ')'; });
  rest = rest.drop_front(text.size());
  if (!isList)
    return parseValue(argument.type, text, argument.defaultValue);
  argument.defaultValue.kind = Kind::List;
  for (llvm::StringRef item : llvm::split(text, ','))
    if (!item.trim().empty() &&
        !parseValue(argument.type, item.trim(),
                    argument.defaultValue.items.emplace_back()))
      return false;
  return rest.consume_front("]");
}

bool SchemaParser::parseArgument(SchemaArgument &argument) {
  rest = rest.ltrim(' ');
  if (!parseType(argument))
    return false;
  rest = rest.ltrim(' ');
  argument.name = rest.take_while(
      [](char c) { return llvm::isAlnum(c) || c == '_'; });
  rest = rest.drop_front(argument.name.size());
  return !rest.consume_front("=") || parseDefault(argument);
}

bool SchemaParser::parseList(std::vector<SchemaArgument> &list) {
  while (!consume(")")) {
    if (!list.empty() && !consume(",") )
      return false;
    if (consume("*")) {
      // Keyword-only arguments follow; files name every argument anyway.
      if (list.empty() && !consume(","))
        return false;
      continue;
    }
    if (!parseArgument(list.emplace_back()))
      return false;
  }
  return true;
}

bool SchemaParser::parse(OperatorSchema &schema) {
  size_t end = rest.find('(');
  if (end == llvm::StringRef::npos)
    return false;
  rest = rest.drop_front(end + 1);
  if (!parseList(schema.arguments) || !consume("->"))
    return false;
  if (consume("("))
    return parseList(schema.results) && rest.empty();
  return parseArgument(schema.results.emplace_back()) && rest.empty();
}

/// Rows and names, read once. Keys are Node::operatorName().
struct SchemaTable {
  llvm::StringMap<OperatorSchema> schemas;
  llvm::StringMap<llvm::StringRef> overloads; ///< "relu" -> "default,out"
  std::vector<llvm::StringRef> operators;     ///< In the list's order.

  SchemaTable() {
    for (llvm::StringRef text : kSchemaTexts) {
      std::optional<OperatorSchema> schema = parseSchema(text);
      if (!schema)
        continue; // A test checks that every row parses.
      // "aten::add.Tensor(" names what the file calls "aten.add.Tensor".
      auto [space, name] = text.split('(').first.split("::");
      std::string key = (space + "." + name).str();
      if (!name.contains('.'))
        key += ".default";
      auto inserted = schemas.try_emplace(key, std::move(*schema)).first;
      inserted->second.name = inserted->first();
    }
    llvm::StringRef list = kOverloads;
    for (llvm::StringRef word : llvm::split(list, ' '))
      for (llvm::StringRef entry : llvm::split(word, '\n')) {
        auto [base, overloadList] = entry.split(':');
        if (base.empty())
          continue;
        overloads[base] = overloadList;
        operators.push_back(base);
      }
  }
};

const SchemaTable &table() {
  static const SchemaTable instance;
  return instance;
}

/// "aten.relu.default" -> ("relu", "default"); false for other namespaces.
bool splitAten(llvm::StringRef name, llvm::StringRef &base,
               llvm::StringRef &overload) {
  if (!name.consume_front("aten."))
    return false;
  std::tie(base, overload) = name.split('.');
  return true;
}

/// Operators whose tensor operand may be a Python number in the file.
bool acceptsNumber(const SchemaArgument &argument) {
  return llvm::StringSwitch<bool>(argument.name)
      .Cases({"other", "exponent", "value", "min", "max", "end"}, true)
      .Default(false);
}

bool hasKind(const SchemaArgument &declared, const Argument &value) {
  bool isInteger = value.kind == Kind::Int || value.kind == Kind::SymInt;
  bool isNumber = isInteger || value.kind == Kind::Float ||
                  value.kind == Kind::SymFloat || value.kind == Kind::Bool ||
                  value.kind == Kind::SymBool;
  switch (declared.type) {
  case SchemaType::Tensor:
    return value.kind == Kind::Tensor || (isNumber && acceptsNumber(declared));
  case SchemaType::Int:
    return isInteger;
  case SchemaType::Float:
    return isNumber && value.kind != Kind::Bool && value.kind != Kind::SymBool;
  case SchemaType::Scalar:
    return isNumber || value.kind == Kind::Complex;
  case SchemaType::Bool:
    return value.kind == Kind::Bool || value.kind == Kind::SymBool;
  case SchemaType::String:
    return value.kind == Kind::String;
  case SchemaType::ElementType:
    return value.kind == Kind::ElementType;
  case SchemaType::Layout:
    return value.kind == Kind::Layout;
  case SchemaType::Device:
    return value.kind == Kind::Device || value.kind == Kind::String;
  case SchemaType::MemoryFormat:
    return value.kind == Kind::MemoryFormat;
  case SchemaType::Generator:
  case SchemaType::Other:
    return true; // The importer of the operator looks at these itself.
  }
  return false;
}

bool accepts(const SchemaArgument &declared, const Argument &value) {
  if (value.kind == Kind::None)
    return declared.isOptional || (declared.hasDefault &&
                                   declared.defaultValue.kind == Kind::None);
  if (!declared.isList)
    return hasKind(declared, value);
  if (value.kind != Kind::List)
    return declared.isSizedList && hasKind(declared, value);
  return llvm::all_of(value.items, [&](const Argument &item) {
    return hasKind(declared, item) ||
           (declared.hasOptionalItems && item.kind == Kind::None);
  });
}

llvm::StringRef typeName(SchemaType type) {
  switch (type) {
  case SchemaType::Tensor:
    return "a tensor";
  case SchemaType::Int:
    return "an integer";
  case SchemaType::Float:
  case SchemaType::Scalar:
    return "a number";
  case SchemaType::Bool:
    return "a boolean";
  case SchemaType::String:
    return "a string";
  case SchemaType::ElementType:
    return "an element type";
  case SchemaType::Layout:
    return "a layout";
  case SchemaType::Device:
    return "a device";
  case SchemaType::MemoryFormat:
    return "a memory format";
  case SchemaType::Generator:
    return "a generator";
  case SchemaType::Other:
    return "something else";
  }
  return "";
}

} // namespace

const SchemaArgument *
OperatorSchema::find(llvm::StringRef argumentName) const {
  for (const SchemaArgument &argument : arguments)
    if (argument.name == argumentName)
      return &argument;
  return nullptr;
}

bool OperatorSchema::isMutating() const {
  return llvm::any_of(arguments, [](const SchemaArgument &argument) {
    return argument.isMutated;
  });
}

std::optional<OperatorSchema> parseSchema(llvm::StringRef text) {
  OperatorSchema schema;
  schema.name = text.split('(').first;
  if (!SchemaParser(text).parse(schema))
    return std::nullopt;
  return schema;
}

const OperatorSchema *findSchema(llvm::StringRef name) {
  auto it = table().schemas.find(name);
  return it == table().schemas.end() ? nullptr : &it->second;
}

OperatorStanding classifyOperator(llvm::StringRef name) {
  if (findSchema(name))
    return OperatorStanding::HasSchema;
  if (name.starts_with("higher_order."))
    return OperatorStanding::HigherOrder;
  if (name.starts_with("_operator.") || name.starts_with("math.") ||
      name.starts_with("torch.sym_"))
    return OperatorStanding::Builtin;
  llvm::StringRef base, overload;
  if (!splitAten(name, base, overload))
    return OperatorStanding::UnknownOperator;
  auto it = table().overloads.find(base);
  if (it == table().overloads.end())
    return OperatorStanding::UnknownOperator;
  for (llvm::StringRef known : llvm::split(it->second, ','))
    if (known == overload)
      return OperatorStanding::NameOnly;
  return OperatorStanding::UnknownOverload;
}

std::string overloadsOf(llvm::StringRef name) {
  llvm::StringRef base, overload;
  if (!splitAten(name, base, overload))
    return "";
  std::string list = table().overloads.lookup(base).str();
  for (size_t at = 0; (at = list.find(',', at)) != std::string::npos; at += 2)
    list.replace(at, 1, ", ");
  return list;
}

std::string nearestOperator(llvm::StringRef name) {
  llvm::StringRef base, overload;
  if (!splitAten(name, base, overload))
    return "";
  std::string nearest = nearestName(base, table().operators);
  return nearest.empty() ? "" : "aten." + nearest;
}

llvm::Expected<std::vector<const Argument *>>
bindArguments(const Node &node, const OperatorSchema &schema) {
  std::vector<const Argument *> bound(schema.arguments.size(), nullptr);
  for (size_t position = 0; position < node.inputs.size(); ++position) {
    const NamedArgument &input = node.inputs[position];
    size_t index = position;
    if (!input.name.empty())
      index = llvm::find_if(schema.arguments,
                            [&](const SchemaArgument &argument) {
                              return argument.name == input.name;
                            }) -
              schema.arguments.begin();
    if (index >= bound.size())
      return makeFault(faultAt(
          node, FaultCode::ArgumentUnknown,
          node.operatorName() + " has no argument '" +
              (input.name.empty() ? "#" + std::to_string(position)
                                  : input.name.str()) +
              "'",
          "it declares " +
              llvm::join(llvm::map_range(schema.arguments,
                                         [](const SchemaArgument &argument) {
                                           return argument.name.str();
                                         }),
                         ", ")));
    const SchemaArgument &declared = schema.arguments[index];
    if (bound[index])
      return makeFault(faultAt(node, FaultCode::ArgumentUnknown,
                               "the argument '" + declared.name +
                                   "' is given twice"));
    if (!accepts(declared, input.value))
      return makeFault(faultAt(
          node, FaultCode::ArgumentKind,
          "the argument '" + declared.name + "' of " + node.operatorName() +
              " must be " +
              (declared.isList ? "a list; each item " : "") +
              typeName(declared.type) + ", the file has " +
              input.value.kindName()));
    bound[index] = &input.value;
  }
  for (auto [argument, slot] : llvm::zip(schema.arguments, bound)) {
    if (slot)
      continue;
    if (!argument.hasDefault)
      return makeFault(faultAt(node, FaultCode::ArgumentUnknown,
                               node.operatorName() +
                                   " lacks its argument '" + argument.name +
                                   "'"));
    slot = &argument.defaultValue;
  }
  return bound;
}

} // namespace lathe::pt2
