// SPDX-License-Identifier: MIT OR Apache-2.0
//! The slabs of one cache, as its list lock guards them.

use core::ptr::NonNull;

use crate::page::grace::Tickets;
#[cfg(debug_assertions)]
use crate::printk::panic::bug_on;
use crate::slab::{Cache, Layout, Place, Placement, Quarantine, Slab, SlabList};

/// Distinct fill levels that a shrink sorts partial slabs by; fuller than that counts as one.
const SORT_LEVELS: usize = 32;

/// All slabs of a cache.
///
/// `partial` holds the slabs with a free object, `nr_full` counts the others but for withdrawn ones; `total_objects` and
/// `free_objects` are the sums of `objects` and of free objects over all, the latter as Linux would count them, `pages`
/// that of their page runs.
pub(crate) struct Node {
    partial: SlabList,
    /// As in Linux only the full slabs of caches with a debug flag are ever looked for. (In debug builds all, for
    /// validation.)
    full: SlabList,
    nr_full: usize,
    withdrawn: usize,
    total_objects: usize,
    free_objects: usize,
    pages: usize,
    /// Which free object comes next. (In a cache with ledgers the chain says so.)
    placement: Placement,
    /// Objects that were freed and are live to the slabs.
    pub(crate) quarantine: Quarantine,
    /// Records with marks that no slab has.
    pub(super) spares: SlabList,
    /// For each slab whose pages readers may look into when it is gone, what it takes to wait for them.
    pub(super) tickets: Tickets,
}

// SAFETY: slabs belong to their cache, not to a thread; the node moves with its lock.
unsafe impl Send for Node {}

/// How much a node holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) slabs: usize,
    pub(crate) partial_slabs: usize,
    pub(crate) total_objects: usize,
    /// As Linux would count them: damage may have driven the number below zero.
    pub(crate) free_objects: usize,
    /// Pages of all slabs.
    pub(crate) pages: usize,
    /// Objects in quarantine, which are not among the free ones.
    pub(crate) quarantined: usize,
}

impl Counts {
    /// Objects that are not free, between none and all of them.
    pub(crate) fn out(&self) -> usize {
        let free = self.free_objects.cast_signed().max(0).cast_unsigned();
        self.total_objects.saturating_sub(free)
    }
}

/// What became of a freed object.
#[derive(PartialEq, Eq)]
pub(crate) enum Put {
    /// It is free, and its slab stays.
    Kept,
    /// It is free, and its slab is not needed any more: it is off the lists, for the caller to dismantle.
    Emptied,
    /// It was free before; nothing was changed.
    AlreadyFree,
}

/// Several objects of one slab on their way back.
pub(crate) struct PutRun<'a> {
    slab: &'a Slab,
    before: u16,
}

impl PutRun<'_> {
    /// Makes an object free; `false` when it is free already.
    #[inline]
    pub(crate) fn put(&mut self, index: u16) -> bool {
        self.slab.put(index)
    }
}

/// Whether a slab is on the list of full ones when it is full.
fn lists_full(slab: &Slab) -> bool {
    cfg!(debug_assertions) || slab.ledger().is_some()
}

fn place(slab: &Slab) -> Place {
    slab.ledger().map_or(Place::Nowhere, |ledger| ledger.place())
}

impl Node {
    pub(crate) const fn new() -> Self {
        Self {
            partial: SlabList::new(),
            full: SlabList::new(),
            nr_full: 0,
            withdrawn: 0,
            total_objects: 0,
            free_objects: 0,
            pages: 0,
            placement: Placement::Lowest,
            quarantine: Quarantine::NONE,
            spares: SlabList::new(),
            tickets: Tickets::new(),
        }
    }

