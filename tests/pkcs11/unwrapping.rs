//! Keys for a token that takes none in clear, judged by `openssl`.

use cryptoki_sys::*;
use parsec::backends::pkcs11::Pkcs11Backend;
use parsec::backends::{Backend, Created, Naming};
use parsec::core::primitives::Direction;
use parsec::memory::InOut;
use parsec::psa::{Algorithm, Attributes, EccFamily, Error, KeyId, KeyType, Lifetime, Result, Usage};

use crate::fixture::{NAMESPACE, Shim, attributes, index, p256, sign};
use crate::openssl::{self, Oracle};

const HASH: [u8; 32] = [8; 32];

fn import(backend: &Pkcs11Backend, attributes: &Attributes, material: &[u8]) -> Result<Created> {
    let reference = backend.reserve(attributes, &[7; 16]).unwrap().unwrap_or_default();
    backend.import(attributes, Naming { namespace: NAMESPACE, reference: &reference }, material)
}

/// How tokens say that they take no such key.
const REFUSALS: [CK_RV; 5] = [
    CKR_FUNCTION_NOT_SUPPORTED,
    CKR_TEMPLATE_INCONSISTENT,
    CKR_ATTRIBUTE_VALUE_INVALID,
    CKR_ACTION_PROHIBITED,
    CKR_KEY_FUNCTION_NOT_PERMITTED,
];

#[test]
fn key_pairs_come_in_wrapped() {
    let shim = Shim::new("unwrapped-pairs");
    let backend = shim.backend("keys");
    let scalar = openssl::private_scalar();
    let (rsa_key, rsa_bits) = openssl::rsa_private_key();
    for (number, refusal) in (1..).zip(REFUSALS) {
        for lifetime in [Lifetime::VOLATILE, Lifetime::PERSISTENT] {
            let id = KeyId(0x4200 + number);
            let unwraps = shim.succeeded(index!(C_UnwrapKey));
            // The public key, which comes second, is taken.
            shim.refuse(index!(C_CreateObject), refusal, 1);
            let ec = Attributes { id, ..p256(lifetime) };
            let created = import(&backend, &ec, &scalar).unwrap();
            let signature = sign(&backend, &ec, &created, &HASH).unwrap();
            assert!(Oracle::ec(openssl::P256, &created.public_key).verifies_ecdsa(&HASH, &signature));
            // Even where the policy permits it, only what was wrapped went in.
            assert_eq!(shim.succeeded(index!(C_UnwrapKey)), unwraps + 2);
            backend.destroy(&ec, &created.context).unwrap();

            shim.refuse(index!(C_CreateObject), refusal, 1);
            let rsa =
                attributes(KeyType::RSA_KEY_PAIR, rsa_bits, Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256), lifetime);
            let rsa = Attributes { id, ..rsa };
            let created = import(&backend, &rsa, &rsa_key).unwrap();
            let signature = sign(&backend, &rsa, &created, &HASH).unwrap();
            let options = ["rsa_padding_mode:pkcs1", "digest:sha256"];
            assert!(Oracle::rsa(&created.public_key).verifies(&HASH, &signature, &options));
            backend.destroy(&rsa, &created.context).unwrap();
        }
    }
}

#[test]
fn an_unwrapped_key_stays_in_the_token() {
    let shim = Shim::new("unwrapped-stays");
    let backend = shim.backend("keys");
    shim.refuse(index!(C_CreateObject), CKR_TEMPLATE_INCONSISTENT, 1);
    let created = import(&backend, &p256(Lifetime::VOLATILE), &openssl::private_scalar()).unwrap();
    let key = backend.open(&p256(Lifetime::VOLATILE), &created.context).unwrap();
    assert_eq!(key.export().map(drop), Err(Error::NotPermitted));
    // Both keys for unwrapping are gone: what is left are the two objects of the key.
    let made = shim.succeeded(index!(C_GenerateKeyPair)) * 2
        + shim.succeeded(index!(C_UnwrapKey))
        + shim.succeeded(index!(C_CreateObject));
    assert_eq!(made - shim.succeeded(index!(C_DestroyObject)), 2);
}

