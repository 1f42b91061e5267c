// SPDX-License-Identifier: MIT OR Apache-2.0
//! Shrinkers: caches of the program that it makes smaller on request.
//!
//! A shrinker is called with no lock held. While it runs, its registration is pinned: an unregistration takes
//! it off the list at once, so that nobody starts it any more, and then waits for the other threads that run
//! it. A callback may so unregister its own shrinker.

use core::cell::Cell;
use core::ffi::{c_int, c_uint, c_ulong, c_void};
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use core::sync::atomic::{AtomicU32, AtomicU64};

use crate::abi::errno::{EINVAL, ENOMEM, Errno};
use crate::abi::gfp::gfp_t;
use crate::abi::shrinker::{ALLOCATED, DEFAULT_SEEKS, EMPTY, REGISTERED, STOP, ShrinkControl, Shrinker};
use crate::page::{self, heap};
use crate::printk::pr_warn;
use crate::sync::{self, Inside, Mutex};
use crate::sys::process;
use crate::sys::thread::without_cancel;

/// Objects in a step when the shrinker does not say (Linux).
const DEFAULT_BATCH: u64 = 128;
/// Time between two looks at whether a shrinker still runs.
const WAIT_NS: u32 = 100_000;

/// What the library knows of a shrinker that is registered, or that [`alloc`] made.
struct Registration {
    shrinker: NonNull<Shrinker>,
    /// One for the shrinker, one for each run.
    refs: AtomicU32,
    /// The threads that run it: each at most once, for reclaim does not happen inside itself.
    running: Inside,
    /// Grows from registration to registration. Written under the lock of [`LIST`], before it is on the list.
    serial: Cell<u64>,
    /// Objects that earlier runs were to look at and did not.
    deferred: AtomicU64,
    /// The one that was registered next. Guarded by the lock of [`LIST`].
    next: Cell<Option<NonNull<Registration>>>,
}

struct List {
    first: Option<NonNull<Registration>>,
    registered: u64,
}

// SAFETY: registrations belong to the process; the list moves with its lock.
unsafe impl Send for List {}

static LIST: Mutex<List> = Mutex::new(List { first: None, registered: 0 });

impl List {
    /// The registrations, the oldest first.
    fn iter(&self) -> impl Iterator<Item = &Registration> {
        let mut next = self.first;
        core::iter::from_fn(move || {
            // SAFETY: what is on the list is live while its lock is held.
            let at = unsafe { next?.as_ref() };
            next = at.next.get();
            Some(at)
        })
    }
}

/// What a shrinker needs to be registered; `None` when there is no memory.
fn prepare(shrinker: NonNull<Shrinker>) -> Option<NonNull<Registration>> {
    let place = heap::alloc(size_of::<Registration>())?.cast::<Registration>();
    let registration = Registration {
        shrinker,
        refs: AtomicU32::new(1),
        running: Inside::new(),
        serial: Cell::new(0),
        deferred: AtomicU64::new(0),
        next: Cell::new(None),
    };
    // SAFETY: fresh memory of the right size; the heap aligns it to 32 bytes.
    unsafe { place.write(registration) };
    Some(place)
}

/// A shrinker with default values and no callbacks yet; `None` when there is no memory. To register it takes none, for
/// that cannot say that it failed.
pub(crate) fn alloc(flags: c_uint) -> Option<NonNull<Shrinker>> {
    page::init().ok()?;
    let place = heap::alloc(size_of::<Shrinker>())?.cast::<Shrinker>();
    let Some(registration) = prepare(place) else {
        // SAFETY: allocated above; nobody has seen it.
        unsafe { heap::free(place.cast(), size_of::<Shrinker>()) };
        return None;
    };
    let shrinker = Shrinker {
        count_objects: None,
        scan_objects: None,
        batch: 0,
        seeks: DEFAULT_SEEKS,
        flags: flags | ALLOCATED,
        private_data: ptr::null_mut(),
        registration: registration.as_ptr().cast(),
    };
    // SAFETY: fresh memory of the right size.
    unsafe { place.write(shrinker) };
    Some(place)
}

