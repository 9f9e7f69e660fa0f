// SPDX-License-Identifier: Apache-2.0
// Importer rows of reductions and scans.
#include "compiler/Frontends/ExportedProgram/OperatorCall.h"

using namespace mlir;
using lathe::graph::ExprAttr;
using lathe::graph::ReduceKind;

namespace lathe::pt2 {
namespace {

/// Most repetitions of diff; each is an operator of its own.
constexpr int64_t kDifferencesMax = 64;

bool keepDim(OperatorCall &call) {
  return call.argument("keepdim").kind == Argument::Kind::Bool &&
         call.flag("keepdim");
}

/// Sums of booleans and integers are int64, unless the call names a type.
Type sumType(OperatorCall &call, Value input) {
  GraphEmitter &e = call.emitter;
  Type type = e.elementTypeOf(input);
  if (input && !llvm::isa<FloatType>(type))
    type = e.builder.getI64Type();
  return call.elementType("dtype", type);
}

void sumLike(OperatorCall &call, ReduceKind kind) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  input = e.cast(input, sumType(call, input));
  call.result(e.reduce(kind, input, call.reducedDims("dim", e.rankOf(input)),
                       keepDim(call)));
}

void mean(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  input = e.cast(input, call.elementType("dtype", e.elementTypeOf(input)));
  call.result(e.reduce(ReduceKind::Mean, input,
                       call.reducedDims("dim", e.rankOf(input)),
                       keepDim(call)));
}

void extreme(OperatorCall &call, ReduceKind kind) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  auto dims = call.reducedDims("dim", e.rankOf(input));
  e.assumeNotEmpty(input, dims);
  call.result(e.reduce(kind, input, dims, keepDim(call)));
}

Value emitArg(OperatorCall &call, ReduceKind kind, Value input, int64_t dim,
              bool keep) {
  GraphEmitter &e = call.emitter;
  e.assumeNotEmpty(input, {dim});
  llvm::SmallVector<NamedAttribute, 3> attributes{
      e.named("kind", graph::ReduceKindAttr::get(e.context(), kind)),
      e.named("dim", dim)};
  if (keep)
    attributes.push_back(e.named("keep_dim", e.builder.getUnitAttr()));
  return e.emit<graph::ArgReduceOp>({input}, attributes);
}

/// max.dim: the largest element and where it is.
void extremeWithIndex(OperatorCall &call, ReduceKind kind) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  int64_t dim = call.dim("dim", e.rankOf(input));
  call.result(e.reduce(kind, input, {dim}, keepDim(call)));
  call.result(emitArg(call, kind, input, dim, keepDim(call)));
}

/// argmax over one dimension, or over the flattened tensor.
void argExtreme(OperatorCall &call, ReduceKind kind) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  if (call.has("dim"))
    return call.result(emitArg(call, kind, input,
                               call.dim("dim", e.rankOf(input)),
                               keepDim(call)));
  ExprAttr total = e.checked(graph::makeProduct(e.context(), e.dimsOf(input)));
  Value flat = e.reshape(input, {total});
  call.result(emitArg(call, kind, flat, 0, false));
}

void anyOrAll(OperatorCall &call, ReduceKind kind) {
  GraphEmitter &e = call.emitter;
  Value input = e.cast(call.tensor("self"), e.builder.getI1Type());
  call.result(e.reduce(kind, input, call.reducedDims("dim", e.rankOf(input)),
                       keepDim(call)));
}

void cumulativeSum(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  input = e.cast(input, sumType(call, input));
  int64_t dim = call.dim("dim", e.rankOf(input));
  if (e.rankOf(input) == 0)
    return call.result(input);
  call.result(e.emit<graph::CumsumOp>({input}, {e.named("dim", dim)}));
}

