mod files;

use super::*;
use crate::cause;
use crate::psa::{Algorithm, Error, KeyId, Usage};

const FILE: &str = "/etc/parsec/parsec.toml";

fn parse(text: &str) -> Result<Config> {
    Config::parse(text, Path::new(FILE))
}

/// The status and the text of a failure.
fn failure<T: std::fmt::Debug>(attempt: impl FnOnce() -> Result<T>) -> (Error, String) {
    cause::clear();
    let status = attempt().unwrap_err();
    (status, cause::take().unwrap())
}

#[test]
fn nothing_written_means_software() {
    let config = parse("").unwrap();
    assert_eq!(config.source.as_deref(), Some(Path::new(FILE)));
    assert_eq!(Config { source: None, ..config }, Config::default());
    assert_eq!(Config::default().routes.persistent, "software");
    assert_eq!(Config::default().routes.volatile, "software");
}

#[test]
#[cfg(all(feature = "pkcs11", feature = "tpm"))]
fn the_whole_configuration() {
    let config = parse(
        r#"
        backend = "tpm"
        namespace = "gateway"

        [routes]
        volatile = "hsm"
        random = "tpm"
        fallback = "software"

        [store]
        path = "/var/lib/gateway/keys"

        [backends.software]
        engine = "native"

        [backends.tpm]
        tcti = "swtpm:port=2321"
        location = 0x000001
        owner_auth = { credential = "tpm-owner" }
        primary = 0x81000001
        bus = "encrypted"
        max_loaded = 2
        timeout = 5
        pcrs = "sha256:7, 0,2"

        [backends.hsm]
        type = "pkcs11"
        module = "/usr/lib/softhsm/libsofthsm2.so"
        token = "gateway"
        pin = { file = "/run/credentials/hsm-pin" }
        location = 0x800001
        max_sessions = 4
        init_args = "configdir=/x"

        [backends.usb]
        type = "pkcs11"
        module = "/usr/lib/opensc-pkcs11.so"
        uri = "pkcs11:serial=4711;model=Key%20One"
        pin.env = "USB_PIN"
        allow_final_try = true
        quirks = ["fragile-store"]
        "#,
    )
    .unwrap();
    assert_eq!(config.namespace, "gateway");
    assert_eq!(
        config.routes,
        Routes {
            persistent: "tpm".to_owned(),
            volatile: "hsm".to_owned(),
            random: Some("tpm".to_owned()),
            fallback: Some(Fallback::Software),
        }
    );
    assert_eq!(config.store.path.as_deref(), Some(Path::new("/var/lib/gateway/keys")));
    assert_eq!(config.engine, EngineKind::Native);

    let [tpm, hsm, usb] = config.backends.as_slice() else { panic!("in the order of the file") };
    assert_eq!((tpm.name.as_str(), tpm.origin.as_str(), tpm.location), ("tpm", &*format!("{FILE}:16"), Some(1)));
    let BackendKind::Tpm(tpm) = &tpm.kind else { panic!("the name is the type") };
    assert_eq!(
        *tpm,
        TpmConfig {
            tcti: "swtpm:port=2321".to_owned(),
            owner_auth: Some(SecretSource::Credential("tpm-owner".to_owned())),
            primary: Some(0x8100_0001),
            primary_name: None,
            bus: Bus::Encrypted,
            max_loaded: Some(2),
            timeout: std::time::Duration::from_secs(5),
            pcrs: Some(Registers { bank: Algorithm::SHA_256, indices: vec![0, 2, 7] }),
        }
    );
    assert_eq!((hsm.name.as_str(), hsm.location), ("hsm", Some(0x80_0001)));
    let BackendKind::Pkcs11(hsm) = &hsm.kind else { panic!() };
    assert_eq!(hsm.token.label.as_deref(), Some("gateway"));
    assert_eq!(hsm.pin, Some(SecretSource::File("/run/credentials/hsm-pin".into())));
    assert_eq!((hsm.max_sessions, hsm.init_args.as_deref()), (Some(4), Some("configdir=/x")));
    let BackendKind::Pkcs11(usb) = &usb.kind else { panic!() };
    assert_eq!((usb.token.serial.as_deref(), usb.token.model.as_deref()), (Some("4711"), Some("Key One")));
    assert_eq!(usb.pin, Some(SecretSource::Env("USB_PIN".to_owned())));
    assert_eq!((usb.allow_final_try, usb.quirks.as_slice()), (true, &[Quirk::FragileStore][..]));
    assert!(!hsm.allow_final_try && hsm.quirks.is_empty());
}

