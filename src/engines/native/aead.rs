//! Authenticated encryption (PSA 1.5, section 10.6).

use super::ccm::{self, Ccm};
use super::chacha20::ChaCha20;
use super::chacha20_poly1305::ChaCha20Poly1305;
use super::ffi::{evp_aead, evp_cipher};
use super::symmetric_keys::{AesKey, ChaCha20Key};
use crate::cause;
use crate::core::primitives::{Aead, AeadOperation, Direction};
use crate::fail;
use crate::memory::InOut;
use crate::psa::{Algorithm, Error, KeyType, Result};

/// Length of a tag that is not shortened, in bytes.
pub(super) const FULL_TAG: usize = 16;

/// True where this AEAD algorithm, with its tag length, works with keys of this type.
pub(super) fn offers(key_type: KeyType, alg: Algorithm) -> bool {
    !alg.is_wildcard()
        && match key_type {
            KeyType::AES => AesMode::of(alg).is_some(),
            KeyType::CHACHA20 => alg == Algorithm::CHACHA20_POLY1305,
            _ => false,
        }
}

/// The modes of AES, with the length of the tag.
#[derive(Clone, Copy)]
enum AesMode {
    Gcm(usize),
    Ccm(usize),
}

impl AesMode {
    fn of(alg: Algorithm) -> Option<Self> {
        let tag_length = alg.aead_tag_length();
        match alg.aead_base() {
            Algorithm::GCM if matches!(tag_length, 4 | 8 | 12..=16) => Some(Self::Gcm(tag_length)),
            Algorithm::CCM if ccm::has_tag_length(tag_length) => Some(Self::Ccm(tag_length)),
            _ => None,
        }
    }

    fn find(alg: Algorithm) -> Result<Self> {
        Self::of(alg)
            .ok_or_else(|| cause::of(Error::NotSupported, format_args!("algorithm {:#010x} with an AES key", alg.0)))
    }
}

impl Aead for AesKey {
    fn encrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], plaintext: &mut InOut<'_>) -> Result<()> {
        match AesMode::find(alg)? {
            AesMode::Gcm(tag_length) => self.gcm.with(
                tag_length,
                || self.expand_gcm(tag_length),
                |context| seal(context, tag_length, nonce, additional_data, plaintext),
            ),
            AesMode::Ccm(tag_length) => ccm::seal(self.encrypting()?, tag_length, nonce, additional_data, plaintext),
        }
    }

    fn decrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], ciphertext: &mut InOut<'_>) -> Result<()> {
        match AesMode::find(alg)? {
            AesMode::Gcm(_) if nonce.is_empty() => fail!(InvalidArgument, "an empty GCM nonce"),
            AesMode::Gcm(tag_length) => self.gcm.with(
                tag_length,
                || self.expand_gcm(tag_length),
                |context| open(context, tag_length, nonce, additional_data, ciphertext),
            ),
            AesMode::Ccm(tag_length) => ccm::open(self.encrypting()?, tag_length, nonce, additional_data, ciphertext),
        }
    }

    fn setup(
        &self,
        alg: Algorithm,
        direction: Direction,
        nonce: &[u8],
        lengths: Option<(usize, usize)>,
    ) -> Result<Box<dyn AeadOperation>> {
        match AesMode::find(alg)? {
            AesMode::Gcm(_) => Ok(Box::new(self.gcm_in_parts()?.begin(nonce, direction)?)),
            AesMode::Ccm(tag_length) => {
                let lengths = lengths.ok_or(Error::BadState)?;
                Ok(Box::new(Ccm::new(self.encrypting()?, direction, nonce, lengths, tag_length)?))
            }
        }
    }
}

/// Encrypts in one call of the library.
fn seal(
    context: &evp_aead::Context,
    tag_length: usize,
    nonce: &[u8],
    additional_data: &[u8],
    plaintext: &mut InOut<'_>,
) -> Result<()> {
    let (text, rest) = plaintext.transform(plaintext.input_length())?;
    let tag = rest.get_mut(..tag_length).ok_or(Error::BufferTooSmall)?;
    context.seal(nonce, additional_data, text, tag)
}

/// Decrypts in one call of the library, which clears the output when the tag is wrong.
fn open(
    context: &evp_aead::Context,
    tag_length: usize,
    nonce: &[u8],
    additional_data: &[u8],
    ciphertext: &mut InOut<'_>,
) -> Result<()> {
    let (length, tag) = split_tag(ciphertext, tag_length)?;
    let (text, _) = ciphertext.transform(length)?;
    context.open(nonce, additional_data, text, &tag[..tag_length])
}

/// The length of the text, and the tag behind it with zeros to its full length, in a copy that the output cannot
/// overwrite. An input that cannot hold a tag is not authentic.
pub(super) fn split_tag(ciphertext: &InOut<'_>, tag_length: usize) -> Result<(usize, [u8; FULL_TAG])> {
    let length = ciphertext.input_length().checked_sub(tag_length).ok_or(Error::InvalidSignature)?;
    let mut tag = [0; FULL_TAG];
    tag[..tag_length].copy_from_slice(&ciphertext.input()[length..]);
    Ok((length, tag))
}

impl AeadOperation for evp_cipher::Gcm {
    fn update_ad(&mut self, input: &[u8]) -> Result<()> {
        evp_cipher::Gcm::update_ad(self, input)
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<()> {
        evp_cipher::Gcm::update(self, data.transform(data.input_length())?.0)
    }

    fn finish(&mut self, tag: &mut [u8]) -> Result<()> {
        evp_cipher::Gcm::finish(self, tag)
    }
}

impl Aead for ChaCha20Key {
    fn encrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], plaintext: &mut InOut<'_>) -> Result<()> {
        check_chacha20_poly1305(alg, nonce)?;
        seal(&self.aead, FULL_TAG, nonce, additional_data, plaintext)
    }

    fn decrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], ciphertext: &mut InOut<'_>) -> Result<()> {
        check_chacha20_poly1305(alg, nonce)?;
        open(&self.aead, FULL_TAG, nonce, additional_data, ciphertext)
    }

    fn setup(
        &self,
        alg: Algorithm,
        direction: Direction,
        nonce: &[u8],
        _lengths: Option<(usize, usize)>,
    ) -> Result<Box<dyn AeadOperation>> {
        let nonce = check_chacha20_poly1305(alg, nonce)?;
        Ok(Box::new(ChaCha20Poly1305::new(ChaCha20::new(&self.key, nonce, 0), direction)?))
    }
}

/// Checks for the one variant that is implemented, RFC 8439. The other one has a nonce of 8 bytes.
fn check_chacha20_poly1305(alg: Algorithm, nonce: &[u8]) -> Result<[u8; 12]> {
    if alg != Algorithm::CHACHA20_POLY1305 {
        return fail!(NotSupported, "algorithm {:#010x} with a ChaCha20 key", alg.0);
    }
    match (nonce.try_into(), nonce.len()) {
        (Ok(nonce), _) => Ok(nonce),
        (_, 8) => fail!(NotSupported, "ChaCha20-Poly1305 with a nonce of 8 bytes, the variant before RFC 8439"),
        (_, length) => fail!(InvalidArgument, "a ChaCha20-Poly1305 nonce of {length} bytes; it has 12"),
    }
}
