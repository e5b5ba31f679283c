//! What the code can do, and what the token at hand can.

use cryptoki_sys::*;

use super::Pkcs11Backend;
use super::capabilities::{Mechanisms, Refusal};
use super::connection::Session;
use super::errors::Outcome;
use super::key_kinds::{Curve, Kind, Shape};
use super::mechanism::RsaHash;
use super::{cipher, key_derivation, key_wrapping, mac, signature};
use crate::core::device_derivation;
use crate::engines::Function;
use crate::fail;
use crate::psa::{Algorithm, Attributes, KeyType, Result, Usage, der};

/// True where the code has a mechanism for it.
pub(super) fn supports(function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    !alg.is_wildcard() && Kind::of(key_type, bits).is_some_and(|kind| !ways(function, kind, alg).is_empty())
}

/// The mechanisms that do `function`, of which one is enough; the best first. Lengths of MACs and tags do not matter.
pub(super) fn ways(function: Function, kind: Kind, alg: Algorithm) -> &'static [CK_MECHANISM_TYPE] {
    match (function, kind) {
        (Function::SignHash, _) if alg.is_sign_hash() => signing(kind, alg),
        (Function::SignMessage, Kind::Ec(curve)) if alg.is_hash_eddsa() => prehashing(curve, alg),
        (Function::SignMessage, _) if alg.is_sign_message() => signing(kind, alg),
        (Function::AsymmetricEncryption, Kind::Rsa(_)) => decrypting(alg),
        (Function::KeyAgreement, Kind::Ec(curve)) if curve.shape() != Shape::Edwards && alg == Algorithm::ECDH => {
            &[CKM_ECDH1_DERIVE]
        }
        // The core builds it from agreement.
        (Function::KeyEncapsulation, _) if alg == Algorithm::ECIES_SEC1 => {
            ways(Function::KeyAgreement, kind, Algorithm::ECDH)
        }
        (Function::KeyEncapsulation, Kind::MlKem(_)) if alg == Algorithm::ML_KEM => &[CKM_ML_KEM],
        (Function::Mac, Kind::Hmac(_)) if alg.is_hmac() => mac::hmac(alg.get_hash()),
        (Function::Mac, Kind::Aes(_)) if alg.full_length_mac() == Algorithm::CMAC => &[CKM_AES_CMAC],
        (Function::KeyWrap, Kind::Aes(_)) => key_wrapping::ways(alg),
        (Function::KeyDerivation, _) => key_derivation::ways(kind, alg),
        (Function::Aead, Kind::ChaCha20) if alg == Algorithm::CHACHA20_POLY1305 => &[CKM_CHACHA20_POLY1305],
        (Function::Cipher, Kind::Aes(_)) => cipher::mechanism(alg),
        (Function::Aead, Kind::Aes(_)) if alg.is_aead() => match alg.aead_base() {
            Algorithm::GCM => &[CKM_AES_GCM],
            Algorithm::CCM => &[CKM_AES_CCM],
            _ => &[],
        },
        _ => &[],
    }
}

fn signing(kind: Kind, alg: Algorithm) -> &'static [CK_MECHANISM_TYPE] {
    match kind {
        Kind::Ec(curve) => match curve.shape() {
            Shape::Weierstrass if alg.is_randomized_ecdsa() => &[CKM_ECDSA],
            Shape::Edwards if matches!(alg, Algorithm::PURE_EDDSA | Algorithm::EDDSA_CTX) => &[CKM_EDDSA],
            _ => &[],
        },
        Kind::Rsa(_) if alg.is_rsa_pkcs1v15_sign() => {
            let named = alg == Algorithm::RSA_PKCS1V15_SIGN_RAW || der::has_digest_info(alg.get_hash());
            if named { &[CKM_RSA_PKCS] } else { &[] }
        }
        Kind::Rsa(bits) if alg.is_rsa_pss() && signature::pss_salt(bits, alg.get_hash()).is_some() => {
            // What a token cannot encode itself, we encode.
            if RsaHash::of(alg.get_hash()).is_some() { &[CKM_RSA_PKCS_PSS, CKM_RSA_X_509] } else { &[CKM_RSA_X_509] }
        }
        Kind::MlDsa(_) if alg.is_ml_dsa() => &[CKM_ML_DSA],
        Kind::MlDsa(_) if alg.is_hash_ml_dsa() && signature::hash_mechanism(alg.get_hash()).is_some() => {
            &[CKM_HASH_ML_DSA]
        }
        _ => &[],
    }
}

