//! Authenticated encryption in parts with a key that encrypts in one call only, for every mode that adds a stream of key
//! bytes to the text (GCM, CCM, ChaCha20-Poly1305).
//!
//! The stream is what the key makes of zeros; the tag is that of the whole plaintext, which is encrypted once more at the
//! end. So nothing leaves the device that the caller does not get anyway, and its key needs no other right or mechanism. The
//! price is memory for the text, and its encryption two to four times.
//!
//! As in every place, decryption gives out plaintext before its tag is verified: whoever calls must not use it until then
//! (PSA 1.5, section 10.6.3).

use super::primitives::{Aead, AeadOperation, Direction};
use crate::fail;
use crate::memory::{InOut, Secret};
use crate::psa::{Algorithm, Error, Result};

/// What may wait in memory of the additional data, and of the text.
const MOST: usize = 16 << 20;
/// The least that is asked for at once of the stream.
const LEAST: usize = 1 << 10;

/// Begins an operation. `lengths` are those of [`Aead::setup`].
pub fn begin<K: Aead + Send + 'static>(
    key: K,
    alg: Algorithm,
    direction: Direction,
    nonce: &[u8],
    lengths: Option<(usize, usize)>,
) -> Box<dyn AeadOperation> {
    let most = lengths.map_or(MOST, |(_, text)| text.min(MOST));
    Box::new(Running {
        key,
        alg,
        direction,
        nonce: nonce.to_vec(),
        most,
        additional_data: Vec::new(),
        plaintext: Secret::default(),
        stream: Secret::default(),
    })
}

struct Running<K> {
    key: K,
    alg: Algorithm,
    direction: Direction,
    nonce: Vec<u8>,
    /// How long the text may become.
    most: usize,
    additional_data: Vec<u8>,
    plaintext: Secret,
    stream: Secret,
}

impl<K: Aead> Running<K> {
    /// Encrypts in one call; ciphertext and tag.
    fn seal(&self, additional_data: &[u8], plaintext: &[u8]) -> Result<Secret> {
        let mut sealed = Secret::new(vec![0; plaintext.len() + self.alg.aead_tag_length()]);
        let mut text = InOut::new(plaintext, &mut sealed);
        self.key.encrypt(self.alg, &self.nonce, additional_data, &mut text)?;
        Ok(sealed)
    }

    /// Has the stream up to this length: each time at least twice as much, because it comes from its beginning.
    fn extend_stream(&mut self, length: usize) -> Result<()> {
        if length <= self.stream.len() {
            return Ok(());
        }
        let length = length.max(2 * self.stream.len()).max(LEAST).min(self.most);
        self.stream = self.seal(&[], &Secret::new(vec![0; length]))?;
        self.stream.truncate(length);
        Ok(())
    }
}

