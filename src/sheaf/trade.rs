// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a thread does with its own slot beyond the fast path: objects in and out, sheaves traded with the
//! barn.

use core::ptr::NonNull;

use crate::sheaf::barn::Barn;
use crate::sheaf::block::{self, Sheaf, Top};
use crate::sheaf::table::{Rear, Slot, Table};
use crate::sheaf::thread;
use crate::sync::atomic::Ordering::{Relaxed, Release, SeqCst};
use crate::sync::atomic::compiler_fence;
use crate::sys::tls;

/// What a pop beyond the fast path found.
pub(crate) enum Pop {
    Object(NonNull<u8>),
    /// The sheaf is empty and the barn has no full one: fill it with [`stock`].
    Empty,
    /// This thread has no sheaf for the cache, now or ever: go to the slabs.
    Unavailable,
}

/// What became of a push beyond the fast path.
#[derive(PartialEq, Eq)]
pub(crate) enum Push {
    Done,
    /// The object is the one that was put in last.
    Twice,
    Unavailable,
}

/// Runs `work` on the calling thread's slot for a cache, marked, with the sheaf in it and its top.
/// `may_sleep`: the caller is not a signal handler.
#[inline]
fn with_slot<R>(barn: &Barn, may_sleep: bool, work: impl FnOnce(&Slot, &Rear, Sheaf, Top) -> R) -> Option<R> {
    // SAFETY: the word always points to a table, the thread's own or one of the two for threads without.
    let table = unsafe { &*tls::get().cast::<Table>() };
    let offset = barn.key & table.mask;
    if table.slot(offset).key.load(Relaxed) == barn.sign
        && let Some(mark) = Mark::set(table.slot(offset), barn.sign)
    {
        return Some(work(mark.slot, table.rear(offset), mark.sheaf, mark.top));
    }
    with_new_slot(barn, may_sleep, work)
}

/// The same where the thread has no sheaf for the cache, or a drain has taken it.
#[cold]
#[inline(never)]
fn with_new_slot<R>(
    barn: &Barn,
    may_sleep: bool,
    work: impl FnOnce(&Slot, &Rear, Sheaf, Top) -> R,
) -> Option<R> {
    thread::with_assigned(barn, may_sleep, |slot, rear| {
        // 0: this call interrupted the fast path, or a slow one. Its slot is not ours to change.
        if slot.key.load(Relaxed) != barn.sign {
            return None;
        }
        let mark = Mark::set(slot, barn.sign)?;
        Some(work(mark.slot, rear, mark.sheaf, mark.top))
    })?
}

/// The mark on a slot of the calling thread, as the fast path sets it, with the sheaf that it keeps from
/// drains and from signal handlers. While it lasts, the rear is the thread's too.
struct Mark<'a> {
    slot: &'a Slot,
    key: usize,
    sheaf: Sheaf,
    top: Top,
}

impl<'a> Mark<'a> {
    /// Marks a slot whose key is the cache's; `None` when a drain has stopped it.
    #[inline]
    fn set(slot: &'a Slot, key: usize) -> Option<Mark<'a>> {
        slot.key.store(0, Relaxed);
        compiler_fence(SeqCst);
        let top = slot.top.load(Relaxed);
        let Some(sheaf) = Sheaf::of(top) else {
            compiler_fence(SeqCst);
            slot.key.store(key, Release);
            return None;
        };
        Some(Mark { slot, key, sheaf, top })
    }
}

impl Drop for Mark<'_> {
    #[inline]
    fn drop(&mut self) {
        compiler_fence(SeqCst);
        self.slot.key.store(self.key, Release);
    }
}

/// Runs `work` on the slot that the calling thread has for a cache, if it has one, marked, without a look at
/// the cache: with its second sheaf, the sheaf at hand and its top, and the capacity. `handle` may be
/// anything.
#[inline]
fn with_own_slot<R>(
    handle: usize,
    work: impl FnOnce(&Slot, &Rear, Sheaf, Top, usize) -> Option<R>,
) -> Option<R> {
    // SAFETY: as in `with_slot`.
    let table = unsafe { &*tls::get().cast::<Table>() };
    let offset = handle & table.mask;
    let slot = table.slot(offset);
    // The slot that is nobody's has a key too, and no rear.
    if offset == 0 || slot.key.load(Relaxed) != handle {
        return None;
    }
    let mark = Mark::set(slot, handle)?;
    let rear = table.rear(offset);
    // SAFETY: while a slot is marked and has a sheaf, its barn is that of a live cache.
    let capacity = unsafe { rear.barn.get().as_ref() }?.capacity;
    work(mark.slot, rear, mark.sheaf, mark.top, capacity)
}

