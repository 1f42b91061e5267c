// SPDX-License-Identifier: MIT OR Apache-2.0
//! A thread for decay, if `kmem.background=1` asks for one.
//!
//! It takes the steps that are due as long as others come to slow paths, and for some time beyond; then it sleeps until
//! one of them wakes it. It is started by the first request that may sleep, in the child of a fork by the first one there:
//! such requests do not come from signal handlers, where no thread can be started. It ends when the library goes: a
//! plugin that the library is part of may be unloaded, and the code with it.

use core::ffi::c_void;
use core::sync::atomic::Ordering::{Relaxed, SeqCst};
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize};

use crate::cache::{shrink, watched};
use crate::page::{self, grace};
use crate::param::params;
use crate::sync;
use crate::sys::{futex, process, thread};

/// What the thread is about.
static STATE: AtomicU32 = AtomicU32::new(AT_WORK);
const AT_WORK: u32 = 1;
const ASLEEP: u32 = 2;
/// The process that it was started in; 0: none.
static PROCESS: AtomicU32 = AtomicU32::new(0);
/// The thread; 0: none, or it has just been started.
static THREAD: AtomicUsize = AtomicUsize::new(0);
/// 1: the library goes.
static STOP: AtomicU32 = AtomicU32::new(0);
/// Whether the process has no such thread, as far as is known.
static WANTED: AtomicBool = AtomicBool::new(true);

const PAUSE_NS: u64 = 50_000_000;
/// Epochs after the last step of another thread in which everything that lies idle has decayed.
const EPOCHS: u64 = 15;

/// Has the thread work for a while, if there is one.
#[cold]
pub(super) fn wake() {
    if PROCESS.load(SeqCst) != process::id() {
        WANTED.store(true, SeqCst);
    } else if STATE.swap(AT_WORK, SeqCst) == ASLEEP {
        futex::wake(&STATE, 1);
    }
}

/// Starts the thread if it is wanted and missing. For callers that may sleep.
#[inline]
pub(super) fn start_if_missing() {
    if WANTED.load(Relaxed) {
        start();
    }
}

#[cold]
fn start() {
    let asked_for = params().background && params().decay;
    if !WANTED.swap(false, SeqCst) || !asked_for || STOP.load(SeqCst) != 0 {
        return;
    }
    let process = process::id();
    if PROCESS.swap(process, SeqCst) == process {
        return;
    }
    STATE.store(AT_WORK, SeqCst);
    match thread::spawn(c"kmem-decay", run) {
        Some(number) => THREAD.store(number, SeqCst),
        None => PROCESS.store(0, SeqCst),
    }
}

/// In the child of a fork the thread is not there, and the child need not have another id than its parent: both may be
/// the first of a pid namespace.
pub(super) fn after_fork() {
    THREAD.store(0, SeqCst);
    PROCESS.store(0, SeqCst);
}

/// Ends the thread, for good.
pub(crate) fn stop() {
    STOP.store(1, SeqCst);
    let number = THREAD.swap(0, SeqCst);
    let is_here = number != 0 && PROCESS.load(SeqCst) == process::id();
    // A handler for a signal that ends the process may have interrupted what the thread waits for.
    if !is_here || number == thread::own() || sync::interrupted() {
        return;
    }
    futex::wake(&STOP, 1);
    STATE.store(AT_WORK, SeqCst);
    futex::wake(&STATE, 1);
    // SAFETY: started in this process, and taken out of `THREAD` by this call alone.
    unsafe { thread::join(number) };
}

extern "C" fn run(_: *mut c_void) -> *mut c_void {
    while STOP.load(SeqCst) == 0 {
        futex::wait_ns(&STOP, 0, PAUSE_NS);
        shrink::step();
        grace::settle(true);
        if page::epoch() <= watched::last_step() + EPOCHS {
            continue;
        }
        // Whoever wakes this from now on stores another state, and then this does not fall asleep.
        STATE.store(ASLEEP, SeqCst);
        if page::epoch() > watched::last_step() + EPOCHS {
            while STATE.load(SeqCst) == ASLEEP && STOP.load(SeqCst) == 0 {
                futex::wait(&STATE, ASLEEP);
            }
        }
        STATE.store(AT_WORK, SeqCst);
    }
    core::ptr::null_mut()
}
