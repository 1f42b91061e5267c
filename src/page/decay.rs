// SPDX-License-Identifier: MIT OR Apache-2.0
//! Decay: free pages go back to the system when nobody has needed them for a second or two.
//!
//! There is no thread for this unless `kmem.background=1` asks for one: the slow paths of alloc and free ask
//! whether it is time (and `cache::watched` sees to it that a program comes to one), which costs a look at a
//! coarse clock. A page that is reused within an epoch is never given back, so a program that allocates and
//! frees the same amount over and over keeps its memory; after a burst, what it needed goes in steps of
//! bounded size. `kmem.decay=0` turns all of this off.

use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

use crate::page::arena;
use crate::param::params;
use crate::sys::process;

/// Time between two steps, and between two epochs. Small steps often: a step is part of somebody's
/// allocation.
const STEP_NS: u64 = 10_000_000;
const EPOCH_NS: u64 = 1_000_000_000;

/// Who comes late does the work of several steps, up to so many; and purges as much of a zone as so many do.
const MOST_LAG: u64 = 64;
const MOST_PURGES: usize = 16;

/// When the next step is due, and which epoch the last one fell into.
static NEXT_STEP: AtomicU64 = AtomicU64::new(0);
static LAST_EPOCH: AtomicU64 = AtomicU64::new(0);

/// A step that was taken.
pub(crate) struct Step {
    /// The number of the epoch.
    pub(crate) epoch: u64,
    /// How many steps' worth of work is due.
    pub(crate) lag: usize,
}

/// Takes a step if one is due. The caller holds no lock.
#[inline]
pub(crate) fn decay() -> Option<Step> {
    let now = process::coarse_ns();
    let due = NEXT_STEP.load(Relaxed);
    if now < due {
        return None;
    }
    step(now, due)
}

#[cold]
fn step(now: u64, due: u64) -> Option<Step> {
    if !params().decay {
        NEXT_STEP.store(u64::MAX, Relaxed);
        return None;
    }
    // Whoever moves the clock on takes the step.
    if NEXT_STEP.compare_exchange(due, now + STEP_NS, Relaxed, Relaxed).is_err() {
        return None;
    }
    let arena = arena()?;
    let lag = ((now - due) / STEP_NS + 1).min(MOST_LAG) as usize;
    let epoch = now / EPOCH_NS;
    let new_epoch = LAST_EPOCH.swap(epoch, Relaxed) != epoch;
    arena.objects.decay(new_epoch, lag.min(MOST_PURGES));
    arena.metadata.decay(new_epoch, lag.min(MOST_PURGES));
    Some(Step { epoch, lag })
}

/// The epoch of the last step.
pub(crate) fn epoch() -> u64 {
    LAST_EPOCH.load(Relaxed)
}

/// A number that changes from step to step.
pub(crate) fn period() -> u64 {
    NEXT_STEP.load(Relaxed)
}

/// Bytes of free pages that are still backed by memory.
pub(crate) fn dirty_bytes() -> usize {
    arena().map_or(0, |arena| arena.objects.dirty_bytes() + arena.metadata.dirty_bytes())
}
