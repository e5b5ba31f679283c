//! Every function-like macro agrees with its twin in `src/psa` for every combination of many inputs, is an integer
//! constant expression, and takes expressions as arguments.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::Command;

use crate::support::COMPILERS;
use crate::twins::{Domain, Twin, twins};

/// The arguments of `twin`, counted like the digits of a number.
fn combinations(twin: &Twin) -> Vec<Vec<u64>> {
    twin.domains.iter().fold(vec![vec![]], |rows, domain| {
        let values = domain.values();
        rows.iter().flat_map(|row| values.iter().map(|value| [&row[..], &[*value]].concat())).collect()
    })
}

/// A program that writes the value of every macro for every combination of inputs.
fn program(twins: &[Twin]) -> String {
    let mut text = String::from(
        "#include <stdio.h>\n#include <psa/crypto.h>\n\
         static void put(uint64_t value) { fwrite(&value, sizeof value, 1, stdout); }\n",
    );
    let domains: BTreeSet<Domain> = twins.iter().flat_map(|twin| twin.domains.clone()).collect();
    for domain in domains {
        let values: Vec<String> = domain.values().iter().map(|value| format!("{value:#x}u")).collect();
        let _ = writeln!(text, "static const {} {domain:?}[] = {{ {} }};", domain.c_type(), values.join(", "));
    }
    for twin in twins {
        let _ = writeln!(text, "static void {}_(void)\n{{", twin.name);
        for (place, domain) in twin.domains.iter().enumerate() {
            let _ = writeln!(
                text,
                "    for (size_t i{place} = 0; i{place} < sizeof {domain:?} / sizeof *{domain:?}; i{place}++)"
            );
        }
        let arguments: Vec<String> =
            twin.domains.iter().enumerate().map(|(place, domain)| format!("{domain:?}[i{place}]")).collect();
        let _ = writeln!(text, "        put((uint64_t) {}({}));\n}}", twin.name, arguments.join(", "));
    }
    let calls: String = twins.iter().map(|twin| format!("    {}_();\n", twin.name)).collect();
    let _ = writeln!(text, "int main(void)\n{{\n{calls}    return 0;\n}}");
    text
}

#[test]
fn macros_agree_with_their_twins() {
    let twins = twins();
    let source = program(&twins);
    for compiler in COMPILERS.iter().filter(|compiler| compiler.name != "clang++") {
        let directory = compiler.compile(&source, &[]);
        let output = Command::new(directory.path().join("output")).output().unwrap();
        assert!(output.status.success());
        let mut values = output.stdout.chunks_exact(8).map(|bytes| u64::from_ne_bytes(bytes.try_into().unwrap()));
        for twin in &twins {
            for arguments in combinations(twin) {
                let (expected, actual) = ((twin.function)(&arguments), values.next().unwrap());
                assert_eq!(actual, expected, "{}: {}({arguments:#x?})", compiler.name, twin.name);
            }
        }
        assert!(values.next().is_none());
    }
}

#[test]
fn every_macro_of_the_specification_has_a_twin() {
    let names: BTreeSet<String> = twins().into_iter().map(|twin| twin.name).collect();
    let specified = include_str!("../data/crypto-api-1.5-identifiers.csv").lines();
    let missing: Vec<&str> = specified
        .filter_map(|line| line.strip_prefix("macro,")?.split(',').next())
        .filter(|name| !names.contains(*name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn macros_are_constant_expressions_of_parenthesised_arguments() {
    let mut source = String::from("#include <psa/crypto.h>\n");
    for twin in twins() {
        for arguments in combinations(&twin).iter().step_by(97).take(50) {
            let plain: Vec<String> = arguments.iter().map(|value| format!("{value:#x}u")).collect();
            let expressions: Vec<String> = arguments.iter().map(|value| format!("{:#x}u ^ 1u", value ^ 1)).collect();
            let (name, value) = (&twin.name, (twin.function)(arguments));
            for arguments in [plain, expressions] {
                let arguments = arguments.join(", ");
                let _ = writeln!(source, "extern char check[({name}({arguments})) == {value}u ? 1 : -1];");
            }
        }
    }
    source.push_str("int main(void) { return 0; }\n");
    for compiler in &COMPILERS {
        compiler.compile(&source, &["-fsyntax-only", "-Wno-redundant-decls"]);
    }
}
