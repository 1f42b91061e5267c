// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pins: the descriptor of a cache stays while a thread looks at it.
//!
//! A pin keeps that and nothing else. Who destroys a pinned cache takes it off the list at once, so that nobody finds it
//! any more, waits for the pins of other threads, a second at most, and does all that is to be done about it. The last
//! pin gives the descriptor back.
//!
//! Pins are noted down with their threads: a destroyer does not wait for his own, and in the child of a fork those of the
//! others end. A fork waits for pins under which objects change hands, so that the child does not miss them, and new ones of
//! that kind wait for the fork.

use core::ops::DerefMut;
use core::ptr::NonNull;
use core::sync::atomic::Ordering::Relaxed;

use crate::cache::create;
use crate::cache::registry::{self, Registry};
use crate::printk::panic::Later;
use crate::printk::sink;
use crate::sheaf::threads::patiently;
use crate::slab::{Cache, MAGIC_NONE};
use crate::sys::process;
use crate::sys::thread;

/// Pins that are noted down. Those beyond that many are taken for another thread's, and in the child of a fork they do not
/// end.
const MOST: usize = 64;
/// How often a fork waits for work, and how long each time. Not for long in a report: others may wait for its end.
const TRIES: usize = 10_000;
const TRIES_IN_REPORT: usize = 1000;
const PAUSE_NS: u32 = 100_000;

/// What a cache is pinned for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To look at it, or to show it to the program.
    Look,
    /// To move objects or slabs.
    Work,
}

struct Note {
    cache: NonNull<Cache>,
    thread: usize,
    purpose: Purpose,
}

/// Whose the pins are. Guarded by the slab mutex.
pub(super) struct Pins {
    notes: [Option<Note>; MOST],
    /// The thread that forks; 0: none.
    forking: usize,
}

impl Pins {
    pub(super) const fn new() -> Self {
        Self { notes: [const { None }; MOST], forking: 0 }
    }

    /// Whether the calling thread has to wait with a pin until a fork is over. One that works does not: the fork waits for
    /// it, and a report may have begun more work.
    fn is_closed_to(&self, purpose: Purpose) -> bool {
        let me = thread::own();
        let works =
            || self.notes.iter().flatten().any(|note| note.thread == me && note.purpose == Purpose::Work);
        purpose == Purpose::Work && self.forking != 0 && self.forking != me && !works()
    }

    /// Whether another thread has a pin on a cache.
    fn others_have(&self, cache: &Cache) -> bool {
        let me = thread::own();
        let is_mine = |note: &&Note| note.thread == me && note.cache == NonNull::from(cache);
        self.notes.iter().flatten().filter(is_mine).count() < cache.pins.get() as usize
    }

    /// Whether another thread works under a pin.
    fn others_work(&self) -> bool {
        let me = thread::own();
        self.notes.iter().flatten().any(|note| note.thread != me && note.purpose == Purpose::Work)
    }

    /// A fork is over.
    pub(super) fn after_fork(&mut self, in_child: bool) {
        self.forking = 0;
        if !in_child {
            return;
        }
        let me = thread::own();
        for place in &mut self.notes {
            if let Some(note) = place.take_if(|note| note.thread != me) {
                // SAFETY: the descriptor stays while it is pinned.
                let pins = unsafe { &note.cache.as_ref().pins };
                pins.set(pins.get() - 1);
            }
        }
    }
}

/// A cache whose descriptor stays.
pub(crate) struct Pin {
    cache: NonNull<Cache>,
    purpose: Purpose,
    /// Where it is noted down.
    place: Option<usize>,
    _later: Later,
}

impl Pin {
    /// Pins a cache.
    pub(super) fn on(registry: &mut Registry, cache: &Cache, purpose: Purpose) -> Pin {
        cache.pins.set(cache.pins.get() + 1);
        let cache = NonNull::from(cache);
        let mut places = registry.pins.notes.iter_mut().enumerate();
        let place = places.find(|(_, note)| note.is_none()).map(|(place, note)| {
            *note = Some(Note { cache, thread: thread::own(), purpose });
            place
        });
        Pin { cache, purpose, place, _later: Later::new() }
    }

