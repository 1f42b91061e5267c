// SPDX-License-Identifier: MIT OR Apache-2.0
//! One sheaf: an array of object pointers that is used as a stack.
//!
//! ```text
//!   word   0   ...   63-c      64-c     ...            63   | next block
//!        +-----+---+--------+--------+--------+------+------+
//!        | not used| NULL   | object | object | free | free |
//!        +-----+---+--------+--------+--------+------+------+
//!                    ^ bottom          top ^            end ^ 512-byte boundary
//! ```
//!
//! A sheaf of capacity c uses the last c words of its block. `top` alone says how full it is: the word below
//! the bottom is NULL, so popping an empty sheaf reads NULL; the end is a multiple of the block's size, so a
//! full sheaf is one whose `top` has its low bits clear. Neither test needs the capacity.

use core::ptr::{self, NonNull};
use core::sync::atomic::AtomicPtr;
use core::sync::atomic::Ordering::Relaxed;

use crate::page::heap;

/// Words of a block.
const WORDS: usize = 64;
/// Bytes of a block, and its alignment.
pub(super) const BYTES: usize = WORDS * size_of::<*mut u8>();
/// Objects that a sheaf can hold at most: one word is the NULL below the bottom.
pub(crate) const MAX_CAPACITY: usize = WORDS - 1;

/// In caches of whose objects each call takes note, a sheaf has as many objects at most: the words so far
/// below theirs hold their notes.
///
/// ```text
///   word   0  ...   31-c  32-c     ...           31 ...  63-c   64-c     ...            63
///        +-----+---+----+------+------+----------+-----+------+--------+--------+------+
///        | link| not used| note | note | ...      | ... | NULL | object | object | free |
///        +-----+---+----+------+------+----------+-----+------+--------+--------+------+
/// ```
pub(crate) const MAX_NOTED: usize = WORDS / 2 - 1;

/// The memory of a sheaf.
#[repr(C, align(512))]
pub(super) struct Block([*mut u8; WORDS]);

/// Where a sheaf's next object goes.
pub(super) type Top = *mut *mut u8;

/// A block that is empty and full at once, whatever is tried with it: what stands in for a sheaf that is not
/// there.
struct Nothing(Block);
// SAFETY: nobody writes to it: pushing finds it full, popping finds it empty.
unsafe impl Sync for Nothing {}
static NOTHING: Nothing = Nothing(Block([ptr::null_mut(); WORDS]));

/// The top of the sheaf that is not there.
pub(super) fn nothing() -> Top {
    let start: *const Block = &raw const NOTHING.0;
    // One past the end, which is where the top of a full sheaf points.
    start.wrapping_add(1).cast::<*mut u8>().cast_mut()
}

/// Writes an object whole: others may look at it meanwhile.
///
/// # Safety
/// `top` is a free word of a sheaf that nobody else changes.
#[inline(always)]
pub(super) unsafe fn put(top: Top, object: *mut u8) {
    // SAFETY: a word of a live block (contract).
    unsafe { AtomicPtr::from_ptr(top) }.store(object, Relaxed);
}

/// Where the note about the object in a word is; NULL stands for none.
///
/// # Safety
/// The word is one of a sheaf with notes, at or above its bottom.
#[inline(always)]
pub(super) unsafe fn note(word: Top) -> Top {
    // SAFETY: as far below lie words of the same block (contract).
    unsafe { word.sub(WORDS / 2) }
}

/// Forgets the notes about the objects that have been put into the words from one top to another.
///
/// # Safety
/// As in [`note`], of a sheaf that is the caller's.
pub(super) unsafe fn forget(from: Top, to: Top) {
    let mut word = from;
    while word < to {
        // SAFETY: passed on.
        let note = unsafe { note(word) };
        // SAFETY: a word of the caller's sheaf (contract).
        unsafe { note.write(ptr::null_mut()) };
        word = word.wrapping_add(1);
    }
}

