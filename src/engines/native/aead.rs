//! Authenticated encryption (PSA 1.5, section 10.6).

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use super::ascon_aead128::AsconAead128;
use super::block_cipher::{self, BlockCipherKey, MAX_BLOCK};
use super::ccm::{self, Ccm};
use super::chacha20;
use super::chacha20_poly1305::ChaCha20Poly1305;
use super::ffi::chacha20::KEY;
use super::ffi::{evp_aead, evp_cipher};
use super::gcm::Gcm;
use super::symmetric_keys::{AesKey, AsconKey, ChaCha20Key, OtherBlockKey};
use crate::core::primitives::{Aead, AeadOperation, Direction};
use crate::fail;
use crate::memory::{InOut, SecretArray};
use crate::psa::{Algorithm, Error, KeyType, Result};

/// Length of a tag that is not shortened, in bytes.
pub(super) const FULL_TAG: usize = 16;

/// True where this AEAD algorithm, with its tag length, works with keys of this type and size.
pub(super) fn offers(key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    !alg.is_wildcard()
        && match key_type {
            KeyType::CHACHA20 => alg == Algorithm::CHACHA20_POLY1305,
            KeyType::XCHACHA20 => alg == Algorithm::XCHACHA20_POLY1305,
            KeyType::ASCON => {
                alg.aead_base() == Algorithm::ASCON_AEAD128 && (4..=FULL_TAG).contains(&alg.aead_tag_length())
            }
            _ => {
                block_cipher::has_size(key_type, bits)
                    && key_type.block_cipher_block_length() == MAX_BLOCK
                    && BlockMode::of(alg).is_some()
            }
        }
}

/// The modes of block ciphers, with the length of the tag.
#[derive(Clone, Copy)]
enum BlockMode {
    Gcm(usize),
    Ccm(usize),
}

impl BlockMode {
    fn of(alg: Algorithm) -> Option<Self> {
        let tag_length = alg.aead_tag_length();
        match alg.aead_base() {
            Algorithm::GCM if matches!(tag_length, 4 | 8 | 12..=16) => Some(Self::Gcm(tag_length)),
            Algorithm::CCM if ccm::has_tag_length(tag_length) => Some(Self::Ccm(tag_length)),
            _ => None,
        }
    }

    fn find(key: &dyn BlockCipherKey, alg: Algorithm) -> Result<Self> {
        match Self::of(alg) {
            Some(mode) if offers(key.key_type(), 8 * key.material().len(), alg) => Ok(mode),
            _ => fail!(NotSupported, "AEAD algorithm {alg} with this key"),
        }
    }
}

impl Aead for AesKey {
    fn encrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], plaintext: &mut InOut<'_>) -> Result<()> {
        if let Some(context) = self.gcm.get(alg) {
            return seal(context, nonce, additional_data, plaintext);
        }
        match BlockMode::find(self, alg)? {
            BlockMode::Gcm(tag_length) => self.gcm.with(
                alg,
                || self.expand_gcm(tag_length),
                |context| seal(context, nonce, additional_data, plaintext),
            ),
            BlockMode::Ccm(tag_length) => {
                let lengths = (additional_data.len(), plaintext.input_length());
                let mut operation = begin_ccm(self, tag_length, Direction::Encrypt, nonce, lengths)?;
                seal_with(&mut operation, tag_length, additional_data, plaintext)
            }
        }
    }

    fn decrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], ciphertext: &mut InOut<'_>) -> Result<()> {
        if let Some(context) = self.gcm.get(alg).filter(|_| !nonce.is_empty()) {
            return open(context, nonce, additional_data, ciphertext);
        }
        match BlockMode::find(self, alg)? {
            BlockMode::Gcm(_) if nonce.is_empty() => fail!(InvalidArgument, "an empty GCM nonce"),
            BlockMode::Gcm(tag_length) => self.gcm.with(
                alg,
                || self.expand_gcm(tag_length),
                |context| open(context, nonce, additional_data, ciphertext),
            ),
            BlockMode::Ccm(tag_length) => {
                let lengths = (additional_data.len(), split_tag(ciphertext, tag_length)?.0);
                let mut operation = begin_ccm(self, tag_length, Direction::Decrypt, nonce, lengths)?;
                open_with(&mut operation, tag_length, additional_data, ciphertext)
            }
        }
    }

    fn setup(
        &self,
        alg: Algorithm,
        direction: Direction,
        nonce: &[u8],
        lengths: Option<(usize, usize)>,
    ) -> Result<Box<dyn AeadOperation>> {
        match BlockMode::find(self, alg)? {
            BlockMode::Gcm(_) => Ok(Box::new(self.gcm_in_parts()?.begin(nonce, direction)?)),
            BlockMode::Ccm(tag_length) => {
                let lengths = lengths.ok_or(Error::BadState)?;
                Ok(Box::new(begin_ccm(self, tag_length, direction, nonce, lengths)?))
            }
        }
    }
}

