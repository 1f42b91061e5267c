// SPDX-License-Identifier: MIT OR Apache-2.0
//! Questions about caches, and giving memory back.

use core::ffi::{c_int, c_uint};

use crate::abi::errno::Errno;
use crate::cache::{self, Handle};
use crate::capi::types::kmem_cache;
use crate::stats::slabinfo;

/// kmem_cache_size - the size of a cache's objects
/// @cache: the cache
///
/// Context: any.
/// Return: bytes that the creator asked for, or more when a later creation was merged into this cache; 0 with a
/// warning when @cache is not one.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_size(cache: *mut kmem_cache) -> c_uint {
    let cache = Handle::new(cache.addr()).cache_or_warn("kmem_cache_size");
    cache.map_or(0, |cache| cache.object_size() as c_uint)
}

/// kmem_cache_shrink - give a cache's unused memory back to the system
/// @cache: the cache
///
/// Context: any thread; not a signal handler. Makes system calls.
/// Return: 0 if the cache holds no slab any more, else 1 (Linux 6.12).
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_shrink(cache: *mut kmem_cache) -> c_int {
    cache::shrink("kmem_cache_shrink", Handle::new(cache.addr())).into()
}

/// kmem_reclaim - give all unused memory back to the system, now
///
/// Has the program's shrinkers free all they can (see kmem/shrinker.h; as Linux does for `echo 2 > drop_caches`), empties
/// the arrays of all threads, releases the empty slabs of all caches, and returns free pages. Objects in use
/// stay where they are. A thread that is in the middle of an allocation or a free for longer than a second is passed
/// by, and so are other threads' arrays where the system has no membarrier (Linux before 4.14).
/// Context: any thread; not a signal handler. Makes system calls.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_reclaim() {
    cache::reclaim();
}

/// kmem_slabinfo_write - write the table of all caches
/// @fd: file descriptor to write to
///
/// The text of /proc/slabinfo, version 2.1; the newest cache first; nothing at all when there is no cache.
/// Context: any thread; not a signal handler. May block on @fd, with no lock held.
/// Return: 0, or the negative errno of the write that failed; -EBUSY in a signal handler that interrupted the library.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_slabinfo_write(fd: c_int) -> c_int {
    slabinfo::write(fd).map_or_else(Errno::negative, |()| 0)
}
