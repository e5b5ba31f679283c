//! Making, loading and using keys. Using a loaded key is one command.

use super::{Command, NULL_HIERARCHY, Object, Outcome, Secrecy, Tpm};
use crate::backends::tpm::duplicate::INNER;
use crate::backends::tpm::errors::{Failure, tcti};
use crate::backends::tpm::identifiers::{ECDSA, NULL, RSASSA};
use crate::backends::tpm::public::{Public, Scheme};
use crate::backends::tpm::wire::{Reader, Writer};
use crate::memory::Secret;

/// `TPM_ST_HASHCHECK`.
const HASH_CHECK: u16 = 0x8024;

/// A signature as the TPM encodes it.
pub(in super::super) enum Signature {
    /// The numbers r and s.
    Ecdsa(Vec<u8>, Vec<u8>),
    /// The number alone.
    Rsa(Vec<u8>),
}

/// What TPM2_Create answers with.
pub(in super::super) struct Created {
    /// The private part, wrapped by the parent.
    pub(in super::super) private: Vec<u8>,
    pub(in super::super) public: Public,
}

impl Tpm {
    /// TPM2_CreatePrimary in this hierarchy.
    pub(in super::super) fn create_primary(
        &mut self,
        hierarchy: &Object,
        template: &Public,
    ) -> Outcome<(Object, Public)> {
        let command = Command::new("CreatePrimary", 0x131).authorized(hierarchy).makes_object();
        let malformed = command.malformed();
        let response = self.run(command.with(|parameters| creation(parameters, &[], &[], template)))?;
        let (public, name) = response.read(|reader| {
            let public = Public::decode(reader.sized()?)?;
            skip_creation(reader)?;
            Some((public, reader.sized()?.to_vec()))
        })?;
        // The name is what keys are bound to, so it has to be that of the public area.
        if public.name().ok().as_ref() != Some(&name) {
            return Err(malformed);
        }
        Ok((Object::new(response.handle, name), public))
    }

    /// TPM2_Create: a new key below `parent`, or `data` sealed below it.
    pub(in super::super) fn create(
        &mut self,
        parent: &Object,
        auth: &[u8],
        data: &[u8],
        template: &Public,
    ) -> Outcome<Created> {
        let command = Command::new("Create", 0x153).authorized(parent);
        let command = match data {
            [] => command.secret(Secrecy::Input),
            _ => command.always_secret(Secrecy::Input),
        };
        let response = self.run(command.with(|parameters| creation(parameters, auth, data, template)))?;
        response.read(|reader| {
            let (private, public) = (reader.sized()?.to_vec(), Public::decode(reader.sized()?)?);
            skip_creation(reader)?;
            Some(Created { private, public })
        })
    }

    /// TPM2_Import: a key from outside, wrapped for `parent`. `key` is that of the inner wrapper, which is never readable on
    /// the bus. Returns the private part as `parent` wraps it.
    pub(in super::super) fn import(
        &mut self,
        parent: &Object,
        public: &Public,
        key: &[u8],
        duplicate: &[u8],
        seed: &[u8],
    ) -> Outcome<Vec<u8>> {
        let command = Command::new("Import", 0x156).authorized(parent).always_secret(Secrecy::Input);
        let response = self.run(command.with(|parameters| {
            INNER.write(parameters.sized(key).sized(&public.encode()).sized(duplicate).sized(seed))
        }))?;
        response.bytes().map(|private| private.to_vec())
    }

    /// TPM2_Load: makes a key usable below `parent`. `name` is the key's, and the TPM has to agree.
    pub(in super::super) fn load(
        &mut self,
        parent: &Object,
        private: &[u8],
        public: &Public,
        name: &[u8],
    ) -> Outcome<Object> {
        let command = Command::new("Load", 0x157).authorized(parent).makes_object();
        let malformed = command.malformed();
        let response = self.run(command.with(|parameters| parameters.sized(private).sized(&public.encode())))?;
        if *response.bytes()? != *name {
            return Err(malformed);
        }
        Ok(Object::new(response.handle, name.to_vec()))
    }

    /// TPM2_Unseal: data that was sealed, one command. It is never readable on the bus.
    pub(in super::super) fn unseal(&mut self, object: &Object) -> Outcome<Secret> {
        self.run(Command::new("Unseal", 0x15e).authorized(object).always_secret(Secrecy::Output))?.bytes()
    }

    /// TPM2_FlushContext: takes a transient object or a session out of the TPM.
    pub(in super::super) fn flush(&mut self, handle: u32) -> Outcome<()> {
        // The handle is a parameter here (part 3, section 28.4).
        self.run(Command::new("FlushContext", 0x165).with(|parameters| parameters.word(handle)))?.read(|_| Some(()))
    }

    /// TPM2_Sign, one command.
    pub(in super::super) fn sign(&mut self, key: &Object, hash: &[u8], scheme: &Scheme) -> Outcome<Signature> {
        let response = self.run(Command::new("Sign", 0x15d).authorized(key).with(|parameters| {
            // An empty ticket: the digest was not made by the TPM.
            scheme.write(parameters.sized(hash)).half(HASH_CHECK).word(NULL_HIERARCHY).sized(&[])
        }))?;
        response.read(|reader| match (reader.half()?, reader.half()?) {
            (ECDSA, _) => Some(Signature::Ecdsa(reader.sized()?.to_vec(), reader.sized()?.to_vec())),
            (RSASSA, _) => Some(Signature::Rsa(reader.sized()?.to_vec())),
            _ => None,
        })
    }

    /// TPM2_ECDH_ZGen: the x coordinate of this point multiplied by the private key, one command.
    pub(in super::super) fn ecdh(&mut self, key: &Object, (x, y): (&[u8], &[u8])) -> Outcome<Secret> {
        let point = Writer::new().sized(x).sized(y).finish();
        let command = Command::new("ECDH_ZGen", 0x154).authorized(key).always_secret(Secrecy::Output);
        let product = self.run(command.with(|parameters| parameters.sized(&point)))?.bytes()?;
        let x = Reader::new(&product).sized().ok_or(Failure::new("ECDH_ZGen", tcti::MALFORMED_RESPONSE))?;
        Ok(x.to_vec().into())
    }

    /// TPM2_RSA_Decrypt without a scheme: the private-key operation alone, one command.
    pub(in super::super) fn rsa_private(&mut self, key: &Object, input: &[u8]) -> Outcome<Secret> {
        let command = Command::new("RSA_Decrypt", 0x159).authorized(key).always_secret(Secrecy::Output);
        self.run(command.with(|parameters| parameters.sized(input).half(NULL).sized(&[])))?.bytes()
    }
}

/// Authorization value and data of a new object, its template, no outside information and no PCRs.
fn creation(parameters: Writer, auth: &[u8], data: &[u8], template: &Public) -> Writer {
    let sensitive = Writer::new().sized(auth).sized(data).finish();
    parameters.sized(&sensitive).sized(&template.encode()).sized(&[]).word(0)
}

/// Data, hash and ticket about the creation (part 2, sections 15.2 and 10.7.3).
fn skip_creation(reader: &mut Reader<'_>) -> Option<()> {
    let (_data, _hash) = (reader.sized()?, reader.sized()?);
    let (_tag, _hierarchy, _digest) = (reader.half()?, reader.word()?, reader.sized()?);
    Some(())
}
