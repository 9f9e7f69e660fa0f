// SPDX-License-Identifier: Apache-2.0
// Importer rows of gathers, scatters and writes by index.
#include "compiler/Frontends/ExportedProgram/OperatorCall.h"

using namespace mlir;
using lathe::graph::ExprAttr;

namespace lathe::pt2 {
namespace {

/// Indices of a Tensor?[] argument with the dimensions that they index.
struct Indices {
  llvm::SmallVector<Value, 4> values;
  llvm::SmallVector<int64_t, 4> dims;
  Value mask;             ///< A boolean index, if that is the only one.
  int64_t maskDim = 0;
};

/// Index tensors as i64 or i32.
Value asIndex(OperatorCall &call, Value index) {
  GraphEmitter &e = call.emitter;
  Type type = e.elementTypeOf(index);
  if (!index || type.isSignlessInteger(64) || type.isSignlessInteger(32))
    return index;
  return e.cast(index, e.builder.getI64Type());
}

Indices readIndices(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Indices indices;
  int64_t dim = 0;
  for (const Argument &item : call.argument("indices").items) {
    if (item.kind == Argument::Kind::None) {
      ++dim;
      continue;
    }
    Value index = call.tensorOf(item);
    if (!index)
      return indices;
    if (e.elementTypeOf(index).isInteger(1)) {
      indices.mask = index;
      indices.maskDim = dim;
      dim += e.rankOf(index);
      continue;
    }
    indices.values.push_back(asIndex(call, index));
    indices.dims.push_back(dim++);
  }
  if (indices.mask && !indices.values.empty())
    call.failForm("boolean and integer indices are mixed");
  return indices;
}

void index(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self");
  Indices indices = readIndices(call);
  if (indices.mask)
    return call.failForm("indexing with a boolean tensor gives a size that "
                         "depends on data",
                         "keep the shape: torch.where(mask, x, 0) or x * mask "
                         "instead of x[mask]");
  if (indices.values.empty())
    return call.result(self);
  if (indices.values.size() == 1)
    return call.result(
        e.emit<graph::GatherOp>({self, indices.values.front()},
                                {e.named("dim", indices.dims.front())}));
  llvm::SmallVector<Value, 4> operands{self};
  operands.append(indices.values);
  call.result(
      e.emit<graph::IndexOp>(operands, {e.named("dims", indices.dims)}));
}

/// self with `values` where a mask over some dimensions is true. Only values
/// that are the same everywhere need no counting of the mask.
Value emitMaskedPut(OperatorCall &call, Value self, const Indices &indices,
                    Value values, bool accumulate) {
  GraphEmitter &e = call.emitter;
  Dims shape = e.dimsOf(indices.mask);
  Dims valueDims = e.dimsOf(values);
  for (ExprAttr dim : valueDims)
    if (!dim.isConstant(1))
      call.failForm("index_put with a boolean index and several values: which "
                    "value goes where depends on data",
                    "write one value, or choose with torch.where(mask, values, x)");
  values = e.reshape(values, {});
  // Align the mask's dimensions with those of self.
  Dims dims(e.rankOf(self), e.sizeConstant(1));
  for (auto [offset, dim] : llvm::enumerate(shape))
    if (indices.maskDim + offset < dims.size())
      dims[indices.maskDim + offset] = dim;
  Value mask = e.reshape(indices.mask, dims);
  if (accumulate)
    values = e.binary<graph::AddOp>(self, values);
  return e.emit<graph::WhereOp>({mask, values, self});
}

/// The written tensor of index_put and index_put_: into self if `isInPlace`.
void indexPut(OperatorCall &call, bool isInPlace) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self");
  Indices indices = readIndices(call);
  Value values = e.cast(call.tensor("values"), e.elementTypeOf(self));
  bool accumulate = call.flag("accumulate");
  if (e.hasFault())
    return;
  TensorRef target = isInPlace ? call.ref("self") : call.aliases.fresh(self);
  if (indices.mask)
    call.aliases.write(
        target, emitMaskedPut(call, self, indices, values, accumulate));
  else
    call.aliases.writeIndexed(target, indices.values, indices.dims, values,
                              accumulate);
  call.result(target);
}

/// index_copy and index_add along one dimension.
void indexCopy(OperatorCall &call, bool isInPlace, bool accumulate) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self");
  int64_t dim = call.dim("dim", e.rankOf(self));
  Value index = asIndex(call, call.tensor("index"));
  Value source = e.cast(call.tensor("source"), e.elementTypeOf(self));
  if (e.hasFault())
    return;
  if (accumulate)
    source = e.binary<graph::MulOp>(
        source, materialize(e, call.operand("alpha"), e.elementTypeOf(self)));
  if (e.rankOf(index) == 0)
    index = e.reshape(index, {e.sizeConstant(1)});
  TensorRef target = isInPlace ? call.ref("self") : call.aliases.fresh(self);
  call.aliases.writeIndexed(target, {index}, {dim}, source, accumulate);
  call.result(target);
}

