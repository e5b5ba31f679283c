//! Work of the whole library with keys in a token, each piece with an answer that software gives, too.

mod bench;
mod makes;
mod uses;

use parsec::core::{keys, mac};
use parsec::psa::{Algorithm, Attributes, EccFamily, KeyId, KeyType, Lifetime, Result, Usage};

use bench::Keys;

pub use bench::Bench;

const LOCATION: u32 = 0x80_0001;
const HMAC: Algorithm = Algorithm::hmac(Algorithm::SHA_256);
const ECDSA: Algorithm = Algorithm::ecdsa(Algorithm::SHA_256);
const PSS: Algorithm = Algorithm::rsa_pss(Algorithm::SHA_256);
const OAEP: Algorithm = Algorithm::rsa_oaep(Algorithm::SHA_256);
const HKDF: Algorithm = Algorithm::hkdf(Algorithm::SHA_256);
const EXPAND: Algorithm = Algorithm::hkdf_expand(Algorithm::SHA_256);
const MESSAGE: &[u8] = b"a message of more than one block of the cipher, and not of whole ones";
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
