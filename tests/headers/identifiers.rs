//! Every identifier of the specification is in `psa/crypto.h`, with its value, type or prototype.

use std::fmt::Write;

use crate::support::COMPILERS;

/// Every identifier of PSA Crypto API 1.5: kind, name, parameters, value or return type.
const IDENTIFIERS: &str = include_str!("../data/crypto-api-1.5-identifiers.csv");

struct Identifier {
    kind: &'static str,
    name: &'static str,
    parameters: &'static str,
    value: &'static str,
}

fn identifiers() -> Vec<Identifier> {
    IDENTIFIERS.lines().skip(1).map(identifier).collect()
}

fn identifier(line: &'static str) -> Identifier {
    let (kind, rest) = line.split_once(',').unwrap();
    let (name, rest) = rest.split_once(',').unwrap();
    let (parameters, value) = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once("\",").unwrap(),
        None => rest.split_once(',').unwrap(),
    };
    Identifier { kind, name, parameters, value: value.trim_matches('"') }
}

/// True where the specification leaves the value to the library, or gives it elsewhere.
fn is_open(value: &str) -> bool {
    matches!(value, "implementation-defined" | "specification-defined")
}

#[test]
fn the_list_is_complete() {
    let count = |kind| identifiers().iter().filter(|identifier| identifier.kind == kind).count();
    assert_eq!(["constant", "function", "macro", "type"].map(count), [232, 135, 178, 28]);
}

/// Compiles checks of all identifiers of one kind behind the header.
fn check(kind: &str, first: impl Fn(&Identifier) -> String, second: impl Fn(&Identifier) -> String) {
    let mut source = String::from("#include <psa/crypto.h>\n");
    let all: Vec<Identifier> = identifiers().into_iter().filter(|identifier| identifier.kind == kind).collect();
    all.iter().for_each(|identifier| source.push_str(&first(identifier)));
    all.iter().for_each(|identifier| source.push_str(&second(identifier)));
    source.push_str("int main(void) { return 0; }\n");
    for compiler in COMPILERS.iter().filter(|compiler| compiler.extension == "c") {
        compiler.compile(&source, &["-std=gnu11", "-fsyntax-only", "-Wno-unused"]);
    }
}

/// Fails where a macro is not defined.
fn must_be_defined(identifier: &Identifier) -> String {
    format!("#ifndef {0}\n#error {0} is missing\n#endif\n", identifier.name)
}

#[test]
fn constants_have_their_values_and_types() {
    check("constant", must_be_defined, |&Identifier { name, value, .. }| {
        let mut text = String::new();
        if !is_open(value) && !value.starts_with('{') {
            let _ = writeln!(text, "_Static_assert({name} == {value}, \"{name}\");");
            let _ = writeln!(
                text,
                "_Static_assert(__builtin_types_compatible_p(__typeof__({name}), __typeof__({value})), \"{name}\");"
            );
        }
        text
    });
}

#[test]
fn macros_are_defined_and_those_with_a_definition_agree() {
    check("macro", must_be_defined, |&Identifier { name, parameters, value, .. }| {
        if is_open(value) {
            return String::new();
        }
        let count = parameters.split(',').count();
        let mut text = format!("#define SPECIFIED_{name}({parameters}) {value}\n");
        for argument in ["0x00u", "0x01u", "0x09020000u", "0x09020100u", "0x7fu", "0x800001ffu"] {
            let arguments = vec![argument; count].join(", ");
            let _ = writeln!(text, "_Static_assert({name}({arguments}) == SPECIFIED_{name}({arguments}), \"{name}\");");
        }
        text
    });
}

#[test]
fn types_are_those_of_the_specification() {
    let use_type = |identifier: &Identifier| format!("_Static_assert(sizeof({}) > 0, \"\");\n", identifier.name);
    check(
        "type",
        use_type,
        |&Identifier { name, value, .. }| {
            if is_open(value) { String::new() } else { format!("typedef {value} {name};\n") }
        },
    );
}

#[test]
fn functions_have_their_prototypes() {
    // A declaration that does not agree with the one before it is an error.
    let take_address =
        |identifier: &Identifier| format!("static inline void take_{0}(void) {{ (void) &{0}; }}\n", identifier.name);
    check("function", take_address, |&Identifier { name, parameters, value, .. }| {
        format!("{value} {name}({parameters});\n")
    });
}
