//! Work of the whole library with keys in a token, each piece with an answer that software gives, too.

use parsec::config::{BackendConfig, BackendKind, Config, Pkcs11Config, Routes, StoreConfig};
use parsec::core::library::Library;
use parsec::core::{
    aead, asymmetric_encryption, cipher, key_agreement, key_derivation, key_encapsulation, key_wrapping, keys, mac,
    orphans, random, signature,
};
use parsec::memory::InOut;
use parsec::psa::{Algorithm, Attributes, DerivationStep, EccFamily, Error, KeyId, KeyType, Lifetime, Result, Usage};

const LOCATION: u32 = 0x80_0001;
pub const HMAC: Algorithm = Algorithm::hmac(Algorithm::SHA_256);
const ECDSA: Algorithm = Algorithm::ecdsa(Algorithm::SHA_256);
const PSS: Algorithm = Algorithm::rsa_pss(Algorithm::SHA_256);
const OAEP: Algorithm = Algorithm::rsa_oaep(Algorithm::SHA_256);
const HKDF: Algorithm = Algorithm::hkdf(Algorithm::SHA_256);
const EXPAND: Algorithm = Algorithm::hkdf_expand(Algorithm::SHA_256);
const MESSAGE: &[u8] = b"a message of more than one block of the cipher, and not of whole ones";
const NONCE: [u8; 12] = [3; 12];
const IV: [u8; 16] = [4; 16];
/// A scalar of P-256.
const SCALAR: [u8; 32] = [9; 32];
/// What is encapsulated for a key.
const ENCAPSULATED: Attributes = Attributes {
    key_type: KeyType::DERIVE,
    bits: 256,
    lifetime: Lifetime::VOLATILE,
    id: KeyId::NULL,
    usage: Usage::EXPORT,
    algorithm: HKDF,
};
/// Where keys are that come and go.
const PASSING: KeyId = KeyId(1000);

/// The keys of one place.
pub struct Keys {
    hmac: KeyId,
    cmac: KeyId,
    cbc: KeyId,
    ctr: KeyId,
    gcm: KeyId,
    derive: KeyId,
    wrapping: KeyId,
    secret: KeyId,
    pair: KeyId,
    ecdsa: KeyId,
    ecdh: KeyId,
    pss: KeyId,
    pkcs1v15: KeyId,
    oaep: KeyId,
    newer: Option<NewerKeys>,
}

/// Those that SoftHSM does not have.
struct NewerKeys {
    ccm: KeyId,
    chacha20: KeyId,
    hkdf: KeyId,
    padding: KeyId,
    ml_kem: KeyId,
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
}

impl Keys {
    fn newer(&self) -> &NewerKeys {
        self.newer.as_ref().unwrap()
    }
}

/// A library with the same keys in a token and in software.
pub struct Bench {
    pub library: Library,
    pub token: Keys,
    software: Keys,
    /// What was encrypted in software.
    sealed: Sealed,
    _store: tempfile::TempDir,
}

#[derive(Default)]
struct Sealed {
    pkcs1v15: Vec<u8>,
    oaep: Vec<u8>,
    cbc: Vec<u8>,
    gcm: Vec<u8>,
    wrapped: Vec<u8>,
    wrapped_pair: Vec<u8>,
    padded: Vec<u8>,
    ccm: Vec<u8>,
    chacha20: Vec<u8>,
    encapsulated: Vec<u8>,
    peer: Vec<u8>,
}

type Run = fn(&Bench, &Keys) -> Result<Vec<u8>>;

/// A piece of work, with the keys of one place.
pub struct Job {
    pub name: &'static str,
    pub run: Run,
    pub kind: JobKind,
}

/// What a job does to the token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Uses a key that is there.
    Uses,
    /// The same, and connects first: takes longer.
    Connects,
    /// Makes a session object, and destroys it.
    MakesVolatile,
    /// Makes a token object, and destroys it: takes long.
    MakesLasting,
}

const fn job(name: &'static str, run: Run) -> Job {
    Job { name, run, kind: JobKind::Uses }
}

const fn connecting(name: &'static str, run: Run) -> Job {
    Job { name, run, kind: JobKind::Connects }
}

