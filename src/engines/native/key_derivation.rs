//! Key derivation (PSA 1.5, section 10.8): HKDF (RFC 5869), the counter mode of NIST SP 800-108, PBKDF2 (RFC 8018), the PRF
//! of TLS 1.2 (RFC 5246) and its secrets from a pre-shared key (RFC 4279) and from J-PAKE.

use super::block_cipher::{self, BlockKey, MAX_BLOCK};
use super::cbc_mac::{self, CbcMac, CmacKeys};
use super::ffi::digest::Digest;
use super::hash;
use super::hmac::{Hmac, MAX_LENGTH, Wiped};
use crate::core::primitives::{DerivationInputs, DerivationOutput, Direction, KeyDerivation};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, Result};

/// The derivations, each with the hash of its HMAC.
#[derive(Clone, Copy)]
enum Derivation {
    Hkdf,
    HkdfExtract,
    HkdfExpand,
    Pbkdf2,
    Pbkdf2Cmac,
    CounterHmac,
    CounterCmac,
    Tls12Prf,
    Tls12PskToMs,
    EcJpakeToPms,
}

/// Which derivation this is, `None` where it is not implemented.
fn find(alg: Algorithm) -> Option<Derivation> {
    let hash = alg.get_hash();
    let derivation = match alg {
        _ if alg.is_hkdf() => Derivation::Hkdf,
        _ if alg.is_hkdf_extract() => Derivation::HkdfExtract,
        _ if alg.is_hkdf_expand() => Derivation::HkdfExpand,
        _ if alg.is_pbkdf2_hmac() => Derivation::Pbkdf2,
        _ if alg.is_sp800_108_counter_hmac() => Derivation::CounterHmac,
        // Their specification knows these two hashes only.
        _ if alg.is_tls12_prf() && matches!(hash, Algorithm::SHA_256 | Algorithm::SHA_384) => Derivation::Tls12Prf,
        _ if alg.is_tls12_psk_to_ms() && matches!(hash, Algorithm::SHA_256 | Algorithm::SHA_384) => {
            Derivation::Tls12PskToMs
        }
        Algorithm::SP800_108_COUNTER_CMAC => return Some(Derivation::CounterCmac),
        Algorithm::PBKDF2_AES_CMAC_PRF_128 => return Some(Derivation::Pbkdf2Cmac),
        Algorithm::TLS12_ECJPAKE_TO_PMS => Derivation::EcJpakeToPms,
        _ => return None,
    };
    hash::offers_hmac(hash).then_some(derivation)
}

/// True for the derivation whose output is one key, which it computes for the group of that key.
fn makes_password_token(alg: Algorithm) -> bool {
    alg.is_wpa3_sae_h2e() && matches!(alg.get_hash(), Algorithm::SHA_256 | Algorithm::SHA_384 | Algorithm::SHA_512)
}

/// True where the algorithm is implemented and takes a key of this type and size as one of its inputs. `KeyType::NONE`
/// stands for inputs that are no keys.
pub(super) fn accepts(alg: Algorithm, key_type: KeyType, bits: usize) -> bool {
    let derivation = find(alg);
    let stretching = matches!(derivation, Some(Derivation::Pbkdf2 | Derivation::Pbkdf2Cmac));
    if derivation.is_none() && !makes_password_token(alg) {
        return false;
    }
    match (key_type, derivation) {
        (KeyType::NONE, _) => true,
        (KeyType::DERIVE, Some(Derivation::EcJpakeToPms)) => bits == 8 * EC_POINT,
        (KeyType::DERIVE, Some(Derivation::CounterCmac)) => false,
        (KeyType::RAW_DATA | KeyType::DERIVE, _) => true,
        (KeyType::PASSWORD | KeyType::PASSWORD_HASH | KeyType::PEPPER, None) => true,
        (KeyType::PASSWORD | KeyType::PASSWORD_HASH | KeyType::PEPPER, _) => stretching,
        (KeyType::HMAC, Some(Derivation::CounterHmac)) => true,
        (_, Some(Derivation::CounterCmac)) => {
            key_type.block_cipher_block_length() == MAX_BLOCK && block_cipher::has_size(key_type, bits)
        }
        _ => false,
    }
}

