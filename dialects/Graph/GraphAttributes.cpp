// SPDX-License-Identifier: Apache-2.0
//
// Text form and verification of the graph dialect's attributes.
#include "dialects/Graph/GraphDialect.h"
#include "dialects/Graph/SizeExpr.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/SmallBitVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace lathe;
using namespace lathe::graph;

#include "dialects/Graph/GraphEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Graph/GraphAttributes.cpp.inc"

void GraphDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Graph/GraphAttributes.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Expressions and shapes
//===----------------------------------------------------------------------===//

Attribute ExprAttr::parse(AsmParser &parser, Type) {
  if (parser.parseLess())
    return {};
  ExprAttr expr = parseSizeExpr(parser);
  if (!expr || parser.parseGreater())
    return {};
  return expr;
}

void ExprAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printSizeExpr(printer.getStream(), *this);
  printer << '>';
}

static ParseResult parseDimList(AsmParser &parser, SmallVectorImpl<ExprAttr> &dims) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&]() -> ParseResult {
    ExprAttr dim = parseSizeExpr(parser);
    dims.push_back(dim);
    return success(static_cast<bool>(dim));
  });
}

static void printDimList(AsmPrinter &printer, ArrayRef<ExprAttr> dims) {
  printer << '[';
  llvm::interleaveComma(dims, printer.getStream(),
                        [&](ExprAttr dim) { printSizeExpr(printer.getStream(), dim); });
  printer << ']';
}

Attribute DimsAttr::parse(AsmParser &parser, Type) {
  SmallVector<ExprAttr> dims;
  if (parser.parseLess() || parseDimList(parser, dims) || parser.parseGreater())
    return {};
  return DimsAttr::get(parser.getContext(), dims);
}

void DimsAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printDimList(printer, getDims());
  printer << '>';
}

Attribute InfoAttr::parse(AsmParser &parser, Type) {
  SmallVector<ExprAttr> dims;
  LayoutAttr layout;
  if (parser.parseLess() || parseDimList(parser, dims))
    return {};
  if (succeeded(parser.parseOptionalComma()) && parser.parseAttribute(layout))
    return {};
  if (parser.parseGreater())
    return {};
  return InfoAttr::get(parser.getContext(), dims, layout);
}

void InfoAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printDimList(printer, getDims());
  if (getLayout()) {
    printer << ", ";
    printer.printAttribute(getLayout());
  }
  printer << '>';
}

LogicalResult InfoAttr::verifyEncoding(ArrayRef<int64_t> shape, Type,
                                       function_ref<InFlightDiagnostic()> emitError) const {
  if (shape.size() > kRankMax)
    return emitError() << "rank " << shape.size() << " exceeds " << kRankMax;
  if (getDims().size() != shape.size())
    return emitError() << "#graph.info has " << getDims().size() << " sizes for rank "
                       << shape.size();
  for (auto [index, dim] : llvm::enumerate(getDims())) {
    std::optional<int64_t> constant = dim.getConstant();
    if (ShapedType::isDynamic(shape[index]) ? constant.has_value() : constant != shape[index])
      return emitError() << "size " << toString(dim) << " of dimension " << index
                         << " contradicts the type's "
                         << (ShapedType::isDynamic(shape[index]) ? std::string("?")
                                                                : std::to_string(shape[index]));
  }
  if (getLayout() && getLayout().getPermutation().size() != shape.size())
    return emitError() << "layout of rank " << getLayout().getPermutation().size()
                       << " on a tensor of rank " << shape.size();
  return success();
}

//===----------------------------------------------------------------------===//
// Layout, format
//===----------------------------------------------------------------------===//

LogicalResult LayoutAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<int64_t> permutation, ArrayRef<int64_t> tiles,
                                 ArrayRef<int64_t> paddingLow, ArrayRef<int64_t> paddingHigh,
                                 TypedAttr fill) {
  int64_t rank = permutation.size();
  llvm::SmallBitVector seen(rank);
  for (int64_t dim : permutation) {
    if (dim < 0 || dim >= rank || seen.test(dim))
      return emitError() << "layout permutation must hold each of 0.." << rank - 1 << " once";
    seen.set(dim);
  }
  if (tiles.size() % 2 != 0)
    return emitError() << "layout tiles are (dimension, size) pairs";
  llvm::SmallBitVector tiled(rank);
  for (size_t i = 0; i < tiles.size(); i += 2) {
    if (tiles[i] < 0 || tiles[i] >= rank || tiles[i + 1] < 1)
      return emitError() << "layout tile (" << tiles[i] << ", " << tiles[i + 1]
                         << ") names no dimension or no size";
    if (tiled.test(tiles[i]))
      return emitError() << "layout tiles dimension " << tiles[i] << " twice";
    tiled.set(tiles[i]);
  }
  for (ArrayRef<int64_t> padding : {paddingLow, paddingHigh}) {
    if (!padding.empty() && static_cast<int64_t>(padding.size()) != rank)
      return emitError() << "layout padding needs one entry a dimension";
    if (llvm::any_of(padding, [](int64_t elements) { return elements < 0; }))
      return emitError() << "layout padding must not be negative";
  }
  if (fill && !llvm::isa<FloatAttr, IntegerAttr>(fill))
    return emitError() << "layout fill must be a number, got " << fill;
  return success();
}

LogicalResult FormatAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t bits,
                                 int64_t group, int64_t axis, StringAttr, StringAttr) {
  if (bits < 1 || bits > 8)
    return emitError() << "format expects 1 to 8 bits, got " << bits;
  if (group < 0 || axis < 0)
    return emitError() << "format expects a group size and an axis that are not negative";
  return success();
}
