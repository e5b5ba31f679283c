//! Those who are compared with each other.

pub mod engine;
pub mod esys;
pub mod openssl;
pub mod pkcs11;
pub mod psa;
pub mod socket;

use std::env;

use openssl::OpenSsl;
use psa::Psa;

/// The names of the sides in the table.
pub const PARSEC: &str = "libparsec";
pub const ENGINE: &str = "aws-lc";
pub const MBED_TLS: &str = "Mbed TLS";
pub const OPENSSL: &str = "OpenSSL";

/// The libraries that live as long as the process.
#[derive(Clone, Copy)]
pub struct Opponents {
    pub parsec: &'static Psa,
    /// The same with a key store that is protected, where the fixture has one.
    pub protected: Option<&'static Psa>,
    pub mbed_tls: &'static Psa,
    pub openssl: &'static OpenSsl,
}

impl Opponents {
    /// Loads and initialises all.
    pub fn load(parsec: &str) -> Result<Self, String> {
        let protected = match env::var_os("PARSEC_BENCH_PROTECTED") {
            Some(configuration) => Some(&*Box::leak(Box::new(Psa::second_parsec(parsec, &configuration)?))),
            None => None,
        };
        Ok(Self {
            protected,
            parsec: Box::leak(Box::new(Psa::parsec(parsec)?)),
            mbed_tls: Box::leak(Box::new(Psa::mbed_tls()?)),
            openssl: Box::leak(Box::new(OpenSsl::load()?)),
        })
    }

    /// The same key in both implementations of the PSA API.
    pub fn import(&self, template: &psa::Template, data: &[u8]) -> Result<(psa::KeyId, psa::KeyId), String> {
        Ok((self.parsec.import(template, data)?, self.mbed_tls.import(template, data)?))
    }
}
