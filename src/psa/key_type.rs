//! Key types (PSA 1.5, sections 9.2 to 9.5 and appendix B).

/// The type of a key; its size is separate.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct KeyType(pub u16);

impl KeyType {
    /// `PSA_KEY_TYPE_NONE`.
    pub const NONE: Self = Self(0x0000);
    /// `PSA_KEY_TYPE_RAW_DATA`.
    pub const RAW_DATA: Self = Self(0x1001);
    /// `PSA_KEY_TYPE_DERIVE`.
    pub const DERIVE: Self = Self(0x1200);
    /// `PSA_KEY_TYPE_PASSWORD`.
    pub const PASSWORD: Self = Self(0x1203);
    /// `PSA_KEY_TYPE_PASSWORD_HASH`.
    pub const PASSWORD_HASH: Self = Self(0x1205);
    /// `PSA_KEY_TYPE_PEPPER`.
    pub const PEPPER: Self = Self(0x1206);
    /// `PSA_KEY_TYPE_HMAC`.
    pub const HMAC: Self = Self(0x1100);
    /// `PSA_KEY_TYPE_AES`.
    pub const AES: Self = Self(0x2400);
    /// `PSA_KEY_TYPE_ARIA`.
    pub const ARIA: Self = Self(0x2406);
    /// `PSA_KEY_TYPE_DES`.
    pub const DES: Self = Self(0x2301);
    /// `PSA_KEY_TYPE_CAMELLIA`.
    pub const CAMELLIA: Self = Self(0x2403);
    /// `PSA_KEY_TYPE_SM4`.
    pub const SM4: Self = Self(0x2405);
    /// `PSA_KEY_TYPE_ARC4`.
    pub const ARC4: Self = Self(0x2002);
    /// `PSA_KEY_TYPE_CHACHA20`.
    pub const CHACHA20: Self = Self(0x2004);
    /// `PSA_KEY_TYPE_XCHACHA20`.
    pub const XCHACHA20: Self = Self(0x2007);
    /// `PSA_KEY_TYPE_ASCON`.
    pub const ASCON: Self = Self(0x2008);
    /// `PSA_KEY_TYPE_BLAKE2`.
    pub const BLAKE2: Self = Self(0x1103);
    /// `PSA_KEY_TYPE_RSA_KEY_PAIR`.
    pub const RSA_KEY_PAIR: Self = Self(0x7001);
    /// `PSA_KEY_TYPE_RSA_PUBLIC_KEY`.
    pub const RSA_PUBLIC_KEY: Self = Self(0x4001);
    /// `PSA_KEY_TYPE_LMS_PUBLIC_KEY`.
    pub const LMS_PUBLIC_KEY: Self = Self(0x4007);
    /// `PSA_KEY_TYPE_HSS_PUBLIC_KEY`.
    pub const HSS_PUBLIC_KEY: Self = Self(0x4008);
    /// `PSA_KEY_TYPE_XMSS_PUBLIC_KEY`.
    pub const XMSS_PUBLIC_KEY: Self = Self(0x400b);
    /// `PSA_KEY_TYPE_XMSS_MT_PUBLIC_KEY`.
    pub const XMSS_MT_PUBLIC_KEY: Self = Self(0x400d);
    /// `PSA_KEY_TYPE_ML_DSA_KEY_PAIR`.
    pub const ML_DSA_KEY_PAIR: Self = Self(0x7002);
    /// `PSA_KEY_TYPE_ML_DSA_PUBLIC_KEY`.
    pub const ML_DSA_PUBLIC_KEY: Self = Self(0x4002);
    /// `PSA_KEY_TYPE_ML_KEM_KEY_PAIR`.
    pub const ML_KEM_KEY_PAIR: Self = Self(0x7004);
    /// `PSA_KEY_TYPE_ML_KEM_PUBLIC_KEY`.
    pub const ML_KEM_PUBLIC_KEY: Self = Self(0x4004);
}

/// A family of elliptic curves.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct EccFamily(pub u8);

impl EccFamily {
    /// `PSA_ECC_FAMILY_SECP_K1`.
    pub const SECP_K1: Self = Self(0x17);
    /// `PSA_ECC_FAMILY_SECP_R1`.
    pub const SECP_R1: Self = Self(0x12);
    /// `PSA_ECC_FAMILY_SECP_R2`.
    pub const SECP_R2: Self = Self(0x1b);
    /// `PSA_ECC_FAMILY_SECT_K1`.
    pub const SECT_K1: Self = Self(0x27);
    /// `PSA_ECC_FAMILY_SECT_R1`.
    pub const SECT_R1: Self = Self(0x22);
    /// `PSA_ECC_FAMILY_SECT_R2`.
    pub const SECT_R2: Self = Self(0x2b);
    /// `PSA_ECC_FAMILY_BRAINPOOL_P_R1`.
    pub const BRAINPOOL_P_R1: Self = Self(0x30);
    /// `PSA_ECC_FAMILY_FRP`.
    pub const FRP: Self = Self(0x33);
    /// `PSA_ECC_FAMILY_MONTGOMERY`.
    pub const MONTGOMERY: Self = Self(0x41);
    /// `PSA_ECC_FAMILY_TWISTED_EDWARDS`.
    pub const TWISTED_EDWARDS: Self = Self(0x42);
}

/// A family of finite-field groups.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DhFamily(pub u8);

impl DhFamily {
    /// `PSA_DH_FAMILY_RFC7919`.
    pub const RFC7919: Self = Self(0x03);
    /// `PSA_DH_FAMILY_RFC3526`.
    pub const RFC3526: Self = Self(0x05);
}

/// A family of SLH-DSA parameter sets.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SlhDsaFamily(pub u8);

impl SlhDsaFamily {
    /// `PSA_SLH_DSA_FAMILY_SHA2_S`.
    pub const SHA2_S: Self = Self(0x02);
    /// `PSA_SLH_DSA_FAMILY_SHA2_F`.
    pub const SHA2_F: Self = Self(0x04);
    /// `PSA_SLH_DSA_FAMILY_SHAKE_S`.
    pub const SHAKE_S: Self = Self(0x0b);
    /// `PSA_SLH_DSA_FAMILY_SHAKE_F`.
    pub const SHAKE_F: Self = Self(0x0d);
}
