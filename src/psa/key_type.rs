//! Key types (PSA 1.5, sections 9.2 to 9.5 and appendix B).

use super::key_type_names::FamilyName;

/// The type of a key; its size is separate.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct KeyType(pub u16);

impl KeyType {
    /// `PSA_KEY_TYPE_NONE`: no type set.
    pub const NONE: Self = Self(0x0000);
    /// `PSA_KEY_TYPE_RAW_DATA`: bytes that no algorithm takes as its key.
    pub const RAW_DATA: Self = Self(0x1001);
    /// `PSA_KEY_TYPE_DERIVE`: a secret with enough entropy, to derive from.
    pub const DERIVE: Self = Self(0x1200);
    /// `PSA_KEY_TYPE_PASSWORD`: a secret with little entropy, to derive from.
    pub const PASSWORD: Self = Self(0x1203);
    /// `PSA_KEY_TYPE_PASSWORD_HASH`: a hash to compare a derived one with.
    pub const PASSWORD_HASH: Self = Self(0x1205);
    /// `PSA_KEY_TYPE_PEPPER`: a secret salt for the hashing of passwords.
    pub const PEPPER: Self = Self(0x1206);
    /// `PSA_KEY_TYPE_HMAC`: HMAC: any whole number of bytes.
    pub const HMAC: Self = Self(0x1100);
    /// `PSA_KEY_TYPE_AES`: 128, 192 or 256 bits; both keys, one after the other, for XTS.
    pub const AES: Self = Self(0x2400);
    /// `PSA_KEY_TYPE_ARIA`: 128, 192 or 256 bits; both keys, one after the other, for XTS.
    pub const ARIA: Self = Self(0x2406);
    /// `PSA_KEY_TYPE_DES`: 64, 128 or 192 bits for DES, two-key and three-key triple DES, parity bits included.
    pub const DES: Self = Self(0x2301);
    /// `PSA_KEY_TYPE_CAMELLIA`: 128, 192 or 256 bits; both keys, one after the other, for XTS.
    pub const CAMELLIA: Self = Self(0x2403);
    /// `PSA_KEY_TYPE_SM4`: 128 bits; both keys, one after the other, for XTS.
    pub const SM4: Self = Self(0x2405);
    /// `PSA_KEY_TYPE_ARC4`: 40 to 2048 bits, whole bytes.
    pub const ARC4: Self = Self(0x2002);
    /// `PSA_KEY_TYPE_CHACHA20`: 256 bits.
    pub const CHACHA20: Self = Self(0x2004);
    /// `PSA_KEY_TYPE_XCHACHA20`: 256 bits.
    pub const XCHACHA20: Self = Self(0x2007);
    /// `PSA_KEY_TYPE_ASCON`: 128 bits, or 256 with a key that masks the nonce.
    pub const ASCON: Self = Self(0x2008);
    /// `PSA_KEY_TYPE_BLAKE2`: keyed BLAKE2: 1 to 64 bytes, 32 at most for BLAKE2s and BLAKE2sp.
    pub const BLAKE2: Self = Self(0x1103);
    /// `PSA_KEY_TYPE_RSA_KEY_PAIR`: the DER of `RSAPrivateKey` (RFC 8017, appendix A.1.2).
    pub const RSA_KEY_PAIR: Self = Self(0x7001);
    /// `PSA_KEY_TYPE_RSA_PUBLIC_KEY`: the DER of `RSAPublicKey` (RFC 8017, appendix A.1.1).
    pub const RSA_PUBLIC_KEY: Self = Self(0x4001);
    /// `PSA_KEY_TYPE_LMS_PUBLIC_KEY`: `lms_public_key` of RFC 8554, section 5.3; size 192 or 256, of its hash.
    pub const LMS_PUBLIC_KEY: Self = Self(0x4007);
    /// `PSA_KEY_TYPE_HSS_PUBLIC_KEY`: `hss_public_key` of RFC 8554, section 6.1; size 192 or 256, of its hash.
    pub const HSS_PUBLIC_KEY: Self = Self(0x4008);
    /// `PSA_KEY_TYPE_XMSS_PUBLIC_KEY`: `xmss_public_key` of RFC 8391, appendix B.3; size 192 or 256, of its hash.
    pub const XMSS_PUBLIC_KEY: Self = Self(0x400b);
    /// `PSA_KEY_TYPE_XMSS_MT_PUBLIC_KEY`: `xmssmt_public_key` of RFC 8391, appendix C.3; size 192 or 256, of its hash.
    pub const XMSS_MT_PUBLIC_KEY: Self = Self(0x400d);
    /// `PSA_KEY_TYPE_ML_DSA_KEY_PAIR`: the seed of FIPS 204, 32 bytes; size 128, 192 or 256 for ML-DSA-44, -65, -87.
    pub const ML_DSA_KEY_PAIR: Self = Self(0x7002);
    /// `PSA_KEY_TYPE_ML_DSA_PUBLIC_KEY`: `pk` of FIPS 204: 1312, 1952 or 2592 bytes; size 128, 192 or 256.
    pub const ML_DSA_PUBLIC_KEY: Self = Self(0x4002);
    /// `PSA_KEY_TYPE_ML_KEM_KEY_PAIR`: the seeds `d` and `z` of FIPS 203, 64 bytes; size 512, 768 or 1024.
    pub const ML_KEM_KEY_PAIR: Self = Self(0x7004);
    /// `PSA_KEY_TYPE_ML_KEM_PUBLIC_KEY`: `ek` of FIPS 203: 800, 1184 or 1568 bytes; size 512, 768 or 1024.
    pub const ML_KEM_PUBLIC_KEY: Self = Self(0x4004);
}

