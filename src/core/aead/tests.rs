mod order;

use super::*;
use crate::cause;
use crate::core::keys;
use crate::core::tests::{BareKey, hex, library, volatile};
use crate::memory::tests::overlapping;
use crate::psa::KeyType;

const BOTH: Usage = Usage(Usage::ENCRYPT.0 | Usage::DECRYPT.0);
const CCM_4: Algorithm = Algorithm::CCM.aead_with_shortened_tag(4);

fn import(library: &Library, key_type: KeyType, usage: Usage, alg: Algorithm, material: &[u8]) -> KeyId {
    keys::import(library, &volatile(key_type, 0, usage, alg), material).unwrap()
}

fn aes(library: &Library, alg: Algorithm) -> KeyId {
    import(library, KeyType::AES, BOTH, alg, &[1; 16])
}

struct Vector {
    key_type: KeyType,
    alg: Algorithm,
    key: Vec<u8>,
    nonce: Vec<u8>,
    ad: Vec<u8>,
    plaintext: Vec<u8>,
    /// With the tag.
    ciphertext: Vec<u8>,
}

impl Vector {
    fn import(&self, library: &Library) -> KeyId {
        import(library, self.key_type, BOTH, self.alg, &self.key)
    }

    /// Begins an operation up to the nonce.
    fn begin(&self, library: &Library, direction: Direction) -> Handle {
        let (key, mut handle) = (self.import(library), 0);
        match direction {
            Direction::Encrypt => encrypt_setup(library, &mut handle, key, self.alg).unwrap(),
            Direction::Decrypt => decrypt_setup(library, &mut handle, key, self.alg).unwrap(),
        }
        set_lengths(library, &mut handle, self.ad.len(), self.plaintext.len()).unwrap();
        set_nonce(library, &mut handle, &self.nonce).unwrap();
        handle
    }

    fn text_and_tag(&self) -> (&[u8], &[u8]) {
        self.ciphertext.split_at(self.plaintext.len())
    }
}

/// The specification of GCM by McGrew and Viega, test case 4; NIST SP 800-38C, example 1; RFC 8439, section 2.8.2.
fn vectors() -> [Vector; 3] {
    [
        Vector {
            key_type: KeyType::AES,
            alg: Algorithm::GCM,
            key: hex("feffe9928665731c6d6a8f9467308308"),
            nonce: hex("cafebabefacedbaddecaf888"),
            ad: hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
            plaintext: hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e24\
                            49a6b525b16aedf5aa0de657ba637b39"),
            ciphertext: hex("42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5a\
                             ac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47"),
        },
        Vector {
            key_type: KeyType::AES,
            alg: CCM_4,
            key: (0x40..0x50).collect(),
            nonce: (0x10..0x17).collect(),
            ad: (0..8).collect(),
            plaintext: hex("20212223"),
            ciphertext: hex("7162015b4dac255d"),
        },
        Vector {
            key_type: KeyType::CHACHA20,
            alg: Algorithm::CHACHA20_POLY1305,
            key: (0x80..0xa0).collect(),
            nonce: hex("070000004041424344454647"),
            ad: hex("50515253c0c1c2c3c4c5c6c7"),
            plaintext: b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
                         sunscreen would be it."
                .to_vec(),
            ciphertext: hex("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69\
                             da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad67594\
                             5585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691"),
        },
    ]
}

