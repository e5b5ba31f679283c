//! Random calls through the C headers: `c_tests/random_calls.c`, which aborts when a promise is broken.
#![no_main]

use std::sync::Once;

use libfuzzer_sys::fuzz_target;
// Gives the C code its functions.
use parsec as _;

unsafe extern "C" {
    fn random_calls(bytes: *const u8, length: usize);
}

/// Keys of the fuzzer are in a scratch directory, and no configuration of the user is read.
fn prepare() {
    let scratch = std::env::temp_dir().join(format!("parsec-fuzz-{}", std::process::id()));
    let state = scratch.join("state");
    std::fs::create_dir_all(&state).expect("a scratch directory");
    let configuration = scratch.join("parsec.toml");
    std::fs::write(&configuration, format!("[store]\npath = \"{}\"\n", state.join("keys").display()))
        .expect("a configuration");
    // SAFETY: called once, before the library is used and before there are other threads.
    unsafe { std::env::set_var("PARSEC_CONFIG", configuration) };
}

fuzz_target!(|bytes: &[u8]| {
    static PREPARED: Once = Once::new();
    PREPARED.call_once(prepare);
    // SAFETY: the pointer is valid for the length; one input is tried at a time.
    unsafe { random_calls(bytes.as_ptr(), bytes.len()) };
});
