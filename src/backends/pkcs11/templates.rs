//! What the objects of a key are made with: its names, its policy, and its material.

use cryptoki::object::AttributeType;
use cryptoki_sys::*;

use super::errors::Outcome;
use super::key_kinds::Kind;
use super::mechanisms;
use super::reference::Reference;
use super::template::Template;
use crate::engines::Function;
use crate::fail;
use crate::psa::{Attributes, Usage, der};

/// 65537, big-endian.
const PUBLIC_EXPONENT: &[u8] = &[1, 0, 1];

/// A key that is to be made.
pub(super) struct Draft<'a> {
    /// What kind of key.
    pub kind: Kind,
    /// Gives the `CKA_ID`.
    pub reference: &'a Reference,
    /// `CKA_LABEL`.
    pub label: &'a [u8],
    /// What it is for.
    pub policy: Policy,
    /// `CKA_EC_PARAMS` as the token wants it; empty for keys that are on no curve.
    pub parameters: &'static [u8],
}

/// What PSA permits to do with a key, in the words of PKCS#11. What is not said is for the token to choose, and it may
/// choose generously; so everything is said.
pub(super) struct Policy {
    signs: bool,
    verifies: bool,
    encrypts: bool,
    /// Decrypting in parts computes the tag by encrypting again.
    encrypts_for_tags: bool,
    decrypts: bool,
    derives: bool,
    /// By MACs alone.
    derives_by_mac: bool,
    wraps: bool,
    unwraps: bool,
    /// It may leave the token (`CKA_EXTRACTABLE`, not `CKA_SENSITIVE`).
    pub exports: bool,
    /// The public part encrypts.
    public_encrypts: bool,
    /// Whether it decapsulates, and its public part encapsulates; `None` for all but ML-KEM, because older tokens do not know
    /// these rights.
    decapsulates: Option<bool>,
    /// `CKA_ALLOWED_MECHANISMS`; empty where the attribute is left out.
    pub allowed: Vec<CK_MECHANISM_TYPE>,
    /// The token ties the rights of the public key to those of the private one.
    tied: bool,
}

impl Policy {
    /// The policy of a new key, without mechanisms.
    pub fn new(kind: Kind, attributes: &Attributes) -> Self {
        let has = |usage: Usage| attributes.usage.intersects(usage);
        let signs = has(Usage::SIGN_HASH.union(Usage::SIGN_MESSAGE));
        let verifies = has(Usage::VERIFY_HASH.union(Usage::VERIFY_MESSAGE));
        let permitted = mechanisms::permitted(kind, attributes);
        let permits = |wanted| permitted.iter().any(|(function, _)| *function == wanted);
        // The core builds encapsulation from agreement.
        let (aead, encapsulation) = (permits(Function::Aead), permits(Function::KeyEncapsulation));
        let is_kem = matches!(kind, Kind::MlKem(_));
        let derives_by_mac = mechanisms::derives_by_mac(kind, attributes);
        Self {
            // A MAC is verified by computing it.
            signs: signs || kind.is_secret() && verifies || derives_by_mac,
            // Whoever has the public key of a pair verifies with it anywhere.
            verifies: verifies || signs && !kind.is_secret(),
            encrypts: kind.is_secret() && has(Usage::ENCRYPT),
            encrypts_for_tags: aead && has(Usage::DECRYPT),
            decrypts: has(Usage::DECRYPT) && !encapsulation,
            derives: has(Usage::DERIVE.union(Usage::VERIFY_DERIVATION)) && !derives_by_mac || encapsulation && !is_kem,
            derives_by_mac,
            wraps: has(Usage::WRAP),
            unwraps: has(Usage::UNWRAP),
            exports: has(Usage::EXPORT),
            decapsulates: is_kem.then_some(encapsulation),
            public_encrypts: matches!(kind, Kind::Rsa(_)) && has(Usage::ENCRYPT.union(Usage::DECRYPT)),
            allowed: Vec::new(),
            tied: false,
        }
    }

    /// The same, for these mechanisms only.
    pub fn restricted(self, allowed: Vec<CK_MECHANISM_TYPE>) -> Self {
        Self { allowed, ..self }
    }

