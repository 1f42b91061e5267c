// SPDX-License-Identifier: MIT OR Apache-2.0
//! Frees that are told nothing but an address.

use crate::cache::{self, Handle, checked};
use crate::debug::errors;
use crate::kmalloc::{ZERO_SIZE, clearable, is_vmalloc, large};
use crate::page;
use crate::page::owner::OWNERS;
use crate::page::run::{self, Kind};
use crate::param::params;
use crate::printk::pr_err;
use crate::printk::warn::{warn_at, warn_once_at};
use crate::sheaf::fast;
use crate::slab::Slab;
use crate::sys::image::{self, Constant};
use crate::sys::libc_heap;

/// Frees what kmalloc, a cache, or the page allocator gave out. NULL and `ZERO_SIZE_PTR` are ignored.
pub(crate) fn kfree(function: &str, object: *mut u8) {
    let address = object.addr();
    if address <= ZERO_SIZE {
        return;
    }
    // Most have their owner in the byte; the slab's record need not be fetched for them.
    let known = OWNERS.owner(address).map(Handle::new).filter(|owner| owner.owner().is_some());
    if let Some(owner) = known {
        return cache::free(function, owner, object);
    }
    if let Some(slab) = Slab::lookup(address) {
        let owner = Handle::of_descriptor(slab.cache_ptr());
        return match owner.owner() {
            Some(_) => cache::free(function, owner, object),
            None => foreign(object),
        };
    }
    let kind = large::give_back(address, |_| true);
    match kind {
        Some(Kind::Kmalloc) => {}
        Some(Kind::Pages) => warn_not_kmalloc(address),
        Some(Kind::Vmalloc) => {
            warn_once_at!("kfree", "{function}() of vmalloc memory at 0x{address:016x}\n");
            errors::reported(None);
        }
        None => foreign(object),
    }
}

/// The kernel's words about memory that kmalloc never gave out.
#[cold]
fn warn_not_kmalloc(address: usize) {
    warn_once_at!("free_large_kmalloc");
    pr_err!("object pointer: 0x{address:016x}\n");
    errors::reported(None);
}

/// Whether the program says, by the option, that such an address is the C library's: none in our memory, free or not.
pub(super) fn is_libcs(address: usize) -> bool {
    params().foreign_free_libc && !page::is_ours(address)
}

/// An address that is not ours, or one that the program does not have.
#[cold]
fn foreign(object: *mut u8) {
    if is_libcs(object.addr()) {
        // SAFETY: the program says, by the option, that what it frees here and is not ours is the C
        // library's.
        return unsafe { libc_heap::free(object.cast()) };
    }
    warn_not_kmalloc(object.addr());
}

/// Frees many, each as [`kfree`] would.
pub(crate) fn kfree_bulk(function: &str, objects: &[*mut u8]) {
    for &object in objects {
        let parked = |owner| fast::push(owner, object) || checked::push(owner, object);
        if !OWNERS.owner(object.addr()).is_some_and(parked) {
            kfree(function, object);
        }
    }
}

/// Clears all of an object, then frees it.
pub(crate) fn free_sensitive(function: &str, object: *mut u8) {
    wipe(object, clearable(function, object));
    kfree(function, object);
}

/// Clears memory in a way that the optimiser leaves alone.
fn wipe(object: *mut u8, bytes: usize) {
    if object.addr() > ZERO_SIZE && bytes > 0 {
        // SAFETY: the program passed memory of that size that it owns.
        unsafe { object.write_bytes(0, bytes) };
        core::hint::black_box(object);
    }
}

/// Frees what `strdup_const` returned: not what lies in constant memory, or, where that cannot be known, may lie there.
pub(crate) fn free_const(text: *mut u8) {
    if Slab::lookup(text.addr()).is_some() || image::constant(text.addr()) == Some(Constant::Nobodys) {
        kfree("kfree_const", text);
    }
}

/// Frees vmalloc memory. NULL is ignored.
pub(crate) fn vfree(object: *mut u8) {
    let address = object.addr();
    if object.is_null() {
        return;
    }
    if run::of(address).is_some_and(|run| run.kind == Kind::Vmalloc && run.start.as_ptr() != object) {
        // The kernel tells an address that no page begins at from one that no area begins at.
        warn_at!("remove_vm_area", "Trying to vfree() bad address (0x{address:016x})\n");
        errors::reported(None);
    }
    if large::give_back(address, |kind| kind == Kind::Vmalloc) == Some(Kind::Vmalloc) {
        return;
    }
    warn_at!("vfree", "Trying to vfree() nonexistent vm area (0x{address:016x})\n");
    errors::reported(None);
}

/// Frees either kind.
pub(crate) fn kvfree(object: *mut u8) {
    if is_vmalloc(object) { vfree(object) } else { kfree("kvfree", object) }
}

/// Clears `bytes`, then frees either kind.
pub(crate) fn kvfree_sensitive(object: *mut u8, bytes: usize) {
    wipe(object, bytes);
    kvfree(object);
}

/// Gives pages back. An address that is none, or kmalloc's own, is reported and left alone.
pub(crate) fn page_free(pages: *mut u8) {
    let freed = large::give_back(pages.addr(), |kind| kind == Kind::Pages);
    if freed != Some(Kind::Pages) && !pages.is_null() {
        let address = pages.addr();
        warn_at!("__free_pages", "page 0x{address:016x} is not allocated\n");
        errors::reported(None);
    }
}
