// SPDX-License-Identifier: Apache-2.0
#include "compiler/DiagnosticCollector.h"

#include "compiler/LimitError.h"
#include "compiler/Reproducer.h"
#include "dialects/Graph/ModelLocation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

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
  if (has_error && llvm::StringRef(diagnostic.str()).starts_with(kReproducerWritten))
    return;
  if (has_error) {
    ++more_errors;
    return;
  }
  has_error = true;
  is_limit = isBeyondLimit(diagnostic);
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

llvm::Error DiagnosticCollector::take(FaultCode code, llvm::StringRef stage, llvm::StringRef file,
                                      llvm::StringRef reproducer) {
  std::lock_guard<std::mutex> lock(mutex);
  if (!has_error)
    fault.what = ("stage '" + stage + "' failed without a message").str();
  if (is_limit) {
    code = FaultCode::LimitExceeded;
    fault.remedy = "make the model smaller, or bound its sizes lower with --dim";
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
  has_error = is_limit = false;
  return makeFault(std::move(fault));
}
