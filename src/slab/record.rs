// SPDX-License-Identifier: MIT OR Apache-2.0
//! One slab's record: 64 bytes of metadata, out of line.

use core::cell::Cell;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicPtr, AtomicUsize};

use crate::abi::slab_flags::SLAB_CONSISTENCY_CHECKS;
use crate::page::run::FIRST_RUN_TAG;
use crate::page::{Arena, Tag, arena, heap};
#[cfg(debug_assertions)]
use crate::printk::panic::bug_on;
use crate::slab::links::Links;
use crate::slab::marks::Mark;
use crate::slab::{Cache, Layout, Ledger};

const BITS: usize = 64;
/// Bitmap words that fit into the record itself: 192 objects, all but the smallest sizes.
const INLINE_WORDS: usize = 3;

/// A slab. Bit i of the bitmap is set iff object i is free.
///
/// `inuse` = objects − bits set; bits from `objects` on are clear. Without a ledger it is on its node's full list iff
/// `inuse` = `objects`, else on the partial list, and on none while it is built or dismantled; with a ledger,
/// where that says.
#[repr(C, align(64))]
pub(crate) struct Slab {
    /// The owner; null in a record that is not in use.
    cache: AtomicPtr<Cache>,
    /// Address of the page run.
    base: AtomicUsize,
    pub(super) next: Cell<Option<NonNull<Slab>>>,
    pub(super) prev: Cell<Option<NonNull<Slab>>>,
    inuse: Cell<u16>,
    objects: Cell<u16>,
    order: Cell<u8>,
    /// Whether a [`Ledger`] follows the record, or a [`Mark`] for each object.
    has_ledger: Cell<bool>,
    has_marks: Cell<bool>,
    /// The bitmap, or in its first word the address of a larger one.
    map: [Cell<u64>; INLINE_WORDS],
}

const _: () = assert!(size_of::<Slab>() == 64, "a tag counts in units of one record");

/// A copy of a slab's state, for reports that are printed without the list lock.
#[derive(Clone, Copy)]
pub(crate) struct SlabSnapshot {
    pub(crate) address: usize,
    pub(crate) base: usize,
    pub(crate) objects: u16,
    pub(crate) used: u16,
    /// Address of the first free object, or what stands in its place; 0 for none.
    pub(crate) freelist: usize,
}

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

/// The tag that leads to a record, as a number.
fn tag_of(record: usize) -> usize {
    let base = arena().map_or(0, |arena| arena.metadata_base);
    (record - base) / size_of::<Slab>() + 1
}

