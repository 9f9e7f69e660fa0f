// SPDX-License-Identifier: Apache-2.0
//
// Kernel calls, branches and loops of a method.
#include "passes/Plan/MethodLowering.h"

using namespace mlir;
using namespace lathe;
using graph::ExprAttr;

//===----------------------------------------------------------------------===//
// Dispatches
//===----------------------------------------------------------------------===//

/// Whether the value ends in the state by updates of the state itself, with no
/// look at the state between `position` and the write.
bool MethodLowering::feedsState(Value value, StringRef state, int position) {
  for (Mutation &mutation : mutations) {
    if (mutation.state != state || mutation.at.begin > position || mutation.at.end < position)
      continue;
    // Follow the chain from this value to the write of that mutation.
    Value current = value;
    while (current) {
      Value next;
      for (Operation *user : current.getUsers()) {
        auto write = llvm::dyn_cast<graph::StateWriteOp>(user);
        if (write && write.getState() == state && positions[write].begin == mutation.at.end)
          return !llvm::any_of(stateReads[state], [&](int at) {
            return at > position && at < mutation.at.end;
          });
        auto dispatch = llvm::dyn_cast<graph::DispatchOp>(user);
        if (!dispatch)
          continue;
        auto kernel = SymbolTable::lookupNearestSymbolFrom<graph::KernelOp>(
            dispatch, dispatch.getKernelAttr());
        auto pairs = kernel->getAttrOfType<DenseI64ArrayAttr>("inplace_required");
        for (int i = 0; pairs && i + 1 < pairs.size(); i += 2)
          if (dispatch.getInputs()[pairs[i]] == current)
            next = dispatch.getResult(pairs[i + 1]);
      }
      current = next;
    }
  }
  return false;
}

/// Gives a result the bytes of an input that dies in this dispatch.
bool MethodLowering::joinInput(graph::DispatchOp op, unsigned input, unsigned result,
                               const CellRef &place) {
  const CellRef ref = refOf(op.getInputs()[input]);
  const CellTable::Cell cell = cells.cell(ref.cell);
  const CellTable::Group &group = cells.group(cell.group);
  int position = positions[op].begin;
  if (group.region == program::Region::Weights || group.region == program::Region::Input ||
      cell.live.end != position)
    return false;
  if (group.region == program::Region::State) {
    bool feeds = llvm::any_of(stateGroups, [&](const auto &entry) {
      return entry.second == cell.group && feedsState(op.getResult(result), entry.first(), position);
    });
    if (!feeds)
      return false;
  }
  // Another operand that reads these bytes would see them change.
  for (auto [index, other] : llvm::enumerate(op.getInputs())) {
    const CellRef &read = refOf(other);
    if (index != input && read.cell == ref.cell &&
        cells.mayOverlap(read.offset_bytes, read.bytes, ref.offset_bytes, ref.bytes))
      return false;
  }
  std::optional<int64_t> have = ref.bytes.getConstant(), need = place.bytes.getConstant();
  if (ref.bytes != place.bytes && !(have && need && *need <= *have))
    return false;
  ExprAttr offset = graph::makeAdd(cell.offset_bytes, ref.offset_bytes);
  return offset && cells.placeOver(place, cell.group, offset, ref.cell);
}

LogicalResult MethodLowering::lowerDispatch(graph::DispatchOp op) {
  FailureOr<graph::KernelOp> kernel = tables.kernelOf(op);
  if (failed(kernel))
    return failure();
  Step step{Step::Kind::Call, op, kernel->getSymName().str()};
  for (Value input : op.getInputs())
    step.refs.push_back(refOf(input));
  SmallVector<bool> placed(op.getNumResults(), false);
  int position = positions[op].begin;
  for (Value result : op.getResults())
    arenaCellFor(result, position);
  auto required = (*kernel)->getAttrOfType<DenseI64ArrayAttr>("inplace_required");
  for (int i = 0; required && i + 1 < required.size(); i += 2) {
    unsigned input = required[i], result = required[i + 1];
    CellRef place = refOf(op.getResult(result));
    if (!joinInput(op, input, result, place))
      addCopy(op, refOf(op.getInputs()[input]), place,
              "a kernel must change a value that is still needed or cannot be written");
    placed[result] = true;
  }
  ArrayRef<int64_t> allowed = kernel->getInplace().value_or(ArrayRef<int64_t>());
  for (size_t i = 0; i + 1 < allowed.size(); i += 2)
    if (!placed[allowed[i + 1]])
      placed[allowed[i + 1]] =
          joinInput(op, allowed[i], allowed[i + 1], refOf(op.getResult(allowed[i + 1])));
  for (Value result : op.getResults())
    step.refs.push_back(refOf(result));

  auto codegen = (*kernel)->getAttrOfType<DictionaryAttr>("graph.codegen");
  auto bind = [&](ExprAttr expr) {
    return graph::substitute(expr, [&](StringRef name) -> ExprAttr {
      for (auto [index, symbol] : llvm::enumerate(kernel->getSymbols()))
        if (llvm::cast<StringAttr>(symbol).getValue() == name)
          return op.getSymbols().getDims()[index];
      return {};
    });
  };
  auto tiles = llvm::dyn_cast_or_null<graph::ExprAttr>(codegen.get("tiles"));
  step.value = tiles ? bind(tiles) : graph::makeConstant(op.getContext(), 1);
  if (auto cost = llvm::dyn_cast_or_null<graph::ExprAttr>(codegen.get("tile_cost_ns")))
    step.cost_ns = bind(cost);
  if (auto sizes = llvm::dyn_cast_or_null<graph::DimsAttr>(codegen.get("sizes")))
    for (ExprAttr size : sizes.getDims())
      step.sizes.push_back(bind(size));
  if (!step.value || llvm::is_contained(step.sizes, ExprAttr()))
    return op.emitOpError("passes a size beyond 64 bits");
  steps.push_back(step);
  return success();
}

