// SPDX-License-Identifier: MIT OR Apache-2.0
//! The last look at a slab before its pages go.

use crate::abi::slab_flags::SLAB_CONSISTENCY_CHECKS;
use crate::debug::examine::{self, Held};
use crate::debug::fill::State;
use crate::debug::watch::{self, Silence};
use crate::slab::{Cache, Slab, SlabList, source};

/// Checks a slab, as far as its cache asks for it, and gives its pages and record back.
///
/// # Safety
/// The slab is the cache's, on no list, none of its objects is live, and the caller drops every reference to
/// it.
pub(crate) unsafe fn dismantle(cache: &Cache, slab: &Slab) {
    // SAFETY: passed on.
    unsafe { take_apart(cache, slab) };
    source::settle(cache);
}

unsafe fn take_apart(cache: &Cache, slab: &Slab) {
    let silence = Silence::new();
    if cache.has(SLAB_CONSISTENCY_CHECKS) {
        check(cache, slab);
    }
    if silence.is_some() {
        watch::slab_gone(cache, slab);
    }
    // SAFETY: passed on.
    unsafe { source::take_apart(cache, slab) };
}

/// The same for every slab of a list.
///
/// # Safety
/// As for [`dismantle`], for each of them.
pub(crate) unsafe fn dismantle_all(cache: &Cache, mut slabs: SlabList) {
    while let Some(slab) = slabs.pop_front() {
        // SAFETY: just taken off its list; the contract covers the rest.
        unsafe { take_apart(cache, slab) };
    }
    source::settle(cache);
}

fn check(cache: &Cache, slab: &Slab) {
    let held = {
        let _node = cache.node.lock();
        Held::new(cache, slab)
    };
    examine::padding(&held);
    for index in 0..slab.objects() {
        examine::object(&held, slab.object(&cache.layout, index).as_ptr().addr(), State::Inactive, true);
    }
}
