use super::*;
use crate::cause;
use crate::psa::Error;

fn parse(text: &str) -> Result<Config> {
    Config::parse(text, Path::new("/etc/parsec/parsec.toml"))
}

#[test]
fn nothing_written_means_software() {
    let config = parse("").unwrap();
    assert_eq!(Config { source: None, ..config }, Config::default());
    assert_eq!(Config::default().routes.persistent, "software");
}

#[test]
fn an_unknown_key_is_told_with_file_line_and_what_to_do() {
    cause::clear();
    assert_eq!(parse("\n\n[store]\npaht = '/x'\n"), Err(Error::DataInvalid));
    assert_eq!(
        cause::take().as_deref(),
        Some("/etc/parsec/parsec.toml:4: unknown key 'paht' in [store]; allowed: path")
    );
}
