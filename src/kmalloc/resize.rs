// SPDX-License-Identifier: MIT OR Apache-2.0
//! How large an allocation is, and making it larger or smaller.

use core::ptr::NonNull;

use crate::abi::gfp::{self, gfp_t};
use crate::abi::slab_flags::{SLAB_POISON, SLAB_RED_ZONE, SLAB_STORE_USER, SLAB_TYPESAFE_BY_RCU};
use crate::cache::{ANY_NODE, Handle};
use crate::debug::{self, errors, fill};
use crate::kmalloc::alloc::{kmalloc, kvmalloc};
use crate::kmalloc::class::{MAX_CACHED, SIZES, class_of};
use crate::kmalloc::free::{is_libcs, kfree, kvfree, vfree};
use crate::kmalloc::{ZERO_SIZE, large, zero_size_ptr};
use crate::page::run::{self, Kind};
use crate::param::params;
use crate::printk::warn::warn_at;
use crate::slab::{Cache, Slab, tracks_size};
use crate::sync;
use crate::sys::libc_heap;

/// Bytes of an object that the program may use.
fn usable(cache: &Cache) -> usize {
    if cache.has(SLAB_RED_ZONE | SLAB_POISON) {
        cache.object_size()
    } else if cache.has(SLAB_TYPESAFE_BY_RCU | SLAB_STORE_USER) {
        cache.layout.inuse
    } else {
        cache.layout.stride
    }
}

/// Bytes that an allocation really has; 0 for none, and after a warning for an address that is not ours.
pub(crate) fn ksize(function: &str, object: *const u8) -> usize {
    measure(function, object).0
}

/// What `ksize` says, and how much of it the program had before it asked.
fn measure(function: &str, object: *const u8) -> (usize, usize) {
    let address = object.addr();
    if address <= ZERO_SIZE {
        return (0, 0);
    }
    if let Some(cache) =
        Slab::lookup(address).and_then(|slab| Handle::of_descriptor(slab.cache_ptr()).owner())
    {
        let whole = usable(cache);
        if tracks_size(cache.flags) {
            if sync::interrupted() {
                // This thread may have the list lock. What was asked for is the program's without it.
                let had = requested(cache, object, whole);
                return (had, had);
            }
            // Who asks may use it all from now on.
            return (whole, debug::alloc::claim_whole(cache, address).min(whole));
        }
        return (whole, whole);
    }
    let bytes = match run::of(address).filter(|run| run.start.as_ptr().addr() == address) {
        Some(run) => run.bytes,
        None if is_libcs(address) => {
            // SAFETY: the program says, by the option, that such addresses are the C library's.
            unsafe { libc_heap::usable_size(object.cast_mut().cast()) }
        }
        None => {
            warn_at!("__ksize", "{function}: object pointer: 0x{address:016x}\n");
            errors::reported(None);
            0
        }
    };
    (bytes, bytes)
}

/// The size that was asked for when an object was allocated, in a cache that keeps it; the `whole` where no object begins.
fn requested(cache: &Cache, object: *const u8, whole: usize) -> usize {
    match touchable(object, cache.layout.requested_offset() + size_of::<usize>()) {
        0 => whole,
        _ => fill::requested(cache, object.addr()).min(whole),
    }
}

/// Of the `whole` that `ksize` says of an address, what may be touched there: nothing where no object begins.
/// The free that follows reports such a pointer.
fn touchable(object: *const u8, whole: usize) -> usize {
    let address = object.addr();
    let owner =
        Slab::lookup(address).and_then(|slab| Some((slab, Handle::of_descriptor(slab.cache_ptr()).owner()?)));
    let Some((slab, Cache { layout, .. })) = owner else { return whole };
    // No lock is held, so how many objects the slab has is not to be known. It may have fewer than its
    // cache's others: then what lies behind the last one is no whole object.
    let begins = layout.index_at(address.wrapping_sub(slab.base()), layout.objects).is_some();
    let ends = Slab::lookup(address.wrapping_add(whole.saturating_sub(1)));
    if begins && ends.is_some_and(|its| core::ptr::eq(its, slab)) { whole } else { 0 }
}

/// Bytes that may be cleared before an object is freed.
pub(crate) fn clearable(function: &str, object: *const u8) -> usize {
    touchable(object, ksize(function, object))
}