impl Aead for OtherBlockKey {
    fn encrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], plaintext: &mut InOut<'_>) -> Result<()> {
        seal_with_parts(self, alg, nonce, additional_data, plaintext)
    }

    fn decrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], ciphertext: &mut InOut<'_>) -> Result<()> {
        open_with_parts(self, alg, nonce, additional_data, ciphertext)
    }

    fn setup(
        &self,
        alg: Algorithm,
        direction: Direction,
        nonce: &[u8],
        lengths: Option<(usize, usize)>,
    ) -> Result<Box<dyn AeadOperation>> {
        match BlockMode::find(self, alg)? {
            BlockMode::Gcm(_) => Ok(Box::new(Gcm::new(self.in_direction(Direction::Encrypt)?, direction, nonce)?)),
            BlockMode::Ccm(tag_length) => {
                let lengths = lengths.ok_or(Error::BadState)?;
                Ok(Box::new(begin_ccm(self, tag_length, direction, nonce, lengths)?))
            }
        }
    }
}

fn begin_ccm(
    key: &dyn BlockCipherKey,
    tag_length: usize,
    direction: Direction,
    nonce: &[u8],
    lengths: (usize, usize),
) -> Result<Ccm> {
    Ccm::new(key.in_direction(Direction::Encrypt)?, direction, nonce, lengths, tag_length)
}

impl Aead for AsconKey {
    fn encrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], plaintext: &mut InOut<'_>) -> Result<()> {
        seal_with_parts(self, alg, nonce, additional_data, plaintext)
    }

    fn decrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], ciphertext: &mut InOut<'_>) -> Result<()> {
        open_with_parts(self, alg, nonce, additional_data, ciphertext)
    }

    fn setup(
        &self,
        alg: Algorithm,
        direction: Direction,
        nonce: &[u8],
        _lengths: Option<(usize, usize)>,
    ) -> Result<Box<dyn AeadOperation>> {
        if !offers(KeyType::ASCON, 8 * self.material.len(), alg) {
            return fail!(NotSupported, "AEAD algorithm {alg} with an Ascon key");
        }
        Ok(Box::new(AsconAead128::new(&self.material, nonce, direction)?))
    }
}

/// Encrypts in one call what has an operation in parts only.
fn seal_with_parts(
    key: &dyn Aead,
    alg: Algorithm,
    nonce: &[u8],
    additional_data: &[u8],
    plaintext: &mut InOut<'_>,
) -> Result<()> {
    let lengths = (additional_data.len(), plaintext.input_length());
    let mut operation = key.setup(alg, Direction::Encrypt, nonce, Some(lengths))?;
    seal_with(&mut *operation, alg.aead_tag_length(), additional_data, plaintext)
}

/// Encrypts with an operation that has just begun.
fn seal_with(
    operation: &mut dyn AeadOperation,
    tag_length: usize,
    additional_data: &[u8],
    plaintext: &mut InOut<'_>,
) -> Result<()> {
    let length = plaintext.input_length();
    let end = length.checked_add(tag_length).ok_or(Error::InvalidArgument)?;
    if plaintext.output_size() < end {
        return Err(Error::BufferTooSmall);
    }
    operation.update_ad(additional_data)?;
    operation.update(plaintext)?;
    operation.finish(plaintext.output().get_mut(length..end).ok_or(Error::BufferTooSmall)?)
}

/// Decrypts in one call what has an operation in parts only; clears the output when the tag is wrong.
fn open_with_parts(
    key: &dyn Aead,
    alg: Algorithm,
    nonce: &[u8],
    additional_data: &[u8],
    ciphertext: &mut InOut<'_>,
) -> Result<()> {
    let lengths = (additional_data.len(), split_tag(ciphertext, alg.aead_tag_length())?.0);
    let mut operation = key.setup(alg, Direction::Decrypt, nonce, Some(lengths))?;
    open_with(&mut *operation, alg.aead_tag_length(), additional_data, ciphertext)
}

