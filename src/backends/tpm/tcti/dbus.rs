//! As much of D-Bus as it takes to call a method without arguments and get file descriptors (D-Bus Specification 0.43).
//!
//! The D-Bus libraries do not survive a fork, keep threads, and would be loaded for two messages.
#![allow(unsafe_code)]

use std::ffi::OsString;
use std::io::{Error as IoError, ErrorKind};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::time::Instant;

use super::Outcome;
use super::stream::{Stream, failed, left, receive, send};
use crate::backends::tpm::errors::tcti;
use crate::config::environment;

/// Where the system's bus is unless the environment says otherwise.
const SYSTEM: &str = "unix:path=/run/dbus/system_bus_socket;unix:path=/var/run/dbus/system_bus_socket";
/// Longest message that is read; those for us are far shorter.
const LONGEST: usize = 64 << 10;
/// Descriptors that may come with one message.
const MOST_DESCRIPTORS: usize = 8;

const METHOD_CALL: u8 = 1;
const METHOD_RETURN: u8 = 2;
const ERROR: u8 = 3;
/// Fields of a header, with the types of their values.
const PATH: (u8, u8) = (1, b'o');
const INTERFACE: (u8, u8) = (2, b's');
const MEMBER: (u8, u8) = (3, b's');
const DESTINATION: (u8, u8) = (6, b's');
const REPLY_SERIAL: u8 = 5;

/// A method without arguments.
pub(super) struct Method<'a> {
    pub(super) destination: &'a str,
    pub(super) object: &'a str,
    pub(super) interface: &'a str,
    pub(super) member: &'a str,
}

const HELLO: Method<'static> = Method {
    destination: "org.freedesktop.DBus",
    object: "/org/freedesktop/DBus",
    interface: "org.freedesktop.DBus",
    member: "Hello",
};

/// A connection with a bus.
pub(super) struct Bus {
    socket: UnixStream,
    serial: u32,
}

impl Bus {
    /// Connects to the session's bus or to the system's.
    pub(super) fn connect(session: bool, deadline: Instant) -> Outcome<Self> {
        let addresses = addresses(session).ok_or(tcti::NO_RESOURCE_MANAGER)?;
        let socket = addresses.split(|byte| *byte == b';').find_map(open).ok_or(tcti::NO_RESOURCE_MANAGER)?;
        let mut bus = Self { socket, serial: 0 };
        bus.authenticate(deadline)?;
        bus.call(&HELLO, deadline)?;
        Ok(bus)
    }

    /// Calls a method and returns the descriptors that come with its answer.
    pub(super) fn call(&mut self, method: &Method<'_>, deadline: Instant) -> Outcome<Vec<OwnedFd>> {
        self.serial += 1;
        send(&mut self.socket, &message(method, self.serial), deadline)?;
        loop {
            let (answer, descriptors) = self.read(deadline)?;
            match answer {
                Message { kind: METHOD_RETURN, reply_to: Some(serial) } if serial == self.serial => {
                    return Ok(descriptors);
                }
                Message { kind: ERROR, reply_to: Some(serial) } if serial == self.serial => {
                    return Err(tcti::NO_RESOURCE_MANAGER.into());
                }
                // A signal, such as NameAcquired.
                _ => {}
            }
        }
    }

    /// By the user that the kernel tells the bus (mechanism EXTERNAL), then asks for descriptors.
    fn authenticate(&mut self, deadline: Instant) -> Outcome<()> {
        let user = environment::effective_user().to_string();
        let user: String = user.bytes().map(|digit| format!("{digit:02x}")).collect();
        for (line, answer) in
            [(format!("\0AUTH EXTERNAL {user}\r\n"), "OK "), ("NEGOTIATE_UNIX_FD\r\n".to_owned(), "AGREE_UNIX_FD")]
        {
            send(&mut self.socket, line.as_bytes(), deadline)?;
            if !self.read_line(deadline)?.starts_with(answer.as_bytes()) {
                return Err(tcti::NO_RESOURCE_MANAGER.into());
            }
        }
        send(&mut self.socket, b"BEGIN\r\n", deadline)
    }

    fn read_line(&mut self, deadline: Instant) -> Outcome<Vec<u8>> {
        let (mut line, mut byte) = (Vec::new(), [0]);
        while !line.ends_with(b"\r\n") {
            receive(&mut self.socket, &mut byte, deadline)?;
            line.extend_from_slice(&byte);
            if line.len() > LONGEST {
                return Err(tcti::MALFORMED_RESPONSE.into());
            }
        }
        Ok(line)
    }

