//! The nonces of deterministic ECDSA (RFC 6979).

use crypto_bigint::{Encoding, U576};
use rfc6979::KGenerator;
use rfc6979::hmac::digest::Digest;
use rfc6979::hmac::digest::block_api::BlockSizeUser;

use crate::memory::Secret;
use crate::psa::Algorithm;

/// The nonce for signing `hash` with the private key `scalar`, which has the length of `order`; `None` for a hash
/// algorithm that HMAC is not defined with, or an order of more than 576 bits.
pub(super) fn nonce(algorithm: Algorithm, scalar: &[u8], hash: &[u8], order: &[u8]) -> Option<Secret> {
    let generate = generator(algorithm)?;
    let mut nonce = Secret::new(vec![0; order.len()]);
    generate(scalar, hash, &integer(order)?, &mut nonce);
    Some(nonce)
}

/// True where deterministic ECDSA is defined with this hash and implemented.
pub(super) fn offers(algorithm: Algorithm) -> bool {
    generator(algorithm).is_some()
}

type Generator = fn(&[u8], &[u8], &U576, &mut [u8]);

fn generator(algorithm: Algorithm) -> Option<Generator> {
    Some(match algorithm {
        Algorithm::SHA_1 => generate::<sha1::Sha1>,
        Algorithm::SHA_224 => generate::<sha2::Sha224>,
        Algorithm::SHA_256 => generate::<sha2::Sha256>,
        Algorithm::SHA_384 => generate::<sha2::Sha384>,
        Algorithm::SHA_512 => generate::<sha2::Sha512>,
        Algorithm::SHA_512_224 => generate::<sha2::Sha512_224>,
        Algorithm::SHA_512_256 => generate::<sha2::Sha512_256>,
        Algorithm::SHA3_224 => generate::<sha3::Sha3_224>,
        Algorithm::SHA3_256 => generate::<sha3::Sha3_256>,
        Algorithm::SHA3_384 => generate::<sha3::Sha3_384>,
        Algorithm::SHA3_512 => generate::<sha3::Sha3_512>,
        _ => return None,
    })
}

fn generate<Hash: Digest + BlockSizeUser>(scalar: &[u8], hash: &[u8], order: &U576, nonce: &mut [u8]) {
    KGenerator::<Hash, U576>::new(scalar, hash, &[], order).fill_next_k(nonce);
}

/// One width for all curves, so that nothing secret is on the heap.
fn integer(bytes: &[u8]) -> Option<U576> {
    let mut padded = <U576 as Encoding>::Repr::default();
    let start = padded.as_ref().len().checked_sub(bytes.len())?;
    padded.as_mut().get_mut(start..)?.copy_from_slice(bytes);
    Some(U576::from_be_bytes(padded))
}
