// SPDX-License-Identifier: MIT OR Apache-2.0
//! Calls that must all be seen: no sheaves for a time.
//!
//! The fast path asks nothing, so whoever must see each call takes the sheaves away: first a flag goes up, which
//! keeps threads from getting a slot, then a drain empties the slots that there are. A thread looks at the flag under
//! its lock when it is about to get a slot, and a drain takes that lock: a slot that is given out before the
//! flag is seen is drained, and none is given out later. When the flag is down again, slots come back one by one, at
//! the next slow path of a thread that uses the cache.
//!
//! A drain passes by a thread that is in the middle of an operation for a second, and every other thread where there is
//! no membarrier. Who asks for the bypass has such a thread [`leave`] when it next comes to a slow path, one sheaf later
//! at most.

use core::sync::atomic::AtomicBool;
use core::sync::atomic::Ordering::{Relaxed, SeqCst};

use crate::sheaf::barn::Barn;
use crate::sheaf::own::Own;
use crate::sheaf::thread::{self, current};
use crate::sheaf::threads;

/// Why a cache's sheaves are bypassed; bits of [`Barn::bypass`].
pub(crate) const BUDGET: u8 = 1 << 0;
pub(crate) const COUNT: u8 = 1 << 1;

static ALL: AtomicBool = AtomicBool::new(false);

/// Marks that the sheaves of all caches are out of use, or may come back. In the first case [`threads::drain_all`] is to
/// follow.
pub(crate) fn mark_all(on: bool) {
    ALL.store(on, SeqCst);
}

/// Takes the sheaves of one cache out of use, for a reason. The caller holds no lock.
pub(crate) fn begin(barn: &Barn, reason: u8) {
    if barn.bypass.fetch_or(reason, SeqCst) & reason == 0 {
        threads::drain(barn);
        barn.clear();
    }
}

/// The same for a cache that no thread knows yet, whatever locks are held.
pub(crate) fn begin_new(barn: &Barn, reason: u8) {
    barn.bypass.fetch_or(reason, Relaxed);
}

/// Whether they are out of use for a reason.
#[inline]
pub(crate) fn has_begun(barn: &Barn, reason: u8) -> bool {
    barn.bypass.load(Relaxed) & reason != 0
}

/// The reason is gone; without another one, sheaves come back.
pub(crate) fn end(barn: &Barn, reason: u8) {
    barn.bypass.fetch_and(!reason, SeqCst);
}

/// Takes the calling thread's sheaves out of use, or lets them come back.
pub(crate) fn own(own: &Own, on: bool) {
    own.bypass.set(on);
    if on {
        thread::leave(None);
    }
}

/// Takes the calling thread's sheaf for a cache out of its slot if it may not be used and still is.
pub(crate) fn leave(barn: &Barn) {
    if thread::has_slot(barn) && current(false).is_some_and(|thread| applies(barn, &thread.own)) {
        thread::leave(Some(barn));
    }
}

/// Whether a thread may not get a slot. The thread's lock is held.
#[inline]
pub(super) fn applies(barn: &Barn, own: &Own) -> bool {
    own.bypass.get() || barn.is_bypassed() || ALL.load(Relaxed)
}
