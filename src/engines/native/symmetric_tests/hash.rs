use proptest::prelude::*;

use super::super::known_answers;
use super::{Native, hex, long_message, split};
use crate::engines::{Engine, Function};
use crate::psa::{Algorithm, Error, KeyType, sizes};

/// Algorithm, hash of "abc" (RFC 1319 to 1321, the RIPEMD-160 page, FIPS 180-4 and FIPS 202 examples, GM/T 0004, RFC 7693) and
/// hash of `long_message` (`openssl dgst` 3.0; PyCryptodome for MD2 and MD4, CPython's hashlib with its tree parameters for
/// BLAKE2, Ascon's reference in Python, the construction of AES-MMO in Python on OpenSSL).
const VECTORS: [(Algorithm, &str, &str); 27] = [
    (Algorithm::MD2, "da853b0d3f88d99b30283a69e6ded6bb", "a1ed84081668fef812d3144b140015ab"),
    (Algorithm::MD4, "a448017aaf21d8525fc10ae87aa6729d", "a6163d512345f10fd047cd3223590303"),
    (Algorithm::AES_MMO_ZIGBEE, "bd2f2ebd93fadc48bc00174d95422741", "eb34ed9bd6f6cfbfbe8c82b8a8205789"),
    (
        Algorithm::SHA_256_192,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9c",
        "59425e4412e296fc74736673ce067027f384203f59c0d2c3",
    ),
    (
        Algorithm::SHAKE128_256,
        "5881092dd818bf5cf8a3ddb793fbcba74097d5c526a6d35f97b83351940f2cc8",
        "5c309506792c1ac87cd838b0f16ee986e27fa28e6d936d8fd9004c33084bb616",
    ),
    (
        Algorithm::SHAKE256_192,
        "483366601360a8771c6863080cc4114d8db44530f8f1e1ee",
        "94156ae18970b6190b733b053f4b744731bc40ca7d7fb75f",
    ),
    (
        Algorithm::SHAKE256_256,
        "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739",
        "94156ae18970b6190b733b053f4b744731bc40ca7d7fb75fb7de2475b5887d45",
    ),
    (
        Algorithm::SHAKE256_512,
        "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739\
         d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4",
        "94156ae18970b6190b733b053f4b744731bc40ca7d7fb75fb7de2475b5887d45\
         bdf6671fd2415bf7138fdbd2481f79b4e9d420bc4656419883446b90b871e3ac",
    ),
    (
        Algorithm::SM3,
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        "9e76bdba05422045ab4b28a7f94a98da3edb9a0b4893ec06bb0dbdf87a3ee996",
    ),
    (
        Algorithm::ASCON_HASH256,
        "45aa03431c3c829b3b066f33e844b0cc4d20a45af92d3dcfdf34f40fc20935cf",
        "5a929d621052772a6cd4b8fb08250340a22dc24ec4d5df0b0214f106c9f33d0c",
    ),
    (
        Algorithm::BLAKE2S_HASH256,
        "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
        "d1b232f9a5e3794e77cc3f257218a24912d6d9a490d73f16be952e2ae2306cfc",
    ),
    (
        Algorithm::BLAKE2B_HASH512,
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1\
         7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
        "b611add97bcaee5ccef087e5afe33b18a680ada1bc8fbd70da5664e54dec31b1\
         18fbca4ea5ab704f61802c952d74679bdd9b210b77740955c872c23504c9c5f9",
    ),
    (
        Algorithm::BLAKE2SP_HASH256,
        "70f75b58f1fecab821db43c88ad84edde5a52600616cd22517b7bb14d440a7d5",
        "3c3c7fbb3c9b5165f3a88557999b8e15669e6bb235762a25747935fb52632175",
    ),
    (
        Algorithm::BLAKE2BP_HASH512,
        "b91a6b66ae87526c400b0a8b53774dc65284ad8f6575f8148ff93dff943a6ecd\
         8362130f22d6dae633aa0f91df4ac89aaff31d0f1b923c898e82025dedbdad6e",
        "69ac521f1a8acd09a194af280133b083ecd73065266b9d58838f174045291b7e\
         9897cf3b1dfb4e991168d8d3b68e90cebb1e56757f6ef7d96ff08164a031173c",
    ),
    (Algorithm::MD5, "900150983cd24fb0d6963f7d28e17f72", "4b2f37fc49a134b17c7275fd04a1b7ac"),
    (Algorithm::RIPEMD160, "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc", "320e83b70c3ae5792cffbd4f4413ad7ef766e10f"),
    (Algorithm::SHA_1, "a9993e364706816aba3e25717850c26c9cd0d89d", "33f233c97a803d84a0db9f3dbc05b63ff2045d92"),
    (
        Algorithm::SHA_224,
        "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
        "b3bb83df5b19419d6efee61258cdd7bee0b86acaba1f71c6d07f9c08",
    ),
    (
        Algorithm::SHA_256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "59425e4412e296fc74736673ce067027f384203f59c0d2c3e6be7b13347b3ffc",
    ),
    (
        Algorithm::SHA_384,
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        "f1417a0e1c0e48cb613e3d98e2ecc4326a79f5fcb5d1bfb0f4b2461ebe45971161f3e0e6e4cfbdec32e6273a0bd56cf6",
    ),
    (
        Algorithm::SHA_512,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
         2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "7e658e1b50b8375e8ffe4c26591de6ea5c387436a5169172ea07649fc85e7bc9\
         89471fad8307cb20b5bf2785bbfad2ef47945e5558c3be23aa8a08d7bae3e7d0",
    ),
    (
        Algorithm::SHA_512_224,
        "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa",
        "bdb28b8d0b9716e3f0a0029e315414830c1a09e0ca62ee9bc5677cc4",
    ),
    (
        Algorithm::SHA_512_256,
        "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
        "e0de432912cc5bf2848384167bc36eefe1b66fd192acb08fb820b886420fc8b3",
    ),
    (
        Algorithm::SHA3_224,
        "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
        "5ba166a036c528a0d952f1c596c68f48807908c375835e69fb484d69",
    ),
    (
        Algorithm::SHA3_256,
        "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        "5fb531fe026618353eb601c3b227d68d6f935b8fb59177a76ad484ada72b7e32",
    ),
    (
        Algorithm::SHA3_384,
        "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
        "4a399833cf8524e10a3097c193b22edc5fa474435ba525169af5322d608986a2e3ced0ec121211971a74294a573ba777",
    ),
    (
        Algorithm::SHA3_512,
        "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e\
         10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
        "459d9fbc2ed3407fa9a30834aa10d1554dfb51e98fe77434c58f52ae0bba671f\
         9606a5f4829ee599433d3fff0257bc9aeaeaeee7cd2eed0a1024cd3b04e2e517",
    ),
];

