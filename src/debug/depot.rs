// SPDX-License-Identifier: MIT OR Apache-2.0
//! The stack depot: stacks, each kept once.
//!
//! Many objects are allocated and freed along few paths, so a track holds the number of a stack. A stack that was kept
//! stays for the life of the process; there are at most [`MAX_STACKS`] of them. Looking one up takes no lock, and
//! neither does adding one: it goes to the head of its list in one atomic step, after another look if somebody else was
//! faster, so that equal stacks share one record whatever happens at the same time.

use core::num::NonZeroU32;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use core::sync::atomic::{AtomicU32, AtomicUsize};

use crate::page::{arena, heap};
use crate::printk::stack::is_ours;
use crate::sheaf::handle::readable;
use crate::sys::frames;

/// Calls in a stack, at most.
pub(crate) const DEPTH: usize = 16;
/// Stacks that are kept, at most: 50 MB.
const MAX_STACKS: usize = 1 << 18;
const BUCKETS: usize = 1 << 15;
/// What the heap aligns records to, and ids count in.
const UNIT: usize = 32;

/// The number of a kept stack.
pub(crate) type StackId = NonZeroU32;

/// The head of a record. Its frames follow.
#[repr(C)]
struct Record {
    hash: u64,
    /// The next stack in the bucket; 0 for none.
    next: AtomicU32,
    len: u32,
}

static TABLE: [AtomicU32; BUCKETS] = [const { AtomicU32::new(0) }; BUCKETS];
static NR_STACKS: AtomicUsize = AtomicUsize::new(0);

/// The calls that led to this one, from the program's call into the library on; the rest of the array is 0.
pub(crate) struct Stack {
    frames: [usize; DEPTH],
    len: usize,
}

impl Stack {
    #[inline(never)]
    pub(crate) fn here() -> Self {
        let mut frames = [0; DEPTH];
        let len = frames::capture(&mut frames, is_ours);
        Self { frames, len }
    }

    pub(crate) fn frames(&self) -> &[usize] {
        self.frames.get(..self.len).unwrap_or(&[])
    }

    /// Where the program called the library; 0 when unknown.
    pub(crate) fn caller(&self) -> usize {
        self.frames().first().copied().unwrap_or(0)
    }

    fn hash(&self) -> u64 {
        let mix = |hash: u64, frame: &usize| {
            (hash.rotate_left(23) ^ *frame as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        };
        self.frames().iter().fold(self.len as u64, mix)
    }

    /// Keeps the stack; `None` when it is empty or there is no room for it.
    pub(crate) fn keep(&self) -> Option<StackId> {
        if self.len == 0 {
            return None;
        }
        let hash = self.hash();
        let bucket = TABLE.get((hash >> 32) as usize % BUCKETS)?;
        // Acquire pairs with the Release in `add`: who sees a record's number sees the record.
        let head = bucket.load(Acquire);
        self.find(hash, head, 0).or_else(|| self.add(hash, bucket, head))
    }

    /// Looks for an equal stack in a list from `from` to before `until`.
    fn find(&self, hash: u64, from: u32, until: u32) -> Option<StackId> {
        let mut id = from;
        while id != until {
            let known = StackId::new(id)?;
            // SAFETY: a number from a bucket's list.
            let record = unsafe { record(known)? };
            // SAFETY: as above.
            if record.hash == hash && unsafe { frames_of(record) } == self.frames() {
                return Some(known);
            }
            id = record.next.load(Acquire);
        }
        None
    }

    #[cold]
    #[inline(never)]
    fn add(&self, hash: u64, bucket: &AtomicU32, mut head: u32) -> Option<StackId> {
        if NR_STACKS.load(Relaxed) >= MAX_STACKS {
            return None;
        }
        let bytes = size_of::<Record>() + size_of_val(self.frames());
        let place = heap::alloc(bytes)?;
        let number = (place.as_ptr().addr() - arena()?.metadata_base) / UNIT + 1;
        let id = u32::try_from(number).ok().and_then(StackId::new);
        // SAFETY: fresh memory, large and aligned enough.
        unsafe {
            place.cast::<Record>().write(Record { hash, next: AtomicU32::new(0), len: self.len as u32 })
        };
        // SAFETY: the frames have room behind the head.
        let frames = unsafe { place.add(size_of::<Record>()) }.cast::<usize>();
        // SAFETY: as above, and fresh memory overlaps nothing.
        unsafe { frames.copy_from_nonoverlapping(NonNull::from(self.frames()).cast(), self.len) };
        // SAFETY: just written; nobody else has seen it.
        let record = unsafe { place.cast::<Record>().as_ref() };
        let mut seen = 0;
        while let Some(id) = id {
            record.next.store(head, Relaxed);
            // Release publishes the record; Acquire for those that came before it meanwhile.
            match bucket.compare_exchange(head, id.get(), AcqRel, Acquire) {
                Ok(_) => {
                    NR_STACKS.fetch_add(1, Relaxed);
                    return Some(id);
                }
                Err(newer) => {
                    (seen, head) = (head, newer);
                    if let Some(same) = self.find(hash, head, seen) {
                        seen = same.get();
                        break;
                    }
                }
            }
        }
        // SAFETY: allocated above with this size, and never published.
        unsafe { heap::free(place, bytes) };
        StackId::new(seen).filter(|_| id.is_some())
    }
}

/// The record of a stack.
///
/// # Safety
/// The number comes from this depot's lists.
unsafe fn record<'a>(id: StackId) -> Option<&'a Record> {
    let address = arena()?.metadata_base + (id.get() as usize - 1) * UNIT;
    let at = core::ptr::with_exposed_provenance::<Record>(address);
    // SAFETY: a record that was published, and is never given back (contract).
    Some(unsafe { &*at })
}

/// The frames behind a record's head.
///
/// # Safety
/// As for [`record`].
unsafe fn frames_of(record: &Record) -> &[usize] {
    let head: *const Record = record;
    let frames = head.with_addr(head.addr() + size_of::<Record>());
    let frames = core::ptr::with_exposed_provenance::<usize>(frames.expose_provenance());
    // SAFETY: `add` wrote that many before it published the record, and nobody changes them.
    unsafe { core::slice::from_raw_parts(frames, record.len as usize) }
}

/// The calls of a kept stack, innermost first. The number may come from memory that the program has written over: then
/// the answer is `None`, or another stack.
pub(crate) fn frames(id: StackId) -> Option<&'static [usize]> {
    let address = arena()?.metadata_base + (id.get() as usize - 1) * UNIT;
    readable(address, size_of::<Record>(), UNIT)?;
    let at = core::ptr::with_exposed_provenance::<u64>(address);
    // SAFETY: committed metadata is readable, whatever it holds.
    let hash = unsafe { at.read_volatile() };
    let mut next = TABLE.get((hash >> 32) as usize % BUCKETS)?.load(Acquire);
    // A number that leads to a record is on the list that its hash says.
    while next != id.get() {
        // SAFETY: a number from a bucket's list.
        next = unsafe { record(StackId::new(next)?) }?.next.load(Acquire);
    }
    // SAFETY: found on the list.
    let record = unsafe { record(id) }?;
    // SAFETY: as above.
    Some(unsafe { frames_of(record) })
}