fn words_for(objects: u16) -> usize {
    usize::from(objects).div_ceil(BITS)
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
    pub(super) fn create(cache: &Cache, base: NonNull<u8>, order: u8, objects: u16) -> Option<NonNull<Slab>> {
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
    pub(super) unsafe fn destroy(record: NonNull<Slab>, cache: &Cache) {
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

    /// The slab that owns the page of an address, which may be any number.
    ///
    /// The record of a live object's slab stays; for any other address the answer may be out of date at once,
    /// and is checked again under the owner's list lock before anything is changed.
    #[inline]
    pub(crate) fn lookup<'a>(address: usize) -> Option<&'a Slab> {
        let arena = arena()?;
        Self::tagged(arena, arena.objects.tag(address))
    }

    /// Has the processor fetch the record.
    #[inline(always)]
    pub(crate) fn prefetch(&self) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a hint, whatever the address.
        unsafe {
            core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_T0 }>(
                core::ptr::from_ref(self).cast(),
            );
        }
    }

    /// The tag that leads from a page to this record.
    pub(super) fn tag(&self) -> Tag {
        tag_of(core::ptr::from_ref(self).addr()) as Tag
    }

    /// Marks an object of a cache with marks as the program's.
    #[inline]
    pub(crate) fn mark_live(layout: &Layout, address: usize) {
        let slab = Slab::lookup(address);
        let index = |slab: &Slab| layout.index_at(address.wrapping_sub(slab.base()), layout.objects);
        if let Some((slab, index)) = slab.and_then(|slab| Some((slab, index(slab)?))) {
            slab.mark(index).set();
        }
    }

    /// Takes an address out of the program's hands; `None` when it is not a live object of the cache, which has marks. The
    /// mark is good until the object's slab goes.
    ///
    /// No lock is needed: as long as the object is live the slab stays, and its record does in any case.
    #[inline(always)]
    pub(crate) fn claim_live<'a>(cache: &Cache, address: usize) -> Option<&'a Mark> {
        let slab = Self::lookup(address).filter(|slab| core::ptr::eq(slab.cache_ptr(), cache))?;
        let (base, layout) = (slab.base(), &cache.layout);
        let mark = slab.mark(layout.index_at(address.wrapping_sub(base), layout.objects)?);
        if !mark.claim() {
            return None;
        }
        if slab.base() != base {
            // The record was given to another slab under a free that should not be: that mark was not meant.
            mark.set();
            return None;
        }
        Some(mark)
    }

    /// The record that a tag leads to, if it is that of a slab.
    #[inline(always)]
    fn tagged<'a>(arena: &Arena, tag: Tag) -> Option<&'a Slab> {
        // 0, which is no record's, becomes the largest number.
        let index = tag.wrapping_sub(1);
        if index >= FIRST_RUN_TAG - 1 {
            return None;
        }
        let record = arena.metadata_base + index as usize * size_of::<Slab>();
        // SAFETY: a tag is only set for a record inside the metadata zone, whose committed memory stays mapped;
        // what is read without the list lock are atomics.
        Some(unsafe { &*core::ptr::with_exposed_provenance::<Slab>(record) })
    }

    /// An object's mark; the record has some, for so many as the cache's layout has objects.
    #[inline]
    fn mark<'a>(&self, index: u16) -> &'a Mark {
        let at =
            core::ptr::from_ref(self).addr() + size_of::<Slab>() + usize::from(index) * size_of::<Mark>();
        // SAFETY: `blank` made it, and it stays as long as the record.
        unsafe { &*core::ptr::with_exposed_provenance::<Mark>(at) }
    }

    /// The owner, or null in a record that was dismantled meanwhile.
    pub(crate) fn cache_ptr(&self) -> *mut Cache {
        self.cache.load(Acquire)
    }

    pub(crate) fn base(&self) -> usize {
        self.base.load(Relaxed)
    }

    /// Bytes of the page run.
    pub(crate) fn bytes(&self) -> usize {
        arena().map_or(0, |arena| arena.page_size << self.order.get())
    }

    pub(crate) fn order(&self) -> u8 {
        self.order.get()
    }

    pub(crate) fn objects(&self) -> u16 {
        self.objects.get()
    }

    pub(crate) fn inuse(&self) -> u16 {
        self.inuse.get()
    }

    pub(super) fn is_full(&self) -> bool {
        self.inuse.get() == self.objects.get()
    }

    /// What Linux would know about the slab, if its cache has a debug flag.
    pub(crate) fn ledger(&self) -> Option<&Ledger> {
        let at = core::ptr::from_ref(self).addr() + size_of::<Slab>();
        // SAFETY: `create` wrote a ledger there if it says so; it lives as long as the record.
        self.has_ledger.get().then(|| unsafe { &*core::ptr::with_exposed_provenance::<Ledger>(at) })
    }

    /// Objects in use as Linux would count them.
    pub(crate) fn used(&self) -> u16 {
        self.ledger().map_or(self.inuse.get(), Ledger::counter)
    }

    /// Whether the slab may be dismantled: no object is live, and nothing else speaks for keeping it.
    pub(super) fn is_idle(&self) -> bool {
        self.inuse.get() == 0 && self.ledger().is_none_or(|ledger| ledger.counter() == 0 && !ledger.is_held())
    }

    /// The object that begins at an address; `None` when the address points elsewhere into the slab.
    #[inline]
    pub(crate) fn index_of(&self, layout: &Layout, address: usize) -> Option<u16> {
        layout.index_at(address.checked_sub(self.base())?, self.objects.get())
    }

    /// The address of an object.
    #[inline]
    pub(crate) fn object(&self, layout: &Layout, index: u16) -> NonNull<u8> {
        let address = self.base() + layout.object_offset(index);
        // A slab's base is never 0.
        NonNull::new(core::ptr::with_exposed_provenance_mut(address)).unwrap_or(NonNull::dangling())
    }

    fn words(&self) -> &[Cell<u64>] {
        let words = words_for(self.objects.get());
        if words <= INLINE_WORDS {
            return self.map.get(..words).unwrap_or(&[]);
        }
        let large = core::ptr::with_exposed_provenance(self.map[0].get() as usize);
        // SAFETY: `create` allocated that many words and initialised them before anyone saw the record; they
        // live as long as the record.
        unsafe { core::slice::from_raw_parts(large, words) }
    }

    /// Takes a free object: the one with so many free ones below it.
    #[inline]
    pub(super) fn take_nth(&self, nth: u16) -> Option<u16> {
        let mut below = u32::from(nth);
        let (index, word) = self.words().iter().enumerate().find(|(_, word)| {
            let here = word.get().count_ones();
            let found = below < here;
            below -= if found { 0 } else { here };
            found
        })?;
        let rest = (0..below).fold(word.get(), |bits, _| bits & (bits - 1));
        let bit = rest.trailing_zeros() as usize;
        word.set(word.get() & !(1 << bit));
        self.inuse.set(self.inuse.get() + 1);
        Some((index * BITS + bit) as u16)
    }

    /// Takes the free object with the lowest address.
    #[inline]
    pub(super) fn take_lowest(&self) -> Option<u16> {
        let (index, word) = self.words().iter().enumerate().find(|(_, word)| word.get() != 0)?;
        let bit = word.get().trailing_zeros() as usize;
        word.set(word.get() & (word.get() - 1));
        self.inuse.set(self.inuse.get() + 1);
        Some((index * BITS + bit) as u16)
    }

    /// Takes free objects, a bitmap word at a time, until `out` is full or none is left; returns how many.
    pub(super) fn take_many(&self, layout: &Layout, out: &mut [*mut u8]) -> usize {
        let mut taken = 0;
        for (index, word) in self.words().iter().enumerate() {
            let mut bits = word.get();
            while bits != 0 {
                let Some(to) = out.get_mut(taken) else { break };
                let object = (index * BITS) as u16 + bits.trailing_zeros() as u16;
                *to = self.object(layout, object).as_ptr();
                bits &= bits - 1;
                taken += 1;
            }
            word.set(bits);
        }
        self.inuse.set(self.inuse.get() + taken as u16);
        taken
    }

    /// Whether an object is free; the caller holds the list lock.
    pub(crate) fn is_free(&self, index: u16) -> bool {
        let word = self.words().get(usize::from(index) / BITS);
        word.is_some_and(|word| word.get() & 1 << (usize::from(index) % BITS) != 0)
    }

    /// Takes a certain object, which is free.
    pub(super) fn claim(&self, index: u16) {
        if let Some(word) = self.words().get(usize::from(index) / BITS) {
            word.set(word.get() & !(1 << (usize::from(index) % BITS)));
            self.inuse.set(self.inuse.get() + 1);
        }
    }

    /// Makes an object free; `false` when it is free already.
    #[inline]
    pub(super) fn put(&self, index: u16) -> bool {
        let Some(word) = self.words().get(usize::from(index) / BITS) else { return false };
        let mask = 1 << (usize::from(index) % BITS);
        if word.get() & mask != 0 {
            return false;
        }
        word.set(word.get() | mask);
        self.inuse.set(self.inuse.get() - 1);
        true
    }

    /// Copies the state; the caller holds the list lock.
    pub(crate) fn snapshot(&self, layout: &Layout) -> SlabSnapshot {
        SlabSnapshot {
            address: core::ptr::from_ref(self).addr(),
            base: self.base(),
            objects: self.objects.get(),
            used: self.used() - self.parked(),
            freelist: self.ledger().map_or_else(|| self.first_free(layout), Ledger::freelist),
        }
    }

    /// Objects that rest in sheaves, where that is known: to reports they are free.
    fn parked(&self) -> u16 {
        if !self.has_marks.get() {
            return 0;
        }
        let live = (0..self.objects.get()).filter(|&index| self.mark(index).is_set()).count();
        self.inuse.get().saturating_sub(live as u16)
    }

    /// The address of the first free object, 0 when there is none.
    fn first_free(&self, layout: &Layout) -> usize {
        let is_free =
            |index| if self.has_marks.get() { !self.mark(index).is_set() } else { self.is_free(index) };
        let first = (0..self.objects.get()).find(|&index| is_free(index));
        first.map_or(0, |index| self.base() + layout.object_offset(index))
    }

    /// How many objects are free; the caller holds the list lock.
    pub(crate) fn free_objects(&self) -> usize {
        self.words().iter().map(|word| word.get().count_ones() as usize).sum()
    }

    /// The bitmap; the caller holds the list lock.
    #[inline]
    pub(crate) fn free_bits(&self) -> &[Cell<u64>] {
        self.words()
    }

    /// The first live object from number `from` on; the caller holds the list lock.
    pub(crate) fn next_live(&self, from: u16) -> Option<u16> {
        (from..self.objects.get()).find(|&index| !self.is_free(index))
    }

    /// Calls `each(address, bytes)` for every stretch of whole pages that hold nothing but free objects; the caller
    /// holds the list lock.
    pub(crate) fn for_each_idle_stretch(
        &self,
        layout: &Layout,
        page_size: usize,
        mut each: impl FnMut(usize, usize),
    ) {
        let last = usize::from(self.objects.get()) - 1;
        let live_on = |page: usize| {
            let slots = page / layout.stride..=((page + page_size - 1) / layout.stride).min(last);
            slots.into_iter().any(|index| !self.is_free(index as u16))
        };
        let mut start = 0;
        for page in (0..=self.bytes()).step_by(page_size) {
            if page == self.bytes() || live_on(page) {
                if page > start {
                    each(self.base() + start, page - start);
                }
                start = page + page_size;
            }
        }
    }

    /// Takes the slab away from its cache: whoever still finds it, by a stray pointer, finds that it is nobody's.
    pub(super) fn disown(&self) {
        self.cache.store(core::ptr::null_mut(), Relaxed);
    }

    /// Checks the record's invariants, in debug builds.
    #[cfg(debug_assertions)]
    pub(super) fn validate(&self, cache: &Cache) {
        bug_on!(self.free_objects() + usize::from(self.inuse.get()) != usize::from(self.objects.get()));
        let marked = |index| self.has_marks.get() && self.mark(index).is_set();
        bug_on!((0..self.objects.get()).any(|index| self.is_free(index) && marked(index)));
        bug_on!(!core::ptr::eq(self.cache_ptr(), cache));
        let found = Slab::lookup(self.base()).map(core::ptr::from_ref);
        bug_on!(found != Some(core::ptr::from_ref(self)));
    }
}
