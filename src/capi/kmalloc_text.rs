// SPDX-License-Identifier: MIT OR Apache-2.0
//! Duplicates of strings and memory. Kernel names: `include/kmem/kmalloc.h`, and there the variadic ones.

use core::ffi::{CStr, c_char, c_void};

use crate::abi::gfp::gfp_t;
use crate::capi::print::export_variadic;
use crate::capi::types::to_c;
use crate::kmalloc;
use crate::sys::va::VaList;

/// kmem_kmemdup - copy memory into an allocation: kmemdup()
/// @source: what to copy
/// @bytes: how much
/// @flags: GFP flags
///
/// Context: as kmem_kmalloc().
/// Return: the copy, ZERO_SIZE_PTR for no bytes, or NULL when there is no memory.
///
/// cbindgen:postfix=KMEM_OF_KMALLOC
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_kmemdup(source: *const c_void, bytes: usize, flags: gfp_t) -> *mut c_void {
    // SAFETY: the caller's source is that long.
    to_c(unsafe { kmalloc::memdup("kmemdup", source.cast(), bytes, flags, false) })
}

/// kmem_kvmemdup - copy memory into an allocation of kmem_kvmalloc(): kvmemdup()
/// @source: what to copy
/// @bytes: how much
/// @flags: GFP flags
///
/// Context: as kmem_kmalloc().
/// Return: as kmem_kmemdup().
///
/// cbindgen:postfix=KMEM_OF_KVMALLOC
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_kvmemdup(source: *const c_void, bytes: usize, flags: gfp_t) -> *mut c_void {
    // SAFETY: the caller's source is that long.
    to_c(unsafe { kmalloc::memdup("kvmemdup", source.cast(), bytes, flags, true) })
}

/// kmem_kmemdup_nul - copy memory and put a NUL behind it: kmemdup_nul()
/// @source: what to copy; NULL gives NULL
/// @bytes: how much, without the NUL
/// @flags: GFP flags
///
/// Context: as kmem_kmalloc().
/// Return: the copy, or NULL when there is no memory.
///
/// cbindgen:postfix=KMEM_OF_KMALLOC
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_kmemdup_nul(source: *const c_char, bytes: usize, flags: gfp_t) -> *mut c_char {
    if source.is_null() {
        return core::ptr::null_mut();
    }
    // SAFETY: the caller's source is that long.
    to_c(unsafe { kmalloc::memdup_nul("kmemdup_nul", source.cast(), bytes, flags) }).cast()
}

/// kmem_kstrdup - copy a string: kstrdup()
/// @text: the string; NULL gives NULL
/// @flags: GFP flags
///
/// Context: as kmem_kmalloc().
/// Return: the copy, or NULL when there is no memory.
///
/// cbindgen:postfix=KMEM_OF_KMALLOC
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_kstrdup(text: *const c_char, flags: gfp_t) -> *mut c_char {
    if text.is_null() {
        return core::ptr::null_mut();
    }
    // SAFETY: a string, as C promises.
    to_c(kmalloc::strdup("kstrdup", unsafe { CStr::from_ptr(text) }, flags)).cast()
}

/// kmem_kstrndup - copy the beginning of a string: kstrndup()
/// @text: the string; NULL gives NULL
/// @most: bytes to copy at most, without the NUL
/// @flags: GFP flags
///
/// Context: as kmem_kmalloc().
/// Return: the copy, with a NUL in any case, or NULL when there is no memory.
///
/// cbindgen:postfix=KMEM_OF_KMALLOC
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_kstrndup(text: *const c_char, most: usize, flags: gfp_t) -> *mut c_char {
    if text.is_null() {
        return core::ptr::null_mut();
    }
    // SAFETY: a string, or at least `most` bytes, as C promises.
    to_c(unsafe { kmalloc::strndup(text.cast(), most, flags) }).cast()
}

/// kmem_kstrdup_const - a string that lasts, copied only if it must be: kstrdup_const()
/// @text: the string; NULL gives NULL
/// @flags: GFP flags
///
/// Context: as kmem_kmalloc(). Takes the loader's lock for a moment.
/// Return: @text itself if it lies in memory of the program that cannot be written to, like a string literal; else a copy (also
/// of a library's literal, which goes with its library), or NULL when there is no memory. Free with kmem_kfree_const().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_kstrdup_const(text: *const c_char, flags: gfp_t) -> *const c_char {
    if text.is_null() {
        return core::ptr::null();
    }
    // SAFETY: a string, as C promises.
    to_c(kmalloc::strdup_const(unsafe { CStr::from_ptr(text) }, flags)).cast()
}

/// cbindgen:ignore
#[unsafe(no_mangle)]
unsafe extern "C" fn kmem_kvasprintf(flags: gfp_t, format: *const c_char, ap: *mut VaList) -> *mut c_char {
    // SAFETY: the caller's promise is the same.
    unsafe { kmem_shim_kvasprintf(flags, format, ap) }
}

/// cbindgen:ignore
#[unsafe(no_mangle)]
unsafe extern "C" fn kmem_kvasprintf_const(
    flags: gfp_t,
    format: *const c_char,
    ap: *mut VaList,
) -> *const c_char {
    // SAFETY: the caller passes a string, or NULL.
    let Some(format) = (unsafe { string(format) }) else { return core::ptr::null() };
    // SAFETY: the caller's list matches the format.
    to_c(unsafe { kmalloc::vasprintf_const(flags, format, ap) }).cast()
}

/// cbindgen:ignore
#[unsafe(no_mangle)]
unsafe extern "C" fn kmem_shim_kvasprintf(
    flags: gfp_t,
    format: *const c_char,
    ap: *mut VaList,
) -> *mut c_char {
    // SAFETY: the caller passes a string, or NULL.
    let Some(format) = (unsafe { string(format) }) else { return core::ptr::null_mut() };
    // SAFETY: the caller's list matches the format.
    to_c(unsafe { kmalloc::vasprintf(flags, format, ap) }).cast()
}

export_variadic! {
    kmem_kasprintf => kmem_shim_kasprintf;
}

/// A string from C, `None` for NULL.
///
/// # Safety
/// NULL or a NUL-terminated string that outlives its use.
unsafe fn string<'a>(text: *const c_char) -> Option<&'a CStr> {
    // SAFETY: a string unless NULL (contract).
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
}
