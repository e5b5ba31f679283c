//! The families of primitives that an engine or a device offers for a key.
//!
//! A [`Key`] is one key made ready, wherever it lives: prepared in memory by an engine, or a handle in a device.
//! It says which families it has; a family that is absent is `NOT_SUPPORTED` in one place, in `core`.
//! Implementations do primitives only. What can be built from them (message = hash + sign, truncated MACs,
//! verification of MACs in constant time) is built once, in `core`.
//!
//! Contracts that all families share:
//! - `core` has checked policy and key type, and slices are never longer than `isize::MAX`;
//! - an algorithm (or a combination with this key) that is not implemented is `Error::NotSupported`;
//! - an output slice that is too short is `Error::BufferTooSmall`, and nothing is written;
//! - input and output slices never overlap; where they may, the parameter is an [`InOut`].

use super::compose;
use crate::fail;
use crate::memory::{InOut, Secret};
use crate::psa::{Algorithm, Error, KeyType, PakePrimitive, PakeRole, PakeStep, Result};

/// One key made ready for use, in memory or in a device.
pub trait Key: Send + Sync {
    /// Writes the public part of a key pair or public key in the export format of its type
    /// (PSA 1.5, section 9.5) and returns its length.
    fn public_key(&self, output: &mut [u8]) -> Result<usize>;

    /// The key in its export format (PSA 1.5, section 9.5), from a device that gives it out; asked only of keys whose policy
    /// permits it.
    fn export(&self) -> Result<Secret> {
        Err(Error::NotSupported)
    }

    /// Signing and verifying (PSA 1.5, section 10.9).
    fn signature(&self) -> Option<&dyn Signature> {
        None
    }

    /// Asymmetric encryption (PSA 1.5, section 10.10).
    fn asymmetric_encryption(&self) -> Option<&dyn AsymmetricEncryption> {
        None
    }

    /// Key agreement (PSA 1.5, section 10.11).
    fn key_agreement(&self) -> Option<&dyn KeyAgreement> {
        None
    }

    /// Key encapsulation (PSA 1.5, section 10.12), except for ECIES, which `core` builds from key agreement.
    fn key_encapsulation(&self) -> Option<&dyn KeyEncapsulation> {
        None
    }

    /// Message authentication codes (PSA 1.5, section 10.4).
    fn mac(&self) -> Option<&dyn Mac> {
        None
    }

    /// Unauthenticated ciphers (PSA 1.5, section 10.5).
    fn cipher(&self) -> Option<&dyn Cipher> {
        None
    }

    /// Authenticated encryption (PSA 1.5, section 10.6).
    fn aead(&self) -> Option<&dyn Aead> {
        None
    }

    /// Key derivation with this key as the secret, for a device that keeps it (PSA 1.5, section 10.8).
    fn key_derivation(&self) -> Option<&dyn SecretDerivation> {
        None
    }

    /// Password-authenticated key exchange (PSA 1.5, section 10.13).
    fn pake(&self) -> Option<&dyn Pake> {
        None
    }

    /// Wrapping other keys (PSA 1.5, section 10.7).
    fn key_wrap(&self) -> Option<&dyn KeyWrap> {
        None
    }
}

/// Signatures. `context` is empty for algorithms without one.
pub trait Signature {
    /// Signs a hash, which may be shorter or longer than the algorithm's for ECDSA; returns the length.
    fn sign_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize>;

    /// Checks a signature of a hash; a wrong one, of whatever length, is `INVALID_SIGNATURE`.
    fn verify_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &[u8]) -> Result<()>;

    /// Signs a message with an algorithm that is not hash-and-sign, such as PureEdDSA. For hash-and-sign
    /// algorithms `core` hashes and calls [`Signature::sign_hash`], unless this key says otherwise through
    /// [`Signature::signs_messages`].
    fn sign_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize>;

    /// Checks a signature of a message; the counterpart of [`Signature::sign_message`].
    fn verify_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &[u8]) -> Result<()>;

    /// Begins the digest that stands for a message which comes in parts, where the algorithm is not hash-and-sign and has
    /// one; `signature` is the one to be verified, `None` for signing. Without, `core` keeps the message.
    fn begin_message(
        &self,
        _alg: Algorithm,
        _context: &[u8],
        _signature: Option<&[u8]>,
    ) -> Result<Option<MessageDigest>> {
        Ok(None)
    }

    /// Signs such a digest; returns the length.
    fn sign_digest(&self, _alg: Algorithm, _digest: &[u8], _signature: &mut [u8]) -> Result<usize> {
        Err(Error::NotSupported)
    }

    /// Checks a signature by such a digest.
    fn verify_digest(&self, _alg: Algorithm, _digest: &[u8], _signature: &[u8]) -> Result<()> {
        Err(Error::NotSupported)
    }

    /// True where the key can sign messages with this algorithm itself.
    fn signs_messages(&self, alg: Algorithm) -> bool {
        !alg.is_sign_hash()
    }
}

