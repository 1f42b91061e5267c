// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sleeping on a word of memory.

use core::ptr;
use core::sync::atomic::AtomicU32;

use crate::sys::errno;

/// Sleeps while `word` holds `expected`. May return at any time: the caller looks again.
pub(crate) fn wait(word: &AtomicU32, expected: u32) {
    let op = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
    let no_timeout = ptr::null::<libc::timespec>();
    // SAFETY: the word is valid for the call, and FUTEX_WAIT only reads it.
    errno::preserved(|| unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), op, expected, no_timeout) });
}

/// The same for at most `ns` nanoseconds.
pub(crate) fn wait_ns(word: &AtomicU32, expected: u32, ns: u64) {
    let op = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
    let timeout = libc::timespec {
        tv_sec: (ns / 1_000_000_000) as libc::time_t,
        tv_nsec: (ns % 1_000_000_000) as libc::c_long,
    };
    // SAFETY: the word and the time are valid for the call, and FUTEX_WAIT only reads them.
    errno::preserved(|| unsafe {
        libc::syscall(libc::SYS_futex, word.as_ptr(), op, expected, &raw const timeout)
    });
}

/// Wakes at most `count` sleepers of `word`.
pub(crate) fn wake(word: &AtomicU32, count: i32) {
    let op = libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG;
    // SAFETY: FUTEX_WAKE does not access the word.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), op, count) };
}
