//! An open connection to the TPM with what it knows: the parent's name, and which keys are loaded.

use std::sync::Arc;

use super::blob::Blob;
use super::commands::{Capabilities, Object, Outcome, Tpm};
use super::errors::Failure;
use super::orphans;
use super::public::Public;
use super::reference::{Reference, Source};
use super::session::Beginning;
use super::settings::Settings;
use super::templates;
use crate::cause;
use crate::fail;
use crate::psa::Error;

/// A key in a slot of the TPM.
struct Loaded {
    object: Object,
    /// It is persistent, and somebody else's.
    borrowed: bool,
    /// It was used since it was loaded: its authorization value is right.
    proven: bool,
}

/// The storage key above ours, while it is in the TPM.
pub(super) struct Parent {
    pub(super) object: Object,
    pub(super) public: Public,
    /// By which what is below it is known.
    qualified_name: Vec<u8>,
}

/// What a connection that broke left in the TPM.
pub(super) enum Leftover {
    Object(Object),
    Session(u32),
}

/// Why work with the TPM did not succeed.
#[derive(Debug)]
pub(super) enum Fault {
    /// The TPM or the way to it.
    Tpm(Failure),
    /// Found by us; the cause is recorded.
    Own(Error),
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::Tpm(failure)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Own(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Tpm(failure) => failure.into(),
            Fault::Own(error) => error,
        }
    }
}

/// The outcome of work with the TPM.
pub(super) type Attempt<T> = ::core::result::Result<T, Fault>;

/// A connection, its loaded keys and its session. Dropping it in the process that made it takes them out of the TPM; a
/// forked child must not touch it and leaves everything as it is.
pub(super) struct Connection {
    tpm: Tpm,
    /// Least recently used first.
    loaded: Vec<Loaded>,
    /// Objects that could not be flushed.
    abandoned: Vec<Leftover>,
    /// A resource manager keeps others' objects and ours apart.
    managed: bool,
    capabilities: Option<Arc<Capabilities>>,
    /// Name of the parent.
    parent: Option<Vec<u8>>,
    /// Qualified name of the parent.
    above: Option<Vec<u8>>,
}

impl Connection {
    /// Opens a connection.
    pub(super) fn open(settings: &Settings) -> Attempt<Self> {
        Ok(Self {
            tpm: Tpm::open(&settings.way, settings.timeout, settings.encrypts)?,
            loaded: Vec::new(),
            abandoned: Vec::new(),
            managed: settings.way.is_managed(),
            capabilities: None,
            parent: None,
            above: None,
        })
    }

    /// Flushes what an earlier connection left in the TPM, if it is still the object that we knew.
    pub(super) fn remove(&mut self, leftover: &Leftover) -> Outcome<()> {
        let flushed = match leftover {
            Leftover::Session(handle) => self.tpm.flush(*handle),
            Leftover::Object(object) => match self.tpm.read_public(object.handle) {
                Ok(seen) if seen.object.name == object.name => self.tpm.flush(object.handle),
                seen => seen.map(|_| ()),
            },
        };
        match flushed {
            // The TPM does not have it, or never did.
            Err(failure) if failure.lost_object() || failure.is_impossible_handle() => Ok(()),
            outcome => outcome,
        }
    }

    /// What has to be taken out of the TPM once it can be reached again.
    pub(super) fn leftovers(&mut self) -> Vec<Leftover> {
        // A resource manager has ended it with the connection.
        let sessions = if self.managed { Vec::new() } else { self.tpm.session_handles() };
        self.tpm.forget_sessions();
        let own = self.loaded.drain(..).filter(|loaded| !loaded.borrowed);
        let loaded = own.map(|loaded| Leftover::Object(loaded.object));
        loaded.chain(self.abandoned.drain(..)).chain(sessions.into_iter().map(Leftover::Session)).collect()
    }

    /// The commands.
    pub(super) fn tpm(&mut self) -> &mut Tpm {
        &mut self.tpm
    }

    /// TPM2_Startup, after a reset that nothing of ours has survived.
    pub(super) fn start_up(&mut self) -> Attempt<()> {
        self.forget_loaded();
        self.tpm.forget_sessions();
        Ok(self.tpm.startup()?)
    }

