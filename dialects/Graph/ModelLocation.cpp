// SPDX-License-Identifier: Apache-2.0
#include "dialects/Graph/ModelLocation.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace lathe;
using graph::ModelNode;

static constexpr llvm::StringLiteral kOp = "op";
static constexpr llvm::StringLiteral kFunction = "function";

std::string ModelNode::source() const {
  if (file.empty())
    return "";
  std::string text = file.str() + ":" + std::to_string(line);
  return function.empty() ? text : text + " in " + function.str();
}

std::string ModelNode::words() const {
  std::string text = "node '" + name.str() + "'";
  if (!op.empty())
    text += " (" + op.str() + ")";
  return file.empty() ? text : text + ", " + source();
}

Location graph::makeModelLocation(MLIRContext *context, const ModelNode &node) {
  Builder builder(context);
  SmallVector<Location, 2> parts;
  if (!node.name.empty())
    parts.push_back(NameLoc::get(builder.getStringAttr(node.name)));
  if (!node.file.empty())
    parts.push_back(FileLineColLoc::get(context, node.file, node.line, 0));
  if (parts.empty())
    return builder.getUnknownLoc();
  SmallVector<NamedAttribute, 2> more;
  if (!node.function.empty())
    more.push_back(builder.getNamedAttr(kFunction, builder.getStringAttr(node.function)));
  if (!node.op.empty())
    more.push_back(builder.getNamedAttr(kOp, builder.getStringAttr(node.op)));
  if (parts.size() == 1 && more.empty())
    return parts.front();
  // Metadata, be it empty: locations without are dissolved where they are fused
  // further, and then a line that two nodes share is left to one of them.
  return FusedLoc::get(parts, builder.getDictionaryAttr(more), context);
}

// `around` holds what the metadata of the fused locations around say.
static void collect(Location location, ModelNode around, SmallVectorImpl<ModelNode> &nodes) {
  if (auto fused = llvm::dyn_cast<FusedLoc>(location)) {
    // Text may hold any metadata: what is no text says nothing.
    if (auto more = llvm::dyn_cast_or_null<DictionaryAttr>(fused.getMetadata())) {
      auto textOf = [&](StringRef field) {
        auto text = more.getAs<StringAttr>(field);
        return text ? text.getValue() : StringRef();
      };
      around.op = textOf(kOp);
      around.function = textOf(kFunction);
    }
    for (Location part : fused.getLocations())
      collect(part, around, nodes);
  } else if (auto name = llvm::dyn_cast<NameLoc>(location)) {
    around.name = name.getName().getValue();
    nodes.push_back(around);
    around.name = {};
    collect(name.getChildLoc(), around, nodes);
  } else if (auto call = llvm::dyn_cast<CallSiteLoc>(location)) {
    collect(call.getCallee(), around, nodes);
  } else if (auto line = llvm::dyn_cast<FileLineColLoc>(location)) {
    // A line belongs to the node named before it; alone it is a line of a text.
    if (nodes.empty())
      nodes.push_back(around);
    if (nodes.back().file.empty()) {
      nodes.back().file = line.getFilename().getValue();
      nodes.back().line = line.getLine();
    }
  }
}

llvm::SmallVector<ModelNode, 1> graph::modelNodesOf(Location location) {
  llvm::SmallVector<ModelNode, 1> nodes;
  collect(location, {}, nodes);
  return nodes;
}
