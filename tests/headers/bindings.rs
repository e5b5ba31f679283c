//! What cbindgen makes of `src/capi`: types, structures, prototypes, and the names that programs are bound to.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use cbindgen::{Builder, Config, ItemType, Style};

use crate::sections::reference;
use crate::support::{check_generated, header, root};

/// The C boundary's files, in the order of the specification; without `mod.rs`, which would bring them all again.
fn sources() -> Vec<PathBuf> {
    let specification = fs::read_to_string(root().join("tests/data/crypto-api-1.5-identifiers.csv")).unwrap();
    let place = |path: &PathBuf| {
        let first = functions(path).into_iter().find_map(|name| specification.find(&format!("function,{name},")));
        (first.unwrap_or(usize::MAX), path.clone())
    };
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("src/capi"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("mod.rs"))
        .collect();
    files.sort_by_key(place);
    files
}

/// The functions that a file exports.
fn functions(path: &PathBuf) -> Vec<String> {
    let source = fs::read_to_string(path).unwrap();
    source
        .lines()
        .filter(|line| line.starts_with("pub "))
        .filter_map(|line| line.split_once("extern \"C\" fn ")?.1.split_once('('))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// All exported functions, in the order of the specification.
fn all_functions() -> Vec<String> {
    sources().iter().flat_map(functions).collect()
}

/// The names in the lines of `src/capi` that begin with `beginning`, up to `end`.
fn names(beginning: &str, end: char) -> Vec<String> {
    let files = sources();
    let sources = files.iter().map(|path| fs::read_to_string(path).unwrap());
    sources
        .flat_map(|source| {
            let rests = source.lines().filter_map(|line| line.strip_prefix(beginning));
            rests.filter_map(|rest| Some(rest.split_once(end)?.0.trim().to_owned())).collect::<Vec<_>>()
        })
        .filter(|name| name.starts_with("psa_"))
        .collect()
}

/// What cbindgen makes of one kind of items: those named, and none of the functions that are not.
fn bindings(kind: ItemType, style: Style, wanted: &[String]) -> String {
    let mut config = Config::from_file(root().join("cbindgen.toml")).unwrap();
    config.style = style;
    config.export.item_types = vec![kind];
    config.export.include = wanted.to_vec();
    config.export.exclude = all_functions().into_iter().filter(|name| !wanted.contains(name)).collect();
    let builder = sources().into_iter().fold(Builder::new().with_config(config), Builder::with_src);
    let mut text = Vec::new();
    builder.generate().unwrap().write(&mut text);
    String::from_utf8(text).unwrap().trim_start().replace(" * # Safety\n *\n * ", " * @pre ")
}

/// One `_INIT` macro per structure.
fn initializers(structures: &[String]) -> String {
    let mut text = String::from(
        "\n/* Objects that are not in use: the same as all-zero memory and as what the _init() functions return. */\n\
         #ifdef __cplusplus\n#define PARSEC_ZERO_INIT {}\n#else\n#define PARSEC_ZERO_INIT {0}\n#endif\n\n",
    );
    for name in structures {
        let value = if name == "psa_custom_key_parameters_t" { "{ 0 }" } else { "PARSEC_ZERO_INIT" };
        let initializer = format!("{}_INIT", name.trim_end_matches("_t").to_uppercase());
        let reference = reference(&initializer).unwrap();
        let _ = writeln!(text, "#define {initializer} {value} /**< What a {name} begins as ({reference}). */");
    }
    text
}

/// Where the text of these headers comes from.
const ORIGIN: &str = "src/capi";

#[test]
fn types_are_those_of_the_rust_code() {
    let types = bindings(ItemType::Typedefs, Style::Type, &names("pub type ", '='));
    let body = format!("#include <stddef.h>\n#include <stdint.h>\n\n{types}");
    check_generated("include/psa/crypto_types.h", &header("psa/crypto_types.h", "Scalar types.", ORIGIN, &body));
}

#[test]
fn structures_are_those_of_the_rust_code() {
    let names = names("pub struct ", '{');
    let structures = bindings(ItemType::Structs, Style::Both, &names);
    let body = format!("#include \"crypto_types.h\"\n\n{structures}{}", initializers(&names));
    let title = "Structures, whose fields are private to the library, and what they begin as.";
    check_generated("include/psa/crypto_struct.h", &header("psa/crypto_struct.h", title, ORIGIN, &body));
}

#[test]
fn prototypes_are_those_of_the_rust_code() {
    let wanted: Vec<String> = all_functions().into_iter().filter(|name| !is_extension(name)).collect();
    let body = format!(
        "#include \"crypto_config.h\"\n#include \"crypto_names.h\"\n#include \"crypto_sizes.h\"\n\
         #include \"crypto_struct.h\"\n#include \"crypto_values.h\"\n\n{}\n\
         #include \"crypto_compat.h\"\n#include \"crypto_extra.h\"\n",
        bindings(ItemType::Functions, Style::Type, &wanted)
    );
    let title = "The PSA Certified Crypto API 1.5: the header that programs include.\n *\n \
                 * Each function lists what it may return. Beside that, a device with a key may fail in any call that uses the\n \
                 * key, the first use of a key that the configuration provisions (`[[keys]]`) ends like `psa_attach_key()` where\n \
                 * that fails, and `PSA_ERROR_CORRUPTION_DETECTED` is a defect of the library. `parsec_last_error()` (`parsec.h`)\n \
                 * says in a sentence what happened.";
    check_generated("include/psa/crypto.h", &header("psa/crypto.h", title, ORIGIN, &body));
}

#[test]
fn our_extensions_are_those_of_the_rust_code() {
    let wanted: Vec<String> = all_functions().into_iter().filter(|name| is_extension(name)).collect();
    let body = format!("#include \"psa/crypto.h\"\n\n{}", bindings(ItemType::Functions, Style::Type, &wanted));
    check_generated(
        "include/parsec.h",
        &header("parsec.h", "What libparsec has beside the specification.", ORIGIN, &body),
    );
}

fn is_extension(function: &str) -> bool {
    function.starts_with("parsec_")
}

#[test]
fn every_function_is_bound_to_its_second_name() {
    let mut body = String::from("#if defined(__GNUC__) && !defined(PARSEC_PLAIN_NAMES)\n");
    for name in all_functions().iter().filter(|name| name.starts_with("psa_")) {
        let _ = writeln!(body, "#pragma redefine_extname {name} parsec_{name}");
    }
    body.push_str("#endif\n");
    let title = "Binds programs to the second name of each function, so that they never reach the psa_x() of another\n \
                 * library in the same process. PARSEC_PLAIN_NAMES, defined by the program, turns that off.";
    check_generated("include/psa/crypto_names.h", &header("psa/crypto_names.h", title, ORIGIN, &body));
}
