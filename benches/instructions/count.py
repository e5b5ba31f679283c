#!/usr/bin/env python3
"""Counts what libparsec's own code takes for its hot calls, and compares it with the baseline.

    count.py [--update | --functions CALL]

Counted are the instructions of the Rust functions in the shared library under callgrind, not of the C library and of
the engine below, whose code depends on the processor; and the allocations on the heap, whoever makes them. More than 3
percent more instructions, or any more allocations, are an error; --update writes the counts as the new baseline.
--functions tells which functions take the instructions of one call.
"""

import collections
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
BASELINE = HERE / "baseline.txt"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
LIBRARY = TARGET / "release"
TIMES = 100
MOST_GROWTH = 0.03
# The engine chooses its code by these capabilities: none beyond those of the first x86-64 processors.
CAPABILITIES = "~0xffffffffffffffff:~0xffffffffffffffff"
# Mangled names of Rust, and the exported functions.
OWN = re.compile(r"^(_R|_ZN|psa_|parsec_|mbedtls_psa_)")
ALLOCATING = re.compile(r"^(__libc_)?(malloc|calloc|realloc|memalign|aligned_alloc|posix_memalign)(@@.*)?$")


def profile(scratch):
    """Runs the calls under callgrind and returns one file for each call, by name."""
    program = scratch / "calls"
    library = scratch / "libparsec.so.0"
    library.symlink_to(LIBRARY / "libparsec.so")
    subprocess.run(
        ["cc", "-O2", "-o", program, HERE / "calls.c", f"-I{ROOT}/include", library, f"-Wl,-rpath,{scratch}"],
        check=True,
    )
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(scratch),
        "OPENSSL_ia32cap": CAPABILITIES,
    }
    command = ["valgrind", "--tool=callgrind", "--quiet", "--demangle=no", f"--callgrind-out-file={scratch}/profile", program]
    subprocess.run(command, check=True, env=environment)
    files = {}
    for path in scratch.glob("profile.*"):
        trigger = re.search(r"^desc: Trigger: Client Request: (\w+)$", path.read_text(), re.MULTILINE)
        if trigger:
            files[trigger[1]] = path
    return files


def read_profile(path):
    """Instructions by own function, without what they call, and the number of allocations; of all executions."""
    counts = collections.Counter()
    allocations = 0
    names = {}
    objects = {}
    current_object = function = callee = None
    called = False
    for line in path.read_text().splitlines():
        key, _, value = line.partition("=")
        if key == "ob":
            current_object = named(objects, value)
        elif key == "fn":
            function = named(names, value)
        elif key == "cob":
            named(objects, value)
        elif key == "cfn":
            callee = named(names, value)
        elif key == "calls":
            called = True
            if ALLOCATING.match(callee):
                allocations += int(value.split()[0])
        elif re.match(r"^[+*\-\d]", line):
            # The line after "calls" is what the called function takes.
            if not called and "libparsec" in (current_object or "") and OWN.match(function or ""):
                counts[function] += int(line.split()[1])
            called = False
    return counts, allocations


def named(names, value):
    """Resolves the abbreviation "(7)" and learns it from "(7) name"."""
    number, _, name = value.partition(" ")
    if name:
        names[number] = name
    return names.get(number, value)


def baseline():
    """The committed counts, by call."""
    lines = BASELINE.read_text().splitlines() if BASELINE.exists() else []
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {name: (int(instructions), int(allocations)) for name, instructions, allocations in rows}


def measure():
    """Profiles by call: instructions by function, and allocations."""
    with tempfile.TemporaryDirectory() as scratch:
        return {name: read_profile(path) for name, path in sorted(profile(Path(scratch)).items())}


def update(counts):
    """Writes the baseline."""
    rustc = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    lines = [f"# Instructions of our own code, and allocations, in one call; {rustc}."]
    lines += ["# Written by benches/instructions/count.py --update."]
    lines += [f"{name} {instructions} {allocations}" for name, (instructions, allocations) in counts.items()]
    BASELINE.write_text("\n".join(lines) + "\n")


def main():
    profiles = measure()
    if "--functions" in sys.argv:
        for name, count in profiles[sys.argv[-1]][0].most_common():
            print(f"{count / TIMES:8.0f}  {name}")
        return
    counts = {name: (round(own.total() / TIMES), round(heap / TIMES)) for name, (own, heap) in profiles.items()}
    if not counts or not all(instructions for instructions, _ in counts.values()):
        sys.exit("nothing was counted")
    if "--update" in sys.argv:
        update(counts)
    expected = baseline()
    failed = counts.keys() != expected.keys()
    for name, (instructions, allocations) in counts.items():
        before, allocations_before = expected.get(name, (0, 0))
        grown = instructions > before * (1 + MOST_GROWTH) or allocations > allocations_before
        failed |= grown
        print(
            f"{name:24}{instructions:6} instructions, baseline{before:6};"
            f"{allocations:4} allocations, baseline{allocations_before:4}{'  GROWN' if grown else ''}"
        )
    if failed:
        sys.exit("more than the baseline allows; where that is meant: benches/instructions/count.py --update")


if __name__ == "__main__":
    main()
