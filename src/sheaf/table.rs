// SPDX-License-Identifier: MIT OR Apache-2.0
//! A thread's table: for each cache it uses, the top of the sheaf at hand.
//!
//! ```text
//!   TLS pointer -> | mask | thread | slot 0 | slot 1 | ... | slot n-1 | rear 0 | rear 1 | ... | rear n-1 |
//!                                    16 bytes each                      32 bytes each
//! ```
//!
//! The slot of a cache is the one at offset `handle & mask`. Different caches may fall on one slot; the
//! slot's key tells whose it is. Slots are what the fast path touches, rears what only the slow path needs.

use core::cell::Cell;
use core::ffi::c_void;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize};

use crate::page::arena;
use crate::sheaf::barn::Barn;
use crate::sheaf::block::{Block, Sheaf, nothing};
use crate::sheaf::handle;
use crate::sheaf::thread::Thread;

/// Slots of a thread's first table, which fits into a page.
const FIRST_SLOTS: usize = 64;
const _: () = assert!(FIRST_SLOTS >= handle::NUMBERS_WITHOUT_ZERO, "slot 0 is nobody's");
/// Slots of the largest table; a cache whose slot is another's there goes without a sheaf.
const MAX_SLOTS: usize = 65536;
/// How much larger the next table is, and how many times a thread's table can grow.
const GROWTH: usize = 4;
pub(super) const GROWTHS: usize = (MAX_SLOTS / FIRST_SLOTS).ilog(GROWTH) as usize;
/// The key of a slot that belongs to no cache and never will: no handle has it, NULL included.
const NEVER: usize = 1;

/// The hot half of a slot.
#[repr(C)]
pub(crate) struct Slot {
    /// The handle of the slot's cache, or what stands for it (`Barn::sign`); 0 while an operation is under
    /// way, and in a slot that nobody has.
    pub(crate) key: AtomicUsize,
    /// The top of the sheaf at hand.
    pub(crate) top: AtomicPtr<*mut u8>,
}

/// The cold half. Whoever may change it is alone in that; others may look at any time, and find an old value
/// or a new one.
pub(super) struct Rear {
    /// The only cache that ever has the slot, 0 before there is one. A handler may give a slot away under a
    /// fast path that has looked at the key and not yet at the top, so it must not become somebody else's.
    pub(super) owner: Cell<usize>,
    /// The cache's barn; null in a slot that nobody has.
    pub(super) barn: BarnCell,
    /// The second sheaf: always empty or full.
    pub(super) spare: SpareCell,
    pub(super) spare_is_full: FlagCell,
    /// The low half of the top when decay last looked. Guarded by the thread's lock.
    pub(super) seen: Cell<u32>,
}

/// A cell that others may look at.
pub(super) struct BarnCell(AtomicPtr<Barn>);

impl BarnCell {
    pub(super) fn get(&self) -> *const Barn {
        self.0.load(RELAXED)
    }

    pub(super) fn set(&self, barn: *const Barn) {
        self.0.store(barn.cast_mut(), RELAXED);
    }
}

/// A cell that others may look at.
pub(super) struct SpareCell(AtomicPtr<Block>);

impl SpareCell {
    pub(super) fn get(&self) -> Option<Sheaf> {
        Sheaf::from_raw(self.0.load(RELAXED))
    }

    pub(super) fn set(&self, sheaf: Option<Sheaf>) {
        self.0.store(Sheaf::into_raw(sheaf), RELAXED);
    }

    pub(super) fn replace(&self, sheaf: Option<Sheaf>) -> Option<Sheaf> {
        let old = self.get();
        self.set(sheaf);
        old
    }

    pub(super) fn take(&self) -> Option<Sheaf> {
        self.replace(None)
    }
}

/// A cell that others may look at.
pub(super) struct FlagCell(AtomicBool);

impl FlagCell {
    pub(super) fn get(&self) -> bool {
        self.0.load(RELAXED)
    }

    pub(super) fn set(&self, flag: bool) {
        self.0.store(flag, RELAXED);
    }

    pub(super) fn replace(&self, flag: bool) -> bool {
        let old = self.get();
        self.set(flag);
        old
    }
}

/// The head of a table; slots and rears follow.
#[repr(C)]
pub(crate) struct Table {
    /// What makes a slot's offset of a handle.
    pub(crate) mask: usize,
    /// The owner; null in the tables of threads that have none.
    thread: *const Thread,
}

/// A table of one slot that belongs to no cache: a thread whose word leads here comes to the slow path with
/// every call.
#[repr(C)]
pub(super) struct ClosedTable {
    table: Table,
    slot: Slot,
}

impl ClosedTable {
    pub(super) fn new(thread: *const Thread) -> Self {
        let slot = Slot { key: AtomicUsize::new(NEVER), top: AtomicPtr::new(nothing()) };
        Self { table: Table { mask: 0, thread }, slot }
    }

