//! Algorithm identifiers (PSA 1.5, chapter 10 and appendix B).

/// An algorithm, with the parameters that its identifier encodes.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Algorithm(pub u32);

impl Algorithm {
    /// `PSA_ALG_NONE`.
    pub const NONE: Self = Self(0);
    /// `PSA_ALG_MD2`.
    pub const MD2: Self = Self(0x02000001);
    /// `PSA_ALG_MD4`.
    pub const MD4: Self = Self(0x02000002);
    /// `PSA_ALG_MD5`.
    pub const MD5: Self = Self(0x02000003);
    /// `PSA_ALG_RIPEMD160`.
    pub const RIPEMD160: Self = Self(0x02000004);
    /// `PSA_ALG_AES_MMO_ZIGBEE`.
    pub const AES_MMO_ZIGBEE: Self = Self(0x02000007);
    /// `PSA_ALG_SHA_1`.
    pub const SHA_1: Self = Self(0x02000005);
    /// `PSA_ALG_SHA_224`.
    pub const SHA_224: Self = Self(0x02000008);
    /// `PSA_ALG_SHA_256`.
    pub const SHA_256: Self = Self(0x02000009);
    /// `PSA_ALG_SHA_384`.
    pub const SHA_384: Self = Self(0x0200000a);
    /// `PSA_ALG_SHA_512`.
    pub const SHA_512: Self = Self(0x0200000b);
    /// `PSA_ALG_SHA_512_224`.
    pub const SHA_512_224: Self = Self(0x0200000c);
    /// `PSA_ALG_SHA_512_256`.
    pub const SHA_512_256: Self = Self(0x0200000d);
    /// `PSA_ALG_SHA_256_192`.
    pub const SHA_256_192: Self = Self(0x0200000e);
    /// `PSA_ALG_SHA3_224`.
    pub const SHA3_224: Self = Self(0x02000010);
    /// `PSA_ALG_SHA3_256`.
    pub const SHA3_256: Self = Self(0x02000011);
    /// `PSA_ALG_SHA3_384`.
    pub const SHA3_384: Self = Self(0x02000012);
    /// `PSA_ALG_SHA3_512`.
    pub const SHA3_512: Self = Self(0x02000013);
    /// `PSA_ALG_SHAKE256_512`.
    pub const SHAKE256_512: Self = Self(0x02000015);
    /// `PSA_ALG_SHAKE128_256`.
    pub const SHAKE128_256: Self = Self(0x02000016);
    /// `PSA_ALG_SHAKE256_192`.
    pub const SHAKE256_192: Self = Self(0x02000017);
    /// `PSA_ALG_SHAKE256_256`.
    pub const SHAKE256_256: Self = Self(0x02000018);
    /// `PSA_ALG_SM3`.
    pub const SM3: Self = Self(0x02000014);
    /// `PSA_ALG_ASCON_HASH256`.
    pub const ASCON_HASH256: Self = Self(0x02000019);
    /// `PSA_ALG_BLAKE2S_HASH256`.
    pub const BLAKE2S_HASH256: Self = Self(0x0200001c);
    /// `PSA_ALG_BLAKE2SP_HASH256`.
    pub const BLAKE2SP_HASH256: Self = Self(0x0200001d);
    /// `PSA_ALG_BLAKE2B_HASH512`.
    pub const BLAKE2B_HASH512: Self = Self(0x0200001e);
    /// `PSA_ALG_BLAKE2BP_HASH512`.
    pub const BLAKE2BP_HASH512: Self = Self(0x0200001f);
    /// `PSA_ALG_SHAKE128`.
    pub const SHAKE128: Self = Self(0x0d000100);
    /// `PSA_ALG_SHAKE256`.
    pub const SHAKE256: Self = Self(0x0d000200);
    /// `PSA_ALG_ASCON_XOF128`.
    pub const ASCON_XOF128: Self = Self(0x0d000300);
    /// `PSA_ALG_ASCON_CXOF128`.
    pub const ASCON_CXOF128: Self = Self(0x0d008300);
    /// `PSA_ALG_CBC_MAC`.
    pub const CBC_MAC: Self = Self(0x03c00100);
    /// `PSA_ALG_CMAC`.
    pub const CMAC: Self = Self(0x03c00200);
    /// `PSA_ALG_STREAM_CIPHER`.
    pub const STREAM_CIPHER: Self = Self(0x04800100);
    /// `PSA_ALG_CTR`.
    pub const CTR: Self = Self(0x04c01000);
    /// `PSA_ALG_CCM_STAR_NO_TAG`.
    pub const CCM_STAR_NO_TAG: Self = Self(0x04c01300);
    /// `PSA_ALG_CFB`.
    pub const CFB: Self = Self(0x04c01100);
    /// `PSA_ALG_OFB`.
    pub const OFB: Self = Self(0x04c01200);
    /// `PSA_ALG_XTS`.
    pub const XTS: Self = Self(0x0440ff00);
    /// `PSA_ALG_ECB_NO_PADDING`.
    pub const ECB_NO_PADDING: Self = Self(0x04404400);
    /// `PSA_ALG_CBC_NO_PADDING`.
    pub const CBC_NO_PADDING: Self = Self(0x04404000);
    /// `PSA_ALG_CBC_PKCS7`.
    pub const CBC_PKCS7: Self = Self(0x04404100);
    /// `PSA_ALG_CCM_STAR_ANY_TAG`.
    pub const CCM_STAR_ANY_TAG: Self = Self(0x04c09300);
    /// `PSA_ALG_CCM`.
    pub const CCM: Self = Self(0x05500100);
    /// `PSA_ALG_GCM`.
    pub const GCM: Self = Self(0x05500200);
    /// `PSA_ALG_CHACHA20_POLY1305`.
    pub const CHACHA20_POLY1305: Self = Self(0x05100500);
    /// `PSA_ALG_XCHACHA20_POLY1305`.
    pub const XCHACHA20_POLY1305: Self = Self(0x05100600);
    /// `PSA_ALG_ASCON_AEAD128`.
    pub const ASCON_AEAD128: Self = Self(0x05100700);
    /// `PSA_ALG_KW`.
    pub const KW: Self = Self(0x0b400100);
    /// `PSA_ALG_KWP`.
    pub const KWP: Self = Self(0x0bc00200);
    /// `PSA_ALG_SP800_108_COUNTER_CMAC`.
    pub const SP800_108_COUNTER_CMAC: Self = Self(0x08000800);
    /// `PSA_ALG_TLS12_ECJPAKE_TO_PMS`.
    pub const TLS12_ECJPAKE_TO_PMS: Self = Self(0x08000609);
    /// `PSA_ALG_PBKDF2_AES_CMAC_PRF_128`.
    pub const PBKDF2_AES_CMAC_PRF_128: Self = Self(0x08800200);
    /// `PSA_ALG_RSA_PKCS1V15_SIGN_RAW`.
    pub const RSA_PKCS1V15_SIGN_RAW: Self = Self(0x06000200);
    /// `PSA_ALG_ECDSA_ANY`.
    pub const ECDSA_ANY: Self = Self(0x06000600);
    /// `PSA_ALG_PURE_EDDSA`.
    pub const PURE_EDDSA: Self = Self(0x06000800);
    /// `PSA_ALG_EDDSA_CTX`.
    pub const EDDSA_CTX: Self = Self(0x06000a00);
    /// `PSA_ALG_ED25519PH`.
    pub const ED25519PH: Self = Self(0x0600090b);
    /// `PSA_ALG_ED448PH`.
    pub const ED448PH: Self = Self(0x06000915);
    /// `PSA_ALG_SLH_DSA`.
    pub const SLH_DSA: Self = Self(0x06004000);
    /// `PSA_ALG_DETERMINISTIC_SLH_DSA`.
    pub const DETERMINISTIC_SLH_DSA: Self = Self(0x06004100);
    /// `PSA_ALG_ML_DSA`.
    pub const ML_DSA: Self = Self(0x06004400);
    /// `PSA_ALG_DETERMINISTIC_ML_DSA`.
    pub const DETERMINISTIC_ML_DSA: Self = Self(0x06004500);
    /// `PSA_ALG_LMS`.
    pub const LMS: Self = Self(0x06004800);
    /// `PSA_ALG_HSS`.
    pub const HSS: Self = Self(0x06004900);
    /// `PSA_ALG_XMSS`.
    pub const XMSS: Self = Self(0x06004a00);
    /// `PSA_ALG_XMSS_MT`.
    pub const XMSS_MT: Self = Self(0x06004b00);
    /// `PSA_ALG_ANY_HASH`.
    pub const ANY_HASH: Self = Self(0x020000ff);
    /// `PSA_ALG_RSA_PKCS1V15_CRYPT`.
    pub const RSA_PKCS1V15_CRYPT: Self = Self(0x07000200);
    /// `PSA_ALG_FFDH`.
    pub const FFDH: Self = Self(0x09010000);
    /// `PSA_ALG_ECDH`.
    pub const ECDH: Self = Self(0x09020000);
    /// `PSA_ALG_ECIES_SEC1`.
    pub const ECIES_SEC1: Self = Self(0x0c000100);
    /// `PSA_ALG_ML_KEM`.
    pub const ML_KEM: Self = Self(0x0c000200);
    /// `PSA_ALG_SPAKE2P_MATTER`.
    pub const SPAKE2P_MATTER: Self = Self(0x0a000609);
    /// `PSA_ALG_WPA3_SAE_ANY`.
    pub const WPA3_SAE_ANY: Self = Self(0x0a0088ff);
}
