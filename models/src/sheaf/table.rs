// SPDX-License-Identifier: MIT OR Apache-2.0
//! A table of one slot, with cells that notice who touches them out of turn.

use loom::cell::Cell;
use loom::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

use crate::sheaf::barn::Barn;
use crate::sheaf::block::{Sheaf, Top, nothing};

pub(crate) struct Slot {
    pub(crate) key: AtomicUsize,
    pub(crate) top: TopCell,
}

/// A top, whose stores take their place among the swaps of a drain in the order in which they happen.
///
/// loom does not see that a swap has its place right after the value that it read, and lets the drain find its own
/// `nothing` again where the owner's store has come after it, which no machine does. So a store is a swap here. That
/// loses no schedule, since all that the others do to a top are swaps: where the store would come first, it is run first
/// in another schedule.
pub(crate) struct TopCell(AtomicPtr<*mut u8>);

impl TopCell {
    pub(super) fn load(&self, ordering: Ordering) -> Top {
        self.0.load(ordering)
    }

    pub(super) fn store(&self, top: Top, ordering: Ordering) {
        self.0.swap(top, ordering);
    }

    pub(super) fn swap(&self, top: Top, ordering: Ordering) -> Top {
        self.0.swap(top, ordering)
    }

    pub(super) fn compare_exchange(
        &self,
        old: Top,
        new: Top,
        yes: Ordering,
        no: Ordering,
    ) -> Result<Top, Top> {
        self.0.compare_exchange(old, new, yes, no)
    }
}

pub(crate) struct Rear {
    pub(crate) owner: Cell<usize>,
    pub(crate) barn: Cell<*const Barn>,
    pub(super) spare: Cell<Option<Sheaf>>,
    pub(crate) spare_is_full: Cell<bool>,
}

pub(crate) struct Table {
    pub(crate) mask: usize,
    slot: Slot,
    rear: Rear,
}

impl Table {
    pub(crate) fn new() -> Self {
        Self {
            mask: 0,
            slot: Slot { key: AtomicUsize::new(0), top: TopCell(AtomicPtr::new(nothing())) },
            rear: Rear {
                owner: Cell::new(0),
                barn: Cell::new(std::ptr::null()),
                spare: Cell::new(None),
                spare_is_full: Cell::new(false),
            },
        }
    }

    pub(crate) fn slot(&self, _: usize) -> &Slot {
        &self.slot
    }

    pub(crate) fn rear(&self, _: usize) -> &Rear {
        &self.rear
    }
}
