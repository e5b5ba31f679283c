//! Loaded modules, shared by all backends of this process that use the same one.

use std::collections::HashMap;
use std::ffi::CString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock, Weak};

use cryptoki_sys::CKR_CRYPTOKI_ALREADY_INITIALIZED;

use super::errors::settled;
use super::function_list::FunctionList;
use super::gate::Gate;
use super::per_epoch::PerEpoch;
use super::token::is_tpm2_pkcs11;
use crate::config::Pkcs11Config;
use crate::core::epoch;
use crate::fail;
use crate::locks::lock;
use crate::psa::Result;

/// A loaded and initialised module.
///
/// It is finalised with its last user, but only where it was this process that initialised it, and not the
/// application itself or, before a fork, the parent.
pub(super) struct Module {
    /// Its functions.
    pub functions: FunctionList,
    /// For tokens with a fragile store: one thread changes it, or several look into it. For processes see `turns.rs`.
    pub store: RwLock<()>,
    initialized_here: AtomicBool,
    epoch: u64,
}

type Modules = Mutex<HashMap<PathBuf, Weak<Module>>>;

static MODULES: PerEpoch<Modules> = PerEpoch::new();

impl Module {
    /// The module that a configuration names, loaded and initialised.
    pub fn get(config: &Pkcs11Config) -> Result<Arc<Self>> {
        let path = config.trusted_module()?;
        Gate::of(path).check()?;
        // Held while a module is initialised: it must not happen twice at once.
        let mut modules = lock(MODULES.get());
        let module = match modules.get(path).and_then(Weak::upgrade) {
            Some(module) => module,
            None => {
                let functions = FunctionList::load(path)?;
                let module = Arc::new(Self {
                    functions,
                    store: RwLock::new(()),
                    initialized_here: AtomicBool::new(false),
                    epoch: epoch::current(),
                });
                modules.insert(path.to_owned(), Arc::downgrade(&module));
                module
            }
        };
        module.initialize(config)?;
        Ok(module)
    }

    /// Repeated for a known module too: somebody else may have finalised it meanwhile.
    fn initialize(&self, config: &Pkcs11Config) -> Result<()> {
        let Ok(arguments) = config.init_args.as_deref().map(CString::new).transpose() else {
            return fail!(InvalidArgument, "init_args contain a NUL character");
        };
        match self.functions.initialize(arguments.as_deref()) {
            Err(failure) if failure.is(CKR_CRYPTOKI_ALREADY_INITIALIZED) => self.check_inheritance(config),
            answer => {
                settled(answer)?;
                self.initialized_here.store(true, Ordering::Relaxed);
                Ok(())
            }
        }
    }

    /// `COMMUNICATION_FAILURE` in a forked child, where the module is its parent's and cannot be shared: tpm2-pkcs11 has one
    /// session with the TPM, whose nonces both would count on. The parent could not use its keys any more, and each attempt would
    /// be a wrong authorization for the TPM.
    fn check_inheritance(&self, config: &Pkcs11Config) -> Result<()> {
        let is_own = self.initialized_here.load(Ordering::Relaxed) || !Gate::of(&config.module).is_inherited();
        if is_own || !is_tpm2_pkcs11(&self.functions, &config.quirks) {
            return Ok(());
        }
        fail!(
            CommunicationFailure,
            "this process was forked from one that uses the PKCS#11 module {}, which two processes cannot share: fork before \
             it is used, or run another program in the child",
            config.module.display()
        )
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        if self.epoch == epoch::current() && self.initialized_here.load(Ordering::Relaxed) {
            // Nobody is left to tell.
            let _ = self.functions.finalize();
        }
    }
}
