#!/usr/bin/env python3
"""Runs programs in one place for keys, on a fresh fixture of their own.

    place.py PLACE -- PROGRAM [ARGUMENT...] [-- PROGRAM [ARGUMENT...]]...

The programs run one after the other with the same configuration, key store and device, so that a later one finds
the keys of an earlier one. Everything is made in a scratch directory and ended and removed afterwards, also when a
program crashes; fixtures share nothing, so any number of them may run at once.
"""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOFTHSM_MODULES = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
]
TOKEN = "parsec-test"
PIN = "1234"
START_SECONDS = 20


def native(_scratch, _stack):
    """Software, with the engine that needs no configuration."""
    return "software", 0, ""


def mbed_crypto(_scratch, _stack):
    """Software, with Mbed TLS."""
    return "software", 0, '[backends.software]\nengine = "mbed-crypto"\n'


def softhsm(scratch, _stack):
    """A new SoftHSM token."""
    tokens = scratch / "tokens"
    tokens.mkdir()
    settings = scratch / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--so-pin", "5678", "--pin", PIN],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    pin = scratch / "pin"
    pin.write_text(PIN + "\n")
    pin.chmod(0o600)
    module = next((path for path in SOFTHSM_MODULES if Path(path).exists()), SOFTHSM_MODULES[0])
    return "softhsm", 0x800001, (
        'backend = "softhsm"\n[backends.softhsm]\ntype = "pkcs11"\n'
        f'module = "{module}"\ntoken = "{TOKEN}"\npin = {{ file = "{pin}" }}\nlocation = 0x800001\n'
    )


def swtpm(scratch, stack):
    """A new software TPM on a free port."""
    state = scratch / "tpm"
    state.mkdir()
    port = start_swtpm(state, stack)
    tcti = f"swtpm:host=127.0.0.1,port={port}"
    os.environ["TPM2TOOLS_TCTI"] = tcti
    return "tpm", 1, f'backend = "tpm"\n[backends.tpm]\ntcti = "{tcti}"\nlocation = 0x000001\n'


def tabrmd(scratch, stack):
    """A new software TPM behind a resource manager, on a bus of its own."""
    section = swtpm(scratch, stack)[2]
    bus = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    stack.callback(stop, bus)
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
    manager = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", "tpm2-abrmd", "--session", "--allow-root"]
        + ["--tcti", os.environ["TPM2TOOLS_TCTI"]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(stop, manager)
    wanted = f'tcti = "{os.environ["TPM2TOOLS_TCTI"]}"'
    os.environ["TPM2TOOLS_TCTI"] = "tabrmd:bus_type=session"
    deadline = time.monotonic() + START_SECONDS
    name = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetNameOwner"]
    while subprocess.run([*name, "string:com.intel.tss2.Tabrmd"], capture_output=True, check=False).returncode != 0:
        if time.monotonic() > deadline or manager.poll() is not None:
            sys.exit("tpm2-abrmd did not start")
        time.sleep(0.02)
    return "tpm", 1, section.replace(wanted, f'tcti = "{os.environ["TPM2TOOLS_TCTI"]}"')


def devices(scratch, stack):
    """Software by default, a token and a TPM by their locations, and a second TPM for bare commands (benchmarks)."""
    token = softhsm(scratch, stack)[2].partition("[")[2]
    tpm = swtpm(scratch, stack)[2].partition("[")[2]
    other = scratch / "other-tpm"
    other.mkdir()
    os.environ["PARSEC_BENCH_TCTI"] = f"swtpm:host=127.0.0.1,port={start_swtpm(other, stack)}"
    os.environ["PARSEC_BENCH_MODULE"] = next((path for path in SOFTHSM_MODULES if Path(path).exists()), "")
    os.environ["PARSEC_BENCH_TOKEN"] = TOKEN
    os.environ["PARSEC_BENCH_PIN"] = PIN
    return "software", 0, f"[{token}[{tpm}"


PLACES = {"native": native, "mbed-crypto": mbed_crypto, "softhsm": softhsm, "swtpm": swtpm, "tabrmd": tabrmd, "devices": devices}


def start_swtpm(state, stack):
    """Starts a TPM and returns its command port; the port after it is its control port."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        # Below the ephemeral range, so that no outgoing connection takes it; another fixture may, then try again.
        port = random.randrange(10000, 32000, 2)
        server = subprocess.Popen(
            # The kernel ends it with us, should we be killed.
            ["setpriv", "--pdeathsig", "TERM", "swtpm", "socket", "--tpm2"]
            + ["--tpmstate", f"dir={state}", "--flags", "not-need-init,startup-clear"]
            + ["--server", f"type=tcp,port={port}", "--ctrl", f"type=tcp,port={port + 1}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(stop, server)
        while server.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port + 1), 1):
                return port
            time.sleep(0.01)
    sys.exit("swtpm did not start")


def stop(process):
    """Ends one process that we started, and waits for it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def commands(arguments):
    """Splits the command line at each `--`."""
    found = []
    for argument in arguments:
        if argument == "--":
            found.append([])
        elif found:
            found[-1].append(argument)
    return found


def prepare(place, scratch, stack):
    """Makes the fixture and points the environment at it."""
    for name in ("STATE_DIRECTORY", "PARSEC_NAMESPACE", "XDG_CONFIG_HOME"):
        os.environ.pop(name, None)
    os.environ["HOME"] = str(scratch)
    os.environ["XDG_STATE_HOME"] = str(scratch / "state")
    backend, location, text = PLACES[place](scratch, stack)
    store = scratch / "keys"
    store.mkdir(mode=0o700)
    top, section, rest = text.partition("[")
    configuration = scratch / "parsec.toml"
    configuration.write_text(f'{top}[store]\npath = "{store}"\n{section}{rest}')
    configuration.chmod(0o600)
    os.environ["PARSEC_CONFIG"] = str(configuration)
    # What the test programs may assume; see check.h.
    os.environ["PARSEC_TEST_PLACE"] = place
    os.environ["PARSEC_TEST_BACKEND"] = backend
    os.environ["PARSEC_TEST_LOCATION"] = str(location)
    os.environ["PARSEC_TEST_SCRATCH"] = str(scratch)


def run(command):
    """Runs one program and returns its exit code, a signal as the shell would."""
    code = subprocess.run(command, check=False).returncode
    if code < 0:
        print(f"{command[0]}: {signal.Signals(-code).name}", file=sys.stderr, flush=True)
        return 128 - code
    return code


def main():
    programs = commands(sys.argv[2:])
    if len(sys.argv) < 4 or sys.argv[1] not in PLACES or not all(programs) or not programs:
        sys.exit(f"{__doc__}\nPLACE is one of: {', '.join(PLACES)}")
    # A terminated fixture must still stop what it started: turn the signal into an exit, which unwinds.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parsec-", ignore_cleanup_errors=True)))
        prepare(sys.argv[1], scratch, stack)
        for command in programs:
            code = run(command)
            if code != 0:
                sys.exit(code)


if __name__ == "__main__":
    main()
