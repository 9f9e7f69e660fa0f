# SPDX-License-Identifier: Apache-2.0
# What every target of the project shares: warnings, sanitizers, include root.

add_library(lathe_flags INTERFACE)
# -fPIC everywhere, so that libraries and tools can share one precompiled header.
# Frame pointers serve profilers; a target with the property LATHE_SMALL does
# without: they are a twentieth of its code.
target_compile_options(lathe_flags INTERFACE -fPIC -Wall -Wextra -Wno-unused-parameter -Werror
  $<IF:$<BOOL:$<TARGET_PROPERTY:LATHE_SMALL>>,-fomit-frame-pointer,-fno-omit-frame-pointer>)
target_include_directories(lathe_flags INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
if(LATHE_SANITIZE)
  target_compile_options(lathe_flags INTERFACE -fsanitize=${LATHE_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(lathe_flags INTERFACE -fsanitize=${LATHE_SANITIZE})
endif()
if(LATHE_LINKER)
  add_link_options(-fuse-ld=${LATHE_LINKER})
endif()

find_program(LATHE_FLATC flatc REQUIRED DOC "FlatBuffers schema compiler (flatbuffers-compiler)")

# lathe_flatbuffer(NAME schema.fbs): an interface library whose include path
# holds <stem>_generated.h, generated at build time (the header pins its
# FlatBuffers version, so it is never committed).
function(lathe_flatbuffer name schema)
  get_filename_component(stem ${schema} NAME_WE)
  set(dir ${CMAKE_CURRENT_BINARY_DIR}/generated)
  set(header ${dir}/${stem}_generated.h)
  add_custom_command(OUTPUT ${header}
    COMMAND ${LATHE_FLATC} --cpp --scoped-enums -o ${dir} ${CMAKE_CURRENT_SOURCE_DIR}/${schema}
    DEPENDS ${schema} VERBATIM)
  add_custom_target(${name}_header DEPENDS ${header})
  add_library(${name} INTERFACE)
  add_dependencies(${name} ${name}_header)
  target_include_directories(${name} SYSTEM INTERFACE ${dir})
endfunction()
