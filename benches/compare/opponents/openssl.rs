//! OpenSSL 3 as Debian has it, used as its documentation advises: algorithms fetched once, contexts used again.
#![allow(unsafe_code)]

mod symmetric;

use std::ffi::{CStr, c_char, c_int, c_long, c_void};
use std::ptr::{null, null_mut};

use crate::dynamic_library::DynamicLibrary;
use crate::measure::Work;
use crate::opponents::psa::{AD, done};

/// Any object of OpenSSL.
type Object = *mut c_void;

/// `OSSL_PARAM`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Parameter {
    key: *const c_char,
    data_type: u32,
    data: *mut c_void,
    data_size: usize,
    return_size: usize,
}

/// The types of a parameter.
const UTF8_STRING: u32 = 4;
const OCTET_STRING: u32 = 5;

impl Parameter {
    fn text(key: &'static CStr, value: &'static CStr) -> Self {
        Self::new(key, UTF8_STRING, value.to_bytes())
    }

    fn octets(key: &'static CStr, value: &'static [u8]) -> Self {
        Self::new(key, OCTET_STRING, value)
    }

    fn new(key: &'static CStr, data_type: u32, value: &'static [u8]) -> Self {
        let data = value.as_ptr().cast_mut().cast();
        Self { key: key.as_ptr(), data_type, data, data_size: value.len(), return_size: usize::MAX }
    }

    fn end() -> Self {
        Self { key: null(), data_type: 0, data: null_mut(), data_size: 0, return_size: 0 }
    }
}

type Parameters = *const Parameter;
type In = *const u8;
type Out = *mut u8;

