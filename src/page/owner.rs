// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which cache owns a page, in a byte: a free by address alone begins here, and reads nothing of the slab.
//!
//! ```text
//!   object zone:  | page 0 | page 1 | page 2 | ...          numbers:  | 35 | 35 | 0 | ...
//! ```
//!
//! The byte is the low part of a handle (`sheaf::handle`): the number of a record in the first run of handles. 0 is
//! nobody, which no handle has: a cache whose number does not fit, a run that is no slab, a free page.

use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicPtr, AtomicU8, AtomicUsize};

use crate::sys::mem;

/// log2 of the bytes that one number stands for: the smallest page that any machine has.
const SHIFT: u32 = 12;
/// log2 of the bytes from one handle to the next.
pub(crate) const HANDLE_SHIFT: u32 = 4;
/// Handles with a number from here on cannot be told by a byte.
pub(crate) const NUMBERS: usize = 256;

/// What the fast path of a free needs, in one cache line.
#[repr(C, align(64))]
pub(crate) struct Owners {
    /// Start of the object zone.
    base: AtomicUsize,
    /// Bytes of it whose numbers are committed.
    covered: AtomicUsize,
    /// The number of the first page.
    numbers: AtomicPtr<AtomicU8>,
    /// Where the handle with the number 0 would be; 0 before there is a handle.
    handles: AtomicUsize,
}

/// The owners of the one arena.
pub(crate) static OWNERS: Owners = Owners {
    base: AtomicUsize::new(0),
    covered: AtomicUsize::new(0),
    numbers: AtomicPtr::new(ptr::null_mut()),
    handles: AtomicUsize::new(0),
};

impl Owners {
    /// Bytes of reserved memory that the numbers of `bytes` of object zone need.
    pub(super) const fn bytes_for(bytes: usize) -> usize {
        bytes >> SHIFT
    }

    /// Says where the zone and its numbers lie, before the first [`extend`](Self::extend).
    pub(super) fn set_up(&self, base: NonNull<u8>, numbers: NonNull<u8>) {
        self.base.store(base.as_ptr().expose_provenance(), Relaxed);
        self.numbers.store(numbers.as_ptr().cast(), Relaxed);
    }

    /// Makes room for the numbers of the first `bytes` of the zone; `false` when the system has no memory. The
    /// caller holds the zone's lock.
    pub(super) fn extend(&self, bytes: usize) -> bool {
        let start = self.numbers.load(Relaxed).cast::<u8>();
        let page = mem::page_size();
        let from = (self.covered.load(Relaxed) >> SHIFT) & !(page - 1);
        let to = (bytes >> SHIFT).next_multiple_of(page);
        // SAFETY: the arena reserves numbers for the whole zone, from a page boundary on.
        let committed = unsafe { mem::commit(start.wrapping_add(from), to - from) };
        if committed {
            // Release publishes base, numbers and the committed memory to who finds an address covered.
            self.covered.store(bytes, Release);
        }
        committed
    }

    /// Says where the handle with the number 0 would be.
    pub(crate) fn set_handles(&self, start: usize) {
        self.handles.store(start, Relaxed);
    }

    /// The handle with a number.
    #[inline(always)]
    pub(crate) fn handle(&self, number: usize) -> usize {
        self.handles.load(Relaxed).wrapping_add(number << HANDLE_SHIFT)
    }

    /// The number of a handle, or 0 if it has none that fits into a byte.
    pub(crate) fn number(&self, handle: usize) -> u8 {
        let number = handle.wrapping_sub(self.handles.load(Relaxed)) >> HANDLE_SHIFT;
        u8::try_from(number).unwrap_or(0)
    }

    /// The handle of the cache that owns the page of an address, which may be any number: `None`, or something
    /// that is no handle, when that is not known here.
    #[inline(always)]
    pub(crate) fn owner(&self, address: usize) -> Option<usize> {
        let offset = address.wrapping_sub(self.base.load(Relaxed));
        // Acquire pairs with the Release in `extend`.
        if offset >= self.covered.load(Acquire) {
            return None;
        }
        let place = self.numbers.load(Relaxed).wrapping_add(offset >> SHIFT);
        // SAFETY: the number of a covered address is committed, and stays so.
        Some(self.handle(usize::from(unsafe { &*place }.load(Relaxed))))
    }

    /// Stores the number of the pages of a run of the object zone.
    pub(crate) fn set(&self, run: NonNull<u8>, bytes: usize, number: u8) {
        let offset = run.as_ptr().addr().wrapping_sub(self.base.load(Relaxed));
        if offset.checked_add(bytes).is_none_or(|end| end > self.covered.load(Acquire)) {
            return;
        }
        let first = self.numbers.load(Relaxed).wrapping_add(offset >> SHIFT);
        for index in 0..bytes >> SHIFT {
            // SAFETY: numbers of covered addresses.
            unsafe { &*first.wrapping_add(index) }.store(number, Relaxed);
        }
    }
}
