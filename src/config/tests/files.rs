//! Where configurations and secrets are found, and which are not believed.

use std::os::unix::fs::{PermissionsExt, symlink};

use tempfile::TempDir;

use super::*;

/// A directory with a configuration for each place that is looked at, and the variables that lead there.
struct Places {
    directory: TempDir,
}

impl Places {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        for name in ["home/.config/parsec", "xdg/parsec"] {
            std::fs::create_dir_all(directory.path().join(name)).unwrap();
        }
        Self { directory }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, namespace: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, format!("namespace = '{namespace}'")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        path
    }

    fn load(&self, variables: &[(&str, &str)]) -> Result<Config> {
        Config::load_from(&|name| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some(value.replace('@', self.directory.path().to_str().unwrap()).into())
        })
    }
}

#[test]
fn the_first_file_that_exists_is_read() {
    let places = Places::new();
    let variables = [("HOME", "@/home"), ("XDG_CONFIG_HOME", "@/xdg"), ("PARSEC_CONFIG", "@/named.toml")];
    places.write("home/.config/parsec/parsec.toml", "home");
    places.write("xdg/parsec/parsec.toml", "xdg");
    let named = places.write("named.toml", "named");

    let namespace = |variables: &[(&str, &str)]| places.load(variables).unwrap().namespace;
    assert_eq!(namespace(&variables), "named");
    assert_eq!(places.load(&variables).unwrap().source, Some(named));
    assert_eq!(namespace(&variables[..2]), "xdg");
    assert_eq!(namespace(&variables[..1]), "home");
    assert_eq!(namespace(&[("HOME", "@/home"), ("XDG_CONFIG_HOME", "xdg")]), "home");
    assert_eq!(namespace(&[("HOME", "@/home"), ("PARSEC_NAMESPACE", "mine")]), "mine");
    let (status, cause) = failure(|| places.load(&[("PARSEC_NAMESPACE", "not mine")]));
    assert_eq!(status, Error::DataInvalid);
    assert_eq!(cause, "$PARSEC_NAMESPACE must be 1 to 64 letters, digits, '.', '_' or '-'");
}

#[test]
fn a_file_that_is_named_must_exist() {
    let (status, cause) = failure(|| Places::new().load(&[("PARSEC_CONFIG", "/nonexistent/parsec.toml")]));
    assert_eq!(status, Error::StorageFailure);
    assert_eq!(cause, "configuration /nonexistent/parsec.toml, named by $PARSEC_CONFIG, does not exist");
}

#[test]
fn an_unreadable_file_is_never_taken_for_none() {
    let places = Places::new();
    let path = places.path("xdg/parsec/parsec.toml");
    let load = || failure(|| places.load(&[("XDG_CONFIG_HOME", "@/xdg")]));

    symlink("/nonexistent", &path).unwrap();
    assert_eq!(load().0, Error::StorageFailure);
    std::fs::remove_file(&path).unwrap();

    std::fs::create_dir(&path).unwrap();
    let (status, cause) = load();
    assert_eq!(status, Error::StorageFailure);
    assert!(cause.contains("not a regular file"), "{cause}");
    std::fs::remove_dir(&path).unwrap();

    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    assert_eq!(load().0, Error::StorageFailure);
    std::fs::write(&path, vec![b'#'; 2 << 20]).unwrap();
    assert_eq!(load().0, Error::StorageFailure);
}

#[test]
fn a_configuration_that_others_may_write_is_refused() {
    let places = Places::new();
    let path = places.write("named.toml", "named");
    for (target, mode) in [(path.clone(), 0o664), (path.clone(), 0o646), (places.path(""), 0o777)] {
        std::fs::set_permissions(&target, std::fs::Permissions::from_mode(mode)).unwrap();
        let (status, cause) = failure(|| places.load(&[("PARSEC_CONFIG", "@/named.toml")]));
        assert_eq!(status, Error::NotPermitted, "{mode:o}");
        assert!(
            cause.starts_with("configuration refused: others may write ") && cause.contains("chmod go-w"),
            "{cause}"
        );
        std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    assert!(places.load(&[("PARSEC_CONFIG", "@/named.toml")]).is_ok());
}

#[test]
fn a_module_that_others_may_write_is_refused() {
    let places = Places::new();
    let module = places.write("module.so", "");
    let config = |module: &Path| Pkcs11Config { module: module.to_owned(), ..Pkcs11Config::default() };
    assert_eq!(config(&module).trusted_module().unwrap(), module);
    std::fs::set_permissions(&module, std::fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(failure(|| config(&module).trusted_module().map(Path::to_owned)).0, Error::NotPermitted);
    let missing = places.path("missing.so");
    let (status, cause) = failure(|| config(&missing).trusted_module().map(Path::to_owned));
    assert_eq!(status, Error::StorageFailure);
    assert!(cause.contains("missing.so: install it, or correct 'module'"), "{cause}");
}

#[test]
fn secrets_come_without_their_end_of_line() {
    let places = Places::new();
    let path = places.path("pin");
    let source = SecretSource::File(path.clone());
    let write = |content: &str, mode| {
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    for (content, expected) in [("1234", "1234"), ("1234\n", "1234"), ("1234\r\n", "1234"), (" 12\n\n", " 12\n")] {
        write(content, 0o640);
        assert_eq!(source.read().unwrap().as_slice(), expected.as_bytes());
    }
    write("\n", 0o600);
    assert_eq!(failure(|| source.read()).0, Error::DataInvalid);
    for mode in [0o644, 0o620, 0o602] {
        write("12345678", mode);
        let (status, cause) = failure(|| source.read());
        assert_eq!(status, Error::NotPermitted, "{mode:o}");
        assert!(!cause.contains("12345678"), "{cause}");
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(failure(|| source.read()).0, Error::StorageFailure);
}

#[test]
fn secrets_that_are_not_there_say_what_to_do() {
    let (status, cause) = failure(|| SecretSource::Env("PARSEC_TEST_NO_SUCH_PIN".to_owned()).read());
    assert_eq!(status, Error::DataInvalid);
    assert_eq!(cause, "environment variable PARSEC_TEST_NO_SUCH_PIN, which holds a secret, is not set");
    let (status, cause) = failure(|| SecretSource::Credential("parsec-test-no-such-pin".to_owned()).read());
    assert!(cause.contains("LoadCredential=") || status == Error::StorageFailure, "{cause}");
}
