//! Keys that other tools made: attached by URI or label, used, never owned.

use std::path::Path;
use std::process::Command;

use cryptoki_sys::*;
use parsec::backends::pkcs11::Pkcs11Backend;
use parsec::backends::{Attached, Backend, Naming};
use parsec::config::{BackendConfig, BackendKind, Config, ProvisionedKey, StoreConfig};
use parsec::core::keys;
use parsec::core::library::Library;
use parsec::core::primitives::Direction;
use parsec::memory::InOut;
use parsec::psa::{Algorithm, Attributes, EccFamily, Error, KeyId, KeyType, Lifetime, Usage};

use crate::fixture::{
    NAMESPACE, PIN, SOFTHSM, Shim, application, backend, config, directory, generate, index, p256, sign_with,
};
use crate::openssl::{Oracle, P256};

const HASH: [u8; 32] = [5; 32];
const ECDSA: Algorithm = Algorithm::ecdsa(Algorithm::SHA_256);

/// Runs a tool on one token and returns what it printed.
fn tool(program: &str, arguments: &[&str]) -> String {
    directory();
    for _ in 0..10 {
        let output = Command::new(program).args(arguments).output().expect("Debian packages opensc and gnutls-bin");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            return text;
        }
        // SoftHSM does not show a token that another process is writing at that moment.
        assert!(errors.contains("No slot with token"), "{program} {arguments:?}: {text}{errors}");
    }
    panic!("{program} {arguments:?} does not find the token");
}

fn pkcs11_tool(token: &str, arguments: &[&str]) -> String {
    let login = ["--module", SOFTHSM, "--token-label", token, "--login", "--pin", PIN];
    tool("pkcs11-tool", &[&login, arguments].concat())
}

fn make_ec(token: &str, label: &str, id: &str) {
    pkcs11_tool(token, &["--keypairgen", "--key-type", "EC:prime256v1", "--label", label, "--id", id, "--usage-sign"]);
}

fn openssl(arguments: &[&str]) {
    assert!(Command::new("openssl").args(arguments).output().unwrap().status.success(), "{arguments:?}");
}

/// The attributes of a caller that leaves type and size to the token.
fn signing(alg: Algorithm) -> Attributes {
    Attributes { usage: Usage::SIGN_HASH.union(Usage::COPY), algorithm: alg, ..Attributes::default() }
}

fn attach(backend: &Pkcs11Backend, attributes: &Attributes, label: &str) -> Result<Attached, (Error, String)> {
    backend.attach(attributes, label.as_bytes()).map_err(|error| (error, parsec::cause::take().unwrap_or_default()))
}

fn complete(attributes: &Attributes, attached: &Attached) -> Attributes {
    Attributes { key_type: attached.key_type, bits: attached.created.bits, ..*attributes }
}

fn sign(backend: &Pkcs11Backend, attributes: &Attributes, attached: &Attached) -> Result<Vec<u8>, Error> {
    let key = backend.open(&complete(attributes, attached), &attached.created.context)?;
    sign_with(key.as_ref(), attributes.algorithm, &HASH)
}

#[test]
fn keys_of_pkcs11_tool_are_used_and_stay() {
    make_ec("adoption", "made by pkcs11-tool", "a1");
    pkcs11_tool(
        "adoption",
        &["--keypairgen", "--key-type", "rsa:2048", "--label", "rsa", "--id", "a2", "--usage-sign"],
    );
    let backend = backend("adoption");
    let attributes = signing(ECDSA);
    for label in [
        "made by pkcs11-tool",
        "pkcs11:object=made%20by%20pkcs11-tool",
        "pkcs11:id=%a1",
        "pkcs11:token=adoption;manufacturer=SoftHSM%20project;id=%A1;object=made%20by%20pkcs11-tool;type=private",
    ] {
        let attached = attach(&backend, &attributes, label).unwrap();
        assert_eq!(attached.key_type, KeyType::ecc_key_pair(EccFamily::SECP_R1));
        assert_eq!(attached.created.bits, 256);
        let oracle = Oracle::ec(P256, &attached.created.public_key);
        assert!(oracle.verifies_ecdsa(&HASH, &sign(&backend, &attributes, &attached).unwrap()));

        // A copy is another reference; destroying either leaves the key where it is.
        assert!(backend.is_borrowed(&attached.created.context));
        let persistent = Attributes { lifetime: Lifetime::PERSISTENT, ..complete(&attributes, &attached) };
        let naming = Naming { namespace: NAMESPACE, reference: &[] };
        let copy = backend.copy(&persistent, naming, &attached.created.context).unwrap();
        assert_eq!(copy.public_key, attached.created.public_key);
        backend.destroy(&attributes, &attached.created.context).unwrap();
        backend.close();
        let key = backend.open(&persistent, &copy.context).unwrap();
        assert!(oracle.verifies_ecdsa(&HASH, &sign_with(key.as_ref(), ECDSA, &HASH).unwrap()));
        backend.destroy(&persistent, &copy.context).unwrap();
    }
    let pss = signing(Algorithm::rsa_pss(Algorithm::SHA_256));
    let attached = attach(&backend, &pss, "rsa").unwrap();
    assert_eq!((attached.key_type, attached.created.bits), (KeyType::RSA_KEY_PAIR, 2048));
    let signature = sign(&backend, &pss, &attached).unwrap();
    let options = ["digest:sha256", "rsa_padding_mode:pss", "rsa_pss_saltlen:32"];
    assert!(Oracle::rsa(&attached.created.public_key).verifies(&HASH, &signature, &options));
}

