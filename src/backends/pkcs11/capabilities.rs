//! What is known of the abilities of one token, as long as the connection with it lasts: learnt when it is first
//! needed.

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use cryptoki_sys::*;
use once_cell::sync::OnceCell;

use super::connection::Session;
use super::errors::Outcome;
use super::key_kinds::{Curve, Kind};
use super::mechanisms;
use super::probes::{self, Probe};
use crate::engines::Function;
use crate::locks::lock;
use crate::psa::{Algorithm, EccFamily, KeyType};

/// What a token was found to be able to do.
#[derive(Default)]
pub(super) struct Capabilities {
    mechanisms: OnceCell<Mechanisms>,
    /// In which form a curve is named, by its first one; `None` where the token does not have it.
    curves: Mutex<HashMap<&'static [u8], Option<&'static [u8]>>>,
    /// The token refused `CKA_ALLOWED_MECHANISMS`: of session objects, and of its own.
    without_allowed_mechanisms: [AtomicBool; 2],
    /// `CKM_AES_KEY_WRAP_PAD` is KWP.
    padding: OnceCell<bool>,
    /// EdDSA is told a context, and not deaf to it.
    contexts: OnceCell<bool>,
    /// EdDSA is told to hash the message, and not deaf to it.
    prehash: OnceCell<bool>,
    /// The token wants the peer's point in an octet string.
    wrapped_points: AtomicBool,
}

impl Capabilities {
    /// The mechanisms of the token.
    pub fn mechanisms(&self, session: &Session<'_>) -> Outcome<&Mechanisms> {
        self.mechanisms.get_or_try_init(|| Mechanisms::ask(session))
    }

    /// `CKA_EC_PARAMS` in the form that the token takes, `None` where it does not have the curve. Its mechanisms do not say:
    /// a key pair is made for the time of the question.
    pub fn curve(&self, session: &Session<'_>, curve: &'static Curve) -> Outcome<Option<&'static [u8]>> {
        let Some(name) = curve.parameters.first() else { return Ok(None) };
        if let Some(known) = lock(&self.curves).get(name) {
            return Ok(*known);
        }
        let found = probes::curve(session, curve, Probe::Session)?;
        lock(&self.curves).insert(name, found);
        Ok(found)
    }

    /// True where `CKM_AES_KEY_WRAP_PAD` was found to be KWP; tried once.
    pub fn pads_as_kwp(&self, attempt: impl FnOnce() -> Outcome<bool>) -> Outcome<bool> {
        self.padding.get_or_try_init(attempt).copied()
    }

    /// True where EdDSA with a context is what it says; tried once.
    pub fn takes_contexts(&self, session: &Session<'_>) -> Outcome<bool> {
        self.contexts.get_or_try_init(|| probes::takes_contexts(session)).copied()
    }

    /// True where HashEdDSA is what it says; tried once.
    pub fn takes_prehash(&self, session: &Session<'_>) -> Outcome<bool> {
        self.prehash.get_or_try_init(|| probes::takes_prehash(session)).copied()
    }

    /// True unless the token refused `CKA_ALLOWED_MECHANISMS` of such an object before.
    pub fn takes_allowed_mechanisms(&self, persistent: bool) -> bool {
        !self.without_allowed_mechanisms(persistent).load(Ordering::Relaxed)
    }

    /// Remembers that the token refuses `CKA_ALLOWED_MECHANISMS` of such an object.
    pub fn refuses_allowed_mechanisms(&self, persistent: bool) {
        self.without_allowed_mechanisms(persistent).store(true, Ordering::Relaxed);
    }

    fn without_allowed_mechanisms(&self, persistent: bool) -> &AtomicBool {
        let [volatile, lasting] = &self.without_allowed_mechanisms;
        if persistent { lasting } else { volatile }
    }

    /// True where the token was found to want the peer's point in an octet string.
    pub fn wraps_points(&self) -> bool {
        self.wrapped_points.load(Ordering::Relaxed)
    }

    /// Remembers how the token wants the peer's point.
    pub fn set_wraps_points(&self, wrapped: bool) {
        self.wrapped_points.store(wrapped, Ordering::Relaxed);
    }
}

/// What a token says of one mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Offer {
    flags: CK_FLAGS,
    least: CK_ULONG,
    most: CK_ULONG,
}

/// The mechanisms that a token offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mechanisms(HashMap<CK_MECHANISM_TYPE, Offer>);

impl Mechanisms {
    fn ask(session: &Session<'_>) -> Outcome<Self> {
        let (functions, slot) = (session.functions(), session.connection().token().slot);
        let mut offers = HashMap::new();
        for kind in functions.mechanisms(slot)? {
            let info = match functions.mechanism_info(slot, kind) {
                // A module that lists what it does not know.
                Err(failure) if failure.is(CKR_MECHANISM_INVALID) => continue,
                answer => answer?,
            };
            offers.insert(kind, Offer { flags: info.flags, least: info.ulMinKeySize, most: info.ulMaxKeySize });
        }
        Ok(Self(offers))
    }

    /// Whether the token has the mechanism for all these purposes and this key.
    pub fn offer(&self, mechanism: CK_MECHANISM_TYPE, purpose: CK_FLAGS, kind: Kind) -> Result<(), Refusal> {
        let Some(offer) = self.0.get(&mechanism) else { return Err(Refusal::Absent) };
        if offer.flags & purpose != purpose {
            return Err(Refusal::OtherPurpose);
        }
        // Tokens that do not care leave both sizes 0. Generating a secret takes its length, of which many say nonsense.
        let cares = offer.most != 0 && !(kind.is_secret() && purpose == CKF_GENERATE);
        if cares && !sizes(kind, mechanism).any(|size| (offer.least..=offer.most).contains(&(size as CK_ULONG))) {
            return Err(Refusal::Size(offer.least, offer.most));
        }
        Ok(())
    }
}

