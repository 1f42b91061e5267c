// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pages: where all memory comes from.
//!
//! One reservation of address space (the arena) holds everything. Object pages and the library's own metadata
//! come from two zones that lie apart, so that an object that overflows its slab never reaches metadata:
//!
//! ```text
//!   arena
//!   +----------------------+-----------------+-------+----------------------------------------------+
//!   | bit trees and block  |  metadata zone  | guard |  object zone                                  |
//!   | headers of both      |  (page::heap)   |       |  (slabs, runs)                                |
//!   +----------------------+-----------------+-------+----------------------------------------------+
//! ```
//!
//! A zone is an array of blocks of 2^10 pages, the largest run that Linux's page allocator hands out. Blocks
//! come into use from the low end (the frontier), and only then is their memory committed, so that the number
//! of mappings stays at a handful for ever. Inside a block a buddy allocator on bitmaps serves runs of
//! 2^order pages, lowest address first. Free pages that were used stay backed by memory until they are purged
//! ("dirty"); a purge returns them to the system and keeps the mapping. Pages that nobody needed for a while
//! are purged bit by bit (`decay`).
//!
//! Every page of the object zone carries a tag: the index of the slab record that owns it, the kind and
//! length of a run that is no slab (`run`), 0 for none. Reading a tag takes no lock and is safe for any
//! address whatever: that is what tells a foreign pointer from ours. Beside the tag there is a byte with the
//! number of the owning cache (`owner`), for frees that are told nothing but the address.
//!
//! Differs from the kernel: no struct page (a slab's record comes from the heap, dense, only when there is a
//! slab), no per-CPU page lists, no migration types.
//!
//! Fork: a child inherits the arena copy-on-write, and `cache::fork` holds the locks meanwhile. Signals: no
//! function of this floor may be called from a handler that interrupted it; the floors above see to that.

mod arena;
mod bit_tree;
mod block;
mod decay;
pub(crate) mod grace;
pub(crate) mod heap;
pub(crate) mod owner;
pub(crate) mod run;
mod zone;

pub(crate) use arena::{Arena, arena, hold_start_for_fork, init, is_ours, let_go_start_after_fork};
pub(crate) use decay::{decay, dirty_bytes, epoch, period};
pub(crate) use zone::Usage;

/// Returns every free page to the system.
pub(crate) fn purge() {
    if let Some(arena) = arena() {
        arena.objects.purge();
        arena.metadata.purge();
    }
}

/// Returns free pages of the library's own to the system if there are many of them.
pub(crate) fn trim_metadata() {
    if let Some(arena) = arena()
        && arena.metadata.dirty_bytes() > MOST_DIRTY_METADATA
    {
        arena.metadata.purge();
    }
}

/// Bytes of such pages that stay for the next to come.
const MOST_DIRTY_METADATA: usize = 512 << 10;

/// Takes the locks of this floor for the time of a fork.
pub(crate) fn hold_for_fork() {
    grace::hold_batches_for_fork();
    heap::hold_for_fork();
    if let Some(arena) = arena() {
        arena.objects.hold_for_fork();
        arena.metadata.hold_for_fork();
    }
}

/// Lets them go.
///
/// # Safety
/// The calling thread called `hold_for_fork`, or is its image in a child process.
pub(crate) unsafe fn let_go_after_fork() {
    if let Some(arena) = arena() {
        // SAFETY: held (contract); an arena does not appear meanwhile, since its start-up lock is held too.
        unsafe { arena.metadata.let_go_after_fork() };
        // SAFETY: as above.
        unsafe { arena.objects.let_go_after_fork() };
    }
    // SAFETY: as above.
    unsafe { heap::let_go_after_fork() };
    // SAFETY: as above.
    unsafe { grace::let_go_batches_after_fork() };
}

/// A tag: which slab record owns a page, or what else it is part of. 0 is nobody.
pub(crate) type Tag = u32;
