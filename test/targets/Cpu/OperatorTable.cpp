// SPDX-License-Identifier: Apache-2.0
#include "test/targets/Cpu/OperatorTable.h"

#include "dialects/Graph/GraphOps.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Pass/PassManager.h"
#include "passes/Passes.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace lathe::test {

static std::string nameOf(Operation *op) { return op->getName().stripDialect().str(); }

// The type that decides the arithmetic: of the first operand, or what is made.
static std::string elementOf(Operation *op) {
  Type type = op->getNumOperands() ? op->getOperand(0).getType() : op->getResult(0).getType();
  Type element = getElementTypeOrSelf(type);
  std::string text;
  llvm::raw_string_ostream os(text);
  if (auto quantized = llvm::dyn_cast<quant::QuantizedType>(element))
    os << "quant " << (quantized.isSigned() ? "i" : "u") << quantized.getStorageTypeIntegralWidth();
  else
    os << element;
  return text;
}

static SmallVector<Operation *> operatorsOf(func::FuncOp method) {
  SmallVector<Operation *> found;
  method.walk([&](Operation *op) {
    if (llvm::isa<graph::FusionOpInterface>(op))
      found.push_back(op);
  });
  return found;
}

void OperatorTable::addModule(ModuleOp module) {
  OwningOpRef<ModuleOp> copy = module.clone();
  PassManager manager(module.getContext());
  manager.addPass(createDecomposeOps());
  if (failed(manager.run(*copy)))
    return;
  for (auto method : module.getOps<func::FuncOp>()) {
    std::set<std::string> left;
    for (Operation *op : operatorsOf(copy->lookupSymbol<func::FuncOp>(method.getName())))
      left.insert(nameOf(op));
    for (Operation *op : operatorsOf(method))
      if (!left.count(nameOf(op)))
        composites.insert(nameOf(op));
  }
}

void OperatorTable::addCase(func::FuncOp method, bool interpreter, bool cpu) {
  for (Operation *op : operatorsOf(method)) {
    Row &row = rows[nameOf(op)][elementOf(op)];
    ++row.cases;
    row.interpreter &= interpreter;
    row.cpu &= cpu;
  }
}

std::string OperatorTable::page(MLIRContext &context) const {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "# Operators\n\n"
        "What ran, not what is meant to: `cpu_conformance_test` writes this page from the cases of\n"
        "`test/conformance`, whose values are PyTorch's, and fails when it is not current\n"
        "(`LATHE_WRITE_PAGE=1 build/release/bin/cpu_conformance_test` writes it). The interpreter and the\n"
        "cpu column name the element types for which all cases agreed; the cpu ran each case as compiled\n"
        "code on the machine's best level and on x86-64-v2. Composites are replaced by primitives before\n"
        "any target sees them. The type is that of the first operand; `quant` is a quantized type by its\n"
        "storage.\n\n"
        "| operator | kind | cases | interpreter | cpu |\n|---|---|---|---|---|\n";
  for (const auto &[name, types] : rows) {
    unsigned cases = 0;
    std::string columns[2];
    for (const auto &[type, row] : types) {
      cases += row.cases;
      if (row.interpreter)
        columns[0] += (columns[0].empty() ? "" : " ") + type;
      if (row.cpu)
        columns[1] += (columns[1].empty() ? "" : " ") + type;
    }
    os << "| `" << name << "` | " << (composites.count(name) ? "composite" : "primitive") << " | "
       << cases << " | " << columns[0] << " | "
       << (columns[1] == columns[0] ? "the same" : columns[1].empty() ? "none" : columns[1]) << " |\n";
  }
  os << "\nWithout a case of their own: ";
  std::string rest;
  for (RegisteredOperationName op : context.getRegisteredOperationsByDialect("graph"))
    if (op.hasInterface<graph::FusionOpInterface>() && !rows.count(op.stripDialect().str()))
      rest += (rest.empty() ? "`" : ", `") + op.stripDialect().str() + "`";
  os << rest << ".\n";
  return text;
}

} // namespace lathe::test
