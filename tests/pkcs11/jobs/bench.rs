//! The same keys in a token and in software.

use parsec::config::{BackendConfig, BackendKind, Config, Pkcs11Config, Routes, StoreConfig};
use parsec::core::library::Library;
use parsec::core::{asymmetric_encryption, cipher, key_encapsulation, keys};
use parsec::memory::InOut;
use parsec::psa::{Algorithm, Attributes, EccFamily, KeyId, KeyType, Lifetime, Usage};

use super::{ECDSA, ENCAPSULATED, EXPAND, HKDF, HMAC, Job, LOCATION, MESSAGE, OAEP, PSS, SCALAR, output};

/// The keys of one place.
pub struct Keys {
    pub(super) hmac: KeyId,
    pub(super) cmac: KeyId,
    pub(super) cbc: KeyId,
    pub(super) ctr: KeyId,
    pub(super) gcm: KeyId,
    pub(super) derive: KeyId,
    pub(super) wrapping: KeyId,
    pub(super) secret: KeyId,
    pub(super) pair: KeyId,
    pub(super) ecdsa: KeyId,
    pub(super) ecdh: KeyId,
    pub(super) pss: KeyId,
    pub(super) pkcs1v15: KeyId,
    pub(super) oaep: KeyId,
    pub(super) newer: Option<NewerKeys>,
}

/// Those that SoftHSM does not have.
pub(super) struct NewerKeys {
    pub(super) ccm: KeyId,
    pub(super) chacha20: KeyId,
    pub(super) hkdf: KeyId,
    pub(super) padding: KeyId,
    pub(super) ml_kem: KeyId,
}

impl Keys {
    /// The same keys in any place, `persistent` or not; `first` is the identifier of the first one.
    fn import(library: &Library, persistent: bool, first: u32, rsa: &[u8], newer: bool) -> Self {
        let mut next = first;
        let mut import = |key_type, bits, algorithm, usage: Usage, material: &[u8]| {
            let (id, lifetime) = match persistent {
                true => (KeyId(next), Lifetime::PERSISTENT),
                false => (KeyId::NULL, Lifetime::VOLATILE),
            };
            next += 1;
            keys::import(library, &Attributes { id, lifetime, key_type, bits, algorithm, usage }, material).unwrap()
        };
        let (ec, pair) = (KeyType::ecc_key_pair(EccFamily::SECP_R1), KeyType::RSA_KEY_PAIR);
        let message = Usage::SIGN_MESSAGE.union(Usage::VERIFY_MESSAGE);
        let hash = Usage::SIGN_HASH.union(Usage::VERIFY_HASH);
        let crypt = Usage::ENCRYPT.union(Usage::DECRYPT);
        let open = Usage::EXPORT.union(Usage::COPY);
        Self {
            hmac: import(KeyType::HMAC, 256, HMAC, message, &[1; 32]),
            cmac: import(KeyType::AES, 128, Algorithm::CMAC, message, &[2; 16]),
            cbc: import(KeyType::AES, 128, Algorithm::CBC_PKCS7, crypt, &[3; 16]),
            ctr: import(KeyType::AES, 256, Algorithm::CTR, crypt, &[4; 32]),
            gcm: import(KeyType::AES, 128, Algorithm::GCM, crypt, &[5; 16]),
            derive: import(KeyType::DERIVE, 256, EXPAND, Usage::DERIVE, &[6; 32]),
            wrapping: import(KeyType::AES, 256, Algorithm::KW, Usage::WRAP.union(Usage::UNWRAP), &[7; 32]),
            secret: import(KeyType::AES, 128, Algorithm::CTR, crypt.union(open), &[8; 16]),
            pair: import(ec, 256, ECDSA, hash.union(open), &SCALAR),
            ecdsa: import(ec, 256, ECDSA, hash, &[10; 32]),
            ecdh: import(ec, 256, Algorithm::ECDH, Usage::DERIVE, &[11; 32]),
            pss: import(pair, 1024, PSS, hash, rsa),
            pkcs1v15: import(pair, 1024, Algorithm::RSA_PKCS1V15_CRYPT, crypt, rsa),
            oaep: import(pair, 1024, OAEP, crypt, rsa),
            newer: newer.then(|| NewerKeys {
                ccm: import(KeyType::AES, 128, Algorithm::CCM, crypt, &[13; 16]),
                chacha20: import(KeyType::CHACHA20, 256, Algorithm::CHACHA20_POLY1305, crypt, &[14; 32]),
                hkdf: import(KeyType::DERIVE, 256, HKDF, Usage::DERIVE, &[15; 32]),
                padding: import(KeyType::AES, 256, Algorithm::KWP, Usage::WRAP.union(Usage::UNWRAP), &[16; 32]),
                ml_kem: import(KeyType::ML_KEM_KEY_PAIR, 768, Algorithm::ML_KEM, crypt, &[17; 64]),
            }),
        }
    }

    pub(super) fn newer(&self) -> &NewerKeys {
        self.newer.as_ref().unwrap()
    }
}

