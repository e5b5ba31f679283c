//! AES-CCM (NIST SP 800-38C) in one call and in parts.

use inout::InOutBuf;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use super::aead::{FULL_TAG, split_tag};
use super::cbc_mac::CbcMac;
use super::ffi::aes::{BLOCK, KeySchedule, Stream, StreamMode};
use crate::core::primitives::{AeadOperation, Direction};
use crate::fail;
use crate::memory::InOut;
use crate::psa::{Error, Result};

/// A computation. Additional data comes first, then the text; both as long as announced.
pub(super) struct Ccm {
    mac: CbcMac,
    stream: Stream,
    /// The key stream for the tag.
    mask: Zeroizing<[u8; BLOCK]>,
    direction: Direction,
    in_text: bool,
}

impl Ccm {
    /// Begins with an encrypting schedule, a nonce of 7 to 13 bytes, the lengths of additional data and text, and
    /// the length of the tag.
    pub(super) fn new(
        key: &KeySchedule,
        direction: Direction,
        nonce: &[u8],
        (ad_length, text_length): (usize, usize),
        tag_length: usize,
    ) -> Result<Self> {
        if !(7..=13).contains(&nonce.len()) {
            return fail!(InvalidArgument, "a CCM nonce of {} bytes; it has 7 to 13", nonce.len());
        }
        let mut mac = CbcMac::new(key.clone());
        mac.update(&first_block(nonce, ad_length, text_length, tag_length)?);
        announce(&mut mac, ad_length);

        let mut stream = Stream::new(key.clone(), StreamMode::Ctr, framed(nonce, 0));
        let mut mask = Zeroizing::new([0; BLOCK]);
        stream.apply(InOutBuf::from(mask.as_mut_slice()));
        Ok(Self { mac, stream, mask, direction, in_text: false })
    }

    /// Adds additional data.
    pub(super) fn update_ad(&mut self, input: &[u8]) {
        self.mac.update(input);
    }

    /// Encrypts or decrypts the next bytes.
    pub(super) fn update(&mut self, mut data: InOutBuf<'_, '_, u8>) {
        self.begin_text();
        match self.direction {
            Direction::Encrypt => {
                self.mac.update(data.get_in());
                self.stream.apply(data);
            }
            Direction::Decrypt => {
                self.stream.apply(data.reborrow());
                self.mac.update(data.get_out());
            }
        }
    }

    /// Gives the tag, cut to the length of `tag`.
    pub(super) fn finish(&mut self, tag: &mut [u8]) {
        self.begin_text();
        self.mac.pad();
        let full = self.mac.chain().iter().zip(self.mask.iter()).map(|(left, right)| left ^ right);
        tag.iter_mut().zip(full).for_each(|(tag, byte)| *tag = byte);
    }

    fn begin_text(&mut self) {
        if !self.in_text {
            self.mac.pad();
            self.in_text = true;
        }
    }
}

impl AeadOperation for Ccm {
    fn update_ad(&mut self, input: &[u8]) -> Result<()> {
        Ccm::update_ad(self, input);
        Ok(())
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<()> {
        Ccm::update(self, data.transform(data.input_length())?.0);
        Ok(())
    }

    fn finish(&mut self, tag: &mut [u8]) -> Result<()> {
        Ccm::finish(self, tag);
        Ok(())
    }
}

/// Encrypts in one call, with an encrypting schedule.
pub(super) fn seal(
    key: &KeySchedule,
    tag_length: usize,
    nonce: &[u8],
    additional_data: &[u8],
    plaintext: &mut InOut<'_>,
) -> Result<()> {
    let length = plaintext.input_length();
    let mut ccm = Ccm::new(key, Direction::Encrypt, nonce, (additional_data.len(), length), tag_length)?;
    let (text, rest) = plaintext.transform(length)?;
    let tag = rest.get_mut(..tag_length).ok_or(Error::BufferTooSmall)?;
    ccm.update_ad(additional_data);
    ccm.update(text);
    ccm.finish(tag);
    Ok(())
}

/// Decrypts in one call, with an encrypting schedule; clears the output when the tag is wrong.
pub(super) fn open(
    key: &KeySchedule,
    tag_length: usize,
    nonce: &[u8],
    additional_data: &[u8],
    ciphertext: &mut InOut<'_>,
) -> Result<()> {
    let (length, expected) = split_tag(ciphertext, tag_length)?;
    let mut ccm = Ccm::new(key, Direction::Decrypt, nonce, (additional_data.len(), length), tag_length)?;
    let (mut text, _) = ciphertext.transform(length)?;
    ccm.update_ad(additional_data);
    ccm.update(text.reborrow());
    let mut tag = Zeroizing::new([0; FULL_TAG]);
    ccm.finish(&mut tag[..tag_length]);
    if bool::from(tag.ct_eq(&expected)) {
        return Ok(());
    }
    text.get_out().zeroize();
    Err(Error::InvalidSignature)
}

/// Flags, nonce and length of the text: the block B0 (SP 800-38C, appendix A.2.1).
fn first_block(nonce: &[u8], ad_length: usize, text_length: usize, tag_length: usize) -> Result<[u8; BLOCK]> {
    let length_size = BLOCK - 1 - nonce.len();
    let has_ad = u8::from(ad_length != 0) << 6;
    let tag_field = (((tag_length - 2) / 2) as u8) << 3;
    let mut block = framed(nonce, has_ad | tag_field);
    let length = (text_length as u64).to_be_bytes();
    let (ignored, kept) = length.split_at(length.len() - length_size);
    if ignored.iter().any(|byte| *byte != 0) {
        return fail!(InvalidArgument, "a text of {text_length} bytes is too long for a nonce of {}", nonce.len());
    }
    block[BLOCK - length_size..].copy_from_slice(kept);
    Ok(block)
}

/// A block with flags, which also tell the size of the last field, and the nonce.
fn framed(nonce: &[u8], flags: u8) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block[0] = flags | (BLOCK - 2 - nonce.len()) as u8;
    block[1..=nonce.len()].copy_from_slice(nonce);
    block
}

/// Puts the length of the additional data in front of it (SP 800-38C, appendix A.2.2).
fn announce(mac: &mut CbcMac, ad_length: usize) {
    let length = (ad_length as u64).to_be_bytes();
    match ad_length {
        0 => {}
        1..0xff00 => mac.update(&length[6..]),
        0xff00..=0xffff_ffff => {
            mac.update(&[0xff, 0xfe]);
            mac.update(&length[4..]);
        }
        _ => {
            mac.update(&[0xff, 0xff]);
            mac.update(&length);
        }
    }
}

/// Checks that a tag length is one of CCM's.
pub(super) const fn has_tag_length(length: usize) -> bool {
    matches!(length, 4 | 6 | 8 | 10 | 12 | 14 | 16)
}
