//! Keys and their TPM over time: restarts, faults, other programs, other TPMs.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::proxy::{Answer, CREATE_PRIMARY, FLUSH_CONTEXT, LOAD, Proxy, SIGN, START_AUTH_SESSION};
use super::swtpm::{Swtpm, backend, config, loaded, tcti, with as with_config};
use super::{assert_signs, generate, p256, sign};
use crate::backends::Backend;
use crate::cause;
use crate::config::{Bus, Registers, SecretSource};
use crate::psa::{Algorithm, Error, Result};

/// The status, and the text that explains it.
fn explained<T>(call: impl FnOnce() -> Result<T>) -> (Option<Error>, String) {
    cause::clear();
    let status = call().err();
    (status, cause::take().unwrap_or_default())
}

#[test]
fn a_key_is_found_again_by_another_process() {
    let tpm = Swtpm::start();
    let (created, identity) = {
        let maker = backend(tpm.port);
        let created = generate(&maker, &p256());
        assert_signs(&maker, &p256(), &created);
        let identity = maker.identity().unwrap();
        maker.close();
        (created, identity)
    };
    assert_eq!(tpm.loaded(), 0);
    let user = backend(tpm.port);
    assert_eq!(user.identity().unwrap(), identity);
    assert_signs(&user, &p256(), &created);
}

/// Tells [`signs_and_ends`] its TPM.
const PORT: &str = "LIBPARSEC_TEST_TPM_PORT";
const BUS: &str = "LIBPARSEC_TEST_TPM_BUS";

#[test]
fn nothing_stays_after_exit() {
    let tpm = Swtpm::start();
    for bus in ["trusted", "encrypted"] {
        let helper = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "backends::tpm::tests::lifecycle::signs_and_ends", "--ignored"])
            .envs([(PORT, tpm.port.to_string().as_str()), (BUS, bus)])
            .output()
            .unwrap();
        assert!(helper.status.success() && String::from_utf8_lossy(&helper.stdout).contains("1 passed"), "{helper:?}");
        assert_eq!((tpm.loaded(), tpm.tool("tpm2_getcap handles-loaded-session").as_str()), (0, ""), "{bus}");
    }
}

#[test]
#[ignore = "the process that nothing_stays_after_exit looks at"]
fn signs_and_ends() {
    let port = std::env::var(PORT).unwrap().parse().unwrap();
    // Nobody closes or drops it.
    let bus = if std::env::var(BUS).is_ok_and(|bus| bus == "encrypted") { Bus::Encrypted } else { Bus::Trusted };
    let backend = Box::leak(Box::new(with_config(&crate::config::TpmConfig { bus, ..config(&tcti(port)) })));
    let key = generate(backend, &p256());
    assert_signs(backend, &p256(), &key);
    assert_eq!(loaded(port), 1);
}

/// The name that tpm2-tools find for the same template.
#[test]
fn the_parent_is_the_storage_key_of_the_template() {
    let tpm = Swtpm::start();
    let identity = backend(tpm.port).identity().unwrap();
    // The tool's format of a unique field: for each coordinate its length, and a buffer of 128 bytes.
    let coordinate = [&[32, 0][..], &[0; 128]].concat();
    std::fs::write(tpm.path("zeros"), coordinate.repeat(2)).unwrap();
    tpm.tool(
        "tpm2_createprimary -C o -g sha256 -G ecc256:aes128cfb -u zeros -c primary \
         -a fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt",
    );
    tpm.tool("tpm2_readpublic -c primary -n name");
    let name = std::fs::read(tpm.path("name")).unwrap();
    assert_eq!(identity, name.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
}

/// What tpm2-tools say of a key that we loaded.
#[test]
fn keys_have_the_attributes_that_they_need() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let key = generate(&backend, &p256());
    assert_signs(&backend, &p256(), &key);
    let loaded = tpm.tool("tpm2_getcap handles-transient");
    let shown = tpm.tool(&format!("tpm2_readpublic -c {}", loaded.trim_start_matches("- ").trim()));
    let point = |range: std::ops::Range<usize>| -> String {
        key.public_key[range].iter().map(|byte| format!("{byte:02x}")).collect()
    };
    for part in [
        "value: fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|sign",
        "value: NIST p256",
        &format!("x: {}", point(1..33)),
        &format!("y: {}", point(33..65)),
    ] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
}

