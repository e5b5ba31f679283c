//! Computing with symmetric keys: HMAC, sequences and ciphers.

use super::{Command, NULL_HIERARCHY, Object, Outcome, Secrecy, Tpm};
use crate::backends::tpm::identifiers::AlgorithmId;
use crate::backends::tpm::mac::Purpose;
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

impl Command<'_> {
    fn serves(self, purpose: Purpose, secrecy: Secrecy) -> Self {
        match purpose {
            Purpose::Authentication => self.secret(secrecy),
            Purpose::Secret => self.always_secret(secrecy),
        }
    }
}

impl Tpm {
    /// TPM2_HMAC: the MAC of up to [`MAX_BUFFER`] bytes, one command.
    pub(in super::super) fn hmac(
        &mut self,
        key: &Object,
        hash: AlgorithmId,
        purpose: Purpose,
        input: &[u8],
    ) -> Outcome<Secret> {
        let command = Command::new("HMAC", 0x155).authorized(key).serves(purpose, Secrecy::Both);
        self.run(command.with(|parameters| parameters.sized(input).half(hash)))?.bytes()
    }

    /// TPM2_HMAC_Start: a sequence, which takes a slot until it is completed or flushed. Its authorization value is
    /// empty: it ends with the call that began it.
    pub(in super::super) fn start_hmac(&mut self, key: &Object, hash: AlgorithmId) -> Outcome<Object> {
        let command = Command::new("HMAC_Start", 0x15b).authorized(key).makes_object();
        let response = self.run(command.with(|parameters| parameters.sized(&[]).half(hash)))?;
        response.read(|_| Some(()))?;
        // A sequence has no name (part 1, section 16).
        Ok(Object::new(response.handle, Vec::new()))
    }

    /// TPM2_SequenceUpdate with up to [`MAX_BUFFER`] bytes.
    pub(in super::super) fn update_sequence(
        &mut self,
        sequence: &Object,
        purpose: Purpose,
        input: &[u8],
    ) -> Outcome<()> {
        let command = Command::new("SequenceUpdate", 0x15c).authorized(sequence).serves(purpose, Secrecy::Input);
        self.run(command.with(|parameters| parameters.sized(input)))?.read(|_| Some(()))
    }

    /// TPM2_SequenceComplete with the last bytes, up to [`MAX_BUFFER`].
    pub(in super::super) fn complete_sequence(
        &mut self,
        sequence: &Object,
        purpose: Purpose,
        input: &[u8],
    ) -> Outcome<Secret> {
        let command = Command::new("SequenceComplete", 0x13e).authorized(sequence).serves(purpose, Secrecy::Both);
        let response = self.run(command.with(|parameters| parameters.sized(input).word(NULL_HIERARCHY)))?;
        response.read(|reader| {
            let mac = reader.sized()?.to_vec().into();
            // A ticket for hashes: tag, hierarchy and digest.
            let _ticket = (reader.half()?, reader.word()?, reader.sized()?);
            Some(mac)
        })
    }

    /// TPM2_EncryptDecrypt2 of up to [`MAX_BUFFER`] bytes, which are added to `output`. Returns what chains the next
    /// ones to them.
    pub(in super::super) fn crypt(
        &mut self,
        key: &Object,
        mode: CipherMode,
        decrypt: bool,
        chain: &[u8],
        input: &[u8],
        output: &mut Secret,
    ) -> Outcome<Vec<u8>> {
        let command = Command::new("EncryptDecrypt2", 0x193).authorized(key).secret(Secrecy::Both);
        let response = self
            .run(command.with(|parameters| {
                parameters.sized(input).byte(decrypt.into()).half(mode as AlgorithmId).sized(chain)
            }))?;
        response.read(|reader| {
            output.extend_from_slice(reader.sized()?);
            Some(reader.sized()?.to_vec())
        })
    }
}