/// HashEdDSA of messages. A hash cannot be given to a token.
fn prehashing(curve: &'static Curve, alg: Algorithm) -> &'static [CK_MECHANISM_TYPE] {
    let bits = match alg {
        Algorithm::ED25519PH => 255,
        Algorithm::ED448PH => 448,
        _ => return &[],
    };
    if curve.shape() == Shape::Edwards && Kind::Ec(curve).bits() == bits { &[CKM_EDDSA] } else { &[] }
}

/// Padding is taken off here, in constant time, where the token lets us; that of OAEP only where it cannot itself.
fn decrypting(alg: Algorithm) -> &'static [CK_MECHANISM_TYPE] {
    match alg {
        Algorithm::RSA_PKCS1V15_CRYPT => &[CKM_RSA_X_509, CKM_RSA_PKCS],
        _ if !alg.is_rsa_oaep() => &[],
        _ if RsaHash::of(alg.get_hash()).is_some() => &[CKM_RSA_PKCS_OAEP, CKM_RSA_X_509],
        _ if crate::psa::sizes::hash_length(alg.get_hash()) != 0 => &[CKM_RSA_X_509],
        _ => &[],
    }
}

/// For what a mechanism is used.
fn purpose(function: Function, way: CK_MECHANISM_TYPE) -> CK_FLAGS {
    match function {
        // Composed of MACs.
        Function::KeyDerivation if way != CKM_HKDF_DATA => CKF_SIGN,
        Function::SignHash | Function::SignMessage | Function::Mac => CKF_SIGN,
        Function::Cipher | Function::Aead => CKF_ENCRYPT | CKF_DECRYPT,
        Function::AsymmetricEncryption => CKF_DECRYPT,
        Function::KeyEncapsulation if way == CKM_ML_KEM => CKF_DECAPSULATE,
        Function::KeyAgreement | Function::KeyDerivation | Function::KeyEncapsulation => CKF_DERIVE,
        Function::KeyWrap => CKF_WRAP | CKF_UNWRAP,
        Function::Hash | Function::Xof | Function::Pake => CKF_DIGEST,
    }
}

/// True where a token with these mechanisms does it.
pub(super) fn offered(mechanisms: &Mechanisms, function: Function, kind: Kind, alg: Algorithm) -> bool {
    ways(function, kind, alg).iter().any(|way| mechanisms.offer(*way, purpose(function, *way), kind).is_ok())
}

/// The way in which this token does it; `NOT_SUPPORTED` with the reason where there is none. Where the code has only one,
/// the token is not asked.
pub(super) fn way(session: &Session<'_>, function: Function, kind: Kind, alg: Algorithm) -> Outcome<CK_MECHANISM_TYPE> {
    match ways(function, kind, alg) {
        [only] => Ok(*only),
        _ => offered_way(session, function, kind, alg),
    }
}

/// The same, asking always.
fn offered_way(session: &Session<'_>, function: Function, kind: Kind, alg: Algorithm) -> Outcome<CK_MECHANISM_TYPE> {
    let (ways, token) = (ways(function, kind, alg), session.connection().token());
    let mechanisms = session.connection().capabilities().mechanisms(session)?;
    for way in ways {
        if mechanisms.offer(*way, purpose(function, *way), kind).is_ok() {
            return Ok(*way);
        }
    }
    let Some(way) = ways.first() else {
        return Ok(fail!(NotSupported, "keys in tokens do not work with algorithm {alg}")?);
    };
    check_offer(session, *way, purpose(function, *way), kind)?;
    Ok(fail!(NotSupported, "token {token} does not work with algorithm {alg}")?)
}

/// `NOT_SUPPORTED` unless the token has the mechanism for this purpose and key.
pub(super) fn check_offer(
    session: &Session<'_>,
    mechanism: CK_MECHANISM_TYPE,
    purpose: CK_FLAGS,
    kind: Kind,
) -> Outcome<()> {
    let token = session.connection().token();
    let text = match session.connection().capabilities().mechanisms(session)?.offer(mechanism, purpose, kind) {
        Ok(()) => return Ok(()),
        Err(Refusal::Absent) => String::new(),
        Err(Refusal::OtherPurpose) => " for this purpose".to_owned(),
        Err(Refusal::Size(least, most)) => format!(" for {} bits, only from {least} to {most}", kind.bits()),
    };
    let name = mechanism_name(mechanism);
    Ok(fail!(NotSupported, "token {token} does not offer {name}{text}")?)
}

