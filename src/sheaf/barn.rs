// SPDX-License-Identifier: MIT OR Apache-2.0
//! The barn: where the threads of one cache trade whole sheaves.

use core::cell::Cell;
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicU8, AtomicUsize};

use crate::sheaf::block::Sheaf;
use crate::sync::{self, Mutex};

/// A stack of sheaves.
struct Stack {
    first: Cell<Option<Sheaf>>,
    len: Cell<usize>,
    /// The least that `len` has been in this epoch: sheaves below that were not needed.
    least: Cell<usize>,
    /// Sheaves that were not needed in the last epoch, and are to go.
    surplus: Cell<usize>,
}

impl Stack {
    const fn new() -> Self {
        Self { first: Cell::new(None), len: Cell::new(0), least: Cell::new(0), surplus: Cell::new(0) }
    }

    /// Begins an epoch.
    fn age(&self) {
        self.surplus.set(self.least.get());
        self.least.set(self.len.get());
    }

    /// Takes a sheaf out that was not needed in the last epoch.
    fn pop_surplus(&self) -> Option<Sheaf> {
        let surplus = self.surplus.get().checked_sub(1)?;
        self.surplus.set(surplus);
        self.pop()
    }

    /// Takes a sheaf in that no thread uses.
    fn push(&self, sheaf: Sheaf) {
        // SAFETY: the sheaf is the caller's alone, and now the stack's.
        unsafe { sheaf.set_link(self.first.get()) };
        self.first.set(Some(sheaf));
        self.len.set(self.len.get() + 1);
    }

    fn pop(&self) -> Option<Sheaf> {
        let sheaf = self.first.get()?;
        // SAFETY: it is on this stack.
        self.first.set(unsafe { sheaf.link() });
        let len = self.len.get() - 1;
        self.len.set(len);
        self.least.set(self.least.get().min(len));
        // SAFETY: it was on this stack, and is the caller's alone now.
        unsafe { sheaf.set_link(None) };
        Some(sheaf)
    }
}

struct Stacks {
    full: Stack,
    empty: Stack,
}

// SAFETY: sheaves in a barn belong to nobody; the stacks move with their lock.
unsafe impl Send for Stacks {}

/// What a slot has for a key that is not for the fast path. Whoever passes this number as a handle is led to
/// another slot: all bits are different, those that find the slot too.
#[inline(always)]
pub(super) fn noted_key(handle: usize) -> usize {
    !handle
}

/// Gives objects back to the slabs of the barn's cache.
pub(crate) type Flush = fn(&Barn, &mut [*mut u8]);

/// The sheaves of a cache that no thread has, and what threads must know of the cache. Lives in its
/// descriptor.
pub(crate) struct Barn {
    /// The cache as C knows it: what a thread's slot is found by.
    pub(crate) key: usize,
    /// What the slot is recognised by: the key, or [`noted_key`].
    pub(super) sign: usize,
    /// Objects in a sheaf; 0: this cache has none.
    pub(crate) capacity: usize,
    /// Bytes that a thread may park for this cache: two sheaves.
    pub(crate) bytes_per_thread: usize,
    pub(crate) flush: Flush,
    /// Why this cache's sheaves are out of use; 0: they are not.
    pub(super) bypass: AtomicU8,
    max_full: usize,
    /// Full sheaves, for a look without the lock.
    nr_full: AtomicUsize,
    /// The most that there were in this epoch.
    most_full: AtomicUsize,
    stacks: Mutex<Stacks, { sync::rank::BARN }>,
}

impl Barn {
    /// `max_full`: sheaves that it keeps at most; large, because what is not needed does not stay
    /// ([`age`](Self::age)).
    pub(crate) fn new(key: usize, capacity: usize, stride: usize, max_full: usize, flush: Flush) -> Self {
        let stacks = Stacks { full: Stack::new(), empty: Stack::new() };
        Self {
            key,
            sign: key,
            capacity,
            bytes_per_thread: 2 * capacity * stride,
            flush,
            bypass: AtomicU8::new(0),
            max_full,
            nr_full: AtomicUsize::new(0),
            most_full: AtomicUsize::new(0),
            stacks: Mutex::new(stacks),
        }
    }

    /// The same where each call takes note of its object: the fast path does not find the slot.
    pub(crate) fn noted(self) -> Self {
        Self { sign: noted_key(self.key), ..self }
    }

    #[inline]
    pub(crate) fn is_noted(&self) -> bool {
        self.sign != self.key
    }

    /// Whether the cache's sheaves are out of use.
    #[inline]
    pub(crate) fn is_bypassed(&self) -> bool {
        self.bypass.load(Relaxed) != 0
    }

    /// Whether there is room for a full sheaf. Looked at under the lock: after a bypass has emptied the barn,
    /// none gets in.
    fn has_room(&self, stacks: &Stacks) -> bool {
        stacks.full.len.get() < self.max_full && !self.is_bypassed()
    }

    /// Bytes of objects that rest in full sheaves, or lately did.
    pub(crate) fn idle_bytes(&self) -> usize {
        self.nr_full.load(Relaxed) * (self.bytes_per_thread / 2)
    }

