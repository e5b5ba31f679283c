//! TPMs behind TCP: swtpm, and the protocol of the reference simulator.

use std::io::Write;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use super::stream::{failed, left, receive, receive_response, send};
use super::{Address, Outcome, Transport};
use crate::backends::tpm::errors::{BrokenWay, tcti};
use crate::memory::Secret;

/// One connection for each command, so that other programs get their turn in between.
pub(super) struct Swtpm {
    addresses: Vec<SocketAddr>,
}

impl Swtpm {
    pub(super) fn open(address: &Address, timeout: Duration) -> Outcome<Self> {
        let addresses = resolve(&address.host, address.port)?;
        connect(&addresses, Instant::now() + timeout)?;
        Ok(Self { addresses })
    }
}

impl Transport for Swtpm {
    fn exchange(&mut self, command: &[u8], response: &mut Secret, deadline: Instant) -> Outcome<()> {
        let mut stream = connect(&self.addresses, deadline)?;
        send(&mut stream, command, deadline)?;
        receive_response(&mut stream, response, deadline)
    }
}

/// The simulator: commands on one port, its power on the next.
pub(super) struct Simulator {
    commands: TcpStream,
}

impl Simulator {
    const POWER_ON: u32 = 1;
    const NV_ON: u32 = 11;
    const SEND_COMMAND: u32 = 8;
    const SESSION_END: u32 = 20;

    pub(super) fn open(address: &Address, timeout: Duration) -> Outcome<Self> {
        let deadline = Instant::now() + timeout;
        let next_port = address.port.checked_add(1).ok_or(tcti::NO_CONNECTION)?;
        let mut platform = connect(&resolve(&address.host, next_port)?, deadline)?;
        for signal in [Self::POWER_ON, Self::NV_ON] {
            send(&mut platform, &signal.to_be_bytes(), deadline)?;
            receive_number(&mut platform, deadline)?;
        }
        send(&mut platform, &Self::SESSION_END.to_be_bytes(), deadline)?;
        Ok(Self { commands: connect(&resolve(&address.host, address.port)?, deadline)? })
    }
}

impl Transport for Simulator {
    fn exchange(&mut self, command: &[u8], response: &mut Secret, deadline: Instant) -> Outcome<()> {
        let length = command.len() as u32;
        // The locality is 0.
        let framed = [&Self::SEND_COMMAND.to_be_bytes()[..], &[0], &length.to_be_bytes(), command].concat();
        send(&mut self.commands, &Secret::new(framed), deadline)?;
        let announced = receive_number(&mut self.commands, deadline)?;
        receive_response(&mut self.commands, response, deadline)?;
        match receive_number(&mut self.commands, deadline)? {
            0 if announced as usize == response.len() => Ok(()),
            _ => Err(tcti::MALFORMED_RESPONSE.into()),
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // A simulator that is gone needs no farewell.
        let _ = self.commands.write_all(&Self::SESSION_END.to_be_bytes());
    }
}

fn resolve(host: &str, port: u16) -> Outcome<Vec<SocketAddr>> {
    Ok((host, port).to_socket_addrs().map_err(|_| tcti::NO_SUCH_HOST)?.collect())
}

fn connect(addresses: &[SocketAddr], deadline: Instant) -> Outcome<TcpStream> {
    let mut broken = tcti::NO_SUCH_HOST.into();
    for address in addresses {
        match TcpStream::connect_timeout(address, left(deadline)?) {
            Ok(stream) => {
                stream.set_nodelay(true).map_err(|error| failed(&error))?;
                return Ok(stream);
            }
            Err(error) => broken = BrokenWay::refused(tcti::NO_CONNECTION, &error),
        }
    }
    Err(broken)
}

fn receive_number(stream: &mut TcpStream, deadline: Instant) -> Outcome<u32> {
    let mut number = [0; 4];
    receive(stream, &mut number, deadline)?;
    Ok(u32::from_be_bytes(number))
}
