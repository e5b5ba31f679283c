//! Verification of XMSS and XMSS^MT signatures (RFC 8391), with the parameter sets of SP 800-208, section 5. Nothing here is
//! secret.

use super::hash::Hashes;
use super::hash_based_keys::Reader;
use crate::core::primitives::Hash;
use crate::psa::{Algorithm, Result, sizes};

/// w, the base of the digits; all parameter sets have the same.
const BASE: u32 = 16;
/// Digits of a checksum.
const CHECKSUM_DIGITS: usize = 3;

/// A parameter set.
#[derive(Clone, Copy)]
pub(super) struct Parameters {
    hash: Algorithm,
    /// Height of all trees together, and how many lie one above the other.
    height: u32,
    layers: u32,
    /// XMSS^MT has a shorter index.
    multi_tree: bool,
}

/// The hashes in the order of the numbers (RFC 8391, section 8; SP 800-208, sections 5.1 to 5.4).
const HASHES: [Algorithm; 7] = [
    Algorithm::SHA_256,
    Algorithm::SHA_512,
    Algorithm::SHAKE128_256,
    Algorithm::SHAKE256_512,
    Algorithm::SHA_256_192,
    Algorithm::SHAKE256_256,
    Algorithm::SHAKE256_192,
];
/// The heights of XMSS with each hash.
const HEIGHTS: [u32; 3] = [10, 16, 20];
/// The heights and layers of XMSS^MT with each hash.
const LAYERS: [(u32, u32); 8] = [(20, 2), (20, 4), (40, 2), (40, 4), (40, 8), (60, 3), (60, 6), (60, 12)];

impl Parameters {
    /// The parameter set of a number of XMSS or XMSS^MT.
    fn find(number: u32, multi_tree: bool) -> Option<Self> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let of_hash = if multi_tree { LAYERS.len() } else { HEIGHTS.len() };
        let hash = *HASHES.get(index / of_hash)?;
        let (height, layers) =
            if multi_tree { *LAYERS.get(index % of_hash)? } else { (*HEIGHTS.get(index % of_hash)?, 1) };
        Some(Self { hash, height, layers, multi_tree })
    }

    fn n(&self) -> usize {
        sizes::hash_length(self.hash)
    }

    /// Height of one tree.
    fn tree_height(&self) -> u32 {
        self.height / self.layers
    }

    /// Digits of a hash and its checksum: one-time signatures have as many parts.
    fn digits(&self) -> usize {
        2 * self.n() + CHECKSUM_DIGITS
    }

    fn index_length(&self) -> usize {
        if self.multi_tree { self.height.div_ceil(8) as usize } else { 4 }
    }

    /// The functions of RFC 8391, section 5.1, that differ in their number; with 24 bytes, that has 4 bytes (SP 800-208,
    /// section 5.2).
    fn compute(&self, function: u8, parts: &[&[u8]]) -> Result<Vec<u8>> {
        let mut output = vec![0; self.n()];
        Hashes.compute(self.hash, &[&self.padded(function)[..], &parts.concat()].concat(), &mut output)?;
        Ok(output)
    }

    fn padded(&self, function: u8) -> Vec<u8> {
        let length = if self.n() == 24 { 4 } else { self.n() };
        let mut number = vec![0; length - 1];
        number.push(function);
        number
    }
}

/// Numbers of the functions.
const F: u8 = 0;
const H: u8 = 1;
const H_MSG: u8 = 2;
const PRF: u8 = 3;

/// A public key of XMSS or XMSS^MT (RFC 8391, appendices B.3 and C.3).
pub(super) struct XmssKey<'a> {
    parameters: Parameters,
    root: &'a [u8],
    seed: &'a [u8],
}

impl<'a> XmssKey<'a> {
    /// Reads a key that fills `encoded`; `None` where there is no such parameter set or length.
    pub(super) fn parse(encoded: &'a [u8], multi_tree: bool) -> Option<Self> {
        let mut reader = Reader(encoded);
        let parameters = Parameters::find(reader.u32()?, multi_tree)?;
        let (root, seed) = (reader.take(parameters.n())?, reader.take(parameters.n())?);
        reader.0.is_empty().then_some(Self { parameters, root, seed })
    }

