//! Secrets that are stored outside our memory: AES-256-GCM, each with a key and a nonce of its own.
//!
//! | bytes | content |
//! | --- | --- |
//! | 32 | random |
//! | n + 16 | ciphertext and tag |
//!
//! HKDF-SHA-256 (RFC 5869) makes 44 bytes, the key and then the nonce, from a master secret, with the random bytes as salt
//! and "libparsec envelope 1" as info. So a master secret seals as many times as one likes: 96 random bits of nonce alone would do for
//! 2^32 times (SP 800-38D, section 8.3).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};

use crate::engines::native::fill_random;
use crate::memory::Secret;
use crate::psa::{Error, Result};

/// The info of the derivation.
const LABEL: &[u8] = b"libparsec envelope 1";
const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 12;
const SALT_LENGTH: usize = 32;
const TAG_LENGTH: usize = 16;

/// Bytes of a master secret of our own.
pub const MASTER_LENGTH: usize = 32;

/// A new master secret.
pub fn master() -> Result<Secret> {
    let mut master = Secret::new(vec![0; MASTER_LENGTH]);
    fill_random(&mut master)?;
    Ok(master)
}

/// Encrypts, so that it can be opened only with the same `master` (of at least 32 bytes) and `context`.
pub fn seal(master: &[u8], context: &[u8], secret: &[u8]) -> Result<Vec<u8>> {
    let mut sealed = Vec::with_capacity(SALT_LENGTH + secret.len() + TAG_LENGTH);
    sealed.resize(SALT_LENGTH, 0);
    fill_random(&mut sealed)?;
    let (key, nonce) = derive(master, &sealed)?;
    sealed.extend_from_slice(secret);
    let (_, text) = sealed.split_at_mut(SALT_LENGTH);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(context), text).map_err(|_| Error::GenericError)?;
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

/// Decrypts; `None` for what was changed, cut off or sealed otherwise.
pub fn open(master: &[u8], context: &[u8], sealed: &[u8]) -> Result<Option<Secret>> {
    let Some((salt, sealed)) = sealed.split_at_checked(SALT_LENGTH) else { return Ok(None) };
    let Some(length) = sealed.len().checked_sub(TAG_LENGTH) else { return Ok(None) };
    let (text, tag) = sealed.split_at(length);
    let (key, nonce) = derive(master, salt)?;
    let mut secret = Secret::new(vec![0; length]);
    let opened = key.open_separate_gather(nonce, Aad::from(context), text, tag, &mut secret);
    Ok(opened.is_ok().then_some(secret))
}

struct Derived;

impl KeyType for Derived {
    fn len(&self) -> usize {
        KEY_LENGTH + NONCE_LENGTH
    }
}

fn derive(master: &[u8], salt: &[u8]) -> Result<(LessSafeKey, Nonce)> {
    let mut derived = Secret::new(vec![0; KEY_LENGTH + NONCE_LENGTH]);
    let pseudorandom = Salt::new(HKDF_SHA256, salt).extract(master);
    let filled = pseudorandom.expand(&[LABEL], Derived).and_then(|output| output.fill(&mut derived));
    let (key, nonce) = derived.split_at(KEY_LENGTH);
    let made = filled.and_then(|()| UnboundKey::new(&AES_256_GCM, key)).and_then(|key| {
        let nonce = Nonce::try_assume_unique_for_key(nonce)?;
        Ok((LessSafeKey::new(key), nonce))
    });
    made.map_err(|_| Error::GenericError)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MASTER: [u8; 32] = [7; 32];

    #[test]
    fn what_is_sealed_can_be_opened_with_the_same_master_and_context_only() {
        for length in [0, 1, 32, 5000] {
            let secret = vec![0x5a; length];
            let sealed = seal(&MASTER, b"context", &secret).unwrap();
            assert_eq!(sealed.len(), length + 48);
            assert_ne!(sealed, seal(&MASTER, b"context", &secret).unwrap());
            assert_eq!(open(&MASTER, b"context", &sealed).unwrap().unwrap().as_slice(), secret);
            assert!(open(&MASTER, b"contexT", &sealed).unwrap().is_none());
            assert!(open(&[8; 32], b"context", &sealed).unwrap().is_none());
        }
    }

    #[test]
    fn what_was_changed_or_cut_off_cannot_be_opened() {
        let sealed = seal(&MASTER, b"", b"secret").unwrap();
        for length in 0..sealed.len() {
            assert!(open(&MASTER, b"", &sealed[..length]).unwrap().is_none(), "{length}");
        }
        for bit in 0..8 * sealed.len() {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&MASTER, b"", &changed).unwrap().is_none(), "{bit}");
        }
    }

    /// Made with Python's `cryptography`: HKDF(SHA256, 44, salt, info) of the master, then AESGCM.
    #[test]
    fn the_format_is_as_documented() {
        const SEALED: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f34201cdf7fe5800d5dfa1fb7d499d3baf6e6326643b66c38f5b237a93ba4be9b0600ce1c286dcf";
        let sealed: Vec<u8> =
            (0..SEALED.len()).step_by(2).map(|at| u8::from_str_radix(&SEALED[at..at + 2], 16).unwrap()).collect();
        let opened = open(&MASTER, b"context", &sealed).unwrap().unwrap();
        assert_eq!(opened.as_slice(), b"a secret of 23 bytes ok");
    }
}
