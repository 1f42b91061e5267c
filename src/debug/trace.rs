// SPDX-License-Identifier: MIT OR Apache-2.0
//! The lines of a cache that traces its allocations (SLAB_TRACE).

use crate::debug::dump::section;
use crate::printk::{Level, printk, stack};
use crate::slab::{Cache, SlabSnapshot};

/// Says that an object was allocated; the slab is shown without it.
pub(crate) fn alloc(cache: &Cache, slab: &SlabSnapshot, object: usize) {
    line(cache, "alloc", slab, object);
    stack::dump();
}

/// Says that an object is about to be freed, and what it held; the slab is shown with it.
pub(crate) fn free(cache: &Cache, slab: &SlabSnapshot, object: usize) {
    line(cache, "free", slab, object);
    section(Level::Info, "Object ", object, cache.object_size());
    stack::dump();
}

fn line(cache: &Cache, event: &str, slab: &SlabSnapshot, object: usize) {
    let (used, fp) = (slab.used, slab.freelist);
    printk!(Info, "TRACE {} {event} 0x{object:016x} inuse={used} fp=0x{fp:016x}\n", cache.name);
}
