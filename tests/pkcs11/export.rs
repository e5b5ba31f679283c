//! Keys that may leave the token, judged by `openssl`.

use std::path::Path;
use std::process::Command;

use parsec::backends::{Backend, Naming};
use parsec::psa::{Algorithm, Attributes, EccFamily, Error, KeyId, KeyType, Lifetime, Usage};

use crate::fixture::{NAMESPACE, Shim, attributes, backend, generate, index, p256, rsa, sign};

fn exportable(attributes: Attributes) -> Attributes {
    Attributes { usage: attributes.usage.union(Usage::EXPORT), id: KeyId(4712), ..attributes }
}

/// The public key (`SubjectPublicKeyInfo`) that `openssl` computes from a private one.
fn public_of(private: &[u8]) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let (source, target) = (directory.path().join("private.der"), directory.path().join("public.der"));
    std::fs::write(&source, private).unwrap();
    let run = |arguments: &[&str], paths: [(&str, &Path); 2]| {
        let mut command = Command::new("openssl");
        command.args(arguments);
        for (option, path) in paths {
            command.arg(option).arg(path);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(&["pkey", "-inform", "DER", "-check", "-pubout", "-outform", "DER"], [("-in", &source), ("-out", &target)]);
    std::fs::read(target).unwrap()
}

/// `ECPrivateKey` (RFC 5915) for secp256r1.
fn ec_private_key(scalar: &[u8]) -> Vec<u8> {
    let curve = [0xa0, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    [&[0x30, 49, 2, 1, 1, 4, 32], scalar, &curve].concat()
}

#[test]
fn openssl_reads_what_is_exported() {
    let backend = backend("keys");
    let pkcs1v15 = Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256);
    for lifetime in [Lifetime::VOLATILE, Lifetime::PERSISTENT] {
        for attributes in [p256(lifetime), Attributes { lifetime, ..rsa(2048, pkcs1v15) }] {
            let attributes = exportable(attributes);
            let created = generate(&backend, &attributes);
            let exported = backend.open(&attributes, &created.context).unwrap().export().unwrap();
            let private = if attributes.bits == 256 { ec_private_key(&exported) } else { exported.to_vec() };
            assert!(public_of(&private).ends_with(&created.public_key));
            // Still of use in the token.
            sign(&backend, &attributes, &created, &[1; 32]).unwrap();
            backend.destroy(&attributes, &created.context).unwrap();
        }
    }
}

#[test]
fn zeros_before_a_scalar_come_back() {
    let backend = backend("keys");
    let attributes = exportable(p256(Lifetime::VOLATILE));
    let scalar = [&[0; 3], [9; 29].as_slice()].concat();
    let naming = Naming { namespace: NAMESPACE, reference: &[] };
    let created = backend.import(&attributes, naming, &scalar).unwrap();
    assert!(public_of(&ec_private_key(&scalar)).ends_with(&created.public_key));
    assert_eq!(backend.open(&attributes, &created.context).unwrap().export().unwrap().as_slice(), scalar);
}

#[test]
fn a_key_that_may_not_leave_does_not() {
    let backend = backend("keys");
    for attributes in [p256(Lifetime::VOLATILE), attributes(KeyType::AES, 256, Algorithm::CTR, Lifetime::VOLATILE)] {
        let created = generate(&backend, &attributes);
        // Whatever asked for it: the token says no.
        let key = backend.open(&attributes, &created.context).unwrap();
        assert_eq!(key.export().map(drop), Err(Error::NotPermitted));
        assert!(parsec::cause::take().unwrap().contains("C_GetAttributeValue answered CKR_ATTRIBUTE_SENSITIVE"));
    }
}

#[test]
fn a_token_that_keeps_all_keys_to_itself_says_so() {
    let shim = Shim::new("sensitive");
    let backend = shim.backend("keys");
    let attributes = exportable(attributes(
        KeyType::ecc_key_pair(EccFamily::SECP_R1),
        256,
        Algorithm::ecdsa(Algorithm::SHA_256),
        Lifetime::VOLATILE,
    ));
    for code in [cryptoki_sys::CKR_ATTRIBUTE_VALUE_INVALID, cryptoki_sys::CKR_TEMPLATE_INCONSISTENT] {
        shim.refuse(index!(C_GenerateKeyPair), code, 9);
        let naming = Naming { namespace: NAMESPACE, reference: &[] };
        assert_eq!(backend.generate(&attributes, naming).map(drop), Err(Error::NotSupported));
        assert!(parsec::cause::take().unwrap().contains("makes no keys that may be exported"));
    }
}
