//! Bare TPM commands: ESYS with loaded keys and password authorization.
#![allow(unsafe_code)]

use std::ffi::CString;
use std::ptr::{null, null_mut};

use tss_esapi::constants::tss::{
    TPM2_ALG_ECC, TPM2_ALG_ECDSA, TPM2_ALG_HMAC, TPM2_ALG_KEYEDHASH, TPM2_ALG_NULL, TPM2_ALG_RSA, TPM2_ALG_SHA256,
    TPM2_ECC_NIST_P256, TPM2_RH_NULL, TPM2_ST_HASHCHECK, TPMA_OBJECT_DECRYPT, TPMA_OBJECT_FIXEDPARENT,
    TPMA_OBJECT_FIXEDTPM, TPMA_OBJECT_SENSITIVEDATAORIGIN, TPMA_OBJECT_SIGN_ENCRYPT, TPMA_OBJECT_USERWITHAUTH,
};
use tss_esapi::tss2_esys::*;

use crate::measure::Work;

/// A TPM with as many loaded keys as it has slots for: P-256, RSA-2048 and HMAC-SHA-256.
#[derive(Clone, Copy)]
pub struct Tpm {
    context: *mut ESYS_CONTEXT,
    p256: ESYS_TR,
    rsa: ESYS_TR,
    hmac: ESYS_TR,
}

impl Tpm {
    /// Connects to the TPM and makes the keys.
    pub fn new(tcti: &str) -> Result<Self, String> {
        let name = CString::new(tcti).map_err(|error| error.to_string())?;
        let (mut transport, mut context) = (null_mut(), null_mut());
        // SAFETY: the name is NUL-terminated, the pointers are written once, and what is null is optional.
        let code = unsafe {
            Tss2_TctiLdr_Initialize(name.as_ptr(), &mut transport)
                | Esys_Initialize(&mut context, transport, null_mut())
        };
        if code != 0 {
            return Err(format!("{tcti}: {code:#x}"));
        }
        let key = |public| primary(context, public).map_err(|code| format!("{tcti}: {code:#x}"));
        Ok(Self { context, p256: key(p256())?, rsa: key(rsa())?, hmac: key(hmac())? })
    }

    /// Signs a SHA-256 hash: one command. The answer is r and s.
    pub fn sign(self, hash: &'static [u8; 32]) -> impl Work {
        let mut digest = TPM2B_DIGEST { size: 32, ..Default::default() };
        digest.buffer[..32].copy_from_slice(hash);
        let mut scheme = TPMT_SIG_SCHEME { scheme: TPM2_ALG_ECDSA, ..Default::default() };
        scheme.details.ecdsa.hashAlg = TPM2_ALG_SHA256;
        let ticket = TPMT_TK_HASHCHECK { tag: TPM2_ST_HASHCHECK, hierarchy: TPM2_RH_NULL, ..Default::default() };
        move |answer| {
            let (none, mut signature) = (ESYS_TR_NONE, null_mut());
            // SAFETY: context and key live; a signature that is given is valid until it is freed.
            unsafe {
                let (context, key) = (self.context, self.p256);
                let code =
                    Esys_Sign(context, key, ESYS_TR_PASSWORD, none, none, &digest, &scheme, &ticket, &mut signature);
                if code != 0 {
                    return 0;
                }
                let ecdsa = (*signature).signature.ecdsa;
                answer[..32].copy_from_slice(&ecdsa.signatureR.buffer[..32]);
                answer[32..64].copy_from_slice(&ecdsa.signatureS.buffer[..32]);
                Esys_Free(signature.cast());
            }
            64
        }
    }

    /// The private-key operation of RSA: one command. The answer has the length of the modulus.
    pub fn decrypt(self) -> impl Work {
        // Smaller than any modulus.
        let mut number = TPM2B_PUBLIC_KEY_RSA { size: 256, ..Default::default() };
        number.buffer[1..256].fill(0x5a);
        let scheme = TPMT_RSA_DECRYPT { scheme: TPM2_ALG_NULL, ..Default::default() };
        move |answer| {
            let (none, mut message) = (ESYS_TR_NONE, null_mut());
            // SAFETY: context and key live, there is no label; a message that is given is valid until it is freed.
            unsafe {
                let (context, key) = (self.context, self.rsa);
                let code = Esys_RSA_Decrypt(
                    context,
                    key,
                    ESYS_TR_PASSWORD,
                    none,
                    none,
                    &number,
                    &scheme,
                    null(),
                    &mut message,
                );
                if code != 0 {
                    return 0;
                }
                answer[..256].copy_from_slice(&(&(*message).buffer)[..256]);
                Esys_Free(message.cast());
            }
            256
        }
    }

