// SPDX-License-Identifier: MIT OR Apache-2.0
//! An intrusive, doubly linked list of slabs.

use core::ptr::NonNull;

use crate::slab::Slab;

/// A list of slabs. A slab is on at most one list; the links are its own.
///
/// Every slab on a list is live: it leaves the list before its record is destroyed.
pub(crate) struct SlabList {
    head: Option<NonNull<Slab>>,
    tail: Option<NonNull<Slab>>,
    len: usize,
}

impl SlabList {
    pub(crate) const fn new() -> Self {
        Self { head: None, tail: None, len: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn first<'a>(&self) -> Option<&'a Slab> {
        self.iter().next()
    }

    /// The slabs from the front. The iterator looks one ahead, so that the current slab may be unlinked.
    pub(crate) fn iter<'a>(&self) -> impl Iterator<Item = &'a Slab> + use<'a> {
        let mut next = self.head;
        core::iter::from_fn(move || {
            // SAFETY: slabs on a list are live, and the list's lock is held by whoever can see the list.
            let slab = unsafe { next?.as_ref() };
            next = slab.next.get();
            Some(slab)
        })
    }

    /// The slabs from the back. As with [`iter`](Self::iter), the current slab may be unlinked.
    pub(crate) fn iter_back<'a>(&self) -> impl Iterator<Item = &'a Slab> + use<'a> {
        let mut next = self.tail;
        core::iter::from_fn(move || {
            // SAFETY: as in `iter`.
            let slab = unsafe { next?.as_ref() };
            next = slab.prev.get();
            Some(slab)
        })
    }

    pub(crate) fn push_front(&mut self, slab: &Slab) {
        slab.prev.set(None);
        slab.next.set(self.head);
        match self.first() {
            Some(head) => head.prev.set(Some(NonNull::from(slab))),
            None => self.tail = Some(NonNull::from(slab)),
        }
        self.head = Some(NonNull::from(slab));
        self.len += 1;
    }

    pub(crate) fn push_back(&mut self, slab: &Slab) {
        let Some(tail) = self.tail else { return self.push_front(slab) };
        slab.next.set(None);
        slab.prev.set(Some(tail));
        // SAFETY: slabs on a list are live.
        unsafe { tail.as_ref() }.next.set(Some(NonNull::from(slab)));
        self.tail = Some(NonNull::from(slab));
        self.len += 1;
    }

    /// Takes out a slab that is on this list.
    pub(crate) fn unlink(&mut self, slab: &Slab) {
        let (next, prev) = (slab.next.take(), slab.prev.take());
        match next {
            // SAFETY: a neighbour on a list is live.
            Some(next) => unsafe { next.as_ref() }.prev.set(prev),
            None => self.tail = prev,
        }
        match prev {
            // SAFETY: as above.
            Some(prev) => unsafe { prev.as_ref() }.next.set(next),
            None => self.head = next,
        }
        self.len -= 1;
    }

    pub(crate) fn pop_front<'a>(&mut self) -> Option<&'a Slab> {
        let slab = self.first()?;
        self.unlink(slab);
        Some(slab)
    }
}
