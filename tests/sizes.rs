//! The sizes in `psa::sizes` are those of real keys, signatures and ciphertexts of the native engine.
// A test fails by panicking, in its helpers too.
#![allow(clippy::unwrap_used)]

use parsec::core::primitives::Key;
use parsec::engines::Engine;
use parsec::engines::native::Native;
use parsec::psa::{Algorithm, DhFamily, EccFamily, KeyType, SlhDsaFamily, sizes};

/// A new key pair: the length of its export format, and the key made ready.
fn generate(key_type: KeyType, bits: usize) -> (usize, Box<dyn Key>) {
    let material = Native.generate(key_type, bits, &[]).unwrap();
    (material.len(), Native.prepare(key_type, bits, &material).unwrap())
}

fn public_key(key: &dyn Key) -> Vec<u8> {
    let mut output = vec![0; sizes::EXPORT_PUBLIC_KEY_MAX_SIZE];
    let length = key.public_key(&mut output).unwrap();
    output.truncate(length);
    output
}

fn signature_length(key: &dyn Key, alg: Algorithm, hash: &[u8]) -> usize {
    let mut output = vec![0; sizes::SIGNATURE_MAX_SIZE];
    let signature = key.signature().unwrap();
    if alg.is_sign_hash() {
        return signature.sign_hash(alg, hash, &[], &mut output).unwrap();
    }
    signature.sign_message(alg, hash, &[], &mut output).unwrap()
}

/// The curves of the native engine that sign.
const SIGNING_CURVES: [(EccFamily, usize); 13] = [
    (EccFamily::SECP_R1, 192),
    (EccFamily::SECP_R1, 224),
    (EccFamily::SECP_R1, 256),
    (EccFamily::SECP_R1, 384),
    (EccFamily::SECP_R1, 521),
    (EccFamily::SECP_K1, 256),
    (EccFamily::BRAINPOOL_P_R1, 192),
    (EccFamily::BRAINPOOL_P_R1, 256),
    (EccFamily::BRAINPOOL_P_R1, 320),
    (EccFamily::BRAINPOOL_P_R1, 384),
    (EccFamily::BRAINPOOL_P_R1, 512),
    (EccFamily::TWISTED_EDWARDS, 255),
    (EccFamily::TWISTED_EDWARDS, 448),
];

#[test]
fn elliptic_curve_keys_and_signatures() {
    for (family, bits) in SIGNING_CURVES {
        let key_type = KeyType::ecc_key_pair(family);
        let alg = match family {
            EccFamily::TWISTED_EDWARDS => Algorithm::PURE_EDDSA,
            _ => Algorithm::ecdsa(Algorithm::SHA_256),
        };
        let (length, key) = generate(key_type, bits);
        assert_eq!(sizes::export_key_output_size(key_type, bits), length, "{family:?} {bits}");
        assert_eq!(sizes::export_public_key_output_size(key_type, bits), public_key(&*key).len(), "{family:?} {bits}");
        assert_eq!(sizes::sign_output_size(key_type, bits, alg), signature_length(&*key, alg, &[7; 32]));
    }
}

#[test]
fn key_agreement() {
    for (family, bits) in [
        (EccFamily::SECP_R1, 256),
        (EccFamily::SECP_R1, 521),
        (EccFamily::MONTGOMERY, 255),
        (EccFamily::MONTGOMERY, 448),
    ] {
        let key_type = KeyType::ecc_key_pair(family);
        let (length, key) = generate(key_type, bits);
        let peer = public_key(&*key);
        assert_eq!(sizes::export_key_output_size(key_type, bits), length);
        assert_eq!(sizes::export_public_key_output_size(key_type, bits), peer.len());
        let secret = key.key_agreement().unwrap().agree(Algorithm::ECDH, &peer).unwrap();
        assert_eq!(sizes::raw_key_agreement_output_size(key_type, bits), secret.len());
    }
}