//===----------------------------------------------------------------------===//
// Branches and loops
//===----------------------------------------------------------------------===//

static SmallVector<Value> yielded(Region &region) {
  return llvm::to_vector(region.front().getTerminator()->getOperands());
}

LogicalResult MethodLowering::lowerIf(graph::IfOp op) {
  std::string otherwise = freshName("else"), end = "end_" + otherwise;
  int after = positions[op].end;
  SmallVector<unsigned> groups;
  for (Value result : op.getResults()) {
    groups.push_back(cells.cell(arenaCellFor(result, after)).group);
    cells.setCarried(groups.back());
  }
  Step branch{Step::Kind::BranchIf, op, otherwise, {refOf(op.getCondition())}};
  branch.negate = true;
  steps.push_back(branch);
  for (Region *region : {&op.getThenRegion(), &op.getElseRegion()}) {
    for (auto [argument, input] : llvm::zip(region->getArguments(), op.getInputs()))
      refs[argument] = CellRef(refOf(input));
    if (failed(lowerBlock(region->front())) ||
        failed(moveAll(region->front().getTerminator(), yielded(*region), groups,
                       "a branch yields a value that lives elsewhere")))
      return failure();
    if (region == &op.getThenRegion()) {
      addBranch(op, end);
      addLabel(op, otherwise);
    }
  }
  addLabel(op, end);
  return success();
}

/// The group of a value that a loop carries, with the initial value in it.
/// `live`: where the body may read it.
unsigned MethodLowering::enterLoopValue(Operation *op, Value initial, Interval live) {
  CellRef ref = refOf(initial);
  unsigned group = cells.addGroup(program::Region::Arena, 0, 0, bytesOf(initial));
  cells.setCarried(group);
  unsigned cell = cells.addCell(group, live, elementBytesOf(initial));
  if (!cells.place(ref, group, cells.zeroSize()))
    addCopy(op, ref, cells.whole(cell), "the first value of a loop is still needed or cannot be written");
  return cell;
}

LogicalResult MethodLowering::lowerWhile(graph::WhileOp op) {
  Interval at = positions[op];
  std::string head = freshName("while"), end = "end_" + head;
  Region &condition = op.getConditionRegion(), &body = op.getBodyRegion();
  int tested = positions[condition.front().getTerminator()].end;
  SmallVector<unsigned> groups;
  for (auto [index, initial] : llvm::enumerate(op.getCarried())) {
    int last = std::max({tested, lastUse(condition.getArgument(index)), lastUse(body.getArgument(index))});
    unsigned cell = enterLoopValue(op, initial, {at.begin + 1, last});
    groups.push_back(cells.cell(cell).group);
    refs[condition.getArgument(index)] = refs[body.getArgument(index)] = cells.whole(cell);
  }
  for (auto [index, extra] : llvm::enumerate(op.getExtra())) {
    unsigned argument = op.getCarried().size() + index;
    CellRef ref = refOf(extra);
    refs[condition.getArgument(argument)] = refs[body.getArgument(argument)] = ref;
  }
  addLabel(op, head);
  if (failed(lowerBlock(condition.front())))
    return failure();
  Step exit{Step::Kind::BranchIf, op, end, {refOf(yielded(condition)[0])}};
  exit.negate = true;
  steps.push_back(exit);
  if (failed(lowerBlock(body.front())) ||
      failed(moveAll(body.front().getTerminator(), yielded(body), groups,
                     "the next value of a loop cannot be made in its place")))
    return failure();
  addBranch(op, head);
  addLabel(op, end);
  for (auto [result, group] : llvm::zip(op.getResults(), groups))
    if (failed(define(result, cells.addCell(group, {at.end, lastUse(result)}, elementBytesOf(result)))))
      return failure();
  return success();
}

