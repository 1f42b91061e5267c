// SPDX-License-Identifier: MIT OR Apache-2.0
//! The end of a cache.

use core::sync::atomic::Ordering::Release;

use crate::cache::registry::FIRST_SERIAL;
use crate::cache::{Handle, create, deferred, quarantine, registry, take_in};
use crate::debug::{errors, release, report};
use crate::page::{grace, purge};
use crate::printk::panic::Later;
use crate::printk::show;
use crate::printk::warn::warn_at;
use crate::sheaf;
use crate::slab::{Cache, MAGIC_DEAD};
use crate::sync;

/// Drops one handle of a cache, and with the last one the cache. NULL is ignored.
///
/// Readers under RCU are not waited for: what they may look into stays until they are done (`page::grace`).
///
/// With objects left the cache leaves all lists after a report, and its objects stay valid memory that may
/// still be freed: descriptor and slabs are never reclaimed, as in 6.12. The descriptor stays, too, where a thread could not be
/// kept from looking at it.
pub(crate) fn destroy(function: &str, handle: Handle) {
    if handle.is_null() {
        return;
    }
    if sync::interrupted() {
        return deferred::refuse_for(function, handle);
    }
    let _later = Later::new();
    let mut registry = registry::lock();
    let Some(cache) = handle.cache() else {
        drop(registry);
        handle.cache_or_warn(function);
        return;
    };
    if cache.serial < FIRST_SERIAL {
        drop(registry);
        return keep(function, cache);
    }
    cache.refcount.set(cache.refcount.get() - 1);
    if cache.refcount.get() > 0 {
        return;
    }
    registry.remove(cache);
    // From here on the handle is nobody's, for a second destroy in another thread too.
    cache.magic.store(MAGIC_DEAD, Release);
    drop(registry);
    // What handlers freed is no leftover.
    take_in();
    let drained = sheaf::threads::drain(&cache.barn);
    cache.barn.clear();
    quarantine::close(cache);
    let mut node = cache.node.lock();
    let empty = node.take_empty();
    #[cfg(debug_assertions)]
    node.validate(cache);
    let clean = node.counts().slabs == 0;
    drop(node);
    // SAFETY: `take_empty` took them off the lists with no live object in them.
    unsafe { release::dismantle_all(cache, empty) };
    if !clean {
        report_leftovers(cache);
    } else if drained {
        registry::lock().forget(cache);
        // SAFETY: off the registry, without a slab, in no thread's table; the program gave its last handle up.
        unsafe { create::discard(cache) };
    }
    grace::settle(true);
    purge();
}

/// Says that a cache of the library's own stays: kmalloc() goes by its handle's number.
#[cold]
fn keep(function: &str, cache: &Cache) {
    warn_at!(function, "{function} {}: Slab cache is not the program's, ignored\n", cache.name);
    errors::reported(Some(cache));
}

/// Lists the objects of partial slabs, then warns. Nothing is locked while this prints: the cache is off the
/// lists already, and each slab is looked at through a snapshot.
#[cold]
fn report_leftovers(cache: &Cache) {
    for n in 0.. {
        let snapshot = cache.node.lock().nth_used(n).map(|slab| slab.snapshot(&cache.layout));
        let Some(slab) = snapshot else { break };
        let next_live = |from| cache.node.lock().nth_used(n)?.next_live(from);
        report::leftovers(cache, &slab, next_live);
    }
    let caller = show::caller();
    warn_at!(
        "kmem_cache_destroy",
        "kmem_cache_destroy {}: Slab cache still has objects when called from {}\n",
        cache.name,
        caller
    );
    errors::reported(Some(cache));
}
