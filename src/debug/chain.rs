// SPDX-License-Identifier: MIT OR Apache-2.0
//! The chain of free objects through their free-pointer words, as Linux has it in caches with a debug flag.
//!
//! A word holds the address of the next free object, 0 in the last. (Kernels with hardened free lists store
//! it encoded.) Programs can write to these words, so whatever is read here is only a claim: see
//! `slab::ledger`.

use crate::slab::{Cache, Ledger, Slab};

/// What following the chain has shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walk {
    /// The object that was looked for is on the chain.
    Found,
    /// The chain has so many objects; one more than the slab has when it runs in a circle.
    Ends { objects: u16 },
    /// The word of this object, the nth, leads nowhere.
    Broken { object: usize, objects: u16 },
    /// There is not even a first object where the chain should begin.
    BadHead,
}

/// Objects whose words are compared in one go: as many as a byte has bits.
const GROUP: usize = 8;

fn word(offset: usize, object: usize) -> *mut usize {
    core::ptr::with_exposed_provenance_mut(object.wrapping_add(offset))
}

/// Where an object's free-pointer word leads.
///
/// `object` is an object of a slab of the cache, whatever its state: its memory is readable.
pub(crate) fn next(cache: &Cache, object: usize) -> usize {
    claim(object.wrapping_add(cache.layout.freeptr))
}

/// What a free-pointer word says, known by its address.
#[inline(always)]
fn claim(at: usize) -> usize {
    // SAFETY: the word lies in the object's slot, aligned (the layout keeps both); volatile, since a program
    // that uses the object after its free may write to it at the same time.
    unsafe { word(0, at).read_volatile() }
}

/// Has an object's free-pointer word lead to `to`.
///
/// # Safety
/// The object is free, or the word lies outside its payload; and the list lock is held, or nobody sees the
/// slab.
pub(crate) unsafe fn set_next(cache: &Cache, object: usize, to: usize) {
    // SAFETY: as in `next`; nobody else has a use for the word (contract).
    unsafe { word(cache.layout.freeptr, object).write_volatile(to) }
}

/// Chains the objects of a new slab, by address.
///
/// # Safety
/// Nobody else can see the slab, and its objects are set up.
pub(crate) unsafe fn build(cache: &Cache, slab: &Slab) {
    let Some(ledger) = slab.ledger() else { return };
    let mut next = 0;
    for index in (0..slab.objects()).rev() {
        let object = slab.base() + cache.layout.object_offset(index);
        // SAFETY: a free object of a slab that nobody sees (contract).
        unsafe { set_next(cache, object, next) };
        ledger.links.set(index, next);
        next = object;
    }
    ledger.set_freelist(next);
}

/// Whether an address may stand in the chain: that of an object, or 0.
pub(crate) fn may_hold(cache: &Cache, slab: &Slab, address: usize) -> bool {
    address == 0 || slab.index_of(&cache.layout, address).is_some()
}

/// Whether the chain is known to hold exactly the free objects, because each word on it is as the library
/// wrote it; that is all that following it would show. `false` says nothing. The list lock is held.
pub(crate) fn is_untouched(cache: &Cache, slab: &Slab, ledger: &Ledger) -> bool {
    let (stride, links) = (cache.layout.stride, ledger.links.all());
    let mut at = slab.base() + cache.layout.object_offset(0) + cache.layout.freeptr;
    // By groups without a branch inside: what is free is all or nothing in most of them.
    let mut other = 0;
    for (bits, links) in slab.free_bits().iter().zip(links.chunks(u64::BITS as usize)) {
        let mut free = bits.get();
        for links in links.chunks(GROUP) {
            if free as u8 == u8::MAX {
                for link in links {
                    other |= claim(at) ^ link.get();
                    at += stride;
                }
            } else {
                for (bit, link) in links.iter().enumerate() {
                    other |= (claim(at) ^ link.get()) & (free >> bit & 1).wrapping_neg() as usize;
                    at += stride;
                }
            }
            free >>= GROUP;
        }
    }
    other == 0 && !links.is_empty()
}

/// Follows the chain to its end, or to `search` (0: to the end). The list lock is held.
pub(crate) fn walk(cache: &Cache, slab: &Slab, search: usize) -> Walk {
    let (most, stride, offset) = (slab.objects(), cache.layout.stride, cache.layout.freeptr);
    let last = slab.base() + cache.layout.object_offset(most - 1);
    let (mut object, mut objects) = (0usize, 0);
    let mut at = slab.ledger().map_or(0, |ledger| ledger.freelist());
    while at != 0 && objects <= most {
        if at == search {
            return Walk::Found;
        }
        // Most links lead to the neighbour, which is an object like the one before: that is known without
        // arithmetic.
        let neighbour = at == object.wrapping_add(stride) && at <= last && object != 0;
        if !neighbour && !may_hold(cache, slab, at) {
            return if object == 0 { Walk::BadHead } else { Walk::Broken { object, objects } };
        }
        object = at;
        // SAFETY: as in `next`, of an object that was just found to be one.
        at = unsafe { word(offset, object).read_volatile() };
        objects += 1;
    }
    Walk::Ends { objects }
}
