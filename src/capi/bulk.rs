// SPDX-License-Identifier: MIT OR Apache-2.0
//! Many objects at once.

use core::ffi::{c_int, c_void};

use crate::abi::gfp::gfp_t;
use crate::cache::{self, Handle};
use crate::capi::types::kmem_cache;
use crate::kmalloc;

/// The array that C passed, or `None` when there cannot be one of that size.
///
/// # Safety
/// If `array` is not NULL and `size` pointers fit into the address space, it is an array of that many.
pub(super) unsafe fn array<'a>(array: *mut *mut c_void, size: usize) -> Option<&'a mut [*mut u8]> {
    if array.is_null() || size > isize::MAX as usize / size_of::<*mut c_void>() {
        return None;
    }
    // SAFETY: non-null, not too long, and an array of that many pointers (contract).
    Some(unsafe { core::slice::from_raw_parts_mut(array.cast(), size) })
}

/// kmem_cache_free_bulk - give many objects back
/// @cache: the cache they came from; NULL: each object goes back to its own, and may be one of kmalloc()
/// @size: number of objects, 0 included
/// @objects: the objects; NULL entries are skipped, and the entries may be reordered
///
/// Context: as kmem_cache_free().
///
/// cbindgen:postfix=KMEM_DIRECT
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_cache_free_bulk(
    cache: *mut kmem_cache,
    size: usize,
    objects: *mut *mut c_void,
) {
    // SAFETY: the caller passes an array of `size` objects.
    if let Some(objects) = unsafe { array(objects, size) } {
        match Handle::new(cache.addr()) {
            none if none.is_null() => kmalloc::kfree_bulk("kmem_cache_free_bulk", objects),
            cache => cache::free_bulk("kmem_cache_free_bulk", cache, objects),
        }
    }
}

/// kmem_cache_alloc_bulk - allocate many objects, all or none
/// @cache: the cache
/// @flags: GFP flags, for each object
/// @size: number of objects
/// @objects: where their addresses go; undefined when none are returned
///
/// Context: as kmem_cache_alloc().
/// Return: @size, or 0 when not all could be had (or @size is 0 or larger than INT_MAX).
///
/// cbindgen:postfix=KMEM_DIRECT
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_cache_alloc_bulk(
    cache: *mut kmem_cache,
    flags: gfp_t,
    size: usize,
    objects: *mut *mut c_void,
) -> c_int {
    let Ok(count) = c_int::try_from(size) else { return 0 };
    // SAFETY: the caller passes an array of `size` pointers.
    let Some(objects) = (unsafe { array(objects, size) }) else { return 0 };
    let all = cache::alloc_bulk("kmem_cache_alloc_bulk", Handle::new(cache.addr()), flags, objects);
    if all { count } else { 0 }
}
