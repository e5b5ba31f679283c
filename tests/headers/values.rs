//! `psa/crypto_values.h` and `psa/error.h`: the constants of `src/psa`, and the macros that its tables define.

use std::fs;

use parsec::psa::sizes;

use crate::sections::reference;
use crate::support::{check_generated, header, root};

/// The files with constants and tables of macros, in the order of the header.
const SOURCES: [&str; 9] = [
    "version.rs",
    "algorithm.rs",
    "algorithm_macros.rs",
    "key_type.rs",
    "lifetime.rs",
    "policy.rs",
    "key_derivation.rs",
    "pake.rs",
    "sizes.rs",
];

/// The C type of a constant, by the beginning of its name; others have none.
const TYPES: [(&str, &str); 16] = [
    ("PSA_ALG_", "psa_algorithm_t"),
    ("PSA_DH_FAMILY_", "psa_dh_family_t"),
    ("PSA_ECC_FAMILY_", "psa_ecc_family_t"),
    ("PSA_ERROR_", "psa_status_t"),
    ("PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH", "size_t"),
    ("PSA_KEY_DERIVATION_INPUT_", "psa_key_derivation_step_t"),
    ("PSA_KEY_ID_", "psa_key_id_t"),
    ("PSA_KEY_LIFETIME_", "psa_key_lifetime_t"),
    ("PSA_KEY_LOCATION_", "psa_key_location_t"),
    ("PSA_KEY_PERSISTENCE_", "psa_key_persistence_t"),
    ("PSA_KEY_TYPE_", "psa_key_type_t"),
    ("PSA_KEY_USAGE_", "psa_key_usage_t"),
    ("PSA_PAKE_PRIMITIVE_TYPE_", "psa_pake_primitive_type_t"),
    ("PSA_PAKE_ROLE_", "psa_pake_role_t"),
    ("PSA_PAKE_STEP_", "psa_pake_step_t"),
    ("PSA_SLH_DSA_FAMILY_", "psa_slh_dsa_family_t"),
];

/// The constants whose values Rust computes.
fn computed(name: &str) -> Option<usize> {
    macro_rules! look_up {
        ($($constant:ident)*) => {
            match name {
                $(concat!("PSA_", stringify!($constant)) => Some(sizes::$constant),)*
                _ => None,
            }
        };
    }
    look_up! {
        HASH_SUSPEND_OUTPUT_MAX_SIZE MAC_MAX_SIZE CIPHER_FINISH_OUTPUT_MAX_SIZE AEAD_FINISH_OUTPUT_MAX_SIZE
        AEAD_VERIFY_OUTPUT_MAX_SIZE ASYMMETRIC_ENCRYPT_OUTPUT_MAX_SIZE ASYMMETRIC_DECRYPT_OUTPUT_MAX_SIZE
        RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE EXPORT_KEY_PAIR_MAX_SIZE EXPORT_ASYMMETRIC_KEY_MAX_SIZE
        WRAP_KEY_PAIR_MAX_SIZE PAKE_OUTPUT_MAX_SIZE PAKE_INPUT_MAX_SIZE
    }
}

/// `#define`s from one source file, under its title.
fn definitions(source: &str) -> String {
    let mut text = format!("\n/* {} */\n\n", source.lines().next().unwrap().trim_start_matches("//! "));
    let mut documentation = String::new();
    for line in source.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("/// ") {
            documentation.push_str(words);
            documentation.push(' ');
            continue;
        }
        if let Some(definition) = constant(&documentation, line).or_else(|| table_row(&documentation, line)) {
            text.push_str(&definition);
        }
        documentation.clear();
    }
    text
}

/// A constant or an enum variant whose documentation begins with its C name.
fn constant(documentation: &str, line: &str) -> Option<String> {
    let (name, words) = documentation.strip_prefix("`PSA_")?.split_once('`')?;
    let name = format!("PSA_{name}");
    let (_, value) = line.split_once(" = ")?;
    if line.contains("fn ") {
        return None;
    }
    let value = value.trim_end_matches([';', ',']);
    let value = value.strip_prefix("Self(").and_then(|value| value.strip_suffix(')')).unwrap_or(value);
    let value = match value {
        "usize::MAX" => "((size_t) -1)".to_owned(),
        value if value.parse::<i64>().is_ok() || value.starts_with("0x") => typed(&name, &value.replace('_', "")),
        expression => computed(&name).unwrap_or_else(|| panic!("{name} = {expression}")).to_string(),
    };
    Some(format!("#define {name} {value} {}\n", comment(&name, words.trim_start_matches([':', ' ']))))
}