#[test]
#[cfg(all(feature = "pkcs11", feature = "tpm"))]
fn provisioned_keys() {
    let text = format!(
        "{HSM}token = 't'\n[backends.tpm]\n\
         [[keys]]\nid = 1\nbackend = 'hsm'\nuri = 'pkcs11:object=a'\nusage = ['sign-hash', 'derive']\nalgorithm = 'PSA_ALG_ECDSA_ANY'\n\
         [[keys]]\nid = 0x20\nbackend = 'tpm'\nhandle = 0x81010001\nusage = ['decrypt']\nalgorithm = 'RSA_OAEP(SHA_256)'\n"
    );
    let keys = parse(&text).unwrap().keys;
    assert_eq!(
        keys[0],
        ProvisionedKey {
            id: KeyId(1),
            origin: format!("{FILE}:6"),
            backend: "hsm".to_owned(),
            label: "pkcs11:object=a".to_owned(),
            usage: Usage::SIGN_HASH | Usage::DERIVE,
            algorithm: Algorithm::ECDSA_ANY,
        }
    );
    assert_eq!((keys[1].id, keys[1].label.as_str()), (KeyId(0x20), "0x81010001"));
    assert_eq!(keys[1].algorithm, Algorithm::rsa_oaep(Algorithm::SHA_256));

    let complete = "id = 1\nbackend = 'hsm'\nlabel = 'a'\nusage = ['sign-hash']\nalgorithm = 'ECDSA_ANY'\n";
    for (lines, expected) in [
        ("backend = 'hsm'".to_owned(), "6: 'id' is missing in [[keys]]"),
        ("id = 0".to_owned(), "7: 'id' in [[keys]] must be an integer from 1 to 1073741823 (0x1 to 0x3fffffff)"),
        (complete.replace("hsm", "usb"), "8: 'backend' names 'usb', which is not configured; add [backends.usb]"),
        (complete.replace("label = 'a'", ""), "6: a key in a token needs exactly one of uri and label"),
        (complete.replace("hsm", "tpm"), "6: a key in a TPM needs its handle, such as handle = 0x81010001"),
        (
            complete.replace("'a'", "'pkcs11:object=a'"),
            "9: a 'uri' begins with 'pkcs11:' (RFC 7512), and a 'label' does not",
        ),
        (complete.replace("'sign-hash'", ""), "6: 'usage' must say what the key is for, such as [\"sign-hash\"]"),
        (
            complete.replace("sign-hash", "export"),
            "10: unknown value 'export' for 'usage' in [[keys]]; allowed: 'sign-hash', 'sign-message', 'verify-hash', \
             'verify-message', 'encrypt', 'decrypt', 'derive', 'wrap', 'unwrap', 'copy'",
        ),
        (
            complete.replace("ECDSA_ANY", "ECDSA"),
            "11: unknown algorithm 'ECDSA'; write it as in C, such as \"PSA_ALG_ECDSA(PSA_ALG_SHA_256)\"",
        ),
        (format!("{complete}[[keys]]\n{complete}"), "12: [[keys]] has the id 1 at /etc/parsec/parsec.toml:6 already"),
        (
            format!("{complete}typ = 1"),
            "12: unknown key 'typ' in [[keys]]; allowed: id, backend, uri, label, handle, usage, algorithm",
        ),
    ] {
        let (status, cause) = failure(|| parse(&format!("{HSM}token = 't'\n[backends.tpm]\n[[keys]]\n{lines}")));
        assert_eq!((status, cause), (Error::DataInvalid, format!("{FILE}:{expected}")), "{lines}");
    }
    assert_eq!(failure(|| parse("keys = 1")).0, Error::DataInvalid);
}

#[test]
#[cfg(feature = "tpm")]
fn mistakes_in_pcrs() {
    for pcrs in ["sha256", "sha256:", ":0", "sha256:24", "sha256:0,0", "sha256:-1", "md5:0", "sha256:0+sha1:0", "0"] {
        let (status, cause) = failure(|| parse(&format!("[backends.tpm]\npcrs = '{pcrs}'")));
        let expected = "2: 'pcrs' is a bank and its registers from 0 to 23, such as \"sha256:0,2,7\"";
        assert_eq!((status, cause), (Error::DataInvalid, format!("{FILE}:{expected}")), "{pcrs}");
    }
}