const fn volatile(name: &'static str, run: Run) -> Job {
    Job { name, run, kind: JobKind::MakesVolatile }
}

const fn lasting(name: &'static str, run: Run) -> Job {
    Job { name, run, kind: JobKind::MakesLasting }
}

pub const JOBS: &[Job] = &[
    connecting("connect", Bench::connect),
    job("sign with ECDSA", |bench, keys| bench.sign(keys.ecdsa, bench.software.ecdsa, ECDSA)),
    job("sign with PSS", |bench, keys| bench.sign(keys.pss, bench.software.pss, PSS)),
    job("decrypt PKCS1v15", |bench, keys| {
        bench.decrypt(keys.pkcs1v15, Algorithm::RSA_PKCS1V15_CRYPT, &bench.sealed.pkcs1v15)
    }),
    job("decrypt OAEP", |bench, keys| bench.decrypt(keys.oaep, OAEP, &bench.sealed.oaep)),
    job("agree", Bench::agree),
    job("HMAC", |bench, keys| output(|out| mac::compute(&bench.library, keys.hmac, HMAC, MESSAGE, out))),
    job("CMAC", |bench, keys| output(|out| mac::compute(&bench.library, keys.cmac, Algorithm::CMAC, MESSAGE, out))),
    job("HMAC in parts", Bench::mac_in_parts),
    job("verify HMAC in parts", Bench::verify_in_parts),
    job("decrypt CBC", |bench, keys| bench.decipher(keys.cbc, Algorithm::CBC_PKCS7, &bench.sealed.cbc)),
    job("CBC in parts", |bench, keys| bench.cipher_in_parts(keys.cbc, Algorithm::CBC_PKCS7)),
    job("CTR in parts", |bench, keys| bench.cipher_in_parts(keys.ctr, Algorithm::CTR)),
    job("decrypt CBC in parts", Bench::decipher_in_parts),
    job("encrypt GCM", |bench, keys| bench.seal(keys.gcm, Algorithm::GCM)),
    job("decrypt GCM", |bench, keys| bench.open(keys.gcm, Algorithm::GCM, &bench.sealed.gcm)),
    job("encrypt GCM in parts", |bench, keys| bench.seal_in_parts(keys.gcm, Algorithm::GCM)),
    job("decrypt GCM in parts", |bench, keys| bench.open_in_parts(keys.gcm, Algorithm::GCM, &bench.sealed.gcm)),
    job("derive", Bench::derive),
    job("wrap a secret", |bench, keys| bench.wrap(keys.wrapping, Algorithm::KW, keys.secret)),
    job("wrap a pair", |bench, keys| bench.wrap(keys.wrapping, Algorithm::KW, keys.pair)),
    volatile("unwrap a secret", |bench, keys| {
        let (wrapping, wrapped) = ((keys.wrapping, Algorithm::KW), &bench.sealed.wrapped);
        bench.unwrap(keys, wrapping, (KeyType::AES, 128, Algorithm::CTR), wrapped)
    }),
    volatile("unwrap a pair", |bench, keys| {
        let (wrapping, wrapped) = ((keys.wrapping, Algorithm::KW), &bench.sealed.wrapped_pair);
        bench.unwrap(keys, wrapping, (KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, ECDSA), wrapped)
    }),
    job("random numbers", Bench::random),
    job("export a secret", |bench, keys| output(|out| keys::export(&bench.library, keys.secret, out))),
    job("export a pair", |bench, keys| output(|out| keys::export(&bench.library, keys.pair, out))),
    volatile("generate a volatile secret", Bench::generate_secret),
    volatile("generate a volatile pair", Bench::generate_pair),
    volatile("import a volatile secret", |bench, keys| bench.import_secret(bench.lifetime(keys, false))),
    volatile("import a volatile pair", |bench, keys| bench.import_pair(bench.lifetime(keys, false))),
    connecting("attach", Bench::attach),
    connecting("list", Bench::list),
    lasting("generate a pair", Bench::generate_lasting),
    lasting("import a secret", |bench, keys| bench.import_secret(bench.lifetime(keys, true))),
    lasting("import a pair", |bench, keys| bench.import_pair(bench.lifetime(keys, true))),
    lasting("copy a secret", |bench, keys| bench.copy(keys, keys.secret)),
    lasting("copy a pair", |bench, keys| bench.copy(keys, keys.pair)),
];

