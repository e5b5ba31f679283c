//! Which keys a TPM can hold: what the code knows, and what the TPM says of itself.

use super::commands::Capabilities;
use super::connection::{Attempt, Connection, Fault};
use super::identifiers::{self, AlgorithmId, ECDH, ECDSA};
use super::templates::{self, Kind, Origin};
use super::{asymmetric_encryption, cipher, key_agreement, key_derivation, mac, signature};
use crate::cause;
use crate::core::device_derivation;
use crate::engines::Function;
use crate::fail;
use crate::psa::{Algorithm, Attributes, Error, Result, Usage};

/// `TPM2_CC_HMAC`.
const HMAC: u16 = 0x155;
/// `TPM2_CC_EncryptDecrypt2`.
const ENCRYPT_DECRYPT_2: u16 = 0x193;

impl Capabilities {
    /// The TPM's name for a PSA hash, if it has that hash.
    pub(super) fn hash(&self, hash: Algorithm) -> Option<AlgorithmId> {
        identifiers::hash(hash).filter(|known| self.algorithms.contains(known))
    }

    /// The hashes of the SHA family that the TPM has, with their lengths, shortest first.
    pub(super) fn lengths(&self) -> impl Iterator<Item = (usize, AlgorithmId)> {
        [(20, Algorithm::SHA_1), (32, Algorithm::SHA_256), (48, Algorithm::SHA_384), (64, Algorithm::SHA_512)]
            .into_iter()
            .filter_map(|(length, hash)| Some((length, self.hash(hash)?)))
    }
}

/// What kind of key these attributes ask for; `NOT_SUPPORTED` with the reason if no TPM could do what they say.
pub(super) fn kind_for(attributes: &Attributes) -> Result<Kind> {
    let (usage, alg) = (attributes.usage, attributes.algorithm);
    let Some(kind) = Kind::of(attributes.key_type, attributes.bits) else {
        return fail!(
            NotSupported,
            "a TPM does not hold keys of type {} with {} bits",
            attributes.key_type,
            attributes.bits
        );
    };
    if usage.contains(Usage::EXPORT) {
        return fail!(NotSupported, "a key that is made in a TPM cannot be exported");
    }
    let private = [Usage::SIGN_MESSAGE, Usage::DECRYPT, Usage::DERIVE, Usage::WRAP, Usage::UNWRAP]
        .into_iter()
        .fold(Usage::SIGN_HASH, Usage::union);
    let symmetric =
        [Usage::ENCRYPT, Usage::VERIFY_MESSAGE, Usage::VERIFY_DERIVATION].into_iter().fold(private, Usage::union);
    let uses = if kind.is_symmetric() { symmetric } else { private };
    if usage.intersects(uses) && alg != Algorithm::NONE && !permits(kind, alg) {
        if kind == Kind::Derive && device_derivation::is_whole(alg) {
            return fail!(
                NotSupported,
                "HKDF takes its secret as a message, and a TPM takes none that it keeps itself"
            );
        }
        if kind == Kind::Derive && alg.is_pbkdf2_hmac() {
            return fail!(NotSupported, "a TPM takes a command for each iteration of PBKDF2, which would be hours");
        }
        return fail!(NotSupported, "a TPM does not compute algorithm {alg} with this key type");
    }
    Ok(kind)
}

/// True where the code does `function` with such a key.
pub(super) fn works(function: Function, kind: Kind, alg: Algorithm) -> bool {
    match function {
        Function::SignHash => alg.is_sign_hash() && signature::offers(kind, alg),
        Function::SignMessage => alg.is_sign_message() && signature::offers(kind, alg),
        Function::AsymmetricEncryption => asymmetric_encryption::offers(kind, alg),
        Function::KeyAgreement => key_agreement::offers(kind, alg),
        Function::KeyEncapsulation => key_agreement::encapsulates(kind, alg),
        Function::KeyDerivation => key_derivation::offers(kind, alg),
        Function::Mac => mac::offers(kind, alg),
        Function::Cipher => cipher::offers(kind, alg),
        _ => false,
    }
}

/// True where the code computes the algorithm of a policy, wildcards and derivations from an agreed secret included.
fn permits(kind: Kind, alg: Algorithm) -> bool {
    signature::offers(kind, alg)
        || asymmetric_encryption::offers(kind, alg)
        || mac::offers(kind, alg)
        || key_derivation::offers(kind, alg)
        || cipher::offers(kind, alg)
        || alg.is_key_agreement() && key_agreement::offers(kind, alg.key_agreement_get_base())
        || key_agreement::encapsulates(kind, alg)
}

/// `Ok` where this TPM can make and use such a key, else `NOT_SUPPORTED` with the reason.
pub(super) fn offers(connection: &mut Connection, kind: Kind, attributes: &Attributes) -> Attempt<()> {
    match kind {
        Kind::Ecc(curve) => {
            let capabilities = connection.capabilities()?;
            if !capabilities.curves.contains(&curve) {
                let bits = attributes.bits;
                return Ok(fail!(NotSupported, "this TPM does not have the elliptic curve of {bits} bits")?);
            }
            let alg = attributes.algorithm;
            let agrees = alg.is_key_agreement() || key_agreement::encapsulates(kind, alg);
            let (needed, name) = if agrees { (ECDH, "ECDH") } else { (ECDSA, "ECDSA") };
            if !capabilities.algorithms.contains(&needed) {
                return Ok(fail!(NotSupported, "this TPM does not have {name}")?);
            }
            Ok(())
        }
        Kind::Hmac | Kind::Derive => {
            let capabilities = connection.capabilities()?;
            let hash = attributes.algorithm.get_hash();
            if !capabilities.commands.contains(&HMAC) || hash != Algorithm::NONE && capabilities.hash(hash).is_none() {
                return Ok(fail!(NotSupported, "this TPM does not have HMAC with hash {hash}")?);
            }
            Ok(())
        }
        Kind::Aes(_) => {
            let capabilities = connection.capabilities()?;
            let mode = cipher::mode(attributes.algorithm);
            let has_mode = mode.is_none_or(|mode| capabilities.algorithms.contains(&(mode as AlgorithmId)));
            if !capabilities.commands.contains(&ENCRYPT_DECRYPT_2) || !has_mode {
                return Ok(fail!(NotSupported, "this TPM does not encrypt in the mode of this key")?);
            }
            test(connection, kind, attributes)
        }
        Kind::Rsa(_) => test(connection, kind, attributes),
    }
}

/// Asks the TPM about the type and size.
fn test(connection: &mut Connection, kind: Kind, attributes: &Attributes) -> Attempt<()> {
    let template = templates::key(kind, attributes, true, Origin::Tpm);
    connection.tpm().test_parameters(&template).map_err(|failure| {
        if failure.breaks_connection() {
            return Fault::Tpm(failure);
        }
        Fault::Own(cause::of(
            Error::NotSupported,
            format_args!("this TPM does not have keys of type {} with {} bits", attributes.key_type, attributes.bits),
        ))
    })
}
