# SPDX-License-Identifier: Apache-2.0
"""What a process's threads spent in user mode: cycles where the kernel lets them be counted, else time."""
import ctypes
import os
import resource
import struct

HARDWARE, CPU_CYCLES = 0, 0
# Bits of perf_event_attr: threads that are started later count too; the kernel and the hypervisor do not.
INHERIT, EXCLUDE_KERNEL, EXCLUDE_HYPERVISOR = 1 << 1, 1 << 5, 1 << 6
ATTRIBUTES_BYTES = 112
PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241, "riscv64": 241}
CLOSE_ON_EXEC = 8


class UserCounter:
    """Counts from when it is made, of the calling thread and those that it starts."""

    def __init__(self, kind=HARDWARE, event=CPU_CYCLES):
        self.descriptor = -1
        number = PERF_EVENT_OPEN.get(os.uname().machine)
        if number is None:
            return
        attributes = struct.pack("<IIQQQQQ", kind, ATTRIBUTES_BYTES, event, 0, 0, 0,
                                 INHERIT | EXCLUDE_KERNEL | EXCLUDE_HYPERVISOR)
        attributes = ctypes.create_string_buffer(attributes.ljust(ATTRIBUTES_BYTES, b"\0"), ATTRIBUTES_BYTES)
        self.descriptor = ctypes.CDLL(None, use_errno=True).syscall(number, attributes, 0, -1, -1, CLOSE_ON_EXEC)

    def cycles(self):
        """So far; None where they cannot be counted."""
        if self.descriptor < 0:
            return None
        # With the threads' that have ended and those that run.
        return struct.unpack("<Q", os.read(self.descriptor, 8))[0]

    def user_us(self):
        """Microseconds of the whole process so far."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_utime * 1e6
