//! Everything in the headers says what it is, and where the specification has it; every function of the specification
//! says which errors its parameters may get.

use std::collections::BTreeSet;
use std::fs;

use crate::sections::{identifiers, reference};
use crate::support::include;

const IDENTIFIERS: &str = include_str!("../data/crypto-api-1.5-identifiers.csv");
const HEADER: &str = include_str!("../../include/psa/crypto.h");

/// The comment in front of a prototype.
fn documentation(function: &str) -> &'static str {
    let prototype = HEADER.find(&format!(" {function}(")).unwrap();
    comment_before(&HEADER[..prototype])
}

/// The last comment of a text.
fn comment_before(text: &str) -> &str {
    &text[text.rfind("/**").unwrap()..]
}

/// The texts of the headers. All macros of `crypto_config.h` are of one kind, which its title tells.
fn headers() -> Vec<String> {
    let files = fs::read_dir(include().join("psa")).unwrap().map(|entry| entry.unwrap().path());
    let described = files.filter(|path| !path.ends_with("crypto_config.h"));
    described.chain([include().join("parsec.h")]).map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// The macro or type that a line begins to define; not those of the headers' own use, and no guards.
fn defined(line: &str) -> Option<&str> {
    let name = match line.strip_prefix("typedef ") {
        Some(definition) => definition.trim_end_matches([' ', '{', ';']).rsplit(' ').next()?,
        None => line.strip_prefix("#define ")?.split([' ', '(']).next()?,
    };
    (!name.starts_with("PARSEC_") && !name.ends_with("_H")).then_some(name)
}

/// Every macro and type of a header, with the comment in front of it or behind it, if there is one.
fn macros_and_types(header: &str) -> Vec<(&str, &str)> {
    let mut definitions = Vec::new();
    let mut place = 0;
    for line in header.split_inclusive('\n') {
        let before = header[..place].trim_end();
        place += line.len();
        let Some(name) = defined(line.trim_end()) else { continue };
        let comment = match line.split_once("/**<") {
            Some((_, comment)) => comment,
            None if before.ends_with("*/") && before.len() + 1 == place - line.len() => comment_before(before),
            None => "",
        };
        definitions.push((name, comment));
    }
    definitions
}

#[test]
fn macros_and_types_say_what_they_are_and_where_they_are_specified() {
    let headers = headers();
    let definitions: Vec<(&str, &str)> = headers.iter().flat_map(|header| macros_and_types(header)).collect();
    for (name, comment) in &definitions {
        let specified = reference(name).map_or_else(String::new, |reference| format!("{reference})"));
        assert!(comment.contains(&specified), "{name} is specified in {specified}");
        let words = comment.replace(&specified, "");
        assert!(words.contains(char::is_alphanumeric), "{name}: what is it?");
    }
    let described: BTreeSet<&str> = definitions.iter().map(|(name, _)| *name).collect();
    let functions = IDENTIFIERS.lines().filter_map(|line| line.strip_prefix("function,")?.split(',').next());
    let functions: BTreeSet<&str> = functions.collect();
    let missing: Vec<&str> =
        identifiers().filter(|name| !functions.contains(name) && !described.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
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
        let source = format!("Source: {}.\n", reference(function).unwrap());
        if !text.contains(&source) {
            missing.push(format!("{function}: {source}"));
        }
        if let Some(parameters) = rest.strip_suffix(",psa_status_t") {
            let absent = expected_errors(function, parameters).into_iter().filter(|error| !text.contains(error));
            missing.extend(absent.map(|error| format!("{function}: {error}")));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
