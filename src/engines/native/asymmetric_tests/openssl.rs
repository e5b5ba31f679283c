//! The `openssl` command as a second implementation, above all for what Wycheproof does not have: small RSA keys and
//! small curves.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use super::{fixed_width, hex, prepare, public_key, written};
use crate::core::primitives::Key;
use crate::psa::{Algorithm, DhFamily, EccFamily, Error, KeyType};

fn run(directory: &Path, arguments: &str) -> Output {
    Command::new("openssl").current_dir(directory).args(arguments.split_whitespace()).output().unwrap()
}

/// What the command writes, which succeeds.
fn openssl(directory: &TempDir, arguments: &str) -> Vec<u8> {
    let output = run(directory.path(), arguments);
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn write(directory: &TempDir, name: &str, data: &[u8]) {
    fs::write(directory.path().join(name), data).unwrap();
}

/// A key of openssl in the file `name`, with its public key in `name.pub`, brought over to us.
fn ecc_key(directory: &TempDir, curve: &str, family: EccFamily, bits: usize, name: &str) -> Box<dyn Key> {
    openssl(directory, &format!("ecparam -name {curve} -genkey -noout -out {name}"));
    openssl(directory, &format!("pkey -in {name} -pubout -out {name}.pub"));
    let encoded = openssl(directory, &format!("ec -in {name} -outform DER"));
    // ECPrivateKey (RFC 5915): a version of 3 bytes, the scalar, the curve, and the point at the end.
    let length = bits.div_ceil(8);
    let start = if encoded[1] == 0x81 { 8 } else { 7 };
    let key = prepare(KeyType::ecc_key_pair(family), &encoded[start..start + length]);
    assert!(encoded.ends_with(&public_key(&*key)), "{curve}");
    key
}

const CURVES: [(&str, EccFamily, usize); 14] = [
    ("prime192v1", EccFamily::SECP_R1, 192),
    ("secp224r1", EccFamily::SECP_R1, 224),
    ("prime256v1", EccFamily::SECP_R1, 256),
    ("secp384r1", EccFamily::SECP_R1, 384),
    ("secp521r1", EccFamily::SECP_R1, 521),
    ("secp192k1", EccFamily::SECP_K1, 192),
    ("secp256k1", EccFamily::SECP_K1, 256),
    ("brainpoolP160r1", EccFamily::BRAINPOOL_P_R1, 160),
    ("brainpoolP192r1", EccFamily::BRAINPOOL_P_R1, 192),
    ("brainpoolP224r1", EccFamily::BRAINPOOL_P_R1, 224),
    ("brainpoolP256r1", EccFamily::BRAINPOOL_P_R1, 256),
    ("brainpoolP320r1", EccFamily::BRAINPOOL_P_R1, 320),
    ("brainpoolP384r1", EccFamily::BRAINPOOL_P_R1, 384),
    ("brainpoolP512r1", EccFamily::BRAINPOOL_P_R1, 512),
];

/// An ECDSA signature as r and s of equal length, from DER with short lengths or a long one at the beginning.
fn raw_signature(encoded: &[u8], length: usize) -> Vec<u8> {
    let start = if encoded[1] == 0x81 { 3 } else { 2 };
    let r_length = usize::from(encoded[start + 1]);
    let (r, rest) = encoded[start + 2..].split_at(r_length);
    [fixed_width(r, length), fixed_width(&rest[2..], length)].concat()
}

/// The reverse.
fn encoded_signature(raw: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let sign = if bytes[zeros] & 0x80 != 0 { &[0][..] } else { &[] };
        let contents = [sign, &bytes[zeros..]].concat();
        [&[2, contents.len() as u8], &contents[..]].concat()
    };
    let (r, s) = raw.split_at(raw.len() / 2);
    let contents = [integer(r), integer(s)].concat();
    let length = if contents.len() < 0x80 { vec![contents.len() as u8] } else { vec![0x81, contents.len() as u8] };
    [&[0x30][..], &length, &contents].concat()
}