/// All derivations of the engine.
pub(super) struct Derivations;

impl KeyDerivation for Derivations {
    fn offers(&self, alg: Algorithm) -> bool {
        find(alg).is_some() || makes_password_token(alg)
    }

    fn start(&self, alg: Algorithm, inputs: DerivationInputs) -> Result<Box<dyn DerivationOutput>> {
        let Some(derivation) = find(alg) else {
            return fail!(NotSupported, "key-derivation algorithm {:#010x} in the native engine", alg.0);
        };
        let hash = alg.get_hash();
        let secret = inputs.secret.ok_or(Error::BadState)?;
        let salt = inputs.salt.unwrap_or_default();
        let info = inputs.info.unwrap_or_default();
        Ok(match derivation {
            Derivation::Hkdf => {
                let mut key = empty_block();
                let length = extract(hash, &salt, &secret, &mut key)?;
                Box::new(Stream::new(Expand { prf: Hmac::new(hash, &key[..length])?, info, counter: 0 }))
            }
            Derivation::HkdfExtract => {
                let mut key = empty_block();
                let length = extract(hash, &salt, &secret, &mut key)?;
                Box::new(Stream::new(Once(Some(Secret::new(key[..length].to_vec())))))
            }
            Derivation::HkdfExpand => {
                Box::new(Stream::new(Expand { prf: Hmac::new(hash, &secret)?, info, counter: 0 }))
            }
            Derivation::Pbkdf2 => {
                let cost = check_cost(inputs.cost.ok_or(Error::BadState)?)?;
                Box::new(Stream::new(Pbkdf2 { prf: Prf::Hmac(Hmac::new(hash, &secret)?), salt, cost, counter: 0 }))
            }
            Derivation::Pbkdf2Cmac => {
                let cost = check_cost(inputs.cost.ok_or(Error::BadState)?)?;
                Box::new(Stream::new(Pbkdf2 { prf: Prf::aes_cmac_prf_128(&secret)?, salt, cost, counter: 0 }))
            }
            Derivation::CounterHmac => {
                let fixed = fixed_input(inputs.label, inputs.context, inputs.capacity)?;
                let prf = Prf::Hmac(Hmac::new(hash, &secret)?);
                Box::new(Stream::new(Counter { prf, fixed, counter: 0 }))
            }
            Derivation::CounterCmac => {
                let mut fixed = fixed_input(inputs.label, inputs.context, inputs.capacity)?;
                let prf = Prf::cmac(inputs.secret_type, &secret)?;
                let mut first = empty_block();
                prf.compute(&[&fixed], &mut first[..prf.length()])?;
                fixed.extend_from_slice(&first[..prf.length()]);
                Box::new(Stream::new(Counter { prf, fixed, counter: 0 }))
            }
            Derivation::Tls12Prf | Derivation::Tls12PskToMs => {
                let mut seed = inputs.label.unwrap_or_default();
                seed.extend(inputs.seed.unwrap_or_default());
                let secret = match derivation {
                    Derivation::Tls12PskToMs => premaster_secret(&secret, inputs.other_secret)?,
                    _ => secret,
                };
                Box::new(Stream::new(Tls12Prf { prf: Hmac::new(hash, &secret)?, seed, chain: None }))
            }
            Derivation::EcJpakeToPms => Box::new(Stream::new(Once(Some(hash_of_coordinate(&secret)?)))),
        })
    }
}

/// Bounds the iterations of PBKDF2, which is what keeps a call from never returning.
fn check_cost(cost: u64) -> Result<u32> {
    match u32::try_from(cost) {
        Ok(0) => fail!(InvalidArgument, "PBKDF2 with a cost of 0"),
        Ok(cost) => Ok(cost),
        Err(_) => fail!(NotSupported, "PBKDF2 with a cost of {cost}; the highest is {}", u32::MAX),
    }
}

/// A pseudorandom function with its key.
enum Prf {
    Hmac(Hmac),
    Cmac(BlockKey, CmacKeys),
}

