//! Keys of SLH-DSA (PSA 1.5, section 9.5.7; FIPS 205): SK.seed, SK.prf, PK.seed and PK.root of a key pair, the last two of a
//! public key.

use std::marker::PhantomData;

use slh_dsa::{ParameterSet, Signature as SlhSignature, SigningKey, VerifyingKey};
use subtle::ConstantTimeEq;

use super::asymmetric_keys::copy;
use super::random;
use crate::core::primitives::{Key, Signature};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Error, KeyType, Result, SlhDsaFamily};

/// A parameter set.
pub(super) struct Set {
    family: SlhDsaFamily,
    bits: usize,
    functions: &'static (dyn Functions + Sync),
}

/// The functions of a parameter set. Messages come in parts.
trait Functions {
    /// PK.root of SK.seed, SK.prf and PK.seed (FIPS 205, algorithm 18).
    fn root(&self, secret_seed: &[u8], secret_prf: &[u8], public_seed: &[u8]) -> Vec<u8>;

    /// Signs with a key pair, with this randomness or deterministically (algorithm 19).
    fn sign(&self, key_pair: &[u8], message: &[&[u8]], randomness: Option<&[u8]>) -> Option<Vec<u8>>;

    /// True where the signature is right (algorithm 20).
    fn verify(&self, public_key: &[u8], message: &[&[u8]], signature: &[u8]) -> bool;
}

/// The crate has a type for each parameter set.
struct Of<P>(PhantomData<fn() -> P>);

impl<P: ParameterSet> Functions for Of<P> {
    fn root(&self, secret_seed: &[u8], secret_prf: &[u8], public_seed: &[u8]) -> Vec<u8> {
        let key = SigningKey::<P>::slh_keygen_internal(secret_seed, secret_prf, public_seed);
        let public_key: &VerifyingKey<P> = key.as_ref();
        public_key.to_bytes().iter().skip(public_seed.len()).copied().collect()
    }

    fn sign(&self, key_pair: &[u8], message: &[&[u8]], randomness: Option<&[u8]>) -> Option<Vec<u8>> {
        let key = SigningKey::<P>::try_from(key_pair).ok()?;
        Some(key.slh_sign_internal(message, randomness).to_vec())
    }

    fn verify(&self, public_key: &[u8], message: &[&[u8]], signature: &[u8]) -> bool {
        match (VerifyingKey::<P>::try_from(public_key), SlhSignature::<P>::try_from(signature)) {
            (Ok(key), Ok(signature)) => key.slh_verify_internal(message, &signature).is_ok(),
            _ => false,
        }
    }
}

impl Set {
    const fn new<P: ParameterSet + 'static>(family: SlhDsaFamily, bits: usize) -> Self {
        Self { family, bits, functions: const { &Of::<P>(PhantomData) } }
    }

    /// The parameter set of a key type and size.
    pub(super) fn find(key_type: KeyType, bits: usize) -> Option<&'static Self> {
        SETS.iter().find(|set| set.family == key_type.slh_dsa_get_family() && set.bits == bits)
    }

    /// n, the length of each part of a key in bytes.
    pub(super) fn n(&self) -> usize {
        self.bits / 8
    }

    /// Signs the parts of a message with a key pair, with this randomness, of n bytes, or deterministically.
    pub(super) fn sign(&self, key_pair: &[u8], message: &[&[u8]], randomness: Option<&[u8]>) -> Option<Vec<u8>> {
        self.functions.sign(key_pair, message, randomness)
    }

    /// True where the signature of the parts of a message is right.
    pub(super) fn verify(&self, public_key: &[u8], message: &[&[u8]], signature: &[u8]) -> bool {
        self.functions.verify(public_key, message, signature)
    }
}

static SETS: [Set; 12] = [
    Set::new::<slh_dsa::Sha2_128s>(SlhDsaFamily::SHA2_S, 128),
    Set::new::<slh_dsa::Sha2_192s>(SlhDsaFamily::SHA2_S, 192),
    Set::new::<slh_dsa::Sha2_256s>(SlhDsaFamily::SHA2_S, 256),
    Set::new::<slh_dsa::Sha2_128f>(SlhDsaFamily::SHA2_F, 128),
    Set::new::<slh_dsa::Sha2_192f>(SlhDsaFamily::SHA2_F, 192),
    Set::new::<slh_dsa::Sha2_256f>(SlhDsaFamily::SHA2_F, 256),
    Set::new::<slh_dsa::Shake128s>(SlhDsaFamily::SHAKE_S, 128),
    Set::new::<slh_dsa::Shake192s>(SlhDsaFamily::SHAKE_S, 192),
    Set::new::<slh_dsa::Shake256s>(SlhDsaFamily::SHAKE_S, 256),
    Set::new::<slh_dsa::Shake128f>(SlhDsaFamily::SHAKE_F, 128),
    Set::new::<slh_dsa::Shake192f>(SlhDsaFamily::SHAKE_F, 192),
    Set::new::<slh_dsa::Shake256f>(SlhDsaFamily::SHAKE_F, 256),
];

/// Makes a random key pair.
pub(super) fn generate(set: &Set) -> Result<Secret> {
    derive(set, &random::secret(3 * set.n())?)
}

/// The key pair of SK.seed, SK.prf and PK.seed, one behind the other (FIPS 205, section 9.1).
pub(super) fn derive(set: &Set, seeds: &[u8]) -> Result<Secret> {
    let mut parts = seeds.chunks_exact(set.n());
    let (Some(secret_seed), Some(secret_prf), Some(public_seed), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Error::InvalidArgument);
    };
    let root = set.functions.root(secret_seed, secret_prf, public_seed);
    Ok(Secret::new([seeds, &root].concat()))
}

/// Checks a key pair: its length, and that its root is that of its seeds.
pub(super) fn check_private(set: &Set, data: &[u8]) -> Result<()> {
    check_length(4 * set.n(), data)?;
    let (seeds, _) = data.split_at(3 * set.n());
    if bool::from(derive(set, seeds)?.ct_eq(data)) {
        return Ok(());
    }
    fail!(InvalidArgument, "the public part of the key pair is not that of its private part")
}

/// Checks a public key: any string of the length is one.
pub(super) fn check_public(set: &Set, data: &[u8]) -> Result<()> {
    check_length(2 * set.n(), data)
}

fn check_length(expected: usize, data: &[u8]) -> Result<()> {
    if data.len() == expected {
        return Ok(());
    }
    fail!(InvalidArgument, "the key has {expected} bytes, not {}", data.len())
}

/// A key pair or public key made ready for use.
pub(super) struct SlhDsaKey {
    pub(super) set: &'static Set,
    /// `None` for a public key.
    pub(super) pair: Option<Secret>,
    pub(super) public_key: Vec<u8>,
}

impl SlhDsaKey {
    /// Makes a key pair ready.
    pub(super) fn from_private(set: &'static Set, material: &[u8]) -> Result<Self> {
        check_length(4 * set.n(), material)?;
        let (_, public_key) = material.split_at(2 * set.n());
        Ok(Self { set, pair: Some(Secret::new(material.to_vec())), public_key: public_key.to_vec() })
    }

    /// Makes a public key ready.
    pub(super) fn from_public(set: &'static Set, material: &[u8]) -> Result<Self> {
        check_public(set, material)?;
        Ok(Self { set, pair: None, public_key: material.to_vec() })
    }
}

impl Key for SlhDsaKey {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        copy(&self.public_key, output)
    }

    fn signature(&self) -> Option<&dyn Signature> {
        Some(self)
    }
}
