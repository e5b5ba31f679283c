//! Keys that are bound to PCRs, while these change.

use super::proxy::{Answer, POLICY_AUTH_VALUE, POLICY_PCR, Proxy, SIGN};
use super::swtpm::{self, Swtpm};
use super::{NAMING, generate, p256, sign, with_usage};
use crate::backends::Backend;
use crate::backends::tpm::TpmBackend;
use crate::backends::tpm::blob::Blob;
use crate::backends::tpm::reference::Source;
use crate::cause;
use crate::config::{Registers, TpmConfig};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::{Algorithm, Attributes, Error, KeyType, Usage};

const SECRET: &[u8; 32] = b"thirty-two bytes that are sealed";

fn bound(port: u16, indices: &[u8]) -> TpmBackend {
    let pcrs = Some(Registers { bank: Algorithm::SHA_256, indices: indices.to_vec() });
    swtpm::with(&TpmConfig { pcrs, ..swtpm::config(&swtpm::tcti(port)) })
}

fn extend(tpm: &Swtpm, index: u8) {
    swtpm::extend(tpm.port, index);
}

#[test]
fn a_bound_key_works_until_its_register_changes() {
    let tpm = Swtpm::start();
    let free = swtpm::backend(tpm.port);
    let unbound = generate(&free, &p256());
    free.close();
    let backend = bound(tpm.port, &[0, 7]);
    let key = generate(&backend, &p256());
    let imported = backend.import(&p256(), NAMING, &Native.generate(p256().key_type, 256, &[]).unwrap()).unwrap();
    let hmac = Attributes {
        key_type: KeyType::HMAC,
        bits: 256,
        algorithm: Algorithm::hmac(Algorithm::SHA_256),
        ..with_usage(Usage::SIGN_MESSAGE, p256())
    };
    let mac_key = generate(&backend, &hmac);
    let mac = |length: usize| {
        let (key, mut made) = (backend.open(&hmac, &mac_key.context)?, [0; 32]);
        key.mac().unwrap().compute(hmac.algorithm, &vec![1; length], &mut made).map(|()| made)
    };
    let sealed = backend.seal(SECRET).unwrap();
    // Registers that the key is not bound to may change.
    extend(&tpm, 8);
    for key in [&key, &imported, &key, &unbound] {
        sign(&backend, &p256(), key, &[1; 32]).unwrap();
    }
    assert_eq!(mac(100).unwrap(), mac(100).unwrap());
    mac(5000).unwrap();
    assert_eq!(backend.unseal(&sealed).unwrap().as_slice(), SECRET);

    extend(&tpm, 7);
    for key in [&key, &imported] {
        for _ in 0..3 {
            cause::clear();
            assert_eq!(sign(&backend, &p256(), key, &[1; 32]).err(), Some(Error::NotPermitted));
            let text = cause::take().unwrap();
            assert!(text.contains("POLICY_FAIL") && text.contains("PCR"), "{text}");
        }
    }
    assert_eq!(mac(100).err(), Some(Error::NotPermitted));
    assert_eq!(backend.unseal(&sealed).err(), Some(Error::NotPermitted));
    // Neither the others nor new ones mind.
    sign(&backend, &p256(), &unbound, &[1; 32]).unwrap();
    let new = generate(&backend, &p256());
    sign(&backend, &p256(), &new, &[1; 32]).unwrap();
    backend.close();
    // What was bound stays so, whatever the configuration says by now.
    assert_eq!(sign(&swtpm::backend(tpm.port), &p256(), &key, &[1; 32]).err(), Some(Error::NotPermitted));
}

/// Whoever measures something, into whatever register, while a key is used: the TPM wants the proof again.
#[test]
fn registers_that_change_meanwhile() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = bound(proxy.port, &[0]);
    let key = generate(&backend, &p256());
    sign(&backend, &p256(), &key, &[1; 32]).unwrap();
    let (port, mut left) = (tpm.port, 1);
    proxy.rule(move |command| {
        if command == SIGN && left > 0 {
            left -= 1;
            swtpm::extend(port, 8);
        }
        Answer::Pass
    });
    proxy.reset();
    sign(&backend, &p256(), &key, &[1; 32]).unwrap();
    assert_eq!(proxy.commands().iter().filter(|command| **command == SIGN).count(), 2);
    // Not for ever.
    proxy.rule(|command| if command == SIGN { Answer::code(0x128) } else { Answer::Pass });
    cause::clear();
    assert_eq!(sign(&backend, &p256(), &key, &[1; 32]).err(), Some(Error::NotPermitted));
    assert!(cause::take().unwrap().contains("PCR_CHANGED"));
    backend.close();
    assert_eq!((tpm.loaded(), tpm.sessions()), (0, 0));
}

/// The policy session costs two commands for each use; it is begun once.
#[test]
fn a_use_is_three_commands() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = bound(proxy.port, &[0]);
    let key = generate(&backend, &p256());
    sign(&backend, &p256(), &key, &[1; 32]).unwrap();
    for _ in 0..2 {
        proxy.reset();
        sign(&backend, &p256(), &key, &[1; 32]).unwrap();
        assert_eq!(proxy.commands(), [POLICY_PCR, POLICY_AUTH_VALUE, SIGN]);
    }
    backend.close();
    assert_eq!(tpm.loaded(), 0);
    assert_eq!(tpm.tool("tpm2_getcap handles-loaded-session").trim(), "");
}

#[test]
fn a_bound_key_survives_a_restart_with_the_same_values() {
    let mut tpm = Swtpm::start();
    let backend = bound(tpm.port, &[0, 1, 2, 3, 4, 5, 6, 7, 23]);
    let key = generate(&backend, &p256());
    sign(&backend, &p256(), &key, &[1; 32]).unwrap();
    tpm.restart();
    sign(&backend, &p256(), &key, &[1; 32]).unwrap();
}

#[test]
fn the_policy_is_the_one_of_tpm2_tools() {
    let tpm = Swtpm::start();
    extend(&tpm, 2);
    let backend = bound(tpm.port, &[0, 2]);
    let Source::Blob(Blob { public, .. }) = Source::decode(&generate(&backend, &p256()).context).unwrap() else {
        panic!("it is a blob")
    };
    backend.close();
    tpm.tool("tpm2_startauthsession -S session");
    tpm.tool("tpm2_policypcr -S session -l sha256:0,2");
    tpm.tool("tpm2_policyauthvalue -S session -L policy");
    assert_eq!(public.policy, std::fs::read(tpm.path("policy")).unwrap());
}

#[test]
fn a_bank_that_the_tpm_lacks_is_said() {
    let tpm = Swtpm::start();
    let pcrs = Some(Registers { bank: Algorithm::SHA_1, indices: vec![0] });
    tpm.tool("tpm2_pcrallocate sha1:none+sha256:all");
    let mut tpm = tpm;
    tpm.restart();
    let backend = swtpm::with(&TpmConfig { pcrs, ..swtpm::config(&tpm.tcti()) });
    cause::clear();
    assert_eq!(backend.generate(&p256(), NAMING).err(), Some(Error::NotSupported));
    assert!(cause::take().unwrap().contains("no PCR 0 in the bank"));
}