#[test]
fn keys_of_p11tool_are_attached_by_the_url_that_it_prints() {
    // p11-kit loads modules by its configuration too; only ours is asked.
    let token = "pkcs11:token=adoption";
    let provider = ["--provider", SOFTHSM, "--login", "--set-pin", PIN];
    let arguments = ["--generate-ecc", "--curve", "secp256r1", "--label", "made by p11tool", "--id", "b1b2", token];
    tool("p11tool", &[&provider[..], &arguments].concat());
    let listed = tool("p11tool", &[&provider[..], &["--list-privkeys", token]].concat());
    let url = listed.lines().find_map(|line| line.trim().strip_prefix("URL: ").filter(|url| url.contains("p11tool")));
    let backend = backend("adoption");
    let attached = attach(&backend, &signing(ECDSA), url.expect(&listed)).unwrap();
    let signature = sign(&backend, &signing(ECDSA), &attached).unwrap();
    assert!(Oracle::ec(P256, &attached.created.public_key).verifies_ecdsa(&HASH, &signature));
}

#[test]
fn what_cannot_be_attached_is_explained() {
    make_ec("adoption", "signs only", "c1");
    let backend = backend("adoption");
    let attributes = signing(ECDSA);
    let ecdh = Attributes { usage: Usage::DERIVE, algorithm: Algorithm::ECDH, ..Attributes::default() };
    let cases = [
        ("nothing", attributes, Error::DoesNotExist, "has no key pkcs11:object=nothing; it shows pkcs11:id="),
        ("pkcs11:id=%99", attributes, Error::DoesNotExist, "has no key pkcs11:id=%99"),
        ("pkcs11:token=other;id=%c1", attributes, Error::DoesNotExist, "another token than this backend's"),
        ("pkcs11:id=%c", attributes, Error::InvalidArgument, "two hexadecimal digits"),
        ("pkcs11:token=adoption", attributes, Error::InvalidArgument, "names no key"),
        ("pkcs11:id=%c1?pin-value=1234", attributes, Error::InvalidArgument, "belongs into the section"),
        ("pkcs11:id=%c1;type=public", attributes, Error::NotSupported, "public keys are used in software"),
        ("", attributes, Error::InvalidArgument, "not empty"),
        ("signs only", ecdh, Error::NotPermitted, "CKA_DERIVE is false"),
        (
            "signs only",
            Attributes { key_type: KeyType::AES, ..attributes },
            Error::DoesNotExist,
            "has no key pkcs11:object=signs%20only",
        ),
        ("signs only", signing(Algorithm::rsa_pss(Algorithm::SHA_256)), Error::NotSupported, ""),
        (
            "signs only",
            Attributes { usage: Usage::EXPORT.union(Usage::SIGN_HASH), ..attributes },
            Error::NotPermitted,
            "CKA_EXTRACTABLE is false",
        ),
    ];
    for (label, attributes, status, part) in cases {
        let (answer, text) = attach(&backend, &attributes, label).map(drop).unwrap_err();
        assert_eq!(answer, status, "{label}: {text}");
        assert!(text.contains(part) && !text.contains("1234"), "{label}: {text}");
    }
}

#[test]
fn several_keys_of_one_label_are_told_with_their_identifiers() {
    make_ec("ambiguous", "twice", "d1");
    make_ec("ambiguous", "twice", "d2");
    let backend = backend("ambiguous");
    let (answer, text) = attach(&backend, &signing(ECDSA), "twice").map(drop).unwrap_err();
    assert_eq!(answer, Error::InvalidArgument);
    for id in ["%D1", "%D2"] {
        let candidate = format!("pkcs11:id={id};object=twice;type=private");
        assert!(text.contains(&candidate), "{text}");
        attach(&backend, &signing(ECDSA), &candidate).unwrap();
    }
}

