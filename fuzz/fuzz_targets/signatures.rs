//! Public keys and signatures of the schemes that are parsed here: LMS, HSS, XMSS, XMSS^MT; and peers of finite-field
//! Diffie-Hellman. Nothing panics, and a signature that is found right by chance would be news.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parsec::core::primitives::Key;
use parsec::engines::Engine;
use parsec::engines::native::Native;
use parsec::psa::{Algorithm, DhFamily, KeyType};

const SCHEMES: [(KeyType, Algorithm); 4] = [
    (KeyType::LMS_PUBLIC_KEY, Algorithm::LMS),
    (KeyType::HSS_PUBLIC_KEY, Algorithm::HSS),
    (KeyType::XMSS_PUBLIC_KEY, Algorithm::XMSS),
    (KeyType::XMSS_MT_PUBLIC_KEY, Algorithm::XMSS_MT),
];

fuzz_target!(|data: &[u8]| {
    let [choice, length, rest @ ..] = data else { return };
    let (key, signature) = rest.split_at(rest.len().min(usize::from(*length)));
    if let Some((key_type, alg)) = SCHEMES.get(usize::from(choice % 5)) {
        verify(*key_type, *alg, key, signature);
    } else if let Ok((material, bits)) = Native.import(KeyType::dh_public_key(DhFamily::RFC7919), 0, rest) {
        let prepared = Native.prepare(KeyType::dh_public_key(DhFamily::RFC7919), bits, &material);
        assert_eq!(prepared.and_then(|key| key.public_key(&mut vec![0; bits / 8])), Ok(bits / 8));
    }
});

fn verify(key_type: KeyType, alg: Algorithm, key: &[u8], signature: &[u8]) {
    let Ok((material, bits)) = Native.import(key_type, 0, key) else { return };
    let Ok(key) = Native.prepare(key_type, bits, &material) else { panic!("what is imported can be prepared") };
    let key: &dyn Key = &*key;
    let Some(family) = key.signature() else { panic!("keys of hash-based schemes verify") };
    let whole = family.verify_message(alg, b"message", &[], signature);
    let in_parts = family.begin_message(alg, &[], Some(signature)).and_then(|begun| match begun {
        None => family.verify_message(alg, b"message", &[], signature),
        Some(mut digest) => {
            digest.operation.update(b"message")?;
            let mut bytes = vec![0; digest.length];
            digest.operation.finish(&mut bytes)?;
            family.verify_digest(alg, &bytes, signature)
        }
    });
    assert_eq!(whole, in_parts);
}
