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
            compiler.compile(&source, &["-fsyntax-only", "-Wredundant-decls"]);
            compiler.compile(&source, &["-fsyntax-only", "-Wredundant-decls", "-DPARSEC_PLAIN_NAMES"]);
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

/// What a program that was written for Mbed TLS contains.
const MBED_TLS_PROGRAM: &str = r#"
#include <psa/crypto.h>

#if !defined(PSA_WANT_ALG_SHA_256) || !defined(PSA_WANT_ECC_SECP_R1_256) || !defined(PSA_WANT_KEY_TYPE_AES)
#error "not wanted"
#endif

psa_status_t program(mbedtls_svc_key_id_t persistent);

psa_status_t program(mbedtls_svc_key_id_t persistent)
{
    mbedtls_svc_key_id_t key = MBEDTLS_SVC_KEY_ID_INIT;
    psa_key_handle_t handle = PSA_KEY_HANDLE_INIT;
    psa_key_attributes_t attributes = psa_key_attributes_init();
    uint8_t signature[PSA_ECDSA_SIGNATURE_SIZE(PSA_VENDOR_ECC_MAX_CURVE_BITS)];
    uint8_t public_key[PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256)];
    uint8_t hash[PSA_HASH_MAX_SIZE];
    size_t length;
    psa_status_t status;

    status = psa_open_key(persistent, &handle);
    if (status != PSA_SUCCESS || psa_key_handle_is_null(handle)) {
        return status;
    }
    psa_set_key_id(&attributes, mbedtls_svc_key_id_make(0, 7));
    psa_set_key_algorithm(&attributes, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
    psa_set_key_bits(&attributes, PSA_BYTES_TO_BITS(32));
    status = psa_generate_key(&attributes, &key);
    if (status == PSA_SUCCESS && !mbedtls_svc_key_id_is_null(key) && !mbedtls_svc_key_id_equal(key, persistent)) {
        status = psa_hash_compute(PSA_ALG_HMAC_GET_HASH(PSA_ALG_HMAC(PSA_ALG_SHA_256)), signature, sizeof signature,
                                  hash, sizeof hash, &length);
        status = psa_sign_hash(key, PSA_ALG_ECDSA(PSA_ALG_SHA_256), hash, length, signature, sizeof signature, &length);
        status = psa_export_public_key(key, public_key, sizeof public_key, &length);
    }
    (void) psa_close_key(handle);
    mbedtls_psa_crypto_free();
    return status;
}
"#;

#[test]
fn programs_for_mbed_tls_compile_as_they_are() {
    // The program itself is right: it compiles with the headers of Mbed TLS, too.
    let directory = tempfile::tempdir().unwrap();
    let source = directory.path().join("program.c");
    fs::write(&source, MBED_TLS_PROGRAM).unwrap();
    let compiled = Command::new("gcc").args(["-std=c99", "-fsyntax-only"]).arg(&source).status().unwrap();
    assert!(compiled.success());
    for compiler in &COMPILERS {
        compiler.compile(MBED_TLS_PROGRAM, &["-fsyntax-only"]);
    }
}
