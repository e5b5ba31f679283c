//! What one engine makes, the other one takes.

use super::*;
use crate::core::primitives::DerivationInputs;
use crate::engines::native::Native;
use crate::memory::{InOut, Secret};
use crate::psa::{Error, sizes};

const HASH: [u8; 32] = [0x5a; 32];

/// A new key of Mbed TLS, ready in both engines, which agree on its material and public part.
fn in_both(key_type: KeyType, bits: usize) -> [Box<dyn Key>; 2] {
    let engine = engine();
    let material = engine.generate(key_type, bits, &[]).unwrap();
    for importing in [&engine as &dyn Engine, &Native] {
        let imported = importing.import(key_type, 0, &material).unwrap();
        assert!(imported == (material.clone(), bits), "{} changes the key", importing.name());
    }
    let keys = [&engine as &dyn Engine, &Native].map(|engine| engine.prepare(key_type, bits, &material).unwrap());
    assert_eq!(public_key(&*keys[0]), public_key(&*keys[1]));
    keys
}

fn sign_both_ways(keys: &[Box<dyn Key>; 2], public_type: KeyType, alg: Algorithm, hash: &[u8]) {
    let public = [&engine() as &dyn Engine, &Native].map(|engine| prepare(engine, public_type, &public_key(&*keys[0])));
    for signing in keys {
        let signature = sign(&**signing, alg, hash);
        for verifying in keys.iter().chain(&public) {
            assert_eq!(verify(&**verifying, alg, hash, &signature), Ok(()));
            let mut wrong = signature.clone();
            wrong[7] ^= 1;
            assert_eq!(verify(&**verifying, alg, hash, &wrong), Err(Error::InvalidSignature));
            for wrong in [&signature[1..], &[]] {
                assert_eq!(verify(&**verifying, alg, hash, wrong), Err(Error::InvalidSignature));
            }
        }
    }
}

#[test]
fn elliptic_curves() {
    let curves = [
        (EccFamily::SECP_R1, &[192, 224, 256, 384, 521][..]),
        (EccFamily::SECP_K1, &[192, 256]),
        (EccFamily::BRAINPOOL_P_R1, &[256, 384, 512]),
    ];
    for (family, sizes) in curves {
        for bits in sizes {
            let keys = in_both(KeyType::ecc_key_pair(family), *bits);
            let public_type = KeyType::ecc_public_key(family);
            for alg in [ECDSA_SHA_256, Algorithm::deterministic_ecdsa(Algorithm::SHA_256), Algorithm::ECDSA_ANY] {
                sign_both_ways(&keys, public_type, alg, &HASH);
            }
            let peer = in_both(KeyType::ecc_key_pair(family), *bits);
            agree_both_ways(&keys, &peer);
        }
    }
}

#[test]
fn curve25519() {
    let key_type = KeyType::ecc_key_pair(EccFamily::MONTGOMERY);
    agree_both_ways(&in_both(key_type, 255), &in_both(key_type, 255));
}

fn agree_both_ways(keys: &[Box<dyn Key>; 2], peer: &[Box<dyn Key>; 2]) {
    let agree =
        |key: &dyn Key, peer: &dyn Key| key.key_agreement().unwrap().agree(Algorithm::ECDH, &public_key(peer)).unwrap();
    let shared = agree(&*keys[1], &*peer[1]);
    for (key, peer) in [(&keys[0], &peer[0]), (&peer[0], &keys[0])] {
        assert!(agree(&**key, &**peer) == shared);
    }
}

#[test]
fn finite_fields() {
    let key_type = KeyType::dh_key_pair(DhFamily::RFC7919);
    let (one, other) = (in_both(key_type, 2048), in_both(key_type, 2048));
    let agree = |key: &dyn Key, peer: &[u8]| key.key_agreement().unwrap().agree(Algorithm::FFDH, peer);
    let shared = agree(&*one[1], &public_key(&*other[1])).unwrap();
    assert!(agree(&*one[0], &public_key(&*other[0])).unwrap() == shared);
    assert!(agree(&*other[0], &public_key(&*one[0])).unwrap() == shared);
    // What Mbed TLS itself would take of a peer: 0, 1, a number beyond the prime; and 7, which is no square modulo this prime.
    let small = |number| [&[0; 255][..], &[number]].concat();
    for peer in [small(0), small(1), small(7), vec![0xff; 256], vec![2; 255], vec![]] {
        assert_eq!(agree(&*one[0], &peer).err(), Some(Error::InvalidArgument));
    }
}

