//! The headers below `include/`: written from the Rust code, complete, and right.
//!
//! | file | says |
//! | --- | --- |
//! | `bindings.rs` | the committed headers are what cbindgen makes of `src/capi` |
//! | `values.rs` | the committed constants and bit macros are what `src/psa` defines |
//! | `identifiers.rs` | every identifier of the specification is there, with its value and prototype |
//! | `macros.rs` | every function-like macro agrees with its twin in `src/psa`, for many inputs |
//! | `mbed_tls.rs` | macros that Mbed TLS has too have its values |
//! | `documentation.rs` | everything says what it is and where the specification has it, functions what they return too |
//! | `compile.rs` | every header compiles alone, without a warning, as C99 and C++11 |
//! | `support_table.rs` | `docs/support.md` and `c_tests/support.h` are what the code says |
//!
//! `make headers` (`UPDATE_HEADERS=1`) writes the generated files anew.
// A test fails by panicking, in its helpers too.
#![allow(clippy::unwrap_used, clippy::panic)]

mod bindings;
mod compile;
mod documentation;
mod identifiers;
mod macros;
mod mbed_tls;
mod sections;
mod support;
mod support_table;
mod twins;
mod values;
