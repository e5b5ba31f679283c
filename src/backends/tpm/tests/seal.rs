//! Sealed secrets, opened by tpm2-tools too.

use super::swtpm::{self, Swtpm};
use crate::backends::Backend;
use crate::backends::tpm::blob::Blob;
use crate::backends::tpm::wire::sized;
use crate::cause;
use crate::psa::Error;

const SECRET: &[u8; 32] = b"thirty-two bytes that are sealed";

#[test]
fn what_is_sealed_is_unsealed_by_this_tpm_alone() {
    let tpm = Swtpm::start();
    let backend = swtpm::backend(tpm.port);
    let sealed = backend.seal(SECRET).unwrap();
    assert!(!sealed.windows(SECRET.len()).any(|window| window == SECRET));
    assert_eq!(backend.unseal(&sealed).unwrap().as_slice(), SECRET);
    backend.close();
    assert_eq!(tpm.loaded(), 0);
    assert_eq!(swtpm::backend(tpm.port).unseal(&sealed).unwrap().as_slice(), SECRET);

    let other = Swtpm::start();
    cause::clear();
    assert_eq!(swtpm::backend(other.port).unseal(&sealed).err(), Some(Error::DataInvalid));
    assert!(cause::take().unwrap().contains("belongs to another TPM"));
    for length in [0, 1, 50, sealed.len() - 1] {
        assert_eq!(backend.unseal(&sealed[..length]).err(), Some(Error::DataCorrupt), "{length}");
    }
    let mut blob = Blob::decode(&sealed).unwrap();
    let last = blob.private.len() - 1;
    blob.private[last] ^= 1;
    assert_eq!(backend.unseal(&blob.encode().unwrap()).err(), Some(Error::DataCorrupt));
    let mut blob = Blob::decode(&sealed).unwrap();
    blob.auth = vec![1; 32].into();
    assert_eq!(backend.unseal(&blob.encode().unwrap()).err(), Some(Error::NotPermitted));
    assert_eq!(backend.unseal(&sealed).unwrap().as_slice(), SECRET, "noDA: a wrong value locks nothing");
}

#[test]
fn tpm2_tools_unseal_it_too() {
    let tpm = Swtpm::start();
    let backend = swtpm::backend(tpm.port);
    let Blob { auth, private, public, .. } = Blob::decode(&backend.seal(SECRET).unwrap()).unwrap();
    backend.close();
    std::fs::write(tpm.path("private"), sized(&private)).unwrap();
    std::fs::write(tpm.path("public"), sized(&public.encode())).unwrap();
    // The tool's format of a unique field: for each coordinate its length, and a buffer of 128 bytes.
    std::fs::write(tpm.path("zeros"), [&[32, 0][..], &[0; 128]].concat().repeat(2)).unwrap();
    tpm.tool(
        "tpm2_createprimary -C o -g sha256 -G ecc256:aes128cfb -u zeros -c primary \
         -a fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt",
    );
    tpm.tool("tpm2_flushcontext -t");
    tpm.tool("tpm2_load -C primary -r private -u public -c sealed");
    tpm.tool("tpm2_flushcontext -t");
    let auth: String = auth.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(tpm.tool(&format!("tpm2_unseal -c sealed -p hex:{auth}")).as_bytes(), SECRET);
}
