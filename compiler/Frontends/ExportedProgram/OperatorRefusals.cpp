// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/OperatorRefusals.h"

#include "compiler/Frontends/ExportedProgram/GraphCheck.h"
#include "compiler/Frontends/ExportedProgram/OperatorSchemas.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace lathe::pt2 {
namespace {

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

/// The overloads to take apart so that nothing of `name` is left that is not
/// imported: itself and, blank-separated after it, what it falls into. Empty
/// where torch leaves the operator or its like.
llvm::StringRef decomposedOverloads(llvm::StringRef name) {
  static constexpr llvm::StringLiteral kRows[] = {
#define LATHE_DECOMPOSED(overloads) overloads,
#include "compiler/Frontends/ExportedProgram/Decompositions.inc"
  };
  for (llvm::StringRef row : kRows)
    if (row.split(' ').first == name)
      return row;
  return "";
}

/// What to do about an operator: what helps depends on why it is refused.
std::string remedyOf(llvm::StringRef name) {
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
  return "write it with other operators; lathec --list-ops prints those that are read";
}

/// Python that takes just these overloads apart: all of torch's decompositions
/// would also take apart what is imported whole.
std::string decompositionOf(llvm::ArrayRef<llvm::StringRef> rows) {
  std::vector<std::string> ops;
  for (llvm::StringRef row : rows)
    for (llvm::StringRef op : llvm::split(row, ' '))
      if (std::string text = "torch.ops." + op.str(); !llvm::is_contained(ops, text))
        ops.push_back(std::move(text));
  return "take " + std::string(rows.size() == 1 ? "it" : "them") +
         " apart before torch.export.save:\nops = [" + llvm::join(ops, ", ") +
         "]\ntable = {**torch.export.default_decompositions(), "
         "**torch._decomp.decomposition_table}\n"
         "exported = exported.run_decompositions({op: table[op] for op in ops})";
}

} // namespace

void OperatorRefusals::add(const Node &node, Entry entry) {
  entry.op = node.operatorName();
  auto same = llvm::find_if(entries, [&](const Entry &other) {
    return other.op == entry.op && other.reason == entry.reason && other.remedy == entry.remedy;
  });
  if (same == entries.end())
    same = entries.insert(same, std::move(entry));
  if (same->count++ == 0)
    same->first = &node;
}

void OperatorRefusals::addOperator(const Node &node, std::string reason) {
  operators.insert(node.operatorName());
  Entry entry;
  entry.reason = std::move(reason);
  add(node, std::move(entry));
}

void OperatorRefusals::addForm(const Node &node, const Fault &fault) {
  Entry entry;
  entry.reason = fault.why.empty() ? fault.what : fault.what + ": " + fault.why;
  entry.remedy = fault.remedy;
  entry.isForm = true;
  add(node, std::move(entry));
}

/// Empty where torch takes the operator apart.
std::string OperatorRefusals::adviceFor(const Entry &entry) const {
  if (!entry.remedy.empty())
    return entry.remedy;
  if (!decomposedOverloads(entry.op).empty())
    return "";
  return entry.isForm ? "write the line with other arguments or operators" : remedyOf(entry.op);
}

std::string OperatorRefusals::remedies() const {
  std::vector<std::pair<std::string, llvm::SmallVector<llvm::StringRef>>> opsOf;
  for (const Entry &entry : entries) {
    std::string advice = adviceFor(entry);
    auto same = llvm::find_if(opsOf, [&](const auto &row) { return row.first == advice; });
    if (same == opsOf.end())
      same = opsOf.insert(same, {std::move(advice), {}});
    if (!llvm::is_contained(same->second, entry.op))
      same->second.push_back(entry.op);
  }
  std::string text;
  for (const auto &[advice, ops] : opsOf) {
    std::string what = advice;
    if (advice.empty())
      what = decompositionOf(llvm::map_to_vector(ops, decomposedOverloads));
    text += text.empty() ? "" : "\n";
    if (entries.size() > 1)
      text += llvm::join(ops, ", ") + ": ";
    text += what;
  }
  return text;
}

llvm::Error OperatorRefusals::take() {
  if (entries.empty())
    return llvm::Error::success();
  const Entry &first = entries.front();
  std::string remedy = remedies();
  if (entries.size() == 1 && first.count == 1)
    return makeFault(faultAt(*first.first, FaultCode::OperatorUnsupported,
                             "the operator " + first.op + " cannot be imported", first.reason,
                             remedy));
  unsigned nodeCount = 0;
  llvm::StringSet<> names;
  std::string why;
  for (const Entry &entry : entries) {
    nodeCount += entry.count;
    names.insert(entry.op);
    why += (why.empty() ? "" : "\n") + std::to_string(entry.count) + " x " + entry.op.str() +
           ": " + entry.reason + "; first at node '" + entry.first->name.str() + "'";
    if (std::string source = entry.first->source.str(); !source.empty())
      why += ", " + source;
  }
  return makeFault(FaultCode::OperatorUnsupported,
                   llvm::Twine(names.size()) + (names.size() == 1 ? " operator" : " operators") +
                       " of the model cannot be imported (" + llvm::Twine(nodeCount) +
                       (nodeCount == 1 ? " node)" : " nodes)"),
                   why, remedy);
}

OperatorRefusals refusedOperators(const ExportedProgram &program,
                                  llvm::function_ref<bool(llvm::StringRef)> isImported) {
  OperatorRefusals refusals;
  llvm::cantFail(forEachNode(program.graph, [&](const Node &node) {
    llvm::StringRef name = node.operatorName();
    if (std::string reason = refusalOf(name, isImported(name)); !reason.empty())
      refusals.addOperator(node, std::move(reason));
    return llvm::Error::success();
  }));
  return refusals;
}

} // namespace lathe::pt2