/// What `ksize` says of an allocation that is to grow. Where the rest was red zone, it is zero as if it had
/// been cleared at once, if that is asked for.
fn claim(function: &str, object: *mut u8, gfp: gfp_t) -> usize {
    let (whole, had) = measure(function, object);
    let capacity = touchable(object, whole);
    if zeroes(gfp) {
        // SAFETY: the capacity is the allocation's, which is the caller's.
        unsafe { object.wrapping_add(had).write_bytes(0, capacity.saturating_sub(had)) };
    }
    capacity
}

/// What `ksize` of an allocation of so many bytes would be; the size itself where there can be none.
pub(crate) fn size_roundup(size: usize) -> usize {
    match size {
        0 => 0,
        1..=MAX_CACHED => SIZES.get(class_of(size)).copied().unwrap_or(size),
        _ => large::rounded(size).unwrap_or(size),
    }
}

pub(crate) fn is_vmalloc(object: *const u8) -> bool {
    run::of(object.addr()).is_some_and(|run| run.kind == Kind::Vmalloc)
}

/// Whether requests are to be cleared.
fn zeroes(gfp: gfp_t) -> bool {
    gfp & gfp::ZERO != 0 || params().init_on_alloc
}

/// Serves a request from the memory that there is, if it suffices: clears what is beyond the request where
/// that is asked for, so that a later growth in place finds zeroes.
fn in_place(object: *mut u8, capacity: usize, size: usize, gfp: gfp_t) -> Option<NonNull<u8>> {
    let object = NonNull::new(object).filter(|_| size <= capacity)?;
    if zeroes(gfp) {
        // SAFETY: the capacity is the allocation's, which is the caller's.
        unsafe { object.as_ptr().wrapping_add(size).write_bytes(0, capacity - size) };
    }
    Some(object)
}

/// Copies an allocation to a larger one.
fn copy(from: *const u8, to: NonNull<u8>, bytes: usize) {
    // SAFETY: two allocations, the old of `bytes`, the new of more.
    unsafe { core::ptr::copy_nonoverlapping(from, to.as_ptr(), bytes) };
}

/// Changes the size of a kmalloc allocation, in place or by moving it; `None` leaves it as it was.
pub(crate) fn krealloc(function: &str, old: *mut u8, size: usize, gfp: gfp_t) -> Option<NonNull<u8>> {
    if size == 0 {
        kfree(function, old);
        return Some(zero_size_ptr());
    }
    if old.addr() <= ZERO_SIZE {
        return kmalloc(function, size, gfp, ANY_NODE);
    }
    let capacity = claim(function, old, gfp);
    if let Some(same) = in_place(old, capacity, size, gfp) {
        return Some(same);
    }
    let new = kmalloc(function, size, gfp, ANY_NODE)?;
    copy(old, new, capacity);
    kfree(function, old);
    Some(new)
}

/// The same for vmalloc memory.
pub(crate) fn vrealloc(old: *mut u8, size: usize, gfp: gfp_t) -> Option<NonNull<u8>> {
    if size == 0 {
        vfree(old);
        return None;
    }
    if old.is_null() {
        return large::vmalloc(size, gfp);
    }
    let Some(run) = run::of(old.addr()).filter(|run| run.kind == Kind::Vmalloc && run.start.as_ptr() == old)
    else {
        let address = old.addr();
        warn_at!("vrealloc_noprof", "Trying to vrealloc() nonexistent vm area (0x{address:016x})\n");
        errors::reported(None);
        return None;
    };
    if let Some(same) = in_place(old, run.bytes, size, gfp) {
        return Some(same);
    }
    let new = large::vmalloc(size, gfp)?;
    copy(old, new, run.bytes);
    vfree(old);
    Some(new)
}

/// The same for either kind, which it may change.
pub(crate) fn kvrealloc(function: &str, old: *mut u8, size: usize, gfp: gfp_t) -> Option<NonNull<u8>> {
    if is_vmalloc(old) {
        return vrealloc(old, size, gfp);
    }
    let capacity = if size == 0 { 0 } else { claim(function, old, gfp) };
    if size <= capacity {
        return krealloc(function, old, size, gfp);
    }
    let new = kvmalloc(function, size, gfp, ANY_NODE)?;
    if old.addr() > ZERO_SIZE {
        copy(old, new, capacity);
        kvfree(old);
    }
    Some(new)
}