/// Decrypts with an operation that has just begun; clears the output when the tag is wrong.
fn open_with(
    operation: &mut dyn AeadOperation,
    tag_length: usize,
    additional_data: &[u8],
    ciphertext: &mut InOut<'_>,
) -> Result<()> {
    let (length, expected) = split_tag(ciphertext, tag_length)?;
    operation.update_ad(additional_data)?;
    ciphertext.shorten_input(length)?;
    operation.update(ciphertext)?;
    let mut tag = SecretArray::<FULL_TAG>::zeros();
    operation.finish(&mut tag[..tag_length])?;
    if bool::from(tag[..tag_length].ct_eq(&expected[..tag_length])) {
        return Ok(());
    }
    ciphertext.output()[..length].zeroize();
    Err(Error::InvalidSignature)
}

/// Encrypts in one call of the library.
#[inline]
fn seal(context: &evp_aead::Context, nonce: &[u8], additional_data: &[u8], plaintext: &mut InOut<'_>) -> Result<()> {
    let (text, rest) = plaintext.transform(plaintext.input_length())?;
    let tag = rest.get_mut(..context.tag_length()).ok_or(Error::BufferTooSmall)?;
    context.seal(nonce, additional_data, text, tag)
}

/// Decrypts in one call of the library, which clears the output when the tag is wrong.
fn open(context: &evp_aead::Context, nonce: &[u8], additional_data: &[u8], ciphertext: &mut InOut<'_>) -> Result<()> {
    let tag_length = context.tag_length();
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
        match self.variant(alg, nonce)? {
            Variant::Original(nonce) => seal(self.aead()?, &nonce, additional_data, plaintext),
            Variant::Extended(key, nonce) => seal(&expand(key.as_slice())?, &nonce, additional_data, plaintext),
        }
    }

    fn decrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], ciphertext: &mut InOut<'_>) -> Result<()> {
        match self.variant(alg, nonce)? {
            Variant::Original(nonce) => open(self.aead()?, &nonce, additional_data, ciphertext),
            Variant::Extended(key, nonce) => open(&expand(key.as_slice())?, &nonce, additional_data, ciphertext),
        }
    }

    fn setup(
        &self,
        alg: Algorithm,
        direction: Direction,
        nonce: &[u8],
        _lengths: Option<(usize, usize)>,
    ) -> Result<Box<dyn AeadOperation>> {
        Ok(match self.variant(alg, nonce)? {
            Variant::Original(nonce) => ChaCha20Poly1305::new(&self.key, nonce, direction)?,
            Variant::Extended(key, nonce) => ChaCha20Poly1305::new(&key, nonce, direction)?,
        })
    }
}

/// Expands a key for ChaCha20-Poly1305 in one call of the library.
pub(super) fn expand(key: &[u8]) -> Result<evp_aead::Context> {
    evp_aead::Context::new(evp_aead::Algorithm::ChaCha20Poly1305, key, FULL_TAG)
}

/// What ChaCha20-Poly1305 works with.
enum Variant {
    /// The key itself, and the nonce of RFC 8439.
    Original([u8; 12]),
    /// A key and nonce that XChaCha20 made (draft-irtf-cfrg-xchacha, section 2.3).
    Extended(SecretArray<KEY>, [u8; 12]),
}

impl ChaCha20Key {
    /// Checks algorithm and nonce. The variant of ChaCha20-Poly1305 before RFC 8439, with a nonce of 8 bytes, is not implemented.
    fn variant(&self, alg: Algorithm, nonce: &[u8]) -> Result<Variant> {
        if self.extended {
            let Ok(nonce) = nonce.try_into() else {
                return fail!(InvalidArgument, "an XChaCha20-Poly1305 nonce of {} bytes; it has 24", nonce.len());
            };
            if alg != Algorithm::XCHACHA20_POLY1305 {
                return fail!(NotSupported, "algorithm {alg} with an XChaCha20 key");
            }
            let (key, rest) = chacha20::extend(&self.key, nonce);
            let mut nonce = [0; 12];
            nonce[4..].copy_from_slice(&rest);
            return Ok(Variant::Extended(key, nonce));
        }
        if alg != Algorithm::CHACHA20_POLY1305 {
            return fail!(NotSupported, "algorithm {alg} with a ChaCha20 key");
        }
        match (nonce.try_into(), nonce.len()) {
            (Ok(nonce), _) => Ok(Variant::Original(nonce)),
            (_, 8) => fail!(NotSupported, "ChaCha20-Poly1305 with a nonce of 8 bytes, the variant before RFC 8439"),
            (_, length) => fail!(InvalidArgument, "a ChaCha20-Poly1305 nonce of {length} bytes; it has 12"),
        }
    }
}
