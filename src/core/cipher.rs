//! Unauthenticated ciphers (PSA 1.5, section 10.5).

use std::ops::Deref;
use std::sync::Arc;

use super::compatibility;
use super::in_use::KeyInUse;
use super::key_slot::KeySlot;
use super::library::Library;
use super::operations::Handle;
use super::primitives::{Cipher, CipherOperation, Direction, Key};
use super::random;
use crate::engines::Function;
use crate::fail;
use crate::memory::InOut;
use crate::psa::{Algorithm, Error, KeyId, KeyType, Result, Usage, sizes};

/// `psa_cipher_encrypt`: puts out a random initialization vector and then the ciphertext.
pub fn encrypt(library: &Library, key: KeyId, alg: Algorithm, data: &mut InOut<'_>) -> Result<usize> {
    let job = Job::new(library, key, alg, Direction::Encrypt)?;
    job.check_whole_blocks(data.input_length())?;
    if data.output_size() < sizes::cipher_encrypt_output_size(job.key_type(), alg, data.input_length()) {
        return Err(Error::BufferTooSmall);
    }
    // Before anything is written.
    compatibility::check_place(library, &job.slot, Function::Cipher, alg)?;
    job.slot.with_key(library, |key| {
        let family = family(key)?;
        let mut iv = [0; sizes::CIPHER_IV_MAX_SIZE];
        let iv = iv.get_mut(..job.iv_length()).ok_or(Error::CorruptionDetected)?;
        random::generate(library, iv)?;
        data.take_output(iv.len())?.copy_from_slice(iv);
        Ok(iv.len() + family.apply(alg, Direction::Encrypt, iv, data)?)
    })
}

/// `psa_cipher_decrypt`: takes the initialization vector from the front of the input.
pub fn decrypt(library: &Library, key: KeyId, alg: Algorithm, data: &mut InOut<'_>) -> Result<usize> {
    let job = Job::new(library, key, alg, Direction::Decrypt)?;
    let iv_length = job.iv_length();
    let Some(text_length) = data.input_length().checked_sub(iv_length) else {
        return fail!(InvalidArgument, "the input is shorter than its initialization vector of {iv_length} bytes");
    };
    job.check_whole_blocks(text_length)?;
    if data.output_size() < job.least_plaintext(text_length) {
        return Err(Error::BufferTooSmall);
    }
    job.slot.with_key(library, |key| {
        let family = family(key)?;
        let mut iv = [0; sizes::CIPHER_IV_MAX_SIZE];
        let iv = iv.get_mut(..iv_length).ok_or(Error::CorruptionDetected)?;
        iv.copy_from_slice(data.take_input(iv_length)?);
        family.apply(alg, Direction::Decrypt, iv, data)
    })
}

/// What a key is to do.
struct Job<S = Arc<KeySlot>> {
    slot: S,
    alg: Algorithm,
    direction: Direction,
}

impl Job<KeyInUse> {
    #[inline(always)]
    fn new(library: &Library, key: KeyId, alg: Algorithm, direction: Direction) -> Result<Self> {
        if !alg.is_cipher() || alg.is_wildcard() {
            return fail!(InvalidArgument, "{alg} is not a cipher algorithm");
        }
        let slot = library.key(key)?;
        let usage = match direction {
            Direction::Encrypt => Usage::ENCRYPT,
            Direction::Decrypt => Usage::DECRYPT,
        };
        slot.ensure_permitted(usage, alg)?;
        Ok(Self { slot, alg, direction })
    }
}

impl<S: Deref<Target = KeySlot>> Job<S> {
    fn key_type(&self) -> KeyType {
        self.slot.attributes().key_type
    }

    fn iv_length(&self) -> usize {
        sizes::cipher_iv_length(self.key_type(), self.alg)
    }

    /// Text that is not padded has whole blocks; decrypted padding fills at least one.
    #[inline(always)]
    fn check_whole_blocks(&self, text_length: usize) -> Result<()> {
        let whole = matches!(self.alg, Algorithm::ECB_NO_PADDING | Algorithm::CBC_NO_PADDING) || self.removes_padding();
        let block = self.key_type().block_cipher_block_length();
        if whole && !text_length.is_multiple_of(block) || self.removes_padding() && text_length == 0 {
            return fail!(InvalidArgument, "a text of {text_length} bytes is not one of whole blocks of {block}");
        }
        if self.alg == Algorithm::XTS && text_length < block {
            return fail!(InvalidArgument, "XTS takes a text of {block} bytes or more, not {text_length}");
        }
        Ok(())
    }

