//! What keys are in a token: every attribute that says what may be done with one, read by bare calls, is what the policy of
//! PSA says in the words of PKCS#11 (3.2, sections 4.7 to 4.10). Each kind of key is generated and imported, for the process and
//! for the token.

use std::collections::BTreeSet;
use std::fmt::Debug;

use cryptoki_sys::*;
use parsec::core::keys;
use parsec::core::library::Library;
use parsec::psa::{Algorithm, Attributes, EccFamily, Error, KeyId, KeyType, Lifetime, Usage};

use crate::bare::Bare;
use crate::place::{self, in_places};

macro_rules! named {
    ($($name:ident)+) => { [$(($name, stringify!($name))),+] };
}

/// Everything that a key may be allowed to do.
const RIGHTS: [(CK_ATTRIBUTE_TYPE, &str); 11] = named! {
    CKA_SIGN CKA_SIGN_RECOVER CKA_VERIFY CKA_VERIFY_RECOVER CKA_ENCRYPT CKA_DECRYPT CKA_DERIVE CKA_WRAP CKA_UNWRAP
    CKA_ENCAPSULATE CKA_DECAPSULATE
};

/// A kind of key with a policy, and what the token is to say of it.
struct Case {
    key_type: KeyType,
    bits: usize,
    algorithm: Algorithm,
    usage: Usage,
    /// `CKA_KEY_TYPE`.
    called: CK_KEY_TYPE,
    /// What the private or secret key may do.
    own: &'static [CK_ATTRIBUTE_TYPE],
    /// What the public key may do.
    public: &'static [CK_ATTRIBUTE_TYPE],
    /// `CKA_ALLOWED_MECHANISMS`.
    mechanisms: &'static [CK_MECHANISM_TYPE],
}

const SIGN_HASH: Usage = Usage::SIGN_HASH;
const SIGN: Usage = Usage::SIGN_MESSAGE;
const VERIFY: Usage = Usage::VERIFY_MESSAGE;
const BOTH: Usage = SIGN.union(VERIFY);
const CRYPT: Usage = Usage::ENCRYPT.union(Usage::DECRYPT);
const P256: (KeyType, usize, CK_KEY_TYPE) = (KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, CKK_EC);
const RSA: (KeyType, usize, CK_KEY_TYPE) = (KeyType::RSA_KEY_PAIR, 2048, CKK_RSA);
const AES: (KeyType, usize, CK_KEY_TYPE) = (KeyType::AES, 128, CKK_AES);
const SECRET: (KeyType, usize, CK_KEY_TYPE) = (KeyType::DERIVE, 256, CKK_GENERIC_SECRET);
const HMAC: (KeyType, usize, CK_KEY_TYPE) = (KeyType::HMAC, 256, CKK_GENERIC_SECRET);
const SHA_256: Algorithm = Algorithm::SHA_256;

const fn case(
    (key_type, bits, called): (KeyType, usize, CK_KEY_TYPE),
    algorithm: Algorithm,
    usage: Usage,
    own: &'static [CK_ATTRIBUTE_TYPE],
    public: &'static [CK_ATTRIBUTE_TYPE],
    mechanisms: &'static [CK_MECHANISM_TYPE],
) -> Case {
    Case { key_type, bits, algorithm, usage, called, own, public, mechanisms }
}

/// The same for keys on other curves than P-256, and of other sizes.
const fn sized(family: EccFamily, bits: usize, called: CK_KEY_TYPE) -> (KeyType, usize, CK_KEY_TYPE) {
    (KeyType::ecc_key_pair(family), bits, called)
}