fn compute(alg: Algorithm, input: &[u8]) -> Vec<u8> {
    let mut hash = vec![0; sizes::hash_length(alg)];
    Native.hash().compute(alg, input, &mut hash).unwrap();
    hash
}

#[test]
fn known_answers() {
    for (alg, short, long) in VECTORS {
        assert_eq!(compute(alg, b"abc"), hex(short), "{alg:?}");
        assert_eq!(compute(alg, &long_message()), hex(long), "{alg:?}");
    }
}

/// The zigbee Specification, section C.5: about the end of a block, and about where the field of the length grows.
#[test]
fn the_examples_of_zigbee() {
    let long: Vec<u8> = (0..8192u32).map(|index| index as u8).collect();
    for (message, hash) in [
        (&[0xc0][..], "ae3a102a28d43ee0d4a09e22788b206c"),
        (&(0xc0..0xd0).collect::<Vec<u8>>()[..], "a7977e88bc0b61e8210827109a228f2d"),
        (&long[..8191], "24ec2fe75bbffcb34789bc0610e7f165"),
        (&long[..], "dc6b0687f09f8607131c170b3bd31591"),
    ] {
        assert_eq!(compute(Algorithm::AES_MMO_ZIGBEE, message), hex(hash));
    }
}

#[test]
fn exactly_these_hashes_are_offered() {
    for alg in (0x0200_0000..=0x0200_00ff).map(Algorithm) {
        let expected = VECTORS.iter().any(|vector| vector.0 == alg);
        assert_eq!(Native.supports(Function::Hash, KeyType::NONE, 0, alg), expected, "{alg:?}");
        assert_eq!(Native.hash().setup(alg).is_ok(), expected, "{alg:?}");
    }
}

