// SPDX-License-Identifier: MIT OR Apache-2.0
//! The end of a cache.

use core::sync::atomic::Ordering::Release;

use crate::cache::pin::{Pin, Purpose};
use crate::cache::registry::FIRST_SERIAL;
use crate::cache::{Handle, deferred, quarantine, registry, take_in};
use crate::debug::{errors, release, report};
use crate::page::{grace, purge};
use crate::printk::panic::Later;
use crate::printk::show;
use crate::printk::warn::warn_at;
use crate::sheaf;
use crate::slab::{Cache, MAGIC_DEAD, MAGIC_NONE};
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
    // Another destroy may be about it: then the handle is nobody's any more.
    let Some(cache) = handle.cache().filter(|cache| cache.refcount.get() > 0) else {
        drop(registry);
        return handle.warn(function);
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
    let pin = Pin::on(&mut registry, cache, Purpose::Look);
    drop(registry);
    // Who is shown the cache may use it, and who works on it has objects in his hands.
    pin.outlast_others();
    cache.magic.store(MAGIC_DEAD, Release);
    // What handlers freed is no leftover.
    let taken = take_in();
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
    } else if drained && taken {
        // Without a slab, and in no thread's table or hand: nobody comes to it any more.
        cache.magic.store(MAGIC_NONE, Release);
    }
    drop(pin);
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