/// `NOT_SUPPORTED` where a key that is already in the token cannot be used there as its policy asks.
pub(super) fn check_use(session: &Session<'_>, kind: Kind, attributes: &Attributes) -> Outcome<()> {
    permitted(kind, attributes).into_iter().try_for_each(|(function, alg)| {
        offered_way(session, function, kind, alg)?;
        let (capabilities, token) = (session.connection().capabilities(), session.connection().token());
        if alg == Algorithm::EDDSA_CTX && !capabilities.takes_contexts(session)? {
            return Ok(fail!(NotSupported, "token {token} signs with EdDSA as if there were no context")?);
        }
        if alg.is_hash_eddsa() && !capabilities.takes_prehash(session)? {
            return Ok(fail!(NotSupported, "token {token} signs with HashEdDSA as if it were EdDSA, or not at all")?);
        }
        if function == Function::KeyEncapsulation && alg == Algorithm::ML_KEM && !session.functions().decapsulates() {
            return Ok(fail!(NotSupported, "the module has no C_DecapsulateKey")?);
        }
        Ok(())
    })
}

macro_rules! names {
    ($($name:ident)+) => {
        /// The name of a mechanism that the code uses.
        fn mechanism_name(mechanism: CK_MECHANISM_TYPE) -> String {
            match mechanism {
                $($name => stringify!($name).to_owned(),)+
                _ => format!("mechanism {mechanism:#x}"),
            }
        }
    };
}

names! {
    CKM_EC_KEY_PAIR_GEN CKM_EC_EDWARDS_KEY_PAIR_GEN CKM_EC_MONTGOMERY_KEY_PAIR_GEN CKM_RSA_PKCS_KEY_PAIR_GEN
    CKM_AES_KEY_GEN CKM_GENERIC_SECRET_KEY_GEN CKM_ML_DSA_KEY_PAIR_GEN CKM_ML_KEM_KEY_PAIR_GEN
    CKM_ECDSA CKM_EDDSA CKM_RSA_PKCS CKM_RSA_PKCS_PSS CKM_RSA_PKCS_OAEP CKM_RSA_X_509 CKM_ML_DSA CKM_HASH_ML_DSA CKM_ML_KEM
    CKM_ECDH1_DERIVE
    CKM_AES_ECB CKM_AES_CBC CKM_AES_CTR CKM_AES_CFB128 CKM_AES_OFB CKM_AES_GCM CKM_AES_CCM CKM_AES_CMAC
    CKM_CHACHA20_KEY_GEN CKM_CHACHA20_POLY1305
    CKM_MD5_HMAC CKM_RIPEMD160_HMAC CKM_SHA_1_HMAC CKM_SHA224_HMAC CKM_SHA256_HMAC CKM_SHA384_HMAC CKM_SHA512_HMAC
    CKM_SHA512_224_HMAC CKM_SHA512_256_HMAC CKM_SHA3_224_HMAC CKM_SHA3_256_HMAC CKM_SHA3_384_HMAC CKM_SHA3_512_HMAC
    CKM_HKDF_DATA CKM_AES_KEY_WRAP CKM_AES_KEY_WRAP_KWP CKM_AES_KEY_WRAP_PAD
}

/// What the policy of a key permits, as functions with an algorithm of which all have to work.
pub(super) fn permitted(kind: Kind, attributes: &Attributes) -> Vec<(Function, Algorithm)> {
    let has = |usage: Usage| attributes.usage.intersects(usage);
    let alg = example(attributes.algorithm);
    if alg == Algorithm::NONE {
        return Vec::new();
    }
    let mut functions = Vec::new();
    if kind.is_secret() {
        let messages =
            Usage::SIGN_MESSAGE.union(Usage::VERIFY_MESSAGE).union(Usage::SIGN_HASH).union(Usage::VERIFY_HASH);
        if has(messages) {
            functions.push((Function::Mac, alg));
        }
        if has(Usage::ENCRYPT.union(Usage::DECRYPT)) {
            functions.push((if alg.is_aead() { Function::Aead } else { Function::Cipher }, alg));
        }
        if has(Usage::WRAP.union(Usage::UNWRAP)) {
            functions.push((Function::KeyWrap, alg));
        }
        if has(Usage::DERIVE.union(Usage::VERIFY_DERIVATION)) {
            functions.push((Function::KeyDerivation, alg));
        }
        return functions;
    }
    if has(Usage::SIGN_HASH.union(Usage::SIGN_MESSAGE)) {
        // Whose messages are not hashed outside.
        let of_messages = !alg.is_sign_hash() || alg.is_hash_eddsa() && !has(Usage::SIGN_HASH);
        functions.push((if of_messages { Function::SignMessage } else { Function::SignHash }, alg));
    }
    if has(Usage::DECRYPT) {
        let encapsulation = alg.is_key_encapsulation();
        functions.push((if encapsulation { Function::KeyEncapsulation } else { Function::AsymmetricEncryption }, alg));
    }
    if has(Usage::DERIVE) {
        functions.push((Function::KeyAgreement, alg.key_agreement_get_base()));
    }
    functions
}

