//! Algorithms as text, the way a C program writes them: `PSA_ALG_ECDSA(PSA_ALG_SHA_256)`, in configurations also without
//! `PSA_ALG_`.

use std::fmt;

use super::Algorithm;
use super::algorithm_macros::{HASH_MASK, OF_A_HASH};

const PREFIX: &str = "PSA_ALG_";

macro_rules! names {
    ($($name:ident)*) => {
        &[$((stringify!($name), Algorithm::$name)),*]
    };
}

/// Algorithms without a parameter.
const CONSTANTS: &[(&str, Algorithm)] = names! {
    NONE MD2 MD4 MD5 RIPEMD160 AES_MMO_ZIGBEE SHA_1 SHA_224 SHA_256 SHA_384 SHA_512 SHA_512_224 SHA_512_256 SHA_256_192
    SHA3_224 SHA3_256 SHA3_384 SHA3_512 SHAKE256_512 SHAKE128_256 SHAKE256_192 SHAKE256_256 SM3 ASCON_HASH256
    BLAKE2S_HASH256 BLAKE2SP_HASH256 BLAKE2B_HASH512 BLAKE2BP_HASH512 ANY_HASH
    SHAKE128 SHAKE256 ASCON_XOF128 ASCON_CXOF128
    CBC_MAC CMAC
    STREAM_CIPHER CTR CCM_STAR_NO_TAG CFB OFB XTS ECB_NO_PADDING CBC_NO_PADDING CBC_PKCS7 CCM_STAR_ANY_TAG
    CCM GCM CHACHA20_POLY1305 XCHACHA20_POLY1305 ASCON_AEAD128
    KW KWP
    SP800_108_COUNTER_CMAC TLS12_ECJPAKE_TO_PMS PBKDF2_AES_CMAC_PRF_128
    RSA_PKCS1V15_SIGN_RAW ECDSA_ANY PURE_EDDSA EDDSA_CTX ED25519PH ED448PH SLH_DSA DETERMINISTIC_SLH_DSA ML_DSA
    DETERMINISTIC_ML_DSA LMS HSS XMSS XMSS_MT
    RSA_PKCS1V15_CRYPT
    FFDH ECDH
    ECIES_SEC1 ML_KEM
    SPAKE2P_MATTER WPA3_SAE_ANY
};

/// An algorithm made from another one and a length in bytes.
type WithLength = fn(Algorithm, usize) -> Algorithm;

const MAC_WITH_LENGTH: [(&str, WithLength); 2] =
    [("TRUNCATED_MAC", Algorithm::truncated_mac), ("AT_LEAST_THIS_LENGTH_MAC", Algorithm::at_least_this_length_mac)];

const AEAD_WITH_LENGTH: [(&str, WithLength); 2] = [
    ("AEAD_WITH_SHORTENED_TAG", Algorithm::aead_with_shortened_tag),
    ("AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG", Algorithm::aead_with_at_least_this_length_tag),
];

/// The longest MAC or tag that an identifier can encode (PSA 1.5, appendix B.1).
const MAX_LENGTH: usize = 63;

impl Algorithm {
    /// The algorithm that a text names; `None` for one that is not known by name.
    pub fn from_name(text: &str) -> Option<Self> {
        let text = text.trim();
        let (name, parameters) = match text.split_once('(') {
            None => (text, None),
            Some((name, rest)) => (name.trim_end(), Some(rest.strip_suffix(')')?)),
        };
        let name = name.strip_prefix(PREFIX).unwrap_or(name);
        match parameters.map(|parameters| (parameters, parameters.split_once(','))) {
            None => find(CONSTANTS, name),
            Some((hash, None)) => Self::of_hash(name, Self::from_name(hash)?),
            Some((_, Some((first, second)))) => Self::of_two(name, Self::from_name(first)?, second.trim()),
        }
    }

    fn of_hash(name: &str, hash: Self) -> Option<Self> {
        let (_, base) = OF_A_HASH.iter().find(|(known, _)| known.strip_prefix(PREFIX) == Some(name))?;
        hash.is_hash().then_some(Self(base | hash.0 & HASH_MASK))
    }

    fn of_two(name: &str, first: Self, second: &str) -> Option<Self> {
        if name == "KEY_AGREEMENT" {
            let derivation = Self::from_name(second)?;
            let fits = first.is_standalone_key_agreement() && derivation.is_key_derivation();
            return fits.then(|| Self::key_agreement(first, derivation));
        }
        let with_length = match first {
            _ if first.is_mac() => find(&MAC_WITH_LENGTH, name)?,
            _ if first.is_aead() => find(&AEAD_WITH_LENGTH, name)?,
            _ => return None,
        };
        let length = second.parse().ok().filter(|length| (1..=MAX_LENGTH).contains(length))?;
        Some(with_length(first, length))
    }

    /// What this is with a length of its own: the algorithm without it, the length, and the name of what adds it.
    fn without_length(self) -> Option<(Self, usize, &'static str)> {
        let (base, length, [(exactly, _), (at_least, _)]) = match self {
            _ if self.is_mac() => (self.full_length_mac(), self.mac_truncated_length(), MAC_WITH_LENGTH),
            _ if self.is_aead() => (self.aead_base(), self.aead_tag_length(), AEAD_WITH_LENGTH),
            _ => return None,
        };
        let wildcard = self.is_at_least_this_length_mac() || self.is_at_least_this_length_aead();
        (base != self && base != Self::NONE).then_some((base, length, if wildcard { at_least } else { exactly }))
    }

