//! J-PAKE (RFC 8236) with Schnorr's proofs (RFC 8235), in the elliptic curve form of section 3 for every group.
//!
//! We are Alice: x1 and x2 are ours, x3 and x4 the peer's.

use subtle::ConstantTimeEq;

use super::super::groups::{Element, Group};
use super::super::modular::Residue;
use super::functions;
use crate::core::primitives::{PakeExchange, PakeParties, PakeSuite};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, PakeStep, Result};

/// Key shares of the first round; the second round has one more.
const FIRST_ROUND: usize = 2;

/// One side of the exchange.
pub(super) struct Jpake {
    group: Box<dyn Group>,
    hash: Algorithm,
    user: Vec<u8>,
    peer: Vec<u8>,
    /// The password as a number, s.
    password: Residue,
    /// Our secrets x1 and x2, then x2 s.
    secrets: Vec<Residue>,
    /// X1, X2 and A.
    shares: Vec<Secret>,
    /// X3, X4 and B.
    peer_shares: Vec<Vec<u8>>,
    /// Of the proof that is being put out: the secret v, and V.
    commitment: Option<(Residue, Secret)>,
    /// Of the proof that is being taken in: V.
    peer_commitment: Option<Vec<u8>>,
}

/// The password as a number modulo the order (PSA 1.5, section 10.13.8); 0 is none.
pub(super) fn password_number(group: &dyn Group, password: &[u8]) -> Result<Residue> {
    let number = group.order().reduce(password);
    if bool::from(number.is_zero()) {
        return fail!(InvalidArgument, "the password is a multiple of the order of the group");
    }
    Ok(number)
}

impl Jpake {
    pub(super) fn new(suite: PakeSuite, parties: PakeParties, password: &[u8]) -> Result<Self> {
        let group = super::group(suite.primitive)?;
        let password = password_number(&*group, password)?;
        Ok(Self {
            hash: suite.alg.get_hash(),
            user: parties.user,
            peer: parties.peer,
            password,
            secrets: Vec::new(),
            shares: Vec::new(),
            peer_shares: Vec::new(),
            commitment: None,
            peer_commitment: None,
            group,
        })
    }

    /// The generator of a key share: that of the group in the first round, then the sum of three shares.
    fn generator(&self, ours: bool, number: usize) -> Result<Option<Secret>> {
        if number < FIRST_ROUND {
            return Ok(None);
        }
        let ([x1, x2, ..], [x3, x4, ..]) = (&self.shares[..], &self.peer_shares[..]) else {
            return Err(Error::BadState);
        };
        let one = self.group.order().number(1);
        let of_both = |element| (&one, Element::Encoded(element));
        let third: &[u8] = if ours { x4 } else { x2 };
        self.group.combine(&[of_both(x1), of_both(x3), of_both(third)]).map(Some)
    }

    fn make_share(&mut self) -> Result<Secret> {
        let secret = match &self.secrets[..] {
            [_, x2] => x2.times(&self.password),
            _ => self.group.order().random_nonzero()?,
        };
        self.add_share(secret)
    }

    fn add_share(&mut self, secret: Residue) -> Result<Secret> {
        let number = self.shares.len();
        let generator = self.generator(true, number)?;
        let share = self.group.combine(&[(&secret, element(&generator))])?;
        self.secrets.push(secret);
        self.shares.push(share.clone());
        Ok(share)
    }

    fn make_commitment(&mut self) -> Result<Secret> {
        let generator = self.generator(true, self.last_share()?)?;
        let secret = self.group.order().random_nonzero()?;
        let public = self.group.combine(&[(&secret, element(&generator))])?;
        self.commitment = Some((secret, public.clone()));
        Ok(public)
    }

    /// r = v - x c.
    fn make_proof(&mut self) -> Result<Secret> {
        let number = self.last_share()?;
        let (v, commitment) = self.commitment.take().ok_or(Error::BadState)?;
        let (Some(x), Some(share)) = (self.secrets.get(number), self.shares.get(number)) else {
            return Err(Error::BadState);
        };
        let generator = self.generator(true, number)?;
        let challenge = self.challenge(&generator, &commitment, share, &self.user)?;
        Ok(v.minus(&x.times(&challenge)).to_bytes())
    }