// Types that are told by some of their bits (PSA 1.5, appendices B.2 and C.2).
predicates! {
    KeyType;

    /// True for key pairs and public keys.
    "PSA_KEY_TYPE_IS_ASYMMETRIC" is_asymmetric: 0x4000 => 0x4000;
    /// True for public keys.
    "PSA_KEY_TYPE_IS_PUBLIC_KEY" is_public_key: 0x7000 => 0x4000;
    /// True for key pairs.
    "PSA_KEY_TYPE_IS_KEY_PAIR" is_key_pair: 0x7000 => 0x7000;
    /// True for RSA key pairs and public keys.
    "PSA_KEY_TYPE_IS_RSA" is_rsa: 0xcfff => 0x4001;
    /// True for elliptic-curve key pairs and public keys.
    "PSA_KEY_TYPE_IS_ECC" is_ecc: 0xcf80 => 0x4100;
    /// True for elliptic-curve key pairs.
    "PSA_KEY_TYPE_IS_ECC_KEY_PAIR" is_ecc_key_pair: 0xff80 => 0x7100;
    /// True for elliptic-curve public keys.
    "PSA_KEY_TYPE_IS_ECC_PUBLIC_KEY" is_ecc_public_key: 0xff80 => 0x4100;
    /// True for finite-field Diffie-Hellman key pairs and public keys.
    "PSA_KEY_TYPE_IS_DH" is_dh: 0xcf80 => 0x4200;
    /// True for finite-field Diffie-Hellman key pairs.
    "PSA_KEY_TYPE_IS_DH_KEY_PAIR" is_dh_key_pair: 0xff80 => 0x7200;
    /// True for finite-field Diffie-Hellman public keys.
    "PSA_KEY_TYPE_IS_DH_PUBLIC_KEY" is_dh_public_key: 0xff80 => 0x4200;
    /// True for SLH-DSA key pairs and public keys.
    "PSA_KEY_TYPE_IS_SLH_DSA" is_slh_dsa: 0xcf80 => 0x4180;
    /// True for SLH-DSA key pairs.
    "PSA_KEY_TYPE_IS_SLH_DSA_KEY_PAIR" is_slh_dsa_key_pair: 0xff80 => 0x7180;
    /// True for SLH-DSA public keys.
    "PSA_KEY_TYPE_IS_SLH_DSA_PUBLIC_KEY" is_slh_dsa_public_key: 0xff80 => 0x4180;
    /// True for ML-DSA key pairs and public keys.
    "PSA_KEY_TYPE_IS_ML_DSA" is_ml_dsa: 0xcfff => 0x4002;
    /// True for ML-KEM key pairs and public keys.
    "PSA_KEY_TYPE_IS_ML_KEM" is_ml_kem: 0xcfff => 0x4004;
    /// True for SPAKE2+ key pairs and public keys.
    "PSA_KEY_TYPE_IS_SPAKE2P" is_spake2p: 0xcf80 => 0x4400;
    /// True for SPAKE2+ key pairs.
    "PSA_KEY_TYPE_IS_SPAKE2P_KEY_PAIR" is_spake2p_key_pair: 0xff80 => 0x7400;
    /// True for SPAKE2+ public keys.
    "PSA_KEY_TYPE_IS_SPAKE2P_PUBLIC_KEY" is_spake2p_public_key: 0xff80 => 0x4400;
    /// True for WPA3-SAE password tokens on elliptic curves.
    "PSA_KEY_TYPE_IS_WPA3_SAE_ECC" is_wpa3_sae_ecc: 0xff80 => 0x3280;
    /// True for WPA3-SAE password tokens in finite-field groups.
    "PSA_KEY_TYPE_IS_WPA3_SAE_DH" is_wpa3_sae_dh: 0xff80 => 0x3300;
}

