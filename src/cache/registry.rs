// SPDX-License-Identifier: MIT OR Apache-2.0
//! All caches, newest first, under the slab mutex.

use core::ptr::NonNull;

use crate::cache::Handle;
use crate::cache::pin::{Pin, Pins, Purpose};
use crate::slab::Cache;
use crate::sync::{self, Mutex};
use crate::sys::thread::without_cancel;

/// What the slab mutex guards, besides the reference counts and links of the caches themselves.
pub(crate) struct Registry {
    newest: Option<NonNull<Cache>>,
    oldest: Option<NonNull<Cache>>,
    created: u64,
    /// The cache that decay looks at next; none: the newest.
    hand: Option<NonNull<Cache>>,
    /// Caches that were destroyed, or are being so, and still have a slab: their objects may come back.
    /// Linked like the live ones.
    dying: Option<NonNull<Cache>>,
    /// Caches that cannot go away.
    pub(super) pins: Pins,
}

// SAFETY: caches belong to the process, not to a thread.
unsafe impl Send for Registry {}

/// Serial numbers below this one are for caches of the library's own, which count as older than any of the
/// program's, whenever they are created.
pub(crate) const FIRST_SERIAL: u64 = 64;

static SLAB_MUTEX: Mutex<Registry, { sync::rank::SLAB_MUTEX }> = Mutex::new(Registry {
    newest: None,
    oldest: None,
    created: FIRST_SERIAL,
    hand: None,
    dying: None,
    pins: Pins::new(),
});

/// Takes the slab mutex.
pub(crate) fn lock() -> impl core::ops::DerefMut<Target = Registry> {
    SLAB_MUTEX.lock()
}

impl Registry {
    /// The number for the next cache.
    pub(super) fn next_serial(&mut self) -> u64 {
        self.created += 1;
        self.created
    }

    /// Puts a cache on the list, before all that are younger.
    pub(super) fn add(&mut self, cache: &Cache) {
        let older = self.newest_first().find(|other| other.serial < cache.serial).map(NonNull::from);
        let newer = match older {
            // SAFETY: caches on the list are live, and the slab mutex is held.
            Some(older) => unsafe { older.as_ref() }.newer.replace(Some(NonNull::from(cache))),
            None => self.oldest.replace(NonNull::from(cache)),
        };
        match newer {
            // SAFETY: as above.
            Some(newer) => unsafe { newer.as_ref() }.older.set(Some(NonNull::from(cache))),
            None => self.newest = Some(NonNull::from(cache)),
        }
        cache.newer.set(newer);
        cache.older.set(older);
    }

    /// Takes a cache out that is being destroyed. It stays known to forks until [`forget`](Self::forget).
    pub(super) fn remove(&mut self, cache: &Cache) {
        self.unlink(cache);
        cache.older.set(self.dying);
        if let Some(next) = self.dying {
            // SAFETY: caches on the list are live, and the slab mutex is held.
            unsafe { next.as_ref() }.newer.set(Some(NonNull::from(cache)));
        }
        self.dying = Some(NonNull::from(cache));
    }

    /// Forgets a cache that was removed.
    pub(super) fn forget(&mut self, cache: &Cache) {
        let (newer, older) = (cache.newer.take(), cache.older.take());
        if let Some(older) = older {
            // SAFETY: caches on the list are live, and the slab mutex is held.
            unsafe { older.as_ref() }.newer.set(newer);
        }
        match newer {
            // SAFETY: as above.
            Some(newer) => unsafe { newer.as_ref() }.older.set(older),
            None => self.dying = older,
        }
    }

    fn unlink(&mut self, cache: &Cache) {
        let (newer, older) = (cache.newer.take(), cache.older.take());
        if self.hand == Some(NonNull::from(cache)) {
            self.hand = older;
        }
        match newer {
            // SAFETY: caches on the list are live, and the slab mutex is held.
            Some(newer) => unsafe { newer.as_ref() }.older.set(older),
            None => self.newest = older,
        }
        match older {
            // SAFETY: as above.
            Some(older) => unsafe { older.as_ref() }.newer.set(newer),
            None => self.oldest = newer,
        }
    }