#[rustfmt::skip]
fn cases() -> Vec<Case> {
    let ecdsa = Algorithm::ecdsa(SHA_256);
    let (pkcs1v15, pss, oaep) =
        (Algorithm::rsa_pkcs1v15_sign(SHA_256), Algorithm::rsa_pss(SHA_256), Algorithm::rsa_oaep(SHA_256));
    let (hmac, hkdf, expand) = (Algorithm::hmac(SHA_256), Algorithm::hkdf(SHA_256), Algorithm::hkdf_expand(SHA_256));
    let (p384, p521) = (sized(EccFamily::SECP_R1, 384, CKK_EC), sized(EccFamily::SECP_R1, 521, CKK_EC));
    let (k1, brainpool) = (sized(EccFamily::SECP_K1, 256, CKK_EC), sized(EccFamily::BRAINPOOL_P_R1, 256, CKK_EC));
    let ed25519 = sized(EccFamily::TWISTED_EDWARDS, 255, CKK_EC_EDWARDS);
    let x25519 = sized(EccFamily::MONTGOMERY, 255, CKK_EC_MONTGOMERY);
    let ml_dsa = (KeyType::ML_DSA_KEY_PAIR, 192, CKK_ML_DSA);
    let ml_kem = (KeyType::ML_KEM_KEY_PAIR, 768, CKK_ML_KEM);
    let chacha20 = (KeyType::CHACHA20, 256, CKK_CHACHA20);
    let (export, copy) = (Usage::EXPORT, Usage::COPY);
    vec![
        // The public key of a pair that signs verifies: whoever has it can do that anywhere.
        case(P256, ecdsa, SIGN_HASH.union(Usage::VERIFY_HASH), &[CKA_SIGN], &[CKA_VERIFY], &[CKM_ECDSA]),
        case(P256, ecdsa, SIGN, &[CKA_SIGN], &[CKA_VERIFY], &[CKM_ECDSA]),
        case(P256, ecdsa, SIGN.union(export), &[CKA_SIGN], &[CKA_VERIFY], &[CKM_ECDSA]),
        case(P256, ecdsa, SIGN.union(copy), &[CKA_SIGN], &[CKA_VERIFY], &[CKM_ECDSA]),
        case(P256, Algorithm::ECDH, Usage::DERIVE, &[CKA_DERIVE], &[], &[CKM_ECDH1_DERIVE]),
        case(p384, ecdsa, SIGN, &[CKA_SIGN], &[CKA_VERIFY], &[CKM_ECDSA]),
        case(p521, ecdsa, SIGN, &[CKA_SIGN], &[CKA_VERIFY], &[CKM_ECDSA]),
        case(k1, ecdsa, SIGN, &[CKA_SIGN], &[CKA_VERIFY], &[CKM_ECDSA]),
        case(brainpool, ecdsa, SIGN, &[CKA_SIGN], &[CKA_VERIFY], &[CKM_ECDSA]),
        case(ed25519, Algorithm::PURE_EDDSA, BOTH, &[CKA_SIGN], &[CKA_VERIFY], &[CKM_EDDSA]),
        case(x25519, Algorithm::ECDH, Usage::DERIVE, &[CKA_DERIVE], &[], &[CKM_ECDH1_DERIVE]),
        case(RSA, pkcs1v15, SIGN_HASH, &[CKA_SIGN], &[CKA_VERIFY], &[CKM_RSA_PKCS]),
        case(RSA, pkcs1v15, SIGN_HASH.union(export), &[CKA_SIGN], &[CKA_VERIFY], &[CKM_RSA_PKCS]),
        // Raw RSA would be more than that policy.
        case(RSA, pss, BOTH, &[CKA_SIGN], &[CKA_VERIFY], &[CKM_RSA_PKCS_PSS]),
        // Padding is taken off outside, in constant time.
        case(RSA, Algorithm::RSA_PKCS1V15_CRYPT, Usage::DECRYPT, &[CKA_DECRYPT], &[CKA_ENCRYPT], &[CKM_RSA_X_509]),
        case(RSA, oaep, CRYPT, &[CKA_DECRYPT], &[CKA_ENCRYPT], &[CKM_RSA_PKCS_OAEP, CKM_RSA_X_509]),
        case(AES, Algorithm::CTR, CRYPT, &[CKA_ENCRYPT, CKA_DECRYPT], &[], &[CKM_AES_CTR]),
        case(AES, Algorithm::CTR, Usage::ENCRYPT.union(export), &[CKA_ENCRYPT], &[], &[CKM_AES_CTR]),
        case(AES, Algorithm::CTR, CRYPT.union(copy), &[CKA_ENCRYPT, CKA_DECRYPT], &[], &[CKM_AES_CTR]),
        case(AES, Algorithm::CBC_PKCS7, Usage::DECRYPT, &[CKA_DECRYPT], &[], &[CKM_AES_CBC]),
        case(AES, Algorithm::ECB_NO_PADDING, CRYPT, &[CKA_ENCRYPT, CKA_DECRYPT], &[], &[CKM_AES_ECB]),
        case(AES, Algorithm::GCM, Usage::ENCRYPT, &[CKA_ENCRYPT], &[], &[CKM_AES_GCM]),
        // In parts, the tag of what is decrypted comes of encrypting.
        case(AES, Algorithm::GCM, Usage::DECRYPT, &[CKA_ENCRYPT, CKA_DECRYPT], &[], &[CKM_AES_GCM]),
        case(AES, Algorithm::CCM, CRYPT, &[CKA_ENCRYPT, CKA_DECRYPT], &[], &[CKM_AES_CCM]),
        case(chacha20, Algorithm::CHACHA20_POLY1305, CRYPT, &[CKA_ENCRYPT, CKA_DECRYPT], &[], &[CKM_CHACHA20_POLY1305]),
        case(AES, Algorithm::CMAC, SIGN, &[CKA_SIGN], &[], &[CKM_AES_CMAC]),
        // A MAC is verified by computing it.
        case(AES, Algorithm::CMAC, VERIFY, &[CKA_SIGN, CKA_VERIFY], &[], &[CKM_AES_CMAC]),
        case(AES, Algorithm::KW, Usage::WRAP, &[CKA_WRAP], &[], &[CKM_AES_KEY_WRAP]),
        case(AES, Algorithm::KW, Usage::UNWRAP, &[CKA_UNWRAP], &[], &[CKM_AES_KEY_WRAP]),
        case(HMAC, hmac, SIGN, &[CKA_SIGN], &[], &[CKM_SHA256_HMAC]),
        case(HMAC, hmac, BOTH.union(export), &[CKA_SIGN, CKA_VERIFY], &[], &[CKM_SHA256_HMAC]),
        case(SECRET, hkdf, Usage::DERIVE, &[CKA_DERIVE], &[], &[CKM_HKDF_DATA]),
        // Composed of MACs.
        case(SECRET, expand, Usage::DERIVE, &[CKA_DERIVE, CKA_SIGN], &[], &[CKM_SHA256_HMAC]),
        case(ml_dsa, Algorithm::ML_DSA, BOTH, &[CKA_SIGN], &[CKA_VERIFY], &[CKM_ML_DSA]),
        case(ml_dsa, Algorithm::hash_ml_dsa(SHA_256), SIGN_HASH, &[CKA_SIGN], &[CKA_VERIFY], &[CKM_HASH_ML_DSA]),
        case(ml_kem, Algorithm::ML_KEM, CRYPT, &[CKA_DECAPSULATE], &[CKA_ENCAPSULATE], &[CKM_ML_KEM]),
    ]
}