/// Takes an object from the thread's second sheaf where the first is empty. A number of live objects that
/// wavers about the border between the two costs no more than this.
#[inline]
pub(crate) fn pop_spare(handle: usize) -> Option<NonNull<u8>> {
    with_own_slot(handle, |slot, rear, sheaf, top, capacity| {
        if !rear.spare_is_full.get() || top != sheaf.top(capacity, 0) {
            return None;
        }
        let full = rear.spare.replace(Some(sheaf))?;
        rear.spare_is_full.set(false);
        let end = full.top(capacity, capacity);
        // SAFETY: the last word of a full sheaf, which is this thread's and marked.
        let object = NonNull::new(unsafe { end.wrapping_sub(1).read() });
        // A NULL, which the program has freed, stays for the slow path to drop.
        slot.top.store(if object.is_some() { end.wrapping_sub(1) } else { end }, Relaxed);
        object
    })
}

/// Puts an object into the thread's second sheaf where the first is full; `false` when that cannot be, or the
/// object is the one that was put in last.
#[inline]
pub(crate) fn push_spare(handle: usize, object: *mut u8) -> bool {
    let put = with_own_slot(handle, |slot, rear, sheaf, top, capacity| {
        if rear.spare_is_full.get() || top != sheaf.top(capacity, capacity) {
            return None;
        }
        // SAFETY: the last word of a full sheaf, which is this thread's and marked.
        if unsafe { top.wrapping_sub(1).read() } == object {
            return None;
        }
        let bottom = rear.spare.get()?.top(capacity, 0);
        rear.spare.set(Some(sheaf));
        rear.spare_is_full.set(true);
        // SAFETY: the first word of an empty sheaf that is this thread's.
        unsafe { block::put(bottom, object) };
        slot.top.store(bottom.wrapping_add(1), Relaxed);
        Some(())
    });
    put.is_some()
}

/// Takes an object, trading sheaves with the barn if that helps.
pub(crate) fn pop(barn: &Barn, may_sleep: bool) -> Pop {
    with_slot(barn, may_sleep, |slot, rear, mut sheaf, mut top| {
        loop {
            // SAFETY: the slot is this thread's and marked.
            let objects = unsafe { sheaf.objects(barn.capacity, top) };
            // A NULL on top is one that the program freed; NULLs are dropped until an object comes.
            if let Some(last) = objects.iter().rposition(|object| !object.is_null()) {
                slot.top.store(sheaf.top(barn.capacity, last), Relaxed);
                let object = objects.get(last).and_then(|object| NonNull::new(*object));
                return object.map_or(Pop::Empty, Pop::Object);
            }
            let Some(full) = trade_empty(barn, rear, sheaf) else {
                slot.top.store(sheaf.top(barn.capacity, 0), Relaxed);
                return Pop::Empty;
            };
            sheaf = full;
            top = full.top(barn.capacity, barn.capacity);
        }
    })
    .unwrap_or(Pop::Unavailable)
}

/// Puts objects into the thread's sheaf as far as there is room; returns how many.
pub(crate) fn stock(barn: &Barn, objects: &[*mut u8]) -> usize {
    let put = with_slot(barn, false, |slot, _, sheaf, first| {
        let mut top = first;
        let end = sheaf.top(barn.capacity, barn.capacity);
        let room = (end.addr() - top.addr()) / size_of::<*mut u8>();
        for object in objects.iter().take(room) {
            // SAFETY: a free word of this thread's sheaf.
            unsafe { block::put(top, *object) };
            top = top.wrapping_add(1);
        }
        forget_notes(barn, first, top);
        slot.top.store(top, Relaxed);
        objects.len().min(room)
    });
    put.unwrap_or(0)
}

/// Puts an object in, trading or emptying a full sheaf if need be.
pub(crate) fn push(barn: &Barn, object: NonNull<u8>) -> Push {
    with_slot(barn, false, |slot, rear, sheaf, top| {
        // SAFETY: the slot is this thread's and marked.
        let objects = unsafe { sheaf.objects(barn.capacity, top) };
        if objects.last() == Some(&object.as_ptr()) {
            return Push::Twice;
        }
        let mut top = top;
        if objects.len() == barn.capacity {
            top = match trade_full(barn, rear, sheaf) {
                Some(empty) => empty.top(barn.capacity, 0),
                None => {
                    // Half of them stay: the next allocations find them, and this call does half the work.
                    let half = objects.len() / 2;
                    (barn.flush)(barn, objects.get_mut(half..).unwrap_or_default());
                    sheaf.top(barn.capacity, half)
                }
            };
        }
        // SAFETY: a free word of this thread's sheaf.
        unsafe { block::put(top, object.as_ptr()) };
        forget_notes(barn, top, top.wrapping_add(1));
        slot.top.store(top.wrapping_add(1), Relaxed);
        Push::Done
    })
    .unwrap_or(Push::Unavailable)
}

