#!/usr/bin/env python3
"""What happens behind the library's back between the phases of orphans.c.

    orphans.py delete    pkcs11-tool deletes the objects of key 2
    orphans.py restore   an older copy of the key store is put in its place
    orphans.py count N   pkcs11-tool sees the private keys of N keys
"""

import os
import subprocess
import sys
from pathlib import Path

SCRATCH = Path(os.environ["PARSEC_TEST_SCRATCH"])


def tool(*arguments):
    """Runs pkcs11-tool on the token of the fixture."""
    pin = (SCRATCH / "pin").read_text().strip()
    command = ["pkcs11-tool", "--module", os.environ["PARSEC_TEST_MODULE"], "--token-label", "parsec-test"]
    done = subprocess.run([*command, "--login", "--pin", pin, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def delete():
    if "PARSEC_TEST_MODULE" not in os.environ:
        return
    for kind in ("privkey", "pubkey"):
        tool("--delete-object", "--type", kind, "--label", "parsec:default:2")


def restore():
    for name in ("keys.db-wal", "keys.db-shm"):
        (SCRATCH / "keys" / name).unlink(missing_ok=True)
    (SCRATCH / "backup.db").rename(SCRATCH / "keys" / "keys.db")


def count(expected):
    if "PARSEC_TEST_MODULE" in os.environ:
        found = tool("-O", "--type", "privkey").count("Private Key Object")
        assert found == int(expected), (found, expected)


if __name__ == "__main__":
    {"delete": delete, "restore": restore, "count": count}[sys.argv[1]](*sys.argv[2:])
