//! Authenticated encryption (PSA 1.5, section 10.6).

use std::sync::Arc;

use super::compatibility;
use super::hash::equal;
use super::in_use::KeyInUse;
use super::key_slot::KeySlot;
use super::library::Library;
use super::operations::Handle;
use super::primitives::{Aead, AeadOperation, Direction, Key};
use super::random;
use crate::engines::Function;
use crate::fail;
use crate::memory::{InOut, SecretArray};
use crate::psa::{Algorithm, Error, KeyId, Result, Usage, sizes};

/// `psa_aead_encrypt`: puts out the ciphertext and then the tag.
pub fn encrypt(
    library: &Library,
    key: KeyId,
    alg: Algorithm,
    nonce: &[u8],
    additional_data: &[u8],
    plaintext: &mut InOut<'_>,
) -> Result<usize> {
    let slot = permitted_key(library, key, alg, Direction::Encrypt)?;
    let lengths = Lengths { ad: additional_data.len(), text: plaintext.input_length() };
    lengths.check(alg)?;
    check_nonce(alg, nonce.len(), lengths.text)?;
    let length = lengths.text.checked_add(alg.aead_tag_length()).ok_or(Error::InvalidArgument)?;
    if plaintext.output_size() < length {
        return Err(Error::BufferTooSmall);
    }
    slot.with_key(library, |key| family(key)?.encrypt(alg, nonce, additional_data, plaintext))?;
    Ok(length)
}

/// `psa_aead_decrypt`: takes the ciphertext followed by the tag.
pub fn decrypt(
    library: &Library,
    key: KeyId,
    alg: Algorithm,
    nonce: &[u8],
    additional_data: &[u8],
    ciphertext: &mut InOut<'_>,
) -> Result<usize> {
    let slot = permitted_key(library, key, alg, Direction::Decrypt)?;
    let length = ciphertext.input_length().checked_sub(alg.aead_tag_length()).ok_or(Error::InvalidSignature)?;
    let lengths = Lengths { ad: additional_data.len(), text: length };
    lengths.check(alg)?;
    check_nonce(alg, nonce.len(), lengths.text)?;
    if ciphertext.output_size() < length {
        return Err(Error::BufferTooSmall);
    }
    slot.with_key(library, |key| family(key)?.decrypt(alg, nonce, additional_data, ciphertext))?;
    Ok(length)
}

/// How much data there is, in bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Lengths {
    ad: usize,
    text: usize,
}

impl Lengths {
    /// Checks what the algorithm can take at most, whatever the nonce.
    fn check(self, alg: Algorithm) -> Result<()> {
        // No algorithm takes less than 4 GiB.
        if (self.ad | self.text) as u64 <= u64::from(u32::MAX) {
            return Ok(());
        }
        let (max_ad, max_text) = match alg.aead_base() {
            // NIST SP 800-38D, section 5.2.1.1.
            Algorithm::GCM => ((1 << 61) - 1, (1 << 36) - 32),
            // RFC 8439, section 2.8.
            Algorithm::CHACHA20_POLY1305 | Algorithm::XCHACHA20_POLY1305 => (u64::MAX, 64 * ((1 << 32) - 1)),
            _ => (u64::MAX, u64::MAX),
        };
        if self.ad as u64 > max_ad || self.text as u64 > max_text {
            return fail!(InvalidArgument, "more data than algorithm {alg} can take");
        }
        Ok(())
    }
}

/// The length of a CCM text is encoded in what the nonce leaves of a block (RFC 3610, section 2.1).
const CCM_NONCE_AND_LENGTH: usize = 15;

fn ccm_length_fits(text: usize, length_size: usize) -> bool {
    length_size >= 8 || text as u64 >> (8 * length_size) == 0
}

/// Checks the length of a nonce, with which CCM limits the text.
#[inline]
fn check_nonce(alg: Algorithm, length: usize, text: usize) -> Result<()> {
    let valid = match alg.aead_base() {
        Algorithm::CCM => (7..=13).contains(&length),
        Algorithm::GCM => length != 0,
        // The two variants; a place that lacks the one of 8 bytes says so.
        Algorithm::CHACHA20_POLY1305 => matches!(length, 8 | 12),
        Algorithm::XCHACHA20_POLY1305 => length == 24,
        Algorithm::ASCON_AEAD128 => length == 16,
        _ => true,
    };
    if !valid {
        return fail!(InvalidArgument, "a nonce of {length} bytes for algorithm {alg}");
    }
    if alg.aead_base() == Algorithm::CCM && !ccm_length_fits(text, CCM_NONCE_AND_LENGTH - length) {
        return fail!(InvalidArgument, "a text of {text} bytes is too long for a CCM nonce of {length}");
    }
    Ok(())
}

