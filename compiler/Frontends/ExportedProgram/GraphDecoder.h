// SPDX-License-Identifier: Apache-2.0
// The parts of the decoder that the graph and the weights' tables share.
#ifndef LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_GRAPHDECODER_H
#define LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_GRAPHDECODER_H

#include "compiler/Frontends/ExportedProgram/ExportedGraph.h"

namespace lathe::pt2 {

/// Decodes values of one tree. Every method returns false after a fault, and
/// the first fault is kept: callers return at once and report takeError().
class ValueDecoder {
public:
  ValueDecoder(const JsonTree &tree, SizeExpressionPool &pool)
      : tree(tree), pool(pool) {}

  llvm::Error takeError() { return makeFault(std::move(fault)); }

  bool decode(JsonValue value, SymInt &result);
  bool decode(JsonValue value, TensorMeta &result, llvm::StringRef name,
              bool isStored);
  bool decodeElementType(JsonValue value, llvm::StringRef owner,
                         ElementType &result);
  bool require(JsonValue object, llvm::StringRef key, JsonValue &result);
  bool requireString(JsonValue object, llvm::StringRef key,
                     llvm::StringRef &result);
  bool requireArray(JsonValue object, llvm::StringRef key, JsonValue &result);
  /// The only member of an object such as {"as_int": 3}.
  bool requireSingle(JsonValue object, llvm::StringRef noun,
                     JsonValue &member);
  bool fail(JsonValue at, FaultCode code, const llvm::Twine &what,
            const llvm::Twine &why = "");
  bool failStructure(JsonValue at, const llvm::Twine &what) {
    return fail(at, FaultCode::JsonStructure, what);
  }
  bool failWith(JsonValue at, llvm::Error error, const llvm::Twine &where);

  const JsonTree &tree;
  SizeExpressionPool &pool;
  const Node *currentNode = nullptr; ///< Named in faults where not null.
  Fault fault;
};

} // namespace lathe::pt2

#endif // LATHE_COMPILER_FRONTENDS_EXPORTEDPROGRAM_GRAPHDECODER_H
