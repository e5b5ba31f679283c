//! Writes down what the engine is asked for, in a process that is told where to.

use std::env;
use std::fs::File;
use std::io::Write;
use std::sync::{LazyLock, Mutex};

use crate::core::primitives::{
    Aead, AeadOperation, AsymmetricEncryption, Cipher, CipherOperation, DerivationInputs, DerivationOutput, Direction,
    Hash, HashOperation, HashState, Key, KeyAgreement, KeyDerivation, KeyEncapsulation, KeyWrap, Mac, MacOperation,
    MessageDigest, Pake, PakeExchange, PakeParties, PakeSuite, SecretDerivation, Signature, Xof, XofOperation,
};
use crate::engines::Function;
use crate::engines::native::{hash, key_derivation, xof};
use crate::memory::{InOut, Secret};
use crate::psa::{Algorithm, Error, KeyType, Result};

/// The environment variable with the file to write to.
pub(super) const VARIABLE: &str = "PARSEC_TEST_WATCH";

static OUTPUT: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
    let path = env::var_os(VARIABLE)?;
    Some(Mutex::new(File::options().append(true).create(true).open(path).unwrap()))
});

/// True where somebody wants to know.
pub(in crate::engines::native) fn is_on() -> bool {
    OUTPUT.is_some()
}

/// Notes that this was asked for: one line, `Function key-type bits algorithm`.
pub(in crate::engines::native) fn note(function: Function, key_type: KeyType, bits: usize, alg: Algorithm) {
    if let Some(output) = &*OUTPUT {
        let line = format!("{function:?} {} {bits} {}\n", key_type.0, alg.0);
        output.lock().unwrap().write_all(line.as_bytes()).unwrap();
    }
}

/// A key whose use is noted, where somebody wants to know.
pub(in crate::engines::native) fn key(key: Box<dyn Key>, key_type: KeyType, bits: usize) -> Box<dyn Key> {
    if is_on() { Box::new(WatchedKey { key, key_type, bits }) } else { key }
}

struct WatchedKey {
    key: Box<dyn Key>,
    key_type: KeyType,
    bits: usize,
}

impl WatchedKey {
    fn note(&self, function: Function, alg: Algorithm) {
        note(function, self.key_type, self.bits, alg);
    }
}

/// The families that the key has.
macro_rules! families {
    ($($family:ident: $trait:ident),*) => {
        $(fn $family(&self) -> Option<&dyn $trait> {
            self.key.$family().map(|_| self as &dyn $trait)
        })*
    };
}

impl Key for WatchedKey {
    families! {
        signature: Signature, asymmetric_encryption: AsymmetricEncryption, key_agreement: KeyAgreement,
        key_encapsulation: KeyEncapsulation, mac: Mac, cipher: Cipher, aead: Aead, pake: Pake, key_wrap: KeyWrap
    }

    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        self.key.public_key(output)
    }

    fn export(&self) -> Result<Secret> {
        self.key.export()
    }

    fn key_derivation(&self) -> Option<&dyn SecretDerivation> {
        self.key.key_derivation()
    }
}

