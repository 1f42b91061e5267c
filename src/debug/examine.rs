// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is done where a check finds something: report, repair, go on, in the kernel's order.
//!
//! Callers look first with the list lock held ([`Held::new`] keeps the slab then) and come here without it.
//! Every step takes the lock to look, drops it to print, and takes it again to repair what it saw, if the
//! object has not changed hands meanwhile. So a report may come from anywhere, another report's handler
//! included.

use crate::debug::chain::{self, Walk};
use crate::debug::check::{self, Damage};
use crate::debug::fill::{POISON_INUSE, State};
use crate::debug::report;
use crate::printk::panic::Later;
use crate::slab::{Cache, Place, Slab, SlabSnapshot};

/// A slab with a ledger that somebody looks at without the lock. It is not dismantled while this lives.
pub(crate) struct Held<'a> {
    pub(crate) cache: &'a Cache,
    pub(crate) slab: &'a Slab,
    /// The state that reports show, where that is not the present one.
    shown: Option<SlabSnapshot>,
    _later: Later,
}

impl<'a> Held<'a> {
    /// The caller holds the list lock.
    pub(crate) fn new(cache: &'a Cache, slab: &'a Slab) -> Self {
        Self::with(cache, slab, None)
    }

    /// The same for a slab that is being withdrawn: reports show it as it was before.
    pub(crate) fn as_it_was(cache: &'a Cache, slab: &'a Slab, shown: SlabSnapshot) -> Self {
        Self::with(cache, slab, Some(shown))
    }

    fn with(cache: &'a Cache, slab: &'a Slab, shown: Option<SlabSnapshot>) -> Self {
        if let Some(ledger) = slab.ledger() {
            ledger.hold();
        }
        Self { cache, slab, shown, _later: Later::new() }
    }

    fn snapshot(&self) -> SlabSnapshot {
        self.shown.unwrap_or_else(|| {
            let _node = self.cache.node.lock();
            self.slab.snapshot(&self.cache.layout)
        })
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let _node = self.cache.node.lock();
        if let Some(ledger) = self.slab.ledger() {
            ledger.let_go();
        }
    }
}

/// Whether nothing is wrong with a slab as such. The list lock is held.
pub(crate) fn slab_is_sound(cache: &Cache, slab: &Slab) -> bool {
    slab.ledger().is_none_or(|ledger| {
        ledger.place() != Place::Withdrawn
            && ledger.counter() <= slab.objects()
            && (ledger.reports_padding() || check::padding_is_sound(cache, slab))
    })
}

/// Reports what is wrong with a slab as such; `false` when it cannot be used. Damaged padding is repaired.
pub(crate) fn slab(held: &Held<'_>) -> bool {
    let shown = held.snapshot();
    if shown.used > shown.objects {
        let text = format_args!("inuse {} > max {}", shown.used, shown.objects);
        report::slab(held.cache, &shown, text);
        return false;
    }
    let place = {
        let _node = held.cache.node.lock();
        held.slab.ledger().map(|ledger| ledger.place())
    };
    if place == Some(Place::Withdrawn) {
        let text = format_args!("Slab disabled since SLUB metadata consistency check failed");
        report::slab(held.cache, &shown, text);
        return false;
    }
    padding(held);
    true
}

/// Reports and repairs the remainder behind a slab's last slot.
pub(crate) fn padding(held: &Held<'_>) {
    let (cache, slab) = (held.cache, held.slab);
    let (Some(remainder), Some(ledger)) = (check::remainder(cache, slab), slab.ledger()) else { return };
    let found = {
        let _node = cache.node.lock();
        check::padding(cache, slab).filter(|_| ledger.begin_padding_report())
    };
    let Some((first, last)) = found else { return };
    report::padding(cache, &held.snapshot(), remainder, first, last);
    {
        let _node = cache.node.lock();
        // SAFETY: the remainder belongs to no object.
        unsafe { restore(first, last, POISON_INUSE) };
        ledger.end_padding_report();
    }
    restored(cache, "slab padding", first, last, POISON_INUSE);
}

/// What has come of looking for an object on the chain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chain {
    Found,
    Absent,
    /// There is no chain any more.
    Cleared,
}

/// Follows the chain, in search of an object (0: to its end), and reports and repairs what is wrong with it
/// and with the counter of objects in use.
pub(crate) fn chain(held: &Held<'_>, search: usize) -> Chain {
    let (cache, slab) = (held.cache, held.slab);
    // One look at both: the chain and the counter are of the same moment.
    let (first, shown) = {
        let _node = cache.node.lock();
        (chain::walk(cache, slab, search), held.shown.unwrap_or_else(|| slab.snapshot(&cache.layout)))
    };
    match first {
        Walk::Found => return Chain::Found,
        Walk::BadHead => {
            report::slab(cache, &shown, format_args!("Freepointer corrupt"));
            clear(cache, slab);
            report::fix(cache, format_args!("Freelist cleared"));
            return Chain::Cleared;
        }
        Walk::Broken { object, .. } => {
            report::object(cache, &shown, object, format_args!("Freechain corrupt"));
            let _node = cache.node.lock();
            cut(cache, slab, object);
        }
        Walk::Ends { .. } => {}
    }
    let (Walk::Broken { objects, .. } | Walk::Ends { objects }) = first else { return Chain::Absent };
    let counted = i32::from(shown.objects) - i32::from(objects);
    if i32::from(shown.used) != counted {
        let text = format_args!("Wrong object count. Counter is {} but counted were {counted}", shown.used);
        report::slab(cache, &shown, text);
        adjust(cache, slab);
        report::fix(cache, format_args!("Object count adjusted"));
    }
    Chain::Absent
}

