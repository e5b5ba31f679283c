//! SPAKE2+ (RFC 9383), and the draft of it that Matter uses.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::super::groups::{self, Element, Group};
use super::super::modular::Residue;
use super::functions;
use crate::core::primitives::{PakeExchange, PakeParties, PakeSuite};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, EccFamily, Error, PakePrimitive, PakeRole, PakeStep, Result};

/// A curve by its family and bits.
pub(super) type CurveName = (EccFamily, usize);

/// A group with the two elements M and N of unknown logarithm, compressed (RFC 9383, section 4).
pub(super) struct Suite {
    curve: CurveName,
    /// The hashes that it goes with, and whether each has a variant with CMAC.
    hashes: &'static [(Algorithm, bool)],
    m: &'static [u8],
    n: &'static [u8],
    cofactor: u32,
}

impl Suite {
    /// The suite of a curve, if the algorithm is defined with it (RFC 9383, section 4).
    pub(super) fn find(curve: CurveName, alg: Algorithm) -> Option<&'static Self> {
        let suite = Self::of(curve)?;
        let fits = match alg {
            Algorithm::SPAKE2P_MATTER => curve == (EccFamily::SECP_R1, 256),
            _ => suite.hashes.iter().any(|(hash, cmac)| {
                *hash == alg.get_hash() && (alg.is_spake2p_hmac() || alg.is_spake2p_cmac() && *cmac)
            }),
        };
        fits.then_some(suite)
    }

    /// The constants of a curve.
    pub(super) fn of(curve: CurveName) -> Option<&'static Self> {
        SUITES.iter().find(|suite| suite.curve == curve)
    }
}

/// The values of the registration (RFC 9383, section 3.2).
pub(super) struct Registration {
    pub(super) w0: Residue,
    /// What proves the password; a verifier does not have it.
    pub(super) w1: Option<Residue>,
    /// w1 times the generator.
    pub(super) l: Secret,
}

/// One side of the exchange.
pub(super) struct Spake2Plus {
    suite: &'static Suite,
    alg: Algorithm,
    parties: PakeParties,
    registration: Registration,
    group: Box<dyn Group>,
    m: Vec<u8>,
    n: Vec<u8>,
    /// x or y, and the share made of it.
    own: Option<(Residue, Secret)>,
    peer_share: Option<Vec<u8>>,
    /// From the moment when both shares are known.
    schedule: Option<Schedule>,
}

/// What is derived from the transcript (RFC 9383, section 3.4).
struct Schedule {
    confirm_prover: Secret,
    confirm_verifier: Secret,
    shared: Secret,
}

impl Spake2Plus {
    pub(super) fn new(suite: PakeSuite, parties: PakeParties, registration: Registration) -> Result<Self> {
        let curve = curve(suite.primitive);
        let Some(constants) = Suite::find(curve, suite.alg) else {
            return fail!(InvalidArgument, "SPAKE2+ has no such cipher suite (RFC 9383, section 4)");
        };
        Ok(Self {
            suite: constants,
            alg: suite.alg,
            parties,
            registration,
            group: super::group(suite.primitive)?,
            m: groups::decompressed(curve, constants.m)?,
            n: groups::decompressed(curve, constants.n)?,
            own: None,
            peer_share: None,
            schedule: None,
        })
    }

    fn is_prover(&self) -> bool {
        self.parties.role == PakeRole::CLIENT
    }

    /// The element that blinds our share, and that of the peer.
    fn blinds(&self) -> (&[u8], &[u8]) {
        if self.is_prover() { (&self.m, &self.n) } else { (&self.n, &self.m) }
    }

    /// x P + w0 M, or y P + w0 N.
    fn make_share(&mut self) -> Result<Secret> {
        self.share_of(self.group.order().random_nonzero()?)
    }

    /// The share of a secret; a test gives its own.
    pub(super) fn share_of(&mut self, secret: Residue) -> Result<Secret> {
        let terms = [(&secret, Element::Generator), (&self.registration.w0, Element::Encoded(self.blinds().0))];
        let share = self.group.combine(&terms)?;
        self.own = Some((secret, share.clone()));
        Ok(share)
    }

    fn take_share(&mut self, share: &[u8]) -> Result<()> {
        self.group.check(share)?;
        self.peer_share = Some(share.to_vec());
        Ok(())
    }

    /// Our factor times the peer's share without its blinding, times the cofactor.
    fn unblinded(&self, factor: &Residue) -> Result<Secret> {
        let peer_share = self.peer_share.as_ref().ok_or(Error::BadState)?;
        let factor = factor.times(&self.group.order().number(self.suite.cofactor));
        let negative = factor.times(&self.registration.w0).negative();
        self.group.combine(&[(&factor, Element::Encoded(peer_share)), (&negative, Element::Encoded(self.blinds().1))])
    }

