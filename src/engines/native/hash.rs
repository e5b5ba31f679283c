//! Hashes (PSA 1.5, section 10.2): those of aws-lc, and what it lacks as [`ExtraHash`].

use super::aes_mmo::AesMmo;
use super::blake2::{Blake2, Variant};
use super::ffi::digest::{Context, Digest, Shake, ShakeStrength};
use super::md2::Md2;
use crate::core::primitives::{Hash, HashOperation, HashState};
use crate::fail;
use crate::psa::{Algorithm, Error, Result, sizes};

/// aws-lc's name of a hash algorithm, `None` where that library lacks it.
pub(super) const fn find(alg: Algorithm) -> Option<Digest> {
    Some(match alg {
        Algorithm::MD4 => Digest::Md4,
        Algorithm::MD5 => Digest::Md5,
        Algorithm::RIPEMD160 => Digest::Ripemd160,
        Algorithm::SHA_1 => Digest::Sha1,
        Algorithm::SHA_224 => Digest::Sha224,
        Algorithm::SHA_256 => Digest::Sha256,
        Algorithm::SHA_384 => Digest::Sha384,
        Algorithm::SHA_512 => Digest::Sha512,
        Algorithm::SHA_512_224 => Digest::Sha512_224,
        Algorithm::SHA_512_256 => Digest::Sha512_256,
        Algorithm::SHA3_224 => Digest::Sha3_224,
        Algorithm::SHA3_256 => Digest::Sha3_256,
        Algorithm::SHA3_384 => Digest::Sha3_384,
        Algorithm::SHA3_512 => Digest::Sha3_512,
        _ => return None,
    })
}

/// True where this hash algorithm is implemented.
pub(super) const fn offers(alg: Algorithm) -> bool {
    // Every hash that the specification knows has a length.
    alg.is_hash() && sizes::hash_length(alg) != 0
}

/// True where the hash may serve inside HMAC, and inside what is built on HMAC (PSA 1.5, table 14).
pub(super) const fn offers_hmac(alg: Algorithm) -> bool {
    offers(alg)
        && !matches!(
            alg,
            Algorithm::SHA_256_192
                | Algorithm::SHAKE128_256
                | Algorithm::SHAKE256_192
                | Algorithm::SHAKE256_256
                | Algorithm::SHAKE256_512
                | Algorithm::ASCON_HASH256
                | Algorithm::BLAKE2SP_HASH256
                | Algorithm::BLAKE2BP_HASH512
        )
}

/// A hash that aws-lc lacks.
pub(super) trait ExtraHash: Send + Sync + Sized + 'static {
    /// Adds input.
    fn update(&mut self, input: &[u8]) -> Result<()>;

    /// Gives the first bytes of the hash, as many as asked for.
    fn finish(&mut self, hash: &mut [u8]) -> Result<()>;

    /// A copy that goes its own way.
    fn duplicate(&self) -> Result<Self>;

    /// The state, where one is specified (PSA 1.5, section 10.2.5).
    fn suspend(&self) -> Result<HashState> {
        Err(Error::NotSupported)
    }
}

/// A hash in parts that aws-lc lacks.
struct Operation<H> {
    hash: H,
    length: usize,
}

impl<H: ExtraHash> HashOperation for Operation<H> {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        self.hash.update(input)
    }

    fn finish(&mut self, hash: &mut [u8]) -> Result<()> {
        if hash.len() != self.length {
            return Err(Error::BufferTooSmall);
        }
        self.hash.finish(hash)
    }

    fn duplicate(&self) -> Result<Box<dyn HashOperation>> {
        Ok(Box::new(Self { hash: self.hash.duplicate()?, length: self.length }))
    }

    fn suspend(&self) -> Result<HashState> {
        self.hash.suspend()
    }
}

/// All hashes of the engine.
pub(super) struct Hashes;