/// Types made from a family, `macro name: family, base`, and the family of a type, `macro name -> family`.
macro_rules! with_family {
    ($($(#[$words:meta])+ $macro_name:literal $name:ident: $family:ident, $base:literal;)*) => {
        impl KeyType {$(
            #[doc = concat!("`", $macro_name, "`.")]
            $(#[$words])+
            pub const fn $name(family: $family) -> Self {
                Self($base | family.0 as u16 & FAMILY_MASK)
            }
        )*}

        /// The types that take a family: the name of the macro, what it adds the family to, and how families are called.
        pub(super) const OF_A_FAMILY: &[(&str, u16, FamilyName)] = &[$(($macro_name, $base, $family::name)),*];
    };
    ($($(#[$words:meta])+ $macro_name:literal $name:ident -> $family:ident;)*) => {
        impl KeyType {$(
            #[doc = concat!("`", $macro_name, "`.")]
            $(#[$words])+
            pub const fn $name(self) -> $family {
                $family((self.0 & FAMILY_MASK) as u8)
            }
        )*}
    };
}

/// Where asymmetric and structured types carry their family.
pub(super) const FAMILY_MASK: u16 = 0x007f;
/// What a key pair has more than its public key.
const PAIR_BITS: u16 = 0x3000;

with_family! {
    /// Private key: a big-endian integer (RFC 5915), the key of X25519 or X448 (RFC 7748), or that of EdDSA (RFC 8032).
    "PSA_KEY_TYPE_ECC_KEY_PAIR" ecc_key_pair: EccFamily, 0x7100;
    /// Public key: an uncompressed point (SEC 1), the key of X25519 or X448 (RFC 7748), or that of EdDSA (RFC 8032).
    "PSA_KEY_TYPE_ECC_PUBLIC_KEY" ecc_public_key: EccFamily, 0x4100;
    /// Private key: a big-endian integer, as long as the prime.
    "PSA_KEY_TYPE_DH_KEY_PAIR" dh_key_pair: DhFamily, 0x7200;
    /// Public key: a big-endian integer, as long as the prime.
    "PSA_KEY_TYPE_DH_PUBLIC_KEY" dh_public_key: DhFamily, 0x4200;
    /// The four parts of a private key (FIPS 205): 64, 96 or 128 bytes; size 128, 192 or 256.
    "PSA_KEY_TYPE_SLH_DSA_KEY_PAIR" slh_dsa_key_pair: SlhDsaFamily, 0x7180;
    /// `PK.seed` and `PK.root` (FIPS 205): 32, 48 or 64 bytes; size 128, 192 or 256.
    "PSA_KEY_TYPE_SLH_DSA_PUBLIC_KEY" slh_dsa_public_key: SlhDsaFamily, 0x4180;
    /// What the prover has, `w0` and `w1` (RFC 9383); the size is that of the curve.
    "PSA_KEY_TYPE_SPAKE2P_KEY_PAIR" spake2p_key_pair: EccFamily, 0x7400;
    /// What the verifier has, `w0` and `L` (RFC 9383); the size is that of the curve.
    "PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY" spake2p_public_key: EccFamily, 0x4400;
    /// Password token of WPA3-SAE: the coordinates of a point; the size is that of the curve.
    "PSA_KEY_TYPE_WPA3_SAE_ECC" wpa3_sae_ecc: EccFamily, 0x3280;
    /// Password token of WPA3-SAE: a group element, as long as the prime.
    "PSA_KEY_TYPE_WPA3_SAE_DH" wpa3_sae_dh: DhFamily, 0x3300;
}

with_family! {
    /// The family of an elliptic-curve key type.
    "PSA_KEY_TYPE_ECC_GET_FAMILY" ecc_get_family -> EccFamily;
    /// The family of a finite-field Diffie-Hellman key type.
    "PSA_KEY_TYPE_DH_GET_FAMILY" dh_get_family -> DhFamily;
    /// The family of an SLH-DSA key type.
    "PSA_KEY_TYPE_SLH_DSA_GET_FAMILY" slh_dsa_get_family -> SlhDsaFamily;
    /// The family of a SPAKE2+ key type.
    "PSA_KEY_TYPE_SPAKE2P_GET_FAMILY" spake2p_get_family -> EccFamily;
    /// The family of a WPA3-SAE password token on an elliptic curve.
    "PSA_KEY_TYPE_WPA3_SAE_ECC_GET_FAMILY" wpa3_sae_ecc_get_family -> EccFamily;
    /// The family of a WPA3-SAE password token in a finite-field group.
    "PSA_KEY_TYPE_WPA3_SAE_DH_GET_FAMILY" wpa3_sae_dh_get_family -> DhFamily;
}

impl KeyType {
    /// `PSA_KEY_TYPE_IS_UNSTRUCTURED`: the material is bytes without a format.
    pub const fn is_unstructured(self) -> bool {
        matches!(self.0 & 0x7000, 0x1000 | 0x2000)
    }

    /// `PSA_KEY_TYPE_KEY_PAIR_OF_PUBLIC_KEY`.
    pub const fn key_pair_of_public_key(self) -> Self {
        Self(self.0 | PAIR_BITS)
    }

    /// `PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR`.
    pub const fn public_key_of_key_pair(self) -> Self {
        Self(self.0 & !PAIR_BITS)
    }

    /// `PSA_BLOCK_CIPHER_BLOCK_LENGTH`: in bytes, 1 for a stream cipher; meaningless for other types.
    pub const fn block_cipher_block_length(self) -> usize {
        1 << (self.0 >> 8 & 7)
    }

    /// True for keys of ciphers: block ciphers, stream ciphers and Ascon.
    pub const fn is_symmetric_cipher(self) -> bool {
        self.0 & 0x7000 == 0x2000
    }

    /// True for keys of block ciphers.
    pub const fn is_block_cipher(self) -> bool {
        self.is_symmetric_cipher() && self.block_cipher_block_length() > 1
    }
}

/// A family of elliptic curves.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct EccFamily(pub u8);

impl EccFamily {
    /// `PSA_ECC_FAMILY_SECP_K1`: `secp192k1` and `secp256k1`.
    pub const SECP_K1: Self = Self(0x17);
    /// `PSA_ECC_FAMILY_SECP_R1`: `secp192r1` to `secp521r1`, the P curves of NIST.
    pub const SECP_R1: Self = Self(0x12);
    /// `PSA_ECC_FAMILY_SECP_R2`: `secp160r2`; in no place of this library.
    pub const SECP_R2: Self = Self(0x1b);
    /// `PSA_ECC_FAMILY_SECT_K1`: binary Koblitz curves; in no place of this library.
    pub const SECT_K1: Self = Self(0x27);
    /// `PSA_ECC_FAMILY_SECT_R1`: binary random curves; in no place of this library.
    pub const SECT_R1: Self = Self(0x22);
    /// `PSA_ECC_FAMILY_SECT_R2`: `sect163r2`; in no place of this library.
    pub const SECT_R2: Self = Self(0x2b);
    /// `PSA_ECC_FAMILY_BRAINPOOL_P_R1`: `brainpoolP160r1` to `brainpoolP512r1` (RFC 5639).
    pub const BRAINPOOL_P_R1: Self = Self(0x30);
    /// `PSA_ECC_FAMILY_FRP`: FRP256v1; in no place of this library.
    pub const FRP: Self = Self(0x33);
    /// `PSA_ECC_FAMILY_MONTGOMERY`: Curve25519 (255 bits) and Curve448 (448 bits), for key agreement.
    pub const MONTGOMERY: Self = Self(0x41);
    /// `PSA_ECC_FAMILY_TWISTED_EDWARDS`: Edwards25519 (255 bits) and Edwards448 (448 bits), for signatures.
    pub const TWISTED_EDWARDS: Self = Self(0x42);
}

/// A family of finite-field groups.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DhFamily(pub u8);

impl DhFamily {
    /// `PSA_DH_FAMILY_RFC7919`: the groups of TLS (RFC 7919): 2048, 3072, 4096, 6144 or 8192 bits.
    pub const RFC7919: Self = Self(0x03);
    /// `PSA_DH_FAMILY_RFC3526`: the MODP groups of IKE (RFC 3526): 2048, 3072, 4096, 6144 or 8192 bits.
    pub const RFC3526: Self = Self(0x05);
}

/// A family of SLH-DSA parameter sets.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SlhDsaFamily(pub u8);

impl SlhDsaFamily {
    /// `PSA_SLH_DSA_FAMILY_SHA2_S`: with SHA-2, small signatures; size 128, 192 or 256.
    pub const SHA2_S: Self = Self(0x02);
    /// `PSA_SLH_DSA_FAMILY_SHA2_F`: with SHA-2, fast signing; size 128, 192 or 256.
    pub const SHA2_F: Self = Self(0x04);
    /// `PSA_SLH_DSA_FAMILY_SHAKE_S`: with SHAKE256, small signatures; size 128, 192 or 256.
    pub const SHAKE_S: Self = Self(0x0b);
    /// `PSA_SLH_DSA_FAMILY_SHAKE_F`: with SHAKE256, fast signing; size 128, 192 or 256.
    pub const SHAKE_F: Self = Self(0x0d);
}
