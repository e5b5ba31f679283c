#!/usr/bin/env bash
# Installs into a scratch prefix and builds every example from there, as C and as C++, with nothing but pkg-config.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
prefix=$scratch/usr

make --no-print-directory install PREFIX="$prefix" >/dev/null
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig LD_LIBRARY_PATH=$prefix/lib
read -ra flags <<<"$(pkg-config --cflags --libs libparsec)"
strict=(-Wall -Wextra -Wpedantic -Werror)

for source in examples_c/*.c; do
    name=$(basename "$source" .c)
    cc -std=c99 "${strict[@]}" "$source" "${flags[@]}" -o "$scratch/$name"
    g++ -std=c++11 "${strict[@]}" -x c++ "$source" -x none "${flags[@]}" -o "$scratch/$name-cpp"
    for program in "$name" "$name-cpp"; do
        c_tests/place.py native -- "$scratch/$program" </dev/null >/dev/null
        echo "installed, built and ran: $program"
    done
done

[ "$(c_tests/place.py native -- "$scratch/hash" Makefile)" = "$(sha256sum Makefile)" ]

# A staged installation names the final paths, not the staging directory.
make --no-print-directory install PREFIX=/opt/parsec DESTDIR="$scratch/root" >/dev/null
grep -qx 'prefix=/opt/parsec' "$scratch/root/opt/parsec/lib/pkgconfig/libparsec.pc"

make --no-print-directory uninstall PREFIX=/opt/parsec DESTDIR="$scratch/root" >/dev/null
left=$(find "$scratch/root" ! -type d)
[ -z "$left" ] || { echo "uninstall left: $left" >&2; exit 1; }
echo "uninstall left nothing"