    /// The rights without which a key of somebody else's is of no use, by their attributes.
    pub fn needed(&self) -> [(AttributeType, bool); 7] {
        [
            (AttributeType::Sign, self.signs),
            (AttributeType::Decrypt, self.decrypts),
            (AttributeType::Encrypt, self.encrypts),
            (AttributeType::Derive, self.derives),
            (AttributeType::Wrap, self.wraps),
            (AttributeType::Unwrap, self.unwraps),
            (AttributeType::Extractable, self.exports),
        ]
    }

    /// As tpm2-pkcs11 takes it: nothing is said of the public key, which anybody may use elsewhere, nor of mechanisms, and
    /// an RSA key that signs decrypts too, because that is how its TPM signs what it has encoded itself.
    pub fn tied(mut self, kind: Kind) -> Self {
        self.tied = true;
        self.allowed.clear();
        self.decrypts |= self.signs && matches!(kind, Kind::Rsa(_));
        self
    }

    fn allowed(&self) -> Template<'_> {
        match self.allowed.as_slice() {
            [] => Template::new(),
            allowed => Template::new().numbers(CKA_ALLOWED_MECHANISMS, allowed),
        }
    }

    fn of_public_key(&self) -> Template<'_> {
        match self.tied {
            true => Template::new(),
            false => Template::new()
                .flag(CKA_VERIFY, self.verifies)
                .flag(CKA_ENCRYPT, self.public_encrypts)
                .flag(CKA_WRAP, false)
                .flag(CKA_VERIFY_RECOVER, false)
                .flag(CKA_DERIVE, false)
                .flag_if_any(CKA_ENCAPSULATE, self.decapsulates),
        }
    }

    /// That a key stays where it is, unless it may be exported.
    fn confined(&self) -> Template<'_> {
        Template::new().flag(CKA_PRIVATE, true).flag(CKA_SENSITIVE, !self.exports).flag(CKA_EXTRACTABLE, self.exports)
    }
}

impl Draft<'_> {
    fn named(&self, class: CK_OBJECT_CLASS) -> Template<'_> {
        Template::new()
            .number(CKA_CLASS, class)
            .number(CKA_KEY_TYPE, self.kind.key_type())
            .flag(CKA_TOKEN, self.reference.persistent())
            .bytes(CKA_ID, self.reference.id())
            .bytes(CKA_LABEL, self.label)
    }

    /// What a copy has of its own.
    pub fn renamed(&self) -> Template<'_> {
        Template::new()
            .flag(CKA_TOKEN, self.reference.persistent())
            .bytes(CKA_ID, self.reference.id())
            .bytes(CKA_LABEL, self.label)
    }

    /// The same for a private or secret key, which a copy never makes more open than its source.
    pub fn copied(&self) -> Template<'_> {
        match self.policy.exports {
            true => self.renamed(),
            false => self.renamed().flag(CKA_SENSITIVE, true).flag(CKA_EXTRACTABLE, false),
        }
    }

    /// The private or the secret key.
    pub fn own(&self) -> Template<'_> {
        let policy = &self.policy;
        let key = self
            .named(self.kind.class())
            .with(&policy.confined())
            .flag(CKA_SIGN, policy.signs)
            .flag(CKA_DECRYPT, policy.decrypts)
            .flag(CKA_DERIVE, policy.derives || policy.derives_by_mac)
            .flag(CKA_UNWRAP, policy.unwraps)
            .flag_if_any(CKA_DECAPSULATE, policy.decapsulates)
            .with(&policy.allowed());
        match self.kind.is_secret() {
            true => key
                .flag(CKA_VERIFY, policy.verifies)
                .flag(CKA_ENCRYPT, policy.encrypts || policy.encrypts_for_tags)
                .flag(CKA_WRAP, policy.wraps),
            false if policy.tied => key,
            false => key.flag(CKA_SIGN_RECOVER, false),
        }
    }

    /// The public key.
    pub fn public(&self) -> Template<'_> {
        self.named(CKO_PUBLIC_KEY).flag(CKA_PRIVATE, false).with(&self.policy.of_public_key())
    }

    /// What is said of the material where the token makes it: with a secret key, or with the public key of a pair.
    pub fn generated(&self) -> Template<'static> {
        match self.kind {
            Kind::Ec(_) => Template::new().bytes(CKA_EC_PARAMS, self.parameters),
            Kind::Rsa(bits) => {
                Template::new().number(CKA_MODULUS_BITS, bits as CK_ULONG).bytes(CKA_PUBLIC_EXPONENT, PUBLIC_EXPONENT)
            }
            Kind::MlDsa(set) | Kind::MlKem(set) => Template::new().number(CKA_PARAMETER_SET, set.number),
            Kind::Aes(_) | Kind::ChaCha20 | Kind::Hmac(_) | Kind::Derive(_) => {
                Template::new().number(CKA_VALUE_LEN, (self.kind.bits() / 8) as CK_ULONG)
            }
        }
    }
}

