//! The shared library exports exactly the functions of the specification, under both names, and our extensions.
// A test fails by panicking, in its helpers too.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

/// Every identifier of PSA Crypto API 1.5: kind, name, parameters, value or return type.
const IDENTIFIERS: &str = include_str!("data/crypto-api-1.5-identifiers.csv");

/// Declares our own functions.
const EXTENSIONS: &str = include_str!("../include/parsec.h");

/// The library that cargo built beside this test, or the one that is named: `make check` names the release.
fn library() -> PathBuf {
    if let Some(named) = std::env::var_os("PARSEC_LIBRARY") {
        return named.into();
    }
    // Building tests alone leaves the library there; one level higher it is put by `cargo build` only.
    std::env::current_exe().unwrap().with_file_name("libparsec.so")
}

fn run(tool: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool).args(arguments).arg(library()).output().unwrap();
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Exported names with their addresses.
fn exports() -> BTreeMap<String, String> {
    run("nm", &["--dynamic", "--defined-only"])
        .lines()
        .map(|line| {
            let mut fields = line.split_whitespace();
            let (address, kind, name) = (fields.next().unwrap(), fields.next().unwrap(), fields.next().unwrap());
            assert_eq!(kind, "T", "{name} is not a function");
            (name.to_owned(), address.to_owned())
        })
        .collect()
}

/// The functions of the specification.
fn psa_functions() -> BTreeSet<String> {
    let specified: BTreeSet<String> = IDENTIFIERS
        .lines()
        .filter_map(|line| line.strip_prefix("function,"))
        .map(|rest| rest.split(',').next().unwrap().to_owned())
        .collect();
    assert_eq!(specified.len(), 135);
    specified
}

/// The random calls, which the C tests and the fuzzer make.
const RANDOM_CALLS: [&str; 3] = [
    include_str!("../c_tests/random_calls.c"),
    include_str!("../c_tests/random_arguments.h"),
    include_str!("../c_tests/random_operations.h"),
];

/// The functions that `parsec.h` declares: words of its code that an opening parenthesis follows.
fn extensions() -> BTreeSet<String> {
    let code: String =
        EXTENSIONS.lines().filter(|line| !line.trim_start().starts_with(['*', '/'])).flat_map(|l| [l, "\n"]).collect();
    let words = code.match_indices("parsec_").map(|(at, _)| &code[at..]);
    let called = words.filter_map(|text| {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        text[end..].starts_with('(').then(|| text[..end].to_owned())
    });
    called.collect()
}

#[test]
fn exactly_the_specified_functions_and_our_extensions_are_exported() {
    let mut expected = extensions();
    assert!(expected.contains("parsec_last_error"), "{expected:?}");
    expected.insert("mbedtls_psa_crypto_free".to_owned());
    for function in psa_functions() {
        expected.insert(format!("parsec_{function}"));
        expected.insert(function);
    }
    let actual: BTreeSet<String> = exports().into_keys().collect();
    let missing: Vec<_> = expected.difference(&actual).collect();
    let surplus: Vec<_> = actual.difference(&expected).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing: {missing:?}, surplus: {surplus:?}");
}

#[test]
fn both_names_are_one_function() {
    let exports = exports();
    for function in psa_functions() {
        assert_eq!(exports.get(&function), exports.get(&format!("parsec_{function}")), "{function}");
    }
}

#[test]
fn the_library_is_named_bound_to_itself_and_never_unloaded() {
    let dynamic = run("readelf", &["--dynamic", "--wide"]);
    for expected in ["Library soname: [libparsec.so.0]", "SYMBOLIC", "NODELETE", "BIND_NOW"] {
        assert!(dynamic.contains(expected), "{expected} is not in\n{dynamic}");
    }
    assert!(!dynamic.contains("TEXTREL"), "{dynamic}");
    let segments = run("readelf", &["--segments", "--wide"]);
    assert!(segments.contains("GNU_RELRO"), "{segments}");
}

/// What every program that is linked with the library loads: the C library, and nothing of the devices.
#[test]
fn nothing_is_loaded_that_a_program_may_not_need() {
    let dynamic = run("readelf", &["--dynamic", "--wide"]);
    let needed = dynamic.lines().filter(|line| line.contains("(NEEDED)"));
    let needed: BTreeSet<_> = needed.filter_map(|line| line.split(['[', ']']).nth(1)).collect();
    assert!(needed.contains("libc.so.6"), "{needed:?}");
    let surplus: Vec<_> = needed
        .into_iter()
        .filter(|name| {
            let allowed = ["libc.so", "libm.so", "libgcc_s.so", "libpthread.so", "libdl.so", "ld-linux"];
            !allowed.iter().any(|prefix| name.starts_with(prefix))
        })
        .collect();
    assert!(surplus.is_empty(), "{surplus:?}");
}

/// Whoever adds a function lets the fuzzer have it too.
#[test]
fn random_calls_are_of_every_function_that_can_fail() {
    let can_fail = IDENTIFIERS.lines().filter(|line| line.starts_with("function,") && line.ends_with(",psa_status_t"));
    let names: Vec<_> = can_fail.map(|line| line.split(',').nth(1).unwrap()).collect();
    assert_eq!(names.len(), 105);
    let forgotten: Vec<_> =
        names.iter().filter(|name| !RANDOM_CALLS.iter().any(|text| text.contains(&format!("{name}(")))).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}
