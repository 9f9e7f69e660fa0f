# SPDX-License-Identifier: Apache-2.0
"""Each rule of tools/tidy.py finds what it is for, and leaves the good twin alone."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools"))
import tidy  # noqa: E402

CPP_HEAD = "// SPDX-License-Identifier: Apache-2.0\n"
TD_HEAD = CPP_HEAD
HASH_HEAD = "# SPDX-License-Identifier: Apache-2.0\n"
TO_DO = "TO" + "DO"


def body(lines):
    return "void f(int x) {\n" + "  x = 1;\n" * lines + "}\n"


class TidyTest(unittest.TestCase):
    def tree(self, files):
        """Findings of a tree in which every .cpp is built and every .h is included."""
        with tempfile.TemporaryDirectory() as root:
            names = " ".join(os.path.basename(path) for path in files)
            headers = "".join(f"#include <{os.path.basename(p)}>\n" for p in files if p.endswith(".h"))
            files = {"CMakeLists.txt": HASH_HEAD + f"# {names} all\n", "test/all.cpp": CPP_HEAD + headers, **files}
            for path, text in files.items():
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(text)
            return [f"{path}:{line}: {what}" for path, line, what in tidy.findings(root)]

    def assert_clean(self, files):
        self.assertEqual(self.tree(files), [])

    def assert_found(self, files, expected):
        found = self.tree(files)
        self.assertEqual(len(found), 1, found)
        self.assertIn(expected, found[0])

    def test_long_file(self):
        line = "int x;\n"
        self.assert_clean({"compiler/a.cpp": CPP_HEAD + line * 799})
        self.assert_found({"compiler/a.cpp": CPP_HEAD + line * 800}, "801 lines, at most 800")

    def test_long_pass(self):
        line = "int x;\n"
        self.assert_clean({"passes/Fuse/A.cpp": CPP_HEAD + line * 399})
        self.assert_found({"passes/Fuse/A.cpp": CPP_HEAD + line * 400}, "401 lines, at most 400")

    def test_long_pass_of_a_target(self):
        text = CPP_HEAD + "int x;\n" * 400
        self.assert_clean({"targets/Cpu/A.cpp": text})
        self.assert_found({"targets/Cpu/A.cpp": text, "targets/Cpu/A.td": TD_HEAD}, "401 lines, at most 400")

    def test_long_main(self):
        self.assert_found({"tools/lathec/lathec.cpp": CPP_HEAD + "int x;\n" * 120}, "121 lines, at most 120")

    def test_long_function(self):
        self.assert_clean({"compiler/a.cpp": CPP_HEAD + body(68)})
        self.assert_found({"compiler/a.cpp": CPP_HEAD + body(69)}, "a.cpp:2: lengths: a function of 71 lines")

    def test_long_function_in_scopes(self):
        text = CPP_HEAD + "namespace a {\nstruct B : C<int> {\n" + body(69) + "};\n} // namespace a\n"
        self.assert_found({"compiler/a.cpp": text}, "a function of 71 lines")

    def test_long_test_case(self):
        self.assert_found({"test/a.cpp": CPP_HEAD + body(69).replace("void f", "TEST")}, "a function of 71 lines")

    def test_long_table_is_no_function(self):
        text = CPP_HEAD + "const int t[] = {\n" + "  F(1),\n" * 100 + "};\n"
        self.assert_clean({"compiler/a.cpp": text})

    def test_braces_in_text_are_no_braces(self):
        text = CPP_HEAD + "void f() {\n  g(\"{\", '{'); // {\n}\n" + "int x;\n" * 80 + "void h() {}\n"
        self.assert_clean({"compiler/a.cpp": text})

    def test_long_python_function(self):
        text = HASH_HEAD + "def f(x):\n" + "    x = 1\n" * 70
        self.assert_found({"tools/a.py": text}, "a function of 71 lines")

    def test_include_direction(self):
        for path, include, ok in (
            ("passes/A.cpp", "dialects/Graph/G.h", True),
            ("dialects/A.cpp", "passes/Passes.h", False),
            ("passes/A.cpp", "targets/Target.h", False),
            ("targets/Cpu/A.cpp", "passes/Passes.h", True),
            ("targets/Cpu/A.cpp", "compiler/Compiler.h", False),
            ("compiler/A.cpp", "tools/x.h", False),
            ("tools/lathec/A.cpp", "compiler/Compiler.h", True),
            ("compiler/A.cpp", "runtime/include/lathe/kernel_abi.h", True),
            ("compiler/A.cpp", "runtime/schema/file_layout.h", True),
            ("compiler/A.cpp", "runtime/core/load.h", False),
            ("runtime/core/a.cpp", "runtime/core/load.h", True),
            ("runtime/core/a.cpp", "compiler/Compiler.h", False),
            ("tools/lathe-run/a.cpp", "runtime/include/lathe/lathe.h", True),
            ("tools/lathe-run/a.cpp", "tools/lathe-run/npy.h", True),
            ("tools/lathe-run/a.cpp", "compiler/Compiler.h", False),
        ):
            with self.subTest(path=path, include=include):
                files = {path: CPP_HEAD + f'#include "{include}"\n'}
                if ok:
                    self.assert_clean(files)
                else:
                    self.assert_found(files, "includes: ")

    def test_banned_word(self):
        self.assert_found({"compiler/a.cpp": CPP_HEAD + f"// {TO_DO}: later\n"}, f"{TO_DO} without an issue")
        self.assert_clean({"compiler/a.cpp": CPP_HEAD + f"// {TO_DO}(#12): later\n"})

    def test_machine_path(self):
        self.assert_found({"docs/README.md": "See /" + "home/me/lathe.\n"}, "absolute path")
        self.assert_clean({"docs/README.md": "See test/home/me.\n"})

    def test_vague_name(self):
        self.assert_found({"compiler/GraphUtils.cpp": CPP_HEAD}, "the name says nothing")
        self.assert_found({"runtime/core/common.cpp": CPP_HEAD}, "the name says nothing")
        self.assert_clean({"compiler/Commons.cpp": CPP_HEAD})

    def test_banned_call_in_core(self):
        for line in (
            "p = malloc(4);",
            "p = new int;",
            "p = new (std::nothrow) int;",
            "delete p;",
            "std::thread t;",
            "throw 1;",
            'printf("x");',
            "abort();",
            "#include <vector>",
        ):
            with self.subTest(line=line):
                self.assert_found({"runtime/core/a.cpp": CPP_HEAD + line + "\n"}, "calls: ")
                self.assert_clean({"test/a.cpp": CPP_HEAD + line + "\n"})

    def test_allowed_in_core(self):
        text = "// malloc( is not called\nallocator.free(p);\na->alloc(4);\nx = new (mem) T;\nT(const T &) = delete;\nsnprintf(t, n);\n"
        self.assert_clean({"runtime/core/a.cpp": CPP_HEAD + text})

    def test_exit_in_compiler(self):
        self.assert_found({"compiler/a.cpp": CPP_HEAD + "exit(1);\n"}, "a library returns failure")
        self.assert_clean({"tools/lathec/a.cpp": CPP_HEAD + "exit(1);\n"})

    def test_statistic(self):
        self.assert_found({"dialects/a.td": TD_HEAD + 'let statistics = [Statistic<"n", "n", "n">];\n'}, "Statistic")

    def test_licence(self):
        for path in ("compiler/a.cpp", "tools/a.py", "dialects/a.td", "tools/a.sh", "compiler/CMakeLists.txt"):
            with self.subTest(path=path):
                self.assert_found({path: "\n"}, "names no licence")
        self.assert_clean({"tools/a.sh": "#!/bin/sh\n" + HASH_HEAD})

    def test_spaces(self):
        self.assert_found({"compiler/a.cpp": CPP_HEAD + "int x; \n"}, "space at the end of the line")
        self.assert_found({"compiler/a.cpp": CPP_HEAD + "\tint x;\n"}, "a tab")
        self.assert_found({"compiler/a.cpp": CPP_HEAD + "int x;"}, "no line break at the end")

    def test_dead_files(self):
        with tempfile.TemporaryDirectory() as root:
            files = ("compiler/dead.cpp", "compiler/dead.h", "dialects/Dead.td", "docs/dead.md")
            for path in files:
                os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(CPP_HEAD)
            self.assertEqual([path for path, _, what in tidy.findings(root) if "dead_files" in what], sorted(files))

    def test_links(self):
        self.assert_clean({"docs/README.md": "[a](../CMakeLists.txt#top) [b](https://example.org/x)\n"})
        self.assert_found({"docs/README.md": "[a](gone.md)\n"}, "a link to gone.md, which does not exist")

    def test_pass_names(self):
        def files(name="FoldPad", flag="lathe-fold-pad", stem="FoldPad", test="test/passes/Fuse/fold-pad.mlir", folder="passes/Fuse"):
            return {f"{folder}/{stem}.td": TD_HEAD + f'def {name} : Pass<"{flag}"> {{\n}}\n', test: "// RUN: true\n"}

        self.assert_clean(files())
        self.assert_clean(files(test="test/passes/Fuse/fold-pad/one.mlir"))
        self.assert_found(files(flag="fold-pad"), "expected --lathe-fold-pad")
        self.assert_found(files(stem="Pad"), "is not defined in FoldPad.td")
        self.assert_found(files(test="test/passes/pad.mlir"), "no test: expected test/passes/Fuse/fold-pad.mlir")
        cpu = dict(folder="targets/Cpu", test="test/targets/Cpu/fold-pad.mlir")
        self.assert_clean(files(flag="lathe-cpu-fold-pad", **cpu))
        self.assert_found(files(**cpu), "expected --lathe-cpu-fold-pad")


if __name__ == "__main__":
    unittest.main()
