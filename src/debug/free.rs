// SPDX-License-Identifier: MIT OR Apache-2.0
//! An object back into a cache with a debug flag.

use core::ptr::NonNull;

use crate::abi::slab_flags::{SLAB_CONSISTENCY_CHECKS, SLAB_TRACE};
use crate::debug::chain::{self, Walk};
use crate::debug::examine::{self, Held};
use crate::debug::fill::State;
use crate::debug::track::{self, Event, Track};
use crate::debug::watch::{self, Silence};
use crate::debug::{check, fill, release, report, trace};
use crate::slab::{Cache, Ledger, Node, Slab};

/// The address is in no slab of the cache.
pub(crate) struct Foreign;

/// Whether an object goes into quarantine or comes from there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// Frees the object at an address, or reports why not.
pub(crate) fn put(cache: &Cache, address: usize, track: Option<Track>) -> Result<(), Foreign> {
    free(cache, address, track, Way::In)
}

/// Makes an object free that leaves quarantine, after a report if it was written to there.
pub(crate) fn leave(cache: &Cache, address: usize) {
    let found = {
        let _node = cache.node.lock();
        let slab = Slab::lookup(address).filter(|slab| core::ptr::eq(slab.cache_ptr(), cache));
        slab.and_then(|slab| Some((slab.snapshot(&cache.layout), check::payload(cache, address)?)))
    };
    if let Some((shown, damage)) = found {
        report::damage(cache, &shown, address, &damage, true);
        examine::restored(cache, damage.zone.name(), damage.first, damage.last, damage.expected);
    }
    // It is a live object to its slab, which therefore stays.
    _ = free(cache, address, None, Way::Out);
}

fn free(cache: &Cache, address: usize, track: Option<Track>, way: Way) -> Result<(), Foreign> {
    let mut examined = !cache.has(SLAB_CONSISTENCY_CHECKS);
    let mut traced = way == Way::Out || !cache.has(SLAB_TRACE);
    let silence = Silence::new();
    loop {
        let mut node = cache.node.lock();
        // Only now is it certain that the slab stays: one that is not the cache's, or was emptied meanwhile,
        // has another owner or none.
        let slab = Slab::lookup(address).filter(|slab| core::ptr::eq(slab.cache_ptr(), cache));
        let Some((slab, ledger)) = slab.and_then(|slab| Some((slab, slab.ledger()?))) else {
            return Err(Foreign);
        };
        if !examined {
            examined = true;
            if !is_sound(cache, slab, ledger, address) {
                let held = Held::new(cache, slab);
                drop(node);
                if !examine::free(&held, address) {
                    refuse(cache, address, way);
                    return Ok(());
                }
                continue;
            }
        }
        // What the bits say holds, whatever was examined, and whether it was.
        let live = slab.index_of(&cache.layout, address).filter(|&index| !slab.is_free(index));
        let live = live.filter(|_| way == Way::Out || !node.quarantine.holds(address));
        let Some(index) = live.filter(|_| slab.used() > 0) else {
            let held = Held::new(cache, slab);
            drop(node);
            report_wrong(&held, address, way);
            return Ok(());
        };
        if !traced {
            traced = true;
            let shown = slab.snapshot(&cache.layout);
            let _held = Held::new(cache, slab);
            drop(node);
            trace::free(cache, &shown, address);
            continue;
        }
        let object = slab.object(&cache.layout, index);
        // Before the object can be taken again by somebody else, who would find his own bytes overwritten.
        if way == Way::In {
            // SAFETY: as below.
            unsafe { give_up(cache, object, track) };
            // SAFETY: as below.
            if let Some(oldest) = unsafe { detain(cache, &mut node, object) } {
                drop(node);
                oldest.inspect(|oldest| leave(cache, *oldest));
                return Ok(());
            }
        } else {
            // Free and in the queue no more, both at once: in between a second free would find it live.
            node.quarantine.remove(address);
        }
        // SAFETY: a live object that the program gives back; the lock keeps others out.
        unsafe { set_free(cache, ledger, index, object) };
        if silence.is_some() {
            watch::take_back(cache, object);
        }
        let emptied = node.release(slab, index, cache.tunables.retained_slabs());
        drop(node);
        if emptied {
            // SAFETY: `release` took it off its node with no live object left.
            unsafe { release::dismantle(cache, slab) };
        }
        return Ok(());
    }
}

