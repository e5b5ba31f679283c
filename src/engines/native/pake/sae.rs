//! WPA3-SAE (IEEE Std 802.11-2024, section 12.4), with a password or a password token.

use subtle::ConstantTimeEq;

use super::super::curves::Curve;
use super::super::groups::{Element, FiniteField, Group};
use super::super::modular::Residue;
use super::{functions, password_element};
use crate::core::primitives::{PakeExchange, PakeParties, PakeSuite};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, DhFamily, EccFamily, Error, PakePrimitive, PakeStep, Result, sizes};

/// Length of the address of a station in bytes.
pub(super) const ADDRESS: usize = 6;
/// Length of the send-confirm counter in bytes.
const COUNTER: usize = 2;
/// Length of the pairwise master key in bytes, unless it depends on the group.
const FIXED_KEY: usize = 32;
/// Length of the name of that key in bytes.
const KEY_ID: usize = 16;

/// A group of the standard (section 12.4.4.1).
pub(super) enum Domain {
    /// An elliptic curve.
    Curve(&'static Curve),
    /// A finite field.
    Field(FiniteField),
}

impl Domain {
    /// The group of a primitive, or `NOT_SUPPORTED` where the standard does not have it.
    pub(super) fn find(primitive: PakePrimitive) -> Result<Self> {
        let bits = primitive.get_bits();
        let found = match primitive.get_type() {
            PakePrimitive::TYPE_ECC => match EccFamily(primitive.get_family()) {
                family @ (EccFamily::SECP_R1 | EccFamily::BRAINPOOL_P_R1) if matches!(bits, 256 | 384 | 512 | 521) => {
                    Curve::find(family, bits).map(Self::Curve)
                }
                _ => None,
            },
            PakePrimitive::TYPE_DH => match DhFamily(primitive.get_family()) {
                family @ DhFamily::RFC3526 if bits >= 3072 => FiniteField::find(family, bits).map(Self::Field),
                _ => None,
            },
            _ => None,
        };
        match found {
            Some(domain) => Ok(domain),
            None => fail!(NotSupported, "WPA3-SAE has no group of the primitive {:#010x}", primitive.0),
        }
    }

    /// The hash for a group, unless the password element is hunted (table 12-1).
    pub(super) fn hash(&self) -> Algorithm {
        match self {
            Self::Curve(curve) => match curve.bits() {
                ..=256 => Algorithm::SHA_256,
                257..=384 => Algorithm::SHA_384,
                _ => Algorithm::SHA_512,
            },
            Self::Field(field) => match 8 * field.prime().length() {
                ..=2048 => Algorithm::SHA_256,
                2049..=3072 => Algorithm::SHA_384,
                _ => Algorithm::SHA_512,
            },
        }
    }

    /// An element as it is on the air, without the byte that begins a point here.
    fn on_air<'a>(&self, element: &'a [u8]) -> &'a [u8] {
        match self {
            Self::Curve(_) => element.get(1..).unwrap_or_default(),
            Self::Field(_) => element,
        }
    }

    /// The other way round.
    pub(super) fn off_air(&self, element: &[u8]) -> Secret {
        match self {
            Self::Curve(_) => password_element::uncompressed(element),
            Self::Field(_) => Secret::new(element.to_vec()),
        }
    }
}

/// True where a token of this group is used with this algorithm.
pub(super) fn offers(primitive: PakePrimitive, alg: Algorithm) -> bool {
    let hash = Domain::find(primitive).map(|domain| domain.hash());
    crate::cause::clear();
    alg.is_wpa3_sae() && hash == Ok(alg.get_hash())
}