#[test]
fn bad_public_keys() {
    let [key, _] = in_both(P256_PAIR, 256);
    let mut off_curve = public_key(&*key);
    off_curve[64] ^= 1;
    let mut compressed = public_key(&*key)[..33].to_vec();
    compressed[0] = 2;
    for peer in [&off_curve[..], &compressed, &[4; 3], &[]] {
        let agreed = key.key_agreement().unwrap().agree(Algorithm::ECDH, peer);
        assert_eq!(agreed.err(), Some(Error::InvalidArgument));
        let imported = engine().import(KeyType::ecc_public_key(EccFamily::SECP_R1), 256, peer);
        assert_eq!(imported.err(), Some(Error::InvalidArgument));
    }
    // RFC 7748, section 6.1: a point of small order.
    let [key, _] = in_both(KeyType::ecc_key_pair(EccFamily::MONTGOMERY), 255);
    let agreed = key.key_agreement().unwrap().agree(Algorithm::ECDH, &[0; 32]);
    assert_eq!(agreed.err(), Some(Error::InvalidArgument));
}

#[test]
fn rsa() {
    let keys = in_both(KeyType::RSA_KEY_PAIR, 1024);
    for hash in [Algorithm::SHA_1, Algorithm::SHA_256, Algorithm::SHA_512] {
        let digest = vec![0x5a; sizes::hash_length(hash)];
        for alg in [Algorithm::rsa_pkcs1v15_sign(hash), Algorithm::rsa_pss(hash), Algorithm::rsa_pss_any_salt(hash)] {
            sign_both_ways(&keys, KeyType::RSA_PUBLIC_KEY, alg, &digest);
        }
        encrypt_both_ways(&keys, Algorithm::rsa_oaep(hash), b"");
        if hash != Algorithm::SHA_512 {
            encrypt_both_ways(&keys, Algorithm::rsa_oaep(hash), b"a label");
        }
    }
    sign_both_ways(&keys, KeyType::RSA_PUBLIC_KEY, Algorithm::RSA_PKCS1V15_SIGN_RAW, b"any bytes");
    encrypt_both_ways(&keys, Algorithm::RSA_PKCS1V15_CRYPT, b"");
}

fn encrypt_both_ways(keys: &[Box<dyn Key>; 2], alg: Algorithm, label: &[u8]) {
    if !engine().supports(crate::engines::Function::AsymmetricEncryption, KeyType::RSA_KEY_PAIR, 1024, alg) {
        return;
    }
    for (encrypting, decrypting) in [(&keys[0], &keys[1]), (&keys[1], &keys[0])] {
        let encryption = encrypting.asymmetric_encryption().unwrap();
        let ciphertext = written(|output| encryption.encrypt(alg, b"secret", label, output));
        let decryption = decrypting.asymmetric_encryption().unwrap();
        assert_eq!(written(|output| decryption.decrypt(alg, &ciphertext, label, output)), b"secret");
        assert_eq!(decryption.decrypt(alg, &ciphertext, label, &mut [0; 5]), Err(Error::BufferTooSmall));
        if alg.is_rsa_oaep() {
            let other = decryption.decrypt(alg, &ciphertext, b"another label", &mut [0; 128]);
            assert_eq!(other, Err(Error::InvalidPadding));
        }
        assert_eq!(decryption.decrypt(alg, &ciphertext[1..], label, &mut [0; 128]), Err(Error::InvalidArgument));
        assert_eq!(encryption.encrypt(alg, &[1; 128], label, &mut [0; 128]), Err(Error::InvalidArgument));
    }
}

/// What Mbed TLS lacks of a key that it holds: the parts, and PSS with any salt (above).
#[test]
fn operations_in_parts() {
    let material = engine().generate(KeyType::AES, 256, &[]).unwrap();
    let key = prepare(&engine(), KeyType::AES, &material);
    let mut whole = [0; 16];
    key.mac().unwrap().compute(Algorithm::CMAC, b"two parts", &mut whole).unwrap();
    let mut parts = [0; 16];
    let mut operation = key.mac().unwrap().setup(Algorithm::CMAC).unwrap();
    operation.update(b"two ").unwrap();
    operation.update(b"parts").unwrap();
    operation.finish(&mut parts).unwrap();
    assert_eq!(whole, parts);

    let mut sealed = [0; 25];
    let aead = key.aead().unwrap();
    aead.encrypt(Algorithm::GCM, &[1; 12], b"", &mut InOut::new(b"two parts", &mut sealed)).unwrap();
    let mut operation =
        aead.setup(Algorithm::GCM, crate::core::primitives::Direction::Encrypt, &[1; 12], None).unwrap();
    let mut text = [0; 9];
    operation.update(&mut InOut::new(b"two ", &mut text[..4])).unwrap();
    operation.update(&mut InOut::new(b"parts", &mut text[4..])).unwrap();
    let mut tag = [0; 16];
    operation.finish(&mut tag).unwrap();
    assert_eq!(sealed[..], [&text[..], &tag].concat());
}

