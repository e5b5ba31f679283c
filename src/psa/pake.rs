//! Password-authenticated key exchange: groups, roles and steps (PSA 1.5, section 10.13).

/// A group in which a PAKE computes: type, family and size in bits.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PakePrimitive(pub u32);

impl PakePrimitive {
    /// `PSA_PAKE_PRIMITIVE_TYPE_ECC`: an elliptic curve.
    pub const TYPE_ECC: u8 = 0x01;
    /// `PSA_PAKE_PRIMITIVE_TYPE_DH`: a finite-field group.
    pub const TYPE_DH: u8 = 0x02;

    /// `PSA_PAKE_PRIMITIVE`: 0 where the size does not fit.
    pub const fn new(primitive_type: u8, family: u8, bits: usize) -> Self {
        if bits > 0xffff {
            return Self(0);
        }
        Self((primitive_type as u32) << 24 | (family as u32) << 16 | bits as u32)
    }

    /// `PSA_PAKE_PRIMITIVE_GET_TYPE`.
    pub const fn get_type(self) -> u8 {
        (self.0 >> 24) as u8
    }

    /// `PSA_PAKE_PRIMITIVE_GET_FAMILY`.
    pub const fn get_family(self) -> u8 {
        (self.0 >> 16) as u8
    }

    /// `PSA_PAKE_PRIMITIVE_GET_BITS`.
    pub const fn get_bits(self) -> usize {
        (self.0 & 0xffff) as usize
    }
}

/// Which side of a PAKE the application plays.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PakeRole(pub u8);

impl PakeRole {
    /// `PSA_PAKE_ROLE_NONE`: the protocol does not tell the sides apart.
    pub const NONE: Self = Self(0x00);
    /// `PSA_PAKE_ROLE_FIRST`: the side that some protocols number first.
    pub const FIRST: Self = Self(0x01);
    /// `PSA_PAKE_ROLE_SECOND`: the other side of it.
    pub const SECOND: Self = Self(0x02);
    /// `PSA_PAKE_ROLE_CLIENT`: the side that has the password, or what follows from it.
    pub const CLIENT: Self = Self(0x11);
    /// `PSA_PAKE_ROLE_SERVER`: the side that may have only a verifier.
    pub const SERVER: Self = Self(0x12);
}

/// What an input or output of a PAKE is.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PakeStep(pub u8);

impl PakeStep {
    /// `PSA_PAKE_STEP_KEY_SHARE`: a group element.
    pub const KEY_SHARE: Self = Self(0x01);
    /// `PSA_PAKE_STEP_ZK_PUBLIC`: the public part of a zero-knowledge proof: a group element.
    pub const ZK_PUBLIC: Self = Self(0x02);
    /// `PSA_PAKE_STEP_ZK_PROOF`: the response of a zero-knowledge proof: a scalar.
    pub const ZK_PROOF: Self = Self(0x03);
    /// `PSA_PAKE_STEP_CONFIRM`: a key confirmation.
    pub const CONFIRM: Self = Self(0x04);
    /// `PSA_PAKE_STEP_SALT`: the salt from which the SAE keys come.
    pub const SALT: Self = Self(0x05);
    /// `PSA_PAKE_STEP_COMMIT`: the commitment of WPA3-SAE: a scalar and a group element.
    pub const COMMIT: Self = Self(0x06);
    /// `PSA_PAKE_STEP_CONFIRM_COUNT`: the send-confirm counter of WPA3-SAE.
    pub const CONFIRM_COUNT: Self = Self(0x07);
    /// `PSA_PAKE_STEP_KEY_ID`: the identifier of the key that WPA3-SAE agreed on.
    pub const KEY_ID: Self = Self(0x08);
}

/// `PSA_PAKE_CONFIRMED_KEY`: the shared key is given out after it was confirmed.
pub const CONFIRMED_KEY: u32 = 0;
/// `PSA_PAKE_UNCONFIRMED_KEY`: the shared key may be given out before it was confirmed.
pub const UNCONFIRMED_KEY: u32 = 1;
