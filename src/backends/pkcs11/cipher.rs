//! AES in the modes that tokens have (PSA 1.5, section 10.5).
//!
//! A token is given whole blocks only, in the modes of blocks, and the padding is put on and taken off here: tokens differ
//! in when they give out what, and in what they say of a wrong padding.

use cryptoki_sys::*;

use super::function_list::Work;
use super::key::{self, Parts, Pkcs11Key};
use super::mechanism::{Mechanism, Parameters};
use super::mechanisms;
use crate::core::primitives::{Cipher, CipherOperation, Direction};
use crate::core::unpadding;
use crate::engines::Function;
use crate::fail;
use crate::memory::{InOut, Secret};
use crate::psa::{Algorithm, Error, Result};

const BLOCK: usize = 16;

/// The mechanism of an algorithm.
pub(super) fn mechanism(alg: Algorithm) -> &'static [CK_MECHANISM_TYPE] {
    match alg {
        Algorithm::ECB_NO_PADDING => &[CKM_AES_ECB],
        Algorithm::CBC_NO_PADDING | Algorithm::CBC_PKCS7 => &[CKM_AES_CBC],
        Algorithm::CTR => &[CKM_AES_CTR],
        Algorithm::CFB => &[CKM_AES_CFB128],
        Algorithm::OFB => &[CKM_AES_OFB],
        _ => &[],
    }
}

/// The work of a direction.
pub(super) fn work(direction: Direction) -> Work {
    match direction {
        Direction::Encrypt => Work::Encrypt,
        Direction::Decrypt => Work::Decrypt,
    }
}

/// True in the modes of blocks; the others make a stream cipher of AES.
fn is_of_blocks(alg: Algorithm) -> bool {
    matches!(alg, Algorithm::ECB_NO_PADDING | Algorithm::CBC_NO_PADDING | Algorithm::CBC_PKCS7)
}

impl Pkcs11Key {
    fn cipher_mechanism<'a>(&self, alg: Algorithm, iv: &'a [u8]) -> Result<Mechanism<'a>> {
        self.ensure_offered(Function::Cipher, alg)?;
        let kind = *mechanisms::ways(Function::Cipher, self.kind, alg).first().ok_or(Error::NotSupported)?;
        let parameters = match alg {
            Algorithm::ECB_NO_PADDING => Parameters::None,
            Algorithm::CTR => {
                // A shorter one begins the counter block (PSA 1.5, section 10.5.1).
                let mut block = [0; BLOCK];
                block.get_mut(..iv.len()).ok_or(Error::InvalidArgument)?.copy_from_slice(iv);
                Parameters::Counter(block)
            }
            _ if iv.len() == BLOCK => Parameters::Vector(iv),
            _ => return Err(Error::InvalidArgument),
        };
        Ok(Mechanism { kind, parameters })
    }

    /// In one call, as long as the input.
    fn crypt_whole(&self, work: Work, mechanism: &Mechanism<'_>, input: &[u8], output: &mut [u8]) -> Result<()> {
        // Some modules do not take an empty text.
        if input.is_empty() {
            return Ok(());
        }
        let length = self.whole(work, mechanism, input, output)?;
        key::expect(work, length, output.len())
    }
}

