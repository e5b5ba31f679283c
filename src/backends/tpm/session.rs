//! A kept HMAC session: proves the knowledge of authorization values without telling them, and encrypts parameters
//! (TPM 2.0 Library, part 1, sections 17 to 21).
//!
//! It is salted: only the TPM that has the private part of the salt's key shares its secret. The TSS has sessions too, but
//! those of Debian 12 spend milliseconds on the cryptography of each command.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::protection::{self, Seed};
use super::public::Public;
use crate::core::primitives::Direction;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::memory::Secret;
use crate::psa::{Algorithm, Result};

/// The hash of our sessions.
const HASH: Algorithm = Algorithm::SHA_256;
/// Bytes of a nonce, as many as the hash has.
const NONCE_LENGTH: usize = 32;
/// Bits of the AES key that encrypts parameters, and of a block of AES.
pub(super) const KEY_BITS: u16 = 128;
const BLOCK_BITS: usize = 128;

/// The session stays after the command (TPMA_SESSION: part 2, section 8.4).
const CONTINUE: u8 = 1;
/// The first parameter of the command is encrypted.
const DECRYPT: u8 = 1 << 5;
/// The first parameter of the response is encrypted.
const ENCRYPT: u8 = 1 << 6;

/// What begins a session.
pub(super) struct Beginning {
    pub(super) nonce: Vec<u8>,
    pub(super) salt: Seed,
}

impl Beginning {
    /// For a session that is salted with this key.
    pub(super) fn new(salt_key: &Public) -> Result<Self> {
        Ok(Self { nonce: nonce()?, salt: protection::share_seed(salt_key, b"SECRET\0")? })
    }

    /// The session that the TPM answered with.
    pub(super) fn session(&self, handle: u32, nonce: &[u8]) -> Result<Session> {
        let key = protection::derive(HASH, &self.salt.secret, b"ATH\0", &[nonce, &self.nonce], 8 * NONCE_LENGTH)?;
        Ok(Session { handle, key, nonce: nonce.to_vec() })
    }
}

fn nonce() -> Result<Vec<u8>> {
    let mut nonce = vec![0; NONCE_LENGTH];
    Native.random(&mut nonce)?;
    Ok(nonce)
}

/// A session in the TPM.
pub(super) struct Session {
    pub(super) handle: u32,
    key: Secret,
    /// The TPM's latest.
    nonce: Vec<u8>,
}

/// One command within a session.
pub(super) struct Use {
    /// The nonce of this command.
    nonce: Vec<u8>,
    attributes: u8,
    /// The key of HMAC and encryption: the session's and the authorization value.
    key: Secret,
}

impl Session {
    /// Begins a command. `auth` authorizes it, or is empty; `input` and `output` say whose first parameter is encrypted.
    pub(super) fn start(&self, auth: &[u8], input: bool, output: bool) -> Result<Use> {
        let attributes = CONTINUE | if input { DECRYPT } else { 0 } | if output { ENCRYPT } else { 0 };
        Ok(Use { nonce: nonce()?, attributes, key: [&self.key, auth].concat().into() })
    }

    /// Encrypts the first parameter, without its length, where that was asked for.
    pub(super) fn encrypt(&self, current: &Use, parameter: &mut [u8]) -> Result<()> {
        if current.attributes & DECRYPT == 0 {
            return Ok(());
        }
        current.crypt(Direction::Encrypt, [&current.nonce, &self.nonce], parameter)
    }

    /// The authorization area (TPMS_AUTH_COMMAND) of a command with this code, these names of its handles, one after the
    /// other, and these parameters.
    pub(super) fn authorization(&self, current: &Use, code: u32, names: &[u8], parameters: &[u8]) -> Result<Vec<u8>> {
        let digest = Sha256::new().chain_update(code.to_be_bytes()).chain_update(names).chain_update(parameters);
        let mac = current.mac(&digest.finalize(), [&current.nonce, &self.nonce], current.attributes)?;
        Ok([
            &self.handle.to_be_bytes()[..],
            &super::wire::sized(&current.nonce),
            &[current.attributes],
            &super::wire::sized(&mac),
        ]
        .concat())
    }

    /// True where the response comes from the TPM. `area` is its TPMS_AUTH_RESPONSE: nonce, attributes and HMAC.
    pub(super) fn accepts(&mut self, current: &Use, code: u32, parameters: &[u8], area: Response<'_>) -> Result<bool> {
        let digest = Sha256::new().chain_update([0; 4]).chain_update(code.to_be_bytes()).chain_update(parameters);
        let expected = current.mac(&digest.finalize(), [area.nonce, &current.nonce], area.attributes)?;
        let right = bool::from(expected.ct_eq(area.mac)) && area.attributes & CONTINUE != 0;
        if right {
            self.nonce = area.nonce.to_vec();
        }
        Ok(right)
    }

    /// Decrypts the first parameter of an accepted response, without its length, where that was asked for.
    pub(super) fn decrypt(&self, current: &Use, parameter: &mut [u8]) -> Result<()> {
        if current.attributes & ENCRYPT == 0 {
            return Ok(());
        }
        current.crypt(Direction::Decrypt, [&self.nonce, &current.nonce], parameter)
    }
}

/// A TPMS_AUTH_RESPONSE.
pub(super) struct Response<'a> {
    pub(super) nonce: &'a [u8],
    pub(super) attributes: u8,
    pub(super) mac: &'a [u8],
}

impl Use {
    /// The newer nonce is the sender's.
    fn mac(&self, digest: &[u8], [newer, older]: [&[u8]; 2], attributes: u8) -> Result<Secret> {
        protection::hmac(HASH, &self.key, &[digest, newer, older, &[attributes]].concat())
    }

    fn crypt(&self, direction: Direction, nonces: [&[u8]; 2], parameter: &mut [u8]) -> Result<()> {
        let key_bytes = usize::from(KEY_BITS / 8);
        let bits = usize::from(KEY_BITS) + BLOCK_BITS;
        let derived = protection::derive(HASH, &self.key, b"CFB\0", &nonces, bits)?;
        let (key, iv) = derived.split_at(key_bytes);
        protection::crypt(direction, key, iv, parameter)
    }
}
