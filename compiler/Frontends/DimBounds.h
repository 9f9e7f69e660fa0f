// SPDX-License-Identifier: Apache-2.0
// Bounds of dynamic sizes that the user gives, and what they mean for a model's
// symbols. Front ends fill the table, and read it back.
#ifndef LATHE_COMPILER_FRONTENDS_DIMBOUNDS_H
#define LATHE_COMPILER_FRONTENDS_DIMBOUNDS_H

#include "compiler/Frontends/Fault.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>
#include <string>
#include <vector>

namespace lathe {

/// `--dim NAME=lo..hi`: inclusive bounds of a symbol. NAME is a symbol of the
/// file ("s27"), a dimension of an input ("x.0", also "x[0]"), or "*" for every
/// symbol that has no upper bound otherwise.
struct DimBound {
  std::string name;
  std::string place; ///< "x[0]" where the name can be a dimension, else empty.
  int64_t lower = 0;
  int64_t upper = 0;
};

/// Parses "s27=1..512" or "x.0=1..512".
llvm::Expected<DimBound> parseDimBound(llvm::StringRef text);

/// A symbol with its range and the dimensions of inputs that are just it.
struct DimSymbol {
  std::string name;
  int64_t lower = 0;
  std::optional<int64_t> upper; ///< Empty: unbounded.
  std::vector<std::string> places; ///< "x[0]"
};

/// A dimension of an input that is no symbol alone.
struct DimOther {
  std::string place; ///< "x[1]"
  std::string size;  ///< "8", "s27 * 2"
};

/// Applies named bounds, then those of "*". Faults: a bound that names nothing
/// or a dimension that cannot be bounded itself; one that leaves the model's own
/// range on either side, or all that other bounds left of it. A "*" that bounds nothing is said in `warnings`.
llvm::Error applyDimBounds(llvm::ArrayRef<DimBound> bounds,
                           std::vector<DimSymbol> &symbols,
                           llvm::ArrayRef<DimOther> others,
                           std::vector<std::string> &warnings);

} // namespace lathe

#endif // LATHE_COMPILER_FRONTENDS_DIMBOUNDS_H