/// One call with buffers of our own.
fn one_call(call: impl FnOnce(&mut InOut<'_>) -> Result<usize>, input: &[u8], size: usize) -> (Result<usize>, Vec<u8>) {
    let mut output = vec![0x5a; size];
    let result = call(&mut InOut::new(input, &mut output));
    (result, output)
}

/// Additional data and text in parts.
fn in_parts(library: &Library, handle: &mut Handle, ad: &[u8], input: &[u8], part: usize) -> Vec<u8> {
    ad.chunks(part).for_each(|part| update_ad(library, handle, part).unwrap());
    let mut output = vec![0; input.len()];
    for (input, output) in input.chunks(part).zip(output.chunks_mut(part)) {
        assert_eq!(update(library, handle, &mut InOut::new(input, output)), Ok(input.len()));
    }
    output
}

#[test]
fn the_vectors_of_the_standards_in_one_call() {
    let (library, _directory) = library();
    for vector in vectors() {
        let Vector { alg, ref nonce, ref ad, ref plaintext, ref ciphertext, .. } = vector;
        let key = vector.import(&library);
        let call = |data: &mut InOut<'_>| encrypt(&library, key, alg, nonce, ad, data);
        let (result, output) = one_call(call, plaintext, ciphertext.len() + 3);
        assert_eq!((result, &output[..ciphertext.len()]), (Ok(ciphertext.len()), &ciphertext[..]));
        assert_eq!(&output[ciphertext.len()..], [0x5a; 3], "nothing is written behind the tag");
        let call = |data: &mut InOut<'_>| decrypt(&library, key, alg, nonce, ad, data);
        assert_eq!(one_call(call, ciphertext, plaintext.len()), (Ok(plaintext.len()), plaintext.clone()));
    }
}

#[test]
fn the_vectors_of_the_standards_in_parts() {
    let (library, _directory) = library();
    for vector in vectors() {
        let (text, expected_tag) = vector.text_and_tag();
        for part in [1, 3, 16, 50] {
            let mut handle = vector.begin(&library, Direction::Encrypt);
            assert_eq!(in_parts(&library, &mut handle, &vector.ad, &vector.plaintext, part), text);
            let mut tag = [0; 16];
            assert_eq!(finish(&library, &mut handle, &mut tag), Ok(expected_tag.len()));
            assert_eq!((&tag[..expected_tag.len()], handle), (expected_tag, 0));

            let mut handle = vector.begin(&library, Direction::Decrypt);
            assert_eq!(in_parts(&library, &mut handle, &vector.ad, text, part), vector.plaintext);
            assert_eq!(verify(&library, &mut handle, expected_tag), Ok(()));
            assert_eq!(handle, 0);
        }
    }
}

#[test]
fn what_is_not_authentic_is_an_invalid_signature_and_wiped() {
    let (library, _directory) = library();
    for vector in vectors() {
        let Vector { alg, ref nonce, ref ad, ref plaintext, ref ciphertext, .. } = vector;
        let key = vector.import(&library);
        for place in [0, plaintext.len(), ciphertext.len() - 1] {
            let mut altered = ciphertext.clone();
            altered[place] ^= 0x80;
            let mut output = vec![0x5a; plaintext.len()];
            let result = decrypt(&library, key, alg, nonce, ad, &mut InOut::new(&altered, &mut output));
            assert_eq!((result, output), (Err(Error::InvalidSignature), vec![0; plaintext.len()]));
        }
        let short = &ciphertext[..alg.aead_tag_length() - 1];
        let result = one_call(|data| decrypt(&library, key, alg, nonce, ad, data), short, 16).0;
        assert_eq!(result, Err(Error::InvalidSignature), "not even a tag");

        let (text, tag) = vector.text_and_tag();
        let longer = [tag, &[0]].concat();
        for wrong in [&tag[..tag.len() - 1], &longer, &[]] {
            let mut handle = vector.begin(&library, Direction::Decrypt);
            in_parts(&library, &mut handle, ad, text, 7);
            assert_eq!(verify(&library, &mut handle, wrong), Err(Error::InvalidSignature));
            assert_eq!(verify(&library, &mut handle, tag), Err(Error::BadState));
        }
    }
}

#[test]
fn a_short_buffer_is_left_alone() {
    let (library, _directory) = library();
    for vector in vectors() {
        let Vector { alg, ref nonce, ref ad, ref plaintext, ref ciphertext, .. } = vector;
        let key = vector.import(&library);
        let size = ciphertext.len() - 1;
        let made = one_call(|data| encrypt(&library, key, alg, nonce, ad, data), plaintext, size);
        assert_eq!(made, (Err(Error::BufferTooSmall), vec![0x5a; size]));
        let size = plaintext.len() - 1;
        let made = one_call(|data| decrypt(&library, key, alg, nonce, ad, data), ciphertext, size);
        assert_eq!(made, (Err(Error::BufferTooSmall), vec![0x5a; size]));

        let mut handle = vector.begin(&library, Direction::Encrypt);
        update_ad(&library, &mut handle, ad).unwrap();
        let made = one_call(|data| update(&library, &mut handle, data), plaintext, size);
        assert_eq!(made, (Err(Error::BufferTooSmall), vec![0x5a; size]));
        assert_eq!(finish(&library, &mut handle, &mut [0; 16]), Err(Error::BadState));

        let mut handle = vector.begin(&library, Direction::Encrypt);
        in_parts(&library, &mut handle, ad, plaintext, 16);
        let mut tag = vec![0x5a; alg.aead_tag_length() - 1];
        assert_eq!(finish(&library, &mut handle, &mut tag), Err(Error::BufferTooSmall));
        assert!(tag.iter().all(|byte| *byte == 0x5a));
    }
}

#[test]
fn overlapping_buffers_give_the_result_of_disjoint_ones() {
    let (library, _directory) = library();
    for vector in vectors() {
        let Vector { alg, ref nonce, ref ad, ref plaintext, ref ciphertext, .. } = vector;
        let key = vector.import(&library);
        for shift in [0, 1, 16, 40] {
            for (input, output) in [(0, shift), (shift, 0)] {
                let (input, output) = (input..input + plaintext.len(), output..output + ciphertext.len());
                let mut memory = vec![0; 200];
                memory[input.clone()].copy_from_slice(plaintext);
                let data = &mut overlapping(&mut memory, input, output.clone());
                assert_eq!(encrypt(&library, key, alg, nonce, ad, data), Ok(ciphertext.len()));
                assert_eq!(memory[output.clone()], ciphertext[..]);

                let plain = output.start + shift..output.start + shift + plaintext.len();
                let data = &mut overlapping(&mut memory, output, plain.clone());
                assert_eq!(decrypt(&library, key, alg, nonce, ad, data), Ok(plaintext.len()));
                assert_eq!(memory[plain], plaintext[..]);
            }
        }
    }
}

#[test]
fn lengths_of_tags() {
    let (library, _directory) = library();
    let cases: [(KeyType, Algorithm, &[usize]); 3] = [
        (KeyType::AES, Algorithm::CCM, &[4, 6, 8, 10, 12, 14, 16]),
        (KeyType::AES, Algorithm::GCM, &[4, 8, 12, 13, 14, 15, 16]),
        (KeyType::CHACHA20, Algorithm::CHACHA20_POLY1305, &[16]),
    ];
    for (key_type, base, valid) in cases {
        let key = import(&library, key_type, BOTH, base.aead_with_at_least_this_length_tag(1), &[1; 32]);
        for length in 1..=20 {
            let alg = base.aead_with_shortened_tag(length);
            let expected = if valid.contains(&length) { Ok(length) } else { Err(Error::InvalidArgument) };
            let made = one_call(|data| encrypt(&library, key, alg, &[0; 12], &[], data), &[], 20).0;
            assert_eq!(made, expected, "{base:?} {length}");
            let mut handle = 0;
            assert_eq!(encrypt_setup(&library, &mut handle, key, alg), expected.map(|_| ()));
        }
    }
}

#[test]
fn lengths_of_nonces() {
    let (library, _directory) = library();
    for (key_type, alg) in [
        (KeyType::AES, Algorithm::CCM),
        (KeyType::AES, Algorithm::GCM),
        (KeyType::CHACHA20, Algorithm::CHACHA20_POLY1305),
    ] {
        let key = import(&library, key_type, BOTH, alg, &[1; 32]);
        for length in 0..=33 {
            let expected = match alg {
                Algorithm::CCM if (7..=13).contains(&length) => Ok(()),
                Algorithm::GCM if length > 0 => Ok(()),
                Algorithm::CHACHA20_POLY1305 if length == 12 => Ok(()),
                Algorithm::CHACHA20_POLY1305 if length == 8 => Err(Error::NotSupported),
                _ => Err(Error::InvalidArgument),
            };
            let nonce = vec![0; length];
            let made = one_call(|data| encrypt(&library, key, alg, &nonce, &[], data), b"abc", 19);
            assert_eq!(made.0.map(|_| ()), expected, "{alg:?} {length}");
            let call = |data: &mut InOut<'_>| decrypt(&library, key, alg, &nonce, &[], data);
            let back = one_call(call, &made.1, 3).0.map(|_| ());
            assert_eq!(back, expected, "{alg:?} {length}");
            let mut handle = 0;
            encrypt_setup(&library, &mut handle, key, alg).unwrap();
            set_lengths(&library, &mut handle, 0, 0).unwrap();
            assert_eq!(set_nonce(&library, &mut handle, &nonce), expected, "{alg:?} {length}");
        }
    }
}

/// PSA 1.5, section 10.6.1: the plaintext's length is encoded in what the nonce leaves of 15 bytes.
#[test]
fn a_ccm_nonce_and_its_text_share_a_block() {
    let (library, _directory) = library();
    let key = aes(&library, Algorithm::CCM);
    let begin = |text| {
        let mut handle = 0;
        encrypt_setup(&library, &mut handle, key, Algorithm::CCM).unwrap();
        set_lengths(&library, &mut handle, 0, text).unwrap();
        handle
    };
    for (text, longest) in
        [(0, 13), (0xffff, 13), (0x1_0000, 12), (0xff_ffff, 12), (1 << 24, 11), (1 << 32, 10), (1 << 56, 7)]
    {
        assert_eq!(generate_nonce(&library, &mut begin(text), &mut [0; 13]), Ok(longest), "{text}");
        assert_eq!(generate_nonce(&library, &mut begin(text), &mut vec![0; longest]), Ok(longest), "{text}");
        assert_eq!(set_nonce(&library, &mut begin(text), &vec![0; longest]), Ok(()));
        if longest < 13 {
            let longer = set_nonce(&library, &mut begin(text), &vec![0; longest + 1]);
            assert_eq!(longer, Err(Error::InvalidArgument), "{text}");
        }
    }
    let text = vec![0; 0x1_0000];
    let made = |nonce: &[u8]| {
        one_call(|data| encrypt(&library, key, Algorithm::CCM, nonce, &[], data), &text, text.len() + 16).0
    };
    assert_eq!(made(&[0; 13]), Err(Error::InvalidArgument));
    assert_eq!(made(&[0; 12]), Ok(text.len() + 16));
}

/// NIST SP 800-38D, section 5.2.1.1; RFC 8439, section 2.8.
#[test]
fn more_than_the_algorithm_takes_is_refused() {
    let (library, _directory) = library();
    let gcm = aes(&library, Algorithm::GCM);
    let chacha20 = import(&library, KeyType::CHACHA20, BOTH, Algorithm::CHACHA20_POLY1305, &[1; 32]);
    for (key, alg, ad, text) in [
        (gcm, Algorithm::GCM, (1 << 61) - 1, (1 << 36) - 32),
        (chacha20, Algorithm::CHACHA20_POLY1305, usize::MAX, 64 * ((1 << 32) - 1)),
    ] {
        let lengths = |ad, text| {
            let mut handle = 0;
            encrypt_setup(&library, &mut handle, key, alg).unwrap();
            set_lengths(&library, &mut handle, ad, text)
        };
        assert_eq!(lengths(ad, text), Ok(()));
        assert_eq!(lengths(ad, text + 1), Err(Error::InvalidArgument));
        if ad != usize::MAX {
            assert_eq!(lengths(ad + 1, text), Err(Error::InvalidArgument));
        }
    }
}

#[test]
fn key_algorithm_and_usage_go_together() {
    let (library, _directory) = library();
    let gcm = aes(&library, Algorithm::GCM);
    let encrypting = import(&library, KeyType::AES, Usage::ENCRYPT, Algorithm::GCM, &[1; 16]);
    let chacha20 = import(&library, KeyType::CHACHA20, BOTH, Algorithm::GCM, &[1; 32]);
    let at_least = Algorithm::GCM.aead_with_at_least_this_length_tag(8);
    let cases = [
        (KeyId::NULL, Algorithm::GCM, Error::InvalidHandle),
        (encrypting, Algorithm::GCM, Error::NotPermitted),
        (gcm, Algorithm::CCM, Error::NotPermitted),
        (gcm, Algorithm::GCM.aead_with_shortened_tag(12), Error::NotPermitted),
        (gcm, Algorithm::CTR, Error::NotSupported),
        (gcm, at_least, Error::NotSupported),
        (chacha20, Algorithm::GCM, Error::InvalidArgument),
    ];
    for (key, alg, error) in cases {
        let made = one_call(|data| decrypt(&library, key, alg, &[0; 12], &[], data), &[0; 32], 32).0;
        assert_eq!(made, Err(error), "{alg:?}");
        let mut handle = 0;
        assert_eq!(decrypt_setup(&library, &mut handle, key, alg), Err(error), "{alg:?}");
        assert_eq!(handle, 0, "a failed setup leaves the operation inactive");
    }
}

#[test]
fn a_place_without_the_family_says_so() {
    assert_eq!(family(&BareKey).err(), Some(Error::NotSupported));
    assert!(cause::take().unwrap().contains("where it is kept"));
}

#[test]
fn a_key_destroyed_under_an_operation_ends_it() {
    let (library, _directory) = library();
    let before: [fn(&Library, &mut Handle) -> Result<()>; 3] = [
        |library, handle| set_lengths(library, handle, 0, 0),
        |library, handle| generate_nonce(library, handle, &mut [0; 12]).map(|_| ()),
        |library, handle| set_nonce(library, handle, &[0; 12]),
    ];
    let after: [fn(&Library, &mut Handle) -> Result<()>; 3] = [
        |library, handle| update_ad(library, handle, &[0; 12]),
        |library, handle| update(library, handle, &mut InOut::new(&[0; 16], &mut [0; 16])).map(|_| ()),
        |library, handle| finish(library, handle, &mut [0; 16]).map(|_| ()),
    ];
    for (has_nonce, step) in before.iter().map(|step| (false, step)).chain(after.iter().map(|step| (true, step))) {
        let (key, mut handle) = (aes(&library, Algorithm::GCM), 0);
        encrypt_setup(&library, &mut handle, key, Algorithm::GCM).unwrap();
        if has_nonce {
            set_nonce(&library, &mut handle, &[0; 12]).unwrap();
        }
        keys::destroy(&library, key).unwrap();
        assert_eq!(step(&library, &mut handle), Err(Error::BadState));
    }
}
