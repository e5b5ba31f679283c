//! Starting a TPM, and asking it about itself.

use super::{Command, Object, Outcome, Secrecy, Tpm};
use crate::backends::tpm::errors::{Failure, tcti};
use crate::backends::tpm::identifiers::{AlgorithmId, CurveId};
use crate::backends::tpm::public::Public;
use crate::backends::tpm::wire::Reader;

const CAPABILITY_ALGORITHMS: u32 = 0;
const CAPABILITY_HANDLES: u32 = 1;
const CAPABILITY_COMMANDS: u32 = 2;
const CAPABILITY_PROPERTIES: u32 = 6;
const CAPABILITY_CURVES: u32 = 8;
/// Where the handles of transient objects begin, and those behind them.
const TRANSIENT: std::ops::Range<u32> = 0x8000_0000..0x8100_0000;
/// Asks for the sessions that are loaded (`TPM_HT_LOADED_SESSION`), of whatever kind.
const LOADED_SESSIONS: u32 = 0x0200_0000;
/// `TPM2_CC_FIRST`.
const FIRST_COMMAND: u32 = 0x11f;
/// `TPM_PT_LOCKOUT_COUNTER`, before the bound, the interval and the recovery time.
const LOCKOUT_COUNTER: u32 = 0x20e;
/// Entries asked for at once; the TPM gives as many as fit.
const CAPABILITY_COUNT: u32 = 127;
/// More entries of one capability than any TPM has: who tells of another one for ever is no TPM.
const MOST_ENTRIES: usize = 1024;

/// What a TPM can do, as it says itself.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Capabilities {
    pub(in super::super) algorithms: Vec<AlgorithmId>,
    pub(in super::super) curves: Vec<CurveId>,
    /// Codes of the commands.
    pub(in super::super) commands: Vec<u16>,
}

/// How the TPM defends itself against those who guess authorization values.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Lockout {
    /// Failures that it remembers.
    pub(in super::super) counter: u32,
    /// As many lock it.
    pub(in super::super) limit: u32,
    /// Seconds after which it forgets one.
    pub(in super::super) interval: u32,
    /// Seconds that the owner of the lockout authorization has to wait after a mistake.
    pub(in super::super) recovery: u32,
}

/// An object that the TPM showed.
pub(in super::super) struct Seen {
    pub(in super::super) object: Object,
    /// `None` for a type that this library does not know.
    pub(in super::super) public: Option<Public>,
    /// Says below which parent it is.
    pub(in super::super) qualified_name: Vec<u8>,
}

impl Tpm {
    /// TPM2_Startup(CLEAR), for a TPM that was reset and has no firmware or kernel to do that.
    pub(in super::super) fn startup(&mut self) -> Outcome<()> {
        self.run(Command::new("Startup", 0x144).with(|parameters| parameters.half(0)))?.read(|_| Some(()))
    }

