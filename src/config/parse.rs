//! From the text of `parsec.toml` to [`Config`].

use std::path::Path;

use toml::de::DeTable;

use super::backends::backend;
use super::keys::keys;
use super::secret::{SecretKind, secret};
use super::section::{Document, Found, Section};
use super::{BackendConfig, Config, EngineKind, Fallback, NAME_RULE, Protect, Routes, SOFTWARE, StoreConfig, is_name};
use crate::psa::{Error, Result};

const ENGINES: [(&str, EngineKind); 2] = [("native", EngineKind::Native), ("mbed-crypto", EngineKind::MbedCrypto)];

pub(super) fn config(text: &str, path: &Path) -> Result<Config> {
    let document = Document { path, text };
    let table = DeTable::parse(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        // What the parser says of `backend = tpm` is about booleans.
        let word = text.get(offset..).is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        let hint = if word { " (strings stand in quotes)" } else { "" };
        document.mistake(Error::DataInvalid, offset, format_args!("not valid TOML: {}{hint}", error.message()))
    })?;
    top_level(Section::new(&document, String::new(), 0, table.get_ref()), path)
}

fn top_level(mut top: Section<'_>, path: &Path) -> Result<Config> {
    let shorthand = top.text("backend")?;
    let namespace = namespace(&mut top)?;
    let routes = top.section("routes")?;
    let store = top.section("store")?;
    let places = top.section("backends")?;
    let provisioned = top.tables("keys")?;
    top.finish()?;

    let (software, backends) = places.map(backends).transpose()?.unwrap_or_default();
    let names = Names { top: &top, backends: &backends };
    let shorthand = shorthand.map(|found| names.shorthand(found)).transpose()?;
    let engine = engine(&top, software, shorthand.as_ref())?;
    let routes = routes.map(|section| names.routes(section)).transpose()?.unwrap_or_default();
    let (store, protect) = store.map(|section| names.store(section)).transpose()?.unwrap_or_default();
    Ok(Config {
        source: Some(path.to_owned()),
        namespace,
        routes: names.joined(routes, shorthand)?,
        store,
        protect,
        engine,
        keys: keys(provisioned, &backends)?,
        backends,
    })
}

fn namespace(top: &mut Section<'_>) -> Result<String> {
    match top.text("namespace")? {
        Some(found) if is_name(found.value) => Ok(found.value.to_owned()),
        Some(found) => Err(top.mistake_at(found.offset, format_args!("'namespace' must be {NAME_RULE}"))),
        None => Ok(Config::default().namespace),
    }
}

/// The engine of `[backends.software]`, and the other backends.
fn backends(mut section: Section<'_>) -> Result<(Option<Found<EngineKind>>, Vec<BackendConfig>)> {
    let mut engine = None;
    let mut backends: Vec<BackendConfig> = Vec::new();
    for (name, section) in section.sections()? {
        if name == SOFTWARE {
            engine = software(section)?;
            continue;
        }
        let place = section.place();
        let backend = backend(name, section)?;
        if let Some(other) =
            backends.iter().find(|other| other.location.is_some() && other.location == backend.location)
        {
            return Err(crate::cause::of(
                Error::DataInvalid,
                format_args!("{place}: [backends.{name}] and [backends.{}] have the same location", other.name),
            ));
        }
        backends.push(backend);
    }
    Ok((engine, backends))
}

fn software(mut section: Section<'_>) -> Result<Option<Found<EngineKind>>> {
    section.choice("type", &[(SOFTWARE, ())], &[])?;
    let engine = section.choice("engine", &ENGINES, &[])?;
    section.finish()?;
    Ok(engine)
}

/// The engine of the section, or of the shorthand `backend = "mbed-crypto"`, which must not contradict it.
fn engine(
    top: &Section<'_>,
    section: Option<Found<EngineKind>>,
    shorthand: Option<&Found<Shorthand>>,
) -> Result<EngineKind> {
    let short = shorthand.and_then(|found| found.value.engine.map(|engine| (engine, found.offset)));
    let engine = match (section.map(|found| found.value), short) {
        (Some(engine), Some((other, offset))) if engine != other => {
            return Err(top.mistake_at(
                offset,
                format_args!("'backend' names another engine than [backends.{SOFTWARE}]; remove one of them"),
            ));
        }
        (Some(engine), _) | (None, Some((engine, _))) => engine,
        (None, None) => EngineKind::default(),
    };
    if engine == EngineKind::MbedCrypto && !cfg!(feature = "mbed-crypto") {
        return Err(top.not_supported("this libparsec was built without the cargo feature 'mbed-crypto'"));
    }
    Ok(engine)
}

