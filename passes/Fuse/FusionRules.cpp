// SPDX-License-Identifier: Apache-2.0
#include "passes/Fuse/FusionRules.h"

#include "dialects/Graph/ConvGroups.h"
#include "dialects/Graph/FreeViews.h"
#include "dialects/Graph/KeyParts.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

using Refusal = std::optional<StringRef>;

// Most operators that may be computed more than once for an element.
static constexpr size_t kRepeatedOperatorsMax = 8;

//===----------------------------------------------------------------------===//
// Roles
//===----------------------------------------------------------------------===//

static FusionKind kindOf(Operation *op) {
  auto fusable = llvm::dyn_cast<FusionOpInterface>(op);
  return fusable ? fusable.getFusionKind() : FusionKind::Never;
}

bool lathe::isAnchor(Operation *op) { return kindOf(op) == FusionKind::Anchor; }

bool lathe::isGenerator(Operation *op) {
  if (!op)
    return false;
  if (llvm::isa<ConstantOp, SizeOp, IotaOp>(op))
    return true;
  return llvm::isa<FullOp, ReshapeOp>(op) && isGenerator(op->getOperand(0).getDefiningOp());
}

bool lathe::isGroupable(Operation *op) {
  return kindOf(op) != FusionKind::Never && !isGenerator(op);
}

static bool isInPlaceUpdate(Operation *op) { return llvm::isa<IndexPutOp, InsertSliceOp>(op); }
static bool isContraction(Operation *op) { return llvm::isa<LinearOp, MatmulOp, ConvOp, WinogradConvOp, PhaseConvOp, SdpaOp>(op); }
static bool isRecurrent(Operation *op) { return llvm::isa<LstmOp, GruOp>(op); }
static bool isPool(Operation *op) {
  return llvm::isa<MaxPoolOp, AvgPoolOp, AdaptiveAvgPoolOp>(op);
}
// Reads its input more than once: what feeds it is computed as often.
static bool isMultiPass(Operation *op) {
  return llvm::isa<SoftmaxOp, LayerNormOp, RmsNormOp, GroupNormOp>(op);
}

// A function evaluation, tens of instructions for each element.
static bool isExpensive(Operation *op) {
  return llvm::isa<ExpOp, Exp2Op, Expm1Op, LogOp, Log2Op, Log10Op, Log1pOp, SinOp, CosOp, TanOp,
                   TanhOp, AtanOp, Atan2Op, ErfOp, SigmoidOp, SiluOp, GeluOp, EluOp, PowOp,
                   BatchNormOp, FmodOp, RemainderOp>(op);
}

static bool isCheap(const FusionGroup &group) {
  return !group.anchor && group.operators.size() <= kRepeatedOperatorsMax &&
         llvm::none_of(group.operators, isExpensive);
}

bool lathe::takesGenerator(OpOperand &use) {
  return !isInPlaceUpdate(use.getOwner()) || use.getOperandNumber() != 0;
}

