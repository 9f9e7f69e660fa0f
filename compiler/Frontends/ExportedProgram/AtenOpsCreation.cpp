// SPDX-License-Identifier: Apache-2.0
// Importer rows of operators that make tensors out of nothing.
#include "compiler/Frontends/ExportedProgram/OperatorCall.h"

#include <cmath>

using namespace mlir;
using lathe::graph::ExprAttr;

namespace lathe::pt2 {
namespace {

/// The element type that a creation gives when it names none.
Type defaultType(OperatorCall &call, const Operand &value) {
  Builder &builder = call.emitter.builder;
  if (value.tensor)
    return call.emitter.elementTypeOf(value.tensor);
  if (value.isBool)
    return builder.getI1Type();
  return value.isReal ? Type(builder.getF32Type()) : builder.getI64Type();
}

Operand number(double value) {
  Operand operand;
  operand.isReal = true;
  operand.real = value;
  return operand;
}

void fill(OperatorCall &call, const Dims &dims, const Operand &value,
          Type otherwise) {
  GraphEmitter &e = call.emitter;
  Type type = call.elementType("dtype", otherwise);
  call.result(e.full(materialize(e, value, type), dims));
}

/// zeros, ones, empty: float32 unless named. What empty holds is undefined, so
/// it holds zeros.
void filled(OperatorCall &call, double value) {
  fill(call, call.sizes("size"), number(value),
       call.emitter.builder.getF32Type());
}

/// new_zeros and zeros_like: the type of self unless named.
void filledLike(OperatorCall &call, double value, bool isNew) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self");
  fill(call, isNew ? call.sizes("size") : e.dimsOf(self), number(value),
       e.elementTypeOf(self));
}

void full(OperatorCall &call) {
  Operand value = call.operand("fill_value");
  fill(call, call.sizes("size"), value, defaultType(call, value));
}

void fullLike(OperatorCall &call, bool isNew) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self");
  fill(call, isNew ? call.sizes("size") : e.dimsOf(self),
       call.operand("fill_value"), e.elementTypeOf(self));
}

void scalarTensor(OperatorCall &call) {
  fill(call, {}, call.operand("s"), call.emitter.builder.getF32Type());
}

//===-- Ranges --------------------------------------------------------------===//

bool isReal(OperatorCall &call, llvm::StringRef name) {
  return call.argument(name).kind == Argument::Kind::Float;
}

/// A range with a float bound or step: all of them are constants.
void realRange(OperatorCall &call, double start, double end, double step,
               Type type) {
  GraphEmitter &e = call.emitter;
  double count = std::ceil((end - start) / step);
  bool isSensible = count >= 0 && count < 1e12 && std::abs(start) < 1e15 &&
                    std::abs(step) < 1e15;
  if (!isSensible)
    return call.failValue("arange has no valid length");
  call.result(e.realIota(e.sizeConstant(static_cast<int64_t>(count)), type,
                         start, step));
}

/// arange(start, end, step) with sizes that may be symbolic.
void arange(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  bool hasStart = call.has("start"), hasStep = call.has("step");
  bool anyReal = isReal(call, "end") || isReal(call, "start") ||
                 isReal(call, "step");
  Type type = call.elementType("dtype", anyReal
                                            ? Type(e.builder.getF32Type())
                                            : e.builder.getI64Type());
  if (e.hasFault())
    return;
  if (anyReal)
    return realRange(call, hasStart ? call.real("start") : 0, call.real("end"),
                     hasStep ? call.real("step") : 1, type);
  ExprAttr start = hasStart ? call.size("start") : e.sizeConstant(0);
  int64_t step = hasStep ? call.integer("step") : 1;
  if (step == 0)
    return call.failValue("arange has the step 0");
  ExprAttr span = step > 0 ? graph::makeSub(call.size("end"), start)
                           : graph::makeSub(start, call.size("end"));
  ExprAttr count = e.checked(graph::makeCeilDiv(
      e.checked(span), e.sizeConstant(step > 0 ? step : -step)));
  count = e.larger(e.sizeConstant(0), count);
  if (std::optional<int64_t> first = start.getConstant())
    return call.result(e.iota(count, type, *first, step));
  Value steps = e.iota(count, type, 0, step);
  call.result(e.binary<graph::AddOp>(steps, e.sizeValue(start, type)));
}

void linspace(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Type type = call.elementType("dtype", e.builder.getF32Type());
  int64_t steps = call.integer("steps");
  double start = call.real("start"), end = call.real("end");
  double step = steps > 1 ? (end - start) / static_cast<double>(steps - 1) : 0;
  if (!llvm::isa_and_nonnull<FloatType>(type))
    return call.failForm("linspace of integers is not supported");
  call.result(e.realIota(e.sizeConstant(steps), type, start, step));
}

//===-- Triangles -----------------------------------------------------------===//

/// Row and column numbers of the last two dimensions, as [r, 1] and [c].
std::pair<Value, Value> rowsAndColumns(OperatorCall &call, ExprAttr rows,
                                       ExprAttr columns) {
  GraphEmitter &e = call.emitter;
  Type i64 = e.builder.getI64Type();
  Value row = e.reshape(e.iota(rows, i64), {rows, e.sizeConstant(1)});
  return {row, e.iota(columns, i64)};
}

