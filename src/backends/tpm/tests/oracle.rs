//! What OpenSSL says, and does with the public key.

use std::path::Path;
use std::process::{Command, Output};

use crate::psa::der::element as der;

/// The algorithm of a SubjectPublicKeyInfo with a point on P-192, P-224, P-256, P-384 or P-521 (RFC 5480).
const P192: &[u8] =
    &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1];
const P224: &[u8] = &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x21];
const P521: &[u8] = &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23];
const P256: &[u8] =
    &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
/// rsaEncryption (RFC 3279).
const RSA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// True where OpenSSL takes `signature` (r and s, one after the other) for one of `hash`.
pub(super) fn ecdsa(public: &[u8], hash: &[u8], signature: &[u8]) -> bool {
    let halves: Vec<_> = signature.chunks(signature.len() / 2).map(integer).collect();
    ecdsa_der(public, hash, &der(0x30, &halves.concat()))
}

/// The same for an ECDSA-Sig-Value (RFC 3279, section 2.2.3).
pub(super) fn ecdsa_der(public: &[u8], hash: &[u8], signature: &[u8]) -> bool {
    let curve = match public.len() {
        49 => P192,
        57 => P224,
        65 => P256,
        97 => P384,
        _ => P521,
    };
    verify(curve, public, hash, signature, &[])
}

/// The same for RSA, with these options of `openssl pkeyutl`.
pub(super) fn rsa(public: &[u8], hash: &[u8], signature: &[u8], options: &[&str]) -> bool {
    verify(RSA, public, hash, signature, options)
}

fn integer(number: &[u8]) -> Vec<u8> {
    let start = number.iter().position(|byte| *byte != 0).unwrap();
    let sign = if number[start] < 0x80 { &[][..] } else { &[0] };
    der(0x02, &[sign, &number[start..]].concat())
}

fn verify(algorithm: &[u8], public: &[u8], hash: &[u8], signature: &[u8], options: &[&str]) -> bool {
    let directory = tempfile::tempdir().unwrap();
    let key = subject_public_key(algorithm, public);
    for (name, content) in [("key", &key[..]), ("hash", hash), ("signature", signature)] {
        std::fs::write(directory.path().join(name), content).unwrap();
    }
    let command = "pkeyutl -verify -pubin -keyform DER -inkey key -in hash -sigfile signature";
    let output = openssl(directory.path(), command, options);
    let text = String::from_utf8_lossy(&output.stdout);
    match output.status.success() {
        true => text.contains("Verified Successfully"),
        false => {
            assert!(text.contains("Verification Failure"), "{}", String::from_utf8_lossy(&output.stderr));
            false
        }
    }
}

/// `plaintext` encrypted to an RSA key, with these options of `openssl pkeyutl`.
pub(super) fn encrypt(public: &[u8], plaintext: &[u8], options: &[&str]) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("key"), subject_public_key(RSA, public)).unwrap();
    std::fs::write(directory.path().join("plaintext"), plaintext).unwrap();
    succeed(directory.path(), "pkeyutl -encrypt -pubin -keyform DER -inkey key -in plaintext", options)
}

/// Another party's key pair on the curve of `public`: its public point, and the secret that it agrees on.
pub(super) fn agree(public: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (curve, name) = if public.len() == 65 { (P256, "P-256") } else { (P384, "P-384") };
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("peer"), subject_public_key(curve, public)).unwrap();
    let generate = format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:{name} -out pair");
    succeed(directory.path(), &generate, &[]);
    let point = succeed(directory.path(), "pkey -in pair -pubout -outform DER", &[]);
    let point = point[point.len() - public.len()..].to_vec();
    (point, succeed(directory.path(), "pkeyutl -derive -inkey pair -peerkey peer -peerform DER", &[]))
}

/// A key pair of OpenSSL's in the formats of PSA, private and public; the bits choose between RSA and a curve.
pub(super) fn pair(bits: usize) -> (Vec<u8>, Vec<u8>) {
    let directory = tempfile::tempdir().unwrap();
    let run = |command: &str| succeed(directory.path(), command, &[]);
    if bits >= 1024 {
        run(&format!("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:{bits} -out pair"));
        let private = run("rsa -in pair -traditional -outform DER");
        return (private, run("rsa -in pair -RSAPublicKey_out -outform DER"));
    }
    run(&format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-{bits} -out pair"));
    // ECPrivateKey (RFC 5915): a sequence, a version, and the number as a string.
    let (private, length) = (run("ec -in pair -outform DER"), bits / 8);
    let start = private.windows(2).position(|header| header == [4, length as u8]).unwrap() + 2;
    let public = run("pkey -in pair -pubout -outform DER");
    (private[start..start + length].to_vec(), public[public.len() - 2 * length - 1..].to_vec())
}

/// The HMAC of `input`; `hash` as OpenSSL calls it.
pub(super) fn hmac(hash: &str, key: &[u8], input: &[u8]) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("input"), input).unwrap();
    let command = format!("dgst -{hash} -mac HMAC -macopt hexkey:{} -binary input", hex(key));
    succeed(directory.path(), &command, &[])
}

/// `input` encrypted with a cipher of `openssl enc`; no initialization vector where it is empty.
pub(super) fn cipher(name: &str, key: &[u8], iv: &[u8], input: &[u8], padding: bool) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("input"), input).unwrap();
    let iv = if iv.is_empty() { String::new() } else { format!(" -iv {}", hex(iv)) };
    let padding = if padding { "" } else { " -nopad" };
    succeed(directory.path(), &format!("enc -{name} -e -K {}{iv}{padding} -in input", hex(key)), &[])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
fn subject_public_key(algorithm: &[u8], public: &[u8]) -> Vec<u8> {
    der(0x30, &[der(0x30, algorithm), der(0x03, &[&[0], public].concat())].concat())
}

fn openssl(directory: &Path, command: &str, options: &[&str]) -> Output {
    Command::new("openssl")
        .args(command.split(' '))
        .args(options.iter().flat_map(|option| ["-pkeyopt", option]))
        .current_dir(directory)
        .output()
        .expect("openssl is installed")
}

fn succeed(directory: &Path, command: &str, options: &[&str]) -> Vec<u8> {
    let output = openssl(directory, command, options);
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
