// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/GraphImporter.h"

using namespace mlir;
using lathe::graph::ExprAttr;

namespace lathe::pt2 {

using Kind = Argument::Kind;

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

const RowTable &importRows() {
  static const RowTable table = [] {
    RowTable rows;
    addContractionRows(rows);
    addCreationRows(rows);
    addElementwiseRows(rows);
    addIndexingRows(rows);
    addNormRows(rows);
    addPoolRows(rows);
    addReductionRows(rows);
    addSizeRows(rows);
    addViewRows(rows);
    return rows;
  }();
  return table;
}

const ImportRow *findRow(llvm::StringRef name, bool &isInPlace) {
  const RowTable &rows = importRows();
  isInPlace = false;
  auto own = rows.find(name);
  if (own != rows.end())
    return &own->second;
  auto [base, overload] = name.rsplit('.');
  if (!base.consume_back("_") || base.ends_with("_"))
    return nullptr;
  std::string functionalName = (base + "." + overload).str();
  auto functional = rows.find(functionalName);
  if (functional == rows.end())
    return nullptr;
  // unsqueeze_ and its like change what a tensor views, not what it holds.
  const OperatorSchema *schema = findSchema(functionalName);
  if (!schema || schema->results.size() != 1 || schema->results[0].aliasSet)
    return nullptr;
  isInPlace = true;
  return &functional->second;
}

bool isImportedRegion(llvm::StringRef name) {
  return name == "higher_order.cond" || name == "higher_order.while_loop" ||
         name == "higher_order.wrap_with_set_grad_enabled" ||
         name == "higher_order.wrap_with_autocast";
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

llvm::Error GraphImporter::importNodes(const Graph &graph, Scope &scope) {
  for (const Node &node : graph.nodes)
    if (llvm::Error error = importNode(node, graph, scope))
      return error;
  emitter.setNode(nullptr);
  return llvm::Error::success();
}

/// Runs the functional row of an in-place operator and writes what it gives
/// into the first argument, with that one's type and sizes.
void GraphImporter::runRow(const ImportRow &row, bool isInPlace,
                           OperatorCall &call) {
  row(call);
  if (!isInPlace || emitter.hasFault())
    return;
  if (call.results.size() != 1)
    return call.failValue("an in-place operator has no single result");
  Value value = aliases.read(call.results.front());
  TensorRef &self = call.ref("self");
  Value old = aliases.read(self);
  value = emitter.cast(value, GraphEmitter::elementTypeOf(old));
  value = emitter.broadcast(value, emitter.dimsOf(old));
  aliases.write(self, value);
  call.results = {self};
}

llvm::Error GraphImporter::importNode(const Node &node, const Graph &graph,
                                      Scope &scope) {
  emitter.setNode(&node);
  if (refusals.refusesOperator(node.operatorName()))
    return standIn(node, graph, scope);
  llvm::Error error = translate(node, graph, scope);
  if (!error)
    return error;
  Fault fault = takeFault(std::move(error));
  if (fault.code != FaultCode::OperatorUnsupported)
    return makeFault(std::move(fault));
  refusals.addForm(node, fault);
  return standIn(node, graph, scope);
}

/// Results of a refused node, of the types that the file claims.
llvm::Error GraphImporter::standIn(const Node &node, const Graph &graph,
                                   Scope &scope) {
  emitter.setNode(&node);
  for (const Argument &output : node.outputs) {
    standInFor(output, graph, scope);
    for (const Argument &item : output.items)
      standInFor(item, graph, scope);
  }
  return emitter.takeError();
}

void GraphImporter::standInFor(const Argument &output, const Graph &graph,
                               Scope &scope) {
  auto sizeOf = [&](const SymInt &size) {
    llvm::Expected<ExprAttr> converted = sizes.convert(size);
    if (converted)
      return *converted;
    emitter.fail(converted.takeError());
    return emitter.sizeConstant(1);
  };
  if (output.kind == Kind::SymBool)
    scope.booleans[output.text] = true;
  auto size = graph.symInts.find(output.text);
  if (output.kind == Kind::SymInt && size != graph.symInts.end())
    scope.sizes[output.text] = sizeOf(size->second);
  auto tensor = graph.tensors.find(output.text);
  if (output.kind != Kind::Tensor || tensor == graph.tensors.end())
    return;
  Dims dims = llvm::map_to_vector<6>(tensor->second.sizes, sizeOf);
  Type type = emitter.toType(tensor->second.type);
  if (!emitter.hasFault())
    scope.tensors[output.text] =
        aliases.fresh(emitter.full(emitter.constant(type, int64_t(0)), dims));
}

llvm::Error GraphImporter::translate(const Node &node, const Graph &graph,
                                     Scope &scope) {
  llvm::StringRef name = node.operatorName();
  const OperatorSchema *schema = findSchema(name);
  std::vector<const Argument *> bound;
  if (schema) {
    auto arguments = bindArguments(node, *schema);
    if (!arguments)
      return arguments.takeError();
    bound = std::move(*arguments);
  }
  OperatorCall call(node, schema, bound, scope, emitter, aliases);
  if (node.outputs.size() == 1 && node.outputs[0].kind == Kind::SymInt) {
    auto claimed = graph.symInts.find(node.outputs[0].text);
    if (claimed != graph.symInts.end())
      call.claimedSize = &claimed->second;
  }
  bool isInPlace = false;
  if (isImportedRegion(name)) {
    if (llvm::Error error = importRegions(node, call))
      return error;
    emitter.setNode(&node);
  } else if (const ImportRow *row = findRow(name, isInPlace)) {
    runRow(*row, isInPlace, call);
  } else {
    call.fail(FaultCode::OperatorUnsupported,
              "the operator " + name + " cannot be imported");
  }
  if (llvm::Error error = emitter.takeError())
    return error;
  bindResults(node, graph, call);
  return emitter.takeError();
}

void GraphImporter::bindResults(const Node &node, const Graph &graph,
                                OperatorCall &call) {
  llvm::SmallVector<llvm::StringRef, 4> names;
  for (const Argument &output : node.outputs) {
    if (output.kind == Kind::Tensor)
      names.push_back(output.text);
    else if (output.isValue())
      bindSymbolic(output, graph, call);
    for (const Argument &item : output.items)
      names.push_back(item.text);
  }
  // Trailing results that the file does not list are not used.
  if (names.size() > call.results.size())
    return call.fail(FaultCode::ShapeContradiction,
                     "the file lists " + llvm::Twine(names.size()) +
                         " results, the operator has " +
                         llvm::Twine(call.results.size()));
  for (auto [name, tensor] : llvm::zip(names, call.results))
    bindTensor(name, graph, call.scope, tensor);
}

void GraphImporter::bindTensor(llvm::StringRef name, const Graph &graph,
                               Scope &scope, TensorRef tensor) {
  if (tensor.storage) {
    Value value = aliases.read(tensor);
    auto claimed = graph.tensors.find(name);
    if (claimed != graph.tensors.end() && value)
      checkClaim(name, claimed->second, value);
  }
  scope.tensors[name] = std::move(tensor);
}

void GraphImporter::bindSymbolic(const Argument &output, const Graph &graph,
                                 OperatorCall &call) {
  if (output.kind == Kind::SymBool) {
    call.scope.booleans[output.text] = call.booleanResult.value_or(true);
    return;
  }
  if (output.kind != Kind::SymInt || !call.sizeResult)
    return call.failValue("the operator gives no size");
  auto claimed = graph.symInts.find(output.text);
  if (claimed != graph.symInts.end()) {
    llvm::Expected<ExprAttr> expected = sizes.convert(claimed->second);
    if (expected)
      checkSize(output.text, 0, *expected, call.sizeResult);
    else // Only the importer's own form is used from here on.
      llvm::consumeError(expected.takeError());
  }
  call.scope.sizes[output.text] = call.sizeResult;
}

//===----------------------------------------------------------------------===//
// Claims of the file
//===----------------------------------------------------------------------===//

static std::string textOf(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

void GraphImporter::checkSize(llvm::StringRef name, size_t index,
                              ExprAttr claimed, ExprAttr inferred) {
  if (claimed == inferred)
    return;
  ExprAttr difference = graph::makeSub(claimed, inferred);
  graph::SizeRange range{INT64_MIN, INT64_MAX};
  if (difference)
    range = emitter.rangeOf(difference);
  if (range.min == 0 && range.max == 0)
    return;
  if (range.min > 0 || range.max < 0) {
    graph::SizeRange possible = emitter.rangeOf(inferred);
    return emitter.fail(
        FaultCode::ShapeContradiction,
        "the file says that '" + name + "' has size " +
            graph::toString(claimed) + " in dimension " + llvm::Twine(index) +
            "; the operator gives " + graph::toString(inferred),
        "the operator's size lies in " + llvm::Twine(possible.min) + ".." +
            llvm::Twine(possible.max),
        "export the model again");
  }
  std::pair<ExprAttr, ExprAttr> relation(claimed, inferred);
  if (!llvm::is_contained(assumedEqual, relation))
    assumedEqual.push_back(relation);
}

void GraphImporter::checkClaim(llvm::StringRef name, const TensorMeta &claimed,
                               Value value) {
  RankedTensorType type = GraphEmitter::typeOf(value);
  Type elementType = emitter.toType(claimed.type);
  Dims dims = emitter.dimsOf(value);
  if (emitter.hasFault())
    return;
  if (elementType != type.getElementType() ||
      claimed.sizes.size() != dims.size())
    return emitter.fail(FaultCode::ShapeContradiction,
                        "the file says that '" + name + "' is " +
                            claimed.str() + "; the operator gives " +
                            textOf(type));
  for (size_t i = 0; i < dims.size(); ++i) {
    llvm::Expected<ExprAttr> size = sizes.convert(claimed.sizes[i]);
    if (!size)
      return emitter.fail(size.takeError());
    checkSize(name, i, *size, dims[i]);
  }
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

llvm::Error GraphImporter::importRegions(const Node &node,
                                         OperatorCall &call) {
  llvm::StringRef name = node.operatorName();
  if (name == "higher_order.cond")
    return importCond(call);
  if (name == "higher_order.while_loop")
    return importWhile(call);
  return inlineGraph(call);
}

static llvm::Error malformed(const Node &node) {
  return makeFault(faultAt(node, FaultCode::ArgumentKind,
                           "the operands of " + node.operatorName() +
                               " are not as torch writes them"));
}

/// wrap_with_*: [settings..., graph, operands...]. The body takes part in the
/// surrounding graph as if it had been written there.
llvm::Error GraphImporter::inlineGraph(OperatorCall &call) {
  const Node &node = call.node;
  const auto *body = llvm::find_if(node.inputs, [](const NamedArgument &input) {
    return input.value.graph != nullptr;
  }).base();
  size_t at = body - node.inputs.data();
  if (at == node.inputs.size())
    return malformed(node);
  const Graph &graph = *node.inputs[at].value.graph;
  if (node.inputs.size() - at - 1 != graph.inputs.size())
    return malformed(node);
  Scope inner;
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    const Argument &outer = node.inputs[at + 1 + i].value;
    if (graph.inputs[i].kind == Kind::Tensor)
      inner.tensors[graph.inputs[i].text] = call.refOf(outer);
    else if (graph.inputs[i].kind == Kind::SymInt)
      inner.sizes[graph.inputs[i].text] = call.sizeOf(outer);
  }
  if (llvm::Error error = emitter.takeError())
    return error;
  if (llvm::Error error = importNodes(graph, inner))
    return error;
  for (const Argument &output : graph.outputs) {
    if (output.kind == Kind::SymInt) {
      call.result(inner.sizes.lookup(output.text));
      continue;
    }
    auto found = inner.tensors.find(output.text);
    if (found == inner.tensors.end())
      return malformed(node);
    call.result(found->second);
  }
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<Region>>
GraphImporter::importRegion(const Graph &body, TypeRange types,
                            bool isCondition) {
  OpBuilder &builder = emitter.builder;
  OpBuilder::InsertionGuard guard(builder);
  auto region = std::make_unique<Region>();
  llvm::SmallVector<Location> locations(types.size(), emitter.location);
  Location location = emitter.location;
  Block *block = builder.createBlock(region.get(), {}, types, locations);
  Scope inner;
  for (auto [input, value] : llvm::zip(body.inputs, block->getArguments()))
    inner.tensors[input.text] = aliases.input(value, input.text);
  if (llvm::Error error = importNodes(body, inner))
    return error;
  llvm::SmallVector<Value> yielded;
  for (const Argument &output : body.outputs) {
    auto found = inner.tensors.find(output.text);
    if (output.kind != Kind::Tensor || found == inner.tensors.end())
      return makeFault(FaultCode::ArgumentKind,
                       "a region of control flow returns no tensor");
    Value value = aliases.read(found->second);
    if (isCondition)
      value = emitter.reshape(value, {});
    yielded.push_back(value);
  }
  if (llvm::Error error = emitter.takeError())
    return error;
  graph::YieldOp::create(builder, location, yielded);
  return region;
}

llvm::Error GraphImporter::importCond(OperatorCall &call) {
  const auto &inputs = call.node.inputs;
  if (inputs.size() != 4 || !inputs[1].value.graph || !inputs[2].value.graph)
    return malformed(call.node);
  Value condition = emitter.reshape(call.tensorOf(inputs[0].value), {});
  condition = emitter.cast(condition, emitter.builder.getI1Type());
  llvm::SmallVector<Value> operands{condition};
  for (const Argument &item : inputs[3].value.items)
    operands.push_back(call.tensorOf(item));
  if (llvm::Error error = emitter.takeError())
    return error;
  OperationState state(emitter.location, graph::IfOp::getOperationName());
  state.addOperands(operands);
  TypeRange types = ValueRange(operands).drop_front().getTypes();
  for (size_t branch : {1, 2}) {
    const Graph &body = *inputs[branch].value.graph;
    if (body.inputs.size() != types.size())
      return malformed(call.node);
    auto region = importRegion(body, types, /*isCondition=*/false);
    if (!region)
      return region.takeError();
    emitter.setNode(&call.node);
    Operation *yield = (*region)->front().getTerminator();
    if (branch == 1)
      state.addTypes(yield->getOperandTypes());
    else if (!llvm::equal(yield->getOperandTypes(), state.types))
      return makeFault(faultAt(call.node, FaultCode::ShapeContradiction,
                               "the branches of a cond give different types"));
    state.addRegion(std::move(*region));
  }
  for (Value result : emitter.builder.create(state)->getResults())
    call.result(result);
  return llvm::Error::success();
}

llvm::Error GraphImporter::importWhile(OperatorCall &call) {
  const auto &inputs = call.node.inputs;
  if (inputs.size() != 4 || !inputs[0].value.graph || !inputs[1].value.graph)
    return malformed(call.node);
  llvm::SmallVector<Value> operands;
  for (size_t list : {2, 3})
    for (const Argument &item : inputs[list].value.items)
      operands.push_back(call.tensorOf(item));
  if (llvm::Error error = emitter.takeError())
    return error;
  int32_t carried = inputs[2].value.items.size();
  int32_t extra = inputs[3].value.items.size();
  OperationState state(emitter.location, graph::WhileOp::getOperationName());
  state.addOperands(operands);
  state.addAttribute("operandSegmentSizes",
                     emitter.builder.getDenseI32ArrayAttr({carried, extra}));
  TypeRange types = ValueRange(operands).getTypes();
  state.addTypes(types.take_front(carried));
  for (size_t part : {0, 1}) {
    const Graph &body = *inputs[part].value.graph;
    if (body.inputs.size() != types.size())
      return malformed(call.node);
    auto region = importRegion(body, types, /*isCondition=*/part == 0);
    if (!region)
      return region.takeError();
    emitter.setNode(&call.node);
    state.addRegion(std::move(*region));
  }
  for (Value result : emitter.builder.create(state)->getResults())
    call.result(result);
  return llvm::Error::success();
}

} // namespace lathe::pt2
