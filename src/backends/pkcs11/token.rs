//! Finding the configured token. Slots renumber, so that their numbers are never used to name one.

use std::fmt;

use cryptoki_sys::*;

use super::errors::{Failure, Outcome, settled};
use super::function_list::FunctionList;
use crate::config::{Quirk, TokenSelector};
use crate::fail;
use crate::psa::Result;

/// Who makes tokens with a fragile store.
const FRAGILE: [&str; 2] = ["SoftHSM project", "Kryoptic Project"];

/// A token that is there now.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// Its slot, for now.
    pub slot: CK_SLOT_ID,
    label: String,
    manufacturer: String,
    model: String,
    serial: String,
    /// `CKF_LOGIN_REQUIRED` and others.
    pub flags: CK_FLAGS,
    /// Quirk of SoftHSM 2.6: making an object now and then fails with `CKR_GENERAL_ERROR` or `CKR_FUNCTION_FAILED`
    /// while another thread or process changes the token or looks for objects in it, and after a change of its own a
    /// process does not see what others have changed since it last looked. kryoptic 1.5 (`CKR_DEVICE_MEMORY`) and tpm2-pkcs11
    /// 1.9, which keep their objects in SQLite, fail where another process changes the token at the same time.
    pub fragile_store: bool,
    /// Quirk of tpm2-pkcs11 1.9: the public key of a pair must have the rights of the private one, only an RSA key that
    /// decrypts signs, a key with `CKA_ALLOWED_MECHANISMS` does not work, and ECDSA takes hashes of some lengths only.
    pub tpm2_pkcs11: bool,
    /// How many sessions for reading and writing it allows; `None` where it does not say.
    pub most_sessions: Option<usize>,
}

impl Token {
    /// Asks the token in a slot who it is.
    pub fn examine(functions: &FunctionList, slot: CK_SLOT_ID) -> Outcome<Self> {
        let info = functions.token_info(slot)?;
        Ok(Self {
            slot,
            label: text(&info.label),
            manufacturer: text(&info.manufacturerID),
            model: text(&info.model),
            serial: text(&info.serialNumber),
            flags: info.flags,
            fragile_store: FRAGILE.contains(&&*text(&info.manufacturerID)),
            tpm2_pkcs11: false,
            most_sessions: [info.ulMaxSessionCount, info.ulMaxRwSessionCount].into_iter().filter_map(limit).min(),
        })
    }

    /// With the quirks of its module and of the configuration.
    pub fn with_quirks(mut self, functions: &FunctionList, configured: &[Quirk]) -> Self {
        self.tpm2_pkcs11 = is_tpm2_pkcs11(functions, configured);
        self.fragile_store |= self.tpm2_pkcs11 || configured.contains(&Quirk::FragileStore);
        self
    }

    /// Finds the one token that the configuration means.
    ///
    /// `COMMUNICATION_FAILURE` where it is not there, `INVALID_ARGUMENT` where several match; the text lists the
    /// tokens that are there.
    pub fn find(functions: &FunctionList, wanted: &TokenSelector) -> Result<Self> {
        let slots = settled(functions.slots())?;
        let mut present = Present { tokens: Vec::new(), silent: Vec::new() };
        for slot in slots {
            match Self::examine(functions, slot) {
                Ok(token) => present.tokens.push(token),
                // A reader whose token cannot be asked just now does not hide the others.
                Err(failure) => present.silent.push((slot, failure)),
            }
        }
        let mut matching = present.tokens.iter().filter(|token| token.matches(wanted));
        match (matching.next(), matching.next()) {
            (Some(token), None) => Ok(token.clone()),
            (None, _) => fail!(CommunicationFailure, "no token with {}; {present}", Wanted(wanted)),
            _ => fail!(InvalidArgument, "several tokens with {}; {present}", Wanted(wanted)),
        }
    }

    /// True where it is initialised and every part that is given is equal.
    pub fn matches(&self, wanted: &TokenSelector) -> bool {
        let equal = |wanted: &Option<String>, actual: &str| wanted.as_ref().is_none_or(|wanted| wanted == actual);
        self.has(CKF_TOKEN_INITIALIZED)
            && equal(&wanted.label, &self.label)
            && equal(&wanted.serial, &self.serial)
            && equal(&wanted.manufacturer, &self.manufacturer)
            && equal(&wanted.model, &self.model)
    }

    /// True where the token has this flag.
    pub fn has(&self, flag: CK_FLAGS) -> bool {
        self.flags & flag != 0
    }

    /// NSS begins GCM in parts, and ends it after the first one.
    pub fn encrypts_gcm_in_parts(&self) -> bool {
        !self.is_nss()
    }

    /// NSS keeps `CKA_ALLOWED_MECHANISMS` in session objects only, and copies none that has it into the token.
    pub fn keeps_allowed_mechanisms(&self) -> bool {
        !self.is_nss()
    }

    fn is_nss(&self) -> bool {
        self.manufacturer.starts_with("Mozilla")
    }

    /// What tells this token from every other. The serial number alone does not: some makers leave it 0.
    pub fn identity(&self) -> String {
        format!("serial {:?}, manufacturer {:?}, label {:?}", self.serial, self.manufacturer, self.label)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { slot, label, serial, manufacturer, model, .. } = self;
        match self.has(CKF_TOKEN_INITIALIZED) {
            true => write!(formatter, "{label:?} (serial {serial:?}, {manufacturer} {model})"),
            false => write!(formatter, "one that is not initialised (in slot {slot}, {manufacturer} {model})"),
        }
    }
}

/// True where a module is tpm2-pkcs11. Its tokens themselves have the names of the TPM. A module that does not answer has other
/// troubles.
pub(super) fn is_tpm2_pkcs11(functions: &FunctionList, configured: &[Quirk]) -> bool {
    let of_module = functions.info().is_ok_and(|info| text(&info.manufacturerID) == "tpm2-software.github.io");
    of_module || configured.contains(&Quirk::Tpm2Pkcs11)
}

/// The parts of a selector, for messages.
struct Wanted<'a>(&'a TokenSelector);

impl fmt::Display for Wanted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("label", &self.0.label),
            ("serial", &self.0.serial),
            ("manufacturer", &self.0.manufacturer),
            ("model", &self.0.model),
        ];
        let given = parts.iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value)));
        for (number, (name, value)) in given.enumerate() {
            let separator = if number == 0 { "" } else { ", " };
            write!(formatter, "{separator}{name} {value:?}")?;
        }
        Ok(())
    }
}

/// The tokens that are there, for messages.
struct Present {
    tokens: Vec<Token>,
    /// Slots that did not say what is in them.
    silent: Vec<(CK_SLOT_ID, Failure)>,
}

impl fmt::Display for Present {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tokens.as_slice() {
            [] => formatter.write_str("the module shows no token at all")?,
            [first, others @ ..] => {
                write!(formatter, "the module shows {first}")?;
                others.iter().try_for_each(|token| write!(formatter, ", {token}"))?;
            }
        }
        self.silent.iter().try_for_each(|(slot, failure)| write!(formatter, "; in slot {slot}, {failure}"))
    }
}

/// A field that is padded with blanks, or by some modules with zeros.
fn text(field: &[CK_UTF8CHAR]) -> String {
    String::from_utf8_lossy(field).trim_end_matches([' ', '\0']).to_owned()
}

/// A limit of sessions, where the token states one.
fn limit(count: CK_ULONG) -> Option<usize> {
    match count {
        CK_EFFECTIVELY_INFINITE | CK_UNAVAILABLE_INFORMATION => None,
        count => usize::try_from(count).ok(),
    }
}
