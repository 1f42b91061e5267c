// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a thread says for itself.

use core::sync::atomic::Ordering::Relaxed;

use crate::fault::{FAIL_NTH, WANTED};
use crate::page;
use crate::sheaf::bypass;
use crate::sheaf::own::{own, own_if_any};

/// Makes the `n`th eligible request of the calling thread from now on fail, none with 0. Returns what was left of the
/// count before; `None` when there is no memory for one.
pub(crate) fn set_fail_nth(n: u32) -> Option<u32> {
    if n == 0 && own_if_any().is_none() {
        return Some(0);
    }
    page::init().ok()?;
    let own = own()?;
    if n != 0 {
        WANTED.fetch_or(FAIL_NTH, Relaxed);
    }
    let left = own.fail_nth.replace(n);
    bypass::own(own, n != 0);
    Some(left)
}

/// Has the calling thread take part when only some do, or not. Returns whether it did before; `None` when there is no
/// memory to keep that in.
pub(crate) fn make_it_fail(on: bool) -> Option<bool> {
    if !on && own_if_any().is_none() {
        return Some(false);
    }
    page::init().ok()?;
    Some(own()?.make_it_fail.replace(on))
}

/// Whether the calling thread takes part.
pub(super) fn takes_part() -> bool {
    own_if_any().is_some_and(|own| own.make_it_fail.get())
}

/// Counts one eligible request of the calling thread: whether it is the one to fail, or `None` if the thread does not
/// count.
pub(super) fn count_down() -> Option<bool> {
    let own = own_if_any()?;
    let left = own.fail_nth.get().checked_sub(1)?;
    own.fail_nth.set(left);
    if left == 0 {
        bypass::own(own, false);
    }
    Some(left == 0)
}
