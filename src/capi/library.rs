//! Library management (PSA 1.5, section 8.2).

use super::guard::{guard_uninitialised, initialise, withdraw};
use super::types::psa_status_t;
use crate::config::Config;
use crate::core::library::Library;

/// Initialises the library: reads the configuration. It opens no key store and no device; those are opened when
/// they are first needed.
///
/// Applications call it before anything else. Calling it again, from any thread, does nothing.
///
/// The configuration is `$PARSEC_CONFIG`, else `parsec/parsec.toml` below `$XDG_CONFIG_HOME` or `~/.config`, else
/// `/etc/parsec/parsec.toml`. Without any of them, keys are in software.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_DATA_INVALID` for a mistake in the configuration, which `parsec_last_error()` tells with its line;
///         `PSA_ERROR_NOT_PERMITTED` where others may write the configuration;
///         `PSA_ERROR_NOT_SUPPORTED` where it asks for what this build lacks;
///         `PSA_ERROR_STORAGE_FAILURE` where it, or a PKCS#11 module that it names, cannot be read;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where the engine cannot be seeded.
///
/// Source: PSA 1.5, section 8.2.2.
#[unsafe(no_mangle)]
pub extern "C" fn psa_crypto_init() -> psa_status_t {
    guard_uninitialised("psa_crypto_init", || initialise(|| Library::new(Config::load()?)))
}

/// Destroys volatile keys, aborts all operations, lets go of the devices and makes the library uninitialised.
///
/// Persistent keys stay. Call it when no other thread uses the library. `psa_crypto_init()` may follow and reads
/// the configuration again. Mbed TLS has this function; the specification does not.
#[unsafe(no_mangle)]
pub extern "C" fn mbedtls_psa_crypto_free() {
    guard_uninitialised("mbedtls_psa_crypto_free", || {
        if let Some(library) = withdraw() {
            library.release();
        }
        Ok(())
    });
}
