// SPDX-License-Identifier: MIT OR Apache-2.0
//! Slabs from pages, and back.

use core::ptr::NonNull;

use crate::page::arena;
use crate::page::owner::OWNERS;
use crate::param::params;
use crate::slab::{Cache, Node, Slab, SlabList};

/// Makes a slab of the preferred order, or of the least one when that cannot be had. Its objects are free and
/// not set up, and it is on no list. `None` when there is no memory.
pub(crate) fn build<'a>(cache: &Cache) -> Option<&'a Slab> {
    let layout = &cache.layout;
    build_order(cache, layout.order, layout.objects).or_else(|| {
        let smaller = layout.min_order < layout.order;
        smaller.then(|| build_order(cache, layout.min_order, layout.min_objects)).flatten()
    })
}

fn build_order<'a>(cache: &Cache, order: u8, objects: u16) -> Option<&'a Slab> {
    let arena = arena()?;
    let run = arena.objects.alloc(order)?;
    let Some(record) = Slab::create(cache, run, order, objects) else {
        // SAFETY: allocated above; nobody else knows of it.
        unsafe { arena.objects.free(run, order) };
        return None;
    };
    // SAFETY: the record is live until `dismantle`.
    let slab = unsafe { record.as_ref() };
    arena.objects.set_tag(run, order, slab.tag());
    OWNERS.set(run, slab.bytes(), OWNERS.number(cache.handle));
    Some(slab)
}

/// Gives a slab's pages and record back.
///
/// # Safety
/// The slab is the cache's, on no list, none of its objects is live, and the caller drops every reference to it.
pub(crate) unsafe fn dismantle(cache: &Cache, slab: &Slab) {
    let (Some(arena), Some(run)) =
        (arena(), NonNull::new(core::ptr::with_exposed_provenance_mut::<u8>(slab.base())))
    else {
        return;
    };
    let order = slab.order();
    if params().init_on_free {
        // Caches that must not clear an object when it is freed leave that to the end of the slab, so that no page
        // reaches the next cache with anything in it.
        // SAFETY: the slab's own pages, in which no object is live (contract).
        unsafe { run.write_bytes(0, slab.bytes()) };
    }
    OWNERS.set(run, slab.bytes(), 0);
    arena.objects.set_tag(run, order, 0);
    // SAFETY: untagged and on no list; the contract covers the rest.
    unsafe { Slab::destroy(NonNull::from(slab), cache) };
    // SAFETY: the run came from `build_order` with this order, and no object in it is live (contract).
    unsafe { arena.objects.free(run, order) };
}

/// Returns the memory behind whole pages of free objects in slabs that are otherwise in use. The caller holds the
/// list lock. Nothing may be expected of the bytes of a free object: no constructor, no debug flag, not type-safe by
/// RCU.
pub(crate) fn decommit_idle_pages(cache: &Cache, node: &Node) {
    let Some(arena) = arena() else { return };
    node.for_each_partial(|slab| {
        slab.for_each_idle_stretch(&cache.layout, arena.page_size, |address, bytes| {
            // SAFETY: whole pages of a slab, with no live object in them while the lock is held.
            unsafe { arena.objects.decommit(address, bytes) };
        });
    });
}

/// Dismantles every slab of a list.
///
/// # Safety
/// As for [`dismantle`], for each of them.
pub(crate) unsafe fn dismantle_all(cache: &Cache, mut slabs: SlabList) {
    while let Some(slab) = slabs.pop_front() {
        // SAFETY: just taken off its list; the contract covers the rest.
        unsafe { dismantle(cache, slab) };
    }
}
