// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_LAYOUT_WEIGHTGROWTH_H
#define LATHE_PASSES_LAYOUT_WEIGHTGROWTH_H

namespace lathe {

/// By how much of the model's weights those of a program may be larger, where
/// Winograd's algorithm takes convolutions (docs/decisions/0012).
constexpr unsigned kWeightGrowthPercent = 14;

} // namespace lathe

#endif // LATHE_PASSES_LAYOUT_WEIGHTGROWTH_H
