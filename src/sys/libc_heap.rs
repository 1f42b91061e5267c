// SPDX-License-Identifier: MIT OR Apache-2.0
//! The C library's heap, for programs that mix its memory with ours.

use core::ffi::c_void;

/// The C library's `free`.
///
/// # Safety
/// The pointer came from the C library's heap, and nothing refers to it any more.
pub(crate) unsafe fn free(object: *mut c_void) {
    // SAFETY: the contract.
    unsafe { libc::free(object) };
}

/// Bytes that an allocation of the C library really has.
///
/// # Safety
/// The pointer came from the C library's heap.
pub(crate) unsafe fn usable_size(object: *mut c_void) -> usize {
    // SAFETY: the contract.
    unsafe { libc::malloc_usable_size(object) }
}
