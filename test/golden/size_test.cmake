# SPDX-License-Identifier: Apache-2.0
# cmake -DSIZE= -DMINIMAL= -DEMPTY= -DGOLDEN= -P size_test.cmake
cmake_minimum_required(VERSION 3.25)

function(text_bytes out file)
  execute_process(COMMAND ${SIZE} ${file} OUTPUT_VARIABLE table COMMAND_ERROR_IS_FATAL ANY)
  if(NOT table MATCHES "\n *([0-9]+)")
    message(FATAL_ERROR "cannot read the output of ${SIZE}:\n${table}")
  endif()
  set(${out} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

text_bytes(minimal ${MINIMAL})
text_bytes(empty ${EMPTY})
math(EXPR bytes "${minimal} - ${empty}")
file(READ ${GOLDEN} golden)
string(JSON expected GET ${golden} runtime_text_bytes)
string(JSON margin GET ${golden} margin_percent)
math(EXPR most "${expected} * (100 + ${margin}) / 100")
math(EXPR least "${expected} * (100 - ${margin}) / 100")
message(STATUS "runtime text: ${bytes} bytes, golden ${expected} +- ${margin} %")
if(bytes GREATER most OR bytes LESS least)
  message(FATAL_ERROR "the size has changed: find out why, then update ${GOLDEN} in the same commit")
endif()
