//! The character devices of the kernel (`/dev/tpm0`, `/dev/tpmrm0`).
#![allow(unsafe_code)]

use std::fs::{File, OpenOptions};
use std::io::{Error as IoError, ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::Instant;

use super::{HEADER, LONGEST, Outcome, Transport, announced_size};
use crate::backends::tpm::errors::{BrokenWay, tcti};
use crate::memory::Secret;

/// Drivers of the kernel for TPMs without a bus: trusted applications on the same processor, and those that a hypervisor
/// gives to its guests. The driver `tpm_crb` is not among them: it serves firmware TPMs and chips on a bus alike.
const WITHOUT_BUS: [&str; 4] = ["ftpm-tee", "optee-ftpm", "tpm_ibmvtpm", "vtpm"];

/// An open device. The kernel lets one program at a time open `/dev/tpm0`.
pub(super) struct Device {
    file: File,
}

impl Device {
    pub(super) fn open(path: &Path) -> Outcome<Self> {
        // Without O_NONBLOCK the write waits for the TPM, however long that takes (Linux 5.1 and later; before, it waits in
        // any case).
        let mut options = OpenOptions::new();
        options.read(true).write(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
        let file = options.open(path).map_err(|error| refused(tcti::NO_CONNECTION, &error))?;
        let is_device = file.metadata().is_ok_and(|metadata| metadata.file_type().is_char_device());
        if is_device { Ok(Self { file }) } else { Err(tcti::NO_CONNECTION.into()) }
    }

    /// Waits until there is something to read.
    fn wait(&self, deadline: Instant) -> Outcome<()> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let mut waiting = libc::pollfd { fd: self.file.as_raw_fd(), events: libc::POLLIN, revents: 0 };
            let milliseconds = i32::try_from(left.as_millis() + 1).unwrap_or(i32::MAX);
            // SAFETY: one initialized pollfd of ours, as the count says, and its descriptor is open.
            match unsafe { libc::poll(&raw mut waiting, 1, milliseconds) } {
                0 => return Err(tcti::TRY_AGAIN.into()),
                1.. if waiting.revents & libc::POLLIN != 0 => return Ok(()),
                1.. => return Err(tcti::IO_ERROR.into()),
                _ if IoError::last_os_error().kind() == ErrorKind::Interrupted => {}
                _ => return Err(refused(tcti::IO_ERROR, &IoError::last_os_error())),
            }
        }
    }
}

impl Transport for Device {
    fn exchange(&mut self, command: &[u8], response: &mut Secret, deadline: Instant) -> Outcome<()> {
        // The kernel takes a command only whole.
        let written = self.file.write(command).map_err(|error| refused(tcti::IO_ERROR, &error))?;
        if written != command.len() {
            return Err(tcti::IO_ERROR.into());
        }
        *response = Secret::new(vec![0; LONGEST]);
        let (mut received, mut size) = (0, LONGEST);
        while received < size {
            self.wait(deadline)?;
            match self.file.read(response.get_mut(received..).unwrap_or_default()) {
                Ok(0) => return Err(tcti::IO_ERROR.into()),
                Ok(length) => received += length,
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => continue,
                Err(error) => return Err(refused(tcti::IO_ERROR, &error)),
            }
            if received >= HEADER {
                size = announced_size(response)?;
            }
        }
        if received != size {
            return Err(tcti::MALFORMED_RESPONSE.into());
        }
        response.truncate(size);
        Ok(())
    }
}

/// Another program has the device, or what the code says.
fn refused(code: u32, error: &IoError) -> BrokenWay {
    match error.raw_os_error() {
        Some(libc::EBUSY) => tcti::BUSY.into(),
        _ => BrokenWay::refused(code, error),
    }
}

/// True where the kernel says that this TPM is on no bus.
pub(super) fn has_no_bus(path: &Path) -> bool {
    let Ok(metadata) = path.metadata() else { return false };
    let (major, minor) = (libc::major(metadata.rdev()), libc::minor(metadata.rdev()));
    let Ok(device) = std::fs::canonicalize(format!("/sys/dev/char/{major}:{minor}")) else { return false };
    // The proxy that gives containers their swtpm has no hardware above it.
    if device.starts_with("/sys/devices/virtual/tpm") || device.starts_with("/sys/devices/virtual/tpmrm") {
        return true;
    }
    let driver = std::fs::read_link(device.join("device/driver"));
    driver.is_ok_and(|driver| driver.file_name().is_some_and(|name| WITHOUT_BUS.iter().any(|known| *known == name)))
}
