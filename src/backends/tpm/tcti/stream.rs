//! Sockets with an end to all waiting.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use super::{HEADER, Outcome, announced_size};
use crate::backends::tpm::errors::{BrokenWay, tcti};
use crate::memory::Secret;

/// A socket whose reads and writes can be bounded.
pub(super) trait Stream: Read + Write {
    fn bound_reading(&self, limit: Duration) -> std::io::Result<()>;
    fn bound_writing(&self, limit: Duration) -> std::io::Result<()>;
}

impl Stream for TcpStream {
    fn bound_reading(&self, limit: Duration) -> std::io::Result<()> {
        self.set_read_timeout(Some(limit))
    }

    fn bound_writing(&self, limit: Duration) -> std::io::Result<()> {
        self.set_write_timeout(Some(limit))
    }
}

impl Stream for UnixStream {
    fn bound_reading(&self, limit: Duration) -> std::io::Result<()> {
        self.set_read_timeout(Some(limit))
    }

    fn bound_writing(&self, limit: Duration) -> std::io::Result<()> {
        self.set_write_timeout(Some(limit))
    }
}

/// What is left of the time.
pub(super) fn left(deadline: Instant) -> Outcome<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(tcti::TRY_AGAIN.into()) } else { Ok(left) }
}

/// Waiting that ended because of the time, and everything else.
pub(super) fn failed(error: &std::io::Error) -> BrokenWay {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => tcti::TRY_AGAIN.into(),
        _ => BrokenWay::refused(tcti::IO_ERROR, error),
    }
}

pub(super) fn send(stream: &mut impl Stream, bytes: &[u8], deadline: Instant) -> Outcome<()> {
    stream.bound_writing(left(deadline)?).map_err(|error| failed(&error))?;
    stream.write_all(bytes).map_err(|error| failed(&error))
}

/// Fills `buffer`.
pub(super) fn receive(stream: &mut impl Stream, mut buffer: &mut [u8], deadline: Instant) -> Outcome<()> {
    while !buffer.is_empty() {
        stream.bound_reading(left(deadline)?).map_err(|error| failed(&error))?;
        match stream.read(buffer) {
            Ok(0) => return Err(tcti::IO_ERROR.into()),
            Ok(length) => buffer = buffer.get_mut(length..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(&error)),
        }
    }
    Ok(())
}

/// Reads a response of the size that its head announces.
pub(super) fn receive_response(stream: &mut impl Stream, response: &mut Secret, deadline: Instant) -> Outcome<()> {
    let mut header = [0; HEADER];
    receive(stream, &mut header, deadline)?;
    let size = announced_size(&header)?;
    *response = Secret::new(vec![0; size]);
    let (head, body) = response.split_at_mut(HEADER);
    head.copy_from_slice(&header);
    receive(stream, body, deadline)
}
