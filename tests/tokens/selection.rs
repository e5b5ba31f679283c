//! How a configuration names a token, and where its PIN is: all of it leads to the same token.

use std::fs;

use parsec::config::Config;
use parsec::core::library::Library;
use parsec::core::{keys, signature};
use parsec::psa::{Error, KeyId};

use crate::adoption::ECDSA;
use crate::bare::Bare;
use crate::place::{self, in_places};

const VARIABLE: &str = "PARSEC_TEST_TOKEN_PIN";
const CREDENTIAL: &str = "token-pin";

/// A field that is padded with blanks, or with zeros.
fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim_end_matches([' ', '\0']).to_owned()
}

/// As `p11tool` prints it (RFC 7512, section 2.3): everything that is no letter or digit is escaped.
fn uri(parts: &[(&str, &str)]) -> String {
    let escaped = |value: &str| -> String {
        let byte = |byte: u8| match byte.is_ascii_alphanumeric() {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        };
        value.bytes().map(byte).collect()
    };
    let given = parts.iter().filter(|(_, value)| !value.is_empty());
    let parts: Vec<_> = given.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    format!("uri = \"pkcs11:{}\"", parts.join(";"))
}

/// Makes a key, signs with it and destroys it.
fn works(library: &Library) -> Result<(), Error> {
    let (key, mut made) = (keys::generate(library, &place::signing(KeyId(7)), &[])?, [0; 64]);
    signature::sign_hash(library, key, ECDSA, &[5; 32], &[], &mut made)?;
    signature::verify_hash(library, key, ECDSA, &[5; 32], &[], &made)?;
    keys::destroy(library, key)
}

/// The fixture's configuration with other lines.
fn open(lines: &[(&str, &str)]) -> Library {
    let path = std::env::var_os("PARSEC_CONFIG").unwrap();
    let original = fs::read_to_string(&path).unwrap();
    let changed = |line: &str| match lines.iter().find(|(name, _)| line.starts_with(&format!("{name} = "))) {
        Some((_, other)) => format!("{other}\n"),
        None => format!("{line}\n"),
    };
    fs::write(&path, original.lines().map(changed).collect::<String>()).unwrap();
    let config = Config::load().unwrap_or_else(|error| panic!("{lines:?}: {error:?} {:?}", parsec::cause::take()));
    fs::write(&path, original).unwrap();
    Library::new(config).unwrap()
}

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn inside() {
    let pin = fs::read(place::scratch().join("pin")).unwrap();
    let credentials = place::scratch().join("credentials");
    fs::create_dir(&credentials).unwrap();
    fs::copy(place::scratch().join("pin"), credentials.join(CREDENTIAL)).unwrap();
    // SAFETY: nothing else runs in this process, which has one test.
    unsafe {
        std::env::set_var(VARIABLE, String::from_utf8(pin).unwrap().trim_end());
        std::env::set_var("CREDENTIALS_DIRECTORY", &credentials);
    }
    let info = Bare::open(place::token(&Config::load().unwrap())).token();
    let (label, serial) = (text(&info.label), text(&info.serialNumber));
    let (manufacturer, model) = (text(&info.manufacturerID), text(&info.model));
    let all = [("token", &*label), ("serial", &*serial), ("manufacturer", &*manufacturer), ("model", &*model)];
    let names =
        [format!("token = \"{label}\""), format!("serial = \"{serial}\""), uri(&all), uri(&all[..1]), uri(&all[1..])];
    for (number, name) in names.iter().enumerate() {
        let library = open(&[("token", name)]);
        // NSS has two tokens that differ by their labels only.
        if place::name() != "nss" || [0, 2, 3].contains(&number) {
            check(&library, name);
            continue;
        }
        assert_eq!(works(&library), Err(Error::InvalidArgument));
        let text = parsec::cause::take().unwrap();
        assert!(
            text.contains("several tokens with serial ") && text.contains(&format!("\"{label}\" (serial")),
            "{text}"
        );
    }
    for source in [format!("env = \"{VARIABLE}\""), format!("credential = \"{CREDENTIAL}\"")] {
        let source = format!("pin = {{ {source} }}");
        check(&open(&[("pin", &source)]), &source);
        check(&open(&[("pin", &source), ("token", &names[2])]), &source);
    }
    // One part that does not fit is enough.
    for number in 0..all.len() {
        let mut wrong = all;
        wrong[number].1 = "other";
        assert_eq!(works(&open(&[("token", &uri(&wrong))])), Err(Error::CommunicationFailure));
        let text = parsec::cause::take().unwrap();
        assert!(text.contains("no token with ") && text.contains(&format!("\"{label}\" (serial")), "{text}");
    }
}

fn check(library: &Library, what: &str) {
    works(library).unwrap_or_else(|error| panic!("{what}: {error:?} {:?}", parsec::cause::take()));
}

in_places!(|place| place::run(place, &[], "selection::inside"); softhsm kryoptic nss p11_kit tpm2_pkcs11);