#[test]
#[cfg(feature = "tpm")]
fn what_protects_the_store() {
    let secret = |source| Some(Protect::Secret(source));
    for (text, expected) in [
        ("", None),
        ("protect = 'none'", Some(Protect::Nothing)),
        ("protect = 'tpm'", Some(Protect::Backend("tpm".to_owned()))),
        ("protect = { file = '/x' }", secret(SecretSource::File("/x".into()))),
        ("protect.credential = 'store'", secret(SecretSource::Credential("store".to_owned()))),
    ] {
        assert_eq!(parse(&format!("[store]\n{text}\n[backends.tpm]")).unwrap().protect, expected, "{text}");
    }
    assert_eq!(parse("[routes]\nfallback = 'seal'").unwrap().routes.fallback, Some(Fallback::Seal));
}

#[test]
fn an_engine_can_be_named_like_a_backend() {
    for (text, engine) in [
        ("backend = 'software'", EngineKind::Native),
        ("backend = 'native'", EngineKind::Native),
        ("backend = 'mbed-crypto'", EngineKind::MbedCrypto),
        ("[backends.software]\nengine = 'mbed-crypto'", EngineKind::MbedCrypto),
        ("backend = 'software'\n[backends.software]\nengine = 'mbed-crypto'", EngineKind::MbedCrypto),
    ] {
        if engine == EngineKind::MbedCrypto && !cfg!(feature = "mbed-crypto") {
            assert_eq!(parse(text).unwrap_err(), Error::NotSupported);
            continue;
        }
        let config = parse(text).unwrap();
        assert_eq!((config.engine, config.routes.persistent.as_str()), (engine, SOFTWARE), "{text}");
    }
}

const HSM: &str = "[backends.hsm]\ntype = 'pkcs11'\nmodule = '/m.so'\n";

