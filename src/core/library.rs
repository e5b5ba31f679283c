//! Everything that `psa_crypto_init` sets up (PSA 1.5, section 8.2).

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::backends::Backend;
#[cfg(feature = "pkcs11")]
use crate::backends::pkcs11::Pkcs11Backend;
#[cfg(feature = "tpm")]
use crate::backends::tpm::{Pins, TpmBackend};
#[cfg(feature = "pkcs11")]
use crate::config::Pkcs11Config;
use crate::config::{BackendConfig, BackendKind, Config, EngineKind};
use crate::core::key_slots::KeySlots;
use crate::core::operations::Operations;
use crate::core::sealing::Sealers;
use crate::engines::native::{self, Native};
use crate::engines::{Engine, Function};
use crate::fail;
use crate::psa::{Algorithm, KeyType, Result};
use crate::store::{self, Store};

pub use crate::config::SOFTWARE;

/// A backend under the name and at the location that the configuration gives it.
pub struct ConfiguredBackend {
    /// Name of its section.
    pub name: String,
    /// Its number in a key's lifetime; without one it is reached by a route only.
    pub location: Option<u32>,
    /// The device.
    pub device: Box<dyn Backend>,
    /// What was interrupted there has been looked for.
    pub settled: AtomicBool,
}

/// The library, as configured. It has touched no device and no key store yet.
pub struct Library {
    /// What `parsec.toml` said.
    pub config: Config,
    /// Computes with local keys.
    pub engine: Box<dyn Engine>,
    /// Persistent keys.
    pub store: Store,
    /// Open keys.
    pub slots: KeySlots,
    /// Running multi-part operations.
    pub operations: Operations,
    backends: Vec<Arc<ConfiguredBackend>>,
}

impl Library {
    /// Sets the library up as configured. Touches no device and no key store.
    pub fn new(config: Config) -> Result<Self> {
        let backends = config.backends.iter().map(|backend| configured(backend, &config)).collect::<Result<_>>()?;
        Self::with_backends(config, backends)
    }

    /// [`Library::new`] with these backends instead of the configured ones.
    pub(super) fn with_backends(config: Config, backends: Vec<ConfiguredBackend>) -> Result<Self> {
        native::prepare();
        let backends: Vec<_> = backends.into_iter().map(Arc::new).collect();
        let sealers = Box::new(Sealers(backends.clone()));
        Ok(Self {
            engine: engine(config.engine)?,
            store: Store::protected(config.store.clone(), &config.namespace, config.protect.clone(), sealers),
            slots: KeySlots::default(),
            operations: Operations::default(),
            backends,
            config,
        })
    }

    /// True where local keys can be used this way: by the engine, or by the native one that it falls back on.
    #[inline]
    pub fn engine_supports(&self, function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
        // The native engine first, whose answer the compiler knows for some functions.
        Native.supports(function, key_type, bits, alg) || self.engine.supports(function, key_type, bits, alg)
    }

    /// The backends, in the order of the configuration.
    pub fn backends(&self) -> &[Arc<ConfiguredBackend>] {
        &self.backends
    }

    /// The backend of this name, `DATA_INVALID` where the configuration has none (any more).
    pub fn backend(&self, name: &str) -> Result<&Arc<ConfiguredBackend>> {
        match self.backends.iter().find(|backend| backend.name == name) {
            Some(backend) => Ok(backend),
            None => fail!(DataInvalid, "the configuration has no [backends.{name}], where this key is kept"),
        }
    }

    /// Forgets volatile keys, operations and the key of the store, and lets go of the devices.
    pub fn release(&self) {
        self.operations.clear();
        self.slots.clear();
        self.store.forget_secrets();
        for backend in &self.backends {
            backend.device.close();
        }
    }
}

fn engine(kind: EngineKind) -> Result<Box<dyn Engine>> {
    match kind {
        EngineKind::Native => Ok(Box::new(Native)),
        #[cfg(feature = "mbed-crypto")]
        EngineKind::MbedCrypto => Ok(Box::new(crate::engines::mbed_crypto::MbedCrypto::new()?)),
        #[cfg(not(feature = "mbed-crypto"))]
        EngineKind::MbedCrypto => fail!(NotSupported, "this library was built without the feature mbed-crypto"),
    }
}

fn configured(config: &BackendConfig, whole: &Config) -> Result<ConfiguredBackend> {
    let device: Box<dyn Backend> = match &config.kind {
        #[cfg(feature = "pkcs11")]
        BackendKind::Pkcs11(token) => {
            let state_directory = store::directory_of(&whole.store).ok();
            let token = Pkcs11Config { state_directory, ..token.clone() };
            Box::new(Pkcs11Backend::new(&config.label(), &token))
        }
        #[cfg(feature = "tpm")]
        BackendKind::Tpm(tpm) => {
            let pins = Box::new(Store::new(whole.store.clone(), &whole.namespace));
            let name = format!("{}.{}", whole.namespace, config.name);
            Box::new(TpmBackend::new(&name, &config.label(), tpm, pins))
        }
        #[allow(unreachable_patterns, reason = "which kinds are left depends on the features")]
        _ => return fail!(NotSupported, "this library was built without the feature for [backends.{}]", config.name),
    };
    Ok(ConfiguredBackend {
        name: config.name.clone(),
        location: config.location,
        device,
        settled: AtomicBool::new(false),
    })
}

/// What a device has to be recognized by is metadata of the key store.
#[cfg(feature = "tpm")]
impl Pins for Store {
    fn pinned(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.metadata(name)
    }

    fn pin(&self, name: &str, value: &[u8]) -> Result<()> {
        self.set_metadata(name, value)
    }
}
