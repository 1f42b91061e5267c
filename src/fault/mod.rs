// SPDX-License-Identifier: MIT OR Apache-2.0
//! Faults: allocations that fail because somebody wants to see what happens then.
//!
//! | file | concept |
//! |---|---|
//! | `failslab` | the kernel's failslab: which requests fail, by its attributes |
//! | `task` | what a thread says for itself: its fail-nth count, and whether it takes part |
//! | `target` | what is said about one cache: its mark, its budget of non-blocking requests, its count |
//! | `boot` | what KMEM_CMDLINE says of all this |
//!
//! # How a request gets here
//! The fast path knows nothing of faults. While any are wanted, the sheaves in question are out of use
//! (`sheaf::bypass`), so that each call takes the slow path, which asks [`refuses`]. While none are, that costs the slow
//! path two loads.
//!
//! # The order of decisions
//! The cache's callback, if it is due; the cache's budget; then Linux's order: `__GFP_NOFAIL` passes, so does a request
//! that may sleep (unless ignore-gfp-wait is off), so does a cache that is not marked (if cache-filter is on); a
//! thread's armed fail-nth count decides alone; then probability, task-filter, times, stack, space, interval, chance.
//!
//! # Threads
//! All that a decision looks at is in atomics, or the thread's own, so it never waits. `times` failures are exactly that many, also when
//! several threads ask at once; the order of threads is theirs.

mod boot;
pub(crate) mod failslab;
pub(crate) mod target;
pub(crate) mod task;

use core::sync::atomic::AtomicU8;
use core::sync::atomic::Ordering::Relaxed;

use crate::abi::gfp::gfp_t;
use crate::sheaf::{Barn, bypass};
pub(crate) use boot::{boot, hold_boot_for_fork, let_go_boot_after_fork};
pub(crate) use target::Target;

/// What is wanted anywhere: bits.
static WANTED: AtomicU8 = AtomicU8::new(0);
/// The attributes of failslab let some request fail.
const FAILSLAB: u8 = 1 << 0;
/// Some thread has used a fail-nth count.
const FAIL_NTH: u8 = 1 << 1;

/// Whether a request for `count` objects is to fail. May call the program's callback; the caller holds no lock.
#[inline]
pub(crate) fn refuses(target: &Target, barn: &Barn, size: usize, gfp: gfp_t, count: usize) -> bool {
    (WANTED.load(Relaxed) != 0 || barn.is_bypassed()) && decide(target, barn, size, gfp, count)
}

#[cold]
fn decide(target: &Target, barn: &Barn, size: usize, gfp: gfp_t, count: usize) -> bool {
    bypass::leave(barn);
    target.over_budget(gfp, count) || (WANTED.load(Relaxed) != 0 && failslab::fails(target, size, gfp))
}