/// What a token can do, as text and from text: for the documentation, which is made without the token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Abilities {
    mechanisms: Mechanisms,
    curves: Vec<(u8, usize)>,
    /// Types of secret keys that it makes or takes.
    secrets: Vec<KeyType>,
    /// EdDSA takes a context.
    contexts: bool,
    /// It hashes the message where it is told to.
    prehash: bool,
}

impl Abilities {
    /// Asks a token.
    pub(super) fn ask(session: &Session<'_>) -> Outcome<Self> {
        let capabilities = session.connection().capabilities();
        let mechanisms = capabilities.mechanisms(session)?.clone();
        let mut curves = Vec::new();
        for curve in Curve::all() {
            let kind = Kind::Ec(curve);
            let made = mechanisms.offer(kind.generation().kind, CKF_GENERATE_KEY_PAIR, kind).is_ok();
            if made && probes::curve(session, curve, Probe::Token)?.is_some() {
                curves.push(curve.name());
            }
        }
        let mut secrets = Vec::new();
        for kind in [Kind::Aes(128), Kind::ChaCha20, Kind::Hmac(256), Kind::Derive(256)] {
            if probes::makes_secret(session, kind)? {
                secrets.push(kind.describe().0);
            }
        }
        let signs = curves.iter().any(|(family, _)| *family == EccFamily::TWISTED_EDWARDS.0);
        let contexts = signs && capabilities.takes_contexts(session)?;
        let prehash = signs && capabilities.takes_prehash(session)?;
        Ok(Self { mechanisms, curves, secrets, contexts, prehash })
    }

    /// Reads what `Display` wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut abilities = Self::default();
        for line in text.lines() {
            let mut words = line.split(' ');
            let kind = words.next()?;
            let numbers: Vec<CK_ULONG> =
                words.map(|word| CK_ULONG::from_str_radix(word, 16).ok()).collect::<Option<_>>()?;
            match (kind, numbers.as_slice()) {
                ("mechanism", [number, flags, least, most]) => {
                    let offer = Offer { flags: *flags, least: *least, most: *most };
                    abilities.mechanisms.0.insert(*number, offer);
                }
                ("curve", [family, bits]) => abilities.curves.push((*family as u8, *bits as usize)),
                ("contexts", []) => abilities.contexts = true,
                ("prehash", []) => abilities.prehash = true,
                ("secret", [key_type]) => abilities.secrets.push(KeyType(*key_type as u16)),
                _ => return None,
            }
        }
        Some(abilities)
    }

    /// True where such a token does `function` with a key of this type and size in it.
    pub fn supports(&self, function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
        let Some(kind) = Kind::of(key_type, bits).filter(|_| !alg.is_wildcard()) else { return false };
        let held = match kind {
            Kind::Ec(curve) => self.curves.contains(&curve.name()),
            _ if kind.is_secret() => self.secrets.contains(&key_type),
            _ => true,
        };
        let said = (alg != Algorithm::EDDSA_CTX || self.contexts) && (!alg.is_hash_eddsa() || self.prehash);
        held && said && mechanisms::offered(&self.mechanisms, function, kind, alg)
    }
}

/// One line for each mechanism (number, flags, least and greatest size), each curve (family and size), each type of
/// secret keys, and for contexts and hashing, all numbers hexadecimal.
impl fmt::Display for Abilities {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut offers: Vec<_> = self.mechanisms.0.iter().collect();
        offers.sort_by_key(|(kind, _)| **kind);
        for (kind, Offer { flags, least, most }) in offers {
            writeln!(formatter, "mechanism {kind:x} {flags:x} {least:x} {most:x}")?;
        }
        self.curves.iter().try_for_each(|(family, bits)| writeln!(formatter, "curve {family:x} {bits:x}"))?;
        self.secrets.iter().try_for_each(|key_type| writeln!(formatter, "secret {:x}", key_type.0))?;
        let said = [("contexts", self.contexts), ("prehash", self.prehash)];
        said.iter().filter(|(_, is)| *is).try_for_each(|(name, _)| writeln!(formatter, "{name}"))
    }
}

/// Why a token cannot do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It does not have the mechanism.
    Absent,
    /// It has the mechanism for something else.
    OtherPurpose,
    /// It has the mechanism for keys from this to that size.
    Size(CK_ULONG, CK_ULONG),
}

/// The size of a key, in the units in which a mechanism may count (PKCS#11 3.2, section 5.5.6, leaves it to each): tokens
/// do not agree about AES.
fn sizes(kind: Kind, mechanism: CK_MECHANISM_TYPE) -> impl Iterator<Item = usize> {
    let (bits, bytes) = (kind.bits(), kind.bits().div_ceil(8));
    let generating = mechanism == CKM_GENERIC_SECRET_KEY_GEN;
    match kind {
        // 255 bits of a curve are 256 to some.
        Kind::Ec(_) => [Some(bits), (bits == 255).then_some(256)],
        Kind::Rsa(_) => [Some(bits), None],
        Kind::Hmac(_) | Kind::Derive(_) if !generating => [Some(bytes), None],
        // Not said by the standard: the length of a public key to kryoptic, or the number of the parameter set.
        Kind::MlDsa(set) | Kind::MlKem(set) => [Some(set.public_key), Some(set.number as usize)],
        Kind::Aes(_) | Kind::ChaCha20 | Kind::Hmac(_) | Kind::Derive(_) => [Some(bytes), Some(bits)],
    }
    .into_iter()
    .flatten()
}
