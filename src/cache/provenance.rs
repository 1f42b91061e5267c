// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a pointer comes from: `kmem_dump_obj`.

use core::fmt::Write;

use crate::cache::{Handle, registry};
use crate::debug::track::{self, Tracks};
use crate::printk::format::symbol::ReturnAddress;
use crate::printk::{Level, Line, printk, sink};
use crate::slab::{MAX_SHOWN, Slab};

/// What is known about an address in a slab.
struct Provenance {
    text: Line,
    tracks: Option<Tracks>,
}

/// Looks an address up, which may be any number; `None` when it is in no slab.
///
/// The address is nobody's promise: the slab mutex and the list lock keep cache and slab while they are looked at.
fn find(address: usize) -> Option<Provenance> {
    let registry = registry::lock();
    let cache = Slab::lookup(address).and_then(|slab| Handle::of_descriptor(slab.cache_ptr()).owner())?;
    let node = cache.node.lock();
    let slab = Slab::lookup(address).filter(|slab| core::ptr::eq(slab.cache_ptr(), cache))?;
    let layout = &cache.layout;
    let offset = address - slab.base();
    // The slot of the object that the address would belong to if it were the start of one: what lies in a left red
    // zone counts to the slot before.
    let number = offset.saturating_sub(layout.red_left_pad) / layout.stride;
    let slot = slab.base() + number * layout.stride;
    let mut text = Line::new();
    text.push(b" slab ");
    let name = cache.name.as_bytes();
    text.push(name.get(..MAX_SHOWN).unwrap_or(name));
    let _ = write!(text, " start {slot:016x}");
    if layout.red_left_pad > 0 {
        let _ = write!(text, " data offset {}", layout.red_left_pad);
    }
    let within = address.saturating_sub(slot + layout.red_left_pad);
    let _ = write!(text, " pointer offset {within} size {}", cache.object_size());
    let is_object = number < usize::from(slab.objects());
    let tracks = is_object.then(|| track::read(cache, slot + layout.red_left_pad)).flatten();
    drop(node);
    drop(registry);
    Some(Provenance { text, tracks })
}

/// Prints what is known about an address, in continuation of a line that the caller has begun; prints nothing and returns
/// `false` when it is in no slab.
pub(crate) fn dump(address: usize) -> bool {
    let Some(Provenance { mut text, tracks }) = find(address) else { return false };
    if let Some(tracks) = tracks.as_ref().filter(|tracks| tracks.alloc.caller != 0) {
        let _ = write!(text, " allocated at {}", ReturnAddress(tracks.alloc.caller));
    }
    text.push(b"\n");
    sink::emit(Level::Cont, text.as_bytes());
    let Some(tracks) = tracks else { return true };
    print_stack(tracks.alloc.stack());
    if let Some(frames) = tracks.free.stack() {
        printk!(Cont, " Free path:\n");
        print_stack(Some(frames));
    }
    true
}

fn print_stack(frames: Option<&[usize]>) {
    for frame in frames.unwrap_or(&[]) {
        printk!(Info, "    {}\n", ReturnAddress(*frame));
    }
}

/// Whether an address lies in a slab.
pub(crate) fn is_in_slab(address: usize) -> bool {
    Slab::lookup(address).is_some_and(|slab| !slab.cache_ptr().is_null())
}
