// SPDX-License-Identifier: MIT OR Apache-2.0
//! Handles: what C holds as `struct kmem_cache *`.
//!
//! A handle is the address of a 16-byte record that leads to the descriptor. Records lie close together, so that
//! the low bits of a handle are a small number: the fast path finds a thread's slot for a cache by masking the
//! handle, without reading anything of the cache.
//!
//! ```text
//!   run (64 KiB):  | bitmap of free records, 512 bytes | record 32 | record 33 | ... | record 4095 |
//! ```

use core::cell::Cell;
use core::ptr::{self, NonNull};
use core::sync::atomic::AtomicPtr;
use core::sync::atomic::Ordering::{Acquire, Release};

use crate::page::arena;
use crate::sync::Mutex;

/// Bytes of a record.
pub(super) const BYTES: usize = size_of::<Record>();
const PER_RUN: usize = 4096;
const RUN_BYTES: usize = PER_RUN * BYTES;
const BITS: usize = 64;
const WORDS: usize = PER_RUN / BITS;
/// The first record that is not taken up by the bitmap.
const FIRST: usize = WORDS * size_of::<u64>() / BYTES;
/// Records that are handed out, in each word of the bitmap: all but the one whose number is a multiple of 64. Its
/// slot would be slot 0 of a small table, which is the one that NULL falls on.
const USABLE: u64 = !1;
/// Tables of at least so many slots never see a handle that falls on slot 0.
pub(super) const NUMBERS_WITHOUT_ZERO: usize = BITS;
/// Runs that the library keeps track of: 261,000 caches.
const MAX_RUNS: usize = 64;

/// One handle. The first word leads to the descriptor, null while the record is free.
#[repr(C, align(16))]
struct Record {
    descriptor: AtomicPtr<u8>,
    _reserved: usize,
}

struct Runs {
    starts: [Option<NonNull<u8>>; MAX_RUNS],
}

// SAFETY: runs belong to the library, not to a thread.
unsafe impl Send for Runs {}

static RUNS: Mutex<Runs> = Mutex::new(Runs { starts: [None; MAX_RUNS] });

/// The bitmap of a run: a set bit is a free record. Guarded by the lock of [`RUNS`].
fn bitmap<'a>(run: NonNull<u8>) -> &'a [Cell<u64>] {
    // SAFETY: a run begins with its bitmap, is never given back, and the lock keeps others out.
    unsafe { core::slice::from_raw_parts(run.as_ptr().cast(), WORDS) }
}

fn new_run() -> Option<NonNull<u8>> {
    let arena = arena()?;
    let order = (RUN_BYTES / arena.page_size).max(1).trailing_zeros() as u8;
    let run = arena.metadata.alloc_zeroed(order)?;
    for (index, word) in bitmap(run).iter().enumerate() {
        word.set(if index * BITS < FIRST { USABLE << FIRST } else { USABLE });
    }
    Some(run)
}

/// Makes a handle for a descriptor; `None` when there is no memory.
pub(crate) fn create(descriptor: NonNull<u8>) -> Option<NonNull<u8>> {
    let mut runs = RUNS.lock();
    for start in &mut runs.starts {
        let run = match *start {
            Some(run) => run,
            None => *start.insert(new_run()?),
        };
        let free = bitmap(run).iter().enumerate().find(|(_, word)| word.get() != 0);
        let Some((index, word)) = free else { continue };
        let number = index * BITS + word.get().trailing_zeros() as usize;
        word.set(word.get() & (word.get() - 1));
        // SAFETY: the record's number is below the run's count.
        let handle = unsafe { run.add(number * BYTES) };
        // SAFETY: the record lies in the run, which was zeroed: valid, and only shared.
        let record = unsafe { handle.cast::<Record>().as_ref() };
        // Release pairs with the Acquire in `descriptor`.
        record.descriptor.store(descriptor.as_ptr(), Release);
        return Some(handle);
    }
    None
}

/// Makes a handle lead nowhere. It stays reserved until [`release`].
pub(crate) fn invalidate(handle: usize) {
    if let Some(record) = record(handle) {
        record.descriptor.store(ptr::null_mut(), Release);
    }
}

/// Gives an invalidated handle back, for the next cache.
pub(crate) fn release(handle: usize) {
    let runs = RUNS.lock();
    let run = runs.starts.iter().flatten().find(|run| handle.wrapping_sub(run.as_ptr().addr()) < RUN_BYTES);
    let Some(run) = run else { return };
    let number = (handle - run.as_ptr().addr()) / BYTES;
    if let Some(word) = bitmap(*run).get(number / BITS) {
        word.set(word.get() | 1 << (number % BITS));
    }
}

/// The record behind a pointer that C passed, which may be anything. Some other metadata may be taken for one;
/// the descriptor's mark tells.
fn record<'a>(handle: usize) -> Option<&'a Record> {
    let metadata = &arena()?.metadata;
    if !metadata.is_committed(handle, BYTES) || !handle.is_multiple_of(BYTES) {
        return None;
    }
    let record = ptr::with_exposed_provenance::<Record>(handle);
    // SAFETY: committed metadata stays mapped; the record's word is an atomic.
    Some(unsafe { &*record })
}

/// Where a handle leads: an address in metadata that has room for `bytes` aligned to `align`, or `None`.
pub(crate) fn descriptor(handle: usize, bytes: usize, align: usize) -> Option<NonNull<u8>> {
    let descriptor = record(handle)?.descriptor.load(Acquire);
    readable(descriptor.addr(), bytes, align)?;
    NonNull::new(descriptor)
}

/// `Some` if an address, which may be any number, can be read as metadata of that size and alignment.
pub(crate) fn readable(address: usize, bytes: usize, align: usize) -> Option<()> {
    let committed = arena()?.metadata.is_committed(address, bytes);
    (committed && address.is_multiple_of(align)).then_some(())
}
