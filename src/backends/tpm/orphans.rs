//! What a process that was killed has left in the slots of a TPM without a resource manager.
//!
//! Such a TPM belongs to one process at a time (`claim.rs`), so a key below our parent that is not ours is nobody's any
//! more. An object tells its parent by its qualified name, the hash of the parent's and its own (TPM 2.0 Library, part
//! 1, section 16). Objects of other programs have other parents, and stay.

use sha2::{Digest, Sha256};

use super::commands::{Object, Outcome, Tpm};
use super::identifiers::SHA_256;

/// Takes orphans out of the TPM. Returns whether there were any.
pub(super) fn remove(tpm: &mut Tpm, parent: &Object) -> Outcome<bool> {
    let qualified_parent = tpm.read_public(parent.handle)?.qualified_name;
    let mut found = false;
    for handle in tpm.transient_handles()?.into_iter().filter(|handle| *handle != parent.handle) {
        let seen = match tpm.read_public(handle) {
            // It has no public part to tell whose it is.
            Err(failure) if failure.is_sequence() => continue,
            seen => seen?,
        };
        let digest = Sha256::digest([&qualified_parent[..], &seen.object.name].concat());
        if seen.qualified_name == [&SHA_256.to_be_bytes()[..], &digest].concat() {
            tpm.flush(handle)?;
            found = true;
        }
    }
    Ok(found)
}