    /// TPM2_GetCapability for algorithms, curves and commands.
    pub(in super::super) fn capabilities(&mut self) -> Outcome<Capabilities> {
        let algorithm = |reader: &mut Reader<'_>| {
            let (algorithm, _attributes) = (reader.half()?, reader.word()?);
            Some(algorithm)
        };
        // The lower half of the attributes is the code.
        let command = |reader: &mut Reader<'_>| reader.word().map(|attributes| attributes as u16);
        Ok(Capabilities {
            algorithms: self.capability(CAPABILITY_ALGORITHMS, 0, algorithm, |last| u32::from(*last) + 1)?,
            curves: self.capability(CAPABILITY_CURVES, 0, |reader| reader.half(), |last| u32::from(*last) + 1)?,
            commands: self.capability(CAPABILITY_COMMANDS, FIRST_COMMAND, command, |last| u32::from(*last) + 1)?,
        })
    }

    /// The handles of all objects that are in slots of the TPM, whoever loaded them.
    pub(in super::super) fn transient_handles(&mut self) -> Outcome<Vec<u32>> {
        let mut handles =
            self.capability(CAPABILITY_HANDLES, TRANSIENT.start, |reader| reader.word(), |last| last + 1)?;
        handles.retain(|handle| TRANSIENT.contains(handle));
        Ok(handles)
    }

    /// The handles of all sessions that are loaded, whoever began them. Those that a program or a resource manager has
    /// saved meanwhile are not among them.
    pub(in super::super) fn loaded_sessions(&mut self) -> Outcome<Vec<u32>> {
        let read = |reader: &mut Reader<'_>| reader.word();
        Ok(self.capability_part(CAPABILITY_HANDLES, LOADED_SESSIONS, CAPABILITY_COUNT, read)?.1)
    }

    /// The state of the defence against guessing.
    pub(in super::super) fn lockout(&mut self) -> Outcome<Lockout> {
        let property = |reader: &mut Reader<'_>| Some((reader.word()?, reader.word()?));
        let properties = self.capability_part(CAPABILITY_PROPERTIES, LOCKOUT_COUNTER, 4, property)?.1;
        let value = |property| properties.iter().find(|(found, _)| *found == property).map_or(0, |(_, value)| *value);
        let [counter, limit, interval, recovery] = [0, 1, 2, 3].map(|offset| value(LOCKOUT_COUNTER + offset));
        Ok(Lockout { counter, limit, interval, recovery })
    }

    /// TPM2_ReadPublic: the object under this handle.
    pub(in super::super) fn read_public(&mut self, handle: u32) -> Outcome<Seen> {
        let object = Object::new(handle, Vec::new());
        let response = self.run(Command::new("ReadPublic", 0x173).handle(&object))?;
        response.read(|reader| {
            let (public, name) = (Public::decode(reader.sized()?), reader.sized()?.to_vec());
            // A name of our own finding binds what was read; for types that are unknown the TPM's has to do.
            let name = public.as_ref().and_then(|public| public.name().ok()).unwrap_or(name);
            let qualified_name = reader.sized()?.to_vec();
            Some(Seen { object: Object::new(handle, name), public, qualified_name })
        })
    }

    /// Reads one capability from `first` to its end; `read` takes one entry, `next` says where it goes on.
    fn capability<T>(
        &mut self,
        capability: u32,
        mut first: u32,
        read: impl Fn(&mut Reader<'_>) -> Option<T>,
        next: impl Fn(&T) -> u32,
    ) -> Outcome<Vec<T>> {
        let mut entries = Vec::new();
        loop {
            let (more, part) = self.capability_part(capability, first, CAPABILITY_COUNT, &read)?;
            let following = part.last().map(&next);
            entries.extend(part);
            if entries.len() > MOST_ENTRIES {
                return Err(Failure::new("GetCapability", tcti::MALFORMED_RESPONSE));
            }
            match following {
                Some(next) if more && next > first => first = next,
                _ => return Ok(entries),
            }
        }
    }

    /// TPM2_GetCapability: whether there is more, and the entries.
    fn capability_part<T>(
        &mut self,
        capability: u32,
        first: u32,
        count: u32,
        read: impl Fn(&mut Reader<'_>) -> Option<T>,
    ) -> Outcome<(bool, Vec<T>)> {
        let command = Command::new("GetCapability", 0x17a);
        let response = self.run(command.with(|parameters| parameters.word(capability).word(first).word(count)))?;
        response.read(|reader| {
            let (more, answered, length) = (reader.byte()?, reader.word()?, reader.word()?);
            let entries = (0..length).map(|_| read(reader)).collect::<Option<_>>()?;
            (answered == capability).then_some((more != 0, entries))
        })
    }

    /// TPM2_TestParms: `Ok` where keys with the parameters of this template can be made.
    pub(in super::super) fn test_parameters(&mut self, template: &Public) -> Outcome<()> {
        let parameters = template.encode_parameters();
        self.run(Command::new("TestParms", 0x18a).with(|writer| writer.raw(&parameters)))?.read(|_| Some(()))
    }

    /// TPM2_GetRandom: up to a digest's length of random bytes.
    pub(in super::super) fn random(&mut self, output: &mut [u8]) -> Outcome<usize> {
        let wanted = u16::try_from(output.len()).unwrap_or(u16::MAX);
        let command = Command::new("GetRandom", 0x17b).secret(Secrecy::Output);
        let bytes = self.run(command.with(|parameters| parameters.half(wanted)))?.bytes()?;
        let length = bytes.len().min(output.len());
        for (target, byte) in output.iter_mut().zip(bytes.iter()) {
            *target = *byte;
        }
        Ok(length)
    }
}
