# SPDX-License-Identifier: Apache-2.0
"""Runs code for x86-64-v4 in an emulator that has AVX-512.

    emulated_test.py SOURCE TOOLS WORK

The runtime is linked statically into WORK. A Linux kernel boots in Bochs, whose
Skylake-X has AVX-512 F, BW, CD, DQ and VL, with lathe-run, the shipped float
models, random graphs and their cases as its only files, and checks them against
PyTorch and the interpreter. Exit code 77, with the reason, where Bochs, a kernel or what makes the medium is
missing (tools/ci.sh --full brings them; the kernel lies unpacked beside WORK).

LATHE_EMULATED_ROOT names a folder where the packages lie unpacked instead of
being installed; LATHE_EMULATED_KERNEL names another kernel.
"""
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import time

from emulated_graphs import make_graphs
from machine_test import KEEP_STATE, MODELS, SKIPPED, require

LEVEL = "x86-64-v4"
SECONDS_MAX = 600
SEEDS = range(1, 41)
# Of the kernel: Bochs 2.7 counts the saved registers wrongly where it has protection keys or compacts them, and a
# kernel that finds that takes all of AVX away. The rest saves time.
ARGUMENTS = ("console=ttyS0,115200 quiet clearcpuid=pku,xsavec,xsaves nokaslr mitigations=off tsc=reliable "
             "no_timer_check rdinit=/init")
MACHINE = """display_library: term
config_interface: textconfig
cpu: model=corei7_skylake_x, count=1, ips=400000000, reset_on_triple_fault=0
memory: guest=512, host=512
romimage: file={root}/usr/share/bochs/BIOS-bochs-latest, options=fastboot
vgaromimage: file={vga}
pci: enabled=1, chipset=i440fx
ata0-master: type=cdrom, path={work}/boot.iso, status=inserted
boot: cdrom
log: {work}/bochs.log
panic: action=fatal
error: action=report
info: action=report
com1: enabled=1, mode=file, dev={work}/serial.txt
clock: sync=none
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
"""


def first(*candidates):
    """The first of these paths that exists, or None."""
    return next((path for path in candidates if path.exists()), None)


def find_parts(root, work):
    """What the test needs of other packages, each by a name; None where it is missing."""
    kernels = sorted((work.parent / "kernel/boot").glob("vmlinuz-*"))
    given = os.environ.get("LATHE_EMULATED_KERNEL")
    return {
        "bochs": first(root / "usr/bin/bochs-bin"),
        "xorriso": first(root / "usr/bin/xorriso"),
        "isolinux": first(root / "usr/lib/ISOLINUX/isolinux.bin"),
        "syslinux-common": first(root / "usr/lib/syslinux/modules/bios/ldlinux.c32"),
        "bochsbios": first(root / "usr/share/bochs/BIOS-bochs-latest"),
        "vgabios": first(root / "usr/share/bochs/VGABIOS-lgpl-latest", root / "usr/share/vgabios/vgabios.bin"),
        "bochs-term": first(root / "usr/lib/x86_64-linux-gnu/bochs/plugins/libbx_term_gui.so"),
        "a Linux kernel": pathlib.Path(given) if given else kernels[-1] if kernels else None,
    }


def archive(entries):
    """A cpio archive, as a kernel unpacks it: `entries` are (name, mode, bytes, device)."""
    out = bytearray()
    for number, (name, mode, data, device) in enumerate([*entries, ("TRAILER!!!", 0, b"", (0, 0))], 1):
        fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1, 0]
        out += b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
        out += b"\0" * (-len(out) % 4) + data
        out += b"\0" * (-len(out) % 4)
    return bytes(out)


def file_entry(name, path):
    executable = os.access(path, os.X_OK)
    return (name, 0o100755 if executable else 0o100644, path.read_bytes(), (0, 0))


def folder_entries(name, folder):
    yield (name, 0o40755, b"", (0, 0))
    for path in sorted(folder.rglob("*")):
        below = f"{name}/{path.relative_to(folder)}"
        yield (below, 0o40755, b"", (0, 0)) if path.is_dir() else file_entry(below, path)


def build_runtime(source, work):
    """lathe-run and the first process, both without shared libraries."""
    if not (work / "build.ninja").exists():
        require("cmake", "-G", "Ninja", "-S", source, "-B", work, "-DCMAKE_BUILD_TYPE=Release",
                "-DCMAKE_EXE_LINKER_FLAGS=-static", "-DLATHE_BUILD_COMPILER=OFF", "-DLATHE_BUILD_TESTS=OFF")
    require("cmake", "--build", work, "--target", "lathe-run")
    require("cc", "-O1", "-static", "-o", work / "init", source / "test/machines/emulated_init.c")


def make_programs(tools, models, work):
    """Compiles what is checked; (name, folder of cases, arguments, whether it agrees).

    The decoder is not there: Bochs 2.7 reads at a wrong place where VPINSRB, in the form for the upper 16 registers,
    has a distance of one byte (it is scaled by 2, the manual says 1), and its attention collects masks that way.
    """
    checks = []
    for name in MODELS:
        require(tools / "lathec", models / f"{name}.pt2", f"--cpu={LEVEL}", "-q", "-o", work / f"{name}.lathe")
        checks.append((name, name, "--keep-state" if name in KEEP_STATE else "", True))
    # The weights that are rounded agree to two digits, not to five.
    require(tools / "lathec", models / "digits_vit.pt2", f"--cpu={LEVEL}", "--precision=bf16", "-q",
            "-o", work / "narrow.lathe")
    checks.append(("narrow", "digits_vit", "--rtol 0.02", True))
    # The check can fail: without its state the model does not agree; nor does rounding, by five digits.
    checks.append(("shakespeare_lm_kv", "shakespeare_lm_kv", "", False))
    checks.append(("narrow", "digits_vit", "", False))
    return checks


