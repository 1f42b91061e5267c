// SPDX-License-Identifier: MIT OR Apache-2.0
//! Objects back into a cache, and what is done about wrong ones.
//!
//! What rests in a sheaf comes here when the sheaf is emptied. Whatever pointer it is, the slabs stay right: an address
//! that is not ours or lies between objects is reported and left alone, an object of another cache goes back to its
//! owner with a warning, a second free of an object is reported and changes nothing.

use core::ptr::NonNull;
use core::sync::atomic::Ordering::Relaxed;

use crate::abi::slab_flags::SLAB_STORE_USER;
use crate::cache::{Handle, registry, shrink};
use crate::debug::track::{self, Event, Track, Tracks};
use crate::debug::{errors, fill, report};
use crate::printk::pr_err;
use crate::printk::warn::{warn_at, warn_once_at};
use crate::sheaf;
use crate::sheaf::trade::Push;
use crate::slab::{Cache, MAGIC_LIVE, Put, Slab, SlabList, SlabSnapshot, source};

/// Objects freed per hold of the list lock, at most.
const BATCH: usize = 64;

/// Frees an object. NULL is ignored.
pub(crate) fn free(function: &str, handle: Handle, object: *mut u8) {
    let Some(object) = NonNull::new(object) else { return };
    let Some(cache) = handle.owner_or_warn(function) else { return };
    shrink::tick(cache);
    if has_sheaves(cache) {
        match sheaf::trade::push(&cache.barn, object) {
            Push::Done => return,
            // The slabs do not know that it is free: it is in the sheaf.
            Push::Twice => return report_parked(function, cache, object.as_ptr().addr()),
            Push::Unavailable => {}
        }
    }
    free_one(function, Some(cache), object);
}

/// Whether frees may rest in sheaves. Not those of a cache that was destroyed with objects left: nothing would ever
/// take them out, and an allocation must not find them.
fn has_sheaves(cache: &Cache) -> bool {
    cache.barn.capacity > 0 && cache.magic.load(Relaxed) == MAGIC_LIVE
}

/// Frees many objects, of one cache or, with a null handle, each of its own. NULL entries are skipped; the
/// entries may be reordered.
pub(crate) fn free_bulk(function: &str, handle: Handle, objects: &mut [*mut u8]) {
    let cache = if handle.is_null() { None } else { handle.owner_or_warn(function) };
    if cache.is_none() && !handle.is_null() {
        return;
    }
    if let Some(cache) = cache {
        shrink::tick(cache);
    }
    let parked = cache.filter(|cache| has_sheaves(cache));
    let parked = parked.map_or(0, |cache| sheaf::trade::push_many(&cache.barn, objects));
    give_back(function, cache, objects.get_mut(parked..).unwrap_or_default());
}

/// Gives objects back to their slabs, of one cache or each to its own.
pub(super) fn give_back(function: &str, cache: Option<&Cache>, objects: &mut [*mut u8]) {
    for batch in objects.chunks_mut(BATCH) {
        let rest = match cache {
            Some(cache) if !cache.is_debug() && !cache.zeroes_on_free() => free_good(cache, batch),
            _ => batch,
        };
        for object in rest.iter().copied().filter_map(NonNull::new) {
            free_one(function, cache, object);
        }
    }
}

/// Frees those of `objects` (at most [`BATCH`]) that are live objects of the cache, under one hold of its lock, and
/// returns the others, moved to the front. Objects of one slab that follow each other are looked up once.
fn free_good<'a>(cache: &Cache, objects: &'a mut [*mut u8]) -> &'a [*mut u8] {
    let (layout, retained) = (&cache.layout, cache.retained_slabs);
    let mut emptied = SlabList::new();
    let (mut at, mut left) = (0, 0);
    // The records are scattered: all are on their way from memory before the first is needed.
    let mut slabs = [const { None }; BATCH];
    for (slab, object) in slabs.iter_mut().zip(objects.iter()) {
        *slab = Slab::lookup(object.addr()).inspect(|slab| slab.prefetch());
    }
    let mut node = cache.node.lock();
    while let Some(found) = slabs.get(at).filter(|_| at < objects.len()) {
        // Looked at again under the lock: what a wrong pointer led to may have another owner by now.
        let Some(slab) = found.filter(|slab| core::ptr::eq(slab.cache_ptr(), cache)) else {
            objects.swap(left, at);
            (left, at) = (left + 1, at + 1);
            continue;
        };
        let mut run = node.begin(slab);
        while let (Some(object), Some(Some(its))) = (objects.get(at), slabs.get(at)) {
            if !core::ptr::eq(*its, slab) {
                break;
            }
            // An address that the slab does not hold any more, or not as an object, has no index.
            let freed = slab.index_of(layout, object.addr()).is_some_and(|index| run.put(index));
            if !freed {
                objects.swap(left, at);
                left += 1;
            }
            at += 1;
        }
        if node.finish(run, retained) {
            emptied.push_front(slab);
        }
    }
    drop(node);
    // SAFETY: `finish` took each of them off its node with no live object left.
    unsafe { source::dismantle_all(emptied) };
    objects.get(..left).unwrap_or(&[])
}

/// Why an object was not freed.
enum Wrong {
    /// Not an address in any slab, or in one that is going away.
    Foreign,
    /// An address between the objects of the cache.
    Interior(SlabSnapshot),
    /// An object that is free already.
    Double(SlabSnapshot),
}

