// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sheaves that their threads do not use: decay takes them away.
//!
//! Nobody counts what the fast path does, so a slot whose top is where it was an epoch ago counts as idle. That may be
//! wrong of a thread that takes one object out and in: it finds its slot empty once per epoch.

use core::sync::atomic::Ordering::Relaxed;

use crate::sheaf::thread::State;
use crate::sheaf::threads::{Whose, drain_slot, in_turn};

/// Takes idle sheaves from some threads, in turn, each looked at once per epoch; at most so many sheaves.
pub(crate) fn drain_some(epoch: u64, most_threads: usize, most_slots: usize) {
    let mut left = most_slots;
    in_turn(most_threads, |state, whose| {
        if left > 0 && state.epoch != epoch {
            state.epoch = epoch;
            left = drain_idle(state, whose, left);
        }
        left > 0
    });
}

/// An operation that ends meanwhile shows in the second attempt. One that does not is not waited for: an idle sheaf can
/// wait, and who takes it is about something else.
fn twice(attempt: &mut dyn FnMut() -> Option<()>) -> Option<()> {
    attempt().or_else(attempt)
}

/// Takes at most `left` idle sheaves from a thread; returns how many more may be taken.
fn drain_idle(state: &mut State, whose: Whose, mut left: usize) -> usize {
    let table = state.table();
    for offset in table.offsets() {
        let (slot, rear) = (table.slot(offset), table.rear(offset));
        if rear.barn.get().is_null() {
            continue;
        }
        let seen = slot.top.load(Relaxed).addr() as u32;
        if rear.seen.replace(seen) != seen {
            continue;
        }
        if left > 0 {
            left -= 1;
            drain_slot(state, offset, whose, twice);
        }
    }
    left
}
