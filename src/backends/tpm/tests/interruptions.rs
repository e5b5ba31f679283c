//! Each command of each way to use the TPM fails once, or its response is cut: the status is right, nothing is lost, and
//! nothing stays in the TPM but what nobody could know of; and when that fills the slots, it makes room.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::proxy::{Answer, CREATE_PRIMARY, FLUSH_CONTEXT, HMAC_START, LOAD, Proxy, START_AUTH_SESSION};
use super::swtpm::{Swtpm, config, tcti, with};
use super::{NAMING, attributes, generate, oracle, p256, rsa, sign, with_usage};
use crate::backends::tpm::TpmBackend;
use crate::backends::{Backend, Created};
use crate::cause;
use crate::config::{Bus, Registers, TpmConfig};
use crate::core::primitives::Direction;
use crate::memory::InOut;
use crate::psa::{Algorithm, Attributes, EccFamily, Error, KeyType, Result, Usage};

const SECRET: &[u8; 32] = b"thirty-two bytes that are sealed";
const SHA_256: Algorithm = Algorithm::hmac(Algorithm::SHA_256);
/// `TPM_RC_FAILURE`.
const FAILURE: u32 = 0x101;

/// Keys, a sealed secret, and what they give.
pub(super) struct Uses {
    signing: Created,
    decrypting: Created,
    ciphertext: Vec<u8>,
    agreeing: Created,
    point: Vec<u8>,
    agreed: Vec<u8>,
    authenticating: Created,
    encrypting: Created,
    sealed: Vec<u8>,
}

fn agreement() -> Attributes {
    with_usage(Usage::DERIVE, attributes(KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Algorithm::ECDH))
}

fn decryption() -> Attributes {
    with_usage(Usage::DECRYPT, rsa(Algorithm::RSA_PKCS1V15_CRYPT))
}

fn hmac() -> Attributes {
    with_usage(Usage::SIGN_MESSAGE, attributes(KeyType::HMAC, 256, SHA_256))
}

fn encryption() -> Attributes {
    with_usage(Usage::ENCRYPT, attributes(KeyType::AES, 128, Algorithm::CTR))
}

pub(super) type Use = fn(&Uses, &TpmBackend) -> Result<()>;