/// What the key holds.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// A password, for hunting and pecking.
    Password(&'a [u8]),
    /// A token in the format of its key type, for hash-to-element.
    Token(&'a [u8]),
}

/// The commitment of one side: a scalar and an element as it is on the air.
struct Commitment {
    scalar: Secret,
    element: Secret,
}

/// What both sides know in the end.
struct Keys {
    confirmation: Secret,
    master: Secret,
    id: Secret,
}

/// One side of the exchange.
pub(super) struct Sae {
    group: Box<dyn Group>,
    domain: Domain,
    hash: Algorithm,
    /// Length of the pairwise master key in bytes.
    key_length: usize,
    password_element: Secret,
    random: Residue,
    own: Commitment,
    peer: Option<Commitment>,
    keys: Option<Keys>,
    counter: Option<[u8; COUNTER]>,
}

impl Sae {
    pub(super) fn new(suite: PakeSuite, parties: PakeParties, source: Source<'_>) -> Result<Self> {
        let group = super::group(suite.primitive)?;
        let (random, mask) = (group.order().random_nonzero()?, group.order().random_nonzero()?);
        Self::with_secrets(suite, parties, source, random, &mask)
    }

    /// [`Sae::new`] with these secrets; a test gives its own.
    pub(super) fn with_secrets(
        suite: PakeSuite,
        parties: PakeParties,
        source: Source<'_>,
        random: Residue,
        mask: &Residue,
    ) -> Result<Self> {
        let hash = suite.alg.get_hash();
        let (group, domain) = (super::group(suite.primitive)?, Domain::find(suite.primitive)?);
        let addresses = addresses(&parties)?;
        let password_element = match source {
            Source::Password(password) => password_element::hunt(&domain, password, &addresses)?,
            Source::Token(token) => password_element::from_token(&*group, hash, &domain.off_air(token), &addresses)?,
        };
        let scalar = random.plus(mask).to_bytes();
        let element = group.combine(&[(&mask.negative(), Element::Encoded(&password_element))])?;
        let own = Commitment { scalar, element: Secret::new(domain.on_air(&element).to_vec()) };
        let key_length = if suite.alg.is_wpa3_sae_gdh() { sizes::hash_length(hash) } else { FIXED_KEY };
        let (peer, keys, counter) = (None, None, None);
        Ok(Self { group, domain, hash, key_length, password_element, random, own, peer, keys, counter })
    }

    fn take_commitment(&mut self, commitment: &[u8]) -> Result<()> {
        let (scalar_length, element_length) = (self.own.scalar.len(), self.own.element.len());
        if commitment.len() != scalar_length + element_length {
            return fail!(InvalidArgument, "a commitment has {} bytes", scalar_length + element_length);
        }
        let (scalar, element) = commitment.split_at(scalar_length);
        // Above 1 and below the order; nobody sends our own back (section 12.4.5.4).
        let one = self.group.order().number(1);
        let fits = self.parse_scalar(scalar).is_some_and(|scalar| !bool::from(scalar.is_zero() | scalar.equals(&one)));
        if !fits || *scalar == **self.own.scalar && *element == **self.own.element {
            return fail!(InvalidArgument, "the scalar of the peer's commitment is not one, or it is our commitment");
        }
        self.group.check(&self.domain.off_air(element))?;
        self.peer = Some(Commitment { scalar: Secret::new(scalar.to_vec()), element: Secret::new(element.to_vec()) });
        Ok(())
    }

    /// A scalar of the standard may be longer than the order, as it is in finite fields.
    fn parse_scalar(&self, scalar: &[u8]) -> Option<Residue> {
        let excess = scalar.len().checked_sub(self.group.order().length())?;
        let (zeros, scalar) = scalar.split_at(excess);
        if zeros.iter().any(|byte| *byte != 0) { None } else { self.group.order().parse(scalar) }
    }

    /// The secret element, and the keys that it makes with a salt (section 12.4.5.4).
    fn derive_keys(&mut self, salt: &[u8]) -> Result<()> {
        let peer = self.peer.as_ref().ok_or(Error::BadState)?;
        let order = self.group.order();
        let peer_scalar = order.reduce(&peer.scalar);
        let element = self.domain.off_air(&peer.element);
        let shared = self.group.combine(&[
            (&self.random.times(&peer_scalar), Element::Encoded(&self.password_element)),
            (&self.random, Element::Encoded(&element)),
        ])?;
        let secret = self.domain.on_air(&shared);
        let secret = match self.domain {
            // The x coordinate.
            Domain::Curve(_) => secret.get(..secret.len() / 2).unwrap_or_default(),
            Domain::Field(_) => secret,
        };
        let seed = functions::hmac(self.hash, salt, &[secret])?;
        let context = order.reduce(&self.own.scalar).plus(&peer_scalar).to_bytes();
        let confirmation_length = sizes::hash_length(self.hash);
        let bits = 8 * (confirmation_length + self.key_length);
        let keys = functions::ieee80211_kdf(self.hash, &seed, "SAE KCK and PMK", &context, bits)?;
        let (confirmation, master) = keys.split_at(confirmation_length);
        self.keys = Some(Keys {
            confirmation: Secret::new(confirmation.to_vec()),
            master: Secret::new(master.to_vec()),
            id: Secret::new(context.get(..KEY_ID).ok_or(Error::GenericError)?.to_vec()),
        });
        Ok(())
    }

    /// The counter, and the MAC of it and of both commitments, the sender's first (section 12.4.5.5).
    fn confirmation(&self, counter: [u8; COUNTER], own: bool) -> Result<Secret> {
        let (keys, peer) = (self.keys.as_ref().ok_or(Error::BadState)?, self.peer.as_ref().ok_or(Error::BadState)?);
        let (sender, receiver) = if own { (&self.own, peer) } else { (peer, &self.own) };
        let pieces: [&[u8]; 5] = [&counter, &sender.scalar, &sender.element, &receiver.scalar, &receiver.element];
        let mac = functions::hmac(self.hash, &keys.confirmation, &pieces)?;
        Ok(Secret::new([&counter[..], &mac].concat()))
    }

    fn check_confirmation(&self, confirmation: &[u8]) -> Result<()> {
        let Some((counter, _)) = confirmation.split_first_chunk::<COUNTER>() else {
            return fail!(InvalidArgument, "a confirmation begins with a counter of {COUNTER} bytes");
        };
        if bool::from(self.confirmation(*counter, false)?.ct_eq(confirmation)) {
            return Ok(());
        }
        fail!(InvalidSignature, "the peer has another password")
    }
}

/// The addresses of the two stations, the larger one first.
fn addresses(parties: &PakeParties) -> Result<Vec<u8>> {
    if parties.user.len() != ADDRESS || parties.peer.len() != ADDRESS {
        return fail!(InvalidArgument, "the identities are the addresses of two stations, {ADDRESS} bytes each");
    }
    let (large, small) = (parties.user.as_slice().max(&parties.peer), parties.user.as_slice().min(&parties.peer));
    Ok([large, small].concat())
}

impl PakeExchange for Sae {
    fn output(&mut self, step: PakeStep) -> Result<Secret> {
        match step {
            PakeStep::COMMIT => Ok(Secret::new([self.own.scalar.as_slice(), &self.own.element].concat())),
            PakeStep::CONFIRM => {
                let counter = self.counter.take().ok_or(Error::BadState)?;
                self.confirmation(counter, true)
            }
            PakeStep::KEY_ID => Ok(self.keys.as_ref().ok_or(Error::BadState)?.id.clone()),
            _ => Err(Error::InvalidArgument),
        }
    }

    fn input(&mut self, step: PakeStep, input: &[u8]) -> Result<()> {
        match step {
            PakeStep::COMMIT => self.take_commitment(input),
            PakeStep::SALT => self.derive_keys(input),
            PakeStep::CONFIRM_COUNT => match input.try_into() {
                Ok(counter) => {
                    self.counter = Some(counter);
                    Ok(())
                }
                Err(_) => fail!(InvalidArgument, "the counter has {COUNTER} bytes"),
            },
            PakeStep::CONFIRM => self.check_confirmation(input),
            _ => Err(Error::InvalidArgument),
        }
    }

    fn shared_secret(&mut self) -> Result<Secret> {
        Ok(self.keys.as_ref().ok_or(Error::BadState)?.master.clone())
    }
}
