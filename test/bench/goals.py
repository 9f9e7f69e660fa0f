# SPDX-License-Identifier: Apache-2.0
"""What the tables of tools/bench.py are held against, and nothing else: figures live here once.

Levels are those of lathe_peak_bench: "avx512", "avx2". A level without a goal has none; a figure is compared as it is
printed, rounded to the digits of its goal.
"""
# Least ratio of the best peer's time to Lathe's, one thread, batch 1, float32.
LATENCY = {
    "mobilenet_v2": {"avx512": 1.25, "avx2": 1.2},
    "mobilenet_v3_large": {"avx512": 1.35, "avx2": 1.3},
    "efficientnet_b0": {"avx512": 1.5, "avx2": 1.4},
    "resnet18": {"avx512": 1.2, "avx2": 1.2},
    "resnet50": {"avx512": 1.1, "avx2": 1.05},
    "vit_tiny": {"avx512": 1.15, "avx2": 1.15},
    "deit_small": {"avx512": 1.12, "avx2": 1.1},
    "encoder": {"avx512": 1.12, "avx2": 1.1},
    "bert_base": {"avx512": 1.1, "avx2": 1.1},
    "decoder_prefill": {"avx512": 1.12, "avx2": 1.1},
    "decoder_decode": {"avx512": 1.0, "avx2": 1.0},  # and READ_SHARE
    "ds_cnn": {"avx512": 1.15, "avx2": 1.3},
    "resnet8": {"avx512": 1.2, "avx2": 1.1},
    "conv_lstm": {"avx512": 1.2, "avx2": 1.5},
    "addition": {"avx512": 1.0, "avx2": 1.0},
}
# Models that do little but read their weights: least part of the speed of a read sum over the same bytes.
READ_SHARE = {"decoder_decode": 0.92}
# Least ratio of one thread's time to two threads'; no model may be slower with two.
TWO_THREADS = {"resnet50": 1.8, "mobilenet_v2": 1.8, "bert_base": 1.8}
TWO_THREADS_ANY = 1.0
# Seconds of lathec on two cores.
COMPILE_SECONDS = {"resnet50": 10, "bert_base": 12}
# Largest error of any element, relative to the largest of its output.
ERROR = 1e-4
# Load: at most this part of the time in which ONNX Runtime creates a session.
LOAD_SHARE = 0.1
# Resident memory at most: this many times weights and arena, and what a process has.
MEMORY_FACTOR, MEMORY_BYTES = 1.15, 4e6

# Kernels: least part of the measured peak, by kind; kinds without a goal are shown without.
KERNEL_SHARE = {
    "gemm": {"avx512": 0.92, "avx2": 0.92},
    "small_gemm": {"avx512": 0.9, "avx2": 0.9},
    "gemv": {"avx512": 1.0, "avx2": 1.0},
    "conv": {"avx512": 0.92, "avx2": 0.92},
    "depthwise": {"avx2": 0.75},
}


def latency(model, level):
    return LATENCY.get(model, {}).get(level)


def kernel_share(kind, level):
    return KERNEL_SHARE.get(kind, {}).get(level)


def two_threads(model):
    return TWO_THREADS.get(model, TWO_THREADS_ANY)


def memory_bytes(weight_bytes, arena_bytes):
    return MEMORY_FACTOR * (weight_bytes + arena_bytes) + MEMORY_BYTES


def met(value, goal, at_most=False, digits=2):
    """"yes", "no", or "-" without a value or a goal."""
    if value is None or goal is None:
        return "-"
    value, goal = round(value, digits), round(goal, digits)
    return "yes" if (value <= goal if at_most else value >= goal) else "no"