/// Frees one object, or reports why not. Without a cache the object's own is meant.
fn free_one(function: &str, cache: Option<&Cache>, object: NonNull<u8>) {
    let address = object.as_ptr().addr();
    let Some(owner) = Slab::lookup(address).map(Slab::cache_ptr) else {
        return report_foreign(function, cache, address);
    };
    match cache.filter(|cache| core::ptr::eq(*cache, owner)) {
        Some(cache) => {
            if let Err(wrong) = put_one(cache, address, Track::here(cache)) {
                report(function, cache, address, wrong);
            }
        }
        None => free_to_owner(function, cache, address),
    }
}

/// Frees an object to the cache that its slab belongs to, which is not the one that the program named.
///
/// If the address is wrong, that cache is nobody's promise: it could be destroyed while it is looked at. The slab
/// mutex keeps it from that.
#[cold]
#[inline(never)]
fn free_to_owner(function: &str, cache: Option<&Cache>, address: usize) {
    // Whether the owner wants it is only known under the lock, where it is too late to look at the stack.
    let track = Track::of_this_call();
    let registry = registry::lock();
    let owner = Slab::lookup(address).and_then(|slab| Handle::of_descriptor(slab.cache_ptr()).owner());
    let put = owner.map(|owner| {
        // What is known about the object before this free becomes part of it.
        let tracks = tracks_of(owner, address);
        let track = Some(track).filter(|_| owner.has(SLAB_STORE_USER));
        (put_one(owner, address, track), owner.name.shown(), tracks)
    });
    drop(registry);
    let Some((put, owner_name, tracks)) = put else { return report_foreign(function, cache, address) };
    if let Some(cache) = cache {
        warn_at!(
            "cache_from_obj",
            "cache_from_obj: Wrong slab cache. {} but object is from {owner_name}\n",
            cache.name
        );
        if let Some(tracks) = tracks {
            tracks.print();
        }
        errors::reported(Some(cache));
    }
    if let (Err(wrong), Some(owner)) = (put, owner) {
        report(function, owner, address, wrong);
    }
}

/// The tracks of an object, if its cache keeps any and the address is that of one.
fn tracks_of(cache: &Cache, address: usize) -> Option<Tracks> {
    let node = cache.node.lock();
    let slab = Slab::lookup(address).filter(|slab| core::ptr::eq(slab.cache_ptr(), cache))?;
    let tracks = slab.index_of(&cache.layout, address).and_then(|_| track::read(cache, address));
    drop(node);
    tracks
}

/// Puts an object back under its cache's list lock, and dismantles its slab if that is not needed any more.
fn put_one(cache: &Cache, address: usize, track: Option<Track>) -> Result<(), Wrong> {
    let mut node = cache.node.lock();
    // Only now is it certain that the slab stays: one that is not the cache's, or was emptied meanwhile, has
    // another owner or none.
    let slab = Slab::lookup(address).filter(|slab| core::ptr::eq(slab.cache_ptr(), cache));
    let slab = slab.ok_or(Wrong::Foreign)?;
    let Some(index) = slab.index_of(&cache.layout, address) else {
        return Err(Wrong::Interior(slab.snapshot()));
    };
    if slab.is_free(index) {
        return Err(Wrong::Double(slab.snapshot()));
    }
    if cache.is_debug() || cache.zeroes_on_free() {
        // Before the object can be taken again by somebody else, who would find his own bytes overwritten.
        let object = slab.object(&cache.layout, index);
        if cache.zeroes_on_free() {
            // SAFETY: a live object that the program gives back; the lock keeps others out.
            unsafe { object.write_bytes(0, cache.object_size()) };
        }
        // SAFETY: as above.
        unsafe { fill::object(cache, object, fill::State::Inactive) };
        // SAFETY: as above.
        unsafe { track::set(cache, object, Event::Free, track) };
    }
    let emptied = node.put(slab, index, cache.retained_slabs) == Put::Emptied;
    drop(node);
    if emptied {
        // SAFETY: `put` took it off its node with no live object left.
        unsafe { source::dismantle(slab) };
    }
    Ok(())
}

#[cold]
#[inline(never)]
fn report(function: &str, cache: &Cache, address: usize, wrong: Wrong) {
    match wrong {
        Wrong::Foreign => return report_foreign(function, Some(cache), address),
        Wrong::Double(slab) => report::object(cache, &slab, address, format_args!("Object already free")),
        Wrong::Interior(slab) => {
            report::not_an_object(cache, &slab, format_args!("Invalid object pointer 0x{address:016x}"));
        }
    }
    report::fix(cache, format_args!("Object at 0x{address:016x} not freed"));
}

/// The kernel warns once; which pointer it was, and of which cache, is said each time.
#[cold]
#[inline(never)]
fn report_foreign(function: &str, cache: Option<&Cache>, address: usize) {
    warn_once_at!("virt_to_cache", "virt_to_cache: Object is not a Slab page!\n");
    match cache {
        Some(cache) => {
            pr_err!("{function}({}, 0x{address:016x}): object is not in a slab page\n", cache.name);
        }
        None => pr_err!("{function}: object pointer: 0x{address:016x}\n"),
    }
    errors::reported(cache);
}

/// A second free of the object that was freed last, and is in the sheaf.
#[cold]
#[inline(never)]
fn report_parked(function: &str, cache: &Cache, address: usize) {
    let node = cache.node.lock();
    let slab = Slab::lookup(address).filter(|slab| core::ptr::eq(slab.cache_ptr(), cache));
    let wrong = slab.map_or(Wrong::Foreign, |slab| Wrong::Double(slab.snapshot()));
    drop(node);
    report(function, cache, address, wrong);
}
