//! Every exported function that returns a status runs inside the guard, under its own name.
// A test fails by panicking, in its helpers too.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

/// The text of each exported function of the C boundary, from its name to the brace that closes it.
fn exported_functions() -> Vec<(String, String)> {
    let mut functions = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/capi")).unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        for part in source.split("#[unsafe(no_mangle)]").skip(1) {
            let text = part.split("\n}\n").next().unwrap();
            let name = text.split("extern \"C\" fn ").nth(1).unwrap().split('(').next().unwrap();
            functions.push((name.to_owned(), text.to_owned()));
        }
    }
    functions
}

#[test]
fn a_status_comes_out_of_the_guard() {
    let functions = exported_functions();
    assert!(functions.len() > 135, "only {} functions were found", functions.len());
    for (name, text) in functions {
        let guarded =
            ["guard(", "guard_uninitialised(", "operate(", "abort(", "make_key(", "make_key_of("].iter().any(|guard| {
                let text = text.split_whitespace().collect::<String>();
                text.contains(&format!("{guard}\"{name}\""))
            });
        let signature = text.split('{').next().unwrap();
        if signature.contains("-> psa_status_t") {
            assert!(guarded, "{name} returns a status without the guard, or under another name");
        } else {
            let plain = name.starts_with("psa_set_key_")
                || name.starts_with("psa_get_key_")
                || name.starts_with("psa_pake_cs_")
                || name.ends_with("_init")
                || ["psa_reset_key_attributes", "parsec_last_error", "parsec_version"].contains(&name.as_str());
            assert!(guarded || plain, "{name} is neither guarded nor a plain accessor");
        }
    }
}

/// All files of Rust below a directory.
fn sources(directory: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The fields of the structure or enumeration that `text` begins with, after its attributes.
fn definition(text: &str) -> &str {
    let end = text.find("\n}").unwrap_or(text.len());
    match text.find(';') {
        Some(semicolon) if !text[..semicolon].contains('{') => &text[..semicolon],
        _ => &text[..end],
    }
}

fn prints_secrets(text: &str) -> bool {
    text.split("#[derive(").skip(1).any(|part| {
        let (traits, rest) = part.split_once(")]").unwrap();
        traits.split(", ").any(|name| name == "Debug")
            && [": Secret,", "(Secret)", "<Secret>", "SecretArray", "Zeroizing"]
                .iter()
                .any(|secret| definition(rest).contains(secret))
    })
}

#[test]
fn no_secret_is_printed_by_debug() {
    assert!(prints_secrets("#[derive(Clone, Debug)]\nstruct Key {\n    material: Secret,\n}\n"));
    assert!(prints_secrets("#[derive(Debug)]\nstruct Key(Zeroizing<[u8; 32]>);\n"));
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 200);
    for (path, text) in found {
        assert!(!prints_secrets(&text), "{path}: a type with a secret has the trait Debug");
    }
}
