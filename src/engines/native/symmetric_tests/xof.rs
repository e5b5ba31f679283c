use proptest::prelude::*;

use super::{Native, hex, long_message, split};
use crate::engines::{Engine, Function};
use crate::psa::{Algorithm, Error, KeyType};

/// 100 bytes from `long_message`: CPython's hashlib for SHAKE, Ascon's reference in Python for the others.
fn vectors() -> [(Algorithm, Vec<u8>, Vec<u8>); 6] {
    let vector = |alg, context: &[u8], output| (alg, context.to_vec(), hex(output));
    [
        vector(
            Algorithm::SHAKE128,
            b"",
            "5c309506792c1ac87cd838b0f16ee986e27fa28e6d936d8fd9004c33084bb616b90c12e42cd9e8f584c8be3b16a1b58212c6cdca\
             5f063f19a076ce391062568747dbb1b0c1dbf41659b8ef1ced99fa99cc7883ee4aaaa509b5e0a078c9466fa27a11d557",
        ),
        vector(
            Algorithm::SHAKE256,
            b"",
            "94156ae18970b6190b733b053f4b744731bc40ca7d7fb75fb7de2475b5887d45bdf6671fd2415bf7138fdbd2481f79b4e9d420bc\
             4656419883446b90b871e3acf44ecf6b894a2e648a233986bcca4c11eab982e5d4007bc3332aa5b0841deb028e64639e",
        ),
        vector(
            Algorithm::ASCON_XOF128,
            b"",
            "9c76f3ea2b3e5f2dc4472438cc79d5ef85ca7fed044226f648ad72499a02484731421151e259934acf9977de4610e3fa0a0407f6\
             9b0c88195314cf257a34addbe7aa12a07a449f20a5fa82cf5cc754c6fed886358ec8e1b58a8d02bc0a22abb937a7d299",
        ),
        vector(
            Algorithm::ASCON_CXOF128,
            b"",
            "517237b8198590a9e474874696520398125da69981d69a3acb14195a4be39d906778592a964ace2733a5082a4224f7ec7214d030\
             71c2e0e960f6e95fd9ab9c03e7d509abd7534e8c65b25e11426eda9e483ac5f7531a6f54b26ac717bfb2d1a15d002a57",
        ),
        vector(
            Algorithm::ASCON_CXOF128,
            b"context1",
            "dffa9d8a2a9a8d436cfd3b9d0ea53143dcd6de055d90a916b2fea8b12493412e22aac5f22ef7bea58f85ed5e0e3d4e34f5d2aa82\
             2f137f4f43e19733e6487f95bd430e742f7d5ea8529ae54d9eaf3368bbcdaf4b92f85357d6be603eda969c9894f58b49",
        ),
        vector(
            Algorithm::ASCON_CXOF128,
            &(0..=255).collect::<Vec<u8>>(),
            "7517e6f17a81d74eb787037c1a498af0d0fb26301a3c5941cb820ba668830e78ab510127f4545bdc5595bd5464ae3bc9fd91002c\
             4716990d32215a407a92f7d8258ecf456c3a06349966ca59584d5168a848a91ff8ffa607855adeb5f3ad1578a24c5ee3",
        ),
    ]
}

#[test]
fn exactly_these_functions_are_offered() {
    for alg in (0x0d00_0000..=0x0d00_ffff).step_by(0x80).map(Algorithm) {
        let expected = vectors().iter().any(|vector| vector.0 == alg);
        assert_eq!(Native.supports(Function::Xof, KeyType::NONE, 0, alg), expected, "{alg:?}");
        assert_eq!(Native.xof().setup(alg, &[]).is_ok(), expected, "{alg:?}");
    }
}

#[test]
fn a_context_has_at_most_256_bytes() {
    assert!(Native.xof().setup(Algorithm::ASCON_CXOF128, &[7; 256]).is_ok());
    assert_eq!(Native.xof().setup(Algorithm::ASCON_CXOF128, &[7; 257]).err(), Some(Error::InvalidArgument));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn known_answers_in_any_parts(inputs: [usize; 3], outputs: [usize; 3], which in 0..6usize) {
        let (alg, context, expected) = &vectors()[which];
        let mut operation = Native.xof().setup(*alg, context).unwrap();
        for part in split(&long_message(), &inputs) {
            operation.update(part).unwrap();
        }
        let mut output = vec![];
        for part in split(expected, &outputs) {
            let mut piece = vec![0; part.len()];
            operation.output(&mut piece).unwrap();
            output.extend(piece);
        }
        prop_assert_eq!(&output, expected);
    }
}