/// A sheaf's memory, owned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Sheaf(NonNull<Block>);

impl Sheaf {
    /// An empty sheaf; `None` when there is no memory.
    pub(super) fn new() -> Option<Self> {
        let block = heap::alloc(BYTES)?.cast::<Block>();
        // SAFETY: fresh memory of the block's size, aligned to it as the heap promises for powers of two.
        unsafe { block.write(Block([ptr::null_mut(); WORDS])) };
        Some(Self(block))
    }

    /// Gives the memory back.
    ///
    /// # Safety
    /// The sheaf is empty, and nothing refers to it any more.
    pub(super) unsafe fn free(self) {
        // SAFETY: allocated by `new` with this size.
        unsafe { heap::free(self.0.cast(), BYTES) };
    }

    /// The sheaf that a top points into, unless that is [`nothing`].
    pub(super) fn of(top: Top) -> Option<Self> {
        if top == nothing() {
            return None;
        }
        let start = top.wrapping_byte_sub(1).map_addr(|address| address & !(BYTES - 1));
        NonNull::new(start.cast()).map(Self)
    }

    pub(super) fn from_raw(block: *mut Block) -> Option<Self> {
        NonNull::new(block).map(Self)
    }

    pub(super) fn into_raw(sheaf: Option<Self>) -> *mut Block {
        sheaf.map_or(ptr::null_mut(), |sheaf| sheaf.0.as_ptr())
    }

    fn words(self) -> *mut *mut u8 {
        self.0.as_ptr().cast()
    }

    /// The top of this sheaf when it holds `len` objects.
    pub(super) fn top(self, capacity: usize, len: usize) -> Top {
        self.words().wrapping_add(WORDS - capacity + len)
    }

    /// The objects below a top.
    ///
    /// # Safety
    /// `top` points into this sheaf, and nobody else uses the sheaf while the slice lives.
    pub(super) unsafe fn objects<'a>(self, capacity: usize, top: Top) -> &'a mut [*mut u8] {
        let bottom = self.top(capacity, 0);
        let len = (top.addr() - bottom.addr()) / size_of::<*mut u8>();
        // SAFETY: bottom and top lie in the same block, bottom first (contract).
        unsafe { core::slice::from_raw_parts_mut(bottom, len) }
    }

    /// The objects below a top, NULLs left out, for whoever does not own the sheaf. While its owner changes
    /// it, or after it was given back, the number may be anything up to the capacity.
    pub(super) fn count(self, capacity: usize, top: Top) -> usize {
        let bottom = self.top(capacity, 0);
        let len = (top.addr().wrapping_sub(bottom.addr()) / size_of::<*mut u8>()).min(capacity);
        let held = (0..len).filter(|&index| {
            // SAFETY: a word of a block, in metadata that stays mapped. The fast path writes words whole.
            let word = unsafe { AtomicPtr::from_ptr(bottom.wrapping_add(index)) };
            !word.load(Relaxed).is_null()
        });
        held.count()
    }

    /// The link of a list that this sheaf is on while no thread uses it: word 0, which is not used or the
    /// NULL below the bottom.
    ///
    /// # Safety
    /// No thread uses the sheaf. Whoever takes it off its list stores NULL again.
    pub(super) unsafe fn set_link(self, next: Option<Sheaf>) {
        let word = next.map_or(ptr::null_mut(), |next| next.0.as_ptr().cast());
        // SAFETY: word 0 of a live block that the caller alone uses (contract).
        unsafe { self.words().write(word) };
    }

    /// The sheaf that this one is linked to.
    ///
    /// # Safety
    /// The sheaf is on a list.
    pub(super) unsafe fn link(self) -> Option<Sheaf> {
        // SAFETY: word 0 of a live block, which holds a link (contract).
        NonNull::new(unsafe { self.words().read() }.cast()).map(Sheaf)
    }
}
