// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a pointer comes from.

use core::ffi::c_void;

use crate::cache;

/// kmem_valid_obj - whether a pointer leads into a slab
/// @object: any pointer at all
///
/// Linux up to 6.5.
/// Context: any thread or signal handler.
/// Return: whether @object is an address in a slab, of a live object or not; out of date at once if it is not one.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_valid_obj(object: *mut c_void) -> bool {
    cache::is_in_slab(object.addr())
}

/// kmem_dump_obj - print where a pointer comes from
/// @object: any pointer at all
///
/// Continues the line that the caller has begun with its cache, where its slot starts, how far into the object the
/// pointer leads, and the object's size in bytes. In a cache with SLAB_STORE_USER the calls follow that led to the
/// allocation and to the last free, if there was one. (Linux 6.12; mem_dump_obj() in <linux/mm.h> says something about
/// other pointers, too.)
/// Context: any thread; not a signal handler.
/// Return: whether anything was printed: true for an address in a slab.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_dump_obj(object: *mut c_void) -> bool {
    !cache::refuses("kmem_dump_obj") && cache::dump(object.addr())
}
