//! What works where: `docs/support.md` and what the C tests expect, asked from the engines and backends themselves.

use std::fmt::Write;
use std::path::Path;

use super::compatibility::is_compatible;
use super::library::Library;
#[cfg(feature = "pkcs11")]
use crate::backends::pkcs11::Abilities;
use crate::config::Config;
use crate::engines::Function;
use crate::psa::{Algorithm, DhFamily, EccFamily, KeyType, SlhDsaFamily};

/// How each place is configured, without the tokens. Backends come last, one in each configuration; none of them is opened.
const CONFIGURATIONS: [(&str, &str); 4] = [
    ("native", ""),
    ("mbed-crypto", "[backends.software]\nengine = \"mbed-crypto\""),
    ("pkcs11", "[backends.pkcs11]\nmodule = \"/usr/lib/module.so\"\ntoken = \"token\""),
    ("tpm", "[backends.tpm]\ntcti = \"device:/dev/tpmrm0\""),
];

/// An engine, or a backend of some kind.
pub struct Place {
    /// Its name.
    pub name: &'static str,
    source: Source,
}

/// Who knows what a place does.
enum Source {
    /// The engine or the backend of a configuration.
    Library(Box<Library>),
    /// What a token said of itself.
    #[cfg(feature = "pkcs11")]
    Token(Abilities),
    /// This build lacks it.
    Absent,
}

impl Place {
    /// Whether it does this itself, with such a key in it. Touches no device.
    pub fn supports(&self, case: &Case) -> bool {
        let Case { function, key: Key { key_type, bits, .. }, algorithm, .. } = *case;
        match &self.source {
            Source::Absent => false,
            #[cfg(feature = "pkcs11")]
            Source::Token(abilities) => abilities.supports(function, key_type, bits, algorithm),
            Source::Library(library) => match library.backends() {
                [] => library.engine.supports(function, key_type, bits, algorithm),
                [backend, ..] => backend.device.supports(function, key_type, bits, algorithm),
            },
        }
    }
}