/// What SoftHSM does not do.
pub const NEWER_JOBS: &[Job] = &[
    job("encrypt CCM", |bench, keys| bench.seal(keys.newer().ccm, Algorithm::CCM)),
    job("decrypt CCM", |bench, keys| bench.open(keys.newer().ccm, Algorithm::CCM, &bench.sealed.ccm)),
    job("encrypt CCM in parts", |bench, keys| bench.seal_in_parts(keys.newer().ccm, Algorithm::CCM)),
    job("decrypt CCM in parts", |bench, keys| bench.open_in_parts(keys.newer().ccm, Algorithm::CCM, &bench.sealed.ccm)),
    job("encrypt ChaCha20-Poly1305", |bench, keys| bench.seal(keys.newer().chacha20, Algorithm::CHACHA20_POLY1305)),
    job("decrypt ChaCha20-Poly1305", |bench, keys| {
        bench.open(keys.newer().chacha20, Algorithm::CHACHA20_POLY1305, &bench.sealed.chacha20)
    }),
    job("HKDF", Bench::hkdf),
    job("decapsulate", Bench::decapsulate),
    job("wrap a secret with padding", |bench, keys| bench.wrap(keys.newer().padding, Algorithm::KWP, keys.secret)),
    volatile("unwrap a secret with padding", |bench, keys| {
        let (wrapping, wrapped) = ((keys.newer().padding, Algorithm::KWP), &bench.sealed.padded);
        bench.unwrap(keys, wrapping, (KeyType::AES, 128, Algorithm::CTR), wrapped)
    }),
];

fn output(work: impl FnOnce(&mut [u8]) -> Result<usize>) -> Result<Vec<u8>> {
    let mut output = vec![0; 1024];
    let length = work(&mut output)?;
    output.truncate(length);
    Ok(output)
}

