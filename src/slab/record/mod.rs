// SPDX-License-Identifier: MIT OR Apache-2.0
//! One slab's record: 64 bytes of metadata, out of line.
//!
//! | file | concept |
//! |---|---|
//! | `bitmap` | which objects are free |
//! | `marks` | which objects the program has, in hardened caches |
//! | `memory` | where records come from and go |

mod bitmap;
mod marks;
mod memory;

use core::cell::Cell;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::{Acquire, Relaxed};
use core::sync::atomic::{AtomicPtr, AtomicUsize};

use crate::page::run::FIRST_RUN_TAG;
use crate::page::{Arena, Tag, arena};
#[cfg(debug_assertions)]
use crate::printk::panic::bug_on;
use crate::slab::{Cache, Layout, Ledger};
use bitmap::INLINE_WORDS;
pub(crate) use marks::Mark;

/// A slab. Bit i of the bitmap is set iff object i is free.
///
/// `inuse` = objects − bits set; bits from `objects` on are clear. Without a ledger it is on its node's full
/// list iff `inuse` = `objects`, else on the partial list, and on none while it is built or dismantled; with
/// a ledger, where that says.
#[repr(C, align(64))]
pub(crate) struct Slab {
    /// The owner; null in a record that is not in use.
    cache: AtomicPtr<Cache>,
    /// Address of the page run.
    base: AtomicUsize,
    pub(in crate::slab) next: Cell<Option<NonNull<Slab>>>,
    pub(in crate::slab) prev: Cell<Option<NonNull<Slab>>>,
    inuse: Cell<u16>,
    objects: Cell<u16>,
    order: Cell<u8>,
    /// Whether a [`Ledger`] follows the record, or a [`Mark`] for each object.
    has_ledger: Cell<bool>,
    has_marks: Cell<bool>,
    /// The bitmap, or in its first word the address of a larger one.
    map: [Cell<u64>; INLINE_WORDS],
}

const _: () = assert!(size_of::<Slab>() == 64, "a tag counts in units of one record");

/// A copy of a slab's state, for reports that are printed without the list lock.
#[derive(Clone, Copy)]
pub(crate) struct SlabSnapshot {
    pub(crate) address: usize,
    pub(crate) base: usize,
    pub(crate) objects: u16,
    pub(crate) used: u16,
    /// Address of the first free object, or what stands in its place; 0 for none.
    pub(crate) freelist: usize,
}

/// The tag that leads to a record, as a number.
fn tag_of(record: usize) -> usize {
    let base = arena().map_or(0, |arena| arena.metadata_base);
    (record - base) / size_of::<Slab>() + 1
}

impl Slab {
    /// The slab that owns the page of an address, which may be any number.
    ///
    /// The record of a live object's slab stays; for any other address the answer may be out of date at once,
    /// and is checked again under the owner's list lock before anything is changed.
    #[inline]
    pub(crate) fn lookup<'a>(address: usize) -> Option<&'a Slab> {
        let arena = arena()?;
        Self::tagged(arena, arena.objects.tag(address))
    }

