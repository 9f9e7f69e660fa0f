# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where, the files that find it again
# (find_package(lathe), pkg-config), and the Debian package.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS lathe_runtime EXPORT lathe ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES runtime/include/lathe/lathe.h runtime/include/lathe/kernel_abi.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/lathe)
set_target_properties(lathe_runtime PROPERTIES EXPORT_NAME runtime)
target_include_directories(lathe_runtime INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/lathe)
install(EXPORT lathe NAMESPACE lathe:: FILE lathe-targets.cmake DESTINATION ${package_dir})
configure_package_config_file(cmake/lathe-config.cmake.in lathe-config.cmake
  INSTALL_DESTINATION ${package_dir} PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(lathe-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/lathe-config.cmake ${PROJECT_BINARY_DIR}/lathe-config-version.cmake
  DESTINATION ${package_dir})
# Relative to the file's own place, so that an installed tree may move.
file(RELATIVE_PATH LATHE_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" LATHE_PC_PREFIX ${LATHE_PC_PREFIX})
configure_file(cmake/lathe.pc.in lathe.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/lathe.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(tools lathe-run)
if(LATHE_BUILD_COMPILER)
  list(APPEND tools lathec lathe-inspect lathe-opt)
endif()
install(TARGETS ${tools} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# Man pages and completions are what --help says, so the tools must run here.
find_package(Python3 3.9 COMPONENTS Interpreter)
if(Python3_FOUND AND NOT CMAKE_CROSSCOMPILING)
  set(pages ${PROJECT_BINARY_DIR}/help-pages)
  foreach(tool ${tools})
    set(only "")
    if(tool STREQUAL "lathe-opt")
      set(only --only=--lathe)
    endif()
    add_custom_command(OUTPUT ${pages}/${tool}.1 ${pages}/${tool}.bash ${pages}/_${tool}
      COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/help_pages.py $<TARGET_FILE:${tool}> ${pages} ${only}
      DEPENDS ${tool} tools/help_pages.py VERBATIM)
    list(APPEND page_files ${pages}/${tool}.1)
    install(FILES ${pages}/${tool}.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    install(FILES ${pages}/${tool}.bash RENAME ${tool}
      DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
    install(FILES ${pages}/_${tool} DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
  endforeach()
  add_custom_target(lathe-help-pages ALL DEPENDS ${page_files})
endif()
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME lathe)
set(CPACK_PACKAGE_CONTACT "The Lathe authors <lathe@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_STRIP_FILES ON)
# What the tools link to, with versions; Debian's LLVM lies outside the
# linker's own folders.
find_program(LATHE_SHLIBDEPS dpkg-shlibdeps)
if(LATHE_SHLIBDEPS)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()
include(CPack)
