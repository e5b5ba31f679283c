//! Public areas (TPMT_PUBLIC: TPM 2.0 Library, part 2, section 12.2.4).

use super::identifiers::{
    AES, AlgorithmId, CurveId, ECC, ECDAA, KEYED_HASH, NULL, RSA, RSAES, SYMMETRIC_CIPHER, XOR, psa_hash,
};
use super::wire::{Reader, Writer};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::fail;
use crate::psa::Result;
use crate::psa::sizes::hash_length;

/// What an object may be used for (TPMA_OBJECT: part 2, section 8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ObjectAttributes(pub(super) u32);

impl ObjectAttributes {
    /// It never leaves this TPM.
    pub(super) const FIXED_TPM: Self = Self(1 << 1);
    /// It never leaves its parent.
    pub(super) const FIXED_PARENT: Self = Self(1 << 4);
    /// The TPM made its secret.
    pub(super) const SENSITIVE_DATA_ORIGIN: Self = Self(1 << 5);
    /// Its authorization value is enough to use it.
    pub(super) const USER_WITH_AUTH: Self = Self(1 << 6);
    /// Wrong authorization values do not lock the TPM.
    pub(super) const NO_DA: Self = Self(1 << 10);
    /// It is for the TPM's own structures only.
    pub(super) const RESTRICTED: Self = Self(1 << 16);
    pub(super) const DECRYPT: Self = Self(1 << 17);
    /// It signs, or, where it is symmetric, encrypts.
    pub(super) const SIGN_ENCRYPT: Self = Self(1 << 18);

    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// [`ObjectAttributes::with`] where `condition` holds.
    pub(super) const fn with_if(self, condition: bool, other: Self) -> Self {
        if condition { self.with(other) } else { self }
    }

    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A block cipher with its key size and mode, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SymmetricDefinition {
    pub(super) algorithm: AlgorithmId,
    pub(super) bits: u16,
    pub(super) mode: AlgorithmId,
}

impl SymmetricDefinition {
    pub(super) const NONE: Self = Self { algorithm: NULL, bits: 0, mode: NULL };

    pub(super) const fn aes(bits: u16, mode: AlgorithmId) -> Self {
        Self { algorithm: AES, bits, mode }
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        match reader.half()? {
            NULL => Some(Self::NONE),
            XOR => None,
            algorithm => Some(Self { algorithm, bits: reader.half()?, mode: reader.half()? }),
        }
    }

    /// The bytes of a TPMT_SYM_DEF_OBJECT.
    pub(super) fn write(self, writer: Writer) -> Writer {
        match self.algorithm {
            NULL => writer.half(NULL),
            algorithm => writer.half(algorithm).half(self.bits).half(self.mode),
        }
    }
}

/// A scheme for signing, encryption or key derivation, with what its kind needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scheme {
    pub(super) algorithm: AlgorithmId,
    /// A hash for most; ECDAA adds a count, XOR a key derivation function.
    details: Vec<u16>,
}

impl Scheme {
    /// Each use names one.
    pub(super) const NONE: Self = Self { algorithm: NULL, details: Vec::new() };

    pub(super) fn with_hash(algorithm: AlgorithmId, hash: AlgorithmId) -> Self {
        Self { algorithm, details: vec![hash] }
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let algorithm = reader.half()?;
        let count = match algorithm {
            NULL | RSAES => 0,
            ECDAA | XOR => 2,
            _ => 1,
        };
        let details = (0..count).map(|_| reader.half()).collect::<Option<_>>()?;
        Some(Self { algorithm, details })
    }

    /// The hash that it prescribes, where it prescribes one.
    pub(super) fn hash(&self) -> Option<AlgorithmId> {
        self.details.first().copied()
    }

    /// The bytes of a TPMT_SIG_SCHEME and its like.
    pub(super) fn write(&self, writer: Writer) -> Writer {
        self.details.iter().fold(writer.half(self.algorithm), |writer, detail| writer.half(*detail))
    }
}

/// What depends on the type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kinded {
    /// For HMAC, or sealed data. `unique` is the hash by which the secret is known.
    KeyedHash { scheme: Scheme, unique: Vec<u8> },
    /// For a block cipher.
    Symmetric { cipher: SymmetricDefinition, unique: Vec<u8> },
    /// An exponent of 0 is 65537.
    Rsa { symmetric: SymmetricDefinition, scheme: Scheme, bits: u16, exponent: u32, modulus: Vec<u8> },
    /// Coordinates may lack zeros at their beginning.
    Ecc { symmetric: SymmetricDefinition, scheme: Scheme, curve: CurveId, kdf: Scheme, x: Vec<u8>, y: Vec<u8> },
}