/// All places; behind `pkcs11` come single tokens with what they said of themselves ([`Abilities`] as text).
pub fn places(tokens: &[(&'static str, &str)]) -> Vec<Place> {
    let library = |name: &str, text| Library::new(Config::parse(text, Path::new(name))?);
    let configured = |(name, text)| {
        let source = library(name, text).map_or(Source::Absent, |library| Source::Library(Box::new(library)));
        Place { name, source }
    };
    let mut places: Vec<Place> = CONFIGURATIONS.map(configured).into();
    let behind = places.iter().position(|place| place.name == "pkcs11").map_or(0, |position| position + 1);
    places.splice(behind..behind, tokens.iter().map(|(name, text)| Place { name, source: token(text) }));
    places
}

#[cfg(feature = "pkcs11")]
fn token(text: &str) -> Source {
    Abilities::parse(text).map_or(Source::Absent, Source::Token)
}

#[cfg(not(feature = "pkcs11"))]
fn token(_text: &str) -> Source {
    Source::Absent
}

/// A key type and size, with its name in C.
#[derive(Clone, Debug)]
pub struct Key {
    /// An expression in C.
    pub name: String,
    /// The type; `NONE` for functions without a key.
    pub key_type: KeyType,
    /// The size.
    pub bits: usize,
}

/// One row: a function with a key and an algorithm.
#[derive(Clone, Debug)]
pub struct Case {
    /// The chapter.
    pub function: Function,
    /// The key.
    pub key: Key,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The algorithm as an expression in C.
    pub algorithm_name: String,
}

/// All chapters with their titles and functions.
pub const CHAPTERS: [(Function, &str, &str); 13] = [
    (Function::Hash, "Hashes", "`psa_hash_compute()` and in parts"),
    (Function::Xof, "Extendable-output functions", "`psa_xof_setup()` and its steps"),
    (Function::Mac, "Message authentication codes", "`psa_mac_compute()` and in parts"),
    (Function::Cipher, "Unauthenticated ciphers", "`psa_cipher_encrypt()` and in parts"),
    (Function::Aead, "Authenticated encryption", "`psa_aead_encrypt()` and in parts"),
    (Function::KeyWrap, "Key wrapping", "`psa_wrap_key()`, `psa_unwrap_key()` with such a wrapping key"),
    (Function::KeyDerivation, "Key derivation", "`psa_key_derivation_setup()` with its secret from such a key"),
    (Function::SignHash, "Signatures of hashes", "`psa_sign_hash()`, `psa_verify_hash()`"),
    (Function::SignMessage, "Signatures of messages", "`psa_sign_message()`, `psa_verify_message()`"),
    (Function::AsymmetricEncryption, "Asymmetric encryption", "`psa_asymmetric_encrypt()`, `psa_asymmetric_decrypt()`"),
    (Function::KeyAgreement, "Key agreement", "`psa_raw_key_agreement()` and its relatives"),
    (Function::KeyEncapsulation, "Key encapsulation", "`psa_encapsulate()`, `psa_decapsulate()`"),
    (Function::Pake, "Password-authenticated key exchange", "`psa_pake_setup()` with such a key, and its steps"),
];

/// The representative combinations of a chapter.
pub fn cases(function: Function) -> Vec<Case> {
    let mut cases = Vec::new();
    for key in keys(function) {
        for (algorithm_name, algorithm) in algorithms(function) {
            if key.key_type == KeyType::NONE || is_compatible(key.key_type, key.bits, algorithm) {
                cases.push(Case { function, key: key.clone(), algorithm, algorithm_name });
            }
        }
    }
    cases
}

/// Key types without a family, in several sizes.
macro_rules! plain_keys {
    ($($name:ident $bits:expr),* $(,)?) => {
        vec![$(Key {
            name: concat!("PSA_KEY_TYPE_", stringify!($name)).to_owned(),
            key_type: KeyType::$name,
            bits: $bits,
        }),*]
    };
}

/// Curves, as key pairs.
macro_rules! curves {
    ($($name:ident $bits:expr),* $(,)?) => {
        vec![$(Key {
            name: concat!("PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_", stringify!($name), ")").to_owned(),
            key_type: KeyType::ecc_key_pair(EccFamily::$name),
            bits: $bits,
        }),*]
    };
}

fn keys(function: Function) -> Vec<Key> {
    match function {
        Function::Hash | Function::Xof => plain_keys![NONE 0],
        Function::Mac => plain_keys![
            HMAC 256, AES 128, AES 192, AES 256, ARIA 128, CAMELLIA 128, SM4 128, DES 64, DES 128, DES 192, BLAKE2 256,
            BLAKE2 512,
        ],
        Function::Cipher => {
            plain_keys![
                AES 128, AES 192, AES 256, AES 384, AES 512, CHACHA20 256, XCHACHA20 256, ARC4 128, ARIA 128, ARIA 256,
                CAMELLIA 128, CAMELLIA 256, SM4 128, SM4 256, DES 64, DES 128, DES 192,
            ]
        }
        Function::Aead => {
            plain_keys![
                AES 128, AES 192, AES 256, CHACHA20 256, XCHACHA20 256, ASCON 128, ASCON 256, ARIA 128,
                CAMELLIA 128, SM4 128,
            ]
        }
        Function::KeyWrap => plain_keys![AES 128, AES 192, AES 256, ARIA 128, CAMELLIA 128, SM4 128],
        Function::KeyDerivation => plain_keys![DERIVE 256, DERIVE 520, HMAC 256, AES 128, SM4 128, PASSWORD 128],
        Function::SignHash => [rsa_keys(), weierstrass_keys(), edwards_keys(), ml_dsa_keys(), slh_dsa_keys()].concat(),
        Function::SignMessage => [keys(Function::SignHash), hash_based_keys()].concat(),
        Function::AsymmetricEncryption => rsa_keys(),
        Function::KeyAgreement => [weierstrass_keys(), montgomery_keys(), dh_keys()].concat(),
        Function::KeyEncapsulation => [ml_kem_keys(), weierstrass_keys(), montgomery_keys()].concat(),
        Function::Pake => pake_keys(),
    }
}

fn rsa_keys() -> Vec<Key> {
    plain_keys![RSA_KEY_PAIR 1024, RSA_KEY_PAIR 2048, RSA_KEY_PAIR 3072, RSA_KEY_PAIR 4096]
}

fn weierstrass_keys() -> Vec<Key> {
    curves![
        SECP_R1 192, SECP_R1 224, SECP_R1 256, SECP_R1 384, SECP_R1 521, SECP_K1 192, SECP_K1 256,
        BRAINPOOL_P_R1 160, BRAINPOOL_P_R1 192, BRAINPOOL_P_R1 224, BRAINPOOL_P_R1 256, BRAINPOOL_P_R1 320,
        BRAINPOOL_P_R1 384, BRAINPOOL_P_R1 512,
    ]
}

fn montgomery_keys() -> Vec<Key> {
    curves![MONTGOMERY 255, MONTGOMERY 448]
}

/// Passwords, and what is derived from them.
fn pake_keys() -> Vec<Key> {
    let named = |name: &str, family: &str, key_type, bits| Key {
        name: format!("PSA_KEY_TYPE_{name}({family})"),
        key_type,
        bits,
    };
    let (secp, edwards, rfc3526) =
        ("PSA_ECC_FAMILY_SECP_R1", "PSA_ECC_FAMILY_TWISTED_EDWARDS", "PSA_DH_FAMILY_RFC3526");
    let mut keys = plain_keys![PASSWORD 128, PASSWORD_HASH 256];
    for (family, name, bits) in [
        (EccFamily::SECP_R1, secp, 256),
        (EccFamily::SECP_R1, secp, 384),
        (EccFamily::SECP_R1, secp, 521),
        (EccFamily::TWISTED_EDWARDS, edwards, 255),
        (EccFamily::TWISTED_EDWARDS, edwards, 448),
    ] {
        keys.push(named("SPAKE2P_KEY_PAIR", name, KeyType::spake2p_key_pair(family), bits));
    }
    for bits in [256, 384, 521] {
        keys.push(named("WPA3_SAE_ECC", secp, KeyType::wpa3_sae_ecc(EccFamily::SECP_R1), bits));
    }
    keys.push(named("WPA3_SAE_DH", rfc3526, KeyType::wpa3_sae_dh(DhFamily::RFC3526), 3072));
    keys
}

fn ml_kem_keys() -> Vec<Key> {
    plain_keys![ML_KEM_KEY_PAIR 512, ML_KEM_KEY_PAIR 768, ML_KEM_KEY_PAIR 1024]
}

fn ml_dsa_keys() -> Vec<Key> {
    plain_keys![ML_DSA_KEY_PAIR 128, ML_DSA_KEY_PAIR 192, ML_DSA_KEY_PAIR 256]
}

/// Key pairs of types with a family.
macro_rules! families {
    ($constructor:ident $macro:literal $family:ident: $($name:ident $bits:expr),* $(,)?) => {
        vec![$(Key {
            name: concat!("PSA_KEY_TYPE_", $macro, "_", stringify!($name), ")").to_owned(),
            key_type: KeyType::$constructor($family::$name),
            bits: $bits,
        }),*]
    };
}

fn slh_dsa_keys() -> Vec<Key> {
    families![
        slh_dsa_key_pair "SLH_DSA_KEY_PAIR(PSA_SLH_DSA_FAMILY" SlhDsaFamily: SHA2_S 128, SHA2_S 192, SHA2_S 256,
        SHA2_F 128, SHA2_F 192, SHA2_F 256, SHAKE_S 128, SHAKE_S 192, SHAKE_S 256, SHAKE_F 128, SHAKE_F 192, SHAKE_F 256,
    ]
}

fn dh_keys() -> Vec<Key> {
    families![
        dh_key_pair "DH_KEY_PAIR(PSA_DH_FAMILY" DhFamily: RFC7919 2048, RFC7919 3072, RFC7919 4096, RFC7919 6144,
        RFC7919 8192, RFC3526 2048, RFC3526 3072, RFC3526 4096, RFC3526 6144, RFC3526 8192,
    ]
}

/// Only public keys; their signatures are verified.
fn hash_based_keys() -> Vec<Key> {
    plain_keys![LMS_PUBLIC_KEY 256, HSS_PUBLIC_KEY 256, XMSS_PUBLIC_KEY 256, XMSS_MT_PUBLIC_KEY 256]
}

fn edwards_keys() -> Vec<Key> {
    curves![TWISTED_EDWARDS 255, TWISTED_EDWARDS 448]
}

/// Algorithms with their names in C: constants, and families with a hash.
macro_rules! algorithms {
    ($($name:ident)* $(; $($family:ident($hash:ident))*)?) => {
        vec![
            $((concat!("PSA_ALG_", stringify!($name)).to_owned(), Algorithm::$name),)*
            $($((
                format!("PSA_ALG_{}(PSA_ALG_{})", stringify!($family).to_uppercase(), stringify!($hash)),
                Algorithm::$family(Algorithm::$hash),
            ),)*)?
        ]
    };
}

fn algorithms(function: Function) -> Vec<(String, Algorithm)> {
    match function {
        Function::Hash => algorithms![
            MD2 MD4 MD5 RIPEMD160 AES_MMO_ZIGBEE SHA_1 SHA_224 SHA_256 SHA_384 SHA_512 SHA_512_224 SHA_512_256
            SHA_256_192 SHA3_224 SHA3_256 SHA3_384 SHA3_512 SHAKE128_256 SHAKE256_192 SHAKE256_256 SHAKE256_512
            SM3 ASCON_HASH256 BLAKE2S_HASH256 BLAKE2SP_HASH256 BLAKE2B_HASH512 BLAKE2BP_HASH512
        ],
        Function::Xof => algorithms![SHAKE128 SHAKE256 ASCON_XOF128 ASCON_CXOF128],
        Function::KeyWrap => algorithms![KW KWP],
        Function::Mac => algorithms![
            CMAC CBC_MAC;
            hmac(MD5) hmac(RIPEMD160) hmac(SHA_1) hmac(SHA_224) hmac(SHA_256) hmac(SHA_384) hmac(SHA_512)
            hmac(SHA3_224) hmac(SHA3_256) hmac(SHA3_384) hmac(SHA3_512) hmac(SM3)
            hmac(BLAKE2S_HASH256) hmac(BLAKE2B_HASH512) blake2_mac(BLAKE2S_HASH256) blake2_mac(BLAKE2SP_HASH256)
            blake2_mac(BLAKE2B_HASH512) blake2_mac(BLAKE2BP_HASH512)
        ],
        Function::Cipher => algorithms![
            STREAM_CIPHER CTR CFB OFB ECB_NO_PADDING CBC_NO_PADDING CBC_PKCS7 XTS CCM_STAR_NO_TAG
        ],
        Function::Aead => algorithms![CCM GCM CHACHA20_POLY1305 XCHACHA20_POLY1305 ASCON_AEAD128],
        Function::KeyDerivation => algorithms![
            PBKDF2_AES_CMAC_PRF_128 SP800_108_COUNTER_CMAC TLS12_ECJPAKE_TO_PMS;
            hkdf(SHA_256) hkdf_extract(SHA_256) hkdf_expand(SHA_256) tls12_prf(SHA_256) tls12_psk_to_ms(SHA_256)
            sp800_108_counter_hmac(SHA_256) pbkdf2_hmac(SHA_1) pbkdf2_hmac(SHA_256) wpa3_sae_h2e(SHA_256)
        ],
        Function::SignHash => algorithms![
            RSA_PKCS1V15_SIGN_RAW ECDSA_ANY ED25519PH ED448PH;
            rsa_pkcs1v15_sign(SHA_256) rsa_pss(SHA_256) rsa_pss_any_salt(SHA_256) ecdsa(SHA_256)
            deterministic_ecdsa(SHA_256) hash_ml_dsa(SHA_256) deterministic_hash_ml_dsa(SHA_256) hash_slh_dsa(SHA_256)
            deterministic_hash_slh_dsa(SHA_256)
        ],
        Function::SignMessage => algorithms![
            PURE_EDDSA EDDSA_CTX ED25519PH ED448PH ML_DSA DETERMINISTIC_ML_DSA SLH_DSA DETERMINISTIC_SLH_DSA LMS HSS XMSS
            XMSS_MT;
            rsa_pkcs1v15_sign(SHA_256) rsa_pss(SHA_256) rsa_pss_any_salt(SHA_256) ecdsa(SHA_256)
            deterministic_ecdsa(SHA_256) hash_ml_dsa(SHA_256) deterministic_hash_ml_dsa(SHA_256) hash_slh_dsa(SHA_256)
            deterministic_hash_slh_dsa(SHA_256)
        ],
        Function::AsymmetricEncryption => algorithms![RSA_PKCS1V15_CRYPT; rsa_oaep(SHA_1) rsa_oaep(SHA_256)],
        Function::KeyAgreement => algorithms![ECDH FFDH],
        Function::KeyEncapsulation => algorithms![ML_KEM ECIES_SEC1],
        Function::Pake => algorithms![
            SPAKE2P_MATTER;
            jpake(SHA_256) spake2p_hmac(SHA_256) spake2p_hmac(SHA_512) spake2p_cmac(SHA_256)
            wpa3_sae_fixed(SHA_256) wpa3_sae_fixed(SHA_384) wpa3_sae_fixed(SHA_512) wpa3_sae_gdh(SHA_256)
        ],
    }
}

/// The tables of `docs/support.md`, one per chapter.
pub fn markdown(places: &[Place]) -> String {
    let names: Vec<&str> = places.iter().map(|place| place.name).collect();
    let mut text = String::new();
    for (function, title, functions) in CHAPTERS {
        let _ = writeln!(text, "## {title}\n\n{functions}\n");
        let _ = writeln!(text, "| key | bits | algorithm | {} |", names.join(" | "));
        let _ = writeln!(text, "| --- | --- | --- |{}", " --- |".repeat(names.len()));
        for case in cases(function) {
            let answers = places.iter().map(|place| if place.supports(&case) { "yes" } else { "–" });
            let answers = answers.collect::<Vec<_>>().join(" | ");
            let (key, algorithm) = (short(&case.key.name), short(&case.algorithm_name));
            let _ = writeln!(text, "| {key} | {} | {algorithm} | {answers} |", case.key.bits);
        }
        text.push('\n');
    }
    text
}

/// A C expression without the beginnings that every name has.
fn short(name: &str) -> String {
    ["PSA_KEY_TYPE_", "PSA_ALG_", "PSA_ECC_FAMILY_", "PSA_DH_FAMILY_", "PSA_SLH_DSA_FAMILY_"]
        .iter()
        .fold(name.to_owned(), |name, prefix| name.replace(prefix, ""))
}
