# SPDX-License-Identifier: Apache-2.0
"""The demo recognises its pictures, and draws with colour only where colour is wanted.

    demo_test.py SOURCE TOOLS
"""
import os
import pathlib
import pty
import subprocess
import sys
import tempfile
import unittest

SOURCE, TOOLS = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])


def demo(work, **variables):
    """(exit code, output) of the demo on a pseudo-terminal."""
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM")}
    environment.update({"TERM": "xterm", "PYTHONUTF8": "1"}, **variables)
    parent, child = pty.openpty()
    command = [sys.executable, SOURCE / "tools" / "demo.py", "--tools", TOOLS, "--work", work, "3", "7"]
    process = subprocess.Popen(command, env=environment, stdout=child, stderr=subprocess.STDOUT)
    os.close(child)
    output = b""
    while True:
        try:
            block = os.read(parent, 4096)
        except OSError:  # Linux reports the closed terminal as EIO.
            break
        if not block:
            break
        output += block
    os.close(parent)
    return process.wait(), output.decode("utf-8")


class DemoTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def test_terminal_has_colour(self):
        code, output = demo(self.folder.name)
        self.assertEqual(code, 0, output)
        self.assertIn("2 of 2 pictures recognised", output)
        self.assertIn("\033[1;32m three", output)
        for word in ("program ", "KiB", "load ", "latency "):
            self.assertIn(word, output)

    def test_no_color_is_respected(self):
        code, output = demo(self.folder.name, NO_COLOR="1")
        self.assertEqual(code, 0, output)
        self.assertNotIn("\033", output)

    def test_pipe_has_no_colour(self):
        command = [sys.executable, SOURCE / "tools" / "demo.py", "--tools", TOOLS, "--work", self.folder.name, "3"]
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ, PYTHONIOENCODING="ascii"))
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertNotIn("\033", result.stdout)
        self.assertIn("1 of 1 pictures recognised", result.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