    /// The caches, the youngest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Cache> {
        walk(self.newest, |cache| cache.older.get())
    }

    /// All caches that have a lock.
    fn with_dying(&self) -> impl Iterator<Item = &Cache> {
        self.newest_first().chain(walk(self.dying, |cache| cache.older.get()))
    }

    /// The newest cache with a lower serial number.
    pub(super) fn newest_below(&self, serial: u64) -> Option<NonNull<Cache>> {
        self.newest_first().find(|cache| cache.serial < serial).map(NonNull::from)
    }

    /// The next older cache, also for one that has left the list.
    pub(super) fn older_than(&self, cache: &Cache) -> Option<NonNull<Cache>> {
        if cache.refcount.get() > 0 { cache.older.get() } else { self.newest_below(cache.serial) }
    }

    /// The cache whose turn it is, in a round through all of them.
    pub(super) fn take_turn(&mut self) -> Option<NonNull<Cache>> {
        let at_hand = self.hand.or(self.newest)?;
        // SAFETY: the hand points to a cache on the list: `remove` moves it on. The slab mutex is held.
        self.hand = unsafe { at_hand.as_ref() }.older.get();
        Some(at_hand)
    }

    /// Gives a cache the next turn, if it is still on the list.
    pub(super) fn give_turn(&mut self, cache: &Cache) {
        if cache.refcount.get() > 0 {
            self.hand = Some(NonNull::from(cache));
        }
    }

    /// The caches, the oldest first.
    pub(super) fn oldest_first(&self) -> impl Iterator<Item = &Cache> {
        walk(self.oldest, |cache| cache.newer.get())
    }
}

/// Calls `visit` for each cache, the newest first, without the slab mutex. A cache that is created or
/// destroyed meanwhile may or may not be visited.
pub(crate) fn for_each(purpose: Purpose, mut visit: impl FnMut(&Cache)) {
    until(purpose, |cache| {
        visit(cache);
        None::<()>
    });
}

/// The same until there is an answer.
fn until<R>(purpose: Purpose, mut visit: impl FnMut(&Cache) -> Option<R>) -> Option<R> {
    let mut next = Pin::newest(purpose);
    while let Some(pin) = next {
        if let Some(answer) = visit(pin.cache()) {
            return Some(answer);
        }
        next = pin.older();
    }
    None
}

/// Calls the program's function with each cache, the newest first, until it returns something other than 0,
/// which is the result.
pub(crate) fn visit(mut function: impl FnMut(Handle) -> i32) -> i32 {
    until(Purpose::Look, |cache| {
        let answer = without_cancel(|| function(Handle::of(cache)));
        (answer != 0).then_some(answer)
    })
    .unwrap_or(0)
}

/// The newest cache of a name.
pub(crate) fn find(name: &[u8]) -> Handle {
    let registry = lock();
    let found = registry.newest_first().find(|cache| cache.name.as_bytes() == name);
    found.map_or(Handle::NULL, Handle::of)
}

/// How many creations were merged into a cache, beyond the first; the caller holds the slab mutex.
pub(super) fn aliases(cache: &Cache) -> u32 {
    cache.refcount.get().saturating_sub(1)
}

/// The same for a caller without the mutex.
pub(crate) fn aliases_of(cache: &Cache) -> u32 {
    let _registry = lock();
    aliases(cache)
}

fn walk<'a>(
    start: Option<NonNull<Cache>>,
    step: impl Fn(&Cache) -> Option<NonNull<Cache>>,
) -> impl Iterator<Item = &'a Cache> {
    let mut next = start;
    core::iter::from_fn(move || {
        // SAFETY: caches on the list are live while the slab mutex is held, and the iterator borrows what the
        // mutex guards.
        let cache = unsafe { next?.as_ref() };
        next = step(cache);
        Some(cache)
    })
}

/// Takes the slab mutex and the locks of all caches, for the time of a fork.
pub(super) fn hold_for_fork() {
    let registry = SLAB_MUTEX.lock();
    for cache in registry.with_dying() {
        sync::hold(&cache.node);
        cache.barn.hold_for_fork();
    }
    core::mem::forget(registry);
}

/// Lets them go.
///
/// # Safety
/// The calling thread called `hold_for_fork`, or is its image in a child process.
pub(super) unsafe fn let_go_after_fork(in_child: bool) {
    // SAFETY: the calling thread holds the slab mutex (contract).
    let registry = unsafe { &mut *SLAB_MUTEX.data_ptr() };
    registry.pins.after_fork(in_child);
    for cache in registry.with_dying() {
        // SAFETY: held (contract).
        unsafe { cache.barn.let_go_after_fork() };
        // SAFETY: as above.
        unsafe { sync::let_go(&cache.node) };
    }
    // SAFETY: as above.
    unsafe { sync::let_go(&SLAB_MUTEX) };
}