    /// Pins a cache that the program works on.
    pub(super) fn to_work_on(cache: &Cache) -> Pin {
        Pin::on(&mut lock_for(Purpose::Work), cache, Purpose::Work)
    }

    /// Pins the newest cache.
    pub(super) fn newest(purpose: Purpose) -> Option<Pin> {
        Pin::below(u64::MAX, purpose)
    }

    /// Pins the newest cache with a lower serial number.
    fn below(serial: u64, purpose: Purpose) -> Option<Pin> {
        let mut registry = lock_for(purpose);
        let cache = registry.newest_below(serial)?;
        // SAFETY: caches on the list are live, and the slab mutex is held.
        Some(Pin::on(&mut registry, unsafe { cache.as_ref() }, purpose))
    }

    /// Lets go of the cache and pins the next older one.
    pub(super) fn older(self) -> Option<Pin> {
        let (cache, purpose) = (self.cache(), self.purpose);
        let mut registry = registry::lock();
        if registry.pins.is_closed_to(purpose) {
            let serial = cache.serial;
            drop(registry);
            drop(self);
            return Pin::below(serial, purpose);
        }
        let older = registry.older_than(cache)?;
        // SAFETY: caches on the list are live, and the slab mutex is held.
        Some(Pin::on(&mut registry, unsafe { older.as_ref() }, purpose))
    }

    /// Pins the cache whose turn it is to be worked on, in a round through all of them; `None` without any cache, or while
    /// another thread forks.
    pub(super) fn next_in_turn() -> Option<Pin> {
        let mut registry = registry::lock();
        if registry.pins.is_closed_to(Purpose::Work) {
            return None;
        }
        let cache = registry.take_turn()?;
        // SAFETY: caches on the list are live, and the slab mutex is held.
        Some(Pin::on(&mut registry, unsafe { cache.as_ref() }, Purpose::Work))
    }

    pub(super) fn cache(&self) -> &Cache {
        // SAFETY: the descriptor stays while it is pinned.
        unsafe { self.cache.as_ref() }
    }

    /// Waits until no other thread has a pin on the cache, for a second or so. The caller has taken the cache off the list.
    pub(super) fn outlast_others(&self) {
        patiently(&mut || (!registry::lock().pins.others_have(self.cache())).then_some(()));
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        // SAFETY: the descriptor stays while it is pinned.
        let cache = unsafe { self.cache.as_ref() };
        let mut registry = registry::lock();
        if let Some(note) = self.place.and_then(|place| registry.pins.notes.get_mut(place)) {
            *note = None;
        }
        cache.pins.set(cache.pins.get() - 1);
        if cache.pins.get() > 0 || cache.magic.load(Relaxed) != MAGIC_NONE {
            return;
        }
        registry.forget(cache);
        drop(registry);
        // SAFETY: nobody has a pin or finds the cache, and who destroyed it has seen to the rest.
        unsafe { create::discard(cache) };
    }
}

/// Takes the slab mutex to pin a cache for some purpose.
fn lock_for(purpose: Purpose) -> impl DerefMut<Target = Registry> {
    loop {
        let registry = registry::lock();
        if !registry.pins.is_closed_to(purpose) {
            return registry;
        }
        drop(registry);
        process::sleep_ns(PAUSE_NS);
    }
}

/// Has other threads begin no work until the fork is over, and waits for what they have begun, up to a point: a child misses
/// what they have in hand.
pub(super) fn close_for_fork() {
    registry::lock().pins.forking = thread::own();
    let tries = if sink::is_in_handler() { TRIES_IN_REPORT } else { TRIES };
    for _ in 0..tries {
        if !registry::lock().pins.others_work() {
            return;
        }
        process::sleep_ns(PAUSE_NS);
    }
}
