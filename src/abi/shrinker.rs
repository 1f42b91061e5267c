// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a program says about a cache of its own that can be made smaller: the structures of `kmem/shrinker.h`.

use core::ffi::{c_int, c_long, c_uint, c_ulong, c_void};

use crate::abi::gfp::gfp_t;

/// Counts objects that can be freed, or frees some.
pub(crate) type Callback = unsafe extern "C-unwind" fn(*mut Shrinker, *mut ShrinkControl) -> c_ulong;

/// `struct shrinker`
#[repr(C)]
pub(crate) struct Shrinker {
    pub(crate) count_objects: Option<Callback>,
    pub(crate) scan_objects: Option<Callback>,
    pub(crate) batch: c_long,
    pub(crate) seeks: c_int,
    pub(crate) flags: c_uint,
    pub(crate) private_data: *mut c_void,
    /// The library's: what it knows of a shrinker that is registered, or that it made; else NULL.
    pub(crate) registration: *mut c_void,
}

/// `struct shrink_control`
#[repr(C)]
pub(crate) struct ShrinkControl {
    pub(crate) gfp_mask: gfp_t,
    pub(crate) nid: c_int,
    pub(crate) nr_to_scan: c_ulong,
    pub(crate) nr_scanned: c_ulong,
    pub(crate) memcg: *mut c_void,
}

/// `SHRINKER_REGISTERED` and `SHRINKER_ALLOCATED`, set by the library.
pub(crate) const REGISTERED: c_uint = 1 << 0;
pub(crate) const ALLOCATED: c_uint = 1 << 1;
/// `DEFAULT_SEEKS`
pub(crate) const DEFAULT_SEEKS: c_int = 2;
/// `SHRINK_STOP`: no progress can be made now.
pub(crate) const STOP: c_ulong = c_ulong::MAX;
/// `SHRINK_EMPTY`: there is nothing to free.
pub(crate) const EMPTY: c_ulong = c_ulong::MAX - 1;
