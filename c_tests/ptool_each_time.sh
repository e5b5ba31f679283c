#!/bin/sh
# Makes a key pair that takes the PIN for each use in the token of tpm2-pkcs11, with its own tool.
set -eu
pin=$(cat "$(sed -n 's/^pin = { file = "\(.*\)" }/\1/p' "$PARSEC_CONFIG")")
tpm2_ptool addkey --path "$TPM2_PKCS11_STORE" --label parsec-test --userpin "$pin" \
    --algorithm ecc256 --key-label 'each time' --id d1 --attr-always-authenticate >/dev/null
