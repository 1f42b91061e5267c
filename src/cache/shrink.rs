// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory back to the system.

use crate::cache::Handle;
use crate::page::arena;
use crate::slab::source;

/// Gives a cache's empty slabs and all free pages back to the system. Returns whether the cache still has a
/// slab, as 6.12 does; `false` also when the handle is not a cache.
pub(crate) fn shrink(function: &str, handle: Handle) -> bool {
    let Some(cache) = handle.cache_or_warn(function) else { return false };
    let mut node = cache.node.lock();
    let empty = node.take_empty();
    #[cfg(debug_assertions)]
    node.validate(cache);
    let remaining = node.counts().slabs;
    drop(node);
    // SAFETY: `take_empty` took them off the lists with no live object in them.
    unsafe { source::dismantle_all(empty) };
    purge();
    remaining > 0
}

/// Returns every free page to the system.
pub(super) fn purge() {
    if let Some(arena) = arena() {
        arena.objects.purge();
        arena.metadata.purge();
    }
}
