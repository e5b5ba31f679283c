//! What a process that was killed has left in the slots of a TPM without a resource manager.
//!
//! Such a TPM belongs to one process at a time (`claim.rs`), so a key below our parent that is not ours is nobody's any
//! more. An object tells its parent by its qualified name, the hash of the parent's and its own (TPM 2.0 Library, part
//! 1, section 16). Objects of other programs have other parents, and stay.
//!
//! Nothing tells whose a session is. But who lives beside us uses a resource manager, or the tools do, and they save
//! their sessions between two commands: what is loaded while we use the TPM is ours or was left behind.

use sha2::{Digest, Sha256};

use super::commands::{NULL_HIERARCHY, OWNER, Outcome, Seen, Tpm};
use super::identifiers::SHA_256;
use super::public::Public;

/// The name of a hierarchy is its handle.
const HIERARCHIES: [u32; 2] = [OWNER, NULL_HIERARCHY];

/// Takes what is below a parent, whose qualified name is `above`, out of the TPM, but not what is `kept`. Returns whether
/// there was anything.
pub(super) fn remove(tpm: &mut Tpm, above: &[u8], kept: &[u32]) -> Outcome<bool> {
    let mut found = false;
    for handle in others(tpm, kept)? {
        let ours = match look_at(tpm, handle)? {
            Slot::Object(seen) => seen.is_below(above),
            // Nothing tells whose it is; but it lives within one call, and there is none of another process.
            Slot::Sequence => true,
            Slot::Free => false,
        };
        if ours {
            tpm.flush(handle)?;
            found = true;
        }
    }
    Ok(found)
}

/// Takes out storage keys that were made from our template, with what is below them, but not what is `kept`. A process
/// that was killed between making its parent and flushing it leaves one behind.
pub(super) fn remove_parents(tpm: &mut Tpm, template: &Public, kept: &[u32]) -> Outcome<bool> {
    let mut found = false;
    for handle in others(tpm, kept)? {
        let Slot::Object(seen) = look_at(tpm, handle)? else { continue };
        let ours = seen.public.as_ref().is_some_and(|public| public.is_made_from(template));
        if ours && HIERARCHIES.iter().any(|hierarchy| seen.is_below(&hierarchy.to_be_bytes())) {
            remove(tpm, &seen.qualified_name, kept)?;
            tpm.flush(handle)?;
            found = true;
        }
    }
    Ok(found)
}

/// The objects in slots that are not `kept`.
fn others(tpm: &mut Tpm, kept: &[u32]) -> Outcome<Vec<u32>> {
    let mut handles = tpm.transient_handles()?;
    handles.retain(|handle| !kept.contains(handle));
    Ok(handles)
}

/// Ends the sessions that are loaded and not ours. Returns whether there was any.
pub(super) fn remove_sessions(tpm: &mut Tpm) -> Outcome<bool> {
    let own = tpm.session_handles();
    let mut found = false;
    for handle in tpm.loaded_sessions()?.into_iter().filter(|handle| !own.contains(handle)) {
        tpm.flush(handle)?;
        found = true;
    }
    Ok(found)
}

/// What is in a slot.
enum Slot {
    Object(Box<Seen>),
    /// A hash or MAC in the making.
    Sequence,
    /// It has just left.
    Free,
}

fn look_at(tpm: &mut Tpm, handle: u32) -> Outcome<Slot> {
    match tpm.read_public(handle) {
        Err(failure) if failure.is_sequence() => Ok(Slot::Sequence),
        Err(failure) if failure.lost_object() => Ok(Slot::Free),
        seen => seen.map(|seen| Slot::Object(Box::new(seen))),
    }
}

impl Seen {
    /// True where the parent, or the hierarchy, has this qualified name.
    fn is_below(&self, above: &[u8]) -> bool {
        self.qualified_name == qualified_name(above, &self.object.name)
    }
}

/// The qualified name of an object whose name is made by SHA-256, below a parent or hierarchy with that qualified name.
pub(super) fn qualified_name(above: &[u8], name: &[u8]) -> Vec<u8> {
    let digest = Sha256::digest([above, name].concat());
    [&SHA_256.to_be_bytes()[..], &digest].concat()
}