SmallVector<Value> lathe::groupInputs(const FusionGroup &group) {
  llvm::SetVector<Value> inputs;
  for (Operation *op : group.operators)
    for (OpOperand &use : op->getOpOperands()) {
      Operation *definition = use.get().getDefiningOp();
      if (definition && (group.contains(definition) ||
                         (isGenerator(definition) && takesGenerator(use))))
        continue;
      inputs.insert(use.get());
    }
  return inputs.takeVector();
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

static ExprAttr elementCount(Value value) {
  return makeProduct(value.getContext(), getDims(llvm::cast<RankedTensorType>(value.getType())));
}

// False when `from` has at least as many elements as `to`, as far as known.
static bool mayGrow(Value from, Value to) {
  ExprAttr before = elementCount(from), after = elementCount(to);
  if (!before || !after)
    return true;
  if (before == after)
    return false;
  std::optional<int64_t> x = before.getConstant(), y = after.getConstant();
  return !x || !y || *y > *x;
}

// The operators of `group` that depend on `value` directly or through others.
static SmallVector<Operation *> dependents(const FusionGroup &group, Operation *producer) {
  SmallVector<Operation *> result{producer};
  for (Operation *op : group.operators)
    if (llvm::any_of(op->getOperands(), [&](Value operand) {
          return llvm::is_contained(result, operand.getDefiningOp());
        }))
      result.push_back(op);
  result.erase(result.begin());
  return result;
}

bool lathe::isWorthRepeating(const FusionGroup &group) {
  if (!isCheap(group))
    return false;
  auto bytes = [](Value value) -> std::optional<double> {
    ExprAttr count = elementCount(value);
    std::optional<int64_t> elements = count ? count.getConstant() : std::nullopt;
    if (!elements)
      return std::nullopt;
    return static_cast<double>(*elements) * elementBytes(getElementTypeOrSelf(value.getType()));
  };
  std::optional<double> written = bytes(group.root()->getResult(0));
  double read = 0;
  for (Value input : groupInputs(group)) {
    std::optional<double> size = bytes(input);
    // Sizes known at run time alone: a rank-0 input is surely small.
    if (!size)
      return false;
    read += *size;
  }
  return !written ? read <= kViewAlignmentBytes : read * 2 <= *written;
}

//===----------------------------------------------------------------------===//
// Producer with an anchor: the consumer becomes its epilogue
//===----------------------------------------------------------------------===//

static Refusal epilogueRefusal(const FusionGroup &producer, const FusionGroup &consumer) {
  Operation *anchor = producer.anchor;
  if (isInPlaceUpdate(anchor))
    return "an update in place has no epilogue";
  if (isRecurrent(anchor) || anchor->getNumResults() != 1)
    return "a recurrent network has no epilogue";
  SmallVector<Operation *> chain = dependents(consumer, producer.root());
  SmallVector<Operation *> carriers(chain);
  carriers.push_back(producer.root());
  for (Operation *op : chain) {
    if (kindOf(op) == FusionKind::View && !llvm::isa<PermuteOp, ReshapeOp>(op))
      return "this view of an anchor's result is no permutation";
    if (kindOf(op) == FusionKind::Gather)
      return "a gather would compute the anchor again";
    for (Value operand : op->getOperands())
      if (llvm::is_contained(carriers, operand.getDefiningOp()) &&
          elementCount(operand) != elementCount(op->getResult(0)))
        return "a broadcast would compute the anchor again";
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Consumer with an anchor: the producer becomes its prologue
//===----------------------------------------------------------------------===//

static bool allAre(const FusionGroup &group, llvm::function_ref<bool(Operation *)> predicate) {
  return llvm::all_of(group.operators, predicate);
}

// Reads elements of its input as they are.
static bool movesData(Operation *op) {
  return llvm::isa<PermuteOp, BroadcastOp, SliceOp, ReshapeOp, CastOp, DequantizeOp, GatherOp,
                   GatherElementsOp, IndexOp>(op);
}

// A concat whose parts the attention behind it reads where they lie: it writes nothing.
static bool movesNothing(Operation *op) {
  auto concat = llvm::dyn_cast<ConcatOp>(op);
  return concat && isReadInParts(concat);
}

static Refusal inPlacePrologueRefusal(const FusionGroup &producer, Operation *anchor) {
  Value data = anchor->getOperand(0);
  if (llvm::is_contained(producer.operators, data.getDefiningOp()))
    return "the data of an update in place must be a buffer";
  for (Value input : groupInputs(producer))
    if (viewSource(input) == viewSource(data))
      return "would read the buffer that the update overwrites";
  return std::nullopt;
}

static Refusal prologueRefusal(const FusionGroup &producer, const FusionGroup &consumer) {
  Operation *anchor = consumer.anchor;
  SmallVector<Operation *> readers = dependents(consumer, producer.root());
  if (!llvm::is_contained(readers, anchor)) {
    // Feeds the epilogue: an elementwise operand beside the anchor's result.
    for (Operation *reader : readers)
      if (mayGrow(producer.root()->getResult(0), reader->getResult(0)) && !isCheap(producer))
        return "an epilogue's broadcast would compute it again";
    return std::nullopt;
  }
  if (isInPlaceUpdate(anchor))
    return inPlacePrologueRefusal(producer, anchor);
  if (isRecurrent(anchor))
    return "a recurrent network has no prologue";
  if (isPool(anchor))
    return "windows of a pool overlap";
  if (!allAre(producer, [](Operation *op) { return !llvm::isa<PadOp, RelayoutOp>(op); }))
    return "an anchor reads no padded or relaid prologue";
  if (isContraction(anchor))
    return allAre(producer, [](Operation *op) { return movesData(op) || movesNothing(op); })
               ? Refusal()
               : Refusal("a contraction's prologue only moves or converts data");
  if (isMultiPass(anchor) && !isCheap(producer))
    return "a softmax or norm reads its input more than once";
  for (Operation *reader : readers)
    if (reader != anchor && mayGrow(producer.root()->getResult(0), reader->getResult(0)) &&
        !isCheap(producer))
      return "a broadcast would compute it again";
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Both with an anchor: a short convolution feeds a depthwise one
//===----------------------------------------------------------------------===//

// The panel that features of `op` are computed in, or 0: a tile of both
// convolutions is then a number of panels.
static int64_t panelOf(ConvOp op) {
  LayoutAttr weight = getLayout(llvm::cast<RankedTensorType>(op.getWeight().getType()));
  bool isPanel = weight && weight.getTiles().size() == 2 &&
                 getLayout(llvm::cast<RankedTensorType>(op.getResult().getType()));
  return isPanel ? weight.getTiles()[1] : 0;
}

// All channels in, a window of one pixel: each pixel is read for itself alone. Or
// so few channels that a sum over the window is no longer than such sums are, as
// in the first layer of a network: rows in the overlap of two tiles cost little.
static bool isCheapToRepeat(ConvOp op) {
  constexpr int64_t productsMax = 64;
  auto weight = llvm::cast<RankedTensorType>(op.getWeight().getType());
  if (op.getTransposed() || op.getGroups() != 1)
    return false;
  auto isOne = [](int64_t value) { return value == 1; };
  bool isPointwise = llvm::all_of(weight.getShape().drop_front(2), isOne) &&
                     llvm::all_of(op.getStrides(), isOne);
  int64_t products = 1;
  for (int64_t size : weight.getShape().drop_front())
    products *= size;
  return isPointwise || products <= productsMax;
}

static Refusal chainRefusal(const FusionGroup &producer, const FusionGroup &consumer) {
  auto first = llvm::dyn_cast<ConvOp>(producer.anchor);
  auto depthwise = llvm::dyn_cast<ConvOp>(consumer.anchor);
  if (!first || !depthwise || !isCheapToRepeat(first) || !isDepthwise(depthwise))
    return "both have an anchor";
  if (depthwise.getInput() != producer.root()->getResult(0) ||
      dependents(consumer, producer.root()).front() != depthwise.getOperation() ||
      !producer.root()->getResult(0).hasOneUse())
    return "the depthwise convolution is not its only reader";
  if (panelOf(first) == 0 || panelOf(first) != panelOf(depthwise))
    return "their features do not lie in the same panels";
  if (!llvm::cast<RankedTensorType>(depthwise.getInput().getType()).hasStaticShape())
    return "the overlap of tiles is not known";
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Consumer is a concat: the producer writes its part where it belongs
//===----------------------------------------------------------------------===//

// Its kernel has a nest for each part, and so one tile: more bytes are better
// computed by tiles of their own.
static constexpr int64_t kConcatBytesMax = 1 << 20;

static bool isConcat(const FusionGroup &group) { return llvm::isa<ConcatOp>(group.root()); }

// How many parts of the concat that ends `consumer` need `producer`.
static size_t partsBehind(const FusionGroup &producer, const FusionGroup &consumer) {
  SmallVector<Operation *> reached = dependents(consumer, producer.root());
  reached.push_back(producer.root());
  return llvm::count_if(consumer.root()->getOperands(), [&](Value part) {
    return llvm::is_contained(reached, part.getDefiningOp());
  });
}

static Refusal partRefusal(const FusionGroup &producer, const FusionGroup &consumer) {
  Value whole = consumer.root()->getResult(0);
  ExprAttr elements = elementCount(whole);
  std::optional<int64_t> count = elements ? elements.getConstant() : std::nullopt;
  if (!count || *count > kConcatBytesMax / elementBytes(getElementTypeOrSelf(whole.getType())))
    return "a concat of many bytes, or of a size that is not known, has no tiles";
  if (producer.anchor)
    return "a concat takes no anchors";
  auto computes = [](Operation *op) { return kindOf(op) == FusionKind::Elementwise; };
  auto views = [](Operation *op) { return llvm::isa<SliceOp, PermuteOp, BroadcastOp, ReshapeOp>(op); };
  if (!allAre(producer, [&](Operation *op) { return computes(op) || views(op); }))
    return "a part of a concat is computed point by point";
  if (partsBehind(producer, consumer) > 1 && !allAre(producer, views))
    return "two parts of a concat would compute it again";
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// All together
//===----------------------------------------------------------------------===//

static Attribute deviceOf(Operation *op) { return op->getDiscardableAttr("graph.device"); }

Refusal lathe::fusionRefusal(const FusionGroup &producer, const FusionGroup &consumer,
                             bool chainsDepthwise) {
  bool isChain = producer.anchor && consumer.anchor;
  if (isChain && !chainsDepthwise)
    return "both have an anchor";
  if (deviceOf(producer.root()) != deviceOf(consumer.root()))
    return "they run on different devices";
  auto hasConcat = [](const FusionGroup &group) {
    return llvm::any_of(group.operators, [](Operation *op) {
      return llvm::isa<ConcatOp>(op) && !movesNothing(op);
    });
  };
  if (hasConcat(producer) || (hasConcat(consumer) && !isConcat(consumer)))
    return "a concat writes each part to its own place";
  if (isConcat(consumer))
    if (Refusal why = partRefusal(producer, consumer))
      return why;
  if (producer.operators.size() + consumer.operators.size() > kGroupOperatorsMax)
    return "the group would have too many operators";
  if (isChain)
    return chainRefusal(producer, consumer);
  if (producer.anchor)
    return epilogueRefusal(producer, consumer);
  if (consumer.anchor)
    return prologueRefusal(producer, consumer);
  for (Operation *reader : dependents(consumer, producer.root()))
    if (mayGrow(producer.root()->getResult(0), reader->getResult(0)) && !isCheap(producer))
      return "a broadcast would compute it again";
  return std::nullopt;
}