/// Mean and variance with `correction` fewer degrees of freedom.
std::pair<Value, Value> moments(OperatorCall &call, double correction) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  auto dims = call.reducedDims("dim", e.rankOf(input));
  Value average = e.reduce(ReduceKind::Mean, input, dims, true);
  Value centred = e.binary<graph::SubOp>(input, average);
  Value squares = e.binary<graph::MulOp>(centred, centred);
  Dims all = e.dimsOf(input);
  if (e.hasFault())
    return {};
  ExprAttr count = e.sizeConstant(1);
  for (int64_t dim : dims)
    count = e.checked(graph::makeMul(count, all[dim]));
  Type type = e.elementTypeOf(input);
  Value freedom = e.binary<graph::SubOp>(e.sizeValue(count, type),
                                         e.constant(type, correction));
  freedom =
      e.binary<graph::MaximumOp>(freedom, e.constant(type, int64_t(0)));
  bool keep = keepDim(call);
  Value variance = e.binary<graph::DivOp>(
      e.reduce(ReduceKind::Sum, squares, dims, keep), freedom);
  if (!keep)
    average = e.reshape(average, e.dimsOf(variance));
  return {variance, average};
}

double correctionOf(OperatorCall &call) {
  const Argument &unbiased = call.argument("unbiased");
  if (unbiased.kind == Argument::Kind::Bool)
    return unbiased.integer;
  return call.has("correction") ? call.real("correction") : 1;
}

void variance(OperatorCall &call, bool isRoot, bool withMean) {
  auto [spread, average] = moments(call, correctionOf(call));
  if (isRoot)
    spread = call.emitter.emit<graph::SqrtOp>({spread});
  call.result(spread);
  if (withMean)
    call.result(average);
}

/// max + log(sum(exp(x - max))), with infinite maxima taken as 0.
void logSumExp(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = toFloat(e, call.tensor("self"));
  auto dims = call.reducedDims("dim", e.rankOf(input));
  Type type = e.elementTypeOf(input);
  llvm::SmallVector<graph::ExprAttr> sizes = e.dimsOf(input);
  auto isEmpty = [&](int64_t dim) { return sizes[dim].isConstant(0); };
  // Without elements there is no largest: the sum is 0, its logarithm -infinity.
  if (!e.hasFault() && llvm::any_of(dims, isEmpty))
    return call.result(e.emit<graph::LogOp>({e.reduce(
        ReduceKind::Sum, e.emit<graph::ExpOp>({input}), dims, keepDim(call))}));
  Value top = e.reduce(ReduceKind::Max, input, dims, true);
  Value infinity =
      e.constant(type, std::numeric_limits<double>::infinity());
  Value isInfinite = e.compare(graph::CompareKind::Eq,
                               e.emit<graph::AbsOp>({top}), infinity);
  top = e.emit<graph::WhereOp>({isInfinite, e.constant(type, 0.0), top});
  Value shifted = e.emit<graph::ExpOp>({e.binary<graph::SubOp>(input, top)});
  Value sum = e.reduce(ReduceKind::Sum, shifted, dims, keepDim(call));
  top = e.reshape(top, e.dimsOf(sum));
  call.result(e.binary<graph::AddOp>(e.emit<graph::LogOp>({sum}), top));
}

/// Norms of order 1, 2 and infinity.
void vectorNorm(OperatorCall &call, llvm::StringRef orderName) {
  GraphEmitter &e = call.emitter;
  Value input = toFloat(e, call.tensor("self"));
  input = e.cast(input, call.elementType("dtype", e.elementTypeOf(input)));
  auto dims = call.reducedDims("dim", e.rankOf(input));
  double order = call.has(orderName) ? call.real(orderName) : 2;
  bool keep = keepDim(call);
  if (order == 2) {
    Value squares = e.binary<graph::MulOp>(input, input);
    return call.result(e.emit<graph::SqrtOp>(
        {e.reduce(ReduceKind::Sum, squares, dims, keep)}));
  }
  Value size = e.emit<graph::AbsOp>({input});
  if (order == 1)
    return call.result(e.reduce(ReduceKind::Sum, size, dims, keep));
  if (order == std::numeric_limits<double>::infinity()) {
    e.assumeNotEmpty(input, dims);
    return call.result(e.reduce(ReduceKind::Max, size, dims, keep));
  }
  call.failForm("norms of order 1, 2 and infinity are supported");
}