/// What Mbed TLS seals in one call is what the native engine seals in parts, with the same key.
#[test]
fn one_call_and_parts_with_other_block_ciphers() {
    for (key_type, alg) in [KeyType::CAMELLIA, KeyType::ARIA]
        .into_iter()
        .flat_map(|key_type| [Algorithm::GCM, Algorithm::CCM].map(|alg| (key_type, alg)))
    {
        let key = prepare(&engine(), key_type, &[7; 16]);
        let aead = key.aead().unwrap();
        let (mut sealed, mut opened) = ([0; 23], [0; 7]);
        aead.encrypt(alg, &[1; 12], b"", &mut InOut::new(b"message", &mut sealed)).unwrap();
        aead.decrypt(alg, &[1; 12], b"", &mut InOut::new(&sealed, &mut opened)).unwrap();
        assert_eq!(&opened, b"message");
        let direction = crate::core::primitives::Direction::Encrypt;
        let mut in_parts = aead.setup(alg, direction, &[1; 12], Some((0, 7))).unwrap();
        let (mut text, mut tag) = ([0; 7], [0; 16]);
        in_parts.update(&mut InOut::new(b"message", &mut text)).unwrap();
        in_parts.finish(&mut tag).unwrap();
        assert_eq!(sealed[..], [&text[..], &tag].concat());
    }
    let key = prepare(&engine(), KeyType::DES, &[1; 24]);
    let (mut whole, mut in_parts) = ([0; 8], [0; 8]);
    key.mac().unwrap().compute(Algorithm::CMAC, b"message", &mut whole).unwrap();
    let mut operation = key.mac().unwrap().setup(Algorithm::CMAC).unwrap();
    operation.update(b"mess").unwrap();
    operation.update(b"age").unwrap();
    operation.finish(&mut in_parts).unwrap();
    assert_eq!(whole, in_parts);
}