/// What is written, and what is said about it behind "file:".
#[test]
#[cfg(all(feature = "pkcs11", feature = "tpm"))]
fn every_mistake_is_told_with_its_line_and_what_to_do() {
    let with_hsm = |line: &str| format!("{HSM}token = 't'\n{line}");
    let hsm_only = |lines: &str| format!("{HSM}{lines}");
    for (text, expected) in [
        ("a = ".to_owned(), "1: not valid TOML: "),
        ("\nbackend = tpm".to_owned(), "2: not valid TOML: invalid boolean, expected `true` (strings stand in quotes)"),
        (
            "\nbackand = 'tpm'".to_owned(),
            "2: unknown key 'backand' in the top level; allowed: backend, namespace, routes, store, backends, keys",
        ),
        (
            "[routes]\n\nvolatil = 'x'".to_owned(),
            "3: unknown key 'volatil' in [routes]; allowed: persistent, volatile, random, fallback",
        ),
        ("[store]\npaht = '/x'".to_owned(), "2: unknown key 'paht' in [store]; allowed: path, protect"),
        (
            "[backends.software]\nengin = 'native'".to_owned(),
            "2: unknown key 'engin' in [backends.software]; allowed: type, engine",
        ),
        (
            with_hsm("tokn = 'x'"),
            "5: unknown key 'tokn' in [backends.hsm]; allowed: type, location, module, token, serial, uri, pin, \
             max_sessions, init_args, allow_final_try, quirks",
        ),
        (
            "[backends.tpm]\npcr = 1".to_owned(),
            "2: unknown key 'pcr' in [backends.tpm]; allowed: type, location, tcti, owner_auth, primary, \
             primary_name, bus, max_loaded, timeout, pcrs",
        ),
        (
            with_hsm("pin = { fil = '/x' }"),
            "5: unknown key 'fil' in [backends.hsm.pin]; allowed: file, env, credential",
        ),
        ("namespace = 'a b'".to_owned(), "1: 'namespace' must be 1 to 64 letters, digits, '.', '_' or '-'"),
        ("namespace = ''".to_owned(), "1: 'namespace' in the top level is empty"),
        ("namespace = 7".to_owned(), "1: 'namespace' in the top level must be a string, not integer"),
        ("routes = 'tpm'".to_owned(), "1: 'routes' in the top level must be a table, not string"),
        (
            "backend = 'hsm'".to_owned(),
            "1: 'backend' names the backend 'hsm', which is not configured; add [backends.hsm] or use one of: software",
        ),
        (
            format!("[routes]\nrandom = 'tpm'\n{HSM}token = 't'"),
            "2: 'random' names the backend 'tpm', which is not configured; add [backends.tpm] or use one of: software, \
             hsm",
        ),
        (
            "[routes]\nfallback = 'maybe'".to_owned(),
            "2: unknown value 'maybe' for 'fallback' in [routes]; allowed: 'error', 'software', 'seal'",
        ),
        (
            "backend = 'tpm'\n[routes]\npersistent = 'software'\n[backends.tpm]".to_owned(),
            "3: 'persistent' in [routes] contradicts 'backend', its shorthand; remove one of them",
        ),
        (
            "backend = 'native'\n[backends.software]\nengine = 'mbed-crypto'".to_owned(),
            "1: 'backend' names another engine than [backends.software]; remove one of them",
        ),
        (
            "[store]\nprotect = 'tpm'".to_owned(),
            "2: 'protect' names the backend 'tpm', which is not configured; add [backends.tpm] or use one of: software",
        ),
        (
            "[store]\nprotect = 'software'".to_owned(),
            "2: software cannot protect the key store; give a file, a credential or a backend",
        ),
        ("[store]\nprotect = {}".to_owned(), "2: [store.protect] needs exactly one of file and credential"),
        (
            "[store]\nprotect = { env = 'X' }".to_owned(),
            "2: unknown key 'env' in [store.protect]; allowed: file, credential",
        ),
        ("[store]\nprotect = 1".to_owned(), "2: 'protect' in [store] must be a string, not integer"),
        ("[store]\npath = 'keys'".to_owned(), "2: 'path' in [store] must be an absolute path, not 'keys'"),
        ("[backends]\nhsm = 1".to_owned(), "2: 'hsm' in [backends] must be a table: [backends.hsm]"),
        ("[backends.'a b']".to_owned(), "1: the name of a backend must be 1 to 64 letters, digits, '.', '_' or '-'"),
        (
            "[backends.native]".to_owned(),
            "1: 'native' is an engine, not a backend; write engine = \"native\" in [backends.software]",
        ),
        ("[backends.hsm]".to_owned(), "1: [backends.hsm] needs a type: \"pkcs11\" or \"tpm\""),
        (
            "[backends.hsm]\ntype = 'pkcs12'".to_owned(),
            "2: unknown value 'pkcs12' for 'type' in [backends.hsm]; allowed: 'pkcs11', 'tpm'",
        ),
        (hsm_only(""), "1: [backends.hsm] needs exactly one of token (its label), serial and uri"),
        (
            hsm_only("token = 't'\nserial = '1'"),
            "1: [backends.hsm] needs exactly one of token (its label), serial and uri",
        ),
        ("[backends.pkcs11]\ntoken = 't'".to_owned(), "1: 'module' is missing in [backends.pkcs11]"),
        (
            "[backends.pkcs11]\nmodule = 'm.so'".to_owned(),
            "2: 'module' in [backends.pkcs11] must be an absolute path, not 'm.so'",
        ),
        (hsm_only("uri = 'http://x'"), "4: 'uri' in [backends.hsm]: it must begin with 'pkcs11:' (RFC 7512)"),
        (with_hsm("allow_final_try = 1"), "5: 'allow_final_try' in [backends.hsm] must be true or false, not integer"),
        (with_hsm("quirks = 'x'"), "5: 'quirks' in [backends.hsm] must be a list of words, not string"),
        (
            with_hsm("quirks = ['x']"),
            "5: unknown value 'x' for 'quirks' in [backends.hsm]; allowed: 'fragile-store', 'tpm2-pkcs11'",
        ),
        (
            with_hsm("quirks = [1]"),
            "5: unknown value '' for 'quirks' in [backends.hsm]; allowed: 'fragile-store', 'tpm2-pkcs11'",
        ),
        (hsm_only("uri = 'pkcs11:'"), "4: 'uri' in [backends.hsm]: it names no token (RFC 7512)"),
        (hsm_only("uri = 'pkcs11:token'"), "4: 'uri' in [backends.hsm]: every attribute is name=value (RFC 7512)"),
        (
            hsm_only("uri = 'pkcs11:object=x'"),
            "4: 'uri' in [backends.hsm]: only the attributes token, serial, manufacturer and model name a token (RFC \
             7512)",
        ),
        (
            hsm_only("uri = 'pkcs11:token=%+1'"),
            "4: 'uri' in [backends.hsm]: a '%' must be followed by two hexadecimal digits (RFC 7512)",
        ),
        (
            hsm_only("uri = 'pkcs11:token=a;token=b'"),
            "4: 'uri' in [backends.hsm]: an attribute occurs twice (RFC 7512)",
        ),
        (
            with_hsm("pin = '1234'"),
            "5: 'pin' in [backends.hsm] must be a table that says where the secret is, such as { file = \"/path\" }, not string",
        ),
        (
            with_hsm("pin = { file = '/a', env = 'B' }"),
            "5: [backends.hsm.pin] needs exactly one of file, env and credential",
        ),
        (with_hsm("pin = {}"), "5: [backends.hsm.pin] needs exactly one of file, env and credential"),
        (with_hsm("pin = { credential = '../x' }"), "5: the name of a credential is the name of a file, not a path"),
        (
            with_hsm("max_sessions = 0"),
            "5: 'max_sessions' in [backends.hsm] must be an integer from 1 to 4294967295 (0x1 to 0xffffffff)",
        ),
        (with_hsm("location = 2"), "5: 'location' in [backends.hsm] must be 1, or from 0x800000 to 0xffffff"),
        (
            with_hsm("location = -1"),
            "5: 'location' in [backends.hsm] must be an integer from 1 to 16777215 (0x1 to 0xffffff)",
        ),
        (
            format!("{HSM}token = 't'\nlocation = 1\n[backends.tpm]\nlocation = 1"),
            "6: [backends.tpm] and [backends.hsm] have the same location",
        ),
        (
            "[backends.tpm]\nprimary = 0x40000001".to_owned(),
            "2: 'primary' in [backends.tpm] must be an integer from 2164260864 to 2172649471 (0x81000000 to 0x817fffff)",
        ),
        (
            "[backends.tpm]\nbus = 'open'".to_owned(),
            "2: unknown value 'open' for 'bus' in [backends.tpm]; allowed: 'auto', 'trusted', 'encrypted'",
        ),
    ] {
        let (status, cause) = failure(|| parse(&text));
        assert_eq!(status, Error::DataInvalid, "{text}");
        assert!(cause.starts_with(&format!("{FILE}:{expected}")), "{text}\n{cause}");
        if !expected.ends_with(' ') {
            assert_eq!(cause, format!("{FILE}:{expected}"));
        }
    }
}

