// SPDX-License-Identifier: MIT OR Apache-2.0
//! What passes between sheaves and slabs.

use core::ops::RangeInclusive;
use core::ptr::NonNull;

use crate::abi::gfp::gfp_t;
use crate::abi::slab_flags::{DEBUG, slab_flags_t};
use crate::cache::Handle;
use crate::cache::free::{self, From};
use crate::cache::refill::refill;
use crate::page::arena;
use crate::param::params;
use crate::sheaf::{self, Barn, MAX_CAPACITY, MAX_NOTED};
use crate::slab::{Cache, Layout};

/// Objects in a sheaf by stride: (from this stride on, so many). Linux 7.0 has 4 and 12 for the largest two;
/// more make fewer trips to the barn and still park little.
const CAPACITIES: [(usize, usize); 3] = [(4096, 16), (256, 28), (0, 60)];

/// Bytes that a thread may park for one cache, in two sheaves.
const PARKED_PER_CACHE: usize = 256 << 10;

/// How many objects a sheaf of a cache holds; 0 for a cache without sheaves: one with a debug flag or very
/// large objects, or with an option in force that makes each call look at its object.
pub(super) fn capacity(flags: slab_flags_t, stride: usize, wanted: u32) -> usize {
    let options = params();
    if flags & DEBUG != 0 || options.init_on_alloc || options.init_on_free || options.unpredictable {
        return 0;
    }
    let own = CAPACITIES.iter().find(|(from, _)| stride >= *from).map_or(0, |(_, capacity)| *capacity);
    let most = if options.harden { MAX_NOTED } else { MAX_CAPACITY };
    own.max(wanted as usize).min(most).min(PARKED_PER_CACHE / (2 * stride))
}

/// What a barn keeps at most in full sheaves: so many objects, and such a part of the address space (four
/// times the machine's memory, unless an option or a limit says otherwise) within these bounds. What rests
/// there no other cache can use.
const FULL_OBJECTS: usize = 8192 * 60;
const FULL_PART: usize = 512;
const FULL_BYTES: RangeInclusive<usize> = 32 << 20..=128 << 20;
const MIN_FULL: usize = 16;

/// Full sheaves that a cache's barn keeps at most.
pub(super) fn most_full(stride: usize, capacity: usize) -> usize {
    let part = arena().map_or(0, |arena| arena.reserved / FULL_PART);
    let bytes = part.clamp(*FULL_BYTES.start(), *FULL_BYTES.end());
    let by_bytes = bytes.checked_div(capacity * stride).unwrap_or(0);
    by_bytes.min(FULL_OBJECTS.checked_div(capacity).unwrap_or(0)).max(MIN_FULL)
}

/// Bytes of empty slabs that a cache with sheaves keeps, until decay takes them.
const KEPT_BYTES: usize = 512 << 10;

/// Partial slabs beyond which a cache gives an empty one up: Linux's number where there are no sheaves, and
/// more where there are, since whole sheaves come and go.
pub(super) fn retained_slabs(layout: &Layout, capacity: usize, page_size: usize) -> usize {
    let kept = if capacity > 0 { KEPT_BYTES / (page_size << layout.order) } else { 0 };
    layout.min_partial().max(kept)
}

/// Fills the thread's empty sheaf from slabs, and returns one object besides; `None` when there is no memory.
pub(super) fn fill(cache: &Cache, gfp: gfp_t, node: i32) -> Option<NonNull<u8>> {
    let mut objects = [core::ptr::null_mut(); MAX_CAPACITY];
    let wanted = objects.get_mut(..cache.barn.capacity)?;
    loop {
        // The list lock is dropped before anything else happens.
        let taken = cache.node.lock().take_many(&cache.layout, wanted);
        if let Some((object, rest)) = wanted.get_mut(..taken).and_then(<[_]>::split_first_mut) {
            if cache.barn.is_noted() {
                // As in Linux objects then come by address.
                rest.reverse();
            }
            // A constructor that ran meanwhile may have filled the sheaf.
            let stocked = sheaf::trade::stock(&cache.barn, rest);
            flush(&cache.barn, rest.get_mut(stocked..).unwrap_or_default());
            return NonNull::new(*object);
        }
        if !refill(cache, gfp, node) {
            return None;
        }
    }
}

/// Gives objects back to their slabs, and reports those that the program should not have freed.
pub(super) fn flush(barn: &Barn, objects: &mut [*mut u8]) {
    if let Some(cache) = Handle::new(barn.key).owner() {
        free::give_back("kmem_cache_free", Some(cache), From::Library, objects);
    }
}
