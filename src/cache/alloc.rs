// SPDX-License-Identifier: MIT OR Apache-2.0
//! Objects out of a cache.

use core::ptr::{self, NonNull};

use crate::abi::gfp::{self, gfp_t};
use crate::cache::refill::{ANY_NODE, refill, refuse};
use crate::cache::{Handle, background, checked, deferred, free, sheaves, shrink};
use crate::debug;
use crate::debug::track::Track;
use crate::fault;
use crate::page::arena;
use crate::param::params;
use crate::sheaf;
use crate::sheaf::trade::Pop;
use crate::sheaf::watch::Want;
use crate::slab::{Cache, tracks_size};
use crate::sync;

/// Allocates an object; `None` when there is no memory, or after a warning when the handle is not a cache.
/// `node` is the memory node that was asked for; there is one, so it only matters to messages.
pub(crate) fn alloc(function: &str, handle: Handle, gfp: gfp_t, node: i32) -> Option<NonNull<u8>> {
    alloc_sized(function, handle, gfp, node, usize::MAX)
}

/// The same to hold `bytes`, or a whole object: what is more than that is red zone, where the cache keeps the
/// requested size.
pub(crate) fn alloc_sized(
    function: &str,
    handle: Handle,
    gfp: gfp_t,
    node: i32,
    bytes: usize,
) -> Option<NonNull<u8>> {
    let cache = handle.cache_or_warn(function)?;
    if sync::interrupted() {
        let mut object = [ptr::null_mut()];
        let all = alloc_now(cache, gfp, &mut object);
        return NonNull::new(object[0]).filter(|_| all);
    }
    let bytes = bytes.min(cache.object_size());
    let gfp = in_force(gfp);
    if fault::refuses(&cache.fault, &cache.barn, cache.object_size(), gfp, 1) {
        return None;
    }
    shrink::tick(cache, Want::Out);
    if may_sleep(gfp) {
        background::start_if_missing();
    }
    let object = if cache.is_debug() {
        take_debug(cache, gfp, node, bytes, Track::here(cache))?
    } else {
        take(cache, gfp, node)?
    };
    cache.fault.handed_out(&cache.barn, 1);
    checked::mark(cache, &[object.as_ptr()]);
    hand_out(cache, object, gfp, bytes);
    Some(object)
}

/// Fills `out` with what is at hand, for a signal handler that interrupted the library; `false` when that is
/// not enough.
fn alloc_now(cache: &Cache, gfp: gfp_t, out: &mut [*mut u8]) -> bool {
    let taken = deferred::alloc(cache, out);
    let (filled, rest) = out.split_at_mut(taken);
    checked::mark(cache, filled);
    if !rest.is_empty() {
        filled.iter().copied().filter_map(NonNull::new).for_each(|at| deferred::note(Handle::of(cache), at));
        return false;
    }
    hand_out_all(cache, filled, gfp);
    cache.fault.handed_out(&cache.barn, taken);
    true
}

/// An object of a cache with a debug flag, to hold `bytes`, set up and checked as that says.
fn take_debug(
    cache: &Cache,
    gfp: gfp_t,
    node: i32,
    bytes: usize,
    track: Option<Track>,
) -> Option<NonNull<u8>> {
    loop {
        let taken = debug::alloc::take(cache, bytes, track);
        if taken.is_some() || !refill(cache, gfp, node) {
            return taken;
        }
    }
}

/// The request as boot options have it: `kmem.nofail=1` lets none fail that may wait and does not say that it
/// has another way (`__GFP_NORETRY`).
pub(crate) fn in_force(gfp: gfp_t) -> gfp_t {
    let nofail = params().nofail && gfp & (gfp::DIRECT_RECLAIM | gfp::NORETRY) == gfp::DIRECT_RECLAIM;
    if nofail { gfp | gfp::NOFAIL } else { gfp }
}

