// SPDX-License-Identifier: MIT OR Apache-2.0
//! The heap: the library's own memory (cache descriptors, names, slab records, large bitmaps).
//!
//! Pages of the metadata zone, each cut into slots of one size. The page's header holds a bitmap of free
//! slots, so a free slot is never written to, and a page without slots in use goes back to its zone.
//!
//! ```text
//!   page:  | header (128 bytes) | rest | slot n-1 | ... | slot 1 | slot 0 |
//! ```
//!
//! Slots end with the page, so that a slot whose size is a power of two is aligned to its size.
//!
//! Everything is fallible: `None` when there is no memory.

use core::cell::Cell;
use core::ptr::NonNull;

use crate::page::arena;
use crate::printk::panic::bug_on;
use crate::sync::{self, Mutex};
use crate::sys::mem;

/// Slot sizes in bytes. The last one is for what would waste half a page in the one before.
const CLASSES: [usize; 11] = [32, 64, 128, 192, 256, 384, 512, 640, 960, 1280, 1984];
const HEADER: usize = 128;
const BITS: usize = 64;
/// Words of the slot bitmap: pages larger than 16 KiB leave the rest of their room unused in the small
/// classes.
const WORDS: usize = 8;

/// The head of a heap page. `nr_free` = bits set in `free`; a page is on its class's list iff `nr_free` > 0.
#[repr(C, align(64))]
struct Header {
    class: Cell<u16>,
    slots: Cell<u16>,
    nr_free: Cell<u16>,
    next: Cell<Option<NonNull<Header>>>,
    prev: Cell<Option<NonNull<Header>>>,
    free: [Cell<u64>; WORDS],
}

const _: () = assert!(size_of::<Header>() <= HEADER);

/// Per class, the pages that have a free slot.
struct Lists {
    partial: [Option<NonNull<Header>>; CLASSES.len()],
}

// SAFETY: heap pages belong to the heap as a whole, not to a thread.
unsafe impl Send for Lists {}

static LISTS: Mutex<Lists, { sync::rank::HEAP }> = Mutex::new(Lists { partial: [None; CLASSES.len()] });

fn class_of(bytes: usize) -> Option<usize> {
    CLASSES.iter().position(|&size| bytes <= size)
}

/// The order of the page run that holds `bytes` too large for any class.
fn order_of(bytes: usize, page_size: usize) -> u8 {
    bytes.div_ceil(page_size).next_power_of_two().trailing_zeros() as u8
}

impl Lists {
    /// # Safety
    /// `page` points to the header of a live heap page.
    unsafe fn header<'a>(page: NonNull<Header>) -> &'a Header {
        // SAFETY: the header is initialised and only shared (contract); its cells are guarded by the heap
        // lock.
        unsafe { page.as_ref() }
    }

    fn push(&mut self, class: usize, page: NonNull<Header>) {
        let Some(head) = self.partial.get_mut(class) else { return };
        // SAFETY: callers pass live pages.
        let header = unsafe { Self::header(page) };
        header.prev.set(None);
        header.next.set(*head);
        if let Some(next) = *head {
            // SAFETY: pages on a list are live.
            unsafe { Self::header(next) }.prev.set(Some(page));
        }
        *head = Some(page);
    }

    fn unlink(&mut self, class: usize, page: NonNull<Header>) {
        // SAFETY: callers pass live pages that are on this list.
        let header = unsafe { Self::header(page) };
        let (next, prev) = (header.next.take(), header.prev.take());
        if let Some(next) = next {
            // SAFETY: neighbours on a list are live.
            unsafe { Self::header(next) }.prev.set(prev);
        }
        match prev {
            // SAFETY: as above.
            Some(prev) => unsafe { Self::header(prev) }.next.set(next),
            None => {
                if let Some(head) = self.partial.get_mut(class) {
                    *head = next;
                }
            }
        }
    }

