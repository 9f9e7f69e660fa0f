// SPDX-License-Identifier: Apache-2.0
// Functionalisation: tensors of the file may share storage and be written in
// place, values of the graph dialect may not. A TensorRef is a view of a
// Storage through a chain of steps; a write through any view replaces the
// storage's value, and later reads through other views see it.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_ALIASTRACKER_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_ALIASTRACKER_H

#include "compiler/Frontends/ExportedProgram/GraphEmitter.h"
#include <deque>

namespace lathe::pt2 {

/// Longest chain of views that is followed back to its storage.
inline constexpr size_t kViewStepsMax = 64;

/// One step from a storage's value to a view of it.
struct ViewStep {
  enum class Kind : uint8_t { Reshape, Permute, Slice, Broadcast };
  Kind kind = Kind::Reshape;
  Dims before;                                ///< Sizes of the step's input.
  Dims dims;                                  ///< Sizes of its result.
  Dims starts;                                ///< Slice.
  llvm::SmallVector<int64_t, 6> permutation;  ///< Permute.
  llvm::SmallVector<int64_t, 6> steps;        ///< Slice.
};

/// What several tensors of the file share.
struct Storage {
  enum class Origin : uint8_t { Temporary, Input, Weight, State };
  Origin origin = Origin::Temporary;
  llvm::StringRef name;  ///< Of an input, weight or state.
  mlir::Value value;     ///< Null for a state that must be read again.
  unsigned version = 0;  ///< Counts writes.
  bool isWritten = false;
  /// Storages that PyTorch may or may not share with this one (reshape,
  /// contiguous): after a write to one, the others cannot be read.
  llvm::SmallVector<Storage *, 2> related;
  std::string staleBecause; ///< Not empty: cannot be read any more.
};

/// A tensor of the file. Cheap to copy; `storage` lives in the tracker.
struct TensorRef {
  Storage *storage = nullptr; ///< Null: the operator does not compute it.
  llvm::SmallVector<ViewStep, 2> steps;
  mlir::Value cached;         ///< The view's value at `version`.
  unsigned version = 0;
};

class AliasTracker {
public:
  explicit AliasTracker(GraphEmitter &emitter) : emitter(emitter) {}

  //===-- New tensors -----------------------------------------------------===//

  /// A fresh value that nothing else shares.
  TensorRef fresh(mlir::Value value);
  TensorRef input(mlir::Value value, llvm::StringRef name);
  TensorRef weight(mlir::Value value, llvm::StringRef name);
  /// A state of type `type`; read at its first use.
  TensorRef state(llvm::StringRef symbol, mlir::RankedTensorType type);

  //===-- Views -----------------------------------------------------------===//

  TensorRef reshape(const TensorRef &base, llvm::ArrayRef<graph::ExprAttr> dims);
  TensorRef permute(const TensorRef &base,
                    llvm::ArrayRef<int64_t> permutation);
  TensorRef slice(const TensorRef &base,
                  llvm::ArrayRef<graph::ExprAttr> starts,
                  llvm::ArrayRef<graph::ExprAttr> sizes,
                  llvm::ArrayRef<int64_t> steps);
  TensorRef broadcast(const TensorRef &base,
                      llvm::ArrayRef<graph::ExprAttr> dims);
  /// The same value in a storage of which PyTorch may make a copy.
  TensorRef maybeCopied(const TensorRef &view);

  //===-- Reads and writes ------------------------------------------------===//

  /// The current value; null with a fault where it cannot be known.
  mlir::Value read(TensorRef &tensor);
  /// Makes `value` (of the view's type) the view's contents.
  void write(TensorRef &tensor, mlir::Value value);
  /// data.index_put_(indices at dims, values), in place on a state.
  void writeIndexed(TensorRef &tensor, llvm::ArrayRef<mlir::Value> indices,
                    llvm::ArrayRef<int64_t> dims, mlir::Value values,
                    bool accumulate);
  /// For writes that must not reach the caller's tensors.
  static bool isOwnedByCaller(const TensorRef &tensor) {
    return tensor.storage->origin == Storage::Origin::Input;
  }

private:
  mlir::Value apply(const ViewStep &step, mlir::Value value);
  /// The value of `before` after `after`, one step further, became `value`.
  mlir::Value undo(const ViewStep &step, mlir::Value before,
                   mlir::Value value);
  TensorRef append(const TensorRef &base, ViewStep step);
  mlir::Value readStorage(Storage &storage);
  void setStorage(Storage &storage, mlir::Value value);
  bool prepareWrite(TensorRef &tensor);
  bool writeSlicedState(TensorRef &tensor, mlir::Value value);
  Storage &add(Storage::Origin origin, llvm::StringRef name,
               mlir::Value value);

  GraphEmitter &emitter;
  std::deque<Storage> storages;
};

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_ALIASTRACKER_H
