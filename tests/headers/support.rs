//! What the tests have in common: paths, the committed files, and compilers.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The directory that programs give to `-I`.
pub fn include() -> PathBuf {
    root().join("include")
}

/// The text of a generated header.
pub fn header(file: &str, title: &str, origin: &str, body: &str) -> String {
    let guard = file.to_uppercase().replace(['/', '.'], "_");
    format!(
        "/**\n * \\file {file}\n * {title}\n *\n * Written from {origin}: run `make headers`.\n */\n\
         #ifndef {guard}\n#define {guard}\n\n{body}\n#endif /* {guard} */\n"
    )
}

/// Compares a committed file with what it should be, or writes it where `UPDATE_HEADERS` is set.
pub fn check_generated(file: &str, expected: &str) {
    let path = root().join(file);
    let committed = fs::read_to_string(&path).unwrap_or_default();
    if std::env::var_os("UPDATE_HEADERS").is_some() && committed != expected {
        // Whole or not at all: other tests compile these files meanwhile.
        let new = tempfile::NamedTempFile::new_in(root()).unwrap();
        fs::write(new.path(), expected).unwrap();
        fs::set_permissions(new.path(), Permissions::from_mode(0o644)).unwrap();
        new.persist(&path).unwrap();
        return;
    }
    let difference = committed.lines().zip(expected.lines()).position(|(old, new)| old != new);
    assert!(
        committed == expected,
        "{file} is not what the Rust code says (first difference: line {:?}); run `make headers`",
        difference.map(|line| line + 1)
    );
}

/// A compiler with the language that it is given.
pub struct Compiler {
    /// Name of the program.
    pub name: &'static str,
    /// `-std` of the language.
    pub standard: &'static str,
    /// Extension of source files.
    pub extension: &'static str,
}

/// The compilers whose users get no warning.
pub const COMPILERS: [Compiler; 4] = [
    Compiler { name: "gcc", standard: "-std=c99", extension: "c" },
    Compiler { name: "g++", standard: "-std=c++11", extension: "cpp" },
    Compiler { name: "clang", standard: "-std=c99", extension: "c" },
    Compiler { name: "clang++", standard: "-std=c++11", extension: "cpp" },
];

impl Compiler {
    /// Compiles a source with all warnings as errors; panics with the compiler's words.
    pub fn compile(&self, source: &str, arguments: &[&str]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("source").with_extension(self.extension);
        fs::write(&file, source).unwrap();
        let output = Command::new(self.name)
            .args([self.standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
            .arg("-I")
            .arg(include())
            .args(arguments)
            .arg(&file)
            .arg("-o")
            .arg(directory.path().join("output"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}: {}", self.name, String::from_utf8_lossy(&output.stderr));
        directory
    }
}
