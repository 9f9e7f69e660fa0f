// SPDX-License-Identifier: Apache-2.0
//
// The devices of a variant, read from the module attribute graph.targets, so
// that partitioning is tested without any target linked.
#ifndef LATHE_PASSES_PARTITION_TARGETDESCRIPTION_H
#define LATHE_PASSES_PARTITION_TARGETDESCRIPTION_H

#include "dialects/Graph/GraphOps.h"
#include "llvm/ADT/DenseSet.h"

namespace lathe {

/// Module attribute: an array of dictionaries, in order of preference.
constexpr llvm::StringLiteral kTargetsAttr = "graph.targets";
/// Operator attribute: the device that runs it.
constexpr llvm::StringLiteral kDeviceAttr = "graph.device";

struct TargetDescription {
  mlir::StringAttr name;
  /// Empty: all operators (mnemonics without the dialect).
  llvm::DenseSet<llvm::StringRef> operators;
  /// Empty: all element types. Quantized types are asked by their storage.
  llvm::DenseSet<mlir::Type> elementTypes;
  /// Features that kernels read side by side, in order of preference.
  llvm::SmallVector<int64_t> weightPanels;
  /// Convolutions run best with channels last.
  bool channelsLast = false;
  /// A pointwise convolution and the depthwise one that reads it may be one
  /// kernel: the chain of anchors of C12.
  bool chainsDepthwise = false;
  /// 3x3 convolutions run best by minimal filtering, where that is less work.
  bool winograd = false;

  bool takes(mlir::Operation *op) const;
};

struct VariantDescription {
  std::vector<TargetDescription> targets;
  mlir::StringAttr host;

  /// The target of the operator's device, or null.
  const TargetDescription *find(mlir::Operation *op) const;
};

/// Reads the attribute; emits at the module what is wrong with it.
mlir::FailureOr<VariantDescription> readTargets(mlir::ModuleOp module);

} // namespace lathe

#endif // LATHE_PASSES_PARTITION_TARGETDESCRIPTION_H
