#!/usr/bin/env python3
"""Makes a key with the tools of the device, for provisioned.c."""

import os
import re
import subprocess
from pathlib import Path

SCRATCH = Path(os.environ["PARSEC_TEST_SCRATCH"])
CONFIGURATION = (SCRATCH / "parsec.toml").read_text()


def setting(name):
    """A string of the fixture's configuration."""
    return re.search(rf'^{name} = "(.*)"', CONFIGURATION, re.MULTILINE)[1]


def pin():
    """The PIN that the configuration leads to."""
    return Path(re.search(r'^pin = { file = "(.*)" }', CONFIGURATION, re.MULTILINE)[1]).read_text().strip()


def run(command):
    subprocess.run(command.split(), check=True, cwd=SCRATCH, stdout=subprocess.DEVNULL)


def with_tpm2_tools():
    os.environ["TPM2TOOLS_TCTI"] = setting("tcti")
    run("tpm2_createprimary -Q -C o -c primary")
    run("tpm2_create -Q -C primary -G ecc256:null -a fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign -u p -r s")
    run("tpm2_flushcontext -t")
    run("tpm2_load -Q -C primary -u p -r s -c key")
    run("tpm2_flushcontext -t")
    run("tpm2_evictcontrol -Q -C o -c key 0x81010001")
    run("tpm2_flushcontext -t")


def with_certutil():
    """With a certificate, in which the public key is."""
    (SCRATCH / "noise").write_bytes(os.urandom(64))
    run(
        f"certutil -S -x -d sql:{SCRATCH}/nss -f nss-passwords -z noise -k ec -q nistp256 -n gateway -s CN=gateway -t ,,"
    )


def with_tpm2_ptool():
    run(
        f"tpm2_ptool addkey --path {os.environ['TPM2_PKCS11_STORE']} --label {setting('token')} --userpin {pin()}"
        " --algorithm ecc256 --key-label gateway --id 07"
    )


def with_pkcs11_tool():
    run(
        f"pkcs11-tool --module {setting('module')} --token-label {setting('token')} --login --pin {pin()}"
        " --keypairgen --key-type EC:prime256v1 --label gateway --id 07 --usage-sign"
    )


TOOLS = {"swtpm": with_tpm2_tools, "nss": with_certutil, "tpm2-pkcs11": with_tpm2_ptool}
TOOLS.get(os.environ["PARSEC_TEST_PLACE"], with_pkcs11_tool)()
