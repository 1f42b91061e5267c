// SPDX-License-Identifier: MIT OR Apache-2.0
//! C variable arguments.
//!
//! Stable Rust cannot read a `va_list`, so functions of the shim do. On both target architectures a `va_list`
//! parameter arrives as a pointer: on x86-64 the type is an array, on aarch64 a structure too large for
//! registers.

use core::ffi::{c_int, c_longlong, c_void};

/// What a C `va_list` parameter points to.
#[repr(C)]
pub(crate) struct VaList {
    _private: [u8; 0],
}

/// Room for a copy of what a `va_list` points to; the shim checks that it suffices.
#[repr(C, align(16))]
struct Storage([u64; 4]);

#[allow(unused_doc_comments, reason = "the header generator reads it")]
/// cbindgen:ignore
unsafe extern "C" {
    fn kmem_shim_va_int(list: *mut VaList) -> c_int;
    fn kmem_shim_va_long_long(list: *mut VaList) -> c_longlong;
    fn kmem_shim_va_pointer(list: *mut VaList) -> *mut c_void;
    fn kmem_shim_va_copy(to: *mut VaList, from: *mut VaList);
    fn kmem_shim_va_end(list: *mut VaList);
}

/// Reads the arguments of a C call one after the other.
///
/// Invariant: the list was started and not ended, and holds at least the arguments that are read from it, in
/// the types that they are read as. [`VaReader::new`] gets that promise.
pub(crate) struct VaReader(*mut VaList);

impl VaReader {
    /// # Safety
    /// `list` is a C `va_list` that stays valid, and every read from this reader matches the next argument.
    pub(crate) unsafe fn new(list: *mut VaList) -> Self {
        Self(list)
    }

    /// The next argument, an `int` (or what C promotes to it).
    pub(crate) fn int(&mut self) -> c_int {
        // SAFETY: the type's invariant.
        unsafe { kmem_shim_va_int(self.0) }
    }

    /// The next argument, a `long long`, or a `long` or `size_t`, which travel in the same way.
    pub(crate) fn long_long(&mut self) -> c_longlong {
        // SAFETY: the type's invariant.
        unsafe { kmem_shim_va_long_long(self.0) }
    }

    /// The next argument, a pointer.
    pub(crate) fn pointer(&mut self) -> *mut c_void {
        // SAFETY: the type's invariant.
        unsafe { kmem_shim_va_pointer(self.0) }
    }
}

/// Calls `read` with a reader of a copy of `list`, which itself stays where it is.
///
/// # Safety
/// As for [`VaReader::new`].
pub(crate) unsafe fn with_copy<R>(list: *mut VaList, read: impl FnOnce(&mut VaReader) -> R) -> R {
    let mut storage = Storage([0; 4]);
    let copy: *mut VaList = (&raw mut storage).cast();
    // SAFETY: the storage is large and aligned enough (checked in the shim); `list` is valid (contract).
    unsafe { kmem_shim_va_copy(copy, list) };
    // SAFETY: the copy is as good as `list`.
    let result = read(&mut unsafe { VaReader::new(copy) });
    // SAFETY: started by va_copy above, ended once.
    unsafe { kmem_shim_va_end(copy) };
    result
}
