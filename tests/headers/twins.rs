//! The table of macros with their twins, and the inputs for both.

use parsec::psa::*;

/// A set of inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Domain {
    /// Algorithms: all constants, all families with several hashes, lengths and combinations, and nonsense.
    Alg,
    /// Some of them, for macros of several arguments.
    SomeAlg,
    /// Key types: all constants and families, and nonsense.
    Type,
    /// Types of keys for ciphers.
    CipherType,
    /// Sizes of keys.
    Bits,
    /// Lengths of messages.
    Length,
    /// Lengths of MACs and tags.
    TagLength,
    /// Families of curves and groups.
    Family,
    /// Lifetimes.
    Lifetime,
    /// Persistence levels.
    Persistence,
    /// Locations.
    Location,
    /// Types of PAKE primitives.
    PrimitiveType,
    /// PAKE primitives.
    Primitive,
    /// PAKE steps.
    Step,
}

impl Domain {
    /// The type of the values in C.
    pub fn c_type(self) -> &'static str {
        match self {
            Self::Alg | Self::SomeAlg => "psa_algorithm_t",
            Self::Type | Self::CipherType => "psa_key_type_t",
            Self::Bits | Self::Length | Self::TagLength => "size_t",
            Self::Family => "psa_ecc_family_t",
            Self::Lifetime => "psa_key_lifetime_t",
            Self::Persistence => "psa_key_persistence_t",
            Self::Location => "psa_key_location_t",
            Self::PrimitiveType => "psa_pake_primitive_type_t",
            Self::Primitive => "psa_pake_primitive_t",
            Self::Step => "psa_pake_step_t",
        }
    }

    /// The values.
    pub fn values(self) -> Vec<u64> {
        match self {
            Self::Alg => algorithms(),
            Self::SomeAlg => algorithms().into_iter().filter(|alg| matches!(alg & 0xff, 0 | 9 | 0xb | 0x15)).collect(),
            Self::Type => types(),
            Self::CipherType => constants("PSA_KEY_TYPE_").into_iter().filter(|t| t & 0x7000 == 0x2000).collect(),
            Self::Bits => vec![
                0, 1, 7, 8, 128, 163, 192, 225, 255, 256, 320, 448, 512, 521, 571, 768, 1024, 1030, 2048, 4096, 8192,
            ],
            Self::Length => vec![0, 1, 7, 8, 11, 12, 13, 15, 16, 17, 24, 31, 32, 33, 100, 4096, 1 << 20],
            Self::TagLength => (0..=64).collect(),
            Self::Family => (0..=0xff).collect(),
            Self::Lifetime => vec![0, 1, 2, 0xff, 0x100, 0x101, 0x1ff, 0x8000_0000, 0x8000_01ff, 0xffff_ff01],
            Self::Persistence => vec![0, 1, 2, 0x7f, 0xff],
            Self::Location => vec![0, 1, 0x7f_ffff, 0x80_0000, 0xff_ffff],
            Self::PrimitiveType => vec![0, 1, 2, 3, 0xff],
            Self::Primitive => primitives(),
            Self::Step => (0..=9).collect(),
        }
    }
}

/// The values that the specification gives to constants of this name.
fn constants(beginning: &str) -> Vec<u64> {
    let specification = include_str!("../data/crypto-api-1.5-identifiers.csv");
    let lines = specification.lines().filter_map(|line| line.strip_prefix("constant,")?.strip_prefix(beginning));
    let values = lines.filter_map(|line| Some(line.split_once("0x")?.1.trim_end_matches(')')));
    values.map(|value| u64::from_str_radix(value, 16).unwrap()).collect()
}

