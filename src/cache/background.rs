// SPDX-License-Identifier: MIT OR Apache-2.0
//! A thread for decay, if `kmem.background=1` asks for one.
//!
//! It takes the steps that are due as long as others come to slow paths, and for some time beyond; then it sleeps until
//! one of them wakes it. It exists from the first step on, and in the child of a fork from the first step there.

use core::ffi::c_void;
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::{Relaxed, SeqCst};

use crate::cache::{shrink, watched};
use crate::page;
use crate::sys::{futex, process, thread};

/// What the thread is about.
static STATE: AtomicU32 = AtomicU32::new(NONE);
const NONE: u32 = 0;
const AT_WORK: u32 = 1;
const ASLEEP: u32 = 2;
/// The process that it was started in.
static PROCESS: AtomicU32 = AtomicU32::new(0);

const PAUSE_NS: u32 = 50_000_000;
/// Epochs after the last step of another thread in which everything that lies idle has decayed.
const EPOCHS: u64 = 15;

/// Has the thread work for a while.
#[cold]
pub(super) fn wake() {
    let process = process::id();
    if PROCESS.swap(process, SeqCst) != process {
        STATE.store(NONE, SeqCst);
    }
    match STATE.swap(AT_WORK, SeqCst) {
        NONE if !thread::spawn(c"kmem-decay", run) => STATE.store(NONE, SeqCst),
        ASLEEP => futex::wake(&STATE, 1),
        _ => {}
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
