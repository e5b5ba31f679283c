//! The tests with known answers, and who gave them.

use crate::engines::Function;

/// A test whose answers come from outside.
pub(super) struct Row {
    /// The function for which it compares with them.
    pub function: Function,
    /// The name of the test.
    pub test: &'static str,
    /// Who gave the answers.
    pub source: &'static str,
}

macro_rules! rows {
    ($($function:ident { $($test:literal: $source:literal;)* })*) => {
        &[$($(Row { function: Function::$function, test: concat!("engines::native::", $test), source: $source },)*)*]
    };
}

pub(super) const TESTS: &[Row] = rows! {
    Hash {
        "symmetric_tests::hash::known_answers": "the standards, CPython and PyCryptodome";
        "symmetric_tests::hash::the_examples_of_zigbee": "the zigbee Specification, annex C.5";
    }
    Xof {
        "symmetric_tests::xof::known_answers_in_any_parts": "FIPS 202, NIST SP 800-232";
    }
    Mac {
        "symmetric_tests::mac::wycheproof_hmac": "Wycheproof";
        "symmetric_tests::mac::wycheproof_cmac": "Wycheproof";
        "symmetric_tests::mac::wycheproof_cmac_over_other_ciphers": "Wycheproof";
        "symmetric_tests::mac::hmac_over_the_hashes_that_wycheproof_lacks": "RFC 2202, RFC 2286";
        "symmetric_tests::mac::hmac_over_the_hashes_that_aws_lc_lacks": "CPython, PyCryptodome";
        "symmetric_tests::mac::cmac_over_triple_des": "NIST SP 800-38B";
        "symmetric_tests::mac::cbc_mac_pads_with_zeros": "FIPS 113, PyCryptodome";
        "symmetric_tests::mac::block_cipher_macs_agree_with_openssl": "openssl";
        "symmetric_tests::mac::the_keyed_hash_of_zigbee": "the zigbee Specification, annex C.6";
        "symmetric_tests::mac::blake2_macs": "CPython";
        "symmetric_tests::hash::blake2_agrees_with_another_implementation": "the crates blake2b_simd and blake2s_simd";
    }
    Cipher {
        "symmetric_tests::cipher::known_answers": "openssl";
        "symmetric_tests::cipher::wycheproof_cbc_pkcs7": "Wycheproof";
        "symmetric_tests::cipher::chacha20_example_of_the_standard": "RFC 8439, section 2.4.2";
        "symmetric_tests::block_ciphers::known_answers": "openssl, PyCryptodome";
        "symmetric_tests::block_ciphers::wycheproof_vectors": "Wycheproof";
        "symmetric_tests::block_ciphers::ccm_star_without_a_tag_agrees_with_openssl": "openssl";
        "symmetric_tests::block_ciphers::arc4": "RFC 6229";
        "symmetric_tests::block_ciphers::xchacha20": "draft-irtf-cfrg-xchacha";
    }
    Aead {
        "symmetric_tests::aead::wycheproof_vectors": "Wycheproof";
        "symmetric_tests::aead::ccm_examples_of_the_standard": "NIST SP 800-38C";
        "symmetric_tests::aead::gcm_over_camellia": "openssl";
        "symmetric_tests::aead::ascon_of_the_lengths_around_a_block": "NIST SP 800-232";
    }
    KeyWrap {
        "symmetric_tests::key_wrap::wycheproof": "Wycheproof";
        "symmetric_tests::key_wrap::examples_of_the_standards": "RFC 3394, RFC 5649";
        "symmetric_tests::key_wrap::other_ciphers_wrap_alike": "Python over openssl";
    }
    KeyDerivation {
        "symmetric_tests::key_derivation::wycheproof_hkdf": "Wycheproof";
        "symmetric_tests::key_derivation::pbkdf2_known_answers": "RFC 6070, RFC 7914";
        "symmetric_tests::key_derivation::tls12_prf_known_answers": "the IETF's TLS working group";
        "symmetric_tests::key_derivation::sp800_108_with_hmac": "openssl";
        "symmetric_tests::key_derivation::sp800_108_with_cmac": "PyCryptodome";
        "symmetric_tests::key_derivation::pbkdf2_with_cmac": "PyCryptodome, RFC 4615";
        "symmetric_tests::key_derivation::premaster_secret_of_j_pake": "Mbed TLS";
        "symmetric_tests::key_derivation::master_secret_from_a_pre_shared_key": "Mbed TLS";
        "pake::tests::sae::hash_to_element_of_annex_j_10": "IEEE Std 802.11, annex J.10";
    }
    SignHash {
        "asymmetric_tests::signature::deterministic_ecdsa_gives_the_signatures_of_rfc_6979": "RFC 6979";
        "asymmetric_tests::signature::deterministic_ecdsa_on_other_curves_agrees_with_another_implementation": "python-ecdsa";
        "asymmetric_tests::signature::ecdsa_agrees_with_wycheproof": "Wycheproof";
        "asymmetric_tests::signature::rsa_pkcs1_agrees_with_wycheproof": "Wycheproof";
        "asymmetric_tests::signature::rsa_pss_agrees_with_wycheproof": "Wycheproof";
        "asymmetric_tests::signature::ed25519ph_agrees_with_rfc_8032": "RFC 8032";
        "asymmetric_tests::edwards::ed448ph_agrees_with_rfc_8032": "RFC 8032";
        "asymmetric_tests::openssl::ecdsa_and_ecdh_agree_with_openssl_on_every_curve": "openssl";
        "asymmetric_tests::openssl::rsa_signatures_agree_with_openssl": "openssl";
        "asymmetric_tests::post_quantum::hash_ml_dsa_agrees_with_another_implementation": "an implementation in Python";
    }
    SignMessage {
        "asymmetric_tests::signature::ed25519_agrees_with_rfc_8032": "RFC 8032";
        "asymmetric_tests::edwards::ed25519ctx_agrees_with_rfc_8032": "RFC 8032";
        "asymmetric_tests::edwards::ed448_agrees_with_rfc_8032": "RFC 8032";
        "asymmetric_tests::post_quantum::deterministic_ml_dsa_agrees_with_wycheproof": "Wycheproof";
        "asymmetric_tests::post_quantum::ml_dsa_agrees_with_wycheproof": "Wycheproof";
        "asymmetric_tests::hash_based::lms_and_hss_agree_with_another_implementation": "an implementation in Python";
        "asymmetric_tests::hash_based::hss_agrees_with_the_test_cases_of_the_standard": "RFC 8554";
        "asymmetric_tests::hash_based::xmss_agrees_with_the_reference_implementation": "the reference implementation";
    }
    AsymmetricEncryption {
        "asymmetric_tests::asymmetric_encryption::oaep_agrees_with_wycheproof": "Wycheproof";
        "asymmetric_tests::asymmetric_encryption::pkcs1_agrees_with_wycheproof": "Wycheproof";
        "asymmetric_tests::openssl::rsa_encryption_agrees_with_openssl": "openssl";
    }
    KeyAgreement {
        "asymmetric_tests::key_agreement::ecdh_agrees_with_wycheproof": "Wycheproof";
        "asymmetric_tests::key_agreement::brainpool_agrees_with_rfc_7027": "RFC 7027";
        "asymmetric_tests::key_agreement::x25519_agrees_with_rfc_7748": "RFC 7748";
        "asymmetric_tests::key_agreement::x448_agrees_with_rfc_7748": "RFC 7748";
        "asymmetric_tests::openssl::ecdsa_and_ecdh_agree_with_openssl_on_every_curve": "openssl";
        "asymmetric_tests::openssl::finite_fields_agree_with_openssl": "openssl";
    }
    KeyEncapsulation {
        "asymmetric_tests::key_encapsulation::ml_kem_agrees_with_wycheproof": "Wycheproof";
    }
    Pake {
        "pake::tests::jpake::a_recorded_exchange": "draft-cragie-tls-ecjpake-01";
        "pake::tests::spake2plus::rfc_9383": "RFC 9383";
        "pake::tests::spake2plus::edwards_curves": "an implementation in Python";
        "pake::tests::spake2plus::matter": "draft-bar-cfrg-spake2plus-02";
        "pake::tests::sae::hunting_and_pecking_of_annex_j_10": "IEEE Std 802.11, annex J.10";
        "pake::tests::sae::confirmations_of_annex_j_10": "IEEE Std 802.11, annex J.10";
        "pake::tests::sae::hash_to_element_of_annex_j_10": "IEEE Std 802.11, annex J.10";
        "pake::tests::sae::hash_to_element_of_other_groups": "integers in Python";
    }
};
