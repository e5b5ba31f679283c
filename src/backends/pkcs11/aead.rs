//! AES-GCM, AES-CCM and ChaCha20-Poly1305 (PSA 1.5, section 10.6).
//!
//! A token checks the tag of what it decrypts in one call. In parts it would want the tag before the end, or keep all
//! plaintext until then, and PSA does neither: so a ciphertext is decrypted by encrypting it, because these modes only add a
//! stream of key bytes, and the tag is the one that a second encryption, of the plaintext, gives. Where a token takes the text
//! in one call only (all but GCM), `core/aead_in_parts.rs` builds the parts of that.

use cryptoki_sys::*;
use subtle::ConstantTimeEq;

use super::connection::Session;
use super::errors::{Failure, Outcome};
use super::function_list::Work;
use super::key::{self, Parts, Pkcs11Key};
use super::mechanism::{Mechanism, Parameters};
use crate::core::aead_in_parts;
use crate::core::primitives::{Aead, AeadOperation, Direction};
use crate::engines::Function;
use crate::fail;
use crate::memory::{InOut, Secret};
use crate::psa::{Algorithm, Error, Result};

/// What may wait in memory of the additional data, which a token wants at the beginning.
const MOST_ADDITIONAL_DATA: usize = 16 << 20;

/// Length of a nonce of ChaCha20-Poly1305 (RFC 8439, section 2.8).
const RFC_8439_NONCE: usize = 12;

/// How tokens say that a tag is wrong.
const WRONG_TAG: [CK_RV; 6] = [
    CKR_AEAD_DECRYPT_FAILED,
    CKR_ENCRYPTED_DATA_INVALID,
    CKR_ENCRYPTED_DATA_LEN_RANGE,
    CKR_SIGNATURE_INVALID,
    CKR_DATA_INVALID,
    CKR_DATA_LEN_RANGE,
];
/// What some say of a wrong tag, and all of themselves: SoftHSM the first, kryoptic the last.
const PERHAPS_WRONG_TAG: [CK_RV; 3] = [CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED, CKR_DEVICE_ERROR];

fn mechanism<'a>(alg: Algorithm, nonce: &'a [u8], additional_data: &'a [u8], text_length: usize) -> Mechanism<'a> {
    let tag_length = alg.aead_tag_length();
    match alg.aead_base() {
        Algorithm::CCM => Mechanism {
            kind: CKM_AES_CCM,
            parameters: Parameters::Ccm { nonce, additional_data, tag_length, text_length },
        },
        Algorithm::CHACHA20_POLY1305 => Mechanism {
            kind: CKM_CHACHA20_POLY1305,
            parameters: Parameters::ChaCha20Poly1305 { nonce, additional_data },
        },
        _ => Mechanism { kind: CKM_AES_GCM, parameters: Parameters::Gcm { nonce, additional_data, tag_length } },
    }
}

impl Pkcs11Key {
    fn ensure_encrypts(&self, alg: Algorithm, nonce: &[u8]) -> Result<()> {
        if alg == Algorithm::CHACHA20_POLY1305 && nonce.len() != RFC_8439_NONCE {
            return fail!(NotSupported, "ChaCha20-Poly1305 with a nonce of {} bytes; tokens take 12", nonce.len());
        }
        self.ensure_offered(Function::Aead, alg)
    }
}

impl Aead for Pkcs11Key {
    fn encrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], plaintext: &mut InOut<'_>) -> Result<()> {
        self.ensure_encrypts(alg, nonce)?;
        let (input, output) = plaintext.separate();
        let output = output.get_mut(..input.len() + alg.aead_tag_length()).ok_or(Error::BufferTooSmall)?;
        let mechanism = mechanism(alg, nonce, additional_data, input.len());
        let length = self.whole(Work::Encrypt, &mechanism, input, output)?;
        key::expect(Work::Encrypt, length, output.len())
    }

    fn decrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], ciphertext: &mut InOut<'_>) -> Result<()> {
        self.ensure_encrypts(alg, nonce)?;
        let (input, output) = ciphertext.separate();
        let length = input.len().checked_sub(alg.aead_tag_length()).ok_or(Error::InvalidSignature)?;
        let output = output.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        let mechanism = mechanism(alg, nonce, additional_data, length);
        // Tokens want room for the tag too, and may write before they know that it is right.
        let mut plaintext = Secret::new(vec![0; input.len()]);
        let decrypted = self.device.with_key(&self.reference, |session, key| {
            match key::whole(session, key, Work::Decrypt, &mechanism, input, &mut plaintext) {
                Err(failure) if tag_is_wrong(session, key, &mechanism, input.split_at(length), &failure)? => {
                    Err(Error::InvalidSignature.into())
                }
                answer => answer,
            }
        })?;
        key::expect(Work::Decrypt, decrypted, length)?;
        output.copy_from_slice(plaintext.get(..length).ok_or(Error::CorruptionDetected)?);
        Ok(())
    }

    fn setup(
        &self,
        alg: Algorithm,
        direction: Direction,
        nonce: &[u8],
        lengths: Option<(usize, usize)>,
    ) -> Result<Box<dyn AeadOperation>> {
        self.ensure_encrypts(alg, nonce)?;
        let in_parts = alg.aead_base() == Algorithm::GCM
            && self.device.with_session(|session| Ok(session.connection().token().encrypts_gcm_in_parts()))?;
        if !in_parts {
            return Ok(aead_in_parts::begin(self.clone(), alg, direction, nonce, lengths));
        }
        let text_length = lengths.map_or(0, |(_, text)| text);
        Ok(Box::new(Running {
            key: self.clone(),
            alg,
            direction,
            nonce: nonce.to_vec(),
            text_length,
            additional_data: Vec::new(),
            begun: None,
        }))
    }
}