crate::dynamic_functions! {
    /// The functions of libcrypto that are used.
    Functions, "", {
        fn EVP_MD_fetch(library: Object, name: *const c_char, properties: *const c_char) -> Object;
        fn EVP_MD_CTX_new() -> Object;
        fn EVP_DigestInit_ex2(context: Object, method: Object, parameters: Parameters) -> c_int;
        fn EVP_DigestUpdate(context: Object, input: In, length: usize) -> c_int;
        fn EVP_DigestFinal_ex(context: Object, hash: Out, length: *mut u32) -> c_int;
        fn EVP_DigestFinalXOF(context: Object, output: Out, length: usize) -> c_int;
        fn EVP_MAC_fetch(library: Object, name: *const c_char, properties: *const c_char) -> Object;
        fn EVP_MAC_CTX_new(method: Object) -> Object;
        fn EVP_MAC_init(context: Object, key: In, length: usize, parameters: Parameters) -> c_int;
        fn EVP_MAC_update(context: Object, input: In, length: usize) -> c_int;
        fn EVP_MAC_final(context: Object, mac: Out, length: *mut usize, size: usize) -> c_int;
        fn EVP_CIPHER_fetch(library: Object, name: *const c_char, properties: *const c_char) -> Object;
        fn EVP_CIPHER_CTX_new() -> Object;
        fn EVP_CIPHER_CTX_set_padding(context: Object, padding: c_int) -> c_int;
        fn EVP_CIPHER_CTX_ctrl(context: Object, command: c_int, argument: c_int, pointer: Out) -> c_int;
        fn EVP_CipherInit_ex2(
            context: Object, method: Object, key: In, iv: In, encrypt: c_int, parameters: Parameters,
        ) -> c_int;
        fn EVP_CipherUpdate(context: Object, output: Out, written: *mut c_int, input: In, length: c_int) -> c_int;
        fn EVP_CipherFinal_ex(context: Object, output: Out, written: *mut c_int) -> c_int;
        fn EVP_KDF_fetch(library: Object, name: *const c_char, properties: *const c_char) -> Object;
        fn EVP_KDF_CTX_new(method: Object) -> Object;
        fn EVP_KDF_derive(context: Object, output: Out, length: usize, parameters: Parameters) -> c_int;
        fn RAND_bytes(output: Out, length: c_int) -> c_int;
        fn d2i_AutoPrivateKey(key: *mut Object, input: *mut In, length: c_long) -> Object;
        fn EVP_PKEY_new_raw_private_key_ex(
            library: Object, name: *const c_char, properties: *const c_char, key: In, length: usize,
        ) -> Object;
        fn EVP_PKEY_new_raw_public_key_ex(
            library: Object, name: *const c_char, properties: *const c_char, key: In, length: usize,
        ) -> Object;
        fn EVP_PKEY_new() -> Object;
        fn EVP_PKEY_copy_parameters(to: Object, from: Object) -> c_int;
        fn EVP_PKEY_set1_encoded_public_key(key: Object, point: In, length: usize) -> c_int;
        fn EVP_PKEY_free(key: Object);
        fn EVP_PKEY_CTX_new_from_pkey(library: Object, key: Object, properties: *const c_char) -> Object;
        fn EVP_PKEY_CTX_new_from_name(library: Object, name: *const c_char, properties: *const c_char) -> Object;
        fn EVP_PKEY_CTX_set_group_name(context: Object, name: *const c_char) -> c_int;
        fn EVP_PKEY_CTX_set_rsa_padding(context: Object, padding: c_int) -> c_int;
        fn EVP_PKEY_CTX_set_rsa_oaep_md_name(
            context: Object, name: *const c_char, properties: *const c_char,
        ) -> c_int;
        fn EVP_PKEY_CTX_set_signature_md(context: Object, method: Object) -> c_int;
        fn EVP_PKEY_sign_init(context: Object) -> c_int;
        fn EVP_PKEY_sign(context: Object, signature: Out, length: *mut usize, hash: In, hash_length: usize) -> c_int;
        fn EVP_PKEY_verify_init(context: Object) -> c_int;
        fn EVP_PKEY_verify(context: Object, signature: In, length: usize, hash: In, hash_length: usize) -> c_int;
        fn EVP_PKEY_decrypt_init(context: Object) -> c_int;
        fn EVP_PKEY_decrypt(context: Object, output: Out, length: *mut usize, input: In, input_length: usize) -> c_int;
        fn EVP_PKEY_derive_init(context: Object) -> c_int;
        fn EVP_PKEY_derive_set_peer(context: Object, peer: Object) -> c_int;
        fn EVP_PKEY_derive(context: Object, output: Out, length: *mut usize) -> c_int;
        fn EVP_PKEY_keygen_init(context: Object) -> c_int;
        fn EVP_PKEY_generate(context: Object, key: *mut Object) -> c_int;
        fn EVP_DigestSignInit_ex(
            context: Object, key_context: *mut Object, name: *const c_char, library: Object,
            properties: *const c_char, key: Object, parameters: Parameters,
        ) -> c_int;
        fn EVP_DigestSign(
            context: Object, signature: Out, length: *mut usize, message: In, message_length: usize,
        ) -> c_int;
        fn EVP_DigestVerifyInit_ex(
            context: Object, key_context: *mut Object, name: *const c_char, library: Object,
            properties: *const c_char, key: Object, parameters: Parameters,
        ) -> c_int;
        fn EVP_DigestVerify(
            context: Object, signature: In, length: usize, message: In, message_length: usize,
        ) -> c_int;
    }
}

/// `EVP_CTRL_AEAD_GET_TAG` and `_SET_TAG`.
const GET_TAG: c_int = 0x10;
const SET_TAG: c_int = 0x11;
const TAG: usize = 16;
/// `RSA_PKCS1_OAEP_PADDING`.
const OAEP_PADDING: c_int = 4;

/// The library. Its methods make the operations that are measured; each answers 0 bytes when a call fails. Objects
/// are made once and kept until the process ends.
pub struct OpenSsl(Functions);

/// A private or public key.
#[derive(Clone, Copy)]
pub struct Key(Object);

