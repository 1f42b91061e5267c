// SPDX-License-Identifier: MIT OR Apache-2.0
//! Watching: a thread for which every call takes the slow path, so that time passes for decay.
//!
//! The fast path has no instruction to spare for that, and leaves no trace: after an object out and in, all
//! of its memory is as before. So whoever wants to hear of the next call must leave nothing for the fast path
//! to find. A thread that watches has its word lead to a table without slots; what it owns stays in its own
//! table, where the slow path finds it. The cache floor decides when that is worth it.

use core::cell::Cell;
use core::sync::atomic::Ordering::Relaxed;

use crate::sheaf::barn::Barn;
use crate::sheaf::block::{self, Sheaf};
use crate::sheaf::table::ClosedTable;
use crate::sheaf::thread::{Thread, current, current_if_any};
use crate::sys::tls;

/// A thread's part in this.
pub(super) struct Watch {
    closed: ClosedTable,
    /// How often it has begun to watch, and in which period of decay.
    begun: Cell<u32>,
    period: Cell<u64>,
}

/// Beginnings in one period at most: what a thread that is busy loses by watching stays far below a
/// hundredth.
const BEGINNINGS: u32 = 16;

/// What a call is about to do with an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    Out,
    In,
    /// Several at once, which never is a matter of the fast path.
    Many,
}

impl Watch {
    pub(super) fn new(thread: *const Thread) -> Self {
        Self { closed: ClosedTable::new(thread), begun: Cell::new(0), period: Cell::new(0) }
    }
}

/// Whether the calling thread watches.
#[inline]
pub(crate) fn is_on() -> bool {
    current_if_any().is_some_and(|thread| tls::get() == thread.watch.closed.word())
}

/// Whether the calling thread may begin to watch: not too often in one period of decay.
pub(crate) fn may_begin(period: u64) -> bool {
    let Some(watch) = current_if_any().map(|thread| &thread.watch) else { return false };
    if watch.period.replace(period) != period {
        watch.begun.set(0);
    }
    watch.begun.set(watch.begun.get() + 1);
    watch.begun.get() <= BEGINNINGS
}

/// Has the calling thread watch from now on.
pub(crate) fn begin() {
    if let Some(thread) = current(false) {
        tls::set(thread.watch.closed.word());
    }
}

/// Ends that.
pub(crate) fn end() {
    if let Some(state) = current_if_any().and_then(|thread| thread.state.try_lock()) {
        tls::set(core::ptr::from_ref(state.table()).cast());
    }
}

/// Whether the fast path could have done what the calling thread, which watches, wants of a cache, if it has
/// a sheaf.
pub(crate) fn at_hand(barn: &Barn, want: Want) -> bool {
    let Some(state) = current_if_any().and_then(|thread| thread.state.try_lock()) else { return false };
    let table = state.table();
    let slot = table.slot(barn.key & table.mask);
    // What decay has taken away says nothing about the thread.
    if slot.key.load(Relaxed) != barn.sign {
        return want != Want::Many;
    }
    let top = slot.top.load(Relaxed);
    match want {
        Want::Out => Sheaf::of(top).is_some_and(|sheaf| top != sheaf.top(barn.capacity, 0)),
        Want::In => top.addr() & (block::BYTES - 1) != 0,
        Want::Many => false,
    }
}