    /// The shortest plaintext that a ciphertext of this length can have.
    fn least_plaintext(&self, text_length: usize) -> usize {
        let padding = if self.removes_padding() { self.key_type().block_cipher_block_length() } else { 0 };
        text_length.saturating_sub(padding)
    }

    fn removes_padding(&self) -> bool {
        self.alg == Algorithm::CBC_PKCS7 && self.direction == Direction::Decrypt
    }
}

struct State {
    job: Job,
    operation: Box<dyn CipherOperation>,
    /// False until the initialization vector is set, where the algorithm has one.
    ready: bool,
}

impl State {
    fn new(library: &Library, key: KeyId, alg: Algorithm, direction: Direction) -> Result<Self> {
        let Job { slot, .. } = Job::new(library, key, alg, direction)?;
        let operation = slot.with_key(library, |key| family(key)?.setup(alg, direction))?;
        let job = Job { slot: slot.keep(), alg, direction };
        Ok(Self { ready: job.iv_length() == 0, job, operation })
    }

    /// The initialization vector is set once, before any input, where the algorithm has one.
    fn ensure_without_iv(&self) -> Result<()> {
        self.job.slot.ensure_alive()?;
        if self.ready {
            return fail!(BadState, "the initialization vector is set already, or the algorithm has none");
        }
        Ok(())
    }

    fn ensure_ready(&self) -> Result<()> {
        self.job.slot.ensure_alive()?;
        if self.ready {
            return Ok(());
        }
        fail!(BadState, "the initialization vector is not set yet")
    }

    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        if !takes_iv(self.job.key_type(), self.job.alg, iv.len()) {
            return fail!(InvalidArgument, "an initialization vector of {} bytes", iv.len());
        }
        self.operation.set_iv(iv)?;
        self.ready = true;
        Ok(())
    }
}

/// True where an initialization vector may have this length (section 10.5.1).
fn takes_iv(key_type: KeyType, alg: Algorithm, length: usize) -> bool {
    match (alg, key_type) {
        (Algorithm::CTR, _) => (1..=key_type.block_cipher_block_length()).contains(&length),
        (Algorithm::CCM_STAR_NO_TAG, _) => (7..=13).contains(&length),
        (Algorithm::STREAM_CIPHER, KeyType::CHACHA20) => matches!(length, 8 | 12 | 16),
        (Algorithm::STREAM_CIPHER, KeyType::XCHACHA20) => matches!(length, 24 | 32),
        _ => length == sizes::cipher_iv_length(key_type, alg),
    }
}

/// `psa_cipher_encrypt_setup`.
pub fn encrypt_setup(library: &Library, handle: &mut Handle, key: KeyId, alg: Algorithm) -> Result<()> {
    library.operations.setup(handle, || State::new(library, key, alg, Direction::Encrypt))
}

/// `psa_cipher_decrypt_setup`.
pub fn decrypt_setup(library: &Library, handle: &mut Handle, key: KeyId, alg: Algorithm) -> Result<()> {
    library.operations.setup(handle, || State::new(library, key, alg, Direction::Decrypt))
}

/// `psa_cipher_generate_iv`.
pub fn generate_iv(library: &Library, handle: &mut Handle, iv: &mut [u8]) -> Result<usize> {
    library.operations.step(*handle, |state: &mut State| {
        state.ensure_without_iv()?;
        if state.job.direction == Direction::Decrypt {
            return fail!(BadState, "decryption takes the initialization vector that encryption had");
        }
        let iv = iv.get_mut(..state.job.iv_length()).ok_or(Error::BufferTooSmall)?;
        random::generate(library, iv)?;
        state.set_iv(iv)?;
        Ok(iv.len())
    })
}

/// `psa_cipher_set_iv`.
pub fn set_iv(library: &Library, handle: &mut Handle, iv: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        state.ensure_without_iv()?;
        state.set_iv(iv)
    })
}

/// `psa_cipher_update`.
pub fn update(library: &Library, handle: &mut Handle, data: &mut InOut<'_>) -> Result<usize> {
    library.operations.step(*handle, |state: &mut State| {
        state.ensure_ready()?;
        state.operation.update(data)
    })
}

/// `psa_cipher_finish`.
pub fn finish(library: &Library, handle: &mut Handle, output: &mut [u8]) -> Result<usize> {
    library.operations.finish(handle, |state: &mut State| {
        state.ensure_ready()?;
        state.operation.finish(output)
    })
}

fn family(key: &dyn Key) -> Result<&dyn Cipher> {
    match key.cipher() {
        Some(family) => Ok(family),
        None => fail!(NotSupported, "this key does not encrypt where it is kept"),
    }
}

#[cfg(test)]
mod tests;
