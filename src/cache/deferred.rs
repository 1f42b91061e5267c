// SPDX-License-Identifier: MIT OR Apache-2.0
//! Calls from a signal handler that interrupted the library.
//!
//! The interrupted frame may hold any lock, and a lock that another thread holds may be waiting for one of
//! those. So nothing is waited for: an allocation takes what it can get at once, a free is noted down, and
//! whoever comes into a slow path next takes the notes in.

use core::fmt;
use core::ptr::NonNull;
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

use crate::cache::{Handle, checked, free};
use crate::page::run::{self, Run};
use crate::printk::panic::Later;
use crate::printk::pr_err;
use crate::sheaf::threads::patiently;
use crate::slab::Cache;
use crate::sync::{self, Inbox, Inside, Mutex, Rest};
use crate::sys::process;

/// Objects that handlers freed, each with the handle that was named.
static FREED: Inbox = Inbox::new();
/// The mark of a run of pages, whose length stands in for the handle: both have other low bits clear.
const RUN: usize = 1;
/// Objects that could not be noted down.
static LOST: AtomicUsize = AtomicUsize::new(0);
/// Threads that deal with notes which must not be dealt with under the lock. One that finds no place takes no notes.
static IN_HAND: Inside = Inside::new();
/// Held while notes are taken in: a destroy that finds none knows that nobody has one in his hand.
static TAKING: Mutex<(), { sync::rank::DEFERRED }> = Mutex::new(());

/// Notes a free down.
pub(super) fn note(handle: Handle, object: NonNull<u8>) {
    if !FREED.add(object.as_ptr().expose_provenance(), handle.address()) {
        LOST.fetch_add(1, Relaxed);
    }
}

/// Notes the free of a run of pages down, which the caller has claimed.
pub(crate) fn note_run(run: Run) {
    if !FREED.add(run.start.as_ptr().expose_provenance(), run.bytes | RUN) {
        LOST.fetch_add(1, Relaxed);
    }
}

/// Takes a note in; `false` when that may cause a report.
fn deal(object: usize, whose: usize) -> bool {
    if whose & RUN == 0 {
        return free::put_quietly(Handle::new(whose), object);
    }
    if let Some(start) = NonNull::new(core::ptr::with_exposed_provenance_mut(object)) {
        // SAFETY: claimed by who noted it down, and the program has given it up.
        unsafe { run::free(start, whose & !RUN) };
    }
    true
}

/// Objects at hand, into `out`; how many.
pub(super) fn alloc(cache: &Cache, out: &mut [*mut u8]) -> usize {
    let mut taken = 0;
    // A debug flag asks for checks, and reports.
    if cache.is_debug() {
        return 0;
    }
    let at_hand = core::iter::from_fn(|| Some(checked::pop_now(cache)).filter(|object| !object.is_null()));
    for (to, object) in out.iter_mut().zip(at_hand) {
        *to = object;
        taken += 1;
    }
    let rest = out.get_mut(taken..).unwrap_or_default();
    taken + cache.node.try_lock().map_or(0, |mut node| node.take_many(&cache.layout, rest))
}

/// Refuses a call on a cache.
#[cold]
pub(super) fn refuse_for(function: &str, handle: Handle) {
    if let Some(cache) = handle.cache_or_warn(function) {
        refuse(function, &cache.name);
    }
}

/// Refuses a call that has to wait, in the kernel's words. `name`: what the caller knows the cache by.
#[cold]
pub(crate) fn refuse(function: &str, name: &dyn fmt::Display) {
    let pid = process::thread_id();
    process::with_thread_name(|comm| {
        pr_err!("BUG: scheduling while atomic: {}/{pid}/0x00010000\n", comm.escape_ascii());
    });
    pr_err!("{function}({name}): called from a signal handler that interrupted the library, ignored\n");
}

/// Whether the caller of an exported function is a signal handler that interrupted the library. If so, says
/// that the call, which may have to wait, is refused.
pub(crate) fn refuses(function: &str) -> bool {
    let interrupted = sync::interrupted();
    if interrupted {
        refuse(function, &"");
    }
    interrupted
}

/// Takes the notes in, unless another thread is about it.
#[inline]
pub(super) fn take_in_some() {
    if !FREED.is_empty()
        && let Some(guard) = TAKING.try_lock()
    {
        take_all(guard);
    }
}

/// Takes the notes in. What handlers freed before this call is in its slabs afterwards if the result is `true`: else a thread
/// has a note in its hand, for a second or so another one, or the caller itself further up the stack.
pub(crate) fn take_in() -> bool {
    // Not without end: somebody else's report may wait for this thread.
    let mut taken = false;
    let all = patiently(&mut || {
        taken = taken || take_all(TAKING.lock());
        (taken && !IN_HAND.has_others()).then_some(())
    });
    all.is_some() && !IN_HAND.is_in()
}

/// `false`: nothing was taken, because there are as many threads with notes in hand as can be.
fn take_all<G>(guard: G) -> bool {
    let _later = Later::new();
    let stay = IN_HAND.enter();
    // In a report about a note that was taken the thread has its place already.
    if stay.is_none() && !IN_HAND.is_in() {
        drop(guard);
        return false;
    }
    let rest = FREED.take(deal);
    drop(guard);
    if !rest.is_empty() || LOST.load(Relaxed) > 0 {
        report(rest);
    }
    true
}

/// Says what is wrong with the frees that could not be taken in. No lock is held.
fn report(rest: Rest) {
    FREED.take_rest(rest, |object, handle| free::again(Handle::new(handle), object));
    let lost = LOST.swap(0, Relaxed);
    if lost > 0 {
        pr_err!("libkmem: {lost} objects freed in signal handlers are lost: out of memory\n");
    }
}

/// In the child of a fork: nobody but the calling thread, which had another id before, has a note in his
/// hand.
pub(super) fn after_fork(id_before: i32) {
    IN_HAND.after_fork(id_before);
}

/// Keeps others from taking notes in, for the time of a fork.
pub(super) fn hold_for_fork() {
    sync::hold(&TAKING);
}

/// # Safety
/// The calling thread called `hold_for_fork`, or is its image in a child process.
pub(super) unsafe fn let_go_after_fork() {
    // SAFETY: held (contract).
    unsafe { sync::let_go(&TAKING) };
}