#[test]
fn rsa_keys_fit_and_hardly_waste() {
    for bits in [1024, 2048, 3072] {
        let (length, key) = generate(KeyType::RSA_KEY_PAIR, bits);
        let bound = sizes::export_key_output_size(KeyType::RSA_KEY_PAIR, bits);
        assert!(length <= bound && bound <= length + 32, "{length} {bound}");
        let length = public_key(&*key).len();
        let bound = sizes::export_public_key_output_size(KeyType::RSA_KEY_PAIR, bits);
        assert!(length <= bound && bound <= length + 16, "{length} {bound}");
        let alg = Algorithm::rsa_pss(Algorithm::SHA_256);
        let expected = sizes::sign_output_size(KeyType::RSA_KEY_PAIR, bits, alg);
        assert_eq!(signature_length(&*key, alg, &[7; 32]), expected);
        // The longest plaintext fits, one byte more does not.
        let alg = Algorithm::rsa_oaep(Algorithm::SHA_256);
        let longest = sizes::asymmetric_decrypt_output_size(KeyType::RSA_KEY_PAIR, bits, alg);
        let mut ciphertext = vec![0; sizes::asymmetric_encrypt_output_size(KeyType::RSA_KEY_PAIR, bits, alg)];
        let encryption = key.asymmetric_encryption().unwrap();
        assert_eq!(encryption.encrypt(alg, &vec![1; longest], &[], &mut ciphertext), Ok(ciphertext.len()));
        assert!(encryption.encrypt(alg, &vec![1; longest + 1], &[], &mut ciphertext).is_err());
    }
}

#[test]
fn ml_kem() {
    for bits in [512, 768, 1024] {
        let (length, key) = generate(KeyType::ML_KEM_KEY_PAIR, bits);
        assert_eq!(sizes::export_key_output_size(KeyType::ML_KEM_KEY_PAIR, bits), length);
        assert_eq!(sizes::export_public_key_output_size(KeyType::ML_KEM_KEY_PAIR, bits), public_key(&*key).len());
        let mut ciphertext = vec![0; sizes::ENCAPSULATE_CIPHERTEXT_MAX_SIZE];
        let (_, length) = key.key_encapsulation().unwrap().encapsulate(Algorithm::ML_KEM, &mut ciphertext).unwrap();
        assert_eq!(sizes::encapsulate_ciphertext_size(KeyType::ML_KEM_PUBLIC_KEY, bits, Algorithm::ML_KEM), length);
    }
}

#[test]
fn post_quantum_signatures() {
    let fast = KeyType::slh_dsa_key_pair(SlhDsaFamily::SHA2_F);
    let lattice = KeyType::ML_DSA_KEY_PAIR;
    for (key_type, bits, alg) in [
        (lattice, 128, Algorithm::ML_DSA),
        (lattice, 192, Algorithm::ML_DSA),
        (lattice, 256, Algorithm::ML_DSA),
        (fast, 128, Algorithm::SLH_DSA),
    ] {
        let (length, key) = generate(key_type, bits);
        assert_eq!(sizes::export_key_output_size(key_type, bits), length);
        assert_eq!(sizes::export_public_key_output_size(key_type, bits), public_key(&*key).len());
        assert_eq!(sizes::sign_output_size(key_type, bits, alg), signature_length(&*key, alg, b"message"));
    }
}

#[test]
fn finite_fields() {
    let key_type = KeyType::dh_key_pair(DhFamily::RFC7919);
    let (length, key) = generate(key_type, 2048);
    assert_eq!(sizes::export_key_output_size(key_type, 2048), length);
    let peer = public_key(&*key);
    assert_eq!(sizes::export_public_key_output_size(key_type, 2048), peer.len());
    let secret = key.key_agreement().unwrap().agree(Algorithm::FFDH, &peer).unwrap();
    assert_eq!(sizes::raw_key_agreement_output_size(key_type, 2048), secret.len());
}
