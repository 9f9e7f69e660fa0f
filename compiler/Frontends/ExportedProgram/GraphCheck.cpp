// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/GraphCheck.h"

#include "compiler/Frontends/ExportedProgram/OperatorSchemas.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
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

/// "3 x acme.swirl.default (unknown operator), first at node 'swirl', ..."
struct RefusedOperator {
  unsigned count = 0;
  const Node *first = nullptr;
  std::string reason;
};

std::string refusalOf(llvm::StringRef name, bool isImported) {
  switch (classifyOperator(name)) {
  case OperatorStanding::HasSchema:
  case OperatorStanding::Builtin:
  case OperatorStanding::HigherOrder:
    return isImported ? "" : "not supported";
  case OperatorStanding::NameOnly:
    return "not supported";
  case OperatorStanding::UnknownOverload:
    return "torch has no such overload; it has " + overloadsOf(name);
  case OperatorStanding::UnknownOperator:
    break;
  }
  std::string nearest = nearestOperator(name);
  if (!nearest.empty())
    return "unknown operator; did you mean " + nearest + "?";
  return "unknown operator";
}

/// Operators that are not imported, without their overloads, of which torch's
/// default decompositions leave only operators that are: each was tried, with
/// torch 2.13. Of others the decompositions leave themselves or their like.
bool isTakenApart(llvm::StringRef name) {
  static constexpr llvm::StringLiteral kStems[] = {
      "_upsample_nearest_exact1d", "_upsample_nearest_exact2d", "addr", "adjoint",
      "affine_grid_generator", "aminmax", "atleast_1d", "atleast_2d", "atleast_3d",
      "binary_cross_entropy", "binary_cross_entropy_with_logits", "block_diag",
      "broadcast_tensors", "cartesian_prod", "chain_matmul", "channel_shuffle", "col2im",
      "column_stack", "conj_physical", "cosine_similarity", "count_nonzero", "cross",
      "cross_entropy_loss", "cumulative_trapezoid", "deg2rad", "diag_embed", "diagflat",
      "dsplit", "dstack", "einsum", "expand_copy", "fliplr", "flipud", "float_power", "frac",
      "gradient", "hann_window", "hardshrink", "heaviside", "hsplit", "hstack", "huber_loss",
      "im2col", "index_fill", "inner", "isclose", "isneginf", "isposinf", "isreal", "kl_div",
      "kron", "l1_loss", "linalg_cross", "linalg_matrix_power", "linalg_multi_dot",
      "linalg_vecdot", "linspace", "logaddexp", "logaddexp2", "logit", "logspace",
      "margin_ranking_loss", "matrix_H", "max_unpool2d", "max_unpool3d", "mse_loss",
      "multi_margin_loss", "multilabel_margin_loss", "nan_to_num", "nanmean", "nansum",
      "nll_loss_nd", "numpy_T", "pairwise_distance", "poisson_nll_loss", "rad2deg", "real",
      "renorm", "rot90", "sgn", "sinc", "smooth_l1_loss", "soft_margin_loss", "softshrink",
      "special_entr", "special_expit", "special_log_softmax", "special_ndtr", "special_xlog1py",
      "split_with_sizes_copy", "squeeze_copy", "sum_to_size", "t_copy", "take", "take_along_dim",
      "tensordot", "threshold", "tile", "transpose_copy", "trapezoid", "trapz",
      "triplet_margin_loss", "unsafe_chunk", "unsafe_split", "unsqueeze_copy",
      "upsample_bicubic2d", "upsample_linear1d", "upsample_trilinear3d", "vdot", "vsplit",
      "vstack", "xlogy"};
  return name.consume_front("aten.") && llvm::is_contained(kStems, name.split('.').first);
}

