//! The way to the TPM.
//!
//! Character devices, the TCP protocols of swtpm and of the reference simulator, and the resource manager `tpm2-abrmd` are
//! spoken to here. The TSS has modules for them, but those for TCP wait for ever for a TPM that does not answer, and the
//! one for the resource manager does not survive a fork; so this library needs nothing of the TSS.

mod dbus;
mod device;
mod socket;
mod stream;
mod tabrmd;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::errors::{BrokenWay, tcti};
use crate::fail;
use crate::memory::Secret;
use crate::psa::Result;

/// Tag, size and code: the head of every command and response (TPM 2.0 Library, part 1, section 18).
const HEADER: usize = 10;
/// More than any TPM sends.
const LONGEST: usize = 4096;
/// Where swtpm and the simulator listen.
const USUAL_PORT: u16 = 2321;

/// Success, or why the way does not work.
pub(super) type Outcome<T> = ::core::result::Result<T, BrokenWay>;

/// An open way to a TPM.
pub(super) trait Transport: Send {
    /// Sends a command and receives its response, until `deadline` at most. After a failure
    /// the way is void.
    fn exchange(&mut self, command: &[u8], response: &mut Secret, deadline: Instant) -> Outcome<()>;
}

/// How to reach the TPM, read from the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A character device: `/dev/tpmrm0` with the kernel's resource manager, `/dev/tpm0` without.
    Device(PathBuf),
    /// A TCP server that speaks plain TPM commands.
    Swtpm(Address),
    /// The TCP protocol of the reference simulator.
    Simulator(Address),
    /// The resource manager on D-Bus.
    Tabrmd(BusName),
}

/// A TCP server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
}

/// Where on D-Bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BusName {
    pub(super) name: String,
    /// On the bus of the user's session, not on the system's.
    pub(super) session: bool,
}

impl Way {
    /// Reads a TCTI configuration string; `DATA_INVALID` with the reason if it is not one.
    pub(super) fn parse(text: &str) -> Result<Self> {
        match Self::read(text) {
            Some(way) => Ok(way),
            None => fail!(
                DataInvalid,
                "tcti \"{text}\" is not understood: write device:/dev/tpmrm0, tabrmd (also with bus_name=NAME and \
                 bus_type=system or session), swtpm:host=NAME,port=NUMBER or mssim:host=NAME,port=NUMBER"
            ),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (name, options) = text.split_once(':').map_or((text, None), |(name, options)| (name, Some(options)));
        match (name, options) {
            ("device", None) => Some(Self::Device("/dev/tpm0".into())),
            ("device", Some(path)) => Some(Self::Device(path.into())).filter(|_| path.starts_with('/')),
            ("swtpm", options) => Some(Self::Swtpm(Address::read(options)?)),
            ("mssim", options) => Some(Self::Simulator(Address::read(options)?)),
            ("tabrmd", options) => Some(Self::Tabrmd(BusName::read(options)?)),
            _ => None,
        }
    }

    /// Opens the way, within `timeout`.
    pub(super) fn open(&self, timeout: Duration) -> Outcome<Box<dyn Transport>> {
        Ok(match self {
            Self::Device(path) => Box::new(device::Device::open(path)?),
            Self::Swtpm(address) => Box::new(socket::Swtpm::open(address, timeout)?),
            Self::Simulator(address) => Box::new(socket::Simulator::open(address, timeout)?),
            Self::Tabrmd(name) => Box::new(tabrmd::Tabrmd::open(name, timeout)?),
        })
    }

    /// True where a resource manager stands between us and the TPM: others do not take our slots, and whatever we
    /// leave behind is flushed when the connection ends.
    pub(super) fn is_managed(&self) -> bool {
        matches!(self, Self::Tabrmd(_)) || self.is_kernel_managed()
    }

    /// True for the resource manager of the kernel, which saves and reloads every object around each command.
    pub(super) fn is_kernel_managed(&self) -> bool {
        matches!(self, Self::Device(path) if path.to_string_lossy().contains("tpmrm"))
    }

    /// What identifies a TPM that only one process may use, where the kernel does not watch over that.
    pub(super) fn exclusive_name(&self) -> Option<String> {
        match self {
            Self::Swtpm(address) => Some(address.to_string()),
            Self::Simulator(address) => Some(format!("mssim:{address}")),
            Self::Device(_) | Self::Tabrmd(_) => None,
        }
    }

    /// True where nobody can listen, because there is no bus: a server on this machine, or a driver of the kernel for TPMs
    /// that have none. Whatever the TPM says of itself could come from who listens, so it is not asked.
    pub(super) fn has_no_bus(&self) -> bool {
        match self {
            Self::Swtpm(address) | Self::Simulator(address) => address.is_local(),
            Self::Device(path) => device::has_no_bus(path),
            Self::Tabrmd(_) => false,
        }
    }
}

impl Address {
    fn read(options: Option<&str>) -> Option<Self> {
        let mut address = Self { host: "localhost".to_owned(), port: USUAL_PORT };
        for pair in options.into_iter().flat_map(pairs) {
            match pair? {
                ("host", host) if host.parse::<IpAddr>().is_ok() || is_dotted_name(host, "-") => {
                    address.host = host.to_owned()
                }
                ("port", port) => address.port = port.parse().ok().filter(|port| *port != 0)?,
                _ => return None,
            }
        }
        Some(address)
    }

