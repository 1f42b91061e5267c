// SPDX-License-Identifier: MIT OR Apache-2.0
//! The lock order, checked in debug builds: a thread that waits for a lock holds none of the same rank or a
//! higher one.
//!
//! A lock that is only tried cannot wait, and a fork takes all locks of a rank: both are left out.
#![cfg_attr(not(debug_assertions), allow(unused_variables, reason = "release builds do not look"))]

#[cfg(debug_assertions)]
use crate::sync::rank;

/// The ranks whose locks the calling thread holds, a bit each.
#[cfg(debug_assertions)]
fn held() -> &'static core::cell::Cell<u64> {
    unsafe extern "C" {
        safe fn kmem_shim_held_ranks() -> *mut u64;
    }
    // SAFETY: this thread's word, which only this thread uses, and a handler that puts back what it changes.
    unsafe { &*kmem_shim_held_ranks().cast::<core::cell::Cell<u64>>() }
}

#[cfg(debug_assertions)]
fn bit(rank: u8) -> u64 {
    match rank & !rank::OUTER {
        rank::NONE => 0,
        number => 1 << number,
    }
}

/// Ends the process if the thread must not wait for a lock of this rank.
#[inline(always)]
pub(super) fn check(rank: u8) {
    #[cfg(debug_assertions)]
    {
        let lower = bit(rank).wrapping_sub(1);
        assert!(
            bit(rank) == 0 || held().get() & !lower == 0,
            "lock order: rank {rank:#x}, held {:#x}",
            held().get()
        );
    }
}

#[inline(always)]
pub(super) fn taken(rank: u8) {
    #[cfg(debug_assertions)]
    held().set(held().get() | bit(rank));
}

#[inline(always)]
pub(super) fn given_back(rank: u8) {
    #[cfg(debug_assertions)]
    held().set(held().get() & !bit(rank));
}

#[cfg(all(test, debug_assertions))]
mod tests {
    use crate::sync::{Mutex, rank};

    #[test]
    fn a_lock_of_a_lower_rank_is_not_waited_for() {
        let list: Mutex<(), { rank::LIST }> = Mutex::new(());
        let heap: Mutex<(), { rank::HEAP }> = Mutex::new(());
        let (outer, inner) = (list.lock(), heap.lock());
        drop((outer, inner));
        let held = heap.lock();
        assert!(list.try_lock().is_some());
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(list.lock())));
        assert!(refused.is_err());
        drop(held);
        drop(list.lock());
    }
}