/// Makes a key pair outside, and puts its private key and a certificate into the token, but no public key.
fn import_with_certificate(token: &str, id: &str, certificate_of: &str) {
    let path = |name: &str| directory().join(format!("{id}-{name}")).to_str().unwrap().to_owned();
    let make = |name: &str| {
        let (pem, der, certificate) =
            (path(&format!("{name}.pem")), path(&format!("{name}.der")), path(&format!("{name}.crt")));
        openssl(&["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", &pem]);
        openssl(&["pkcs8", "-topk8", "-nocrypt", "-in", &pem, "-outform", "DER", "-out", &der]);
        openssl(&["req", "-x509", "-key", &pem, "-subj", "/CN=device", "-outform", "DER", "-out", &certificate]);
        (der, certificate)
    };
    let (key, own) = make("own");
    let (_, foreign) = make("foreign");
    pkcs11_tool(token, &["--write-object", &key, "--type", "privkey", "--id", id, "--usage-sign"]);
    let certificate = if certificate_of == "own" { &own } else { &foreign };
    pkcs11_tool(token, &["--write-object", certificate, "--type", "cert", "--id", id]);
}

#[test]
fn the_public_part_comes_from_a_certificate_that_belongs_to_the_key() {
    import_with_certificate("certificates", "e1", "own");
    import_with_certificate("certificates", "e2", "foreign");
    let backend = backend("certificates");
    let attributes = signing(ECDSA);
    let attached = attach(&backend, &attributes, "pkcs11:id=%e1").unwrap();
    let signature = sign(&backend, &attributes, &attached).unwrap();
    assert!(Oracle::ec(P256, &attached.created.public_key).verifies_ecdsa(&HASH, &signature));

    // Somebody else's certificate is not believed; the key signs all the same.
    let attached = attach(&backend, &attributes, "pkcs11:id=%e2").unwrap();
    assert!(attached.created.public_key.is_empty());
    assert_eq!(sign(&backend, &attributes, &attached).unwrap().len(), 64);
}

#[test]
fn another_key_under_the_same_name_is_not_used() {
    make_ec("certificates", "replaced", "f1");
    let backend = backend("certificates");
    let attributes = signing(ECDSA);
    let attached = attach(&backend, &attributes, "replaced").unwrap();
    for class in ["privkey", "pubkey"] {
        pkcs11_tool("certificates", &["--delete-object", "--type", class, "--id", "f1"]);
    }
    make_ec("certificates", "replaced", "f1");
    backend.close();
    assert_eq!(sign(&backend, &attributes, &attached), Err(Error::DoesNotExist));
    let text = parsec::cause::take().unwrap();
    assert!(text.contains("is not the one that was attached"), "{text}");
    attach(&backend, &attributes, "replaced").unwrap();
}

#[test]
fn a_key_that_takes_the_pin_each_time_gets_it() {
    let arguments = ["--keypairgen", "--key-type", "EC:prime256v1", "--id", "01", "--usage-sign", "--always-auth"];
    pkcs11_tool("authenticate", &arguments);
    let shim = Shim::new("authenticate");
    let backend = shim.backend("authenticate");
    let attributes = signing(ECDSA);
    let attached = attach(&backend, &attributes, "pkcs11:id=%01").unwrap();
    let oracle = Oracle::ec(P256, &attached.created.public_key);
    sign(&backend, &attributes, &attached).unwrap();
    let before = shim.calls();
    for _ in 0..5 {
        assert!(oracle.verifies_ecdsa(&HASH, &sign(&backend, &attributes, &attached).unwrap()));
    }
    assert_eq!(shim.calls() - before, 15);

    // A rejected PIN is not tried again, and the session whose operation waits for it is not used for others.
    let own = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &own);
    shim.refuse(index!(C_Login), CKR_PIN_INCORRECT, 1);
    assert_eq!(sign(&backend, &attributes, &attached), Err(Error::NotPermitted));
    crate::fixture::sign(&backend, &own, &created, &HASH).unwrap();
    let logins = shim.count(index!(C_Login));
    for _ in 0..3 {
        assert_eq!(sign(&backend, &attributes, &attached), Err(Error::NotPermitted));
        assert!(parsec::cause::take().unwrap().contains("rejected the PIN"));
    }
    assert_eq!(shim.count(index!(C_Login)), logins);
}

#[test]
fn contexts_do_not_lead_to_another_token() {
    make_ec("adoption", "here", "01");
    make_ec("ambiguous", "there", "01");
    application();
    let (first, second) = (backend("adoption"), backend("ambiguous"));
    let attributes = signing(ECDSA);
    let attached = attach(&first, &attributes, "pkcs11:id=%01").unwrap();
    sign(&first, &attributes, &attached).unwrap();
    assert_eq!(sign(&second, &attributes, &attached), Err(Error::DoesNotExist));
    assert!(Path::new(SOFTHSM).exists());
}

