//! What happens when the process ends.
//!
//! A TPM without a resource manager keeps our loaded keys and our session until it is reset, so they are flushed.
#![allow(unsafe_code)]

use std::sync::{Arc, Once, Weak};
use std::time::Duration;

use parking_lot::Mutex;

use super::device::Device;

/// Longest wait for a thread that is using a TPM while the process ends.
const PATIENCE: Duration = Duration::from_secs(5);

static DEVICES: Mutex<Vec<Weak<Device>>> = Mutex::new(Vec::new());

/// Remembers a device until it is dropped.
pub(super) fn remember(device: &Arc<Device>) {
    let mut devices = DEVICES.lock();
    devices.retain(|known| known.strong_count() > 0);
    devices.push(Arc::downgrade(device));
}

/// From now on devices are closed at exit. To be called when a TPM is in use.
pub(super) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the handler is a plain function that never unwinds, and stays loaded (the library is linked with -z
        // nodelete). If there is no memory for it, keys stay in the TPM until it is reset.
        unsafe { libc::atexit(close_all) };
    });
}

extern "C" fn close_all() {
    // Nothing may cross into C; and nothing is left to be said.
    let _ = std::panic::catch_unwind(|| {
        let Some(devices) = DEVICES.try_lock_for(PATIENCE) else { return };
        for device in devices.iter().filter_map(Weak::upgrade) {
            device.close_within(PATIENCE);
        }
    });
}
