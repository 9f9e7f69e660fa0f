// SPDX-License-Identifier: Apache-2.0
//
// The bytes of weights beside the text of a graph: MODEL.mlir names weights by
// their hashes, MODEL.mlir.weights holds them.
//
// The file begins with lines of text: `lathe weights 1`, then for each weight
// its key and its size, `<64 hex digits> <bytes>`, then an empty line. The
// weights follow in that order, dense and row-major, each from a multiple of
// 64 bytes of the file; gaps are zeros.
#ifndef LATHE_COMPILER_FRONTENDS_GRAPHWEIGHTS_H
#define LATHE_COMPILER_FRONTENDS_GRAPHWEIGHTS_H

#include "dialects/Graph/WeightStore.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>
#include <vector>

namespace lathe {

/// "model.mlir" -> "model.mlir.weights".
std::string graphWeightsPath(llvm::StringRef textPath);

/// The keys of the module's weights, in its order.
std::vector<std::string> weightKeys(mlir::ModuleOp module);

/// Writes these weights, each once; the file appears whole or not at all.
/// Without weights it does nothing.
llvm::Error writeGraphWeights(llvm::ArrayRef<std::string> keys, const WeightStore &store,
                              llvm::StringRef path);

/// Maps the file and adds its weights to `store`, which keeps it alive. The
/// file is untrusted: each weight must have the hash that it is listed under.
llvm::Error readGraphWeights(llvm::StringRef path, WeightStore &store);

} // namespace lathe

#endif // LATHE_COMPILER_FRONTENDS_GRAPHWEIGHTS_H
