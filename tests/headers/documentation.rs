//! Every function of the specification says which errors its parameters may get, and where it is specified.

const IDENTIFIERS: &str = include_str!("../data/crypto-api-1.5-identifiers.csv");
const HEADER: &str = include_str!("../../include/psa/crypto.h");

/// The comment in front of a prototype.
fn documentation(function: &str) -> &'static str {
    let prototype = HEADER.find(&format!(" {function}(")).unwrap();
    let before = &HEADER[..prototype];
    &before[before.rfind("/**").unwrap()..]
}

/// What follows from the parameters: whatever else a call does, this can be wrong with it.
fn expected_errors(function: &str, parameters: &str) -> Vec<&'static str> {
    let mut errors = Vec::new();
    if parameters.contains('*') {
        errors.push("PSA_ERROR_INVALID_ARGUMENT");
    }
    if parameters.replace("psa_key_id_t *", "").contains("psa_key_id_t ") {
        errors.push("PSA_ERROR_INVALID_HANDLE");
    }
    if parameters.split("size_t * ").skip(1).any(|rest| rest.contains("_length")) && function != "psa_aead_verify" {
        errors.push("PSA_ERROR_BUFFER_TOO_SMALL");
    }
    if !function.ends_with("_abort") && function != "psa_crypto_init" {
        errors.push("PSA_ERROR_BAD_STATE");
    }
    errors
}

#[test]
fn functions_say_what_they_return_and_where_they_are_specified() {
    let mut missing = Vec::new();
    for line in IDENTIFIERS.lines().filter_map(|line| line.strip_prefix("function,")) {
        let (function, rest) = line.split_once(',').unwrap();
        let text = documentation(function);
        if !text.contains("Source: PSA 1.5, section ") {
            missing.push(format!("{function}: the source"));
        }
        if let Some(parameters) = rest.strip_suffix(",psa_status_t") {
            let absent = expected_errors(function, parameters).into_iter().filter(|error| !text.contains(error));
            missing.extend(absent.map(|error| format!("{function}: {error}")));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
