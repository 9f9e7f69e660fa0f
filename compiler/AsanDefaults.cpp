// SPDX-License-Identifier: Apache-2.0
// What the sanitizers do in every program that holds MLIR, run by a test or by
// hand; ASAN_OPTIONS and UBSAN_OPTIONS still override it.

/// LLVM's allocators are templates in its headers: instrumented here, not
/// instrumented in Debian's shared library. A slab that this side poisons and
/// the library hands out would be reported, so poisoning by hand is off; the
/// checks of the heap, the stack and of globals are not touched.
extern "C" const char *__asan_default_options() {
  return "allow_user_poisoning=0:external_symbolizer_path=" LATHE_SYMBOLIZER;
}

extern "C" const char *__ubsan_default_options() {
  return "print_stacktrace=1:external_symbolizer_path=" LATHE_SYMBOLIZER;
}