/// Checks the length of the tag that the algorithm encodes.
pub(super) fn check_tag(alg: Algorithm) -> Result<()> {
    let length = alg.aead_tag_length();
    let valid = match alg.aead_base() {
        Algorithm::CCM => matches!(length, 4 | 6 | 8 | 10 | 12 | 14 | 16),
        Algorithm::GCM => matches!(length, 4 | 8 | 12..=16),
        Algorithm::CHACHA20_POLY1305 | Algorithm::XCHACHA20_POLY1305 => length == 16,
        Algorithm::ASCON_AEAD128 => matches!(length, 4..=16),
        _ => return fail!(NotSupported, "the AEAD algorithm {alg} is not known"),
    };
    if valid {
        return Ok(());
    }
    fail!(InvalidArgument, "a tag of {length} bytes for algorithm {alg}")
}

#[inline]
fn permitted_key(library: &Library, key: KeyId, alg: Algorithm, direction: Direction) -> Result<KeyInUse> {
    let slot = library.key(key)?;
    if !alg.is_aead() || alg.is_wildcard() {
        return fail!(NotSupported, "{alg} is not an AEAD algorithm");
    }
    let usage = match direction {
        Direction::Encrypt => Usage::ENCRYPT,
        Direction::Decrypt => Usage::DECRYPT,
    };
    slot.ensure_permitted_and(usage, alg, |_| check_tag(alg))?;
    Ok(slot)
}

struct State {
    slot: Arc<KeySlot>,
    alg: Algorithm,
    direction: Direction,
    /// What `psa_aead_set_lengths` announced.
    announced: Option<Lengths>,
    /// What has come so far.
    given: Lengths,
    text_began: bool,
    /// `None` until the nonce is known.
    operation: Option<Box<dyn AeadOperation>>,
}

impl State {
    fn new(library: &Library, key: KeyId, alg: Algorithm, direction: Direction) -> Result<Self> {
        let slot = permitted_key(library, key, alg, direction)?;
        // The place is asked for the rest only with the nonce.
        compatibility::check_place(library, &slot, Function::Aead, alg)?;
        let given = Lengths::default();
        Ok(Self { slot: slot.keep(), alg, direction, announced: None, given, text_began: false, operation: None })
    }

    fn set_lengths(&mut self, lengths: Lengths) -> Result<()> {
        self.slot.ensure_alive()?;
        if self.operation.is_some() || self.announced.is_some() {
            return fail!(BadState, "the lengths are set once, before the nonce");
        }
        lengths.check(self.alg)?;
        self.announced = Some(lengths);
        Ok(())
    }

    fn ensure_without_nonce(&self) -> Result<()> {
        self.slot.ensure_alive()?;
        if self.operation.is_some() {
            return fail!(BadState, "the nonce is set already");
        }
        if self.alg.aead_base() == Algorithm::CCM && self.announced.is_none() {
            return fail!(BadState, "CCM needs the lengths before the nonce");
        }
        Ok(())
    }

    /// The length of a nonce that we make: with CCM as long as the text allows (section 10.6.1).
    fn nonce_length(&self) -> usize {
        let default = sizes::aead_nonce_length(self.slot.attributes().key_type, self.alg);
        match self.announced {
            Some(announced) if self.alg.aead_base() == Algorithm::CCM => {
                let length_size = (2..8).find(|size| ccm_length_fits(announced.text, *size)).unwrap_or(8);
                CCM_NONCE_AND_LENGTH - length_size
            }
            _ => default,
        }
    }

    fn set_nonce(&mut self, library: &Library, nonce: &[u8]) -> Result<()> {
        let announced = self.announced.map(|lengths| (lengths.ad, lengths.text));
        check_nonce(self.alg, nonce.len(), self.announced.unwrap_or_default().text)?;
        let operation =
            self.slot.with_key(library, |key| family(key)?.setup(self.alg, self.direction, nonce, announced))?;
        self.operation = Some(operation);
        Ok(())
    }

    /// The operation once it has its nonce.
    fn operation(&mut self) -> Result<&mut dyn AeadOperation> {
        match &mut self.operation {
            Some(operation) => Ok(&mut **operation),
            None => fail!(BadState, "the nonce is not set yet"),
        }
    }

    fn ensure_running(&mut self) -> Result<()> {
        self.slot.ensure_alive()?;
        self.operation().map(|_| ())
    }