    /// Has the processor fetch the record.
    #[inline(always)]
    pub(crate) fn prefetch(&self) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a hint, whatever the address.
        unsafe {
            core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_T0 }>(
                core::ptr::from_ref(self).cast(),
            );
        }
    }

    /// The tag that leads from a page to this record.
    pub(in crate::slab) fn tag(&self) -> Tag {
        tag_of(core::ptr::from_ref(self).addr()) as Tag
    }

    /// The record that a tag leads to, if it is that of a slab.
    #[inline(always)]
    fn tagged<'a>(arena: &Arena, tag: Tag) -> Option<&'a Slab> {
        // 0, which is no record's, becomes the largest number.
        let index = tag.wrapping_sub(1);
        if index >= FIRST_RUN_TAG - 1 {
            return None;
        }
        let record = arena.metadata_base + index as usize * size_of::<Slab>();
        // SAFETY: a tag is only set for a record inside the metadata zone, whose committed memory stays
        // mapped; what is read without the list lock are atomics.
        Some(unsafe { &*core::ptr::with_exposed_provenance::<Slab>(record) })
    }

    /// The owner, or null in a record that was dismantled meanwhile.
    pub(crate) fn cache_ptr(&self) -> *mut Cache {
        self.cache.load(Acquire)
    }

    pub(crate) fn base(&self) -> usize {
        self.base.load(Relaxed)
    }

    /// Bytes of the page run.
    pub(crate) fn bytes(&self) -> usize {
        arena().map_or(0, |arena| arena.page_size << self.order.get())
    }

    pub(crate) fn order(&self) -> u8 {
        self.order.get()
    }

    pub(crate) fn objects(&self) -> u16 {
        self.objects.get()
    }

    pub(crate) fn inuse(&self) -> u16 {
        self.inuse.get()
    }

    pub(in crate::slab) fn is_full(&self) -> bool {
        self.inuse.get() == self.objects.get()
    }

    /// What Linux would know about the slab, if its cache has a debug flag.
    pub(crate) fn ledger(&self) -> Option<&Ledger> {
        let at = core::ptr::from_ref(self).addr() + size_of::<Slab>();
        // SAFETY: `create` wrote a ledger there if it says so; it lives as long as the record.
        self.has_ledger.get().then(|| unsafe { &*core::ptr::with_exposed_provenance::<Ledger>(at) })
    }

    /// Objects in use as Linux would count them.
    pub(crate) fn used(&self) -> u16 {
        self.ledger().map_or(self.inuse.get(), Ledger::counter)
    }

    /// Whether the slab may be dismantled: no object is live, and nothing else speaks for keeping it.
    pub(in crate::slab) fn is_idle(&self) -> bool {
        self.inuse.get() == 0 && self.ledger().is_none_or(|ledger| ledger.counter() == 0 && !ledger.is_held())
    }

    /// The object that begins at an address; `None` when the address points elsewhere into the slab.
    #[inline]
    pub(crate) fn index_of(&self, layout: &Layout, address: usize) -> Option<u16> {
        layout.index_at(address.checked_sub(self.base())?, self.objects.get())
    }

    /// The address of an object.
    #[inline]
    pub(crate) fn object(&self, layout: &Layout, index: u16) -> NonNull<u8> {
        let address = self.base() + layout.object_offset(index);
        // A slab's base is never 0.
        NonNull::new(core::ptr::with_exposed_provenance_mut(address)).unwrap_or(NonNull::dangling())
    }

    /// Copies the state; the caller holds the list lock.
    pub(crate) fn snapshot(&self, layout: &Layout) -> SlabSnapshot {
        SlabSnapshot {
            address: core::ptr::from_ref(self).addr(),
            base: self.base(),
            objects: self.objects.get(),
            used: self.used() - self.parked(),
            freelist: self.ledger().map_or_else(|| self.first_free(layout), Ledger::freelist),
        }
    }

    /// The address of the first free object, 0 when there is none.
    fn first_free(&self, layout: &Layout) -> usize {
        let is_free =
            |index| if self.has_marks.get() { !self.mark(index).is_set() } else { self.is_free(index) };
        let first = (0..self.objects.get()).find(|&index| is_free(index));
        first.map_or(0, |index| self.base() + layout.object_offset(index))
    }

    /// Takes the slab away from its cache: whoever still finds it, by a stray pointer, finds that it is
    /// nobody's.
    pub(in crate::slab) fn disown(&self) {
        self.cache.store(core::ptr::null_mut(), Relaxed);
    }

    /// Checks the record's invariants, in debug builds.
    #[cfg(debug_assertions)]
    pub(in crate::slab) fn validate(&self, cache: &Cache) {
        bug_on!(self.free_objects() + usize::from(self.inuse.get()) != usize::from(self.objects.get()));
        let marked = |index| self.has_marks.get() && self.mark(index).is_set();
        bug_on!((0..self.objects.get()).any(|index| self.is_free(index) && marked(index)));
        bug_on!(!core::ptr::eq(self.cache_ptr(), cache));
        let found = Slab::lookup(self.base()).map(core::ptr::from_ref);
        bug_on!(found != Some(core::ptr::from_ref(self)));
    }
}
