#!/bin/sh
# Makes secret keys in the token of tpm2-pkcs11 with its own tool, and lets pkcs11-tool use them, in the scratch directory.
set -eu
cd "$PARSEC_TEST_SCRATCH"
pin=$(cat "$(sed -n 's/^pin = { file = "\(.*\)" }/\1/p' "$PARSEC_CONFIG")")
make_key() {
    tpm2_ptool addkey --path "$TPM2_PKCS11_STORE" --label parsec-test --userpin "$pin" \
        --algorithm "$1" --key-label "$2" --id "$3" >/dev/null
}
use_key() {
    pkcs11-tool --module "$PARSEC_TEST_MODULE" --token-label parsec-test --login --pin "$pin" "$@" -i text >/dev/null 2>&1
}
make_key aes128 cipher 01
make_key hmac:sha256 mac 02
printf '32 bytes, of which 16 are blocks' >text
# The tool takes an identifier for text.
use_key --id 3031 --encrypt --mechanism AES-CBC --iv 000102030405060708090a0b0c0d0e0f -o sealed
use_key --id 3032 --sign --mechanism SHA256-HMAC -o mac
