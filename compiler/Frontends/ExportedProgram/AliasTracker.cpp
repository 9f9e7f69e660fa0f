// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/AliasTracker.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using lathe::graph::ExprAttr;

namespace lathe::pt2 {

Storage &AliasTracker::add(Storage::Origin origin, llvm::StringRef name,
                           Value value) {
  Storage &storage = storages.emplace_back();
  storage.origin = origin;
  storage.name = name;
  storage.value = value;
  return storage;
}

static TensorRef wholeOf(Storage &storage) {
  TensorRef tensor;
  tensor.storage = &storage;
  tensor.cached = storage.value;
  return tensor;
}

TensorRef AliasTracker::fresh(Value value) {
  return wholeOf(add(Storage::Origin::Temporary, "", value));
}

TensorRef AliasTracker::input(Value value, llvm::StringRef name) {
  return wholeOf(add(Storage::Origin::Input, name, value));
}

TensorRef AliasTracker::weight(Value value, llvm::StringRef name) {
  return wholeOf(add(Storage::Origin::Weight, name, value));
}

static Value emitStateRead(GraphEmitter &emitter, llvm::StringRef symbol,
                           Type type) {
  return graph::StateReadOp::create(emitter.builder, emitter.location, type,
                                    symbol);
}

TensorRef AliasTracker::state(llvm::StringRef symbol, RankedTensorType type) {
  return wholeOf(add(Storage::Origin::State, symbol,
                     emitStateRead(emitter, symbol, type)));
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

Value AliasTracker::apply(const ViewStep &step, Value value) {
  switch (step.kind) {
  case ViewStep::Kind::Reshape:
    return emitter.reshape(value, step.dims);
  case ViewStep::Kind::Permute:
    return emitter.permute(value, step.permutation);
  case ViewStep::Kind::Slice:
    return emitter.slice(value, step.starts, step.dims, step.steps);
  case ViewStep::Kind::Broadcast:
    return emitter.broadcast(value, step.dims);
  }
  return {};
}

TensorRef AliasTracker::append(const TensorRef &base, ViewStep step) {
  // Very long chains lose their link instead of costing their square.
  TensorRef view =
      base.steps.size() < kViewStepsMax ? base : maybeCopied(base);
  Value before = read(view);
  step.before = emitter.dimsOf(before);
  view.cached = apply(step, before);
  step.dims = emitter.dimsOf(view.cached);
  if (view.cached != before)
    view.steps.push_back(std::move(step));
  return view;
}

TensorRef AliasTracker::reshape(const TensorRef &base,
                                llvm::ArrayRef<ExprAttr> dims) {
  ViewStep step;
  step.kind = ViewStep::Kind::Reshape;
  step.dims.assign(dims.begin(), dims.end());
  return append(base, std::move(step));
}

TensorRef AliasTracker::permute(const TensorRef &base,
                                llvm::ArrayRef<int64_t> permutation) {
  ViewStep step;
  step.kind = ViewStep::Kind::Permute;
  step.permutation.assign(permutation.begin(), permutation.end());
  return append(base, std::move(step));
}

TensorRef AliasTracker::slice(const TensorRef &base,
                              llvm::ArrayRef<ExprAttr> starts,
                              llvm::ArrayRef<ExprAttr> sizes,
                              llvm::ArrayRef<int64_t> steps) {
  ViewStep step;
  step.kind = ViewStep::Kind::Slice;
  step.starts.assign(starts.begin(), starts.end());
  step.dims.assign(sizes.begin(), sizes.end());
  step.steps.assign(steps.begin(), steps.end());
  return append(base, std::move(step));
}

TensorRef AliasTracker::broadcast(const TensorRef &base,
                                  llvm::ArrayRef<ExprAttr> dims) {
  ViewStep step;
  step.kind = ViewStep::Kind::Broadcast;
  step.dims.assign(dims.begin(), dims.end());
  return append(base, std::move(step));
}

TensorRef AliasTracker::maybeCopied(const TensorRef &view) {
  TensorRef source = view;
  TensorRef copy = fresh(read(source));
  copy.storage->related.push_back(view.storage);
  view.storage->related.push_back(copy.storage);
  return copy;
}

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

Value AliasTracker::readStorage(Storage &storage) {
  if (!storage.staleBecause.empty()) {
    emitter.fail(FaultCode::MutationUnsupported,
                 "a tensor is read that an earlier write may have changed",
                 storage.staleBecause,
                 "clone() the tensor before it is written in place");
    return {};
  }
  return storage.value;
}

Value AliasTracker::read(TensorRef &tensor) {
  if (!tensor.storage) {
    emitter.fail(FaultCode::OperatorUnsupported,
                 "a result is read that the importer does not compute");
    return {};
  }
  Value value = readStorage(*tensor.storage);
  if (!value || tensor.version == tensor.storage->version)
    return value ? tensor.cached : Value();
  for (const ViewStep &step : tensor.steps)
    value = apply(step, value);
  tensor.cached = value;
  tensor.version = tensor.storage->version;
  return value;
}

//===----------------------------------------------------------------------===//
// Writes
//===----------------------------------------------------------------------===//

bool AliasTracker::prepareWrite(TensorRef &tensor) {
  Storage &storage = *tensor.storage;
  if (storage.origin == Storage::Origin::Input) {
    emitter.fail(FaultCode::MutationUnsupported,
                 "the input '" + storage.name + "' is written in place",
                 "a compiled program never writes its inputs",
                 "clone() the input first, or return the new value");
    return false;
  }
  if (storage.origin == Storage::Origin::Weight) {
    emitter.fail(FaultCode::MutationUnsupported,
                 "the parameter or constant '" + storage.name +
                     "' is written in place",
                 "only buffers keep what is written",
                 "register it as a buffer, or clone() it first");
    return false;
  }
  llvm::SmallSetVector<Storage *, 4> reached;
  reached.insert(&storage);
  for (size_t i = 0; i < reached.size(); ++i)
    reached.insert_range(reached[i]->related);
  for (Storage *other : llvm::drop_begin(reached)) {
    if (other->origin != Storage::Origin::Temporary) {
      emitter.fail(FaultCode::MutationUnsupported,
                   "a write may or may not reach '" + other->name + "'",
                   "the tensor is a reshape() or contiguous() of it, which "
                   "copies only sometimes",
                   "clone() the tensor before it is written in place");
      return false;
    }
    other->staleBecause = "it may share its memory with a tensor that was "
                          "written in place (reshape() and contiguous() copy "
                          "only sometimes)";
  }
  return true;
}

void AliasTracker::setStorage(Storage &storage, Value value) {
  storage.value = value;
  storage.isWritten = true;
  ++storage.version;
}

Value AliasTracker::undo(const ViewStep &step, Value before, Value value) {
  switch (step.kind) {
  case ViewStep::Kind::Reshape:
    return emitter.reshape(value, step.before);
  case ViewStep::Kind::Permute: {
    llvm::SmallVector<int64_t, 6> inverse(step.permutation.size());
    for (auto [to, from] : llvm::enumerate(step.permutation))
      inverse[from] = to;
    return emitter.permute(value, inverse);
  }
  case ViewStep::Kind::Slice:
    return emitter.emit<graph::InsertSliceOp>(
        {before, value},
        {emitter.named("starts", llvm::ArrayRef<ExprAttr>(step.starts)),
         emitter.named("steps", llvm::ArrayRef<int64_t>(step.steps))});
  case ViewStep::Kind::Broadcast:
    emitter.fail(FaultCode::MutationUnsupported,
                 "an expanded tensor is written in place",
                 "one element would be written several times",
                 "clone() it first");
    return {};
  }
  return {};
}

/// A write through a slice of one dimension of a state (and reshapes or
/// permutations of it) updates just that range, in place.
bool AliasTracker::writeSlicedState(TensorRef &tensor, Value value) {
  if (tensor.steps.empty() ||
      tensor.steps.front().kind != ViewStep::Kind::Slice)
    return false;
  const ViewStep &slice = tensor.steps.front();
  int64_t sliced = -1;
  for (size_t i = 0; i < slice.dims.size(); ++i) {
    if (slice.dims[i] == slice.before[i] && slice.steps[i] == 1)
      continue;
    if (sliced >= 0)
      return false;
    sliced = static_cast<int64_t>(i);
  }
  for (const ViewStep &step : llvm::drop_begin(tensor.steps))
    if (step.kind != ViewStep::Kind::Reshape &&
        step.kind != ViewStep::Kind::Permute)
      return false;
  for (size_t i = tensor.steps.size(); i-- > 1;)
    value = undo(tensor.steps[i], {}, value);
  if (sliced < 0)
    return false;
  Type i64 = emitter.builder.getI64Type();
  std::optional<int64_t> start = slice.starts[sliced].getConstant();
  Value index = emitter.iota(slice.dims[sliced], i64, start.value_or(0),
                             slice.steps[sliced]);
  if (!start)
    index = emitter.binary<graph::AddOp>(
        index, emitter.sizeValue(slice.starts[sliced], i64));
  if (!index || !value)
    return true; // A fault is recorded.
  graph::StateUpdateOp::create(emitter.builder, emitter.location,
                               tensor.storage->name, ValueRange{index}, value,
                               llvm::ArrayRef<int64_t>{sliced});
  setStorage(*tensor.storage,
             emitStateRead(emitter, tensor.storage->name,
                           tensor.storage->value.getType()));
  return true;
}

void AliasTracker::write(TensorRef &tensor, Value value) {
  Value old = read(tensor);
  if (!old || !value || !prepareWrite(tensor))
    return;
  if (!graph::areCompatible(old.getType(), value.getType())) {
    emitter.fail(FaultCode::ShapeContradiction,
                 "a write in place changes the tensor's type");
    return;
  }
  Storage &storage = *tensor.storage;
  bool isState = storage.origin == Storage::Origin::State;
  if (isState && writeSlicedState(tensor, value)) {
    read(tensor);
    return;
  }
  llvm::SmallVector<Value, 4> chain{storage.value};
  for (const ViewStep &step : llvm::ArrayRef(tensor.steps))
    chain.push_back(apply(step, chain.back()));
  Value whole = value;
  for (size_t i = tensor.steps.size(); i-- > 0;)
    whole = undo(tensor.steps[i], chain[i], whole);
  if (!whole)
    return;
  if (isState)
    graph::StateWriteOp::create(emitter.builder, emitter.location,
                                storage.name, whole);
  setStorage(storage, whole);
  tensor.cached = value;
  tensor.version = storage.version;
}

void AliasTracker::writeIndexed(TensorRef &tensor,
                                llvm::ArrayRef<Value> indices,
                                llvm::ArrayRef<int64_t> dims, Value values,
                                bool accumulate) {
  Value old = read(tensor);
  if (!old || emitter.hasFault())
    return;
  Storage &storage = *tensor.storage;
  bool isWholeState = storage.origin == Storage::Origin::State &&
                      tensor.steps.empty() && !accumulate;
  llvm::SmallVector<Value, 4> operands{old, values};
  operands.append(indices.begin(), indices.end());
  llvm::SmallVector<NamedAttribute, 2> attributes{emitter.named("dims", dims)};
  if (accumulate)
    attributes.push_back(
        emitter.named("accumulate", emitter.builder.getUnitAttr()));
  // For a state this operator only checks the shapes and is then dropped.
  Operation *put = emitter.emitOp<graph::IndexPutOp>(operands, attributes);
  if (!put)
    return;
  if (!isWholeState)
    return write(tensor, put->getResult(0));
  put->erase();
  if (!prepareWrite(tensor))
    return;
  graph::StateUpdateOp::create(emitter.builder, emitter.location, storage.name,
                               indices, values, dims);
  setStorage(storage,
             emitStateRead(emitter, storage.name, old.getType()));
  read(tensor);
}

} // namespace lathe::pt2
