// SPDX-License-Identifier: MIT OR Apache-2.0
//! How many objects rest in sheaves.
//!
//! Nobody is stopped for this. A look at another thread's sheaf is exact when that thread is in no call on the cache,
//! which includes all that it did before (the barrier sees to that). Of a thread in the middle of a call an object may
//! be missed or counted twice; of one that trades a sheaf meanwhile, a sheaf. No pointer that is read is followed out
//! of the library's own metadata, which stays mapped.

use core::ptr;
use core::sync::atomic::Ordering::Acquire;

use crate::sheaf::barn::Barn;
use crate::sheaf::block::Sheaf;
use crate::sheaf::table::Table;
use crate::sheaf::threads::for_each;
use crate::sys::thread::barrier;

/// Objects of a cache in the sheaves of all threads and in its barn.
pub(crate) fn parked(barn: &Barn) -> usize {
    if barn.capacity == 0 {
        return 0;
    }
    barrier();
    let mut parked = barn.parked();
    for_each(|state, _| {
        parked += in_table(state.table(), barn);
        true
    });
    parked
}

/// The same without a barrier and a look at each object: close enough to tell few from many.
pub(crate) fn parked_about(barn: &Barn) -> usize {
    let mut parked = barn.full_objects();
    for_each(|state, _| {
        parked += in_table(state.table(), barn);
        true
    });
    parked
}

fn in_table(table: &Table, barn: &Barn) -> usize {
    let offset = barn.key & table.mask;
    let (slot, rear) = (table.slot(offset), table.rear(offset));
    if !ptr::eq(rear.barn.get(), barn) {
        return 0;
    }
    // Acquire pairs with the Release of a thread that gives the slot another sheaf.
    let top = slot.top.load(Acquire);
    let at_hand = Sheaf::of(top).map_or(0, |sheaf| sheaf.count(barn.capacity, top));
    let spare = rear.spare.get().filter(|_| rear.spare_is_full.get());
    at_hand + spare.map_or(0, |spare| spare.count(barn.capacity, spare.top(barn.capacity, barn.capacity)))
}
