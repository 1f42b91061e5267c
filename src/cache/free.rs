// SPDX-License-Identifier: MIT OR Apache-2.0
//! Objects back into a cache, and what is done about wrong ones.
//!
//! What rests in a sheaf comes here when the sheaf is emptied. Whatever pointer it is, the slabs stay right:
//! an address that is not ours or lies between objects is reported and left alone, an object of another cache
//! goes back to its owner with a warning, a second free of an object is reported and changes nothing.

use core::ptr::NonNull;
use core::sync::atomic::Ordering::Relaxed;

use crate::cache::pin::{Pin, Purpose};
use crate::cache::{Handle, checked, deferred, registry, shrink, watched};
use crate::debug::track::{self, Track};
use crate::debug::{self, errors, report};
use crate::param::params;
use crate::printk::panic::Later;
use crate::printk::pr_err;
use crate::printk::warn::{warn_at, warn_once_at};
use crate::sheaf;
use crate::sheaf::trade::Push;
use crate::sheaf::watch::Want;
use crate::slab::{Cache, MAGIC_LIVE, Put, Slab, SlabList, SlabSnapshot, source};
use crate::sync;

/// Objects freed per hold of the list lock, at most.
const BATCH: usize = 64;

/// Frees an object. NULL is ignored.
pub(crate) fn free(function: &str, handle: Handle, object: *mut u8) {
    let Some(object) = NonNull::new(object) else { return };
    let Some(cache) = handle.owner_or_warn(function) else { return };
    if sync::interrupted() {
        return deferred::note(handle, object);
    }
    shrink::tick(cache, Want::In);
    if cache.barn.is_noted() && Slab::claim_live(cache, object.as_ptr().addr()).is_some() {
        return put_claimed(cache, object);
    }
    if has_sheaves(cache) && !cache.barn.is_noted() {
        // A full sheaf may be emptied, and what is wrong with it reported.
        let _later = Later::new();
        match sheaf::trade::push(&cache.barn, object) {
            Push::Done => return watched::after_free(cache),
            // The slabs do not know that it is free: it is in the sheaf.
            Push::Twice => return report_parked(function, cache, object.as_ptr().addr()),
            Push::Unavailable => {}
        }
    }
    free_one(function, Some(cache), object);
}

/// Takes in an object of a cache with marks that was claimed.
#[cold]
#[inline(never)]
fn put_claimed(cache: &Cache, object: NonNull<u8>) {
    let _later = Later::new();
    if has_sheaves(cache) && sheaf::trade::push(&cache.barn, object) == Push::Done {
        return watched::after_free(cache);
    }
    give_back("kmem_cache_free", Some(cache), From::Library, &mut [object.as_ptr()]);
}

/// Whether frees may rest in sheaves. Not those of a cache that was destroyed with objects left: nothing
/// would ever take them out, and an allocation must not find them.
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
    if sync::interrupted() {
        return objects.iter().copied().filter_map(NonNull::new).for_each(|at| deferred::note(handle, at));
    }
    if let Some(cache) = cache {
        shrink::tick(cache, Want::Many);
    }
    let mut objects = objects;
    if let Some(cache) = cache.filter(|cache| cache.barn.is_noted()) {
        let claimed = checked::claim_all(cache, objects);
        let (good, rest) = objects.split_at_mut(claimed);
        let parked = if has_sheaves(cache) { sheaf::trade::push_many(&cache.barn, good) } else { 0 };
        give_back(function, Some(cache), From::Library, good.get_mut(parked..).unwrap_or_default());
        objects = rest;
    } else if let Some(cache) = cache.filter(|cache| has_sheaves(cache)) {
        let parked = sheaf::trade::push_many(&cache.barn, objects);
        objects = objects.get_mut(parked..).unwrap_or_default();
    }
    give_back(function, cache, From::Program, objects);
    if let Some(cache) = cache {
        watched::after_free(cache);
    }
}

/// Who gives objects back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// In a cache with marks they are the program's.
    Program,
    /// There they were claimed.
    Library,
}

/// Gives objects back to their slabs, of one cache or each to its own.
pub(super) fn give_back(function: &str, cache: Option<&Cache>, from: From, objects: &mut [*mut u8]) {
    let _later = Later::new();
    for batch in objects.chunks_mut(BATCH) {
        let rest = match cache {
            Some(cache) if !cache.is_debug() && !cache.zeroes_on_free() && !params().unpredictable => {
                free_good(cache, from, batch)
            }
            _ => batch,
        };
        for object in rest.iter().copied().filter_map(NonNull::new) {
            free_one(function, cache, object);
        }
    }
}

/// Takes a free of a signal handler in, of an object of the cache or, with a null handle, of its own; `false`
/// when something is wrong with it, or a check may find that: then nothing was done, and nothing is said.
pub(super) fn put_quietly(handle: Handle, address: usize) -> bool {
    let put = |cache: &Cache| !cache.is_debug() && put_one(cache, address).is_ok();
    if let Some(cache) = handle.owner() {
        return put(cache);
    }
    let _registry = registry::lock();
    let owner = Slab::lookup(address).and_then(|slab| Handle::of_descriptor(slab.cache_ptr()).owner());
    handle.is_null() && owner.is_some_and(put)
}

