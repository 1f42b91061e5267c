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
//! | 1 | slab mutex (`cache::registry`) | the list of caches, reference counts, creation and destruction |
//! | 1 | list of threads (`sheaf::thread`) | which threads have a table |
//! | 2 | thread lock (`sheaf::thread`) | one thread's table, but for its fast path; the owner only tries it |
//! | 3 | barn (`sheaf::barn`), one per cache | sheaves that no thread has |
//! | 3 | list lock (`slab::node`), one per cache | partial lists, bitmaps and counters of that cache's slabs |
//! | 4 | zone lock (`page::zone`), one per zone | free page runs |
//! | 4 | heap lock (`page::heap`) | internal memory; takes the metadata zone's lock inside |
//!
//! No lock is held across a call into the program: constructors, log and panic handlers.

mod futex_lock;
mod once;

pub(crate) use futex_lock::FutexLock;
pub(crate) use once::Once;

/// A value behind a [`FutexLock`].
pub(crate) type Mutex<T> = parking_lot::lock_api::Mutex<FutexLock, T>;
