// SPDX-License-Identifier: MIT OR Apache-2.0
//! An object out of a cache with a debug flag.

use core::ptr::NonNull;

use crate::abi::slab_flags::{SLAB_CONSISTENCY_CHECKS, SLAB_TRACE};
use crate::debug::examine::{self, Held};
use crate::debug::fill::State;
use crate::debug::track::{self, Event, Track};
use crate::debug::watch::{self, Silence};
use crate::debug::{chain, check, fill, report, trace};
use crate::slab::{Cache, Node, Place, Slab, SlabSnapshot};

/// Takes an object from the partial slabs, to hold `bytes` (which matters to caches that keep the requested
/// size); `None` when there is no partial slab.
///
/// The object is checked and set up under the list lock, so that a validation sees it in one state or the
/// other. A slab that is found corrupt is withdrawn, and the next one tried.
pub(crate) fn take(cache: &Cache, bytes: usize, track: Option<Track>) -> Option<NonNull<u8>> {
    let checks = cache.has(SLAB_CONSISTENCY_CHECKS);
    let silence = Silence::new();
    loop {
        let mut node = cache.node.lock();
        let slab = node.first_partial()?;
        let ledger = slab.ledger()?;
        if checks && !examine::slab_is_sound(cache, slab) {
            let held = Held::as_it_was(cache, slab, after_one_more(cache, slab));
            drop(node);
            if !examine::slab(&held) {
                withdraw(&mut cache.node.lock(), cache, slab);
                all_used(cache);
            }
            continue;
        }
        let object = ledger.freelist();
        if object == 0 {
            // Damage has cost the slab its other objects.
            node.move_to(slab, Place::Full);
            continue;
        }
        let free = slab.index_of(&cache.layout, object).filter(|&index| slab.is_free(index));
        let Some(index) = free else {
            let shown = withdraw(&mut node, cache, slab);
            drop(node);
            report_bad_head(cache, slab, &shown, object);
            all_used(cache);
            continue;
        };
        let next = chain::next(cache, object);
        if ledger.links.get(index) != Some(next) {
            ledger.links.give_up();
        }
        ledger.set_freelist(next);
        node.claim(slab, index);
        if checks && !check::is_sound(cache, slab, object, State::Inactive) {
            let shown = withdraw(&mut node, cache, slab);
            let held = Held::as_it_was(cache, slab, shown);
            drop(node);
            examine::object(&held, object, State::Inactive, false);
            all_used(cache);
            continue;
        }
        let object = slab.object(&cache.layout, index);
        // SAFETY: the object is the caller's, and the lock keeps validations out.
        unsafe { set_live(cache, object, bytes) };
        if slab.used() == slab.objects() {
            node.move_to(slab, Place::Full);
        }
        let traced = cache.has(SLAB_TRACE).then(|| slab.snapshot(&cache.layout));
        drop(node);
        if let Some(shown) = traced {
            trace::alloc(cache, &shown, object.as_ptr().addr());
        }
        // SAFETY: the object is the caller's.
        unsafe { track::set(cache, object, Event::Alloc, track) };
        if silence.is_some() {
            watch::hand_out(cache, object);
        }
        return Some(object);
    }
}

/// Writes what an object looks like that the program gets, to hold `bytes`.
///
/// # Safety
/// The object is the caller's, and the list lock is held.
unsafe fn set_live(cache: &Cache, object: NonNull<u8>, bytes: usize) {
    // SAFETY: the caller's object (contract).
    unsafe { fill::set_requested(cache, object, bytes) };
    // SAFETY: as above.
    unsafe { fill::object(cache, object, State::Active) };
    if cache.zeroes_on_free() && !cache.layout.freeptr_is_outside() {
        // The program is to find what it left cleared, not a trace of the chain.
        // SAFETY: as above; the word is not in use any more.
        unsafe { chain::set_next(cache, object.as_ptr().addr(), 0) };
    }
}

/// Makes all of a live object the program's, in a cache that keeps the requested size; returns how much it
/// was before.
pub(crate) fn claim_whole(cache: &Cache, address: usize) -> usize {
    let _node = cache.node.lock();
    let slab = Slab::lookup(address).filter(|slab| core::ptr::eq(slab.cache_ptr(), cache));
    let live = slab.and_then(|slab| Some((slab, slab.index_of(&cache.layout, address)?)));
    let Some((slab, index)) = live.filter(|(slab, index)| !slab.is_free(*index)) else {
        return cache.object_size();
    };
    let before = fill::requested(cache, address);
    // SAFETY: an object of the cache; its metadata is only written under the list lock.
    unsafe { fill::set_requested(cache, slab.object(&cache.layout, index), cache.object_size()) };
    before
}

/// What the slab would look like with its first free object taken: that is the moment when Linux looks at it.
fn after_one_more(cache: &Cache, slab: &Slab) -> SlabSnapshot {
    let mut shown = slab.snapshot(&cache.layout);
    if slab.index_of(&cache.layout, shown.freelist).is_some() {
        shown.used = shown.used.wrapping_add(1);
        shown.freelist = chain::next(cache, shown.freelist);
    }
    shown
}

/// Takes a slab out of use for ever; returns its state before.
fn withdraw(node: &mut Node, cache: &Cache, slab: &Slab) -> SlabSnapshot {
    let shown = slab.snapshot(&cache.layout);
    node.move_to(slab, Place::Withdrawn);
    node.set_counter(slab, slab.objects());
    if let Some(ledger) = slab.ledger() {
        ledger.set_freelist(0);
        ledger.links.give_up();
    }
    shown
}

#[cold]
fn report_bad_head(cache: &Cache, slab: &Slab, shown: &SlabSnapshot, object: usize) {
    let text = format_args!("Freelist Pointer check fails");
    match slab.index_of(&cache.layout, object) {
        Some(_) => report::object(cache, shown, object, text),
        None => report::no_object(cache, shown, object, text),
    }
}

#[cold]
fn all_used(cache: &Cache) {
    report::fix(cache, format_args!("Marking all objects used"));
}
