#!/usr/bin/env python3
"""Counts the instructions that libparsec's own code takes for its hot calls, and compares them with the baseline.

    count.py [--update | --functions CALL]

Counted are the Rust functions of the shared library under callgrind: not the C library, not the engine below, whose
code depends on the processor. A growth of more than 3 percent is an error; --update writes the counts as the new
baseline. --functions tells which functions take the instructions of one call.
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


def own_instructions(path):
    """Instructions of one execution, by own function, without what they call."""
    counts = collections.Counter()
    names = {}
    objects = {}
    current_object = function = None
    called = False
    for line in path.read_text().splitlines():
        key, _, value = line.partition("=")
        if key == "ob":
            current_object = named(objects, value)
        elif key == "fn":
            function = named(names, value)
        elif key in ("cfn", "cob"):
            named(names if key == "cfn" else objects, value)
        elif key == "calls":
            called = True
        elif re.match(r"^[+*\-\d]", line):
            # The line after "calls" is what the called function takes.
            if not called and "libparsec" in (current_object or "") and OWN.match(function or ""):
                counts[function] += int(line.split()[1])
            called = False
    return counts


def named(names, value):
    """Resolves the abbreviation "(7)" and learns it from "(7) name"."""
    number, _, name = value.partition(" ")
    if name:
        names[number] = name
    return names.get(number, value)


def baseline():
    """The committed counts, by call."""
    lines = BASELINE.read_text().splitlines() if BASELINE.exists() else []
    return {name: int(count) for name, count in (line.split() for line in lines if not line.startswith("#"))}


def main():
    with tempfile.TemporaryDirectory() as scratch:
        functions = {name: own_instructions(path) for name, path in profile(Path(scratch)).items()}
    if "--functions" in sys.argv:
        for name, count in functions[sys.argv[-1]].most_common():
            print(f"{count / TIMES:8.0f}  {name}")
        return
    counts = {name: round(sum(counter.values()) / TIMES) for name, counter in functions.items()}
    if not counts or not all(counts.values()):
        sys.exit("nothing was counted")
    if "--update" in sys.argv:
        rustc = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout.strip()
        lines = [f"# Instructions of our own code in one call, {rustc}.", "# Written by benches/instructions/count.py --update."]
        lines += [f"{name} {count}" for name, count in sorted(counts.items())]
        BASELINE.write_text("\n".join(lines) + "\n")
    expected = baseline()
    failed = counts.keys() != expected.keys()
    for name, count in sorted(counts.items()):
        before = expected.get(name, 0)
        grown = count > before * (1 + MOST_GROWTH)
        failed |= grown
        print(f"{name:24} {count:6} instructions, baseline {before:6}{'  GROWN' if grown else ''}")
    if failed:
        sys.exit("more than 3 percent over the baseline; where that is meant: benches/instructions/count.py --update")


if __name__ == "__main__":
    main()