/// All ciphers with all block ciphers, in pieces of any length.
#[test]
fn ciphers() {
    use crate::core::primitives::Direction;
    let modes = [
        Algorithm::ECB_NO_PADDING,
        Algorithm::CBC_NO_PADDING,
        Algorithm::CBC_PKCS7,
        Algorithm::CTR,
        Algorithm::CFB,
        Algorithm::OFB,
        Algorithm::CCM_STAR_NO_TAG,
    ];
    let keys = [KeyType::AES, KeyType::ARIA, KeyType::CAMELLIA].map(|key_type| (key_type, &[16, 24, 32][..]));
    let mut compared = 0;
    for (key_type, lengths) in keys.into_iter().chain([(KeyType::DES, &[8, 16, 24][..])]) {
        for (length, alg) in lengths.iter().flat_map(|length| modes.map(|alg| (*length, alg))) {
            if !engine().supports(crate::engines::Function::Cipher, key_type, length * 8, alg) {
                continue;
            }
            // Of odd parity, as DES wants it.
            let material = (0..length as u8)
                .map(|byte| byte << 1)
                .map(|byte| byte | u8::from(byte.count_ones() % 2 == 0))
                .collect::<Vec<_>>();
            let keys = [&engine() as &dyn Engine, &Native].map(|engine| prepare(engine, key_type, &material));
            let iv = vec![9; sizes::cipher_iv_length(key_type, alg)];
            let plaintext = (0..96).collect::<Vec<u8>>();
            let run = |key: &dyn Key, direction, input: &[u8], piece| {
                super::known_answers::run_cipher(key, alg, direction, &iv, input, piece)
            };
            let ciphertext = run(&*keys[1], Direction::Encrypt, &plaintext, 96);
            for piece in [1, 7, 16, 96] {
                assert_eq!(run(&*keys[0], Direction::Encrypt, &plaintext, piece), ciphertext, "{key_type:?} {alg:?}");
                assert_eq!(run(&*keys[0], Direction::Decrypt, &ciphertext, piece), plaintext, "{key_type:?} {alg:?}");
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 3 * 7 + 3 * 6 + 3 * 6 + 3 * 3);
}

/// Halves of HKDF, and the premaster secret of J-PAKE.
#[test]
fn derivations() {
    let (secret, salt, info) = (vec![3; 32], vec![5; 9], b"information".to_vec());
    let mut point = vec![4];
    point.extend([6; 64]);
    let cases = [
        (Algorithm::hkdf_extract(Algorithm::SHA_256), &secret, 32),
        (Algorithm::hkdf_expand(Algorithm::SHA_256), &secret, 100),
        // A longer pseudorandom key, which Mbed TLS does not take.
        (Algorithm::hkdf_expand(Algorithm::SHA_1), &secret, 50),
        (Algorithm::hkdf(Algorithm::SHA3_256), &secret, 70),
        (Algorithm::TLS12_ECJPAKE_TO_PMS, &point, 32),
    ];
    for (alg, secret, length) in cases {
        let takes_salt = alg.is_hkdf() || alg.is_hkdf_extract();
        let takes_info = alg.is_hkdf() || alg.is_hkdf_expand();
        for salted in [true, false] {
            let inputs = || DerivationInputs {
                secret: Some(Secret::new(secret.clone())),
                salt: (salted && takes_salt).then(|| Secret::new(salt.clone())),
                info: takes_info.then(|| info.clone()),
                capacity: length,
                ..Default::default()
            };
            let [mbed, native] = [&engine() as &dyn Engine, &Native].map(|engine| {
                let mut derived = vec![0; length];
                engine.key_derivation().start(alg, inputs()).unwrap().read(&mut derived).unwrap();
                derived
            });
            assert_eq!(mbed, native, "{alg:?}");
        }
    }
}

/// Keys that only the native engine has.
#[test]
fn keys_of_the_native_engine() {
    let key_type = KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS);
    assert!(engine().holds(key_type, 255));
    let material = engine().generate(key_type, 255, &[]).unwrap();
    let key = prepare(&engine(), key_type, &material);
    let signer = key.signature().unwrap();
    let signature = written(|output| signer.sign_message(Algorithm::PURE_EDDSA, b"message", &[], output));
    assert_eq!(signer.verify_message(Algorithm::PURE_EDDSA, b"message", &[], &signature), Ok(()));

    // An exponent that only the native engine generates keys with.
    let material = engine().generate(KeyType::RSA_KEY_PAIR, 1024, &[3]).unwrap();
    let public_key = public_key(&*prepare(&engine(), KeyType::RSA_KEY_PAIR, &material));
    assert_eq!(public_key[public_key.len() - 3..], [2, 1, 3]);
}

#[test]
fn imported_sizes_must_agree() {
    let cases: [(KeyType, usize, &[u8]); 6] = [
        (KeyType::AES, 128, &[1; 32]),
        (KeyType::AES, 0, &[1; 17]),
        (KeyType::CAMELLIA, 128, &[1; 32]),
        (KeyType::CAMELLIA, 0, &[1; 17]),
        (P256_PAIR, 256, &[0; 32]),
        (KeyType::RSA_PUBLIC_KEY, 0, b"no key"),
    ];
    for (key_type, bits, data) in cases {
        assert_eq!(engine().import(key_type, bits, data).err(), Some(Error::InvalidArgument), "{key_type:?} {bits}");
    }
    assert_eq!(engine().import(KeyType(0x2fff), 128, &[1; 16]).err(), Some(Error::NotSupported));
}

/// A master secret is the PRF of a premaster secret, which is made of another secret, or as many zeros as the key has
/// bytes, and of the key (RFC 4279, section 2).
#[test]
fn master_secret_from_a_pre_shared_key() {
    let key = [0xab; 20];
    let others = [(None, vec![0; 20]), (Some(Secret::new(vec![0xcd; 32])), vec![0xcd; 32])];
    for (other_secret, other) in others {
        let premaster = [&[0, other.len() as u8][..], &other, &[0, key.len() as u8], &key].concat();
        let inputs = |secret: &[u8], other_secret| DerivationInputs {
            secret: Some(Secret::new(secret.to_vec())),
            other_secret,
            seed: Some(vec![3; 64]),
            label: Some(b"master secret".to_vec()),
            ..Default::default()
        };
        let hash = Algorithm::SHA_256;
        let derive = |engine: &dyn Engine, alg, inputs| {
            let mut derived = [0; 48];
            engine.key_derivation().start(alg, inputs).unwrap().read(&mut derived).unwrap();
            derived
        };
        let derived = derive(&engine(), Algorithm::tls12_psk_to_ms(hash), inputs(&key, other_secret));
        assert_eq!(derived, derive(&Native, Algorithm::tls12_prf(hash), inputs(&premaster, None)));
    }
}
