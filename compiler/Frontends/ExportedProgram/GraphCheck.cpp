// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/GraphCheck.h"

#include "compiler/Frontends/ExportedProgram/OperatorSchemas.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

namespace lathe::pt2 {
namespace {

/// Checks one graph; subgraphs are closed and get a checker of their own.
class GraphChecker {
public:
  explicit GraphChecker(const Graph &graph) : graph(graph) {}
  llvm::Error check();
  bool isDefined(llvm::StringRef name) const { return definer.count(name); }

private:
  llvm::Error define(const Argument &value, const Node *node);
  llvm::Error checkRead(const Argument &value, const Node &node);
  llvm::Error checkTyped(const Argument &value, const Node *node);
  std::string nameOf(const Node *node) const {
    return node ? "node '" + node->name.str() + "'" : "the graph's inputs";
  }

  const Graph &graph;
  /// Null for graph inputs.
  llvm::StringMap<const Node *> definer;
  llvm::StringMap<const Node *> laterDefiner;
};

llvm::Error fault(const Node *node, FaultCode code, const llvm::Twine &what,
                  const llvm::Twine &why = "") {
  return node ? makeFault(faultAt(*node, code, what, why))
              : makeFault(code, what, why);
}

llvm::Error GraphChecker::checkTyped(const Argument &value, const Node *node) {
  bool isTyped = true;
  switch (value.kind) {
  case Argument::Kind::Tensor:
    isTyped = graph.tensors.count(value.text);
    break;
  case Argument::Kind::SymInt:
    isTyped = graph.symInts.count(value.text);
    break;
  default:
    break;
  }
  if (isTyped)
    return llvm::Error::success();
  return fault(node, FaultCode::JsonStructure,
               "the file states no type for the value '" + value.text + "'");
}

llvm::Error GraphChecker::define(const Argument &value, const Node *node) {
  for (const Argument &item : value.items)
    if (llvm::Error error = define(item, node))
      return error;
  if (!value.isValue())
    return llvm::Error::success();
  auto [entry, isNew] = definer.try_emplace(value.text, node);
  if (!isNew)
    return fault(node, FaultCode::ValueRedefined,
                 "the value '" + value.text + "' is defined twice",
                 "by " + nameOf(entry->second) + " and by " + nameOf(node));
  return checkTyped(value, node);
}

llvm::Error GraphChecker::checkRead(const Argument &value, const Node &node) {
  for (const Argument &item : value.items)
    if (llvm::Error error = checkRead(item, node))
      return error;
  if (value.graph)
    return GraphChecker(*value.graph).check();
  if (!value.isValue() || definer.count(value.text))
    return llvm::Error::success();
  auto later = laterDefiner.find(value.text);
  if (later != laterDefiner.end())
    return fault(&node, FaultCode::ValueUndefined,
                 "nodes are out of order: '" + value.text +
                     "' is read before its definition",
                 nameOf(later->second) + " defines it later");
  return fault(&node, FaultCode::ValueUndefined,
               "node '" + node.name + "' reads '" + value.text +
                   "', which nothing defines");
}

llvm::Error GraphChecker::check() {
  for (const Node &node : graph.nodes)
    for (const Argument &output : node.outputs) {
      if (output.isValue())
        laterDefiner.try_emplace(output.text, &node);
      for (const Argument &item : output.items)
        laterDefiner.try_emplace(item.text, &node);
    }
  for (const Argument &input : graph.inputs)
    if (llvm::Error error = define(input, nullptr))
      return error;
  for (const Node &node : graph.nodes) {
    for (const NamedArgument &input : node.inputs)
      if (llvm::Error error = checkRead(input.value, node))
        return error;
    for (const Argument &output : node.outputs)
      if (llvm::Error error = define(output, &node))
        return error;
  }
  for (const Argument &output : graph.outputs)
    if (output.isValue() && !definer.count(output.text))
      return makeFault(FaultCode::ValueUndefined,
                       "the graph returns '" + output.text +
                           "', which nothing defines");
  return llvm::Error::success();
}

bool isSameValue(const Argument &left, const Argument &right) {
  return left.kind == right.kind && left.text == right.text;
}

llvm::Error checkSignature(const ExportedProgram &program,
                           const GraphChecker &checker) {
  const Graph &graph = program.graph;
  auto disagree = [](llvm::StringRef what, size_t signature, size_t graph) {
    return makeFault(FaultCode::SignatureInvalid,
                     "the signature has " + llvm::Twine(signature) + " " +
                         what + ", the graph has " + llvm::Twine(graph));
  };
  if (program.inputSpecs.size() != graph.inputs.size())
    return disagree("inputs", program.inputSpecs.size(), graph.inputs.size());
  for (auto [spec, input] : llvm::zip(program.inputSpecs, graph.inputs))
    if (spec.argument.isValue() && !isSameValue(spec.argument, input))
      return makeFault(FaultCode::SignatureInvalid,
                       "the signature's input '" + spec.argument.text +
                           "' is '" + input.text + "' in the graph");
  for (const OutputSpec &spec : program.outputSpecs)
    if (spec.argument.isValue() && !checker.isDefined(spec.argument.text))
      return makeFault(FaultCode::SignatureInvalid,
                       "the signature returns '" + spec.argument.text +
                           "', which the graph does not define");
  if (program.outputSpecs.size() != graph.outputs.size())
    return disagree("outputs", program.outputSpecs.size(),
                    graph.outputs.size());
  for (auto [spec, output] : llvm::zip(program.outputSpecs, graph.outputs))
    if (spec.argument.isValue() && !isSameValue(spec.argument, output))
      return makeFault(FaultCode::SignatureInvalid,
                       "the signature's output '" + spec.argument.text +
                           "' is '" + output.text + "' in the graph");
  return llvm::Error::success();
}

/// A token keeps operators with effects in order: names the first of them.
llvm::Error refuseToken(const Graph &graph, llvm::StringRef token) {
  if (llvm::Error error = forEachNode(graph, [](const Node &node) -> llvm::Error {
        if (node.operatorName() != "higher_order.with_effects")
          return llvm::Error::success();
        std::string name = "?";
        for (const NamedArgument &input : node.inputs)
          if (input.value.kind == Argument::Kind::Operator) {
            llvm::StringRef text = input.value.text;
            text.consume_front("torch.ops.");
            name = text.str();
            break;
          }
        return makeFault(faultAt(node, FaultCode::OperatorUnsupported,
                                 "the operator " + name + " has effects beyond its results, and "
                                 "cannot be imported",
                                 "a token of the model keeps such operators in order",
                                 "write it with other operators; lathec --list-ops prints those "
                                 "that are read"));
      }))
    return error;
  return makeFault(FaultCode::SignatureInvalid, "the model has a token as input",
                   "'" + token + "' is no tensor");
}

llvm::Error checkStored(const ExportedProgram &program,
                        const StoredTensors &tensors) {
  using Kind = InputSpec::Kind;
  for (auto [spec, input] : llvm::zip(program.inputSpecs, program.graph.inputs)) {
    if (spec.kind == Kind::Token)
      return refuseToken(program.graph, input.text);
    if (spec.kind == Kind::CustomObject)
      return makeFault(FaultCode::SignatureInvalid,
                       "the model has a custom object as input",
                       "'" + input.text + "' is no tensor",
                       "pass its tensors as inputs, one by one");
    if (spec.kind != Kind::Parameter && spec.kind != Kind::Buffer &&
        spec.kind != Kind::TensorConstant)
      continue;
    llvm::Expected<const StoredTensor *> stored = tensors.find(spec.target);
    if (!stored)
      return stored.takeError();
    const TensorMeta &meta = (*stored)->meta;
    const TensorMeta &claimed =
        program.graph.tensors.find(spec.argument.text)->second;
    bool isEqual = meta.type == claimed.type &&
                   llvm::equal(meta.sizes, claimed.sizes,
                               [](const SymInt &a, const SymInt &b) {
                                 return b.isConstant() && a.value == b.value;
                               });
    if (!isEqual)
      return makeFault(FaultCode::ShapeContradiction,
                       "'" + spec.argument.text + "' is " + claimed.str() +
                           " in the graph but " + meta.str() +
                           " in the weights",
                       "the signature binds it to '" + spec.target + "'",
                       "copy or export the file again");
  }
  return llvm::Error::success();
}

} // namespace

llvm::Error forEachNode(const Graph &graph,
                        llvm::function_ref<llvm::Error(const Node &)> visit) {
  for (const Node &node : graph.nodes) {
    if (llvm::Error error = visit(node))
      return error;
    for (const NamedArgument &input : node.inputs)
      if (input.value.graph)
        if (llvm::Error error = forEachNode(*input.value.graph, visit))
          return error;
  }
  return llvm::Error::success();
}

llvm::Error checkArguments(const ExportedProgram &program) {
  return forEachNode(program.graph, [](const Node &node) -> llvm::Error {
    const OperatorSchema *schema = findSchema(node.operatorName());
    if (!schema)
      return llvm::Error::success();
    return bindArguments(node, *schema).takeError();
  });
}

llvm::Error checkGraph(const ExportedProgram &program,
                       const StoredTensors &tensors) {
  GraphChecker checker(program.graph);
  if (llvm::Error error = checker.check())
    return error;
  if (llvm::Error error = checkSignature(program, checker))
    return error;
  return checkStored(program, tensors);
}

} // namespace lathe::pt2
