//! Random numbers (PSA 1.5, section 10.14).

use zeroize::Zeroizing;

use super::library::Library;
use crate::cause;
use crate::psa::{Error, Result};

/// `psa_generate_random`: from the engine, with the random numbers of `routes.random` mixed in.
pub fn generate(library: &Library, output: &mut [u8]) -> Result<()> {
    library.engine.random(output)?;
    match &library.config.routes.random {
        Some(name) => mix_in(library, name, output),
        None => Ok(()),
    }
}

/// Xors a device's random numbers into ours: the result is as good as the better of the two.
fn mix_in(library: &Library, name: &str, output: &mut [u8]) -> Result<()> {
    let device = &library.backend(name)?.device;
    let mut buffer = Zeroizing::new([0; 256]);
    for part in output.chunks_mut(buffer.len()) {
        let random = &mut buffer[..part.len()];
        device.random(random).map_err(|_| {
            cause::of(Error::InsufficientEntropy, format_args!("routes.random: no random numbers from {name}"))
        })?;
        part.iter_mut().zip(random.iter()).for_each(|(byte, mixed)| *byte ^= mixed);
    }
    Ok(())
}
