//! From a password to an element of a group (IEEE Std 802.11-2024, section 12.4.4): by hashing to the element, whose first
//! step is a key derivation, or by hunting and pecking.
//!
//! Everything takes as long whatever the password is: numbers are chosen between without branches, and the loop runs
//! as often as the standard demands.

use subtle::{Choice, ConstantTimeEq, ConstantTimeLess};

use super::super::curves::Curve;
use super::super::ffi::ec_point;
use super::super::groups::{Element, Group};
use super::super::modular::{Modulus, Residue};
use super::functions;
use super::sae::Domain;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, EccFamily, Error, PakePrimitive, Result};

/// How often hunting looks at least, so that the time does not tell when it found something (section 12.4.4.2.2).
const ROUNDS: u8 = 40;

/// A curve y^2 = x^3 + a x + b over a field whose prime is 3 modulo 4, as for all curves of the standard: a root is a
/// power with (p + 1) / 4.
struct Equation {
    field: Modulus,
    a: Residue,
    b: Residue,
}

impl Equation {
    fn of(curve: &'static Curve) -> Result<Self> {
        let equation = ec_point::equation(curve.group(), curve.scalar_length()).ok_or(Error::GenericError)?;
        let field = Modulus::new(&equation.p).ok_or(Error::GenericError)?;
        let (a, b) = (field.reduce(&equation.a), field.reduce(&equation.b));
        Ok(Self { field, a, b })
    }

    /// The right side of the equation.
    fn right_side(&self, x: &Residue) -> Residue {
        x.times(x).plus(&self.a).times(x).plus(&self.b)
    }

    /// A root, if the number is a square.
    fn root(&self, square: &Residue) -> Residue {
        // (p + 1) / 4 for a p that is 3 modulo 4.
        let exponent = self.field.shifted(2).wrapping_add(crypto_bigint::Limb::ONE);
        square.power(&exponent)
    }

    /// Is it the square of a number? 0 is.
    fn is_square(&self, number: &Residue) -> Choice {
        let root = self.root(number);
        root.times(&root).equals(number)
    }

    /// The point with this x whose y is odd where `odd` says so, as x and y.
    fn point(&self, x: &Residue, odd: Choice) -> Secret {
        let y = self.root(&self.right_side(x));
        let y = y.or(&y.negative(), y.is_odd() ^ odd);
        let x = x.to_bytes();
        // Within one allocation, so that no copy is left behind.
        let mut point = Secret::new(Vec::with_capacity(2 * x.len()));
        point.extend_from_slice(&x);
        point.extend_from_slice(&y.to_bytes());
        point
    }

    /// The simplified method of Shallue, van de Woestijne and Ulas (section 12.4.4.2.3).
    fn map(&self, u: &Residue, z: &Residue) -> Secret {
        let one = self.field.number(1);
        let zu2 = z.times(u).times(u);
        let m = zu2.times(&zu2).plus(&zu2);
        let t = m.inverse_or_zero(&self.field);
        let minus_b_by_a = self.b.times(&self.a.inverse_or_zero(&self.field)).negative();
        let usual = minus_b_by_a.times(&one.plus(&t));
        let exception = self.b.times(&z.times(&self.a).inverse_or_zero(&self.field));
        let x1 = usual.or(&exception, m.is_zero());
        let x2 = zu2.times(&x1);
        let x = x2.or(&x1, self.is_square(&self.right_side(&x1)));
        self.point(&x, u.is_odd())
    }
}

/// The constant of the map for a curve: the number of least absolute value that suits it (section 12.4.4.2.3).
fn z(family: EccFamily, bits: usize, field: &Modulus) -> Option<Residue> {
    let negative = |number| field.number(number).negative();
    Some(match (family, bits) {
        (EccFamily::SECP_R1, 256) => negative(10),
        (EccFamily::SECP_R1, 384) => negative(12),
        (EccFamily::SECP_R1, 521) => negative(4),
        (EccFamily::BRAINPOOL_P_R1, 256) => negative(2),
        (EccFamily::BRAINPOOL_P_R1, 384) => negative(5),
        (EccFamily::BRAINPOOL_P_R1, 512) => field.number(7),
        _ => return None,
    })
}

/// The password token of a network's name, a password and, if there is one, the password's identifier (sections
/// 12.4.4.2.3 and 12.4.4.3.3).
pub(super) fn token(
    primitive: PakePrimitive,
    hash: Algorithm,
    ssid: &[u8],
    password: &[u8],
    identifier: &[u8],
) -> Result<Secret> {
    let domain = Domain::find(primitive)?;
    if hash != domain.hash() {
        return fail!(InvalidArgument, "WPA3-SAE takes hash {} with this group", domain.hash());
    }
    let seed = functions::hmac(hash, ssid, &[password, identifier])?;
    match &domain {
        Domain::Curve(curve) => token_on_curve(curve, primitive, hash, &seed),
        Domain::Field(field) => {
            let length = field.prime().length();
            let value = functions::expand(hash, &seed, b"SAE Hash to Element", length + length / 2)?;
            // Squared, it is in the subgroup, whose order is half of p - 1.
            let root = field.prime().reduce_from(&value, 2);
            Ok(root.times(&root).to_bytes())
        }
    }
}

