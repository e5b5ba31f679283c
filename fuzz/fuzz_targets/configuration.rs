//! Any text as `parsec.toml`, and as the URI of a token in it: a configuration, or a mistake with its place.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use parsec::{cause, config::Config};

const FILE: &str = "/fuzz/parsec.toml";

fn parse(text: &str) {
    cause::clear();
    if Config::parse(text, Path::new(FILE)).is_err() {
        let cause = cause::take().expect("a mistake without a text");
        assert!(cause.contains(FILE), "a mistake without its file: {cause}");
    }
}

fuzz_target!(|text: &str| {
    parse(text);
    parse(&format!("[backends.hsm]\ntype = \"pkcs11\"\nmodule = \"/module.so\"\nuri = '''{text}'''\n"));
});
