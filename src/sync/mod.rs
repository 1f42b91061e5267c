// SPDX-License-Identifier: MIT OR Apache-2.0
//! Locks.
//!
//! One lock for everything: a futex word behind the `lock_api` traits that parking_lot re-exports. parking_lot's
//! own mutex is not used, for three reasons that were looked at one by one: it allocates at first contention
//! and aborts when it cannot (out of memory is a return value here), its queue of parked threads does not
//! survive fork, and its thread data registers a destructor that allocates in turn.
//!
//! Lock order, outermost first; a thread holds at most one of each rank:
//!
//! | rank | lock | guards |
//! |---|---|---|
//! | 1 | list of threads (`sheaf::thread`) | which threads have a table |
//! | 2 | thread lock (`sheaf::thread`) | one thread's table, but for its fast path; the owner only tries it |
//! | 3 | slab mutex (`cache::registry`) | the list of caches, reference counts, creation and destruction |
//! | 4 | list lock (`slab::node`), one per cache | partial lists, bitmaps and counters of that cache's slabs |
//! | 4 | barn (`sheaf::barn`), one per cache | sheaves that no thread has |
//! | 5 | zone lock (`page::zone`), one per zone | free page runs |
//! | 5 | heap lock (`page::heap`), handle lock (`sheaf::handle`) | internal memory; they take the metadata zone's lock inside |
//! | 6 | list of shrinkers (`cache::shrinker`), attributes of failslab (`fault`), log file (`printk`, only tried) | what they are named after |
//!
//! The slab mutex stands below the thread's lock because a sheaf that is emptied may hold an object of another cache,
//! which the slab mutex keeps alive while the object goes home.
//!
//! No lock is held while a constructor, a shrinker or a panic handler runs. A log handler may be called while a sheaf is emptied,
//! with the thread's lock held, and in a drain that of the list of threads; whoever might come from there only tries
//! these two, and does without if they are taken. So a handler may use the library, and wait for threads that do.

mod futex_lock;
mod inside;
mod once;

/// Atomics, by a name that `models/` can give another meaning.
pub(crate) use core::sync::atomic;

pub(crate) use futex_lock::FutexLock;
pub(crate) use inside::Inside;
pub(crate) use once::Once;

/// A value behind a [`FutexLock`].
pub(crate) type Mutex<T> = parking_lot::lock_api::Mutex<FutexLock, T>;