fn algorithms() -> Vec<u64> {
    let named: Vec<Algorithm> = constants("PSA_ALG_").into_iter().map(|value| Algorithm(value as u32)).collect();
    let mut all = named.clone();
    for hash in named.iter().filter(|alg| alg.is_hash()) {
        all.extend(HASH_CONSTRUCTORS.iter().map(|constructor| constructor(*hash)));
    }
    for alg in all.clone() {
        if alg.is_mac() || alg.is_aead() {
            all.extend([1, 4, 8, 16, 32, 63].map(|length| alg.truncated_mac(length)));
            all.extend([4, 16].map(|length| alg.at_least_this_length_mac(length)));
        }
        if alg.is_key_derivation() {
            all.extend([Algorithm::ECDH, Algorithm::FFDH].map(|agreement| Algorithm::key_agreement(agreement, alg)));
        }
    }
    let mut values: Vec<u64> = all.iter().map(|alg| u64::from(alg.0)).collect();
    // Vendor's own, unknown ones of every category, and single bits.
    values.extend(named.iter().map(|alg| u64::from(alg.0 | 0x8000_0000)));
    values.extend((0..0x80).map(|category| category << 24 | 0x0012_3456));
    values.extend((0..32).map(|bit| 1 << bit));
    values.push(0xffff_ffff);
    values
}

fn types() -> Vec<u64> {
    let mut all = constants("PSA_KEY_TYPE_");
    for base in [0x4100, 0x7100, 0x4180, 0x7180, 0x4200, 0x7200, 0x4400, 0x7400, 0x3280, 0x3300] {
        all.extend([0x02, 0x03, 0x04, 0x0b, 0x12, 0x17, 0x30, 0x41, 0x42].map(|family| base | family));
    }
    all.extend((0..16).map(|bit| 1 << bit));
    all.extend([0x8000, 0xa400, 0xf001, 0xffff]);
    all
}

fn primitives() -> Vec<u64> {
    let mut all = vec![0, 0x0300_0100, 0xffff_ffff];
    for (family, bits) in [(0x12, 256), (0x12, 521), (0x17, 225), (0x30, 512), (0x41, 255), (0x41, 448), (0x42, 448)] {
        all.push(1 << 24 | family << 16 | bits);
    }
    all.extend([2048, 8192].map(|bits| 2 << 24 | 3 << 16 | bits));
    all
}

/// A twin, from arguments to result as C has them.
type Function = dyn Fn(&[u64]) -> u64;

/// A macro and its twin.
pub struct Twin {
    /// The name in C.
    pub name: String,
    /// What its arguments are taken from.
    pub domains: Vec<Domain>,
    /// The twin.
    pub function: Box<Function>,
}

/// A Rust type that is a number in C.
trait Number: Copy {
    fn to(self) -> u64;
    fn from(value: u64) -> Self;
}

macro_rules! numbers {
    ($($name:ident($inner:ty)),*) => {$(
        impl Number for $name {
            fn to(self) -> u64 {
                self.0.into()
            }
            fn from(value: u64) -> Self {
                Self(value as $inner)
            }
        }
    )*};
    ($($name:ty),*) => {$(
        impl Number for $name {
            fn to(self) -> u64 {
                self as u64
            }
            fn from(value: u64) -> Self {
                value as $name
            }
        }
    )*};
}

numbers!(Algorithm(u32), KeyType(u16), EccFamily(u8), DhFamily(u8), SlhDsaFamily(u8), Lifetime(u32));
numbers!(PakePrimitive(u32), PakeStep(u8));
numbers!(u8, u32, usize);

impl Number for bool {
    fn to(self) -> u64 {
        self.into()
    }
    fn from(value: u64) -> Self {
        value != 0
    }
}

/// `prefix, path: functions; arguments`: the name in C is the prefix and the function's name in capitals.
macro_rules! table {
    ($list:ident, $prefix:literal, ($($argument:ident: $domain:ident),*), $($path:ident)::+: $($function:ident)*) => {
        table!(@each $list, $prefix, [$($argument $domain)*], [$($path)::+], $($function)*)
    };
    (@each $list:ident, $prefix:literal, $arguments:tt, $path:tt, $($function:ident)*) => {
        $(table!(@one $list, $prefix, $arguments, $path, $function);)*
    };
    (@one $list:ident, $prefix:literal, [$($argument:ident $domain:ident)*], [$($path:ident)::+], $function:ident) => {
        $list.push(Twin {
            name: format!("{}{}", $prefix, stringify!($function).to_uppercase()),
            domains: vec![$(Domain::$domain),*],
            function: Box::new(|arguments| {
                let mut arguments = arguments.iter();
                $(let $argument = Number::from(*arguments.next().unwrap());)*
                $($path)::+::$function($($argument),*).to()
            }),
        })
    };
}

