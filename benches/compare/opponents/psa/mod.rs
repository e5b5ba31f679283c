//! The PSA API as a C program sees it. Two implementations are driven by the same code: libparsec and Mbed TLS.
#![allow(unsafe_code)]

mod asymmetric;
mod newer;
mod symmetric;

use std::ffi::OsStr;
use std::{env, fs};

use parsec::psa::{Algorithm, KeyType, Lifetime, Usage};

// Linked for its symbols.
use psa_crypto as _;

use crate::dynamic_library::DynamicLibrary;
use crate::measure::Work;

/// The state of an operation in parts, larger than that of any implementation. Zeros are inactive.
#[repr(C, align(16))]
pub struct Operation([u64; 128]);

impl Operation {
    const fn inactive() -> Self {
        Self([0; 128])
    }
}

/// A key of an implementation.
pub type KeyId = u32;

type In = *const u8;
type Out = *mut u8;
type Length = *mut usize;
type State = *mut Operation;

/// Declares the functions once for both: libparsec's are loaded, Mbed TLS's are linked under the names that the
/// crate `psa-crypto-sys` gives them.
macro_rules! psa_functions {
    ($(fn $function:ident($($argument:ident: $type:ty),* $(,)?);)+) => {
        $crate::dynamic_functions! {
            /// The functions of a PSA implementation; all return a status.
            Functions, "parsec_", { $(fn $function($($argument: $type),*) -> i32;)+ }
        }

        impl Functions {
            /// Those of Mbed TLS.
            fn mbed_tls() -> Self {
                #[allow(clashing_extern_declarations, reason = "opaque states here, the real ones in psa-crypto-sys")]
                unsafe extern "C" {
                    $(#[link_name = concat!("psa_crypto_0_13_0_", stringify!($function))]
                    fn $function($($argument: $type),*) -> i32;)+
                }
                Self { $($function,)+ }
            }
        }
    };
}

psa_functions! {
    fn psa_crypto_init();
    fn psa_import_key(attributes: *const [u64; 16], data: In, data_length: usize, key: *mut KeyId);
    fn psa_generate_key(attributes: *const [u64; 16], key: *mut KeyId);
    fn psa_destroy_key(key: KeyId);
    fn psa_export_public_key(key: KeyId, data: Out, data_size: usize, data_length: Length);
    fn psa_generate_random(output: Out, output_size: usize);
    fn psa_hash_compute(alg: u32, input: In, input_length: usize, hash: Out, hash_size: usize, hash_length: Length);
    fn psa_hash_setup(operation: State, alg: u32);
    fn psa_hash_update(operation: State, input: In, input_length: usize);
    fn psa_hash_finish(operation: State, hash: Out, hash_size: usize, hash_length: Length);
    fn psa_mac_compute(
        key: KeyId, alg: u32, input: In, input_length: usize, mac: Out, mac_size: usize, mac_length: Length,
    );
    fn psa_cipher_decrypt(
        key: KeyId, alg: u32, input: In, input_length: usize, output: Out, output_size: usize, output_length: Length,
    );
    fn psa_cipher_encrypt_setup(operation: State, key: KeyId, alg: u32);
    fn psa_cipher_decrypt_setup(operation: State, key: KeyId, alg: u32);
    fn psa_cipher_set_iv(operation: State, iv: In, iv_length: usize);
    fn psa_cipher_update(
        operation: State, input: In, input_length: usize, output: Out, output_size: usize, output_length: Length,
    );
    fn psa_cipher_finish(operation: State, output: Out, output_size: usize, output_length: Length);
    fn psa_aead_encrypt(
        key: KeyId, alg: u32, nonce: In, nonce_length: usize, ad: In, ad_length: usize, input: In, input_length: usize,
        output: Out, output_size: usize, output_length: Length,
    );
    fn psa_aead_decrypt(
        key: KeyId, alg: u32, nonce: In, nonce_length: usize, ad: In, ad_length: usize, input: In, input_length: usize,
        output: Out, output_size: usize, output_length: Length,
    );
    fn psa_aead_encrypt_setup(operation: State, key: KeyId, alg: u32);
    fn psa_aead_set_nonce(operation: State, nonce: In, nonce_length: usize);
    fn psa_aead_update_ad(operation: State, input: In, input_length: usize);
    fn psa_aead_update(
        operation: State, input: In, input_length: usize, output: Out, output_size: usize, output_length: Length,
    );
    fn psa_aead_finish(
        operation: State, output: Out, output_size: usize, output_length: Length, tag: Out, tag_size: usize,
        tag_length: Length,
    );
    fn psa_sign_hash(
        key: KeyId, alg: u32, hash: In, hash_length: usize, signature: Out, signature_size: usize,
        signature_length: Length,
    );
    fn psa_verify_hash(
        key: KeyId, alg: u32, hash: In, hash_length: usize, signature: In, signature_length: usize,
    );
    fn psa_sign_message(
        key: KeyId, alg: u32, input: In, input_length: usize, signature: Out, signature_size: usize,
        signature_length: Length,
    );
    fn psa_verify_message(
        key: KeyId, alg: u32, input: In, input_length: usize, signature: In, signature_length: usize,
    );
    fn psa_asymmetric_decrypt(
        key: KeyId, alg: u32, input: In, input_length: usize, salt: In, salt_length: usize, output: Out,
        output_size: usize, output_length: Length,
    );
    fn psa_asymmetric_encrypt(
        key: KeyId, alg: u32, input: In, input_length: usize, salt: In, salt_length: usize, output: Out,
        output_size: usize, output_length: Length,
    );
    fn psa_raw_key_agreement(
        alg: u32, key: KeyId, peer: In, peer_length: usize, output: Out, output_size: usize, output_length: Length,
    );
    fn psa_key_derivation_setup(operation: State, alg: u32);
    fn psa_key_derivation_input_bytes(operation: State, step: u16, data: In, data_length: usize);
    fn psa_key_derivation_input_integer(operation: State, step: u16, value: u64);
    fn psa_key_derivation_input_key(operation: State, step: u16, key: KeyId);
    fn psa_key_derivation_output_bytes(operation: State, output: Out, output_length: usize);
    fn psa_key_derivation_abort(operation: State);
}

