//! `EVP_MD`, the flat hash states and `EVP_MD_CTX`: the hashes of aws-lc.
#![allow(unsafe_code)]

mod after_block;
mod suspension;

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull, null_mut};

use aws_lc_sys as lc;

pub(in crate::engines::native) use after_block::AfterBlock;

use super::allocated;
use crate::psa::{Error, Result};

/// A hash algorithm of aws-lc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engines::native) enum Digest {
    Md4,
    Md5,
    Ripemd160,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512_224,
    Sha512_256,
    Sha3_224,
    Sha3_256,
    Sha3_384,
    Sha3_512,
}

impl Digest {
    /// The method table of this algorithm.
    pub(super) fn method(self) -> *const lc::EVP_MD {
        // SAFETY: these functions take nothing and return a pointer to a constant that lives as long as the
        // process; what they initialize on first use is guarded by a once-lock of the library.
        unsafe {
            match self {
                Self::Md4 => lc::EVP_md4(),
                Self::Md5 => lc::EVP_md5(),
                Self::Ripemd160 => lc::EVP_ripemd160(),
                Self::Sha1 => lc::EVP_sha1(),
                Self::Sha224 => lc::EVP_sha224(),
                Self::Sha256 => lc::EVP_sha256(),
                Self::Sha384 => lc::EVP_sha384(),
                Self::Sha512 => lc::EVP_sha512(),
                Self::Sha512_224 => lc::EVP_sha512_224(),
                Self::Sha512_256 => lc::EVP_sha512_256(),
                Self::Sha3_224 => lc::EVP_sha3_224(),
                Self::Sha3_256 => lc::EVP_sha3_256(),
                Self::Sha3_384 => lc::EVP_sha3_384(),
                Self::Sha3_512 => lc::EVP_sha3_512(),
            }
        }
    }

    /// Length of the hash in bytes, at most 64.
    pub(in crate::engines::native) const fn length(self) -> usize {
        match self {
            Self::Md4 | Self::Md5 => 16,
            Self::Ripemd160 | Self::Sha1 => 20,
            Self::Sha224 | Self::Sha512_224 | Self::Sha3_224 => 28,
            Self::Sha256 | Self::Sha512_256 | Self::Sha3_256 => 32,
            Self::Sha384 | Self::Sha3_384 => 48,
            Self::Sha512 | Self::Sha3_512 => 64,
        }
    }

    /// Hashes in one call; `hash` must have exactly the algorithm's length.
    pub(in crate::engines::native) fn hash(self, input: &[u8], hash: &mut [u8]) -> Result<()> {
        self.check_length(hash)?;
        if let Some(one_call) = self.one_call() {
            // SAFETY: the input is readable for its length, and the function writes exactly `length()` bytes, which
            // `hash` was just checked to have. It cannot fail: what it returns is `hash`.
            unsafe { one_call(input.as_ptr(), input.len(), hash.as_mut_ptr()) };
            return Ok(());
        }
        // SAFETY: as above; the length output and the engine may be null.
        allocated(unsafe {
            lc::EVP_Digest(input.as_ptr().cast(), input.len(), hash.as_mut_ptr(), null_mut(), self.method(), null_mut())
        })
    }

    /// The function that hashes on the stack, of the algorithms that are often used for short inputs.
    fn one_call(self) -> Option<unsafe extern "C" fn(*const u8, usize, *mut u8) -> *mut u8> {
        match self {
            Self::Sha1 => Some(lc::SHA1),
            Self::Sha224 => Some(lc::SHA224),
            Self::Sha256 => Some(lc::SHA256),
            Self::Sha384 => Some(lc::SHA384),
            Self::Sha512 => Some(lc::SHA512),
            Self::Sha512_224 => Some(lc::SHA512_224),
            Self::Sha512_256 => Some(lc::SHA512_256),
            _ => None,
        }
    }

    fn check_length(self, hash: &[u8]) -> Result<()> {
        if hash.len() == self.length() { Ok(()) } else { Err(Error::BufferTooSmall) }
    }
}

