// SPDX-License-Identifier: MIT OR Apache-2.0
//! A fallible one-time initialisation.

use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicBool, AtomicI32};

use crate::sync::{Mutex, OuterMutex, hold, interrupted, let_go};
use crate::sys::process::thread_id;
use crate::sys::thread::yield_now;
use crate::sys::tls;

/// Runs an initialisation until it has succeeded once.
pub(crate) struct Once {
    done: AtomicBool,
    lock: Mutex<()>,
}

impl Once {
    pub(crate) const fn new() -> Self {
        Self { done: AtomicBool::new(false), lock: Mutex::new(()) }
    }

    /// Whether the initialisation has succeeded.
    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        // Pairs with the Release below: what the initialisation wrote is seen.
        self.done.load(Acquire)
    }

    /// Runs `init` unless an earlier run succeeded. A failed run is tried again by the next caller, so that a
    /// start under memory pressure is not final.
    pub(crate) fn run<E>(&self, init: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        if self.is_done() {
            return Ok(());
        }
        let _guard = self.lock.lock();
        if !self.is_done() {
            init()?;
            // Publishes what `init` wrote.
            self.done.store(true, Release);
        }
        Ok(())
    }

    /// Waits for a run under way and keeps others from beginning, for the time of a fork.
    pub(crate) fn hold(&self) {
        hold(&self.lock);
    }

    /// Ends a [`hold`](Self::hold).
    ///
    /// # Safety
    /// The calling thread called `hold`, or is its image in a child process.
    pub(crate) unsafe fn let_go(&self) {
        // SAFETY: held (contract).
        unsafe { let_go(&self.lock) };
    }
}

/// The same for an initialisation that uses the library itself, under an outer lock.
pub(crate) struct OuterOnce {
    done: AtomicBool,
    /// The thread that is about it; 0: none.
    owner: AtomicI32,
    lock: OuterMutex<()>,
}

impl OuterOnce {
    pub(crate) const fn new() -> Self {
        Self { done: AtomicBool::new(false), owner: AtomicI32::new(0), lock: OuterMutex::new(()) }
    }

    /// Whether the initialisation has succeeded.
    pub(crate) fn is_done(&self) -> bool {
        // Pairs with the Release below: what the initialisation wrote is seen.
        self.done.load(Acquire)
    }

    /// Runs `init` unless an earlier run succeeded; `busy` when the calling thread is in the middle of it, further up the
    /// stack, or must not wait for another one.
    pub(crate) fn run<E>(&self, busy: E, init: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        if self.done.load(Acquire) {
            return Ok(());
        }
        let me = thread_id();
        if interrupted() || self.owner.load(Relaxed) == me {
            return Err(busy);
        }
        // First, so that there is no moment at which the lock is held and a handler does not see it.
        let guard = loop {
            if self.owner.compare_exchange(0, me, Relaxed, Relaxed).is_ok() {
                break self.lock.lock();
            }
            // This thread has the lock for a moment, and is not the owner.
            tls::deeper();
            drop(self.lock.lock());
            tls::shallower();
            yield_now();
        };
        let result = if self.done.load(Acquire) { Ok(()) } else { init() };
        self.done.fetch_or(result.is_ok(), Release);
        drop(guard);
        self.owner.store(0, Relaxed);
        result
    }

    /// Waits for a run under way, unless it is the calling thread's, and keeps others from beginning, for the time of a
    /// fork.
    pub(crate) fn hold(&self) {
        if self.owner.load(Relaxed) != thread_id() {
            hold(&self.lock);
        }
    }

    /// Ends a [`hold`](Self::hold) of the thread with that id, in it or its image in a child process.
    ///
    /// # Safety
    /// That thread called `hold`.
    pub(crate) unsafe fn let_go(&self, holder: i32) {
        if self.owner.load(Relaxed) == holder {
            self.owner.store(thread_id(), Relaxed);
            return;
        }
        // In the child, who was about to begin is not there.
        if thread_id() != holder {
            self.owner.store(0, Relaxed);
        }
        // SAFETY: held (contract).
        unsafe { let_go(&self.lock) };
    }
}

#[cfg(test)]
mod tests {
    use core::ffi::c_int;
    use core::sync::atomic::AtomicUsize;
    use std::os::unix::thread::JoinHandleExt;

    use super::*;

    static ONCE: OuterOnce = OuterOnce::new();
    /// How often a handler found the lock held, and by a thread that does not show it.
    static HELD: AtomicUsize = AtomicUsize::new(0);
    static HIDDEN: AtomicUsize = AtomicUsize::new(0);

    extern "C" fn look(_signal: c_int) {
        if ONCE.lock.is_locked() {
            HELD.fetch_add(1, Relaxed);
            HIDDEN.fetch_add((!interrupted()).into(), Relaxed);
        }
    }

    #[test]
    fn a_handler_sees_the_lock_that_a_waiting_thread_has() {
        // SAFETY: a function that does with atomics what it does.
        unsafe { libc::signal(libc::SIGURG, look as extern "C" fn(c_int) as libc::sighandler_t) };
        // Another thread is about to begin, and does not have the lock yet.
        ONCE.owner.store(-1, Relaxed);
        let waiter = std::thread::spawn(|| ONCE.run((), || Ok(())));
        let begun = std::time::Instant::now();
        while HELD.load(Relaxed) < 50 && begun.elapsed().as_secs() < 5 {
            // SAFETY: a thread that is not joined yet.
            unsafe { libc::pthread_kill(waiter.as_pthread_t(), libc::SIGURG) };
        }
        ONCE.owner.store(0, Relaxed);
        assert_eq!(waiter.join().unwrap(), Ok(()));
        assert_eq!(HIDDEN.load(Relaxed), 0, "of {}", HELD.load(Relaxed));
    }
}
