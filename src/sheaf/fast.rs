// SPDX-License-Identifier: MIT OR Apache-2.0
//! The fast path. `c_tests/fast_path.sh` counts its instructions. `include/kmem/inline.h` is the same in C,
//! access by access but for the prefetch: a change here is one there, and a new name for the word that leads
//! there (`sys::tls`).

use core::ptr::NonNull;

use crate::sheaf::barn::noted_key;
use crate::sheaf::block;
use crate::sheaf::table::{Slot, Table};
use crate::sync::atomic::Ordering::{Relaxed, Release, SeqCst};
use crate::sync::atomic::compiler_fence;
use crate::sys::{cpu, tls};

/// The calling thread's slot for a handle, or somebody else's: the key tells. `handle` may be anything.
#[inline(always)]
fn slot<'a>(handle: usize) -> &'a Slot {
    let table = tls::get().cast::<Table>();
    // SAFETY: the word always points to a table, the thread's own or one of the two for threads without.
    let table = unsafe { &*table };
    table.slot(handle & table.mask)
}

/// Takes an object; `None` when the thread has none at hand.
#[inline(always)]
pub(crate) fn pop(handle: usize) -> Option<NonNull<u8>> {
    let slot = slot(handle);
    if slot.key.load(Relaxed) != handle {
        return None;
    }
    slot.key.store(0, Relaxed);
    // The mark comes first, for a handler in this thread as for a drain in another.
    compiler_fence(SeqCst);
    let top = slot.top.load(Relaxed).wrapping_sub(1);
    // SAFETY: below every top there is a word of its sheaf: an object, or the NULL under the bottom.
    let object = NonNull::new(unsafe { top.read() });
    if object.is_some() {
        slot.top.store(top, Relaxed);
        // SAFETY: below an object there is another word of the sheaf.
        let next = unsafe { top.wrapping_sub(1).read() };
        // The program writes to an object first of all, and nobody has touched it since its last user did.
        cpu::prefetch_for_write(next);
    }
    compiler_fence(SeqCst);
    slot.key.store(handle, Release);
    object
}

/// Puts an object in; `false` when there is no room, or the object is the one that was put in last.
#[inline(always)]
pub(crate) fn push(handle: usize, object: *mut u8) -> bool {
    let slot = slot(handle);
    if slot.key.load(Relaxed) != handle {
        return false;
    }
    slot.key.store(0, Relaxed);
    compiler_fence(SeqCst);
    let top = slot.top.load(Relaxed);
    // SAFETY: as in `pop`.
    let last = unsafe { top.wrapping_sub(1).read() };
    let room = top.addr() & (block::BYTES - 1) != 0 && last != object;
    if room {
        // SAFETY: a top that is not the end of its block is a free word of it.
        unsafe { block::put(top, object) };
        slot.top.store(top.wrapping_add(1), Relaxed);
    }
    compiler_fence(SeqCst);
    slot.key.store(handle, Release);
    room
}

/// [`pop`] from a cache of whose objects each call takes note, with the note about the object, NULL if there
/// is none.
#[inline(always)]
pub(crate) fn pop_noted(handle: usize) -> Option<(NonNull<u8>, *mut u8)> {
    let (slot, key) = (slot(handle), noted_key(handle));
    if slot.key.load(Relaxed) != key {
        return None;
    }
    slot.key.store(0, Relaxed);
    compiler_fence(SeqCst);
    let top = slot.top.load(Relaxed).wrapping_sub(1);
    // SAFETY: as in `pop`.
    let object = NonNull::new(unsafe { top.read() });
    let mut noted = None;
    if let Some(object) = object {
        // SAFETY: the word of an object, in a sheaf of such a cache.
        let note = unsafe { block::note(top) };
        // SAFETY: a word of the thread's sheaf.
        noted = Some((object, unsafe { note.read() }));
        slot.top.store(top, Relaxed);
    }
    compiler_fence(SeqCst);
    slot.key.store(key, Release);
    noted
}

/// [`push`] to such a cache, if `note` has a note about the object; `false` also when it has none. It is
/// asked where there is room.
#[inline(always)]
pub(crate) fn push_noted(handle: usize, object: *mut u8, note: impl FnOnce() -> Option<NonNull<u8>>) -> bool {
    let (slot, key) = (slot(handle), noted_key(handle));
    if slot.key.load(Relaxed) != key {
        return false;
    }
    slot.key.store(0, Relaxed);
    compiler_fence(SeqCst);
    let top = slot.top.load(Relaxed);
    let noted = if top.addr() & (block::BYTES - 1) != 0 { note() } else { None };
    if let Some(noted) = noted {
        // SAFETY: as in `push`.
        unsafe { block::put(top, object) };
        // SAFETY: the word of an object, in a sheaf of such a cache.
        let place = unsafe { block::note(top) };
        // SAFETY: a word of the thread's sheaf.
        unsafe { place.write(noted.as_ptr()) };
        slot.top.store(top.wrapping_add(1), Relaxed);
    }
    compiler_fence(SeqCst);
    slot.key.store(key, Release);
    noted.is_some()
}
