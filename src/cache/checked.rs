// SPDX-License-Identifier: MIT OR Apache-2.0
//! Caches whose every call looks at its object (`kmem.harden=1`), and which have sheaves all the same.
//!
//! Their slots have keys that the fast path does not find, so each call comes here. An allocation marks its
//! object as the program's, a free claims the mark (`slab::Mark`): who has no claim has a wrong pointer, and
//! goes on to where that is looked into under the list lock and reported. What is claimed goes the way of all
//! objects, and what rests in sheaves is known to be good.

use core::ptr::{self, NonNull};

use crate::sheaf::{fast, handle};
use crate::slab::{Cache, Mark, Slab};

/// The cache behind a handle, if it leads anywhere.
///
/// # Safety
/// A slot of the calling thread has, or had, its key, and it is a multiple of a handle's size: only a cache's
/// handle was.
#[inline(always)]
unsafe fn cache<'a>(handle: usize) -> Option<&'a Cache> {
    // SAFETY: passed on.
    let descriptor = unsafe { handle::known(handle) };
    // SAFETY: where a handle led, it leads, or nowhere; the program keeps the cache alive while it uses it.
    unsafe { descriptor.cast::<Cache>().as_ref() }
}

/// Takes an object from the thread's sheaf for such a cache; `None` where there is none. `handle` may be
/// anything.
#[inline(always)]
pub(crate) fn pop(handle: usize) -> Option<NonNull<u8>> {
    if !handle.is_multiple_of(handle::BYTES) {
        return None;
    }
    let (object, note) = fast::pop_noted(handle)?;
    match NonNull::new(note.cast::<Mark>()) {
        // SAFETY: the mark of an object that was claimed: `push` noted it, and its slab has stayed since.
        Some(mark) => unsafe { mark.as_ref() }.set(),
        // SAFETY: the thread had a slot with its key.
        None => unsafe { mark_of(handle, object) },
    }
    Some(object)
}

/// Marks an object that came without a note.
///
/// # Safety
/// As for [`cache`].
#[cold]
#[inline(never)]
unsafe fn mark_of(handle: usize, object: NonNull<u8>) {
    // SAFETY: passed on.
    if let Some(cache) = unsafe { cache(handle) } {
        mark(cache, &[object.as_ptr()]);
    }
}

/// Frees an object to such a cache; `false` where that cannot be done by these means alone: then nothing was
/// done. `handle` may be anything.
#[inline(always)]
pub(crate) fn push(handle: usize, object: *mut u8) -> bool {
    let claim = || {
        // SAFETY: the thread has a slot with its key.
        let mark = Slab::claim_live(unsafe { cache(handle) }?, object.addr())?;
        Some(NonNull::from(mark).cast())
    };
    handle.is_multiple_of(handle::BYTES) && fast::push_noted(handle, object, claim)
}

/// Marks objects that the program gets. NULLs are left out.
pub(super) fn mark(cache: &Cache, objects: &[*mut u8]) {
    if cache.barn.is_noted() {
        objects.iter().for_each(|object| Slab::mark_live(&cache.layout, object.addr()));
    }
}

/// Claims what can be claimed, and moves it to the front; returns how much that is.
pub(super) fn claim_all(cache: &Cache, objects: &mut [*mut u8]) -> usize {
    let mut claimed = 0;
    for at in 0..objects.len() {
        if objects.get(at).is_some_and(|object| Slab::claim_live(cache, object.addr()).is_some()) {
            objects.swap(claimed, at);
            claimed += 1;
        }
    }
    claimed
}

/// Takes an object that the program gets from the thread's sheaf, for a signal handler that interrupted the
/// library.
pub(super) fn pop_now(cache: &Cache) -> *mut u8 {
    let popped = if cache.barn.is_noted() {
        fast::pop_noted(cache.handle).map(|(object, _)| object)
    } else {
        fast::pop(cache.handle)
    };
    popped.map_or(ptr::null_mut(), NonNull::as_ptr)
}
