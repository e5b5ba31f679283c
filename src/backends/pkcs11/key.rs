//! A key in a token, ready for use.

use std::sync::Arc;

use cryptoki::object::ObjectClass;
use cryptoki_sys::{CK_MECHANISM_TYPE, CK_OBJECT_HANDLE, CKR_BUFFER_TOO_SMALL, CKR_OPERATION_NOT_INITIALIZED};
use once_cell::race::OnceBox;

use super::connection::{HeldSession, Session};
use super::device::Device;
use super::errors::{Outcome, nonsense, settled};
use super::function_list::Work;
use super::key_kinds::{Kind, Shape};
use super::mechanism::Mechanism;
use super::mechanisms;
use super::objects;
use super::public_key;
use super::reference::Reference;
use crate::core::primitives::{
    Aead, AsymmetricEncryption, Cipher, Key, KeyAgreement, KeyEncapsulation, KeyWrap, Mac, SecretDerivation, Signature,
};
use crate::engines::Function;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, Result};

/// Longer than what any operation has left to give: to end one whose result is said not to fit.
const LONGEST: usize = 1 << 14;

/// A key in a token. Its object is found when it is first used.
#[derive(Clone)]
pub(super) struct Pkcs11Key {
    pub device: Arc<Device>,
    pub reference: Reference,
    pub kind: Kind,
    pub public: Arc<OnceBox<Vec<u8>>>,
}

impl Key for Pkcs11Key {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        if self.kind.is_secret() {
            return Err(Error::InvalidArgument);
        }
        let public = self.public.get_or_try_init(|| self.read_public_key().map(Box::new))?;
        let Some(output) = output.get_mut(..public.len()) else {
            return Err(Error::BufferTooSmall);
        };
        output.copy_from_slice(public);
        Ok(public.len())
    }

    fn export(&self) -> Result<Secret> {
        self.read_material()
    }

    fn signature(&self) -> Option<&dyn Signature> {
        match self.kind {
            Kind::Ec(curve) if curve.shape() == Shape::Montgomery => None,
            Kind::Ec(_) | Kind::Rsa(_) | Kind::MlDsa(_) => Some(self),
            Kind::MlKem(_) | Kind::Aes(_) | Kind::ChaCha20 | Kind::Hmac(_) | Kind::Derive(_) => None,
        }
    }

    fn asymmetric_encryption(&self) -> Option<&dyn AsymmetricEncryption> {
        matches!(self.kind, Kind::Rsa(_)).then_some(self as _)
    }

    fn key_agreement(&self) -> Option<&dyn KeyAgreement> {
        match self.kind {
            Kind::Ec(curve) if curve.shape() != Shape::Edwards => Some(self),
            _ => None,
        }
    }

    fn key_encapsulation(&self) -> Option<&dyn KeyEncapsulation> {
        matches!(self.kind, Kind::MlKem(_)).then_some(self as _)
    }

    fn mac(&self) -> Option<&dyn Mac> {
        matches!(self.kind, Kind::Aes(_) | Kind::Hmac(_)).then_some(self as _)
    }

    fn key_derivation(&self) -> Option<&dyn SecretDerivation> {
        self.kind.is_secret().then_some(self as _)
    }

    fn key_wrap(&self) -> Option<&dyn KeyWrap> {
        matches!(self.kind, Kind::Aes(_)).then_some(self as _)
    }

    fn cipher(&self) -> Option<&dyn Cipher> {
        matches!(self.kind, Kind::Aes(_)).then_some(self as _)
    }

    fn aead(&self) -> Option<&dyn Aead> {
        matches!(self.kind, Kind::Aes(_) | Kind::ChaCha20).then_some(self as _)
    }
}

impl Pkcs11Key {
    fn read_public_key(&self) -> Result<Vec<u8>> {
        if let Some(adopted) = self.reference.as_adopted() {
            return Ok(adopted.public_key.clone());
        }
        self.device.with_key(&self.reference, |session, private| {
            let object = match self.kind {
                Kind::Rsa(_) => private,
                // The private object need not have the point.
                _ => objects::the_only(session, &self.reference, ObjectClass::PUBLIC_KEY)?,
            };
            public_key::read(session, self.kind, object)
        })
    }

    /// `NOT_SUPPORTED` where the code does not do `function` with this key and algorithm.
    pub fn ensure_offered(&self, function: Function, alg: Algorithm) -> Result<()> {
        if mechanisms::ways(function, self.kind, alg).is_empty() {
            return fail!(NotSupported, "PKCS#11 tokens do not work with this key and algorithm {alg}");
        }
        Ok(())
    }

