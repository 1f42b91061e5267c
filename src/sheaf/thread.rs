// SPDX-License-Identifier: MIT OR Apache-2.0
//! A thread and its table: from its first use of a sheaf to its end; and drains by other threads.

use core::cell::Cell;
use core::ffi::c_void;
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicI32, AtomicUsize};
use std::sync::OnceLock;

use crate::page::{self, heap};
use crate::sheaf::barn::Barn;
use crate::sheaf::block::{Top, nothing};
use crate::sheaf::bypass;
use crate::sheaf::own::Own;
use crate::sheaf::stop;
use crate::sheaf::table::{GROWTHS, Rear, Slot, Table};
use crate::sheaf::watch::Watch;
use crate::sync::Mutex;
use crate::sys::process::{sleep_ns, thread_id};
use crate::sys::thread::{ExitKey, register_barrier, yield_now};
use crate::sys::tls;

/// Bytes of objects that a thread may park over all of its caches.
pub(crate) const PARKED_LIMIT: usize = 1 << 20;
/// Slots looked at for one to evict, at most.
const EVICTION_SCAN: usize = 256;
/// How often a drain looks again at a thread that is in the middle of something: first at once, then after pauses,
/// for about a second in all.
const DRAIN_TRIES: usize = 10_000;
const DRAIN_YIELDS: usize = 200;
const DRAIN_PAUSE_NS: u32 = 100_000;

/// A thread that has used a sheaf.
pub(super) struct Thread {
    pub(super) state: Mutex<State>,
    pub(super) own: Own,
    pub(super) watch: Watch,
    /// Links of the list of all threads. Guarded by the lock of [`THREADS`].
    next: Cell<Option<NonNull<Thread>>>,
    prev: Cell<Option<NonNull<Thread>>>,
}

/// What a thread's lock guards, besides the rears of its table.
pub(super) struct State {
    table: NonNull<Table>,
    /// Smaller tables that the thread had before. They stay, with no slot in use, because a handler may have replaced
    /// them under an operation that was about to look at its slot.
    retired: [Option<NonNull<Table>>; GROWTHS],
    /// Sum of `bytes_per_thread` over the caches in the table.
    parked: usize,
    /// Where the search for a slot to evict goes on.
    hand: usize,
    /// The epoch of decay in which the slots were last looked at.
    pub(super) epoch: u64,
}

// SAFETY: a table moves with its thread's lock.
unsafe impl Send for State {}

struct Threads {
    first: Option<NonNull<Thread>>,
    /// Whose turn it is in [`in_turn`]; none: the first.
    hand: Option<NonNull<Thread>>,
}

// SAFETY: the list belongs to the library.
unsafe impl Send for Threads {}

static THREADS: Mutex<Threads> = Mutex::new(Threads { first: None, hand: None });
/// The thread that holds the lock of [`THREADS`]: a drain reports wrong frees, a report may call the program, and
/// the program may come back here.
static THREADS_HOLDER: AtomicI32 = AtomicI32::new(0);

/// How many threads are on the list.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// How many threads have a table.
pub(crate) fn count() -> usize {
    COUNT.load(Relaxed)
}

/// Calls `visit` with the states of some threads, in turn, and whether each is the calling thread's, until it returns
/// `false`. Nobody is waited for.
pub(super) fn in_turn(most: usize, mut visit: impl FnMut(&mut State, bool) -> bool) {
    let me = thread_id();
    if THREADS_HOLDER.load(Relaxed) == me {
        return;
    }
    let Some(mut threads) = THREADS.try_lock() else { return };
    THREADS_HOLDER.store(me, Relaxed);
    let own = current_if_any();
    for _ in 0..most.min(count()) {
        let Some(at) = threads.hand.or(threads.first) else { break };
        // SAFETY: threads on the list are live while its lock is held; the hand is on the list.
        let thread = unsafe { at.as_ref() };
        let is_own = own.is_some_and(|own| ptr::eq(own, thread));
        let go_on = thread.state.try_lock().is_none_or(|mut state| visit(&mut state, is_own));
        if !go_on {
            break;
        }
        threads.hand = thread.next.get();
    }
    THREADS_HOLDER.store(0, Relaxed);
}

