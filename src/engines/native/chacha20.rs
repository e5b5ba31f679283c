//! The key stream of ChaCha20, at some position.

use inout::InOutBuf;

use super::ffi::chacha20::{self, BLOCK, KEY};
use crate::fail;
use crate::memory::SecretArray;
use crate::psa::Result;

/// How many blocks there are in a counter of 32 bits.
const COUNTER_RANGE: u64 = 1 << 32;

/// The library makes eight blocks of key stream in the time that it takes for one and a half.
const BATCH: usize = 8 * BLOCK;

/// A key stream. Whole batches are combined with the data where it is; for what is shorter, a batch is kept.
pub(super) struct ChaCha20 {
    blocks: Blocks,
    /// Key stream that is still to be used, from `used` on.
    ahead: SecretArray<BATCH>,
    used: usize,
}

/// Where the blocks of a key stream come from. Block counter and nonce fill the last 16 bytes of the cipher's state; the
/// variants divide them differently (PSA 1.5, section 10.5.1, `PSA_ALG_STREAM_CIPHER`).
struct Blocks {
    key: SecretArray<KEY>,
    nonce: [u8; 12],
    counter: u64,
    /// One more than the last block that the counter can count, `None` for the full 64 bits.
    end: Option<u64>,
}

impl ChaCha20 {
    /// The variant of RFC 8439: a nonce of 12 bytes, a counter of 4.
    pub(super) fn new(key: &[u8; KEY], nonce: [u8; 12], counter: u32) -> Self {
        Self::begin(key, nonce, counter.into(), Some(COUNTER_RANGE))
    }

    /// The original variant: a nonce of 8 bytes, a counter of 8 that begins at 0.
    pub(super) fn original(key: &[u8; KEY], nonce: [u8; 8]) -> Self {
        Self::wide(key, nonce, 0)
    }

    /// XChaCha20: a nonce of 24 bytes and a counter of 8 (draft-irtf-cfrg-xchacha, section 2.3).
    pub(super) fn extended(key: &[u8; KEY], nonce: &[u8; 24], counter: u64) -> Self {
        let (subkey, nonce) = extend(key, nonce);
        Self::wide(&subkey, nonce, counter)
    }

    fn wide(key: &[u8; KEY], nonce: [u8; 8], counter: u64) -> Self {
        let mut wide = [0; 12];
        wide[4..].copy_from_slice(&nonce);
        Self::begin(key, wide, counter, None)
    }

    fn begin(key: &[u8; KEY], nonce: [u8; 12], counter: u64, end: Option<u64>) -> Self {
        let blocks = Blocks { key: SecretArray::new(*key), nonce, counter, end };
        Self { blocks, ahead: SecretArray::zeros(), used: BATCH }
    }

    /// Encrypts or decrypts the next bytes; `INVALID_ARGUMENT` where the key stream would repeat.
    pub(super) fn apply(&mut self, data: InOutBuf<'_, '_, u8>) -> Result<()> {
        let length = data.len();
        let (mut head, body) = data.split_at(length.min(BATCH - self.used));
        self.blocks.check_left(body.len())?;
        head.xor_in2out(self.take(head.len()));
        let batches = body.len() / BATCH * BATCH;
        let (batches, mut tail) = body.split_at(batches);
        self.blocks.apply(batches);
        if !tail.is_empty() {
            self.look_ahead(tail.len());
            tail.xor_in2out(self.take(tail.len()));
        }
        Ok(())
    }

    /// The key for the authenticator of a text, which begins with the next block (RFC 8439, section 2.6).
    pub(super) fn one_time_key(&mut self) -> Result<SecretArray<KEY>> {
        self.blocks.check_left(BLOCK)?;
        self.look_ahead(BATCH);
        let mut key = SecretArray::zeros();
        key.copy_from_slice(&self.take(BLOCK)[..KEY]);
        Ok(key)
    }

    /// Makes key stream for the next bytes, a batch of them at most and no more than the counter can count.
    fn look_ahead(&mut self, length: usize) {
        let wanted = if length <= BLOCK { BLOCK } else { BATCH };
        self.used = BATCH - wanted.min(self.blocks.left().saturating_mul(BLOCK as u64) as usize);
        let ahead = &mut self.ahead[self.used..];
        ahead.fill(0);
        self.blocks.apply(InOutBuf::from(ahead));
    }

    /// The next bytes of the key stream, which were made before.
    fn take(&mut self, length: usize) -> &[u8] {
        let begin = self.used;
        self.used += length;
        &self.ahead[begin..self.used]
    }
}

impl Blocks {
    /// How many there are before the counter runs over.
    fn left(&self) -> u64 {
        self.end.unwrap_or(u64::MAX).saturating_sub(self.counter)
    }

    fn check_left(&self, length: usize) -> Result<()> {
        if length.div_ceil(BLOCK) as u64 <= self.left() {
            return Ok(());
        }
        fail!(InvalidArgument, "ChaCha20 has no more key stream for this nonce")
    }

    /// Combines whole blocks with the key stream. The library counts in 32 bits, so it is called anew where those run over.
    fn apply(&mut self, mut data: InOutBuf<'_, '_, u8>) {
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
pub(super) fn extend(key: &[u8; KEY], nonce: &[u8; 24]) -> (SecretArray<KEY>, [u8; 8]) {
    const CONSTANTS: &[u8; 16] = b"expand 32-byte k";
    let (front, rest) = nonce.split_at(16);
    let (counter, nonce) = front.split_at(4);
    let counter = counter.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte));
    let nonce = std::array::from_fn(|index| nonce[index]);
    let mut block = SecretArray::<BLOCK>::zeros();
    chacha20::apply(key, &nonce, counter, InOutBuf::from(block.as_mut_slice()));
    let mut subkey = SecretArray::<KEY>::zeros();
    let (words, _) = block.as_chunks::<4>();
    let began_with = CONSTANTS.as_chunks::<4>().0.iter().chain(front.as_chunks::<4>().0);
    let ended_with = words[..4].iter().chain(&words[12..]);
    for ((target, word), initial) in subkey.as_chunks_mut::<4>().0.iter_mut().zip(ended_with).zip(began_with) {
        *target = u32::from_le_bytes(*word).wrapping_sub(u32::from_le_bytes(*initial)).to_le_bytes();
    }
    (subkey, std::array::from_fn(|index| rest[index]))
}
