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

/// Where the program called the library (0 when unknown), and the stack that led there, kept.
#[inline]
pub(crate) fn here() -> (usize, Option<StackId>) {
    let [caller, stack] = frames::answer_once::<DEPTH>(is_ours, |frames| {
        let caller = frames.first().copied().unwrap_or(0);
        [caller as u64, keep(frames).map_or(0, StackId::get).into()]
    });
    (caller as usize, StackId::new(stack as u32))
}

fn hash(frames: &[usize]) -> u64 {
    let mix =
        |hash: u64, frame: &usize| (hash.rotate_left(23) ^ *frame as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    frames.iter().fold(frames.len() as u64, mix)
}

/// Keeps a stack; `None` when it is empty or there is no room for it.
fn keep(frames: &[usize]) -> Option<StackId> {
    if frames.is_empty() {
        return None;
    }
    let hash = hash(frames);
    let bucket = TABLE.get((hash >> 32) as usize % BUCKETS)?;
    // Acquire pairs with the Release in `add`: who sees a record's number sees the record.
    let head = bucket.load(Acquire);
    find(frames, hash, head, 0).or_else(|| add(frames, hash, bucket, head))
}

/// Looks for an equal stack in a list from `from` to before `until`.
fn find(frames: &[usize], hash: u64, from: u32, until: u32) -> Option<StackId> {
    let mut id = from;
    while id != until {
        let known = StackId::new(id)?;
        // SAFETY: a number from a bucket's list.
        let record = unsafe { record(known)? };
        // SAFETY: as above.
        if record.hash == hash && unsafe { frames_of(record) } == frames {
            return Some(known);
        }
        id = record.next.load(Acquire);
    }
    None
}

#[cold]
#[inline(never)]
fn add(frames: &[usize], hash: u64, bucket: &AtomicU32, mut head: u32) -> Option<StackId> {
    if NR_STACKS.load(Relaxed) >= MAX_STACKS {
        return None;
    }
    let bytes = size_of::<Record>() + size_of_val(frames);
    let place = heap::alloc(bytes)?;
    let number = (place.as_ptr().addr() - arena()?.metadata_base) / UNIT + 1;
    let id = u32::try_from(number).ok().and_then(StackId::new);
    let record = Record { hash, next: AtomicU32::new(0), len: frames.len() as u32 };
    // SAFETY: fresh memory, large and aligned enough.
    unsafe { place.cast::<Record>().write(record) };
    // SAFETY: the frames have room behind the head.
    let behind = unsafe { place.add(size_of::<Record>()) }.cast::<usize>();
    // SAFETY: as above, and fresh memory overlaps nothing.
    unsafe { behind.copy_from_nonoverlapping(NonNull::from(frames).cast(), frames.len()) };
    // SAFETY: just written; nobody else has seen it.
    let record = unsafe { place.cast::<Record>().as_ref() };
    let mut same = None;
    while let (Some(id), None) = (id, same) {
        record.next.store(head, Relaxed);
        // Release publishes the record; Acquire for those that came before it meanwhile.
        match bucket.compare_exchange(head, id.get(), AcqRel, Acquire) {
            Ok(_) => {
                NR_STACKS.fetch_add(1, Relaxed);
                return Some(id);
            }
            Err(newer) => {
                same = find(frames, hash, newer, head);
                head = newer;
            }
        }
    }
    // SAFETY: allocated above with this size, and never published.
    unsafe { heap::free(place, bytes) };
    same
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

#[cfg(test)]
#[allow(clippy::disallowed_types, reason = "tests may allocate")]
mod tests {
    use super::*;

    #[test]
    fn equal_stacks_share_one_number() {
        crate::page::init().unwrap();
        let stack = |n: usize| -> Vec<usize> { (0..n % DEPTH + 1).map(|frame| n * 1000 + frame).collect() };
        let ids: Vec<_> = (0..500).map(|n| keep(&stack(n)).unwrap()).collect();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for n in 0..1000 {
                        let id = keep(&stack(n)).unwrap();
                        assert!(ids.get(n).is_none_or(|known| *known == id));
                        assert_eq!(frames(id), Some(&*stack(n)));
                    }
                });
            }
        });
        assert_eq!(keep(&[]), None);
    }

    #[test]
    fn any_number_is_a_stack_or_none() {
        crate::page::init().unwrap();
        keep(&[1, 2, 3]).unwrap();
        for n in (1..100_000).chain((0..32).map(|bit| 1 << bit)).chain([u32::MAX]) {
            let found = StackId::new(n).and_then(frames);
            assert!(found.is_none_or(|frames| (1..=DEPTH).contains(&frames.len())));
        }
    }
}