/// Runs `work` on the list of threads, unless the calling thread is doing so already.
fn with_threads<R>(work: impl FnOnce(&mut Threads) -> R) -> Option<R> {
    let me = thread_id();
    if THREADS_HOLDER.load(Relaxed) == me {
        return None;
    }
    let mut threads = THREADS.lock();
    THREADS_HOLDER.store(me, Relaxed);
    let result = work(&mut threads);
    THREADS_HOLDER.store(0, Relaxed);
    Some(result)
}

impl Threads {
    fn add(&mut self, at: NonNull<Thread>) {
        // SAFETY: the caller passes a live thread, and the list's lock is held.
        unsafe { at.as_ref() }.next.set(self.first);
        COUNT.fetch_add(1, Relaxed);
        if let Some(next) = self.first {
            // SAFETY: threads on the list are live.
            unsafe { next.as_ref() }.prev.set(Some(at));
        }
        self.first = Some(at);
    }

    fn remove(&mut self, thread: &Thread) {
        let (next, prev) = (thread.next.take(), thread.prev.take());
        COUNT.fetch_sub(1, Relaxed);
        if self.hand == Some(NonNull::from(thread)) {
            self.hand = next;
        }
        if let Some(next) = next {
            // SAFETY: neighbours on the list are live.
            unsafe { next.as_ref() }.prev.set(prev);
        }
        match prev {
            // SAFETY: as above.
            Some(prev) => unsafe { prev.as_ref() }.next.set(next),
            None => self.first = next,
        }
    }
}

fn exit_key() -> Option<ExitKey> {
    static KEY: OnceLock<Option<ExitKey>> = OnceLock::new();
    *KEY.get_or_init(|| {
        register_barrier();
        ExitKey::new(at_exit)
    })
}

/// The calling thread, which gets a table if it never had one; `None` when it has given its own up already, or
/// there is no memory.
pub(super) fn current<'a>() -> Option<&'a Thread> {
    let word = tls::get();
    if word == tls::gone() {
        return None;
    }
    if word == tls::none() {
        return create();
    }
    // SAFETY: any other word is this thread's own table.
    let thread = unsafe { (*word.cast::<Table>()).thread() };
    // SAFETY: a thread outlives its table.
    unsafe { thread.as_ref() }
}

/// The calling thread, if it has a table.
pub(super) fn current_if_any<'a>() -> Option<&'a Thread> {
    if tls::get() == tls::none() { None } else { current() }
}

#[cold]
fn create<'a>() -> Option<&'a Thread> {
    let key = exit_key()?;
    let place = heap::alloc(size_of::<Thread>())?.cast::<Thread>();
    let discard = || {
        // SAFETY: allocated above; nobody knows of it yet.
        unsafe { heap::free(place.cast(), size_of::<Thread>()) };
    };
    let Some(table) = Table::first(place.as_ptr()) else {
        discard();
        return None;
    };
    let state = Mutex::new(State { table, retired: [None; GROWTHS], parked: 0, hand: 0, epoch: 0 });
    // SAFETY: fresh memory of the right size; the heap aligns it to 32 bytes.
    unsafe {
        place.write(Thread {
            state,
            own: Own::default(),
            watch: Watch::new(place.as_ptr()),
            next: Cell::new(None),
            prev: Cell::new(None),
        })
    };
    if !key.set(place.as_ptr().cast()) {
        // SAFETY: nobody has seen the table.
        unsafe { Table::free(table) };
        discard();
        return None;
    }
    // SAFETY: just written; freed by `at_exit`, after which this thread has no table.
    let thread = unsafe { place.as_ref() };
    if with_threads(|threads| threads.add(place)).is_none() {
        key.set(ptr::null());
        // SAFETY: nobody has seen the table.
        unsafe { Table::free(table) };
        discard();
        return None;
    }
    tls::set(table.as_ptr().cast());
    Some(thread)
}

