// SPDX-License-Identifier: Apache-2.0
#include "compiler/DiagnosticCollector.h"

#include "compiler/LimitError.h"
#include "compiler/Reproducer.h"
#include "dialects/Graph/DiagnosticMark.h"
#include "dialects/Graph/ModelLocation.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include "passes/Lower/GraphToLinalg.h"
#include "targets/Tuning.h"

using namespace mlir;
using namespace lathe;

static constexpr llvm::StringLiteral kReproducerWritten =
    "Failures have been detected while processing an MLIR pass pipeline";

ModelPlace lathe::describeLocation(Location location) {
  ModelPlace place;
  for (const graph::ModelNode &node : graph::modelNodesOf(location)) {
    std::string name = node.name.str();
    if (!name.empty() && place.nodes.empty())
      place.op = node.op.str();
    if (!name.empty() && !llvm::is_contained(place.nodes, name))
      place.nodes.push_back(std::move(name));
    if (place.source.empty())
      place.source = node.source();
  }
  return place;
}

DiagnosticCollector::DiagnosticCollector(MLIRContext &context, bool verbose)
    : verbose(verbose), handler(&context, [this](Diagnostic &diagnostic) { handle(diagnostic); }) {}

void DiagnosticCollector::handle(Diagnostic &diagnostic) {
  std::lock_guard<std::mutex> lock(mutex);
  ModelPlace place = describeLocation(diagnostic.getLocation());
  std::string node = place.nodes.empty() ? "" : place.nodes.front();
  if (diagnostic.getSeverity() == DiagnosticSeverity::Remark)
    remarks.push_back((node.empty() ? "" : node + ": ") + diagnostic.str());
  if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
    return;
  // Upstream's word that it has written a reproducer says nothing more, unless
  // the passes crashed.
  bool isKnown = has_error || !unsupported_operators.empty();
  bool isWord = llvm::StringRef(diagnostic.str()).starts_with(kReproducerWritten);
  if (isKnown && isWord)
    return;
  // Passes on several threads say what is wrong behind that word.
  if (std::exchange(is_word, isWord) && !isWord) {
    has_error = false;
    fault = Fault();
  }
  if (std::optional<llvm::StringRef> op = findMark(diagnostic, kUnsupportedMark))
    return handleUnsupported(diagnostic, *op);
  if (has_error) {
    ++more_errors;
    return;
  }
  has_error = true;
  is_limit = isBeyondLimit(diagnostic);
  is_tuning = findMark(diagnostic, kTuningMark).has_value();
  fault.what = diagnostic.str();
  fault.node = node;
  fault.op = place.op;
  fault.source = place.source;
  // A note that shows the operation is for compiler developers.
  for (Diagnostic &note : diagnostic.getNotes()) {
    std::string text = note.str();
    if (verbose || !llvm::StringRef(text).starts_with("see current operation"))
      fault.why += (fault.why.empty() ? "" : "\n") + text;
  }
}

void DiagnosticCollector::handleUnsupported(Diagnostic &diagnostic, llvm::StringRef op) {
  op.consume_front("graph.");
  std::string reason = diagnostic.str();
  auto same = llvm::find_if(unsupported_operators, [&](const Unsupported &entry) {
    return entry.op == op && entry.reason == reason;
  });
  if (same == unsupported_operators.end())
    same = unsupported_operators.insert(
        same, {op.str(), reason, findMark(diagnostic, kRemedyMark)->str(), {}, "", 0});
  auto add = [&](Location location) {
    ModelPlace place = describeLocation(location);
    if (same->count++ == 0)
      same->source = place.source;
    // A call of a kernel has the nodes of all its operators: one stands for it.
    if (!place.nodes.empty() && !llvm::is_contained(same->nodes, place.nodes.front()))
      same->nodes.push_back(place.nodes.front());
  };
  add(diagnostic.getLocation());
  for (Diagnostic &note : diagnostic.getNotes())
    if (note.str() == kOtherCallNote)
      add(note.getLocation());
}

bool DiagnosticCollector::isUnsupported() const {
  std::lock_guard<std::mutex> lock(mutex);
  return !has_error && !unsupported_operators.empty();
}

bool DiagnosticCollector::isTuning() const {
  std::lock_guard<std::mutex> lock(mutex);
  return has_error && is_tuning;
}

llvm::Error DiagnosticCollector::takeUnsupported(llvm::StringRef file) {
  std::lock_guard<std::mutex> lock(mutex);
  Fault refusal;
  refusal.code = FaultCode::OperatorUnsupported;
  refusal.file = file.str();
  llvm::SetVector<llvm::StringRef> remedies;
  for (const Unsupported &entry : unsupported_operators)
    remedies.insert(entry.remedy);
  refusal.remedy = llvm::join(remedies, "\n");
  const Unsupported &first = unsupported_operators.front();
  if (unsupported_operators.size() == 1 && first.count == 1) {
    refusal.what = "the operator " + first.op + " cannot be compiled";
    refusal.node = first.nodes.empty() ? "" : first.nodes.front();
    refusal.source = first.source;
    refusal.why = first.reason;
  } else {
    unsigned count = 0;
    for (const Unsupported &entry : unsupported_operators) {
      count += entry.count;
      refusal.why += (refusal.why.empty() ? "" : "\n") + std::to_string(entry.count) + " x " +
                     entry.op + ": " + entry.reason;
      if (!entry.nodes.empty())
        refusal.why += "; at node '" + llvm::join(entry.nodes, "', '") + "'";
      if (!entry.source.empty())
        refusal.why += (entry.count > 1 ? ", first " : ", ") + entry.source;
    }
    refusal.what = std::to_string(count) + " operators of the model cannot be compiled";
  }
  unsupported_operators.clear();
  return makeFault(std::move(refusal));
}

llvm::Error DiagnosticCollector::take(FaultCode code, llvm::StringRef stage, llvm::StringRef file,
                                      llvm::StringRef reproducer) {
  std::lock_guard<std::mutex> lock(mutex);
  more_errors += unsupported_operators.size();
  unsupported_operators.clear();
  if (!has_error)
    fault.what = ("stage '" + stage + "' failed without a message").str();
  if (is_limit) {
    code = FaultCode::LimitExceeded;
    fault.remedy = "make the model smaller, or bound its sizes lower with --dim";
  }
  if (is_tuning) {
    code = FaultCode::TuningInvalid;
    fault.remedy = "lathec --tune --tuning-file with a new file measures again";
  }
  fault.code = code;
  fault.file = file.str();
  if (more_errors > 0)
    fault.why += (fault.why.empty() ? "" : "\n") + std::to_string(more_errors) + " more errors";
  if (fault.remedy.empty() && code == FaultCode::CompilerFailed)
    fault.remedy = reproducer.empty()
                       ? "report this model; --emit=graph shows what the compiler made of it"
                       : ("report this model, or " + reproducer + ", which shows the fault:\n" +
                          "lathe-opt --run-reproducer " + shellWord(reproducer) + " -o /dev/null")
                             .str();
  has_error = is_limit = is_tuning = is_word = false;
  return makeFault(std::move(fault));
}