/// Differences of neighbours along `dim`, `n` times.
void difference(OperatorCall &call) {
  GraphEmitter &e = call.emitter;
  Value input = call.tensor("self");
  int64_t dim = call.dim("dim", e.rankOf(input));
  llvm::SmallVector<Value, 3> parts;
  if (Value before = call.optionalTensor("prepend"))
    parts.push_back(before);
  parts.push_back(input);
  if (Value after = call.optionalTensor("append"))
    parts.push_back(after);
  if (parts.size() > 1)
    input = e.emit<graph::ConcatOp>(parts, {e.named("dim", dim)});
  int64_t times = call.integer("n");
  if (times < 0 || times > kDifferencesMax)
    return call.failValue("diff is repeated too often");
  for (int64_t i = 0; i < times && !e.hasFault(); ++i) {
    Dims dims = e.dimsOf(input);
    Dims starts(dims.size(), e.sizeConstant(0));
    llvm::SmallVector<int64_t> steps(dims.size(), 1);
    dims[dim] = e.larger(
        e.sizeConstant(0),
        e.checked(graph::makeSub(dims[dim], e.sizeConstant(1))));
    Value low = e.slice(input, starts, dims, steps);
    starts[dim] = e.sizeConstant(1);
    Value high = e.slice(input, starts, dims, steps);
    bool isBool = low && e.elementTypeOf(low).isInteger(1);
    input = isBool ? e.binary<graph::XorOp>(high, low)
                   : e.binary<graph::SubOp>(high, low);
  }
  call.result(input);
}

void addVarianceRows(RowTable &table) {
  struct Row {
    const char *base;
    bool isRoot, withMean;
  };
  for (Row row : {Row{"aten.var", false, false}, Row{"aten.std", true, false},
                  Row{"aten.var_mean", false, true},
                  Row{"aten.std_mean", true, true}})
    for (const char *overload : {".default", ".dim", ".correction"})
      table[row.base + std::string(overload)] = [=](OperatorCall &call) {
        variance(call, row.isRoot, row.withMean);
      };
}

} // namespace

void addReductionRows(RowTable &table) {
  auto reduction = [&](std::initializer_list<const char *> names,
                       void (*row)(OperatorCall &, ReduceKind),
                       ReduceKind kind) {
    for (const char *name : names)
      table[name] = [=](OperatorCall &call) { row(call, kind); };
  };
  reduction({"aten.sum.default", "aten.sum.dim_IntList"}, sumLike,
            ReduceKind::Sum);
  reduction({"aten.prod.default", "aten.prod.dim_int"}, sumLike,
            ReduceKind::Prod);
  reduction({"aten.amax.default", "aten.max.default"}, extreme,
            ReduceKind::Max);
  reduction({"aten.amin.default", "aten.min.default"}, extreme,
            ReduceKind::Min);
  reduction({"aten.max.dim"}, extremeWithIndex, ReduceKind::Max);
  reduction({"aten.min.dim"}, extremeWithIndex, ReduceKind::Min);
  reduction({"aten.argmax.default"}, argExtreme, ReduceKind::Max);
  reduction({"aten.argmin.default"}, argExtreme, ReduceKind::Min);
  reduction({"aten.any.default", "aten.any.dim", "aten.any.dims"}, anyOrAll,
            ReduceKind::Any);
  reduction({"aten.all.default", "aten.all.dim", "aten.all.dims"}, anyOrAll,
            ReduceKind::All);
  table["aten.mean.default"] = mean;
  table["aten.mean.dim"] = mean;
  table["aten.cumsum.default"] = cumulativeSum;
  table["aten.logsumexp.default"] = logSumExp;
  table["aten.linalg_vector_norm.default"] = [](OperatorCall &call) {
    vectorNorm(call, "ord");
  };
  for (const char *name : {"aten.norm.Scalar", "aten.norm.ScalarOpt_dim"})
    table[name] = [](OperatorCall &call) { vectorNorm(call, "p"); };
  table["aten.diff.default"] = difference;
  addVarianceRows(table);
}

} // namespace lathe::pt2
