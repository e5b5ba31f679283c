//! What somebody on the bus can see and do.

use std::io::Write;

use super::adoption::provision;
use super::proxy::{Answer, CREATE_PRIMARY, ECDH_ZGEN, ENCRYPT_DECRYPT_2, HMAC, Proxy, RSA_DECRYPT, SIGN};
use super::swtpm::{Memory, Swtpm, config, remembering, tcti, with};
use super::{NAMING, assert_signs, attributes, generate, oracle, p256, rsa, sign, with_usage};
use crate::backends::tpm::TpmBackend;
use crate::backends::tpm::blob::Blob;
use crate::backends::{Backend, Created};
use crate::cause;
use crate::config::{Bus, Config, SecretSource, TpmConfig};
use crate::core::keys;
use crate::core::library::Library;
use crate::core::primitives::Direction;
use crate::memory::InOut;
use crate::psa::{Algorithm, Attributes, EccFamily, Error, KeyId, KeyType, Usage};

const SHA_256: Algorithm = Algorithm::hmac(Algorithm::SHA_256);
const PLAINTEXT: &[u8; 32] = b"nobody may read this on the bus.";

fn encrypted(port: u16) -> TpmConfig {
    TpmConfig { bus: Bus::Encrypted, ..config(&tcti(port)) }
}

/// A key that was made on this bus.
fn imported(backend: &TpmBackend, attributes: &Attributes, material: &[u8]) -> Created {
    backend.import(attributes, NAMING, material).unwrap_or_else(|error| panic!("{error:?}: {:?}", cause::take()))
}

fn auth(created: &Created) -> Vec<u8> {
    Blob::decode(&created.context).unwrap().auth.to_vec()
}

/// Every kind of key, with one use of each that gives what it should; and the command of that use.
struct Uses<'a> {
    backend: &'a TpmBackend,
    proxy: &'a Proxy,
    /// What nobody on the bus may read.
    secrets: Vec<(&'static str, Vec<u8>)>,
}

