//! Macros that both know give the same values with the headers of Mbed TLS (Debian's libmbedtls-dev 2.28), which
//! were written by others.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::include;

/// How many of the algorithms are hashes.
const HASHES: usize = 8;

const ALGORITHMS: [&str; 48] = [
    "PSA_ALG_MD5",
    "PSA_ALG_RIPEMD160",
    "PSA_ALG_SHA_1",
    "PSA_ALG_SHA_224",
    "PSA_ALG_SHA_256",
    "PSA_ALG_SHA_384",
    "PSA_ALG_SHA_512",
    "PSA_ALG_SHA3_256",
    "PSA_ALG_HMAC(PSA_ALG_SHA_1)",
    "PSA_ALG_HMAC(PSA_ALG_SHA_512)",
    "PSA_ALG_TRUNCATED_MAC(PSA_ALG_HMAC(PSA_ALG_SHA_256), 10)",
    "PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(PSA_ALG_CMAC, 10)",
    "PSA_ALG_CBC_MAC",
    "PSA_ALG_CMAC",
    "PSA_ALG_TRUNCATED_MAC(PSA_ALG_CMAC, 8)",
    "PSA_ALG_FULL_LENGTH_MAC(PSA_ALG_TRUNCATED_MAC(PSA_ALG_CMAC, 8))",
    "PSA_ALG_STREAM_CIPHER",
    "PSA_ALG_CTR",
    "PSA_ALG_CFB",
    "PSA_ALG_OFB",
    "PSA_ALG_XTS",
    "PSA_ALG_ECB_NO_PADDING",
    "PSA_ALG_CBC_NO_PADDING",
    "PSA_ALG_CBC_PKCS7",
    "PSA_ALG_CCM",
    "PSA_ALG_GCM",
    "PSA_ALG_CHACHA20_POLY1305",
    "PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 8)",
    "PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(PSA_ALG_GCM, 12)",
    "PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CHACHA20_POLY1305, 8))",
    "PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256)",
    "PSA_ALG_RSA_PSS(PSA_ALG_ANY_HASH)",
    "PSA_ALG_RSA_PSS_ANY_SALT(PSA_ALG_SHA_384)",
    "PSA_ALG_ECDSA(PSA_ALG_SHA_256)",
    "PSA_ALG_ECDSA(PSA_ALG_ANY_HASH)",
    "PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_512)",
    "PSA_ALG_PURE_EDDSA",
    "PSA_ALG_ED25519PH",
    "PSA_ALG_ED448PH",
    "PSA_ALG_RSA_PKCS1V15_CRYPT",
    "PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256)",
    "PSA_ALG_HKDF(PSA_ALG_SHA_256)",
    "PSA_ALG_TLS12_PRF(PSA_ALG_SHA_384)",
    "PSA_ALG_TLS12_PSK_TO_MS(PSA_ALG_SHA_256)",
    "PSA_ALG_ECDH",
    "PSA_ALG_FFDH",
    "PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_HKDF(PSA_ALG_SHA_256))",
    "PSA_ALG_KEY_AGREEMENT_GET_KDF(PSA_ALG_KEY_AGREEMENT(PSA_ALG_FFDH, PSA_ALG_HKDF(PSA_ALG_SHA_1)))",
];

const OF_ALGORITHMS: [&str; 38] = [
    "PSA_ALG_IS_HASH",
    "PSA_ALG_IS_MAC",
    "PSA_ALG_IS_CIPHER",
    "PSA_ALG_IS_AEAD",
    "PSA_ALG_IS_SIGN",
    "PSA_ALG_IS_ASYMMETRIC_ENCRYPTION",
    "PSA_ALG_IS_KEY_AGREEMENT",
    "PSA_ALG_IS_KEY_DERIVATION",
    "PSA_ALG_IS_HMAC",
    "PSA_ALG_IS_BLOCK_CIPHER_MAC",
    "PSA_ALG_IS_STREAM_CIPHER",
    "PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER",
    "PSA_ALG_IS_RSA_PKCS1V15_SIGN",
    "PSA_ALG_IS_RSA_PSS",
    "PSA_ALG_IS_RSA_PSS_STANDARD_SALT",
    "PSA_ALG_IS_RSA_PSS_ANY_SALT",
    "PSA_ALG_IS_ECDSA",
    "PSA_ALG_IS_DETERMINISTIC_ECDSA",
    "PSA_ALG_IS_RANDOMIZED_ECDSA",
    "PSA_ALG_IS_HASH_EDDSA",
    "PSA_ALG_IS_SIGN_HASH",
    "PSA_ALG_IS_SIGN_MESSAGE",
    "PSA_ALG_IS_HASH_AND_SIGN",
    "PSA_ALG_IS_RSA_OAEP",
    "PSA_ALG_IS_HKDF",
    "PSA_ALG_IS_TLS12_PRF",
    "PSA_ALG_IS_TLS12_PSK_TO_MS",
    "PSA_ALG_IS_RAW_KEY_AGREEMENT",
    "PSA_ALG_IS_FFDH",
    "PSA_ALG_IS_ECDH",
    "PSA_ALG_IS_WILDCARD",
    "(unsigned)",
    "MAC_LENGTH_OF",
    "IV_LENGTH_OF",
    "ENCRYPT_SIZE_OF",
    "NONCE_LENGTH_OF",
    "TAG_LENGTH_OF",
    "AEAD_SIZE_OF",
];

