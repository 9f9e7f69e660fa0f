// SPDX-License-Identifier: Apache-2.0
//
// What all methods of a program share while it is planned: weights and
// constants in execution order, states, kernels, images, source locations.
#ifndef LATHE_PASSES_PLAN_PROGRAMTABLES_H
#define LATHE_PASSES_PLAN_PROGRAMTABLES_H

#include "dialects/Graph/GraphOps.h"
#include "dialects/Program/ProgramDialect.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"
#include <array>
#include <map>

namespace lathe {

/// Bytes of a tensor as it lies in memory, layout included; null when they
/// leave 64 bits or the element type has no storage.
graph::ExprAttr physicalBytes(mlir::RankedTensorType type);
/// The storage element type of a tensor's element type.
mlir::Type storageElement(mlir::Type elementType);

class ProgramTables {
public:
  ProgramTables(mlir::ModuleOp module, bool weightsInSidecar)
      : module(module), weightsInSidecar(weightsInSidecar) {}

  /// Lays out the states; must come first.
  mlir::LogicalResult addStates();
  /// Offset in weight slot 0 of a weight, which gets its place at the first
  /// call. Weights of equal content share it.
  mlir::FailureOr<int64_t> weightOffset(mlir::Operation *user, llvm::StringRef name);
  /// The same for a constant tensor.
  int64_t constantOffset(mlir::ElementsAttr value);
  /// Offset of a state in the state region.
  mlir::FailureOr<int64_t> stateOffset(mlir::Operation *user, llvm::StringRef name);
  /// The kernel that a dispatch names; it becomes part of the program.
  mlir::FailureOr<graph::KernelOp> kernelOf(graph::DispatchOp dispatch);
  /// List of source locations of an operation, or nothing when it has none.
  std::optional<int64_t> locationOf(mlir::Operation *op);

  /// Builds the module-level operations: info first, then segments, weights,
  /// states, images, kernels.
  mlir::LogicalResult emit(mlir::OpBuilder &builder, llvm::StringRef producer);

private:
  struct Chunk {
    int64_t offset_bytes, bytes;
    mlir::StringAttr key;
    mlir::FlatSymbolRefAttr weight;
  };
  struct State {
    graph::StateOp op;
    int64_t offset_bytes, bytes;
    int64_t initial = -1; // index into entries
  };
  struct Entry {
    graph::WeightOp op;
    int64_t offset_bytes, bytes;
  };
  using LocationRecord = std::array<uint32_t, 5>; // in lathe_location_record's order

  int64_t addChunk(Chunk chunk);
  uint32_t textOffset(llvm::StringRef value);
  mlir::LogicalResult emitKernel(mlir::OpBuilder &builder, graph::KernelOp kernel,
                                 size_t imageCount);
  mlir::LogicalResult emitImages(mlir::OpBuilder &builder);
  void emitSegment(mlir::OpBuilder &builder, llvm::StringRef name, program::SegmentKind kind,
                   program::SegmentFile file, int64_t bytes, llvm::ArrayRef<Chunk> chunks);
  void emitWeights(mlir::OpBuilder &builder);
  void emitLocations(mlir::OpBuilder &builder);

  mlir::ModuleOp module;
  bool weightsInSidecar;
  std::vector<Chunk> chunks;
  int64_t weightsEnd = 0;
  int64_t stateBytes = 0;
  llvm::StringMap<int64_t> offsetOfContent; // by key, or '@' and name
  llvm::StringMap<size_t> entryOfWeight;
  std::vector<Entry> entries;
  std::vector<State> states;
  llvm::SetVector<mlir::Operation *> kernels;
  std::vector<LocationRecord> locationRecords;
  std::vector<uint32_t> locationBegins{0};
  std::map<std::vector<LocationRecord>, int64_t> locationLists;
  std::string locationText = std::string(1, '\0');
  llvm::StringMap<uint32_t> locationTextOffsets;
};

} // namespace lathe

#endif // LATHE_PASSES_PLAN_PROGRAMTABLES_H