impl Uses<'_> {
    /// Twice, and the second time with exactly this command.
    fn check(&mut self, name: &'static str, created: &Created, command: u32, mut work: impl FnMut()) {
        cause::clear();
        work();
        self.proxy.reset();
        work();
        assert_eq!(self.proxy.commands(), [command], "{name}");
        self.secrets.push((name, auth(created)));
    }

    fn all(&mut self) {
        self.signing();
        self.decryption();
        self.agreement();
        self.mac();
        self.cipher();
    }

    fn signing(&mut self) {
        let backend = self.backend;
        let key = generate(backend, &p256());
        self.check("P-256", &key, SIGN, || assert_signs(backend, &p256(), &key));
        let pss = rsa(Algorithm::rsa_pss(Algorithm::SHA_256));
        let key = generate(backend, &pss);
        self.check("PSS", &key, RSA_DECRYPT, || assert_eq!(sign(backend, &pss, &key, &[1; 32]).unwrap().len(), 256));
    }

    fn decryption(&mut self) {
        let decrypting = with_usage(Usage::DECRYPT, rsa(Algorithm::RSA_PKCS1V15_CRYPT));
        let created = generate(self.backend, &decrypting);
        let key = self.backend.open(&decrypting, &created.context).unwrap();
        let ciphertext = oracle::encrypt(&created.public_key, PLAINTEXT, &["rsa_padding_mode:pkcs1"]);
        self.check("RSA decryption", &created, RSA_DECRYPT, || {
            let mut text = [0; 32];
            let decryption = key.asymmetric_encryption().unwrap();
            assert_eq!(decryption.decrypt(Algorithm::RSA_PKCS1V15_CRYPT, &ciphertext, b"", &mut text), Ok(32));
            assert_eq!(&text, PLAINTEXT);
        });
    }

    fn agreement(&mut self) {
        let agreeing = attributes(KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Algorithm::ECDH);
        let agreeing = with_usage(Usage::DERIVE, agreeing);
        let created = generate(self.backend, &agreeing);
        let key = self.backend.open(&agreeing, &created.context).unwrap();
        let (point, secret) = oracle::agree(&created.public_key);
        self.check("ECDH", &created, ECDH_ZGEN, || {
            assert_eq!(*key.key_agreement().unwrap().agree(Algorithm::ECDH, &point).unwrap(), secret);
        });
        self.secrets.push(("agreed secret", secret));
    }

    fn mac(&mut self) {
        let usage = Usage::SIGN_MESSAGE.union(Usage::VERIFY_MESSAGE);
        let authenticating = with_usage(usage, attributes(KeyType::HMAC, 256, SHA_256));
        let created = imported(self.backend, &authenticating, &[7; 32]);
        let key = self.backend.open(&authenticating, &created.context).unwrap();
        let expected = oracle::hmac("sha256", &[7; 32], PLAINTEXT);
        let mut mac = [0; 32];
        self.check("HMAC", &created, HMAC, || {
            key.mac().unwrap().compute(SHA_256, PLAINTEXT, &mut mac).unwrap();
            assert_eq!(mac[..], expected);
        });
        // In parts.
        let long = PLAINTEXT.repeat(80);
        key.mac().unwrap().compute(SHA_256, &long, &mut mac).unwrap();
        assert_eq!(mac[..], oracle::hmac("sha256", &[7; 32], &long));
        self.secrets.push(("HMAC key", vec![7; 32]));
        self.secrets.push(("MAC", expected));
    }

    fn cipher(&mut self) {
        let usage = Usage::ENCRYPT.union(Usage::DECRYPT);
        let encrypting = with_usage(usage, attributes(KeyType::AES, 128, Algorithm::CTR));
        let created = imported(self.backend, &encrypting, &[9; 16]);
        let key = self.backend.open(&encrypting, &created.context).unwrap();
        let expected = oracle::cipher("aes-128-ctr", &[9; 16], &[3; 16], PLAINTEXT, true);
        let crypt = |direction, text: &[u8]| {
            let mut operation = key.cipher().unwrap().setup(Algorithm::CTR, direction).unwrap();
            operation.set_iv(&[3; 16]).unwrap();
            let mut output = [0; 32];
            operation.update(&mut InOut::new(text, &mut output)).unwrap();
            output
        };
        self.check("AES", &created, ENCRYPT_DECRYPT_2, || {
            assert_eq!(crypt(Direction::Encrypt, PLAINTEXT)[..], expected)
        });
        assert_eq!(&crypt(Direction::Decrypt, &expected), PLAINTEXT);
        self.secrets.push(("AES key", vec![9; 16]));
    }
}

#[test]
fn nothing_secret_is_readable_and_each_use_is_one_command() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = with(&encrypted(proxy.port));
    let mut random = [0; 32];
    backend.random(&mut random).unwrap();
    let mut uses = Uses { backend: &backend, proxy: &proxy, secrets: vec![("random", random.to_vec())] };
    uses.all();
    let mut secrets = uses.secrets;
    secrets.push(("plaintext", PLAINTEXT.to_vec()));
    for (name, secret) in &secrets {
        assert!(!proxy.has_seen(secret), "{name}");
    }
    backend.close();
    assert_eq!((tpm.loaded(), tpm.tool("tpm2_getcap handles-loaded-session").as_str()), (0, ""));
}

/// The same eyes see it where nobody is thought to listen; only what is decrypted or agreed is hidden there too.
#[test]
fn a_trusted_bus_shows_authorization_values() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = with(&config(&tcti(proxy.port)));
    let mut uses = Uses { backend: &backend, proxy: &proxy, secrets: Vec::new() };
    uses.signing();
    assert!(proxy.has_seen(&uses.secrets[0].1));
    uses.decryption();
    assert!(!proxy.has_seen(PLAINTEXT));
    uses.secrets.clear();
    uses.agreement();
    for (name, secret) in std::mem::take(&mut uses.secrets) {
        // It was made in clear.
        assert_eq!(proxy.has_seen(&secret), name == "ECDH", "{name}");
    }
    uses.cipher();
    assert!(proxy.has_seen(PLAINTEXT));
}

