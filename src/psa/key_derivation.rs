//! Constants of key derivation (PSA 1.5, section 10.8).

use std::fmt;

/// A step that gives input to a key derivation.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DerivationStep(pub u16);

impl DerivationStep {
    /// `PSA_KEY_DERIVATION_INPUT_SECRET`: the high-entropy secret.
    pub const SECRET: Self = Self(0x0101);
    /// `PSA_KEY_DERIVATION_INPUT_PASSWORD`: the low-entropy secret.
    pub const PASSWORD: Self = Self(0x0102);
    /// `PSA_KEY_DERIVATION_INPUT_OTHER_SECRET`: a second secret.
    pub const OTHER_SECRET: Self = Self(0x0103);
    /// `PSA_KEY_DERIVATION_INPUT_LABEL`: what the output is for.
    pub const LABEL: Self = Self(0x0201);
    /// `PSA_KEY_DERIVATION_INPUT_SALT`: a salt.
    pub const SALT: Self = Self(0x0202);
    /// `PSA_KEY_DERIVATION_INPUT_INFO`: application-specific information.
    pub const INFO: Self = Self(0x0203);
    /// `PSA_KEY_DERIVATION_INPUT_SEED`: a seed.
    pub const SEED: Self = Self(0x0204);
    /// `PSA_KEY_DERIVATION_INPUT_COST`: the number of iterations.
    pub const COST: Self = Self(0x0205);
    /// `PSA_KEY_DERIVATION_INPUT_CONTEXT`: whom the output is for.
    pub const CONTEXT: Self = Self(0x0206);

    /// True for the steps that take a secret, from a key or as bytes.
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::SECRET | Self::PASSWORD | Self::OTHER_SECRET)
    }
}

/// As C writes it; a number where the specification has no name for it.
impl fmt::Display for DerivationStep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match *self {
            Self::SECRET => "SECRET",
            Self::PASSWORD => "PASSWORD",
            Self::OTHER_SECRET => "OTHER_SECRET",
            Self::LABEL => "LABEL",
            Self::SALT => "SALT",
            Self::INFO => "INFO",
            Self::SEED => "SEED",
            Self::COST => "COST",
            Self::CONTEXT => "CONTEXT",
            Self(number) => return write!(formatter, "{number:#06x}"),
        };
        write!(formatter, "PSA_KEY_DERIVATION_INPUT_{name}")
    }
}

/// `PSA_KEY_DERIVATION_UNLIMITED_CAPACITY`: no limit but the algorithm's own.
pub const UNLIMITED_CAPACITY: usize = usize::MAX;
