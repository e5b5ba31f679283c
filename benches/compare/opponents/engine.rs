//! aws-lc called directly, with what it keeps for repeated use: the engine under libparsec.
#![allow(unsafe_code)]

mod symmetric;

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

use aws_lc_sys as lc;

use crate::measure::Work;
use crate::opponents::psa::{AD, done};

pub use symmetric::*;

const TAG: usize = 16;

/// Hashes in one call.
pub fn sha256(input: &'static [u8]) -> impl Work {
    // SAFETY: the input is readable, and the answer has room for 32 bytes.
    move |answer| unsafe {
        lc::SHA256(input.as_ptr(), input.len(), answer.as_mut_ptr());
        32
    }
}

/// Hashes with SHA-3 in one call.
pub fn sha3_256(input: &'static [u8]) -> impl Work {
    // SAFETY: the input is readable, the answer has room for 32 bytes; length output and engine may be null.
    move |answer| unsafe {
        let (data, method) = (input.as_ptr().cast(), lc::EVP_sha3_256());
        given(lc::EVP_Digest(data, input.len(), answer.as_mut_ptr(), null_mut(), method, null_mut()), 32)
    }
}

/// HMAC-SHA-256 from the kept state of the key.
pub fn hmac_sha256(key: &'static [u8], input: &'static [u8]) -> impl Work {
    let mut context = MaybeUninit::<lc::HMAC_CTX>::uninit();
    // SAFETY: initialized before it is used; the key is readable.
    let mut context = unsafe {
        lc::HMAC_CTX_init(context.as_mut_ptr());
        lc::HMAC_Init_ex(context.as_mut_ptr(), key.as_ptr().cast(), key.len(), lc::EVP_sha256(), null_mut());
        context.assume_init()
    };
    // SAFETY: without key and hash the context begins anew; the answer has room for 32 bytes.
    move |answer| unsafe {
        let mut length = 0;
        let good = lc::HMAC_Init_ex(&mut context, null(), 0, null(), null_mut())
            & lc::HMAC_Update(&mut context, input.as_ptr(), input.len())
            & lc::HMAC_Final(&mut context, answer.as_mut_ptr(), &mut length);
        given(good, length as usize)
    }
}

/// Counter mode.
pub fn aes_ctr(key: &'static [u8], iv: &'static [u8; 16], input: &'static [u8]) -> impl Work {
    let schedule = schedule(key, lc::AES_set_encrypt_key);
    move |answer| {
        let (mut counter, mut stream, mut used) = (*iv, [0; 16], 0);
        // SAFETY: input and answer have the length, the blocks 16 bytes.
        unsafe {
            let (from, to, stream) = (input.as_ptr(), answer.as_mut_ptr(), stream.as_mut_ptr());
            lc::AES_ctr128_encrypt(from, to, input.len(), &schedule, counter.as_mut_ptr(), stream, &mut used);
        }
        input.len()
    }
}

/// Cipher block chaining without padding.
pub fn aes_cbc(key: &'static [u8], encrypt: bool, iv: &'static [u8; 16], input: &'static [u8]) -> impl Work {
    let schedule = schedule(key, if encrypt { lc::AES_set_encrypt_key } else { lc::AES_set_decrypt_key });
    move |answer| {
        let mut chain = *iv;
        let (from, to) = (input.as_ptr(), answer.as_mut_ptr());
        // SAFETY: input and answer have the length, whole blocks; the chain has 16 bytes.
        unsafe { lc::AES_cbc_encrypt(from, to, input.len(), &schedule, chain.as_mut_ptr(), encrypt.into()) };
        input.len()
    }
}

fn schedule(key: &[u8], expand: unsafe extern "C" fn(*const u8, u32, *mut lc::AES_KEY) -> c_int) -> lc::AES_KEY {
    let mut schedule = MaybeUninit::zeroed();
    // SAFETY: zeros are a valid schedule; the key is readable for its length.
    unsafe {
        expand(key.as_ptr(), key.len() as u32 * 8, schedule.as_mut_ptr());
        schedule.assume_init()
    }
}

/// The AEADs that are compared.
#[derive(Clone, Copy)]
pub enum Aead {
    Gcm,
    Ccm,
    ChaCha20Poly1305,
}