#[test]
#[cfg(all(feature = "pkcs11", feature = "tpm"))]
fn what_comes_later_is_refused_and_not_ignored() {
    for (text, expected) in [
        ("[backends.x]\ntype = 'driver'", "2: [backends.x]: type = \"driver\" is not supported yet"),
        ("[backends.x]\ntype = 'parsec'", "2: [backends.x]: type = \"parsec\" is not supported yet"),
    ] {
        let (status, cause) = failure(|| parse(text));
        assert_eq!((status, cause), (Error::NotSupported, format!("{FILE}:{expected}")));
    }
}

#[test]
fn a_build_without_a_feature_says_so() {
    for (text, present, feature) in [
        (HSM, cfg!(feature = "pkcs11"), "pkcs11"),
        ("[backends.tpm]", cfg!(feature = "tpm"), "tpm"),
        ("[backends.software]\nengine = 'mbed-crypto'", cfg!(feature = "mbed-crypto"), "mbed-crypto"),
    ] {
        if !present {
            let (status, cause) = failure(|| parse(text));
            assert_eq!(status, Error::NotSupported);
            assert!(cause.ends_with(&format!("built without the cargo feature '{feature}'")), "{cause}");
        }
    }
}

#[test]
fn a_pin_is_never_in_a_text() {
    for line in ["pin = '12345678'", "pin = 12345678", "pin = { file = 12345678 }", "pin = 12345678x"] {
        let (_, cause) = failure(|| parse(&format!("{HSM}{line}")));
        assert!(!cause.contains("12345678"), "{cause}");
    }
}
