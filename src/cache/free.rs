// SPDX-License-Identifier: MIT OR Apache-2.0
//! Objects back into a cache, and what is done about wrong ones.
//!
//! Whatever pointer comes in, nobody else's object is touched: an address that is not ours or lies between
//! objects is reported and left alone, an object of another cache goes back to its owner with a warning, a second
//! free of an object is reported and changes nothing.

use core::ptr::NonNull;

use crate::cache::Handle;
use crate::debug::{fill, report};
use crate::printk::pr_err;
use crate::printk::warn::warn_at;
use crate::slab::{Cache, Node, Put, Slab, SlabList, SlabSnapshot, source};

/// Objects freed per hold of the list lock, at most.
const BATCH: usize = 256;

/// Frees an object. NULL is ignored.
pub(crate) fn free(function: &str, handle: Handle, object: *mut u8) {
    let Some(object) = NonNull::new(object) else { return };
    if let Some(cache) = handle.owner_or_warn(function) {
        free_one(function, Some(cache), object);
    }
}

/// Frees many objects, of one cache or, with a null handle, each of its own. NULL entries are skipped; the
/// entries may be reordered.
pub(crate) fn free_bulk(function: &str, handle: Handle, objects: &mut [*mut u8]) {
    let cache = if handle.is_null() { None } else { handle.owner_or_warn(function) };
    if cache.is_none() && !handle.is_null() {
        return;
    }
    for batch in objects.chunks_mut(BATCH) {
        let rest = match cache {
            Some(cache) if !cache.is_debug() => free_good(cache, batch),
            _ => batch,
        };
        for object in rest.iter().copied().filter_map(NonNull::new) {
            free_one(function, cache, object);
        }
    }
}

/// Frees those of `objects` that are live objects of the cache, under one hold of its lock, and returns the
/// others, moved to the front.
fn free_good<'a>(cache: &Cache, objects: &'a mut [*mut u8]) -> &'a [*mut u8] {
    let mut emptied = SlabList::new();
    let mut left = 0;
    let mut node = cache.node.lock();
    for at in 0..objects.len() {
        let Some(&object) = objects.get(at) else { break };
        match put_if_live(&mut node, cache, object.addr()) {
            Ok(Put::Kept) => {}
            Ok(Put::Emptied(slab)) => emptied.push_front(slab),
            Ok(Put::AlreadyFree) | Err(Wrong) => {
                objects.swap(left, at);
                left += 1;
            }
        }
    }
    drop(node);
    // SAFETY: `put` took each of them off its node with no live object left.
    unsafe { source::dismantle_all(emptied) };
    objects.get(..left).unwrap_or(&[])
}

/// An address that is not the start of an object of the cache.
struct Wrong;

fn put_if_live<'a>(node: &mut Node, cache: &Cache, address: usize) -> Result<Put<'a>, Wrong> {
    let slab = Slab::lookup(address).filter(|slab| core::ptr::eq(slab.cache_ptr(), cache)).ok_or(Wrong)?;
    let index = slab.index_of(&cache.layout, address).ok_or(Wrong)?;
    if (cache.is_debug() || cache.zeroes_on_free()) && !slab.is_free(index) {
        // Before the object can be taken again by somebody else, who would find his own bytes overwritten.
        let object = slab.object(&cache.layout, index);
        if cache.zeroes_on_free() {
            // SAFETY: a live object that the program gives back; the lock keeps others out.
            unsafe { object.write_bytes(0, cache.object_size()) };
        }
        // SAFETY: as above.
        unsafe { fill::object(cache, object, fill::State::Inactive) };
    }
    Ok(node.put(slab, index, cache.layout.min_partial()))
}

/// Frees one object, or reports why not. Without a cache the object's own is meant.
fn free_one(function: &str, cache: Option<&Cache>, object: NonNull<u8>) {
    let address = object.as_ptr().addr();
    let slab = Slab::lookup(address);
    // SAFETY: the owner of a slab that still has objects (the program's own, if the address is right) is live,
    // and a destroyed cache with objects left keeps its descriptor.
    let owner = slab.and_then(|slab| unsafe { slab.cache_ptr().as_ref() });
    let (Some(slab), Some(owner)) = (slab, owner) else {
        report_foreign(function, cache, address);
        return;
    };
    if let Some(cache) = cache.filter(|cache| !core::ptr::eq(*cache, owner)) {
        warn_at!(
            "cache_from_obj",
            "cache_from_obj: Wrong slab cache. {} but object is from {}\n",
            cache.name,
            owner.name
        );
    }

    let mut node = owner.node.lock();
    let put = put_if_live(&mut node, owner, address);
    let state = match put {
        Ok(Put::Kept | Put::Emptied(_)) => None,
        Ok(Put::AlreadyFree) | Err(Wrong) => Some(slab.snapshot()),
    };
    drop(node);
    match (put, state) {
        (Ok(Put::Emptied(slab)), _) => {
            // SAFETY: `put` took it off its node with no live object left.
            unsafe { source::dismantle(slab) };
        }
        (Ok(Put::AlreadyFree), Some(state)) => report_double(owner, &state, address),
        (Err(Wrong), Some(state)) => report_interior(owner, &state, address),
        _ => {}
    }
}

#[cold]
fn report_foreign(function: &str, cache: Option<&Cache>, address: usize) {
    warn_at!("virt_to_cache", "virt_to_cache: Object is not a Slab page!\n");
    match cache {
        Some(cache) => {
            pr_err!("{function}({}, 0x{address:016x}): object is not in a slab page\n", cache.name);
        }
        None => pr_err!("{function}: object pointer: 0x{address:016x}\n"),
    }
}

#[cold]
fn report_double(cache: &Cache, slab: &SlabSnapshot, address: usize) {
    report::object(cache, slab, address, format_args!("Object already free"));
    report::fix(cache, format_args!("Object at 0x{address:016x} not freed"));
}

#[cold]
fn report_interior(cache: &Cache, slab: &SlabSnapshot, address: usize) {
    report::not_an_object(cache, slab, format_args!("Invalid object pointer 0x{address:016x}"));
    report::fix(cache, format_args!("Object at 0x{address:016x} not freed"));
}
