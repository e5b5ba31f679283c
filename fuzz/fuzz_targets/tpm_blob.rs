//! Any bytes as what the key store keeps of a key in a TPM: a key, or the error of a damaged or foreign one.
#![no_main]

#[allow(dead_code)]
#[path = "../tpm/mod.rs"]
mod tpm;

use std::sync::OnceLock;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use parsec::backends::Backend;
use parsec::backends::tpm::TpmBackend;
use parsec::psa::{Attributes, Error, KeyType};

use tpm::work::{self, Parent};

/// Opening a key does not need the TPM: it is loaded when it is first used.
fn backend() -> TpmBackend {
    const NOBODY: u16 = 1;
    work::backend(NOBODY, false, Parent::Made, false, Duration::from_secs(1))
}

fuzz_target!(|input: (bool, &[u8])| {
    static BACKEND: OnceLock<TpmBackend> = OnceLock::new();
    let (rsa, context) = input;
    let (key_type, bits) = if rsa { (KeyType(0x7001), 2048) } else { (KeyType(0x7112), 256) };
    let attributes = Attributes { key_type, bits, ..Attributes::default() };
    if let Err(error) = BACKEND.get_or_init(backend).open(&attributes, context) {
        let known = matches!(error, Error::DataCorrupt | Error::DataInvalid);
        assert!(known, "{error:?} is not what a damaged blob gets");
    }
});
