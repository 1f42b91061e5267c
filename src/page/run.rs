// SPDX-License-Identifier: MIT OR Apache-2.0
//! Runs of pages that are handed out as they are, not cut into objects: large kmalloc, vmalloc, pages.
//!
//! Their tags say what they are and how long, so they need no record:
//!
//! ```text
//!   bit   31   28 27  26 25  24 23                 0
//!        +-------+------+------+--------------------+
//!        |  all  | kind | form |  order, or blocks  |
//!        +-------+------+------+--------------------+
//! ```
//!
//! A run of up to 2^10 pages is aligned to its size, so its start follows from any of its pages. A longer one takes
//! whole blocks: the tag of its first block has their number, that of each other one the distance to the first.

use core::ptr::NonNull;

use crate::page::block::MAX_ORDER;
use crate::page::{Tag, arena};

/// Tags from here on are not slab records.
pub(crate) const FIRST_RUN_TAG: Tag = 0xf000_0000;
const KIND_SHIFT: u32 = 26;
const FORM_SHIFT: u32 = 24;
const PAYLOAD: Tag = (1 << FORM_SHIFT) - 1;
const FORM_ORDER: Tag = 0;
const FORM_FIRST_BLOCK: Tag = 1;
const FORM_LATER_BLOCK: Tag = 2;
/// Runs up to this many bytes are cleared by hand; for longer ones the system has fresh pages.
const CLEARED_BYTES: usize = 128 << 10;

/// What a run was asked for as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Kmalloc,
    Vmalloc,
    Pages,
}

/// A run that was in use when it was looked up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Run {
    pub(crate) start: NonNull<u8>,
    pub(crate) bytes: usize,
    pub(crate) kind: Kind,
    /// The tag of the first page then.
    first: Tag,
}

fn tag(kind: Kind, form: Tag, payload: usize) -> Tag {
    FIRST_RUN_TAG | (kind as Tag) << KIND_SHIFT | form << FORM_SHIFT | payload as Tag
}

/// Pages in a block, in bytes.
fn block_bytes(page_size: usize) -> usize {
    page_size << MAX_ORDER
}

/// The order of the smallest run that holds `bytes`; beyond [`MAX_ORDER`] there is none.
pub(crate) fn order_for(bytes: usize, page_size: usize) -> u8 {
    let pages = bytes.div_ceil(page_size).max(1);
    // The highest power of two has no next one: the order is past all bounds then anyway.
    pages.checked_next_power_of_two().map_or(usize::BITS as u8, |pages| pages.trailing_zeros() as u8)
}

/// Allocates at least `bytes`, aligned to a page, and to the next power of two up to 2^10 pages. Contents are
/// undefined unless `zeroed`. `None` when there is no memory.
pub(crate) fn alloc(bytes: usize, kind: Kind, zeroed: bool) -> Option<NonNull<u8>> {
    let arena = arena()?;
    let zone = &arena.objects;
    let order = order_for(bytes, arena.page_size);
    if order <= MAX_ORDER {
        let by_hand = arena.page_size << order <= CLEARED_BYTES;
        let run = if zeroed && !by_hand { zone.alloc_zeroed(order)? } else { zone.alloc(order)? };
        if zeroed && by_hand {
            // SAFETY: a fresh run of our own, committed over its length.
            unsafe { run.write_bytes(0, arena.page_size << order) };
        }
        zone.set_tag(run, order, tag(kind, FORM_ORDER, order.into()));
        return Some(run);
    }
    let block = block_bytes(arena.page_size);
    let blocks = bytes.div_ceil(block);
    if blocks > PAYLOAD as usize {
        return None;
    }
    let start = zone.alloc_blocks(blocks, zeroed)?;
    for index in 0..blocks {
        // SAFETY: the blocks lie one after the other in the zone.
        let at = unsafe { start.add(index * block) };
        let (form, payload) = if index == 0 { (FORM_FIRST_BLOCK, blocks) } else { (FORM_LATER_BLOCK, index) };
        zone.set_tag(at, MAX_ORDER, tag(kind, form, payload));
    }
    Some(start)
}

/// The run that an address lies in; `None` for a slab, a free page, and any other number.
pub(crate) fn of(address: usize) -> Option<Run> {
    let arena = arena()?;
    let tag = arena.objects.tag(address);
    if tag < FIRST_RUN_TAG {
        return None;
    }
    let kind = match tag >> KIND_SHIFT & 3 {
        0 => Kind::Kmalloc,
        1 => Kind::Vmalloc,
        _ => Kind::Pages,
    };
    let payload = (tag & PAYLOAD) as usize;
    let block = block_bytes(arena.page_size);
    let (start, bytes, first) = match tag >> FORM_SHIFT & 3 {
        FORM_ORDER => {
            let bytes = arena.page_size.checked_shl(payload as u32)?;
            (address & !(bytes - 1), bytes, tag)
        }
        FORM_FIRST_BLOCK => (address & !(block - 1), payload * block, tag),
        _ => {
            let start = (address & !(block - 1)).checked_sub(payload * block)?;
            let first = arena.objects.tag(start);
            (start, (first & PAYLOAD) as usize * block, first)
        }
    };
    let start = NonNull::new(core::ptr::with_exposed_provenance_mut(start))?;
    Some(Run { start, bytes, kind, first })
}

/// Takes a run's name off its first page, so that nobody finds it any more; `false` when somebody else has done so,
/// whatever begins there now.
pub(crate) fn claim(run: Run) -> bool {
    arena().is_some_and(|arena| arena.objects.replace_tag(run.start.as_ptr().addr(), run.first, 0))
}

/// Gives a run back.
///
/// # Safety
/// The caller has [`claim`]ed a run with this start and length, and nothing refers to its memory any more.
pub(crate) unsafe fn free(start: NonNull<u8>, bytes: usize) {
    let Some(arena) = arena() else { return };
    let (zone, block) = (&arena.objects, block_bytes(arena.page_size));
    if bytes <= block {
        let order = order_for(bytes, arena.page_size);
        zone.set_tag(start, order, 0);
        // SAFETY: allocated by `alloc` with this order (contract).
        unsafe { zone.free(start, order) };
        return;
    }
    for offset in (0..bytes).step_by(block) {
        // SAFETY: inside the run.
        let at = unsafe { start.add(offset) };
        zone.set_tag(at, MAX_ORDER, 0);
        // SAFETY: `alloc_blocks` handed out each block as a whole (contract).
        unsafe { zone.free(at, MAX_ORDER) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page;

    /// Who looked a run up, and comes late: another run begins there by then.
    #[test]
    fn only_what_was_looked_up_is_claimed() {
        page::init().unwrap();
        let page_size = arena().unwrap().page_size;
        let start = alloc(8 * page_size, Kind::Kmalloc, false).unwrap();
        let stale = of(start.as_ptr().addr()).unwrap();
        assert!(claim(stale) && !claim(stale));
        // Half as long: what an allocation writes that gets these pages meanwhile.
        arena().unwrap().objects.set_tag(start, 2, tag(Kind::Kmalloc, FORM_ORDER, 2));
        assert!(!claim(stale));
        let now = of(start.as_ptr().addr()).unwrap();
        assert_eq!(now.bytes, 4 * page_size);
        assert!(claim(now));
        // SAFETY: claimed above with this length, and not used.
        unsafe { free(stale.start, stale.bytes) };
    }
}
