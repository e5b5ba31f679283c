//! What distinguishes DES keys from other bytes: parity and weakness (PSA 1.5, section 9.3.2; NIST SP 800-67, section 3.3).

use subtle::{Choice, ConstantTimeEq};

/// Length of a single DES key in bytes.
pub const KEY_LENGTH: usize = 8;

/// The keys that encrypt alike in both directions, or in pairs.
const WEAK: [u64; 16] = [
    0x0101_0101_0101_0101,
    0xfefe_fefe_fefe_fefe,
    0xe0e0_e0e0_f1f1_f1f1,
    0x1f1f_1f1f_0e0e_0e0e,
    0x011f_011f_010e_010e,
    0x1f01_1f01_0e01_0e01,
    0x01e0_01e0_01f1_01f1,
    0xe001_e001_f101_f101,
    0x01fe_01fe_01fe_01fe,
    0xfe01_fe01_fe01_fe01,
    0x1fe0_1fe0_0ef1_0ef1,
    0xe01f_e01f_f10e_f10e,
    0x1ffe_1ffe_0efe_0efe,
    0xfe1f_fe1f_fe0e_fe0e,
    0xe0fe_e0fe_f1fe_f1fe,
    0xfee0_fee0_fef1_fef1,
];

/// Makes the parity of each byte odd.
pub fn set_parity(key: &mut [u8]) {
    key.iter_mut().for_each(|byte| *byte = with_parity(*byte));
}

fn with_parity(byte: u8) -> u8 {
    byte & 0xfe | ((byte >> 1).count_ones() as u8 & 1 ^ 1)
}

/// True where the parity of each byte is odd.
pub fn has_parity(key: &[u8]) -> bool {
    key.iter().fold(Choice::from(1), |right, byte| right & byte.ct_eq(&with_parity(*byte))).into()
}

/// True for a single key that must not be used.
pub fn is_weak(key: &[u8; KEY_LENGTH]) -> bool {
    let key = u64::from_be_bytes(*key);
    WEAK.iter().fold(Choice::from(0), |found, weak| found | weak.ct_eq(&key)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parity_is_odd() {
        let mut bytes: Vec<u8> = (0..=255).collect();
        assert!(!has_parity(&bytes));
        set_parity(&mut bytes);
        assert!(bytes.iter().all(|byte| byte.count_ones() % 2 == 1));
        assert!(bytes.iter().zip(0..=255u8).all(|(set, byte)| set & 0xfe == byte & 0xfe));
        assert!(has_parity(&bytes));
        bytes[17] ^= 1;
        assert!(!has_parity(&bytes));
    }

    #[test]
    fn weak_keys_have_parity_and_are_found() {
        for weak in WEAK {
            assert!(has_parity(&weak.to_be_bytes()) && is_weak(&weak.to_be_bytes()));
        }
        assert!(!is_weak(&0x0123_4567_89ab_cdef_u64.to_be_bytes()));
    }
}
