// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/GraphOps.h"
#include "dialects/Graph/WeightStore.h"

#include "mlir/Dialect/Quant/IR/Quant.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

#include "dialects/Graph/GraphDialect.cpp.inc"

void GraphDialect::initialize() {
  weightStore = std::make_shared<WeightStore>();
  registerAttributes();
  registerOperations();
}

Operation *GraphDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                             Location location) {
  auto elements = llvm::dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return ConstantOp::create(builder, location, elements);
}