fn aead_context(aead: Aead, key: &[u8]) -> *mut lc::EVP_AEAD_CTX {
    // SAFETY: the method is a constant, the key readable for its length, which the function checks.
    unsafe {
        let method = match (aead, key.len()) {
            (Aead::Gcm, 16) => lc::EVP_aead_aes_128_gcm(),
            (Aead::Gcm, _) => lc::EVP_aead_aes_256_gcm(),
            // With nonces of 13 bytes.
            (Aead::Ccm, _) => lc::EVP_aead_aes_128_ccm_matter(),
            (Aead::ChaCha20Poly1305, _) => lc::EVP_aead_chacha20_poly1305(),
        };
        lc::EVP_AEAD_CTX_new(method, key.as_ptr(), key.len(), TAG)
    }
}

/// Encrypts with authentication from the kept state of the key.
pub fn seal(aead: Aead, key: &'static [u8], nonce: &'static [u8], input: &'static [u8]) -> impl Work {
    let context = aead_context(aead, key);
    // SAFETY: the context lives; inputs are readable, and the answer has room for text and tag.
    move |answer| unsafe {
        let mut length = 0;
        let good = lc::EVP_AEAD_CTX_seal(
            context,
            answer.as_mut_ptr(),
            &mut length,
            answer.len(),
            nonce.as_ptr(),
            nonce.len(),
            input.as_ptr(),
            input.len(),
            AD.as_ptr(),
            AD.len(),
        );
        given(good, length)
    }
}

/// Decrypts with authentication from the kept state of the key.
pub fn open(aead: Aead, key: &'static [u8], nonce: &'static [u8], input: &'static [u8]) -> impl Work {
    let context = aead_context(aead, key);
    // SAFETY: as in `seal`.
    move |answer| unsafe {
        let mut length = 0;
        let good = lc::EVP_AEAD_CTX_open(
            context,
            answer.as_mut_ptr(),
            &mut length,
            answer.len(),
            nonce.as_ptr(),
            nonce.len(),
            input.as_ptr(),
            input.len(),
            AD.as_ptr(),
            AD.len(),
        );
        given(good, length)
    }
}

/// The curves that are compared.
#[derive(Clone, Copy)]
pub enum Curve {
    P256,
    P384,
}

/// A key on a curve; it lives until the process ends.
#[derive(Clone, Copy)]
pub struct EcKey(*mut lc::EC_KEY);

impl EcKey {
    /// The key pair of a private scalar.
    pub fn new(curve: Curve, scalar: &[u8]) -> Self {
        // SAFETY: group and key are valid, the scalar is readable, and the key copies number and point.
        unsafe {
            let group = match curve {
                Curve::P256 => lc::EC_group_p256(),
                Curve::P384 => lc::EC_group_p384(),
            };
            let (key, point) = (lc::EC_KEY_new(), lc::EC_POINT_new(group));
            let number = lc::BN_bin2bn(scalar.as_ptr(), scalar.len(), null_mut());
            lc::EC_KEY_set_group(key, group);
            lc::EC_KEY_set_private_key(key, number);
            lc::EC_POINT_mul(group, point, number, null(), null(), null_mut());
            lc::EC_KEY_set_public_key(key, point);
            lc::EC_POINT_free(point);
            lc::BN_free(number);
            Self(key)
        }
    }

    /// The key pair in DER.
    pub fn to_der(self) -> Vec<u8> {
        let mut output = null_mut();
        // SAFETY: the key is valid; the new buffer is leaked, once.
        unsafe {
            let length = lc::i2d_ECPrivateKey(self.0, &mut output);
            std::slice::from_raw_parts(output, usize::try_from(length).unwrap_or(0)).to_vec()
        }
    }

    /// Signs a hash; the answer is in DER.
    pub fn sign(self, hash: &'static [u8]) -> impl Work {
        // SAFETY: the key lives, the hash is readable, and the answer has room for any signature.
        move |answer| unsafe {
            let mut length = 0;
            let (hash, hash_length) = (hash.as_ptr(), hash.len());
            given(lc::ECDSA_sign(0, hash, hash_length, answer.as_mut_ptr(), &mut length, self.0), length as usize)
        }
    }

    /// Verifies the signature, in DER, of a hash.
    pub fn verify(self, hash: &'static [u8], signature: &'static [u8]) -> impl Work {
        move |answer| given(self.accepts(hash, signature).into(), done(answer))
    }

