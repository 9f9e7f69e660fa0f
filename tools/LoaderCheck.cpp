// SPDX-License-Identifier: Apache-2.0
#include "tools/LoaderCheck.h"

#include "runtime/include/lathe/lathe.h"
#include "llvm/Support/Allocator.h"

using namespace lathe;

LoaderVerdict lathe::loadWritten(const WrittenProgram &written) {
  lathe_options options = {};
  options.struct_bytes = sizeof(options);
  std::string path = written.path.str(), sidecar = written.sidecar_path.str();
  options.weights_path = sidecar.empty() ? nullptr : sidecar.c_str();
  lathe_program *program = nullptr;
  lathe_error error = {};
  error.method = error.instruction = LATHE_NONE;
  int32_t status = LATHE_OK;
  if (!path.empty()) {
    status = lathe_program_open_file(path.c_str(), &options, &program, &error);
    lathe_program_close(program);
  } else {
    llvm::BumpPtrAllocator memory;
    void *copy = memory.Allocate(written.bytes.size() + 1, llvm::Align(LATHE_MEMORY_ALIGNMENT));
    llvm::copy(written.bytes, static_cast<char *>(copy));
    status = lathe_program_open_memory(copy, written.bytes.size(), &options, &program, &error);
    lathe_program_close(program);
  }
  LoaderVerdict verdict;
  // What comes behind verification: the leave to run the code, and whether this
  // machine could.
  verdict.is_good = status == LATHE_OK || status == LATHE_ERR_CODE_NOT_AUTHORIZED || status == LATHE_ERR_UNSUPPORTED;
  if (verdict.is_good)
    return verdict;
  verdict.exceeds_limit = status == LATHE_ERR_LIMIT;
  verdict.reason = error.text;
  verdict.method = error.method;
  verdict.instruction = error.instruction;
  return verdict;
}