/// The same, and reports what is wrong.
pub(super) fn again(handle: Handle, address: usize) {
    let object = NonNull::new(core::ptr::with_exposed_provenance_mut(address));
    let cache = if handle.is_null() { None } else { handle.owner_or_warn("kmem_cache_free") };
    if let Some(object) = object.filter(|_| cache.is_some() || handle.is_null()) {
        free_one("kmem_cache_free", cache, object);
    }
}

/// Frees those of `objects` (at most [`BATCH`]) that are live objects of the cache, under one hold of its
/// lock, and returns the others, moved to the front. Objects of one slab that follow each other are looked up
/// once.
fn free_good<'a>(cache: &Cache, from: From, objects: &'a mut [*mut u8]) -> &'a [*mut u8] {
    let (layout, retained) = (&cache.layout, cache.tunables.retained_slabs());
    let claims = from == From::Program && cache.barn.is_noted();
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
            let freed = (!claims || Slab::claim_live(cache, object.addr()).is_some())
                && slab.index_of(layout, object.addr()).is_some_and(|index| run.put(index));
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
    unsafe { source::dismantle_all(cache, emptied) };
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
        Some(cache) => put_or_report(function, cache, address),
        None => free_to_owner(function, cache, address),
    }
}

/// Frees an object to the cache that its slab belongs to, which is not the one that the program named.
///
/// If the address is wrong, that cache is nobody's promise: it could be destroyed while it is looked at, or is being so.
/// A pin keeps its descriptor.
#[cold]
#[inline(never)]
fn free_to_owner(function: &str, cache: Option<&Cache>, address: usize) {
    let pin = {
        let mut registry = registry::lock();
        let owner = Slab::lookup(address).and_then(|slab| Handle::of_descriptor(slab.cache_ptr()).owner());
        owner.map(|owner| Pin::on(&mut registry, owner, Purpose::Look))
    };
    let Some(pin) = pin else { return report_foreign(function, cache, address) };
    let owner = pin.cache();
    if let Some(cache) = cache {
        warn_at!(
            "cache_from_obj",
            "cache_from_obj: Wrong slab cache. {} but object is from {}\n",
            cache.name,
            owner.name
        );
        if is_object(owner, address) {
            track::print(owner, address);
        }
        errors::reported(Some(cache));
    }
    put_or_report(function, owner, address);
}

/// Whether an object of the cache begins at an address.
fn is_object(cache: &Cache, address: usize) -> bool {
    let _node = cache.node.lock();
    let slab = Slab::lookup(address).filter(|slab| core::ptr::eq(slab.cache_ptr(), cache));
    slab.is_some_and(|slab| slab.index_of(&cache.layout, address).is_some())
}

/// Frees an object of the cache, or reports why not.
fn put_or_report(function: &str, cache: &Cache, address: usize) {
    if cache.is_debug() {
        if debug::free::put(cache, address, Track::here(cache)).is_err() {
            report_foreign(function, Some(cache), address);
        }
    } else if let Err(wrong) = put_one(cache, address) {
        report(function, cache, address, wrong);
    }
}

/// Puts an object of a cache without a debug flag back under its list lock, and dismantles its slab if that
/// is not needed any more.
fn put_one(cache: &Cache, address: usize) -> Result<(), Wrong> {
    let mut node = cache.node.lock();
    // Only now is it certain that the slab stays: one that is not the cache's, or was emptied meanwhile, has
    // another owner or none.
    let slab = Slab::lookup(address).filter(|slab| core::ptr::eq(slab.cache_ptr(), cache));
    let slab = slab.ok_or(Wrong::Foreign)?;
    let Some(index) = slab.index_of(&cache.layout, address) else {
        return Err(Wrong::Interior(slab.snapshot(&cache.layout)));
    };
    let claims = cache.barn.is_noted();
    if slab.is_free(index)
        || node.quarantine.holds(address)
        || claims && Slab::claim_live(cache, address).is_none()
    {
        return Err(Wrong::Double(slab.snapshot(&cache.layout)));
    }
    if cache.zeroes_on_free() {
        let object = slab.object(&cache.layout, index);
        // Before the object can be taken again by somebody else, who would find his own bytes overwritten.
        // SAFETY: a live object that the program gives back; the lock keeps others out.
        unsafe { object.write_bytes(0, cache.object_size()) };
    }
    let emptied = match node.quarantine.admit(address) {
        Some(free) if free == address => {
            let emptied = node.put(slab, index, cache.tunables.retained_slabs()) == Put::Emptied;
            emptied.then_some(slab)
        }
        Some(oldest) => node.put_leaving(cache, oldest),
        None => None,
    };
    drop(node);
    if let Some(slab) = emptied {
        // SAFETY: `put` took it off its node with no live object left.
        unsafe { source::dismantle(cache, slab) };
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
            report::slab(cache, &slab, format_args!("Invalid object pointer 0x{address:016x}"));
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
    let wrong = slab.map_or(Wrong::Foreign, |slab| Wrong::Double(slab.snapshot(&cache.layout)));
    drop(node);
    report(function, cache, address, wrong);
}
