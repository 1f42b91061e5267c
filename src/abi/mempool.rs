// SPDX-License-Identifier: MIT OR Apache-2.0
//! The memory pool, which a program may embed in its own structures.
#![allow(non_camel_case_types, reason = "the kernel's names, seen in C")]

use core::ffi::{c_int, c_uint, c_void};

use crate::abi::gfp::gfp_t;

/// Makes an element: gets the request's flags and the pool's data, returns NULL when there is no memory.
pub type mempool_alloc_t = Option<unsafe extern "C-unwind" fn(gfp_t, *mut c_void) -> *mut c_void>;

/// Disposes of an element: gets it and the pool's data.
pub type mempool_free_t = Option<unsafe extern "C-unwind" fn(*mut c_void, *mut c_void)>;

/// A memory pool. All zeroes is one that was never initialised. Programs may read min_nr and curr_nr; the rest is the
/// library's.
#[repr(C)]
pub struct mempool_s {
    /// Elements that the reserve should hold.
    pub min_nr: c_int,
    /// Elements that it holds.
    pub curr_nr: c_int,
    /// Counts elements that came back; waiters sleep on it.
    pub wait: c_uint,
    /// Whether somebody may sleep.
    pub asleep: c_uint,
    /// The reserve; NULL before initialisation.
    pub elements: *mut *mut c_void,
    /// What the two functions get.
    pub pool_data: *mut c_void,
    /// Makes an element.
    pub alloc: mempool_alloc_t,
    /// Disposes of one.
    pub free: mempool_free_t,
}