fn token_on_curve(curve: &'static Curve, primitive: PakePrimitive, hash: Algorithm, seed: &[u8]) -> Result<Secret> {
    let equation = Equation::of(curve)?;
    let family = EccFamily(primitive.get_family());
    let z = z(family, primitive.get_bits(), &equation.field).ok_or(Error::NotSupported)?;
    let length = curve.scalar_length() + curve.scalar_length() / 2;
    let point = |label: &[u8]| -> Result<Secret> {
        let value = functions::expand(hash, seed, label, length)?;
        Ok(uncompressed(&equation.map(&equation.field.reduce(&value), &z)))
    };
    let (first, second) = (point(b"SAE Hash to Element u1 P1")?, point(b"SAE Hash to Element u2 P2")?);
    let group = super::group(primitive)?;
    let one = group.order().number(1);
    let mut sum = group.combine(&[(&one, Element::Encoded(&first)), (&one, Element::Encoded(&second))])?;
    Ok(Secret::new(sum.split_off(1)))
}

/// A point as the group encodes it.
pub(super) fn uncompressed(coordinates: &[u8]) -> Secret {
    let mut point = Secret::new(Vec::with_capacity(1 + coordinates.len()));
    point.push(4);
    point.extend_from_slice(coordinates);
    point
}

/// The password element of a token between two stations: the token times a number that their addresses make
/// (section 12.4.5.2).
pub(super) fn from_token(group: &dyn Group, hash: Algorithm, token: &[u8], addresses: &[u8]) -> Result<Secret> {
    let zeros = vec![0; crate::psa::sizes::hash_length(hash)];
    let value = functions::hmac(hash, &zeros, &[addresses])?;
    group.combine(&[(&group.order().reduce_from(&value, 1), Element::Encoded(token))])
}

/// The password element by hunting and pecking, always with SHA-256 (sections 12.4.4.2.2 and 12.4.4.3.2).
pub(super) fn hunt(domain: &Domain, password: &[u8], addresses: &[u8]) -> Result<Secret> {
    let equation = match domain {
        Domain::Curve(curve) => Some(Equation::of(curve)?),
        Domain::Field(_) => None,
    };
    let (prime, bits) = match (domain, &equation) {
        (Domain::Curve(curve), Some(equation)) => (&equation.field, curve.bits()),
        (Domain::Field(field), _) => (field.prime(), 8 * field.prime().length()),
        (Domain::Curve(_), None) => return Err(Error::GenericError),
    };
    let mut found = Choice::from(0);
    let mut value = prime.number(0);
    let mut odd = Choice::from(0);
    for counter in 1..=u8::MAX {
        let seed = functions::hmac(Algorithm::SHA_256, addresses, &[password, &[counter]])?;
        let (candidate, below) = candidate(prime, bits, &seed)?;
        let fits = match &equation {
            Some(equation) => equation.is_square(&equation.right_side(&candidate)),
            None => !small(&candidate.times(&candidate)),
        };
        let take = fits & below & !found;
        value = value.or(&candidate, take);
        let seed_odd = seed.last().copied().unwrap_or_default() & 1;
        odd = Choice::from((odd.unwrap_u8() & !take.unwrap_u8() | seed_odd & take.unwrap_u8()) & 1);
        found |= take;
        if counter >= ROUNDS && bool::from(found) {
            return Ok(match &equation {
                Some(equation) => uncompressed(&equation.point(&value, odd)),
                None => value.times(&value).to_bytes(),
            });
        }
    }
    fail!(InvalidArgument, "no password element was found; the chance of that is nil")
}

/// A number of as many bits as the prime, and whether it is below the prime.
fn candidate(prime: &Modulus, bits: usize, seed: &[u8]) -> Result<(Residue, Choice)> {
    let mut bytes =
        functions::ieee80211_kdf(Algorithm::SHA_256, seed, "SAE Hunting and Pecking", &prime.less(0), bits)?;
    let excess = (8 * bytes.len() - bits) as u32;
    if excess > 0 {
        // The bits are the first ones, as a number.
        let mut carry = 0;
        for byte in bytes.iter_mut() {
            let next = *byte << (8 - excess);
            *byte = *byte >> excess | carry;
            carry = next;
        }
    }
    let candidate = prime.reduce(&bytes);
    let below = candidate.to_bytes().ct_eq(&bytes);
    Ok((candidate, below))
}

/// 0 or 1.
fn small(number: &Residue) -> Choice {
    let bytes = number.to_bytes();
    let (last, rest) = match bytes.split_last() {
        Some(split) => split,
        None => return Choice::from(1),
    };
    rest.iter().fold(Choice::from(1), |zeros, byte| zeros & byte.ct_eq(&0)) & last.ct_lt(&2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the standard asks of the constants: no square, g(b / (z a)) a square.
    #[test]
    fn the_constants_of_the_map_suit_their_curves() {
        let curves = [
            (EccFamily::SECP_R1, 256),
            (EccFamily::SECP_R1, 384),
            (EccFamily::SECP_R1, 521),
            (EccFamily::BRAINPOOL_P_R1, 256),
            (EccFamily::BRAINPOOL_P_R1, 384),
            (EccFamily::BRAINPOOL_P_R1, 512),
        ];
        for (family, bits) in curves {
            let equation = Equation::of(Curve::find(family, bits).unwrap()).unwrap();
            let z = z(family, bits, &equation.field).unwrap();
            assert!(!bool::from(equation.is_square(&z)), "{bits}");
            let exception = equation.b.times(&z.times(&equation.a).inverse_or_zero(&equation.field));
            assert!(bool::from(equation.is_square(&equation.right_side(&exception))), "{bits}");
            let prime = equation.field.less(0);
            assert_eq!(prime.last().unwrap() % 4, 3, "roots are powers with (p + 1) / 4");
        }
    }
}