    /// The hash that the parameter set is made of.
    pub(super) fn hash(&self) -> Algorithm {
        self.parameters.hash
    }

    fn prf(&self, address: &Address) -> Result<Vec<u8>> {
        self.parameters.compute(PRF, &[self.seed, &address.0])
    }

    /// RAND_HASH (RFC 8391, algorithm 7).
    fn join(&self, left: &[u8], right: &[u8], address: &mut Address) -> Result<Vec<u8>> {
        address.set(KEY_AND_MASK, 0);
        let key = self.prf(address)?;
        let mut masked = Vec::new();
        for (node, mask) in [(left, 1), (right, 2)] {
            address.set(KEY_AND_MASK, mask);
            masked.extend(xor(node, &self.prf(address)?));
        }
        self.parameters.compute(H, &[&key, &masked])
    }

    /// The end of a chain of one-time signatures from its link `from` (RFC 8391, algorithm 2).
    fn chain(&self, link: &[u8], from: u32, address: &mut Address) -> Result<Vec<u8>> {
        let mut node = link.to_vec();
        for step in from..BASE - 1 {
            address.set(HASH, step);
            address.set(KEY_AND_MASK, 0);
            let key = self.prf(address)?;
            address.set(KEY_AND_MASK, 1);
            node = self.parameters.compute(F, &[&key, &xor(&node, &self.prf(address)?)])?;
        }
        Ok(node)
    }
}

fn xor(left: &[u8], right: &[u8]) -> Vec<u8> {
    left.iter().zip(right).map(|(left, right)| left ^ right).collect()
}

/// Where a hash is computed (RFC 8391, section 2.5): eight words.
struct Address([u8; 32]);

/// Words of an address; the tree takes two. What a word means depends on the type.
const LAYER: usize = 0;
const TREE: usize = 1;
const TYPE: usize = 3;
const OTS: usize = 4;
const L_TREE: usize = 4;
const CHAIN: usize = 5;
const TREE_HEIGHT: usize = 5;
const HASH: usize = 6;
const TREE_INDEX: usize = 6;
const KEY_AND_MASK: usize = 7;

/// Types of an address.
const OTS_TYPE: u32 = 0;
const L_TREE_TYPE: u32 = 1;
const TREE_TYPE: u32 = 2;

impl Address {
    fn new(layer: u32, tree: u64) -> Self {
        let mut address = Self([0; 32]);
        address.set(LAYER, layer);
        address.set(TREE, (tree >> 32) as u32);
        address.set(TREE + 1, tree as u32);
        address
    }

    fn set(&mut self, word: usize, value: u32) {
        if let Some(place) = self.0.get_mut(4 * word..4 * (word + 1)) {
            place.copy_from_slice(&value.to_be_bytes());
        }
    }

    /// Begins a type: the words behind it are 0.
    fn begin(&mut self, kind: u32) {
        self.set(TYPE, kind);
        for word in TYPE + 1..=KEY_AND_MASK {
            self.set(word, 0);
        }
    }
}

/// A signature of XMSS or XMSS^MT.
pub(super) struct XmssSignature<'a> {
    index: u64,
    randomness: &'a [u8],
    /// For each layer, from the bottom, a one-time signature and the path to the root of its tree.
    trees: &'a [u8],
}

impl<'a> XmssSignature<'a> {
    /// Reads a signature that fills `encoded` and has the parameter set of the key.
    pub(super) fn parse(encoded: &'a [u8], key: &XmssKey<'_>) -> Option<Self> {
        let parameters = &key.parameters;
        let mut reader = Reader(encoded);
        let index = reader.take(parameters.index_length())?;
        let index = index.iter().fold(0, |index, byte| index << 8 | u64::from(*byte));
        let randomness = reader.take(parameters.n())?;
        let trees = reader.0;
        let complete = trees.len() == parameters.layers as usize * tree_length(parameters);
        (complete && index >> parameters.height == 0).then_some(Self { index, randomness, trees })
    }