impl Prf {
    fn cmac(key_type: KeyType, key: &[u8]) -> Result<Self> {
        let key = BlockKey::new(key_type, key, Direction::Encrypt)?;
        let keys = cbc_mac::cmac_keys(&key);
        Ok(Self::Cmac(key, keys))
    }

    /// RFC 4615, section 3: a key of another length is shortened first.
    fn aes_cmac_prf_128(key: &[u8]) -> Result<Self> {
        if key.len() == MAX_BLOCK {
            return Self::cmac(KeyType::AES, key);
        }
        let mut shortened = empty_block();
        Self::cmac(KeyType::AES, &[0; MAX_BLOCK])?.compute(&[key], &mut shortened[..MAX_BLOCK])?;
        Self::cmac(KeyType::AES, &shortened[..MAX_BLOCK])
    }

    /// Length of the output in bytes.
    fn length(&self) -> usize {
        match self {
            Self::Hmac(hmac) => hmac.length(),
            Self::Cmac(key, _) => key.block_length(),
        }
    }

    /// Gives the output, of exactly this length, for an input in pieces.
    fn compute(&self, input: &[&[u8]], output: &mut [u8]) -> Result<()> {
        match self {
            Self::Hmac(hmac) => hmac.compute(input, output),
            Self::Cmac(key, keys) => {
                let mut chain = CbcMac::new(key.clone());
                input.iter().for_each(|piece| chain.update(piece));
                output.copy_from_slice(&chain.finish_cmac(keys)[..self.length()]);
                Ok(())
            }
        }
    }
}

/// What follows the counter in NIST SP 800-108, section 4.1: label, zero, context and the length of all output in bits.
fn fixed_input(label: Option<Vec<u8>>, context: Option<Vec<u8>>, capacity: usize) -> Result<Vec<u8>> {
    let bits = capacity.checked_mul(8).and_then(|bits| u32::try_from(bits).ok()).ok_or(Error::InvalidArgument)?;
    Ok([&label.unwrap_or_default()[..], &[0], &context.unwrap_or_default(), &bits.to_be_bytes()].concat())
}

/// The premaster secret of TLS 1.2 (RFC 4279, section 2): the other secret, by default zeros, and the pre-shared key, each with
/// its length.
fn premaster_secret(psk: &[u8], other: Option<Secret>) -> Result<Secret> {
    let other = other.unwrap_or_else(|| Secret::new(vec![0; psk.len()]));
    let length = |secret: &[u8]| match u16::try_from(secret.len()) {
        Ok(length) => Ok(length.to_be_bytes()),
        Err(_) => fail!(InvalidArgument, "a secret of {} bytes for a premaster secret", secret.len()),
    };
    Ok(Secret::new([&length(&other)?[..], &other, &length(psk)?, psk].concat()))
}

/// An uncompressed point of secp256r1.
const EC_POINT: usize = 65;

/// SHA-256 of the first coordinate of a point (draft-cragie-tls-ecjpake-01, section 8.7).
fn hash_of_coordinate(point: &[u8]) -> Result<Secret> {
    match point {
        [4, coordinates @ ..] if point.len() == EC_POINT => {
            let mut hash = Secret::new(vec![0; 32]);
            Digest::Sha256.hash(&coordinates[..32], &mut hash)?;
            Ok(hash)
        }
        _ => fail!(InvalidArgument, "the secret of J-PAKE is an uncompressed point of secp256r1"),
    }
}

/// HKDF-Extract (RFC 5869, section 2.2); returns the length of the key.
fn extract(hash: Algorithm, salt: &[u8], secret: &[u8], key: &mut Block) -> Result<usize> {
    let hmac = Hmac::new(hash, salt)?;
    hmac.compute(&[secret], &mut key[..hmac.length()])?;
    Ok(hmac.length())
}

/// A block of output; its first bytes are used.
type Block = Wiped<MAX_LENGTH>;

fn empty_block() -> Block {
    Wiped([0; MAX_LENGTH])
}

/// What a derivation puts out, block by block.
trait Blocks: Send {
    /// Makes the next block and returns its length. `block` still holds the previous one, at first zeros.
    fn next(&mut self, block: &mut Block) -> Result<usize>;
}