impl OpenSsl {
    /// Loads the library.
    pub fn load() -> Result<Self, String> {
        // SAFETY: the library with this name has these functions, as its manual declares them.
        unsafe { Functions::load(&DynamicLibrary::open("libcrypto.so.3")?).map(Self) }
    }

    /// Fills the answer with random bytes.
    pub fn random(&'static self, length: usize) -> impl Work {
        // SAFETY: the slice is writable for its length.
        move |answer| given(unsafe { (self.0.RAND_bytes)(answer[..length].as_mut_ptr(), length as c_int) }, length)
    }

    /// Hashes; in parts of `part` bytes.
    pub fn hash(&'static self, name: &'static CStr, input: &'static [u8], part: usize) -> impl Work {
        let f = &self.0;
        // SAFETY: names are NUL-terminated; what is null is optional.
        let (method, context) = unsafe { ((f.EVP_MD_fetch)(null_mut(), name.as_ptr(), null()), (f.EVP_MD_CTX_new)()) };
        // SAFETY: the objects live, the input is readable, and the answer has room for any hash.
        move |answer| unsafe {
            let mut length = 0;
            let mut good = (f.EVP_DigestInit_ex2)(context, method, null());
            for part in input.chunks(part) {
                good &= (f.EVP_DigestUpdate)(context, part.as_ptr(), part.len());
            }
            good &= (f.EVP_DigestFinal_ex)(context, answer.as_mut_ptr(), &mut length);
            given(good, length as usize)
        }
    }

    /// HMAC-SHA-256, with the key set once.
    pub fn hmac_sha256(&'static self, key: &'static [u8], input: &'static [u8]) -> impl Work {
        self.mac(c"HMAC", Parameter::text(c"digest", c"SHA256"), key, input)
    }

    fn mac(
        &'static self,
        name: &'static CStr,
        parameter: Parameter,
        key: &'static [u8],
        input: &'static [u8],
    ) -> impl Work {
        let f = &self.0;
        let parameters = [parameter, Parameter::end()];
        // SAFETY: names are NUL-terminated, the key readable, and the parameters ended.
        let context = unsafe {
            let context = (f.EVP_MAC_CTX_new)((f.EVP_MAC_fetch)(null_mut(), name.as_ptr(), null()));
            (f.EVP_MAC_init)(context, key.as_ptr(), key.len(), parameters.as_ptr());
            context
        };
        // SAFETY: the context lives and has its key, the input is readable, the answer writable for its length.
        move |answer| unsafe {
            let mut length = 0;
            let good = (f.EVP_MAC_init)(context, null(), 0, null())
                & (f.EVP_MAC_update)(context, input.as_ptr(), input.len())
                & (f.EVP_MAC_final)(context, answer.as_mut_ptr(), &mut length, answer.len());
            given(good, length)
        }
    }

    fn cipher_context(&'static self, name: &'static CStr, key: &'static [u8], encrypt: bool) -> Object {
        let f = &self.0;
        // SAFETY: the name is NUL-terminated, and the key as long as the cipher that the caller names asks for.
        unsafe {
            let context = (f.EVP_CIPHER_CTX_new)();
            let method = (f.EVP_CIPHER_fetch)(null_mut(), name.as_ptr(), null());
            (f.EVP_CipherInit_ex2)(context, method, key.as_ptr(), null(), encrypt.into(), null());
            (f.EVP_CIPHER_CTX_set_padding)(context, 0);
            context
        }
    }

    /// Encrypts or decrypts without authentication and padding, with the key set once.
    pub fn cipher(
        &'static self,
        name: &'static CStr,
        key: &'static [u8],
        encrypt: bool,
        iv: &'static [u8],
        input: &'static [u8],
    ) -> impl Work {
        let (f, context) = (&self.0, self.cipher_context(name, key, encrypt));
        // SAFETY: the context lives, the vector has the cipher's length, and the answer is longer than the input.
        move |answer| unsafe {
            let (mut body, mut end) = (0, 0);
            let good = (f.EVP_CipherInit_ex2)(context, null_mut(), null(), iv.as_ptr(), -1, null())
                & (f.EVP_CipherUpdate)(context, answer.as_mut_ptr(), &mut body, input.as_ptr(), input.len() as c_int)
                & (f.EVP_CipherFinal_ex)(context, answer[body as usize..].as_mut_ptr(), &mut end);
            given(good, (body + end) as usize)
        }
    }