/// An object from the thread's sheaf, the barn, or a slab.
fn take(cache: &Cache, gfp: gfp_t, node: i32) -> Option<NonNull<u8>> {
    if cache.barn.capacity > 0 {
        match sheaf::trade::pop(&cache.barn, may_sleep(gfp)) {
            Pop::Object(object) => return Some(object),
            Pop::Empty => return sheaves::fill(cache, gfp, node),
            Pop::Unavailable => {}
        }
    }
    loop {
        // The list lock is dropped before anything else happens.
        let taken = cache.node.lock().take(&cache.layout);
        if taken.is_some() {
            return taken;
        }
        if !refill(cache, gfp, node) {
            return None;
        }
    }
}

/// Fills `out` with objects, or returns `false` and keeps none.
pub(crate) fn alloc_bulk(function: &str, handle: Handle, gfp: gfp_t, out: &mut [*mut u8]) -> bool {
    let Some(cache) = handle.cache_or_warn(function) else { return false };
    if out.is_empty() {
        return true;
    }
    if sync::interrupted() {
        return alloc_now(cache, gfp, out);
    }
    let gfp = in_force(gfp);
    if fault::refuses(&cache.fault, &cache.barn, cache.object_size(), gfp, out.len()) {
        return false;
    }
    if out.len() > most_objects(cache) {
        refuse(cache, gfp);
        return false;
    }
    shrink::tick(cache, Want::Many);
    if may_sleep(gfp) {
        background::start_if_missing();
    }
    let mut taken =
        if cache.barn.capacity > 0 { sheaf::trade::pop_many(&cache.barn, may_sleep(gfp), out) } else { 0 };
    if cache.is_debug() {
        let track = Track::here(cache);
        for to in out.iter_mut() {
            let Some(object) = take_debug(cache, gfp, ANY_NODE, cache.object_size(), track) else { break };
            *to = object.as_ptr();
            taken += 1;
        }
    }
    while let Some(room) = out.get_mut(taken..).filter(|room| !room.is_empty() && !cache.is_debug()) {
        let got = cache.node.lock().take_many(&cache.layout, room);
        taken += got;
        if got == 0 && !refill(cache, gfp, ANY_NODE) {
            break;
        }
    }
    let (filled, rest) = out.split_at_mut(taken);
    checked::mark(cache, filled);
    if !rest.is_empty() {
        free::free_bulk(function, handle, filled);
        return false;
    }
    hand_out_all(cache, filled, gfp);
    cache.fault.handed_out(&cache.barn, taken);
    true
}

/// Whether a request says that it does not come from a signal handler.
fn may_sleep(gfp: gfp_t) -> bool {
    gfp & gfp::DIRECT_RECLAIM != 0
}

/// Objects that would fill the arena: a request for more need not be tried.
fn most_objects(cache: &Cache) -> usize {
    arena().map_or(0, |arena| arena.objects.capacity() / cache.layout.stride)
}

/// The last step of a request for several. Not before it is certain that all are there: what goes back stays as its
/// constructor left it.
fn hand_out_all(cache: &Cache, objects: &[*mut u8], gfp: gfp_t) {
    if cache.zeroes_on_alloc(gfp) {
        for object in objects.iter().copied().filter_map(NonNull::new) {
            hand_out(cache, object, gfp, cache.object_size());
        }
    }
}

/// Zeroes an object that came from the fast path.
pub(crate) fn zero(handle: Handle, object: NonNull<u8>) {
    if let Some(cache) = handle.cache() {
        // SAFETY: the object is the caller's alone, and has room for the object size.
        unsafe { object.write_bytes(0, cache.object_size()) };
    }
}

/// The last step of every allocation: zeroes where they are asked for, of an object that is to hold `bytes`.
#[inline]
fn hand_out(cache: &Cache, object: NonNull<u8>, gfp: gfp_t, bytes: usize) {
    if cache.zeroes_on_alloc(gfp) {
        // As in Linux: where the requested size is kept, the rest may be red zone.
        let bytes = if tracks_size(cache.flags) { bytes } else { cache.object_size() };
        // SAFETY: the object was taken from its slab for the caller alone; it has room for the object size,
        // merged requests included.
        unsafe { object.write_bytes(0, bytes) };
    }
}
