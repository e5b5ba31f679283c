//! Keys that are bound to a policy: three commands for each use, in a kept policy session.

use super::{Command, Object, Outcome, Response, Tpm};
use crate::backends::tpm::errors::{Failure, local};
use crate::backends::tpm::identifiers::AlgorithmId;
use crate::backends::tpm::registers::{POLICY_AUTH_VALUE, POLICY_PCR, selection};
use crate::backends::tpm::session::{Beginning, Session};

/// `TPM_SE_POLICY`.
const POLICY: u8 = 1;
/// The first byte of the handles of policy sessions (`TPM_HT_POLICY_SESSION`).
const POLICY_SESSION: u8 = 0x03;

impl Tpm {
    /// The value of a platform configuration register (TPM2_PCR_Read); `None` where the TPM does not have it.
    pub(in super::super) fn read_register(&mut self, bank: AlgorithmId, index: u8) -> Outcome<Option<Vec<u8>>> {
        let command = Command::new("PCR_Read", 0x17e).with(|parameters| parameters.raw(&selection(bank, &[index])));
        self.run(command)?.read(|reader| {
            let (_counter, banks) = (reader.word()?, reader.word()?);
            for _ in 0..banks {
                let (_bank, length) = (reader.half()?, reader.byte()?);
                reader.raw(usize::from(length))?;
            }
            match reader.word()? {
                0 => Some(None),
                1 => Some(Some(reader.sized()?.to_vec())),
                _ => None,
            }
        })
    }

    /// True where the last command failed because there is no policy session.
    pub(in super::super) fn wants_policy(&self) -> bool {
        self.wants_policy
    }

    /// TPM2_StartAuthSession: the policy session, salted with a loaded key.
    pub(in super::super) fn start_policy(&mut self, salt_key: &Object, beginning: &Beginning) -> Outcome<()> {
        self.policy = Some(self.begin(salt_key, beginning, POLICY, POLICY_SESSION)?);
        self.wants_policy = false;
        Ok(())
    }

    /// Runs a command on an object that is bound to these registers. Afterwards the TPM has forgotten what the session
    /// has proven, unless the command failed: then the session is given up.
    pub(super) fn run_bound(&mut self, command: Command<'_>, registers: &[u8]) -> Outcome<Response> {
        let Some(session) = self.policy.take() else {
            self.wants_policy = true;
            return Err(Failure::new(command.name, local::NO_SESSION));
        };
        let handle = session.handle;
        match self.prove(handle, registers) {
            Ok(()) => self.run_in_policy(command, session),
            Err(failure) => {
                self.give_up(session, failure);
                Err(failure)
            }
        }
    }

    /// TPM2_PolicyPCR and TPM2_PolicyAuthValue.
    fn prove(&mut self, handle: u32, registers: &[u8]) -> Outcome<()> {
        let session = Object::permanent(handle);
        let command = Command::new("PolicyPCR", POLICY_PCR).handle(&session);
        self.run(command.with(|parameters| parameters.sized(&[]).raw(registers)))?.read(|_| Some(()))?;
        self.run(Command::new("PolicyAuthValue", POLICY_AUTH_VALUE).handle(&session))?.read(|_| Some(()))
    }

    /// The policy session stands in the place of the other one meanwhile.
    fn run_in_policy(&mut self, command: Command<'_>, session: Session) -> Outcome<Response> {
        let kept = self.session.replace(session);
        let outcome = self.run_in_session(command);
        let session = std::mem::replace(&mut self.session, kept);
        match (session, &outcome) {
            (Some(session), Err(failure)) => self.give_up(session, *failure),
            (session, _) => self.policy = session,
        }
        outcome
    }

    fn give_up(&mut self, session: Session, failure: Failure) {
        if failure.breaks_connection() {
            // Whoever finds the connection again takes it out of the TPM.
            self.policy = Some(session);
        } else {
            // Where the TPM has lost it, there is nothing to flush.
            let _ = self.flush(session.handle);
        }
    }
}
