//! Keys for password-authenticated key exchange: passwords, registrations of SPAKE2+ and password tokens of WPA3-SAE
//! (PSA 1.5, sections 9.5.9 and 9.4.1).

use super::super::asymmetric_keys::copy;
use super::super::groups::Element;
use super::super::modular::{Modulus, Residue};
use super::sae::{self, Domain, Sae, Source};
use super::spake2plus::{self, CurveName, Registration, Spake2Plus, Suite};
use super::{group, jpake};
use crate::core::primitives::{DerivationOutput, Key, Pake, PakeExchange, PakeParties, PakeSuite};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, PakePrimitive, Result, sizes};

/// The primitive in which keys of this type are used.
pub(super) fn primitive(key_type: KeyType, bits: usize) -> PakePrimitive {
    if key_type.is_wpa3_sae_dh() {
        PakePrimitive::new(PakePrimitive::TYPE_DH, key_type.wpa3_sae_dh_get_family().0, bits)
    } else if key_type.is_wpa3_sae_ecc() {
        PakePrimitive::new(PakePrimitive::TYPE_ECC, key_type.wpa3_sae_ecc_get_family().0, bits)
    } else {
        PakePrimitive::new(PakePrimitive::TYPE_ECC, key_type.spake2p_get_family().0, bits)
    }
}

/// True for the key types of this file, passwords left aside.
pub(in super::super) fn has(key_type: KeyType) -> bool {
    key_type.is_spake2p() || key_type.is_wpa3_sae_ecc() || key_type.is_wpa3_sae_dh()
}

/// True where keys of this type and size can be imported and used.
pub(in super::super) fn holds(key_type: KeyType, bits: usize) -> bool {
    if key_type.is_spake2p() {
        return Suite::of((key_type.spake2p_get_family(), bits)).is_some();
    }
    has(key_type) && {
        let found = Domain::find(primitive(key_type, bits)).is_ok();
        crate::cause::clear();
        found
    }
}

/// Refuses to make a random key: there has to be a password.
pub(in super::super) fn generate(key_type: KeyType) -> Result<Secret> {
    fail!(NotSupported, "a key of type {key_type} is derived from a password or imported, not generated")
}

/// The size that key data of this length has, 0 where no key has it.
fn measure(key_type: KeyType, length: usize) -> usize {
    const SIZES: [usize; 10] = [255, 256, 384, 448, 512, 521, 3072, 4096, 6144, 8192];
    let fits = |bits: &&usize| holds(key_type, **bits) && sizes::export_key_output_size(key_type, **bits) == length;
    SIZES.iter().find(fits).copied().unwrap_or_default()
}

/// Checks material and returns it with its size in bits; `bits` is 0 where the data decides.
pub(in super::super) fn import(key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
    let bits = if bits == 0 { measure(key_type, data.len()) } else { bits };
    if bits == 0 {
        return fail!(InvalidArgument, "{} bytes are no key of type {key_type} and a known size", data.len());
    }
    if !holds(key_type, bits) {
        return fail!(NotSupported, "key type {key_type} of {bits} bits");
    }
    if key_type.is_spake2p() {
        parse_registration(key_type, bits, data)?;
    } else {
        check_token(primitive(key_type, bits), data)?;
    }
    Ok((Secret::new(data.to_vec()), bits))
}

fn check_token(primitive: PakePrimitive, data: &[u8]) -> Result<()> {
    group(primitive)?.check(&Domain::find(primitive)?.off_air(data))
}

/// Makes a key ready for use.
pub(in super::super) fn prepare(key_type: KeyType, bits: usize, material: &[u8]) -> Result<Box<dyn Key>> {
    if key_type.is_spake2p() {
        let registration = parse_registration(key_type, bits, material)?;
        return Ok(Box::new(RegistrationKey { curve: (key_type.spake2p_get_family(), bits), registration }));
    }
    Ok(Box::new(TokenKey { primitive: primitive(key_type, bits), token: Secret::new(material.to_vec()) }))
}

/// A SPAKE2+ key pair of what a derivation gives: w0s and w1s, each 8 bytes longer than a scalar (PSA 1.5, section
/// 9.5.7).
pub(in super::super) fn derive(key_type: KeyType, bits: usize, output: &mut dyn DerivationOutput) -> Result<Secret> {
    let group = group(primitive(key_type, bits))?;
    let order = group.order();
    let mut material = Secret::new(Vec::with_capacity(2 * scalar_length(key_type, bits)));
    for _ in 0..2 {
        let mut bytes = Secret::new(vec![0; order.length() + 8]);
        output.read(&mut bytes)?;
        let scalar = order.reduce(&bytes);
        if bool::from(scalar.is_zero()) {
            return fail!(InvalidArgument, "a derived scalar is 0; the chance of that is nil");
        }
        extend(&mut material, &scalar, scalar_length(key_type, bits));
    }
    Ok(material)
}

/// Length of w0 and w1 in bytes: that of a private key on the curve, which on Edwards448 is one more than the order's.
fn scalar_length(key_type: KeyType, bits: usize) -> usize {
    sizes::export_key_output_size(key_type.key_pair_of_public_key(), bits) / 2
}

/// Appends a scalar behind zeros that make up the length.
fn extend(material: &mut Secret, scalar: &Residue, length: usize) {
    let bytes = scalar.to_bytes();
    let padded = material.len() + length.saturating_sub(bytes.len());
    material.resize(padded, 0);
    material.extend_from_slice(&bytes);
}

