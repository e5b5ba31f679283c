use super::*;
use crate::psa::Error;

const HMAC: Algorithm = Algorithm::hmac(Algorithm::SHA_256);
const CCM: Algorithm = Algorithm::CCM;
const GCM: Algorithm = Algorithm::GCM;

fn allowed(permitted: Algorithm, requested: Algorithm) -> bool {
    let attributes = Attributes { usage: Usage::ENCRYPT, algorithm: permitted, ..Attributes::default() };
    check(&attributes, Usage::ENCRYPT, requested).is_ok()
}

#[test]
fn one_algorithm_permits_itself_only() {
    for alg in [HMAC, HMAC.truncated_mac(16), GCM, CCM.aead_with_shortened_tag(8), Algorithm::CTR] {
        assert!(allowed(alg, alg));
        for other in [Algorithm::CMAC, HMAC.truncated_mac(20), GCM.aead_with_shortened_tag(12), CCM, Algorithm::NONE] {
            assert!(!allowed(alg, other), "{alg:?} {other:?}");
        }
    }
    assert!(!allowed(Algorithm::NONE, Algorithm::NONE), "no algorithm is not one");
}

#[test]
fn a_usage_flag_is_needed_too() {
    let attributes = Attributes { usage: Usage::ENCRYPT, algorithm: GCM, ..Attributes::default() };
    assert_eq!(check(&attributes, Usage::DECRYPT, GCM), Err(Error::NotPermitted));
}

#[test]
fn a_shortest_mac_permits_longer_ones_of_its_kind() {
    let policy = HMAC.at_least_this_length_mac(12);
    for length in 1..=32 {
        assert_eq!(allowed(policy, HMAC.truncated_mac(length)), length >= 12, "{length}");
    }
    assert!(allowed(policy, HMAC));
    assert!(!allowed(policy, policy), "a wildcard is never requested");
    assert!(!allowed(policy, Algorithm::hmac(Algorithm::SHA_384)));
    assert!(!allowed(policy, Algorithm::CMAC.truncated_mac(16)));
    assert!(!allowed(policy, GCM));
}

#[test]
fn a_shortest_tag_permits_longer_ones_of_its_kind() {
    let policy = GCM.aead_with_at_least_this_length_tag(12);
    for length in 1..=16 {
        assert_eq!(allowed(policy, GCM.aead_with_shortened_tag(length)), length >= 12, "{length}");
    }
    assert!(allowed(policy, GCM));
    assert!(!allowed(policy, policy), "a wildcard is never requested");
    assert!(!allowed(policy, CCM));
    assert!(!allowed(policy, Algorithm::CHACHA20_POLY1305));
}

/// PSA 1.5, section 9.8.1: tags of 4, 8 and 16 bytes, and none.
#[test]
fn ccm_star_permits_its_tags_and_its_cipher() {
    let policy = Algorithm::CCM_STAR_ANY_TAG;
    for length in [4, 6, 8, 10, 12, 14, 16] {
        assert_eq!(allowed(policy, CCM.aead_with_shortened_tag(length)), matches!(length, 4 | 8 | 16), "{length}");
    }
    assert!(allowed(policy, CCM));
    assert!(allowed(policy, Algorithm::CCM_STAR_NO_TAG));
    assert!(!allowed(policy, policy), "a wildcard is never requested");
    assert!(!allowed(policy, GCM));
    assert!(!allowed(policy, Algorithm::CTR));
}

/// PSA 1.5, section 9.9.1, `psa_copy_key`.
#[test]
fn a_copy_permits_what_both_policies_permit() {
    let (mac_8, mac_16) = (HMAC.at_least_this_length_mac(8), HMAC.at_least_this_length_mac(16));
    let (tag_8, tag_12) = (GCM.aead_with_at_least_this_length_tag(8), GCM.aead_with_at_least_this_length_tag(12));
    let cases = [
        (GCM, GCM, Some(GCM)),
        (GCM, CCM, None),
        (mac_8, mac_16, Some(mac_16)),
        (mac_8, HMAC, Some(HMAC)),
        (mac_16, HMAC.truncated_mac(16), Some(HMAC.truncated_mac(16))),
        (mac_16, HMAC.truncated_mac(12), None),
        (mac_8, Algorithm::CMAC.at_least_this_length_mac(8), None),
        (tag_8, tag_12, Some(tag_12)),
        (tag_12, GCM, Some(GCM)),
        (tag_12, GCM.aead_with_shortened_tag(8), None),
        (tag_8, CCM.aead_with_at_least_this_length_tag(8), None),
        (Algorithm::CCM_STAR_ANY_TAG, CCM, Some(CCM)),
        (Algorithm::CCM_STAR_ANY_TAG, Algorithm::CCM_STAR_NO_TAG, Some(Algorithm::CCM_STAR_NO_TAG)),
        (Algorithm::CCM_STAR_ANY_TAG, CCM.aead_with_shortened_tag(6), None),
        (Algorithm::CCM_STAR_ANY_TAG, GCM, None),
        (Algorithm::NONE, GCM, None),
        (Algorithm::NONE, Algorithm::NONE, Some(Algorithm::NONE)),
    ];
    for (one, other, common) in cases {
        assert_eq!(intersection(one, other), common, "{one:?} {other:?}");
        assert_eq!(intersection(other, one), common, "{other:?} {one:?}");
    }
}

