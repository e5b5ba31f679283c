#!/usr/bin/env python3
"""Runs programs in one place for keys, on a fresh fixture of their own.

    place.py PLACE -- PROGRAM [ARGUMENT...] [-- PROGRAM [ARGUMENT...]]...

The programs run one after the other with the same configuration, key store and device, so that a later one finds
the keys of an earlier one. Everything is made in a scratch directory and ended and removed afterwards, also when a
program crashes; fixtures share nothing, so any number of them may run at once.
"""

import contextlib
import glob
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOKEN = "parsec-test"
# NSS has given it its name.
NSS_TOKEN = "NSS Certificate DB"
# Long enough to be looked for in memory.
PIN = "nowhere-else-is-this-PIN"
# What programs that build something need, before the fixture has a home of its own.
ENVIRONMENT = dict(os.environ)
START_SECONDS = 20


def native(_scratch, _stack):
    """Software, with the engine that needs no configuration."""
    return "software", 0, ""


def mbed_crypto(_scratch, _stack):
    """Software, with Mbed TLS."""
    return "software", 0, '[backends.software]\nengine = "mbed-crypto"\n'


def softhsm(scratch, _stack):
    """A new SoftHSM token."""
    return pkcs11(scratch, "softhsm", softhsm_token(scratch))


def kryoptic(scratch, _stack):
    """A new token of kryoptic, which scripts/kryoptic.sh builds."""
    settings = scratch / "kryoptic.conf"
    settings.write_text(f'[[slots]]\nslot = 1\ndbtype = "sqlite"\ndbargs = "{scratch}/kryoptic.sql"\n')
    os.environ["KRYOPTIC_CONF"] = str(settings)
    script = Path(__file__).resolve().parent.parent / "scripts/kryoptic.sh"
    built = subprocess.run([script], check=True, stdout=subprocess.PIPE, env=ENVIRONMENT)
    library = built.stdout.decode().strip()
    initialise_token(library)
    return pkcs11(scratch, "kryoptic", library)


def nss(scratch, _stack):
    """A new database of NSS."""
    passwords = scratch / "nss-passwords"
    passwords.write_text(PIN + "\n")
    arguments = nss_database(scratch, "-f", passwords)
    return pkcs11(scratch, "nss", module("libsoftokn3.so"), NSS_TOKEN, f'init_args = "{arguments} flags=passwordRequired"\n')


def nss_public(scratch, _stack):
    """A new database of NSS that has no PIN."""
    arguments = nss_database(scratch, "--empty-password")
    text = pkcs11(scratch, "nss", module("libsoftokn3.so"), NSS_TOKEN, f'init_args = "{arguments}"\n')[2]
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("pin =")]
    return "nss", 0x800001, "".join(lines)


def nss_database(scratch, *password):
    """Makes a database of NSS and returns the arguments that lead there."""
    database = scratch / "nss"
    database.mkdir()
    quietly("certutil", "-N", "-d", f"sql:{database}", *password)
    return f"configdir='sql:{database}' certPrefix='' keyPrefix='' secmod='secmod.db'"


def tpm2_pkcs11(scratch, stack):
    """A new token of tpm2-pkcs11, on a new software TPM with a resource manager."""
    # What it has destroyed stays in the TPM until the process ends.
    tabrmd(scratch, stack, "--max-transients=100")
    store = scratch / "tpm2-pkcs11"
    store.mkdir()
    os.environ.update(TPM2_PKCS11_STORE=str(store), TPM2_PKCS11_TCTI=os.environ["TPM2TOOLS_TCTI"])
    os.environ.update(TPM2_PKCS11_BACKEND="esysdb", TSS2_LOG="all+none")
    os.environ.setdefault("TPM2_PKCS11_LOG_LEVEL", "0")
    library = module("libtpm2_pkcs11.so.1")
    initialise_token(library)
    # It makes no session objects.
    os.environ["PARSEC_TEST_PERSISTENCE"] = "1"
    return pkcs11(scratch, "tpm2-pkcs11", library)


def listens(address):
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(address)) == 0


