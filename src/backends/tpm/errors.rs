//! From the response codes of the TSS, all 32 bits of them, to the statuses of PSA.
//!
//! The upper 16 bits name the layer that failed; the TPM itself is layer 0, whose codes come in two formats (TPM 2.0
//! Library, part 1, section 39 and part 2, section 6.6; TSS 2.0 Overview and Common Structures, section 4).

use crate::cause;
use crate::psa::Error;

use super::error_tables::{FORMAT_ONE, LAYERS, LOCAL, OWN, Row, VERSION_ONE, WARNINGS, advice_for};

/// A command that failed, and with which code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The command, as the TPM specification calls it without its prefix.
    pub(super) command: &'static str,
    /// The code as the TSS returned it.
    pub(super) code: u32,
    /// What the operating system says of the way to the TPM (`errno`).
    reason: Option<i32>,
}

/// A way to the TPM that does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BrokenWay {
    /// A code of the TCTI layer, or of ours.
    code: u32,
    reason: Option<i32>,
}

impl BrokenWay {
    /// What the operating system has refused.
    pub(super) fn refused(code: u32, error: &std::io::Error) -> Self {
        Self { code, reason: error.raw_os_error() }
    }
}

impl From<u32> for BrokenWay {
    fn from(code: u32) -> Self {
        Self { code, reason: None }
    }
}

/// Codes of the TCTI layer, which our own connections return.
pub(super) mod tcti {
    const LAYER: u32 = 10 << 16;
    pub(in super::super) const NO_CONNECTION: u32 = LAYER | 8;
    pub(in super::super) const TRY_AGAIN: u32 = LAYER | 9;
    pub(in super::super) const IO_ERROR: u32 = LAYER | 10;
    pub(in super::super) const MALFORMED_RESPONSE: u32 = LAYER | 17;
    /// Another program holds the device.
    pub(in super::super) const BUSY: u32 = super::local::LAYER | 4;
    /// It does not answer on D-Bus.
    pub(in super::super) const NO_RESOURCE_MANAGER: u32 = super::local::LAYER | 5;
    /// The name of the host has no address.
    pub(in super::super) const NO_SUCH_HOST: u32 = super::local::LAYER | 6;
}

/// Codes of this library.
pub(super) mod local {
    pub(in super::super) const LAYER: u32 = 0x80 << 16;
    pub(in super::super) const GENERAL_FAILURE: u32 = LAYER | 1;
    /// Secrets have to be exchanged, and there is no session for that.
    pub(in super::super) const NO_SESSION: u32 = LAYER | 2;
    /// The response does not prove that it comes from the TPM.
    pub(in super::super) const RESPONSE_REFUSED: u32 = LAYER | 3;
}

/// `TPM_RC_INITIALIZE`: nobody has sent TPM2_Startup since the TPM got its power.
const INITIALIZE: u32 = 0x100;
/// `TPM_RC_SEQUENCE`.
const SEQUENCE: u32 = 0x103;
const PCR_CHANGED: u32 = 0x128;
const OBJECT_MEMORY: u32 = 0x902;
const SESSION_MEMORY: u32 = 0x903;
const SESSION_HANDLES: u32 = 0x905;
const OBJECT_HANDLES: u32 = 0x906;
const YIELDED: u32 = 0x908;
const TESTING: u32 = 0x90a;
const LOCKOUT: u32 = 0x921;
const RETRY: u32 = 0x922;
/// Format one without its parameter, handle or session number.
const VALUE: u32 = 0x84;
const HANDLE: u32 = 0x8b;
const AUTH_FAIL: u32 = 0x8e;
const BAD_AUTH: u32 = 0xa2;

/// The last of `layer` whose codes are the TPM's, handed on by a resource manager.
const RESOURCE_MANAGER_TPM: u32 = 12;
const RESOURCE_MANAGER: u32 = 11;
const OURS: u32 = local::LAYER >> 16;

impl Failure {
    pub(super) const fn new(command: &'static str, code: u32) -> Self {
        Self { command, code, reason: None }
    }

    /// A command that could not be sent, or whose response did not come.
    pub(super) fn of_way(command: &'static str, BrokenWay { code, reason }: BrokenWay) -> Self {
        Self { command, code, reason }
    }