#[test]
fn secrets_come_in_wrapped() {
    let shim = Shim::new("unwrapped-secrets");
    let backend = shim.backend("keys");
    for refusal in REFUSALS {
        shim.refuse(index!(C_CreateObject), refusal, usize::MAX);
        // FIPS 197, appendix B.
        let material = hex("2b7e151628aed2a6abf7158809cf4f3c");
        let usage = Usage::ENCRYPT.union(Usage::DECRYPT);
        let aes = attributes(KeyType::AES, 128, Algorithm::ECB_NO_PADDING, Lifetime::VOLATILE);
        let aes = Attributes { usage, ..aes };
        let created = import(&backend, &aes, &material).unwrap();
        let key = backend.open(&aes, &created.context).unwrap();
        let mut output = [0; 16];
        let input = hex("3243f6a8885a308d313198a2e0370734");
        let mut data = InOut::new(&input, &mut output);
        key.cipher().unwrap().apply(Algorithm::ECB_NO_PADDING, Direction::Encrypt, &[], &mut data).unwrap();
        assert_eq!(output.as_slice(), hex("3925841d02dc09fbdc118597196a0b32"));

        // RFC 4231, test case 6: a key of 131 bytes, which is no multiple of 8.
        let alg = Algorithm::hmac(Algorithm::SHA_256);
        let usage = Usage::SIGN_MESSAGE.union(Usage::VERIFY_MESSAGE);
        let hmac = Attributes { usage, ..attributes(KeyType::HMAC, 131 * 8, alg, Lifetime::VOLATILE) };
        let created = import(&backend, &hmac, &[0xaa; 131]).unwrap();
        let key = backend.open(&hmac, &created.context).unwrap();
        let mut mac = [0; 32];
        key.mac().unwrap().compute(alg, b"Test Using Larger Than Block-Size Key - Hash Key First", &mut mac).unwrap();
        assert_eq!(mac.as_slice(), hex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
    }
}

/// SoftHSM says of an Edwards curve nothing but that it failed, and unwraps other keys.
#[test]
fn a_kind_of_key_that_is_not_unwrapped_is_told() {
    let shim = Shim::new("unwrapped-edwards");
    let backend = shim.backend("keys");
    // RFC 8032, section 7.1, test 1.
    let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let key_type = KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS);
    let usage = Usage::SIGN_MESSAGE.union(Usage::VERIFY_MESSAGE);
    for lifetime in [Lifetime::VOLATILE, Lifetime::PERSISTENT] {
        let edwards = Attributes { usage, ..attributes(key_type, 255, Algorithm::PURE_EDDSA, lifetime) };
        for refusal in REFUSALS {
            shim.refuse(index!(C_CreateObject), refusal, usize::MAX);
            assert_eq!(import(&backend, &edwards, &seed).map(drop), Err(Error::NotSupported), "{refusal:#x}");
            let text = parsec::cause::take().unwrap();
            assert!(text.contains("takes no such key from outside: C_CreateObject answered CKR_"), "{text}");
            assert!(text.contains("C_UnwrapKey answered CKR_FUNCTION_FAILED, which unwraps other keys"), "{text}");
        }
    }
}

/// A token that fails is none that lacks something: neither with a key that it unwraps else, nor with one that it does not.
#[test]
fn a_token_that_fails_to_unwrap_is_not_taken_for_one_that_lacks_it() {
    let shim = Shim::new("unwrapped-failure");
    let backend = shim.backend("keys");
    let scalar = openssl::private_scalar();
    let key_type = KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS);
    let edwards = attributes(key_type, 255, Algorithm::PURE_EDDSA, Lifetime::VOLATILE);
    let edwards = Attributes { usage: Usage::SIGN_MESSAGE, ..edwards };
    let cases = [
        (p256(Lifetime::VOLATILE), CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED"),
        (edwards, CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR"),
    ];
    for (attributes, code, name) in cases {
        shim.refuse(index!(C_CreateObject), CKR_ACTION_PROHIBITED, usize::MAX);
        // The first one is that of the key that unwraps.
        shim.refuse_later(index!(C_UnwrapKey), code, 1, usize::MAX);
        assert_eq!(import(&backend, &attributes, &scalar).map(drop), Err(Error::GenericError), "{attributes:?}");
        let text = parsec::cause::take().unwrap();
        assert!(text.contains(&format!("C_UnwrapKey answered {name}")), "{text}");
    }
    // One that passes is not noticed.
    shim.refuse_later(index!(C_UnwrapKey), CKR_FUNCTION_FAILED, 1, 1);
    let attributes = p256(Lifetime::VOLATILE);
    let created = import(&backend, &attributes, &scalar).unwrap();
    let signature = sign(&backend, &attributes, &created, &HASH).unwrap();
    assert!(Oracle::ec(openssl::P256, &created.public_key).verifies_ecdsa(&HASH, &signature));
}

#[test]
fn a_token_without_a_way_says_so() {
    let shim = Shim::new("unwrapped-nothing");
    let backend = shim.backend("keys");
    let attributes =
        Attributes { usage: Usage::ENCRYPT, ..attributes(KeyType::AES, 128, Algorithm::CTR, Lifetime::VOLATILE) };
    for refusal in REFUSALS {
        shim.refuse(index!(C_CreateObject), refusal, usize::MAX);
        shim.refuse(index!(C_UnwrapKey), CKR_FUNCTION_NOT_SUPPORTED, usize::MAX);
        assert_eq!(import(&backend, &attributes, &[1; 16]).map(drop), Err(Error::NotSupported), "{refusal:#x}");
        assert!(parsec::cause::take().unwrap().contains("C_"));
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}
