// SPDX-License-Identifier: Apache-2.0
// libFuzzer target for the reader of .pt2 files. The first byte chooses what
// the rest is: an archive, a models/<name>.json (checksums would hide it from
// mutations of an archive), sympy's srepr, or Python text. Nothing may crash,
// hang, or allocate out of proportion; what is accepted must print.
#include "compiler/Frontends/ExportedProgram/GraphCheck.h"
#include "compiler/Frontends/ExportedProgram/OperatorRefusals.h"
#include "compiler/Frontends/ExportedProgram/Pt2Program.h"
#include <cstdint>

using namespace lathe;
using namespace lathe::pt2;

/// Formats the fault, as a tool would.
static void drop(llvm::Error error) {
  if (error)
    (void)takeFault(std::move(error)).str();
}

static void checkAll(const ExportedProgram &program) {
  drop(refusedOperators(program, [](llvm::StringRef) { return true; }).take());
  drop(refusedOperators(program, [](llvm::StringRef) { return false; }).take());
  drop(checkArguments(program));
}

static void readArchive(llvm::StringRef bytes) {
  auto archive =
      Pt2Archive::read(llvm::MemoryBuffer::getMemBufferCopy(bytes, "fuzz.pt2"));
  if (!archive)
    return drop(archive.takeError());
  auto program = readPt2Program(std::move(*archive));
  if (!program)
    return drop(program.takeError());
  checkAll(*program->exported);
}

static void readModel(llvm::StringRef text) {
  auto program = decodeExportedProgram(text, "models/model.json");
  if (!program)
    return drop(program.takeError());
  StoredTensors none;
  drop(checkGraph(**program, none));
  checkAll(**program);
}

static void
print(llvm::Expected<const SizeExpression *> expression) {
  if (!expression)
    return drop(expression.takeError());
  std::set<llvm::StringRef> names;
  (*expression)->collectSymbols(names);
  (void)(*expression)->str();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
  if (bytes == 0)
    return 0;
  llvm::StringRef rest(reinterpret_cast<const char *>(data) + 1, bytes - 1);
  SizeExpressionPool pool;
  switch (data[0] % 4) {
  case 0:
    readArchive(rest);
    break;
  case 1:
    readModel(rest);
    break;
  case 2:
    print(pool.parseSrepr(rest));
    break;
  default:
    print(pool.parsePython(rest));
    break;
  }
  return 0;
}
