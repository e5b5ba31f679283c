#!/usr/bin/env bash
# Installs the Debian packages that are missing: directly as root, else it prints the line to run.
set -euo pipefail

packages=(
    g++ cmake pkgconf libclang-dev # to build
    python3 python3-cryptography openssl # to test: fixtures and a second opinion
    softhsm2 opensc gnutls-bin     # a PKCS#11 token and tools
    p11-kit p11-kit-modules        # the way to a token in another process
    libnss3-tools perl             # another token, and what the OpenSSL of a third one is built with
    swtpm swtpm-tools tpm2-tools   # a TPM 2.0 and its tools
    tpm2-abrmd libtss2-tcti-tabrmd0 dbus # its resource manager, and the way to it
    libtpm2-pkcs11-1 libtpm2-pkcs11-tools # a PKCS#11 token on it
    libtss2-dev                    # what the TSS calls things, and how fast it is
    libmbedtls-dev             # a neighbour in the same process
    clang libclang-rt-dev valgrind # sanitizers
)
# Rust links with LLD by itself only there, see build.rs.
[ "$(uname -m)" = x86_64 ] || packages+=(lld)

installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
for package in "${packages[@]}"; do
    installed "$package" || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "Debian packages are missing; run this first:" >&2
        echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    lock=(-o DPkg::Lock::Timeout=120)
    apt-get "${lock[@]}" -q update
    apt-get "${lock[@]}" -q install -y --no-install-recommends "${missing[@]}"
fi

for component in rustfmt clippy; do
    if ! cargo "${component/rustfmt/fmt}" --version >/dev/null 2>&1; then
        rustup component add "$component"
    fi
done