/// A library with the same keys in a token and in software.
pub struct Bench {
    pub library: Library,
    pub token: Keys,
    pub(super) software: Keys,
    /// What was encrypted in software.
    pub(super) sealed: Sealed,
    store: tempfile::TempDir,
}

#[derive(Default)]
pub(super) struct Sealed {
    pub(super) pkcs1v15: Vec<u8>,
    pub(super) oaep: Vec<u8>,
    pub(super) cbc: Vec<u8>,
    pub(super) gcm: Vec<u8>,
    pub(super) wrapped: Vec<u8>,
    pub(super) wrapped_pair: Vec<u8>,
    pub(super) padded: Vec<u8>,
    pub(super) ccm: Vec<u8>,
    pub(super) chacha20: Vec<u8>,
    pub(super) encapsulated: Vec<u8>,
    pub(super) peer: Vec<u8>,
}

impl Bench {
    /// `newer` is for tokens that do what [`NEWER_JOBS`] are.
    pub fn new(config: Pkcs11Config, newer: bool) -> Self {
        let store = tempfile::tempdir().unwrap();
        let backend = BackendConfig {
            name: "hsm".to_owned(),
            origin: "parsec.toml:1".to_owned(),
            location: Some(LOCATION),
            kind: BackendKind::Pkcs11(config),
        };
        let library = Library::new(Config {
            namespace: "bench".to_owned(),
            routes: Routes { persistent: "hsm".to_owned(), ..Config::default().routes },
            store: StoreConfig { path: Some(store.path().join("keys")) },
            backends: vec![backend],
            ..Config::default()
        })
        .unwrap();
        let rsa =
            Attributes { key_type: KeyType::RSA_KEY_PAIR, bits: 1024, usage: Usage::EXPORT, ..Attributes::default() };
        let rsa = keys::generate(&library, &rsa, &[]).unwrap();
        let rsa = output(|out| keys::export(&library, rsa, out)).unwrap();
        let token = Keys::import(&library, true, 1, &rsa, newer);
        let software = Keys::import(&library, false, 0, &rsa, newer);
        let mut bench = Self { library, token, software, sealed: Sealed::default(), store };
        bench.sealed = bench.seal_all();
        bench
    }

    fn seal_all(&self) -> Sealed {
        let (library, keys) = (&self.library, &self.software);
        let encrypted = |key, alg| {
            output(|out| asymmetric_encryption::encrypt(library, key, alg, &MESSAGE[..20], &[], out)).unwrap()
        };
        let mut cbc = vec![0; 128];
        let alg = Algorithm::CBC_PKCS7;
        let length = cipher::encrypt(library, keys.cbc, alg, &mut InOut::new(MESSAGE, &mut cbc)).unwrap();
        cbc.truncate(length);
        let newer = |seal: &dyn Fn(&NewerKeys) -> Vec<u8>| keys.newer.as_ref().map(seal).unwrap_or_default();
        Sealed {
            pkcs1v15: encrypted(keys.pkcs1v15, Algorithm::RSA_PKCS1V15_CRYPT),
            oaep: encrypted(keys.oaep, OAEP),
            cbc,
            gcm: self.seal(keys.gcm, Algorithm::GCM).unwrap(),
            wrapped: self.wrap(keys.wrapping, Algorithm::KW, keys.secret).unwrap(),
            wrapped_pair: self.wrap(keys.wrapping, Algorithm::KW, keys.pair).unwrap(),
            padded: newer(&|newer| self.wrap(newer.padding, Algorithm::KWP, keys.secret).unwrap()),
            ccm: newer(&|newer| self.seal(newer.ccm, Algorithm::CCM).unwrap()),
            chacha20: newer(&|newer| self.seal(newer.chacha20, Algorithm::CHACHA20_POLY1305).unwrap()),
            encapsulated: newer(&|newer| {
                // FIPS 203, table 3.
                let (mut ciphertext, alg) = (vec![0; 1088], Algorithm::ML_KEM);
                key_encapsulation::encapsulate(library, newer.ml_kem, alg, &ENCAPSULATED, &mut ciphertext).unwrap();
                ciphertext
            }),
            peer: output(|out| keys::export_public(library, keys.pair, out)).unwrap(),
        }
    }

    /// What software answers.
    pub fn expected(&self, job: &Job) -> Vec<u8> {
        (job.run)(self, &self.software).unwrap()
    }

    pub(super) fn is_token(&self, keys: &Keys) -> bool {
        keys.hmac == self.token.hmac
    }

    /// For keys that come and go, beside these keys.
    pub(super) fn lifetime(&self, keys: &Keys, persistent: bool) -> Lifetime {
        match self.is_token(keys) {
            true => Lifetime::new(u8::from(persistent), LOCATION),
            false => Lifetime::VOLATILE,
        }
    }

    pub fn close(&self) {
        self.library.backends()[0].device.close();
    }

    /// What a person does who knows that the PIN is right.
    pub fn forget_rejected_pins(&self) {
        let _ = std::fs::remove_file(self.store.path().join("keys/rejected-pins"));
    }
}