fn parse_scalar(order: &Modulus, bytes: &[u8], length: usize) -> Option<Residue> {
    let (zeros, scalar) = bytes.split_at_checked(length.checked_sub(order.length())?)?;
    if zeros.iter().any(|byte| *byte != 0) { None } else { order.parse(scalar) }
}

fn parse_registration(key_type: KeyType, bits: usize, data: &[u8]) -> Result<Registration> {
    let group = group(primitive(key_type, bits))?;
    let order = group.order();
    let length = scalar_length(key_type, bits);
    let scalar = |bytes: &[u8]| match parse_scalar(order, bytes, length) {
        Some(scalar) if !bool::from(scalar.is_zero()) => Ok(scalar),
        _ => fail!(InvalidArgument, "w0 and w1 are numbers from 1 up to the order of the curve"),
    };
    let Some((w0, rest)) = data.split_at_checked(length) else {
        return fail!(InvalidArgument, "the key is shorter than a scalar");
    };
    let w0 = scalar(w0)?;
    if key_type.is_spake2p_public_key() {
        group.check(rest)?;
        return Ok(Registration { w0, w1: None, l: Secret::new(rest.to_vec()) });
    }
    let w1 = scalar(rest)?;
    let l = group.combine(&[(&w1, Element::Generator)])?;
    Ok(Registration { w0, w1: Some(w1), l })
}

/// A password, or a hash of one.
pub(in super::super) struct PasswordKey {
    pub(in super::super) password: Secret,
}

impl Key for PasswordKey {
    fn public_key(&self, _output: &mut [u8]) -> Result<usize> {
        Err(Error::InvalidArgument)
    }

    fn pake(&self) -> Option<&dyn Pake> {
        Some(self)
    }
}

impl Pake for PasswordKey {
    fn check(&self, suite: PakeSuite) -> Result<()> {
        let PakeSuite { alg, primitive } = suite;
        if alg.is_jpake() {
            if !super::super::hash::offers(alg.get_hash()) {
                return fail!(NotSupported, "J-PAKE with the hash {}", alg.get_hash());
            }
            return jpake::password_number(&*group(primitive)?, &self.password).map(drop);
        }
        if alg.is_wpa3_sae_fixed() {
            Domain::find(primitive)?;
            if alg.get_hash() != Algorithm::SHA_256 {
                return fail!(InvalidArgument, "WPA3-SAE with a password itself takes SHA-256");
            }
            return Ok(());
        }
        unfit()
    }

    fn start(&self, suite: PakeSuite, parties: PakeParties) -> Result<Box<dyn PakeExchange>> {
        if suite.alg.is_jpake() {
            return Ok(Box::new(jpake::Jpake::new(suite, parties, &self.password)?));
        }
        Ok(Box::new(Sae::new(suite, parties, Source::Password(&self.password))?))
    }
}

/// A registration of SPAKE2+: of the prover, or without w1 of the verifier.
struct RegistrationKey {
    curve: CurveName,
    registration: Registration,
}

impl Key for RegistrationKey {
    /// w0, then L.
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        let Registration { w0, l, .. } = &self.registration;
        let key_type = KeyType::spake2p_key_pair(self.curve.0);
        let length = scalar_length(key_type, self.curve.1);
        let mut public = Secret::new(Vec::with_capacity(length + l.len()));
        extend(&mut public, w0, length);
        public.extend_from_slice(l);
        copy(&public, output)
    }

    fn pake(&self) -> Option<&dyn Pake> {
        Some(self)
    }
}

impl Pake for RegistrationKey {
    fn check(&self, suite: PakeSuite) -> Result<()> {
        if spake2plus::curve(suite.primitive) != self.curve {
            return fail!(InvalidArgument, "the key is for another curve");
        }
        match Suite::find(self.curve, suite.alg) {
            Some(_) => Ok(()),
            None => fail!(InvalidArgument, "SPAKE2+ has no such cipher suite (RFC 9383, section 4)"),
        }
    }

    fn start(&self, suite: PakeSuite, parties: PakeParties) -> Result<Box<dyn PakeExchange>> {
        let Registration { w0, w1, l } = &self.registration;
        let registration = Registration { w0: w0.clone(), w1: w1.clone(), l: l.clone() };
        Ok(Box::new(Spake2Plus::new(suite, parties, registration)?))
    }
}

/// A password token of WPA3-SAE.
struct TokenKey {
    primitive: PakePrimitive,
    token: Secret,
}

impl Key for TokenKey {
    fn public_key(&self, _output: &mut [u8]) -> Result<usize> {
        Err(Error::InvalidArgument)
    }

    fn pake(&self) -> Option<&dyn Pake> {
        Some(self)
    }
}

impl Pake for TokenKey {
    fn check(&self, suite: PakeSuite) -> Result<()> {
        if suite.primitive != self.primitive {
            return fail!(InvalidArgument, "the token is for another group");
        }
        if !sae::offers(suite.primitive, suite.alg) {
            return fail!(InvalidArgument, "WPA3-SAE takes another hash with this group (table 12-1)");
        }
        Ok(())
    }

    fn start(&self, suite: PakeSuite, parties: PakeParties) -> Result<Box<dyn PakeExchange>> {
        Ok(Box::new(Sae::new(suite, parties, Source::Token(&self.token))?))
    }
}

fn unfit<T>() -> Result<T> {
    fail!(InvalidArgument, "a password does not go with this algorithm")
}
