//! `docs/support.md`, for people, `psa/crypto_config.h`, for programs, and `c_tests/support.h`, for the tests: what
//! works where, asked from the code.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use parsec::core::support::{self, CHAPTERS, Case, Place, cases, markdown};

use crate::support::{check_generated, header, root};

const INTRODUCTION: &str = "\
# What works where

Written from the code by `make headers`; a test fails when it drifts.

The first table says for each function of the specification whether it works yet; one that does not answers
`PSA_ERROR_NOT_SUPPORTED`. The others say for each place what it does itself with a key that lives there:

- *native* and *mbed-crypto* are the engines for local keys. What mbed-crypto lacks, the native engine computes for the
  same key.
- *pkcs11* and *tpm* are devices: the answer is what the code can do, and a device may offer less. Hashes, extendable-output
  functions, and everything that needs a public key only, are computed by the engine wherever the key lives.
- *softhsm* (SoftHSM 2.6), *kryoptic* (1.5 with OpenSSL 3.6), *nss* (softokn 3.87), *p11-kit* (SoftHSM in another process)
  and *tpm2-pkcs11* (1.9, persistent keys only) are single tokens: what their mechanisms allow. [tokens.md](tokens.md) tells
  what each of them lacks and why.

Key pairs stand for their public keys too. A truncated MAC or a shorter tag works where the full length does, and an
algorithm that takes a hash works with every hash of the first table unless it is listed with several.

Of the elliptic curves of the specification, those of `PSA_ECC_FAMILY_SECP_R2`, `PSA_ECC_FAMILY_SECT_K1`,
`PSA_ECC_FAMILY_SECT_R1`, `PSA_ECC_FAMILY_SECT_R2` and `PSA_ECC_FAMILY_FRP` work nowhere: `PSA_ERROR_NOT_SUPPORTED`.

## Functions

";

/// Single tokens with what they said of themselves, which `tests/tokens/abilities.rs` compares with the tokens.
const TOKENS: [(&str, &str); 5] = [
    ("softhsm", include_str!("../data/tokens/softhsm.txt")),
    ("kryoptic", include_str!("../data/tokens/kryoptic.txt")),
    ("nss", include_str!("../data/tokens/nss.txt")),
    ("p11-kit", include_str!("../data/tokens/p11-kit.txt")),
    ("tpm2-pkcs11", include_str!("../data/tokens/tpm2-pkcs11.txt")),
];

fn places() -> Vec<Place> {
    support::places(&TOKENS)
}

/// Each function of the specification with whether it works, from the documentation that the header shows.
fn functions() -> String {
    let specification = include_str!("../data/crypto-api-1.5-identifiers.csv");
    let header = fs::read_to_string(root().join("include/psa/crypto.h")).unwrap();
    let mut text = String::from("| function | works |\n| --- | --- |\n");
    for name in specification.lines().filter_map(|line| line.strip_prefix("function,")?.split(',').next()) {
        let place = header.find(&format!(" {name}(")).unwrap_or_else(|| panic!("{name} is not in psa/crypto.h"));
        let documentation = header[..place].rsplit("/**").next().unwrap();
        let works = if documentation.contains("Not supported yet") { "not yet" } else { "yes" };
        let _ = writeln!(text, "| `{name}` | {works} |");
    }
    text
}

#[test]
fn the_document_is_what_the_code_says() {
    check_generated("docs/support.md", &format!("{INTRODUCTION}{}\n{}", functions(), markdown(&places()).trim_end()));
}

/// `Hash` as `SUPPORT_HASH`, `mbed-crypto` as `SUPPORT_MBED_CRYPTO`.
fn constant(name: &str) -> String {
    let mut text = String::from("SUPPORT");
    for (place, letter) in name.char_indices() {
        if place == 0 || letter.is_uppercase() {
            text.push('_');
        }
        text.push(if letter == '-' { '_' } else { letter.to_ascii_uppercase() });
    }
    text
}

/// The macros of the specification that say how large a buffer must be.
fn size_macros() -> Vec<&'static str> {
    let specification = include_str!("../data/crypto-api-1.5-identifiers.csv").lines();
    specification
        .filter_map(|line| line.strip_prefix("macro,").or(line.strip_prefix("constant,"))?.split(',').next())
        .filter(|name| (name.ends_with("_SIZE") || name.ends_with("_LENGTH")) && !name.starts_with("PSA_ALG_"))
        .collect()
}

