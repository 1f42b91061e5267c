// SPDX-License-Identifier: MIT OR Apache-2.0
//! What KMEM_CMDLINE says of faults, put in force once.

use core::sync::atomic::AtomicBool;
use core::sync::atomic::Ordering::Relaxed;

use crate::abi::fault::kmem_fault_attr;
use crate::fault::{failslab, task};
use crate::param::params;
use crate::printk::pr_warn;
use crate::sync;

/// Puts the boot options in force, the first time it is called: before the first cache, and before the program says
/// something else. A fail-nth count is the calling thread's. The caller holds no lock, or is a signal handler that
/// interrupted who does: then a later call sees to it.
pub(crate) fn boot() {
    static DONE: AtomicBool = AtomicBool::new(false);
    if DONE.load(Relaxed) || sync::interrupted() || DONE.swap(true, Relaxed) {
        return;
    }
    let fault = &params().fault;
    if fault.failslab_is_wrong {
        pr_warn!("FAULT_INJECTION: failed to parse arguments\n");
    }
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