/// A hash in the making; wiped when dropped. The hash functions that are used most are flat memory, without anything on
/// the heap.
pub(in crate::engines::native) struct Context {
    digest: Digest,
    state: State,
}

enum State {
    Sha1(lc::SHA_CTX),
    /// SHA-224 too.
    Sha256(lc::SHA256_CTX),
    /// And what is cut off it.
    Sha512(lc::SHA512_CTX),
    /// Any other.
    Object(Object),
}

impl Context {
    /// Begins a hash.
    pub(in crate::engines::native) fn new(digest: Digest) -> Result<Self> {
        let state = match digest {
            Digest::Sha1 => State::Sha1(flat(lc::SHA1_Init)),
            Digest::Sha224 => State::Sha256(flat(lc::SHA224_Init)),
            Digest::Sha256 => State::Sha256(flat(lc::SHA256_Init)),
            Digest::Sha384 => State::Sha512(flat(lc::SHA384_Init)),
            Digest::Sha512 => State::Sha512(flat(lc::SHA512_Init)),
            Digest::Sha512_224 => State::Sha512(flat(lc::SHA512_224_Init)),
            Digest::Sha512_256 => State::Sha512(flat(lc::SHA512_256_Init)),
            other => State::Object(Object::new(other)?),
        };
        Ok(Self { digest, state })
    }

    /// Adds input.
    pub(in crate::engines::native) fn update(&mut self, input: &[u8]) -> Result<()> {
        let (pointer, length) = (input.as_ptr().cast(), input.len());
        // SAFETY: the state is initialized, and the input readable for its length.
        let answer = unsafe {
            match &mut self.state {
                State::Sha1(state) => lc::SHA1_Update(state, pointer, length),
                State::Sha256(state) => lc::SHA256_Update(state, pointer, length),
                State::Sha512(state) => lc::SHA512_Update(state, pointer, length),
                State::Object(object) => lc::EVP_DigestUpdate(object.0.as_ptr(), pointer, length),
            }
        };
        allocated(answer)
    }

    /// Gives the hash, of exactly the algorithm's length. Nothing may follow.
    pub(in crate::engines::native) fn finish(&mut self, hash: &mut [u8]) -> Result<()> {
        self.digest.check_length(hash)?;
        let output = hash.as_mut_ptr();
        // SAFETY: the state is initialized for this digest, of which every function writes exactly the length, which
        // `hash` was just checked to have; the length output may be null.
        let answer = unsafe {
            match (&mut self.state, self.digest) {
                (State::Sha1(state), _) => lc::SHA1_Final(output, state),
                (State::Sha256(state), Digest::Sha224) => lc::SHA224_Final(output, state),
                (State::Sha256(state), _) => lc::SHA256_Final(output, state),
                (State::Sha512(state), Digest::Sha384) => lc::SHA384_Final(output, state),
                (State::Sha512(state), Digest::Sha512_224) => lc::SHA512_224_Final(output, state),
                (State::Sha512(state), Digest::Sha512_256) => lc::SHA512_256_Final(output, state),
                (State::Sha512(state), _) => lc::SHA512_Final(output, state),
                (State::Object(object), _) => lc::EVP_DigestFinal_ex(object.0.as_ptr(), output, null_mut()),
            }
        };
        allocated(answer)
    }

    /// A copy that goes its own way.
    #[inline]
    pub(in crate::engines::native) fn duplicate(&self) -> Result<Self> {
        let state = match &self.state {
            State::Sha1(state) => State::Sha1(*state),
            State::Sha256(state) => State::Sha256(*state),
            State::Sha512(state) => State::Sha512(*state),
            State::Object(object) => State::Object(object.duplicate()?),
        };
        Ok(Self { digest: self.digest, state })
    }
}