/// Takes as many objects as there are at hand or in the barn, up to `out`'s length; returns how many.
pub(crate) fn pop_many(barn: &Barn, may_sleep: bool, out: &mut [*mut u8]) -> usize {
    let taken = with_slot(barn, may_sleep, |slot, rear, mut sheaf, mut top| {
        let mut taken = 0;
        while let Some(room) = out.get_mut(taken..).filter(|room| !room.is_empty()) {
            // SAFETY: the slot is this thread's and marked.
            let objects = unsafe { sheaf.objects(barn.capacity, top) };
            let (rest, last) = objects.split_at(objects.len().saturating_sub(room.len()));
            taken += copy_objects(last, room);
            top = sheaf.top(barn.capacity, rest.len());
            if rest.is_empty() {
                let Some(full) = trade_empty(barn, rear, sheaf) else { break };
                sheaf = full;
                top = full.top(barn.capacity, barn.capacity);
            }
        }
        slot.top.store(top, Relaxed);
        taken
    });
    taken.unwrap_or(0)
}

/// Puts objects in, trading full sheaves, until the barn has no room; returns how many were taken. NULLs are
/// dropped.
pub(crate) fn push_many(barn: &Barn, objects: &[*mut u8]) -> usize {
    let put = with_slot(barn, false, |slot, rear, mut sheaf, mut top| {
        let mut put = 0;
        while let Some(rest) = objects.get(put..).filter(|rest| !rest.is_empty()) {
            let end = sheaf.top(barn.capacity, barn.capacity);
            if top == end {
                let Some(empty) = trade_full(barn, rear, sheaf) else { break };
                sheaf = empty;
                top = empty.top(barn.capacity, 0);
                continue;
            }
            let room = (end.addr() - top.addr()) / size_of::<*mut u8>();
            let batch = rest.get(..room).unwrap_or(rest);
            // SAFETY: the free words of this thread's sheaf, initialised since its block was made.
            let free = unsafe { core::slice::from_raw_parts_mut(top, batch.len()) };
            let first = top;
            top = top.wrapping_add(copy_objects(batch, free));
            forget_notes(barn, first, top);
            put += batch.len();
        }
        slot.top.store(top, Relaxed);
        put
    });
    put.unwrap_or(0)
}

/// Copies the objects among `from` to the start of `to`, which has room for all; returns how many. NULLs,
/// which a program may have freed, are left out.
fn copy_objects(from: &[*mut u8], to: &mut [*mut u8]) -> usize {
    if let Some(to) = to.get_mut(..from.len())
        // One less than NULL has the upper bit, which no object has: two instructions for two of them, no way
        // out.
        && from.iter().fold(0, |bits, object| bits | object.addr().wrapping_sub(1)) >> (usize::BITS - 1) == 0
    {
        to.copy_from_slice(from);
        return from.len();
    }
    let objects = from.iter().filter(|object| !object.is_null());
    to.iter_mut().zip(objects).map(|(to, object)| *to = *object).count()
}

/// A full sheaf for an empty one; `None` when there is none to be had without work, and the empty one stays
/// the caller's.
fn trade_empty(barn: &Barn, rear: &Rear, empty: Sheaf) -> Option<Sheaf> {
    if rear.spare_is_full.replace(false) { rear.spare.replace(Some(empty)) } else { barn.take_full(empty) }
}

/// What the words from one top to another held before is not what was noted about the objects in them now.
fn forget_notes(barn: &Barn, from: Top, to: Top) {
    if barn.is_noted() {
        // SAFETY: words of this thread's sheaf, of a cache with notes.
        unsafe { block::forget(from, to) };
    }
}

/// An empty sheaf for a full one; `None` when there is none to be had without work, and the full one stays
/// the caller's.
fn trade_full(barn: &Barn, rear: &Rear, full: Sheaf) -> Option<Sheaf> {
    if rear.spare_is_full.get() {
        return barn.take_empty(full).ok();
    }
    let empty = rear.spare.get().or_else(|| barn.empty_sheaf())?;
    rear.spare.set(Some(full));
    rear.spare_is_full.set(true);
    Some(empty)
}
