// SPDX-License-Identifier: MIT OR Apache-2.0
//! The lock: three states in one word, a short spin, then sleep.

use core::hint::spin_loop;
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use parking_lot::lock_api::{GuardSend, RawMutex};

use crate::sys::futex;

const UNLOCKED: u32 = 0;
const LOCKED: u32 = 1;
/// Locked, and somebody may be asleep.
const CONTENDED: u32 = 2;

/// Looks at a held lock before the thread goes to sleep: about the time that a list lock is held.
const SPINS: u32 = 100;

/// A mutual exclusion lock of one word that neither allocates nor knows its owner.
#[repr(transparent)]
pub(crate) struct FutexLock {
    state: AtomicU32,
}

impl FutexLock {
    /// The lock in a word of a structure that C knows.
    ///
    /// # Safety
    /// The word is 0 or in use as a lock, is used as nothing else, and lives as long as the lock.
    pub(crate) unsafe fn at<'a>(word: *mut u32) -> &'a Self {
        // SAFETY: one atomic word, as the type is (contract).
        unsafe { &*word.cast::<Self>() }
    }

    /// Runs `work` with the lock held.
    pub(crate) fn with<R>(&self, work: impl FnOnce() -> R) -> R {
        let guard = self.lock();
        let result = work();
        // SAFETY: locked above.
        unsafe { self.unlock(guard) };
        result
    }

    #[cold]
    fn lock_contended(&self) {
        for _ in 0..SPINS {
            if !self.is_locked() && self.try_lock().is_some() {
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

// SAFETY: the word moves from UNLOCKED to a locked state by one atomic step, so that a single thread holds the
// lock at a time, and only `unlock`, called by the holder, moves it back.
unsafe impl RawMutex for FutexLock {
    #[allow(clippy::declare_interior_mutable_const, reason = "lock_api's way to ask for a fresh lock")]
    const INIT: Self = Self { state: AtomicU32::new(UNLOCKED) };
    type Guard = GuardSend;

    #[inline]
    fn lock(&self) -> GuardSend {
        self.try_lock().unwrap_or_else(|| {
            self.lock_contended();
            GuardSend::new()
        })
    }

    #[inline]
    fn try_lock(&self) -> Option<GuardSend> {
        // Acquire pairs with the Release in `unlock`: what the last holder wrote is seen.
        self.state.compare_exchange(UNLOCKED, LOCKED, Acquire, Relaxed).ok().map(|_| GuardSend::new())
    }

    #[inline]
    unsafe fn unlock(&self, _: GuardSend) {
        // Release publishes what was written under the lock to the next holder.
        if self.state.swap(UNLOCKED, Release) == CONTENDED {
            futex::wake(&self.state, 1);
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
}
