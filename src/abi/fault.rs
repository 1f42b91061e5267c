// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a program may say about failures that it wants to have.
#![allow(non_camel_case_types, reason = "seen in C")]

use core::ffi::{c_int, c_uint, c_ulong};

/// When allocations are made to fail: the attributes of failslab. Get them with kmem_failslab_get(), change what is to
/// be different, and pass them to kmem_failslab_set().
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct kmem_fault_attr {
    /// Percentage of eligible requests that fail; 0, the default: none.
    pub probability: c_ulong,
    /// Only every so many eligible requests are considered; 0 and 1, the default: each one.
    pub interval: c_ulong,
    /// Failures left, -1 for no limit; 1 is the default, and 0 is none.
    pub times: c_int,
    /// Bytes of objects that are handed out before the first failure.
    pub space: c_int,
    /// What a failure prints: 0 nothing, 1 a message, 2, the default, the stack as well.
    pub verbose: c_ulong,
    /// Messages let through per verbose_ratelimit_interval_ms; without an interval, the default, all.
    pub verbose_ratelimit_burst: c_uint,
    /// Length in milliseconds of the interval that verbose_ratelimit_burst is about.
    pub verbose_ratelimit_interval_ms: c_uint,
    /// Only requests of threads that have called kmem_make_it_fail() are eligible.
    pub task_filter: bool,
    /// Requests that may sleep (__GFP_DIRECT_RECLAIM: GFP_KERNEL, say) never fail; true is the default.
    pub ignore_gfp_wait: bool,
    /// Only requests to caches marked by kmem_cache_set_failslab() or `slab_debug=A` are eligible.
    pub cache_filter: bool,
    /// Calls of the stack that the four addresses below are compared with, at most 64; 32 is the default.
    pub stacktrace_depth: c_ulong,
    /// Only requests with a return address from require_start up to, not including, require_end on their stack fail;
    /// require_end 0, the default: all.
    pub require_start: c_ulong,
    /// See require_start.
    pub require_end: c_ulong,
    /// Requests with a return address from reject_start up to, not including, reject_end on their stack never fail;
    /// reject_end 0, the default: no such requests.
    pub reject_start: c_ulong,
    /// See reject_start.
    pub reject_end: c_ulong,
}

impl kmem_fault_attr {
    /// Linux's defaults: off.
    pub(crate) const DEFAULT: Self = Self {
        probability: 0,
        interval: 1,
        times: 1,
        space: 0,
        verbose: 2,
        verbose_ratelimit_burst: 0,
        verbose_ratelimit_interval_ms: 0,
        task_filter: false,
        ignore_gfp_wait: true,
        cache_filter: false,
        stacktrace_depth: 32,
        require_start: 0,
        require_end: 0,
        reject_start: 0,
        reject_end: 0,
    };
}