    /// The TPM's own code, without the numbers of parameters, handles and sessions; `None` if another layer failed.
    fn of_tpm(self) -> Option<u32> {
        let code = self.code & 0xffff;
        match self.code >> 16 {
            0 | RESOURCE_MANAGER_TPM if code & 0x80 != 0 => Some(code & 0xbf),
            0 | RESOURCE_MANAGER_TPM => Some(code),
            _ => None,
        }
    }

    /// The TPM asks to send the command again.
    pub(super) fn asks_to_retry(self) -> bool {
        matches!(self.of_tpm(), Some(RETRY | YIELDED | TESTING))
    }

    /// No slot is free for another object.
    pub(super) fn lacks_room(self) -> bool {
        matches!(self.of_tpm(), Some(OBJECT_MEMORY | OBJECT_HANDLES))
    }

    /// No slot is free for another session.
    pub(super) fn lacks_room_for_session(self) -> bool {
        matches!(self.of_tpm(), Some(SESSION_MEMORY | SESSION_HANDLES))
    }

    /// The TPM was reset and waits for TPM2_Startup.
    pub(super) fn lacks_startup(self) -> bool {
        self.of_tpm() == Some(INITIALIZE)
    }

    /// The object that we had loaded is no longer there: the TPM was reset, or somebody flushed it. Its handle may
    /// name somebody else's object by now, which then refuses our authorization value.
    pub(super) fn lost_object(self) -> bool {
        matches!(self.of_tpm(), Some(HANDLE | AUTH_FAIL | BAD_AUTH | 0x910..=0x916))
    }

    /// There is no session, so that nothing was sent.
    pub(super) fn is_without_session(self) -> bool {
        self.code == local::NO_SESSION
    }

    /// There is no session, or the TPM has lost it.
    pub(super) fn lacks_session(self) -> bool {
        self.is_without_session() || matches!(self.of_tpm(), Some(0x918..=0x91e))
    }

    /// Some register was extended between the proof of a policy and its use, perhaps none of ours.
    pub(super) fn registers_changed(self) -> bool {
        self.of_tpm() == Some(PCR_CHANGED)
    }

    /// The TPM defends itself against guessing.
    pub(super) fn is_lockout(self) -> bool {
        self.of_tpm() == Some(LOCKOUT)
    }

    /// There is nothing under the handle.
    pub(super) fn is_missing_handle(self) -> bool {
        self.of_tpm() == Some(HANDLE)
    }

    /// The handle, or whatever else, is none that there could be.
    pub(super) fn is_impossible_handle(self) -> bool {
        self.of_tpm() == Some(VALUE)
    }

    /// The object is a sequence, not a key.
    pub(super) fn is_sequence(self) -> bool {
        self.of_tpm() == Some(SEQUENCE)
    }

    /// The authorization value was wrong.
    pub(super) fn wrong_authorization(self) -> bool {
        matches!(self.of_tpm(), Some(AUTH_FAIL | BAD_AUTH))
    }

    /// The command may not have reached the TPM or its response not us: the connection is void.
    pub(super) fn breaks_connection(self) -> bool {
        match self.code >> 16 {
            OURS => self.code == local::RESPONSE_REFUSED || self.code == tcti::BUSY,
            layer => !matches!(layer, 0 | RESOURCE_MANAGER | RESOURCE_MANAGER_TPM),
        }
    }

    /// The TPM did not answer in time.
    pub(super) fn timed_out(self) -> bool {
        self.code >> 16 != OURS && self.breaks_connection() && self.code & 0xffff == 9
    }