/// What is particular about a token.
struct Token {
    library: Library,
    bare: Bare,
    namespace: String,
    /// Makes session objects.
    volatile: bool,
    /// Takes keys from outside.
    imports: bool,
    /// Keeps `CKA_ALLOWED_MECHANISMS`.
    restricts: bool,
    /// Ties the rights of both keys of a pair: says nothing of the public one, and lets a signing RSA key decrypt.
    tied: bool,
    /// Says of itself what it has made (`CKA_LOCAL`).
    tells_local: bool,
    /// Says of a copy that it was never outside either.
    copies_history: bool,
    ids: BTreeSet<Vec<u8>>,
    /// What does not hold, all of it.
    wrong: Vec<String>,
}

impl Token {
    fn open() -> Self {
        // The session objects of one client of p11-kit are not shown to another one: behind the shim both are one.
        let (config, _) = place::shimmed();
        let bare = Bare::open(place::token(&config));
        let place = place::name();
        let tied = place == "tpm2-pkcs11";
        Self {
            bare,
            namespace: config.namespace.clone(),
            library: Library::new(config).unwrap(),
            volatile: !tied,
            imports: !tied,
            restricts: !tied && place != "nss",
            tied,
            tells_local: place != "nss",
            copies_history: place != "nss",
            ids: BTreeSet::new(),
            wrong: Vec::new(),
        }
    }

    fn equal<T: Debug + PartialEq>(&mut self, what: &str, name: &str, found: T, expected: T) {
        if found != expected {
            self.wrong.push(format!("{what}: {name} is {found:?}, not {expected:?}"));
        }
    }

    /// How many keys of a case were made and found to be right.
    fn check(&mut self, number: usize, case: &Case) -> usize {
        let mut made = 0;
        for persistent in [false, true] {
            for imported in [false, true] {
                if (persistent || self.volatile) && (!imported || self.imports) {
                    made += usize::from(self.check_one(number, case, persistent, imported));
                }
            }
        }
        made
    }

