//! The backends of the configuration: `[backends.*]`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::secret::{SecretKind, secret};
use super::section::{Found, Section};
use super::uri::{ObjectSelector, Pkcs11Uri};
use super::{NAME_RULE, SOFTWARE, SecretSource, files, is_name};
use crate::fail;
use crate::psa::{Algorithm, Result};

/// `PSA_KEY_LOCATION_PRIMARY_SECURE_ELEMENT` (PSA 1.5, section 9.6).
const PRIMARY_SECURE_ELEMENT: u32 = 1;
/// The locations that PSA leaves to vendors.
const VENDOR_LOCATIONS: std::ops::RangeInclusive<u32> = 0x80_0000..=0xff_ffff;
/// Handles of persistent objects in the owner's range of a TPM.
const TPM_PERSISTENT: (u32, u32) = (0x8100_0000, 0x817f_ffff);

/// One configured place that keeps keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendConfig {
    /// Its name, which routes and the key store use.
    pub name: String,
    /// "file:line" of its section, for messages.
    pub origin: String,
    /// Its PSA key location, by which an application may address it.
    pub location: Option<u32>,
    /// What it is.
    pub kind: BackendKind,
}

impl BackendConfig {
    /// What messages call it: its name, and where in which file it is configured.
    pub fn label(&self) -> String {
        format!("{} ({})", self.name, self.origin)
    }
}

/// What a backend is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackendKind {
    /// A PKCS#11 token or HSM.
    Pkcs11(Pkcs11Config),
    /// A TPM 2.0.
    Tpm(TpmConfig),
}

/// A PKCS#11 token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pkcs11Config {
    /// The module, a shared library; see [`Pkcs11Config::trusted_module`].
    pub module: PathBuf,
    /// Which of the module's tokens.
    pub token: TokenSelector,
    /// The user PIN; `None` for a public token or one with a keypad of its own.
    pub pin: Option<SecretSource>,
    /// Bound of the session pool; `None`: what the token says.
    pub max_sessions: Option<u32>,
    /// The string that some modules expect in `C_Initialize`, such as `configdir=...` of NSS.
    pub init_args: Option<String>,
    /// The PIN is tried even where one more wrong one would lock the token.
    pub allow_final_try: bool,
    /// What this token needs beyond the standard, where that is not recognised.
    pub quirks: Vec<Quirk>,
    /// Where it is remembered across processes that a PIN was rejected: the directory of the key store. Not from the
    /// section; `None`: nowhere.
    pub state_directory: Option<PathBuf>,
}

/// What a real token needs beyond the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quirk {
    /// `fragile-store`: while an object is made or destroyed, nobody else of this process is in the token and no other
    /// process with the same key store changes it, and what failed without a reason is tried again. SoftHSM 2.6 needs it,
    /// and has it without being asked.
    FragileStore,
    /// `tpm2-pkcs11`: nothing is said of the rights of public keys and of mechanisms, RSA keys that sign may decrypt, and
    /// ECDSA is given hashes as long as those of SHA-1 and SHA-2. tpm2-pkcs11 1.9 needs it, and has it without being asked.
    Tpm2Pkcs11,
}

/// Their names in the configuration.
const QUIRKS: [(&str, Quirk); 2] = [("fragile-store", Quirk::FragileStore), ("tpm2-pkcs11", Quirk::Tpm2Pkcs11)];

/// Which token: every part that is given must be equal. At least one is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenSelector {
    /// Label.
    pub label: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// Manufacturer (only from a URI).
    pub manufacturer: Option<String>,
    /// Model (only from a URI).
    pub model: Option<String>,
}

/// A TPM 2.0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TpmConfig {
    /// How to reach it, as the TSS writes it: `device:/dev/tpmrm0`, `swtpm:host=localhost,port=2321`, `tabrmd`.
    pub tcti: String,
    /// Authorization of the owner hierarchy; `None`: empty.
    pub owner_auth: Option<SecretSource>,
    /// A persistent handle to use as parent; `None`: a primary key that is made again from its template.
    pub primary: Option<u32>,
    /// Name of the primary key to accept on a bus; `None`: the one that was seen first.
    pub primary_name: Option<Vec<u8>>,
    /// Whether somebody could listen on the way to the TPM.
    pub bus: Bus,
    /// How many objects stay loaded; `None`: depends on the TCTI.
    pub max_loaded: Option<u32>,
    /// How long one command may take.
    pub timeout: Duration,
    /// What new keys are bound to.
    pub pcrs: Option<Registers>,
}

