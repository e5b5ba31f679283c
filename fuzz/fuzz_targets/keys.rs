//! Any bytes as a key of any type: imported or refused by both engines; what is imported is exported and imported
//! again with the same result.
#![no_main]

use libfuzzer_sys::fuzz_target;
use parsec::engines::{Engine, mbed_crypto::MbedCrypto, native::Native};
use parsec::psa::KeyType;

/// One type of each format: byte strings, RSA in DER, the families of curves, finite fields, post-quantum keys.
const TYPES: [u16; 21] = [
    0x1001, 0x1100, 0x2400, 0x7001, 0x4001, 0x7112, 0x4112, 0x7117, 0x7130, 0x4130, 0x7141, 0x4142, 0x7203, 0x4205, 0x7004,
    0x4004, 0x4002, 0x4007, 0x4008, 0x400b, 0x400d,
];

fuzz_target!(|input: (u8, u16, &[u8])| {
    let (choice, bits, material) = input;
    let Some(&key_type) = TYPES.get(usize::from(choice)) else { return };
    let key_type = KeyType(key_type);
    let bits = if bits > 4096 { 0 } else { usize::from(bits) };
    let mbed_crypto = MbedCrypto::new().expect("Mbed TLS");
    let engines: [&dyn Engine; 2] = [&Native, &mbed_crypto];
    for engine in engines {
        let Ok((key, size)) = engine.import(key_type, bits, material) else { continue };
        assert!(bits == 0 || bits == size, "imported with another size than asked for");
        let (again, size_again) = engine.import(key_type, size, &key).expect("what was imported is importable");
        assert_eq!((&*key, size), (&*again, size_again));
    }
});