    /// What is hashed before the message (RFC 8391, algorithm 14).
    pub(super) fn prefix(&self, key: &XmssKey<'_>) -> Vec<u8> {
        let mut index = vec![0; key.parameters.n() - 8];
        index.extend(self.index.to_be_bytes());
        [&key.parameters.padded(H_MSG)[..], self.randomness, key.root, &index].concat()
    }

    /// True where this is a signature of the message that hashes to `digest` behind the prefix (RFC 8391, algorithms 14
    /// and 17).
    pub(super) fn verify(&self, key: &XmssKey<'_>, digest: &[u8]) -> Result<bool> {
        let (parameters, mut node) = (&key.parameters, digest.to_vec());
        let mut rest = self.index;
        for (tree, layer) in self.trees.chunks_exact(tree_length(parameters)).zip(0..) {
            let leaf = (rest & ((1 << parameters.tree_height()) - 1)) as u32;
            rest >>= parameters.tree_height();
            let (ots, path) = tree.split_at(parameters.digits() * parameters.n());
            node = root(key, leaf, ots, path, &node, &mut Address::new(layer, rest))?;
        }
        Ok(node == key.root)
    }
}

fn tree_length(parameters: &Parameters) -> usize {
    (parameters.digits() + parameters.tree_height() as usize) * parameters.n()
}

/// The candidate of the root of one tree (RFC 8391, algorithm 13).
fn root(
    key: &XmssKey<'_>,
    leaf: u32,
    ots: &[u8],
    path: &[u8],
    digest: &[u8],
    address: &mut Address,
) -> Result<Vec<u8>> {
    let n = key.parameters.n();
    address.begin(OTS_TYPE);
    address.set(OTS, leaf);
    let mut nodes = Vec::new();
    for ((link, digit), chain) in ots.chunks_exact(n).zip(digits_of(digest)).zip(0..) {
        address.set(CHAIN, chain);
        nodes.push(key.chain(link, digit, address)?);
    }
    address.begin(L_TREE_TYPE);
    address.set(L_TREE, leaf);
    let mut node = l_tree(key, nodes, address)?;
    address.begin(TREE_TYPE);
    for (sibling, height) in path.chunks_exact(n).zip(0..) {
        address.set(TREE_HEIGHT, height);
        address.set(TREE_INDEX, leaf >> (height + 1));
        node = if leaf >> height & 1 == 0 {
            key.join(&node, sibling, address)?
        } else {
            key.join(sibling, &node, address)?
        };
    }
    Ok(node)
}

/// The digits of a hash and of its checksum, which has 12 bits (RFC 8391, algorithms 1 and 6).
fn digits_of(digest: &[u8]) -> Vec<u32> {
    let digits: Vec<u32> = digest.iter().flat_map(|byte| [u32::from(byte >> 4), u32::from(byte & 0xf)]).collect();
    let checksum: u32 = digits.iter().map(|digit| BASE - 1 - digit).sum();
    digits.into_iter().chain([checksum >> 8 & 0xf, checksum >> 4 & 0xf, checksum & 0xf]).collect()
}

/// The ends of the chains under one leaf (RFC 8391, algorithm 8).
fn l_tree(key: &XmssKey<'_>, mut nodes: Vec<Vec<u8>>, address: &mut Address) -> Result<Vec<u8>> {
    let mut height = 0;
    while nodes.len() > 1 {
        address.set(TREE_HEIGHT, height);
        let mut next = Vec::new();
        for (pair, index) in nodes.chunks(2).zip(0..) {
            address.set(TREE_INDEX, index);
            next.push(match pair {
                [left, right] => key.join(left, right, address)?,
                _ => pair.concat(),
            });
        }
        nodes = next;
        height += 1;
    }
    Ok(nodes.concat())
}
