// SPDX-License-Identifier: MIT OR Apache-2.0
//! The arena: one reservation, two zones.

use core::cell::Cell;
use core::ptr::NonNull;
use core::slice;
use std::sync::OnceLock;

use crate::abi::errno::{ENOMEM, Errno};
use crate::page::block::PAGES;
use crate::page::owner::{OWNERS, Owners};
use crate::page::zone::{Use, Zone};
use crate::param::params;
use crate::sync::Once;
use crate::sys::{mem, tool};

/// Object blocks per metadata block. A slab of one page needs 64 bytes of metadata for 4096 of objects; the
/// rest is room for many caches.
const OBJECT_BLOCKS_PER_META_BLOCK: usize = 16;
/// Default address space: this many times the machine's memory, between the two bounds.
const MEMORY_MULTIPLE: usize = 4;
const MIN_DEFAULT_BYTES: usize = 64 << 30;
const MAX_DEFAULT_BYTES: usize = 4 << 40;
/// More than any system gives a process that does not ask for addresses beyond.
const MAX_BYTES: usize = 1 << 48;

/// Everything the library owns, in one range of addresses.
pub(crate) struct Arena {
    /// Pages of slabs.
    pub(crate) objects: Zone,
    /// Pages of [`heap`](crate::page::heap).
    pub(crate) metadata: Zone,
    pub(crate) metadata_base: usize,
    pub(crate) page_size: usize,
    start: usize,
    /// Bytes of address space in all.
    pub(crate) reserved: usize,
    /// Bytes of bit trees, committed from the start.
    pub(crate) tree_bytes: usize,
}

static ARENA: OnceLock<Arena> = OnceLock::new();

/// The arena, if the library has been initialised.
#[inline]
pub(crate) fn arena() -> Option<&'static Arena> {
    ARENA.get()
}

/// Whether an address, which may be any number, lies in the arena.
pub(crate) fn is_ours(address: usize) -> bool {
    arena().is_some_and(|arena| address.wrapping_sub(arena.start) < arena.reserved)
}

static INIT: Once = Once::new();

/// Keeps the arena from being set up, for the time of a fork.
pub(crate) fn hold_start_for_fork() {
    INIT.hold();
}

/// # Safety
/// The calling thread called `hold_start_for_fork`, or is its image in a child process.
pub(crate) unsafe fn let_go_start_after_fork() {
    // SAFETY: held (contract).
    unsafe { INIT.let_go() };
}

/// Sets the arena up unless it is; -ENOMEM when no address space can be had, and then a later call tries
/// again.
pub(crate) fn init() -> Result<(), Errno> {
    INIT.run(|| {
        let arena = first_that_fits()?;
        // Only this closure sets the arena, once: a refusal cannot happen.
        let _ = ARENA.set(arena);
        Ok(())
    })
}

/// Reserves as much as the options and limits suggest, or the largest fraction of it that the system grants.
fn first_that_fits() -> Result<Arena, Errno> {
    let mut bytes = wanted_bytes();
    let smallest = block_bytes() * 2;
    while bytes >= smallest {
        if let Some(arena) = build(bytes) {
            return Ok(arena);
        }
        bytes /= 2;
    }
    Err(ENOMEM)
}

fn block_bytes() -> usize {
    PAGES * mem::page_size()
}

/// Bytes of address space to ask for first.
fn wanted_bytes() -> usize {
    match params().arena_bytes {
        0 => {
            let by_memory = mem::physical_bytes().saturating_mul(MEMORY_MULTIPLE);
            // Under RLIMIT_AS a reservation takes from what the rest of the program can map: half is fair.
            by_memory.clamp(MIN_DEFAULT_BYTES, MAX_DEFAULT_BYTES).min(mem::address_space_limit() / 2)
        }
        chosen => chosen.clamp(block_bytes() * 2, MAX_BYTES),
    }
}

/// Where the parts of an arena of a given number of object blocks lie, in bytes from its start.
struct Plan {
    object_blocks: usize,
    metadata_blocks: usize,
    tree_bytes: usize,
    metadata_headers: usize,
    object_headers: usize,
    owners: usize,
    metadata: usize,
    objects: usize,
    total: usize,
}

