//! AES in the modes that TPMs have (PSA 1.5, section 10.5): TPM2_EncryptDecrypt2, one command for each buffer.

use super::commands::{CipherMode, MAX_BUFFER};
use super::keys::TpmKey;
use super::templates::Kind;
use crate::core::primitives::{Cipher, CipherOperation, Direction};
use crate::core::unpadding;
use crate::fail;
use crate::memory::{InOut, Secret};
use crate::psa::{Algorithm, Error, Result};

const BLOCK: usize = 16;

/// True where the code encrypts and decrypts with this algorithm.
pub(super) fn offers(kind: Kind, alg: Algorithm) -> bool {
    matches!(kind, Kind::Aes(_)) && mode(alg).is_some()
}

/// The TPM's name for the algorithm.
pub(super) fn mode(alg: Algorithm) -> Option<CipherMode> {
    match alg {
        Algorithm::ECB_NO_PADDING => Some(CipherMode::Ecb),
        Algorithm::CBC_NO_PADDING | Algorithm::CBC_PKCS7 => Some(CipherMode::Cbc),
        Algorithm::CTR => Some(CipherMode::Ctr),
        Algorithm::CFB => Some(CipherMode::Cfb),
        Algorithm::OFB => Some(CipherMode::Ofb),
        _ => None,
    }
}

impl Cipher for TpmKey {
    fn setup(&self, alg: Algorithm, direction: Direction) -> Result<Box<dyn CipherOperation>> {
        let Some(mode) = mode(alg).filter(|_| offers(self.kind, alg)) else {
            return fail!(NotSupported, "this key in the TPM does not encrypt with algorithm {alg}");
        };
        let waiting = Secret::new(Vec::with_capacity(BLOCK));
        let text = Text { key: self.clone(), mode, direction, chain: Vec::new(), waiting };
        Ok(match mode {
            CipherMode::Ecb | CipherMode::Cbc => Box::new(Blocks { text, padded: alg == Algorithm::CBC_PKCS7 }),
            CipherMode::Ctr | CipherMode::Cfb | CipherMode::Ofb => Box::new(Stream { text }),
        })
    }
}

/// What both kinds of modes keep between two parts.
struct Text {
    key: TpmKey,
    mode: CipherMode,
    direction: Direction,
    /// The initialization vector, and then what chains the next block to those before; empty where there is none.
    chain: Vec<u8>,
    /// Input of the block that is not complete, or may be the last one.
    waiting: Secret,
}

impl Text {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        // Counter mode takes a shorter one, padded with zeros.
        let shortest = if self.mode == CipherMode::Ctr { 1 } else { BLOCK };
        if self.mode == CipherMode::Ecb || !(shortest..=BLOCK).contains(&iv.len()) {
            return Err(Error::InvalidArgument);
        }
        self.chain = iv.to_vec();
        self.chain.resize(BLOCK, 0);
        Ok(())
    }

    /// The input that waits and the new one; the output has to have room for `ready` of them.
    fn joined(&self, data: &InOut<'_>, ready: usize) -> Result<Secret> {
        if data.output_size() < ready {
            return Err(Error::BufferTooSmall);
        }
        Ok([&self.waiting, data.input()].concat().into())
    }

    /// Lets less than two blocks wait.
    fn wait(&mut self, rest: &[u8]) {
        self.waiting = Secret::new(rest.to_vec());
    }

    /// Encrypts or decrypts, beginning at a block; only in the modes of streams may the end be within one.
    fn crypt(&self, text: &[u8]) -> Result<Secret> {
        let decrypt = self.direction == Direction::Decrypt;
        let mut crypted = Secret::new(Vec::with_capacity(text.len()));
        self.key.with_loaded(
            |_| Ok(()),
            |tpm, key, ()| {
                crypted.clear();
                let mut chain = self.chain.clone();
                for part in text.chunks(MAX_BUFFER) {
                    chain = tpm.crypt(key, self.mode, decrypt, &chain, part, &mut crypted)?;
                }
                Ok(())
            },
        )?;
        if crypted.len() != text.len() {
            return fail!(CommunicationFailure, "the TPM answered with another length than the text has");
        }
        Ok(crypted)
    }

    /// What chains the block behind this text to it; both are whole blocks.
    fn advance(&mut self, text: &[u8], crypted: &[u8]) {
        let (Some(text_end), Some(crypted_end)) = (text.last_chunk::<BLOCK>(), crypted.last_chunk::<BLOCK>()) else {
            return;
        };
        self.chain = match (self.mode, self.direction) {
            (CipherMode::Ecb, _) => Vec::new(),
            (CipherMode::Cbc | CipherMode::Cfb, Direction::Encrypt) => crypted_end.to_vec(),
            (CipherMode::Cbc | CipherMode::Cfb, Direction::Decrypt) => text_end.to_vec(),
            (CipherMode::Ofb, _) => text_end.iter().zip(crypted_end).map(|(one, other)| one ^ other).collect(),
            (CipherMode::Ctr, _) => {
                let counter = self.chain.as_slice().try_into().map_or(0, u128::from_be_bytes);
                counter.wrapping_add((text.len() / BLOCK) as u128).to_be_bytes().to_vec()
            }
        };
    }
}

