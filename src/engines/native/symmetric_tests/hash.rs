use proptest::prelude::*;

use super::{Native, hex, long_message, split};
use crate::engines::{Engine, Function};
use crate::psa::{Algorithm, Error, KeyType, sizes};

/// Algorithm, hash of "abc" (RFC 1321, the RIPEMD-160 page, FIPS 180-4 and FIPS 202 examples) and hash of
/// `long_message` (`openssl dgst` 3.0).
const VECTORS: [(Algorithm, &str, &str); 13] = [
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
}
