// SPDX-License-Identifier: Apache-2.0
#include "passes/Lower/GraphToLinalg.h"

#include "dialects/Graph/ConvGroups.h"
#include "passes/Lower/KernelLowering.h"
#include "passes/Passes.h"

#include <limits>

namespace lathe {
#define GEN_PASS_DEF_GRAPHTOLINALG
#include "passes/Passes.h.inc"
} // namespace lathe

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;
using namespace lathe::lower;

static LoweringTable makeTable() {
  LoweringTable table;
  addElementwiseLowerings(table);
  addBinaryLowerings(table);
  addCastLowerings(table);
  addContractionLowerings(table);
  addConvolutionLowerings(table);
  addWinogradLowerings(table);
  addPhaseConvLowerings(table);
  addAttentionLowerings(table);
  addRecurrentLowerings(table);
  addReductionLowerings(table);
  addNormLowerings(table);
  addPoolLowerings(table);
  addShapeLowerings(table);
  addGatherLowerings(table);
  addQuantizedLowerings(table);
  return table;
}

// Operators whose arithmetic on codes is defined; the rest takes no quantized
// tensors and would compute on bare storage integers.
static bool takesQuantized(Operation *op) {
  return llvm::isa<LinearOp, ConvOp, QuantizeOp, DequantizeOp, RequantizeOp, ReluOp, ClampOp,
                   MaximumOp, MinimumOp, WhereOp, MaxPoolOp, ReshapeOp, PermuteOp, BroadcastOp,
                   SliceOp, ConcatOp, PadOp, GatherOp, GatherElementsOp, IndexOp, IndexPutOp,
                   InsertSliceOp, RelayoutOp, FullOp>(op);
}

// Operators that are nests all through: these read and write dimensions in any
// order.
static bool takesPermutations(Operation *op) {
  if (auto conv = llvm::dyn_cast<ConvOp>(op)) {
    return !conv.getTransposed() &&
           (conv.getGroups() == 1 || isDepthwise(conv) || hasGroupPanels(conv));
  }
  if (auto pad = llvm::dyn_cast<PadOp>(op))
    return pad.getMode() == PadMode::Constant &&
           getLayout(llvm::cast<RankedTensorType>(pad.getInput().getType())) ==
               getLayout(llvm::cast<RankedTensorType>(pad.getResult().getType()));
  if (auto slice = llvm::dyn_cast<SliceOp>(op))
    return getLayout(llvm::cast<RankedTensorType>(slice.getInput().getType())) ==
               getLayout(llvm::cast<RankedTensorType>(slice.getType())) &&
           llvm::none_of(slice.getSteps(), [](int64_t step) { return step < 0; });
  if (auto concat = llvm::dyn_cast<ConcatOp>(op))
    return llvm::all_of(concat.getInputs(), [&](Value part) {
      return getLayout(llvm::cast<RankedTensorType>(part.getType())) ==
             getLayout(llvm::cast<RankedTensorType>(concat.getType()));
    });
  // It reads at computed positions, and writes in the order of its loops.
  if (auto gather = llvm::dyn_cast<GatherOp>(op))
    return !getLayout(llvm::cast<RankedTensorType>(gather.getIndices().getType())) &&
           !getLayout(llvm::cast<RankedTensorType>(gather.getResult().getType()));
  return llvm::isa<LinearOp, WinogradConvOp, PhaseConvOp, RelayoutOp, MaxPoolOp, AvgPoolOp, ReduceOp>(op) ||
         llvm::cast<FusionOpInterface>(op).getFusionKind() == FusionKind::Elementwise;
}

// The dimension of `value` that may lie in panels: features of a weight, what a
// gather picks from, or any where each element is computed for itself.
static std::optional<int64_t> panelDim(Operation *op, Value value) {
  if (auto conv = llvm::dyn_cast<ConvOp>(op); conv && value == conv.getWeight())
    return 0;
  if (auto linear = llvm::dyn_cast<LinearOp>(op); linear && value == linear.getWeight())
    return 0;
  if (auto conv = llvm::dyn_cast<WinogradConvOp>(op); conv && value == conv.getWeight())
    return 2;
  if (auto conv = llvm::dyn_cast<PhaseConvOp>(op); conv && value == conv.getWeight())
    return 0;
  if (auto gather = llvm::dyn_cast<GatherOp>(op); gather && value == gather.getData())
    return gather.getDim();
  LayoutAttr layout = getLayout(llvm::cast<RankedTensorType>(value.getType()));
  if (!layout.getTiles().empty() &&
      llvm::cast<FusionOpInterface>(op).getFusionKind() == FusionKind::Elementwise)
    return layout.getTiles()[0];
  return std::nullopt;
}

static bool takesLayout(Operation *op, Value value) {
  auto type = llvm::cast<RankedTensorType>(value.getType());
  LayoutAttr layout = getLayout(type);
  if (!layout)
    return true;
  if (!layout.getPaddingLow().empty() || !layout.getPaddingHigh().empty() || !takesPermutations(op))
    return false;
  ArrayRef<int64_t> tiles = layout.getTiles();
  std::optional<int64_t> panels = panelDim(op, value);
  // Quantized weights also have four channels of a feature side by side.
  bool hasFours = tiles.size() == 4 && tiles[2] == 1 && isQuantizedElement(type.getElementType()) &&
                  llvm::isa<LinearOp, ConvOp>(op) && type.getDimSize(1) % tiles[3] == 0;
  return tiles.empty() ||
         (panels && (tiles.size() == 2 || hasFours) && tiles[0] == *panels && !type.isDynamicDim(*panels) &&
          type.getDimSize(*panels) % tiles[1] == 0);
}

