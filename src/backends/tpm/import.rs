//! Key material of PSA in the TPM's form: a public area and a sensitive area.

use sha2::{Digest, Sha256};

use super::creation::{Content, Draft};
use super::identifiers::{AlgorithmId, ECC, KEYED_HASH, RSA, SYMMETRIC_CIPHER};
use super::key_derivation;
use super::keys::left_padded;
use super::templates::{self, Kind, Origin};
use super::wire::sized;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::fail;
use crate::memory::Secret;
use crate::psa::sizes::{bits_to_bytes, export_public_key_output_size, hash_block_length, hash_length};
use crate::psa::{Algorithm, Attributes, Error, Result, der};

/// Bytes of a name's hash, as many as a symmetric key's seed has.
const SEED_LENGTH: usize = 32;
/// Bytes of a symmetric key that every TPM takes.
const SHORTEST_LIMIT: usize = 64;
/// The only public exponent that every TPM has: 65537.
const EXPONENT: [u8; 3] = [1, 0, 1];

/// A key that is not in the TPM yet, with this authorization value, from checked material, as [`Engine::import`] gives it.
pub(super) fn draft(kind: Kind, attributes: &Attributes, raw_rsa: bool, auth: &[u8], material: &[u8]) -> Result<Draft> {
    let mut seed = Secret::new(Vec::new());
    let (algorithm, public, private): (AlgorithmId, _, _) = match kind {
        Kind::Ecc(_) => (ECC, public_point(attributes, material)?, Secret::new(material.to_vec())),
        Kind::Hmac | Kind::Derive | Kind::Aes(_) => {
            seed.resize(SEED_LENGTH, 0);
            Native.random(&mut seed)?;
            let algorithm = if kind.is_keyed_hash() { KEYED_HASH } else { SYMMETRIC_CIPHER };
            let key = fitting(attributes.algorithm, material)?;
            (algorithm, hiding_hash(&seed, &key), key)
        }
        Kind::Rsa(bits) => {
            let (modulus, prime) = rsa_numbers(material, usize::from(bits))?;
            (RSA, modulus, prime)
        }
    };
    // TPMT_SENSITIVE (part 2, section 12.3.2.4): type, authorization value, seed (which only symmetric keys have), key.
    let [auth, seed, private] = [auth, &seed, &private].map(|field| Secret::new(sized(field)));
    let sensitive = [&algorithm.to_be_bytes()[..], &auth, &seed, &private].concat();
    let public = templates::key(kind, attributes, raw_rsa, Origin::Outside(&public));
    Ok(Draft { public, content: Content::Imported(sensitive.into()) })
}

/// The key itself, or its hash where it is longer than the block of its HMAC (RFC 2104, section 2), which a TPM may not
/// take.
fn fitting(alg: Algorithm, material: &[u8]) -> Result<Secret> {
    let hmac = if alg.is_hmac() { Some(alg) } else { key_derivation::hmac_of(alg) };
    let Some(hash) = hmac.map(Algorithm::get_hash) else {
        if material.len() <= SHORTEST_LIMIT {
            return Ok(material.to_vec().into());
        }
        return fail!(NotSupported, "a TPM does not hold a key of {} bytes without an algorithm", material.len());
    };
    if material.len() <= hash_block_length(hash) {
        return Ok(material.to_vec().into());
    }
    let mut hashed = Secret::new(vec![0; hash_length(hash)]);
    Native.hash().compute(hash, material, &mut hashed)?;
    Ok(hashed)
}

/// The public part of a symmetric key (part 1, section 27.5.3.2): says which key it is and hides it behind the seed.
fn hiding_hash(seed: &[u8], key: &[u8]) -> Vec<u8> {
    Sha256::new().chain_update(seed).chain_update(key).finalize().to_vec()
}

/// Both coordinates of the public point.
fn public_point(attributes: &Attributes, material: &[u8]) -> Result<Vec<u8>> {
    let key = Native.prepare(attributes.key_type, attributes.bits, material)?;
    let mut point = vec![0; export_public_key_output_size(attributes.key_type, attributes.bits)];
    let length = key.public_key(&mut point)?;
    Ok(point.get(1..length).ok_or(Error::CorruptionDetected)?.to_vec())
}

/// Modulus and first prime of an RSAPrivateKey (RFC 8017, appendix A.1.2).
fn rsa_numbers(material: &[u8], bits: usize) -> Result<(Vec<u8>, Secret)> {
    let Some([_version, modulus, exponent, _, prime]) = der::unsigned_integers(material) else {
        return fail!(InvalidArgument, "the key is not an RSAPrivateKey");
    };
    if exponent != EXPONENT {
        return fail!(NotSupported, "a TPM takes RSA keys with the public exponent 65537 only");
    }
    match (left_padded(modulus, bits_to_bytes(bits)), left_padded(prime, bits_to_bytes(bits) / 2)) {
        (Some(modulus), Some(prime)) => Ok((modulus, prime.into())),
        _ => fail!(NotSupported, "a TPM takes RSA keys with two primes of the same length only"),
    }
}
