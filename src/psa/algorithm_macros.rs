//! The function-like macros on algorithms (PSA 1.5, chapter 10 and appendix C.1).
//!
//! An identifier has its category in bits 24 to 30, the hash that parameterizes it in the lowest byte, and for MAC
//! and AEAD a length in bits 16 to 21 with the mark "at least" in bit 15 (appendix B.1).

use super::Algorithm;

/// Category of hashes; with a hash's low byte it is the hash.
const HASH_CATEGORY: u32 = 0x0200_0000;
/// Where compound algorithms carry their hash.
pub(super) const HASH_MASK: u32 = 0x0000_00ff;
/// Where MAC and AEAD algorithms carry a length, with the mark of the wildcards.
const LENGTH_FIELD: u32 = 0x003f_8000;
/// Marks the wildcards of a minimum length.
const AT_LEAST: u32 = 0x0000_8000;
/// What a deterministic signature algorithm has and its randomized twin has not.
const DETERMINISTIC: u32 = 0x0000_0100;
/// Part of a combined algorithm that is the agreement.
const AGREEMENT_MASK: u32 = 0xff7f_0000;
/// Part of a combined algorithm that is the derivation.
const DERIVATION_MASK: u32 = 0xfe80_ffff;

// Algorithms that are told by some of their bits.
predicates! {
    Algorithm;

    /// True for hashes.
    "PSA_ALG_IS_HASH" is_hash: 0x7f000000 => 0x02000000;
    /// True for extendable-output functions.
    "PSA_ALG_IS_XOF" is_xof: 0x7f000000 => 0x0d000000;
    /// True for MACs.
    "PSA_ALG_IS_MAC" is_mac: 0x7f000000 => 0x03000000;
    /// True for ciphers without authentication.
    "PSA_ALG_IS_CIPHER" is_cipher: 0x7f000000 => 0x04000000;
    /// True for AEAD: authenticated encryption with associated data.
    "PSA_ALG_IS_AEAD" is_aead: 0x7f000000 => 0x05000000;
    /// True for signatures.
    "PSA_ALG_IS_SIGN" is_sign: 0x7f000000 => 0x06000000;
    /// True for asymmetric encryption.
    "PSA_ALG_IS_ASYMMETRIC_ENCRYPTION" is_asymmetric_encryption: 0x7f000000 => 0x07000000;
    /// True for key derivations.
    "PSA_ALG_IS_KEY_DERIVATION" is_key_derivation: 0x7f000000 => 0x08000000;
    /// True for key agreements, alone or combined with a derivation.
    "PSA_ALG_IS_KEY_AGREEMENT" is_key_agreement: 0x7f000000 => 0x09000000;
    /// True for password-authenticated key exchanges.
    "PSA_ALG_IS_PAKE" is_pake: 0x7f000000 => 0x0a000000;
    /// True for key wrapping.
    "PSA_ALG_IS_KEY_WRAP" is_key_wrap: 0x7f000000 => 0x0b000000;
    /// True for key encapsulations.
    "PSA_ALG_IS_KEY_ENCAPSULATION" is_key_encapsulation: 0x7f000000 => 0x0c000000;

    /// True for the hashes of BLAKE2.
    "PSA_ALG_IS_BLAKE2_HASH" is_blake2_hash: 0x7ffffffc => 0x0200001c;
    /// True for the extendable-output functions that take a context; means nothing for other algorithms.
    "PSA_ALG_XOF_HAS_CONTEXT" xof_has_context: 0x00008000 => 0x00008000;

    /// True for HMAC with any hash, truncated or not.
    "PSA_ALG_IS_HMAC" is_hmac: 0x7fc0ff00 => 0x03800000;
    /// True for keyed BLAKE2, truncated or not.
    "PSA_ALG_IS_BLAKE2_MAC" is_blake2_mac: 0x7fc0ff00 => 0x03800300;
    /// True for MACs made of a block cipher: CBC-MAC and CMAC.
    "PSA_ALG_IS_BLOCK_CIPHER_MAC" is_block_cipher_mac: 0x7fc00000 => 0x03c00000;

    /// True for stream ciphers, and for modes that make one of a block cipher, such as CTR.
    "PSA_ALG_IS_STREAM_CIPHER" is_stream_cipher: 0x7f800000 => 0x04800000;
    /// True for AEAD made of a block cipher: CCM and GCM.
    "PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER" is_aead_on_block_cipher: 0x7f400000 => 0x05400000;

    /// True for key derivations that take a password.
    "PSA_ALG_IS_KEY_DERIVATION_STRETCHING" is_key_derivation_stretching: 0x7f800000 => 0x08800000;
    /// True for HKDF with any hash.
    "PSA_ALG_IS_HKDF" is_hkdf: 0xffffff00 => 0x08000100;
    /// True for HKDF-Extract with any hash.
    "PSA_ALG_IS_HKDF_EXTRACT" is_hkdf_extract: 0xffffff00 => 0x08000400;
    /// True for HKDF-Expand with any hash.
    "PSA_ALG_IS_HKDF_EXPAND" is_hkdf_expand: 0xffffff00 => 0x08000500;
    /// True for the counter mode of NIST SP 800-108 over HMAC with any hash.
    "PSA_ALG_IS_SP800_108_COUNTER_HMAC" is_sp800_108_counter_hmac: 0xffffff00 => 0x08000700;
    /// True for the PRF of TLS 1.2 with any hash.
    "PSA_ALG_IS_TLS12_PRF" is_tls12_prf: 0xffffff00 => 0x08000200;
    /// True for the TLS 1.2 derivation from a pre-shared key, with any hash.
    "PSA_ALG_IS_TLS12_PSK_TO_MS" is_tls12_psk_to_ms: 0xffffff00 => 0x08000300;
    /// True for PBKDF2 over HMAC with any hash.
    "PSA_ALG_IS_PBKDF2_HMAC" is_pbkdf2_hmac: 0xffffff00 => 0x08800100;
    /// True for the derivation of a WPA3-SAE password token, with any hash.
    "PSA_ALG_IS_WPA3_SAE_H2E" is_wpa3_sae_h2e: 0xffffff00 => 0x08800400;

    /// True for RSA PKCS #1 v1.5 signatures, raw or with any hash.
    "PSA_ALG_IS_RSA_PKCS1V15_SIGN" is_rsa_pkcs1v15_sign: 0xffffff00 => 0x06000200;
    /// True for RSA-PSS with any hash, whichever salts it verifies.
    "PSA_ALG_IS_RSA_PSS" is_rsa_pss: 0xffffef00 => 0x06000300;
    /// True for RSA-PSS that verifies salts of the standard length only.
    "PSA_ALG_IS_RSA_PSS_STANDARD_SALT" is_rsa_pss_standard_salt: 0xffffff00 => 0x06000300;
    /// True for RSA-PSS that verifies salts of any length.
    "PSA_ALG_IS_RSA_PSS_ANY_SALT" is_rsa_pss_any_salt: 0xffffff00 => 0x06001300;
    /// True for ECDSA, randomized or deterministic.
    "PSA_ALG_IS_ECDSA" is_ecdsa: 0xfffffe00 => 0x06000600;
    /// True for ECDSA with a random nonce.
    "PSA_ALG_IS_RANDOMIZED_ECDSA" is_randomized_ecdsa: 0xffffff00 => 0x06000600;
    /// True for deterministic ECDSA.
    "PSA_ALG_IS_DETERMINISTIC_ECDSA" is_deterministic_ecdsa: 0xffffff00 => 0x06000700;
    /// True for HashEdDSA: Ed25519ph and Ed448ph.
    "PSA_ALG_IS_HASH_EDDSA" is_hash_eddsa: 0xffffff00 => 0x06000900;
    /// True for SLH-DSA without a hash in front, hedged or deterministic.
    "PSA_ALG_IS_SLH_DSA" is_slh_dsa: 0xfffffeff => 0x06004000;
    /// True for HashSLH-DSA, hedged or deterministic.
    "PSA_ALG_IS_HASH_SLH_DSA" is_hash_slh_dsa: 0xfffffe00 => 0x06004200;
    /// True for hedged HashSLH-DSA.
    "PSA_ALG_IS_HEDGED_HASH_SLH_DSA" is_hedged_hash_slh_dsa: 0xffffff00 => 0x06004200;
    /// True for deterministic HashSLH-DSA.
    "PSA_ALG_IS_DETERMINISTIC_HASH_SLH_DSA" is_deterministic_hash_slh_dsa: 0xffffff00 => 0x06004300;
    /// True for ML-DSA without a hash in front, hedged or deterministic.
    "PSA_ALG_IS_ML_DSA" is_ml_dsa: 0xfffffeff => 0x06004400;
    /// True for HashML-DSA, hedged or deterministic.
    "PSA_ALG_IS_HASH_ML_DSA" is_hash_ml_dsa: 0xfffffe00 => 0x06004600;
    /// True for hedged HashML-DSA.
    "PSA_ALG_IS_HEDGED_HASH_ML_DSA" is_hedged_hash_ml_dsa: 0xffffff00 => 0x06004600;
    /// True for deterministic HashML-DSA.
    "PSA_ALG_IS_DETERMINISTIC_HASH_ML_DSA" is_deterministic_hash_ml_dsa: 0xffffff00 => 0x06004700;

    /// True for RSA-OAEP with any hash.
    "PSA_ALG_IS_RSA_OAEP" is_rsa_oaep: 0xffffff00 => 0x07000300;

    /// True for key agreements alone, without a derivation.
    "PSA_ALG_IS_STANDALONE_KEY_AGREEMENT" is_standalone_key_agreement: 0x7f00ffff => 0x09000000;
    /// The old name of `PSA_ALG_IS_STANDALONE_KEY_AGREEMENT()`.
    "PSA_ALG_IS_RAW_KEY_AGREEMENT" is_raw_key_agreement: 0x7f00ffff => 0x09000000;
    /// True for finite-field Diffie-Hellman, alone or combined with a derivation.
    "PSA_ALG_IS_FFDH" is_ffdh: 0x7fff0000 => 0x09010000;
    /// True for elliptic-curve Diffie-Hellman, alone or combined with a derivation.
    "PSA_ALG_IS_ECDH" is_ecdh: 0x7fff0000 => 0x09020000;

    /// True for J-PAKE with any hash.
    "PSA_ALG_IS_JPAKE" is_jpake: 0xffffff00 => 0x0a000100;
    /// True for SPAKE2+, that of Matter too.
    "PSA_ALG_IS_SPAKE2P" is_spake2p: 0xfffffc00 => 0x0a000400;
    /// True for SPAKE2+ with HMAC as key confirmation.
    "PSA_ALG_IS_SPAKE2P_HMAC" is_spake2p_hmac: 0xffffff00 => 0x0a000400;
    /// True for SPAKE2+ with CMAC as key confirmation.
    "PSA_ALG_IS_SPAKE2P_CMAC" is_spake2p_cmac: 0xffffff00 => 0x0a000500;
    /// True for WPA3-SAE, whichever the size of its key.
    "PSA_ALG_IS_WPA3_SAE" is_wpa3_sae: 0xfffffe00 => 0x0a000800;
    /// True for WPA3-SAE with a key of fixed size.
    "PSA_ALG_IS_WPA3_SAE_FIXED" is_wpa3_sae_fixed: 0xffffff00 => 0x0a000800;
    /// True for WPA3-SAE with a key whose size follows from the group.
    "PSA_ALG_IS_WPA3_SAE_GDH" is_wpa3_sae_gdh: 0xffffff00 => 0x0a000900;
}

