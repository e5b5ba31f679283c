//! OpenSSL's opinion of a signature.

use std::process::Command;

use crate::psa::der::element as der;

/// SubjectPublicKeyInfo up to the point, for P-256 and P-384 (RFC 5480).
const P256: &[u8] =
    &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
/// rsaEncryption (RFC 3279).
const RSA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// True where OpenSSL takes `signature` (r and s, one after the other) for one of `hash`.
pub(super) fn ecdsa(public: &[u8], hash: &[u8], signature: &[u8]) -> bool {
    let curve = if public.len() == 65 { P256 } else { P384 };
    let halves: Vec<_> = signature.chunks(signature.len() / 2).map(integer).collect();
    verify(curve, public, hash, &der(0x30, &halves.concat()), &[])
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
    let key = der(0x30, &[der(0x30, algorithm), der(0x03, &[&[0], public].concat())].concat());
    for (name, content) in [("key", &key[..]), ("hash", hash), ("signature", signature)] {
        std::fs::write(directory.path().join(name), content).unwrap();
    }
    let output = Command::new("openssl")
        .args([
            "pkeyutl",
            "-verify",
            "-pubin",
            "-keyform",
            "DER",
            "-inkey",
            "key",
            "-in",
            "hash",
            "-sigfile",
            "signature",
        ])
        .args(options.iter().flat_map(|option| ["-pkeyopt", option]))
        .current_dir(directory.path())
        .output()
        .expect("openssl is installed");
    let text = String::from_utf8_lossy(&output.stdout);
    match output.status.success() {
        true => text.contains("Verified Successfully"),
        false => {
            assert!(text.contains("Verification Failure"), "{}", String::from_utf8_lossy(&output.stderr));
            false
        }
    }
}
