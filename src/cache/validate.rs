// SPDX-License-Identifier: MIT OR Apache-2.0
//! Looking for damage at the program's wish.

use crate::cache::pin::{Pin, Purpose};
use crate::cache::{Handle, deferred, quarantine, registry, take_in};
use crate::debug::validate;
use crate::printk::panic::Later;
use crate::sheaf;
use crate::slab::Cache;
use crate::sync;

/// Checks the slabs of a cache; returns how many, 0 also after a warning when the handle is not a cache.
pub(crate) fn validate(function: &str, handle: Handle) -> usize {
    let Some(cache) = handle.cache_or_warn(function) else { return 0 };
    if sync::interrupted() {
        deferred::refuse(function, &cache.name);
        return 0;
    }
    let _pin = Pin::to_work_on(cache);
    take_in();
    one(cache)
}

/// The same for all caches.
pub(crate) fn validate_all() -> usize {
    if deferred::refuses("kmem_validate") {
        return 0;
    }
    take_in();
    let mut slabs = 0;
    registry::for_each(Purpose::Work, |cache| slabs += one(cache));
    slabs
}

fn one(cache: &Cache) -> usize {
    let _later = Later::new();
    // Objects that rest in arrays count as live: as in Linux, they go home first.
    if cache.barn.capacity > 0 {
        sheaf::threads::drain(&cache.barn);
        cache.barn.clear();
    }
    quarantine::flush(cache);
    validate::cache(cache)
}