// The operator computes nothing: its results have no elements, and it looks at
// no index that could be wrong.
static bool computesNothing(Operation *op) {
  auto isEmpty = [](Value value) {
    return llvm::any_of(dimsOf(value), [](ExprAttr dim) { return dim.isConstant(0); });
  };
  SmallVector<Value> indices;
  if (auto gather = llvm::dyn_cast<GatherOp>(op))
    indices.push_back(gather.getIndices());
  else if (auto elements = llvm::dyn_cast<GatherElementsOp>(op))
    indices.push_back(elements.getIndices());
  else if (auto index = llvm::dyn_cast<IndexOp>(op))
    llvm::append_range(indices, index.getIndices());
  else if (auto put = llvm::dyn_cast<IndexPutOp>(op))
    llvm::append_range(indices, put.getIndices());
  return llvm::all_of(op->getResults(), isEmpty) && llvm::all_of(indices, isEmpty);
}

static LogicalResult lowerOperator(const LoweringTable &table, KernelLowering &lowering,
                                   Operation *op) {
  auto it = table.find(op->getName().getStringRef());
  if (it == table.end())
    return op->emitError("operator '") << op->getName() << "' has no lowering to linalg";
  SmallVector<Value> values(op->getOperands());
  llvm::append_range(values, op->getResults());
  for (Value value : values) {
    Type type = value.getType();
    auto tensor = llvm::dyn_cast<RankedTensorType>(type);
    if (!tensor || llvm::is_contained(getDims(tensor), ExprAttr()))
      return op->emitError("operator '") << op->getName() << "' has no known sizes: " << type;
    if (!takesLayout(op, value))
      return op->emitError("operator '")
             << op->getName() << "' has no lowering to linalg with layout " << type;
    if (isQuantizedElement(tensor.getElementType()) && !takesQuantized(op))
      return unsupported(op) << "operator '" << op->getName()
                             << "' has no lowering to linalg on quantized type " << type;
  }
  if (!computesNothing(op))
    return it->second(lowering, op);
  for (Value result : op->getResults())
    lowering.setValue(result, lowering.destination(result));
  return success();
}

FailureOr<func::FuncOp> lathe::lowerKernelToLinalg(OpBuilder &builder, KernelOp kernel,
                                                   const KernelSymbolRanges &ranges) {
  LoweringTable table = makeTable();
  KernelLowering lowering(builder, kernel, ranges);
  return lowering.run([&](Operation *op) { return lowerOperator(table, lowering, op); });
}

KernelSymbolRanges lathe::findKernelSymbolRanges(ModuleOp top, KernelOp kernel) {
  llvm::StringMap<SizeRange> declared;
  top.walk([&](SymbolOp symbol) {
    declared[symbol.getSymName()] = {static_cast<int64_t>(symbol.getMin()),
                                     static_cast<int64_t>(symbol.getMax())};
  });
  auto rangeOfSymbol = [&](StringRef name) {
    auto it = declared.find(name);
    return it == declared.end() ? SizeRange{0, std::numeric_limits<int32_t>::max()} : it->second;
  };
  KernelSymbolRanges ranges;
  top.walk([&](DispatchOp dispatch) {
    if (dispatch.getKernel().getLeafReference() != kernel.getSymNameAttr())
      return;
    for (auto [name, expr] : llvm::zip(kernel.getSymbols(), dispatch.getSymbols().getDims())) {
      SizeRange range = rangeOf(expr, rangeOfSymbol);
      auto [it, isNew] = ranges.try_emplace(llvm::cast<StringAttr>(name).getValue(), range);
      if (!isNew)
        it->second = {std::min(it->second.min, range.min), std::max(it->second.max, range.max)};
    }
  });
  for (Attribute name : kernel.getSymbols()) {
    StringRef symbol = llvm::cast<StringAttr>(name).getValue();
    ranges.try_emplace(symbol, rangeOfSymbol(symbol));
  }
  return ranges;
}

// A kernel has the locations of its first call; an error concerns all of them.
static void noteOtherCalls(Diagnostic &error, ModuleOp top, KernelOp kernel) {
  if (error.getSeverity() != DiagnosticSeverity::Error)
    return;
  bool isFirst = true;
  top.walk([&](DispatchOp dispatch) {
    if (dispatch.getKernel().getLeafReference() != kernel.getSymNameAttr())
      return;
    if (!isFirst)
      error.attachNote(dispatch.getLoc()) << kOtherCallNote;
    isFirst = false;
  });
}

namespace {
struct GraphToLinalgPass : lathe::impl::GraphToLinalgBase<GraphToLinalgPass> {
  void runOnOperation() override {
    ModuleOp top = getOperation();
    SmallVector<KernelOp> kernels;
    top.walk([&](KernelOp kernel) { kernels.push_back(kernel); });
    if (kernels.empty())
      return;
    OpBuilder builder = OpBuilder::atBlockEnd(top.getBody());
    auto module = ModuleOp::create(builder, top.getLoc(), "linalg");
    builder.setInsertionPointToStart(module.getBody());
    // All that has no lowering is reported in one run, also behind a failure.
    bool hasFailed = false;
    for (KernelOp kernel : kernels) {
      ScopedDiagnosticHandler handler(&getContext(), [&](Diagnostic &error) {
        noteOtherCalls(error, top, kernel);
        return failure(); // The next handler reports it.
      });
      hasFailed |=
          failed(lowerKernelToLinalg(builder, kernel, findKernelSymbolRanges(top, kernel)));
    }
    if (hasFailed)
      signalPassFailure();
  }
};
} // namespace
