// SPDX-License-Identifier: MIT OR Apache-2.0
//! All caches, newest first, under the slab mutex.

use core::ptr::NonNull;
use core::sync::atomic::Ordering::Relaxed;

use crate::cache::{Handle, destroy};
use crate::printk::panic::Later;
use crate::slab::{Cache, MAGIC_LIVE};
use crate::sync::{self, Mutex};
use crate::sys::process;
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
    /// Pins that exist.
    pins: usize,
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
    pins: 0,
});

/// How often a fork waits for pins, and how long each time. Not for long: a report that forks may have one.
const FORK_TRIES: usize = 1000;
const FORK_PAUSE_NS: u32 = 100_000;

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

    /// The caches, the oldest first.
    pub(super) fn oldest_first(&self) -> impl Iterator<Item = &Cache> {
        walk(self.oldest, |cache| cache.newer.get())
    }
}

/// A cache that cannot go away: a handle of the library's own.
pub(crate) struct Pin(Handle, Later);

impl Pin {
    /// Pins the newest cache.
    fn newest() -> Option<Pin> {
        let mut registry = lock();
        let cache = registry.newest_first().next().map(NonNull::from)?;
        registry.pins += 1;
        // SAFETY: caches on the list are live, and the slab mutex is held.
        Some(Pin::on(unsafe { cache.as_ref() }))
    }

    /// Pins the next older cache. This one is on the list as long as it is pinned.
    fn older(&self) -> Option<Pin> {
        let cache = self.cache()?;
        let mut registry = lock();
        let older = cache.older.get()?;
        registry.pins += 1;
        // SAFETY: caches on the list are live, and the slab mutex is held.
        Some(Pin::on(unsafe { older.as_ref() }))
    }

    /// Pins the cache whose turn it is, in a round through all of them; `None` at the end of a round.
    pub(super) fn next_in_turn() -> Option<Pin> {
        let mut registry = lock();
        let at_hand = registry.hand.or(registry.newest)?;
        // SAFETY: the hand points to a cache on the list: `remove` moves it on. The slab mutex is held.
        let cache = unsafe { at_hand.as_ref() };
        registry.hand = cache.older.get();
        registry.pins += 1;
        Some(Pin::on(cache))
    }

    /// Pins a cache; the caller holds the slab mutex and counts the pin.
    fn on(cache: &Cache) -> Pin {
        cache.refcount.set(cache.refcount.get() + 1);
        cache.pins.set(cache.pins.get() + 1);
        Pin(Handle::of(cache), Later::new())
    }

    /// Pins a cache unless it is destroyed.
    pub(super) fn on_live(registry: &mut Registry, cache: &Cache) -> Option<Pin> {
        let live = cache.magic.load(Relaxed) == MAGIC_LIVE;
        registry.pins += usize::from(live);
        live.then(|| Pin::on(cache))
    }

    /// Gives the cache the next turn as well.
    pub(super) fn keep_turn(&self) {
        if let Some(cache) = self.cache() {
            lock().hand = Some(NonNull::from(cache));
        }
    }

    pub(super) fn cache<'a>(&self) -> Option<&'a Cache> {
        self.0.cache()
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        if let Some(cache) = self.cache() {
            let mut registry = lock();
            registry.pins -= 1;
            cache.pins.set(cache.pins.get() - 1);
            if cache.refcount.get() > 1 {
                cache.refcount.set(cache.refcount.get() - 1);
                return;
            }
        }
        // The last handle: the program has given up its own meanwhile.
        destroy("kmem_cache_destroy", self.0);
    }
}

/// Calls `visit` for each cache, the newest first, without the slab mutex. A cache that is created or
/// destroyed meanwhile may or may not be visited.
pub(crate) fn for_each(mut visit: impl FnMut(&Cache)) {
    until(|cache| {
        visit(cache);
        None::<()>
    });
}

/// The same until there is an answer.
fn until<R>(mut visit: impl FnMut(&Cache) -> Option<R>) -> Option<R> {
    let mut next = Pin::newest();
    while let Some(pin) = next {
        if let Some(answer) = visit(pin.cache()?) {
            return Some(answer);
        }
        next = pin.older();
    }
    None
}

/// Calls the program's function with each cache, the newest first, until it returns something other than 0,
/// which is the result.
pub(crate) fn visit(mut function: impl FnMut(Handle) -> i32) -> i32 {
    until(|cache| {
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
    cache.refcount.get().saturating_sub(cache.pins.get()).saturating_sub(1)
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

/// Takes the slab mutex and the locks of all caches, for the time of a fork. Pins are waited for, up to a
/// point: those of a thread that is not there in the child would keep their caches from being destroyed.
pub(super) fn hold_for_fork() {
    let mut registry = SLAB_MUTEX.lock();
    for _ in 0..FORK_TRIES {
        if registry.pins == 0 {
            break;
        }
        drop(registry);
        process::sleep_ns(FORK_PAUSE_NS);
        registry = SLAB_MUTEX.lock();
    }
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
pub(super) unsafe fn let_go_after_fork() {
    // SAFETY: the calling thread holds the slab mutex (contract).
    let registry = unsafe { &*SLAB_MUTEX.data_ptr() };
    for cache in registry.with_dying() {
        // SAFETY: held (contract).
        unsafe { cache.barn.let_go_after_fork() };
        // SAFETY: as above.
        unsafe { sync::let_go(&cache.node) };
    }
    // SAFETY: as above.
    unsafe { sync::let_go(&SLAB_MUTEX) };
}
