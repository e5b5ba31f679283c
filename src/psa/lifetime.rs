//! Lifetimes and identifiers of keys (PSA 1.5, sections 9.6 and 9.7).

/// Where a key is and how long it stays: location in the upper 24 bits, persistence in the lower 8.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lifetime(pub u32);

impl Lifetime {
    /// `PSA_KEY_LIFETIME_VOLATILE`: until destroyed or the process ends, in local memory.
    pub const VOLATILE: Self = Self(0);
    /// `PSA_KEY_LIFETIME_PERSISTENT`: until destroyed, in the default place.
    pub const PERSISTENT: Self = Self(1);

    /// `PSA_KEY_PERSISTENCE_VOLATILE`: until destroyed or the process ends.
    pub const PERSISTENCE_VOLATILE: u8 = 0x00;
    /// `PSA_KEY_PERSISTENCE_DEFAULT`: until destroyed.
    pub const PERSISTENCE_DEFAULT: u8 = 0x01;
    /// `PSA_KEY_PERSISTENCE_READ_ONLY`: cannot be destroyed.
    pub const PERSISTENCE_READ_ONLY: u8 = 0xff;

    /// `PSA_KEY_LOCATION_LOCAL_STORAGE`: the default place.
    pub const LOCATION_LOCAL_STORAGE: u32 = 0x000000;
    /// `PSA_KEY_LOCATION_PRIMARY_SECURE_ELEMENT`: the first device.
    pub const LOCATION_PRIMARY_SECURE_ELEMENT: u32 = 0x000001;

    /// `PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION`.
    pub const fn new(persistence: u8, location: u32) -> Self {
        Self(location << 8 | persistence as u32)
    }

    /// `PSA_KEY_LIFETIME_GET_PERSISTENCE`.
    pub const fn persistence(self) -> u8 {
        (self.0 & 0xff) as u8
    }

    /// `PSA_KEY_LIFETIME_GET_LOCATION`.
    pub const fn location(self) -> u32 {
        self.0 >> 8
    }

    /// `PSA_KEY_LIFETIME_IS_VOLATILE`.
    pub const fn is_volatile(self) -> bool {
        self.persistence() == Self::PERSISTENCE_VOLATILE
    }
}

/// Identifier of a key.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub u32);

impl KeyId {
    /// `PSA_KEY_ID_NULL`: no key.
    pub const NULL: Self = Self(0);
    /// `PSA_KEY_ID_USER_MIN`: first identifier that an application may choose.
    pub const USER_MIN: Self = Self(0x0000_0001);
    /// `PSA_KEY_ID_USER_MAX`: last identifier that an application may choose.
    pub const USER_MAX: Self = Self(0x3fff_ffff);
    /// `PSA_KEY_ID_VENDOR_MIN`: first identifier that the library chooses.
    pub const VENDOR_MIN: Self = Self(0x4000_0000);
    /// `PSA_KEY_ID_VENDOR_MAX`: last identifier that the library chooses.
    pub const VENDOR_MAX: Self = Self(0x7fff_ffff);

    /// True where an application may choose this identifier for a persistent key.
    pub const fn is_user(self) -> bool {
        Self::USER_MIN.0 <= self.0 && self.0 <= Self::USER_MAX.0
    }
}
