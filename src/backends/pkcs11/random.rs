//! Random numbers (PSA 1.5, section 10.14): the token's, and those that this backend itself needs.

use super::Pkcs11Backend;
use crate::engines::native::fill_random;
use crate::psa::Result;

/// Some tokens refuse to give much at once.
const CHUNK: usize = 1024;

impl Pkcs11Backend {
    /// Fills `output` from the token's random generator.
    pub(super) fn token_random(&self, output: &mut [u8]) -> Result<()> {
        self.device.with_session(|session| {
            output.chunks_mut(CHUNK).try_for_each(|chunk| session.functions().generate_random(session.handle(), chunk))
        })
    }
}

/// Random bytes that need not come from the token: salts, references.
pub(super) fn fresh<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    fill_random(&mut bytes)?;
    Ok(bytes)
}
