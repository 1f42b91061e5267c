// SPDX-License-Identifier: MIT OR Apache-2.0
//! Fork: a child process in which everything is consistent.
//!
//! The forking thread takes every lock, in the order of `sync/mod.rs`, and lets them go after the fork, in the parent as in
//! the child. So no other thread is in the middle of a change when the child's memory is made. What the others had in
//! their hands just then is lost in the child: objects that a call was about to return or to give back, a slab whose
//! constructor was running, the arrays of a thread that was in a report.
//!
//! A handler that runs in the forking thread meanwhile, and handlers of other libraries for the fork, find the library
//! interrupted: they may allocate and free as signal handlers do.

use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicI32, AtomicU32, AtomicUsize};

use crate::cache::{background, deferred, pin, reclaim, registry, shrinker};
use crate::debug::watch;
use crate::fault::{self, failslab};
use crate::page::{self, grace};
use crate::printk::{log_file, sink};
use crate::sheaf::{handle, threads};
use crate::slab;
use crate::sync::{self, OuterMutex};
use crate::sys::{loader, process, thread as sys_thread, tls};

/// Held by the thread that forks.
static FORK: OuterMutex<()> = OuterMutex::new(());
/// The thread that has taken all locks; 0: none.
static HOLDER: AtomicUsize = AtomicUsize::new(0);
static HOLDER_ID: AtomicI32 = AtomicI32::new(0);
/// Forks under way in handlers that interrupted it then.
static NESTED: AtomicU32 = AtomicU32::new(0);

/// Takes all locks. `outermost` and `innermost` take those of the floors above this one.
pub(crate) fn prepare(outermost: impl FnOnce(), innermost: impl FnOnce()) {
    // A handler that interrupted the library forks: its own locks cannot be waited for. The parent goes on as if nothing
    // had happened, the child can do what POSIX lets it do, which is not to allocate.
    if sync::interrupted() {
        NESTED.fetch_add(is_holder().into(), Relaxed);
        return;
    }
    // First, so that there is no moment at which an outer lock is held and a handler does not see it.
    tls::deeper();
    sync::hold(&FORK);
    grace::hold_for_fork();
    outermost();
    fault::hold_boot_for_fork();
    page::hold_start_for_fork();
    pin::close_for_fork();
    threads::hold_for_fork();
    failslab::hold_for_fork();
    shrinker::hold_for_fork();
    log_file::hold_for_fork();
    deferred::hold_for_fork();
    registry::hold_for_fork();
    watch::hold_for_fork();
    handle::hold_for_fork();
    page::hold_for_fork();
    innermost();
    // Last: visits to the loader take no lock of the library's, so they end.
    loader::hold_for_fork();
    HOLDER.store(sys_thread::own(), Relaxed);
    HOLDER_ID.store(process::thread_id(), Relaxed);
}

fn is_holder() -> bool {
    HOLDER.load(Relaxed) == sys_thread::own()
}

/// Lets all locks go; `outermost` hears the id that the thread had when it took them.
pub(crate) fn let_go(in_child: bool, outermost: impl FnOnce(i32), innermost: impl FnOnce()) {
    if !is_holder() {
        return;
    }
    // The locks are still those of the fork that was interrupted.
    if NESTED.load(Relaxed) > 0 {
        NESTED.fetch_sub(1, Relaxed);
        return;
    }
    HOLDER.store(0, Relaxed);
    loader::let_go_after_fork(in_child);
    let id = HOLDER_ID.load(Relaxed);
    if in_child {
        sink::after_fork(id);
        reclaim::after_fork(id);
        background::after_fork();
        deferred::after_fork(id);
        if !sink::is_in_handler() {
            slab::nobody_looks();
        }
    }
    innermost();
    // SAFETY: this thread, or the one that it is the image of, took all of these locks in `prepare`.
    unsafe { page::let_go_after_fork() };
    // SAFETY: as above.
    unsafe { handle::let_go_after_fork() };
    // SAFETY: as above.
    unsafe { watch::let_go_after_fork() };
    // SAFETY: as above.
    unsafe { registry::let_go_after_fork(in_child) };
    // SAFETY: as above.
    unsafe { deferred::let_go_after_fork() };
    // SAFETY: as above.
    unsafe { log_file::let_go_after_fork() };
    // SAFETY: as above.
    unsafe { shrinker::let_go_after_fork(in_child.then_some(id)) };
    // SAFETY: as above.
    unsafe { failslab::let_go_after_fork() };
    // SAFETY: as above.
    unsafe { threads::let_go_after_fork(in_child) };
    // SAFETY: as above.
    unsafe { page::let_go_start_after_fork() };
    // SAFETY: as above, and the thread had that id.
    unsafe { fault::let_go_boot_after_fork(id) };
    outermost(id);
    grace::let_go_after_fork(in_child);
    // SAFETY: as above.
    unsafe { sync::let_go(&FORK) };
    tls::shallower();
}
