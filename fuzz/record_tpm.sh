#!/usr/bin/env bash
# Records what swtpm answers, as the first inputs of the fuzzer tpm_response, in fuzz/seeds/tpm_response.
set -euo pipefail
cd "$(dirname "$0")"

# Built like the fuzzers, so that little is built twice.
cargo +nightly fuzz build --fuzz-dir . --dev record_tpm
recorder=$(find target -path '*/debug/record_tpm' -type f)

state=$(mktemp -d)
port=${PORT:-23210}
swtpm socket --tpm2 --flags not-need-init,startup-clear --tpmstate dir="$state" \
    --server type=tcp,port="$port" --ctrl type=tcp,port=$((port + 1)) &
trap 'kill $!; rm -rf "$state"' EXIT
export TPM2TOOLS_TCTI=swtpm:port=$port
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.05; done

# persist HANDLE KEY: makes a key persistent that is in a slot of the TPM.
persist() {
    tpm2_evictcontrol -Q -C o -c "$2" "$1"
    tpm2_flushcontext -Q -t
}
# key HANDLE OPTION...: a persistent key with these options of tpm2_create.
key() {
    local handle=$1
    shift
    tpm2_createprimary -Q -C o -c "$state/primary"
    tpm2_create -Q -C "$state/primary" -u "$state/public" -r "$state/private" "$@"
    tpm2_flushcontext -Q -t
    tpm2_load -Q -C "$state/primary" -u "$state/public" -r "$state/private" -c "$state/key"
    tpm2_flushcontext -Q -t
    persist "$handle" "$state/key"
}
tpm2_createprimary -Q -C o -G ecc -c "$state/primary"
persist 0x81000001 "$state/primary"
key 0x81010001 -G ecc256
key 0x81010002 -G rsa2048
key 0x81010003 -G hmac:sha256
key 0x81010004 -G aes128cfb

mkdir -p seeds/tpm_response
"$recorder" "$port" seeds/tpm_response
