//! X25519 (RFC 7748) and Ed25519 (RFC 8032) of aws-lc.
#![allow(unsafe_code)]

use zeroize::Zeroizing;

/// The X25519 public key of a private key.
pub(in crate::engines::native) fn x25519_public_key(private_key: &[u8; 32]) -> [u8; 32] {
    let mut public_key = [0; 32];
    // SAFETY: both arrays have the 32 bytes that the function reads and writes.
    unsafe { aws_lc_sys::X25519_public_from_private(public_key.as_mut_ptr(), private_key.as_ptr()) };
    public_key
}

/// The X25519 shared secret; `None` where it is all zero, because the peer sent a point of small order.
pub(in crate::engines::native) fn x25519(private_key: &[u8; 32], peer: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
    let mut shared = Zeroizing::new([0; 32]);
    // SAFETY: the three arrays have the 32 bytes that the function reads and writes.
    let status = unsafe { aws_lc_sys::X25519(shared.as_mut_ptr(), private_key.as_ptr(), peer.as_ptr()) };
    (status == 1).then_some(shared)
}

/// An Ed25519 private key in the form that aws-lc signs with: the seed and the public key behind it.
pub(in crate::engines::native) struct Ed25519PrivateKey(Zeroizing<[u8; 64]>);

/// What is signed, and with which scheme of RFC 8032.
#[derive(Clone, Copy)]
pub(in crate::engines::native) enum Ed25519<'a> {
    /// Ed25519: a message.
    Pure(&'a [u8]),
    /// Ed25519ctx: a message, and a context of 1 to 255 bytes; aws-lc refuses an empty one.
    WithContext(&'a [u8], &'a [u8]),
    /// Ed25519ph: the SHA-512 hash of a message, and a context of at most 255 bytes.
    Prehashed(&'a [u8; 64], &'a [u8]),
}

impl Ed25519PrivateKey {
    /// Expands the 32 bytes that RFC 8032 calls the private key; gives the public key too.
    pub(in crate::engines::native) fn from_seed(seed: &[u8; 32]) -> (Self, [u8; 32]) {
        let mut public_key = [0; 32];
        let mut private_key = Zeroizing::new([0; 64]);
        // SAFETY: the arrays have the 32, 64 and 32 bytes that the function writes, writes and reads.
        unsafe {
            aws_lc_sys::ED25519_keypair_from_seed(public_key.as_mut_ptr(), private_key.as_mut_ptr(), seed.as_ptr());
        }
        (Self(private_key), public_key)
    }

    /// The 32 bytes that it was expanded from.
    pub(in crate::engines::native) fn seed(&self) -> &[u8] {
        self.0.split_at(32).0
    }

    /// Signs; false where aws-lc refuses.
    #[must_use]
    pub(in crate::engines::native) fn sign(&self, input: Ed25519<'_>, signature: &mut [u8; 64]) -> bool {
        let (key, output) = (self.0.as_ptr(), signature.as_mut_ptr());
        // SAFETY: the private key has the 64 bytes that are read, the signature the 64 that are written, a digest
        // its 64, and the other pointers come with the lengths of their slices.
        let status = unsafe {
            match input {
                Ed25519::Pure(message) => aws_lc_sys::ED25519_sign(output, message.as_ptr(), message.len(), key),
                Ed25519::WithContext(message, context) => aws_lc_sys::ED25519ctx_sign(
                    output,
                    message.as_ptr(),
                    message.len(),
                    key,
                    context.as_ptr(),
                    context.len(),
                ),
                Ed25519::Prehashed(digest, context) => {
                    aws_lc_sys::ED25519ph_sign_digest(output, digest.as_ptr(), key, context.as_ptr(), context.len())
                }
            }
        };
        status == 1
    }
}

/// True where the signature is right.
#[must_use]
pub(in crate::engines::native) fn ed25519_verify(
    public_key: &[u8; 32],
    input: Ed25519<'_>,
    signature: &[u8; 64],
) -> bool {
    let (key, signature) = (public_key.as_ptr(), signature.as_ptr());
    // SAFETY: key, signature and a digest have the 32, 64 and 64 bytes that are read, and the other pointers come
    // with the lengths of their slices.
    let status = unsafe {
        match input {
            Ed25519::Pure(message) => aws_lc_sys::ED25519_verify(message.as_ptr(), message.len(), signature, key),
            Ed25519::WithContext(message, context) => aws_lc_sys::ED25519ctx_verify(
                message.as_ptr(),
                message.len(),
                signature,
                key,
                context.as_ptr(),
                context.len(),
            ),
            Ed25519::Prehashed(digest, context) => {
                aws_lc_sys::ED25519ph_verify_digest(digest.as_ptr(), signature, key, context.as_ptr(), context.len())
            }
        }
    };
    status == 1
}
