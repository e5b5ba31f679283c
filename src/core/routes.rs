//! Where a new key goes (PSA 1.5, section 9.6, and the routes of the configuration).

use std::sync::Arc;

use super::library::{ConfiguredBackend, Library, SOFTWARE};
use super::sealing;
use crate::cause;
use crate::config::Fallback;
use crate::fail;
use crate::psa::{Attributes, Error, Lifetime, Result};

/// The place of a new key.
pub enum Destination<'a> {
    /// Our memory and, when persistent, our store.
    Local,
    /// A device.
    Device(&'a Arc<ConfiguredBackend>),
    /// As [`Destination::Local`], sealed by a device.
    Sealed(&'a Arc<ConfiguredBackend>),
}

/// True where a new key with these attributes becomes a local one whatever any device can do.
pub fn is_local(library: &Library, attributes: &Attributes) -> bool {
    attributes.lifetime.location() == Lifetime::LOCATION_LOCAL_STORAGE && is_routed_locally(library, attributes)
}

fn is_routed_locally(library: &Library, attributes: &Attributes) -> bool {
    // Everything with a public key is computed by the engine.
    route(library, attributes) == SOFTWARE || attributes.key_type.is_public_key()
}

fn route<'a>(library: &'a Library, attributes: &Attributes) -> &'a str {
    let routes = &library.config.routes;
    if attributes.lifetime.is_volatile() { &routes.volatile } else { &routes.persistent }
}

/// True where a new key with these attributes belongs into this backend, whether or not it can hold it.
pub fn lead_to(library: &Library, attributes: &Attributes, backend: &ConfiguredBackend) -> bool {
    match attributes.lifetime.location() {
        Lifetime::LOCATION_LOCAL_STORAGE => {
            !is_routed_locally(library, attributes) && route(library, attributes) == backend.name
        }
        location => backend.location == Some(location),
    }
}

/// Decides the place of a new key from its attributes, the routes and what the device can do: never from a device's
/// error, and never elsewhere than at an explicit location.
pub fn destination<'a>(library: &'a Library, attributes: &Attributes, imported: bool) -> Result<Destination<'a>> {
    let location = attributes.lifetime.location();
    if location != 0 {
        let backend = at_location(library, location)?;
        backend.device.accepts(attributes, imported)?;
        return Ok(Destination::Device(backend));
    }
    if is_routed_locally(library, attributes) {
        return Ok(Destination::Local);
    }
    let (route, volatile) = (route(library, attributes), attributes.lifetime.is_volatile());
    let backend = library.backend(route)?;
    match backend.device.accepts(attributes, imported) {
        Ok(()) => Ok(Destination::Device(backend)),
        Err(error @ Error::NotSupported) => {
            match library.config.routes.fallback.unwrap_or(default_fallback(volatile)) {
                Fallback::Software => {
                    cause::clear();
                    Ok(Destination::Local)
                }
                Fallback::Seal => {
                    cause::clear();
                    match sealing::seals(backend) {
                        Ok(()) => Ok(Destination::Sealed(backend)),
                        Err(error) => {
                            Err(cause::of(error, format_args!("the key was to be sealed by the backend {route}")))
                        }
                    }
                }
                Fallback::Error => Err(unplaced(route, error)),
            }
        }
        Err(error) => Err(unplaced(route, error)),
    }
}

fn unplaced(route: &str, error: Error) -> Error {
    cause::of(error, format_args!("the key was to be made in the backend {route}"))
}

/// The backend at an explicit location.
pub fn at_location(library: &Library, location: u32) -> Result<&Arc<ConfiguredBackend>> {
    match library.backends().iter().find(|backend| backend.location == Some(location)) {
        Some(backend) => Ok(backend),
        None => fail!(
            InvalidArgument,
            "no backend has the location {location:#08x}: write location = {location:#08x} into the section of one"
        ),
    }
}

/// What becomes of a key that its routed backend cannot hold where the configuration does not say.
fn default_fallback(volatile: bool) -> Fallback {
    if volatile { Fallback::Software } else { Fallback::Error }
}