const HASH_CONSTRUCTORS: [fn(Algorithm) -> Algorithm; 25] = [
    Algorithm::hmac,
    Algorithm::blake2_mac,
    Algorithm::hkdf,
    Algorithm::hkdf_extract,
    Algorithm::hkdf_expand,
    Algorithm::sp800_108_counter_hmac,
    Algorithm::tls12_prf,
    Algorithm::tls12_psk_to_ms,
    Algorithm::pbkdf2_hmac,
    Algorithm::wpa3_sae_h2e,
    Algorithm::rsa_pkcs1v15_sign,
    Algorithm::rsa_pss,
    Algorithm::rsa_pss_any_salt,
    Algorithm::ecdsa,
    Algorithm::deterministic_ecdsa,
    Algorithm::hash_slh_dsa,
    Algorithm::deterministic_hash_slh_dsa,
    Algorithm::hash_ml_dsa,
    Algorithm::deterministic_hash_ml_dsa,
    Algorithm::rsa_oaep,
    Algorithm::jpake,
    Algorithm::spake2p_hmac,
    Algorithm::spake2p_cmac,
    Algorithm::wpa3_sae_fixed,
    Algorithm::wpa3_sae_gdh,
];

/// All macros.
pub fn twins() -> Vec<Twin> {
    let mut list = Vec::new();
    algorithm_twins(&mut list);
    key_type_twins(&mut list);
    size_twins(&mut list);
    list
}

fn algorithm_twins(list: &mut Vec<Twin>) {
    table!(list, "PSA_ALG_", (alg: Alg), Algorithm:
        is_hash is_xof is_mac is_cipher is_aead is_sign is_asymmetric_encryption is_key_derivation is_key_agreement
        is_pake is_key_wrap is_key_encapsulation is_blake2_hash xof_has_context is_hmac is_blake2_mac
        is_block_cipher_mac is_stream_cipher is_aead_on_block_cipher is_key_derivation_stretching is_hkdf
        is_hkdf_extract is_hkdf_expand is_sp800_108_counter_hmac is_tls12_prf is_tls12_psk_to_ms is_pbkdf2_hmac
        is_wpa3_sae_h2e is_rsa_pkcs1v15_sign is_rsa_pss is_rsa_pss_standard_salt is_rsa_pss_any_salt is_ecdsa
        is_randomized_ecdsa is_deterministic_ecdsa is_hash_eddsa is_slh_dsa is_hash_slh_dsa is_hedged_hash_slh_dsa
        is_deterministic_hash_slh_dsa is_ml_dsa is_hash_ml_dsa is_hedged_hash_ml_dsa is_deterministic_hash_ml_dsa
        is_rsa_oaep is_standalone_key_agreement is_raw_key_agreement is_ffdh is_ecdh is_jpake is_spake2p
        is_spake2p_hmac is_spake2p_cmac is_wpa3_sae is_wpa3_sae_fixed is_wpa3_sae_gdh is_wildcard is_hash_and_sign
        is_sign_hash is_sign_message sign_supports_context get_hash full_length_mac aead_with_default_length_tag
        key_agreement_get_base key_agreement_get_kdf);
    table!(list, "PSA_ALG_", (hash: Alg), Algorithm:
        hmac blake2_mac hkdf hkdf_extract hkdf_expand sp800_108_counter_hmac tls12_prf tls12_psk_to_ms pbkdf2_hmac
        wpa3_sae_h2e rsa_pkcs1v15_sign rsa_pss rsa_pss_any_salt ecdsa deterministic_ecdsa hash_slh_dsa
        deterministic_hash_slh_dsa hash_ml_dsa deterministic_hash_ml_dsa rsa_oaep jpake spake2p_hmac spake2p_cmac
        wpa3_sae_fixed wpa3_sae_gdh);
    table!(list, "PSA_ALG_", (alg: SomeAlg, length: TagLength), Algorithm:
        truncated_mac at_least_this_length_mac aead_with_shortened_tag aead_with_at_least_this_length_tag);
    table!(list, "PSA_ALG_", (agreement: SomeAlg, derivation: SomeAlg), Algorithm: key_agreement);
}

