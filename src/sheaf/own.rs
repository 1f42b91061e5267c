// SPDX-License-Identifier: MIT OR Apache-2.0
//! What belongs to one thread and has nothing to do with sheaves. It lies beside the thread's table because the library
//! has one thread-local word.

use core::cell::Cell;

use crate::sheaf::thread::current;
use crate::sys::tls;

/// What only the thread itself looks at.
#[derive(Default)]
pub(crate) struct Own {
    /// This thread uses no sheaves for the time being.
    pub(super) bypass: Cell<bool>,
    /// Which request from now on is made to fail; 0: none.
    pub(crate) fail_nth: Cell<u32>,
    /// Whether faults that are meant for some threads only are meant for this one.
    pub(crate) make_it_fail: Cell<bool>,
}

/// The calling thread's own things; `None` when it has ended, or there is no memory.
pub(crate) fn own<'a>() -> Option<&'a Own> {
    current(true).map(|thread| &thread.own)
}

/// The same, `None` also when the thread has no record yet.
pub(crate) fn own_if_any<'a>() -> Option<&'a Own> {
    if tls::get() == tls::none() { None } else { own() }
}
