//! What the configuration says about the TPM, checked.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::connection::Attempt;
use super::tcti::Way;
use crate::config::{Bus, SecretSource, TpmConfig};
use crate::fail;
use crate::psa::Result;

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
    owner_auth: Option<SecretSource>,
    /// The TPM refused the owner's authorization value; it is not tried again.
    refused: AtomicBool,
}

impl Settings {
    /// Checks the configuration; touches no device.
    pub(super) fn new(config: &TpmConfig) -> Result<Self> {
        if config.bus == Bus::Encrypted {
            return fail!(
                NotSupported,
                "bus = \"encrypted\" is not implemented yet; write \"trusted\" if nobody can listen"
            );
        }
        let way = Way::parse(&config.tcti)?;
        let usual = if way.is_kernel_managed() { KERNEL_MANAGED } else { OTHERWISE };
        Ok(Self {
            timeout: config.timeout,
            max_loaded: config.max_loaded.map_or(usual, |count| count as usize).max(1),
            primary: config.primary,
            owner_auth: config.owner_auth.clone(),
            refused: AtomicBool::new(false),
            way,
        })
    }

    /// Passes the owner's authorization value on, unless the TPM has refused it before: owner values may be subject to
    /// dictionary-attack protection, and a program that tries again and again locks the TPM.
    pub(super) fn authorize_owner(&self, set: impl FnOnce(&[u8]) -> Attempt<()>) -> Attempt<()> {
        if self.refused.load(Ordering::Relaxed) {
            return Ok(fail!(
                NotPermitted,
                "the TPM refused the configured owner authorization before; it is not tried again in this process"
            )?);
        }
        match &self.owner_auth {
            Some(source) => set(&source.read()?),
            None => set(&[]),
        }
    }

    /// Remembers that the owner's authorization value is wrong.
    pub(super) fn owner_was_refused(&self) {
        self.refused.store(true, Ordering::Relaxed);
    }
}
