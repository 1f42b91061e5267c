// SPDX-License-Identifier: MIT OR Apache-2.0
//! A thread for decay, if `kmem.background=1` asks for one.
//!
//! It takes the steps that are due as long as others come to slow paths, and for some time beyond; then it sleeps until
//! one of them wakes it. It is started by the first request that may sleep, in the child of a fork by the first one there:
//! such requests do not come from signal handlers, where no thread can be started.

use core::ffi::c_void;
use core::sync::atomic::Ordering::{Relaxed, SeqCst};
use core::sync::atomic::{AtomicBool, AtomicU32};

use crate::cache::{shrink, watched};
use crate::page;
use crate::param::params;
use crate::sys::{futex, process, thread};

/// What the thread is about.
static STATE: AtomicU32 = AtomicU32::new(AT_WORK);
const AT_WORK: u32 = 1;
const ASLEEP: u32 = 2;
/// The process that it was started in; 0: none.
static PROCESS: AtomicU32 = AtomicU32::new(0);
/// Whether the process has no such thread, as far as is known.
static WANTED: AtomicBool = AtomicBool::new(true);

const PAUSE_NS: u32 = 50_000_000;
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
    if !WANTED.swap(false, SeqCst) || !params().background || !params().decay {
        return;
    }
    let process = process::id();
    if PROCESS.swap(process, SeqCst) == process {
        return;
    }
    STATE.store(AT_WORK, SeqCst);
    if !thread::spawn(c"kmem-decay", run) {
        PROCESS.store(0, SeqCst);
    }
}

extern "C" fn run(_: *mut c_void) -> *mut c_void {
    loop {
        process::sleep_ns(PAUSE_NS);
        shrink::step();
        if page::epoch() <= watched::last_step() + EPOCHS {
            continue;
        }
        // Whoever wakes this from now on stores another state, and then this does not fall asleep.
        STATE.store(ASLEEP, SeqCst);
        if page::epoch() > watched::last_step() + EPOCHS {
            while STATE.load(Relaxed) == ASLEEP {
                futex::wait(&STATE, ASLEEP);
            }
        }
        STATE.store(AT_WORK, SeqCst);
    }
}
