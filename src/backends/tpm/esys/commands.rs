//! Making, loading and using keys. A key is authorized by a password session, so that using a loaded key is one command.
#![allow(unsafe_code)]

use std::ptr::{null, null_mut};

use tss_esapi::structures::{Public, RsaDecryptionScheme, Signature, SignatureScheme};
use tss_esapi::tss2_esys::*;
use zeroize::Zeroize;

use super::super::errors::{Failure, tcti};
use super::{Allocated, Esys, NULL_HIERARCHY, Object, Outcome, area, digest, sized, too_long};
use crate::memory::Secret;

/// `TPM2_ST_HASHCHECK`.
const HASH_CHECK: TPM2_ST = 0x8024;
/// `TPM2_ALG_NULL`.
const NULL_ALGORITHM: TPM2_ALG_ID = 0x0010;

impl Esys {
    /// TPM2_CreatePrimary in the owner hierarchy.
    pub(in super::super) fn create_primary(&mut self, template: &Public) -> Outcome<Object> {
        const COMMAND: &str = "CreatePrimary";
        let (sensitive, template) = (TPM2B_SENSITIVE_CREATE::default(), area(COMMAND, template)?);
        let (outside, registers) = (TPM2B_DATA::default(), TPML_PCR_SELECTION::default());
        let mut object = ESYS_TR_NONE;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the parameters, which outlive the call.
            |context| unsafe {
                Esys_CreatePrimary_Async(
                    context,
                    ESYS_TR_RH_OWNER,
                    ESYS_TR_PASSWORD,
                    ESYS_TR_NONE,
                    ESYS_TR_NONE,
                    &sensitive,
                    &template,
                    &outside,
                    &registers,
                )
            },
            // SAFETY: the same, with a place for the handle; ESYS leaves out the results that have no place.
            |context| unsafe {
                Esys_CreatePrimary_Finish(context, &mut object, null_mut(), null_mut(), null_mut(), null_mut())
            },
        )?;
        Ok(Object(object))
    }

    /// TPM2_Create: a new key below `parent`. Returns its wrapped private part and its public area.
    pub(in super::super) fn create(
        &mut self,
        parent: Object,
        auth: &[u8],
        template: &Public,
    ) -> Outcome<(Vec<u8>, Public)> {
        const COMMAND: &str = "Create";
        let mut sensitive = TPM2B_SENSITIVE_CREATE {
            size: 0,
            sensitive: TPMS_SENSITIVE_CREATE { userAuth: digest(COMMAND, auth)?, data: Default::default() },
        };
        let template = area(COMMAND, template)?;
        let (outside, registers) = (TPM2B_DATA::default(), TPML_PCR_SELECTION::default());
        let (mut private, mut public) = (Allocated::<TPM2B_PRIVATE>::EMPTY, Allocated::EMPTY);
        let outcome = self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the parameters, which outlive the call.
            |context| unsafe {
                Esys_Create_Async(
                    context,
                    parent.0,
                    ESYS_TR_PASSWORD,
                    ESYS_TR_NONE,
                    ESYS_TR_NONE,
                    &sensitive,
                    &template,
                    &outside,
                    &registers,
                )
            },
            // SAFETY: the same, with places for the results that are wanted.
            |context| unsafe {
                Esys_Create_Finish(context, &mut private.0, &mut public.0, null_mut(), null_mut(), null_mut())
            },
        );
        sensitive.sensitive.userAuth.buffer.zeroize();
        outcome?;
        let private = private.get(COMMAND)?;
        let private = private.buffer.get(..usize::from(private.size)).unwrap_or_default().to_vec();
        let public = Public::try_from(*public.get(COMMAND)?);
        Ok((private, public.map_err(|_| Failure::new(COMMAND, tcti::MALFORMED_RESPONSE))?))
    }

    /// TPM2_Import: a key from outside, wrapped for `parent`. Returns its private part as `parent` wraps it.
    pub(in super::super) fn import(
        &mut self,
        parent: Object,
        public: &Public,
        duplicate: &[u8],
        seed: &[u8],
    ) -> Outcome<Vec<u8>> {
        const COMMAND: &str = "Import";
        let (public, no_key) = (area(COMMAND, public)?, TPM2B_DATA::default());
        let duplicate = sized!(TPM2B_PRIVATE, COMMAND, duplicate);
        let mut encrypted = TPM2B_ENCRYPTED_SECRET::default();
        encrypted.secret.get_mut(..seed.len()).ok_or(too_long(COMMAND))?.copy_from_slice(seed);
        encrypted.size = seed.len() as u16;
        let no_inner_wrap = TPMT_SYM_DEF_OBJECT { algorithm: NULL_ALGORITHM, ..Default::default() };
        let mut private = Allocated::<TPM2B_PRIVATE>::EMPTY;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the parameters, which outlive the call.
            |context| unsafe {
                Esys_Import_Async(
                    context,
                    parent.0,
                    ESYS_TR_PASSWORD,
                    ESYS_TR_NONE,
                    ESYS_TR_NONE,
                    &no_key,
                    &public,
                    &duplicate,
                    &encrypted,
                    &no_inner_wrap,
                )
            },
            // SAFETY: the same, with a place for the result.
            |context| unsafe { Esys_Import_Finish(context, &mut private.0) },
        )?;
        let private = private.get(COMMAND)?;
        Ok(private.buffer.get(..usize::from(private.size)).unwrap_or_default().to_vec())
    }

    /// TPM2_Load: makes a key usable below `parent`.
    pub(in super::super) fn load(&mut self, parent: Object, private: &[u8], public: &Public) -> Outcome<Object> {
        const COMMAND: &str = "Load";
        let (public, wrapped) = (area(COMMAND, public)?, sized!(TPM2B_PRIVATE, COMMAND, private));
        let mut object = ESYS_TR_NONE;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the parameters, which outlive the call.
            |context| unsafe {
                Esys_Load_Async(context, parent.0, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &wrapped, &public)
            },
            // SAFETY: the same, with a place for the handle.
            |context| unsafe { Esys_Load_Finish(context, &mut object) },
        )?;
        Ok(Object(object))
    }

    /// Makes an object that the TPM holds under this handle known (TPM2_ReadPublic).
    pub(in super::super) fn find(&mut self, handle: u32) -> Outcome<Object> {
        let mut object = ESYS_TR_NONE;
        self.run(
            "ReadPublic",
            // SAFETY: `run` passes the live context; no sessions.
            |context| unsafe { Esys_TR_FromTPMPublic_Async(context, handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE) },
            // SAFETY: the same, with a place for the handle.
            |context| unsafe { Esys_TR_FromTPMPublic_Finish(context, &mut object) },
        )?;
        Ok(Object(object))
    }

    /// TPM2_FlushContext: takes a transient object out of the TPM.
    pub(in super::super) fn flush(&mut self, object: Object) -> Outcome<()> {
        self.run(
            "FlushContext",
            // SAFETY: `run` passes the live context; ESYS checks the handle.
            |context| unsafe { Esys_FlushContext_Async(context, object.0) },
            // SAFETY: the same.
            |context| unsafe { Esys_FlushContext_Finish(context) },
        )
    }

    /// TPM2_Sign, one command.
    pub(in super::super) fn sign(&mut self, key: Object, hash: &[u8], scheme: SignatureScheme) -> Outcome<Signature> {
        const COMMAND: &str = "Sign";
        let (hash, scheme) = (digest(COMMAND, hash)?, TPMT_SIG_SCHEME::from(scheme));
        let ticket = TPMT_TK_HASHCHECK { tag: HASH_CHECK, hierarchy: NULL_HIERARCHY, digest: Default::default() };
        let mut signature = Allocated::EMPTY;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the parameters, which outlive the call.
            |context| unsafe {
                Esys_Sign_Async(context, key.0, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &hash, &scheme, &ticket)
            },
            // SAFETY: the same, with a place for the result.
            |context| unsafe { Esys_Sign_Finish(context, &mut signature.0) },
        )?;
        let signature = Signature::try_from(*signature.get(COMMAND)?);
        signature.map_err(|_| Failure::new(COMMAND, tcti::MALFORMED_RESPONSE))
    }

    /// TPM2_ECDH_ZGen: the x coordinate of this point multiplied by the private key, one command.
    pub(in super::super) fn ecdh(&mut self, key: Object, (x, y): (&[u8], &[u8])) -> Outcome<Secret> {
        const COMMAND: &str = "ECDH_ZGen";
        let point = TPM2B_ECC_POINT {
            size: 0,
            point: TPMS_ECC_POINT {
                x: sized!(TPM2B_ECC_PARAMETER, COMMAND, x),
                y: sized!(TPM2B_ECC_PARAMETER, COMMAND, y),
            },
        };
        let mut product = Allocated::<TPM2B_ECC_POINT>::EMPTY;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the point, which outlives the call.
            |context| unsafe {
                Esys_ECDH_ZGen_Async(context, key.0, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &point)
            },
            // SAFETY: the same, with a place for the result.
            |context| unsafe { Esys_ECDH_ZGen_Finish(context, &mut product.0) },
        )?;
        let x = &product.get(COMMAND)?.point.x;
        Ok(x.buffer.get(..usize::from(x.size)).unwrap_or_default().to_vec().into())
    }

    /// TPM2_RSA_Decrypt without a scheme: the private-key operation alone, one command.
    pub(in super::super) fn rsa_private(&mut self, key: Object, input: &[u8]) -> Outcome<Secret> {
        const COMMAND: &str = "RSA_Decrypt";
        let cipher = sized!(TPM2B_PUBLIC_KEY_RSA, COMMAND, input);
        let (scheme, label) = (TPMT_RSA_DECRYPT::from(RsaDecryptionScheme::Null), null());
        let mut output = Allocated::<TPM2B_PUBLIC_KEY_RSA>::EMPTY;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the parameters, which outlive the call, and takes a null
            // label as an empty one.
            |context| unsafe {
                Esys_RSA_Decrypt_Async(
                    context,
                    key.0,
                    ESYS_TR_PASSWORD,
                    ESYS_TR_NONE,
                    ESYS_TR_NONE,
                    &cipher,
                    &scheme,
                    label,
                )
            },
            // SAFETY: the same, with a place for the result.
            |context| unsafe { Esys_RSA_Decrypt_Finish(context, &mut output.0) },
        )?;
        let output = output.get(COMMAND)?;
        Ok(output.buffer.get(..usize::from(output.size)).unwrap_or_default().to_vec().into())
    }
}
