//! Signatures (PSA 1.5, section 10.9): two calls of the module each, straight into the caller's buffer.

use std::borrow::Cow;

use cryptoki_sys::*;

use super::connection::Session;
use super::errors::{Failure, Outcome};
use super::function_list::Work;
use super::key::{self, Pkcs11Key};
use super::key_kinds::{Kind, Shape};
use super::mechanism::{Mechanism, Parameters, RsaHash};
use super::mechanisms;
use crate::core::compose;
use crate::core::primitives::Signature;
use crate::engines::Function;
use crate::fail;
use crate::psa::{Algorithm, Error, Result, sizes};

/// Length of a coordinate on the curve of Ed25519 in bytes.
const ED25519_LENGTH: usize = 32;

impl Signature for Pkcs11Key {
    fn sign_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        self.ensure_offered(Function::SignHash, alg)?;
        match self.kind {
            Kind::Rsa(bits) if alg.is_rsa_pss() => self.sign_pss(bits, alg, hash, signature),
            Kind::MlDsa(_) => {
                compose::check_length(alg.get_hash(), hash)?;
                let name = hash_mechanism(alg.get_hash()).ok_or(Error::NotSupported)?;
                let parameters = Parameters::HashSignContext {
                    hedge: hedge(alg.is_deterministic_hash_ml_dsa()),
                    context,
                    hash: name,
                };
                self.sign(alg, parameters, hash, signature)
            }
            kind => self.sign(alg, Parameters::None, &simple_content(kind, alg, hash)?, signature),
        }
    }

    /// `NOT_SUPPORTED`: what needs only the public key is computed by the engine.
    fn verify_hash(&self, _alg: Algorithm, _hash: &[u8], _context: &[u8], _signature: &[u8]) -> Result<()> {
        Err(Error::NotSupported)
    }

    fn sign_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        self.ensure_offered(Function::SignMessage, alg)?;
        let parameters = match self.kind {
            Kind::MlDsa(_) => Parameters::SignContext { hedge: hedge(alg == Algorithm::DETERMINISTIC_ML_DSA), context },
            Kind::Ec(curve)
                if alg == Algorithm::EDDSA_CTX && context.is_empty() && curve.length() == ED25519_LENGTH =>
            {
                return fail!(NotSupported, "tokens take Ed25519ctx with a context only that is not empty");
            }
            Kind::Ec(_) if alg.is_hash_eddsa() => Parameters::Eddsa { prehash: true, context },
            // Ed448 is told always, Ed25519 only where it is to be Ed25519ctx (PKCS#11 3.2, CKM_EDDSA).
            Kind::Ec(curve) if alg == Algorithm::EDDSA_CTX || curve.length() > ED25519_LENGTH => {
                Parameters::Eddsa { prehash: false, context }
            }
            _ => Parameters::None,
        };
        self.sign(alg, parameters, message, signature)
    }

    /// HashEdDSA takes the message, and hashes it itself (PKCS#11 3.2, `CKM_EDDSA`).
    fn signs_messages(&self, alg: Algorithm) -> bool {
        !alg.is_sign_hash() || alg.is_hash_eddsa()
    }

    /// `NOT_SUPPORTED`: what needs only the public key is computed by the engine.
    fn verify_message(&self, _alg: Algorithm, _message: &[u8], _context: &[u8], _signature: &[u8]) -> Result<()> {
        Err(Error::NotSupported)
    }
}

impl Pkcs11Key {
    fn sign(&self, alg: Algorithm, parameters: Parameters<'_>, data: &[u8], signature: &mut [u8]) -> Result<usize> {
        let signature = signature.get_mut(..signature_length(self.kind)).ok_or(Error::BufferTooSmall)?;
        self.device.with_key(&self.reference, |session, key| {
            let function = if self.signs_messages(alg) { Function::SignMessage } else { Function::SignHash };
            let mechanism = Mechanism { kind: self.way(session, function, alg)?, parameters };
            let data = as_taken(session, self.kind, data);
            let length = key::whole(session, key, Work::Sign, &mechanism, &data, signature)?;
            complete(length, signature.len())
        })
    }

