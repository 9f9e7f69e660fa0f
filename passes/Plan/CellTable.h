// SPDX-License-Identifier: Apache-2.0
//
// Which tensors of a method share memory. A cell is one content: bytes that
// are valid from a position to a position. Cells lie in groups, at offsets; a
// group becomes a storage of the arena, or is a weight, a state, an input or an
// output. Placing a group into another is refused where two contents would
// overlap in space and time.
//
// Positions number the operations of a method, nested ones included, in the
// order in which they are emitted. Regions are isolated and take explicit
// operands, so an interval of positions covers every path.
#ifndef LATHE_PASSES_PLAN_CELLTABLE_H
#define LATHE_PASSES_PLAN_CELLTABLE_H

#include "dialects/Graph/SizeExpr.h"
#include "dialects/Program/ProgramDialect.h"
#include "runtime/include/lathe/kernel_abi.h"
#include <functional>
#include <vector>

namespace lathe {

/// Bytes [offset, offset + bytes) of a cell.
struct CellRef {
  unsigned cell = 0;
  graph::ExprAttr offset_bytes;
  graph::ExprAttr bytes;
};

class CellTable {
public:
  using SymbolRange = std::function<graph::SizeRange(llvm::StringRef)>;

  CellTable(mlir::MLIRContext *context, SymbolRange rangeOfSymbol)
      : zero(graph::makeConstant(context, 0)), rangeOfSymbol(std::move(rangeOfSymbol)) {}

  /// Closed interval of positions.
  struct Interval {
    int begin = 0, end = 0;
  };
  struct Cell {
    unsigned group;
    graph::ExprAttr offset_bytes; // in the group
    graph::ExprAttr bytes;
    Interval live;
    unsigned alignment; // that kernels rely on, in bytes
  };
  struct Group {
    program::Region region = program::Region::Arena;
    int64_t index = 0;        // slot, input or output
    int64_t offset_bytes = 0; // in a weight slot or in the state region
    graph::ExprAttr bytes;
    /// What the memory promises: inputs and outputs lie where the caller wants,
    /// at a multiple of their element.
    unsigned alignment = LATHE_REGION_ALIGNMENT;
    /// Holds a value that control flow carries: its content at a position
    /// depends on the path that led there.
    bool carried = false;
    std::vector<unsigned> cells;
  };

  unsigned addGroup(program::Region region, int64_t index, int64_t offset_bytes,
                    graph::ExprAttr bytes, unsigned alignment = LATHE_REGION_ALIGNMENT);
  /// A cell at the start of a group, of all its bytes.
  unsigned addCell(unsigned group, Interval live, unsigned alignment = 1);
  /// A cell in a new group of the arena.
  unsigned addArenaCell(graph::ExprAttr bytes, Interval live, unsigned alignment = 1);

  const Cell &cell(unsigned id) const { return cells[id]; }
  const Group &groupOf(unsigned cell) const { return groups[cells[cell].group]; }
  const Group &group(unsigned id) const { return groups[id]; }
  void setCarried(unsigned group) { groups[group].carried = true; }
  /// Smallest interval around the lives of all cells of a group.
  Interval span(unsigned group) const;
  CellRef whole(unsigned cell) const { return {cell, zero, cells[cell].bytes}; }
  bool isWhole(const CellRef &ref) const;

  /// Puts the group of `ref`, which must be all of an arena group, into
  /// `target` at an offset. False when contents would overlap, or lie where the
  /// memory is not aligned enough.
  bool place(const CellRef &ref, unsigned target, graph::ExprAttr offset_bytes);
  /// The same where the placed cell takes the bytes of `dying`, a cell of the
  /// target that is read last where the placed one is written (in-place).
  bool placeOver(const CellRef &ref, unsigned target, graph::ExprAttr offset_bytes, unsigned dying);
  /// The same where the placed cell is a part of `whole`, a cell of the target.
  bool placeWithin(const CellRef &ref, unsigned target, graph::ExprAttr offset_bytes,
                   unsigned whole);
  /// Whether two ranges of bytes can share a byte for some sizes.
  bool mayOverlap(graph::ExprAttr offset, graph::ExprAttr bytes, graph::ExprAttr otherOffset,
                  graph::ExprAttr otherBytes) const;
  graph::ExprAttr zeroSize() const { return zero; }
  int64_t maxOf(graph::ExprAttr expr) const;

private:
  /// Two cells that may overlap although both live at a position.
  using Exempt = llvm::function_ref<bool(unsigned moved, unsigned resident)>;
  bool placeUnless(const CellRef &ref, unsigned target, graph::ExprAttr offset_bytes,
                   Exempt exempt);
  bool startsBehind(graph::ExprAttr offset, graph::ExprAttr end) const;

  graph::ExprAttr zero;
  SymbolRange rangeOfSymbol;
  std::vector<Cell> cells;
  std::vector<Group> groups;
};

} // namespace lathe

#endif // LATHE_PASSES_PLAN_CELLTABLE_H
