// SPDX-License-Identifier: MIT OR Apache-2.0
//! Looking for damage at the program's wish.

use core::ffi::c_long;

use crate::cache::{self, Handle};
use crate::capi::types::kmem_cache;

/// validate_slab_cache - look for damage in a cache's slabs
/// @cache: the cache
///
/// Checks what the cache's debug flags have written: red zones, poison, padding and the free pointers, of free and of
/// live objects, in all slabs with a free object and, with SLAB_STORE_USER, in full ones too. What is damaged is
/// reported and repaired, in each slab up to the first bad object (Linux 6.12). A cache without a debug flag has
/// nothing to check.
/// Context: any thread; not a signal handler. Others may go on to use the cache.
/// Return: the number of slabs looked at; 0 with a warning when @cache is not one.
#[unsafe(no_mangle)]
pub extern "C" fn validate_slab_cache(cache: *mut kmem_cache) -> c_long {
    cache::validate("validate_slab_cache", Handle::new(cache.addr())) as c_long
}

/// kmem_validate - look for damage in the slabs of all caches
///
/// As validate_slab_cache(), for each cache in turn.
/// Context: as validate_slab_cache().
/// Return: the number of slabs looked at. What was wrong is in the log, and counted: see kmem_errors().
#[unsafe(no_mangle)]
pub extern "C" fn kmem_validate() -> c_long {
    cache::validate_all() as c_long
}