/// The material of a key that is brought in, in pieces that are lent to templates.
pub(super) struct Material<'a> {
    kind: Kind,
    parameters: &'static [u8],
    secret: &'a [u8],
    public: &'a [u8],
    /// The point in an octet string.
    point: Vec<u8>,
    /// The numbers of `RSAPrivateKey` from the version on.
    rsa: [&'a [u8]; 9],
}

impl<'a> Material<'a> {
    /// From the canonical export format of a key and its public part (PSA 1.5, section 9.5).
    pub fn new(draft: &Draft<'_>, secret: &'a [u8], public: &'a [u8]) -> Outcome<Self> {
        let Draft { kind, parameters, .. } = *draft;
        let rsa = match kind {
            Kind::Rsa(_) => match der::unsigned_integers(secret) {
                Some(numbers) => numbers,
                None => return Ok(fail!(InvalidArgument, "the data is not an RSAPrivateKey with two primes")?),
            },
            _ => Default::default(),
        };
        let point = match kind {
            Kind::Ec(_) => der::element(der::OCTET_STRING, public),
            _ => Vec::new(),
        };
        Ok(Self { kind, parameters, secret, public, point, rsa })
    }

    /// What goes into the private or secret key.
    pub fn secret(&self) -> Template<'_> {
        match self.kind {
            Kind::Rsa(_) => {
                let [_version, modulus, exponent, private_exponent, p, q, d_p, d_q, q_inverse] = self.rsa;
                Template::new()
                    .bytes(CKA_MODULUS, modulus)
                    .bytes(CKA_PUBLIC_EXPONENT, exponent)
                    .bytes(CKA_PRIVATE_EXPONENT, private_exponent)
                    .bytes(CKA_PRIME_1, p)
                    .bytes(CKA_PRIME_2, q)
                    .bytes(CKA_EXPONENT_1, d_p)
                    .bytes(CKA_EXPONENT_2, d_q)
                    .bytes(CKA_COEFFICIENT, q_inverse)
            }
            Kind::Ec(_) => Template::new().bytes(CKA_EC_PARAMS, self.parameters).bytes(CKA_VALUE, self.secret),
            Kind::MlDsa(set) | Kind::MlKem(set) => {
                Template::new().number(CKA_PARAMETER_SET, set.number).bytes(CKA_SEED, self.secret)
            }
            Kind::Aes(_) | Kind::ChaCha20 | Kind::Hmac(_) | Kind::Derive(_) => {
                Template::new().bytes(CKA_VALUE, self.secret)
            }
        }
    }

    /// What goes into the public key.
    pub fn public(&self) -> Template<'_> {
        match self.kind {
            Kind::Rsa(_) => {
                let [_version, modulus, exponent, ..] = self.rsa;
                Template::new().bytes(CKA_MODULUS, modulus).bytes(CKA_PUBLIC_EXPONENT, exponent)
            }
            Kind::Ec(_) => Template::new().bytes(CKA_EC_PARAMS, self.parameters).bytes(CKA_EC_POINT, &self.point),
            Kind::MlDsa(set) | Kind::MlKem(set) => {
                Template::new().number(CKA_PARAMETER_SET, set.number).bytes(CKA_VALUE, self.public)
            }
            Kind::Aes(_) | Kind::ChaCha20 | Kind::Hmac(_) | Kind::Derive(_) => Template::new(),
        }
    }
}