/// Algorithms that take a hash: `macro name: base`.
macro_rules! constructors {
    ($($(#[$words:meta])+ $macro_name:literal $name:ident: $base:literal;)*) => {
        impl Algorithm {$(
            #[doc = concat!("`", $macro_name, "` with this hash.")]
            $(#[$words])+
            pub const fn $name(hash: Self) -> Self {
                Self($base | hash.0 & HASH_MASK)
            }
        )*}

        /// The algorithms that take a hash: the name of the macro, and what it adds the hash to.
        pub(super) const OF_A_HASH: &[(&str, u32)] = &[$(($macro_name, $base)),*];
    };
}

constructors! {
    /// HMAC (RFC 2104); the tag is as long as the hash, unless it is truncated.
    "PSA_ALG_HMAC" hmac: 0x03800000;
    /// Keyed BLAKE2 (RFC 7693), with a hash of BLAKE2; the tag is as long as the hash, unless it is truncated.
    "PSA_ALG_BLAKE2_MAC" blake2_mac: 0x03800300;
    /// HKDF (RFC 5869): up to 255 times the length of the hash.
    "PSA_ALG_HKDF" hkdf: 0x08000100;
    /// The first half of HKDF (RFC 5869): as many bytes as the hash has.
    "PSA_ALG_HKDF_EXTRACT" hkdf_extract: 0x08000400;
    /// The second half of HKDF (RFC 5869): up to 255 times the length of the hash.
    "PSA_ALG_HKDF_EXPAND" hkdf_expand: 0x08000500;
    /// Derivation in counter mode with HMAC (NIST SP 800-108).
    "PSA_ALG_SP800_108_COUNTER_HMAC" sp800_108_counter_hmac: 0x08000700;
    /// The pseudorandom function of TLS 1.2 (RFC 5246, section 5).
    "PSA_ALG_TLS12_PRF" tls12_prf: 0x08000200;
    /// From a pre-shared key to the master secret of TLS 1.2, 48 bytes (RFC 4279, section 2).
    "PSA_ALG_TLS12_PSK_TO_MS" tls12_psk_to_ms: 0x08000300;
    /// PBKDF2 with HMAC (RFC 8018, section 5.2).
    "PSA_ALG_PBKDF2_HMAC" pbkdf2_hmac: 0x08800100;
    /// From a password to the token of WPA3-SAE, by hash-to-element; it gives one key.
    "PSA_ALG_WPA3_SAE_H2E" wpa3_sae_h2e: 0x08800400;
    /// RSA signature with the padding of PKCS #1 v1.5 (RFC 8017, section 8.2), as long as the modulus.
    "PSA_ALG_RSA_PKCS1V15_SIGN" rsa_pkcs1v15_sign: 0x06000200;
    /// RSA-PSS (RFC 8017, section 8.1): the salt is as long as the hash, or as long as fits.
    "PSA_ALG_RSA_PSS" rsa_pss: 0x06000300;
    /// RSA-PSS (RFC 8017, section 8.1): signs as `PSA_ALG_RSA_PSS()` does, and verifies salts of any length.
    "PSA_ALG_RSA_PSS_ANY_SALT" rsa_pss_any_salt: 0x06001300;
    /// ECDSA with a random nonce (SEC 1): the signature is `r` and `s`, each as long as the order of the curve.
    "PSA_ALG_ECDSA" ecdsa: 0x06000600;
    /// ECDSA with a nonce made from key and hash (RFC 6979); verified as any other ECDSA.
    "PSA_ALG_DETERMINISTIC_ECDSA" deterministic_ecdsa: 0x06000700;
    /// Hedged SLH-DSA of a hash (FIPS 205, section 10.2).
    "PSA_ALG_HASH_SLH_DSA" hash_slh_dsa: 0x06004200;
    /// Deterministic SLH-DSA of a hash (FIPS 205, section 10.2).
    "PSA_ALG_DETERMINISTIC_HASH_SLH_DSA" deterministic_hash_slh_dsa: 0x06004300;
    /// Hedged ML-DSA of a hash (FIPS 204, section 5.4).
    "PSA_ALG_HASH_ML_DSA" hash_ml_dsa: 0x06004600;
    /// Deterministic ML-DSA of a hash (FIPS 204, section 5.4).
    "PSA_ALG_DETERMINISTIC_HASH_ML_DSA" deterministic_hash_ml_dsa: 0x06004700;
    /// RSA-OAEP (RFC 8017, section 7.1), with this hash also in the mask.
    "PSA_ALG_RSA_OAEP" rsa_oaep: 0x07000300;
    /// J-PAKE (RFC 8236).
    "PSA_ALG_JPAKE" jpake: 0x0a000100;
    /// SPAKE2+ with HMAC as key confirmation (RFC 9383).
    "PSA_ALG_SPAKE2P_HMAC" spake2p_hmac: 0x0a000400;
    /// SPAKE2+ with CMAC of AES-128 as key confirmation (RFC 9383).
    "PSA_ALG_SPAKE2P_CMAC" spake2p_cmac: 0x0a000500;
    /// WPA3-SAE (IEEE 802.11, section 12.4) with a key of 32 bytes.
    "PSA_ALG_WPA3_SAE_FIXED" wpa3_sae_fixed: 0x0a000800;
    /// WPA3-SAE (IEEE 802.11, section 12.4) with a key as long as the hash of its group.
    "PSA_ALG_WPA3_SAE_GDH" wpa3_sae_gdh: 0x0a000900;
}

/// Algorithms in general.
impl Algorithm {
    /// `PSA_ALG_GET_HASH`: the hash that parameterizes the algorithm, or `NONE`.
    pub const fn get_hash(self) -> Self {
        match self.0 & HASH_MASK {
            0 => Self::NONE,
            hash => Self(HASH_CATEGORY | hash),
        }
    }

    /// `PSA_ALG_IS_WILDCARD`: good for a policy, not for an operation.
    pub const fn is_wildcard(self) -> bool {
        matches!(self.get_hash(), Self::ANY_HASH)
            || self.is_at_least_this_length_mac()
            || self.is_at_least_this_length_aead()
            || matches!(self, Self::CCM_STAR_ANY_TAG)
    }

    const fn with_length(self, length: usize) -> Self {
        Self(self.0 & !LENGTH_FIELD | (length as u32 & 0x3f) << 16)
    }

    const fn encoded_length(self) -> usize {
        (self.0 >> 16 & 0x3f) as usize
    }
}

/// Message authentication codes and authenticated encryption (PSA 1.5, sections 10.4.1 and 10.6.1).
impl Algorithm {
    /// `PSA_ALG_TRUNCATED_MAC`.
    pub const fn truncated_mac(self, length: usize) -> Self {
        self.with_length(length)
    }

    /// `PSA_ALG_FULL_LENGTH_MAC`: neither truncated nor a wildcard.
    pub const fn full_length_mac(self) -> Self {
        Self(self.0 & !LENGTH_FIELD)
    }

    /// `PSA_ALG_AT_LEAST_THIS_LENGTH_MAC`. As in appendix C.1, [`Algorithm::is_hmac`] is not true of such a wildcard;
    /// ask the [`Algorithm::full_length_mac`].
    pub const fn at_least_this_length_mac(self, minimum: usize) -> Self {
        Self(self.with_length(minimum).0 | AT_LEAST)
    }

    /// True for a wildcard made by [`Algorithm::at_least_this_length_mac`].
    pub const fn is_at_least_this_length_mac(self) -> bool {
        self.is_mac() && self.0 & AT_LEAST != 0
    }

    /// The length that a MAC algorithm is truncated to (of a wildcard: the minimum), 0 for the full length.
    pub const fn mac_truncated_length(self) -> usize {
        self.encoded_length()
    }

    /// `PSA_ALG_AEAD_WITH_SHORTENED_TAG`.
    pub const fn aead_with_shortened_tag(self, length: usize) -> Self {
        self.with_length(length)
    }

    /// `PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG`: for any GCM it is `GCM`, and so on; `NONE` if not known.
    pub const fn aead_with_default_length_tag(self) -> Self {
        match self.0 & !LENGTH_FIELD {
            0x0540_0100 => Self::CCM,
            0x0540_0200 => Self::GCM,
            0x0500_0500 => Self::CHACHA20_POLY1305,
            0x0500_0600 => Self::XCHACHA20_POLY1305,
            0x0500_0700 => Self::ASCON_AEAD128,
            _ => Self::NONE,
        }
    }

    /// The AEAD algorithm without its tag length, to be compared with `Algorithm::GCM` and so on.
    pub const fn aead_base(self) -> Self {
        self.aead_with_default_length_tag()
    }

    /// `PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG`.
    pub const fn aead_with_at_least_this_length_tag(self, minimum: usize) -> Self {
        Self(self.with_length(minimum).0 | AT_LEAST)
    }

    /// True for a wildcard made by [`Algorithm::aead_with_at_least_this_length_tag`].
    pub const fn is_at_least_this_length_aead(self) -> bool {
        self.is_aead() && self.0 & AT_LEAST != 0
    }

    /// The tag length that an AEAD algorithm encodes; of a wildcard: the minimum.
    pub const fn aead_tag_length(self) -> usize {
        self.encoded_length()
    }
}

/// Signatures (PSA 1.5, section 10.9).
impl Algorithm {
    /// `PSA_ALG_IS_HASH_AND_SIGN`: signing a message is signing its hash.
    pub const fn is_hash_and_sign(self) -> bool {
        self.is_rsa_pss()
            || self.is_rsa_pkcs1v15_sign()
            || self.is_ecdsa()
            || self.is_hash_eddsa()
            || self.is_hash_ml_dsa()
            || self.is_hash_slh_dsa()
    }

    /// `PSA_ALG_IS_SIGN_HASH`.
    pub const fn is_sign_hash(self) -> bool {
        self.is_hash_and_sign() || matches!(self, Self::RSA_PKCS1V15_SIGN_RAW | Self::ECDSA_ANY)
    }

    /// `PSA_ALG_IS_SIGN_MESSAGE`.
    pub const fn is_sign_message(self) -> bool {
        self.is_sign() && !matches!(self, Self::RSA_PKCS1V15_SIGN_RAW | Self::ECDSA_ANY)
    }

    /// The randomized (or hedged) twin of a deterministic algorithm, which makes the same signatures for those who verify
    /// them; any other algorithm is what it was (appendix B.1).
    pub const fn randomized(self) -> Self {
        let has_twin =
            self.is_ecdsa() || self.is_slh_dsa() || self.is_hash_slh_dsa() || self.is_ml_dsa() || self.is_hash_ml_dsa();
        if has_twin { Self(self.0 & !DETERMINISTIC) } else { self }
    }

    /// True where a message to be signed may come in parts (PSA 1.5, sections 10.9.3 to 10.9.5); to be verified, it always
    /// may.
    pub const fn signs_in_parts(self) -> bool {
        self.is_sign_message() && (self.is_hash_and_sign() || self.is_ml_dsa())
    }

    /// `PSA_ALG_SIGN_SUPPORTS_CONTEXT`.
    pub const fn sign_supports_context(self) -> bool {
        matches!(self, Self::EDDSA_CTX)
            || self.is_hash_eddsa()
            || self.is_slh_dsa()
            || self.is_hash_slh_dsa()
            || self.is_ml_dsa()
            || self.is_hash_ml_dsa()
    }
}

/// Key agreement (PSA 1.5, section 10.11).
impl Algorithm {
    /// `PSA_ALG_KEY_AGREEMENT`: an agreement whose secret goes into a derivation.
    pub const fn key_agreement(agreement: Self, derivation: Self) -> Self {
        Self(agreement.0 | derivation.0)
    }

    /// `PSA_ALG_KEY_AGREEMENT_GET_BASE`: the agreement alone.
    pub const fn key_agreement_get_base(self) -> Self {
        Self(self.0 & AGREEMENT_MASK)
    }

    /// `PSA_ALG_KEY_AGREEMENT_GET_KDF`: the derivation alone.
    pub const fn key_agreement_get_kdf(self) -> Self {
        Self(self.0 & DERIVATION_MASK)
    }
}
