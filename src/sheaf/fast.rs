// SPDX-License-Identifier: MIT OR Apache-2.0
//! The fast path. `c_tests/fast_path.sh` counts its instructions. `include/kmem/inline.h` is the same in C, access by
//! access but for the prefetch: a change here is one there, and a new name for the word that leads there (`sys::tls`).

use core::ptr::NonNull;

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