/// The mechanisms by which this token does what a policy permits: the first that it has, and raw RSA where it may turn out not
/// to know the hash or the label of OAEP.
pub(super) fn used(session: &Session<'_>, kind: Kind, attributes: &Attributes) -> Outcome<Vec<CK_MECHANISM_TYPE>> {
    let mechanisms = session.connection().capabilities().mechanisms(session)?;
    let of_one = |(function, alg): (Function, Algorithm)| {
        let most = if alg.is_rsa_oaep() { usize::MAX } else { 1 };
        let offered = move |way: &CK_MECHANISM_TYPE| mechanisms.offer(*way, purpose(function, *way), kind).is_ok();
        ways(function, kind, alg).iter().copied().filter(offered).take(most)
    };
    Ok(permitted(kind, attributes).into_iter().flat_map(of_one).collect())
}

/// True where a policy permits a derivation that is composed of MACs.
pub(super) fn derives_by_mac(kind: Kind, attributes: &Attributes) -> bool {
    permitted(kind, attributes)
        .iter()
        .any(|(function, alg)| *function == Function::KeyDerivation && device_derivation::mac_of(*alg).is_some())
}

/// An algorithm that stands for all that a policy permits.
fn example(permitted: Algorithm) -> Algorithm {
    if permitted == Algorithm::CCM_STAR_ANY_TAG {
        return Algorithm::CCM;
    }
    // Any hash will do to see whether tokens know a scheme.
    match permitted.get_hash() {
        Algorithm::ANY_HASH => Algorithm(permitted.0 & !0xff | Algorithm::SHA_256.0 & 0xff),
        _ => permitted,
    }
}

impl Pkcs11Backend {
    /// `NOT_SUPPORTED` with the reason where this backend or its token cannot hold such a key or do with it what its
    /// policy permits.
    pub(super) fn accepts_key(&self, attributes: &Attributes, imported: bool) -> Result<()> {
        let kind = kind_of(attributes)?;
        let permitted = permitted(kind, attributes);
        for (function, alg) in &permitted {
            if ways(*function, kind, *alg).is_empty() {
                return fail!(NotSupported, "keys in tokens do not work with algorithm {alg}");
            }
        }
        self.device.with_session(|session| {
            let (connection, token) = (session.connection(), session.connection().token());
            if token.has(CKF_WRITE_PROTECTED) && !attributes.lifetime.is_volatile() {
                return Ok(fail!(NotSupported, "token {token} is write-protected")?);
            }
            if !imported {
                let purpose = if kind.is_secret() { CKF_GENERATE } else { CKF_GENERATE_KEY_PAIR };
                check_offer(session, kind.generation().kind, purpose, kind)?;
            }
            check_use(session, kind, attributes)?;
            match kind {
                Kind::Ec(curve) if connection.capabilities().curve(session, curve)?.is_none() => {
                    Ok(fail!(NotSupported, "token {token} does not have the curve of this key")?)
                }
                _ => Ok(()),
            }
        })
    }
}

/// The kind of key that attributes ask for, or `NOT_SUPPORTED`.
pub(super) fn kind_of(attributes: &Attributes) -> Result<Kind> {
    match Kind::of(attributes.key_type, attributes.bits) {
        Some(kind) => Ok(kind),
        None => fail!(
            NotSupported,
            "keys of type {} with {} bits are not kept in tokens",
            attributes.key_type,
            attributes.bits
        ),
    }
}