fn verifies(permitted: Algorithm, requested: Algorithm) -> bool {
    let attributes = Attributes { usage: Usage::VERIFY_HASH, algorithm: permitted, ..Attributes::default() };
    check(&attributes, Usage::VERIFY_HASH, requested).is_ok()
}

/// PSA 1.5, sections 10.9.2, 10.9.4 and 10.9.5: for verification only, hedged or not is the same.
#[test]
fn twins_verify_for_each_other_and_do_not_sign() {
    let (sha, any) = (Algorithm::SHA_256, Algorithm::ANY_HASH);
    type Made = fn(Algorithm) -> Algorithm;
    let families: [(Made, Made); 3] = [
        (Algorithm::ecdsa, Algorithm::deterministic_ecdsa),
        (Algorithm::hash_ml_dsa, Algorithm::deterministic_hash_ml_dsa),
        (Algorithm::hash_slh_dsa, Algorithm::deterministic_hash_slh_dsa),
    ];
    for (one, other) in families {
        for (permitted, requested) in [(one, one), (one, other), (other, one), (other, other)] {
            assert!(verifies(permitted(sha), requested(sha)));
            assert!(verifies(permitted(any), requested(sha)));
            assert!(!verifies(permitted(sha), requested(Algorithm::SHA_512)));
            assert!(!verifies(permitted(any), requested(any)), "a wildcard is never requested");
            let same = permitted(sha) == requested(sha);
            assert_eq!(allowed(permitted(sha), requested(sha)), same);
            assert_eq!(allowed(permitted(any), requested(sha)), same);
        }
    }
    for (one, other) in
        [(Algorithm::ML_DSA, Algorithm::DETERMINISTIC_ML_DSA), (Algorithm::SLH_DSA, Algorithm::DETERMINISTIC_SLH_DSA)]
    {
        assert!(verifies(one, other) && verifies(other, one) && !allowed(one, other) && !allowed(other, one));
    }
    assert!(!verifies(Algorithm::ML_DSA, Algorithm::SLH_DSA));
    assert!(!verifies(Algorithm::ML_DSA, Algorithm::hash_ml_dsa(sha)));
    assert!(!verifies(Algorithm::PURE_EDDSA, Algorithm::EDDSA_CTX));
    // Section 10.9.2: only its own policy permits ECDSA_ANY.
    assert!(!verifies(Algorithm::ecdsa(any), Algorithm::ECDSA_ANY));
    assert!(!verifies(Algorithm::deterministic_ecdsa(any), Algorithm::ECDSA_ANY));
    assert!(verifies(Algorithm::ECDSA_ANY, Algorithm::ECDSA_ANY));
    // Section 9.8.1: RSA without a hash is one of any hash.
    assert!(verifies(Algorithm::rsa_pkcs1v15_sign(any), Algorithm::RSA_PKCS1V15_SIGN_RAW));
    assert!(allowed(Algorithm::rsa_pkcs1v15_sign(any), Algorithm::RSA_PKCS1V15_SIGN_RAW));
    assert!(!verifies(Algorithm::rsa_pss(any), Algorithm::rsa_pss_any_salt(sha)));
}

/// PSA 1.5, section 9.8.1.
#[test]
fn an_agreement_permits_its_combinations() {
    let hkdf = Algorithm::hkdf(Algorithm::SHA_256);
    for (one, other) in [(Algorithm::ECDH, Algorithm::FFDH), (Algorithm::FFDH, Algorithm::ECDH)] {
        let combined = Algorithm::key_agreement(one, hkdf);
        assert!(allowed(one, one) && allowed(one, combined) && allowed(combined, combined));
        assert!(
            !allowed(combined, one) && !allowed(one, other) && !allowed(one, Algorithm::key_agreement(other, hkdf))
        );
        assert!(!allowed(combined, Algorithm::key_agreement(one, Algorithm::hkdf(Algorithm::SHA_512))));
        assert_eq!(intersection(one, combined), Some(combined));
    }
}
