//! The resource manager `tpm2-abrmd`: it is asked on D-Bus for a connection, a socket that carries commands and responses
//! as they are.

use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use super::dbus::{Bus, Method};
use super::stream::{failed, receive_response, send};
use super::{BusName, Outcome, Transport};
use crate::backends::tpm::errors::tcti;
use crate::memory::Secret;

/// What the resource manager offers (tpm2-abrmd, `src/tabrmd.xml`).
const OBJECT: &str = "/com/intel/tss2/Tabrmd/Tcti";
const INTERFACE: &str = "com.intel.tss2.TctiTabrmd";

/// A connection with the resource manager, which flushes what is left in it when it ends.
pub(super) struct Tabrmd {
    socket: UnixStream,
}

impl Tabrmd {
    pub(super) fn open(name: &BusName, timeout: Duration) -> Outcome<Self> {
        let deadline = Instant::now() + timeout;
        let mut bus = Bus::connect(name.session, deadline)?;
        let method =
            Method { destination: &name.name, object: OBJECT, interface: INTERFACE, member: "CreateConnection" };
        // Its only descriptor; the number beside it is for cancelling, which nobody does here.
        let descriptor = bus.call(&method, deadline)?.pop().ok_or(tcti::NO_RESOURCE_MANAGER)?;
        let socket = UnixStream::from(descriptor);
        // It comes as its maker used it.
        socket.set_nonblocking(false).map_err(|error| failed(&error))?;
        Ok(Self { socket })
    }
}

impl Transport for Tabrmd {
    fn exchange(&mut self, command: &[u8], response: &mut Secret, deadline: Instant) -> Outcome<()> {
        send(&mut self.socket, command, deadline)?;
        receive_response(&mut self.socket, response, deadline)
    }
}