/// The program gives an object up: who did it is noted, and what was in it cleared where that is asked for.
///
/// # Safety
/// The object is the caller's, and the list lock is held.
unsafe fn give_up(cache: &Cache, object: NonNull<u8>, track: Option<Track>) {
    // SAFETY: the caller's object (contract).
    unsafe { track::set(cache, object, Event::Free, track) };
    if cache.zeroes_on_free() {
        // SAFETY: as above.
        unsafe { object.write_bytes(0, cache.object_size()) };
    }
}

/// Has such an object wait in quarantine, if that can be; then the answer is who leaves it, if anybody.
///
/// # Safety
/// As for [`give_up`].
unsafe fn detain(cache: &Cache, node: &mut Node, object: NonNull<u8>) -> Option<Option<usize>> {
    let address = object.as_ptr().addr();
    let oldest = node.quarantine.admit(address);
    if oldest == Some(address) {
        return None;
    }
    // The red zones stay what they are for a live object, which a validation takes it for.
    // SAFETY: the caller's object (contract).
    unsafe { fill::object(cache, object, State::Active) };
    Some(oldest)
}

/// Writes what a free object looks like, and puts it at the head of the chain.
///
/// # Safety
/// As for [`give_up`].
unsafe fn set_free(cache: &Cache, ledger: &Ledger, index: u16, object: NonNull<u8>) {
    // SAFETY: the caller's object (contract).
    unsafe { fill::object(cache, object, State::Inactive) };
    let address = object.as_ptr().addr();
    // SAFETY: free from here on, and the list lock is held (contract).
    unsafe { chain::set_next(cache, address, ledger.freelist()) };
    ledger.links.set(index, ledger.freelist());
    ledger.set_freelist(address);
}

/// Whether every check passes that Linux makes of a slab and an object that is freed. The list lock is held.
fn is_sound(cache: &Cache, slab: &Slab, ledger: &Ledger, address: usize) -> bool {
    let is_counted = || {
        if chain::is_untouched(cache, slab, ledger) {
            return ledger.counter() == slab.inuse();
        }
        let walk = chain::walk(cache, slab, address);
        matches!(walk, Walk::Ends { objects } if ledger.counter() == slab.objects().wrapping_sub(objects))
    };
    examine::slab_is_sound(cache, slab)
        && ledger.counter() > 0
        && slab.index_of(&cache.layout, address).is_some_and(|index| !slab.is_free(index))
        && is_counted()
        && check::is_sound(cache, slab, address, State::Active)
}

/// What is found without any check being asked for.
#[cold]
fn report_wrong(held: &Held<'_>, address: usize, way: Way) {
    let (cache, slab) = (held.cache, held.slab);
    let (shown, index) = {
        let _node = cache.node.lock();
        (slab.snapshot(&cache.layout), slab.index_of(&cache.layout, address))
    };
    if shown.used == 0 {
        examine::too_many(cache, &shown);
    } else if index.is_some() {
        report::object(cache, &shown, address, format_args!("Object already free"));
    } else {
        report::slab(cache, &shown, format_args!("Invalid object pointer 0x{address:016x}"));
    }
    refuse(cache, address, way);
}

#[cold]
fn refuse(cache: &Cache, address: usize, way: Way) {
    report::fix(cache, format_args!("Object at 0x{address:016x} not freed"));
    if way == Way::Out {
        cache.node.lock().quarantine.remove(address);
    }
}