void indexSelect(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self"), index = asIndex(call, call.tensor("index"));
  int64_t dim = call.dim("dim", e.rankOf(self));
  if (e.rankOf(index) == 0)
    index = e.reshape(index, {e.sizeConstant(1)});
  call.result(
      e.emit<graph::GatherOp>({self, index}, {e.named("dim", dim)}));
}

void embedding(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value weight = call.tensor("weight");
  Value indices = asIndex(call, call.tensor("indices"));
  call.result(e.emit<graph::GatherOp>({weight, indices},
                                      {e.named("dim", int64_t(0))}));
}

void gather(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self"), index = asIndex(call, call.tensor("index"));
  int64_t dim = call.dim("dim", e.rankOf(self));
  call.result(e.emit<graph::GatherElementsOp>({self, index},
                                              {e.named("dim", dim)}));
}

/// scatter: the element (i, j) of the source goes to (i, index[i, j]) for
/// dim 1. As an index_put whose other indices count up.
void scatter(OperatorCall &call, llvm::StringRef valueName, bool isInPlace,
             bool accumulate) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self"), index = asIndex(call, call.tensor("index"));
  int64_t rank = e.rankOf(self), dim = call.dim("dim", rank);
  Operand source = call.operand(valueName);
  if (e.hasFault())
    return;
  Value values = materialize(e, source, e.elementTypeOf(self));
  Dims extent = e.dimsOf(index);
  if (rank == 0 || static_cast<int64_t>(extent.size()) != rank)
    return call.failValue("scatter needs an index of the tensor's rank");
  if (source.tensor) {
    // The source may be larger than the index.
    Dims starts(rank, e.sizeConstant(0));
    llvm::SmallVector<int64_t> steps(rank, 1);
    values = e.slice(values, starts, extent, steps);
  }
  llvm::SmallVector<Value, 6> indices;
  llvm::SmallVector<int64_t, 6> dims;
  for (int64_t i = 0; i < rank; ++i) {
    dims.push_back(i);
    if (i == dim) {
      indices.push_back(index);
      continue;
    }
    Dims column(rank, e.sizeConstant(1));
    column[i] = extent[i];
    indices.push_back(
        e.reshape(e.iota(extent[i], e.elementTypeOf(index)), column));
  }
  TensorRef target = isInPlace ? call.ref("self") : call.aliases.fresh(self);
  call.aliases.writeIndexed(target, indices, dims, values, accumulate);
  call.result(target);
}

//===-- Writes of ranges ----------------------------------------------------===//

/// Replaces a slice of a fresh copy of self by `src`.
void replaceRange(OperatorCall &call, int64_t dim, ExprAttr start,
                  int64_t step, Value values) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self");
  if (e.hasFault())
    return;
  values = e.cast(values, e.elementTypeOf(self));
  Dims starts(e.rankOf(self), e.sizeConstant(0));
  llvm::SmallVector<int64_t, 6> steps(e.rankOf(self), 1);
  starts[dim] = start;
  steps[dim] = step;
  call.result(e.emit<graph::InsertSliceOp>(
      {self, values},
      {e.named("starts", llvm::ArrayRef<ExprAttr>(starts)),
       e.named("steps", llvm::ArrayRef<int64_t>(steps))}));
}

