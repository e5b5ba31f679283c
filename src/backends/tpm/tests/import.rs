//! Keys of OpenSSL, brought into the TPM.

use super::proxy::{IMPORT, Proxy};
use super::swtpm::{Swtpm, backend, config, tcti, with};
use super::{NAMING, attributes, oracle, rsa, sign, with_usage};
use crate::backends::tpm::commands::Capabilities;
use crate::backends::tpm::creation::{Content, Draft};
use crate::backends::tpm::duplicate::{self, Duplicate};
use crate::backends::tpm::public::Public;
use crate::backends::tpm::templates::Kind;
use crate::backends::tpm::wire::sized;
use crate::backends::tpm::{TpmBackend, import as material_of, signature};
use crate::backends::{Backend, Created};
use crate::cause;
use crate::psa::{Algorithm, Attributes, EccFamily, Error, KeyType, Usage, der};

fn ecc(bits: usize) -> Attributes {
    attributes(KeyType::ecc_key_pair(EccFamily::SECP_R1), bits, Algorithm::ECDSA_ANY)
}

fn import(backend: &TpmBackend, attributes: &Attributes, material: &[u8]) -> Created {
    cause::clear();
    backend.import(attributes, NAMING, material).unwrap_or_else(|error| panic!("{error:?}: {:?}", cause::take()))
}

fn assert_imports_p256(backend: &TpmBackend) {
    let (private, public) = oracle::pair(256);
    let created = import(backend, &ecc(256), &private);
    assert_eq!((created.bits, &created.public_key), (256, &public));
    let signature = sign(backend, &ecc(256), &created, &[1; 32]).unwrap();
    assert!(oracle::ecdsa(&public, &[1; 32], &signature));
}

#[test]
fn elliptic_curve_keys_sign_as_what_they_were() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = backend(proxy.port);
    for bits in [256, 384] {
        let (private, public) = oracle::pair(bits);
        // The size may be left to the data.
        let created = import(&backend, &Attributes { bits: 0, ..ecc(bits) }, &private);
        assert_eq!((created.bits, &created.public_key), (bits, &public));
        let signature = sign(&backend, &ecc(bits), &created, &[1; 32]).unwrap();
        assert!(oracle::ecdsa(&public, &[1; 32], &signature));
        assert!(!proxy.has_seen(&private));
        assert!(proxy.has_seen(&public[1..=bits / 8]));
    }
    assert!(proxy.commands().contains(&IMPORT));
}

#[test]
fn rsa_keys_sign_and_decrypt_as_what_they_were() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = backend(proxy.port);
    let (private, public) = oracle::pair(2048);
    let signing = rsa(Algorithm::rsa_pss(Algorithm::SHA_256));
    let created = import(&backend, &signing, &private);
    assert_eq!((created.bits, &created.public_key), (2048, &public));
    let signature = sign(&backend, &signing, &created, &[1; 32]).unwrap();
    let options = ["rsa_padding_mode:pss", "rsa_pss_saltlen:32", "digest:sha256"];
    assert!(oracle::rsa(&public, &[1; 32], &signature, &options));

    let decrypting = with_usage(Usage::DECRYPT, rsa(Algorithm::RSA_PKCS1V15_CRYPT));
    let created = import(&backend, &decrypting, &private);
    let key = backend.open(&decrypting, &created.context).unwrap();
    let ciphertext = oracle::encrypt(&public, b"a secret", &["rsa_padding_mode:pkcs1"]);
    let mut text = [0; 8];
    let decryption = key.asymmetric_encryption().unwrap();
    assert_eq!(decryption.decrypt(Algorithm::RSA_PKCS1V15_CRYPT, &ciphertext, b"", &mut text), Ok(8));
    assert_eq!(&text, b"a secret");
    let large = Attributes { bits: 3072, ..signing };
    let (private_3072, public_3072) = oracle::pair(3072);
    assert_eq!(backend.accepts(&large, true), Ok(()));
    let created = import(&backend, &large, &private_3072);
    let signature = sign(&backend, &large, &created, &[1; 32]).unwrap();
    assert!(oracle::rsa(&public_3072, &[1; 32], &signature, &options));
    let [_, modulus, _, exponent, prime] = der::unsigned_integers(&private).unwrap();
    assert!(proxy.has_seen(modulus) && !proxy.has_seen(prime) && !proxy.has_seen(exponent));
}