/// Platform configuration registers of one bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registers {
    /// The bank: the hash of its registers.
    pub bank: Algorithm,
    /// Which of them, in ascending order.
    pub indices: Vec<u8>,
}

/// Whether somebody could listen on the way to the TPM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bus {
    /// Find out; encrypted unless the TPM is known not to be on a bus.
    #[default]
    Auto,
    /// Nobody can: authorization values of signing keys go in clear, which is faster.
    Trusted,
    /// Every secret goes through an encrypted session.
    Encrypted,
}

impl Pkcs11Config {
    /// The module, once it is clear that it exists and that nobody else may write it. To be called right before it is
    /// loaded: its code will run in this process.
    ///
    /// `STORAGE_FAILURE` where it does not exist, `NOT_PERMITTED` where others may write it.
    pub fn trusted_module(&self) -> Result<&Path> {
        if !self.module.exists() {
            let path = self.module.display();
            return fail!(StorageFailure, "there is no PKCS#11 module {path}: install it, or correct 'module'");
        }
        files::check_trusted(&self.module, "PKCS#11 module")?;
        Ok(&self.module)
    }
}

/// What a `type` means.
#[derive(Clone, Copy)]
enum Type {
    Pkcs11,
    Tpm,
}

const TYPES: [(&str, Type); 2] = [("pkcs11", Type::Pkcs11), ("tpm", Type::Tpm)];
/// Types that have their name already.
const LATER_TYPES: [&str; 2] = ["driver", "parsec"];

/// The banks of registers that TPMs have.
const BANKS: [(&str, Algorithm); 4] = [
    ("sha1", Algorithm::SHA_1),
    ("sha256", Algorithm::SHA_256),
    ("sha384", Algorithm::SHA_384),
    ("sha512", Algorithm::SHA_512),
];

/// Reads the section of one backend other than `software`.
pub(super) fn backend(name: &str, mut section: Section<'_>) -> Result<BackendConfig> {
    if !is_name(name) {
        return Err(section.mistake(format_args!("the name of a backend must be {NAME_RULE}")));
    }
    if matches!(name, "native" | "mbed-crypto") {
        return Err(section.mistake(format_args!(
            "'{name}' is an engine, not a backend; write engine = \"{name}\" in [backends.{SOFTWARE}]"
        )));
    }
    let kind = backend_type(name, &mut section)?;
    let location = location(&mut section)?;
    let kind = match kind {
        Type::Pkcs11 => {
            required_feature(cfg!(feature = "pkcs11"), "pkcs11", &section)?;
            BackendKind::Pkcs11(pkcs11(&mut section)?)
        }
        Type::Tpm => {
            required_feature(cfg!(feature = "tpm"), "tpm", &section)?;
            BackendKind::Tpm(tpm(&mut section)?)
        }
    };
    Ok(BackendConfig { name: name.to_owned(), origin: section.place(), location, kind })
}

/// The type may be left out where the name says it.
fn backend_type(name: &str, section: &mut Section<'_>) -> Result<Type> {
    if let Some(found) = section.choice("type", &TYPES, &LATER_TYPES)? {
        return Ok(found.value);
    }
    match TYPES.iter().find(|(word, _)| *word == name) {
        Some((_, value)) => Ok(*value),
        None => Err(section.mistake(format_args!("{} needs a type: \"pkcs11\" or \"tpm\"", section.title()))),
    }
}

fn required_feature(present: bool, feature: &str, section: &Section<'_>) -> Result<()> {
    if present {
        return Ok(());
    }
    Err(section.not_supported(&format!("this libparsec was built without the cargo feature '{feature}'")))
}

fn location(section: &mut Section<'_>) -> Result<Option<u32>> {
    let Some(Found { value, offset }) = section.integer("location", 1, *VENDOR_LOCATIONS.end())? else {
        return Ok(None);
    };
    if value == PRIMARY_SECURE_ELEMENT || VENDOR_LOCATIONS.contains(&value) {
        return Ok(Some(value));
    }
    let (title, low, high) = (section.title(), VENDOR_LOCATIONS.start(), VENDOR_LOCATIONS.end());
    Err(section.mistake_at(offset, format_args!("'location' in {title} must be 1, or from {low:#x} to {high:#x}")))
}

