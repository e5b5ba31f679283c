//! Verification of LMS and HSS signatures (RFC 8554), with the parameter sets of SP 800-208, section 4 (RFC 9858). Nothing
//! here is secret.

use super::hash::Hashes;
use super::hash_based_keys::Reader;
use crate::core::primitives::Hash;
use crate::psa::{Algorithm, Error, Result, sizes};

/// Domain separators (RFC 8554, section 4.4 and 5.3).
const D_PBLC: [u8; 2] = [0x80, 0x80];
const D_MESG: [u8; 2] = [0x81, 0x81];
const D_LEAF: [u8; 2] = [0x82, 0x82];
const D_INTR: [u8; 2] = [0x83, 0x83];

/// Length of a type code in bytes.
const CODE: usize = 4;
/// Length of the identifier I in bytes.
const IDENTIFIER: usize = 16;
/// Most levels of HSS (RFC 8554, section 6).
const MOST_LEVELS: u32 = 8;

/// The hashes, each with five heights and four widths, in the order of the type codes.
const HASHES: [Algorithm; 4] =
    [Algorithm::SHA_256, Algorithm::SHA_256_192, Algorithm::SHAKE256_256, Algorithm::SHAKE256_192];

/// Hash and height of an LMS type code.
fn lms_type(code: u32) -> Option<(Algorithm, u32)> {
    let index = code.checked_sub(5)?;
    Some((*HASHES.get(index as usize / 5)?, 5 * (index % 5 + 1)))
}

/// Hash and width of an LM-OTS type code.
fn ots_type(code: u32) -> Option<(Algorithm, u32)> {
    let index = code.checked_sub(1)?;
    Some((*HASHES.get(index as usize / 4)?, 1 << (index % 4)))
}

/// An `lms_public_key`.
pub(super) struct LmsKey<'a> {
    encoded: &'a [u8],
    hash: Algorithm,
    height: u32,
    width: u32,
    identifier: &'a [u8],
    root: &'a [u8],
}

impl<'a> LmsKey<'a> {
    /// Reads a key that fills `encoded`; `None` where there is no such parameter set or length. LM-OTS and LMS use the same
    /// hash (SP 800-208, section 4).
    pub(super) fn parse(encoded: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(encoded);
        let key = Self::read(&mut reader)?;
        reader.0.is_empty().then_some(key)
    }

    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let all = reader.0;
        let ((hash, height), (ots_hash, width)) = (lms_type(reader.u32()?)?, ots_type(reader.u32()?)?);
        let identifier = reader.take(IDENTIFIER)?;
        let root = reader.take(sizes::hash_length(hash))?;
        let encoded = all.get(..all.len() - reader.0.len())?;
        (hash == ots_hash).then_some(Self { encoded, hash, height, width, identifier, root })
    }

    /// The hash that the parameter set is made of.
    pub(super) fn hash(&self) -> Algorithm {
        self.hash
    }

    fn n(&self) -> usize {
        sizes::hash_length(self.hash)
    }

    /// Digits of a hash, and of its checksum (RFC 8554, appendix B).
    fn digits(&self) -> (usize, usize) {
        let of_hash = 8 * self.n() / self.width as usize;
        let highest = ((1 << self.width) - 1) * of_hash;
        (of_hash, (highest.ilog2() + 1).div_ceil(self.width) as usize)
    }

    fn compute(&self, parts: &[&[u8]]) -> Result<Vec<u8>> {
        let mut output = vec![0; self.n()];
        Hashes.compute(self.hash, &parts.concat(), &mut output)?;
        Ok(output)
    }
}

/// An `lms_signature`.
pub(super) struct LmsSignature<'a> {
    leaf: u32,
    randomizer: &'a [u8],
    chains: &'a [u8],
    path: &'a [u8],
}

impl<'a> LmsSignature<'a> {
    /// Reads a signature that fills `encoded` and has the parameter set of the key.
    pub(super) fn parse(encoded: &'a [u8], key: &LmsKey<'_>) -> Option<Self> {
        let mut reader = Reader(encoded);
        let signature = Self::read(&mut reader, key)?;
        reader.0.is_empty().then_some(signature)
    }

    fn read(reader: &mut Reader<'a>, key: &LmsKey<'_>) -> Option<Self> {
        let (lms_code, ots_code) = key.encoded.get(..2 * CODE)?.split_at_checked(CODE)?;
        let leaf = reader.u32()?;
        if reader.take(CODE)? != ots_code || leaf >> key.height != 0 {
            return None;
        }
        let (of_hash, of_checksum) = key.digits();
        let randomizer = reader.take(key.n())?;
        let chains = reader.take((of_hash + of_checksum) * key.n())?;
        if reader.take(CODE)? != lms_code {
            return None;
        }
        let path = reader.take(key.height as usize * key.n())?;
        Some(Self { leaf, randomizer, chains, path })
    }

    /// What is hashed before the message.
    pub(super) fn prefix(&self, key: &LmsKey<'_>) -> Vec<u8> {
        [key.identifier, &self.leaf.to_be_bytes(), &D_MESG, self.randomizer].concat()
    }

    /// True where this is a signature of the message that hashes to `digest` behind the prefix.
    pub(super) fn verify(&self, key: &LmsKey<'_>, digest: &[u8]) -> Result<bool> {
        Ok(self.root(key, &self.ots_key(key, digest)?)? == key.root)
    }