    fn schedule(&mut self) -> Result<&Schedule> {
        if self.schedule.is_none() {
            self.schedule = Some(self.make_schedule()?);
        }
        self.schedule.as_ref().ok_or(Error::BadState)
    }

    fn make_schedule(&self) -> Result<Schedule> {
        let (secret, own_share) = self.own.as_ref().ok_or(Error::BadState)?;
        let peer_share = self.peer_share.as_ref().ok_or(Error::BadState)?;
        let z = self.unblinded(secret)?;
        let v = match &self.registration.w1 {
            Some(w1) if self.is_prover() => self.unblinded(w1)?,
            _ => {
                let factor = secret.times(&self.group.order().number(self.suite.cofactor));
                self.group.combine(&[(&factor, Element::Encoded(&self.registration.l))])?
            }
        };
        let (user, peer) = (&self.parties.user[..], &self.parties.peer[..]);
        let (prover, verifier, share_p, share_v): (_, _, &[u8], &[u8]) = match self.is_prover() {
            true => (user, peer, own_share, peer_share),
            false => (peer, user, peer_share, own_share),
        };
        let w0 = self.registration.w0.to_bytes();
        let transcript = transcript(
            self.parties.context.as_deref(),
            &[prover, verifier, &self.m, &self.n, share_p, share_v, &z, &v, &w0],
        );
        self.derive(&functions::hash(self.hash(), &[&transcript])?)
    }

    fn hash(&self) -> Algorithm {
        match self.alg {
            Algorithm::SPAKE2P_MATTER => Algorithm::SHA_256,
            alg => alg.get_hash(),
        }
    }

    fn derive(&self, main: &Secret) -> Result<Schedule> {
        let hash = self.hash();
        let keys = |key: &[u8], length| functions::hkdf(hash, key, b"ConfirmationKeys", 2 * length);
        let (confirmation, shared) = match self.alg {
            // The draft halves the hash: one half makes the keys for confirmation, the other one is the result.
            Algorithm::SPAKE2P_MATTER => {
                let (confirm, shared) = main.split_at(main.len() / 2);
                (keys(confirm, confirm.len())?, Secret::new(shared.to_vec()))
            }
            alg => {
                // As long as the hash, or what AES-128 takes.
                let length = if alg.is_spake2p_cmac() { 16 } else { main.len() };
                (keys(main, length)?, functions::hkdf(hash, main, b"SharedKey", main.len())?)
            }
        };
        let (prover, verifier) = confirmation.split_at(confirmation.len() / 2);
        Ok(Schedule {
            confirm_prover: Secret::new(prover.to_vec()),
            confirm_verifier: Secret::new(verifier.to_vec()),
            shared,
        })
    }

    /// What one side sends to prove that it knows the keys: a MAC of the other one's share.
    fn confirmation(&mut self, of_prover: bool) -> Result<Secret> {
        let (hash, cmac) = (self.hash(), self.alg.is_spake2p_cmac());
        let is_own = of_prover == self.is_prover();
        let share = match is_own {
            true => self.peer_share.clone().ok_or(Error::BadState)?,
            false => self.own.as_ref().ok_or(Error::BadState)?.1.to_vec(),
        };
        let schedule = self.schedule()?;
        let key = if of_prover { &schedule.confirm_prover } else { &schedule.confirm_verifier };
        if cmac { functions::cmac(key, &[&share]) } else { functions::hmac(hash, key, &[&share]) }
    }

    fn check_confirmation(&mut self, confirmation: &[u8]) -> Result<()> {
        let expected = self.confirmation(!self.is_prover())?;
        if bool::from(expected.ct_eq(confirmation)) {
            return Ok(());
        }
        fail!(InvalidSignature, "the peer has another password, name or context")
    }
}

/// The transcript: each piece behind its length of 8 bytes (RFC 9383, section 3.3). Without a context, its length is not
/// there either (PSA 1.5, section 10.13.10).
fn transcript(context: Option<&[u8]>, pieces: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let all = || context.into_iter().chain(pieces.iter().copied());
    let mut transcript = Zeroizing::new(Vec::with_capacity(all().map(|piece| 8 + piece.len()).sum()));
    for piece in all() {
        transcript.extend_from_slice(&(piece.len() as u64).to_le_bytes());
        transcript.extend_from_slice(piece);
    }
    transcript
}