/// Shorthands for macros of several arguments, and for those that only some arguments are meant for. Left out is what
/// Mbed TLS 2.28 does differently: wildcards of HMAC as HMAC, PSA_ALG_IS_SIGN_MESSAGE of algorithms for hashes only.
const SHORTHANDS: &str = "
#define MAC_LENGTH_OF(alg) (PSA_ALG_IS_MAC(alg) ? PSA_MAC_LENGTH(PSA_KEY_TYPE_AES, 128, alg) : 0)
#define IV_LENGTH_OF(alg) PSA_CIPHER_IV_LENGTH(PSA_KEY_TYPE_AES, alg)
#define ENCRYPT_SIZE_OF(alg) (PSA_ALG_IS_CIPHER(alg) && !PSA_ALG_IS_STREAM_CIPHER(alg) || (alg) == PSA_ALG_CTR \\
    ? PSA_CIPHER_ENCRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_AES, alg, 33) : 0)
#define NONCE_LENGTH_OF(alg) (PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER(alg) ? PSA_AEAD_NONCE_LENGTH(PSA_KEY_TYPE_AES, alg) : 0)
#define TAG_LENGTH_OF(alg) (PSA_ALG_IS_AEAD(alg) ? PSA_AEAD_TAG_LENGTH(PSA_KEY_TYPE_AES, 128, alg) : 0)
#define AEAD_SIZE_OF(alg) (PSA_ALG_IS_AEAD(alg) ? PSA_AEAD_ENCRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_AES, alg, 33) : 0)
#define ECC_FAMILY_OF(type) (PSA_KEY_TYPE_IS_ECC(type) ? PSA_KEY_TYPE_ECC_GET_FAMILY(type) : 0)
#define DH_FAMILY_OF(type) (PSA_KEY_TYPE_IS_DH(type) ? PSA_KEY_TYPE_DH_GET_FAMILY(type) : 0)
";

const KEY_TYPES: [&str; 12] = [
    "PSA_KEY_TYPE_RAW_DATA",
    "PSA_KEY_TYPE_HMAC",
    "PSA_KEY_TYPE_AES",
    "PSA_KEY_TYPE_DES",
    "PSA_KEY_TYPE_CHACHA20",
    "PSA_KEY_TYPE_RSA_KEY_PAIR",
    "PSA_KEY_TYPE_RSA_PUBLIC_KEY",
    "PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)",
    "PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_K1)",
    "PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_BRAINPOOL_P_R1))",
    "PSA_KEY_TYPE_KEY_PAIR_OF_PUBLIC_KEY(PSA_KEY_TYPE_RSA_PUBLIC_KEY)",
    "PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919)",
];

const OF_KEY_TYPES: [&str; 14] = [
    "(unsigned)",
    "PSA_KEY_TYPE_IS_UNSTRUCTURED",
    "PSA_KEY_TYPE_IS_ASYMMETRIC",
    "PSA_KEY_TYPE_IS_PUBLIC_KEY",
    "PSA_KEY_TYPE_IS_KEY_PAIR",
    "PSA_KEY_TYPE_IS_RSA",
    "PSA_KEY_TYPE_IS_ECC",
    "PSA_KEY_TYPE_IS_ECC_KEY_PAIR",
    "PSA_KEY_TYPE_IS_ECC_PUBLIC_KEY",
    "PSA_KEY_TYPE_IS_DH",
    "PSA_KEY_TYPE_IS_DH_KEY_PAIR",
    "PSA_KEY_TYPE_IS_DH_PUBLIC_KEY",
    "ECC_FAMILY_OF",
    "DH_FAMILY_OF",
];

/// One line per macro and argument.
fn program() -> String {
    let lines = |macros: &[&str], arguments: &[&str]| -> String {
        let pairs = macros.iter().flat_map(|name| arguments.iter().map(move |argument| (name, argument)));
        pairs.map(|(name, argument)| format!("    put(\"{name} {argument}\", {name}({argument}));\n")).collect()
    };
    let hashes = &ALGORITHMS[..HASHES];
    format!(
        "#include <stdio.h>\n#include <psa/crypto.h>\n{SHORTHANDS}\n\
         static void put(const char *what, unsigned long value) {{ printf(\"%s: %#lx\\n\", what, value); }}\n\
         int main(void)\n{{\n{}{}{}    return 0;\n}}\n",
        lines(&OF_ALGORITHMS, &ALGORITHMS),
        lines(&OF_KEY_TYPES, &KEY_TYPES),
        lines(&["PSA_HASH_LENGTH", "PSA_HASH_BLOCK_LENGTH"], hashes),
    )
}

/// What the program prints with the headers in `directory`.
fn output(directory: &Path) -> String {
    let scratch = tempfile::tempdir().unwrap();
    let source = scratch.path().join("source.c");
    let binary = scratch.path().join("binary");
    fs::write(&source, program()).unwrap();
    let compiled = Command::new("gcc").arg("-I").arg(directory).arg(&source).arg("-o").arg(&binary).status().unwrap();
    assert!(compiled.success(), "{}", directory.display());
    String::from_utf8(Command::new(&binary).output().unwrap().stdout).unwrap()
}

#[test]
fn shared_macros_have_the_values_of_mbed_tls() {
    let ours = output(&include());
    let theirs = output(Path::new("/usr/include"));
    assert_eq!(
        ours.lines().count(),
        OF_ALGORITHMS.len() * ALGORITHMS.len() + OF_KEY_TYPES.len() * KEY_TYPES.len() + 2 * HASHES
    );
    for (ours, theirs) in ours.lines().zip(theirs.lines()) {
        assert_eq!(ours, theirs);
    }
}
