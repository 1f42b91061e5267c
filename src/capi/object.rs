// SPDX-License-Identifier: MIT OR Apache-2.0
//! Single objects.

use core::ffi::{c_int, c_void};
use core::ptr::NonNull;

use crate::abi::gfp::{self, gfp_t};
use crate::cache::{self, Handle, checked};
use crate::capi::types::{kmem_cache, list_lru, to_c};
use crate::sheaf::{fast, trade};

/// The thread's sheaf if it has an object, else everything else.
#[inline(always)]
fn alloc(cache: *mut kmem_cache, flags: gfp_t, slow: impl FnOnce() -> *mut c_void) -> *mut c_void {
    match fast::pop(cache.addr()) {
        Some(object) if flags & gfp::ZERO == 0 => object.as_ptr().cast(),
        Some(object) => zero(cache, object),
        None => slow(),
    }
}

/// Zeroes an object and returns it. That it is the argument is kept from the optimiser, which would otherwise save
/// the object across the call and have every allocation pay for a stack frame.
#[inline(never)]
fn zero(cache: *mut kmem_cache, object: NonNull<u8>) -> *mut c_void {
    cache::zero(Handle::new(cache.addr()), object);
    core::hint::black_box(object.as_ptr().cast())
}

/// [`alloc_slow`] for the most frequent caller, with its arguments where they are: moving them would cost every call.
#[cold]
#[inline(never)]
fn kmem_cache_alloc_slow(cache: *mut kmem_cache, flags: gfp_t) -> *mut c_void {
    if flags & gfp::ZERO == 0
        && let Some(object) = checked::pop(cache.addr())
    {
        return object.as_ptr().cast();
    }
    alloc_slower(cache, flags)
}

/// Beyond what the thread has at hand, apart to leave the first steps without a stack frame.
#[inline(never)]
fn alloc_slower(cache: *mut kmem_cache, flags: gfp_t) -> *mut c_void {
    let at_hand =
        if flags & gfp::ZERO == 0 { trade::pop_spare(cache.addr()) } else { checked::pop(cache.addr()) };
    match at_hand {
        Some(object) if flags & gfp::ZERO == 0 => return object.as_ptr().cast(),
        Some(object) => return zero(cache, object),
        None => {}
    }
    to_c(cache::alloc("kmem_cache_alloc", Handle::new(cache.addr()), flags, cache::ANY_NODE))
}

#[cold]
#[inline(never)]
fn alloc_slow(function: &str, cache: *mut kmem_cache, flags: gfp_t, node: c_int) -> *mut c_void {
    to_c(cache::alloc(function, Handle::new(cache.addr()), flags, node))
}

#[cold]
#[inline(never)]
fn free_slow(cache: *mut kmem_cache, object: *mut c_void) {
    if !checked::push(cache.addr(), object.cast()) {
        free_slower(cache, object);
    }
}

/// As [`alloc_slower`].
#[inline(never)]
fn free_slower(cache: *mut kmem_cache, object: *mut c_void) {
    if object.is_null() || !trade::push_spare(cache.addr(), object.cast()) {
        cache::free("kmem_cache_free", Handle::new(cache.addr()), object.cast());
    }
}

/// kmem_cache_free - give an object back to its cache
/// @cache: the cache it came from
/// @object: the object, in its constructed state if the cache has a constructor; NULL is ignored
///
/// A pointer that is not an object is reported and left alone. An object of another cache goes back to its own,
/// with a warning; an object that is free already stays so, with a report. At once in a cache with a debug flag or
/// under `kmem.harden=1` (Linux 6.12 with consistency checks or hardened free lists); in other caches a second free in a
/// row is, and the rest when the thread's array is emptied, at the latest by kmem_cache_shrink().
/// Context: any thread, not only the one that allocated, and any signal handler (docs/guarantees.md).
///
/// cbindgen:postfix=KMEM_DIRECT
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_free(cache: *mut kmem_cache, object: *mut c_void) {
    if !fast::push(cache.addr(), object.cast()) {
        free_slow(cache, object);
    }
}

