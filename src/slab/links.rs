// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the free-pointer words of a slab's objects hold as long as nobody but the library writes to them.
//!
//! A copy of the chain out of the program's reach. To compare each word with its copy takes loads that wait
//! for nothing, where to follow the chain takes as many of which each waits for the one before. Once the
//! chain is not what the library made it, the copy is given up for good, and the chain is followed.

use core::cell::Cell;
use core::ptr::NonNull;

use crate::page::heap;

/// The copy, a word per object; guarded by the cache's list lock. While there is one, the chain of these
/// words holds exactly the slab's free objects.
pub(crate) struct Links {
    words: Cell<Option<NonNull<Cell<usize>>>>,
    objects: u16,
}

impl Links {
    /// No copy.
    pub(super) const fn none() -> Self {
        Self { words: Cell::new(None), objects: 0 }
    }

    /// Room for a copy; without memory for it there is none.
    pub(super) fn create(objects: u16) -> Self {
        let words = heap::alloc(Self::bytes(objects)).map(NonNull::cast::<Cell<usize>>);
        if let Some(words) = words {
            // SAFETY: fresh memory of that size; a cell of a word is a word.
            unsafe { words.write_bytes(0, objects.into()) };
        }
        Self { words: Cell::new(words), objects }
    }

    fn bytes(objects: u16) -> usize {
        usize::from(objects) * size_of::<usize>()
    }

    /// The word of each object, empty when the copy was given up.
    #[inline]
    pub(crate) fn all(&self) -> &[Cell<usize>] {
        let Some(words) = self.words.get() else { return &[] };
        // SAFETY: `create` made and initialised so many, which live until `give_up`; no reference outlives
        // the hold of the list lock under which it is made.
        unsafe { core::slice::from_raw_parts(words.as_ptr(), self.objects.into()) }
    }

    #[inline]
    pub(crate) fn get(&self, index: u16) -> Option<usize> {
        self.all().get(usize::from(index)).map(Cell::get)
    }

    #[inline]
    pub(crate) fn set(&self, index: u16, to: usize) {
        if let Some(word) = self.all().get(usize::from(index)) {
            word.set(to);
        }
    }

    /// The chain is not what the library made it, or the slab goes.
    #[cold]
    pub(crate) fn give_up(&self) {
        if let Some(words) = self.words.take() {
            // SAFETY: `create` allocated it with this size, and nobody finds it any more.
            unsafe { heap::free(words.cast(), Self::bytes(self.objects)) };
        }
    }
}
