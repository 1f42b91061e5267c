// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory pools. Kernel names: `include/kmem/mempool.h`.

use core::ffi::{c_int, c_uint, c_void};
use core::ptr::{self, NonNull};

use crate::abi::errno::{EBUSY, Errno};
use crate::abi::gfp::{self, gfp_t};
use crate::abi::mempool::{mempool_alloc_t, mempool_free_t, mempool_s};
use crate::cache::{self, ANY_NODE, Handle};
use crate::capi::types::to_c;
use crate::kmalloc;
use crate::kmalloc::mempool::{Plan, Pool};

/// The pool that C passed, `None` for NULL.
///
/// # Safety
/// NULL or a pool, zeroed or initialised, that lives during the call.
unsafe fn pool(pool: *mut mempool_s) -> Option<Pool> {
    // SAFETY: the contract.
    NonNull::new(pool).map(|pool| unsafe { Pool::new(pool) })
}

/// 0, or the error as C gets it.
fn result(done: Result<(), Errno>) -> c_int {
    done.map_or_else(Errno::negative, |()| 0)
}

/// kmem_mempool_exit - empty a pool of kmem_mempool_init(): mempool_exit()
/// @pool: the pool; one that is all zeroes is left alone
///
/// Context: any thread, no call on this pool under way in another.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_mempool_exit(pool: *mut mempool_s) {
    // SAFETY: the caller's pool, or NULL.
    unsafe { exit(pool) };
}

/// kmem_mempool_init - initialise a pool in memory of the program: mempool_init()
/// @pool: where
/// @min_nr: elements to keep in reserve
/// @alloc_fn: makes an element
/// @free_fn: disposes of one
/// @pool_data: what both get
/// @flags: GFP flags for the reserve
///
/// Neither function is called with a lock held.
/// Context: any thread; not a signal handler.
/// Return: 0, or -ENOMEM when the reserve cannot be filled.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_mempool_init(
    pool: *mut mempool_s,
    min_nr: c_int,
    alloc_fn: mempool_alloc_t,
    free_fn: mempool_free_t,
    pool_data: *mut c_void,
    flags: gfp_t,
) -> c_int {
    // SAFETY: the caller's memory for a pool.
    let Some(pool) = (unsafe { self::pool(pool) }) else { return crate::abi::errno::EINVAL.negative() };
    result(pool.init(Plan { min_nr, alloc: alloc_fn, free: free_fn, data: pool_data }, flags))
}

/// kmem_mempool_destroy - empty a pool of kmem_mempool_create() and free it: mempool_destroy()
/// @pool: the pool; NULL is ignored
///
/// Context: as kmem_mempool_exit().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_mempool_destroy(pool: *mut mempool_s) {
    // SAFETY: the caller's pool, or NULL.
    unsafe { exit(pool) };
    kmalloc::kfree("mempool_destroy", pool.cast());
}

/// # Safety
/// As for [`pool`].
unsafe fn exit(pool: *mut mempool_s) {
    // SAFETY: the contract.
    if let Some(pool) = unsafe { self::pool(pool) } {
        pool.exit();
    }
}

/// kmem_mempool_create - create a pool: mempool_create()
/// @min_nr: elements to keep in reserve
/// @alloc_fn: makes an element
/// @free_fn: disposes of one
/// @pool_data: what both get
/// @flags: GFP flags for the reserve
///
/// Context: as kmem_mempool_init().
/// Return: the pool, or NULL when the reserve cannot be filled.
///
/// cbindgen:postfix=KMEM_FREED_BY(kmem_mempool_destroy, 1)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_mempool_create(
    min_nr: c_int,
    alloc_fn: mempool_alloc_t,
    free_fn: mempool_free_t,
    pool_data: *mut c_void,
    flags: gfp_t,
) -> *mut mempool_s {
    let bytes = size_of::<mempool_s>();
    let Some(place) = kmalloc::kmalloc("mempool_create", bytes, flags | gfp::ZERO, ANY_NODE) else {
        return ptr::null_mut();
    };
    let plan = Plan { min_nr, alloc: alloc_fn, free: free_fn, data: pool_data };
    // SAFETY: fresh memory of a pool's size, and zeroes are a pool.
    let made = unsafe { Pool::new(place.cast()) }.init(plan, flags);
    if made.is_err() {
        kmalloc::kfree("mempool_create", place.as_ptr());
        return ptr::null_mut();
    }
    place.as_ptr().cast()
}

/// kmem_mempool_resize - change how many elements a pool keeps: mempool_resize()
/// @pool: the pool
/// @min_nr: elements to keep in reserve, more than 0
///
/// Context: any thread; may run beside allocations and frees, not beside another resize.
/// Return: 0; also when a larger reserve could not be filled: frees will; -ENOMEM when there is no memory for
/// its array; -EINVAL when @pool is NULL, or with a warning when @min_nr is not more than 0; -EBUSY in a signal handler
/// that interrupted the library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_mempool_resize(pool: *mut mempool_s, min_nr: c_int) -> c_int {
    // SAFETY: the caller's pool.
    let Some(pool) = (unsafe { self::pool(pool) }) else { return crate::abi::errno::EINVAL.negative() };
    if cache::refuses("mempool_resize") {
        return EBUSY.negative();
    }
    result(pool.resize(min_nr))
}

