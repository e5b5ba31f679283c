//! The states of hashes as `psa_hash_suspend` gives them out (PSA 1.5, section 10.2.5): the words of the state in the byte
//! order of the algorithm.

#![allow(unsafe_code)]

use aws_lc_sys as lc;

use super::{Context, Digest, Object, State};
use crate::core::primitives::HashState;
use crate::memory::Secret;
use crate::psa::{Error, Result};

/// The fields that all flat states have: words, the count of bits in two halves, the incomplete block.
macro_rules! exported {
    ($state:expr, $to_bytes:ident, $word:ty) => {{
        let state = $state;
        let bits = u128::from(state.Nh) << <$word>::BITS | u128::from(state.Nl);
        let block = state.block();
        HashState {
            input_length: bits / 8,
            chain: Secret::new(state.h.iter().flat_map(|word| word.$to_bytes()).collect()),
            unprocessed: Secret::new(block.get(..state.num as usize).unwrap_or_default().to_vec()),
        }
    }};
}

macro_rules! imported {
    ($state:expr, $from_bytes:ident, $word:ty, $from:expr) => {{
        let (state, from) = ($state, $from);
        let (words, rest) = from.chain.as_chunks::<{ size_of::<$word>() }>();
        if words.len() != state.h.len() || !rest.is_empty() {
            return Err(Error::InvalidArgument);
        }
        for (word, bytes) in state.h.iter_mut().zip(words) {
            *word = <$word>::$from_bytes(*bytes);
        }
        // The count is of bits, in two halves.
        let bits = from.input_length.checked_mul(8).ok_or(Error::InvalidArgument)?;
        state.Nl = bits as $word;
        state.Nh = <$word>::try_from(bits >> <$word>::BITS).map_err(|_| Error::InvalidArgument)?;
        state.num = from.unprocessed.len() as u32;
        let block = state.block_mut();
        if from.unprocessed.len() >= block.len() {
            return Err(Error::InvalidArgument);
        }
        block[..from.unprocessed.len()].copy_from_slice(&from.unprocessed);
    }};
}

/// The incomplete block, whose field has two names.
trait Block<const LENGTH: usize> {
    fn block(&self) -> &[u8; LENGTH];
    fn block_mut(&mut self) -> &mut [u8; LENGTH];
}

macro_rules! blocks {
    ($($state:ident.$field:ident: $length:literal),+ $(,)?) => {$(
        impl Block<$length> for lc::$state {
            fn block(&self) -> &[u8; $length] {
                &self.$field
            }

            fn block_mut(&mut self) -> &mut [u8; $length] {
                &mut self.$field
            }
        }
    )+};
}

blocks!(MD4_CTX.data: 64, MD5_CTX.data: 64, RIPEMD160_CTX.data: 64, SHA_CTX.data: 64, SHA256_CTX.data: 64, SHA512_CTX.p: 128);

impl Object {
    /// The flat state that aws-lc keeps behind a context of MD4, MD5 or RIPEMD-160.
    ///
    /// # Safety
    ///
    /// The context was made for the digest whose functions take an `S`.
    unsafe fn flat<S>(&self) -> &S {
        // SAFETY: the context is live, and its field `md_data` is documented as the memory that contains the context of the hash,
        // allocated when the digest was set and initialized as the `S` of the contract. `&self` keeps it from being changed.
        unsafe { &*(*self.0.as_ptr()).md_data.cast::<S>() }
    }

    /// The same, to be changed.
    ///
    /// # Safety
    ///
    /// As for [`Object::flat`].
    unsafe fn flat_mut<S>(&mut self) -> &mut S {
        // SAFETY: as in `flat`; `&mut self` excludes any other borrow.
        unsafe { &mut *(*self.0.as_ptr()).md_data.cast::<S>() }
    }
}

impl Context {
    /// The state, `NOT_SUPPORTED` where none is specified.
    pub(in crate::engines::native) fn suspend(&self) -> Result<HashState> {
        // SAFETY: the object was made for the digest beside it.
        unsafe {
            Ok(match (&self.state, self.digest) {
                (State::Sha1(state), _) => exported!(state, to_be_bytes, u32),
                (State::Sha256(state), _) => exported!(state, to_be_bytes, u32),
                (State::Sha512(state), _) => exported!(state, to_be_bytes, u64),
                (State::Object(object), Digest::Md4) => exported!(object.flat::<lc::MD4_CTX>(), to_le_bytes, u32),
                (State::Object(object), Digest::Md5) => exported!(object.flat::<lc::MD5_CTX>(), to_le_bytes, u32),
                (State::Object(object), Digest::Ripemd160) => {
                    exported!(object.flat::<lc::RIPEMD160_CTX>(), to_le_bytes, u32)
                }
                _ => return Err(Error::NotSupported),
            })
        }
    }

    /// Goes on from a state; `INVALID_ARGUMENT` for one that the algorithm never has.
    pub(in crate::engines::native) fn resume(digest: Digest, from: &HashState) -> Result<Self> {
        let mut context = Self::new(digest)?;
        // SAFETY: the object was made for the digest beside it.
        unsafe {
            match (&mut context.state, digest) {
                (State::Sha1(state), _) => imported!(state, from_be_bytes, u32, from),
                (State::Sha256(state), _) => imported!(state, from_be_bytes, u32, from),
                (State::Sha512(state), _) => imported!(state, from_be_bytes, u64, from),
                (State::Object(object), Digest::Md4) => {
                    imported!(object.flat_mut::<lc::MD4_CTX>(), from_le_bytes, u32, from);
                }
                (State::Object(object), Digest::Md5) => {
                    imported!(object.flat_mut::<lc::MD5_CTX>(), from_le_bytes, u32, from);
                }
                (State::Object(object), Digest::Ripemd160) => {
                    imported!(object.flat_mut::<lc::RIPEMD160_CTX>(), from_le_bytes, u32, from);
                }
                _ => return Err(Error::NotSupported),
            }
        }
        Ok(context)
    }
}
