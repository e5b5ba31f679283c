//! Mechanisms with their parameters (PKCS#11 3.2, section 6), as the modules take them.
//!
//! Not the type of `cryptoki`, which lacks AES-CTR and AES-CCM.

use std::ffi::c_void;
use std::ptr::null_mut;

use cryptoki_sys::*;

use crate::psa::Algorithm;

/// A mechanism and what it is told, lent for one call.
#[derive(Clone, Copy)]
pub(super) struct Mechanism<'a> {
    /// Its number, such as `CKM_ECDSA`.
    pub kind: CK_MECHANISM_TYPE,
    /// Its parameters.
    pub parameters: Parameters<'a>,
}

/// Parameters of a mechanism. What is not secret lies in them, the rest is lent.
#[derive(Clone, Copy)]
pub(super) enum Parameters<'a> {
    /// None.
    None,
    /// An initialization vector.
    Vector(&'a [u8]),
    /// The first block of a counter that has all 128 bits.
    Counter([u8; 16]),
    /// Galois/counter mode.
    Gcm {
        /// The nonce.
        nonce: &'a [u8],
        /// Additional data.
        additional_data: &'a [u8],
        /// Length of the tag in bytes.
        tag_length: usize,
    },
    /// Counter with CBC-MAC.
    Ccm {
        /// The nonce.
        nonce: &'a [u8],
        /// Additional data.
        additional_data: &'a [u8],
        /// Length of the tag in bytes.
        tag_length: usize,
        /// Length of the plaintext in bytes.
        text_length: usize,
    },
    /// ChaCha20-Poly1305.
    ChaCha20Poly1305 {
        /// The nonce.
        nonce: &'a [u8],
        /// Additional data.
        additional_data: &'a [u8],
    },
    /// RSA-PSS with one hash for all, and a salt of this length.
    Pss(RsaHash, usize),
    /// RSA-OAEP with one hash for all.
    Oaep(RsaHash, &'a [u8]),
    /// ECDH with a peer's public key, whose result is not changed any more.
    Ecdh(&'a [u8]),
    /// HKDF.
    Hkdf {
        /// The hash of its HMAC.
        hash: CK_MECHANISM_TYPE,
        /// The salt; empty for the one of zeros.
        salt: &'a [u8],
        /// The information for HKDF-Expand, `None` where HKDF ends with the extraction.
        info: Option<&'a [u8]>,
    },
    /// EdDSA with a context, which is not the same as without one.
    Eddsa {
        /// HashEdDSA: the token hashes the message.
        prehash: bool,
        /// The context.
        context: &'a [u8],
    },
    /// ML-DSA.
    SignContext {
        /// `CKH_HEDGE_REQUIRED` or `CKH_DETERMINISTIC_REQUIRED`.
        hedge: CK_ULONG,
        /// The context.
        context: &'a [u8],
    },
    /// HashML-DSA, of a hash.
    HashSignContext {
        /// As for ML-DSA.
        hedge: CK_ULONG,
        /// The context.
        context: &'a [u8],
        /// The mechanism of the hash.
        hash: CK_MECHANISM_TYPE,
    },
}

/// A hash with its mask generation function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RsaHash {
    /// The mechanism of the hash.
    pub hash: CK_MECHANISM_TYPE,
    mask: CK_RSA_PKCS_MGF_TYPE,
}

impl RsaHash {
    /// The names of a hash, `None` where PKCS#11 has none.
    pub fn of(alg: Algorithm) -> Option<Self> {
        let (hash, mask) = match alg {
            Algorithm::SHA_1 => (CKM_SHA_1, CKG_MGF1_SHA1),
            Algorithm::SHA_224 => (CKM_SHA224, CKG_MGF1_SHA224),
            Algorithm::SHA_256 => (CKM_SHA256, CKG_MGF1_SHA256),
            Algorithm::SHA_384 => (CKM_SHA384, CKG_MGF1_SHA384),
            Algorithm::SHA_512 => (CKM_SHA512, CKG_MGF1_SHA512),
            Algorithm::SHA3_224 => (CKM_SHA3_224, CKG_MGF1_SHA3_224),
            Algorithm::SHA3_256 => (CKM_SHA3_256, CKG_MGF1_SHA3_256),
            Algorithm::SHA3_384 => (CKM_SHA3_384, CKG_MGF1_SHA3_384),
            Algorithm::SHA3_512 => (CKM_SHA3_512, CKG_MGF1_SHA3_512),
            _ => return None,
        };
        Some(Self { hash, mask })
    }
}

impl Mechanism<'_> {
    /// One without parameters.
    pub const fn plain(kind: CK_MECHANISM_TYPE) -> Self {
        Self { kind, parameters: Parameters::None }
    }

    /// Gives `call` the mechanism as a module takes it. Every pointer in it is valid for reads of its length while `call`
    /// runs, and no longer.
    pub fn lend<R>(&self, call: impl FnOnce(&mut CK_MECHANISM) -> R) -> R {
        match self.parameters {
            Parameters::None => self.with(null_mut(), 0, call),
            Parameters::Vector(bytes) => self.with(pointer(bytes).cast(), bytes.len(), call),
            Parameters::Counter(cb) => self.with_structure(CK_AES_CTR_PARAMS { ulCounterBits: 128, cb }, call),
            Parameters::Gcm { nonce, additional_data, tag_length } => self.with_structure(
                CK_GCM_PARAMS {
                    pIv: pointer(nonce),
                    ulIvLen: number(nonce.len()),
                    ulIvBits: number(8 * nonce.len()),
                    pAAD: pointer(additional_data),
                    ulAADLen: number(additional_data.len()),
                    ulTagBits: number(8 * tag_length),
                },
                call,
            ),
            Parameters::Ccm { nonce, additional_data, tag_length, text_length } => self.with_structure(
                CK_CCM_PARAMS {
                    ulDataLen: number(text_length),
                    pNonce: pointer(nonce),
                    ulNonceLen: number(nonce.len()),
                    pAAD: pointer(additional_data),
                    ulAADLen: number(additional_data.len()),
                    ulMACLen: number(tag_length),
                },
                call,
            ),
            Parameters::ChaCha20Poly1305 { nonce, additional_data } => self.with_structure(
                CK_SALSA20_CHACHA20_POLY1305_PARAMS {
                    pNonce: pointer(nonce),
                    ulNonceLen: number(nonce.len()),
                    pAAD: pointer(additional_data),
                    ulAADLen: number(additional_data.len()),
                },
                call,
            ),
            Parameters::Pss(RsaHash { hash, mask }, salt) => {
                self.with_structure(CK_RSA_PKCS_PSS_PARAMS { hashAlg: hash, mgf: mask, sLen: number(salt) }, call)
            }
            Parameters::Oaep(RsaHash { hash, mask }, label) => self.with_structure(
                CK_RSA_PKCS_OAEP_PARAMS {
                    hashAlg: hash,
                    mgf: mask,
                    source: CKZ_DATA_SPECIFIED,
                    pSourceData: pointer(label).cast(),
                    ulSourceDataLen: number(label.len()),
                },
                call,
            ),
            Parameters::Ecdh(peer) => self.with_structure(
                CK_ECDH1_DERIVE_PARAMS {
                    kdf: CKD_NULL,
                    ulSharedDataLen: 0,
                    pSharedData: null_mut(),
                    ulPublicDataLen: number(peer.len()),
                    pPublicData: pointer(peer),
                },
                call,
            ),
            Parameters::Hkdf { hash, salt, info } => self.with_structure(
                CK_HKDF_PARAMS {
                    bExtract: CK_TRUE,
                    bExpand: CK_BBOOL::from(info.is_some()),
                    prfHashMechanism: hash,
                    ulSaltType: if salt.is_empty() { CKF_HKDF_SALT_NULL } else { CKF_HKDF_SALT_DATA },
                    pSalt: pointer(salt),
                    ulSaltLen: number(salt.len()),
                    hSaltKey: CK_INVALID_HANDLE,
                    pInfo: pointer(info.unwrap_or_default()),
                    ulInfoLen: number(info.map_or(0, <[u8]>::len)),
                },
                call,
            ),
            Parameters::Eddsa { prehash, context } => self.with_structure(
                CK_EDDSA_PARAMS {
                    phFlag: CK_BBOOL::from(prehash),
                    ulContextDataLen: number(context.len()),
                    pContextData: pointer(context),
                },
                call,
            ),
            Parameters::HashSignContext { hedge, context, hash } => self.with_structure(
                CK_HASH_SIGN_ADDITIONAL_CONTEXT {
                    hedgeVariant: hedge,
                    pContext: pointer(context),
                    ulContextLen: number(context.len()),
                    hash,
                },
                call,
            ),
            Parameters::SignContext { hedge, context } => self.with_structure(
                CK_SIGN_ADDITIONAL_CONTEXT {
                    hedgeVariant: hedge,
                    pContext: pointer(context),
                    ulContextLen: number(context.len()),
                },
                call,
            ),
        }
    }

    fn with_structure<T, R>(&self, mut parameters: T, call: impl FnOnce(&mut CK_MECHANISM) -> R) -> R {
        self.with((&raw mut parameters).cast(), size_of::<T>(), call)
    }

    fn with<R>(&self, parameters: *mut c_void, length: usize, call: impl FnOnce(&mut CK_MECHANISM) -> R) -> R {
        call(&mut CK_MECHANISM { mechanism: self.kind, pParameter: parameters, ulParameterLen: number(length) })
    }
}

/// Modules only read it; their prototypes have no `const`. None where there is nothing: some take the length for a flaw
/// otherwise.
fn pointer(bytes: &[u8]) -> CK_BYTE_PTR {
    if bytes.is_empty() { null_mut() } else { bytes.as_ptr().cast_mut() }
}

fn number(length: usize) -> CK_ULONG {
    length as CK_ULONG
}
