//! ChaCha20-Poly1305 in parts (RFC 8439, section 2.8).

use super::chacha20::ChaCha20;
use super::ffi::chacha20::KEY;
use super::ffi::poly1305::Poly1305;
use crate::core::primitives::{AeadOperation, Direction};
use crate::memory::{InOut, SecretArray};
use crate::psa::{Error, Result};

/// An operation.
pub(super) struct ChaCha20Poly1305 {
    stream: ChaCha20,
    /// `None` before the beginning and after the end.
    authenticator: Option<Poly1305>,
    direction: Direction,
    ad_length: u64,
    text_length: u64,
}

impl ChaCha20Poly1305 {
    /// Takes the key of the authenticator from the first block of the key stream; the text begins with the next. Both are
    /// made where they stay: what is moved leaves a copy behind.
    pub(super) fn new(key: &[u8; KEY], nonce: [u8; 12], direction: Direction) -> Result<Box<Self>> {
        let stream = ChaCha20::new(key, nonce, 0);
        let mut this = Box::new(Self { stream, authenticator: None, direction, ad_length: 0, text_length: 0 });
        this.authenticator = Some(Poly1305::new(&*this.stream.one_time_key()?));
        Ok(this)
    }

    fn authenticator(&mut self) -> Result<&mut Poly1305> {
        self.authenticator.as_mut().ok_or(Error::BadState)
    }

    /// Fills what was authenticated so far up to a multiple of 16 bytes.
    fn pad(&mut self, length: u64) -> Result<()> {
        let missing = (16 - length % 16) % 16;
        self.authenticator()?.update(&[0; 16][..missing as usize]);
        Ok(())
    }
}

impl AeadOperation for ChaCha20Poly1305 {
    fn update_ad(&mut self, input: &[u8]) -> Result<()> {
        self.ad_length += input.len() as u64;
        self.authenticator()?.update(input);
        Ok(())
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<()> {
        if data.input_length() == 0 {
            return Ok(());
        }
        if self.text_length == 0 {
            self.pad(self.ad_length)?;
        }
        self.text_length += data.input_length() as u64;
        let (mut text, _) = data.transform(data.input_length())?;
        match self.direction {
            Direction::Encrypt => {
                self.stream.apply(text.reborrow())?;
                self.authenticator()?.update(text.get_out());
            }
            Direction::Decrypt => {
                self.authenticator()?.update(text.get_in());
                self.stream.apply(text)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, tag: &mut [u8]) -> Result<()> {
        // The text is padded here; without one, the additional data still is to be.
        self.pad(if self.text_length == 0 { self.ad_length } else { self.text_length })?;
        let (ad_length, text_length) = (self.ad_length.to_le_bytes(), self.text_length.to_le_bytes());
        let mut authenticator = self.authenticator.take().ok_or(Error::BadState)?;
        authenticator.update(&ad_length);
        authenticator.update(&text_length);
        let full = SecretArray::new(authenticator.finish());
        tag.copy_from_slice(full.get(..tag.len()).ok_or(Error::InvalidArgument)?);
        Ok(())
    }
}