impl PakeExchange for Spake2Plus {
    fn output(&mut self, step: PakeStep) -> Result<Secret> {
        match step {
            PakeStep::KEY_SHARE => self.make_share(),
            PakeStep::CONFIRM => self.confirmation(self.is_prover()),
            _ => Err(Error::InvalidArgument),
        }
    }

    fn input(&mut self, step: PakeStep, input: &[u8]) -> Result<()> {
        match step {
            PakeStep::KEY_SHARE => self.take_share(input),
            PakeStep::CONFIRM => self.check_confirmation(input),
            _ => Err(Error::InvalidArgument),
        }
    }

    fn shared_secret(&mut self) -> Result<Secret> {
        Ok(self.schedule()?.shared.clone())
    }
}

/// The curve of a primitive.
pub(super) fn curve(primitive: PakePrimitive) -> CurveName {
    (EccFamily(primitive.get_family()), primitive.get_bits())
}

const SHA_256: Algorithm = Algorithm::SHA_256;
const SHA_512: Algorithm = Algorithm::SHA_512;

static SUITES: [Suite; 5] = [
    Suite {
        curve: (EccFamily::SECP_R1, 256),
        hashes: &[(SHA_256, true), (SHA_512, true)],
        m: &M256,
        n: &N256,
        cofactor: 1,
    },
    Suite {
        curve: (EccFamily::SECP_R1, 384),
        hashes: &[(SHA_256, false), (SHA_512, false)],
        m: &M384,
        n: &N384,
        cofactor: 1,
    },
    Suite { curve: (EccFamily::SECP_R1, 521), hashes: &[(SHA_512, false)], m: &M521, n: &N521, cofactor: 1 },
    Suite {
        curve: (EccFamily::TWISTED_EDWARDS, 255),
        hashes: &[(SHA_256, false)],
        m: &M25519,
        n: &N25519,
        cofactor: 8,
    },
    Suite { curve: (EccFamily::TWISTED_EDWARDS, 448), hashes: &[(SHA_512, false)], m: &M448, n: &N448, cofactor: 4 },
];

const M256: [u8; 33] = [
    0x02, 0x88, 0x6e, 0x2f, 0x97, 0xac, 0xe4, 0x6e, 0x55, 0xba, 0x9d, 0xd7, 0x24, 0x25, 0x79, 0xf2, 0x99, 0x3b, 0x64,
    0xe1, 0x6e, 0xf3, 0xdc, 0xab, 0x95, 0xaf, 0xd4, 0x97, 0x33, 0x3d, 0x8f, 0xa1, 0x2f,
];

const N256: [u8; 33] = [
    0x03, 0xd8, 0xbb, 0xd6, 0xc6, 0x39, 0xc6, 0x29, 0x37, 0xb0, 0x4d, 0x99, 0x7f, 0x38, 0xc3, 0x77, 0x07, 0x19, 0xc6,
    0x29, 0xd7, 0x01, 0x4d, 0x49, 0xa2, 0x4b, 0x4f, 0x98, 0xba, 0xa1, 0x29, 0x2b, 0x49,
];

const M384: [u8; 49] = [
    0x03, 0x0f, 0xf0, 0x89, 0x5a, 0xe5, 0xeb, 0xf6, 0x18, 0x70, 0x80, 0xa8, 0x2d, 0x82, 0xb4, 0x2e, 0x27, 0x65, 0xe3,
    0xb2, 0xf8, 0x74, 0x9c, 0x7e, 0x05, 0xeb, 0xa3, 0x66, 0x43, 0x4b, 0x36, 0x3d, 0x3d, 0xc3, 0x6f, 0x15, 0x31, 0x47,
    0x39, 0x07, 0x4d, 0x2e, 0xb8, 0x61, 0x3f, 0xce, 0xec, 0x28, 0x53,
];

const N384: [u8; 49] = [
    0x02, 0xc7, 0x2c, 0xf2, 0xe3, 0x90, 0x85, 0x3a, 0x1c, 0x1c, 0x4a, 0xd8, 0x16, 0xa6, 0x2f, 0xd1, 0x58, 0x24, 0xf5,
    0x60, 0x78, 0x91, 0x8f, 0x43, 0xf9, 0x22, 0xca, 0x21, 0x51, 0x8f, 0x9c, 0x54, 0x3b, 0xb2, 0x52, 0xc5, 0x49, 0x02,
    0x14, 0xcf, 0x9a, 0xa3, 0xf0, 0xba, 0xab, 0x4b, 0x66, 0x5c, 0x10,
];

