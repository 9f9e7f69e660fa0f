// SPDX-License-Identifier: Apache-2.0
//
// LSTM and GRU stacks: one matrix product for the inputs of all time steps,
// then a loop over time with one small product and one elementwise nest a
// step. States and sums are f32 (f64 for f64); what leaves is rounded once.
#include "passes/Lower/KernelLowering.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

namespace {
using utils::IteratorType;

/// A stack as it is lowered; sequences inside are [t, n, width].
struct Stack {
  ValueRange weights;
  ExprAttr steps, batch;
  int64_t layers, directions, gates, hidden;
  bool hasBiases, batchFirst;
  Type compute;
};

/// A sequence between layers: [t, n, width], or [n, t, width] at the border.
struct Sequence {
  Value tensor;
  int64_t width;
  bool batchFirst;
};

/// Weights of one layer in one direction; biases are null if absent.
struct Cell {
  Value inputWeight, hiddenWeight, inputBias, hiddenBias;
};

Cell cellOf(KernelLowering &lowering, const Stack &stack, int64_t state) {
  unsigned perCell = stack.hasBiases ? 4 : 2, first = state * perCell;
  auto weight = [&](unsigned index) { return lowering.value(stack.weights[first + index]); };
  return {weight(0), weight(1), stack.hasBiases ? weight(2) : Value(),
          stack.hasBiases ? weight(3) : Value()};
}

// x w^T for all steps, with the bias: [t, n, gates * hidden].
Value projectInputs(KernelLowering &lowering, const Stack &stack, const Sequence &sequence,
                    const Cell &cell) {
  int64_t rows = stack.gates * stack.hidden;
  Dims dims{stack.steps, stack.batch, lowering.constantExpr(rows)};
  AffineMap input = sequence.batchFirst ? lowering.select(4, {1, 0, 3}) : lowering.select(4, {0, 1, 3});
  Value sum = lowering
                  .nest({{sequence.tensor, input}, {cell.inputWeight, lowering.select(4, {2, 3})}},
                        {{lowering.filled(dims, stack.compute, 0), lowering.select(4, {0, 1, 2})}},
                        {IteratorType::parallel, IteratorType::parallel, IteratorType::parallel,
                         IteratorType::reduction},
                        [](const Scalars &at, ValueRange x) {
                          Value product = at.make<arith::MulFOp>(x[0], x[1]);
                          return SmallVector<Value>{at.make<arith::AddFOp>(x[2], product)};
                        })
                  .front();
  if (!cell.inputBias)
    return sum;
  return lowering.map({{sum, lowering.identity(3)}, {cell.inputBias, lowering.select(3, {2})}},
                      lowering.empty(dims, stack.compute), [](const Scalars &at, ValueRange x) {
                        return at.make<arith::AddFOp>(x[0], x[1]);
                      });
}

// h w^T with the bias of one step: [n, gates * hidden].
Value projectHidden(KernelLowering &lowering, const Stack &stack, Value hidden, const Cell &cell) {
  Dims dims{stack.batch, lowering.constantExpr(stack.gates * stack.hidden)};
  Value sum = lowering
                  .nest({{hidden, lowering.select(3, {0, 2})},
                         {cell.hiddenWeight, lowering.select(3, {1, 2})}},
                        {{lowering.filled(dims, stack.compute, 0), lowering.select(3, {0, 1})}},
                        {IteratorType::parallel, IteratorType::parallel, IteratorType::reduction},
                        [](const Scalars &at, ValueRange x) {
                          Value product = at.make<arith::MulFOp>(x[0], x[1]);
                          return SmallVector<Value>{at.make<arith::AddFOp>(x[2], product)};
                        })
                  .front();
  if (!cell.hiddenBias)
    return sum;
  return lowering.map({{sum, lowering.identity(2)}, {cell.hiddenBias, lowering.select(2, {1})}},
                      lowering.empty(dims, stack.compute), [](const Scalars &at, ValueRange x) {
                        return at.make<arith::AddFOp>(x[0], x[1]);
                      });
}

Value sigmoid(const Scalars &at, Value x) {
  Value one = at.real(x.getType(), 1);
  Value power = at.expInSum(at.make<arith::NegFOp>(x));
  return at.make<arith::DivFOp>(one, at.make<arith::AddFOp>(one, power));
}

Value multiply(const Scalars &at, Value x, Value y) { return at.make<arith::MulFOp>(x, y); }
Value add(const Scalars &at, Value x, Value y) { return at.make<arith::AddFOp>(x, y); }

// New states of an LSTM from the gates i f g o (input and hidden parts) and c.
// Each gate is used as soon as it is there: few values live across the next.
SmallVector<Value> stepLstm(const Scalars &at, ValueRange x, ValueRange h, ValueRange state) {
  Value in = sigmoid(at, add(at, x[0], h[0]));
  Value gate = at.make<math::TanhOp>(add(at, x[2], h[2]));
  Value added = multiply(at, in, gate);
  Value forget = sigmoid(at, add(at, x[1], h[1]));
  Value kept = multiply(at, forget, state[1]);
  Value cell = add(at, kept, added);
  Value seen = at.make<math::TanhOp>(cell);
  Value out = sigmoid(at, add(at, x[3], h[3]));
  return {multiply(at, out, seen), cell};
}

// New state of a GRU from the gates r z n and h.
SmallVector<Value> stepGru(const Scalars &at, ValueRange x, ValueRange h, ValueRange state) {
  Value reset = sigmoid(at, add(at, x[0], h[0])), update = sigmoid(at, add(at, x[1], h[1]));
  Value fresh = at.make<math::TanhOp>(add(at, x[2], multiply(at, reset, h[2])));
  Value kept = at.make<arith::SubFOp>(at.real(fresh.getType(), 1), update);
  return {add(at, multiply(at, kept, fresh), multiply(at, update, state[0]))};
}

/// Gate parts of [.., gates * hidden] at one place, as [n, hidden] each.
SmallVector<NestInput> splitGates(KernelLowering &lowering, const Stack &stack, Value tensor,
                                  Value step) {
  SmallVector<NestInput> parts;
  RankedTensorType type =
      lowering.tensorType({stack.batch, lowering.constantExpr(stack.hidden)}, stack.compute);
  OpBuilder &builder = lowering.builder;
  for (int64_t gate = 0; gate < stack.gates; ++gate) {
    SmallVector<OpFoldResult> offsets{builder.getIndexAttr(0),
                                      builder.getIndexAttr(gate * stack.hidden)};
    SmallVector<OpFoldResult> sizes{lowering.foldedSize(stack.batch),
                                    builder.getIndexAttr(stack.hidden)};
    if (step) {
      offsets.insert(offsets.begin(), step);
      sizes.insert(sizes.begin(), builder.getIndexAttr(1));
    }
    parts.push_back({lowering.slice(tensor, type, offsets, sizes), lowering.identity(2)});
  }
  return parts;
}

// One step's new states.
SmallVector<Value> runStep(KernelLowering &lowering, const Stack &stack, const Cell &cell,
                           Value projected, Value step, ValueRange states) {
  SmallVector<NestInput> inputs = splitGates(lowering, stack, projected, step);
  Value hidden = projectHidden(lowering, stack, states[0], cell);
  llvm::append_range(inputs, splitGates(lowering, stack, hidden, Value()));
  // The old states are the outputs' old values: the loop updates them in place.
  SmallVector<NestInput> outputs;
  for (Value state : states)
    outputs.push_back({state, lowering.identity(2)});
  SmallVector<IteratorType> iterators(2, IteratorType::parallel);
  return lowering.nest(inputs, outputs, iterators, [&](const Scalars &at, ValueRange values) {
    ValueRange x = values.take_front(stack.gates), h = values.slice(stack.gates, stack.gates);
    ValueRange state = values.slice(2 * stack.gates, states.size());
    return states.size() == 2 ? stepLstm(at, x, h, state) : stepGru(at, x, h, state);
  });
}

/// The tensor [n, hidden] of one layer and direction, in the compute type.
Value initialState(KernelLowering &lowering, const Stack &stack, Value initial, int64_t state) {
  OpBuilder &builder = lowering.builder;
  Dims dims{stack.batch, lowering.constantExpr(stack.hidden)};
  SmallVector<OpFoldResult> offsets{builder.getIndexAttr(state), builder.getIndexAttr(0),
                                    builder.getIndexAttr(0)};
  SmallVector<OpFoldResult> sizes{builder.getIndexAttr(1), lowering.foldedSize(stack.batch),
                                  builder.getIndexAttr(stack.hidden)};
  Value slice = lowering.slice(initial, lowering.tensorType(dims, elementOf(initial)), offsets, sizes);
  return lowering.map({{slice, lowering.identity(2)}}, lowering.empty(dims, stack.compute),
                      [](const Scalars &, ValueRange x) { return x[0]; });
}

// Writes [n, hidden] into `target` at `offsets`, rounded to its type. `dim` is
// the target's dimension of the batch.
Value writeRows(KernelLowering &lowering, const Stack &stack, Value rows, Value target,
                ArrayRef<OpFoldResult> offsets, unsigned batchDim) {
  OpBuilder &builder = lowering.builder;
  SmallVector<OpFoldResult> sizes(3, builder.getIndexAttr(1));
  sizes[batchDim] = lowering.foldedSize(stack.batch);
  sizes[2] = builder.getIndexAttr(stack.hidden);
  Dims dims{stack.batch, lowering.constantExpr(stack.hidden)};
  Value place = lowering.slice(target, lowering.tensorType(dims, elementOf(target)), offsets, sizes);
  Value rounded = lowering.map({{rows, lowering.identity(2)}}, place,
                               [](const Scalars &, ValueRange x) { return x[0]; });
  return lowering.insert(rounded, target, offsets, sizes);
}

/// Runs one direction of one layer; `output` gets its columns, `finals` the
/// last states.
Value runDirection(KernelLowering &lowering, const Stack &stack, const Sequence &input,
                   int64_t state, ArrayRef<Value> initial, Sequence output,
                   MutableArrayRef<Value> finals) {
  OpBuilder &builder = lowering.builder;
  Cell cell = cellOf(lowering, stack, state);
  int64_t direction = state % stack.directions;
  Value projected = projectInputs(lowering, stack, input, cell);
  SmallVector<Value> carried{output.tensor};
  for (Value tensor : initial)
    carried.push_back(initialState(lowering, stack, tensor, state));
  Value count = lowering.size(stack.steps);
  SmallVector<Value> results = lowering.loop(count, carried, [&](Value step, ValueRange values) {
    Scalars at{builder, lowering.loc};
    if (direction == 1)
      step = at.make<arith::SubIOp>(at.make<arith::SubIOp>(count, at.index(1)), step);
    SmallVector<Value> next =
        runStep(lowering, stack, cell, projected, step, values.drop_front());
    SmallVector<OpFoldResult> offsets(3, builder.getIndexAttr(0));
    offsets[output.batchFirst ? 1 : 0] = step;
    offsets[2] = builder.getIndexAttr(direction * stack.hidden);
    Value written = writeRows(lowering, stack, next[0], values[0], offsets, output.batchFirst ? 0 : 1);
    next.insert(next.begin(), written);
    return next;
  });
  for (auto [index, final] : llvm::enumerate(finals)) {
    SmallVector<OpFoldResult> offsets(3, builder.getIndexAttr(0));
    offsets[0] = builder.getIndexAttr(state);
    final = writeRows(lowering, stack, results[index + 1], final, offsets, 1);
  }
  return results[0];
}

template <typename OpTy>
LogicalResult lowerRnn(KernelLowering &lowering, OpTy op, int64_t gates, ArrayRef<Value> graphStates) {
  lowering.setSingleTile();
  Dims input = dimsOf(op.getInput()), states = dimsOf(op.getH0());
  bool batchFirst = op.getBatchFirst();
  Stack stack{op.getWeights(),
              input[batchFirst ? 1 : 0],
              states[1],
              static_cast<int64_t>(op.getLayers()),
              op.getBidirectional() ? 2 : 1,
              gates,
              *states[2].getConstant(),
              op.getHasBiases(),
              batchFirst,
              getComputeType(getStorageType(elementOf(op.getInput())))};
  SmallVector<Value> initial, finals;
  for (auto [index, state] : llvm::enumerate(graphStates)) {
    initial.push_back(lowering.value(state));
    finals.push_back(lowering.destination(op->getResult(index + 1)));
  }
  Sequence sequence{lowering.value(op.getInput()), *input[2].getConstant(), batchFirst};
  for (int64_t layer = 0; layer < stack.layers; ++layer) {
    int64_t width = stack.hidden * stack.directions;
    Sequence output{Value(), width, false};
    if (layer + 1 == stack.layers)
      output = {lowering.destination(op.getResult()), width, batchFirst};
    else
      output.tensor = lowering.empty({stack.steps, stack.batch, lowering.constantExpr(width)},
                                     stack.compute);
    for (int64_t direction = 0; direction < stack.directions; ++direction)
      output.tensor = runDirection(lowering, stack, sequence, layer * stack.directions + direction,
                                   initial, output, finals);
    sequence = output;
  }
  lowering.setValue(op.getResult(), sequence.tensor);
  for (auto [index, state] : llvm::enumerate(finals))
    lowering.setValue(op->getResult(index + 1), state);
  return success();
}

LogicalResult lowerLstm(KernelLowering &lowering, LstmOp op) {
  return lowerRnn(lowering, op, 4, {op.getH0(), op.getC0()});
}
LogicalResult lowerGru(KernelLowering &lowering, GruOp op) {
  return lowerRnn(lowering, op, 3, {op.getH0()});
}
} // namespace

void lower::addRecurrentLowerings(LoweringTable &table) {
  addLowering<LstmOp, lowerLstm>(table);
  addLowering<GruOp, lowerGru>(table);
}