def make_files(models, work, checks, graphs):
    """The first file system of the machine, and the commands that it runs."""
    entries = [("dev", 0o40755, b"", (0, 0)), ("dev/console", 0o20600, b"", (5, 1)),
               file_entry("init", work / "init"), file_entry("lathe-run", work / "bin" / "lathe-run")]
    for program in sorted({check[0] for check in checks}):
        entries.append(file_entry(f"{program}.lathe", work / f"{program}.lathe"))
    for cases in sorted({check[1] for check in checks}):
        entries.extend(folder_entries(cases, models / cases))
    commands = [f"/lathe-run /{program}.lathe --check /{cases} {options}".strip()
                for program, cases, options, _ in checks]
    for seed, error in graphs:
        entries.append(file_entry(f"{seed}.lathe", work / "graphs" / str(seed) / "model.lathe"))
        entries.extend(folder_entries(f"cases{seed}", work / "graphs" / str(seed) / "cases"))
        commands.append(f"/lathe-run /{seed}.lathe --check /cases{seed} --rtol 0 --atol {error}")
    entries.append(("commands", 0o100644, ("\n".join(commands) + "\n").encode(), (0, 0)))
    return archive(entries), commands


def make_medium(parts, work, files):
    """A disc that boots the kernel with `files`."""
    disc = work / "disc"
    shutil.rmtree(disc, ignore_errors=True)
    (disc / "isolinux").mkdir(parents=True)
    (disc / "initrd").write_bytes(files)
    shutil.copy(parts["a Linux kernel"], disc / "vmlinuz")
    shutil.copy(parts["isolinux"], disc / "isolinux")
    shutil.copy(parts["syslinux-common"], disc / "isolinux")
    (disc / "isolinux" / "isolinux.cfg").write_text(
        f"DEFAULT lathe\nPROMPT 0\nLABEL lathe\nKERNEL /vmlinuz\nAPPEND initrd=/initrd {ARGUMENTS}\n")
    require(parts["xorriso"], "-as", "mkisofs", "-quiet", "-o", work / "boot.iso", "-b", "isolinux/isolinux.bin",
            "-c", "isolinux/boot.cat", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", disc)


def boot(parts, root, work):
    """Runs the machine until it is switched off; what it wrote to its serial line."""
    serial = work / "serial.txt"
    serial.unlink(missing_ok=True)
    (work / "bochsrc").write_text(MACHINE.format(root=root, work=work, vga=parts["vgabios"]))
    # Debian's Bochs is built with its debugger, which waits for a word.
    (work / "start").write_text("c\n")
    # Its terminal display wants a terminal; nobody looks at this one.
    watcher, terminal = pty.openpty()
    emulator = subprocess.Popen([str(parts["bochs"]), "-q", "-f", str(work / "bochsrc"), "-rc", str(work / "start")],
                                stdin=terminal, stdout=terminal, stderr=terminal, env={**os.environ, "TERM": "linux"})
    os.close(terminal)
    os.set_blocking(watcher, False)
    end = time.monotonic() + SECONDS_MAX
    while emulator.poll() is None and time.monotonic() < end:
        try:
            os.read(watcher, 1 << 16)
        except OSError:  # Nothing to read, or the other end is closed.
            time.sleep(0.1)
    if emulator.poll() is None:
        emulator.kill()
        emulator.wait()
        print(f"the machine was not switched off within {SECONDS_MAX} s; {work}/bochs.log says more")
    os.close(watcher)
    return serial.read_text(errors="replace") if serial.exists() else ""


def main():
    source, tools, work = (pathlib.Path(path).resolve() for path in sys.argv[1:])
    root = pathlib.Path(os.environ.get("LATHE_EMULATED_ROOT", "/"))
    parts = find_parts(root, work)
    missing = [name for name, path in parts.items() if path is None or not path.exists()]
    if missing:
        print(f"skipped: {', '.join(missing)} not found; tools/ci.sh --full brings what is missing")
        sys.exit(SKIPPED)
    models = source / "test" / "models"
    build_runtime(source, work)
    checks = make_programs(tools, models, work)
    graphs = make_graphs(tools / "lathec", LEVEL, SEEDS, work / "graphs")
    files, commands = make_files(models, work, checks, graphs)
    if root != pathlib.Path("/"):
        libraries = root / "usr/lib/x86_64-linux-gnu"
        os.environ["LD_LIBRARY_PATH"] = str(libraries)
        os.environ["LTDL_LIBRARY_PATH"] = str(libraries / "bochs/plugins")
    make_medium(parts, work, files)
    start = time.monotonic()
    output = boot(parts, root, work)
    print(output)
    codes = {command: int(code) for code, command in re.findall(r"^exit code (\d+): (.*?)\r?$", output, re.MULTILINE)}
    agree = [check[3] for check in checks] + [True] * len(graphs)
    failed = [command for command, agrees in zip(commands, agree) if codes.get(command) != (0 if agrees else 1)]
    print(f"{LEVEL}, {time.monotonic() - start:.0f} s: " + (f"FAILED: {', '.join(failed)}" if failed else
          f"{sum(check[3] for check in checks)} programs agree with PyTorch, {len(graphs)} random graphs with the interpreter"))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