/// What an algorithm hashes of a message, in the making.
pub struct MessageDigest {
    /// What is in it already, is what comes before the message.
    pub operation: Box<dyn HashOperation>,
    /// Its length in bytes, at most 64.
    pub length: usize,
}

/// Encryption with a public key.
pub trait AsymmetricEncryption {
    /// Encrypts; `label` is the OAEP label, empty for PKCS1v15. Returns the length.
    fn encrypt(&self, alg: Algorithm, plaintext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize>;

    /// Decrypts in constant time with respect to the padding; wrong padding is `INVALID_PADDING`.
    fn decrypt(&self, alg: Algorithm, ciphertext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize>;
}

/// Agreement on a secret with a peer's public key.
pub trait KeyAgreement {
    /// The raw shared secret: for ECDH the x coordinate, or the Montgomery output. A peer key that is not valid
    /// for this key is `INVALID_ARGUMENT`.
    fn agree(&self, alg: Algorithm, peer: &[u8]) -> Result<Secret>;
}

/// Encapsulation of a secret for the owner of a key.
pub trait KeyEncapsulation {
    /// Makes a secret and writes its ciphertext, whose length it gives too.
    fn encapsulate(&self, alg: Algorithm, ciphertext: &mut [u8]) -> Result<(Secret, usize)>;

    /// The secret of a ciphertext. One of a wrong length is `INVALID_ARGUMENT`; what else is wrong with it shows only in a
    /// secret that the other side does not have (FIPS 203, section 6.3).
    fn decapsulate(&self, alg: Algorithm, ciphertext: &[u8]) -> Result<Secret>;
}

/// Message authentication codes. `alg` is always the full-length algorithm; `core` truncates and compares.
pub trait Mac {
    /// One call; `mac` has exactly the algorithm's full length.
    fn compute(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()>;

    /// Begins a computation in parts.
    fn setup(&self, alg: Algorithm) -> Result<Box<dyn MacOperation>>;
}

/// A MAC in the making. It owns what it needs of the key.
pub trait MacOperation: Send {
    /// Adds input.
    fn update(&mut self, input: &[u8]) -> Result<()>;

    /// Gives the MAC; `mac` has exactly the full length. Called once, as the last step.
    fn finish(&mut self, mac: &mut [u8]) -> Result<()>;
}

/// Which way a cipher runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From plaintext to ciphertext.
    Encrypt,
    /// From ciphertext to plaintext.
    Decrypt,
}

/// Unauthenticated ciphers.
pub trait Cipher {
    /// Begins an operation. `core` gives the initialization vector next, where the algorithm has one.
    fn setup(&self, alg: Algorithm, direction: Direction) -> Result<Box<dyn CipherOperation>>;

    /// Works on a whole text in one call and returns how many bytes it put out; the initialization vector has the
    /// length that `core` has checked, 0 where the algorithm has none. When it fails, nothing of the result remains in the
    /// output. A place that can do it faster than in parts says how.
    fn apply(&self, alg: Algorithm, direction: Direction, iv: &[u8], data: &mut InOut<'_>) -> Result<usize> {
        compose::cipher(self.setup(alg, direction)?, iv, data)
    }
}

/// A cipher operation. It owns what it needs of the key.
pub trait CipherOperation: Send {
    /// Sets the initialization vector, whose length `core` has checked. Called at most once, before any input.
    fn set_iv(&mut self, iv: &[u8]) -> Result<()>;

    /// Works on the input and returns how many bytes it put out: all that can be put out by now, except that
    /// padded decryption holds back one block. An output that is shorter is `BUFFER_TOO_SMALL`, found before any work.
    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize>;

    /// Ends the operation and returns how many bytes it put out. An incomplete block is `INVALID_ARGUMENT`, wrong
    /// padding `INVALID_PADDING` (found in constant time), a short output `BUFFER_TOO_SMALL`.
    fn finish(&mut self, output: &mut [u8]) -> Result<usize>;
}

/// Authenticated encryption. `alg` carries the tag length ([`Algorithm::aead_tag_length`]).
pub trait Aead {
    /// Encrypts in one call: puts `plaintext.input_length()` bytes of ciphertext and then the tag into the output,
    /// whose size `core` has checked. Input and output may be the same memory.
    fn encrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], plaintext: &mut InOut<'_>) -> Result<()>;

    /// Decrypts in one call the input, ciphertext followed by tag. Nothing of the plaintext remains in the output
    /// unless the tag is right; a wrong tag is `INVALID_SIGNATURE`.
    fn decrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], ciphertext: &mut InOut<'_>) -> Result<()>;

