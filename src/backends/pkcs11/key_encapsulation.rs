//! Key encapsulation (PSA 1.5, section 10.12): the token makes a session object of the secret, whose value is read, as for an
//! agreement. The core makes the key of it that is asked for.

use cryptoki_sys::*;

use super::function_list::FunctionList;
use super::key::Pkcs11Key;
use super::key_agreement::take_value;
use super::key_kinds::Kind;
use super::mechanism::Mechanism;
use super::template::Template;
use crate::core::primitives::KeyEncapsulation;
use crate::engines::Function;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, Result};

/// Length of the secret in bytes (FIPS 203, section 8).
const SECRET: usize = 32;

impl KeyEncapsulation for Pkcs11Key {
    /// `NOT_SUPPORTED`: what needs only the public key is computed by the engine.
    fn encapsulate(&self, _alg: Algorithm, _ciphertext: &mut [u8]) -> Result<(Secret, usize)> {
        Err(Error::NotSupported)
    }

    fn decapsulate(&self, alg: Algorithm, ciphertext: &[u8]) -> Result<Secret> {
        self.ensure_offered(Function::KeyEncapsulation, alg)?;
        let Kind::MlKem(set) = self.kind else { return Err(Error::NotSupported) };
        if ciphertext.len() != set.result {
            return fail!(InvalidArgument, "a ciphertext of {} bytes; it has {}", ciphertext.len(), set.result);
        }
        self.device.with_key(&self.reference, |session, key| {
            let mechanism = Mechanism::plain(self.way(session, Function::KeyEncapsulation, alg)?);
            let _reading = session.connection().reading_store();
            let secret =
                session.functions().decapsulate_key(session.handle(), &mechanism, key, ciphertext, &secret_object())?;
            take_value(session, FunctionList::DECAPSULATE, secret, SECRET)
        })
    }
}

/// A secret of the session that can be read.
fn secret_object() -> Template<'static> {
    Template::new()
        .number(CKA_CLASS, CKO_SECRET_KEY)
        .number(CKA_KEY_TYPE, CKK_GENERIC_SECRET)
        .flag(CKA_TOKEN, false)
        .number(CKA_VALUE_LEN, SECRET as CK_ULONG)
        .flag(CKA_SENSITIVE, false)
        .flag(CKA_EXTRACTABLE, true)
}