    fn read(&mut self, deadline: Instant) -> Outcome<(Message, Vec<OwnedFd>)> {
        let mut fixed = [0; 16];
        let descriptors = self.receive_with_descriptors(&mut fixed, deadline)?;
        let length = body_length(&fixed).filter(|length| *length <= LONGEST).ok_or(tcti::MALFORMED_RESPONSE)?;
        let mut rest = vec![0; length];
        receive(&mut self.socket, &mut rest, deadline)?;
        let message = Message::read(&fixed, &rest).ok_or(tcti::MALFORMED_RESPONSE)?;
        Ok((message, descriptors))
    }

    /// Fills `buffer` and takes the descriptors that come with it; they come with the first byte of a message.
    fn receive_with_descriptors(&mut self, buffer: &mut [u8], deadline: Instant) -> Outcome<Vec<OwnedFd>> {
        let (mut descriptors, mut filled) = (Vec::new(), 0);
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            self.socket.bound_reading(left(deadline)?).map_err(|error| failed(&error))?;
            match receive_once(self.socket.as_raw_fd(), rest, &mut descriptors) {
                Ok(0) => return Err(tcti::IO_ERROR.into()),
                Ok(length) => filled += length,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(&error)),
            }
        }
        Ok(descriptors)
    }
}

/// recvmsg(2) with room for descriptors.
fn receive_once(socket: RawFd, buffer: &mut [u8], descriptors: &mut Vec<OwnedFd>) -> std::io::Result<usize> {
    // Words, because control messages are aligned.
    let mut control = [0_u64; 8 + MOST_DESCRIPTORS];
    let mut part = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    // SAFETY: an all-zero msghdr is a valid one without address, parts and control messages.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_iov = &raw mut part;
    header.msg_iovlen = 1;
    header.msg_control = control.as_mut_ptr().cast();
    header.msg_controllen = size_of_val(&control) as _;
    // SAFETY: the header describes our two buffers with their sizes, which outlive the call.
    let received = unsafe { libc::recvmsg(socket, &raw mut header, libc::MSG_CMSG_CLOEXEC) };
    let received = usize::try_from(received).map_err(|_| IoError::last_os_error())?;
    // SAFETY: the kernel has filled the header and the control messages; the macros stay inside their length. Each
    // descriptor of SCM_RIGHTS is new and ours alone.
    unsafe {
        let mut message = libc::CMSG_FIRSTHDR(&raw const header);
        while !message.is_null() {
            if (*message).cmsg_level == libc::SOL_SOCKET && (*message).cmsg_type == libc::SCM_RIGHTS {
                let bytes = (*message).cmsg_len as usize - libc::CMSG_LEN(0) as usize;
                for index in 0..bytes / size_of::<RawFd>() {
                    let descriptor = libc::CMSG_DATA(message).cast::<RawFd>().add(index).read_unaligned();
                    descriptors.push(OwnedFd::from_raw_fd(descriptor));
                }
            }
            message = libc::CMSG_NXTHDR(&raw const header, message);
        }
    }
    Ok(received)
}

/// The addresses of a bus, with semicolons between them.
fn addresses(session: bool) -> Option<Vec<u8>> {
    let variable = if session { "DBUS_SESSION_BUS_ADDRESS" } else { "DBUS_SYSTEM_BUS_ADDRESS" };
    let named = environment::variable(variable).map(OsString::into_vec);
    match (named, session) {
        (Some(named), _) => Some(named),
        (None, false) => Some(SYSTEM.as_bytes().to_vec()),
        (None, true) => {
            let directory = environment::variable("XDG_RUNTIME_DIR")?.into_vec();
            Some([b"unix:path=".as_slice(), &directory, b"/bus"].concat())
        }
    }
}

/// Opens `unix:path=...` or `unix:abstract=...`; other transports are not for this machine.
fn open(address: &[u8]) -> Option<UnixStream> {
    for option in address.strip_prefix(b"unix:")?.split(|byte| *byte == b',') {
        let position = option.iter().position(|byte| *byte == b'=')?;
        let (key, value) = option.split_at_checked(position)?;
        let value = unescaped(value.get(1..)?)?;
        match key {
            b"path" => return UnixStream::connect(OsString::from_vec(value)).ok(),
            b"abstract" => return UnixStream::connect_addr(&SocketAddr::from_abstract_name(value).ok()?).ok(),
            _ => {}
        }
    }
    None
}