#[test]
fn a_provisioned_primary_of_any_type_takes_keys_in() {
    for (algorithm, hash) in [("rsa2048:aes128cfb", "sha256"), ("ecc384:aes256cfb", "sha384")] {
        let tpm = Swtpm::start();
        tpm.tool(&format!("tpm2_createprimary -C o -G {algorithm} -g {hash} -c primary"));
        tpm.tool("tpm2_evictcontrol -C o -c primary 0x81000001");
        tpm.tool("tpm2_flushcontext -t");
        let mut config = config(&tcti(tpm.port));
        config.primary = Some(0x8100_0001);
        assert_imports_p256(&with(&config));
    }
}

#[test]
fn what_is_no_key_is_refused() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let refused =
        |attributes: &Attributes, material: &[u8]| backend.import(attributes, NAMING, material).err().unwrap();
    assert_eq!(refused(&ecc(256), &[0; 32]), Error::InvalidArgument);
    assert_eq!(refused(&ecc(256), &[1; 31]), Error::InvalidArgument);
    assert_eq!(refused(&rsa(Algorithm::rsa_pss(Algorithm::SHA_256)), &[0x30, 0]), Error::InvalidArgument);
    let exported = with_usage(Usage::EXPORT, ecc(256));
    assert_eq!(refused(&exported, &oracle::pair(256).0), Error::NotSupported);
    assert_eq!(tpm.loaded(), 0);
}

/// What we wrap, tpm2-tools import; and only with the key of the inner wrapper.
#[test]
fn tpm2_tools_import_what_we_wrap() {
    let tpm = Swtpm::start();
    tpm.tool("tpm2_createprimary -C o -G ecc -c primary");
    tpm.tool("tpm2_evictcontrol -C o -c primary 0x81000001");
    tpm.tool("tpm2_flushcontext -t");
    tpm.tool("tpm2_readpublic -c 0x81000001 -o parent");
    let parent = Public::decode(&std::fs::read(tpm.path("parent")).unwrap()[2..]).unwrap();
    let (rsa_key, ecc_key) = (rsa(Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256)), ecc(256));
    for attributes in [rsa_key, ecc_key] {
        let (private, public_key) = oracle::pair(attributes.bits);
        let kind = Kind::of(attributes.key_type, attributes.bits).unwrap();
        let capabilities = Capabilities { algorithms: vec![0x000b], ..Capabilities::default() };
        let raw_rsa = signature::needs_raw_rsa(attributes.algorithm, &capabilities);
        let Draft { public, content: Content::Imported(sensitive) } =
            material_of::draft(kind, &attributes, raw_rsa, b"password", &private).unwrap()
        else {
            panic!("it comes from outside")
        };
        let Duplicate { private, seed, key } = duplicate::wrap(&parent, &public.name().unwrap(), &sensitive).unwrap();
        let mut other = key.to_vec();
        other[0] ^= 1;
        for (name, content) in [
            ("wrapped", sized(&private)),
            ("seed", sized(&seed)),
            ("public", sized(&public.encode())),
            ("key", key.to_vec()),
            ("other", other),
            ("hash", vec![1; 32]),
        ] {
            std::fs::write(tpm.path(name), content).unwrap();
        }
        let import = "tpm2_import -C 0x81000001 -i wrapped -s seed -u public -r private";
        for refused in [import.to_owned(), format!("{import} -k other")] {
            let text = tpm.complaint(&refused);
            assert!(text.contains("TPM Error") && text.contains("Import"), "{text}");
            tpm.tool("tpm2_flushcontext -t");
        }
        tpm.tool(&format!("{import} -k key"));
        tpm.tool("tpm2_flushcontext -t");
        tpm.tool("tpm2_load -C 0x81000001 -u public -r private -c loaded");
        tpm.tool("tpm2_flushcontext -t");
        tpm.tool("tpm2_sign -c loaded -p password -g sha256 -f plain -d -o signature hash");
        let signature = std::fs::read(tpm.path("signature")).unwrap();
        assert!(match attributes.bits {
            256 => oracle::ecdsa_der(&public_key, &[1; 32], &signature),
            _ => oracle::rsa(&public_key, &[1; 32], &signature, &["digest:sha256"]),
        });
    }
}