/// A public area, or the template of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Public {
    /// The hash of its name.
    pub(super) name_hash: AlgorithmId,
    pub(super) attributes: ObjectAttributes,
    /// Digest of the policy that allows its use; may be empty.
    pub(super) policy: Vec<u8>,
    pub(super) kinded: Kinded,
}

impl Public {
    /// The bytes of a TPMT_PUBLIC.
    pub(super) fn encode(&self) -> Vec<u8> {
        let head =
            Writer::new().half(self.algorithm()).half(self.name_hash).word(self.attributes.0).sized(&self.policy);
        let writer = self.write_parameters(head);
        let writer = match &self.kinded {
            Kinded::KeyedHash { unique, .. } | Kinded::Symmetric { unique, .. } => writer.sized(unique),
            Kinded::Rsa { modulus, .. } => writer.sized(modulus),
            Kinded::Ecc { x, y, .. } => writer.sized(x).sized(y),
        };
        writer.bytes().to_vec()
    }

    /// True for the public area of a key that was made from this template.
    pub(super) fn is_made_from(&self, template: &Self) -> bool {
        let Self { name_hash, attributes, policy, .. } = template;
        (&self.name_hash, &self.attributes, &self.policy) == (name_hash, attributes, policy)
            && self.encode_parameters() == template.encode_parameters()
    }

    /// The bytes of a TPMT_PUBLIC_PARMS.
    pub(super) fn encode_parameters(&self) -> Vec<u8> {
        self.write_parameters(Writer::new().half(self.algorithm())).bytes().to_vec()
    }

    fn algorithm(&self) -> AlgorithmId {
        match self.kinded {
            Kinded::KeyedHash { .. } => KEYED_HASH,
            Kinded::Symmetric { .. } => SYMMETRIC_CIPHER,
            Kinded::Rsa { .. } => RSA,
            Kinded::Ecc { .. } => ECC,
        }
    }

    fn write_parameters(&self, writer: Writer) -> Writer {
        match &self.kinded {
            Kinded::KeyedHash { scheme, .. } => scheme.write(writer),
            Kinded::Symmetric { cipher, .. } => cipher.write(writer),
            Kinded::Rsa { symmetric, scheme, bits, exponent, .. } => {
                scheme.write(symmetric.write(writer)).half(*bits).word(*exponent)
            }
            Kinded::Ecc { symmetric, scheme, curve, kdf, .. } => {
                kdf.write(scheme.write(symmetric.write(writer)).half(*curve))
            }
        }
    }

    /// Reads a TPMT_PUBLIC; `None` for anything else, and for types that this library does not know.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let (algorithm, name_hash, attributes) = (reader.half()?, reader.half()?, ObjectAttributes(reader.word()?));
        let policy = reader.sized()?.to_vec();
        let kinded = match algorithm {
            KEYED_HASH => Kinded::KeyedHash { scheme: Scheme::read(&mut reader)?, unique: reader.sized()?.to_vec() },
            SYMMETRIC_CIPHER => {
                Kinded::Symmetric { cipher: SymmetricDefinition::read(&mut reader)?, unique: reader.sized()?.to_vec() }
            }
            RSA => Kinded::Rsa {
                symmetric: SymmetricDefinition::read(&mut reader)?,
                scheme: Scheme::read(&mut reader)?,
                bits: reader.half()?,
                exponent: reader.word()?,
                modulus: reader.sized()?.to_vec(),
            },
            ECC => Kinded::Ecc {
                symmetric: SymmetricDefinition::read(&mut reader)?,
                scheme: Scheme::read(&mut reader)?,
                curve: reader.half()?,
                kdf: Scheme::read(&mut reader)?,
                x: reader.sized()?.to_vec(),
                y: reader.sized()?.to_vec(),
            },
            _ => return None,
        };
        reader.end()?;
        Some(Self { name_hash, attributes, policy, kinded })
    }

    /// The object's name: its hash algorithm and the hash of its public area (part 1, section 16).
    pub(super) fn name(&self) -> Result<Vec<u8>> {
        let Some(hash) = psa_hash(self.name_hash) else {
            return fail!(NotSupported, "the name of the TPM key has an unknown hash");
        };
        let mut digest = vec![0; hash_length(hash)];
        Native.hash().compute(hash, &self.encode(), &mut digest)?;
        Ok([&self.name_hash.to_be_bytes()[..], &digest].concat())
    }

    /// What encrypts what is below it, where it is a storage key.
    pub(super) fn protection(&self) -> SymmetricDefinition {
        match self.kinded {
            Kinded::Rsa { symmetric, .. } | Kinded::Ecc { symmetric, .. } => symmetric,
            Kinded::Symmetric { cipher, .. } => cipher,
            Kinded::KeyedHash { .. } => SymmetricDefinition::NONE,
        }
    }
}
