// SPDX-License-Identifier: Apache-2.0
#include "passes/Plan/CellTable.h"

#include <climits>

using namespace mlir;
using namespace lathe;
using graph::ExprAttr;

unsigned CellTable::addGroup(program::Region region, int64_t index, int64_t offset_bytes,
                             ExprAttr bytes, unsigned alignment) {
  groups.push_back({region, index, offset_bytes, bytes, alignment, false, {}});
  return groups.size() - 1;
}

unsigned CellTable::addCell(unsigned group, Interval live, unsigned alignment) {
  cells.push_back({group, zero, groups[group].bytes, live, alignment});
  groups[group].cells.push_back(cells.size() - 1);
  return cells.size() - 1;
}

unsigned CellTable::addArenaCell(ExprAttr bytes, Interval live, unsigned alignment) {
  return addCell(addGroup(program::Region::Arena, 0, 0, bytes), live, alignment);
}

bool CellTable::isWhole(const CellRef &ref) const {
  const Cell &cell = cells[ref.cell];
  return ref.offset_bytes == zero && cell.offset_bytes == zero && ref.bytes == cell.bytes &&
         groups[cell.group].bytes == cell.bytes;
}

CellTable::Interval CellTable::span(unsigned group) const {
  Interval result{INT_MAX, INT_MIN};
  for (unsigned id : groups[group].cells)
    result = {std::min(result.begin, cells[id].live.begin), std::max(result.end, cells[id].live.end)};
  return result;
}

int64_t CellTable::maxOf(ExprAttr expr) const { return graph::rangeOf(expr, rangeOfSymbol).max; }

bool CellTable::startsBehind(ExprAttr offset, ExprAttr end) const {
  ExprAttr gap = end ? graph::makeSub(offset, end) : ExprAttr();
  return gap && graph::rangeOf(gap, rangeOfSymbol).min >= 0;
}

bool CellTable::mayOverlap(ExprAttr offset, ExprAttr bytes, ExprAttr otherOffset,
                           ExprAttr otherBytes) const {
  return !startsBehind(offset, graph::makeAdd(otherOffset, otherBytes)) &&
         !startsBehind(otherOffset, graph::makeAdd(offset, bytes));
}

bool CellTable::place(const CellRef &ref, unsigned target, ExprAttr offset_bytes) {
  return placeUnless(ref, target, offset_bytes, [](unsigned, unsigned) { return false; });
}

bool CellTable::placeOver(const CellRef &ref, unsigned target, ExprAttr offset_bytes,
                          unsigned dying) {
  return placeUnless(ref, target, offset_bytes, [&](unsigned moved, unsigned resident) {
    return resident == dying && cells[moved].live.begin == cells[resident].live.end;
  });
}

bool CellTable::placeWithin(const CellRef &ref, unsigned target, ExprAttr offset_bytes,
                            unsigned whole) {
  return placeUnless(ref, target, offset_bytes, [&](unsigned moved, unsigned resident) {
    return moved == ref.cell && resident == whole;
  });
}

bool CellTable::placeUnless(const CellRef &ref, unsigned target, ExprAttr offset_bytes,
                            Exempt exempt) {
  unsigned from = cells[ref.cell].group;
  if (from == target || groups[from].region != program::Region::Arena || !isWhole(ref))
    return false;
  for (unsigned moved : groups[from].cells) {
    const Cell &own = cells[moved];
    ExprAttr place = graph::makeAdd(own.offset_bytes, offset_bytes);
    if (!place || own.alignment > groups[target].alignment ||
        place.getConstant().value_or(0) % own.alignment != 0)
      return false;
    for (unsigned resident : groups[target].cells) {
      const Cell &other = cells[resident];
      bool apart = own.live.end < other.live.begin || other.live.end < own.live.begin;
      if (!apart && !exempt(moved, resident) &&
          mayOverlap(place, own.bytes, other.offset_bytes, other.bytes))
        return false;
    }
  }
  for (unsigned moved : groups[from].cells) {
    cells[moved].group = target;
    cells[moved].offset_bytes = graph::makeAdd(cells[moved].offset_bytes, offset_bytes);
    groups[target].cells.push_back(moved);
  }
  groups[from].cells.clear();
  groups[target].carried |= groups[from].carried;
  return true;
}
