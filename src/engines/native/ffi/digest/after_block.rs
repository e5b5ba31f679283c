//! A hash after its first block, of which HMAC needs two for each key.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;

use aws_lc_sys as lc;

use super::{Context, Digest, Object, State};
use crate::psa::{Error, Result};

/// A hash after its first block, which begins any number of hashes. Of the flat ones only the words of the state are kept,
/// and hashing works on the stack: to move whole states about takes longer than to hash a short message.
pub(in crate::engines::native) struct AfterBlock {
    digest: Digest,
    state: Words,
}

enum Words {
    Sha1([u32; 5]),
    /// SHA-224 too.
    Sha256([u32; 8]),
    /// And what is cut off it.
    Sha512([u64; 8]),
    Object(Object),
}

/// The words of a flat state after a block.
macro_rules! words_after {
    ($block:expr, $state:ident, $init:expr, $update:ident) => {{
        let mut state = MaybeUninit::<lc::$state>::uninit();
        let state = state.as_mut_ptr();
        // SAFETY: the first function initializes the state, which is writable; the second reads the block. Both
        // always succeed. The words are initialized then, and the whole state is wiped afterwards.
        unsafe {
            $init(state);
            lc::$update(state, $block.as_ptr().cast(), $block.len());
            let words = (*state).h;
            lc::OPENSSL_cleanse(state.cast(), size_of::<lc::$state>());
            words
        }
    }};
}

/// Hashes the pieces of a message that comes after a block of so many bits.
macro_rules! hash_after {
    ($words:expr, $bits:literal, $message:expr, $hash:expr, $state:ident, $init:ident, $update:ident, $final:expr) => {{
        let mut state = MaybeUninit::<lc::$state>::uninit();
        let state = state.as_mut_ptr();
        // SAFETY: the first function initializes the state, which is writable, so that its fields can be set. The pieces
        // are readable for their lengths. The last function writes exactly the length of the algorithm's hash, which the
        // caller has checked `hash` for. All of them always succeed. The state is wiped afterwards.
        unsafe {
            lc::$init(state);
            (*state).h = *$words;
            (*state).Nl = $bits;
            for piece in $message {
                lc::$update(state, piece.as_ptr().cast(), piece.len());
            }
            $final($hash.as_mut_ptr(), state);
            lc::OPENSSL_cleanse(state.cast(), size_of::<lc::$state>());
        }
    }};
}

impl AfterBlock {
    /// Hashes a block, which has the length of the algorithm's.
    pub(in crate::engines::native) fn new(digest: Digest, block: &[u8]) -> Result<Self> {
        let state = match digest {
            Digest::Sha1 => Words::Sha1(words_after!(block, SHA_CTX, lc::SHA1_Init, SHA1_Update)),
            Digest::Sha224 => Words::Sha256(words_after!(block, SHA256_CTX, lc::SHA224_Init, SHA256_Update)),
            Digest::Sha256 => Words::Sha256(words_after!(block, SHA256_CTX, lc::SHA256_Init, SHA256_Update)),
            Digest::Sha384 => Words::Sha512(words_after!(block, SHA512_CTX, lc::SHA384_Init, SHA512_Update)),
            Digest::Sha512 => Words::Sha512(words_after!(block, SHA512_CTX, lc::SHA512_Init, SHA512_Update)),
            other => {
                let mut context = Context::new(other)?;
                context.update(block)?;
                match &context.state {
                    State::Sha512(state) => Words::Sha512(state.h),
                    State::Object(object) => Words::Object(object.duplicate()?),
                    _ => return Err(Error::CorruptionDetected),
                }
            }
        };
        Ok(Self { digest, state })
    }

    /// Hashes a message in pieces after the block; `hash` must have exactly the algorithm's length.
    pub(in crate::engines::native) fn hash(&self, message: &[&[u8]], hash: &mut [u8]) -> Result<()> {
        self.digest.check_length(hash)?;
        match (&self.state, self.digest) {
            (Words::Sha1(words), _) => {
                hash_after!(words, 512, message, hash, SHA_CTX, SHA1_Init, SHA1_Update, lc::SHA1_Final);
            }
            (Words::Sha256(words), Digest::Sha256) => {
                hash_after!(words, 512, message, hash, SHA256_CTX, SHA256_Init, SHA256_Update, lc::SHA256_Final);
            }
            (Words::Sha512(words), Digest::Sha384) => {
                hash_after!(words, 1024, message, hash, SHA512_CTX, SHA384_Init, SHA512_Update, lc::SHA384_Final);
            }
            (Words::Sha512(words), Digest::Sha512) => {
                hash_after!(words, 1024, message, hash, SHA512_CTX, SHA512_Init, SHA512_Update, lc::SHA512_Final);
            }
            _ => {
                let mut context = self.begin()?;
                message.iter().try_for_each(|piece| context.update(piece))?;
                context.finish(hash)?;
            }
        }
        Ok(())
    }

    /// The hash that goes on after the block.
    pub(in crate::engines::native) fn begin(&self) -> Result<Context> {
        if let Words::Object(object) = &self.state {
            return Ok(Context { digest: self.digest, state: State::Object(object.duplicate()?) });
        }
        let mut context = Context::new(self.digest)?;
        match (&mut context.state, &self.state) {
            (State::Sha1(state), Words::Sha1(words)) => (state.h, state.Nl) = (*words, 512),
            (State::Sha256(state), Words::Sha256(words)) => (state.h, state.Nl) = (*words, 512),
            (State::Sha512(state), Words::Sha512(words)) => (state.h, state.Nl) = (*words, 1024),
            _ => return Err(Error::CorruptionDetected),
        }
        Ok(context)
    }
}

impl Drop for AfterBlock {
    fn drop(&mut self) {
        let (pointer, size) = match &mut self.state {
            Words::Sha1(words) => (words.as_mut_ptr().cast(), size_of_val(words)),
            Words::Sha256(words) => (words.as_mut_ptr().cast(), size_of_val(words)),
            Words::Sha512(words) => (words.as_mut_ptr().cast(), size_of_val(words)),
            Words::Object(_) => return,
        };
        // SAFETY: the pointer is to a whole live array of integers, for which zeros are valid.
        unsafe { lc::OPENSSL_cleanse(pointer, size) }
    }
}
