// SPDX-License-Identifier: MIT OR Apache-2.0
//! Failures on request, and what tests of data structures ask about a cache.

use core::ffi::{c_int, c_uint, c_ulong, c_void};

use crate::abi::errno::{EBUSY, ENOMEM, Errno};
use crate::abi::fault::kmem_fault_attr;
use crate::cache::{self, Handle};
use crate::capi::types::kmem_cache;
use crate::fault::{self, failslab, task};
use crate::slab::Cache;
use crate::stats::usage;

/// The cache behind a pointer from C, or a warning.
fn cache<'a>(function: &str, cache: *mut kmem_cache) -> Option<&'a Cache> {
    Handle::new(cache.addr()).cache_or_warn(function).filter(|_| !cache::refuses(function))
}

/// kmem_failslab_get - read the attributes of failslab
/// @attr: gets them; times and space are what is left of them
///
/// Context: any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_failslab_get(attr: *mut kmem_fault_attr) {
    fault::boot();
    // SAFETY: NULL or a structure that the caller owns for the time of the call.
    if let Some(attr) = unsafe { attr.as_mut() } {
        *attr = failslab::get();
    }
}

/// kmem_failslab_set - make allocations fail, as the kernel's failslab
/// @attr: when they fail; NULL: never, the initial state unless KMEM_CMDLINE has `failslab=`
///
/// An allocation that is chosen to fail returns NULL (a bulk one 0) after a message `FAULT_INJECTION: forcing a failure.`,
/// without one if it was made with __GFP_NOWARN or attr->verbose is 0. The order of decisions is the kernel's: requests
/// with __GFP_NOFAIL pass; so do those that may sleep while ignore_gfp_wait is true, and those to caches that are not
/// marked while cache_filter is; then an armed kmem_fail_nth() decides alone; then probability, task_filter, times, the
/// stack, space, interval, and chance. Each bulk allocation is one request.
/// As long as failures can come (probability and times are not 0), every call looks at its object and takes a lock;
/// then all is as fast again as it was.
/// Context: any thread; not a signal handler. Takes the arrays of all threads out of use; a thread that is in the middle
/// of an allocation for longer than a second, or any other thread where the system has no membarrier (Linux before 4.14),
/// may go on without failures until its array is empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_failslab_set(attr: *const kmem_fault_attr) {
    if cache::refuses("kmem_failslab_set") {
        return;
    }
    fault::boot();
    // SAFETY: NULL or a readable structure.
    failslab::set(unsafe { attr.as_ref() }.unwrap_or(&kmem_fault_attr::DEFAULT));
}

/// kmem_fail_nth - make one request of the calling thread fail, as the kernel's /proc/self/fail-nth
/// @n: which one: 1 is the next; 0: none
///
/// Counts requests that pass the first three filters of kmem_failslab_set(), so set ignore_gfp_wait to false to have
/// GFP_KERNEL requests counted. To walk through every failure of a piece of code, call it with @n = 1, 2, ... until the
/// count was not used up. The child of a fork() goes on counting.
/// Context: any thread; not a signal handler.
/// Return: what was left of the last count: 0 means that the request has failed, or there was no count; -ENOMEM when
/// there is no memory to count with, -EBUSY in a signal handler that interrupted the library.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_fail_nth(n: c_uint) -> c_int {
    if cache::refuses("kmem_fail_nth") {
        return EBUSY.negative();
    }
    fault::boot();
    let left = task::set_fail_nth(n.min(c_int::MAX as c_uint));
    left.map_or(ENOMEM.negative(), |left| left as c_int)
}

/// kmem_make_it_fail - take part in failures that are for some threads only
/// @on: whether the calling thread does
///
/// For kmem_fault_attr.task_filter, as the kernel's /proc/self/make-it-fail. New threads do not take part.
/// Context: any thread; not a signal handler.
/// Return: 1 or 0: whether the thread did before; -ENOMEM when there is no memory to keep that in, -EBUSY in a
/// signal handler that interrupted the library.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_make_it_fail(on: bool) -> c_int {
    if cache::refuses("kmem_make_it_fail") {
        return EBUSY.negative();
    }
    fault::boot();
    task::make_it_fail(on).map_or(ENOMEM.negative(), c_int::from)
}