/// kmem_mempool_alloc - allocate an element: mempool_alloc()
/// @pool: the pool
/// @flags: GFP flags. With __GFP_DIRECT_RECLAIM the call waits until it has an element
///
/// Asks the pool's function first, then takes from the reserve. Elements of the reserve are as they were freed.
/// Context: any thread; not a signal handler.
/// Return: the element; NULL only without __GFP_DIRECT_RECLAIM.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_mempool_alloc(pool: *mut mempool_s, flags: gfp_t) -> *mut c_void {
    // SAFETY: the caller's pool.
    let element = unsafe { self::pool(pool) }.and_then(|pool| pool.alloc(flags));
    element.map_or(ptr::null_mut(), NonNull::as_ptr)
}

/// kmem_mempool_alloc_preallocated - take an element of the reserve: mempool_alloc_preallocated()
/// @pool: the pool
///
/// Context: any thread; never sleeps.
/// Return: the element, or NULL when the reserve is empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_mempool_alloc_preallocated(pool: *mut mempool_s) -> *mut c_void {
    // SAFETY: the caller's pool.
    let element = unsafe { self::pool(pool) }.and_then(Pool::alloc_preallocated);
    element.map_or(ptr::null_mut(), NonNull::as_ptr)
}

/// kmem_mempool_free - give an element back: mempool_free()
/// @element: the element; NULL is ignored
/// @pool: the pool
///
/// Fills the reserve first. Context: any thread; not a signal handler.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_mempool_free(element: *mut c_void, pool: *mut mempool_s) {
    // SAFETY: the caller's pool.
    if let (Some(element), Some(pool)) = (NonNull::new(element), unsafe { self::pool(pool) }) {
        pool.free(element);
    }
}

/// kmem_mempool_alloc_slab - makes elements from a cache, for a pool: mempool_alloc_slab()
/// @flags: GFP flags
/// @pool_data: the cache
#[unsafe(no_mangle)]
pub extern "C-unwind" fn kmem_mempool_alloc_slab(flags: gfp_t, pool_data: *mut c_void) -> *mut c_void {
    to_c(cache::alloc("mempool_alloc_slab", Handle::new(pool_data.addr()), flags, ANY_NODE))
}

/// kmem_mempool_free_slab - their counterpart: mempool_free_slab()
/// @element: the element
/// @pool_data: the cache
#[unsafe(no_mangle)]
pub extern "C-unwind" fn kmem_mempool_free_slab(element: *mut c_void, pool_data: *mut c_void) {
    cache::free("mempool_free_slab", Handle::new(pool_data.addr()), element.cast());
}

/// kmem_mempool_kmalloc - makes elements with kmalloc(), for a pool: mempool_kmalloc()
/// @flags: GFP flags
/// @pool_data: their size in bytes
#[unsafe(no_mangle)]
pub extern "C-unwind" fn kmem_mempool_kmalloc(flags: gfp_t, pool_data: *mut c_void) -> *mut c_void {
    to_c(kmalloc::kmalloc("mempool_kmalloc", pool_data.addr(), flags, ANY_NODE))
}

/// kmem_mempool_kfree - their counterpart: mempool_kfree()
/// @element: the element
/// @pool_data: not used
#[unsafe(no_mangle)]
pub extern "C-unwind" fn kmem_mempool_kfree(element: *mut c_void, pool_data: *mut c_void) {
    let _ = pool_data;
    kmalloc::kfree("mempool_kfree", element.cast());
}

/// kmem_mempool_kvmalloc - makes elements with kvmalloc(), for a pool: mempool_kvmalloc()
/// @flags: GFP flags
/// @pool_data: their size in bytes
#[unsafe(no_mangle)]
pub extern "C-unwind" fn kmem_mempool_kvmalloc(flags: gfp_t, pool_data: *mut c_void) -> *mut c_void {
    to_c(kmalloc::kvmalloc("mempool_kvmalloc", pool_data.addr(), flags, ANY_NODE))
}

/// kmem_mempool_kvfree - their counterpart: mempool_kvfree()
/// @element: the element
/// @pool_data: not used
#[unsafe(no_mangle)]
pub extern "C-unwind" fn kmem_mempool_kvfree(element: *mut c_void, pool_data: *mut c_void) {
    let _ = pool_data;
    kmalloc::kvfree(element.cast());
}

/// kmem_mempool_alloc_pages - makes elements of whole pages, for a pool: mempool_alloc_pages()
/// @flags: GFP flags
/// @pool_data: their order
#[unsafe(no_mangle)]
pub extern "C-unwind" fn kmem_mempool_alloc_pages(flags: gfp_t, pool_data: *mut c_void) -> *mut c_void {
    to_c(kmalloc::alloc_pages(c_uint::try_from(pool_data.addr()).unwrap_or(c_uint::MAX), flags))
}

/// kmem_mempool_free_pages - their counterpart: mempool_free_pages()
/// @element: the pages
/// @pool_data: their order, not used
#[unsafe(no_mangle)]
pub extern "C-unwind" fn kmem_mempool_free_pages(element: *mut c_void, pool_data: *mut c_void) {
    let _ = pool_data;
    kmalloc::page_free(element.cast());
}