ExprAttr fromEnd(GraphEmitter &e, ExprAttr index, ExprAttr size) {
  return e.rangeOf(index).max < 0 ? e.checked(graph::makeAdd(index, size))
                                  : index;
}

void selectScatter(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self"), src = call.tensor("src");
  int64_t dim = call.dim("dim", e.rankOf(self));
  ExprAttr index = fromEnd(e, call.size("index"), e.dimOf(self, dim));
  Dims dims = e.dimsOf(src);
  if (e.hasFault())
    return;
  dims.insert(dims.begin() + dim, e.sizeConstant(1));
  replaceRange(call, dim, index, 1, e.reshape(src, dims));
}

void sliceScatter(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self"), src = call.tensor("src");
  int64_t dim = call.dim("dim", e.rankOf(self));
  ExprAttr start = e.sizeConstant(0);
  if (call.has("start")) {
    start = fromEnd(e, call.size("start"), e.dimOf(self, dim));
    start = e.larger(e.sizeConstant(0), e.smaller(start, e.dimOf(self, dim)));
  }
  replaceRange(call, dim, start, call.integer("step"), src);
}

/// Writes `value`, converted and broadcast, over self.
void overwrite(OperatorCall &call, const Operand &value) {
  GraphEmitter &e = call.emitter;
  Value self = call.tensor("self");
  if (e.hasFault())
    return;
  Value whole = materialize(e, value, e.elementTypeOf(self));
  if (e.rankOf(whole) == 0)
    whole = e.full(whole, e.dimsOf(self));
  else
    whole = e.broadcast(whole, e.dimsOf(self));
  call.aliases.write(call.ref("self"), whole);
  call.result(call.ref("self"));
}

void addWriteRows(RowTable &table) {
  table["aten.copy_.default"] = [](OperatorCall &call) {
    overwrite(call, call.operand("src"));
  };
  for (const char *name : {"aten.fill_.Scalar", "aten.fill_.Tensor"})
    table[name] = [](OperatorCall &call) {
      overwrite(call, call.operand("value"));
    };
  table["aten.zero_.default"] = [](OperatorCall &call) {
    overwrite(call, Operand());
  };
  // The functional form: src with the type and shape of self.
  table["aten.copy.default"] = [](OperatorCall &call) {
    GraphEmitter &e = call.emitter;
    Value self = call.tensor("self");
    Value source = e.cast(call.tensor("src"), e.elementTypeOf(self));
    call.result(e.broadcast(source, e.dimsOf(self)));
  };
}

} // namespace

void addIndexingRows(RowTable &table) {
  table["aten.index.Tensor"] = index;
  table["aten._unsafe_index.Tensor"] = index;
  table["aten.index_select.default"] = indexSelect;
  table["aten.embedding.default"] = embedding;
  table["aten.gather.default"] = gather;
  table["aten.select_scatter.default"] = selectScatter;
  table["aten.slice_scatter.default"] = sliceScatter;
  for (bool isInPlace : {false, true}) {
    std::string mark = isInPlace ? "_" : "";
    table["aten.index_put" + mark + ".default"] = [=](OperatorCall &call) {
      indexPut(call, isInPlace);
    };
    table["aten.index_copy" + mark + ".default"] = [=](OperatorCall &call) {
      indexCopy(call, isInPlace, false);
    };
    table["aten.index_add" + mark + ".default"] = [=](OperatorCall &call) {
      indexCopy(call, isInPlace, true);
    };
    table["aten.scatter" + mark + ".src"] = [=](OperatorCall &call) {
      scatter(call, "src", isInPlace, false);
    };
    table["aten.scatter" + mark + ".value"] = [=](OperatorCall &call) {
      scatter(call, "value", isInPlace, false);
    };
    table["aten.scatter_add" + mark + ".default"] = [=](OperatorCall &call) {
      scatter(call, "src", isInPlace, true);
    };
  }
  addWriteRows(table);
}

} // namespace lathe::pt2