#[test]
fn a_duplicate_goes_its_own_way() {
    for (alg, short, _) in VECTORS {
        let mut first = Native.hash().setup(alg).unwrap();
        first.update(b"ab").unwrap();
        let mut second = first.duplicate().unwrap();
        first.update(b"x").unwrap();
        second.update(b"c").unwrap();
        let (mut of_first, mut of_second) = (vec![0; sizes::hash_length(alg)], vec![0; sizes::hash_length(alg)]);
        first.finish(&mut of_first).unwrap();
        second.finish(&mut of_second).unwrap();
        assert_eq!(of_first, compute(alg, b"abx"));
        assert_eq!(of_second, hex(short));
    }
}

#[test]
fn an_output_of_another_length_is_refused() {
    for (alg, ..) in VECTORS {
        let length = sizes::hash_length(alg);
        for wrong in [0, length - 1, length + 1] {
            let mut hash = vec![0xa5; wrong];
            assert_eq!(Native.hash().compute(alg, b"abc", &mut hash), Err(Error::BufferTooSmall));
            assert_eq!(Native.hash().setup(alg).unwrap().finish(&mut hash), Err(Error::BufferTooSmall));
            assert!(hash.iter().all(|byte| *byte == 0xa5));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_give_the_same_as_one_call(message: Vec<u8>, places: [usize; 3], which in 0..VECTORS.len()) {
        let alg = VECTORS[which].0;
        let mut operation = Native.hash().setup(alg).unwrap();
        for part in split(&message, &places) {
            operation.update(part).unwrap();
        }
        let mut hash = vec![0; sizes::hash_length(alg)];
        operation.finish(&mut hash).unwrap();
        prop_assert_eq!(hash, compute(alg, &message));
    }

    /// Another implementation of the trees and of the keys: blake2_simd.
    #[test]
    fn blake2_agrees_with_another_implementation(message: Vec<u8>, long in 0usize..2000, key in proptest::collection::vec(any::<u8>(), 0..=64)) {
        use crate::engines::native::blake2::{Blake2, Variant};
        use crate::engines::native::hash::ExtraHash;
        let message = [message, vec![0xa7; long]].concat();
        let ours = |variant, key: &[u8]| {
            let mut blake2 = Blake2::new(variant, key).unwrap();
            ExtraHash::update(&mut blake2, &message).unwrap();
            let mut hash = [0; 64];
            ExtraHash::finish(&mut blake2, &mut hash).unwrap();
            hash
        };
        let short = &key[..key.len().min(32)];
        let (s, b) = (blake2s_simd::Params::new().key(short).hash(&message), blake2b_simd::Params::new().key(&key).hash(&message));
        let sp = blake2s_simd::blake2sp::Params::new().key(short).hash(&message);
        let bp = blake2b_simd::blake2bp::Params::new().key(&key).hash(&message);
        prop_assert_eq!(&ours(Variant::S, short)[..32], s.as_bytes());
        prop_assert_eq!(&ours(Variant::Sp, short)[..32], sp.as_bytes());
        prop_assert_eq!(&ours(Variant::B, &key)[..], b.as_bytes());
        prop_assert_eq!(&ours(Variant::Bp, &key)[..], bp.as_bytes());
        for (bits, hash) in [
            (256, Algorithm::BLAKE2SP_HASH256),
            (256, Algorithm::BLAKE2BP_HASH512),
            (512, Algorithm::BLAKE2B_HASH512),
            (512, Algorithm::BLAKE2BP_HASH512),
        ] {
            known_answers::note(Function::Mac, KeyType::BLAKE2, bits, Algorithm::blake2_mac(hash));
        }
    }
}