/// kmem_cache_alloc - allocate an object
/// @cache: the cache
/// @flags: GFP flags; __GFP_ZERO clears the object, __GFP_NOFAIL waits for memory, __GFP_NOWARN is silent
///
/// The object's bytes are what the constructor, or the last user, left there; undefined without a constructor.
/// Context: any thread, and a constructor of another cache; a signal handler with GFP_ATOMIC or GFP_NOWAIT, where it may
/// return NULL more often (docs/guarantees.md). May sleep on a lock.
/// Return: the object, aligned as its cache says, or NULL when there is no memory.
///
/// cbindgen:postfix=KMEM_DIRECT KMEM_OF_CACHE
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_alloc(cache: *mut kmem_cache, flags: gfp_t) -> *mut c_void {
    alloc(cache, flags, || kmem_cache_alloc_slow(cache, flags))
}

/// kmem_cache_alloc_sized - allocate an object to hold so many bytes
/// @cache: the cache
/// @flags: GFP flags
/// @size: bytes that the program is going to use, at most an object
///
/// What kmalloc() is in the kernel once the cache is known (`__kmalloc_cache_noprof`). With SLAB_KMALLOC,
/// SLAB_STORE_USER and SLAB_RED_ZONE the rest of the object is red zone, and only @size bytes are cleared by
/// __GFP_ZERO; in other caches it is kmem_cache_alloc().
/// Context: as kmem_cache_alloc().
/// Return: the object, or NULL when there is no memory.
///
/// cbindgen:postfix=KMEM_DIRECT
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_alloc_sized(cache: *mut kmem_cache, flags: gfp_t, size: usize) -> *mut c_void {
    to_c(cache::alloc_sized(
        "kmem_cache_alloc_sized",
        Handle::new(cache.addr()),
        flags,
        cache::ANY_NODE,
        size,
    ))
}

/// kmem_cache_zalloc - allocate an object filled with zeroes
/// @cache: the cache
/// @flags: GFP flags
///
/// The same as kmem_cache_alloc() with __GFP_ZERO. Constructed state is lost.
/// Context: as kmem_cache_alloc().
/// Return: the object, or NULL when there is no memory.
///
/// cbindgen:postfix=KMEM_DIRECT KMEM_OF_CACHE
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_zalloc(cache: *mut kmem_cache, flags: gfp_t) -> *mut c_void {
    let flags = flags | gfp::ZERO;
    alloc(cache, flags, || alloc_slow("kmem_cache_zalloc", cache, flags, cache::ANY_NODE))
}

/// kmem_cache_alloc_node - allocate an object near a memory node
/// @cache: the cache
/// @flags: GFP flags
/// @node: node number, -1 for any
///
/// There is one node, 0. Asking for another one is asking for any, as in Linux, with __GFP_THISNODE too.
/// Context: as kmem_cache_alloc().
/// Return: the object, or NULL when there is no memory.
///
/// cbindgen:postfix=KMEM_DIRECT KMEM_OF_CACHE
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_alloc_node(cache: *mut kmem_cache, flags: gfp_t, node: c_int) -> *mut c_void {
    alloc(cache, flags, || alloc_slow("kmem_cache_alloc_node", cache, flags, node))
}

/// kmem_cache_alloc_lru - allocate an object that will be on an lru list
/// @cache: the cache
/// @lru: the list, may be NULL; without effect here (memory cgroups use it)
/// @flags: GFP flags
///
/// Context: as kmem_cache_alloc().
/// Return: the object, or NULL when there is no memory.
///
/// cbindgen:postfix=KMEM_DIRECT KMEM_OF_CACHE
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_alloc_lru(
    cache: *mut kmem_cache,
    lru: *mut list_lru,
    flags: gfp_t,
) -> *mut c_void {
    let _ = lru;
    alloc(cache, flags, || alloc_slow("kmem_cache_alloc_lru", cache, flags, cache::ANY_NODE))
}
