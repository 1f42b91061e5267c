// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sheaves: arrays of free objects, per thread and cache, and the barn where threads trade them.
//!
//! | file | concept |
//! |---|---|
//! | `handle` | what C holds as a cache: a number close to a descriptor |
//! | `block` | one sheaf |
//! | `table` | a thread's sheaves, found by handle |
//! | `fast` | pop and push: no lock, no atomic instruction, no call, no look at the object (in C: `inline.h`) |
//! | `barn` | the full and empty sheaves that no thread has |
//! | `census` | how many objects rest in sheaves |
//! | `trade` | what a thread does with its own slot beyond that |
//! | `stop` | taking a slot from its owner |
//! | `thread` | a thread's table from its first use to its end |
//! | `threads` | the list of threads, and what others do with a thread's sheaves: drains, forks |
//! | `idle` | sheaves that their threads do not use |
//! | `watch` | having a thread take the slow path with each call |
//! | `own` | what else belongs to one thread |
//! | `bypass` | taking sheaves out of use, for who must see each call |
//!
//! This floor moves pointers and knows nothing of slabs: the cache floor above fills empty sheaves from
//! slabs, and gives a function that takes objects back.
//!
//! # Who may touch a slot
//! * The owner's **fast path** marks the slot (key := 0), reads `top`, moves one object, stores `top`,
//!   unmarks (key := handle). It takes no lock.
//! * The owner's **slow path** marks the slot in the same way, and then the rear is its own too. The thread's
//!   lock is only for changes to the table: a slot for another cache, a larger table. It is only tried: who
//!   finds it held (by a drain, or by himself, further up the stack) goes to the slabs directly, so nothing
//!   here can deadlock, not even in a signal handler.
//! * A **drain** by another thread holds the thread's lock, which keeps the table as it is, and stops the
//!   owner: it swaps `top` for that of a sheaf that is empty and full at once, then has every running thread
//!   pass a memory barrier (membarrier). An operation that began before has marked the slot, or finished and
//!   stored its `top` over ours; one that begins later finds nothing. So when, after the barrier, the slot is
//!   not marked and `top` is still ours, the sheaf and the rear are the drain's.
//! * A **signal handler** that interrupts an operation sees the mark and goes to the slabs; one that
//!   interrupts it before the mark completes its own operation before the owner reads `top`. It may even take
//!   the sheaf away or replace the table: a slot is never another cache's, and one that is given up, or whose
//!   table is, has a `top` that finds nothing. Marked slots, and a table with one, stay.
//!
//! Slots of caches of whose objects each call takes note (`Barn::noted`) have another key than the handle,
//! which only `fast::pop_noted` and `push_noted` look for: all of the above holds for them too.
//!
//! What each access publishes: the fast path's stores are ordered by the compiler only (same thread, and the
//! drain's barrier does the rest), except the unmarking store, a Release: a drain that sees the key sees the
//! `top` before it.
//!
//! # Bounds
//! A thread parks at most two sheaves per cache and [`thread::PARKED_LIMIT`] bytes in all; a barn keeps at
//! most the full sheaves that its creator says, and of those what was needed in the last epoch. One call
//! moves at most one sheaf to or from slabs, and evicts at most sixteen other caches': where that makes too
//! little room, the thread goes to the slabs, and its next calls go on.

mod barn;
#[cfg(test)]
mod barn_test;
mod block;
pub(crate) mod bypass;
mod census;
pub(crate) mod fast;
pub(crate) mod handle;
pub(crate) mod idle;
#[cfg(test)]
mod inline_test;
pub(crate) mod own;
mod stop;
mod table;
pub(crate) mod thread;
pub(crate) mod threads;
pub(crate) mod trade;
pub(crate) mod watch;

pub(crate) use barn::Barn;
pub(crate) use block::{MAX_CAPACITY, MAX_NOTED};
pub(crate) use census::{parked, parked_about};
