//! Compiles the random calls, which the C tests make too, with the sanitizer of this build.

fn main() {
    for file in ["random_calls.c", "random_calls.h", "random_arguments.h", "random_operations.h", "support.h"] {
        println!("cargo:rerun-if-changed=../c_tests/{file}");
    }
    cc::Build::new()
        .compiler("clang")
        .include("../include")
        // The static library has each function under its first name only.
        .define("PARSEC_PLAIN_NAMES", None)
        .flag("-fsanitize=address,fuzzer-no-link")
        .file("../c_tests/random_calls.c")
        .compile("random_calls");
}