#[test]
fn keys_take_turns_in_the_slots_and_leave_nothing() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = backend(proxy.port);
    let keys: Vec<_> = (0..3).map(|_| generate(&backend, &p256())).collect();
    assert_eq!(tpm.loaded(), 0);
    for key in keys.iter().chain(&keys) {
        assert_signs(&backend, &p256(), key);
        assert!(tpm.loaded() <= 2);
    }
    // The two that were used last are loaded; the third pushes out the older one of them.
    proxy.reset();
    assert_signs(&backend, &p256(), &keys[1]);
    assert_signs(&backend, &p256(), &keys[2]);
    assert_eq!(proxy.commands(), [SIGN, SIGN]);
    proxy.reset();
    assert_signs(&backend, &p256(), &keys[0]);
    assert_eq!(proxy.commands(), [FLUSH_CONTEXT, CREATE_PRIMARY, LOAD, FLUSH_CONTEXT, SIGN]);
    proxy.reset();
    assert_signs(&backend, &p256(), &keys[2]);
    assert_eq!(proxy.commands(), [SIGN]);
    // A destroyed key leaves its slot.
    backend.destroy(&p256(), &keys[2].context).unwrap();
    assert_eq!(tpm.loaded(), 1);
    backend.close();
    assert_eq!(tpm.loaded(), 0);
    assert_signs(&backend, &p256(), &keys[1]);
}

#[test]
fn a_restarted_tpm_is_noticed() {
    let mut tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let keys = [generate(&backend, &p256()), generate(&backend, &p256())];
    for key in &keys {
        assert_signs(&backend, &p256(), key);
    }
    tpm.restart();
    for key in &keys {
        assert_signs(&backend, &p256(), key);
    }
    tpm.stop();
    let (status, text) = explained(|| sign(&backend, &p256(), &keys[0], &[1; 32]));
    assert_eq!(status, Some(Error::CommunicationFailure));
    assert!(text.contains("Connection refused") && text.contains(&tpm.tcti()), "{text}");
    tpm.restart();
    assert_signs(&backend, &p256(), &keys[0]);
    assert_eq!(tpm.loaded(), 1);
    tpm.restart_without_startup();
    assert_signs(&backend, &p256(), &keys[0]);
    assert_eq!(tpm.loaded(), 1);
}

#[test]
fn a_key_that_somebody_flushed_is_loaded_again() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = backend(proxy.port);
    let key = generate(&backend, &p256());
    assert_signs(&backend, &p256(), &key);
    tpm.tool("tpm2_flushcontext -t");
    proxy.reset();
    assert_signs(&backend, &p256(), &key);
    assert_eq!(proxy.commands(), [SIGN, CREATE_PRIMARY, LOAD, FLUSH_CONTEXT, SIGN]);
    // Its slot may hold somebody else's object by now.
    tpm.tool("tpm2_flushcontext -t");
    tpm.tool("tpm2_createprimary -C n -c other");
    assert_eq!(tpm.loaded(), 1);
    assert_signs(&backend, &p256(), &key);
    assert_eq!(tpm.loaded(), 2);
}

