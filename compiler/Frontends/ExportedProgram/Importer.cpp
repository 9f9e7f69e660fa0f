// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/Importer.h"

#include "compiler/Frontends/ExportedProgram/GraphCheck.h"
#include "compiler/Frontends/ExportedProgram/GraphImporter.h"
#include "compiler/Frontends/ExportedProgram/Pt2Program.h"
#include "dialects/Graph/WeightStore.h"
#include "llvm/ADT/StringSet.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using lathe::graph::ExprAttr;

namespace lathe::pt2 {
namespace {

/// Most elements of a tensor constant that becomes a graph.constant (C4).
constexpr int64_t kConstantElementsMax = 64;

class ProgramImporter {
public:
  ProgramImporter(Pt2Program program, const FrontendOptions &options,
                  MLIRContext &context)
      : archive(std::move(program.archive)),
        tensors(std::move(program.tensors)),
        exported(std::move(program.exported)), options(options),
        builder(&context), sizes(*exported, &context),
        emitter(builder, [this](llvm::StringRef name) {
          return sizes.rangeOf(name);
        }),
        aliases(emitter), importer(sizes, emitter, aliases, refusals) {}

  llvm::Expected<OwningOpRef<ModuleOp>> run();

private:
  llvm::Expected<OwningOpRef<ModuleOp>> importModule();
  llvm::Error importFunction();
  llvm::Error declareInputs();
  llvm::Error bindInputs();
  llvm::Error bindStored(const InputSpec &spec);
  llvm::Error bindOutputs();
  llvm::Error bindOutput(const OutputSpec &spec);
  llvm::Error writeBuffer(const OutputSpec &spec);
  bool updateStateInPlace(TensorRef &state, Value value);
  void addResultName(llvm::StringRef name);
  Value outputValue(const Argument &argument);
  llvm::Expected<std::string> addWeight(const StoredTensor &stored);
  Value constantOf(const StoredTensor &stored, RankedTensorType type);
  void findWrittenBuffers();
  void findBuffersWrittenInRegions(
      const Node &node, const llvm::StringMap<llvm::StringRef> &rootOf);
  void findUsedNames(const Graph &graph);
  void emitAssumptions();
  void findEqualSizes();
  void eraseUnused();
  llvm::Error verifyModule();