/// Cuts the blocks into the pieces that are asked for.
struct Stream<B> {
    blocks: B,
    block: Block,
    length: usize,
    used: usize,
}

impl<B: Blocks> Stream<B> {
    fn new(blocks: B) -> Self {
        Self { blocks, block: empty_block(), length: 0, used: 0 }
    }
}

impl<B: Blocks> DerivationOutput for Stream<B> {
    fn read(&mut self, mut output: &mut [u8]) -> Result<()> {
        while !output.is_empty() {
            if self.used == self.length {
                self.length = self.blocks.next(&mut self.block)?;
                self.used = 0;
            }
            let count = output.len().min(self.length - self.used);
            let (now, later) = output.split_at_mut(count);
            now.copy_from_slice(&self.block[self.used..self.used + count]);
            self.used += count;
            output = later;
        }
        Ok(())
    }
}

/// A single block.
struct Once(Option<Secret>);

impl Blocks for Once {
    fn next(&mut self, block: &mut Block) -> Result<usize> {
        let only = self.0.take().ok_or(Error::InsufficientData)?;
        block[..only.len()].copy_from_slice(&only);
        Ok(only.len())
    }
}

/// HKDF-Expand (RFC 5869, section 2.3).
struct Expand {
    prf: Hmac,
    info: Vec<u8>,
    counter: u8,
}

impl Blocks for Expand {
    fn next(&mut self, block: &mut Block) -> Result<usize> {
        let length = self.prf.length();
        let before = (self.counter != 0).then(|| block.clone());
        let before = before.as_ref().map_or(&[][..], |before| &before[..length]);
        self.counter = self.counter.checked_add(1).ok_or(Error::InsufficientData)?;
        self.prf.compute(&[before, &self.info, &[self.counter]], &mut block[..length])?;
        Ok(length)
    }
}

/// NIST SP 800-108, section 4.1.
struct Counter {
    prf: Prf,
    fixed: Vec<u8>,
    counter: u32,
}

impl Blocks for Counter {
    fn next(&mut self, block: &mut Block) -> Result<usize> {
        let length = self.prf.length();
        self.counter = self.counter.checked_add(1).ok_or(Error::InsufficientData)?;
        self.prf.compute(&[&self.counter.to_be_bytes(), &self.fixed], &mut block[..length])?;
        Ok(length)
    }
}

/// PBKDF2 (RFC 8018, section 5.2).
struct Pbkdf2 {
    prf: Prf,
    salt: Secret,
    cost: u32,
    counter: u32,
}

impl Blocks for Pbkdf2 {
    fn next(&mut self, block: &mut Block) -> Result<usize> {
        let length = self.prf.length();
        self.counter = self.counter.checked_add(1).ok_or(Error::InsufficientData)?;
        let (mut link, mut next) = (empty_block(), empty_block());
        self.prf.compute(&[&self.salt, &self.counter.to_be_bytes()], &mut link[..length])?;
        block.clone_from(&link);
        for _ in 1..self.cost {
            self.prf.compute(&[&link[..length]], &mut next[..length])?;
            std::mem::swap(&mut link, &mut next);
            block.iter_mut().zip(link.iter()).for_each(|(sum, byte)| *sum ^= byte);
        }
        Ok(length)
    }
}

/// The PRF of TLS 1.2 (RFC 5246, section 5).
struct Tls12Prf {
    prf: Hmac,
    /// The label, then the seed.
    seed: Vec<u8>,
    /// `A(i)` of the last block; before the first one, the seed takes its place.
    chain: Option<Block>,
}

impl Blocks for Tls12Prf {
    fn next(&mut self, block: &mut Block) -> Result<usize> {
        let length = self.prf.length();
        let mut chain = empty_block();
        let before = self.chain.as_ref().map_or(&self.seed[..], |last| &last[..length]);
        self.prf.compute(&[before], &mut chain[..length])?;
        self.prf.compute(&[&chain[..length], &self.seed], &mut block[..length])?;
        self.chain = Some(chain);
        Ok(length)
    }
}