const M521: [u8; 67] = [
    0x02, 0x00, 0x3f, 0x06, 0xf3, 0x81, 0x31, 0xb2, 0xba, 0x26, 0x00, 0x79, 0x1e, 0x82, 0x48, 0x8e, 0x8d, 0x20, 0xab,
    0x88, 0x9a, 0xf7, 0x53, 0xa4, 0x18, 0x06, 0xc5, 0xdb, 0x18, 0xd3, 0x7d, 0x85, 0x60, 0x8c, 0xfa, 0xe0, 0x6b, 0x82,
    0xe4, 0xa7, 0x2c, 0xd7, 0x44, 0xc7, 0x19, 0x19, 0x35, 0x62, 0xa6, 0x53, 0xea, 0x1f, 0x11, 0x9e, 0xef, 0x93, 0x56,
    0x90, 0x7e, 0xdc, 0x9b, 0x56, 0x97, 0x99, 0x62, 0xd7, 0xaa,
];

const N521: [u8; 67] = [
    0x02, 0x00, 0xc7, 0x92, 0x4b, 0x9e, 0xc0, 0x17, 0xf3, 0x09, 0x45, 0x62, 0x89, 0x43, 0x36, 0xa5, 0x3c, 0x50, 0x16,
    0x7b, 0xa8, 0xc5, 0x96, 0x38, 0x76, 0x88, 0x05, 0x42, 0xbc, 0x66, 0x9e, 0x49, 0x4b, 0x25, 0x32, 0xd7, 0x6c, 0x5b,
    0x53, 0xdf, 0xb3, 0x49, 0xfd, 0xf6, 0x91, 0x54, 0xb9, 0xe0, 0x04, 0x8c, 0x58, 0xa4, 0x2e, 0x8e, 0xd0, 0x4c, 0xef,
    0x05, 0x2a, 0x3b, 0xc3, 0x49, 0xd9, 0x55, 0x75, 0xcd, 0x25,
];

const M25519: [u8; 32] = [
    0xd0, 0x48, 0x03, 0x2c, 0x6e, 0xa0, 0xb6, 0xd6, 0x97, 0xdd, 0xc2, 0xe8, 0x6b, 0xda, 0x85, 0xa3, 0x3a, 0xda, 0xc9,
    0x20, 0xf1, 0xbf, 0x18, 0xe1, 0xb0, 0xc6, 0xd1, 0x66, 0xa5, 0xce, 0xcd, 0xaf,
];

const N25519: [u8; 32] = [
    0xd3, 0xbf, 0xb5, 0x18, 0xf4, 0x4f, 0x34, 0x30, 0xf2, 0x9d, 0x0c, 0x92, 0xaf, 0x50, 0x38, 0x65, 0xa1, 0xed, 0x32,
    0x81, 0xdc, 0x69, 0xb3, 0x5d, 0xd8, 0x68, 0xba, 0x85, 0xf8, 0x86, 0xc4, 0xab,
];

const M448: [u8; 57] = [
    0xb6, 0x22, 0x10, 0x38, 0xa7, 0x75, 0xec, 0xd0, 0x07, 0xa4, 0xe4, 0xdd, 0xe3, 0x9f, 0xd7, 0x6a, 0xe9, 0x1d, 0x3c,
    0xf0, 0xcc, 0x92, 0xbe, 0x8f, 0x0c, 0x2f, 0xa6, 0xd6, 0xb6, 0x6f, 0x9a, 0x12, 0x94, 0x2f, 0x5a, 0x92, 0x64, 0x61,
    0x09, 0x15, 0x22, 0x92, 0x46, 0x4f, 0x3e, 0x63, 0xd3, 0x54, 0x70, 0x1c, 0x78, 0x48, 0xd9, 0xfc, 0x3b, 0x88, 0x80,
];

const N448: [u8; 57] = [
    0x60, 0x34, 0xc6, 0x5b, 0x66, 0xe4, 0xcd, 0x7a, 0x49, 0xb0, 0xed, 0xec, 0x3e, 0x3c, 0x9c, 0xcc, 0x45, 0x88, 0xaf,
    0xd8, 0xcf, 0x32, 0x4e, 0x29, 0xf0, 0xa8, 0x4a, 0x07, 0x25, 0x31, 0xc4, 0xdb, 0xf9, 0x7f, 0xf9, 0xaf, 0x19, 0x5e,
    0xd7, 0x14, 0xa6, 0x89, 0x25, 0x1f, 0x08, 0xf8, 0xe0, 0x6e, 0x2d, 0x1f, 0x24, 0xa0, 0xff, 0xc0, 0x14, 0x66, 0x00,
];
