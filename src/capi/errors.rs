// SPDX-License-Identifier: MIT OR Apache-2.0
//! How many reports there were.

use core::ffi::c_ulong;

use crate::cache::Handle;
use crate::capi::types::kmem_cache;
use crate::debug::errors;

/// kmem_errors - how often the library has reported misuse or damage
///
/// Counts each report about a wrong free, damaged memory, a destroyed cache with objects left, or a pointer that is
/// no cache; with `kmem.panic_on_bug=1` in KMEM_CMDLINE the call that makes the first one ends the process as kmem_panic()
/// does (see kmem_set_panic_handler()). A wrong free that rests in a thread's array is not reported yet (see
/// kmem_cache_free()).
/// Context: any thread or signal handler.
/// Return: reports since the start of the process, its parent's before a fork() included.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_errors() -> c_ulong {
    errors::count(None) as c_ulong
}

/// kmem_cache_errors - how often the library has reported misuse of one cache
/// @cache: the cache
///
/// A free to the wrong cache counts for the cache that was named in the call.
/// Context: any thread.
/// Return: reports since the cache was created; 0 with a warning when @cache is not one.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_errors(cache: *mut kmem_cache) -> c_ulong {
    let cache = Handle::new(cache.addr()).cache_or_warn("kmem_cache_errors");
    cache.map_or(0, |cache| errors::count(Some(cache)) as c_ulong)
}