impl<K: Aead + Send> AeadOperation for Running<K> {
    fn update_ad(&mut self, input: &[u8]) -> Result<()> {
        if input.len() > MOST - self.additional_data.len() {
            return fail!(InsufficientMemory, "this key takes additional data in one call; up to 16 MiB are kept");
        }
        self.additional_data.extend_from_slice(input);
        Ok(())
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<()> {
        let begin = self.plaintext.len();
        let end = begin.saturating_add(data.input_length());
        if end > self.most {
            return fail!(InsufficientMemory, "this key takes the text in one call; up to 16 MiB are kept");
        }
        self.extend_stream(end)?;
        let (input, output) = data.separate();
        let output = output.get_mut(..input.len()).ok_or(Error::BufferTooSmall)?;
        let stream = self.stream.get(begin..end).ok_or(Error::CorruptionDetected)?;
        for ((output, input), stream) in output.iter_mut().zip(input).zip(stream) {
            *output = input ^ stream;
        }
        append(&mut self.plaintext, if self.direction == Direction::Encrypt { input } else { output });
        Ok(())
    }

    fn finish(&mut self, tag: &mut [u8]) -> Result<()> {
        let sealed = self.seal(&self.additional_data, &self.plaintext)?;
        let (ciphertext, computed) = sealed.split_at_checked(self.plaintext.len()).ok_or(Error::CorruptionDetected)?;
        let given_out = self.plaintext.iter().zip(self.stream.iter()).map(|(plain, stream)| plain ^ stream);
        if !given_out.eq(ciphertext.iter().copied()) {
            return fail!(HardwareFailure, "the key encrypts one text in two ways");
        }
        tag.copy_from_slice(computed.get(..tag.len()).ok_or(Error::CorruptionDetected)?);
        Ok(())
    }
}

/// Adds to a secret, and leaves none behind where it was before.
fn append(secret: &mut Secret, addition: &[u8]) {
    let length = secret.len() + addition.len();
    if length > secret.capacity() {
        let mut moved = Secret::new(Vec::with_capacity(length.max(2 * secret.capacity())));
        moved.extend_from_slice(secret);
        *secret = moved;
    }
    secret.extend_from_slice(addition);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::primitives::Key;
    use crate::engines::Engine;
    use crate::engines::native::Native;
    use crate::psa::KeyType;

    const TAG: usize = 16;

    /// A key of the engine that does not know parts.
    struct OneCall(Box<dyn Key>, KeyType);

    impl OneCall {
        fn new(key_type: KeyType) -> Self {
            Self(Native.prepare(key_type, 256, &[5; 32]).unwrap(), key_type)
        }
    }

    impl Aead for OneCall {
        fn encrypt(&self, alg: Algorithm, nonce: &[u8], ad: &[u8], plaintext: &mut InOut<'_>) -> Result<()> {
            self.0.aead().unwrap().encrypt(alg, nonce, ad, plaintext)
        }

        fn decrypt(&self, _: Algorithm, _: &[u8], _: &[u8], _: &mut InOut<'_>) -> Result<()> {
            panic!("a tag is not there before the end")
        }

        fn setup(
            &self,
            _: Algorithm,
            _: Direction,
            _: &[u8],
            _: Option<(usize, usize)>,
        ) -> Result<Box<dyn AeadOperation>> {
            panic!("there are no parts")
        }
    }

    fn in_parts(
        key_type: KeyType,
        alg: Algorithm,
        direction: Direction,
        input: &[u8],
        part: usize,
    ) -> (Vec<u8>, [u8; TAG]) {
        let lengths = (alg == Algorithm::CCM).then_some((5, input.len()));
        let mut operation = begin(OneCall::new(key_type), alg, direction, &[9; 12], lengths);
        operation.update_ad(b"ad").unwrap();
        operation.update_ad(b"dat").unwrap();
        let mut output = vec![0; input.len()];
        for (input, output) in input.chunks(part).zip(output.chunks_mut(part)) {
            operation.update(&mut InOut::new(input, output)).unwrap();
        }
        let mut tag = [0; TAG];
        operation.finish(&mut tag).unwrap();
        (output, tag)
    }

    #[test]
    fn parts_give_what_one_call_gives() {
        let modes = [
            (KeyType::AES, Algorithm::GCM),
            (KeyType::AES, Algorithm::CCM),
            (KeyType::CHACHA20, Algorithm::CHACHA20_POLY1305),
        ];
        for (key_type, alg) in modes {
            for (length, part) in [(0, 1), (1, 1), (16, 16), (100, 7), (1024, 1000), (5000, 33), (5000, 5000)] {
                let plaintext: Vec<u8> = (0..length).map(|i| (i * 7) as u8).collect();
                let mut sealed = vec![0; length + TAG];
                let whole = OneCall::new(key_type);
                assert_eq!(whole.1, key_type);
                whole.encrypt(alg, &[9; 12], b"addat", &mut InOut::new(&plaintext, &mut sealed)).unwrap();
                let (ciphertext, tag) = sealed.split_at(length);
                let encrypted = in_parts(key_type, alg, Direction::Encrypt, &plaintext, part);
                assert_eq!((encrypted.0.as_slice(), encrypted.1.as_slice()), (ciphertext, tag), "{alg:?} {length}");
                let decrypted = in_parts(key_type, alg, Direction::Decrypt, ciphertext, part);
                assert_eq!((decrypted.0.as_slice(), decrypted.1.as_slice()), (&plaintext[..], tag), "{alg:?} {length}");
            }
        }
    }

    #[test]
    fn what_is_kept_has_a_bound() {
        let mut operation = begin(OneCall::new(KeyType::AES), Algorithm::GCM, Direction::Encrypt, &[9; 12], None);
        let (input, mut output) = (vec![0; MOST], vec![0; MOST + 1]);
        operation.update_ad(&input).unwrap();
        assert_eq!(operation.update_ad(&[0]), Err(Error::InsufficientMemory));
        operation.update(&mut InOut::new(&input, &mut output)).unwrap();
        assert_eq!(operation.update(&mut InOut::new(&[0], &mut output)), Err(Error::InsufficientMemory));
    }
}
