// SPDX-License-Identifier: Apache-2.0
// One fault of a model file, as the user reads it: what, where, why, try.
// Front ends return faults through llvm::Error; each file prints exactly one.
#ifndef LATHE_COMPILER_FRONTENDS_FAULT_H
#define LATHE_COMPILER_FRONTENDS_FAULT_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace lathe {

enum class FaultCode : unsigned {
#define LATHE_FAULT(number, name, meaning) name = number,
#include "compiler/Frontends/Faults.def"
};

/// "LATHE-E1003": the name that documentation pages use.
std::string faultCodeName(FaultCode code);
/// The one-sentence meaning of Faults.def.
llvm::StringRef faultCodeMeaning(FaultCode code);

/// All texts are owned. Empty fields are left out of the printed form.
struct Fault {
  FaultCode code = FaultCode::FileUnreadable;
  std::string what;     ///< One line, lower case, no full stop.
  std::string file;     ///< Path of the model file.
  std::string node;     ///< The model's own node name.
  std::string op;       ///< Operator and overload, "aten.conv2d.default".
  std::string source;   ///< The user's source, "model.py:41 in forward".
  std::string why;      ///< May have several lines.
  std::string remedy;   ///< Printed after "try:".

  /// The block of lines of runtime.md section 6, without a final newline.
  std::string str() const;
};

/// Carries a Fault through llvm::Error and llvm::Expected.
class FaultError : public llvm::ErrorInfo<FaultError> {
public:
  static char ID;
  explicit FaultError(Fault fault) : fault(std::move(fault)) {}
  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override;
  Fault fault;
};

llvm::Error makeFault(FaultCode code, const llvm::Twine &what,
                      const llvm::Twine &why = "",
                      const llvm::Twine &remedy = "");
llvm::Error makeFault(Fault fault);

/// Takes the fault out of `error`. Errors of other kinds become a fault with
/// code FileUnreadable and the error's own text.
Fault takeFault(llvm::Error error);

/// Returns `error` with `fault.file` set to `file` where it was empty.
llvm::Error withFile(llvm::Error error, llvm::StringRef file);

/// "did you mean" for a misspelt name: the nearest candidate within a third
/// of the name's length, or an empty string. Ties go to the first candidate.
std::string nearestName(llvm::StringRef name,
                        llvm::ArrayRef<llvm::StringRef> candidates);

} // namespace lathe

#endif // LATHE_COMPILER_FRONTENDS_FAULT_H
