//! CMAC, XTS, CCM, SHAKE256, PBKDF2 and key wrapping.

use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

use aws_lc_sys as lc;

use super::{given, schedule};
use crate::measure::Work;

/// SHAKE256 with 64 bytes of output.
pub fn shake256_512(input: &'static [u8]) -> impl Work {
    // SAFETY: the context is initialized, used and cleaned up; the input is readable, the answer has room for 64 bytes.
    move |answer| unsafe {
        let mut context = MaybeUninit::uninit();
        let context = context.as_mut_ptr();
        lc::EVP_MD_CTX_init(context);
        let good = lc::EVP_DigestInit_ex(context, lc::EVP_shake256(), null_mut())
            & lc::EVP_DigestUpdate(context, input.as_ptr().cast(), input.len())
            & lc::EVP_DigestFinalXOF(context, answer.as_mut_ptr(), 64);
        lc::EVP_MD_CTX_cleanup(context);
        given(good, 64)
    }
}

/// SHA-512 in one call.
pub fn sha512(input: &'static [u8]) -> impl Work {
    // SAFETY: the input is readable, and the answer has room for 64 bytes.
    move |answer| unsafe {
        lc::SHA512(input.as_ptr(), input.len(), answer.as_mut_ptr());
        64
    }
}

/// AES-CMAC from the kept state of the key.
pub fn aes_cmac(key: &'static [u8], input: &'static [u8]) -> impl Work {
    // SAFETY: the key is readable and has 16 bytes.
    let context = unsafe {
        let context = lc::CMAC_CTX_new();
        lc::CMAC_Init(context, key.as_ptr().cast(), key.len(), lc::EVP_aes_128_cbc(), null_mut());
        context
    };
    // SAFETY: the context lives, the input is readable, the answer has room for a block.
    move |answer| unsafe {
        let mut length = 0;
        let good = lc::CMAC_Reset(context)
            & lc::CMAC_Update(context, input.as_ptr(), input.len())
            & lc::CMAC_Final(context, answer.as_mut_ptr(), &mut length);
        given(good, length)
    }
}

/// Decrypts with AES-256-XTS from the kept state of the key.
pub fn aes_256_xts_decrypt(key: &'static [u8], tweak: &'static [u8; 16], input: &'static [u8]) -> impl Work {
    // SAFETY: the key is readable and has 64 bytes.
    let context = unsafe {
        let context = lc::EVP_CIPHER_CTX_new();
        lc::EVP_CipherInit_ex(context, lc::EVP_aes_256_xts(), null_mut(), key.as_ptr(), null(), 0);
        context
    };
    // SAFETY: the context lives, tweak and input are readable, the answer has room for the text.
    move |answer| unsafe {
        let mut length = 0;
        let good = lc::EVP_CipherInit_ex(context, null(), null_mut(), null(), tweak.as_ptr(), -1)
            & lc::EVP_CipherUpdate(context, answer.as_mut_ptr(), &mut length, input.as_ptr(), input.len() as i32);
        given(good, length as usize)
    }
}

/// Derives 32 bytes with PBKDF2-HMAC-SHA-256.
pub fn pbkdf2_sha256(password: &'static [u8], salt: &'static [u8], cost: u32) -> impl Work {
    // SAFETY: the inputs are readable, the answer has room for 32 bytes.
    move |answer| unsafe {
        let (secret, secret_length) = (password.as_ptr().cast(), password.len());
        let (hash, output) = (lc::EVP_sha256(), answer[..32].as_mut_ptr());
        given(lc::PKCS5_PBKDF2_HMAC(secret, secret_length, salt.as_ptr(), salt.len(), cost, hash, 32, output), 32)
    }
}

/// Wraps a key with AES-KW.
pub fn wrap(key: &'static [u8], secret: &'static [u8]) -> impl Work {
    let schedule = schedule(key, lc::AES_set_encrypt_key);
    // SAFETY: the schedule lives, the secret is readable, the answer has room for 8 bytes more.
    move |answer| unsafe {
        let length = lc::AES_wrap_key(&schedule, null(), answer.as_mut_ptr(), secret.as_ptr(), secret.len());
        usize::try_from(length).unwrap_or(0)
    }
}
