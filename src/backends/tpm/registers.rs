//! Keys that are bound to platform configuration registers (PCRs): they can be used only while the registers have the values
//! that they had when the key was made.
//!
//! Such a key is not authorized by its value alone but by a policy (TPM 2.0 Library, part 1, section 19.7):
//! TPM2_PolicyPCR and TPM2_PolicyAuthValue.

use sha2::{Digest, Sha256};

use super::connection::{Attempt, Connection};
use super::identifiers;
use super::public::{ObjectAttributes, Public};
use super::wire::Writer;
use crate::config::Registers;
use crate::fail;

/// `TPM_CC_PolicyPCR`.
pub(super) const POLICY_PCR: u32 = 0x17f;
/// `TPM_CC_PolicyAuthValue`.
pub(super) const POLICY_AUTH_VALUE: u32 = 0x16b;

/// What a new key is bound to; nothing where both are empty.
#[derive(Clone, Default)]
pub(super) struct Binding {
    /// Which registers (TPML_PCR_SELECTION).
    pub(super) selection: Vec<u8>,
    /// The digest of the policy.
    policy: Vec<u8>,
}

impl Binding {
    /// The registers with their values now.
    pub(super) fn now(connection: &mut Connection, registers: Option<&Registers>) -> Attempt<Self> {
        let Some(registers) = registers else { return Ok(Self::default()) };
        let Some(bank) = identifiers::hash(registers.bank) else {
            return Ok(fail!(NotSupported, "a TPM has no bank of PCRs for this hash")?);
        };
        let mut values = Vec::new();
        for index in &registers.indices {
            match connection.tpm().read_register(bank, *index)? {
                Some(value) => values.extend_from_slice(&value),
                None => {
                    return Ok(fail!(
                        NotSupported,
                        "the TPM has no PCR {index} in the bank that pcrs names; tpm2_getcap pcrs shows its banks"
                    )?);
                }
            }
        }
        let selection = selection(bank, &registers.indices);
        let policy = policy(&selection, &values);
        Ok(Self { selection, policy })
    }

    /// The template of a key with this binding.
    pub(super) fn bind(&self, public: Public) -> Public {
        if self.policy.is_empty() {
            return public;
        }
        let attributes = ObjectAttributes(public.attributes.0 & !ObjectAttributes::USER_WITH_AUTH.0);
        Public { policy: self.policy.clone(), attributes, ..public }
    }
}

/// One bank, and a bit for each register.
pub(super) fn selection(bank: identifiers::AlgorithmId, indices: &[u8]) -> Vec<u8> {
    let bits = indices.iter().fold(0_u32, |bits, index| bits | 1 << index);
    let [first, second, third, _] = bits.to_le_bytes();
    Writer::new().word(1).half(bank).byte(3).raw(&[first, second, third]).bytes().to_vec()
}

/// The digest that a policy session reaches (part 3, sections 23.7 and 23.17).
fn policy(selection: &[u8], values: &[u8]) -> Vec<u8> {
    let registers = Sha256::new()
        .chain_update([0; 32])
        .chain_update(POLICY_PCR.to_be_bytes())
        .chain_update(selection)
        .chain_update(Sha256::digest(values))
        .finalize();
    Sha256::new().chain_update(registers).chain_update(POLICY_AUTH_VALUE.to_be_bytes()).finalize().to_vec()
}
