// SPDX-License-Identifier: MIT OR Apache-2.0
//! Types that C sees.
#![allow(non_camel_case_types, reason = "the kernel's names, seen in C")]

use core::ffi::{c_uint, c_void};
use core::ptr::NonNull;

/// A cache of objects of one size. C knows it by pointer only.
pub struct kmem_cache {
    _private: [u8; 0],
}

/// A set of caches, one for each size class. C knows it by pointer only.
pub struct kmem_buckets {
    _private: [u8; 0],
}

/// A list of reclaimable objects per memory cgroup. Accepted where the kernel takes one, and never looked into.
pub struct list_lru {
    _private: [u8; 0],
}

/// A cache of the program that can be made smaller; `kmem/shrinker.h` says what is in it.
pub struct shrinker {
    _private: [u8; 0],
}

/// A constructor: called once for each object when its slab is made, with no lock held. It may use other caches;
/// it must not throw, longjmp or end the thread (the process is aborted if it does).
pub type kmem_ctor_t = Option<unsafe extern "C-unwind" fn(*mut c_void)>;

/// What a creator may ask for beyond name, size and flags (Linux 6.12). All zeroes means all defaults.
#[repr(C)]
pub struct kmem_cache_args {
    /// Alignment in bytes, a power of two; 0 for none in particular. A creation that is not
    /// merged into another cache stores the resulting one here.
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

/// The objects of one cache.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct kmem_cache_usage {
    /// Bytes of this structure, set by the caller; on return, the bytes of it that the library knows.
    pub size: usize,
    /// Objects that the program has.
    pub live_objects: usize,
    /// Objects that were freed and rest in the arrays of threads, between threads, or in quarantine (`kmem.harden=2`).
    pub parked_objects: usize,
    /// Objects that are free in their slabs.
    pub free_objects: usize,
    /// The sum of the three.
    pub total_objects: usize,
    /// Slabs.
    pub slabs: usize,
    /// Bytes of their pages.
    pub slab_bytes: usize,
}

/// What the whole library holds.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct kmem_usage {
    /// Bytes of this structure, set by the caller; on return, the bytes of it that the library knows.
    pub size: usize,
    /// Caches.
    pub caches: usize,
    /// Live objects of all caches, as struct kmem_cache_usage has them for each.
    pub live_objects: usize,
    /// Parked ones.
    pub parked_objects: usize,
    /// Free ones.
    pub free_objects: usize,
    /// The sum of the three.
    pub total_objects: usize,
    /// Slabs of all caches.
    pub slabs: usize,
    /// Bytes of pages in slabs: of all caches, of those that were destroyed with objects left, and of slabs that readers may
    /// still look into (kmem_rcu_settle()).
    pub slab_bytes: usize,
    /// Bytes for the library itself: descriptors, slab records, threads' tables and arrays, maps of pages.
    pub metadata_bytes: usize,
    /// Bytes of free pages that may still be backed by memory: they decay, or go at once by kmem_reclaim().
    pub dirty_bytes: usize,
    /// Bytes of free pages that cost nothing but address space.
    pub clean_bytes: usize,
    /// Bytes that are mapped readable and writable: the sum of the four.
    pub committed_bytes: usize,
    /// Bytes of address space, committed or not.
    pub reserved_bytes: usize,
}

/// An object pointer as C gets it.
pub(crate) fn to_c(object: Option<NonNull<u8>>) -> *mut c_void {
    object.map_or(core::ptr::null_mut(), |object| object.as_ptr().cast())
}