    /// Begins an operation in parts. `core` has checked the nonce. `lengths` are those of `psa_aead_set_lengths`
    /// (additional data, plaintext), without which an algorithm that needs them is not begun.
    fn setup(
        &self,
        alg: Algorithm,
        direction: Direction,
        nonce: &[u8],
        lengths: Option<(usize, usize)>,
    ) -> Result<Box<dyn AeadOperation>>;
}

/// Authenticated encryption in the making. It owns what it needs of the key. `core` keeps the order (additional
/// data, then text, then the end) and the declared lengths.
pub trait AeadOperation: Send {
    /// Adds additional data.
    fn update_ad(&mut self, input: &[u8]) -> Result<()>;

    /// Encrypts or decrypts a part; always puts out as many bytes as it takes in.
    fn update(&mut self, data: &mut InOut<'_>) -> Result<()>;

    /// Ends the operation: gives the tag, of the algorithm's length, in either direction; `core` compares it in
    /// constant time when decrypting. Called once, as the last step.
    fn finish(&mut self, tag: &mut [u8]) -> Result<()>;
}

/// Wrapping of key data that is in our memory. A device that wraps its own keys, whose data stays inside, does it in
/// `Backend::wrap_key` and `Backend::unwrap_key`.
pub trait KeyWrap {
    /// Wraps key data in the export format of its type; returns the length. A length that the algorithm does not take is
    /// `INVALID_ARGUMENT`.
    fn wrap(&self, alg: Algorithm, data: &[u8], output: &mut [u8]) -> Result<usize>;

    /// Gives the key data back; what is not authentic, of whatever length, is `INVALID_SIGNATURE`.
    fn unwrap(&self, alg: Algorithm, wrapped: &[u8]) -> Result<Secret>;
}

/// Hashes (PSA 1.5, section 10.2).
pub trait Hash {
    /// One call; `hash` has exactly the algorithm's length.
    fn compute(&self, alg: Algorithm, input: &[u8], hash: &mut [u8]) -> Result<()>;

    /// Begins a hash in parts.
    fn setup(&self, alg: Algorithm) -> Result<Box<dyn HashOperation>>;

    /// Begins with the state that another hash of this algorithm had. `core` has checked its lengths.
    fn resume(&self, alg: Algorithm, state: &HashState) -> Result<Box<dyn HashOperation>>;
}

/// The state of a hash between two inputs: the fields of PSA 1.5, section 10.2.5.
#[derive(Clone, PartialEq, Eq)]
pub struct HashState {
    /// Length of the input in bytes; for MD2 of the unprocessed input.
    pub input_length: u128,
    /// The encoded state of the algorithm after the last whole block.
    pub chain: Secret,
    /// The incomplete block.
    pub unprocessed: Secret,
}

/// A hash in the making.
pub trait HashOperation: Send + Sync {
    /// Adds input.
    fn update(&mut self, input: &[u8]) -> Result<()>;

    /// Gives the hash, of exactly the algorithm's length. Called once, as the last step.
    fn finish(&mut self, hash: &mut [u8]) -> Result<()>;

    /// A copy that goes its own way.
    fn duplicate(&self) -> Result<Box<dyn HashOperation>>;

    /// The state, `NOT_SUPPORTED` for algorithms without a specified one.
    fn suspend(&self) -> Result<HashState>;
}

/// Extendable-output functions (PSA 1.5, section 10.3).
pub trait Xof {
    /// Begins. `context` is empty for algorithms without one; one that the algorithm does not take is `INVALID_ARGUMENT`.
    fn setup(&self, alg: Algorithm, context: &[u8]) -> Result<Box<dyn XofOperation>>;
}

/// An extendable-output function in the making.
pub trait XofOperation: Send {
    /// Adds input. Not called after the first output.
    fn update(&mut self, input: &[u8]) -> Result<()>;