    fn check_one(&mut self, number: usize, case: &Case, persistent: bool, imported: bool) -> bool {
        let attributes = Attributes {
            key_type: case.key_type,
            bits: case.bits,
            algorithm: case.algorithm,
            usage: case.usage,
            lifetime: Lifetime::new(u8::from(persistent), place::location()),
            id: if persistent { KeyId(0x1000 + number as u32) } else { KeyId::NULL },
        };
        let what = format!("{attributes:?}, {}", if imported { "imported" } else { "generated" });
        let made = match imported {
            true => keys::import(&self.library, &attributes, &self.material(case)),
            false => keys::generate(&self.library, &attributes, &[]),
        };
        let key = match made {
            Err(Error::NotSupported) => return false,
            made => made.unwrap_or_else(|error| panic!("{what}: {error:?} {:?}", parsec::cause::take())),
        };
        // A name for people, in which a volatile key has its identifier, too.
        let label = format!("parsec:{}:{}", self.namespace, key.0);
        let is_pair = !matches!(case.called, CKK_AES | CKK_GENERIC_SECRET | CKK_CHACHA20);
        let class = if is_pair { CKO_PRIVATE_KEY } else { CKO_SECRET_KEY };
        let own = self.bare.find(class, &label);
        let public = self.bare.find(CKO_PUBLIC_KEY, &label);
        self.equal(&what, "number of objects", (own.len(), public.len()), (1, usize::from(is_pair)));
        own.iter().for_each(|own| self.check_own(&what, case, *own, (persistent, imported)));
        public.iter().for_each(|public| self.check_public(&what, case, *public, persistent));
        let id = own.first().and_then(|own| self.bare.attribute(*own, CKA_ID)).unwrap_or_default();
        for public in public {
            self.equal(&what, "CKA_ID", self.bare.attribute(public, CKA_ID).as_ref(), Some(&id));
        }
        // Random: as long as what nobody has twice, and not a number that counts.
        let is_random = id.len() >= 16 && id.iter().collect::<BTreeSet<_>>().len() > 4;
        let is_new = self.ids.insert(id);
        self.equal(&what, "random and unique CKA_ID", (is_random, is_new), (true, true));
        if case.usage.contains(Usage::COPY) {
            if self.volatile {
                self.check_copy(&what, case, (key, attributes), (false, imported));
            }
            self.check_copy(&what, case, (key, attributes), (true, imported));
        }
        keys::destroy(&self.library, key).unwrap();
        for class in [CKO_PRIVATE_KEY, CKO_SECRET_KEY, CKO_PUBLIC_KEY] {
            self.equal(&what, "what is left behind", self.bare.find(class, &label).len(), 0);
        }
        true
    }

    /// A copy within the token, for the process or for the token, whatever its source is.
    fn check_copy(
        &mut self,
        what: &str,
        case: &Case,
        (source, attributes): (KeyId, Attributes),
        (persistent, imported): (bool, bool),
    ) {
        let (id, lifetime) = match persistent {
            true => (KeyId(0x2000), Lifetime::new(1, place::location())),
            false => (KeyId::NULL, Lifetime::new(0, place::location())),
        };
        let what = format!("{what}, copied to {lifetime:?}");
        let copy = match keys::copy(&self.library, source, &Attributes { id, lifetime, ..attributes }) {
            Ok(copy) => copy,
            // It copies nothing.
            Err(Error::NotSupported) if self.tied => return,
            Err(error) => return self.wrong.push(format!("{what}: {error:?} {:?}", parsec::cause::take())),
        };
        let label = format!("parsec:{}:{}", self.namespace, copy.0);
        let class = if attributes.key_type.is_asymmetric() { CKO_PRIVATE_KEY } else { CKO_SECRET_KEY };
        let own = self.bare.find(class, &label);
        self.equal(&what, "number of objects", own.len(), 1);
        let outside = imported || !self.copies_history;
        own.iter().for_each(|own| self.check_own(&what, case, *own, (persistent, outside)));
        let id = own.first().and_then(|own| self.bare.attribute(*own, CKA_ID)).unwrap_or_default();
        let is_new = self.ids.insert(id);
        self.equal(&what, "unique CKA_ID", is_new, true);
        keys::destroy(&self.library, copy).unwrap();
    }

