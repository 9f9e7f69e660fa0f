// SPDX-License-Identifier: Apache-2.0
#include "passes/Plan/MethodLowering.h"

#include "dialects/Graph/FreeViews.h"

using namespace mlir;
using namespace lathe;
using graph::ExprAttr;

//===----------------------------------------------------------------------===//
// Analysis: positions and lives
//===----------------------------------------------------------------------===//

MethodLowering::MethodLowering(func::FuncOp function, ProgramTables &tables)
    : cells(function.getContext(), [this](StringRef name) { return rangeOfSymbol(name); }),
      function(function), tables(tables), module(function->getParentOfType<ModuleOp>()) {}

graph::SizeRange MethodLowering::rangeOfSymbol(StringRef name) const {
  for (const auto &[counter, max] : counters)
    if (counter == name)
      return {0, max};
  auto symbol = const_cast<MethodLowering *>(this)->module.lookupSymbol<graph::SymbolOp>(name);
  if (!symbol)
    return {0, INT64_MAX};
  return {static_cast<int64_t>(symbol.getMin()), static_cast<int64_t>(symbol.getMax())};
}

void MethodLowering::numberBlock(Block &block, int &position) {
  for (Operation &op : block) {
    int begin = position++;
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        numberBlock(inner, position);
    int end = op.getNumRegions() ? position++ : begin;
    positions[&op] = {begin, end};
  }
}

int MethodLowering::usePosition(OpOperand &use) {
  Operation *user = use.getOwner();
  Interval at = positions[user];
  unsigned operand = use.getOperandNumber();
  if (graph::isFreeView(user))
    return lastUse(user->getResult(0));
  if (auto branch = llvm::dyn_cast<graph::IfOp>(user)) {
    if (operand == 0)
      return at.begin;
    int last = at.begin;
    for (Region *region : {&branch.getThenRegion(), &branch.getElseRegion()})
      last = std::max(last, lastUse(region->getArgument(operand - 1)));
    return last;
  }
  // What a loop carries is handed over at its start; the rest is read in every
  // iteration.
  if (auto loop = llvm::dyn_cast<graph::WhileOp>(user))
    return operand < loop.getCarried().size() ? at.begin : at.end;
  if (auto loop = llvm::dyn_cast<graph::ScanOp>(user))
    return operand < loop.getCarried().size() ? at.begin : at.end;
  return at.begin;
}

int MethodLowering::lastUse(Value value) {
  auto known = lastUses.find(value);
  if (known != lastUses.end())
    return known->second;
  Operation *definition = value.getDefiningOp();
  int last = positions[definition ? definition : value.getParentBlock()->getParentOp()].begin;
  if (definition)
    last = positions[definition].end;
  for (OpOperand &use : value.getUses())
    last = std::max(last, usePosition(use));
  lastUses[value] = last;
  return last;
}

// The dispatch input that a result must overwrite.
static std::optional<unsigned> requiredInput(graph::DispatchOp op, unsigned result) {
  auto kernel = SymbolTable::lookupNearestSymbolFrom<graph::KernelOp>(op, op.getKernelAttr());
  auto pairs = kernel ? kernel->getAttrOfType<DenseI64ArrayAttr>("inplace_required") : nullptr;
  for (int i = 0; pairs && i + 1 < pairs.size(); i += 2)
    if (pairs[i + 1] == static_cast<int64_t>(result))
      return static_cast<unsigned>(pairs[i]);
  return std::nullopt;
}

/// Where a chain of obligatory in-place updates of the state itself begins that
/// ends in this write; nothing when the value is made elsewhere.
std::optional<int> MethodLowering::updateChainBegin(graph::StateWriteOp write) {
  Value value = write.getValue();
  int begin = positions[write].begin;
  while (auto dispatch = value.getDefiningOp<graph::DispatchOp>()) {
    std::optional<unsigned> input =
        requiredInput(dispatch, llvm::cast<OpResult>(value).getResultNumber());
    if (!input || dispatch->getBlock() != write->getBlock())
      return std::nullopt;
    begin = positions[dispatch].begin;
    value = dispatch.getInputs()[*input];
  }
  auto read = value.getDefiningOp<graph::StateReadOp>();
  if (!read || read.getState() != write.getState())
    return std::nullopt;
  return begin;
}

