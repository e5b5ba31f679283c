//! Key material of PSA in the TPM's form: a public area and a sensitive area.

use tss_esapi::structures::Public;

use super::duplicate::sized;
use super::keys::left_padded;
use super::templates::{self, Kind, Origin};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::fail;
use crate::memory::Secret;
use crate::psa::sizes::{bits_to_bytes, export_public_key_output_size};
use crate::psa::{Attributes, Error, Result, der};

/// `TPM2_ALG_RSA` and `TPM2_ALG_ECC`.
const RSA: [u8; 2] = [0x00, 0x01];
const ECC: [u8; 2] = [0x00, 0x23];
/// The only public exponent that every TPM has: 65537.
const EXPONENT: [u8; 3] = [1, 0, 1];

/// A key that is not in the TPM yet.
pub(super) struct Outside {
    /// Its public area.
    pub(super) public: Public,
    /// Its sensitive area (TPMT_SENSITIVE).
    pub(super) sensitive: Secret,
}

impl Outside {
    /// Checked material, as [`Engine::import`] gives it.
    pub(super) fn new(
        kind: Kind,
        attributes: &Attributes,
        raw_rsa: bool,
        auth: &[u8],
        material: &[u8],
    ) -> Result<Self> {
        let (algorithm, public, private) = match kind {
            Kind::Ecc(_) => (ECC, public_point(attributes, material)?, Secret::new(material.to_vec())),
            Kind::Rsa(bits) => {
                let (modulus, prime) = rsa_numbers(material, usize::from(u16::from(bits)))?;
                (RSA, modulus, prime)
            }
        };
        // TPMT_SENSITIVE (part 2, section 12.3.2.4): type, authorization value, seed (which only symmetric keys need), key.
        let (auth, no_seed, private) = (Secret::new(sized(auth)), sized(&[]), Secret::new(sized(&private)));
        let sensitive = [&algorithm, auth.as_slice(), &no_seed, &private];
        Ok(Self {
            public: templates::key_pair(kind, attributes, raw_rsa, Origin::Outside(&public))?,
            sensitive: sensitive.concat().into(),
        })
    }
}

/// Both coordinates of the public point.
fn public_point(attributes: &Attributes, material: &[u8]) -> Result<Vec<u8>> {
    let key = Native.prepare(attributes.key_type, attributes.bits, material)?;
    let mut point = vec![0; export_public_key_output_size(attributes.key_type, attributes.bits)];
    let length = key.public_key(&mut point)?;
    Ok(point.get(1..length).ok_or(Error::CorruptionDetected)?.to_vec())
}

/// Modulus and first prime of an RSAPrivateKey (RFC 8017, appendix A.1.2).
fn rsa_numbers(material: &[u8], bits: usize) -> Result<(Vec<u8>, Secret)> {
    let Some([_version, modulus, exponent, _, prime]) = der::unsigned_integers(material) else {
        return fail!(InvalidArgument, "the key is not an RSAPrivateKey");
    };
    if exponent != EXPONENT {
        return fail!(NotSupported, "a TPM takes RSA keys with the public exponent 65537 only");
    }
    match (left_padded(modulus, bits_to_bytes(bits)), left_padded(prime, bits_to_bytes(bits) / 2)) {
        (Some(modulus), Some(prime)) => Ok((modulus, prime.into())),
        _ => fail!(NotSupported, "a TPM takes RSA keys with two primes of the same length only"),
    }
}