    fn row(self) -> Option<&'static Row> {
        let code = self.code & 0xffff;
        let (table, code) = match self.code >> 16 {
            0 | RESOURCE_MANAGER_TPM if code & 0x80 != 0 => (FORMAT_ONE, code & 0x3f),
            0 | RESOURCE_MANAGER_TPM if code & 0xf00 == 0x900 => (WARNINGS, code & 0x7f),
            0 | RESOURCE_MANAGER_TPM if code & 0xf00 == 0x100 => (VERSION_ONE, code & 0x7f),
            0 | RESOURCE_MANAGER_TPM => return None,
            OURS => (OWN, code),
            _ => (LOCAL, code),
        };
        table.iter().find(|row| row.code == code)
    }

    /// Which parameter, handle or session of the command a code of format one means.
    fn position(self) -> String {
        let code = self.code;
        match (self.of_tpm().is_some() && code & 0x80 != 0, code & 0x40 != 0, code >> 8 & 0xf) {
            (false, ..) | (true, false, 0) => String::new(),
            (true, true, number) => format!(", parameter {number}"),
            (true, false, number @ 8..) => format!(", session {}", number - 8),
            (true, false, number) => format!(", handle {number}"),
        }
    }

    /// The status for the application.
    pub(super) fn status(self) -> Error {
        self.row().map_or_else(|| self.unknown(), |row| row.status)
    }

    /// What to do: what helps against the operating system's refusal, else what the row says.
    fn advice(self) -> &'static str {
        self.reason.and_then(advice_for).unwrap_or_else(|| self.row().map_or("", |row| row.advice))
    }

    /// Codes that the specifications of today do not know.
    fn unknown(self) -> Error {
        match self.code >> 16 {
            // Bit 10 marks a code of the manufacturer, bits 8 and 11 a warning: what is wrong is in the TPM.
            0 | RESOURCE_MANAGER_TPM if self.code & 0x480 == 0x400 => Error::HardwareFailure,
            0 | RESOURCE_MANAGER_TPM => Error::GenericError,
            layer if LAYERS.iter().any(|(known, _)| *known == layer) => Error::GenericError,
            _ => Error::CommunicationFailure,
        }
    }
}

