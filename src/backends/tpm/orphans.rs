//! What a process that was killed has left in the slots of a TPM without a resource manager.
//!
//! Such a TPM belongs to one process at a time (`claim.rs`), so a key below our parent that is not ours is nobody's any
//! more. An object tells its parent by its qualified name, the hash of the parent's and its own (TPM 2.0 Library, part
//! 1, section 16). Objects of other programs have other parents, and stay.

use sha2::{Digest, Sha256};

use super::esys::{Esys, Object, Outcome};
use super::keys::NAME_ALGORITHM;

/// Takes orphans out of the TPM. Returns whether there were any.
pub(super) fn remove(esys: &mut Esys, parent: Object) -> Outcome<bool> {
    let own = esys.handle(parent)?;
    let [_, parent] = esys.names(parent)?;
    let mut found = false;
    for handle in esys.transient_handles()?.into_iter().filter(|handle| *handle != own) {
        let object = match esys.find(handle) {
            // It has no public part to tell whose it is.
            Err(failure) if failure.is_sequence() => continue,
            found => found?,
        };
        let [name, qualified] = esys.names(object)?;
        if qualified == [&NAME_ALGORITHM[..], &Sha256::digest([&parent[..], &name].concat())].concat() {
            esys.flush(object)?;
            found = true;
        } else {
            esys.forget(object);
        }
    }
    Ok(found)
}
