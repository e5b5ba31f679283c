//! The outside oracle: the `openssl` program checks signatures.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Beginnings of `SubjectPublicKeyInfo` (RFC 5480), up to the point.
pub const P256: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
pub const P384: &str = "3076301006072a8648ce3d020106052b81040022036200";

pub struct Oracle {
    directory: tempfile::TempDir,
    key: PathBuf,
}

impl Oracle {
    /// A public key in PSA's export format on a curve.
    pub fn ec(prefix: &str, point: &[u8]) -> Self {
        let prefix = (0..prefix.len()).step_by(2).map(|i| u8::from_str_radix(&prefix[i..i + 2], 16).unwrap());
        Self::new(&prefix.chain(point.iter().copied()).collect::<Vec<u8>>(), &["pkey", "-pubin"])
    }

    /// An RSA public key in PSA's export format.
    pub fn rsa(key: &[u8]) -> Self {
        Self::new(key, &["rsa", "-RSAPublicKey_in", "-pubout"])
    }

    fn new(der: &[u8], reader: &[&str]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (source, key) = (directory.path().join("key.der"), directory.path().join("key.pem"));
        std::fs::write(&source, der).unwrap();
        let status = Command::new("openssl")
            .args(reader)
            .args(["-inform", "DER", "-in"])
            .arg(&source)
            .arg("-out")
            .arg(&key)
            .output();
        let output = status.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { directory, key }
    }

    /// True where the signature of a hash is right; `options` are `-pkeyopt`s.
    pub fn verifies(&self, hash: &[u8], signature: &[u8], options: &[&str]) -> bool {
        let write = |name: &str, content: &[u8]| {
            let path = self.directory.path().join(name);
            std::fs::write(&path, content).unwrap();
            path
        };
        let (hash, signature): (PathBuf, PathBuf) = (write("hash", hash), write("signature", signature));
        self.run(&hash, &signature, options)
    }

    /// An ECDSA signature of PSA, r and s one after the other.
    pub fn verifies_ecdsa(&self, hash: &[u8], signature: &[u8]) -> bool {
        let (r, s) = signature.split_at(signature.len() / 2);
        let numbers = [integer(r), integer(s)].concat();
        self.verifies(hash, &[&[0x30, numbers.len() as u8], numbers.as_slice()].concat(), &[])
    }

    fn run(&self, hash: &Path, signature: &Path, options: &[&str]) -> bool {
        let mut command = Command::new("openssl");
        command.args(["pkeyutl", "-verify", "-pubin", "-inkey"]).arg(&self.key);
        command.arg("-in").arg(hash).arg("-sigfile").arg(signature);
        for option in options {
            command.args(["-pkeyopt", option]);
        }
        command.output().unwrap().status.success()
    }
}

fn integer(number: &[u8]) -> Vec<u8> {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len() - 1);
    let number = &number[start..];
    let sign = if number[0] & 0x80 != 0 { vec![0] } else { vec![] };
    [vec![2, (sign.len() + number.len()) as u8], sign, number.to_vec()].concat()
}

/// What `openssl` writes, in DER.
fn generated(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl").args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A new private key on P-256: its scalar, which is in `ECPrivateKey` (RFC 5915) after the header and the version.
pub fn private_scalar() -> Vec<u8> {
    let key = generated(&["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-outform", "DER"]);
    assert_eq!(key[2..7], [2, 1, 1, 4, 32]);
    key[7..39].to_vec()
}

/// A new RSA private key in PSA's export format, and its size in bits.
pub fn rsa_private_key() -> (Vec<u8>, usize) {
    const BITS: usize = 2048;
    let key = generated(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-outform", "DER"]);
    (key, BITS)
}