    /// Objects that rest in full sheaves, NULLs included.
    pub(super) fn full_objects(&self) -> usize {
        self.nr_full.load(Relaxed) * self.capacity
    }

    /// Whether there are about as many full sheaves as there ever were in this epoch.
    pub(crate) fn is_at_peak(&self) -> bool {
        self.nr_full.load(Relaxed) + 1 >= self.most_full.load(Relaxed)
    }

    /// Tells those who look without the lock.
    fn note(&self, stacks: &Stacks) {
        let len = stacks.full.len.get();
        self.nr_full.store(len, Relaxed);
        if len > self.most_full.load(Relaxed) {
            self.most_full.store(len, Relaxed);
        }
    }

    /// Trades an empty sheaf for a full one; `None` when there is no full one.
    pub(super) fn take_full(&self, empty: Sheaf) -> Option<Sheaf> {
        let stacks = self.stacks.lock();
        let full = stacks.full.pop()?;
        stacks.empty.push(empty);
        self.note(&stacks);
        Some(full)
    }

    /// Trades a full sheaf for an empty one; `Err` gives it back when the barn has no room or there is no
    /// memory.
    pub(super) fn take_empty(&self, full: Sheaf) -> Result<Sheaf, Sheaf> {
        let stacks = self.stacks.lock();
        if !self.has_room(&stacks) {
            return Err(full);
        }
        let Some(empty) = stacks.empty.pop().or_else(Sheaf::new) else { return Err(full) };
        stacks.full.push(full);
        self.note(&stacks);
        Ok(empty)
    }

    /// Takes a full sheaf in; `false` when there is no room.
    pub(super) fn put_full(&self, full: Sheaf) -> bool {
        let stacks = self.stacks.lock();
        let room = self.has_room(&stacks);
        if room {
            stacks.full.push(full);
            self.note(&stacks);
        }
        room
    }

    /// Takes an empty sheaf in.
    pub(super) fn put_empty(&self, empty: Sheaf) {
        self.stacks.lock().empty.push(empty);
    }

    /// An empty sheaf; `None` when there is no memory.
    pub(super) fn empty_sheaf(&self) -> Option<Sheaf> {
        self.stacks.lock().empty.pop().or_else(Sheaf::new)
    }

    /// Begins an epoch of decay: what has lain here all through the last one is to go.
    pub(crate) fn age(&self) {
        let stacks = self.stacks.lock();
        stacks.full.age();
        stacks.empty.age();
        self.most_full.store(stacks.full.len.get(), Relaxed);
    }

    /// Releases sheaves of what is to go, until at least `most` objects have gone; returns how many objects
    /// they have room for.
    pub(crate) fn release_surplus(&self, most: usize) -> usize {
        let sheaves = most.div_ceil(self.capacity.max(1));
        self.release(sheaves, Stack::pop_surplus) * self.capacity
    }

    /// Objects in the full sheaves.
    pub(super) fn parked(&self) -> usize {
        let stacks = self.stacks.lock();
        let mut next = stacks.full.first.get();
        let mut parked = 0;
        while let Some(sheaf) = next {
            parked += sheaf.count(self.capacity, sheaf.top(self.capacity, self.capacity));
            // SAFETY: it is on the stack while its lock is held.
            next = unsafe { sheaf.link() };
        }
        parked
    }

    /// Takes the lock for the time of a fork.
    pub(crate) fn hold_for_fork(&self) {
        sync::hold(&self.stacks);
    }

    /// Lets it go.
    ///
    /// # Safety
    /// The calling thread called `hold_for_fork`, or is its image in a child process.
    pub(crate) unsafe fn let_go_after_fork(&self) {
        // SAFETY: held (contract).
        unsafe { sync::let_go(&self.stacks) };
    }

    /// Empties the barn: all objects back to their slabs, all memory of sheaves to the heap. What other threads bring
    /// meanwhile may stay, or this would take as long as they go on.
    pub(crate) fn clear(&self) {
        let stacks = self.stacks.lock();
        let most = stacks.full.len.get().max(stacks.empty.len.get());
        drop(stacks);
        self.release(most, Stack::pop);
    }

    fn release(&self, most: usize, pop: impl Fn(&Stack) -> Option<Sheaf>) -> usize {
        let mut released = 0;
        while released < most {
            let stacks = self.stacks.lock();
            let full = pop(&stacks.full);
            let empty = pop(&stacks.empty);
            self.note(&stacks);
            drop(stacks);
            if let Some(full) = full {
                let top = full.top(self.capacity, self.capacity);
                // SAFETY: off the barn, so nobody else has it; a sheaf among the full ones is full.
                (self.flush)(self, unsafe { full.objects(self.capacity, top) });
                // SAFETY: its objects were given back; nobody else has it.
                unsafe { full.free() };
            }
            if let Some(empty) = empty {
                // SAFETY: off the barn and empty.
                unsafe { empty.free() };
            }
            if full.is_none() && empty.is_none() {
                break;
            }
            released += 1;
        }
        released
    }
}
