// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reports, in the words and the order of Linux 6.12.
//!
//! What a report says about a slab comes from a snapshot; what it shows of an object's bytes it reads as it goes. No lock
//! is held.

use core::fmt;
use core::sync::atomic::AtomicBool;
use core::sync::atomic::Ordering::Relaxed;

use crate::debug::check::Damage;
use crate::debug::dump::{ROW, section};
use crate::debug::{chain, errors, track};
use crate::printk::warn::warn_at;
use crate::printk::{Level, pr_err};
use crate::slab::{Cache, SlabSnapshot};

/// Payload bytes that a report shows at most.
const DUMP_LIMIT: usize = 4096;

/// Whether any report has been printed: the kernel's taint letter B.
static TAINTED: AtomicBool = AtomicBool::new(false);

/// Prints the banner of a report about a cache.
fn banner(cache: &Cache, text: fmt::Arguments<'_>) {
    let taint = if TAINTED.swap(true, Relaxed) { "Tainted: G    B" } else { "Not tainted" };
    pr_err!("=============================================================================\n");
    pr_err!("BUG {} ({taint}): {text}\n", cache.name);
    pr_err!("-----------------------------------------------------------------------------\n\n");
}

/// Prints the line about a slab.
fn slab_line(slab: &SlabSnapshot) {
    let SlabSnapshot { address, objects, used, freelist, .. } = slab;
    pr_err!("Slab 0x{address:016x} objects={objects} used={used} fp=0x{freelist:016x} flags=0x200(slab)\n");
}

/// Prints what was done about the fault.
pub(crate) fn fix(cache: &Cache, text: fmt::Arguments<'_>) {
    pr_err!("FIX {}: {text}\n", cache.name);
}

/// Prints the report about one object: banner, tracks, slab, object, and its bytes. `address` is where the object
/// begins and is readable over its whole slot.
pub(crate) fn object(cache: &Cache, slab: &SlabSnapshot, address: usize, text: fmt::Arguments<'_>) {
    banner(cache, text);
    trailer(cache, slab, address);
    warn_at!("object_err");
    errors::reported(Some(cache));
}

/// Prints the report about something that should be an object and is none.
pub(crate) fn no_object(cache: &Cache, slab: &SlabSnapshot, address: usize, text: fmt::Arguments<'_>) {
    banner(cache, text);
    slab_line(slab);
    pr_err!("Invalid pointer 0x{address:016x}\n");
    warn_at!("object_err");
    errors::reported(Some(cache));
}

/// Prints the report about a slab, or an address in it that is not an object's.
pub(crate) fn slab(cache: &Cache, slab: &SlabSnapshot, text: fmt::Arguments<'_>) {
    banner(cache, text);
    slab_line(slab);
    warn_at!("slab_err");
    errors::reported(Some(cache));
}

/// Prints the line about a region of an object that was written to, and, unless the object has been shown already,
/// the report about the object.
pub(crate) fn damage(cache: &Cache, slab: &SlabSnapshot, address: usize, damage: &Damage, show: bool) {
    let Damage { zone, first, last, found, expected } = *damage;
    let (name, offset) = (zone.name(), first - slab.base);
    pr_err!(
        "[{name} overwritten] 0x{first:016x}-0x{last:016x} @offset={offset}. \
         First byte 0x{found:x} instead of 0x{expected:x}\n"
    );
    if show {
        object(cache, slab, address, format_args!("Object corrupt"));
    } else {
        errors::reported(Some(cache));
    }
}

/// Prints the report about the remainder of a slab, from `start` on, of which first..=last were written to.
pub(crate) fn padding(
    cache: &Cache,
    slab: &SlabSnapshot,
    (start, len): (usize, usize),
    first: usize,
    last: usize,
) {
    let offset = first - slab.base;
    banner(cache, format_args!("Padding overwritten. 0x{first:016x}-0x{last:016x} @offset={offset}"));
    section(Level::Err, "Padding ", start, len);
    slab_line(slab);
    warn_at!("slab_pad_check");
    errors::reported(Some(cache));
}

/// Prints the live objects of a slab whose cache is being destroyed. `next_live` finds the first from a number on.
pub(crate) fn leftovers(cache: &Cache, slab: &SlabSnapshot, next_live: impl Fn(u16) -> Option<u16>) {
    banner(cache, format_args!("Objects remaining on __kmem_cache_shutdown()"));
    let mut from = 0;
    while let Some(index) = next_live(from) {
        let offset = cache.layout.object_offset(index);
        pr_err!("Object 0x{:016x} @offset={offset}\n", slab.base + offset);
        track::print(cache, slab.base + offset);
        from = index + 1;
    }
    slab_line(slab);
    warn_at!("__kmem_cache_shutdown");
}

/// Prints what is known of an object, and its bytes.
fn trailer(cache: &Cache, slab: &SlabSnapshot, address: usize) {
    let (layout, size) = (&cache.layout, cache.object_size());
    track::print(cache, address);
    slab_line(slab);
    let offset = address - slab.base;
    // Only a chain has anything to show; without one the word is the program's, or nobody's.
    let fp = if cache.is_debug() { chain::next(cache, address) } else { 0 };
    pr_err!("Object 0x{address:016x} @offset={offset} fp=0x{fp:016x}\n\n");
    if cache.has_red_zones() {
        section(Level::Err, "Redzone  ", address - layout.red_left_pad, layout.red_left_pad);
    } else if offset > ROW {
        section(Level::Err, "Bytes b4 ", address - ROW, ROW);
    }
    section(Level::Err, "Object   ", address, size.min(DUMP_LIMIT));
    if cache.has_red_zones() {
        section(Level::Err, "Redzone  ", address + size, layout.inuse - size);
    }
    let metadata = layout.metadata_end(cache.flags);
    section(Level::Err, "Padding  ", address + metadata, layout.stride - layout.red_left_pad - metadata);
}