impl Hash for Hashes {
    fn compute(&self, alg: Algorithm, input: &[u8], hash: &mut [u8]) -> Result<()> {
        if let Some(digest) = find(alg) {
            return digest.hash(input, hash);
        }
        let mut operation = extra(alg)?;
        operation.update(input)?;
        operation.finish(hash)
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn HashOperation>> {
        match find(alg) {
            Some(digest) => Ok(Box::new(Context::new(digest)?)),
            None => extra(alg),
        }
    }

    fn resume(&self, alg: Algorithm, state: &HashState) -> Result<Box<dyn HashOperation>> {
        match (alg, find(alg)) {
            (Algorithm::MD2, _) => Ok(operation(alg, Md2::resume(state)?)),
            (_, Some(digest)) => Ok(Box::new(Context::resume(digest, state)?)),
            _ => fail!(NotSupported, "hash algorithm {alg} has no state to go on from"),
        }
    }
}

fn operation(alg: Algorithm, hash: impl ExtraHash) -> Box<dyn HashOperation> {
    Box::new(Operation { hash, length: sizes::hash_length(alg) })
}

/// Begins a hash that aws-lc lacks.
pub(super) fn extra(alg: Algorithm) -> Result<Box<dyn HashOperation>> {
    Ok(match alg {
        Algorithm::MD2 => operation(alg, Md2::default()),
        Algorithm::AES_MMO_ZIGBEE => operation(alg, AesMmo::default()),
        Algorithm::SHA_256_192 => operation(alg, Context::new(Digest::Sha256)?),
        Algorithm::SHAKE128_256 => operation(alg, Shake::new(ShakeStrength::Shake128)?),
        Algorithm::SHAKE256_192 | Algorithm::SHAKE256_256 | Algorithm::SHAKE256_512 => {
            operation(alg, Shake::new(ShakeStrength::Shake256)?)
        }
        Algorithm::SM3 => operation(alg, RustCrypto(sm3::Sm3::default())),
        Algorithm::ASCON_HASH256 => operation(alg, RustCrypto(ascon_hash256::AsconHash256::default())),
        Algorithm::BLAKE2S_HASH256 => operation(alg, Blake2::new(Variant::S, &[])?),
        Algorithm::BLAKE2SP_HASH256 => operation(alg, Blake2::new(Variant::Sp, &[])?),
        Algorithm::BLAKE2B_HASH512 => operation(alg, Blake2::new(Variant::B, &[])?),
        Algorithm::BLAKE2BP_HASH512 => operation(alg, Blake2::new(Variant::Bp, &[])?),
        _ => return fail!(NotSupported, "hash algorithm {alg} in the native engine"),
    })
}

impl HashOperation for Context {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        Context::update(self, input)
    }

    fn finish(&mut self, hash: &mut [u8]) -> Result<()> {
        Context::finish(self, hash)
    }

    fn duplicate(&self) -> Result<Box<dyn HashOperation>> {
        Ok(Box::new(Context::duplicate(self)?))
    }

    fn suspend(&self) -> Result<HashState> {
        Context::suspend(self)
    }
}

/// SHA-256, to be truncated.
impl ExtraHash for Context {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        Context::update(self, input)
    }

    fn finish(&mut self, hash: &mut [u8]) -> Result<()> {
        let mut full = [0; 32];
        Context::finish(self, &mut full)?;
        hash.copy_from_slice(full.get(..hash.len()).ok_or(Error::BufferTooSmall)?);
        Ok(())
    }

    fn duplicate(&self) -> Result<Self> {
        Context::duplicate(self)
    }
}

/// As much of the output as the hash algorithm takes.
impl ExtraHash for Shake {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        Shake::update(self, input)
    }

    fn finish(&mut self, hash: &mut [u8]) -> Result<()> {
        self.squeeze(hash)
    }

    fn duplicate(&self) -> Result<Self> {
        Shake::duplicate(self)
    }
}

/// A hash of a crate of RustCrypto.
struct RustCrypto<D>(D);

impl<D: sha2::Digest + Clone + Default + Send + Sync + 'static> ExtraHash for RustCrypto<D> {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        self.0.update(input);
        Ok(())
    }

    fn finish(&mut self, hash: &mut [u8]) -> Result<()> {
        let full = std::mem::take(&mut self.0).finalize();
        hash.copy_from_slice(full.get(..hash.len()).ok_or(Error::BufferTooSmall)?);
        Ok(())
    }

    fn duplicate(&self) -> Result<Self> {
        Ok(Self(self.0.clone()))
    }
}
