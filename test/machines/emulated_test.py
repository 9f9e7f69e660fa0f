# SPDX-License-Identifier: Apache-2.0
"""Runs code for an instruction set that this machine may lack, in an emulator that has it.

    emulated_test.py LEVEL SOURCE TOOLS WORK

LEVEL is one of MACHINES. The runtime is linked statically into WORK/static. A
Linux kernel boots in Bochs 3.0 with lathe-run, the shipped float models, random
graphs and their cases as its only files, and checks them against PyTorch and the
interpreter. A program for a better level alone is refused there. Exit code 77,
with the reason, where Bochs or a kernel is missing: tools/emulator.sh WORK brings
both, unpacked. LATHE_EMULATED_KERNEL names another kernel.
"""
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import time

from emulated_graphs import make_graphs, make_networks
from machine_test import KEEP_STATE, MODELS, SKIPPED, require

SECONDS_MAX = 600
SEEDS = range(1, 41)
NETWORK_SEEDS = range(1, 61)
# Each level with a processor of Bochs whose cpuid says that it has it, and a level that this lacks. Features of later
# processors keep the kernel of Debian 12 from booting: short waits by TPAUSE halt for a millisecond each, and one of
# those that CLEARED names faults for ever.
MACHINES = {
    "x86-64-v3+avxvnni": ('arrow_lake, exclude_features="waitpkg"', "x86-64-v4"),
    "x86-64-v4": ("corei7_skylake_x", "x86-64-v4+avx512vnni"),
    "x86-64-v4+avx512vnni": ("corei7_icelake_u", "x86-64-v3+avxvnni"),
}
REFUSED = 7
CLEARED = "aperfmperf,serialize,fsrm,ibt,pku,umip"
# The rest saves time.
ARGUMENTS = (f"console=ttyS0,115200 clearcpuid={CLEARED} quiet nokaslr mitigations=off tsc=reliable no_timer_check "
             "rdinit=/init")
