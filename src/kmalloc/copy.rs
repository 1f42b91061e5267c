// SPDX-License-Identifier: MIT OR Apache-2.0
//! Duplicates of strings and memory, and formatted text in memory of its own.

use core::ffi::CStr;
use core::ptr::NonNull;

use crate::abi::gfp::gfp_t;
use crate::cache::ANY_NODE;
use crate::kmalloc::alloc::{kmalloc, kvmalloc};
use crate::printk::format::buffer;
use crate::printk::warn::warn_at;
use crate::sys::image::{self, Constant};
use crate::sys::va::{self, VaList};

/// Copies memory into an allocation of `kmalloc`, or of `kvmalloc`.
///
/// # Safety
/// `from` is `bytes` long.
pub(crate) unsafe fn memdup(
    function: &str,
    from: *const u8,
    bytes: usize,
    gfp: gfp_t,
    may_vmalloc: bool,
) -> Option<NonNull<u8>> {
    let alloc = if may_vmalloc { kvmalloc } else { kmalloc };
    let copy = alloc(function, bytes, gfp, ANY_NODE)?;
    if bytes > 0 {
        // SAFETY: a source of that length (contract), and a fresh allocation.
        unsafe { core::ptr::copy_nonoverlapping(from, copy.as_ptr(), bytes) };
    }
    Some(copy)
}

/// Copies memory and puts a NUL behind it.
///
/// # Safety
/// `from` is `bytes` long.
pub(crate) unsafe fn memdup_nul(
    function: &str,
    from: *const u8,
    bytes: usize,
    gfp: gfp_t,
) -> Option<NonNull<u8>> {
    let copy = kmalloc(function, bytes.checked_add(1)?, gfp, ANY_NODE)?;
    // SAFETY: a source of that length (contract), and a fresh allocation that is longer.
    unsafe { core::ptr::copy_nonoverlapping(from, copy.as_ptr(), bytes) };
    // SAFETY: the last byte of the allocation.
    unsafe { copy.as_ptr().wrapping_add(bytes).write(0) };
    Some(copy)
}

/// Copies a string.
pub(crate) fn strdup(function: &str, text: &CStr, gfp: gfp_t) -> Option<NonNull<u8>> {
    let bytes = text.to_bytes_with_nul();
    // SAFETY: a slice is as long as it says.
    unsafe { memdup(function, bytes.as_ptr(), bytes.len(), gfp, false) }
}

/// Copies at most `most` bytes of a string.
///
/// # Safety
/// There is a NUL, or there are `most` bytes.
pub(crate) unsafe fn strndup(text: *const u8, most: usize, gfp: gfp_t) -> Option<NonNull<u8>> {
    // SAFETY: the contract.
    let len = unsafe { libc::strnlen(text.cast(), most) };
    // SAFETY: as many bytes were just looked at.
    unsafe { memdup_nul("kstrndup", text, len, gfp) }
}

/// The string itself if it can never change or go away, else a copy: a library may be unloaded, with its literals.
pub(crate) fn strdup_const(text: &CStr, gfp: gfp_t) -> Option<NonNull<u8>> {
    if image::constant(text.as_ptr().addr()) == Some(Constant::Programs) {
        return Some(NonNull::from(text).cast());
    }
    strdup("kstrdup_const", text, gfp)
}

/// Formats into an allocation.
///
/// # Safety
/// The arguments are what the format says, and the list may be read to its end.
pub(crate) unsafe fn vasprintf(gfp: gfp_t, format: &CStr, list: *mut VaList) -> Option<NonNull<u8>> {
    let format = format.to_bytes();
    let measure = |args: &mut va::VaReader| {
        // SAFETY: nothing is written; the arguments are right (contract).
        unsafe { buffer::vsnprintf(core::ptr::null_mut(), 0, format, args) }
    };
    // SAFETY: the caller's list (contract).
    let len = unsafe { va::with_copy(list, measure) };
    let text = kmalloc("kasprintf", len.checked_add(1)?, gfp, ANY_NODE)?;
    // SAFETY: the caller's list (contract).
    let mut args = unsafe { va::VaReader::new(list) };
    // SAFETY: an allocation of that size, and the right arguments (contract).
    let written = unsafe { buffer::vsnprintf(text.as_ptr(), len + 1, format, &mut args) };
    if written != len {
        warn_at!("kvasprintf", "different return values ({len} and {written}) from vsnprintf\n");
    }
    Some(text)
}

/// The same, but a text that is constant already is returned as it is.
///
/// # Safety
/// As for [`vasprintf`].
pub(crate) unsafe fn vasprintf_const(gfp: gfp_t, format: &CStr, list: *mut VaList) -> Option<NonNull<u8>> {
    if !format.to_bytes().contains(&b'%') {
        return strdup_const(format, gfp);
    }
    if format == c"%s" {
        // SAFETY: the caller's list (contract).
        let text = unsafe { va::with_copy(list, |args| args.pointer()) };
        if !text.is_null() {
            // SAFETY: the format says that it is a string (contract).
            return strdup_const(unsafe { CStr::from_ptr(text.cast()) }, gfp);
        }
    }
    // SAFETY: the contract.
    unsafe { vasprintf(gfp, format, list) }
}
