//! Decryption with RSA keys (PSA 1.5, section 10.10). Encrypting needs no secret and is left to the engine.
//!
//! Where the token offers it, the private-key operation alone, and the padding is taken off here in constant time; that of
//! OAEP only where the token does not know the hash or does not take the label.

use cryptoki_sys::*;

use super::connection::Session;
use super::errors::{Failure, Outcome};
use super::function_list::Work;
use super::key::{self, Pkcs11Key};
use super::mechanism::{Mechanism, Parameters, RsaHash};
use crate::core::primitives::AsymmetricEncryption;
use crate::core::unpadding;
use crate::engines::Function;
use crate::memory::Secret;
use crate::psa::sizes::bits_to_bytes;
use crate::psa::{Algorithm, Error, Result};

impl AsymmetricEncryption for Pkcs11Key {
    /// `NOT_SUPPORTED`: what needs only the public key is computed by the engine.
    fn encrypt(&self, _alg: Algorithm, _plaintext: &[u8], _label: &[u8], _output: &mut [u8]) -> Result<usize> {
        Err(Error::NotSupported)
    }

    fn decrypt(&self, alg: Algorithm, ciphertext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize> {
        self.ensure_offered(Function::AsymmetricEncryption, alg)?;
        let decrypted = self
            .device
            .with_key(&self.reference, |session, key| self.decrypt_once(session, key, alg, ciphertext, label))?;
        let plaintext = match decrypted {
            Decrypted::Message(message) => message,
            Decrypted::Encoded(encoded) if alg.is_rsa_oaep() => unpadding::oaep(alg.get_hash(), label, encoded)?,
            Decrypted::Encoded(encoded) => unpadding::pkcs1v15(&encoded)?,
        };
        output.get_mut(..plaintext.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(&plaintext);
        Ok(plaintext.len())
    }
}

/// What a token gave.
enum Decrypted {
    /// The message.
    Message(Secret),
    /// The padded message, as long as the modulus.
    Encoded(Secret),
}

impl Pkcs11Key {
    fn decrypt_once(
        &self,
        session: &Session<'_>,
        key: CK_OBJECT_HANDLE,
        alg: Algorithm,
        ciphertext: &[u8],
        label: &[u8],
    ) -> Outcome<Decrypted> {
        let decrypt = |kind, parameters| self.decrypt_with(session, key, &Mechanism { kind, parameters }, ciphertext);
        let raw = || decrypt(CKM_RSA_X_509, Parameters::None);
        let way = self.way(session, Function::AsymmetricEncryption, alg)?;
        match RsaHash::of(alg.get_hash()).filter(|_| way == CKM_RSA_PKCS_OAEP) {
            None => decrypt(way, Parameters::None),
            // SoftHSM takes a label and ignores it.
            Some(_) if !label.is_empty() && self.has_raw(session)? => raw(),
            Some(hash) => match decrypt(way, Parameters::Oaep(hash, label)) {
                // Says C_DecryptInit: the token does not take this hash or label.
                Err(failure) if refuses_parameters(&failure) && self.has_raw(session)? => raw(),
                answer => answer,
            },
        }
    }

    fn has_raw(&self, session: &Session<'_>) -> Outcome<bool> {
        let mechanisms = session.connection().capabilities().mechanisms(session)?;
        Ok(mechanisms.offer(CKM_RSA_X_509, CKF_DECRYPT, self.kind).is_ok())
    }

    fn decrypt_with(
        &self,
        session: &Session<'_>,
        key: CK_OBJECT_HANDLE,
        mechanism: &Mechanism<'_>,
        ciphertext: &[u8],
    ) -> Outcome<Decrypted> {
        let mut output = Secret::new(vec![0; bits_to_bytes(self.kind.bits())]);
        let raw = mechanism.kind == CKM_RSA_X_509;
        match key::whole(session, key, Work::Decrypt, mechanism, ciphertext, &mut output) {
            Ok(length) => {
                // Some tokens leave zeros at the front out.
                let missing = if raw { output.len() - length } else { 0 };
                if missing > 0 {
                    output.rotate_right(missing);
                    output.get_mut(..missing).unwrap_or_default().fill(0);
                } else if !raw {
                    output.truncate(length);
                }
                Ok(if raw { Decrypted::Encoded(output) } else { Decrypted::Message(output) })
            }
            // A token has several words for a wrong padding. To the caller they must be one, or they would tell how the
            // padding was wrong.
            Err(Failure::Refused { function: "C_Decrypt", code }) if DOES_NOT_DECRYPT.contains(&code) => {
                Err(Error::InvalidPadding.into())
            }
            Err(failure) => Err(failure),
        }
    }
}

/// How tokens say that a ciphertext does not decrypt.
const DOES_NOT_DECRYPT: [CK_RV; 7] = [
    CKR_ENCRYPTED_DATA_INVALID,
    CKR_ENCRYPTED_DATA_LEN_RANGE,
    CKR_DATA_INVALID,
    CKR_DATA_LEN_RANGE,
    CKR_ARGUMENTS_BAD,
    CKR_FUNCTION_FAILED,
    CKR_GENERAL_ERROR,
];

fn refuses_parameters(failure: &Failure) -> bool {
    let codes = [CKR_ARGUMENTS_BAD, CKR_MECHANISM_PARAM_INVALID, CKR_MECHANISM_INVALID];
    matches!(failure, Failure::Refused { function: "C_DecryptInit", code } if codes.contains(code))
}