    /// A key of this kind that software has made.
    fn material(&self, case: &Case) -> Vec<u8> {
        let attributes =
            Attributes { key_type: case.key_type, bits: case.bits, usage: Usage::EXPORT, ..Attributes::default() };
        let key = keys::generate(&self.library, &attributes, &[]).unwrap();
        let mut material = vec![0; 4096];
        let length = keys::export(&self.library, key, &mut material).unwrap();
        material.truncate(length);
        keys::destroy(&self.library, key).unwrap();
        material
    }

    fn check_own(&mut self, what: &str, case: &Case, own: CK_OBJECT_HANDLE, (persistent, imported): (bool, bool)) {
        let exports = case.usage.contains(Usage::EXPORT);
        self.check_named(what, case, own, persistent);
        let flags = [
            ("CKA_PRIVATE", CKA_PRIVATE, true),
            ("CKA_SENSITIVE", CKA_SENSITIVE, !exports),
            ("CKA_EXTRACTABLE", CKA_EXTRACTABLE, exports),
            // Whether it ever was anywhere else.
            ("CKA_NEVER_EXTRACTABLE", CKA_NEVER_EXTRACTABLE, !exports && !imported),
            ("CKA_ALWAYS_SENSITIVE", CKA_ALWAYS_SENSITIVE, !exports && !imported),
            ("CKA_LOCAL", CKA_LOCAL, !imported && self.tells_local),
        ];
        for (name, flag, expected) in flags {
            self.equal(what, name, self.bare.is(own, flag), expected);
        }
        let mut rights = case.own.to_vec();
        if self.tied && case.called == CKK_RSA && case.own.contains(&CKA_SIGN) {
            rights.push(CKA_DECRYPT);
        }
        self.check_rights(what, own, &rights);
        let mut allowed = self.bare.numbers(own, CKA_ALLOWED_MECHANISMS).unwrap_or_default();
        let mut expected = if self.restricts { case.mechanisms.to_vec() } else { Vec::new() };
        allowed.sort_unstable();
        expected.sort_unstable();
        // tpm2-pkcs11 says of itself what its keys do.
        if !self.tied {
            self.equal(what, "CKA_ALLOWED_MECHANISMS", allowed, expected);
        }
    }

    fn check_public(&mut self, what: &str, case: &Case, public: CK_OBJECT_HANDLE, persistent: bool) {
        self.check_named(what, case, public, persistent);
        self.equal(what, "CKA_PRIVATE of the public key", self.bare.is(public, CKA_PRIVATE), false);
        if !self.tied {
            self.check_rights(what, public, case.public);
        }
    }

    fn check_named(&mut self, what: &str, case: &Case, object: CK_OBJECT_HANDLE, persistent: bool) {
        self.equal(what, "CKA_TOKEN", self.bare.is(object, CKA_TOKEN), persistent);
        self.equal(what, "CKA_KEY_TYPE", self.bare.numbers(object, CKA_KEY_TYPE), Some(vec![case.called]));
    }

    fn check_rights(&mut self, what: &str, object: CK_OBJECT_HANDLE, expected: &[CK_ATTRIBUTE_TYPE]) {
        // tpm2-pkcs11 shows those of the public key with the private one, too.
        let shown = |right: &CK_ATTRIBUTE_TYPE| !self.tied || ![CKA_ENCRYPT, CKA_VERIFY].contains(right);
        let rights: Vec<_> = RIGHTS.into_iter().filter(|(right, _)| shown(right)).collect();
        for (right, name) in rights {
            self.equal(what, name, self.bare.is(object, right), expected.contains(&right));
        }
    }
}

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn inside() {
    let mut token = Token::open();
    let made = cases().iter().enumerate().map(|(number, case)| token.check(number, case)).sum::<usize>();
    println!("\nmade {made}.");
    assert!(token.wrong.is_empty(), "{}", token.wrong.join("\n"));
}

/// `made` is how many keys a token makes of all that are tried.
fn check(place: &str, made: usize) {
    let text = place::run(place, &[], "attributes::inside");
    assert!(text.contains(&format!("made {made}.")), "{text}");
}

in_places!(check; softhsm(116) kryoptic(136) nss(104) p11_kit(68) tpm2_pkcs11(8));