/// Registers a shrinker that [`alloc`] made. As in Linux another one is refused with a message; so is one without callbacks,
/// or that is registered.
///
/// # Safety
/// `shrinker` stays readable and writable until it is unregistered.
pub(crate) unsafe fn register_allocated(mut shrinker: NonNull<Shrinker>) {
    // SAFETY: writable (contract), and not in use yet.
    let allocated = unsafe { shrinker.as_mut() }.flags & ALLOCATED != 0;
    if !allocated {
        pr_warn!("Must use shrinker_alloc() to dynamically allocate the shrinker\n");
        return;
    }
    // SAFETY: passed on.
    if let Err(error) = unsafe { register(shrinker) } {
        pr_warn!("shrinker_register failed with error {error:?}\n");
    }
}

/// Registers a shrinker.
///
/// # Safety
/// `shrinker` stays readable and writable until it is unregistered.
pub(crate) unsafe fn register(mut shrinker: NonNull<Shrinker>) -> Result<(), Errno> {
    page::init()?;
    // SAFETY: writable (contract), and not in use yet.
    let given = unsafe { shrinker.as_mut() };
    if given.count_objects.is_none() || given.scan_objects.is_none() {
        return Err(EINVAL);
    }
    let place = match NonNull::new(given.registration.cast::<Registration>()) {
        None => prepare(shrinker).ok_or(ENOMEM)?,
        Some(prepared) if given.flags & (ALLOCATED | REGISTERED) == ALLOCATED => prepared,
        Some(_) => return Err(EINVAL),
    };
    given.registration = place.as_ptr().cast();
    given.flags |= REGISTERED;
    let mut list = LIST.lock();
    list.registered += 1;
    // SAFETY: `prepare` made it for this shrinker; it is freed after the shrinker is unregistered.
    unsafe { place.as_ref() }.serial.set(list.registered);
    let last = list.iter().last().map(|last| last.next.set(Some(place)));
    if last.is_none() {
        list.first = Some(place);
    }
    Ok(())
}

/// Unregisters a shrinker, if it is registered; when it returns, no other thread runs it.
///
/// # Safety
/// `shrinker` is one that the program has registered, or never did.
pub(crate) unsafe fn unregister(mut shrinker: NonNull<Shrinker>) {
    // SAFETY: a live structure (contract).
    let given = unsafe { shrinker.as_mut() };
    given.flags &= !REGISTERED;
    let place = core::mem::replace(&mut given.registration, ptr::null_mut()).cast::<Registration>();
    let Some(place) = NonNull::new(place) else { return };
    let mut list = LIST.lock();
    // SAFETY: freed with the last reference, and the shrinker's is given up below.
    let registration = unsafe { place.as_ref() };
    if list.first == Some(place) {
        list.first = registration.next.get();
    } else if let Some(before) = list.iter().find(|before| before.next.get() == Some(place)) {
        before.next.set(registration.next.get());
    }
    drop(list);
    let own = 1 + u32::from(registration.running.is_in());
    while registration.refs.load(Acquire) > own {
        process::sleep_ns(WAIT_NS);
    }
    release(place);
}

/// Frees a shrinker that [`alloc`] made, and unregisters it if it is registered.
///
/// # Safety
/// As for [`unregister`], and the program does not use it any more.
pub(crate) unsafe fn free(shrinker: NonNull<Shrinker>) {
    // SAFETY: passed on.
    unsafe { unregister(shrinker) };
    // SAFETY: allocated by `alloc`, which is what the program promises, and off the list.
    unsafe { heap::free(shrinker.cast(), size_of::<Shrinker>()) };
}

/// Drops one reference, and with the last one the registration.
fn release(place: NonNull<Registration>) {
    // SAFETY: the caller has a reference.
    let left = unsafe { place.as_ref() }.refs.fetch_sub(1, AcqRel);
    if left == 1 {
        // SAFETY: allocated by `prepare`; that was the last reference, and it is off the list.
        unsafe { heap::free(place.cast(), size_of::<Registration>()) };
    }
}

/// Whether there is any shrinker.
pub(super) fn any() -> bool {
    LIST.lock().first.is_some()
}

/// Calls every shrinker once, the oldest first, to free a part of its objects: all of them at priority 0,
/// half as many at each higher one. Returns how many were freed. The caller holds no lock, and has entered
/// reclaim.
pub(super) fn run(gfp: gfp_t, priority: u32) -> u64 {
    let (mut serial, mut freed) = (0, 0u64);
    while let Some(place) = pin_after(serial) {
        // SAFETY: pinned.
        let registration = unsafe { place.as_ref() };
        serial = registration.serial.get();
        // A thread that is cancelled in a shrinker ends after this call.
        freed = freed.saturating_add(without_cancel(|| shrink_one(registration, gfp, priority)));
        release(place);
    }
    freed
}

