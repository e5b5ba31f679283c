//! BLAKE2s and BLAKE2b (RFC 7693) with their parallel forms BLAKE2sp and BLAKE2bp ("BLAKE2: simpler, smaller, fast as
//! MD5", section 2.10), as hashes and as MACs.
//!
//! The kept crates either lack the parameters of the trees or do not wipe keys. No step depends on secrets.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::hash::ExtraHash;
use crate::core::primitives::MacOperation;
use crate::fail;
use crate::psa::{Algorithm, Error, Result};

/// The order in which the rounds take the words of a block (RFC 7693, section 2.7).
const SIGMA: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// Which words the eight mixings of a round work on: the columns, then the diagonals.
const MIXINGS: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

/// A hash function of words of one size.
macro_rules! function {
    ($module:ident, $word:ty, $rounds:literal, $rotations:expr, $offset:literal, $initial:expr) => {
        mod $module {
            use super::*;

            pub(super) const BLOCK: usize = 16 * size_of::<$word>();
            pub(super) const LENGTH: usize = 8 * size_of::<$word>();

            const INITIAL: [$word; 8] = $initial;

            /// One sequential hash: the whole function, a leaf of a tree or its root.
            #[derive(Clone, Zeroize, ZeroizeOnDrop)]
            pub(super) struct Node {
                chain: [$word; 8],
                /// How many bytes were compressed.
                count: u128,
                block: [u8; BLOCK],
                /// How much of the block is filled; a full one waits until it is known not to be the last one.
                used: usize,
                is_last: bool,
            }

            impl Node {
                pub(super) fn new(parameters: &Parameters) -> Self {
                    let mut encoded = [0; LENGTH];
                    encoded[..4].copy_from_slice(&[
                        LENGTH as u8,
                        parameters.key_length,
                        parameters.fanout,
                        parameters.depth,
                    ]);
                    encoded[8] = parameters.node_offset;
                    encoded[$offset] = parameters.node_depth;
                    encoded[$offset + 1] = parameters.inner_length;
                    let mut chain = INITIAL;
                    let (words, _) = encoded.as_chunks();
                    chain.iter_mut().zip(words).for_each(|(word, bytes)| *word ^= <$word>::from_le_bytes(*bytes));
                    Self { chain, count: 0, block: [0; BLOCK], used: 0, is_last: parameters.is_last }
                }

                pub(super) fn update(&mut self, mut input: &[u8]) {
                    while !input.is_empty() {
                        if self.used == BLOCK {
                            self.compress(0, 0);
                        }
                        let (now, later) = input.split_at(input.len().min(BLOCK - self.used));
                        self.block[self.used..self.used + now.len()].copy_from_slice(now);
                        self.used += now.len();
                        input = later;
                    }
                }

                pub(super) fn finish(&mut self) -> Zeroizing<[u8; MAX_LENGTH]> {
                    self.block[self.used..].fill(0);
                    self.compress(<$word>::MAX, if self.is_last { <$word>::MAX } else { 0 });
                    let mut hash = Zeroizing::new([0; MAX_LENGTH]);
                    let bytes = self.chain.iter().flat_map(|word| word.to_le_bytes());
                    hash.iter_mut().zip(bytes).for_each(|(target, byte)| *target = byte);
                    hash
                }

                /// Takes the block in (RFC 7693, section 3.2).
                fn compress(&mut self, last_block: $word, last_node: $word) {
                    self.count += self.used as u128;
                    self.used = 0;
                    let mut message = [0; 16];
                    let (words, _) = self.block.as_chunks();
                    message.iter_mut().zip(words).for_each(|(word, bytes)| *word = <$word>::from_le_bytes(*bytes));
                    let mut state = [0; 16];
                    state[..8].copy_from_slice(&self.chain);
                    state[8..].copy_from_slice(&INITIAL);
                    state[12] ^= self.count as $word;
                    state[13] ^= (self.count >> <$word>::BITS) as $word;
                    state[14] ^= last_block;
                    state[15] ^= last_node;
                    for order in SIGMA.iter().cycle().take($rounds) {
                        for (places, pair) in MIXINGS.iter().zip(order.as_chunks::<2>().0) {
                            mix(&mut state, *places, message[pair[0]], message[pair[1]]);
                        }
                    }
                    for (index, word) in self.chain.iter_mut().enumerate() {
                        *word ^= state[index] ^ state[index + 8];
                    }
                    state.zeroize();
                    message.zeroize();
                }
            }

            #[inline(always)]
            fn mix(state: &mut [$word; 16], [a, b, c, d]: [usize; 4], x: $word, y: $word) {
                const ROTATIONS: [u32; 4] = $rotations;
                for (word, half) in [(x, 0), (y, 2)] {
                    state[a] = state[a].wrapping_add(state[b]).wrapping_add(word);
                    state[d] = (state[d] ^ state[a]).rotate_right(ROTATIONS[half]);
                    state[c] = state[c].wrapping_add(state[d]);
                    state[b] = (state[b] ^ state[c]).rotate_right(ROTATIONS[half + 1]);
                }
            }
        }
    };
}

function!(
    s,
    u32,
    10,
    [16, 12, 8, 7],
    14,
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,]
);
function!(
    b,
    u64,
    12,
    [32, 24, 16, 63],
    16,
    [
        0x6a09e667f3bcc908,
        0xbb67ae8584caa73b,
        0x3c6ef372fe94f82b,
        0xa54ff53a5f1d36f1,
        0x510e527fade682d1,
        0x9b05688c2b3e6c1f,
        0x1f83d9abfb41bd6b,
        0x5be0cd19137e2179,
    ]
);

const MAX_LENGTH: usize = b::LENGTH;