    /// The candidate of the one-time public key (RFC 8554, algorithm 4b).
    fn ots_key(&self, key: &LmsKey<'_>, digest: &[u8]) -> Result<Vec<u8>> {
        let leaf = self.leaf.to_be_bytes();
        let mut ends = [key.identifier, &leaf, &D_PBLC].concat();
        // I, q, i and j, and then the link of the chain.
        let mut link = [key.identifier, &leaf, &[0; 3], &vec![0; key.n()]].concat();
        let at = IDENTIFIER + CODE;
        let mut node = vec![0; key.n()];
        for ((start, digit), index) in self.chains.chunks_exact(key.n()).zip(digits_of(key, digest)).zip(0_u16..) {
            node.copy_from_slice(start);
            for step in digit..(1 << key.width) - 1 {
                let step = u8::try_from(step).map_err(|_| Error::CorruptionDetected)?;
                link.truncate(at);
                link.extend(index.to_be_bytes());
                link.push(step);
                link.extend(&node);
                Hashes.compute(key.hash, &link, &mut node)?;
            }
            ends.extend(&node);
        }
        key.compute(&[&ends])
    }

    /// The candidate of the root (RFC 8554, algorithm 6a).
    fn root(&self, key: &LmsKey<'_>, ots_key: &[u8]) -> Result<Vec<u8>> {
        let mut number = (1 << key.height) + self.leaf;
        let mut node = key.compute(&[key.identifier, &number.to_be_bytes(), &D_LEAF, ots_key])?;
        for sibling in self.path.chunks_exact(key.n()) {
            let (left, right) = if number % 2 == 1 { (sibling, &node[..]) } else { (&node[..], sibling) };
            number /= 2;
            node = key.compute(&[key.identifier, &number.to_be_bytes(), &D_INTR, left, right])?;
        }
        Ok(node)
    }
}

/// The digits of a hash and then of its checksum (RFC 8554, sections 3.1.3 and 4.4).
fn digits_of(key: &LmsKey<'_>, digest: &[u8]) -> Vec<u32> {
    let (of_hash, of_checksum) = key.digits();
    let highest = (1 << key.width) - 1;
    let digits: Vec<u32> = base(digest, key.width).take(of_hash).collect();
    let checksum: u32 = digits.iter().map(|digit| highest - digit).sum();
    // At its left end in 16 bits.
    let checksum = (checksum << (16 - of_checksum as u32 * key.width)) as u16;
    digits.into_iter().chain(base(&checksum.to_be_bytes(), key.width).take(of_checksum)).collect()
}

/// The digits of `width` bits of a string.
fn base(bytes: &[u8], width: u32) -> impl Iterator<Item = u32> {
    let mask = (1 << width) - 1;
    bytes
        .iter()
        .flat_map(move |byte| (0..8 / width).map(move |digit| u32::from(*byte) >> (8 - width * (digit + 1)) & mask))
}

/// An `hss_public_key`.
pub(super) struct HssKey<'a> {
    levels: u32,
    pub(super) top: LmsKey<'a>,
}

impl<'a> HssKey<'a> {
    /// Reads a key that fills `encoded`.
    pub(super) fn parse(encoded: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(encoded);
        let levels = reader.u32()?;
        let top = LmsKey::parse(reader.0)?;
        (1..=MOST_LEVELS).contains(&levels).then_some(Self { levels, top })
    }
}

/// The keys of the levels with the signatures that each makes, of the next key and at last of the message.
pub(super) struct HssSignature<'a>(Vec<(LmsKey<'a>, LmsSignature<'a>)>);

impl<'a> HssSignature<'a> {
    /// Reads an `hss_signature` that fills `encoded` and has the levels of the key. `None` where some level has another
    /// hash (SP 800-208, section 4).
    pub(super) fn parse(encoded: &'a [u8], key: HssKey<'a>) -> Option<Self> {
        let mut reader = Reader(encoded);
        if reader.u32()? != key.levels - 1 {
            return None;
        }
        let hash = key.top.hash;
        let mut levels = Vec::new();
        let mut signer = key.top;
        for _ in 1..key.levels {
            let signature = LmsSignature::read(&mut reader, &signer)?;
            let next = LmsKey::read(&mut reader).filter(|next| next.hash == hash)?;
            levels.push((std::mem::replace(&mut signer, next), signature));
        }
        let signature = LmsSignature::read(&mut reader, &signer)?;
        levels.push((signer, signature));
        reader.0.is_empty().then_some(Self(levels))
    }

    /// What is hashed before the message.
    pub(super) fn prefix(&self) -> Vec<u8> {
        self.0.last().map(|(key, signature)| signature.prefix(key)).unwrap_or_default()
    }

    /// True where this is a signature of the message that hashes to `digest` behind the prefix (RFC 8554, section 6.3).
    pub(super) fn verify(&self, digest: &[u8]) -> Result<bool> {
        for ((key, signature), (signed, _)) in self.0.iter().zip(self.0.iter().skip(1)) {
            let digest = key.compute(&[&signature.prefix(key), signed.encoded])?;
            if !signature.verify(key, &digest)? {
                return Ok(false);
            }
        }
        self.0.last().map_or(Ok(false), |(key, signature)| signature.verify(key, digest))
    }
}