/// What the attributes of a new key say.
#[derive(Clone, Copy)]
pub struct Template {
    pub key_type: KeyType,
    pub bits: usize,
    pub usage: Usage,
    pub alg: Algorithm,
    /// Where it is kept, and its identifier, for a key that is not volatile.
    pub persistent: Option<(Lifetime, KeyId)>,
}

impl Template {
    /// A volatile key.
    pub fn volatile(key_type: KeyType, bits: usize, usage: Usage, alg: Algorithm) -> Self {
        Self { key_type, bits, usage, alg, persistent: None }
    }
}

/// Makes attributes in the layout of an implementation.
type Layout = fn(&Template) -> [u64; 16];

/// An implementation. Its methods make the operations that are measured; each answers 0 bytes when a call fails.
pub struct Psa {
    functions: Functions,
    layout: Layout,
    newer: Option<newer::Functions>,
}

impl Psa {
    /// libparsec, from its shared library, which is initialised with what `$PARSEC_CONFIG` says.
    pub fn parsec(path: &str) -> Result<Self, String> {
        // SAFETY: the library of this project, whose header declares these functions with these types.
        let (functions, newer) = unsafe {
            let library = DynamicLibrary::open(path)?;
            (Functions::load(&library)?, newer::Functions::load(&library)?)
        };
        Self::initialised(Self { functions, layout: parsec_attributes, newer: Some(newer) })
    }

    /// libparsec once more, with another configuration: a copy of the file is another library to the loader. To be called
    /// before the first one is loaded, and before there are threads.
    pub fn second_parsec(path: &str, configuration: &OsStr) -> Result<Self, String> {
        const CONFIGURATION: &str = "PARSEC_CONFIG";
        let copy = format!("{path}.second");
        fs::copy(path, &copy).map_err(|error| format!("{copy}: {error}"))?;
        let first = env::var_os(CONFIGURATION);
        // SAFETY: there is one thread.
        unsafe { env::set_var(CONFIGURATION, configuration) };
        let loaded = Self::parsec(&copy);
        if let Some(first) = first {
            // SAFETY: as above.
            unsafe { env::set_var(CONFIGURATION, first) };
        }
        loaded
    }

    /// Mbed TLS.
    pub fn mbed_tls() -> Result<Self, String> {
        Self::initialised(Self { functions: Functions::mbed_tls(), layout: mbed_tls_attributes, newer: None })
    }

