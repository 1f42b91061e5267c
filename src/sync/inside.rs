// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which threads are inside something that must not happen again further up the stack.

use core::sync::atomic::AtomicI32;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::sys::process::thread_id;

/// So many threads can be inside at a time.
const MOST: usize = 64;

/// The threads that are inside, by id.
pub(crate) struct Inside {
    threads: [AtomicI32; MOST],
}

/// A thread's stay inside.
pub(crate) struct Stay<'a> {
    place: &'a AtomicI32,
}

impl Inside {
    pub(crate) const fn new() -> Self {
        Self { threads: [const { AtomicI32::new(0) }; MOST] }
    }

    /// Whether the calling thread is inside.
    pub(crate) fn is_in(&self) -> bool {
        let me = thread_id();
        self.threads.iter().any(|id| id.load(Relaxed) == me)
    }

    /// Whether another thread is inside. What those did who are not any more has happened.
    pub(crate) fn has_others(&self) -> bool {
        let me = thread_id();
        // Acquire pairs with the Release in `drop`.
        self.threads.iter().any(|id| ![0, me].contains(&id.load(Acquire)))
    }

    /// Lets the calling thread in until the result is dropped; `None` when it is inside already, or no place is
    /// free.
    pub(crate) fn enter(&self) -> Option<Stay<'_>> {
        let me = thread_id();
        if self.threads.iter().any(|id| id.load(Relaxed) == me) {
            return None;
        }
        let place = self.threads.iter().find(|id| id.compare_exchange(0, me, Relaxed, Relaxed).is_ok())?;
        Some(Stay { place })
    }

    /// Forgets all threads but the calling one, which had another id before a fork.
    pub(crate) fn after_fork(&self, id_before: i32) {
        for id in &self.threads {
            let stays = id.load(Relaxed) == id_before;
            id.store(if stays { thread_id() } else { 0 }, Relaxed);
        }
    }
}

impl Drop for Stay<'_> {
    fn drop(&mut self) {
        self.place.store(0, Release);
    }
}
