// SPDX-License-Identifier: Apache-2.0
// Importer rows of operators that only rearrange: views (which stay connected
// to the tensor that they view), joins and paddings.
#include "compiler/Frontends/ExportedProgram/OperatorCall.h"

using namespace mlir;
using lathe::graph::ExprAttr;

namespace lathe::pt2 {
namespace {

using Permutation = llvm::SmallVector<int64_t, 6>;

/// A view of a whole tensor that can be narrowed along one dimension.
struct Window {
  Dims starts, sizes;
  llvm::SmallVector<int64_t, 6> steps;
};

Window wholeWindow(GraphEmitter &e, const Dims &dims) {
  Window window;
  window.starts.assign(dims.size(), e.sizeConstant(0));
  window.sizes = dims;
  window.steps.assign(dims.size(), 1);
  return window;
}

TensorRef viewWindow(OperatorCall &call, const TensorRef &base,
                     const Window &window) {
  return call.aliases.slice(base, window.starts, window.sizes, window.steps);
}

/// Elements [start, start + size) along `dim`.
TensorRef range(OperatorCall &call, const TensorRef &base, int64_t dim,
                ExprAttr start, ExprAttr size) {
  TensorRef tensor = base;
  Window window =
      wholeWindow(call.emitter, call.emitter.dimsOf(call.aliases.read(tensor)));
  if (call.emitter.hasFault() || dim >= static_cast<int64_t>(window.sizes.size()))
    return base;
  window.starts[dim] = start;
  window.sizes[dim] = size;
  return viewWindow(call, base, window);
}

TensorRef withoutDim(OperatorCall &call, const TensorRef &base, int64_t dim) {
  TensorRef tensor = base;
  Dims dims = call.emitter.dimsOf(call.aliases.read(tensor));
  if (call.emitter.hasFault() || dim >= static_cast<int64_t>(dims.size()))
    return base;
  dims.erase(dims.begin() + dim);
  return call.aliases.reshape(base, dims);
}

//===-- Reshapes ------------------------------------------------------------===//

/// Replaces a -1 in `dims` by what is left of `from`.
void solveMissingSize(OperatorCall &call, const Dims &from, Dims &dims) {
  GraphEmitter &e = call.emitter;
  Dims known;
  ExprAttr *missing = nullptr;
  for (ExprAttr &dim : dims) {
    if (!dim.isConstant(-1)) {
      known.push_back(dim);
      continue;
    }
    if (missing)
      return call.failValue("two sizes of a reshape are -1");
    missing = &dim;
  }
  if (!missing)
    return;
  ExprAttr total = e.checked(graph::makeProduct(e.context(), from));
  ExprAttr part = e.checked(graph::makeProduct(e.context(), known));
  *missing = part.isConstant(0) ? ExprAttr()
                                : graph::divideExactly(total, part);
  if (!*missing) {
    *missing = e.sizeConstant(1);
    call.fail(FaultCode::ShapeContradiction,
              "a reshape's size of -1 cannot be solved",
              graph::toString(part) + " does not divide " +
                  graph::toString(total));
  }
}

TensorRef reshapeTo(OperatorCall &call, Dims dims) {
  TensorRef &self = call.ref("self");
  Value input = call.tensor("self");
  if (!input)
    return {};
  solveMissingSize(call, call.emitter.dimsOf(input), dims);
  return call.aliases.reshape(self, dims);
}

void view(OperatorCall &call) {
  call.result(reshapeTo(call, call.sizes("size")));
}

/// reshape copies where no view is possible, which depends on strides.
void reshape(OperatorCall &call) {
  TensorRef viewed = reshapeTo(call, call.sizes("shape"));
  call.result(viewed.storage ? call.aliases.maybeCopied(viewed) : viewed);
}

void flatten(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  Dims dims = e.dimsOf(input), result;
  int64_t rank = dims.size();
  int64_t first = call.dim("start_dim", rank), last = call.dim("end_dim", rank);
  if (e.hasFault())
    return;
  if (first > last)
    return call.failValue("flatten ends before it starts");
  result.append(dims.begin(), dims.begin() + std::min(first, rank));
  result.push_back(e.checked(graph::makeProduct(
      e.context(),
      llvm::ArrayRef<ExprAttr>(dims).slice(first, rank ? last - first + 1 : 0))));
  result.append(dims.begin() + std::min(last + 1, rank), dims.end());
  // A flatten of one dimension is the tensor itself; others may copy.
  TensorRef viewed = call.aliases.reshape(call.ref("self"), result);
  call.result(viewed.storage ? call.aliases.maybeCopied(viewed) : viewed);
}

void unflatten(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Dims dims = e.dimsOf(call.tensor("self"));
  int64_t dim = call.dim("dim", dims.size());
  Dims parts = call.sizes("sizes");
  if (e.hasFault() || dims.empty())
    return;
  solveMissingSize(call, {dims[dim]}, parts);
  Dims result(dims.begin(), dims.begin() + dim);
  result.append(parts);
  result.append(dims.begin() + dim + 1, dims.end());
  call.result(call.aliases.reshape(call.ref("self"), result));
}

void squeezeDims(OperatorCall &call, llvm::ArrayRef<int64_t> wanted) {
  Dims dims = call.emitter.dimsOf(call.tensor("self")), result;
  for (auto [index, dim] : llvm::enumerate(dims))
    if (!llvm::is_contained(wanted, static_cast<int64_t>(index)) ||
        !dim.isConstant(1))
      result.push_back(dim);
  call.result(call.aliases.reshape(call.ref("self"), result));
}

void squeeze(OperatorCall &call) {
  int64_t rank = call.emitter.rankOf(call.tensor("self"));
  llvm::SmallVector<int64_t, 6> wanted;
  for (int64_t dim : call.integers("dim"))
    wanted.push_back(call.emitter.normalizeDim(dim, rank));
  if (!call.has("dim"))
    for (int64_t dim = 0; dim < rank; ++dim)
      wanted.push_back(dim);
  squeezeDims(call, wanted);
}

void unsqueeze(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Dims dims = e.dimsOf(call.tensor("self"));
  int64_t dim = call.dim("dim", dims.size() + 1);
  if (e.hasFault())
    return;
  dims.insert(dims.begin() + dim, e.sizeConstant(1));
  call.result(call.aliases.reshape(call.ref("self"), dims));
}

//===-- Permutations --------------------------------------------------------===//

Permutation identity(int64_t rank) {
  Permutation permutation(rank);
  for (int64_t i = 0; i < rank; ++i)
    permutation[i] = i;
  return permutation;
}

void swapDims(OperatorCall &call, int64_t first, int64_t second) {
  int64_t rank = call.emitter.rankOf(call.tensor("self"));
  Permutation permutation = identity(rank);
  if (call.emitter.hasFault())
    return;
  if (rank > 0)
    std::swap(permutation[first], permutation[second]);
  call.result(call.aliases.permute(call.ref("self"), permutation));
}

void transpose(OperatorCall &call, llvm::StringRef first,
               llvm::StringRef second) {
  int64_t rank = call.emitter.rankOf(call.tensor("self"));
  int64_t a = call.dim(first, rank), b = call.dim(second, rank);
  swapDims(call, a, b);
}

void matrixTranspose(OperatorCall &call) {
  int64_t rank = call.emitter.rankOf(call.tensor("self"));
  if (rank < 2)
    return call.result(call.ref("self"));
  swapDims(call, rank - 2, rank - 1);
}

void permute(OperatorCall &call) {
  int64_t rank = call.emitter.rankOf(call.tensor("self"));
  Permutation permutation;
  for (int64_t dim : call.integers("dims"))
    permutation.push_back(call.emitter.normalizeDim(dim, rank));
  call.result(call.aliases.permute(call.ref("self"), permutation));
}

void moveDim(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  int64_t rank = e.rankOf(call.tensor("self"));
  llvm::SmallVector<int64_t, 6> from, to;
  for (int64_t dim : call.integers("source"))
    from.push_back(e.normalizeDim(dim, rank));
  for (int64_t dim : call.integers("destination"))
    to.push_back(e.normalizeDim(dim, rank));
  if (e.hasFault())
    return;
  if (from.size() != to.size())
    return call.failValue("movedim needs as many sources as destinations");
  Permutation permutation(rank, -1);
  for (auto [source, destination] : llvm::zip(from, to))
    permutation[destination] = source;
  int64_t next = 0;
  for (int64_t &slot : permutation) {
    if (slot >= 0)
      continue;
    while (llvm::is_contained(from, next))
      ++next;
    slot = next++;
  }
  call.result(call.aliases.permute(call.ref("self"), permutation));
}

//===-- Slices --------------------------------------------------------------===//

/// PyTorch's clamp of a slice bound: from the end if negative, then [0, size].
ExprAttr sliceBound(OperatorCall &call, llvm::StringRef name, ExprAttr size,
                    ExprAttr otherwise) {
  GraphEmitter &e = call.emitter;
  if (!call.has(name))
    return otherwise;
  ExprAttr bound = call.size(name);
  ExprAttr zero = e.sizeConstant(0);
  if (bound.getConstant() && *bound.getConstant() >= INT64_MAX / 2)
    return size;
  graph::SizeRange range = e.rangeOf(bound);
  if (range.max < 0)
    bound = e.checked(graph::makeAdd(bound, size));
  else if (range.min < 0)
    call.failForm("the slice bound '" + name + "' may be negative or not");
  return e.larger(zero, e.smaller(bound, size));
}

void slice(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Dims dims = e.dimsOf(call.tensor("self"));
  int64_t dim = call.dim("dim", dims.size()), step = call.integer("step");
  if (e.hasFault() || dims.empty())
    return;
  if (step < 1)
    return call.failValue("a slice's step must be positive");
  ExprAttr start = sliceBound(call, "start", dims[dim], e.sizeConstant(0));
  ExprAttr end = sliceBound(call, "end", dims[dim], dims[dim]);
  ExprAttr length = e.checked(graph::makeSub(end, start));
  length = e.larger(e.sizeConstant(0), length);
  Window window = wholeWindow(e, dims);
  window.starts[dim] = start;
  window.sizes[dim] =
      e.checked(graph::makeCeilDiv(length, e.sizeConstant(step)));
  window.steps[dim] = step;
  call.result(viewWindow(call, call.ref("self"), window));
}

void select(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Dims dims = e.dimsOf(call.tensor("self"));
  int64_t dim = call.dim("dim", dims.size());
  ExprAttr index = call.size("index");
  if (e.hasFault() || dims.empty())
    return;
  if (e.rangeOf(index).max < 0)
    index = e.checked(graph::makeAdd(index, dims[dim]));
  TensorRef one =
      range(call, call.ref("self"), dim, index, e.sizeConstant(1));
  call.result(withoutDim(call, one, dim));
}

void narrow(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  int64_t dim = call.dim("dim", e.rankOf(call.tensor("self")));
  ExprAttr start = call.size("start");
  if (e.rangeOf(start).max < 0)
    start = e.checked(
        graph::makeAdd(start, e.dimOf(call.tensor("self"), dim)));
  call.result(range(call, call.ref("self"), dim, start, call.size("length")));
}

void splitSizes(OperatorCall &call, llvm::StringRef name) {
  GraphEmitter &e = call.emitter;
  int64_t dim = call.dim("dim", e.rankOf(call.tensor("self")));
  ExprAttr start = e.sizeConstant(0);
  for (ExprAttr size : call.sizes(name)) {
    call.result(range(call, call.ref("self"), dim, start, size));
    start = e.checked(graph::makeAdd(start, size));
  }
}

/// How many tensors the node has as results.
size_t resultCount(const Node &node) {
  size_t count = 0;
  for (const Argument &output : node.outputs)
    count += output.kind == Argument::Kind::List ? output.items.size() : 1;
  return count;
}

/// Pieces of `piece` elements; the last one may be smaller.
void splitEvenly(OperatorCall &call, int64_t dim, ExprAttr piece) {
  GraphEmitter &e = call.emitter;
  ExprAttr total = e.dimOf(call.tensor("self"), dim);
  size_t count = resultCount(call.node);
  ExprAttr start = e.sizeConstant(0);
  for (size_t i = 0; i < count && !e.hasFault(); ++i) {
    bool isLast = i + 1 == count;
    ExprAttr size = isLast ? e.checked(graph::makeSub(total, start)) : piece;
    call.result(range(call, call.ref("self"), dim, start, size));
    start = e.checked(graph::makeAdd(start, size));
  }
}

void split(OperatorCall &call) {
  int64_t dim = call.dim("dim", call.emitter.rankOf(call.tensor("self")));
  splitEvenly(call, dim, call.size("split_size"));
}

void chunk(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  int64_t dim = call.dim("dim", e.rankOf(input));
  ExprAttr piece = graph::makeCeilDiv(e.dimOf(input, dim),
                                      e.sizeConstant(call.integer("chunks")));
  splitEvenly(call, dim, e.checked(piece));
}

void unbind(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  int64_t dim = call.dim("dim", e.rankOf(call.tensor("self")));
  size_t count = resultCount(call.node);
  if (!e.hasFault() &&
      !e.dimOf(call.tensor("self"), dim).isConstant(count))
    return call.fail(FaultCode::ShapeContradiction,
                     "unbind has another number of results than elements");
  for (size_t i = 0; i < count && !e.hasFault(); ++i) {
    TensorRef one = range(call, call.ref("self"), dim, e.sizeConstant(i),
                          e.sizeConstant(1));
    call.result(withoutDim(call, one, dim));
  }
}

//===-- Broadcasts ----------------------------------------------------------===//

void expandTo(OperatorCall &call, Dims dims) {
  GraphEmitter &e = call.emitter;
  Dims from = e.dimsOf(call.tensor("self"));
  if (e.hasFault())
    return;
  if (dims.size() < from.size())
    return call.failValue("expand must not lower the rank");
  size_t added = dims.size() - from.size();
  for (auto [index, dim] : llvm::enumerate(dims))
    if (dim.isConstant(-1) && index >= added)
      dim = from[index - added];
  call.result(call.aliases.broadcast(call.ref("self"), dims));
}

void repeat(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  Dims counts = call.sizes("repeats"), dims = e.dimsOf(input);
  if (e.hasFault())
    return;
  if (counts.size() < dims.size())
    return call.failValue("repeat needs a count for each dimension");
  dims.insert(dims.begin(), counts.size() - dims.size(), e.sizeConstant(1));
  // [a, b] repeated [m, n] is [1, a, 1, b] broadcast to [m, a, n, b].
  Dims single, many, result;
  for (auto [count, dim] : llvm::zip(counts, dims)) {
    if (!count.isConstant(1)) {
      single.push_back(e.sizeConstant(1));
      many.push_back(count);
    }
    single.push_back(dim);
    many.push_back(dim);
    result.push_back(e.checked(graph::makeMul(count, dim)));
  }
  Value wide = e.broadcast(e.reshape(input, single), many);
  call.result(e.reshape(wide, result));
}

/// Each element `repeats` times in a row along `dim`.
void repeatInterleave(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  ExprAttr repeats = call.size("repeats");
  if (!call.has("dim"))
    input = e.reshape(input, {e.checked(graph::makeProduct(
                                 e.context(), e.dimsOf(input)))});
  int64_t dim =
      call.has("dim") ? call.dim("dim", e.rankOf(input)) : 0;
  Dims dims = e.dimsOf(input);
  if (e.hasFault() || dims.empty())
    return;
  Dims result = dims;
  result[dim] = e.checked(graph::makeMul(dims[dim], repeats));
  dims.insert(dims.begin() + dim + 1, e.sizeConstant(1));
  Value single = e.reshape(input, dims);
  dims[dim + 1] = repeats;
  call.result(e.reshape(e.broadcast(single, dims), result));
}

//===-- Joins, flips, paddings ----------------------------------------------===//

Value emitConcat(OperatorCall &call, llvm::ArrayRef<Value> inputs,
                 int64_t dim) {
  if (inputs.size() == 1)
    return inputs.front();
  return call.emitter.emit<graph::ConcatOp>(
      inputs, {call.emitter.named("dim", dim)});
}

void concat(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  llvm::SmallVector<Operand, 4> operands;
  llvm::SmallVector<Value, 4> inputs;
  for (Value input : call.tensors("tensors")) {
    // Legacy of PyTorch: empty rank-1 tensors are skipped.
    bool isSkipped = e.rankOf(input) == 1 && e.dimsOf(input)[0].isConstant(0);
    Operand operand;
    operand.tensor = input;
    operands.push_back(operand);
    if (!isSkipped)
      inputs.push_back(input);
  }
  if (e.hasFault())
    return;
  if (inputs.empty())
    return call.failValue("nothing is joined");
  Type type = promote(e, operands);
  for (Value &input : inputs)
    input = e.cast(input, type);
  int64_t dim = call.dim("dim", e.rankOf(inputs.front()));
  call.result(emitConcat(call, inputs, dim));
}

void stack(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  llvm::SmallVector<Value, 4> inputs = call.tensors("tensors");
  if (e.hasFault() || inputs.empty())
    return call.failValue("nothing is stacked");
  int64_t dim = call.dim("dim", e.rankOf(inputs.front()) + 1);
  for (Value &input : inputs) {
    Dims dims = e.dimsOf(input);
    if (e.hasFault() || dim > static_cast<int64_t>(dims.size()))
      return;
    dims.insert(dims.begin() + dim, e.sizeConstant(1));
    input = e.reshape(input, dims);
  }
  call.result(emitConcat(call, inputs, dim));
}

void flip(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  Window window = wholeWindow(e, e.dimsOf(input));
  for (int64_t dim : call.integers("dims")) {
    dim = e.normalizeDim(dim, window.sizes.size());
    if (e.hasFault() || window.sizes.empty())
      return;
    window.starts[dim] =
        e.checked(graph::makeSub(window.sizes[dim], e.sizeConstant(1)));
    window.steps[dim] = -1;
  }
  call.result(e.slice(input, window.starts, window.sizes, window.steps));
}

/// Along each dimension: the last `shift` elements come first.
void roll(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  auto dims = call.integers("dims"), shifts = call.integers("shifts");
  Dims whole = e.dimsOf(input);
  if (dims.empty() && shifts.size() == 1 && !e.hasFault()) {
    input = e.reshape(
        input, {e.checked(graph::makeProduct(e.context(), whole))});
    dims.push_back(0);
  }
  if (dims.size() != shifts.size())
    return call.failValue("roll needs a shift for each dimension");
  for (auto [dim, shift] : llvm::zip(dims, shifts)) {
    dim = e.normalizeDim(dim, e.rankOf(input));
    Window head = wholeWindow(e, e.dimsOf(input));
    if (e.hasFault() || head.sizes.empty())
      return;
    ExprAttr size = head.sizes[dim];
    // Of an empty dimension nothing moves, and nothing divides by its size.
    ExprAttr divisor = e.checked(graph::makeMax(size, e.sizeConstant(1)));
    ExprAttr moved = e.checked(graph::makeMod(e.sizeConstant(shift), divisor));
    ExprAttr kept = e.checked(graph::makeSub(size, moved));
    Window tail = head;
    tail.starts[dim] = kept;
    tail.sizes[dim] = moved;
    head.sizes[dim] = kept;
    input = emitConcat(
        call,
        {e.slice(input, tail.starts, tail.sizes, tail.steps),
         e.slice(input, head.starts, head.sizes, head.steps)},
        dim);
  }
  call.result(e.reshape(input, whole));
}

/// Torch crops each side of the input, before it adds to the other: whether
/// there is enough of it at all sizes. A fault where not.
bool cropsLeaveSize(GraphEmitter &e, Value input, llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high) {
  for (size_t dim = 0; dim < low.size(); ++dim) {
    int64_t crop = -(std::min<int64_t>(low[dim], 0) + std::min<int64_t>(high[dim], 0));
    int64_t least = e.rangeOf(e.dimOf(input, dim)).min;
    if (crop == 0 || least >= crop)
      continue;
    e.fail(FaultCode::ArgumentValue,
           "negative padding crops " + llvm::Twine(crop) + " elements of dimension " +
               llvm::Twine(dim) + ", which may have only " + llvm::Twine(least),
           "torch refuses that when it runs the model",
           "crop less, or bound the size from below: --dim NAME=lo..hi");
    return false;
  }
  return true;
}

/// `margins` is ATen's list: (low, high) of the last dimension first.
void emitPad(OperatorCall &call, graph::PadMode mode,
             llvm::ArrayRef<int64_t> margins, double value) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  int64_t rank = e.rankOf(input);
  if (e.hasFault())
    return;
  if (margins.size() % 2 || static_cast<int64_t>(margins.size()) > 2 * rank)
    return call.failValue("a padding needs two margins for each dimension");
  llvm::SmallVector<int64_t, 6> low(rank, 0), high(rank, 0);
  for (size_t i = 0; i < margins.size() / 2; ++i) {
    low[rank - 1 - i] = margins[2 * i];
    high[rank - 1 - i] = margins[2 * i + 1];
  }
  llvm::SmallVector<NamedAttribute, 4> attributes{
      e.named("low", low), e.named("high", high),
      e.named("mode", graph::PadModeAttr::get(e.context(), mode))};
  if (mode == graph::PadMode::Constant) {
    if (!cropsLeaveSize(e, input, low, high))
      return;
    Type type = e.elementTypeOf(input);
    Attribute fill;
    if (auto floatType = llvm::dyn_cast<FloatType>(type))
      fill = FloatAttr::get(floatType, value);
    else
      fill = IntegerAttr::get(type, llvm::APInt(64, static_cast<int64_t>(value), true)
                                        .trunc(type.getIntOrFloatBitWidth()));
    attributes.push_back(e.named("value", fill));
  }
  call.result(e.emit<graph::PadOp>({input}, attributes));
}

void pad(OperatorCall &call) {
  llvm::StringRef mode = call.string("mode");
  auto margins = call.integers("pad");
  if (mode == "constant" || mode.empty())
    return emitPad(call, graph::PadMode::Constant, margins,
                   call.has("value") ? call.real("value") : 0);
  if (mode == "reflect")
    return emitPad(call, graph::PadMode::Reflect, margins, 0);
  if (mode == "replicate")
    return emitPad(call, graph::PadMode::Replicate, margins, 0);
  if (mode == "circular")
    return emitPad(call, graph::PadMode::Circular, margins, 0);
  call.failForm("the padding mode '" + mode + "' is not supported");
}

/// Exchanges factors of the channels and of the image: [.., c*r*r, h, w] and
/// [.., c, h*r, w*r].
void pixelShuffle(OperatorCall &call, bool isInverse) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  Dims dims = e.dimsOf(input);
  int64_t factor = call.integer(isInverse ? "downscale_factor"
                                          : "upscale_factor");
  size_t lead = dims.size() < 3 ? 0 : dims.size() - 3;
  if (e.hasFault() || dims.size() < 3 || factor < 1)
    return call.failValue("pixel shuffle needs rank 3 and a positive factor");
  auto scaled = [&](ExprAttr size, bool isDivided) {
    ExprAttr f = e.sizeConstant(factor);
    return e.checked(isDivided ? graph::divideExactly(size, f)
                               : graph::makeMul(size, f));
  };
  ExprAttr f = e.sizeConstant(factor);
  Dims split(dims.begin(), dims.begin() + lead), joined = split;
  Permutation permutation = identity(lead);
  int64_t at = static_cast<int64_t>(lead);
  if (isInverse) {
    ExprAttr height = scaled(dims[lead + 1], true);
    ExprAttr width = scaled(dims[lead + 2], true);
    split.append({dims[lead], height, f, width, f});
    permutation.append({at, at + 2, at + 4, at + 1, at + 3});
    joined.append({scaled(scaled(dims[lead], false), false), height, width});
  } else {
    ExprAttr channels = scaled(scaled(dims[lead], true), true);
    split.append({channels, f, f, dims[lead + 1], dims[lead + 2]});
    permutation.append({at, at + 3, at + 1, at + 4, at + 2});
    joined.append({channels, scaled(dims[lead + 1], false),
                   scaled(dims[lead + 2], false)});
  }
  call.result(
      e.reshape(e.permute(e.reshape(input, split), permutation), joined));
}

