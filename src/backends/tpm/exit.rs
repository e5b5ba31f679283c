//! What happens when the process ends.
//!
//! A TPM without a resource manager keeps our loaded keys and our session until it is reset, so they are flushed.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use super::device::Device;
use crate::fork::at_exit;
use crate::locks::{lock, lock_within};

/// Longest wait for a thread that is using a TPM while the process ends.
const PATIENCE: Duration = Duration::from_secs(5);

static DEVICES: Mutex<Vec<Weak<Device>>> = Mutex::new(Vec::new());

/// Remembers a device until it is dropped.
pub(super) fn remember(device: &Arc<Device>) {
    let mut devices = lock(&DEVICES);
    devices.retain(|known| known.strong_count() > 0);
    devices.push(Arc::downgrade(device));
}

/// From now on devices are closed at exit. To be called when a TPM is in use.
pub(super) fn watch() {
    static WATCHED: AtomicBool = AtomicBool::new(false);
    // If there is no memory for it, keys stay in the TPM until it is reset.
    at_exit(close_all, &WATCHED);
}

extern "C" fn close_all() {
    // Nothing may cross into C; and nothing is left to be said.
    let _ = std::panic::catch_unwind(|| {
        let Some(devices) = lock_within(&DEVICES, PATIENCE) else { return };
        for device in devices.iter().filter_map(Weak::upgrade) {
            device.close_within(PATIENCE);
        }
    });
}
