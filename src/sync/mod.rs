// SPDX-License-Identifier: MIT OR Apache-2.0
//! Locks.
//!
//! One lock for everything: a futex word behind the `lock_api` traits that parking_lot re-exports.
//! parking_lot's own mutex is not used, for three reasons that were looked at one by one: it allocates at
//! first contention and aborts when it cannot (out of memory is a return value here), its queue of parked
//! threads does not survive fork, and its thread data registers a destructor that allocates in turn.
//!
//! Lock order, outermost first; a thread holds at most one of each rank:
//!
//! | rank | lock | guards |
//! |---|---|---|
//! | 1 | fork lock (`cache::fork`), outer | that one thread forks at a time |
//! | 2 | thread lock (`sheaf::thread`), outer | one thread's table, but for its fast path; everybody only tries it |
//! | 3 | list of threads (`sheaf::threads`) | which threads have a table |
//! | 4 | deferred lock (`cache::deferred`) | that frees of handlers are taken in by one thread at a time |
//! | 5 | slab mutex (`cache::registry`) | the list of caches, reference counts, creation and destruction |
//! | 6 | list lock (`slab::node`), one per cache | partial lists, bitmaps and counters of that cache's slabs |
//! | 6 | barn (`sheaf::barn`), one per cache | sheaves that no thread has |
//! | 7 | heap lock (`page::heap`), handle lock (`sheaf::handle`) | internal memory |
//! | 7 | batches (`page::grace`) | page runs that wait for readers |
//! | 7 | list of shrinkers (`cache::shrinker`), attributes of failslab (`fault`), log file (`printk`, only tried) | what they are named after |
//! | 7 | names of objects (`debug::watch`) | what memcheck calls them |
//! | 8 | zone lock (`page::zone`), one per zone | free page runs |
//! | 8 | pool lock (`kmalloc::mempool`), some for all pools | the reserves of mempools |
//!
//! The start-up locks ([`Once`]) are taken before there is anything else to lock; those of kmalloc and of the options
//! about faults ([`OuterOnce`]) come before them, in that order.
//!
//! The slab mutex stands below the thread's lock because a sheaf that is emptied may hold an object of
//! another cache, which the slab mutex keeps alive while the object goes home.
//!
//! # Inner and outer locks
//! No lock is held while a constructor or a shrinker runs, nor in a panic handler after a report, which comes when the
//! thread has let go of everything (`printk::panic::Later`). A log handler may be called while a sheaf is emptied, with the
//! thread's lock held: that one is an *outer* lock ([`OuterMutex`]), which nobody waits for without end, and its holder
//! not at all ([`KnownMutex`]). So a log handler may use the library, and wait for threads that do. (One that calls
//! `kmem_panic()` has the panic handler called under that lock.)
//!
//! All others are *inner* locks ([`Mutex`]): program code never runs while one is held, except in a signal
//! handler that interrupted their holder. A thread counts the inner locks that it holds or waits for (its
//! depth), so that such a handler knows where it is: an exported function that finds [`interrupted`] waits
//! for no lock at all.
//!
//! Debug builds check the order of the inner locks each time one is waited for (`order.rs`).
//!
//! # Fork
//! `cache::fork` takes every lock before a fork and lets them go after it, in the child too. A new lock goes
//! there.

mod futex_lock;
mod inbox;
mod inside;
mod known;
mod once;
mod order;

/// Atomics, by a name that `models/` can give another meaning.
pub(crate) use core::sync::atomic;

use futex_lock::FutexLock;
pub(crate) use inbox::{Inbox, Rest};
pub(crate) use inside::{Inside, Stay};
pub(crate) use known::{KnownGuard, KnownMutex};
pub(crate) use once::{Once, OuterOnce};

use parking_lot::lock_api::GuardSend;

use crate::sys::tls;

/// Places in the lock order, as the table above has them.
pub(crate) mod rank {
    /// Nobody waits for a lock with it held, or it is a start-up lock.
    pub(crate) const NONE: u8 = 0;
    pub(crate) const THREADS: u8 = 3;
    pub(crate) const DEFERRED: u8 = 4;
    pub(crate) const SLAB_MUTEX: u8 = 5;
    pub(crate) const LIST: u8 = 6;
    pub(crate) const BARN: u8 = 6;
    pub(crate) const HEAP: u8 = 7;
    pub(crate) const HANDLES: u8 = 7;
    pub(crate) const NAMES: u8 = 7;
    pub(crate) const ZONE: u8 = 8;
    pub(crate) const POOL: u8 = 8;
    /// Set for outer locks.
    pub(crate) const OUTER: u8 = 0x80;
}

/// A value behind an inner lock.
///
/// cbindgen:ignore
pub(crate) type Mutex<T, const RANK: u8 = { rank::NONE }> = parking_lot::lock_api::Mutex<FutexLock<RANK>, T>;
/// A value behind an outer lock.
///
/// cbindgen:ignore
pub(crate) type OuterMutex<T> = parking_lot::lock_api::Mutex<FutexLock<{ rank::OUTER }>, T>;

/// Whether the caller, who holds no lock that it knows of, is a signal handler that interrupted the library
/// (or a function that runs while this thread forks). Then it must not wait for any lock: it could be waiting
/// for itself.
#[inline]
pub(crate) fn interrupted() -> bool {
    tls::depth() > 0
}

/// Takes a lock for the time of a fork.
pub(crate) fn hold<T, const RANK: u8>(lock: &Mutex<T, RANK>) {
    // SAFETY: the lock stays locked until `let_go`.
    unsafe { lock.raw() }.lock_out_of_order();
}

/// Lets go what [`hold`] took, or a `try_lock` whose guard was forgotten.
///
/// # Safety
/// The calling thread holds the lock, without a guard.
pub(crate) unsafe fn let_go<T, const RANK: u8>(lock: &Mutex<T, RANK>) {
    // SAFETY: held, and no guard will unlock it again (contract).
    unsafe { lock.force_unlock(GuardSend::new()) };
}
