//! Published outputs of key derivation functions, for the engines and for the devices that derive.

use crate::psa::Algorithm;

/// Secret, further input and output are hexadecimal digits.
pub(crate) struct Vector {
    pub hash: Algorithm,
    pub secret: &'static str,
    pub data: &'static str,
    pub output: &'static str,
}

/// The second half of HKDF, whose further input is the info: RFC 5869, appendix A.1 to A.4.
pub(crate) const HKDF_EXPAND: [Vector; 4] = [
    Vector {
        hash: Algorithm::SHA_256,
        secret: "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        data: "f0f1f2f3f4f5f6f7f8f9",
        output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    },
    Vector {
        hash: Algorithm::SHA_256,
        secret: "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        data: "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5\
               e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        output: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f\
                 09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    },
    Vector {
        hash: Algorithm::SHA_256,
        secret: "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        data: "",
        output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    },
    Vector {
        hash: Algorithm::SHA_1,
        secret: "9b6c18c432a7bf8f0e71c8eb88f4b30baa2ba243",
        data: "f0f1f2f3f4f5f6f7f8f9",
        output: "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896",
    },
];

/// The label of [`TLS12_PRF`].
pub(crate) const TLS12_LABEL: &[u8] = b"test label";

/// The pseudorandom function of TLS 1.2, whose further input is the seed: what the TLS working group's mailing list agreed
/// on in 2009.
pub(crate) const TLS12_PRF: [Vector; 2] = [
    Vector {
        hash: Algorithm::SHA_256,
        secret: "9bbe436ba940f017b17652849a71db35",
        data: "a0ba9f936cda311827a6f796ffd5198c",
        output: "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077d\
                 ef17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66",
    },
    Vector {
        hash: Algorithm::SHA_384,
        secret: "b80b733d6ceefcdc71566ea48e5567df",
        data: "cd665cf6a8447dd6ff8b27555edb7465",
        output: "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb400fed\
                 2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec4\
                 79e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f",
    },
];

/// The secret of [`SP800_108_HMAC`].
const COUNTING: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
/// The label of [`SP800_108_HMAC`].
pub(crate) const COUNTER_LABEL: &[u8] = b"the label";

/// SP 800-108 in counter mode with HMAC, whose further input is the context: `openssl kdf KBKDF` 3.0, which is built in the
/// way that PSA prescribes.
pub(crate) const SP800_108_HMAC: [Vector; 3] = [
    Vector {
        hash: Algorithm::SHA_256,
        secret: COUNTING,
        data: "74686520636f6e74657874",
        output: "6d5ca691e5cb36409147734fbecefca16de75713088631b8d4aa5df6dda145cb5ec3a8965f605f6dc206731d391dc46f38830cda2da5\
                 123ebaf7230f34e03d65de6f6ba0a62663524a8611d10ae827dc016313a389fb9a78c7d8348859acc7431983c956",
    },
    Vector {
        hash: Algorithm::SHA_1,
        secret: COUNTING,
        data: "74686520636f6e74657874",
        output: "44a2196c32caacd08a6c3c7415552d948fbe48a646c602cda5840abc4b0cf1871eea845cca96c4afe6c8d40240205724cd30036c8cb5\
                 f5d2a1b970b5cd1b6acd9564caf7ca8610dfef0dbcbec8aaba0eadc18986d71478dde2d9a1c7d93f456c1b5cdce3",
    },
    Vector {
        hash: Algorithm::SHA_512,
        secret: COUNTING,
        data: "74686520636f6e74657874",
        output: "719dfca181dd3d10e2caad6b75ea935b2816a41c7073b31893d31c5c37e8c0033c94f01ed03d510cff33006d1d1c2884d645ed2c4782\
                 052015b77565d3636b8816d76277401e39a9497791fa12d0349e810ed56c30f91793af7a67e87b4fa8b7108a7414",
    },
];
