// SPDX-License-Identifier: MIT OR Apache-2.0
//! Numbers that nobody can foresee.

use crate::sys::{errno, process};

/// A number from the system's random source, never 0. Where that has nothing to give (before Linux 3.17, or
/// in a sandbox) the clock and the address of a stack variable have to do.
pub(crate) fn seed() -> u64 {
    let mut number = 0u64;
    let bytes = size_of::<u64>();
    // SAFETY: `number` has room for so many bytes.
    let got = errno::preserved(|| unsafe {
        libc::syscall(libc::SYS_getrandom, &raw mut number, bytes, libc::GRND_NONBLOCK)
    });
    if usize::try_from(got) != Ok(bytes) {
        number = process::monotonic_ns() ^ (&raw const number).addr() as u64;
    }
    number | 1
}
