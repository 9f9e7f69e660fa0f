# SPDX-License-Identifier: Apache-2.0
# Regression tests on text and on files: RUN lines, checked by FileCheck.
import os
import platform

import lit.formats

config.name = "lathe"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "fuzz", "compat"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.lathe_binary_dir, "test")
config.environment["PATH"] = os.pathsep.join(
    [config.lathe_tools_dir, config.llvm_tools_dir, os.environ["PATH"]]
)
config.environment["LC_ALL"] = "C"
# Compile, and leave the user's cache alone.
config.environment["LATHE_CACHE_DIR"] = ""
config.available_features.add(platform.machine())
config.substitutions.append(("%models", os.path.join(config.lathe_source_dir, "test", "models")))
config.substitutions.append(("%include", os.path.join(config.lathe_source_dir, "runtime", "include")))
