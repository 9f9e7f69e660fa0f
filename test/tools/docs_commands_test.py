# SPDX-License-Identifier: Apache-2.0
"""The test of the pages' commands fails when it should."""
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import docs_commands  # noqa: E402


class DocsCommandsTest(unittest.TestCase):
    def check(self, page_text):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "source"
            binary = pathlib.Path(folder) / "binary"
            (source / "tools").mkdir(parents=True)
            (binary / "bin").mkdir(parents=True)
            (source / "tools" / "ci.sh").write_text("step demo tools/demo.sh\n")
            (source / "README.md").write_text(page_text)
            return docs_commands.check_page(source / "README.md", source, binary)

    def test_passing_block_runs(self):
        self.assertEqual(self.check("```sh test\ntest -d build/release/bin\ntest -f README.md\n```\n"), ([], 1))

    def test_failing_block_is_a_fault(self):
        faults, count = self.check("a\n```sh test\nfalse\ntrue\n```\n")
        self.assertEqual((len(faults), count), (1, 1))
        self.assertTrue(faults[0].startswith("README.md:2: exit code 1"))

    def test_blocks_share_a_folder(self):
        self.assertEqual(self.check("```sh test\ntouch made\n```\ntext\n```sh test\ntest -f made\n```\n"), ([], 2))

    def test_ci_block_must_be_in_ci(self):
        self.assertEqual(self.check("```sh ci\ntools/demo.sh\n```\n"), ([], 0))
        self.assertIn("does not run 'tools/other.sh'", self.check("```sh ci\ntools/other.sh\n```\n")[0][0])

    def test_unmarked_block_is_a_fault(self):
        self.assertIn("expected test, ci or manual", self.check("```sh\ntrue\n```\n")[0][0])

    def test_manual_block_does_not_run(self):
        self.assertEqual(self.check("```sh manual\nfalse\n```\n"), ([], 0))


if __name__ == "__main__":
    unittest.main()
