// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which objects of a slab are free: a bit each, set for a free one. The cache's list lock guards them.

use core::cell::Cell;

use crate::slab::{Layout, Slab};

pub(super) const BITS: usize = 64;
/// Bitmap words that fit into the record itself: 192 objects, all but the smallest sizes.
pub(super) const INLINE_WORDS: usize = 3;

pub(super) fn words_for(objects: u16) -> usize {
    usize::from(objects).div_ceil(BITS)
}

impl Slab {
    pub(super) fn words(&self) -> &[Cell<u64>] {
        let words = words_for(self.objects.get());
        if words <= INLINE_WORDS {
            return self.map.get(..words).unwrap_or(&[]);
        }
        let large = core::ptr::with_exposed_provenance(self.map[0].get() as usize);
        // SAFETY: `create` allocated that many words and initialised them before anyone saw the record; they
        // live as long as the record.
        unsafe { core::slice::from_raw_parts(large, words) }
    }

    /// Takes a free object: the one with so many free ones below it.
    #[inline]
    pub(in crate::slab) fn take_nth(&self, nth: u16) -> Option<u16> {
        let mut below = u32::from(nth);
        let (index, word) = self.words().iter().enumerate().find(|(_, word)| {
            let here = word.get().count_ones();
            let found = below < here;
            below -= if found { 0 } else { here };
            found
        })?;
        let rest = (0..below).fold(word.get(), |bits, _| bits & (bits - 1));
        let bit = rest.trailing_zeros() as usize;
        word.set(word.get() & !(1 << bit));
        self.inuse.set(self.inuse.get() + 1);
        Some((index * BITS + bit) as u16)
    }

    /// Takes the free object with the lowest address.
    #[inline]
    pub(in crate::slab) fn take_lowest(&self) -> Option<u16> {
        let (index, word) = self.words().iter().enumerate().find(|(_, word)| word.get() != 0)?;
        let bit = word.get().trailing_zeros() as usize;
        word.set(word.get() & (word.get() - 1));
        self.inuse.set(self.inuse.get() + 1);
        Some((index * BITS + bit) as u16)
    }

    /// Takes free objects, a bitmap word at a time, until `out` is full or none is left; returns how many.
    pub(in crate::slab) fn take_many(&self, layout: &Layout, out: &mut [*mut u8]) -> usize {
        let mut taken = 0;
        for (index, word) in self.words().iter().enumerate() {
            let mut bits = word.get();
            while bits != 0 {
                let Some(to) = out.get_mut(taken) else { break };
                let object = (index * BITS) as u16 + bits.trailing_zeros() as u16;
                *to = self.object(layout, object).as_ptr();
                bits &= bits - 1;
                taken += 1;
            }
            word.set(bits);
        }
        self.inuse.set(self.inuse.get() + taken as u16);
        taken
    }

    /// Whether an object is free; the caller holds the list lock.
    pub(crate) fn is_free(&self, index: u16) -> bool {
        let word = self.words().get(usize::from(index) / BITS);
        word.is_some_and(|word| word.get() & 1 << (usize::from(index) % BITS) != 0)
    }

    /// Takes a certain object, which is free.
    pub(in crate::slab) fn claim(&self, index: u16) {
        if let Some(word) = self.words().get(usize::from(index) / BITS) {
            word.set(word.get() & !(1 << (usize::from(index) % BITS)));
            self.inuse.set(self.inuse.get() + 1);
        }
    }

    /// Makes an object free; `false` when it is free already.
    #[inline]
    pub(in crate::slab) fn put(&self, index: u16) -> bool {
        let Some(word) = self.words().get(usize::from(index) / BITS) else { return false };
        let mask = 1 << (usize::from(index) % BITS);
        if word.get() & mask != 0 {
            return false;
        }
        word.set(word.get() | mask);
        self.inuse.set(self.inuse.get() - 1);
        true
    }

    /// How many objects are free; the caller holds the list lock.
    pub(crate) fn free_objects(&self) -> usize {
        self.words().iter().map(|word| word.get().count_ones() as usize).sum()
    }

    /// The bitmap; the caller holds the list lock.
    #[inline]
    pub(crate) fn free_bits(&self) -> &[Cell<u64>] {
        self.words()
    }

    /// The first live object from number `from` on; the caller holds the list lock.
    pub(crate) fn next_live(&self, from: u16) -> Option<u16> {
        (from..self.objects.get()).find(|&index| !self.is_free(index))
    }

    /// Calls `each(address, bytes)` for every stretch of whole pages that hold nothing but free objects; the
    /// caller holds the list lock.
    pub(crate) fn for_each_idle_stretch(
        &self,
        layout: &Layout,
        page_size: usize,
        mut each: impl FnMut(usize, usize),
    ) {
        let last = usize::from(self.objects.get()) - 1;
        let live_on = |page: usize| {
            let slots = page / layout.stride..=((page + page_size - 1) / layout.stride).min(last);
            slots.into_iter().any(|index| !self.is_free(index as u16))
        };
        let mut start = 0;
        for page in (0..=self.bytes()).step_by(page_size) {
            if page == self.bytes() || live_on(page) {
                if page > start {
                    each(self.base() + start, page - start);
                }
                start = page + page_size;
            }
        }
    }
}