/// Empties the chain, if its head still leads nowhere: all objects count as used.
fn clear(cache: &Cache, slab: &Slab) {
    let mut node = cache.node.lock();
    if let Some(ledger) = slab.ledger()
        && !chain::may_hold(cache, slab, ledger.freelist())
    {
        ledger.set_freelist(0);
        ledger.links.give_up();
        node.set_counter(slab, slab.objects());
    }
}

/// Ends the chain at an object whose word leads nowhere, unless that is live and would lose its own bytes.
/// The list lock is held.
fn cut(cache: &Cache, slab: &Slab, object: usize) {
    let free = slab.index_of(&cache.layout, object).is_some_and(|index| slab.is_free(index));
    // Who has had the object in the meantime has left a good word.
    let broken = !chain::may_hold(cache, slab, chain::next(cache, object));
    if broken && (free || cache.layout.freeptr_is_outside()) {
        // SAFETY: as just checked, under the list lock.
        unsafe { chain::set_next(cache, object, 0) };
        if let Some(ledger) = slab.ledger() {
            ledger.links.give_up();
        }
    }
}

/// Sets the counter to what the chain says now.
fn adjust(cache: &Cache, slab: &Slab) {
    let mut node = cache.node.lock();
    if let Walk::Ends { objects } = chain::walk(cache, slab, 0) {
        node.set_counter(slab, slab.objects().wrapping_sub(objects));
    }
}

/// Checks one object as if it were in a state, reports and repairs what is wrong with it; `false` when
/// something was. `was_free` is what its bit said when that was found to be its state.
pub(crate) fn object(held: &Held<'_>, address: usize, state: State, was_free: bool) -> bool {
    let (cache, slab) = (held.cache, held.slab);
    let Some(index) = slab.index_of(&cache.layout, address) else { return true };
    // Nobody has handed the object over since: what is found in it concerns that state.
    let unchanged = || slab.is_free(index) == was_free;
    let (mut sound, mut after) = (true, None);
    loop {
        let found = {
            let _node = cache.node.lock();
            check::object(cache, address, state, after).filter(|_| unchanged())
        };
        let Some(damage) = found else { break };
        let show = sound || damage.zone == check::Zone::ObjectPadding;
        report::damage(cache, &held.snapshot(), address, &damage, show);
        let Damage { zone, first, last, expected, .. } = damage;
        let repaired = {
            let _node = cache.node.lock();
            let still = unchanged();
            if still {
                // SAFETY: part of the object's slot that is not the program's in this state; the lock is
                // held.
                unsafe { restore(first, last, expected) };
            }
            still
        };
        if repaired {
            restored(cache, zone.name(), first, last, expected);
        }
        (sound, after) = (false, Some(zone));
    }
    let lost = {
        let _node = cache.node.lock();
        unchanged() && !check::freeptr(cache, slab, address, state)
    };
    if lost {
        report::object(cache, &held.snapshot(), address, format_args!("Freepointer corrupt"));
        let _node = cache.node.lock();
        cut(cache, slab, address);
    }
    sound && !lost
}

/// Checks a free that something is wrong with; `false` when it must not be done.
pub(crate) fn free(held: &Held<'_>, address: usize) -> bool {
    let (cache, layout) = (held.cache, &held.cache.layout);
    if !slab(held) {
        return false;
    }
    let shown = held.snapshot();
    if shown.used == 0 {
        too_many(cache, &shown);
        return false;
    }
    let Some(index) = held.slab.index_of(layout, address) else {
        report::slab(cache, &shown, format_args!("Invalid object pointer 0x{address:016x}"));
        return false;
    };
    if chain(held, address) == Chain::Found {
        report::object(cache, &shown, address, format_args!("Object already free"));
        return false;
    }
    if !object(held, address, State::Active, false) {
        return false;
    }
    let is_free = {
        let _node = cache.node.lock();
        held.slab.is_free(index)
    };
    if is_free {
        report::object(cache, &held.snapshot(), address, format_args!("Object already free"));
    }
    !is_free
}

/// Reports a free in a slab without a live object. (The kernel's text has a newline too many.)
pub(crate) fn too_many(cache: &Cache, shown: &SlabSnapshot) {
    let text = format_args!("Slab has {} allocated objects but 1 are to be freed\n", shown.used);
    report::slab(cache, shown, text);
}

/// # Safety
/// The bytes lie in a slab, and only the caller may write to them.
unsafe fn restore(first: usize, last: usize, byte: u8) {
    let start = core::ptr::with_exposed_provenance_mut::<u8>(first);
    // SAFETY: passed on.
    unsafe { start.write_bytes(byte, last - first + 1) };
}

/// Says that damage was repaired.
pub(crate) fn restored(cache: &Cache, what: &str, first: usize, last: usize, byte: u8) {
    report::fix(cache, format_args!("Restoring {what} 0x{first:016x}-0x{last:016x}=0x{byte:x}"));
}