impl Plan {
    fn new(object_blocks: usize) -> Self {
        let page = mem::page_size();
        let metadata_blocks = object_blocks.div_ceil(OBJECT_BLOCKS_PER_META_BLOCK);
        let tree_bytes =
            (Zone::tree_bytes(object_blocks) + Zone::tree_bytes(metadata_blocks)).next_multiple_of(page);
        let metadata_headers = tree_bytes;
        let object_headers = metadata_headers + Zone::header_bytes(metadata_blocks).next_multiple_of(page);
        let owners = object_headers + Zone::header_bytes(object_blocks).next_multiple_of(page);
        let owners_end = owners + Owners::bytes_for(object_blocks * block_bytes()).next_multiple_of(page);
        // Runs are aligned to their size: the zones begin on a block boundary (relative to an aligned base).
        let metadata = owners_end.next_multiple_of(block_bytes());
        // One block stays uncommitted between the zones: neither can run into the other.
        let objects = metadata + (metadata_blocks + 1) * block_bytes();
        let total = objects + object_blocks * block_bytes();
        Self {
            object_blocks,
            metadata_blocks,
            tree_bytes,
            metadata_headers,
            object_headers,
            owners,
            metadata,
            objects,
            total,
        }
    }
}

fn build(bytes: usize) -> Option<Arena> {
    let plan = Plan::new((bytes / block_bytes()).checked_sub(1)?.max(1));
    // One block more than needed, so that an aligned base lies inside.
    let reserved = plan.total + block_bytes();
    let start = mem::reserve(reserved)?;
    // SAFETY: just reserved.
    unsafe { mem::allow_huge_pages(start.as_ptr(), reserved, false) };
    let skip = start.as_ptr().addr().next_multiple_of(block_bytes()) - start.as_ptr().addr();
    // SAFETY: `skip` is less than a block, and the reservation is a block longer than the plan.
    let base = unsafe { start.add(skip) };
    // SAFETY: the trees lie at the page-aligned start of the plan, inside the reservation.
    if !unsafe { mem::commit(base.as_ptr(), plan.tree_bytes) } {
        // SAFETY: nothing refers to the reservation yet.
        unsafe { mem::release(start, reserved) };
        return None;
    }
    // SAFETY: every offset of the plan is at most its total, which the reservation exceeds.
    let at = |offset: usize| -> NonNull<u8> { unsafe { base.add(offset) } };
    let words = plan.tree_bytes / size_of::<u64>();
    // SAFETY: committed, zeroed, aligned to a page, never unmapped, and used by the two zones only.
    let trees: &'static [Cell<u64>] = unsafe { slice::from_raw_parts(at(0).cast().as_ptr(), words) };
    let (object_trees, metadata_trees) =
        trees.split_at_checked(Zone::tree_bytes(plan.object_blocks) / size_of::<u64>())?;
    OWNERS.set_up(at(plan.objects), at(plan.owners));
    // SAFETY: the plan gives each part of each zone a range of its own inside the reservation.
    let objects = unsafe {
        Zone::new(
            at(plan.objects),
            plan.object_blocks,
            object_trees,
            at(plan.object_headers),
            Use::Objects { owners: &OWNERS, huge_from: params().huge_from.div_ceil(block_bytes()) },
        )
    };
    // SAFETY: as above.
    let metadata = unsafe {
        Zone::new(
            at(plan.metadata),
            plan.metadata_blocks,
            metadata_trees,
            at(plan.metadata_headers),
            Use::Metadata,
        )
    };
    let metadata_base = at(plan.metadata).as_ptr().addr();
    let (page_size, tree_bytes) = (mem::page_size(), plan.tree_bytes);
    // A pointer in a slab object keeps what it points to from being called a leak.
    tool::scan(at(plan.objects).as_ptr().addr(), objects.capacity());
    let start = start.as_ptr().addr();
    Some(Arena { objects, metadata, metadata_base, page_size, start, reserved, tree_bytes })
}
