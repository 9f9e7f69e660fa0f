// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/Fault.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace lathe {

std::string faultCodeName(FaultCode code) {
  return "LATHE-E" + std::to_string(static_cast<unsigned>(code));
}

llvm::StringRef faultCodeMeaning(FaultCode code) {
  switch (code) {
#define LATHE_FAULT(number, name, meaning)                                     \
  case FaultCode::name:                                                        \
    return meaning;
#include "compiler/Frontends/Faults.def"
  }
  return "";
}

/// What helps with any fault of this code, where the one who found it knows
/// nothing better; empty where nothing does.
static llvm::StringRef generalRemedy(FaultCode code) {
  switch (code) {
  case FaultCode::ArchiveDamaged:
  case FaultCode::MemberMissing:
  case FaultCode::JsonSyntax:
  case FaultCode::JsonStructure:
  case FaultCode::ValueUndefined:
  case FaultCode::ValueRedefined:
  case FaultCode::SignatureInvalid:
  case FaultCode::ArgumentUnknown:
  case FaultCode::ArgumentKind:
  case FaultCode::ShapeContradiction:
  case FaultCode::WeightMissing:
  case FaultCode::WeightOutOfBounds:
    return "export the model again with torch 2.9 to 2.13 (torch.export.save); if that file has "
           "the fault too, report it";
  case FaultCode::ElementTypeUnknown:
    return "convert the tensor before the operator, as in x.to(torch.float32), or the whole "
           "model, as in model.float()";
  case FaultCode::ArgumentValue:
    return "write the line with other arguments or operators; --list-ops prints what is read";
  case FaultCode::MutationUnsupported:
    return "write x = x.clone() before the write in place, or use the operator that returns a "
           "new tensor";
  case FaultCode::DataDependentShape:
    return "bound the size in the model: torch._check(n <= 64)";
  case FaultCode::SizeExpressionInvalid:
  case FaultCode::RangeEmpty:
    return "export the model with named dimensions: torch.export.Dim(\"n\", min=1, max=64)";
  default:
    return "";
  }
}

/// Prints "  <label> <text>"; further lines of the text are indented alike.
static void printField(llvm::raw_ostream &os, llvm::StringRef label,
                       llvm::StringRef text) {
  if (text.empty())
    return;
  os << "\n  " << label << ' ';
  llvm::StringRef separator = "";
  for (llvm::StringRef line : llvm::split(text, '\n')) {
    os << separator << line;
    separator = "\n    ";
  }
}

std::string Fault::str() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "error: " << what << " [" << faultCodeName(code) << "]";
  std::string where = file;
  if (!node.empty())
    where += (where.empty() ? "" : ": ") + ("node '" + node + "'");
  if (!op.empty())
    where += (node.empty() ? ": " : " ") + ("(" + op + ")");
  if (!source.empty())
    where += (where.empty() ? "" : ", ") + source;
  printField(os, "at", where);
  printField(os, "why:", why);
  printField(os, "try:", remedy.empty() ? generalRemedy(code) : remedy);
  return text;
}

char FaultError::ID = 0;

void FaultError::log(llvm::raw_ostream &os) const { os << fault.str(); }

std::error_code FaultError::convertToErrorCode() const {
  return llvm::inconvertibleErrorCode();
}

llvm::Error makeFault(FaultCode code, const llvm::Twine &what,
                      const llvm::Twine &why, const llvm::Twine &remedy) {
  Fault fault;
  fault.code = code;
  fault.what = what.str();
  fault.why = why.str();
  fault.remedy = remedy.str();
  return makeFault(std::move(fault));
}

llvm::Error makeFault(Fault fault) {
  return llvm::make_error<FaultError>(std::move(fault));
}

Fault takeFault(llvm::Error error) {
  Fault taken;
  llvm::handleAllErrors(
      std::move(error),
      [&](FaultError &carrier) { taken = std::move(carrier.fault); },
      [&](const llvm::ErrorInfoBase &other) { taken.what = other.message(); });
  return taken;
}

llvm::Error withFile(llvm::Error error, llvm::StringRef file) {
  if (!error)
    return error;
  Fault fault = takeFault(std::move(error));
  if (fault.file.empty())
    fault.file = file.str();
  return makeFault(std::move(fault));
}

std::string nearestName(llvm::StringRef name,
                        llvm::ArrayRef<llvm::StringRef> candidates) {
  unsigned allowed = name.size() / 3;
  llvm::StringRef nearest;
  for (llvm::StringRef candidate : candidates) {
    unsigned distance = name.edit_distance(candidate, true, allowed);
    if (distance > allowed || (!nearest.empty() && distance == allowed))
      continue;
    allowed = distance;
    nearest = candidate;
  }
  return nearest.str();
}

} // namespace lathe
