//! Computing with symmetric keys: HMAC, sequences and ciphers.
#![allow(unsafe_code)]

use std::ptr::null_mut;

use tss_esapi::interface_types::algorithm::HashingAlgorithm;
use tss_esapi::tss2_esys::*;

use super::{Allocated, Esys, NULL_HIERARCHY, Object, Outcome, sized};
use crate::memory::Secret;

/// What every TPM takes in one buffer (TPM 2.0 Library, part 2, section 10.4.8, and the PC Client profile).
pub(in super::super) const MAX_BUFFER: usize = 1024;

/// A mode of a block cipher, with the TPM's number for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum CipherMode {
    /// Counter.
    Ctr = 0x40,
    /// Output feedback.
    Ofb = 0x41,
    /// Cipher block chaining.
    Cbc = 0x42,
    /// Cipher feedback.
    Cfb = 0x43,
    /// Electronic codebook.
    Ecb = 0x44,
}

impl Esys {
    /// TPM2_HMAC: the MAC of up to [`MAX_BUFFER`] bytes, one command.
    pub(in super::super) fn hmac(&mut self, key: Object, hash: HashingAlgorithm, input: &[u8]) -> Outcome<Secret> {
        const COMMAND: &str = "HMAC";
        let buffer = sized!(TPM2B_MAX_BUFFER, COMMAND, input);
        let mut mac = Allocated::<TPM2B_DIGEST>::EMPTY;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the buffer, which outlives the call.
            |context| unsafe {
                Esys_HMAC_Async(context, key.0, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &buffer, hash.into())
            },
            // SAFETY: the same, with a place for the result.
            |context| unsafe { Esys_HMAC_Finish(context, &mut mac.0) },
        )?;
        let mac = mac.get(COMMAND)?;
        Ok(mac.buffer.get(..usize::from(mac.size)).unwrap_or_default().to_vec().into())
    }

    /// TPM2_HMAC_Start: a sequence, which takes a slot until it is completed or flushed. Its authorization value is
    /// empty: it ends with the call that began it.
    pub(in super::super) fn start_hmac(&mut self, key: Object, hash: HashingAlgorithm) -> Outcome<Object> {
        let (auth, mut sequence) = (TPM2B_AUTH::default(), ESYS_TR_NONE);
        self.run(
            "HMAC_Start",
            // SAFETY: `run` passes the live context; ESYS copies the authorization value.
            |context| unsafe {
                Esys_HMAC_Start_Async(context, key.0, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &auth, hash.into())
            },
            // SAFETY: the same, with a place for the handle.
            |context| unsafe { Esys_HMAC_Start_Finish(context, &mut sequence) },
        )?;
        Ok(Object(sequence))
    }

    /// TPM2_SequenceUpdate with up to [`MAX_BUFFER`] bytes.
    pub(in super::super) fn update_sequence(&mut self, sequence: Object, input: &[u8]) -> Outcome<()> {
        const COMMAND: &str = "SequenceUpdate";
        let buffer = sized!(TPM2B_MAX_BUFFER, COMMAND, input);
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the buffer, which outlives the call.
            |context| unsafe {
                Esys_SequenceUpdate_Async(context, sequence.0, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &buffer)
            },
            // SAFETY: the same.
            |context| unsafe { Esys_SequenceUpdate_Finish(context) },
        )
    }

    /// TPM2_SequenceComplete with the last bytes, up to [`MAX_BUFFER`].
    pub(in super::super) fn complete_sequence(&mut self, sequence: Object, input: &[u8]) -> Outcome<Secret> {
        const COMMAND: &str = "SequenceComplete";
        let buffer = sized!(TPM2B_MAX_BUFFER, COMMAND, input);
        let mut mac = Allocated::<TPM2B_DIGEST>::EMPTY;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the buffer, which outlives the call.
            |context| unsafe {
                Esys_SequenceComplete_Async(
                    context,
                    sequence.0,
                    ESYS_TR_PASSWORD,
                    ESYS_TR_NONE,
                    ESYS_TR_NONE,
                    &buffer,
                    NULL_HIERARCHY,
                )
            },
            // SAFETY: the same, with a place for the result that is wanted.
            |context| unsafe { Esys_SequenceComplete_Finish(context, &mut mac.0, null_mut()) },
        )?;
        let mac = mac.get(COMMAND)?;
        Ok(mac.buffer.get(..usize::from(mac.size)).unwrap_or_default().to_vec().into())
    }

    /// TPM2_EncryptDecrypt2 of up to [`MAX_BUFFER`] bytes, which are added to `output`. Returns what chains the next
    /// ones to them.
    pub(in super::super) fn crypt(
        &mut self,
        key: Object,
        mode: CipherMode,
        decrypt: bool,
        chain: &[u8],
        input: &[u8],
        output: &mut Secret,
    ) -> Outcome<Vec<u8>> {
        const COMMAND: &str = "EncryptDecrypt2";
        let (buffer, chain) = (sized!(TPM2B_MAX_BUFFER, COMMAND, input), sized!(TPM2B_IV, COMMAND, chain));
        let (mut crypted, mut next) = (Allocated::<TPM2B_MAX_BUFFER>::EMPTY, Allocated::<TPM2B_IV>::EMPTY);
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the parameters, which outlive the call.
            |context| unsafe {
                Esys_EncryptDecrypt2_Async(
                    context,
                    key.0,
                    ESYS_TR_PASSWORD,
                    ESYS_TR_NONE,
                    ESYS_TR_NONE,
                    &buffer,
                    decrypt.into(),
                    mode as TPMI_ALG_SYM_MODE,
                    &chain,
                )
            },
            // SAFETY: the same, with places for the results.
            |context| unsafe { Esys_EncryptDecrypt2_Finish(context, &mut crypted.0, &mut next.0) },
        )?;
        let (crypted, next) = (crypted.get(COMMAND)?, next.get(COMMAND)?);
        output.extend_from_slice(crypted.buffer.get(..usize::from(crypted.size)).unwrap_or_default());
        Ok(next.buffer.get(..usize::from(next.size)).unwrap_or_default().to_vec())
    }
}
