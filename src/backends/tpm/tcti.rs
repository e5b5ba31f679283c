//! The way to the TPM: the modules of the TSS, and a connection of our own for swtpm.
//!
//! The TSS's module for swtpm waits for ever once a server has accepted a command and does not answer (it
//! ignores the time-out that ESYS gives it), so this one talks to swtpm itself: one TCP connection for each command,
//! as that module makes, so that other programs get their turn in between.
#![allow(unsafe_code)]

use std::ffi::CString;
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::ptr::NonNull;
use std::time::{Duration, Instant};

use tss_esapi::tss2_esys::{
    TSS2_RC, TSS2_TCTI_CONTEXT, TSS2_TCTI_CONTEXT_COMMON_V1, Tss2_TctiLdr_Finalize, Tss2_TctiLdr_Initialize, size_t,
};

use super::errors::{Failure, tcti};
use crate::fail;
use crate::psa::Result;

/// Tag, size and code: the head of every response (TPM 2.0 Library, part 1, section 18).
const HEADER: usize = 10;
/// Identifies our contexts towards the TSS: the bytes of "PARSECTC".
const MAGIC: u64 = 0x5041_5253_4543_5443;

/// How to reach the TPM, read from the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A TCP server that speaks plain TPM commands.
    Swtpm(String),
    /// Anything else goes through a module of the TSS.
    Module(CString),
}

impl Way {
    /// Reads a TCTI configuration string (a name, then a colon and options); `DATA_INVALID` with the reason if it is not
    /// one.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let (name, options) = text.split_once(':').unwrap_or((text, ""));
        let way = match name {
            "device" if options.is_empty() => module("device:/dev/tpm0"),
            "device" => module(text),
            "swtpm" => server(options).map(|(host, port)| {
                Self::Swtpm(if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") })
            }),
            "mssim" => server(options).and_then(|(host, port)| module(&format!("mssim:host={host},port={port}"))),
            "tabrmd" => {
                bus(options).and_then(|(name, kind)| module(&format!("tabrmd:bus_name={name},bus_type={kind}")))
            }
            _ => None,
        };
        let Some(way) = way else {
            return fail!(
                DataInvalid,
                "tcti \"{text}\" is not understood: write device:/dev/tpmrm0, tabrmd, swtpm:host=NAME,port=NUMBER or \
                 mssim:host=NAME,port=NUMBER"
            );
        };
        Ok(way)
    }

    /// True where a resource manager stands between us and the TPM: others do not take our slots, and whatever we
    /// leave behind is flushed when the connection ends.
    pub(super) fn is_managed(&self) -> bool {
        match self {
            Self::Swtpm(_) => false,
            Self::Module(text) => {
                let text = text.to_string_lossy();
                text.starts_with("tabrmd") || text.starts_with("device:") && text.contains("tpmrm")
            }
        }
    }

    /// False where the way can be gone only once in a process and its children: GLib's D-Bus connection is shared by the
    /// whole process, and served by a thread that a child does not have.
    pub(super) fn survives_fork(&self) -> bool {
        !matches!(self, Self::Module(text) if text.to_string_lossy().starts_with("tabrmd"))
    }

    /// What identifies a TPM that only one process may use, where the kernel does not watch over that.
    pub(super) fn exclusive_name(&self) -> Option<String> {
        match self {
            Self::Swtpm(address) => Some(address.clone()),
            Self::Module(text) => Some(text.to_string_lossy().into_owned()).filter(|text| text.starts_with("mssim")),
        }
    }

    /// True for the resource manager of the kernel, which saves and reloads every object around each command.
    pub(super) fn is_kernel_managed(&self) -> bool {
        matches!(self, Self::Module(text) if text.to_string_lossy().starts_with("device:")) && self.is_managed()
    }
}

fn module(configuration: &str) -> Option<Way> {
    CString::new(configuration).ok().map(Way::Module)
}