#[test]
fn the_table_of_the_c_tests_is_what_the_code_says() {
    let places = places();
    let mut text = String::from(
        "/* What works where: docs/support.md for programs. Written from the code: run `make headers`. */\n\
         #ifndef SUPPORT_H\n#define SUPPORT_H\n\n#include <psa/crypto.h>\n\nenum support_place {\n",
    );
    for (bit, place) in places.iter().enumerate() {
        let _ = writeln!(text, "    {} = 1 << {bit},", constant(place.name));
    }
    text.push_str("    SUPPORT_NOWHERE = 0\n};\n\nenum support_function {\n");
    for (function, ..) in CHAPTERS {
        let _ = writeln!(text, "    {},", constant(&format!("{function:?}")));
    }
    text.push_str(
        "    SUPPORT_FUNCTIONS\n};\n\nstruct support_row {\n    enum support_function function;\n\
         \x20   psa_key_type_t key_type;\n    size_t key_bits;\n    psa_algorithm_t alg;\n    unsigned places;\n};\n\n\
         static const struct support_row support_rows[] = {\n",
    );
    for case in CHAPTERS.iter().flat_map(|(function, ..)| cases(*function)) {
        let function = constant(&format!("{:?}", case.function));
        let answers: u32 = places.iter().enumerate().map(|(bit, place)| u32::from(place.supports(&case)) << bit).sum();
        let (key, bits, algorithm) = (&case.key.name, case.key.bits, &case.algorithm_name);
        let _ = writeln!(text, "    {{{function}, {key}, {bits}, {algorithm}, {answers}}},");
    }
    text.push_str(
        "};\n\n\
         /* Whether a place does this itself with a key that lives in it; -1 where the table does not say. */\n\
         static inline int support_announced(enum support_place place, enum support_function function,\n\
         \x20                                   psa_key_type_t key_type, size_t key_bits, psa_algorithm_t alg)\n{\n\
         \x20   size_t i;\n    for (i = 0; i < sizeof support_rows / sizeof support_rows[0]; i++) {\n\
         \x20       const struct support_row *row = &support_rows[i];\n\
         \x20       if (row->function == function && row->key_type == key_type && row->key_bits == key_bits &&\n\
         \x20           row->alg == alg) {\n            return (row->places & (unsigned)place) != 0;\n        }\n    }\n\
         \x20   return -1;\n}\n\n",
    );
    let names: Vec<String> = size_macros().iter().map(|name| format!("    \"{name}\"")).collect();
    let _ = write!(
        text,
        "/* The size macros of the specification. */\n#define SUPPORT_SIZE_MACROS \\\n{}\n\n#endif\n",
        names.join(", \\\n")
    );
    check_generated("c_tests/support.h", &text);
}

/// What Mbed TLS calls a key: its type, its kinds for a key pair, and its curve.
fn wanted_keys(case: &Case) -> Vec<String> {
    let key = case.key.name.trim_start_matches("PSA_KEY_TYPE_");
    let pair = |key: &str| {
        let kinds =
            ["", "_BASIC", "_IMPORT", "_EXPORT", "_GENERATE"].map(|kind| format!("KEY_TYPE_{key}_KEY_PAIR{kind}"));
        kinds.into_iter().chain([format!("KEY_TYPE_{key}_PUBLIC_KEY")])
    };
    match key.strip_prefix("ECC_KEY_PAIR(PSA_ECC_FAMILY_") {
        Some(family) => {
            pair("ECC").chain([format!("ECC_{}_{}", family.trim_end_matches(')'), case.key.bits)]).collect()
        }
        None if key == "NONE" => vec![],
        None if key == "RSA_KEY_PAIR" => pair("RSA").collect(),
        // Without the family.
        None => vec![format!("KEY_TYPE_{}", key.split('(').next().unwrap())],
    }
}

#[test]
fn what_programs_may_want_is_what_the_native_engine_does() {
    let places = places();
    let native = places.iter().find(|place| place.name == "native").unwrap();
    // Keys that are only bytes need no engine.
    let mut wanted: BTreeSet<String> = ["KEY_TYPE_RAW_DATA", "KEY_TYPE_PASSWORD_HASH"].map(str::to_owned).into();
    for case in CHAPTERS.iter().flat_map(|(function, ..)| cases(*function)).filter(|case| native.supports(case)) {
        let algorithm = case.algorithm_name.trim_start_matches("PSA_").split('(').next().unwrap();
        wanted.insert(algorithm.to_owned());
        wanted.extend(wanted_keys(&case));
    }
    let title = "What this library computes in software, in the words of Mbed TLS.";
    let body: String = wanted.iter().map(|name| format!("#define PSA_WANT_{name} 1\n")).collect();
    check_generated("include/psa/crypto_config.h", &header("psa/crypto_config.h", title, "the native engine", &body));
}