#[test]
fn symmetric_keys_are_used_as_they_were_written() {
    let material = [0x5a; 16];
    let file = directory().join("aes.bin");
    std::fs::write(&file, material).unwrap();
    let file = file.to_str().unwrap();
    let common = ["--type", "secrkey", "--key-type", "AES:16", "--usage-decrypt", "--label", "aes", "--id", "5a"];
    pkcs11_tool("adoption", &[&["--write-object", file][..], &common].concat());
    let backend = backend("adoption");
    let alg = Algorithm::ECB_NO_PADDING;
    let attributes = Attributes { usage: Usage::ENCRYPT, algorithm: alg, ..Attributes::default() };
    let attached = attach(&backend, &attributes, "aes").unwrap();
    assert_eq!((attached.key_type, attached.created.bits), (KeyType::AES, 128));
    let key = backend.open(&complete(&attributes, &attached), &attached.created.context).unwrap();
    let (plaintext, mut ciphertext) = ([7; 32], [0; 32]);
    let mut data = InOut::new(&plaintext, &mut ciphertext);
    key.cipher().unwrap().apply(alg, Direction::Encrypt, &[], &mut data).unwrap();
    let file = directory().join("plain.bin");
    std::fs::write(&file, plaintext).unwrap();
    let hex: String = material.iter().map(|byte| format!("{byte:02x}")).collect();
    let arguments = ["enc", "-aes-128-ecb", "-nopad", "-K", &hex, "-in", file.to_str().unwrap()];
    assert_eq!(Command::new("openssl").args(arguments).output().unwrap().stdout, ciphertext);
}

/// A key of somebody else's leaves the token where its own attributes and the policy given here allow it, both.
#[test]
fn export_takes_the_right_of_the_object_and_of_the_policy() {
    let material = [0x3c; 16];
    let file = directory().join("open.bin");
    std::fs::write(&file, material).unwrap();
    let write = |label: &str, id: &str, more: &[&str]| {
        let source = ["--write-object", file.to_str().unwrap(), "--type", "secrkey", "--key-type", "AES:16"];
        let names = ["--usage-decrypt", "--label", label, "--id", id];
        pkcs11_tool("adoption", &[&source[..], &names, more].concat());
    };
    write("open", "3c", &["--extractable"]);
    write("sensitive", "3d", &["--extractable", "--sensitive"]);
    application();
    let usages = [(1, Usage::ENCRYPT.union(Usage::EXPORT)), (2, Usage::ENCRYPT)];
    let provisioned = |(id, usage)| ProvisionedKey {
        id: KeyId(id),
        origin: "parsec.toml:9".to_owned(),
        backend: "hsm".to_owned(),
        label: "pkcs11:object=open".to_owned(),
        usage,
        algorithm: Algorithm::ECB_NO_PADDING,
    };
    let backend = BackendConfig {
        name: "hsm".to_owned(),
        origin: "parsec.toml:1".to_owned(),
        location: Some(0x80_0001),
        kind: BackendKind::Pkcs11(config("adoption")),
    };
    let store = tempfile::tempdir().unwrap();
    let library = Library::new(Config {
        store: StoreConfig { path: Some(store.path().join("keys")) },
        backends: vec![backend],
        keys: usages.map(provisioned).into(),
        ..Config::default()
    })
    .unwrap();
    let export = |key| {
        let mut output = [0; 64];
        keys::export(&library, key, &mut output).map(|length| output[..length].to_vec())
    };
    let attach = |label: &str, usage| {
        let lifetime = Lifetime::new(Lifetime::PERSISTENCE_VOLATILE, 0x80_0001);
        let attributes = Attributes { lifetime, usage, algorithm: Algorithm::ECB_NO_PADDING, ..Attributes::default() };
        keys::attach(&library, &attributes, label.as_bytes())
    };
    for (id, usage) in usages {
        let expected = if usage.contains(Usage::EXPORT) { Ok(material.to_vec()) } else { Err(Error::NotPermitted) };
        assert_eq!(export(attach("open", usage).unwrap()), expected);
        assert_eq!(export(KeyId(id)), expected);
    }
    assert_eq!(attach("sensitive", usages[0].1), Err(Error::NotPermitted));
    let text = parsec::cause::take().unwrap();
    assert!(text.contains("CKA_SENSITIVE is true"), "{text}");
    attach("sensitive", Usage::ENCRYPT).unwrap();
}
