// SPDX-License-Identifier: MIT OR Apache-2.0
//! Slabs from pages, and back.

use core::ptr::NonNull;

use crate::abi::slab_flags::SLAB_TYPESAFE_BY_RCU;
use crate::page::arena;
use crate::page::grace::{self, Ticket};
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
    if !cache.has(SLAB_TYPESAFE_BY_RCU) {
        return build_run(cache, order, objects);
    }
    let ticket = Ticket::new()?;
    let Some(slab) = build_run(cache, order, objects) else {
        // SAFETY: nobody has seen it.
        unsafe { Ticket::free(ticket) };
        return None;
    };
    cache.node.lock().tickets.push(ticket);
    Some(slab)
}

fn build_run<'a>(cache: &Cache, order: u8, objects: u16) -> Option<&'a Slab> {
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

/// Gives a slab's pages and record back. Pages that readers under RCU may look into are the cache's no more, but as they
/// are until [`settle`] finds that nobody does.
///
/// # Safety
/// The slab is the cache's, on no list, none of its objects is live, and the caller drops every reference to it.
pub(crate) unsafe fn take_apart(cache: &Cache, slab: &Slab) {
    let (Some(arena), Some(run)) =
        (arena(), NonNull::new(core::ptr::with_exposed_provenance_mut::<u8>(slab.base())))
    else {
        return;
    };
    let (order, bytes) = (slab.order(), slab.bytes());
    OWNERS.set(run, bytes, 0);
    arena.objects.set_tag(run, order, 0);
    // SAFETY: untagged and on no list; the contract covers the rest.
    unsafe { Slab::destroy(NonNull::from(slab), cache) };
    let ticket = if cache.has(SLAB_TYPESAFE_BY_RCU) { cache.node.lock().tickets.pop() } else { None };
    if let Some(ticket) = ticket {
        // SAFETY: the run came from `build_run` with this order, and no object in it is live (contract).
        return unsafe { grace::free(ticket, run, order) };
    }
    if params().init_on_free {
        // Caches that must not clear an object when it is freed leave that to the end of the slab, so that no page
        // reaches the next cache with anything in it.
        // SAFETY: pages that were the slab's and are nobody's yet.
        unsafe { run.write_bytes(0, bytes) };
    }
    // SAFETY: as for the other way out.
    unsafe { arena.objects.free(run, order) };
}

/// Lets pages go that slabs of the cache have left to readers, if there are none any more.
pub(crate) fn settle(cache: &Cache) {
    if cache.has(SLAB_TYPESAFE_BY_RCU) {
        grace::settle(false);
    }
}

/// Does both for a slab.
///
/// # Safety
/// As for [`take_apart`].
pub(crate) unsafe fn dismantle(cache: &Cache, slab: &Slab) {
    // SAFETY: passed on.
    unsafe { take_apart(cache, slab) };
    settle(cache);
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
/// As for [`take_apart`], for each of them.
pub(crate) unsafe fn dismantle_all(cache: &Cache, mut slabs: SlabList) {
    while let Some(slab) = slabs.pop_front() {
        // SAFETY: just taken off its list; the contract covers the rest.
        unsafe { take_apart(cache, slab) };
    }
    settle(cache);
}