/// Runs `work` on the calling thread's slot and rear for a cache, made if it has none, under the thread's lock; `None`
/// when somebody holds that, a drain or this thread further up the stack, there is no memory, or sheaves are out of use.
pub(super) fn with_assigned<R>(barn: &Barn, work: impl FnOnce(&Slot, &Rear) -> R) -> Option<R> {
    let thread = current()?;
    let mut state = thread.state.try_lock()?;
    if bypass::applies(barn, &thread.own) {
        return None;
    }
    let offset = state.assign(barn)?;
    let table = state.table();
    Some(work(table.slot(offset), table.rear(offset)))
}

impl State {
    pub(super) fn table<'a>(&self) -> &'a Table {
        // SAFETY: the table lives until this thread replaces it or ends, both under the lock that is held.
        unsafe { self.table.as_ref() }
    }

    /// The owner's slot for a cache, made if it has none: its offset, or `None` when there is no memory.
    fn assign(&mut self, barn: &Barn) -> Option<usize> {
        loop {
            let table = self.table();
            let offset = barn.key & table.mask;
            let rear = table.rear(offset);
            if ptr::eq(rear.barn.get(), barn) {
                return Some(offset);
            }
            if rear.owner.get() == barn.key || rear.owner.get() == 0 {
                return self.occupy(barn, offset);
            }
            if !self.grow() {
                return None;
            }
        }
    }

    /// Gives the thread a larger table; `false` when there is none to be had now.
    fn grow(&mut self) -> bool {
        let table = self.table();
        // An operation further up the stack, which a handler or a callback has interrupted, refers to the slot that it
        // has marked.
        if table.offsets().any(|offset| table.is_marked(offset)) {
            return false;
        }
        let Some(retired) = self.retired.iter_mut().find(|retired| retired.is_none()) else { return false };
        let Some(larger) = table.grown() else { return false };
        *retired = Some(core::mem::replace(&mut self.table, larger));
        tls::set(larger.as_ptr().cast());
        true
    }

    fn occupy(&mut self, barn: &Barn, offset: usize) -> Option<usize> {
        if self.parked + barn.bytes_per_thread > PARKED_LIMIT {
            self.evict_one();
        }
        let sheaf = barn.empty_sheaf()?;
        let table = self.table();
        stop::occupy(barn, table.slot(offset), table.rear(offset), sheaf);
        self.parked += barn.bytes_per_thread;
        Some(offset)
    }

    /// Makes room by taking one cache out of the table, in turn.
    fn evict_one(&mut self) {
        let table = self.table();
        for _ in 0..EVICTION_SCAN {
            self.hand = (self.hand + size_of::<Slot>()) & table.mask;
            if !table.rear(self.hand).barn.get().is_null() && !table.is_marked(self.hand) {
                self.evict(self.hand);
                return;
            }
        }
    }

    /// Takes a cache out of the table of the calling thread, or of another one.
    pub(super) fn drain_slot(&mut self, offset: usize, own: bool) {
        if own {
            if !self.table().is_marked(offset) {
                self.evict(offset);
            }
        } else if let Some(top) = stop::stop(self.table().slot(offset), patiently) {
            self.evict_with(offset, top);
        }
    }

    /// Takes a cache out of the caller's own table.
    fn evict(&mut self, offset: usize) {
        let top = self.table().slot(offset).top.swap(nothing(), Relaxed);
        self.evict_with(offset, top);
    }

    /// Takes a cache out of the table. `top` is that of its sheaf; the slot's own is [`nothing`] already.
    fn evict_with(&mut self, offset: usize, top: Top) {
        let table = self.table();
        // SAFETY: the barn of a slot is that of a live cache: a destroy drains all threads first.
        let Some(barn) = (unsafe { table.rear(offset).barn.get().as_ref() }) else { return };
        self.parked -= barn.bytes_per_thread;
        stop::vacate(barn, table.slot(offset), table.rear(offset), top);
    }
}