    /// What the TPM can do, asked once for each connection.
    pub(super) fn capabilities(&mut self) -> Attempt<Arc<Capabilities>> {
        if let Some(known) = &self.capabilities {
            return Ok(Arc::clone(known));
        }
        let asked = Arc::new(self.tpm.capabilities()?);
        self.capabilities = Some(Arc::clone(&asked));
        Ok(asked)
    }

    /// The parent's name.
    pub(super) fn parent_name(&mut self, settings: &Settings) -> Attempt<Vec<u8>> {
        match &self.parent {
            Some(name) => Ok(name.clone()),
            None => self.with_parent(settings, |_, parent| Ok(parent.object.name.clone())),
        }
    }

    /// Begins the session through which secrets go, in the place of one that the TPM has lost.
    pub(super) fn renew_session(&mut self, settings: &Settings) -> Attempt<()> {
        if self.tpm.wants_policy() {
            return self.with_parent(settings, |connection, parent| {
                let beginning = Beginning::new(&parent.public)?;
                connection.making_room_for_session(|tpm| tpm.start_policy(&parent.object, &beginning))
            });
        }
        self.tpm.forget_sessions();
        self.with_parent(settings, |connection, parent| connection.ensure_session(parent))
    }

    /// Begins the session through which secrets go, unless there is one.
    pub(super) fn ensure_session(&mut self, salt_key: &Parent) -> Attempt<()> {
        if self.tpm.has_session() {
            return Ok(());
        }
        let beginning = Beginning::new(&salt_key.public)?;
        self.making_room_for_session(|tpm| tpm.start_session(&salt_key.object, &beginning))
    }

    /// Repeats a command that begins a session while the TPM has no room for another: what processes that were killed have
    /// left is ended.
    fn making_room_for_session(&mut self, mut begin: impl FnMut(&mut Tpm) -> Outcome<()>) -> Attempt<()> {
        match begin(&mut self.tpm) {
            Err(failure) if failure.lacks_room_for_session() && !self.managed => {
                match orphans::remove_sessions(&mut self.tpm)? {
                    true => Ok(begin(&mut self.tpm)?),
                    false => Err(failure.into()),
                }
            }
            outcome => Ok(outcome?),
        }
    }

    /// Works with the parent, which is in a slot of the TPM only meanwhile. On a bus it is the one that was pinned, and
    /// there is a session.
    pub(super) fn with_parent<T>(
        &mut self,
        settings: &Settings,
        work: impl FnOnce(&mut Self, &Parent) -> Attempt<T>,
    ) -> Attempt<T> {
        let parent = self.parent(settings)?;
        self.above = Some(parent.qualified_name.clone());
        let outcome = self.secured(settings, &parent).and_then(|()| {
            self.parent = Some(parent.object.name.clone());
            work(self, &parent)
        });
        let flushed = match &outcome {
            _ if settings.primary.is_some() => Ok(()),
            Err(Fault::Tpm(failure)) if failure.breaks_connection() => {
                self.abandoned.push(Leftover::Object(parent.object));
                Ok(())
            }
            _ => self.put_away(parent.object),
        };
        match flushed {
            Err(failure) if outcome.is_ok() && failure.breaks_connection() => Err(failure.into()),
            // The work does not depend on it.
            _ => outcome,
        }
    }

    fn secured(&mut self, settings: &Settings, parent: &Parent) -> Attempt<()> {
        if !self.tpm.encrypts() {
            return Ok(());
        }
        settings.check_primary(&parent.object.name)?;
        self.ensure_session(parent)
    }

    fn parent(&mut self, settings: &Settings) -> Attempt<Parent> {
        let Some(handle) = settings.primary else {
            let owner = settings.owner()?;
            let created = match self.tpm.encrypts() && owner.has_auth() && !self.tpm.has_session() {
                true => self.create_parent_in_secret(&owner),
                false => self.create_parent(&owner),
            };
            return created.inspect_err(|fault| {
                if matches!(fault, Fault::Tpm(failure) if failure.wrong_authorization()) {
                    settings.owner_was_refused();
                }
            });
        };
        let seen = self.tpm.read_public(handle).map_err(|failure| match failure.is_missing_handle() {
            true => Fault::Own(cause::of(
                Error::DoesNotExist,
                format_args!("the TPM holds no key under the configured primary 0x{handle:08x}"),
            )),
            false => Fault::Tpm(failure),
        })?;
        match seen.public {
            Some(public) => Ok(Parent { object: seen.object, public, qualified_name: seen.qualified_name }),
            None => Ok(fail!(NotSupported, "the configured primary is of a type that this library does not know")?),
        }
    }

