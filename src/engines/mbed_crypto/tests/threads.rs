//! Many threads and many keys, though Mbed TLS knows of one thread and 32 keys.

use std::thread;

use super::*;
use crate::core::primitives::Direction;
use crate::engines::native::Native;
use crate::memory::InOut;

/// More threads than processors, each with its own mixture, on keys that they share.
#[test]
fn eight_threads_share_keys() {
    let engine = engine();
    let pair = engine.generate(P256_PAIR, 256, &[]).unwrap();
    let pair = prepare(&engine, P256_PAIR, &pair);
    let reference = prepare(&Native, KeyType::ecc_public_key(EccFamily::SECP_R1), &public_key(&*pair));
    let aes = prepare(&engine, KeyType::AES, &[7; 32]);
    let expected = sealed(&*aes, b"message");

    let work = |thread: usize| {
        for round in 0..24 {
            match (thread + round) % 6 {
                0 => {
                    let hash = [round as u8; 32];
                    let signature = sign(&*pair, ECDSA_SHA_256, &hash);
                    assert_eq!(verify(&*reference, ECDSA_SHA_256, &hash, &signature), Ok(()));
                }
                1 => assert_eq!(sealed(&*aes, b"message"), expected),
                2 => {
                    let mut hashes = [[0; 32]; 2];
                    engine.hash().compute(Algorithm::SHA_256, &[round as u8; 5000], &mut hashes[0]).unwrap();
                    Native.hash().compute(Algorithm::SHA_256, &[round as u8; 5000], &mut hashes[1]).unwrap();
                    assert_eq!(hashes[0], hashes[1]);
                }
                3 => {
                    let mut random = [0; 32];
                    engine.random(&mut random).unwrap();
                    assert_ne!(random, [0; 32]);
                }
                4 => {
                    let material = engine.generate(P256_PAIR, 256, &[]).unwrap();
                    let fresh = prepare(&engine, P256_PAIR, &material);
                    let agree = |key: &dyn Key, peer: &dyn Key| {
                        key.key_agreement().unwrap().agree(Algorithm::ECDH, &public_key(peer)).unwrap()
                    };
                    assert!(agree(&*fresh, &*pair) == agree(&*pair, &*fresh));
                }
                _ => cipher_in_parts(&*aes),
            }
        }
    };
    thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || work(thread));
        }
    });
}

fn sealed(key: &dyn Key, plaintext: &[u8]) -> Vec<u8> {
    let mut output = vec![0; plaintext.len() + 16];
    let aead = key.aead().unwrap();
    aead.encrypt(Algorithm::GCM, &[3; 12], b"data", &mut InOut::new(plaintext, &mut output)).unwrap();
    output
}

/// Operations of other threads come between the parts.
fn cipher_in_parts(key: &dyn Key) {
    let mut text = [0x11; 40];
    for direction in [Direction::Encrypt, Direction::Decrypt] {
        let mut operation = key.cipher().unwrap().setup(Algorithm::CTR, direction).unwrap();
        operation.set_iv(&[9; 16]).unwrap();
        for piece in text.chunks_mut(7) {
            let input = piece.to_vec();
            operation.update(&mut InOut::new(&input, piece)).unwrap();
        }
        operation.finish(&mut []).unwrap();
    }
    assert_eq!(text, [0x11; 40]);
}

/// 1,000 prepared keys at once, and each of them is its own.
#[test]
fn a_thousand_keys() {
    let engine = engine();
    let message = b"a thousand keys";
    let material = |index: usize| (index as u128).to_be_bytes().repeat(2);
    let keys: Vec<_> = (0..1000).map(|index| prepare(&engine, KeyType::HMAC, &material(index))).collect();
    let alg = Algorithm::hmac(Algorithm::SHA_256);
    thread::scope(|scope| {
        for first in 0..8 {
            let keys = &keys;
            scope.spawn(move || {
                for index in (first..keys.len()).step_by(8) {
                    let mut macs = [[0; 32]; 2];
                    let native = prepare(&Native, KeyType::HMAC, &material(index));
                    for (key, mac) in [&keys[index], &native].into_iter().zip(&mut macs) {
                        key.mac().unwrap().compute(alg, message, mac).unwrap();
                    }
                    assert_eq!(macs[0], macs[1]);
                }
            });
        }
    });
}

/// 100 operations of each kind begun and none ended: they take no slots.
#[test]
fn many_operations_at_once() {
    let engine = engine();
    let key = prepare(&engine, KeyType::AES, &[7; 16]);
    let ciphers: Vec<_> =
        (0..100).map(|_| key.cipher().unwrap().setup(Algorithm::CTR, Direction::Encrypt).unwrap()).collect();
    let derivations: Vec<_> = (0..100)
        .map(|_| {
            let inputs = crate::core::primitives::DerivationInputs {
                secret: Some(crate::memory::Secret::new(vec![1; 16])),
                ..Default::default()
            };
            engine.key_derivation().start(Algorithm::hkdf(Algorithm::SHA_256), inputs).unwrap()
        })
        .collect();
    cipher_in_parts(&*key);
    drop((ciphers, derivations));
}
