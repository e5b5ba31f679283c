//! Extendable-output functions (PSA 1.5, section 10.3): SHAKE of aws-lc, Ascon of RustCrypto.

use ascon_xof128::{AsconCxof128, AsconXof128, AsconXof128Reader};
use sha2::digest::{ExtendableOutput, TryCustomizedInit, Update, XofReader};

use super::ffi::digest::{Shake, ShakeStrength};
use crate::core::primitives::{Xof, XofOperation};
use crate::fail;
use crate::psa::{Algorithm, Error, Result};

/// True where this function is implemented.
pub(super) const fn offers(alg: Algorithm) -> bool {
    matches!(alg, Algorithm::SHAKE128 | Algorithm::SHAKE256 | Algorithm::ASCON_XOF128 | Algorithm::ASCON_CXOF128)
}

/// All extendable-output functions of the engine.
pub(super) struct Xofs;

impl Xof for Xofs {
    fn setup(&self, alg: Algorithm, context: &[u8]) -> Result<Box<dyn XofOperation>> {
        Ok(match alg {
            Algorithm::SHAKE128 => Box::new(Shake::new(ShakeStrength::Shake128)?),
            Algorithm::SHAKE256 => Box::new(Shake::new(ShakeStrength::Shake256)?),
            Algorithm::ASCON_XOF128 => Box::new(Ascon::Input(AsconXof128::default())),
            Algorithm::ASCON_CXOF128 => match AsconCxof128::try_new_customized(context) {
                Ok(input) => Box::new(Ascon::Input(input)),
                // NIST SP 800-232, section 5.3.
                Err(_) => return fail!(InvalidArgument, "a context of {} bytes; it has at most 256", context.len()),
            },
            _ => return fail!(NotSupported, "extendable-output function {alg} in the native engine"),
        })
    }
}

impl XofOperation for Shake {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        Shake::update(self, input)
    }

    fn output(&mut self, output: &mut [u8]) -> Result<()> {
        self.squeeze(output)
    }
}

/// Ascon-XOF128 or Ascon-CXOF128.
enum Ascon<I> {
    Input(I),
    Output(AsconXof128Reader),
    /// Between the two.
    Turning,
}

impl<I> XofOperation for Ascon<I>
where
    I: Update + ExtendableOutput<Reader = AsconXof128Reader> + Send,
{
    fn update(&mut self, input: &[u8]) -> Result<()> {
        match self {
            Self::Input(state) => state.update(input),
            _ => return Err(Error::BadState),
        }
        Ok(())
    }

    fn output(&mut self, output: &mut [u8]) -> Result<()> {
        *self = match std::mem::replace(self, Self::Turning) {
            Self::Input(state) => Self::Output(state.finalize_xof()),
            other => other,
        };
        match self {
            Self::Output(reader) => reader.read(output),
            _ => return Err(Error::BadState),
        }
        Ok(())
    }
}