#[test]
fn ecdsa_and_ecdh_agree_with_openssl_on_every_curve() {
    let directory = TempDir::new().unwrap();
    for (curve, family, bits) in CURVES {
        let key = ecc_key(&directory, curve, family, bits, "a");
        let signer = key.signature().unwrap();
        // Shorter than, as long as and longer than the order of most curves.
        for hash in [&[0x81; 20][..], &[0x92; 32], &[0xa3; 64]] {
            write(&directory, "hash", hash);
            let theirs = raw_signature(&openssl(&directory, "pkeyutl -sign -inkey a -in hash"), bits.div_ceil(8));
            assert_eq!(signer.verify_hash(Algorithm::ECDSA_ANY, hash, &[], &theirs), Ok(()), "{curve}");
            let sha256 = Algorithm::SHA_256;
            for alg in [Algorithm::ECDSA_ANY, Algorithm::ecdsa(sha256), Algorithm::deterministic_ecdsa(sha256)] {
                let ours = written(|output| signer.sign_hash(alg, hash, &[], output));
                write(&directory, "signature", &encoded_signature(&ours));
                openssl(&directory, "pkeyutl -verify -pubin -inkey a.pub -in hash -sigfile signature");
            }
        }
        let other = ecc_key(&directory, curve, family, bits, "b");
        let theirs = openssl(&directory, "pkeyutl -derive -inkey a -peerkey b.pub");
        let ours = key.key_agreement().unwrap().agree(Algorithm::ECDH, &public_key(&*other)).unwrap();
        assert_eq!(*ours, theirs, "{curve}");
    }
}

/// Generates a key on each side in the same group of openssl and gives its private key to us.
#[test]
fn finite_fields_agree_with_openssl() {
    let directory = TempDir::new().unwrap();
    for (family, name) in [(DhFamily::RFC7919, "ffdhe"), (DhFamily::RFC3526, "modp_")] {
        for bits in [2048, 3072, 4096, 6144, 8192] {
            let (pair, length) = (KeyType::dh_key_pair(family), bits / 8);
            for file in ["a", "b"] {
                openssl(&directory, &format!("genpkey -algorithm DH -pkeyopt group:{name}{bits} -out {file}"));
                openssl(&directory, &format!("pkey -in {file} -pubout -out {file}.pub"));
            }
            let numbers = |file, private| {
                let text = openssl(&directory, &format!("pkey -in {file} -noout -text"));
                number(&String::from_utf8(text).unwrap(), private, length)
            };
            let ours = prepare(pair, &numbers("a", "private-key:"));
            assert_eq!(public_key(&*ours), numbers("a", "public-key:"), "{name}{bits}");
            let theirs = openssl(&directory, "pkeyutl -derive -inkey a -peerkey b.pub");
            let agreed = ours.key_agreement().unwrap().agree(Algorithm::FFDH, &numbers("b", "public-key:")).unwrap();
            assert_eq!(*agreed, fixed_width(&theirs, length), "{name}{bits}");
        }
    }
}

/// The number below a title in what openssl prints for people.
fn number(text: &str, title: &str, length: usize) -> Vec<u8> {
    let lines = text.lines().skip_while(|line| line.trim() != title).skip(1);
    let digits: String = lines.take_while(|line| line.starts_with("    ")).collect();
    fixed_width(&hex(&digits.replace([' ', ':'], "")), length)
}

/// A key of openssl in the file `key`, with its public key in `key.pub`, brought over to us.
fn rsa_key(directory: &TempDir, bits: usize) -> (Box<dyn Key>, Box<dyn Key>) {
    openssl(directory, &format!("genrsa -out key {bits}"));
    openssl(directory, "rsa -in key -pubout -out key.pub");
    let pair = prepare(KeyType::RSA_KEY_PAIR, &openssl(directory, "rsa -in key -traditional -outform DER"));
    let public_encoding = openssl(directory, "rsa -in key -RSAPublicKey_out -outform DER");
    assert_eq!(public_key(&*pair), public_encoding);
    (pair, prepare(KeyType::RSA_PUBLIC_KEY, &public_encoding))
}

