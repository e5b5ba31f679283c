//! What the configuration says about the TPM, checked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::commands::Object;
use super::connection::Attempt;
use super::tcti::Way;
use crate::config::{Bus, Registers, SecretSource, TpmConfig};
use crate::fail;
use crate::psa::Result;

/// Remembers, in the key store, which primary key was seen first.
pub trait Pins: Send + Sync {
    /// What was pinned under this name.
    fn pinned(&self, name: &str) -> Result<Option<Vec<u8>>>;

    /// Pins a value.
    fn pin(&self, name: &str, value: &[u8]) -> Result<()>;
}

/// Objects that stay loaded where every command saves and reloads all of them.
const KERNEL_MANAGED: usize = 1;
/// Objects that stay loaded elsewhere: of the three slots that a TPM has at least, one is for the parent.
const OTHERWISE: usize = 2;

/// The settings of one TPM.
pub(super) struct Settings {
    /// How to reach it.
    pub(super) way: Way,
    /// How long one command may take.
    pub(super) timeout: Duration,
    /// How many keys stay loaded, at least one.
    pub(super) max_loaded: usize,
    /// A persistent handle to use as parent.
    pub(super) primary: Option<u32>,
    /// Somebody could listen: whatever is secret is encrypted, for a primary that is pinned.
    pub(super) encrypts: bool,
    /// The primary's name that the configuration asks for.
    primary_name: Option<Vec<u8>>,
    pins: Box<dyn Pins>,
    /// What the pin is called.
    pin_name: String,
    /// What new keys are bound to.
    pub(super) registers: Option<Registers>,
    owner_auth: Option<SecretSource>,
    /// The TPM refused the owner's authorization value; it is not tried again.
    refused: AtomicBool,
}

impl Settings {
    /// Checks the configuration; touches no device.
    pub(super) fn new(name: &str, config: &TpmConfig, pins: Box<dyn Pins>) -> Result<Self> {
        let way = Way::parse(&config.tcti)?;
        let usual = if way.is_kernel_managed() { KERNEL_MANAGED } else { OTHERWISE };
        Ok(Self {
            timeout: config.timeout,
            max_loaded: config.max_loaded.map_or(usual, |count| count as usize).max(1),
            primary: config.primary,
            encrypts: match config.bus {
                Bus::Auto => !way.has_no_bus(),
                Bus::Trusted => false,
                Bus::Encrypted => true,
            },
            primary_name: config.primary_name.clone(),
            pins,
            // Another parent is another pin.
            pin_name: match config.primary {
                Some(handle) => format!("tpm.{name}.{handle:08x}"),
                None => format!("tpm.{name}.owner"),
            },
            registers: config.pcrs.clone(),
            owner_auth: config.owner_auth.clone(),
            refused: AtomicBool::new(false),
            way,
        })
    }

    /// `Ok` where the primary key has the pinned name, which is pinned now if none was before. Who sits on the bus may
    /// present a key of his own, and would then share every secret of the session.
    pub(super) fn check_primary(&self, name: &[u8]) -> Result<()> {
        if let Some(expected) = &self.primary_name {
            return if expected == name { Ok(()) } else { self.other_primary(name, "that primary_name demands") };
        }
        match self.pins.pinned(&self.pin_name)? {
            Some(pinned) if pinned == name => Ok(()),
            Some(_) => self.other_primary(name, "that was seen first and is pinned in the key store"),
            None => self.pins.pin(&self.pin_name, name),
        }
    }

    fn other_primary(&self, name: &[u8], expected: &str) -> Result<()> {
        let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        fail!(
            DataInvalid,
            "the TPM's primary key is not the one {expected}: the TPM was cleared or exchanged, or somebody sits between; \
             nothing secret was sent. If you changed the TPM, set primary_name = \"{name}\""
        )
    }

    /// The owner with its authorization value, unless the TPM has refused it before: owner values may be subject to
    /// dictionary-attack protection, and a program that tries again and again locks the TPM.
    pub(super) fn owner(&self) -> Attempt<Object> {
        if self.refused.load(Ordering::Relaxed) {
            return Ok(fail!(
                NotPermitted,
                "the TPM refused the configured owner authorization before; it is not tried again in this process"
            )?);
        }
        match &self.owner_auth {
            Some(source) => Ok(Object::owner(&source.read()?)),
            None => Ok(Object::owner(&[])),
        }
    }

    /// Remembers that the owner's authorization value is wrong.
    pub(super) fn owner_was_refused(&self) {
        self.refused.store(true, Ordering::Relaxed);
    }
}
