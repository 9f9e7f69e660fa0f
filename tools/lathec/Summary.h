// SPDX-License-Identifier: Apache-2.0
//
// What lathec prints when it is done.
#ifndef LATHE_TOOLS_LATHEC_SUMMARY_H
#define LATHE_TOOLS_LATHEC_SUMMARY_H

#include "compiler/Compiler.h"
#include "llvm/Support/raw_ostream.h"

namespace lathe {

/// Five lines: size, memory, kernels, where operators went, what to run next.
void printSummary(llvm::raw_ostream &os, const CompilerReport &report,
                  const CompilerOptions &options);
/// To stderr: a result on standard output stays alone.
void printWarnings(llvm::ArrayRef<std::string> warnings);
/// Every kernel with its nodes, copies, stage times.
void printReport(llvm::raw_ostream &os, const CompilerReport &report);
/// The same as one JSON object (docs/json.md).
void printReportJson(llvm::raw_ostream &os, const CompilerReport &report);

} // namespace lathe

#endif // LATHE_TOOLS_LATHEC_SUMMARY_H
