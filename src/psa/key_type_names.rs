//! Key types as text, the way a C program writes them: `PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)`.

use std::fmt;

use super::key_type::{FAMILY_MASK, OF_A_FAMILY};
use super::{DhFamily, EccFamily, KeyType, SlhDsaFamily};

macro_rules! names {
    ($prefix:literal $of:ident $($name:ident)*) => {
        &[$((concat!($prefix, stringify!($name)), $of::$name.0)),*]
    };
}

/// Types without a family.
const TYPES: &[(&str, u16)] = names! {
    "PSA_KEY_TYPE_" KeyType
    NONE RAW_DATA DERIVE PASSWORD PASSWORD_HASH PEPPER HMAC AES ARIA DES CAMELLIA SM4 ARC4 CHACHA20 XCHACHA20 ASCON BLAKE2
    RSA_KEY_PAIR RSA_PUBLIC_KEY LMS_PUBLIC_KEY HSS_PUBLIC_KEY XMSS_PUBLIC_KEY XMSS_MT_PUBLIC_KEY ML_DSA_KEY_PAIR
    ML_DSA_PUBLIC_KEY ML_KEM_KEY_PAIR ML_KEM_PUBLIC_KEY
};

const ECC_FAMILIES: &[(&str, u8)] = names! {
    "PSA_ECC_FAMILY_" EccFamily
    SECP_K1 SECP_R1 SECP_R2 SECT_K1 SECT_R1 SECT_R2 BRAINPOOL_P_R1 FRP MONTGOMERY TWISTED_EDWARDS
};

const DH_FAMILIES: &[(&str, u8)] = names! { "PSA_DH_FAMILY_" DhFamily RFC7919 RFC3526 };

const SLH_DSA_FAMILIES: &[(&str, u8)] = names! { "PSA_SLH_DSA_FAMILY_" SlhDsaFamily SHA2_S SHA2_F SHAKE_S SHAKE_F };

/// How a family is called, by its number; `None` where it has no name.
pub(super) type FamilyName = fn(u8) -> Option<&'static str>;

impl EccFamily {
    pub(super) fn name(family: u8) -> Option<&'static str> {
        find(ECC_FAMILIES, family)
    }
}

impl DhFamily {
    pub(super) fn name(family: u8) -> Option<&'static str> {
        find(DH_FAMILIES, family)
    }
}

impl SlhDsaFamily {
    pub(super) fn name(family: u8) -> Option<&'static str> {
        find(SLH_DSA_FAMILIES, family)
    }
}

fn find<T: PartialEq>(table: &[(&'static str, T)], value: T) -> Option<&'static str> {
    table.iter().find(|(_, known)| *known == value).map(|(name, _)| *name)
}

/// As C writes it; a number where the specification has no name for it.
impl fmt::Display for KeyType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = find(TYPES, self.0) {
            return formatter.write_str(name);
        }
        let of_family = OF_A_FAMILY.iter().find(|(_, base, _)| self.0 & !FAMILY_MASK == *base);
        let family = of_family.and_then(|(name, _, family)| Some((name, family((self.0 & FAMILY_MASK) as u8)?)));
        match family {
            Some((name, family)) => write!(formatter, "{name}({family})"),
            None => write!(formatter, "{:#06x}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers are those of the specification (PSA 1.5, appendix B.2).
    #[test]
    fn names_are_those_of_the_specification() {
        for (number, text) in [
            (0x2400, "PSA_KEY_TYPE_AES"),
            (0x7112, "PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)"),
            (0x4141, "PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_MONTGOMERY)"),
            (0x7203, "PSA_KEY_TYPE_DH_KEY_PAIR(PSA_DH_FAMILY_RFC7919)"),
            (0x718b, "PSA_KEY_TYPE_SLH_DSA_KEY_PAIR(PSA_SLH_DSA_FAMILY_SHAKE_S)"),
            (0x4412, "PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1)"),
            (0x3292, "PSA_KEY_TYPE_WPA3_SAE_ECC(PSA_ECC_FAMILY_SECP_R1)"),
            (0x7111, "0x7111"),
            (0x2fff, "0x2fff"),
        ] {
            assert_eq!(KeyType(number).to_string(), text);
        }
    }

    /// A constant that is added and not named here would be a number in every text.
    #[test]
    fn every_constant_has_its_name() {
        let (mut count, mut prefix) = (0, "");
        for line in include_str!("key_type.rs").lines() {
            if let Some(of) = line.strip_prefix("impl ") {
                prefix = match of {
                    "KeyType {" => "PSA_KEY_TYPE_",
                    "EccFamily {" => "PSA_ECC_FAMILY_",
                    "DhFamily {" => "PSA_DH_FAMILY_",
                    "SlhDsaFamily {" => "PSA_SLH_DSA_FAMILY_",
                    other => panic!("{other}"),
                };
            }
            let Some((name, value)) =
                line.trim().strip_prefix("pub const ").and_then(|rest| rest.split_once(": Self = "))
            else {
                continue;
            };
            let number = u16::from_str_radix(value.trim_start_matches("Self(0x").trim_end_matches(");"), 16).unwrap();
            let actual = match prefix {
                "PSA_KEY_TYPE_" => Some(KeyType(number).to_string()),
                "PSA_ECC_FAMILY_" => EccFamily::name(number as u8).map(str::to_owned),
                "PSA_DH_FAMILY_" => DhFamily::name(number as u8).map(str::to_owned),
                _ => SlhDsaFamily::name(number as u8).map(str::to_owned),
            };
            assert_eq!(actual, Some(format!("{prefix}{name}")));
            count += 1;
        }
        assert_eq!(count, TYPES.len() + ECC_FAMILIES.len() + DH_FAMILIES.len() + SLH_DSA_FAMILIES.len());
    }
}