/// An initialized flat state.
fn flat<S>(initialize: unsafe extern "C" fn(*mut S) -> c_int) -> S {
    let mut state = MaybeUninit::<S>::zeroed();
    // SAFETY: the states are structures of plain integers, for which zeros are valid; the function only writes to its
    // argument, and always succeeds.
    unsafe {
        initialize(state.as_mut_ptr());
        state.assume_init()
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: each pointer is to a whole live structure of plain integers.
        unsafe {
            match &mut self.state {
                State::Sha1(state) => lc::OPENSSL_cleanse(ptr::from_mut(state).cast(), size_of::<lc::SHA_CTX>()),
                State::Sha256(state) => lc::OPENSSL_cleanse(ptr::from_mut(state).cast(), size_of::<lc::SHA256_CTX>()),
                State::Sha512(state) => lc::OPENSSL_cleanse(ptr::from_mut(state).cast(), size_of::<lc::SHA512_CTX>()),
                State::Object(_) => {}
            }
        }
    }
}

/// Which SHAKE (FIPS 202, section 6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engines::native) enum ShakeStrength {
    Shake128,
    Shake256,
}

/// SHAKE in the making: input of any length, then output of any length.
pub(in crate::engines::native) struct Shake(Object);

impl Shake {
    /// Begins.
    pub(in crate::engines::native) fn new(strength: ShakeStrength) -> Result<Self> {
        // SAFETY: as in `Digest::method`.
        let object = unsafe {
            Object::with_method(match strength {
                ShakeStrength::Shake128 => lc::EVP_shake128(),
                ShakeStrength::Shake256 => lc::EVP_shake256(),
            })
        };
        Ok(Self(object?))
    }

    /// Adds input, before any output.
    pub(in crate::engines::native) fn update(&mut self, input: &[u8]) -> Result<()> {
        // SAFETY: the context is initialized, and the input readable for its length.
        allocated(unsafe { lc::EVP_DigestUpdate(self.0.0.as_ptr(), input.as_ptr().cast(), input.len()) })
    }

    /// Gives the next bytes of the output.
    pub(in crate::engines::native) fn squeeze(&mut self, output: &mut [u8]) -> Result<()> {
        // SAFETY: the context is initialized with an algorithm that can be squeezed, and the output writable for its length.
        allocated(unsafe { lc::EVP_DigestSqueeze(self.0.0.as_ptr(), output.as_mut_ptr(), output.len()) })
    }

    /// A copy that goes its own way.
    pub(in crate::engines::native) fn duplicate(&self) -> Result<Self> {
        Ok(Self(self.0.duplicate()?))
    }
}

/// An `EVP_MD_CTX`, which aws-lc wipes when it frees it.
struct Object(NonNull<lc::EVP_MD_CTX>);

// SAFETY: the context is an allocation that only this object points to, without thread-local parts.
unsafe impl Send for Object {}
// SAFETY: a shared reference only allows `duplicate`, which copies from the context and does not change it.
unsafe impl Sync for Object {}

impl Object {
    fn new(digest: Digest) -> Result<Self> {
        // SAFETY: `method` returns a valid method table.
        unsafe { Self::with_method(digest.method()) }
    }

    /// # Safety
    ///
    /// The method table is valid.
    unsafe fn with_method(method: *const lc::EVP_MD) -> Result<Self> {
        let object = Self::empty()?;
        // SAFETY: the context is live and initialized, the method table valid, and the engine may be null.
        allocated(unsafe { lc::EVP_DigestInit_ex(object.0.as_ptr(), method, null_mut()) })?;
        Ok(object)
    }

    fn empty() -> Result<Self> {
        // SAFETY: takes nothing; returns an initialized context or null, which is checked.
        NonNull::new(unsafe { lc::EVP_MD_CTX_new() }).map(Self).ok_or(Error::InsufficientMemory)
    }

    fn duplicate(&self) -> Result<Self> {
        let copy = Self::empty()?;
        // SAFETY: both contexts are live and distinct; the source is initialized.
        allocated(unsafe { lc::EVP_MD_CTX_copy_ex(copy.0.as_ptr(), self.0.as_ptr()) })?;
        Ok(copy)
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        // SAFETY: the pointer came from EVP_MD_CTX_new and is freed only here.
        unsafe { lc::EVP_MD_CTX_free(self.0.as_ptr()) }
    }
}
