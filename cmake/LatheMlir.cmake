# SPDX-License-Identifier: Apache-2.0
# MLIR and LLVM 22, linked as shared libraries, and the verbs for dialects,
# passes and compiler libraries.

find_package(MLIR 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22)
find_package(LLVM 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
# TableGen's verbs come with LLVM's own CMake modules; the tools are Debian's.
set(MLIR_LINK_MLIR_DYLIB ON)
include(TableGen)
include(AddLLVM)
include(AddMLIR)

add_library(lathe_mlir INTERFACE)
target_link_libraries(lathe_mlir INTERFACE lathe_flags MLIR LLVM)
target_include_directories(lathe_mlir SYSTEM INTERFACE ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
target_compile_definitions(lathe_mlir INTERFACE ${LLVM_DEFINITIONS_LIST})
target_compile_options(lathe_mlir INTERFACE -fno-exceptions
  $<$<NOT:$<BOOL:${LLVM_ENABLE_RTTI}>>:-fno-rtti>)
if(LATHE_BUILD_FUZZERS)
  target_compile_options(lathe_mlir INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Debian's LLVM is not instrumented: compiler/AsanDefaults.cpp.
if(LATHE_SANITIZE MATCHES "address")
  target_link_libraries(lathe_mlir INTERFACE $<TARGET_OBJECTS:lathe_asan_defaults>)
endif()

# Parsing MLIR's headers is most of what a compiler of MLIR code does, so each
# layer of the tree precompiles those that its files share. LATHE_PCH names the
# one of the directory being configured: lathe_pch for the dialects,
# lathe_graph_pch for what works on them, lathe_lowering_pch for what lowers to
# linalg and LLVM.
# file(WRITE) would renew the time stamp, and so everything, at each configuration.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/lathe_pch.cpp CONTENT "")
function(lathe_precompile name)
  add_library(${name} OBJECT ${PROJECT_BINARY_DIR}/lathe_pch.cpp)
  target_link_libraries(${name} PUBLIC lathe_mlir)
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()
set(LATHE_MLIR_HEADERS
  <mlir/IR/Builders.h> <mlir/IR/BuiltinOps.h> <mlir/IR/PatternMatch.h>
  <mlir/Pass/Pass.h> <mlir/Transforms/GreedyPatternRewriteDriver.h>)
set(LATHE_GRAPH_HEADERS ${PROJECT_SOURCE_DIR}/dialects/Graph/GraphOps.h)
set(LATHE_LOWERING_HEADERS
  <mlir/Dialect/Affine/IR/AffineOps.h> <mlir/Dialect/Arith/IR/Arith.h>
  <mlir/Dialect/ControlFlow/IR/ControlFlowOps.h> <mlir/Dialect/Func/IR/FuncOps.h>
  <mlir/Dialect/LLVMIR/LLVMDialect.h>
  <mlir/Dialect/Linalg/IR/Linalg.h> <mlir/Dialect/Linalg/Transforms/Transforms.h>
  <mlir/Dialect/Math/IR/Math.h> <mlir/Dialect/MemRef/IR/MemRef.h>
  <mlir/Dialect/SCF/IR/SCF.h> <mlir/Dialect/Tensor/IR/Tensor.h>
  <mlir/Dialect/Vector/IR/VectorOps.h> <mlir/Transforms/DialectConversion.h>)
lathe_precompile(lathe_pch ${LATHE_MLIR_HEADERS})
set(LATHE_PCH lathe_pch)

# lathe_tablegen(NAME file.td [-gen-x output.inc]...): adds target NAME.
function(lathe_tablegen name td)
  set(LLVM_TARGET_DEFINITIONS ${td})
  set(arguments ${ARGN})
  while(arguments)
    list(POP_FRONT arguments generator)
    set(options "")
    while(generator MATCHES "^-" AND NOT generator MATCHES "\\.inc$")
      list(APPEND options ${generator})
      list(POP_FRONT arguments generator)
    endwhile()
    mlir_tablegen(${generator} ${options} EXTRA_INCLUDES ${PROJECT_SOURCE_DIR} ${MLIR_INCLUDE_DIRS})
  endwhile()
  add_public_tablegen_target(${name})
endfunction()

# lathe_library(NAME sources... [DEPENDS targets...] [LINK libraries...]):
# a static library of the compiler, built with the precompiled header of its layer.
function(lathe_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC lathe_mlir ${ARG_LINK})
  target_precompile_headers(${name} REUSE_FROM ${LATHE_PCH})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# lathe_tool(NAME sources... LINK libraries...): an executable of the compiler.
function(lathe_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_precompile_headers(${name} REUSE_FROM ${LATHE_PCH})
  target_link_libraries(${name} PRIVATE lathe_mlir ${ARG_LINK})
  # Debian's LLVM lies outside the linker's own folders.
  set_target_properties(${name} PROPERTIES INSTALL_RPATH "${LLVM_LIBRARY_DIRS}")
endfunction()
