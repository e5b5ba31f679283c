//! CCM (NIST SP 800-38C) over any cipher with blocks of 16 bytes, in parts; and CCM* without a tag (IEEE 802.15.4, annex B).

use inout::InOutBuf;

use super::block_cipher::{BlockKey, MAX_BLOCK as BLOCK};
use super::cbc_mac::CbcMac;
use super::ffi::aes::StreamMode;
use super::stream_modes::KeyStream;
use crate::core::primitives::{AeadOperation, CipherOperation, Direction};
use crate::fail;
use crate::memory::{InOut, SecretArray};
use crate::psa::{Error, Result};

/// A computation. Additional data comes first, then the text; both as long as announced.
pub(super) struct Ccm {
    mac: CbcMac,
    stream: KeyStream,
    /// The key stream for the tag.
    mask: SecretArray<BLOCK>,
    direction: Direction,
    in_text: bool,
}

impl Ccm {
    /// Begins with an encrypting key, a nonce of 7 to 13 bytes, the lengths of additional data and text, and
    /// the length of the tag.
    pub(super) fn new(
        key: BlockKey,
        direction: Direction,
        nonce: &[u8],
        (ad_length, text_length): (usize, usize),
        tag_length: usize,
    ) -> Result<Self> {
        check_nonce(nonce)?;
        let mut mac = CbcMac::new(key.clone());
        mac.update(&first_block(nonce, ad_length, text_length, tag_length)?);
        announce(&mut mac, ad_length);

        let mut stream = KeyStream::new(key, StreamMode::Ctr, framed(nonce, 0));
        let mut mask = SecretArray::<BLOCK>::zeros();
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

/// The key stream of CCM* without a tag: that of CCM from its second block on, where the text begins.
pub(super) struct CcmStar {
    key: Option<BlockKey>,
    stream: Option<KeyStream>,
    /// How much text may still come.
    room: u64,
}

impl CcmStar {
    /// Begins with an encrypting key.
    pub(super) fn new(key: BlockKey) -> Self {
        Self { key: Some(key), stream: None, room: 0 }
    }
}

impl CipherOperation for CcmStar {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        check_nonce(iv)?;
        let mut first = framed(iv, 0);
        first[BLOCK - 1] = 1;
        let key = self.key.take().ok_or(Error::BadState)?;
        self.stream = Some(KeyStream::new(key, StreamMode::Ctr, first));
        self.room = longest_text(iv);
        Ok(())
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize> {
        let stream = self.stream.as_mut().ok_or(Error::BadState)?;
        let length = data.input_length();
        let text = data.transform(length)?.0;
        match self.room.checked_sub(length as u64) {
            Some(room) => self.room = room,
            None => return fail!(InvalidArgument, "more text than CCM* takes with this nonce"),
        }
        stream.apply(text);
        Ok(length)
    }

    fn finish(&mut self, _output: &mut [u8]) -> Result<usize> {
        Ok(0)
    }
}

fn check_nonce(nonce: &[u8]) -> Result<()> {
    if (7..=13).contains(&nonce.len()) {
        return Ok(());
    }
    fail!(InvalidArgument, "a CCM nonce of {} bytes; it has 7 to 13", nonce.len())
}

/// The length of the text is encoded in what the nonce leaves of a block.
fn longest_text(nonce: &[u8]) -> u64 {
    u64::MAX >> (64 - 8 * (BLOCK - 1 - nonce.len()).min(8))
}

/// Flags, nonce and length of the text: the block B0 (SP 800-38C, appendix A.2.1).
fn first_block(nonce: &[u8], ad_length: usize, text_length: usize, tag_length: usize) -> Result<[u8; BLOCK]> {
    if text_length as u64 > longest_text(nonce) {
        return fail!(InvalidArgument, "a text of {text_length} bytes is too long for a nonce of {}", nonce.len());
    }
    let length_size = BLOCK - 1 - nonce.len();
    let has_ad = u8::from(ad_length != 0) << 6;
    let tag_field = (((tag_length - 2) / 2) as u8) << 3;
    let mut block = framed(nonce, has_ad | tag_field);
    let length = (text_length as u64).to_be_bytes();
    let (_, kept) = length.split_at(length.len() - length_size);
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
