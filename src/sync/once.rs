// SPDX-License-Identifier: MIT OR Apache-2.0
//! A fallible one-time initialisation.

use core::sync::atomic::AtomicBool;
use core::sync::atomic::Ordering::{Acquire, Release};

use crate::sync::Mutex;

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
}
