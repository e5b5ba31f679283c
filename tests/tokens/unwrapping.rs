//! Keys for tokens that take none in clear: `C_CreateObject` is refused, and the key comes in wrapped. What the token then
//! computes is what software computes with the same key, or what a standard says.

use cryptoki_sys::*;
use parsec::core::library::Library;
use parsec::core::{cipher, key_agreement, keys, mac, signature};
use parsec::memory::InOut;
use parsec::psa::{Algorithm, Attributes, EccFamily, Error, KeyId, KeyType, Lifetime, Usage};

use crate::place::{self, hex, in_places};
use crate::shim::{Shim, index};

const SHA_256: Algorithm = Algorithm::SHA_256;
const SIGN: Usage = Usage::SIGN_MESSAGE.union(Usage::VERIFY_MESSAGE);

struct Fixture {
    library: Library,
    shim: Shim,
    /// How many keys came in.
    made: usize,
}

impl Fixture {
    fn new() -> Self {
        let (config, shim) = place::shimmed();
        Self { library: Library::new(config).unwrap(), shim, made: 0 }
    }

    /// The same key in the token, wrapped, and in software; `None` where the token does not make such keys, or unwrap them.
    fn import(&mut self, attributes: Attributes, material: &[u8], refused: usize) -> Option<(KeyId, KeyId)> {
        let unwrapped = self.shim.succeeded(index!(C_UnwrapKey));
        self.shim.refuse(index!(C_CreateObject), CKR_ACTION_PROHIBITED, refused);
        let made = keys::import(&self.library, &attributes, material);
        self.shim.refuse(index!(C_CreateObject), 0, 0);
        let token = match made {
            Err(Error::NotSupported) => return None,
            made => made.unwrap_or_else(|error| panic!("{attributes:?}: {error:?} {:?}", parsec::cause::take())),
        };
        assert!(self.shim.succeeded(index!(C_UnwrapKey)) >= unwrapped + 2, "{attributes:?}");
        self.made += 1;
        let attributes = Attributes { id: KeyId::NULL, lifetime: Lifetime::VOLATILE, ..attributes };
        Some((token, keys::import(&self.library, &attributes, material).unwrap()))
    }

    /// A key pair that software has made, in each lifetime, where the public object comes in clear and where it does not.
    fn pair(&mut self, key_type: KeyType, bits: usize, alg: Algorithm, usage: Usage, check: Check) {
        let material = self.generated(key_type, bits);
        for persistent in [false, true] {
            for refused in [usize::MAX, 1] {
                let attributes = attributes(persistent, key_type, bits, alg, usage.union(Usage::COPY));
                let Some((token, software)) = self.import(attributes, &material, refused) else { return };
                check(&self.library, token, software, alg);
                // Without what the connection remembers.
                let copy =
                    keys::copy(&self.library, token, &Attributes { id: KeyId(attributes.id.0 * 2), ..attributes });
                let copy = copy.unwrap_or_else(|error| panic!("{attributes:?}: {error:?} {:?}", parsec::cause::take()));
                check(&self.library, copy, software, alg);
                if persistent {
                    self.library.backends()[0].device.close();
                    keys::purge(&self.library, token).unwrap();
                    check(&self.library, token, software, alg);
                }
                for key in [copy, token, software] {
                    keys::destroy(&self.library, key).unwrap();
                }
            }
        }
    }

    fn generated(&self, key_type: KeyType, bits: usize) -> Vec<u8> {
        let attributes = Attributes { key_type, bits, usage: Usage::EXPORT, ..Attributes::default() };
        let key = keys::generate(&self.library, &attributes, &[]).unwrap();
        let mut material = vec![0; 4096];
        let length = keys::export(&self.library, key, &mut material).unwrap();
        material.truncate(length);
        material
    }
}

type Check = fn(&Library, KeyId, KeyId, Algorithm);

fn attributes(persistent: bool, key_type: KeyType, bits: usize, algorithm: Algorithm, usage: Usage) -> Attributes {
    let id = if persistent { KeyId(7) } else { KeyId::NULL };
    Attributes {
        id,
        key_type,
        bits,
        algorithm,
        usage,
        lifetime: Lifetime::new(u8::from(persistent), place::location()),
    }
}