    /// Fills `output` with the next bytes.
    fn output(&mut self, output: &mut [u8]) -> Result<()>;
}

/// The inputs of a key derivation, complete and in order (PSA 1.5, section 10.8). A step that was not given is
/// `None`.
#[derive(Default)]
pub struct DerivationInputs {
    /// `PSA_KEY_DERIVATION_INPUT_SECRET` or `_PASSWORD` (several passwords are already concatenated).
    pub secret: Option<Secret>,
    /// The type of the key that the secret was, `KeyType::NONE` where it was none.
    pub secret_type: KeyType,
    /// How many bytes are asked for in all, which some algorithms make part of what they compute.
    pub capacity: usize,
    /// `PSA_KEY_DERIVATION_INPUT_OTHER_SECRET`.
    pub other_secret: Option<Secret>,
    /// `PSA_KEY_DERIVATION_INPUT_SALT` (several are already concatenated where the algorithm allows it); secret where
    /// a pepper is part of it.
    pub salt: Option<Secret>,
    /// `PSA_KEY_DERIVATION_INPUT_INFO`.
    pub info: Option<Vec<u8>>,
    /// `PSA_KEY_DERIVATION_INPUT_SEED`.
    pub seed: Option<Vec<u8>>,
    /// `PSA_KEY_DERIVATION_INPUT_LABEL`.
    pub label: Option<Vec<u8>>,
    /// `PSA_KEY_DERIVATION_INPUT_CONTEXT`.
    pub context: Option<Vec<u8>>,
    /// `PSA_KEY_DERIVATION_INPUT_COST`.
    pub cost: Option<u64>,
}

/// Key derivation.
pub trait KeyDerivation {
    /// True where this algorithm (a derivation algorithm, not combined with an agreement) is implemented.
    fn offers(&self, alg: Algorithm) -> bool;

    /// Begins to give output. `core` keeps the capacity.
    fn start(&self, alg: Algorithm, inputs: DerivationInputs) -> Result<Box<dyn DerivationOutput>>;
}

/// Key derivation from a secret that stays in a device. `core` composes of it what it can.
pub trait SecretDerivation {
    /// HMAC or CMAC of full length under the secret, whatever the type of its key; `mac` has exactly that length.
    fn mac(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()>;

    /// The first bytes of HKDF or HKDF-Extract. An empty salt stands for the one of zeros (RFC 5869, section 2.2).
    fn derive(&self, alg: Algorithm, _salt: &[u8], _info: &[u8], _output: &mut [u8]) -> Result<()> {
        fail!(NotSupported, "this device does not do the derivation {alg}")
    }
}

/// The output of a derivation, read from the beginning.
pub trait DerivationOutput: Send {
    /// Fills `output` with the next bytes.
    fn read(&mut self, output: &mut [u8]) -> Result<()>;
}

/// What a password-authenticated key exchange computes with (PSA 1.5, section 10.13.3).
#[derive(Clone, Copy, Debug)]
pub struct PakeSuite {
    /// The algorithm, with its hash.
    pub alg: Algorithm,
    /// The group.
    pub primitive: PakePrimitive,
}

/// Between whom a password-authenticated key exchange is, as the algorithm demands it.
#[derive(Clone, Debug, Default)]
pub struct PakeParties {
    /// Which side is ours.
    pub role: PakeRole,
    /// Our identity; empty where none was set.
    pub user: Vec<u8>,
    /// The peer's identity; empty where none was set.
    pub peer: Vec<u8>,
    /// What both agreed on beforehand; an empty one differs from none.
    pub context: Option<Vec<u8>>,
}

/// Password-authenticated key exchange with a password, or with what was derived from one.
pub trait Pake {
    /// `INVALID_ARGUMENT` or `NOT_SUPPORTED` where this suite does not go together, with this key.
    fn check(&self, suite: PakeSuite) -> Result<()>;

    /// Begins the exchange, with a suite that was checked.
    fn start(&self, suite: PakeSuite, parties: PakeParties) -> Result<Box<dyn PakeExchange>>;
}

/// One side of a key exchange. It owns what it needs of the key. `core` keeps the order of the steps.
pub trait PakeExchange: Send {
    /// What this side sends in a step.
    fn output(&mut self, step: PakeStep) -> Result<Secret>;

    /// Takes what the other side sent: `INVALID_SIGNATURE` for a wrong proof or confirmation, `INVALID_ARGUMENT` for
    /// what is not of the form, or not an element of the group.
    fn input(&mut self, step: PakeStep, input: &[u8]) -> Result<()>;

    /// The secret that both sides share now. Called once, as the last step.
    fn shared_secret(&mut self) -> Result<Secret>;
}
