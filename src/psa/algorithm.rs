//! Algorithm identifiers (PSA 1.5, chapter 10 and appendix B).

/// An algorithm, with the parameters that its identifier encodes.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Algorithm(pub u32);

impl Algorithm {
    /// `PSA_ALG_NONE`: no algorithm.
    pub const NONE: Self = Self(0);
    /// `PSA_ALG_MD2`: broken (RFC 1319): 16 bytes.
    pub const MD2: Self = Self(0x02000001);
    /// `PSA_ALG_MD4`: broken (RFC 1320): 16 bytes.
    pub const MD4: Self = Self(0x02000002);
    /// `PSA_ALG_MD5`: broken (RFC 1321): 16 bytes.
    pub const MD5: Self = Self(0x02000003);
    /// `PSA_ALG_RIPEMD160`: RIPEMD-160 (ISO/IEC 10118-3): 20 bytes.
    pub const RIPEMD160: Self = Self(0x02000004);
    /// `PSA_ALG_AES_MMO_ZIGBEE`: Matyas-Meyer-Oseas with AES, of the Zigbee specification: 16 bytes.
    pub const AES_MMO_ZIGBEE: Self = Self(0x02000007);
    /// `PSA_ALG_SHA_1`: collisions are known (FIPS 180-4): 20 bytes.
    pub const SHA_1: Self = Self(0x02000005);
    /// `PSA_ALG_SHA_224`: FIPS 180-4: 28 bytes.
    pub const SHA_224: Self = Self(0x02000008);
    /// `PSA_ALG_SHA_256`: FIPS 180-4: 32 bytes.
    pub const SHA_256: Self = Self(0x02000009);
    /// `PSA_ALG_SHA_384`: FIPS 180-4: 48 bytes.
    pub const SHA_384: Self = Self(0x0200000a);
    /// `PSA_ALG_SHA_512`: FIPS 180-4: 64 bytes.
    pub const SHA_512: Self = Self(0x0200000b);
    /// `PSA_ALG_SHA_512_224`: SHA-512/224 (FIPS 180-4): 28 bytes.
    pub const SHA_512_224: Self = Self(0x0200000c);
    /// `PSA_ALG_SHA_512_256`: SHA-512/256 (FIPS 180-4): 32 bytes.
    pub const SHA_512_256: Self = Self(0x0200000d);
    /// `PSA_ALG_SHA_256_192`: the first 24 bytes of SHA-256 (NIST SP 800-208).
    pub const SHA_256_192: Self = Self(0x0200000e);
    /// `PSA_ALG_SHA3_224`: FIPS 202: 28 bytes.
    pub const SHA3_224: Self = Self(0x02000010);
    /// `PSA_ALG_SHA3_256`: FIPS 202: 32 bytes.
    pub const SHA3_256: Self = Self(0x02000011);
    /// `PSA_ALG_SHA3_384`: FIPS 202: 48 bytes.
    pub const SHA3_384: Self = Self(0x02000012);
    /// `PSA_ALG_SHA3_512`: FIPS 202: 64 bytes.
    pub const SHA3_512: Self = Self(0x02000013);
    /// `PSA_ALG_SHAKE256_512`: the first 64 bytes of SHAKE256, as for Ed448ph.
    pub const SHAKE256_512: Self = Self(0x02000015);
    /// `PSA_ALG_SHAKE128_256`: the first 32 bytes of SHAKE128.
    pub const SHAKE128_256: Self = Self(0x02000016);
    /// `PSA_ALG_SHAKE256_192`: the first 24 bytes of SHAKE256 (NIST SP 800-208).
    pub const SHAKE256_192: Self = Self(0x02000017);
    /// `PSA_ALG_SHAKE256_256`: the first 32 bytes of SHAKE256 (NIST SP 800-208).
    pub const SHAKE256_256: Self = Self(0x02000018);
    /// `PSA_ALG_SM3`: GB/T 32905: 32 bytes.
    pub const SM3: Self = Self(0x02000014);
    /// `PSA_ALG_ASCON_HASH256`: NIST SP 800-232: 32 bytes.
    pub const ASCON_HASH256: Self = Self(0x02000019);
    /// `PSA_ALG_BLAKE2S_HASH256`: BLAKE2s (RFC 7693): 32 bytes.
    pub const BLAKE2S_HASH256: Self = Self(0x0200001c);
    /// `PSA_ALG_BLAKE2SP_HASH256`: BLAKE2sp, eight BLAKE2s side by side: 32 bytes.
    pub const BLAKE2SP_HASH256: Self = Self(0x0200001d);
    /// `PSA_ALG_BLAKE2B_HASH512`: BLAKE2b (RFC 7693): 64 bytes.
    pub const BLAKE2B_HASH512: Self = Self(0x0200001e);
    /// `PSA_ALG_BLAKE2BP_HASH512`: BLAKE2bp, four BLAKE2b side by side: 64 bytes.
    pub const BLAKE2BP_HASH512: Self = Self(0x0200001f);
    /// `PSA_ALG_SHAKE128`: extendable output (FIPS 202).
    pub const SHAKE128: Self = Self(0x0d000100);
    /// `PSA_ALG_SHAKE256`: extendable output (FIPS 202).
    pub const SHAKE256: Self = Self(0x0d000200);
    /// `PSA_ALG_ASCON_XOF128`: extendable output (NIST SP 800-232).
    pub const ASCON_XOF128: Self = Self(0x0d000300);
    /// `PSA_ALG_ASCON_CXOF128`: extendable output with a context (NIST SP 800-232).
    pub const ASCON_CXOF128: Self = Self(0x0d008300);
    /// `PSA_ALG_CBC_MAC`: a block long (ISO/IEC 9797-1); insecure where messages have several lengths.
    pub const CBC_MAC: Self = Self(0x03c00100);
    /// `PSA_ALG_CMAC`: a block long (NIST SP 800-38B).
    pub const CMAC: Self = Self(0x03c00200);
    /// `PSA_ALG_STREAM_CIPHER`: the stream cipher of the key type: ChaCha20, XChaCha20 or ARC4.
    pub const STREAM_CIPHER: Self = Self(0x04800100);
    /// `PSA_ALG_CTR`: counter mode (NIST SP 800-38A).
    pub const CTR: Self = Self(0x04c01000);
    /// `PSA_ALG_CCM_STAR_NO_TAG`: CCM* of Zigbee without a tag: no authentication.
    pub const CCM_STAR_NO_TAG: Self = Self(0x04c01300);
    /// `PSA_ALG_CFB`: cipher feedback of whole blocks (NIST SP 800-38A).
    pub const CFB: Self = Self(0x04c01100);
    /// `PSA_ALG_OFB`: output feedback (NIST SP 800-38A).
    pub const OFB: Self = Self(0x04c01200);
    /// `PSA_ALG_XTS`: for storage: IEEE 1619, NIST SP 800-38E.
    pub const XTS: Self = Self(0x0440ff00);
    /// `PSA_ALG_ECB_NO_PADDING`: equal blocks stay equal: for building other modes only.
    pub const ECB_NO_PADDING: Self = Self(0x04404400);
    /// `PSA_ALG_CBC_NO_PADDING`: whole blocks only (NIST SP 800-38A).
    pub const CBC_NO_PADDING: Self = Self(0x04404000);
    /// `PSA_ALG_CBC_PKCS7`: CBC with the padding of RFC 5652, section 6.3.
    pub const CBC_PKCS7: Self = Self(0x04404100);
    /// `PSA_ALG_CCM_STAR_ANY_TAG`: permits CCM* with any tag, or none: in policies only.
    pub const CCM_STAR_ANY_TAG: Self = Self(0x04c09300);
    /// `PSA_ALG_CCM`: NIST SP 800-38C, tag of 16 bytes; `PSA_ALG_AEAD_WITH_SHORTENED_TAG()` for others.
    pub const CCM: Self = Self(0x05500100);
    /// `PSA_ALG_GCM`: NIST SP 800-38D, tag of 16 bytes; `PSA_ALG_AEAD_WITH_SHORTENED_TAG()` for others.
    pub const GCM: Self = Self(0x05500200);
    /// `PSA_ALG_CHACHA20_POLY1305`: RFC 8439: nonce of 12 bytes, tag of 16.
    pub const CHACHA20_POLY1305: Self = Self(0x05100500);
    /// `PSA_ALG_XCHACHA20_POLY1305`: ChaCha20-Poly1305 with a nonce of 24 bytes: tag of 16.
    pub const XCHACHA20_POLY1305: Self = Self(0x05100600);
    /// `PSA_ALG_ASCON_AEAD128`: NIST SP 800-232: nonce of 16 bytes, tag of 16.
    pub const ASCON_AEAD128: Self = Self(0x05100700);
    /// `PSA_ALG_KW`: key wrapping of multiples of 8 bytes (NIST SP 800-38F).
    pub const KW: Self = Self(0x0b400100);
    /// `PSA_ALG_KWP`: key wrapping with padding (NIST SP 800-38F).
    pub const KWP: Self = Self(0x0bc00200);
    /// `PSA_ALG_SP800_108_COUNTER_CMAC`: derivation in counter mode with CMAC (NIST SP 800-108).
    pub const SP800_108_COUNTER_CMAC: Self = Self(0x08000800);
    /// `PSA_ALG_TLS12_ECJPAKE_TO_PMS`: from what J-PAKE gives to the premaster secret of TLS 1.2: 32 bytes.
    pub const TLS12_ECJPAKE_TO_PMS: Self = Self(0x08000609);
    /// `PSA_ALG_PBKDF2_AES_CMAC_PRF_128`: PBKDF2 (RFC 8018) with AES-CMAC-PRF-128 (RFC 4615).
    pub const PBKDF2_AES_CMAC_PRF_128: Self = Self(0x08800200);
    /// `PSA_ALG_RSA_PKCS1V15_SIGN_RAW`: PKCS#1 v1.5 over whatever is given, without naming a hash.
    pub const RSA_PKCS1V15_SIGN_RAW: Self = Self(0x06000200);
    /// `PSA_ALG_ECDSA_ANY`: ECDSA of a hash made by whichever function: `psa_sign_hash()` only.
    pub const ECDSA_ANY: Self = Self(0x06000600);
    /// `PSA_ALG_PURE_EDDSA`: Ed25519, 64 bytes, or Ed448, 114 bytes, of a message (RFC 8032).
    pub const PURE_EDDSA: Self = Self(0x06000800);
    /// `PSA_ALG_EDDSA_CTX`: Ed25519ctx, or Ed448 with a context of up to 255 bytes (RFC 8032).
    pub const EDDSA_CTX: Self = Self(0x06000a00);
    /// `PSA_ALG_ED25519PH`: 64 bytes, of a message or its SHA-512 hash (RFC 8032).
    pub const ED25519PH: Self = Self(0x0600090b);
    /// `PSA_ALG_ED448PH`: 114 bytes, of a message or its SHAKE256-512 hash (RFC 8032).
    pub const ED448PH: Self = Self(0x06000915);
    /// `PSA_ALG_SLH_DSA`: hedged, of a message (FIPS 205): 7856 to 49856 bytes.
    pub const SLH_DSA: Self = Self(0x06004000);
    /// `PSA_ALG_DETERMINISTIC_SLH_DSA`: deterministic, of a message (FIPS 205).
    pub const DETERMINISTIC_SLH_DSA: Self = Self(0x06004100);
    /// `PSA_ALG_ML_DSA`: hedged, of a message (FIPS 204): 2420, 3309 or 4627 bytes.
    pub const ML_DSA: Self = Self(0x06004400);
    /// `PSA_ALG_DETERMINISTIC_ML_DSA`: deterministic, of a message (FIPS 204).
    pub const DETERMINISTIC_ML_DSA: Self = Self(0x06004500);
    /// `PSA_ALG_LMS`: verification only (RFC 8554).
    pub const LMS: Self = Self(0x06004800);
    /// `PSA_ALG_HSS`: verification only (RFC 8554).
    pub const HSS: Self = Self(0x06004900);
    /// `PSA_ALG_XMSS`: verification only (RFC 8391).
    pub const XMSS: Self = Self(0x06004a00);
    /// `PSA_ALG_XMSS_MT`: verification only (RFC 8391).
    pub const XMSS_MT: Self = Self(0x06004b00);
    /// `PSA_ALG_ANY_HASH`: permits each hash inside a signature: in policies only.
    pub const ANY_HASH: Self = Self(0x020000ff);
    /// `PSA_ALG_RSA_PKCS1V15_CRYPT`: encryption with the padding of PKCS#1 v1.5.
    pub const RSA_PKCS1V15_CRYPT: Self = Self(0x07000200);
    /// `PSA_ALG_FFDH`: finite-field Diffie-Hellman.
    pub const FFDH: Self = Self(0x09010000);
    /// `PSA_ALG_ECDH`: elliptic-curve Diffie-Hellman.
    pub const ECDH: Self = Self(0x09020000);
    /// `PSA_ALG_ECIES_SEC1`: the key encapsulation of ECIES (SEC 1).
    pub const ECIES_SEC1: Self = Self(0x0c000100);
    /// `PSA_ALG_ML_KEM`: key encapsulation (FIPS 203).
    pub const ML_KEM: Self = Self(0x0c000200);
    /// `PSA_ALG_SPAKE2P_MATTER`: SPAKE2+ as Matter 1.2 uses it.
    pub const SPAKE2P_MATTER: Self = Self(0x0a000609);
    /// `PSA_ALG_WPA3_SAE_ANY`: permits WPA3-SAE and the derivation of its key: in policies only.
    pub const WPA3_SAE_ANY: Self = Self(0x0a0088ff);
}