    /// A token that does not know the encoding, or this hash in it, gets it encoded by us.
    fn sign_pss(&self, bits: usize, alg: Algorithm, hash: &[u8], signature: &mut [u8]) -> Result<usize> {
        let signature = signature.get_mut(..signature_length(self.kind)).ok_or(Error::BufferTooSmall)?;
        compose::check_length(alg.get_hash(), hash)?;
        let names = RsaHash::of(alg.get_hash()).zip(pss_salt(bits, alg.get_hash()));
        self.device.with_key(&self.reference, |session, key| {
            let way = self.way(session, Function::SignHash, alg)?;
            let length = match names.filter(|_| way != CKM_RSA_X_509) {
                Some((hashes, salt)) => {
                    let mechanism = Mechanism { kind: way, parameters: Parameters::Pss(hashes, salt) };
                    key::whole(session, key, Work::Sign, &mechanism, hash, signature)
                }
                None => {
                    let encoded = compose::pss(alg.get_hash(), hash, bits)?;
                    key::whole(session, key, Work::Sign, &Mechanism::plain(way), &encoded, signature)
                }
            }?;
            complete(length, signature.len())
        })
    }
}

/// The mechanism of a hash in HashML-DSA, `None` where PKCS#11 has none.
pub(super) fn hash_mechanism(hash: Algorithm) -> Option<CK_MECHANISM_TYPE> {
    RsaHash::of(hash).filter(|_| hash != Algorithm::SHA_1).map(|names| names.hash)
}

fn hedge(deterministic: bool) -> CK_ULONG {
    if deterministic { CKH_DETERMINISTIC_REQUIRED } else { CKH_HEDGE_REQUIRED }
}

/// Length of the salt: as long as the hash, or as long as the key allows (PSA 1.5, section 10.9.1); `None` where the key is
/// too short for the hash.
pub(super) fn pss_salt(bits: usize, hash: Algorithm) -> Option<usize> {
    let hash_length = match sizes::hash_length(hash) {
        0 => return None,
        length => length,
    };
    // RFC 8017, section 9.1.1: emLen >= hLen + sLen + 2.
    let room = (bits - 1).div_ceil(8).checked_sub(hash_length + 2)?;
    Some(room.min(hash_length))
}

/// Signs with an object that need not be that of a key of ours yet: ECDSA or PKCS1v15.
pub(super) fn sign_once(
    session: &Session<'_>,
    kind: Kind,
    key: CK_OBJECT_HANDLE,
    alg: Algorithm,
    hash: &[u8],
    signature: &mut [u8],
) -> Outcome<usize> {
    let mechanism = Mechanism::plain(mechanisms::way(session, Function::SignHash, kind, alg)?);
    let content = simple_content(kind, alg, hash)?;
    let length = key::whole(session, key, Work::Sign, &mechanism, &as_taken(session, kind, &content), signature)?;
    complete(length, signature.len())
}

/// What is signed with ECDSA or PKCS1v15.
fn simple_content(kind: Kind, alg: Algorithm, hash: &[u8]) -> Result<Cow<'_, [u8]>> {
    match kind {
        Kind::Ec(_) => Ok(Cow::Borrowed(hash)),
        Kind::Rsa(bits) => compose::pkcs1v15_content(alg.get_hash(), hash, bits),
        _ => Err(Error::NotSupported),
    }
}

/// What is given to the token. For ECDSA a hash is a number, of which the first bits count that the order of the curve has
/// (FIPS 186-5, section 6.4.1). Tokens differ in what they do with a longer one, so that it is cut here; and for a quirk it
/// gets zeros at its front.
fn as_taken<'a>(session: &Session<'_>, kind: Kind, data: &'a [u8]) -> Cow<'a, [u8]> {
    let Kind::Ec(curve) = kind else { return Cow::Borrowed(data) };
    if curve.shape() != Shape::Weierstrass {
        return Cow::Borrowed(data);
    }
    if !session.connection().token().tpm2_pkcs11 {
        return Cow::Borrowed(data.get(..curve.length()).unwrap_or(data));
    }
    match [20, 32, 48, 64].into_iter().find(|length| *length >= data.len()) {
        Some(length) if length != data.len() && length <= curve.length() => {
            Cow::Owned([&vec![0; length - data.len()], data].concat())
        }
        _ => Cow::Borrowed(data),
    }
}

/// Length of every signature by such a key.
pub(super) fn signature_length(kind: Kind) -> usize {
    match kind {
        Kind::Ec(curve) if curve.shape() == Shape::Edwards => 2 * curve.encoded_length(),
        Kind::Ec(curve) => 2 * curve.length(),
        Kind::MlDsa(set) => set.result,
        _ => kind.bits().div_ceil(8),
    }
}

fn complete(length: usize, expected: usize) -> Outcome<usize> {
    key::expect(Work::Sign, length, expected).map_err(Failure::from)?;
    Ok(length)
}