/// What distinguishes the nodes (RFC 7693, section 2.5). Trees have leaves without a limit, and less than 256 of them.
struct Parameters {
    key_length: u8,
    fanout: u8,
    depth: u8,
    node_offset: u8,
    node_depth: u8,
    inner_length: u8,
    is_last: bool,
}

/// The four functions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Variant {
    S,
    Sp,
    B,
    Bp,
}

impl Variant {
    /// The function of a hash algorithm.
    pub(super) const fn of(hash: Algorithm) -> Option<Self> {
        match hash {
            Algorithm::BLAKE2S_HASH256 => Some(Self::S),
            Algorithm::BLAKE2SP_HASH256 => Some(Self::Sp),
            Algorithm::BLAKE2B_HASH512 => Some(Self::B),
            Algorithm::BLAKE2BP_HASH512 => Some(Self::Bp),
            _ => None,
        }
    }

    const fn is_small(self) -> bool {
        matches!(self, Self::S | Self::Sp)
    }

    /// Length of the hash, and of the longest key.
    pub(super) const fn length(self) -> usize {
        if self.is_small() { s::LENGTH } else { b::LENGTH }
    }

    const fn block(self) -> usize {
        if self.is_small() { s::BLOCK } else { b::BLOCK }
    }

    /// How many leaves the tree has; none is the sequential function.
    const fn leaves(self) -> usize {
        match self {
            Self::S | Self::B => 0,
            Self::Bp => 4,
            Self::Sp => 8,
        }
    }
}

/// A node of either size of words.
#[derive(Clone)]
enum Node {
    S(s::Node),
    B(b::Node),
}

impl Node {
    fn new(variant: Variant, parameters: &Parameters) -> Self {
        if variant.is_small() { Self::S(s::Node::new(parameters)) } else { Self::B(b::Node::new(parameters)) }
    }

    fn update(&mut self, input: &[u8]) {
        match self {
            Self::S(node) => node.update(input),
            Self::B(node) => node.update(input),
        }
    }

    fn finish(&mut self) -> Zeroizing<[u8; MAX_LENGTH]> {
        match self {
            Self::S(node) => node.finish(),
            Self::B(node) => node.finish(),
        }
    }
}

/// A hash or MAC in the making.
#[derive(Clone)]
pub(super) struct Blake2 {
    variant: Variant,
    /// Of a tree, takes the hashes of the leaves.
    root: Node,
    leaves: Vec<Node>,
    /// Which leaf is next, and how much it had of its block.
    leaf: usize,
    filled: usize,
}

impl Blake2 {
    /// Begins; without a key it is a hash.
    pub(super) fn new(variant: Variant, key: &[u8]) -> Result<Self> {
        if key.len() > variant.length() {
            return fail!(InvalidArgument, "a key of {} bytes; this BLAKE2 takes {}", key.len(), variant.length());
        }
        let leaves = variant.leaves();
        let parameters = |node_offset: usize, node_depth, is_last| Parameters {
            key_length: key.len() as u8,
            fanout: leaves.max(1) as u8,
            depth: if leaves == 0 { 1 } else { 2 },
            node_offset: node_offset as u8,
            node_depth,
            inner_length: if leaves == 0 { 0 } else { variant.length() as u8 },
            is_last,
        };
        let leaf = |index| Node::new(variant, &parameters(index, 0, index + 1 == leaves));
        let mut blake2 = Self {
            variant,
            root: Node::new(variant, &parameters(0, if leaves == 0 { 0 } else { 1 }, leaves != 0)),
            leaves: (0..leaves).map(leaf).collect(),
            leaf: 0,
            filled: 0,
        };
        blake2.absorb_key(key);
        Ok(blake2)
    }

    /// The key, padded to a block, comes before the input: of every leaf where there are leaves.
    fn absorb_key(&mut self, key: &[u8]) {
        if key.is_empty() {
            return;
        }
        let mut block = Zeroizing::new([0; b::BLOCK]);
        block[..key.len()].copy_from_slice(key);
        let block = &block[..self.variant.block()];
        if self.leaves.is_empty() {
            self.root.update(block);
        }
        self.leaves.iter_mut().for_each(|leaf| leaf.update(block));
    }

    fn absorb(&mut self, mut input: &[u8]) {
        if self.leaves.is_empty() {
            return self.root.update(input);
        }
        // The leaves take turns, a block each.
        while !input.is_empty() {
            let (now, later) = input.split_at(input.len().min(self.variant.block() - self.filled));
            if let Some(leaf) = self.leaves.get_mut(self.leaf) {
                leaf.update(now);
            }
            self.filled += now.len();
            if self.filled == self.variant.block() {
                self.filled = 0;
                self.leaf = (self.leaf + 1) % self.leaves.len();
            }
            input = later;
        }
    }

    fn finish(&mut self) -> Zeroizing<[u8; MAX_LENGTH]> {
        let length = self.variant.length();
        for leaf in &mut self.leaves {
            self.root.update(&leaf.finish()[..length]);
        }
        self.root.finish()
    }
}

impl ExtraHash for Blake2 {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        self.absorb(input);
        Ok(())
    }

    fn finish(&mut self, hash: &mut [u8]) -> Result<()> {
        hash.copy_from_slice(Blake2::finish(self).get(..hash.len()).ok_or(Error::BufferTooSmall)?);
        Ok(())
    }

    fn duplicate(&self) -> Result<Self> {
        Ok(self.clone())
    }
}

impl MacOperation for Blake2 {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        self.absorb(input);
        Ok(())
    }

    fn finish(&mut self, mac: &mut [u8]) -> Result<()> {
        ExtraHash::finish(self, mac)
    }
}
