//! One process owns a TPM without a resource manager.
//!
//! Its three slots cannot be shared: two processes that load keys as they need them would push each other out. The
//! claim is a name in the abstract namespace of Unix sockets, which all users of the machine see, and which ends with
//! the process. The kernel keeps the claim to `/dev/tpm0` itself.

use std::io::ErrorKind;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::time::Duration;

use super::tcti::Way;
use crate::fail;
use crate::psa::Result;

/// The right to use a TPM. The kernel takes it back when all copies are closed.
pub(super) struct Claim {
    _listener: Option<UnixListener>,
}

impl Claim {
    /// Claims the TPM; `COMMUNICATION_FAILURE` while another process has it.
    pub(super) fn new(way: &Way) -> Result<Self> {
        let Some(name) = way.exclusive_name() else { return Ok(Self { _listener: None }) };
        let bound = SocketAddr::from_abstract_name(format!("libparsec/tpm/{name}")).and_then(|address| bind(&address));
        match bound {
            Ok(listener) => Ok(Self { _listener: Some(listener) }),
            Err(error) if error.kind() == ErrorKind::AddrInUse => fail!(
                CommunicationFailure,
                "another process uses the TPM at {name}; without a resource manager it belongs to one process at a time: \
                 use tpm2-abrmd (tcti = \"tabrmd\") or tcti = \"device:/dev/tpmrm0\""
            ),
            // No abstract sockets here: nothing can be said about others.
            Err(_) => Ok(Self { _listener: None }),
        }
    }
}

/// Binds the name. It may still be held for a moment although its owner is gone: a child that another thread has forked
/// keeps a copy until it executes its program.
fn bind(address: &SocketAddr) -> std::io::Result<UnixListener> {
    let mut tries = 20;
    loop {
        match UnixListener::bind_addr(address) {
            Err(error) if error.kind() == ErrorKind::AddrInUse && tries > 0 => tries -= 1,
            outcome => return outcome,
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}
