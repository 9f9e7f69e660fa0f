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

# Debian's LLVM is not instrumented: compiler/AsanDefaults.cpp.
if(LATHE_SANITIZE MATCHES "address")
  target_link_libraries(lathe_mlir INTERFACE $<TARGET_OBJECTS:lathe_asan_defaults>)
endif()

# One precompiled header for all MLIR code: a pass file compiles in 1.4 s instead of 7.5 s.
# file(WRITE) would renew the time stamp, and so everything, at each configuration.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/lathe_pch.cpp CONTENT "")
add_library(lathe_pch OBJECT ${PROJECT_BINARY_DIR}/lathe_pch.cpp)
target_link_libraries(lathe_pch PUBLIC lathe_mlir)
target_precompile_headers(lathe_pch PRIVATE
  <mlir/IR/Builders.h> <mlir/IR/BuiltinOps.h> <mlir/IR/PatternMatch.h>
  <mlir/Pass/Pass.h> <mlir/Transforms/GreedyPatternRewriteDriver.h>)

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
# a static library of the compiler, built with the shared precompiled header.
function(lathe_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC lathe_mlir ${ARG_LINK})
  target_precompile_headers(${name} REUSE_FROM lathe_pch)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# lathe_tool(NAME sources... LINK libraries...): an executable of the compiler.
function(lathe_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_precompile_headers(${name} REUSE_FROM lathe_pch)
  target_link_libraries(${name} PRIVATE lathe_mlir ${ARG_LINK})
  # Debian's LLVM lies outside the linker's own folders.
  set_target_properties(${name} PROPERTIES INSTALL_RPATH "${LLVM_LIBRARY_DIRS}")
endfunction()
