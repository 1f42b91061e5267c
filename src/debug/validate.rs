// SPDX-License-Identifier: MIT OR Apache-2.0
//! A look at all the slabs of a cache that are in use, at the program's wish.

use core::sync::atomic::AtomicU64;
use core::sync::atomic::Ordering::Relaxed;

use crate::abi::slab_flags::SLAB_STORE_USER;
use crate::debug::chain::{self, Walk};
use crate::debug::examine::{self, Chain, Held};
use crate::debug::fill::State;
use crate::debug::watch::Silence;
use crate::debug::{check, errors};
use crate::printk::pr_err;
use crate::slab::{Cache, Ledger, Place, Slab};

/// Checks the partial slabs of a cache and, if it keeps tracks, the full ones; reports and repairs what is
/// wrong, of each slab up to the first bad object. Returns how many slabs it looked at.
///
/// Nothing is known about the bytes of a cache without a debug flag: its slabs are only counted.
pub(crate) fn cache(cache: &Cache) -> usize {
    let _silence = Silence::new();
    static VALIDATIONS: AtomicU64 = AtomicU64::new(0);
    if !cache.is_debug() {
        return cache.node.lock().counts().partial_slabs;
    }
    let number = VALIDATIONS.fetch_add(1, Relaxed) + 1;
    // Not as they are looked at: another validation at the same time has this one look at some again.
    let slabs = cache.node.lock().slabs().filter(|slab| covered(cache, slab).is_some()).count();
    while let Some(held) = next_bad(cache, number) {
        slab(&held);
    }
    if cache.has(SLAB_STORE_USER) {
        count_slabs(cache);
    }
    slabs
}

/// The ledger of a slab that a validation looks at. The list lock is held.
fn covered<'a>(cache: &Cache, slab: &'a Slab) -> Option<&'a Ledger> {
    slab.ledger().filter(|ledger| ledger.place() == Place::Partial || cache.has(SLAB_STORE_USER))
}

/// Says that the cache has slabs that are on no list: those that were withdrawn.
fn count_slabs(cache: &Cache) {
    let (listed, slabs) = {
        let node = cache.node.lock();
        (node.slabs().count(), node.counts().slabs)
    };
    if listed != slabs {
        pr_err!("SLUB: {} {listed} slabs counted but counter={slabs}\n", cache.name);
        errors::reported(Some(cache));
    }
}

/// Looks at the slabs that this validation has not seen, until something is wrong with one.
fn next_bad<'a>(cache: &'a Cache, number: u64) -> Option<Held<'a>> {
    let node = cache.node.lock();
    let mut unseen =
        node.slabs().filter(|slab| covered(cache, slab).is_some_and(|ledger| ledger.see(number)));
    unseen.find(|slab| !is_sound(cache, slab)).map(|slab| Held::new(cache, slab))
}

/// Whether nothing is wrong with a slab. The list lock is held.
fn is_sound(cache: &Cache, slab: &Slab) -> bool {
    let Walk::Ends { objects } = chain::walk(cache, slab, 0) else { return false };
    examine::slab_is_sound(cache, slab)
        && slab.used() == slab.objects().wrapping_sub(objects)
        && usize::from(objects) == slab.free_objects()
        && (0..slab.objects()).all(|index| {
            let object = slab.object(&cache.layout, index).as_ptr().addr();
            let state = if slab.is_free(index) { State::Inactive } else { State::Active };
            check::is_sound(cache, slab, object, state)
        })
}

/// Reports what is wrong with a slab.
fn slab(held: &Held<'_>) {
    if !examine::slab(held) || examine::chain(held, 0) == Chain::Cleared {
        return;
    }
    for index in 0..held.slab.objects() {
        let object = held.slab.object(&held.cache.layout, index).as_ptr().addr();
        let (state, free) = state(held, index, object);
        if !examine::object(held, object, state, free) {
            return;
        }
    }
}

/// The state that an object counts as in, and what its bit says: as in Linux, objects that a damaged chain
/// has lost count as live.
fn state(held: &Held<'_>, index: u16, object: usize) -> (State, bool) {
    let (cache, slab) = (held.cache, held.slab);
    let _node = cache.node.lock();
    let complete = || chain::walk(cache, slab, 0) == Walk::Ends { objects: slab.free_objects() as u16 };
    let free = slab.is_free(index);
    let found = free && (complete() || chain::walk(cache, slab, object) == Walk::Found);
    (if found { State::Inactive } else { State::Active }, free)
}
