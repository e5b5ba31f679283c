//! Any bytes as what the key store keeps of a key in a TPM: a key, or the error of a damaged or foreign one.
#![no_main]

use std::path::Path;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use parsec::backends::Backend;
use parsec::backends::tpm::{Pins, TpmBackend};
use parsec::config::{BackendKind, Config};
use parsec::psa::{Attributes, Error, KeyType, Result};

/// A key store that nobody asks.
struct Nothing;

impl Pins for Nothing {
    fn pinned(&self, _name: &str) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }

    fn pin(&self, _name: &str, _value: &[u8]) -> Result<()> {
        Ok(())
    }
}

/// Opening a key does not need the TPM: it is loaded when it is first used.
fn backend() -> TpmBackend {
    let text = "[backends.tpm]\ntcti = \"swtpm:host=127.0.0.1,port=1\"\n";
    let config = Config::parse(text, Path::new("/fuzz/parsec.toml")).expect("a valid configuration");
    let Some(BackendKind::Tpm(tpm)) = config.backend("tpm").map(|backend| &backend.kind) else { unreachable!() };
    TpmBackend::new("tpm", "tpm", tpm, Box::new(Nothing))
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
