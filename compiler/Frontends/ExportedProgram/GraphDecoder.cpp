// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/GraphDecoder.h"

#include "compiler/Frontends/ExportedProgram/OutputNames.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace lathe::pt2 {
namespace {

constexpr int64_t kSchemaMajor = 8;
constexpr unsigned kSubgraphDepthMax = 16;

/// Reads `File "model.py", line 41, in forward` frames, outermost first, and
/// returns the innermost one that is not torch's own code.
SourceLine innermostUserFrame(llvm::StringRef trace) {
  SourceLine found;
  for (llvm::StringRef line : llvm::split(trace, '\n')) {
    line = line.ltrim();
    if (!line.consume_front("File \""))
      continue;
    SourceLine frame;
    llvm::StringRef number;
    std::tie(frame.file, line) = line.split("\", line ");
    std::tie(number, frame.function) = line.split(", in ");
    if (number.trim().getAsInteger(10, frame.line))
      continue;
    frame.function = frame.function.trim();
    bool isTorch = frame.file.starts_with("torch/") ||
                   frame.file.contains("/site-packages/torch/") ||
                   frame.file.contains("/dist-packages/torch/");
    if (!isTorch || found.file.empty())
      found = frame;
  }
  return found;
}

/// nn_module_stack is "key,path,class;key,path,class", outermost first.
llvm::StringRef innermostModulePath(llvm::StringRef stack) {
  llvm::StringRef last = stack.rsplit(';').second;
  if (last.empty())
    last = stack;
  return last.split(',').second.rsplit(',').first;
}

class GraphDecoder : public ValueDecoder {
public:
  using ValueDecoder::ValueDecoder;
  bool decodeProgram(JsonValue root, ExportedProgram &program);

private:
  using Kind = Argument::Kind;
  /// How the file writes a payload.
  enum class Form { Scalar, Named, Symbolic, Argument, ListOfLists };

  bool decodeGraph(JsonValue value, Graph &graph);
  bool decodeNode(JsonValue value, Node &node);
  bool decodeMetadata(JsonValue value, Node &node);
  bool decodeArguments(JsonValue array, std::vector<Argument> &result);
  bool decodeArgument(JsonValue value, Argument &result);
  bool decodePayload(JsonValue member, Argument &result);
  bool decodeScalar(JsonValue member, Kind kind, Argument &result);
  bool decodeNamed(JsonValue member, Kind kind, Argument &result);
  bool decodeItem(JsonValue item, Form form, Kind kind, Argument &result);
  bool decodeList(JsonValue member, Form form, Kind kind, Argument &result);
  bool decodeSymbolic(JsonValue member, Kind kind, Argument &result);
  bool decodeSubgraph(JsonValue member, Argument &result);
  bool decodeTensors(JsonValue object, llvm::StringMap<TensorMeta> &result);
  bool decodeSymInts(JsonValue graph, llvm::StringRef key,
                     llvm::StringMap<SymInt> &result);
  bool decodeInputSpec(JsonValue value, InputSpec &result);
  bool decodeOutputSpec(JsonValue value, OutputSpec &result);
  bool decodeSignature(JsonValue module, ExportedProgram &program);
  bool decodeRanges(JsonValue root, ExportedProgram &program);
  bool decodeBound(JsonValue range, llvm::StringRef key,
                   std::optional<int64_t> &result);
  bool decodeGuards(JsonValue root, ExportedProgram &program);
  bool checkVersion(JsonValue root);

