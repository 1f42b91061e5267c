// SPDX-License-Identifier: MIT OR Apache-2.0
//! The byte patterns that users meet in a hex dump; the values are the kernel's.

use core::ptr::NonNull;

use crate::abi::slab_flags::SLAB_POISON;
use crate::debug::watch;
use crate::slab::{Cache, Slab, track_bytes, tracks_size};

/// Red zones of a free object.
const RED_INACTIVE: u8 = 0xbb;
/// Red zones of an allocated object.
const RED_ACTIVE: u8 = 0xcc;
/// Padding: what lies between objects and belongs to nobody.
pub(crate) const POISON_INUSE: u8 = 0x5a;
/// Payload of a free object, but for its last byte.
pub(crate) const POISON_FREE: u8 = 0x6b;
/// The last byte of a free object's payload.
pub(crate) const POISON_END: u8 = 0xa5;

const WORD: usize = size_of::<u64>();

/// Whether an object is with the program or with the allocator.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Inactive,
    Active,
}

impl State {
    /// What fills the red zones of an object in this state.
    pub(crate) fn red(self) -> u8 {
        match self {
            Self::Inactive => RED_INACTIVE,
            Self::Active => RED_ACTIVE,
        }
    }
}

/// Fills `len` bytes at an offset from an object.
///
/// # Safety
/// The bytes lie within one slot of a slab that only the caller can write to.
#[inline]
unsafe fn fill(object: NonNull<u8>, offset: isize, len: usize, byte: u8) {
    // SAFETY: within the slot (contract).
    let at = unsafe { object.offset(offset) };
    // SAFETY: as above.
    if unsafe { watch::fill(at, len, byte) } {
        return;
    }
    if !(WORD..=2 * WORD).contains(&len) {
        // SAFETY: as above.
        return unsafe { at.write_bytes(byte, len) };
    }
    // Red zones: two words, one over the other as far as need be, for less than a call.
    let pattern = u64::from_ne_bytes([byte; WORD]);
    // SAFETY: within the stretch.
    let last = unsafe { at.add(len - WORD) };
    // SAFETY: as above.
    unsafe { at.cast::<u64>().write_unaligned(pattern) };
    // SAFETY: as above.
    unsafe { last.cast::<u64>().write_unaligned(pattern) };
}

/// Prepares the pages of a new slab: everything is padding until objects are set up.
///
/// # Safety
/// Nobody else can see the slab.
pub(crate) unsafe fn slab(cache: &Cache, slab: &Slab) {
    if cache.has(SLAB_POISON) {
        let base = core::ptr::with_exposed_provenance_mut::<u8>(slab.base());
        // SAFETY: the slab's own pages, which hold nothing yet (contract).
        unsafe { base.write_bytes(POISON_INUSE, slab.bytes()) };
    }
}

/// Sets up the metadata of an object in a new slab.
///
/// # Safety
/// As for [`object`].
pub(crate) unsafe fn new_object(cache: &Cache, at: NonNull<u8>) {
    // SAFETY: passed on.
    unsafe { object(cache, at, State::Inactive) };
    // SAFETY: the tracks lie inside the slot (see the picture in slab::layout).
    unsafe { fill(at, cache.layout.tracks_offset() as isize, track_bytes(cache.flags), 0) };
}

/// The size that was asked for when an object was allocated, in a cache that keeps it.
pub(crate) fn requested(cache: &Cache, object: usize) -> usize {
    let at = core::ptr::with_exposed_provenance::<usize>(object + cache.layout.requested_offset());
    // SAFETY: a word of the object's slot, aligned as all metadata; programs that overrun may write to it.
    unsafe { at.read_volatile() }
}

/// Stores the size that is asked for, if the cache keeps it.
///
/// # Safety
/// As for [`object`].
pub(crate) unsafe fn set_requested(cache: &Cache, at: NonNull<u8>, bytes: usize) {
    if tracks_size(cache.flags) {
        // SAFETY: within the slot (see the picture in slab::layout).
        let word = unsafe { at.add(cache.layout.requested_offset()) }.cast::<usize>();
        // SAFETY: as above, and aligned as all metadata.
        unsafe { word.write(bytes) };
    }
}

/// Writes red zones and poison of an object that changes its state. Of a live object whose requested size is
/// known only that much is payload.
///
/// # Safety
/// `at` is an object of the cache, and only the caller may touch it.
pub(crate) unsafe fn object(cache: &Cache, at: NonNull<u8>, state: State) {
    let (mut size, layout, red) = (cache.object_size(), &cache.layout, state.red());
    if cache.has_red_zones() {
        // SAFETY: the left red zone precedes the object in its slot.
        unsafe { fill(at, -(layout.red_left_pad as isize), layout.red_left_pad, red) };
        if state == State::Active && tracks_size(cache.flags) {
            size = requested(cache, at.as_ptr().addr()).min(size);
        }
    }
    if cache.poisons_objects() && size > 0 {
        // SAFETY: the payload, at least one byte long.
        unsafe { fill(at, 0, size - 1, POISON_FREE) };
        // SAFETY: its last byte.
        unsafe { fill(at, size as isize - 1, 1, POISON_END) };
    }
    if cache.has_red_zones() {
        // SAFETY: the right red zone lies between payload and metadata.
        unsafe { fill(at, size as isize, layout.inuse - size, red) };
    }
}