    /// True where the signature, in DER, is right.
    pub fn accepts(self, hash: &[u8], signature: &[u8]) -> bool {
        // SAFETY: the key lives, hash and signature are readable.
        unsafe { lc::ECDSA_verify(0, hash.as_ptr(), hash.len(), signature.as_ptr(), signature.len(), self.0) == 1 }
    }

    /// Agrees on a secret with the owner of an encoded point, parsed each time.
    pub fn agree(self, peer: &'static [u8]) -> impl Work {
        // SAFETY: the key lives, its group too; the peer is readable, and the answer has room for a coordinate.
        move |answer| unsafe {
            let group = lc::EC_KEY_get0_group(self.0);
            let point = lc::EC_POINT_new(group);
            let good = lc::EC_POINT_oct2point(group, point, peer.as_ptr(), peer.len(), null_mut());
            let length = lc::ECDH_compute_key(answer.as_mut_ptr().cast(), 66, point, self.0, None);
            lc::EC_POINT_free(point);
            given(good, usize::try_from(length).unwrap_or(0))
        }
    }
}

/// The signature in DER of one that is r and s.
pub fn to_der(signature: &[u8]) -> Vec<u8> {
    let (r, s) = signature.split_at(signature.len() / 2);
    let mut output = null_mut();
    // SAFETY: the numbers are readable; the objects are leaked, once per key.
    unsafe {
        let parsed = lc::ECDSA_SIG_new();
        let number = |bytes: &[u8]| lc::BN_bin2bn(bytes.as_ptr(), bytes.len(), null_mut());
        lc::ECDSA_SIG_set0(parsed, number(r), number(s));
        let length = lc::i2d_ECDSA_SIG(parsed, &mut output);
        std::slice::from_raw_parts(output, usize::try_from(length).unwrap_or(0)).to_vec()
    }
}

/// Generates a P-256 key and frees it.
pub fn generate_p256() -> impl Work {
    // SAFETY: the key is ours until it is freed.
    move |answer: &mut [u8]| unsafe {
        let key = lc::EC_KEY_new();
        let good = lc::EC_KEY_set_group(key, lc::EC_group_p256()) & lc::EC_KEY_generate_key(key);
        lc::EC_KEY_free(key);
        given(good, done(answer))
    }
}

/// Signs a message with Ed25519.
pub fn ed25519_sign(seed: &'static [u8; 32], message: &'static [u8]) -> impl Work {
    let private_key = ed25519_key(seed).1;
    // SAFETY: the key has 64 bytes, the message is readable, and the answer has room for 64 bytes.
    move |answer| unsafe {
        given(lc::ED25519_sign(answer.as_mut_ptr(), message.as_ptr(), message.len(), private_key.as_ptr()), 64)
    }
}

/// Verifies an Ed25519 signature.
pub fn ed25519_verify(seed: &'static [u8; 32], message: &'static [u8], signature: &'static [u8]) -> impl Work {
    let public_key = ed25519_key(seed).0;
    // SAFETY: key and signature have 32 and 64 bytes, and the message is readable.
    move |answer| unsafe {
        let (text, signature) = (message.as_ptr(), signature.as_ptr());
        given(lc::ED25519_verify(text, message.len(), signature, public_key.as_ptr()), done(answer))
    }
}

fn ed25519_key(seed: &[u8; 32]) -> ([u8; 32], [u8; 64]) {
    let (mut public_key, mut private_key) = ([0; 32], [0; 64]);
    // SAFETY: the arrays have the lengths that the function reads and writes.
    unsafe { lc::ED25519_keypair_from_seed(public_key.as_mut_ptr(), private_key.as_mut_ptr(), seed.as_ptr()) };
    (public_key, private_key)
}

/// The X25519 public key of a private key.
pub fn x25519_public(private_key: &[u8; 32]) -> [u8; 32] {
    let mut public_key = [0; 32];
    // SAFETY: both arrays have 32 bytes.
    unsafe { lc::X25519_public_from_private(public_key.as_mut_ptr(), private_key.as_ptr()) };
    public_key
}

/// Agrees on a secret over Curve25519.
pub fn x25519(private_key: &'static [u8; 32], peer: &'static [u8; 32]) -> impl Work {
    // SAFETY: all three have 32 bytes.
    move |answer| given(unsafe { lc::X25519(answer.as_mut_ptr(), private_key.as_ptr(), peer.as_ptr()) }, 32)
}

/// An RSA key pair; it lives until the process ends.
#[derive(Clone, Copy)]
pub struct RsaKey(*mut lc::RSA);

