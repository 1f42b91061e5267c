// SPDX-License-Identifier: MIT OR Apache-2.0
//! Visits to the loader's list of loaded files, and forks.
//!
//! The C library locks the list for a visit. The child of a fork finds that lock as it was (glibc), held for ever if another
//! thread was in a visit. So a fork waits for the visits under way, and a visit that is about to begin for the fork.
//! Neither waits without end: the program has visitors of its own, and what those wait for is unknown. A child that was
//! made in the middle of a visit makes none.
//!
//! A visit counts in the thread's depth, like a lock: a signal handler that comes in the middle finds the library
//! interrupted, and waits for nothing.

use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::sys::process::sleep_ns;
use crate::sys::thread::yield_now;
use crate::sys::tls;

/// Set while a thread forks.
const SHUT: u32 = 1 << 31;
/// Set in a child that was made in the middle of a visit.
const LOST: u32 = 1 << 30;
/// How many visits are under way, and the two bits above.
static STATE: AtomicU32 = AtomicU32::new(0);

/// How often a fork looks whether the visits are over, and a visit whether the fork is; most of the times after a pause.
const TRIES_OF_FORK: u32 = 1000;
const TRIES_OF_VISIT: u32 = 10_000;
const YIELDS: u32 = 20;
const PAUSE_NS: u32 = 100_000;

fn pause(tries: u32) {
    if tries < YIELDS { yield_now() } else { sleep_ns(PAUSE_NS) }
}

/// A visit under way.
pub(super) struct Visit(());

/// Begins a visit, in which nothing of the library's is called; `None` in a child that must make none.
pub(super) fn visit() -> Option<Visit> {
    // A thread that forks, or has a lock that a fork waits for, does not wait for the fork.
    let may_wait = tls::depth() == 0;
    // First, so that there is no moment at which the list is locked and a handler does not see it.
    tls::deeper();
    if enter(may_wait) {
        return Some(Visit(()));
    }
    tls::shallower();
    None
}

impl Drop for Visit {
    fn drop(&mut self) {
        // Pairs with the Acquire of a fork that waits.
        STATE.fetch_sub(1, Release);
        tls::shallower();
    }
}

fn enter(may_wait: bool) -> bool {
    let mut tries = 0;
    loop {
        let waits = may_wait && tries < TRIES_OF_VISIT;
        let count = |state: u32| (state & if waits { SHUT | LOST } else { LOST } == 0).then_some(state + 1);
        match STATE.fetch_update(Acquire, Relaxed, count) {
            Ok(_) => return true,
            Err(state) if state & LOST != 0 => return false,
            Err(_) => pause(tries),
        }
        tries += 1;
    }
}

/// Keeps visits from beginning and waits for those under way, for the time of a fork.
pub(crate) fn hold_for_fork() {
    STATE.fetch_or(SHUT, Relaxed);
    for tries in 0..TRIES_OF_FORK {
        if STATE.load(Acquire) & !(SHUT | LOST) == 0 {
            return;
        }
        pause(tries);
    }
}

/// Lets them begin again, in the parent and, if none was under way, in the child.
pub(crate) fn let_go_after_fork(in_child: bool) {
    let state = STATE.fetch_and(!SHUT, Release) & !SHUT;
    if in_child && state != 0 {
        STATE.store(LOST, Relaxed);
    }
}
