//! The random generator of aws-lc: a CTR-DRBG per thread, seeded from the operating system and reseeded after fork.
#![allow(unsafe_code)]

use std::path::Path;

use once_cell::race::OnceBool;

use super::gate;

/// Fills `output`; false when the generator reports a failure. Without any entropy this version of the library waits,
/// or ends the process, rather than report it.
#[must_use]
pub(in crate::engines::native) fn fill(output: &mut [u8]) -> bool {
    // SAFETY: `output` is a live exclusive borrow of exactly this many writable bytes.
    gate::inside(|| unsafe { aws_lc_sys::RAND_bytes(output.as_mut_ptr(), output.len()) == 1 })
}

/// True where the generator learns from the kernel that the machine is a copy of another one (SysGenID, which is not
/// part of Linux): aws-lc, `crypto/ube/vm_ube_detect.c`.
pub(in crate::engines::native) fn notices_snapshots() -> bool {
    static FOUND: OnceBool = OnceBool::new();
    FOUND.get_or_init(|| Path::new("/dev/sysgenid").exists())
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::fd::{AsRawFd, FromRawFd};

    use super::fill;

    #[test]
    fn a_forked_child_gets_other_bytes() {
        // The generator of this thread exists before, so that the child inherits its state.
        assert!(fill(&mut [0; 32]));
        let mut ends = [0; 2];
        // SAFETY: `ends` has room for the two descriptors, which the files below own from here on.
        let (mut from_child, to_parent) = unsafe {
            assert_eq!(libc::pipe(ends.as_mut_ptr()), 0);
            (std::fs::File::from_raw_fd(ends[0]), std::fs::File::from_raw_fd(ends[1]))
        };
        // SAFETY: the child calls only what is under test, `write` and `_exit`, and the alarm ends it should it
        // wait for a lock of a thread that it does not have.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let mut bytes = [0u8; 32];
            // SAFETY: as above; `bytes` is readable for its length.
            unsafe {
                libc::alarm(20);
                if fill(&mut bytes) {
                    libc::write(to_parent.as_raw_fd(), bytes.as_ptr().cast(), bytes.len());
                }
                libc::_exit(0);
            }
        }
        assert!(child > 0);
        drop(to_parent);
        let (mut of_child, mut of_parent) = (Vec::new(), [0; 32]);
        assert!(fill(&mut of_parent));
        from_child.read_to_end(&mut of_child).unwrap();
        // SAFETY: waits for our own child; the status is not asked for.
        unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
        assert_eq!(of_child.len(), 32);
        assert_ne!(of_child, of_parent);
    }
}
