//! Keys with a public part against standards and another implementation.

use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::{Algorithm, EccFamily, Error, KeyType};

#[test]
fn first_slice() {
    let pair = KeyType::ecc_key_pair(EccFamily::SECP_R1);
    for (key_type, bits, alg) in [
        (pair, 256, Algorithm::ecdsa(Algorithm::SHA_256)),
        (pair, 256, Algorithm::deterministic_ecdsa(Algorithm::SHA_256)),
        (KeyType::RSA_KEY_PAIR, 2048, Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256)),
        (KeyType::RSA_KEY_PAIR, 2048, Algorithm::rsa_pss(Algorithm::SHA_256)),
    ] {
        let material = Native.generate(key_type, bits, &[]).unwrap();
        let (material, imported) = Native.import(key_type, 0, &material).unwrap();
        assert_eq!(imported, bits);
        let key = Native.prepare(key_type, bits, &material).unwrap();
        let mut public = vec![0; 1000];
        let length = key.public_key(&mut public).unwrap();
        public.truncate(length);
        let public = Native.prepare(key_type.public_key_of_key_pair(), bits, &public).unwrap();
        let mut signature = vec![0; 256];
        let length = key.signature().unwrap().sign_hash(alg, &[7; 32], &[], &mut signature).unwrap();
        signature.truncate(length);
        let verifier = public.signature().unwrap();
        verifier.verify_hash(alg, &[7; 32], &[], &signature).unwrap();
        assert_eq!(verifier.verify_hash(alg, &[8; 32], &[], &signature), Err(Error::InvalidSignature));
    }
}
