//! The few system calls of the key store that the standard library lacks: locks on bytes, the kind of a file system,
//! random numbers.
#![allow(unsafe_code)]

use std::ffi::CString;
use std::fs::File;
use std::io::{Error, Result};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// File systems of another machine, where neither locks nor shared memory can be relied on (`statfs(2)`).
const NETWORK_FILE_SYSTEMS: [(u32, &str); 9] = [
    (0x0000_6969, "NFS"),
    (0x0000_517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB"),
    (0x00c3_6400, "Ceph"),
    (0x0102_1997, "9P"),
    (0x5346_414f, "AFS"),
    (0x7375_7245, "Coda"),
    (0x0bd0_0bd0, "Lustre"),
];

/// The name of the network file system on which `path` lies; `None` where it is a local one.
pub(super) fn network_file_system(path: &Path) -> Result<Option<&'static str>> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    let mut answer = std::mem::MaybeUninit::<libc::statfs>::uninit();
    // SAFETY: a NUL-terminated path and room for the answer, both alive during the call.
    check(unsafe { libc::statfs(path.as_ptr(), answer.as_mut_ptr()) })?;
    // SAFETY: statfs succeeded, so it has filled the answer.
    let magic = unsafe { answer.assume_init() }.f_type as u32;
    Ok(NETWORK_FILE_SYSTEMS.iter().find(|(known, _)| *known == magic).map(|(_, name)| *name))
}

/// Locks one byte for this open file (`F_OFD_SETLKW`), waiting for others. The lock ends when the last descriptor of
/// the open file is closed, however the process ends.
pub(super) fn lock_byte(file: &File, byte: i64) -> Result<()> {
    loop {
        match byte_lock_call(file, libc::F_OFD_SETLKW, &mut byte_lock(byte, libc::F_WRLCK)) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// [`lock_byte`] without waiting; false where another open file holds a lock on this byte.
pub(super) fn try_lock_byte(file: &File, byte: i64) -> Result<bool> {
    match byte_lock_call(file, libc::F_OFD_SETLK, &mut byte_lock(byte, libc::F_WRLCK)) {
        Ok(()) => Ok(true),
        Err(error) if matches!(error.raw_os_error(), Some(libc::EAGAIN | libc::EACCES)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Ends a lock before the file is closed.
pub(super) fn unlock_byte(file: &File, byte: i64) -> Result<()> {
    byte_lock_call(file, libc::F_OFD_SETLK, &mut byte_lock(byte, libc::F_UNLCK))
}

/// True where another open file holds a lock on this byte.
pub(super) fn is_locked(file: &File, byte: i64) -> Result<bool> {
    let mut lock = byte_lock(byte, libc::F_WRLCK);
    byte_lock_call(file, libc::F_OFD_GETLK, &mut lock)?;
    Ok(lock.l_type != libc::F_UNLCK as libc::c_short)
}

fn byte_lock(byte: i64, kind: libc::c_int) -> libc::flock {
    // SAFETY: all fields are integers, for which zero is a value; OFD locks demand l_pid to be 0.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    lock.l_type = kind as libc::c_short;
    lock.l_whence = libc::SEEK_SET as libc::c_short;
    lock.l_start = byte;
    lock.l_len = 1;
    lock
}

fn byte_lock_call(file: &File, command: libc::c_int, lock: &mut libc::flock) -> Result<()> {
    // SAFETY: the descriptor is open while `file` is borrowed, and `lock` is a complete, writable flock.
    check(unsafe { libc::fcntl(file.as_raw_fd(), command, lock) })
}

/// Reserves the blocks of the first `length` bytes of a file, so that writing to a mapping of them cannot fail.
pub(super) fn allocate(file: &File, length: i64) -> Result<()> {
    // SAFETY: only a descriptor that is open while `file` is borrowed, and numbers.
    match unsafe { libc::posix_fallocate(file.as_raw_fd(), 0, length) } {
        0 => Ok(()),
        error => Err(Error::from_raw_os_error(error)),
    }
}

/// Random numbers of the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    // SAFETY: `bytes` is writable for its length; up to 256 bytes are always given whole (getrandom(2)).
    match unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), N, 0) } {
        length if usize::try_from(length) == Ok(N) => Ok(bytes),
        _ => Err(Error::last_os_error()),
    }
}

fn check(result: libc::c_int) -> Result<()> {
    if result == -1 { Err(Error::last_os_error()) } else { Ok(()) }
}
