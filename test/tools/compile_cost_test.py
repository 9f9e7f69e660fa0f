# SPDX-License-Identifier: Apache-2.0
"""What compiling costs: milliseconds per kernel and peak memory, for shipped models.

    compile_cost_test.py lathec MODELS

Prints a table. The bounds are several times what a quiet machine needs (about 12 ms
of one core per kernel, 140 MiB of which the compiler's libraries take 90): they catch
a pass that turned quadratic and a weight that is held twice, not noise.
"""
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

MODELS = ["digits_vit", "mlperf_vww_mobilenet", "shakespeare_lm", "silero_vad_16k"]
CPU_MS_PER_KERNEL_MAX = 150
PEAK_BYTES_MAX = 256 << 20
LATHEC, FOLDER = None, None


def children_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class CompileCostTest(unittest.TestCase):
    def test_time_and_memory(self):
        print(f"{'model':24} {'kernels':>8} {'CPU ms/kernel':>14} {'peak MiB':>9}", file=sys.stderr)
        for name in MODELS:
            model = FOLDER / f"{name}.pt2"
            before = children_seconds()
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run([LATHEC, model, "-o", f"{folder}/m.lathe", "--report", "--json"],
                                      stdout=subprocess.PIPE, check=True)
            report = json.loads(done.stdout)
            kernels = len(report["kernels"])
            ms = (children_seconds() - before) * 1000 / kernels
            print(f"{name:24} {kernels:8} {ms:14.1f} {report['peak_rss_bytes'] / 2**20:9.0f}", file=sys.stderr)
            self.assertGreater(kernels, 5, name)
            self.assertLess(ms, CPU_MS_PER_KERNEL_MAX, name)
            # The file is mapped; a computed weight is at most as large again.
            self.assertLess(report["peak_rss_bytes"], PEAK_BYTES_MAX + 2 * model.stat().st_size, name)


if __name__ == "__main__":
    LATHEC, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
