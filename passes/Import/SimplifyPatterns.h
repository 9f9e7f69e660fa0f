// SPDX-License-Identifier: Apache-2.0
//
// Rewrites of SimplifyGraph by family. All are exact: they change no result
// but for the order in which a sum and its bias are added.
#ifndef LATHE_PASSES_IMPORT_SIMPLIFYPATTERNS_H
#define LATHE_PASSES_IMPORT_SIMPLIFYPATTERNS_H

#include "passes/Import/ComputedWeights.h"

namespace lathe {

/// Identities of elementwise operators, chains of casts, constant conditions.
void addArithmeticPatterns(mlir::RewritePatternSet &patterns);
/// Slices, concats, pads, permutations, and broadcasts that elementwise
/// operators do themselves.
void addViewPatterns(mlir::RewritePatternSet &patterns);
/// Matrix products with weights, biases, permuted weights, padded
/// convolutions.
void addContractionPatterns(mlir::RewritePatternSet &patterns, ComputedWeights &weights);

/// The element that fills `value`, when it is known: of a constant, or of a
/// graph.full of one. Null otherwise.
mlir::TypedAttr splatElement(mlir::Value value);

} // namespace lathe

#endif // LATHE_PASSES_IMPORT_SIMPLIFYPATTERNS_H
