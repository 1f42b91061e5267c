// SPDX-License-Identifier: MIT OR Apache-2.0
//! Handles: what C holds as `struct kmem_cache *`.
//!
//! A handle is the address of a 16-byte record that leads to the descriptor. Records lie close together, so
//! that the low bits of a handle are a small number: the fast path finds a thread's slot for a cache by
//! masking the handle, without reading anything of the cache.
//!
//! ```text
//!   run (64 KiB):  | bitmap of free records, 512 bytes | record 32 | record 33 | ... | record 4095 |
//! ```
//!
//! Some numbers of the first run are kept for caches of the library's own ([`Reserved`]), whose handles are
//! then known without looking anything up: the start of the run plus a constant.

use core::cell::Cell;
use core::ptr::{self, NonNull};
use core::sync::atomic::AtomicPtr;
use core::sync::atomic::Ordering::{Acquire, Release};

use crate::page::arena;
use crate::page::owner::{HANDLE_SHIFT, NUMBERS, OWNERS};
use crate::sync::{self, Mutex};

/// Bytes of a record.
pub(crate) const BYTES: usize = size_of::<Record>();
const _: () = assert!(BYTES == 1 << HANDLE_SHIFT);
const PER_RUN: usize = 4096;
const RUN_BYTES: usize = PER_RUN * BYTES;
const BITS: usize = 64;
const WORDS: usize = PER_RUN / BITS;
/// The first record that is not taken up by the bitmap.
const FIRST: usize = WORDS * size_of::<u64>() / BYTES;
/// Records that are handed out, in each word of the bitmap: all but the one whose number is a multiple of 64.
/// Its slot would be slot 0 of a small table, which is the one that NULL falls on.
const USABLE: u64 = !1;
/// Numbers of the first run that are kept, in each of its first words.
const RESERVED: u64 = 0x3fff << FIRST;
/// Words of the bitmap that have such numbers.
const RESERVED_WORDS: usize = NUMBERS / BITS;
/// Tables of at least so many slots never see a handle that falls on slot 0.
pub(super) const NUMBERS_WITHOUT_ZERO: usize = BITS;
/// Runs that the library keeps track of: 261,000 caches.
const MAX_RUNS: usize = 64;

/// A number that is kept for a cache of the library's own: one of `PER_KIND`, for each of `KINDS`. Numbers of
/// one kind do not share a slot, not even of the smallest table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Reserved(usize);

impl Reserved {
    pub(crate) const KINDS: usize = RESERVED_WORDS;
    pub(crate) const PER_KIND: usize = RESERVED.count_ones() as usize;

    pub(crate) const fn new(kind: usize, index: usize) -> Self {
        assert!(kind < Self::KINDS && index < Self::PER_KIND);
        Self(kind * BITS + FIRST + index)
    }

    /// The number, which fits into a byte.
    pub(crate) const fn number(self) -> u8 {
        self.0 as u8
    }
}

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

static RUNS: Mutex<Runs, { sync::rank::HANDLES }> = Mutex::new(Runs { starts: [None; MAX_RUNS] });

/// The bitmap of a run: a set bit is a free record. Guarded by the lock of [`RUNS`].
fn bitmap<'a>(run: NonNull<u8>) -> &'a [Cell<u64>] {
    // SAFETY: a run begins with its bitmap, is never given back, and the lock keeps others out.
    unsafe { core::slice::from_raw_parts(run.as_ptr().cast(), WORDS) }
}

/// A run of records, the first or a later one.
fn new_run(first: bool) -> Option<NonNull<u8>> {
    let arena = arena()?;
    let order = (RUN_BYTES / arena.page_size).max(1).trailing_zeros() as u8;
    let run = arena.metadata.alloc_zeroed(order)?;
    for (index, word) in bitmap(run).iter().enumerate() {
        let usable = if index * BITS < FIRST { USABLE << FIRST } else { USABLE };
        word.set(if first && index < RESERVED_WORDS { usable & !RESERVED } else { usable });
    }
    if first {
        OWNERS.set_handles(run.as_ptr().expose_provenance());
    }
    Some(run)
}

/// Makes a handle for a descriptor, one that is kept for it or any; `None` when there is no memory.
pub(crate) fn create(descriptor: NonNull<u8>, reserved: Option<Reserved>) -> Option<NonNull<u8>> {
    let mut runs = RUNS.lock();
    for (nth, start) in runs.starts.iter_mut().enumerate() {
        let run = match *start {
            Some(run) => run,
            None => *start.insert(new_run(nth == 0)?),
        };
        if let Some(Reserved(number)) = reserved {
            return Some(lead(run, number, descriptor));
        }
        let free = bitmap(run).iter().enumerate().find(|(_, word)| word.get() != 0);
        let Some((index, word)) = free else { continue };
        let number = index * BITS + word.get().trailing_zeros() as usize;
        word.set(word.get() & (word.get() - 1));
        return Some(lead(run, number, descriptor));
    }
    None
}

/// Has a record, the one of a run with a number, lead to a descriptor: the handle.
fn lead(run: NonNull<u8>, number: usize, descriptor: NonNull<u8>) -> NonNull<u8> {
    // SAFETY: the record's number is below the run's count.
    let handle = unsafe { run.add(number * BYTES) };
    // SAFETY: the record lies in the run, which was zeroed: valid, and only shared.
    let record = unsafe { handle.cast::<Record>().as_ref() };
    // Release pairs with the Acquire in `descriptor`.
    record.descriptor.store(descriptor.as_ptr(), Release);
    handle
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

/// The record behind a pointer that C passed, which may be anything. Some other metadata may be taken for
/// one; the descriptor's mark tells.
fn record<'a>(handle: usize) -> Option<&'a Record> {
    let metadata = &arena()?.metadata;
    if !metadata.is_committed(handle, BYTES) || !handle.is_multiple_of(BYTES) {
        return None;
    }
    let record = ptr::with_exposed_provenance::<Record>(handle);
    // SAFETY: committed metadata stays mapped; the record's word is an atomic.
    Some(unsafe { &*record })
}

/// Where a handle leads, null when it leads nowhere any more.
///
/// # Safety
/// It is one that [`create`] returned.
#[inline(always)]
pub(crate) unsafe fn known(handle: usize) -> *mut u8 {
    let record = ptr::with_exposed_provenance::<Record>(handle);
    // SAFETY: records stay (contract); the word is an atomic.
    unsafe { &*record }.descriptor.load(Acquire)
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

/// Takes the lock for the time of a fork.
pub(crate) fn hold_for_fork() {
    sync::hold(&RUNS);
}

/// Lets it go.
///
/// # Safety
/// The calling thread called `hold_for_fork`, or is its image in a child process.
pub(crate) unsafe fn let_go_after_fork() {
    // SAFETY: held (contract).
    unsafe { sync::let_go(&RUNS) };
}
