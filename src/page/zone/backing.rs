// SPDX-License-Identifier: MIT OR Apache-2.0
//! The memory behind the free pages of a zone: which of them have some, how it goes back to the system, and
//! where it comes as huge pages.

use core::sync::atomic::Ordering::Relaxed;

use crate::page::block::{Block, MAX_ORDER, PAGES, Run};
use crate::page::zone::{State, Use, Zone};
use crate::sys::mem;

/// Pages that one step of decay purges; more when it would take more than so many steps to be done.
const PURGED_PER_STEP: usize = 256;
const STEPS: usize = 400;

impl Zone {
    /// Lets a block of free pages have huge pages, if it has no memory yet and the zone is so large that it
    /// may. With them its first user brings memory behind his neighbours too, which therefore count as dirty.
    pub(super) fn allow_huge(&self, state: &mut State, index: usize, block: &Block) {
        if let Use::Objects { huge_from, .. } = self.used_for
            && index >= huge_from
            && block.nr_dirty() == 0
        {
            self.advise(index, true);
            self.mark_dirty(state, block, index, Run { page: 0, order: MAX_ORDER });
        }
    }

    /// Counts the pages of a run as backed by memory. They are free, or about to be.
    pub(super) fn mark_dirty(&self, state: &mut State, block: &Block, index: usize, run: Run) {
        let change = block.set_dirty(run, true);
        state.with_dirty.insert(index);
        self.set_dirty(state, state.nr_dirty.wrapping_add_signed(change));
    }

    /// Changes the number of dirty pages, and tells those who look without the lock.
    pub(super) fn set_dirty(&self, state: &mut State, nr_dirty: usize) {
        state.nr_dirty = nr_dirty;
        state.idle_dirty = state.idle_dirty.min(nr_dirty);
        self.dirty.store(nr_dirty, Relaxed);
    }

    /// Says whether a block may have huge pages. Before a part of it is decommitted it must not: the system
    /// would fill the hole again.
    fn advise(&self, index: usize, huge: bool) {
        let Some(block) = self.block(index) else { return };
        if block.huge.replace(huge) != huge {
            let at = core::ptr::with_exposed_provenance_mut(self.address_of(index, 0));
            // SAFETY: the block lies inside the zone's reservation.
            unsafe { mem::allow_huge_pages(at, PAGES << self.page_shift, huge) };
        }
    }

    /// Returns the memory behind a part of a run that is in use to the system.
    ///
    /// # Safety
    /// `at..at + bytes` is page-aligned, lies within a run of this zone, and holds no live data.
    pub(crate) unsafe fn decommit(&self, at: usize, bytes: usize) {
        let Some((index, _)) = self.locate(at) else { return };
        let _state = self.state.lock();
        self.advise(index, false);
        // SAFETY: passed on.
        unsafe { mem::decommit(core::ptr::with_exposed_provenance_mut(at), bytes) };
    }

    /// So many steps' worth of giving back what lies idle. `new_epoch`: whether an epoch has passed, so that
    /// what was dirty all along is to go.
    pub(in crate::page) fn decay(&self, new_epoch: bool, steps: usize) {
        let mut state = self.state.lock();
        if new_epoch {
            state.to_purge = state.idle_dirty;
            state.per_step = PURGED_PER_STEP.max(state.to_purge / STEPS);
            state.idle_dirty = state.nr_dirty;
        }
        let mut budget = state.per_step * steps;
        while budget > 0 && state.to_purge > 0 {
            let purged = self.purge_one(&mut state, budget);
            state.to_purge = if purged == 0 { 0 } else { state.to_purge.saturating_sub(purged) };
            budget = budget.saturating_sub(purged);
        }
    }

    /// Bytes of free pages that are backed by memory.
    pub(in crate::page) fn dirty_bytes(&self) -> usize {
        self.dirty.load(Relaxed) << self.page_shift
    }