// Slices of the scanned tensors at `index`, and the extra inputs.
LogicalResult MethodLowering::bindScanArguments(graph::ScanOp op, ExprAttr index) {
  Region &body = op.getBody();
  size_t carried = op.getCarried().size();
  for (auto [k, value] : llvm::enumerate(op.getScanned())) {
    CellRef ref = refOf(value);
    ref.bytes = bytesOf(body.getArgument(carried + k));
    ExprAttr step = ref.bytes ? graph::makeMul(ref.bytes, index) : ExprAttr();
    ref.offset_bytes = step ? graph::makeAdd(ref.offset_bytes, step) : ExprAttr();
    if (!ref.offset_bytes)
      return op.emitOpError("scans a size beyond 64 bits");
    refs[body.getArgument(carried + k)] = ref;
  }
  for (auto [k, value] : llvm::enumerate(op.getExtra()))
    refs[body.getArgument(carried + op.getScanned().size() + k)] = CellRef(refOf(value));
  return success();
}

LogicalResult MethodLowering::lowerScan(graph::ScanOp op) {
  Interval at = positions[op];
  MLIRContext *context = op.getContext();
  std::string head = freshName("scan"), end = "end_" + head;
  Region &body = op.getBody();
  size_t carried = op.getCarried().size();
  ExprAttr count =
      graph::getDims(llvm::cast<RankedTensorType>(op.getScanned()[0].getType()))[0];
  counters.push_back({head, std::max<int64_t>(cells.maxOf(count) - 1, 0)});
  ExprAttr index = graph::makeSymbol(context, head);
  SmallVector<unsigned> groups;
  for (auto [k, initial] : llvm::enumerate(op.getCarried())) {
    unsigned cell =
        enterLoopValue(op, initial, {at.begin + 1, std::max(at.begin + 1, lastUse(body.getArgument(k)))});
    groups.push_back(cells.cell(cell).group);
    refs[body.getArgument(k)] = cells.whole(cell);
  }
  if (failed(bindScanArguments(op, index)))
    return failure();

  Step start{Step::Kind::Set, op, head};
  start.value = graph::makeConstant(context, 0);
  steps.push_back(start);
  Step leave{Step::Kind::BranchIf, op, end};
  leave.negate = true;
  if (graph::rangeOf(count, [&](StringRef name) { return rangeOfSymbol(name); }).min < 1) {
    leave.value = count;
    steps.push_back(leave);
  }
  addLabel(op, head);
  if (failed(lowerBlock(body.front())))
    return failure();
  SmallVector<Value> next = yielded(body);
  Operation *terminator = body.front().getTerminator();
  for (auto [k, result] : llvm::enumerate(op.getResults().drop_front(carried))) {
    // A slice is made in its place unless its group outlives one iteration.
    unsigned whole = arenaCellFor(result, at.end);
    CellRef ref = refOf(next[carried + k]);
    ExprAttr offset = graph::makeMul(ref.bytes, index);
    if (!offset)
      return op.emitOpError("stacks a size beyond 64 bits");
    unsigned home = cells.cell(ref.cell).group;
    Interval span = cells.span(home);
    bool local = !llvm::is_contained(groups, home) && span.begin > at.begin &&
                 span.end <= positions[terminator].end;
    if (!local || !cells.place(ref, cells.cell(whole).group, offset))
      addCopy(terminator, ref, {whole, offset, ref.bytes}, "a slice cannot be made in its place");
  }
  if (failed(moveAll(terminator, ArrayRef<Value>(next).take_front(carried), groups,
                     "the next value of a loop cannot be made in its place")))
    return failure();
  // Leaves before the count is reached: the symbol stays below it, and so
  // every slice inside its tensor.
  leave.value = graph::makeSub(graph::makeSub(count, index), graph::makeConstant(context, 1));
  steps.push_back(leave);
  Step advance{Step::Kind::Set, op, head};
  advance.value = graph::makeAdd(index, graph::makeConstant(context, 1));
  steps.push_back(advance);
  addBranch(op, head);
  addLabel(op, end);
  for (auto [k, group] : llvm::enumerate(groups))
    if (failed(define(op.getResult(k), cells.addCell(group, {at.end, lastUse(op.getResult(k))},
                                                     elementBytesOf(op.getResult(k))))))
      return failure();
  return success();
}
