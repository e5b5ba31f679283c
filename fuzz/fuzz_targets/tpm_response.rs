//! Any bytes as what a TPM answers, to every command that the library sends: an error with a text that explains it, or what
//! was asked for.
#![no_main]

#[allow(dead_code)]
#[path = "../tpm/mod.rs"]
mod tpm;

use std::sync::OnceLock;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use parsec::cause;

use tpm::Input;
use tpm::impostor::Impostor;
use tpm::work::{self, OPERATIONS};

/// Also the time in which a command is repeated that the TPM asks to repeat.
const TIMEOUT: Duration = Duration::from_millis(60);

fuzz_target!(|bytes: &[u8]| {
    static IMPOSTOR: OnceLock<Impostor> = OnceLock::new();
    let impostor = IMPOSTOR.get_or_init(Impostor::start);
    let input = Input::decode(bytes);
    let Some(operation) = OPERATIONS.get(usize::from(input.operation)) else { return };
    let backend = work::backend(impostor.port, input.encrypts, operation.parent, operation.bound, TIMEOUT);
    let context = input.context.clone();
    impostor.play(input);
    cause::clear();
    if let Err(error) = (operation.run)(&backend, &context) {
        assert!(cause::take().is_some(), "{}: nobody says why {error:?}", operation.name);
    }
});