/// Pins the first shrinker with a higher serial number.
fn pin_after(serial: u64) -> Option<NonNull<Registration>> {
    let list = LIST.lock();
    let next = list.iter().find(|registration| registration.serial.get() > serial)?;
    next.refs.fetch_add(1, Relaxed);
    Some(NonNull::from(next))
}

/// Linux's arithmetic: how much to scan follows from what there is, the priority, what an object costs, and
/// what earlier runs left undone.
fn shrink_one(registration: &Registration, gfp: gfp_t, priority: u32) -> u64 {
    let Some(_stay) = registration.running.enter() else { return 0 };
    let at = registration.shrinker.as_ptr();
    // Copies of what stays the same: a callback, or another thread, may unregister it meanwhile.
    // SAFETY: the program keeps a registered shrinker readable.
    let count = unsafe { (*at).count_objects };
    // SAFETY: as above.
    let scan = unsafe { (*at).scan_objects };
    // SAFETY: as above.
    let seeks = unsafe { (*at).seeks };
    // SAFETY: as above.
    let batch = unsafe { (*at).batch };
    let (Some(count), Some(scan)) = (count, scan) else { return 0 };
    let mut control =
        ShrinkControl { gfp_mask: gfp, nid: 0, nr_to_scan: 0, nr_scanned: 0, memcg: ptr::null_mut() };
    // SAFETY: the program's own callback, with no lock held.
    let freeable = unsafe { count(at, &raw mut control) };
    if freeable == 0 || freeable == EMPTY || is_gone(registration) {
        return 0;
    }
    let deferred = registration.deferred.swap(0, Relaxed);
    let delta = match u64::try_from(seeks) {
        Ok(seeks @ 1..) => (freeable >> priority).saturating_mul(4) / seeks,
        _ => freeable / 2,
    };
    let most = freeable.saturating_mul(2);
    let mut total = (deferred >> priority).saturating_add(delta).min(most);
    let batch = u64::try_from(batch).ok().filter(|batch| *batch > 0).unwrap_or(DEFAULT_BATCH);
    let (mut freed, mut scanned) = (0u64, 0u64);
    while total >= batch || total >= freeable {
        control.nr_to_scan = batch.min(total);
        control.nr_scanned = control.nr_to_scan;
        // SAFETY: as above.
        let one = unsafe { scan(at, &raw mut control) };
        if one == STOP {
            break;
        }
        freed = freed.saturating_add(one);
        total = total.saturating_sub(control.nr_scanned);
        scanned = scanned.saturating_add(control.nr_scanned);
        // Where Linux would go on for ever, one that looks at nothing is left alone.
        if control.nr_scanned == 0 || is_gone(registration) {
            break;
        }
    }
    let undone = deferred.saturating_add(delta).saturating_sub(scanned).min(most);
    registration.deferred.fetch_add(undone, Relaxed);
    freed
}

/// Whether a shrinker was unregistered while it ran.
fn is_gone(registration: &Registration) -> bool {
    !LIST.lock().iter().any(|one| ptr::eq(one, registration))
}

/// A shrinker as C passed it.
pub(crate) fn from_c(shrinker: *mut c_void) -> Option<NonNull<Shrinker>> {
    NonNull::new(shrinker.cast())
}

/// What C gets for an outcome.
pub(crate) fn to_c(outcome: Result<(), Errno>) -> c_int {
    outcome.map_or_else(Errno::negative, |()| 0)
}

const _: () = assert!(size_of::<c_ulong>() == size_of::<u64>(), "counts of objects are 64 bits");

/// Takes the lock of the list for the time of a fork.
pub(super) fn hold_for_fork() {
    sync::hold(&LIST);
}

/// Lets it go. `id_before`: in a child process, the id that the calling thread had before: nobody else runs a
/// shrinker there.
///
/// # Safety
/// The calling thread called `hold_for_fork`, or is its image in a child process.
pub(super) unsafe fn let_go_after_fork(id_before: Option<i32>) {
    // SAFETY: the calling thread holds the lock (contract).
    let list = unsafe { &*LIST.data_ptr() };
    if let Some(id_before) = id_before {
        for registration in list.iter() {
            registration.running.after_fork(id_before);
            registration.refs.store(1 + u32::from(registration.running.is_in()), Relaxed);
        }
    }
    // SAFETY: as above.
    unsafe { sync::let_go(&LIST) };
}