    /// Encrypts with authentication, with the key set once; the text in parts of `part` bytes.
    pub fn seal(
        &'static self,
        name: &'static CStr,
        key: &'static [u8],
        nonce: &'static [u8],
        input: &'static [u8],
        part: usize,
    ) -> impl Work {
        let (f, context) = (&self.0, self.cipher_context(name, key, true));
        // SAFETY: the context lives, the nonce has its length, and the answer has room for text and tag.
        move |answer| unsafe {
            let (mut length, mut written) = (0, 0);
            let mut good = (f.EVP_CipherInit_ex2)(context, null_mut(), null(), nonce.as_ptr(), -1, null())
                & (f.EVP_CipherUpdate)(context, null_mut(), &mut written, AD.as_ptr(), AD.len() as c_int);
            for part in input.chunks(part) {
                let rest = answer[length..].as_mut_ptr();
                good &= (f.EVP_CipherUpdate)(context, rest, &mut written, part.as_ptr(), part.len() as c_int);
                length += written as usize;
            }
            let rest = answer[length..].as_mut_ptr();
            good &= (f.EVP_CipherFinal_ex)(context, rest, &mut written);
            good &= (f.EVP_CIPHER_CTX_ctrl)(context, GET_TAG, TAG as c_int, rest);
            given(good, length + TAG)
        }
    }

    /// Decrypts with authentication, with the key set once. `input` ends with the tag.
    pub fn open(
        &'static self,
        name: &'static CStr,
        key: &'static [u8],
        nonce: &'static [u8],
        input: &'static [u8],
    ) -> impl Work {
        let (f, context) = (&self.0, self.cipher_context(name, key, false));
        let (text, tag) = input.split_at(input.len() - TAG);
        // SAFETY: as in `seal`; the tag is only read.
        move |answer| unsafe {
            let (mut length, mut written) = (0, 0);
            let good = (f.EVP_CipherInit_ex2)(context, null_mut(), null(), nonce.as_ptr(), -1, null())
                & (f.EVP_CipherUpdate)(context, null_mut(), &mut written, AD.as_ptr(), AD.len() as c_int)
                & (f.EVP_CipherUpdate)(context, answer.as_mut_ptr(), &mut length, text.as_ptr(), text.len() as c_int)
                & (f.EVP_CIPHER_CTX_ctrl)(context, SET_TAG, TAG as c_int, tag.as_ptr().cast_mut())
                & (f.EVP_CipherFinal_ex)(context, answer[length as usize..].as_mut_ptr(), &mut written);
            given(good, length as usize)
        }
    }

    /// Derives bytes with HKDF.
    pub fn hkdf_sha256(
        &'static self,
        secret: &'static [u8],
        salt: &'static [u8],
        info: &'static [u8],
        length: usize,
    ) -> impl Work {
        let f = &self.0;
        let parameters = [
            Parameter::text(c"digest", c"SHA256"),
            Parameter::octets(c"key", secret),
            Parameter::octets(c"salt", salt),
            Parameter::octets(c"info", info),
            Parameter::end(),
        ];
        // SAFETY: the name is NUL-terminated.
        let context = unsafe { (f.EVP_KDF_CTX_new)((f.EVP_KDF_fetch)(null_mut(), c"HKDF".as_ptr(), null())) };
        // SAFETY: the context lives, the parameters are ended, the slice is writable for its length.
        move |answer| unsafe {
            given((f.EVP_KDF_derive)(context, answer[..length].as_mut_ptr(), length, parameters.as_ptr()), length)
        }
    }