//===-- Identities and conversions ------------------------------------------===//

void alias(OperatorCall &call, llvm::StringRef name) {
  call.tensor(name);
  call.result(call.ref(name));
}

void copyOf(OperatorCall &call, llvm::StringRef name) {
  call.result(call.tensor(name));
}

void contiguous(OperatorCall &call) {
  call.tensor("self");
  if (!call.emitter.hasFault())
    call.result(call.aliases.maybeCopied(call.ref("self")));
}

/// to.*: the tensor itself where nothing changes, else a copy.
void convert(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  Type type = call.elementType("dtype", e.elementTypeOf(input));
  if (call.argument("other").kind == Argument::Kind::Tensor)
    type = e.elementTypeOf(call.tensor("other"));
  if (e.hasFault())
    return;
  if (type == e.elementTypeOf(input) && !call.flag("copy"))
    return call.result(call.ref("self"));
  call.result(e.cast(input, type));
}

void dropout(OperatorCall &call, llvm::StringRef given) {
  bool isTraining = call.flag("train");
  if (isTraining && call.real("p") != 0)
    return call.failForm("dropout is in training mode", kEvaluationRemedy);
  alias(call, given);
}

/// Assertions on types and sizes hold by construction or are checked when the
/// shapes are compared.
void nothing(OperatorCall &) {}

