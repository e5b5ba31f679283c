#!/usr/bin/env python3
"""Makes a key with the tools of the device, for provisioned.c."""

import os
import re
import subprocess
from pathlib import Path

SCRATCH = Path(os.environ["PARSEC_TEST_SCRATCH"])


def setting(name):
    """A string of the fixture's configuration."""
    return re.search(rf'^{name} = "(.*)"', (SCRATCH / "parsec.toml").read_text(), re.MULTILINE)[1]


def run(command):
    subprocess.run(command.split(), check=True, cwd=SCRATCH, stdout=subprocess.DEVNULL)


if os.environ["PARSEC_TEST_PLACE"] == "swtpm":
    os.environ["TPM2TOOLS_TCTI"] = setting("tcti")
    run("tpm2_createprimary -Q -C o -c primary")
    run("tpm2_create -Q -C primary -G ecc256:null -a fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign -u p -r s")
    run("tpm2_flushcontext -t")
    run("tpm2_load -Q -C primary -u p -r s -c key")
    run("tpm2_flushcontext -t")
    run("tpm2_evictcontrol -Q -C o -c key 0x81010001")
    run("tpm2_flushcontext -t")
else:
    pin = Path(re.search(r'^pin = { file = "(.*)" }', (SCRATCH / "parsec.toml").read_text(), re.MULTILINE)[1])
    run(
        f"pkcs11-tool --module {setting('module')} --token-label {setting('token')} --login --pin {pin.read_text().strip()}"
        " --keypairgen --key-type EC:prime256v1 --label gateway --id 07 --usage-sign"
    )