#[test]
fn full_slots() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let keys = [generate(&backend, &p256()), generate(&backend, &p256())];
    for key in &keys {
        assert_signs(&backend, &p256(), key);
    }
    // Another program takes the last slot: ours make room for the parent and for each other.
    tpm.tool("tpm2_createprimary -C n -c other");
    for key in keys.iter().chain(&keys) {
        assert_signs(&backend, &p256(), key);
    }
    backend.close();
    tpm.tool("tpm2_createprimary -C n -c other");
    tpm.tool("tpm2_createprimary -C n -c other");
    let (status, text) = explained(|| sign(&backend, &p256(), &keys[0], &[1; 32]));
    assert_eq!(status, Some(Error::InsufficientMemory));
    assert!(text.contains("tpm2_flushcontext"), "{text}");
    tpm.tool("tpm2_flushcontext -t");
    assert_signs(&backend, &p256(), &keys[0]);
}

/// The first backend plays the killed process: the second cannot know that it lives, behind another address.
#[test]
fn what_a_killed_process_left_makes_room() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let (killed, alive) = (backend(tpm.port), backend(proxy.port));
    let keys = [generate(&killed, &p256()), generate(&killed, &p256())];
    for key in &keys {
        assert_signs(&killed, &p256(), key);
    }
    assert_eq!(tpm.loaded(), 2);
    assert_signs(&alive, &p256(), &keys[0]);
    assert_eq!(tpm.loaded(), 1);
    // Objects of others stay.
    alive.close();
    tpm.tool("tpm2_createprimary -C n -c other");
    assert_signs(&killed, &p256(), &keys[0]);
    tpm.tool("tpm2_createprimary -C n -c other");
    assert_eq!(tpm.loaded(), 3);
    assert_eq!(sign(&alive, &p256(), &keys[1], &[1; 32]), Err(Error::InsufficientMemory));
    assert_eq!(tpm.loaded(), 3);
}

/// Real processes, each with a key and two sessions: for secrets, and for a policy.
#[test]
fn sessions_of_killed_processes_make_room() {
    let tpm = Swtpm::start();
    // A session of tpm2-tools, which save it.
    tpm.tool("tpm2_startauthsession -S session");
    for _ in 0..4 {
        let mut killed = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "backends::tpm::tests::lifecycle::signs_and_waits", "--ignored", "--nocapture"])
            .env(PORT, tpm.port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(killed.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().ends_with("signed")));
        killed.kill().unwrap();
        killed.wait().unwrap();
        assert!(tpm.loaded() >= 1 && tpm.sessions() >= 2);
    }
    // Of three slots those of the last process: it has ended the others when there was no room for its own.
    assert_eq!(tpm.sessions(), 2);
    let backend = with_config(&crate::config::TpmConfig { bus: Bus::Encrypted, ..config(&tpm.tcti()) });
    assert_signs(&backend, &p256(), &generate(&backend, &p256()));
    backend.close();
    tpm.tool("tpm2_policyauthvalue -S session");
}

#[test]
#[ignore = "the process that sessions_of_killed_processes_make_room kills"]
fn signs_and_waits() {
    let port = std::env::var(PORT).unwrap().parse().unwrap();
    let pcrs = Some(Registers { bank: Algorithm::SHA_256, indices: vec![0] });
    let backend = with_config(&crate::config::TpmConfig { bus: Bus::Encrypted, pcrs, ..config(&tcti(port)) });
    let key = generate(&backend, &p256());
    assert_signs(&backend, &p256(), &key);
    println!("signed");
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

/// Where there is nothing to end, it is said once.
#[test]
fn no_room_for_a_session() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = with_config(&crate::config::TpmConfig { bus: Bus::Encrypted, ..config(&tcti(proxy.port)) });
    for code in [0x903, 0x905] {
        proxy.rule(move |command| if command == START_AUTH_SESSION { Answer::code(code) } else { Answer::Pass });
        let (status, text) = explained(|| backend.identity());
        assert_eq!(status, Some(Error::InsufficientMemory));
        assert!(text.contains("tpm2_flushcontext --loaded-session"), "{text}");
        assert_eq!(proxy.commands().iter().filter(|command| **command == START_AUTH_SESSION).count(), 1);
        proxy.reset();
    }
}

