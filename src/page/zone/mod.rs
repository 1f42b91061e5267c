// SPDX-License-Identifier: MIT OR Apache-2.0
//! A zone: blocks in use up to a frontier, and which of them have room. What memory stands behind them is in
//! `backing`.

mod backing;

use core::cell::Cell;
use core::ptr::NonNull;
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::page::Tag;
use crate::page::bit_tree::BitTree;
use crate::page::block::{Block, MAX_ORDER, PAGES, Run};
use crate::page::owner::Owners;
#[cfg(debug_assertions)]
use crate::printk::panic::bug_on;
use crate::sync::{self, Mutex};
use crate::sys::mem;

/// Runs up to this order are cleared by hand, which memcheck understands; larger ones by the system.
const CLEARED_ORDER: u8 = 2;

/// What the zone lock guards: which blocks have a free run of an order, and which have dirty pages.
///
/// `in_use` + free pages of all blocks below the frontier = frontier × pages in a block.
struct State {
    available: [BitTree; MAX_ORDER as usize + 1],
    with_dirty: BitTree,
    nr_dirty: usize,
    in_use: usize,
    /// The least that `nr_dirty` has been since the epoch began: pages that nobody needed since then.
    idle_dirty: usize,
    /// Pages that are to be purged, step by step, and so many in each.
    to_purge: usize,
    per_step: usize,
}

/// A range of pages, handed out in runs of 2^order.
pub(crate) struct Zone {
    base: usize,
    page_shift: u32,
    nr_blocks: usize,
    /// Headers of all blocks; those below the frontier are committed.
    blocks: NonNull<Block>,
    /// Blocks that have come into use. Grows, under the lock, and never shrinks.
    frontier: AtomicUsize,
    /// `nr_dirty`, for a look without the lock.
    dirty: AtomicUsize,
    used_for: Use,
    state: Mutex<State, { sync::rank::ZONE }>,
}

// SAFETY: the cells inside blocks are touched only under `state`'s lock; tags are atomics.
unsafe impl Sync for Zone {}
// SAFETY: nothing in a zone belongs to a thread.
unsafe impl Send for Zone {}

/// What a zone is there for.
pub(in crate::page) enum Use {
    Objects {
        /// Where the owners of the pages are noted.
        owners: &'static Owners,
        /// The first block that may have huge pages.
        huge_from: usize,
    },
    Metadata,
}

/// What a zone's memory is used for, in bytes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Usage {
    /// Pages that belong to somebody.
    pub(crate) in_use: usize,
    /// Free pages that are still backed by memory.
    pub(crate) dirty: usize,
    /// Free pages that are not.
    pub(crate) clean: usize,
    /// Block headers.
    pub(crate) headers: usize,
}

/// Number of bit trees in a zone: one per order, and the dirty one.
const TREES: usize = MAX_ORDER as usize + 2;

impl Zone {
    /// Bytes of zeroed, committed memory that the bit trees of a zone need.
    pub(in crate::page) const fn tree_bytes(nr_blocks: usize) -> usize {
        TREES * BitTree::bytes_for(nr_blocks)
    }

    /// Bytes of reserved memory that the block headers need.
    pub(in crate::page) const fn header_bytes(nr_blocks: usize) -> usize {
        nr_blocks * size_of::<Block>()
    }

