//! Starting a TPM, and asking it about itself.
#![allow(unsafe_code)]

use std::ptr::null_mut;

use tss_esapi::structures::Public;
use tss_esapi::tss2_esys::*;

use super::super::errors::{Failure, tcti};
use super::{Allocated, Esys, Object, Outcome, name_bytes};

const CAPABILITY_ALGORITHMS: TPM2_CAP = 0;
const CAPABILITY_HANDLES: TPM2_CAP = 1;
const CAPABILITY_COMMANDS: TPM2_CAP = 2;
const CAPABILITY_CURVES: TPM2_CAP = 8;
/// Where the handles of transient objects begin, and those behind them.
const TRANSIENT: std::ops::Range<u32> = 0x8000_0000..0x8100_0000;
/// `TPM2_CC_FIRST`.
const FIRST_COMMAND: u32 = 0x11f;
/// Entries asked for at once; the TPM gives as many as fit.
const CAPABILITY_COUNT: u32 = 127;

/// What a TPM can do, as it says itself.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Capabilities {
    /// Algorithm identifiers of the TCG.
    pub(in super::super) algorithms: Vec<u16>,
    /// Curve identifiers of the TCG.
    pub(in super::super) curves: Vec<u16>,
    /// Codes of the commands.
    pub(in super::super) commands: Vec<u16>,
}

impl Esys {
    /// TPM2_Startup(CLEAR), for a TPM that was reset and has no firmware or kernel to do that.
    pub(in super::super) fn startup(&mut self) -> Outcome<()> {
        self.run(
            "Startup",
            // SAFETY: `run` passes the live context.
            |context| unsafe { Esys_Startup_Async(context, 0) },
            // SAFETY: the same.
            |context| unsafe { Esys_Startup_Finish(context) },
        )
    }

    /// TPM2_GetCapability for algorithms, curves and commands.
    pub(in super::super) fn capabilities(&mut self) -> Outcome<Capabilities> {
        let mut result = Capabilities::default();
        self.capability(CAPABILITY_ALGORITHMS, 0, |data| {
            // SAFETY: the TPM answered with this capability (checked by the caller), so the union holds this member.
            let list = unsafe { &data.data.algorithms };
            let entries = list.algProperties.iter().take(list.count as usize).map(|entry| entry.alg);
            result.algorithms.extend(entries);
            result.algorithms.last().map(|last| u32::from(*last) + 1)
        })?;
        self.capability(CAPABILITY_CURVES, 0, |data| {
            // SAFETY: as for the algorithms.
            let list = unsafe { &data.data.eccCurves };
            result.curves.extend(list.eccCurves.iter().take(list.count as usize));
            result.curves.last().map(|last| u32::from(*last) + 1)
        })?;
        self.capability(CAPABILITY_COMMANDS, FIRST_COMMAND, |data| {
            // SAFETY: as for the algorithms.
            let list = unsafe { &data.data.command };
            // The lower half of the attributes is the code.
            result.commands.extend(list.commandAttributes.iter().take(list.count as usize).map(|entry| *entry as u16));
            result.commands.last().map(|last| u32::from(*last) + 1)
        })?;
        Ok(result)
    }

    /// The handles of all objects that are in slots of the TPM, whoever loaded them.
    pub(in super::super) fn transient_handles(&mut self) -> Outcome<Vec<u32>> {
        let mut handles = Vec::new();
        self.capability(CAPABILITY_HANDLES, TRANSIENT.start, |data| {
            // SAFETY: as for the algorithms.
            let list = unsafe { &data.data.handles };
            handles.extend(list.handle.iter().take(list.count as usize).filter(|handle| TRANSIENT.contains(handle)));
            handles.last().map(|last| last + 1)
        })?;
        Ok(handles)
    }