#[test]
fn another_primary_than_the_first_is_refused() {
    let (tpm, other) = (Swtpm::start(), Swtpm::start());
    let memory = Memory::default();
    let first = remembering(&encrypted(tpm.port), &memory);
    let key = generate(&first, &p256());
    assert_signs(&first, &p256(), &key);
    drop(first);
    let proxy = Proxy::start(other.port);
    let exchanged = remembering(&encrypted(proxy.port), &memory);
    cause::clear();
    assert_eq!(exchanged.generate(&p256(), NAMING).err(), Some(Error::DataInvalid));
    let text = cause::take().unwrap();
    let name: String = text.split('"').nth(1).unwrap().to_owned();
    assert!(text.contains("pinned") && name.len() == 68, "{text}");
    assert_eq!(sign(&exchanged, &p256(), &key, &[1; 32]), Err(Error::DataInvalid));
    assert!(!proxy.has_seen(&auth(&key)));
    assert_eq!(other.loaded(), 0);
    drop(exchanged);
    // The administrator says that it is right, and nobody else's is.
    let bytes =
        |name: &str| (0..34).map(|index| u8::from_str_radix(&name[2 * index..2 * index + 2], 16).unwrap()).collect();
    let named = |port| TpmConfig { primary_name: Some(bytes(&name)), ..encrypted(port) };
    let accepted = remembering(&named(other.port), &memory);
    assert_signs(&accepted, &p256(), &generate(&accepted, &p256()));
    drop(accepted);
    let refused = remembering(&named(tpm.port), &memory);
    for _ in 0..2 {
        assert_eq!(refused.identity(), Err(Error::DataInvalid));
        assert!(cause::take().unwrap().contains("primary_name demands"));
    }
}

/// The same through the key store, which remembers for each namespace.
#[test]
fn the_key_store_remembers_the_primary() {
    let (tpm, other) = (Swtpm::start(), Swtpm::start());
    let store = tpm.path("keys");
    std::fs::create_dir_all(&store).unwrap();
    let make = |port: u16, namespace: &str, id: u32| {
        let text = format!(
            "backend = 'tpm'\nnamespace = '{namespace}'\n[store]\npath = '{}'\n\
             [backends.tpm]\nbus = 'encrypted'\ntcti = 'swtpm:host=127.0.0.1,port={port}'\n",
            store.display()
        );
        let library = Library::new(Config::parse(&text, &tpm.path("parsec.toml")).unwrap()).unwrap();
        keys::generate(&library, &Attributes { id: KeyId(id), ..p256() }, &[])
    };
    assert_eq!(make(tpm.port, "gateway", 1), Ok(KeyId(1)));
    assert_eq!(make(other.port, "gateway", 2), Err(Error::DataInvalid));
    assert_eq!(make(other.port, "printer", 1), Ok(KeyId(1)));
    assert_eq!(make(tpm.port, "gateway", 2), Ok(KeyId(2)));
}

#[test]
fn a_lost_session_is_begun_again() {
    let mut tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = with(&encrypted(proxy.port));
    let key = generate(&backend, &p256());
    assert_signs(&backend, &p256(), &key);
    tpm.tool("tpm2_flushcontext -l");
    assert_signs(&backend, &p256(), &key);
    tpm.tool("tpm2_flushcontext -t");
    assert_signs(&backend, &p256(), &key);
    tpm.restart();
    assert_signs(&backend, &p256(), &key);
    tpm.restart_without_startup();
    assert_signs(&backend, &p256(), &key);
    // Somebody else's session is where ours was.
    tpm.tool("tpm2_flushcontext -l");
    tpm.tool("tpm2_startauthsession -S session --hmac-session");
    assert_signs(&backend, &p256(), &key);
    assert_eq!(tpm.loaded(), 1);
    // A busy TPM gets the same command again.
    let mut left = 3;
    proxy.rule(move |command| {
        left -= u32::from(command == SIGN && left > 0);
        if command == SIGN && left > 0 { Answer::code(0x922) } else { Answer::Pass }
    });
    assert_signs(&backend, &p256(), &key);
}