/// Takes the sheaves of a cache from all threads. A thread that stays in the middle of an
/// operation on the cache, or of a slow path, for long is passed by.
pub(crate) fn drain(barn: &Barn) {
    if barn.capacity == 0 {
        return;
    }
    for_each_thread(|state, own| {
        let table = state.table();
        let offset = barn.key & table.mask;
        if ptr::eq(table.rear(offset).barn.get(), barn) {
            state.drain_slot(offset, own);
        }
    });
}

/// Takes the sheaves of all caches from all threads. What [`drain`] passes by, this does too.
pub(crate) fn drain_all() {
    for_each_thread(|state, own| {
        for offset in state.table().offsets() {
            if !state.table().rear(offset).barn.get().is_null() {
                state.drain_slot(offset, own);
            }
        }
    });
}

/// Whether the calling thread has a slot for a cache, and is in no operation on it.
pub(super) fn has_slot(barn: &Barn) -> bool {
    // SAFETY: the word always points to a table, the thread's own or one of the two for threads without.
    let table = unsafe { &*tls::get().cast::<Table>() };
    table.slot(barn.key & table.mask).key.load(Relaxed) == barn.key
}

/// Takes a cache, or all of them, out of the calling thread's table.
pub(super) fn leave(barn: Option<&Barn>) {
    let Some(thread) = current() else { return };
    // One cache is tried again, at the next slow path.
    let locked = thread.state.try_lock();
    let locked =
        if barn.is_none() { locked.or_else(|| patiently(&mut || thread.state.try_lock())) } else { locked };
    let Some(mut state) = locked else { return };
    let table = state.table();
    for offset in table.offsets().filter(|offset| barn.is_none_or(|barn| barn.key & table.mask == *offset)) {
        let at = table.rear(offset).barn.get();
        if barn.map_or(!at.is_null(), |barn| ptr::eq(barn, at)) {
            state.drain_slot(offset, true);
        }
    }
}

/// Calls `visit` with each thread's state, locked, and whether it is the calling thread's.
pub(super) fn for_each_thread(mut visit: impl FnMut(&mut State, bool)) {
    let own = current_if_any();
    with_threads(|threads| {
        let mut next = threads.first;
        while let Some(at) = next {
            // SAFETY: threads on the list are live while its lock is held.
            let thread = unsafe { at.as_ref() };
            if let Some(mut state) = patiently(&mut || thread.state.try_lock()) {
                let is_own = own.is_some_and(|own| ptr::eq(own, thread));
                visit(&mut state, is_own);
            }
            next = thread.next.get();
        }
    });
}

/// Tries until there is a result, for a second or so.
fn patiently<T>(attempt: &mut dyn FnMut() -> Option<T>) -> Option<T> {
    for tries in 0..DRAIN_TRIES {
        if let Some(result) = attempt() {
            return Some(result);
        }
        if tries < DRAIN_YIELDS { yield_now() } else { sleep_ns(DRAIN_PAUSE_NS) }
    }
    None
}

/// Runs when a thread that has a table ends: all of its sheaves go to their barns and slabs. What the thread frees
/// after this goes to the slabs directly.
unsafe extern "C" fn at_exit(thread: *mut c_void) {
    let Some(place) = NonNull::new(thread.cast::<Thread>()) else { return };
    // SAFETY: the value that `create` stored for this thread, live until the end of this function.
    let thread = unsafe { place.as_ref() };
    with_threads(|threads| threads.remove(thread));
    // No drain can find this thread any more, and one that had is waited for.
    let mut state = thread.state.lock();
    tls::set(tls::gone());
    let table = state.table();
    // What an operation that will never end has marked is lost: a thread that was cancelled or left in the middle.
    for offset in table.offsets().filter(|&offset| !table.is_marked(offset)) {
        state.evict(offset);
    }
    let retired = state.retired;
    drop(state);
    for table in retired.into_iter().flatten().chain([NonNull::from(table)]) {
        // SAFETY: this thread's word leads elsewhere, and nobody else knows the table.
        unsafe { Table::free(table) };
    }
    // SAFETY: allocated by `create` with this size; off the list.
    unsafe { heap::free(place.cast(), size_of::<Thread>()) };
    // Many threads that end leave many pages of tables behind.
    page::trim_metadata();
}
