//! An open connection to the TPM with what it knows: the parent's name, and which keys are loaded.

use std::sync::Arc;

use super::blob::Blob;
use super::errors::Failure;
use super::esys::{Capabilities, Esys, OWNER, Object, Outcome};
use super::orphans;
use super::reference::{Reference, Source};
use super::settings::Settings;
use super::templates;
use crate::cause;
use crate::psa::Error;

/// A key in a slot of the TPM.
struct Loaded {
    /// Name of the key: the hash of its public area.
    name: Vec<u8>,
    object: Object,
    handle: u32,
    /// It is persistent, and somebody else's.
    borrowed: bool,
}

/// What a connection that broke left in the TPM.
pub(super) struct Leftover {
    handle: u32,
    name: Vec<u8>,
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

/// A connection and its loaded keys. Dropping it in the process that made it takes the keys out of the TPM; a forked
/// child must not touch it and leaves everything as it is.
pub(super) struct Connection {
    esys: Esys,
    /// Least recently used first.
    loaded: Vec<Loaded>,
    /// Objects that could not be flushed because the connection broke.
    abandoned: Vec<Leftover>,
    /// A resource manager keeps others' objects and ours apart.
    managed: bool,
    capabilities: Option<Arc<Capabilities>>,
    /// Name of the parent.
    parent: Option<Vec<u8>>,
}

impl Connection {
    /// Opens a connection.
    pub(super) fn open(settings: &Settings) -> Attempt<Self> {
        Ok(Self {
            esys: Esys::open(&settings.way, settings.timeout)?,
            loaded: Vec::new(),
            abandoned: Vec::new(),
            managed: settings.way.is_managed(),
            capabilities: None,
            parent: None,
        })
    }