    fn last_share(&self) -> Result<usize> {
        self.shares.len().checked_sub(1).ok_or(Error::BadState)
    }

    /// The hash of everything that the proof is about, each piece behind its length (RFC 8235, section 2.2), as a number.
    fn challenge(&self, generator: &Option<Secret>, commitment: &[u8], share: &[u8], name: &[u8]) -> Result<Residue> {
        let generator = match generator {
            Some(generator) => generator.to_vec(),
            None => self.group.generator()?,
        };
        let mut message = Vec::new();
        for piece in [&generator, commitment, share, name] {
            let length = u32::try_from(piece.len()).map_err(|_| Error::InvalidArgument)?;
            message.extend_from_slice(&length.to_be_bytes());
            message.extend_from_slice(piece);
        }
        Ok(self.group.order().reduce(&functions::hash(self.hash, &[&message])?))
    }

    /// V has to be r G + c X.
    fn check_proof(&mut self, proof: &[u8]) -> Result<()> {
        let commitment = self.peer_commitment.take().ok_or(Error::BadState)?;
        let number = self.peer_shares.len().checked_sub(1).ok_or(Error::BadState)?;
        let share = self.peer_shares.get(number).ok_or(Error::BadState)?;
        let generator = self.generator(false, number)?;
        let challenge = self.challenge(&generator, &commitment, share, &self.peer)?;
        let r = self.parse_proof(proof)?;
        let expected = self.group.combine(&[(&r, element(&generator)), (&challenge, Element::Encoded(share))]);
        match expected {
            Ok(expected) if bool::from(expected.ct_eq(&commitment)) => Ok(()),
            _ => fail!(InvalidSignature, "the peer does not know the secret of its key share, or has another name"),
        }
    }

    /// A number below the order; leading zeros may be missing (PSA 1.5, section 10.13.5).
    fn parse_proof(&self, proof: &[u8]) -> Result<Residue> {
        let length = self.group.order().length();
        let missing = length.checked_sub(proof.len());
        let padded = missing.map(|missing| [&vec![0; missing][..], proof].concat());
        match padded.and_then(|padded| self.group.order().parse(&padded)) {
            Some(r) if !proof.is_empty() => Ok(r),
            _ => fail!(InvalidArgument, "a proof is a number below the order of the group, in up to {length} bytes"),
        }
    }
}

#[cfg(test)]
impl Jpake {
    /// A share of a given secret.
    pub(super) fn share_of(&mut self, secret: &[u8]) -> Result<Secret> {
        let secret = self.group.order().reduce(secret);
        self.add_share(secret)
    }

    pub(super) fn share(&self, number: usize) -> &Secret {
        &self.shares[number]
    }
}

/// A generator as a summand.
fn element(generator: &Option<Secret>) -> Element<'_> {
    generator.as_ref().map_or(Element::Generator, |encoded| Element::Encoded(encoded))
}

impl PakeExchange for Jpake {
    fn output(&mut self, step: PakeStep) -> Result<Secret> {
        match step {
            PakeStep::KEY_SHARE => self.make_share(),
            PakeStep::ZK_PUBLIC => self.make_commitment(),
            PakeStep::ZK_PROOF => self.make_proof(),
            _ => Err(Error::InvalidArgument),
        }
    }

    fn input(&mut self, step: PakeStep, input: &[u8]) -> Result<()> {
        match step {
            PakeStep::KEY_SHARE => {
                self.group.check(input)?;
                self.peer_shares.push(input.to_vec());
            }
            PakeStep::ZK_PUBLIC => {
                self.group.check(input)?;
                self.peer_commitment = Some(input.to_vec());
            }
            PakeStep::ZK_PROOF => self.check_proof(input)?,
            _ => return Err(Error::InvalidArgument),
        }
        Ok(())
    }

    /// K = x2 (B - x2 s X4).
    fn shared_secret(&mut self) -> Result<Secret> {
        let ([_, x2, x2s], [_, x4, b]) = (&self.secrets[..], &self.peer_shares[..]) else {
            return Err(Error::BadState);
        };
        let factor = x2.times(x2s).negative();
        self.group.combine(&[(x2, Element::Encoded(b)), (&factor, Element::Encoded(x4))])
    }
}