/// What `backend = "..."` means.
struct Shorthand {
    persistent: String,
    engine: Option<EngineKind>,
}

/// `[routes]` as it stands.
#[derive(Default)]
struct GivenRoutes {
    persistent: Option<Found<String>>,
    volatile: Option<String>,
    random: Option<String>,
    fallback: Option<Fallback>,
}

/// The names that a route may have.
struct Names<'a> {
    top: &'a Section<'a>,
    backends: &'a [BackendConfig],
}

impl Names<'_> {
    fn check(&self, key: &str, found: &Found<&str>) -> Result<String> {
        let name = found.value;
        if name == SOFTWARE || self.backends.iter().any(|backend| backend.name == name) {
            return Ok(name.to_owned());
        }
        let known: Vec<&str> =
            [SOFTWARE].into_iter().chain(self.backends.iter().map(|backend| backend.name.as_str())).collect();
        Err(self.top.mistake_at(
            found.offset,
            format_args!(
                "'{key}' names the backend '{name}', which is not configured; add [backends.{name}] or use one of: {}",
                known.join(", ")
            ),
        ))
    }

    fn store(&self, mut section: Section<'_>) -> Result<(StoreConfig, Option<Protect>)> {
        let path = section.absolute_path("path")?;
        let protect = if section.is_table("protect") {
            secret(&mut section, "protect", &[SecretKind::File, SecretKind::Credential])?.map(Protect::Secret)
        } else {
            section.text("protect")?.map(|found| self.protector(&section, &found)).transpose()?
        };
        section.finish()?;
        Ok((StoreConfig { path }, protect))
    }

    fn protector(&self, section: &Section<'_>, found: &Found<&str>) -> Result<Protect> {
        match found.value {
            "none" => Ok(Protect::Nothing),
            SOFTWARE => Err(section.mistake_at(
                found.offset,
                format_args!("software cannot protect the key store; give a file, a credential or a backend"),
            )),
            _ => Ok(Protect::Backend(self.check("protect", found)?)),
        }
    }

    fn shorthand(&self, found: Found<&str>) -> Result<Found<Shorthand>> {
        let engine = ENGINES.iter().find(|(name, _)| *name == found.value).map(|(_, engine)| *engine);
        let persistent = match engine {
            Some(_) => SOFTWARE.to_owned(),
            None => self.check("backend", &found)?,
        };
        Ok(Found { value: Shorthand { persistent, engine }, offset: found.offset })
    }

    fn routes(&self, mut section: Section<'_>) -> Result<GivenRoutes> {
        let persistent = section.text("persistent")?;
        let volatile = section.text("volatile")?;
        let random = section.text("random")?;
        let fallbacks = [("error", Fallback::Error), ("software", Fallback::Software), ("seal", Fallback::Seal)];
        let fallback = section.choice("fallback", &fallbacks, &[])?;
        section.finish()?;

        let check = |key: &str, found: Option<Found<&str>>| found.map(|found| self.check(key, &found)).transpose();
        Ok(GivenRoutes {
            persistent: match persistent {
                Some(found) => Some(Found { value: self.check("persistent", &found)?, offset: found.offset }),
                None => None,
            },
            volatile: check("volatile", volatile)?,
            random: check("random", random)?.filter(|name| name != SOFTWARE),
            fallback: fallback.map(|found| found.value),
        })
    }

    /// The routes of both spellings, which must not contradict each other.
    fn joined(&self, given: GivenRoutes, shorthand: Option<Found<Shorthand>>) -> Result<Routes> {
        let default = Config::default().routes;
        let persistent = match (given.persistent, shorthand) {
            (Some(route), Some(short)) if route.value != short.value.persistent => {
                return Err(self.top.mistake_at(
                    route.offset,
                    format_args!("'persistent' in [routes] contradicts 'backend', its shorthand; remove one of them"),
                ));
            }
            (Some(route), _) => route.value,
            (None, Some(short)) => short.value.persistent,
            (None, None) => default.persistent,
        };
        Ok(Routes {
            persistent,
            volatile: given.volatile.unwrap_or(default.volatile),
            random: given.random,
            fallback: given.fallback,
        })
    }
}
