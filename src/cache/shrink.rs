// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory back to the system.

use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

use crate::abi::slab_flags::SLAB_TYPESAFE_BY_RCU;
use crate::cache::{Handle, registry};
use crate::page::{self, purge};
use crate::sheaf;
use crate::slab::{Cache, source};

/// Caches that decay looks at in one epoch.
const CACHES_PER_EPOCH: usize = 16;

/// Gives a cache's empty slabs and all free pages back to the system. Returns whether the cache still has a
/// slab, as 6.12 does; `false` also when the handle is not a cache.
pub(crate) fn shrink(function: &str, handle: Handle) -> bool {
    let Some(cache) = handle.cache_or_warn(function) else { return false };
    sheaf::thread::drain(&cache.barn);
    cache.barn.clear();
    let remaining = release_empty(cache);
    decommit_idle_pages(cache);
    purge();
    remaining > 0
}

/// Gives back what no object needs: the sheaves of all threads, empty slabs of all caches, free pages.
pub(crate) fn reclaim() {
    sheaf::thread::drain_all();
    registry::for_each(|cache| {
        cache.barn.clear();
        release_empty(cache);
        decommit_idle_pages(cache);
    });
    purge();
}

/// What every call that is not a fast path begins with: marks the cache as in use, and from time to time lets idle
/// memory go.
#[inline]
pub(super) fn tick(cache: &Cache) {
    cache.active.store(true, Relaxed);
    if page::decay() {
        decay_caches();
    }
}

/// Empties the barns of some caches, in turn, that no slow path has used for an epoch, and releases their empty slabs.
#[cold]
fn decay_caches() {
    static CURSOR: AtomicU64 = AtomicU64::new(u64::MAX);
    let mut visits = 0;
    let reached = registry::for_each_below(CURSOR.load(Relaxed), |cache| {
        if !cache.active.swap(false, Relaxed) {
            cache.barn.clear();
            release_empty(cache);
        }
        visits += 1;
        visits < CACHES_PER_EPOCH
    });
    CURSOR.store(reached.unwrap_or(u64::MAX), Relaxed);
}

/// Gives back the memory of pages that hold only free objects, if nothing is expected of those objects' bytes.
fn decommit_idle_pages(cache: &Cache) {
    if cache.ctor.is_none() && !cache.is_debug() && !cache.has(SLAB_TYPESAFE_BY_RCU) {
        source::decommit_idle_pages(cache, &cache.node.lock());
    }
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