/// Whether a failure says that the tag is wrong. Where it may say something else too, the tag is computed by encrypting: a
/// device in trouble fails again, or finds the tag right.
#[cold]
fn tag_is_wrong(
    session: &Session<'_>,
    key: CK_OBJECT_HANDLE,
    mechanism: &Mechanism<'_>,
    (ciphertext, tag): (&[u8], &[u8]),
    failure: &Failure,
) -> Outcome<bool> {
    let Failure::Refused { function: "C_Decrypt", code } = failure else { return Ok(false) };
    if !PERHAPS_WRONG_TAG.contains(code) {
        return Ok(WRONG_TAG.contains(code));
    }
    match computed_tag(session, key, mechanism, ciphertext, tag.len()) {
        Ok(computed) => Ok(!bool::from(computed.ct_eq(tag))),
        // A key of somebody else's that only decrypts.
        Err(refusal) if refusal.is(CKR_KEY_FUNCTION_NOT_PERMITTED) => Ok(!failure.is(CKR_DEVICE_ERROR)),
        Err(_) => Err(*failure),
    }
}

fn computed_tag(
    session: &Session<'_>,
    key: CK_OBJECT_HANDLE,
    mechanism: &Mechanism<'_>,
    ciphertext: &[u8],
    tag_length: usize,
) -> Outcome<Secret> {
    let encrypt = |text: &[u8]| {
        let mut sealed = Secret::new(vec![0; text.len() + tag_length]);
        let length = key::whole(session, key, Work::Encrypt, mechanism, text, &mut sealed)?;
        key::expect(Work::Encrypt, length, sealed.len())?;
        Ok::<_, Failure>(sealed)
    };
    let mut plaintext = encrypt(ciphertext)?;
    plaintext.truncate(ciphertext.len());
    let mut tag = encrypt(&plaintext)?;
    tag.drain(..ciphertext.len());
    Ok(tag)
}

/// Authenticated encryption whose text comes in parts.
struct Running {
    key: Pkcs11Key,
    alg: Algorithm,
    direction: Direction,
    nonce: Vec<u8>,
    text_length: usize,
    additional_data: Vec<u8>,
    begun: Option<Begun>,
}

/// What the token is busy with.
struct Begun {
    /// Encrypts the plaintext, and with it gives the tag.
    encryption: Parts,
    /// Encrypts the ciphertext, which gives the plaintext.
    decryption: Option<Parts>,
}

impl Running {
    /// Begins when the additional data is complete.
    fn begin(&mut self) -> Result<&mut Begun> {
        if self.begun.is_none() {
            let mechanism = mechanism(self.alg, &self.nonce, &self.additional_data, self.text_length);
            let encryption = self.key.parts(Work::Encrypt, &mechanism)?;
            let decryption = match self.direction {
                Direction::Encrypt => None,
                Direction::Decrypt => Some(self.key.parts(Work::Encrypt, &mechanism)?),
            };
            self.begun = Some(Begun { encryption, decryption });
        }
        self.begun.as_mut().ok_or(Error::CorruptionDetected)
    }
}

impl AeadOperation for Running {
    fn update_ad(&mut self, input: &[u8]) -> Result<()> {
        if input.len() > MOST_ADDITIONAL_DATA - self.additional_data.len() {
            return fail!(InsufficientMemory, "tokens take additional data in one call; up to 16 MiB are kept");
        }
        self.additional_data.extend_from_slice(input);
        Ok(())
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<()> {
        if data.input_length() == 0 {
            return Ok(());
        }
        let begun = self.begin()?;
        let (input, output) = data.separate();
        let output = output.get_mut(..input.len()).ok_or(Error::BufferTooSmall)?;
        match &mut begun.decryption {
            None => begun.encryption.update(input, output),
            Some(decryption) => {
                decryption.update(input, output)?;
                begun.encryption.update(output, &mut Secret::new(vec![0; input.len()]))
            }
        }
    }

    fn finish(&mut self, tag: &mut [u8]) -> Result<()> {
        let Some(begun) = self.begun.take() else {
            // No text at all, which some tokens take in one call only.
            let mechanism = mechanism(self.alg, &self.nonce, &self.additional_data, 0);
            let length = self.key.whole(Work::Encrypt, &mechanism, &[], tag)?;
            return key::expect(Work::Encrypt, length, tag.len());
        };
        begun.encryption.finish(tag)?;
        if let Some(decryption) = begun.decryption {
            // The tag of a text that nobody has.
            decryption.finish(&mut Secret::new(vec![0; tag.len()]))?;
        }
        Ok(())
    }
}
