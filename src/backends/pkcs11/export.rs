//! Export of keys that may leave the token (PSA 1.5, section 9.9.3): their attributes are read, in the format of PSA.

use cryptoki_sys::*;

use super::connection::Session;
use super::errors::{Outcome, nonsense};
use super::key::Pkcs11Key;
use super::key_kinds::Kind;
use super::reference::Reference;
use crate::core::primitives::Key;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::memory::Secret;
use crate::psa::{Error, Result, der, sizes};
use crate::{cause, fail};

/// Longer than any number or secret of a key that is kept here, in bytes.
const LONGEST_PART: usize = 1 << 10;

/// What an RSA private key consists of, in the order of `RSAPrivateKey` (RFC 8017, appendix A.1.2).
const RSA_PARTS: [CK_ATTRIBUTE_TYPE; 8] = [
    CKA_MODULUS,
    CKA_PUBLIC_EXPONENT,
    CKA_PRIVATE_EXPONENT,
    CKA_PRIME_1,
    CKA_PRIME_2,
    CKA_EXPONENT_1,
    CKA_EXPONENT_2,
    CKA_COEFFICIENT,
];

impl Pkcs11Key {
    /// The key in its export format.
    pub fn read_material(&self) -> Result<Secret> {
        let material = self.device.with_key(&self.reference, |session, key| read(session, self.kind, key))?;
        // As for what an application brings: numbers that do not belong together are no key.
        let (key_type, bits) = self.kind.describe();
        let invalid = || cause::of(Error::HardwareFailure, format_args!("the token gave a key that is not valid"));
        let (key, _) = Native.import(key_type, bits, &material).map_err(|_| invalid())?;
        if self.is_half_of_pair(&key)? { Ok(key) } else { Err(invalid()) }
    }

    /// Whether a scalar belongs to the public key: one that was cut is one, too. True where there is nothing to compare.
    fn is_half_of_pair(&self, material: &[u8]) -> Result<bool> {
        let Kind::Ec(_) = self.kind else { return Ok(true) };
        let (key_type, bits) = self.kind.describe();
        let mut known = [0; sizes::EXPORT_PUBLIC_KEY_MAX_SIZE];
        let mut computed = known;
        let length = match self.public_key(&mut known) {
            Ok(0) => return Ok(true),
            // Its public object was deleted.
            Err(Error::DoesNotExist) => {
                cause::clear();
                return Ok(true);
            }
            length => length?,
        };
        let computed_length = Native.prepare(key_type, bits, material)?.public_key(&mut computed)?;
        Ok(known.get(..length) == computed.get(..computed_length))
    }
}

fn read(session: &Session<'_>, kind: Kind, key: CK_OBJECT_HANDLE) -> Outcome<Secret> {
    match kind {
        Kind::Rsa(_) => {
            let parts = RSA_PARTS.map(|part| part_of(session, key, part));
            let [n, e, d, p, q, d_p, d_q, q_inverse] = parts;
            let numbers = [n?, e?, d?, p?, q?, d_p?, d_q?, q_inverse?];
            Ok(der::rsa_private_key(numbers.each_ref().map(|number| number.as_slice())))
        }
        Kind::Ec(curve) => padded(&part_of(session, key, CKA_VALUE)?, curve.encoded_length()),
        Kind::MlDsa(_) | Kind::MlKem(_) => part_of(session, key, CKA_SEED),
        Kind::Aes(_) | Kind::ChaCha20 | Kind::Hmac(_) | Kind::Derive(_) => part_of(session, key, CKA_VALUE),
    }
}

/// One attribute of bytes.
pub(super) fn part_of(session: &Session<'_>, key: CK_OBJECT_HANDLE, part: CK_ATTRIBUTE_TYPE) -> Outcome<Secret> {
    let mut value = Secret::new(vec![0; LONGEST_PART]);
    let length = session.functions().read_attribute(session.handle(), key, part, &mut value)?;
    value.truncate(length);
    Ok(value)
}

/// A scalar of the length of its curve. Tokens keep it as a number, and may leave out zeros before it or add some.
fn padded(number: &[u8], length: usize) -> Outcome<Secret> {
    let zeros = number.len().saturating_sub(length);
    let (before, digits) = number.split_at_checked(zeros).unwrap_or_default();
    if before.iter().any(|byte| *byte != 0) {
        return Err(nonsense("C_GetAttributeValue", format_args!("gave a private value that is too long")));
    }
    let mut value = Secret::new(vec![0; length]);
    let start = length - digits.len();
    value.get_mut(start..).unwrap_or_default().copy_from_slice(digits);
    Ok(value)
}

/// `NOT_SUPPORTED` where a token keeps a new key to itself that was to be exportable.
pub(super) fn check(session: &Session<'_>, reference: &Reference) -> Outcome<()> {
    let Some(key) = session.connection().known_handle(reference) else { return Ok(()) };
    let truth = |kind| {
        let mut value = [CK_FALSE];
        session.functions().read_attribute(session.handle(), key, kind, &mut value).map(|_| value != [CK_FALSE])
    };
    if !truth(CKA_SENSITIVE)? && truth(CKA_EXTRACTABLE)? {
        return Ok(());
    }
    unexportable(session)
}

/// What a person gets to know of a token that only keeps keys that never leave it.
#[cold]
pub(super) fn unexportable<T>(session: &Session<'_>) -> Outcome<T> {
    let token = session.connection().token();
    Ok(fail!(NotSupported, "token {token} makes no keys that may be exported (CKA_SENSITIVE is true in all of them)")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_have_the_length_of_their_curve() {
        for number in [&[1, 2, 3][..], &[0, 1, 2, 3], &[0, 0, 1, 2, 3], &[0, 0, 0, 0, 1, 2, 3]] {
            assert_eq!(padded(number, 5).unwrap().as_slice(), [0, 0, 1, 2, 3]);
        }
        assert_eq!(padded(&[], 2).unwrap().as_slice(), [0, 0]);
        assert!(padded(&[1, 0, 0], 2).is_err());
        cause::clear();
    }
}
