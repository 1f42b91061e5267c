// SPDX-License-Identifier: MIT OR Apache-2.0
//! The memory of records: made, filled in for a slab, kept for the cache's next slab or given back.

use core::ptr::NonNull;
use core::sync::atomic::Ordering::{Relaxed, Release};

use crate::abi::slab_flags::SLAB_CONSISTENCY_CHECKS;
use crate::page::heap;
use crate::page::run::FIRST_RUN_TAG;
use crate::slab::links::Links;
use crate::slab::record::bitmap::{BITS, INLINE_WORDS, words_for};
use crate::slab::record::{Mark, Slab, tag_of};
use crate::slab::{Cache, Ledger};

/// Bytes of a record for a slab of a cache, with the ledger or the marks that follow it.
fn record_bytes(cache: &Cache) -> usize {
    let more = if cache.is_debug() {
        size_of::<Ledger>()
    } else if cache.barn.is_noted() {
        usize::from(cache.layout.objects) * size_of::<Mark>()
    } else {
        0
    };
    size_of::<Slab>() + more
}

impl Slab {
    /// A record that belongs to nobody yet; `None` when there is no memory for it.
    fn blank(cache: &Cache) -> Option<NonNull<Slab>> {
        let bytes = record_bytes(cache);
        let record = heap::alloc(bytes)?.cast::<Slab>();
        if tag_of(record.addr().get()) >= FIRST_RUN_TAG as usize {
            // Beyond 240 GiB of records there are no tags for them.
            // SAFETY: allocated above with this size; nobody has seen it.
            unsafe { heap::free(record.cast(), bytes) };
            return None;
        }
        // SAFETY: fresh memory of that size. Zeroes are a valid record, and valid marks: none is set.
        unsafe { record.cast::<u8>().write_bytes(0, bytes) };
        let _ = record.as_ptr().expose_provenance();
        Some(record)
    }

    /// Frees a record's memory.
    ///
    /// # Safety
    /// It came from [`blank`](Self::blank) for this cache, and nobody refers to it.
    unsafe fn free(record: NonNull<Slab>, cache: &Cache) {
        // SAFETY: allocated by `blank` with this size (contract).
        unsafe { heap::free(record.cast(), record_bytes(cache)) };
    }

    /// A record for a page run, all of its objects free; `None` when there is no memory for it.
    pub(in crate::slab) fn create(
        cache: &Cache,
        base: NonNull<u8>,
        order: u8,
        objects: u16,
    ) -> Option<NonNull<Slab>> {
        let spare = if cache.barn.is_noted() { cache.node.lock().spares.pop_front() } else { None };
        let record = spare.map(NonNull::from).or_else(|| Self::blank(cache))?;
        let words = words_for(objects);
        let large = if words > INLINE_WORDS { heap::alloc(words * size_of::<u64>()) } else { None };
        if words > INLINE_WORDS && large.is_none() {
            // SAFETY: no slab has it.
            unsafe { Self::put_away(record, cache) };
            return None;
        }
        // SAFETY: the record stays until `destroy`.
        let slab = unsafe { record.as_ref() };
        if let (Some(first), Some(large)) = (slab.map.first(), large) {
            first.set(large.as_ptr().expose_provenance() as u64);
        }
        slab.inuse.set(0);
        slab.objects.set(objects);
        slab.order.set(order);
        slab.has_marks.set(cache.barn.is_noted());
        if cache.is_debug() {
            let checked = cache.has(SLAB_CONSISTENCY_CHECKS);
            let links = if checked { Links::create(objects) } else { Links::none() };
            // SAFETY: the ledger follows the record in the same memory.
            let ledger = unsafe { record.add(1) }.cast::<Ledger>();
            // SAFETY: as above; it is as large and as aligned as the first half.
            unsafe { ledger.write(Ledger::new(links)) };
            slab.has_ledger.set(true);
        }
        for (index, word) in slab.words().iter().enumerate() {
            let here = (usize::from(objects) - index * BITS).min(BITS);
            word.set(u64::MAX >> (BITS - here));
        }
        slab.base.store(base.as_ptr().expose_provenance(), Relaxed);
        // Release pairs with the Acquire in `cache_ptr`: who finds the owner finds the rest.
        slab.cache.store(core::ptr::from_ref(cache).cast_mut(), Release);
        Some(record)
    }

    /// Gives the record back.
    ///
    /// # Safety
    /// The record came from [`create`](Self::create), its pages are no longer tagged, it is on no list, and the
    /// caller drops every reference to it.
    pub(in crate::slab) unsafe fn destroy(record: NonNull<Slab>, cache: &Cache) {
        // SAFETY: live until the last line (contract).
        let slab = unsafe { record.as_ref() };
        slab.cache.store(core::ptr::null_mut(), Relaxed);
        let words = slab.words();
        if words.len() > INLINE_WORDS {
            let large = NonNull::from(words);
            // SAFETY: `create` allocated it with this size.
            unsafe { heap::free(large.cast(), words.len() * size_of::<u64>()) };
        }
        if let Some(ledger) = slab.ledger() {
            ledger.links.give_up();
        }
        // SAFETY: no slab has it any more (contract).
        unsafe { Self::put_away(record, cache) };
    }

    /// Keeps a record with marks for the cache's next slab, and frees any other.
    ///
    /// # Safety
    /// No slab has it; it came from [`blank`](Self::blank) for this cache.
    unsafe fn put_away(record: NonNull<Slab>, cache: &Cache) {
        if cache.barn.is_noted() {
            // SAFETY: live until `free_spares`.
            return cache.node.lock().spares.push_front(unsafe { record.as_ref() });
        }
        // SAFETY: passed on.
        unsafe { Self::free(record, cache) };
    }

    /// Frees the records that a cache has kept.
    ///
    /// # Safety
    /// No call on the cache is under way, and none will follow.
    pub(crate) unsafe fn free_spares(cache: &Cache) {
        while let Some(record) = cache.node.lock().spares.pop_front() {
            // SAFETY: just taken off the list of such records; the contract covers the rest.
            unsafe { Self::free(NonNull::from(record), cache) };
        }
    }
}
