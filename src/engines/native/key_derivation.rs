//! Key derivation (PSA 1.5, section 10.8): HKDF (RFC 5869), the counter mode of NIST SP 800-108, PBKDF2 (RFC 8018), the PRF
//! of TLS 1.2 (RFC 5246) and its secrets from a pre-shared key (RFC 4279) and from J-PAKE.

use super::block_cipher::{self, BlockKey, MAX_BLOCK};
use super::cbc_mac::{self, CbcMac, CmacKeys};
use super::ffi::digest::Digest;
use super::hash;
use super::hmac::Hmac;
use crate::core::derivation_functions::{
    Block, Counter, Expand, Once, Pbkdf2, Prf, Stream, Tls12Prf, check_cost, empty_block, fixed_input,
};
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
            return fail!(NotSupported, "key-derivation algorithm {alg} in the native engine");
        };
        let hash = alg.get_hash();
        let secret = inputs.secret.ok_or(Error::BadState)?;
        let salt = inputs.salt.unwrap_or_default();
        let info = inputs.info.unwrap_or_default();
        Ok(match derivation {
            Derivation::Hkdf => {
                let mut key = empty_block();
                let length = extract(hash, &salt, &secret, &mut key)?;
                Box::new(Stream::new(Expand::new(Hmac::new(hash, &key[..length])?, info)))
            }
            Derivation::HkdfExtract => {
                let mut key = empty_block();
                let length = extract(hash, &salt, &secret, &mut key)?;
                Box::new(Stream::new(Once(Some(Secret::new(key[..length].to_vec())))))
            }
            Derivation::HkdfExpand => Box::new(Stream::new(Expand::new(Hmac::new(hash, &secret)?, info))),
            Derivation::Pbkdf2 => {
                let cost = check_cost(inputs.cost.ok_or(Error::BadState)?)?;
                Box::new(Stream::new(Pbkdf2::new(Hmac::new(hash, &secret)?, salt, cost)))
            }
            Derivation::Pbkdf2Cmac => {
                let cost = check_cost(inputs.cost.ok_or(Error::BadState)?)?;
                Box::new(Stream::new(Pbkdf2::new(Cmac::aes_cmac_prf_128(&secret)?, salt, cost)))
            }
            Derivation::CounterHmac => {
                let fixed = fixed_input(inputs.label, inputs.context, inputs.capacity)?;
                Box::new(Stream::new(Counter::new(Hmac::new(hash, &secret)?, fixed)))
            }
            Derivation::CounterCmac => {
                let fixed = fixed_input(inputs.label, inputs.context, inputs.capacity)?;
                let prf = Cmac::new(inputs.secret_type, &secret)?;
                Box::new(Stream::new(Counter::with_first_block(prf, fixed)?))
            }
            Derivation::Tls12Prf | Derivation::Tls12PskToMs => {
                let secret = match derivation {
                    Derivation::Tls12PskToMs => premaster_secret(&secret, inputs.other_secret)?,
                    _ => secret,
                };
                Box::new(Stream::new(Tls12Prf::new(Hmac::new(hash, &secret)?, inputs.label, inputs.seed)))
            }
            Derivation::EcJpakeToPms => Box::new(Stream::new(Once(Some(hash_of_coordinate(&secret)?)))),
        })
    }
}

impl Prf for Hmac {
    fn length(&self) -> usize {
        Hmac::length(self)
    }

    fn compute(&self, input: &[&[u8]], output: &mut [u8]) -> Result<()> {
        Hmac::compute(self, input, output)
    }
}

/// CMAC as a pseudorandom function.
struct Cmac(BlockKey, CmacKeys);

impl Cmac {
    fn new(key_type: KeyType, key: &[u8]) -> Result<Self> {
        let key = BlockKey::new(key_type, key, Direction::Encrypt)?;
        let keys = cbc_mac::cmac_keys(&key);
        Ok(Self(key, keys))
    }

    /// RFC 4615, section 3: a key of another length is shortened first.
    fn aes_cmac_prf_128(key: &[u8]) -> Result<Self> {
        if key.len() == MAX_BLOCK {
            return Self::new(KeyType::AES, key);
        }
        let mut shortened = empty_block();
        Self::new(KeyType::AES, &[0; MAX_BLOCK])?.compute(&[key], &mut shortened[..MAX_BLOCK])?;
        Self::new(KeyType::AES, &shortened[..MAX_BLOCK])
    }
}

impl Prf for Cmac {
    fn length(&self) -> usize {
        self.0.block_length()
    }

    fn compute(&self, input: &[&[u8]], output: &mut [u8]) -> Result<()> {
        let mut chain = CbcMac::new(self.0.clone());
        input.iter().for_each(|piece| chain.update(piece));
        output.copy_from_slice(&chain.finish_cmac(&self.1)[..self.length()]);
        Ok(())
    }
}

/// The premaster secret of TLS 1.2 (RFC 4279, section 2): the other secret, by default zeros, and the pre-shared key, each with
/// its length, which the core has checked.
fn premaster_secret(psk: &[u8], other: Option<Secret>) -> Result<Secret> {
    let other = other.unwrap_or_else(|| Secret::new(vec![0; psk.len()]));
    let length = |secret: &[u8]| u16::try_from(secret.len()).map(u16::to_be_bytes).map_err(|_| Error::InvalidArgument);
    Ok(Secret::new([&length(&other)?[..], &other, &length(psk)?, psk].concat()))
}

/// An uncompressed point of secp256r1.
const EC_POINT: usize = 65;

/// SHA-256 of the first coordinate of an uncompressed point of secp256r1, which the core has checked
/// (draft-cragie-tls-ecjpake-01, section 8.7).
fn hash_of_coordinate(point: &[u8]) -> Result<Secret> {
    let coordinate = point.get(1..33).ok_or(Error::InvalidArgument)?;
    let mut hash = Secret::new(vec![0; 32]);
    Digest::Sha256.hash(coordinate, &mut hash)?;
    Ok(hash)
}

/// HKDF-Extract (RFC 5869, section 2.2); returns the length of the key.
fn extract(hash: Algorithm, salt: &[u8], secret: &[u8], key: &mut Block) -> Result<usize> {
    let hmac = Hmac::new(hash, salt)?;
    hmac.compute(&[secret], &mut key[..hmac.length()])?;
    Ok(hmac.length())
}