#[test]
fn as_many_keys_stay_loaded_as_the_configuration_says() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    for max_loaded in [1, 2] {
        let limited = crate::config::TpmConfig { max_loaded: Some(max_loaded), ..config(&tcti(proxy.port)) };
        let backend = with_config(&limited);
        let keys: Vec<_> = (0..=max_loaded).map(|_| generate(&backend, &p256())).collect();
        for key in keys.iter().chain(&keys) {
            assert_signs(&backend, &p256(), key);
        }
        assert_eq!(tpm.loaded(), max_loaded as usize);
        proxy.reset();
        keys[1..].iter().for_each(|key| assert_signs(&backend, &p256(), key));
        assert_eq!(proxy.commands(), vec![SIGN; max_loaded as usize]);
        backend.close();
        proxy.reset();
    }
}

#[test]
fn one_process_owns_the_tpm() {
    let tpm = Swtpm::start();
    let (first, second) = (backend(tpm.port), backend(tpm.port));
    let key = generate(&first, &p256());
    let (status, text) = explained(|| sign(&second, &p256(), &key, &[1; 32]));
    assert_eq!(status, Some(Error::CommunicationFailure));
    assert!(text.contains("another process") && text.contains("tabrmd"), "{text}");
    first.close();
    assert_signs(&second, &p256(), &key);
    drop(second);
    assert_signs(&first, &p256(), &key);
}

#[test]
fn blobs_of_other_tpms_and_damaged_ones() {
    let (tpm, other) = (Swtpm::start(), Swtpm::start());
    let (home, abroad) = (backend(tpm.port), backend(other.port));
    let mut key = generate(&home, &p256());
    let (status, text) = explained(|| sign(&abroad, &p256(), &key, &[1; 32]));
    assert_eq!(status, Some(Error::DataInvalid));
    assert!(text.contains("another TPM"), "{text}");
    assert_eq!(other.loaded(), 0);
    // In the wrapped private part: behind version, parent, authorization value and length.
    let position = 1 + 36 + 34 + 2 + 60;
    key.context[position] ^= 1;
    let (status, text) = explained(|| sign(&home, &p256(), &key, &[1; 32]));
    assert_eq!(status, Some(Error::DataCorrupt));
    assert!(text.contains("Load") && text.contains("INTEGRITY"), "{text}");
    key.context[position] ^= 1;
    home.close();
    tpm.tool("tpm2_clear -c p");
    let (status, text) = explained(|| sign(&home, &p256(), &key, &[1; 32]));
    assert_eq!(status, Some(Error::DataInvalid));
    assert!(text.contains("tpm2_clear"), "{text}");
}

#[test]
fn a_wrong_owner_authorization_is_tried_once() {
    let tpm = Swtpm::start();
    tpm.tool("tpm2_changeauth -c o secret");
    let proxy = Proxy::start(tpm.port);
    let file = |content: &[u8]| {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        file
    };
    let (wrong, right) = (file(b"guess"), file(b"secret\n"));
    let with = |file: &tempfile::NamedTempFile| {
        let owner_auth = Some(SecretSource::File(file.path().to_owned()));
        with_config(&crate::config::TpmConfig { owner_auth, ..config(&tcti(proxy.port)) })
    };
    let refused = with(&wrong);
    let (status, text) = explained(|| refused.identity());
    assert_eq!(status, Some(Error::NotPermitted));
    assert!(text.contains("CreatePrimary") && !text.contains("guess"), "{text}");
    proxy.reset();
    assert_eq!(refused.identity(), Err(Error::NotPermitted));
    assert!(proxy.commands().is_empty());
    drop(refused);
    let accepted = with(&right);
    let key = generate(&accepted, &p256());
    assert_signs(&accepted, &p256(), &key);
}

