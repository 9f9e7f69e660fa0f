// SPDX-License-Identifier: Apache-2.0
// Importer rows of arithmetic on sizes: Python's own operators and ATen's
// sym_* queries. They emit no tensor operators.
#include "compiler/Frontends/ExportedProgram/OperatorCall.h"

using namespace mlir;
using lathe::graph::ExprAttr;

namespace lathe::pt2 {
namespace {

ExprAttr sizeAt(OperatorCall &call, size_t index) {
  if (index < call.node.inputs.size())
    return call.sizeOf(call.node.inputs[index].value);
  call.failValue("an operand is missing");
  return call.emitter.sizeConstant(1);
}

template <ExprAttr (*make)(ExprAttr, ExprAttr)> void binary(OperatorCall &call) {
  ExprAttr lhs = sizeAt(call, 0), rhs = sizeAt(call, 1);
  call.result(call.emitter.checked(make(lhs, rhs)));
}

void negate(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  call.result(
      e.checked(graph::makeSub(e.sizeConstant(0), sizeAt(call, 0))));
}

void power(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  std::optional<int64_t> exponent = sizeAt(call, 1).getConstant();
  if (!exponent || *exponent < 0 || *exponent > 8)
    return call.failForm("a size has a power that is no small constant");
  ExprAttr value = e.sizeConstant(1);
  for (int64_t i = 0; i < *exponent; ++i)
    value = e.checked(graph::makeMul(value, sizeAt(call, 0)));
  call.result(value);
}

/// Relations between sizes feed assertions. What they state is in the ranges
/// and guards of the file too, so a result that is not known is not needed.
void relation(OperatorCall &call) { call.booleanResult = true; }

void symSize(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self");
  int64_t dim = call.dim("dim", e.rankOf(self));
  call.result(e.dimOf(self, dim));
}

void symNumel(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  call.result(e.checked(
      graph::makeProduct(e.context(), e.dimsOf(call.tensor("self")))));
}

/// item(): a size that depends on data, or a number that is a constant.
void item(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value self = e.reshape(call.tensor("self"), {});
  if (e.hasFault())
    return;
  const SymInt *claimed = call.claimedSize;
  if (!claimed || claimed->isConstant() ||
      claimed->expression->function != SizeFunction::Symbol)
    return call.failForm("item() of a tensor that is no integer");
  if (!llvm::isa<IntegerType>(e.elementTypeOf(self)))
    return call.failForm("item() of a float tensor is used as a size");
  llvm::StringRef symbol = claimed->expression->name;
  Value value = e.cast(self, e.builder.getI64Type());
  if (!value)
    return;
  graph::BindSymbolOp::create(e.builder, e.location, symbol, value);
  call.result(graph::makeSymbol(e.context(), symbol));
}

} // namespace

void addSizeRows(RowTable &table) {
  table["_operator.add"] = binary<graph::makeAdd>;
  table["_operator.sub"] = binary<graph::makeSub>;
  table["_operator.mul"] = binary<graph::makeMul>;
  table["_operator.floordiv"] = binary<graph::makeFloorDiv>;
  table["_operator.mod"] = binary<graph::makeMod>;
  table["_operator.neg"] = negate;
  table["_operator.pow"] = power;
  table["torch.sym_max"] = binary<graph::makeMax>;
  table["torch.sym_min"] = binary<graph::makeMin>;
  for (const char *name :
       {"_operator.eq", "_operator.ne", "_operator.lt", "_operator.le",
        "_operator.gt", "_operator.ge", "_operator.and_", "_operator.or_",
        "torch.sym_not"})
    table[name] = relation;
  table["aten.sym_size.int"] = symSize;
  table["aten.sym_numel.default"] = symNumel;
  table["aten.item.default"] = item;
  table["aten._local_scalar_dense.default"] = item;
}

} // namespace lathe::pt2
