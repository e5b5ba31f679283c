//! Algorithms as text, the way a C program writes them: `PSA_ALG_ECDSA(PSA_ALG_SHA_256)`, also without `PSA_ALG_`.

use super::Algorithm;

/// Algorithms without a parameter.
const CONSTANTS: [(&str, Algorithm); 32] = [
    ("SHA_1", Algorithm::SHA_1),
    ("SHA_224", Algorithm::SHA_224),
    ("SHA_256", Algorithm::SHA_256),
    ("SHA_384", Algorithm::SHA_384),
    ("SHA_512", Algorithm::SHA_512),
    ("SHA3_256", Algorithm::SHA3_256),
    ("SHA3_384", Algorithm::SHA3_384),
    ("SHA3_512", Algorithm::SHA3_512),
    ("SM3", Algorithm::SM3),
    ("ANY_HASH", Algorithm::ANY_HASH),
    ("ECDSA_ANY", Algorithm::ECDSA_ANY),
    ("RSA_PKCS1V15_SIGN_RAW", Algorithm::RSA_PKCS1V15_SIGN_RAW),
    ("RSA_PKCS1V15_CRYPT", Algorithm::RSA_PKCS1V15_CRYPT),
    ("PURE_EDDSA", Algorithm::PURE_EDDSA),
    ("ED25519PH", Algorithm::ED25519PH),
    ("ML_DSA", Algorithm::ML_DSA),
    ("DETERMINISTIC_ML_DSA", Algorithm::DETERMINISTIC_ML_DSA),
    ("ML_KEM", Algorithm::ML_KEM),
    ("ECDH", Algorithm::ECDH),
    ("FFDH", Algorithm::FFDH),
    ("CMAC", Algorithm::CMAC),
    ("CTR", Algorithm::CTR),
    ("CFB", Algorithm::CFB),
    ("OFB", Algorithm::OFB),
    ("XTS", Algorithm::XTS),
    ("ECB_NO_PADDING", Algorithm::ECB_NO_PADDING),
    ("CBC_NO_PADDING", Algorithm::CBC_NO_PADDING),
    ("CBC_PKCS7", Algorithm::CBC_PKCS7),
    ("CCM", Algorithm::CCM),
    ("GCM", Algorithm::GCM),
    ("KW", Algorithm::KW),
    ("KWP", Algorithm::KWP),
];

/// An algorithm from its hash.
type OfHash = fn(Algorithm) -> Algorithm;

/// Algorithms that take a hash.
const OF_A_HASH: [(&str, OfHash); 8] = [
    ("ECDSA", Algorithm::ecdsa),
    ("DETERMINISTIC_ECDSA", Algorithm::deterministic_ecdsa),
    ("RSA_PKCS1V15_SIGN", Algorithm::rsa_pkcs1v15_sign),
    ("RSA_PSS", Algorithm::rsa_pss),
    ("RSA_PSS_ANY_SALT", Algorithm::rsa_pss_any_salt),
    ("RSA_OAEP", Algorithm::rsa_oaep),
    ("HMAC", Algorithm::hmac),
    ("HKDF", Algorithm::hkdf),
];

impl Algorithm {
    /// The algorithm that a text names; `None` for one that is not known by name.
    pub fn from_name(text: &str) -> Option<Self> {
        let text = text.trim();
        let (name, parameter) = match text.split_once('(') {
            None => (text, None),
            Some((name, rest)) => (name.trim_end(), Some(rest.strip_suffix(')')?)),
        };
        let name = name.strip_prefix("PSA_ALG_").unwrap_or(name);
        let Some(parameter) = parameter else {
            return CONSTANTS.iter().find(|(known, _)| *known == name).map(|(_, alg)| *alg);
        };
        if name == "KEY_AGREEMENT" {
            let (agreement, derivation) = parameter.split_once(',')?;
            let (agreement, derivation) = (Self::from_name(agreement)?, Self::from_name(derivation)?);
            let fits = agreement.is_standalone_key_agreement() && derivation.is_key_derivation();
            return fits.then(|| Self::key_agreement(agreement, derivation));
        }
        let hash = Self::from_name(parameter).filter(|hash| hash.is_hash())?;
        OF_A_HASH.iter().find(|(known, _)| *known == name).map(|(_, with)| with(hash))
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
            ("ECDSA(SHA_256)", 0x0600_0609),
            (" PSA_ALG_RSA_PSS ( PSA_ALG_SHA_512 ) ", 0x0600_030b),
            ("PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_ANY_HASH)", 0x0600_02ff),
            ("PSA_ALG_HMAC(PSA_ALG_SHA_1)", 0x0380_0005),
            ("PSA_ALG_CTR", 0x04c0_1000),
            ("PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_HKDF(PSA_ALG_SHA_256))", 0x0902_0109),
        ] {
            assert_eq!(Algorithm::from_name(text), Some(Algorithm(number)), "{text}");
        }
        for text in ["", "ECDSA", "ECDSA()", "ECDSA(SHA_256", "ECDSA(CTR)", "CTR()", "SHA_256)", "KEY_AGREEMENT(ECDH)"]
        {
            assert_eq!(Algorithm::from_name(text), None, "{text}");
        }
    }
}