/// Keeps column - row <= diagonal (tril) or >= (triu), zeroes the rest.
void triangle(OperatorCall &call, graph::CompareKind kept) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self");
  int64_t rank = e.rankOf(self);
  if (e.hasFault() || rank < 2)
    return call.failValue("a triangle needs rank 2 or more");
  auto [row, column] =
      rowsAndColumns(call, e.dimOf(self, rank - 2), e.dimOf(self, rank - 1));
  Value limit = e.binary<graph::AddOp>(
      row, e.constant(e.builder.getI64Type(), call.integer("diagonal")));
  Value mask = e.compare(kept, column, limit);
  Value zero = e.constant(e.elementTypeOf(self), int64_t(0));
  call.result(e.emit<graph::WhereOp>({mask, self, zero}));
}

void eye(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  ExprAttr rows = call.size("n");
  ExprAttr columns = call.has("m") ? call.size("m") : rows;
  auto [row, column] = rowsAndColumns(call, rows, columns);
  call.result(e.cast(e.compare(graph::CompareKind::Eq, row, column),
                     call.elementType("dtype", e.builder.getF32Type())));
}

void oneHot(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self");
  int64_t classes = call.integer("num_classes");
  if (classes < 1)
    return call.failForm("one_hot without a number of classes gives a size that "
                         "depends on data",
                         "name it: one_hot(x, num_classes=10)");
  Dims dims = e.dimsOf(self);
  dims.push_back(e.sizeConstant(1));
  Type i64 = e.builder.getI64Type();
  Value column = e.reshape(e.cast(self, i64), dims);
  Value codes = e.iota(e.sizeConstant(classes), i64);
  call.result(e.cast(e.compare(graph::CompareKind::Eq, column, codes), i64));
}

void meshgrid(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  llvm::SmallVector<Value, 4> axes = call.tensors("tensors");
  if (call.string("indexing") == "xy" && axes.size() >= 2)
    std::swap(axes[0], axes[1]);
  Dims dims;
  for (Value axis : axes)
    dims.push_back(e.rankOf(axis) == 0 ? e.sizeConstant(1)
                                       : e.dimOf(axis, 0));
  llvm::SmallVector<Value, 4> grids;
  for (size_t i = 0; i < axes.size(); ++i) {
    Dims line(axes.size(), e.sizeConstant(1));
    line[i] = dims[i];
    Value grid = e.broadcast(e.reshape(axes[i], line), dims);
    grids.push_back(grid);
  }
  if (call.string("indexing") == "xy" && axes.size() >= 2) {
    llvm::SmallVector<int64_t, 6> permutation(axes.size());
    for (size_t i = 0; i < axes.size(); ++i)
      permutation[i] = i;
    std::swap(permutation[0], permutation[1]);
    for (Value &grid : grids)
      grid = e.permute(grid, permutation);
    std::swap(grids[0], grids[1]);
  }
  for (Value grid : grids)
    call.result(grid);
}

} // namespace

void addCreationRows(RowTable &table) {
  struct Fill {
    const char *name;
    double value;
  };
  for (Fill row : {Fill{"zeros", 0}, Fill{"ones", 1}, Fill{"empty", 0}}) {
    std::string name = row.name;
    double value = row.value;
    bool isEmpty = name == "empty";
    table["aten." + name + (isEmpty ? ".memory_format" : ".default")] =
        [=](OperatorCall &call) { filled(call, value); };
    table["aten." + name + "_like.default"] = [=](OperatorCall &call) {
      filledLike(call, value, /*isNew=*/false);
    };
    table["aten.new_" + name + ".default"] = [=](OperatorCall &call) {
      filledLike(call, value, /*isNew=*/true);
    };
  }
  table["aten.full.default"] = full;
  table["aten.full_like.default"] = [](OperatorCall &call) {
    fullLike(call, /*isNew=*/false);
  };
  table["aten.new_full.default"] = [](OperatorCall &call) {
    fullLike(call, /*isNew=*/true);
  };
  for (const char *name : {"aten.fill.Scalar", "aten.fill.Tensor"})
    table[name] = [](OperatorCall &call) {
      GraphEmitter &e = call.emitter;
      Value self = call.tensor("self");
      Value value =
          materialize(e, call.operand("value"), e.elementTypeOf(self));
      call.result(e.full(value, e.dimsOf(self)));
    };
  table["aten.scalar_tensor.default"] = scalarTensor;
  for (const char *name :
       {"aten.arange.default", "aten.arange.start", "aten.arange.start_step"})
    table[name] = arange;
  table["aten.linspace.default"] = linspace;
  table["aten.tril.default"] = [](OperatorCall &call) {
    triangle(call, graph::CompareKind::Le);
  };
  table["aten.triu.default"] = [](OperatorCall &call) {
    triangle(call, graph::CompareKind::Ge);
  };
  table["aten.eye.default"] = eye;
  table["aten.eye.m"] = eye;
  table["aten.one_hot.default"] = oneHot;
  table["aten.meshgrid.default"] = meshgrid;
  table["aten.meshgrid.indexing"] = meshgrid;
}

} // namespace lathe::pt2
