// SPDX-License-Identifier: MIT OR Apache-2.0
//! Types that C sees.
#![allow(non_camel_case_types, reason = "the kernel's names, seen in C")]

use core::ffi::{c_uint, c_void};
use core::ptr::NonNull;

/// A cache of objects of one size. C knows it by pointer only.
pub struct kmem_cache {
    _private: [u8; 0],
}

/// A list of reclaimable objects per memory cgroup. Accepted where the kernel takes one, and never looked into.
pub struct list_lru {
    _private: [u8; 0],
}

/// A constructor: called once for each object when its slab is made, with no lock held. It may use other caches;
/// it must not throw, longjmp or end the thread (the process is aborted if it does).
pub type kmem_ctor_t = Option<unsafe extern "C-unwind" fn(*mut c_void)>;

/// What a creator may ask for beyond name, size and flags (Linux 6.12). All zeroes means all defaults.
#[repr(C)]
pub struct kmem_cache_args {
    /// Alignment in bytes, a power of two; 0 for none in particular. The creation stores the resulting one here.
    pub align: c_uint,
    /// Start of the part of an object that may be copied to user space, in bytes.
    pub useroffset: c_uint,
    /// Length of that part in bytes; 0 for none. A window outside the object is cleared, with a warning.
    pub usersize: c_uint,
    /// Where the free pointer may lie inside the object: a multiple of 8, with SLAB_TYPESAFE_BY_RCU only.
    pub freeptr_offset: c_uint,
    /// Whether freeptr_offset is meant.
    pub use_freeptr_offset: bool,
    /// Constructor, or NULL.
    pub ctor: kmem_ctor_t,
    /// Objects in a per-thread array (Linux 6.18); 0 leaves the choice to the library. Other values keep the
    /// cache from being merged.
    pub sheaf_capacity: c_uint,
}

/// An object pointer as C gets it.
pub(crate) fn to_c(object: Option<NonNull<u8>>) -> *mut c_void {
    object.map_or(core::ptr::null_mut(), |object| object.as_ptr().cast())
}