    /// TPM2_ReadPublic: the object's public area.
    pub(in super::super) fn public(&mut self, object: Object) -> Outcome<Public> {
        const COMMAND: &str = "ReadPublic";
        let mut public = Allocated::<TPM2B_PUBLIC>::EMPTY;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; no sessions.
            |context| unsafe { Esys_ReadPublic_Async(context, object.0, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE) },
            // SAFETY: the same, with a place for the result that is wanted.
            |context| unsafe { Esys_ReadPublic_Finish(context, &mut public.0, null_mut(), null_mut()) },
        )?;
        Public::try_from(*public.get(COMMAND)?).map_err(|_| Failure::new(COMMAND, tcti::MALFORMED_RESPONSE))
    }

    /// TPM2_ReadPublic: the object's name, and its qualified name, which says below which parent it is.
    pub(in super::super) fn names(&mut self, object: Object) -> Outcome<[Vec<u8>; 2]> {
        const COMMAND: &str = "ReadPublic";
        let (mut name, mut qualified) = (Allocated::<TPM2B_NAME>::EMPTY, Allocated::<TPM2B_NAME>::EMPTY);
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; no sessions.
            |context| unsafe { Esys_ReadPublic_Async(context, object.0, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE) },
            // SAFETY: the same, with places for the results that are wanted.
            |context| unsafe { Esys_ReadPublic_Finish(context, null_mut(), &mut name.0, &mut qualified.0) },
        )?;
        Ok([name_bytes(name.get(COMMAND)?), name_bytes(qualified.get(COMMAND)?)])
    }

    /// Reads one capability from `first` to its end; `add` takes a part and says where the next one begins.
    fn capability(
        &mut self,
        capability: TPM2_CAP,
        mut first: u32,
        mut add: impl FnMut(&TPMS_CAPABILITY_DATA) -> Option<u32>,
    ) -> Outcome<()> {
        const COMMAND: &str = "GetCapability";
        let mut more = 1;
        while more != 0 {
            let mut data = Allocated::EMPTY;
            self.run(
                COMMAND,
                // SAFETY: `run` passes the live context; no sessions.
                |context| unsafe {
                    Esys_GetCapability_Async(
                        context,
                        ESYS_TR_NONE,
                        ESYS_TR_NONE,
                        ESYS_TR_NONE,
                        capability,
                        first,
                        CAPABILITY_COUNT,
                    )
                },
                // SAFETY: the same, with places for the results.
                |context| unsafe { Esys_GetCapability_Finish(context, &mut more, &mut data.0) },
            )?;
            let data = data.get(COMMAND)?;
            if data.capability != capability {
                return Err(Failure::new(COMMAND, tcti::MALFORMED_RESPONSE));
            }
            match add(data) {
                Some(next) if next > first => first = next,
                _ => break,
            }
        }
        Ok(())
    }

    /// TPM2_TestParms: `Ok` where keys with the parameters of this template can be made.
    pub(in super::super) fn test_parameters(&mut self, template: &Public) -> Outcome<()> {
        let area = TPMT_PUBLIC::from(template.clone());
        let parameters = TPMT_PUBLIC_PARMS { type_: area.type_, parameters: area.parameters };
        self.run(
            "TestParms",
            // SAFETY: `run` passes the live context; the parameters outlive the call, which copies them.
            |context| unsafe { Esys_TestParms_Async(context, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &parameters) },
            // SAFETY: the same.
            |context| unsafe { Esys_TestParms_Finish(context) },
        )
    }

    /// TPM2_GetRandom: up to a digest's length of random bytes.
    pub(in super::super) fn random(&mut self, output: &mut [u8]) -> Outcome<usize> {
        const COMMAND: &str = "GetRandom";
        let wanted = u16::try_from(output.len()).unwrap_or(u16::MAX);
        let mut bytes = Allocated::<TPM2B_DIGEST>::EMPTY;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; no sessions.
            |context| unsafe { Esys_GetRandom_Async(context, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, wanted) },
            // SAFETY: the same, with a place for the result.
            |context| unsafe { Esys_GetRandom_Finish(context, &mut bytes.0) },
        )?;
        let bytes = bytes.get(COMMAND)?;
        let bytes = bytes.buffer.get(..usize::from(bytes.size)).unwrap_or_default();
        let length = bytes.len().min(output.len());
        for (target, byte) in output.iter_mut().zip(bytes) {
            *target = *byte;
        }
        Ok(length)
    }
}
