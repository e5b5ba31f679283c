//! Signatures (PSA 1.5, section 10.9): two calls of the module each, straight into the caller's buffer.

use std::borrow::Cow;

use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki_sys::{CK_OBJECT_HANDLE, CK_ULONG, CKR_BUFFER_TOO_SMALL};

use super::connection::Session;
use super::errors::{Outcome, nonsense};
use super::key::Pkcs11Key;
use super::key_kinds::Kind;
use crate::core::compose;
use crate::core::primitives::Signature;
use crate::fail;
use crate::psa::{Algorithm, Error, Result, der, sizes};

/// Longer than any signature: to end an operation whose signature is said not to fit.
const LONGEST: usize = 1 << 14;

impl Signature for Pkcs11Key {
    fn sign_hash(&self, alg: Algorithm, hash: &[u8], _context: &[u8], signature: &mut [u8]) -> Result<usize> {
        let Some(signature) = signature.get_mut(..signature_length(self.kind)) else {
            return Err(Error::BufferTooSmall);
        };
        let (mechanism, data) = prepare(self.kind, alg, hash)?;
        self.device.with_key(&self.reference, |session, key| sign(session, key, &mechanism, &data, signature))
    }

    /// `NOT_SUPPORTED`: what needs only the public key is computed by the engine.
    fn verify_hash(&self, _alg: Algorithm, _hash: &[u8], _context: &[u8], _signature: &[u8]) -> Result<()> {
        Err(Error::NotSupported)
    }

    /// `NOT_SUPPORTED`: `core` hashes the message.
    fn sign_message(&self, _alg: Algorithm, _message: &[u8], _context: &[u8], _signature: &mut [u8]) -> Result<usize> {
        Err(Error::NotSupported)
    }

    /// `NOT_SUPPORTED`: what needs only the public key is computed by the engine.
    fn verify_message(&self, _alg: Algorithm, _message: &[u8], _context: &[u8], _signature: &[u8]) -> Result<()> {
        Err(Error::NotSupported)
    }
}

/// Signs with an object that need not be that of a key of ours yet.
pub(super) fn sign_once(
    session: &Session<'_>,
    kind: Kind,
    key: CK_OBJECT_HANDLE,
    alg: Algorithm,
    hash: &[u8],
    signature: &mut [u8],
) -> Outcome<usize> {
    let (mechanism, data) = prepare(kind, alg, hash)?;
    sign(session, key, &mechanism, &data, signature)
}

/// The mechanism that signs a hash, and what it takes.
fn prepare(kind: Kind, alg: Algorithm, hash: &[u8]) -> Result<(Mechanism<'static>, Cow<'_, [u8]>)> {
    let Some(mechanism) = mechanism(kind, alg) else {
        return fail!(NotSupported, "PKCS#11 tokens do not sign with algorithm {:#010x}", alg.0);
    };
    let data = match kind {
        // Tokens differ in what they do with a long one (FIPS 186-5, section 6.4.1).
        Kind::Ec(_) => Cow::Borrowed(hash.get(..kind.bits().div_ceil(8)).unwrap_or(hash)),
        Kind::Rsa(bits) if alg.is_rsa_pkcs1v15_sign() => compose::pkcs1v15_content(alg.get_hash(), hash, bits)?,
        Kind::Rsa(_) => {
            compose::check_length(alg.get_hash(), hash)?;
            Cow::Borrowed(hash)
        }
    };
    Ok((mechanism, data))
}

/// The mechanism that signs a hash; `None` where there is none, as for deterministic ECDSA.
pub(super) fn mechanism(kind: Kind, alg: Algorithm) -> Option<Mechanism<'static>> {
    match kind {
        Kind::Ec(_) => alg.is_randomized_ecdsa().then_some(Mechanism::Ecdsa),
        Kind::Rsa(_) if alg.is_rsa_pkcs1v15_sign() => names_its_hash(alg).then_some(Mechanism::RsaPkcs),
        Kind::Rsa(bits) if alg.is_rsa_pss() => pss(bits, alg.get_hash()).map(Mechanism::RsaPkcsPss),
        Kind::Rsa(_) => None,
    }
}

/// True where the input is taken as it is, or DER has a name for its hash.
fn names_its_hash(alg: Algorithm) -> bool {
    alg == Algorithm::RSA_PKCS1V15_SIGN_RAW || der::has_digest_info(alg.get_hash())
}

/// Parameters of PSS. The salt is as long as the hash, or as long as the key allows (PSA 1.5, section 10.9.2).
fn pss(bits: usize, hash: Algorithm) -> Option<PkcsPssParams> {
    let (hash_alg, mgf) = match hash {
        Algorithm::SHA_1 => (MechanismType::SHA1, PkcsMgfType::MGF1_SHA1),
        Algorithm::SHA_224 => (MechanismType::SHA224, PkcsMgfType::MGF1_SHA224),
        Algorithm::SHA_256 => (MechanismType::SHA256, PkcsMgfType::MGF1_SHA256),
        Algorithm::SHA_384 => (MechanismType::SHA384, PkcsMgfType::MGF1_SHA384),
        Algorithm::SHA_512 => (MechanismType::SHA512, PkcsMgfType::MGF1_SHA512),
        _ => return None,
    };
    let hash_length = sizes::hash_length(hash);
    // RFC 8017, section 9.1.1: emLen >= hLen + sLen + 2.
    let room = (bits - 1).div_ceil(8).checked_sub(hash_length + 2)?;
    let salt = room.min(hash_length) as CK_ULONG;
    Some(PkcsPssParams { hash_alg, mgf, s_len: salt.into() })
}

/// Length of every signature by such a key.
pub(super) fn signature_length(kind: Kind) -> usize {
    match kind {
        Kind::Ec(_) => 2 * kind.bits().div_ceil(8),
        Kind::Rsa(bits) => bits / 8,
    }
}

fn sign(
    session: &Session<'_>,
    key: CK_OBJECT_HANDLE,
    mechanism: &Mechanism<'_>,
    data: &[u8],
    signature: &mut [u8],
) -> Outcome<usize> {
    let functions = session.functions();
    functions.sign_init(session.handle(), mechanism, key)?;
    session.authorize()?;
    let expected = signature.len();
    match functions.sign(session.handle(), data, signature) {
        Ok(length) if length == expected => Ok(length),
        Ok(length) => Err(nonsense("C_Sign", format_args!("gave {length} bytes, where a signature has {expected}"))),
        Err(failure) if failure.is(CKR_BUFFER_TOO_SMALL) => {
            // Only this answer leaves the operation, and with it the session, busy (PKCS#11 3.2, section 5.2).
            let _ = functions.sign(session.handle(), data, &mut vec![0; LONGEST]);
            Err(nonsense("C_Sign", format_args!("wants more than {expected} bytes for the signature")))
        }
        Err(failure) => Err(failure),
    }
}