    /// A zone without any block in use yet.
    ///
    /// `trees` has [`tree_bytes`](Self::tree_bytes) of zeroes.
    ///
    /// # Safety
    /// `headers` is the page-aligned start of [`header_bytes`](Self::header_bytes), `base` that of
    /// `nr_blocks` blocks; both are reserved for this zone for ever.
    pub(in crate::page) unsafe fn new(
        base: NonNull<u8>,
        nr_blocks: usize,
        trees: &'static [Cell<u64>],
        headers: NonNull<u8>,
        used_for: Use,
    ) -> Self {
        let words = BitTree::bytes_for(nr_blocks) / size_of::<u64>();
        let mut trees = trees.chunks(words.max(1)).map(|memory| BitTree::new(memory, nr_blocks));
        let mut tree = || trees.next().unwrap_or_else(|| BitTree::new(&[], 0));
        let state = State {
            available: core::array::from_fn(|_| tree()),
            with_dirty: tree(),
            nr_dirty: 0,
            in_use: 0,
            idle_dirty: 0,
            to_purge: 0,
            per_step: 0,
        };
        Self {
            base: base.as_ptr().expose_provenance(),
            page_shift: mem::page_size().trailing_zeros(),
            nr_blocks,
            blocks: headers.cast(),
            frontier: AtomicUsize::new(0),
            dirty: AtomicUsize::new(0),
            used_for,
            state: Mutex::new(state),
        }
    }

    fn block(&self, index: usize) -> Option<&Block> {
        // Acquire pairs with the Release in `grow`: the header is committed.
        if index >= self.frontier.load(Acquire) {
            return None;
        }
        // SAFETY: the index is below the frontier, so the header lies inside the committed part of the array.
        let header = unsafe { self.blocks.add(index) };
        // SAFETY: committed headers stay, start as zeroes (a valid Block), and are only shared.
        Some(unsafe { header.as_ref() })
    }

    /// The block and page number of an address inside the zone.
    fn locate(&self, address: usize) -> Option<(usize, usize)> {
        let page = address.checked_sub(self.base)? >> self.page_shift;
        Some((page / PAGES, page % PAGES)).filter(|&(block, _)| block < self.nr_blocks)
    }

    fn address_of(&self, block: usize, page: usize) -> usize {
        self.base + ((block * PAGES + page) << self.page_shift)
    }

    /// Brings one more block into use; `false` when the zone is used up or the system has no memory.
    fn grow(&self, state: &mut State) -> bool {
        let index = self.frontier.load(Relaxed);
        if index >= self.nr_blocks {
            return false;
        }
        let page = mem::page_size();
        let first = self.blocks.as_ptr().expose_provenance() + index * size_of::<Block>();
        let start = first & !(page - 1);
        let end = (first + size_of::<Block>()).next_multiple_of(page);
        // SAFETY: page-aligned (rounded outwards), inside the header array's reservation, which is a whole
        // number of pages.
        let header = unsafe { mem::commit(core::ptr::with_exposed_provenance_mut(start), end - start) };
        let at = core::ptr::with_exposed_provenance_mut(self.address_of(index, 0));
        // SAFETY: the block lies inside the zone's reservation, whose base is page-aligned.
        let pages = header && unsafe { mem::commit(at, PAGES << self.page_shift) };
        let bytes = ((index + 1) * PAGES) << self.page_shift;
        let owned = match self.used_for {
            Use::Objects { owners, .. } => pages && owners.extend(bytes),
            Use::Metadata => pages,
        };
        if !owned {
            return false;
        }
        // Release publishes the committed header to `block`.
        self.frontier.store(index + 1, Release);
        state.in_use += PAGES;
        self.release(state, index, Run { page: 0, order: MAX_ORDER });
        true
    }

    /// Puts a run of a block back among the free ones.
    fn release(&self, state: &mut State, index: usize, run: Run) {
        let Some(block) = self.block(index) else { return };
        state.in_use -= 1 << run.order;
        block.put(run, |order, count| note_count(&state.available, index, order, count));
    }

    /// Takes a run of 2^order pages: the smallest that is large enough, and of those the lowest.
    fn take(&self, state: &mut State, order: u8) -> Option<usize> {
        let mut candidates = (order..=MAX_ORDER).zip(state.available.iter().skip(order.into()));
        let (found, index) = candidates.find_map(|(at, tree)| Some((at, tree.first()?)))?;
        let block = self.block(index)?;
        let mut run = block.lowest(found)?;
        if found == MAX_ORDER {
            self.allow_huge(state, index, block);
        }
        let mut changed = |order, count| note_count(&state.available, index, order, count);
        block.take(run, &mut changed);
        while run.order > order {
            run.order -= 1;
            block.put(Run { page: run.page + (1 << run.order), order: run.order }, &mut changed);
        }
        self.count_taken(state, block, index, run);
        Some(self.address_of(index, run.page))
    }

