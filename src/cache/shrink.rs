// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory back to the system.

use core::sync::atomic::Ordering::Relaxed;

use crate::abi::slab_flags::SLAB_TYPESAFE_BY_RCU;
use crate::cache::pin::Pin;
use crate::cache::{Handle, deferred, quarantine, registry, take_in, watched};
use crate::debug::release;
use crate::page::{self, grace, purge};
use crate::sheaf;
use crate::sheaf::watch::{self, Want};
use crate::slab::{Cache, source};
use crate::sync;

/// What one step of decay does at most: so many caches looked at, objects in sheaves given back, and slabs of
/// one cache looked at.
const CACHES_PER_STEP: usize = 16;
const OBJECTS_PER_STEP: usize = 32 * 60;
const SLABS_PER_VISIT: usize = 128;
/// And so many threads looked at, and arrays taken from them.
const THREADS_PER_STEP: usize = 16;
const SLOTS_PER_STEP: usize = 16;
/// Calls on a cache without sheaves of which one looks at the clock.
const CALLS_PER_LOOK: u8 = 8;
/// And threads of the parent process whose sheaves are taken in.
const VANISHED_PER_STEP: usize = 4;

/// Gives a cache's empty slabs and all free pages back to the system. Returns whether the cache still has a
/// slab, as 6.12 does; `false` also when the handle is not a cache.
pub(crate) fn shrink(function: &str, handle: Handle) -> bool {
    let Some(cache) = handle.cache_or_warn(function) else { return false };
    if sync::interrupted() {
        deferred::refuse(function, &cache.name);
        return true;
    }
    let pin = Pin::to_work_on(cache);
    take_in();
    sheaf::threads::drain(&cache.barn);
    cache.barn.clear();
    quarantine::flush(cache);
    let remaining = release_empty(cache);
    decommit_idle_pages(cache);
    drop(pin);
    grace::settle(true);
    purge();
    remaining > 0
}

/// Gives a cache's idle memory to the page allocator, and to the system what only free objects lie in.
pub(super) fn release(cache: &Cache) {
    cache.barn.clear();
    quarantine::flush(cache);
    release_empty(cache);
    decommit_idle_pages(cache);
}

/// What every call that is not a fast path begins with: takes in what handlers have freed, marks the cache as in use, and
/// from time to time lets idle memory go.
#[inline]
pub(super) fn tick(cache: &Cache, want: Want) {
    deferred::take_in_some();
    if watch::is_on() {
        return watched::tick(cache, want);
    }
    cache.active.store(true, Relaxed);
    if cache.barn.capacity == 0 {
        // Each call comes by here, and the clock would be a quarter of its time.
        let calls = cache.calls.load(Relaxed).wrapping_add(1);
        cache.calls.store(calls, Relaxed);
        if !calls.is_multiple_of(CALLS_PER_LOOK) {
            return;
        }
    }
    tick_clock();
}

/// The same for calls that use pages without a cache.
#[inline]
pub(crate) fn tick_pages() {
    deferred::take_in_some();
    tick_clock();
}

/// Takes a step of decay if one is due, in a thread that does not watch.
#[inline]
fn tick_clock() {
    if step() {
        watched::others_step();
    }
}

/// Takes a step of decay if one is due.
#[inline]
pub(super) fn step() -> bool {
    let step = page::decay();
    if let Some(step) = &step {
        sheaf::threads::take_vanished(VANISHED_PER_STEP);
        decay_caches(step.epoch, step.lag);
        grace::settle(false);
    }
    step.is_some()
}

/// One step of decay: some caches, in turn and each once, release sheaves that were not needed for an epoch, and their
/// empty slabs if no slow path has used them for one; some threads, in turn, lose sheaves that they did not touch for one.
/// Who comes late does more.
#[cold]
fn decay_caches(epoch: u64, lag: usize) {
    sheaf::idle::drain_some(epoch, THREADS_PER_STEP * lag, SLOTS_PER_STEP * lag);
    let mut budget = OBJECTS_PER_STEP * lag;
    let mut first = None;
    for _ in 0..CACHES_PER_STEP * lag {
        let Some(pin) = Pin::next_in_turn() else { return };
        let cache = pin.cache();
        if first == Some(cache.serial) {
            return;
        }
        first.get_or_insert(cache.serial);
        if cache.decayed.swap(epoch, Relaxed) != epoch {
            cache.barn.age();
            if !cache.active.swap(false, Relaxed) {
                release_some_empty(cache);
            }
        }
        budget = budget.saturating_sub(cache.barn.release_surplus(budget));
        if budget == 0 {
            registry::lock().give_turn(cache);
            return;
        }
    }
}

/// Gives back the memory of pages that hold only free objects, if nothing is expected of those objects' bytes.
fn decommit_idle_pages(cache: &Cache) {
    if cache.ctor.is_none() && !cache.is_debug() && !cache.has(SLAB_TYPESAFE_BY_RCU) {
        source::decommit_idle_pages(cache, &cache.node.lock());
    }
}

/// Gives empty slabs to the page allocator, looking at a bounded number of slabs.
fn release_some_empty(cache: &Cache) {
    let empty = cache.node.lock().take_some_empty(SLABS_PER_VISIT);
    // SAFETY: `take_some_empty` took them off the lists with no live object in them.
    unsafe { release::dismantle_all(cache, empty) };
}

/// Gives a cache's empty slabs to the page allocator; returns how many slabs it still has.
pub(super) fn release_empty(cache: &Cache) -> usize {
    let mut node = cache.node.lock();
    let empty = node.take_empty();
    #[cfg(debug_assertions)]
    node.validate(cache);
    let remaining = node.counts().slabs;
    drop(node);
    // SAFETY: `take_empty` took them off the lists with no live object in them.
    unsafe { release::dismantle_all(cache, empty) };
    remaining
}
