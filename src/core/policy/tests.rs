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

/// PSA 1.5, section 9.9.2, `psa_copy_key`.
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
