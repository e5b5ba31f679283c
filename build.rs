//! Gives the shared library its name and its exact list of exported symbols.
//!
//! Every function of the C boundary is exported as `psa_x` and, without a second copy of its code, as
//! `parsec_psa_x`: `psa/crypto.h` binds programs to the second name, so that they never reach the `psa_x` of
//! another library in the same process. The names are read from `src/capi`, the only place that defines them;
//! `tests/exports.rs` compares the result with the specification.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// The room that defines the exported functions.
const BOUNDARY: &str = "src/capi";

/// The binary interface: raised when a program that is linked with an older library would no longer work.
const SONAME: &str = "libparsec.so.0";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed={BOUNDARY}");
    println!("cargo:rerun-if-changed=build.rs");

    let mut functions = BTreeSet::new();
    exported_functions(Path::new(BOUNDARY), &mut functions)?;

    let script = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("exports.map");
    fs::write(&script, version_script(&functions))?;

    link_arg(&format!("-soname,{SONAME}"));
    link_arg(&format!("--version-script={}", script.display()));
    for function in functions.iter().filter(|name| name.starts_with("psa_")) {
        link_arg(&format!("--defsym=parsec_{function}={function}"));
    }
    // Rust passes a version script of its own. LLD, its default on x86-64, joins the two; GNU ld refuses to.
    if env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|architecture| architecture != "x86_64") {
        println!("cargo:rustc-cdylib-link-arg=-fuse-ld=lld");
    }
    // Calls inside the library stay inside, whatever else the process loads.
    link_arg("-Bsymbolic");
    // Threads and fork handlers may outlive a dlclose().
    link_arg("-z,nodelete");
    link_arg("-z,relro");
    link_arg("-z,now");
    // Functions that are the same are there once, where no program could tell them apart by their addresses.
    link_arg("--icf=safe");
    if loader_knows_packed_relocations() {
        link_arg("-z,pack-relative-relocs");
    }
    Ok(())
}

/// Relocations take a tenth of their space when packed, which the loader of glibc understands from 2.36 on. Who builds
/// for another machine gets the old form.
fn loader_knows_packed_relocations() -> bool {
    if env::var_os("HOST") != env::var_os("TARGET") {
        return false;
    }
    let Ok(answer) = Command::new("getconf").arg("GNU_LIBC_VERSION").output() else { return false };
    let text = String::from_utf8_lossy(&answer.stdout);
    let version = text.trim().strip_prefix("glibc ").and_then(|version| version.split_once('.'));
    version
        .and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)))
        .is_some_and(|version| version >= (2u32, 36u32))
}

/// Passes one argument to the linker of the shared library, and of nothing else.
fn link_arg(argument: &str) {
    println!("cargo:rustc-cdylib-link-arg=-Wl,{argument}");
}

/// Collects the names of all functions with C linkage below `directory`.
fn exported_functions(directory: &Path, functions: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            exported_functions(&path, functions)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path)?;
            functions.extend(source.lines().filter_map(exported_function).map(str::to_owned));
        }
    }
    Ok(())
}

/// The name that a line such as `pub unsafe extern "C" fn psa_x(` exports.
fn exported_function(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("extern \"C\" fn ")?;
    let name = after.split('(').next()?;
    before.trim_start().starts_with("pub ").then_some(name)
}

/// Names each exported symbol; a pattern such as `psa_*` would let through symbols of linked C libraries.
fn version_script(functions: &BTreeSet<String>) -> String {
    let mut script = String::from("{\n  global:\n");
    for function in functions {
        if function.starts_with("psa_") {
            let _ = writeln!(script, "    parsec_{function};");
        }
        let _ = writeln!(script, "    {function};");
    }
    script.push_str("  local:\n    *;\n};\n");
    script
}