impl RsaKey {
    /// Reads an RSAPrivateKey.
    pub fn new(der: &[u8]) -> Self {
        // SAFETY: the encoding is readable.
        Self(unsafe { lc::RSA_private_key_from_bytes(der.as_ptr(), der.len()) })
    }

    /// Signs a SHA-256 hash with PKCS #1 v1.5.
    pub fn sign(self, hash: &'static [u8]) -> impl Work {
        // SAFETY: the key lives, the hash is readable, and the answer has room for the modulus.
        move |answer| unsafe {
            let mut length = 0;
            let (hash, hash_length) = (hash.as_ptr(), hash.len());
            let good = lc::RSA_sign(lc::NID_sha256, hash, hash_length, answer.as_mut_ptr(), &mut length, self.0);
            given(good, length as usize)
        }
    }

    /// Verifies a PKCS #1 v1.5 signature of a SHA-256 hash.
    pub fn verify(self, hash: &'static [u8], signature: &'static [u8]) -> impl Work {
        // SAFETY: the key lives, hash and signature are readable.
        move |answer| unsafe {
            let (hash, hash_length) = (hash.as_ptr(), hash.len());
            let (signature, length) = (signature.as_ptr(), signature.len());
            given(lc::RSA_verify(lc::NID_sha256, hash, hash_length, signature, length, self.0), done(answer))
        }
    }

    fn oaep(self, encrypt: bool) -> *mut lc::EVP_PKEY_CTX {
        // SAFETY: the key lives; the context is leaked, once per use.
        unsafe {
            let key = lc::EVP_PKEY_new();
            lc::EVP_PKEY_set1_RSA(key, self.0);
            let context = lc::EVP_PKEY_CTX_new(key, null_mut());
            if encrypt {
                lc::EVP_PKEY_encrypt_init(context)
            } else {
                lc::EVP_PKEY_decrypt_init(context)
            };
            lc::EVP_PKEY_CTX_set_rsa_padding(context, lc::RSA_PKCS1_OAEP_PADDING);
            lc::EVP_PKEY_CTX_set_rsa_oaep_md(context, lc::EVP_sha256());
            context
        }
    }

    /// Encrypts with OAEP and SHA-256.
    pub fn encrypt(self, input: &[u8]) -> Vec<u8> {
        let (mut output, mut length) = (vec![0; 256], 256);
        // SAFETY: the context is valid; the input is readable, the output writable for its length.
        unsafe {
            let (to, from) = (output.as_mut_ptr(), input.as_ptr());
            lc::EVP_PKEY_encrypt(self.oaep(true), to, &mut length, from, input.len());
        }
        output
    }

    /// Decrypts with OAEP and SHA-256.
    pub fn decrypt(self, input: &'static [u8]) -> impl Work {
        let context = self.oaep(false);
        // SAFETY: the context lives; the input is readable, the answer writable for its length.
        move |answer| unsafe {
            let mut length = answer.len();
            given(lc::EVP_PKEY_decrypt(context, answer.as_mut_ptr(), &mut length, input.as_ptr(), input.len()), length)
        }
    }
}

/// Derives bytes with HKDF-SHA-256.
pub fn hkdf_sha256(secret: &'static [u8], salt: &'static [u8], info: &'static [u8], length: usize) -> impl Work {
    // SAFETY: inputs are readable, the slice is writable for its length.
    move |answer| unsafe {
        let good = lc::HKDF(
            answer[..length].as_mut_ptr(),
            length,
            lc::EVP_sha256(),
            secret.as_ptr(),
            secret.len(),
            salt.as_ptr(),
            salt.len(),
            info.as_ptr(),
            info.len(),
        );
        given(good, length)
    }
}

/// Fills the answer with random bytes.
pub fn random(length: usize) -> impl Work {
    // SAFETY: the slice is writable for its length.
    move |answer| given(unsafe { lc::RAND_bytes(answer[..length].as_mut_ptr(), length) }, length)
}

/// The length of an answer, 0 when a return value is not 1.
fn given(good: c_int, length: usize) -> usize {
    if good == 1 { length } else { 0 }
}

/// An ML-KEM-768 key pair.
#[derive(Clone, Copy)]
pub struct MlKem768(*mut lc::EVP_PKEY);

impl MlKem768 {
    /// Length of a ciphertext in bytes.
    pub const CIPHERTEXT: usize = 1088;

