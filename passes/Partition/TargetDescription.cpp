// SPDX-License-Identifier: Apache-2.0
#include "passes/Partition/TargetDescription.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

bool TargetDescription::takes(Operation *op) const {
  if (!operators.empty() && !operators.contains(op->getName().stripDialect()))
    return false;
  if (elementTypes.empty())
    return true;
  auto takesType = [&](Type type) {
    Type element = getElementTypeOrSelf(type);
    if (auto quantized = llvm::dyn_cast<quant::QuantizedType>(element))
      element = quantized.getStorageType();
    return elementTypes.contains(element);
  };
  return llvm::all_of(op->getOperandTypes(), takesType) &&
         llvm::all_of(op->getResultTypes(), takesType);
}

const TargetDescription *VariantDescription::find(Operation *op) const {
  auto device = op->getAttrOfType<StringAttr>(kDeviceAttr);
  auto found = llvm::find_if(
      targets, [&](const TargetDescription &target) { return target.name == device; });
  return found == targets.end() ? nullptr : &*found;
}

static FailureOr<TargetDescription> readTarget(ModuleOp module, DictionaryAttr entry) {
  TargetDescription target;
  target.name = entry.getAs<StringAttr>("name");
  if (!target.name || target.name.empty())
    return module.emitError() << kTargetsAttr << " has a target without a name";
  if (auto operators = entry.getAs<ArrayAttr>("operators"))
    for (Attribute name : operators) {
      auto text = llvm::dyn_cast<StringAttr>(name);
      if (!text)
        return module.emitError() << kTargetsAttr << ": operators of " << target.name
                                  << " must be strings, got " << name;
      target.operators.insert(text.getValue());
    }
  target.channelsLast = entry.get("channels_last") != nullptr;
  target.winograd = entry.get("winograd") != nullptr;
  target.chainsDepthwise = entry.get("chains_depthwise") != nullptr;
  if (auto panels = entry.getAs<DenseI64ArrayAttr>("weight_panels"))
    for (int64_t panel : panels.asArrayRef()) {
      if (panel < 1)
        return module.emitError() << kTargetsAttr << ": weight_panels of " << target.name
                                  << " must be positive, got " << panel;
      target.weightPanels.push_back(panel);
    }
  if (auto types = entry.getAs<ArrayAttr>("element_types"))
    for (Attribute type : types) {
      auto element = llvm::dyn_cast<TypeAttr>(type);
      if (!element)
        return module.emitError() << kTargetsAttr << ": element_types of " << target.name
                                  << " must be types, got " << type;
      target.elementTypes.insert(element.getValue());
    }
  return target;
}

FailureOr<VariantDescription> lathe::readTargets(ModuleOp module) {
  auto list = module->getAttrOfType<ArrayAttr>(kTargetsAttr);
  if (!list || list.empty())
    return module.emitError() << "needs " << kTargetsAttr << ", an array with at least one target";
  VariantDescription variant;
  for (Attribute attribute : list) {
    auto entry = llvm::dyn_cast<DictionaryAttr>(attribute);
    if (!entry)
      return module.emitError() << kTargetsAttr << " expects dictionaries, got " << attribute;
    FailureOr<TargetDescription> target = readTarget(module, entry);
    if (failed(target))
      return failure();
    if (llvm::any_of(variant.targets, [&](const TargetDescription &other) {
          return other.name == target->name;
        }))
      return module.emitError() << kTargetsAttr << " names " << target->name << " twice";
    if (entry.get("host")) {
      if (variant.host)
        return module.emitError() << kTargetsAttr << " has two hosts";
      variant.host = target->name;
    }
    variant.targets.push_back(std::move(*target));
  }
  if (!variant.host)
    variant.host = variant.targets.back().name;
  return variant;
}
