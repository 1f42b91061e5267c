// SPDX-License-Identifier: MIT OR Apache-2.0
//! One block: 2^10 pages, split into runs by a buddy allocator on bitmaps.
//!
//! ```text
//!   order 3  |               0               |               1               |
//!   order 2  |       0       |       1       |       2       |       3       |
//!   order 1  |   0   |   1   |   2   |   3   |   4   |   5   |   6   |   7   |
//!   order 0  | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 |10 |11 |12 |13 |14 |15 |   pages
//! ```
//!
//! A set bit at an order says: this run is free as a whole and is not part of a larger free run.

use core::cell::Cell;
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

use crate::page::Tag;
pub(super) use crate::param::MAX_PAGE_ORDER as MAX_ORDER;

/// Pages in a block.
pub(super) const PAGES: usize = 1 << MAX_ORDER;
const ORDERS: usize = MAX_ORDER as usize + 1;
const BITS: usize = 64;

/// Where the bitmap of each order begins, in words; the last entry is the end.
const FIRST_WORD: [usize; ORDERS + 1] = {
    let mut first = [0; ORDERS + 1];
    let mut order = 0;
    while order < ORDERS {
        first[order + 1] = first[order] + (PAGES >> order).div_ceil(BITS);
        order += 1;
    }
    first
};

/// The state of one block's pages. All zeroes means: no page is free (all belong to somebody).
///
/// Everything but the tags is guarded by the zone's lock. For every order: `nr_free[order]` = bits set in
/// that order's bitmap; `nr_dirty` = bits set in `dirty`; every dirty page lies in a free run; no two buddies
/// are both free at one order.
#[repr(C, align(64))]
pub(super) struct Block {
    tags: [AtomicU32; PAGES],
    free: [Cell<u64>; FIRST_WORD[ORDERS]],
    dirty: [Cell<u64>; PAGES / BITS],
    nr_free: [Cell<u16>; ORDERS],
    nr_dirty: Cell<u16>,
    /// The system may put huge pages behind the block.
    pub(super) huge: Cell<bool>,
}

/// A piece of a block: pages `page .. page + (1 << order)`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    pub(super) page: usize,
    pub(super) order: u8,
}

impl Block {
    fn word(&self, run: Run) -> Option<(&Cell<u64>, u64)> {
        let bit = run.page >> run.order;
        let first = *FIRST_WORD.get(usize::from(run.order))?;
        Some((self.free.get(first + bit / BITS)?, 1 << (bit % BITS)))
    }

    fn is_free(&self, run: Run) -> bool {
        self.word(run).is_some_and(|(word, mask)| word.get() & mask != 0)
    }

    /// Sets or clears a run's bit; returns how many runs of its order are free afterwards.
    fn set_free(&self, run: Run, free: bool) -> u16 {
        let (Some((word, mask)), Some(count)) = (self.word(run), self.nr_free.get(usize::from(run.order)))
        else {
            return 0;
        };
        debug_assert_ne!(word.get() & mask != 0, free, "{run:?} freed twice or taken twice");
        word.set(word.get() ^ mask);
        count.set(if free { count.get() + 1 } else { count.get() - 1 });
        count.get()
    }

    /// The lowest free run of exactly this order.
    pub(super) fn lowest(&self, order: u8) -> Option<Run> {
        let first = *FIRST_WORD.get(usize::from(order))?;
        let end = *FIRST_WORD.get(usize::from(order) + 1)?;
        let words = self.free.get(first..end)?;
        let (index, word) = words.iter().enumerate().find(|(_, word)| word.get() != 0)?;
        Some(Run { page: (index * BITS + word.get().trailing_zeros() as usize) << order, order })
    }

    /// Takes a free run out; `changed(order, count)` hears the new number of free runs of its order.
    pub(super) fn take(&self, run: Run, mut changed: impl FnMut(u8, u16)) {
        changed(run.order, self.set_free(run, false));
    }

    /// Makes a run free, joined with its buddies as far as they are free.
    pub(super) fn put(&self, mut run: Run, mut changed: impl FnMut(u8, u16)) {
        while run.order < MAX_ORDER {
            let buddy = Run { page: run.page ^ (1 << run.order), order: run.order };
            if !self.is_free(buddy) {
                break;
            }
            changed(buddy.order, self.set_free(buddy, false));
            run = Run { page: run.page & buddy.page, order: run.order + 1 };
        }
        changed(run.order, self.set_free(run, true));
    }

    /// Marks the pages of a run as backed by memory while free, or not; returns the change in dirty pages.
    pub(super) fn set_dirty(&self, run: Run, dirty: bool) -> isize {
        let before = self.nr_dirty.get();
        let mut page = run.page;
        let end = run.page + (1 << run.order);
        while let Some(word) = self.dirty.get(page / BITS).filter(|_| page < end) {
            let n = (end - page).min(BITS - page % BITS);
            let mask = (u64::MAX >> (BITS - n)) << (page % BITS);
            let old = word.get();
            word.set(if dirty { old | mask } else { old & !mask });
            let delta = word.get().count_ones() as i32 - old.count_ones() as i32;
            self.nr_dirty.set(self.nr_dirty.get().wrapping_add_signed(delta as i16));
            page += n;
        }
        self.nr_dirty.get() as isize - before as isize
    }

    pub(super) fn nr_dirty(&self) -> usize {
        self.nr_dirty.get().into()
    }

    /// Calls `each(first page, pages)` for every stretch of dirty pages until that were `most` or a few more,
    /// and forgets that they are dirty. Returns how many.
    pub(super) fn drain_dirty(&self, most: usize, mut each: impl FnMut(usize, usize)) -> usize {
        let mut stretch = 0..0;
        let mut drained = 0;
        for (index, word) in self.dirty.iter().enumerate() {
            if drained >= most {
                break;
            }
            let mut bits = word.replace(0);
            drained += bits.count_ones() as usize;
            while bits != 0 {
                let skip = bits.trailing_zeros() as usize;
                let len = (bits >> skip).trailing_ones() as usize;
                let first = index * BITS + skip;
                if first == stretch.end {
                    stretch.end += len;
                } else {
                    if !stretch.is_empty() {
                        each(stretch.start, stretch.len());
                    }
                    stretch = first..first + len;
                }
                let upper = skip + len;
                bits = if upper == BITS { 0 } else { bits >> upper << upper };
            }
        }
        if !stretch.is_empty() {
            each(stretch.start, stretch.len());
        }
        self.nr_dirty.set(self.nr_dirty.get() - drained as u16);
        drained
    }

    /// The tag of a page.
    pub(super) fn tag(&self, page: usize) -> Tag {
        // Acquire pairs with the Release below: who sees a tag sees the slab record that it names.
        self.tags.get(page).map_or(0, |tag| tag.load(Acquire))
    }

    /// Changes the tag of a page if it is `old`.
    pub(super) fn replace_tag(&self, page: usize, old: Tag, new: Tag) -> bool {
        self.tags.get(page).is_some_and(|tag| tag.compare_exchange(old, new, AcqRel, Relaxed).is_ok())
    }

    /// Tags all pages of a run.
    pub(super) fn set_tags(&self, run: Run, tag: Tag) {
        for slot in self.tags.iter().skip(run.page).take(1 << run.order) {
            slot.store(tag, Release);
        }
    }

    /// Pages in free runs.
    #[cfg(debug_assertions)]
    pub(super) fn count_free_pages(&self) -> usize {
        (0..ORDERS).map(|order| usize::from(self.nr_free.get(order).map_or(0, Cell::get)) << order).sum()
    }
}