#[test]
fn a_provisioned_parent() {
    let tpm = Swtpm::start();
    tpm.tool("tpm2_createprimary -C o -G rsa -c srk");
    tpm.tool("tpm2_evictcontrol -C o -c srk 0x81000001");
    tpm.tool("tpm2_flushcontext -t");
    let with = |primary| with_config(&crate::config::TpmConfig { primary, ..config(&tpm.tcti()) });
    let backend = with(Some(0x8100_0001));
    let key = generate(&backend, &p256());
    assert_signs(&backend, &p256(), &key);
    assert_eq!(tpm.loaded(), 1);
    drop(backend);
    assert_eq!(tpm.loaded(), 0);
    let (status, text) = explained(|| with(Some(0x8100_0002)).identity());
    assert_eq!(status, Some(Error::DoesNotExist));
    assert!(text.contains("0x81000002"), "{text}");
    assert_eq!(explained(|| sign(&with(None), &p256(), &key, &[1; 32])).0, Some(Error::DataInvalid));
}

#[test]
fn a_busy_tpm_is_asked_again() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = backend(proxy.port);
    let key = generate(&backend, &p256());
    for code in [0x922, 0x908, 0x90a] {
        let mut left = 20;
        proxy.rule(move |command| {
            if command == SIGN && left > 0 {
                left -= 1;
                return Answer::code(code);
            }
            Answer::Pass
        });
        proxy.reset();
        assert_signs(&backend, &p256(), &key);
        assert_eq!(proxy.commands().iter().filter(|command| **command == SIGN).count(), 21);
    }
}

/// A slow TPM is waited for, once.
#[test]
fn a_late_response_in_time_is_a_response() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let config = crate::config::TpmConfig { timeout: Duration::from_secs(5), ..config(&tcti(proxy.port)) };
    let backend = with_config(&config);
    let key = generate(&backend, &p256());
    assert_signs(&backend, &p256(), &key);
    proxy.reset();
    proxy.rule(|_| Answer::Late(Duration::from_millis(1500)));
    let begun = Instant::now();
    assert_signs(&backend, &p256(), &key);
    assert_eq!(proxy.commands(), [SIGN]);
    assert!(begun.elapsed() >= Duration::from_millis(1500));
    proxy.rule(|_| Answer::Pass);
    assert_signs(&backend, &p256(), &key);
}

#[test]
fn waiting_has_an_end() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let impatient = crate::config::TpmConfig { timeout: Duration::from_secs(2), ..config(&tcti(proxy.port)) };
    let backend = with_config(&impatient);
    let key = generate(&backend, &p256());
    assert_signs(&backend, &p256(), &key);
    for answer in [|| Answer::Silence, || Answer::code(0x922)] {
        proxy.rule(move |_| answer());
        let (status, text) = explained(|| sign(&backend, &p256(), &key, &[1; 32]));
        assert_eq!(status, Some(Error::CommunicationFailure));
        assert!(text.contains("TPM command"), "{text}");
    }
    proxy.rule(|_| Answer::Pass);
    // What the connection that was given up had loaded is taken out of the TPM.
    assert_signs(&backend, &p256(), &key);
    assert_eq!(tpm.loaded(), 1);
}

#[test]
fn no_tpm_and_no_sense() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (config, expected) in [
        (config(&tcti(free)), Error::CommunicationFailure),
        (config("device:/dev/no-such-tpm"), Error::CommunicationFailure),
        (config("carrier-pigeon"), Error::DataInvalid),
    ] {
        let backend = with_config(&config);
        for _ in 0..2 {
            let (status, text) = explained(|| backend.identity());
            assert_eq!(status, Some(expected), "{config:?}: {text}");
            assert!(!text.is_empty());
        }
    }
}

#[test]
fn random_bytes() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let mut bytes = [[0; 200]; 2];
    for part in &mut bytes {
        backend.random(part).unwrap();
    }
    assert_ne!(bytes[0], bytes[1]);
    assert!(bytes.iter().all(|part| part.chunks(20).all(|chunk| chunk != [0; 20])));
}
