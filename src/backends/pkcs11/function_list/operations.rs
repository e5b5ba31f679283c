//! Signing, encrypting and decrypting, whose functions are alike.

use cryptoki_sys::*;

use super::super::errors::{Failure, Outcome};
use super::super::mechanism::Mechanism;
use super::{FunctionList, input, within};

/// What a session is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Work {
    /// `C_Sign` and its relatives: signatures and MACs.
    Sign,
    /// `C_Encrypt` and its relatives.
    Encrypt,
    /// `C_Decrypt` and its relatives.
    Decrypt,
}

impl Work {
    /// The function that does it all in one call.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sign => "C_Sign",
            Self::Encrypt => "C_Encrypt",
            Self::Decrypt => "C_Decrypt",
        }
    }
}

impl FunctionList {
    /// `C_SignInit`, `C_EncryptInit`, `C_DecryptInit`.
    pub fn begin(
        &self,
        work: Work,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism<'_>,
        key: CK_OBJECT_HANDLE,
    ) -> Outcome<()> {
        // SAFETY, for the three of them: the mechanism points at parameters that are lent for this call.
        mechanism.lend(|mechanism| match work {
            Work::Sign => invoke!(self.C_SignInit(session, mechanism, key)),
            Work::Encrypt => invoke!(self.C_EncryptInit(session, mechanism, key)),
            Work::Decrypt => invoke!(self.C_DecryptInit(session, mechanism, key)),
        })
    }

    /// `C_Sign`, `C_Encrypt`, `C_Decrypt`: all in one call; returns the length of the result.
    pub fn whole(&self, work: Work, session: CK_SESSION_HANDLE, data: &[u8], output: &mut [u8]) -> Outcome<usize> {
        let mut length = output.len() as CK_ULONG;
        let ((data, data_length), result) = (input(data), output.as_mut_ptr());
        // SAFETY, for the three of them: `data` is valid for reads and `result` for writes of the lengths stated.
        match work {
            Work::Sign => invoke!(self.C_Sign(session, data, data_length, result, &mut length)),
            Work::Encrypt => invoke!(self.C_Encrypt(session, data, data_length, result, &mut length)),
            Work::Decrypt => invoke!(self.C_Decrypt(session, data, data_length, result, &mut length)),
        }?;
        within(work.name(), length, output.len())
    }

    /// `C_SignUpdate`, `C_EncryptUpdate`, `C_DecryptUpdate`: a part; returns the length of the result, of which signing has
    /// none.
    pub fn part(&self, work: Work, session: CK_SESSION_HANDLE, data: &[u8], output: &mut [u8]) -> Outcome<usize> {
        let mut length = output.len() as CK_ULONG;
        let ((data, data_length), result) = (input(data), output.as_mut_ptr());
        // SAFETY, for the three of them: `data` is valid for reads and `result` for writes of the lengths stated.
        match work {
            Work::Sign => return invoke!(self.C_SignUpdate(session, data, data_length)).map(|()| 0),
            Work::Encrypt => invoke!(self.C_EncryptUpdate(session, data, data_length, result, &mut length)),
            Work::Decrypt => invoke!(self.C_DecryptUpdate(session, data, data_length, result, &mut length)),
        }?;
        within(work.name(), length, output.len())
    }

    /// `C_SignFinal`, `C_EncryptFinal`, `C_DecryptFinal`; returns the length of the result.
    pub fn end(&self, work: Work, session: CK_SESSION_HANDLE, output: &mut [u8]) -> Outcome<usize> {
        let mut length = output.len() as CK_ULONG;
        let result = output.as_mut_ptr();
        // SAFETY, for the three of them: `result` is valid for writes of the length stated.
        match work {
            Work::Sign => invoke!(self.C_SignFinal(session, result, &mut length)),
            Work::Encrypt => invoke!(self.C_EncryptFinal(session, result, &mut length)),
            Work::Decrypt => invoke!(self.C_DecryptFinal(session, result, &mut length)),
        }?;
        within(work.name(), length, output.len())
    }
}