impl From<Failure> for Error {
    /// Records what failed and what to do as the cause.
    fn from(failure: Failure) -> Self {
        let layer =
            LAYERS.iter().find(|(layer, _)| *layer == failure.code >> 16).map_or("unknown layer", |(_, name)| name);
        let (name, advice) = (failure.row().map_or("unknown code", |row| row.name), failure.advice());
        let separator = if advice.is_empty() { "" } else { ": " };
        let reason = failure.reason.map(|errno| format!("; {}", std::io::Error::from_raw_os_error(errno)));
        cause::of(
            failure.status(),
            format_args!(
                "TPM command {} failed with 0x{:08x} ({layer}: {name}{}{}){separator}{advice}",
                failure.command,
                failure.code,
                failure.position(),
                reason.unwrap_or_default(),
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row is reached by its raw code, from the TPM and through a resource manager, at every position.
    #[test]
    fn every_row_is_reached_by_its_raw_codes() {
        for (table, base, positions) in [
            (FORMAT_ONE, 0x80, [0, 0x100, 0x900, 0x140, 0xf40]),
            (VERSION_ONE, 0x100, [0; 5]),
            (WARNINGS, 0x900, [0; 5]),
        ] {
            for row in table {
                for code in positions.map(|position| base | row.code | position) {
                    for layer in [0, 12 << 16] {
                        let failure = Failure::new("Sign", layer | code);
                        assert_eq!(failure.row().map(|row| row.name), Some(row.name), "{failure:x?}");
                        assert_eq!(failure.status(), row.status, "{failure:x?}");
                        assert!(!failure.breaks_connection());
                    }
                }
            }
        }
        for row in LOCAL {
            for layer in [6, 7, 8, 9, 10] {
                let failure = Failure::new("Sign", layer << 16 | row.code);
                assert_eq!(failure.status(), row.status, "{failure:x?}");
                assert!(failure.breaks_connection());
            }
        }
    }

    #[test]
    fn our_own_codes() {
        for (code, name) in [
            (local::GENERAL_FAILURE, "GENERAL_FAILURE"),
            (local::NO_SESSION, "NO_SESSION"),
            (local::RESPONSE_REFUSED, "RESPONSE_REFUSED"),
            (tcti::BUSY, "BUSY"),
            (tcti::NO_RESOURCE_MANAGER, "NO_RESOURCE_MANAGER"),
            (tcti::NO_SUCH_HOST, "NO_SUCH_HOST"),
        ] {
            assert_eq!(Failure::new("Sign", code).row().map(|row| row.name), Some(name));
        }
    }

    /// The headers of the TSS have every code that the specifications know.
    #[test]
    fn no_code_is_missing() {
        let types = std::fs::read_to_string("/usr/include/tss2/tss2_tpm2_types.h").expect("libtss2-dev is installed");
        let common = std::fs::read_to_string("/usr/include/tss2/tss2_common.h").unwrap();
        let mut counts = [0; 4];
        for (name, value) in definitions(&types).chain(definitions(&common)) {
            let (offset, (base, rest)) = match value.split_once("+") {
                Some((base, offset)) => (offset, (base, "")),
                None => (value, ("", value)),
            };
            let Some(number) = number(offset) else { continue };
            let (index, code) = match (base, name) {
                ("TPM2_RC_FMT1", _) => (0, 0x80 + number),
                ("TPM2_RC_VER1", _) => (1, 0x100 + number),
                ("TPM2_RC_WARN", _) => (2, 0x900 + number),
                ("", name) if name.starts_with("TSS2_BASE_RC_") && !rest.is_empty() => (3, 10 << 16 | number),
                _ => continue,
            };
            // The layers above the TPM call success one of their codes.
            if code & 0xffff == 0 {
                continue;
            }
            counts[index] += 1;
            let row = Failure::new("Sign", code).row().unwrap_or_else(|| panic!("{name} ({code:#x}) has no row"));
            let expected = name.trim_start_matches("TPM2_RC_").trim_start_matches("TSS2_BASE_RC_");
            assert_eq!(row.name.replace('_', ""), expected.replace('_', ""), "{code:#x}");
        }
        assert!(counts[0] > 30 && counts[1] > 30 && counts[2] > 25 && counts[3] > 50, "{counts:?}");
    }

    /// `#define NAME ((TSS2_RC) (BASE + 0x12))`, without types, parentheses and blanks.
    fn definitions(header: &str) -> impl Iterator<Item = (&str, &'static str)> {
        header.lines().filter_map(|line| {
            let (name, value) = line.strip_prefix("#define ")?.split_once(char::is_whitespace)?;
            let value = value.split("/*").next()?.replace("(TSS2_RC)", "").replace("(TPM2_RC)", "");
            let plain: String = value.chars().filter(|c| !"() \t".contains(*c)).collect();
            Some((name, &*Box::leak(plain.trim_end_matches(['U', 'L']).to_owned().into_boxed_str())))
        })
    }

    fn number(text: &str) -> Option<u32> {
        match text.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => text.parse().ok(),
        }
    }

    #[test]
    fn no_code_twice() {
        for table in [FORMAT_ONE, VERSION_ONE, WARNINGS, LOCAL, OWN] {
            for (index, row) in table.iter().enumerate() {
                assert!(table.iter().skip(index + 1).all(|other| other.code != row.code), "{}", row.name);
            }
        }
    }

    /// Codes as the tools print them, with the statuses that the API promises for what they mean.
    #[test]
    fn well_known_codes() {
        for (code, status) in [
            (0x0000_0902, Error::InsufficientMemory),
            (0x000c_0902, Error::InsufficientMemory),
            (0x0000_0921, Error::NotPermitted),
            (0x0000_09a2, Error::NotPermitted),
            (0x0000_098e, Error::NotPermitted),
            (0x0000_018b, Error::InvalidHandle),
            (0x0000_01df, Error::DataCorrupt),
            (0x0000_02c3, Error::NotSupported),
            (0x0000_0143, Error::NotSupported),
            (0x0000_0101, Error::HardwareFailure),
            (0x0000_0149, Error::NotPermitted),
            (0x000a_0008, Error::CommunicationFailure),
            (0x000a_000a, Error::CommunicationFailure),
            (0x0007_0017, Error::InsufficientMemory),
            (0x0000_0400, Error::HardwareFailure),
            (0x0000_01be, Error::GenericError),
            (0x00ff_0001, Error::GenericError),
        ] {
            assert_eq!(Failure::new("Sign", code).status(), status, "{code:08x}");
        }
    }

    #[test]
    fn the_cause_names_command_and_code() {
        cause::clear();
        assert_eq!(Error::from(Failure::new("CreatePrimary", 0x9a2)), Error::NotPermitted);
        let text = cause::take().unwrap();
        assert!(text.contains("CreatePrimary") && text.contains("0x000009a2") && text.contains("session 1"), "{text}");
        let _ = Error::from(Failure::new("Load", 0x1df));
        assert!(cause::take().unwrap().contains("parameter 1"));
    }
}
