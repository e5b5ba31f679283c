//! Keys from a derivation (PSA 1.5, section 9.5): what each procedure makes of the bytes that it is given.

use super::hex;
use crate::core::primitives::DerivationOutput;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::{DhFamily, EccFamily, Error, KeyType, Result, SlhDsaFamily};

/// Gives out these bytes.
struct Stream(Vec<u8>);

impl DerivationOutput for Stream {
    fn read(&mut self, output: &mut [u8]) -> Result<()> {
        if output.len() > self.0.len() {
            return Err(Error::InsufficientData);
        }
        output.copy_from_slice(&self.0.drain(..output.len()).collect::<Vec<u8>>());
        Ok(())
    }
}

/// The key and how many bytes are left.
fn derive(key_type: KeyType, bits: usize, stream: &[u8]) -> Result<(Vec<u8>, usize)> {
    let mut stream = Stream(stream.to_vec());
    let key = Native.derive(key_type, bits, &mut stream)?;
    let imported = Native.import(key_type, bits, &key).unwrap();
    assert_eq!(imported, (key.clone(), bits), "what is derived is a key");
    Ok((key.to_vec(), stream.0.len()))
}

/// One is added to what is drawn; what is not less than the order minus one is drawn again (table 8).
#[test]
fn scalars_are_drawn_until_one_fits() {
    let p256 = KeyType::ecc_key_pair(EccFamily::SECP_R1);
    let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325";
    let (last, too_large) = (hex(&format!("{order}4f")), hex(&format!("{order}50")));
    let stream = |parts: &[&[u8]]| parts.concat();
    assert_eq!(derive(p256, 256, &stream(&[&last, &[1; 32]])), Ok((hex(&format!("{order}50")), 32)));
    let one = [&[0; 31][..], &[1]].concat();
    for rejected in [&too_large[..], &hex(&format!("{order}51")), &[0xff; 32]] {
        assert_eq!(derive(p256, 256, &stream(&[rejected, rejected, &[0; 32], &[9; 5]])), Ok((one.clone(), 5)));
        assert_eq!(derive(p256, 256, rejected), Err(Error::InsufficientData));
    }
    // 521 bits are 66 bytes, of which 7 bits are not used.
    let p521 = derive(p256, 521, &[&[0xfe][..], &[7; 65]].concat()).unwrap();
    assert_eq!(p521, ([&[0][..], &[7; 64], &[8]].concat(), 0));
    for (family, bits) in [(EccFamily::SECP_K1, 192), (EccFamily::BRAINPOOL_P_R1, 160), (EccFamily::SECP_R1, 224)] {
        let key = derive(KeyType::ecc_key_pair(family), bits, &vec![3; bits / 8]).unwrap();
        assert_eq!(key, ([&vec![3; bits / 8 - 1][..], &[4]].concat(), 0));
    }
    for family in [DhFamily::RFC7919, DhFamily::RFC3526] {
        let all_ones = vec![0xff; 256];
        let key = derive(KeyType::dh_key_pair(family), 2048, &[&all_ones[..], &[5; 256]].concat()).unwrap();
        assert_eq!(key, ([&[5; 255][..], &[6]].concat(), 0));
    }
}

#[test]
fn other_private_keys_are_drawn_as_they_are() {
    let (montgomery, edwards) =
        (KeyType::ecc_key_pair(EccFamily::MONTGOMERY), KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS));
    let clamped = [&[0xf8][..], &[0xff; 30], &[0x7f]].concat();
    assert_eq!(derive(montgomery, 255, &[0xff; 33]), Ok((clamped, 1)));
    assert_eq!(derive(montgomery, 448, &[0; 57]), Ok(([&[0; 55][..], &[0x80]].concat(), 1)));
    assert_eq!(derive(edwards, 255, &[0xa5; 33]), Ok((vec![0xa5; 32], 1)));
    assert_eq!(derive(edwards, 448, &[0xa5; 58]), Ok((vec![0xa5; 57], 1)));
    for bits in [512, 768, 1024] {
        let stream: Vec<u8> = (0..65).collect();
        assert_eq!(derive(KeyType::ML_KEM_KEY_PAIR, bits, &stream), Ok((stream[..64].to_vec(), 1)));
    }
    assert_eq!(derive(KeyType::ML_DSA_KEY_PAIR, 192, &[9; 33]), Ok((vec![9; 32], 1)));
    let slh_dsa = KeyType::slh_dsa_key_pair(SlhDsaFamily::SHA2_F);
    let stream: Vec<u8> = (0..50).collect();
    let (key, left) = derive(slh_dsa, 128, &stream).unwrap();
    assert_eq!((&key[..48], key.len(), left), (&stream[..48], 64, 2));
    assert_eq!(derive(slh_dsa, 128, &[0; 47]), Err(Error::InsufficientData));
}

#[test]
fn what_has_no_procedure_is_not_derived() {
    assert_eq!(derive(KeyType::RSA_KEY_PAIR, 2048, &[1; 5000]), Err(Error::NotSupported));
    assert_eq!(derive(KeyType::ecc_key_pair(EccFamily::SECT_K1), 233, &[1; 50]), Err(Error::NotSupported));
    assert_eq!(derive(KeyType::ecc_public_key(EccFamily::SECP_R1), 256, &[1; 50]), Err(Error::InvalidArgument));
    assert_eq!(derive(KeyType::LMS_PUBLIC_KEY, 256, &[1; 50]), Err(Error::InvalidArgument));
}