    /// A node from which objects come in random order, and not soon after they were freed.
    pub(crate) fn unpredictable(placement: Placement, quarantine: Quarantine) -> Self {
        Self { placement, quarantine, ..Self::new() }
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            slabs: self.partial.len() + self.nr_full + self.withdrawn,
            partial_slabs: self.partial.len(),
            total_objects: self.total_objects,
            free_objects: self.free_objects,
            pages: self.pages,
            quarantined: self.quarantine.len(),
        }
    }

    /// Takes in a new slab, all of whose objects are free.
    pub(crate) fn add(&mut self, slab: &Slab) {
        self.partial.push_front(slab);
        if let Some(ledger) = slab.ledger() {
            ledger.set_place(Place::Partial);
        }
        self.total_objects += usize::from(slab.objects());
        self.free_objects = self.free_objects.wrapping_add(slab.objects().into());
        self.pages += 1 << slab.order();
    }

    /// Hands out one object.
    #[inline]
    pub(crate) fn take(&mut self, layout: &Layout) -> Option<NonNull<u8>> {
        let slab = self.partial.first()?;
        let index = match &mut self.placement {
            Placement::Lowest => slab.take_lowest()?,
            random => slab.take_nth(random.pick(slab.objects() - slab.inuse()))?,
        };
        self.free_objects -= 1;
        if slab.is_full() {
            self.partial.unlink(slab);
            self.add_full(slab);
        }
        Some(slab.object(layout, index))
    }

    /// Hands out objects until `out` is full or none is left; returns how many.
    pub(crate) fn take_many(&mut self, layout: &Layout, out: &mut [*mut u8]) -> usize {
        let mut taken = 0;
        if !matches!(self.placement, Placement::Lowest) {
            for to in out {
                let Some(object) = self.take(layout) else { break };
                *to = object.as_ptr();
                taken += 1;
            }
            return taken;
        }
        while let (Some(room), Some(slab)) = (out.get_mut(taken..), self.partial.first()) {
            if room.is_empty() {
                break;
            }
            taken += slab.take_many(layout, room);
            if slab.is_full() {
                self.partial.unlink(slab);
                self.add_full(slab);
            }
        }
        self.free_objects -= taken;
        taken
    }

    /// Takes an object of one of this node's slabs back.
    #[inline]
    pub(crate) fn put(&mut self, slab: &Slab, index: u16, min_partial: usize) -> Put {
        let mut run = self.begin(slab);
        if !run.put(index) {
            return Put::AlreadyFree;
        }
        if self.finish(run, min_partial) { Put::Emptied } else { Put::Kept }
    }

    /// Takes back a live object that leaves quarantine; its slab, off the lists, if that is not needed any more.
    pub(crate) fn put_leaving<'a>(&mut self, cache: &Cache, address: usize) -> Option<&'a Slab> {
        self.quarantine.remove(address);
        let slab = Slab::lookup(address)?;
        let index = slab.index_of(&cache.layout, address)?;
        (self.put(slab, index, cache.tunables.retained_slabs()) == Put::Emptied).then_some(slab)
    }

    /// Begins to take several objects of one slab back; [`finish`](Self::finish) completes it.
    pub(crate) fn begin<'a>(&mut self, slab: &'a Slab) -> PutRun<'a> {
        PutRun { slab, before: slab.inuse() }
    }

    /// Settles what the run has done to the slab; `true` when the slab is not needed any more and off the lists.
    pub(crate) fn finish(&mut self, run: PutRun<'_>, min_partial: usize) -> bool {
        let PutRun { slab, before } = run;
        let freed = before - slab.inuse();
        if freed == 0 {
            return false;
        }
        self.free_objects += usize::from(freed);
        let was_full = before == slab.objects();
        // As in Linux, a slab that goes from full to empty at once does not count among the partial ones yet. (Of
        // several objects freed together, the first one made it partial.)
        let listed = self.partial.len() + usize::from(was_full && freed > 1);
        let emptied = slab.inuse() == 0 && listed >= min_partial;
        match was_full {
            true => self.remove_full(slab),
            false if slab.inuse() == 0 => self.partial.unlink(slab),
            false => return false,
        }
        if emptied {
            self.forget(slab);
        } else if slab.inuse() == 0 {
            // Empty slabs are used last, and decay finds them at the end of the list.
            self.partial.push_back(slab);
        } else {
            self.partial.push_front(slab);
        }
        emptied
    }

    fn add_full(&mut self, slab: &Slab) {
        self.nr_full += 1;
        if lists_full(slab) {
            self.full.push_front(slab);
        }
    }

    fn remove_full(&mut self, slab: &Slab) {
        self.nr_full -= 1;
        if lists_full(slab) {
            self.full.unlink(slab);
        }
    }

    /// Forgets a slab that is off the lists. It is disowned before the list lock is dropped: a second free of one of
    /// its objects must not find it while it is dismantled.
    fn forget(&mut self, slab: &Slab) {
        slab.disown();
        self.total_objects -= usize::from(slab.objects());
        self.free_objects = self.free_objects.wrapping_sub(slab.objects().into());
        self.pages -= 1 << slab.order();
    }

    /// Takes out the empty ones among the last `most` slabs, for the caller to dismantle.
    pub(crate) fn take_some_empty(&mut self, most: usize) -> SlabList {
        let mut empty = SlabList::new();
        for slab in self.partial.iter_back().take(most) {
            if slab.is_idle() {
                self.partial.unlink(slab);
                self.forget(slab);
                empty.push_front(slab);
            }
        }
        empty
    }

    /// Takes every empty slab out, for the caller to dismantle, and sorts the partial ones: the fullest first, so
    /// that the emptiest get a chance to become empty.
    pub(crate) fn take_empty(&mut self) -> SlabList {
        let mut empty = SlabList::new();
        let mut levels = [const { SlabList::new() }; SORT_LEVELS];
        while let Some(slab) = self.partial.pop_front() {
            if slab.is_idle() {
                self.forget(slab);
                empty.push_front(slab);
            } else {
                let free = usize::from(slab.objects().saturating_sub(slab.used()));
                let level = free.clamp(1, SORT_LEVELS) - 1;
                if let Some(list) = levels.get_mut(level) {
                    list.push_front(slab);
                }
            }
        }
        // Pushed to the front one by one: the emptiest level first, the fullest last.
        for mut level in levels.into_iter().rev() {
            while let Some(slab) = level.pop_front() {
                self.partial.push_front(slab);
            }
        }
        empty
    }

    /// The slab that the next object of a cache with ledgers comes from.
    pub(crate) fn first_partial<'a>(&self) -> Option<&'a Slab> {
        self.partial.first()
    }

    /// The slabs that still serve the cache, the partial ones first. Full ones are only known in caches with ledgers.
    pub(crate) fn slabs<'a>(&self) -> impl Iterator<Item = &'a Slab> + use<'a> {
        self.partial.iter().chain(self.full.iter())
    }

    /// Marks a free object of a slab with a ledger as live.
    pub(crate) fn claim(&mut self, slab: &Slab, index: u16) {
        slab.claim(index);
        self.set_counter(slab, slab.used().wrapping_add(1));
    }

    /// Marks a live object of a slab with a ledger as free; `true` when the slab is not needed any more and off the
    /// lists. As in Linux, one that was full does not count among the partial ones yet.
    pub(crate) fn release(&mut self, slab: &Slab, index: u16, min_partial: usize) -> bool {
        slab.put(index);
        self.set_counter(slab, slab.used().wrapping_sub(1));
        let emptied = slab.is_idle() && self.partial.len() >= min_partial;
        if emptied {
            self.move_to(slab, Place::Nowhere);
            self.forget(slab);
        } else if place(slab) == Place::Full {
            self.move_to(slab, Place::Partial);
        }
        emptied
    }

    /// Sets Linux's counter of objects in use.
    pub(crate) fn set_counter(&mut self, slab: &Slab, counter: u16) {
        if let Some(ledger) = slab.ledger() {
            let before = usize::from(ledger.counter());
            self.free_objects = self.free_objects.wrapping_add(before).wrapping_sub(counter.into());
            ledger.set_counter(counter);
        }
    }

    /// Moves a slab with a ledger from where it is. One that becomes partial goes to the end of the list.
    pub(crate) fn move_to(&mut self, slab: &Slab, to: Place) {
        let Some(ledger) = slab.ledger() else { return };
        match ledger.place() {
            Place::Nowhere => {}
            Place::Partial => self.partial.unlink(slab),
            Place::Full => self.remove_full(slab),
            Place::Withdrawn => self.withdrawn -= 1,
        }
        match to {
            Place::Nowhere => {}
            Place::Partial => self.partial.push_back(slab),
            Place::Full => self.add_full(slab),
            Place::Withdrawn => self.withdrawn += 1,
        }
        ledger.set_place(to);
    }

    /// Calls `each` for every partial slab; the lock that guards the node is held.
    pub(crate) fn for_each_partial(&self, each: impl FnMut(&Slab)) {
        self.partial.iter().for_each(each);
    }

    /// The `n`th partial slab that holds a live object.
    pub(crate) fn nth_used<'a>(&self, n: usize) -> Option<&'a Slab> {
        self.partial.iter().filter(|slab| slab.used() > 0).nth(n)
    }

    /// Checks the invariants of the node and all of its slabs, in debug builds.
    #[cfg(debug_assertions)]
    pub(crate) fn validate(&self, cache: &Cache) {
        let (mut total, mut free, mut slabs, mut pages) = (0, 0usize, 0, 0);
        for slab in self.partial.iter().chain(self.full.iter()) {
            slab.validate(cache);
            total += usize::from(slab.objects());
            free = free.wrapping_add(usize::from(slab.objects()).wrapping_sub(slab.used().into()));
            slabs += 1;
            pages += 1 << slab.order();
        }
        bug_on!(slabs != self.partial.len() + self.nr_full);
        bug_on!(self.nr_full != self.full.len());
        if cache.is_debug() {
            // Damage that was found may have moved slabs, and shortened chains.
            bug_on!(!self.partial.iter().all(|slab| place(slab) == Place::Partial));
            bug_on!(!self.full.iter().all(|slab| place(slab) == Place::Full));
        } else {
            bug_on!(self.partial.iter().any(Slab::is_full));
            bug_on!(!self.full.iter().all(Slab::is_full));
        }
        bug_on!(self.withdrawn == 0 && total != self.total_objects);
        bug_on!(free != self.free_objects);
        bug_on!(self.withdrawn == 0 && pages != self.pages);
    }
}
