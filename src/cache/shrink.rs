// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory back to the system.

use crate::cache::{Handle, registry};
use crate::page::purge;
use crate::sheaf;
use crate::slab::{Cache, source};

/// Gives a cache's empty slabs and all free pages back to the system. Returns whether the cache still has a
/// slab, as 6.12 does; `false` also when the handle is not a cache.
pub(crate) fn shrink(function: &str, handle: Handle) -> bool {
    let Some(cache) = handle.cache_or_warn(function) else { return false };
    sheaf::thread::drain(&cache.barn);
    cache.barn.clear();
    let remaining = release_empty(cache);
    purge();
    remaining > 0
}

/// Gives back what no object needs: the sheaves of all threads, empty slabs of all caches, free pages.
pub(crate) fn reclaim() {
    sheaf::thread::drain_all();
    registry::for_each(|cache| {
        cache.barn.clear();
        release_empty(cache);
    });
    purge();
}

/// Gives a cache's empty slabs to the page allocator; returns how many slabs it still has.
fn release_empty(cache: &Cache) -> usize {
    let mut node = cache.node.lock();
    let empty = node.take_empty();
    #[cfg(debug_assertions)]
    node.validate(cache);
    let remaining = node.counts().slabs;
    drop(node);
    // SAFETY: `take_empty` took them off the lists with no live object in them.
    unsafe { source::dismantle_all(empty) };
    remaining
}