impl Uses {
    const ALL: [(&'static str, Use); 10] = [
        ("sign", Self::sign),
        ("generate", |_, backend| backend.generate(&p256(), NAMING).map(drop)),
        ("import", Self::import),
        ("seal", |_, backend| backend.seal(SECRET).map(drop)),
        ("unseal", Self::unseal),
        ("decrypt", Self::decrypt),
        ("agree", Self::agree),
        ("one MAC", |uses, backend| uses.mac(backend, 100)),
        ("a long MAC", |uses, backend| uses.mac(backend, 3000)),
        ("encrypt", Self::encrypt),
    ];

    pub(super) fn new(backend: &TpmBackend) -> Self {
        let decrypting = generate(backend, &decryption());
        let agreeing = generate(backend, &agreement());
        let (point, agreed) = oracle::agree(&agreeing.public_key);
        Self {
            signing: generate(backend, &p256()),
            ciphertext: oracle::encrypt(&decrypting.public_key, SECRET, &["rsa_padding_mode:pkcs1"]),
            decrypting,
            agreeing,
            point,
            agreed,
            authenticating: backend.import(&hmac(), NAMING, &[7; 32]).unwrap(),
            encrypting: backend.import(&encryption(), NAMING, &[9; 16]).unwrap(),
            sealed: backend.seal(SECRET).unwrap(),
        }
    }

    pub(super) fn sign(&self, backend: &TpmBackend) -> Result<()> {
        let signature = sign(backend, &p256(), &self.signing, &[1; 32])?;
        assert!(oracle::ecdsa(&self.signing.public_key, &[1; 32], &signature));
        Ok(())
    }

    pub(super) fn import(&self, backend: &TpmBackend) -> Result<()> {
        backend.import(&hmac(), NAMING, &[7; 32]).map(drop)
    }

    pub(super) fn unseal(&self, backend: &TpmBackend) -> Result<()> {
        backend.unseal(&self.sealed).map(|secret| assert_eq!(secret.as_slice(), SECRET))
    }

    pub(super) fn decrypt(&self, backend: &TpmBackend) -> Result<()> {
        let key = backend.open(&decryption(), &self.decrypting.context)?;
        let mut text = [0; 32];
        let decryption = key.asymmetric_encryption().unwrap();
        decryption.decrypt(Algorithm::RSA_PKCS1V15_CRYPT, &self.ciphertext, b"", &mut text)?;
        assert_eq!(&text, SECRET);
        Ok(())
    }

    pub(super) fn agree(&self, backend: &TpmBackend) -> Result<()> {
        let key = backend.open(&agreement(), &self.agreeing.context)?;
        let agreed = key.key_agreement().unwrap().agree(Algorithm::ECDH, &self.point)?;
        assert_eq!(*agreed, self.agreed);
        Ok(())
    }

    pub(super) fn mac(&self, backend: &TpmBackend, length: usize) -> Result<()> {
        let (key, input, mut mac) = (backend.open(&hmac(), &self.authenticating.context)?, vec![3; length], [0; 32]);
        key.mac().unwrap().compute(SHA_256, &input, &mut mac)?;
        assert_eq!(mac[..], oracle::hmac("sha256", &[7; 32], &input));
        Ok(())
    }

    pub(super) fn encrypt(&self, backend: &TpmBackend) -> Result<()> {
        let key = backend.open(&encryption(), &self.encrypting.context)?;
        let mut operation = key.cipher().unwrap().setup(Algorithm::CTR, Direction::Encrypt)?;
        operation.set_iv(&[3; 16])?;
        let mut output = [0; 32];
        operation.update(&mut InOut::new(SECRET, &mut output))?;
        assert_eq!(output[..], oracle::cipher("aes-128-ctr", &[9; 16], &[3; 16], SECRET, true));
        Ok(())
    }
}

/// The command at one position gets another answer, and all others pass.
fn interrupt(proxy: &Proxy, position: usize, answer: impl Fn() -> Answer + Send + 'static) -> Arc<AtomicUsize> {
    let hit = Arc::new(AtomicUsize::new(0));
    let (mut count, seen) = (0, Arc::clone(&hit));
    proxy.rule(move |command| {
        count += 1;
        if count != position + 1 {
            return Answer::Pass;
        }
        seen.store(command as usize, Ordering::SeqCst);
        answer()
    });
    hit
}

fn check(tpm: &Swtpm, proxy: &Proxy, config: &TpmConfig) {
    let backend = with(config);
    let uses = Uses::new(&backend);
    for (name, work) in Uses::ALL {
        let commands = (0..).take_while(|position| {
            let interrupted = [false, true]
                .map(|cut| interrupted(tpm, proxy, &backend, (name, *position, cut), || work(&uses, &backend)));
            interrupted.contains(&true)
        });
        assert!(commands.count() > 3, "{name}");
    }
}

/// Does the work with one command interrupted. False where there are not so many.
fn interrupted(
    tpm: &Swtpm,
    proxy: &Proxy,
    backend: &TpmBackend,
    (name, position, cut): (&str, usize, bool),
    work: impl Fn() -> Result<()>,
) -> bool {
    backend.close();
    let before = (tpm.loaded(), tpm.sessions());
    let command = interrupt(proxy, position, move || if cut { Answer::Cut(12) } else { Answer::code(FAILURE) });
    cause::clear();
    let outcome = work();
    let (command, text) = (command.load(Ordering::SeqCst) as u32, cause::take());
    let what = format!("{name}, position {position}, command {command:x}, cut {cut}: {text:?}");
    // A broken connection is opened again, once; and what has to leave the TPM may do so later.
    let works = cut || command == 0 || command == FLUSH_CONTEXT && outcome.is_ok();
    assert_eq!(outcome, if works { Ok(()) } else { Err(Error::HardwareFailure) }, "{what}");
    assert!(works || text.is_some_and(|text| text.contains("FAILURE")), "{what}");
    proxy.rule(|_| Answer::Pass);
    assert_eq!(work(), Ok(()), "{what}");
    backend.close();
    let unknown = matches!(command, CREATE_PRIMARY | LOAD | START_AUTH_SESSION | HMAC_START) && cut;
    let now = (tpm.loaded(), tpm.sessions());
    assert!(now.0 <= before.0 && now.1 <= before.1 || unknown, "{what}: {before:?} {now:?}");
    command != 0
}

fn on(bus: Bus, pcrs: Option<Registers>) {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    check(&tpm, &proxy, &TpmConfig { bus, pcrs, ..config(&tcti(proxy.port)) });
}

#[test]
fn on_a_trusted_bus() {
    on(Bus::Trusted, None);
}

#[test]
fn on_an_encrypted_bus() {
    on(Bus::Encrypted, None);
}

#[test]
fn bound_to_registers() {
    on(Bus::Trusted, Some(Registers { bank: Algorithm::SHA_256, indices: vec![0, 7] }));
}

#[test]
fn bound_to_registers_on_an_encrypted_bus() {
    on(Bus::Encrypted, Some(Registers { bank: Algorithm::SHA_256, indices: vec![0, 7] }));
}