    fn new_page(&mut self, class: usize) -> Option<NonNull<Header>> {
        let arena = arena()?;
        let size = *CLASSES.get(class)?;
        let slots = ((arena.page_size - HEADER) / size).min(WORDS * BITS);
        let page = arena.metadata.alloc(0)?.cast::<Header>();
        let free = core::array::from_fn(|word| {
            let here = slots.saturating_sub(word * BITS).min(BITS);
            Cell::new(if here == 0 { 0 } else { u64::MAX >> (BITS - here) })
        });
        let header = Header {
            class: Cell::new(class as u16),
            slots: Cell::new(slots as u16),
            nr_free: Cell::new(slots as u16),
            next: Cell::new(None),
            prev: Cell::new(None),
            free,
        };
        // SAFETY: a fresh page run of our own, aligned to a page and larger than the header.
        unsafe { page.write(header) };
        self.push(class, page);
        Some(page)
    }

    fn take_slot(&mut self, class: usize) -> Option<NonNull<u8>> {
        let page = match *self.partial.get(class)? {
            Some(page) => page,
            None => self.new_page(class)?,
        };
        // SAFETY: pages on a list are live.
        let header = unsafe { Self::header(page) };
        let (index, word) = header.free.iter().enumerate().find(|(_, word)| word.get() != 0)?;
        let slot = index * BITS + word.get().trailing_zeros() as usize;
        word.set(word.get() & (word.get() - 1));
        header.nr_free.set(header.nr_free.get() - 1);
        if header.nr_free.get() == 0 {
            self.unlink(class, page);
        }
        let offset = arena()?.page_size - (slot + 1) * CLASSES.get(class)?;
        // SAFETY: the slot's number is below the page's slot count, so the slot begins after the header.
        Some(unsafe { page.cast::<u8>().add(offset) })
    }

    fn put_slot(&mut self, page: NonNull<Header>, slot: usize) {
        // SAFETY: callers pass the live page that holds a slot in use.
        let header = unsafe { Self::header(page) };
        let Some(word) = header.free.get(slot / BITS) else { return };
        bug_on!(word.get() & 1 << (slot % BITS) != 0);
        let class = usize::from(header.class.get());
        word.set(word.get() | 1 << (slot % BITS));
        header.nr_free.set(header.nr_free.get() + 1);
        if header.nr_free.get() == 1 {
            self.push(class, page);
        }
        if header.nr_free.get() == header.slots.get() {
            self.unlink(class, page);
            if let Some(arena) = arena() {
                // SAFETY: the page came from `new_page`; no slot is in use and no list refers to it.
                unsafe { arena.metadata.free(page.cast(), 0) };
            }
        }
    }
}

/// Allocates `bytes` (> 0), aligned to 32 bytes, to 64 when `bytes` exceeds 32, and to `bytes` when that is a
/// power of two. Contents are undefined.
pub(crate) fn alloc(bytes: usize) -> Option<NonNull<u8>> {
    let taken = match class_of(bytes) {
        Some(_) if mem::test_refuses() => None,
        Some(class) => LISTS.lock().take_slot(class),
        None => {
            let arena = arena()?;
            arena.metadata.alloc(order_of(bytes, arena.page_size))
        }
    };
    if taken.is_some() {
        mem::test_counts(bytes.cast_signed());
    }
    taken
}

/// Frees what [`alloc`] returned.
///
/// # Safety
/// `at` came from `alloc(bytes)` with the same number, and nothing refers to it any more.
pub(crate) unsafe fn free(at: NonNull<u8>, bytes: usize) {
    let Some(arena) = arena() else { return };
    mem::test_counts(-bytes.cast_signed());
    let Some(&size) = class_of(bytes).and_then(|class| CLASSES.get(class)) else {
        // SAFETY: `alloc` took such sizes as whole runs of this order (contract).
        unsafe { arena.metadata.free(at, order_of(bytes, arena.page_size)) };
        return;
    };
    let within = at.as_ptr().addr() & (arena.page_size - 1);
    // SAFETY: the slot lies in one page (contract), whose header is at its start.
    let page = unsafe { at.sub(within) }.cast::<Header>();
    LISTS.lock().put_slot(page, (arena.page_size - within) / size - 1);
}

/// Takes the lock for the time of a fork.
pub(crate) fn hold_for_fork() {
    sync::hold(&LISTS);
}

/// Lets it go.
///
/// # Safety
/// The calling thread called `hold_for_fork`, or is its image in a child process.
pub(crate) unsafe fn let_go_after_fork() {
    // SAFETY: held (contract).
    unsafe { sync::let_go(&LISTS) };
}