/// Bytes with `%` and two hexadecimal digits for some of them.
fn unescaped(value: &[u8]) -> Option<Vec<u8>> {
    let (mut bytes, mut rest) = (Vec::new(), value);
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?);
        rest = after;
    }
    Some(bytes)
}

/// The bytes of a method call without arguments.
fn message(method: &Method<'_>, serial: u32) -> Vec<u8> {
    let mut fields = Vec::new();
    for ((code, kind), value) in [
        (PATH, method.object),
        (DESTINATION, method.destination),
        (INTERFACE, method.interface),
        (MEMBER, method.member),
    ] {
        fields.resize(fields.len().next_multiple_of(8), 0);
        fields.extend_from_slice(&[code, 1, kind, 0]);
        fields.extend_from_slice(&(value.len() as u32).to_le_bytes());
        fields.extend_from_slice(value.as_bytes());
        fields.push(0);
    }
    let length = (fields.len() as u32).to_le_bytes();
    fields.resize(fields.len().next_multiple_of(8), 0);
    [&[b'l', METHOD_CALL, 0, 1, 0, 0, 0, 0], &serial.to_le_bytes()[..], &length, &fields].concat()
}

/// What matters of a message that was received.
#[derive(Debug, PartialEq, Eq)]
struct Message {
    kind: u8,
    reply_to: Option<u32>,
}

/// A number in the byte order of a message.
fn number(order: u8, bytes: &[u8]) -> Option<u32> {
    let bytes = bytes.get(..4)?.try_into().ok()?;
    match order {
        b'l' => Some(u32::from_le_bytes(bytes)),
        b'B' => Some(u32::from_be_bytes(bytes)),
        _ => None,
    }
}

/// How much follows the first 16 bytes.
fn body_length(fixed: &[u8; 16]) -> Option<usize> {
    let (body, fields) = (number(fixed[0], fixed.get(4..)?)?, number(fixed[0], fixed.get(12..)?)?);
    (fields as usize).checked_next_multiple_of(8)?.checked_add(body as usize)
}

impl Message {
    fn read(fixed: &[u8; 16], rest: &[u8]) -> Option<Self> {
        let [order, kind, ..] = *fixed;
        let fields = rest.get(..number(order, fixed.get(12..)?)? as usize)?;
        let (mut position, mut reply_to) = (0_usize, None);
        while position < fields.len() {
            let (code, signature) = (*fields.get(position)?, fields.get(position + 1..position + 4)?);
            position += 4;
            let word = number(order, fields.get(position..)?);
            position += match signature {
                [1, b's' | b'o', 0] => 4 + word? as usize + 1,
                [1, b'g', 0] => 1 + usize::from(*fields.get(position)?) + 1,
                [1, b'u', 0] => 4,
                _ => return None,
            };
            if code == REPLY_SERIAL {
                reply_to = word;
            }
            position = position.next_multiple_of(8);
        }
        Some(Self { kind, reply_to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_written_as_the_specification_says() {
        let bytes = message(&HELLO, 7);
        assert_eq!(bytes.len() % 8, 0);
        let fixed: [u8; 16] = bytes[..16].try_into().unwrap();
        assert_eq!(fixed[..12], [b'l', 1, 0, 1, 0, 0, 0, 0, 7, 0, 0, 0]);
        assert_eq!(body_length(&fixed), Some(bytes.len() - 16));
        // Object path: code 1, signature "o", its length, itself, a zero byte.
        assert_eq!(bytes[16..24], [1, 1, b'o', 0, 21, 0, 0, 0]);
        assert_eq!(&bytes[24..46], b"/org/freedesktop/DBus\0");
        assert_eq!(Message::read(&fixed, &bytes[16..]), Some(Message { kind: METHOD_CALL, reply_to: None }));
    }

    #[test]
    fn cut_messages_are_no_messages() {
        let bytes = message(&HELLO, 7);
        let fixed: [u8; 16] = bytes[..16].try_into().unwrap();
        for length in 0..fixed[12].into() {
            assert_eq!(Message::read(&fixed, &bytes[16..16 + length]), None, "{length}");
        }
        let mut strange = bytes.clone();
        strange[18] = b'x';
        assert_eq!(Message::read(&fixed, &strange[16..]), None);
        assert_eq!(body_length(&[0xff; 16]), None);
        assert_eq!(unescaped(b"a%2fb"), Some(b"a/b".to_vec()));
        assert_eq!((unescaped(b"a%2"), unescaped(b"%zz")), (None, None));
        assert!(open(b"tcp:host=localhost").is_none() && open(b"unix:dir").is_none());
    }
}
