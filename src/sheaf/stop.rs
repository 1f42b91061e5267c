// SPDX-License-Identifier: MIT OR Apache-2.0
//! Giving a slot to its owner, and taking it from him: the protocol between a thread and a drain. `models/`
//! explores it.

use core::ptr;

use crate::sheaf::barn::Barn;
use crate::sheaf::block::{Sheaf, Top, nothing};
use crate::sheaf::table::{Rear, Slot};
use crate::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use crate::sys::thread::barrier;

/// Makes attempts until one has a result, or it has been long enough.
pub(super) type Patience = fn(&mut dyn FnMut() -> Option<()>) -> Option<()>;

/// Stops the owner of another thread's slot and returns the top of the sheaf that was there; `None` when the
/// owner stays in the middle of an operation beyond all patience. The caller holds the thread's lock.
pub(super) fn stop(slot: &Slot, patiently: Patience) -> Option<Top> {
    if !barrier() {
        return None;
    }
    let mut saved = slot.top.swap(nothing(), AcqRel);
    let stopped = patiently(&mut || {
        if !barrier() {
            return None;
        }
        // Acquire pairs with the Release of the unmarking store: who sees the key sees the top before it.
        if slot.key.load(Acquire) == 0 {
            return None;
        }
        if slot.top.load(Acquire) == nothing() {
            return Some(());
        }
        // An operation that had read the top before we swapped it has stored its own over ours.
        saved = slot.top.swap(nothing(), AcqRel);
        None
    });
    if stopped.is_none() {
        // The operation under way either stores its own top, or found nothing and will look again.
        let _ = slot.top.compare_exchange(nothing(), saved, AcqRel, Relaxed);
        return None;
    }
    Some(saved)
}

/// Gives a slot that nobody has, in the caller's own table, to a cache. The caller holds his thread's lock.
pub(super) fn occupy(barn: &Barn, slot: &Slot, rear: &Rear, empty: Sheaf) {
    slot.top.store(empty.top(barn.capacity, 0), Relaxed);
    rear.owner.set(barn.key);
    rear.barn.set(barn);
    rear.spare.set(None);
    rear.spare_is_full.set(false);
    slot.key.store(barn.sign, Relaxed);
}

/// Empties a slot that has been stopped, or is the caller's own. `top` is that of its sheaf; the slot's own
/// is [`nothing`] already.
pub(super) fn vacate(barn: &Barn, slot: &Slot, rear: &Rear, top: Top) {
    // A stopped owner that has passed its look at the key may store it again: the slot then seems his, but
    // nothing is in it, and his slow path finds no barn.
    slot.key.store(0, Relaxed);
    rear.barn.set(ptr::null());
    give_up(barn, top);
    if let Some(spare) = rear.spare.take() {
        let len = if rear.spare_is_full.replace(false) { barn.capacity } else { 0 };
        give_up(barn, spare.top(barn.capacity, len));
    }
}

/// Hands a sheaf that its thread does not want any more to the barn, its objects to the slabs if they do not
/// fill it.
fn give_up(barn: &Barn, top: Top) {
    let Some(sheaf) = Sheaf::of(top) else { return };
    // SAFETY: the sheaf is off its slot, so only this call uses it.
    let objects = unsafe { sheaf.objects(barn.capacity, top) };
    if objects.len() == barn.capacity && barn.put_full(sheaf) {
        return;
    }
    (barn.flush)(barn, objects);
    barn.put_empty(sheaf);
}