def p11_kit(scratch, stack):
    """A new SoftHSM token in another process, as a remote HSM is reached."""
    address = scratch / "p11-kit"
    server = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", "p11-kit", "server", "-f", "--name", address]
        + ["--provider", softhsm_token(scratch), f"pkcs11:token={TOKEN}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(stop, server)
    deadline = time.monotonic() + START_SECONDS
    # The file is there before the server listens.
    while not listens(address):
        if time.monotonic() > deadline:
            sys.exit("p11-kit server did not start")
        time.sleep(0.01)
    os.environ["P11_KIT_SERVER_ADDRESS"] = f"unix:path={address}"
    return pkcs11(scratch, "p11-kit", module("pkcs11/p11-kit-client.so"))


def softhsm_token(scratch):
    """Makes a SoftHSM token and returns the module."""
    tokens = scratch / "tokens"
    tokens.mkdir()
    settings = scratch / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    quietly("softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--so-pin", "5678", "--pin", PIN)
    return module("softhsm/libsofthsm2.so")


def initialise_token(library):
    """Gives the only token of a module its label and PIN."""
    security_officer = ["--so-pin", "56785678"]
    quietly("pkcs11-tool", "--module", library, "--slot-index", "0", "--init-token", "--label", TOKEN, *security_officer)
    quietly(
        *["pkcs11-tool", "--module", library, "--token-label", TOKEN, "--login", "--login-type", "so"],
        *security_officer,
        *["--init-pin", "--new-pin", PIN],
    )


def pkcs11(scratch, name, library, token=TOKEN, more=""):
    """What the configuration says of a token, and where its keys go."""
    pin = scratch / "pin"
    pin.write_text(PIN + "\n")
    pin.chmod(0o600)
    os.environ["PARSEC_TEST_MODULE"] = str(library)
    return name, 0x800001, (
        f'backend = "{name}"\n[backends.{name}]\ntype = "pkcs11"\n'
        f'module = "{library}"\ntoken = "{token}"\npin = {{ file = "{pin}" }}\nlocation = 0x800001\n{more}'
    )


def module(name):
    """Finds a module of Debian, on whatever architecture."""
    for pattern in (f"/usr/lib/*-linux-gnu/{name}", f"/usr/lib/{name}"):
        for path in glob.glob(pattern):
            return path
    sys.exit(f"no {name}: run `make deps`")


def quietly(*command):
    """Runs a program that has to succeed."""
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed: {done.stdout.decode(errors='replace')}")


def swtpm(scratch, stack):
    """A new software TPM on a free port."""
    state = scratch / "tpm"
    state.mkdir()
    port = start_swtpm(state, stack)
    tcti = f"swtpm:host=127.0.0.1,port={port}"
    os.environ["TPM2TOOLS_TCTI"] = tcti
    return "tpm", 1, f'backend = "tpm"\n[backends.tpm]\ntcti = "{tcti}"\nlocation = 0x000001\n'


def tabrmd(scratch, stack, *options):
    """A new software TPM behind a resource manager, on a bus of its own."""
    section = swtpm(scratch, stack)[2]
    bus = start(["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"], stack, subprocess.PIPE)
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
    command = ["tpm2-abrmd", "--session", "--allow-root", "--tcti", os.environ["TPM2TOOLS_TCTI"]]
    manager = start([*command, *options], stack)
    wanted = f'tcti = "{os.environ["TPM2TOOLS_TCTI"]}"'
    os.environ["TPM2TOOLS_TCTI"] = "tabrmd:bus_type=session"
    deadline = time.monotonic() + START_SECONDS
    name = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetNameOwner"]
    while subprocess.run([*name, "string:com.intel.tss2.Tabrmd"], capture_output=True, check=False).returncode != 0:
        if time.monotonic() > deadline or manager.poll() is not None:
            sys.exit("tpm2-abrmd did not start")
        time.sleep(0.02)
    return "tpm", 1, section.replace(wanted, f'tcti = "{os.environ["TPM2TOOLS_TCTI"]}"')


def everywhere(scratch, stack):
    """Software by default, and by their locations a token and a TPM with a resource manager."""
    token = softhsm(scratch, stack)[2].partition("[")[2]
    tpm = tabrmd(scratch, stack)[2].partition("[")[2]
    return "software", 0, f"[{token}[{tpm}"


def devices(scratch, stack):
    """Software by default, a token and two TPMs by their locations, another TPM for bare commands, and a second
    configuration with a key store that is protected (benchmarks)."""
    token = softhsm(scratch, stack)[2].partition("[")[2]
    tpm = swtpm(scratch, stack)[2].partition("[")[2]
    other, bare = scratch / "other-tpm", scratch / "bare-tpm"
    other.mkdir()
    bare.mkdir()
    os.environ["PARSEC_BENCH_TCTI"] = f"swtpm:host=127.0.0.1,port={start_swtpm(bare, stack)}"
    encrypted = (
        f'[backends.encrypted]\ntype = "tpm"\ntcti = "swtpm:host=127.0.0.1,port={start_swtpm(other, stack)}"\n'
        'bus = "encrypted"\nlocation = 0x800002\n'
    )
    secret, protected = scratch / "store-secret", scratch / "protected.toml"
    secret.write_bytes(os.urandom(32))
    protected.write_text(f'[store]\npath = "{scratch}/protected"\nprotect = {{ file = "{secret}" }}\n')
    for file in (secret, protected):
        file.chmod(0o600)
    os.environ["PARSEC_BENCH_PROTECTED"] = str(protected)
    os.environ["PARSEC_BENCH_MODULE"] = module("softhsm/libsofthsm2.so")
    os.environ["PARSEC_BENCH_TOKEN"] = TOKEN
    os.environ["PARSEC_BENCH_PIN"] = PIN
    return "software", 0, f"[{token}[{tpm}{encrypted}"


PLACES = {
    "native": native,
    "mbed-crypto": mbed_crypto,
    "softhsm": softhsm,
    "kryoptic": kryoptic,
    "nss": nss,
    "nss-public": nss_public,
    "tpm2-pkcs11": tpm2_pkcs11,
    "p11-kit": p11_kit,
    "swtpm": swtpm,
    "tabrmd": tabrmd,
    "everywhere": everywhere,
    "devices": devices,
}


def start(command, stack, output=subprocess.DEVNULL):
    """Starts a server, which the kernel ends with us, should we be killed."""
    server = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", *command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(stop, server)
    return server


def start_swtpm(state, stack):
    """Starts a TPM and returns its command port; the port after it is its control port."""
    deadline = time.monotonic() + START_SECONDS
    started = state / "pid"
    while time.monotonic() < deadline:
        # Below the ephemeral range, so that no outgoing connection takes it; another fixture may, then try again.
        port = random.randrange(10000, 32000, 2)
        server = start(
            ["swtpm", "socket", "--tpm2", "--pid", f"file={started}"]
            + ["--tpmstate", f"dir={state}", "--flags", "not-need-init,startup-clear"]
            + ["--server", f"type=tcp,port={port}", "--ctrl", f"type=tcp,port={port + 1}"],
            stack,
        )
        # It writes its number when it has both ports; who answers at one may be somebody else.
        while server.poll() is None and time.monotonic() < deadline:
            if started.exists() and started.read_text().strip() == str(server.pid):
                os.environ["PARSEC_TEST_TPM_PID"] = str(server.pid)
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