    /// The key of the seeds d and z.
    pub fn new(seed: &[u8]) -> Result<Self, String> {
        // A PrivateKeyInfo (RFC 9935, section 6).
        let head = [0x30, 0x54, 2, 1, 0, 0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 4, 2, 4, 0x42, 0x80, 0x40];
        let encoded = [&head[..], seed].concat();
        let mut reader = lc::CBS { data: encoded.as_ptr(), len: encoded.len() };
        // SAFETY: the reader covers exactly the encoding, which lives longer.
        let key = unsafe { lc::EVP_parse_private_key(&mut reader) };
        if key.is_null() { Err("no ML-KEM-768 key".into()) } else { Ok(Self(key)) }
    }

    fn context(self) -> *mut lc::EVP_PKEY_CTX {
        // SAFETY: the key lives until the end of the process.
        unsafe { lc::EVP_PKEY_CTX_new(self.0, null_mut()) }
    }

    /// Makes a secret and its ciphertext, which it answers.
    pub fn encapsulate(self) -> impl Work {
        let context = self.context();
        // SAFETY: the context is live, both outputs have room.
        move |answer| unsafe {
            let (mut secret, mut length, mut secret_length) = ([0u8; 32], Self::CIPHERTEXT, 32);
            let (output, secret) = (answer[..length].as_mut_ptr(), secret.as_mut_ptr());
            given(lc::EVP_PKEY_encapsulate(context, output, &mut length, secret, &mut secret_length), length)
        }
    }

    /// Finds the secret of a ciphertext.
    pub fn decapsulate(self, ciphertext: &'static [u8]) -> impl Work {
        let context = self.context();
        // SAFETY: the context is live, the ciphertext readable, the answer has room for 32 bytes.
        move |answer| unsafe {
            let (mut length, input) = (32, ciphertext.as_ptr());
            let good = lc::EVP_PKEY_decapsulate(context, answer.as_mut_ptr(), &mut length, input, ciphertext.len());
            given(good, length)
        }
    }
}

/// An ML-DSA-65 key pair.
#[derive(Clone, Copy)]
pub struct MlDsa65(*mut lc::EVP_PKEY);

impl MlDsa65 {
    /// Length of a signature in bytes.
    pub const SIGNATURE: usize = 3309;

    /// The key of a seed.
    pub fn new(seed: &[u8]) -> Result<Self, String> {
        // SAFETY: the seed is readable for its length.
        let key = unsafe { lc::EVP_PKEY_pqdsa_new_raw_private_key(lc::NID_MLDSA65, seed.as_ptr(), seed.len()) };
        if key.is_null() { Err("no ML-DSA-65 key".into()) } else { Ok(Self(key)) }
    }

    /// Signs a message.
    pub fn sign(self, message: &'static [u8]) -> impl Work {
        // SAFETY: the context is initialized, used and cleaned up; the message is readable, the answer has room.
        move |answer| unsafe {
            let (mut context, mut length) = (MaybeUninit::uninit(), Self::SIGNATURE);
            let context = context.as_mut_ptr();
            lc::EVP_MD_CTX_init(context);
            let good = lc::EVP_DigestSignInit(context, null_mut(), null(), null_mut(), self.0)
                & lc::EVP_DigestSign(context, answer.as_mut_ptr(), &mut length, message.as_ptr(), message.len());
            lc::EVP_MD_CTX_cleanup(context);
            given(good, length)
        }
    }

    /// Verifies the signature of a message.
    pub fn verify(self, message: &'static [u8], signature: &'static [u8]) -> impl Work {
        move |answer| if self.accepts(message, signature) { done(answer) } else { 0 }
    }

    /// True for a right signature.
    pub fn accepts(self, message: &[u8], signature: &[u8]) -> bool {
        // SAFETY: as in `sign`; the signature is readable.
        unsafe {
            let mut context = MaybeUninit::uninit();
            let context = context.as_mut_ptr();
            lc::EVP_MD_CTX_init(context);
            let (sig, sig_length) = (signature.as_ptr(), signature.len());
            let good = lc::EVP_DigestVerifyInit(context, null_mut(), null(), null_mut(), self.0)
                & lc::EVP_DigestVerify(context, sig, sig_length, message.as_ptr(), message.len());
            lc::EVP_MD_CTX_cleanup(context);
            good == 1
        }
    }
}