    /// Counts a run that was just taken out of a block.
    fn count_taken(&self, state: &mut State, block: &Block, index: usize, run: Run) {
        let change = block.set_dirty(run, false);
        if change != 0 && block.nr_dirty() == 0 {
            state.with_dirty.remove(index);
        }
        self.set_dirty(state, state.nr_dirty.wrapping_add_signed(change));
        state.in_use += 1 << run.order;
    }

    /// The first of `count` free blocks in a row, which are brought into use if need be.
    fn free_blocks(&self, state: &mut State, count: usize) -> Option<usize> {
        let whole = |state: &State, index| {
            state.available.get(usize::from(MAX_ORDER)).is_some_and(|blocks| blocks.contains(index))
        };
        let mut row = 0;
        for index in 0..self.nr_blocks {
            // A block that nobody has used yet is free as a whole.
            if index >= self.frontier.load(Relaxed)
                && !(count - row <= self.nr_blocks - index && self.grow(state))
            {
                return None;
            }
            row = if whole(state, index) { row + 1 } else { 0 };
            if row == count {
                return Some(index + 1 - count);
            }
        }
        None
    }

    /// Allocates `count` whole blocks in a row; each is given back with [`free`](Self::free), as a run of the
    /// largest order. Contents are undefined unless `zeroed`. `None` when there is no room or no memory.
    pub(crate) fn alloc_blocks(&self, count: usize, zeroed: bool) -> Option<NonNull<u8>> {
        if count == 0 || count > self.nr_blocks || mem::test_refuses() {
            return None;
        }
        let mut state = self.state.lock();
        let first = self.free_blocks(&mut state, count)?;
        let run = Run { page: 0, order: MAX_ORDER };
        for index in first..first + count {
            let Some(block) = self.block(index) else { continue };
            self.allow_huge(&mut state, index, block);
            block.take(run, |order, count| note_count(&state.available, index, order, count));
            self.count_taken(&mut state, block, index, run);
        }
        drop(state);
        let start: NonNull<u8> =
            NonNull::new(core::ptr::with_exposed_provenance_mut(self.address_of(first, 0)))?;
        if zeroed {
            // SAFETY: fresh blocks of our own, committed over their length.
            unsafe { mem::clear(start.as_ptr(), (count * PAGES) << self.page_shift) };
        }
        Some(start)
    }

    /// Allocates a run of 2^order pages, aligned to its size. Contents are undefined. `None` when the zone is
    /// used up, the system refuses memory, or no block is that large.
    pub(crate) fn alloc(&self, order: u8) -> Option<NonNull<u8>> {
        if order > MAX_ORDER || mem::test_refuses() {
            return None;
        }
        let mut state = self.state.lock();
        let address = match self.take(&mut state, order) {
            Some(address) => address,
            None if self.grow(&mut state) => self.take(&mut state, order)?,
            None => return None,
        };
        NonNull::new(core::ptr::with_exposed_provenance_mut(address))
    }

    /// The same, filled with zeroes; memory of a large run is only taken for the pages that are used later.
    pub(crate) fn alloc_zeroed(&self, order: u8) -> Option<NonNull<u8>> {
        let run = self.alloc(order)?;
        let bytes = 1 << order << self.page_shift;
        if order <= CLEARED_ORDER {
            // SAFETY: a fresh run of our own, committed over its length.
            unsafe { run.write_bytes(0, bytes) };
        } else {
            // SAFETY: as above, and page-aligned.
            unsafe { mem::clear(run.as_ptr(), bytes) };
        }
        Some(run)
    }