  /// Shared with the WeightStore, whose views point into the mapped file.
  std::shared_ptr<Pt2Archive> archive;
  std::unique_ptr<StoredTensors> tensors;
  std::unique_ptr<ExportedProgram> exported;
  const FrontendOptions &options;
  OpBuilder builder;
  SizeImporter sizes;
  GraphEmitter emitter;
  AliasTracker aliases;
  OperatorRefusals refusals;
  GraphImporter importer;

  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
  Scope scope;
  llvm::StringSet<> usedNames;      ///< Values that something reads.
  llvm::StringSet<> writtenBuffers; ///< Names of graph inputs.
  llvm::SmallVector<Type> inputTypes;
  llvm::SmallVector<const InputSpec *> userInputs;
  llvm::SmallVector<Value> results;
  llvm::SmallVector<std::string> resultNames;
  size_t nextUserOutput = 0; ///< Position among the outputs of kind User.
};

//===-- What is read and what is written ------------------------------------===//

void addNames(const Argument &argument, llvm::StringSet<> &names) {
  if (argument.isValue())
    names.insert(argument.text);
  for (const Argument &item : argument.items)
    addNames(item, names);
}

void ProgramImporter::findUsedNames(const Graph &graph) {
  for (const Node &node : graph.nodes)
    for (const NamedArgument &input : node.inputs)
      addNames(input.value, usedNames);
  for (const Argument &output : graph.outputs)
    addNames(output, usedNames);
}

/// A body that writes in place may write each buffer that it is given.
void ProgramImporter::findBuffersWrittenInRegions(
    const Node &node, const llvm::StringMap<llvm::StringRef> &rootOf) {
  bool writes = false;
  for (const NamedArgument &input : node.inputs)
    if (input.value.graph)
      llvm::consumeError(
          forEachNode(*input.value.graph, [&](const Node &inner) {
            const OperatorSchema *schema = findSchema(inner.operatorName());
            writes |= schema && schema->isMutating();
            return llvm::Error(llvm::Error::success());
          }));
  for (const NamedArgument &input : node.inputs) {
    auto it = rootOf.find(input.value.text);
    if (writes && it != rootOf.end())
      writtenBuffers.insert(it->second);
  }
}

/// Buffers that the signature mutates, and those that an in-place operator
/// reaches, directly or through what aliases them by torch's own schemas.
void ProgramImporter::findWrittenBuffers() {
  llvm::StringMap<llvm::StringRef> rootOf;
  for (const InputSpec &spec : exported->inputSpecs)
    if (spec.kind == InputSpec::Kind::Buffer)
      rootOf[spec.argument.text] = spec.argument.text;
  for (const Node &node : exported->graph.nodes) {
    const OperatorSchema *schema = findSchema(node.operatorName());
    if (!schema) {
      findBuffersWrittenInRegions(node, rootOf);
      continue;
    }
    llvm::StringRef root;
    for (const SchemaArgument &argument : schema->arguments) {
      const Argument *value = node.findInput(argument.name);
      // Dropout in evaluation mode is an alias that its schema does not state.
      bool isAlias = argument.aliasSet ||
                     (argument.name == "input" &&
                      node.operatorName().contains("dropout"));
      auto it = value && isAlias ? rootOf.find(value->text) : rootOf.end();
      if (it == rootOf.end())
        continue;
      root = it->second;
      if (argument.isMutated)
        writtenBuffers.insert(root);
    }
    if (root.empty())
      continue;
    for (const Argument &output : node.outputs) {
      rootOf[output.text] = root;
      for (const Argument &item : output.items)
        rootOf[item.text] = root;
    }
  }
  for (const OutputSpec &output : exported->outputSpecs)
    for (const InputSpec &spec : exported->inputSpecs)
      if (output.kind == OutputSpec::Kind::BufferMutation &&
          spec.kind == InputSpec::Kind::Buffer && spec.target == output.target)
        writtenBuffers.insert(spec.argument.text);
}

//===-- Inputs --------------------------------------------------------------===//

llvm::Error ProgramImporter::declareInputs() {
  for (const InputSpec &spec : exported->inputSpecs) {
    if (spec.kind != InputSpec::Kind::User)
      continue;
    if (spec.argument.kind == Argument::Kind::SymInt)
      return makeFault(FaultCode::SignatureInvalid,
                       "the input '" + spec.argument.text +
                           "' is a Python integer",
                       "programs take tensors",
                       "pass it as a tensor of rank 0");
    if (spec.argument.kind != Argument::Kind::Tensor)
      continue; // Constants and None take part in no node.
    const TensorMeta &meta =
        exported->graph.tensors.find(spec.argument.text)->second;
    Dims dims;
    for (const SymInt &size : meta.sizes) {
      llvm::Expected<ExprAttr> dim = sizes.convert(size);
      if (!dim)
        return dim.takeError();
      dims.push_back(*dim);
    }
    Type elementType = emitter.toType(meta.type);
    if (llvm::Error error = emitter.takeError())
      return error;
    auto type = graph::getTensorType(dims, elementType);
    if (!emitter.checkExtent(type))
      return emitter.takeError();
    inputTypes.push_back(type);
    userInputs.push_back(&spec);
  }
  return llvm::Error::success();
}

llvm::Expected<std::string>
ProgramImporter::addWeight(const StoredTensor &stored) {
  WeightView view;
  llvm::StringRef bytes = archive->bytes(*stored.member);
  view.storage = llvm::ArrayRef(bytes.data(), bytes.size());
  view.element_bytes = elementTypeBytes(stored.meta.type);
  view.offset_bytes =
      static_cast<uint64_t>(stored.meta.storageOffset.value) *
      view.element_bytes;
  for (size_t i = 0; i < stored.meta.sizes.size(); ++i) {
    view.sizes.push_back(stored.meta.sizes[i].value);
    view.strides.push_back(stored.meta.strides[i].value);
  }
  view.owner = archive;
  auto *dialect = builder.getContext()->getLoadedDialect<graph::GraphDialect>();
  return dialect->getWeightStore().add(std::move(view));
}

/// A small tensor constant as an attribute; null where it is too large.
Value ProgramImporter::constantOf(const StoredTensor &stored,
                                  RankedTensorType type) {
  if (type.getNumElements() > kConstantElementsMax ||
      type.getNumElements() == 0)
    return {};
  llvm::Expected<std::string> key = addWeight(stored);
  if (!key) {
    emitter.fail(key.takeError());
    return {};
  }
  auto *dialect = builder.getContext()->getLoadedDialect<graph::GraphDialect>();
  std::vector<char> dense =
      WeightStore::copyDense(*dialect->getWeightStore().find(*key));
  DenseElementsAttr value;
  if (type.getElementType().isInteger(1)) {
    llvm::SmallVector<bool> bits;
    for (char byte : dense)
      bits.push_back(byte != 0);
    value = DenseElementsAttr::get(type, bits);
  } else {
    value = DenseElementsAttr::getFromRawBuffer(type, dense);
  }
  return emitter.emit<graph::ConstantOp>({}, {emitter.named("value", value)});
}

/// Whether all bytes of a stored tensor are zero.
bool isZero(const Pt2Archive &archive, const StoredTensor &stored) {
  return llvm::all_of(archive.bytes(*stored.member),
                      [](char byte) { return byte == 0; });
}

llvm::Error ProgramImporter::bindStored(const InputSpec &spec) {
  llvm::StringRef name = spec.argument.text;
  bool isState = writtenBuffers.contains(name);
  if (!isState && !usedNames.contains(name))
    return llvm::Error::success();
  llvm::Expected<const StoredTensor *> stored = tensors->find(spec.target);
  if (!stored)
    return stored.takeError();
  llvm::SmallVector<int64_t, 6> shape;
  for (const SymInt &size : (*stored)->meta.sizes)
    shape.push_back(size.value);
  Type elementType = emitter.toType((*stored)->meta.type);
  if (llvm::Error error = emitter.takeError())
    return error;
  auto type = RankedTensorType::get(shape, elementType);
  if (!emitter.checkExtent(type))
    return emitter.takeError();
  emitter.location = NameLoc::get(builder.getStringAttr(spec.target));
  if (spec.kind == InputSpec::Kind::TensorConstant && !isState)
    if (Value value = constantOf(**stored, type)) {
      scope.tensors[name] = aliases.weight(value, spec.target);
      return emitter.takeError();
    }
  std::string symbol = spec.target.str();
  bool needsBytes = !isState || !isZero(*archive, **stored);
  OpBuilder atModule(function);
  if (needsBytes) {
    llvm::Expected<std::string> key = addWeight(**stored);
    if (!key)
      return key.takeError();
    std::string weight = isState ? symbol + ".initial" : symbol;
    graph::WeightOp::create(atModule, emitter.location,
                            builder.getStringAttr(weight),
                            TypeAttr::get(type),
                            builder.getStringAttr(*key), graph::FormatAttr());
  }
  if (!isState) {
    Value value = graph::UseWeightOp::create(builder, emitter.location, type,
                                             symbol);
    scope.tensors[name] = aliases.weight(value, spec.target);
    return llvm::Error::success();
  }
  FlatSymbolRefAttr initial;
  if (needsBytes)
    initial = FlatSymbolRefAttr::get(builder.getContext(), symbol + ".initial");
  graph::StateOp::create(atModule, emitter.location,
                         builder.getStringAttr(symbol),
                         TypeAttr::get(type), initial);
  scope.tensors[name] = aliases.state(spec.target, type);
  return llvm::Error::success();
}

llvm::Error ProgramImporter::bindInputs() {
  Block &entry = function.getBody().front();
  for (auto [spec, value] : llvm::zip(userInputs, entry.getArguments()))
    scope.tensors[spec->argument.text] =
        aliases.input(value, spec->argument.text);
  for (const InputSpec &spec : exported->inputSpecs) {
    bool isStored = spec.kind == InputSpec::Kind::Parameter ||
                    spec.kind == InputSpec::Kind::Buffer ||
                    spec.kind == InputSpec::Kind::TensorConstant;
    if (!isStored)
      continue;
    if (llvm::Error error = bindStored(spec))
      return error;
  }
  return llvm::Error::success();
}

//===-- Outputs -------------------------------------------------------------===//

/// Each output has a name of its own: that of a later one gets a number.
void ProgramImporter::addResultName(llvm::StringRef name) {
  std::string unique = name.str();
  for (unsigned i = 1; llvm::is_contained(resultNames, unique); ++i)
    unique = (name + "_" + llvm::Twine(i)).str();
  resultNames.push_back(unique);
}

Value ProgramImporter::outputValue(const Argument &argument) {
  switch (argument.kind) {
  case Argument::Kind::Tensor: {
    auto found = scope.tensors.find(argument.text);
    if (found != scope.tensors.end())
      return aliases.read(found->second);
    break;
  }
  case Argument::Kind::SymInt: {
    auto found = scope.sizes.find(argument.text);
    if (found != scope.sizes.end())
      return emitter.sizeValue(found->second, builder.getI64Type());
    break;
  }
  case Argument::Kind::Int:
    return emitter.constant(builder.getI64Type(), argument.integer);
  case Argument::Kind::Bool:
    return emitter.constant(builder.getI1Type(), argument.integer);
  case Argument::Kind::Float:
    return emitter.constant(builder.getF32Type(), argument.real);
  default:
    break;
  }
  emitter.fail(FaultCode::SignatureInvalid,
               "the model returns " + argument.kindName() +
                   ", which no program can return",
               "", "return tensors only");
  return {};
}

/// A functional index_put of a state's value, written back at the end, updates
/// the state in place where it stands.
bool ProgramImporter::updateStateInPlace(TensorRef &state, Value value) {
  auto put = value ? value.getDefiningOp<graph::IndexPutOp>() : nullptr;
  if (!put || put.getAccumulate() || put->getBlock() != builder.getBlock() ||
      put.getData() != state.storage->value ||
      !put.getData().getDefiningOp<graph::StateReadOp>())
    return false;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(put);
  graph::StateUpdateOp::create(builder, put.getLoc(), state.storage->name,
                               put.getIndices(), put.getValues(),
                               put.getDims());
  Value updated = graph::StateReadOp::create(builder, put.getLoc(),
                                             put.getType(),
                                             state.storage->name);
  // Rewire everything that held the functional result.
  for (auto &entry : scope.tensors)
    if (entry.second.cached == put.getResult())
      entry.second.cached = updated;
  for (Value &result : results)
    if (result == put.getResult())
      result = updated;
  put.getResult().replaceAllUsesWith(updated);
  put.erase();
  return true;
}

llvm::Error ProgramImporter::writeBuffer(const OutputSpec &spec) {
  Value value = outputValue(spec.argument);
  for (const InputSpec &input : exported->inputSpecs) {
    if (input.kind != InputSpec::Kind::Buffer || input.target != spec.target)
      continue;
    TensorRef &buffer = scope.tensors[input.argument.text];
    if (!buffer.storage || !value)
      break;
    if (!updateStateInPlace(buffer, value))
      aliases.write(buffer, value);
    return emitter.takeError();
  }
  if (llvm::Error error = emitter.takeError())
    return error;
  return makeFault(FaultCode::SignatureInvalid,
                   "the signature writes the unknown buffer '" + spec.target +
                       "'");
}

llvm::Error ProgramImporter::bindOutput(const OutputSpec &spec) {
  using SpecKind = OutputSpec::Kind;
  switch (spec.kind) {
  case SpecKind::BufferMutation:
    return writeBuffer(spec);
  case SpecKind::User:
  case SpecKind::InputMutation: {
    // A written input is returned under the input's own name, another output
    // under its keys in what the model returned, or else under its node's name.
    bool isUser = spec.kind == SpecKind::User;
    llvm::StringRef name = isUser ? spec.argument.text : spec.target;
    if (isUser && nextUserOutput < exported->outputNames.size() &&
        !exported->outputNames[nextUserOutput].empty())
      name = exported->outputNames[nextUserOutput];
    nextUserOutput += isUser;
    if (spec.argument.kind == Argument::Kind::None)
      return llvm::Error::success();
    results.push_back(outputValue(spec.argument));
    addResultName(name.empty() ? "output" : name);
    return emitter.takeError();
  }
  case SpecKind::Token:
    return llvm::Error::success();
  case SpecKind::ParameterMutation:
  case SpecKind::Loss:
  case SpecKind::Gradient:
    break;
  }
  return makeFault(FaultCode::SignatureInvalid,
                   "the model is a training step: it returns a loss, a "
                   "gradient or a new parameter",
                   "", "export the model in evaluation mode");
}

llvm::Error ProgramImporter::bindOutputs() {
  emitter.location = builder.getUnknownLoc();
  // User outputs first: they see the values before buffers are written back,
  // which is what a functional graph means.
  for (const OutputSpec &spec : exported->outputSpecs)
    if (spec.kind != OutputSpec::Kind::BufferMutation)
      if (llvm::Error error = bindOutput(spec))
        return error;
  for (const OutputSpec &spec : exported->outputSpecs)
    if (spec.kind == OutputSpec::Kind::BufferMutation)
      if (llvm::Error error = bindOutput(spec))
        return error;
  func::ReturnOp::create(builder, emitter.location, results);
  return llvm::Error::success();
}

//===-- The module ----------------------------------------------------------===//

llvm::Error ProgramImporter::importFunction() {
  if (llvm::Error error = declareInputs())
    return error;
  function = func::FuncOp::create(
      builder, builder.getUnknownLoc(), options.methodName,
      FunctionType::get(builder.getContext(), inputTypes, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
  for (auto [index, spec] : llvm::enumerate(userInputs))
    function.setArgAttr(index, graph::kNameAttr,
                        builder.getStringAttr(spec->argument.text));
  findUsedNames(exported->graph);
  findWrittenBuffers();
  if (llvm::Error error = bindInputs())
    return error;
  if (llvm::Error error = importer.importNodes(exported->graph, scope))
    return error;
  if (llvm::Error error = bindOutputs())
    return error;
  llvm::SmallVector<Type> resultTypes;
  for (Value result : results)
    resultTypes.push_back(result.getType());
  function.setType(
      FunctionType::get(builder.getContext(), inputTypes, resultTypes));
  for (auto [index, name] : llvm::enumerate(resultNames))
    function.setResultAttr(index, graph::kNameAttr,
                           builder.getStringAttr(name));
  return llvm::Error::success();
}

void ProgramImporter::emitAssumptions() {
  OpBuilder atModule(function);
  for (auto [claimed, inferred] : importer.assumptions())
    graph::AssumeOp::create(atModule, builder.getUnknownLoc(),
                            graph::CompareKind::Eq, claimed, inferred);
  for (ExprAttr size : emitter.notEmpty())
    graph::AssumeOp::create(atModule, builder.getUnknownLoc(),
                            graph::CompareKind::Ge, size,
                            emitter.sizeConstant(1));
}

/// Views and reads that nothing needed, then weights that nothing reads.
void ProgramImporter::eraseUnused() {
  llvm::SmallVector<Operation *> operations;
  function.walk([&](Operation *op) { operations.push_back(op); });
  for (Operation *op : llvm::reverse(operations))
    if (op != function && isOpTriviallyDead(op))
      op->erase();
  llvm::StringSet<> read;
  module->walk([&](Operation *op) {
    if (auto use = llvm::dyn_cast<graph::UseWeightOp>(op))
      read.insert(use.getWeight());
    if (auto state = llvm::dyn_cast<graph::StateOp>(op))
      read.insert(state.getInitial().value_or(""));
  });
  for (auto weight :
       llvm::make_early_inc_range(module->getOps<graph::WeightOp>()))
    if (!read.contains(weight.getSymName()))
      weight.erase();
}

llvm::Error ProgramImporter::verifyModule() {
  std::string message;
  ScopedDiagnosticHandler handler(
      builder.getContext(), [&](Diagnostic &diagnostic) {
        llvm::raw_string_ostream os(message);
        os << (message.empty() ? "" : "\n") << diagnostic.getLocation() << ": "
           << diagnostic;
        return success();
      });
  if (succeeded(mlir::verify(*module)))
    return llvm::Error::success();
  return makeFault(FaultCode::ShapeContradiction,
                   "the imported graph is not valid", message,
                   "this is a fault of the importer; please report it");
}

/// What follows from refused nodes, or merely comes after them, is not said.
llvm::Expected<OwningOpRef<ModuleOp>> ProgramImporter::run() {
  auto imported = importModule();
  if (refusals.empty())
    return imported;
  llvm::consumeError(imported.takeError());
  return refusals.take();
}

// Only what a run checks before it begins: relations of the inputs' sizes.
void ProgramImporter::findEqualSizes() {
  for (auto assume : module->getOps<graph::AssumeOp>()) {
    bool isChecked = assume.getKind() == graph::CompareKind::Eq;
    for (ExprAttr side : {assume.getLhs(), assume.getRhs()})
      graph::visitSymbols(side, [&](llvm::StringRef name) {
        auto symbol = module->lookupSymbol<graph::SymbolOp>(name);
        isChecked &= symbol && !symbol.getDataDependent();
      });
    if (isChecked)
      emitter.assumeEqual(assume.getLhs(), assume.getRhs());
  }
}

llvm::Expected<OwningOpRef<ModuleOp>> ProgramImporter::importModule() {
  refusals = refusedOperators(*exported, isImportedOperator);
  if (llvm::Error error = checkArguments(*exported))
    return error;
  std::vector<std::string> warnings;
  if (llvm::Error error = sizes.resolve(options.dimBounds, warnings))
    return error;
  if (options.warnings)
    llvm::append_range(*options.warnings, warnings);
  module = ModuleOp::create(builder, builder.getUnknownLoc());
  builder.setInsertionPointToEnd(module->getBody());
  if (llvm::Error error = sizes.emit(builder))
    return error;
  findEqualSizes();
  if (llvm::Error error = importFunction())
    return error;
  emitAssumptions();
  eraseUnused();
  if (llvm::Error error = verifyModule())
    return error;
  return std::move(module);
}

} // namespace

bool isImportedOperator(llvm::StringRef name) {
  bool isInPlace = false;
  return isImportedRegion(name) || findRow(name, isInPlace) != nullptr;
}

std::vector<std::string> importedOperators() {
  std::vector<std::string> names;
  for (const auto &row : importRows())
    names.push_back(row.first().str());
  for (const char *name :
       {"higher_order.cond", "higher_order.while_loop",
        "higher_order.wrap_with_autocast",
        "higher_order.wrap_with_set_grad_enabled"})
    names.push_back(name);
  llvm::sort(names);
  return names;
}

llvm::Expected<OwningOpRef<ModuleOp>>
importArchive(std::unique_ptr<Pt2Archive> archive,
              const FrontendOptions &options, MLIRContext &context) {
  context.loadDialect<graph::GraphDialect, func::FuncDialect>();
  std::string path = archive->path().str();
  llvm::Expected<Pt2Program> program =
      readPt2Program(std::move(archive), options.model);
  if (!program)
    return program.takeError();
  auto module = ProgramImporter(std::move(*program), options, context).run();
  if (!module)
    return withFile(module.takeError(), path);
  return module;
}

} // namespace lathe::pt2
