#!/usr/bin/env python3
"""Looks at a protected key store from outside, between the phases of at_rest.c.

    at_rest.py read       nothing is readable; with the file's secret, a row is decrypted the way the documents say
    at_rest.py exchange   exchanges the secrets of two keys
    at_rest.py away       takes away what protects the store: the device, or the file
    at_rest.py masked-key prints the key of the store, each byte XOR 0xa5, for torture/memory.c
"""

import hashlib
import hmac
import os
import signal
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PASSWORD = b"a password that nobody may read on a disk\0"
SCRATCH = Path(os.environ["PARSEC_TEST_SCRATCH"])
DATABASE = SCRATCH / "keys" / "keys.db"


def open_envelope(master, context, envelope):
    """32 random bytes, ciphertext and tag; key and nonce by HKDF-SHA-256 (RFC 5869)."""
    salt, sealed = envelope[:32], envelope[32:]
    pseudorandom = hmac.new(salt, master, hashlib.sha256).digest()
    block, output = b"", b""
    for counter in (1, 2):
        block = hmac.new(pseudorandom, block + b"libparsec envelope 1" + bytes([counter]), hashlib.sha256).digest()
        output += block
    return AESGCM(output[:32]).decrypt(output[32:44], sealed, context)


def sized(value):
    """A field of the context, after its length; none has the greatest one."""
    return struct.pack(">I", 0xFFFFFFFF) if value is None else struct.pack(">I", len(value)) + value


def unsealed(blob):
    """What the TPM gives tpm2-tools for the blob of a sealed secret (backends/tpm/blob.rs): version, then the parent's name,
    the authorization value, private and public part, each after its length."""
    fields, at = [], 1
    while at < len(blob):
        (length,) = struct.unpack(">H", blob[at : at + 2])
        fields.append(blob[at + 2 : at + 2 + length])
        at += 2 + length
    (_parent, auth, private, public), directory = fields, SCRATCH / "unseal"
    directory.mkdir(exist_ok=True)
    for name, part in (("private", private), ("public", public)):
        (directory / name).write_bytes(struct.pack(">H", len(part)) + part)
    # The tool's format of a unique field: for each coordinate its length, and a buffer of 128 bytes.
    (directory / "zeros").write_bytes((b"\x20\x00" + bytes(128)) * 2)
    attributes = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt"
    for command in (
        f"tpm2_createprimary -C o -g sha256 -G ecc256:aes128cfb -u zeros -c primary -a {attributes}",
        "tpm2_flushcontext -t",
        "tpm2_load -C primary -r private -u public -c sealed",
        "tpm2_flushcontext -t",
        f"tpm2_unseal -c sealed -p hex:{auth.hex()} -o secret",
        "tpm2_flushcontext -t",
    ):
        subprocess.run(command.split(), cwd=directory, check=True, stdout=subprocess.DEVNULL)
    return (directory / "secret").read_bytes()


def store_key(database):
    """What the metadata says, opened with the secret from the file or by the TPM."""
    (metadata,) = database.execute("SELECT value FROM meta WHERE name = 'store.protection'").fetchone()
    version, _number, kind, length = struct.unpack(">BQBH", metadata[:12])
    assert version == 1 and kind in (1, 2, 3), metadata
    if kind == 1:
        return unsealed(metadata[12 + length :])
    assert kind == 3 or metadata[12 : 12 + length] == bytes(SCRATCH / "store.key")
    return open_envelope((SCRATCH / "store.key").read_bytes(), b"libparsec store key", metadata[12 + length :])


def decrypted(database, key):
    """The secret of a row."""
    columns = "namespace, type, bits, lifetime, usage, algorithm, backend, identity, public_key, sealed, context"
    row = database.execute(f"SELECT {columns} FROM keys WHERE id = ?", (key,)).fetchone()
    namespace, kind, bits, lifetime, usage, algorithm, backend, identity, public_key, sealed, secret = row
    context = struct.pack(">BB6I", 0, sealed, key, kind, bits, lifetime, usage, algorithm)
    fields = [namespace.encode(), backend and backend.encode(), identity.encode(), public_key]
    context += b"".join(sized(field) for field in fields)
    return open_envelope(store_key(database), context, secret)


def read(database):
    files = list((SCRATCH / "keys").iterdir())
    for file in files:
        assert PASSWORD not in file.read_bytes(), file
    protections = {protection for (protection,) in database.execute("SELECT protection FROM keys")}
    assert len(protections) == 1 and 0 not in protections, protections
    if os.environ["PARSEC_TEST_BACKEND"] == "software":
        assert decrypted(database, 1) == PASSWORD
        assert decrypted(database, 3) == PASSWORD
    (rows,) = database.execute("SELECT count(*) FROM keys").fetchone()
    print(f"{os.environ['PARSEC_TEST_PLACE']}: {rows} rows encrypted, no secret in {len(files)} files", flush=True)


def exchange(database):
    rows = dict(database.execute("SELECT id, context FROM keys WHERE id IN (1, 3)"))
    database.executemany("UPDATE keys SET context = ? WHERE id = ?", [(rows[1], 3), (rows[3], 1)])
    database.commit()


def away(_database):
    if "PARSEC_TEST_TPM_PID" in os.environ:
        os.kill(int(os.environ["PARSEC_TEST_TPM_PID"]), signal.SIGKILL)
    elif (SCRATCH / "tokens").exists():
        (SCRATCH / "tokens").rename(SCRATCH / "unplugged")
        (SCRATCH / "tokens").mkdir()
    else:
        (SCRATCH / "store.key").unlink()


def masked_key(database):
    print(bytes(byte ^ 0xA5 for byte in store_key(database)).hex())


if __name__ == "__main__":
    {"read": read, "exchange": exchange, "away": away, "masked-key": masked_key}[sys.argv[1]](sqlite3.connect(DATABASE))
