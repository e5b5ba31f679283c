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
