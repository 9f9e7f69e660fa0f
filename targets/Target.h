// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_TARGETS_TARGET_H
#define LATHE_TARGETS_TARGET_H

#include "targets/Tuning.h"

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mlir {
class PassManager;
} // namespace mlir

namespace lathe {

class KernelCache;

/// One raw, position-independent image of machine code: rodata, then text, no
/// relocations, no imports. Its base must be 64 KiB aligned when it runs.
struct KernelImage {
  /// As a user names it: `x86-64-v3`, `aarch64`.
  std::string level;
  /// Machine: the value of ImageFormat of program.fbs.
  uint32_t format = 0;
  /// Bits of runtime/schema/isa_features.h, all required.
  uint64_t features = 0;
  std::vector<uint8_t> bytes;
  uint64_t text_offset_bytes = 0;
  uint64_t text_bytes = 0;
  /// Offset of each kernel in `bytes`, in the order of
  /// CompiledKernels::kernels.
  std::vector<uint64_t> entries;
  /// The same code as an ELF shared object with symbols, for inspection.
  std::vector<uint8_t> debug_elf;
  /// A relocatable object with all kernels under their names, if asked for.
  std::vector<uint8_t> object;
};

/// Two arguments of a kernel that may be one buffer.
struct InPlacePair {
  uint32_t input;
  uint32_t output;
};

/// A number that depends on the sizes of a call; each factor maps them to one
/// number.
using SumOfProducts = std::vector<std::vector<mlir::AffineMap>>;

/// What a caller must know about one compiled kernel; equal for all images.
struct KernelInfo {
  std::string name;
  /// Tensor arguments, in the order of the buffers of a call.
  uint32_t buffer_count = 0;
  /// Index arguments, in the order of the sizes of a call.
  uint32_t size_count = 0;
  /// Scratch of one worker.
  uint64_t scratch_bytes = 0;
  /// The largest stack frame over all images.
  uint64_t stack_bytes = 0;
  /// The kernel may write the status word.
  bool may_fail = false;
  /// Number of tiles.
  SumOfProducts tile_count;
  /// Estimated work of all tiles on one core, in picoseconds.
  SumOfProducts cost_ps;
  /// Why the kernel is one tile, if it is; for reports.
  std::string one_tile_reason;
  /// Buffers (by position among the buffers) that may be shared.
  std::vector<InPlacePair> in_place;
  /// Text asked for by CompileOptions::keepLlvm and keepAssembly, of the first
  /// level.
  std::string llvm_ir;
  std::string assembly;
  /// Nothing of it was compiled: CompileOptions::cache had it for every level.
  bool is_cached = false;
  /// CompileOptions::tuning knew it.
  bool is_tuned = false;
  /// As kTileSizesAttr and kTileExtentsAttr; empty if no operation can be tiled.
  std::vector<int64_t> tile_sizes;
  std::vector<int64_t> tile_extents;
};

struct CompiledKernels {
  /// Best first: the order of CompileOptions::levels.
  std::vector<KernelImage> images;
  /// Sorted by name.
  std::vector<KernelInfo> kernels;
  /// Decisions of CompileOptions::tuning for kernels that are not here.
  unsigned foreign_decisions = 0;

  /// The number of tiles of kernel `index` for `sizes`; negative if it does
  /// not fit 32 bits.
  int64_t tileCount(size_t index, llvm::ArrayRef<int64_t> sizes) const;
};

struct CompileOptions {
  /// Levels of the target's own naming, one image each.
  std::vector<std::string> levels;
  /// Threads that compile; 0 = as many as the context allows.
  unsigned threads = 0;
  bool keepLlvm = false;
  bool keepAssembly = false;
  bool keepObject = false;
  /// Kernels that were compiled before, and place for those that are now; not
  /// asked where text is kept. Null: none.
  KernelCache *cache = nullptr;
  /// Tile sizes that were measured, in place of those of the cost model. Null:
  /// none. A decision that does not fit its kernel is an error with kTuningMark.
  const Tuning *tuning = nullptr;
  /// Called with (done, total) kernels, from any thread, one call at a time.
  std::function<void(unsigned, unsigned)> progress;
  /// Sees passes and the module that they run on before they run; empty: nobody
  /// wants to.
  std::function<void(mlir::PassManager &, mlir::ModuleOp)> watch;
};

/// What a linked object holds beside code: parts of a program file, named by
/// their place in it.
struct LinkedModel {
  struct Part {
    uint64_t offset_bytes;
    uint64_t bytes;
  };
  /// C name of the lathe_static_model (lathe.h) that the object defines.
  std::string symbol;
  std::string file;
  Part metadata;
  /// One per weight slot.
  std::vector<Part> weights;
  std::array<uint8_t, 32> digest;
};

/// One kind of device that kernels can be compiled for.
class Target {
public:
  virtual ~Target();
  /// As in `--target=<name>`.
  virtual llvm::StringRef name() const = 0;
  /// What passes need to know of the target, so that they need not link it.
  virtual mlir::Attribute describe(mlir::MLIRContext *context) const = 0;
  /// Dialects and interface models that compile() uses.
  virtual void getDependentDialects(mlir::DialectRegistry &registry) const = 0;
  /// Compiles every function of `kernels`, which stays as it is. Errors are
  /// emitted at the location of the kernel or operation.
  virtual mlir::FailureOr<CompiledKernels>
  compile(mlir::ModuleOp kernels, const CompileOptions &options) const = 0;
  /// Measures each function of `kernels` with several tile sizes on one core of
  /// this machine, for the first of options.levels that it runs, and adds what is
  /// clearly faster (or that nothing is) to `tuning`, but for kernels that it has
  /// for this machine already. Tile sizes that change a byte of a result are
  /// never taken. options.progress counts kernels.
  virtual mlir::FailureOr<std::vector<TunedKernel>>
  tune(mlir::ModuleOp kernels, const CompileOptions &options, Tuning &tuning) const = 0;
  /// Whether this machine runs code of that level.
  virtual bool runsHere(llvm::StringRef level) const = 0;
  /// The level that `host` stands for: the best one that this machine runs.
  /// Empty if it runs none.
  virtual std::string hostLevel() const = 0;
  /// The machine of a level: the value of ImageFormat of program.fbs; 0 if there
  /// is no such level.
  virtual uint32_t imageFormat(llvm::StringRef level) const = 0;
  /// A relocatable object that defines only `model.symbol` and needs nothing:
  /// kernel k of image i is entry i * kernels.size() + k of its kernel table.
  /// `compiled` was made with keepObject, for levels of one machine.
  virtual mlir::FailureOr<std::vector<uint8_t>>
  linkObject(mlir::Location loc, const CompiledKernels &compiled,
             const LinkedModel &model) const = 0;
};

/// Adds `target` to the registry; the first of a name stays.
void registerTarget(std::unique_ptr<Target> target);
/// The target of that name, or null.
const Target *findTarget(llvm::StringRef name);
/// All targets, sorted by name.
std::vector<const Target *> allTargets();

} // namespace lathe

#endif // LATHE_TARGETS_TARGET_H