MACHINE = """display_library: term
config_interface: textconfig
cpu: model={model}, count=1, ips=400000000, reset_on_triple_fault=0
memory: guest=512, host=512
romimage: file={root}/usr/share/bochs/BIOS-bochs-latest, options=fastboot
vgaromimage: file={root}/usr/share/bochs/VGABIOS-lgpl-latest
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


def find_parts(root, work):
    """What the test needs of other packages, each by a name; None where it is missing."""
    kernels = sorted((work / "kernel/boot").glob("vmlinuz-*"))
    given = os.environ.get("LATHE_EMULATED_KERNEL")
    return {
        "bochs": root / "usr/bin/bochs-bin",
        "xorriso": root / "usr/bin/xorriso",
        "isolinux": root / "usr/lib/ISOLINUX/isolinux.bin",
        "syslinux-common": root / "usr/lib/syslinux/modules/bios/ldlinux.c32",
        "bochsbios": root / "usr/share/bochs/BIOS-bochs-latest",
        "bochs-term": root / "usr/lib/x86_64-linux-gnu/bochs/plugins/libbx_term_gui.so",
        "a Linux kernel": pathlib.Path(given) if given else kernels[-1] if kernels else None,
    }


def unpacked(root, program):
    """The words that run a program of `root` with the libraries of `root`."""
    libraries = root / "usr/lib/x86_64-linux-gnu"
    return [str(libraries / "ld-linux-x86-64.so.2"), "--library-path", str(libraries), str(program)]


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


def make_programs(level, tools, models, work):
    """Compiles what is checked; (name, folder of cases, arguments, the exit code that is right).

    The decoder is not there: Bochs reads at a wrong place where VPINSRB, in the form for the upper 16 registers, has a
    distance of one byte (it is scaled by 2, the manual says 1), and its attention collects masks that way.
    """
    checks = []

    def add(name, model, cases, arguments, options="", code=0):
        require(tools / "lathec", models / f"{model}.pt2", *arguments, "-q", "-o", work / f"{name}.lathe")
        checks.append((name, cases, options, code))

    for name in MODELS:
        add(name, name, name, [f"--cpu={level}"], "--keep-state" if name in KEEP_STATE else "")
    # The weights that are rounded agree to two digits, not to five.
    add("narrow", "digits_vit", "digits_vit", [f"--cpu={level}", "--precision=bf16"], "--rtol 0.02")
    # The check can fail: without its state the model does not agree; nor does rounding, by five digits.
    checks.append(("shakespeare_lm_kv", "shakespeare_lm_kv", "", 1))
    checks.append(("narrow", "digits_vit", "", 1))
    # What the processor lacks is refused; beside it, what it has is taken.
    lacking = MACHINES[level][1]
    add("lacking", "digits_gru", "digits_gru", [f"--cpu={lacking}"], code=REFUSED)
    add("both", "digits_gru", "digits_gru", [f"--cpu={lacking},{level}"])
    return checks


def make_files(runner, models, work, checks, graphs):
    """The first file system of the machine, and the commands that it runs."""
    entries = [("dev", 0o40755, b"", (0, 0)), ("dev/console", 0o20600, b"", (5, 1)),
               file_entry("init", work / "init"), file_entry("lathe-run", runner)]
    for program in sorted({check[0] for check in checks}):
        entries.append(file_entry(f"{program}.lathe", work / f"{program}.lathe"))
    for cases in sorted({check[1] for check in checks}):
        entries.extend(folder_entries(cases, models / cases))
    commands = [f"/lathe-run /{program}.lathe --check /{cases} {options}".strip()
                for program, cases, options, _ in checks]
    for name, error in graphs:
        entries.append(file_entry(f"{name}.lathe", work / "graphs" / name / "model.lathe"))
        entries.extend(folder_entries(f"cases{name}", work / "graphs" / name / "cases"))
        commands.append(f"/lathe-run /{name}.lathe --check /cases{name} --rtol 0 --atol {error}")
    entries.append(("commands", 0o100644, ("\n".join(commands) + "\n").encode(), (0, 0)))
    return archive(entries), commands


def make_medium(parts, root, work, files):
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
    require(*unpacked(root, parts["xorriso"]), "-as", "mkisofs", "-quiet", "-o", work / "boot.iso", "-b", "isolinux/isolinux.bin",
            "-c", "isolinux/boot.cat", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", disc)


def boot(level, parts, root, work):
    """Runs the machine until it is switched off; what it wrote to its serial line."""
    serial = work / "serial.txt"
    serial.unlink(missing_ok=True)
    model, _ = MACHINES[level]
    (work / "bochsrc").write_text(MACHINE.format(root=root, work=work, model=model))
    # Debian's Bochs is built with its debugger, which waits for a word.
    (work / "start").write_text("c\n")
    # Its terminal display wants a terminal; nobody looks at this one. It waits for keys while the machine idles, but
    # not where there are none to come.
    watcher, terminal = pty.openpty()
    command = [*unpacked(root, parts["bochs"]), "-q", "-f", str(work / "bochsrc"), "-rc", str(work / "start")]
    plugins = root / "usr/lib/x86_64-linux-gnu/bochs/plugins"
    emulator = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal,
                                env={**os.environ, "TERM": "linux", "LTDL_LIBRARY_PATH": str(plugins)})
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
    level = sys.argv[1]
    source, tools, work = (pathlib.Path(path).resolve() for path in sys.argv[2:])
    root = work / "bochs"
    parts = find_parts(root, work)
    missing = [name for name, path in parts.items() if path is None or not path.exists()]
    if missing:
        print(f"skipped: {', '.join(missing)} not found; tools/emulator.sh {work} brings what is missing")
        sys.exit(SKIPPED)
    models = source / "test" / "models"
    build_runtime(source, work / "static")
    folder = work / level
    folder.mkdir(exist_ok=True)
    checks = make_programs(level, tools, models, folder)
    graphs = make_graphs(tools / "lathec", level, SEEDS, folder / "graphs")
    graphs += make_networks(tools / "lathec", level, NETWORK_SEEDS, folder / "graphs")
    shutil.copy(work / "static/init", folder / "init")
    files, commands = make_files(work / "static/bin/lathe-run", models, folder, checks, graphs)
    make_medium(parts, root, folder, files)
    start = time.monotonic()
    output = boot(level, parts, root, folder)
    print(output)
    codes = {command: int(code) for code, command in re.findall(r"^exit code (\d+): (.*?)\r?$", output, re.MULTILINE)}
    right = [check[3] for check in checks] + [0] * len(graphs)
    failed = [command for command, code in zip(commands, right) if codes.get(command) != code]
    print(f"{level}, {time.monotonic() - start:.0f} s: " + (f"FAILED: {', '.join(failed)}" if failed else
          f"{right.count(0) - len(graphs)} programs agree with PyTorch, {len(graphs)} random graphs and quantized networks with the interpreter"))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