#[test]
fn rsa_signatures_agree_with_openssl() {
    let directory = TempDir::new().unwrap();
    // 1032 and 2056 bits are sizes that we do not generate.
    for bits in [1024, 1032, 2048, 2056, 3072, 4096] {
        let (pair, public) = rsa_key(&directory, bits);
        // Beside a hash of 64 bytes, 1024 bits leave 62 bytes for the salt and 1032 bits 63.
        let long_salt = 64.min(bits / 8 - 66);
        for (alg, hash_length, options) in [
            (Algorithm::rsa_pkcs1v15_sign(Algorithm::MD5), 16, "-pkeyopt digest:md5".into()),
            (Algorithm::rsa_pkcs1v15_sign(Algorithm::RIPEMD160), 20, "-pkeyopt digest:ripemd160".into()),
            (Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_1), 20, "-pkeyopt digest:sha1".into()),
            (Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256), 32, "-pkeyopt digest:sha256".into()),
            (Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_224), 28, "-pkeyopt digest:sha224".into()),
            (Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_512), 64, "-pkeyopt digest:sha512".into()),
            (Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA3_256), 32, "-pkeyopt digest:sha3-256".into()),
            (Algorithm::RSA_PKCS1V15_SIGN_RAW, 51, String::new()),
            (Algorithm::rsa_pss(Algorithm::SHA_256), 32, pss("sha256", 32)),
            (Algorithm::rsa_pss_any_salt(Algorithm::SHA_256), 32, pss("sha256", 32)),
            (Algorithm::rsa_pss(Algorithm::SHA3_384), 48, pss("sha3-384", 48)),
            (Algorithm::rsa_pss(Algorithm::SHA_512), 64, pss("sha512", long_salt)),
            (Algorithm::rsa_pss_any_salt(Algorithm::SHA_512), 64, pss("sha512", long_salt)),
        ] {
            let hash = vec![0x6b; hash_length];
            write(&directory, "hash", &hash);
            let ours = written(|output| pair.signature().unwrap().sign_hash(alg, &hash, &[], output));
            write(&directory, "signature", &ours);
            openssl(
                &directory,
                &format!("pkeyutl -verify -pubin -inkey key.pub -in hash -sigfile signature {options}"),
            );
            let theirs = openssl(&directory, &format!("pkeyutl -sign -inkey key -in hash {options}"));
            assert_eq!(public.signature().unwrap().verify_hash(alg, &hash, &[], &theirs), Ok(()));
        }
        let hash = [0x6b; 64];
        write(&directory, "hash", &hash);
        let salted = openssl(&directory, &format!("pkeyutl -sign -inkey key -in hash {}", pss("sha512", 20)));
        let verify = |alg| public.signature().unwrap().verify_hash(alg, &hash, &[], &salted);
        assert_eq!(verify(Algorithm::rsa_pss_any_salt(Algorithm::SHA_512)), Ok(()));
        assert_eq!(verify(Algorithm::rsa_pss(Algorithm::SHA_512)), Err(Error::InvalidSignature));
    }
}

fn pss(digest: &str, salt_length: usize) -> String {
    format!("-pkeyopt rsa_padding_mode:pss -pkeyopt digest:{digest} -pkeyopt rsa_pss_saltlen:{salt_length}")
}

#[test]
fn rsa_encryption_agrees_with_openssl() {
    let directory = TempDir::new().unwrap();
    let oaep =
        |hash| format!("-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:{hash} -pkeyopt rsa_oaep_label:6c6162656c");
    for bits in [1024, 2048, 3072, 4096] {
        let (pair, public) = rsa_key(&directory, bits);
        for (alg, label, options) in [
            (Algorithm::RSA_PKCS1V15_CRYPT, &b""[..], String::new()),
            (Algorithm::rsa_oaep(Algorithm::SHA_1), b"label", oaep("sha1")),
            (Algorithm::rsa_oaep(Algorithm::SHA_256), b"label", oaep("sha256")),
        ] {
            let plaintext = b"a short message";
            write(&directory, "plaintext", plaintext);
            let theirs =
                openssl(&directory, &format!("pkeyutl -encrypt -pubin -inkey key.pub -in plaintext {options}"));
            let decrypted =
                written(|output| pair.asymmetric_encryption().unwrap().decrypt(alg, &theirs, label, output));
            assert_eq!(decrypted, plaintext);
            let ours = written(|output| public.asymmetric_encryption().unwrap().encrypt(alg, plaintext, label, output));
            write(&directory, "ciphertext", &ours);
            let decrypted = openssl(&directory, &format!("pkeyutl -decrypt -inkey key -in ciphertext {options}"));
            assert_eq!(decrypted, plaintext);
        }
    }
}