fn key_type_twins(list: &mut Vec<Twin>) {
    table!(list, "PSA_KEY_TYPE_", (key_type: Type), KeyType:
        is_unstructured is_asymmetric is_public_key is_key_pair is_rsa is_ecc is_ecc_key_pair is_ecc_public_key is_dh
        is_dh_key_pair is_dh_public_key is_slh_dsa is_slh_dsa_key_pair is_slh_dsa_public_key is_ml_dsa is_ml_kem
        is_spake2p is_spake2p_key_pair is_spake2p_public_key is_wpa3_sae_ecc is_wpa3_sae_dh ecc_get_family
        dh_get_family slh_dsa_get_family spake2p_get_family wpa3_sae_ecc_get_family wpa3_sae_dh_get_family
        key_pair_of_public_key public_key_of_key_pair);
    table!(list, "PSA_KEY_TYPE_", (family: Family), KeyType:
        ecc_key_pair ecc_public_key dh_key_pair dh_public_key slh_dsa_key_pair slh_dsa_public_key spake2p_key_pair
        spake2p_public_key wpa3_sae_ecc wpa3_sae_dh);
    table!(list, "PSA_", (key_type: Type), KeyType: block_cipher_block_length);
    list.push(Twin {
        name: "PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION".into(),
        domains: vec![Domain::Persistence, Domain::Location],
        function: Box::new(|arguments| Lifetime::new(arguments[0] as u8, arguments[1] as u32).0.into()),
    });
    table!(list, "PSA_KEY_LIFETIME_GET_", (lifetime: Lifetime), Lifetime: persistence location);
    table!(list, "PSA_KEY_LIFETIME_", (lifetime: Lifetime), Lifetime: is_volatile);
    list.push(Twin {
        name: "PSA_PAKE_PRIMITIVE".into(),
        domains: vec![Domain::PrimitiveType, Domain::Persistence, Domain::Length],
        function: Box::new(|arguments| {
            PakePrimitive::new(arguments[0] as u8, arguments[1] as u8, arguments[2] as usize).0.into()
        }),
    });
    table!(list, "PSA_PAKE_PRIMITIVE_", (primitive: Primitive), PakePrimitive: get_type get_family get_bits);
}

fn size_twins(list: &mut Vec<Twin>) {
    table!(list, "PSA_", (alg: Alg), sizes:
        hash_length hash_block_length hash_suspend_output_size hash_suspend_input_length_field_length
        hash_suspend_hash_state_field_length);
    table!(list, "PSA_", (key_type: Type, bits: Bits, alg: SomeAlg), sizes:
        mac_length aead_tag_length sign_output_size asymmetric_encrypt_output_size asymmetric_decrypt_output_size
        encapsulate_ciphertext_size);
    table!(list, "PSA_", (key_type: Type, alg: Alg), sizes:
        cipher_iv_length cipher_finish_output_size aead_nonce_length aead_finish_output_size aead_verify_output_size);
    table!(list, "PSA_", (key_type: CipherType, alg: SomeAlg, length: Length), sizes:
        cipher_encrypt_output_size cipher_decrypt_output_size cipher_update_output_size aead_encrypt_output_size
        aead_decrypt_output_size aead_update_output_size);
    table!(list, "PSA_", (length: Length), sizes:
        cipher_encrypt_output_max_size cipher_decrypt_output_max_size cipher_update_output_max_size
        aead_encrypt_output_max_size aead_decrypt_output_max_size aead_update_output_max_size);
    table!(list, "PSA_", (key_type: Type, bits: Bits), sizes:
        export_key_output_size export_public_key_output_size raw_key_agreement_output_size);
    table!(list, "PSA_", (wrapping: CipherType, alg: SomeAlg, key_type: CipherType, bits: Bits), sizes:
        wrap_key_output_size);
    table!(list, "PSA_", (alg: SomeAlg, primitive: Primitive, step: Step), sizes: pake_output_size pake_input_size);
}
