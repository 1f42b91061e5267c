// SPDX-License-Identifier: MIT OR Apache-2.0
//! A thread with one slot: what `src/sheaf/thread.rs` does with many.

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr;

use crate::sheaf::barn::Barn;
use crate::sheaf::block::nothing;
use crate::sheaf::stop::{occupy, stop, vacate};
use crate::sheaf::table::{Rear, Slot, Table};
use crate::sync::Mutex;
use crate::sync::atomic::Ordering::Relaxed;

pub(crate) struct Thread {
    table: Table,
    lock: Mutex<()>,
}

// SAFETY: loom watches every access to what is inside.
unsafe impl Sync for Thread {}
// SAFETY: as above.
unsafe impl Send for Thread {}

loom::thread_local! {
    static CURRENT: Cell<*const Thread> = Cell::new(ptr::null());
}

/// The thread-local word of the library: it leads to the table.
pub(crate) fn word() -> *const c_void {
    let thread = CURRENT.with(Cell::get);
    assert!(!thread.is_null(), "not the owner of a table");
    // SAFETY: set by `adopt`, whose argument outlives the model.
    unsafe { &raw const (*thread).table }.cast()
}

pub(crate) fn with_assigned<R>(
    barn: &Barn,
    _may_sleep: bool,
    work: impl FnOnce(&Slot, &Rear) -> R,
) -> Option<R> {
    // SAFETY: as above.
    let thread = unsafe { &*CURRENT.with(Cell::get) };
    let _guard = thread.lock.try_lock()?;
    let (slot, rear) = (thread.table.slot(0), thread.table.rear(0));
    if rear.barn.get().is_null() {
        occupy(barn, slot, rear, barn.empty_sheaf()?);
    }
    Some(work(slot, rear))
}

fn patiently(attempt: &mut dyn FnMut() -> Option<()>) -> Option<()> {
    for _ in 0..3 {
        if let Some(result) = attempt() {
            return Some(result);
        }
        loom::thread::yield_now();
    }
    None
}

impl Thread {
    pub(crate) fn new() -> Self {
        Self { table: Table::new(), lock: Mutex::new(()) }
    }

    /// Makes the calling thread the owner.
    pub(crate) fn adopt(&self) {
        CURRENT.with(|current| current.set(self));
    }

    /// What another thread does to take the sheaves; `false` when it has lost its patience.
    pub(crate) fn drain(&self, barn: &Barn) -> bool {
        let _guard = self.lock.lock();
        let (slot, rear) = (self.table.slot(0), self.table.rear(0));
        if rear.barn.get().is_null() {
            return true;
        }
        let Some(top) = stop(slot, patiently) else { return false };
        vacate(barn, slot, rear, top);
        true
    }

    /// What the owner does in the end.
    pub(crate) fn exit(&self, barn: &Barn) {
        let _guard = self.lock.lock();
        let (slot, rear) = (self.table.slot(0), self.table.rear(0));
        if !rear.barn.get().is_null() {
            let top = slot.top.swap(nothing(), Relaxed);
            vacate(barn, slot, rear, top);
        }
    }
}
