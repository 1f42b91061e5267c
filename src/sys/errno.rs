// SPDX-License-Identifier: MIT OR Apache-2.0
//! The calling thread's errno, which the library leaves as it found it.

use crate::abi::errno::Errno;

/// The value as the last failed call of the C library left it.
pub(super) fn last() -> Errno {
    // SAFETY: no preconditions.
    let location = unsafe { libc::__errno_location() };
    // SAFETY: glibc and musl give every thread a valid errno location.
    Errno(unsafe { *location })
}

/// Runs `work` and puts errno back to what it was: an allocation or a free that waited, or printed, is
/// nothing that a program expects to change it.
pub(crate) fn preserved<R>(work: impl FnOnce() -> R) -> R {
    let before = last().0;
    let result = work();
    // SAFETY: no preconditions.
    let location = unsafe { libc::__errno_location() };
    // SAFETY: as in `last`.
    unsafe { *location = before };
    result
}
