//! Sealed secrets, opened by tpm2-tools too.

use super::proxy::{CREATE, Proxy, UNSEAL};
use super::swtpm::{self, Swtpm};
use crate::backends::Backend;
use crate::backends::tpm::blob::Blob;
use crate::backends::tpm::wire::sized;
use crate::cause;
use crate::config::Config;
use crate::core::library::Library;
use crate::core::{aead, keys};
use crate::memory::InOut;
use crate::psa::{Algorithm, Attributes, Error, KeyId, KeyType, Lifetime, Usage};

const SECRET: &[u8; 32] = b"thirty-two bytes that are sealed";

#[test]
fn what_is_sealed_is_unsealed_by_this_tpm_alone() {
    let tpm = Swtpm::start();
    let backend = swtpm::backend(tpm.port);
    let sealed = backend.seal(SECRET).unwrap();
    assert!(!sealed.windows(SECRET.len()).any(|window| window == SECRET));
    assert_eq!(backend.unseal(&sealed).unwrap().as_slice(), SECRET);
    backend.close();
    assert_eq!(tpm.loaded(), 0);
    assert_eq!(swtpm::backend(tpm.port).unseal(&sealed).unwrap().as_slice(), SECRET);

    let other = Swtpm::start();
    cause::clear();
    assert_eq!(swtpm::backend(other.port).unseal(&sealed).err(), Some(Error::DataInvalid));
    assert!(cause::take().unwrap().contains("belongs to another TPM"));
    for length in [0, 1, 50, sealed.len() - 1] {
        assert_eq!(backend.unseal(&sealed[..length]).err(), Some(Error::DataCorrupt), "{length}");
    }
    let mut blob = Blob::decode(&sealed).unwrap();
    let last = blob.private.len() - 1;
    blob.private[last] ^= 1;
    assert_eq!(backend.unseal(&blob.encode().unwrap()).err(), Some(Error::DataCorrupt));
    let mut blob = Blob::decode(&sealed).unwrap();
    blob.auth = vec![1; 32].into();
    assert_eq!(backend.unseal(&blob.encode().unwrap()).err(), Some(Error::NotPermitted));
    assert_eq!(backend.unseal(&sealed).unwrap().as_slice(), SECRET, "noDA: a wrong value locks nothing");
}

/// What tpm2-tools unseal. The slots have to be free.
fn unsealed_by_tools(tpm: &Swtpm, blob: &Blob) -> Vec<u8> {
    std::fs::write(tpm.path("private"), sized(&blob.private)).unwrap();
    std::fs::write(tpm.path("public"), sized(&blob.public.encode())).unwrap();
    // The tool's format of a unique field: for each coordinate its length, and a buffer of 128 bytes.
    std::fs::write(tpm.path("zeros"), [&[32, 0][..], &[0; 128]].concat().repeat(2)).unwrap();
    tpm.tool(
        "tpm2_createprimary -C o -g sha256 -G ecc256:aes128cfb -u zeros -c primary \
         -a fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt",
    );
    tpm.tool("tpm2_flushcontext -t");
    tpm.tool("tpm2_load -C primary -r private -u public -c sealed");
    tpm.tool("tpm2_flushcontext -t");
    let auth: String = blob.auth.iter().map(|byte| format!("{byte:02x}")).collect();
    tpm.tool(&format!("tpm2_unseal -c sealed -p hex:{auth} -o unsealed"));
    tpm.tool("tpm2_flushcontext -t");
    std::fs::read(tpm.path("unsealed")).unwrap()
}

#[test]
fn tpm2_tools_unseal_it_too() {
    let tpm = Swtpm::start();
    let backend = swtpm::backend(tpm.port);
    let sealed = backend.seal(SECRET).unwrap();
    backend.close();
    assert_eq!(unsealed_by_tools(&tpm, &Blob::decode(&sealed).unwrap()), SECRET);
}

/// A store whose key the TPM seals, and a key in it that the TPM seals.
fn library(tpm: &Swtpm, port: u16, bus: &str, protect: &str) -> Library {
    let store = tpm.path(&format!("keys-{bus}-{}", protect.len()));
    std::fs::create_dir_all(&store).unwrap();
    let text = format!(
        "backend = 'tpm'\n[store]\npath = '{}'\n{protect}\n[routes]\nfallback = 'seal'\n\
         [backends.tpm]\ntcti = 'swtpm:host=127.0.0.1,port={port}'\nbus = '{bus}'\n",
        store.display()
    );
    Library::new(Config::parse(&text, &tpm.path("parsec.toml")).unwrap()).unwrap()
}

/// One column of the store.
fn stored(tpm: &Swtpm, bus: &str, protect: &str, query: &str) -> Vec<u8> {
    let store = tpm.path(&format!("keys-{bus}-{}", protect.len()));
    let database = rusqlite::Connection::open(store.join("keys.db")).unwrap();
    database.query_row(query, [], |row| row.get(0)).unwrap()
}

/// Whatever the bus: neither the master secret of a sealed key nor the key of the store nor their authorization values are on
/// the wire when they are sealed and unsealed.
#[test]
fn sealing_and_unsealing_tell_nothing() {
    let gcm = Attributes {
        key_type: KeyType::AES,
        bits: 256,
        algorithm: Algorithm::GCM,
        usage: Usage::ENCRYPT,
        lifetime: Lifetime::PERSISTENT,
        id: KeyId(1),
    };
    for bus in ["trusted", "encrypted"] {
        // As `core/sealing.rs` and `store/protection.rs` write them: what is before the sealed secret.
        for (protect, query, before) in [
            ("", "SELECT context FROM keys WHERE id = 1", 2),
            ("protect = 'tpm'", "SELECT value FROM meta WHERE name = 'store.protection'", 1 + 8 + 1 + 2 + 3),
        ] {
            let tpm = Swtpm::start();
            let proxy = Proxy::start(tpm.port);
            let maker = library(&tpm, proxy.port, bus, protect);
            keys::import(&maker, &gcm, SECRET).unwrap();
            maker.release();
            let user = library(&tpm, proxy.port, bus, protect);
            let mut output = [0; 48];
            aead::encrypt(&user, KeyId(1), Algorithm::GCM, &[0; 12], &[], &mut InOut::new(SECRET, &mut output))
                .unwrap();
            user.release();
            let commands = proxy.commands();
            assert!(commands.contains(&CREATE) && commands.contains(&UNSEAL), "{bus} {protect}: {commands:x?}");

            let content = stored(&tpm, bus, protect, query);
            let sealed = match protect {
                "" => &content[2..2 + usize::from(u16::from_be_bytes([content[0], content[1]]))],
                _ => &content[before..],
            };
            let blob = Blob::decode(sealed).unwrap();
            let master = unsealed_by_tools(&tpm, &blob);
            assert_eq!(master.len(), 32);
            for (name, secret) in [("secret", &master[..]), ("authorization", &blob.auth), ("material", SECRET)] {
                assert!(!proxy.has_seen(secret), "{bus} {protect}: {name}");
            }
            // The proxy has seen what is public.
            assert!(proxy.has_seen(&blob.private[blob.private.len() - 32..]));
        }
    }
}
