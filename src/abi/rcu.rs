// SPDX-License-Identifier: MIT OR Apache-2.0
//! How a program tells the library when the readers of its read-copy update are done.
#![allow(non_camel_case_types, reason = "names seen in C")]

use core::ffi::c_ulong;

/// A read-copy update of the program's.
#[repr(C)]
pub struct kmem_rcu_flavor {
    /// Whether all readers are done that were there when the state was set. With 0 there a grace period is wanted: the
    /// function stores another number of its choice, or leaves the 0 if it cannot begin one now, and is asked again. It
    /// must not wait for readers; only with may_sleep may it take locks that the thread might hold already, allocate, and start
    /// threads. It is called in any thread, in one at a time.
    pub poll: Option<
        unsafe extern "C-unwind" fn(
            flavor: *mut kmem_rcu_flavor,
            state: *mut c_ulong,
            may_sleep: bool,
        ) -> bool,
    >,
}
