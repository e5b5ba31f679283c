//! Version of the specification (PSA 1.5, section 8.2.1).

/// `PSA_CRYPTO_API_VERSION_MAJOR`: changes when programs have to.
pub const CRYPTO_API_VERSION_MAJOR: u32 = 1;
/// `PSA_CRYPTO_API_VERSION_MINOR`: grows with what is added.
pub const CRYPTO_API_VERSION_MINOR: u32 = 5;