    /// Agrees on a secret with the owner of an uncompressed point: one command.
    pub fn agree(self, peer: &'static [u8]) -> impl Work {
        let (x, y) = peer[1..].split_at(32);
        let mut point = TPM2B_ECC_POINT::default();
        for (part, coordinate) in [(&mut point.point.x, x), (&mut point.point.y, y)] {
            part.size = 32;
            part.buffer[..32].copy_from_slice(coordinate);
        }
        move |answer| {
            let (none, mut shared) = (ESYS_TR_NONE, null_mut());
            // SAFETY: context and key live; a point that is given is valid until it is freed.
            unsafe {
                let (context, key) = (self.context, self.p256);
                if Esys_ECDH_ZGen(context, key, ESYS_TR_PASSWORD, none, none, &point, &mut shared) != 0 {
                    return 0;
                }
                answer[..32].copy_from_slice(&(&(*shared).point.x.buffer)[..32]);
                Esys_Free(shared.cast());
            }
            32
        }
    }

    /// HMAC-SHA-256 of up to a kibibyte: one command.
    pub fn mac(self, input: &'static [u8]) -> impl Work {
        let mut buffer = TPM2B_MAX_BUFFER { size: input.len() as u16, ..Default::default() };
        buffer.buffer[..input.len()].copy_from_slice(input);
        move |answer| {
            let (none, mut mac) = (ESYS_TR_NONE, null_mut());
            // SAFETY: context and key live; a MAC that is given is valid until it is freed.
            unsafe {
                let (context, key, hash) = (self.context, self.hmac, TPM2_ALG_SHA256);
                if Esys_HMAC(context, key, ESYS_TR_PASSWORD, none, none, &buffer, hash, &mut mac) != 0 {
                    return 0;
                }
                answer[..32].copy_from_slice(&(&(*mac).buffer)[..32]);
                Esys_Free(mac.cast());
            }
            32
        }
    }
}

/// Makes a primary key without a password.
fn primary(context: *mut ESYS_CONTEXT, public: TPM2B_PUBLIC) -> Result<ESYS_TR, u32> {
    let mut key = 0;
    // SAFETY: the context lives, the structures are complete, and what is null is optional.
    let code = unsafe {
        Esys_CreatePrimary(
            context,
            ESYS_TR_RH_OWNER,
            ESYS_TR_PASSWORD,
            ESYS_TR_NONE,
            ESYS_TR_NONE,
            &TPM2B_SENSITIVE_CREATE::default(),
            &public,
            &TPM2B_DATA::default(),
            &TPML_PCR_SELECTION::default(),
            &mut key,
            null_mut(),
            null_mut(),
            null_mut(),
            null_mut(),
        )
    };
    if code == 0 { Ok(key) } else { Err(code) }
}

fn template(kind: u16, uses: u32) -> TPM2B_PUBLIC {
    let mut public = TPM2B_PUBLIC::default();
    public.publicArea.type_ = kind;
    public.publicArea.nameAlg = TPM2_ALG_SHA256;
    public.publicArea.objectAttributes = TPMA_OBJECT_FIXEDPARENT
        | TPMA_OBJECT_FIXEDTPM
        | TPMA_OBJECT_SENSITIVEDATAORIGIN
        | TPMA_OBJECT_USERWITHAUTH
        | uses;
    public
}

/// For signatures and agreements.
fn p256() -> TPM2B_PUBLIC {
    let mut public = template(TPM2_ALG_ECC, TPMA_OBJECT_SIGN_ENCRYPT | TPMA_OBJECT_DECRYPT);
    let mut parameters = TPMS_ECC_PARMS { curveID: TPM2_ECC_NIST_P256, ..Default::default() };
    parameters.symmetric.algorithm = TPM2_ALG_NULL;
    parameters.scheme.scheme = TPM2_ALG_NULL;
    parameters.kdf.scheme = TPM2_ALG_NULL;
    public.publicArea.parameters.eccDetail = parameters;
    public
}

fn rsa() -> TPM2B_PUBLIC {
    let mut public = template(TPM2_ALG_RSA, TPMA_OBJECT_DECRYPT);
    let mut parameters = TPMS_RSA_PARMS { keyBits: 2048, ..Default::default() };
    parameters.symmetric.algorithm = TPM2_ALG_NULL;
    parameters.scheme.scheme = TPM2_ALG_NULL;
    public.publicArea.parameters.rsaDetail = parameters;
    public
}

fn hmac() -> TPM2B_PUBLIC {
    let mut public = template(TPM2_ALG_KEYEDHASH, TPMA_OBJECT_SIGN_ENCRYPT);
    let mut parameters = TPMS_KEYEDHASH_PARMS::default();
    parameters.scheme.scheme = TPM2_ALG_HMAC;
    parameters.scheme.details.hmac.hashAlg = TPM2_ALG_SHA256;
    public.publicArea.parameters.keyedHashDetail = parameters;
    public
}
