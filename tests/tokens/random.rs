//! Random numbers of tokens (PSA 1.5, section 10.14), for a program whose configuration takes them from there.

use cryptoki_sys::*;
use parsec::config::Config;
use parsec::core::library::Library;
use parsec::core::random;
use parsec::psa::Error;

use crate::place::{self, in_places};
use crate::shim::{Shim, index};

/// What is in a buffer before.
const UNTOUCHED: u8 = 0xa5;

fn open() -> (Library, Shim) {
    let (config, shim) = place::shimmed();
    let routes = parsec::config::Routes { random: Some(config.backends[0].name.clone()), ..config.routes };
    (Library::new(Config { routes, ..config }).unwrap(), shim)
}

/// FIPS 140-2, section 4.9.1, the monobit test, over more bits: a fair source fails once in about 10^9 runs.
fn is_even(data: &[u8]) -> bool {
    let ones: i64 = data.iter().map(|byte| i64::from(byte.count_ones())).sum();
    let bits = 8 * data.len() as i64;
    // Six standard deviations, each half the root of the number of bits.
    (ones - bits / 2).abs() < 3 * bits.isqrt()
}

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn inside() {
    let (library, shim) = open();
    let device = &library.backends()[0].device;
    let mut numbers = [vec![UNTOUCHED; 5000], vec![UNTOUCHED; 5000]];
    for buffer in &mut numbers {
        let asked = shim.succeeded(index!(C_GenerateRandom));
        device.random(buffer).unwrap();
        assert!(shim.succeeded(index!(C_GenerateRandom)) > asked);
        assert!(is_even(buffer));
    }
    assert!(numbers[0].chunks(16).zip(numbers[1].chunks(16)).all(|(first, second)| first != second));
    // All of it comes from the token: where that writes nothing, nobody does.
    shim.refuse(index!(C_GenerateRandom), CKR_OK, usize::MAX);
    let mut nothing = vec![UNTOUCHED; 5000];
    device.random(&mut nothing).unwrap();
    assert_eq!(nothing, [UNTOUCHED; 5000]);
    shim.refuse(index!(C_GenerateRandom), 0, 0);

    // What a program gets: each piece with the token's part in it.
    let mut output = vec![0; 1000];
    let asked = shim.succeeded(index!(C_GenerateRandom));
    random::generate(&library, &mut output).unwrap();
    assert_eq!(shim.succeeded(index!(C_GenerateRandom)), asked + output.len().div_ceil(256));
    assert!(is_even(&output));
    // Never without it.
    shim.refuse(index!(C_GenerateRandom), CKR_RANDOM_NO_RNG, usize::MAX);
    assert_eq!(random::generate(&library, &mut output), Err(Error::InsufficientEntropy));
    let text = parsec::cause::take().unwrap();
    assert!(text.contains("routes.random") && text.contains("C_GenerateRandom answered CKR_RANDOM_NO_RNG"), "{text}");
    shim.refuse(index!(C_GenerateRandom), 0, 0);
    random::generate(&library, &mut output).unwrap();
}

in_places!(|place| place::run(place, &[], "random::inside"); softhsm kryoptic nss p11_kit tpm2_pkcs11);
