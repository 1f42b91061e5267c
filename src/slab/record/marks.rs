// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which objects the program has, one byte each behind the slab's record, in caches whose every call looks at
//! its object (`kmem.harden=1`).
//!
//! The bitmap says what is free in the slab; an object that is neither there nor marked rests in a sheaf. A
//! free claims its mark: of two that name the same object, in whatever threads, one gets it. No lock is
//! taken, so a free that should not be may still hold on to the record of a slab that goes away under it.
//! Such records therefore stay with their cache, as records of its later slabs, until the cache goes.

use core::sync::atomic::AtomicU8;
use core::sync::atomic::Ordering::{AcqRel, Relaxed, Release};

use crate::slab::{Cache, Layout, Slab};

/// One object's mark: 1 while the program has it.
#[repr(transparent)]
pub(crate) struct Mark(AtomicU8);

impl Mark {
    /// The program gets the object.
    #[inline(always)]
    pub(crate) fn set(&self) {
        // Release, though who frees the object was told of it by who got it.
        self.0.store(1, Release);
    }

    /// The program gives the object back; `false` when it does not have it.
    #[inline(always)]
    pub(crate) fn claim(&self) -> bool {
        self.0.swap(0, AcqRel) != 0
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Relaxed) != 0
    }
}

impl Slab {
    /// Marks an object of a cache with marks as the program's.
    #[inline]
    pub(crate) fn mark_live(layout: &Layout, address: usize) {
        let slab = Slab::lookup(address);
        let index = |slab: &Slab| layout.index_at(address.wrapping_sub(slab.base()), layout.objects);
        if let Some((slab, index)) = slab.and_then(|slab| Some((slab, index(slab)?))) {
            slab.mark(index).set();
        }
    }

    /// Takes an address out of the program's hands; `None` when it is not a live object of the cache, which
    /// has marks. The mark is good until the object's slab goes.
    ///
    /// No lock is needed: as long as the object is live the slab stays, and its record does in any case.
    #[inline(always)]
    pub(crate) fn claim_live<'a>(cache: &Cache, address: usize) -> Option<&'a Mark> {
        let slab = Self::lookup(address).filter(|slab| core::ptr::eq(slab.cache_ptr(), cache))?;
        let (base, layout) = (slab.base(), &cache.layout);
        let mark = slab.mark(layout.index_at(address.wrapping_sub(base), layout.objects)?);
        if !mark.claim() {
            return None;
        }
        if slab.base() != base {
            // The record was given to another slab under a free that should not be: that mark was not meant.
            mark.set();
            return None;
        }
        Some(mark)
    }

    /// An object's mark. The slab's cache is one with marks, and its layout has that many objects.
    #[inline]
    pub(super) fn mark<'a>(&self, index: u16) -> &'a Mark {
        let at =
            core::ptr::from_ref(self).addr() + size_of::<Slab>() + usize::from(index) * size_of::<Mark>();
        // SAFETY: such a cache's records have one for each object of the layout, which callers see to;
        // `blank` made them, and they stay as long as the record.
        unsafe { &*core::ptr::with_exposed_provenance::<Mark>(at) }
    }

    /// Objects that rest in sheaves, where that is known: to reports they are free.
    pub(super) fn parked(&self) -> u16 {
        if !self.has_marks.get() {
            return 0;
        }
        let live = (0..self.objects.get()).filter(|&index| self.mark(index).is_set()).count();
        self.inuse.get().saturating_sub(live as u16)
    }
}