fn signs(library: &Library, token: KeyId, software: KeyId, alg: Algorithm) {
    let mut made = [0; 512];
    let length = signature::sign_message(library, token, alg, b"message", &[], &mut made).unwrap();
    for verifier in [software, token] {
        signature::verify_message(library, verifier, alg, b"message", &[], &made[..length]).unwrap();
    }
}

fn agrees(library: &Library, token: KeyId, software: KeyId, alg: Algorithm) {
    let (mut peer, mut secrets) = ([0; 133], [[0; 66]; 2]);
    let length = keys::export_public(library, token, &mut peer).unwrap();
    for (key, secret) in [token, software].into_iter().zip(&mut secrets) {
        key_agreement::raw(library, alg, key, &peer[..length], secret).unwrap();
    }
    assert_eq!(secrets[0], secrets[1]);
    assert_ne!(secrets[0], [0; 66]);
}

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn inside() {
    let mut fixture = Fixture::new();
    let (ecdsa, derive) = (Algorithm::ecdsa(SHA_256), Usage::DERIVE);
    let curve = KeyType::ecc_key_pair;
    fixture.pair(curve(EccFamily::SECP_R1), 256, ecdsa, SIGN, signs);
    fixture.pair(curve(EccFamily::SECP_R1), 521, ecdsa, SIGN, signs);
    fixture.pair(curve(EccFamily::SECP_R1), 384, Algorithm::ECDH, derive, agrees);
    fixture.pair(curve(EccFamily::TWISTED_EDWARDS), 255, Algorithm::PURE_EDDSA, SIGN, signs);
    fixture.pair(curve(EccFamily::MONTGOMERY), 255, Algorithm::ECDH, derive, agrees);
    fixture.pair(KeyType::RSA_KEY_PAIR, 2048, Algorithm::rsa_pkcs1v15_sign(SHA_256), SIGN, signs);
    let pairs = fixture.made;

    // Tokens do not agree on how these are wrapped, and kryoptic unwraps none.
    fixture.pair(KeyType::ML_DSA_KEY_PAIR, 192, Algorithm::ML_DSA, SIGN, signs);
    fixture.pair(KeyType::ML_KEM_KEY_PAIR, 768, Algorithm::ML_KEM, Usage::DECRYPT, signs);
    assert_eq!(fixture.made, pairs);

    for persistent in [false, true] {
        // FIPS 197, appendix B.
        let material = hex("2b7e151628aed2a6abf7158809cf4f3c");
        let alg = Algorithm::ECB_NO_PADDING;
        let aes = attributes(persistent, KeyType::AES, 128, alg, Usage::ENCRYPT);
        let (key, _) = fixture.import(aes, &material, usize::MAX).unwrap();
        let mut sealed = [0; 16];
        let input = hex("3243f6a8885a308d313198a2e0370734");
        cipher::encrypt(&fixture.library, key, alg, &mut InOut::new(&input, &mut sealed)).unwrap();
        assert_eq!(sealed.as_slice(), hex("3925841d02dc09fbdc118597196a0b32"));
        keys::destroy(&fixture.library, key).unwrap();

        // RFC 4231, test case 6: a key of 131 bytes, which is no multiple of 8.
        let alg = Algorithm::hmac(SHA_256);
        let hmac = attributes(persistent, KeyType::HMAC, 131 * 8, alg, SIGN);
        // NSS has 128 bytes at most.
        if let Some((key, _)) = fixture.import(hmac, &[0xaa; 131], usize::MAX) {
            let (mut made, text) = ([0; 32], b"Test Using Larger Than Block-Size Key - Hash Key First");
            mac::compute(&fixture.library, key, alg, text, &mut made).unwrap();
            assert_eq!(made.as_slice(), hex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
            keys::destroy(&fixture.library, key).unwrap();
        }
    }
    println!("\nmade {}.", fixture.made);
}

/// `pairs` is how many kinds of key pairs come in, four times each, and `secrets` of secrets, twice.
fn check(place: &str, pairs: usize, secrets: usize) {
    let text = place::run(place, &[], "unwrapping::inside");
    assert!(text.contains(&format!("made {}.", 4 * pairs + 2 * secrets)), "{text}");
}

// SoftHSM unwraps no Edwards curves, and has no Montgomery curves. NSS wants the public value with a private key on a curve
// (CKR_TEMPLATE_INCOMPLETE), which is none of PKCS#11's attributes.
in_places!(check; softhsm(4, 2) kryoptic(6, 2) nss(1, 1));
