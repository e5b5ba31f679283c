#!/usr/bin/env python3
"""Two users of one machine share a TPM, or a PKCS#11 token with its PIN. Run by place.py; needs root, to become both.

    tenants.py PROGRAM

PROGRAM, made from tenant.c, does the part of one user.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

ADA, BOB = 51001, 51002
scratch = Path(os.environ["PARSEC_TEST_SCRATCH"])
program = sys.argv[1]
failures = 0


def check(holds, text):
    global failures
    if not holds:
        failures += 1
        print(f"tenants: not so: {text}", file=sys.stderr)


def home(user):
    """A directory, store and configuration for nobody but this user."""
    place = scratch / str(user)
    place.mkdir(mode=0o700)
    configuration = (scratch / "parsec.toml").read_text().replace(f'"{scratch}/keys"', f'"{place}/keys"')
    if (scratch / "pin").exists():
        shutil.copy(scratch / "pin", place / "pin")
        configuration = configuration.replace(f'"{scratch}/pin"', f'"{place}/pin"')
    (place / "parsec.toml").write_text(configuration)
    for path in [place, *place.iterdir()]:
        os.chown(path, user, user)
        path.chmod(0o700 if path.is_dir() else 0o600)
    return place


def run(user, role, *arguments, config=None):
    """Runs the program as a user; true where all its checks held."""
    environment = {
        **os.environ,
        "HOME": str(scratch / str(user)),
        "XDG_STATE_HOME": str(scratch / str(user)),
        "PARSEC_CONFIG": str(config or scratch / str(user) / "parsec.toml"),
    }
    return subprocess.run([program, role, *arguments], user=user, group=user, extra_groups=[], env=environment, check=False).returncode == 0


def orphan_names():
    """What Ada's keys would be called if Bob's library took them for orphans: those in the token with their identifiers."""
    names = [f"key:{number}" for number in (1, 2, 3)] + ["interrupted:1"]
    if "PARSEC_TEST_MODULE" not in os.environ:
        return names
    command = ["pkcs11-tool", "--module", os.environ["PARSEC_TEST_MODULE"], "--token-label", "parsec-test", "--login"]
    pin = (scratch / "pin").read_text().strip()
    listed = subprocess.run([*command, "--pin", pin, "-O", "--type", "privkey"], capture_output=True, text=True, check=True)
    identifiers = re.findall(r"ID: +([0-9a-f]+)", listed.stdout)
    check(len(identifiers) == 3, "the token has Ada's three keys")
    return names + [f"object:{os.environ['PARSEC_TEST_BACKEND']}:{identifier}" for identifier in identifiers]


def share(directory):
    """Lets both users at the token: its files belong to whoever made them."""
    for path in [directory, *directory.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)


def main():
    if os.geteuid() != 0:
        print("not run: it takes root to be two users")
        return
    scratch.chmod(0o711)
    for user in (ADA, BOB):
        home(user)
    tokens = scratch / "tokens"
    if tokens.exists():
        settings = scratch / "softhsm2.conf"
        settings.write_text(settings.read_text() + "objectstore.umask = 0000\n")
        settings.chmod(0o644)
        share(tokens)

    check(run(ADA, "make"), "Ada makes her keys")
    names = orphan_names()
    if tokens.exists():
        share(tokens)
    check(run(BOB, "foreign", *names), "Bob neither lists, uses nor destroys Ada's keys")
    check(run(ADA, "use"), "Ada's keys are as they were")
    check(not run(BOB, "use", config=scratch / str(ADA) / "parsec.toml"), "Bob reads Ada's configuration")

    # A store that others may write is refused, whoever owns what is in it.
    (scratch / str(ADA) / "keys").chmod(0o770)
    check(run(ADA, "refused"), "a store that others may write is refused")
    (scratch / str(ADA) / "keys").chmod(0o700)

    steal_blob()
    print(f"{os.environ['PARSEC_TEST_PLACE']}: two users, one device, {len(names)} names of what is the other's, {failures} failures")


def fields(context):
    """A TPM key context: a version, then fields behind their lengths."""
    found, at = [], 1
    while at < len(context):
        length = int.from_bytes(context[at : at + 2], "big")
        found.append(context[at + 2 : at + 2 + length])
        at += 2 + length
    return found


def steal_blob():
    """Bob has a copy of Ada's wrapped key, but not the authorization value that her store keeps: he tries his own."""
    if "swtpm" not in os.environ["PARSEC_TEST_PLACE"] and "tabrmd" not in os.environ["PARSEC_TEST_PLACE"]:
        return
    check(run(BOB, "make"), "Bob makes keys of his own")
    stores = [sqlite3.connect(scratch / str(user) / "keys" / "keys.db") for user in (ADA, BOB)]
    ada, bob = (store.execute("SELECT context, public_key FROM keys WHERE id = 1").fetchone() for store in stores)
    parent, auth, private, public = fields(ada[0])
    check(len(auth) >= 16 and auth != fields(bob[0])[1], "keys have authorization values of their own")
    stolen = ada[0][:1]
    for field in (parent, fields(bob[0])[1], private, public):
        stolen += len(field).to_bytes(2, "big") + field
    stores[1].execute("UPDATE keys SET context = ?, public_key = ? WHERE id = 1", (stolen, ada[1]))
    stores[1].commit()
    for store in stores:
        store.close()
    for path in (scratch / str(BOB) / "keys").iterdir():
        os.chown(path, BOB, BOB)
        path.chmod(0o600)
    check(run(BOB, "blob"), "a stolen blob is of no use without its authorization value")


main()
sys.exit(failures > 0)