/// The values of these two options, which may come in either order or not at all; `None` for any other option.
fn options<'a>(text: &'a str, defaults: [(&str, &'a str); 2]) -> Option<[&'a str; 2]> {
    let mut values = defaults.map(|(_, value)| value);
    for option in text.split(',').filter(|_| !text.is_empty()) {
        let (key, value) = option.split_once('=')?;
        let place = defaults.iter().position(|(name, _)| *name == key)?;
        *values.get_mut(place)? = value;
    }
    Some(values)
}

/// Host and port of a server.
fn server(text: &str) -> Option<(&str, u16)> {
    let [host, port] = options(text, [("host", "localhost"), ("port", "2321")])?;
    let valid = host.parse::<IpAddr>().is_ok() || is_dotted_name(host, "-");
    Some((host, port.parse().ok()?)).filter(|_| valid)
}

/// Name and type of the D-Bus bus of `tpm2-abrmd`.
fn bus(text: &str) -> Option<(&str, &str)> {
    let [name, kind] = options(text, [("bus_name", "com.intel.tss2.Tabrmd"), ("bus_type", "system")])?;
    Some((name, kind)).filter(|_| matches!(kind, "system" | "session") && is_dotted_name(name, "-_"))
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

/// An open way to the TPM, in the form that ESYS wants.
pub(super) enum Tcti {
    /// Our own connection; the TSS gets its address.
    Swtpm(NonNull<SwtpmContext>),
    /// One of the TSS's modules.
    Module(NonNull<TSS2_TCTI_CONTEXT>),
}

impl Tcti {
    /// Opens the way; `timeout` bounds the connecting of each command to swtpm.
    pub(super) fn open(way: &Way, timeout: Duration) -> ::core::result::Result<Self, Failure> {
        match way {
            Way::Swtpm(address) => {
                let context = SwtpmContext::new(address, timeout).map_err(|code| Failure::new("connect", code))?;
                Ok(Self::Swtpm(NonNull::from(Box::leak(Box::new(context)))))
            }
            Way::Module(configuration) => {
                let mut context = std::ptr::null_mut();
                // SAFETY: the string is NUL-terminated and outlives the call; `context` is a place for the result.
                let code = unsafe { Tss2_TctiLdr_Initialize(configuration.as_ptr(), &mut context) };
                match NonNull::new(context) {
                    Some(context) if code == 0 => Ok(Self::Module(context)),
                    _ => Err(Failure::new("connect", code)),
                }
            }
        }
    }

    /// The context for ESYS, valid as long as `self`.
    pub(super) fn as_ptr(&self) -> *mut TSS2_TCTI_CONTEXT {
        match self {
            Self::Swtpm(context) => context.as_ptr().cast(),
            Self::Module(context) => context.as_ptr(),
        }
    }
}

impl Drop for Tcti {
    fn drop(&mut self) {
        match self {
            // SAFETY: comes from Box::leak in `open`, and ESYS, the only other user, is finalized before (field order in
            // `Esys`).
            Self::Swtpm(context) => drop(unsafe { Box::from_raw(context.as_ptr()) }),
            Self::Module(context) => {
                let mut context = context.as_ptr();
                // SAFETY: made by Tss2_TctiLdr_Initialize, finalized once, and ESYS is finalized before.
                unsafe { Tss2_TctiLdr_Finalize(&mut context) }
            }
        }
    }
}

/// A TCTI context as the TSS expects it (TSS 2.0 TCTI specification, section 3): its table of functions, and
/// behind it what they need.
#[repr(C)]
pub(super) struct SwtpmContext {
    functions: TSS2_TCTI_CONTEXT_COMMON_V1,
    addresses: Vec<SocketAddr>,
    timeout: Duration,
    /// The connection of the command under way.
    stream: Option<TcpStream>,
    /// The head of its response, once it was read.
    header: Option<[u8; HEADER]>,
}

impl SwtpmContext {
    fn new(address: &str, timeout: Duration) -> ::core::result::Result<Self, TSS2_RC> {
        let addresses: Vec<_> = address.to_socket_addrs().map_err(|_| tcti::NO_CONNECTION)?.collect();
        let mut context = Self {
            functions: TSS2_TCTI_CONTEXT_COMMON_V1 {
                magic: MAGIC,
                version: 1,
                transmit: Some(transmit),
                receive: Some(receive),
                finalize: None,
                cancel: None,
                getPollHandles: None,
                setLocality: None,
            },
            addresses,
            timeout,
            stream: None,
            header: None,
        };
        context.connect()?;
        context.stream = None;
        Ok(context)
    }

    fn connect(&mut self) -> ::core::result::Result<(), TSS2_RC> {
        let connected =
            self.addresses.iter().find_map(|address| TcpStream::connect_timeout(address, self.timeout).ok());
        let stream = connected.ok_or(tcti::NO_CONNECTION)?;
        let ready = stream.set_nodelay(true).and_then(|()| stream.set_write_timeout(Some(self.timeout)));
        ready.map_err(|_| tcti::IO_ERROR)?;
        self.stream = Some(stream);
        Ok(())
    }

    fn transmit(&mut self, command: &[u8]) -> ::core::result::Result<(), TSS2_RC> {
        self.header = None;
        self.connect()?;
        let stream = self.stream.as_mut().ok_or(tcti::BAD_SEQUENCE)?;
        stream.write_all(command).map_err(|_| tcti::IO_ERROR)
    }

    /// The size of the response, whose head is read now unless it was before.
    fn response_size(&mut self, deadline: Option<Instant>) -> ::core::result::Result<usize, TSS2_RC> {
        let header = match self.header {
            Some(header) => header,
            None => {
                let mut header = [0; HEADER];
                self.read(&mut header, deadline)?;
                *self.header.insert(header)
            }
        };
        let [_, _, a, b, c, d, ..] = header;
        match u32::from_be_bytes([a, b, c, d]) as usize {
            size if size >= HEADER => Ok(size),
            _ => Err(tcti::MALFORMED_RESPONSE),
        }
    }

    /// Reads the whole response into the beginning of `response` and ends the connection.
    fn receive(&mut self, response: &mut [u8], deadline: Option<Instant>) -> ::core::result::Result<(), TSS2_RC> {
        let size = self.response_size(deadline)?;
        let header = self.header.take().ok_or(tcti::BAD_SEQUENCE)?;
        let (head, body) = response.get_mut(..size).ok_or(tcti::INSUFFICIENT_BUFFER)?.split_at_mut(HEADER);
        head.copy_from_slice(&header);
        let read = self.read(body, deadline);
        self.stream = None;
        read
    }

    /// Fills `buffer`. When the time is over, what was read of it is lost: the caller gives the connection up.
    fn read(&mut self, mut buffer: &mut [u8], deadline: Option<Instant>) -> ::core::result::Result<(), TSS2_RC> {
        let stream = self.stream.as_mut().ok_or(tcti::BAD_SEQUENCE)?;
        while !buffer.is_empty() {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Err(tcti::TRY_AGAIN);
            }
            stream.set_read_timeout(left).map_err(|_| tcti::IO_ERROR)?;
            match stream.read(buffer) {
                Ok(0) => return Err(tcti::IO_ERROR),
                Ok(length) => buffer = buffer.get_mut(length..).unwrap_or_default(),
                Err(error) => match error.kind() {
                    ErrorKind::WouldBlock | ErrorKind::TimedOut => return Err(tcti::TRY_AGAIN),
                    ErrorKind::Interrupted => {}
                    _ => return Err(tcti::IO_ERROR),
                },
            }
        }
        Ok(())
    }
}

fn code(result: ::core::result::Result<(), TSS2_RC>) -> TSS2_RC {
    result.err().unwrap_or(0)
}

unsafe extern "C" fn transmit(context: *mut TSS2_TCTI_CONTEXT, size: size_t, command: *const u8) -> TSS2_RC {
    // SAFETY: the TSS calls this with the context that it found the function in, ours, from one thread at a time
    // (`Esys` needs &mut), and with a command of that length, which it only reads.
    let (context, command) = unsafe {
        (&mut *context.cast::<SwtpmContext>(), std::slice::from_raw_parts(command, usize::try_from(size).unwrap_or(0)))
    };
    code(context.transmit(command))
}

unsafe extern "C" fn receive(
    context: *mut TSS2_TCTI_CONTEXT,
    size: *mut size_t,
    response: *mut u8,
    timeout: i32,
) -> TSS2_RC {
    // SAFETY: as in `transmit`; `size` points to the TSS's variable.
    let (context, size) = unsafe { (&mut *context.cast::<SwtpmContext>(), &mut *size) };
    let deadline = u64::try_from(timeout).ok().map(|limit| Instant::now() + Duration::from_millis(limit));
    let needed = match context.response_size(deadline) {
        Ok(needed) => needed,
        Err(code) => return code,
    };
    let available = std::mem::replace(size, needed as size_t);
    if response.is_null() {
        return 0;
    }
    // SAFETY: the TSS's buffer has the size that it gave, and nobody else uses it during the call.
    let response = unsafe { std::slice::from_raw_parts_mut(response, usize::try_from(available).unwrap_or(0)) };
    code(context.receive(response, deadline))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::psa::Error;

    #[test]
    fn configuration_strings() {
        for (text, managed, kernel) in [
            ("device:/dev/tpmrm0", true, true),
            ("device:/dev/tpm0", false, false),
            ("device", false, false),
            ("tabrmd", true, false),
            ("tabrmd:bus_type=session", true, false),
            ("mssim:port=2321", false, false),
        ] {
            let way = Way::parse(text).unwrap();
            assert!(matches!(way, Way::Module(_)), "{text}");
            assert_eq!((way.is_managed(), way.is_kernel_managed()), (managed, kernel), "{text}");
        }
        assert_eq!(Way::parse("swtpm:host=127.0.0.1,port=7"), Ok(Way::Swtpm("127.0.0.1:7".to_owned())));
        assert_eq!(Way::parse("swtpm:port=7,host=::1"), Ok(Way::Swtpm("[::1]:7".to_owned())));
        assert_eq!(Way::parse("swtpm"), Ok(Way::Swtpm("localhost:2321".to_owned())));
        let module = |text: &str| Ok(Way::Module(CString::new(text).unwrap()));
        assert_eq!(Way::parse("device"), module("device:/dev/tpm0"));
        assert_eq!(Way::parse("mssim:port=7"), module("mssim:host=localhost,port=7"));
        assert_eq!(Way::parse("tabrmd"), module("tabrmd:bus_name=com.intel.tss2.Tabrmd,bus_type=system"));
        assert_eq!(
            Way::parse("tabrmd:bus_type=session,bus_name=a.b_2"),
            module("tabrmd:bus_name=a.b_2,bus_type=session")
        );
        for text in [
            "",
            "tpm",
            "swtpm:path=/run/swtpm",
            "swtpm:port=x",
            "swtpm:port=65536",
            "swtpm:host=a b",
            "swtpm:host=",
            "mssim:hots=a",
            "mssim:host",
            "tabrmd:bus_type=foreign",
            "tabrmd:bus_name=a..b",
        ] {
            assert_eq!(Way::parse(text), Err(Error::DataInvalid), "{text}");
        }
    }
}
