// SPDX-License-Identifier: MIT OR Apache-2.0
//! Figures about objects and memory.

use core::ffi::c_int;

use crate::abi::errno::{EBUSY, EINVAL};
use crate::cache::{self, Handle};
use crate::capi::types::{kmem_cache, kmem_cache_usage, kmem_usage};
use crate::stats::usage;
use crate::sync;

/// Copies as much of `from` to `to` as the caller has room for, which the first word of `to` says; tells him in that
/// word how much the library knows. -EINVAL without a place, or with room for less than the first word.
///
/// # Safety
/// `to` is null or points to as many bytes as its first word says, and to that word at least. `T` consists of `usize`
/// and begins with the size.
unsafe fn fill<T>(to: *mut T, from: &T) -> c_int {
    let size = to.cast::<usize>();
    if size.is_null() {
        return EINVAL.negative();
    }
    // SAFETY: the caller's structure begins with its size (contract).
    let room = unsafe { size.read() };
    if room < size_of::<usize>() {
        return EINVAL.negative();
    }
    let bytes = room.min(size_of::<T>());
    let start = core::ptr::from_ref(from).cast::<u8>();
    // SAFETY: `bytes` is at most the size of either, and the caller's structure is not ours.
    unsafe { to.cast::<u8>().copy_from_nonoverlapping(start, bytes) };
    // SAFETY: as for the read.
    unsafe { size.write(bytes) };
    0
}

/// kmem_cache_usage - count a cache's objects
/// @cache: the cache
/// @usage: where the figures go; the caller sets its size to sizeof(struct kmem_cache_usage)
///
/// In every answer, total_objects is the sum of live, parked and free ones, and total, free and slabs are those of one
/// moment. Parked, and with it live, is exact when no other thread is in a call on the cache: of each thread
/// that is, a few objects may be counted as live that are parked, or the reverse. Nobody is stopped or
/// slowed down. A wrong free that has not been found yet counts as parked. Caches that were merged have one set of figures.
/// Context: any thread; not a signal handler.
/// Return: 0; -EINVAL when @cache is not a cache (with a warning), or @usage is NULL or has no room for its size; -EBUSY in
/// a signal handler that interrupted the library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_cache_usage(cache: *mut kmem_cache, usage: *mut kmem_cache_usage) -> c_int {
    let Some(cache) = Handle::new(cache.addr()).cache_or_warn("kmem_cache_usage") else {
        return EINVAL.negative();
    };
    if sync::interrupted() {
        return EBUSY.negative();
    }
    cache::take_in();
    let objects = usage::of_cache(cache);
    let figures = kmem_cache_usage {
        size: 0,
        live_objects: objects.live,
        parked_objects: objects.parked,
        free_objects: objects.free,
        total_objects: objects.total,
        slabs: objects.slabs,
        slab_bytes: objects.slab_bytes,
    };
    // SAFETY: the caller passes a structure whose first word is its size.
    unsafe { fill(usage, &figures) }
}

/// kmem_usage - count all objects and all memory
/// @usage: where the figures go; the caller sets its size to sizeof(struct kmem_usage)
///
/// In every answer, committed_bytes is the sum of the bytes for slabs, metadata, dirty and clean pages. Of
/// slabs and metadata as much is resident as was ever written to; the whole of dirty pages may be, and nothing of clean
/// ones. The counts are sums over all caches, each as kmem_cache_usage() has it.
/// Context: any thread; not a signal handler.
/// Return: 0; -EINVAL when @usage is NULL or has no room for its size; -EBUSY in a signal handler that interrupted the
/// library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_usage(usage: *mut kmem_usage) -> c_int {
    if sync::interrupted() {
        return EBUSY.negative();
    }
    cache::take_in();
    let (caches, objects) = usage::of_all_caches();
    let memory = usage::memory();
    let figures = kmem_usage {
        size: 0,
        caches,
        live_objects: objects.live,
        parked_objects: objects.parked,
        free_objects: objects.free,
        total_objects: objects.total,
        slabs: objects.slabs,
        slab_bytes: memory.slabs,
        metadata_bytes: memory.metadata,
        dirty_bytes: memory.dirty,
        clean_bytes: memory.clean,
        committed_bytes: memory.committed,
        reserved_bytes: memory.reserved,
    };
    // SAFETY: the caller passes a structure whose first word is its size.
    unsafe { fill(usage, &figures) }
}