void addReshapeRows(RowTable &table) {
  table["aten.view.default"] = view;
  table["aten._unsafe_view.default"] = view;
  table["aten.reshape.default"] = reshape;
  table["aten.flatten.using_ints"] = flatten;
  table["aten.unflatten.int"] = unflatten;
  for (const char *name :
       {"aten.squeeze.default", "aten.squeeze.dim", "aten.squeeze.dims"})
    table[name] = squeeze;
  table["aten.unsqueeze.default"] = unsqueeze;
  auto like = [](OperatorCall &call) {
    call.result(reshapeTo(call, call.emitter.dimsOf(call.tensor("other"))));
  };
  table["aten.view_as.default"] = like;
  table["aten.reshape_as.default"] = like;
  table["aten.ravel.default"] = [](OperatorCall &call) {
    call.result(reshapeTo(call, {call.emitter.sizeConstant(-1)}));
  };
  table["aten.transpose.int"] = [](OperatorCall &call) {
    transpose(call, "dim0", "dim1");
  };
  table["aten.swapaxes.default"] = [](OperatorCall &call) {
    transpose(call, "axis0", "axis1");
  };
  table["aten.swapdims.default"] = [](OperatorCall &call) {
    transpose(call, "dim0", "dim1");
  };
  table["aten.t.default"] = matrixTranspose;
  table["aten.mT.default"] = matrixTranspose;
  table["aten.permute.default"] = permute;
  table["aten.movedim.int"] = moveDim;
  table["aten.movedim.intlist"] = moveDim;
}

