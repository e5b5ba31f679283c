//! Bare TPM commands: ESYS with a loaded key and password authorization.
#![allow(unsafe_code)]

use std::ffi::CString;
use std::ptr::null_mut;

use tss_esapi::constants::tss::{
    TPM2_ALG_ECC, TPM2_ALG_ECDSA, TPM2_ALG_NULL, TPM2_ALG_SHA256, TPM2_ECC_NIST_P256, TPM2_RH_NULL, TPM2_ST_HASHCHECK,
    TPMA_OBJECT_FIXEDPARENT, TPMA_OBJECT_FIXEDTPM, TPMA_OBJECT_SENSITIVEDATAORIGIN, TPMA_OBJECT_SIGN_ENCRYPT,
    TPMA_OBJECT_USERWITHAUTH,
};
use tss_esapi::tss2_esys::*;

use crate::measure::Work;

/// A loaded P-256 key in a TPM.
#[derive(Clone, Copy)]
pub struct TpmKey {
    context: *mut ESYS_CONTEXT,
    key: ESYS_TR,
}

impl TpmKey {
    /// Connects to the TPM and makes a key.
    pub fn new(tcti: &str) -> Result<Self, String> {
        let name = CString::new(tcti).map_err(|error| error.to_string())?;
        let (mut transport, mut context, mut key) = (null_mut(), null_mut(), 0);
        let mut public = TPM2B_PUBLIC::default();
        public.publicArea.type_ = TPM2_ALG_ECC;
        public.publicArea.nameAlg = TPM2_ALG_SHA256;
        public.publicArea.objectAttributes = TPMA_OBJECT_FIXEDPARENT
            | TPMA_OBJECT_FIXEDTPM
            | TPMA_OBJECT_SENSITIVEDATAORIGIN
            | TPMA_OBJECT_SIGN_ENCRYPT
            | TPMA_OBJECT_USERWITHAUTH;
        let mut curve = TPMS_ECC_PARMS::default();
        curve.symmetric.algorithm = TPM2_ALG_NULL;
        curve.scheme.scheme = TPM2_ALG_ECDSA;
        curve.scheme.details.ecdsa.hashAlg = TPM2_ALG_SHA256;
        curve.curveID = TPM2_ECC_NIST_P256;
        curve.kdf.scheme = TPM2_ALG_NULL;
        public.publicArea.parameters.eccDetail = curve;
        // SAFETY: the name is NUL-terminated, the structures are complete, and what is null is optional.
        let code = unsafe {
            Tss2_TctiLdr_Initialize(name.as_ptr(), &mut transport)
                | Esys_Initialize(&mut context, transport, null_mut())
                | Esys_CreatePrimary(
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
        if code == 0 { Ok(Self { context, key }) } else { Err(format!("{tcti}: {code:#x}")) }
    }

    /// Signs a SHA-256 hash: one command. The answer is r and s.
    pub fn sign(self, hash: &'static [u8; 32]) -> impl Work {
        let mut digest = TPM2B_DIGEST { size: 32, ..Default::default() };
        digest.buffer[..32].copy_from_slice(hash);
        let scheme = TPMT_SIG_SCHEME { scheme: TPM2_ALG_NULL, ..Default::default() };
        let ticket = TPMT_TK_HASHCHECK { tag: TPM2_ST_HASHCHECK, hierarchy: TPM2_RH_NULL, ..Default::default() };
        move |answer| {
            let (none, mut signature) = (ESYS_TR_NONE, null_mut());
            // SAFETY: context and key live; a signature that is given is valid until it is freed.
            unsafe {
                let (context, key) = (self.context, self.key);
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
}
