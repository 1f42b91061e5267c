// SPDX-License-Identifier: MIT OR Apache-2.0
//! Decay in a program that could do with the fast path.
//!
//! Decay needs somebody who comes to a slow path. A thread that has freed what a burst left, and from then on
//! takes one object out and in, never does. So a thread watches (`sheaf::watch`) from the moment on when it
//! has freed nearly all of a cache and much memory lies idle, until that has decayed, or until it turns out
//! to be busy.
//!
//! Busy is who needs more than what his array has at hand: he comes to slow paths anyway, and goes back to
//! the fast path at once. As he begins to watch a few times per period of decay at most, and each time for
//! the length of an array, it costs him a small part of a hundredth. Who is not busy pays some 20 ns per call
//! for the few seconds that decay takes.
//!
//! What stays: a thread that watches nothing because it frees less than all, or because other threads keep
//! more than it can tell apart from live objects; and threads that sleep while others stay in the fast path,
//! since nobody makes those watch. For these there are `kmem_reclaim()` and `kmem.background=1`.

use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

use crate::cache::{background, shrink};
use crate::page;
use crate::param::params;
use crate::sheaf;
use crate::sheaf::watch::{self, Want};
use crate::slab::Cache;

/// Idle bytes that nobody watches for.
const ENOUGH: usize = 256 << 10;
/// Epochs that decay takes to find out what is idle.
const EPOCHS: u64 = 3;

/// The epoch in which a thread last began to watch, and in which one that does not watch last took a step.
static BEGAN: AtomicU64 = AtomicU64::new(0);
static OTHERS: AtomicU64 = AtomicU64::new(0);

fn idle_bytes(cache: &Cache) -> usize {
    cache.barn.idle_bytes() + page::dirty_bytes()
}

/// Notes that a thread that does not watch has taken a step of decay.
pub(super) fn others_step() {
    OTHERS.store(page::epoch(), Relaxed);
    if params().background {
        background::wake();
    }
}

/// The epoch in which that last happened.
pub(super) fn last_step() -> u64 {
    OTHERS.load(Relaxed)
}

/// [`shrink::tick`] for a thread that watches.
#[cold]
pub(super) fn tick(cache: &Cache, want: Want) {
    shrink::step();
    if !watch::at_hand(&cache.barn, want) {
        cache.active.store(true, Relaxed);
        return watch::end();
    }
    let (began, epoch) = (BEGAN.load(Relaxed), page::epoch());
    let decayed = epoch >= began + EPOCHS && idle_bytes(cache) <= ENOUGH;
    // Somebody else keeps the clock going.
    if decayed || OTHERS.load(Relaxed) > began {
        watch::end();
    }
}

/// Has the calling thread watch, if much memory lies idle and it has just freed nearly all of a cache. Then
/// the barn is as full as it gets.
#[inline]
pub(super) fn after_free(cache: &Cache) {
    if idle_bytes(cache) > ENOUGH && cache.barn.is_at_peak() && !params().background && !watch::is_on() {
        consider(cache);
    }
}

#[cold]
fn consider(cache: &Cache) {
    if !params().decay {
        return;
    }
    let few = 4 * cache.barn.capacity;
    let counts = cache.node.lock().counts();
    let out = counts.out();
    // The arrays of threads are looked into only when that can make the difference.
    let in_barn = cache.barn.idle_bytes() / cache.layout.stride;
    let in_arrays = 2 * cache.barn.capacity * sheaf::threads::count();
    if out.saturating_sub(in_barn) > few + in_arrays || !watch::may_begin(page::period()) {
        return;
    }
    if out.saturating_sub(sheaf::parked_about(&cache.barn)) <= few {
        BEGAN.store(page::epoch(), Relaxed);
        watch::begin();
    }
}