fn pkcs11(section: &mut Section<'_>) -> Result<Pkcs11Config> {
    let module = section.absolute_path("module")?;
    let token = [
        section.text("token")?.map(|found| TokenSelector { label: Some(found.value.to_owned()), ..Default::default() }),
        section
            .text("serial")?
            .map(|found| TokenSelector { serial: Some(found.value.to_owned()), ..Default::default() }),
        section.text("uri")?.map(|found| token_uri(section, &found)).transpose()?,
    ];
    let pin = secret(section, "pin", &SecretKind::ALL)?;
    let max_sessions = section.integer("max_sessions", 1, u32::MAX)?.map(|found| found.value);
    let init_args = section.text("init_args")?.map(|found| found.value.to_owned());
    let allow_final_try = section.boolean("allow_final_try")?.unwrap_or_default();
    let quirks = section.choices("quirks", &QUIRKS)?;
    section.finish()?;

    let mut tokens = token.into_iter().flatten();
    let (Some(token), None) = (tokens.next(), tokens.next()) else {
        let title = section.title();
        return Err(section.mistake(format_args!("{title} needs exactly one of token (its label), serial and uri")));
    };
    let module = section.required("module", module)?;
    Ok(Pkcs11Config { module, token, pin, max_sessions, init_args, allow_final_try, quirks, state_directory: None })
}

/// The token that a URI names (RFC 7512, section 2.3).
fn token_uri(section: &Section<'_>, found: &Found<&str>) -> Result<TokenSelector> {
    let mistake =
        |text: &str| section.mistake_at(found.offset, format_args!("'uri' in {}: {text} (RFC 7512)", section.title()));
    let Pkcs11Uri { token, object } = Pkcs11Uri::parse(found.value).map_err(mistake)?;
    if object != ObjectSelector::default() {
        return Err(mistake("only the attributes token, serial, manufacturer and model name a token"));
    }
    if token == TokenSelector::default() {
        return Err(mistake("it names no token"));
    }
    Ok(token)
}

fn tpm(section: &mut Section<'_>) -> Result<TpmConfig> {
    let tcti = section.text("tcti")?.map_or("device:/dev/tpmrm0", |found| found.value).to_owned();
    let owner_auth = secret(section, "owner_auth", &SecretKind::ALL)?;
    let (low, high) = TPM_PERSISTENT;
    let primary = section.integer("primary", low, high)?.map(|found| found.value);
    let primary_name = match section.text("primary_name")? {
        Some(found) => match object_name(found.value) {
            Some(name) => Some(name),
            None => {
                let text = "'primary_name' is the name of a TPM key in hexadecimal digits, as tpm2_readpublic shows it";
                return Err(section.mistake_at(found.offset, format_args!("{text}")));
            }
        },
        None => None,
    };
    let buses = [("auto", Bus::Auto), ("trusted", Bus::Trusted), ("encrypted", Bus::Encrypted)];
    let bus = section.choice("bus", &buses, &[])?;
    let max_loaded = section.integer("max_loaded", 1, 1024)?.map(|found| found.value);
    let timeout = section.integer("timeout", 1, 3600)?.map_or(120, |found| found.value);
    let pcrs = match section.text("pcrs")? {
        Some(found) => match registers(found.value) {
            Some(registers) => Some(registers),
            None => {
                let text = "'pcrs' is a bank and its registers from 0 to 23, such as \"sha256:0,2,7\"";
                return Err(section.mistake_at(found.offset, format_args!("{text}")));
            }
        },
        None => None,
    };
    section.finish()?;
    Ok(TpmConfig {
        tcti,
        owner_auth,
        primary,
        primary_name,
        bus: bus.map(|found| found.value).unwrap_or_default(),
        max_loaded,
        timeout: Duration::from_secs(timeout.into()),
        pcrs,
    })
}

/// `sha256:0,2,7`, as tpm2-tools write it, for one bank.
fn registers(text: &str) -> Option<Registers> {
    let (bank, list) = text.split_once(':')?;
    let bank = BANKS.iter().find(|(name, _)| *name == bank).map(|(_, hash)| *hash)?;
    let mut indices = list.split(',').map(|index| index.trim().parse().ok()).collect::<Option<Vec<u8>>>()?;
    indices.sort_unstable();
    let whole = indices.len();
    indices.dedup();
    (indices.len() == whole && indices.iter().all(|index| *index < 24)).then_some(Registers { bank, indices })
}

/// The number of a hash algorithm and a hash (TPM 2.0 Library, part 1, section 16).
fn object_name(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).ok());
    let name = digits.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect::<Option<Vec<u8>>>()?;
    (text.len().is_multiple_of(2) && matches!(name.len(), 22 | 34 | 50 | 66)).then_some(name)
}