    /// A key pair in a DER structure.
    pub fn key_pair(&self, der: &[u8]) -> Key {
        let mut input = der.as_ptr();
        // SAFETY: the structure is readable for its length.
        Key(unsafe { (self.0.d2i_AutoPrivateKey)(null_mut(), &mut input, der.len() as c_long) })
    }

    /// A private key without a structure.
    pub fn raw_key_pair(&self, name: &CStr, key: &[u8]) -> Key {
        // SAFETY: name and key are readable.
        Key(unsafe {
            (self.0.EVP_PKEY_new_raw_private_key_ex)(null_mut(), name.as_ptr(), null(), key.as_ptr(), key.len())
        })
    }

    fn context(&self, key: Key) -> Object {
        // SAFETY: a key lives until the process ends.
        unsafe { (self.0.EVP_PKEY_CTX_new_from_pkey)(null_mut(), key.0, null()) }
    }

    /// Sets a context up for signatures of SHA-256 hashes; PKCS #1 v1.5 is the default for RSA.
    fn hashed_with_sha256(&self, context: Object) {
        // SAFETY: the context lives and is set up for signing or verifying.
        unsafe {
            let method = (self.0.EVP_MD_fetch)(null_mut(), c"SHA256".as_ptr(), null());
            (self.0.EVP_PKEY_CTX_set_signature_md)(context, method);
        }
    }

    /// Signs a hash: ECDSA in DER, or RSA.
    pub fn sign_hash(&'static self, key: Key, hash: &'static [u8]) -> impl Work {
        let (f, context) = (&self.0, self.context(key));
        // SAFETY: the context lives.
        unsafe { (f.EVP_PKEY_sign_init)(context) };
        self.hashed_with_sha256(context);
        // SAFETY: the context lives, the hash is readable, the answer writable for its length.
        move |answer| unsafe {
            let mut length = answer.len();
            let good = (f.EVP_PKEY_sign)(context, answer.as_mut_ptr(), &mut length, hash.as_ptr(), hash.len());
            given(good, length)
        }
    }

    /// Verifies the signature of a hash: ECDSA in DER, or RSA.
    pub fn verify_hash(&'static self, key: Key, hash: &'static [u8], signature: &'static [u8]) -> impl Work {
        let (f, context) = (&self.0, self.context(key));
        // SAFETY: the context lives.
        unsafe { (f.EVP_PKEY_verify_init)(context) };
        self.hashed_with_sha256(context);
        // SAFETY: the context lives, hash and signature are readable.
        move |answer| unsafe {
            let good = (f.EVP_PKEY_verify)(context, signature.as_ptr(), signature.len(), hash.as_ptr(), hash.len());
            given(good, done(answer))
        }
    }

    /// Signs a message with an Edwards key; OpenSSL 3.0 wants the context set up each time.
    pub fn sign_message(&'static self, key: Key, message: &'static [u8]) -> impl Work {
        let f = &self.0;
        // SAFETY: takes nothing.
        let context = unsafe { (f.EVP_MD_CTX_new)() };
        // SAFETY: context and key live, the message is readable, the answer writable for its length.
        move |answer| unsafe {
            let mut length = answer.len();
            let good = (f.EVP_DigestSignInit_ex)(context, null_mut(), null(), null_mut(), null(), key.0, null())
                & (f.EVP_DigestSign)(context, answer.as_mut_ptr(), &mut length, message.as_ptr(), message.len());
            given(good, length)
        }
    }

    /// Verifies the signature of a message with an Edwards key.
    pub fn verify_message(&'static self, key: Key, message: &'static [u8], signature: &'static [u8]) -> impl Work {
        let f = &self.0;
        // SAFETY: takes nothing.
        let context = unsafe { (f.EVP_MD_CTX_new)() };
        // SAFETY: context and key live, message and signature are readable.
        move |answer| unsafe {
            let (text, length) = (message.as_ptr(), message.len());
            let good = (f.EVP_DigestVerifyInit_ex)(context, null_mut(), null(), null_mut(), null(), key.0, null())
                & (f.EVP_DigestVerify)(context, signature.as_ptr(), signature.len(), text, length);
            given(good, done(answer))
        }
    }