    fn update_ad(&mut self, input: &[u8]) -> Result<()> {
        self.ensure_running()?;
        if self.text_began {
            return fail!(BadState, "additional data comes before the text");
        }
        self.given.ad = self.given.ad.checked_add(input.len()).ok_or(Error::InvalidArgument)?;
        self.check_given()?;
        self.operation()?.update_ad(input)
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize> {
        self.ensure_running()?;
        let length = data.input_length();
        self.text_began = true;
        self.given.text = self.given.text.checked_add(length).ok_or(Error::InvalidArgument)?;
        self.check_ad_complete()?;
        self.check_given()?;
        if data.output_size() < length {
            return Err(Error::BufferTooSmall);
        }
        self.operation()?.update(data)?;
        Ok(length)
    }

    /// Not more than was announced, and than the algorithm takes.
    fn check_given(&self) -> Result<()> {
        match self.announced {
            Some(announced) if self.given.ad > announced.ad || self.given.text > announced.text => {
                fail!(InvalidArgument, "more data than psa_aead_set_lengths() announced")
            }
            Some(_) => Ok(()),
            None => self.given.check(self.alg),
        }
    }

    fn check_ad_complete(&self) -> Result<()> {
        match self.announced {
            Some(announced) if self.given.ad != announced.ad => {
                fail!(InvalidArgument, "less additional data than psa_aead_set_lengths() announced")
            }
            _ => Ok(()),
        }
    }

    /// The operation, to be ended in the direction in which it must have begun.
    fn complete(&mut self, direction: Direction) -> Result<&mut dyn AeadOperation> {
        self.ensure_running()?;
        if self.direction != direction {
            return fail!(BadState, "encryption gives a tag, decryption verifies one");
        }
        if self.announced.is_some_and(|announced| announced != self.given) {
            return fail!(InvalidArgument, "less data than psa_aead_set_lengths() announced");
        }
        self.operation()
    }
}

/// `psa_aead_encrypt_setup`.
pub fn encrypt_setup(library: &Library, handle: &mut Handle, key: KeyId, alg: Algorithm) -> Result<()> {
    library.operations.setup(handle, || State::new(library, key, alg, Direction::Encrypt))
}

/// `psa_aead_decrypt_setup`.
pub fn decrypt_setup(library: &Library, handle: &mut Handle, key: KeyId, alg: Algorithm) -> Result<()> {
    library.operations.setup(handle, || State::new(library, key, alg, Direction::Decrypt))
}

/// `psa_aead_set_lengths`.
pub fn set_lengths(library: &Library, handle: &mut Handle, ad_length: usize, plaintext_length: usize) -> Result<()> {
    let lengths = Lengths { ad: ad_length, text: plaintext_length };
    library.operations.step(*handle, |state: &mut State| state.set_lengths(lengths))
}

/// `psa_aead_generate_nonce`.
pub fn generate_nonce(library: &Library, handle: &mut Handle, nonce: &mut [u8]) -> Result<usize> {
    library.operations.step(*handle, |state: &mut State| {
        state.ensure_without_nonce()?;
        if state.direction == Direction::Decrypt {
            return fail!(BadState, "decryption takes the nonce that encryption had");
        }
        let nonce = nonce.get_mut(..state.nonce_length()).ok_or(Error::BufferTooSmall)?;
        random::generate(library, nonce)?;
        state.set_nonce(library, nonce)?;
        Ok(nonce.len())
    })
}

/// `psa_aead_set_nonce`.
pub fn set_nonce(library: &Library, handle: &mut Handle, nonce: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        state.ensure_without_nonce()?;
        state.set_nonce(library, nonce)
    })
}

/// `psa_aead_update_ad`.
pub fn update_ad(library: &Library, handle: &mut Handle, input: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| state.update_ad(input))
}

/// `psa_aead_update`.
pub fn update(library: &Library, handle: &mut Handle, data: &mut InOut<'_>) -> Result<usize> {
    library.operations.step(*handle, |state: &mut State| state.update(data))
}

/// `psa_aead_finish`: gives the tag; no ciphertext is ever left for the end.
pub fn finish(library: &Library, handle: &mut Handle, tag: &mut [u8]) -> Result<usize> {
    library.operations.finish(handle, |state: &mut State| {
        let tag_length = state.alg.aead_tag_length();
        let operation = state.complete(Direction::Encrypt)?;
        operation.finish(tag.get_mut(..tag_length).ok_or(Error::BufferTooSmall)?)?;
        Ok(tag_length)
    })
}

/// `psa_aead_verify`; no plaintext is ever left for the end.
pub fn verify(library: &Library, handle: &mut Handle, expected: &[u8]) -> Result<()> {
    library.operations.finish(handle, |state: &mut State| {
        let mut tag = SecretArray::<{ sizes::AEAD_TAG_MAX_SIZE }>::zeros();
        let tag = tag.get_mut(..state.alg.aead_tag_length()).ok_or(Error::CorruptionDetected)?;
        state.complete(Direction::Decrypt)?.finish(tag)?;
        equal(Some(tag), expected)
    })
}

fn family(key: &dyn Key) -> Result<&dyn Aead> {
    match key.aead() {
        Some(family) => Ok(family),
        None => fail!(NotSupported, "this key does not encrypt with authentication where it is kept"),
    }
}

#[cfg(test)]
mod tests;
