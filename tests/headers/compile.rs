//! Every header compiles alone and twice, in both languages, with every compiler, without a warning.

use std::fs;
use std::process::Command;

use crate::support::{COMPILERS, include};

/// All headers, as programs include them.
fn headers() -> Vec<String> {
    let specification = fs::read_dir(include().join("psa")).unwrap();
    let names = specification.map(|entry| format!("psa/{}", entry.unwrap().file_name().to_string_lossy()));
    names.chain([String::from("parsec.h")]).collect()
}

#[test]
fn every_header_compiles_alone() {
    for header in headers() {
        for compiler in &COMPILERS {
            let source = format!("#include <{header}>\n#include <{header}>\nint main(void) {{ return 0; }}\n");
            compiler.compile(&source, &["-fsyntax-only"]);
            compiler.compile(&source, &["-fsyntax-only", "-DPARSEC_PLAIN_NAMES"]);
        }
    }
}

/// The structures that programs start with an `_INIT` macro.
const STRUCTURES: [&str; 12] = [
    "psa_aead_operation",
    "psa_cipher_operation",
    "psa_custom_key_parameters",
    "psa_hash_operation",
    "psa_key_attributes",
    "psa_key_derivation_operation",
    "psa_mac_operation",
    "psa_pake_cipher_suite",
    "psa_pake_operation",
    "psa_sign_operation",
    "psa_verify_operation",
    "psa_xof_operation",
];

#[test]
fn initializers_are_all_zero_memory() {
    for compiler in &COMPILERS {
        let mut source = String::from("#include <string.h>\n#include <psa/crypto.h>\nint main(void)\n{\n");
        for name in STRUCTURES {
            let initializer = format!("{}_INIT", name.to_uppercase());
            source += &format!(
                "    {{\n        {name}_t object = {initializer}, zero;\n        memset(&zero, 0, sizeof zero);\n\
                 \x20       if (memcmp(&object, &zero, sizeof zero) != 0) return 1;\n    }}\n"
            );
        }
        source += "    return 0;\n}\n";
        let directory = compiler.compile(&source, &[]);
        let status = Command::new(directory.path().join("output")).status().unwrap();
        assert!(status.success(), "{}", compiler.name);
    }
}

#[test]
fn programs_are_bound_to_the_second_names() {
    let source = "#include <psa/crypto.h>\nint main(void) { return (int) psa_crypto_init(); }\n";
    for compiler in &COMPILERS {
        for (arguments, expected) in
            [(&["-c"][..], "parsec_psa_crypto_init"), (&["-c", "-DPARSEC_PLAIN_NAMES"][..], "psa_crypto_init")]
        {
            let directory = compiler.compile(source, arguments);
            let symbols = Command::new("nm").arg("-u").arg(directory.path().join("output")).output().unwrap();
            let symbols = String::from_utf8(symbols.stdout).unwrap();
            let bound: Vec<&str> = symbols.split_whitespace().filter(|word| word.contains("psa_")).collect();
            assert_eq!(bound, [expected], "{}", compiler.name);
        }
    }
}