/// What stands behind a macro: what it is, which it must say, and where the specification has it.
fn comment(name: &str, words: &str) -> String {
    let words = words.trim().trim_end_matches('.');
    let (first, rest) = words.split_at_checked(1).unwrap_or_else(|| panic!("{name}: what is it?"));
    // A name that begins the sentence is in backticks, and stays as it is.
    let sentence = format!("{}{rest}", first.to_uppercase()).replace('`', "");
    // One pair of parentheses has all sources; that of a function has none.
    let sources = sentence.strip_suffix(')').filter(|begun| !begun.ends_with('('));
    let begun = sources.map_or_else(|| format!("{sentence} ("), |begun| format!("{begun}; "));
    format!("/**< {begun}{}). */", reference(name).unwrap())
}

/// The value with the cast that the specification gives it.
fn typed(name: &str, value: &str) -> String {
    match TYPES.iter().find(|(beginning, _)| name.starts_with(beginning)) {
        Some((_, c_type)) => format!("(({c_type}) {value})"),
        None => value.to_owned(),
    }
}

/// A row of the tables of macros in `algorithm_macros.rs` and `key_type.rs`.
fn table_row(documentation: &str, line: &str) -> Option<String> {
    let (name, row) = line.strip_prefix('"')?.strip_suffix(';')?.split_once("\" ")?;
    if !name.starts_with("PSA_") {
        return None;
    }
    Some(format!("#define {name}{} {}\n", table_macro(name, row)?, comment(name, documentation)))
}

/// The parameter and the definition of the macro in a row.
fn table_macro(name: &str, row: &str) -> Option<String> {
    let parameter = if name.starts_with("PSA_ALG_") { "alg" } else { "type" };
    if let Some((_, family)) = row.split_once(" -> ") {
        let (c_type, _) = c_family(family);
        return Some(format!("({parameter}) (({c_type}) ((type) & 0x007fu))"));
    }
    let (_, row) = row.split_once(": ")?;
    Some(match (row.split_once(" => "), row.split_once(", ")) {
        (Some((mask, bits)), _) => format!("({parameter}) ((({parameter}) & {mask}u) == {bits}u)"),
        (_, Some((family, base))) => {
            let (_, parameter) = c_family(family);
            format!("({parameter}) ((psa_key_type_t) ({base}u | (({parameter}) & 0x007fu)))")
        }
        _ => format!("(hash_alg) ((psa_algorithm_t) ({row}u | ((hash_alg) & 0x000000ffu)))"),
    })
}

/// The C type of a family, and what the specification calls a parameter of it.
fn c_family(family: &str) -> (&'static str, &'static str) {
    match family {
        "EccFamily" => ("psa_ecc_family_t", "curve"),
        "DhFamily" => ("psa_dh_family_t", "group"),
        "SlhDsaFamily" => ("psa_slh_dsa_family_t", "set"),
        other => panic!("{other} is not a family"),
    }
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join("src/psa").join(file)).unwrap()
}

/// Where the text of these headers comes from.
const ORIGIN: &str = "src/psa";

#[test]
fn constants_are_those_of_the_rust_code() {
    let title = "Constants, and the macros that look at the bits of algorithms and key types.";
    let constants: String = SOURCES.iter().map(|file| definitions(&read(file))).collect();
    let body =
        format!("#include \"crypto_types.h\"\n#include \"error.h\"\n{constants}\n#include \"crypto_macros.h\"\n");
    check_generated("include/psa/crypto_values.h", &header("psa/crypto_values.h", title, ORIGIN, &body));
}

#[test]
fn statuses_are_those_of_the_rust_code() {
    let success = format!("#define PSA_SUCCESS ((psa_status_t) 0) {}", comment("PSA_SUCCESS", "it worked"));
    let errors = definitions(&read("status.rs")).replacen("*/\n\n", &format!("*/\n\n{success}\n"), 1);
    let body = format!("#include \"crypto_types.h\"\n{errors}");
    check_generated("include/psa/error.h", &header("psa/error.h", "Statuses of functions.", ORIGIN, &body));
}