    fn is_local(&self) -> bool {
        let ip = self.host.parse::<IpAddr>();
        self.host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
    }
}

impl BusName {
    fn read(options: Option<&str>) -> Option<Self> {
        let mut bus = Self { name: "com.intel.tss2.Tabrmd".to_owned(), session: false };
        for pair in options.into_iter().flat_map(pairs) {
            match pair? {
                ("bus_name", name) if is_dotted_name(name, "-_") => bus.name = name.to_owned(),
                ("bus_type", kind @ ("session" | "system")) => bus.session = kind == "session",
                _ => return None,
            }
        }
        Some(bus)
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.host.contains(':') {
            true => write!(formatter, "[{}]:{}", self.host, self.port),
            false => write!(formatter, "{}:{}", self.host, self.port),
        }
    }
}

/// `name=value,name=value`; `None` for a part that is not of this form.
fn pairs(options: &str) -> impl Iterator<Item = Option<(&str, &str)>> {
    options.split(',').map(|option| option.split_once('='))
}

/// Labels of letters, digits and some other characters, with dots between them: names of hosts (RFC 1123, section 2.1)
/// and of buses.
fn is_dotted_name(name: &str, others: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|character| character.is_ascii_alphanumeric() || others.contains(character))
    };
    name.len() <= 255 && name.split('.').all(is_label)
}

/// The size that the head of a response announces.
fn announced_size(header: &[u8]) -> Outcome<usize> {
    let size = header.get(2..6).and_then(|size| size.try_into().ok()).map_or(0, u32::from_be_bytes) as usize;
    if (HEADER..=LONGEST).contains(&size) { Ok(size) } else { Err(tcti::MALFORMED_RESPONSE.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::psa::Error;

    fn address(host: &str, port: u16) -> Address {
        Address { host: host.to_owned(), port }
    }

    #[test]
    fn configuration_strings() {
        for (text, managed, kernel) in [
            ("device:/dev/tpmrm0", true, true),
            ("device:/dev/tpm0", false, false),
            ("device", false, false),
            ("tabrmd", true, false),
            ("tabrmd:bus_type=session", true, false),
            ("tabrmd:bus_name=com.example.Tabrmd,bus_type=system", true, false),
            ("mssim:port=2321", false, false),
        ] {
            let way = Way::parse(text).unwrap();
            assert_eq!((way.is_managed(), way.is_kernel_managed()), (managed, kernel), "{text}");
        }
        assert_eq!(Way::parse("swtpm:host=127.0.0.1,port=7"), Ok(Way::Swtpm(address("127.0.0.1", 7))));
        assert_eq!(Way::parse("swtpm:port=7,host=::1"), Ok(Way::Swtpm(address("::1", 7))));
        assert_eq!(Way::parse("swtpm"), Ok(Way::Swtpm(address("localhost", 2321))));
        assert_eq!(Way::parse("mssim"), Ok(Way::Simulator(address("localhost", 2321))));
        assert_eq!(address("::1", 7).to_string(), "[::1]:7");
        for text in [
            "",
            "tpm",
            "swtpm:path=/run/swtpm",
            "swtpm:port=x",
            "swtpm:port=0",
            "swtpm:",
            "mssim:hots=a",
            "tabrmd:bus_type=foreign",
            "tabrmd:",
            "swtpm:port=65536",
            "swtpm:host=a b",
            "swtpm:host=",
            "mssim:host",
            "tabrmd:bus_name=a..b",
            "device:",
            "device:tpm0",
        ] {
            assert_eq!(Way::parse(text), Err(Error::DataInvalid), "{text}");
        }
    }

    #[test]
    fn where_nobody_listens() {
        for (text, no_bus) in [
            ("swtpm", true),
            ("mssim:host=127.0.0.1", true),
            ("swtpm:host=::1", true),
            ("swtpm:host=192.0.2.1", false),
            ("swtpm:host=tpm.example", false),
            ("tabrmd", false),
            ("device:/dev/no-such-tpm", false),
        ] {
            assert_eq!(Way::parse(text).unwrap().has_no_bus(), no_bus, "{text}");
        }
    }
}