    fn create_parent(&mut self, hierarchy: &Object) -> Attempt<Parent> {
        let template = templates::storage_primary();
        let (object, public) = self.making_room(None, |tpm| tpm.create_primary(hierarchy, &template))?;
        let qualified_name = orphans::qualified_name(&hierarchy.name, &object.name);
        Ok(Parent { object, public, qualified_name })
    }

    /// The owner's authorization value does not cross a bus in clear, and a session that is not salted lets who listens
    /// guess it. Before the parent there is only a key that anybody may make to salt one.
    fn create_parent_in_secret(&mut self, owner: &Object) -> Attempt<Parent> {
        let salt_key = self.create_parent(&Object::null_hierarchy())?;
        let created = self.ensure_session(&salt_key).and_then(|()| self.create_parent(owner));
        let ended = match &created {
            Err(Fault::Tpm(failure)) if failure.breaks_connection() => {
                self.abandoned.push(Leftover::Object(salt_key.object));
                return created;
            }
            // The next one is salted with a key that is pinned.
            _ => self.tpm.end_session().and(self.put_away(salt_key.object)),
        };
        let parent = created?;
        ended?;
        Ok(parent)
    }

    /// Repeats a command that needs a slot while none is free: keys of ours leave, the least recently used first, then
    /// what was left behind. The parent or the key that the command is about is `kept`.
    pub(super) fn making_room<T>(
        &mut self,
        kept: Option<&Object>,
        mut command: impl FnMut(&mut Tpm) -> Outcome<T>,
    ) -> Outcome<T> {
        let kept = kept.map(|object| object.handle);
        let mut orphans_left = !self.managed;
        loop {
            match command(&mut self.tpm) {
                Err(failure) if failure.lacks_room() => {
                    let room =
                        self.free_slot(kept)? || std::mem::take(&mut orphans_left) && self.remove_orphans(kept)?;
                    if !room {
                        return Err(failure);
                    }
                }
                outcome => return outcome,
            }
        }
    }

    /// Frees a slot that we know; returns whether it did.
    fn free_slot(&mut self, kept: Option<u32>) -> Outcome<bool> {
        if let Some(position) = self.loaded.iter().position(|loaded| Some(loaded.object.handle) != kept) {
            let oldest = self.loaded.remove(position);
            return self.release(oldest).map(|()| true);
        }
        match self.abandoned.pop() {
            Some(leftover) => self.remove(&leftover).map(|()| true),
            None => Ok(false),
        }
    }

    /// Frees the slots of processes that were killed; returns whether there were any. Once is enough: they are gone.
    fn remove_orphans(&mut self, kept: Option<u32>) -> Outcome<bool> {
        let kept = kept.as_slice();
        let parents = orphans::remove_parents(&mut self.tpm, &templates::storage_primary(), kept)?;
        let keys = match &self.above {
            Some(above) => orphans::remove(&mut self.tpm, above, kept)?,
            None => false,
        };
        Ok(parents || keys)
    }

    fn evict_oldest(&mut self) -> Outcome<()> {
        if self.loaded.is_empty() {
            return Ok(());
        }
        let oldest = self.loaded.remove(0);
        self.release(oldest)
    }

    fn release(&mut self, loaded: Loaded) -> Outcome<()> {
        if loaded.borrowed { Ok(()) } else { self.put_away(loaded.object) }
    }

    /// Takes an object of ours out of the TPM. One that stays is remembered, and tried again at the end.
    fn put_away(&mut self, object: Object) -> Outcome<()> {
        match self.tpm.flush(object.handle) {
            // It is gone already, which is what we wanted.
            Err(failure) if failure.lost_object() => Ok(()),
            Err(failure) => {
                self.abandoned.push(Leftover::Object(object));
                Err(failure)
            }
            Ok(()) => Ok(()),
        }
    }