impl Cipher for Pkcs11Key {
    fn apply(&self, alg: Algorithm, direction: Direction, iv: &[u8], data: &mut InOut<'_>) -> Result<usize> {
        let mechanism = self.cipher_mechanism(alg, iv)?;
        let (input, output) = data.separate();
        if alg == Algorithm::CBC_PKCS7 {
            let (padded, length) = match direction {
                Direction::Encrypt => (pad(input), input.len() / BLOCK * BLOCK + BLOCK),
                Direction::Decrypt => (Secret::new(input.to_vec()), input.len()),
            };
            let mut result = Secret::new(vec![0; length]);
            self.crypt_whole(work(direction), &mechanism, &padded, &mut result)?;
            if direction == Direction::Decrypt {
                let last = result.last_chunk::<BLOCK>().ok_or(Error::InvalidArgument)?;
                let kept = length - BLOCK + unpadding::pkcs7(last)?;
                result.truncate(kept);
            }
            output.get_mut(..result.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(&result);
            return Ok(result.len());
        }
        if is_of_blocks(alg) && !input.len().is_multiple_of(BLOCK) {
            return Err(Error::InvalidArgument);
        }
        let output = output.get_mut(..input.len()).ok_or(Error::BufferTooSmall)?;
        self.crypt_whole(work(direction), &mechanism, input, output)?;
        Ok(input.len())
    }

    fn setup(&self, alg: Algorithm, direction: Direction) -> Result<Box<dyn CipherOperation>> {
        self.ensure_offered(Function::Cipher, alg)?;
        let state = match alg {
            Algorithm::ECB_NO_PADDING => {
                State::Running(self.parts(work(direction), &self.cipher_mechanism(alg, &[])?)?)
            }
            _ => State::WithoutVector(self.clone()),
        };
        let waiting = Secret::new(Vec::with_capacity(BLOCK));
        Ok(Box::new(Running { state, alg, direction, waiting }))
    }
}

/// With padding (RFC 2315, section 10.3).
fn pad(text: &[u8]) -> Secret {
    let padding = BLOCK - text.len() % BLOCK;
    let mut padded = Secret::new(Vec::with_capacity(text.len() + padding));
    padded.extend_from_slice(text);
    padded.resize(text.len() + padding, padding as u8);
    padded
}

enum State {
    /// The token has not been asked for anything yet.
    WithoutVector(Pkcs11Key),
    Running(Parts),
    Ended,
}

/// A cipher operation in parts.
struct Running {
    state: State,
    alg: Algorithm,
    direction: Direction,
    /// Input of the block that is not complete, or may be the last one.
    waiting: Secret,
}

impl Running {
    fn parts(&mut self) -> Result<&mut Parts> {
        match &mut self.state {
            State::Running(parts) => Ok(parts),
            State::WithoutVector(_) | State::Ended => Err(Error::BadState),
        }
    }

    fn removes_padding(&self) -> bool {
        self.alg == Algorithm::CBC_PKCS7 && self.direction == Direction::Decrypt
    }

    fn end(&mut self) -> Result<()> {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Running(parts) => parts.finish(&mut []),
            State::WithoutVector(_) | State::Ended => Err(Error::BadState),
        }
    }

    /// The result of the last block.
    fn last_block(&mut self) -> Result<Secret> {
        let waiting = std::mem::take(&mut *self.waiting);
        let input = match self.direction {
            Direction::Encrypt => pad(&Secret::new(waiting)),
            Direction::Decrypt if waiting.len() == BLOCK => Secret::new(waiting),
            Direction::Decrypt => return fail!(InvalidArgument, "the text does not end with a whole block"),
        };
        let mut block = Secret::new(vec![0; input.len()]);
        self.parts()?.update(&input, &mut block)?;
        if self.direction == Direction::Decrypt {
            let length = unpadding::pkcs7(block.first_chunk::<BLOCK>().ok_or(Error::CorruptionDetected)?)?;
            block.truncate(length);
        }
        Ok(block)
    }
}

impl CipherOperation for Running {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        let State::WithoutVector(key) = &self.state else { return Err(Error::BadState) };
        self.state = State::Running(key.parts(work(self.direction), &key.cipher_mechanism(self.alg, iv)?)?);
        Ok(())
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize> {
        if !is_of_blocks(self.alg) {
            let (input, output) = data.separate();
            let output = output.get_mut(..input.len()).ok_or(Error::BufferTooSmall)?;
            if !input.is_empty() {
                self.parts()?.update(input, output)?;
            }
            return Ok(input.len());
        }
        let kept = usize::from(self.removes_padding());
        let ready = (self.waiting.len() + data.input_length()).saturating_sub(kept) / BLOCK * BLOCK;
        if data.output_size() < ready {
            return Err(Error::BufferTooSmall);
        }
        let (input, output) = data.separate();
        let joined;
        let text = match self.waiting.is_empty() {
            true => input,
            false => {
                joined = Secret::new([&self.waiting, input].concat());
                &joined
            }
        };
        let (blocks, rest) = text.split_at(ready);
        if ready > 0 {
            self.parts()?.update(blocks, output.get_mut(..ready).ok_or(Error::BufferTooSmall)?)?;
        }
        self.waiting = Secret::new(rest.to_vec());
        Ok(ready)
    }

    fn finish(&mut self, output: &mut [u8]) -> Result<usize> {
        if self.alg != Algorithm::CBC_PKCS7 {
            if !self.waiting.is_empty() {
                return fail!(InvalidArgument, "the text does not end with a whole block");
            }
            self.end()?;
            return Ok(0);
        }
        if self.direction == Direction::Encrypt && output.len() < BLOCK {
            return Err(Error::BufferTooSmall);
        }
        let block = self.last_block()?;
        self.end()?;
        output.get_mut(..block.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(&block);
        Ok(block.len())
    }
}
