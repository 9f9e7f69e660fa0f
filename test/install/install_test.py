# SPDX-License-Identifier: Apache-2.0
"""Installs to a folder and uses what lies there as a stranger would.

    install_test.py SOURCE BINARY C_COMPILER CMAKE
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE, BINARY, COMPILER, CMAKE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3], sys.argv[4]
CONSUMER = SOURCE / "test" / "install" / "consumer"
MODELS = SOURCE / "test" / "models"


def run(*command, **options):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    if result.returncode:
        raise AssertionError(f"{command}: exit {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        # Installed and then moved: nothing may remember where it was made.
        run(CMAKE, "--install", BINARY, "--prefix", cls.root / "first")
        cls.prefix = cls.root / "moved to"
        (cls.root / "first").rename(cls.prefix)
        cls.model = cls.root / "digits.lathe"
        run(cls.tool("lathec"), MODELS / "digits_cnn.pt2", "-o", cls.model, "-q")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def tool(cls, name):
        return cls.prefix / "bin" / name

    def test_the_installed_tools_run_a_model(self):
        out = run(self.tool("lathe-run"), self.model, "--check", MODELS / "digits_cnn")
        self.assertIn("PASS: 3 cases", out)
        run(self.tool("lathe-inspect"), self.model, "--verify")

    def test_find_package_gives_the_runtime_and_models(self):
        build = self.root / "build"
        picture = MODELS / "digits_pictures" / "7.npy"
        run(CMAKE, "-G", "Ninja", "-S", CONSUMER, "-B", build, f"-DCMAKE_C_COMPILER={COMPILER}", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DMODEL={MODELS / 'digits_cnn.pt2'}", f"-DLINKED_SOURCE={SOURCE / 'test' / 'linked' / 'linked_digits.c'}")
        run(CMAKE, "--build", build)
        self.assertIn("ran raw_", run(build / "consumer", self.model))
        self.assertRegex(run(build / "linked", picture, self.root / "scores"), r"linked \S+: 7")

    def test_an_older_version_is_not_found(self):
        (self.root / "old").mkdir()
        page = (CONSUMER / "CMakeLists.txt").read_text(encoding="utf-8").replace("lathe 0.1", "lathe 9.9")
        (self.root / "old" / "CMakeLists.txt").write_text(page, encoding="utf-8")
        with self.assertRaisesRegex(AssertionError, "9.9"):
            run(CMAKE, "-G", "Ninja", "-S", self.root / "old", "-B", self.root / "old-build", f"-DCMAKE_PREFIX_PATH={self.prefix}",
                f"-DCMAKE_C_COMPILER={COMPILER}")

    @unittest.skipUnless(shutil.which("pkg-config"), "there is no pkg-config here")
    def test_pkg_config_names_what_to_compile_and_link_with(self):
        pc = next(self.prefix.rglob("lathe.pc"))
        environment = dict(os.environ, PKG_CONFIG_PATH=str(pc.parent))
        link = self.root / "prefix"  # its folder has a space, which make files dislike
        link.symlink_to(self.prefix)
        environment["PKG_CONFIG_PATH"] = str(link / pc.parent.relative_to(self.prefix))
        flags = run("pkg-config", "--cflags", "--libs", "lathe", env=environment).split()
        run(COMPILER, CONSUMER / "main.c", *flags, "-o", self.root / "by-pkg-config")
        self.assertIn("ran raw_", run(self.root / "by-pkg-config", self.model))

    def test_only_the_interface_is_visible(self):
        library = next(self.prefix.rglob("liblathe_runtime.a"))
        readelf = shutil.which("llvm-readelf-22") or shutil.which("readelf")
        visible = [line.split()[7] for line in run(readelf, "-sW", library).splitlines()
                   if " GLOBAL DEFAULT " in line and " UND " not in line]
        self.assertTrue(visible)
        self.assertEqual([name for name in visible if not name.startswith("lathe_")], [])

    def test_every_tool_has_a_page_and_completions(self):
        share = self.prefix / "share"
        for name in ("lathec", "lathe-run", "lathe-inspect", "lathe-opt"):
            page = (share / "man" / "man1" / f"{name}.1").read_text(encoding="utf-8")
            self.assertRegex(page, rf"\.SH NAME\n{name} \\- \w")
            self.assertGreater(page.count(".TP"), 4)
            run("bash", "-n", share / "bash-completion" / "completions" / name)
        out = run("bash", "-c", 'source "$1"; COMP_WORDS=(lathec --emit = o); COMP_CWORD=3; _lathec; echo "${COMPREPLY[*]}"',
                  "-", share / "bash-completion" / "completions" / "lathec")
        self.assertEqual(out.split(), ["object"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