/// A failure with the text that later calls have cleared.
fn told_again<T>(answer: Result<T>, text: Option<String>) -> Result<T> {
    answer.map_err(|error| parsec::cause::of(error, format_args!("{}", text.unwrap_or_default())))
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
        let mut bench = Self { library, token, software, sealed: Sealed::default(), _store: store };
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

    fn is_token(&self, keys: &Keys) -> bool {
        keys.hmac == self.token.hmac
    }

    /// For keys that come and go, beside these keys.
    fn lifetime(&self, keys: &Keys, persistent: bool) -> Lifetime {
        match self.is_token(keys) {
            true => Lifetime::new(u8::from(persistent), LOCATION),
            false => Lifetime::VOLATILE,
        }
    }

    pub fn close(&self) {
        self.library.backends()[0].device.close();
    }

    fn connect(&self, keys: &Keys) -> Result<Vec<u8>> {
        self.close();
        output(|out| mac::compute(&self.library, keys.hmac, HMAC, MESSAGE, out))
    }

    /// Signs, and checks it with the other one's public part.
    fn sign(&self, key: KeyId, twin: KeyId, alg: Algorithm) -> Result<Vec<u8>> {
        let signature = output(|out| signature::sign_hash(&self.library, key, alg, &[6; 32], &[], out))?;
        signature::verify_hash(&self.library, twin, alg, &[6; 32], &[], &signature).expect("a signature of this key");
        Ok(Vec::new())
    }

    fn decrypt(&self, key: KeyId, alg: Algorithm, sealed: &[u8]) -> Result<Vec<u8>> {
        output(|out| asymmetric_encryption::decrypt(&self.library, key, alg, sealed, &[], out))
    }

    fn agree(&self, keys: &Keys) -> Result<Vec<u8>> {
        output(|out| key_agreement::raw(&self.library, Algorithm::ECDH, keys.ecdh, &self.sealed.peer, out))
    }

    fn mac_in_parts(&self, keys: &Keys) -> Result<Vec<u8>> {
        let mut operation = 0;
        let work = mac::sign_setup(&self.library, &mut operation, keys.hmac, HMAC).and_then(|()| {
            mac::update(&self.library, &mut operation, &MESSAGE[..5])?;
            mac::update(&self.library, &mut operation, &MESSAGE[5..])?;
            output(|out| mac::sign_finish(&self.library, &mut operation, out))
        });
        self.library.operations.abort(operation);
        work
    }

    fn verify_in_parts(&self, keys: &Keys) -> Result<Vec<u8>> {
        let mut expected = [0; 32];
        mac::compute(&self.library, self.software.hmac, HMAC, MESSAGE, &mut expected).unwrap();
        let mut operation = 0;
        let work = mac::verify_setup(&self.library, &mut operation, keys.hmac, HMAC).and_then(|()| {
            mac::update(&self.library, &mut operation, MESSAGE)?;
            mac::verify_finish(&self.library, &mut operation, &expected)
        });
        self.library.operations.abort(operation);
        work.map(|()| Vec::new())
    }

    fn decipher(&self, key: KeyId, alg: Algorithm, sealed: &[u8]) -> Result<Vec<u8>> {
        output(|out| cipher::decrypt(&self.library, key, alg, &mut InOut::new(sealed, out)))
    }

    fn cipher_in_parts(&self, key: KeyId, alg: Algorithm) -> Result<Vec<u8>> {
        let mut operation = 0;
        let work = cipher::encrypt_setup(&self.library, &mut operation, key, alg).and_then(|()| {
            cipher::set_iv(&self.library, &mut operation, &IV)?;
            self.rest_of_cipher(&mut operation, MESSAGE)
        });
        self.library.operations.abort(operation);
        work
    }

    fn decipher_in_parts(&self, keys: &Keys) -> Result<Vec<u8>> {
        let (mut operation, (iv, text)) = (0, self.sealed.cbc.split_at(16));
        let setup = cipher::decrypt_setup(&self.library, &mut operation, keys.cbc, Algorithm::CBC_PKCS7);
        let work = setup.and_then(|()| {
            cipher::set_iv(&self.library, &mut operation, iv)?;
            self.rest_of_cipher(&mut operation, text)
        });
        self.library.operations.abort(operation);
        work
    }

    fn rest_of_cipher(&self, operation: &mut u64, text: &[u8]) -> Result<Vec<u8>> {
        let mut result = Vec::new();
        for part in [&text[..7], &text[7..40], &text[40..]] {
            result.extend(output(|out| cipher::update(&self.library, operation, &mut InOut::new(part, out)))?);
        }
        result.extend(output(|out| cipher::finish(&self.library, operation, out))?);
        Ok(result)
    }

    fn seal(&self, key: KeyId, alg: Algorithm) -> Result<Vec<u8>> {
        output(|out| aead::encrypt(&self.library, key, alg, &NONCE, b"more", &mut InOut::new(MESSAGE, out)))
    }

    fn open(&self, key: KeyId, alg: Algorithm, sealed: &[u8]) -> Result<Vec<u8>> {
        let mut data = vec![0; MESSAGE.len()];
        aead::decrypt(&self.library, key, alg, &NONCE, b"more", &mut InOut::new(sealed, &mut data))?;
        Ok(data)
    }

    fn seal_in_parts(&self, key: KeyId, alg: Algorithm) -> Result<Vec<u8>> {
        let library = &self.library;
        let mut operation = 0;
        let work = aead::encrypt_setup(library, &mut operation, key, alg).and_then(|()| {
            aead::set_lengths(library, &mut operation, 4, MESSAGE.len())?;
            let mut result = self.rest_of_aead(&mut operation, MESSAGE)?;
            result.extend(output(|out| aead::finish(library, &mut operation, out))?);
            Ok(result)
        });
        library.operations.abort(operation);
        work
    }

    fn open_in_parts(&self, key: KeyId, alg: Algorithm, sealed: &[u8]) -> Result<Vec<u8>> {
        let library = &self.library;
        let (mut operation, (text, tag)) = (0, sealed.split_at(MESSAGE.len()));
        let work = aead::decrypt_setup(library, &mut operation, key, alg).and_then(|()| {
            aead::set_lengths(library, &mut operation, 4, MESSAGE.len())?;
            let result = self.rest_of_aead(&mut operation, text)?;
            aead::verify(library, &mut operation, tag)?;
            Ok(result)
        });
        library.operations.abort(operation);
        work
    }

    fn rest_of_aead(&self, operation: &mut u64, text: &[u8]) -> Result<Vec<u8>> {
        aead::set_nonce(&self.library, operation, &NONCE)?;
        aead::update_ad(&self.library, operation, b"more")?;
        let mut result = Vec::new();
        for part in [&text[..7], &text[7..]] {
            result.extend(output(|out| aead::update(&self.library, operation, &mut InOut::new(part, out)))?);
        }
        Ok(result)
    }

    fn derive(&self, keys: &Keys) -> Result<Vec<u8>> {
        let library = &self.library;
        let (mut operation, mut derived) = (0, vec![0; 70]);
        let work = key_derivation::setup(library, &mut operation, EXPAND).and_then(|()| {
            key_derivation::input_key(library, &mut operation, DerivationStep::SECRET, keys.derive)?;
            key_derivation::input_bytes(library, &mut operation, DerivationStep::INFO, MESSAGE)?;
            key_derivation::output_bytes(library, &mut operation, &mut derived)
        });
        library.operations.abort(operation);
        work.map(|()| derived)
    }

    /// HKDF as a whole, by the token.
    fn hkdf(&self, keys: &Keys) -> Result<Vec<u8>> {
        let library = &self.library;
        let (mut operation, mut derived) = (0, vec![0; 70]);
        let work = key_derivation::setup(library, &mut operation, HKDF).and_then(|()| {
            key_derivation::input_bytes(library, &mut operation, DerivationStep::SALT, &IV)?;
            key_derivation::input_key(library, &mut operation, DerivationStep::SECRET, keys.newer().hkdf)?;
            key_derivation::input_bytes(library, &mut operation, DerivationStep::INFO, MESSAGE)?;
            key_derivation::output_bytes(library, &mut operation, &mut derived)
        });
        library.operations.abort(operation);
        work.map(|()| derived)
    }

    /// Decapsulates, and exports what came out.
    fn decapsulate(&self, keys: &Keys) -> Result<Vec<u8>> {
        let (library, ciphertext) = (&self.library, &self.sealed.encapsulated);
        let alg = Algorithm::ML_KEM;
        let key = key_encapsulation::decapsulate(library, keys.newer().ml_kem, alg, ciphertext, &ENCAPSULATED)?;
        self.use_and_destroy(key, || output(|out| keys::export(library, key, out)))
    }

    fn wrap(&self, wrapping: KeyId, alg: Algorithm, key: KeyId) -> Result<Vec<u8>> {
        output(|out| key_wrapping::wrap(&self.library, wrapping, alg, key, out))
    }

    /// Unwraps, and exports what came out.
    fn unwrap(
        &self,
        keys: &Keys,
        (wrapping, wrapping_alg): (KeyId, Algorithm),
        (key_type, bits, algorithm): (KeyType, usize, Algorithm),
        data: &[u8],
    ) -> Result<Vec<u8>> {
        let lifetime = self.lifetime(keys, false);
        let attributes = Attributes { id: KeyId::NULL, lifetime, key_type, bits, algorithm, usage: Usage::EXPORT };
        let key = key_wrapping::unwrap(&self.library, &attributes, wrapping, wrapping_alg, data)?;
        self.use_and_destroy(key, || output(|out| keys::export(&self.library, key, out)))
    }

    /// The answer to use, if that failed, and else that to its destruction.
    fn use_and_destroy(&self, key: KeyId, work: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let (answer, text) = (work(), parsec::cause::take());
        let destroyed = keys::destroy(&self.library, key);
        match answer {
            // A volatile key ends with its connection, and then there is nothing to destroy.
            Err(_) => told_again(answer, text),
            answer => destroyed.and(answer),
        }
    }

    fn random(&self, keys: &Keys) -> Result<Vec<u8>> {
        let mut bytes = [0; 64];
        if !self.is_token(keys) {
            return random::generate(&self.library, &mut bytes).map(|()| Vec::new());
        }
        self.library.backends()[0].device.random(&mut bytes)?;
        assert_ne!(bytes, [0; 64]);
        Ok(Vec::new())
    }

    fn passing(&self, lifetime: Lifetime, key_type: KeyType, bits: usize, algorithm: Algorithm) -> Attributes {
        let id = if lifetime.is_volatile() { KeyId::NULL } else { PASSING };
        let usage = match key_type {
            KeyType::HMAC => Usage::SIGN_MESSAGE,
            _ => Usage::SIGN_HASH.union(Usage::VERIFY_HASH),
        };
        Attributes { id, lifetime, key_type, bits, algorithm, usage }
    }

    fn generate_secret(&self, keys: &Keys) -> Result<Vec<u8>> {
        let attributes = self.passing(self.lifetime(keys, false), KeyType::HMAC, 256, HMAC);
        let key = keys::generate(&self.library, &attributes, &[])?;
        let compute = || output(|out| mac::compute(&self.library, key, HMAC, MESSAGE, out));
        self.use_and_destroy(key, || Ok(vec![compute()?.len() as u8]))
    }

    fn generate_pair(&self, keys: &Keys) -> Result<Vec<u8>> {
        self.generate_in(self.lifetime(keys, false))
    }

    fn generate_lasting(&self, keys: &Keys) -> Result<Vec<u8>> {
        self.generate_in(self.lifetime(keys, true))
    }

    fn generate_in(&self, lifetime: Lifetime) -> Result<Vec<u8>> {
        let key_type = KeyType::ecc_key_pair(EccFamily::SECP_R1);
        let key = keys::generate(&self.library, &self.passing(lifetime, key_type, 256, ECDSA), &[])?;
        self.use_and_destroy(key, || self.sign(key, key, ECDSA))
    }

    fn import_secret(&self, lifetime: Lifetime) -> Result<Vec<u8>> {
        let attributes = self.passing(lifetime, KeyType::HMAC, 256, HMAC);
        let key = keys::import(&self.library, &attributes, &[12; 32])?;
        self.use_and_destroy(key, || output(|out| mac::compute(&self.library, key, HMAC, MESSAGE, out)))
    }

    fn import_pair(&self, lifetime: Lifetime) -> Result<Vec<u8>> {
        let key_type = KeyType::ecc_key_pair(EccFamily::SECP_R1);
        let key = keys::import(&self.library, &self.passing(lifetime, key_type, 256, ECDSA), &SCALAR)?;
        self.use_and_destroy(key, || self.sign(key, self.software.pair, ECDSA))
    }

    /// Copies, and exports the copy.
    fn copy(&self, keys: &Keys, source: KeyId) -> Result<Vec<u8>> {
        let attributes = keys::attributes(&self.library, source)?;
        let lifetime = self.lifetime(keys, true);
        let id = if lifetime.is_volatile() { KeyId::NULL } else { PASSING };
        let copy = keys::copy(&self.library, source, &Attributes { id, lifetime, ..attributes })?;
        self.use_and_destroy(copy, || output(|out| keys::export(&self.library, copy, out)))
    }

    /// Attaches a key as if it were somebody else's.
    fn attach(&self, keys: &Keys) -> Result<Vec<u8>> {
        if !self.is_token(keys) {
            return Ok(Vec::new());
        }
        let attributes = Attributes {
            lifetime: Lifetime::new(0, LOCATION),
            usage: Usage::SIGN_HASH,
            algorithm: ECDSA,
            ..Attributes::default()
        };
        let label = format!("parsec:bench:{}", keys.ecdsa.0);
        self.close();
        let key = keys::attach(&self.library, &attributes, label.as_bytes())?;
        self.use_and_destroy(key, || self.sign(key, self.software.ecdsa, ECDSA))
    }

    fn list(&self, _keys: &Keys) -> Result<Vec<u8>> {
        let mut found = Vec::new();
        orphans::list(&self.library, &mut |name, _text| {
            found.extend(name.as_bytes());
            Ok(true)
        })?;
        Ok(found)
    }

    /// Whatever an interruption has left is settled when the next key is made. What is left all the same.
    pub fn settle(&self) -> Result<String> {
        match keys::destroy(&self.library, PASSING) {
            Ok(()) | Err(Error::InvalidHandle) => {}
            Err(error) => return Err(error),
        }
        self.import_secret(self.lifetime(&self.token, true))?;
        self.list(&self.token).map(|found| String::from_utf8_lossy(&found).into_owned())
    }
}
