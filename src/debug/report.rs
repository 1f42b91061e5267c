// SPDX-License-Identifier: MIT OR Apache-2.0
//! Reports, in the words and the order of Linux 6.12.

use core::fmt;
use core::fmt::Write;
use core::sync::atomic::AtomicBool;
use core::sync::atomic::Ordering::Relaxed;

use crate::debug::{errors, track};
use crate::printk::warn::warn_at;
use crate::printk::{Level, Line, pr_err, sink};
use crate::slab::{Cache, SlabSnapshot};

const ROW: usize = 16;
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
fn slab_line(cache: &Cache, slab: &SlabSnapshot) {
    let (address, objects, used) = (slab.address, slab.objects, slab.inuse);
    let fp = slab.first_free.map_or(0, |index| slab.base + cache.layout.object_offset(index));
    pr_err!("Slab 0x{address:016x} objects={objects} used={used} fp=0x{fp:016x} flags=0x200(slab)\n");
}

/// Prints what was done about the fault.
pub(crate) fn fix(cache: &Cache, text: fmt::Arguments<'_>) {
    pr_err!("FIX {}: {text}\n", cache.name);
}

/// Prints the report about one object: banner, slab, object, and its bytes. `address` is where the object
/// begins and is readable over its whole slot.
pub(crate) fn object(cache: &Cache, slab: &SlabSnapshot, address: usize, text: fmt::Arguments<'_>) {
    let layout = &cache.layout;
    banner(cache, text);
    track::print(cache, address);
    slab_line(cache, slab);
    let offset = address - slab.base;
    pr_err!("Object 0x{address:016x} @offset={offset} fp=0x0000000000000000\n\n");
    let size = cache.object_size();
    if cache.has_red_zones() {
        section("Redzone  ", address - layout.red_left_pad, layout.red_left_pad);
    } else if offset > ROW {
        section("Bytes b4 ", address - ROW, ROW);
    }
    section("Object   ", address, size.min(DUMP_LIMIT));
    if cache.has_red_zones() {
        section("Redzone  ", address + size, layout.inuse - size);
    }
    let metadata = layout.metadata_end(cache.flags);
    section("Padding  ", address + metadata, layout.stride - layout.red_left_pad - metadata);
    warn_at!("object_err");
    errors::reported(Some(cache));
}

/// Prints the report about an address inside a slab that is not an object's.
pub(crate) fn not_an_object(cache: &Cache, slab: &SlabSnapshot, text: fmt::Arguments<'_>) {
    banner(cache, text);
    slab_line(cache, slab);
    warn_at!("slab_err");
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
    slab_line(cache, slab);
    warn_at!("__kmem_cache_shutdown");
}

/// Prints rows of bytes.
fn section(label: &str, start: usize, len: usize) {
    for row in (start..start + len).step_by(ROW) {
        let bytes = (row..start + len).take(ROW).map(|at| {
            // SAFETY: the caller shows memory of a slab, which is committed and stays so.
            unsafe { core::ptr::with_exposed_provenance::<u8>(at).read_volatile() }
        });
        let (mut hex, mut ascii) = (Line::new(), Line::new());
        for byte in bytes {
            let _ = write!(hex, "{byte:02x} ");
            ascii.push(&[if byte.is_ascii_graphic() || byte == b' ' { byte } else { b'.' }]);
        }
        let mut line = Line::new();
        let _ = write!(line, "{label}{row:016x}: ");
        line.push(hex.as_bytes());
        // The text column starts after room for sixteen bytes and one more space.
        for _ in hex.as_bytes().len()..=ROW * 3 {
            line.push(b" ");
        }
        line.push(ascii.as_bytes());
        line.push(b"\n");
        sink::emit(Level::Err, line.as_bytes());
    }
}
