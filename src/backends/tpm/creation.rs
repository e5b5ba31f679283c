//! New objects below the parent: made by the TPM, or brought in from outside.

use super::blob::Blob;
use super::commands::{Capabilities, Created, Tpm};
use super::connection::{Attempt, Connection, Parent};
use super::device::Device;
use super::duplicate::{self, Duplicate};
use super::public::Public;
use super::registers::Binding;
use crate::engines::native::fill_random;
use crate::memory::Secret;
use crate::psa::Result;

/// Bytes of the random authorization value of an object: as many as its name's hash has, which is the most.
const AUTH_LENGTH: usize = 32;

/// An object before the TPM has it.
pub(super) struct Draft {
    /// Its public area, or the template of one.
    pub(super) public: Public,
    pub(super) content: Content,
}

/// Where an object's secret comes from.
pub(super) enum Content {
    /// The TPM makes it.
    Generated,
    /// It is data that the TPM is to keep.
    Data(Secret),
    /// It is a key from outside: the sensitive area (TPMT_SENSITIVE).
    Imported(Secret),
}

/// Makes an object below the parent, with a new authorization value and bound to the registers that the configuration names.
/// `draft` says what it is to be; it gets what the TPM can do, and the authorization value.
pub(super) fn below_parent(device: &Device, draft: impl Fn(&Capabilities, &Secret) -> Result<Draft>) -> Result<Blob> {
    let auth = random_auth()?;
    device.with(|connection, settings| {
        let capabilities = connection.capabilities()?;
        let Draft { public, content } = draft(&capabilities, &auth)?;
        let binding = Binding::now(connection, settings.registers.as_ref())?;
        let public = binding.bind(public);
        connection.with_parent(settings, |connection, parent| {
            let Created { private, public } = make(connection, parent, &auth, public, &content)?;
            let parent = parent.object.name.clone();
            Ok(Blob { parent, auth: auth.clone(), private, public, registers: binding.selection })
        })
    })
}

/// TPM2_Create, or TPM2_Import.
fn make(
    connection: &mut Connection,
    parent: &Parent,
    auth: &Secret,
    public: Public,
    content: &Content,
) -> Attempt<Created> {
    let above = &parent.object;
    let data: &[u8] = match content {
        Content::Generated => &[],
        Content::Data(data) => {
            connection.ensure_session(parent)?;
            data
        }
        Content::Imported(sensitive) => {
            connection.ensure_session(parent)?;
            let Duplicate { private, seed, key } = duplicate::wrap(&parent.public, &public.name()?, sensitive)?;
            let import = |tpm: &mut Tpm| tpm.import(above, &public, &key, &private, &seed);
            let private = connection.making_room(Some(above), import)?;
            return Ok(Created { private, public });
        }
    };
    Ok(connection.making_room(Some(above), |tpm| tpm.create(above, auth, data, &public))?)
}

/// A value that nobody guesses. Its last byte is not zero, because the TPM cuts zeros off the end.
fn random_auth() -> Result<Secret> {
    let mut auth = Secret::new(vec![0; AUTH_LENGTH]);
    fill_random(&mut auth)?;
    if let Some(last) = auth.last_mut() {
        *last |= 1;
    }
    Ok(auth)
}