    /// Decrypts with RSA-OAEP and SHA-256.
    pub fn decrypt_oaep(&'static self, key: Key, input: &'static [u8]) -> impl Work {
        let (f, context) = (&self.0, self.context(key));
        // SAFETY: the context lives, the name is NUL-terminated.
        unsafe {
            (f.EVP_PKEY_decrypt_init)(context);
            (f.EVP_PKEY_CTX_set_rsa_padding)(context, OAEP_PADDING);
            (f.EVP_PKEY_CTX_set_rsa_oaep_md_name)(context, c"SHA256".as_ptr(), null());
        }
        // SAFETY: the context lives, the input is readable, the answer writable for its length.
        move |answer| unsafe {
            let mut length = answer.len();
            let good = (f.EVP_PKEY_decrypt)(context, answer.as_mut_ptr(), &mut length, input.as_ptr(), input.len());
            given(good, length)
        }
    }

    /// Agrees on a secret over a NIST curve with the owner of an encoded point, parsed each time.
    pub fn ecdh(&'static self, key: Key, peer: &'static [u8]) -> impl Work {
        let f = &self.0;
        self.agree(key, move || {
            // SAFETY: both keys live, and the point is readable.
            unsafe {
                let parsed = (f.EVP_PKEY_new)();
                (f.EVP_PKEY_copy_parameters)(parsed, key.0);
                (f.EVP_PKEY_set1_encoded_public_key)(parsed, peer.as_ptr(), peer.len());
                parsed
            }
        })
    }

    /// Agrees on a secret over a Montgomery curve with the owner of a public key, parsed each time.
    pub fn montgomery(&'static self, key: Key, name: &'static CStr, peer: &'static [u8]) -> impl Work {
        let f = &self.0;
        // SAFETY: the name is NUL-terminated, the key readable.
        self.agree(key, move || unsafe {
            let (key, length) = (peer.as_ptr(), peer.len());
            (f.EVP_PKEY_new_raw_public_key_ex)(null_mut(), name.as_ptr(), null(), key, length)
        })
    }

    fn agree(&'static self, key: Key, parse: impl Fn() -> Object + 'static) -> impl Work {
        let (f, context) = (&self.0, self.context(key));
        // SAFETY: the context lives.
        unsafe { (f.EVP_PKEY_derive_init)(context) };
        // SAFETY: the context lives and counts its reference to the peer; the answer is writable for its length.
        move |answer| unsafe {
            let (peer, mut length) = (parse(), answer.len());
            let good = (f.EVP_PKEY_derive_set_peer)(context, peer)
                & (f.EVP_PKEY_derive)(context, answer.as_mut_ptr(), &mut length);
            (f.EVP_PKEY_free)(peer);
            given(good, length)
        }
    }

    /// Generates a P-256 key and frees it.
    pub fn generate_p256(&'static self) -> impl Work {
        let f = &self.0;
        // SAFETY: names are NUL-terminated.
        let context = unsafe {
            let context = (f.EVP_PKEY_CTX_new_from_name)(null_mut(), c"EC".as_ptr(), null());
            (f.EVP_PKEY_keygen_init)(context);
            (f.EVP_PKEY_CTX_set_group_name)(context, c"P-256".as_ptr());
            context
        };
        // SAFETY: the context lives, and the new key is freed once.
        move |answer| unsafe {
            let mut key = null_mut();
            let good = (f.EVP_PKEY_generate)(context, &mut key);
            (f.EVP_PKEY_free)(key);
            given(good, done(answer))
        }
    }
}

/// The length of an answer, 0 when a return value is not 1.
fn given(good: c_int, length: usize) -> usize {
    if good == 1 { length } else { 0 }
}
