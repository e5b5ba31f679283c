//! The outside oracle: the `openssl` program checks signatures, agrees on secrets and derives from them.
#![allow(dead_code, reason = "two test programs use it")]

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

    /// Encrypts for the RSA key, with the padding of PKCS #1 version 1.5.
    pub fn encrypt(&self, message: &[u8]) -> Vec<u8> {
        let (file, key) = (self.directory.path().join("message"), self.key.to_str().unwrap());
        std::fs::write(&file, message).unwrap();
        generated(&["pkeyutl", "-encrypt", "-pubin", "-inkey", key, "-in", file.to_str().unwrap()])
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

/// Whom a key of ours agrees with.
pub struct Peer {
    directory: tempfile::TempDir,
    /// `SubjectPublicKeyInfo` of its curve, up to the point.
    header: Vec<u8>,
    /// Its public key in PSA's export format.
    pub point: Vec<u8>,
}

impl Peer {
    /// A new key pair on the curve that OpenSSL calls so, whose points are that long.
    pub fn on(curve: &str, length: usize) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let key = directory.path().join("peer.pem");
        let named = format!("ec_paramgen_curve:{curve}");
        let kind = match curve {
            "X25519" | "X448" => vec!["-algorithm", curve],
            _ => vec!["-algorithm", "EC", "-pkeyopt", &named],
        };
        let file = key.to_str().unwrap();
        generated(&[&["genpkey"], &kind[..], &["-out", file]].concat());
        let mut header = generated(&["pkey", "-in", file, "-pubout", "-outform", "DER"]);
        let point = header.split_off(header.len() - length);
        Self { directory, header, point }
    }

    /// The secret that it shares with who has this public key.
    pub fn agree(&self, public: &[u8]) -> Vec<u8> {
        let file = |name| self.directory.path().join(name).to_str().unwrap().to_owned();
        std::fs::write(file("ours.der"), [&self.header, public].concat()).unwrap();
        let (own, ours) = (file("peer.pem"), file("ours.der"));
        generated(&["pkeyutl", "-derive", "-inkey", &own, "-peerkey", &ours, "-peerform", "DER"])
    }
}

/// HKDF with SHA-256 (RFC 5869).
pub fn hkdf(secret: &[u8], salt: &[u8], info: &[u8], length: usize) -> Vec<u8> {
    let option = |name: &str, value: &[u8]| format!("{name}:{}", hex(value));
    let (length, key) = (length.to_string(), option("hexkey", secret));
    let (salt, info) = (option("hexsalt", salt), option("hexinfo", info));
    let options = ["digest:SHA256", &key, &salt, &info].map(|option| ["-kdfopt", option]).concat();
    generated(&[&["kdf", "-binary", "-keylen", &length], &options[..], &["HKDF"]].concat())
}

/// HMAC with SHA-256 of a file's content.
pub fn hmac(key: &[u8], file: &Path) -> Vec<u8> {
    let (key, file) = (format!("hexkey:{}", hex(key)), file.to_str().unwrap());
    generated(&["mac", "-binary", "-digest", "SHA256", "-macopt", &key, "-in", file, "HMAC"])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
