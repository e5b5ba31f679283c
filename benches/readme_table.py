#!/usr/bin/env python3
"""Prints the table of the README's chapter "Speed" from target/bench/results.json, which `make bench` writes."""

import json
import math
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "bench/results.json"
OPPONENTS = ["aws-lc", "Mbed TLS", "OpenSSL"]
# The rows that are shown, and what they are called there.
ROWS = {
    "SHA-256 16 B": "SHA-256, 16 bytes",
    "SHA-256 16 KiB": "SHA-256, 16 KiB",
    "HMAC-SHA-256 1 KiB": "HMAC-SHA-256, 1 KiB",
    "AES-128-CTR decrypt 16 KiB": "AES-128-CTR, 16 KiB",
    "AES-128-GCM 64 B": "AES-128-GCM, 64 bytes",
    "AES-128-GCM 16 KiB": "AES-128-GCM, 16 KiB",
    "AES-128-GCM 64 B in parts": "AES-128-GCM, 64 bytes in parts",
    "AES-128-GCM 1 MiB in parts": "AES-128-GCM, 1 MiB in parts of 64 KiB",
    "AES-128-CCM 16 KiB": "AES-128-CCM, 16 KiB",
    "AES-256-XTS decrypt 4 KiB": "AES-256-XTS, 4 KiB",
    "ChaCha20-Poly1305 16 KiB": "ChaCha20-Poly1305, 16 KiB",
    "ECDSA P-256 sign": "ECDSA P-256, sign",
    "ECDSA P-256 verify": "ECDSA P-256, verify",
    "ECDSA P-384 sign": "ECDSA P-384, sign",
    "Ed25519 256 B sign": "Ed25519, sign",
    "Ed448 256 B sign": "Ed448, sign",
    "RSA-2048 PKCS#1 sign": "RSA-2048, sign",
    "RSA-2048 OAEP decrypt": "RSA-2048 OAEP, decrypt",
    "ECDH P-256": "ECDH P-256",
    "X25519": "X25519",
    "ML-KEM-768 decapsulate": "ML-KEM-768, decapsulate",
    "ML-DSA-65 256 B sign": "ML-DSA-65, sign 256 bytes",
    "HKDF-SHA-256 32 B": "HKDF-SHA-256, 32 bytes",
    "PBKDF2-SHA-256, 1000 rounds": "PBKDF2-SHA-256, 1000 rounds",
    "random 32 B": "random, 32 bytes",
    "AES-128 generate and destroy": "AES-128 key, generate and destroy",
    "AES-128 import and destroy": "AES-128 key, import and destroy",
    "P-256 generate and destroy": "P-256 key, generate and destroy",
    "process: load, init, sign P-256, exit": "a process: load, initialise, sign, exit",
}


def duration(nanoseconds):
    """A time as people write it."""
    if nanoseconds < 1e3:
        return f"{nanoseconds:.0f} ns"
    return f"{nanoseconds / 1e3:.1f} us" if nanoseconds < 1e6 else f"{nanoseconds / 1e6:.1f} ms"


def quotient(side):
    """Two digits around 1, where the second one matters, and above 10 none behind the point."""
    if side is None:
        return "-"
    times = side["times_as_fast"]
    return f"{times:.2f}" if times < 1.995 else f"{times:.1f}" if times < 9.95 else f"{times:.0f}"


def main():
    rows = {row["operation"]: {side["name"]: side for side in row["sides"]} for row in json.loads(RESULTS.read_text())}
    print("| operation | libparsec takes | aws-lc | Mbed TLS | OpenSSL |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for operation, name in ROWS.items():
        sides = rows[operation]
        others = [quotient(sides.get(opponent)) for opponent in OPPONENTS]
        print(f"| {name} | {duration(sides['libparsec']['median_ns'])} | {' | '.join(others)} |")
    print()
    for opponent in OPPONENTS:
        logarithms = [math.log(sides[opponent]["times_as_fast"]) for sides in rows.values() if opponent in sides]
        print(f"{opponent}: {math.exp(sum(logarithms) / len(logarithms)):.1f} over {len(logarithms)} rows")


if __name__ == "__main__":
    main()
