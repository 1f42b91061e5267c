// SPDX-License-Identifier: MIT OR Apache-2.0
//! What KMEM_CMDLINE says of faults, put in force once.

use core::sync::atomic::AtomicBool;
use core::sync::atomic::Ordering::Relaxed;

use crate::abi::fault::kmem_fault_attr;
use crate::fault::{failslab, task};
use crate::param::{Faults, params};
use crate::printk::pr_warn;
use crate::sync::OuterOnce;

static BOOT: OuterOnce = OuterOnce::new();

/// Waits for a thread that puts the options in force, and keeps others from beginning, for the time of a fork.
pub(crate) fn hold_boot_for_fork() {
    BOOT.hold();
}

/// Ends that.
///
/// # Safety
/// The thread with the id `holder` called `hold_boot_for_fork`; the caller is it, or its image in a child process.
pub(crate) unsafe fn let_go_boot_after_fork(holder: i32) {
    // SAFETY: held (contract).
    unsafe { BOOT.let_go(holder) };
}

/// Puts the boot options in force, the first time it is called: before the first cache, and before the program says
/// something else. A fail-nth count is the calling thread's. The caller holds no lock, or is a signal handler that
/// interrupted who does: then a later call sees to it.
pub(crate) fn boot() {
    if BOOT.is_done() {
        return;
    }
    let fault = &params().fault;
    let done = BOOT.run((), || {
        put_in_force(fault);
        Ok(())
    });
    static WARNED: AtomicBool = AtomicBool::new(false);
    // Not under the lock: it may call the program's log handler.
    if done.is_ok() && fault.failslab_is_wrong && !WARNED.swap(true, Relaxed) {
        pr_warn!("FAULT_INJECTION: failed to parse arguments\n");
    }
}

fn put_in_force(fault: &Faults) {
    if let Some(seed) = fault.seed {
        failslab::seed(seed.into());
    }
    failslab::set(&kmem_fault_attr {
        interval: fault.interval,
        probability: fault.probability,
        space: fault.space,
        times: fault.times,
        verbose: fault.verbose.into(),
        task_filter: fault.task_filter,
        ignore_gfp_wait: fault.ignore_gfp_wait,
        cache_filter: fault.cache_filter,
        ..kmem_fault_attr::DEFAULT
    });
    if fault.fail_nth != 0 {
        // Without memory the first request fails anyway.
        let _ = task::set_fail_nth(fault.fail_nth);
    }
}