  unsigned graphDepth = 0;
};

/// {"name": "relu"}
bool GraphDecoder::decodeNamed(JsonValue member, Kind kind, Argument &result) {
  result.kind = kind;
  return requireString(member, "name", result.text);
}

bool GraphDecoder::decodeScalar(JsonValue member, Kind kind,
                                Argument &result) {
  result.kind = kind;
  auto wrongKind = [&] {
    return failStructure(member, "'" + member.key() + "' must hold " +
                                     result.kindName() + ", the file has " +
                                     member.kindName());
  };
  switch (kind) {
  case Kind::Int:
  case Kind::MemoryFormat:
  case Kind::Layout:
    if (!member.asInt())
      return wrongKind();
    result.integer = *member.asInt();
    return true;
  case Kind::Bool:
    if (!member.asBool())
      return wrongKind();
    result.integer = *member.asBool();
    return true;
  case Kind::Float: {
    // Newer writers put infinities and NaN into strings.
    std::optional<double> number = member.asReal();
    if (std::optional<llvm::StringRef> text = member.asString())
      number = llvm::StringSwitch<std::optional<double>>(*text)
                   .Case("Infinity", std::numeric_limits<double>::infinity())
                   .Case("-Infinity", -std::numeric_limits<double>::infinity())
                   .Case("NaN", std::numeric_limits<double>::quiet_NaN())
                   .Default(std::nullopt);
    if (!number)
      return wrongKind();
    result.real = *number;
    return true;
  }
  case Kind::String:
  case Kind::Operator:
    if (!member.asString())
      return wrongKind();
    result.text = *member.asString();
    return true;
  default:
    return wrongKind();
  }
}

/// {"as_name": "sym_size_int"} or {"as_int": 3}
bool GraphDecoder::decodeSymbolic(JsonValue member, Kind kind,
                                  Argument &result) {
  JsonValue inner = member;
  if (!requireSingle(member, "a symbolic argument", inner))
    return false;
  if (inner.key() == "as_int" && kind == Kind::SymInt)
    return decodeScalar(inner, Kind::Int, result);
  if (inner.key() == "as_float" && kind == Kind::SymFloat)
    return decodeScalar(inner, Kind::Float, result);
  if (inner.key() == "as_bool" && kind == Kind::SymBool)
    return decodeScalar(inner, Kind::Bool, result);
  std::optional<llvm::StringRef> name = inner.asString();
  if (inner.key() != "as_name" || !name)
    return failStructure(inner, "a symbolic argument has the unknown kind '" +
                                    inner.key() + "'");
  result.kind = kind;
  result.text = *name;
  return true;
}

bool GraphDecoder::decodeItem(JsonValue item, Form form, Kind kind,
                              Argument &result) {
  switch (form) {
  case Form::Scalar:
    return decodeScalar(item, kind, result);
  case Form::Named:
    return decodeNamed(item, kind, result);
  case Form::Symbolic:
    return decodeSymbolic(item, kind, result);
  case Form::Argument:
    return decodeArgument(item, result);
  case Form::ListOfLists:
    return decodeList(item,
                      kind == Kind::Tensor ? Form::Named : Form::Scalar, kind,
                      result);
  }
  return false;
}

/// A homogeneous list: "as_tensors" holds what "as_tensor" holds, many times.
bool GraphDecoder::decodeList(JsonValue member, Form form, Kind kind,
                              Argument &result) {
  result.kind = Kind::List;
  if (member.kind() != JsonValue::Kind::Array)
    return failStructure(member, "'" + member.key() +
                                     "' must be an array, the file has " +
                                     member.kindName());
  for (JsonValue item : member) {
    Argument &target = result.items.emplace_back();
    if (!decodeItem(item, form, kind, target))
      return false;
  }
  return true;
}

bool GraphDecoder::decodeSubgraph(JsonValue member, Argument &result) {
  JsonValue inner = member;
  if (!decodeNamed(member, Kind::Graph, result) ||
      !require(member, "graph", inner))
    return false;
  if (graphDepth == kSubgraphDepthMax)
    return fail(member, FaultCode::LimitExceeded,
                "graphs are nested deeper than " +
                    llvm::Twine(kSubgraphDepthMax) + " levels");
  // Nodes of the subgraph become the current ones in messages.
  const Node *outer = currentNode;
  auto graph = std::make_shared<Graph>();
  ++graphDepth;
  if (!decodeGraph(inner, *graph))
    return false;
  --graphDepth;
  currentNode = outer;
  result.graph = std::move(graph);
  return true;
}

bool GraphDecoder::decodePayload(JsonValue member, Argument &result) {
  struct Row {
    llvm::StringLiteral key;
    bool isList;
    Form form;
    Kind kind;
  };
  static constexpr Row kRows[] = {
      {"as_int", false, Form::Scalar, Kind::Int},
      {"as_float", false, Form::Scalar, Kind::Float},
      {"as_bool", false, Form::Scalar, Kind::Bool},
      {"as_string", false, Form::Scalar, Kind::String},
      {"as_memory_format", false, Form::Scalar, Kind::MemoryFormat},
      {"as_layout", false, Form::Scalar, Kind::Layout},
      {"as_operator", false, Form::Scalar, Kind::Operator},
      {"as_tensor", false, Form::Named, Kind::Tensor},
      {"as_custom_obj", false, Form::Named, Kind::CustomObject},
      {"as_sym_int", false, Form::Symbolic, Kind::SymInt},
      {"as_sym_float", false, Form::Symbolic, Kind::SymFloat},
      {"as_sym_bool", false, Form::Symbolic, Kind::SymBool},
      {"as_optional_tensor", false, Form::Argument, Kind::None},
      {"as_tensors", true, Form::Named, Kind::Tensor},
      {"as_ints", true, Form::Scalar, Kind::Int},
      {"as_floats", true, Form::Scalar, Kind::Float},
      {"as_bools", true, Form::Scalar, Kind::Bool},
      {"as_strings", true, Form::Scalar, Kind::String},
      {"as_sym_ints", true, Form::Symbolic, Kind::SymInt},
      {"as_sym_floats", true, Form::Symbolic, Kind::SymFloat},
      {"as_sym_bools", true, Form::Symbolic, Kind::SymBool},
      {"as_optional_tensors", true, Form::Argument, Kind::None},
      {"as_nested_tensors", true, Form::ListOfLists, Kind::Tensor},
      {"as_int_lists", true, Form::ListOfLists, Kind::Int},
      {"as_float_lists", true, Form::ListOfLists, Kind::Float},
  };
  for (const Row &row : kRows)
    if (row.key == member.key())
      return row.isList ? decodeList(member, row.form, row.kind, result)
                        : decodeItem(member, row.form, row.kind, result);
  if (member.key() == "as_none")
    return true;
  if (member.key() == "as_graph")
    return decodeSubgraph(member, result);
  if (member.key() == "as_device") {
    result.kind = Kind::Device;
    return requireString(member, "type", result.text);
  }
  if (member.key() == "as_scalar_type") {
    ElementType type;
    result.kind = Kind::ElementType;
    if (!decodeElementType(member, "an argument", type))
      return false;
    result.integer = static_cast<int64_t>(type);
    return true;
  }
  if (member.key() == "as_complex") {
    result.kind = Kind::Complex;
    return true;
  }
  return failStructure(member, "an argument has the unknown kind '" +
                                   member.key() + "'");
}

bool GraphDecoder::decodeArgument(JsonValue value, Argument &result) {
  JsonValue member = value;
  return requireSingle(value, "an argument", member) &&
         decodePayload(member, result);
}

bool GraphDecoder::decodeArguments(JsonValue array,
                                   std::vector<Argument> &result) {
  for (JsonValue value : array)
    if (!decodeArgument(value, result.emplace_back()))
      return false;
  return true;
}

bool GraphDecoder::decodeMetadata(JsonValue value, Node &node) {
  std::optional<JsonValue> metadata = value.find("metadata");
  if (!metadata)
    return true;
  if (std::optional<JsonValue> trace = metadata->find("stack_trace"))
    if (std::optional<llvm::StringRef> text = trace->asString())
      node.source = innermostUserFrame(*text);
  if (std::optional<JsonValue> stack = metadata->find("nn_module_stack"))
    if (std::optional<llvm::StringRef> text = stack->asString())
      node.modulePath = innermostModulePath(*text);
  return true;
}

/// The name of the first value among `outputs`, for files without node names.
llvm::StringRef firstOutputName(llvm::ArrayRef<Argument> outputs) {
  for (const Argument &output : outputs) {
    if (output.isValue())
      return output.text;
    for (const Argument &item : output.items)
      if (item.isValue())
        return item.text;
  }
  return "";
}

bool GraphDecoder::decodeNode(JsonValue value, Node &node) {
  currentNode = &node;
  JsonValue inputs = value, outputs = value;
  if (!requireString(value, "target", node.target))
    return false;
  if (std::optional<JsonValue> name = value.find("name"))
    node.name = name->asString().value_or("");
  if (!decodeMetadata(value, node) || !requireArray(value, "inputs", inputs) ||
      !requireArray(value, "outputs", outputs))
    return false;
  if (!decodeArguments(outputs, node.outputs))
    return false;
  if (node.name.empty())
    node.name = firstOutputName(node.outputs);
  for (JsonValue input : inputs) {
    NamedArgument &argument = node.inputs.emplace_back();
    JsonValue payload = input;
    if (!require(input, "arg", payload))
      return false;
    if (std::optional<JsonValue> name = input.find("name"))
      argument.name = name->asString().value_or("");
    if (!decodeArgument(payload, argument.value))
      return false;
  }
  currentNode = nullptr;
  return true;
}

bool GraphDecoder::decodeTensors(JsonValue object,
                                 llvm::StringMap<TensorMeta> &result) {
  for (JsonValue value : object)
    if (!decode(value, result[value.key()], value.key(), /*isStored=*/false))
      return false;
  return true;
}

bool GraphDecoder::decodeSymInts(JsonValue graph, llvm::StringRef key,
                                 llvm::StringMap<SymInt> &result) {
  std::optional<JsonValue> object = graph.find(key);
  if (!object)
    return true;
  for (JsonValue value : *object) {
    JsonValue member = value;
    if (!requireSingle(value, "a symbolic value", member))
      return false;
    SymInt &target = result[value.key()];
    if (member.key() == "as_bool")
      target.value = member.asBool().value_or(false);
    else if (member.key() == "as_float")
      continue; // Only the names of constant floats matter.
    else if (!decode(value, target))
      return false;
  }
  return true;
}

bool GraphDecoder::decodeGraph(JsonValue value, Graph &graph) {
  currentNode = nullptr;
  JsonValue inputs = value, outputs = value, nodes = value, tensors = value;
  if (!requireArray(value, "inputs", inputs) ||
      !requireArray(value, "outputs", outputs) ||
      !requireArray(value, "nodes", nodes) ||
      !require(value, "tensor_values", tensors) ||
      !decodeTensors(tensors, graph.tensors) ||
      !decodeSymInts(value, "sym_int_values", graph.symInts) ||
      !decodeSymInts(value, "sym_bool_values", graph.symBools) ||
      !decodeSymInts(value, "sym_float_values", graph.symFloats) ||
      !decodeArguments(inputs, graph.inputs) ||
      !decodeArguments(outputs, graph.outputs))
    return false;
  graph.nodes.reserve(nodes.size());
  for (JsonValue node : nodes)
    if (!decodeNode(node, graph.nodes.emplace_back()))
      return false;
  return true;
}

bool GraphDecoder::decodeInputSpec(JsonValue value, InputSpec &result) {
  using SpecKind = InputSpec::Kind;
  JsonValue member = value, argument = value;
  if (!requireSingle(value, "an input of the signature", member))
    return false;
  struct Row {
    llvm::StringLiteral key;
    SpecKind kind;
    llvm::StringLiteral target;
  };
  static constexpr Row kRows[] = {
      {"parameter", SpecKind::Parameter, "parameter_name"},
      {"buffer", SpecKind::Buffer, "buffer_name"},
      {"tensor_constant", SpecKind::TensorConstant, "tensor_constant_name"},
      {"custom_obj", SpecKind::CustomObject, "custom_obj_name"}};
  if (member.key() == "user_input") {
    return require(member, "arg", argument) &&
           decodeArgument(argument, result.argument);
  }
  if (member.key() == "constant_input") {
    result.kind = SpecKind::Constant;
    return requireString(member, "name", result.target) &&
           require(member, "value", argument) &&
           decodeArgument(argument, result.argument);
  }
  if (member.key() == "token") {
    result.kind = SpecKind::Token;
    return true;
  }
  for (const Row &row : kRows) {
    if (row.key != member.key())
      continue;
    result.kind = row.kind;
    if (std::optional<JsonValue> persistent = member.find("persistent"))
      result.isPersistent = persistent->asBool().value_or(true);
    return require(member, "arg", argument) &&
           decodeNamed(argument,
                       row.kind == SpecKind::CustomObject ? Kind::CustomObject
                                                          : Kind::Tensor,
                       result.argument) &&
           requireString(member, row.target, result.target);
  }
  return failStructure(member, "the signature has the unknown input kind '" +
                                   member.key() + "'");
}

bool GraphDecoder::decodeOutputSpec(JsonValue value, OutputSpec &result) {
  using SpecKind = OutputSpec::Kind;
  JsonValue member = value, argument = value;
  if (!requireSingle(value, "an output of the signature", member))
    return false;
  struct Row {
    llvm::StringLiteral key;
    SpecKind kind;
    llvm::StringLiteral target;
  };
  static constexpr Row kRows[] = {
      {"buffer_mutation", SpecKind::BufferMutation, "buffer_name"},
      {"user_input_mutation", SpecKind::InputMutation, "user_input_name"},
      {"parameter_mutation", SpecKind::ParameterMutation, "parameter_name"},
      {"loss_output", SpecKind::Loss, ""},
      {"gradient_to_parameter", SpecKind::Gradient, "parameter_name"},
      {"gradient_to_user_input", SpecKind::Gradient, "user_input_name"}};
  if (member.key() == "user_output")
    return require(member, "arg", argument) &&
           decodeArgument(argument, result.argument);
  if (member.key() == "token") {
    result.kind = SpecKind::Token;
    return true;
  }
  for (const Row &row : kRows) {
    if (row.key != member.key())
      continue;
    result.kind = row.kind;
    return require(member, "arg", argument) &&
           decodeNamed(argument, Kind::Tensor, result.argument) &&
           (row.target.empty() ||
            requireString(member, row.target, result.target));
  }
  return failStructure(member, "the signature has the unknown output kind '" +
                                   member.key() + "'");
}

bool GraphDecoder::decodeSignature(JsonValue module,
                                   ExportedProgram &program) {
  JsonValue signature = module, inputs = module, outputs = module;
  if (!require(module, "signature", signature) ||
      !requireArray(signature, "input_specs", inputs) ||
      !requireArray(signature, "output_specs", outputs))
    return false;
  for (JsonValue spec : inputs)
    if (!decodeInputSpec(spec, program.inputSpecs.emplace_back()))
      return false;
  for (JsonValue spec : outputs)
    if (!decodeOutputSpec(spec, program.outputSpecs.emplace_back()))
      return false;
  program.outputNames = outputNames(module);
  if (program.outputNames.size() !=
      static_cast<size_t>(llvm::count_if(
          program.outputSpecs, [](const OutputSpec &spec) {
            return spec.kind == OutputSpec::Kind::User;
          })))
    program.outputNames.clear();
  return true;
}

bool GraphDecoder::decodeBound(JsonValue range, llvm::StringRef key,
                               std::optional<int64_t> &result) {
  std::optional<JsonValue> bound = range.find(key);
  if (!bound)
    return true; // Absent and null mean unbounded.
  result = bound->asInt();
  return result || fail(*bound, FaultCode::SizeExpressionInvalid,
                        "the bound '" + key + "' must be an integer");
}

bool GraphDecoder::decodeRanges(JsonValue root, ExportedProgram &program) {
  std::optional<JsonValue> ranges = root.find("range_constraints");
  if (!ranges)
    return true;
  for (JsonValue value : *ranges) {
    SymbolRange range;
    llvm::Expected<const SizeExpression *> key = pool.parsePython(value.key());
    if (!key)
      return failWith(value, key.takeError(), "a range");
    range.expression = *key;
    if (!decodeBound(value, "min_val", range.lower) ||
        !decodeBound(value, "max_val", range.upper))
      return false;
    if (range.lower && range.upper && *range.lower > *range.upper)
      return fail(value, FaultCode::RangeEmpty,
                  "the range of the symbol '" + value.key() +
                      "' is empty: " + llvm::Twine(*range.lower) + ".." +
                      llvm::Twine(*range.upper));
    program.ranges.push_back(range);
  }
  return true;
}

bool GraphDecoder::decodeGuards(JsonValue root, ExportedProgram &program) {
  std::optional<JsonValue> guards = root.find("guards_code");
  if (!guards)
    return true;
  for (JsonValue value : *guards) {
    std::optional<llvm::StringRef> text = value.asString();
    if (!text)
      return failStructure(value, "a guard must be a string");
    llvm::Expected<const SizeExpression *> guard = pool.parsePython(*text);
    if (!guard)
      return failWith(value, guard.takeError(), "a guard");
    program.guards.push_back(*guard);
  }
  return true;
}

bool GraphDecoder::checkVersion(JsonValue root) {
  JsonValue version = root, major = root;
  if (!require(root, "schema_version", version) ||
      !require(version, "major", major))
    return false;
  if (major.asInt() == kSchemaMajor)
    return true;
  std::string found = major.asInt() ? std::to_string(*major.asInt()) : "?";
  fail(major, FaultCode::SchemaVersion,
       "the exported program has schema version " + found +
           ".x; this reader knows " + llvm::Twine(kSchemaMajor) + ".x");
  fault.remedy = "export the model with torch 2.9 to 2.13";
  return false;
}

bool GraphDecoder::decodeProgram(JsonValue root, ExportedProgram &program) {
  JsonValue module = root, graph = root;
  if (!checkVersion(root) || !require(root, "graph_module", module) ||
      !require(module, "graph", graph))
    return false;
  if (std::optional<JsonValue> version = root.find("torch_version"))
    program.torchVersion = version->asString().value_or("");
  return decodeRanges(root, program) && decodeGuards(root, program) &&
         decodeGraph(graph, program.graph) && decodeSignature(module, program);
}

} // namespace

llvm::Expected<std::unique_ptr<ExportedProgram>>
decodeExportedProgram(llvm::StringRef text, llvm::StringRef memberName) {
  llvm::Expected<std::unique_ptr<JsonTree>> tree =
      JsonTree::parse(text, memberName);
  if (!tree)
    return tree.takeError();
  auto program = std::make_unique<ExportedProgram>();
  program->json = std::move(*tree);
  program->pool = std::make_unique<SizeExpressionPool>();
  GraphDecoder decoder(*program->json, *program->pool);
  if (!decoder.decodeProgram(program->json->root(), *program))
    return decoder.takeError();
  return program;
}

} // namespace lathe::pt2
