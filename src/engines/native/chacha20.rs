//! The key stream of ChaCha20, at some position.

use inout::InOutBuf;
use zeroize::Zeroizing;

use super::ffi::chacha20::{self, BLOCK, KEY};
use crate::fail;
use crate::psa::Result;

/// How many blocks there are in a counter of 32 bits.
const COUNTER_RANGE: u64 = 1 << 32;

/// A key stream. Block counter and nonce fill the last 16 bytes of the cipher's state; the variants divide them
/// differently (PSA 1.5, section 10.5.1, `PSA_ALG_STREAM_CIPHER`).
pub(super) struct ChaCha20 {
    key: Zeroizing<[u8; KEY]>,
    nonce: [u8; 12],
    counter: u64,
    /// One more than the last block that the counter can count, `None` for the full 64 bits.
    end: Option<u64>,
    /// The rest of the last block is key stream that is still to be used.
    block: Zeroizing<[u8; BLOCK]>,
    used: usize,
}

impl ChaCha20 {
    /// The variant of RFC 8439: a nonce of 12 bytes, a counter of 4.
    pub(super) fn new(key: &[u8; KEY], nonce: [u8; 12], counter: u32) -> Self {
        Self {
            key: Zeroizing::new(*key),
            nonce,
            counter: counter.into(),
            end: Some(COUNTER_RANGE),
            block: Zeroizing::new([0; BLOCK]),
            used: BLOCK,
        }
    }

    /// The original variant: a nonce of 8 bytes, a counter of 8 that begins at 0.
    pub(super) fn original(key: &[u8; KEY], nonce: [u8; 8]) -> Self {
        let mut wide = [0; 12];
        wide[4..].copy_from_slice(&nonce);
        Self { end: None, ..Self::new(key, wide, 0) }
    }

    /// XChaCha20: a nonce of 24 bytes and a counter of 8 (draft-irtf-cfrg-xchacha, section 2.3).
    pub(super) fn extended(key: &[u8; KEY], nonce: &[u8; 24], counter: u64) -> Self {
        let (subkey, nonce) = extend(key, nonce);
        Self { counter, ..Self::original(&subkey, nonce) }
    }

    /// Encrypts or decrypts the next bytes; `INVALID_ARGUMENT` where the key stream would repeat.
    pub(super) fn apply(&mut self, data: InOutBuf<'_, '_, u8>) -> Result<()> {
        let length = data.len();
        let (mut head, body) = data.split_at(length.min(BLOCK - self.used));
        self.check_counter(body.len())?;
        let end = self.used + head.len();
        head.xor_in2out(&self.block[self.used..end]);
        self.used = end;

        let whole = body.len() / BLOCK * BLOCK;
        let (blocks, mut tail) = body.split_at(whole);
        self.apply_blocks(blocks);
        if !tail.is_empty() {
            self.block = self.next_block()?;
            self.used = tail.len();
            tail.xor_in2out(&self.block[..self.used]);
        }
        Ok(())
    }

    /// The next block of the key stream, whole.
    pub(super) fn next_block(&mut self) -> Result<Zeroizing<[u8; BLOCK]>> {
        self.check_counter(BLOCK)?;
        let mut block = Zeroizing::new([0; BLOCK]);
        self.apply_blocks(InOutBuf::from(block.as_mut_slice()));
        Ok(block)
    }

    fn check_counter(&self, length: usize) -> Result<()> {
        let end = self.counter.checked_add(length.div_ceil(BLOCK) as u64);
        match (end, self.end) {
            (Some(end), Some(limit)) if end <= limit => Ok(()),
            (Some(_), None) => Ok(()),
            _ => fail!(InvalidArgument, "ChaCha20 has no more key stream for this nonce"),
        }
    }

    /// Works on whole blocks. The library counts in 32 bits, so it is called anew where those run over.
    fn apply_blocks(&mut self, mut data: InOutBuf<'_, '_, u8>) {
        while !data.is_empty() {
            let low = self.counter as u32;
            let room = COUNTER_RANGE - u64::from(low);
            let blocks = room.min((data.len() / BLOCK) as u64);
            let (now, later) = data.split_at(blocks as usize * BLOCK);
            let mut nonce = self.nonce;
            if self.end.is_none() {
                nonce[..4].copy_from_slice(&((self.counter >> 32) as u32).to_le_bytes());
            }
            chacha20::apply(&self.key, &nonce, low, now);
            self.counter += blocks;
            data = later;
        }
    }
}

/// The key and the rest of the nonce that XChaCha20 gives to ChaCha20: HChaCha20 (draft-irtf-cfrg-xchacha, section 2.2). The
/// block function ends by adding the state that it began with; without that, its first and last words are HChaCha20.
pub(super) fn extend(key: &[u8; KEY], nonce: &[u8; 24]) -> (Zeroizing<[u8; KEY]>, [u8; 8]) {
    const CONSTANTS: &[u8; 16] = b"expand 32-byte k";
    let (front, rest) = nonce.split_at(16);
    let (counter, nonce) = front.split_at(4);
    let counter = counter.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte));
    let nonce = std::array::from_fn(|index| nonce[index]);
    let mut block = Zeroizing::new([0; BLOCK]);
    chacha20::apply(key, &nonce, counter, InOutBuf::from(block.as_mut_slice()));
    let mut subkey = Zeroizing::new([0; KEY]);
    let (words, _) = block.as_chunks::<4>();
    let began_with = CONSTANTS.as_chunks::<4>().0.iter().chain(front.as_chunks::<4>().0);
    let ended_with = words[..4].iter().chain(&words[12..]);
    for ((target, word), initial) in subkey.as_chunks_mut::<4>().0.iter_mut().zip(ended_with).zip(began_with) {
        *target = u32::from_le_bytes(*word).wrapping_sub(u32::from_le_bytes(*initial)).to_le_bytes();
    }
    (subkey, std::array::from_fn(|index| rest[index]))
}
