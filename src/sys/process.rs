// SPDX-License-Identifier: MIT OR Apache-2.0
//! The process: its ids, its end, the passing of time.

use core::ffi::CStr;
use core::ptr;

use crate::sys::errno;

/// Length of a task name with its terminating NUL, fixed by Linux.
const TASK_NAME: usize = 16;

/// The calling thread's id (what the kernel's log calls PID).
pub(crate) fn thread_id() -> i32 {
    // SAFETY: gettid has no preconditions.
    unsafe { libc::gettid() }
}

/// The id of the process.
pub(crate) fn id() -> u32 {
    // SAFETY: getpid has no preconditions.
    u32::try_from(unsafe { libc::getpid() }).unwrap_or(0)
}

/// The user id of the process.
pub(crate) fn user_id() -> u32 {
    // SAFETY: getuid has no preconditions.
    unsafe { libc::getuid() }
}

/// Whether the process has rights that whoever started it lacks: its environment is not to be trusted.
pub(crate) fn is_privileged() -> bool {
    // SAFETY: getauxval has no preconditions.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

/// Calls `use_name` with the calling thread's name (what the kernel's log calls Comm).
pub(crate) fn with_thread_name<R>(use_name: impl FnOnce(&[u8]) -> R) -> R {
    let mut name = [0u8; TASK_NAME];
    // SAFETY: PR_GET_NAME writes at most 16 bytes, NUL included.
    unsafe { libc::prctl(libc::PR_GET_NAME, name.as_mut_ptr()) };
    use_name(CStr::from_bytes_until_nul(&name).map_or(b"?", CStr::to_bytes))
}

/// Ends the process with SIGABRT.
pub(crate) fn abort() -> ! {
    // SAFETY: abort has no preconditions.
    unsafe { libc::abort() }
}

/// Has a function called when the process exits, before all that was registered until now.
pub(crate) fn at_exit(function: extern "C" fn()) {
    // Without memory for it the function is not called.
    // SAFETY: a function that stays until the library goes, which is when the C library calls it at the latest: it keeps it
    // under the library's `__dso_handle`.
    unsafe { libc::atexit(function) };
}

/// Nanoseconds of a clock that never goes backwards.
pub(crate) fn monotonic_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is a valid place for the answer, and CLOCK_MONOTONIC always exists.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    seconds * 1_000_000_000 + u64::try_from(now.tv_nsec).unwrap_or(0)
}

/// The same with the resolution of the system's tick, a few milliseconds, and cheaper.
pub(crate) fn coarse_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is a valid place for the answer, and CLOCK_MONOTONIC_COARSE always exists on Linux.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC_COARSE, &raw mut now) };
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    seconds * 1_000_000_000 + u64::try_from(now.tv_nsec).unwrap_or(0)
}

/// Sleeps for about `ns` nanoseconds, less when a signal arrives.
pub(crate) fn sleep_ns(ns: u32) {
    let time = libc::timespec { tv_sec: 0, tv_nsec: ns.min(999_999_999).into() };
    // Not by way of nanosleep, which is a place to be cancelled.
    // SAFETY: `time` is valid, and the remaining time is not asked for.
    errno::preserved(|| unsafe {
        libc::syscall(libc::SYS_nanosleep, &raw const time, ptr::null_mut::<libc::timespec>())
    });
}
