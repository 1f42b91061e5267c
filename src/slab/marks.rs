// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which objects the program has, one byte each behind the slab's record, in caches whose every call looks at its
//! object (`kmem.harden=1`).
//!
//! The bitmap says what is free in the slab; an object that is neither there nor marked rests in a sheaf. A free claims
//! its mark: of two that name the same object, in whatever threads, one gets it. No lock is taken, so a free that should
//! not be may still hold on to the record of a slab that goes away under it. Such records therefore stay with their
//! cache, as records of its later slabs, until the cache goes.

use core::sync::atomic::AtomicU8;
use core::sync::atomic::Ordering::{AcqRel, Relaxed, Release};

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
