// SPDX-License-Identifier: MIT OR Apache-2.0
//! Decay: free pages go back to the system when nobody has needed them for a second or two.
//!
//! There is no thread for this: the slow paths of alloc and free ask whether it is time, which costs a look at a
//! coarse clock. A page that is reused within an epoch is never given back, so a program that allocates and frees the
//! same amount over and over keeps its memory; after a burst, what it needed goes in steps of bounded size.

use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

use crate::page::arena;
use crate::sys::process;

/// Time between two steps, and between two epochs. Small steps often: a step is part of somebody's allocation.
const STEP_NS: u64 = 10_000_000;
const EPOCH_NS: u64 = 1_000_000_000;

/// When the next step is due, and which epoch the last one fell into.
static NEXT_STEP: AtomicU64 = AtomicU64::new(0);
static LAST_EPOCH: AtomicU64 = AtomicU64::new(0);

/// Takes a step if one is due, and then returns the number of the epoch. The caller holds no lock.
#[inline]
pub(crate) fn decay() -> Option<u64> {
    let now = process::coarse_ns();
    let due = NEXT_STEP.load(Relaxed);
    if now < due {
        return None;
    }
    step(now, due)
}

#[cold]
fn step(now: u64, due: u64) -> Option<u64> {
    // Whoever moves the clock on takes the step.
    if NEXT_STEP.compare_exchange(due, now + STEP_NS, Relaxed, Relaxed).is_err() {
        return None;
    }
    let arena = arena()?;
    let epoch = now / EPOCH_NS;
    let new_epoch = LAST_EPOCH.swap(epoch, Relaxed) != epoch;
    arena.objects.decay(new_epoch);
    arena.metadata.decay(new_epoch);
    Some(epoch)
}