    /// Gives a run back.
    ///
    /// # Safety
    /// The run came from [`alloc`](Self::alloc) of this zone with this order and nothing refers to it any
    /// more.
    pub(crate) unsafe fn free(&self, run: NonNull<u8>, order: u8) {
        let Some((index, page)) = self.locate(run.as_ptr().addr()) else { return };
        let run = Run { page, order };
        let mut state = self.state.lock();
        let Some(block) = self.block(index) else { return };
        self.mark_dirty(&mut state, block, index, run);
        self.release(&mut state, index, run);
    }

    /// The tag of the page that holds `address`, which may be any number; 0 outside the zone.
    #[inline]
    pub(crate) fn tag(&self, address: usize) -> Tag {
        // Below the zone the difference wraps, to a page beyond all blocks.
        let page = address.wrapping_sub(self.base) >> self.page_shift;
        self.block(page / PAGES).map_or(0, |block| block.tag(page % PAGES))
    }

    /// Whether `bytes` bytes at an address, which may be any number, lie in memory that was ever handed out.
    #[inline]
    pub(crate) fn is_committed(&self, address: usize, bytes: usize) -> bool {
        let end = self.base + ((self.frontier.load(Acquire) * PAGES) << self.page_shift);
        address >= self.base && address.checked_add(bytes).is_some_and(|last| last <= end)
    }

    /// Tags every page of an allocated run.
    pub(crate) fn set_tag(&self, run: NonNull<u8>, order: u8, tag: Tag) {
        let Some((index, page)) = self.locate(run.as_ptr().addr()) else { return };
        if let Some(block) = self.block(index) {
            block.set_tags(Run { page, order }, tag);
        }
    }

    /// What the zone's committed memory is used for, all at one moment.
    pub(crate) fn usage(&self) -> Usage {
        let state = self.state.lock();
        let blocks = self.frontier.load(Relaxed);
        let bytes = |pages: usize| pages << self.page_shift;
        Usage {
            in_use: bytes(state.in_use),
            dirty: bytes(state.nr_dirty),
            clean: bytes(blocks * PAGES - state.in_use - state.nr_dirty),
            headers: (blocks * size_of::<Block>()).next_multiple_of(bytes(1)),
        }
    }

    /// Changes the tag of the page of an address if it is `old`.
    pub(in crate::page) fn replace_tag(&self, address: usize, old: Tag, new: Tag) -> bool {
        let Some((index, page)) = self.locate(address) else { return false };
        self.block(index).is_some_and(|block| block.replace_tag(page, old, new))
    }

    /// Takes the lock for the time of a fork.
    pub(crate) fn hold_for_fork(&self) {
        sync::hold(&self.state);
    }

    /// Lets it go.
    ///
    /// # Safety
    /// The calling thread called `hold_for_fork`, or is its image in a child process.
    pub(crate) unsafe fn let_go_after_fork(&self) {
        // SAFETY: held (contract).
        unsafe { sync::let_go(&self.state) };
    }

    /// Bytes that the zone could hold in all.
    pub(crate) fn capacity(&self) -> usize {
        (self.nr_blocks * PAGES) << self.page_shift
    }

    /// Checks the zone's invariants over its whole length, in debug builds.
    #[cfg(debug_assertions)]
    fn validate(&self, state: &State) {
        let blocks = || (0..self.frontier.load(Relaxed)).filter_map(|index| self.block(index));
        let free: usize = blocks().map(Block::count_free_pages).sum();
        bug_on!(free + state.in_use != self.frontier.load(Relaxed) * PAGES);
        bug_on!(blocks().map(Block::nr_dirty).sum::<usize>() != state.nr_dirty);
        bug_on!(state.nr_dirty > free);
    }
}

/// Keeps a tree of blocks in step with the number of free runs of an order in one block.
fn note_count(available: &[BitTree; MAX_ORDER as usize + 1], block: usize, order: u8, count: u16) {
    let Some(tree) = available.get(usize::from(order)) else { return };
    if count == 0 { tree.remove(block) } else { tree.insert(block) }
}
