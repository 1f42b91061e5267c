// SPDX-License-Identifier: MIT OR Apache-2.0
//! Threads: what happens when one ends, and a barrier that all of them pass.

use core::ffi::c_void;
use core::sync::atomic::AtomicBool;
use core::sync::atomic::Ordering::Relaxed;

use crate::sys::errno;

/// A key whose destructor runs in each thread that stored something under it.
#[derive(Clone, Copy)]
pub(crate) struct ExitKey(libc::pthread_key_t);

impl ExitKey {
    /// A key; `None` when the process has no more of them.
    pub(crate) fn new(destructor: unsafe extern "C" fn(*mut c_void)) -> Option<Self> {
        let mut key = 0;
        // SAFETY: `key` is a valid place; the destructor stays (the library is never unloaded).
        let failed = unsafe { libc::pthread_key_create(&raw mut key, Some(destructor)) } != 0;
        (!failed).then_some(Self(key))
    }

    /// Has the destructor called with `value` when the calling thread ends; `false` when there is no memory.
    pub(crate) fn set(self, value: *const c_void) -> bool {
        // SAFETY: a key that `new` made.
        unsafe { libc::pthread_setspecific(self.0, value) == 0 }
    }
}

/// Commands of membarrier(2), Linux 4.14.
const PRIVATE_EXPEDITED: i32 = 1 << 3;
const REGISTER_PRIVATE_EXPEDITED: i32 = 1 << 4;

/// Whether the system knows membarrier.
static REGISTERED: AtomicBool = AtomicBool::new(false);

fn membarrier(command: i32) -> bool {
    // SAFETY: a barrier, or the intent to use one; no memory is involved.
    errno::preserved(|| unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) }) == 0
}

/// Asks for [`barrier`] to work later on.
pub(crate) fn register_barrier() {
    REGISTERED.store(membarrier(REGISTER_PRIVATE_EXPEDITED), Relaxed);
}

/// Has every running thread of the process pass a full memory barrier; `false` where that cannot be had.
pub(crate) fn barrier() -> bool {
    if !REGISTERED.load(Relaxed) {
        return false;
    }
    // The child of a fork has to ask anew.
    membarrier(PRIVATE_EXPEDITED) || (membarrier(REGISTER_PRIVATE_EXPEDITED) && membarrier(PRIVATE_EXPEDITED))
}

/// Lets another thread run.
pub(crate) fn yield_now() {
    // SAFETY: sched_yield has no preconditions.
    unsafe { libc::sched_yield() };
}
