// SPDX-License-Identifier: MIT OR Apache-2.0
//! What Linux would know about a slab of a cache with a debug flag.
//!
//! Under debugging the free objects are linked through their free-pointer words as in Linux, so that a dump
//! shows what Linux shows and damage to those words is found. The ledger holds the head of that chain and the
//! counter of objects in use as Linux would have them, wrong numbers included: reports quote them, and a
//! repaired chain shortens what is handed out. Which objects are live is known by the bitmap alone, and every
//! step along the chain is checked against it.

use core::cell::Cell;
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::Relaxed;

use crate::slab::links::Links;

/// Where a slab with a ledger is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Being built or dismantled.
    Nowhere,
    Partial,
    Full,
    /// Found corrupt and taken out of use for ever.
    Withdrawn,
}

/// The second half of the record of a slab whose cache has a debug flag. Guarded by the cache's list lock.
#[repr(C, align(64))]
pub(crate) struct Ledger {
    /// Address of the first object of the chain, 0 for none. After damage it may be any number.
    freelist: Cell<usize>,
    /// Objects in use, by Linux's counter: it wraps below zero where a damaged chain makes Linux's do so.
    counter: Cell<u16>,
    place: Cell<Place>,
    /// Who looks at the slab without the lock; while there are any, it is not dismantled. They count in the
    /// process that they are of.
    holds: Cell<u32>,
    process: Cell<u32>,
    /// Whether damage to the slab's own padding is being reported.
    reports_padding: Cell<bool>,
    /// The last validation that came by.
    validated: Cell<u64>,
    /// What the words of the chain should hold, in caches that look at each free.
    pub(crate) links: Links,
}

/// The number of the process, among those that a fork made of one another.
static PROCESS: AtomicU32 = AtomicU32::new(0);

/// In the child of a fork whose thread is in no report: nobody looks at any slab.
pub(crate) fn nobody_looks() {
    PROCESS.fetch_add(1, Relaxed);
}

impl Ledger {
    pub(super) const fn new(links: Links) -> Self {
        Self {
            links,
            freelist: Cell::new(0),
            counter: Cell::new(0),
            place: Cell::new(Place::Nowhere),
            holds: Cell::new(0),
            process: Cell::new(0),
            reports_padding: Cell::new(false),
            validated: Cell::new(0),
        }
    }

    pub(crate) fn freelist(&self) -> usize {
        self.freelist.get()
    }

    pub(crate) fn set_freelist(&self, address: usize) {
        self.freelist.set(address);
    }

    pub(crate) fn counter(&self) -> u16 {
        self.counter.get()
    }

    pub(super) fn set_counter(&self, counter: u16) {
        self.counter.set(counter);
    }

    pub(crate) fn place(&self) -> Place {
        self.place.get()
    }

    pub(super) fn set_place(&self, place: Place) {
        self.place.set(place);
    }

    /// Keeps the slab from being dismantled until [`let_go`](Self::let_go).
    pub(crate) fn hold(&self) {
        if self.process.replace(PROCESS.load(Relaxed)) != PROCESS.load(Relaxed) {
            self.holds.set(0);
            self.reports_padding.set(false);
        }
        self.holds.set(self.holds.get() + 1);
    }

    pub(crate) fn let_go(&self) {
        self.holds.set(self.holds.get() - 1);
    }

    pub(super) fn is_held(&self) -> bool {
        self.holds.get() > 0 && self.process.get() == PROCESS.load(Relaxed)
    }

    /// Makes the caller the one who reports the slab's padding; `false` when somebody does so already.
    pub(crate) fn begin_padding_report(&self) -> bool {
        !self.reports_padding.replace(true)
    }

    pub(crate) fn reports_padding(&self) -> bool {
        self.reports_padding.get() && self.is_held()
    }

    pub(crate) fn end_padding_report(&self) {
        self.reports_padding.set(false);
    }

    /// Marks the slab as seen by a validation; `false` when that validation has seen it before.
    pub(crate) fn see(&self, validation: u64) -> bool {
        self.validated.replace(validation) != validation
    }
}
