//! What is done with keys that are there.

use parsec::core::{
    aead, asymmetric_encryption, cipher, key_agreement, key_derivation, key_encapsulation, key_wrapping, keys, mac,
    random, signature,
};
use parsec::memory::InOut;
use parsec::psa::{Algorithm, Attributes, DerivationStep, KeyId, KeyType, Result, Usage};

use super::bench::{Bench, Keys};
use super::{ENCAPSULATED, EXPAND, HKDF, HMAC, MESSAGE, output};

const NONCE: [u8; 12] = [3; 12];
const IV: [u8; 16] = [4; 16];

/// A failure with the text that later calls have cleared.
fn told_again<T>(answer: Result<T>, text: Option<String>) -> Result<T> {
    answer.map_err(|error| parsec::cause::of(error, format_args!("{}", text.unwrap_or_default())))
}

impl Bench {
    pub(super) fn connect(&self, keys: &Keys) -> Result<Vec<u8>> {
        self.close();
        output(|out| mac::compute(&self.library, keys.hmac, HMAC, MESSAGE, out))
    }

    /// Signs, and checks it with the other one's public part.
    pub(super) fn sign(&self, key: KeyId, twin: KeyId, alg: Algorithm) -> Result<Vec<u8>> {
        let signature = output(|out| signature::sign_hash(&self.library, key, alg, &[6; 32], &[], out))?;
        signature::verify_hash(&self.library, twin, alg, &[6; 32], &[], &signature).expect("a signature of this key");
        Ok(Vec::new())
    }

    pub(super) fn decrypt(&self, key: KeyId, alg: Algorithm, sealed: &[u8]) -> Result<Vec<u8>> {
        output(|out| asymmetric_encryption::decrypt(&self.library, key, alg, sealed, &[], out))
    }

    pub(super) fn agree(&self, keys: &Keys) -> Result<Vec<u8>> {
        output(|out| key_agreement::raw(&self.library, Algorithm::ECDH, keys.ecdh, &self.sealed.peer, out))
    }

    pub(super) fn mac_in_parts(&self, keys: &Keys) -> Result<Vec<u8>> {
        let mut operation = 0;
        let work = mac::sign_setup(&self.library, &mut operation, keys.hmac, HMAC).and_then(|()| {
            mac::update(&self.library, &mut operation, &MESSAGE[..5])?;
            mac::update(&self.library, &mut operation, &MESSAGE[5..])?;
            output(|out| mac::sign_finish(&self.library, &mut operation, out))
        });
        self.library.operations.abort(operation);
        work
    }

    pub(super) fn verify_in_parts(&self, keys: &Keys) -> Result<Vec<u8>> {
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

    pub(super) fn decipher(&self, key: KeyId, alg: Algorithm, sealed: &[u8]) -> Result<Vec<u8>> {
        output(|out| cipher::decrypt(&self.library, key, alg, &mut InOut::new(sealed, out)))
    }

    pub(super) fn cipher_in_parts(&self, key: KeyId, alg: Algorithm) -> Result<Vec<u8>> {
        let mut operation = 0;
        let work = cipher::encrypt_setup(&self.library, &mut operation, key, alg).and_then(|()| {
            cipher::set_iv(&self.library, &mut operation, &IV)?;
            self.rest_of_cipher(&mut operation, MESSAGE)
        });
        self.library.operations.abort(operation);
        work
    }

    pub(super) fn decipher_in_parts(&self, keys: &Keys) -> Result<Vec<u8>> {
        let (mut operation, (iv, text)) = (0, self.sealed.cbc.split_at(16));
        let setup = cipher::decrypt_setup(&self.library, &mut operation, keys.cbc, Algorithm::CBC_PKCS7);
        let work = setup.and_then(|()| {
            cipher::set_iv(&self.library, &mut operation, iv)?;
            self.rest_of_cipher(&mut operation, text)
        });
        self.library.operations.abort(operation);
        work
    }

    pub(super) fn rest_of_cipher(&self, operation: &mut u64, text: &[u8]) -> Result<Vec<u8>> {
        let mut result = Vec::new();
        for part in [&text[..7], &text[7..40], &text[40..]] {
            result.extend(output(|out| cipher::update(&self.library, operation, &mut InOut::new(part, out)))?);
        }
        result.extend(output(|out| cipher::finish(&self.library, operation, out))?);
        Ok(result)
    }

    pub(super) fn seal(&self, key: KeyId, alg: Algorithm) -> Result<Vec<u8>> {
        output(|out| aead::encrypt(&self.library, key, alg, &NONCE, b"more", &mut InOut::new(MESSAGE, out)))
    }

    pub(super) fn open(&self, key: KeyId, alg: Algorithm, sealed: &[u8]) -> Result<Vec<u8>> {
        let mut data = vec![0; MESSAGE.len()];
        aead::decrypt(&self.library, key, alg, &NONCE, b"more", &mut InOut::new(sealed, &mut data))?;
        Ok(data)
    }

    pub(super) fn seal_in_parts(&self, key: KeyId, alg: Algorithm) -> Result<Vec<u8>> {
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

    pub(super) fn open_in_parts(&self, key: KeyId, alg: Algorithm, sealed: &[u8]) -> Result<Vec<u8>> {
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

    pub(super) fn rest_of_aead(&self, operation: &mut u64, text: &[u8]) -> Result<Vec<u8>> {
        aead::set_nonce(&self.library, operation, &NONCE)?;
        aead::update_ad(&self.library, operation, b"more")?;
        let mut result = Vec::new();
        for part in [&text[..7], &text[7..]] {
            result.extend(output(|out| aead::update(&self.library, operation, &mut InOut::new(part, out)))?);
        }
        Ok(result)
    }

    pub(super) fn derive(&self, keys: &Keys) -> Result<Vec<u8>> {
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
    pub(super) fn hkdf(&self, keys: &Keys) -> Result<Vec<u8>> {
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
    pub(super) fn decapsulate(&self, keys: &Keys) -> Result<Vec<u8>> {
        let (library, ciphertext) = (&self.library, &self.sealed.encapsulated);
        let alg = Algorithm::ML_KEM;
        let key = key_encapsulation::decapsulate(library, keys.newer().ml_kem, alg, ciphertext, &ENCAPSULATED)?;
        self.use_and_destroy(key, || output(|out| keys::export(library, key, out)))
    }

    pub(super) fn wrap(&self, wrapping: KeyId, alg: Algorithm, key: KeyId) -> Result<Vec<u8>> {
        output(|out| key_wrapping::wrap(&self.library, wrapping, alg, key, out))
    }

    /// Unwraps, and exports what came out.
    pub(super) fn unwrap(
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
    pub(super) fn use_and_destroy(&self, key: KeyId, work: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let (answer, text) = (work(), parsec::cause::take());
        let destroyed = keys::destroy(&self.library, key);
        match answer {
            // A volatile key ends with its connection, and then there is nothing to destroy.
            Err(_) => told_again(answer, text),
            answer => destroyed.and(answer),
        }
    }

    pub(super) fn random(&self, keys: &Keys) -> Result<Vec<u8>> {
        let mut bytes = [0; 64];
        if !self.is_token(keys) {
            return random::generate(&self.library, &mut bytes).map(|()| Vec::new());
        }
        self.library.backends()[0].device.random(&mut bytes)?;
        assert_ne!(bytes, [0; 64]);
        Ok(Vec::new())
    }
}