    /// The name of the macro that makes this algorithm from its hash.
    fn macro_of_hash(self) -> Option<&'static str> {
        let known = self.get_hash() != Self::NONE && name_of(self.get_hash()).is_some();
        let (name, _) = OF_A_HASH.iter().find(|(_, base)| known && self.0 & !HASH_MASK == *base)?;
        Some(name)
    }
}

fn find<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

fn name_of(algorithm: Algorithm) -> Option<&'static str> {
    CONSTANTS.iter().find(|(_, known)| *known == algorithm).map(|(name, _)| *name)
}

/// As C writes it; a number where the specification has no name for it.
impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = name_of(*self) {
            write!(formatter, "{PREFIX}{name}")
        } else if let Some((base, length, name)) = self.without_length() {
            write!(formatter, "{PREFIX}{name}({base}, {length})")
        } else if self.is_key_agreement() && !self.is_standalone_key_agreement() {
            let (agreement, derivation) = (self.key_agreement_get_base(), self.key_agreement_get_kdf());
            write!(formatter, "{PREFIX}KEY_AGREEMENT({agreement}, {derivation})")
        } else if let Some(name) = self.macro_of_hash() {
            write!(formatter, "{name}({})", self.get_hash())
        } else {
            write!(formatter, "{:#010x}", self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers are those of the specification (PSA 1.5, appendix B.1).
    #[test]
    fn names_are_those_of_the_specification() {
        for (text, number) in [
            ("PSA_ALG_ECDSA(PSA_ALG_SHA_256)", 0x0600_0609),
            ("PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_ANY_HASH)", 0x0600_02ff),
            ("PSA_ALG_HMAC(PSA_ALG_SHA_1)", 0x0380_0005),
            ("PSA_ALG_CTR", 0x04c0_1000),
            ("PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_HKDF(PSA_ALG_SHA_256))", 0x0902_0109),
            ("PSA_ALG_TRUNCATED_MAC(PSA_ALG_HMAC(PSA_ALG_SHA_256), 16)", 0x0390_0009),
            ("PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(PSA_ALG_CMAC, 8)", 0x03c8_8200),
            ("PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 8)", 0x0548_0100),
            ("PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(PSA_ALG_GCM, 12)", 0x054c_8200),
            ("PSA_ALG_SPAKE2P_HMAC(PSA_ALG_SHA_512)", 0x0a00_040b),
        ] {
            assert_eq!(Algorithm::from_name(text), Some(Algorithm(number)), "{text}");
            assert_eq!(Algorithm(number).to_string(), text);
        }
        for (text, number) in [("ECDSA(SHA_256)", 0x0600_0609), (" PSA_ALG_RSA_PSS ( PSA_ALG_SHA_512 ) ", 0x0600_030b)]
        {
            assert_eq!(Algorithm::from_name(text), Some(Algorithm(number)), "{text}");
        }
    }

    #[test]
    fn other_texts_name_nothing() {
        for text in [
            "",
            "ECDSA",
            "ECDSA()",
            "ECDSA(SHA_256",
            "ECDSA(CTR)",
            "CTR()",
            "SHA_256)",
            "KEY_AGREEMENT(ECDH)",
            "KEY_AGREEMENT(HKDF(SHA_256), ECDH)",
            "TRUNCATED_MAC(CMAC)",
            "TRUNCATED_MAC(CMAC, 0)",
            "TRUNCATED_MAC(CMAC, 64)",
            "TRUNCATED_MAC(GCM, 8)",
            "AEAD_WITH_SHORTENED_TAG(CMAC, 8)",
            "AEAD_WITH_SHORTENED_TAG(GCM, -8)",
        ] {
            assert_eq!(Algorithm::from_name(text), None, "{text}");
        }
    }

    /// A constant that is added and not named here would be a number in every text.
    #[test]
    fn every_constant_has_its_name() {
        let mut count = 0;
        for line in include_str!("algorithm.rs").lines() {
            let Some((name, value)) =
                line.trim().strip_prefix("pub const ").and_then(|rest| rest.split_once(": Self = "))
            else {
                continue;
            };
            let number = value.trim_start_matches("Self(").trim_start_matches("0x").trim_end_matches(");");
            let algorithm = Algorithm(u32::from_str_radix(number, 16).unwrap());
            assert_eq!(algorithm.to_string(), format!("PSA_ALG_{name}"));
            count += 1;
        }
        assert_eq!(count, CONSTANTS.len());
    }

    #[test]
    fn every_algorithm_of_a_hash_comes_back_from_its_text() {
        let hashes = CONSTANTS.iter().filter(|(_, algorithm)| algorithm.is_hash());
        for (_, hash) in hashes {
            for (name, base) in OF_A_HASH {
                let algorithm = Algorithm(base | hash.0 & HASH_MASK);
                assert_eq!(Algorithm::from_name(&algorithm.to_string()), Some(algorithm), "{name}({hash})");
            }
        }
    }

    #[test]
    fn what_has_no_name_is_a_number() {
        for (number, text) in [(0x0600_06f0, "0x060006f0"), (0x0550_0900, "0x05500900"), (0x1234_5678, "0x12345678")] {
            assert_eq!(Algorithm(number).to_string(), text);
        }
    }
}