void MethodLowering::findMutations() {
  function.walk([&](Operation *op) {
    if (auto read = llvm::dyn_cast<graph::StateReadOp>(op))
      stateReads[read.getState()].push_back(positions[op].begin);
    if (auto write = llvm::dyn_cast<graph::StateWriteOp>(op)) {
      int end = positions[op].begin;
      mutations.push_back({write.getState().str(), {updateChainBegin(write).value_or(end), end}});
    }
  });
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

ExprAttr MethodLowering::bytesOf(Value value) {
  return physicalBytes(llvm::cast<RankedTensorType>(value.getType()));
}

unsigned MethodLowering::elementBytesOf(Value value) {
  return program::elementBytes(llvm::cast<RankedTensorType>(value.getType()).getElementType());
}

LogicalResult MethodLowering::define(Value value, unsigned cell) {
  refs[value] = cells.whole(cell);
  return success();
}

unsigned MethodLowering::arenaCellFor(Value result, int begin) {
  unsigned cell = cells.addArenaCell(bytesOf(result), {begin, std::max(begin, lastUse(result))},
                                     elementBytesOf(result));
  refs[result] = cells.whole(cell);
  return cell;
}

void MethodLowering::addCopy(Operation *origin, const CellRef &from, const CellRef &to,
                             const char *why) {
  origin->emitRemark("copies ") << graph::toString(from.bytes) << " bytes: " << why;
  Step step{Step::Kind::Copy, origin};
  step.refs = {from, to};
  steps.push_back(step);
}

void MethodLowering::addLabel(Operation *origin, const Twine &name) {
  steps.push_back({Step::Kind::Label, origin, name.str()});
}
void MethodLowering::addBranch(Operation *origin, const Twine &name) {
  steps.push_back({Step::Kind::Branch, origin, name.str()});
}
std::string MethodLowering::freshName(StringRef stem) {
  std::string name;
  do
    name = (stem + Twine(nameCount++)).str();
  while (module.lookupSymbol(name));
  return name;
}

/// Brings each value to its group: by placing its cell there, else by a copy.
/// A value that lies in the group of another is copied out first.
LogicalResult MethodLowering::moveAll(Operation *origin, ValueRange values,
                                      ArrayRef<unsigned> groups, const char *why) {
  int position = positions[origin].begin;
  SmallVector<std::pair<CellRef, unsigned>> pending;
  for (auto [value, group] : llvm::zip(values, groups)) {
    CellRef ref = refOf(value);
    const CellTable::Cell &cell = cells.cell(ref.cell);
    bool there = cell.group == group && cell.offset_bytes == cells.zeroSize() &&
                 ref.offset_bytes == cells.zeroSize();
    if (!there && !cells.place(ref, group, cells.zeroSize()))
      pending.push_back({ref, group});
  }
  for (auto &move : pending) {
    CellRef &ref = move.first;
    unsigned home = cells.cell(ref.cell).group;
    bool overwritten = llvm::any_of(pending, [&](const auto &move) { return move.second == home; });
    if (overwritten) {
      unsigned temporary = cells.addArenaCell(ref.bytes, {position, position});
      addCopy(origin, ref, cells.whole(temporary), "two carried values change places");
      ref = cells.whole(temporary);
    }
  }
  for (auto &[ref, group] : pending)
    addCopy(origin, ref, cells.whole(cells.addCell(group, {position, position})), why);
  return success();
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

LogicalResult MethodLowering::lowerView(Operation *op) {
  CellRef ref = refOf(op->getOperand(0));
  ref.bytes = bytesOf(op->getResult(0));
  ExprAttr offset = graph::makeConstant(op->getContext(), *graph::freeViewOffsetBytes(op));
  ref.offset_bytes = graph::makeAdd(ref.offset_bytes, offset);
  if (!ref.bytes || !ref.offset_bytes)
    return op->emitOpError("has a size beyond 64 bits");
  refs[op->getResult(0)] = ref;
  return success();
}

LogicalResult MethodLowering::lowerConcat(graph::ConcatOp op) {
  SmallVector<ExprAttr> dims = graph::getDims(llvm::cast<RankedTensorType>(op.getResult().getType()));
  for (int64_t i = 0; i < static_cast<int64_t>(op.getDim()); ++i)
    if (!dims[i].isConstant(1))
      return op.emitOpError("is no concatenation of leading dimensions and in no kernel");
  int position = positions[op].begin;
  // Its content is whole from here on; operands keep their own lives.
  unsigned cell = arenaCellFor(op.getResult(), position);
  unsigned group = cells.cell(cell).group;
  ExprAttr offset = cells.zeroSize();
  for (Value input : op.getInputs()) {
    CellRef ref = refOf(input);
    // The operand's bytes become part of the result: one content, two names.
    if (!cells.placeWithin(ref, group, offset, cell)) {
      CellRef part{cell, offset, ref.bytes};
      addCopy(op, ref, part, "an operand of a concatenation cannot be written in its place");
    }
    offset = graph::makeAdd(offset, ref.bytes);
    if (!offset)
      return op.emitOpError("has a size beyond 64 bits");
  }
  return success();
}

LogicalResult MethodLowering::lowerConstant(graph::ConstantOp op) {
  constexpr int64_t kSplatBytesMax = 65536;
  ExprAttr bytes = bytesOf(op.getResult());
  auto dense = llvm::cast<DenseElementsAttr>(op.getValue());
  auto type = llvm::cast<RankedTensorType>(dense.getType());
  if (!dense.isSplat() || *bytes.getConstant() <= kSplatBytesMax) {
    int64_t offset = tables.constantOffset(dense);
    unsigned group = cells.addGroup(program::Region::Weights, 0, offset, bytes);
    return define(op.getResult(), cells.addCell(group, {0, lastUse(op.getResult())}));
  }
  unsigned cell = arenaCellFor(op.getResult(), positions[op].begin);
  Step step{Step::Kind::Fill, op};
  step.refs = {cells.whole(cell)};
  step.element_bytes = program::elementBytes(type.getElementType());
  step.bits = llvm::isa<FloatType>(type.getElementType())
                  ? dense.getSplatValue<llvm::APFloat>().bitcastToAPInt().getZExtValue()
                  : dense.getSplatValue<llvm::APInt>().getZExtValue();
  steps.push_back(step);
  return success();
}

LogicalResult MethodLowering::lowerUseWeight(graph::UseWeightOp op) {
  FailureOr<int64_t> offset = tables.weightOffset(op, op.getWeight());
  if (failed(offset))
    return failure();
  unsigned group = cells.addGroup(program::Region::Weights, 0, *offset, bytesOf(op.getResult()));
  return define(op.getResult(), cells.addCell(group, {0, lastUse(op.getResult())}));
}

LogicalResult MethodLowering::lowerStateRead(graph::StateReadOp op) {
  Interval live{positions[op].begin, lastUse(op.getResult())};
  unsigned group = stateGroups[op.getState()];
  bool changes = llvm::any_of(mutations, [&](const Mutation &mutation) {
    return mutation.state == op.getState() && live.begin < mutation.at.end &&
           live.end > mutation.at.begin;
  });
  if (!changes)
    return define(op.getResult(), cells.addCell(group, live));
  unsigned source = cells.addCell(group, {live.begin, live.begin});
  unsigned kept = arenaCellFor(op.getResult(), live.begin);
  addCopy(op, cells.whole(source), cells.whole(kept), "the state changes while it is still read");
  return success();
}

LogicalResult MethodLowering::lowerStateWrite(graph::StateWriteOp op) {
  CellRef ref = refOf(op.getValue());
  unsigned group = stateGroups[op.getState()];
  int position = positions[op].begin;
  unsigned home = cells.cell(ref.cell).group;
  if (home == group && ref.offset_bytes == cells.zeroSize())
    return success();
  // The value may be made in the state itself when nobody looks at the state
  // from its first byte to this write.
  Operation *definition = op.getValue().getDefiningOp();
  Interval made = cells.span(home);
  bool mayPlace = definition && llvm::isa<graph::DispatchOp>(definition) &&
                  definition->getBlock() == op->getBlock() && !cells.group(home).carried;
  auto inside = [&](int at) { return at >= made.begin && at < position; };
  mayPlace &= !llvm::any_of(stateReads[op.getState()], inside);
  for (const Mutation &mutation : mutations)
    mayPlace &= mutation.state != op.getState() || !inside(mutation.at.end);
  if (!mayPlace || !cells.place(ref, group, cells.zeroSize()))
    addCopy(op, ref, cells.whole(cells.addCell(group, {position, position})),
            "the new value of a state cannot be made in its place");
  return success();
}

LogicalResult MethodLowering::lowerReturn(func::ReturnOp op) {
  return moveAll(op, op.getOperands(), outputGroups, "an output cannot be made in its place");
}

LogicalResult MethodLowering::lowerOperation(Operation *op) {
  for (Value result : op->getResults())
    if (!bytesOf(result))
      return op->emitOpError("has a result without a size in bytes: ") << result.getType();
  if (graph::isFreeView(op))
    return lowerView(op);
  if (auto dispatch = llvm::dyn_cast<graph::DispatchOp>(op))
    return lowerDispatch(dispatch);
  if (auto concat = llvm::dyn_cast<graph::ConcatOp>(op))
    return lowerConcat(concat);
  if (auto constant = llvm::dyn_cast<graph::ConstantOp>(op))
    return lowerConstant(constant);
  if (auto use = llvm::dyn_cast<graph::UseWeightOp>(op))
    return lowerUseWeight(use);
  if (auto read = llvm::dyn_cast<graph::StateReadOp>(op))
    return lowerStateRead(read);
  if (auto write = llvm::dyn_cast<graph::StateWriteOp>(op))
    return lowerStateWrite(write);
  if (auto exit = llvm::dyn_cast<func::ReturnOp>(op))
    return lowerReturn(exit);
  if (auto branch = llvm::dyn_cast<graph::IfOp>(op))
    return lowerIf(branch);
  if (auto loop = llvm::dyn_cast<graph::WhileOp>(op))
    return lowerWhile(loop);
  if (auto loop = llvm::dyn_cast<graph::ScanOp>(op))
    return lowerScan(loop);
  if (auto bind = llvm::dyn_cast<graph::BindSymbolOp>(op)) {
    Step step{Step::Kind::Bind, op, bind.getSymbol().str(), {refOf(bind.getValue())}};
    step.type = getElementTypeOrSelf(bind.getValue().getType());
    steps.push_back(step);
    return success();
  }
  return op->emitOpError("is in no kernel and is no view: it must be outlined before planning");
}

LogicalResult MethodLowering::lowerBlock(Block &block) {
  for (Operation &op : block)
    if (!llvm::isa<graph::YieldOp>(op) && failed(lowerOperation(&op)))
      return failure();
  return success();
}

LogicalResult MethodLowering::run() {
  int position = 1;
  numberBlock(function.getBody().front(), position);
  positions[function] = {0, position};
  findMutations();
  for (auto state : module.getOps<graph::StateOp>()) {
    FailureOr<int64_t> offset = tables.stateOffset(state, state.getSymName());
    if (failed(offset))
      return failure();
    stateGroups[state.getSymName()] =
        cells.addGroup(program::Region::State, 0, *offset,
                       physicalBytes(llvm::cast<RankedTensorType>(state.getType())));
  }
  for (BlockArgument argument : function.getArguments()) {
    ExprAttr bytes = bytesOf(argument);
    if (!bytes)
      return function.emitOpError("has an argument without a size in bytes: ") << argument.getType();
    unsigned group = cells.addGroup(program::Region::Input, argument.getArgNumber(), 0, bytes);
    refs[argument] = cells.whole(cells.addCell(group, {0, lastUse(argument)}));
  }
  for (auto [index, type] : llvm::enumerate(function.getResultTypes())) {
    ExprAttr bytes = physicalBytes(llvm::cast<RankedTensorType>(type));
    if (!bytes)
      return function.emitOpError("has a result without a size in bytes: ") << type;
    unsigned element =
        program::elementBytes(llvm::cast<RankedTensorType>(type).getElementType());
    outputGroups.push_back(cells.addGroup(program::Region::Output, index, 0, bytes, element));
  }
  return lowerBlock(function.getBody().front());
}