/// Functions that are noted and handed on.
macro_rules! handed_on {
    ($family:ident, $function:ident: $($name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        $(fn $name(&self, alg: Algorithm, $($argument: $type),*) -> $result {
            self.note(Function::$function, alg);
            self.key.$family().ok_or(Error::NotSupported)?.$name(alg, $($argument),*)
        })*
    };
}

impl Signature for WatchedKey {
    handed_on! { signature, SignHash:
        sign_hash(hash: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize>;
        verify_hash(hash: &[u8], context: &[u8], signature: &[u8]) -> Result<()>;
    }
    handed_on! { signature, SignMessage:
        sign_message(message: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize>;
        verify_message(message: &[u8], context: &[u8], signature: &[u8]) -> Result<()>;
        begin_message(context: &[u8], signature: Option<&[u8]>) -> Result<Option<MessageDigest>>;
        sign_digest(digest: &[u8], signature: &mut [u8]) -> Result<usize>;
        verify_digest(digest: &[u8], signature: &[u8]) -> Result<()>;
    }

    fn signs_messages(&self, alg: Algorithm) -> bool {
        self.key.signature().is_some_and(|signature| signature.signs_messages(alg))
    }
}

impl AsymmetricEncryption for WatchedKey {
    handed_on! { asymmetric_encryption, AsymmetricEncryption:
        encrypt(plaintext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize>;
        decrypt(ciphertext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize>;
    }
}

impl KeyAgreement for WatchedKey {
    handed_on! { key_agreement, KeyAgreement: agree(peer: &[u8]) -> Result<Secret>; }
}

impl KeyEncapsulation for WatchedKey {
    handed_on! { key_encapsulation, KeyEncapsulation:
        encapsulate(ciphertext: &mut [u8]) -> Result<(Secret, usize)>;
        decapsulate(ciphertext: &[u8]) -> Result<Secret>;
    }
}

impl Mac for WatchedKey {
    handed_on! { mac, Mac:
        compute(input: &[u8], mac: &mut [u8]) -> Result<()>;
        setup() -> Result<Box<dyn MacOperation>>;
    }
}

impl Cipher for WatchedKey {
    handed_on! { cipher, Cipher:
        setup(direction: Direction) -> Result<Box<dyn CipherOperation>>;
        apply(direction: Direction, iv: &[u8], data: &mut InOut<'_>) -> Result<usize>;
    }
}

impl Aead for WatchedKey {
    handed_on! { aead, Aead:
        encrypt(nonce: &[u8], additional_data: &[u8], plaintext: &mut InOut<'_>) -> Result<()>;
        decrypt(nonce: &[u8], additional_data: &[u8], ciphertext: &mut InOut<'_>) -> Result<()>;
        setup(direction: Direction, nonce: &[u8], lengths: Option<(usize, usize)>) -> Result<Box<dyn AeadOperation>>;
    }
}

impl KeyWrap for WatchedKey {
    handed_on! { key_wrap, KeyWrap:
        wrap(data: &[u8], output: &mut [u8]) -> Result<usize>;
        unwrap(wrapped: &[u8]) -> Result<Secret>;
    }
}

impl Pake for WatchedKey {
    fn check(&self, suite: PakeSuite) -> Result<()> {
        self.key.pake().ok_or(Error::NotSupported)?.check(suite)
    }

    fn start(&self, suite: PakeSuite, parties: PakeParties) -> Result<Box<dyn PakeExchange>> {
        self.note(Function::Pake, suite.alg);
        self.key.pake().ok_or(Error::NotSupported)?.start(suite, parties)
    }
}

/// What needs no key.
pub(in crate::engines::native) struct Watched;

impl Hash for Watched {
    fn compute(&self, alg: Algorithm, input: &[u8], hash: &mut [u8]) -> Result<()> {
        note(Function::Hash, KeyType::NONE, 0, alg);
        hash::Hashes.compute(alg, input, hash)
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn HashOperation>> {
        note(Function::Hash, KeyType::NONE, 0, alg);
        hash::Hashes.setup(alg)
    }

    fn resume(&self, alg: Algorithm, state: &HashState) -> Result<Box<dyn HashOperation>> {
        hash::Hashes.resume(alg, state)
    }
}

impl Xof for Watched {
    fn setup(&self, alg: Algorithm, context: &[u8]) -> Result<Box<dyn XofOperation>> {
        note(Function::Xof, KeyType::NONE, 0, alg);
        xof::Xofs.setup(alg, context)
    }
}

impl KeyDerivation for Watched {
    fn offers(&self, alg: Algorithm) -> bool {
        key_derivation::Derivations.offers(alg)
    }

    fn start(&self, alg: Algorithm, inputs: DerivationInputs) -> Result<Box<dyn DerivationOutput>> {
        let bits = inputs.secret.as_ref().map_or(0, |secret| 8 * secret.len());
        note(Function::KeyDerivation, inputs.secret_type, bits, alg);
        key_derivation::Derivations.start(alg, inputs)
    }
}
