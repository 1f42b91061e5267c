// SPDX-License-Identifier: MIT OR Apache-2.0
//! The lock: three states in one word, a short spin, then sleep.

use core::hint::spin_loop;
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use parking_lot::lock_api::{GuardSend, RawMutex};

use crate::sync::{order, rank};
use crate::sys::{futex, tls};

const UNLOCKED: u32 = 0;
const LOCKED: u32 = 1;
/// Locked, and somebody may be asleep.
const CONTENDED: u32 = 2;

/// Looks at a held lock before the thread goes to sleep: about the time that a list lock is held.
const SPINS: u32 = 100;

/// A mutual exclusion lock of one word that neither allocates nor knows its owner.
///
/// `RANK` is its place in the lock order (`sync::rank`), which debug builds check. An inner lock counts in
/// the depth of the thread that holds it or waits for it: see `sync/mod.rs`.
pub(crate) struct FutexLock<const RANK: u8> {
    state: AtomicU32,
}

impl<const RANK: u8> FutexLock<RANK> {
    const INNER: bool = RANK & rank::OUTER == 0;

    /// Takes the lock whatever the thread holds already.
    pub(super) fn lock_out_of_order(&self) {
        // First, so that there is no moment at which the lock is held and a handler does not see it.
        if Self::INNER {
            tls::deeper();
        }
        if !self.take() {
            self.lock_contended();
        }
    }

    fn take(&self) -> bool {
        // Acquire pairs with the Release in `unlock`: what the last holder wrote is seen.
        self.state.compare_exchange(UNLOCKED, LOCKED, Acquire, Relaxed).is_ok()
    }

    #[cold]
    fn lock_contended(&self) {
        for _ in 0..SPINS {
            if !self.is_locked() && self.take() {
                return;
            }
            spin_loop();
        }
        // Whoever takes the lock from here on marks it contended: it cannot know whether others still sleep.
        // Acquire pairs with the Release in `unlock`.
        while self.state.swap(CONTENDED, Acquire) != UNLOCKED {
            futex::wait(&self.state, CONTENDED);
        }
    }
}

// SAFETY: the word moves from UNLOCKED to a locked state by one atomic step, so that a single thread holds
// the lock at a time, and only `unlock`, called by the holder, moves it back.
unsafe impl<const RANK: u8> RawMutex for FutexLock<RANK> {
    #[allow(clippy::declare_interior_mutable_const, reason = "lock_api's way to ask for a fresh lock")]
    const INIT: Self = Self { state: AtomicU32::new(UNLOCKED) };
    type Guard = GuardSend;

    #[inline]
    fn lock(&self) -> GuardSend {
        order::check(RANK);
        self.lock_out_of_order();
        order::taken(RANK);
        GuardSend::new()
    }

    #[inline]
    fn try_lock(&self) -> Option<GuardSend> {
        if Self::INNER {
            tls::deeper();
        }
        if self.take() {
            order::taken(RANK);
            return Some(GuardSend::new());
        }
        if Self::INNER {
            tls::shallower();
        }
        None
    }

    #[inline]
    unsafe fn unlock(&self, _: GuardSend) {
        order::given_back(RANK);
        // Release publishes what was written under the lock to the next holder.
        if self.state.swap(UNLOCKED, Release) == CONTENDED {
            futex::wake(&self.state, 1);
        }
        if Self::INNER {
            tls::shallower();
        }
    }

    fn is_locked(&self) -> bool {
        self.state.load(Relaxed) != UNLOCKED
    }
}

#[cfg(test)]
mod tests {
    use crate::sync::Mutex;

    #[test]
    fn contended_increments_are_not_lost() {
        static TOTAL: Mutex<u64> = Mutex::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..100_000).for_each(|_| *TOTAL.lock() += 1));
            }
        });
        assert_eq!(*TOTAL.lock(), 400_000);
    }

    /// CPU time that the calling thread has used.
    fn cpu_time() -> std::time::Duration {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: a valid place for the answer.
        unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
        std::time::Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }

    #[test]
    fn who_waits_sleeps() {
        static LOCK: Mutex<()> = Mutex::new(());
        let held = LOCK.lock();
        let waiter = std::thread::spawn(|| {
            drop(LOCK.lock());
            cpu_time()
        });
        std::thread::sleep(std::time::Duration::from_millis(300));
        drop(held);
        let used = waiter.join().unwrap();
        assert!(used < std::time::Duration::from_millis(60), "{used:?} of 300 ms");
    }

    #[test]
    fn inner_locks_count_and_outer_ones_do_not() {
        let inner: Mutex<()> = Mutex::new(());
        let outer = crate::sync::OuterMutex::new(());
        assert!(!crate::sync::interrupted());
        let first = outer.lock();
        assert!(!crate::sync::interrupted());
        let second = inner.lock();
        assert!(crate::sync::interrupted());
        assert!(inner.try_lock().is_none());
        assert!(crate::sync::interrupted());
        drop(second);
        assert!(!crate::sync::interrupted());
        drop(first);
        assert!(!crate::sync::interrupted());
    }
}