    fn initialised(self) -> Result<Self, String> {
        // SAFETY: takes nothing.
        status(unsafe { (self.functions.psa_crypto_init)() }).map(|()| self)
    }

    /// Imports a key.
    pub fn import(&self, template: &Template, data: &[u8]) -> Result<KeyId, String> {
        let (attributes, mut key) = ((self.layout)(template), 0);
        // SAFETY: the attributes have this implementation's layout, the data is readable, the key writable.
        status(unsafe { (self.functions.psa_import_key)(&attributes, data.as_ptr(), data.len(), &mut key) })?;
        Ok(key)
    }

    /// Generates a key.
    pub fn generate(&self, template: &Template) -> Result<KeyId, String> {
        let (attributes, mut key) = ((self.layout)(template), 0);
        // SAFETY: as in `import`.
        status(unsafe { (self.functions.psa_generate_key)(&attributes, &mut key) })?;
        Ok(key)
    }

    /// Destroys a key.
    pub fn destroy(&self, key: KeyId) -> Result<(), String> {
        // SAFETY: takes a number.
        status(unsafe { (self.functions.psa_destroy_key)(key) })
    }

    /// The public part of a key.
    pub fn public_key(&self, key: KeyId) -> Result<Vec<u8>, String> {
        let (mut data, mut length) = (vec![0; 4096], 0);
        // SAFETY: the buffer is writable for its length.
        status(unsafe { (self.functions.psa_export_public_key)(key, data.as_mut_ptr(), data.len(), &mut length) })?;
        data.truncate(length);
        Ok(data)
    }

    /// Generates a key and destroys it.
    pub fn generate_and_destroy(&'static self, template: Template) -> impl Work {
        move |answer| self.generate(&template).and_then(|key| self.destroy(key)).map_or(0, |()| done(answer))
    }

    /// Imports a key and destroys it.
    pub fn import_and_destroy(&'static self, template: Template, data: &'static [u8]) -> impl Work {
        move |answer| self.import(&template, data).and_then(|key| self.destroy(key)).map_or(0, |()| done(answer))
    }

    /// Fills the answer with random bytes.
    pub fn random(&'static self, length: usize) -> impl Work {
        move |answer| {
            // SAFETY: the slice is writable for its length.
            given(unsafe { (self.functions.psa_generate_random)(answer[..length].as_mut_ptr(), length) }, length)
        }
    }
}

/// Room for a hash, a MAC, a signature or a secret. Mbed TLS fills what is left of some outputs, so that an output must
/// not be larger than a program would have it.
const SHORT: usize = 256;
const TAG: usize = 16;
const BLOCK: usize = 16;

/// The additional data of every AEAD operation.
pub const AD: &[u8] = b"header of a record";

/// The answer of an operation without one.
pub fn done(answer: &mut [u8]) -> usize {
    answer[0] = 1;
    1
}

/// The length that a call wrote, 0 when it failed.
fn written(call: impl FnOnce(Length) -> i32) -> usize {
    let mut length = 0;
    let status = call(&mut length);
    given(status, length)
}

/// The length of an answer, 0 when a status tells of a failure.
fn given(status: i32, length: usize) -> usize {
    if status == 0 { length } else { 0 }
}

fn status(status: i32) -> Result<(), String> {
    if status == 0 { Ok(()) } else { Err(format!("a PSA function returned {status}")) }
}

fn parsec_attributes(template: &Template) -> [u64; 16] {
    let (lifetime, id) = template.persistent.unwrap_or_default();
    words([id, lifetime.0, template.usage.0, template.alg.0, template.bits as u32, template.key_type.0.into()])
}

/// Type and size share a word; a second algorithm follows the policy.
fn mbed_tls_attributes(template: &Template) -> [u64; 16] {
    let (lifetime, id) = template.persistent.unwrap_or_default();
    let type_and_bits = u32::from(template.key_type.0) | (template.bits as u32) << 16;
    words([type_and_bits, lifetime.0, id, template.usage.0, template.alg.0, 0])
}

fn words(words: [u32; 6]) -> [u64; 16] {
    let mut attributes = [0; 16];
    for (place, pair) in attributes.iter_mut().zip(words.chunks(2)) {
        *place = u64::from(pair[0]) | u64::from(pair[1]) << 32;
    }
    attributes
}
