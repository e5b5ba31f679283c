#!/usr/bin/env python3
"""Makes symmetric keys with tpm2-tools, and says with the same tools what they compute, for symmetric_adoption.c."""

import os
import subprocess
from pathlib import Path

SCRATCH = Path(os.environ["PARSEC_TEST_SCRATCH"])
PARENT = "tpm2_createprimary -Q -C o -c primary"


def run(command):
    subprocess.run(command.split(), check=True, cwd=SCRATCH, stdout=subprocess.DEVNULL)


def persist(handle, *commands):
    """A persistent key: what makes `public` and `private`, below the primary key."""
    for command in (PARENT, *commands):
        run(command)
    run("tpm2_flushcontext -t")
    run("tpm2_load -Q -C primary -u public -r private -c key")
    run("tpm2_flushcontext -t")
    run(f"tpm2_evictcontrol -Q -C o -c key 0x{handle:08x}")
    run("tpm2_flushcontext -t")


def create(handle, options):
    persist(handle, f"tpm2_create -Q -C primary -u public -r private {options}")


(SCRATCH / "message").write_bytes(bytes(range(100)))
(SCRATCH / "long").write_bytes(bytes(i % 251 for i in range(3000)))
(SCRATCH / "blocks").write_bytes(bytes(range(96)))
(SCRATCH / "iv").write_bytes(bytes(range(16)))
(SCRATCH / "brought").write_bytes(bytes(range(1, 21)))

create(0x81010001, "-G hmac:sha256")
create(0x81010002, "-G hmac:sha384")
persist(0x81010003, "tpm2_import -Q -C primary -G hmac -i brought -u public -r private")
create(0x81010004, "-G aes128cfb")
create(0x81010005, "-G aes256cbc")
create(0x81010006, "-i message -a fixedtpm|fixedparent|userwithauth")

for name, handle in (("sha256", 0x81010001), ("sha384", 0x81010002), ("brought", 0x81010003)):
    hash_name = "sha256" if name == "brought" else name
    for text in ("message", "long"):
        run(f"tpm2_hmac -c 0x{handle:08x} -g {hash_name} -o {name}.{text}.mac {text}")
for name, handle in (("cfb", 0x81010004), ("cbc", 0x81010005)):
    run(f"tpm2_encryptdecrypt -Q -c 0x{handle:08x} -G {name} -t iv -o {name}.encrypted blocks")