    /// Works with a key, loading it if necessary. A key that is loaded costs no command of its own; if the TPM has lost
    /// it, it is loaded once more.
    pub(super) fn with_key<T>(
        &mut self,
        settings: &Settings,
        name: &[u8],
        source: &Source,
        mut work: impl FnMut(&mut Self, &Object) -> Outcome<T>,
    ) -> Attempt<T> {
        if let Some(object) = self.find_loaded(name) {
            match work(self, &object) {
                // A persistent key is still there, and a second wrong value might lock the TPM.
                Err(failure) if source.is_borrowed() && failure.wrong_authorization() => return Err(failure.into()),
                Err(failure) if failure.wrong_authorization() && !self.is_proven(name) => {
                    self.unload(name)?;
                    return Err(failure.into());
                }
                Err(failure) if failure.lost_object() => {
                    self.forget_loaded();
                    // What was refused may have been the session; another one is begun when it is needed.
                    if failure.wrong_authorization() && self.tpm.has_session() {
                        self.tpm.end_session()?;
                    }
                }
                Ok(value) => {
                    self.prove(name);
                    return Ok(value);
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        let object = match source {
            Source::Blob(blob) => self.load(settings, name, blob)?,
            Source::Reference(reference) => self.borrow(reference)?,
        };
        let value = work(self, &object)?;
        self.prove(name);
        Ok(value)
    }

    fn is_proven(&self, name: &[u8]) -> bool {
        self.loaded.iter().any(|loaded| loaded.proven && loaded.object.name == name)
    }

    fn prove(&mut self, name: &[u8]) {
        if let Some(loaded) = self.loaded.iter_mut().find(|loaded| loaded.object.name == name) {
            loaded.proven = true;
        }
    }

    fn find_loaded(&mut self, name: &[u8]) -> Option<Object> {
        let position = self.loaded.iter().position(|loaded| loaded.object.name == name)?;
        self.loaded.get_mut(position..)?.rotate_left(1);
        self.loaded.last().map(|loaded| loaded.object.clone())
    }

    /// After a reset of the TPM none of its handles is ours any more; flushing them could hit somebody else's.
    fn forget_loaded(&mut self) {
        self.loaded.clear();
        self.parent = None;
        self.above = None;
    }

    fn load(&mut self, settings: &Settings, name: &[u8], blob: &Blob) -> Attempt<Object> {
        while self.loaded.len() >= settings.max_loaded {
            self.evict_oldest()?;
        }
        self.with_parent(settings, |connection, parent| {
            // Before the authorization value is told to anybody.
            if parent.object.name != blob.parent {
                return Err(Fault::Own(stranger()));
            }
            let load = |tpm: &mut Tpm| tpm.load(&parent.object, &blob.private, &blob.public, name);
            let object = connection.making_room(Some(&parent.object), load)?;
            let object = object.with_auth(&blob.auth).bound_to(&blob.registers);
            connection.loaded.push(Loaded { object: object.clone(), borrowed: false, proven: false });
            Ok(object)
        })
    }

    /// Finds a persistent key of somebody else's, if it still is the one that was adopted.
    fn borrow(&mut self, reference: &Reference) -> Attempt<Object> {
        let (handle, name) = (reference.handle, reference.name()?);
        let object = match self.tpm.read_public(handle) {
            Err(failure) if !failure.is_missing_handle() => return Err(failure.into()),
            Ok(seen) if seen.object.name == name => seen.object.borrowed(),
            _ => {
                return Ok(fail!(
                    DataInvalid,
                    "the key under the handle 0x{handle:08x} is gone or another one than was attached"
                )?);
            }
        };
        self.loaded.push(Loaded { object: object.clone(), borrowed: true, proven: false });
        Ok(object)
    }

    /// Takes a key that is destroyed out of its slot.
    pub(super) fn unload(&mut self, name: &[u8]) -> Outcome<()> {
        match self.loaded.iter().position(|loaded| loaded.object.name == name) {
            Some(position) => {
                let loaded = self.loaded.remove(position);
                self.release(loaded)
            }
            None => Ok(()),
        }
    }
}

/// The key's parent is another than the one that this TPM makes.
fn stranger() -> Error {
    cause::of(
        Error::DataInvalid,
        format_args!(
            "the key belongs to another TPM or parent, or to this TPM before it was cleared (tpm2_clear): it cannot be \
             used any more unless tcti and primary are set as they were when it was made"
        ),
    )
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !self.tpm.is_inherited() {
            while !self.loaded.is_empty() && self.evict_oldest().is_ok() {}
            for leftover in std::mem::take(&mut self.abandoned) {
                let _ = self.remove(&leftover);
            }
            // A TPM that does not answer any more keeps it until its next reset.
            let _ = self.tpm.end_sessions();
        }
    }
}
