// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every interleaving of a few threads on a few sheaves, on the library's own source files.
//!
//! `block`, `barn`, `fast`, `trade` and `stop` are the files of `src/sheaf`; what stands around them there is small and
//! stands here again (`sheaf/thread.rs`: lock, slot, exit, drain). Atomics and locks are loom's, so that each run
//! tries other schedules and other values that a load may see, until all have been tried.
//!
//! # What is checked
//! At the end of each schedule every object is in one place, every block of a sheaf was given back, and the rears of
//! slots were never touched by two threads without an order between them (they are loom's cells).
//!
//! # What is not
//! * **The asymmetric fence.** The library has a compiler fence after a mark where the drain has membarrier. loom has
//!   nothing of the kind, so both are sequentially consistent fences here. That is what membarrier promises for each
//!   pair of a barrier and a running thread, but the model also orders operations of two owners with each other, which
//!   nothing in the library relies on: their slots are different. That the compiler keeps the order of the two stores
//!   and the load is for `compiler_fence` to promise.
//! * **Access of different sizes** to one word: there is none.
//! * **Signals.** A handler in the middle of an operation is not a thread, and loom cannot interrupt one.
//! * **Words of sheaves** are plain memory: loom does not see who reads them before they were written. They are
//!   reached through `top`, which it does see.
//! * The futex lock (its mutual exclusion is taken for granted), growing tables, processes, and load buffering, which
//!   loom does not explore.

#[cfg(test)]
mod world;

#[allow(dead_code, reason = "the library uses more of its files than the models do")]
#[cfg(test)]
mod sheaf;

#[cfg(test)]
mod page {
    pub(crate) mod heap {
        pub(crate) use crate::world::{alloc, free};
    }
}

#[cfg(test)]
mod sync {
    pub(crate) mod atomic {
        pub(crate) use crate::world::compiler_fence;
        pub(crate) use loom::sync::atomic::Ordering;
    }

    /// What a fork does; no model forks.
    pub(crate) fn hold<T, const RANK: u8>(_: &Mutex<T, RANK>) {
        unreachable!()
    }

    /// # Safety
    /// None: it is not called.
    pub(crate) unsafe fn let_go<T, const RANK: u8>(_: &Mutex<T, RANK>) {
        unreachable!()
    }

    pub(crate) struct Mutex<T, const RANK: u8 = 0>(loom::sync::Mutex<T>);

    /// The lock order is not checked here.
    pub(crate) mod rank {
        pub(crate) const BARN: u8 = 0;
    }

    impl<T, const RANK: u8> Mutex<T, RANK> {
        pub(crate) fn new(value: T) -> Self {
            Self(loom::sync::Mutex::new(value))
        }

        pub(crate) fn lock(&self) -> loom::sync::MutexGuard<'_, T> {
            self.0.lock().unwrap()
        }

        pub(crate) fn try_lock(&self) -> Option<loom::sync::MutexGuard<'_, T>> {
            self.0.try_lock().ok()
        }
    }
}

#[cfg(test)]
mod sys {
    pub(crate) mod tls {
        pub(crate) use crate::sheaf::thread::word as get;
    }

    pub(crate) mod cpu {
        pub(crate) fn prefetch_for_write(_: *const u8) {}
    }

    pub(crate) mod thread {
        pub(crate) use crate::world::barrier;
    }
}

fn main() {}