/// What to do about an operator: what helps depends on why it is refused.
std::string remedyOf(llvm::StringRef name, bool isFunctional) {
  struct Row {
    llvm::StringLiteral stem;
    llvm::StringLiteral remedy;
  };
  static constexpr Row kRows[] = {
      {"aten.nonzero", "keep the shape: torch.where(mask, x, 0) or x * mask instead of x[mask]"},
      {"aten.masked_select", "keep the shape: torch.where(mask, x, 0) or x * mask instead of x[mask]"},
      {"aten.unique", "its result has a shape that depends on data: do it outside the model"},
      {"aten._unique", "its result has a shape that depends on data: do it outside the model"},
      {"aten.rand", "make the random numbers outside and pass them as an input"},
      {"aten.normal", "make the random numbers outside and pass them as an input"},
      {"aten.bernoulli", "make the random numbers outside and pass them as an input"},
      {"aten.multinomial", "return the scores and choose outside the model"},
      {"aten.native_dropout", "export the model in evaluation mode: model.eval()"},
      {"aten.as_strided", "write the view with reshape, permute or slices"},
      {"aten.topk", "return the scores and take the largest outside; argmax gives the first"},
      {"aten.sort", "return the values and sort outside the model"},
      {"quantized_decomposed.", "export the model as it was before it was quantized"}};
  for (const Row &row : kRows)
    if (name.starts_with(row.stem))
      return row.remedy.str();
  if (name.contains("backward"))
    return "export the forward pass only, with torch.no_grad() and model.eval()";
  switch (classifyOperator(name)) {
  case OperatorStanding::UnknownOverload:
    return "export the model with torch 2.9 to 2.13";
  case OperatorStanding::HigherOrder:
    return "write the loop or branch with torch.cond or torch.while_loop, or unroll it";
  case OperatorStanding::UnknownOperator:
    if (!name.starts_with("aten."))
      return "say what it computes in operators of torch, before torch.export.save: exported = "
             "exported.run_decompositions({torch.ops." + name.str() + ": function})";
    break;
  default:
    break;
  }
  // Once: what a decomposed program has, stays.
  if (!isFunctional && isTakenApart(name))
    return "take it apart before torch.export.save: exported = exported.run_decompositions()";
  return "write it with other operators; lathec --list-ops prints those that are read";
}

llvm::Error
refuseOperators(llvm::MapVector<llvm::StringRef, RefusedOperator> &refused,
                bool isFunctional) {
  const auto &[name, first] = refused.front();
  if (refused.size() == 1 && first.count == 1)
    return makeFault(
        faultAt(*first.first, FaultCode::OperatorUnsupported,
                "the operator " + name + " cannot be imported", first.reason,
                remedyOf(name, isFunctional)));
  unsigned nodeCount = 0;
  std::string why, remedy;
  std::vector<std::pair<std::string, std::string>> remedies; // and for whom
  for (const auto &[op, entry] : refused) {
    nodeCount += entry.count;
    std::string what = remedyOf(op, isFunctional);
    auto same = llvm::find_if(remedies, [&](const auto &row) { return row.first == what; });
    if (same == remedies.end())
      remedies.emplace_back(what, op.str());
    else
      same->second += ", " + op.str();
    why += (why.empty() ? "" : "\n") + std::to_string(entry.count) + " x " +
           op.str() + ": " + entry.reason + "; first at node '" +
           entry.first->name.str() + "'";
    if (std::string source = entry.first->source.str(); !source.empty())
      why += ", " + source;
  }
  for (const auto &[what, names] : remedies)
    remedy += (remedy.empty() ? "" : "\n") + names + ": " + what;
  return makeFault(FaultCode::OperatorUnsupported,
                   llvm::Twine(refused.size()) +
                       " operators of the model cannot be imported (" +
                       llvm::Twine(nodeCount) + " nodes)",
                   why, remedy);
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

llvm::Error
checkOperators(const ExportedProgram &program,
               llvm::function_ref<bool(llvm::StringRef)> isImported) {
  llvm::MapVector<llvm::StringRef, RefusedOperator> refused;
  auto collect = [&](const Node &node) -> llvm::Error {
    llvm::StringRef name = node.operatorName();
    std::string reason = refusalOf(name, isImported(name));
    if (reason.empty())
      return llvm::Error::success();
    RefusedOperator &entry = refused[name];
    entry.reason = std::move(reason);
    if (entry.count++ == 0)
      entry.first = &node;
    return llvm::Error::success();
  };
  if (llvm::Error error = forEachNode(program.graph, collect))
    return error;
  if (!refused.empty())
    return refuseOperators(refused, program.isFunctional);
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
