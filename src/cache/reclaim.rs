// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory for who needs it: what lies idle in the library, then what the program's shrinkers free.

use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicU32, AtomicU64};

use crate::abi::gfp::{self, gfp_t};
use crate::cache::pin::Purpose;
use crate::cache::{deferred, quarantine, registry, shrink, shrinker, take_in};
use crate::page::{grace, purge};
use crate::printk::panic::Later;
use crate::sheaf;
use crate::sync::{self, Inside, Stay};
use crate::sys::process;

/// The priority at which reclaim begins (Linux): one in 4096 objects. At 0 it is all of them.
const FIRST_PRIORITY: u32 = 12;

/// A program that goes on to ask for what there is not would have every request look through all caches and
/// threads: after so many fruitless tries in a row, the next one comes only when this many times the length
/// of the last has passed.
const PATIENCE: u32 = 8;
const PAUSE: u64 = 8;
static FRUITLESS: AtomicU32 = AtomicU32::new(0);
static NEXT_TRY: AtomicU64 = AtomicU64::new(0);

/// Threads in reclaim: what a shrinker allocates does not come here again.
static RECLAIMING: Inside = Inside::new();

/// How often, and at what distance, a thread looks whether another has left reclaim.
const TRIES: u32 = 1000;
const PAUSE_NS: u32 = 1_000_000;

/// Has the calling thread enter reclaim; `None` when it is in there already, or for a second as many threads as can be.
fn enter() -> Option<Stay<'static>> {
    for _ in 0..TRIES {
        let stay = RECLAIMING.enter();
        if stay.is_some() || RECLAIMING.is_in() {
            return stay;
        }
        process::sleep_ns(PAUSE_NS);
    }
    None
}

/// Tries `attempt` again as memory becomes free; `None` when all is tried, or the request may not wait. The
/// caller holds no lock.
#[cold]
pub(crate) fn retry<T>(gfp: gfp_t, mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    if gfp & gfp::DIRECT_RECLAIM == 0 {
        return None;
    }
    let _later = Later::new();
    let _stay = enter()?;
    let began = process::monotonic_ns();
    if FRUITLESS.load(Relaxed) >= PATIENCE && began < NEXT_TRY.load(Relaxed) {
        return None;
    }
    release_idle();
    let found = attempt().or_else(|| shrink_and_retry(gfp, attempt));
    if found.is_some() {
        FRUITLESS.store(0, Relaxed);
    } else {
        FRUITLESS.fetch_add(1, Relaxed);
        let now = process::monotonic_ns();
        NEXT_TRY.store(now + (now - began) * PAUSE, Relaxed);
    }
    found
}

/// The same by means of the program's shrinkers.
fn shrink_and_retry<T>(gfp: gfp_t, mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    if !shrinker::any() {
        return None;
    }
    (0..=FIRST_PRIORITY).rev().find_map(|priority| {
        if shrinker::run(gfp, priority) == 0 {
            return None;
        }
        release_idle();
        attempt()
    })
}

/// Gives back what no object needs: what the program's shrinkers free, the sheaves of all threads, empty
/// slabs of all caches, free pages. Shrinkers are called as Linux does for `echo 2 > drop_caches`: again
/// while that frees much.
pub(crate) fn reclaim() {
    if sync::interrupted() {
        return deferred::refuse("kmem_reclaim", &"");
    }
    let _later = Later::new();
    take_in();
    if let Some(_stay) = enter() {
        let mut rounds = 0..u64::BITS;
        while rounds.next().is_some_and(|round| shrinker::run(gfp::KERNEL, 0) >> round > 1) {}
    }
    sheaf::threads::drain_all();
    registry::for_each(Purpose::Work, shrink::release);
    grace::settle(true);
    purge();
}

/// Makes the pages of idle slabs free for others: they need not go back to the system for that. Where readers
/// under RCU may look they stay: the caller may be such a reader, and would wait for itself.
fn release_idle() {
    sheaf::threads::drain_all();
    registry::for_each(Purpose::Work, |cache| {
        cache.barn.clear();
        quarantine::flush(cache);
        shrink::release_empty(cache);
    });
    grace::settle(true);
}

/// In the child of a fork: nobody but the calling thread, which had another id before, is in reclaim.
pub(super) fn after_fork(id_before: i32) {
    RECLAIMING.after_fork(id_before);
}