void addSliceRows(RowTable &table) {
  table["aten.slice.Tensor"] = slice;
  table["aten.select.int"] = select;
  table["aten.narrow.default"] = narrow;
  table["aten.split.Tensor"] = split;
  table["aten.split.sizes"] = [](OperatorCall &call) {
    splitSizes(call, "split_size");
  };
  table["aten.split_with_sizes.default"] = [](OperatorCall &call) {
    splitSizes(call, "split_sizes");
  };
  table["aten.chunk.default"] = chunk;
  table["aten.unbind.int"] = unbind;
  table["aten.expand.default"] = [](OperatorCall &call) {
    expandTo(call, call.sizes("size"));
  };
  table["aten.broadcast_to.default"] = table["aten.expand.default"];
  table["aten.expand_as.default"] = [](OperatorCall &call) {
    expandTo(call, call.emitter.dimsOf(call.tensor("other")));
  };
  table["aten.repeat.default"] = repeat;
  table["aten.repeat_interleave.self_int"] = repeatInterleave;
}

void addJoinRows(RowTable &table) {
  table["aten.cat.default"] = concat;
  table["aten.concat.default"] = concat;
  table["aten.concatenate.default"] = concat;
  table["aten.stack.default"] = stack;
  table["aten.flip.default"] = flip;
  table["aten.roll.default"] = roll;
  table["aten.pad.default"] = pad;
  table["aten.constant_pad_nd.default"] = [](OperatorCall &call) {
    emitPad(call, graph::PadMode::Constant, call.integers("pad"),
            call.real("value"));
  };
  for (const char *rank : {"1d", "2d", "3d"}) {
    table["aten.reflection_pad" + std::string(rank) + ".default"] =
        [](OperatorCall &call) {
          emitPad(call, graph::PadMode::Reflect, call.integers("padding"), 0);
        };
    table["aten.replication_pad" + std::string(rank) + ".default"] =
        [](OperatorCall &call) {
          emitPad(call, graph::PadMode::Replicate, call.integers("padding"), 0);
        };
  }
  table["aten.pixel_shuffle.default"] = [](OperatorCall &call) {
    pixelShuffle(call, false);
  };
  table["aten.pixel_unshuffle.default"] = [](OperatorCall &call) {
    pixelShuffle(call, true);
  };
}