    pub(super) fn word(&self) -> *const c_void {
        ptr::from_ref(self).cast()
    }
}

pub(super) const HEADER: usize = size_of::<Table>();
const _: () = assert!(size_of::<Slot>() == handle::BYTES, "a handle's low bits are its slot's offset");

fn bytes_for(slots: usize) -> usize {
    HEADER + slots * (size_of::<Slot>() + size_of::<Rear>())
}

fn order_for(slots: usize) -> Option<u8> {
    let pages = bytes_for(slots).div_ceil(arena()?.page_size);
    Some(pages.next_power_of_two().trailing_zeros() as u8)
}

impl Table {
    /// A table without any cache; `None` when there is no memory.
    fn with_slots(thread: *const Thread, slots: usize) -> Option<NonNull<Table>> {
        let run = arena()?.metadata.alloc_zeroed(order_for(slots)?)?;
        let table = run.cast::<Table>();
        // SAFETY: a fresh run with room for the header.
        unsafe { table.write(Table { mask: (slots - 1) * size_of::<Slot>(), thread }) };
        // SAFETY: just written; zeroes are valid slots and rears.
        let first = unsafe { table.as_ref() }.slot(0);
        first.key.store(NEVER, RELAXED);
        // Who passes that number as a handle all the same finds nothing.
        first.top.store(nothing(), RELAXED);
        Some(table)
    }

    pub(super) fn first(thread: *const Thread) -> Option<NonNull<Table>> {
        Self::with_slots(thread, FIRST_SLOTS)
    }

    /// A larger table with the same content, or `None`. This one is left with no slot in use.
    pub(super) fn grown(&self) -> Option<NonNull<Table>> {
        let slots = self.slots() * GROWTH;
        if slots > MAX_SLOTS {
            return None;
        }
        let larger = Self::with_slots(self.thread, slots)?;
        // SAFETY: just made.
        let table = unsafe { larger.as_ref() };
        for offset in self.offsets().filter(|&offset| !self.rear(offset).barn.get().is_null()) {
            let (slot, rear) = (self.slot(offset), self.rear(offset));
            slot.key.store(0, RELAXED);
            // SAFETY: the barn of a slot is that of a live cache.
            let barn = unsafe { &*rear.barn.get() };
            let (key, sign) = (barn.key, barn.sign);
            let to = key & table.mask;
            table.rear(to).owner.set(key);
            table.rear(to).barn.set(rear.barn.get());
            table.rear(to).spare.set(rear.spare.get());
            table.rear(to).spare_is_full.set(rear.spare_is_full.get());
            table.slot(to).top.store(slot.top.swap(nothing(), RELAXED), RELAXED);
            table.slot(to).key.store(sign, RELAXED);
        }
        Some(larger)
    }

    /// Gives a table's memory back.
    ///
    /// # Safety
    /// Made by this module, and nobody uses it any more.
    pub(super) unsafe fn free(table: NonNull<Table>) {
        // SAFETY: live until the last line (contract).
        let slots = unsafe { table.as_ref() }.slots();
        if let (Some(arena), Some(order)) = (arena(), order_for(slots)) {
            // SAFETY: allocated by `with_slots` with this order.
            unsafe { arena.metadata.free(table.cast(), order) };
        }
    }

    pub(super) fn slots(&self) -> usize {
        self.mask / size_of::<Slot>() + 1
    }

    /// The offsets of all slots that a cache can have.
    pub(super) fn offsets(&self) -> impl Iterator<Item = usize> + use<> {
        (size_of::<Slot>()..=self.mask).step_by(size_of::<Slot>())
    }

    pub(super) fn thread(&self) -> *const Thread {
        self.thread
    }

    /// The slot at an offset that was masked with this table's mask.
    #[inline(always)]
    pub(crate) fn slot(&self, offset: usize) -> &Slot {
        let start = ptr::from_ref(self).cast::<u8>().wrapping_add(HEADER + offset);
        // SAFETY: the offset is at most `mask` and a multiple of the slot's size, so the slot lies in the
        // table's memory, of which zeroes are valid.
        unsafe { &*start.cast::<Slot>() }
    }

    /// Whether an operation on a slot is under way: in the calling thread, one further up the stack.
    pub(super) fn is_marked(&self, offset: usize) -> bool {
        self.slot(offset).key.load(RELAXED) == 0 && !self.rear(offset).barn.get().is_null()
    }

    pub(super) fn rear(&self, offset: usize) -> &Rear {
        let rears = HEADER + self.slots() * size_of::<Slot>();
        let index = offset / size_of::<Slot>();
        let start = ptr::from_ref(self).cast::<u8>().wrapping_add(rears + index * size_of::<Rear>());
        // SAFETY: as for `slot`; rears follow the slots, one for each.
        unsafe { &*start.cast::<Rear>() }
    }
}

const RELAXED: core::sync::atomic::Ordering = core::sync::atomic::Ordering::Relaxed;