    /// Flushes what an earlier connection left in the TPM, if it is still the object that we knew.
    pub(super) fn remove(&mut self, leftover: &Leftover) -> Outcome<()> {
        match self.esys.find(leftover.handle) {
            Ok(object) if self.esys.name(object)? == leftover.name => self.esys.flush(object),
            Ok(object) => {
                self.esys.forget(object);
                Ok(())
            }
            Err(failure) if failure.lost_object() => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// What has to be taken out of the TPM once it can be reached again.
    pub(super) fn leftovers(&mut self) -> Vec<Leftover> {
        let own = self.loaded.drain(..).filter(|loaded| !loaded.borrowed);
        let loaded = own.map(|loaded| Leftover { handle: loaded.handle, name: loaded.name });
        loaded.chain(self.abandoned.drain(..)).collect()
    }

    /// The commands.
    pub(super) fn esys(&mut self) -> &mut Esys {
        &mut self.esys
    }

    /// TPM2_Startup, after a reset that nothing of ours has survived.
    pub(super) fn start_up(&mut self) -> Attempt<()> {
        self.forget_loaded();
        Ok(self.esys.startup()?)
    }

    /// What the TPM can do, asked once for each connection.
    pub(super) fn capabilities(&mut self) -> Attempt<Arc<Capabilities>> {
        if let Some(known) = &self.capabilities {
            return Ok(Arc::clone(known));
        }
        let asked = Arc::new(self.esys.capabilities()?);
        self.capabilities = Some(Arc::clone(&asked));
        Ok(asked)
    }

    /// The parent's name.
    pub(super) fn parent_name(&mut self, settings: &Settings) -> Attempt<Vec<u8>> {
        match &self.parent {
            Some(name) => Ok(name.clone()),
            None => self.with_parent(settings, |_, _, name| Ok(name.to_vec())),
        }
    }

    /// Works with the parent, which is in a slot of the TPM only meanwhile.
    pub(super) fn with_parent<T>(
        &mut self,
        settings: &Settings,
        work: impl FnOnce(&mut Self, Object, &[u8]) -> Attempt<T>,
    ) -> Attempt<T> {
        let parent = self.parent(settings)?;
        let name = self.esys.name(parent)?;
        let outcome = work(self, parent, &name);
        self.parent = Some(name.clone());
        let flushed = match &outcome {
            _ if settings.primary.is_some() => {
                self.esys.forget(parent);
                Ok(())
            }
            Err(Fault::Tpm(failure)) if failure.breaks_connection() => {
                self.abandoned.push(Leftover { handle: self.esys.handle(parent)?, name });
                Ok(())
            }
            _ => self.esys.flush(parent),
        };
        let value = outcome?;
        flushed?;
        Ok(value)
    }

    fn parent(&mut self, settings: &Settings) -> Attempt<Object> {
        if let Some(handle) = settings.primary {
            return self.esys.find(handle).map_err(|failure| match failure.is_missing_handle() {
                true => Fault::Own(cause::of(
                    Error::DoesNotExist,
                    format_args!("the TPM holds no key under the configured primary 0x{handle:08x}"),
                )),
                false => Fault::Tpm(failure),
            });
        }
        settings.authorize_owner(|auth| Ok(self.esys.authorize(OWNER, auth)?))?;
        let template = templates::storage_primary()?;
        let created = self.making_room(None, |esys| esys.create_primary(&template));
        created.map_err(|failure| {
            if failure.wrong_authorization() {
                settings.owner_was_refused();
            }
            Fault::Tpm(failure)
        })
    }

    /// Repeats a command that needs a slot while none is free: keys of ours leave, the least recently used first, then
    /// what a process that was killed has left below `parent`.
    pub(super) fn making_room<T>(
        &mut self,
        parent: Option<Object>,
        mut command: impl FnMut(&mut Esys) -> Outcome<T>,
    ) -> Outcome<T> {
        loop {
            match (command(&mut self.esys), parent) {
                (Err(failure), _) if failure.lacks_room() && !self.loaded.is_empty() => self.evict_oldest()?,
                (Err(failure), Some(parent)) if failure.lacks_room() && !self.managed => {
                    if !orphans::remove(&mut self.esys, parent)? {
                        return Err(failure);
                    }
                }
                (outcome, _) => return outcome,
            }
        }
    }

    fn evict_oldest(&mut self) -> Outcome<()> {
        if self.loaded.is_empty() {
            return Ok(());
        }
        let oldest = self.loaded.remove(0);
        if oldest.borrowed {
            self.esys.forget(oldest.object);
            return Ok(());
        }
        match self.esys.flush(oldest.object) {
            // It is gone already, which is what we wanted.
            Err(failure) if failure.lost_object() => {
                self.esys.forget(oldest.object);
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Works with a key, loading it if necessary. A key that is loaded costs no command of its own; if the TPM has lost
    /// it, it is loaded once more.
    pub(super) fn with_key<T>(
        &mut self,
        settings: &Settings,
        name: &[u8],
        source: &Source,
        mut work: impl FnMut(&mut Self, Object) -> Outcome<T>,
    ) -> Attempt<T> {
        if let Some(object) = self.find_loaded(name) {
            match work(self, object) {
                // A persistent key is still there, and a second wrong value might lock the TPM.
                Err(failure) if source.is_borrowed() && failure.wrong_authorization() => return Err(failure.into()),
                Err(failure) if failure.lost_object() => self.forget_loaded(),
                outcome => return Ok(outcome?),
            }
        }
        let object = match source {
            Source::Blob(blob) => self.load(settings, name, blob)?,
            Source::Reference(reference) => self.borrow(reference)?,
        };
        Ok(work(self, object)?)
    }

    /// Repeats a command of the key in use that needs another slot while none is free: other keys leave.
    pub(super) fn beside_key<T>(&mut self, mut command: impl FnMut(&mut Esys) -> Outcome<T>) -> Outcome<T> {
        loop {
            match command(&mut self.esys) {
                Err(failure) if failure.lacks_room() && self.loaded.len() > 1 => self.evict_oldest()?,
                outcome => return outcome,
            }
        }
    }

    fn find_loaded(&mut self, name: &[u8]) -> Option<Object> {
        let position = self.loaded.iter().position(|loaded| loaded.name == name)?;
        self.loaded.get_mut(position..)?.rotate_left(1);
        self.loaded.last().map(|loaded| loaded.object)
    }

    /// After a reset of the TPM none of its handles is ours any more; flushing them could hit somebody else's.
    fn forget_loaded(&mut self) {
        for loaded in std::mem::take(&mut self.loaded) {
            self.esys.forget(loaded.object);
        }
        self.parent = None;
    }

    fn load(&mut self, settings: &Settings, name: &[u8], blob: &Blob) -> Attempt<Object> {
        while self.loaded.len() >= settings.max_loaded {
            self.evict_oldest()?;
        }
        let object = self.with_parent(settings, |connection, parent, parent_name| {
            // Before the authorization value is told to anybody.
            if parent_name != blob.parent {
                return Err(Fault::Own(stranger()));
            }
            Ok(connection.making_room(Some(parent), |esys| esys.load(parent, &blob.private, &blob.public))?)
        })?;
        let handle = self.esys.handle(object)?;
        self.loaded.push(Loaded { name: name.to_vec(), object, handle, borrowed: false });
        self.esys.authorize(object, &blob.auth)?;
        Ok(object)
    }

    /// Finds a persistent key of somebody else's, if it still is the one that was adopted.
    fn borrow(&mut self, reference: &Reference) -> Attempt<Object> {
        let (handle, name) = (reference.handle, reference.name()?);
        let missing = || {
            cause::of(
                Error::DataInvalid,
                format_args!("the key under the handle 0x{handle:08x} is gone or another one than was attached"),
            )
        };
        let object = match self.esys.find(handle) {
            Err(failure) if failure.is_missing_handle() => return Err(Fault::Own(missing())),
            found => found?,
        };
        if self.esys.name(object)? != name {
            self.esys.forget(object);
            return Err(Fault::Own(missing()));
        }
        self.loaded.push(Loaded { name, object, handle, borrowed: true });
        Ok(object)
    }

    /// Takes a key that is destroyed out of its slot.
    pub(super) fn unload(&mut self, name: &[u8]) -> Outcome<()> {
        match self.loaded.iter().position(|loaded| loaded.name == name) {
            Some(position) => {
                let loaded = self.loaded.remove(position);
                self.loaded.insert(0, loaded);
                self.evict_oldest()
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
        if !self.esys.is_inherited() {
            while !self.loaded.is_empty() && self.evict_oldest().is_ok() {}
        }
    }
}
