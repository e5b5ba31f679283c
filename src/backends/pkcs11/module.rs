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
        module.initialize(config.init_args.as_deref())?;
        Ok(module)
    }

    /// Repeated for a known module too: somebody else may have finalised it meanwhile.
    fn initialize(&self, arguments: Option<&str>) -> Result<()> {
        let Ok(arguments) = arguments.map(CString::new).transpose() else {
            return fail!(InvalidArgument, "init_args contain a NUL character");
        };
        match self.functions.initialize(arguments.as_deref()) {
            Err(failure) if failure.is(CKR_CRYPTOKI_ALREADY_INITIALIZED) => Ok(()),
            answer => {
                settled(answer)?;
                self.initialized_here.store(true, Ordering::Relaxed);
                Ok(())
            }
        }
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