    /// The mechanism by which this token does it.
    pub fn way(&self, session: &Session<'_>, function: Function, alg: Algorithm) -> Outcome<CK_MECHANISM_TYPE> {
        mechanisms::way(session, function, self.kind, alg)
    }

    /// Work in one call: two of the module. Returns the length of the result.
    pub fn whole(&self, work: Work, mechanism: &Mechanism<'_>, input: &[u8], output: &mut [u8]) -> Result<usize> {
        self.device.with_key(&self.reference, |session, key| whole(session, key, work, mechanism, input, output))
    }

    /// The beginning of work in parts.
    pub fn parts(&self, work: Work, mechanism: &Mechanism<'_>) -> Result<Parts> {
        let session = self.device.hold(&self.reference, |session, key| begin(session, key, work, mechanism))?;
        Ok(Parts { work, session })
    }
}

fn begin(session: &Session<'_>, key: CK_OBJECT_HANDLE, work: Work, mechanism: &Mechanism<'_>) -> Outcome<()> {
    session.functions().begin(work, session.handle(), mechanism, key)?;
    session.authorize()
}

/// Work in one call with a key whose handle is known.
pub(super) fn whole(
    session: &Session<'_>,
    key: CK_OBJECT_HANDLE,
    work: Work,
    mechanism: &Mechanism<'_>,
    input: &[u8],
    output: &mut [u8],
) -> Outcome<usize> {
    begin(session, key, work, mechanism)?;
    let (functions, room) = (session.functions(), output.len());
    match functions.whole(work, session.handle(), input, output) {
        Err(failure) if failure.is(CKR_BUFFER_TOO_SMALL) => {
            // Only this answer leaves the operation, and with it the session, busy (PKCS#11 3.2, section 5.2).
            let mut scratch = Secret::new(vec![0; input.len() + LONGEST]);
            if functions.whole(work, session.handle(), input, &mut scratch).is_err() {
                session.is_stuck();
            }
            Err(nonsense(work.name(), format_args!("answered CKR_BUFFER_TOO_SMALL, with room for all {room} bytes")))
        }
        answer => answer,
    }
}

/// Work in parts: a session that is busy with it. Whoever drops it gives the work up.
pub(super) struct Parts {
    work: Work,
    session: HeldSession,
}

impl Parts {
    /// The next part, whose result has this length.
    pub fn update(&mut self, input: &[u8], output: &mut [u8]) -> Result<()> {
        // Some modules do not take an empty part.
        if input.is_empty() {
            return Ok(());
        }
        let work = self.work;
        let length = settled(self.session.step(|session| {
            let step = |output: &mut [u8]| session.functions().part(work, session.handle(), input, output);
            // Who signs gets nothing yet, so that no room can be missing: nothing is given twice.
            if work == Work::Sign { step(output) } else { with_room(output, step) }
        }))?;
        expect(work, length, output.len())
    }

    /// The end, whose result has this length.
    pub fn finish(self, output: &mut [u8]) -> Result<()> {
        let work = self.work;
        let ended = self
            .session
            .step(|session| with_room(output, |output| session.functions().end(work, session.handle(), output)));
        let length = match ended {
            // All has been given out already, and kryoptic has ended the operation with it: its session is closed.
            Err(failure) if output.is_empty() && failure.is(CKR_OPERATION_NOT_INITIALIZED) => return Ok(()),
            answer => settled(answer)?,
        };
        self.session.end();
        expect(work, length, output.len())
    }
}

/// A step of work in parts. Some modules want more room than they use, and say so before they begin.
fn with_room(output: &mut [u8], mut step: impl FnMut(&mut [u8]) -> Outcome<usize>) -> Outcome<usize> {
    match step(output) {
        Err(failure) if failure.is(CKR_BUFFER_TOO_SMALL) => {
            let mut scratch = Secret::new(vec![0; output.len() + LONGEST]);
            let length = step(&mut scratch)?;
            if let (Some(result), Some(output)) = (scratch.get(..length), output.get_mut(..length)) {
                output.copy_from_slice(result);
            }
            Ok(length)
        }
        answer => answer,
    }
}

/// Work of which the length of the result is known gave another.
pub(super) fn expect(work: Work, length: usize, expected: usize) -> Result<()> {
    if length == expected {
        return Ok(());
    }
    settled(Err(nonsense(work.name(), format_args!("gave {length} bytes, where there are {expected}"))))
}