#[test]
fn an_altered_response_is_refused() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = with(&encrypted(proxy.port));
    let key = generate(&backend, &p256());
    // In r, in the nonce of the TPM, in the HMAC.
    for position in [10 + 4 + 6, 10 + 4 + 72 + 4, 10 + 4 + 72 + 34 + 1 + 8] {
        proxy.rule(move |command| if command == SIGN { Answer::Altered(position) } else { Answer::Pass });
        cause::clear();
        assert_eq!(sign(&backend, &p256(), &key, &[1; 32]), Err(Error::CommunicationFailure));
        let text = cause::take().unwrap();
        assert!(text.contains("does not come from the TPM"), "{text}");
        proxy.rule(|_| Answer::Pass);
        assert_signs(&backend, &p256(), &key);
        assert_eq!(tpm.loaded(), 1);
        assert_eq!(tpm.tool("tpm2_getcap handles-loaded-session").lines().count(), 1);
    }
}

#[test]
fn the_owner_authorization_is_proved_and_not_told() {
    let tpm = Swtpm::start();
    tpm.tool("tpm2_changeauth -c o a-very-secret-password");
    let proxy = Proxy::start(tpm.port);
    let with_owner = |content: &[u8]| {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        let owner_auth = Some(SecretSource::File(file.path().to_owned()));
        (with(&TpmConfig { owner_auth, ..encrypted(proxy.port) }), file)
    };
    let (right, _file) = with_owner(b"a-very-secret-password");
    let key = generate(&right, &p256());
    assert_signs(&right, &p256(), &key);
    assert!(!proxy.has_seen(b"a-very-secret-password"));
    drop(right);
    assert_eq!((tpm.loaded(), tpm.tool("tpm2_getcap handles-loaded-session").as_str()), (0, ""));
    let (wrong, _file) = with_owner(b"a-guess");
    proxy.reset();
    assert_eq!(wrong.identity(), Err(Error::NotPermitted));
    // One key for the salt, one try.
    assert_eq!(proxy.commands().iter().filter(|command| **command == CREATE_PRIMARY).count(), 2);
    assert!(!proxy.has_seen(b"a-guess"));
    proxy.reset();
    assert_eq!(wrong.identity(), Err(Error::NotPermitted));
    assert!(proxy.commands().is_empty());
    drop(wrong);
    assert_eq!((tpm.loaded(), tpm.tool("tpm2_getcap handles-loaded-session").as_str()), (0, ""));
}

/// On a trusted bus a key of somebody else's is used without our own parent, whose hierarchy may be closed to us.
#[test]
fn keys_of_others_need_no_parent_of_ours_where_nobody_listens() {
    let tpm = Swtpm::start();
    provision(&tpm, "-G ecc256:ecdh-sha256 -a fixedtpm|fixedparent|sensitivedataorigin|userwithauth|decrypt");
    tpm.tool("tpm2_changeauth -c o unknown");
    let agreeing = attributes(KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Algorithm::ECDH);
    let agreeing = with_usage(Usage::DERIVE, agreeing);
    for (config, expected) in [(config(&tpm.tcti()), None), (encrypted(tpm.port), Some(Error::NotPermitted))] {
        let backend = with(&config);
        let created = backend.attach(&agreeing, b"0x81010001").unwrap().created;
        let (point, secret) = oracle::agree(&created.public_key);
        let key = backend.open(&agreeing, &created.context).unwrap();
        match key.key_agreement().unwrap().agree(Algorithm::ECDH, &point) {
            Ok(agreed) => assert_eq!((*agreed).clone(), secret),
            Err(error) => assert_eq!(Some(error), expected),
        }
    }
}

/// A salt for RSA is encrypted, for other hashes it has other lengths.
#[test]
fn sessions_are_salted_with_primaries_of_every_type() {
    for (algorithm, hash) in [("rsa2048:aes128cfb", "sha256"), ("ecc384:aes256cfb", "sha384")] {
        let tpm = Swtpm::start();
        tpm.tool(&format!("tpm2_createprimary -C o -G {algorithm} -g {hash} -c primary"));
        tpm.tool("tpm2_evictcontrol -C o -c primary 0x81000001");
        tpm.tool("tpm2_flushcontext -t");
        let backend = with(&TpmConfig { primary: Some(0x8100_0001), ..encrypted(tpm.port) });
        assert_signs(&backend, &p256(), &generate(&backend, &p256()));
    }
}