/// A mode that makes a stream cipher of AES.
struct Stream {
    text: Text,
}

impl CipherOperation for Stream {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        self.text.set_iv(iv)
    }

    /// The beginning of an incomplete block is worked on again with what follows it: the TPM keeps no state.
    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize> {
        let length = data.input_length();
        let joined = self.text.joined(data, length)?;
        if length == 0 {
            return Ok(0);
        }
        let crypted = self.text.crypt(&joined)?;
        let behind = crypted.get(self.text.waiting.len()..).unwrap_or_default();
        data.output().get_mut(..length).ok_or(Error::BufferTooSmall)?.copy_from_slice(behind);
        let whole = joined.len() / BLOCK * BLOCK;
        let (blocks, rest) = joined.split_at(whole);
        self.text.advance(blocks, crypted.get(..whole).unwrap_or_default());
        self.text.wait(rest);
        Ok(length)
    }

    fn finish(&mut self, _output: &mut [u8]) -> Result<usize> {
        Ok(0)
    }
}

/// A mode of whole blocks.
struct Blocks {
    text: Text,
    /// With PKCS#7 (RFC 2315, section 10.3).
    padded: bool,
}

impl Blocks {
    fn removes_padding(&self) -> bool {
        self.padded && self.text.direction == Direction::Decrypt
    }

    fn last_block(&self) -> Result<Secret> {
        let waiting = &self.text.waiting;
        match self.text.direction {
            Direction::Encrypt => {
                let padding = BLOCK - waiting.len() % BLOCK;
                self.text.crypt(&Secret::new([waiting.as_slice(), &vec![padding as u8; padding]].concat()))
            }
            Direction::Decrypt if waiting.len() != BLOCK => Err(Error::InvalidArgument),
            Direction::Decrypt => {
                let mut block = self.text.crypt(waiting)?;
                let length = unpadding::pkcs7(&block)?;
                block.truncate(length);
                Ok(block)
            }
        }
    }
}

impl CipherOperation for Blocks {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        self.text.set_iv(iv)
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize> {
        let kept = if self.removes_padding() { 1 } else { 0 };
        let ready = (self.text.waiting.len() + data.input_length()).saturating_sub(kept) / BLOCK * BLOCK;
        let joined = self.text.joined(data, ready)?;
        let (blocks, rest) = joined.split_at(ready);
        if ready > 0 {
            let crypted = self.text.crypt(blocks)?;
            data.output().get_mut(..ready).ok_or(Error::BufferTooSmall)?.copy_from_slice(&crypted);
            self.text.advance(blocks, &crypted);
        }
        self.text.wait(rest);
        Ok(ready)
    }

    fn finish(&mut self, output: &mut [u8]) -> Result<usize> {
        if !self.padded {
            return if self.text.waiting.is_empty() { Ok(0) } else { Err(Error::InvalidArgument) };
        }
        if self.text.direction == Direction::Encrypt && output.len() < BLOCK {
            return Err(Error::BufferTooSmall);
        }
        let block = self.last_block()?;
        output.get_mut(..block.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(&block);
        Ok(block.len())
    }
}