/// kmem_cache_set_failslab - mark a cache for failures that are for some caches only
/// @cache: the cache
/// @on: whether it is marked
///
/// For kmem_fault_attr.cache_filter, as the kernel's /sys/kernel/slab/CACHE/failslab. A marked cache is not merged with
/// later creations.
/// Context: any thread; not a signal handler.
/// Return: 0; -EINVAL when several creations share the cache, or @cache is not one; -EBUSY in a signal handler
/// that interrupted the library.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_set_failslab(cache: *mut kmem_cache, on: bool) -> c_int {
    if cache::refuses("kmem_cache_set_failslab") {
        return EBUSY.negative();
    }
    let done = cache::mark_failslab("kmem_cache_set_failslab", Handle::new(cache.addr()), on);
    done.map_or_else(Errno::negative, |()| 0)
}

/// kmem_cache_set_non_kernel - let requests that may not sleep have so many objects, and no more
/// @cache: the cache; one of its own (SLAB_NO_MERGE), or others share the number
/// @val: objects that requests without __GFP_DIRECT_RECLAIM get before they are refused; UINT_MAX: any number, the
///       initial state unless KMEM_CMDLINE has `kmem.non_kernel=`
///
/// This and the next six functions have the names and the behaviour of the kernel's userspace test shim, which tests of
/// kernel data structures are written against. A refused request returns NULL in silence. A bulk request for more objects
/// than are left gets none, and leaves none to others. While there is a number, every call on the cache looks at
/// its object and takes a lock.
/// Context: any thread; not a signal handler.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_set_non_kernel(cache: *mut kmem_cache, val: c_uint) {
    if let Some(cache) = self::cache("kmem_cache_set_non_kernel", cache) {
        cache.fault.set_budget(&cache.barn, val);
    }
}

/// kmem_cache_set_callback - have a function called after a refused request
/// @cache: the cache
/// @callback: called at the beginning of the next allocation of one object after kmem_cache_set_non_kernel() had one
///            refused; NULL for none. It may use the library.
///
/// Context: any thread.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_set_callback(
    cache: *mut kmem_cache,
    callback: Option<unsafe extern "C-unwind" fn(private_data: *mut c_void)>,
) {
    if let Some(cache) = self::cache("kmem_cache_set_callback", cache) {
        cache.fault.set_callback(callback);
    }
}

/// kmem_cache_set_private - set what the function of kmem_cache_set_callback() gets
/// @cache: the cache
/// @private_data: any pointer
///
/// Context: any thread.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_set_private(cache: *mut kmem_cache, private_data: *mut c_void) {
    if let Some(cache) = self::cache("kmem_cache_set_private", cache) {
        cache.fault.set_private(private_data);
    }
}

/// kmem_cache_nr_allocated - objects of a cache that the program has now
/// @cache: the cache
///
/// The live_objects of kmem_cache_usage(), and as exact.
/// Context: any thread; not a signal handler.
/// Return: the number of objects; 0 with a warning when @cache is not one.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_nr_allocated(cache: *mut kmem_cache) -> c_ulong {
    let cache = self::cache("kmem_cache_nr_allocated", cache);
    cache.map_or(0, |cache| usage::of_cache(cache).live as c_ulong)
}

/// kmem_cache_get_alloc - bytes of a cache's objects that the program has now
/// @cache: the cache
///
/// Context: as kmem_cache_nr_allocated().
/// Return: kmem_cache_nr_allocated() times kmem_cache_size().
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_get_alloc(cache: *mut kmem_cache) -> c_ulong {
    let cache = self::cache("kmem_cache_get_alloc", cache);
    cache.map_or(0, |cache| (usage::of_cache(cache).live * cache.object_size()) as c_ulong)
}

/// kmem_cache_nr_tallocated - objects handed out since kmem_cache_zero_nr_tallocated()
/// @cache: the cache
///
/// Counting begins with the first call of this or kmem_cache_zero_nr_tallocated() for the cache.
/// Context: as kmem_cache_zero_nr_tallocated().
/// Return: the number of objects, those that came back included; 0 with a warning when @cache is not one.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_nr_tallocated(cache: *mut kmem_cache) -> c_ulong {
    let cache = self::cache("kmem_cache_nr_tallocated", cache);
    cache.map_or(0, |cache| cache.fault.count(&cache.barn) as c_ulong)
}

/// kmem_cache_zero_nr_tallocated - begin to count the objects that a cache hands out
/// @cache: the cache
///
/// From the first call on, every call on the cache looks at its object and takes a lock.
/// Context: any thread; not a signal handler.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_zero_nr_tallocated(cache: *mut kmem_cache) {
    if let Some(cache) = self::cache("kmem_cache_zero_nr_tallocated", cache) {
        cache.fault.zero_count(&cache.barn);
    }
}
