//! Ascon-AEAD128 (NIST SP 800-232, section 4) in parts, on RustCrypto's permutation; one call is made of them. No step
//! depends on secrets.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::core::primitives::{AeadOperation, Direction};
use crate::fail;
use crate::memory::InOut;
use crate::psa::{Error, Result};

/// Length of keys, nonces, tags and of a block of the sponge.
pub(super) const LENGTH: usize = 16;

/// The initial value (SP 800-232, table 12).
const INITIAL: u64 = 0x0000_1000_808c_0001;
/// Separates additional data from text.
const SEPARATOR: u64 = 1 << 63;

/// An operation.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct AsconAead128 {
    state: [u64; 5],
    key: [u64; 2],
    /// How many bytes of the current block came.
    position: usize,
    #[zeroize(skip)]
    direction: Direction,
    has_ad: bool,
    in_text: bool,
}

fn words(bytes: &[u8; LENGTH]) -> [u64; 2] {
    let value = u128::from_le_bytes(*bytes);
    [value as u64, (value >> 64) as u64]
}

impl AsconAead128 {
    /// Begins. A key of twice the length masks the nonce (section 4.2.2).
    pub(super) fn new(key: &[u8], nonce: &[u8], direction: Direction) -> Result<Self> {
        let Ok(mut nonce) = <[u8; LENGTH]>::try_from(nonce) else {
            return fail!(InvalidArgument, "an Ascon nonce of {} bytes; it has {LENGTH}", nonce.len());
        };
        let (key, mask) = key.split_first_chunk().ok_or(Error::InvalidArgument)?;
        nonce.iter_mut().zip(mask).for_each(|(nonce, mask)| *nonce ^= mask);
        let (key, nonce) = (words(key), words(&nonce));
        let mut state = [INITIAL, key[0], key[1], nonce[0], nonce[1]];
        ascon::permute12(&mut state);
        state[3] ^= key[0];
        state[4] ^= key[1];
        Ok(Self { state, key, position: 0, direction, has_ad: false, in_text: false })
    }

    /// The word with the current byte, and how far the byte is up in it.
    fn place(&self) -> (usize, usize) {
        (self.position / 8, 8 * (self.position % 8))
    }

    /// Goes on to the next byte.
    fn advance(&mut self) {
        self.position += 1;
        if self.position == LENGTH {
            ascon::permute8(&mut self.state);
            self.position = 0;
        }
    }

    /// Marks the end of the input.
    fn pad(&mut self) {
        let (word, shift) = self.place();
        self.state[word] ^= 1 << shift;
    }

    /// Adds additional data.
    pub(super) fn absorb_ad(&mut self, input: &[u8]) {
        for byte in input {
            let (word, shift) = self.place();
            self.state[word] ^= u64::from(*byte) << shift;
            self.advance();
        }
        self.has_ad |= !input.is_empty();
    }

    fn begin_text(&mut self) {
        if self.in_text {
            return;
        }
        self.in_text = true;
        if self.has_ad {
            self.pad();
            ascon::permute8(&mut self.state);
        }
        self.position = 0;
        self.state[4] ^= SEPARATOR;
    }

    /// Encrypts or decrypts the next bytes.
    pub(super) fn apply(&mut self, data: inout::InOutBuf<'_, '_, u8>) {
        self.begin_text();
        for mut byte in data {
            let (word, shift) = self.place();
            let input = *byte.get_in();
            let output = input ^ (self.state[word] >> shift) as u8;
            let ciphertext = if self.direction == Direction::Encrypt { output } else { input };
            self.state[word] = self.state[word] & !(0xff << shift) | u64::from(ciphertext) << shift;
            *byte.get_out() = output;
            self.advance();
        }
    }

    /// Gives the tag, cut to the length of `tag`.
    pub(super) fn tag(&mut self, tag: &mut [u8]) {
        self.begin_text();
        self.pad();
        self.state[2] ^= self.key[0];
        self.state[3] ^= self.key[1];
        ascon::permute12(&mut self.state);
        let full = u128::from(self.state[4] ^ self.key[1]) << 64 | u128::from(self.state[3] ^ self.key[0]);
        let full = Zeroizing::new(full.to_le_bytes());
        tag.iter_mut().zip(full.iter()).for_each(|(tag, byte)| *tag = *byte);
    }
}

impl AeadOperation for AsconAead128 {
    fn update_ad(&mut self, input: &[u8]) -> Result<()> {
        self.absorb_ad(input);
        Ok(())
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<()> {
        self.apply(data.transform(data.input_length())?.0);
        Ok(())
    }

    fn finish(&mut self, tag: &mut [u8]) -> Result<()> {
        self.tag(tag);
        Ok(())
    }
}