    /// Returns dirty pages of one block, the highest, since low ones are reused first, to the system: `most`
    /// or a few more. A block of huge pages that is free goes at once: that is little work, and they stay
    /// whole. Returns how many went.
    fn purge_one(&self, state: &mut State, most: usize) -> usize {
        let Some(index) = state.with_dirty.last() else { return 0 };
        let Some(block) = self.block(index) else { return 0 };
        let whole = block.huge.get() && block.nr_dirty() == PAGES;
        if !whole {
            self.advise(index, false);
        }
        let purged = block.drain_dirty(if whole { PAGES } else { most }, |page, count| {
            let at = core::ptr::with_exposed_provenance_mut(self.address_of(index, page));
            // SAFETY: the pages are committed, and free: the lock that guards their state is held.
            unsafe { mem::decommit(at, count << self.page_shift) };
        });
        self.set_dirty(state, state.nr_dirty - purged);
        if block.nr_dirty() == 0 {
            state.with_dirty.remove(index);
        }
        purged
    }

    /// Returns all free pages to the system. The lock is dropped between blocks, so that nobody waits for
    /// more than one block's worth. What others free meanwhile may stay, or this would take as long as they go on.
    pub(crate) fn purge(&self) {
        self.purge_pages(self.dirty.load(Relaxed));
        #[cfg(debug_assertions)]
        self.validate(&self.state.lock());
    }

    /// The same for so many pages, or a few more.
    fn purge_pages(&self, mut most: usize) {
        while most > 0 {
            let purged = self.purge_one(&mut self.state.lock(), most.min(PAGES));
            if purged == 0 {
                return;
            }
            most = most.saturating_sub(purged);
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_types, reason = "tests may allocate")]
mod tests {
    use core::cell::Cell;

    use super::*;

    /// A zone of its own memory.
    fn zone(blocks: usize) -> Zone {
        let page = mem::page_size();
        let words = Zone::tree_bytes(blocks) / size_of::<u64>();
        let trees: &'static [Cell<u64>] = Vec::leak((0..words).map(|_| Cell::new(0)).collect());
        let headers = mem::reserve(Zone::header_bytes(blocks).next_multiple_of(page)).unwrap();
        let base = mem::reserve(blocks * PAGES * page).unwrap();
        // SAFETY: both were reserved for this zone, and stay.
        unsafe { Zone::new(base, blocks, trees, headers, Use::Metadata) }
    }

    #[test]
    fn the_highest_dirty_block_is_purged_first() {
        let zone = zone(5);
        let runs: [_; 5] = core::array::from_fn(|_| zone.alloc(MAX_ORDER).unwrap());
        for run in runs.iter().take(4) {
            // SAFETY: allocated above, and not used.
            unsafe { zone.free(*run, MAX_ORDER) };
        }
        for left in (0..4).rev() {
            let mut state = zone.state.lock();
            assert_eq!((state.with_dirty.first(), state.with_dirty.last()), (Some(0), Some(left)));
            assert_eq!(zone.purge_one(&mut state, PAGES), PAGES);
            assert_eq!(state.nr_dirty, left * PAGES);
            assert_eq!(zone.dirty_bytes(), left * PAGES * mem::page_size());
        }
        assert_eq!(zone.purge_one(&mut zone.state.lock(), PAGES), 0);
    }

    #[test]
    fn what_comes_during_a_purge_does_not_prolong_it() {
        let zone = zone(3);
        let runs: [_; 3] = core::array::from_fn(|_| zone.alloc(MAX_ORDER).unwrap());
        for run in runs {
            // SAFETY: allocated above, and not used.
            unsafe { zone.free(run, MAX_ORDER) };
        }
        // As many as there were when one block was dirty.
        zone.purge_pages(PAGES);
        assert_eq!(zone.dirty_bytes(), 2 * PAGES * mem::page_size());
        zone.purge();
        assert_eq!(zone.dirty_bytes(), 0);
    }
}