void addIdentityRows(RowTable &table) {
  for (const char *name :
       {"aten.alias.default", "aten.detach.default", "aten.detach_.default",
        "aten.lift_fresh.default", "aten.resolve_conj.default",
        "aten.resolve_neg.default", "aten.conj.default"})
    table[name] = [](OperatorCall &call) { alias(call, "self"); };
  for (const char *name :
       {"aten.clone.default", "aten.lift_fresh_copy.default",
        "aten.alias_copy.default", "aten.detach_copy.default"})
    table[name] = [](OperatorCall &call) { copyOf(call, "self"); };
  table["aten.contiguous.default"] = contiguous;
  for (const char *name :
       {"aten.to.dtype", "aten.to.dtype_layout", "aten.to.device",
        "aten.to.other", "aten.type_as.default"})
    table[name] = convert;
  table["aten._to_copy.default"] = [](OperatorCall &call) {
    Value input = call.tensor("self");
    call.result(call.emitter.cast(
        input, call.elementType("dtype",
                                call.emitter.elementTypeOf(input))));
  };
  for (llvm::StringRef name : {"dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout"}) {
    // The schemas differ in the name of their first argument.
    table[("aten." + name + ".default").str()] = [](OperatorCall &call) { dropout(call, "input"); };
    table[("aten." + name + "_.default").str()] = [](OperatorCall &call) { dropout(call, "self"); };
  }
  for (const char *name :
       {"aten._assert_tensor_metadata.default", "aten._assert_async.msg",
        "aten._assert_async.default", "aten._assert_scalar.default",
        "aten.sym_constrain_range.default",
        "aten.sym_constrain_range_for_size.default"})
    table[name] = nothing;
}

} // namespace

void addViewRows(RowTable &table) {
  addReshapeRows(table);
  addSliceRows(table);
  addJoinRows(table);
  addIdentityRows(table);
}

} // namespace lathe::pt2
